//! Which columns of a table hold names, and how the parts of a name are joined.

use crate::headers::{NamePart, Role};
use csv::ByteRecord;

/// Cells of a column that decide whether it holds names, at the least.
const FEWEST_CELLS: usize = 2;

/// A column of names, or several columns whose cells make one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameColumn {
    /// The header; of several columns `First+Last`.
    pub header: String,
    /// The columns whose cells are joined; one for a name in one column.
    pub parts: Vec<usize>,
    /// The field of a prepared record that holds the name.
    pub at: usize,
    /// Where the family name is among the parts, if they were found by their headers. In Chinese, Japanese and Korean it
    /// goes first, and no blank follows.
    pub family: Option<usize>,
    /// Where a column "name" is among the parts, which may hold the whole name after all.
    pub whole: Option<usize>,
}

impl NameColumn {
    /// A name in one column.
    pub(super) fn single(headers: &[String], at: usize) -> NameColumn {
        NameColumn { header: headers[at].clone(), parts: vec![at], at, family: None, whole: None }
    }

    /// A name in several columns.
    pub(super) fn joined(
        headers: &[String],
        parts: Vec<usize>,
        family: Option<usize>,
        whole: Option<usize>,
    ) -> NameColumn {
        let header = parts.iter().map(|p| headers[*p].as_str()).collect::<Vec<_>>().join("+");
        NameColumn { header, parts, at: usize::MAX, family, whole }
    }

    /// Joins the cells of a record. A part whose words the column "name" already has is left out: the family name beside
    /// the whole name.
    pub(super) fn join(&self, cell: impl Fn(usize) -> String) -> String {
        let mut parts: Vec<String> = self.parts.iter().map(|at| cell(*at)).collect();
        let is_dense = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}');
        let dense = |text: &str| text.chars().all(is_dense);
        if let Some(family) = self.family
            && parts.iter().any(|p| !p.is_empty())
            && parts.iter().all(|p| dense(p))
        {
            let family = parts.remove(family);
            return parts.into_iter().fold(family, |name, part| name + &part);
        }
        if let Some(whole) = self.whole {
            let known = words(&parts[whole]);
            for (i, part) in parts.iter_mut().enumerate() {
                if i != whole && known.len() > 1 && words(part).iter().all(|w| known.contains(w)) {
                    part.clear();
                }
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }
}

/// Whether a letter is of a script that writes names without blanks: Han, Kana or Hangul.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
}

/// The words of a name in small letters.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether two names have the same words, in any order; or the same letters, in a script without blanks.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    // Of other lengths they seldom are, and long cells are not worth the look.
    if a.len() > 1000 || b.len() > 1000 || a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        letters.sort_unstable();
        letters
    };
    let of_a = letters(a);
    if of_a.iter().copied().all(is_dense) {
        return of_a == letters(b);
    }
    let sorted = |text: &str| {
        let mut words = words(text);
        words.sort_unstable();
        words
    };
    sorted(a) == sorted(b)
}

/// The columns of names that were found by their headers.
#[derive(Debug, Default)]
pub(super) struct FoundNames {
    pub names: Vec<NameColumn>,
    /// Columns with a name's header that are not used, and why.
    pub dropped: Vec<(usize, &'static str)>,
}

/// Why a column with a name's header is not used.
pub(super) const NUMBERS: &str = "holds ids or numbers and no names";
const FIRST_NAMES: &str = "holds first names, and no column holds the last names";
const PART_ALONE: &str = "is a part of a name whose other parts are missing";

/// Finds the columns of names. `roles` are those of the columns that are free; `sample` are the first records.
pub(super) fn find_names(headers: &[String], roles: &[Option<Role>], sample: &[ByteRecord]) -> FoundNames {
    let mut found = FoundNames::default();
    let mut columns = |wanted: fn(&Role) -> bool| -> Vec<usize> {
        let of_role = (0..roles.len()).filter(|i| roles[*i].as_ref().is_some_and(wanted));
        let (numbers, names): (Vec<_>, Vec<_>) = of_role.partition(|i| holds_numbers(sample, *i));
        found.dropped.extend(numbers.into_iter().map(|i| (i, NUMBERS)));
        names
    };
    let mut whole = columns(|r| matches!(r, Role::Name | Role::Full));
    let mut names = columns(|r| matches!(r, Role::Name));
    let company = columns(|r| matches!(r, Role::Company));
    let party = columns(|r| matches!(r, Role::Party));
    let alias = columns(|r| matches!(r, Role::Alias));
    let mut parts: Vec<(NamePart, usize)> = Vec::new();
    for (at, role) in roles.iter().enumerate() {
        if let Some(Role::Part(part)) = role {
            parts.push((*part, at));
        }
    }
    let has = |wanted: NamePart, parts: &[(NamePart, usize)]| parts.iter().any(|(p, _)| *p == wanted);
    // Beside one part of a name, "name" is the other one: "Name;Vorname", "Nome;Cognome".
    let mut whole_part = None;
    let (given, family) = (has(NamePart::Given, &parts), has(NamePart::Family, &parts));
    let is_part = |(p, _): &(NamePart, usize)| !matches!(p, NamePart::Prefix);
    if given != family || parts.iter().any(is_part) && !given {
        let other = if family { NamePart::Given } else { NamePart::Family };
        if !names.is_empty() {
            let name = names.remove(0);
            parts.push((other, name));
            whole_part = Some(name);
            whole.retain(|at| *at != name);
        }
    }
    parts.sort_unstable();
    let mut joined = None;
    if has(NamePart::Family, &parts) && !holds_numbers(sample, parts[parts.len() - 1].1) {
        let family = parts.iter().position(|(p, _)| *p == NamePart::Family);
        let columns: Vec<usize> = parts.iter().map(|(_, at)| *at).collect();
        joined = Some(match columns[..] {
            [one] => NameColumn::single(headers, one),
            _ => {
                let whole = parts.iter().position(|(_, at)| Some(*at) == whole_part);
                NameColumn::joined(headers, columns, family, whole)
            }
        });
    } else {
        let why = |part| if part == NamePart::Given { FIRST_NAMES } else { PART_ALONE };
        found.dropped.extend(parts.iter().map(|(part, at)| (*at, why(*part))));
    }
    let single = |at: usize| NameColumn::single(headers, at);
    let found_names = whole.into_iter().map(single).chain(joined);
    found.names = found_names.chain(company.into_iter().chain(party).map(single)).collect();
    // Other names alone make no table of parties.
    if !found.names.is_empty() {
        found.names.extend(alias.into_iter().map(single));
    }
    found.dropped.sort_unstable();
    found.dropped.dedup();
    found
}

/// Whether a column holds ids, numbers, addresses of mail or marks, by at least nine in ten of the sample's cells.
pub(super) fn holds_numbers(sample: &[ByteRecord], at: usize) -> bool {
    let cells = sample.iter().filter_map(|r| std::str::from_utf8(r.get(at)?).ok()).map(str::trim);
    let (mut all, mut numbers) = (0, 0);
    for cell in cells.filter(|c| c.chars().any(char::is_alphanumeric)) {
        all += 1;
        numbers += usize::from(is_number(cell));
    }
    all >= FEWEST_CELLS && numbers * 10 >= all * 9
}

/// Whether a cell is an id, a number, an address of mail or a mark, and no name.
fn is_number(cell: &str) -> bool {
    // A longer cell is a text.
    if cell.len() > 100 {
        return false;
    }
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let is_one_word = !cell.contains(char::is_whitespace);
    let is_hex = cell.len() >= 16 && cell.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    letters == 0
        || (is_one_word && (cell.contains('@') || cell.contains("://")))
        || (is_one_word && digits > 0 && (is_hex || digits >= letters))
        || (letters == 1 && digits == 0 && cell.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(parts: &[&str], family: Option<usize>, whole: Option<usize>) -> String {
        let headers = vec!["h".to_string(); parts.len()];
        let column = NameColumn::joined(&headers, (0..parts.len()).collect(), family, whole);
        column.join(|at| parts[at].to_string())
    }

    #[test]
    fn parts_are_joined_once_and_in_the_order_of_their_script() {
        assert_eq!(joined(&["Ramzan", "Kadyrov"], Some(1), None), "Ramzan Kadyrov");
        assert_eq!(joined(&["", "Kadyrov"], Some(1), None), "Kadyrov");
        assert_eq!(joined(&["Ramzan", "Kadyrov, Ramzan"], Some(1), Some(1)), "Kadyrov, Ramzan");
        assert_eq!(joined(&["Ali", "Ali"], Some(1), Some(1)), "Ali Ali");
        assert_eq!(joined(&["Abdul Rahman", "Rahman"], Some(1), None), "Abdul Rahman Rahman");
        assert_eq!(joined(&["小明", "王"], Some(1), None), "王小明");
        assert_eq!(joined(&["", "王"], Some(1), None), "王");
        assert_eq!(joined(&["小明", "王"], None, None), "小明 王", "as the caller said");
        assert_eq!(joined(&["정은", "김"], Some(1), None), "김정은");
        assert_eq!(joined(&["", ""], Some(1), None), "");
    }

    #[test]
    fn ids_numbers_and_marks_are_no_names() {
        for cell in [
            "1001",
            "C-1001",
            "CUST000123",
            "550e8400-e29b-41d4-a716-446655440000",
            "a@b.org",
            "Y",
            "12.50",
            "2020-01-31",
        ] {
            assert!(is_number(cell), "{cell}");
        }
        for cell in [
            "3M",
            "7-Eleven",
            "1C Company",
            "Kadyrov",
            "永信",
            "Li",
            "Ocean Lily 3",
            "50 Cent",
            "MV 12345 Lily",
        ] {
            assert!(cell == "3M" || !is_number(cell), "{cell}");
        }
    }

    #[test]
    fn the_same_words_are_one_name() {
        assert!(same_words("Ramzan Kadyrov", "KADYROV, Ramzan"));
        assert!(!same_words("Acme", "Acme Trading"));
        assert!(same_words("경수 송", "송경수"));
        assert!(!same_words("경수 송", "송경"));
    }
}
