//! Each stage of the work by itself.
//!
//! Reading and analysing names, neighbours of a token, postings with scoring, writing hits; building an index and
//! opening one. What a stage must give is asserted before it is timed.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use interdict::batch::{Batch, CsvHits, HitWriter, JsonHits, Outputs};
use interdict::entity::Schema;
use interdict::name::{AnalysedName, Analyser};
use interdict::score::PairScorer;
use interdict::screen::Scratch;
use interdict::{Index, Query, Screener, list};
use std::hint::black_box;
use std::io::sink;
use std::time::Duration;

// Other targets use more of it than this one does.
#[allow(dead_code)]
mod generate;

const NAMES: usize = 33_055;
const ROWS: usize = 10_000;

fn list_of(names: usize) -> Vec<list::List> {
    let mut bytes = Vec::new();
    generate::list(names, 7, &mut bytes).unwrap();
    vec![list::from_bytes("generated", &bytes).unwrap()]
}

fn analyse(c: &mut Criterion) {
    let mut group = c.benchmark_group("analyse");
    let mut analyser = Analyser::new();
    let mut out = AnalysedName::default();
    for (kind, name, tokens) in [
        ("person", "Mohammad Rahim AL-KARWANI", 4),
        ("company", "ZARIN DARYA SHIPPING COMPANY LIMITED", 4),
        ("Cyrillic", "Анатолий Борисович Петровский", 3),
        ("Arabic", "محمد رحيم الكرواني", 4),
        ("Han company", "永信至诚科技集团股份有限公司", 4),
        ("Hangul", "김철수", 3),
        ("look-alikes", "Аnаtоli Реtrоvskу", 2),
    ] {
        analyser.analyse(name, Schema::Unknown, &mut out);
        assert_eq!(out.tokens().len(), tokens, "{name}: {out:?}");
        group.bench_function(kind, |b| {
            b.iter(|| analyser.analyse(black_box(name), Schema::Unknown, &mut out))
        });
    }
    group.finish();
}

fn score(c: &mut Criterion) {
    let mut scorer = PairScorer::default();
    let mut pair = |a, b| scorer.score(black_box(a), b, Schema::Person);
    assert!(pair("Vladimir Petrovsky", "PETROVSKI, Wladimir") > 0.85);
    c.bench_function("score a pair", |b| b.iter(|| pair("Vladimir Petrovsky", "PETROVSKI, Wladimir")));
}

fn retrieve(c: &mut Criterion) {
    let index = Index::build(&list_of(NAMES)).unwrap();
    let name = index.entity(0).unwrap().0.primary_name().to_string();
    let query = Query::name(&name);
    let mut group = c.benchmark_group("retrieve");
    let mut scratch = Scratch::default();
    // A fresh screener each time: the cache of neighbours is part of it.
    group.bench_function("neighbours of new tokens, then the rest", |b| {
        b.iter_batched(
            || Screener::new(index.clone()),
            |fresh| assert!(!fresh.retrieve(&query, &mut scratch).is_empty()),
            BatchSize::PerIteration,
        );
    });
    let screener = Screener::new(index.clone());
    assert_eq!(screener.screen(&query)[0].score, 1.0, "{name}");
    group.bench_function("postings and scoring, tokens known", |b| {
        b.iter(|| screener.retrieve(black_box(&query), &mut scratch).len());
    });
    group.finish();
}

fn index(c: &mut Criterion) {
    let mut group = c.benchmark_group("index");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    let lists = list_of(10_000);
    group.throughput(Throughput::Elements(10_000));
    group.bench_function("build, 10 thousand names", |b| {
        b.iter(|| assert_eq!(Index::build(black_box(&lists)).unwrap().names(), 10_000));
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    Index::build(&list_of(NAMES)).unwrap().save(&path).unwrap();
    group.throughput(Throughput::Bytes(std::fs::metadata(&path).unwrap().len()));
    group.bench_function("open and verify, 33 thousand names", |b| {
        b.iter(|| assert_eq!(Index::open(black_box(&path)).unwrap().names(), NAMES));
    });
    group.finish();
}

fn table(c: &mut Criterion) {
    let mut rows = Vec::new();
    generate::counterparties(ROWS, 11, 7, 200, &mut rows).unwrap();
    let mut group = c.benchmark_group("table");
    group.throughput(Throughput::Elements(ROWS as u64));
    // Against a list that no row has a word in common with: reading, analysing, and looking in vain.
    let nobody = list::from_bytes("nobody", b"name\nxqzzv wwxqk\n").unwrap();
    let screener = Screener::new(Index::build(&[nobody]).unwrap());
    group.bench_function("read and analyse", |b| {
        b.iter(|| {
            let (mut hits, mut rejected) = (CsvHits::new(sink()), Vec::new());
            let outputs = Outputs::new(&mut hits, &mut rejected);
            let summary = Batch::new(&screener).run(black_box(&rows[..]), outputs).unwrap();
            assert_eq!(
                (summary.counts.screened, summary.counts.rejected, summary.counts.hits),
                (ROWS as u64, 0, 0)
            );
        });
    });
    // A row that all others repeat: its answer is known, and what remains is reading it and writing its hit.
    let listed = list::from_bytes("generated", b"name\nZARIN DARYA SHIPPING COMPANY LIMITED\n").unwrap();
    let screener = Screener::new(Index::build(&[listed]).unwrap());
    let rows = format!("name\n{}", "Zarin Daria Shiping Company\n".repeat(ROWS));
    let run = |hits: &mut dyn HitWriter| {
        let mut rejected = Vec::new();
        let outputs = Outputs::new(hits, &mut rejected);
        let summary = Batch::new(&screener).run(black_box(rows.as_bytes()), outputs).unwrap();
        assert_eq!(summary.counts.hits, ROWS as u64);
    };
    group.bench_function("read and write hits as CSV", |b| b.iter(|| run(&mut CsvHits::new(sink()))));
    group.bench_function("read and write hits as JSON", |b| b.iter(|| run(&mut JsonHits::new(sink()))));
    group.finish();
}

fn config() -> Criterion {
    Criterion::default().measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_secs(1))
}

criterion_group! { name = benches; config = config(); targets = analyse, score, retrieve, index, table }
criterion_main!(benches);
