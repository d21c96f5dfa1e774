//! Edit distances: a bit-parallel one to decide, and a weighted one to grade.

/// The longest pattern of the bit-parallel distance, in bytes.
pub const MAX_PATTERN: usize = 64;

/// A word prepared for many comparisons.
#[derive(Clone, Debug)]
pub struct Pattern {
    masks: [u64; 128],
    word: [u8; MAX_PATTERN],
    len: usize,
}

impl Default for Pattern {
    fn default() -> Self {
        Pattern { masks: [0; 128], word: [0; MAX_PATTERN], len: 0 }
    }
}

impl Pattern {
    /// Prepares an ASCII word of at most [`MAX_PATTERN`] bytes; `None` for any other.
    pub fn new(word: &[u8]) -> Option<Pattern> {
        if word.len() > MAX_PATTERN || !word.is_ascii() {
            return None;
        }
        let mut pattern = Pattern { len: word.len(), ..Pattern::default() };
        pattern.word[..word.len()].copy_from_slice(word);
        for (i, b) in word.iter().enumerate() {
            pattern.masks[usize::from(*b)] |= 1 << i;
        }
        Some(pattern)
    }

    /// The optimal string alignment distance (insertion, deletion, substitution, swap of two neighbours; each
    /// 1) to another ASCII word, or `None` when it is more than `most`.
    ///
    /// Hyyrö's bit-vector algorithm (2003): one step of machine words for each letter of `other`.
    pub fn distance(&self, other: &[u8], most: usize) -> Option<usize> {
        let word = &self.word[..self.len];
        if word.len().abs_diff(other.len()) > most || !other.is_ascii() {
            return None;
        }
        if word.is_empty() {
            return Some(other.len());
        }
        let last = self.len - 1;
        let (mut vp, mut vn, mut d0, mut before) = (!0u64, 0u64, 0u64, 0u64);
        let mut distance = self.len;
        // No end before the end: where it would be reached cannot be foreseen, which costs more than the steps.
        for b in other {
            let pm = self.masks[usize::from(*b & 127)];
            let swap = (((!d0) & pm) << 1) & before;
            d0 = ((((pm & vp).wrapping_add(vp)) ^ vp) | pm | vn) | swap;
            let hp = vn | !(d0 | vp);
            let hn = d0 & vp;
            distance += (hp >> last & 1) as usize;
            distance -= (hn >> last & 1) as usize;
            let hp = (hp << 1) | 1;
            let hn = hn << 1;
            vp = hn | !(d0 | hp);
            vn = d0 & hp;
            before = pm;
        }
        (distance <= most).then_some(distance)
    }
}

/// How many letters both words begin with, and how many of the others both end with.
fn common_affixes(a: &[u8], b: &[u8]) -> (usize, usize) {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    (start, end)
}

/// The most edits allowed between two words whose shorter one has `len` letters.
pub const fn max_edits(len: usize) -> usize {
    match len {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Letters of a word that are looked at.
const MAX: usize = crate::name::MAX_TOKEN_CHARS;

/// How alike two words are, by kinds of edits: 1 for equal words, less for every edit, in proportion to the
/// length of the longer. Vowels, doubled letters, h, and letters that stand for one sound cost less than
/// others; digits and the first letter cost more; a swap of neighbours is one edit.
pub fn similarity(a: &[u8], b: &[u8]) -> f32 {
    let (a, b) = (&a[..a.len().min(MAX)], &b[..b.len().min(MAX)]);
    if a == b {
        return 1.0;
    }
    // Letters that both begin or end with are aligned with each other; what they cost depends on their neighbours,
    // so that the rest keeps its places.
    let (start, end) = common_affixes(a, b);
    let (height, width) = (a.len() - end - start, b.len() - end - start);
    let cost = match (height, width) {
        (0, _) => (start..start + width).map(|j| gap_cost(b, j)).sum(),
        (_, 0) => (start..start + height).map(|i| gap_cost(a, i)).sum(),
        (1, 1) => substitution_cost(a[start], b[start], start).min(gap_cost(a, start) + gap_cost(b, start)),
        _ if width <= SHORT_WORD => weighted_osa_short(a, b, start, height, width),
        _ if height <= SHORT_WORD => weighted_osa_short(b, a, start, width, height),
        _ => weighted_osa(a, b, start, height, width),
    };
    (1.0 - f32::from(cost) / 100.0 / a.len().max(b.len()) as f32).max(0.0)
}

/// The cost of one letter for another at this place of both words; only the first place is dearer.
fn substitution_cost(x: u8, y: u8, at: usize) -> u16 {
    let cost = u16::from(SUBSTITUTION[usize::from(class(x))][usize::from(class(y))]);
    if at == 0 { cost * 5 / 4 } else { cost }
}

/// The cost, in hundredths, of the best alignment of `height` letters of `a` and `width` of `b`, from `start` on.
fn weighted_osa(a: &[u8], b: &[u8], start: usize, height: usize, width: usize) -> u16 {
    // What a letter costs when the other word lacks it is needed once for every cell of a row or column, and so are
    // the rows above.
    let (mut gaps, mut classes) = ([0u16; MAX], [0u8; MAX]);
    let mut rows = [[0u16; MAX + 1]; 3];
    let [two, above, now] = &mut rows;
    let (mut two, mut above, mut now) = (two, above, now);
    let columns = &b[start..start + width];
    for (j, y) in columns.iter().enumerate() {
        (gaps[j], classes[j]) = (gap_cost(b, start + j), class(*y));
        above[j + 1] = above[j] + gaps[j];
    }
    let (gaps, classes) = (&gaps[..width], &classes[..width]);
    for i in 0..height {
        let (x, gap_a) = (a[start + i], gap_cost(a, start + i));
        let costs = &SUBSTITUTION[usize::from(class(x)) % CLASSES];
        let before = if i > 0 { a[start + i - 1] } else { 0 };
        let mut left = above[0] + gap_a;
        now[0] = left;
        let mut last = 0;
        for (j, y) in columns.iter().enumerate() {
            let mut cost = if x == *y { 0 } else { u16::from(costs[usize::from(classes[j]) % CLASSES]) };
            if start + i + j == 0 {
                cost = cost * 5 / 4;
            }
            let mut best = (above[j] + cost).min(above[j + 1] + gap_a).min(left + gaps[j]);
            if before == *y && i > 0 && j > 0 && x == last && x != *y {
                best = best.min(two[j - 1] + 80);
            }
            (left, last) = (best, *y);
            now[j + 1] = best;
        }
        (two, above, now) = (above, now, two);
    }
    above[width]
}

/// Letters of a row that [`weighted_osa_short`] has room for.
const SHORT_WORD: usize = 8;

/// The cost of the best alignment where one word has few letters: every row is worked through in full, so that nothing
/// in it has to be decided.
fn weighted_osa_short(a: &[u8], b: &[u8], start: usize, height: usize, width: usize) -> u16 {
    // Behind the word stand columns of no letter, which those before them do not depend on.
    let (mut columns, mut classes, mut gaps, mut above) =
        ([0u8; SHORT_WORD], [27u8; SHORT_WORD], [0u16; SHORT_WORD], [0u16; SHORT_WORD + 1]);
    for j in 0..width.min(SHORT_WORD) {
        columns[j] = b[start + j];
        (classes[j], gaps[j]) = (class(columns[j]), gap_cost(b, start + j));
    }
    for j in 0..SHORT_WORD {
        above[j + 1] = above[j] + gaps[j];
    }
    let mut two = above;
    let mut before = 0;
    for (i, x) in a[start..start + height].iter().enumerate() {
        let gap_a = gap_cost(a, start + i);
        let known = &SUBSTITUTION[usize::from(class(*x)) % CLASSES];
        let mut costs = [0u16; SHORT_WORD];
        for j in 0..SHORT_WORD {
            costs[j] = if columns[j] == *x { 0 } else { u16::from(known[usize::from(classes[j]) % CLASSES]) };
        }
        if start + i == 0 {
            costs[0] = costs[0] * 5 / 4;
        }
        let mut now = [above[0] + gap_a; SHORT_WORD + 1];
        for j in 0..SHORT_WORD {
            let best = (above[j] + costs[j]).min(above[j + 1] + gap_a).min(now[j] + gaps[j]);
            let last = if j > 0 { columns[j - 1] } else { 0 };
            let swaps = (columns[j] == before) & (last == *x) & (columns[j] != *x);
            let swapped = if swaps { two[j.saturating_sub(1)] + 80 } else { u16::MAX };
            now[j + 1] = best.min(swapped);
        }
        (two, above, before) = (above, now, *x);
    }
    above[width]
}

/// Kinds of bytes with a cost of their own: the letters, digits, all else.
const CLASSES: usize = 28;

fn class(b: u8) -> u8 {
    match b {
        b'a'..=b'z' => b - b'a',
        b'0'..=b'9' => 26,
        _ => 27,
    }
}

/// The cost of one byte for another, by their classes.
static SUBSTITUTION: [[u8; CLASSES]; CLASSES] = {
    let mut table = [[0; CLASSES]; CLASSES];
    let mut i = 0;
    while i < CLASSES {
        let mut j = 0;
        while j < CLASSES {
            table[i][j] = substitution(example(i), example(j));
            j += 1;
        }
        i += 1;
    }
    table
};

/// A byte of a class.
const fn example(class: usize) -> u8 {
    match class {
        26 => b'0',
        27 => b' ',
        letter => b'a' + letter as u8,
    }
}

const fn vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// The cost of a letter that the other word does not have.
fn gap_cost(word: &[u8], i: usize) -> u16 {
    let b = word[i];
    let doubled = (i > 0 && word[i - 1] == b) || word.get(i + 1) == Some(&b);
    match b {
        _ if doubled => 40,
        b'h' => 50,
        _ if i == 0 => 120,
        _ if vowel(b) => 70,
        b'0'..=b'9' => 150,
        _ => 100,
    }
}

/// The cost of one byte for another one.
const fn substitution(a: u8, b: u8) -> u8 {
    let pair = if a < b { (a, b) } else { (b, a) };
    match pair {
        (b'i', b'y') | (b'o', b'u') | (b'e', b'i') | (b'i', b'j') | (b'j', b'y') => 45,
        _ if vowel(a) && vowel(b) => 60,
        (b'c' | b'k', b'k' | b'q') | (b's', b'z') | (b'c', b's') | (b'v', b'w') | (b'g', b'j') => 55,
        (b'b', b'p')
        | (b'd', b't')
        | (b'f', b'v')
        | (b'b', b'v')
        | (b'u', b'v')
        | (b'u', b'w')
        | (b'g', b'k') => 70,
        (b'0'..=b'9', _) | (_, b'0'..=b'9') => 150,
        _ => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distance_is_strsims(a in "[a-d]{0,12}", b in "[a-d]{0,12}", most in 0usize..5) {
            let want = strsim::osa_distance(&a, &b);
            let got = Pattern::new(a.as_bytes()).unwrap().distance(b.as_bytes(), most);
            prop_assert_eq!(got, (want <= most).then_some(want));
        }

        #[test]
        fn distance_of_long_words(a in "[a-z0-9]{50,64}", b in "[a-z0-9]{50,70}") {
            let want = strsim::osa_distance(&a, &b);
            prop_assert_eq!(Pattern::new(a.as_bytes()).unwrap().distance(b.as_bytes(), 100), Some(want));
        }

        #[test]
        fn likeness_is_that_of_the_whole_table(a in "[a-eh1]{1,12}", b in "[a-eh1]{1,12}") {
            let (start, end) = common_affixes(a.as_bytes(), b.as_bytes());
            let (height, width) = (a.len() - end - start, b.len() - end - start);
            let whole = in_full(a.as_bytes(), b.as_bytes(), start, height, width);
            let want = (1.0 - f32::from(whole) / 100.0 / a.len().max(b.len()) as f32).max(0.0);
            prop_assert_eq!(similarity(a.as_bytes(), b.as_bytes()), want);
        }

        #[test]
        fn likeness_is_symmetric_and_in_range(a in "[a-z0-9]{0,15}", b in "[a-z0-9]{0,15}") {
            let ab = similarity(a.as_bytes(), b.as_bytes());
            prop_assert!((0.0..=1.0).contains(&ab));
            prop_assert_eq!(ab, similarity(b.as_bytes(), a.as_bytes()));
            prop_assert_eq!(ab == 1.0, a == b);
        }
    }

    /// The cost of the best alignment from the whole table, cell by cell.
    fn in_full(a: &[u8], b: &[u8], start: usize, height: usize, width: usize) -> u16 {
        let mut table = vec![vec![0u16; width + 1]; height + 1];
        for i in 0..=height {
            for j in 0..=width {
                let (x, y) = (start + i, start + j);
                let mut best = if i + j == 0 { 0 } else { u16::MAX };
                if i > 0 {
                    best = best.min(table[i - 1][j] + gap_cost(a, x - 1));
                }
                if j > 0 {
                    best = best.min(table[i][j - 1] + gap_cost(b, y - 1));
                }
                if i > 0 && j > 0 {
                    let own = substitution(a[x - 1], b[y - 1]);
                    let cost = if a[x - 1] == b[y - 1] { 0 } else { u16::from(own) };
                    best = best.min(table[i - 1][j - 1] + if x + y == 2 { cost * 5 / 4 } else { cost });
                }
                if i > 1 && j > 1 && a[x - 1] == b[y - 2] && a[x - 2] == b[y - 1] && a[x - 1] != b[y - 1] {
                    best = best.min(table[i - 2][j - 2] + 80);
                }
                table[i][j] = best;
            }
        }
        table[height][width]
    }

    #[test]
    fn kinds_of_edits() {
        let like = |a: &str, b: &str| similarity(a.as_bytes(), b.as_bytes());
        assert!(like("sergei", "sergey") > like("sergei", "sergek"));
        assert!(like("moussa", "mousa") > like("moussa", "mussa"));
        assert!(like("ghasemi", "ghasmei") > like("ghasemi", "ghazeri"));
        assert_eq!(Pattern::new("ä".as_bytes()).map(|p| p.len), None);
    }
}
