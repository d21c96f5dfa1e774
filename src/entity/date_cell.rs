//! Dates in the cells of tables, in the forms that exports of databases and spreadsheets have.

use super::Date;
use super::folding::folded;
use jiff::ToSpan;
use jiff::civil::Date as Day;
use rustc_hash::FxHashMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// Longer cells hold no date. Unit: bytes.
const MAX_LEN: usize = 100;

/// The year in which this was written. A clock that shows an earlier one is wrong.
#[cfg(feature = "batch")]
const EARLIEST_PRESENT: i16 = 2026;

/// The greatest age in years of a party whose date tells something.
#[cfg(feature = "batch")]
const MAX_AGE: i16 = 120;

/// Days that programs write where they know none: the first days of Excel, SQL Server and Unix (also by the clock of
/// America). What is in the future or too long ago is none either.
#[cfg(feature = "batch")]
const PLACEHOLDERS: [(i16, i8, i8); 4] = [(1900, 1, 1), (1753, 1, 1), (1970, 1, 1), (1969, 12, 31)];

/// Serial numbers of days in spreadsheets, counted from 1899-12-30: those of five digits, up to the year 2050. With four
/// they are years.
const SERIALS: RangeInclusive<i32> = 10_000..=54_788;

/// Words within a date that are neither month nor number, folded. By the knowledge of the author.
const SMALL_WORDS: [&str; 22] = [
    "г", "год", "года", "р", "рік", "року", "de", "del", "di", "do", "of", "the", "den", "am", "le", "st",
    "nd", "rd", "th", "er", "r", "roku",
];

/// The years in which a birth or founding date tells something, by the clock: a later one is the future.
#[cfg(feature = "batch")]
pub(crate) fn telling_years() -> RangeInclusive<i16> {
    static PRESENT: OnceLock<i16> = OnceLock::new();
    let present = *PRESENT.get_or_init(|| {
        let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now());
        today.year().max(EARLIEST_PRESENT)
    });
    present - MAX_AGE..=present
}

/// Whether a date is one that stands for none: see [`PLACEHOLDERS`].
#[cfg(feature = "batch")]
pub(crate) fn is_placeholder(date: &Date) -> bool {
    let day = date.first();
    let is_listed = date.is_day() && PLACEHOLDERS.contains(&(day.year(), day.month(), day.day()));
    let telling = telling_years();
    is_listed || day.year() > *telling.end() || date.last().year() < *telling.start()
}

/// Reads a date as [`Date::parse`], and also one with a time, a weekday, a month in the languages of month_names.tsv,
/// digits or signs of other scripts, the serial number of a spreadsheet, or without separators ("05OCT1976").
pub(crate) fn parse_cell(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() > MAX_LEN {
        return None;
    }
    Date::parse(text).or_else(|| serial(text)).or_else(|| {
        let plain = plain(text);
        let pieces = pieces(&plain);
        written_out(&pieces).or_else(|| match &pieces[..] {
            [one] => Date::parse(one).or_else(|| serial(one)).or_else(|| without_separators(one)),
            _ => Date::parse(&pieces.join("-")),
        })
    })
}

/// The day with this serial number, which may have a time behind the point.
fn serial(text: &str) -> Option<Date> {
    let (days, time) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let days: i32 =
        if days.len() == 5 && is_number(days) && is_number(time) { days.parse().ok()? } else { return None };
    if !SERIALS.contains(&days) {
        return None;
    }
    let day = Day::new(1899, 12, 30).ok()?.checked_add(days.days()).ok()?;
    Date::day(day.year(), day.month(), day.day())
}

/// "19761005000000".
fn without_separators(text: &str) -> Option<Date> {
    let digits = text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { Date::parse(text.get(..8)?) } else { None }
}

/// The text with ASCII digits and separators.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let digit = [0x660, 0x6f0, 0x966, 0xff10].into_iter().find_map(|zero| {
            let value = u32::from(c).checked_sub(zero).filter(|v| *v < 10)?;
            char::from_digit(value, 10)
        });
        match c {
            _ if digit.is_some() => plain.extend(digit),
            '年' | '月' | '년' | '월' | '－' | '–' | '‐' => plain.push('-'),
            '日' | '일' | '\u{200e}' | '\u{200f}' => (),
            '／' => plain.push('/'),
            '．' => plain.push('.'),
            ',' | '،' | '，' => plain.push(' '),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// The words and numbers of a date, without a time and what follows it, a weekday, and small words.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut after_time = false;
    for token in text.split(' ').filter(|t| !t.is_empty()) {
        let token = match token.split_once(':') {
            // "05OCT1976:00:00:00".
            Some((head, _)) if head.len() >= 8 => head,
            Some(_) => {
                after_time = true;
                continue;
            }
            // "12.00.00.000000", behind the day.
            None if !pieces.is_empty() && is_dotted_time(token) => {
                after_time = true;
                continue;
            }
            None => token,
        };
        if after_time && !is_year(token) {
            continue;
        }
        // "19761005T000000".
        let timed = token.split_once('T').filter(|(day, time)| {
            day.len() >= 8 && !time.is_empty() && time.bytes().all(|b| b.is_ascii_digit() || b == b'Z')
        });
        let token = timed.map_or(token, |(day, _)| day).trim_matches(['.', '-', '/', '(', ')', '\'', '"']);
        if token.chars().any(char::is_alphabetic) {
            pieces.extend(runs(token));
        } else if !token.is_empty() {
            pieces.push(token);
        }
    }
    pieces.retain(|p| !SMALL_WORDS.contains(&folded(p).as_str()));
    // A weekday.
    if pieces.len() > 3 && pieces[0].chars().all(char::is_alphabetic) && month(pieces[0]).is_none() {
        pieces.remove(0);
    }
    pieces
}

fn is_dotted_time(text: &str) -> bool {
    text.bytes().filter(|b| *b == b'.').count() >= 2 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The runs of letters and of digits of a token: "05OCT1976", "5-окт-76".
fn runs(token: &str) -> impl Iterator<Item = &str> {
    let kind = |c: char| if c.is_ascii_digit() { 1 } else { i32::from(c.is_alphabetic()) * 2 };
    let mut rest = token;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| kind(c) == 0);
        let first = kind(rest.chars().next()?);
        let end = rest.find(|c| kind(c) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// The number of a month.
fn month(word: &str) -> Option<&'static str> {
    static MONTHS: OnceLock<FxHashMap<String, &'static str>> = OnceLock::new();
    let months = MONTHS.get_or_init(|| {
        let rows = include_str!("month_names.tsv").lines().filter_map(|line| line.split_once('\t'));
        rows.flat_map(|(month, words)| words.split(';').map(move |word| (folded(word), month))).collect()
    });
    months.get(&folded(word)).copied()
}

/// A day, a month in letters, and a year; or a month and a year.
fn written_out(pieces: &[&str]) -> Option<Date> {
    let (at, month) = pieces.iter().enumerate().find_map(|(at, p)| Some((at, month(p)?)))?;
    let numbers: Vec<&str> = pieces.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, p)| *p).collect();
    match numbers[..] {
        [year] if is_year(year) => Date::parse(&format!("{year}-{month:0>2}")),
        [year, day] if is_year(year) => Date::parse(&format!("{year}-{month:0>2}-{day:0>2}")),
        [day, year] if is_year(year) => Date::parse(&format!("{year}-{month:0>2}-{day:0>2}")),
        [day, year] if year.len() == 2 => Date::parse(&format!("{day}/{month}/{year}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_exports_are_read() {
        let day = Date::day(1976, 10, 5);
        for text in [
            "1976-10-05",
            "1976-10-05 00:00:00",
            "1976-10-05 00:00:00.000",
            "1976-10-05 03:00:00+03",
            "1976-10-05 00:00:00 +0000 UTC",
            "1976-10-05T00:00:00.000Z",
            "05.10.1976 0:00",
            "05.10.1976 0:00:00",
            "05.10.1976.",
            "05.10.1976 г.",
            "5/10/1976 12:00:00 AM",
            "Oct 5 1976 12:00AM",
            "Oct  5 1976 12:00:00:000AM",
            "October 5, 1976",
            "Tue Oct 05 00:00:00 MSK 1976",
            "Tue, 5 Oct 1976 00:00:00 GMT",
            "Tuesday, October 5, 1976",
            "5th of October 1976",
            "05OCT1976",
            "05OCT1976:00:00:00",
            "05-OCT-76 12.00.00.000000 AM",
            "5. Oktober 1976",
            "5 octobre 1976",
            "5 de octubre de 1976",
            "5 ottobre 1976",
            "5 de outubro de 1976",
            "5 oktober 1976",
            "5 października 1976 r.",
            "5 Ekim 1976",
            "5 октября 1976 г.",
            "05-окт-1976",
            "5 жовтня 1976 р.",
            "1976年10月5日",
            "1976년 10월 5일",
            "١٩٧٦-١٠-٠٥",
            "１９７６／１０／０５",
            "19761005",
            "19761005000000",
            "19761005T000000",
            "28038",
            "28038.0",
            "28038,75",
        ] {
            assert_eq!(parse_cell(text), day, "{text}");
        }
        assert_eq!(parse_cell("октябрь 1976"), Date::month(1976, 10));
        assert_eq!(parse_cell("1976年10月"), Date::month(1976, 10));
        assert_eq!(parse_cell("1976 г."), Date::year(1976));
    }

    #[test]
    fn other_cells_are_no_dates() {
        let long = "5 October 1976 ".repeat(100);
        for text in [
            "",
            "-",
            "n/a",
            "5",
            "123456",
            "9999",
            "99999",
            "Moscow",
            "12:00",
            "May Smith",
            "5 October",
            "1-2-3-4",
            &long,
        ] {
            assert!(parse_cell(text).is_none_or(|d| is_placeholder(&d)), "{text}: {:?}", parse_cell(text));
        }
    }

    #[test]
    fn placeholders_are_told() {
        for text in [
            "1900-01-01",
            "01/01/1900",
            "1753-01-01 00:00:00",
            "1970-01-01",
            "9999-12-31",
            "2099-01-01",
            "1880",
            "1899-12-30",
            "1111-11-11",
        ] {
            assert!(is_placeholder(&parse_cell(text).unwrap()), "{text}");
        }
        for text in ["1900-2010", "1970", "1970-01-02", "2026-01-01"] {
            assert!(parse_cell(text).is_none_or(|d| !is_placeholder(&d)), "{text}");
        }
    }

    #[test]
    fn the_future_and_what_is_too_long_ago_follow_from_the_clock() {
        let years = telling_years();
        assert!(years.contains(&2026) && years.end() - years.start() == MAX_AGE);
        for (year, tells) in [
            (years.start() - 1, false),
            (*years.start(), true),
            (*years.end(), true),
            (years.end() + 1, false),
        ] {
            assert_eq!(!is_placeholder(&Date::day(year, 5, 1).unwrap()), tells, "{year}");
        }
    }
}
