//! France's national register of asset freezes (registre national des gels) of the DGT, as JSON:
//! `{"Publications": {"DatePublication": …, "PublicationDetail": [{…}]}}`.
//!
//! | key | becomes |
//! |---|---|
//! | `IdRegistre` | id |
//! | `Nature` Personne physique / Personne morale / Navire | schema |
//! | `Nom`, with `PRENOM` of a person | primary name, "First Last" |
//! | `RegistreDetail`: `TypeChamp` `ALIAS` | aliases |
//! | `DATE_DE_NAISSANCE` (`Jour`, `Mois`, `Annee`) · `LIEU_DE_NAISSANCE` · `NATIONALITE` · `SEXE` | birth dates · places · countries · gender |
//! | `ADRESSE_PP`, `ADRESSE_PM` | addresses; of bodies the country too |
//! | `PASSEPORT`, `IDENTIFICATION`, `AUTRE_IDENTITE`, `NUMERO_OMI` | identifiers |
//! | `TELEPHONE`, `COURRIEL`, `SITE_INTERNET` | contact details |
//! | `FONDEMENT_JURIDIQUE`, `REFERENCE_UE`, `REFERENCE_ONU` | programmes, remarks |
//! | `MOTIFS`, `TITRE` and every other `TypeChamp` | remarks |
//!
//! `DatePublication` is the publication date. Source of the keys: the fault file of this layout in the
//! project's shared data, and public programs that read the register (`PRENOM`, `SEXE`, `ADRESSE_PM` …);
//! `NUMERO_OMI` was not seen in a file.
//!
//! Cost: one streamed pass. Limits: a record without id or name is rejected. Countries are in French; a name
//! that is not known stays as written.

use crate::entity::{Date, Entity, Identifier, IdentifierKind as K, Name, Schema};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, Parsed, RejectReason};
use crate::list::read::json_lines::{JsonObjects, texts};
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// Whether an object is a record of this layout.
pub(crate) fn is_object(object: &Object) -> bool {
    object.contains_key("IdRegistre") && object.contains_key("Nom")
}

/// Keys of a record that are read.
const KEYS: [&str; 4] = ["IdRegistre", "Nature", "Nom", "RegistreDetail"];

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut objects = JsonObjects::new(source);
    while let Some((object, at)) = objects.next()? {
        if let Ok(object) = &object {
            object.keys().filter(|k| !KEYS.contains(&k.as_str())).for_each(|k| builder.count_unread(k));
        }
        let parsed = object.map_err(RejectReason::record).and_then(|object| parse_record(&object));
        builder.add(at, parsed)?;
    }
    let published = objects.fact("DatePublication").and_then(|d| Date::parse(d.split('T').next()?));
    let sha256 = objects.sha256()?;
    let metadata = ListMetadata::new("fr-gels", Layout::FranceDgt, sha256);
    Ok(builder.finish(ListMetadata { published, ..metadata }))
}

fn text(object: &Object, key: &str) -> String {
    object.get(key).map_or_else(Vec::new, texts).join(" ")
}

/// The details of a record: the name of each field, and its values, each an object of texts.
fn details(record: &Object) -> impl Iterator<Item = (&str, &Object)> {
    let details = record.get("RegistreDetail").and_then(Value::as_array).into_iter().flatten();
    details.filter_map(Value::as_object).flat_map(|detail| {
        let field = detail.get("TypeChamp").and_then(Value::as_str).unwrap_or("");
        let values: Vec<&Object> = match detail.get("Valeur") {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_object).collect(),
            Some(Value::Object(value)) => vec![value],
            _ => Vec::new(),
        };
        values.into_iter().map(move |value| (field, value))
    })
}

fn parse_record(record: &Object) -> Parsed {
    let id = text(record, "IdRegistre");
    if id.is_empty() {
        return Err(RejectReason::field("IdRegistre", "no id"));
    }
    let schema = match text(record, "Nature").to_lowercase().as_str() {
        "personne physique" => Schema::Person,
        "personne morale" => Schema::Organization,
        "navire" => Schema::Vessel,
        _ => Schema::Unknown,
    };
    let given = details(record).filter(|(field, _)| *field == "PRENOM");
    let given: Vec<String> = given.map(|(_, value)| text(value, "Prenom")).collect();
    let parts = [given.join(" "), text(record, "Nom")];
    let name = parts.join(" ");
    if name.trim().is_empty() {
        return Err(RejectReason::field("Nom", "no name"));
    }
    let mut e = Entity::new(id, schema, name);
    details(record).for_each(|(field, value)| add_value(field, value, &mut e));
    Ok(e)
}

fn add_value(field: &str, value: &Object, e: &mut Entity) {
    let text = |key: &str| text(value, key);
    // The keys of the values of a field vary.
    let all = || value.values().flat_map(texts).collect::<Vec<_>>().join(", ");
    match field {
        "PRENOM" => {}
        "ALIAS" => {
            e.add_name(Name::alias(text("Alias")));
            e.add_remark(&text("Commentaire"));
        }
        "DATE_DE_NAISSANCE" => add_birth_date(value, e),
        "LIEU_DE_NAISSANCE" => e.add_birth_place([text("Lieu").as_str(), text("Pays").as_str()]),
        "NATIONALITE" => {
            let country = text("Pays");
            e.add_country(&if country.is_empty() { all() } else { country });
        }
        "SEXE" => e.add_gender(match text("Sexe").to_lowercase().as_str() {
            s if s.starts_with('f') => "female",
            s if s.starts_with('m') => "male",
            _ => "",
        }),
        "ADRESSE_PP" | "ADRESSE_PM" => {
            e.add_address([text("Adresse").as_str(), text("Pays").as_str()]);
            if e.schema != Schema::Person {
                e.add_country(&text("Pays"));
            }
        }
        "PASSEPORT" => add_number(K::Passport, &["NumeroPasseport", "Numero"], value, e),
        "NUMERO_OMI" => add_number(K::Imo, &["NumeroOMI", "NumeroOmi", "Numero"], value, e),
        "IDENTIFICATION" | "AUTRE_IDENTITE" => {
            add_number(K::unspecified(), &["Identification", "NumeroCarte", "Numero"], value, e);
        }
        "TELEPHONE" => e.add_identifier(Identifier::new(K::Phone, text("Telephone"))),
        "COURRIEL" => e.add_identifier(Identifier::new(K::Email, text("Courriel"))),
        "SITE_INTERNET" => e.add_identifier(Identifier::new(K::Website, text("SiteInternet"))),
        "FONDEMENT_JURIDIQUE" => {
            let label = text("FondementJuridiqueLabel");
            e.add_program(&if label.is_empty() { text("FondementJuridique") } else { label });
        }
        _ => e.add_remark(&format!("{field}: {}", all())),
    }
}

/// Adds the number under the first of these keys; the other texts of the value are a remark.
fn add_number(kind: K, keys: &[&str], value: &Object, e: &mut Entity) {
    let found = keys.iter().find(|k| !text(value, k).is_empty());
    if let Some(key) = found {
        e.add_identifier(Identifier::new(kind, text(value, key)));
    }
    let others = value.iter().filter(|(k, _)| Some(k.as_str()) != found.copied());
    e.add_remark(&others.flat_map(|(_, v)| texts(v)).collect::<Vec<_>>().join(", "));
}

fn add_birth_date(value: &Object, e: &mut Entity) {
    let number = |key: &str| text(value, key).parse::<i16>().ok().filter(|n| *n > 0);
    let part = |key: &str| number(key).and_then(|n| i8::try_from(n).ok());
    let date = match (number("Annee"), part("Mois"), part("Jour")) {
        (Some(y), Some(m), Some(d)) => Date::day(y, m, d).or_else(|| Date::month(y, m)).or(Date::year(y)),
        (Some(y), Some(m), None) => Date::month(y, m).or(Date::year(y)),
        (Some(y), None, _) => Date::year(y),
        _ => None,
    };
    match date {
        Some(date) => crate::entity::add_once(&mut e.birth_dates, date),
        None => {
            let all: Vec<String> = value.values().flat_map(texts).collect();
            e.add_birth_date(&all.join(" "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_goes_to_its_field() {
        let json = r#"{"Publications": {"DatePublication": "2031-05-06T14:50:59+02:00", "PublicationDetail": [
          {"IdRegistre": 7, "Nature": "Personne physique", "Nom": "EXEMPLE", "Neuf": 1, "RegistreDetail": [
            {"TypeChamp": "PRENOM", "Valeur": [{"Prenom": "Anne"}]},
            {"TypeChamp": "ALIAS", "Valeur": [{"Alias": "Анна Пример", "Commentaire": "c"}, {"Alias": "Nana"}]},
            {"TypeChamp": "DATE_DE_NAISSANCE", "Valeur": [{"Jour": "5", "Mois": "5", "Annee": "1969"}, {"Annee": "1970"}]},
            {"TypeChamp": "NATIONALITE", "Valeur": [{"Pays": "BY"}]}, {"TypeChamp": "SEXE", "Valeur": [{"Sexe": "Féminin"}]},
            {"TypeChamp": "PASSEPORT", "Valeur": [{"NumeroPasseport": "X123456", "Commentaire": "expiré"}]},
            {"TypeChamp": "MOTIFS", "Valeur": [{"Motifs": "pour l'exemple"}]}]},
          {"IdRegistre": 8, "Nature": "Personne morale", "Nom": "EXEMPLE SARL", "RegistreDetail": []},
          {"IdRegistre": 9, "Nature": "Navire", "Nom": ""}]}}"#;
        let list = crate::list::from_bytes("x", json.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.name.as_str(), v.records, v.rejected), (Layout::FranceDgt, "fr-gels", 3, 1));
        assert_eq!(
            (v.published, &v.coverage.unread[..]),
            (Date::day(2031, 5, 6), &[("Neuf".to_string(), 1)][..])
        );
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Anne EXEMPLE"), Name::alias("Анна Пример"), Name::alias("Nana")]);
        assert_eq!(e.birth_dates, [Date::day(1969, 5, 5).unwrap(), Date::year(1970).unwrap()]);
        assert_eq!((&e.countries[0][..], e.gender.is_some()), ("by", true));
        assert_eq!(e.identifiers, [Identifier::new(K::Passport, "X123456")]);
        assert_eq!(e.remarks, "c; expiré; MOTIFS: pour l'exemple");
        assert_eq!(list.entities[1].schema, Schema::Organization);
    }
}
