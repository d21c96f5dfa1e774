//! Columns of Arrow as the text of their cells.
//!
//! Texts are read as bytes and are not trusted to be UTF-8: a producer in another language may break that promise, and
//! the screening rejects such a row.

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{as_datetime, as_datetime_with_timezone, date32_to_datetime};
use arrow_array::timezone::Tz;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, TimeUnit};
use std::fmt::{Display, Write};

/// Writes the text of a value that is not null.
type WriteValue = Box<dyn Fn(usize, &mut String) + Send>;

/// The cells of a column of one batch.
pub(crate) enum Cells {
    /// No cell has a value, or none is read.
    Empty,
    Bytes(BinaryArray),
    LargeBytes(LargeBinaryArray),
    ViewedBytes(BinaryViewArray),
    /// Numbers of values, and the values.
    Dictionary(Vec<usize>, Option<NullBuffer>, Box<Cells>),
    /// The ends of lists in a column of their items.
    List(Vec<usize>, Option<NullBuffer>, Box<Cells>),
    /// Values that are no text.
    Values(Option<NullBuffer>, WriteValue),
}

/// Whether cells of a type can be read as text; `lists` says whether a list of texts is one, joined by `;`.
pub(crate) fn is_readable(data_type: &DataType, lists: bool) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_readable(values, false),
        DataType::List(item) | DataType::LargeList(item) => lists && is_readable(item.data_type(), false),
        DataType::Timestamp(_, Some(zone)) => zone_of(zone).is_some(),
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Boolean
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(_, None)
        | DataType::Decimal128(..) => true,
        other => other.is_integer() || matches!(other, DataType::Float32 | DataType::Float64),
    }
}

/// A time zone whose hours are known without a database of zones: UTC, or a fixed offset.
fn zone_of(zone: &str) -> Option<Tz> {
    match zone {
        "UTC" | "Etc/UTC" | "GMT" | "Z" => "+00:00".parse().ok(),
        other => other.parse().ok(),
    }
}

impl Cells {
    /// The cells of a column; of a type that cannot be read, none.
    pub(crate) fn of(array: &ArrayRef) -> Cells {
        let nulls = array.nulls().cloned();
        match array.data_type() {
            DataType::Utf8 => Cells::Bytes(array.as_string::<i32>().clone().into()),
            DataType::LargeUtf8 => Cells::LargeBytes(array.as_string::<i64>().clone().into()),
            DataType::Utf8View => Cells::ViewedBytes(array.as_string_view().clone().to_binary_view()),
            DataType::Binary => Cells::Bytes(array.as_binary::<i32>().clone()),
            DataType::LargeBinary => Cells::LargeBytes(array.as_binary::<i64>().clone()),
            DataType::BinaryView => Cells::ViewedBytes(array.as_binary_view().clone()),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                if dictionary.values().is_empty() {
                    return Cells::Empty;
                }
                let values = Cells::of(dictionary.values());
                Cells::Dictionary(dictionary.normalized_keys(), nulls, Box::new(values))
            }
            DataType::List(_) => {
                let lists = array.as_list::<i32>();
                let ends = lists.value_offsets().iter().map(|end| *end as usize);
                Cells::List(ends.collect(), nulls, Box::new(Cells::of(lists.values())))
            }
            DataType::LargeList(_) => {
                let lists = array.as_list::<i64>();
                let ends = lists.value_offsets().iter().map(|end| *end as usize);
                Cells::List(ends.collect(), nulls, Box::new(Cells::of(lists.values())))
            }
            _ => values_of(array).map_or(Cells::Empty, |write| Cells::Values(nulls, write)),
        }
    }

    /// Passes the text of a cell to `take`, empty if it has no value. `buffer` holds texts that are made.
    pub(crate) fn with(&self, row: usize, buffer: &mut String, take: &mut dyn FnMut(&[u8])) {
        match self {
            Cells::Empty => take(b""),
            Cells::Bytes(array) if array.is_valid(row) => take(array.value(row)),
            Cells::LargeBytes(array) if array.is_valid(row) => take(array.value(row)),
            Cells::ViewedBytes(array) if array.is_valid(row) => take(array.value(row)),
            Cells::Dictionary(keys, nulls, values) if is_valid(nulls, row) => {
                values.with(keys[row], buffer, take)
            }
            Cells::List(ends, nulls, items) if is_valid(nulls, row) => {
                let mut joined = Vec::new();
                for item in ends[row]..ends[row + 1] {
                    items.with(item, buffer, &mut |text| {
                        if !joined.is_empty() && !text.is_empty() {
                            joined.push(b';');
                        }
                        joined.extend_from_slice(text);
                    });
                }
                take(&joined)
            }
            Cells::Values(nulls, write) if is_valid(nulls, row) => {
                buffer.clear();
                write(row, buffer);
                take(buffer.as_bytes())
            }
            _ => take(b""),
        }
    }
}

fn is_valid(nulls: &Option<NullBuffer>, row: usize) -> bool {
    nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row))
}

/// How the values of a column are written that are no text; none for a type that cannot be read.
fn values_of(array: &ArrayRef) -> Option<WriteValue> {
    Some(match array.data_type() {
        DataType::Boolean => {
            let array = array.as_boolean().clone();
            Box::new(move |row, out| out.push_str(if array.value(row) { "true" } else { "false" }))
        }
        DataType::Int8 => number::<Int8Type>(array),
        DataType::Int16 => number::<Int16Type>(array),
        DataType::Int32 => number::<Int32Type>(array),
        DataType::Int64 => number::<Int64Type>(array),
        DataType::UInt8 => number::<UInt8Type>(array),
        DataType::UInt16 => number::<UInt16Type>(array),
        DataType::UInt32 => number::<UInt32Type>(array),
        DataType::UInt64 => number::<UInt64Type>(array),
        // A number that is missing is NaN in pandas; whole numbers are written without a point.
        DataType::Float32 => {
            let array = array.as_primitive::<Float32Type>().clone();
            Box::new(move |row, out| float(f64::from(array.value(row)), out))
        }
        DataType::Float64 => {
            let array = array.as_primitive::<Float64Type>().clone();
            Box::new(move |row, out| float(array.value(row), out))
        }
        DataType::Decimal128(..) => {
            let array = array.as_primitive::<Decimal128Type>().clone();
            Box::new(move |row, out| out.push_str(&array.value_as_string(row)))
        }
        DataType::Date32 => {
            let array = array.as_primitive::<Date32Type>().clone();
            Box::new(move |row, out| {
                if let Some(time) = date32_to_datetime(array.value(row)) {
                    show(out, &time.date());
                }
            })
        }
        DataType::Date64 => {
            let array = array.as_primitive::<Date64Type>().clone();
            Box::new(move |row, out| {
                if let Some(time) = as_datetime::<Date64Type>(array.value(row)) {
                    show(out, &time.date());
                }
            })
        }
        DataType::Timestamp(unit, zone) => {
            let zone = match zone {
                None => None,
                Some(zone) => Some(zone_of(zone)?),
            };
            match unit {
                TimeUnit::Second => time::<TimestampSecondType>(array, zone),
                TimeUnit::Millisecond => time::<TimestampMillisecondType>(array, zone),
                TimeUnit::Microsecond => time::<TimestampMicrosecondType>(array, zone),
                TimeUnit::Nanosecond => time::<TimestampNanosecondType>(array, zone),
            }
        }
        _ => return None,
    })
}

fn show(out: &mut String, value: &impl Display) {
    // Writing to a string does not fail.
    let _ = write!(out, "{value}");
}

fn float(value: f64, out: &mut String) {
    if !value.is_nan() {
        show(out, &value);
    }
}

fn number<T: ArrowPrimitiveType<Native: Display>>(array: &ArrayRef) -> WriteValue {
    let array = array.as_primitive::<T>().clone();
    Box::new(move |row, out| show(out, &array.value(row)))
}

/// Points in time: midnight as the day, others with their time of day.
fn time<T: ArrowTimestampType>(array: &ArrayRef, zone: Option<Tz>) -> WriteValue {
    let array = array.as_primitive::<T>().clone();
    Box::new(move |row, out| {
        let value = array.value(row);
        let local = match zone {
            None => as_datetime::<T>(value),
            Some(zone) => as_datetime_with_timezone::<T>(value, zone).map(|time| time.naive_local()),
        };
        if let Some(local) = local {
            let (day, time) = (local.date(), local.time());
            show(out, &day);
            if time != Default::default() {
                let _ = write!(out, " {time}");
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int32Type as Key;
    use arrow_array::{
        DictionaryArray, Int64Array, LargeStringArray, StringArray, StringViewArray,
        TimestampMillisecondArray,
    };
    use std::sync::Arc;

    fn texts(array: impl Array + 'static) -> Vec<String> {
        let array: ArrayRef = Arc::new(array);
        let cells = Cells::of(&array);
        let mut buffer = String::new();
        (0..array.len())
            .map(|row| {
                let mut cell = None;
                cells.with(row, &mut buffer, &mut |text| {
                    cell = Some(String::from_utf8_lossy(text).into_owned())
                });
                cell.unwrap()
            })
            .collect()
    }

    #[test]
    fn every_kind_of_text_is_read() {
        let values = vec![Some("Jane"), None, Some("a text of more than twelve bytes")];
        let expected = ["Jane", "", "a text of more than twelve bytes"];
        assert_eq!(texts(StringArray::from(values.clone())), expected);
        assert_eq!(texts(LargeStringArray::from(values.clone())), expected);
        assert_eq!(texts(StringViewArray::from(values.clone())), expected);
        assert_eq!(texts(values.into_iter().collect::<DictionaryArray<Key>>()), expected);
        let none: DictionaryArray<Key> = [None::<&str>, None].into_iter().collect();
        assert_eq!(texts(none), ["", ""]);
    }

    #[test]
    fn numbers_and_times_are_texts() {
        assert_eq!(texts(Int64Array::from(vec![Some(-7), None])), ["-7", ""]);
        assert_eq!(texts(arrow_array::Float64Array::from(vec![12.0, f64::NAN, 0.5])), ["12", "", "0.5"]);
        assert_eq!(texts(arrow_array::Date32Array::from(vec![0, -1])), ["1970-01-01", "1969-12-31"]);
        let times = vec![0, 3_600_000, -1];
        let plain = TimestampMillisecondArray::from(times.clone());
        assert_eq!(texts(plain), ["1970-01-01", "1970-01-01 01:00:00", "1969-12-31 23:59:59.999"]);
        let east = TimestampMillisecondArray::from(times).with_timezone("+02:00");
        assert_eq!(texts(east)[0], "1970-01-01 02:00:00");
        let zone = DataType::Timestamp(TimeUnit::Second, Some("Europe/Berlin".into()));
        assert!(!is_readable(&zone, true));
    }

    #[test]
    fn slices_keep_their_place() {
        let array = StringArray::from(vec!["a", "b", "c"]);
        assert_eq!(texts(array.slice(1, 2)), ["b", "c"]);
        let dictionary: DictionaryArray<Key> = ["a", "b", "a"].into_iter().collect();
        assert_eq!(texts(dictionary.slice(1, 2)), ["b", "a"]);
    }
}
