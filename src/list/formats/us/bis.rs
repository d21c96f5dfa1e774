//! The denied persons of the US Bureau of Industry and Security, `dpl.txt`: a table separated by tabs, a row
//! for each address of an order. Rows with one name, effective date and citation are one party.
//!
//! | column | becomes |
//! |---|---|
//! | `Name` | name |
//! | `Street_Address`, `City`, `State`, `Postal_Code`, `Country` | addresses; the kind of party is not told, so `Country` is a country too |
//! | `Effective_Date` | listing date |
//! | `Expiration_Date`, `Standard_Order`, `Action`, `FR_Citation` | remarks |
//!
//! Orders whose expiration date has passed are kept: the reader has no clock, and the publisher removes them.
//! Source of the columns: the published file in the project's shared data.
//!
//! Cost: one streamed pass. Limits: the file has no ids; they are derived from name, date and citation.
//! `Last_Update` does not concern the party and is not read.

use crate::entity::{Date, Name};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::csv_rows::CsvRows;
use crate::list::read::multi_row::MultiRowEntities;
use crate::list::read::source::ByteSource;
use crate::list::{Layout, List};

/// The columns that are read, in the order of [`Row`].
const COLUMNS: [&str; 10] = [
    "Name",
    "Street_Address",
    "City",
    "State",
    "Postal_Code",
    "Country",
    "Effective_Date",
    "Expiration_Date",
    "Action",
    "FR_Citation",
];

/// Whether a header is that of this layout.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| f.eq_ignore_ascii_case(name));
    ["Name", "Street_Address", "Effective_Date", "FR_Citation"].into_iter().all(has)
}

pub(crate) fn read(source: ByteSource<'_>, delimiter: u8) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, delimiter);
    let header = rows.header()?;
    let at_column = |name: &&str| header.iter().position(|h| h.eq_ignore_ascii_case(name));
    let columns: Vec<Option<usize>> = COLUMNS.iter().map(at_column).collect();
    let standard = at_column(&"Standard_Order");
    let mut entities = MultiRowEntities::default();
    while let Some((cells, at)) = rows.next_checked(&mut builder)? {
        let texts: Vec<&str> = columns.iter().map(|c| c.map_or("", |i| cells[i].trim())).collect();
        let [name, street, city, state, postal, country, effective, expires, action, citation] = texts[..]
        else {
            continue;
        };
        for (i, _) in cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            if !columns.contains(&Some(i)) && standard != Some(i) {
                builder.count_unread(&header[i]);
            }
        }
        if name.is_empty() {
            builder.reject(at, RejectReason::field("Name", "no name"))?;
            continue;
        }
        let key = [name, effective, citation].join("\u{1f}");
        let id = crate::digest::hex_digest([key.as_bytes()])[..16].to_string();
        let e = entities.get_or_insert(&id, at)?;
        e.add_name(Name::alias(name));
        e.add_address([street, city, state, postal, country]);
        e.add_country(country);
        e.add_program("DPL");
        if let Some(date) = Date::parse_month_first(effective) {
            e.listed_on = e.listed_on.or(Some(date));
        }
        let is_standard = standard.map_or("", |i| cells[i].trim());
        for (label, text) in [
            ("Expires", expires),
            ("Standard order", is_standard),
            ("Action", action),
            ("Federal Register", citation),
        ] {
            if !text.is_empty() {
                e.add_remark(&format!("{label}: {text}"));
            }
        }
    }
    entities.finish("Name", &mut builder)?;
    let sha256 = rows.sha256()?;
    Ok(builder.finish(ListMetadata::new("us-bis-dpl", Layout::BisDeniedPersons, sha256)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_an_order_are_one_party() {
        let txt = "\"Name\"\t\"Street_Address\"\t\"City\"\t\"State\"\t\"Country\"\t\"Postal_Code\"\t\"Effective_Date\"\t\"Expiration_Date\"\t\"Standard_Order\"\t\"Last_Update\"\t\"Action\"\t\"FR_Citation\"\n\
            \" ANN EXAMPLE\"\t\"1 SOME ST\"\t\"PARIS\"\t\"\"\t\"FR\"\t\"75001\"\t\"06/19/2031\"\t\"06/29/2056\"\t\"Y\"\t\"2031-07-01\"\t\"ADDED\"\t\"68 F.R. 1\"\n\
            \"ANN EXAMPLE\"\t\"2 SOME ST\"\t\"LYON\"\t\"\"\t\"FR\"\t\"\"\t\"06/19/2031\"\t\"06/29/2056\"\t\"Y\"\t\"2031-07-01\"\t\"ADDED\"\t\"68 F.R. 1\"\n\
            \"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"\"\t\"x\"\n";
        let list = crate::list::from_bytes("dpl", txt.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.name.as_str()), (Layout::BisDeniedPersons, "us-bis-dpl"));
        assert_eq!((v.records, v.entities, v.rejected), (3, 1, 1));
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("ANN EXAMPLE")]);
        assert_eq!(e.addresses, ["1 SOME ST, PARIS, 75001, FR", "2 SOME ST, LYON, FR"]);
        assert_eq!((&e.countries[0][..], e.listed_on), ("fr", Date::day(2031, 6, 19)));
        assert_eq!(v.coverage.unread, [("Last_Update".to_string(), 2)]);
    }
}
