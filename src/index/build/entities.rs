//! Entities with their other fields and their identifiers.

use super::encode;
use crate::entity::Entity;
use crate::error::{Error, Result};
use crate::index::records::{EntityRecord, IdentifierRun, gender_code};
use crate::score::fields::{DayRange, country_number};
use std::collections::BTreeMap;
use zerocopy::little_endian::U64;

/// The entities of an index, in the order of the lists.
#[derive(Default)]
pub(super) struct EntityTable {
    pub(super) records: Vec<EntityRecord>,
    pub(super) blobs: Vec<u8>,
    pub(super) dates: Vec<DayRange>,
    pub(super) countries: Vec<u16>,
    /// For each identifier key the numbers of the entities that have it.
    pub(super) identifiers: BTreeMap<String, Vec<u32>>,
}

impl EntityTable {
    /// Adds an entity of the list with this number; returns the number of the entity.
    pub(super) fn add(&mut self, entity: &Entity, list: u32) -> Result<u32> {
        let number = self.records.len() as u32;
        let blob = encode(entity)?;
        self.records.push(EntityRecord {
            blob_offset: U64::new(self.blobs.len() as u64),
            blob_len: blob.len() as u32,
            list,
            dates_offset: self.dates.len() as u32,
            countries_offset: self.countries.len() as u32,
            dates: entity.birth_dates.len().min(u16::MAX.into()) as u16,
            countries: entity.countries.len().min(u16::MAX.into()) as u16,
            schema: entity.schema as u8,
            gender: gender_code(entity.gender),
            padding: [0; 2],
        });
        self.blobs.extend_from_slice(&blob);
        self.dates.extend(entity.birth_dates.iter().map(DayRange::from));
        self.countries.extend(entity.countries.iter().map(|country| country_number(country)));
        for identifier in entity.identifiers.iter().filter(|identifier| identifier.kind.is_identifying()) {
            for key in identifier.keys() {
                let holders = self.identifiers.entry(key).or_default();
                if holders.last() != Some(&number) {
                    holders.push(number);
                }
            }
        }
        Ok(number)
    }
}

/// The finite-state map from identifier keys to runs of entities, and these runs.
pub(super) fn identifier_map(identifiers: &BTreeMap<String, Vec<u32>>) -> Result<(Vec<u8>, Vec<u32>)> {
    let failed = |e: fst::Error| Error::internal(e.to_string());
    let mut map = fst::MapBuilder::memory();
    let mut entities: Vec<u32> = Vec::new();
    for (key, holders) in identifiers {
        let holders = &holders[..holders.len().min(IdentifierRun::MAX_COUNT)];
        let run = IdentifierRun { offset: entities.len(), count: holders.len() };
        map.insert(key, run.pack()).map_err(failed)?;
        entities.extend(holders);
    }
    Ok((map.into_inner().map_err(failed)?, entities))
}
