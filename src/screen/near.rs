//! The tokens that a thread met last, by number, and what they are related to: telling a token costs a look at one line
//! of memory, while the cache that threads share costs more than most answers, and most tokens are related to little or
//! nothing.

use super::few::Few;
use super::neighbours::{Finder, Found, NOTHING, Neighbours, touch};
use super::sounds::{Role, Sounds};
use crate::index::Tables;
use crate::name::{Analysed, Token};
use crate::score::relation::Joined;
use rustc_hash::FxHasher;
use std::hash::{Hash as _, Hasher};
use std::sync::Arc;

/// Sets of two places, at first and at most; a token is kept in the set that its hash tells. Few at first, so that who
/// asks once does not pay for what is worth its while over thousands of queries.
const FIRST_SETS: usize = 1 << 5;
const MOST_SETS: usize = if cfg!(test) { 1 << 6 } else { 1 << 15 };
/// By how much their number grows.
const GROWTH: usize = 8;
/// The longest token that is kept, in bytes: a set is a cache line.
const LONGEST: usize = 16;

/// A hash of all that the neighbours of a token depend on, of which the first part tells the set.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hash([u16; 3]);

impl Hash {
    fn of(name: &Analysed, token: &Token) -> Hash {
        let (text, reading) = (name.text(token).as_bytes(), name.latin(token).as_bytes());
        let reading = if std::ptr::eq(text, reading) { &[] } else { reading };
        let mut hasher = FxHasher::default();
        // All of a view: a word with an Arabic reading that the tables know has the text of a Latin one, and is as common
        // as its consonants.
        let kind = (token.tag as u8, token.frequency, token.weight.to_bits(), token.groups);
        (text, reading, kind).hash(&mut hasher);
        let hash = hasher.finish();
        Hash([48, 32, 16].map(|shift| (hash >> shift) as u16))
    }
}

/// Where a token is kept. Its text is compared, so that no hash stands for another token's.
#[derive(Clone, Copy, Debug)]
struct Place {
    sounds: Sounds,
    hash: Hash,
    state: State,
    len: u8,
    text: [u8; LONGEST],
}

/// A place that no token fits.
const EMPTY: Place = Place {
    sounds: Sounds::NONE,
    hash: Hash([0; 3]),
    state: State::new(Known::No, Role::ANY),
    len: u8::MAX,
    text: [0; LONGEST],
};

impl Place {
    fn text(&self) -> Option<&[u8]> {
        self.text.get(..usize::from(self.len))
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Set([Place; 2]);

const _: () = assert!(size_of::<Set>() == 64);

/// What the token in a place is related to.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Known {
    /// Not known.
    No = 0,
    /// Nothing.
    Nothing = 1,
    /// What is kept for the place.
    Kept = 2,
    /// What is given for the query alone.
    Given = 3,
}

/// What is known of the token in a place, and what it may be in a join: one byte, for a set is a cache line.
#[derive(Clone, Copy, Debug)]
struct State(u8);

impl State {
    const fn new(known: Known, role: Role) -> State {
        State(role.0 << 2 | known as u8)
    }

    fn known(self) -> Known {
        match self.0 & 3 {
            0 => Known::No,
            1 => Known::Nothing,
            2 => Known::Kept,
            _ => Known::Given,
        }
    }

    fn role(self) -> Role {
        Role(self.0 >> 2)
    }
}

/// A token of a name that was told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) sounds: Sounds,
    /// What it may be in a join.
    pub(super) role: Role,
    /// The number of its place, of a token that has none [`u32::MAX`]; of what is given among that.
    number: u32,
    known: Known,
}

impl Told {
    /// Whether it is known what it is related to.
    pub(super) fn is_known(&self) -> bool {
        self.known != Known::No
    }

    /// Whether it is known to be related to something.
    pub(super) fn is_related(&self) -> bool {
        !matches!(self.known, Known::No | Known::Nothing)
    }
}

/// Tokens with their neighbours in one index.
#[derive(Debug, Default)]
pub(super) struct Near {
    sets: Vec<Set>,
    /// Which of the two places of a set is given away next.
    second: Vec<bool>,
    /// By number the neighbours of each token that has any.
    found: Vec<Found>,
    /// Tokens put into the sets since there are so many.
    put: usize,
    /// The index's own cache. Held, so that no other index can be taken for this one.
    of: Option<Arc<Neighbours>>,
    /// The hashes of the tokens of the name that is sought.
    hashes: Vec<Hash>,
    /// The tokens of the name that was told last, and the neighbours of those that have no place.
    pub(super) told: Vec<Told>,
    given: Vec<Found>,
}

impl Near {
    /// Forgets what it knows if it was of another index.
    pub(super) fn turn_to(&mut self, neighbours: &Arc<Neighbours>) {
        if !self.of.as_ref().is_some_and(|own| Arc::ptr_eq(own, neighbours)) {
            self.of = Some(Arc::clone(neighbours));
            self.start(FIRST_SETS);
        }
    }

    /// Forgets all tokens, and has so many sets from now on: a power of two.
    fn start(&mut self, sets: usize) {
        self.sets = vec![Set([EMPTY; 2]); sets];
        self.second = vec![false; sets];
        self.found = vec![Found::default(); 2 * sets];
        self.put = 0;
    }

    /// Spreads the tokens over more sets.
    fn grow(&mut self) {
        let sets = (GROWTH * self.sets.len()).min(MOST_SETS);
        let former = std::mem::take(self);
        (self.of, self.hashes, self.told) = (former.of, former.hashes, former.told);
        self.start(sets);
        self.told.clear();
        let places = former.sets.iter().flat_map(|set| set.0);
        for (place, found) in places.zip(former.found) {
            if let Some(text) = place.text() {
                let number = self.put(place.hash, text, (place.sounds, place.state.role())).number as usize;
                self.sets[number / 2].0[number % 2].state = place.state;
                self.found[number] = found;
            }
        }
    }

    /// False of a join of a query that is related to nothing.
    pub(super) fn may_join(&self, joined: &Joined<'_>) -> bool {
        self.of.as_ref().is_none_or(|neighbours| neighbours.may_join(joined))
    }

    /// What is known of a small index.
    pub(super) fn few(&self) -> Option<&Few> {
        self.of.as_ref()?.few()
    }

    fn set(&self, hash: Hash) -> usize {
        usize::from(hash.0[0]) & (self.sets.len() - 1)
    }

    /// Asks for the places of the tokens of a name, so that memory is waited for once, and while other things are done
    /// before the name is [told](Near::tell).
    pub(super) fn seek(&mut self, name: &Analysed) {
        if self.put > self.sets.len() && self.sets.len() < MOST_SETS {
            self.grow();
        }
        self.hashes.clear();
        self.hashes.extend(name.tokens().iter().map(|token| Hash::of(name, token)));
        touch(&self.hashes, |hash| u32::from(self.sets[self.set(*hash)].0[0].len));
    }

    /// Tells the tokens of the name that was sought.
    pub(super) fn tell(&mut self, name: &Analysed) {
        self.told.clear();
        self.given.clear();
        for (i, token) in name.tokens().iter().enumerate() {
            let (hash, text) = (self.hashes[i], name.text(token).as_bytes());
            let at = self.set(hash);
            let Set(places) = &self.sets[at];
            let own = |place: &Place| place.hash == hash && place.text() == Some(text);
            let told = match places.iter().enumerate().find(|(_, place)| own(place)) {
                Some((i, place)) => {
                    let number = (2 * at + i) as u32;
                    Told {
                        sounds: place.sounds,
                        role: place.state.role(),
                        number,
                        known: place.state.known(),
                    }
                }
                None => {
                    let sounds = Sounds::of(name.latin(token).as_bytes());
                    let role = self.few().map_or(Role::ANY, |few| few.role(sounds));
                    self.put(hash, text, (sounds, role.of(token, name.latin(token))))
                }
            };
            self.told.push(told);
        }
    }

    /// Gives a new token one of the places of its set.
    fn put(&mut self, hash: Hash, text: &[u8], (sounds, role): (Sounds, Role)) -> Told {
        if text.len() > LONGEST {
            return Told { sounds, role, number: u32::MAX, known: Known::No };
        }
        let at = self.set(hash);
        let place = usize::from(self.second[at]);
        self.second[at] = !self.second[at];
        let own = &mut self.sets[at].0[place];
        let state = State::new(Known::No, role);
        *own = Place { sounds, hash, state, len: text.len() as u8, text: [0; LONGEST] };
        own.text[..text.len()].copy_from_slice(text);
        self.put += 1;
        let number = (2 * at + place) as u32;
        // A token before it in this name that had the place has none.
        for told in self.told.iter_mut().filter(|told| told.number == number) {
            (told.number, told.known) = (u32::MAX, Known::No);
        }
        Told { sounds, role, number, known: Known::No }
    }

    /// The neighbours of a token of the name that was told, as far as they are known.
    pub(super) fn related(&self, token: usize) -> &Found {
        let Told { number, known, .. } = self.told[token];
        match known {
            Known::No | Known::Nothing => &NOTHING,
            Known::Kept => &self.found[number as usize],
            Known::Given => &self.given[number as usize],
        }
    }

    /// Takes the neighbours of a token of the name that was told as given, for this name alone.
    pub(super) fn give(&mut self, token: usize, found: Found) {
        let told = &mut self.told[token];
        told.known = Known::Nothing;
        if !found.all.is_empty() {
            (told.known, told.number) = (Known::Given, self.given.len() as u32);
            self.given.push(found);
        }
    }

    /// Finds the neighbours of a token of the name that was told in the cache that threads share; they are known from
    /// now on. `true` when the cache had them.
    pub(super) fn ask<'i>(
        &mut self,
        name: &Analysed,
        token: usize,
        tables: impl FnOnce() -> Tables<'i>,
        finder: &mut Finder,
    ) -> bool {
        let Some(neighbours) = &self.of else { return false };
        let Told { sounds, number, .. } = self.told[token];
        let (found, was_known) = neighbours.of(name, &name.tokens()[token], sounds, tables, finder);
        let number = number as usize;
        let Some(Set(places)) = self.sets.get_mut(number / 2) else {
            self.give(token, found);
            return was_known;
        };
        let known = if found.all.is_empty() { Known::Nothing } else { Known::Kept };
        let told = &mut self.told[token];
        told.known = known;
        places[number % 2].state = State::new(known, told.role);
        if known == Known::Kept {
            self.found[number] = found;
        }
        was_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Entity, Schema};
    use crate::index::Index;
    use crate::list;
    use crate::name::analyse;
    use crate::score::relation::View;
    use crate::screen::neighbours::{Neighbourhood, find_exhaustively};
    use proptest::prelude::*;
    use std::cell::Cell;

    #[test]
    fn every_token_has_its_own_neighbours() {
        let mut list = list::starter();
        list.entities.push(Entity::new("own", Schema::Company, "Bao Zou Sol Line"));
        let index = Index::build(&[list]).unwrap();
        let tables = index.tables();
        let neighbours = Arc::new(Neighbours::new(&tables));
        let words = "integrity technology group ltd company limited yongxin zhicheng beijing flax typhoon al abd 永信 科技 \
            Иванов volga intgrity tecnology grup maria kim su incorporated-in-the-republic باو bau زو zu سل sal";
        let words: Vec<&str> = words.split_whitespace().collect();
        // Far more tokens than places, many of them in one name.
        let own = prop::sample::select(words).prop_map(str::to_string);
        let token = prop_oneof![own, "[bdklmnrst][aeiou][bdklmnrst][aeiou]{1,2}"];
        let names = prop::collection::vec(prop::collection::vec(token, 1..40), 1..60);
        let related = Cell::new(0);
        let run = |names: Vec<Vec<String>>| {
            let (mut near, mut finder) = (Near::default(), Finder::default());
            for name in names {
                let schema = if name.len() % 2 == 0 { Schema::Person } else { Schema::Company };
                let name = analyse(&name.join(" "), schema);
                near.turn_to(&neighbours);
                near.seek(&name);
                near.tell(&name);
                for token in (0..name.tokens().len()).rev() {
                    related.set(related.get() + usize::from(near.told[token].is_related()));
                    if !near.told[token].is_known() && token % 5 != 0 {
                        near.ask(&name, token, || tables, &mut finder);
                    }
                }
                for (i, token) in name.tokens().iter().enumerate() {
                    prop_assert_eq!(near.told[i].sounds, Sounds::of(name.latin(token).as_bytes()));
                    if near.told[i].is_known() {
                        let view = View::new(&name, token);
                        let own = Neighbourhood::of(find_exhaustively(&view, &tables), &tables, view.weight);
                        prop_assert_eq!(&near.related(i).all, &own.all, "{}", name.text(token));
                    }
                }
            }
            Ok(())
        };
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        runner.run(&names, run).unwrap();
        assert!(related.get() > 1000);
    }
}
