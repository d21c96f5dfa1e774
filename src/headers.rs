//! What the columns of tables of counterparties and of lists are called: headers by field, in the languages of
//! headers.tsv.
//!
//! Cost: the table of some thousand headers is made once, when the first header is looked up.

use crate::entity::{IdentifierKind, folded};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Part of a name that has a column of its own, in the order in which the parts are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NamePart {
    Prefix,
    Given,
    Middle,
    Father,
    Family,
    Suffix,
}

/// What a column holds, by its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A name: whole, or beside a first name the family name.
    Name,
    /// Always a whole name.
    Full,
    /// The name of a body.
    Company,
    /// A party, by its name or by its number.
    Party,
    /// Another name.
    Alias,
    /// Part of a name.
    Part(NamePart),
    Schema,
    BirthDate,
    Country,
    Gender,
    Identifier(IdentifierKind),
}

impl Role {
    fn parse(word: &str) -> Option<Role> {
        Some(match word {
            "name" => Role::Name,
            "full" => Role::Full,
            "company" => Role::Company,
            "party" => Role::Party,
            "alias" => Role::Alias,
            "prefix" => Role::Part(NamePart::Prefix),
            "given" => Role::Part(NamePart::Given),
            "middle" => Role::Part(NamePart::Middle),
            "father" => Role::Part(NamePart::Father),
            "family" => Role::Part(NamePart::Family),
            "suffix" => Role::Part(NamePart::Suffix),
            "schema" => Role::Schema,
            "birth_date" => Role::BirthDate,
            "country" => Role::Country,
            "gender" => Role::Gender,
            other => Role::Identifier(IdentifierKind::of_header(other)?),
        })
    }

    /// Whether a table with such a column may be a table of parties.
    #[cfg(feature = "batch")]
    pub(crate) fn is_name(&self) -> bool {
        matches!(
            self,
            Role::Name
                | Role::Full
                | Role::Company
                | Role::Party
                | Role::Part(NamePart::Given | NamePart::Family)
        )
    }
}

/// The rows of headers.tsv: role and header.
fn rows() -> impl Iterator<Item = (Role, &'static str)> {
    let lines = include_str!("headers.tsv").lines().filter(|l| !l.starts_with('#'));
    lines.flat_map(|line| {
        let mut cells = line.split('\t');
        let role = cells.next().and_then(Role::parse);
        let headers = cells.nth(2).unwrap_or_default();
        role.into_iter().flat_map(move |role| headers.split(';').map(move |h| (role.clone(), h.trim())))
    })
}

fn table() -> &'static FxHashMap<String, Role> {
    static TABLE: OnceLock<FxHashMap<String, Role>> = OnceLock::new();
    TABLE.get_or_init(|| rows().map(|(role, header)| (folded(header), role)).collect())
}

/// The role of exactly this header.
fn role_of_whole(header: &str, key: &str) -> Option<Role> {
    table().get(key).cloned().or_else(|| {
        let kind = IdentifierKind::of_header(header).filter(IdentifierKind::is_identifying)?;
        Some(Role::Identifier(kind))
    })
}

/// The role of a column with this header, if it is known.
///
/// Also known are a header with a number behind it, with a remark in brackets or a translation behind a slash,
/// and with the word for a party before it: "Name 2", "Geburtsdatum (TT.MM.JJJJ)", "Name / Nom",
/// "customer_country".
pub(crate) fn role_of(header: &str) -> Option<Role> {
    let key = folded(header);
    let whole = role_of_whole(header, &key);
    let unnumbered = || {
        let bare = key.trim_end_matches(|c: char| c.is_ascii_digit());
        (bare.len() < key.len()).then(|| role_of_whole(bare, bare)).flatten()
    };
    let head = || {
        let (head, _) = header.split_once(['(', '[', '/', '|', ':', '（', '／'])?;
        role_of_whole(head, &folded(head))
    };
    let of_party = || {
        let starts = (1..key.len()).filter(|at| key.is_char_boundary(*at));
        let mut rests = starts.filter_map(|at| {
            let party = matches!(table().get(&key[..at])?, Role::Party | Role::Company);
            party.then(|| table().get(&key[at..])).flatten()
        });
        rests.next().cloned()
    };
    // A header of more than a line's length is text: no search through all its beginnings.
    whole.or_else(unnumbered).or_else(head).or_else(|| (key.len() <= 100).then(of_party).flatten())
}

/// Whether a column with this header is read: a name, a part of one, or a field.
#[cfg(feature = "batch")]
pub(crate) fn is_known_header(header: &str) -> bool {
    role_of(header).is_some()
}

/// How much a record looks like the header of a table of parties: its known headers, and whether one is of a name.
#[cfg(feature = "batch")]
pub(crate) fn rate_header<'h>(fields: impl IntoIterator<Item = &'h [u8]>) -> (usize, bool) {
    // Of a wide header, which is text or damaged, the first columns tell enough.
    let fields = fields.into_iter().take(1000).filter(|f| f.len() <= 200);
    let roles: Vec<Role> = fields.filter_map(|f| role_of(&String::from_utf8_lossy(f))).collect();
    (roles.len(), roles.iter().any(Role::is_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_row_is_read_and_no_header_means_two_things() {
        let lines = include_str!("headers.tsv").lines().filter(|l| !l.starts_with('#'));
        for line in lines {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 4, "{line}");
            assert!(Role::parse(cells[0]).is_some(), "{line}");
            assert!(
                ["contract", "django", "oscar", "ftm", "indico", "forms", "usage"].contains(&cells[2]),
                "{line}"
            );
        }
        let mut seen: HashMap<String, Role> = HashMap::new();
        for (role, header) in rows() {
            let key = folded(header);
            assert!(!key.is_empty(), "{header}");
            let before = seen.insert(key, role.clone());
            assert!(before.is_none_or(|before| before == role), "{header}");
            assert_eq!(role_of(header), Some(role), "{header}");
        }
    }

    #[test]
    fn headers_are_told_with_numbers_remarks_and_parties() {
        let family = Role::Part(NamePart::Family);
        for (header, role) in [
            ("NAME 2", Some(Role::Name)),
            ("Geburtsdatum (TT.MM.JJJJ)", Some(Role::BirthDate)),
            ("Nachname / Surname", Some(family.clone())),
            ("customer_last_name", Some(family)),
            ("Client Country", Some(Role::Country)),
            ("IMO number", Some(Role::Identifier(IdentifierKind::Imo))),
            ("customer_id", None),
            ("Nr.", None),
            ("2", None),
            ("", None),
            ("note", None),
        ] {
            assert_eq!(role_of(header), role, "{header}");
        }
    }
}
