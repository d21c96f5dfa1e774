//! From lists to the bytes of an index.

use super::Identity;
use super::format::Image;
use super::records::{
    EntityRecord, ListedToken, MAX_NAMES, NameRecord, NameSpan, Posting, TokenRecord, bucket, key_fingerprint,
};
use crate::entity::{Gender, Strength};
use crate::error::{Error, ErrorKind, Result};
use crate::list::List;
use crate::name::{AnalysedName, Analyser, Tag};
use crate::score::align::{concatenations, is_person};
use crate::score::fields::{DayRange, country_number};
use crate::score::keys::{concatenation_probe_keys, index_concatenation_keys, index_keys};
use crate::score::relation::{Concatenation, TokenIdentity, TokenRef};
use crate::util::bloom;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use zerocopy::IntoBytes;
use zerocopy::little_endian::U64;

/// What makes two concatenations the same record.
#[derive(PartialEq, Eq, Hash)]
struct ConcatenationKey {
    latin: Box<[u8]>,
    abjad: bool,
    acronym: bool,
}

/// Keys in a bucket, about: few enough to look through, many enough that the table of buckets stays small.
const KEYS_PER_BUCKET: usize = 6;
/// Bits for each key that joins of queries look for: at most one lookup in sixteen of the others is for nothing.
const BITS_PER_KEY: usize = 16;

#[derive(Default)]
struct Builder {
    token_numbers: FxHashMap<TokenIdentity<Box<[u8]>>, u32>,
    concatenation_numbers: FxHashMap<ConcatenationKey, u32>,
    tokens: Vec<TokenRecord>,
    token_texts: Vec<u8>,
    /// (token, name) pairs, sorted later.
    occurrences: Vec<(u32, Posting)>,
    names: Vec<NameRecord>,
    name_spans: Vec<NameSpan>,
    name_tokens: Vec<ListedToken>,
    name_texts: Vec<u8>,
    entities: Vec<EntityRecord>,
    entity_blobs: Vec<u8>,
    dates: Vec<DayRange>,
    countries: Vec<u16>,
    identifiers: BTreeMap<String, Vec<u32>>,
    keys: Vec<(u64, u32)>,
    /// Keys that joins of queries look for.
    concatenation_probe_keys: Vec<u64>,
    unsearchable: Vec<(String, String, String)>,
    groups: Vec<u32>,
}

pub(super) fn build(lists: &[List]) -> Result<Image> {
    let mut b = Builder::default();
    let mut analyser = Analyser::new();
    let mut name = AnalysedName::default();
    let mut buffer = String::new();
    for (list_number, list) in lists.iter().enumerate() {
        for entity in &list.entities {
            let number = b.entities.len() as u32;
            b.add_entity(entity, list_number as u32)?;
            for listed in &entity.names {
                analyser.analyse(&listed.text, entity.schema, &mut name);
                if name.tokens().is_empty() {
                    let (list, id) = (list.version.name.clone(), entity.id.clone());
                    b.unsearchable.push((list, id, listed.text.clone()));
                    continue;
                }
                let number_of_name = b.names.len() as u32;
                if number_of_name as usize >= MAX_NAMES {
                    return Err(Error::new(ErrorKind::TooManyNames { max: MAX_NAMES }));
                }
                let initials = name.tokens().iter().filter(|t| t.tag == Tag::Initial);
                let posting =
                    Posting::new(number_of_name, initials.map(|t| name.latin(t).bytes().next().unwrap_or(0)));
                let tokens_offset = b.name_tokens.len() as u32;
                let mut omission_cost = 0;
                for token in name.tokens() {
                    let view = TokenRef::new(&name, token);
                    let id = b.token(TokenIdentity::new(&name, token), &view);
                    let listed = ListedToken::pack(id, &view);
                    omission_cost += listed.omission_cost();
                    b.name_tokens.push(listed);
                    b.occurrences.push((id, posting));
                }
                let mut spans = Vec::new();
                concatenations(
                    &name,
                    &mut buffer,
                    |_| true,
                    |span, concatenation| {
                        spans.push((span, b.concatenation(concatenation)));
                    },
                );
                let concatenation = spans.len().min(255);
                for (span, id) in spans.into_iter().take(concatenation) {
                    b.name_tokens.push(ListedToken::pack_concatenation(id, span));
                    b.occurrences.push((id, posting));
                }
                b.name_spans.push(NameSpan {
                    offset: tokens_offset,
                    tokens: name.tokens().len() as u8,
                    concatenations: concatenation as u8,
                    omission_cost: omission_cost.min(u16::MAX.into()) as u16,
                });
                let text_offset = b.name_texts.len() as u32;
                b.name_texts.extend_from_slice(listed.text.as_bytes());
                b.names.push(NameRecord {
                    entity: number,
                    text_offset,
                    text_len: listed.text.len() as u32,
                    kind: listed.kind as u8,
                    weak: u8::from(listed.strength == Strength::Weak),
                    person: u8::from(is_person(&name)),
                    padding: 0,
                });
            }
        }
    }
    let unsearchable = std::mem::take(&mut b.unsearchable);
    b.groups = super::groups::groups(lists);
    b.finish(Identity {
        unsearchable,
        analysis: crate::name::ANALYSIS_VERSION,
        program: env!("CARGO_PKG_VERSION").to_string(),
        lists: lists.iter().map(|l| l.version.clone()).collect(),
    })
}

fn encode<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|e| Error::internal(format!("cannot encode an entity: {e}")))
}

impl Builder {
    fn add_entity(&mut self, entity: &crate::entity::Entity, list: u32) -> Result<()> {
        let number = self.entities.len() as u32;
        let blob = encode(entity)?;
        let record = EntityRecord {
            blob_offset: U64::new(self.entity_blobs.len() as u64),
            blob_len: blob.len() as u32,
            list,
            dates_offset: self.dates.len() as u32,
            countries_offset: self.countries.len() as u32,
            dates: entity.birth_dates.len().min(u16::MAX.into()) as u16,
            countries: entity.countries.len().min(u16::MAX.into()) as u16,
            schema: entity.schema as u8,
            gender: match entity.gender {
                None => 0,
                Some(Gender::Female) => 1,
                Some(Gender::Male) => 2,
            },
            padding: [0; 2],
        };
        self.entity_blobs.extend_from_slice(&blob);
        self.dates.extend(entity.birth_dates.iter().map(DayRange::from));
        self.countries.extend(entity.countries.iter().map(|c| country_number(c)));
        for identifier in entity.identifiers.iter().filter(|i| i.kind.stands_alone()) {
            for key in identifier.keys() {
                let holders = self.identifiers.entry(key).or_default();
                if holders.last() != Some(&number) {
                    holders.push(number);
                }
            }
        }
        self.entities.push(record);
        Ok(())
    }

    fn token(&mut self, identity: TokenIdentity<&[u8]>, view: &TokenRef<'_>) -> u32 {
        let key = identity.to_owned();
        if let Some(id) = self.token_numbers.get(&key) {
            return *id;
        }
        let id = self.push_token(view, false);
        index_keys(view, |key| self.keys.push((key, id)));
        concatenation_probe_keys(view, &mut |key| self.concatenation_probe_keys.push(key));
        self.token_numbers.insert(key, id);
        id
    }

    fn concatenation(&mut self, concatenation: &Concatenation<'_>) -> u32 {
        let Concatenation { latin, skeleton: _, abjad, acronym } = *concatenation;
        let key = ConcatenationKey { latin: latin.into(), abjad, acronym };
        if let Some(id) = self.concatenation_numbers.get(&key) {
            return *id;
        }
        let view = TokenRef {
            text: concatenation.latin,
            latin: concatenation.latin,
            tag: match concatenation {
                Concatenation { acronym: true, .. } => Tag::Letter,
                Concatenation { abjad: true, .. } => Tag::Abjad,
                _ => Tag::Name,
            },
            weight: 0.0,
            groups: [0; 2],
            frequency: 0,
            skeleton: concatenation.skeleton,
        };
        let id = self.push_token(&view, true);
        index_concatenation_keys(concatenation, |key| self.keys.push((key, id)));
        self.concatenation_numbers.insert(key, id);
        id
    }

    fn push_token(&mut self, view: &TokenRef<'_>, concatenation: bool) -> u32 {
        let id = self.tokens.len() as u32;
        self.tokens.push(TokenRecord::pack(view, concatenation, &mut self.token_texts));
        id
    }

    /// Numbers the tokens in the order of their readings, joins last: what a query's token is related to mostly
    /// begins alike, and so lies together in every table.
    fn sort_tokens(&mut self) {
        use rayon::slice::ParallelSliceMut;
        let reading = |id: &u32| {
            let record = &self.tokens[*id as usize];
            (record.is_concatenation(), record.view(&self.token_texts).latin)
        };
        let mut order: Vec<u32> = (0..self.tokens.len() as u32).collect();
        order.par_sort_by(|a, b| reading(a).cmp(&reading(b)));
        let mut number = vec![0; order.len()];
        let mut texts = Vec::with_capacity(self.token_texts.len());
        let mut tokens = Vec::with_capacity(order.len());
        for (new, old) in order.iter().enumerate() {
            number[*old as usize] = new as u32;
            let record = &self.tokens[*old as usize];
            tokens.push(TokenRecord::pack(
                &record.view(&self.token_texts),
                record.is_concatenation(),
                &mut texts,
            ));
        }
        (self.tokens, self.token_texts) = (tokens, texts);
        let renumber = |id: &mut u32| *id = number[*id as usize];
        self.occurrences.iter_mut().for_each(|(token, _)| renumber(token));
        self.keys.iter_mut().for_each(|(_, token)| renumber(token));
        self.name_tokens.iter_mut().for_each(|listed| renumber(&mut listed.token));
    }

    /// Numbers the names in the order of their rarest tokens: the candidates of a query are mostly the names of a
    /// rare token and its neighbours, and so lie together in every table.
    fn sort_names(&mut self) {
        use rayon::slice::ParallelSliceMut;
        let mut frequency = vec![0u32; self.tokens.len()];
        self.occurrences.iter().for_each(|(token, _)| frequency[*token as usize] += 1);
        let listed =
            |span: &NameSpan, count: u8| span.offset as usize..(span.offset as usize + usize::from(count));
        let rarest = |span: &NameSpan| {
            let tokens = self.name_tokens[listed(span, span.tokens)].iter().map(|listed| listed.token);
            tokens.min_by_key(|token| (frequency[*token as usize], *token)).unwrap_or(0)
        };
        let mut order: Vec<(u32, u32)> =
            (0..).zip(&self.name_spans).map(|(i, span)| (rarest(span), i)).collect();
        order.par_sort_unstable();
        let mut number = vec![0; order.len()];
        let mut names = Vec::with_capacity(order.len());
        let mut spans = Vec::with_capacity(order.len());
        let mut name_tokens = Vec::with_capacity(self.name_tokens.len());
        for (new, (_, old)) in order.iter().enumerate() {
            number[*old as usize] = new as u32;
            names.push(self.names[*old as usize]);
            let span = self.name_spans[*old as usize];
            spans.push(NameSpan { offset: name_tokens.len() as u32, ..span });
            name_tokens.extend_from_slice(&self.name_tokens[listed(&span, span.tokens)]);
            let concatenations = NameSpan { offset: span.offset + u32::from(span.tokens), ..span };
            name_tokens.extend_from_slice(&self.name_tokens[listed(&concatenations, span.concatenations)]);
        }
        (self.names, self.name_spans, self.name_tokens) = (names, spans, name_tokens);
        for (_, posting) in &mut self.occurrences {
            *posting = posting.renumbered(number[posting.name() as usize]);
        }
    }

    fn finish(mut self, identity: Identity) -> Result<Image> {
        use rayon::slice::ParallelSliceMut;
        self.sort_tokens();
        self.sort_names();
        self.occurrences.par_sort_unstable_by_key(|(token, posting)| (*token, posting.order()));
        self.occurrences.dedup();
        let mut offsets = vec![0u32; self.tokens.len() + 1];
        for (token, _) in &self.occurrences {
            offsets[*token as usize + 1] += 1;
        }
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let postings: Vec<Posting> = self.occurrences.iter().map(|(_, posting)| *posting).collect();

        let count = (self.keys.len() / KEYS_PER_BUCKET).max(1);
        self.keys
            .par_sort_unstable_by_key(|(key, token)| (bucket(*key, count), key_fingerprint(*key), *token));
        self.keys.dedup_by_key(|(key, token)| (bucket(*key, count), key_fingerprint(*key), *token));
        let mut buckets = vec![0u32; count + 1];
        for (key, _) in &self.keys {
            buckets[bucket(*key, count) + 1] += 1;
        }
        for i in 1..buckets.len() {
            buckets[i] += buckets[i - 1];
        }
        let fingerprints: Vec<u16> = self.keys.iter().map(|(key, _)| key_fingerprint(*key)).collect();
        let key_tokens: Vec<u32> = self.keys.iter().map(|(_, token)| *token).collect();

        // One bit for each key, in a table so sparse that a key which nothing is filed under rarely meets one.
        let bits = (BITS_PER_KEY * self.concatenation_probe_keys.len()).next_power_of_two().max(64);
        let mut concatenation_bloom = vec![U64::new(0); bits / 64];
        for key in &self.concatenation_probe_keys {
            let (at, mask) = bloom::position::<1>(*key, concatenation_bloom.len());
            concatenation_bloom[at] |= mask;
        }

        let mut identifiers = fst::MapBuilder::memory();
        let mut holders: Vec<u32> = Vec::new();
        for (identifier, entities) in &self.identifiers {
            let entities = &entities[..entities.len().min(0xff_ffff)];
            let packed = (holders.len() as u64) << 24 | entities.len() as u64;
            identifiers.insert(identifier, packed).map_err(|e| Error::internal(e.to_string()))?;
            holders.extend(entities);
        }
        let identifiers = identifiers.into_inner().map_err(|e| Error::internal(e.to_string()))?;
        Ok(Image::assemble(&[
            ("identity", encode(&identity)?),
            ("tokens", self.tokens.as_bytes().to_vec()),
            ("token-texts", self.token_texts),
            ("posting-offsets", offsets.as_bytes().to_vec()),
            ("postings", postings.as_bytes().to_vec()),
            ("buckets", buckets.as_bytes().to_vec()),
            ("key-marks", fingerprints.as_bytes().to_vec()),
            ("key-tokens", key_tokens.as_bytes().to_vec()),
            ("whole-marks", concatenation_bloom.as_bytes().to_vec()),
            ("names", self.names.as_bytes().to_vec()),
            ("name-spans", self.name_spans.as_bytes().to_vec()),
            ("name-tokens", self.name_tokens.as_bytes().to_vec()),
            ("name-texts", self.name_texts),
            ("entities", self.entities.as_bytes().to_vec()),
            ("entity-blobs", self.entity_blobs),
            ("dates", self.dates.as_bytes().to_vec()),
            ("countries", self.countries.as_bytes().to_vec()),
            ("identifiers", identifiers),
            ("ident-entities", holders.as_bytes().to_vec()),
            ("groups", self.groups.as_bytes().to_vec()),
        ]))
    }
}
