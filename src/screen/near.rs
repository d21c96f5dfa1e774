//! What a thread knows of the tokens it met last: asking the cache that threads share costs more than most answers, and
//! most tokens are related to little or nothing.

use super::few::Few;
use super::neighbours::{Finder, Found, Neighbours};
use crate::index::Tables;
use crate::name::{Analysed, Token};
use crate::score::relation::{Joined, View};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Places of tokens; each token has the one that its hash tells.
const SLOTS: usize = 1 << 15;
/// The longest token that is remembered, in bytes: a slot is half a cache line.
const LONGEST: usize = 22;

#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u64,
    len: u8,
    is_related: bool,
    text: [u8; LONGEST],
}

/// A slot that no token fits.
const EMPTY: Slot = Slot { hash: 0, len: u8::MAX, is_related: false, text: [0; LONGEST] };

/// Tokens of one index with their neighbours.
#[derive(Debug, Default)]
pub(super) struct Near {
    slots: Vec<Slot>,
    /// What the tokens in the slots are related to; looked at only if that is anything.
    found: Vec<Found>,
    /// The index's own cache. Held, so that no other index can be taken for this one.
    of: Option<Arc<Neighbours>>,
}

/// Where the neighbours of a token are to be found, or kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    at: usize,
    hash: u64,
}

impl Near {
    /// Forgets what it knows if it was of another index.
    pub(super) fn turn_to(&mut self, neighbours: &Arc<Neighbours>) {
        if !self.of.as_ref().is_some_and(|own| Arc::ptr_eq(own, neighbours)) {
            self.slots = vec![EMPTY; SLOTS];
            self.found = vec![Found::default(); SLOTS];
            self.of = Some(Arc::clone(neighbours));
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

    /// Where a token is kept.
    pub(super) fn place(&self, name: &Analysed, token: &Token) -> Place {
        let (text, reading) = (name.text(token).as_bytes(), name.latin(token));
        let reading = if std::ptr::eq(text, reading.as_bytes()) { "" } else { reading };
        let mut hasher = FxHasher::default();
        (text, reading, token.tag as u8, token.weight.to_bits(), token.groups).hash(&mut hasher);
        let hash = hasher.finish();
        Place { at: (hash >> 40) as usize % SLOTS, hash }
    }

    /// Reads from a place: memory that is asked for together is waited for once.
    pub(super) fn touch(&self, place: &Place) -> u32 {
        self.slots[place.at].hash as u32
    }

    /// The neighbours of a token if they are known.
    pub(super) fn look(&self, place: &Place, name: &Analysed, token: &Token) -> Option<Found> {
        let slot = &self.slots[place.at];
        let text = name.text(token).as_bytes();
        let known = slot.hash == place.hash && slot.text.get(..usize::from(slot.len)) == Some(text);
        known.then(|| if slot.is_related { self.found[place.at].clone() } else { Found::default() })
    }

    /// The neighbours of a token from the cache that threads share, kept at `place` from now on; `true` when the
    /// cache had them.
    pub(super) fn ask(
        &mut self,
        place: &Place,
        name: &Analysed,
        token: &Token,
        tables: &Tables<'_>,
        finder: &mut Finder,
    ) -> (Found, bool) {
        let Some(neighbours) = &self.of else { return (Found::default(), false) };
        let (found, known) = neighbours.of(&View::new(name, token), tables, finder);
        let text = name.text(token).as_bytes();
        if text.len() <= LONGEST {
            let slot = &mut self.slots[place.at];
            (slot.hash, slot.len, slot.is_related) = (place.hash, text.len() as u8, !found.all.is_empty());
            slot.text[..text.len()].copy_from_slice(text);
            if slot.is_related {
                self.found[place.at] = found.clone();
            }
        }
        (found, known)
    }
}
