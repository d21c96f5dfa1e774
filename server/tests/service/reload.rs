//! Lists that change while requests are answered.

use crate::client::{Connection, get, post};
use crate::{Service, lists, put, with_list};
use interdict_server::{Settings, Sources};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// A list whose entities all carry the number of its version.
fn version(number: usize) -> String {
    let ships = ["VOLGA STAR", "LADY ROSALIND", "OCEAN LILY"];
    let rows = ships.iter().enumerate().map(|(at, ship)| format!("v{number}-{at},Vessel,{ship}\n"));
    format!("id,schema,name\n{}", rows.collect::<String>())
}

/// The version by which a whole answer was made.
fn version_of(answer: &Value) -> usize {
    let results = answer["results"].as_array().unwrap();
    let of = |result: &Value| -> usize {
        let id = result["hits"][0]["entity_id"].as_str().unwrap();
        id[1..].split('-').next().unwrap().parse().unwrap()
    };
    let versions: Vec<usize> = results.iter().map(of).collect();
    assert!(versions.len() == 3 && versions.iter().all(|v| *v == versions[0]), "{answer}");
    versions[0]
}

#[test]
fn every_answer_under_load_belongs_whole_to_one_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.csv");
    let service = Service::start(with_list(folder.path(), &version(0)));
    let (stop, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    // Which version has which hash: one to one.
    let seen: Mutex<HashMap<String, usize>> = Mutex::default();
    let body = br#"[{"name": "Volga Star"}, {"name": "Lady Rosalind"}, {"name": "Ocean Lily"}]"#;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut connection = Connection::open(service.address);
                while !stop.load(Relaxed) {
                    let answer = connection.post("/v1/screen", "", body);
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    let json = answer.json();
                    let hash = json["index"].as_str().unwrap().to_string();
                    let version = version_of(&json);
                    assert_eq!(*seen.lock().unwrap().entry(hash).or_insert(version), version);
                    asked.fetch_add(1, Relaxed);
                }
            });
        }
        for number in 1..=22 {
            let is_broken = number % 11 == 0;
            put(&path, &if is_broken { "id,name\n1,\n2,\n".to_string() } else { version(number) });
            let reload = post(service.address, "/v1/reload", "");
            assert_eq!(reload.status, if is_broken { 502 } else { 200 }, "{}", reload.text());
            let before = asked.load(Relaxed);
            let until = Instant::now() + Duration::from_secs(5);
            while asked.load(Relaxed) < before + 480 && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        stop.store(true, Relaxed);
    });
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.len(), 21, "{seen:?}");
    assert!(asked.load(Relaxed) > 10_000, "{asked:?}");
    let status = get(service.address, "/v1/lists").json()["reload"].clone();
    assert_eq!((&status["succeeded"], &status["failed"]), (&json!(21), &json!(2)));
}

#[test]
fn a_failed_refresh_leaves_the_lists_and_is_told_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.csv");
    let service = Service::start(with_list(folder.path(), &version(1)));
    let party = r#"[{"name": "Volga Star"}, {"name": "Lady Rosalind"}, {"name": "Ocean Lily"}]"#;
    let index = post(service.address, "/v1/screen", party).json()["index"].clone();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(post(service.address, "/v1/reload", "").status, 502);
    let answer = post(service.address, "/v1/screen", party).json();
    assert_eq!((version_of(&answer), &answer["index"]), (1, &index));
    assert!(answer["notices"][0].as_str().unwrap().contains("refresh"), "{answer}");
    let ready = get(service.address, "/readyz");
    assert_eq!((ready.status, &ready.json()["reload"]["state"]), (200, &json!("failed")));
    let metrics = get(service.address, "/metrics").text();
    assert!(metrics.contains("interdict_reload_total{result=\"failed\"} 1"), "{metrics}");
    assert!(metrics.contains("interdict_reload_failed 1"));
    put(&path, &version(2));
    assert_eq!(post(service.address, "/v1/reload", "").status, 200);
    let answer = post(service.address, "/v1/screen", party).json();
    assert_eq!((version_of(&answer), &answer["notices"]), (2, &json!([])));
}

#[test]
fn files_are_watched() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        Settings { watch: Some(Duration::from_millis(100)), ..with_list(folder.path(), &version(1)) };
    let service = Service::start(settings);
    let index = get(service.address, "/readyz").json()["index"].clone();
    put(&folder.path().join("own.csv"), &version(2));
    let until = Instant::now() + Duration::from_secs(10);
    while get(service.address, "/readyz").json()["index"] == index {
        assert!(Instant::now() < until, "the change is not seen");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(get(service.address, "/v1/lists").json()["reload"]["trigger"], "watch");
}

#[test]
fn it_starts_from_the_last_good_index_when_a_list_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let state = Some(folder.path().join("state"));
    let settings = || Settings { state: state.clone(), ..with_list(folder.path(), &version(1)) };
    let index = get(Service::start(settings()).address, "/readyz").json()["index"].clone();
    let without = settings();
    std::fs::remove_file(folder.path().join("own.csv")).unwrap();
    let service = Service::start(without);
    let answer = post(service.address, "/v1/screen", r#"{"name": "Volga Star"}"#).json();
    assert_eq!((&answer["index"], &answer["results"][0]["hits"][0]["entity_id"]), (&index, &json!("v1-0")));
    assert!(answer["notices"][0].as_str().unwrap().contains("last good index"), "{answer}");
    drop(service);
    // Other lists have no last good index.
    let sources = lists(&[folder.path().join("other.csv")]);
    let mut service = Service::begin(Settings { sources, state: state.clone(), ..Settings::default() });
    let error = service.join().unwrap_err().to_string();
    assert!(error.contains("other.csv"), "{error}");
}

#[test]
fn an_index_file_is_served_and_lists_that_are_too_old_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let list = interdict::list::from_bytes("own", version(3).as_bytes()).unwrap();
    let path = folder.path().join("lists.idx");
    interdict::Index::build(&[list]).unwrap().save(&path).unwrap();
    let sources = Sources::Index(path);
    let service = Service::start(Settings { sources: sources.clone(), ..Settings::default() });
    let answer = post(service.address, "/v1/screen", r#"{"name": "Volga Star"}"#).json();
    assert_eq!(answer["results"][0]["hits"][0]["entity_id"], "v3-0");
    // A list without a date is of unknown age.
    let service = Service::begin(Settings { sources, max_age: Some(7), ..Settings::default() });
    let until = Instant::now() + Duration::from_secs(10);
    while get(service.address, "/v1/lists").status != 200 {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(10));
    }
    let answer = post(service.address, "/v1/screen", r#"{"name": "Volga Star"}"#);
    assert_eq!((answer.status, answer.code()), (503, "lists_too_old".into()));
    assert!(answer.header("retry-after").is_some());
    let ready = get(service.address, "/readyz");
    assert!(ready.status == 503 && ready.text().contains("tells no date"), "{}", ready.text());
    assert_eq!(get(service.address, "/healthz").status, 200);
}
