//! A table through the Arrow C stream interface has the hits of the library's own run over it.

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::{ArrowError, Schema};
use interdict::batch::ColumnChoice;
use interdict::{Index, Screener, list};
use interdict_arrow::TableScreener;
use interdict_ffi::*;
use std::ffi::CStr;
use std::ptr::{null, null_mut};
use std::sync::Arc;

const OK: interdict_status = interdict_status::INTERDICT_OK;

fn batch(names: &[&str]) -> RecordBatch {
    let ids: Vec<String> = (0..names.len()).map(|n| format!("c-{n}")).collect();
    let column = |texts: Vec<&str>| Arc::new(StringArray::from(texts)) as ArrayRef;
    let columns =
        [("customer", column(names.to_vec())), ("nr", column(ids.iter().map(String::as_str).collect()))];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn table(batches: Vec<Result<RecordBatch, ArrowError>>, schema: Arc<Schema>) -> FFI_ArrowArrayStream {
    FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(batches, schema)))
}

fn last_error() -> String {
    // SAFETY: valid until this thread's next failure.
    unsafe { CStr::from_ptr(interdict_last_error()) }.to_str().unwrap().to_string()
}

/// A screener of a list with names of its own.
fn open() -> (tempfile::TempDir, interdict_screener, Screener) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.csv");
    let names: Vec<String> =
        (0..200).map(|n| format!("{n},Volga Star {}\n", char::from(b'A' + (n % 26) as u8))).collect();
    std::fs::write(&path, format!("id,name\n{}", names.concat())).unwrap();
    let library = Screener::new(Index::build(&list::read(&path).unwrap().lists).unwrap());
    let path = path.to_str().unwrap();
    let mut screener = 0;
    // SAFETY: a path with its length.
    let status = unsafe { interdict_open(&path.as_ptr().cast(), &path.len(), 1, null(), 0, &mut screener) };
    assert_eq!(status, OK);
    (folder, screener, library)
}

fn screen(
    screener: interdict_screener,
    mut table: FFI_ArrowArrayStream,
    options: &str,
) -> Result<FFI_ArrowArrayStream, interdict_status> {
    let mut hits = FFI_ArrowArrayStream::empty();
    // SAFETY: two streams of this function, and a text with its length.
    let status = unsafe {
        interdict_screen_arrow(screener, &mut table, options.as_ptr().cast(), options.len(), &mut hits)
    };
    assert!(table.release().is_none(), "taken over in any case");
    assert_eq!(status == OK, hits.release().is_some());
    if status == OK { Ok(hits) } else { Err(status) }
}

#[test]
fn hits_are_those_of_the_library() {
    let (_folder, screener, library) = open();
    let one = batch(&["Volga Star A", "Jane Roe", "", "Volga Star B"]);
    let rows = || (0..500).map(|_| Ok(one.clone())).collect::<Vec<_>>();
    let options = r#"{"names": ["customer"], "carry": ["nr"], "threads": 2}"#;
    let hits = screen(screener, table(rows(), one.schema()), options).unwrap();
    // The stream goes on without the screener.
    assert_eq!(interdict_free(screener), OK);
    let hits: Vec<RecordBatch> =
        RecordBatchStreamReader::try_new(hits).unwrap().map(Result::unwrap).collect();

    let columns = ColumnChoice::default().names(["customer"]).carry(["nr"]);
    let input = RecordBatchIterator::new(rows(), one.schema());
    let expected =
        TableScreener::new(&library).columns(columns).show_rejected(true).screen(Box::new(input)).unwrap();
    let expected: Vec<RecordBatch> = expected.map(Result::unwrap).collect();
    assert_eq!(hits, expected);
    let rejected = hits.iter().map(|hits| {
        let reasons = hits.column_by_name("rejected").unwrap();
        reasons.len() - reasons.null_count()
    });
    assert_eq!(rejected.sum::<usize>(), 500);
    assert!(hits.iter().map(RecordBatch::num_rows).sum::<usize>() > 2000);
}

#[test]
fn what_is_no_table_or_no_option_is_an_error() {
    let (_folder, screener, _) = open();
    let one = batch(&["Volga Star A"]);
    let rows = || table(vec![Ok(one.clone())], one.schema());
    use interdict_status::*;
    for (options, status) in [
        (r#"{"names": ["none"]}"#, INTERDICT_INVALID_TABLE),
        (r#"{"name": ["customer"]}"#, INTERDICT_INVALID_JSON),
        (r#"{"fields": {"colour": "nr"}}"#, INTERDICT_INVALID_CONFIG),
        (r#"{"schema": "colour"}"#, INTERDICT_INVALID_ARGUMENT),
        (r#"{"threads": 0}"#, INTERDICT_INVALID_ARGUMENT),
    ] {
        assert_eq!(screen(screener, rows(), options).unwrap_err(), status, "{options}: {}", last_error());
    }
    assert_eq!(screen(7, rows(), "").unwrap_err(), INTERDICT_INVALID_HANDLE);
    assert_eq!(screen(screener, FFI_ArrowArrayStream::empty(), "").unwrap_err(), INTERDICT_INVALID_TABLE);
    let mut hits = FFI_ArrowArrayStream::empty();
    // SAFETY: nulls are allowed.
    unsafe {
        assert_eq!(
            interdict_screen_arrow(screener, null_mut(), null(), 0, &mut hits),
            INTERDICT_NULL_POINTER
        );
        assert_eq!(
            interdict_screen_arrow(screener, &mut rows(), null(), 0, null_mut()),
            INTERDICT_NULL_POINTER
        );
    }
    // A stream that fails on the way: the rows before it are screened.
    let failing = vec![Ok(one.clone()), Err(ArrowError::ExternalError("the source is gone".into()))];
    let hits = screen(screener, table(failing, one.schema()), "").unwrap();
    let mut hits = RecordBatchStreamReader::try_new(hits).unwrap();
    assert!(hits.next().unwrap().unwrap().num_rows() > 0);
    assert!(hits.next().unwrap().unwrap_err().to_string().contains("the source is gone"));
    // A stream that is given up before its end.
    drop(screen(screener, rows(), "").unwrap());
    interdict_free(screener);
}
