//! Names within free text: retrieval gives the hits of the exhaustive oracle, and every hit says where it stands. The
//! first line is the text, with `|` for its line breaks; the others are listed names.
#![no_main]
use interdict::entity::{Entity, Schema};
use interdict::list;
use interdict::screen::Options;
use interdict::{Index, Query, Screener};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str)| {
    let (mode, lines) = data;
    let mut lines = lines.lines();
    let Some(text) = lines.next() else { return };
    let mut list = list::from_bytes("fuzz", b"name\nMohammad Ali Trading LLC\nJ. Petrov\n").unwrap();
    let schemas = [Schema::Person, Schema::Company, Schema::Unknown, Schema::Vessel];
    for (i, name) in lines.take(12).enumerate() {
        list.entities.push(Entity::new(i.to_string(), schemas[i % 4], name));
    }
    let Ok(index) = Index::build(&[list]) else { return };
    let query = Query::text(text.replace('|', "\n"));
    let threshold = [0.5, 0.7, 0.85, 0.9][usize::from(mode) % 4];
    let screener = Screener::new(index);
    let [fast, oracle] = [false, true].map(|exhaustive| {
        let options = Options::default().threshold(threshold).text_threshold(threshold).limit(50);
        screener.clone().with_options(options.exhaustive(exhaustive)).unwrap().screen(&query)
    });
    assert_eq!(fast, oracle);
    for part in fast.into_iter().filter_map(|hit| hit.query_part) {
        assert_eq!(query.name[part.span], part.text);
    }
});
