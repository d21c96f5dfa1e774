//! Screening the queries of an audit trail again, and explaining the differences.

use super::record::{AuditName, AuditRow};
use super::verify::{VerifyReport, verify_rows};
use crate::entity::Schema;
use crate::error::Result;
use crate::run::{Field, HitRecord, RunIdentity, rounded, set_query};
use crate::screen::settings::MAX_LIMIT;
use crate::screen::{Hit, PartyLimit, Query, Scratch, Screener};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io::Read;
use std::sync::OnceLock;

/// Rows that are screened together: enough for all threads, and few enough to be held in memory.
const ROWS_AT_ONCE: usize = 4096;

/// A possible cause of a difference between today's hits and the recorded ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The listed data has changed.
    List,
    /// A setting has changed.
    Configuration,
    /// The program is another version.
    Program,
}

impl Cause {
    /// A word for people and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::List => "list",
            Cause::Configuration => "configuration",
            Cause::Program => "program",
        }
    }
}

/// A hit that is not as it was recorded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReplayDifference {
    /// The row of the run's input.
    pub row: u64,
    /// The name that was screened.
    pub name: String,
    /// The list.
    pub list: String,
    /// The entity's id in its list.
    pub entity_id: String,
    /// The entity's primary name.
    pub entity_name: String,
    /// The recorded score; none for a hit that is new.
    pub was: Option<f64>,
    /// Today's score; none for a hit that is gone.
    pub is: Option<f64>,
    /// The possible causes: one if it is certain, none if nothing differs.
    pub causes: Vec<Cause>,
    /// What is known about the cause, for people.
    pub detail: &'static str,
}

/// The result of a replay.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Replay {
    /// The verification of the trail itself.
    pub verified: VerifyReport,
    /// Differences of program, configuration and lists between then and now, for people.
    pub differences: Vec<String>,
    /// Names screened again.
    pub names: u64,
    /// Names with other hits.
    pub changed_names: u64,
    /// Hits that are gone, new, or changed.
    pub changes: u64,
}

/// Screens every recorded query again and passes each difference to `report`, in the order of the rows.
///
/// `now` is the identity of the screener, and `schema` is that of queries without one of their own.
///
/// # Errors
///
/// The trail cannot be read, or `report` fails.
pub fn replay(
    trail: impl Read,
    screener: &Screener,
    schema: Schema,
    now: &RunIdentity,
    mut report: impl FnMut(&ReplayDifference) -> Result<()>,
) -> Result<Replay> {
    let mut replay = Replay::default();
    let mut runs = 0;
    let mut replayer: Option<Replayer<'_>> = None;
    let mut rows = Vec::with_capacity(ROWS_AT_ONCE);
    let verified = verify_rows(trail, |row, verified| {
        if runs != verified.runs {
            // Each run that was appended is compared with its own settings and lists.
            if let Some(replayer) = &replayer {
                replayer.screen(&mut rows, &mut replay, &mut report)?;
            }
            runs = verified.runs;
            let then = verified.identity.clone().unwrap_or_else(|| now.clone());
            let new = then.differences(now).into_iter().filter(|d| !replay.differences.contains(d));
            let new: Vec<String> = new.collect();
            replay.differences.extend(new);
            replayer = Some(Replayer::new(screener, schema, &then, now)?);
        }
        let Some(replayer) = &replayer else { return Ok(()) };
        rows.push(row);
        if rows.len() == ROWS_AT_ONCE {
            replayer.screen(&mut rows, &mut replay, &mut report)?;
        }
        Ok(())
    })?;
    if let Some(replayer) = &mut replayer {
        replayer.screen(&mut rows, &mut replay, &mut report)?;
    }
    if let Some(then) = verified.identity.as_ref().filter(|_| runs == 0) {
        replay.differences = then.differences(now);
    }
    replay.verified = verified;
    Ok(replay)
}

struct Replayer<'a> {
    screener: &'a Screener,
    /// The same with the highest limit: accepted hits are recorded beyond the limit, however many come before
    /// them.
    unlimited: Screener,
    schema: Schema,
    /// Whether a setting differs.
    configuration_differs: bool,
    /// Whether the program differs.
    program_differs: bool,
    /// Whether any list differs.
    lists_differ: bool,
    /// The lists whose content has changed, or that are new.
    changed_lists: Vec<String>,
    /// The number of each entity by its list and id; filled when it is first needed.
    entities: OnceLock<FxHashMap<(String, String), u32>>,
}

impl<'a> Replayer<'a> {
    fn new(screener: &'a Screener, schema: Schema, then: &RunIdentity, now: &RunIdentity) -> Result<Self> {
        let options = screener.options().limit(MAX_LIMIT);
        let changed = now.lists.iter().filter(|l| !then.lists.contains(l)).map(|l| l.name.clone());
        Ok(Replayer {
            screener,
            unlimited: screener.clone().with_options(options)?,
            schema,
            configuration_differs: then.configuration != now.configuration,
            program_differs: then.program != now.program,
            lists_differ: then.lists != now.lists,
            changed_lists: changed.collect(),
            entities: OnceLock::new(),
        })
    }

    /// Today's hits of a name, as the run that recorded these would show them: those accepted then, and of
    /// the others as many as the limit allows.
    fn screen_today(&self, recorded: &[HitRecord<'_>], query: &Query, scratch: &mut Scratch) -> Vec<Hit> {
        if recorded.iter().all(|was| was.accepted.is_none()) {
            return self.screener.screen_with(query, scratch);
        }
        let mut limit = PartyLimit::new(self.screener.options().limit);
        let mut hits = self.unlimited.screen_with(query, scratch);
        hits.retain(|hit| {
            let was = recorded.iter().find(|was| is_same_entity(was, hit));
            let accepted = was.is_some_and(|was| was.accepted.is_some());
            accepted || limit.admits(hit.group.clone(), hit.score)
        });
        hits
    }

    /// Screens rows and removes them from `rows`.
    fn screen(
        &self,
        rows: &mut Vec<AuditRow>,
        replay: &mut Replay,
        report: &mut impl FnMut(&ReplayDifference) -> Result<()>,
    ) -> Result<()> {
        let differences: Vec<Vec<Vec<ReplayDifference>>> = rows
            .par_iter()
            .map_init(
                || (Scratch::default(), Query::default()),
                |(scratch, query), row| {
                    row.names.iter().map(|name| self.compare(row.row, name, query, scratch)).collect()
                },
            )
            .collect();
        for names in differences {
            replay.names += names.len() as u64;
            for differences in names {
                replay.changed_names += u64::from(!differences.is_empty());
                replay.changes += differences.len() as u64;
                differences.iter().try_for_each(&mut *report)?;
            }
        }
        rows.clear();
        Ok(())
    }

    /// The differences between the recorded hits of a name and today's.
    fn compare(
        &self,
        row: u64,
        name: &AuditName,
        query: &mut Query,
        scratch: &mut Scratch,
    ) -> Vec<ReplayDifference> {
        let fields: Vec<(Field, &str)> =
            name.fields.iter().filter_map(|(f, t)| Some((Field::parse(f)?, t.as_str()))).collect();
        set_query(query, &name.name, fields.iter().map(|(f, t)| (f, *t)), self.schema);
        query.free_text = name.free_text;
        query.identifiers.extend_from_slice(&name.identifiers);
        let today = self.screen_today(&name.hits, query, scratch);
        let difference = |hit: &HitRecord<'_>, was, is, (causes, detail)| ReplayDifference {
            row,
            name: name.name.clone(),
            list: hit.list.to_string(),
            entity_id: hit.entity_id.to_string(),
            entity_name: hit.entity_name.to_string(),
            was,
            is,
            causes,
            detail,
        };
        let mut differences = Vec::new();
        for was in &name.hits {
            let is = today.iter().find(|hit| is_same_entity(was, hit));
            let score = is.map(|hit| rounded(hit.score));
            let same = score == Some(was.score) && is.is_some_and(|hit| hit.matched_name == was.matched_name);
            if !same {
                differences.push(difference(was, Some(was.score), score, self.causes_of_change(was)));
            }
        }
        for hit in &today {
            if !name.hits.iter().any(|was| is_same_entity(was, hit)) {
                let is = HitRecord::new(hit, None);
                differences.push(difference(&is, None, Some(is.score), self.causes_of_new(hit)));
            }
        }
        differences
    }

    /// Why a recorded hit is gone or has changed.
    fn causes_of_change(&self, was: &HitRecord<'_>) -> (Vec<Cause>, &'static str) {
        let index = self.screener.index();
        let entities = self.entities.get_or_init(|| {
            let all = (0..index.entities() as u32).filter_map(|n| {
                let (entity, list) = index.entity(n)?;
                Some(((list.name.clone(), entity.id), n))
            });
            all.collect()
        });
        let found = entities.get(&(was.list.to_string(), was.entity_id.to_string()));
        match found.and_then(|n| index.entity(*n)) {
            None => (vec![Cause::List], "the entity is not listed"),
            Some((entity, _)) if Some(entity.content_hash()) != was.entity_hash => {
                (vec![Cause::List], "the entity's data has changed")
            }
            // Other entities may have displaced it, since the number of hits is limited.
            Some(_) => self.possible_causes(self.lists_differ, "the entity's data is the same"),
        }
    }

    /// Why a hit was not recorded.
    fn causes_of_new(&self, hit: &Hit) -> (Vec<Cause>, &'static str) {
        if self.changed_lists.contains(&hit.list) {
            return self.possible_causes(true, "the list is another than it was");
        }
        self.possible_causes(self.lists_differ, "the list is the same")
    }

    fn possible_causes(&self, list: bool, detail: &'static str) -> (Vec<Cause>, &'static str) {
        let all = [
            (list, Cause::List),
            (self.configuration_differs, Cause::Configuration),
            (self.program_differs, Cause::Program),
        ];
        let causes: Vec<Cause> =
            all.into_iter().filter(|(possible, _)| *possible).map(|(_, cause)| cause).collect();
        let detail = if causes.is_empty() { "nothing differs: the record was changed" } else { detail };
        (causes, detail)
    }
}

fn is_same_entity(recorded: &HitRecord<'_>, hit: &Hit) -> bool {
    recorded.list == hit.list && recorded.entity_id == hit.entity_id
}
