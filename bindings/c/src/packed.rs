//! Hits as structs of a fixed size in buffers of the caller.
//!
//! Cost: what the hits' texts cost to copy, some 20 ns a hit.

use crate::failure::{Failure, Result, Status};
use interdict::screen::{Change, Hit, MatchedBy, Outcome, Query};
use std::mem::MaybeUninit;

/// A text within the buffer of texts. A NUL, which `len` does not count, stands behind it.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct interdict_text {
    /// Where it begins in the buffer, in bytes.
    pub offset: u32,
    /// Its length in bytes.
    pub len: u32,
}

/// A hit. The texts are UTF-8.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct interdict_hit {
    /// The score from 0 to 1, rounded to five decimals.
    pub score: f32,
    /// Number of the entity in the index. After a reload it may be another one.
    pub entity: u32,
    /// The kind of the listed party: 0 unknown, 1 Person, 2 Organization, 3 Company, 4 LegalEntity, 5 Vessel, 6 Aircraft,
    /// 7 CryptoWallet, 8 Other.
    pub schema: u8,
    /// What matched: 0 a name, 1 an identifier, 255 something that this version of the interface has no number for.
    pub matched_by: u8,
    /// 1 if the list calls the matched name a weak alias.
    pub weak: u8,
    /// 1 if the part of the query that matched is the name of a ship: see `query_part`.
    pub query_part_ship: u8,
    /// What happened between two publications: 0 nothing or not known, 1 new, 2 changed, 3 gone.
    pub change: u8,
    /// Zeros.
    pub reserved: [u8; 3],
    /// The name that was screened.
    pub query: interdict_text,
    /// The list's name.
    pub list: interdict_text,
    /// The entity's id in its list.
    pub entity_id: interdict_text,
    /// The entity's primary name.
    pub entity_name: interdict_text,
    /// The listed name that scores best; for a hit by identifier its kind and value.
    pub matched_name: interdict_text,
    /// The sanctions programmes, joined by `;`.
    pub program: interdict_text,
    /// The party over all lists.
    pub group: interdict_text,
    /// The part of the name that matched, if it was not the whole.
    pub query_part: interdict_text,
}

/// How much there was to say of a party.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct interdict_answer {
    /// The number of hits. If it is above the capacity, only so many as fit were written.
    pub hits: usize,
    /// The number of hits that were written.
    pub written: usize,
    /// The bytes of the texts of all hits.
    pub text_bytes: usize,
    /// Hits that the limit cut.
    pub cut: u64,
    /// Entities whose name reaches the threshold and that other fields take below it.
    pub cleared: u64,
    /// Entities of which only a weak alias reaches the threshold, where weak aliases are left out or have one of their own.
    pub weak: u64,
    /// Values of fields that are compared with nothing, because they are not understood.
    pub not_compared: u64,
}

/// Writes hits into buffers as far as they fit.
pub(crate) struct HitWriter<'b> {
    hits: &'b mut [MaybeUninit<interdict_hit>],
    texts: &'b mut [MaybeUninit<u8>],
    /// Text bytes that were written.
    used: usize,
    pub(crate) answer: interdict_answer,
}

impl<'b> HitWriter<'b> {
    pub(crate) fn new(
        hits: &'b mut [MaybeUninit<interdict_hit>],
        texts: &'b mut [MaybeUninit<u8>],
    ) -> HitWriter<'b> {
        HitWriter { hits, texts, used: 0, answer: interdict_answer::default() }
    }

    /// Writes the hits of a query, and counts what was withheld.
    pub(crate) fn take(&mut self, query: &Query, outcome: &Outcome) {
        self.answer.cut += outcome.withheld.cut;
        self.answer.cleared += outcome.withheld.cleared;
        self.answer.weak += outcome.withheld.weak;
        outcome.hits.iter().for_each(|hit| self.add(query, hit));
    }

    fn add(&mut self, query: &Query, hit: &Hit) {
        let program = hit.program();
        let part = hit.query_part.as_ref();
        let texts = [
            query.name.as_str(),
            &hit.list,
            &hit.entity_id,
            &hit.entity_name,
            &hit.matched_name,
            &program,
            &hit.group,
            part.map_or("", |part| &part.text),
        ];
        let needed: usize = texts.iter().map(|text| text.len() + 1).sum();
        // Those behind a hit that did not fit are not written either, so that the best ones are there.
        let is_next = self.answer.hits == self.answer.written;
        let is_fitting = self.answer.written < self.hits.len() && needed <= self.texts.len() - self.used;
        self.answer.hits += 1;
        self.answer.text_bytes += needed;
        if !(is_next && is_fitting && self.used + needed <= u32::MAX as usize) {
            return;
        }
        let [query, list, entity_id, entity_name, matched_name, program, group, query_part] =
            texts.map(|text| self.add_text(text));
        let record = interdict_hit {
            score: hit.score,
            entity: hit.entity,
            schema: hit.schema as u8,
            matched_by: match hit.matched_by {
                MatchedBy::Name => 0,
                MatchedBy::Identifier => 1,
                _ => u8::MAX,
            },
            weak: u8::from(hit.weak),
            query_part_ship: u8::from(part.is_some_and(|part| part.ship)),
            change: match hit.change {
                Some(Change::New) => 1,
                Some(Change::Changed) => 2,
                Some(Change::Gone) => 3,
                _ => 0,
            },
            reserved: [0; 3],
            query,
            list,
            entity_id,
            entity_name,
            matched_name,
            program,
            group,
            query_part,
        };
        self.hits[self.answer.written].write(record);
        self.answer.written += 1;
    }

    /// Copies a text that fits, with a NUL behind it.
    fn add_text(&mut self, text: &str) -> interdict_text {
        let place = interdict_text { offset: self.used as u32, len: text.len() as u32 };
        let bytes = text.bytes().chain([0]);
        for (to, byte) in self.texts[self.used..].iter_mut().zip(bytes) {
            to.write(byte);
        }
        self.used += text.len() + 1;
        place
    }

    /// An error if not all hits were written.
    pub(crate) fn check(&self) -> Result<()> {
        let interdict_answer { hits, written, text_bytes, .. } = self.answer;
        if hits == written {
            return Ok(());
        }
        let message = format!(
            "there are {hits} hits with {text_bytes} bytes of text, and the buffers hold {} and {}",
            self.hits.len(),
            self.texts.len()
        );
        Err(Failure::new(Status::INTERDICT_SHORT_BUFFER, message))
    }
}

const _: () = assert!(size_of::<interdict_hit>() == 80 && align_of::<interdict_hit>() == 4);
const _: () = assert!(size_of::<interdict_answer>() == 56);
