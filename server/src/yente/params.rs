//! Parameters in a query string, read as yente reads them: unknown ones are passed over, lists are repeated, and a wrong
//! value is a 422 that names its place.

use super::error::Invalid;
use serde_json::{Value, json};

/// The parameters of a request, in their order.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

/// The most results of an answer.
pub const MAX_LIMIT: i64 = 500;
/// The greatest offset.
pub const MAX_OFFSET: i64 = 9499;

/// The pattern of `changed_since`, as it is named in errors.
const DAY_PATTERN: &str = r"^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?$";

impl Params {
    /// The parameters of a query string or a form.
    pub fn parse(text: &str) -> Params {
        Params(serde_urlencoded::from_str(text).unwrap_or_default())
    }

    /// The last value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// A whole number in `0..=most`.
    ///
    /// # Errors
    ///
    /// It is no number, or outside of its range.
    pub fn count(&self, name: &str, default: usize, most: i64) -> Result<usize, Invalid> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let place = [json!("query"), json!(name)];
        let Ok(number) = text.trim().parse::<i64>() else {
            let message = "Input should be a valid integer, unable to parse string as an integer";
            return Err(Invalid::new("int_parsing", &place, message, json!(text)));
        };
        check_count(number, most, &place, json!(text))
    }

    /// A finite number.
    ///
    /// # Errors
    ///
    /// It is no number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Invalid> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let place = [json!("query"), json!(name)];
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            Ok(_) => {
                Err(Invalid::new("finite_number", &place, "Input should be a finite number", json!(text)))
            }
            Err(_) => {
                let message = "Input should be a valid number, unable to parse string as a number";
                Err(Invalid::new("float_parsing", &place, message, json!(text)))
            }
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    ///
    /// It is neither.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Invalid> {
        let Some(text) = self.get(name) else { return Ok(default) };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
            _ => {
                let message = "Input should be a valid boolean, unable to interpret input";
                Err(Invalid::new("bool_parsing", &[json!("query"), json!(name)], message, json!(text)))
            }
        }
    }

    /// One of several words.
    ///
    /// # Errors
    ///
    /// It is none of them.
    pub fn words(&self, name: &str, known: &[&'static str]) -> Result<Vec<&'static str>, Invalid> {
        let read = |(i, text): (usize, String)| {
            let place = [json!("query"), json!(name), json!(i)];
            known.iter().find(|word| **word == text).copied().ok_or_else(|| not_among(&place, &text, known))
        };
        self.all(name).into_iter().enumerate().map(read).collect()
    }

    /// One of several words, with a default.
    ///
    /// # Errors
    ///
    /// It is none of them.
    pub fn word(
        &self,
        name: &str,
        known: &[&'static str],
        default: &'static str,
    ) -> Result<&'static str, Invalid> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let place = [json!("query"), json!(name)];
        known.iter().find(|word| **word == text).copied().ok_or_else(|| not_among(&place, text, known))
    }

    /// The day of `changed_since`.
    ///
    /// # Errors
    ///
    /// It is no day.
    pub fn changed_since(&self) -> Result<Option<jiff::civil::Date>, Invalid> {
        let text = self.get("changed_since");
        text.map(|text| parse_day(text, &[json!("query"), json!("changed_since")])).transpose()
    }
}

/// A whole number within its range.
pub fn check_count(number: i64, most: i64, place: &[Value], input: Value) -> Result<usize, Invalid> {
    if number > most {
        let message = format!("Input should be less than or equal to {most}");
        return Err(Invalid::new("less_than_equal", place, message, input).with_context(json!({"le": most})));
    }
    usize::try_from(number).map_err(|_| {
        let message = "Input should be greater than or equal to 0";
        Invalid::new("greater_than_equal", place, message, input).with_context(json!({"ge": 0}))
    })
}

/// A day, which may be followed by a time.
pub fn parse_day(text: &str, place: &[Value]) -> Result<jiff::civil::Date, Invalid> {
    let day = text.get(..10).filter(|_| is_day_with_time(text)).and_then(|day| day.parse().ok());
    day.ok_or_else(|| {
        let message = format!("String should match pattern '{DAY_PATTERN}'");
        let context = json!({"pattern": DAY_PATTERN});
        Invalid::new("string_pattern_mismatch", place, message, json!(text)).with_context(context)
    })
}

/// Whether a text has the shape of [`DAY_PATTERN`].
fn is_day_with_time(text: &str) -> bool {
    const LONGEST: &str = "0000-00-00T00:00:00";
    let shaped = text.bytes().zip(LONGEST.bytes()).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        shape => byte == shape,
    });
    shaped && matches!(text.len(), 10 | 13 | 16 | 19)
}

fn not_among(place: &[Value], text: &str, known: &[&str]) -> Invalid {
    let quoted: Vec<String> = known.iter().map(|word| format!("'{word}'")).collect();
    let expected = match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.join(", "),
    };
    let message = format!("Input should be {expected}");
    Invalid::new("enum", place, message, json!(text)).with_context(json!({"expected": expected}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_named() {
        let params = Params::parse(
            "limit=7&topics=a&topics=b&nested=off&threshold=0.9&x=1&changed_since=2026-01-02T10",
        );
        assert_eq!(params.count("limit", 5, MAX_LIMIT), Ok(7));
        assert_eq!(params.count("offset", 5, MAX_OFFSET), Ok(5));
        assert_eq!(
            (params.all("topics"), params.flag("nested", true)),
            (vec!["a".into(), "b".into()], Ok(false))
        );
        assert_eq!((params.number("threshold"), params.number("cutoff")), (Ok(Some(0.9)), Ok(None)));
        assert_eq!(params.changed_since(), Ok(Some(jiff::civil::date(2026, 1, 2))));

        let wrong = Params::parse(
            "limit=501&offset=-1&q=x&threshold=abc&cutoff=NaN&nested=maybe&facets=nope&changed_since=2026",
        );
        let kind = |result: Result<usize, Invalid>| result.unwrap_err().kind;
        assert_eq!(kind(wrong.count("limit", 5, MAX_LIMIT)), "less_than_equal");
        assert_eq!(kind(wrong.count("offset", 5, MAX_OFFSET)), "greater_than_equal");
        assert_eq!(kind(wrong.count("q", 5, MAX_OFFSET)), "int_parsing");
        assert_eq!(wrong.number("threshold").unwrap_err().kind, "float_parsing");
        assert_eq!(wrong.number("cutoff").unwrap_err().kind, "finite_number");
        assert_eq!(wrong.flag("nested", true).unwrap_err().kind, "bool_parsing");
        let invalid = wrong.words("facets", &["datasets", "topics"]).unwrap_err();
        assert_eq!((invalid.kind, &*invalid.message), ("enum", "Input should be 'datasets' or 'topics'"));
        assert_eq!(wrong.changed_since().unwrap_err().kind, "string_pattern_mismatch");
    }

    #[test]
    fn a_day_has_the_shape_of_the_pattern() {
        for (text, is_day) in [
            ("2026-01-02", true),
            ("2026-01-02T10:11:12", true),
            ("2026-01-02T10:1", false),
            ("2026-13-02", false),
            ("２026-01-02", false),
            ("", false),
        ] {
            assert_eq!(parse_day(text, &[]).is_ok(), is_day, "{text}");
        }
    }
}
