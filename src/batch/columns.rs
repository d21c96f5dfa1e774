//! Finding the columns of an input table, and reading its rows as queries.

use super::write::{ACCEPTED, HIT_COLUMNS};
use crate::entity::{Date, Gender, Identifier, IdentifierKind, Schema, countries_in, is_compound};
use crate::error::{Error, ErrorKind, Result};
use crate::screen::Query;
use csv::ByteRecord;

/// The headers under which a name column is found, in this order (any case; `_`, `-` and blanks do not count).
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

/// Columns of a header that an error shows.
const SHOWN: usize = 60;

/// What a column of the input can tell of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name.
    Name,
    /// What kind of party it is.
    Schema,
    /// Birth dates, separated by `;`.
    BirthDate,
    /// Countries as codes, names or what their people are called, separated by `;`, or by `/`, `,`, line ends, "and"
    /// and "or" where all are known: "Russian/Ukrainian". A bracket behind one does not count.
    Country,
    /// Gender.
    Gender,
    /// Identifiers of one kind, separated by `;`, `|` or line ends.
    Identifier(IdentifierKind),
}

/// Each field but the identifiers with the headers under which it is found; the first is its own name.
const FIELDS: [(Field, &[&str]); 5] = [
    (Field::Name, &NAME_COLUMNS),
    (Field::Schema, &["schema", "type"]),
    (Field::BirthDate, &["birth_date", "dob", "date_of_birth"]),
    (Field::Country, &["country", "countries", "nationality"]),
    (Field::Gender, &["gender", "sex"]),
];

/// The own names of the identifier fields; [`IdentifierKind::of_header`] knows them and their other headers.
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
    /// The field of this name, or of a header under which it is found (any case; `_`, `-` and blanks do not
    /// count). Contact details are none: see [`IdentifierKind::is_identifying`].
    ///
    /// ```
    /// use interdict::batch::Field;
    /// assert_eq!(Field::parse("Date of Birth"), Some(Field::BirthDate));
    /// assert_eq!(Field::BirthDate.as_str(), "birth_date");
    /// ```
    pub fn parse(text: &str) -> Option<Field> {
        let wanted = key(text);
        let found = FIELDS.iter().find(|(_, headers)| headers.iter().any(|h| key(h) == wanted));
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

/// Which columns to use, where the header alone does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    /// Columns that hold a name, each screened; found by [`NAME_COLUMNS`] where none is given.
    pub names: Vec<String>,
    /// Fields and the columns they stand in; fields not named here are found by their headers.
    pub fields: Vec<(Field, String)>,
    /// The column that holds the row's own id.
    pub id: Option<String>,
    /// Columns that are copied to the hits.
    pub carry: Vec<String>,
}

/// Which column holds what.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    headers: Vec<String>,
    names: Vec<usize>,
    fields: Vec<(usize, Field)>,
    id: Option<usize>,
    carry: Vec<usize>,
    further: Vec<String>,
}

/// A header without what does not count.
fn key(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Columns {
    /// Finds the columns in a header.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingColumn`] with the header as it is, when there is no name column;
    /// [`ErrorKind::Malformed`] when another column that was asked for is missing.
    pub fn find(header: &ByteRecord, choice: &ColumnChoice) -> Result<Columns> {
        let headers: Vec<String> =
            header.iter().map(|h| String::from_utf8_lossy(h).trim().to_string()).collect();
        let keys: Vec<String> = headers.iter().map(|h| key(h)).collect();
        let find = |wanted: &str| {
            let wanted = key(wanted);
            keys.iter().position(|k| *k == wanted)
        };
        let named = |column: &str| headers.iter().position(|h| h == column).or_else(|| find(column));
        let shown = || {
            let mut shown: Vec<String> = headers.iter().take(SHOWN).cloned().collect();
            if headers.len() > SHOWN {
                shown.push(format!("… {} more", headers.len() - SHOWN));
            }
            shown
        };
        let asked = |option: &str, column: &str| {
            named(column).ok_or_else(|| {
                let header = shown().join(", ");
                Error::malformed(format!("{option} names the column '{column}'; the header has: {header}"))
            })
        };
        let missing = |wanted: Vec<String>| Error::new(ErrorKind::MissingColumn { wanted, header: shown() });
        let mut names = Vec::new();
        let mut fields = Vec::new();
        for column in &choice.names {
            names.push(named(column).ok_or_else(|| missing(vec![column.clone()]))?);
        }
        for (field, column) in &choice.fields {
            let at = asked("--column", column)?;
            if *field == Field::Name { names.push(at) } else { fields.push((at, field.clone())) }
        }
        if names.is_empty() {
            let found = NAME_COLUMNS.iter().find_map(|n| find(n));
            names.push(found.ok_or_else(|| missing(NAME_COLUMNS.map(String::from).to_vec()))?);
        }
        names.dedup();
        for (field, under) in &FIELDS[1..] {
            if choice.fields.iter().any(|(f, _)| f == field) {
                continue;
            }
            let mut found = under.iter().filter_map(|h| find(h));
            match field {
                // The first header that is there; its values are one fact.
                Field::Schema | Field::BirthDate | Field::Gender => {
                    fields.extend(found.next().map(|at| (at, field.clone())))
                }
                _ => fields.extend(found.map(|at| (at, field.clone()))),
            }
        }
        for (at, header) in headers.iter().enumerate() {
            let free = !names.contains(&at) && !fields.iter().any(|(taken, _)| *taken == at);
            if let Some(field @ Field::Identifier(_)) = Field::parse(header)
                && free
                && !choice.fields.iter().any(|(f, _)| *f == field)
            {
                fields.push((at, field));
            }
        }
        let id = choice.id.as_deref().map(|c| asked("--id-column", c)).transpose()?;
        let carry: Vec<usize> = choice.carry.iter().map(|c| asked("--carry", c)).collect::<Result<_>>()?;
        let mut further = Vec::new();
        let own = [(names.len() > 1, "name_column"), (id.is_some(), "id")];
        further.extend(own.into_iter().filter(|(there, _)| *there).map(|(_, own)| own.to_string()));
        for &at in &carry {
            let mut header = headers[at].clone();
            while HIT_COLUMNS.contains(&header.as_str()) || header == ACCEPTED || further.contains(&header) {
                header.insert_str(0, "input_");
            }
            further.push(header);
        }
        Ok(Columns { headers, names, fields, id, carry, further })
    }

    /// The headers of the name columns.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|i| self.headers[*i].as_str())
    }

    /// The header of the column with the row's own id, if one was chosen.
    pub fn id(&self) -> Option<&str> {
        self.id.map(|i| self.headers[i].as_str())
    }

    /// The headers that hits have behind `HIT_COLUMNS`: `name_column` where there are several name columns,
    /// `id` where there is an id column, and the copied columns under their own headers, with `input_` before
    /// one that is taken.
    pub fn further(&self) -> impl Iterator<Item = &str> {
        self.further.iter().map(String::as_str)
    }

    /// Which field was found under which header, for people: `name 'Company', birth_date 'DOB'`.
    pub fn describe(&self) -> String {
        let names = self.names.iter().map(|i| (*i, Field::Name.as_str()));
        let fields = self.fields.iter().map(|(i, f)| (*i, f.as_str()));
        let id = self.id.iter().map(|i| (*i, "id"));
        let carried = self.carry.iter().map(|i| (*i, "carried"));
        let all = names.chain(fields).chain(id).chain(carried);
        all.map(|(i, f)| format!("{f} '{}'", self.headers[i])).collect::<Vec<_>>().join(", ")
    }

    /// Whether the record can be read at all; the error says why not.
    pub(super) fn check(&self, record: &ByteRecord, decoded: bool) -> Result<(), String> {
        if record.len() != self.headers.len() {
            return Err(format!("{} fields where the header has {}", record.len(), self.headers.len()));
        }
        let bytes = record.as_slice();
        if !bytes.is_ascii() {
            if let Some(i) = record.iter().position(|f| std::str::from_utf8(f).is_err()) {
                return Err(format!("field {} is not valid UTF-8; name the encoding with --encoding", i + 1));
            }
            let replaced = |f: &[u8]| f.windows(3).any(|w| w == "\u{fffd}".as_bytes());
            if decoded && let Some(i) = record.iter().position(replaced) {
                return Err(format!("field {} is not valid in the input's encoding", i + 1));
            }
        }
        if bytes.contains(&0) {
            let i = record.iter().position(|f| f.contains(&0)).unwrap_or(0);
            return Err(format!("field {} holds a NUL byte", i + 1));
        }
        Ok(())
    }

    /// The names of a checked record, each with the number of its name column. Further name columns may be
    /// empty. A row without any name is screened by its identifiers, as one without a name in the first column; a
    /// row that has none of these either is rejected, and the error says why.
    pub(super) fn screened_names(&self, record: &ByteRecord, found: &mut Vec<usize>) -> Result<(), String> {
        found.clear();
        let mut empty = true;
        for which in 0..self.names.len() {
            let name = self.name(record, which);
            empty &= name.is_empty();
            if name.chars().any(char::is_alphanumeric) {
                found.push(which);
            }
        }
        if found.is_empty() && self.identifiers(record).any(|i| !i.keys().is_empty()) {
            found.push(0);
        }
        match (found.is_empty(), empty, self.has_identifiers()) {
            (false, ..) => Ok(()),
            (true, true, false) => Err("no name".into()),
            (true, true, true) => Err("no name and no identifier".into()),
            (true, false, _) => Err("the name has neither letter nor digit".into()),
        }
    }

    /// Whether there is a column of identifiers.
    pub(super) fn has_identifiers(&self) -> bool {
        self.fields.iter().any(|(_, field)| matches!(field, Field::Identifier(_)))
    }

    /// The identifiers of a checked record.
    pub(super) fn identifiers<'r>(&'r self, record: &'r ByteRecord) -> impl Iterator<Item = Identifier> + 'r {
        self.fields(record, true)
            .filter_map(|(field, text)| match field {
                Field::Identifier(kind) => Some(identifiers(kind, text)),
                _ => None,
            })
            .flatten()
    }

    /// The query of a record in UTF-8 by its first name; the error says why there is none.
    pub(crate) fn query(&self, record: &ByteRecord) -> Result<Query, String> {
        let mut found = Vec::new();
        self.check(record, false)?;
        self.screened_names(record, &mut found)?;
        let mut query = Query::default();
        let name = self.name(record, found.first().copied().unwrap_or(0));
        set_query(&mut query, name, self.fields(record, true), Schema::Unknown);
        Ok(query)
    }

    /// The name in a name column, by the column's number among them.
    pub(super) fn name<'r>(&self, record: &'r ByteRecord, which: usize) -> &'r str {
        text(record, self.names[which])
    }

    /// The fields that go with a name, as written; empty ones are left out. Identifiers go with the first
    /// name that is screened alone, so that one identifier is one hit.
    pub(super) fn fields<'r>(
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

    /// What is copied to the hits.
    pub(super) fn carried_of<'r>(&'r self, record: &'r ByteRecord) -> impl Iterator<Item = &'r str> {
        self.carry.iter().map(|i| text(record, *i))
    }

    /// The header of a name column.
    pub(super) fn name_header(&self, which: usize) -> &str {
        &self.headers[self.names[which]]
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

/// Makes a query of a name and its fields as they are written. `schema` is that of rows that do not tell
/// their own. The query's buffers are used again.
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
            // A word that is not a schema ("retail") leaves the schema unknown, which compares with everything.
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
        let fields = fields.iter().map(|(f, c)| (Field::parse(f).unwrap(), c.to_string())).collect();
        ColumnChoice { names: names.iter().map(|n| n.to_string()).collect(), fields, ..Default::default() }
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
