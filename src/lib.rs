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
//! | room | what |
//! |---|---|
//! | [`entity`] | what a list says of a party |
//! | [`list`] | reading lists as published |
//! | [`name`] | analysis of one name |
//! | [`score`] | how alike two names are, and why |
//! | [`index`] | every listed name, ready to be found |
//! | [`screen`] | a query in, hits out |
//! | [`batch`] | a table of counterparties in, hits out |
//! | [`audit`] | what was decided, provably unchanged, and screened again |
//! | [`evaluate`] | recall and alerts, measured |
//! | [`config`] | what may be tuned |
//! | [`update`] | fetching lists from their publishers |
//! | [`accept`] | hits that somebody looked at and accepted |
//! | [`report`] | a page to read hits on |

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
