//! Collects the records of a list file while it is read, entities and rejected ones, so that the counts add
//! up.

use crate::entity::{AliasStrength, Date, Entity, Name, NameKind};
use crate::error::{Error, Position, Result};
use crate::list::coverage::NotRead;
use crate::list::text::brackets;
use crate::list::{Coverage, Layout, List, ListProblem, ListVersion, RejectedRecord};

/// More rejected records mean that the file is not a list in this layout; keeping them all would cost memory
/// without use.
const MAX_REJECTED: usize = 100_000;

/// Why a record is rejected, and the field that is to blame.
pub(crate) struct RejectReason {
    field: Option<String>,
    reason: String,
    /// Whether the record is whole, but is no longer in force.
    not_in_force: bool,
}

/// The reason of records in another encoding.
pub(crate) const NOT_UTF8: &str = "not valid UTF-8";

impl RejectReason {
    /// A reason that concerns the record as a whole.
    pub(crate) fn record(reason: impl Into<String>) -> Self {
        RejectReason { field: None, reason: reason.into(), not_in_force: false }
    }

    /// A reason that concerns the content or absence of a field.
    pub(crate) fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        RejectReason { field: Some(field.into()), reason: reason.into(), not_in_force: false }
    }

    /// The reason of a record that is rejected because it is no longer in force. It makes no list incomplete.
    pub(crate) fn not_in_force(self) -> Self {
        RejectReason { not_in_force: true, ..self }
    }
}

impl From<String> for RejectReason {
    fn from(reason: String) -> Self {
        RejectReason::record(reason)
    }
}

/// An entity that was read from a record, or the reason why the record is rejected.
pub(crate) type Parsed<T = Entity> = std::result::Result<T, RejectReason>;

/// The properties of a list other than its records.
pub(crate) struct ListMetadata<'a> {
    pub(crate) name: &'a str,
    pub(crate) layout: Layout,
    pub(crate) sha256: String,
    pub(crate) published: Option<Date>,
    /// The number of records that the file itself states.
    pub(crate) declared: Option<u64>,
}

impl<'a> ListMetadata<'a> {
    /// A list whose file states neither a date nor a number of records.
    pub(crate) fn new(name: &'a str, layout: Layout, sha256: String) -> Self {
        ListMetadata { name, layout, sha256, published: None, declared: None }
    }
}

/// Moves the primary name to the front: the first name marked as primary; if none is, the first name that is
/// neither weak nor former; else the first name. Returns false if the entity has no name.
pub(crate) fn move_primary_name_first(e: &mut Entity) -> bool {
    let marked = e.names.iter().position(|n| n.kind == NameKind::Primary);
    let good = |n: &Name| n.kind == NameKind::Alias && n.strength == AliasStrength::Strong;
    let Some(first) = marked.or_else(|| e.names.iter().position(good)).or((!e.names.is_empty()).then_some(0))
    else {
        return false;
    };
    let mut primary = e.names.remove(first);
    (primary.kind, primary.strength) = (NameKind::Primary, AliasStrength::Strong);
    for other in &mut e.names {
        if other.kind == NameKind::Primary {
            other.kind = NameKind::Alias;
        }
    }
    e.names.insert(0, primary);
    true
}

/// The entities and rejected records of a list that is being read.
pub(crate) struct ListBuilder {
    file: String,
    pub(crate) entities: Vec<Entity>,
    rejected: Vec<RejectedRecord>,
    /// Records that were merged into the entity of another record.
    merged: u64,
    /// Rejected records that are no longer in force.
    not_in_force: u64,
    not_read: NotRead,
    /// Columns and what they become.
    columns: Vec<(String, String)>,
    problems: Vec<ListProblem>,
}

impl ListBuilder {
    /// An empty list; `file` is the name of the file in rejected records.
    pub(crate) fn new(file: &str) -> Self {
        ListBuilder {
            file: file.to_string(),
            entities: Vec::new(),
            rejected: Vec::new(),
            merged: 0,
            not_in_force: 0,
            not_read: NotRead::default(),
            columns: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Counts a value of a field that was not read.
    pub(crate) fn count_unread(&mut self, field: &str) {
        self.not_read.count(field, 1);
    }

    /// Counts fields that were not read.
    pub(crate) fn add_unread(&mut self, fields: Vec<(String, u64)>) {
        fields.iter().for_each(|(field, n)| self.not_read.count(field, *n));
    }

    /// Notes what the columns of a table become.
    pub(crate) fn set_columns(&mut self, columns: Vec<(String, String)>) {
        self.columns = columns;
    }

    /// Notes that the list is not whole.
    pub(crate) fn add_problem(&mut self, problem: ListProblem) {
        self.problems.push(problem);
    }

    /// Continues with the records of another file of the same list.
    pub(crate) fn begin_file(&mut self, file: &str) {
        self.file = file.to_string();
    }

    /// Adds a record as an entity, or rejects it.
    pub(crate) fn add(&mut self, at: Position, parsed: Parsed) -> Result<()> {
        match parsed {
            Ok(entity) => {
                self.entities.push(entity);
                Ok(())
            }
            Err(reason) => self.reject(at, reason),
        }
    }

    /// Counts records that were merged into the entity of an earlier record.
    pub(crate) fn count_merged(&mut self, records: u64) {
        self.merged += records;
    }

    /// Adds a rejected record.
    ///
    /// # Errors
    ///
    /// More than [`MAX_REJECTED`] records are rejected.
    pub(crate) fn reject(&mut self, at: Position, reason: RejectReason) -> Result<()> {
        let position = Position { field: reason.field.or(at.field.clone()), ..at.clone() };
        self.not_in_force += u64::from(reason.not_in_force);
        self.rejected.push(RejectedRecord { file: self.file.clone(), position, reason: reason.reason });
        if self.rejected.len() > MAX_REJECTED {
            let what = format!("more than {MAX_REJECTED} records are rejected: no list in this layout");
            return Err(Error::malformed(what).at(at));
        }
        Ok(())
    }

    /// The list. Names with brackets get the names within them.
    pub(crate) fn finish(mut self, metadata: ListMetadata<'_>) -> List {
        if metadata.layout != Layout::InMemory {
            self.entities.iter_mut().for_each(brackets::add_bracketed_names);
        }
        let problems = self.problems(&metadata);
        let ListBuilder { entities, rejected, merged, not_read, columns, .. } = self;
        let names: u64 = entities.iter().map(|e| e.names.len() as u64).sum();
        let primary = entities.iter().filter(|e| !e.names.is_empty()).count() as u64;
        List {
            version: ListVersion {
                name: metadata.name.to_string(),
                layout: metadata.layout,
                published: metadata.published,
                sha256: metadata.sha256,
                declared: metadata.declared,
                records: entities.len() as u64 + rejected.len() as u64 + merged,
                entities: entities.len() as u64,
                names,
                aliases: names - primary,
                rejected: rejected.len() as u64,
                coverage: Coverage::of(&entities, &rejected, not_read, columns),
                problems,
            },
            path: None,
            entities,
            rejected,
        }
    }

    /// In what the list is not whole.
    fn problems(&mut self, metadata: &ListMetadata<'_>) -> Vec<ListProblem> {
        let mut problems = std::mem::take(&mut self.problems);
        let rejected = self.rejected.len() as u64;
        let records = self.entities.len() as u64 + rejected + self.merged;
        let broken = rejected - self.not_in_force;
        if records == 0 && metadata.layout != Layout::InMemory {
            problems.push(ListProblem::Empty);
        }
        if let Some(declared) = metadata.declared.filter(|n| *n != records) {
            problems.push(ListProblem::OtherCount { declared, read: records });
        }
        let undecoded = self.rejected.iter().filter(|r| r.reason == NOT_UTF8).count();
        // The sign of letters that somebody before could not decode. Official lists have one or two.
        let replaced = |e: &&Entity| e.names.iter().any(|n| n.text.contains('\u{fffd}'));
        let replaced = self.entities.iter().filter(replaced).count();
        let undecoded = if replaced * 100 > self.entities.len() { undecoded + replaced } else { undecoded };
        if undecoded > 0 {
            problems.push(ListProblem::NotDecoded { records: undecoded as u64, likely: None });
        }
        // More than one in a hundred; none where the file tells how many there are.
        let is_many = broken * 100 > records || metadata.declared.is_some();
        if broken > 0 && is_many {
            problems.push(ListProblem::Rejected { rejected: broken, records });
        }
        problems
    }
}
