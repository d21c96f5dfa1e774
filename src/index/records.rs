//! The fixed-size records of an index, as they lie in the file.
//!
//! Records are little endian and read in place; the layout of each is part of the format. Small fields that
//! retrieval needs first are in small records of their own, so that a table which every candidate is looked
//! up in takes as little memory as possible.

use super::ordered::RunItem;
use crate::entity::{Gender, NameKind};
use crate::name::weights::max_weight;
use crate::name::{MAX_TOKEN_CHARS, MAX_TOKENS, Skeleton, Tag};
use crate::score::align::{AlignToken, MAX_CONCATENATION, Span};
use crate::score::params::{max_edits, omission_rate_tenths};
use crate::score::relation::{TokenRef, is_chinese};
use std::ops::Range;
use zerocopy::little_endian::U64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

#[cfg(not(target_endian = "little"))]
compile_error!("index files are little endian and are read in place");

// Bytes of each record in a file of this format.
const _: () = assert!(size_of::<Posting>() == 4);
const _: () = assert!(size_of::<TokenRecord>() == 16);
const _: () = assert!(size_of::<ListedToken>() == 8);
const _: () = assert!(size_of::<NameSpan>() == 8);
const _: () = assert!(size_of::<NameRecord>() == 16);
const _: () = assert!(size_of::<EntityRecord>() == 32);
const _: () = assert!(MAX_NAMES as u32 - 1 <= RunItem::MAX);

// Lengths and counts that are kept in a byte: the text of a token in UTF-8, the tokens of a name, and its
// concatenations, which are runs of two to `MAX_CONCATENATION` tokens and the acronym.
const _: () = assert!(4 * MAX_TOKEN_CHARS <= u8::MAX as usize);
const _: () = assert!(MAX_TOKENS <= u8::MAX as usize);
const _: () = assert!((MAX_CONCATENATION - 1) * MAX_TOKENS < u8::MAX as usize);

/// Bits of a posting for the number of the name. The five bits above them are for the initial.
const NAME_BITS: u32 = 27;
/// The most names of an index.
pub(crate) const MAX_NAMES: usize = 1 << NAME_BITS;
/// The initial of a posting whose name has several different ones.
const MANY_INITIALS: u32 = 31;
const _: () = assert!(MANY_INITIALS < 1 << (u32::BITS - NAME_BITS));

/// An entry of a posting list: the number of a name that contains the token, and above it the initial of the
/// name, if it has one. An initial matches any query token that begins with its letter, so that a name can
/// match by more than its posting lists say; names with an initial come first in every list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(transparent)]
pub(crate) struct Posting(u32);

impl Posting {
    /// The posting of a name, with the first letters of its initials.
    pub(crate) fn new(name: u32, initials: impl Iterator<Item = u8>) -> Posting {
        let initial = initials.map(letter_number).fold(0, |initial, letter| match initial {
            0 => letter,
            same if same == letter => same,
            _ => MANY_INITIALS,
        });
        Posting(initial << NAME_BITS | name)
    }

    /// The posting with another number for the same name.
    pub(crate) fn renumbered(self, name: u32) -> Posting {
        Posting(self.initial() << NAME_BITS | name)
    }

    /// The number of the name.
    pub(crate) fn name(self) -> u32 {
        self.0 & (MAX_NAMES as u32 - 1)
    }

    /// 0 for no initial, [`MANY_INITIALS`] for several, else the [number of a letter](letter_number).
    fn initial(self) -> u32 {
        self.0 >> NAME_BITS
    }

    pub(crate) fn has_initial(self) -> bool {
        self.initial() != 0
    }

    /// Returns false if no initial of the name is among these letters.
    pub(crate) fn may_match_initial(self, letter_mask: u32) -> bool {
        (letter_mask | 1 << MANY_INITIALS) >> self.initial() & 1 != 0
    }

    /// The order of a posting list: names with an initial before the others, each by number.
    pub(crate) fn order(self) -> (bool, u32) {
        (!self.has_initial(), self.name())
    }
}

/// The number of a letter, from 1 on; one number for all that is no letter. Below [`MANY_INITIALS`].
fn letter_number(first: u8) -> u32 {
    match first {
        b'a'..=b'z' => u32::from(first - b'a') + 1,
        _ => 27,
    }
}

/// The set of one first letter, as a mask; empty for 0, the first letter of a token without a reading.
pub(crate) fn letter_mask(first: u8) -> u32 {
    if first == 0 { 0 } else { 1 << letter_number(first) }
}

/// The set of the letters of a reading, with one bit for all that is no letter.
fn letter_set(latin: &[u8]) -> u32 {
    latin.iter().fold(0, |set, letter| set | 1 << letter_number(*letter))
}

/// A distinct token of the dictionary, or a concatenation of neighbouring tokens.
///
/// In the section `token-texts`, one behind the other: its text; its reading, if that differs from the text;
/// the codes of its skeleton; its groups, if it has any.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct TokenRecord {
    text_offset: u32,
    /// The [set of the letters](letter_set) of the reading.
    letter_mask: u32,
    text_len: u8,
    /// The length of the reading behind the text; 0 if the text is its own reading.
    latin_len: u8,
    /// The number of codes of the skeleton, with [`IS_CONCATENATION`] and [`HAS_GROUPS`].
    skeleton_len: u8,
    /// The [checksum] of the skeleton.
    skeleton_sum: u8,
    tag: u8,
    /// In hundredths.
    weight: u8,
    frequency: u8,
    /// [`IS_CHINESE`] and [`IS_RESPELLED`].
    flags: u8,
}

/// Set for a word in Chinese syllables, which another romanization spells with other letters.
const IS_CHINESE: u8 = 1;
/// Set for a word with letters that are typical of a romanization other than the English ones.
const IS_RESPELLED: u8 = 1 << 1;
const IS_CONCATENATION: u8 = 1 << 7;
const HAS_GROUPS: u8 = 1 << 6;
/// The most codes of a skeleton: it is a byte for their number, and the codes.
const MAX_SKELETON: usize = size_of::<Skeleton>() - 1;
const _: () = assert!(MAX_SKELETON < HAS_GROUPS as usize);

impl TokenRecord {
    /// Appends the texts of a token to `texts` and returns its record.
    pub(crate) fn pack(view: &TokenRef<'_>, is_concatenation: bool, texts: &mut Vec<u8>) -> TokenRecord {
        debug_assert!(view.text.len().max(view.latin.len()) <= u8::MAX.into(), "{:?}", view.text);
        let text_offset = texts.len() as u32;
        let has_reading = view.latin != view.text;
        texts.extend_from_slice(view.text);
        if has_reading {
            texts.extend_from_slice(view.latin);
        }
        texts.extend_from_slice(view.skeleton.as_bytes());
        let has_groups = view.groups != [0; 2];
        if has_groups {
            texts.extend(view.groups.iter().flat_map(|group| group.to_le_bytes()));
        }
        TokenRecord {
            text_offset,
            letter_mask: letter_set(view.latin),
            text_len: view.text.len() as u8,
            latin_len: if has_reading { view.latin.len() as u8 } else { 0 },
            skeleton_len: view.skeleton.len() as u8
                | if is_concatenation { IS_CONCATENATION } else { 0 }
                | if has_groups { HAS_GROUPS } else { 0 },
            skeleton_sum: checksum(view.skeleton.as_bytes()),
            tag: view.tag as u8,
            weight: hundredths(view.weight),
            frequency: view.frequency,
            flags: if is_chinese(view.latin) { IS_CHINESE } else { 0 }
                | if view.respelled { IS_RESPELLED } else { 0 },
        }
    }

    /// Reads from the record: see [`IndexView`](super::IndexView).
    pub(super) fn prefetch(&self) -> u32 {
        self.text_offset
    }

    /// Reads from the text of the token.
    pub(super) fn prefetch_text(&self, texts: &[u8]) -> u32 {
        texts.get(self.text_offset as usize).map_or(0, |byte| u32::from(*byte))
    }

    pub(crate) fn tag(&self) -> Tag {
        Tag::from_u8(self.tag).unwrap_or(Tag::Name)
    }

    pub(crate) fn is_concatenation(&self) -> bool {
        self.skeleton_len & IS_CONCATENATION != 0
    }

    /// Whether the token is a word in Chinese syllables.
    pub(crate) fn is_chinese(&self) -> bool {
        self.flags & IS_CHINESE != 0
    }

    pub(crate) fn weight(&self) -> f32 {
        f32::from(self.weight) / 100.0
    }

    /// The cost of its omission: see [`ListedToken::omission_cost`].
    pub(crate) fn omission_cost(&self) -> u32 {
        omission_cost(self.tag, self.weight)
    }

    /// Returns true if lengths, letters and skeletons alone show that the token does not match. Most tokens
    /// found by a key of a deletion variant differ by more edits than a match allows, and are ruled out here
    /// without their text. Never true for tokens that match.
    pub(crate) fn cannot_match(&self, view: &TokenRef<'_>, signature: &TokenSignature) -> bool {
        let (listed_len, query_len) = (usize::from(self.text_len), view.latin.len());
        // An edit removes at most one letter and adds at most one.
        let most = max_edits(listed_len.min(query_len)) as u32;
        let (gone, come) =
            (signature.letter_mask & !self.letter_mask, self.letter_mask & !signature.letter_mask);
        self.skeleton_len & (IS_CONCATENATION | HAS_GROUPS) == 0
            && self.latin_len == 0
            && !(self.flags & IS_CHINESE != 0 && signature.chinese)
            && self.flags & IS_RESPELLED == 0
            && !view.respelled
            && (listed_len.abs_diff(query_len) > most as usize
                || gone.count_ones() > most
                || come.count_ones() > most)
            && listed_len > 2
            && query_len > 2
            && self.skeleton_sum != signature.skeleton_sum
            && view.tag.is_alphabetic()
            && self.tag().is_alphabetic()
    }

    /// The token with its texts.
    pub(crate) fn view<'a>(&self, texts: &'a [u8]) -> TokenRef<'a> {
        let rest = texts.get(self.text_offset as usize..).unwrap_or(&[]);
        let part = |from: usize, len: usize| rest.get(from..from + len).unwrap_or(&[]);
        let text_len = usize::from(self.text_len);
        let text = part(0, text_len);
        let latin = match self.latin_len {
            0 => text,
            len => part(text_len, usize::from(len)),
        };
        let skeleton_at = text_len + usize::from(self.latin_len);
        let skeleton_len =
            usize::from(self.skeleton_len & !(IS_CONCATENATION | HAS_GROUPS)).min(MAX_SKELETON);
        let mut groups = [0; 2];
        if self.skeleton_len & HAS_GROUPS != 0 {
            for (i, group) in groups.iter_mut().enumerate() {
                let bytes = part(skeleton_at + skeleton_len + 4 * i, 4);
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
            respelled: self.flags & IS_RESPELLED != 0,
            skeleton: Skeleton::first_of(rest.get(skeleton_at..).unwrap_or(&[]), skeleton_len),
        }
    }
}

/// A query token as [`TokenRecord::cannot_match`] compares it, before any text is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenSignature {
    letter_mask: u32,
    skeleton_sum: u8,
    chinese: bool,
}

impl TokenSignature {
    /// The signature of a token. `chinese`: whether another romanization of Chinese may spell it and be
    /// listed.
    pub(crate) fn of(view: &TokenRef<'_>, chinese: bool) -> TokenSignature {
        TokenSignature {
            letter_mask: letter_set(view.latin),
            skeleton_sum: checksum(view.skeleton.as_bytes()),
            chinese,
        }
    }
}

/// A weight as a byte: weights are whole hundredths.
fn hundredths(weight: f32) -> u8 {
    (weight * 100.0).round() as u8
}

/// A checksum of a skeleton's codes: equal skeletons have equal ones.
fn checksum(codes: &[u8]) -> u8 {
    codes.iter().fold(codes.len() as u8, |sum, code| sum.wrapping_mul(31) ^ code)
}

/// A token of a listed name with what an upper bound needs of it, so that a candidate is judged without
/// reading the records of its tokens; or a concatenation of the name, with its span.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct ListedToken {
    /// The number of the token.
    pub(crate) token: u32,
    /// In hundredths; for a concatenation the first token of its span.
    weight: u8,
    /// For a concatenation the number of tokens of its span.
    tag: u8,
    /// The first letter of the reading, 0 if there is none.
    first: u8,
    padding: u8,
}

impl ListedToken {
    /// A token of a name.
    pub(crate) fn pack(token: u32, view: &TokenRef<'_>) -> Self {
        let first = view.latin.first().copied().unwrap_or(0);
        let listed =
            ListedToken { token, weight: hundredths(view.weight), tag: view.tag as u8, first, padding: 0 };
        debug_assert!(listed.weight <= max_weight(view.tag), "{:?} weighs {}", view.tag, view.weight);
        listed
    }

    /// A concatenation of the tokens in a span.
    pub(crate) fn pack_concatenation(token: u32, span: Span) -> Self {
        ListedToken { token, weight: span.first, tag: span.count, first: 0, padding: 0 }
    }

    /// The token as an alignment takes it.
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

    /// The first letter of the reading, 0 if there is none.
    pub(crate) fn first(&self) -> u8 {
        self.first
    }

    /// The cost of its omission, in parts of [`OMISSION_UNIT`] of the cost of a token of weight 1; at most
    /// [`MAX_OMISSION_COST`].
    pub(crate) fn omission_cost(&self) -> u32 {
        omission_cost(self.tag, self.weight)
    }

    /// The tokens of a concatenation.
    pub(crate) fn span(&self) -> Span {
        Span { first: self.weight, count: self.tag }
    }
}

/// Weights by hundredths: an [`AlignToken`] is made for every token of a candidate, and a division costs more
/// than all else of it.
static WEIGHTS: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i as f32 / 100.0;
        i += 1;
    }
    table
};

/// The unit of omission costs: tenths of an omission rate times hundredths of a weight.
pub(crate) const OMISSION_UNIT: f32 = 1000.0;

fn omission_cost(tag: u8, weight: u8) -> u32 {
    u32::from(OMISSION_RATE_TENTHS[usize::from(tag % 32)]) * u32::from(weight)
}

/// [`omission_rate_tenths`] by number of the tag; of a length that the compiler need not check an index
/// against.
static OMISSION_RATE_TENTHS: [u8; 32] = {
    let mut table = [0; 32];
    let mut i = 0;
    while i < Tag::ALL.len() {
        table[i] = omission_rate_tenths(Tag::ALL[i]);
        i += 1;
    }
    table
};

/// The greatest [`ListedToken::omission_cost`]. Pruning counts a token that it knows nothing of as this: if
/// it were less than the cost of some token, hits would be lost. So it follows from the weights and the
/// rates.
pub(crate) const MAX_OMISSION_COST: u32 = {
    let (mut most, mut i) = (0, 0);
    while i < Tag::ALL.len() {
        let tag = Tag::ALL[i];
        let cost = omission_rate_tenths(tag) as u32 * max_weight(tag) as u32;
        if cost > most {
            most = cost;
        }
        i += 1;
    }
    most
};

// A name span keeps the sum over a name in 16 bits.
const _: () = assert!(MAX_TOKENS as u32 * MAX_OMISSION_COST <= u16::MAX as u32);

/// The place of the tokens of a listed name in `name-tokens`; its concatenations follow them. Apart from the
/// rest of the name, so that the table which every candidate is looked up in stays small.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameSpan {
    pub(crate) offset: u32,
    pub(crate) tokens: u8,
    pub(crate) concatenations: u8,
    /// The sum of [`ListedToken::omission_cost`] over its tokens.
    pub(crate) omission_cost: u16,
}

impl NameSpan {
    /// Its tokens in `name-tokens`.
    pub(super) fn token_range(&self) -> Range<usize> {
        let offset = self.offset as usize;
        offset..offset + usize::from(self.tokens)
    }

    /// Its concatenations in `name-tokens`.
    pub(super) fn concatenation_range(&self) -> Range<usize> {
        let offset = self.offset as usize + usize::from(self.tokens);
        offset..offset + usize::from(self.concatenations)
    }
}

/// What else is kept of a listed name.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameRecord {
    /// The number of its entity.
    pub(crate) entity: u32,
    /// Texts are in the order of the lists, whatever the numbers of their names are.
    pub(crate) text_offset: u32,
    pub(crate) text_len: u32,
    /// A [`NameKind`](crate::entity::NameKind).
    pub(crate) kind: u8,
    /// 1 for a weak alias.
    pub(crate) weak: u8,
    /// 1 if it was analysed as a person's name.
    pub(crate) person: u8,
    pub(crate) padding: u8,
}

impl NameRecord {
    /// The role of the name for its entity.
    pub(super) fn kind(&self) -> NameKind {
        let kinds = [NameKind::Primary, NameKind::Alias, NameKind::Former];
        kinds.into_iter().find(|kind| *kind as u8 == self.kind).unwrap_or(NameKind::Alias)
    }
}

/// How early a name stands among the completions of a text: primary names before others, then short ones before long
/// ones. Lower is earlier.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromBytes, IntoBytes, Immutable, KnownLayout,
)]
#[repr(transparent)]
pub(crate) struct CompletionRank(u8);

impl CompletionRank {
    const ALIAS: u8 = 1 << 7;

    /// The rank of a name of this kind with so many characters. Lengths from 127 on have one rank.
    pub(super) fn new(kind: NameKind, chars: usize) -> CompletionRank {
        let length = chars.min(usize::from(Self::ALIAS - 1)) as u8;
        CompletionRank(length | if kind == NameKind::Primary { 0 } else { Self::ALIAS })
    }
}

/// A listed entity.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct EntityRecord {
    pub(crate) blob_offset: U64,
    pub(crate) blob_len: u32,
    /// The number of its list.
    pub(crate) list: u32,
    pub(crate) dates_offset: u32,
    pub(crate) countries_offset: u32,
    pub(crate) dates: u16,
    pub(crate) countries: u16,
    pub(crate) schema: u8,
    /// A [`gender_code`].
    pub(super) gender: u8,
    pub(super) padding: [u8; 2],
}

impl EntityRecord {
    /// The gender; `None` if it is not known.
    pub(crate) fn gender(&self) -> Option<Gender> {
        [Gender::Female, Gender::Male].into_iter().find(|gender| gender_code(Some(*gender)) == self.gender)
    }
}

/// A gender as a byte.
pub(super) const fn gender_code(gender: Option<Gender>) -> u8 {
    match gender {
        None => 0,
        Some(Gender::Female) => 1,
        Some(Gender::Male) => 2,
    }
}

/// A run of `ident-entities`, as a value of the map `identifiers`: its place in the high 40 bits, its length
/// in the low 24 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdentifierRun {
    pub(super) offset: usize,
    pub(super) count: usize,
}

impl IdentifierRun {
    const COUNT_BITS: u32 = 24;
    /// The most entities that an identifier is found for.
    pub(super) const MAX_COUNT: usize = (1 << Self::COUNT_BITS) - 1;

    pub(super) fn pack(self) -> u64 {
        (self.offset as u64) << Self::COUNT_BITS | self.count as u64
    }

    pub(super) fn unpack(packed: u64) -> Self {
        IdentifierRun {
            offset: (packed >> Self::COUNT_BITS) as usize,
            count: packed as usize & Self::MAX_COUNT,
        }
    }

    pub(super) fn range(self) -> Range<usize> {
        self.offset..self.offset + self.count
    }
}

/// The bucket of a key in a table of so many buckets: the high half of the key, scaled to their number.
pub(super) fn bucket_number(key: u64, buckets: usize) -> usize {
    (((key >> 32) * buckets as u64) >> 32) as usize
}

/// What a bucket keeps of a key. Two keys with the same fingerprint cost a comparison and no more, for every
/// token that is found is compared by its text.
pub(super) fn key_fingerprint(key: u64) -> u16 {
    key as u16
}

/// The bucket and the fingerprint of a key as one number. The index does not distinguish keys that have it in
/// common.
pub(crate) fn key_slot(key: u64, buckets: usize) -> u64 {
    slot_number(bucket_number(key, buckets) as u64, key_fingerprint(key))
}

/// The slot of a fingerprint in a bucket.
pub(super) fn slot_number(bucket: u64, fingerprint: u16) -> u64 {
    bucket << 16 | u64::from(fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Schema;
    use crate::name::{AnalysedName, Analyser};
    use proptest::prelude::*;

    #[test]
    fn genders_come_out_as_they_went_in() {
        let mut record = EntityRecord::read_from_bytes(&[0; size_of::<EntityRecord>()]).unwrap();
        assert_eq!(record.gender(), None);
        for (gender, code) in [(None, 0), (Some(Gender::Female), 1), (Some(Gender::Male), 2)] {
            record.gender = gender_code(gender);
            assert_eq!((record.gender(), record.gender), (gender, code), "part of the format");
        }
        record.gender = 3;
        assert_eq!(record.gender(), None);
    }

    #[test]
    fn the_greatest_omission_cost_is_that_of_a_number() {
        // Half the weight of a rare name, two and a half times its rate.
        assert_eq!(MAX_OMISSION_COST, 1250);
        assert_eq!(omission_cost(Tag::Number as u8, max_weight(Tag::Number)), MAX_OMISSION_COST);
    }

    #[test]
    fn no_token_weighs_more_than_the_maximum_of_its_tag_and_some_token_weighs_as_much() {
        let lists = [crate::list::starter()];
        let listed = lists
            .iter()
            .flat_map(|l| &l.entities)
            .flat_map(|e| e.names.iter().map(|n| (n.text.as_str(), e.schema)));
        let others = [
            ("Dr. Ivan Ivanovich Petrov J. Zzyzx", Schema::Person),
            ("Sheikh Mohammed bin Rashid al-Qasimi", Schema::Person),
            ("محمد رحيم الكرواني", Schema::Person),
            ("卜文涛 王小明", Schema::Person),
            ("김철수", Schema::Person),
            ("조선엑스포합영회사", Schema::Company),
            ("ミサイル タナカ", Schema::Person),
            ("OOO 17 Volgograd Steel Insurance Trading Group X", Schema::Company),
            ("Banco Zzyzx Chile", Schema::Company),
            ("Zzyzx Ltd BRANCH OFFICE REF INV 20231", Schema::Company),
            ("Vostok Q 7", Schema::Vessel),
        ];
        let mut most = [0; Tag::ALL.len()];
        let (mut analyser, mut name) = (Analyser::new(), AnalysedName::default());
        for (text, schema) in listed.chain(others) {
            analyser.analyse(text, schema, &mut name);
            for token in name.tokens() {
                assert!(hundredths(token.weight) <= max_weight(token.tag), "{text}: {token:?}");
                let most = &mut most[token.tag as usize];
                *most = hundredths(token.weight).max(*most);
            }
        }
        assert_eq!(most, Tag::ALL.map(max_weight));
    }

    proptest! {
        #[test]
        fn a_posting_has_its_name_and_initials(
            name in 0..MAX_NAMES as u32,
            other in 0..MAX_NAMES as u32,
            initials in prop::collection::vec(b'a'..=b'z', 0..4),
            letters in prop::collection::vec(b'a'..=b'z', 0..4),
        ) {
            let posting = Posting::new(name, initials.iter().copied());
            prop_assert_eq!((posting.name(), posting.has_initial()), (name, !initials.is_empty()));
            let mask = letters.iter().fold(0, |mask, letter| mask | letter_mask(*letter));
            if initials.iter().any(|initial| letters.contains(initial)) {
                prop_assert!(posting.may_match_initial(mask));
            }
            let one_letter = initials.windows(2).all(|pair| pair[0] == pair[1]);
            if one_letter && !initials.iter().any(|initial| letters.contains(initial)) {
                prop_assert!(!posting.may_match_initial(mask));
            }
            prop_assert_eq!(posting.renumbered(other), Posting::new(other, initials.into_iter()));
        }

        #[test]
        fn runs_of_identifiers_come_out_as_they_went_in(
            offset in 0usize..1 << 40,
            count in 0..=IdentifierRun::MAX_COUNT,
        ) {
            let run = IdentifierRun { offset, count };
            prop_assert_eq!(IdentifierRun::unpack(run.pack()), run);
        }

        #[test]
        fn tokens_come_out_as_they_went_in(
            text in "[a-z]{1,12}( [a-z]{2,12}){0,3}|[\\p{Han}]{2,4}|[\\p{Arabic}]{2,9}",
        ) {
            let (mut analyser, mut name) = (Analyser::new(), AnalysedName::default());
            analyser.analyse(&text, Schema::Unknown, &mut name);
            let mut texts = b"before".to_vec();
            for token in name.tokens() {
                let token = TokenRef::new(&name, token);
                // A token without a reading comes back with its text as its reading.
                if token.latin.is_empty() {
                    continue;
                }
                let record = TokenRecord::pack(&token, false, &mut texts);
                let read = record.view(&texts);
                prop_assert_eq!(
                    (read.text, read.latin, read.tag, read.weight, read.groups, read.frequency),
                    (token.text, token.latin, token.tag, token.weight, token.groups, token.frequency)
                );
                prop_assert_eq!(read.skeleton.as_bytes(), token.skeleton.as_bytes());
                let listed = ListedToken::pack(7, &token);
                prop_assert_eq!(listed.omission_cost(), record.omission_cost());
                prop_assert!(listed.omission_cost() <= MAX_OMISSION_COST);
                prop_assert!(!record.cannot_match(&token, &TokenSignature::of(&token, false)));
            }
        }
    }
}
