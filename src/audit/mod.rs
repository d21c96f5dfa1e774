//! The audit trail of a run: a record of the decision about every row, in a hash chain that shows any change,
//! and the replay of its queries.
//!
//! ```
//! use interdict::{Index, Screener, audit, batch::{Batch, CsvHits, Outputs, RunIdentity}, list};
//!
//! let screener = Screener::new(Index::build(&[list::starter()])?);
//! let identity = RunIdentity::new(screener.index(), Default::default(), Default::default());
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("audit.jsonl");
//! let mut trail = audit::Writer::new(std::fs::File::create(&path)?, &identity, "2026-01-31");
//! let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
//! let outputs = Outputs::new(&mut hits, &mut rejected).audit(Some(&mut trail));
//! Batch::new(&screener).run("name\nLAZARUS GROUP\n".as_bytes(), outputs)?;
//!
//! let report = audit::verify(std::fs::File::open(&path)?)?;
//! assert!(report.is_intact() && report.counts.hits == 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The layout, version 1
//!
//! JSON Lines in UTF-8, each line ended by `\n`. Every line is an object whose first key is `previous`: the
//! SHA-256, in hexadecimal, of the bytes of the line before, without its `\n`. In the first line it is 64
//! zeros.
//!
//! | line | keys behind `previous` |
//! |---|---|
//! | first | `audit` (1, the layout's version), `program`, `date` (day in UTC on which the run began), `configuration`, `configuration_sha256` (of the JSON of `configuration`), `lists` (`name`, `published`, `sha256`, `entities`, `names`), `input` (`path`, `sha256`, `bytes`), `layout` and `columns` (how the input was read) |
//! | a row | `row`, `line`, `id` if there is one, `at` and `request` if it came to a service, `names`: for each name screened `column`, `name`, `fields` (pairs of field and text, as written), `hits` |
//! | a rejected row | `row`, `line`, `rejected`: the reason |
//! | last | `end`: the counts of the run, and `seal`: the SHA-256 of the line up to its own comma |
//!
//! A run may be appended to a trail: its first line then has the hash of the last line of the run before as `previous`,
//! and numbers of rows begin anew.
//!
//! A hit is a [`HitRecord`](crate::run::HitRecord): `score`, `list`, `entity_id`, `entity_hash` (of the
//! listed entity's data), `entity_name`, `matched_name`, `schema`, `program`, `matched_by`, `accepted` if an
//! acceptance covers it, and `reasons`: its explanation as numbers.
//!
//! # What a trail proves
//!
//! A record that was changed, removed, added or moved breaks the chain, and so does every changed byte of the
//! file. A truncated file lacks the last line. Somebody who recomputes all hashes from some record on makes
//! another valid file: keep the [seal](VerifyReport::seal) elsewhere and compare.
//!
//! Cost: about 300 bytes and a microsecond for a row without hits; each hit is explained once more. Limits:
//! the file holds no time of day, so that a resumed run writes the same bytes.

mod record;
mod replay;
mod trail;
mod verify;
mod write;

pub(crate) use record::AuditRow;
pub use replay::{Cause, Replay, ReplayDifference, replay};
pub use trail::{Record, Trail};
pub use verify::{Problem, VerifyReport, header, verify};
pub use write::{TrailState, Writer};

/// Version of the layout.
pub const VERSION: u32 = 1;

/// The link of the first line, which has no line before it.
const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
