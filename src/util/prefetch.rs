//! Software prefetching without intrinsics: several independent reads in a row overlap in the processor, so that
//! memory is waited for once and not once for each.

/// How many records are prefetched together. More than the reads a core keeps in flight (10 to 16 on current
/// processors) gain nothing.
pub(crate) const PREFETCH_BATCH: usize = 16;

/// Reads something from each item, so that its memory is in the cache when it is needed. `read` returns any value
/// that depends on the memory to fetch.
pub(crate) fn prefetch_all<T>(items: &[T], read: impl Fn(&T) -> u32) {
    std::hint::black_box(items.iter().fold(0, |sum, item| sum ^ read(item)));
}
