//! The tokens of the list that a token of a query is related to, computed once for each distinct token.

use super::bounds::worth;
use super::few::Few;
use super::sounds::Sounds;
use crate::index::{Outline, Posting, Tables};
use crate::name::{Analysed, Tag, Token};
use crate::score::keys::{Listed, query_join_keys, query_keys};
use crate::score::relation::{Joined, Prepared, View, Way, is_chinese, relate, relate_join};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, RwLock};

/// A listed token that a query's token is related to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Neighbour {
    pub(crate) token: u32,
    pub(crate) likeness: f32,
    pub(crate) way: Way,
    /// Weight of the lighter side; of a join, whose listed tokens differ from name to name, the query's.
    pub(crate) weight: f32,
    /// Whether the listed token is a join, so that a pair may weigh less than `weight`.
    pub(crate) join: bool,
    /// Names it stands in, and where they begin among all postings.
    pub(crate) postings: u32,
    posted: u32,
    /// What its omission counts, as [`ListedToken::missed`](crate::index::ListedToken::missed).
    pub(crate) missed: u16,
}

impl Neighbour {
    /// A neighbour that [`complete`] has still to fill in.
    fn new(token: u32, likeness: f32, way: Way) -> Neighbour {
        Neighbour { token, likeness, way, weight: 0.0, join: false, postings: 0, posted: 0, missed: 0 }
    }

    /// The names it stands in.
    pub(crate) fn names<'a>(&self, index: &Tables<'a>) -> &'a [Posting] {
        index.posted(self.posted, self.postings)
    }
}

/// All neighbours of a token, with what retrieval asks of them as a whole.
#[derive(Debug, Default)]
pub(crate) struct Neighbourhood {
    /// By number of the listed token.
    pub(crate) all: Vec<Neighbour>,
    /// Those that stand in a name with an initial.
    pub(crate) with_initials: Vec<u32>,
}

/// A neighbourhood that threads share. One without neighbours is none, and has no count that they share either.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    shared: Option<Arc<Neighbourhood>>,
    /// The most that any of them is alike and weighs: asked for more often than they are, and here it is not apart.
    likest: f32,
    heaviest: f32,
}

/// What a token is related to that is related to nothing.
pub(super) static NOTHING: Found = Found { shared: None, likest: 0.0, heaviest: 0.0 };

impl std::ops::Deref for Found {
    type Target = Neighbourhood;

    fn deref(&self) -> &Neighbourhood {
        static NONE: Neighbourhood = Neighbourhood { all: Vec::new(), with_initials: Vec::new() };
        self.shared.as_deref().unwrap_or(&NONE)
    }
}

impl From<Neighbourhood> for Found {
    fn from(found: Neighbourhood) -> Found {
        let most = |of: fn(&Neighbour) -> f32| found.all.iter().map(of).fold(0.0, f32::max);
        let (likest, heaviest) = (most(|n| n.likeness), most(|n| n.weight));
        Found { shared: (!found.all.is_empty()).then(|| Arc::new(found)), likest, heaviest }
    }
}

impl Found {
    /// What a pair with any of them adds at most.
    pub(super) fn worth(&self, least: f32) -> f32 {
        worth(least, self.likest, self.heaviest, true)
    }
}

impl Neighbourhood {
    pub(crate) fn of(mut all: Vec<Neighbour>, index: &Tables<'_>, weight: f32) -> Self {
        all.sort_unstable_by_key(|n| n.token);
        all.dedup_by_key(|n| n.token);
        touch(&all, |n| index.touch_postings(n.token));
        for n in &mut all {
            complete(n, index, weight);
        }
        touch_names(&all, index);
        let with_initials = all.iter().filter(|n| n.names(index).first().is_some_and(|p| p.has_initial()));
        let with_initials = with_initials.map(|n| n.token).collect();
        all.shrink_to_fit();
        Neighbourhood { all, with_initials }
    }
}

/// Fills in what retrieval asks of a neighbour when the query's side weighs `weight`.
pub(crate) fn complete(n: &mut Neighbour, index: &Tables<'_>, weight: f32) {
    let record = &index.tokens[n.token as usize];
    n.join = record.is_join();
    n.weight = if n.join { weight } else { weight.min(record.weight()) };
    n.missed = record.missed() as u16;
    (n.posted, n.postings) = index.postings_at(n.token);
}

const SHARDS: usize = 64;
/// Neighbours kept by one shard, of a short list and of a long one; when it has its part, it starts anew. All shards
/// together hold 120 MB at most, or 470.
const MOST_KEPT: std::ops::RangeInclusive<usize> = (64 << 10)..=(256 << 10);
/// Neighbours kept for each token of the list.
const KEPT_FOR_A_TOKEN: usize = 8;

#[derive(Debug, Default)]
struct Shard {
    by_hash: FxHashMap<u64, (Box<[u8]>, Found)>,
    kept: usize,
}

/// A bounded cache of an index's neighbourhoods, shared between threads.
#[derive(Debug)]
pub(crate) struct Neighbours {
    shards: Box<[RwLock<Shard>]>,
    most_kept: usize,
    /// A small index has no cache.
    few: Option<Few>,
}

/// Buffers for looking neighbours up.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    keys: Vec<u64>,
    filed: Vec<std::ops::Range<u32>>,
    ids: Vec<u32>,
}

impl Finder {
    /// From the keys, which it gives up, to the tokens that are filed under them, by number.
    fn look_up(&mut self, index: &Tables<'_>) {
        self.ids.clear();
        // First all buckets, then what they hold: reads that do not wait for each other.
        self.filed.clear();
        self.filed.extend(self.keys.iter().map(|key| index.filed(*key)));
        touch(&self.filed, |filed| index.touch_marks(filed));
        for (key, filed) in self.keys.drain(..).zip(&self.filed) {
            index.tokens_filed(key, filed, |id| self.ids.push(id));
        }
        self.ids.sort_unstable();
        self.ids.dedup();
        touch(&self.ids, |id| index.touch_token(*id));
    }
}

impl Neighbours {
    /// An empty cache for an index.
    pub(crate) fn new(index: &Tables<'_>) -> Neighbours {
        let few = Few::of(index);
        let shards = if few.is_some() { 0 } else { SHARDS };
        let most_kept = KEPT_FOR_A_TOKEN * index.tokens.len() / SHARDS;
        Neighbours {
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            most_kept: most_kept.clamp(*MOST_KEPT.start(), *MOST_KEPT.end()),
            few,
        }
    }

    /// The neighbours of a token that sounds like this; `true` when they were known already. Many a token of a small
    /// index is told without the `tables`.
    pub(super) fn of<'i>(
        &self,
        name: &Analysed,
        token: &Token,
        sounds: Sounds,
        tables: impl FnOnce() -> Tables<'i>,
        finder: &mut Finder,
    ) -> (Found, bool) {
        if let Some(few) = &self.few {
            let Some((view, chinese)) = few.keys(name, token, sounds, &mut finder.keys) else {
                return (Found::default(), false);
            };
            let index = &tables();
            let found = find(&view, index, finder, || chinese && is_chinese(view.latin));
            return (Neighbourhood::of(found, index, view.weight).into(), false);
        }
        let view = &View::new(name, token);
        let mut hasher = FxHasher::default();
        let kind = (view.tag, view.frequency, view.weight.to_bits(), view.groups);
        (view.text, view.latin, kind).hash(&mut hasher);
        let hash = hasher.finish();
        let shard = &self.shards[(hash >> 58) as usize % SHARDS];
        if let Some((text, known)) = shard.read().unwrap_or_else(|e| e.into_inner()).by_hash.get(&hash)
            && **text == *view.text
        {
            return (known.clone(), true);
        }
        let index = &tables();
        query_keys(view, Listed::ALL, |key| finder.keys.push(key));
        let found = find(view, index, finder, || is_chinese(view.latin));
        let found = Found::from(Neighbourhood::of(found, index, view.weight));
        let mut shard = shard.write().unwrap_or_else(|e| e.into_inner());
        shard.kept += found.all.len() + 8;
        if shard.kept > self.most_kept {
            shard.by_hash.clear();
            shard.kept = found.all.len() + 8;
        }
        shard.by_hash.insert(hash, (view.text.into(), found.clone()));
        (found, false)
    }

    /// False of a join of a query that is related to nothing.
    pub(super) fn may_join(&self, joined: &Joined<'_>) -> bool {
        self.few.as_ref().is_none_or(|few| few.may_join(joined))
    }

    /// What is known of a small index.
    pub(super) fn few(&self) -> Option<&Few> {
        self.few.as_ref()
    }

    pub(crate) fn memory_usage(&self) -> usize {
        let kept: usize = self.shards.iter().map(|s| s.read().unwrap_or_else(|e| e.into_inner()).kept).sum();
        kept * std::mem::size_of::<Neighbour>()
    }
}

/// Tokens or names whose records are asked for together.
pub(super) const TOGETHER: usize = 16;

/// Asks for memory that is needed soon: words of a large list lie far apart, and waiting for one after the other is
/// what finding neighbours would spend most of its time on.
pub(super) fn touch<T>(all: &[T], read: impl Fn(&T) -> u32) {
    std::hint::black_box(all.iter().fold(0, |sum, one| sum ^ read(one)));
}

/// Asks for the names of several neighbours.
pub(super) fn touch_names(some: &[Neighbour], index: &Tables<'_>) {
    touch(some, |n| n.names(index).first().map_or(0, |p| p.name()));
}

/// Looks the keys of a token up, which the finder has and gives up, and relates what is filed under them.
/// `is_chinese`: whether another romanization of Chinese may spell the token and be listed.
fn find(
    view: &View<'_>,
    index: &Tables<'_>,
    finder: &mut Finder,
    is_chinese: impl Fn() -> bool,
) -> Vec<Neighbour> {
    finder.look_up(index);
    if finder.ids.is_empty() {
        return Vec::new();
    }
    let is_chinese = is_chinese();
    let outline = Outline::of(view, is_chinese);
    finder.ids.retain(|id| !index.tokens[*id as usize].is_far_from(view, &outline));
    if finder.ids.is_empty() {
        return Vec::new();
    }
    let prepared = Prepared::knowing(*view, is_chinese);
    let mut near = Vec::new();
    for some in finder.ids.chunks(TOGETHER) {
        touch(some, |id| index.touch_text(*id));
        near.extend(some.iter().filter_map(|id| relate_to(&prepared, view, *id, index)));
    }
    near
}

/// All neighbours of a token, by relating it with every listed token: the oracle's way.
pub(crate) fn find_exhaustively(view: &View<'_>, index: &Tables<'_>) -> Vec<Neighbour> {
    let prepared = Prepared::new(*view);
    (0..index.tokens.len() as u32).filter_map(|id| relate_to(&prepared, view, id, index)).collect()
}

fn relate_to(prepared: &Prepared<'_>, view: &View<'_>, id: u32, index: &Tables<'_>) -> Option<Neighbour> {
    let listed = index.view(id);
    let (likeness, way) = if index.tokens[id as usize].is_join() {
        let (abjad, acronym) = (listed.tag == Tag::Abjad, listed.tag == Tag::Letter);
        relate_join(&Joined { latin: listed.latin, skeleton: listed.skeleton, abjad, acronym }, view)?
    } else {
        relate(prepared, &listed)?
    };
    Some(Neighbour::new(id, likeness, way))
}

/// The neighbours of several tokens of a query written together. Not kept: joins hardly repeat.
pub(super) fn find_joined(
    joined: &Joined<'_>,
    few: Option<&Few>,
    index: &Tables<'_>,
    finder: &mut Finder,
    out: &mut Vec<Neighbour>,
) {
    out.clear();
    let listed = few.map_or(Listed::ALL, |few| few.listed_joined(joined.latin));
    query_join_keys(joined, listed, |key| finder.keys.extend(index.may_be_whole(key).then_some(key)));
    if finder.keys.is_empty() {
        return;
    }
    finder.look_up(index);
    for some in finder.ids.chunks(TOGETHER) {
        touch(some, |id| index.touch_text(*id));
        out.extend(some.iter().filter_map(|id| relate_joined_to(joined, *id, index)));
    }
}

/// The same by relating with every listed token.
pub(crate) fn find_joined_exhaustively(joined: &Joined<'_>, index: &Tables<'_>, out: &mut Vec<Neighbour>) {
    out.clear();
    out.extend((0..index.tokens.len() as u32).filter_map(|id| relate_joined_to(joined, id, index)));
}

fn relate_joined_to(joined: &Joined<'_>, id: u32, index: &Tables<'_>) -> Option<Neighbour> {
    if index.tokens[id as usize].is_join() {
        return None;
    }
    let (likeness, way) = relate_join(joined, &index.view(id))?;
    Some(Neighbour::new(id, likeness, way))
}
