//! Payment messages: the extraction alone, and with screening against 33,055 made-up names.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use interdict::payment::{self, Embargo};
use interdict::screen::Scratch;
use interdict::{Index, Screener, list};
use std::hint::black_box;
use std::time::Duration;

// Other targets use more of it than this one does.
#[allow(dead_code)]
mod generate;
#[path = "generate/payments.rs"]
mod generate_payments;

/// Names of invented counterparties.
fn names(count: usize) -> Vec<String> {
    let mut table = Vec::new();
    generate::counterparties(count, 11, 7, 200, &mut table).unwrap();
    let mut rows = csv::Reader::from_reader(&table[..]);
    rows.records().map(|row| row.unwrap()[1].to_string()).collect()
}

fn payments(c: &mut Criterion) {
    let names = names(6000);
    let messages: Vec<String> = (0..1000).map(|n| generate_payments::pacs008(n, &names)).collect();
    let bytes: usize = messages.iter().map(String::len).sum();
    let mut group = c.benchmark_group("payments");
    group.throughput(Throughput::Bytes((bytes / messages.len()) as u64));
    let mut next = 0;
    let mut message = || {
        next += 1;
        messages[next % messages.len()].as_bytes()
    };
    group.bench_function("extract pacs.008", |b| {
        b.iter_batched(
            &mut message,
            |bytes| payment::read(black_box(bytes))[0].subjects.len(),
            BatchSize::SmallInput,
        );
    });
    let mut list = Vec::new();
    generate::list(33_055, 7, &mut list).unwrap();
    let screener = Screener::new(Index::build(&[list::from_bytes("generated", &list).unwrap()]).unwrap());
    let (mut scratch, embargo) = (Scratch::default(), Embargo::new(["KP", "IR"], ["Sevastopol"]).unwrap());
    group.throughput(Throughput::Elements(1));
    group.bench_function("extract and screen pacs.008", |b| {
        b.iter_batched(
            &mut message,
            |bytes| {
                let messages = payment::read(black_box(bytes));
                payment::screen(&screener, &messages[0], &embargo, &mut scratch).findings.len()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn config() -> Criterion {
    Criterion::default().measurement_time(Duration::from_secs(5)).warm_up_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = config(); targets = payments }
criterion_main!(benches);
