//! Which columns of a table to use, where the caller says so.

use super::field::Field;

/// The columns to use, if they cannot be found by their headers.
///
/// ```
/// use interdict::batch::{ColumnChoice, Field};
/// let choice = ColumnChoice::default().names(["Kunde"]).fields([(Field::BirthDate, "Geburtstag")]);
/// let choice = choice.carry(["Nr"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    pub(super) names: Vec<String>,
    pub(super) fields: Vec<(Field, String)>,
    pub(super) id: Option<String>,
    pub(super) carry: Vec<String>,
    pub(super) sheet_rows: bool,
    pub(super) free_text: bool,
}

impl ColumnChoice {
    /// Columns that hold a name, each screened; `First+Last` joins the cells of two columns with a blank. Without any,
    /// they are found by their headers.
    pub fn names<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.names = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Columns that hold free text, in which names are looked for: see [`Query::text`](crate::Query::text). They take the
    /// place of columns of names, and no field goes with them.
    pub fn texts<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.free_text = true;
        self.names(columns)
    }

    /// Fields and their columns. Other fields are found by their headers.
    pub fn fields<C: Into<String>>(mut self, columns: impl IntoIterator<Item = (Field, C)>) -> Self {
        self.fields = columns.into_iter().map(|(field, column)| (field, column.into())).collect();
        self
    }

    /// The column that holds the row's own id.
    pub fn id(mut self, column: Option<impl Into<String>>) -> Self {
        self.id = column.map(Into::into);
        self
    }

    /// Columns that are copied to the hits.
    pub fn carry<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.carry = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Adds to the hits the row's number as a spreadsheet program shows it, in a column `sheet_row`.
    pub fn sheet_rows(mut self, wanted: bool) -> Self {
        self.sheet_rows = wanted;
        self
    }

    /// Whether the numbers of rows in a spreadsheet are wanted.
    pub(crate) fn wants_sheet_rows(&self) -> bool {
        self.sheet_rows
    }

    /// The columns of names that the caller chose.
    pub(crate) fn chosen_names(&self) -> &[String] {
        &self.names
    }
}
