//! The body and the parameters of `POST /match/{dataset}`.
//!
//! Options may stand in the query string, in `params` of the body, and in `params` of a single query; the last one wins,
//! and lists of what is excluded are joined. `filters` of a query holds for each property groups of values: of each group
//! an entity must have one. Bodies with `params` and `filters` are those of motiva, another service for yente's clients.

use super::algorithms;
use super::datasets;
use super::error::{Invalid, YenteError};
use super::filter::Filter;
use super::matching::{ExampleEntity, MatchOptions};
use super::params::{MAX_LIMIT, Params, check_count, parse_day};
use super::schema::FtmSchema;
use interdict::list::ListVersion;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

/// The most queries of one body.
pub const MAX_QUERIES: usize = 100;

/// A request, read.
#[derive(Debug)]
pub struct MatchRequest {
    /// The examples by their keys, in the order of the keys.
    pub queries: Vec<(String, ExampleEntity)>,
    /// The limit of the request.
    pub limit: usize,
    /// What holds for every query and has no effect, for a person.
    pub warnings: Vec<String>,
    /// Whether the answer shall be an error if nothing at all was screened.
    pub strict: bool,
}

/// Options as given, before datasets are looked up.
#[derive(Clone, Debug, Default)]
struct Given {
    limit: usize,
    threshold: Option<f64>,
    cutoff: Option<f64>,
    include: Vec<String>,
    exclude: Vec<String>,
    exclude_schemata: Vec<String>,
    topics: Vec<String>,
    changed_since: Option<jiff::civil::Date>,
    exclude_ids: Vec<String>,
    groups: BTreeMap<String, Vec<Vec<String>>>,
}

/// Reads a request.
///
/// # Errors
///
/// 404 for a dataset that does not exist, 422 for a value of the wrong form, 400 for one that means nothing.
pub fn read_request(
    dataset: &str,
    params: &Params,
    body: &[u8],
    lists: &[ListVersion],
) -> Result<MatchRequest, YenteError> {
    if datasets::lists_of(dataset, lists).is_none() {
        return Err(YenteError::not_found("No such dataset."));
    }
    let mut given = given_in_query_string(params)?;
    let limit = given.limit;
    let body = parse_json(body)?;
    let body = object(&body, &[json!("body")])?;
    let mut warnings = Vec::new();
    if let Some(options) = body.get("params") {
        read_options(options, &[json!("body"), json!("params")], &mut given)?;
    }
    check_algorithm(params, body, &mut warnings)?;
    let place = [json!("body"), json!("queries")];
    let queries = body.get("queries").ok_or_else(|| missing(&place, body))?;
    let queries = object(queries, &place)?;
    let mut examples = Vec::with_capacity(queries.len());
    // Values of a wrong form are told before those that mean nothing, and all at once.
    let (mut invalid, mut meaningless) = (Vec::new(), None);
    for (key, query) in queries {
        match read_query(key, query, &given, dataset, lists, &mut warnings) {
            Ok(example) => examples.push((key.clone(), example)),
            Err(YenteError::Invalid(more)) => invalid.extend(more),
            Err(other) => meaningless = meaningless.or(Some(other)),
        }
    }
    if !invalid.is_empty() {
        return Err(YenteError::Invalid(invalid));
    }
    if queries.len() > MAX_QUERIES {
        let detail = format!("Too many queries in one batch (limit: {MAX_QUERIES})");
        return Err(YenteError::bad_request(detail));
    }
    if let Some(error) = meaningless {
        return Err(error);
    }
    if examples.is_empty() {
        return Err(YenteError::bad_request("No queries provided."));
    }
    warnings.sort();
    warnings.dedup();
    Ok(MatchRequest { queries: examples, limit, warnings, strict: params.flag("strict", false)? })
}

/// The body as JSON.
fn parse_json(body: &[u8]) -> Result<Value, YenteError> {
    if body.is_empty() {
        return Err(Invalid::new("missing", &[json!("body")], "Field required", Value::Null).into());
    }
    serde_json::from_slice(body).map_err(|e| {
        let place = [json!("body"), json!(offset_of(body, &e))];
        let context = json!({"error": e.to_string()});
        Invalid::new("json_invalid", &place, "JSON decode error", json!({})).with_context(context).into()
    })
}

/// Where in the body an error of JSON is, in bytes.
fn offset_of(body: &[u8], error: &serde_json::Error) -> usize {
    let lines = body.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    lines.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1)
}

fn object<'a>(value: &'a Value, place: &[Value]) -> Result<&'a Map<String, Value>, Invalid> {
    let message = "Input should be a valid dictionary";
    value.as_object().ok_or_else(|| Invalid::new("dict_type", place, message, value.clone()))
}

fn missing(place: &[Value], input: &Map<String, Value>) -> Invalid {
    Invalid::new("missing", place, "Field required", Value::Object(input.clone()))
}

fn given_in_query_string(params: &Params) -> Result<Given, Invalid> {
    Ok(Given {
        limit: params.count("limit", 5, MAX_LIMIT)?,
        threshold: params.number("threshold")?,
        cutoff: params.number("cutoff")?,
        include: params.all("include_dataset"),
        exclude: params.all("exclude_dataset"),
        exclude_schemata: params.all("exclude_schema"),
        topics: params.all("topics"),
        changed_since: params.changed_since()?,
        exclude_ids: params.all("exclude_entity_ids"),
        groups: BTreeMap::new(),
    })
}

/// Reads `params` of a body into the options. The names may be in the singular or the plural.
fn read_options(value: &Value, place: &[Value], given: &mut Given) -> Result<(), Invalid> {
    for (name, value) in object(value, place)? {
        let place = [place, &[json!(name)]].concat();
        match name.as_str() {
            "limit" => {
                let number = value.as_i64().ok_or_else(|| {
                    Invalid::new("int_type", &place, "Input should be a valid integer", value.clone())
                })?;
                given.limit = check_count(number, MAX_LIMIT, &place, value.clone())?;
            }
            "threshold" => given.threshold = Some(number(value, &place)?),
            "cutoff" => given.cutoff = Some(number(value, &place)?),
            "include_dataset" | "include_datasets" => given.include = texts(value, &place)?,
            "exclude_dataset" | "exclude_datasets" => given.exclude.extend(texts(value, &place)?),
            "exclude_schema" | "exclude_schemata" => given.exclude_schemata.extend(texts(value, &place)?),
            "topics" => given.topics = texts(value, &place)?,
            "exclude_entity_ids" => given.exclude_ids.extend(texts(value, &place)?),
            "changed_since" => {
                let text = value.as_str().unwrap_or_default();
                given.changed_since = Some(parse_day(text, &place)?);
            }
            // As in a query string, what is not known is passed over.
            _ => {}
        }
    }
    Ok(())
}

fn number(value: &Value, place: &[Value]) -> Result<f64, Invalid> {
    let message = "Input should be a valid number";
    value.as_f64().ok_or_else(|| Invalid::new("float_type", place, message, value.clone()))
}

/// A text or a list of texts.
fn texts(value: &Value, place: &[Value]) -> Result<Vec<String>, Invalid> {
    let invalid =
        || Invalid::new("list_type", place, "Input should be a valid list of strings", value.clone());
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().map(str::to_string).ok_or_else(invalid)).collect()
        }
        _ => Err(invalid()),
    }
}

/// Checks the algorithm and what is set of it. Scores are interdict's whatever the algorithm.
fn check_algorithm(
    params: &Params,
    body: &Map<String, Value>,
    warnings: &mut Vec<String>,
) -> Result<(), YenteError> {
    let name = params.get("algorithm").unwrap_or(algorithms::BEST);
    if !algorithms::is_known(name) {
        return Err(YenteError::bad_request(format!("Invalid algorithm: {name}")));
    }
    for part in ["weights", "config"] {
        let place = [json!("body"), json!(part)];
        let Some(value) = body.get(part).filter(|value| !value.is_null()) else { continue };
        let values = object(value, &place)?;
        for key in values.keys() {
            // These are the settings of yente's algorithms, which clients may have.
            if part == "config" && !key.starts_with("nm_") {
                let algorithm = if name == "best" { algorithms::BEST } else { name };
                let detail = format!("Invalid configuration parameter: {key} for algorithm {algorithm}");
                return Err(YenteError::bad_request(detail));
            }
            warnings.push(format!("{part} '{key}' has no effect: scores are interdict's"));
        }
    }
    Ok(())
}

fn read_query(
    key: &str,
    query: &Value,
    given: &Given,
    dataset: &str,
    lists: &[ListVersion],
    warnings: &mut Vec<String>,
) -> Result<ExampleEntity, YenteError> {
    let place = |field: &str| [json!("body"), json!("queries"), json!(key), json!(field)];
    let query = object(query, &place("")[..3])?;
    let mut invalid = Vec::new();
    let mut required = |field: &'static str| {
        let value = query.get(field);
        if value.is_none() {
            invalid.push(missing(&place(field), query));
        }
        value
    };
    let (schema, properties) = (required("schema"), required("properties"));
    let (Some(schema), Some(properties)) = (schema, properties) else {
        return Err(YenteError::Invalid(invalid));
    };
    let text = |field: &str, value: &Value| {
        let message = "Input should be a valid string";
        let wrong = || Invalid::new("string_type", &place(field), message, value.clone());
        value.as_str().map(str::to_string).ok_or_else(wrong)
    };
    let name = text("schema", schema)?;
    let properties = object(properties, &place("properties"))?.clone();
    let id = query.get("id").filter(|id| !id.is_null()).map(|id| text("id", id)).transpose()?;
    let mut given = given.clone();
    if let Some(options) = query.get("params") {
        read_options(options, &place("params"), &mut given)?;
    }
    if let Some(filters) = query.get("filters") {
        given.groups = read_groups(filters, &place("filters"))?;
    }
    let Some(schema) = FtmSchema::find(&name) else {
        let detail = format!("Cannot parse example entity: Unknown schema: '{name}'");
        return Err(YenteError::bad_request(detail));
    };
    let options = options_of(given, dataset, lists, warnings)?;
    Ok(ExampleEntity { id, schema, properties, options })
}

fn read_groups(value: &Value, place: &[Value]) -> Result<BTreeMap<String, Vec<Vec<String>>>, Invalid> {
    let mut groups = BTreeMap::new();
    for (property, value) in object(value, place)? {
        let place = [place, &[json!(property)]].concat();
        let message = "Input should be a valid list of lists";
        let all =
            value.as_array().ok_or_else(|| Invalid::new("list_type", &place, message, value.clone()))?;
        // A flat list is one group.
        let read = match all.first() {
            Some(Value::String(_)) => vec![texts(value, &place)?],
            _ => all.iter().map(|group| texts(group, &place)).collect::<Result<_, _>>()?,
        };
        groups.insert(property.clone(), read);
    }
    Ok(groups)
}

fn options_of(
    given: Given,
    dataset: &str,
    lists: &[ListVersion],
    warnings: &mut Vec<String>,
) -> Result<MatchOptions, YenteError> {
    let scope = datasets::scope(dataset, &given.include, &given.exclude, lists, warnings)
        .ok_or_else(|| YenteError::not_found("No such dataset."))?;
    if scope.is_empty() && !lists.is_empty() {
        let detail =
            "No dataset is left: include_dataset and exclude_dataset leave nothing to screen against.";
        return Err(YenteError::bad_request(detail));
    }
    for schema in given.exclude_schemata.iter().filter(|schema| FtmSchema::find(schema).is_none()) {
        warnings.push(format!("exclude_schema '{schema}' is no schema"));
    }
    let filter = Filter {
        lists: (scope.len() < lists.len()).then_some(scope),
        exclude_schemata: given.exclude_schemata,
        topics: given.topics,
        changed_since: given.changed_since,
        exclude_ids: HashSet::from_iter(given.exclude_ids),
        groups: given.groups,
    };
    Ok(MatchOptions { limit: given.limit, threshold: given.threshold, cutoff: given.cutoff, filter })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use crate::parties::Parties;
    use crate::yente::matching::match_example;
    use interdict::screen::Scratch;
    use interdict::{Config, Index, Screener, list};
    use proptest::prelude::*;

    /// Words that a body of this form has, among others.
    const WORDS: [&str; 12] = [
        "queries",
        "q",
        "schema",
        "Person",
        "properties",
        "name",
        "params",
        "limit",
        "filters",
        "topics",
        "birthDate",
        "id",
    ];

    fn value() -> impl Strategy<Value = Value> {
        let text = || prop_oneof![prop::sample::select(&WORDS[..]).prop_map(str::to_string), "\\PC{0,12}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((text(), inner), 0..6)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    fn lists() -> Vec<list::List> {
        vec![list::from_bytes("own", b"id,name,schema\n7,Ivan Petrov,Person\n").unwrap()]
    }

    proptest! {
        #[test]
        fn any_body_is_answered_or_refused(body in value(), properties in value(), query in "\\PC{0,30}") {
            let lists = lists();
            let index = Index::build(&lists).unwrap();
            let directory = Directory::of(&index);
            let screener = Screener::new(index.clone());
            let queries = json!({"queries": {"q": {"schema": "Person", "properties": properties, "params": body, "filters": body}}});
            for body in [body.clone(), queries, json!({"queries": {"q": {"schema": "Vessel", "properties": {"name": body}}}})] {
                let bytes = body.to_string();
                let params = Params::parse(&query);
                let versions = &index.identity().lists;
                let Ok(asked) = read_request("default", &params, bytes.as_bytes(), versions) else { continue };
                for (_, example) in asked.queries {
                    let parties = Parties::of(&index, &directory);
                    let matches = match_example(&screener, &Config::default(), parties, &example, &mut Scratch::default());
                    // Whatever was asked for is screened, or the answer says that it was not.
                    prop_assert!(matches.screened || matches.warnings > 0);
                }
            }
        }

        #[test]
        fn any_bytes_are_answered_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let versions: Vec<ListVersion> = lists().into_iter().map(|list| list.version).collect();
            let _ = read_request("default", &Params::default(), &body, &versions);
        }
    }
}
