//! `GET /search/{dataset}`: the parties that a text and filters select, with counts by country, topic and dataset.
//!
//! A text selects the parties that the library finds for it as a name, and those in whose names, ids, numbers, programmes
//! and addresses all of its words stand (a word that ends in `*` may go on). Names come first, by their score. Without a text
//! every party is selected.
//!
//! Cost: every party is decoded, some microseconds each, on the pool of larger requests.

use super::datasets;
use super::entity::{datasets_of, entity_of, is_of_schema, topics_of, values};
use super::error::{Invalid, YenteError};
use super::filter::{Filter, Untold};
use super::params::{MAX_LIMIT, MAX_OFFSET, Params};
use super::schema::{FtmSchema, THING, of_listed};
use crate::parties::{Parties, Party};
use interdict::list::ListVersion;
use interdict::name::fold_name;
use interdict::screen::Scratch;
use interdict::{Query, Screener};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The lowest score of a name that is found with `fuzzy=true`.
const FUZZY_THRESHOLD: f32 = 0.7;
/// More parties than any list has.
const NO_LIMIT: usize = 1_000_000;
/// The facets that may be asked for, with their labels.
const FACETS: [(&str, &str); 6] = [
    ("datasets", "Data sources"),
    ("schema", "Entity types"),
    ("countries", "Countries"),
    ("identifiers", "Identifiers"),
    ("topics", "Topics"),
    ("genders", "Genders"),
];

/// A search, read from its parameters.
#[derive(Debug)]
pub struct Search {
    text: String,
    words: Vec<String>,
    schema: &'static FtmSchema,
    filter: Filter,
    countries: Vec<String>,
    datasets: Vec<String>,
    target: Option<bool>,
    /// Values by field; of several of one field one must hold, or all.
    fields: BTreeMap<String, Vec<String>>,
    all_values: bool,
    fuzzy: bool,
    facets: Vec<&'static str>,
    sort: Vec<(String, bool)>,
    /// The most results.
    pub limit: usize,
    /// Results before the first.
    pub offset: usize,
    /// What has no effect, for a person.
    pub warnings: Vec<String>,
}

/// What a slice of the parties has.
#[derive(Debug, Default)]
pub struct Selection {
    found: Vec<Selected>,
    facets: BTreeMap<&'static str, BTreeMap<String, u64>>,
    untold: Untold,
}

#[derive(Debug)]
struct Selected {
    number: u32,
    id: String,
    score: f32,
    keys: Vec<Option<String>>,
}

impl Search {
    /// Reads the parameters.
    ///
    /// # Errors
    ///
    /// 404 for a dataset that does not exist, 422 for a value of the wrong form, 400 for one that means nothing.
    pub fn read(dataset: &str, params: &Params, lists: &[ListVersion]) -> Result<Search, YenteError> {
        let mut warnings = Vec::new();
        let (include, exclude) = (params.all("include_dataset"), params.all("exclude_dataset"));
        let scope = datasets::scope(dataset, &include, &exclude, lists, &mut warnings)
            .ok_or_else(|| YenteError::not_found("No such dataset."))?;
        let facets = facets_of(params)?;
        let all_values = params.word("filter_op", &["AND", "OR"], "OR")? == "AND";
        let (limit, offset) = (params.count("limit", 10, MAX_LIMIT)?, params.count("offset", 0, MAX_OFFSET)?);
        let target = params.get("target").map(|_| params.flag("target", true)).transpose()?;
        let fuzzy = params.flag("fuzzy", false)?;
        params.flag("simple", false)?;
        let filter = Filter {
            lists: (scope.len() < lists.len()).then_some(scope),
            exclude_schemata: params.all("exclude_schema"),
            topics: params.all("topics"),
            changed_since: params.changed_since()?,
            ..Filter::default()
        };
        let schema = FtmSchema::find(params.get("schema").unwrap_or(THING))
            .ok_or_else(|| YenteError::bad_request("Invalid schema"))?;
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for text in params.all("filter") {
            let (field, value) = text
                .split_once(':')
                .ok_or_else(|| YenteError::bad_request(format!("Invalid filter: '{text}'")))?;
            fields.entry(field.to_string()).or_default().push(value.to_string());
        }
        let sort = params.all("sort").iter().map(|text| sort_key(text)).collect();
        let text = params.get("q").unwrap_or_default().trim().to_string();
        Ok(Search {
            words: words_of(&text),
            text,
            schema,
            filter,
            countries: params.all("countries"),
            datasets: params.all("datasets"),
            target,
            fields,
            all_values,
            fuzzy,
            facets,
            sort,
            limit,
            offset,
            warnings,
        })
    }

    /// The scores of the parties that the text finds as a name, by their canonical entries.
    pub fn scores(
        &self,
        screener: &Screener,
        parties: Parties<'_>,
        scratch: &mut Scratch,
    ) -> HashMap<u32, f32> {
        let mut scores = HashMap::new();
        if self.text.is_empty() {
            return scores;
        }
        let mut options = screener.options().limit(NO_LIMIT);
        if self.fuzzy {
            options = options.threshold(FUZZY_THRESHOLD).without_schema_thresholds();
        }
        // The options are in their ranges.
        let screener = screener.clone().with_options(options).unwrap_or_else(|_| screener.clone());
        let query = Query::name(&self.text).schema(self.schema.library_schema());
        for hit in screener.screen_with(&query, scratch) {
            let score = scores.entry(parties.canonical(hit.entity)).or_insert(hit.score);
            *score = score.max(hit.score);
        }
        scores
    }

    /// What is selected of these canonical entries.
    pub fn select(&self, parties: Parties<'_>, numbers: &[u32], scores: &HashMap<u32, f32>) -> Selection {
        let mut selection = Selection::default();
        for number in numbers {
            let Some(party) = parties.party(*number) else { continue };
            let score = scores.get(number).copied();
            if !self.text.is_empty() && score.is_none() && !self.has_words(&party) {
                continue;
            }
            let schema = of_listed(party.schema());
            if !is_of_schema(schema, self.schema.name) || !self.filter.admits(&party, &mut selection.untold) {
                continue;
            }
            let entity = entity_of(&party, false);
            if !self.admits(&party, &entity) {
                continue;
            }
            for facet in &self.facets {
                let counts = selection.facets.entry(facet).or_default();
                facet_values(facet, &party, &entity)
                    .into_iter()
                    .for_each(|value| *counts.entry(value).or_default() += 1);
            }
            let keys =
                self.sort.iter().map(|(field, _)| field_values(&entity, field).into_iter().min()).collect();
            selection.found.push(Selected {
                number: *number,
                id: party.id(),
                score: score.unwrap_or(0.0),
                keys,
            });
        }
        selection
    }

    /// The answer, from what was selected of all slices.
    pub fn answer(mut self, parties: Parties<'_>, selections: Vec<Selection>) -> Value {
        let mut all = Selection::default();
        for selection in selections {
            all.found.extend(selection.found);
            all.untold.topics += selection.untold.topics;
            all.untold.changes += selection.untold.changes;
            for (facet, counts) in selection.facets {
                let sums = all.facets.entry(facet).or_default();
                counts.into_iter().for_each(|(value, count)| *sums.entry(value).or_default() += count);
            }
        }
        all.found.sort_by(|a, b| self.order(a, b));
        let page = all.found.iter().skip(self.offset).take(self.limit);
        let results: Vec<Value> = page
            .filter_map(|selected| parties.party(selected.number))
            .map(|party| Value::Object(entity_of(&party, false)))
            .collect();
        all.untold.warnings(&mut self.warnings);
        let mut answer = json!({
            "limit": self.limit, "offset": self.offset, "results": results,
            "total": {"value": all.found.len(), "relation": "eq"},
            "facets": self.facets.iter().map(|facet| (facet.to_string(), facet_json(facet, &all.facets))).collect::<Map<_, _>>(),
        });
        if !self.warnings.is_empty() {
            answer["warnings"] = json!(self.warnings);
        }
        answer
    }

    fn order(&self, a: &Selected, b: &Selected) -> Ordering {
        for (i, (_, descending)) in self.sort.iter().enumerate() {
            let order = match (&a.keys[i], &b.keys[i]) {
                // Those without a value come last in both directions.
                (Some(_), None) => return Ordering::Less,
                (None, Some(_)) => return Ordering::Greater,
                (a, b) => a.cmp(b),
            };
            if order != Ordering::Equal {
                return if *descending { order.reverse() } else { order };
            }
        }
        b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id))
    }

    /// Whether all words of the text stand in the texts of a party.
    fn has_words(&self, party: &Party<'_>) -> bool {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for entry in &party.entries {
            let entity = &entry.entity;
            let texts = entity.names.iter().map(|name| name.text.as_str());
            let numbers = entity.identifiers.iter().map(|identifier| identifier.value.as_str());
            let others = entity.programs.iter().chain(&entity.addresses).map(String::as_str);
            let ids = [entity.id.as_str()];
            for text in texts.chain(numbers).chain(others).chain(ids) {
                words.extend(fold_name(text).split(' ').map(str::to_string));
            }
        }
        !self.words.is_empty()
            && self.words.iter().all(|word| match word.strip_suffix('*') {
                None => words.contains(word),
                Some(prefix) => {
                    words.range(prefix.to_string()..).next().is_some_and(|found| found.starts_with(prefix))
                }
            })
    }

    fn admits(&self, party: &Party<'_>, entity: &Map<String, Value>) -> bool {
        let any = |wanted: &[String], values: Vec<String>| {
            wanted.is_empty() || values.iter().any(|value| wanted.contains(value))
        };
        let is_dataset = |name: &String| {
            let lists = party.entries.iter().map(|entry| entry.list.clone()).collect::<Vec<_>>();
            datasets::lists_of(name, &lists).is_some_and(|meant| !meant.is_empty())
        };
        any(&self.countries, field_values(entity, "countries"))
            && (self.datasets.is_empty() || self.datasets.iter().any(is_dataset))
            && self.target.is_none_or(|target| entity.get("target") == Some(&json!(target)))
            && self.fields.iter().all(|(field, wanted)| {
                let values = field_values(entity, field);
                // A part of a date stands for all days in it.
                let is_among = |wanted: &String| {
                    values.iter().any(|value| value == wanted || value.starts_with(&format!("{wanted}-")))
                };
                if self.all_values { wanted.iter().all(is_among) } else { wanted.iter().any(is_among) }
            })
    }
}

fn facets_of(params: &Params) -> Result<Vec<&'static str>, Invalid> {
    let known: Vec<&'static str> = FACETS.iter().map(|(name, _)| *name).collect();
    let mut facets = params.words("facets", &known)?;
    if facets.is_empty() {
        facets = vec!["countries", "topics", "datasets"];
    }
    Ok(facets)
}

/// `field:desc`, `field:asc` or `field`.
fn sort_key(text: &str) -> (String, bool) {
    match text.rsplit_once(':') {
        Some((field, direction @ ("asc" | "desc"))) => (field.to_string(), direction == "desc"),
        _ => (text.to_string(), false),
    }
}

/// The words of a search, folded; a `*` at the end of one is kept.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split_whitespace().flat_map(|word| {
        let goes_on = word.ends_with('*') && word.len() > 1;
        let mut folded: Vec<String> =
            fold_name(word).split(' ').map(str::to_string).filter(|w| !w.is_empty()).collect();
        if goes_on && let Some(last) = folded.last_mut() {
            last.push('*');
        }
        folded
    });
    words.collect()
}

/// The values of a field in a filter or a sort.
fn field_values(entity: &Map<String, Value>, field: &str) -> Vec<String> {
    match field {
        "countries" => {
            ["country", "flag"].iter().flat_map(|name| values(entity, name)).map(str::to_string).collect()
        }
        "topics" => values(entity, "topics").map(str::to_string).collect(),
        "genders" => values(entity, "gender").map(str::to_string).collect(),
        "datasets" | "referents" => {
            let texts = entity.get(field).and_then(Value::as_array).into_iter().flatten();
            texts.filter_map(Value::as_str).map(str::to_string).collect()
        }
        "id" | "caption" | "schema" | "first_seen" | "last_seen" | "last_change" => {
            entity.get(field).and_then(Value::as_str).map(str::to_string).into_iter().collect()
        }
        _ => values(entity, field.strip_prefix("properties.").unwrap_or(field)).map(str::to_string).collect(),
    }
}

fn facet_values(facet: &str, party: &Party<'_>, entity: &Map<String, Value>) -> BTreeSet<String> {
    match facet {
        "datasets" => datasets_of(party),
        "topics" => party.entries.iter().filter_map(topics_of).flatten().collect(),
        "identifiers" => {
            let identifiers = party.entries.iter().flat_map(|entry| &entry.entity.identifiers);
            identifiers.filter(|i| i.kind.is_identifying()).map(|i| i.value.clone()).collect()
        }
        facet => field_values(entity, facet).into_iter().collect(),
    }
}

/// A facet: its values, the most frequent first.
fn facet_json(facet: &str, all: &BTreeMap<&'static str, BTreeMap<String, u64>>) -> Value {
    let label = FACETS.iter().find(|(name, _)| *name == facet).map_or(facet, |(_, label)| label);
    let mut counts: Vec<(&String, &u64)> = all.get(facet).into_iter().flatten().collect();
    counts.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let values = counts.into_iter().take(MAX_LIMIT as usize).map(|(name, count)| {
        let label = match facet {
            "schema" => FtmSchema::find(name).map_or(name.as_str(), |schema| schema.plural),
            _ => name,
        };
        json!({"name": name, "label": label, "count": count})
    });
    json!({"label": label, "values": values.collect::<Vec<_>>()})
}
