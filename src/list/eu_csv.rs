//! The EU's consolidated list of financial sanctions as CSV 1.1: separated by semicolons, a row for each
//! attribute of a party, the rows of one `Entity_LogicalId` folded.
//!
//! | columns | become |
//! |---|---|
//! | `Entity_LogicalId` | what folds the rows |
//! | `Entity_EU_ReferenceNumber`, else `Entity_LogicalId` | id, as in the XML |
//! | `Entity_SubjectType`, `Entity_SubjectType_ClassificationCode` (P, E, person, enterprise) | schema |
//! | `Entity_DesignationDate`, `Entity_UnitedNationId`, `Entity_Remark`, `Entity_DesignationDetails` | listing date, identifier `un-reference`, remarks |
//! | `Entity_Regulation_Programme`, `…_EntryIntoForceDate`, `…_NumberTitle` | programmes, listing date where there is no other, remarks |
//! | `NameAlias_…`, `BirthDate_…`, `Citizenship_…`, `Address_…`, `Identification_…` | as the elements of the XML |
//!
//! `fileGenerationDate` is the publication date. This layout does not tell which names are weak, apart from remarks
//! that say "low quality".
//!
//! Cost: one streamed pass. Limits: a row of another number of fields than the header, without a logical id, of
//! an unknown kind of party, or with bytes that are no UTF-8 is rejected; so is a party none of whose rows has a
//! name.

use super::eu_fields as eu;
use super::fold::Folding;
use super::gather::{About, Gathered, Refused};
use super::source::Source;
use super::table::Rows;
use super::{Layout, List};
use crate::entity::{Date, Entity};
use crate::error::Result;
use rustc_hash::FxHashMap;

/// Columns by the name of the attribute that the XML has for them, where it is another.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("BirthDate_dayOfMonth", "BirthDate_Day"),
    ("BirthDate_monthOfYear", "BirthDate_Month"),
    ("BirthDate_birthdate", "BirthDate_BirthDate"),
    ("Identification_identificationTypeCode", "Identification_TypeCode"),
    ("Identification_identificationTypeDescription", "Identification_TypeDescription"),
    ("Entity_euReferenceNumber", "Entity_EU_ReferenceNumber"),
];

/// Whether a header is that of this layout.
pub(super) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| f.eq_ignore_ascii_case(name));
    has("Entity_LogicalId") && has("NameAlias_WholeName")
}

pub(super) fn read(source: Source<'_>) -> Result<List> {
    let mut gathered = Gathered::new(source.name());
    let mut rows = Rows::new(source, b';');
    let header = rows.header()?;
    let columns: FxHashMap<String, usize> =
        header.iter().enumerate().map(|(i, name)| (name.to_lowercase(), i)).collect();
    let mut published = None;
    let mut folding = Folding::default();
    while let Some((record, at)) = rows.next()? {
        let cells: Vec<&str> = match record.iter().map(std::str::from_utf8).collect() {
            Ok(cells) => cells,
            Err(_) => {
                gathered.reject(at, Refused::record("not valid UTF-8"))?;
                continue;
            }
        };
        if cells.len() != header.len() {
            let reason = format!("{} fields where the header has {}", cells.len(), header.len());
            gathered.reject(at, Refused::record(reason))?;
            continue;
        }
        let row = Row { columns: &columns, cells: &cells };
        if published.is_none() {
            published = Date::parse_recent(row.cell("fileGenerationDate"));
        }
        let id = row.cell("Entity_LogicalId");
        let codes = [row.cell("Entity_SubjectType"), row.cell("Entity_SubjectType_ClassificationCode")];
        let schema = codes.into_iter().find_map(eu::schema);
        if id.is_empty() {
            gathered
                .reject(at, Refused::field("Entity_LogicalId", "a row without the number of its party"))?;
        } else if let Some(schema) = schema {
            let e = folding.entity(id, at)?;
            e.schema = schema;
            row.read(e);
        } else {
            let reason = format!("'{}' is neither person nor enterprise", codes.join(" "));
            gathered.reject(at, Refused::field("Entity_SubjectType", reason))?;
        }
    }
    folding.finish("NameAlias_WholeName", &mut gathered)?;
    let about = About::new("eu-fsf", Layout::EuCsv, rows.sha256()?);
    Ok(gathered.list(About { published, ..about }))
}

struct Row<'a> {
    columns: &'a FxHashMap<String, usize>,
    cells: &'a [&'a str],
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> &'a str {
        self.columns.get(&column.to_lowercase()).map_or("", |i| self.cells[*i].trim())
    }

    fn read(&self, e: &mut Entity) {
        let part = |group: &'static str| {
            move |attribute: &str| {
                let name = format!("{group}_{attribute}");
                let other = OTHER_NAMES.iter().find(|(name_, _)| *name_ == name).map(|(_, column)| *column);
                self.cell(other.unwrap_or(&name))
            }
        };
        let remark = |group: &str| self.cell(&format!("{group}_Remark"));
        let own = part("Entity");
        e.id = eu::id(&own).to_string();
        eu::entity(&own, e);
        e.add_remark(remark("Entity"));
        let act = part("Entity_Regulation");
        eu::regulation(&act, e);
        if self.cell("Entity_DesignationDate").is_empty() {
            e.listed_on = [e.listed_on, eu::regulation_date(&act)].into_iter().flatten().min();
        }
        eu::name(&part("NameAlias"), remark("NameAlias"), e);
        eu::birth(&part("BirthDate"), e);
        e.add_country(eu::country(&part("Citizenship")));
        eu::address(&part("Address"), e);
        eu::identification(&part("Identification"), remark("Identification"), e);
        for group in ["BirthDate", "Citizenship", "Address"] {
            e.add_remark(remark(group));
        }
        e.add_remark(self.cell("Address_ContactInfo"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Name, Schema};

    #[test]
    fn rows_of_one_party_are_folded() {
        let csv = include_bytes!("../../tests/samples/eu.csv");
        let list = read(Source::bytes("eu.csv", csv)).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.records, v.entities, v.rejected), ("eu-fsf", 9, 2, 3));
        assert_eq!(v.published, Date::day(2030, 1, 2));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema), ("EU.1.1", Schema::Person));
        assert_eq!(e.names, [Name::primary("Anna O'Example & Sons"), Name::alias("Анна Пример")]);
        assert_eq!(e.birth_dates, [Date::day(1969, 5, 5).unwrap()]);
        assert_eq!(e.birth_places, ["Minsk, BELARUS"]);
        assert_eq!(e.countries, ["by"]);
        assert_eq!(e.listed_on, Date::day(2020, 10, 2));
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("passport", "X12")]);
        let body = &list.entities[1];
        assert_eq!((body.schema, &body.countries[..]), (Schema::Organization, &["sy".to_string()][..]));
        assert_eq!(body.programs, ["SYR"]);
        let reasons: Vec<_> = list
            .rejected
            .iter()
            .map(|r| (r.position.line, r.position.field.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(
            reasons,
            [
                (Some(8), "Entity_LogicalId"),
                (Some(9), "Entity_SubjectType"),
                (Some(10), "NameAlias_WholeName")
            ]
        );
    }
}
