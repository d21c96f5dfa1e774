//! The token relation: whether, how, and how much a token of one name is like a token of another.
//!
//! [`relate`] decides. `index_keys` and `query_keys` list keys such that two related tokens always share
//! one: an index finds every related token by looking its keys up, and loses none.

use super::similarity::{Pattern, max_edits, similarity};
use crate::name::{
    AnalysedName, Skeleton, Tag, Token, arabic_similarity, hangul_spellings, is_wade_giles, kana_similarity,
    skeleton, wade_giles,
};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// How two tokens came to be related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum MatchKind {
    /// The same text.
    Equal = 0,
    /// Texts of different scripts or characters with the same reading.
    Reading = 1,
    /// Members of one group of the tables: nickname, translation, legal form, number value.
    Group = 2,
    /// A few edits apart.
    Edit = 3,
    /// The same consonants.
    Skeleton = 4,
    /// Written together on one side and apart on the other.
    Join = 5,
    /// An initial and a name it can stand for.
    Initial = 6,
    /// The last token of a cut-off name and a name it begins.
    Prefix = 7,
    /// The first letters of a name's words.
    Acronym = 8,
}

impl MatchKind {
    /// A phrase for people.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchKind::Equal => "equal",
            MatchKind::Reading => "same reading",
            MatchKind::Group => "same meaning",
            MatchKind::Edit => "close spelling",
            MatchKind::Skeleton => "same consonants",
            MatchKind::Join => "joined or split",
            MatchKind::Initial => "initial",
            MatchKind::Prefix => "cut off",
            MatchKind::Acronym => "first letters",
        }
    }
}

/// A token with all that the relation looks at.
#[derive(Clone, Copy, Debug)]
pub struct TokenRef<'a> {
    /// Folded text in its own script, UTF-8.
    pub text: &'a [u8],
    /// Latin reading, ASCII.
    pub latin: &'a [u8],
    /// What it is.
    pub tag: Tag,
    /// What it weighs.
    pub weight: f32,
    /// Groups of the tables, 0 for none.
    pub groups: [u32; 2],
    /// How common it is in people's names, 0 to 5.
    pub frequency: u8,
    pub(crate) skeleton: Skeleton,
}

/// All that the relation depends on: two tokens with one identity are related to the same tokens, in the same way.
///
/// Everything that is remembered of a token by what it is (the records of an index, the caches of retrieval) is
/// remembered under this. `T` is how texts are held: borrowed to look up, owned to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TokenIdentity<T> {
    text: T,
    /// Empty where the text is its own reading.
    latin: T,
    tag: Tag,
    weight: u32,
    groups: [u32; 2],
    frequency: u8,
}

impl<'a> TokenIdentity<&'a [u8]> {
    /// The identity of a token of an analysed name.
    pub(crate) fn new(name: &'a AnalysedName, token: &Token) -> Self {
        let (text, latin) = (name.text(token).as_bytes(), name.latin(token).as_bytes());
        let latin = if std::ptr::eq(text, latin) || text == latin { &[] } else { latin };
        let Token { tag, weight, groups, frequency, .. } = *token;
        TokenIdentity { text, latin, tag, weight: weight.to_bits(), groups, frequency }
    }

    /// A hash of all of it.
    pub(crate) fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        std::hash::Hash::hash(self, &mut hasher);
        hasher.finish()
    }

    /// The same with texts of its own.
    pub(crate) fn to_owned(self) -> TokenIdentity<Box<[u8]>> {
        let TokenIdentity { text, latin, tag, weight, groups, frequency } = self;
        TokenIdentity { text: text.into(), latin: latin.into(), tag, weight, groups, frequency }
    }
}

impl TokenIdentity<Box<[u8]>> {
    /// The same, borrowed.
    pub(crate) fn as_ref(&self) -> TokenIdentity<&[u8]> {
        let TokenIdentity { text, latin, tag, weight, groups, frequency } = self;
        TokenIdentity { text, latin, tag: *tag, weight: *weight, groups: *groups, frequency: *frequency }
    }
}

impl<'a> TokenRef<'a> {
    /// The view of a token of an analysed name.
    pub fn new(name: &'a AnalysedName, token: &Token) -> TokenRef<'a> {
        let latin = name.latin(token);
        TokenRef {
            text: name.text(token).as_bytes(),
            latin: latin.as_bytes(),
            tag: token.tag,
            weight: token.weight,
            groups: token.groups,
            frequency: token.frequency,
            skeleton: skeleton(latin),
        }
    }

    pub(super) fn is_abjad(&self) -> bool {
        self.tag == Tag::Abjad
    }

    /// The script whose letters or sounds its text tells by Latin letters that are no reading of them; `None` where it
    /// is a text.
    fn letter_code_script(&self) -> Option<Tag> {
        matches!(self.tag, Tag::Abjad | Tag::Kana).then_some(self.tag)
    }

    fn has_one_reading(&self) -> bool {
        matches!(self.tag, Tag::Han | Tag::Hangul)
    }

    /// Whether it can be the first letters of a name: a short word that is nobody's known name.
    pub(crate) fn may_be_acronym(&self) -> bool {
        self.tag == Tag::Name && ACRONYM.contains(&self.latin.len()) && self.frequency <= 1
    }

    /// Codes of a skeleton from which on it relates the token to a join without Arabic articles.
    pub(crate) fn min_concatenation_codes(&self) -> usize {
        if self.is_abjad() { 3 } else { 4 }
    }

    /// A token that only equality and groups relate: a number, an initial, a phrase.
    pub(super) fn exact_only(&self) -> bool {
        matches!(self.tag, Tag::Initial | Tag::Letter)
            || self.text.iter().any(|b| *b == b' ' || b.is_ascii_digit())
    }
}

/// What a slip costs in the reading of characters, beyond its letters.
const DERIVED_READING_PENALTY: f32 = 0.1;
/// What an acronym is like to its name: it never makes a hit at the default threshold by itself.
const ACRONYM_SIMILARITY: f32 = 0.8;
/// The letters of an acronym.
pub(crate) const ACRONYM: std::ops::RangeInclusive<usize> = 3..=6;
/// Below this likeness two tokens are not related.
const MIN_SIMILARITY: f32 = 0.6;
/// What a same-consonants pair of Latin words is worth at least and at most.
const SKELETON_RANGE: (f32, f32) = (0.72, 0.92);

/// A token with what is worth knowing of it before it is related with many others.
pub struct PreparedToken<'a> {
    view: TokenRef<'a>,
    pattern: Option<Pattern>,
    /// Whether another romanization of Chinese may spell it quite differently.
    is_chinese: bool,
    exact_only: bool,
}

impl<'a> PreparedToken<'a> {
    /// Prepares a token.
    pub fn new(view: TokenRef<'a>) -> Self {
        PreparedToken::with_romanization(view, is_chinese(view.latin))
    }

    /// The same of a token of which is known whether another romanization of Chinese may spell it; it may be said
    /// not to be, if no such word is among those it is related with.
    pub(crate) fn with_romanization(view: TokenRef<'a>, is_chinese: bool) -> Self {
        PreparedToken { view, pattern: Pattern::new(view.latin), is_chinese, exact_only: view.exact_only() }
    }
}

impl PreparedToken<'_> {
    /// Whether the readings are few edits apart.
    fn is_close(&self, n: &TokenRef<'_>) -> bool {
        let most = max_edits(self.view.latin.len().min(n.latin.len()));
        self.pattern.as_ref().is_some_and(|p| p.distance(n.latin, most).is_some())
    }
}

/// Whether a word falls into Chinese syllables, as pinyin or as Wade-Giles has them.
pub(crate) fn is_chinese(latin: &[u8]) -> bool {
    is_wade_giles(latin) || wade_giles(latin).is_some()
}

/// The similarity of two tokens, in (0, 1], with the way they are related; `None` when they are not.
///
/// Symmetric.
pub fn relate(prepared: &PreparedToken<'_>, n: &TokenRef<'_>) -> Option<(f32, MatchKind)> {
    let q = &prepared.view;
    if q.text == n.text && q.letter_code_script() == n.letter_code_script() {
        return Some((1.0, MatchKind::Equal));
    }
    let close = prepared.is_close(n);
    // Most pairs that are compared share a few letters and nothing else.
    if !close
        && q.groups == [0; 2]
        && q.tag.is_alphabetic()
        && n.tag.is_alphabetic()
        && q.skeleton != n.skeleton
        && q.latin.len() > 2
        && n.latin.len() > 2
        && !prepared.is_chinese
    {
        return None;
    }
    let shared = q.groups.iter().find(|g| **g != 0 && n.groups.contains(g)).copied();
    let mut best = shared.map(|g| (group_similarity(g, q, n), MatchKind::Group));
    if prepared.exact_only || n.exact_only() {
        return best;
    }
    if q.latin == n.latin {
        // Different characters of one script with one reading are many; across scripts it is the same word.
        let native = q.tag == n.tag && matches!(q.tag, Tag::Han | Tag::Hangul);
        return Some((if native { 0.7 } else { 0.97 }, MatchKind::Reading));
    }
    if q.tag == Tag::Hangul && n.tag == Tag::Hangul {
        return best;
    }
    let hangul = q.tag == Tag::Hangul || n.tag == Tag::Hangul;
    if hangul && (is_hangul_spelling(q, n) || is_hangul_spelling(n, q)) {
        best = better(best, 0.94, MatchKind::Reading);
    }
    if q.tag == Tag::Han && n.tag == Tag::Han {
        let (q, n) = (utf8(q.text), utf8(n.text));
        let (a, b) = (q.chars().count(), n.chars().count());
        if a.min(b) >= 4 && strsim::osa_distance(q, n) <= 1 {
            best = better(best, 1.0 - 1.0 / a.max(b) as f32, MatchKind::Edit);
        }
        return best;
    }
    // A reading of characters is what it is: another spelling is another name more often than a slip.
    let strict = if (q.has_one_reading() || n.has_one_reading()) && q.tag != n.tag {
        DERIVED_READING_PENALTY
    } else {
        0.0
    };
    let (a, b) = (q.latin, n.latin);
    let spelled =
        [Tag::Abjad, Tag::Kana].into_iter().find_map(|script| match (q.tag == script, n.tag == script) {
            (true, false) => Some((q.text, b, script)),
            (false, true) => Some((n.text, a, script)),
            _ => None,
        });
    let mut spelling = None;
    let mut spelled_similarity = || *spelling.get_or_insert_with(|| similarity(a, b));
    if close && spelled.is_none() {
        let like = spelled_similarity() - common_name_penalty(q, n, shared) - strict;
        if like >= MIN_SIMILARITY {
            best = better(best, like, MatchKind::Edit);
        }
    }
    if spelled.is_none()
        && a.len().min(b.len()) <= 2
        && a.len().max(b.len()) <= MAX_DEDUP_LETTERS
        && dedup_letters(a).eq(dedup_letters(b))
    {
        best = better(best, spelled_similarity() - strict, MatchKind::Edit);
    }
    if let Some((letters, latin, script)) = spelled {
        let (s, t) = (&q.skeleton, &n.skeleton);
        let one_code_apart =
            script == Tag::Abjad && s.len().min(t.len()) >= 4 && one_apart(s.as_bytes(), t.as_bytes());
        let (first, second) = (script_skeleton(s, script), script_skeleton(t, script));
        if close || one_code_apart || (first.len() > 0 && first == second) {
            let like = if script == Tag::Abjad { arabic_similarity } else { kana_similarity }(letters, latin);
            if like >= MIN_SIMILARITY {
                best = better(best, like, MatchKind::Skeleton);
            }
        }
        return best;
    }
    if q.skeleton == n.skeleton
        && (q.skeleton.len() >= 3
            || (fold_digraphs(a).len() >= MIN_FOLDED_LETTERS && fold_digraphs(a) == fold_digraphs(b)))
    {
        let like = spelled_similarity().clamp(SKELETON_RANGE.0, SKELETON_RANGE.1)
            - common_name_penalty(q, n, shared)
            - strict;
        if like >= MIN_SIMILARITY {
            best = better(best, like, MatchKind::Skeleton);
        }
    }
    if prepared.is_chinese
        && let Some(syllables) = chinese_romanization_syllables(a, b)
    {
        best = better(best, if syllables > 1 { 0.88 } else { 0.8 }, MatchKind::Reading);
    }
    best
}

/// Whether one word is the Wade-Giles spelling of the other in pinyin; the number of syllables.
fn chinese_romanization_syllables(a: &[u8], b: &[u8]) -> Option<u8> {
    let one = |pinyin: &[u8], b: &[u8]| {
        // First and last letters alone rule most pairs out.
        if !may_be_romanized([*pinyin.first()?, *pinyin.last()?], [*b.first()?, *b.last()?]) {
            return None;
        }
        let wade = wade_giles(pinyin)?;
        (wade.as_bytes() == b).then_some(wade.syllables)
    };
    one(a, b).or_else(|| one(b, a))
}

/// Whether a word in pinyin with this first and last letter may be one in Wade-Giles with these.
fn may_be_romanized([first, last]: [u8; 2], [wade_first, wade_last]: [u8; 2]) -> bool {
    let begins = match wade_first {
        b'p' => matches!(first, b'b' | b'p'),
        b't' => matches!(first, b'd' | b't' | b'z' | b'c'),
        b'k' => matches!(first, b'g' | b'k'),
        b'c' => matches!(first, b'j' | b'q' | b'z' | b'c'),
        b'h' => matches!(first, b'x' | b'h'),
        b'j' => first == b'r',
        b's' | b'm' | b'f' | b'n' | b'l' | b'y' | b'w' | b'a' | b'e' | b'o' => first == wade_first,
        _ => false,
    };
    begins
        && match wade_last {
            b'o' => matches!(last, b'e' | b'o'),
            b'u' => matches!(last, b'i' | b'u'),
            b'h' => matches!(last, b'i' | b'e' | b'r'),
            b'a' | b'e' | b'i' | b'n' | b'g' => last == wade_last,
            _ => false,
        }
}

/// A word in which spellings of one sound are one: doubled letters, ou and u, ee and i, kh and h, ck and k …
/// At most [`MAX_FOLDED_LETTERS`] letters of it.
pub(super) fn fold_digraphs(word: &[u8]) -> FoldedWord {
    let mut out = FoldedWord { letters: [0; MAX_FOLDED_LETTERS], len: 0 };
    let mut i = 0;
    while i < word.len() && out.len < MAX_FOLDED_LETTERS {
        let (letter, used) = match (word[i], word.get(i + 1).copied().unwrap_or(0)) {
            (b'o', b'u' | b'o') => (b'u', 2),
            (b'e', b'e') | (b'i', b'e') => (b'i', 2),
            (b'k', b'h') => (b'h', 2),
            (b'c', b'k') => (b'k', 2),
            (b'p', b'h') => (b'f', 2),
            (g @ (b'g' | b't' | b'd'), b'h') => (g, 2),
            (b'y', _) => (b'i', 1),
            (b'q', _) => (b'k', 1),
            (b'w', _) => (b'v', 1),
            (letter, _) => (letter, 1),
        };
        if out.len == 0 || out.letters[out.len - 1] != letter {
            out.letters[out.len] = letter;
            out.len += 1;
        }
        i += used;
    }
    out
}

/// The shortest folded word that relates two words of few consonants: "Li" and "Lee".
pub(super) const MIN_FOLDED_LETTERS: usize = 2;
/// Letters of a folded word that count.
const MAX_FOLDED_LETTERS: usize = 24;

/// A word after [`fold_digraphs`].
#[derive(Clone, Copy, PartialEq)]
pub(super) struct FoldedWord {
    letters: [u8; MAX_FOLDED_LETTERS],
    len: usize,
}

impl FoldedWord {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.letters[..self.len]
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

/// A skeleton in which the sounds are one that Latin spellings of a script confuse: of Arabic script s, z, t and d,
/// g, j and k, sh and ch, and no v within the word; of Kana r and l, m and n, b, v and f, all the hissing ones, and
/// no h within the word. Words of the script and their Latin spellings meet under it.
pub(crate) fn script_skeleton(skeleton: &Skeleton, script: Tag) -> Skeleton {
    let (mut letter_code_script, mut n) = ([0u8; 15], 0);
    for (i, code) in skeleton.as_bytes().iter().enumerate() {
        let code = match (script, code) {
            (Tag::Abjad, b'V') if i > 0 => continue,
            (Tag::Abjad, b'S' | b'Z' | b'D') => b'T',
            (Tag::Abjad, b'G' | b'J') => b'K',
            (Tag::Abjad, b'C') => b'X',
            (Tag::Kana, b'L') => b'R',
            (Tag::Kana, b'M') => b'N',
            (Tag::Kana, b'V' | b'F' | b'H') => b'B',
            (Tag::Kana, b'S' | b'Z' | b'D' | b'J' | b'C' | b'X') => b'T',
            (_, code) => *code,
        };
        if n == 0 || letter_code_script[n - 1] != code {
            letter_code_script[n] = code;
            n += 1;
        }
    }
    Skeleton::from_codes(&letter_code_script[..n])
}

/// The longest word of a letter or two, each run of one letter counted once.
pub(crate) const MAX_DEDUP_LETTERS: usize = 6;

/// The letters of a word, each run of one letter once.
pub(crate) fn dedup_letters(word: &[u8]) -> impl Iterator<Item = &u8> {
    word.iter().enumerate().filter(|(i, b)| *i == 0 || word[i - 1] != **b).map(|(_, b)| b)
}

fn better(best: Option<(f32, MatchKind)>, like: f32, kind: MatchKind) -> Option<(f32, MatchKind)> {
    match best {
        Some((old, _)) if old >= like => best,
        _ => Some((like, kind)),
    }
}

/// Two different names that are both well known are less likely to be one name misspelled.
fn common_name_penalty(q: &TokenRef<'_>, n: &TokenRef<'_>, shared: Option<u32>) -> f32 {
    if shared.is_none() && q.frequency >= 2 && n.frequency >= 2 { 0.08 } else { 0.0 }
}

fn group_similarity(group: u32, q: &TokenRef<'_>, n: &TokenRef<'_>) -> f32 {
    use crate::name::group_kind::{BUSINESS, LEGAL, NICKNAME, NUMBER, PARTICLE, kind};
    match kind(group) {
        NICKNAME => 0.88 + 0.1 * similarity(q.latin, n.latin),
        BUSINESS => 0.96,
        LEGAL => 0.96,
        NUMBER => 0.98,
        PARTICLE => 0.9,
        _ => 0.95,
    }
}

/// Whether the Latin word is a usual spelling of the Hangul syllable.
fn is_hangul_spelling(hangul: &TokenRef<'_>, latin: &TokenRef<'_>) -> bool {
    spellings(hangul).iter().any(|s| s.as_bytes() == latin.latin)
}

pub(super) fn spellings(token: &TokenRef<'_>) -> &'static [Box<str>] {
    if token.tag != Tag::Hangul {
        return &[];
    }
    let mut chars = utf8(token.text).chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => hangul_spellings(c),
        _ => &[],
    }
}

/// Whether two skeletons are one deletion apart, or one code replaced by another.
fn one_apart(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    a.len() - end <= 1 && b.len() - end <= 1
}

/// Neighbouring tokens of a name, their readings written together.
#[derive(Clone, Copy, Debug)]
pub struct Concatenation<'a> {
    /// The readings, one behind the other.
    pub latin: &'a [u8],
    /// The consonant skeleton of that.
    pub skeleton: Skeleton,
    /// Whether tokens are written in an abjad, so that vowels are missing, and one of them is an article or
    /// another word that binds.
    pub abjad: bool,
    /// Whether these are the first letters of a whole name ("IRGC").
    pub acronym: bool,
}

impl<'a> Concatenation<'a> {
    /// Readings of neighbouring tokens, one behind the other.
    pub fn of(latin: &'a str, abjad: bool) -> Self {
        Concatenation { latin: latin.as_bytes(), skeleton: skeleton(latin), abjad, acronym: false }
    }

    /// The first letters of a name.
    pub fn acronym(letters: &'a str) -> Self {
        Concatenation { acronym: true, ..Concatenation::of(letters, false) }
    }
}

/// The similarity of tokens written together and a whole token of the other name.
pub fn relate_concatenation(
    concatenation: &Concatenation<'_>,
    whole: &TokenRef<'_>,
) -> Option<(f32, MatchKind)> {
    if concatenation.acronym {
        return (concatenation.latin == whole.latin && whole.may_be_acronym())
            .then_some((ACRONYM_SIMILARITY, MatchKind::Acronym));
    }
    if concatenation.latin == whole.latin {
        return Some((0.97, MatchKind::Join));
    }
    if whole.exact_only() {
        return None;
    }
    if chinese_romanization_syllables(concatenation.latin, whole.latin).is_some() {
        return Some((0.86, MatchKind::Join));
    }
    let (s, t) = (&concatenation.skeleton, &whole.skeleton);
    if s.len() >= if concatenation.abjad { 3 } else { whole.min_concatenation_codes() } && s == t {
        let like = similarity(concatenation.latin, whole.latin);
        if concatenation.abjad {
            return Some((0.93, MatchKind::Join));
        }
        return (like >= 0.7).then_some((like.clamp(0.75, 0.9), MatchKind::Join));
    }
    // Arabic articles merge with what follows: "Shams al-Din" is written Shamsuddin.
    if concatenation.abjad && s.len().min(t.len()) >= 4 && one_apart(s.as_bytes(), t.as_bytes()) {
        return Some((0.86, MatchKind::Join));
    }
    None
}

pub(super) fn utf8(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or("")
}
