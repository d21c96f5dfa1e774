//! Finding the columns of an input table, and reading its rows as queries.

use crate::entity::{Date, Gender, Identifier, IdentifierKind, Schema};
use crate::error::{Error, ErrorKind, Result};
use crate::screen::Query;

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

/// Which column holds what. For identifier columns see [`IdentifierKind::of_header`]; a column `id_number` or
/// `identifier` is compared with identifiers of every kind.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    count: usize,
    name: usize,
    schema: Option<usize>,
    birth_date: Option<usize>,
    countries: Vec<usize>,
    gender: Option<usize>,
    identifiers: Vec<(usize, IdentifierKind)>,
}

fn key(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Columns {
    /// Finds the columns in a header; `name` names the name column where it is known.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MissingColumn`] with the header as it is.
    pub fn find(header: &csv::ByteRecord, name: Option<&str>) -> Result<Columns> {
        let shown: Vec<String> =
            header.iter().map(|h| String::from_utf8_lossy(h).trim().to_string()).collect();
        let keys: Vec<String> = shown.iter().map(|h| key(h)).collect();
        let at = |wanted: &str| keys.iter().position(|k| *k == key(wanted));
        let found = match name {
            Some(name) => shown.iter().position(|h| h == name).or_else(|| at(name)),
            None => NAME_COLUMNS.iter().find_map(|n| at(n)),
        };
        let missing = || {
            let wanted =
                name.map_or_else(|| NAME_COLUMNS.map(String::from).to_vec(), |n| vec![n.to_string()]);
            Error::new(ErrorKind::MissingColumn { wanted, header: shown.clone() })
        };
        let any = |names: &[&str]| names.iter().find_map(|n| at(n));
        Ok(Columns {
            count: header.len(),
            name: found.ok_or_else(missing)?,
            schema: any(&["schema", "type"]),
            birth_date: any(&["birth_date", "dob", "date_of_birth"]),
            countries: ["country", "countries", "nationality"].iter().filter_map(|n| at(n)).collect(),
            gender: any(&["gender", "sex"]),
            identifiers: keys
                .iter()
                .enumerate()
                .filter(|(i, _)| Some(*i) != found)
                .filter_map(|(i, k)| Some((i, IdentifierKind::of_header(k)?)))
                .filter(|(_, kind)| kind.stands_alone())
                .collect(),
        })
    }

    /// Reads a row; the error says why it cannot be screened.
    pub(crate) fn query(
        &self,
        record: &csv::ByteRecord,
        schema: Schema,
    ) -> std::result::Result<Query, String> {
        if record.len() != self.count {
            return Err(format!("{} fields where the header has {}", record.len(), self.count));
        }
        let field = |i: usize| -> std::result::Result<&str, String> {
            std::str::from_utf8(&record[i])
                .map(str::trim)
                .map_err(|_| format!("field {} is not valid UTF-8; name the encoding with --encoding", i + 1))
        };
        for i in 0..record.len() {
            field(i)?;
        }
        let name = field(self.name)?;
        let mut query = Query { name: name.to_string(), schema, ..Query::default() };
        if let Some(i) = self.schema {
            // A word that is not a schema ("retail") leaves the schema unknown, which compares with everything.
            query.schema = Schema::parse(field(i)?).filter(|s| *s != Schema::Unknown).unwrap_or(schema);
        }
        if let Some(i) = self.birth_date {
            query.birth_dates.extend(field(i)?.split(';').filter_map(Date::parse));
        }
        for &i in &self.countries {
            query
                .countries
                .extend(field(i)?.split(';').map(str::trim).filter(|c| !c.is_empty()).map(str::to_string));
        }
        if let Some(i) = self.gender {
            query.gender = Gender::parse(field(i)?);
        }
        for (i, kind) in &self.identifiers {
            let values = field(*i)?.split([';', '|', '\n']).filter(|v| !v.trim().is_empty());
            query.identifiers.extend(values.map(|v| Identifier::new(kind.clone(), v)));
        }
        // An identifier is screened without a name; a row that has neither is not.
        if !name.chars().any(char::is_alphanumeric) && query.identifiers.iter().all(|i| i.keys().is_empty()) {
            return Err(match (name.is_empty(), self.identifiers.is_empty()) {
                (true, true) => "no name".into(),
                (true, false) => "no name and no identifier".into(),
                (false, _) => "the name has neither letter nor digit".into(),
            });
        }
        Ok(query)
    }
}
