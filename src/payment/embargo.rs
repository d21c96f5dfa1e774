//! Embargoed countries and places: a list that its user configures, never a score.

use super::subject::{Subject, SubjectKind};
use crate::entity::{IdentifierKind, country_code, country_of_cell};
use crate::error::{Error, Result};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most words of a country's name in a line of an address.
const MAX_COUNTRY_WORDS: usize = 4;
/// Letters of the shortest country name that is looked for in a line. Shorter texts are codes, which also are words.
const MIN_COUNTRY_NAME: usize = 4;

/// Embargoed countries and places. Empty by default: nothing is embargoed.
///
/// ```
/// use interdict::payment::Embargo;
/// let embargo = Embargo::new(["KP", "Iran"], ["Sevastopol"])?;
/// assert_eq!(embargo.countries(), ["kp", "ir"]);
/// assert!(Embargo::new(["Narnia"], [""; 0]).is_err());
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embargo {
    countries: Vec<&'static str>,
    /// As written, and its words folded.
    places: Vec<(String, Vec<String>)>,
}

/// Where an embargoed country or place was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EmbargoMatch {
    /// The country's code in lower case, or the place as configured.
    pub embargoed: String,
    /// What told it: `country`, `bic`, `iban` or `place`.
    pub found_in: &'static str,
    /// The text of the message.
    pub text: String,
}

impl EmbargoMatch {
    /// The country's code in capitals, or the place as configured.
    pub fn name(&self) -> String {
        if self.found_in == "place" { self.embargoed.clone() } else { self.embargoed.to_uppercase() }
    }
}

impl Embargo {
    /// Countries by code or name, and places by name.
    ///
    /// # Errors
    ///
    /// A country is not known, or a place has no letters.
    pub fn new(
        countries: impl IntoIterator<Item = impl AsRef<str>>,
        places: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Embargo> {
        let country = |text: &str| {
            country_of_cell(text)
                .ok_or_else(|| Error::invalid_config(format!("embargo.countries: '{text}' is no country")))
        };
        let place = |text: &str| {
            let words = words(text);
            match words.is_empty() {
                true => Err(Error::invalid_config(format!("embargo.places: '{text}' has no letters"))),
                false => Ok((text.trim().to_string(), words)),
            }
        };
        Ok(Embargo {
            countries: countries.into_iter().map(|c| country(c.as_ref())).collect::<Result<_>>()?,
            places: places.into_iter().map(|p| place(p.as_ref())).collect::<Result<_>>()?,
        })
    }

    /// The codes of the countries, in lower case.
    pub fn countries(&self) -> &[&'static str] {
        &self.countries
    }

    /// The places as they were given.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|(place, _)| place.as_str())
    }

    /// Whether nothing is embargoed.
    pub fn is_empty(&self) -> bool {
        self.countries.is_empty() && self.places.is_empty()
    }

    /// What of the subject is embargoed, each country and place once.
    pub fn check(&self, subject: &Subject<'_>) -> Vec<EmbargoMatch> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        for country in &subject.countries {
            self.add_country(country_of_cell(country), "country", country, &mut found);
        }
        for id in &subject.identifiers {
            let code = |range: std::ops::Range<usize>| id.value.get(range).and_then(country_code);
            match id.kind {
                IdentifierKind::Bic => self.add_country(code(4..6), "bic", &id.value, &mut found),
                IdentifierKind::Iban if is_iban(&id.value) => {
                    self.add_country(code(0..2), "iban", &id.value, &mut found);
                }
                _ => (),
            }
        }
        let lines = subject.address.iter().map(|part| &part.text);
        for text in lines.chain(&subject.towns).chain(&subject.birth_place) {
            self.check_line(text, &mut found);
        }
        if subject.kind == SubjectKind::Country {
            self.add_country(country_of_cell(&subject.name), "country", &subject.name, &mut found);
        }
        found
    }

    /// Names of countries and places in a line of an address.
    fn check_line(&self, text: &str, found: &mut Vec<EmbargoMatch>) {
        let words = words(text);
        for (place, wanted) in &self.places {
            if words.windows(wanted.len()).any(|window| window == wanted.as_slice()) {
                add(place, "place", text, found);
            }
        }
        if self.countries.is_empty() {
            return;
        }
        for length in 1..=MAX_COUNTRY_WORDS.min(words.len()) {
            for window in words.windows(length) {
                let name = window.join(" ");
                if name.len() >= MIN_COUNTRY_NAME {
                    self.add_country(country_code(&name), "country", text, found);
                }
            }
        }
    }

    fn add_country(
        &self,
        code: Option<&str>,
        found_in: &'static str,
        text: &str,
        found: &mut Vec<EmbargoMatch>,
    ) {
        if let Some(code) = code.filter(|code| self.countries.contains(code)) {
            add(code, found_in, text, found);
        }
    }
}

fn add(embargoed: &str, found_in: &'static str, text: &str, found: &mut Vec<EmbargoMatch>) {
    if found.iter().all(|f| f.embargoed != embargoed) {
        found.push(EmbargoMatch { embargoed: embargoed.to_string(), found_in, text: text.to_string() });
    }
}

/// Two letters and two digits begin an IBAN; other numbers of accounts tell no country.
fn is_iban(value: &str) -> bool {
    let b = value.as_bytes();
    b.len() >= 15 && b[..2].iter().all(u8::is_ascii_alphabetic) && b[2..4].iter().all(u8::is_ascii_digit)
}

/// The words of a text in lower case and without marks.
fn words(text: &str) -> Vec<String> {
    let folded: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::super::subject::{AddressPart, SubjectIdentifier};
    use super::*;

    fn found(subject: &Subject<'_>) -> Vec<(String, &'static str)> {
        let embargo = Embargo::new(["IR", "KP", "CU"], ["Sevastopol", "Donetsk region"]).unwrap();
        embargo.check(subject).into_iter().map(|m| (m.embargoed, m.found_in)).collect()
    }

    fn with_line(text: &'static str) -> Subject<'static> {
        let address = vec![AddressPart { part: "AdrLine".into(), text: text.into() }];
        Subject { address, ..Subject::default() }
    }

    #[test]
    fn countries_are_found_in_codes_bics_ibans_and_lines() {
        let with = |kind, value: &'static str| Subject {
            identifiers: vec![SubjectIdentifier::new(kind, value.into())],
            ..Subject::default()
        };
        assert_eq!(found(&with(IdentifierKind::Bic, "ABCDIRTH")), [("ir".into(), "bic")]);
        assert_eq!(found(&with(IdentifierKind::Bic, "IRCUDEFF")), []);
        assert_eq!(found(&with(IdentifierKind::Iban, "IR580540105180021273113007")), [("ir".into(), "iban")]);
        assert_eq!(found(&with(IdentifierKind::Iban, "IR12")), []);
        let country = Subject { countries: vec!["KP".into()], ..Subject::default() };
        assert_eq!(found(&country), [("kp".into(), "country")]);
        assert_eq!(found(&with_line("12 Azadi St, TEHRAN, IRAN")), [("ir".into(), "country")]);
        assert_eq!(found(&with_line("IR CU KP")), []);
    }

    #[test]
    fn places_are_whole_words_of_addresses() {
        assert_eq!(found(&with_line("ul. Lenina 1, SEVASTOPOL")), [("Sevastopol".into(), "place")]);
        assert_eq!(found(&with_line("Donetsk Région")), [("Donetsk region".into(), "place")]);
        assert_eq!(found(&with_line("Sevastopolskaya, Moscow")), []);
        let text = Subject { kind: SubjectKind::Text, name: "rent Sevastopol".into(), ..Subject::default() };
        assert_eq!(found(&text), [], "free text names places for many reasons");
    }
}
