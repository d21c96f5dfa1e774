//! The difference between two publications of the same lists, by entity and field.
//!
//! ```
//! use interdict::list::{self, diff::diff};
//! let old = list::from_bytes("mine", b"id,name,country\n1,ACME LTD,\n2,Jane Roe,\n")?;
//! let new = list::from_bytes("mine", b"id,name,country\n1,ACME LTD,fr\n3,John Doe,\n")?;
//! let found = diff(&[old], &[new]);
//! assert_eq!(found.lists[0].counts().to_string(), "added 1, removed 1, changed 1, renumbered 0");
//! assert_eq!(found.lists[0].entities[2].fields[0].added, ["fr"]);
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Lists are paired by name. A list left over on one side is paired with the only one of the same layout left
//! over on the other side, because a generic table is named after its file, and files of two days have two
//! names.
//!
//! Entities are paired in four passes, each over the entities that are left:
//!
//! 1. the same id, and a common name, identifier or full birth date;
//! 2. the same content ([`Entity::content_hash`]) under another id, unique on both sides: the list was
//!    renumbered;
//! 3. the same primary name under another id, unique on both sides, without a contradiction (a birth date or
//!    an identifier is common, or one side has neither): renumbered and changed;
//! 4. the same id.
//!
//! The id precedes the content because OFAC, the UN, the EU and the UK never assign an id to another party.
//! The common fact is required because some tables number their rows. Entities left over were added or
//! removed. The order of values within a field does not count.
//!
//! Cost: one comparison for each entity; facts and hashes only for entities that differ.

use super::{List, ListVersion};
use crate::entity::{Entity, Identifier, Schema, Scope};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::fmt;

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DiffKind {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both sides have it, with other facts.
    Changed,
    /// Both sides have it under different ids; `fields` may be empty.
    Renumbered,
}

/// Values removed from a field and added to it. A corrected value is both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldDiff {
    /// The field, named as in [`Entity::facts`].
    pub field: &'static str,
    /// Values that only the old side has.
    pub removed: Vec<String>,
    /// Values that only the new side has.
    pub added: Vec<String>,
}

/// An entity that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EntityDiff {
    /// The kind of difference.
    pub kind: DiffKind,
    /// The id on the new side; of a removed entity its last id.
    pub id: String,
    /// The id on the old side, if it was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// The primary name on the new side; of a removed entity its last name.
    pub name: String,
    /// The kind of party.
    #[serde(serialize_with = "serialize_schema")]
    pub schema: Schema,
    /// The fields that differ. Empty for added and removed entities.
    pub fields: Vec<FieldDiff>,
}

fn serialize_schema<S: serde::Serializer>(schema: &Schema, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(schema.as_str())
}

/// The difference between two publications of one list.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ListDiff {
    /// The name on the new side; of a removed list its last name.
    pub name: String,
    /// The old publication; `None` for a new list.
    pub old: Option<ListVersion>,
    /// The new publication; `None` for a removed list.
    pub new: Option<ListVersion>,
    /// Entities that are equal on both sides.
    pub unchanged: u64,
    /// Entities that differ: added, removed, changed, renumbered, each group in the order of its file.
    pub entities: Vec<EntityDiff>,
}

/// The number of entities of each [`DiffKind`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DiffCounts {
    /// Added entities.
    pub added: u64,
    /// Removed entities.
    pub removed: u64,
    /// Changed entities.
    pub changed: u64,
    /// Renumbered entities, changed or not.
    pub renumbered: u64,
}

impl fmt::Display for DiffCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DiffCounts { added, removed, changed, renumbered } = self;
        write!(f, "added {added}, removed {removed}, changed {changed}, renumbered {renumbered}")
    }
}

impl ListDiff {
    /// The number of entities of each kind.
    pub fn counts(&self) -> DiffCounts {
        let mut counts = DiffCounts::default();
        for entity in &self.entities {
            *match entity.kind {
                DiffKind::Added => &mut counts.added,
                DiffKind::Removed => &mut counts.removed,
                DiffKind::Changed => &mut counts.changed,
                DiffKind::Renumbered => &mut counts.renumbered,
            } += 1;
        }
        counts
    }
}

/// The difference between two sets of lists.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Diff {
    /// The lists of the new side in their order, then the removed ones.
    pub lists: Vec<ListDiff>,
}

/// Compares two sets of lists.
pub fn diff(old: &[List], new: &[List]) -> Diff {
    let lists =
        pair_lists(old, new).into_iter().map(|(o, n)| diff_list(o.map(|o| &old[o]), n.map(|n| &new[n])));
    Diff { lists: lists.collect() }
}

/// The indices of a list on the old and on the new side, one of which may be missing.
pub(crate) type ListPair = (Option<usize>, Option<usize>);

/// Pairs the lists of two sides: the new ones in their order, then the old ones that are left.
pub(crate) fn pair_lists(old: &[List], new: &[List]) -> Vec<ListPair> {
    let mut left: Vec<usize> = (0..old.len()).collect();
    let mut pairs: Vec<ListPair> = Vec::new();
    for (at, list) in new.iter().enumerate() {
        let same = left.iter().position(|o| old[*o].version.name == list.version.name);
        pairs.push((same.map(|i| left.remove(i)), Some(at)));
    }
    let layout = |of: Option<usize>| of.map(|at| new[at].version.layout);
    for i in 0..pairs.len() {
        let (None, at) = pairs[i] else { continue };
        let alone = pairs.iter().filter(|(o, n)| o.is_none() && layout(*n) == layout(at)).count() == 1;
        let mut same = (0..left.len()).filter(|i| Some(old[left[*i]].version.layout) == layout(at));
        if let (true, Some(found), None) = (alone, same.next(), same.next()) {
            pairs[i].0 = Some(left.remove(found));
        }
    }
    pairs.extend(left.into_iter().map(|at| (Some(at), None)));
    pairs
}

fn diff_list(old: Option<&List>, new: Option<&List>) -> ListDiff {
    fn entities(list: Option<&List>) -> Vec<&Entity> {
        list.map_or(Vec::new(), |l| l.entities.iter().collect())
    }
    let (olds, news) = (entities(old), entities(new));
    let mut pairing = EntityPairing { old_of: vec![None; news.len()], taken: vec![false; olds.len()] };
    let by_id = pairing.pair_by_id(&olds, &news, |a, b| a == b || have_common_name_or_fact(a, b));
    pairing.pair_by_unique_key(&olds, &news, |e| Some(e.content_hash()), |_, _| true);
    pairing.pair_by_unique_key(
        &olds,
        &news,
        |e| Some(format!("{} {}", e.schema, e.primary_name().to_uppercase())).filter(|_| !e.names.is_empty()),
        |a, b| have_common_fact(a, b) || !has_facts(a) || !has_facts(b),
    );
    pairing.pair_rest_by_id(&by_id, &news);
    let mut unchanged = 0;
    let mut changes = Vec::new();
    for (i, entity) in news.iter().enumerate() {
        let Some(former) = pairing.old_of[i].map(|o| olds[o]) else {
            changes.push(entity_diff(DiffKind::Added, entity, None, Vec::new()));
            continue;
        };
        let fields = if former == *entity { Vec::new() } else { diff_fields(former, entity) };
        if former.id != entity.id {
            changes.push(entity_diff(DiffKind::Renumbered, entity, Some(&former.id), fields));
        } else if fields.is_empty() {
            unchanged += 1;
        } else {
            changes.push(entity_diff(DiffKind::Changed, entity, None, fields));
        }
    }
    let removed = olds.iter().zip(&pairing.taken).filter(|(_, taken)| !**taken);
    changes.extend(removed.map(|(entity, _)| entity_diff(DiffKind::Removed, entity, None, Vec::new())));
    changes.sort_by_key(|c| c.kind);
    let name = new.or(old).map_or(String::new(), |l| l.version.name.clone());
    let version = |list: Option<&List>| list.map(|l| l.version.clone());
    ListDiff { name, old: version(old), new: version(new), unchanged, entities: changes }
}

fn entity_diff(
    kind: DiffKind,
    entity: &Entity,
    old_id: Option<&String>,
    fields: Vec<FieldDiff>,
) -> EntityDiff {
    EntityDiff {
        kind,
        id: entity.id.clone(),
        old_id: old_id.cloned(),
        name: entity.primary_name().to_string(),
        schema: entity.schema,
        fields,
    }
}

fn diff_fields(old: &Entity, new: &Entity) -> Vec<FieldDiff> {
    let without = |a: &[String], b: &[String]| -> Vec<String> {
        a.iter().filter(|v| b.binary_search(v).is_err()).cloned().collect()
    };
    let (old, new) = (old.facts(), new.facts());
    old.iter()
        .zip(&new)
        .map(|((field, a), (_, b))| FieldDiff { field, removed: without(a, b), added: without(b, a) })
        .filter(|d| !d.removed.is_empty() || !d.added.is_empty())
        .collect()
}

/// A pairing of the old and new entities of a list.
struct EntityPairing {
    /// The index of the old entity of each new one.
    old_of: Vec<Option<usize>>,
    /// Whether each old entity is paired.
    taken: Vec<bool>,
}

impl EntityPairing {
    fn pair(&mut self, old: usize, new: usize) {
        self.old_of[new] = Some(old);
        self.taken[old] = true;
    }

    /// Pairs entities of the same id for which `is_same` holds. Returns the old entities by id.
    fn pair_by_id<'a>(
        &mut self,
        olds: &[&'a Entity],
        news: &[&Entity],
        is_same: impl Fn(&Entity, &Entity) -> bool,
    ) -> FxHashMap<&'a str, Vec<usize>> {
        let mut by_id: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (i, entity) in olds.iter().enumerate() {
            by_id.entry(&entity.id).or_default().push(i);
        }
        for (new, entity) in news.iter().enumerate() {
            let same = by_id.get(entity.id.as_str()).into_iter().flatten();
            let free: Vec<usize> = same.copied().filter(|i| !self.taken[*i]).collect();
            // If a broken list has an id twice, an entity with equal facts is preferred.
            let equal = free.iter().find(|i| olds[**i] == *entity);
            if let Some(old) = equal.or_else(|| free.iter().find(|i| is_same(olds[**i], entity))) {
                self.pair(*old, new);
            }
        }
        by_id
    }

    /// Pairs the entities that are left of each id, in their order.
    fn pair_rest_by_id(&mut self, by_id: &FxHashMap<&str, Vec<usize>>, news: &[&Entity]) {
        for (new, entity) in news.iter().enumerate() {
            let mut same = by_id.get(entity.id.as_str()).into_iter().flatten().copied();
            if self.old_of[new].is_none()
                && let Some(old) = same.find(|i| !self.taken[*i])
            {
                self.pair(old, new);
            }
        }
    }

    /// Among the entities that are left, pairs those whose key is unique on both sides and for which
    /// `is_same` holds.
    fn pair_by_unique_key(
        &mut self,
        olds: &[&Entity],
        news: &[&Entity],
        key: impl Fn(&Entity) -> Option<String>,
        is_same: impl Fn(&Entity, &Entity) -> bool,
    ) {
        let mut by_key: FxHashMap<String, [Vec<usize>; 2]> = FxHashMap::default();
        let old = (0..olds.len()).filter(|i| !self.taken[*i]).map(|i| (0, i, olds[i]));
        let new = (0..news.len()).filter(|i| self.old_of[*i].is_none()).map(|i| (1, i, news[i]));
        for (side, i, entity) in old.chain(new) {
            if let Some(key) = key(entity) {
                by_key.entry(key).or_default()[side].push(i);
            }
        }
        for [old, new] in by_key.into_values() {
            if let ([old], [new]) = (&old[..], &new[..])
                && is_same(olds[*old], news[*new])
            {
                self.pair(*old, *new);
            }
        }
    }
}

fn has_facts(e: &Entity) -> bool {
    !e.birth_dates.is_empty() || unique_numbers(e).next().is_some()
}

fn have_common_fact(a: &Entity, b: &Entity) -> bool {
    let numbers: FxHashSet<String> = unique_numbers(a).collect();
    unique_numbers(b).any(|n| numbers.contains(&n))
        || a.birth_dates.iter().any(|d| d.is_day() && b.birth_dates.contains(d))
}

/// Numbers that have a single holder, worldwide or for their issuer.
fn unique_numbers(e: &Entity) -> impl Iterator<Item = String> + '_ {
    let is_unique = |i: &&Identifier| matches!(i.kind.scope(), Scope::Worldwide | Scope::Issued);
    e.identifiers.iter().filter(is_unique).map(|i| i.normalized())
}

fn have_common_name_or_fact(a: &Entity, b: &Entity) -> bool {
    let names: FxHashSet<&str> = a.names.iter().map(|n| n.text.as_str()).collect();
    b.names.iter().any(|n| names.contains(n.text.as_str())) || have_common_fact(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, csv: &str) -> List {
        crate::list::from_bytes(name, csv.as_bytes()).unwrap()
    }

    fn shown(old: &[List], new: &[List]) -> Vec<String> {
        let diff = diff(old, new);
        let entities = diff.lists.iter().flat_map(|l| l.entities.iter().map(move |e| (&l.name, e)));
        entities
            .map(|(list, e)| {
                let fields: Vec<String> =
                    e.fields.iter().map(|f| format!("{}-{:?}+{:?}", f.field, f.removed, f.added)).collect();
                let old = e.old_id.as_ref().map_or(String::new(), |o| format!("{o}>"));
                format!("{list} {:?} {old}{} {}", e.kind, e.id, fields.join(" ")).trim_end().to_string()
            })
            .collect()
    }

    const HEAD: &str = "id,schema,name,aliases,birth_date,passport\n";

    #[test]
    fn every_kind_of_difference_has_its_fields() {
        let old = list("l", &format!("{HEAD}1,Person,A,X;Y,1970-01-01,\n2,Person,B,,,\n3,,C,,,\n"));
        let new = list("l", &format!("{HEAD}3,,C,,,\n1,Person,A,Y;Z,1970-01-02,\n4,Person,D,,,\n"));
        assert_eq!(
            shown(std::slice::from_ref(&old), &[new]),
            [
                "l Added 4",
                "l Removed 2",
                "l Changed 1 alias-[\"X (alias)\"]+[\"Z (alias)\"] birth_date-[\"1970-01-01\"]+[\"1970-01-02\"]",
            ]
        );
        let same = std::slice::from_ref(&old);
        assert!(shown(same, same).is_empty());
    }

    #[test]
    fn renumbering_is_recognised() {
        let old = format!(
            "{HEAD}1,Person,A,,1970-01-01,\n2,Person,B,,,P12345\n3,Person,C,,1980-01-01,\n4,,D,,,\n5,,D,,,\n"
        );
        let new = format!(
            "{HEAD}11,Person,A,,1970-01-01,\n12,Person,b,X,,P12345\n13,Person,C,,1981-01-01,\n14,,D,,,\n15,,D,,,\n"
        );
        assert_eq!(
            shown(&[list("l", &old)], &[list("l", &new)]),
            [
                // C has another birth date, and two entities equal D: no guess.
                "l Added 13",
                "l Added 14",
                "l Added 15",
                "l Removed 3",
                "l Removed 4",
                "l Removed 5",
                "l Renumbered 1>11",
                "l Renumbered 2>12 name-[\"B\"]+[\"b\"] alias-[]+[\"X (alias)\"]",
            ]
        );
        // Numbered rows: one is removed, and all after it move up.
        let old = format!("{HEAD}1,Person,A,,,\n2,Person,B,,,\n3,Person,C,,,\n");
        let new = format!("{HEAD}1,Person,B,,,\n2,Person,C,,,\n");
        assert_eq!(
            shown(&[list("l", &old)], &[list("l", &new)]),
            ["l Removed 1", "l Renumbered 2>1", "l Renumbered 3>2"]
        );
        // Another name and nothing in common: the id decides.
        let new = format!("{HEAD}1,Person,Q,,,\n2,Person,B,,,\n3,Person,C,,,\n");
        assert_eq!(shown(&[list("l", &old)], &[list("l", &new)]), ["l Changed 1 name-[\"A\"]+[\"Q\"]"]);
    }

    #[test]
    fn lists_are_paired_by_name_then_by_layout() {
        let csv = |n: &str| list(n, "id,name\n1,A\n");
        assert!(shown(&[csv("monday")], &[csv("tuesday")]).is_empty());
        assert!(shown(&[csv("a"), csv("b")], &[csv("b"), csv("c")]).is_empty());
        assert_eq!(
            shown(&[csv("a"), csv("b")], &[csv("c"), csv("d"), csv("a")]).len(),
            3,
            "two new ones and an old one: no guess"
        );
        assert_eq!(shown(&[], &[csv("a")]), ["a Added 1"]);
        assert_eq!(shown(&[csv("a")], &[]), ["a Removed 1"]);
    }
}
