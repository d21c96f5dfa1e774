//! The probabilities of Latin pieces for the units of a script, by expectation maximisation.

use crate::data::Pair;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The most Latin letters that one unit stands for.
const MOST_LETTERS: usize = 8;
/// Passes over the data with single letters, and with pairs of letters as well.
const PASSES: [usize; 2] = [8, 4];
/// Pieces of a unit that are less probable are dropped.
const LEAST_PROBABILITY: f64 = 0.0015;
/// Pieces that fewer words have are dropped.
const LEAST_COUNT: f64 = 1.5;
/// What an entry of the table costs, in nats. Source: of 9 and 5 on words that were not learned from.
const ENTRY_COST: f64 = 5.0;
/// The weight of the transliteration by Unicode's names, in words.
const PRIOR: f64 = 0.5;

/// A unit: one or two letters.
type Unit = (char, char);
/// No second letter.
const NONE: char = '\0';
/// A piece: letters as a number, the last one lowest.
type Piece = u64;

/// How often each piece stands for each unit.
#[derive(Default)]
struct Model {
    probabilities: FxHashMap<Unit, FxHashMap<Piece, f64>>,
}

/// A trained table.
pub struct Trained {
    entries: BTreeMap<Unit, Vec<(Piece, f64)>>,
    pub log: String,
}

/// A pair as it is aligned.
struct Word {
    native: Vec<char>,
    latin: Vec<u8>,
    weight: f64,
}

/// Learns the table of a script.
pub fn train(pairs: &[Pair]) -> Trained {
    let words: Vec<Word> = pairs.iter().map(Word::new).filter(|word| word.latin.len() <= 24).collect();
    let letters: f64 = words.iter().map(|word| word.weight * word.latin.len() as f64).sum();
    let mut model = Model::initial(&words);
    let mut log = String::new();
    for pass in 0..PASSES[0] {
        let (counts, likelihood) = model.expected_counts(&words);
        model = Model::from_counts(counts);
        if pass + 1 == PASSES[0] {
            _ = write!(log, "{:.3} nats a letter", -likelihood / letters);
        }
    }
    let pairs_of_letters = model.pairs_of_letters(&words);
    _ = write!(log, ", {} pairs of letters", pairs_of_letters.len());
    model.probabilities.extend(pairs_of_letters);
    let mut likelihood = 0.0;
    for _ in 0..PASSES[1] {
        let counts;
        (counts, likelihood) = model.expected_counts(&words);
        model = Model::from_counts(counts);
    }
    let entries = model.entries();
    let count: usize = entries.values().map(Vec::len).sum();
    _ = write!(log, ", then {:.3}; {count} entries", -likelihood / letters);
    Trained { entries, log }
}

impl Trained {
    /// The table as text: a unit, and its pieces with their costs in hundredths of a nat; `-` is no letter.
    pub fn table(&self, name: &str) -> String {
        let mut text = format!("# Learned by tools/transliteration: {name}.\n");
        for ((first, second), pieces) in &self.entries {
            text.push(*first);
            text.extend((*second != NONE).then_some(*second));
            for (piece, probability) in pieces {
                let letters: String = letters_of(*piece).map(char::from).collect();
                let letters = if letters.is_empty() { "-" } else { &letters };
                _ = write!(text, "\t{letters} {:.0}", (-100.0 * probability.ln()).max(0.0));
            }
            text.push('\n');
        }
        text
    }
}

impl Word {
    fn new(pair: &Pair) -> Word {
        Word {
            native: pair.native.chars().collect(),
            latin: pair.latin.bytes().collect(),
            weight: 1.0 / pair.spellings as f64,
        }
    }

    fn unit(&self, at: usize, len: usize) -> Unit {
        (self.native[at], if len == 2 { self.native[at + 1] } else { NONE })
    }

    fn piece(&self, at: usize, len: usize) -> Piece {
        self.latin[at..at + len].iter().fold(0, |piece, b| piece << 8 | u64::from(*b))
    }
}

fn letters_of(piece: Piece) -> impl Iterator<Item = u8> {
    piece.to_be_bytes().into_iter().filter(|b| *b != 0)
}

impl Model {
    /// Every piece of a word may stand for every letter of it, those of the usual transliteration and short ones rather
    /// than others.
    fn initial(words: &[Word]) -> Model {
        let mut counts: FxHashMap<Unit, FxHashMap<Piece, f64>> = FxHashMap::default();
        for word in words {
            for (i, letter) in word.native.iter().enumerate() {
                let usual = transliteration(*letter);
                let pieces = counts.entry((*letter, NONE)).or_default();
                // Around the place that the letter would have if all were as long as each other.
                let expected = i * word.latin.len() / word.native.len();
                for at in expected.saturating_sub(3)..word.latin.len().min(expected + 4) {
                    for len in 0..=MOST_LETTERS.min(word.latin.len() - at) {
                        let piece = word.piece(at, len);
                        let likely = match len {
                            0 => 0.3,
                            _ if Some(piece) == usual => 20.0,
                            1 => 1.0,
                            2 => 0.3,
                            _ => 0.03,
                        };
                        *pieces.entry(piece).or_insert(0.0) += likely * word.weight;
                    }
                }
            }
        }
        Model::from_counts(counts)
    }

    fn from_counts(mut counts: FxHashMap<Unit, FxHashMap<Piece, f64>>) -> Model {
        for ((first, second), pieces) in &mut counts {
            if let (NONE, Some(usual)) = (*second, transliteration(*first)) {
                *pieces.entry(usual).or_insert(0.0) += PRIOR;
            }
            let total: f64 = pieces.values().sum();
            pieces.retain(|_, count| *count > total * 1e-5);
            let total: f64 = pieces.values().sum();
            pieces.values_mut().for_each(|count| *count /= total);
        }
        counts.retain(|_, pieces| !pieces.is_empty());
        Model { probabilities: counts }
    }

    /// The expected number of times that each piece stands for each unit, and the log likelihood of the words.
    fn expected_counts(&self, words: &[Word]) -> (FxHashMap<Unit, FxHashMap<Piece, f64>>, f64) {
        let mut counts: FxHashMap<Unit, FxHashMap<Piece, f64>> = FxHashMap::default();
        let mut likelihood = 0.0;
        for word in words {
            let steps = self.steps(word);
            let (rows, columns) = (word.native.len() + 1, word.latin.len() + 1);
            let at = |i: usize, j: usize| i * columns + j;
            let mut forward = vec![0.0; rows * columns];
            forward[0] = 1.0;
            for step in &steps {
                forward[at(step.i + step.units, step.j + step.letters)] +=
                    forward[at(step.i, step.j)] * step.probability;
            }
            let total = forward[at(rows - 1, columns - 1)];
            if total <= 1e-200 {
                continue;
            }
            likelihood += word.weight * total.ln();
            let mut backward = vec![0.0; rows * columns];
            backward[at(rows - 1, columns - 1)] = 1.0;
            for step in steps.iter().rev() {
                let behind = backward[at(step.i + step.units, step.j + step.letters)] * step.probability;
                backward[at(step.i, step.j)] += behind;
                let expected = word.weight * forward[at(step.i, step.j)] * behind / total;
                if expected > 1e-9 {
                    let pieces = counts.entry(word.unit(step.i, step.units)).or_default();
                    *pieces.entry(word.piece(step.j, step.letters)).or_insert(0.0) += expected;
                }
            }
        }
        (counts, likelihood)
    }

    /// All steps of alignments of a word, in an order in which each comes behind those that lead to it.
    fn steps(&self, word: &Word) -> Vec<Step> {
        let mut steps = Vec::new();
        for i in 0..word.native.len() {
            for units in 1..=2.min(word.native.len() - i) {
                let Some(pieces) = self.probabilities.get(&word.unit(i, units)) else { continue };
                for j in 0..=word.latin.len() {
                    for letters in 0..=MOST_LETTERS.min(word.latin.len() - j) {
                        if let Some(probability) = pieces.get(&word.piece(j, letters)) {
                            steps.push(Step { i, j, units, letters, probability: *probability });
                        }
                    }
                }
            }
        }
        steps
    }

    /// The most probable alignment of a word, as steps.
    fn best_alignment(&self, word: &Word) -> Vec<Step> {
        let columns = word.latin.len() + 1;
        let mut best: Vec<(f64, Option<Step>)> = vec![(0.0, None); (word.native.len() + 1) * columns];
        best[0].0 = 1.0;
        for step in self.steps(word) {
            let probability = best[step.i * columns + step.j].0 * step.probability;
            let target = &mut best[(step.i + step.units) * columns + step.j + step.letters];
            if probability > target.0 {
                *target = (probability, Some(step));
            }
        }
        let mut alignment = Vec::new();
        let mut at = best.len() - 1;
        while let Some(step) = best[at].1 {
            at = step.i * columns + step.j;
            alignment.push(step);
        }
        alignment.reverse();
        alignment
    }

    /// The pairs of letters that describe the words in fewer bits than their letters do, with their pieces.
    fn pairs_of_letters(&self, words: &[Word]) -> FxHashMap<Unit, FxHashMap<Piece, f64>> {
        let mut seen: FxHashMap<Unit, FxHashMap<Piece, (f64, f64)>> = FxHashMap::default();
        for word in words {
            for steps in self.best_alignment(word).windows(2) {
                let letters = steps[0].letters + steps[1].letters;
                if letters > MOST_LETTERS {
                    continue;
                }
                let piece = word.piece(steps[0].j, letters);
                let seen = seen.entry(word.unit(steps[0].i, 2)).or_default().entry(piece).or_default();
                seen.0 += word.weight;
                seen.1 -= word.weight * (steps[0].probability * steps[1].probability).ln();
            }
        }
        let mut kept = FxHashMap::default();
        for (unit, mut pieces) in seen {
            let total: f64 = pieces.values().map(|(count, _)| count).sum();
            pieces.retain(|_, (count, _)| *count >= LEAST_COUNT && *count >= LEAST_PROBABILITY * total);
            let total: f64 = pieces.values().map(|(count, _)| count).sum();
            let nats: f64 = pieces.values().map(|(count, cost)| cost + count * (count / total).ln()).sum();
            if nats > ENTRY_COST * pieces.len() as f64 {
                let probabilities = pieces.into_iter().map(|(piece, (count, _))| (piece, count / total));
                kept.insert(unit, probabilities.collect());
            }
        }
        kept
    }

    /// The units with their probable pieces, the most probable first.
    fn entries(self) -> BTreeMap<Unit, Vec<(Piece, f64)>> {
        let entry = |(unit, pieces): (Unit, FxHashMap<Piece, f64>)| {
            let mut pieces: Vec<_> =
                pieces.into_iter().filter(|(_, probability)| *probability >= LEAST_PROBABILITY).collect();
            pieces.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let total: f64 = pieces.iter().map(|(_, probability)| probability).sum();
            pieces.iter_mut().for_each(|(_, probability)| *probability /= total);
            (unit, pieces)
        };
        self.probabilities.into_iter().map(entry).filter(|(_, pieces)| !pieces.is_empty()).collect()
    }
}

/// One step of an alignment: units from `i` on stand for the letters from `j` on.
#[derive(Clone, Copy, Debug)]
struct Step {
    i: usize,
    j: usize,
    units: usize,
    letters: usize,
    probability: f64,
}

/// The usual transliteration of a letter by the table of `any_ascii`; `None` for the beginning and the end of a word and
/// for letters with a longer one.
fn transliteration(letter: char) -> Option<Piece> {
    if letter.is_ascii() {
        return letter.is_ascii_lowercase().then_some(u64::from(letter));
    }
    let usual = any_ascii::any_ascii_char(letter);
    let letters = usual.bytes().filter(u8::is_ascii_alphabetic).map(|b| b.to_ascii_lowercase());
    (usual.len() <= MOST_LETTERS).then(|| letters.fold(0, |piece, b| piece << 8 | u64::from(b)))
}
