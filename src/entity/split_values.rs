//! Splitting a text that may hold several values.

/// Splits a text into values that `parse` reads. The text is first tried whole; if that fails it is cut at the
/// first separator, and pieces that still fail at the next one.
///
/// Returns `None` if any piece remains that `parse` does not read, so that no part of a text is dropped.
pub(crate) fn split_values<'a, T: Clone>(
    text: &'a str,
    separators: &[&str],
    parse: &impl Fn(&'a str) -> Option<T>,
) -> Option<Vec<T>> {
    let text = text.trim();
    // "1963, and, 1965"
    if matches!(text, "" | "and" | "or") {
        return Some(Vec::new());
    }
    if let Some(value) = parse(text) {
        return Some(vec![value]);
    }
    let (separator, rest) = separators.split_first()?;
    let pieces = text.split(separator).map(|piece| split_values(piece, rest, parse));
    pieces.collect::<Option<Vec<_>>>().map(|values| values.concat())
}
