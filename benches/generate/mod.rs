//! Large made-up lists and counterparties to measure on: nobody in them exists.
//!
//! Words come from the tables of the project, and how often each is drawn is fitted to what published lists look
//! like: three to five words a name; "al" or "company" in every tenth name; half of the distinct words in one name
//! only; four words of ten in people's names known to no table. A word's rank is drawn by Zipf's law, and the words
//! of high rank are made of the halves of two others: a longer list brings new words, ever fewer, as real ones do.
//! An entity has two or three names; aliases drop, respell or turn round what the primary name has.
//!
//! The same seed gives the same bytes on every machine: whole numbers alone, and no hash whose order may vary.

mod respell;

use std::io::{self, Write};

const FREQUENCY: &str = include_str!("../../src/name/lexicon/data/name_frequency.tsv");
const BUSINESS: &str = include_str!("../../src/name/lexicon/data/business_words.tsv");
const PLACES: &str = include_str!("../../src/name/lexicon/data/places.tsv");
/// Legal forms, the most common first.
const FORMS: &[&str] = &[
    "Limited Liability Company",
    "Company Limited",
    "Joint Stock Company",
    "Co., Ltd.",
    "LLC",
    "Ltd",
    "Company",
    "OOO",
    "JSC",
    "S.A.",
    "GmbH",
    "AO",
    "Corporation",
    "S.A. de C.V.",
    "Public Joint Stock Company",
    "FZE",
    "Inc",
    "S.r.l.",
    "General Trading LLC",
    "Obshchestvo S Ogranichennoy Otvetstvennostyu",
];
/// Words that bind, the most common first.
const PARTICLES: &[&str] = &["al", "abu", "abdul", "bin", "el", "ben", "de", "haji", "van", "di"];
const CONNECTORS: &[&str] = &["and", "of", "the", "for", "de"];
/// Words that are made, at most.
const MADE: usize = 1 << 22;

/// SplitMix64: small, and the same everywhere.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A rank below `n`, by Zipf's law: every doubling of ranks is as likely as the others. The first `flat` ranks
    /// are as likely as each other.
    fn rank(&mut self, n: usize, flat: usize) -> usize {
        let octaves = n.div_ceil(flat).ilog2() as usize + 1;
        loop {
            let octave = 1 << self.below(octaves);
            let rank = (octave - 1 + self.below(octave)) * flat + self.below(flat);
            if rank < n {
                return rank;
            }
        }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn common<'a>(&mut self, all: &[&'a str], flat: usize) -> &'a str {
        all[self.rank(all.len(), flat)]
    }
}

/// A made-up party.
pub struct Party {
    pub id: String,
    pub schema: &'static str,
    /// Its names as words, the primary one first.
    pub names: Vec<Vec<String>>,
}

/// The words names are made of.
pub struct Words {
    /// Tokens of names by how common they are, the rarest class first.
    names: [Vec<&'static str>; 5],
    business: Vec<&'static str>,
    places: Vec<&'static str>,
}

fn column(table: &'static str, n: usize) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|l| !l.starts_with('#')).filter_map(move |l| l.split('\t').nth(n)).map(str::trim)
}

/// A number that puts words into an order that is not the alphabet's.
fn scattered(word: &str) -> u64 {
    let bytes = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
    Random::new(bytes).next()
}

impl Words {
    pub fn load() -> Self {
        let mut names: [Vec<&'static str>; 5] = Default::default();
        for (token, class) in column(FREQUENCY, 0).zip(column(FREQUENCY, 1)) {
            if let Ok(class @ 1..=5) = class.parse::<usize>()
                && token.len() >= 3
                && token.bytes().all(|b| b.is_ascii_lowercase())
            {
                names[class - 1].push(token);
            }
        }
        names.iter_mut().for_each(|class| class.sort_by_key(|word| scattered(word)));
        // The English words first, as they stand in the table; then their variants.
        let words = |table: &'static str| -> Vec<&'static str> {
            let latin = |w: &&'static str| w.len() >= 4 && w.bytes().all(|b| b.is_ascii_lowercase());
            column(table, 0).chain(column(table, 2).flat_map(str::split_whitespace)).filter(latin).collect()
        };
        let (business, places) = (words(BUSINESS), words(PLACES));
        assert!(names.iter().all(|class| class.len() > 50) && business.len() > 100 && places.len() > 100);
        Words { names, business, places }
    }

    /// A word of a person's name.
    fn token(&self, r: &mut Random) -> String {
        let (class, flat) = match r.below(100) {
            0..14 => (4, 1),
            14..42 => (3, 16),
            42..50 => (2, 64),
            50..56 => (1, 64),
            56..61 => (0, 64),
            _ => return self.made(r.rank(MADE, 32)),
        };
        r.common(&self.names[class], flat).to_string()
    }

    /// The word of this rank that no table knows: the head of one token and the tail of another.
    fn made(&self, rank: usize) -> String {
        let mut r = Random::new(rank as u64);
        let head = self.names[0][r.below(self.names[0].len())];
        let tail = self.names[1][r.below(self.names[1].len())];
        format!("{}{}", &head[..head.len().div_ceil(2)], &tail[tail.len() / 2..])
    }

    fn person(&self, r: &mut Random) -> Vec<String> {
        let count = [2, 2, 2, 3, 3, 3, 3, 4][r.below(8)];
        let mut tokens: Vec<String> = (0..count).map(|_| self.token(r)).collect();
        if r.chance(28) {
            tokens.insert(count - 1, r.common(PARTICLES, 1).to_string());
        }
        if r.chance(4) {
            tokens[0].truncate(1);
        }
        tokens
    }

    fn organization(&self, r: &mut Random) -> Vec<String> {
        let mut tokens = vec![if r.chance(70) { self.made(r.rank(MADE, 32)) } else { self.token(r) }];
        if r.chance(25) {
            tokens.push(self.made(r.rank(MADE, 32)));
        }
        if r.chance(25) {
            tokens.push(r.common(&self.places, 8).to_string());
        }
        for i in 0..[1, 1, 2, 2, 3][r.below(5)] {
            if i > 0 && r.chance(30) {
                tokens.push(r.common(CONNECTORS, 1).to_string());
            }
            tokens.push(r.common(&self.business, 8).to_string());
        }
        if r.chance(70) {
            tokens.push(r.common(FORMS, 2).to_string());
        }
        tokens
    }

    /// The next party of a list or of the counterparties.
    pub fn party(&self, id: String, r: &mut Random) -> Party {
        let (schema, primary) = match r.below(100) {
            0..47 => ("Person", self.person(r)),
            47..96 => ("Organization", self.organization(r)),
            _ => ("Vessel", vec![self.made(r.rank(MADE, 32)), r.common(&self.business, 8).to_string()]),
        };
        let mut names = vec![primary];
        for _ in 0..[0, 0, 1, 1, 1, 2, 3, 4][r.below(8)] {
            let alias = match r.below(100) {
                // Another name altogether.
                0..12 if schema == "Person" => self.person(r),
                0..12 => self.organization(r),
                _ => respell::alias(&names[0], r),
            };
            names.push(alias);
        }
        Party { id, schema, names }
    }
}

fn written(tokens: &[String]) -> String {
    let mut text = String::new();
    for token in tokens {
        if !text.is_empty() {
            text.push(' ');
        }
        let mut chars = token.chars();
        text.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(chars.as_str());
    }
    text
}

fn field(text: &str) -> String {
    if text.contains(',') { format!("\"{text}\"") } else { text.to_string() }
}

/// Writes a generic CSV list (`id,name,schema`) with `names` names: rows that share an id are one entity.
pub fn list(names: usize, seed: u64, mut out: impl Write) -> io::Result<()> {
    let words = Words::load();
    let mut r = Random::new(seed);
    writeln!(out, "id,name,schema")?;
    let (mut left, mut id) = (names, 0);
    while left > 0 {
        id += 1;
        let party = words.party(format!("G{id}"), &mut r);
        for name in party.names.iter().take(left) {
            writeln!(out, "{},{},{}", party.id, field(&written(name)), party.schema)?;
        }
        left -= party.names.len().min(left);
    }
    out.flush()
}

/// Writes counterparties (`id,name,schema,listed,how`): other parties of the same making, and one in `one_in` that
/// a list made with `list_seed` holds among its first entities, written differently. `listed` is its id there, and
/// `how` tells what was done to the name; both are empty for the others.
pub fn counterparties(
    rows: usize,
    seed: u64,
    list_seed: u64,
    one_in: usize,
    mut out: impl Write,
) -> io::Result<()> {
    let words = Words::load();
    let mut r = Random::new(seed ^ 0x5eed);
    let mut on_list = Random::new(list_seed);
    writeln!(out, "id,name,schema,listed,how")?;
    for id in 1..=rows {
        if id % one_in == 0 {
            let party = words.party(format!("G{}", id / one_in), &mut on_list);
            let (name, how) = respell::respell(&party, &mut r);
            writeln!(out, "{id},{},{},{},{how}", field(&name), party.schema, party.id)?;
        } else {
            let party = words.party(String::new(), &mut r);
            writeln!(out, "{id},{},{},,", field(&written(&party.names[0])), party.schema)?;
        }
    }
    out.flush()
}
