//! Tables in which a party has several rows: the rows of one id are one entity.

use super::gather::{Gathered, Refused, settle_names};
use crate::entity::{Entity, Schema};
use crate::error::{Position, Result};
use rustc_hash::FxHashMap;

/// Entities by the id that their rows share, in the order of their first rows.
#[derive(Default)]
pub(super) struct Folding {
    by_id: FxHashMap<String, usize>,
    parties: Vec<(Entity, Position)>,
    further_rows: u64,
}

impl Folding {
    /// The entity of a row, without names when this is its first row.
    pub(super) fn entity(&mut self, id: &str, at: Position) -> &mut Entity {
        let number = match self.by_id.get(id) {
            Some(number) => {
                self.further_rows += 1;
                *number
            }
            None => {
                let mut e = Entity::new(id, Schema::Unknown, "");
                e.names.clear();
                self.by_id.insert(id.to_string(), self.parties.len());
                self.parties.push((e, at));
                self.parties.len() - 1
            }
        };
        &mut self.parties[number].0
    }

    /// Hands the entities over; one without a name is rejected at its first row, because of `name_field`.
    pub(super) fn finish(self, name_field: &str, gathered: &mut Gathered) -> Result<()> {
        gathered.fold(self.further_rows);
        for (mut e, at) in self.parties {
            let read = if settle_names(&mut e) {
                Ok(e)
            } else {
                Err(Refused::field(name_field, format!("no row of {} has a name", e.id)))
            };
            gathered.take(at, read)?;
        }
        Ok(())
    }
}
