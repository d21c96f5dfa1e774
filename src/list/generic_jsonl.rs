//! The generic JSON Lines layout: one object a line, whose keys are the columns of the
//! [generic CSV](super::generic_csv).
//!
//! ```
//! let line = br#"{"name": "ACME LTD", "aliases": ["Acme", "A.C.M.E."], "imo": 9253325}"#;
//! let list = interdict::list::from_bytes("mine", line)?;
//! assert_eq!(list.entities[0].names.len(), 3);
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! A value is a text, a number, a boolean, or a list of these; a text may separate several by `;` as a cell does.
//! Keys may differ from line to line. Lines that share an id are one entity; a line without an id gets one from
//! its content. A line that is no JSON object, or has no name, is rejected. What other objects hold within is
//! not read.
//!
//! Cost: one pass. Limits: the first line must have a key `name` (or one of its other headers).

use super::gather::{About, Gathered, Refused};
use super::generic_csv::{Added, Column, Draft, Reading, column};
use super::json_lines::{Objects, texts};
use super::source::Source;
use super::{Layout, List};
use crate::error::Result;
use serde_json::{Map, Value};

/// Whether an object is a line of this layout.
pub(super) fn is_object(object: &Map<String, Value>) -> bool {
    object.keys().any(|k| column(k) == Column::Name)
}

pub(super) fn read(name: &str, source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut objects = Objects::new(source);
    let mut list = Reading::new(false);
    while let Some((object, at)) = objects.next()? {
        let read = object.map_err(Refused::record).and_then(|object| {
            let mut draft = Draft::default();
            for (key, value) in &object {
                let column = column(key);
                texts(value).iter().for_each(|text| draft.set(&column, text));
            }
            list.add(draft, &mut gathered.entities)
        });
        match read {
            Ok(Added::Entity) => {}
            Ok(Added::ToAnother) => gathered.fold(1),
            Err(refused) => gathered.reject(at, refused)?,
        }
    }
    let sha256 = objects.sha256()?;
    Ok(gathered.list(About::new(name, Layout::GenericJsonLines, sha256)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{IdentifierKind, Name};

    #[test]
    fn keys_are_columns() {
        let lines = r#"{"Name": "Ann Example", "aliases": ["Анна Пример", "Nana"], "dob": 1971, "country": "Iran", "passport": ["A1234567"], "more": {"x": 1}}
{"id": 7, "name": "Works Ltd", "type": "company", "weak_alias": "Works"}
{"id": 7, "name": "Old Works"}
{"alias": "nobody"}
not json
"#;
        let list = read("x", Source::bytes("x", lines.as_bytes())).unwrap();
        assert_eq!((list.version.records, list.version.entities, list.version.rejected), (5, 2, 2));
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Ann Example"), Name::alias("Анна Пример"), Name::alias("Nana")]);
        assert_eq!((e.birth_dates[0].to_string(), &e.countries[0][..]), ("1971".into(), "ir"));
        assert_eq!(e.identifiers[0].kind, IdentifierKind::Passport);
        let works = &list.entities[1];
        assert_eq!(works.id, "7");
        assert_eq!(works.names, [Name::primary("Works Ltd"), Name::weak("Works"), Name::alias("Old Works")]);
        let lines: Vec<_> = list.rejected.iter().map(|r| r.position.line).collect();
        assert_eq!(lines, [Some(4), Some(5)]);
    }
}
