//! What is told of a table after it was read: what was forgiven, and what was not understood.

use crate::run::{CellSense, Columns, RowNotes};
use rustc_hash::FxHashMap;

/// Distinct values of a column that are counted one by one; the cells of others are counted together.
const MAX_VALUES: usize = 10_000;
/// Values of a column that a line shows.
const SHOWN_VALUES: usize = 10;
/// Characters of a value that are shown.
const SHOWN_CHARS: usize = 40;

/// How often something was met, and the first record with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// 1-based number of the first record; 0 if there is none.
    pub first_row: u64,
}

impl Tally {
    fn add(&mut self, row: u64, count: u64) {
        if count > 0 && self.count == 0 {
            self.first_row = row;
        }
        self.count += count;
    }
}

/// The cells of a column that tell nothing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SilentCells {
    /// The field.
    pub field: &'static str,
    /// The header of the column.
    pub column: String,
    /// Whether the cells hold dates that stand for none, as 1900-01-01, and not something that is not understood.
    pub placeholder: bool,
    /// Whether the cells name regions under embargo that are no countries.
    pub region: bool,
    /// How many cells there are.
    pub cells: u64,
    /// 1-based number of the first record with such a cell.
    pub first_row: u64,
    /// How often each value was met, by the value; the first ten thousand values.
    values: FxHashMap<String, u64>,
}

impl SilentCells {
    /// The values, the most frequent one first, with their counts.
    pub fn values(&self) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> = self.values.iter().map(|(v, n)| (v.as_str(), *n)).collect();
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        values
    }

    /// `country 'Land': 212 cells not understood: Narnia 90, …`.
    fn line(&self) -> String {
        let values = self.values();
        let shown = values.iter().take(SHOWN_VALUES).map(|(v, n)| format!("{v} {n}")).collect::<Vec<_>>();
        let rest = self.cells - values.iter().take(SHOWN_VALUES).map(|(_, n)| n).sum::<u64>();
        let more = if rest > 0 { format!(", others {rest}") } else { String::new() };
        let what = match (self.placeholder, self.region) {
            (true, _) => "cells with a date that stands for none".to_string(),
            (_, true) => format!("cells with a region under embargo, first in row {}", self.first_row),
            _ => "cells not understood".to_string(),
        };
        format!("{} '{}': {} {what}: {}{more}", self.field, self.column, self.cells, shown.join(", "))
    }
}

/// What was noticed while a table was read. A resumed run reads all rows again, so that the counts are of the whole table.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ReadingNotices {
    /// Columns that nothing is read from.
    pub unused_columns: Vec<String>,
    /// Name columns that the caller chose and that look like ids or numbers.
    pub doubtful_names: Vec<String>,
    /// Rows whose last cells are missing; they are read as empty.
    pub short_rows: Tally,
    /// Rows with empty cells behind the last column, which are passed over.
    pub long_rows: Tally,
    /// Cells whose text was encoded twice and was mended.
    pub mended_cells: Tally,
    /// Whether the input ends with the mark of the end of a file (0x1A), which is passed over.
    pub end_mark: bool,
    /// Cells that tell nothing, by column.
    pub silent: Vec<SilentCells>,
    /// Index in `silent` of a column's cells, by what they tell.
    index: FxHashMap<(usize, bool, bool), usize>,
}

impl ReadingNotices {
    /// Adds what was forgiven in a row.
    pub(super) fn add_row(&mut self, row: u64, notes: RowNotes) {
        self.short_rows.add(row, u64::from(notes.short));
        self.long_rows.add(row, u64::from(notes.long));
        self.mended_cells.add(row, notes.mended);
    }

    /// Adds a cell that tells nothing.
    pub(super) fn add_cell(&mut self, columns: &Columns, cell: SilentCell) {
        let key = (cell.column, cell.sense == CellSense::Placeholder, cell.sense == CellSense::Region);
        let at = *self.index.entry(key).or_insert_with(|| {
            self.silent.push(SilentCells {
                field: columns.field_name(cell.column),
                column: columns.header(cell.column).to_string(),
                placeholder: key.1,
                region: key.2,
                first_row: cell.row,
                ..SilentCells::default()
            });
            self.silent.len() - 1
        });
        let cells = &mut self.silent[at];
        cells.cells += 1;
        let is_full = cells.values.len() >= MAX_VALUES;
        match cells.values.get_mut(&cell.value) {
            Some(count) => *count += 1,
            None if is_full => (),
            None => drop(cells.values.insert(cell.value, 1)),
        }
    }

    /// A line for each thing that was noticed, for people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for name in &self.doubtful_names {
            lines.push(format!("the name column '{name}' looks like ids or numbers"));
        }
        let tallies = [
            (self.short_rows, "rows with cells missing at the end", "read as empty"),
            (self.long_rows, "rows with empty cells behind the last column", "passed over"),
            (self.mended_cells, "cells whose text was encoded twice", "mended"),
        ];
        for (tally, what, how) in tallies.into_iter().filter(|(t, ..)| t.count > 0) {
            lines.push(format!("{what}: {}, first in row {}; {how}", tally.count, tally.first_row));
        }
        if self.end_mark {
            lines.push(
                "the input ends with the byte 0x1A, an old mark of the end of a file; passed over".into(),
            );
        }
        let mut silent: Vec<&SilentCells> = self.silent.iter().collect();
        silent.sort_by(|a, b| (a.field, &a.column, a.placeholder).cmp(&(b.field, &b.column, b.placeholder)));
        lines.extend(silent.into_iter().map(SilentCells::line));
        lines
    }
}

/// A cell that tells nothing.
pub(super) struct SilentCell {
    /// Number of its record.
    row: u64,
    /// Number of its column.
    pub column: usize,
    pub sense: CellSense,
    /// Its value, as it is shown.
    pub value: String,
}

impl SilentCell {
    pub(super) fn new(row: u64, column: usize, sense: CellSense, value: &str) -> SilentCell {
        let cut = value.char_indices().nth(SHOWN_CHARS).map_or(value.len(), |(at, _)| at);
        let more = if cut < value.len() { "…" } else { "" };
        let shown = value[..cut].chars().map(|c| if c.is_control() { ' ' } else { c });
        SilentCell { row, column, sense, value: shown.chain(more.chars()).collect() }
    }
}
