//! Hits as a table for a terminal.
//!
//! ```text
//! row  score  counterparty               listed name                 entity         list     programme
//!   1  0.944  Integrety Technolgy Group  INTEGRITY TECHNOLOGY GROU…                 starter  CYBER2
//!  15  1.000  박진혁                     박진혁                      PARK JIN HYOK  starter  DPRK3
//! ```
//!
//! The widths of the columns are those of the first [`LOOKAHEAD`] hits, within the width of the terminal;
//! longer cells end in `…`. Wide characters (Han, Kana, Hangul) take two cells. On a narrow terminal the
//! programme, the list and the entity are left out, in this order. `entity` is the primary name if another
//! name matched. Characters that would control the terminal (escapes, other controls, changes of direction)
//! are shown as `\u{1b}`.

use super::HitWriter;
use crate::error::Result;
use crate::run::{ScreenedHit, ScreenedRow};
use crate::screen::Hit;
use crate::text;
use std::fmt;
use std::io::{self, Write};
use unicode_width::UnicodeWidthChar;

/// Hits that are buffered before the widths are fixed: several screens, and few enough not to delay the
/// output.
const LOOKAHEAD: usize = 200;
/// The least width of a column of names, in cells. Narrower columns make room by leaving another one out.
const MIN_NAME_WIDTH: usize = 14;
/// Between two columns.
const GAP: &str = "  ";

/// The columns.
const HEADERS: [&str; 8] =
    ["row", "score", "counterparty", "listed name", "entity", "list", "programme", "accepted"];
/// The columns of names, which shrink first.
const NAMES: [usize; 3] = [2, 3, 4];
/// The greatest widths of a list's name, a programme and the fields that cleared, in cells: column and width.
const MAX_WIDTHS: [(usize, usize); 3] = [(5, 18), (6, 20), (7, 20)];
/// The columns that are left out on a narrow terminal, in this order.
const OPTIONAL: [usize; 3] = [6, 5, 4];

/// Writes hits in aligned columns.
pub struct TableHits<W: Write> {
    out: W,
    width: usize,
    accepted: bool,
    cleared: bool,
    buffered: Vec<[String; 8]>,
    /// Widths of the columns once they are fixed; 0 for one that is left out.
    widths: Option<[usize; 8]>,
}

impl<W: Write> TableHits<W> {
    /// A table of this width in cells; `accepted` adds a column that marks accepted hits.
    pub fn new(out: W, width: usize, accepted: bool) -> Self {
        TableHits { out, width, accepted, cleared: false, buffered: Vec::new(), widths: None }
    }

    /// Shows what other fields cleared too, with the fields in the last column.
    pub fn show_cleared(mut self, cleared: bool) -> Self {
        self.cleared = cleared;
        self
    }

    fn hit(&mut self, row: u64, query: &str, hit: &Hit, accepted: bool) -> io::Result<()> {
        let entity = if hit.entity_name == hit.matched_name { "" } else { &hit.entity_name };
        let cells = [
            row.to_string(),
            format!("{:.3}", hit.score),
            shown(query),
            shown(&hit.matched_name),
            shown(entity),
            shown(&hit.list),
            shown(&hit.program()),
            match accepted {
                true => "yes".into(),
                false => hit.cleared_by.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", "),
            },
        ];
        if self.widths.is_some() {
            return self.line(&cells);
        }
        self.buffered.push(cells);
        if self.buffered.len() >= LOOKAHEAD { self.begin() } else { Ok(()) }
    }

    /// The inner writer.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn begin(&mut self) -> io::Result<()> {
        let buffered = std::mem::take(&mut self.buffered);
        let mut natural = HEADERS.map(width);
        for cells in &buffered {
            for (most, cell) in natural.iter_mut().zip(cells) {
                *most = (*most).max(width(cell));
            }
        }
        if buffered.iter().all(|cells| cells[4].is_empty()) {
            natural[4] = 0;
        }
        if !self.accepted && !self.cleared {
            natural[7] = 0;
        }
        // Row numbers grow.
        natural[0] = natural[0].max(6);
        self.widths = Some(fit(natural, self.width));
        let mut headers = HEADERS;
        headers[7] = match (self.accepted, self.cleared) {
            (_, false) => "accepted",
            (false, true) => "cleared by",
            (true, true) => "accepted, cleared by",
        };
        self.line(&headers.map(String::from))?;
        buffered.iter().try_for_each(|cells| self.line(cells))
    }

    fn line(&mut self, cells: &[String; 8]) -> io::Result<()> {
        let widths = self.widths.unwrap_or([0; 8]);
        let mut line = String::new();
        for (i, (cell, width)) in cells.iter().zip(widths).enumerate().filter(|(_, (_, w))| *w > 0) {
            if !line.is_empty() {
                line.push_str(GAP);
            }
            put(&mut line, cell, width, i < 2);
        }
        writeln!(self.out, "{}", line.trim_end())
    }
}

impl<W: Write> HitWriter for TableHits<W> {
    fn write(&mut self, row: &ScreenedRow<'_>, hits: &[ScreenedHit]) -> Result<()> {
        let (accepted, cleared) = (self.accepted, self.cleared);
        let shown =
            |h: &&ScreenedHit| h.is_open() || h.accepted.is_some() && accepted || h.is_cleared() && cleared;
        for hit in hits.iter().filter(shown) {
            self.hit(row.row, row.name, &hit.hit, hit.accepted.is_some())?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.widths.is_none() && !self.buffered.is_empty() {
            self.begin()?;
        }
        Ok(self.out.flush()?)
    }
}

impl<W: Write> fmt::Debug for TableHits<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableHits")
            .field("width", &self.width)
            .field("accepted", &self.accepted)
            .finish_non_exhaustive()
    }
}

/// Widths of the columns that fit a width: names shrink, then columns are left out.
fn fit(natural: [usize; 8], width: usize) -> [usize; 8] {
    let mut widths = natural;
    for (column, most) in MAX_WIDTHS {
        widths[column] = widths[column].min(most);
    }
    let taken = |widths: &[usize; 8], columns: &dyn Fn(usize) -> bool| -> usize {
        let shown = widths.iter().enumerate().filter(|(i, w)| **w > 0 && columns(*i));
        shown.map(|(_, w)| w + GAP.len()).sum()
    };
    let width = width + GAP.len();
    for omitted in OPTIONAL.map(Some).into_iter().chain([None]) {
        let fixed = taken(&widths, &|i| !NAMES.contains(&i));
        let names: Vec<usize> = NAMES.into_iter().filter(|&i| widths[i] > 0).collect();
        let available = width.saturating_sub(fixed + names.len() * GAP.len());
        if names.iter().map(|&i| natural[i]).sum::<usize>() <= available {
            return widths;
        }
        if available >= MIN_NAME_WIDTH * names.len() || omitted.is_none() {
            // Short columns keep their width, the others share what is left.
            let mut order = names.clone();
            order.sort_by_key(|&i| natural[i]);
            let mut left = available;
            for (done, &i) in order.iter().enumerate() {
                widths[i] = natural[i].min(left / (order.len() - done)).max(2);
                left = left.saturating_sub(widths[i]);
            }
            return widths;
        }
        widths[omitted.unwrap_or(4)] = 0;
    }
    widths
}

fn shown(text: &str) -> String {
    text::shown(text).into_owned()
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Appends a cell, cut or filled up to its width.
fn put(line: &mut String, cell: &str, available: usize, right: bool) {
    let whole = width(cell);
    if whole <= available {
        let fill = " ".repeat(available - whole);
        match right {
            true => line.extend([fill.as_str(), cell]),
            false => line.extend([cell, fill.as_str()]),
        }
        return;
    }
    let mut used = 0;
    for c in cell.chars() {
        let next = c.width().unwrap_or(0);
        if used + next + 1 > available {
            break;
        }
        used += next;
        line.push(c);
    }
    line.push('…');
    line.push_str(&" ".repeat(available.saturating_sub(used + 1)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(matched: &str, entity: &str) -> Hit {
        let index = crate::Index::build(&[crate::list::starter()]).unwrap();
        let mut hit = crate::Screener::new(index).screen(&crate::Query::name("Lazarus Group")).remove(0);
        hit.matched_name = matched.into();
        hit.entity_name = entity.into();
        hit
    }

    #[test]
    fn columns_are_aligned_and_fit() {
        let rows = [
            (1, "Integrety Technolgy Group", hit("INTEGRITY TECHNOLOGY GROUP, INCORPORATED", "INTEGRITY")),
            (20, "北京诚信科技股份有限公司", hit("永信至诚", "INTEGRITY TECHNOLOGY GROUP, INCORPORATED")),
            (300, "박진혁", hit("PARK JIN HYOK", "PARK JIN HYOK")),
        ];
        for wide in [20, 40, 60, 80, 100, 140, 400] {
            let mut table = TableHits::new(Vec::new(), wide, true);
            for (row, query, hit) in &rows {
                table.hit(*row, query, hit, true).unwrap();
            }
            table.flush().unwrap();
            let text = String::from_utf8(table.into_inner()).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), 4);
            if wide >= 40 {
                assert!(lines.iter().all(|l| width(l) <= wide), "{wide}\n{text}");
            }
            // The listed names begin in the same cell.
            let cell = |line: &str, part: &str| width(&line[..line.find(part).unwrap()]);
            if wide >= 60 {
                let at = cell(lines[0], "listed");
                assert_eq!(cell(lines[1], "INTEGRITY TEC"), at, "{text}");
                assert_eq!(cell(lines[2], "永信至诚"), at, "{text}");
                assert_eq!(cell(lines[3], "PARK"), at, "{text}");
            }
        }
    }

    #[test]
    fn nothing_controls_the_terminal() {
        let mut table = TableHits::new(Vec::new(), 100, false);
        table.hit(1, "a\u{1b}[31mb\u{202e}c\r\n", &hit("x", "x"), false).unwrap();
        table.flush().unwrap();
        let text = String::from_utf8(table.into_inner()).unwrap();
        assert!(text.contains("a\\u{1b}[31mb\\u{202e}c\\u{d}\\u{a}"), "{text}");
        assert_eq!(text.lines().count(), 2);
    }

    proptest::proptest! {
        #[test]
        fn every_line_fits(mut natural in proptest::array::uniform8(1usize..60), wide in 60usize..200) {
            for (column, most) in [(0, 10), (1, 5), (7, 8)] {
                natural[column] = natural[column].min(most);
            }
            let widths = fit(natural, wide);
            let shown: Vec<usize> = widths.into_iter().filter(|w| *w > 0).collect();
            let total = shown.iter().sum::<usize>() + (shown.len() - 1) * GAP.len();
            proptest::prop_assert!(total <= wide, "{widths:?} {total}");
        }
    }
}
