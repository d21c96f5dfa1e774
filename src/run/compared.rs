//! The fields of a counterparty that were compared, as one text.

use super::cells::values;
use crate::entity::{countries_in_cell, country_of_cell, parse_cell};
use std::fmt;

/// The fields of a counterparty that were compared, each as it was written: `birth_date=04/03/1970;country=Russia`. A `;`
/// or `\\` within a value has a `\\` before it.
///
/// ```
/// use interdict::run::ComparedFields;
/// let then = ComparedFields::parse("birth_date=04/03/1970;country=Russia");
/// let now = ComparedFields::parse("birth_date=1970-03-04;country=ru;gender=f");
/// assert_eq!(then.changes(&now), [""; 0]);
/// let other = ComparedFields::parse("birth_date=1971-03-04");
/// assert_eq!(
///     then.changes(&other),
///     ["birth_date was 04/03/1970 and is 1971-03-04", "country was Russia and is not given"]
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparedFields(Vec<(String, String)>);

impl ComparedFields {
    /// Fields by their names, with their values.
    pub(crate) fn of<'a>(fields: impl Iterator<Item = (&'static str, &'a str)>) -> Self {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        ComparedFields(fields.map(|(field, text)| (field.to_string(), one_line(text))).collect())
    }

    /// Reads fields as they are displayed.
    pub fn parse(text: &str) -> Self {
        let (mut fields, mut current, mut escaped) = (Vec::new(), String::new(), false);
        for c in text.chars() {
            match c {
                _ if escaped => {
                    current.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                ';' => fields.push(std::mem::take(&mut current)),
                c => current.push(c),
            }
        }
        fields.push(current);
        let pairs = fields.iter().filter_map(|pair| pair.split_once('='));
        ComparedFields(pairs.map(|(field, value)| (field.into(), value.into())).collect())
    }

    /// Where the fields differ now, each as a phrase for people. Another spelling of a date or country is no difference,
    /// and neither is a field that was not given then.
    pub fn changes(&self, now: &ComparedFields) -> Vec<String> {
        let mut changes = Vec::new();
        for (field, was) in &self.0 {
            let values = || now.0.iter().filter(|(other, _)| other == field).map(|(_, value)| value);
            if values().any(|is| is_same(field, was, is)) {
                continue;
            }
            changes.push(match values().next() {
                Some(is) => format!("{field} was {was} and is {is}"),
                None => format!("{field} was {was} and is not given"),
            });
        }
        changes
    }
}

/// Whether two values of a field say the same.
fn is_same(field: &str, a: &str, b: &str) -> bool {
    if a.to_lowercase() == b.to_lowercase() {
        return true;
    }
    match field {
        "birth_date" => parse_cell(a).is_some_and(|a| parse_cell(b) == Some(a)),
        "country" => countries(a) == countries(b),
        _ => false,
    }
}

/// The countries of a cell in one order: each as its code, or as it is written if it has none.
fn countries(cell: &str) -> Vec<String> {
    let each = values(cell).flat_map(countries_in_cell);
    let mut countries: Vec<String> = each
        .map(|(country, _)| country_of_cell(country).map_or_else(|| country.to_lowercase(), String::from))
        .collect();
    countries.sort();
    countries.dedup();
    countries
}

impl fmt::Display for ComparedFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (field, value)) in self.0.iter().enumerate() {
            let value = value.replace('\\', "\\\\").replace(';', "\\;");
            write!(f, "{}{field}={value}", if at == 0 { "" } else { ";" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_spelling_of_a_country_or_date_is_no_difference() {
        for (field, was, is, same) in [
            ("country", "BR", "Brazil", true),
            ("country", "Brasilien", "076", true),
            ("country", "Russia; Iran", "IR, RU", true),
            ("country", "Brazil", "Bahrain", false),
            ("country", "Russia; Nowhere", "Russia; Elsewhere", false),
            ("country", "Nowhere", "nowhere", true),
            ("country", "Russia", "", false),
            ("birth_date", "5. Oktober 1976", "1976-10-05 00:00:00", true),
            ("birth_date", "5. Oktober 1976", "1976-10-06", false),
            ("birth_date", "soon", "later", false),
        ] {
            assert_eq!(is_same(field, was, is), same, "{field}: {was}, {is}");
        }
    }

    proptest::proptest! {
        #[test]
        fn fields_survive_their_text(values in proptest::collection::vec("[^\\s]{0,12}", 0..5)) {
            let fields = ComparedFields::of(values.iter().map(|value| ("passport", value.as_str())));
            proptest::prop_assert_eq!(ComparedFields::parse(&fields.to_string()), fields);
        }
    }
}
