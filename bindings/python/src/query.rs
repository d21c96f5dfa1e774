//! A party as Python gives it.

use crate::errors::option_error;
use interdict::Query;
use interdict::entity::Schema;
use interdict::run::{Field, query_of_cells};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet, PyString, PyTuple};

/// The texts of an argument: of `None` none, of a list, tuple or set each, of anything else its text.
fn texts(value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if value.is_none() {
        return Ok(Vec::new());
    }
    if value.is_instance_of::<PyString>() {
        return Ok(vec![value.extract()?]);
    }
    let is_several = value.is_instance_of::<PyList>()
        || value.is_instance_of::<PyTuple>()
        || value.is_instance_of::<PySet>();
    if !is_several {
        return Ok(vec![value.str()?.extract()?]);
    }
    let mut all = Vec::new();
    for item in value.try_iter()? {
        all.extend(texts(&item?)?);
    }
    Ok(all)
}

/// The field that a keyword names.
pub fn field_of(keyword: &str) -> PyResult<Field> {
    Field::parse(keyword).filter(|field| *field != Field::Name).ok_or_else(|| {
        let known = Field::names().filter(|name| *name != "name").collect::<Vec<_>>().join(", ");
        option_error(format!("'{keyword}' is no field; the fields are name, {known}"))
    })
}

/// The query of a party by its name, or of a text, and its fields by keyword.
pub fn query_of(
    name: Option<&str>,
    text: Option<&str>,
    fields: Option<&Bound<'_, PyDict>>,
) -> PyResult<Query> {
    if name.is_some() && text.is_some() {
        return Err(option_error("give a name or a text, not both"));
    }
    let mut values: Vec<(Field, String)> = Vec::new();
    if let Some(fields) = fields {
        for (keyword, value) in fields.iter() {
            let field = field_of(&keyword.extract::<String>()?)?;
            values.extend(texts(&value)?.into_iter().map(|text| (field.clone(), text)));
        }
    }
    let cells: Vec<(Field, &str)> =
        values.iter().map(|(field, text)| (field.clone(), text.as_str())).collect();
    let (mut query, silent) = query_of_cells(name.unwrap_or_default(), &cells, Schema::default());
    if let Some((field, value)) = silent.first() {
        let what = match field {
            Field::BirthDate => "a date",
            Field::Country => "a country",
            Field::Gender => "a gender",
            _ => "a kind of party",
        };
        return Err(option_error(format!("{}: '{value}' is not {what}", field.as_str())));
    }
    if let Some(text) = text {
        query.name = text.to_string();
        query.free_text = true;
    }
    if query.name.trim().is_empty() && query.identifiers.is_empty() {
        return Err(option_error("a party needs a name or an identifier"));
    }
    Ok(query)
}
