//! OFAC's delimited files: `sdn.csv` with `alt.csv`, `add.csv` and `sdn_comments.csv` beside it (and
//! `cons_prim.csv`, `cons_alt.csv` … of the consolidated list).
//!
//! No header; null is `-0- `; the files end with the byte 0x1A, which is no record.
//!
//! | file | columns |
//! |---|---|
//! | sdn | ent_num, name, type, program, title, call sign, vessel type, tonnage, gross tonnage, flag, owner, remarks |
//! | alt | ent_num, alt_num, type (aka, fka, nka), name, remarks |
//! | add | ent_num, add_num, address, city/state/postal code, country, remarks |
//! | comments | ent_num, more remarks |
//!
//! The type is `individual`, `vessel`, `aircraft` or null for a body. Several programs are joined by `] [`.
//! Remarks are read by their own grammar, together with the comments that continue them. Names stay as published ("PUTIN, Vladimir Vladimirovich").
//!
//! Cost: one streamed pass over each file. Limits: a last row without a line end is an error, as the file was cut
//! off; a row of another shape, with bytes that are no UTF-8, or about an
//! entity that the sdn file does not hold, is rejected.

use super::detect::{Found, detect};
use super::gather::{About, Gathered};
use super::source::Source;
use super::table::Rows;
use super::{Layout, List, hex_digest, ofac_facts, ofac_remarks};
use crate::entity::{Entity, Identifier, IdentifierKind, Schema};
use crate::error::Result;
use rustc_hash::FxHashMap;
use std::path::Path;

/// The files of one list.
pub(super) struct Parts<'a> {
    sdn: Source<'a>,
    alt: Option<Source<'a>>,
    add: Option<Source<'a>>,
    comments: Option<Source<'a>>,
}

impl<'a> Parts<'a> {
    /// The sdn file alone.
    pub(super) fn sdn(source: Source<'a>) -> Self {
        Parts { sdn: source, alt: None, add: None, comments: None }
    }

    /// Adds a file by what it holds; one that is no part of the list is left out.
    pub(super) fn add(&mut self, source: Source<'a>) {
        match detect(source.head()) {
            Found::OfacAlt => self.alt = Some(source),
            Found::OfacAdd => self.add = Some(source),
            Found::OfacComments => self.comments = Some(source),
            _ => {}
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().to_lowercase())
}

/// Whether `other` is named as a part of the list whose main file is `sdn`.
pub(super) fn belongs(sdn: &Path, other: &Path) -> bool {
    let consolidated = file_name(sdn).starts_with("cons");
    let name = file_name(other);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(s, _)| s);
    if consolidated {
        matches!(stem, "cons_alt" | "cons_add" | "cons_comments")
    } else {
        matches!(stem, "alt" | "add" | "sdn_comments" | "comments" | "sdn_alt" | "sdn_add")
    }
}

struct Reading {
    by_number: FxHashMap<String, usize>,
    gathered: Gathered,
    /// The remarks of each entity. Long ones are cut anywhere, within a word too, and go on in the comments; so
    /// they are read when all is there.
    remarks: Vec<String>,
}

/// Reads the fields of one row.
type ReadRow = fn(&mut Reading, &[&str]) -> std::result::Result<(), String>;

pub(super) fn read(parts: Parts<'_>) -> Result<List> {
    let consolidated = file_name(Path::new(parts.sdn.name())).starts_with("cons");
    let mut r = Reading {
        by_number: FxHashMap::default(),
        gathered: Gathered::new(parts.sdn.name()),
        remarks: Vec::new(),
    };
    let mut digests = vec![r.rows(parts.sdn, 12, Reading::sdn)?];
    // Rows of the other files add to entities; only those rejected count as records of their own.
    for (part, fields, read) in [
        (parts.alt, 5, Reading::alt as ReadRow),
        (parts.add, 6, Reading::add),
        (parts.comments, 2, Reading::comment),
    ] {
        if let Some(part) = part {
            digests.push(r.rows(part, fields, read)?);
        }
    }
    for (e, remarks) in r.gathered.entities.iter_mut().zip(&r.remarks) {
        ofac_remarks::read(remarks, e);
        e.add_remark(remarks);
    }
    let sha256 = match &digests[..] {
        [one] => one.clone(),
        several => hex_digest([several.join("\n").as_bytes()]),
    };
    let name = if consolidated { "ofac-consolidated" } else { "ofac-sdn" };
    Ok(r.gathered.list(About::new(name, Layout::OfacDelimited, sha256)))
}

impl Reading {
    /// Reads the rows of a file, and gives its SHA-256.
    fn rows(&mut self, source: Source<'_>, fields: usize, read: ReadRow) -> Result<String> {
        self.gathered.in_file(source.name());
        let mut rows = Rows::new(source, b',').with_line_ends();
        while let Some((record, at)) = rows.next()? {
            if record.len() == 1 && record[0].iter().all(|b| *b == 0x1a || b.is_ascii_whitespace()) {
                continue;
            }
            let done = if record.len() == fields {
                let texts: std::result::Result<Vec<&str>, _> =
                    record.iter().map(std::str::from_utf8).collect();
                match texts {
                    Ok(texts) => {
                        let texts: Vec<&str> =
                            texts.into_iter().map(|t| if t.trim() == "-0-" { "" } else { t }).collect();
                        read(self, &texts)
                    }
                    Err(_) => Err("not valid UTF-8".to_string()),
                }
            } else {
                Err(format!("{} fields where the layout has {fields}", record.len()))
            };
            if let Err(reason) = done {
                self.gathered.reject(at, reason.into())?;
            }
        }
        rows.sha256()
    }

    fn sdn(&mut self, row: &[&str]) -> std::result::Result<(), String> {
        let texts: Vec<&str> = row.iter().map(|t| t.trim()).collect();
        let [number, name, kind, program, title, call_sign, vessel_type, tonnage, gross, flag, owner, _] =
            texts[..]
        else {
            return Err("another shape".into());
        };
        if name.is_empty() {
            return Err("no name".into());
        }
        if number.is_empty() || self.by_number.contains_key(number) {
            return Err(format!("entity number '{number}' is missing or stands here twice"));
        }
        let schema = match kind.to_ascii_lowercase().as_str() {
            "individual" => Schema::Person,
            "vessel" => Schema::Vessel,
            "aircraft" => Schema::Aircraft,
            _ => Schema::Organization,
        };
        let mut e = Entity::new(number, schema, name);
        program.split("] [").for_each(|p| e.add_program(p.trim_matches(['[', ']'])));
        e.add_identifier(Identifier::new(IdentifierKind::CallSign, call_sign));
        e.add_country(flag);
        for (label, text) in [
            ("Title", title),
            ("Vessel type", vessel_type),
            ("Tonnage", tonnage),
            ("Gross tonnage", gross),
            ("Owner", owner),
        ] {
            if !text.is_empty() {
                e.add_remark(&format!("{label}: {text}"));
            }
        }
        self.by_number.insert(number.to_string(), self.gathered.entities.len());
        self.gathered.entities.push(e);
        self.remarks.push(row[11].to_string());
        Ok(())
    }

    fn number(&self, number: &str) -> std::result::Result<usize, String> {
        let known = self.by_number.get(number.trim()).copied();
        known.ok_or_else(|| format!("entity number '{}' is not in the sdn file", number.trim()))
    }

    fn alt(&mut self, row: &[&str]) -> std::result::Result<(), String> {
        let [number, _, kind, name, remarks] = row else { return Err("another shape".into()) };
        if name.trim().is_empty() {
            return Err("no name".into());
        }
        let number = self.number(number)?;
        let e = &mut self.gathered.entities[number];
        // Every row is kept: the counts of names are those of the file.
        e.names.push(ofac_facts::name(name, kind, false));
        e.add_remark(remarks);
        Ok(())
    }

    fn add(&mut self, row: &[&str]) -> std::result::Result<(), String> {
        let [number, _, street, city, country, remarks] = row else { return Err("another shape".into()) };
        let number = self.number(number)?;
        let e = &mut self.gathered.entities[number];
        e.add_address([*street, *city, *country]);
        // Where a body has its seat is the country it is asked for by; a person's address is not.
        if e.schema != Schema::Person {
            e.add_country(country);
        }
        e.add_remark(remarks);
        Ok(())
    }

    fn comment(&mut self, row: &[&str]) -> std::result::Result<(), String> {
        let [number, text] = row else { return Err("another shape".into()) };
        let number = self.number(number)?;
        let remarks = &mut self.remarks[number];
        // The blank before a country may be lost where the text was cut.
        if text.starts_with('(') && remarks.ends_with(|c: char| c.is_alphanumeric()) {
            remarks.push(' ');
        }
        remarks.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Name;

    #[test]
    fn remarks_go_on_in_the_comments() {
        let prim = b"17,\"EXAMPLE BANK\",-0- ,\"UKRAINE-EO13662] [RUSSIA-EO14024\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"SWIFT/BIC EXAMRUMM; Registration Numbe\"\n\
                     18,\"EXAMPLE TRADE\",-0- ,\"CMIC-EO13959\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Tax ID No. 77\"\n\x1a";
        let mut parts = Parts::sdn(Source::bytes("cons_prim.csv", prim));
        let comments = b"17,\"r 1027 (Russia); a.k.a. 'EXBANK'.\"\n18,\"(China); a.k.a. 'EXTRA'.\"\n\x1a";
        parts.add(Source::bytes("cons_comments.csv", comments));
        let list = read(parts).unwrap();
        assert_eq!((list.version.name.as_str(), list.version.records), ("ofac-consolidated", 2));
        let e = &list.entities[0];
        assert_eq!(e.programs, ["UKRAINE-EO13662", "RUSSIA-EO14024"]);
        assert_eq!(e.names[1], Name::weak("EXBANK"));
        let ids: Vec<_> = e.identifiers.iter().map(|i| (i.kind.as_str(), i.value.as_str())).collect();
        assert_eq!(ids, [("bic", "EXAMRUMM"), ("registration", "1027")]);
        assert!(e.remarks.ends_with("Registration Number 1027 (Russia); a.k.a. 'EXBANK'."), "{}", e.remarks);
        let id = &list.entities[1].identifiers[0];
        assert_eq!((id.value.as_str(), id.country.as_deref()), ("77", Some("cn")));
    }

    #[test]
    fn the_parts_come_together() {
        let sdn = b"1,\"DOE, John\",\"individual\",\"SDGT] [CYBER2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 1970.\"\r\n\
                    2,\"ACME LTD.\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\
                    2,\"AGAIN\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a";
        let mut parts = Parts::sdn(Source::bytes("sdn.csv", sdn));
        let alt = b"2,9,\"fka\",\"OLD ACME\",-0- \r\n7,1,\"aka\",\"NOBODY\",-0- \r\n\x1a";
        parts.add(Source::bytes("alt.csv", alt));
        parts.add(Source::bytes("add.csv", b"2,1,\"Street 1\",\"Havana\",\"Cuba\",-0- \r\n"));
        let list = read(parts).unwrap();
        assert_eq!(list.entities.len(), 2);
        assert_eq!(list.entities[0].programs, ["SDGT", "CYBER2"]);
        assert_eq!(list.entities[0].schema, Schema::Person);
        assert_eq!(list.entities[1].names[1], Name::former("OLD ACME"));
        assert_eq!(list.entities[1].countries, ["cu"]);
        assert_eq!(list.entities[1].addresses, ["Street 1, Havana, Cuba"]);
        let reasons: Vec<_> = list.rejected.iter().map(|r| (r.file.as_str(), r.position.line)).collect();
        assert_eq!(reasons, [("sdn.csv", Some(3)), ("alt.csv", Some(2))]);
        assert_eq!(list.version.records, list.version.entities + list.version.rejected);
    }
}
