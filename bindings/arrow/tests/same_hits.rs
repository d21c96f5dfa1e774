//! The hits of a table in Arrow are those of the same table as CSV.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Int32Array, RecordBatch, RecordBatchIterator, StringArray,
    StringViewArray,
};
use arrow_schema::ArrowError;
use interdict::batch::{Batch, ColumnChoice, CsvHits, Outputs};
use interdict::{Index, Screener, list};
use interdict_arrow::{Next, TableScreener};
use std::sync::Arc;
use std::time::Duration;

const LIST: &str = "id,name,schema,birth_date,country,imo,program\n\
    7,PETROVSKY Anatoly,Person,1970-03-04,ru,,P1;P2\n\
    8,OCEAN LILY 3,Vessel,,ir,9253325,\n\
    9,Volga Star Shipping LLC,Company,,ru,,P1\n\
    10,Li Wei,Person,,cn,,P3\n";

fn screener() -> Screener {
    Screener::new(Index::build(&[list::from_bytes("own", LIST.as_bytes()).unwrap()]).unwrap())
}

/// Rows with and without hits, one without a name and one with signs only.
const ROWS: [(Option<&str>, Option<i32>, Option<&str>); 8] = [
    (Some("Anatoli Petrovski"), Some(62), Some("Russia")),
    (Some("Jane Roe"), Some(0), Some("us")),
    (None, None, None),
    (Some("Ocean Lily 3"), None, Some("ir")),
    (Some("—"), None, None),
    (Some("Volga-Star, \"Shipping\""), None, Some("")),
    (Some("Li Wei"), Some(-9000), Some("cn")),
    (Some("Wei Li"), None, Some("Narnia")),
];

fn rows(repeat: usize) -> impl Iterator<Item = (Option<&'static str>, Option<i32>, Option<&'static str>)> {
    ROWS.into_iter().cycle().take(ROWS.len() * repeat)
}

fn csv(repeat: usize) -> String {
    let mut text = "customer,dob,country,nr\n".to_string();
    for (at, (name, days, country)) in rows(repeat).enumerate() {
        let dates = Date32Array::from(vec![days]);
        let date = days.and_then(|_| dates.value_as_date(0)).map_or(String::new(), |d| d.to_string());
        let name = name.unwrap_or_default().replace('"', "\"\"");
        text += &format!("\"{name}\",{date},{},{at}\n", country.unwrap_or_default());
    }
    text
}

fn batch(repeat: usize, strings: fn(Vec<Option<&'static str>>) -> ArrayRef) -> RecordBatch {
    let names = rows(repeat).map(|(name, ..)| name).collect();
    let dates: Vec<Option<i32>> = rows(repeat).map(|(_, date, _)| date).collect();
    let countries = rows(repeat).map(|(.., country)| country).collect();
    let numbers: Int32Array = (0..(ROWS.len() * repeat) as i32).collect();
    RecordBatch::try_from_iter([
        ("customer", strings(names)),
        ("dob", Arc::new(Date32Array::from(dates)) as ArrayRef),
        ("country", strings(countries)),
        ("nr", Arc::new(numbers)),
    ])
    .unwrap()
}

/// The hits as the program writes them, and its rejected rows.
fn expected(screener: &Screener, repeat: usize) -> (Vec<Vec<String>>, Vec<(u64, String)>) {
    let (mut hits, mut rejected) = (CsvHits::new(Vec::new()).spreadsheet_safe(false), Vec::new());
    let columns = ColumnChoice::default().carry(["nr"]);
    let outputs = Outputs::new(&mut hits, &mut rejected);
    Batch::new(screener).columns(columns).run(csv(repeat).as_bytes(), outputs).unwrap();
    let written = hits.into_inner().unwrap();
    let text = String::from_utf8(written).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "row,query,score,list,entity_id,entity_name,matched_name,schema,program,matched_by,group,compared,nr"
    );
    // The quotes of CSV are undone by hand: one query has them.
    let cells = |line: &str| -> Vec<String> {
        let line = line.replace("\"Volga-Star, \"\"Shipping\"\"\"", "Volga-Star\u{1} \"Shipping\"");
        line.split(',').map(|cell| cell.replace('\u{1}', ",")).collect()
    };
    let rejected = rejected.iter().map(|r| (r.row, r.reason.to_string())).collect();
    (lines.map(cells).collect(), rejected)
}

fn text(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) { String::new() } else { array.as_string::<i32>().value(row).to_string() }
}

fn cells(hits: &RecordBatch) -> Vec<Vec<String>> {
    let column = |name: &str| hits.column_by_name(name).unwrap();
    (0..hits.num_rows())
        .map(|row| {
            let mut cells = vec![
                column("row").as_primitive::<Int64Type>().value(row).to_string(),
                text(column("query"), row),
                format!("{:.5}", column("score").as_primitive::<Float64Type>().value(row)),
            ];
            let texts = ["list", "entity_id", "entity_name", "matched_name", "schema", "program"];
            for name in texts.into_iter().chain(["matched_by", "group", "compared"]) {
                cells.push(text(column(name), row));
            }
            cells.push(column("nr").as_primitive::<Int32Type>().value(row).to_string());
            cells
        })
        .collect()
}

fn table_screener(screener: &Screener) -> TableScreener {
    TableScreener::new(screener).columns(ColumnChoice::default().carry(["nr"]))
}

#[test]
fn every_kind_of_text_in_batches_of_any_length_gives_the_hits_of_csv() {
    let screener = screener();
    let (expected, rejected) = expected(&screener, 300);
    assert!(expected.len() > 1000 && rejected.len() == 600, "{} {}", expected.len(), rejected.len());
    let kinds: [fn(Vec<Option<&'static str>>) -> ArrayRef; 3] = [
        |values| Arc::new(StringArray::from(values)),
        |values| Arc::new(StringViewArray::from(values)),
        |values| Arc::new(values.into_iter().collect::<DictionaryArray<Int32Type>>()),
    ];
    for kind in kinds {
        let table = batch(300, kind);
        for length in [7, 1000, table.num_rows()] {
            let slices = (0..table.num_rows()).step_by(length);
            let slices = slices.map(|at| Ok(table.slice(at, length.min(table.num_rows() - at))));
            let slices: Vec<Result<RecordBatch, ArrowError>> = slices.collect();
            let input = RecordBatchIterator::new(slices, table.schema());
            let mut hits = table_screener(&screener).threads(Some(3)).screen(Box::new(input)).unwrap();
            let found: Vec<Vec<String>> = hits.by_ref().flat_map(|hits| cells(&hits.unwrap())).collect();
            assert!(found == expected, "batches of {length}");
            let progress = hits.progress().snapshot();
            assert!(progress.counts.add_up());
            assert_eq!(progress.counts.rows, 2400);
            let reasons: Vec<_> = progress.rejected.iter().map(|r| (r.row, r.reason.to_string())).collect();
            assert_eq!(reasons, rejected);
        }
    }
}

#[test]
fn rejected_rows_can_be_among_the_hits() {
    let table = batch(1, |values| Arc::new(StringArray::from(values)));
    let input = RecordBatchIterator::new([Ok(table.clone())], table.schema());
    let hits = table_screener(&screener()).show_rejected(true).screen(Box::new(input)).unwrap();
    let batches: Vec<RecordBatch> = hits.collect::<Result<_, _>>().unwrap();
    let (row, reason) = (batches[0].column(0), batches[0].column_by_name("rejected").unwrap());
    let rejected = (0..batches[0].num_rows()).filter(|at| reason.is_valid(*at));
    let rejected: Vec<_> =
        rejected.map(|at| (row.as_primitive::<Int64Type>().value(at), text(reason, at))).collect();
    assert_eq!(rejected, [(3, "no name".into()), (5, "the name has neither letter nor digit".into())]);
}

#[test]
fn a_table_that_cannot_be_screened_is_refused_before_anything_is_read() {
    let refused = |table: RecordBatch, columns: ColumnChoice| {
        let input = RecordBatchIterator::new([Ok(table.clone())], table.schema());
        let screener = TableScreener::new(&screener()).columns(columns);
        screener.screen(Box::new(input)).unwrap_err().to_string()
    };
    let numbers = |name: &str| {
        let lists: arrow_array::ListArray =
            arrow_array::ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
        RecordBatch::try_from_iter([(name, Arc::new(lists) as ArrayRef)]).unwrap()
    };
    let error = refused(numbers("x"), ColumnChoice::default());
    assert!(error.contains("name / full_name") && error.ends_with("(x)"), "{error}");
    let error = refused(numbers("name"), ColumnChoice::default());
    assert!(error.contains("'name'") && error.contains("List"), "{error}");
    let error = refused(numbers("name"), ColumnChoice::default().names(["name"]).carry(["id"]));
    assert!(error.contains("'id'"), "{error}");
}

#[test]
fn an_input_that_fails_gives_the_hits_before_and_then_its_error() {
    let table = batch(1, |values| Arc::new(StringArray::from(values)));
    let failure = ArrowError::ComputeError("the disk is gone".into());
    let input = RecordBatchIterator::new([Ok(table.clone()), Err(failure)], table.schema());
    let mut hits = table_screener(&screener()).screen(Box::new(input)).unwrap();
    assert!(hits.next().unwrap().is_ok());
    let error = hits.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("the disk is gone"), "{error}");
    assert!(hits.next().is_none());
}

#[test]
fn an_empty_table_has_no_hits_and_a_screening_can_be_given_up() {
    let table = batch(1, |values| Arc::new(StringArray::from(values)));
    let input = RecordBatchIterator::new([], table.schema());
    assert!(table_screener(&screener()).screen(Box::new(input)).unwrap().next().is_none());

    // A table without end: only its beginning is read.
    let schema = table.schema();
    let input = RecordBatchIterator::new(std::iter::repeat_with(move || Ok(table.clone())), schema);
    let mut hits = table_screener(&screener()).screen(Box::new(input)).unwrap();
    assert!(matches!(hits.next_within(Duration::from_secs(60)).unwrap(), Next::Hits(_)));
    drop(hits);
}
