//! The EU's consolidated list of financial sanctions as CSV 1.0: a row for each attribute of a party. The rows
//! with one `Entity_logical_id` are one entity.
//!
//! | columns | become |
//! |---|---|
//! | `EU_ref_num`, else `Entity_logical_id` | id |
//! | `Subject_type` P, E | schema |
//! | `Programme`, `Leba_numtitle`, `Leba_publication_date` | programmes, remarks, listing date |
//! | `Entity_remark` | remarks |
//! | `Naal_wholename`, else `Naal_firstname` `…middlename` `…lastname`; `Naal_gender`, `…title`, `…function` | names; gender; remarks |
//! | `Birt_date`, `Birt_place`, `Birt_country` | birth dates and places |
//! | `Citi_country` | countries |
//! | `Addr_number`, `…street`, `…zipcode`, `…city`, `…country`, `…other` | addresses |
//! | `Iden_number` "123 (passport-National passport) (…)", `Iden_country` | identifiers |
//!
//! `Date_file` is the publication date. Countries are ISO 3166-1 alpha-3 codes. Source of the columns: the
//! fault file of this layout in the project's shared data, and public programs that read the file (columns
//! `Leba_…`, `Addr_country`, `Birt_…`, `EU_ref_num`, `Iden_number`); `Addr_…` parts other than the country are
//! by the naming of the same list's other groups and were not seen in a file.
//!
//! Cost: one streamed pass. Limits: as those of CSV 1.1; the layout marks no weak names.

use super::fields;
use crate::entity::{Date, Entity, Identifier, IdentifierKind, country_code};
use crate::error::Result;
use crate::list::read::builder::{ListBuilder, ListMetadata, RejectReason};
use crate::list::read::csv_rows::CsvRows;
use crate::list::read::multi_row::MultiRowEntities;
use crate::list::read::source::ByteSource;
use crate::list::text::cells;
use crate::list::{Layout, List};
use std::cell::Cell;

/// Whether a header is that of this layout.
pub(crate) fn is_header(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|f| f.eq_ignore_ascii_case(name));
    has("Entity_logical_id") && has("Naal_wholename")
}

pub(crate) fn read(source: ByteSource<'_>, delimiter: u8) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let mut rows = CsvRows::new(source, delimiter);
    let header = rows.header()?;
    let columns: Vec<String> = header.iter().map(|h| h.to_lowercase()).collect();
    let used: Vec<Cell<bool>> = columns.iter().map(|_| Cell::new(false)).collect();
    let mut published = None;
    let mut values = vec![0_u64; columns.len()];
    let mut entities = MultiRowEntities::default();
    while let Some((cells, at)) = rows.next_checked(&mut builder)? {
        cells.iter().zip(&mut values).for_each(|(c, n)| *n += u64::from(!c.trim().is_empty()));
        // The id is repeated in every group; the first column with a name counts.
        let cell = |name: &str| {
            let found = columns.iter().position(|c| c == name);
            found.map_or("", |i| {
                used[i].set(true);
                cells[i].trim()
            })
        };
        published = published.or_else(|| Date::parse_recent(cell("date_file")));
        let id = cell("entity_logical_id");
        let kind = cell("subject_type");
        if id.is_empty() {
            let reason = RejectReason::field("Entity_logical_id", "a row without the number of its party");
            builder.reject(at, reason)?;
        } else if let Some(schema) = fields::schema(kind) {
            let e = entities.get_or_insert(id, at)?;
            e.schema = schema;
            add_row(&cell, e);
        } else {
            let reason = format!("'{kind}' is neither person nor enterprise");
            builder.reject(at, RejectReason::field("Subject_type", reason))?;
        }
    }
    for ((name, used), n) in header.into_iter().zip(used).zip(values) {
        if !used.get() && n > 0 {
            builder.add_unread(vec![(name, n)]);
        }
    }
    entities.finish("Naal_wholename", &mut builder)?;
    let metadata = ListMetadata::new("eu-fsf", Layout::EuCsv10, rows.sha256()?);
    Ok(builder.finish(ListMetadata { published, ..metadata }))
}

fn add_row<'a>(cell: &impl Fn(&str) -> &'a str, e: &mut Entity) {
    let reference = cell("eu_ref_num");
    if !reference.is_empty() {
        e.id = reference.to_string();
    }
    e.add_remark(cell("entity_remark"));
    e.add_program(cell("programme"));
    e.add_remark(cell("leba_numtitle"));
    e.add_listing_date(cell("leba_publication_date"));
    let name = |field: &str| match field {
        "wholeName" | "firstName" | "middleName" | "lastName" | "gender" | "title" | "function" => {
            cell(&format!("naal_{}", field.to_lowercase()))
        }
        _ => "",
    };
    fields::add_name(&name, "", e);
    let date = cell("birt_date");
    if !date.is_empty() {
        e.add_birth_date(date);
    }
    e.add_birth_place([cell("birt_place"), cell("birt_country")]);
    e.add_country(cell("citi_country"));
    let country = cell("addr_country");
    let parts = ["addr_number", "addr_street", "addr_zipcode", "addr_city", "addr_other"].map(cell);
    e.add_address(parts.into_iter().chain([country]));
    if !fields::is_person(e) {
        e.add_country(country);
    }
    add_number(cell("iden_number"), cell("iden_country"), e);
}

/// Adds "02800443 (id-National identification card) ((identity card))".
fn add_number(text: &str, country: &str, e: &mut Entity) {
    let (number, words) = text.split_once(" (").unwrap_or((text, ""));
    if number.is_empty() {
        return;
    }
    let kind = if words.is_empty() { IdentifierKind::unspecified() } else { cells::document_kind(words) };
    let kind = match kind {
        IdentifierKind::Other(_) if !words.is_empty() => {
            IdentifierKind::Other(words.split(')').next().unwrap_or(words).to_string())
        }
        kind => kind,
    };
    let country = if country_code(country).is_some() { country } else { "" };
    e.add_identifier(Identifier::new(kind, number).issued_by(country));
    if words.matches('(').count() > 0 {
        e.add_remark(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Name, Schema};

    #[test]
    fn the_rows_of_a_party_are_one_entity() {
        let csv = "Date_file;Entity_logical_id;EU_ref_num;Subject_type;Leba_numtitle;Leba_publication_date;Programme;Naal_lastname;Naal_firstname;Naal_wholename;Naal_gender;Birt_date;Birt_country;Iden_number;Iden_country;Citi_country;Colour\n\
            01/09/2031;13;EU.1.1;P;1210/2003;2003-07-08;EXA;Example;Ann;Ann Example;F;;;;;;red\n\
            01/09/2031;13;EU.1.1;P;;;EXA;;;Анна Пример;;1969-05-05;IRQ;AB123456 (passport-National passport);IRQ;IRQ;\n\
            01/09/2031;14;;X;;;EXA;;;Nobody;;;;;;;\n";
        let list = crate::list::from_bytes("x", csv.as_bytes()).unwrap();
        let v = &list.version;
        assert_eq!((v.layout, v.records, v.entities, v.rejected), (Layout::EuCsv10, 3, 1, 1));
        assert_eq!(v.published, Date::day(2031, 9, 1));
        assert_eq!(v.coverage.unread, [("Colour".to_string(), 1)]);
        let e = &list.entities[0];
        assert_eq!((e.id.as_str(), e.schema), ("EU.1.1", Schema::Person));
        assert_eq!(e.names, [Name::primary("Ann Example"), Name::alias("Анна Пример")]);
        assert_eq!((&e.countries[0][..], e.birth_dates[0]), ("iq", Date::day(1969, 5, 5).unwrap()));
        let id = Identifier::new(IdentifierKind::Passport, "AB123456").issued_by("iq");
        assert_eq!(e.identifiers, [id]);
    }
}
