//! Whole tables: CSV in, hits out, by threshold, by length of the list, and by threads.
//!
//! Every run begins with an empty cache of neighbours, as a process does. The list of a million names is built
//! only where INTERDICT_BENCH_MILLION is set: that takes a minute.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use interdict::batch::{Batch, CsvHits, Outputs, Summary};
use interdict::screen::Options;
use interdict::{Index, Screener, list};
use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

// Other targets use more of it than this one does.
#[allow(dead_code)]
mod generate;

/// Rows of a table; one in 20 is a listed party, written differently.
const ROWS: usize = 5_000;
const ONE_IN: usize = 20;

fn index(names: usize) -> Index {
    let mut bytes = Vec::new();
    generate::list(names, 7, &mut bytes).unwrap();
    Index::build(&[list::from_bytes("generated", &bytes).unwrap()]).unwrap()
}

fn table() -> Vec<u8> {
    let mut bytes = Vec::new();
    generate::counterparties(ROWS, 11, 7, ONE_IN, &mut bytes).unwrap();
    bytes
}

fn run(index: &Index, threshold: f32, rows: &[u8]) -> (Summary, Vec<u8>) {
    let options = Options::default().threshold(threshold);
    let screener = Screener::new(index.clone()).with_options(options).unwrap();
    let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
    let summary = Batch::new(&screener).run(rows, Outputs::new(&mut hits, &mut rejected)).unwrap();
    (summary, hits.into_inner().unwrap())
}

/// Checks that listed parties are found and few others are.
fn check(index: &Index, threshold: f32, rows: &[u8]) {
    let (summary, hits) = run(index, threshold, rows);
    assert_eq!((summary.counts.rows, summary.counts.screened), (ROWS as u64, ROWS as u64));
    let listed: HashMap<String, String> = csv::Reader::from_reader(rows)
        .records()
        .map(|r| r.map(|r| (r[0].to_string(), r[3].to_string())).unwrap())
        .filter(|(_, listed)| !listed.is_empty())
        .collect();
    let (mut found, mut others) = (std::collections::HashSet::new(), std::collections::HashSet::new());
    for hit in csv::Reader::from_reader(&hits[..]).records().map(Result::unwrap) {
        match listed.get(&hit[0]) {
            Some(id) if *id == hit[4] => drop(found.insert(hit[0].to_string())),
            Some(_) => {}
            None => drop(others.insert(hit[0].to_string())),
        }
    }
    assert_eq!(listed.len(), ROWS / ONE_IN);
    // At 0.95 only what is hardly changed; at 0.80 nearly all, and some that are only alike.
    let least = if threshold > 0.9 { 0.5 } else { 0.9 };
    let (found, others) = (found.len() as f64 / listed.len() as f64, others.len() as f64 / ROWS as f64);
    assert!(found >= least && others < 0.05, "at {threshold}: {found} found, {others} alerts");
}

fn batches(c: &mut Criterion) {
    let rows = table();
    let pool = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let two = pool(2);
    let mut group = c.benchmark_group("5,000 rows");
    group.throughput(Throughput::Elements(ROWS as u64));
    let mut bench = |index: &Index, threshold: f32, pool: &rayon::ThreadPool, what: String| {
        pool.install(|| check(index, threshold, &rows));
        group.bench_function(what, |b| {
            b.iter(|| pool.install(|| run(index, threshold, black_box(&rows)).0.counts.hits));
        });
    };
    let usual = index(33_055);
    for threshold in [0.80, 0.85, 0.95] {
        bench(&usual, threshold, &two, format!("33,055 names, at {threshold}, 2 threads"));
    }
    bench(&usual, 0.85, &pool(1), "33,055 names, at 0.85, 1 thread".into());
    let million = std::env::var_os("INTERDICT_BENCH_MILLION").is_some();
    for names in [10_000, 100_000, 1_000_000].into_iter().filter(|n| *n < 1_000_000 || million) {
        bench(&index(names), 0.85, &two, format!("{names} names, at 0.85, 2 threads"));
    }
    group.finish();
}

fn config() -> Criterion {
    let seconds = Duration::from_secs;
    Criterion::default().sample_size(10).measurement_time(seconds(3)).warm_up_time(seconds(1))
}

criterion_group! { name = benches; config = config(); targets = batches }
criterion_main!(benches);
