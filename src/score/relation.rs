//! The token relation: whether, how, and how much a token of one name is like a token of another.
//!
//! [`relate`] decides. [`index_keys`] and [`query_keys`] list keys such that two related tokens always share
//! one: an index finds every related token by looking its keys up, and loses none.

use super::distance::{Pattern, budget, likeness};
use crate::name::{Analysed, Skeleton, Tag, Token, skeleton, spelled_in_latin, tables};

/// How two tokens came to be related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Way {
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
}

impl Way {
    /// A phrase for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Equal => "equal",
            Way::Reading => "same reading",
            Way::Group => "same meaning",
            Way::Edit => "close spelling",
            Way::Skeleton => "same consonants",
            Way::Join => "joined or split",
            Way::Initial => "initial",
            Way::Prefix => "cut off",
        }
    }
}

/// A token with all that the relation looks at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
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

impl<'a> View<'a> {
    /// The view of a token of an analysed name.
    pub fn new(name: &'a Analysed, token: &Token) -> View<'a> {
        let latin = name.latin(token);
        View {
            text: name.text(token).as_bytes(),
            latin: latin.as_bytes(),
            tag: token.tag,
            weight: token.weight,
            groups: token.groups,
            frequency: token.frequency,
            skeleton: skeleton(latin),
        }
    }

    fn is_abjad(&self) -> bool {
        self.tag == Tag::Abjad
    }

    fn has_one_reading(&self) -> bool {
        matches!(self.tag, Tag::Han | Tag::Hangul)
    }

    /// A token that only equality and groups relate: a number, an initial, a phrase.
    fn is_rigid(&self) -> bool {
        matches!(self.tag, Tag::Initial | Tag::Letter)
            || self.text.iter().any(|b| *b == b' ' || b.is_ascii_digit())
    }
}

/// What a slip costs in the reading of characters, beyond its letters.
const READ: f32 = 0.1;
/// Below this likeness two tokens are not related.
const LEAST: f32 = 0.6;
/// What a same-consonants pair of Latin words is worth at least and at most.
const SKELETON_RANGE: (f32, f32) = (0.72, 0.92);

/// The similarity of two tokens, in (0, 1], with the way they are related; `None` when they are not.
///
/// Symmetric. `pattern` is the reading of `q`, prepared once for many `n`.
pub fn relate(q: &View<'_>, pattern: Option<&Pattern>, n: &View<'_>) -> Option<(f32, Way)> {
    if q.text == n.text {
        return Some((1.0, Way::Equal));
    }
    let shared = q.groups.iter().find(|g| **g != 0 && n.groups.contains(g)).copied();
    let mut best = shared.map(|g| (group_likeness(g, q, n), Way::Group));
    if q.is_rigid() || n.is_rigid() {
        return best;
    }
    if q.latin == n.latin {
        // Different characters of one script with one reading are many; across scripts it is the same word.
        let native = q.tag == n.tag && matches!(q.tag, Tag::Han | Tag::Hangul);
        return Some((if native { 0.7 } else { 0.97 }, Way::Reading));
    }
    if q.tag == Tag::Hangul && n.tag == Tag::Hangul {
        return best;
    }
    let hangul = q.tag == Tag::Hangul || n.tag == Tag::Hangul;
    if hangul && (spelled_alike(q, n) || spelled_alike(n, q)) {
        best = better(best, 0.94, Way::Reading);
    }
    if q.tag == Tag::Han && n.tag == Tag::Han {
        let (q, n) = (utf8(q.text), utf8(n.text));
        let (a, b) = (q.chars().count(), n.chars().count());
        if a.min(b) >= 4 && strsim::osa_distance(q, n) <= 1 {
            best = better(best, 1.0 - 1.0 / a.max(b) as f32, Way::Edit);
        }
        return best;
    }
    // A reading of characters is what it is: another spelling is another name more often than a slip.
    let strict = if (q.has_one_reading() || n.has_one_reading()) && q.tag != n.tag { READ } else { 0.0 };
    let (a, b) = (q.latin, n.latin);
    let close = pattern.is_some_and(|p| p.distance(b, budget(a.len().min(b.len()))).is_some());
    let abjad_and_other = q.is_abjad() != n.is_abjad();
    if close && !abjad_and_other {
        let like = likeness(a, b) - strangers(q, n, shared) - strict;
        if like >= LEAST {
            best = better(best, like, Way::Edit);
        }
    }
    if !abjad_and_other
        && a.len().min(b.len()) <= 2
        && a.len().max(b.len()) <= 6
        && collapsed(a).eq(collapsed(b))
    {
        best = better(best, likeness(a, b) - strict, Way::Edit);
    }
    if abjad_and_other {
        let (s, t) = (&q.skeleton, &n.skeleton);
        let (first, second) = (coarse(s), coarse(t));
        let near = s.len().min(t.len()) >= 4 && one_apart(s.as_bytes(), t.as_bytes());
        if close || near || (first.len() > 0 && first == second) {
            let (letters, latin) = if q.is_abjad() { (q.text, b) } else { (n.text, a) };
            let like = spelled_in_latin(letters, latin);
            if like >= LEAST {
                best = better(best, like, Way::Skeleton);
            }
        }
    } else if q.skeleton.len() >= 3 && q.skeleton == n.skeleton {
        let like =
            likeness(a, b).clamp(SKELETON_RANGE.0, SKELETON_RANGE.1) - strangers(q, n, shared) - strict;
        if like >= LEAST {
            best = better(best, like, Way::Skeleton);
        }
    }
    best
}

/// A skeleton in which the sounds that transliterations of Arabic script confuse are one: s, z, t and d; g, j and
/// k; sh and ch; and a v within the word is none. Abjad words and their Latin spellings meet under it.
fn coarse(skeleton: &Skeleton) -> Skeleton {
    let (mut codes, mut n) = ([0u8; 15], 0);
    for (i, code) in skeleton.as_bytes().iter().enumerate() {
        let code = match code {
            b'V' if i > 0 => continue,
            b'S' | b'Z' | b'D' => b'T',
            b'G' | b'J' => b'K',
            b'C' => b'X',
            code => *code,
        };
        if n == 0 || codes[n - 1] != code {
            codes[n] = code;
            n += 1;
        }
    }
    Skeleton::from_codes(&codes[..n])
}

/// The letters of a word, each run of one letter once.
fn collapsed(word: &[u8]) -> impl Iterator<Item = &u8> {
    word.iter().enumerate().filter(|(i, b)| *i == 0 || word[i - 1] != **b).map(|(_, b)| b)
}

fn better(best: Option<(f32, Way)>, like: f32, way: Way) -> Option<(f32, Way)> {
    match best {
        Some((old, _)) if old >= like => best,
        _ => Some((like, way)),
    }
}

/// Two different names that are both well known are less likely to be one name misspelled.
fn strangers(q: &View<'_>, n: &View<'_>, shared: Option<u32>) -> f32 {
    if shared.is_none() && q.frequency >= 2 && n.frequency >= 2 { 0.08 } else { 0.0 }
}

fn group_likeness(group: u32, q: &View<'_>, n: &View<'_>) -> f32 {
    use crate::name::group_kind::{BUSINESS, LEGAL, NICKNAME, NUMBER, PARTICLE, kind};
    match kind(group) {
        NICKNAME => 0.88 + 0.1 * likeness(q.latin, n.latin),
        BUSINESS => 0.96,
        LEGAL => 0.96,
        NUMBER => 0.98,
        PARTICLE => 0.9,
        _ => 0.95,
    }
}

/// Whether the Latin word is a usual spelling of the Hangul syllable.
fn spelled_alike(hangul: &View<'_>, latin: &View<'_>) -> bool {
    spellings(hangul).iter().any(|s| s.as_bytes() == latin.latin)
}

fn spellings(token: &View<'_>) -> &'static [Box<str>] {
    if token.tag != Tag::Hangul {
        return &[];
    }
    let mut chars = utf8(token.text).chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => tables().hangul_spellings(c),
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
pub struct Joined<'a> {
    /// The readings, one behind the other.
    pub latin: &'a [u8],
    /// The consonant skeleton of that.
    pub skeleton: Skeleton,
    /// Whether tokens are written in an abjad, so that vowels are missing, and one of them is an article or
    /// another word that binds.
    pub abjad: bool,
}

/// The similarity of tokens written together and a whole token of the other name.
pub fn relate_join(joined: &Joined<'_>, whole: &View<'_>) -> Option<(f32, Way)> {
    if joined.latin == whole.latin {
        return Some((0.97, Way::Join));
    }
    if whole.is_rigid() {
        return None;
    }
    let abjad = joined.abjad || whole.is_abjad();
    let (s, t) = (&joined.skeleton, &whole.skeleton);
    if s.len() >= if abjad { 3 } else { 4 } && s == t {
        let like = likeness(joined.latin, whole.latin);
        if joined.abjad {
            return Some((0.93, Way::Join));
        }
        return (like >= 0.7).then_some((like.clamp(0.75, 0.9), Way::Join));
    }
    // Arabic articles merge with what follows: "Shams al-Din" is written Shamsuddin.
    if joined.abjad && s.len().min(t.len()) >= 4 && one_apart(s.as_bytes(), t.as_bytes()) {
        return Some((0.86, Way::Join));
    }
    None
}

/// A kind of key; keys of different domains never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Domain {
    /// The head of a reading with letters left out.
    Deletion = 1,
    /// A consonant skeleton.
    Skeleton,
    /// The skeleton of an abjad token.
    Abjad,
    /// The coarse skeleton of an abjad token, and of any other.
    CoarseAbjad,
    Coarse,
    /// A skeleton with one code left out.
    Thinned,
    /// The same, of an abjad token.
    ThinnedAbjad,
    /// A group of the tables.
    Group,
    /// A usual spelling of a Hangul syllable.
    Spelling,
    /// Han text with one character left out.
    Han,
    /// A word of one or two letters, doubled ones once.
    Collapsed,
    /// A whole reading.
    Whole,
    /// The reading of a join.
    Join,
    /// The skeleton of a join.
    JoinSkeleton,
    /// The skeleton of a join with abjad tokens, with one code left out.
    ThinnedJoin,
}

fn key(domain: Domain, bytes: &[u8]) -> u64 {
    // FNV-1a over the domain and the bytes, then a finalizer: keys are short, and collisions only cost a
    // comparison, for every token found is related again by its text.
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for b in std::iter::once(&(domain as u8)).chain(bytes) {
        h = (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h ^= h >> 32;
    h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}

/// Letters of a reading that its deletion keys look at: words related by few edits have related heads.
const HEAD: usize = 7;

/// Keys of the head of `word` with up to `budget` letters left out.
fn deletions(word: &[u8], each: &mut impl FnMut(u64)) {
    let most = budget(word.len());
    let head = &word[..word.len().min(HEAD)];
    each(key(Domain::Deletion, head));
    if most == 0 {
        return;
    }
    let mut buffer = [0u8; HEAD];
    for i in 0..head.len() {
        let one = leave_out(head, i, &mut buffer);
        each(key(Domain::Deletion, &buffer[..one]));
        if most < 2 {
            continue;
        }
        let once = buffer;
        let mut again = [0u8; HEAD];
        for j in i..one {
            let two = leave_out(&once[..one], j, &mut again);
            each(key(Domain::Deletion, &again[..two]));
        }
    }
}

fn leave_out(word: &[u8], i: usize, out: &mut [u8]) -> usize {
    out[..i].copy_from_slice(&word[..i]);
    out[i..word.len() - 1].copy_from_slice(&word[i + 1..]);
    word.len() - 1
}

fn thinned(skeleton: &Skeleton, domain: Domain, each: &mut impl FnMut(u64)) {
    let codes = skeleton.as_bytes();
    if codes.len() < 3 {
        return;
    }
    each(key(domain, codes));
    let mut buffer = [0u8; 16];
    for i in 0..codes.len() {
        let n = leave_out(codes, i, &mut buffer);
        each(key(domain, &buffer[..n]));
    }
}

fn common_keys(token: &View<'_>, each: &mut impl FnMut(u64)) {
    for g in token.groups.iter().filter(|g| **g != 0) {
        each(key(Domain::Group, &g.to_le_bytes()));
    }
    if token.is_rigid() {
        // Equality alone: the whole reading is enough. (Texts of rigid tokens are their readings.)
        return;
    }
    deletions(token.latin, each);
    if token.latin.len() <= 6 {
        let (mut word, mut n) = ([0u8; 6], 0);
        for b in collapsed(token.latin) {
            word[n] = *b;
            n += 1;
        }
        if n <= 2 {
            each(key(Domain::Collapsed, &word[..n]));
        }
    }
    if token.latin.len() <= 8 {
        each(key(Domain::Spelling, token.latin));
    }
    for s in spellings(token) {
        each(key(Domain::Spelling, s.as_bytes()));
    }
    let text = if token.tag == Tag::Han { utf8(token.text) } else { "" };
    if text.chars().count() >= 4 {
        each(key(Domain::Han, text.as_bytes()));
        let mut buffer = [0u8; 4 * crate::name::MAX_TOKEN_CHARS];
        for (i, c) in text.char_indices() {
            let (head, tail) = (&text.as_bytes()[..i], &text.as_bytes()[i + c.len_utf8()..]);
            buffer[..i].copy_from_slice(head);
            buffer[i..i + tail.len()].copy_from_slice(tail);
            each(key(Domain::Han, &buffer[..i + tail.len()]));
        }
    }
}

fn utf8(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or("")
}

/// The keys under which an index files a token.
pub fn index_keys(token: &View<'_>, mut each: impl FnMut(u64)) {
    common_keys(token, &mut each);
    each(key(Domain::Whole, token.latin));
    let codes = token.skeleton.as_bytes();
    if token.is_rigid() || codes.is_empty() {
        return;
    }
    each(key(Domain::Skeleton, codes));
    thinned(&token.skeleton, Domain::Thinned, &mut each);
    let coarse = coarse(&token.skeleton);
    if token.is_abjad() {
        each(key(Domain::Abjad, codes));
        each(key(Domain::CoarseAbjad, coarse.as_bytes()));
        thinned(&token.skeleton, Domain::ThinnedAbjad, &mut each);
    } else {
        each(key(Domain::Coarse, coarse.as_bytes()));
    }
}

/// The keys under which a query looks for all tokens and joins related to one of its tokens.
pub fn query_keys(token: &View<'_>, mut each: impl FnMut(u64)) {
    common_keys(token, &mut each);
    each(key(Domain::Whole, token.latin));
    each(key(Domain::Join, token.latin));
    let codes = token.skeleton.as_bytes();
    if token.is_rigid() || codes.is_empty() {
        return;
    }
    if token.is_abjad() || codes.len() >= 3 {
        each(key(Domain::Skeleton, codes));
        each(key(Domain::JoinSkeleton, codes));
    }
    thinned(&token.skeleton, Domain::ThinnedJoin, &mut each);
    let coarse = coarse(&token.skeleton);
    if token.is_abjad() {
        each(key(Domain::Coarse, coarse.as_bytes()));
        thinned(&token.skeleton, Domain::Thinned, &mut each);
    } else {
        each(key(Domain::CoarseAbjad, coarse.as_bytes()));
        thinned(&token.skeleton, Domain::ThinnedAbjad, &mut each);
    }
}

/// The keys under which an index files neighbouring tokens written together.
pub fn index_join_keys(joined: &Joined<'_>, mut each: impl FnMut(u64)) {
    each(key(Domain::Join, joined.latin));
    if joined.skeleton.len() >= 3 {
        each(key(Domain::JoinSkeleton, joined.skeleton.as_bytes()));
    }
    if joined.abjad {
        thinned(&joined.skeleton, Domain::ThinnedJoin, &mut each);
    }
}

/// The keys under which a query looks for tokens that are several of its own written together.
pub fn query_join_keys(joined: &Joined<'_>, mut each: impl FnMut(u64)) {
    each(key(Domain::Whole, joined.latin));
    let codes = joined.skeleton.as_bytes();
    if codes.len() >= 4 || (codes.len() == 3 && joined.abjad) {
        each(key(Domain::Skeleton, codes));
    } else if codes.len() == 3 {
        each(key(Domain::Abjad, codes));
    }
    if joined.abjad {
        thinned(&joined.skeleton, Domain::Thinned, &mut each);
    }
}
