//! The grammar of OFAC's remarks: facts separated by `;`, each recognised by its first words.

use super::facts;
use crate::entity::{AliasStrength, Date, Entity, Gender, Name, NameKind};

/// Reads the facts of a remark into an entity. Other text is ignored here, because the entity keeps the whole remark.
pub(crate) fn read(remarks: &str, e: &mut Entity) {
    for part in split_facts(remarks) {
        read_fact(part, e);
    }
}

/// Splits at semicolons, and drops the full stop at the end.
fn split_facts(remarks: &str) -> impl Iterator<Item = &str> {
    remarks.split(';').map(|p| p.trim().trim_end_matches('.').trim()).filter(|p| !p.is_empty())
}

fn read_fact(part: &str, e: &mut Entity) {
    let part = part.strip_prefix("alt. ").unwrap_or(part);
    let after = |head: &str| part.strip_prefix(head).map(str::trim);
    if let Some(date) = after("DOB ") {
        e.birth_dates.extend(Date::parse(date));
    } else if let Some(place) = after("POB ") {
        e.birth_places.push(place.to_string());
    } else if let Some(country) = after("nationality ").or_else(|| after("citizen ")) {
        e.add_country(country);
    } else if let Some(gender) = after("Gender ") {
        e.gender = Gender::parse(gender);
    } else if let Some(name) = after("a.k.a. ") {
        // The aliases in OFAC's remarks are weak ones.
        e.add_name(Name::weak(unquote(name)));
    } else if let Some(name) = after("f.k.a. ") {
        e.add_name(Name::new(unquote(name), NameKind::Former, AliasStrength::Weak));
    } else {
        read_identifier(part, e);
    }
}

fn unquote(name: &str) -> &str {
    name.trim_matches(['\'', '"', ' '])
}

fn read_identifier(part: &str, e: &mut Entity) {
    let Some((kind, rest)) = facts::split_type(part) else { return };
    let rest = rest.trim();
    // "A0008696 (Nicaragua) issued 17 Oct 2011 expires 17 Oct 2021": the number, then its country and dates.
    let ends = [" (", " issued ", " expires "];
    let end = ends.iter().filter_map(|e| rest.find(e)).min().unwrap_or(rest.len());
    let country = rest[end..].strip_prefix(" (").and_then(|r| r.split(')').next()).unwrap_or("");
    facts::add(kind, &rest[..end], country, e);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Schema;

    #[test]
    fn facts_are_recognised_by_their_first_words() {
        let mut e = Entity::new("1", Schema::Person, "X");
        read(
            "DOB 11 Nov 1954; alt. DOB circa 1955; POB Jinotepe, Nicaragua; nationality Iran; citizen Syria; Gender Male; \
             Passport A0008696 (Nicaragua) issued 17 Oct 2011 expires 17 Oct 2021; National ID No. 0411 (Iran); \
             Tax ID No. 262; Vessel Registration Identification IMO 9683570; Digital Currency Address - XBT 1abcDEF; \
             a.k.a. 'EL X'; f.k.a. 'OLD X'; Linked To: Y CO.",
            &mut e,
        );
        assert_eq!(e.birth_dates.len(), 2);
        assert_eq!(e.countries, ["ir", "sy"]);
        assert_eq!(e.gender, Some(Gender::Male));
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("passport", "A0008696"),
                ("national-id", "0411"),
                ("tax", "262"),
                ("imo", "9683570"),
                ("wallet", "1abcDEF")
            ]
        );
        assert_eq!(e.identifiers[0].country.as_deref(), Some("ni"));
        assert_eq!(e.names[1], Name::weak("EL X"));
        assert_eq!(e.names[2].kind, NameKind::Former);
    }
}
