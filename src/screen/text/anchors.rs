//! The anchors of the listed names: the words without which a name does not stand in a text.
//!
//! A score needs most of the weight of a name, and so one of its heaviest words at least: the prefix filter of joins of
//! similar sets (Chaudhuri, Ganti and Kaushik, 2006). Posting lists of these words alone are short, for legal forms and
//! words of business are the anchor of no name that has other words.

use crate::index::{IndexView, ListedToken};
use crate::score::align::TokenSet;

/// The part of a name's weight that its anchors have more than, and that a text may therefore lack.
const ANCHOR_SHARE: f32 = 0.5;

/// For each token of an index the names of which it is an anchor.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    /// Where the names of each token begin in `names`, and their end.
    offsets: Vec<u32>,
    names: Vec<u32>,
}

impl Anchors {
    /// The anchors of all names of an index.
    pub(super) fn new(view: &IndexView<'_>) -> Anchors {
        let mut offsets = vec![0u32; view.tokens.len() + 1];
        for_each_anchor(view, |token, _| offsets[token as usize + 1] += 1);
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let mut next = offsets.clone();
        let mut names = vec![0; offsets.last().map_or(0, |all| *all as usize)];
        for_each_anchor(view, |token, name| {
            let at = &mut next[token as usize];
            names[*at as usize] = name;
            *at += 1;
        });
        Anchors { offsets, names }
    }

    /// The names of which a listed token is an anchor.
    pub(super) fn names(&self, token: u32) -> &[u32] {
        &self.names[self.offsets[token as usize] as usize..self.offsets[token as usize + 1] as usize]
    }

    /// Bytes held.
    pub(crate) fn memory_usage(&self) -> usize {
        size_of_val(&*self.offsets) + size_of_val(&*self.names)
    }
}

fn for_each_anchor(view: &IndexView<'_>, mut each: impl FnMut(u32, u32)) {
    let mut seen = Vec::new();
    for (name, span) in (0..).zip(view.spans) {
        let tokens = view.listed_tokens(span);
        let anchors = anchors_of(tokens);
        seen.clear();
        let of_concatenations =
            view.listed_concatenations(span).iter().filter(|c| c.span().tokens().intersects(anchors));
        for listed in anchors.iter().map(|i| &tokens[i]).chain(of_concatenations) {
            if !seen.contains(&listed.token) {
                seen.push(listed.token);
                each(listed.token, name);
            }
        }
    }
}

/// The heaviest tokens of a name that together have more than [`ANCHOR_SHARE`] of its weight; of equals the first.
fn anchors_of(tokens: &[ListedToken]) -> TokenSet {
    let weight = |i: usize| tokens[i].align_token().weight;
    let total: f32 = (0..tokens.len()).map(weight).sum();
    let (mut anchors, mut sum) = (TokenSet::EMPTY, 0.0);
    while sum <= ANCHOR_SHARE * total {
        let left = (0..tokens.len()).filter(|i| !anchors.contains(*i));
        let Some(heaviest) = left.max_by(|a, b| weight(*a).total_cmp(&weight(*b)).then(b.cmp(a))) else {
            break;
        };
        anchors.insert(heaviest);
        sum += weight(heaviest);
    }
    anchors
}
