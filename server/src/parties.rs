//! The parties of an index: which entries of lists are one party, and the ids under which clients ask for them.
//!
//! An index groups the entries of different lists that are the same party ([`Index::group`]). yente's interface knows
//! such a party as one *canonical entity* with *referents*; here the canonical id is that of the entry that the group is
//! named after, and the referents are the ids of the other entries.
//!
//! The id of an entry is `list:id`, as in the group of a hit, made safe for a path: every byte but letters, digits, `.`,
//! `_` and `-` is written as `~` and two hexadecimal digits. It depends on the list's name and the publisher's id alone, so
//! it is stable as long as these are. If a group gets another name, because a further list was added, the former canonical
//! id becomes a referent and still leads to the party.
//!
//! Cost: some microseconds for each entry of a party, which is decoded.

use crate::directory::Directory;
use interdict::Index;
use interdict::entity::{Entity, Schema};
use interdict::list::ListVersion;
use std::fmt::Write;

/// The parties of an index.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    index: &'a Index,
    directory: &'a Directory,
}

/// One entry of a party.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The number of the entity in the index.
    pub number: u32,
    /// What the list says.
    pub entity: Entity,
    /// The list.
    pub list: &'a ListVersion,
}

impl Entry<'_> {
    /// The id of the entry.
    pub fn id(&self) -> String {
        public_id(&self.list.name, &self.entity.id)
    }
}

/// A party with all its entries.
#[derive(Clone, Debug)]
pub struct Party<'a> {
    /// Its entries, the canonical one first. There is at least one.
    pub entries: Vec<Entry<'a>>,
}

impl Party<'_> {
    /// The canonical id.
    pub fn id(&self) -> String {
        self.entries[0].id()
    }

    /// The ids of the entries, the canonical one first.
    pub fn ids(&self) -> Vec<String> {
        self.entries.iter().map(Entry::id).collect()
    }

    /// The kind of party: the most exact one that an entry states.
    pub fn schema(&self) -> Schema {
        let stated = self.entries.iter().map(|entry| entry.entity.schema);
        let exactness = |schema: &Schema| match schema {
            Schema::Unknown => 0,
            Schema::Other => 1,
            Schema::LegalEntity => 2,
            Schema::Organization => 3,
            _ => 4,
        };
        // Of equally exact ones the first: it is the canonical entry's.
        stated.rev().max_by_key(exactness).unwrap_or_default()
    }
}

impl<'a> Parties<'a> {
    /// The parties of an index, by its directory.
    pub fn of(index: &'a Index, directory: &'a Directory) -> Self {
        Parties { index, directory }
    }

    /// The index.
    pub fn index(&self) -> &'a Index {
        self.index
    }

    /// The entries of the party of an entry, the canonical one first.
    fn entries(&self, number: u32) -> Vec<u32> {
        let Some(group) = self.index.group(number) else { return Vec::new() };
        let mut numbers = self.directory.members(self.index, &group);
        if numbers.len() > 1 {
            // False sorts first: the entry that gives the group its name.
            numbers.sort_by_key(|number| (self.label(*number) != group, *number));
        }
        numbers
    }

    /// How a group names an entry.
    fn label(&self, number: u32) -> String {
        self.index
            .entity(number)
            .map_or_else(String::new, |(entity, list)| format!("{}:{}", list.name, entity.id))
    }

    /// The canonical entry of the party of an entry.
    pub fn canonical(&self, number: u32) -> u32 {
        if self.index.identity().lists.len() == 1 {
            return number;
        }
        self.entries(number).first().copied().unwrap_or(number)
    }

    /// The party of an entry; `None` for a number that is not in the index.
    pub fn party(&self, number: u32) -> Option<Party<'a>> {
        let index = self.index;
        let entry = |number| {
            let (entity, list) = index.entity(number)?;
            Some(Entry { number, entity, list })
        };
        let entries: Option<Vec<Entry<'a>>> = self.entries(number).into_iter().map(entry).collect();
        Some(Party { entries: entries.filter(|entries| !entries.is_empty())? })
    }

    /// The entry with an id: as [`public_id`] writes it, or `list:id` as in the group of a hit.
    pub fn find(&self, id: &str) -> Option<u32> {
        let (list, id) = id.split_once(':')?;
        let unescaped = unescape(list).zip(unescape(id));
        unescaped
            .and_then(|(list, id)| self.directory.find(self.index, &list, &id))
            .or_else(|| self.directory.find(self.index, list, id))
    }

    /// The canonical entries of all parties, in the order of the index.
    pub fn all(self) -> impl Iterator<Item = u32> {
        (0..self.index.entities() as u32).filter(move |number| self.canonical(*number) == *number)
    }
}

/// The id of an entry, safe within a path: see the [module](self).
pub fn public_id(list: &str, id: &str) -> String {
    let mut text = String::with_capacity(list.len() + id.len() + 1);
    escape(list, &mut text);
    text.push(':');
    escape(id, &mut text);
    text
}

fn escape(part: &str, out: &mut String) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "~{byte:02X}");
        }
    }
}

/// What was [escaped](escape); `None` if it is not text.
fn unescape(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'~' => {
                let digits = std::str::from_utf8(after.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &after[2..];
            }
            byte => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict::list;

    fn index() -> Index {
        let us = "id,name,imo\n11,LADY ROSALIND,9253325\n12,SEA LILY,\na/b c:1,ODD ID,\n";
        let uk = "id,name,imo\nA2,Lady Rosalind,IMO 9253325\n";
        let read = |name, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
        Index::build(&[read("us", us), read("uk", uk)]).unwrap()
    }

    #[test]
    fn entries_of_one_party_are_found_by_each_of_their_ids() {
        let index = index();
        let directory = Directory::of(&index);
        let parties = Parties::of(&index, &directory);
        for (id, ids) in [
            ("us:11", vec!["uk:A2", "us:11"]),
            ("uk:A2", vec!["uk:A2", "us:11"]),
            ("us:12", vec!["us:12"]),
            ("us:a~2Fb~20c~3A1", vec!["us:a~2Fb~20c~3A1"]),
            ("us:a/b c:1", vec!["us:a~2Fb~20c~3A1"]),
        ] {
            let number = parties.find(id).unwrap();
            assert_eq!(parties.party(number).unwrap().ids(), ids, "{id}");
        }
        assert_eq!(parties.find("us:13"), None);
        assert_eq!(parties.all().count(), 3);
        assert!(parties.party(99).is_none());
    }

    #[test]
    fn ids_are_safe_in_a_path_and_distinct() {
        let ids = [("a", "b:c"), ("a:b", "c"), ("a", "b~3Ac"), ("é", "?#%/")].map(|(l, i)| public_id(l, i));
        assert_eq!(ids, ["a:b~3Ac", "a~3Ab:c", "a:b~7E3Ac", "~C3~A9:~3F~23~25~2F"]);
    }
}
