use super::ParseError;
use jiff::civil::Date as Day;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A date as far as it is known: a day, a month, a year, or a span of years.
///
/// Stored as its first and last possible day. Two dates agree if these spans overlap.
///
/// ```
/// use interdict::entity::Date;
/// let year = Date::parse("1969").unwrap();
/// let day = Date::parse("5 May 1969").unwrap();
/// assert!(year.overlaps(&day) && day.is_day());
/// assert_eq!((year.to_string(), day.to_string()), ("1969".into(), "1969-05-05".into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date {
    first: Day,
    last: Day,
    circa: bool,
}

/// Formats of days in lists and customer files, with months shortened to three letters. If both orders are possible,
/// the day comes first: `03/04/1970` is 3 April, as most of the world writes it. The comparison of dates accepts the
/// other order.
const DAY_FORMATS: &[&str] = &[
    "%Y-%m-%d",
    "%d %b %Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%b %d, %Y",
    "%d-%b-%Y",
    "%m/%d/%Y",
];
/// A day of exactly eight digits without separators.
const COMPACT_FORMAT: &str = "%Y%m%d";
/// Formats of days whose year has two digits.
const SHORT_YEAR_FORMATS: &[&str] =
    &["%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d-%b-%y", "%d %b %y", "%b %d, %y", "%m/%d/%y"];
/// Formats of months, behind the day 1.
const MONTH_FORMATS: &[&str] = &["%d %Y-%m", "%d %b %Y", "%d %b-%Y", "%d %m/%Y"];

/// The latest year that two digits of a birth or founding date can mean: "62" is 1962, "24" is 2024, and "26" is 1926.
/// A constant and not the present year, so that the same file gives the same dates on every day.
const LATEST_BIRTH_YEAR: i16 = 2025;

/// The latest year that two digits of a listing or publication date can mean. No party was listed before 1950.
const LATEST_RECENT_YEAR: i16 = 2049;

/// Earlier years are rejected: nobody born then is screened, and such a text is a typing error.
const FIRST_YEAR: i16 = 1000;

/// Longer texts are not dates. Bounds the recursion of "circa circa …". Unit: bytes.
const MAX_TEXT_LEN: usize = 100;

impl Date {
    fn of_day(day: Day) -> Date {
        Date { first: day, last: day, circa: false }
    }

    /// A known day; `None` if there is no such day.
    pub fn day(year: i16, month: i8, day: i8) -> Option<Date> {
        Day::new(year, month, day).ok().map(Date::of_day)
    }

    /// A month; `None` unless 1 to 12.
    pub fn month(year: i16, month: i8) -> Option<Date> {
        let first = Day::new(year, month, 1).ok()?;
        Some(Date { first, last: first.last_of_month(), circa: false })
    }

    /// A whole year; `None` outside -9999 to 9999.
    pub fn year(year: i16) -> Option<Date> {
        Date::years(year, year)
    }

    /// A span of years, both included, in either order.
    pub fn years(a: i16, b: i16) -> Option<Date> {
        let (a, b) = (a.min(b), a.max(b));
        Some(Date { first: Day::new(a, 1, 1).ok()?, last: Day::new(b, 12, 31).ok()?, circa: false })
    }

    /// The smallest span that holds both dates.
    pub fn span(self, other: Date) -> Date {
        Date {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            circa: self.circa || other.circa,
        }
    }

    /// The date as an approximate one: whole years, and one year more at both ends.
    pub fn circa(self) -> Date {
        let first = Day::new(self.first.year() - 1, 1, 1).unwrap_or(self.first);
        let last = Day::new(self.last.year() + 1, 12, 31).unwrap_or(self.last);
        Date { first, last, circa: true }
    }

    /// Reads the notations of lists and customer files: ISO dates, also partial (`1969`, `1969-05`) or followed by a
    /// time, `5 May 1969`, `May 1969`, `05/05/1969`, `circa 1969`, `1965 to 1969`, `1965-1969`.
    ///
    /// A year of two digits is the latest one up to 2025: `07/04/62` is in 1962, `07/04/26` in 1926. Years before
    /// 1000 and texts of more than 100 bytes are not dates.
    ///
    /// ```
    /// use interdict::entity::Date;
    /// assert_eq!(Date::parse("23-Apr-68"), Date::day(1968, 4, 23));
    /// assert_eq!(Date::parse("0062-04-07"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Date> {
        Date::parse_with_pivot(text, LATEST_BIRTH_YEAR)
    }

    /// As [`Date::parse`], for dates of listing and publication: a year of two digits is within 1950 to 2049.
    ///
    /// ```
    /// use interdict::entity::Date;
    /// assert_eq!(Date::parse_recent("2/2/26"), Date::day(2026, 2, 2));
    /// ```
    pub fn parse_recent(text: &str) -> Option<Date> {
        Date::parse_with_pivot(text, LATEST_RECENT_YEAR)
    }

    /// Reads a date. A year of two digits is the last one with these digits up to `latest_year`.
    fn parse_with_pivot(text: &str, latest_year: i16) -> Option<Date> {
        let text = if text.len() <= MAX_TEXT_LEN { text } else { return None };
        Date::parse_any(text, latest_year).filter(|d| d.first.year() >= FIRST_YEAR)
    }

    fn parse_any(text: &str, latest_year: i16) -> Option<Date> {
        let text = text.trim();
        if text.starts_with('-') {
            return None;
        }
        if let Some(day) = iso_day(text) {
            return Some(day);
        }
        let lower = text.to_ascii_lowercase();
        let marks = ["circa", "approximately", "approx.", "approx", "ca.", "c."];
        if let Some(rest) = marks.iter().find_map(|mark| lower.strip_prefix(mark)) {
            return Date::parse_any(rest, latest_year).map(Date::circa);
        }
        if let Some(year) = four_digit_year(text) {
            return (year > 0).then(|| Date::year(year)).flatten();
        }
        if let Some(span) = parse_span(&lower, latest_year) {
            return Some(span);
        }
        let text = short_months(without_time(text));
        parse_day(&text, latest_year)
            .or_else(|| parse_month(&text, latest_year))
            .or_else(|| year_of_incomplete_date(&text))
    }

    /// Reads `05/25/2019`, month first as in the United States. Other notations are read by [`Date::parse_recent`].
    pub fn parse_month_first(text: &str) -> Option<Date> {
        let text = text.trim();
        let day = full_day(&["%m/%d/%Y"], text);
        let day = day.or_else(|| short_day(&["%m/%d/%y"], text, LATEST_RECENT_YEAR));
        day.map(Date::of_day).or_else(|| Date::parse_recent(text))
    }

    /// The first possible day.
    pub fn first(&self) -> Day {
        self.first
    }

    /// The last possible day.
    pub fn last(&self) -> Day {
        self.last
    }

    /// Whether the date is a single day.
    pub fn is_day(&self) -> bool {
        self.first == self.last
    }

    /// Whether both dates can be the same day.
    pub fn overlaps(&self, other: &Date) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (self.first, self.last);
        if self.circa {
            return write!(f, "circa {}/{}", a.year(), b.year());
        }
        if a == b {
            write!(f, "{a}")
        } else if a.month() == 1 && a.day() == 1 && b.month() == 12 && b.day() == 31 {
            if a.year() == b.year() {
                write!(f, "{:04}", a.year())
            } else {
                write!(f, "{:04}/{:04}", a.year(), b.year())
            }
        } else if a.year() == b.year() && a.month() == b.month() {
            write!(f, "{:04}-{:02}", a.year(), a.month())
        } else {
            write!(f, "{a}/{b}")
        }
    }
}

/// Reads what `Display` writes, and every notation of [`Date::parse`].
///
/// An approximate date as `Display` writes it, `circa 1968/1970`, is read as it is and not widened again.
impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let date = parse_displayed(text).or_else(|| Date::parse(text));
        date.ok_or_else(|| ParseError::new("a date", text))
    }
}

/// The two notations of `Display` that [`Date::parse`] reads otherwise or not at all.
fn parse_displayed(text: &str) -> Option<Date> {
    if let Some(years) = text.strip_prefix("circa ") {
        let (from, to) = years.split_once('/')?;
        return Some(Date { circa: true, ..Date::years(four_digit_year(from)?, four_digit_year(to)?)? });
    }
    let (from, to) = text.split_once('/')?;
    Some(iso_day(from)?.span(iso_day(to)?))
}

/// A year of exactly four digits.
fn four_digit_year(text: &str) -> Option<i16> {
    let text = text.trim();
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// "1965 to 1969", "1965-1969", "21/03/1962 to 20/04/1962"; `text` is in lower case.
fn parse_span(text: &str, latest_year: i16) -> Option<Date> {
    for separator in [" to ", "-", "/", " – "] {
        if let Some((a, b)) = text.split_once(separator)
            && let (Some(a), Some(b)) = (four_digit_year(a), four_digit_year(b))
        {
            return Date::years(a, b);
        }
    }
    let (a, b) = text.split_once(" to ")?;
    Some(Date::parse_any(a, latest_year)?.span(Date::parse_any(b, latest_year)?))
}

/// The text without a time after its day, `2025-04-19T23:00:04`, or a time zone as XML dates may have it. A word is
/// neither: "31.12.1969The rest".
fn without_time(text: &str) -> &str {
    let is_digit = |t: &str| t.starts_with(|c: char| c.is_ascii_digit());
    let timed = text.split_once('T').filter(|(day, time)| day.len() == 10 && is_digit(day) && is_digit(time));
    let zoned = || text.split_at_checked(10).filter(|(day, zone)| iso_day(day).is_some() && is_zone(zone));
    timed.or_else(zoned).map_or(text, |(day, _)| day)
}

fn parse_day(text: &str, latest_year: i16) -> Option<Date> {
    let compact = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let compact = if compact { full_day(&[COMPACT_FORMAT], text) } else { None };
    let day = full_day(DAY_FORMATS, text).or(compact);
    day.or_else(|| short_day(SHORT_YEAR_FORMATS, text, latest_year)).map(Date::of_day)
}

fn parse_month(text: &str, latest_year: i16) -> Option<Date> {
    let first = format!("1 {text}");
    let day = full_day(MONTH_FORMATS, &first);
    // As spreadsheets show a month: "Sep-99".
    let day = day.or_else(|| short_day(&["%d %b-%y"], &first, latest_year))?;
    Some(Date { last: day.last_of_month(), ..Date::of_day(day) })
}

/// The year of an ISO date without its day, or with a day that does not exist: "1974-01-32".
fn year_of_incomplete_date(text: &str) -> Option<Date> {
    let year = four_digit_year(text.get(..4)?)?;
    let rest = text.get(4..)?;
    // A longer text is another number: "1969-1234567".
    let is_month_and_day =
        rest.len() <= 6 && rest.starts_with('-') && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    is_month_and_day.then(|| Date::year(year)).flatten()
}

/// A day in the first of these formats that fits.
fn full_day(formats: &[&str], text: &str) -> Option<Day> {
    formats.iter().find_map(|f| Day::strptime(f, text).ok().filter(|d| d.year() >= FIRST_YEAR))
}

/// A day whose year has two digits at the end of the text: the last year with these digits up to `latest_year`.
fn short_day(formats: &[&str], text: &str, latest_year: i16) -> Option<Day> {
    if text.bytes().rev().take_while(u8::is_ascii_digit).count() != 2 {
        return None;
    }
    let day = formats.iter().find_map(|f| Day::strptime(f, text).ok())?;
    let year = latest_year - (latest_year - day.year()).rem_euclid(100);
    Day::new(year, day.month(), day.day()).ok()
}

const MONTHS: &str = "january february march april may june july august september october november december";

/// The text with its months shortened to three letters: "Sept." and "September" as "sep".
fn short_months(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_ascii_alphabetic()) {
        return text.into();
    }
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()).max(c.len_utf8());
        let (word, after) = rest.split_at(end);
        let lower = word.to_ascii_lowercase();
        let is_month = lower.len() >= 3 && MONTHS.split(' ').any(|m| m.starts_with(&lower));
        short.push_str(if is_month { &lower[..3] } else { word });
        // The full stop of an abbreviation.
        rest = after;
        if is_month && let Some(after) = after.strip_prefix('.') {
            short.push(' ');
            rest = after.trim_start();
        }
    }
    short.into()
}

/// `Z`, `-04:00`
fn is_zone(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [b'Z'] | [b'+' | b'-', b'0'..=b'9', b'0'..=b'9', b':', b'0'..=b'9', b'0'..=b'9']
    )
}

/// `1969-05-31`. Nearly all dates of lists are written so, therefore it is read without trying the other formats.
fn iso_day(text: &str) -> Option<Date> {
    let b: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let number = |digits: &[u8]| -> Option<i16> {
        digits.iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + i16::from(d - b'0')))
    };
    if b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    Date::day(number(&b[..4])?, number(&b[5..7])? as i8, number(&b[8..])? as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_notations_are_read() {
        for (text, shown) in [
            ("1969", "1969"),
            ("1969-05", "1969-05"),
            ("1969-05-02", "1969-05-02"),
            ("1969-5-2", "1969-05-02"),
            ("19690502", "1969-05-02"),
            ("2 May 1969", "1969-05-02"),
            ("02 May 1969", "1969-05-02"),
            ("May 1969", "1969-05"),
            ("1 Jan. 1970", "1970-01-01"),
            ("5 Sept 1965", "1965-09-05"),
            ("Sept. 1965", "1965-09"),
            ("Sept.1965", "1965-09"),
            ("september 5, 1965", "1965-09-05"),
            ("21/03/1962 to 20/04/1962", "1962-03-21/1962-04-20"),
            ("25/12/1969", "1969-12-25"),
            ("12/25/1969", "1969-12-25"),
            ("03.04.1970", "1970-04-03"),
            ("circa 1969", "circa 1968/1970"),
            ("1965 to 1969", "1965/1969"),
            ("1965-1969", "1965/1969"),
            ("1974-01-32", "1974"),
            ("2025-04-19T23:00:04.625Z", "2025-04-19"),
            ("2015-07-01-04:00", "2015-07-01"),
            ("2015-07-01Z", "2015-07-01"),
            ("07/04/62", "1962-04-07"),
            ("7.4.62", "1962-04-07"),
            ("23-Apr-68", "1968-04-23"),
            ("Sep-99", "1999-09"),
            ("Sep-1999", "1999-09"),
            ("23 April 68", "1968-04-23"),
            ("12/25/69", "1969-12-25"),
            ("01-02-03", "2003-02-01"),
            ("01/02/25", "2025-02-01"),
            ("01/02/26", "1926-02-01"),
            ("circa 07/04/62", "circa 1961/1963"),
        ] {
            assert_eq!(Date::parse(text).map(|d| d.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "0000",
            "19699",
            "32/32/1969",
            "-1-1",
            "0062-04-07",
            "07/04/0062",
            "7/4/6",
            "7/4/162",
            "0062",
            "12/05",
            "31.12.1969The rest",
            "1969-1234567",
            "1969-05-02-0400",
            "1969053",
            "19690 1",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn years_of_two_digits_are_recent_where_a_list_was_published() {
        for (text, day) in [
            ("2/2/26", Date::day(2026, 2, 2)),
            ("6/18/25", Date::day(2025, 6, 18)),
            ("15-Oct-99", Date::day(1999, 10, 15)),
            ("15/10/2001", Date::day(2001, 10, 15)),
        ] {
            assert_eq!(Date::parse_recent(text), day, "{text}");
        }
        assert_eq!(Date::parse_month_first("05/06/26"), Date::day(2026, 5, 6));
        assert_eq!(Date::parse_month_first("05/06/2019"), Date::day(2019, 5, 6));
    }

    #[test]
    fn a_displayed_date_is_read_back() {
        for text in [
            "1969",
            "1969-05",
            "5 May 1969",
            "1965-1969",
            "circa 1969",
            "21/03/1962 to 20/04/1962",
            "ca. 1970 to 1972",
        ] {
            let date = Date::parse(text).unwrap();
            assert_eq!(date.to_string().parse(), Ok(date), "{text} as {date}");
        }
        assert_eq!("yesterday".parse::<Date>().unwrap_err().to_string(), "'yesterday' is not a date");
    }
}
