//! The fixed-size records of an index, as they lie in the file.

use crate::name::{MAX_TOKENS, Skeleton, Tag};
use crate::score::align::{AlignToken, Span};
pub(crate) use crate::score::params::MAX_OMISSION_COST;
use crate::score::params::{max_edits, omission_rate_tenths};
use crate::score::relation::{TokenRef, is_chinese};
use zerocopy::little_endian::U64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

#[cfg(not(target_endian = "little"))]
compile_error!("index files are little endian and are read in place");

/// The most names of an index: a posting has 27 bits for a name's number.
pub(crate) const MAX_NAMES: usize = 1 << 27;
const MANY_INITIALS: u32 = 31;

/// A listed name that a token stands in, above it the initial that the name has, which can stand for any token
/// of a query with this first letter. Names with an initial come first in every list of postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(transparent)]
pub(crate) struct Posting(u32);

impl Posting {
    pub(crate) fn new(name: u32, initials: impl Iterator<Item = u8>) -> Posting {
        let code = initials.map(letter_index).fold(0, |code, l| match code {
            0 => l,
            same if same == l => same,
            _ => MANY_INITIALS,
        });
        Posting(code << 27 | name)
    }

    /// The same of a name that has another number now.
    pub(crate) fn renumbered(self, name: u32) -> Posting {
        Posting(self.0 & !(MAX_NAMES as u32 - 1) | name)
    }

    /// The number of the name.
    pub(crate) fn name(self) -> u32 {
        self.0 & (MAX_NAMES as u32 - 1)
    }

    pub(crate) fn has_initial(self) -> bool {
        self.0 >> 27 != 0
    }

    /// Whether an initial of the name may be among these letters.
    pub(crate) fn may_match_initial(self, letter_mask: u32) -> bool {
        (letter_mask | 1 << MANY_INITIALS) >> (self.0 >> 27) & 1 != 0
    }

    /// Sorts names with an initial before the others, each by number.
    pub(crate) fn order(self) -> (bool, u32) {
        (!self.has_initial(), self.name())
    }
}

/// The number of a first letter, from 1 on; for anything but a letter one number for all.
fn letter_index(first: u8) -> u32 {
    match first {
        b'a'..=b'z' => u32::from(first - b'a') + 1,
        _ => 27,
    }
}

/// The set of one first letter; none for a token without a reading.
pub(crate) fn letter_mask(first: u8) -> u32 {
    if first == 0 { 0 } else { 1 << letter_index(first) }
}

/// A distinct token, or neighbouring tokens written together (a join). In `token-texts` stand its text, its
/// reading where that is another, the codes of its skeleton, and its groups where it has any.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct TokenRecord {
    text_offset: u32,
    /// The set of letters of the reading.
    letter_mask: u32,
    text_len: u8,
    /// Length of the reading that follows the text; 0 when the text is its own reading.
    latin_len: u8,
    /// Number of codes of the skeleton, and [`IS_CONCATENATION`] and [`HAS_GROUPS`].
    skeleton_len: u8,
    /// A checksum of the skeleton's codes.
    skeleton_sum: u8,
    tag: u8,
    /// In hundredths.
    weight: u8,
    frequency: u8,
    /// 1 for a word in Chinese syllables, which another romanization spells quite differently.
    chinese: u8,
}

const IS_CONCATENATION: u8 = 1 << 7;
const HAS_GROUPS: u8 = 1 << 6;

impl TokenRecord {
    /// Appends a token's texts to `texts`, and gives its record.
    pub(crate) fn pack(view: &TokenRef<'_>, concatenation: bool, texts: &mut Vec<u8>) -> TokenRecord {
        let text_offset = texts.len() as u32;
        let apart = view.latin != view.text;
        texts.extend_from_slice(view.text);
        if apart {
            texts.extend_from_slice(view.latin);
        }
        texts.extend_from_slice(view.skeleton.as_bytes());
        let groups = view.groups != [0; 2];
        if groups {
            texts.extend(view.groups.iter().flat_map(|g| g.to_le_bytes()));
        }
        TokenRecord {
            text_offset,
            letter_mask: letter_set(view.latin),
            text_len: view.text.len() as u8,
            latin_len: if apart { view.latin.len() as u8 } else { 0 },
            skeleton_len: view.skeleton.len() as u8
                | if concatenation { IS_CONCATENATION } else { 0 }
                | if groups { HAS_GROUPS } else { 0 },
            skeleton_sum: checksum(view.skeleton.as_bytes()),
            tag: view.tag as u8,
            weight: hundredths(view.weight),
            frequency: view.frequency,
            chinese: u8::from(is_chinese(view.latin)),
        }
    }

    pub(crate) fn prefetch(&self) -> u32 {
        self.text_offset
    }

    pub(crate) fn prefetch_text(&self, texts: &[u8]) -> u32 {
        texts.get(self.text_offset as usize).map_or(0, |b| u32::from(*b))
    }

    pub(crate) fn tag(&self) -> Tag {
        Tag::from_u8(self.tag).unwrap_or(Tag::Name)
    }

    pub(crate) fn is_concatenation(&self) -> bool {
        self.skeleton_len & IS_CONCATENATION != 0
    }

    pub(crate) fn is_chinese(&self) -> bool {
        self.chinese != 0
    }

    pub(crate) fn weight(&self) -> f32 {
        f32::from(self.weight) / 100.0
    }

    /// As [`ListedToken::omission_cost`].
    pub(crate) fn omission_cost(&self) -> u32 {
        omission_cost(self.tag, self.weight)
    }

    /// Whether lengths, letters and skeletons alone rule a relation out: of the words found under a common key
    /// of their heads, most differ too much. Never true of related tokens.
    pub(crate) fn cannot_match(&self, view: &TokenRef<'_>, signature: &TokenSignature) -> bool {
        let (a, b) = (usize::from(self.text_len), view.latin.len());
        // An edit takes one letter away at most, and brings one at most.
        let most = max_edits(a.min(b)) as u32;
        let (gone, come) =
            (signature.letter_mask & !self.letter_mask, self.letter_mask & !signature.letter_mask);
        self.skeleton_len & (IS_CONCATENATION | HAS_GROUPS) == 0
            && self.latin_len == 0
            && !(self.chinese != 0 && signature.chinese)
            && (a.abs_diff(b) > most as usize || gone.count_ones() > most || come.count_ones() > most)
            && a > 2
            && b > 2
            && self.skeleton_sum != signature.sum
            && view.tag.is_alphabetic()
            && self.tag().is_alphabetic()
    }

    pub(crate) fn view<'a>(&self, texts: &'a [u8]) -> TokenRef<'a> {
        let rest = texts.get(self.text_offset as usize..).unwrap_or(&[]);
        let part = |from: usize, len: usize| rest.get(from..from + len).unwrap_or(&[]);
        let text_len = usize::from(self.text_len);
        let text = part(0, text_len);
        let latin = match self.latin_len {
            0 => text,
            len => part(text_len, usize::from(len)),
        };
        let after = text_len + usize::from(self.latin_len);
        let skeleton_len = usize::from(self.skeleton_len & !(IS_CONCATENATION | HAS_GROUPS)).min(15);
        let mut groups = [0; 2];
        if self.skeleton_len & HAS_GROUPS != 0 {
            for (i, group) in groups.iter_mut().enumerate() {
                let bytes = part(after + skeleton_len + 4 * i, 4);
                *group = bytes.try_into().map_or(0, u32::from_le_bytes);
            }
        }
        TokenRef {
            text,
            latin,
            tag: self.tag(),
            weight: self.weight(),
            groups,
            frequency: self.frequency,
            skeleton: Skeleton::first_of(rest.get(after..).unwrap_or(&[]), skeleton_len),
        }
    }
}

/// What a token is compared by before its text is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenSignature {
    letter_mask: u32,
    sum: u8,
    chinese: bool,
}

impl TokenSignature {
    /// `chinese`: whether another romanization of Chinese may spell the word and be listed.
    pub(crate) fn of(view: &TokenRef<'_>, chinese: bool) -> TokenSignature {
        TokenSignature {
            letter_mask: letter_set(view.latin),
            sum: checksum(view.skeleton.as_bytes()),
            chinese,
        }
    }
}

/// A weight as a byte: weights are whole hundredths.
fn hundredths(weight: f32) -> u8 {
    (weight * 100.0).round() as u8
}

/// The set of letters of a reading, and one bit for all else.
fn letter_set(latin: &[u8]) -> u32 {
    latin.iter().fold(0, |set, b| set | 1 << letter_index(*b))
}

/// A checksum of a skeleton's codes: equal skeletons have equal ones.
fn checksum(codes: &[u8]) -> u8 {
    codes.iter().fold(codes.len() as u8, |sum, c| sum.wrapping_mul(31) ^ c)
}

/// A token of a listed name with what a bound needs of it, so that a candidate is judged without a look at its
/// token records; or a join, with its span.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct ListedToken {
    pub(crate) token: u32,
    /// In hundredths; of a join its first token.
    weight: u8,
    /// Of a join its number of tokens.
    tag: u8,
    first: u8,
    padding: u8,
}

impl ListedToken {
    pub(crate) fn pack(token: u32, view: &TokenRef<'_>) -> Self {
        let first = view.latin.first().copied().unwrap_or(0);
        ListedToken { token, weight: hundredths(view.weight), tag: view.tag as u8, first, padding: 0 }
    }

    pub(crate) fn pack_concatenation(token: u32, span: Span) -> Self {
        ListedToken { token, weight: span.first, tag: span.count, first: 0, padding: 0 }
    }

    pub(crate) fn align_token(&self) -> AlignToken {
        AlignToken {
            weight: WEIGHTS[usize::from(self.weight)],
            tag: Tag::from_u8(self.tag).unwrap_or(Tag::Name),
            first: self.first,
        }
    }

    pub(crate) fn is_initial(&self) -> bool {
        self.tag == Tag::Initial as u8
    }

    pub(crate) fn first(&self) -> u8 {
        self.first
    }

    /// What its omission costs, in parts of [`OMISSION_UNIT`] of the cost of a whole token.
    pub(crate) fn omission_cost(&self) -> u32 {
        omission_cost(self.tag, self.weight)
    }

    /// First token and number of tokens of a join.
    pub(crate) fn span(&self) -> Span {
        Span { first: self.weight, count: self.tag }
    }
}

/// Weights by hundredths: slots are made of every candidate, and a division costs more than the rest of them.
static WEIGHTS: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i as f32 / 100.0;
        i += 1;
    }
    table
};

fn omission_cost(tag: u8, weight: u8) -> u32 {
    u32::from(OMISSION_RATE_TENTHS[usize::from(tag % 32)]) * u32::from(weight)
}

/// [`ListedToken::omission_cost`] of a token of weight 1.
pub(crate) const OMISSION_UNIT: f32 = 1000.0;

// The sum of a name's omission costs is kept in two bytes.
const _: () = assert!(MAX_TOKENS as u32 * MAX_OMISSION_COST <= u16::MAX as u32);

/// For each tag, tenths of its weight that an omission counts.
static OMISSION_RATE_TENTHS: [u8; 32] = {
    let mut table = [0; 32];
    let mut i = 0;
    while i < Tag::ALL.len() {
        table[i] = omission_rate_tenths(Tag::ALL[i]) as u8;
        i += 1;
    }
    table
};

/// Where the tokens of a listed name stand in `name-tokens`, followed by its joins. Apart from the rest, so that
/// the table which every candidate is looked up in stays small.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameSpan {
    pub(crate) offset: u32,
    pub(crate) tokens: u8,
    pub(crate) concatenations: u8,
    /// The sum of [`ListedToken::omission_cost`] over its tokens.
    pub(crate) omission_cost: u16,
}

/// The rest of a listed name.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameRecord {
    pub(crate) entity: u32,
    /// Texts stand in the order of the lists, whatever the numbers of their names are.
    pub(crate) text_offset: u32,
    pub(crate) text_len: u32,
    pub(crate) kind: u8,
    pub(crate) weak: u8,
    /// 1 if it was analysed as a person's name.
    pub(crate) person: u8,
    pub(crate) padding: u8,
}

/// A listed entity.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct EntityRecord {
    pub(crate) blob_offset: U64,
    pub(crate) blob_len: u32,
    pub(crate) list: u32,
    pub(crate) dates_offset: u32,
    pub(crate) countries_offset: u32,
    pub(crate) dates: u16,
    pub(crate) countries: u16,
    pub(crate) schema: u8,
    /// 0 not told, 1 female, 2 male.
    pub(crate) gender: u8,
    pub(crate) padding: [u8; 2],
}

/// The bucket of a key, by its high half.
pub(crate) fn bucket(key: u64, buckets: usize) -> usize {
    (((key >> 32) * buckets as u64) >> 32) as usize
}

/// What a bucket keeps of a key. Keys that share it cost a comparison, for every token found is related by its
/// text.
pub(crate) fn key_fingerprint(key: u64) -> u16 {
    key as u16
}

/// Where a key is filed in so many buckets, as a number; keys that meet there are taken for one.
pub(crate) fn key_slot(key: u64, buckets: usize) -> u64 {
    (bucket(key, buckets) as u64) << 16 | u64::from(key_fingerprint(key))
}
