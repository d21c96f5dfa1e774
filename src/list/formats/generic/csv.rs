//! The generic CSV layout: any table of names with a header. Its columns are listed in the documentation of
//! [`crate::list`].
//!
//! A schema word that is not known becomes [`Schema::Unknown`], which is compatible with every schema, so
//! that no hit is lost. What the columns became, and which were not read, is in the coverage of the list.
//!
//! Cost: one pass. Limits: lines above the header are passed over if the header is among the first ten and
//! has at least two columns.

use super::columns::{Column, NAME_PARTS, column};
use crate::digest::hex_digest;
use crate::entity::{Date, Entity, Identifier, Name, NameKind, Schema, add_once, country_named, parse_cell};
use crate::error::{Error, ErrorKind, Position, Result};
use crate::list::read::builder::{ListBuilder, ListMetadata, NOT_UTF8, Parsed, RejectReason};
use crate::list::read::csv_rows::{CsvRows, field_count_reason, row_of_text, swallowed_reason};
use crate::list::read::source::ByteSource;
use crate::list::text::cells;
use crate::list::{Layout, List};
use rustc_hash::FxHashMap;

/// The delimiters that are told by the header, in the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter of a table with a single column: none, so that a comma in a name cuts nothing.
const NO_DELIMITER: u8 = 0x1f;

/// Lines in which the header is looked for.
const HEADER_LINES: usize = 10;

/// Ends a file of MS-DOS; some exports still write it.
const END_OF_FILE: &[u8] = &[0x1a];

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) delimiter: u8,
    /// Rows above the header.
    pub(crate) header: usize,
}

/// How a table is written, by its head; `None` if no row of the first ones is a header with a name.
pub(crate) fn form(head: &str) -> Option<Form> {
    // "sep=;" tells a spreadsheet the delimiter.
    let told = head.lines().next().and_then(|l| l.trim_end().strip_prefix("sep="));
    if let Some(delimiter) = told.and_then(|t| t.bytes().next()).filter(u8::is_ascii) {
        let header = row_of_text(head, delimiter, 1)?;
        return is_header(&header).then_some(Form { delimiter, header: 1 });
    }
    for header in 0..HEADER_LINES {
        let rows = DELIMITERS.map(|d| (d, row_of_text(head, d, header).unwrap_or_default()));
        let found = rows.iter().filter(|(_, row)| is_header(row));
        // The first of equal ones.
        let best = found.rev().max_by_key(|(_, row)| row.len());
        match best {
            Some((_, row)) if row.len() == 1 && header == 0 => {
                return Some(Form { delimiter: NO_DELIMITER, header });
            }
            Some((delimiter, row)) if row.len() > 1 => return Some(Form { delimiter: *delimiter, header }),
            _ => {}
        }
    }
    None
}

/// Whether a row is the header of a list.
fn is_header(fields: &[String]) -> bool {
    let columns: Vec<Column> = fields.iter().map(|f| column(f)).collect();
    let is_name = |c: &Column| matches!(c, Column::Name | Column::FamilyName);
    let known = columns.iter().filter(|c| **c != Column::Ignored).count();
    // "Company" is also a cell of rows without a header: a kind of party.
    let is_company = columns.contains(&Column::Company) && (known > 1 || fields.len() == 1);
    columns.iter().any(is_name) || is_company
}

/// Reads a generic CSV.
pub(crate) fn read(name: &str, source: ByteSource<'_>) -> Result<List> {
    let mut builder = ListBuilder::new(source.name());
    let form = form(&String::from_utf8_lossy(source.head()));
    let Form { delimiter, header: above } = form.unwrap_or(Form { delimiter: b',', header: 0 });
    let mut rows = CsvRows::new(source, delimiter);
    for _ in 0..above {
        rows.header()?;
        builder.count_unread("(lines above the header)");
    }
    let header = rows.header()?;
    if !rows.has_line_end() {
        let what = "the file ends within its header: it was cut off, or holds nothing else";
        return Err(Error::malformed(what).at(Position::line(1)));
    }
    if !is_header(&header) {
        return Err(Error::new(ErrorKind::UnknownLayout(format!(
            "the generic CSV needs a column 'name'; the header is: {}",
            header.join(", ")
        ))));
    }
    let columns: Vec<Column> = header.iter().map(|h| column(h)).collect();
    let used = header.iter().zip(&columns).filter(|(_, c)| **c != Column::Ignored);
    builder.set_columns(used.map(|(h, c)| (h.clone(), c.to_string())).collect());
    let mut table = GenericTable::new(columns.contains(&Column::Id));
    while let Some(at) = rows.advance_to_next()? {
        if rows.row().len() == 1 && &rows.row()[0] == END_OF_FILE {
            continue;
        }
        let added = if let Some(at) = rows.swallowed_rows(|at| is_short(columns.get(at))) {
            Err(swallowed_reason(at))
        } else if rows.fit_to_header() {
            let cells = rows.row().iter().zip(header.iter().zip(&columns));
            parse_row(cells, &mut builder).and_then(|row| table.add_row(row, &mut builder.entities))
        } else {
            Err(field_count_reason(rows.row().len(), header.len()))
        };
        match added {
            Ok(Outcome::NewEntity) => {}
            Ok(Outcome::Merged) => builder.count_merged(1),
            Err(reason) => builder.reject(at, reason)?,
        }
    }
    let sha256 = rows.sha256()?;
    Ok(builder.finish(ListMetadata::new(name, Layout::GenericCsv, sha256)))
}

/// Whether the cells of a column are so short that none has line ends and delimiters of its own.
fn is_short(column: Option<&Column>) -> bool {
    !matches!(
        column,
        None | Some(
            Column::Alias(..) | Column::Address | Column::Remarks | Column::Ignored | Column::BirthPlace
        )
    )
}

fn parse_row<'a>(
    cells: impl Iterator<Item = (&'a [u8], (&'a String, &'a Column))>,
    list: &mut ListBuilder,
) -> Parsed<RowFacts> {
    let mut row = RowFacts::default();
    for (cell, (header, column)) in cells {
        let text = std::str::from_utf8(cell).map_err(|_| RejectReason::field(header, NOT_UTF8))?;
        if text.contains('\0') {
            return Err(RejectReason::field(header, "a NUL byte"));
        }
        if *column == Column::Ignored && !text.trim().is_empty() {
            list.count_unread(header);
        }
        row.add_cell(column, text);
    }
    Ok(row)
}

/// The facts of a row.
pub(crate) struct RowFacts {
    /// The facts other than names, id and remarks.
    entity: Entity,
    id: String,
    primary_name: String,
    /// The parts of a name, in the order of [`NAME_PARTS`].
    parts: [String; 3],
    /// The name of a body in a column beside those of names.
    company: String,
    other_names: Vec<Name>,
    /// The day on which the party was removed from the list.
    delisted: String,
    /// The countries in the form in which they enter an id derived from the content.
    countries_for_id: Vec<String>,
    remarks: Vec<String>,
}

impl Default for RowFacts {
    fn default() -> Self {
        RowFacts {
            entity: Entity::without_names("", Schema::Unknown),
            id: String::new(),
            primary_name: String::new(),
            parts: Default::default(),
            company: String::new(),
            delisted: String::new(),
            other_names: Vec::new(),
            countries_for_id: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl RowFacts {
    /// Adds a cell.
    pub(crate) fn add_cell(&mut self, column: &Column, cell: &str) {
        let text = cell.trim();
        if text.is_empty() || text == "-" && *column != Column::Name {
            return;
        }
        let values = || text.split([';', '\n']).map(str::trim).filter(|v| !v.is_empty());
        let e = &mut self.entity;
        match column {
            Column::Id => self.id = text.to_string(),
            Column::Delisted => self.delisted = text.to_string(),
            Column::GivenName | Column::MiddleName | Column::FamilyName => {
                if let Some(part) = NAME_PARTS.iter().position(|p| p == column) {
                    let before = &mut self.parts[part];
                    *before = [before, text].join(" ").trim().to_string();
                }
            }
            Column::Name => {
                if self.primary_name.is_empty() {
                    self.primary_name = text.to_string();
                } else {
                    self.other_names.push(Name::alias(text));
                }
                // The whole text stays a name; several in one cell are names of their own.
                let several = text.split(';').map(str::trim).filter(|v| v.contains(char::is_whitespace));
                if text.contains(';') {
                    self.other_names.extend(several.map(Name::alias));
                }
            }
            Column::Company => self.company = text.to_string(),
            Column::Schema => match Schema::parse(text) {
                Some(schema) if e.schema == Schema::Unknown => e.schema = schema,
                Some(_) => {}
                None => self.remarks.push(text.to_string()),
            },
            Column::Alias(kind, strength) => {
                let names = alias_values(text);
                let names = names.iter().flat_map(|v| cells::split_scripts(v));
                self.other_names.extend(names.map(|v| Name::new(v, *kind, *strength)));
            }
            Column::Country => {
                values().for_each(|v| cells::add_countries(v, e));
                values().for_each(|v| add_country_for_id(v, &mut self.countries_for_id));
            }
            Column::BirthDate => values().for_each(|v| match Date::parse(v) {
                Some(date) => e.birth_dates.push(date),
                // Serial numbers of spreadsheets, times, months in other languages.
                None => match parse_cell(v) {
                    Some(date) => e.birth_dates.push(date),
                    None => cells::add_dates(v, e),
                },
            }),
            Column::Gender => e.add_gender(text),
            Column::Program => e.programs.extend(values().map(str::to_string)),
            Column::ListedOn => e.add_listing_date(text),
            Column::Address => e.addresses.extend(values().map(str::to_string)),
            Column::BirthPlace => e.birth_places.push(text.to_string()),
            Column::Remarks => self.remarks.push(text.to_string()),
            Column::Identifier(kind) => {
                e.identifiers.extend(values().map(|v| Identifier::new(kind.clone(), v)));
            }
            Column::Ignored => {}
        }
    }
}

/// The aliases of a cell: separated by `;`, line ends, bars or slashes between blanks, or by commas that whole names
/// stand between, or written as a list of a programming language (`["A", "B"]`).
fn alias_values(text: &str) -> Vec<String> {
    if let Some(listed) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        let json: Option<Vec<String>> = serde_json::from_str(text).ok();
        // Python's lists have single quotes.
        let python = || {
            let inner = listed.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            Some(inner.split("', '").map(str::to_string).collect())
        };
        if let Some(values) = json.or_else(python) {
            return values.iter().map(|v| v.trim().to_string()).filter(|v| !v.is_empty()).collect();
        }
    }
    let mut found = Vec::new();
    let pieces = text.split([';', '\n', '|']).flat_map(|p| p.split(" / "));
    for piece in pieces.map(str::trim).filter(|p| !p.is_empty()) {
        found.push(piece.to_string());
        // "Ann Doe, Anna Dou, Annie Doe", and not "Doe, Ann Mary": the whole text stays a name.
        let parts: Vec<&str> = piece.split(',').map(str::trim).collect();
        let are_names = parts.iter().all(|p| p.contains(char::is_whitespace));
        if are_names && (parts.len() > 2 || parts.len() == 2 && share_a_word(parts[0], parts[1])) {
            found.extend(parts.iter().map(|p| p.to_string()));
        }
    }
    found
}

fn share_a_word(a: &str, b: &str) -> bool {
    let words = |text: &str| text.to_lowercase().split_whitespace().map(String::from).collect::<Vec<_>>();
    let of_b = words(b);
    words(a).iter().any(|w| of_b.contains(w))
}

impl RowFacts {
    /// Adds the values of an object within a record: the name `{"first": "Ann", "last": "Doe"}`, the alias
    /// `{"name": "Annie", "quality": "low"}`. False if nothing in it is understood.
    pub(crate) fn add_nested(&mut self, column: &Column, texts: &[(Column, String)]) -> bool {
        match column {
            Column::Name if self.primary_name.is_empty() && self.parts.iter().all(String::is_empty) => {
                texts.iter().for_each(|(inner, text)| self.add_cell(inner, text));
                texts.iter().any(|(inner, _)| inner.is_name())
            }
            Column::Name | Column::Alias(..) => {
                let mut inner = RowFacts::default();
                texts.iter().filter(|(c, _)| c.is_name()).for_each(|(c, text)| inner.add_cell(c, text));
                inner.join_name_parts();
                let (kind, strength) = match column {
                    Column::Alias(kind, strength) => (*kind, *strength),
                    _ => (NameKind::Alias, crate::entity::AliasStrength::Strong),
                };
                let primary = Some(inner.primary_name).filter(|n| !n.is_empty());
                let names = primary.into_iter().chain(inner.other_names.into_iter().map(|n| n.text));
                let names: Vec<Name> = names.map(|n| Name::new(n, kind, strength)).collect();
                let is_understood = !names.is_empty();
                self.other_names.extend(names);
                is_understood
            }
            _ => false,
        }
    }

    /// Makes one name of its parts: "Ann" and "Doe", where the column of the name holds "Doe" or nothing.
    fn join_name_parts(&mut self) {
        let [given, _, family] = &self.parts;
        let join =
            |parts: &[&str]| parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let [given, middle, family] = [given.as_str(), self.parts[1].as_str(), family.as_str()];
        let has_word = |name: &str, word: &str| {
            let is_same = |w: &str| w.to_lowercase() == word.to_lowercase();
            name.split(|c: char| !c.is_alphanumeric()).any(is_same)
        };
        let is_within = |part: &str, name: &str| {
            part.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(|w| has_word(name, w))
        };
        if given.is_empty() && family.is_empty() {
            self.use_company();
            return;
        }
        if self.primary_name.is_empty() {
            self.primary_name = join(&[given, middle, family]);
        } else if family.is_empty() && !is_within(given, &self.primary_name) {
            self.primary_name = join(&[given, middle, &self.primary_name]);
        } else if !family.is_empty() {
            let whole = join(&[given, middle, family]);
            if !is_within(&whole, &self.primary_name) {
                self.other_names.push(Name::alias(whole));
            }
        }
        self.use_company();
    }

    /// A body's name is that of the party if there is no other; else it may be an employer.
    fn use_company(&mut self) {
        let company = std::mem::take(&mut self.company);
        if self.primary_name.is_empty() {
            self.primary_name = company;
        } else if !company.is_empty() {
            self.remarks.push(company);
        }
    }
}

/// Adds the countries of a text in the form in which they enter an id: as a code if the text is a code or
/// name, else as written. Demonyms are not recognised, so that ids do not change when one is added to the
/// program.
fn add_country_for_id(text: &str, countries: &mut Vec<String>) {
    let is_named = |t: &str| country_named(t).is_some();
    let is_several = !is_named(text) && text.split(',').all(is_named);
    for country in if is_several { text.split(',').collect() } else { vec![text] } {
        add_once(countries, country_named(country).unwrap_or(country).to_string());
    }
}

/// The result of adding a row.
pub(crate) enum Outcome {
    /// The row is a new entity.
    NewEntity,
    /// The row was merged into the entity of an earlier row.
    Merged,
}

/// The entities of a generic table by their ids.
pub(crate) struct GenericTable {
    requires_id: bool,
    by_id: FxHashMap<String, usize>,
}

impl GenericTable {
    /// `requires_id` means that a row without an id is rejected.
    pub(crate) fn new(requires_id: bool) -> GenericTable {
        GenericTable { requires_id, by_id: FxHashMap::default() }
    }

    /// Adds a row as an entity, or merges it into the entity with the same id.
    pub(crate) fn add_row(&mut self, mut row: RowFacts, entities: &mut Vec<Entity>) -> Parsed<Outcome> {
        row.join_name_parts();
        if !row.delisted.is_empty() {
            return Err(RejectReason::record(format!("de-listed on {}", row.delisted)).not_in_force());
        }
        let RowFacts { mut entity, mut id, primary_name, other_names, countries_for_id, remarks, .. } = row;
        if primary_name.is_empty() {
            return Err(RejectReason::field("name", "no name"));
        }
        remarks.iter().for_each(|r| entity.add_remark(r));
        let id_is_published = !id.is_empty();
        if !id_is_published {
            if self.requires_id {
                return Err(RejectReason::field("id", "no id, in a list that has them"));
            }
            id = content_id(&primary_name, &countries_for_id, &entity);
        }
        let known = self.by_id.get(&id).copied();
        let index = known.unwrap_or_else(|| {
            self.by_id.insert(id.clone(), entities.len());
            entities.push(Entity::new(id, entity.schema, primary_name.clone()));
            entities.len() - 1
        });
        let target = &mut entities[index];
        if known.is_some() && id_is_published {
            // A repeated name is kept too, so that the counts of names are those of the file.
            target.names.push(Name::alias(primary_name));
        }
        other_names.into_iter().for_each(|n| target.add_name(n));
        merge(target, entity);
        Ok(if known.is_some() { Outcome::Merged } else { Outcome::NewEntity })
    }
}

/// Adds the facts of a further row to an entity.
fn merge(into: &mut Entity, row: Entity) {
    fn add<T: PartialEq>(into: &mut Vec<T>, from: Vec<T>) {
        from.into_iter().for_each(|v| add_once(into, v));
    }
    if into.schema == Schema::Unknown {
        into.schema = row.schema;
    }
    add(&mut into.birth_dates, row.birth_dates);
    add(&mut into.countries, row.countries);
    add(&mut into.programs, row.programs);
    add(&mut into.identifiers, row.identifiers);
    add(&mut into.addresses, row.addresses);
    add(&mut into.birth_places, row.birth_places);
    into.gender = into.gender.or(row.gender);
    into.listed_on = into.listed_on.or(row.listed_on);
    into.add_remark(&row.remarks);
}

/// An id derived from the facts of a row. It does not depend on the order of the file, and rows with equal
/// facts have the same id.
fn content_id(name: &str, countries: &[String], entity: &Entity) -> String {
    let dates: Vec<String> = entity.birth_dates.iter().map(Date::to_string).collect();
    let parts =
        [name, entity.schema.as_str(), &countries.join(";"), &dates.join(";"), &entity.programs.join(";")]
            .join("\u{1f}");
    hex_digest([parts.as_bytes()])[..16].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csv: &[u8]) -> Result<List> {
        super::read("x", ByteSource::from_bytes("x", csv))
    }

    #[test]
    fn rows_of_one_id_are_one_entity() {
        let csv = "\u{feff}ID,Name,schema,DOB,country,passport\n1,Al Foo,Person,1970;1971-02,Iran,A 1\n2,Bar Ltd,company,,,\n1,Alfu,Person,1970,IR,\n";
        let list = read(csv.as_bytes()).unwrap();
        assert_eq!(list.entities.len(), 2);
        let e = &list.entities[0];
        assert_eq!(e.names, [Name::primary("Al Foo"), Name::alias("Alfu")]);
        assert_eq!(e.birth_dates.len(), 2);
        assert_eq!(e.countries, ["ir"]);
        assert_eq!((list.version.records, list.version.names, list.version.aliases), (3, 3, 1));
    }

    #[test]
    fn broken_rows_are_rejected_with_their_position() {
        let list = read(b"name,country\nA,b,c\n,fr\n\xff,fr\n\"two\nlines\",fr\nC,de\n").unwrap();
        let found: Vec<_> = list.rejected.iter().map(|r| (r.position.line, r.reason.as_str())).collect();
        assert_eq!(
            found,
            [
                (Some(2), "3 fields where the header has 2"),
                (Some(3), "no name"),
                (Some(4), "not valid UTF-8")
            ]
        );
        assert_eq!(list.entities.len(), 2);
        assert_eq!(list.version.records, 5);
    }

    fn names(csv: &str) -> Vec<String> {
        let list = crate::list::from_bytes("x", csv.as_bytes()).unwrap();
        assert_eq!(list.rejected, [], "{csv}");
        list.entities.iter().flat_map(|e| e.names.iter().map(|n| n.text.clone())).collect()
    }

    #[test]
    fn tables_are_read_with_any_delimiter() {
        for csv in [
            "name;country\nAnn Doe;fr\n",
            "name\tcountry\nAnn Doe\tfr\n",
            "id|name\n1|Ann Doe\n",
            "sep=;\nname;country\nAnn Doe;fr\n",
            "Our list\n\nas of,2031\nname,country\nAnn Doe,fr\n",
            "country,name,note\nfr,Ann Doe\n",
            "name,country\nAnn Doe,fr,,\n\x1a",
        ] {
            assert_eq!(names(csv), ["Ann Doe"], "{csv}");
        }
        assert_eq!(
            names("name\nDoe; Ann, Ms\n"),
            ["Doe; Ann, Ms", "Ann, Ms"],
            "a single column has no delimiter"
        );
    }

    #[test]
    fn parts_of_a_name_are_joined() {
        for (csv, wanted) in [
            ("name,first name\nDoe,Ann Mary\n", &["Ann Mary Doe"][..]),
            ("Name;Vorname\nDoe;Ann\n", &["Ann Doe"]),
            ("last_name,first_name,middle_name\nDoe,Ann,Mary\n", &["Ann Mary Doe"]),
            ("surname\nDoe\n", &["Doe"]),
            ("name,first name\nANN DOE,Ann\n", &["ANN DOE"]),
            ("name,first name,last name\nAnn Doe,Ann,Doe\n", &["Ann Doe"]),
            ("name,first name,last name\nWorks Ltd,,\n", &["Works Ltd"]),
            ("name,given name,family name\nA. Doe,Ann,Doe\n", &["A. Doe", "Ann Doe"]),
        ] {
            assert_eq!(names(csv), wanted, "{csv}");
        }
    }

    #[test]
    fn a_row_is_no_header_for_a_cell_that_tells_a_kind() {
        assert_eq!(form("101,Acme Works,Company,ru\n102,Ben Roe,Person,fr\n"), None);
        assert!(form("company,country\nAcme Works,fr\n").is_some());
        assert!(form("Company\nAcme Works\n").is_some());
    }

    #[test]
    fn columns_that_were_not_read_are_told_with_their_counts() {
        let csv = "name,alias1,Alias 2,Also Known As,Name BG,Colour,Shape\nAnn,B C,D E,F G,Анна,red,\nBen,,,,,blue,\n";
        let list = read(csv.as_bytes()).unwrap();
        let c = &list.version.coverage;
        assert_eq!(c.unread, [("Colour".to_string(), 2)]);
        let columns: Vec<&str> = c.columns.iter().map(|(h, _)| h.as_str()).collect();
        assert_eq!(columns, ["name", "alias1", "Alias 2", "Also Known As", "Name BG"]);
        assert_eq!(list.entities[0].names.len(), 5);
        let described = list.version.describe(jiff::civil::date(2031, 5, 9));
        assert!(described.contains("columns not read, with their values: Colour 2"), "{described}");
    }

    #[test]
    fn a_list_of_another_encoding_or_mostly_rejected_is_not_whole() {
        use crate::list::ListProblem as P;
        let problems = |csv: &[u8]| crate::list::from_bytes("x", csv).unwrap().version.problems;
        let latin1 = b"name,country\nJos\xe9 P\xe9rez,Spain\nAnn Doe,France\n";
        let found = problems(latin1);
        assert!(
            matches!(&found[0], P::NotDecoded { records: 1, likely: Some(e) } if e == "windows-1252"),
            "{found:?}"
        );
        assert!(matches!(problems("name\nJos\u{fffd}\n".as_bytes())[0], P::NotDecoded { .. }));
        assert_eq!(problems(b"id,name\n1,\n2,Ann\n"), [P::Rejected { rejected: 1, records: 2 }]);
        assert_eq!(problems(b"id,name\n"), [P::Empty]);
        let many: String = (0..200).map(|i| format!("{i},Ann {i}\n")).collect();
        assert_eq!(problems(format!("id,name\n{many}x,\n").as_bytes()), []);
        assert_eq!(problems(b"name,delisted\nAnn,2031-01-02\nBen,\n"), []);
    }

    #[test]
    fn derived_ids_survive_reordering() {
        let ids = |csv: &str| {
            let mut ids: Vec<_> = read(csv.as_bytes()).unwrap().entities.into_iter().map(|e| e.id).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids("name,country\nA,fr\nB,de\n"), ids("name,country\nB,de\nA,fr\n"));
        assert_ne!(ids("name,country\nA,fr\n"), ids("name,country\nA,de\n"));
    }
}
