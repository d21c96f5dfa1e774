//! The audit trail: what was decided about every row, provably unchanged, and screened again.
//!
//! ```
//! use interdict::{Index, Screener, audit, batch::{Batch, CsvHits, Identity, Outputs}, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let identity = Identity::new(screener.index(), Default::default(), Default::default());
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("audit.jsonl");
//! let mut trail = audit::Writer::new(std::fs::File::create(&path)?, &identity, "2026-01-31");
//! let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
//! let outputs = Outputs::new(&mut hits, &mut rejected).audit(Some(&mut trail));
//! Batch::new(&screener).run("name\nLAZARUS GROUP\n".as_bytes(), outputs)?;
//!
//! let checked = audit::verify(std::fs::File::open(&path)?)?;
//! assert!(checked.is_intact() && checked.counts.hits == 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The layout, version 1
//!
//! JSON Lines in UTF-8, each line ended by `\n`. Every line is an object whose first key is `previous`: the
//! SHA-256, in hexadecimal, of the bytes of the line before without its `\n`; 64 zeros in the first.
//!
//! | line | keys behind `previous` |
//! |---|---|
//! | first | `audit` (1, the layout's version), `program`, `date` (day in UTC on which the run began), `configuration`, `configuration_sha256` (of the JSON of `configuration`), `lists` (`name`, `published`, `sha256`, `entities`, `names`), `input` (`path`, `sha256`, `bytes`), `layout` and `columns` (how the input was read) |
//! | a row | `row`, `line`, `id` where there is one, `names`: for each name screened `column`, `name`, `fields` (pairs of field and text, as written), `hits` |
//! | a rejected row | `row`, `line`, `rejected`: why |
//! | last | `end`: the counts of the run, and `seal`: the SHA-256 of the line up to its own comma |
//!
//! A hit: `score`, `list`, `entity_id`, `entity_hash` (of the listed entity's data), `entity_name`,
//! `matched_name`, `schema`, `program`, `matched_by`, `accepted` where an acceptance covers it, and `reasons`:
//! what `interdict explain` shows, as numbers.
//!
//! # What can be known
//!
//! A record that was changed, removed, added or moved breaks the chain, and so does every byte of the file.
//! A tail that was cut off takes the last line with it. Who rewrites all hashes from some record on makes
//! another valid file: keep its seal elsewhere (`interdict audit verify` prints it) and compare.
//!
//! Cost: about 300 bytes and a microsecond for a row without hits; each hit is explained once more. The file
//! holds no time of day, so that a resumed run writes the same bytes.

mod record;
mod replay;
mod verify;
mod write;

pub(crate) use record::Row;
pub use replay::{Cause, Change, Replay, replay};
pub use verify::{Checked, Problem, header, verify};
pub use write::{State, Writer};

/// Version of the layout.
pub const LAYOUT: u32 = 1;

/// What stands for the hash before the first line.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
