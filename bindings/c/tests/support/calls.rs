//! Material for the comparison of the ways into the library, and what a call of the C interface costs above the library.
//!
//! ```console
//! $ calls material FOLDER NAMES ROWS   # list.csv, list.idx, names.txt and names.csv, all made up
//! $ calls index LIST INDEX             # an index of a list
//! $ calls measure FOLDER CALLS         # library.tsv: a line a hit; and the cost of calls from four threads
//! ```
//!
//! The cost is processor time of the calling threads, which others on the machine disturb little. The ways are measured in
//! turn, in chunks, on the same names; every answer of the C interface is compared with that of the library.

#[allow(dead_code)]
#[path = "../../../../benches/generate/mod.rs"]
mod generate;

use interdict::entity::Schema;
use interdict::run::{HitRecord, Party};
use interdict::screen::{Query, Scratch};
use interdict::{Hit, Index, Screener, list};
use interdict_ffi::*;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::ptr::null;
use std::time::Duration;

const THREADS: usize = 4;
/// Names that one way screens before the next one is measured.
const CHUNK: usize = 500;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["material", folder, names, rows] => material(Path::new(folder), names.parse()?, rows.parse()?),
        ["index", list, index] => Ok(Index::build(&list::read(list)?.lists)?.save(index)?),
        ["measure", folder, calls] => measure(Path::new(folder), calls.parse()?),
        _ => Err("usage: calls material FOLDER NAMES ROWS | index LIST INDEX | measure FOLDER CALLS".into()),
    }
}

fn material(folder: &Path, names: usize, rows: usize) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut csv = Vec::new();
    generate::list(names, 7, &mut csv)?;
    fs::write(folder.join("list.csv"), &csv)?;
    Index::build(&list::read(folder.join("list.csv"))?.lists)?.save(folder.join("list.idx"))?;
    let mut csv = Vec::new();
    generate::counterparties(rows, 11, 7, 5, &mut csv)?;
    let table = list::from_bytes("rows", &csv)?;
    let names: Vec<&str> = table.entities.iter().map(|entity| entity.primary_name()).collect();
    let quoted = |name: &&str| format!("\"{}\"\n", name.replace('"', "\"\""));
    fs::write(folder.join("names.txt"), names.join("\n") + "\n")?;
    fs::write(folder.join("names.csv"), format!("name\n{}", names.iter().map(quoted).collect::<String>()))?;
    println!("{} names to screen", names.len());
    Ok(())
}

/// A hit as every way writes it.
fn line(row: usize, hit: &Hit) -> String {
    let r = HitRecord::new(hit, None);
    let group = r.group.as_deref().unwrap_or_default();
    format!(
        "{row}\t{:.5}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{group}\n",
        r.score, r.list, r.entity_id, r.entity_name, r.matched_name, r.schema, r.program, r.matched_by
    )
}

/// The processor time that this thread has taken.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a place for the time.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Processor time of each way: the library, structs, JSON.
type Times = [Duration; 3];

fn measure(folder: &Path, calls: usize) -> Result<()> {
    let names = fs::read_to_string(folder.join("names.txt"))?;
    let names: Vec<&str> = names.lines().collect();
    let index = folder.join("list.idx");
    let library = Screener::new(Index::open(&index)?);
    let path = index.to_str().ok_or("a folder whose path is no UTF-8")?;
    let mut screener = 0;
    // SAFETY: a path with its length.
    let status = unsafe { interdict_open(&path.as_ptr().cast(), &path.len(), 1, null(), 0, &mut screener) };
    assert_eq!(status, interdict_status::INTERDICT_OK);

    let queries = names.iter().map(|name| Party::new(*name).queries(Schema::Unknown));
    let queries =
        queries.collect::<std::result::Result<Vec<_>, _>>().map_err(|reason| reason.to_string())?.concat();
    assert_eq!(queries.len(), names.len());
    let mut lines = String::new();
    for (row, query) in (1..).zip(&queries) {
        library.screen(query).iter().for_each(|hit| lines += &line(row, hit));
    }
    fs::write(folder.join("library.tsv"), lines)?;

    let run = |calls: usize| -> Times {
        std::thread::scope(|threads| {
            let part = |t: usize| {
                let (library, names, queries) = (&library, &names, &queries);
                threads.spawn(move || {
                    let first = t * names.len() / THREADS;
                    Caller::new(library, screener).run(names, queries, first, calls / THREADS)
                })
            };
            let parts: Vec<_> = (0..THREADS).map(part).collect();
            let times = parts.into_iter().map(|part| part.join().expect("no answer differs"));
            times.fold(Times::default(), |sum, times| std::array::from_fn(|i| sum[i] + times[i]))
        })
    };
    run(calls / 10);
    let times = run(calls);
    let [library, structs, json] = times.map(|time| time.as_nanos() as f64 / 1000.0 / calls as f64);
    println!(
        "{calls} calls from {THREADS} threads, us of processor time a call: library {library:.3}, C structs {structs:.3} \
         (+{:.3}), C JSON {json:.3} (+{:.3})",
        structs - library,
        json - library
    );
    interdict_free(screener);
    Ok(())
}

/// A thread that calls in three ways.
struct Caller<'s> {
    library: &'s Screener,
    screener: interdict_screener,
    scratch: Scratch,
    hits: Vec<interdict_hit>,
    texts: Vec<u8>,
    party: String,
}

impl<'s> Caller<'s> {
    fn new(library: &'s Screener, screener: interdict_screener) -> Self {
        let (hits, texts) = (vec![interdict_hit::default(); 64], vec![0; 1 << 16]);
        Caller { library, screener, scratch: Scratch::default(), hits, texts, party: String::new() }
    }

    fn run(&mut self, names: &[&str], queries: &[Query], first: usize, calls: usize) -> Times {
        let mut times = Times::default();
        let mut expected: Vec<(usize, f32)> = Vec::with_capacity(CHUNK);
        for begin in (0..calls).step_by(CHUNK) {
            let places = (begin..calls.min(begin + CHUNK)).map(|n| (first + n) % names.len());
            expected.clear();
            let start = processor_time();
            for at in places.clone() {
                let hits = self.library.screen_with(&queries[at], &mut self.scratch);
                expected.push((hits.len(), hits.first().map_or(0.0, |hit| hit.score)));
            }
            let library = processor_time();
            for (at, expected) in places.clone().zip(&expected) {
                assert_eq!(self.structs(names[at]), *expected, "{}", names[at]);
            }
            let structs = processor_time();
            places.clone().for_each(|at| self.json(names[at]));
            let json = processor_time();
            times[0] += library - start;
            times[1] += structs - library;
            times[2] += json - structs;
        }
        times
    }

    /// The number of hits, and the score of the best.
    fn structs(&mut self, name: &str) -> (usize, f32) {
        let mut answer = interdict_answer::default();
        // SAFETY: pointers and lengths are those of texts and vectors.
        let status = unsafe {
            interdict_screen_name(
                self.screener,
                name.as_ptr().cast(),
                name.len(),
                self.hits.as_mut_ptr(),
                self.hits.len(),
                self.texts.as_mut_ptr().cast(),
                self.texts.len(),
                &mut answer,
            )
        };
        assert_eq!(status, interdict_status::INTERDICT_OK);
        (answer.written, if answer.written == 0 { 0.0 } else { self.hits[0].score })
    }

    fn json(&mut self, name: &str) {
        self.party.clear();
        let _ = write!(self.party, "{{\"name\":{}}}", serde_json::Value::from(name));
        let mut json = std::ptr::null_mut();
        // SAFETY: a text with its length, and an answer that is freed.
        unsafe {
            let (party, len) = (self.party.as_ptr().cast(), self.party.len());
            let status = interdict_screen_json(self.screener, party, len, &mut json, std::ptr::null_mut());
            assert_eq!(status, interdict_status::INTERDICT_OK);
            interdict_string_free(json);
        }
    }
}
