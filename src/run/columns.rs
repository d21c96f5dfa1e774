//! Finding the columns of a table by their headers, and reading its rows as queries.

use super::cells::{self, CellSense};
use super::column_choice::ColumnChoice;
use super::field::{FIELDS, Field, NAME_COLUMNS};
use super::mend::{may_be_twice, mended};
use super::name_columns::{self, NameColumn, find_names, same_words};
use super::{ACCEPTED, CLEARED_BY, COMPARED, HIT_COLUMNS, QUERY_PART, QUERY_SPAN, RejectReason};
use crate::entity::{
    Gender, Identifier, IdentifierKind, Schema, countries_in_cell, is_compound, is_placeholder, parse_cell,
};
use crate::error::{ColumnPurpose, Error, ErrorKind, Result};
use crate::headers::{NamePart, Role, role_of};
use crate::screen::Query;
use csv::ByteRecord;
use rustc_hash::FxHashSet;

/// Cells of a column that are remembered as understood, and the longest of them in bytes: countries and dates repeat.
const MAX_REMEMBERED: usize = 1 << 15;
const MAX_REMEMBERED_LEN: usize = 50;

/// Columns of a header that an error shows at most.
const MAX_SHOWN: usize = 60;

/// The meaning of the columns of a table.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    headers: Vec<String>,
    names: Vec<NameColumn>,
    /// Whether the name columns were found by their headers, so that the same name in two of them is screened once.
    found: bool,
    fields: MappedFields,
    id: Option<usize>,
    carry: Vec<usize>,
    /// The field of a prepared record that holds the row's number in a spreadsheet.
    sheet_row: Option<usize>,
    extra: Vec<String>,
    unused: Vec<String>,
    /// Whether the names are free text.
    free_text: bool,
}

/// What was forgiven in a row: see [`Columns::prepare`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowNotes {
    /// Cells were missing at the end.
    pub short: bool,
    /// Empty cells stood behind the last column.
    pub long: bool,
    /// Cells whose text was encoded twice.
    pub mended: u64,
}

/// A header in lower case, letters and digits only: the form in which headers are compared.
pub(crate) fn normalized(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Columns by number, with the field each holds.
type MappedFields = Vec<(usize, Field)>;

/// A header in which columns are looked up.
struct Header {
    headers: Vec<String>,
    normalized: Vec<String>,
}

impl Header {
    fn new<'h>(header: impl IntoIterator<Item = &'h [u8]>) -> Header {
        let headers: Vec<String> =
            header.into_iter().map(|h| String::from_utf8_lossy(h).trim().to_string()).collect();
        let normalized = headers.iter().map(|h| normalized(h)).collect();
        Header { headers, normalized }
    }

    /// The first column under this header.
    fn find(&self, wanted: &str) -> Option<usize> {
        let wanted = normalized(wanted);
        self.normalized.iter().position(|h| *h == wanted)
    }

    /// The column that a caller named: one with exactly this header comes before one that is only similar.
    fn named(&self, column: &str) -> Option<usize> {
        self.headers.iter().position(|h| h == column).or_else(|| self.find(column))
    }

    /// As [`Header::named`], for a column that must be there.
    fn required(&self, column: &str, purpose: ColumnPurpose) -> Result<usize> {
        self.named(column).ok_or_else(|| {
            let (column, header) = (column.to_string(), self.shown());
            Error::new(ErrorKind::ColumnNotFound { column, purpose, header })
        })
    }

    /// The error of a table without a column for the name.
    fn missing(&self, wanted: Vec<String>) -> Error {
        Error::new(ErrorKind::MissingColumn { wanted, header: self.shown() })
    }

    /// The header as an error shows it.
    fn shown(&self) -> Vec<String> {
        let mut shown: Vec<String> = self.headers.iter().take(MAX_SHOWN).cloned().collect();
        if self.headers.len() > MAX_SHOWN {
            shown.push(format!("… {} more", self.headers.len() - MAX_SHOWN));
        }
        shown
    }

    /// The columns of names and of fields that the caller chose.
    fn chosen(&self, choice: &ColumnChoice) -> Result<(Vec<NameColumn>, MappedFields)> {
        let (mut names, mut fields) = (Vec::new(), Vec::new());
        for column in &choice.names {
            names.push(self.chosen_name(column)?);
        }
        for (field, column) in &choice.fields {
            if *field == Field::Name {
                names.push(self.chosen_name(column)?);
            } else {
                fields.push((self.required(column, ColumnPurpose::Field)?, field.clone()));
            }
        }
        names.dedup();
        Ok((self.join_chosen_parts(names), fields))
    }

    /// One name of columns that the caller named one by one and whose headers are those of the parts of a name, a family
    /// name among them: neither part is a name that somebody is listed under.
    fn join_chosen_parts(&self, names: Vec<NameColumn>) -> Vec<NameColumn> {
        let part = |name: &NameColumn| match name.parts[..] {
            [at] => match role_of(&self.headers[at]) {
                Some(Role::Part(part)) => Some((part, at)),
                _ => None,
            },
            _ => None,
        };
        let mut parts: Vec<(NamePart, usize)> = names.iter().filter_map(part).collect();
        parts.sort_unstable();
        parts.dedup();
        let has = |wanted: NamePart| parts.iter().any(|(part, _)| *part == wanted);
        let Some(first) = names.iter().position(|name| part(name).is_some()) else { return names };
        if parts.len() < 2 || !has(NamePart::Family) || !has(NamePart::Given) {
            return names;
        }
        let family = parts.iter().position(|(part, _)| *part == NamePart::Family);
        let columns = parts.iter().map(|(_, at)| *at).collect();
        let joined = NameColumn::joined(&self.headers, columns, family, None);
        let mut others: Vec<NameColumn> = names.into_iter().filter(|name| part(name).is_none()).collect();
        others.insert(first.min(others.len()), joined);
        others
    }

    /// A column of names as the caller named it: a header, or several that `+` joins.
    fn chosen_name(&self, column: &str) -> Result<NameColumn> {
        let missing = || self.missing(vec![column.to_string()]);
        if let Some(at) = self.named(column) {
            return Ok(NameColumn::single(&self.headers, at));
        }
        let parts: Option<Vec<usize>> = column.split('+').map(|part| self.named(part.trim())).collect();
        let parts = parts.filter(|parts| parts.len() > 1).ok_or_else(missing)?;
        Ok(NameColumn::joined(&self.headers, parts, None, None))
    }

    /// What the columns hold by their headers, where they are free.
    fn roles(&self, fields: &MappedFields, choice: &ColumnChoice) -> Vec<Option<Role>> {
        let is_chosen = |at: usize| {
            let is_other = |column: &String| self.named(column) == Some(at);
            fields.iter().any(|(taken, _)| *taken == at) || choice.id.as_ref().is_some_and(is_other)
        };
        let roles = self.headers.iter().enumerate();
        roles.map(|(at, header)| (!is_chosen(at)).then(|| role_of(header)).flatten()).collect()
    }

    /// Adds the fields that their headers name, except those that the caller chose.
    fn add_fields_by_header(&self, choice: &ColumnChoice, roles: &[Option<Role>], fields: &mut MappedFields) {
        let is_chosen = |field: &Field| choice.fields.iter().any(|(f, _)| f == field);
        let mut found: Vec<(usize, usize, usize, Field)> = Vec::new();
        for (at, role) in roles.iter().enumerate() {
            let field = role.as_ref().and_then(Field::of_role).filter(|field| *field != Field::Name);
            let Some(field) = &field else { continue };
            // The fields in their order, and the headers of each in theirs: the first one decides.
            let order = FIELDS.iter().position(|(f, _)| f == field).unwrap_or(FIELDS.len());
            let headers = FIELDS.get(order).map_or(&[][..], |(_, headers)| headers);
            let rank = headers.iter().position(|h| normalized(h) == self.normalized[at]);
            if !is_chosen(field) {
                found.push((order, rank.unwrap_or(headers.len()), at, field.clone()));
            }
        }
        found.sort_by_key(|(order, rank, at, _)| (*order, *rank, *at));
        for (_, _, at, field) in found {
            // The first header that is there: its values are one fact.
            let is_one_fact = matches!(field, Field::Schema | Field::BirthDate | Field::Gender);
            if !is_one_fact || !fields.iter().any(|(_, f)| *f == field) {
                fields.push((at, field));
            }
        }
    }

    /// The headers of the extra columns of hits: see [`Columns::extra_columns`].
    fn extra_columns(
        &self,
        several_names: bool,
        has_id: bool,
        carry: &[usize],
        sheet_row: bool,
    ) -> Vec<String> {
        let own = [(several_names, "name_column"), (has_id, "id")];
        let own = own.into_iter().filter(|(there, _)| *there).map(|(_, header)| header.to_string());
        let mut extra: Vec<String> = own.collect();
        for &at in carry {
            let mut header = self.headers[at].clone();
            while HIT_COLUMNS.contains(&header.as_str())
                || [ACCEPTED, CLEARED_BY, COMPARED, QUERY_PART, QUERY_SPAN].contains(&header.as_str())
                || extra.contains(&header)
            {
                header.insert_str(0, "input_");
            }
            extra.push(header);
        }
        if sheet_row {
            let mut header = "sheet_row".to_string();
            while extra.contains(&header) {
                header.insert_str(0, "input_");
            }
            extra.push(header);
        }
        extra
    }
}

impl Columns {
    /// Finds the columns in a header, whose fields are bytes in UTF-8.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingColumn`] with the header as it is, when there is no name column;
    /// [`ErrorKind::ColumnNotFound`] when another column of the choice is missing.
    pub fn find<'h>(header: impl IntoIterator<Item = &'h [u8]>, choice: &ColumnChoice) -> Result<Columns> {
        Columns::find_in(header, choice, &[])
    }

    /// As [`Columns::find`]; `sample` are the first records, by which a column of ids is told from one of names.
    pub(crate) fn find_in<'h>(
        header: impl IntoIterator<Item = &'h [u8]>,
        choice: &ColumnChoice,
        sample: &[ByteRecord],
    ) -> Result<Columns> {
        let header = Header::new(header);
        let (mut names, mut fields) = header.chosen(choice)?;
        let mut roles = header.roles(&fields, choice);
        let mut dropped = Vec::new();
        let is_found = names.is_empty();
        if names.is_empty() {
            let found = find_names(&header.headers, &roles, sample);
            if found.names.is_empty() {
                return Err(match found.dropped.first() {
                    Some((at, why)) => Error::new(ErrorKind::UnusableNames {
                        column: header.headers[*at].clone(),
                        reason: (*why).to_string(),
                        header: header.shown(),
                    }),
                    None => header.missing(NAME_COLUMNS.map(String::from).to_vec()),
                });
            }
            (names, dropped) = (found.names, found.dropped);
        }
        for at in names.iter().flat_map(|n| &n.parts) {
            roles[*at] = None;
        }
        if choice.free_text {
            // They are the counterparty's, and not those of a party in the text.
            fields.clear();
        } else {
            header.add_fields_by_header(choice, &roles, &mut fields);
        }
        let id = choice.id.as_deref().map(|c| header.required(c, ColumnPurpose::Id)).transpose()?;
        let carry = choice.carry.iter().map(|c| header.required(c, ColumnPurpose::Carried));
        let carry: Vec<usize> = carry.collect::<Result<_>>()?;
        let extra = header.extra_columns(names.len() > 1, id.is_some(), &carry, choice.sheet_rows);
        // Joined names, and the number of the row, go behind the cells of a record.
        let mut end = header.headers.len();
        for name in names.iter_mut().filter(|n| n.parts.len() > 1) {
            name.at = end;
            end += 1;
        }
        let sheet_row = choice.sheet_rows.then_some(end);
        let mut columns = Columns {
            headers: header.headers,
            names,
            found: is_found,
            fields,
            id,
            carry,
            sheet_row,
            extra,
            unused: Vec::new(),
            free_text: choice.free_text,
        };
        columns.unused = columns.find_unused(&dropped);
        Ok(columns)
    }

    /// The columns that nothing is read from, with the reason why one with a name's header is not.
    fn find_unused(&self, dropped: &[(usize, &'static str)]) -> Vec<String> {
        let mut used: Vec<usize> = self.names.iter().flat_map(|n| n.parts.iter().copied()).collect();
        used.extend(self.fields.iter().map(|(at, _)| *at).chain(self.id).chain(self.carry.iter().copied()));
        let unused = (0..self.headers.len()).filter(|at| !used.contains(at));
        let described = unused.map(|at| {
            let header = &self.headers[at];
            let header = if header.is_empty() { format!("column {}", at + 1) } else { format!("'{header}'") };
            match dropped.iter().find(|(d, _)| *d == at) {
                Some((_, why)) => format!("{header} ({why})"),
                None => header,
            }
        });
        described.collect()
    }

    /// The columns that nothing is read from, for people: `'Note'`, and where a column's header is that of a name, why.
    pub fn unused(&self) -> impl ExactSizeIterator<Item = &str> {
        self.unused.iter().map(String::as_str)
    }

    /// The headers of name columns that the caller chose and whose cells look like ids or numbers.
    pub(crate) fn doubtful_names(&self, sample: &[ByteRecord]) -> Vec<&str> {
        if self.free_text {
            return Vec::new();
        }
        let all_numbers = |n: &&NameColumn| n.parts.iter().all(|at| name_columns::holds_numbers(sample, *at));
        self.names.iter().filter(all_numbers).map(|n| n.header.as_str()).collect()
    }

    /// The headers of the name columns; of names in parts `First+Last`.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|n| n.header.as_str())
    }

    /// Whether the columns hold free text in which names are looked for.
    pub fn is_free_text(&self) -> bool {
        self.free_text
    }

    /// Whether anything but a copy is made of the column with this number, counted from 0: a name, a field or the row's id.
    pub fn is_read(&self, column: usize) -> bool {
        self.is_name(column) || self.fields.iter().any(|(at, _)| *at == column) || self.id == Some(column)
    }

    /// Whether the column with this number, counted from 0, holds names or parts of names.
    pub fn is_name(&self, column: usize) -> bool {
        self.names.iter().any(|n| n.parts.contains(&column))
    }

    /// The numbers of the columns that are copied to the hits, counted from 0, in the order of the choice.
    pub fn carried(&self) -> &[usize] {
        &self.carry
    }

    /// The header of the column with the row's own id, if one was chosen.
    pub fn id(&self) -> Option<&str> {
        self.id.map(|i| self.headers[i].as_str())
    }

    /// The headers of hits behind [`HIT_COLUMNS`]: `name_column` if there are several name columns, `id` if
    /// there is an id column, and the copied columns under their own headers, with `input_` before one that
    /// is taken.
    pub fn extra_columns(&self) -> impl Iterator<Item = &str> {
        self.extra.iter().map(String::as_str)
    }

    /// Each field with its header, for people: `name 'Company', birth_date 'DOB'`.
    pub fn describe(&self) -> String {
        let names = self.names.iter().map(|n| (n.header.as_str(), Field::Name.as_str()));
        let header = |i: &usize| self.headers[*i].as_str();
        let fields = self.fields.iter().map(|(i, f)| (header(i), f.as_str()));
        let id = self.id.iter().map(|i| (header(i), "id"));
        let carried = self.carry.iter().map(|i| (header(i), "carried"));
        let all = names.chain(fields).chain(id).chain(carried);
        all.map(|(header, f)| format!("{f} '{header}'")).collect::<Vec<_>>().join(", ")
    }

    /// Checks that a record can be read. `decoded` means that its bytes were decoded, so that a replacement
    /// character stands for bytes that are not valid in the encoding of the input.
    pub(crate) fn check(&self, record: &ByteRecord, decoded: bool) -> Result<(), RejectReason> {
        // An unquoted delimiter would shift the columns: cells with text behind the last one are not guessed at. Empty
        // cells there, and cells that are missing at the end, shift nothing.
        let width = self.headers.len();
        if record.len() > width && record.iter().skip(width).any(|cell| !cell.trim_ascii().is_empty()) {
            return Err(RejectReason::FieldCount { got: record.len(), expected: self.headers.len() });
        }
        let bytes = record.as_slice();
        if !bytes.is_ascii() {
            if let Some(i) = record.iter().position(|f| std::str::from_utf8(f).is_err()) {
                return Err(RejectReason::InvalidUtf8 { field: i + 1 });
            }
            let replaced = |f: &[u8]| f.windows(3).any(|w| w == "\u{fffd}".as_bytes());
            if decoded && let Some(i) = record.iter().position(replaced) {
                return Err(RejectReason::InvalidEncoding { field: i + 1 });
            }
        }
        if bytes.contains(&0) {
            let i = record.iter().position(|f| f.contains(&0)).unwrap_or(0);
            return Err(RejectReason::NulByte { field: i + 1 });
        }
        Ok(())
    }

    /// Brings a checked record into the shape in which it is read: with all cells of the header and none more, text that
    /// was encoded twice mended, and joined names behind the cells.
    pub(crate) fn prepare(&self, record: &mut ByteRecord) -> RowNotes {
        let width = self.headers.len();
        let mut notes = RowNotes { short: record.len() < width, long: record.len() > width, mended: 0 };
        if notes.long {
            record.truncate(width);
        }
        while record.len() < width {
            record.push_field(b"");
        }
        if !record.as_slice().is_ascii() {
            let is_read = |at: usize| {
                self.names.iter().any(|n| n.parts.contains(&at))
                    || self.fields.iter().any(|(of, _)| *of == at)
            };
            notes.mended = mend(record, is_read);
        }
        for name in self.names.iter().filter(|n| n.parts.len() > 1) {
            let joined = name.join(|at| text(record, at).to_string());
            record.push_field(joined.as_bytes());
        }
        if self.sheet_row.is_some() {
            let row = record.position().map_or(0, csv::Position::record);
            record.push_field(row.to_string().as_bytes());
        }
        notes
    }

    /// Passes the values of a prepared record that tell nothing to `found`, with the number of their column. `known` are
    /// cells that were understood, by field.
    pub(crate) fn for_each_silent_cell<'r>(
        &'r self,
        record: &'r ByteRecord,
        known: &mut Vec<FxHashSet<Box<[u8]>>>,
        mut found: impl FnMut(usize, &'r str, CellSense),
    ) {
        known.resize_with(self.fields.len(), FxHashSet::default);
        for ((at, field), known) in self.fields.iter().zip(known) {
            let cell = record.get(*at).unwrap_or_default();
            let is_plain = *field == Field::BirthDate && cells::is_plain_day(cell);
            if cell.is_empty() || is_plain || matches!(field, Field::Identifier(_)) || known.contains(cell) {
                continue;
            }
            let mut is_understood = true;
            for value in cells::values(text(record, *at)) {
                match cells::sense(field, value) {
                    CellSense::Understood | CellSense::Empty => (),
                    sense => {
                        is_understood = false;
                        found(*at, value, sense);
                    }
                }
            }
            if is_understood && known.len() < MAX_REMEMBERED && cell.len() <= MAX_REMEMBERED_LEN {
                known.insert(cell.into());
            }
        }
    }

    /// The header of a column, by its number.
    pub(crate) fn header(&self, at: usize) -> &str {
        self.headers.get(at).map_or("", String::as_str)
    }

    /// The name of the field that a column holds.
    pub(crate) fn field_name(&self, at: usize) -> &'static str {
        self.fields.iter().find(|(column, _)| *column == at).map_or("", |(_, field)| field.as_str())
    }

    /// Whether there is a column of other fields than identifiers.
    pub(crate) fn has_described_fields(&self) -> bool {
        self.fields.iter().any(|(_, field)| !matches!(field, Field::Identifier(_)))
    }

    /// Finds the names of a prepared record that are screened, as indices of the name columns. Name columns
    /// behind the first may be empty. A name that an earlier
    /// column has in the same words is not screened again, unless the caller named the columns. A row without any name is screened by its identifiers, under the first
    /// name column; one that has none of these either is rejected.
    pub(crate) fn screened_names(
        &self,
        record: &ByteRecord,
        screened: &mut Vec<usize>,
    ) -> Result<(), RejectReason> {
        screened.clear();
        let mut empty = true;
        for index in 0..self.names.len() {
            let name = self.name(record, index);
            empty &= name.is_empty();
            let is_known =
                || self.found && screened.iter().any(|other| same_words(name, self.name(record, *other)));
            if name.chars().any(char::is_alphanumeric) && !is_known() {
                screened.push(index);
            }
        }
        if screened.is_empty() && self.identifiers(record).any(|i| !i.keys().is_empty()) {
            screened.push(0);
        }
        match (screened.is_empty(), empty, self.has_identifiers()) {
            (false, ..) => Ok(()),
            (true, true, false) => Err(RejectReason::NoName),
            (true, true, true) => Err(RejectReason::NoNameOrIdentifier),
            (true, false, _) => Err(RejectReason::NoLetterOrDigit),
        }
    }

    /// Whether there is a column of identifiers.
    pub(crate) fn has_identifiers(&self) -> bool {
        self.fields.iter().any(|(_, field)| matches!(field, Field::Identifier(_)))
    }

    /// Whether there is a column of a field that is compared beside the name.
    pub fn has_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The identifiers of a checked record.
    pub(crate) fn identifiers<'r>(&'r self, record: &'r ByteRecord) -> impl Iterator<Item = Identifier> + 'r {
        self.fields(record, true)
            .filter_map(|(field, text)| match field {
                Field::Identifier(kind) => Some(identifiers(kind, text)),
                _ => None,
            })
            .flatten()
    }

    /// The query of a record in UTF-8 by its first name.
    #[cfg(feature = "evaluate")]
    pub(crate) fn query(&self, record: &ByteRecord) -> Result<Query, RejectReason> {
        let mut screened = Vec::new();
        self.check(record, false)?;
        let mut record = record.clone();
        self.prepare(&mut record);
        self.screened_names(&record, &mut screened)?;
        let mut query = Query::default();
        let name = self.name(&record, screened.first().copied().unwrap_or(0));
        set_query(&mut query, name, self.fields(&record, true), Schema::Unknown);
        Ok(query)
    }

    /// The name in a name column, by the column's index among the name columns.
    pub(crate) fn name<'r>(&self, record: &'r ByteRecord, name_column_index: usize) -> &'r str {
        text(record, self.names[name_column_index].at)
    }

    /// The fields that go with a name, as written; empty ones are left out. Identifiers go with the first
    /// screened name only, so that one identifier is one hit.
    pub(crate) fn fields<'r>(
        &'r self,
        record: &'r ByteRecord,
        first: bool,
    ) -> impl Iterator<Item = (&'r Field, &'r str)> {
        self.fields
            .iter()
            .filter(move |(_, f)| first || !matches!(f, Field::Identifier(_)))
            .map(|(i, f)| (f, text(record, *i)))
            .filter(|(_, t)| !t.is_empty())
    }

    /// The row's own id.
    pub(super) fn id_of<'r>(&self, record: &'r ByteRecord) -> Option<&'r str> {
        self.id.map(|i| text(record, i))
    }

    /// The values of the columns that are copied to the hits.
    pub(super) fn carried_of<'r>(&'r self, record: &'r ByteRecord) -> impl Iterator<Item = &'r str> {
        self.carry.iter().map(|i| text(record, *i))
    }

    /// The row's number in a spreadsheet, if it is wanted.
    pub(super) fn sheet_row_of<'r>(&self, record: &'r ByteRecord) -> Option<&'r str> {
        self.sheet_row.map(|at| text(record, at))
    }

    /// The header of a name column.
    pub(super) fn name_header(&self, name_column_index: usize) -> &str {
        &self.names[name_column_index].header
    }
}

/// The identifiers of a field.
pub(super) fn identifiers<'f>(
    kind: &'f IdentifierKind,
    text: &'f str,
) -> impl Iterator<Item = Identifier> + 'f {
    let values = text.split([';', '|', '\n']).map(str::trim).filter(|v| !v.is_empty());
    values.map(|v| Identifier::new(kind.clone(), v))
}

/// A field of a record that was prepared.
fn text(record: &ByteRecord, at: usize) -> &str {
    std::str::from_utf8(record.get(at).unwrap_or_default()).unwrap_or_default().trim()
}

/// Mends the cells of a record whose text was encoded twice, of those that `is_read` says are a name or a field: others are
/// copied as they are. Returns how many there are.
fn mend(record: &mut ByteRecord, is_read: impl Fn(usize) -> bool) -> u64 {
    if !record.iter().any(|cell| std::str::from_utf8(cell).is_ok_and(may_be_twice)) {
        return 0;
    }
    let mended = |(at, cell)| std::str::from_utf8(cell).ok().and_then(mended).filter(|_| is_read(at));
    let cells: Vec<Option<String>> = record.iter().enumerate().map(mended).collect();
    let count = cells.iter().flatten().count() as u64;
    if count > 0 {
        let fields = cells.iter().zip(record.iter());
        let mut whole: ByteRecord =
            fields.map(|(mended, cell)| mended.as_ref().map_or(cell, |m| m.as_bytes())).collect();
        whole.set_position(record.position().cloned());
        *record = whole;
    }
    count
}

/// Sets a query to a name and its fields as they are written. `schema` is that of rows without one of their
/// own. The query's buffers are reused.
pub(crate) fn set_query<'f>(
    query: &mut Query,
    name: &str,
    fields: impl Iterator<Item = (&'f Field, &'f str)>,
    schema: Schema,
) {
    query.name.clear();
    query.name.push_str(name);
    query.schema = schema;
    query.gender = None;
    query.birth_dates.clear();
    query.identifiers.clear();
    let mut countries = 0;
    for (field, text) in fields {
        let values = || cells::values(text);
        match field {
            Field::Name => (),
            // A word that is not a schema ("retail") leaves the schema unknown, which compares with
            // everything.
            Field::Schema => {
                query.schema = Schema::parse(text).filter(|s| *s != Schema::Unknown).unwrap_or(schema)
            }
            Field::BirthDate => {
                let dates = values().filter_map(parse_cell);
                query.birth_dates.extend(dates.filter(|date| !is_placeholder(date)));
            }
            Field::Country => {
                let mut add = |country: &str| {
                    match query.countries.get_mut(countries) {
                        Some(known) => country.clone_into(known),
                        None => query.countries.push(country.to_string()),
                    }
                    countries += 1;
                };
                for value in values() {
                    if is_compound(value) {
                        countries_in_cell(value).into_iter().for_each(|(country, _)| add(country));
                    } else {
                        add(value);
                    }
                }
            }
            Field::Gender => query.gender = Gender::parse(text),
            Field::Identifier(kind) => query.identifiers.extend(identifiers(kind, text)),
        }
    }
    query.countries.truncate(countries);
}

/// The query of a party whose fields are written as cells of a table, and the values that tell nothing: a date that is none,
/// a country that is not known. In a table such a value is reported; a caller with one party can refuse it.
///
/// ```
/// use interdict::entity::Schema;
/// use interdict::run::{Field, query_of_cells};
///
/// let cells = [(Field::BirthDate, "4 March 1970"), (Field::Country, "Russia; Narnia")];
/// let (query, silent) = query_of_cells("Anatoli Petrovski", &cells, Schema::Person);
/// assert_eq!((query.birth_dates.len(), query.schema), (1, Schema::Person));
/// assert_eq!(silent, [(Field::Country, "Narnia".to_string())]);
/// ```
pub fn query_of_cells(name: &str, cells: &[(Field, &str)], schema: Schema) -> (Query, Vec<(Field, String)>) {
    let mut query = Query::default();
    set_query(&mut query, name.trim(), cells.iter().map(|(field, text)| (field, text.trim())), schema);
    let values = cells.iter().flat_map(|(field, text)| cells::values(text).map(move |value| (field, value)));
    let silent = values.filter(|(field, value)| cells::sense(field, value) == CellSense::Unknown);
    (query, silent.map(|(field, value)| (field.clone(), value.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(names: &[&str], fields: &[(&str, &str)]) -> ColumnChoice {
        let fields = fields.iter().map(|(f, c)| (Field::parse(f).unwrap(), *c));
        ColumnChoice::default().names(names.iter().copied()).fields(fields)
    }

    #[test]
    fn columns_are_found_or_mapped() {
        let header = ByteRecord::from(vec!["Wer", "Wann", "Nationality", "COUNTRY", "DOB", "IMO number"]);
        let error = Columns::find(&header, &ColumnChoice::default()).unwrap_err().to_string();
        assert!(error.contains("Wer, Wann"), "{error}");
        let columns = Columns::find(&header, &choice(&["wer"], &[("birth_date", "Wann")])).unwrap();
        assert_eq!(
            columns.describe(),
            "name 'Wer', birth_date 'Wann', country 'COUNTRY', country 'Nationality', imo 'IMO number'"
        );
        assert_eq!(columns.unused().collect::<Vec<_>>(), ["'DOB'"]);
        let error = Columns::find(&header, &choice(&["wer"], &[("gender", "Geschlecht")])).unwrap_err();
        assert!(error.to_string().contains("'Geschlecht'"), "{error}");
    }

    /// The columns of a table with this header, or why it is refused; and the names of its first row.
    fn found(header: &str, row: &str) -> (String, Vec<String>) {
        let record = |line: &str| ByteRecord::from(line.split(';').collect::<Vec<_>>());
        let sample = vec![record(row); 3];
        let columns = match Columns::find_in(&record(header), &ColumnChoice::default(), &sample) {
            Ok(columns) => columns,
            Err(e) => return (e.to_string(), Vec::new()),
        };
        let mut first = record(row);
        columns.check(&first, false).unwrap();
        columns.prepare(&mut first);
        let mut screened = Vec::new();
        columns.screened_names(&first, &mut screened).unwrap();
        let names = screened.iter().map(|i| columns.name(&first, *i).to_string()).collect();
        (columns.describe(), names)
    }

    #[test]
    fn names_are_whole_or_joined_of_their_parts() {
        for (header, row, described, names) in [
            ("Name;Vorname", "Muster;Max", "name 'Vorname+Name'", &["Max Muster"][..]),
            ("Nome;Cognome", "Mario;Rossi", "name 'Nome+Cognome'", &["Mario Rossi"]),
            (
                "first name;middle name;LAST NAME;suffix",
                "A;B;C;Jr",
                "name 'first name+middle name+LAST NAME+suffix'",
                &["A B C Jr"],
            ),
            (
                "Фамилия;Имя;Отчество",
                "Иванов;Иван;Иванович",
                "name 'Имя+Отчество+Фамилия'",
                &["Иван Иванович Иванов"],
            ),
            ("姓;名", "王;小明", "name '名+姓'", &["王小明"]),
            (
                "name;first_name;last_name",
                "Max Muster;Max;Muster",
                "name 'name', name 'first_name+last_name'",
                &["Max Muster"],
            ),
            (
                "name;first_name;last_name",
                "Mad Max;Max;Muster",
                "name 'name', name 'first_name+last_name'",
                &["Mad Max", "Max Muster"],
            ),
            ("name;name", "Jane;Joe", "name 'name', name 'name'", &["Jane", "Joe"]),
            ("company;name", "Acme;Jane", "name 'name', name 'company'", &["Jane", "Acme"]),
            ("name;aliases", "Jane;Janey", "name 'name', name 'aliases'", &["Jane", "Janey"]),
            ("customer;company", "C-1001;Acme", "name 'company'", &["Acme"]),
            ("surname", "Muster", "name 'surname'", &["Muster"]),
            (
                "customer",
                "1001",
                "the column 'customer' holds ids or numbers and no names; the header has: customer",
                &[],
            ),
            (
                "Vorname;Ort",
                "Max;Bonn",
                "the column 'Vorname' holds first names, and no column holds the last names; the header has: Vorname, Ort",
                &[],
            ),
        ] {
            let (found, screened) = found(header, row);
            assert_eq!(
                (found.as_str(), screened),
                (described, names.iter().map(|n| n.to_string()).collect()),
                "{header}"
            );
        }
    }

    #[test]
    fn named_columns_are_joined_with_a_blank() {
        let header = ByteRecord::from(vec!["A", "B", "A+B"]);
        let mut record = ByteRecord::from(vec!["x", "y", "z"]);
        let columns = Columns::find(&header, &choice(&["B + A", "A+B"], &[])).unwrap();
        columns.prepare(&mut record);
        assert_eq!((columns.name(&record, 0), columns.name(&record, 1)), ("y x", "z"));
        assert!(Columns::find(&header, &choice(&["A+C"], &[])).is_err());
    }

    #[test]
    fn rows_of_another_width_are_brought_into_shape_or_rejected() {
        let header = ByteRecord::from(vec!["name", "country"]);
        let columns = Columns::find(&header, &ColumnChoice::default()).unwrap();
        for (row, notes) in [
            (vec!["a", "b"], RowNotes::default()),
            (vec!["a"], RowNotes { short: true, ..RowNotes::default() }),
            (vec!["a", "b", "", " "], RowNotes { long: true, ..RowNotes::default() }),
            (vec!["MÃ¼ller", "b"], RowNotes { mended: 1, ..RowNotes::default() }),
        ] {
            let mut record = ByteRecord::from(row);
            columns.check(&record, false).unwrap();
            assert_eq!(columns.prepare(&mut record), notes);
            assert_eq!(record.len(), 2);
        }
        let header = ByteRecord::from(vec!["name", "note"]);
        let columns = Columns::find(&header, &ColumnChoice::default().carry(["note"])).unwrap();
        let mut record = ByteRecord::from(vec!["MÃ¼ller", "MÃ¼ller"]);
        assert_eq!(columns.prepare(&mut record).mended, 1);
        assert_eq!(record, ByteRecord::from(vec!["Müller", "MÃ¼ller"]), "carried as it is");
        let shifted = ByteRecord::from(vec!["a", "b", "", "c"]);
        assert_eq!(columns.check(&shifted, false), Err(RejectReason::FieldCount { got: 4, expected: 2 }));
    }

    #[test]
    fn several_countries_of_a_row() {
        let mut query = Query::default();
        for (cell, found) in [
            ("Iran", &["Iran"][..]),
            ("ru; ir", &["ru", "ir"]),
            ("Russian/Ukrainian", &["Russian", "Ukrainian"]),
            ("Iran, Syria", &["Iran", "Syria"]),
            ("Moldovan and Russian", &["Moldovan", "Russian"]),
            ("Iranian (since 1999)", &["Iranian"]),
            ("Possibly Ethiopian", &["Ethiopian"]),
            ("Korea, North", &["Korea, North"]),
            ("Trinidad and Tobago", &["Trinidad and Tobago"]),
            ("Somewhere, else", &["Somewhere, else"]),
            ("", &[]),
        ] {
            set_query(&mut query, "x", [(&Field::Country, cell)].into_iter(), Schema::Unknown);
            assert_eq!(query.countries, found, "{cell}");
        }
    }

    #[test]
    fn identifiers_go_with_the_first_name_alone() {
        let header = ByteRecord::from(vec!["a", "b", "imo", "country"]);
        let columns = Columns::find(&header, &choice(&["a", "b"], &[])).unwrap();
        let record = ByteRecord::from(vec!["-", "Acme", "9253325", "ru; ir"]);
        let mut found = Vec::new();
        columns.screened_names(&record, &mut found).unwrap();
        assert_eq!(found, [1]);
        let mut query = Query::default();
        set_query(&mut query, columns.name(&record, 1), columns.fields(&record, true), Schema::Vessel);
        assert_eq!((query.identifiers.len(), query.countries.len()), (1, 2));
        set_query(&mut query, "x", columns.fields(&record, false), Schema::Vessel);
        assert!(query.identifiers.is_empty());
    }
}
