//! Positives made from the lists: listed names put through named manipulations.
//!
//! ```
//! use interdict::evaluate::mutate::{self, MANIPULATIONS};
//! assert!(MANIPULATIONS.len() > 25);
//! assert_eq!(mutate::about("person:comma"), Some("family name first, with a comma"));
//! ```
//!
//! For each manipulation, listed parties are taken in an order shuffled by the seed, and their primary names
//! changed, until there are as many cases as wanted or no party is left. A party must then be found under the
//! changed name. The same lists, seed and number give the same names on every machine; a manipulation that is
//! added or removed does not change the names of the others.
//!
//! The words that are inserted (honorifics, nicknames, legal forms …) are in [`words`](self), apart from the
//! tables of the analysis, so that the program is not tested with its own tables.
//!
//! Limits: people and bodies only, and primary names in Latin letters; the manipulations are those of Latin
//! script.

mod letters;
mod people_and_bodies;
mod words;

use super::cases::{Case, Positives, TargetIndex, key};
use crate::entity::{Entity, Schema};
use crate::index::Index;
use crate::screen::Query;
use letters as l;
use people_and_bodies as p;

/// The kind of party whose names a manipulation applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AppliesTo {
    All,
    People,
    Bodies,
}

/// A way to change a name.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Manipulation {
    /// Its name in figures.
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    applies_to: AppliesTo,
    change: fn(&Subject<'_>, &mut Random) -> Option<String>,
}

/// Every manipulation.
#[rustfmt::skip]
pub static MANIPULATIONS: [Manipulation; 32] = [
    of("exact", "as listed, people with the given name first", AppliesTo::All, |s, _| Some(s.text())),
    of("delete", "one letter left out", AppliesTo::All, l::delete),
    of("insert", "one letter too many", AppliesTo::All, l::insert),
    of("substitute", "one letter for another", AppliesTo::All, l::substitute),
    of("transpose", "two neighbouring letters exchanged", AppliesTo::All, l::transpose),
    of("double", "one letter written twice", AppliesTo::All, l::double),
    of("two_typos", "two slips of the kinds above", AppliesTo::All, l::two_typos),
    of("concat", "two words written together", AppliesTo::All, l::concat),
    of("split", "one word written as two", AppliesTo::All, l::split),
    of("homoglyph", "Latin letters replaced by Cyrillic ones that look the same", AppliesTo::All, l::homoglyph),
    of("digits", "letters replaced by digits that look the same", AppliesTo::All, l::digits),
    of("diacritics", "marks put on letters", AppliesTo::All, l::diacritics),
    of("phonetic", "one sound spelled another way (ph/f, c/k, sch/sh …)", AppliesTo::All, l::phonetic),
    of("transliteration", "another romanisation (kh/h, ou/u, y/i …)", AppliesTo::People, l::transliteration),
    of("native_to_latin", "the name in its own script, put into Latin letter by letter", AppliesTo::All, p::native_to_latin),
    of("cyrillic", "a Russian name written in Cyrillic again", AppliesTo::People, p::cyrillic),
    of("reorder", "family name first, without a comma", AppliesTo::People, p::reorder),
    of("comma", "family name first, with a comma", AppliesTo::People, p::comma),
    of("initial", "the first given name as an initial", AppliesTo::People, p::initial),
    of("drop_middle", "a middle name left out", AppliesTo::People, p::drop_middle),
    of("drop_patronymic", "the patronymic left out", AppliesTo::People, p::drop_patronymic),
    of("honorific", "an honorific put before the name", AppliesTo::People, p::honorific),
    of("nickname", "a given name in another usual form", AppliesTo::People, p::nickname),
    of("married", "a second family name put behind, joined by a hyphen", AppliesTo::People, p::second_family),
    of("legal_drop", "the legal form left out", AppliesTo::Bodies, p::legal_drop),
    of("legal_swap", "another legal form of the same kind", AppliesTo::Bodies, p::legal_swap),
    of("legal_expand", "the legal form in full, or abbreviated", AppliesTo::Bodies, p::legal_expand),
    of("abbreviate", "a business word abbreviated", AppliesTo::Bodies, p::abbreviate),
    of("drop_word", "a common business word left out", AppliesTo::Bodies, p::drop_word),
    of("truncate35", "cut at 35 characters, as payment systems do", AppliesTo::Bodies, p::truncate),
    of("padding", "words of the payment put behind (BRANCH OFFICE …)", AppliesTo::All, p::padding),
    of("punctuation", "points and hyphens left out or put in", AppliesTo::All, l::punctuation),
];

const fn of(
    name: &'static str,
    about: &'static str,
    applies_to: AppliesTo,
    change: fn(&Subject<'_>, &mut Random) -> Option<String>,
) -> Manipulation {
    Manipulation { name, about, applies_to, change }
}

/// The description of a category made here: the part behind the colon names its manipulation.
pub fn about(category: &str) -> Option<&'static str> {
    let name = category.split_once(':')?.1;
    MANIPULATIONS.iter().find(|m| m.name == name).map(|m| m.about)
}

/// The name that is changed.
struct Subject<'a> {
    entity: &'a Entity,
    /// The words of its primary name; of a person the given names first.
    words: Vec<String>,
    /// How many of them, at the end, are the family name.
    family: usize,
}

impl<'a> Subject<'a> {
    fn of(entity: &'a Entity) -> Option<Subject<'a>> {
        let name = entity.primary_name();
        let is_latin = |c: char| c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c);
        if !name.chars().all(|c| !c.is_alphabetic() || is_latin(c)) {
            return None;
        }
        let words = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
        let (words, family) = match name.split_once(',') {
            Some((family, given)) if entity.schema == Schema::Person && !given.contains(',') => {
                let (mut all, family) = (words(given), words(family));
                let count = family.len();
                all.extend(family);
                (all, count)
            }
            _ => (words(name), 1),
        };
        let letters = words.iter().flat_map(|w| w.chars()).filter(|c| c.is_alphabetic()).count();
        (letters >= 4).then_some(Subject { entity, words, family })
    }

    fn text(&self) -> String {
        self.words.join(" ")
    }

    /// Its words with one changed.
    fn with(&self, at: usize, word: String) -> String {
        let mut words = self.words.clone();
        words[at] = word;
        words.retain(|w| !w.is_empty());
        words.join(" ")
    }

    /// Its words without one.
    fn without(&self, at: usize) -> String {
        self.with(at, String::new())
    }
}

/// A sequence of numbers determined by a seed: SplitMix64, the same on every machine and in every version.
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn new(seed: u64, stream: &str) -> Random {
        // Each manipulation has numbers of its own (FNV-1a of its name).
        let mix = |hash: u64, b: u8| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        Random(seed ^ stream.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which must not be 0.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}

/// At most `per_kind` positives of every manipulation, for people and for bodies each.
pub fn positives(index: &Index, targets: &TargetIndex, seed: u64, per_kind: usize) -> Positives {
    let entities: Vec<Entity> =
        (0..index.entities() as u32).filter_map(|n| Some(index.entity(n)?.0)).collect();
    let subjects: Vec<Subject<'_>> = entities.iter().filter_map(Subject::of).collect();
    let kind = |s: &Subject<'_>| match s.entity.schema {
        Schema::Person => Some(AppliesTo::People),
        Schema::Organization | Schema::Company | Schema::LegalEntity => Some(AppliesTo::Bodies),
        _ => None,
    };
    let mut made = Positives {
        made: true,
        origin: format!(
            "{} manipulations of listed names, seed {seed}, at most {per_kind} of each kind",
            MANIPULATIONS.len()
        ),
        ..Positives::default()
    };
    for (whom, word) in [(AppliesTo::People, "person"), (AppliesTo::Bodies, "body")] {
        let of_kind: Vec<&Subject<'_>> = subjects.iter().filter(|s| kind(s) == Some(whom)).collect();
        for m in MANIPULATIONS.iter().filter(|m| m.applies_to == AppliesTo::All || m.applies_to == whom) {
            let category = format!("{word}:{}", m.name);
            let mut random = Random::new(seed, &category);
            let mut order = of_kind.clone();
            random.shuffle(&mut order);
            let changed = order.into_iter().filter_map(|s| {
                let text = (m.change)(s, &mut random)?;
                let is_changed = m.name == "exact" || text != s.text();
                // A name with hardly a letter left identifies nobody.
                let enough = key(&text).chars().filter(|c| c.is_alphabetic()).count() >= 4;
                (is_changed && enough).then_some((s, text))
            });
            for (s, text) in changed.take(per_kind) {
                let row = made.cases.len() as u64 + 1;
                let query = Query::name(text).schema(s.entity.schema);
                let found = targets.named(s.entity.primary_name()).to_vec();
                made.cases.push(targets.positive(Case { row, query }, category.clone(), found));
            }
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list;

    fn changed(entity: &Entity, name: &str, seed: u64) -> Option<String> {
        let m = MANIPULATIONS.iter().find(|m| m.name == name).unwrap();
        (m.change)(&Subject::of(entity)?, &mut Random::new(seed, name))
    }

    #[test]
    fn each_does_what_it_says() {
        let mut person = Entity::new("1", Schema::Person, "PETROVSKY, Alexander Borisovich");
        person.names.push(crate::entity::Name::alias("Александр Петровский"));
        let body = Entity::new("2", Schema::Company, "VOLGA INTERNATIONAL SHIPPING TRADING COMPANY LIMITED");
        for (entity, name, wanted) in [
            (&person, "exact", "Alexander Borisovich PETROVSKY"),
            (&person, "comma", "PETROVSKY, Alexander Borisovich"),
            (&person, "reorder", "PETROVSKY Alexander Borisovich"),
            (&person, "initial", "A. Borisovich PETROVSKY"),
            (&person, "drop_patronymic", "Alexander PETROVSKY"),
            (&person, "native_to_latin", "Aleksandr Petrovskiy"),
            (&person, "cyrillic", "Александер Борисович Петровский"),
            (&body, "legal_drop", "VOLGA INTERNATIONAL SHIPPING TRADING"),
            (&body, "truncate35", "VOLGA INTERNATIONAL SHIPPING TRADIN"),
        ] {
            assert_eq!(changed(entity, name, 7).as_deref(), Some(wanted), "{name}");
        }
        let count = |text: &str| text.chars().count();
        for seed in 0..50 {
            let text = |name| changed(&person, name, seed).unwrap();
            let plain = "Alexander Borisovich PETROVSKY";
            assert_eq!(count(&text("delete")), count(plain) - 1);
            assert_eq!(count(&text("insert")), count(plain) + 1);
            assert_eq!(strsim::osa_distance(&text("transpose"), plain), 1);
            assert_eq!(strsim::levenshtein(&text("substitute"), plain), 1);
            assert_eq!(count(&text("concat")), count(plain) - 1);
            assert_eq!(count(&text("split")), count(plain) + 1);
            assert!(text("homoglyph").chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c)));
            assert!(text("digits").chars().any(|c| c.is_ascii_digit()));
            assert!(!text("diacritics").is_ascii());
        }
    }

    #[test]
    fn a_seed_determines_the_names() {
        let more = "id,schema,name\n\
            1,Person,\"PETROVSKY, Alexander Juan Borisovich\"\n\
            2,Company,VOLGA INTERNATIONAL SHIPPING TRADING COMPANY LIMITED\n";
        let more = list::from_bytes("more", more.as_bytes()).unwrap();
        let index = Index::build(&[list::starter(), more]).unwrap();
        let targets = TargetIndex::of(&index);
        let made = |seed| {
            let mut out = Vec::new();
            positives(&index, &targets, seed, 3).write(&mut out, &index).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        // The table is read back as the same cases.
        let read = Positives::read(made(1).as_bytes(), None, &targets).unwrap();
        let fresh = positives(&index, &targets, 1, 3);
        assert_eq!((read.cases.len(), read.rejected.len()), (fresh.cases.len(), 0));
        for (a, b) in read.cases.iter().zip(&fresh.cases) {
            assert_eq!((&a.category, &a.case.query.name), (&b.category, &b.case.query.name));
        }
        for m in &MANIPULATIONS {
            assert!(
                fresh.cases.iter().any(|c| c.category.ends_with(&format!(":{}", m.name))),
                "{} makes nothing of the list",
                m.name
            );
        }
    }
}
