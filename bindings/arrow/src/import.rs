//! Streams and batches of the C interface as input.
//!
//! The reader of the crate `arrow-array` refuses columns of the type Null as Polars exports them, with a buffer that such a
//! column does not have. A column without any value must not make a whole table unreadable, so batches are read here.

use crate::stream::Input;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchOptions, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use std::ffi::{CStr, c_void};
use std::sync::Arc;

/// The layout of `FFI_ArrowArray`, by the C data interface of Arrow.
#[repr(C)]
// Of the layout only some fields are read.
#[allow(dead_code)]
struct RawArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut RawArray,
    dictionary: *mut RawArray,
}

/// Takes the buffers off the columns of the type Null, which have none.
///
/// # Safety
///
/// `array` is null or a valid array of this type.
unsafe fn drop_buffers_of_nulls(array: *mut RawArray, data_type: &DataType) {
    if array.is_null() {
        return;
    }
    // SAFETY: the array is valid by the contract of this function.
    let array = unsafe { &mut *array };
    let child_types: Vec<&DataType> = match data_type {
        DataType::Null => {
            array.n_buffers = 0;
            return;
        }
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            vec![item.data_type()]
        }
        _ => return,
    };
    if array.children.is_null() || array.n_children != child_types.len() as i64 {
        return;
    }
    for (at, child_type) in child_types.into_iter().enumerate() {
        // SAFETY: a valid array has as many children as it says, each of them valid and of the type of its field.
        unsafe { drop_buffers_of_nulls(*array.children.add(at), child_type) };
    }
}

/// A batch of the C data interface.
///
/// # Errors
///
/// It is no table, or is not built as its schema says.
///
/// # Safety
///
/// The array is one of this schema, and valid.
pub unsafe fn import_batch(mut array: FFI_ArrowArray, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let data_type = DataType::Struct(schema.fields().clone());
    // SAFETY: the layouts are the same, by the C data interface; the array is valid by the contract of this function.
    unsafe { drop_buffers_of_nulls((&raw mut array).cast(), &data_type) };
    // SAFETY: as above.
    let data = unsafe { from_ffi_and_data_type(array, data_type) }?;
    let length = data.len();
    let (_, columns, nulls) = StructArray::from(data).into_parts();
    if nulls.is_some_and(|nulls| nulls.null_count() > 0) {
        return Err(ArrowError::CDataInterface("a row of the table is null as a whole".into()));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(length));
    RecordBatch::try_new_with_options(schema.clone(), columns, &options)
}

/// The schema of a table of the C data interface.
///
/// # Errors
///
/// It is no table.
pub fn import_schema(schema: &FFI_ArrowSchema) -> Result<SchemaRef, ArrowError> {
    match DataType::try_from(schema)? {
        DataType::Struct(_) => Ok(Arc::new(Schema::try_from(schema)?)),
        _ => Err(ArrowError::CDataInterface("this is one column and no table".into())),
    }
}

/// A stream of the C interface as input of a screening.
///
/// # Errors
///
/// It was released, fails, or is no table.
pub fn import_stream(stream: FFI_ArrowArrayStream) -> Result<Input, ArrowError> {
    if stream.release().is_none() {
        return Err(ArrowError::CDataInterface("the stream was read or released before".into()));
    }
    let mut reader = StreamReader { stream, schema: Arc::new(Schema::empty()), ended: false };
    let get_schema = reader.stream.get_schema();
    let get_schema =
        get_schema.ok_or_else(|| ArrowError::CDataInterface("the stream has no schema".into()))?;
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the stream is not released, and the schema is a valid place for one.
    let status = unsafe { get_schema(&raw mut reader.stream, &raw mut schema) };
    if status != 0 {
        return Err(reader.error(status));
    }
    reader.schema = import_schema(&schema)?;
    Ok(Box::new(reader))
}

struct StreamReader {
    stream: FFI_ArrowArrayStream,
    schema: SchemaRef,
    ended: bool,
}

impl StreamReader {
    /// The error that the stream tells after a status other than 0.
    fn error(&mut self, status: i32) -> ArrowError {
        let last = self.stream.get_last_error().and_then(|get| {
            // SAFETY: the stream is not released; the text is valid until its next call, and copied before.
            unsafe {
                let text = get(&raw mut self.stream);
                (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
            }
        });
        ArrowError::CDataInterface(last.unwrap_or_else(|| format!("the stream failed with status {status}")))
    }
}

impl Iterator for StreamReader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let get_next = self.stream.get_next().filter(|_| !self.ended)?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the stream is not released, and the array is a valid place for one.
        let status = unsafe { get_next(&raw mut self.stream, &raw mut array) };
        if status != 0 {
            self.ended = true;
            return Some(Err(self.error(status)));
        }
        if array.is_released() {
            self.ended = true;
            return None;
        }
        // SAFETY: the arrays of a stream have its schema.
        let batch = unsafe { import_batch(array, &self.schema) };
        self.ended = batch.is_err();
        Some(batch)
    }
}

impl RecordBatchReader for StreamReader {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
