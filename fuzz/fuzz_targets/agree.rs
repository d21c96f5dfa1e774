//! Retrieval gives the hits of the exhaustive oracle. The first line is the query, the others are listed names.
#![no_main]
use interdict::entity::{Entity, Schema};
use interdict::list;
use interdict::screen::Options;
use interdict::{Index, Query, Screener};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str)| {
    let (mode, text) = data;
    let mut lines = text.lines();
    let Some(query) = lines.next() else { return };
    let mut list = list::from_bytes("fuzz", b"name\nMohammad Ali Trading LLC\nJ. Petrov\n").unwrap();
    let schemas = [Schema::Person, Schema::Company, Schema::Unknown, Schema::Vessel];
    for (i, name) in lines.take(20).enumerate() {
        list.entities.push(Entity::new(i.to_string(), schemas[i % 4], name));
    }
    let Ok(index) = Index::build(&[list]) else { return };
    let query = Query::name(query).schema(schemas[usize::from(mode / 8) % 4]);
    let screener = Screener::new(index);
    let screen = |threshold, exhaustive| {
        let options = Options::default().threshold(threshold).limit(50).exhaustive(exhaustive);
        screener.clone().with_options(options).unwrap().screen(&query)
    };
    let threshold = match usize::from(mode) % 8 {
        fixed @ 0..5 => [0.5, 0.6, 0.75, 0.85, 0.95][fixed],
        // At the score of the best hit, and right above it: bounds are tightest there.
        at => {
            let best = screen(0.5, true).first().map_or(0.5, |hit| hit.score);
            if at == 5 { (best + 1e-5).min(1.0) } else { best }
        }
    };
    assert_eq!(screen(threshold, false), screen(threshold, true));
});
