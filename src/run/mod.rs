//! A run over a table, as the modules that take part in one share it.
//!
//! [`batch`](crate::batch) carries a run out; [`audit`](crate::audit) records and replays it,
//! [`accept`](crate::accept) marks its false positives. The types that pass between them are here, so that
//! none of these modules depends on another one for its types:
//!
//! | type | meaning |
//! |---|---|
//! | [`RunIdentity`] | program, configuration, lists and input of a run |
//! | [`RowCounts`] | rows read, screened and rejected, and their hits |
//! | [`Columns`] | the meaning of the columns of a table |
//! | [`Party`] | a counterparty by its fields, for callers without a table |
//! | [`ScreenedRow`], [`ScreenedHit`], [`RejectedRow`] | a row and its outcome |
//! | [`HitRecord`], [`HitLine`] | a hit as it is written and read back |
//! | [`AcceptanceLookup`] | finds the acceptance of a hit |

mod cells;
mod column_choice;
mod columns;
mod compared;
mod counts;
mod field;
mod hit_record;
mod identity;
#[cfg(feature = "config")]
mod mapping;
mod mend;
mod name_columns;
mod party;
mod regions;
mod row;

pub(crate) use cells::CellSense;
pub use column_choice::ColumnChoice;
pub use columns::{Columns, query_of_cells};
pub(crate) use columns::{RowNotes, normalized, set_query};
pub use compared::ComparedFields;
pub use counts::RowCounts;
pub use field::{Field, NAME_COLUMNS};
pub(crate) use hit_record::rounded;
pub use hit_record::{
    ACCEPTED, CLEARED_BY, COMPARED, Cell, HIT_COLUMNS, HitLine, HitRecord, QUERY_PART, QUERY_SPAN,
};
pub use identity::{Configuration, InputIdentity, ListIdentity, RunIdentity, TEXT_COLUMN};
#[cfg(feature = "config")]
pub use mapping::Mapping;
pub use party::Party;
pub use row::{AcceptanceLookup, RejectReason, RejectedRow, ScreenedHit, ScreenedRow};
