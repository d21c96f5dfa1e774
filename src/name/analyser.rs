//! The steps of analysis, put together: words are cut, read by their script and repaired; `tagging` makes tokens of
//! them.

use super::clean::{Word, clean, undo_leet};
use super::letters::{Kind, kind, look_alike};
use super::repair::Context;
use super::tables::{Facts, tables};
use super::{AnalysedName, MAX_TOKEN_CHARS, MAX_TOKENS, Tag, arabic, han, kana};
use crate::entity::Schema;

/// Analyses one name with fresh buffers; see [`Analyser`] for many.
pub fn analyse(name: &str, schema: Schema) -> AnalysedName {
    let mut out = AnalysedName::default();
    Analyser::default().analyse(name, schema, &mut out);
    out
}

/// Analyses names one after the other and keeps its buffers.
#[derive(Debug, Default)]
pub struct Analyser {
    clean: String,
    words: Vec<Word>,
    pub(super) pieces: Vec<Piece>,
    /// Texts of pieces that have a reading besides.
    own: String,
    scratch: String,
    turned: String,
}

/// A word with its reading, before it is tagged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The word in its own script; of an abjad its letters. The reading where it has no other text.
    pub(super) text: (u32, u32),
    pub(super) latin: (u32, u32),
    /// Plain for words that are their own reading.
    pub(super) tag: Tag,
    /// What the tables know of it: of Han and Hangul words by themselves, of all others by their reading.
    pub(super) facts: Option<&'static Facts>,
}

impl Piece {
    pub(super) fn known_as<'b>(&self, buffer: &'b str) -> &'b str {
        slice(buffer, if matches!(self.tag, Tag::Abjad | Tag::Kana) { self.latin } else { self.text })
    }
}

/// Splits a text of a table as names are split, and reads each word; no tagging.
pub(super) fn plain_words(text: &str) -> Vec<String> {
    let (mut cleaned, mut words) = (String::new(), Vec::new());
    // Tables are written without dots, so nothing here asks the tables back.
    clean(&text.replace('.', ""), &mut cleaned, &mut words);
    words
        .iter()
        .map(|w| {
            let mut out = String::new();
            read_alphabet(&cleaned[w.start..w.end], false, &mut out);
            out
        })
        .filter(|w| !w.is_empty())
        .collect()
}

/// Reads a word of an alphabet or syllabary other than Han and Hangul.
fn read_alphabet(word: &str, as_look_alike: bool, out: &mut String) {
    let first = word.chars().map(kind).find(|k| *k != Kind::Digit);
    match first {
        Some(Kind::Arabic) => arabic::read(word, out),
        Some(Kind::Kana) => kana::read(word, out),
        _ => {
            for c in word.chars() {
                if c.is_ascii() {
                    out.push(c);
                } else if let (true, Some(latin)) = (as_look_alike, look_alike(c)) {
                    out.push(latin);
                } else if has_han_or_hangul(c) {
                    out.push(c);
                } else {
                    let reading = any_ascii::any_ascii_char(c);
                    out.extend(
                        reading.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()),
                    );
                }
            }
        }
    }
}

fn has_han_or_hangul(c: char) -> bool {
    matches!(kind(c), Kind::Han | Kind::Hangul)
}

/// Whether a word mixes Latin letters with look-alikes, and whether all its letters have a Latin look.
fn looks(word: &str) -> (bool, bool) {
    let (mut latin, mut alike, mut all) = (false, false, true);
    for c in word.chars() {
        match kind(c) {
            Kind::Latin => latin = true,
            Kind::Digit => {}
            Kind::LookAlike => {
                alike = true;
                all &= look_alike(c).is_some();
            }
            _ => all = false,
        }
    }
    (latin && alike, alike && all)
}

impl Analyser {
    /// An analyser with empty buffers.
    pub fn new() -> Self {
        Analyser::default()
    }

    /// Analyses `name` into `out`, whose former content is dropped.
    ///
    /// `schema` decides which tables apply: in the name of a person there are honorifics and no legal forms.
    /// Where it is unknown the words of the name decide.
    pub fn analyse(&mut self, name: &str, schema: Schema, out: &mut AnalysedName) {
        out.buffer.clear();
        out.tokens.clear();
        out.cut = false;
        self.pieces.clear();
        self.own.clear();
        // "FAMILY, Given" is read as "Given FAMILY", so that neighbours are neighbours on both sides.
        match name.split_once(',') {
            Some((family, given)) if schema == Schema::Person && !given.contains(',') => {
                self.turned.clear();
                self.turned.extend([given.trim(), " ", family.trim()]);
                out.chars = clean(&self.turned, &mut self.clean, &mut self.words);
            }
            _ => out.chars = clean(name, &mut self.clean, &mut self.words),
        }
        // One word that mixes look-alikes with Latin letters makes wholly look-alike words suspect as well.
        let deceptive = !name.is_ascii() && self.words.iter().any(|w| looks(&self.clean[w.start..w.end]).0);
        for i in 0..self.words.len() {
            if self.pieces.len() >= MAX_TOKENS {
                out.cut = true;
                break;
            }
            self.read_word(i, schema, deceptive, out);
        }
        if self.pieces.len() > MAX_TOKENS {
            self.pieces.truncate(MAX_TOKENS);
            out.cut = true;
        }
        // Looked up one behind the other, so that the tables are waited for once.
        for piece in &mut self.pieces {
            // Texts that differ from their readings are not behind them yet.
            let own = matches!(piece.tag, Tag::Han | Tag::Hangul);
            let text = if own { slice(&self.own, piece.text) } else { slice(&out.buffer, piece.latin) };
            piece.facts = tables().facts(text);
        }
        out.schema = match schema {
            Schema::Unknown | Schema::Other | Schema::LegalEntity => self.guess(),
            known => known,
        };
        if out.schema == Schema::Person {
            self.split_initials(out);
        } else {
            self.repair(out);
        }
        // Readings stand together, so that phrases are found in them; behind them the texts that differ.
        let behind = out.buffer.len() as u32;
        out.buffer.push_str(&self.own);
        for piece in self.pieces.iter_mut().filter(|p| p.tag != Tag::Name) {
            piece.text = (piece.text.0 + behind, piece.text.1 + behind);
        }
        self.tag(out);
    }

    /// Mends words of legal forms and of business that are misspelled or torn.
    fn repair(&mut self, out: &mut AnalysedName) {
        let unknown = |piece: &Piece, buffer: &str| {
            piece.tag == Tag::Name
                && piece.facts.is_none_or(|f| f.is_name_at_most())
                && !tables().is_in_phrase(slice(buffer, piece.text))
        };
        let mut i = 0;
        while i < self.pieces.len() {
            let piece = self.pieces[i];
            if !unknown(&piece, &out.buffer) {
                i += 1;
                continue;
            }
            let word = slice(&out.buffer, piece.text);
            // Torn in two: the other half is before or behind, and need not be unknown.
            let halves = [i.checked_sub(1), Some(i)].into_iter().flatten().find_map(|first| {
                let [a, b] = self.pieces.get(first..first + 2)? else { return None };
                let (head, tail) = (slice(&out.buffer, a.latin), slice(&out.buffer, b.latin));
                Some((first, (a.tag == b.tag).then(|| tables().long_word_of(head, tail))??))
            });
            if let Some((first, whole)) = halves {
                self.pieces.remove(first + 1);
                self.replace(first, whole, out);
                i = first + 1;
                continue;
            }
            let repaired = tables().repaired(word).or_else(|| self.repaired_in_phrase(i, &out.buffer));
            if let Some(repaired) = repaired {
                self.replace(i, repaired, out);
            } else if let Some(single) = doubled_by_slip(word) {
                self.replace(i, &single, out);
            }
            i += 1;
        }
    }

    /// The word that piece `i` is in a legal phrase, if two of its neighbours are words of one.
    fn repaired_in_phrase(&self, i: usize, buffer: &str) -> Option<&'static str> {
        let word = |at: Option<usize>| {
            let piece = self.pieces.get(at?)?;
            (piece.tag == Tag::Name).then(|| slice(buffer, piece.text))
        };
        let mut key = String::new();
        let own = word(Some(i))?;
        let [before, behind] = [i.checked_sub(1), Some(i + 1)];
        [
            (Context::Around, before, behind),
            (Context::Behind, behind, Some(i + 2)),
            (Context::Before, i.checked_sub(2), before),
            (Context::NextTo, None, behind),
            (Context::NextTo, before, None),
        ]
        .into_iter()
        .find_map(|(kind, first, second)| {
            let single = matches!(kind, Context::NextTo);
            let around = [word(first), word(second)].map(|w| w.or(single.then_some("")));
            let around = [around[0]?, around[1]?];
            if around == ["", ""] || !around.iter().all(|w| w.is_empty() || tables().is_in_phrase(w)) {
                return None;
            }
            tables().repaired_in_phrase(own, kind, around, &mut key)
        })
    }

    /// Gives a piece another text; all readings are written anew, so that they stand together.
    fn replace(&mut self, at: usize, text: &str, out: &mut AnalysedName) {
        let mut buffer = String::with_capacity(out.buffer.len() + text.len());
        for (i, piece) in self.pieces.iter_mut().enumerate() {
            let start = buffer.len() as u32;
            buffer.push_str(if i == at { text } else { slice(&out.buffer, piece.latin) });
            piece.latin = (start, buffer.len() as u32);
            buffer.push(' ');
            if piece.tag == Tag::Name {
                piece.text = piece.latin;
            }
        }
        let piece = &mut self.pieces[at];
        if !matches!(piece.tag, Tag::Han | Tag::Hangul) {
            piece.facts = tables().facts(text);
        }
        out.buffer = buffer;
    }

    /// Two consonants that are no word are two initials: "JC Juncker".
    fn split_initials(&mut self, out: &AnalysedName) {
        if self.pieces.len() < 2 || self.pieces.len() >= MAX_TOKENS {
            return;
        }
        let consonants = |piece: &Piece| {
            let text = slice(&out.buffer, piece.latin).as_bytes();
            piece.tag == Tag::Name
                && text.len() == 2
                && text.iter().all(|b| b.is_ascii_lowercase() && !b"aeiouy".contains(b))
                && piece.facts.is_none_or(|f| {
                    f.frequency <= 1 && f.honorific.is_none() && !f.particle && f.nicknames == [0; 2]
                })
        };
        if let Some(i) = self.pieces.iter().position(consonants) {
            let (from, to) = self.pieces[i].text;
            let letter = |at: (u32, u32)| {
                let facts = tables().facts(slice(&out.buffer, at));
                Piece { text: at, latin: at, tag: Tag::Name, facts }
            };
            self.pieces[i] = letter((from, from + 1));
            self.pieces.insert(i + 1, letter((from + 1, to)));
        }
    }

    /// Pushes a Latin word; a word that a legal word was written together with ("companysputnik",
    /// "jointstock") comes as two.
    fn push_words(&mut self, word: &str, person: bool, out: &mut AnalysedName) {
        let at = if person { None } else { glued_at(word) };
        match at {
            Some(at) => {
                self.push_words(&word[..at], person, out);
                self.push_words(&word[at..], person, out);
            }
            None => self.push_piece(word, None, Tag::Name, out),
        }
    }

    fn push_piece(&mut self, text: &str, latin: Option<&str>, tag: Tag, out: &mut AnalysedName) {
        let text = cut_chars(text, &mut out.cut);
        if text.is_empty() {
            return;
        }
        let put = |buffer: &mut String, s: &str| {
            let start = buffer.len() as u32;
            buffer.push_str(s);
            let end = buffer.len() as u32;
            buffer.push(' ');
            (start, end)
        };
        let latin_at = put(&mut out.buffer, latin.map_or(text, |latin| cut_chars(latin, &mut false)));
        let text_at = if latin.is_some() { put(&mut self.own, text) } else { latin_at };
        self.pieces.push(Piece { text: text_at, latin: latin_at, tag, facts: None });
    }

    fn read_word(&mut self, index: usize, schema: Schema, deceptive: bool, out: &mut AnalysedName) {
        let Word { start, end } = self.words[index];
        let word = std::mem::take(&mut self.clean);
        self.read_runs(&word[start..end], schema, deceptive, out);
        self.clean = word;
    }

    /// Reads a word run by run: Han, Hangul, Kana and Arabic apart from each other and from alphabets.
    fn read_runs(&mut self, word: &str, schema: Schema, deceptive: bool, out: &mut AnalysedName) {
        if word.is_ascii() {
            return self.read_latin(word, schema, out);
        }
        let class = |c: char| match kind(c) {
            Kind::Latin | Kind::Digit | Kind::LookAlike | Kind::Other => Kind::Latin,
            other => other,
        };
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let run_kind = class(first);
            let len = rest.char_indices().find(|(_, c)| class(*c) != run_kind).map_or(rest.len(), |(i, _)| i);
            let (run, tail) = rest.split_at(len);
            rest = tail;
            if self.pieces.len() > MAX_TOKENS {
                out.cut = true;
                return;
            }
            let mut reading = std::mem::take(&mut self.scratch);
            reading.clear();
            match run_kind {
                Kind::Han => self.read_han(run, schema, out),
                Kind::Hangul => self.read_hangul(run, schema, out),
                Kind::Arabic => {
                    let mut letters = String::new();
                    arabic::parts(run, |part| {
                        if part == arabic::ARTICLE {
                            return self.push_piece("al", None, Tag::Name, out);
                        }
                        let part = cut_chars(part, &mut out.cut);
                        reading.clear();
                        letters.clear();
                        arabic::read(part, &mut reading);
                        arabic::letters(part, &mut letters);
                        self.push_piece(&letters, Some(&reading), Tag::Abjad, out);
                    });
                }
                Kind::Kana => {
                    let mut sounds = String::new();
                    kana::read(cut_chars(run, &mut out.cut), &mut reading);
                    kana::sounds(&reading, &mut sounds);
                    self.push_piece(&sounds, Some(&reading), Tag::Kana, out);
                }
                _ => {
                    let (mixed, all) = looks(run);
                    read_alphabet(cut_chars(run, &mut out.cut), mixed || (deceptive && all), &mut reading);
                    self.read_latin(&reading, schema, out);
                }
            }
            self.scratch = reading;
        }
    }

    fn read_latin(&mut self, word: &str, schema: Schema, out: &mut AnalysedName) {
        let person = schema == Schema::Person;
        if word.bytes().any(|b| b.is_ascii_digit()) {
            let mut plain = String::new();
            if undo_leet(word, person, &mut plain) {
                return self.push_words(&plain, person, out);
            }
        }
        self.push_words(word, person, out);
    }

    fn read_han(&mut self, run: &str, schema: Schema, out: &mut AnalysedName) {
        let word: String = run.chars().take(4 * MAX_TOKEN_CHARS).map(han::simplify).collect();
        let chars = word.chars().count();
        let known = tables().han_word_at(&word).is_some();
        let surname = han::surname_len(&word);
        let person = match schema {
            Schema::Person => true,
            Schema::Unknown | Schema::LegalEntity | Schema::Other => {
                // A name in one word, or a surname that stands before the rest of it.
                let fits = (2..=4).contains(&chars) || (chars == 1 && self.pieces.is_empty());
                fits && !known && tables().han_surname(&word[..surname]).is_some()
            }
            _ => false,
        };
        let mut latin = String::new();
        if person {
            if (2..=4).contains(&chars) && tables().han_surname(&word).is_none() {
                let alone = self.words.len() > 1;
                // A name written with blanks has its surname apart already; what is left is a given name.
                let (family, given) = if alone { ("", word.as_str()) } else { word.split_at(surname) };
                for (part, is_surname) in [(family, true), (given, false)] {
                    latin.clear();
                    han::read(part, is_surname, &mut latin);
                    self.push_piece(part, Some(&latin), Tag::Han, out);
                }
            } else {
                han::read(&word, true, &mut latin);
                self.push_piece(&word, Some(&latin), Tag::Han, out);
            }
            return;
        }
        let mut pieces = Vec::new();
        han::cut(&word, |piece| pieces.push(piece));
        for piece in pieces {
            latin.clear();
            match piece {
                han::Piece::Known(text) => {
                    han::read(text, false, &mut latin);
                    self.push_piece(text, Some(&latin), Tag::Han, out);
                }
                han::Piece::Core(text) => {
                    han::read(text, false, &mut latin);
                    self.push_piece(text, Some(&latin), Tag::Han, out);
                }
            }
        }
    }

    fn read_hangul(&mut self, run: &str, schema: Schema, out: &mut AnalysedName) {
        let chars = run.chars().count();
        let person = matches!(schema, Schema::Person)
            || (matches!(schema, Schema::Unknown | Schema::LegalEntity) && chars <= 4);
        if !person || chars > 6 {
            let mut latin = String::new();
            for c in run.chars() {
                latin.extend(any_ascii::any_ascii_char(c).chars().map(|c| c.to_ascii_lowercase()));
            }
            return self.push_piece(run, Some(&latin), Tag::Hangul, out);
        }
        let whole_name = self.words.len() == 1;
        for (i, c) in run.chars().enumerate() {
            let surname = (i == 0 && whole_name && chars >= 2) || chars == 1;
            let reading = surname.then(|| tables().hangul_surname(c)).flatten();
            let reading = reading
                .or_else(|| tables().hangul_spellings(c).first().map(|s| &**s))
                .unwrap_or_else(|| any_ascii::any_ascii_char(c));
            let latin = reading.to_ascii_lowercase();
            let mut buffer = [0; 4];
            self.push_piece(c.encode_utf8(&mut buffer), Some(&latin), Tag::Hangul, out);
        }
    }
}

/// Long words of legal forms, which names are found written together with.
const GLUED: &[&str] = &[
    "company",
    "limited",
    "liability",
    "corporation",
    "incorporated",
    "organization",
    "obshchestvo",
    "obschestvo",
    "otvetstvennostyu",
    "otvetstvennostiu",
    "aktsionernoe",
    "aktsionernoye",
    "ogranichennoi",
    "ogranichennoy",
    "gesellschaft",
    "sirketi",
    "technology",
    "international",
];
/// Short ones, split off only from each other.
const GLUED_SHORT: &[&str] =
    &["joint", "stock", "public", "private", "open", "closed", "ltd", "gmbh", "llc", "non"];

/// The word of business, of a place or of a legal form that a word is with one of its doubled letters once.
fn doubled_by_slip(word: &str) -> Option<String> {
    let doubled = word.as_bytes().windows(2).enumerate().filter(|(_, pair)| pair[0] == pair[1]);
    doubled.filter(|_| word.is_ascii() && word.len() > 4).find_map(|(at, _)| {
        let single = [&word[..at], &word[at + 1..]].concat();
        let known = |f: &Facts| f.legal != 0 || f.business.is_some() || f.place != 0;
        (tables().facts(&single).is_some_and(known) || tables().is_in_phrase(&single)).then_some(single)
    })
}

/// Legal forms of two words that are written together.
const GLUED_FORMS: &[&str] = &["coltd", "ptyltd", "pteltd", "pvtltd"];

/// Where a word falls into a legal word and what it was written together with.
fn glued_at(word: &str) -> Option<usize> {
    let known = |f: &Facts| f.legal != 0 || f.business.is_some() || f.place != 0;
    if GLUED_FORMS.contains(&word) {
        return Some(word.len() - "ltd".len());
    }
    if word.len() < 8 || !word.is_ascii() || tables().facts(word).is_some_and(known) {
        return None;
    }
    let legal = |part: &str| GLUED.contains(&part) || GLUED_SHORT.contains(&part);
    for long in GLUED {
        if let Some(rest) = word.strip_prefix(long)
            && (rest.len() >= 4
                || legal(rest)
                || rest.len() == 3 && *long != "corporation" && *long != "organization")
        {
            return Some(long.len());
        }
        if let Some(rest) = word.strip_suffix(long)
            && (rest.len() >= 3 || legal(rest))
            && !(*long == "limited" && rest == "un")
        {
            return Some(rest.len());
        }
    }
    GLUED_SHORT.iter().find_map(|short| legal(word.strip_prefix(short)?).then_some(short.len()))
}

pub(super) fn slice(buffer: &str, (start, end): (u32, u32)) -> &str {
    &buffer[start as usize..end as usize]
}

fn cut_chars<'a>(text: &'a str, cut: &mut bool) -> &'a str {
    if text.len() <= MAX_TOKEN_CHARS {
        return text;
    }
    match text.char_indices().nth(MAX_TOKEN_CHARS) {
        Some((end, _)) => {
            *cut = true;
            &text[..end]
        }
        None => text,
    }
}
