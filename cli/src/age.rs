//! `--max-age`: the greatest age of a list.

use interdict::Result;
use interdict::list::{ListVersion, check_age};
use jiff::civil::Date;

/// Reads "7d", "2w" or "7" as days.
pub fn parse_days(text: &str) -> std::result::Result<i64, String> {
    let (number, factor) = match text.strip_suffix(['d', 'D']) {
        Some(days) => (days, 1),
        None => text.strip_suffix(['w', 'W']).map_or((text, 1), |weeks| (weeks, 7)),
    };
    match number.trim().parse::<u16>() {
        Ok(n) => Ok(i64::from(n) * factor),
        Err(_) => Err("must be days or weeks, as in 7d or 2w".into()),
    }
}

/// Today in UTC, so that a run does not depend on the time zone.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// Fails if a list is older than `--max-age`.
pub fn check<'a>(lists: impl IntoIterator<Item = &'a ListVersion>, most: Option<i64>) -> Result<()> {
    let Some(days) = most else { return Ok(()) };
    check_age(lists, days, today())
}
