//! What a thread knows of the tokens it met last: for small indexes, where nearly every token is related to nothing and
//! asking the shared cache would be the greater part of the work.

use super::neighbours::{Finder, Neighbourhood, Neighbours};
use crate::index::Tables;
use crate::name::{Analysed, Token};
use crate::score::relation::View;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Places of tokens; each token has the one that its hash tells.
const SLOTS: usize = 1 << 15;
/// The longest token that is remembered, in bytes.
const LONGEST: usize = 23;

#[derive(Clone, Debug)]
struct Slot {
    hash: u64,
    len: u8,
    text: [u8; LONGEST],
    found: Arc<Neighbourhood>,
}

/// Tokens of one index with their neighbours.
#[derive(Debug, Default)]
pub(super) struct Near {
    slots: Vec<Slot>,
    /// The index's own cache. Held, so that no other index can be taken for this one.
    of: Option<Arc<Neighbours>>,
    /// What is related to nothing, without a count that threads share.
    nothing: Arc<Neighbourhood>,
}

impl Near {
    /// The neighbours of a token, as [`Neighbours::of`] gives them.
    pub(super) fn of(
        &mut self,
        neighbours: &Arc<Neighbours>,
        name: &Analysed,
        token: &Token,
        tables: &Tables<'_>,
        finder: &mut Finder,
    ) -> (Arc<Neighbourhood>, bool) {
        if !self.of.as_ref().is_some_and(|own| Arc::ptr_eq(own, neighbours)) {
            let empty = Slot { hash: 0, len: u8::MAX, text: [0; LONGEST], found: Arc::clone(&self.nothing) };
            self.slots = vec![empty; SLOTS];
            self.of = Some(Arc::clone(neighbours));
        }
        let text = name.text(token).as_bytes();
        let mut hasher = FxHasher::default();
        (text, name.latin(token), token.tag as u8, token.weight.to_bits(), token.groups).hash(&mut hasher);
        let hash = hasher.finish();
        let slot = &mut self.slots[(hash >> 40) as usize % SLOTS];
        if slot.hash == hash && slot.text.get(..usize::from(slot.len)) == Some(text) {
            return (Arc::clone(&slot.found), true);
        }
        let (mut found, known) = neighbours.of(&View::new(name, token), tables, finder);
        if found.all.is_empty() {
            found = Arc::clone(&self.nothing);
        }
        if text.len() <= LONGEST {
            (slot.hash, slot.len) = (hash, text.len() as u8);
            slot.text[..text.len()].copy_from_slice(text);
            slot.found = Arc::clone(&found);
        }
        (found, known)
    }
}
