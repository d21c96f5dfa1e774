//! Tests that free text is read without losing a word, whatever its content.

use super::numbers::{add_labelled_fact, add_numbers};
use super::{cells, labels};
use crate::entity::{Date, Entity, IdentifierKind, Name, Schema, country_code};
use crate::list::formats::uk;
use proptest::prelude::*;

/// Words that the readers recognise, and others, separated by `~`.
const WORDS: &str = "7701234567~1027700123456~AB123456~12345~12~4606~AAAABYCC~1970~3 May 1971~INN~OGRN:~SWIFT~\
    No.~№~Passport~tax number~Registration number:~date~IMO number:~Telephone:~E-mail:~a@b.example~(~)~[~]~(1)~(2)~\
    a)~b)~,~;~/~|~\n~-~.~:~and~or~Minsk~expired~(expired)~issued~brother~Russia~(Russia)~Iranian~North Korea~\
    Congo (Democratic Republic)~Possibly~circa~between~to~Ltd~aka~Russian:~Иван~ИНН~例子有限公司~Ünal";

/// Words that need not be kept, because a field stands for them: letters of items, conjunctions, doubt, languages.
const IMPLIED_WORDS: &str = "and or a b aka between circa to may date possibly russian";

fn cell() -> impl Strategy<Value = String> {
    let words: Vec<&str> = WORDS.split('~').collect();
    let words = prop::collection::vec((prop::sample::select(words), prop::bool::weighted(0.8)), 0..9);
    let joined = |(word, blank): &(&str, bool)| format!("{word}{}", if *blank { " " } else { "" });
    words.prop_map(move |words| words.iter().map(joined).collect())
}

/// The words of a text that are neither in the entity nor implied by one of its fields.
fn lost_words(text: &str, e: &Entity) -> Vec<String> {
    let dates = e.birth_dates.iter().flat_map(|d| {
        let years = d.first().year()..=d.last().year();
        let day = d.to_string();
        years.map(|y| y.to_string()).chain([day.replace('-', ""), day])
    });
    let values = e.identifiers.iter().map(|i| i.value.clone());
    let names = e.names.iter().map(|n| n.text.clone());
    let texts = e.countries.iter().chain([&e.remarks]).cloned();
    let kept = dates.chain(values).chain(names).chain(texts).collect::<Vec<_>>().join(" ").to_lowercase();
    let codes: Vec<&str> = e.identifiers.iter().filter_map(|i| i.country.as_deref()).collect();
    let has_country = |code: &str| codes.contains(&code) || e.countries.iter().any(|c| c == code);
    let is_country = |w: &str| match w {
        "north" | "korea" => has_country("kp"),
        "congo" | "democratic" | "republic" => has_country("cd"),
        _ => country_code(w).is_some_and(has_country),
    };
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    // "7701234567INN" is two words.
    let runs =
        chars.chunk_by(|a, b| a.is_alphabetic() == b.is_alphabetic() && a.is_numeric() == b.is_numeric());
    let words = runs.filter(|r| r[0].is_alphanumeric()).map(|r| r.iter().collect::<String>());
    let lost = words.filter(|w| {
        // The number of an item, and the day of an approximate date.
        let is_small = w.len() < 3 && w.bytes().all(|b| b.is_ascii_digit());
        let is_implied = is_small || IMPLIED_WORDS.split(' ').any(|s| s == w) || labels::is_label_word(w);
        !(kept.contains(w.as_str()) || is_implied || is_country(w))
    });
    lost.collect()
}

/// Reads a cell by each of the functions that the layouts use, by its name.
fn read_by_all(cell: &str) -> Vec<(&'static str, Entity)> {
    let mut all = Vec::new();
    let mut read = |reader, read: &dyn Fn(&mut Entity)| {
        let mut e = Entity::without_names("1", Schema::Unknown);
        read(&mut e);
        all.push((reader, e));
    };
    for field in ["Passport number", "National Identifier number", "Business registration number", "D.O.B"] {
        read(field, &|e| uk::fields::add_fields(&[(uk::fields::field(field), cell)], e));
    }
    read("fact", &|e| {
        if !add_labelled_fact(cell, e) {
            e.add_remark(cell);
        }
    });
    read("names", &|e| cells::split_names(cell).into_iter().for_each(|n| e.add_name(Name::alias(n))));
    read("dates", &|e| cells::add_dates(cell, e));
    read("countries", &|e| cells::add_countries(cell, e));
    all
}

proptest! {
    #[test]
    fn no_word_is_lost(cell in cell()) {
        for (reader, e) in read_by_all(&cell) {
            prop_assert_eq!(lost_words(&cell, &e), Vec::<String>::new(), "{} of {:?}: {:?}", reader, cell, e);
        }
    }

    #[test]
    fn no_text_makes_a_reader_fail(cell in "\\PC*", mixed in "[0-9a-zА-я№é()\\[\\]:,;/. \\n]{0,60}") {
        for text in [cell, mixed] {
            read_by_all(&text);
            Date::parse(&text);
            Date::parse_month_first(&text);
            uk::fields::add_fields(&[(uk::fields::field("Name 6"), &text)], &mut Entity::new("1", Schema::Vessel, ""));
            add_numbers(&text, Some(IdentifierKind::Bic), &mut Entity::without_names("1", Schema::Unknown));
        }
    }
}

#[test]
fn long_cells_take_linear_time() {
    let counted = |unit: &str| (0..60_000).map(|i| unit.replace('#', &i.to_string())).collect::<String>();
    let start = std::time::Instant::now();
    for cell in [
        counted("INN: # "),
        counted("#0000000/"),
        counted("# x;"),
        format!("{}tax no: {}", "x ".repeat(100_000), counted("#, ")),
        format!("я,A B C,{},{}", "Q".repeat(300_000), "b,".repeat(150_000)),
    ] {
        read_by_all(&cell);
    }
    // Takes a second or two. A quadratic search among names, labels or values would take minutes.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
