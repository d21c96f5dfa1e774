//! The same party on several lists: which entries belong together.
//!
//! Two entries of different lists are one party when they have
//!
//! - an identifier of the same kind in common that one holder in the world has ([`Scope::Worldwide`]: LEI, BIC, IMO
//!   number, wallet address …) and whose check digits are not wrong; or a passport, tax, registration or identity
//!   number of at least six characters, four of them digits, unless the two name different countries; or
//! - a name in common (primary, alias or former, but no weak one; two or more words; the words as analysed, in any
//!   order and script) and a birth date that is the same known day. 1 January is taken for a year without a day.
//!
//! and are of kinds that can be one party. The publisher knows its own entries best: a number or a name with a date
//! that two entries of one list bear says nothing, and a group never holds two entries of one list. Where that leaves
//! a choice, identifiers go before names.
//!
//! A group is named after the smallest `list:id` of its entries; an entry that stands alone is its own group. The
//! names depend on the lists' content alone, not on the order in which they are given. No entry is hidden or merged:
//! a group says who belongs together, and no more.
//!
//! Cost: sorts the identifiers; analyses the names of entries with a full birth date, on all threads. Nothing for a
//! single list.

use crate::entity::{Check, Entity, IdentifierKind, Schema, Scope};
use crate::list::List;
use crate::name::{AnalysedName, Analyser, Tag};
use rayon::prelude::*;

/// What two entries can have in common; identifiers sort before names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    class: u8,
    value: String,
}

/// An entry that has a key.
#[derive(Clone, Copy, Debug)]
struct KeyHolder<'a> {
    number: u32,
    list: u32,
    schema: Schema,
    country: Option<&'a str>,
}

/// The shortest number that is given out once.
const SHORTEST: usize = 5;
/// The shortest number that many offices give out, and the digits it must have.
const LENGTH: usize = 6;
const DIGITS: usize = 4;

/// For every entity of the lists, in their order, the number of the entity that its group is named after.
pub(crate) fn groups(lists: &[List]) -> Vec<u32> {
    let entities: Vec<(u32, &Entity)> = lists
        .iter()
        .enumerate()
        .flat_map(|(list, l)| l.entities.iter().map(move |e| (list as u32, e)))
        .collect();
    let mut groups = Groups::new(&entities, lists);
    if lists.iter().filter(|l| !l.entities.is_empty()).count() > 1 {
        let mut keys: Vec<(Key, KeyHolder<'_>)> = entities
            .par_iter()
            .enumerate()
            .map_init(
                Default::default,
                |(analyser, name): &mut (Analyser, AnalysedName), (number, (list, e))| {
                    let bearer =
                        KeyHolder { number: number as u32, list: *list, schema: e.schema, country: None };
                    let mut keys = Vec::new();
                    identifier_keys(e, bearer, &mut keys);
                    name_keys(e, bearer, analyser, name, &mut keys);
                    keys
                },
            )
            .flatten_iter()
            .collect();
        // Bearers of a key in the order of their labels: the same whatever the order of the lists.
        keys.par_sort_by(|(a, x), (b, y)| {
            a.cmp(b).then_with(|| groups.label(x.number).cmp(&groups.label(y.number)))
        });
        for same in keys.chunk_by(|(a, _), (b, _)| a == b) {
            groups.join(same);
        }
    }
    (0..entities.len() as u32).map(|number| groups.find(number)).collect()
}

fn identifier_keys<'a>(e: &'a Entity, bearer: KeyHolder<'a>, keys: &mut Vec<(Key, KeyHolder<'a>)>) {
    use IdentifierKind as K;
    for identifier in &e.identifiers {
        // Offices name their numbers differently; what one calls a tax number another calls a registration number.
        let (class, once) = match identifier.kind {
            K::Passport => (1, false),
            K::NationalId | K::Tax | K::Registration => (2, false),
            _ if identifier.kind.scope() == Scope::Worldwide => (0, true),
            _ => continue,
        };
        let value = identifier.normalized();
        let digits = value.chars().filter(char::is_ascii_digit).count();
        let says = match once {
            true => value.chars().count() >= SHORTEST && identifier.check() != Check::Failed,
            false => value.chars().count() >= LENGTH && digits >= DIGITS,
        };
        if !says {
            continue;
        }
        let value = if once { format!("{} {value}", identifier.kind.as_str()) } else { value };
        let country = if once { None } else { identifier.country.as_deref() };
        keys.push((Key { class, value }, KeyHolder { country, ..bearer }));
    }
}

fn name_keys<'a>(
    e: &'a Entity,
    bearer: KeyHolder<'a>,
    analyser: &mut Analyser,
    name: &mut AnalysedName,
    keys: &mut Vec<(Key, KeyHolder<'a>)>,
) {
    let known = |d: &&crate::entity::Date| d.is_day() && (d.first().month(), d.first().day()) != (1, 1);
    let mut days: Vec<String> = e.birth_dates.iter().filter(known).map(ToString::to_string).collect();
    if days.is_empty() {
        return;
    }
    days.sort_unstable();
    days.dedup();
    let mut names: Vec<String> = Vec::new();
    for listed in e.names.iter().filter(|n| n.strength == crate::entity::AliasStrength::Strong) {
        analyser.analyse(&listed.text, e.schema, name);
        let tokens = || {
            name.tokens().iter().filter(|t| !matches!(t.tag, Tag::Honorific | Tag::Padding | Tag::Particle))
        };
        if tokens().filter(|t| t.tag.is_core()).count() < 2 {
            continue;
        }
        let mut words: Vec<&str> = tokens().map(|t| name.latin(t)).collect();
        words.sort_unstable();
        names.push(words.join(" "));
    }
    names.sort_unstable();
    names.dedup();
    for day in &days {
        keys.extend(names.iter().map(|name| (Key { class: 3, value: format!("{day} {name}") }, bearer)));
    }
}

/// Entries that were found to belong together, as trees whose root names the group.
struct Groups<'a> {
    parents: Vec<u32>,
    /// For each root the lists that its group has an entry of.
    lists: Vec<Vec<u32>>,
    entities: &'a [(u32, &'a Entity)],
    names: Vec<&'a str>,
}

impl<'a> Groups<'a> {
    fn new(entities: &'a [(u32, &'a Entity)], lists: &'a [List]) -> Self {
        Groups {
            parents: (0..entities.len() as u32).collect(),
            lists: entities.iter().map(|(list, _)| vec![*list]).collect(),
            entities,
            names: lists.iter().map(|l| l.version.name.as_str()).collect(),
        }
    }

    fn label(&self, number: u32) -> (&str, &str) {
        let (list, entity) = self.entities[number as usize];
        (self.names[list as usize], &entity.id)
    }

    fn find(&self, mut number: u32) -> u32 {
        while self.parents[number as usize] != number {
            number = self.parents[number as usize];
        }
        number
    }

    /// Joins the bearers of one key.
    fn join(&mut self, bearers: &[(Key, KeyHolder<'_>)]) {
        let mut entries: Vec<(u32, u32)> = bearers.iter().map(|(_, b)| (b.list, b.number)).collect();
        entries.sort_unstable();
        entries.dedup();
        if entries.len() < 2 || entries.windows(2).any(|w| w[0].0 == w[1].0) {
            return;
        }
        for (i, (_, a)) in bearers.iter().enumerate() {
            for (_, b) in &bearers[i + 1..] {
                let abroad = a.country.is_some() && b.country.is_some() && a.country != b.country;
                if !abroad && a.schema.is_compatible(b.schema) {
                    self.union(a.number, b.number);
                }
            }
        }
    }

    fn union(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b || self.lists[a as usize].iter().any(|l| self.lists[b as usize].contains(l)) {
            return;
        }
        let (find, child) = if self.label(a) <= self.label(b) { (a, b) } else { (b, a) };
        self.parents[child as usize] = find;
        let lists = std::mem::take(&mut self.lists[child as usize]);
        self.lists[find as usize].extend(lists);
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
    fn identifiers_and_names_with_birth_days_join_lists() {
        let a = list(
            "a",
            "1,Person,\"PETROV, Ivan\",,,1970-05-02,,,,,\n2,Vessel,LADY R,,,,,,9253325,,\n3,Person,Li Wei,,,,,AB 123456,,,\n\
             4,Company,Volga,,,,,,,7701234567,\n",
        );
        let b = list(
            "b",
            "9,,Иван Петров,,,2 May 1970,ru,,,,\n8,Vessel,OTHER NAME,,,,,,IMO 9253325,,\n7,Person,Lee Way,,,,,ab-123456,,,\n\
             6,Company,Volga Star,,,,,,,7701 234567,\n5,Person,Someone Else,,,,,,,,\n",
        );
        let c = list("c", "x,Person,Ivan Petrov,,,1970-05-02,,,,,\n");
        let joined = ["b:6 in a:4", "b:7 in a:3", "b:8 in a:2", "b:9 in a:1"];
        assert_eq!(grouped(&[a.clone(), b.clone()]), joined);
        assert_eq!(grouped(&[b.clone(), a.clone()]), joined, "in whatever order the lists are given");
        let three = [&joined[..], &["c:x in a:1"]].concat();
        for lists in [[&a, &b, &c], [&c, &b, &a], [&b, &c, &a]] {
            assert_eq!(grouped(&lists.map(Clone::clone)), three);
        }
        assert!(grouped(&[a]).is_empty());
    }

    #[test]
    fn what_is_no_proof_joins_nothing() {
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
        // Two entries of one list share a wallet: it does not tell which of them the other list means.
        let wallet = "1FfmbHfnpaZjKFvyi1okTjJJusN455paPH";
        let a = list("a", &format!("1,Person,A B,,,,,,,,{wallet}\n2,Person,C D,,,,,,,,{wallet}\n"));
        let b = list("b", &format!("3,Person,C D,,,,,,,,{wallet}\n"));
        assert!(grouped(&[a, b]).is_empty());
        // Another country's passports have numbers of their own.
        let mut lists =
            [list("a", "1,Person,A B,,,,,1234567,,,\n"), list("b", "2,Person,C D,,,,,1234567,,,\n")];
        assert_eq!(grouped(&lists).len(), 1);
        lists[0].entities[0].identifiers[0].country = Some("ru".into());
        assert_eq!(grouped(&lists).len(), 1, "one side does not tell");
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
