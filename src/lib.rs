//! Sanctions screening: finds listed people, companies, ships and aircraft under any spelling, and explains
//! every hit.
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
//! | module | content |
//! |---|---|
//! | [`entity`] | the data of a listed party |
//! | [`list`] | reading lists as published |
//! | [`name`] | analysis of one name |
//! | [`score`] | similarity of two names, and its explanation |
//! | [`index`] | every listed name, ready for retrieval |
//! | [`screen`] | a query in, hits out |
//!
//! Modules behind a cargo feature:
//!
//! | module | content |
//! |---|---|
#![cfg_attr(feature = "batch", doc = "| [`batch`] | a table of counterparties in, hits out |")]
#![cfg_attr(feature = "batch", doc = "| [`run`] | the types that the modules of a run share |")]
#![cfg_attr(feature = "batch", doc = "| [`audit`] | the audit trail of a run, its verification and replay |")]
#![cfg_attr(feature = "batch", doc = "| [`accept`] | hits accepted as false positives |")]
#![cfg_attr(feature = "report", doc = "| [`report`] | a page of hits for a browser |")]
#![cfg_attr(feature = "evaluate", doc = "| [`evaluate`] | recall and alert rate on labelled names |")]
#![cfg_attr(feature = "config", doc = "| [`config`] | the options of a screener as a file |")]
#![cfg_attr(feature = "update", doc = "| [`update`] | fetching lists from their publishers |")]

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
mod file;
pub mod index;
pub mod list;
pub mod name;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "batch")]
pub mod run;
pub mod score;
pub mod screen;
#[cfg(feature = "update")]
pub mod update;
mod util;

#[cfg(feature = "config")]
pub use config::Config;
pub use error::{ColumnPurpose, Error, ErrorKind, Position, Result, ResumeProblem};
pub use file::WholeFile;
pub use index::Index;
pub use screen::{Hit, Query, Screener};
