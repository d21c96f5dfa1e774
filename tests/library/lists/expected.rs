//! Entities checked by hand against the publishers' own files, and how a list is compared with them.

use interdict::entity::{AliasStrength, Date, Entity, Name, NameKind, Schema};
use interdict::list::List;

/// An entity as a person reads it in the file, with all its facts of these fields. Weak names have the prefix
/// `~`, former ones `<`. Identifiers are "kind value", with the country in brackets.
pub struct Expected {
    pub id: &'static str,
    pub names: &'static [&'static str],
    pub born: &'static [&'static str],
    pub countries: &'static [&'static str],
    pub programs: &'static [&'static str],
    pub identifiers: &'static [&'static str],
    pub listed: &'static str,
}

/// An entity without facts.
pub const NO_FACTS: Expected =
    Expected { id: "", names: &[], born: &[], countries: &[], programs: &[], identifiers: &[], listed: "" };

fn marked_name(name: &Name) -> String {
    let weak = if name.strength == AliasStrength::Weak { "~" } else { "" };
    let former = if name.kind == NameKind::Former { "<" } else { "" };
    format!("{weak}{former}{}", name.text)
}

/// Checks that the entities of a list have exactly the expected facts.
pub fn check_exactly(list: &List, expected: &[Expected]) {
    let v = &list.version;
    assert_eq!(v.records, v.entities + v.rejected, "every record is loaded or rejected: {v:?}");
    for x in expected {
        let e = entity(list, x.id);
        let (published, within): (Vec<&Name>, Vec<&Name>) =
            e.names.iter().partition(|n| x.names.contains(&marked_name(n).as_str()));
        assert_eq!(published.into_iter().map(marked_name).collect::<Vec<_>>(), x.names, "{}", x.id);
        // Besides the published names only those within the brackets of one.
        for name in within {
            let holds = |p: &&&str| p.contains('(') && name.text.split(' ').all(|word| p.contains(word));
            assert!(x.names.iter().any(|p| holds(&p)), "{}: {}", x.id, name.text);
        }
        assert_eq!(e.birth_dates.iter().map(Date::to_string).collect::<Vec<_>>(), x.born, "{}", x.id);
        assert_eq!(e.countries, x.countries, "{}", x.id);
        assert_eq!(e.programs, x.programs, "{}", x.id);
        let identifiers = e.identifiers.iter().map(|i| {
            let country = i.country.as_ref().map_or(String::new(), |c| format!(" ({c})"));
            format!("{} {}{country}", i.kind, i.value)
        });
        assert_eq!(identifiers.collect::<Vec<_>>(), x.identifiers, "{}", x.id);
        assert_eq!(e.listed_on.map_or(String::new(), |d| d.to_string()), x.listed, "{}", x.id);
    }
}

/// Some facts of an entity.
pub struct ExpectedAmong<'a> {
    /// Empty for an id that is derived from the content: then the primary name identifies the entity.
    pub id: &'a str,
    pub schema: Schema,
    /// The primary name first, the others in any order.
    pub names: &'a [&'a str],
    /// Birth dates, programmes, identifiers as "kind value", listing date, countries, gender.
    pub facts: &'a [&'a str],
}

/// Shorthand for an [`ExpectedAmong`].
pub const fn among<'a>(
    id: &'a str,
    schema: Schema,
    names: &'a [&'a str],
    facts: &'a [&'a str],
) -> ExpectedAmong<'a> {
    ExpectedAmong { id, schema, names, facts }
}

fn facts(e: &Entity) -> Vec<String> {
    let dates = e.birth_dates.iter().map(|d| format!("born {d}"));
    let programs = e.programs.iter().map(|p| format!("program {p}"));
    let identifiers = e.identifiers.iter().map(|i| format!("{} {}", i.kind, i.value));
    let listed = e.listed_on.iter().map(|d| format!("listed {d}"));
    let countries = e.countries.iter().map(|c| format!("country {c}"));
    let gender = e.gender.iter().map(|g| format!("gender {g:?}"));
    dates.chain(programs).chain(identifiers).chain(listed).chain(countries).chain(gender).collect()
}

/// Checks that the entities of a list have the expected facts among others.
pub fn check_among(list: &List, expected: &[ExpectedAmong<'_>]) {
    for x in expected {
        let primary = x.names[0];
        let by_id = list.entities.iter().find(|e| e.id == x.id);
        let found =
            by_id.or_else(|| list.entities.iter().find(|e| x.id.is_empty() && e.primary_name() == primary));
        let Some(e) = found else { panic!("{} {primary} is not in {}", x.id, list.version.name) };
        assert_eq!(e.schema, x.schema, "{primary}");
        assert_eq!(e.primary_name(), primary);
        for name in x.names {
            let has_name = e.names.iter().any(|n| n.text == *name);
            assert!(has_name, "{name} is not a name of {primary}: {:?}", e.names);
        }
        let facts = facts(e);
        for fact in x.facts {
            assert!(facts.iter().any(|f| f == fact), "{fact} is not a fact of {primary}: {facts:?}");
        }
    }
}

/// The entity with this id.
pub fn entity<'a>(list: &'a List, id: &str) -> &'a Entity {
    list.entities.iter().find(|e| e.id == id).unwrap_or_else(|| panic!("no entity {id}"))
}

/// The kind and strength of a name of an entity.
pub fn kind_of_name(list: &List, id: &str, text: &str) -> (NameKind, AliasStrength) {
    let e = entity(list, id);
    let name = e.names.iter().find(|n| n.text == text).unwrap_or_else(|| panic!("{text}: {:?}", e.names));
    (name.kind, name.strength)
}
