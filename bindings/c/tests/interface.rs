//! The interface as a program in C calls it, against the library: the same hits, from many threads, while the lists are
//! exchanged and the screener is closed.

#[allow(dead_code)]
#[path = "../../../benches/generate/mod.rs"]
mod generate;

use interdict::entity::Schema;
use interdict::run::{Field, HitRecord, Party};
use interdict::screen::{Options, Scratch};
use interdict::{Index, Screener, list};
use interdict_ffi::*;
use std::ffi::{CStr, CString, c_char};
use std::path::Path;
use std::ptr::null;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tempfile::TempDir;

const OK: interdict_status = interdict_status::INTERDICT_OK;

/// A folder with a list of made-up names and an index of it, and rows to screen against it.
struct Material {
    folder: TempDir,
    rows: Vec<Vec<(String, String)>>,
}

impl Material {
    fn new(names: usize, rows: usize) -> Material {
        let folder = tempfile::tempdir().unwrap();
        let mut csv = Vec::new();
        generate::list(names, 7, &mut csv).unwrap();
        std::fs::write(folder.path().join("list.csv"), &csv).unwrap();
        let lists = list::read(folder.path().join("list.csv")).unwrap().lists;
        Index::build(&lists).unwrap().save(folder.path().join("list.idx")).unwrap();
        let mut csv = Vec::new();
        generate::counterparties(rows, 11, 7, 4, &mut csv).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let mut lines = text.lines().map(|line| line.split(',').map(String::from).collect::<Vec<_>>());
        let header = lines.next().unwrap();
        let (name, schema) = (
            header.iter().position(|h| h == "name").unwrap(),
            header.iter().position(|h| h == "schema").unwrap(),
        );
        let cells = |row: Vec<String>| {
            vec![("name".to_string(), row[name].clone()), ("schema".to_string(), row[schema].clone())]
        };
        // A row with a comma in its name is quoted: another one serves as well.
        let rows = lines.filter(|row| row.len() == header.len()).map(cells).collect();
        Material { folder, rows }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_string()
    }
}

/// The hits of a party by the library, as the program writes them.
fn expected(screener: &Screener, scratch: &mut Scratch, row: &[(String, String)]) -> Vec<String> {
    let mut party = Party::default();
    for (field, text) in row {
        party = party.with_field(Field::parse(field).unwrap(), text.clone());
    }
    let query = party.queries(Schema::Unknown).unwrap().remove(0);
    let hits = screener.screen_with(&query, scratch);
    let line = |record: HitRecord<'_>| {
        format!(
            "{:.5}|{}|{}|{}|{}|{}|{}|{}|{}",
            record.score,
            record.list,
            record.entity_id,
            record.entity_name,
            record.matched_name,
            record.schema,
            record.program,
            record.matched_by,
            record.group.unwrap_or_default(),
        )
    };
    hits.iter().map(|hit| line(HitRecord::new(hit, None))).collect()
}

fn last_error() -> String {
    // SAFETY: valid until this thread's next failure.
    unsafe { CStr::from_ptr(interdict_last_error()) }.to_str().unwrap().to_string()
}

fn open(path: &str, settings: &str) -> interdict_screener {
    let mut screener = 0;
    let (path, len) = (path.as_ptr().cast(), path.len());
    // SAFETY: pointers and lengths are those of texts.
    let status =
        unsafe { interdict_open(&path, &len, 1, settings.as_ptr().cast(), settings.len(), &mut screener) };
    assert_eq!(status, OK, "{}", last_error());
    screener
}

/// The hits by the call with structs.
fn screen_structs(
    screener: interdict_screener,
    row: &[(String, String)],
) -> Result<Vec<String>, interdict_status> {
    let number = |name: &str| Field::names().position(|field| field == name).unwrap() as u32;
    let fields: Vec<interdict_field> = row
        .iter()
        .map(|(field, text)| interdict_field {
            kind: number(field),
            text: text.as_ptr().cast(),
            len: text.len(),
        })
        .collect();
    let mut hits = [interdict_hit::default(); 64];
    let mut texts = vec![0u8; 1 << 16];
    let mut answer = interdict_answer::default();
    // SAFETY: pointers and lengths are those of slices.
    let status = unsafe {
        interdict_screen_party(
            screener,
            fields.as_ptr(),
            fields.len(),
            hits.as_mut_ptr(),
            hits.len(),
            texts.as_mut_ptr().cast(),
            texts.len(),
            &mut answer,
        )
    };
    if status != OK {
        return Err(status);
    }
    let text = |t: interdict_text| {
        let (from, to) = (t.offset as usize, (t.offset + t.len) as usize);
        assert_eq!(texts[to], 0);
        std::str::from_utf8(&texts[from..to]).unwrap()
    };
    let line = |h: &interdict_hit| {
        format!(
            "{:.5}|{}|{}|{}|{}|{}|{}|{}|{}",
            h.score,
            text(h.list),
            text(h.entity_id),
            text(h.entity_name),
            text(h.matched_name),
            Schema::ALL[usize::from(h.schema)],
            text(h.program),
            ["name", "identifier"][usize::from(h.matched_by)],
            text(h.group),
        )
    };
    Ok(hits[..answer.written].iter().map(line).collect())
}

/// A call that gives JSON.
fn json(
    call: impl FnOnce(*mut *mut c_char, *mut usize) -> interdict_status,
) -> Result<serde_json::Value, String> {
    let (mut text, mut len) = (std::ptr::null_mut(), 0);
    let status = call(&mut text, &mut len);
    if status != OK {
        assert!(text.is_null());
        return Err(last_error());
    }
    // SAFETY: the text was given just now, and is freed here.
    unsafe {
        let bytes = CStr::from_ptr(text).to_bytes();
        assert_eq!(bytes.len(), len);
        let value = serde_json::from_slice(bytes).unwrap();
        interdict_string_free(text);
        Ok(value)
    }
}

fn screen_json(screener: interdict_screener, party: &str) -> Result<serde_json::Value, String> {
    // SAFETY: pointers and lengths are those of texts.
    json(|text, len| unsafe {
        interdict_screen_json(screener, party.as_ptr().cast(), party.len(), text, len)
    })
}

fn explain_json(
    screener: interdict_screener,
    party: &str,
    entity: Option<(&str, &str)>,
) -> Result<serde_json::Value, String> {
    let (list, id) = entity.unzip();
    let of = |text: Option<&str>| text.map_or((null(), 0), |t| (t.as_ptr().cast(), t.len()));
    let ((list, list_len), (id, id_len)) = (of(list), of(id));
    // SAFETY: pointers and lengths are those of texts.
    json(|text, len| unsafe {
        let (party, party_len) = (party.as_ptr().cast(), party.len());
        interdict_explain_json(screener, party, party_len, list, list_len, id, id_len, text, len)
    })
}

#[test]
fn hits_are_those_of_the_library_from_four_threads() {
    let material = Material::new(3000, 4000);
    let library = Screener::new(Index::open(material.path("list.idx")).unwrap())
        .with_options(Options::default().threshold(0.8))
        .unwrap();
    let screener = open(&material.path("list.idx"), "threshold.default = 0.8");
    let with_hits = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for part in material.rows.chunks(material.rows.len().div_ceil(4)) {
            let (library, with_hits) = (&library, &with_hits);
            threads.spawn(move || {
                let mut scratch = Scratch::default();
                for row in part {
                    let expected = expected(library, &mut scratch, row);
                    assert_eq!(screen_structs(screener, row).unwrap(), expected, "{row:?}");
                    let party: serde_json::Map<_, _> =
                        row.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
                    let answer = screen_json(screener, &serde_json::to_string(&party).unwrap()).unwrap();
                    let text = |hit: &serde_json::Value, key: &str| hit[key].as_str().unwrap().to_string();
                    let line = |hit: &serde_json::Value| {
                        let score = hit["score"].as_f64().unwrap();
                        let keys = [
                            "list",
                            "entity_id",
                            "entity_name",
                            "matched_name",
                            "schema",
                            "program",
                            "matched_by",
                            "group",
                        ];
                        format!("{score:.5}|{}", keys.map(|key| text(hit, key)).join("|"))
                    };
                    let hits: Vec<String> = answer["hits"].as_array().unwrap().iter().map(line).collect();
                    assert_eq!(hits, expected, "{row:?}");
                    with_hits.fetch_add(usize::from(!hits.is_empty()), Ordering::Relaxed);
                }
            });
        }
    });
    assert!(with_hits.into_inner() > 500);
    assert_eq!(interdict_free(screener), OK);
}

#[test]
fn lists_are_exchanged_and_closed_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    std::fs::write(path("old.csv"), "id,name\n1,Volga Star\n").unwrap();
    std::fs::write(path("new.csv"), "id,name\n1,Volga Star\n2,Lena Shipping\n").unwrap();
    let screener = open(&path("old.csv"), "");
    let row = [("name".to_string(), "Lena Shipping".to_string())];
    let (is_new, is_closed) = (AtomicBool::new(false), AtomicBool::new(false));
    let (sure, errors) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                loop {
                    let (new_before, closed_before) =
                        (is_new.load(Ordering::SeqCst), is_closed.load(Ordering::SeqCst));
                    match screen_structs(screener, &row) {
                        Ok(hits) => {
                            assert!(!closed_before);
                            assert!(!new_before || hits.len() == 1, "the lists were exchanged before");
                            sure.fetch_add(usize::from(new_before), Ordering::SeqCst);
                        }
                        Err(status) => {
                            assert_eq!(status, interdict_status::INTERDICT_INVALID_HANDLE);
                            errors.fetch_add(1, Ordering::SeqCst);
                            return;
                        }
                    }
                }
            });
        }
        let reload = |name: &str| {
            let path = CString::new(path(name)).unwrap();
            // SAFETY: a path that ends with a NUL.
            unsafe { interdict_reload(screener, &path.as_ptr(), null(), 1, null(), 0) }
        };
        for _ in 0..20 {
            assert_eq!(reload("old.csv"), OK);
        }
        assert_ne!(reload("none.csv"), OK);
        assert!(last_error().contains("none.csv"), "{}", last_error());
        assert_eq!(reload("new.csv"), OK);
        is_new.store(true, Ordering::SeqCst);
        // The same paths again.
        // SAFETY: nulls are allowed.
        assert_eq!(unsafe { interdict_reload(screener, null(), null(), 0, null(), 0) }, OK);
        while sure.load(Ordering::SeqCst) < 1000 {
            std::thread::yield_now();
        }
        assert_eq!(interdict_free(screener), OK);
        is_closed.store(true, Ordering::SeqCst);
    });
    assert_eq!(errors.into_inner(), 4);
    assert_eq!(interdict_free(screener), interdict_status::INTERDICT_INVALID_HANDLE);
    assert_eq!(last_error(), "no such screener: it was never opened, or it is closed");
}

#[test]
fn a_short_buffer_holds_the_best_hits_and_the_answer_tells_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    std::fs::write(&path, "id,name\n1,Volga Star\n2,Volga Star Ltd\n3,Volga Stars\n").unwrap();
    let screener = open(path.to_str().unwrap(), "");
    let screen = |hits: &mut [interdict_hit], texts: &mut [u8]| {
        let mut answer = interdict_answer::default();
        // SAFETY: pointers and lengths are those of slices.
        let status = unsafe {
            interdict_screen_name(
                screener,
                c"Volga Star".as_ptr(),
                10,
                hits.as_mut_ptr(),
                hits.len(),
                texts.as_mut_ptr().cast(),
                texts.len(),
                &mut answer,
            )
        };
        (status, answer)
    };
    let (status, whole) = screen(&mut [interdict_hit::default(); 9], &mut [0; 999]);
    assert_eq!((status, whole.hits, whole.written), (OK, 3, 3));
    for (hits, texts, written) in
        [(0, 0, 0), (1, 999, 1), (2, 999, 2), (9, whole.text_bytes - 1, 2), (9, 1, 0), (0, 999, 0)]
    {
        let mut buffer = vec![interdict_hit::default(); hits];
        let (status, answer) = screen(&mut buffer, &mut vec![0; texts]);
        assert_eq!(status, interdict_status::INTERDICT_SHORT_BUFFER, "{hits} {texts}");
        assert_eq!(answer, interdict_answer { written, ..whole }, "{hits} {texts}");
        assert!(buffer[..written].first().is_none_or(|hit| hit.score == 1.0));
        assert!(buffer[written..].iter().all(|hit| *hit == interdict_hit::default()));
    }
    let (status, exact) = screen(&mut [interdict_hit::default(); 3], &mut vec![0; whole.text_bytes]);
    assert_eq!((status, exact), (OK, whole));
    interdict_free(screener);
}

#[test]
fn an_answer_in_json_tells_what_is_no_hit_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.csv");
    std::fs::write(&path, "id,name,schema,birth_date\n7,PETROVSKY Anatoly,Person,1970-03-04\n8,,Person,\n")
        .unwrap();
    let settings = r#"{"lists": {"allow_incomplete": ["own"]}}"#;
    let screener = open(path.to_str().unwrap(), settings);
    let party = r#"{"name": "Anatoly Petrovsky", "birth_date": ["1991-12-24", "soon"], "country": "Narnia", "schema": "Vessel", "naem": "x"}"#;
    let answer = screen_json(screener, party).unwrap();
    assert_eq!(answer["not_read"], serde_json::json!(["naem"]));
    let silent = serde_json::json!([
        {"field": "birth_date", "value": "soon"}, {"field": "country", "value": "Narnia"}
    ]);
    assert_eq!(answer["not_compared"], silent);
    assert_eq!(answer["withheld"]["cleared"], 1, "{answer}");
    assert_eq!(answer["cleared"][0]["cleared_by"], "birth_date;schema");
    let explained = explain_json(screener, party, Some(("own", "7"))).unwrap();
    assert_eq!(explained[0]["hit"]["entity_id"], "7");
    assert!(explained[0]["text"].as_str().unwrap().contains("birth date"));
    assert_eq!(explain_json(screener, party, None).unwrap().as_array().unwrap().len(), 0);
    let error = explain_json(screener, party, Some(("own", "9"))).unwrap_err();
    assert_eq!(error, "the entity '9' of the list 'own' is no hit of this party");
    let error = screen_json(screener, r#"{"naem": "x"}"#).unwrap_err();
    assert_eq!(error, "nothing to screen: no name; these keys are no fields: naem");
    // SAFETY: the pointers are those of the caller below.
    let lists = json(|text, len| unsafe { interdict_lists_json(screener, text, len) }).unwrap();
    assert_eq!((&lists["entities"], &lists["lists"][0]["rejected"]), (&1.into(), &1.into()));
    assert_eq!(lists["rejected"][0]["reason"], "no name");
    assert!(lists["rejected"][0]["position"].as_str().unwrap().starts_with("record 2"), "{lists}");
    interdict_free(screener);
}

#[test]
fn payment_messages_have_the_verdict_of_the_library() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.csv");
    std::fs::write(&path, "id,name\n1,Volga Star Shipping\n").unwrap();
    let screener = open(path.to_str().unwrap(), r#"{"embargo": {"countries": ["IR"]}}"#);
    let payment = |debtor: &str, country: &str| {
        let text = format!(
            "{{1:F01BANKDEFFAXXX0000000000}}{{2:I103BANKGB2LXXXXN}}{{4:\r\n:20:REF-1\r\n:23B:CRED\r\n:32A:260615EUR5,\r\n\
             :50F:/DE89370400440532013000\r\n1/{debtor}\r\n3/{country}/TOWN\r\n:59:/12\r\nJANE ROE\r\n:71A:SHA\r\n-}}"
        );
        // SAFETY: a message with its length.
        json(|json, len| unsafe { interdict_payment_json(screener, text.as_ptr(), text.len(), json, len) })
            .unwrap()
    };
    let clean = payment("JOHN DOE", "DE");
    assert_eq!((&clean["verdict"], &clean["messages"][0]["kind"]), (&"pass".into(), &"MT103".into()));
    let held = payment("VOLGA STAR SHIPPING", "DE");
    let finding = &held["messages"][0]["findings"][0];
    assert_eq!((&held["verdict"], &finding["role"]), (&"hold".into(), &"debtor".into()));
    assert_eq!(finding["hit"]["entity_id"], "1");
    let embargoed = payment("JOHN DOE", "IR");
    assert_eq!(embargoed["verdict"], "hold");
    assert!(embargoed["messages"][0]["findings"][0]["embargo"].is_object(), "{embargoed}");
    // SAFETY: nulls are allowed.
    let nothing =
        json(|json, len| unsafe { interdict_payment_json(screener, null(), 0, json, len) }).unwrap();
    assert_eq!(nothing["verdict"], "unreadable");
    interdict_free(screener);
}

/// Bytes made of valid texts by changes at random, and always the same ones.
#[test]
fn no_bytes_are_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.csv");
    std::fs::write(&path, "id,name,birth_date,lei\n1,Volga Star,1970,529900T8BM49AURSDO55\n").unwrap();
    let screener = open(path.to_str().unwrap(), "");
    let settings = r#"{"threshold": {"default": 0.9}, "limit": 3, "embargo": {"places": ["Yalta"]}, "lists": {"max_age_days": 3}}"#;
    let party = r#"{"name": ["Volga Star", "Звезда"], "birth_date": 1970, "identifiers": [{"kind": "lei", "value": "529900T8BM49AURSDO55"}]}"#;
    let mut random = generate::Random::new(5);
    let mut answered = 0;
    for round in 0..20_000 {
        let mut bytes = if round % 8 == 0 { settings } else { party }.as_bytes().to_vec();
        for _ in 0..random.below(5) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = random.below(256) as u8,
                1 => drop(bytes.splice(at..at, *b"[{\"\xc3")),
                _ => bytes.truncate(at),
            }
            if bytes.is_empty() {
                break;
            }
        }
        let (text, len) = (bytes.as_ptr().cast(), bytes.len());
        if round % 8 == 0 {
            let mut other = 0;
            let own = path.to_str().unwrap();
            // SAFETY: pointers and lengths are those of texts.
            let status =
                unsafe { interdict_open(&own.as_ptr().cast(), &own.len(), 1, text, len, &mut other) };
            assert_ne!(status, interdict_status::INTERDICT_INTERNAL, "{}", last_error());
            assert_eq!(interdict_free(other), OK);
        } else {
            // SAFETY: the same.
            let answer =
                json(|json, json_len| unsafe { interdict_screen_json(screener, text, len, json, json_len) });
            assert!(!answer.as_ref().is_err_and(|e| e.contains("a bug")), "{answer:?}");
            answered += usize::from(answer.is_ok());
        }
    }
    assert!((1000..19_000).contains(&answered), "{answered}");
    interdict_free(screener);
}

#[test]
fn what_cannot_be_opened_is_an_error_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        folder.path().join(name).to_str().unwrap().to_string()
    };
    let index = Index::build(&[list::from_bytes("x", b"id,name\n1,A\n").unwrap()]).unwrap();
    let index_path = folder.path().join("x.idx");
    index.save(&index_path).unwrap();
    let mut damaged = std::fs::read(&index_path).unwrap();
    damaged.truncate(damaged.len() - 9);
    use interdict_status::*;
    for (path, status) in [
        (write("empty.csv", b""), INTERDICT_INVALID_LIST),
        (write("prose.txt", b"no list at all"), INTERDICT_INVALID_LIST),
        (write("cut.idx", &damaged), INTERDICT_INVALID_INDEX),
        (Path::new("/nowhere/x.idx").to_str().unwrap().to_string(), INTERDICT_IO),
    ] {
        let mut screener = 7;
        // SAFETY: pointers and lengths are those of texts.
        let got = unsafe { interdict_open(&path.as_ptr().cast(), &path.len(), 1, null(), 0, &mut screener) };
        assert_eq!((got, screener), (status, 0), "{path}: {}", last_error());
        assert!(last_error().contains(&path), "{}", last_error());
    }
}
