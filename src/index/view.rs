//! What retrieval reads of an index, as slices.

use super::records::{
    ListedToken, NameRecord, NameSpan, Posting, TokenRecord, bucket_number, key_fingerprint, slot_number,
};
use super::sections::Sections;
use crate::score::relation::TokenRef;
use crate::util::bloom::BloomFilter;
use std::ops::Range;

/// The sections that retrieval reads, fetched once for a query.
///
/// The methods named `prefetch_…` read the first bytes of what a later step needs, and return a number that
/// depends on them, so that the compiler keeps the read. Reads that do not depend on each other are served by
/// the memory at the same time: called for many items in a loop, they cost little more than a single one.
#[derive(Clone, Copy)]
pub(crate) struct IndexView<'a> {
    pub(crate) tokens: &'a [TokenRecord],
    token_texts: &'a [u8],
    posting_offsets: &'a [u32],
    postings: &'a [Posting],
    buckets: &'a [u32],
    key_fingerprints: &'a [u16],
    key_tokens: &'a [u32],
    concatenation_filter: BloomFilter<1, &'a [u64]>,
    pub(crate) names: &'a [NameRecord],
    pub(crate) spans: &'a [NameSpan],
    name_tokens: &'a [ListedToken],
}

impl<'a> IndexView<'a> {
    pub(super) fn new(sections: &'a Sections) -> Self {
        IndexView {
            tokens: sections.tokens(),
            token_texts: sections.token_texts(),
            posting_offsets: sections.posting_offsets(),
            postings: sections.postings(),
            buckets: sections.buckets(),
            key_fingerprints: sections.key_fingerprints(),
            key_tokens: sections.key_tokens(),
            concatenation_filter: BloomFilter::from_words(sections.concatenation_filter()),
            names: sections.names(),
            spans: sections.name_spans(),
            name_tokens: sections.name_tokens(),
        }
    }

    /// A token with its text and reading.
    pub(crate) fn token(&self, token: u32) -> TokenRef<'a> {
        self.tokens[token as usize].view(self.token_texts)
    }

    /// The posting list of a token: the names that contain it, those with an initial first.
    pub(crate) fn postings(&self, token: u32) -> &'a [Posting] {
        let (offset, count) = self.postings_at(token);
        self.postings_slice(offset, count)
    }

    /// Where the posting list of a token begins, and its length.
    pub(crate) fn postings_at(&self, token: u32) -> (u32, u32) {
        let offset = self.posting_offsets[token as usize];
        (offset, self.posting_offsets[token as usize + 1] - offset)
    }

    /// The posting list that [`IndexView::postings_at`] gave the place of.
    pub(crate) fn postings_slice(&self, offset: u32, count: u32) -> &'a [Posting] {
        &self.postings[offset as usize..][..count as usize]
    }

    /// The tokens of a listed name, in the order written.
    pub(crate) fn listed_tokens(&self, span: &NameSpan) -> &'a [ListedToken] {
        &self.name_tokens[span.token_range()]
    }

    /// The concatenations of a listed name.
    pub(crate) fn listed_concatenations(&self, span: &NameSpan) -> &'a [ListedToken] {
        &self.name_tokens[span.concatenation_range()]
    }

    /// The number of buckets of the key table.
    pub(crate) fn buckets(&self) -> usize {
        self.buckets.len().saturating_sub(1)
    }

    /// The entries of the key table in the bucket of a key.
    pub(crate) fn bucket_range(&self, key: u64) -> Range<u32> {
        if self.buckets.len() < 2 {
            return 0..0;
        }
        let bucket = bucket_number(key, self.buckets.len() - 1);
        self.buckets[bucket]..self.buckets[bucket + 1]
    }

    /// Calls `each` with every token that has a key, given the key's [bucket](IndexView::bucket_range). A
    /// token that has another key with the same fingerprint is among them.
    pub(crate) fn for_each_token_in_bucket(
        &self,
        key: u64,
        bucket_range: &Range<u32>,
        mut each: impl FnMut(u32),
    ) {
        let fingerprint = key_fingerprint(key);
        let start = bucket_range.start as usize;
        let fingerprints = &self.key_fingerprints[start..bucket_range.end as usize];
        for (at, _) in fingerprints.iter().enumerate().filter(|(_, listed)| **listed == fingerprint) {
            each(self.key_tokens[start + at]);
        }
    }

    /// The [slots](super::records::key_slot) of all keys.
    pub(crate) fn key_slots(&self) -> impl Iterator<Item = u64> {
        let buckets = (0..).zip(self.buckets.windows(2));
        buckets.flat_map(|(bucket, ends)| {
            let fingerprints = &self.key_fingerprints[ends[0] as usize..ends[1] as usize];
            fingerprints.iter().map(move |fingerprint| slot_number(bucket, *fingerprint))
        })
    }

    /// Returns false if no token has this key among those that concatenations of a query look up.
    pub(crate) fn may_contain_concatenation_key(&self, key: u64) -> bool {
        self.concatenation_filter.may_contain(key)
    }

    /// Reads the first fingerprint and token of a bucket.
    pub(crate) fn prefetch_bucket(&self, bucket_range: &Range<u32>) -> u32 {
        let at = bucket_range.start as usize;
        self.key_fingerprints.get(at).map_or(0, |fingerprint| u32::from(*fingerprint))
            ^ self.key_tokens.get(at).unwrap_or(&0)
    }

    /// Reads from the record of a token.
    pub(crate) fn prefetch_token(&self, token: u32) -> u32 {
        self.tokens[token as usize].prefetch()
    }

    /// Reads from the text of a token.
    pub(crate) fn prefetch_text(&self, token: u32) -> u32 {
        self.tokens[token as usize].prefetch_text(self.token_texts)
    }

    /// Reads where the posting list of a token begins.
    pub(crate) fn prefetch_postings(&self, token: u32) -> u32 {
        self.posting_offsets[token as usize]
    }

    /// Reads the first and the last token of a listed name.
    pub(crate) fn prefetch_listed_tokens(&self, span: &NameSpan) -> u32 {
        let token = |at: u32| self.name_tokens.get(at as usize).map_or(0, |listed| listed.token);
        token(span.offset) ^ token(span.offset + u32::from(span.tokens.max(1)) - 1)
    }
}
