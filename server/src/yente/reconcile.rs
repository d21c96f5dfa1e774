//! The reconciliation interface, version 0.2 of the W3C's community group, for OpenRefine.
//!
//! A query is a name, a type and properties; the answer lists parties with scores from 0 to 100. The service describes
//! itself in a manifest, proposes entities, types and properties as somebody types, and gives the properties of parties.

use super::entity::{entity_of, values};
use super::error::YenteError;
use super::filter::Filter;
use super::matching::{ExampleEntity, MatchOptions, Matches, match_example};
use super::schema::{FtmSchema, THING, of_listed, properties_of, property};
use crate::parties::{Parties, Party};
use interdict::screen::Scratch;
use interdict::{Config, Screener};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Queries of one request that clients should send: they are answered one after the other.
const BATCH_SIZE: usize = 10;
/// The most queries of one request.
const MAX_QUERIES: usize = 100;
/// Proposals, if a client does not say how many.
const PROPOSALS: usize = 10;

/// The manifest. `base` is the address of the service, `query` the query string of the request, which may hold a key.
pub fn manifest(dataset: &str, base: &str, query: &str) -> Value {
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let path = format!("/reconcile/{dataset}");
    let suggest =
        |what: &str| json!({"service_url": base, "service_path": format!("{path}/suggest/{what}{query}")});
    let types: Vec<Value> = FtmSchema::matchable().map(type_of).collect();
    let settings = json!([
        {"name": "limit", "label": "Limit", "type": "number", "default": 0,
         "help_text": "The most values of a cell; 0 for all."},
        {"name": "render", "label": "Show entities as", "type": "select", "default": "caption",
         "help_text": "How entities among the values are shown.",
         "choices": [{"id": "caption", "name": "Caption"}, {"id": "id", "name": "Id"}]},
    ]);
    json!({
        "versions": ["0.2"],
        "name": format!("interdict: {dataset}"),
        "identifierSpace": "https://followthemoney.tech/reference/schemata/Thing/#id",
        "schemaSpace": "https://followthemoney.tech/reference/schemata/",
        "documentation": format!("{base}/openapi.json"),
        "batchSize": BATCH_SIZE,
        "view": {"url": format!("{base}/entities/{{{{id}}}}")},
        "preview": {"url": format!("{base}{path}/preview?id={{{{id}}}}"), "width": 430, "height": 300},
        "suggest": {"entity": suggest("entity"), "type": suggest("type"), "property": suggest("property")},
        "extend": {
            "propose_properties": {"service_url": base, "service_path": format!("{path}/extend/property{query}")},
            "propose_settings": settings,
        },
        "defaultTypes": types,
    })
}

fn type_of(schema: &FtmSchema) -> Value {
    json!({"id": schema.name, "name": schema.plural, "description": schema.label})
}

/// The answer to `queries`, a JSON object of queries by their keys; and what was screened for it.
///
/// # Errors
///
/// 400 if it is not one.
pub fn reconcile(
    screener: &Screener,
    config: &Config,
    parties: Parties<'_>,
    filter: &Filter,
    queries: &str,
    scratch: &mut Scratch,
) -> Result<(Value, Vec<Matches>), YenteError> {
    let queries = parse_object(queries, "queries")?;
    if queries.len() > MAX_QUERIES {
        let detail = format!("Too many queries in one batch (limit: {MAX_QUERIES})");
        return Err(YenteError::bad_request(detail));
    }
    let (mut answers, mut screened) = (Map::new(), Vec::new());
    for (key, query) in queries {
        let example = example_of(&key, &query, filter)?;
        let matches = match_example(screener, config, parties, &example, scratch);
        let results = matches.json["results"].as_array().into_iter().flatten().map(|result| {
            let schema = result["schema"].as_str().and_then(FtmSchema::find);
            json!({
                "id": result["id"], "name": result["caption"], "match": result["match"],
                "score": result["score"].as_f64().map_or(0.0, |score| (score * 1e4).round() / 1e2),
                "description": describe(result), "type": schema.map(type_of).into_iter().collect::<Vec<_>>(),
            })
        });
        let mut answer = json!({"result": results.collect::<Vec<_>>()});
        if let Some(warnings) = matches.json.get("warnings") {
            answer["warnings"] = warnings.clone();
        }
        answers.insert(key, answer);
        screened.push(matches);
    }
    Ok((Value::Object(answers), screened))
}

fn parse_object(text: &str, what: &str) -> Result<Map<String, Value>, YenteError> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(YenteError::bad_request(format!("'{what}' is not a JSON object"))),
        Err(e) => Err(YenteError::bad_request(format!("'{what}' is not JSON: {e}"))),
    }
}

/// The texts of a value: a text, a number, an object with a name, or a list of them.
fn texts(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(object) => object.get("name").or(object.get("id")).map(texts).unwrap_or_default(),
        Value::Null => Vec::new(),
        value => vec![value.clone()],
    }
}

fn example_of(key: &str, query: &Value, filter: &Filter) -> Result<ExampleEntity, YenteError> {
    let wrong = |part: &str| YenteError::bad_request(format!("query '{key}': {part}"));
    let query = query.as_object().ok_or_else(|| wrong("not an object"))?;
    let kind = query.get("type").map(texts).unwrap_or_default();
    let name = kind.first().and_then(Value::as_str).unwrap_or(THING);
    let schema = FtmSchema::find(name).ok_or_else(|| wrong(&format!("unknown type '{name}'")))?;
    let mut properties = Map::new();
    let mut add = |name: &str, values: Vec<Value>| {
        if let Value::Array(all) = properties.entry(name).or_insert_with(|| json!([])) {
            all.extend(values);
        }
    };
    add("name", query.get("query").map(texts).unwrap_or_default());
    for property in query.get("properties").and_then(Value::as_array).into_iter().flatten() {
        let pid =
            property.get("pid").and_then(Value::as_str).ok_or_else(|| wrong("a property without pid"))?;
        let name = pid.rsplit([':', '.']).next().unwrap_or(pid);
        add(name, property.get("v").map(texts).unwrap_or_default());
    }
    let limit = query.get("limit").and_then(Value::as_u64).unwrap_or(5).min(500) as usize;
    let options = MatchOptions { limit, filter: filter.clone(), ..MatchOptions::default() };
    Ok(ExampleEntity { id: None, schema, properties, options })
}

/// A line that tells parties of one name apart.
fn describe(entity: &Value) -> String {
    let Some(entity) = entity.as_object() else { return String::new() };
    let mut parts: Vec<String> = Vec::new();
    for name in ["birthDate", "incorporationDate", "country", "flag", "program"] {
        let joined = values(entity, name).take(3).collect::<Vec<_>>().join(", ");
        if !joined.is_empty() {
            parts.push(joined);
        }
    }
    if let Some(datasets) = entity.get("datasets").and_then(Value::as_array) {
        parts.push(datasets.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
    }
    parts.join(" · ")
}

/// The answer to `extend`: properties of parties.
///
/// # Errors
///
/// 400 if it is not a request of that form.
pub fn extend(parties: Parties<'_>, extend: &str) -> Result<Value, YenteError> {
    let extend = parse_object(extend, "extend")?;
    let list = |name: &str| extend.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let wanted: Vec<(&str, usize, bool)> = list("properties")
        .iter()
        .filter_map(|wanted| {
            let settings = &wanted["settings"];
            let limit = settings["limit"].as_u64().or_else(|| settings["limit"].as_str()?.parse().ok());
            let limit = limit.filter(|limit| *limit > 0).map_or(usize::MAX, |limit| limit as usize);
            Some((wanted["id"].as_str()?, limit, settings["render"] == "id"))
        })
        .collect();
    let meta: Vec<Value> = wanted
        .iter()
        .map(|(id, ..)| json!({"id": id, "name": property(id).map_or(*id, |property| property.label)}))
        .collect();
    let mut rows = Map::new();
    for id in list("ids").iter().filter_map(Value::as_str) {
        let party = parties.find(id).and_then(|number| parties.party(number));
        let entity = party.map(|party| entity_of(&party, true));
        let cells: Map<String, Value> = wanted
            .iter()
            .map(|(name, limit, as_ids)| {
                let found = entity.as_ref().map(|entity| cells_of(entity, name, *as_ids)).unwrap_or_default();
                (name.to_string(), found.into_iter().take(*limit).collect())
            })
            .collect();
        rows.insert(id.to_string(), Value::Object(cells));
    }
    Ok(json!({"meta": meta, "rows": rows}))
}

fn cells_of(entity: &Map<String, Value>, property: &str, as_ids: bool) -> Vec<Value> {
    let values =
        entity.get("properties").and_then(|properties| properties.get(property)).and_then(Value::as_array);
    let cell = |value: &Value| match value {
        Value::Object(nested) => json!({"str": nested[if as_ids { "id" } else { "caption" }]}),
        value => json!({"str": value}),
    };
    values.into_iter().flatten().map(cell).collect()
}

/// Properties that may be asked for of parties of a type.
pub fn propose_properties(kind: &str, limit: usize) -> Value {
    let properties = properties_of(kind).into_iter().take(if limit == 0 { usize::MAX } else { limit });
    let properties: Vec<Value> = properties.map(|p| json!({"id": p.name, "name": p.label})).collect();
    json!({"limit": limit, "type": kind, "properties": properties})
}

/// Parties with a name that begins so.
pub fn suggest_entities(parties: Parties<'_>, filter: &Filter, prefix: &str, limit: usize) -> Value {
    let limit = if limit == 0 { PROPOSALS } else { limit };
    let mut seen = HashSet::new();
    // A party may have several names that begin so.
    let completions = parties.index().complete_with_typo(prefix, limit.saturating_mul(8));
    let found = completions.iter().filter_map(|completion| {
        let canonical = parties.canonical(completion.entity);
        let party = parties.party(canonical).filter(|_| seen.insert(canonical))?;
        filter
            .admits(&party, &mut super::filter::Untold::default())
            .then(|| proposal(&party, &completion.name))
    });
    suggestions(prefix, found.take(limit).collect())
}

fn proposal(party: &Party<'_>, name: &str) -> Value {
    let entity = Value::Object(entity_of(party, false));
    let notable: Vec<Value> = FtmSchema::find(of_listed(party.schema())).map(type_of).into_iter().collect();
    json!({"id": entity["id"], "name": name, "description": describe(&entity), "notable": notable})
}

/// Types whose names contain a text.
pub fn suggest_types(prefix: &str) -> Value {
    let wanted = prefix.to_lowercase();
    let contains = |text: &str| text.to_lowercase().contains(&wanted);
    let found = FtmSchema::matchable().filter(|s| contains(s.name) || contains(s.plural)).map(type_of);
    suggestions(prefix, found.collect())
}

/// Properties whose names contain a text.
pub fn suggest_properties(prefix: &str, kind: &str) -> Value {
    let wanted = prefix.to_lowercase();
    let contains = |text: &str| text.to_lowercase().contains(&wanted);
    let found = properties_of(kind).into_iter().filter(|p| contains(p.name) || contains(p.label));
    suggestions(
        prefix,
        found.map(|p| json!({"id": p.name, "name": p.label, "description": p.kind})).collect(),
    )
}

fn suggestions(prefix: &str, result: Vec<Value>) -> Value {
    json!({"code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": result})
}

/// A page that shows a party in a small frame.
pub fn preview(party: &Party<'_>) -> String {
    let entity = Value::Object(entity_of(party, false));
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let mut page = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{0}</title><h1>{0}</h1><p>{1} · {2}</p><ul>",
        text(&entity["caption"]),
        text(&entity["schema"]),
        escape(&describe(&entity)),
    );
    for name in ["name", "alias", "birthDate", "country", "program"] {
        for value in entity.as_object().into_iter().flat_map(|entity| values(entity, name)).take(5) {
            page.push_str(&format!("<li>{}: {}</li>", name, escape(value)));
        }
    }
    page.push_str("</ul>");
    page
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use interdict::{Index, list};

    fn screener() -> Screener {
        let own = "id,name,schema,aliases,birth_date,program\n7,Ivan Petrov,Person,Vanya Petrov,1965-04-21,R&S\n\
                   8,Ivan Petrovich Trading,Company,,,\n";
        Screener::new(Index::build(&[list::from_bytes("own", own.as_bytes()).unwrap()]).unwrap())
    }

    #[test]
    fn a_query_of_the_client_is_answered() {
        let screener = screener();
        let directory = Directory::of(screener.index());
        let parties = Parties::of(screener.index(), &directory);
        let ask = |queries: &str| {
            reconcile(
                &screener,
                &Config::default(),
                parties,
                &Filter::default(),
                queries,
                &mut Scratch::default(),
            )
            .unwrap()
            .0
        };
        let answer = ask(
            r#"{"q0": {"query": "Ivan Petrov", "type": "Person", "limit": 2, "properties": [{"pid": "Person:birthDate", "v": "1965"}]},
                "q1": {"query": "Vanya Petrov"}}"#,
        );
        assert_eq!(answer["q0"]["result"][0]["id"], json!("own:7"));
        assert_eq!(answer["q0"]["result"][0]["match"], json!(true));
        assert_eq!(answer["q0"]["result"][0]["type"][0]["id"], json!("Person"));
        assert_eq!(answer["q1"]["result"][0]["score"], json!(100.0));
        for wrong in
            ["[]", "{", r#"{"q0": 1}"#, r#"{"q0": {"type": "Nope"}}"#, r#"{"q0": {"properties": [{}]}}"#]
        {
            let result = reconcile(
                &screener,
                &Config::default(),
                parties,
                &Filter::default(),
                wrong,
                &mut Scratch::default(),
            );
            assert!(result.is_err(), "{wrong}");
        }
    }

    #[test]
    fn properties_and_proposals() {
        let screener = screener();
        let index = screener.index();
        let directory = Directory::of(index);
        let parties = Parties::of(index, &directory);
        let rows = extend(
            parties,
            r#"{"ids": ["own:7", "own:9"], "properties": [{"id": "birthDate"},
            {"id": "sanctions", "settings": {"limit": "1", "render": "caption"}}]}"#,
        )
        .unwrap();
        assert_eq!(rows["meta"][0], json!({"id": "birthDate", "name": "Birth date"}));
        assert_eq!(
            rows["rows"]["own:7"],
            json!({"birthDate": [{"str": "1965-04-21"}], "sanctions": [{"str": "R&S"}]})
        );
        assert_eq!(rows["rows"]["own:9"], json!({"birthDate": [], "sanctions": []}));

        let suggested = suggest_entities(parties, &Filter::default(), "ivan p", 0);
        assert_eq!(suggested["result"].as_array().unwrap().len(), 2);
        assert_eq!(suggest_types("vess")["result"][0]["id"], json!("Vessel"));
        assert!(
            suggest_properties("imo", "Vessel")["result"]
                .as_array()
                .unwrap()
                .iter()
                .any(|p| p["id"] == "imoNumber")
        );
        assert_eq!(propose_properties("Vessel", 3)["properties"].as_array().unwrap().len(), 3);

        let party = parties.party(0).unwrap();
        assert!(preview(&party).contains("R&amp;S"), "{}", preview(&party));
        let manifest = manifest("default", "http://127.0.0.1:1", "api_key=k");
        assert_eq!(
            manifest["suggest"]["entity"]["service_path"],
            json!("/reconcile/default/suggest/entity?api_key=k")
        );
    }
}
