//! The fixed-size records of an index, as they lie in the file.

use crate::name::{Skeleton, Tag};
use crate::score::align::Slot;
use crate::score::relation::View;
use zerocopy::little_endian::U64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

#[cfg(not(target_endian = "little"))]
compile_error!("index files are little endian and are read in place");

/// Bit of a posting: the name has an initial, which can stand for any token of a query.
pub(crate) const WITH_INITIAL: u32 = 1 << 31;

/// A distinct token, or neighbouring tokens written together (a join).
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct TokenRecord {
    pub(crate) text_offset: u32,
    pub(crate) weight: f32,
    pub(crate) groups: [u32; 2],
    pub(crate) text_len: u8,
    /// Length of the reading that follows the text; 0 when the text is its own reading.
    pub(crate) latin_len: u8,
    pub(crate) tag: u8,
    pub(crate) frequency: u8,
    pub(crate) first: u8,
    pub(crate) is_join: u8,
    pub(crate) skeleton_len: u8,
    pub(crate) skeleton: [u8; 15],
    pub(crate) padding: [u8; 2],
}

impl TokenRecord {
    pub(crate) fn tag(&self) -> Tag {
        Tag::from_u8(self.tag).unwrap_or(Tag::Plain)
    }

    /// Whether lengths and skeletons alone rule a relation out: found under a common key of their heads, most
    /// words differ in what follows. Never true of related tokens.
    pub(crate) fn is_far_from(&self, view: &View<'_>) -> bool {
        let alphabetic = |tag: Tag| !matches!(tag, Tag::Abjad | Tag::Han | Tag::Hangul);
        self.is_join == 0
            && self.latin_len == 0
            && usize::from(self.text_len).abs_diff(view.latin.len()) > 2
            && self.text_len > 2
            && view.latin.len() > 2
            && alphabetic(view.tag)
            && alphabetic(self.tag())
            && self.skeleton[..usize::from(self.skeleton_len)] != *view.skeleton.as_bytes()
            && self.groups.iter().all(|g| *g == 0 || !view.groups.contains(g))
    }

    pub(crate) fn view<'a>(&self, text: &'a [u8], latin: &'a [u8]) -> View<'a> {
        View {
            text,
            latin,
            tag: self.tag(),
            weight: self.weight,
            groups: self.groups,
            frequency: self.frequency,
            skeleton: Skeleton::from_codes(&self.skeleton[..usize::from(self.skeleton_len.min(15))]),
        }
    }
}

/// A token of a listed name with what a bound needs of it, so that a candidate is judged without a look at its
/// token records; or a join, with its span.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct ListedToken {
    pub(crate) token: u32,
    pub(crate) weight: f32,
    pub(crate) tag: u8,
    pub(crate) first: u8,
    /// First token and number of tokens of a join.
    pub(crate) span: [u8; 2],
}

impl ListedToken {
    pub(crate) fn pack(token: u32, view: &View<'_>) -> Self {
        let first = view.latin.first().copied().unwrap_or(0);
        ListedToken { token, weight: view.weight, tag: view.tag as u8, first, span: [0; 2] }
    }

    pub(crate) fn pack_join(token: u32, first: u8, count: u8) -> Self {
        ListedToken { token, weight: 0.0, tag: 0, first: 0, span: [first, count] }
    }

    pub(crate) fn slot(&self) -> Slot {
        Slot { weight: self.weight, tag: Tag::from_u8(self.tag).unwrap_or(Tag::Plain), first: self.first }
    }
}

/// Where the tokens of a listed name stand in `name-tokens`, followed by its joins. Apart from the rest, so that
/// the table which every candidate is looked up in stays small.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameSpan {
    pub(crate) offset: u32,
    pub(crate) tokens: u8,
    pub(crate) joins: u8,
    pub(crate) padding: [u8; 2],
}

/// The rest of a listed name.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameRecord {
    pub(crate) entity: u32,
    pub(crate) text_offset: u32,
    pub(crate) text_len: u32,
    pub(crate) kind: u8,
    pub(crate) weak: u8,
    pub(crate) padding: [u8; 2],
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

/// A key, by its low half, and a token filed under it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromBytes, IntoBytes, Immutable, KnownLayout,
)]
#[repr(C)]
pub(crate) struct KeyRecord {
    pub(crate) key: u32,
    pub(crate) token: u32,
}

/// The bucket of a key, by its high half.
pub(crate) fn bucket(key: u64, buckets: usize) -> usize {
    (((key >> 32) * buckets as u64) >> 32) as usize
}
