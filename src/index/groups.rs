//! The same party on several lists: which entries belong together.
//!
//! Two entries of different lists are one party if they have
//!
//! - an identifier of the same kind in common that only one holder in the world has ([`Scope::Worldwide`]:
//!   LEI, BIC, IMO number, wallet address …) and whose check digits are not wrong; or a passport, tax,
//!   registration or identity number of at least six characters, four of them digits, unless the two name
//!   different countries; or
//! - a name in common (primary, alias or former, but no weak alias; two or more words; the words as analysed,
//!   in any order and script) and a birth date that is the same known day. 1 January is taken for a year
//!   without a day.
//!
//! and if their schemas allow them to be one party. The publisher of a list knows its own entries best: a
//! number or a name with a date that two entries of one list have says nothing, and a group never contains
//! two entries of one list. Where that leaves a choice, identifiers go before names.
//!
//! A group is named after the smallest `list:id` of its entries; an entry that belongs to no other is its own
//! group. The names depend on the content of the lists alone, not on the order in which they are given. No
//! entry is hidden or merged: a group says which entries belong together, and no more.
//!
//! # Algorithm
//!
//! Every entry gives its keys: identifiers, and names with a birth date. Keys are sorted, and the holders of
//! one key are united in a *union-find* structure: a forest in which the root of a tree names the group. The
//! root is the smallest entry, and a tree has at most one entry of each list; so trees are small, and neither
//! union by rank nor path compression is needed.
//!
//! Cost: sorts the identifiers; analyses the names of entries with a full birth date, on all threads. Nothing
//! for a single list.

use crate::entity::{Check, Entity, Identifier, IdentifierKind, Schema, Scope};
use crate::list::List;
use crate::name::{AnalysedName, Analyser, Tag};
use rayon::prelude::*;

/// What two entries can have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    class: KeyClass,
    value: String,
}

/// Holders are united in this order: identifiers go before names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum KeyClass {
    /// A number that only one holder in the world has.
    Worldwide,
    Passport,
    /// A number of an office. What one office calls a tax number, another calls a registration number.
    National,
    /// A name and a birth date.
    NameAndDay,
}

/// An entry that has a key.
#[derive(Clone, Copy, Debug)]
struct KeyHolder<'a> {
    number: u32,
    list: u32,
    schema: Schema,
    /// The country of an identifier that is unique within its country.
    country: Option<&'a str>,
}

/// The fewest characters of a worldwide identifier: shorter ones are remarks such as "n/a".
const MIN_WORLDWIDE_LENGTH: usize = 5;
/// The fewest characters and digits of a number that many offices give out: fewer may coincide, or be no
/// number.
const MIN_NATIONAL_LENGTH: usize = 6;
const MIN_NATIONAL_DIGITS: usize = 4;

/// For every entity of the lists, in their order, the number of the entity that its group is named after.
pub(crate) fn groups(lists: &[List]) -> Vec<u32> {
    let entities: Vec<(u32, &Entity)> = lists
        .iter()
        .enumerate()
        .flat_map(|(number, list)| list.entities.iter().map(move |entity| (number as u32, entity)))
        .collect();
    let mut groups = UnionFind::new(&entities, lists);
    if lists.iter().filter(|list| !list.entities.is_empty()).count() > 1 {
        let mut keys = keys_of_all(&entities);
        // The holders of a key by their labels: the order is the same whatever the order of the lists.
        keys.par_sort_by(|(a, x), (b, y)| {
            a.cmp(b).then_with(|| groups.label(x.number).cmp(&groups.label(y.number)))
        });
        for holders in keys.chunk_by(|(a, _), (b, _)| a == b) {
            groups.unite_holders(holders);
        }
    }
    (0..entities.len() as u32).map(|number| groups.find(number)).collect()
}

/// The keys of all entities, each with its holder.
fn keys_of_all<'a>(entities: &[(u32, &'a Entity)]) -> Vec<(Key, KeyHolder<'a>)> {
    let numbered = entities.par_iter().enumerate().map(|(number, entity)| (number as u32, *entity));
    let keys = numbered.map_init(
        <(Analyser, AnalysedName)>::default,
        |(analyser, name), (number, (list, entity))| {
            let holder = KeyHolder { number, list, schema: entity.schema, country: None };
            let mut keys = Vec::new();
            identifier_keys(entity, holder, &mut keys);
            name_keys(entity, holder, analyser, name, &mut keys);
            keys
        },
    );
    keys.flatten_iter().collect()
}

fn identifier_keys<'a>(entity: &'a Entity, holder: KeyHolder<'a>, keys: &mut Vec<(Key, KeyHolder<'a>)>) {
    for identifier in &entity.identifiers {
        let Some(key) = identifier_key(identifier) else { continue };
        let country = match key.class {
            KeyClass::Worldwide => None,
            _ => identifier.country.as_deref(),
        };
        keys.push((key, KeyHolder { country, ..holder }));
    }
}

/// The key of an identifier, unless it is of a kind that many parties share, or too short.
fn identifier_key(identifier: &Identifier) -> Option<Key> {
    let class = match identifier.kind {
        IdentifierKind::Passport => KeyClass::Passport,
        IdentifierKind::NationalId | IdentifierKind::Tax | IdentifierKind::Registration => KeyClass::National,
        _ if identifier.kind.scope() == Scope::Worldwide => KeyClass::Worldwide,
        _ => return None,
    };
    let value = identifier.normalized();
    let length = value.chars().count();
    let value = match class {
        KeyClass::Worldwide => {
            let valid = length >= MIN_WORLDWIDE_LENGTH && identifier.check() != Check::Failed;
            valid.then(|| format!("{} {value}", identifier.kind.as_str()))
        }
        _ => {
            let digits = value.chars().filter(char::is_ascii_digit).count();
            (length >= MIN_NATIONAL_LENGTH && digits >= MIN_NATIONAL_DIGITS).then_some(value)
        }
    };
    Some(Key { class, value: value? })
}

fn name_keys<'a>(
    entity: &'a Entity,
    holder: KeyHolder<'a>,
    analyser: &mut Analyser,
    name: &mut AnalysedName,
    keys: &mut Vec<(Key, KeyHolder<'a>)>,
) {
    let is_known =
        |date: &&crate::entity::Date| date.is_day() && (date.first().month(), date.first().day()) != (1, 1);
    let mut days: Vec<String> = entity.birth_dates.iter().filter(is_known).map(ToString::to_string).collect();
    if days.is_empty() {
        return;
    }
    days.sort_unstable();
    days.dedup();
    let mut names: Vec<String> = Vec::new();
    for listed in entity.names.iter().filter(|name| name.strength == crate::entity::AliasStrength::Strong) {
        analyser.analyse(&listed.text, entity.schema, name);
        names.extend(words_in_order(name));
    }
    names.sort_unstable();
    names.dedup();
    for day in &days {
        let key = |name| Key { class: KeyClass::NameAndDay, value: format!("{day} {name}") };
        keys.extend(names.iter().map(|name| (key(name), holder)));
    }
}

/// The words of a name in alphabetical order; `None` if fewer than two of them name a party.
fn words_in_order(name: &AnalysedName) -> Option<String> {
    let is_word = |tag: Tag| !matches!(tag, Tag::Honorific | Tag::Padding | Tag::Particle);
    let tokens = || name.tokens().iter().filter(|token| is_word(token.tag));
    if tokens().filter(|token| token.tag.is_core()).count() < 2 {
        return None;
    }
    let mut words: Vec<&str> = tokens().map(|token| name.latin(token)).collect();
    words.sort_unstable();
    Some(words.join(" "))
}

/// A union-find structure over the entries of all lists: a forest whose roots name the groups.
struct UnionFind<'a> {
    parents: Vec<u32>,
    /// For each root the lists that its group has an entry of.
    lists: Vec<Vec<u32>>,
    entities: &'a [(u32, &'a Entity)],
    list_names: Vec<&'a str>,
}

impl<'a> UnionFind<'a> {
    fn new(entities: &'a [(u32, &'a Entity)], lists: &'a [List]) -> Self {
        UnionFind {
            parents: (0..entities.len() as u32).collect(),
            lists: entities.iter().map(|(list, _)| vec![*list]).collect(),
            entities,
            list_names: lists.iter().map(|list| list.version.name.as_str()).collect(),
        }
    }

    /// The list and the id of an entry: what a group is named by.
    fn label(&self, number: u32) -> (&str, &str) {
        let (list, entity) = self.entities[number as usize];
        (self.list_names[list as usize], &entity.id)
    }

    /// The root of the tree of an entry.
    fn find(&self, mut number: u32) -> u32 {
        while self.parents[number as usize] != number {
            number = self.parents[number as usize];
        }
        number
    }

    /// Unites the holders of one key, unless one list has it twice.
    fn unite_holders(&mut self, holders: &[(Key, KeyHolder<'_>)]) {
        let mut entries: Vec<(u32, u32)> =
            holders.iter().map(|(_, holder)| (holder.list, holder.number)).collect();
        entries.sort_unstable();
        entries.dedup();
        if entries.len() < 2 || entries.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return;
        }
        for (i, (_, a)) in holders.iter().enumerate() {
            for (_, b) in &holders[i + 1..] {
                let other_country = a.country.is_some() && b.country.is_some() && a.country != b.country;
                if !other_country && a.schema.is_compatible(b.schema) {
                    self.union(a.number, b.number);
                }
            }
        }
    }

    /// Unites the groups of two entries, unless both have an entry of the same list.
    fn union(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b || self.lists[a as usize].iter().any(|list| self.lists[b as usize].contains(list)) {
            return;
        }
        let (root, child) = if self.label(a) <= self.label(b) { (a, b) } else { (b, a) };
        self.parents[child as usize] = root;
        let lists = std::mem::take(&mut self.lists[child as usize]);
        self.lists[root as usize].extend(lists);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "id,schema,name,aliases,weak_aliases,birth_date,country,passport,imo,tax_number,wallet\n";

    fn list(name: &str, rows: &str) -> List {
        crate::list::from_bytes(name, format!("{HEAD}{rows}").as_bytes()).unwrap()
    }

    /// The groups of two entries and more, by their labels.
    fn grouped(lists: &[List]) -> Vec<String> {
        let labels: Vec<String> = lists
            .iter()
            .flat_map(|l| l.entities.iter().map(|e| format!("{}:{}", l.version.name, e.id)))
            .collect();
        let found = groups(lists);
        assert_eq!(found.len(), labels.len());
        let mut all: Vec<String> = (0..labels.len())
            .filter(|i| found[*i] as usize != *i)
            .map(|i| format!("{} in {}", labels[i], labels[found[i] as usize]))
            .collect();
        all.sort();
        all
    }

    #[test]
    fn identifiers_and_names_with_birth_days_unite_entries() {
        let a = list(
            "a",
            "1,Person,\"PETROV, Ivan\",,,1970-05-02,,,,,\n\
             2,Vessel,LADY R,,,,,,9253325,,\n\
             3,Person,Li Wei,,,,,AB 123456,,,\n\
             4,Company,Volga,,,,,,,7701234567,\n",
        );
        let b = list(
            "b",
            "9,,Иван Петров,,,2 May 1970,ru,,,,\n\
             8,Vessel,OTHER NAME,,,,,,IMO 9253325,,\n\
             7,Person,Lee Way,,,,,ab-123456,,,\n\
             6,Company,Volga Star,,,,,,,7701 234567,\n\
             5,Person,Someone Else,,,,,,,,\n",
        );
        let c = list("c", "x,Person,Ivan Petrov,,,1970-05-02,,,,,\n");
        let united = ["b:6 in a:4", "b:7 in a:3", "b:8 in a:2", "b:9 in a:1"];
        assert_eq!(grouped(&[a.clone(), b.clone()]), united);
        assert_eq!(grouped(&[b.clone(), a.clone()]), united, "in whatever order the lists are given");
        let three = [&united[..], &["c:x in a:1"]].concat();
        for lists in [[&a, &b, &c], [&c, &b, &a], [&b, &c, &a]] {
            assert_eq!(grouped(&lists.map(Clone::clone)), three);
        }
        assert!(grouped(&[a]).is_empty());
    }

    #[test]
    fn weak_evidence_unites_nothing() {
        for (what, one, two) in [
            ("a year", "1,Person,Ivan Petrov,,,1970,,,,,", "2,Person,Ivan Petrov,,,1970,,,,,"),
            (
                "a placeholder",
                "1,Person,Ivan Petrov,,,1970-01-01,,,,,",
                "2,Person,Ivan Petrov,,,1970-01-01,,,,,",
            ),
            (
                "another day",
                "1,Person,Ivan Petrov,,,1970-05-02,,,,,",
                "2,Person,Ivan Petrov,,,1970-05-03,,,,,",
            ),
            ("one word", "1,Person,Ivan,,,1970-05-02,,,,,", "2,Person,Ivan,,,1970-05-02,,,,,"),
            (
                "a weak alias",
                "1,Person,A B,,Ivan Petrov,1970-05-02,,,,,",
                "2,Person,Ivan Petrov,,,1970-05-02,,,,,",
            ),
            ("a short number", "1,Person,A B,,,,,12345,,,", "2,Person,A B,,,,,12345,,,"),
            ("no number", "1,Person,A B,,,,,UNKNOWN,,,", "2,Person,A B,,,,,UNKNOWN,,,"),
            ("another kind", "1,Vessel,LADY R,,,,,,9253325,,", "2,Company,LADY R LTD,,,,,,9253325,,"),
            ("a passport and a tax number", "1,Person,A B,,,,,1234567,,,", "2,Person,A B,,,,,,,1234567,"),
        ] {
            let lists = [list("a", &format!("{one}\n")), list("b", &format!("{two}\n"))];
            assert!(grouped(&lists).is_empty(), "{what}");
        }
        // Two entries of one list share a wallet: which of them the other list means is not known.
        let wallet = "1FfmbHfnpaZjKFvyi1okTjJJusN455paPH";
        let a = list("a", &format!("1,Person,A B,,,,,,,,{wallet}\n2,Person,C D,,,,,,,,{wallet}\n"));
        let b = list("b", &format!("3,Person,C D,,,,,,,,{wallet}\n"));
        assert!(grouped(&[a, b]).is_empty());
        // Passports of different countries are numbered independently.
        let mut lists =
            [list("a", "1,Person,A B,,,,,1234567,,,\n"), list("b", "2,Person,C D,,,,,1234567,,,\n")];
        assert_eq!(grouped(&lists).len(), 1);
        lists[0].entities[0].identifiers[0].country = Some("ru".into());
        assert_eq!(grouped(&lists).len(), 1, "one side names no country");
        lists[1].entities[0].identifiers[0].country = Some("ir".into());
        assert!(grouped(&lists).is_empty());
    }

    #[test]
    fn a_group_holds_one_entry_of_a_list_and_identifiers_go_first() {
        // By passport b:1 is a:1; by name and birth date it would be a:2 as well.
        let a = list("a", "1,Person,Ivan Petrov,,,,,AB123456,,,\n2,Person,Ivan Sidorov,,,1970-05-02,,,,,\n");
        let b = list("b", "1,Person,Ivan Sidorov,,,1970-05-02,,AB123456,,,\n");
        assert_eq!(grouped(&[a.clone(), b.clone()]), ["b:1 in a:1"]);
        assert_eq!(grouped(&[b, a]), ["b:1 in a:1"]);
    }
}
