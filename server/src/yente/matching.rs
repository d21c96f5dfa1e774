//! `POST /match/{dataset}`: one example entity is screened, and the parties that match are entities with scores.
//!
//! The hits are those of the library for the same names and fields; entries of one party are one result, with the score
//! of the best.

use super::entity::entity_of;
use super::filter::{Filter, Untold};
use super::query::{Example, read_example};
use super::schema::{FtmSchema, THING, of_listed};
use crate::parties::{Parties, Party};
use interdict::screen::{Hit, MatchedBy, Outcome, Scratch};
use interdict::{Config, Query, Screener};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// More parties than any list has: a limit that cuts nothing. What is cut, is cut when all are counted.
const NO_LIMIT: usize = 1_000_000;

/// An example entity of a request.
#[derive(Clone, Debug)]
pub struct ExampleEntity {
    /// The client's reference.
    pub id: Option<String>,
    /// Its schema.
    pub schema: &'static FtmSchema,
    /// What is known of it.
    pub properties: Map<String, Value>,
    /// How it is matched.
    pub options: MatchOptions,
}

/// How an example is matched.
#[derive(Clone, Debug, Default)]
pub struct MatchOptions {
    /// The most results.
    pub limit: usize,
    /// The lowest score of a match; `None` for the threshold that the service is configured with.
    pub threshold: Option<f64>,
    /// The lowest score of a result, if it is below the threshold.
    pub cutoff: Option<f64>,
    /// Who is a result at all.
    pub filter: Filter,
}

/// The answer to one example.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The answer as it is sent.
    pub json: Value,
    /// The number of warnings in it.
    pub warnings: usize,
    /// Whether anything was screened.
    pub screened: bool,
    /// The party, its queries with all that the library found, and the configuration, for counts and the audit trail.
    pub party: interdict::run::Party,
    /// The queries with their outcomes.
    pub answers: Vec<(Query, Outcome)>,
    /// The configuration by which they were answered.
    pub config: Config,
}

/// The scores that are asked for.
struct Scores {
    /// What the screener is run with.
    config: Config,
    /// The lowest score of a result.
    floor: f32,
    /// The lowest score of a match; `None`: what the configuration requires of the schema.
    threshold: Option<f32>,
}

impl Scores {
    fn of(asked: &MatchOptions, configured: &Config, warnings: &mut Vec<String>) -> Scores {
        let config = configured.clone().with_limit(Some(NO_LIMIT));
        let configured = configured.options();
        let threshold = asked.threshold.map(|threshold| threshold as f32);
        if asked.threshold.is_none() && asked.cutoff.is_none() {
            return Scores { config, floor: 0.0, threshold };
        }
        let lowest_match = threshold.unwrap_or_else(|| configured.lowest_threshold());
        let floor = asked.cutoff.map_or(configured.threshold, |cutoff| cutoff as f32).min(lowest_match);
        let lowest = interdict::screen::LOWEST_THRESHOLD;
        if floor < lowest {
            warnings.push(format!("screened from a score of {lowest} on: names below it are not looked for"));
        }
        let config = config.with_threshold(Some(floor.clamp(lowest, 1.0)));
        Scores { config, floor, threshold }
    }
}

/// A party that was hit: its best hit, by which of the queries, and all hits.
struct Found<'a> {
    party: Party<'a>,
    id: String,
    best: Hit,
    query: usize,
    hits: Vec<Hit>,
}

/// Screens an example. `config` is the configuration in force.
pub fn match_example(
    screener: &Screener,
    config: &Config,
    parties: Parties<'_>,
    asked: &ExampleEntity,
    scratch: &mut Scratch,
) -> Matches {
    let mut example = read_example(asked.schema, &asked.properties);
    let mut warnings = std::mem::take(&mut example.warnings);
    let scores = Scores::of(&asked.options, config, &mut warnings);
    let configured = config.options();
    // The options are in their ranges, for the configured ones are.
    let screener =
        screener.clone().with_options(scores.config.options()).unwrap_or_else(|_| screener.clone());
    let answers: Vec<(Query, Outcome)> = std::mem::take(&mut example.queries)
        .into_iter()
        .map(|query| {
            let outcome = screener.outcome(&query, scratch);
            (query, outcome)
        })
        .collect();
    let (found, cleared) = found_in(&answers, parties);
    let mut untold = Untold::default();
    let mut found = keep(found, asked, &mut untold, &mut warnings);
    found.retain(|found| found.best.score >= scores.floor);
    found.sort_by(|a, b| b.best.score.total_cmp(&a.best.score).then_with(|| a.id.cmp(&b.id)));
    untold.warnings(&mut warnings);
    let is_match = |hit: &Hit| match scores.threshold {
        Some(threshold) => hit.score >= threshold,
        None => scores.floor == 0.0 || hit.score >= configured.required(hit.schema, hit.weak),
    };
    let total = found.iter().filter(|found| is_match(&found.best)).count();
    if scores.floor > 0.0 && found.iter().any(|found| found.best.score == scores.floor) {
        warnings.push(format!("a score of exactly the cutoff, {}, is a result", rounded(scores.floor)));
    }
    if found.len() > asked.options.limit {
        let cut = found.len() - asked.options.limit;
        warnings.push(format!(
            "{cut} of {} results are beyond the limit of {}",
            found.len(),
            asked.options.limit
        ));
        found.truncate(asked.options.limit);
    }
    let results: Vec<Value> = found
        .iter()
        .map(|found| result(&screener, found, &answers[found.query].0, is_match(&found.best)))
        .collect();
    let json = answer(asked, &example, results, total, cleared, &warnings);
    let screened = !answers.is_empty();
    Matches { json, warnings: warnings.len(), screened, party: example.party, answers, config: scores.config }
}

/// The parties that the queries hit, and the number of others that only their other fields kept out.
fn found_in<'a>(answers: &[(Query, Outcome)], parties: Parties<'a>) -> (Vec<Found<'a>>, usize) {
    let mut found: BTreeMap<u32, Found<'a>> = BTreeMap::new();
    let mut cleared = BTreeSet::new();
    for (number, (_, outcome)) in answers.iter().enumerate() {
        cleared.extend(outcome.cleared.iter().map(|hit| parties.canonical(hit.entity)));
        for hit in &outcome.hits {
            let canonical = parties.canonical(hit.entity);
            if let Some(known) = found.get_mut(&canonical) {
                if hit.score > known.best.score {
                    (known.best, known.query) = (hit.clone(), number);
                }
                match known.hits.iter_mut().find(|other| other.entity == hit.entity) {
                    Some(other) if other.score < hit.score => *other = hit.clone(),
                    Some(_) => {}
                    None => known.hits.push(hit.clone()),
                }
            } else if let Some(party) = parties.party(canonical) {
                let (id, hits) = (party.id(), vec![hit.clone()]);
                found.insert(canonical, Found { party, id, best: hit.clone(), query: number, hits });
            }
        }
    }
    cleared.retain(|canonical| !found.contains_key(canonical));
    (found.into_values().collect(), cleared.len())
}

/// Those that the filter lets pass and that the schema of the example can match with. The others are warnings if they are
/// of another kind: the library takes something from their score, and yente leaves them out.
fn keep<'a>(
    found: Vec<Found<'a>>,
    asked: &ExampleEntity,
    untold: &mut Untold,
    warnings: &mut Vec<String>,
) -> Vec<Found<'a>> {
    let mut kept = Vec::with_capacity(found.len());
    for found in found {
        let schema = of_listed(found.party.schema());
        if !asked.options.filter.admits(&found.party, untold) {
            continue;
        }
        if asked.schema.name == THING || asked.schema.can_match(schema) {
            kept.push(found);
        } else {
            let (id, score) = (&found.id, rounded(found.best.score));
            let wanted = asked.schema.name;
            warnings.push(format!(
                "'{id}' scores {score} and is no result: a {wanted} does not match a {schema}"
            ));
        }
    }
    kept
}

fn result(screener: &Screener, found: &Found<'_>, query: &Query, is_match: bool) -> Value {
    let mut entity = entity_of(&found.party, false);
    entity.insert("score".into(), json!(rounded(found.best.score)));
    entity.insert("match".into(), json!(is_match));
    entity.insert("explanations".into(), explanations(screener, query, &found.best));
    let hits = found.hits.iter().map(|hit| {
        json!({
            "list": hit.list, "entity_id": hit.entity_id, "score": rounded(hit.score),
            "matched_name": hit.matched_name, "matched_by": hit.matched_by,
        })
    });
    entity.insert("hits".into(), hits.collect());
    Value::Object(entity)
}

/// A score with the five decimals that it has.
pub fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e5).round() / 1e5
}

/// The parts of a score, as features.
fn explanations(screener: &Screener, query: &Query, hit: &Hit) -> Value {
    let Some(record) = screener.explain(query, hit).map(|explanation| explanation.record()) else {
        return json!({});
    };
    let mut features = Map::new();
    if hit.matched_by == MatchedBy::Identifier {
        let (detail, query, candidate) = match &record.identifier {
            Some(i) => (i.finding.clone(), i.query.value.clone(), i.listed.value.clone()),
            None => (hit.matched_name.clone(), String::new(), hit.matched_name.clone()),
        };
        let feature = json!({
            "detail": detail, "score": rounded(hit.score), "weight": 1.0, "query": query, "candidate": candidate,
        });
        features.insert("identifier_match".into(), feature);
        return Value::Object(features);
    }
    let pairs: Vec<String> = record
        .pairs
        .iter()
        .map(|pair| {
            format!(
                "'{}' ~ '{}' {}: {:.2}, weight {:.2}",
                pair.query, pair.listed, pair.kind, pair.similarity, pair.weight
            )
        })
        .collect();
    let feature = json!({
        "detail": format!("[{}]", pairs.join("; ")), "score": rounded(record.name_score), "weight": 1.0,
        "query": record.query_part.as_deref().unwrap_or(&query.name), "candidate": hit.matched_name,
    });
    features.insert("name_match".into(), feature);
    for field in &record.fields {
        let name = format!("{}_match", field.field.replace(' ', "_"));
        let feature = json!({
            "detail": field.finding, "score": rounded(field.effect), "weight": 1.0, "query": null, "candidate": null,
        });
        features.insert(name, feature);
    }
    Value::Object(features)
}

fn answer(
    asked: &ExampleEntity,
    example: &Example,
    results: Vec<Value>,
    total: usize,
    cleared: usize,
    warnings: &[String],
) -> Value {
    let mut answer = json!({
        "status": 200,
        "results": results,
        "total": {"value": total, "relation": "eq"},
        "query": {"id": asked.id, "schema": asked.schema.name, "properties": example.properties},
        "cleared": cleared,
    });
    if !warnings.is_empty() {
        answer["warnings"] = json!(warnings);
    }
    if !example.not_compared.is_empty() {
        answer["not_compared"] = json!(example.not_compared);
    }
    answer
}
