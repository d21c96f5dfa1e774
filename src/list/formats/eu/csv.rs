//! The EU's consolidated list of financial sanctions as CSV 1.1: separated by semicolons, a row for each
//! attribute of a party. The rows with one `Entity_LogicalId` are one entity.
//!
//! | columns | become |
//! |---|---|
//! | `Entity_LogicalId` | the rows of one party have the same |
//! | `Entity_EU_ReferenceNumber`, else `Entity_LogicalId` | id, as in the XML |
//! | `Entity_SubjectType`, `Entity_SubjectType_ClassificationCode` (P, E, person, enterprise) | schema |
//! | `Entity_DesignationDate`, `Entity_UnitedNationId`, `Entity_Remark`, `Entity_DesignationDetails` | listing date, identifier `un-reference`, remarks |
//! | `Entity_Regulation_Programme`, `…_EntryIntoForceDate`, `…_NumberTitle` | programmes, listing date where there is no other, remarks |
//! | `NameAlias_…`, `BirthDate_…`, `Citizenship_…`, `Address_…`, `Identification_…` | as the elements of the XML |
//!
//! `fileGenerationDate` is the publication date. The layout marks weak names only by remarks that say "low quality".
//!
//! Cost: one streamed pass. Limits: a row with another number of fields than the header, without a logical id, of an
//! unknown kind of party, or with bytes that are not UTF-8 is rejected; so is a party without a name in any of its rows.

use super::fields;
use crate::entity::{Date, Entity};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::csv_rows::CsvRows;
use crate::list::read::multi_row::MultiRowEntities;
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;

/// The columns whose name is not that of the XML attribute: (group and attribute, column).
const RENAMED_COLUMNS: &[(&str, &str)] = &[
    ("BirthDate_dayOfMonth", "BirthDate_Day"),
    ("BirthDate_monthOfYear", "BirthDate_Month"),
    ("BirthDate_birthdate", "BirthDate_BirthDate"),
    ("Identification_identificationTypeCode", "Identification_TypeCode"),
    ("Identification_identificationTypeDescription", "Identification_TypeDescription"),
    ("Entity_euReferenceNumber", "Entity_EU_ReferenceNumber"),
];

/// Whether a header is that of this layout.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| f.eq_ignore_ascii_case(name));
    has("Entity_LogicalId") && has("NameAlias_WholeName")
}

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, b';');
    let columns: FxHashMap<String, usize> =
        rows.header()?.iter().enumerate().map(|(i, name)| (name.to_lowercase(), i)).collect();
    let mut published = None;
    let mut entities = MultiRowEntities::default();
    while let Some((cells, at)) = rows.next_checked(&mut builder)? {
        let row = Row { columns: &columns, cells: &cells };
        if published.is_none() {
            published = Date::parse_recent(row.cell("fileGenerationDate"));
        }
        let id = row.cell("Entity_LogicalId");
        let codes = [row.cell("Entity_SubjectType"), row.cell("Entity_SubjectType_ClassificationCode")];
        if id.is_empty() {
            let reason = RejectReason::field("Entity_LogicalId", "a row without the number of its party");
            builder.reject(at, reason)?;
        } else if let Some(schema) = codes.into_iter().find_map(fields::schema) {
            let e = entities.get_or_insert(id, at)?;
            e.schema = schema;
            row.add_to(e);
        } else {
            let reason = format!("'{}' is neither person nor enterprise", codes.join(" "));
            builder.reject(at, RejectReason::field("Entity_SubjectType", reason))?;
        }
    }
    entities.finish("NameAlias_WholeName", &mut builder)?;
    let metadata = ListMetadata::new("eu-fsf", Layout::EuCsv, rows.sha256()?);
    Ok(builder.finish(ListMetadata { published, ..metadata }))
}

struct Row<'a> {
    columns: &'a FxHashMap<String, usize>,
    cells: &'a [&'a str],
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> &'a str {
        self.columns.get(&column.to_lowercase()).map_or("", |i| self.cells[*i].trim())
    }

    /// Adds the facts of the row to its entity.
    fn add_to(&self, e: &mut Entity) {
        let group = |group: &'static str| {
            move |attribute: &str| {
                let name = format!("{group}_{attribute}");
                let renamed = RENAMED_COLUMNS.iter().find(|(from, _)| *from == name);
                self.cell(renamed.map_or(&name, |(_, column)| column))
            }
        };
        let remark = |group: &str| self.cell(&format!("{group}_Remark"));
        let entity = group("Entity");
        e.id = fields::id(&entity).to_string();
        fields::add_entity(&entity, e);
        e.add_remark(remark("Entity"));
        let regulation = group("Entity_Regulation");
        fields::add_regulation(&regulation, e);
        if self.cell("Entity_DesignationDate").is_empty() {
            e.listed_on = [e.listed_on, fields::regulation_date(&regulation)].into_iter().flatten().min();
        }
        fields::add_name(&group("NameAlias"), remark("NameAlias"), e);
        fields::add_birth(&group("BirthDate"), e);
        e.add_country(fields::country(&group("Citizenship")));
        fields::add_address(&group("Address"), e);
        fields::add_identification(&group("Identification"), remark("Identification"), e);
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
    fn the_rows_of_a_party_are_one_entity() {
        let csv = include_bytes!("../../../../tests/samples/eu.csv");
        let list = read(ByteSource::from_bytes("eu.csv", csv)).unwrap();
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
