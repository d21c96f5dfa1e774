use jiff::civil::Date as Day;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A date as far as it is known: a day, a month, a year, or a span of years.
///
/// Held as the first and last day it can mean, so that two dates agree when their spans overlap.
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

/// Day formats seen in lists and customer files, once months are three letters. Day before month where both orders
/// exist: an unmarked `03/04/1970` is read as 3 April, as most of the world writes it; comparison forgives the other
/// order.
const DAY_FORMATS: &[&str] = &[
    "%Y-%m-%d",
    "%d %b %Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    COMPACT,
    "%b %d, %Y",
    "%d-%b-%Y",
    "%m/%d/%Y",
];
/// A day without separators.
const COMPACT: &str = "%Y%m%d";
/// Days whose year has two digits.
const SHORT_FORMATS: &[&str] =
    &["%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d-%b-%y", "%d %b %y", "%b %d, %y", "%m/%d/%y"];
const MONTH_FORMATS: &[&str] = &["%d %Y-%m", "%d %b %Y", "%d %b-%Y", "%d %m/%Y"];

/// The last year that two digits of a birth or founding date can mean: "62" is 1962 and "24" is 2024, and "26", of
/// somebody who is screened, a hundred years ago. No clock is asked, so that a file says the same on every day.
const LAST_BORN: i16 = 2025;

/// The last year that two digits of a recent date can mean: a list knows neither parties that were listed before
/// 1950 nor the second half of this century.
const LAST_RECENT: i16 = 2049;

impl Date {
    /// A known day; `None` when there is no such day.
    pub fn day(year: i16, month: i8, day: i8) -> Option<Date> {
        let day = Day::new(year, month, day).ok()?;
        Some(Date { first: day, last: day, circa: false })
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

    /// All that lies from the first day of one date to the last day of the other, in either order.
    pub fn span(self, other: Date) -> Date {
        Date {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            circa: self.circa || other.circa,
        }
    }

    /// The same date, known only roughly: a year more at both ends.
    pub fn circa(self) -> Date {
        let first = Day::new(self.first.year() - 1, 1, 1).unwrap_or(self.first);
        let last = Day::new(self.last.year() + 1, 12, 31).unwrap_or(self.last);
        Date { first, last, circa: true }
    }

    /// Reads the notations of lists and customer files: ISO dates, whole or cut (`1969`, `1969-05`), a time
    /// behind them, `5 May 1969`, `May 1969`, `05/05/1969`, `circa 1969`, `1965 to 1969`, `1965-1969`.
    ///
    /// Of a year of two digits the last one until 2025 is meant: `07/04/62` is of 1962, `07/04/26` of 1926. A year
    /// before 1000 is none: nobody born then is screened.
    ///
    /// ```
    /// use interdict::entity::Date;
    /// assert_eq!(Date::parse("23-Apr-68"), Date::day(1968, 4, 23));
    /// assert_eq!(Date::parse("0062-04-07"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Date> {
        Date::parse_until(text, LAST_BORN)
    }

    /// As [`Date::parse`], for days of listing and publication, which are recent: a year of two digits lies
    /// within 1950 to 2049.
    ///
    /// ```
    /// use interdict::entity::Date;
    /// assert_eq!(Date::parse_recent("2/2/26"), Date::day(2026, 2, 2));
    /// ```
    pub fn parse_recent(text: &str) -> Option<Date> {
        Date::parse_until(text, LAST_RECENT)
    }

    /// Reads a date whose year, where it has two digits, is the last one until `last`.
    fn parse_until(text: &str, last: i16) -> Option<Date> {
        // Nobody writes a longer one, and "circa circa …" is read a level deeper for each.
        let text = if text.len() <= 100 { text } else { return None };
        Date::read(text, last).filter(|d| d.first.year() >= 1000)
    }

    fn read(text: &str, newest: i16) -> Option<Date> {
        let text = text.trim();
        if text.starts_with('-') {
            return None;
        }
        if let Some(day) = iso_day(text) {
            return Some(day);
        }
        let lower = text.to_ascii_lowercase();
        for mark in ["circa", "approximately", "approx.", "approx", "ca.", "c."] {
            if let Some(rest) = lower.strip_prefix(mark) {
                return Date::read(rest, newest).map(Date::circa);
            }
        }
        let year = |t: &str| {
            let t = t.trim();
            (t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse::<i16>().ok()).flatten()
        };
        if let Some(y) = year(text) {
            return (y > 0).then(|| Date::year(y)).flatten();
        }
        for separator in [" to ", "-", "/", " – "] {
            if let Some((a, b)) = lower.split_once(separator)
                && let (Some(a), Some(b)) = (year(a), year(b))
            {
                return Date::years(a, b);
            }
        }
        if let Some((a, b)) = lower.split_once(" to ")
            && let (Some(a), Some(b)) = (Date::read(a, newest), Date::read(b, newest))
        {
            return Some(a.span(b));
        }
        let digit = |t: &str| t.starts_with(|c: char| c.is_ascii_digit());
        // A time behind a day, and no word: "31.12.1969The rest". Or its zone, as a date of XML may have it.
        let head = text.split_once('T').filter(|(head, time)| head.len() == 10 && digit(head) && digit(time));
        let head = head.or_else(|| {
            text.split_at_checked(10).filter(|(day, zone)| iso_day(day).is_some() && is_zone(zone))
        });
        let text = short_months(head.map_or(text, |(head, _)| head));
        let text = text.as_ref();
        let month = format!("1 {text}");
        let whole = |d: &Day| d.year() >= 1000;
        // Digits without separators are eight: "19700" is no date, and neither is "19700 1".
        let fits = |f: &&&str| **f != COMPACT || text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let day = |f: &&str| Day::strptime(f, text).ok().filter(whole);
        DAY_FORMATS
            .iter()
            .filter(fits)
            .find_map(day)
            .or_else(|| short_day(SHORT_FORMATS, text, newest))
            .map(|d| Date { first: d, last: d, circa: false })
            .or_else(|| {
                let day = MONTH_FORMATS.iter().find_map(|f| Day::strptime(f, &month).ok().filter(whole));
                // As spreadsheets show a month: "Sep-99".
                let day = day.or_else(|| short_day(&["%d %b-%y"], &month, newest));
                day.map(|d| Date { first: d, last: d.last_of_month(), circa: false })
            })
            // A month without its day, or a day that does not exist: the year is still worth having.
            .or_else(|| {
                let y = year(text.get(..4)?)?;
                let rest = text.get(4..)?;
                // Longer ones are other numbers: "1969-1234567".
                (rest.len() <= 6
                    && rest.starts_with('-')
                    && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
                .then(|| Date::year(y))
                .flatten()
            })
    }

    /// Reads `05/25/2019`, the order of the United States; any other notation as [`Date::parse_recent`] does.
    pub fn parse_month_first(text: &str) -> Option<Date> {
        let text = text.trim();
        let day = Day::strptime("%m/%d/%Y", text).ok().filter(|d| d.year() >= 1000);
        let day = day.or_else(|| short_day(&["%m/%d/%y"], text, LAST_RECENT));
        day.map(|d| Date { first: d, last: d, circa: false }).or_else(|| Date::parse_recent(text))
    }

    /// The first day it can mean.
    pub fn first(&self) -> Day {
        self.first
    }

    /// The last day it can mean.
    pub fn last(&self) -> Day {
        self.last
    }

    /// Whether the very day is known.
    pub fn is_day(&self) -> bool {
        self.first == self.last
    }

    /// Whether both can mean the same day.
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

/// A day whose year has two digits, as the end of the text, in the last century of years until `last`.
fn short_day(formats: &[&str], text: &str, last: i16) -> Option<Day> {
    if text.bytes().rev().take_while(u8::is_ascii_digit).count() != 2 {
        return None;
    }
    let day = formats.iter().find_map(|f| Day::strptime(f, text).ok())?;
    let year = last - (last - day.year()).rem_euclid(100);
    Day::new(year, day.month(), day.day()).ok()
}

const MONTHS: &str = "january february march april may june july august september october november december";

/// The text with its months as three letters: "Sept." and "September" as "sep".
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
        // The point of an abbreviation.
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

/// `1969-05-31`, the notation of nearly every date there is: read without trying the others.
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
    fn notations() {
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
    fn recent_days() {
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
}
