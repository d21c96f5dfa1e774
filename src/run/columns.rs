//! Finding the columns of a table by their headers, and reading its rows as queries.

use super::{ACCEPTED, CLEARED_BY, COMPARED, HIT_COLUMNS, RejectReason};
use crate::entity::{Date, Gender, Identifier, IdentifierKind, Schema, countries_in, is_compound};
use crate::error::{ColumnPurpose, Error, ErrorKind, Result};
use crate::screen::Query;
use csv::ByteRecord;
use std::fmt;
use std::str::FromStr;

/// The headers under which a name column is found, in this order. Case, `_`, `-` and blanks are ignored.
pub const NAME_COLUMNS: [&str; 9] = [
    "name",
    "full_name",
    "company",
    "company_name",
    "counterparty",
    "customer",
    "beneficiary",
    "vendor",
    "supplier",
];

/// Columns of a header that an error shows at most.
const MAX_SHOWN: usize = 60;

/// A field of a counterparty that a column can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// The name.
    Name,
    /// The kind of party.
    Schema,
    /// Birth dates, separated by `;`.
    BirthDate,
    /// Countries as codes, names or nationalities, separated by `;`. If every part is known, also by `/`,
    /// `,`, line ends, "and" and "or": "Russian/Ukrainian". A bracket behind a country is ignored.
    Country,
    /// Gender.
    Gender,
    /// Identifiers of one kind, separated by `;`, `|` or line ends.
    Identifier(IdentifierKind),
}

/// Each field except the identifiers, with the headers under which it is found; the first is its name.
const FIELDS: [(Field, &[&str]); 5] = [
    (Field::Name, &NAME_COLUMNS),
    (Field::Schema, &["schema", "type"]),
    (Field::BirthDate, &["birth_date", "dob", "date_of_birth"]),
    (Field::Country, &["country", "countries", "nationality"]),
    (Field::Gender, &["gender", "sex"]),
];

/// The names of the identifier fields; [`IdentifierKind::of_header`] knows them and their other headers.
const IDENTIFIERS: [&str; 14] = [
    "passport",
    "national_id",
    "tax_number",
    "registration_number",
    "lei",
    "bic",
    "iban",
    "imo",
    "mmsi",
    "call_sign",
    "tail_number",
    "aircraft_serial_number",
    "wallet",
    "identifier",
];

impl Field {
    /// The field of this name, or of a header under which it is found. Case, `_`, `-` and blanks are ignored.
    /// Contact details are no field: see [`IdentifierKind::is_identifying`].
    ///
    /// ```
    /// use interdict::batch::Field;
    /// assert_eq!(Field::parse("Date of Birth"), Some(Field::BirthDate));
    /// assert_eq!(Field::BirthDate.as_str(), "birth_date");
    /// ```
    pub fn parse(text: &str) -> Option<Field> {
        let wanted = normalized(text);
        let found = FIELDS.iter().find(|(_, headers)| headers.iter().any(|h| normalized(h) == wanted));
        found.map(|(f, _)| f.clone()).or_else(|| {
            IdentifierKind::of_header(text).filter(IdentifierKind::is_identifying).map(Field::Identifier)
        })
    }

    /// Its name, as [`Field::parse`] reads it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Field::Identifier(kind) => IDENTIFIERS
                .into_iter()
                .find(|name| IdentifierKind::of_header(name).as_ref() == Some(kind))
                .unwrap_or("identifier"),
            other => FIELDS.iter().find(|(f, _)| f == other).map_or("", |(_, headers)| headers[0]),
        }
    }

    /// The names of all fields.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(_, headers)| headers[0]).chain(IDENTIFIERS)
    }
}

/// The name of the field.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// As [`Field::parse`].
impl FromStr for Field {
    type Err = Error;

    fn from_str(text: &str) -> Result<Field> {
        Field::parse(text).ok_or_else(|| {
            let known = Field::names().collect::<Vec<_>>().join(", ");
            Error::invalid_option("field", format!("'{text}' is not one of {known}"))
        })
    }
}

/// The columns to use, if they cannot be found by their headers.
///
/// ```
/// use interdict::batch::{ColumnChoice, Field};
/// let choice = ColumnChoice::default().names(["Kunde"]).fields([(Field::BirthDate, "Geburtstag")]);
/// let choice = choice.carry(["Nr"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    names: Vec<String>,
    fields: Vec<(Field, String)>,
    id: Option<String>,
    carry: Vec<String>,
}

impl ColumnChoice {
    /// Columns that hold a name, each screened. Without any, one is found by [`NAME_COLUMNS`].
    pub fn names<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.names = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Fields and their columns. Other fields are found by their headers.
    pub fn fields<C: Into<String>>(mut self, columns: impl IntoIterator<Item = (Field, C)>) -> Self {
        self.fields = columns.into_iter().map(|(field, column)| (field, column.into())).collect();
        self
    }

    /// The column that holds the row's own id.
    pub fn id(mut self, column: Option<impl Into<String>>) -> Self {
        self.id = column.map(Into::into);
        self
    }

    /// Columns that are copied to the hits.
    pub fn carry<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.carry = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The columns of names that the caller chose.
    pub(crate) fn chosen_names(&self) -> &[String] {
        &self.names
    }
}

/// The meaning of the columns of a table.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    headers: Vec<String>,
    names: Vec<usize>,
    fields: MappedFields,
    id: Option<usize>,
    carry: Vec<usize>,
    extra: Vec<String>,
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

    /// The columns of names and of fields that the caller chose; of names at least one.
    fn chosen(&self, choice: &ColumnChoice) -> Result<(Vec<usize>, MappedFields)> {
        let (mut names, mut fields) = (Vec::new(), Vec::new());
        for column in &choice.names {
            names.push(self.named(column).ok_or_else(|| self.missing(vec![column.clone()]))?);
        }
        for (field, column) in &choice.fields {
            let at = self.required(column, ColumnPurpose::Field)?;
            if *field == Field::Name { names.push(at) } else { fields.push((at, field.clone())) }
        }
        if names.is_empty() {
            let found = NAME_COLUMNS.iter().find_map(|n| self.find(n));
            names.push(found.ok_or_else(|| self.missing(NAME_COLUMNS.map(String::from).to_vec()))?);
        }
        names.dedup();
        Ok((names, fields))
    }

    /// Adds the fields that their headers name, except those that the caller chose.
    fn add_fields_by_header(&self, choice: &ColumnChoice, names: &[usize], fields: &mut MappedFields) {
        let is_chosen = |field: &Field| choice.fields.iter().any(|(f, _)| f == field);
        for (field, headers) in FIELDS[1..].iter().filter(|(f, _)| !is_chosen(f)) {
            let mut found = headers.iter().filter_map(|h| self.find(h));
            match field {
                // The first header that is there: its values are one fact.
                Field::Schema | Field::BirthDate | Field::Gender => {
                    fields.extend(found.next().map(|at| (at, field.clone())))
                }
                _ => fields.extend(found.map(|at| (at, field.clone()))),
            }
        }
        for (at, header) in self.headers.iter().enumerate() {
            let free = !names.contains(&at) && !fields.iter().any(|(taken, _)| *taken == at);
            if let Some(field @ Field::Identifier(_)) = Field::parse(header)
                && free
                && !is_chosen(&field)
            {
                fields.push((at, field));
            }
        }
    }

    /// The headers of the extra columns of hits: see [`Columns::extra_columns`].
    fn extra_columns(&self, several_names: bool, has_id: bool, carry: &[usize]) -> Vec<String> {
        let own = [(several_names, "name_column"), (has_id, "id")];
        let own = own.into_iter().filter(|(there, _)| *there).map(|(_, header)| header.to_string());
        let mut extra: Vec<String> = own.collect();
        for &at in carry {
            let mut header = self.headers[at].clone();
            while HIT_COLUMNS.contains(&header.as_str())
                || [ACCEPTED, CLEARED_BY, COMPARED].contains(&header.as_str())
                || extra.contains(&header)
            {
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
        let header = Header::new(header);
        let (names, mut fields) = header.chosen(choice)?;
        header.add_fields_by_header(choice, &names, &mut fields);
        let id = choice.id.as_deref().map(|c| header.required(c, ColumnPurpose::Id)).transpose()?;
        let carry = choice.carry.iter().map(|c| header.required(c, ColumnPurpose::Carried));
        let carry: Vec<usize> = carry.collect::<Result<_>>()?;
        let extra = header.extra_columns(names.len() > 1, id.is_some(), &carry);
        Ok(Columns { headers: header.headers, names, fields, id, carry, extra })
    }

    /// The headers of the name columns.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|i| self.headers[*i].as_str())
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
        let names = self.names.iter().map(|i| (*i, Field::Name.as_str()));
        let fields = self.fields.iter().map(|(i, f)| (*i, f.as_str()));
        let id = self.id.iter().map(|i| (*i, "id"));
        let carried = self.carry.iter().map(|i| (*i, "carried"));
        let all = names.chain(fields).chain(id).chain(carried);
        all.map(|(i, f)| format!("{f} '{}'", self.headers[i])).collect::<Vec<_>>().join(", ")
    }

    /// Checks that a record can be read. `decoded` means that its bytes were decoded, so that a replacement
    /// character stands for bytes that are not valid in the encoding of the input.
    pub(crate) fn check(&self, record: &ByteRecord, decoded: bool) -> Result<(), RejectReason> {
        if record.len() != self.headers.len() {
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

    /// Finds the names of a checked record that are screened, as indices of the name columns. Name columns
    /// behind the first may be empty. A row without any name is screened by its identifiers, under the first
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
            if name.chars().any(char::is_alphanumeric) {
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
        self.screened_names(record, &mut screened)?;
        let mut query = Query::default();
        let name = self.name(record, screened.first().copied().unwrap_or(0));
        set_query(&mut query, name, self.fields(record, true), Schema::Unknown);
        Ok(query)
    }

    /// The name in a name column, by the column's index among the name columns.
    pub(crate) fn name<'r>(&self, record: &'r ByteRecord, name_column_index: usize) -> &'r str {
        text(record, self.names[name_column_index])
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

    /// The header of a name column.
    pub(super) fn name_header(&self, name_column_index: usize) -> &str {
        &self.headers[self.names[name_column_index]]
    }
}

/// The identifiers of a field.
fn identifiers<'f>(kind: &'f IdentifierKind, text: &'f str) -> impl Iterator<Item = Identifier> + 'f {
    let values = text.split([';', '|', '\n']).map(str::trim).filter(|v| !v.is_empty());
    values.map(|v| Identifier::new(kind.clone(), v))
}

/// A field of a record that was checked.
fn text(record: &ByteRecord, at: usize) -> &str {
    std::str::from_utf8(&record[at]).unwrap_or_default().trim()
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
        let values = || text.split(';').map(str::trim).filter(|v| !v.is_empty());
        match field {
            Field::Name => (),
            // A word that is not a schema ("retail") leaves the schema unknown, which compares with
            // everything.
            Field::Schema => {
                query.schema = Schema::parse(text).filter(|s| *s != Schema::Unknown).unwrap_or(schema)
            }
            Field::BirthDate => query.birth_dates.extend(values().filter_map(Date::parse)),
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
                        countries_in(value).into_iter().for_each(|(country, _)| add(country));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(names: &[&str], fields: &[(&str, &str)]) -> ColumnChoice {
        let fields = fields.iter().map(|(f, c)| (Field::parse(f).unwrap(), *c));
        ColumnChoice::default().names(names.iter().copied()).fields(fields)
    }

    #[test]
    fn columns_are_found_or_mapped() {
        let header =
            ByteRecord::from(vec!["Kunde", "Geburtstag", "Nationality", "COUNTRY", "DOB", "IMO number"]);
        let error = Columns::find(&header, &ColumnChoice::default()).unwrap_err().to_string();
        assert!(error.contains("Kunde, Geburtstag"), "{error}");
        let columns = Columns::find(&header, &choice(&["kunde"], &[("birth_date", "Geburtstag")])).unwrap();
        assert_eq!(
            columns.describe(),
            "name 'Kunde', birth_date 'Geburtstag', country 'COUNTRY', country 'Nationality', imo 'IMO number'"
        );
        let error = Columns::find(&header, &choice(&["kunde"], &[("gender", "Geschlecht")])).unwrap_err();
        assert!(error.to_string().contains("'Geschlecht'"), "{error}");
    }

    #[test]
    fn every_field_has_its_own_name() {
        for (field, headers) in FIELDS {
            for header in headers {
                assert_eq!(Field::parse(header), Some(field.clone()), "{header}");
            }
        }
        for name in IDENTIFIERS {
            assert_eq!(Field::parse(name).map(|f| f.as_str()), Some(name));
        }
        assert_eq!(Field::parse("colour"), None);
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
