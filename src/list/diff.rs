//! The difference of two publications of the same lists, entity by entity and field by field.
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
//! Lists of two sides belong together when they have the same name. A list that is left over on either side
//! belongs to the only one of the same layout that is left over on the other: a generic table is named after its
//! file, and files of two days have two names.
//!
//! Two records are the same entity when, in this order,
//!
//! 1. they have the same id and have a name, an identifier or a full birth date in common;
//! 2. they say the same under another id ([`Entity::content_hash`]) and no other record of either side says it:
//!    the list was renumbered;
//! 3. they have the same primary name under another id, nothing contradicts it (a birth date or an identifier is in
//!    common, or one side tells neither), and no other such record is left on either side: renumbered and changed;
//! 4. they have the same id.
//!
//! The id goes before the content, because OFAC, the UN, the EU and the UK never give an id to another party; the
//! common fact goes before the id, because some tables number their rows. What is left over was added or removed.
//! The order of values within a field is no change, as it is none of the content hash.
//!
//! Cost: one comparison for each entity of the lists; facts and hashes only of those that differ.

use super::{List, ListVersion};
use crate::entity::{Entity, Identifier, Schema, Scope};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::fmt;

/// What happened to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both sides have it, and it says something else.
    Changed,
    /// Both sides have it under different ids; `fields` may be empty.
    Renumbered,
}

/// What was taken from a field and put into it. A corrected value is both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDiff {
    /// The field, as [`Entity::facts`] names it.
    pub field: &'static str,
    /// Values that only the old side has.
    pub removed: Vec<String>,
    /// Values that only the new side has.
    pub added: Vec<String>,
}

/// An entity that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntityDiff {
    /// What happened.
    pub kind: Kind,
    /// Its id on the new side; of a removed entity its last one.
    pub id: String,
    /// Its former id, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// The primary name on the new side; of a removed entity its last one.
    pub name: String,
    /// What kind of party it is.
    #[serde(serialize_with = "word")]
    pub schema: Schema,
    /// The fields that differ; empty for added and removed entities.
    pub fields: Vec<FieldDiff>,
}

fn word<S: serde::Serializer>(schema: &Schema, s: S) -> std::result::Result<S::Ok, S::Error> {
    s.serialize_str(schema.as_str())
}

/// One list, as it was and as it is.
#[derive(Clone, Debug, Serialize)]
pub struct ListDiff {
    /// The list's name on the new side; of a list that is gone its last one.
    pub name: String,
    /// The old publication; none for a list that is new.
    pub old: Option<ListVersion>,
    /// The new publication; none for a list that is gone.
    pub new: Option<ListVersion>,
    /// Entities that are the same on both sides.
    pub unchanged: u64,
    /// Those that are not: added, removed, changed, renumbered, each in the order of its file.
    pub entities: Vec<EntityDiff>,
}

/// How many entities of each [`Kind`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Added entities.
    pub added: u64,
    /// Removed entities.
    pub removed: u64,
    /// Changed entities.
    pub changed: u64,
    /// Renumbered entities, changed or not.
    pub renumbered: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { added, removed, changed, renumbered } = self;
        write!(f, "added {added}, removed {removed}, changed {changed}, renumbered {renumbered}")
    }
}

impl ListDiff {
    /// The counts of its entities.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entity in &self.entities {
            *match entity.kind {
                Kind::Added => &mut counts.added,
                Kind::Removed => &mut counts.removed,
                Kind::Changed => &mut counts.changed,
                Kind::Renumbered => &mut counts.renumbered,
            } += 1;
        }
        counts
    }
}

/// The difference of two sides, list by list.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// The lists of the new side in their order, then those that are gone.
    pub lists: Vec<ListDiff>,
}

/// What differs between two sides.
pub fn diff(old: &[List], new: &[List]) -> Diff {
    let lists = pairs(old, new).into_iter().map(|(o, n)| list_diff(o.map(|o| &old[o]), n.map(|n| &new[n])));
    Diff { lists: lists.collect() }
}

/// The places of a list on the old and on the new side; one of them may be missing.
pub(crate) type Pair = (Option<usize>, Option<usize>);

/// Brings lists of two sides together: those of the new side in their order, then what is gone.
pub(crate) fn pairs(old: &[List], new: &[List]) -> Vec<Pair> {
    let mut left: Vec<usize> = (0..old.len()).collect();
    let mut pairs: Vec<Pair> = Vec::new();
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

fn list_diff(old: Option<&List>, new: Option<&List>) -> ListDiff {
    fn entities(list: Option<&List>) -> Vec<&Entity> {
        list.map_or(Vec::new(), |l| l.entities.iter().collect())
    }
    let (olds, news) = (entities(old), entities(new));
    let mut same = Matching { old_of: vec![None; news.len()], taken: vec![false; olds.len()] };
    let by_id = same.by_id(&olds, &news, |a, b| a == b || have_common(a, b));
    same.by_key(&olds, &news, |e| Some(e.content_hash()), |_, _| true);
    same.by_key(
        &olds,
        &news,
        |e| Some(format!("{} {}", e.schema, e.primary_name().to_uppercase())).filter(|_| !e.names.is_empty()),
        |a, b| have_fact_in_common(a, b) || !has_facts(a) || !has_facts(b),
    );
    same.by_id_alone(&by_id, &news);
    let mut unchanged = 0;
    let mut changes = Vec::new();
    for (i, entity) in news.iter().enumerate() {
        let Some(former) = same.old_of[i].map(|o| olds[o]) else {
            changes.push(change(Kind::Added, entity, None, Vec::new()));
            continue;
        };
        let fields = if former == *entity { Vec::new() } else { fields(former, entity) };
        if former.id != entity.id {
            changes.push(change(Kind::Renumbered, entity, Some(&former.id), fields));
        } else if fields.is_empty() {
            unchanged += 1;
        } else {
            changes.push(change(Kind::Changed, entity, None, fields));
        }
    }
    let gone = olds.iter().zip(&same.taken).filter(|(_, taken)| !**taken);
    changes.extend(gone.map(|(entity, _)| change(Kind::Removed, entity, None, Vec::new())));
    changes.sort_by_key(|c| c.kind);
    let name = new.or(old).map_or(String::new(), |l| l.version.name.clone());
    let version = |list: Option<&List>| list.map(|l| l.version.clone());
    ListDiff { name, old: version(old), new: version(new), unchanged, entities: changes }
}

fn change(kind: Kind, entity: &Entity, old_id: Option<&String>, fields: Vec<FieldDiff>) -> EntityDiff {
    EntityDiff {
        kind,
        id: entity.id.clone(),
        old_id: old_id.cloned(),
        name: entity.primary_name().to_string(),
        schema: entity.schema,
        fields,
    }
}

fn fields(old: &Entity, new: &Entity) -> Vec<FieldDiff> {
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

/// Which record of the old side each of the new side is.
struct Matching {
    old_of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Matching {
    fn pair(&mut self, old: usize, new: usize) {
        self.old_of[new] = Some(old);
        self.taken[old] = true;
    }

    /// Pairs records of the same id that are `alike`; gives the old records of every id.
    fn by_id<'a>(
        &mut self,
        olds: &[&'a Entity],
        news: &[&Entity],
        alike: impl Fn(&Entity, &Entity) -> bool,
    ) -> FxHashMap<&'a str, Vec<usize>> {
        let mut by_id: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (i, entity) in olds.iter().enumerate() {
            by_id.entry(&entity.id).or_default().push(i);
        }
        for (new, entity) in news.iter().enumerate() {
            let same = by_id.get(entity.id.as_str()).into_iter().flatten();
            let free: Vec<usize> = same.copied().filter(|i| !self.taken[*i]).collect();
            // An id that a broken list gives twice goes first to the record that says the same.
            let found = free.iter().find(|i| olds[**i] == *entity);
            if let Some(old) = found.or_else(|| free.iter().find(|i| alike(olds[**i], entity))) {
                self.pair(*old, new);
            }
        }
        by_id
    }

    /// Pairs what is left of each id, in order.
    fn by_id_alone(&mut self, by_id: &FxHashMap<&str, Vec<usize>>, news: &[&Entity]) {
        for (new, entity) in news.iter().enumerate() {
            let mut same = by_id.get(entity.id.as_str()).into_iter().flatten().copied();
            if self.old_of[new].is_none()
                && let Some(old) = same.find(|i| !self.taken[*i])
            {
                self.pair(old, new);
            }
        }
    }

    /// Pairs records that alone have a key on their side, among those left over.
    fn by_key(
        &mut self,
        olds: &[&Entity],
        news: &[&Entity],
        key: impl Fn(&Entity) -> Option<String>,
        alike: impl Fn(&Entity, &Entity) -> bool,
    ) {
        let mut found: FxHashMap<String, [Vec<usize>; 2]> = FxHashMap::default();
        let old = (0..olds.len()).filter(|i| !self.taken[*i]).map(|i| (0, i, olds[i]));
        let new = (0..news.len()).filter(|i| self.old_of[*i].is_none()).map(|i| (1, i, news[i]));
        for (side, i, entity) in old.chain(new) {
            if let Some(key) = key(entity) {
                found.entry(key).or_default()[side].push(i);
            }
        }
        for [old, new] in found.into_values() {
            if let ([old], [new]) = (&old[..], &new[..])
                && alike(olds[*old], news[*new])
            {
                self.pair(*old, *new);
            }
        }
    }
}

fn has_facts(e: &Entity) -> bool {
    !e.birth_dates.is_empty() || standing_alone(e).next().is_some()
}

fn have_fact_in_common(a: &Entity, b: &Entity) -> bool {
    let numbers: FxHashSet<String> = standing_alone(a).collect();
    standing_alone(b).any(|n| numbers.contains(&n))
        || a.birth_dates.iter().any(|d| d.is_day() && b.birth_dates.contains(d))
}

/// Numbers that one holder has, in the world or of its issuer.
fn standing_alone(e: &Entity) -> impl Iterator<Item = String> + '_ {
    let says = |i: &&Identifier| matches!(i.kind.scope(), Scope::Worldwide | Scope::Issued);
    e.identifiers.iter().filter(says).map(|i| i.normalized())
}

fn have_common(a: &Entity, b: &Entity) -> bool {
    let names: FxHashSet<&str> = a.names.iter().map(|n| n.text.as_str()).collect();
    b.names.iter().any(|n| names.contains(n.text.as_str())) || have_fact_in_common(a, b)
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
    fn each_kind_with_its_fields() {
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
                // C has another birth date, and there are two D that say the same: no guess.
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
        // Rows that are numbered: one is gone, and all behind it move up.
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
