//! One query at a time, warm, of every kind, against 33,055 made-up names and the starter list.

use criterion::{Criterion, criterion_group, criterion_main};
use interdict::screen::Scratch;
use interdict::{Index, Query, Screener, list};
use std::hint::black_box;
use std::time::Duration;

// Other targets use more of it than this one does.
#[allow(dead_code)]
mod generate;

fn queries(c: &mut Criterion) {
    let mut bytes = Vec::new();
    generate::list(33_055, 7, &mut bytes).unwrap();
    let generated = list::from_bytes("generated", &bytes).unwrap();
    let listed = generated.entities[40].primary_name().to_string();
    let typo = listed.replacen(['a', 'e', 'i', 'o'], "u", 1);
    let screener = Screener::new(Index::build(&[generated, list::starter()]).unwrap());
    let mut scratch = Scratch::default();
    // Every word is common or an initial, and there are as many as a name may have.
    let hostile =
        "Mohammad Ali A. Company Limited Trading International Al Abdul Ivan K. Maria Kim Wong ".repeat(4);
    let mut group = c.benchmark_group("one query");
    for (kind, name, hits) in [
        ("exact hit", &*listed, 1..=3),
        ("hit with a typo", &*typo, 1..=3),
        ("short", "Ng Li", 0..=10),
        (
            "long",
            "The Joint Stock Company for Foreign Trade of Machines and Marine Equipment of Volgotanka",
            0..=0,
        ),
        ("common words", "Mohamed Abdul Al Ali", 0..=10),
        ("common business words", "International Trading Company Limited", 0..=10),
        ("Han", "北京永信至誠科技股份有限公司", 1..=1),
        ("Cyrillic", "Интегрити Текнолоджи Груп", 0..=1),
        ("Arabic", "محمد رحيم الكرواني", 0..=10),
        ("no hit", "Jane Roe Bakery", 0..=0),
        ("hostile", &*hostile, 0..=10),
    ] {
        let query = Query::name(name);
        let found = screener.screen_with(&query, &mut scratch);
        assert!(hits.contains(&found.len()), "{kind}, {name}: {} hits", found.len());
        group.bench_function(kind, |b| b.iter(|| screener.retrieve(black_box(&query), &mut scratch).len()));
    }
    group.finish();
}

fn config() -> Criterion {
    Criterion::default().measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_secs(1))
}

criterion_group! { name = benches; config = config(); targets = queries }
criterion_main!(benches);
