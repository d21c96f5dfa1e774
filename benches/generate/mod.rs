//! Large made-up lists and counterparties to measure on: nobody in them exists.
//!
//! Tokens come from the tables of the project, common ones often and rare ones seldom, as in real lists: most
//! lines hold a word that every second line holds, and a word that hardly any other does. A third of the tokens
//! is made of the halves of two others, as rare as names on lists are. An entity has two or three names; aliases
//! drop, respell or turn round what the primary name has.
//!
//! The same seed gives the same bytes on every machine.

use std::io::{self, Write};

const FREQUENCY: &str = include_str!("../../src/name/tables/name_frequency.tsv");
const BUSINESS: &str = include_str!("../../src/name/tables/business_words.tsv");
const PLACES: &str = include_str!("../../src/name/tables/places.tsv");
const FORMS: &[&str] =
    &["LLC", "Ltd", "Limited", "GmbH", "S.A.", "Co., Ltd.", "OOO", "JSC", "Inc", "S.r.l.", "FZE", "Corp"];

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

    /// A number below `n`, low ones more often.
    fn low(&mut self, n: usize) -> usize {
        (0..4).fold(n, |n, _| self.below(n) + 1) - 1
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// The words names are made of.
pub struct Words {
    /// Tokens of names by how common they are, the rarest first.
    names: [Vec<&'static str>; 5],
    business: Vec<&'static str>,
    places: Vec<&'static str>,
}

fn column(table: &'static str, n: usize) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|l| !l.starts_with('#')).filter_map(move |l| l.split('\t').nth(n)).map(str::trim)
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
        let words = |table: &'static str| -> Vec<&'static str> {
            let latin = |w: &&'static str| w.len() >= 4 && w.bytes().all(|b| b.is_ascii_lowercase());
            column(table, 0).chain(column(table, 2).flat_map(str::split_whitespace)).filter(latin).collect()
        };
        let (business, places) = (words(BUSINESS), words(PLACES));
        assert!(names.iter().all(|class| class.len() > 50) && business.len() > 100);
        Words { names, business, places }
    }

    /// A token of a person's name.
    fn token(&self, r: &mut Random) -> String {
        let class = match r.below(100) {
            0..10 => 4,
            10..25 => 3,
            25..40 => 2,
            40..55 => 1,
            55..67 => 0,
            _ => return self.rare(r),
        };
        r.of(&self.names[class]).to_string()
    }

    /// The head of one token and the tail of another; some of them far more often than others, so that new ones
    /// become rarer as a list grows, as they do in real lists.
    fn rare(&self, r: &mut Random) -> String {
        let (heads, tails) = (&self.names[0], &self.names[1]);
        let head = heads[r.low(heads.len())];
        let tail = tails[r.low(tails.len() / 4)];
        format!("{}{}", &head[..head.len().div_ceil(2)], &tail[tail.len() / 2..])
    }

    fn person(&self, r: &mut Random) -> Vec<String> {
        let count = [2, 2, 3, 3, 3, 4][r.below(6)];
        let mut tokens: Vec<String> = (0..count).map(|_| self.token(r)).collect();
        if r.chance(15) {
            tokens.insert(count - 1, r.of(&["al", "bin", "de", "abu", "van"]).to_string());
        }
        tokens
    }

    fn organization(&self, r: &mut Random) -> Vec<String> {
        let mut tokens = vec![if r.chance(80) { self.rare(r) } else { self.token(r) }];
        if r.chance(25) {
            tokens.push(self.rare(r));
        }
        if r.chance(25) {
            tokens.push(r.of(&self.places).to_string());
        }
        tokens.extend((0..1 + r.below(2)).map(|_| r.of(&self.business).to_string()));
        tokens.push(r.of(FORMS).to_string());
        tokens
    }

    /// A made-up party: its schema and the tokens of its name.
    pub fn party(&self, r: &mut Random) -> (&'static str, Vec<String>) {
        match r.below(100) {
            0..58 => ("Person", self.person(r)),
            58..95 => ("Organization", self.organization(r)),
            _ => ("Vessel", vec![self.rare(r), r.of(&self.business).to_string()]),
        }
    }
}

/// Another way to write a name.
fn alias(tokens: &[String], r: &mut Random) -> Vec<String> {
    let mut tokens = tokens.to_vec();
    match r.below(4) {
        0 if tokens.len() > 2 => {
            tokens.remove(r.below(tokens.len()));
        }
        1 => tokens.rotate_left(1),
        _ => {
            let at = r.below(tokens.len());
            for (from, to) in [("ou", "u"), ("i", "y"), ("kh", "h"), ("e", "i"), ("a", "e"), ("o", "u")] {
                if tokens[at].contains(from) {
                    tokens[at] = tokens[at].replacen(from, to, 1);
                    break;
                }
            }
        }
    }
    tokens
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
    if text.contains(',') { format!("\"{text}\"") } else { text }
}

/// Writes a generic CSV list (`id,name,schema`) with `names` names: rows that share an id are one entity.
pub fn list(names: usize, seed: u64, mut out: impl Write) -> io::Result<()> {
    let words = Words::load();
    let mut r = Random::new(seed);
    writeln!(out, "id,name,schema")?;
    let (mut written_names, mut id) = (0, 0);
    while written_names < names {
        id += 1;
        let (schema, tokens) = words.party(&mut r);
        let aliases = [0, 1, 1, 2, 3][r.below(5)].min(names - written_names - 1);
        writeln!(out, "G{id},{},{schema}", written(&tokens))?;
        for _ in 0..aliases {
            writeln!(out, "G{id},{},{schema}", written(&alias(&tokens, &mut r)))?;
        }
        written_names += 1 + aliases;
    }
    out.flush()
}

/// Writes counterparties (`id,name,schema`): other parties of the same making, and one in 200 that a list made
/// with `listed` as its seed holds among its first entities, respelled.
pub fn counterparties(rows: usize, seed: u64, listed: u64, mut out: impl Write) -> io::Result<()> {
    let words = Words::load();
    let mut r = Random::new(seed ^ 0x5eed);
    let mut on_list = Random::new(listed);
    writeln!(out, "id,name,schema")?;
    for id in 1..=rows {
        let (schema, tokens) = if id % 200 == 0 {
            let (schema, tokens) = words.party(&mut on_list);
            // As `list` goes on, so that the next party is the next on the list.
            let aliases = [0, 1, 1, 2, 3][on_list.below(5)];
            (0..aliases).for_each(|_| drop(alias(&tokens, &mut on_list)));
            (schema, alias(&tokens, &mut r))
        } else {
            words.party(&mut r)
        };
        writeln!(out, "{id},{},{schema}", written(&tokens))?;
    }
    out.flush()
}
