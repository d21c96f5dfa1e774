/// The parts of a text as `read` has them, cut at the separators in their order where a text is no part itself;
/// `None` where anything else is left.
pub(crate) fn several<'a, T: Clone>(
    text: &'a str,
    separators: &[&str],
    read: &impl Fn(&'a str) -> Option<T>,
) -> Option<Vec<T>> {
    let text = text.trim();
    // "1963, and, 1965"
    if matches!(text, "" | "and" | "or") {
        return Some(Vec::new());
    }
    if let Some(part) = read(text) {
        return Some(vec![part]);
    }
    let (separator, rest) = separators.split_first()?;
    let pieces = text.split(separator).map(|piece| several(piece, rest, read));
    pieces.collect::<Option<Vec<_>>>().map(|parts| parts.concat())
}
