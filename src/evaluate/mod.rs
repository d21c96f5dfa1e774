//! How well screening works: recall of known names against alerts of clean ones.
//!
//! What a model-validation team needs: *positives* are names that must be found, each with the listed party it
//! belongs to; *negatives* are names of parties that are not listed. Both are screened once at the lowest
//! threshold, and once more exactly as the configuration says. From the first come recall and alerts over all
//! thresholds, and the recall that is had at a given alert rate, so that screeners and configurations compare
//! without an argument about thresholds; from the second what the configuration in force does.
//!
//! ```
//! use interdict::evaluate::{Cases, evaluate, mutate};
//! use interdict::{Index, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let targets = interdict::evaluate::Targets::of(screener.index());
//! let positives = mutate::positives(screener.index(), &targets, 1, 5);
//! let negatives = Cases::read_negatives("name\nJane Roe\nAcme Bakery Ltd\n".as_bytes(), None)?;
//! let found = evaluate(&screener, &positives, &[negatives])?;
//! assert_eq!(found.negatives.used, 2);
//! assert!(found.curve.iter().all(|p| (0.0..=1.0).contains(&p.recall)));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! [`mutate`] makes positives from the lists by named manipulations; [`pairs`] judges scores of labelled pairs.
//! The same input, lists, configuration and seed give the same figures and the same bytes; no time and no path
//! stand in them.
//!
//! Cost: two screenings of all names on all threads; the queries are held in memory. Limits: what is found says
//! something of names like those tried, and nothing of others: positives made by the program's own
//! manipulations do not replace names from one's own records.

mod cases;
mod measure;
pub mod mutate;
mod page;
pub mod pairs;
mod plot;
mod text;

pub use cases::{Case, Cases, Positives, Rejected, Targets};
pub use measure::{AtRate, Point, RATES, curve, recall_at_rates};
pub use page::write_page;
pub use text::summary;

use crate::config::Config;
use crate::entity::{AliasStrength, Schema};
use crate::error::{Error, ErrorKind, Result};
use crate::screen::{Explanation, Hit, LOWEST_THRESHOLD, MatchedBy, Query, Scratch, Screener};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use unicode_script::{Script, UnicodeScript};

/// Hits looked at for each name when thresholds are compared.
const DEPTH: usize = 30;
/// Misses and false alerts that are shown with their explanations.
const SHOWN: usize = 40;

/// Rows of one kind: `rows = used + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows read or made.
    pub rows: usize,
    /// Rows screened.
    pub used: usize,
    /// Rows left out, each with its reason on standard error.
    pub rejected: usize,
}

/// A list that was screened against.
#[derive(Clone, Debug, Serialize)]
pub struct ListUsed {
    /// Its name.
    pub name: String,
    /// The day of publication, where the list tells it.
    pub published: Option<String>,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Entities.
    pub entities: u64,
    /// Names.
    pub names: u64,
}

/// Recall of a part of the positives.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// What that means, where it is not plain.
    pub about: String,
    /// How many.
    pub positives: usize,
    /// Found at the threshold that gives 0.5 % alerts.
    pub found: usize,
    /// Found as configured.
    pub found_as_configured: usize,
    /// `found` of `positives`, in \[0, 1\].
    pub recall: f64,
    /// The same as configured.
    pub recall_as_configured: f64,
}

/// A positive that is not found at the threshold that gives 0.5 % alerts.
#[derive(Clone, Debug, Serialize)]
pub struct Miss {
    /// 1-based row among the positives.
    pub row: u64,
    /// The name asked for.
    pub query: String,
    /// Its category.
    pub category: String,
    /// The primary name of the party that should have been found.
    pub target: String,
    /// Its name that is nearest.
    pub nearest: String,
    /// What that scores.
    pub score: f64,
    /// Why.
    pub explanation: String,
}

/// A negative with a high score.
#[derive(Clone, Debug, Serialize)]
pub struct FalseAlert {
    /// Number of the file of negatives, from 1 on.
    pub file: usize,
    /// 1-based row in it.
    pub row: u64,
    /// The name asked for.
    pub query: String,
    /// The score of its best hit.
    pub score: f64,
    /// The list of the hit.
    pub list: String,
    /// The primary name of the hit.
    pub entity: String,
    /// The name that matched.
    pub matched: String,
    /// Why.
    pub explanation: String,
}

/// All that an evaluation found.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Version of the program.
    pub program: String,
    /// Version of the analysis of names.
    pub analysis: u32,
    /// SHA-256 of the configuration.
    pub configuration_sha256: String,
    /// The values in force, by key.
    pub configuration: BTreeMap<String, String>,
    /// What was screened against.
    pub lists: Vec<ListUsed>,
    /// How the positives came about.
    pub origin: String,
    /// The positives.
    pub positives: Counts,
    /// The negatives, all files together.
    pub negatives: Counts,
    /// Recall and alerts with the configuration in force.
    pub as_configured: Point,
    /// Recall at fixed alert rates.
    pub at_rates: Vec<AtRate>,
    /// Recall and alerts at thresholds from 0.5 to 1.
    pub curve: Vec<Point>,
    /// Recall by manipulation or category, the worst first.
    pub categories: Vec<Group>,
    /// Recall by script of the name asked for.
    pub scripts: Vec<Group>,
    /// Recall by schema.
    pub schemas: Vec<Group>,
    /// Recall by length of the name asked for, in characters.
    pub lengths: Vec<Group>,
    /// Misses at 0.5 % alerts, of which the first are shown.
    pub misses_in_all: usize,
    /// Misses, some of every category, those nearest to being found first.
    pub misses: Vec<Miss>,
    /// The negatives that score highest.
    pub false_alerts: Vec<FalseAlert>,
}

/// Screens positives and negatives and measures what is found.
///
/// # Errors
///
/// There is no positive or no negative.
pub fn evaluate(screener: &Screener, positives: &Positives, negatives: &[Cases]) -> Result<Evaluation> {
    let nothing = |what: &str| Error::new(ErrorKind::Malformed(format!("there are no {what} to screen")));
    let clean: Vec<(usize, &Case)> =
        negatives.iter().enumerate().flat_map(|(file, n)| n.cases.iter().map(move |c| (file, c))).collect();
    if positives.cases.is_empty() {
        return Err(nothing("positives"));
    }
    if clean.is_empty() {
        return Err(nothing("negatives"));
    }
    let configured = *screener.options();
    let swept =
        configured.threshold(LOWEST_THRESHOLD).without_schema_thresholds().limit(configured.limit.max(DEPTH));
    let low = screener.clone().with_options(swept)?;
    let best = |screener: &Screener| -> Vec<f32> {
        let screened = positives.cases.par_iter().map_init(Scratch::default, |scratch, case| {
            let hits = screener.retrieve(&case.case.query, scratch).iter();
            hits.filter(|h| case.targets.contains(&h.entity)).map(|h| h.score).fold(0.0, f32::max)
        });
        screened.collect()
    };
    let worst = |screener: &Screener| -> Vec<f32> {
        let screened = clean.par_iter().map_init(Scratch::default, |scratch, (_, case)| {
            screener.retrieve(&case.query, scratch).first().map_or(0.0, |h| h.score)
        });
        screened.collect()
    };
    let (found, alerts) = (best(&low), worst(&low));
    let (found_as_configured, alerts_as_configured) = (best(screener), worst(screener));
    let hits = |scores: &[f32]| scores.iter().filter(|s| **s > 0.0).count();
    let as_configured = Point::of(
        configured.threshold,
        (hits(&found_as_configured), found.len()),
        (hits(&alerts_as_configured), alerts.len()),
    );
    let at_rates = recall_at_rates(&found, &alerts, &RATES);
    // The second rate: half a percent.
    let over = at_rates[1].above;
    let index = screener.index();
    let groups = |of: &dyn Fn(&cases::Positive) -> (String, String)| {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for (i, case) in positives.cases.iter().enumerate() {
            let (name, about) = of(case);
            let group = groups.entry(name.clone()).or_insert_with(|| Group::new(name, about));
            group.add(found[i] > over, found_as_configured[i] > 0.0);
        }
        groups.into_values().collect::<Vec<_>>()
    };
    let about =
        |category: &str| positives.made.then(|| mutate::about(category)).flatten().unwrap_or_default();
    let mut categories = groups(&|p| (p.category.clone(), about(&p.category).to_string()));
    categories.sort_by(|a, b| a.recall.total_cmp(&b.recall).then_with(|| a.name.cmp(&b.name)));
    let missed: Vec<usize> = (0..found.len()).filter(|&i| found[i] <= over).collect();
    let alerting = {
        let mut order: Vec<usize> = (0..alerts.len()).filter(|&i| alerts[i] > 0.0).collect();
        order.sort_by(|&a, &b| alerts[b].total_cmp(&alerts[a]).then(a.cmp(&b)));
        order.truncate(SHOWN);
        order
    };
    Ok(Evaluation {
        program: env!("CARGO_PKG_VERSION").into(),
        analysis: crate::name::ANALYSIS_VERSION,
        configuration_sha256: Config::from(configured).sha256(),
        configuration: Config::from(configured)
            .canonical()
            .lines()
            .filter_map(|l| l.split_once(" = ").map(|(key, value)| (key.to_string(), value.to_string())))
            .collect(),
        lists: index.identity().lists.iter().map(ListUsed::of).collect(),
        origin: positives.origin.clone(),
        positives: positives.counts(),
        negatives: negatives.iter().map(Cases::counts).fold(Counts::default(), |a, b| Counts {
            rows: a.rows + b.rows,
            used: a.used + b.used,
            rejected: a.rejected + b.rejected,
        }),
        as_configured,
        curve: curve(&found, &alerts),
        categories,
        scripts: groups(&|p| (script_of(&p.case.query.name), String::new())),
        schemas: groups(&|p| (p.schema.to_string(), String::new())),
        lengths: groups(&|p| (length_of(&p.case.query.name), String::new())),
        misses_in_all: missed.len(),
        misses: misses(&low, positives, &found, missed),
        false_alerts: alerting.into_iter().filter_map(|i| false_alert(&low, clean[i])).collect(),
        at_rates,
    })
}

impl Group {
    fn new(name: String, about: String) -> Group {
        Group {
            name,
            about,
            positives: 0,
            found: 0,
            found_as_configured: 0,
            recall: 0.0,
            recall_as_configured: 0.0,
        }
    }

    fn add(&mut self, found: bool, as_configured: bool) {
        self.positives += 1;
        self.found += usize::from(found);
        self.found_as_configured += usize::from(as_configured);
        self.recall = measure::part(self.found, self.positives);
        self.recall_as_configured = measure::part(self.found_as_configured, self.positives);
    }
}

impl ListUsed {
    fn of(version: &crate::list::ListVersion) -> ListUsed {
        ListUsed {
            name: version.name.clone(),
            published: version.published.map(|d| d.to_string()),
            sha256: version.sha256.clone(),
            entities: version.entities,
            names: version.names,
        }
    }
}

/// The script that most letters of a name are written in.
fn script_of(name: &str) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for c in name.chars().filter(|c| c.is_alphabetic()) {
        let script = c.script();
        if !matches!(script, Script::Common | Script::Inherited) {
            *counts.entry(script.full_name()).or_default() += 1;
        }
    }
    let most = counts.iter().max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name)));
    most.map_or("none", |(name, _)| name).to_string()
}

/// The band that a name's length in characters lies in; bands sort by length as text does.
fn length_of(name: &str) -> String {
    let length = name.chars().count();
    let bands = [(1, 9), (10, 14), (15, 19), (20, 29), (30, 39)];
    let band = bands.iter().find(|(from, to)| (*from..=*to).contains(&length));
    band.map_or("40 and more".into(), |(from, to)| format!("{from} to {to}"))
}

/// A score as it is printed: five decimals.
fn printed(score: f32) -> f64 {
    (f64::from(score) * 1e5).round() / 1e5
}

/// Some misses of every category in turn, in each those first that are nearest to being found.
fn misses(screener: &Screener, positives: &Positives, found: &[f32], missed: Vec<usize>) -> Vec<Miss> {
    let mut by_category: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for i in missed {
        by_category.entry(&positives.cases[i].category).or_default().push(i);
    }
    for all in by_category.values_mut() {
        all.sort_by(|&a, &b| found[b].total_cmp(&found[a]).then(a.cmp(&b)));
    }
    let mut chosen = Vec::new();
    let deepest = by_category.values().map(Vec::len).max().unwrap_or(0);
    for depth in 0..deepest {
        chosen.extend(by_category.values().filter_map(|all| all.get(depth)).copied());
    }
    chosen.truncate(SHOWN);
    let category = |i: usize| &positives.cases[i].category;
    chosen.sort_by(|&a, &b| category(a).cmp(category(b)).then(found[b].total_cmp(&found[a])).then(a.cmp(&b)));
    chosen.into_iter().filter_map(|i| miss(screener, &positives.cases[i])).collect()
}

fn miss(screener: &Screener, positive: &cases::Positive) -> Option<Miss> {
    let query = &positive.case.query;
    let nearest = positive.targets.iter().flat_map(|entity| names_of(screener, *entity));
    let scored = nearest.filter_map(|hit| Some((screener.explain(query, &hit)?, hit)));
    let (explanation, hit): (Explanation, Hit) =
        scored.reduce(|a, b| if b.0.score > a.0.score { b } else { a })?;
    Some(Miss {
        row: positive.case.row,
        query: query.name.clone(),
        category: positive.category.clone(),
        target: explanation.entity.primary_name().to_string(),
        nearest: hit.matched_name,
        score: printed(explanation.score),
        explanation: explanation.to_string(),
    })
}

/// The names of an entity that are screened against, as if each had been hit.
fn names_of(screener: &Screener, number: u32) -> Vec<Hit> {
    let Some((entity, version)) = screener.index().entity(number) else { return Vec::new() };
    let weak = |name: &crate::entity::Name| name.strength == AliasStrength::Weak;
    let names = entity.names.iter().filter(|n| screener.options().weak_aliases || !weak(n));
    names
        .map(|name| Hit {
            score: 0.0,
            list: version.name.clone(),
            entity_id: entity.id.clone(),
            entity_name: entity.primary_name().to_string(),
            matched_name: name.text.clone(),
            schema: entity.schema,
            programs: Vec::new(),
            matched_by: MatchedBy::Name,
            weak: weak(name),
            group: String::new(),
            change: None,
            entity: number,
        })
        .collect()
}

fn false_alert(screener: &Screener, (file, case): (usize, &Case)) -> Option<FalseAlert> {
    let hit = screener.screen(&case.query).into_iter().next()?;
    let explanation = screener.explain(&case.query, &hit)?;
    Some(FalseAlert {
        file: file + 1,
        row: case.row,
        query: case.query.name.clone(),
        score: printed(hit.score),
        list: hit.list,
        entity: hit.entity_name,
        matched: hit.matched_name,
        explanation: explanation.to_string(),
    })
}

/// The schema that a positive counts under: the query's own, or else the listed party's.
fn schema_of(query: &Query, listed: Schema) -> Schema {
    if query.schema == Schema::Unknown { listed } else { query.schema }
}
