//! The C interface of interdict: screening in the process of a program in C, C++, Java, C#, Go or any other language that
//! calls C.
//!
//! `include/interdict.h` is made of this file by cbindgen: see `header/`. README.md of this folder is the guide.
//!
//! | file | content |
//! |---|---|
//! | `lib` | the functions that C sees: they check pointers and lengths, and nothing else is unsafe |
//! | `registry` | the screeners that are open, by their handles |
//! | `open` | from paths and settings to a screener |
//! | `party` | a party in JSON or as fields |
//! | `answer` | answers in JSON |
//! | `arrow` | tables as Arrow streams |
//! | `packed` | hits as structs in buffers of the caller |
//! | `failure` | statuses, the last error, the guard against panics |
//!
//! # Cost
//!
//! Above the library less than 0.2 µs a call of [`interdict_screen_name`], and 0.7 µs of [`interdict_screen_json`], whose texts
//! are to be parsed and written. README.md says how it was measured.

#![deny(missing_docs)]
// The names are those of C, whose enums share one space of names; and a buffer is two arguments there.
#![allow(non_camel_case_types, clippy::enum_variant_names, clippy::too_many_arguments)]

mod answer;
mod arrow;
mod failure;
mod open;
mod packed;
mod party;
mod registry;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
pub use failure::interdict_status;
use failure::{Failure, Result, Status, guard};
use interdict::run::{Field, Party};
use open::{Settings, Source};
use packed::HitWriter;
pub use packed::{interdict_answer, interdict_hit, interdict_text};
pub use party::interdict_field_kind;
use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::os::raw::c_char;
use std::path::PathBuf;

/// A screener that is open, by its number; 0 is none. It may be used by many threads at once. A number that is none, or one
/// of a screener that was freed, is an error and never a crash.
pub type interdict_screener = u64;

/// A field of a party.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct interdict_field {
    /// One of `interdict_field_kind`.
    pub kind: u32,
    /// Its text in UTF-8, which need not end with a NUL.
    pub text: *const c_char,
    /// The length of the text in bytes.
    pub len: usize,
}

/// The version of the library: `0.1.0`. It need not be freed.
#[unsafe(no_mangle)]
pub extern "C" fn interdict_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => panic!("a version has no NUL"),
        };
    VERSION.as_ptr()
}

/// The message of the last call that failed on this thread: one line for a person. It need not be freed, and is valid until
/// another call fails on this thread. Empty if none has failed.
#[unsafe(no_mangle)]
pub extern "C" fn interdict_last_error() -> *const c_char {
    failure::last_error()
}

/// Opens a screener.
///
/// `paths`: one index file, or list files and folders of lists. `path_lens`: their lengths in bytes, or null if every path
/// ends with a NUL. `settings`: the configuration as TOML, or as JSON of the same shape, or null for the defaults; JSON may
/// have a key `lists` besides: `{"lists": {"allow_incomplete": ["NAME"], "max_age_days": 7}}`.
///
/// On success `screener` gets its number, which must be given to `interdict_free` in the end; else it becomes 0.
///
/// # Safety
///
/// Pointers must be null or point to as much as is said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_open(
    paths: *const *const c_char,
    path_lens: *const usize,
    path_count: usize,
    settings: *const c_char,
    settings_len: usize,
    screener: *mut interdict_screener,
) -> interdict_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let screener = unsafe { out(screener, "screener") }?;
        *screener = 0;
        // SAFETY: the same.
        let paths = unsafe { paths_of(paths, path_lens, path_count) }?;
        // SAFETY: the same.
        let settings = Settings::parse(unsafe { text(settings, settings_len, "settings") }?)?;
        if paths.is_empty() {
            return Err(Failure::new(Status::INTERDICT_INVALID_ARGUMENT, "no path was given"));
        }
        *screener = registry::add(Source { paths, settings }.open()?);
        Ok(())
    })
}

/// Opens anew what a screener screens against, and exchanges it. Calls under way on other threads finish with what they
/// began with. If it fails, the screener stays as it was.
///
/// `path_count` 0: the paths it was opened with. `settings` null: the settings it was opened with.
///
/// # Safety
///
/// As of `interdict_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_reload(
    screener: interdict_screener,
    paths: *const *const c_char,
    path_lens: *const usize,
    path_count: usize,
    settings: *const c_char,
    settings_len: usize,
) -> interdict_status {
    guard(|| {
        let mut source = registry::get(screener)?.source.clone();
        // SAFETY: the caller's promise.
        let paths = unsafe { paths_of(paths, path_lens, path_count) }?;
        if !paths.is_empty() {
            source.paths = paths;
        }
        if !settings.is_null() {
            // SAFETY: the same.
            source.settings = Settings::parse(unsafe { text(settings, settings_len, "settings") }?)?;
        }
        registry::replace(screener, source.open()?)
    })
}

/// Closes a screener. Calls under way on other threads finish; later ones get `INTERDICT_INVALID_HANDLE`, and so does a
/// second call of this function. 0 is accepted and does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn interdict_free(screener: interdict_screener) -> interdict_status {
    guard(|| if screener == 0 { Ok(()) } else { registry::remove(screener) })
}

/// Frees a text that a function of this library has given. Null is accepted.
///
/// # Safety
///
/// The text is one that was given and has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_string_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: `give` made it by `into_raw`.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// Screens a party in JSON, such as `{"name": "…", "schema": "Person", "birth_date": "1970-03-04", "country": "ru"}`.
///
/// On success `json` gets an object, which must be given to `interdict_string_free`, with `hits`, `cleared` (entities that
/// other fields take below the threshold), `withheld` (counts), `not_compared` (values that were not understood) and
/// `not_read` (keys that are no field); `json_len` its length, unless it is null.
///
/// # Safety
///
/// Pointers must be null or point to as much as is said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_screen_json(
    screener: interdict_screener,
    party: *const c_char,
    party_len: usize,
    json: *mut *mut c_char,
    json_len: *mut usize,
) -> interdict_status {
    // SAFETY: the caller's promise.
    give(unsafe { json.as_mut() }, unsafe { json_len.as_mut() }, || {
        // SAFETY: the same.
        let party = unsafe { text(party, party_len, "party") }?;
        answer::screen(&*registry::get(screener)?, party)
    })
}

/// Explains the hits of a party in JSON: an array of objects with `hit`, `explanation` (matched words with kind, similarity
/// and weight, the effect of each field) and `text` (the same for a person).
///
/// `list` and `entity_id`: explain this entity alone, whether it is a hit or cleared by other fields; `INTERDICT_NO_HIT` if it
/// is neither. Both null: all hits.
///
/// # Safety
///
/// Pointers must be null or point to as much as is said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_explain_json(
    screener: interdict_screener,
    party: *const c_char,
    party_len: usize,
    list: *const c_char,
    list_len: usize,
    entity_id: *const c_char,
    entity_id_len: usize,
    json: *mut *mut c_char,
    json_len: *mut usize,
) -> interdict_status {
    // SAFETY: the caller's promise.
    give(unsafe { json.as_mut() }, unsafe { json_len.as_mut() }, || {
        // SAFETY: the same.
        let party = unsafe { text(party, party_len, "party") }?;
        // SAFETY: the same.
        let of = unsafe { (text(list, list_len, "list")?, text(entity_id, entity_id_len, "entity_id")?) };
        let entity = match (list.is_null(), entity_id.is_null()) {
            (true, true) => None,
            (false, false) => Some(of),
            _ => return Err(Failure::null("one of list and entity_id")),
        };
        answer::explain(&*registry::get(screener)?, party, entity)
    })
}

/// Screens the payment messages of a file in memory: ISO 20022, SWIFT MT, NACHA or Fedwire, told by their content.
///
/// On success `json` gets an object with `verdict` (`pass`, `hold` or `unreadable`: the worst of all) and `messages`, each with
/// `verdict`, `findings` (hits and embargoes, with the number of their subject), `withheld`, `subjects` and `problems` (what
/// could not be read, with its place). A message that cannot be read is no failure of the call: it is `unreadable`.
///
/// # Safety
///
/// Pointers must be null or point to as much as is said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_payment_json(
    screener: interdict_screener,
    message: *const u8,
    message_len: usize,
    json: *mut *mut c_char,
    json_len: *mut usize,
) -> interdict_status {
    // SAFETY: the caller's promise.
    give(unsafe { json.as_mut() }, unsafe { json_len.as_mut() }, || {
        // SAFETY: the same.
        let message = unsafe { slice(message, message_len, "message") }?;
        answer::payment(&*registry::get(screener)?, message)
    })
}

/// What a screener screens against: the lists with versions, dates, hashes and counts, the files that were skipped, the
/// records that were rejected with position and reason, and the listed names that cannot be found. Of an index file only the
/// numbers of rejected records are known.
///
/// # Safety
///
/// Pointers must be null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_lists_json(
    screener: interdict_screener,
    json: *mut *mut c_char,
    json_len: *mut usize,
) -> interdict_status {
    // SAFETY: the caller's promise.
    give(unsafe { json.as_mut() }, unsafe { json_len.as_mut() }, || answer::lists(&*registry::get(screener)?))
}

/// Screens a table through the C stream interface of Arrow: `table` gives the rows, and `hits` is made a stream of the hits, with
/// the columns of the program's CSV. Nothing is read before hits are asked for; then the rows are screened in bounded memory, on
/// threads of the library.
///
/// `options`: null, or JSON: `{"names": ["First+Last"], "fields": {"birth_date": "dob"}, "id": "nr", "carry": ["branch"],
/// "schema": "Person", "threads": 2, "show_cleared": false, "show_rejected": true}`; every key may be left out. Columns are found by
/// their headers otherwise. Rows that were not screened are among the hits, with the reason in the column `rejected` and nulls
/// in all others but `row`, unless `show_rejected` is false.
///
/// `table` is taken over in any case and is released. `hits` must be released by its `release`; after a failure it is released
/// already. Freeing or reloading the screener does not disturb the stream.
///
/// # Safety
///
/// `table` is null or a valid stream; `hits` is null or place for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_screen_arrow(
    screener: interdict_screener,
    table: *mut FFI_ArrowArrayStream,
    options: *const c_char,
    options_len: usize,
    hits: *mut FFI_ArrowArrayStream,
) -> interdict_status {
    guard(|| {
        if table.is_null() {
            return Err(Failure::null("table"));
        }
        // SAFETY: the caller's promise. Moved out, so that the caller's stream is marked as released.
        let table = unsafe { FFI_ArrowArrayStream::from_raw(table) };
        if hits.is_null() {
            return Err(Failure::null("hits"));
        }
        // SAFETY: the same. What is there before is not read.
        unsafe { hits.write(FFI_ArrowArrayStream::empty()) };
        // SAFETY: the same.
        let options = unsafe { text(options, options_len, "options") }?;
        let opened = registry::get(screener)?;
        let stream = arrow::screen(&opened.screener, table, options)?;
        // SAFETY: the same.
        unsafe { hits.write(stream) };
        Ok(())
    })
}

/// Screens a name without allocating anything for the caller: the hits, best first, are written to `hits`, and their texts
/// to `texts`.
///
/// If a buffer is too short, the best hits that fit are written, `answer` tells how many there are and how many bytes their
/// texts have, and the status is `INTERDICT_SHORT_BUFFER`. `answer` is zeros after any other failure.
///
/// # Safety
///
/// Pointers must be null or point to as much as is said. `hits` and `texts` may be null if their capacity is 0. No other
/// thread uses the buffers meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_screen_name(
    screener: interdict_screener,
    name: *const c_char,
    name_len: usize,
    hits: *mut interdict_hit,
    hit_capacity: usize,
    texts: *mut c_char,
    text_capacity: usize,
    answer: *mut interdict_answer,
) -> interdict_status {
    let field = interdict_field { kind: 0, text: name, len: name_len };
    // SAFETY: the caller's promise, and a field that lives as long as the call.
    unsafe { interdict_screen_party(screener, &field, 1, hits, hit_capacity, texts, text_capacity, answer) }
}

/// Screens a party of several fields as `interdict_screen_name` screens a name. A field may be given several times.
///
/// # Safety
///
/// As of `interdict_screen_name`; every text of a field is null or of its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn interdict_screen_party(
    screener: interdict_screener,
    fields: *const interdict_field,
    field_count: usize,
    hits: *mut interdict_hit,
    hit_capacity: usize,
    texts: *mut c_char,
    text_capacity: usize,
    answer: *mut interdict_answer,
) -> interdict_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let answer = unsafe { out(answer, "answer") }?;
        *answer = interdict_answer::default();
        // SAFETY: the same.
        let fields = unsafe { slice(fields, field_count, "fields") }?;
        let mut party = Party::default();
        for field in fields {
            let kind = if field.kind == 0 { Field::Name } else { party::field(field.kind)? };
            // SAFETY: the same.
            let text = unsafe { text(field.text, field.len, "the text of a field") }?;
            party = party::with_field(party, kind, text)?;
        }
        // SAFETY: the same; whatever the buffers hold, they are only written to.
        let hits = unsafe { buffer(hits.cast::<MaybeUninit<interdict_hit>>(), hit_capacity, "hits") }?;
        // SAFETY: the same.
        let texts = unsafe { buffer(texts.cast::<MaybeUninit<u8>>(), text_capacity, "texts") }?;
        let mut writer = HitWriter::new(hits, texts);
        let screened =
            registry::get(screener)?.screen(&party, |query, outcome| writer.take(&query, &outcome));
        screened?;
        *answer = writer.answer;
        answer.not_compared = if field_count > 1 { party.silent_values().len() as u64 } else { 0 };
        writer.check()
    })
}

/// A place for a result.
///
/// # Safety
///
/// The pointer is null, or valid and not used elsewhere.
unsafe fn out<'a, T>(pointer: *mut T, what: &str) -> Result<&'a mut T> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_mut() }.ok_or_else(|| Failure::null(what))
}

/// Fails for a length that no memory has.
fn check_len<T>(len: usize, what: &str) -> Result<()> {
    if len > isize::MAX as usize / size_of::<T>() {
        let message = format!("the length of {what} is {len}");
        return Err(Failure::new(Status::INTERDICT_INVALID_ARGUMENT, message));
    }
    Ok(())
}

/// Items of the caller. Null is none if the length is 0.
///
/// # Safety
///
/// The pointer is null, or valid for so many items.
unsafe fn slice<'a, T>(pointer: *const T, len: usize, what: &str) -> Result<&'a [T]> {
    check_len::<T>(len, what)?;
    match (pointer.is_null(), len) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Failure::null(what)),
        // SAFETY: the caller's promise.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts(pointer, len) }),
    }
}

/// A buffer of the caller. Null is none if the length is 0.
///
/// # Safety
///
/// The pointer is null, or valid for so many items that nothing else uses.
unsafe fn buffer<'a, T>(
    pointer: *mut MaybeUninit<T>,
    len: usize,
    what: &str,
) -> Result<&'a mut [MaybeUninit<T>]> {
    check_len::<T>(len, what)?;
    match (pointer.is_null(), len) {
        (_, 0) => Ok(&mut []),
        (true, _) => Err(Failure::null(what)),
        // SAFETY: the caller's promise.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts_mut(pointer, len) }),
    }
}

/// A text of the caller.
///
/// # Safety
///
/// As of [`slice`].
unsafe fn text<'a>(pointer: *const c_char, len: usize, what: &str) -> Result<&'a str> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice(pointer.cast::<u8>(), len, what) }?;
    std::str::from_utf8(bytes).map_err(|e| {
        let message = format!("{what} is not valid UTF-8, from byte {} on", e.valid_up_to());
        Failure::new(Status::INTERDICT_INVALID_UTF8, message)
    })
}

/// The paths of the caller.
///
/// # Safety
///
/// Both pointers are null or valid for so many items; each path is null, or of its length, or ends with a NUL.
unsafe fn paths_of(paths: *const *const c_char, lens: *const usize, count: usize) -> Result<Vec<PathBuf>> {
    // SAFETY: the caller's promise.
    let paths = unsafe { slice(paths, count, "paths") }?;
    // SAFETY: the same.
    let lens = if lens.is_null() { None } else { Some(unsafe { slice(lens, count, "path_lens") }?) };
    let path = |(at, path): (usize, &*const c_char)| {
        let text = match lens {
            // SAFETY: the same.
            Some(lens) => unsafe { text(*path, lens[at], "a path") }?,
            None if path.is_null() => return Err(Failure::null("a path")),
            // SAFETY: the same.
            None => unsafe { text(*path, CStr::from_ptr(*path).count_bytes(), "a path") }?,
        };
        if text.is_empty() || text.contains('\0') {
            let message = "a path is empty or holds a NUL";
            return Err(Failure::new(Status::INTERDICT_INVALID_ARGUMENT, message));
        }
        Ok(PathBuf::from(text))
    };
    paths.iter().enumerate().map(path).collect()
}

/// Gives a text of JSON to the caller.
fn give(
    json: Option<&mut *mut c_char>,
    json_len: Option<&mut usize>,
    answer: impl FnOnce() -> Result<String>,
) -> interdict_status {
    guard(|| {
        let json = json.ok_or_else(|| Failure::null("json"))?;
        *json = std::ptr::null_mut();
        let text = answer()?;
        if let Some(len) = json_len {
            *len = text.len();
        }
        // JSON writes a NUL as \u0000.
        let text =
            CString::new(text).map_err(|_| Failure::new(Status::INTERDICT_INTERNAL, "JSON with a NUL"))?;
        *json = text.into_raw();
        Ok(())
    })
}
