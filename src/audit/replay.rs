//! Screening the queries of an audit trail again.

use super::record::{AuditedHit, Name, Row};
use super::verify::{Checked, walk};
use crate::batch::{Field, Identity, set_query};
use crate::entity::Schema;
use crate::error::Result;
use crate::screen::{Hit, MAX_LIMIT, Query, Scratch, Screener};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io::Read;
use std::sync::OnceLock;

/// Rows that are screened together.
const TOGETHER: usize = 4096;

/// What can make today's answer differ from the recorded one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The listed data is other than it was.
    List,
    /// A setting is other than it was.
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
pub struct Change {
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
    /// What can have caused it: one where it is certain, none where nothing differs that could.
    pub causes: Vec<Cause>,
    /// What is known about it, for people.
    pub detail: &'static str,
}

/// What came of screening again.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// What the trail itself was found to be.
    pub checked: Checked,
    /// What differs between then and now, for people: program, configuration and lists.
    pub differences: Vec<String>,
    /// Names screened again.
    pub names: u64,
    /// Names with another answer.
    pub changed_names: u64,
    /// Hits that are gone, new, or changed.
    pub changes: u64,
}

/// Screens every recorded query again and gives each difference to `change`, in the order of the rows.
///
/// `now` says what is screened with, and `schema` is that of queries that do not tell their own.
///
/// # Errors
///
/// The trail cannot be read, or `change` fails.
pub fn replay(
    trail: impl Read,
    screener: &Screener,
    schema: Schema,
    now: &Identity,
    mut change: impl FnMut(&Change) -> Result<()>,
) -> Result<Replay> {
    let mut replay = Replay::default();
    let mut again: Option<Again<'_>> = None;
    let mut rows = Vec::with_capacity(TOGETHER);
    let checked = walk(trail, |row, checked| {
        let again = match &mut again {
            Some(again) => again,
            None => {
                let then = checked.identity.clone().unwrap_or_else(|| now.clone());
                again.insert(Again::new(screener, schema, &then, now)?)
            }
        };
        rows.push(row);
        if rows.len() == TOGETHER {
            again.screen(&mut rows, &mut replay, &mut change)?;
        }
        Ok(())
    })?;
    if let Some(again) = &mut again {
        again.screen(&mut rows, &mut replay, &mut change)?;
    }
    if let Some(then) = &checked.identity {
        replay.differences = then.differences(now);
    }
    replay.checked = checked;
    Ok(replay)
}

struct Again<'a> {
    screener: &'a Screener,
    /// The same with the highest limit: accepted hits are recorded beyond it, however many stand before them.
    unlimited: Screener,
    schema: Schema,
    /// Whether a setting, and whether the program differs.
    configuration: bool,
    program: bool,
    /// The lists whose content is other than it was, or that were not there.
    changed_lists: Vec<String>,
    any_list: bool,
    entities: OnceLock<FxHashMap<(String, String), u32>>,
}

impl<'a> Again<'a> {
    fn new(screener: &'a Screener, schema: Schema, then: &Identity, now: &Identity) -> Result<Self> {
        let options = screener.options().limit(MAX_LIMIT);
        let changed = now.lists.iter().filter(|l| !then.lists.contains(l)).map(|l| l.name.clone());
        Ok(Again {
            screener,
            unlimited: screener.clone().with_options(options)?,
            schema,
            configuration: then.configuration != now.configuration,
            program: then.program != now.program,
            changed_lists: changed.collect(),
            any_list: then.lists != now.lists,
            entities: OnceLock::new(),
        })
    }

    /// Today's hits of a name, as the run that recorded these would show them: those accepted then, and of the others
    /// as many as the limit allows.
    fn today(&self, recorded: &[AuditedHit], query: &Query, scratch: &mut Scratch) -> Vec<Hit> {
        if recorded.iter().all(|was| was.accepted.is_none()) {
            return self.screener.screen_with(query, scratch);
        }
        let mut left = self.screener.options().limit;
        let mut hits = self.unlimited.screen_with(query, scratch);
        hits.retain(|hit| {
            let was = recorded.iter().find(|was| was.list == hit.list && was.entity_id == hit.entity_id);
            let accepted = was.is_some_and(|was| was.accepted.is_some());
            let shown = accepted || left > 0;
            left -= usize::from(shown && !accepted);
            shown
        });
        hits
    }

    fn screen(
        &self,
        rows: &mut Vec<Row>,
        replay: &mut Replay,
        change: &mut impl FnMut(&Change) -> Result<()>,
    ) -> Result<()> {
        let changes: Vec<Vec<Vec<Change>>> = rows
            .par_iter()
            .map_init(
                || (Scratch::default(), Query::default()),
                |(scratch, query), row| {
                    row.names.iter().map(|name| self.compare(row.row, name, query, scratch)).collect()
                },
            )
            .collect();
        for names in changes {
            replay.names += names.len() as u64;
            for changes in names {
                replay.changed_names += u64::from(!changes.is_empty());
                replay.changes += changes.len() as u64;
                changes.iter().try_for_each(&mut *change)?;
            }
        }
        rows.clear();
        Ok(())
    }

    fn compare(&self, row: u64, name: &Name, query: &mut Query, scratch: &mut Scratch) -> Vec<Change> {
        let fields: Vec<(Field, &str)> =
            name.fields.iter().filter_map(|(f, t)| Some((Field::parse(f)?, t.as_str()))).collect();
        set_query(query, &name.name, fields.iter().map(|(f, t)| (f, *t)), self.schema);
        let today = self.today(&name.hits, query, scratch);
        let mut changes = Vec::new();
        let score = |hit: &Hit| (f64::from(hit.score) * 1e5).round() / 1e5;
        for was in &name.hits {
            let is = today.iter().find(|h| h.list == was.list && h.entity_id == was.entity_id);
            let same = is.is_some_and(|h| score(h) == was.score && h.matched_name == was.matched_name);
            if !same {
                let (causes, detail) = self.why(was);
                changes.push(Change {
                    row,
                    name: name.name.clone(),
                    list: was.list.clone(),
                    entity_id: was.entity_id.clone(),
                    entity_name: was.entity_name.clone(),
                    was: Some(was.score),
                    is: is.map(score),
                    causes,
                    detail,
                });
            }
        }
        for hit in &today {
            if !name.hits.iter().any(|w| w.list == hit.list && w.entity_id == hit.entity_id) {
                let (causes, detail) = self.why_new(hit);
                changes.push(Change {
                    row,
                    name: name.name.clone(),
                    list: hit.list.clone(),
                    entity_id: hit.entity_id.clone(),
                    entity_name: hit.entity_name.clone(),
                    was: None,
                    is: Some(score(hit)),
                    causes,
                    detail,
                });
            }
        }
        changes
    }

    /// Why a recorded hit is gone or other than it was.
    fn why(&self, was: &AuditedHit) -> (Vec<Cause>, &'static str) {
        let entities = self.entities.get_or_init(|| {
            let index = self.screener.index();
            let all = (0..index.entities() as u32).filter_map(|n| {
                let (entity, list) = index.entity(n)?;
                Some(((list.name.clone(), entity.id), n))
            });
            all.collect()
        });
        let found = entities.get(&(was.list.clone(), was.entity_id.clone()));
        match found.and_then(|n| self.screener.index().entity(*n)) {
            None => (vec![Cause::List], "the entity is not listed"),
            Some((entity, _)) if entity.content_hash() != was.entity_hash => {
                (vec![Cause::List], "the entity's data has changed")
            }
            // Others may have come before it, where the number of hits is limited.
            Some(_) => self.others(self.any_list, "the entity's data is the same"),
        }
    }

    fn why_new(&self, hit: &Hit) -> (Vec<Cause>, &'static str) {
        if self.changed_lists.contains(&hit.list) {
            return self.others(true, "the list is another than it was");
        }
        self.others(self.any_list, "the list is the same")
    }

    fn others(&self, list: bool, detail: &'static str) -> (Vec<Cause>, &'static str) {
        let all =
            [(list, Cause::List), (self.configuration, Cause::Configuration), (self.program, Cause::Program)];
        let causes: Vec<Cause> = all.into_iter().filter(|(can, _)| *can).map(|(_, cause)| cause).collect();
        let detail = if causes.is_empty() { "nothing differs: the record was changed" } else { detail };
        (causes, detail)
    }
}
