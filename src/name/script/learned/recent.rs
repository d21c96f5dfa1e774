//! The words that a thread prepared last. A listed word meets many queries and a word of a query many listed ones, by its
//! keys, in the relation and once more where the score is computed.

use super::NativeWord;
use crate::name::Tag;
use rustc_hash::FxHasher;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Words that are kept, at most: 8 MB for a thread. A power of two.
const SLOTS: usize = if cfg!(test) { 1 << 3 } else { 1 << 12 };

/// A word and what the tables make of it: nothing if none reads it.
#[derive(Debug)]
struct Slot {
    tag: Tag,
    text: Box<str>,
    word: Option<Rc<NativeWord>>,
}

thread_local! {
    /// The slots; none before the first word. A word takes the place of the one that was in its slot.
    static SLOTS_OF_THREAD: RefCell<Vec<Option<Slot>>> = const { RefCell::new(Vec::new()) };
}

/// A token as the tables read it; `None` if none does.
pub(crate) fn prepared(tag: Tag, text: &str) -> Option<Rc<NativeWord>> {
    let mut hasher = FxHasher::default();
    (tag, text).hash(&mut hasher);
    let at = hasher.finish() as usize % SLOTS;
    SLOTS_OF_THREAD.with_borrow_mut(|slots| {
        if slots.is_empty() {
            slots.resize_with(SLOTS, || None);
        }
        let slot = &mut slots[at];
        if let Some(known) = slot.as_ref().filter(|known| known.tag == tag && *known.text == *text) {
            // A word that comes again will come more often.
            known.word.iter().for_each(|word| word.prepare());
            return known.word.clone();
        }
        let word = NativeWord::new(tag, text).map(Rc::new);
        *slot = Some(Slot { tag, text: text.into(), word: word.clone() });
        word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_never_taken_for_another() {
        let words: Vec<(Tag, String)> = ('а'..='я')
            .map(|c| (Tag::NonLatin, format!("{c}{c}лов")))
            .chain(('가'..='감').map(|c| (Tag::Hangul, format!("{c}{c}"))))
            .chain([(Tag::Name, "smith".to_owned()), (Tag::Kana, "smith".to_owned())])
            .collect();
        for (tag, text) in words.iter().chain(&words).chain(words.iter().rev()) {
            let (kept, new) = (prepared(*tag, text), NativeWord::new(*tag, text));
            let keys = |word: Option<&NativeWord>| word.map(|word| word.keys().collect::<Vec<_>>());
            assert_eq!(keys(kept.as_deref()), keys(new.as_ref()), "{text}");
        }
    }
}
