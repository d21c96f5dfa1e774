//! Tables in which a party has several rows: the rows with the same id are one entity.

use super::builder::{ListBuilder, RejectReason, move_primary_name_first};
use crate::entity::{Entity, Schema};
use crate::error::{Error, Position, Result};
use rustc_hash::FxHashMap;

/// The most rows of one party. The published lists have at most some hundred.
const MAX_ROWS_PER_ENTITY: u32 = 10_000;

/// An entity in the making.
struct PartialEntity {
    entity: Entity,
    /// The position of the first row.
    at: Position,
    rows: u32,
}

/// Entities by the id of their rows, in the order of their first rows.
#[derive(Default)]
pub(crate) struct MultiRowEntities {
    by_id: FxHashMap<String, usize>,
    entities: Vec<PartialEntity>,
    /// Rows that are not the first of their entity.
    merged_rows: u64,
}

impl MultiRowEntities {
    /// The entity of a row. For its first row, an entity without names.
    ///
    /// # Errors
    ///
    /// The party has more than [`MAX_ROWS_PER_ENTITY`] rows.
    pub(crate) fn get_or_insert(&mut self, id: &str, at: Position) -> Result<&mut Entity> {
        let number = match self.by_id.get(id) {
            Some(number) => {
                self.merged_rows += 1;
                *number
            }
            None => {
                let entity = Entity::without_names(id, Schema::Unknown);
                self.by_id.insert(id.to_string(), self.entities.len());
                self.entities.push(PartialEntity { entity, at: at.clone(), rows: 0 });
                self.entities.len() - 1
            }
        };
        let PartialEntity { entity, rows, .. } = &mut self.entities[number];
        *rows += 1;
        if *rows > MAX_ROWS_PER_ENTITY {
            let what = format!("more than {MAX_ROWS_PER_ENTITY} rows of one party, {id}");
            return Err(Error::malformed(what).at(at));
        }
        Ok(entity)
    }

    /// Adds the entities to a list. An entity without a name is rejected at its first row, because of `name_field`.
    pub(crate) fn finish(self, name_field: &str, list: &mut ListBuilder) -> Result<()> {
        list.count_merged(self.merged_rows);
        for PartialEntity { mut entity, at, .. } in self.entities {
            let parsed = if move_primary_name_first(&mut entity) {
                Ok(entity)
            } else {
                Err(RejectReason::field(name_field, format!("no row of {} has a name", entity.id)))
            };
            list.add(at, parsed)?;
        }
        Ok(())
    }
}
