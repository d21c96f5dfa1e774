//! `GET /v2/search`: the entries of lists that a query matches, each an answer of its own.
//!
//! The hits are those of the library for the same names and fields. Their `match` is interdict's score: an equal name
//! scores 1, where Watchman's own formula gives 0.81.

use super::entity::{entity_of, is_source, kind_of, senzing_of};
use super::params::{Format, Search};
use crate::parties::{Entry, Parties};
use crate::yente::matching::rounded;
use interdict::entity::Schema;
use interdict::screen::{Hit, LOWEST_THRESHOLD, MatchedBy, Outcome, Scratch};
use interdict::{Config, Index, Query, Screener};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// More parties than any list has: what is cut, is cut when all are counted.
const NO_LIMIT: usize = 1_000_000;

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// The hits, best first, each with the number of the query that it is of; at most as many as were asked for.
    pub hits: Vec<(Hit, usize)>,
    /// What had no effect or was left out, for a person.
    pub warnings: Vec<String>,
    /// The queries with all that the library found, for counts and the audit trail.
    pub answers: Vec<(Query, Outcome)>,
    /// The configuration by which they were answered.
    pub config: Config,
}

/// Searches. `config` is the configuration in force.
pub fn search(
    screener: &Screener,
    config: &Config,
    parties: Parties<'_>,
    search: &Search,
    scratch: &mut Scratch,
) -> Found {
    let mut warnings = search.warnings.clone();
    let lowest = search.min_match.map(|lowest| lowest.max(LOWEST_THRESHOLD));
    let config = config.clone().with_limit(Some(NO_LIMIT)).with_threshold(lowest);
    // The options are in their ranges.
    let screener = screener.clone().with_options(config.options()).unwrap_or_else(|_| screener.clone());
    let mut answers = Vec::with_capacity(search.queries.len());
    let mut best: BTreeMap<u32, (Hit, usize)> = BTreeMap::new();
    for (number, query) in search.queries.iter().enumerate() {
        let outcome = screener.outcome(query, scratch);
        for hit in &outcome.hits {
            match best.get(&hit.entity) {
                Some((known, _)) if known.score >= hit.score => {}
                _ => {
                    best.insert(hit.entity, (hit.clone(), number));
                }
            }
        }
        answers.push((query.clone(), outcome));
    }
    let mut hits: Vec<(Hit, usize)> = best.into_values().collect();
    if search.queries.is_empty() {
        hits = by_source_id(screener.index(), parties, search.source_id.as_deref().unwrap_or_default());
    }
    hits.retain(|(hit, _)| is_wanted(screener.index(), hit, search, &mut warnings));
    hits.sort_by(|(a, _), (b, _)| {
        let by_name = || a.list.cmp(&b.list).then_with(|| a.entity_id.cmp(&b.entity_id));
        b.score.total_cmp(&a.score).then_with(by_name)
    });
    if hits.len() > search.limit {
        warnings.push(format!("{} of {} hits are beyond the limit", hits.len() - search.limit, hits.len()));
        hits.truncate(search.limit);
    }
    Found { hits, warnings, answers, config }
}

/// The entries with an id, on any list.
fn by_source_id(index: &Index, parties: Parties<'_>, id: &str) -> Vec<(Hit, usize)> {
    let lists = index.identity().lists.iter();
    let numbers = lists.filter_map(|list| parties.find(&crate::parties::public_id(&list.name, id)));
    let hits = numbers.filter_map(|number| {
        let (entity, list) = index.entity(number)?;
        // A hit without a query: the entry itself.
        serde_json::from_value(json!({
            "score": 1.0, "list": list.name, "entity_id": entity.id, "entity_name": entity.primary_name(),
            "matched_name": entity.id, "schema": entity.schema, "programs": entity.programs, "matched_by": "identifier",
            "weak": false, "entity": number, "group": index.group(number)?, "change": null,
        }))
        .ok()
    });
    hits.map(|hit| (hit, 0)).collect()
}

/// Whether a hit is of the list, the id and the kind that were asked for. Of another kind it is a warning: the library
/// takes something from its score, and Watchman leaves it out.
fn is_wanted(index: &Index, hit: &Hit, search: &Search, warnings: &mut Vec<String>) -> bool {
    let list = index.identity().lists.iter().find(|list| list.name == hit.list);
    let is_of_source = |source: &String| list.is_some_and(|list| is_source(source, list));
    if !search.source.as_ref().is_none_or(is_of_source)
        || search.source_id.as_ref().is_some_and(|id| *id != hit.entity_id)
    {
        return false;
    }
    let asked = search.queries.first().map_or(Schema::Unknown, |query| query.schema);
    let is_of_kind = asked.is_compatible(hit.schema);
    if !is_of_kind {
        let (id, score) = (&hit.entity_id, rounded(hit.score));
        warnings.push(format!(
            "{id} of {} scores {score} and was left out: it is a {}",
            hit.list,
            kind_of(hit.schema)
        ));
    }
    is_of_kind
}

/// The answer.
pub fn answer(screener: &Screener, search: &Search, found: &Found) -> Value {
    let hits = found.hits.iter().filter_map(|(hit, query)| {
        let entry = entry_of(screener.index(), hit)?;
        Some(match search.format {
            Format::Watchman => hit_of(screener, search, search.queries.get(*query), hit, &entry),
            Format::SenzingJson | Format::SenzingLines => {
                let mut object = senzing_of(&entry);
                object["MATCH"] = json!(rounded(hit.score));
                object
            }
        })
    });
    let hits: Vec<Value> = hits.collect();
    match search.format {
        Format::Watchman => {
            let mut answer = json!({"query": search.echo, "entities": hits});
            if let Some(id) = &search.request_id {
                answer["requestID"] = json!(id);
            }
            if !found.warnings.is_empty() {
                answer["warnings"] = json!(found.warnings);
            }
            answer
        }
        Format::SenzingJson | Format::SenzingLines => Value::Array(hits),
    }
}

fn entry_of<'a>(index: &'a Index, hit: &Hit) -> Option<Entry<'a>> {
    let (entity, list) = index.entity(hit.entity)?;
    Some(Entry { number: hit.entity, entity, list })
}

fn hit_of(
    screener: &Screener,
    search: &Search,
    query: Option<&Query>,
    hit: &Hit,
    entry: &Entry<'_>,
) -> Value {
    let mut object = entity_of(entry);
    object["match"] = json!(rounded(hit.score));
    let Some(explanation) = query.and_then(|query| screener.explain(query, hit)) else { return object };
    let record = explanation.record();
    let piece = |kind: &str, score: f64, exact: bool| {
        json!({
            "score": score, "weight": 1.0, "matched": score > 0.0, "required": kind == "name", "exact": exact,
            "fieldsCompared": 1, "pieceType": kind,
        })
    };
    let mut pieces = match hit.matched_by {
        MatchedBy::Identifier => vec![piece("identifiers", rounded(hit.score), hit.score >= 1.0)],
        _ => vec![piece("name", rounded(record.name_score), record.name_score >= 1.0)],
    };
    pieces.extend(record.fields.iter().map(|field| piece(&field.field, rounded(field.effect), false)));
    object["details"] = json!({"pieces": pieces, "finalScore": rounded(hit.score)});
    let is_debugged = search.debug_ids.is_empty() || search.debug_ids.contains(&hit.entity_id);
    if search.debug && is_debugged {
        object["debug"] = json!(base64(explanation.to_string().as_bytes()));
    }
    object
}

/// Bytes as text, RFC 4648 with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, i| bits << 8 | u32::from(*chunk.get(i).unwrap_or(&0)));
        for i in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * i) & 63) as usize];
            text.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use interdict::list;

    fn found(text: &str) -> (Value, usize) {
        let own = "id,name,schema,passport\n7,Ivan PETROV,Person,751234567\n8,Ivan Petrov,Vessel,\n9,Ivan PETROVA,Person,\n";
        let other = "id,name\n7,Ivan Petrov\n";
        let read = |name, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
        let screener = Screener::new(Index::build(&[read("own", own), read("other", other)]).unwrap());
        let directory = Directory::of(screener.index());
        let parties = Parties::of(screener.index(), &directory);
        let params: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap();
        let asked = super::super::params::read(&params, "").unwrap();
        let found = search(&screener, &Config::default(), parties, &asked, &mut Scratch::default());
        (answer(&screener, &asked, &found), found.warnings.len())
    }

    fn ids(answer: &Value) -> Vec<String> {
        let entities = answer["entities"].as_array().unwrap().iter();
        entities
            .map(|e| format!("{}:{}", e["sourceList"].as_str().unwrap(), e["sourceID"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn hits_are_limited_to_what_was_asked_for() {
        let (answer, _) = found("name=ivan+petrov&debug=yes");
        assert_eq!(ids(&answer)[..3], ["other:7", "own:7", "own:8"]);
        assert_eq!(answer["entities"][0]["match"], json!(1.0));
        assert!(answer["entities"][0]["debug"].is_string());
        assert_eq!(answer["entities"][0]["details"]["pieces"][0]["pieceType"], json!("name"));
        let (answer, warnings) = found("name=ivan+petrov&type=person&minMatch=0.99");
        assert_eq!((ids(&answer), warnings), (vec!["other:7".to_string(), "own:7".into()], 0));
        let (answer, warnings) = found("name=ivan+petrov&type=person&minMatch=0.80");
        assert!(ids(&answer).iter().all(|id| id != "own:8") && warnings == 1, "the ship is a warning");
        assert_eq!(ids(&found("name=ivan+petrov&source=other").0), ["other:7"]);
        assert_eq!(ids(&found("sourceID=7").0), ["other:7", "own:7"]);
        assert_eq!(ids(&found("type=person&gov_passport=RU:751234567").0), ["own:7"]);
        let (answer, warnings) = found("name=ivan+petrov&limit=1");
        assert_eq!((ids(&answer).len(), warnings), (1, 1));
        assert_eq!(found("name=ivan+petrov&format=senzing").0[0]["RECORD_ID"], json!("7"));
    }

    #[test]
    fn base64_has_the_test_vectors_of_its_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
