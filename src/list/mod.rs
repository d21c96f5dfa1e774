//! Reading lists as governments publish them.
//!
//! Every layout has a reader of its own, in a file of its own. [`read`] takes a file or a folder, tells each
//! file's layout by its content, never by its name alone, and gives one [`List`] for each publication found.
//!
//! ```no_run
//! let lists = interdict::list::read("lists/sdn.csv")?;
//! for list in &lists {
//!     println!("{}: {} entities, {} rejected", list.version.name, list.entities.len(), list.rejected.len());
//! }
//! # Ok::<(), interdict::Error>(())
//! ```
//!
//! Nothing is skipped in silence: every record of a file is either in `entities` or in `rejected`, with its
//! position and the reason, and `version.records` is the sum.

use crate::entity::{Date, Entity};
use crate::error::Position;
use serde::{Deserialize, Serialize};

/// Which published layout a list was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Layout {
    /// OFAC's delimited files: sdn.csv with alt.csv, add.csv and sdn_comments.csv beside it.
    OfacDelimited,
    /// OFAC's sdnList XML (SDN and consolidated).
    OfacXml,
    /// The UN Security Council's consolidated list, XML.
    UnXml,
    /// Canada's consolidated autonomous sanctions list (SEMA), XML.
    CanadaXml,
    /// OpenSanctions' simplified table, targets.simple.csv.
    OpenSanctionsSimple,
    /// OpenSanctions' FollowTheMoney entities, one JSON object a line.
    FollowTheMoney,
    /// The generic CSV described in [`generic`].
    GenericCsv,
}

/// What identifies a list that was read, and how much of it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListVersion {
    /// The list's name as it stands in hits.
    pub name: String,
    /// The layout it was read in.
    pub layout: Layout,
    /// The publication date, where the file tells one.
    pub published: Option<Date>,
    /// SHA-256 of the file's bytes in hexadecimal; of several files in the order of their parts.
    pub sha256: String,
    /// Records read: entities and rejected ones together.
    pub records: u64,
    /// Entities loaded.
    pub entities: u64,
    /// Names of these entities, aliases included.
    pub names: u64,
    /// Names that are not primary names.
    pub aliases: u64,
    /// Records rejected.
    pub rejected: u64,
}

/// A record that could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file it stands in.
    pub file: String,
    /// Where in the file.
    pub position: Position,
    /// Why, in a sentence for people.
    pub reason: String,
}

/// A list as read: its version, its entities in the order of the file, and what was rejected.
#[derive(Clone, Debug)]
pub struct List {
    /// Identity and counts.
    pub version: ListVersion,
    /// The parties listed.
    pub entities: Vec<Entity>,
    /// The records that were not loaded.
    pub rejected: Vec<Rejected>,
}
