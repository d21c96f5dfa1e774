//! The native half of interdict for Java: the methods of `io.interdict.JniBackend`, over the C interface.
//!
//! Every method takes a request and gives an answer as one array of bytes, so that a call crosses into Java's memory twice,
//! whatever it holds. Numbers have the byte order of the machine.
//!
//! | | bytes |
//! |---|---|
//! | request | items of kind (`u32`), length (`u32`) and bytes: what each kind means is told at the method |
//! | answer | a status of the C interface (`i32`), then the result; or after a failure its message in UTF-8 |
//!
//! The shared library also exports the C interface itself, which `io.interdict.FfmBackend` calls without this package.
//!
//! No exception of Java is thrown here, but for what the virtual machine throws itself, such as OutOfMemoryError. No panic
//! crosses: those of the library are caught by the C interface, those of this package by `with_env`.

use interdict_ffi::{
    interdict_answer, interdict_explain_json, interdict_field, interdict_free, interdict_hit,
    interdict_last_error, interdict_lists_json, interdict_open, interdict_payment_json, interdict_reload,
    interdict_screen_json, interdict_screen_party, interdict_status, interdict_string_free,
};
use jni::errors::{Error, ThrowRuntimeExAndDefault};
use jni::objects::{JByteArray, JObject};
use jni::sys::jlong;
use jni::{Env, EnvUnowned};
use std::cell::RefCell;
use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};

/// Hits and bytes of texts for which a thread has place at first. More are made when they are needed.
const FIRST_HITS: usize = 32;
const FIRST_TEXTS: usize = 16 << 10;

/// What a thread keeps from call to call.
#[derive(Default)]
struct Buffers {
    request: Vec<i8>,
    hits: Vec<interdict_hit>,
    texts: Vec<u8>,
    answer: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// An item of a request.
#[derive(Clone, Copy)]
struct Item<'r> {
    kind: u32,
    bytes: &'r [u8],
}

impl Item<'_> {
    fn pointer(&self) -> *const c_char {
        self.bytes.as_ptr().cast()
    }
}

/// The items of a request; those behind one that is cut off are left out, which the Java side does not do.
fn items(request: &[u8]) -> impl Iterator<Item = Item<'_>> {
    let mut rest = request;
    std::iter::from_fn(move || {
        let (kind, behind) = rest.split_first_chunk::<4>()?;
        let (len, behind) = behind.split_first_chunk::<4>()?;
        let (bytes, behind) = behind.split_at_checked(u32::from_ne_bytes(*len) as usize)?;
        rest = behind;
        Some(Item { kind: u32::from_ne_bytes(*kind), bytes })
    })
}

/// The last item of a kind.
fn item(request: &[u8], kind: u32) -> (*const c_char, usize) {
    items(request)
        .filter(|item| item.kind == kind)
        .last()
        .map_or((null(), 0), |item| (item.pointer(), item.bytes.len()))
}

/// Copies the request, calls, and gives the answer to Java. `call` writes the answer behind the status that it returns.
fn answer<'l>(
    mut env: EnvUnowned<'l>,
    request: &JByteArray<'l>,
    call: impl FnOnce(&[u8], &mut Buffers) -> interdict_status,
) -> JByteArray<'l> {
    let outcome = env.with_env(|env: &mut Env<'l>| -> Result<JByteArray<'l>, Error> {
        // Taken out, so that a panic leaves new ones behind.
        let mut buffers = BUFFERS.with_borrow_mut(std::mem::take);
        let mut request_bytes = std::mem::take(&mut buffers.request);
        request_bytes.resize(request.len(env)?, 0);
        request.get_region(env, 0, &mut request_bytes)?;
        buffers.answer.clear();
        buffers.answer.extend([0; 4]);
        // SAFETY: i8 and u8 have one layout.
        let bytes = unsafe { std::slice::from_raw_parts(request_bytes.as_ptr().cast(), request_bytes.len()) };
        let status = call(bytes, &mut buffers);
        buffers.answer[..4].copy_from_slice(&(status as i32).to_ne_bytes());
        if status != interdict_status::INTERDICT_OK {
            buffers.answer.truncate(4);
            // SAFETY: valid until this thread's next failure.
            buffers.answer.extend(unsafe { CStr::from_ptr(interdict_last_error()) }.to_bytes());
        }
        let array = env.byte_array_from_slice(&buffers.answer);
        buffers.request = request_bytes;
        BUFFERS.set(buffers);
        array
    });
    outcome.resolve::<ThrowRuntimeExAndDefault>()
}

/// Paths of kind 0 and settings of kind 1.
fn source(request: &[u8]) -> (Vec<*const c_char>, Vec<usize>, (*const c_char, usize)) {
    let paths = items(request).filter(|item| item.kind == 0);
    let (paths, lens) = paths.map(|item| (item.pointer(), item.bytes.len())).unzip();
    (paths, lens, item(request, 1))
}

/// Opens a screener. Items: paths of kind 0, settings of kind 1. The answer is its number (`u64`).
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_open<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |request, buffers| {
        let (paths, lens, (settings, settings_len)) = source(request);
        let mut screener = 0;
        // SAFETY: pointers and lengths are those of slices of the request.
        let status = unsafe {
            interdict_open(paths.as_ptr(), lens.as_ptr(), paths.len(), settings, settings_len, &mut screener)
        };
        buffers.answer.extend(screener.to_ne_bytes());
        status
    })
}

/// Opens anew what a screener screens against. Items as of `open`, which may be left out. The answer is empty.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_reload<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |request, _| {
        let (paths, lens, (settings, settings_len)) = source(request);
        // SAFETY: pointers and lengths are those of slices of the request.
        unsafe {
            interdict_reload(
                screener as u64,
                paths.as_ptr(),
                lens.as_ptr(),
                paths.len(),
                settings,
                settings_len,
            )
        }
    })
}

/// Closes a screener; returns the status.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_free<'l>(
    _env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
) -> i32 {
    interdict_free(screener as u64) as i32
}

/// Screens a party. Items: fields by their kinds. The answer is an `interdict_answer`, the hits as `interdict_hit`, and their
/// texts.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_screen<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |request, buffers| {
        let field =
            |item: Item<'_>| interdict_field { kind: item.kind, text: item.pointer(), len: item.bytes.len() };
        let fields: Vec<interdict_field> = items(request).map(field).collect();
        let mut counts = interdict_answer::default();
        let (mut hits, mut texts) = (FIRST_HITS, FIRST_TEXTS);
        loop {
            if buffers.hits.len() < hits {
                buffers.hits.resize(hits, interdict_hit::default());
            }
            if buffers.texts.len() < texts {
                buffers.texts.resize(texts, 0);
            }
            // SAFETY: pointers and lengths are those of slices of the request and of the buffers.
            let status = unsafe {
                interdict_screen_party(
                    screener as u64,
                    fields.as_ptr(),
                    fields.len(),
                    buffers.hits.as_mut_ptr(),
                    buffers.hits.len(),
                    buffers.texts.as_mut_ptr().cast(),
                    buffers.texts.len(),
                    &mut counts,
                )
            };
            if status == interdict_status::INTERDICT_SHORT_BUFFER {
                (hits, texts) = (counts.hits, counts.text_bytes);
                continue;
            }
            if status == interdict_status::INTERDICT_OK {
                buffers.answer.extend(bytes_of(std::slice::from_ref(&counts)));
                buffers.answer.extend(bytes_of(&buffers.hits[..counts.written]));
                buffers.answer.extend(&buffers.texts[..counts.text_bytes]);
            }
            return status;
        }
    })
}

/// A type of the C interface all of whose bytes are initialized.
///
/// # Safety
///
/// It has no padding and no pointers.
unsafe trait Plain {}
// SAFETY: eight-byte numbers alone.
unsafe impl Plain for interdict_answer {}
// SAFETY: four-byte numbers, and eight single bytes, the reserved ones included.
unsafe impl Plain for interdict_hit {}

fn bytes_of<T: Plain>(items: &[T]) -> &[u8] {
    // SAFETY: the promise of `Plain`.
    unsafe { std::slice::from_raw_parts(items.as_ptr().cast(), size_of_val(items)) }
}

/// Takes a text that the C interface gives into the answer.
fn take_json(
    buffers: &mut Buffers,
    call: impl FnOnce(*mut *mut c_char, *mut usize) -> interdict_status,
) -> interdict_status {
    let (mut json, mut len) = (null_mut(), 0);
    let status = call(&mut json, &mut len);
    if !json.is_null() {
        // SAFETY: a text of this length, which is freed once.
        unsafe {
            buffers.answer.extend(std::slice::from_raw_parts(json.cast::<u8>(), len));
            interdict_string_free(json);
        }
    }
    status
}

/// Screens a party in JSON, of kind 0. The answer is JSON.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_screenJson<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |request, buffers| {
        let (party, len) = item(request, 0);
        take_json(buffers, |json, json_len| {
            // SAFETY: pointers and lengths are those of slices of the request, or of the caller.
            unsafe { interdict_screen_json(screener as u64, party, len, json, json_len) }
        })
    })
}

/// Explains the hits of a party in JSON, of kind 0; of one entity, by its list (kind 1) and id (kind 2). The answer is JSON.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_explainJson<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |request, buffers| {
        let ((party, party_len), (list, list_len), (id, id_len)) =
            (item(request, 0), item(request, 1), item(request, 2));
        take_json(buffers, |json, len| {
            // SAFETY: pointers and lengths are those of slices of the request, or of the caller.
            unsafe {
                interdict_explain_json(
                    screener as u64,
                    party,
                    party_len,
                    list,
                    list_len,
                    id,
                    id_len,
                    json,
                    len,
                )
            }
        })
    })
}

/// What a screener screens against, as JSON. The request is empty.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_listsJson<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |_, buffers| {
        // SAFETY: the pointers are those of the caller.
        take_json(buffers, |json, len| unsafe { interdict_lists_json(screener as u64, json, len) })
    })
}

/// Screens the payment messages of a file, of kind 0. The answer is JSON.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_interdict_JniBackend_paymentJson<'l>(
    env: EnvUnowned<'l>,
    _this: JObject<'l>,
    screener: jlong,
    request: JByteArray<'l>,
) -> JByteArray<'l> {
    answer(env, &request, |request, buffers| {
        let (message, len) = item(request, 0);
        take_json(buffers, |json, json_len| {
            // SAFETY: pointers and lengths are those of slices of the request, or of the caller.
            unsafe { interdict_payment_json(screener as u64, message.cast(), len, json, json_len) }
        })
    })
}
