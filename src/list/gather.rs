//! What a reader has gathered of a list: entities, and the records that are none, so that the counts add up.

use super::{Coverage, Layout, List, ListVersion, Rejected};
use crate::entity::{Date, Entity, Name, NameKind, Strength};
use crate::error::{Error, Position, Result};

/// So many rejected records say that the file is no list in this layout. More would be memory without use.
const MOST_REJECTED: usize = 100_000;

/// Why a record is rejected, and because of which field.
pub(super) struct Refused {
    field: Option<String>,
    reason: String,
}

impl Refused {
    /// The record as a whole is refused.
    pub(super) fn record(reason: impl Into<String>) -> Self {
        Refused { field: None, reason: reason.into() }
    }

    /// The record is refused for what stands, or does not stand, in a field.
    pub(super) fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Refused { field: Some(field.into()), reason: reason.into() }
    }
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Refused::record(reason)
    }
}

/// What is known of a list beside its records.
pub(super) struct About<'a> {
    pub(super) name: &'a str,
    pub(super) layout: Layout,
    pub(super) sha256: String,
    pub(super) published: Option<Date>,
    /// The number of records that the file itself tells.
    pub(super) declared: Option<u64>,
}

impl<'a> About<'a> {
    /// A list that tells neither its date nor its number of records.
    pub(super) fn new(name: &'a str, layout: Layout, sha256: String) -> Self {
        About { name, layout, sha256, published: None, declared: None }
    }
}

/// Puts the primary name first, of several the first; where none is marked as primary, the first name that is
/// neither weak nor former is it, else the first of all. False when there is no name.
pub(super) fn settle_names(e: &mut Entity) -> bool {
    let marked = e.names.iter().position(|n| n.kind == NameKind::Primary);
    let good = |n: &Name| n.kind == NameKind::Alias && n.strength == Strength::Strong;
    let Some(first) = marked.or_else(|| e.names.iter().position(good)).or((!e.names.is_empty()).then_some(0))
    else {
        return false;
    };
    let mut primary = e.names.remove(first);
    (primary.kind, primary.strength) = (NameKind::Primary, Strength::Strong);
    for other in &mut e.names {
        if other.kind == NameKind::Primary {
            other.kind = NameKind::Alias;
        }
    }
    e.names.insert(0, primary);
    true
}

/// The entities and rejected records of a list while it is read.
pub(super) struct Gathered {
    file: String,
    pub(super) entities: Vec<Entity>,
    rejected: Vec<Rejected>,
    /// Records that added to an entity of another record.
    folded: u64,
}

impl Gathered {
    /// Nothing yet; `file` is the name by which rejected records call their file.
    pub(super) fn new(file: &str) -> Self {
        Gathered { file: file.to_string(), entities: Vec::new(), rejected: Vec::new(), folded: 0 }
    }

    /// From here on, records are those of another file of the same list.
    pub(super) fn in_file(&mut self, file: &str) {
        self.file = file.to_string();
    }

    /// Takes a record: an entity, or a rejected one.
    pub(super) fn take(&mut self, at: Position, read: std::result::Result<Entity, Refused>) -> Result<()> {
        match read {
            Ok(entity) => {
                self.entities.push(entity);
                Ok(())
            }
            Err(refused) => self.reject(at, refused),
        }
    }

    /// Counts records that were added to the entity of a record before them.
    pub(super) fn fold(&mut self, records: u64) {
        self.folded += records;
    }

    /// Takes a record that is rejected.
    pub(super) fn reject(&mut self, at: Position, refused: Refused) -> Result<()> {
        let position = Position { field: refused.field.or(at.field.clone()), ..at.clone() };
        self.rejected.push(Rejected { file: self.file.clone(), position, reason: refused.reason });
        if self.rejected.len() > MOST_REJECTED {
            let what = format!("more than {MOST_REJECTED} records are rejected: no list in this layout");
            return Err(Error::malformed(what).at(at));
        }
        Ok(())
    }

    /// The list.
    pub(super) fn list(self, about: About<'_>) -> List {
        let Gathered { entities, rejected, folded, .. } = self;
        let names: u64 = entities.iter().map(|e| e.names.len() as u64).sum();
        let primary = entities.iter().filter(|e| !e.names.is_empty()).count() as u64;
        List {
            version: ListVersion {
                name: about.name.to_string(),
                layout: about.layout,
                published: about.published,
                sha256: about.sha256,
                declared: about.declared,
                records: entities.len() as u64 + rejected.len() as u64 + folded,
                entities: entities.len() as u64,
                names,
                aliases: names - primary,
                rejected: rejected.len() as u64,
                coverage: Coverage::of(&entities, &rejected),
            },
            entities,
            rejected,
        }
    }
}
