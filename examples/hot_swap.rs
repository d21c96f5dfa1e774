//! Replaces the lists of a running service: several threads screen without a pause while the index is swapped.
//!
//! ```console
//! $ cargo run --release --example hot_swap
//! publication 1: 60 entities
//! publication 2: 70 entities
//! …
//! 5 swaps under load; 4 threads answered … queries, 0 of them wrong
//! ```
//!
//! The current screener is behind an `RwLock<Arc<Screener>>`. A request clones the `Arc`, which takes the lock for
//! some nanoseconds, and keeps that screener to its end. The next index is built before the lock is taken, so nobody
//! waits for it. The old index is freed when the last request that uses it ends.

use interdict::screen::Scratch;
use interdict::{Index, Query, Screener, list};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

const THREADS: usize = 4;
const PUBLICATIONS: usize = 5;

/// A service with the lists in force.
struct Service {
    current: RwLock<Arc<Screener>>,
}

impl Service {
    fn new(screener: Screener) -> Service {
        Service { current: RwLock::new(Arc::new(screener)) }
    }

    /// The screener for one request.
    fn screener(&self) -> Arc<Screener> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the lists for requests that begin from now on.
    fn replace(&self, screener: Screener) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(screener);
    }
}

/// The starter list with some entities more in every publication, as lists grow.
fn publication(number: usize) -> interdict::Result<Screener> {
    let mut list = list::starter();
    for i in 0..number * 10 {
        let mut entity = list.entities[0].clone();
        entity.id = format!("added-{i}");
        list.entities.push(entity);
    }
    Ok(Screener::new(Index::build(&[list])?))
}

fn main() -> interdict::Result<()> {
    let service = Service::new(publication(0)?);
    let (stop, answered, wrong) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));

    std::thread::scope(|threads| -> interdict::Result<()> {
        for _ in 0..THREADS {
            threads.spawn(|| {
                // Buffers and caches of this thread. They notice an index that was swapped.
                let mut scratch = Scratch::default();
                let query = Query::name("Lazarus Grup");
                while !stop.load(Relaxed) {
                    let hits = service.screener().screen_with(&query, &mut scratch);
                    // Every publication lists this party, so every answer must have the hit.
                    let is_right = hits.first().is_some_and(|hit| hit.entity_name == "LAZARUS GROUP");
                    wrong.fetch_add(u64::from(!is_right), Relaxed);
                    answered.fetch_add(1, Relaxed);
                }
            });
        }
        // The threads are stopped even if a publication cannot be built.
        let publish = || -> interdict::Result<()> {
            for number in 1..=PUBLICATIONS {
                let next = publication(number)?;
                println!("publication {number}: {} entities", next.index().entities());
                service.replace(next);
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        };
        let result = publish();
        stop.store(true, Relaxed);
        result
    })?;

    let (answered, wrong) = (answered.into_inner(), wrong.into_inner());
    println!(
        "{PUBLICATIONS} swaps under load; {THREADS} threads answered {answered} queries, {wrong} of them wrong"
    );
    assert_eq!(wrong, 0);
    Ok(())
}
