//! Other ways to write a name: those of aliases on lists, and what becomes of names in books of customers.

use super::{Party, Random, written};

/// Spellings of the same sounds.
const SOUNDS: &[(&str, &str)] = &[
    ("ou", "u"),
    ("kh", "h"),
    ("sh", "sch"),
    ("ph", "f"),
    ("ee", "i"),
    ("ck", "k"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
    ("i", "y"),
    ("z", "s"),
    ("e", "i"),
    ("o", "u"),
    ("a", "e"),
];
const TITLES: &[&str] = &["Dr.", "Mr", "Sheikh", "Haji", "General", "Mrs"];
const PADDING: &[&str] = &["BRANCH OFFICE DUBAI", "REF INV 20231", "HEAD OFFICE", "BRANCH OFFICE"];
const LEGAL: &[(&str, &str)] = &[
    ("Limited Liability Company", "LLC"),
    ("Company Limited", "Co Ltd"),
    ("Joint Stock Company", "JSC"),
    ("Co., Ltd.", "Company Limited"),
    ("LLC", "Limited Liability Company"),
    ("Ltd", "Limited"),
    ("OOO", "LLC"),
    ("JSC", "AO"),
    ("GmbH", "Gesellschaft mit beschränkter Haftung"),
    ("Corporation", "Corp"),
    ("Inc", "Incorporated"),
];
/// The length at which payment systems cut a name.
const CUT: usize = 35;

/// One sound of one word spelled otherwise, if it can be.
fn sound(tokens: &mut [String], r: &mut Random) {
    let at = r.below(tokens.len());
    let possible: Vec<_> = SOUNDS.iter().filter(|(from, _)| tokens[at].contains(from)).collect();
    if !possible.is_empty() {
        let (from, to) = possible[r.below(possible.len())];
        tokens[at] = tokens[at].replacen(from, to, 1);
    }
}

/// An alias as lists have them: a word less, another order, other spellings.
pub fn alias(tokens: &[String], r: &mut Random) -> Vec<String> {
    let mut tokens = tokens.to_vec();
    match r.below(10) {
        0..2 if tokens.len() > 2 => drop(tokens.remove(r.below(tokens.len()))),
        2 => tokens.rotate_left(1),
        // Systematic spellings change several words at once.
        _ => (0..1 + r.below(3)).for_each(|_| sound(&mut tokens, r)),
    }
    tokens
}

/// A slip of the pen in the longest word but at its first letter.
fn slip(tokens: &mut [String], r: &mut Random) {
    let Some(word) = tokens.iter_mut().max_by_key(|w| w.len()) else { return };
    let mut chars: Vec<char> = word.chars().collect();
    if chars.len() < 4 {
        return;
    }
    let at = 1 + r.below(chars.len() - 2);
    match r.below(4) {
        0 => drop(chars.remove(at)),
        1 => chars.swap(at, at + 1),
        2 => chars.insert(at, chars[at]),
        _ => chars[at] = char::from(b'a' + r.below(26) as u8),
    }
    *word = chars.into_iter().collect();
}

fn cyrillic(text: &str) -> String {
    const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
    let letters: Vec<&str> = "а б ц д е ф г х и дж к л м н о п к р с т у в в кс й з".split(' ').collect();
    text.to_lowercase()
        .chars()
        .map(|c| LATIN.find(c).map_or(c.to_string(), |i| letters[i].to_string()))
        .collect()
}

/// One of a party's names as a book of customers may have it, and what was done to it.
pub fn respell(party: &Party, r: &mut Random) -> (String, &'static str) {
    let mut tokens = party.names[r.below(party.names.len())].clone();
    let person = party.schema == "Person";
    let several = tokens.len() > 1;
    let how = match r.below(13) {
        0 => "as listed",
        1 if several => {
            tokens.rotate_right(1);
            "turned"
        }
        2 | 3 => {
            slip(&mut tokens, r);
            "slip"
        }
        4 => {
            slip(&mut tokens, r);
            slip(&mut tokens, r);
            "two slips"
        }
        5 => {
            (0..2).for_each(|_| sound(&mut tokens, r));
            "sounds"
        }
        6 if tokens.len() > 2 => {
            tokens.remove(r.below(tokens.len()));
            "word missing"
        }
        7 if several => {
            let at = r.below(tokens.len() - 1);
            let tail = tokens.remove(at + 1);
            tokens[at].push_str(&tail);
            "joined"
        }
        8 if tokens[0].len() > 6 => {
            let half = tokens[0].len() / 2;
            let tail = tokens[0].split_off(half);
            tokens.insert(1, tail);
            "split"
        }
        9 if person && tokens.len() > 2 => {
            tokens[0].truncate(1);
            "initial"
        }
        9 => {
            let form = tokens.len() - 1;
            match LEGAL.iter().find(|(listed, _)| *listed == tokens[form]) {
                Some((_, other)) => {
                    tokens[form] = other.to_string();
                    "legal form"
                }
                None => "as listed",
            }
        }
        10 if person => {
            tokens.insert(0, TITLES[r.below(TITLES.len())].to_string());
            "title"
        }
        10 => {
            let name = format!("{} {}", written(&tokens), PADDING[r.below(PADDING.len())]);
            return (name, "padded");
        }
        11 => {
            let name = written(&tokens).to_uppercase();
            let cut: String = name.chars().take(CUT).collect();
            let how = if cut.len() < name.len() { "cut" } else { "upper case" };
            return (cut, how);
        }
        12 if person => return (cyrillic(&written(&tokens)), "Cyrillic"),
        _ => {
            sound(&mut tokens, r);
            "sounds"
        }
    };
    (written(&tokens), how)
}
