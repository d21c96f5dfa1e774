//! The UK Sanctions List as CSV, since 28 January 2026 the UK's only list, and the consolidated list of OFSI
//! that it replaced: a row for each name of a party.
//!
//! The first line is `Report Date: …` (OFSI: `Last Updated,…`) and not a record. The header follows.
//!
//! | column | becomes |
//! |---|---|
//! | `Unique ID`, else the `Group ID` | id; the rows of one id are one party |
//! | `Name 1` … `Name 5`, `Name 6` | a name, in this order |
//! | `Name type` Primary Name / Alias / Primary Name Variation; `Alias strength` Low quality a.k.a. | primary name / alias / alias; weak |
//! | the name of a ship with its number, `IMO 9253325 ("NAME")` | as published; the name alone as an alias |
//! | `Name non-latin script` | alias, of the strength of its row |
//! | `Individual, Entity, Ship` (`Designation Type`, `Group Type`) | schema |
//! | `Regime Name` · `Date Designated` (`Listed On`) | programme · listing date |
//! | `D.O.B`, unknown parts as letters or zeros | birth dates |
//! | `Town of birth`, `Country of birth` | birth places |
//! | `Nationality(/ies)`, `Current believed flag of ship`; of organisations `Address Country` | countries |
//! | `Gender` | gender |
//! | `Address Line 1` … `6`, `Address Postal Code`, `Address Country` | addresses |
//! | `Passport number`, `National Identifier number`, `Business registration number (s)`, `IMO number`, `Hull identification number (HIN)`, `Phone number`, `Email address`, `Website`, `OFSI Group ID`, `UN Reference Number` | identifiers |
//! | labels and countries in `National Identifier number`, `Business registration number (s)`, `Passport number`: "INN: 7701234567 OGRN: …", "A1234567 (expired) Russia" | the kinds and countries of the numbers; a cell with further words is also a remark |
//! | `Title`, `Position`, `Sanctions Imposed`, `Other Information`, `UK Statement of Reasons`, `Type of ship`, `Tonnage of ship`, owners, previous flags … | remarks |
//!
//! A cell with several values numbers them: "(1) Iran (2) Iraq".
//!
//! Cost: one streamed pass. Limits: a row with another number of fields than the header, without an id, of an unknown
//! kind of party, or with bytes that are not UTF-8 is rejected; so is a party without a name in any of its rows. OFSI's
//! list does not distinguish former nationalities.

use super::fields::{Field, add_fields, field, first_text, id, schema};
use crate::entity::Date;
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::csv_rows::CsvRows;
use crate::list::read::multi_row::MultiRowEntities;
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};

/// Whether a row is the header of one of these layouts.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |wanted: Field| fields.iter().any(|f| field(f) == wanted);
    has(Field::Name(6)) && has(Field::Name(1)) && (has(Field::UniqueId) || has(Field::GroupId))
}

/// The date in the line above the header: "Report Date: 23-Sep-2026" or "Last Updated,23/09/2026".
pub(crate) fn report_date(fields: &[String]) -> Option<Date> {
    let text = fields.join(" ");
    let date = text.strip_prefix("Report Date").or_else(|| text.strip_prefix("Last Updated"))?;
    Date::parse_recent(date.trim_matches([':', ' ']))
}

pub(crate) fn read(source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, b',');
    let mut header = rows.header()?;
    let mut published = None;
    if !is_header(&header) {
        published = report_date(&header);
        header = rows.header()?;
    }
    let columns: Vec<Field> = header.iter().map(|h| field(h)).collect();
    let mut entities = MultiRowEntities::default();
    while let Some((cells, at)) = rows.next_checked(&mut builder)? {
        let row: Vec<(Field, &str)> = columns.iter().copied().zip(cells).collect();
        let id = id(&row);
        if id.is_empty() {
            builder.reject(at, RejectReason::field("Unique ID", "a row without the id of its party"))?;
            continue;
        }
        let kind = first_text(&row, Field::Kind);
        let Some(schema) = schema(kind) else {
            let reason = format!("'{kind}' is neither individual, entity nor ship");
            builder.reject(at, RejectReason::field("Individual, Entity, Ship", reason))?;
            continue;
        };
        let e = entities.get_or_insert(id, at)?;
        e.schema = schema;
        add_fields(&row, e);
    }
    entities.finish("Name 6", &mut builder)?;
    let name = if columns.contains(&Field::UniqueId) { "uk-sanctions" } else { "uk-ofsi" };
    let metadata = ListMetadata::new(name, Layout::UkCsv, rows.sha256()?);
    Ok(builder.finish(ListMetadata { published, ..metadata }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Gender, Name, Schema};

    #[test]
    fn the_rows_of_a_party_are_one_entity() {
        let csv = include_bytes!("../../../../tests/samples/uk.csv");
        let list = read(ByteSource::from_bytes("uk.csv", csv)).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.records, v.entities, v.rejected), ("uk-sanctions", 9, 3, 3));
        assert_eq!(v.published, Date::day(2030, 9, 23));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema, e.gender), ("RUS9001", Schema::Person, Some(Gender::Female)));
        assert_eq!(
            e.names,
            [
                Name::primary("Anna Maria EXAMPLE"),
                Name::alias("Anna EKSEMPEL"),
                Name::alias("Анна Пример"),
                Name::weak("LA RUBIA")
            ]
        );
        let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
        assert_eq!(dates, ["1969-12-05", "1970"]);
        assert_eq!(e.birth_places, ["Minsk, Belarus"]);
        assert_eq!(e.countries, ["by", "ru"]);
        assert_eq!(e.addresses, ["1 Some St, Minsk, 220000, Belarus"]);
        assert_eq!(e.listed_on, Date::day(2022, 3, 1));
        assert_eq!(e.programs, ["The Russia (Sanctions) (EU Exit) Regulations 2019"]);
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("ofsi-group-id", "14001"),
                ("un-reference", "QDi.999"),
                ("national-id", "77"),
                ("passport", "X12"),
                ("passport", "X13")
            ]
        );
        for part in [
            "Title: Dr",
            "Position: Director",
            "Sanctions: Asset freeze|Travel Ban",
            "Reasons: for the sample",
        ] {
            assert!(e.remarks.contains(part), "{part}: {}", e.remarks);
        }
        let body = &list.entities[1];
        assert_eq!((body.schema, body.primary_name()), (Schema::Organization, "EXAMPLE TRADING LLC"));
        assert_eq!(body.countries, ["ru"]);
        let ship = &list.entities[2];
        assert_eq!((ship.schema, &ship.countries[..]), (Schema::Vessel, &["ga".to_string()][..]));
        assert_eq!(ship.identifiers[0].normalized(), "9074729");
        assert!(ship.remarks.contains("Tonnage: 105000"), "{}", ship.remarks);
        let reasons: Vec<_> = list
            .rejected
            .iter()
            .map(|r| (r.position.line, r.position.field.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(
            reasons,
            [(Some(9), "Unique ID"), (Some(10), "Individual, Entity, Ship"), (Some(11), "Name 6")]
        );
    }

    #[test]
    fn the_list_of_ofsi_is_read_by_its_columns() {
        let csv = "Last Updated,23/01/2026\r\n\
            Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,DOB,Nationality,Country,Group Type,Alias Type,Alias Quality,Regime,Listed On,Group ID\r\n\
            EXAMPLE,Anna,,,,,,,00/00/1969,(1) Iran (2) Iraq,Iran,Individual,Primary name,,Iran,01/02/2020,77\r\n\
            THE BLONDE,,,,,,,,,,,Individual,AKA,Low quality a.k.a,Iran,01/02/2020,77\r\n";
        let list = read(ByteSource::from_bytes("ConList.csv", csv.as_bytes())).unwrap();
        let v = &list.version;
        assert_eq!((v.name.as_str(), v.records, v.entities), ("uk-ofsi", 2, 1));
        assert_eq!(v.published, Date::day(2026, 1, 23));
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), &e.countries[..]), ("77", &["ir".to_string(), "iq".to_string()][..]));
        assert_eq!(e.names, [Name::primary("Anna EXAMPLE"), Name::weak("THE BLONDE")]);
        assert_eq!((e.listed_on, e.birth_dates[0].to_string()), (Date::day(2020, 2, 1), "1969".into()));
    }
}
