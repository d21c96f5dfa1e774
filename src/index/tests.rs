//! Properties of every index that retrieval relies on.

use super::build::tokens::record_identity;
use super::*;
use crate::name::fold_name;
use crate::name::{AnalysedName, Analyser, Tag};
use crate::score::align::concatenations;
use crate::score::keys::{
    KeyScope, concatenation_probe_keys, index_concatenation_keys, index_keys, query_keys,
};
use crate::score::params::max_edits;
use crate::score::relation::TokenRef;
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet};

const WORDS: &[&str] = &[
    "al",
    "bin",
    "Mohammed",
    "Ivanovich",
    "Petrov",
    "Dr",
    "Sheikh",
    "Ltd",
    "OOO",
    "Trading",
    "Steel",
    "Chile",
    "17",
    "II",
    "Xiaoming",
    "Иванов",
    "Петровна",
    "محمد",
    "الكرواني",
    "عبد",
    "王小明",
    "科技",
    "김",
    "철수",
    "タナカ",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(WORDS).prop_map(str::to_string),
        2 => "[a-z]{1,9}",
        1 => "[A-Z]",
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..7).prop_map(|words| words.join(" "))
}

/// A list of a few entities with one or two names.
fn any_list() -> impl Strategy<Value = List> {
    let schema = prop::sample::select(vec!["Person", "Company", "Vessel", ""]);
    prop::collection::vec((schema, name(), prop::option::of(name())), 1..15).prop_map(|entities| {
        let mut text = "id,schema,name,aliases\n".to_string();
        for (id, (schema, name, alias)) in entities.into_iter().enumerate() {
            text += &format!("{id},{schema},{name},{}\n", alias.unwrap_or_default());
        }
        crate::list::from_bytes("any", text.as_bytes()).unwrap()
    })
}

/// The tokens that a key finds.
fn found(view: &IndexView<'_>, key: u64) -> HashSet<u32> {
    let mut tokens = HashSet::new();
    view.for_each_token_in_bucket(key, &view.bucket_range(key), |token| {
        tokens.insert(token);
    });
    tokens
}

/// Calls `each` with every name of an index, analysed again.
fn for_each_name(index: &Index, mut each: impl FnMut(u32, &AnalysedName)) {
    let (mut analyser, mut analysed) = (Analyser::new(), AnalysedName::default());
    for (number, record) in (0..).zip(index.name_records()) {
        let (entity, _) = index.entity(record.entity).unwrap();
        analyser.analyse(index.name_text(record), entity.schema, &mut analysed);
        each(number, &analysed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_lists_give_the_same_bytes(lists in prop::collection::vec(any_list(), 1..3)) {
        let built = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Index::build(&lists).unwrap().inner.image.bytes().to_vec())
        };
        let one = built(1);
        prop_assert_eq!(&built(3), &one);
        let opened = Index::from_bytes(&one).unwrap();
        prop_assert_eq!(opened.inner.image.bytes(), one);
    }

    #[test]
    fn a_flipped_bit_is_refused(list in any_list(), at: prop::sample::Index) {
        let mut bytes = Index::build(&[list]).unwrap().inner.image.bytes().to_vec();
        let bit = at.index(8 * bytes.len());
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(Index::from_bytes(&bytes).is_err(), "bit {}", bit);
    }

    #[test]
    fn posting_lists_are_sorted_with_initials_first_and_hold_every_occurrence(list in any_list()) {
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let mut posted = BTreeSet::new();
        for token in 0..view.tokens.len() as u32 {
            let postings = view.postings(token);
            prop_assert!(postings.windows(2).all(|pair| pair[0].order() < pair[1].order()));
            prop_assert_eq!(postings.len(), view.postings_at(token).1 as usize);
            let mut with_initials = postings.iter().skip_while(|posting| posting.has_initial());
            prop_assert!(with_initials.all(|posting| !posting.has_initial()));
            posted.extend(postings.iter().map(|posting| (token, posting.name(), posting.has_initial())));
        }
        let mut occurrences = BTreeSet::new();
        for (number, span) in (0..).zip(view.spans) {
            let listed = view.listed_tokens(span);
            let has_initial = listed.iter().any(|token| token.is_initial());
            let all = listed.iter().chain(view.listed_concatenations(span));
            occurrences.extend(all.map(|token| (token.token, number, has_initial)));
        }
        prop_assert_eq!(posted, occurrences);
    }

    #[test]
    fn every_key_of_every_token_finds_it(list in any_list()) {
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let slots: HashSet<u64> = view.key_slots().collect();
        let mut buffer = String::new();
        for_each_name(&index, |number, analysed| {
            let span = &view.spans[number as usize];
            let is_found = |key: u64, token: u32| {
                assert!(found(&view, key).contains(&token));
                assert!(slots.contains(&key_slot(key, view.buckets())));
            };
            let listed = view.listed_tokens(span);
            assert_eq!(listed.len(), analysed.tokens().len());
            for (token, listed) in analysed.tokens().iter().zip(listed) {
                let token = TokenRef::new(analysed, token);
                index_keys(&token, |key| is_found(key, listed.token));
                concatenation_probe_keys(&token, &mut |key| assert!(view.may_contain_concatenation_key(key)));
            }
            let mut listed = view.listed_concatenations(span).iter();
            concatenations(analysed, &mut buffer, |_| true, |span, concatenation| {
                let listed = listed.next().unwrap();
                assert_eq!(listed.span(), span);
                index_concatenation_keys(concatenation, |key| is_found(key, listed.token));
            });
            assert!(listed.next().is_none());
        });
    }

    #[test]
    fn names_hold_the_tokens_of_their_texts(list in any_list()) {
        let entities = list.entities.clone();
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        for_each_name(&index, |number, analysed| {
            let span = &view.spans[number as usize];
            let listed = view.listed_tokens(span);
            for (token, listed) in analysed.tokens().iter().zip(listed) {
                let (read, expected) = (view.token(listed.token), TokenRef::new(analysed, token));
                assert_eq!((read.text, read.latin, read.tag), (expected.text, expected.latin, expected.tag));
                assert_eq!((read.weight, read.groups), (expected.weight, expected.groups));
                assert_eq!(listed.align_token().weight, token.weight);
                assert_eq!(listed.is_initial(), token.tag == Tag::Initial);
                assert_eq!(listed.omission_cost(), view.tokens[listed.token as usize].omission_cost());
            }
            let omission_cost: u32 = listed.iter().map(|token| token.omission_cost()).sum();
            assert_eq!(u32::from(span.omission_cost), omission_cost);
        });
        let texts = |entity: u32| -> BTreeSet<&str> {
            let records = index.name_records().iter().filter(|record| record.entity == entity);
            records.map(|record| index.name_text(record)).collect()
        };
        for (number, entity) in (0..).zip(&entities) {
            let searchable = entity.names.iter().filter(|name| {
                let mut analysed = AnalysedName::default();
                Analyser::new().analyse(&name.text, entity.schema, &mut analysed);
                !analysed.tokens().is_empty()
            });
            prop_assert_eq!(texts(number), searchable.map(|name| name.text.as_str()).collect());
        }
    }

    #[test]
    fn the_maps_of_names_and_words_have_every_name_and_word(list in any_list()) {
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let (names, words) = (index.folded_names(), index.words());
        let holds = |map: &OrderedMap<'_, Section>, key: &[u8], number: u32| {
            let run = map.walk(key).and_then(|at| map.run(at)).unwrap_or(0..0);
            map.items()[run].iter().filter(|item| item.number() == number).count() == 1
        };
        for (number, record) in (0..).zip(index.name_records()) {
            assert!(holds(&names, fold_name(index.name_text(record)).as_bytes(), number));
        }
        assert_eq!(names.items().len(), index.names());
        let mut count = 0;
        for (number, record) in (0..).zip(view.tokens).filter(|(_, record)| !record.is_concatenation()) {
            let token = view.token(number);
            assert!(!record.is_concatenation() && holds(&words, token.text, number) && holds(&words, token.latin, number));
            count += if token.latin == token.text { 1 } else { 2 };
        }
        assert_eq!(words.items().len(), count);
    }

    #[test]
    fn keys_find_the_words_that_a_levenshtein_automaton_finds(
        listed in prop::collection::btree_set("[a-dж]{1,12}|[бвгд]{3,9}|[αβγδ]{3,9}|[ა-დ]{3,8}", 1..40),
        query in "[a-dж]{1,12}|[бвгд]{3,9}|[αβγδ]{3,9}|[ა-დ]{3,8}",
    ) {
        let rows: String = listed.iter().map(|word| format!("{word}\n")).collect();
        let list = crate::list::from_bytes("words", format!("name\n{rows}").as_bytes()).unwrap();
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let words = fst::Map::new(index.inner.sections.word_map().to_vec()).unwrap();
        let mut analysed = AnalysedName::default();
        Analyser::new().analyse(&query, Schema::Unknown, &mut analysed);
        for token in analysed.tokens() {
            let token = TokenRef::new(&analysed, token);
            let latin = std::str::from_utf8(token.latin).unwrap();
            let mut by_keys = HashSet::new();
            query_keys(&token, KeyScope::ALL, |key| by_keys.extend(found(&view, key)));
            // What keys find besides, by sound or by chance, is compared and dropped.
            let is_near = |number: &u32| {
                let reading = view.token(*number).latin;
                let budget = max_edits(latin.len().min(reading.len()));
                strsim::levenshtein(latin, std::str::from_utf8(reading).unwrap()) <= budget
            };
            by_keys.retain(|number| !view.tokens[*number as usize].is_concatenation() && is_near(number));
            let automaton = fst::automaton::Levenshtein::new(latin, max_edits(latin.len()) as u32).unwrap();
            let mut by_automaton = HashSet::new();
            let mut accepted = fst::IntoStreamer::into_stream(words.search(&automaton));
            while let Some((word, start)) = fst::Streamer::next(&mut accepted) {
                let run = index.words().run(index.words().walk(word).unwrap()).unwrap();
                assert_eq!(run.start as u64, start);
                by_automaton.extend(index.words().items()[run].iter().map(|item| item.number()));
            }
            by_automaton.retain(is_near);
            prop_assert_eq!(by_keys, by_automaton);
        }
    }

    #[test]
    fn tokens_are_distinct_and_ordered_by_reading_and_names_by_their_rarest_token(list in any_list()) {
        let index = Index::build(&[list]).unwrap();
        let view = index.view();
        let tokens = 0..view.tokens.len() as u32;
        let place = |token: u32| (view.tokens[token as usize].is_concatenation(), view.token(token).latin);
        prop_assert!(tokens.clone().zip(tokens.skip(1)).all(|(a, b)| place(a) <= place(b)));
        let mut numbers = std::collections::HashMap::new();
        for_each_name(&index, |number, analysed| {
            let listed = view.listed_tokens(&view.spans[number as usize]);
            for (token, listed) in analysed.tokens().iter().zip(listed) {
                let identity = record_identity(analysed, token).to_owned();
                assert_eq!(*numbers.entry(identity).or_insert(listed.token), listed.token);
            }
        });
        prop_assert_eq!(numbers.values().collect::<HashSet<_>>().len(), numbers.len());
        // Occurrences count a token once for each time that a name has it.
        let mut occurrences = vec![0; view.tokens.len()];
        for span in view.spans {
            let all = view.listed_tokens(span).iter().chain(view.listed_concatenations(span));
            all.for_each(|listed| occurrences[listed.token as usize] += 1);
        }
        let rarest = |span: &NameSpan| {
            let tokens = view.listed_tokens(span).iter().map(|listed| listed.token);
            tokens.min_by_key(|token| (occurrences[*token as usize], *token))
        };
        prop_assert!(view.spans.windows(2).all(|pair| rarest(&pair[0]) <= rarest(&pair[1])));
    }
}

#[test]
fn an_index_of_no_name_finds_nothing() {
    let index = Index::build_allow_empty(&[]).unwrap();
    let view = index.view();
    assert_eq!((index.names(), index.entities(), index.tokens()), (0, 0, 0));
    assert!(found(&view, 17).is_empty() && !view.may_contain_concatenation_key(17));
    assert_eq!(index.entities_with_identifier("x").count(), 0);
    assert!(index.group(0).is_none() && index.entity(0).is_none());
    assert!(Index::build(&[]).is_err());
}

#[test]
fn names_without_a_letter_are_listed_as_unsearchable() {
    let list = crate::list::from_bytes("any", "id,name,aliases\n7,Jane Roe,†\n".as_bytes()).unwrap();
    let index = Index::build(&[list]).unwrap();
    let expected = UnsearchableName { list: "any".into(), entity_id: "7".into(), name: "†".into() };
    assert_eq!(index.identity().unsearchable, [expected]);
    assert_eq!(index.names(), 1);
}

#[test]
fn an_unsearchable_name_is_encoded_as_three_texts() {
    // Files have tuples here since format version 8.
    let name = UnsearchableName { list: "l".into(), entity_id: "e".into(), name: "n".into() };
    let tuple = ("l".to_string(), "e".to_string(), "n".to_string());
    assert_eq!(postcard::to_stdvec(&name).unwrap(), postcard::to_stdvec(&tuple).unwrap());
}
