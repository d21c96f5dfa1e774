//! Hits as batches of Arrow.

use crate::source::CarriedRows;
use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::interleave::interleave;
use interdict::batch::{RejectedRow, ScreenedHit, ScreenedRow};
use interdict::run::HitLine;
use std::sync::Arc;

/// Rows of a batch: some hundred kilobytes.
const BATCH_ROWS: usize = 8192;
/// Batches of the input that hits of one batch come from: so many are held in memory for the sake of carried columns.
const BATCHES_HELD: usize = 16;

/// The columns of hits, in their order: the name, and whether every hit has a value. Behind them are the columns that are
/// carried.
///
/// The first eleven are those of the program's CSV ([`HIT_COLUMNS`](interdict::run::HIT_COLUMNS)), with the same values.
/// The others are in the CSV where they can have a value, and here always.
const COLUMNS: [(&str, DataType, bool); 19] = [
    ("row", DataType::Int64, true),
    ("query", DataType::Utf8, false),
    ("score", DataType::Float64, false),
    ("list", DataType::Utf8, false),
    ("entity_id", DataType::Utf8, false),
    ("entity_name", DataType::Utf8, false),
    ("matched_name", DataType::Utf8, false),
    ("schema", DataType::Utf8, false),
    ("program", DataType::Utf8, false),
    ("matched_by", DataType::Utf8, false),
    ("group", DataType::Utf8, false),
    ("weak", DataType::Boolean, false),
    ("change", DataType::Utf8, false),
    ("cleared_by", DataType::Utf8, false),
    ("compared", DataType::Utf8, false),
    ("query_part", DataType::Utf8, false),
    ("query_span", DataType::Utf8, false),
    ("name_column", DataType::Utf8, false),
    ("rejected", DataType::Utf8, false),
];

/// The schema of hits, without carried columns:
///
/// | column | type | content |
/// |---|---|---|
/// | `row` | int64, never null | number of the row in the table, from 1 on |
/// | `query` | string | the name as it is written |
/// | `score` | float64 | the score in \[0, 1\], with five decimals |
/// | `list`, `entity_id`, `entity_name` | string | the listed party |
/// | `matched_name` | string | the listed name that scores best, or the identifier |
/// | `schema` | string | the kind of party that is listed |
/// | `program` | string | its programmes, joined by `;` |
/// | `matched_by` | string | `name` or `identifier` |
/// | `group` | string | the party over all lists |
/// | `weak` | bool | whether the list calls the matched name a weak alias |
/// | `change` | string | `new`, `changed` or `gone`, if changes of the lists are screened |
/// | `cleared_by` | string | the fields that cleared the hit, if cleared ones are shown |
/// | `compared` | string | the fields that were compared, if the table has some |
/// | `query_part`, `query_span` | string | the words of a free text that matched, and their bytes in it, as `17-35` |
/// | `name_column` | string | the column that the name is from |
/// | `rejected` | string | why the row was not screened, if rejected rows are shown; all columns but `row` are null then |
///
/// A column without a value is null.
pub fn hit_schema() -> Schema {
    let field = |(name, data_type, required): &(&str, DataType, bool)| {
        Field::new(*name, data_type.clone(), !required)
    };
    Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>())
}

/// The schema of hits with these columns carried. One whose name is taken gets `input_` before it, as in the CSV.
pub(crate) fn schema_with(carried: &[Field]) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = hit_schema().fields().iter().cloned().collect();
    for field in carried {
        let mut name = field.name().clone();
        while fields.iter().any(|taken| *taken.name() == name) {
            name.insert_str(0, "input_");
        }
        fields.push(Arc::new(field.clone().with_name(name).with_nullable(true)));
    }
    Arc::new(Schema::new(fields))
}

/// Columns of text that are filled hit by hit.
#[derive(Default)]
struct Texts {
    query: StringBuilder,
    list: StringBuilder,
    entity_id: StringBuilder,
    entity_name: StringBuilder,
    matched_name: StringBuilder,
    schema: StringBuilder,
    program: StringBuilder,
    matched_by: StringBuilder,
    group: StringBuilder,
    change: StringBuilder,
    cleared_by: StringBuilder,
    compared: StringBuilder,
    query_part: StringBuilder,
    query_span: StringBuilder,
    name_column: StringBuilder,
    rejected: StringBuilder,
}

/// Collects hits into batches.
pub(crate) struct HitBuilder {
    schema: SchemaRef,
    row: Int64Builder,
    score: Float64Builder,
    weak: BooleanBuilder,
    texts: Texts,
    carried: CarriedRows,
    /// Batches of the input that the hits at hand come from, and for each hit the batch and the row in it.
    origins: Vec<RecordBatch>,
    picks: Vec<(usize, usize)>,
    /// The last row that was found in `origins`, for the hits that follow of the same batch.
    latest: Option<(u64, u64)>,
}

impl HitBuilder {
    pub(crate) fn new(schema: SchemaRef, carried: CarriedRows) -> Self {
        HitBuilder {
            schema,
            row: Int64Builder::new(),
            score: Float64Builder::new(),
            weak: BooleanBuilder::new(),
            texts: Texts::default(),
            carried,
            origins: Vec::new(),
            picks: Vec::new(),
            latest: None,
        }
    }

    /// Adds a hit.
    pub(crate) fn add(&mut self, row: &ScreenedRow<'_>, hit: &ScreenedHit) {
        let line = HitLine::new(row, &hit.hit, None);
        let (texts, record) = (&mut self.texts, &line.hit);
        self.row.append_value(row.row as i64);
        self.score.append_value(record.score);
        self.weak.append_value(hit.hit.weak);
        texts.query.append_value(&line.query);
        texts.list.append_value(&record.list);
        texts.entity_id.append_value(&record.entity_id);
        texts.entity_name.append_value(&record.entity_name);
        texts.matched_name.append_value(&record.matched_name);
        texts.schema.append_value(&record.schema);
        texts.program.append_value(&record.program);
        texts.matched_by.append_value(&record.matched_by);
        texts.group.append_option(record.group.as_deref());
        texts.change.append_option(record.change.as_deref());
        texts.cleared_by.append_option(record.cleared_by.as_deref());
        texts.compared.append_option(line.compared.as_deref());
        let part = line.query_part.as_ref();
        texts.query_part.append_option(part.map(|(part, _)| part));
        texts.query_span.append_option(part.map(|(_, span)| span));
        texts.name_column.append_value(row.name_column());
        texts.rejected.append_null();
        self.carry(row.row);
    }

    /// Adds a rejected row.
    pub(crate) fn add_rejected(&mut self, row: &RejectedRow) {
        let texts = &mut self.texts;
        self.row.append_value(row.row as i64);
        self.score.append_null();
        self.weak.append_null();
        for column in [
            &mut texts.query,
            &mut texts.list,
            &mut texts.entity_id,
            &mut texts.entity_name,
            &mut texts.matched_name,
            &mut texts.schema,
            &mut texts.program,
            &mut texts.matched_by,
            &mut texts.group,
            &mut texts.change,
            &mut texts.cleared_by,
            &mut texts.compared,
            &mut texts.query_part,
            &mut texts.query_span,
            &mut texts.name_column,
        ] {
            column.append_null();
        }
        texts.rejected.append_value(row.reason.to_string());
        self.carry(row.row);
    }

    /// Notes where the carried cells of a row are.
    fn carry(&mut self, row: u64) {
        if !self.carried.is_wanted() {
            return;
        }
        let known = self.latest.filter(|(first, end)| (*first..*end).contains(&row));
        let (first, _) = known.unwrap_or_else(|| {
            let (first, batch) = self.carried.batch_of(row);
            let range = (first, first + batch.num_rows() as u64);
            self.origins.push(batch);
            self.latest = Some(range);
            range
        });
        self.picks.push((self.origins.len() - 1, (row - first) as usize));
    }

    /// Whether the hits at hand make a batch.
    pub(crate) fn is_full(&self) -> bool {
        use arrow_array::builder::ArrayBuilder;
        self.row.len() >= BATCH_ROWS || self.origins.len() >= BATCHES_HELD
    }

    /// The hits at hand, if there are any.
    pub(crate) fn finish(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        use arrow_array::builder::ArrayBuilder;
        if self.row.is_empty() {
            return Ok(None);
        }
        let texts = &mut self.texts;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.row.finish()),
            Arc::new(texts.query.finish()),
            Arc::new(self.score.finish()),
            Arc::new(texts.list.finish()),
            Arc::new(texts.entity_id.finish()),
            Arc::new(texts.entity_name.finish()),
            Arc::new(texts.matched_name.finish()),
            Arc::new(texts.schema.finish()),
            Arc::new(texts.program.finish()),
            Arc::new(texts.matched_by.finish()),
            Arc::new(texts.group.finish()),
            Arc::new(self.weak.finish()),
            Arc::new(texts.change.finish()),
            Arc::new(texts.cleared_by.finish()),
            Arc::new(texts.compared.finish()),
            Arc::new(texts.query_part.finish()),
            Arc::new(texts.query_span.finish()),
            Arc::new(texts.name_column.finish()),
            Arc::new(texts.rejected.finish()),
        ];
        for at in 0..self.schema.fields().len() - COLUMNS.len() {
            let origins: Vec<_> = self.origins.iter().map(|batch| batch.column(at).as_ref()).collect();
            columns.push(interleave(&origins, &self.picks)?);
        }
        self.origins.clear();
        self.picks.clear();
        self.latest = None;
        RecordBatch::try_new(self.schema.clone(), columns).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict::run::HIT_COLUMNS;

    #[test]
    fn the_first_columns_are_those_of_the_program() {
        let schema = hit_schema();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        assert_eq!(names[..HIT_COLUMNS.len()], HIT_COLUMNS);
    }

    #[test]
    fn a_carried_column_never_hides_one_of_hits() {
        let carried = ["row", "row", "id"].map(|name| Field::new(name, DataType::Int32, false));
        let schema = schema_with(&carried);
        let names: Vec<&str> =
            schema.fields().iter().skip(COLUMNS.len()).map(|f| f.name().as_str()).collect();
        assert_eq!(names, ["input_row", "input_input_row", "id"]);
    }
}
