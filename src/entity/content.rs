//! The facts of an entity field by field, in an order that does not depend on the order of its file, and a hash
//! of them.

use super::{AliasStrength, Entity};
use sha2::{Digest, Sha256};

impl Entity {
    /// The facts of the entity: for every field its values as text, sorted, each once. The id is left out, as it
    /// identifies the record and not the party.
    ///
    /// The fields in their order: `schema`, `name` (the primary one), `alias`, `birth_date`, `gender`, `country`,
    /// `program`, `identifier`, `address`, `birth_place`, `listed_on`, `remarks`. An alias is followed by its kind
    /// and strength, an identifier by its kind and country.
    ///
    /// ```
    /// use interdict::entity::{Entity, Name, Schema};
    /// let mut entity = Entity::new("1", Schema::Person, "DOE, Jane");
    /// entity.names.push(Name::weak("Jo"));
    /// let facts = entity.facts();
    /// assert_eq!(facts[1], ("name", vec!["DOE, Jane".to_string()]));
    /// assert_eq!(facts[2], ("alias", vec!["Jo (alias, weak)".to_string()]));
    /// ```
    pub fn facts(&self) -> [(&'static str, Vec<String>); 12] {
        // An exhaustive pattern, so that a new field cannot be forgotten here.
        let Entity {
            id: _,
            schema,
            names,
            birth_dates,
            gender,
            countries,
            programs,
            identifiers,
            addresses,
            birth_places,
            listed_on,
            remarks,
        } = self;
        let sorted = |values: &mut dyn Iterator<Item = String>| {
            let mut values: Vec<String> = values.filter(|v| !v.is_empty()).collect();
            values.sort_unstable();
            values.dedup();
            values
        };
        let texts = |values: &[String]| sorted(&mut values.iter().cloned());
        let alias = |n: &super::Name| {
            let weak = if n.strength == AliasStrength::Weak { ", weak" } else { "" };
            format!("{} ({}{weak})", n.text, n.kind)
        };
        let identifier = |i: &super::Identifier| {
            let country = i.country.as_ref().map_or(String::new(), |c| format!(", {c}"));
            format!("{} ({}{country})", i.value, i.kind.as_str())
        };
        [
            ("schema", vec![schema.as_str().to_string()]),
            ("name", texts(&[self.primary_name().to_string()])),
            ("alias", sorted(&mut names.iter().skip(1).map(alias))),
            ("birth_date", sorted(&mut birth_dates.iter().map(ToString::to_string))),
            ("gender", gender.iter().map(ToString::to_string).collect()),
            ("country", texts(countries)),
            ("program", texts(programs)),
            ("identifier", sorted(&mut identifiers.iter().map(identifier))),
            ("address", texts(addresses)),
            ("birth_place", texts(birth_places)),
            ("listed_on", listed_on.iter().map(ToString::to_string).collect()),
            ("remarks", texts(std::slice::from_ref(remarks))),
        ]
    }

    /// A hash of the facts: 32 hexadecimal digits, equal for two entities exactly if their
    /// [`facts`](Entity::facts) are equal. The hash depends neither on the id, nor on the order of values, nor on
    /// the machine.
    ///
    /// It is the first half of the SHA-256 of these lines, each ended by a line feed: `interdict entity 1`, then
    /// for each field of the facts its name, the number of its values, and each value as its length in bytes, `:`
    /// and its text. The number in the first line is raised when the form of the facts changes, so that hashes of
    /// two forms never agree.
    ///
    /// ```
    /// use interdict::entity::{Entity, Schema};
    /// let old = Entity::new("17", Schema::Vessel, "LADY R");
    /// let mut new = Entity::new("18", Schema::Vessel, "LADY R");
    /// assert_eq!(old.content_hash(), new.content_hash());
    /// new.remarks = "Flag Russia".into();
    /// assert_ne!(old.content_hash(), new.content_hash());
    /// ```
    pub fn content_hash(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"interdict entity 1\n");
        for (field, values) in self.facts() {
            hasher.update(format!("{field}\n{}\n", values.len()));
            for value in values {
                hasher.update(format!("{}:{value}\n", value.len()));
            }
        }
        hasher.finalize()[..16].iter().map(|b| format!("{b:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Date, Gender, Identifier, IdentifierKind, Name, Schema};
    use super::*;

    fn entity() -> Entity {
        let mut e = Entity::new("1", Schema::Person, "DOE, Jane");
        e.names.extend([Name::alias("Jane D."), Name::weak("Jo")]);
        e.birth_dates.extend([Date::parse("1970-01-02").unwrap(), Date::parse("1971").unwrap()]);
        e.identifiers.push(Identifier::new(IdentifierKind::Passport, "A 1"));
        e.countries.extend(["fr".to_string(), "de".to_string()]);
        e
    }

    #[test]
    fn the_hash_is_this_one_forever() {
        // Accepted hits and old reports hold these hashes.
        assert_eq!(entity().content_hash(), "70e589feda437b85c7a1b70e168094cd");
        let bare = "interdict entity 1\nschema\n1\n6:Vessel\nname\n1\n1:X\nalias\n0\nbirth_date\n0\ngender\n0\ncountry\n0\n\
            program\n0\nidentifier\n0\naddress\n0\nbirth_place\n0\nlisted_on\n0\nremarks\n0\n";
        let hash: String = Sha256::digest(bare.as_bytes())[..16].iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(Entity::new("7", Schema::Vessel, "X").content_hash(), hash);
    }

    #[test]
    fn order_and_repetition_do_not_change_the_hash_and_every_field_does() {
        let e = entity();
        let mut other = entity();
        other.id = "2".into();
        other.names.swap(1, 2);
        other.names.push(Name::weak("Jo"));
        other.birth_dates.reverse();
        other.countries.reverse();
        assert_eq!(e.content_hash(), other.content_hash());
        let changes: [fn(&mut Entity); 13] = [
            |e| e.schema = Schema::Unknown,
            |e| e.names.swap(0, 1),
            |e| e.names[2] = Name::alias("Jo"),
            |e| e.names[1] = Name::former("Jane D."),
            |e| e.birth_dates.truncate(1),
            |e| e.gender = Some(Gender::Female),
            |e| e.countries.push("it".into()),
            |e| e.programs.push("X".into()),
            |e| e.identifiers[0].country = Some("fr".into()),
            |e| e.addresses.push("X".into()),
            |e| e.birth_places.push("X".into()),
            |e| e.listed_on = Date::parse("2020"),
            |e| e.remarks.push('X'),
        ];
        let mut seen = vec![e.content_hash()];
        for change in changes {
            let mut changed = entity();
            change(&mut changed);
            assert!(!seen.contains(&changed.content_hash()));
            seen.push(changed.content_hash());
        }
    }
}
