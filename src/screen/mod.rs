//! Screening: a query in, hits out.
//!
//! ```
//! use interdict::screen::{Query, Screener};
//! use interdict::{index::Index, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let hits = screener.screen(&Query::name("Integrety Technolgy Group"));
//! assert_eq!(hits[0].entity_id, "us-cyber-integrity-technology-group");
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! A [`Screener`] is `Send`, `Sync` and cheap to clone. One thread that asks often keeps a [`Scratch`], so that
//! nothing is allocated anew; other threads keep their own.
//!
//! Retrieval loses nothing: for every query and threshold the hits are those of [`Options::exhaustive`], which
//! looks at every listed name.
//!
//! Cost: see the benchmark table of the README. Limits: thresholds lie in \[0.5, 1\]; at most
//! [`Options::limit`] hits, one for each entity with its best name.

pub mod delta;
mod identifier_match;
mod retrieval;
pub(crate) mod settings;

use crate::entity::{Check, Date, Entity, Gender, Identifier, Schema};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::name::{AnalysedName, analyse};
use crate::score::align::{Aligner, Alignment, Span, TokenSet};
use crate::score::fields::{self, DayRange, FieldPresence, FieldWeights, Fields, Verdict, country_number};
use crate::score::readings;
use crate::score::relation::MatchKind;
pub use delta::Change;
use delta::Delta;
pub use identifier_match::IdentifierMatch;
use retrieval::match_cache::MatchCache;
pub use retrieval::{Scratch, Stats};
use std::sync::Arc;

/// The lowest threshold that may be set: below it, names related only by initials could not be told from
/// noise.
pub const LOWEST_THRESHOLD: f32 = 0.5;

/// Whom to look for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The name as written, in any script and order.
    pub name: String,
    /// What kind of party it is.
    pub schema: Schema,
    /// Birth dates.
    pub birth_dates: Vec<Date>,
    /// Countries: codes or names.
    pub countries: Vec<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Identifiers: one that a listed entity carries is a hit of its own, whatever the name, and without a name
    /// too. See [`crate::score::identifiers`] for what it scores.
    pub identifiers: Vec<Identifier>,
}

impl Query {
    /// A query by name alone.
    pub fn name(name: impl Into<String>) -> Self {
        Query { name: name.into(), ..Query::default() }
    }

    /// The same query for a party of this kind.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }
}

/// How to screen. [`Config`](crate::Config) reads it from a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The lowest score of a hit, in \[0.5, 1\].
    pub threshold: f32,
    /// Other thresholds, in \[0.5, 1\], for listed entities of a schema: at `schema as usize`.
    pub schema_thresholds: [Option<f32>; Schema::ALL.len()],
    /// Whether names that their list calls weak are looked at.
    pub weak_aliases: bool,
    /// What a weak name must reach, in \[0.5, 1\], where that is more than the threshold.
    pub weak_threshold: Option<f32>,
    /// Whether an identifier in common is a hit.
    pub identifiers: bool,
    /// How much the other fields count.
    pub fields: FieldWeights,
    /// The most hits for one query; the best ones are kept.
    pub limit: usize,
    /// Look at every listed name instead of the index's candidates: slow, for proof.
    pub exhaustive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threshold: 0.85,
            schema_thresholds: [None; Schema::ALL.len()],
            weak_aliases: true,
            weak_threshold: None,
            identifiers: true,
            fields: FieldWeights::default(),
            limit: 10,
            exhaustive: false,
        }
    }
}

impl Options {
    /// What a name of a listed entity of this schema must score to be a hit.
    pub fn required(&self, schema: Schema, weak: bool) -> f32 {
        let threshold = self.schema_thresholds[schema as usize].unwrap_or(self.threshold);
        self.weak_threshold.filter(|_| weak).map_or(threshold, |t| t.max(threshold))
    }

    /// What any hit must score.
    pub fn lowest_threshold(&self) -> f32 {
        Schema::ALL.into_iter().map(|s| self.required(s, false)).fold(1.0, f32::min)
    }

    /// Checks the ranges.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for a value outside of its range, such as a threshold
    /// outside of \[0.5, 1\] or a limit of 0.
    pub fn check(&self) -> Result<()> {
        let check = settings::check(self);
        check.map_err(|wrong| Error::invalid_option(wrong.keys[0], wrong.message))
    }
}

/// A listed entity that a query hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The score in \[0, 1\], rounded to five decimals.
    pub score: f32,
    /// The list's name.
    pub list: String,
    /// The entity's id in its list.
    pub entity_id: String,
    /// The entity's primary name.
    pub entity_name: String,
    /// The name that matched best; for a hit by identifier the identifier.
    pub matched_name: String,
    /// What kind of party the entity is.
    pub schema: Schema,
    /// Programmes, joined by `;`.
    pub program: String,
    /// "name" or "identifier".
    pub matched_by: &'static str,
    /// Whether the list calls the name that matched weak.
    pub weak: bool,
    /// Number of the entity in the index, for [`Index::entity`].
    pub entity: u32,
    /// Its party over all lists, by the smallest `list:id` of its entries: see [`Index::group`].
    pub group: String,
    /// What became of the hit, for a screener made by [`Screener::for_changes`].
    pub change: Option<Change>,
}

/// A hit before its texts are fetched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RawHit {
    /// The score.
    pub score: f32,
    /// Number of the entity in the index.
    pub entity: u32,
    /// Number of the name in the index; `u32::MAX` for a hit by identifier.
    pub name: u32,
}

/// Screens queries against an index.
#[derive(Clone, Debug)]
pub struct Screener {
    pub(crate) index: Index,
    pub(crate) options: Options,
    /// What any hit must score by these options.
    lowest_threshold: f32,
    pub(crate) match_cache: Arc<MatchCache>,
    /// First letters of initials that the index has.
    listed_initials: u32,
    /// The fields that entities of the index have.
    listed_fields: FieldPresence,
    delta: Option<Delta>,
}

impl Screener {
    /// A screener with the default options: threshold 0.85, ten hits.
    pub fn new(index: Index) -> Self {
        let listed_initials = retrieval::expand::listed_initials(&index);
        let match_cache = Arc::new(MatchCache::new(&index.view()));
        let listed_fields = index.fields();
        let options = Options::default();
        let lowest_threshold = options.lowest_threshold();
        Screener {
            index,
            options,
            lowest_threshold,
            match_cache,
            listed_initials,
            listed_fields,
            delta: None,
        }
    }

    /// The same screener with other options.
    ///
    /// # Errors
    ///
    /// As [`Options::check`].
    pub fn with_options(mut self, options: Options) -> Result<Self> {
        options.check()?;
        let own = match &mut self.delta {
            None => options,
            Some(delta) => delta.take_options(options),
        };
        self.set_options(own);
        Ok(self)
    }

    fn set_options(&mut self, options: Options) {
        self.options = options;
        self.lowest_threshold = options.lowest_threshold();
    }

    /// The index it screens against.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Bytes held by the index and the cache of related tokens.
    pub fn memory_usage(&self) -> usize {
        let delta = self.delta.as_ref().map_or(0, Delta::memory_usage);
        self.index.memory_usage() + self.match_cache.memory_usage() + delta
    }

    /// The hits of one query, best first. For many queries, [`Screener::screen_with`] keeps the buffers.
    pub fn screen(&self, query: &Query) -> Vec<Hit> {
        self.screen_with(query, &mut Scratch::default())
    }

    /// The hits of one query, best first, with buffers to reuse.
    ///
    /// Hits are ordered by score, highest first, then by list and entity id.
    pub fn screen_with(&self, query: &Query, scratch: &mut Scratch) -> Vec<Hit> {
        let ask = |scratch: &mut Scratch| -> Vec<Hit> {
            self.retrieve(query, scratch).iter().filter_map(|raw| self.hit(query, raw)).collect()
        };
        match &self.delta {
            None => ask(scratch),
            Some(delta) => delta.screen(query, self.options.exhaustive, scratch, ask),
        }
    }

    /// Fetches the texts of a hit.
    fn hit(&self, query: &Query, raw: &RawHit) -> Option<Hit> {
        let (entity, version) = self.index.entity(raw.entity)?;
        let record = self.index.name_records().get(raw.name as usize);
        let (matched_name, matched_by) = match record {
            Some(record) => (self.index.name_text(record).to_string(), "name"),
            None => {
                let shared = identifier_match::best_match(query, &entity).map(|i| i.listed);
                (shared.map_or(String::new(), |i| format!("{} {}", i.kind.as_str(), i.value)), "identifier")
            }
        };
        Some(Hit {
            score: raw.score,
            list: version.name.clone(),
            entity_id: entity.id.clone(),
            entity_name: entity.primary_name().to_string(),
            matched_name,
            schema: entity.schema,
            program: entity.programs.join(";"),
            matched_by,
            weak: record.is_some_and(|r| r.weak != 0),
            entity: raw.entity,
            group: match &self.delta {
                None => self.index.group(raw.entity).unwrap_or_default(),
                Some(delta) => delta.group(raw.entity),
            },
            change: None,
        })
    }

    /// Why a query scores what it does against one listed name of an entity.
    ///
    /// `None` when there is no such entity or the name is none of its names.
    pub fn explain(&self, query: &Query, hit: &Hit) -> Option<Explanation> {
        let (entity, _) = self.index.entity(hit.entity)?;
        if hit.matched_by == "identifier" {
            return Some(Explanation {
                query: AnalysedName::default(),
                listed: AnalysedName::default(),
                alignment: Alignment::default(),
                verdict: Verdict::default(),
                identifier_match: identifier_match::best_match(query, &entity),
                entity,
                score: hit.score,
            });
        }
        let listed = analyse(&hit.matched_name, entity.schema);
        let analysed = analyse(&query.name, query.schema);
        let mut aligner = Aligner::default();
        let mut alignment = Alignment::default();
        aligner.relate(&analysed, &listed);
        aligner.align_greedy(readings(&analysed), readings(&listed), 0.0, &mut alignment);
        let own = QueryFields::of(query);
        let dates: Vec<DayRange> = entity.birth_dates.iter().map(DayRange::from).collect();
        let countries: Vec<u16> = entity.countries.iter().map(|c| country_number(c)).collect();
        let verdict = fields::compare(
            &own.fields(query),
            &Fields { schema: entity.schema, gender: entity.gender, dates: &dates, countries: &countries },
            &self.options.fields,
        );
        let score = crate::score::round(verdict.apply(alignment.score));
        Some(Explanation {
            entity,
            query: analysed,
            listed,
            alignment,
            verdict,
            identifier_match: None,
            score,
        })
    }
}

/// The fields of a query in the form in which they are compared.
#[derive(Debug, Default)]
pub(crate) struct QueryFields {
    dates: Vec<DayRange>,
    countries: Vec<u16>,
}

impl QueryFields {
    fn of(query: &Query) -> Self {
        let mut own = QueryFields::default();
        own.set(query);
        own
    }

    fn set(&mut self, query: &Query) {
        self.dates.clear();
        self.dates.extend(query.birth_dates.iter().map(DayRange::from));
        self.countries.clear();
        self.countries.extend(
            query
                .countries
                .iter()
                .filter_map(|c| crate::entity::country_code(c))
                .map(country_number)
                .filter(|c| *c != 0),
        );
    }

    fn fields<'a>(&'a self, query: &Query) -> Fields<'a> {
        Fields { schema: query.schema, gender: query.gender, dates: &self.dates, countries: &self.countries }
    }
}

/// Why a query scores what it does against a listed name.
#[derive(Debug)]
pub struct Explanation {
    /// The listed entity.
    pub entity: Entity,
    /// The query's name after analysis.
    pub query: AnalysedName,
    /// The listed name after analysis.
    pub listed: AnalysedName,
    /// Which token met which, and what was left over.
    pub alignment: Alignment,
    /// What the other fields said.
    pub verdict: Verdict,
    /// The identifiers, for a hit by identifier.
    pub identifier_match: Option<IdentifierMatch>,
    /// The score.
    pub score: f32,
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(IdentifierMatch { query, listed, agreement }) = &self.identifier_match {
            let shown = |i: &Identifier| {
                let country = i.country.as_ref().map_or(String::new(), |c| format!(" ({c})"));
                format!("{} {}{country}", i.kind.as_str(), i.value)
            };
            writeln!(f, "    {} = {}: {}", shown(query), shown(listed), agreement.finding)?;
            for (side, i) in [("query", query), ("list", listed)] {
                if i.check() == Check::Failed {
                    writeln!(f, "    the {side}'s {} has a wrong check digit or length", i.kind.as_str())?;
                }
            }
            return write!(f, "    score {:.4}", self.score);
        }
        let text = |name: &AnalysedName, span: Span| {
            let span = &name.tokens()[span.range()];
            span.iter()
                .map(|t| match (name.text(t), name.latin(t)) {
                    (a, b) if a == b => a.to_string(),
                    (a, b) => format!("{a} ({b})"),
                })
                .collect::<Vec<_>>()
                .join(" + ")
        };
        let a = &self.alignment;
        for p in &a.pairs {
            let tag = self.listed.tokens()[usize::from(p.listed.first)].tag;
            writeln!(
                f,
                "    {:<24} ~ {:<24} {:<16} {:.2}   weight {:.2}  {}",
                text(&self.query, p.query),
                text(&self.listed, p.listed),
                if p.kind == MatchKind::Equal { "equal" } else { p.kind.as_str() },
                p.similarity,
                p.weight,
                tag.as_str(),
            )?;
        }
        let left = |name: &AnalysedName, set: TokenSet| -> Vec<String> {
            (0..name.tokens().len())
                .filter(|i| set.contains(*i))
                .map(|i| {
                    let t = &name.tokens()[i];
                    format!("{} ({}, {:.2})", name.text(t), t.tag.as_str(), t.weight)
                })
                .collect()
        };
        for (side, rest) in [
            ("query", left(&self.query, a.unmatched_query)),
            ("list", left(&self.listed, a.unmatched_listed)),
        ] {
            if !rest.is_empty() {
                writeln!(f, "    only in the {side}: {}", rest.join(", "))?;
            }
        }
        writeln!(
            f,
            "    matched {:.3}; lost: unlike {:.3}, contradiction {:.3}, missing {:.3}, order {:.3}; scarcity x{:.2}; name {:.4}",
            a.matched, a.unlike, a.contradiction, a.omission, a.disorder, a.scarcity, a.score
        )?;
        for e in self.verdict.evidence() {
            writeln!(f, "    {}: {} ({:+.2})", e.field, e.finding, e.effect)?;
        }
        write!(f, "    score {:.4}", self.score)
    }
}
