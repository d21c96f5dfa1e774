//! Building blocks that the modules share and that know nothing of names or lists:
//!
//! - [`bits`]: sets of the tokens of a name ([`TokenSet`](bits::TokenSet)), runs of them
//!   ([`Span`](bits::Span)), and sets of small numbers ([`BitSet`](bits::BitSet));
//! - [`bloom`]: the Bloom filter of the index and of the prefilters;
//! - [`hash`]: the hash function of keys and Bloom filters;
//! - [`osa`]: the edit distance of two words, bit-parallel;
//! - [`prefetch`]: reading ahead from memory;
//! - [`quotes`]: cells of CSV that swallowed other rows;
//! - `utf16`: telling UTF-16 without a byte order mark, with the feature `encodings`.
//!
//! Several of them are read in the inner loops of retrieval. None allocates after it was made.

pub(crate) mod bits;
pub(crate) mod bloom;
pub(crate) mod hash;
pub(crate) mod osa;
pub(crate) mod prefetch;
pub(crate) mod quotes;
#[cfg(feature = "encodings")]
pub(crate) mod utf16;
