//! Every stage, with the hits asserted. Uses the starter list, and the bench list where it is at hand.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use interdict::entity::Schema;
use interdict::name::{Analysed, Analyser};
use interdict::score::PairScorer;
use interdict::screen::{Options, Scratch};
use interdict::{Index, Query, Screener, list};
use std::hint::black_box;

fn analyse(c: &mut Criterion) {
    let mut group = c.benchmark_group("analyse");
    let mut analyser = Analyser::new();
    let mut out = Analysed::default();
    for (kind, name) in [
        ("latin", "Mohammad Rahim AL-KARWANI"),
        ("cyrillic", "Анатолий Борисович Петровский"),
        ("han", "永信至诚科技集团股份有限公司"),
        ("company", "ZARIN DARYA SHIPPING COMPANY LIMITED"),
    ] {
        group.bench_function(kind, |b| {
            b.iter(|| analyser.analyse(black_box(name), Schema::Unknown, &mut out))
        });
    }
    group.finish();
    c.bench_function("score a pair", |b| {
        let mut scorer = PairScorer::default();
        assert!(scorer.score("Vladimir Petrovsky", "PETROVSKI, Wladimir", Schema::Person) > 0.85);
        b.iter(|| scorer.score(black_box("Vladimir Petrovsky"), "PETROVSKI, Wladimir", Schema::Person));
    });
}

fn one_query(c: &mut Criterion) {
    let screener = Screener::new(Index::build(&[list::starter()]).unwrap());
    let mut scratch = Scratch::default();
    let mut group = c.benchmark_group("one query, starter list");
    for (kind, name, hits) in [
        ("exact", "LAZARUS GROUP", 1),
        ("typo", "Integrety Technolgy Group", 1),
        ("han", "北京永信至誠科技股份有限公司", 1),
        ("common tokens", "Alexander Ivanov", 0),
        ("no hit", "Jane Roe Bakery", 0),
    ] {
        let query = Query::name(name);
        assert_eq!(screener.screen_with(&query, &mut scratch).len(), hits, "{name}");
        group.bench_function(kind, |b| b.iter(|| screener.retrieve(black_box(&query), &mut scratch).len()));
    }
    group.finish();
    c.bench_function("neighbours of a new token", |b| {
        // A fresh screener each time: the cache is part of it.
        let query = Query::name("Vladimirovich");
        b.iter_batched(
            || Screener::new(screener.index().clone()),
            |fresh| fresh.retrieve(&query, &mut scratch).len(),
            criterion::BatchSize::LargeInput,
        );
    });
}

fn batch(c: &mut Criterion) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let Ok(loaded) = list::read(format!("{folder}/lists/bench/ofac_un_latin.csv")) else {
        eprintln!("skipped: the bench list is absent");
        return;
    };
    let index = Index::build(&loaded.lists).unwrap();
    let mut reader = csv::Reader::from_path(format!("{folder}/queries/mutations.dev.csv")).unwrap();
    let queries: Vec<Query> = reader.records().map(|r| Query::name(&r.unwrap()[3])).collect();
    let mut group = c.benchmark_group("batch of mutations, bench list");
    group.throughput(Throughput::Elements(queries.len() as u64)).sample_size(10);
    for threshold in [0.80, 0.85, 0.95] {
        let options = Options { threshold, ..Options::default() };
        let screener = Screener::new(index.clone()).with_options(options).unwrap();
        let mut scratch = Scratch::default();
        let hit = queries.iter().filter(|q| !screener.retrieve(q, &mut scratch).is_empty()).count();
        assert!(hit * 10 > queries.len() * 8, "{hit} of {} hit at {threshold}", queries.len());
        group.bench_function(format!("at {threshold}"), |b| {
            b.iter(|| queries.iter().map(|q| screener.retrieve(q, &mut scratch).len()).sum::<usize>());
        });
    }
    group.finish();
}

criterion_group!(benches, analyse, one_query, batch);
criterion_main!(benches);
