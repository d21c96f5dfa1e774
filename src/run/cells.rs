//! Cells of a table that tell a field: whether they are understood.

use super::field::Field;
use super::regions::region_in;
use crate::entity::{
    Gender, Schema, countries_in_cell, country_of_cell, folded, is_compound, is_placeholder, parse_cell,
    telling_years,
};

/// What a value of a field tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellSense {
    /// The field.
    Understood,
    /// A date that stands for none.
    Placeholder,
    /// A region under embargo that is no country, alone or beside its country.
    Region,
    /// That there is no value: "n/a".
    Empty,
    /// Something that is not understood.
    Unknown,
}

/// Texts that say that there is no value, folded. By the knowledge of the author.
const NO_VALUE: [&str; 13] = [
    "null",
    "none",
    "nil",
    "nan",
    "unknown",
    "notavailable",
    "notapplicable",
    "undefined",
    "tbd",
    "unbekannt",
    "inconnu",
    "desconocido",
    "неизвестно",
];

/// The values of a cell, which `;` separates.
pub(super) fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|v| !v.is_empty())
}

/// Whether a cell is a day as ISO 8601 writes it that is no placeholder. Others may be such a day too: this is the quick
/// test for most cells of most tables.
pub(super) fn is_plain_day(cell: &[u8]) -> bool {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = cell else { return false };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + i16::from(digit - b'0')))
    };
    let (year, month, day) = (number(&[*a, *b, *c, *d]), number(&[*e, *f]), number(&[*g, *h]));
    // The first and the last day of a year may be placeholders.
    let is_day = |n: i16| (2..=28).contains(&n);
    year.is_some_and(|y| telling_years().contains(&y))
        && month.is_some_and(|m| (1..=12).contains(&m))
        && day.is_some_and(is_day)
}

/// What a value of a field tells. Identifiers and names tell themselves.
pub(crate) fn sense(field: &Field, value: &str) -> CellSense {
    if *field == Field::Country && region_in(value).is_some() {
        return CellSense::Region;
    }
    let is_known = match field {
        Field::BirthDate => match parse_cell(value) {
            Some(date) if is_placeholder(&date) => return CellSense::Placeholder,
            Some(_) => true,
            // "0000-00-00".
            None if value.chars().all(|c| c == '0' || !c.is_alphanumeric()) => return CellSense::Placeholder,
            None => false,
        },
        Field::Country if is_compound(value) => {
            country_of_cell(value).is_some()
                || countries_in_cell(value).iter().all(|(country, _)| country_of_cell(country).is_some())
        }
        Field::Country => country_of_cell(value).is_some(),
        Field::Schema => Schema::parse(value).is_some(),
        Field::Gender => Gender::parse(value).is_some(),
        Field::Name | Field::Identifier(_) => true,
    };
    let has_none = || {
        // "n/a" is Namibia's code only where a country is written as its code.
        let word = folded(value);
        word.is_empty() || NO_VALUE.contains(&word.as_str()) || value.eq_ignore_ascii_case("n/a")
    };
    match is_known {
        true => CellSense::Understood,
        false if value.len() < 50 && has_none() => CellSense::Empty,
        false => CellSense::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_days_are_understood() {
        for year in 1890..2040 {
            for rest in ["01-01", "01-02", "12-28", "12-31", "13-05", "05-00", "1-005"] {
                let text = format!("{year}-{rest}");
                let is_plain = is_plain_day(text.as_bytes());
                assert!(!is_plain || sense(&Field::BirthDate, &text) == CellSense::Understood, "{text}");
                assert!(is_plain || rest != "12-28" || !(1910..=2020).contains(&year), "{text}");
            }
        }
    }

    #[test]
    fn what_a_cell_tells() {
        use CellSense::*;
        for (field, value, expected) in [
            (Field::Country, "Russland", Understood),
            (Field::Country, "Iran (Islamic Republic of)", Understood),
            (Field::Country, "Russian/Ukrainian", Understood),
            (Field::Country, "Narnia", Unknown),
            (Field::Country, "Iran/Narnia", Unknown),
            (Field::Country, "Crimea", Region),
            (Field::Country, "Ukraine (Donetsk)", Region),
            (Field::Country, "n/a", Empty),
            (Field::Country, "-", Empty),
            (Field::Country, "NULL", Empty),
            (Field::BirthDate, "1976-10-05 00:00:00", Understood),
            (Field::BirthDate, "1900-01-01", Placeholder),
            (Field::BirthDate, "0000-00-00", Placeholder),
            (Field::BirthDate, "soon", Unknown),
            (Field::Schema, "retail", Unknown),
            (Field::Gender, "M", Understood),
            (Field::Gender, "x9", Unknown),
        ] {
            assert_eq!(sense(&field, value), expected, "{field}: {value}");
        }
    }
}
