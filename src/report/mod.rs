//! A report of hits to read in a browser: one file, no network.
//!
//! ```
//! use interdict::report::{About, HitReport};
//! use interdict::{Index, Query, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let mut report = HitReport::new(&screener, 20_000)?;
//! let query = Query::name("Integrety Technolgy Group");
//! for hit in screener.screen(&query) {
//!     report.add(&interdict::report::ReportRow::new(1, &query), &hit, None)?;
//! }
//! let page = report.finish(Vec::new(), &About::default())?;
//! assert!(String::from_utf8(page).unwrap().contains("Integrety Technolgy Group"));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! The page shows the run (lists, counts, configuration), and the hits by score: both names side by side with
//! the matching parts highlighted, the explanation of the match, and the entry of the entity. It can be
//! filtered, sorted and printed. Its data is embedded as JSON; rows are drawn as they come into view.
//!
//! Cost: a hit is explained anew (some 20 µs) and written to a temporary file, so that memory holds 24 bytes
//! for each hit; the page has about 1 kB for each hit. Limits: a report has a greatest number of hits. Of
//! more hits, those with the highest scores are kept (hits that are not accepted before accepted ones), and
//! the page says so.

mod data;
mod highlight;
pub(crate) mod page;
mod spool;

use crate::batch::HitWriter;
use crate::entity::Schema;
use crate::error::{Error, Result};
use crate::list::ListVersion;
use crate::run::{AcceptanceLookup, ScreenedHit, ScreenedRow};
use crate::screen::{Hit, Query, Screener};
use data::{EntityData, HitData};
use minijinja::value::Serde;
use minijinja::{Value, context};
use page::Page;
use serde::Serialize;
use spool::Spool;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Write};

/// The most hits of a report by default: a page of some 20 MB, which browsers still open in seconds.
pub const MAX_HITS: usize = 20_000;

/// The row of a hit, as the report shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportRow<'a> {
    /// 1-based record number of the input.
    pub row: u64,
    /// The query, with its fields.
    pub query: &'a Query,
    /// The counterparty's id, if the input has one.
    pub id: Option<&'a str>,
    /// The other columns to show: header and value.
    pub columns: Vec<(&'a str, &'a str)>,
}

impl<'a> ReportRow<'a> {
    /// A row by its number and query.
    pub fn new(row: u64, query: &'a Query) -> Self {
        ReportRow { row, query, id: None, columns: Vec::new() }
    }
}

/// The run that a page is about.
#[derive(Clone, Debug, Default, Serialize)]
pub struct About {
    /// The input's name.
    pub input: String,
    /// Date and time, as text.
    pub when: String,
    /// Counts in the order in which they are shown: label and number.
    pub counts: Vec<(String, u64)>,
    /// The configuration: name and value.
    pub configuration: Vec<(String, String)>,
    /// Warnings at the top of the page: a headline each, and its lines.
    pub notices: Vec<(String, Vec<String>)>,
    /// Number of all hits, those left out of the page included.
    pub hits: u64,
    /// Whether accepted hits are shown from the start.
    pub show_accepted: bool,
}

/// Collects hits for a page.
pub struct HitReport<'s> {
    screener: &'s Screener,
    schema: Schema,
    acceptances: Option<&'s dyn AcceptanceLookup>,
    cleared: bool,
    spool: Spool,
}

impl<'s> HitReport<'s> {
    /// A report of at most so many hits of this screener.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be created.
    pub fn new(screener: &'s Screener, max_hits: usize) -> Result<Self> {
        let file = tempfile::tempfile()?;
        let out = io::BufWriter::with_capacity(1 << 18, file.try_clone()?);
        HitReport::spooled(screener, max_hits, Box::new(out), file)
    }

    /// The same with a file of the caller's: `out` writes to the end of `file`. Hits that an earlier run left
    /// there belong to the report, so that the report of a resumed run is whole.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn spooled(screener: &'s Screener, max_hits: usize, out: Box<dyn Write>, file: File) -> Result<Self> {
        let spool = Spool::new(out, file, max_hits)?;
        Ok(HitReport { screener, schema: Schema::default(), acceptances: None, cleared: false, spool })
    }

    /// The schema of rows without one of their own, as in [`Batch::schema`](crate::batch::Batch::schema).
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// Describes the acceptances of hits.
    pub fn accept(mut self, acceptances: Option<&'s dyn AcceptanceLookup>) -> Self {
        self.acceptances = acceptances;
        self
    }

    /// Shows what other fields cleared too.
    pub fn show_cleared(mut self, cleared: bool) -> Self {
        self.cleared = cleared;
        self
    }

    /// Adds a hit; `accepted` says by whom and why it was accepted.
    ///
    /// # Errors
    ///
    /// The temporary file cannot be written.
    pub fn add(&mut self, row: &ReportRow<'_>, hit: &Hit, accepted: Option<&str>) -> Result<()> {
        let rank = spool::Rank::new(hit.score, accepted.is_some());
        if !self.spool.wants(rank) {
            return Ok(());
        }
        let line = HitData::new(self.screener, row, hit, accepted);
        self.spool.push(rank, hit.entity, &line)
    }

    /// Writes the page to `out` and returns it.
    ///
    /// # Errors
    ///
    /// The output cannot be written, or the temporary file cannot be read.
    pub fn finish<W: Write>(self, out: W, about: &About) -> Result<W> {
        let index = self.screener.index();
        let lists = &index.identity().lists;
        let kept = self.spool.best();
        let mut notices = about.notices.clone();
        if (kept.len() as u64) < about.hits {
            let title = format!("This page shows {} of {} hits", kept.len(), about.hits);
            notices
                .insert(0, (title, vec!["Those with the highest scores; all are in the hits' file.".into()]));
        }
        let numbers: BTreeMap<u32, usize> =
            kept.iter().map(|k| k.entity).collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
        let context = context! {
            about => Value::from(Serde(about)),
            notices => notices,
            lists => Value::from(Serde(&lists.iter().map(ListRow::new).collect::<Vec<_>>())),
        };
        let title = format!("Screening report: {}", about.input);
        let page = Page {
            title: &title,
            body: include_str!("report.html"),
            style: include_str!("report.css"),
            script: include_str!("report.js"),
        };
        page.write(out, context, |out| {
            write!(out, "{{\"threshold\":{},", self.screener.options().threshold)?;
            write!(out, "\"showAccepted\":{},\"lists\":", about.show_accepted)?;
            json(out, &lists.iter().map(|l| l.name.as_str()).collect::<Vec<_>>())?;
            out.write_all(b",\n\"entities\":[")?;
            for (i, number) in numbers.keys().enumerate() {
                out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
                let (entity, version) =
                    index.entity(*number).ok_or_else(|| Error::internal("an entity cannot be read"))?;
                let list = lists.iter().position(|l| std::ptr::eq(l, version)).unwrap_or(0);
                json(out, &EntityData::new(list, &entity))?;
            }
            out.write_all(b"],\n\"hits\":[")?;
            let mut first = true;
            self.spool.read(&kept, |kept, line| {
                out.write_all(if std::mem::take(&mut first) { b"\n[" } else { b",\n[" })?;
                write!(out, "{},", numbers[&kept.entity])?;
                out.write_all(line)?;
                Ok(out.write_all(b"]")?)
            })?;
            Ok(out.write_all(b"]}")?)
        })
    }
}

impl HitWriter for HitReport<'_> {
    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()> {
        let query = row.query(self.schema);
        let id = row.id();
        // The id is shown apart.
        let columns = row.extra_columns().filter(|(header, _)| id.is_none() || *header != "id").collect();
        let shown = ReportRow { row: row.row, query: &query, id, columns };
        for hit in hits.iter().filter(|hit| self.cleared || !hit.is_cleared()).collect::<Vec<_>>() {
            let describe = |n| self.acceptances.map_or(String::from("accepted"), |a| a.describe(n));
            self.add(&shown, &hit.hit, hit.accepted.map(describe).as_deref())?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.spool.flush()
    }
}

impl fmt::Debug for HitReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HitReport").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// A list's version as the page shows it.
#[derive(Serialize)]
struct ListRow<'a> {
    #[serde(flatten)]
    version: &'a ListVersion,
    published_text: String,
    /// In what the list is not whole.
    incomplete: Vec<String>,
}

impl<'a> ListRow<'a> {
    fn new(version: &'a ListVersion) -> Self {
        let published_text = version.published.map_or("not told".into(), |d| d.to_string());
        let incomplete = version.problems.iter().map(ToString::to_string).collect();
        ListRow { version, published_text, incomplete }
    }
}

fn json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
