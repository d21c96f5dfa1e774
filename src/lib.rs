//! Sanctions screening: finds listed people, companies, ships and aircraft under any spelling, and explains every
//! hit.
//!
//! A sanctions list names parties that nobody may do business with. A counterparty is rarely written as the list
//! writes it: letters are missing, words change places, a name is transliterated from Arabic or Chinese in one of ten
//! systems, a company has another legal form. This crate compares a name with every name of the lists and returns the
//! entities that score above a threshold. The index only speeds this up: it never loses a hit that a comparison with
//! every listed name would find.
//!
//! ```
//! use interdict::{Index, Query, Screener, list};
//!
//! let lists = [list::starter()]; // or list::read("folder/with/lists")?.lists
//! let screener = Screener::new(Index::build(&lists)?);
//!
//! let hits = screener.screen(&Query::name("北京永信至誠科技股份有限公司"));
//! assert_eq!(hits[0].entity_name, "INTEGRITY TECHNOLOGY GROUP, INCORPORATED");
//!
//! for hit in &hits {
//!     println!("{:.4} {} ({}), matched {}", hit.score, hit.entity_name, hit.list, hit.matched_name);
//! }
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! # Tutorial
//!
//! ## Load lists
//!
//! [`list::read`] takes a file or a folder and detects the layout of each file: OFAC, UN, EU, UK, Canada, Switzerland,
//! Australia, OpenSanctions, Senzing, and generic CSV and JSON Lines. [`list::from_bytes`] reads a list from memory.
//! Records that cannot be read are in [`List::rejected`](list::List::rejected), each with its position and reason; a
//! list never loses a record silently.
//!
//! ```
//! use interdict::list;
//!
//! let loaded = list::read("lists/starter")?;
//! let version = &loaded.lists[0].version;
//! println!("{}: {} entities, {} names", version.name, version.entities, version.names);
//! assert!(loaded.lists[0].rejected.is_empty());
//!
//! let csv = "id,name,aliases,schema,birth_date\n7,PETROVSKY Anatoly,Анатолий Петровский,Person,1970-03-04\n";
//! let own = list::from_bytes("own", csv.as_bytes())?;
//! assert_eq!(own.entities[0].names.len(), 2);
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! ## Build, save and open an index
//!
//! An [`Index`] is immutable. It takes seconds to build from a million names, and milliseconds to open: the file is
//! memory-mapped and its checksums are verified.
//!
//! ```
//! use interdict::{Index, list};
//!
//! let path = std::env::temp_dir().join(format!("interdict-doc-{}.idx", std::process::id()));
//! Index::build(&[list::starter()])?.save(&path)?;
//!
//! let index = Index::open(&path)?;
//! assert_eq!(index.identity().lists[0].name, "starter");
//! println!("{} names in {} bytes", index.names(), index.memory_usage());
//! # std::fs::remove_file(&path).unwrap();
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! ## Screen with fields
//!
//! Birth date, country, gender and schema raise or lower the score of a name; an identifier in common is a hit of its
//! own. [`Options`](screen::Options) holds thresholds, the limit and the weights of the fields.
//!
//! ```
//! use interdict::entity::{Date, Identifier, IdentifierKind, Schema};
//! use interdict::screen::{MatchedBy, Options};
//! use interdict::{Index, Query, Screener, list};
//!
//! let csv = "id,name,schema,birth_date,country,imo\n\
//!            7,PETROVSKY Anatoly,Person,1970-03-04,ru,\n\
//!            8,OCEAN LILY 3,Vessel,,ir,9253325\n";
//! let index = Index::build(&[list::from_bytes("own", csv.as_bytes())?])?;
//! let screener = Screener::new(index).with_options(Options::default().threshold(0.8).limit(5))?;
//!
//! let name = Query::name("Anatoli Petrovski").schema(Schema::Person);
//! let plain = screener.screen(&name)[0].score;
//! let same_day = screener.screen(&name.clone().birth_date(Date::day(1970, 3, 4).unwrap()))[0].score;
//! let other_day = screener.screen(&name.birth_date(Date::day(1991, 12, 24).unwrap()))[0].score;
//! assert!(other_day < plain && plain < same_day);
//!
//! let ship = Query::name("Another Name").identifier(Identifier::new(IdentifierKind::Imo, "IMO 9253325"));
//! let hits = screener.screen(&ship);
//! assert_eq!((&*hits[0].entity_name, hits[0].matched_by), ("OCEAN LILY 3", MatchedBy::Identifier));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! ## Explain a hit
//!
//! [`Screener::explain`] returns the parts of a score: which tokens were matched and how, what was left over on either
//! side, and the effect of each field. It has a text for a reviewer and a serializable
//! [record](screen::ExplanationRecord) for a program.
//!
//! ```
//! use interdict::{Index, Query, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let query = Query::name("Integrety Technolgy Group");
//! let hit = &screener.screen(&query)[0];
//! let explanation = screener.explain(&query, hit).unwrap();
//! println!("{explanation}");
//! assert_eq!(explanation.record().pairs[0].listed, "integrity");
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! ## Threads
//!
//! A [`Screener`] is `Send` and `Sync`, and a clone shares its index. [`Screener::screen_all`] screens a slice of
//! queries on all cores. A server keeps a [`Scratch`](screen::Scratch) for each worker thread: the buffers and caches of
//! one thread, without which a query takes half as long again.
//!
//! ```
//! use interdict::screen::Scratch;
//! use interdict::{Index, Query, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let queries: Vec<Query> = ["Lazarus Group", "Jane Roe"].map(Query::name).into();
//! let hits = screener.screen_all(&queries);
//! assert_eq!(hits.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0]);
//!
//! std::thread::scope(|threads| {
//!     for queries in queries.chunks(1) {
//!         let screener = &screener;
//!         threads.spawn(move || {
//!             let mut scratch = Scratch::default();
//!             queries.iter().map(|query| screener.screen_with(query, &mut scratch).len()).sum::<usize>()
//!         });
//!     }
//! });
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! ## Swap an index under load
//!
//! Lists change every day. A service builds or opens the next index beside the current one and swaps one pointer.
//! Requests that run keep the screener they began with, and the old index is freed when the last of them ends.
//!
//! ```
//! use interdict::{Index, Query, Screener, list};
//! use std::sync::{Arc, RwLock};
//!
//! let screener = |csv: &str| -> interdict::Result<Arc<Screener>> {
//!     Ok(Arc::new(Screener::new(Index::build(&[list::from_bytes("own", csv.as_bytes())?])?)))
//! };
//! let current = RwLock::new(screener("id,name\n1,Volga Star\n")?);
//!
//! // A request: the lock is held only while the pointer is cloned.
//! let answer = || {
//!     let screener = Arc::clone(&current.read().unwrap());
//!     screener.screen(&Query::name("Lena Shipping")).len()
//! };
//! assert_eq!(answer(), 0);
//! let next = screener("id,name\n1,Volga Star\n2,Lena Shipping\n")?;
//! *current.write().unwrap() = next;
//! assert_eq!(answer(), 1);
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! [`Screener::for_changes`] screens against two publications of the lists and reports only the hits that differ.
//!
//! ## Screen a table
//!
//! [`batch`] reads CSV, JSON Lines and workbooks of any length in bounded memory, and writes hits as CSV or JSON.
//!
//! ```
//! use interdict::batch::{Batch, CsvHits, Outputs};
//! use interdict::{Index, Screener, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
//! let table = "customer,country\nLazarus Grupo,kp\nJane Roe,us\n".as_bytes();
//! let summary = Batch::new(&screener).run(table, Outputs::new(&mut hits, &mut rejected))?;
//! assert_eq!((summary.counts.rows, summary.counts.with_hits), (2, 1));
//! print!("{}", String::from_utf8_lossy(&hits.into_inner()?));
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! The programs in `examples/` are longer versions of these.
//!
//! # Modules
//!
//! | module | content |
//! |---|---|
//! | [`entity`] | a listed party: names, dates, countries, identifiers |
//! | [`list`](mod@list) | readers for the layouts in which lists are published |
//! | [`name`] | analysis of one name: script, transliteration, tokens, their classes and weights |
//! | [`score`] | the similarity of two names, and the effect of other fields |
//! | [`index`] | the inverted index over all listed names, and its file format |
//! | [`screen`] | [`Query`] in, [`Hit`]s out: candidate generation, pruning, exact scores |
//! | [`batch`] | a table of counterparties in, hits out |
//! | [`run`] | the types that the modules of a run share |
//! | [`audit`] | audit trails: verified, and replayed |
//! | [`accept`] | hits that a reviewer marked as false positives |
//! | [`payment`] | payment messages: who is named in them, and their verdict |
//! | [`report`] | an HTML page for reviewing hits |
//! | [`evaluate`] | recall and alert rate on labelled names |
//! | [`config`] | options from a TOML file |
//! | [`update`] | downloads of lists from their publishers |
//!
//! # Features
//!
//! The default features are what a user of tables expects. Without them (`default-features = false`) the crate is the
//! matching core: entities, names, scores, index, screening, and readers of lists in CSV, XML and JSON. The core needs
//! no C compiler and no TLS.
//!
//! | feature | default | content |
//! |---|---|---|
//! | `batch` | yes | [`batch`], [`audit`] and [`accept`] |
//! | `config` | yes | [`config`]: options from TOML |
//! | `encodings` | yes | tables in encodings other than UTF-8 |
//! | `evaluate` | yes | [`evaluate`] |
//! | `gzip` | yes | lists and tables compressed with gzip |
//! | `payments` | yes | [`payment`]: ISO 20022, SWIFT MT, NACHA, Fedwire |
//! | `report` | yes | [`report`], and the page of [`evaluate`] |
//! | `xlsx` | yes | workbooks as tables and as lists |
//! | `zstd` | yes | tables compressed with zstd; needs a C compiler |
//! | `update` | no | [`update`]: downloads over HTTPS; needs a C compiler |
//!
//! # Stability
//!
//! A new version may change three things: the interface, the files, and the *scores*. While the major version is 0, a
//! minor release (0.1 → 0.2) may change each of them, and a patch release (0.1.0 → 0.1.1) none, with one exception: a
//! patch release may fix a lost hit. CHANGELOG.md names every such change.
//!
//! **Interface.** Structs and enums that will grow are `#[non_exhaustive]`; use their constructors and setters. Types
//! of `jiff` (dates) and `rayon` (the thread pool of [`Screener::screen_all`]) are part of the interface. Items hidden
//! from this documentation are not.
//!
//! **Files.** An index has a format version ([`index::FORMAT_VERSION`]). [`Index::open`] refuses any other with
//! [`ErrorKind::IndexVersion`]: rebuild the index from its lists. Audit trails of older versions can be verified and
//! replayed. In the output of [`batch`], columns and keys keep their names and order; new ones are added at the end.
//!
//! **Scores.** A threshold means something only as long as scores do not move. Every change to the analysis of names,
//! to the tables behind it or to the formula of the score raises [`name::ANALYSIS_VERSION`]. The version is part of
//! every index, audit trail and evaluation, and an index of another version is refused, so that scores cannot change
//! unnoticed. To pin the scores, pin the crate (`interdict = "=0.1.0"`). To see what an upgrade changes, replay an
//! audit trail ([`audit::replay`] lists the hits that differ) and evaluate on your own labelled names ([`evaluate`])
//! before the new version decides anything.
//!
//! The same version, lists, options and query give the same hits on every machine, with any number of threads.

#![deny(missing_docs)]
#![deny(unsafe_code)]

#[cfg(feature = "batch")]
pub mod accept;
#[cfg(feature = "batch")]
pub mod audit;
#[cfg(feature = "batch")]
pub mod batch;
#[cfg(feature = "config")]
pub mod config;
mod digest;
pub mod entity;
mod error;
#[cfg(feature = "evaluate")]
pub mod evaluate;
pub mod file;
mod file_kind;
mod headers;
pub mod index;
pub mod list;
pub mod name;
#[cfg(feature = "payments")]
pub mod payment;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "batch")]
pub mod run;
pub mod score;
pub mod screen;
pub mod text;
#[cfg(feature = "update")]
pub mod update;
mod util;

/// Internals that tests, benchmarks and fuzz targets of this repository read. There is no promise of
/// stability: any version may change or remove them.
#[doc(hidden)]
pub mod unstable {
    pub use crate::util::osa::{MAX_PATTERN, Pattern};
}

#[cfg(feature = "config")]
pub use config::Config;
pub use error::{ColumnPurpose, Error, ErrorKind, Position, Result, ResumeProblem};
pub use file::WholeFile;
pub use index::Index;
pub use screen::{Hit, Query, Screener};
