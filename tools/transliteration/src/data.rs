//! Pairs of a word in its own script and in Latin letters, from groups of spellings.

use interdict::entity::Schema;
use interdict::name::{AnalysedName, Analyser, Tag, alignment_forms};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A word as its letters are aligned, and a Latin spelling of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub native: String,
    pub latin: String,
    /// In how many spellings the word stands in its group.
    pub spellings: usize,
}

/// The pairs of each script.
pub type Scripts = BTreeMap<&'static str, Vec<Pair>>;

/// The words of files that measure, in all scripts.
pub fn held_out(paths: &[PathBuf]) -> Result<HeldOut, String> {
    let mut reader = Words::default();
    let mut held_out = HeldOut::default();
    for path in paths {
        for_each_row(path, ["name1", "name2"], |[native, latin]| {
            for name in [native, latin] {
                for word in reader.read(name) {
                    if word.tag == Tag::Han {
                        held_out.han.insert(word.text.clone());
                    }
                    held_out.words.insert(word.text);
                }
            }
        })?;
    }
    Ok(held_out)
}

/// Reads a folder with Japanese names and their readings: CSV with characters, Kana and Latin letters in three cells.
fn read_japanese(folder: &Path, held_out: &HeldOut, scripts: &mut Scripts) -> Result<(), String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).map_err(|e| at(&e))?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let mut reader = Words::default();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "csv")) {
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_path(file)
            .map_err(|e| format!("{}: {e}", file.display()))?;
        for row in rows.records() {
            let row = row.map_err(|e| format!("{}: {e}", file.display()))?;
            let Some(latin) =
                row.iter().find(|cell| !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_lowercase()))
            else {
                continue;
            };
            if held_out.words.contains(latin) {
                continue;
            }
            for cell in row.iter() {
                let word = if is_kana(cell) {
                    // As in a word of which only a part is written in characters.
                    Word { text: cell.to_string(), latin: latin.to_string(), tag: Tag::Han }
                } else if let (true, [word]) = (cell.contains(is_ideograph), &reader.read(cell)[..]) {
                    word.clone()
                } else {
                    continue;
                };
                if held_out.contains(&word) {
                    continue;
                }
                let forms = word.forms().into_iter().filter(|(script, _)| *script == "japanese");
                for (script, native) in forms {
                    let pair = Pair { native, latin: latin.to_string(), spellings: 1 };
                    scripts.entry(script).or_default().push(pair);
                }
            }
        }
    }
    Ok(())
}

/// Reads the Sino-Japanese readings of the characters of general use, with long vowels written and left out.
pub fn read_unihan(folder: &Path, scripts: &mut Scripts) -> Result<(), String> {
    let read = |file: &str| {
        let path = folder.join(file);
        std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    };
    let (mappings, readings) = (read("Unihan_OtherMappings.txt")?, read("Unihan_Readings.txt")?);
    let in_use: BTreeSet<char> = properties(&mappings, "kJoyoKanji").map(|(c, _)| c).collect();
    let mut reader = Words::default();
    for (c, readings) in properties(&readings, "kJapaneseOn").filter(|(c, _)| in_use.contains(c)) {
        let [word] = &reader.read(&c.to_string())[..] else { continue };
        for (script, native) in word.forms().into_iter().filter(|(script, _)| *script == "japanese") {
            for reading in readings.split(' ').map(str::to_ascii_lowercase) {
                let short = reading.replace("ou", "o").replace("uu", "u");
                for latin in BTreeSet::from([reading, short]) {
                    scripts.entry(script).or_default().push(Pair {
                        native: native.clone(),
                        latin,
                        spellings: 1,
                    });
                }
            }
        }
    }
    for pairs in scripts.values_mut() {
        pairs.sort();
        pairs.dedup();
    }
    Ok(())
}

/// The characters of a file of Unihan that have a property, and its value.
fn properties<'t>(text: &'t str, property: &'t str) -> impl Iterator<Item = (char, &'t str)> {
    text.lines().filter_map(move |line| {
        let mut fields = line.strip_prefix("U+")?.split('\t');
        let c = u32::from_str_radix(fields.next()?, 16).ok().and_then(char::from_u32)?;
        (fields.next()? == property).then_some((c, fields.next()?))
    })
}

fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn is_kana(cell: &str) -> bool {
    !cell.is_empty() && cell.chars().all(|c| ('\u{3041}'..='\u{30fc}').contains(&c))
}

/// Reads groups and pairs without the words that are held out.
pub fn read(
    groups: &[PathBuf],
    pairs: &[PathBuf],
    japanese: &[PathBuf],
    held_out: &HeldOut,
) -> Result<Scripts, String> {
    let mut reader = Words::default();
    let mut scripts = Scripts::new();
    for path in groups {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        for line in text.lines() {
            let spellings = line.split_once("=>").map_or(line, |(spellings, _)| spellings);
            reader.add_group(spellings.split(','), held_out, &mut scripts);
        }
    }
    for path in pairs {
        for_each_row(path, ["native", "latin"], |[native, latin]| {
            reader.add_pair(native, latin, held_out, &mut scripts);
        })?;
    }
    for folder in japanese {
        read_japanese(folder, held_out, &mut scripts)?;
    }
    for pairs in scripts.values_mut() {
        pairs.sort();
        pairs.dedup();
    }
    Ok(scripts)
}

/// Keeps at most so many pairs.
pub fn sample(pairs: &mut Vec<Pair>, most: usize, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    if pairs.len() > most {
        random.shuffle(pairs);
        pairs.truncate(most);
        pairs.sort();
    }
}

fn for_each_row(path: &Path, columns: [&str; 2], mut each: impl FnMut([&str; 2])) -> Result<(), String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(|e| at(&e))?;
    let headers = reader.headers().map_err(|e| at(&e))?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or_else(|| at(&format!("no column '{name}'")))
    };
    let [first, second] = [column(columns[0])?, column(columns[1])?];
    for row in reader.records() {
        let row = row.map_err(|e| at(&e))?;
        each([row.get(first).unwrap_or(""), row.get(second).unwrap_or("")]);
    }
    Ok(())
}

/// A word of a name.
#[derive(Clone)]
struct Word {
    text: String,
    latin: String,
    tag: Tag,
}

impl Word {
    fn is_latin(&self) -> bool {
        self.text == self.latin && self.text.bytes().all(|b| b.is_ascii_lowercase()) && self.text.len() > 1
    }

    /// The tables that read it, and the letters that they read.
    fn forms(&self) -> Vec<(&'static str, String)> {
        alignment_forms(self.tag, &self.text)
    }
}

/// Words and names that are not learned from.
#[derive(Default)]
pub struct HeldOut {
    words: BTreeSet<String>,
    /// Names in Han characters, of which it is open where one word ends.
    han: BTreeSet<String>,
}

impl HeldOut {
    pub fn len(&self) -> usize {
        self.words.len()
    }

    fn contains(&self, word: &Word) -> bool {
        let is_part = |name: &String| name.starts_with(&word.text) || name.ends_with(&word.text);
        self.words.contains(&word.text)
            || (word.tag == Tag::Han && word.text.chars().count() > 1 && self.han.iter().any(is_part))
    }
}

/// Cuts names into words as the engine does.
#[derive(Default)]
struct Words {
    analyser: Analyser,
    name: AnalysedName,
}

impl Words {
    fn read(&mut self, name: &str) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        for written in name.split(|c: char| c.is_whitespace() || "·・-".contains(c)) {
            self.analyser.analyse(written, Schema::Person, &mut self.name);
            for (i, token) in self.name.tokens().iter().enumerate() {
                let (text, latin) = (self.name.text(token), self.name.latin(token));
                match words.last_mut() {
                    // The syllables of a word in Hangul, and surname and given name in Han characters.
                    Some(word)
                        if i > 0
                            && self.name.tokens()[i - 1].tag == token.tag
                            && matches!(token.tag, Tag::Hangul | Tag::Han) =>
                    {
                        word.text.push_str(text);
                        word.latin.push_str(latin);
                    }
                    _ => {
                        // Dots divide the words of a foreign name, which have a table of their own.
                        let is_foreign = token.tag == Tag::Han && name.contains('·');
                        let tag = if is_foreign { Tag::NonLatin } else { token.tag };
                        words.push(Word { text: text.to_string(), latin: latin.to_string(), tag })
                    }
                }
            }
        }
        words
    }

    /// Pairs every spelling of one word in another script with every one in Latin letters.
    fn add_group<'g>(
        &mut self,
        spellings: impl Iterator<Item = &'g str>,
        held_out: &HeldOut,
        scripts: &mut Scripts,
    ) {
        let mut group: Vec<Word> = Vec::new();
        // Spellings with the syllables apart, "wai-kit", which are those of one word in Han characters.
        let mut apart: BTreeSet<String> = BTreeSet::new();
        for spelling in spellings {
            let words = self.read(spelling.trim());
            if let [word] = &words[..] {
                if !held_out.contains(word) {
                    group.push(word.clone());
                }
            } else if words.len() == 2 && words.iter().all(|word| word.is_latin() && !held_out.contains(word))
            {
                apart.insert(words.iter().map(|word| word.latin.as_str()).collect());
            }
        }
        apart.retain(|spelling| !held_out.words.contains(spelling));
        let latin: BTreeSet<&str> =
            group.iter().filter(|word| word.is_latin()).map(|word| &*word.latin).collect();
        let syllabic: BTreeSet<&str> =
            latin.iter().copied().chain(apart.iter().map(String::as_str)).collect();
        let kana: Vec<&str> =
            group.iter().filter(|word| word.tag == Tag::Kana).map(|word| &*word.latin).collect();
        for word in &group {
            for (script, form) in word.forms() {
                let spellings = if script == "cantonese" { &syllabic } else { &latin };
                for spelling in spellings {
                    if word.tag != Tag::Han || is_in_language((script, &form), word, spelling, &kana) {
                        let pair = Pair {
                            native: form.clone(),
                            latin: spelling.to_string(),
                            spellings: spellings.len(),
                        };
                        scripts.entry(script).or_default().push(pair);
                    }
                }
            }
        }
    }

    /// Pairs the words of two names word by word, if they are as many.
    fn add_pair(&mut self, native: &str, latin: &str, held_out: &HeldOut, scripts: &mut Scripts) {
        let (native, mut latin) = (self.read(native), self.read(latin));
        if native.len() == 1 && latin.len() > 1 {
            // A name of one word, such as a Korean one.
            let whole: String = latin.iter().map(|word| word.latin.as_str()).collect();
            latin = vec![Word { text: whole.clone(), latin: whole, tag: Tag::Name }];
        }
        if native.len() != latin.len() {
            return;
        }
        for (native, latin) in native.into_iter().zip(latin) {
            if held_out.contains(&native) || held_out.contains(&latin) || !latin.is_latin() {
                continue;
            }
            for (script, form) in native.forms() {
                if native.tag != Tag::Han || script == "han" {
                    let pair = Pair { native: form, latin: latin.latin.clone(), spellings: 1 };
                    scripts.entry(script).or_default().push(pair);
                }
            }
        }
    }
}

/// Whether a spelling is near to the reading in Jyutping (a form with its marks of beginning and end), and nearer than to
/// the one in pinyin.
fn is_cantonese(form: &str, word: &Word, spelling: &str) -> bool {
    // As English writes these sounds; the letters of Jyutping are those of the International Phonetic Alphabet.
    let sounds = [("eo", "u"), ("oe", "eu"), ("yu", "u"), ("gw", "kw"), ("j", "y"), ("z", "ch"), ("c", "ch")];
    let reading = sounds
        .iter()
        .fold(form.trim_matches(['^', '$']).to_string(), |reading, (from, to)| reading.replace(from, to));
    let to_jyutping = strsim::normalized_levenshtein(&reading, spelling);
    to_jyutping >= 0.5 && to_jyutping > strsim::normalized_levenshtein(&word.latin, spelling)
}

/// Whether a spelling of a word in Han characters is one of the language of a table. A group has all languages: beside
/// Japanese ones there is the word in Kana, which is spelled so; foreign names have no such spelling and are three
/// characters and more; a Cantonese spelling is nearer to the reading in Jyutping than to the one in pinyin.
fn is_in_language((script, form): (&str, &str), word: &Word, spelling: &str, kana: &[&str]) -> bool {
    let is_japanese = kana.iter().any(|kana| strsim::normalized_levenshtein(kana, spelling) >= 0.7);
    match script {
        "japanese" => is_japanese,
        "han" => !is_japanese && word.text.chars().count() >= 3,
        "cantonese" => !is_japanese && word.text.chars().count() < 3 && is_cantonese(form, word, spelling),
        _ => false,
    }
}
