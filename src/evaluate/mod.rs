//! Measuring a screener: recall on names that must be found against alerts on names that are clean.
//!
//! For model validation: *positives* are names that must be found, each with the listed party that it belongs
//! to; *negatives* are names of parties that are not listed. Both are screened once at the lowest threshold,
//! and once more as configured. The first screening gives recall and alerts over all thresholds, and the
//! recall at given alert rates, by which screeners and configurations compare independently of their
//! thresholds; the second gives recall and alerts of the configuration in force.
//!
//! ```
//! use interdict::evaluate::{Cases, evaluate, mutate};
//! use interdict::{Index, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let targets = interdict::evaluate::TargetIndex::of(screener.index());
//! let positives = mutate::positives(screener.index(), &targets, 1, 5);
//! let negatives = Cases::read_negatives("name\nJane Roe\nAcme Bakery Ltd\n".as_bytes(), None)?;
//! let evaluation = evaluate(&screener, &positives, &[negatives])?;
//! assert_eq!(evaluation.negatives.used, 2);
//! assert!(evaluation.curve.iter().all(|p| (0.0..=1.0).contains(&p.recall)));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! [`mutate`] makes positives from the lists by named manipulations; [`pairs`] measures scores of labelled
//! pairs. The same input, lists, configuration and seed give the same figures and the same bytes, which hold
//! neither time nor path.
//!
//! Cost: two screenings of all names on all threads; the queries are held in memory. Limits: the figures hold
//! for names like those tried; positives made by the program's own manipulations do not replace names from
//! one's own records.

mod cases;
mod measure;
pub mod mutate;
#[cfg(feature = "report")]
mod page;
pub mod pairs;
#[cfg(feature = "report")]
mod plot;
mod text;

pub use cases::{Case, CaseCounts, Cases, Positives, RejectedCase, TargetIndex};
pub use measure::{Point, RATES, RecallAtRate, curve, recall_at_rates};
#[cfg(feature = "report")]
pub use page::write_page;
pub use text::summary;

use crate::config::Config;
use crate::entity::{AliasStrength, Schema};
use crate::error::{Error, ErrorKind, Result};
use crate::run::{ListIdentity, rounded};
use crate::screen::{Explanation, Hit, LOWEST_THRESHOLD, MatchedBy, Query, Scratch, Screener};
use cases::Positive;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use unicode_script::{Script, UnicodeScript};

/// The least limit of hits when thresholds are compared, so that the limit does not hide the party that must
/// be found.
const DEPTH: usize = 30;
/// Misses and false alerts that are shown with their explanations.
const SHOWN: usize = 40;
/// The index in [`RATES`] of half a percent, at which groups and misses are counted.
const GROUP_RATE: usize = 1;

/// Recall on a group of the positives.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RecallGroup {
    /// The common property.
    pub name: String,
    /// Its description, if the name is not plain.
    pub about: String,
    /// Number of positives.
    pub positives: usize,
    /// Positives found at the threshold that gives 0.5 % alerts.
    pub found: usize,
    /// Positives found as configured.
    pub found_as_configured: usize,
    /// `found` as a part of `positives`, in \[0, 1\].
    pub recall: f64,
    /// `found_as_configured` as a part of `positives`.
    pub recall_as_configured: f64,
}

/// A positive that is not found at the threshold that gives 0.5 % alerts.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Miss {
    /// 1-based row among the positives.
    pub row: u64,
    /// The name screened.
    pub query: String,
    /// Its category.
    pub category: String,
    /// The primary name of the party that should have been found.
    pub target: String,
    /// That of its names with the highest score.
    pub nearest: String,
    /// That score.
    pub score: f64,
    /// Its explanation.
    pub explanation: String,
}

/// A negative with a high score.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FalseAlert {
    /// Number of the file of negatives, from 1 on.
    pub file: usize,
    /// 1-based row in it.
    pub row: u64,
    /// The name screened.
    pub query: String,
    /// The score of its best hit.
    pub score: f64,
    /// The list of the hit.
    pub list: String,
    /// The primary name of the hit.
    pub entity: String,
    /// The name that matched.
    pub matched: String,
    /// The explanation of the score.
    pub explanation: String,
}

/// The result of an evaluation.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// Version of the program.
    pub program: String,
    /// Version of the analysis of names.
    pub analysis: u32,
    /// SHA-256 of the configuration.
    pub configuration_sha256: String,
    /// The values in force, by key.
    pub configuration: BTreeMap<String, String>,
    /// The lists that were screened against.
    pub lists: Vec<ListIdentity>,
    /// The origin of the positives.
    pub origin: String,
    /// The positives.
    pub positives: CaseCounts,
    /// The negatives, all files together.
    pub negatives: CaseCounts,
    /// Recall and alerts with the configuration in force.
    pub as_configured: Point,
    /// Recall at fixed alert rates.
    pub at_rates: Vec<RecallAtRate>,
    /// Recall and alerts at thresholds from 0.5 to 1.
    pub curve: Vec<Point>,
    /// Recall by manipulation or category, the worst first.
    pub categories: Vec<RecallGroup>,
    /// Recall by script of the name screened.
    pub scripts: Vec<RecallGroup>,
    /// Recall by schema.
    pub schemas: Vec<RecallGroup>,
    /// Recall by length of the name screened, in characters.
    pub lengths: Vec<RecallGroup>,
    /// Number of all misses at 0.5 % alerts.
    pub misses_in_all: usize,
    /// Some misses of every category, those with the highest scores first.
    pub misses: Vec<Miss>,
    /// The negatives that score highest.
    pub false_alerts: Vec<FalseAlert>,
}

/// Screens positives and negatives and measures recall and alerts.
///
/// # Errors
///
/// [`ErrorKind::NoCases`] if there is no positive or no negative.
pub fn evaluate(screener: &Screener, positives: &Positives, negatives: &[Cases]) -> Result<Evaluation> {
    let clean: Vec<(usize, &Case)> =
        negatives.iter().enumerate().flat_map(|(file, n)| n.cases.iter().map(move |c| (file, c))).collect();
    for (what, is_empty) in [("positives", positives.cases.is_empty()), ("negatives", clean.is_empty())] {
        if is_empty {
            return Err(Error::new(ErrorKind::NoCases { what }));
        }
    }
    let configured = *screener.options();
    let lowest =
        configured.threshold(LOWEST_THRESHOLD).without_schema_thresholds().limit(configured.limit.max(DEPTH));
    let low = screener.clone().with_options(lowest)?;
    let scores = Scores {
        found: target_scores(&low, positives),
        alerts: best_scores(&low, &clean),
        found_as_configured: target_scores(screener, positives),
        alerts_as_configured: best_scores(screener, &clean),
    };
    let at_rates = recall_at_rates(&scores.found, &scores.alerts, &RATES);
    let above = at_rates[GROUP_RATE].above;
    let groups = Groups { positives, scores: &scores, above };
    let missed: Vec<usize> = (0..scores.found.len()).filter(|&i| scores.found[i] <= above).collect();
    let configuration = Config::from(configured);
    let values = configuration.canonical();
    let values = values.lines().filter_map(|l| l.split_once(" = "));
    Ok(Evaluation {
        program: env!("CARGO_PKG_VERSION").into(),
        analysis: crate::name::ANALYSIS_VERSION,
        configuration_sha256: configuration.sha256(),
        configuration: values.map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        lists: screener.index().identity().lists.iter().map(ListIdentity::of).collect(),
        origin: positives.origin.clone(),
        positives: positives.counts(),
        negatives: negatives.iter().map(Cases::counts).sum(),
        as_configured: scores.as_configured(configured.threshold),
        curve: curve(&scores.found, &scores.alerts),
        categories: groups.by_category(),
        scripts: groups.by(|p| (script_of(&p.case.query.name), String::new())),
        schemas: groups.by(|p| (p.schema.to_string(), String::new())),
        lengths: groups.by(|p| (length_of(&p.case.query.name), String::new())),
        misses_in_all: missed.len(),
        misses: misses(&low, positives, &scores.found, missed),
        false_alerts: false_alerts(&low, &clean, &scores.alerts),
        at_rates,
    })
}

/// The scores of all cases; 0 for a name without a hit.
struct Scores {
    /// Of each positive's own party at the lowest threshold.
    found: Vec<f32>,
    /// Of each negative's best hit at the lowest threshold.
    alerts: Vec<f32>,
    found_as_configured: Vec<f32>,
    alerts_as_configured: Vec<f32>,
}

impl Scores {
    fn as_configured(&self, threshold: f32) -> Point {
        let hits = |scores: &[f32]| (scores.iter().filter(|s| **s > 0.0).count(), scores.len());
        Point::of(threshold, hits(&self.found_as_configured), hits(&self.alerts_as_configured))
    }
}

/// For each positive the best score of its own party.
fn target_scores(screener: &Screener, positives: &Positives) -> Vec<f32> {
    let screened = positives.cases.par_iter().map_init(Scratch::default, |scratch, case| {
        let hits = screener.retrieve(&case.case.query, scratch).iter();
        hits.filter(|h| case.targets.contains(&h.entity)).map(|h| h.score).fold(0.0, f32::max)
    });
    screened.collect()
}

/// For each negative the score of its best hit.
fn best_scores(screener: &Screener, negatives: &[(usize, &Case)]) -> Vec<f32> {
    let screened = negatives.par_iter().map_init(Scratch::default, |scratch, (_, case)| {
        screener.retrieve(&case.query, scratch).first().map_or(0.0, |h| h.score)
    });
    screened.collect()
}

/// Recall by groups of the positives.
struct Groups<'a> {
    positives: &'a Positives,
    scores: &'a Scores,
    /// A positive is found if its score is above this one.
    above: f32,
}

impl Groups<'_> {
    /// Groups by name and description, in the order of their names.
    fn by(&self, group_of: impl Fn(&Positive) -> (String, String)) -> Vec<RecallGroup> {
        let mut groups: BTreeMap<String, RecallGroup> = BTreeMap::new();
        for (i, case) in self.positives.cases.iter().enumerate() {
            let (name, about) = group_of(case);
            let group = groups.entry(name.clone()).or_insert_with(|| RecallGroup::new(name, about));
            group.add(self.scores.found[i] > self.above, self.scores.found_as_configured[i] > 0.0);
        }
        groups.into_values().collect()
    }

    /// Groups by category, the lowest recall first.
    fn by_category(&self) -> Vec<RecallGroup> {
        let about = |category: &str| match self.positives.made {
            true => mutate::about(category).unwrap_or_default(),
            false => "",
        };
        let mut categories = self.by(|p| (p.category.clone(), about(&p.category).to_string()));
        categories.sort_by(|a, b| a.recall.total_cmp(&b.recall).then_with(|| a.name.cmp(&b.name)));
        categories
    }
}

impl RecallGroup {
    fn new(name: String, about: String) -> RecallGroup {
        RecallGroup {
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
        self.recall = measure::ratio(self.found, self.positives);
        self.recall_as_configured = measure::ratio(self.found_as_configured, self.positives);
    }
}

/// The script of most letters of a name.
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

/// The range of a name's length in characters; as texts, the ranges sort by length.
fn length_of(name: &str) -> String {
    let length = name.chars().count();
    let ranges = [(1, 9), (10, 14), (15, 19), (20, 29), (30, 39)];
    let range = ranges.iter().find(|(from, to)| (*from..=*to).contains(&length));
    range.map_or("40 and more".into(), |(from, to)| format!("{from} to {to}"))
}

/// Some misses of every category in turn, in each those with the highest scores first.
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

fn miss(screener: &Screener, positive: &Positive) -> Option<Miss> {
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
        score: rounded(explanation.score),
        explanation: explanation.to_string(),
    })
}

/// The names of an entity that are screened against, each as a hit without a score.
fn names_of(screener: &Screener, number: u32) -> Vec<Hit> {
    let Some((entity, version)) = screener.index().entity(number) else { return Vec::new() };
    let weak = |name: &crate::entity::Name| name.strength == AliasStrength::Weak;
    let names = entity.names.iter().filter(|n| screener.options().weak_aliases || !weak(n));
    names
        .map(|name| Hit {
            query_part: None,
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
            cleared_by: Vec::new(),
            change: None,
            entity: number,
        })
        .collect()
}

/// The negatives with the highest scores.
fn false_alerts(screener: &Screener, negatives: &[(usize, &Case)], alerts: &[f32]) -> Vec<FalseAlert> {
    let mut order: Vec<usize> = (0..alerts.len()).filter(|&i| alerts[i] > 0.0).collect();
    order.sort_by(|&a, &b| alerts[b].total_cmp(&alerts[a]).then(a.cmp(&b)));
    order.truncate(SHOWN);
    order.into_iter().filter_map(|i| false_alert(screener, negatives[i])).collect()
}

fn false_alert(screener: &Screener, (file, case): (usize, &Case)) -> Option<FalseAlert> {
    let hit = screener.screen(&case.query).into_iter().next()?;
    let explanation = screener.explain(&case.query, &hit)?;
    Some(FalseAlert {
        file: file + 1,
        row: case.row,
        query: case.query.name.clone(),
        score: rounded(hit.score),
        list: hit.list,
        entity: hit.entity_name,
        matched: hit.matched_name,
        explanation: explanation.to_string(),
    })
}

/// The schema that a positive is counted under: the query's own, or else the listed party's.
fn schema_of(query: &Query, listed: Schema) -> Schema {
    if query.schema == Schema::Unknown { listed } else { query.schema }
}
