//! Automata of names: built of any names, opened again, and asked for completions and for the names in a text.
#![no_main]
use interdict::entity::{Entity, Schema};
use interdict::name::fold_name;
use interdict::{Index, list};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let Some(query) = lines.next() else { return };
    let mut list = list::from_bytes("fuzz", b"name\nMohammad Ali Trading LLC\n").unwrap();
    for (i, name) in lines.take(20).enumerate() {
        list.entities.push(Entity::new(i.to_string(), Schema::Unknown, name));
    }
    let Ok(index) = Index::build(&[list.clone()]) else { return };
    let folded = fold_name(query);
    let begin = |name: &str| !folded.is_empty() && fold_name(name).starts_with(&folded);
    let names = list.entities.iter().flat_map(|entity| &entity.names).map(|name| name.text.as_str());
    let searchable = names.filter(|name| !fold_name(name).is_empty());
    assert_eq!(index.complete(query, 100).len(), searchable.filter(|name| begin(name)).count());
    let exact = index.complete(query, 100);
    let near = index.complete_with_typo(query, 100);
    assert_eq!(near.iter().filter(|completion| !completion.typo).count(), exact.len());
    for found in index.names_in(query) {
        let words: Vec<&str> = folded.split(' ').collect();
        assert_eq!(words[found.words].join(" "), fold_name(&found.name));
    }
});
