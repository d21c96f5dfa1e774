//! Tables in which a party has several rows: the rows of one id are one entity.

use super::gather::{Gathered, Refused, settle_names};
use crate::entity::{Entity, Schema};
use crate::error::{Error, Position, Result};
use rustc_hash::FxHashMap;

/// A party has at most so many rows; the most of any published list are some hundred.
const MOST_ROWS: u32 = 10_000;

/// Entities by the id that their rows share, in the order of their first rows.
#[derive(Default)]
pub(super) struct Folding {
    by_id: FxHashMap<String, usize>,
    parties: Vec<(Entity, Position, u32)>,
    further_rows: u64,
}

impl Folding {
    /// The entity of a row, without names when this is its first row.
    pub(super) fn entity(&mut self, id: &str, at: Position) -> Result<&mut Entity> {
        let number = match self.by_id.get(id) {
            Some(number) => {
                self.further_rows += 1;
                *number
            }
            None => {
                let mut e = Entity::new(id, Schema::Unknown, "");
                e.names.clear();
                self.by_id.insert(id.to_string(), self.parties.len());
                self.parties.push((e, at.clone(), 0));
                self.parties.len() - 1
            }
        };
        let (entity, _, rows) = &mut self.parties[number];
        *rows += 1;
        if *rows > MOST_ROWS {
            return Err(Error::malformed(format!("more than {MOST_ROWS} rows of one party, {id}")).at(at));
        }
        Ok(entity)
    }

    /// Hands the entities over; one without a name is rejected at its first row, because of `name_field`.
    pub(super) fn finish(self, name_field: &str, gathered: &mut Gathered) -> Result<()> {
        gathered.fold(self.further_rows);
        for (mut e, at, _) in self.parties {
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
