//! Building blocks that retrieval, scoring and the index share: sets of a name's tokens, a hash, a Bloom filter.

pub(crate) mod bits;
pub(crate) mod bloom;
pub(crate) mod hash;
pub(crate) mod prefetch;
