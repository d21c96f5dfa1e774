//! The FollowTheMoney vocabulary: schemata, their properties, and which can match which.
//!
//! Both tables were read from the model of the Python package `followthemoney` 4.9.2; `schemata.tsv` and `properties.tsv`
//! name it.

use interdict::entity::Schema;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A schema of the vocabulary.
#[derive(Clone, Debug)]
pub struct FtmSchema {
    /// Its name, as in `schema` of an entity.
    pub name: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The label of several.
    pub plural: &'static str,
    /// What it can match with; `None` for a schema that is not matched.
    matches: Option<Vec<&'static str>>,
}

/// A property of the vocabulary.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name, as a key of `properties`.
    pub name: &'static str,
    /// The type of its values: `name`, `date`, `country`, `identifier`, `entity` …
    pub kind: &'static str,
    /// Whether the vocabulary means its values to be compared.
    pub compared: bool,
    /// Its name for people.
    pub label: &'static str,
    /// The schemata that have it; empty for all.
    schemata: Vec<&'static str>,
}

impl Property {
    /// Whether entities of a schema may have it. `Thing` stands for every schema.
    pub fn belongs_to(&self, schema: &str) -> bool {
        schema == THING || self.schemata.is_empty() || self.schemata.contains(&schema)
    }
}

/// The schema of anything.
pub const THING: &str = "Thing";

static SCHEMATA: LazyLock<Vec<FtmSchema>> = LazyLock::new(|| {
    let rows = rows(include_str!("schemata.tsv"));
    let schema = |row: Vec<&'static str>| FtmSchema {
        name: row[0],
        label: row[1],
        plural: row[2],
        matches: (row[3] != "-").then(|| row[3].split(',').collect()),
    };
    rows.map(schema).collect()
});

static PROPERTIES: LazyLock<HashMap<&'static str, Property>> = LazyLock::new(|| {
    let property = |row: Vec<&'static str>| Property {
        name: row[0],
        kind: row[1],
        compared: row[2] == "yes",
        label: row[3],
        schemata: if row[4] == "*" { Vec::new() } else { row[4].split(',').collect() },
    };
    rows(include_str!("properties.tsv")).map(|row| (row[0], property(row))).collect()
});

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

impl FtmSchema {
    /// The schema with this name.
    pub fn find(name: &str) -> Option<&'static FtmSchema> {
        SCHEMATA.iter().find(|schema| schema.name == name)
    }

    /// Every schema that is matched, in alphabetical order.
    pub fn matchable() -> impl Iterator<Item = &'static FtmSchema> {
        SCHEMATA.iter().filter(|schema| schema.matches.is_some())
    }

    /// Whether parties of this schema are matched.
    pub fn is_matchable(&self) -> bool {
        self.matches.is_some()
    }

    /// Whether a query of this schema can match a listed entity of a schema. `Thing`, on either side, matches everything:
    /// the kind of party is not known. So does a query whose schema is not matched, for nothing follows from it.
    pub fn can_match(&self, listed: &str) -> bool {
        listed == THING || self.matches.as_ref().is_none_or(|matches| matches.contains(&listed))
    }

    /// The kind of party in a query.
    pub fn library_schema(&self) -> Schema {
        match self.name {
            "Person" => Schema::Person,
            "Organization" | "PublicBody" => Schema::Organization,
            "Company" => Schema::Company,
            "LegalEntity" => Schema::LegalEntity,
            "Vessel" => Schema::Vessel,
            "Airplane" => Schema::Aircraft,
            "CryptoWallet" => Schema::CryptoWallet,
            "Address" | "BankAccount" | "Position" | "Security" | "UserAccount" => Schema::Other,
            // A vehicle may be a ship or an aircraft; of the rest nothing is known.
            _ => Schema::Unknown,
        }
    }
}

/// The property with this name.
pub fn property(name: &str) -> Option<&'static Property> {
    PROPERTIES.get(name)
}

/// The properties of a schema, in alphabetical order.
pub fn properties_of(schema: &str) -> Vec<&'static Property> {
    let mut found: Vec<_> = PROPERTIES.values().filter(|property| property.belongs_to(schema)).collect();
    found.sort_by_key(|property| property.name);
    found
}

/// The schema of a listed party in answers.
pub fn of_listed(schema: Schema) -> &'static str {
    match schema {
        Schema::Person => "Person",
        Schema::Organization => "Organization",
        Schema::Company => "Company",
        Schema::LegalEntity => "LegalEntity",
        Schema::Vessel => "Vessel",
        Schema::Aircraft => "Airplane",
        Schema::CryptoWallet => "CryptoWallet",
        // The list does not say what it is, or it is a thing of another kind.
        _ => THING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemata_match_as_the_vocabulary_says() {
        for (query, listed, expected) in [
            ("Person", "LegalEntity", true),
            ("Person", "Company", false),
            ("LegalEntity", "Person", true),
            ("Company", "PublicBody", false),
            ("Vessel", "Vehicle", true),
            ("Vessel", "Airplane", false),
            ("Vehicle", "Airplane", true),
            ("Thing", "CryptoWallet", true),
            ("Person", "Thing", true),
        ] {
            assert_eq!(FtmSchema::find(query).unwrap().can_match(listed), expected, "{query} {listed}");
        }
        assert!(FtmSchema::find("Nope").is_none());
        assert_eq!(FtmSchema::matchable().count(), 14);
    }

    #[test]
    fn properties_belong_to_schemata() {
        assert!(property("birthDate").unwrap().belongs_to("Person"));
        assert!(!property("birthDate").unwrap().belongs_to("Vessel"));
        assert!(property("name").unwrap().belongs_to("Address") && property("fullName").is_none());
        assert!(properties_of("Vessel").iter().any(|p| p.name == "imoNumber" && p.kind == "identifier"));
    }

    #[test]
    fn what_is_listed_comes_back_as_the_same_kind() {
        for schema in Schema::ALL {
            let name = of_listed(schema);
            let back = FtmSchema::find(name).unwrap().library_schema();
            assert!(back == schema || back == Schema::Unknown && schema == Schema::Other, "{schema}");
        }
    }
}
