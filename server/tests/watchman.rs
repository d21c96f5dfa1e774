//! Watchman's interface over a listening service: answers, errors, and that the hits are those of the library.

mod compat;

use compat::Service;
use interdict::entity::Schema;
use interdict::{Index, Query, Screener, list};
use serde_json::{Value, json};

fn search(service: &Service, query: &str) -> Value {
    let reply = service.get(&format!("/v2/search?{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.body);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    reply.json()
}

fn ids(answer: &Value) -> Vec<String> {
    let entities = answer["entities"].as_array().unwrap().iter();
    entities
        .map(|e| format!("{}:{}", e["sourceList"].as_str().unwrap(), e["sourceID"].as_str().unwrap()))
        .collect()
}

#[test]
fn hits_are_those_of_the_library() {
    let service = Service::start();
    let read = |name: &str, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
    let screener =
        Screener::new(Index::build(&[read("us-list", compat::US), read("uk", compat::UK)]).unwrap());
    for (text, query) in [
        ("name=ivan+petrof&type=person", Query::name("ivan petrof").schema(Schema::Person)),
        ("name=lady+rosalynd&type=vessel", Query::name("lady rosalynd").schema(Schema::Vessel)),
        ("name=volga+star", Query::name("volga star")),
    ] {
        let theirs: Vec<(String, f64)> = search(&service, text)["entities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["sourceID"].as_str().unwrap().to_string(), e["match"].as_f64().unwrap()))
            .collect();
        let ours: Vec<(String, f64)> = screener
            .screen(&query)
            .into_iter()
            .map(|hit| (hit.entity_id, (f64::from(hit.score) * 1e5).round() / 1e5))
            .collect();
        assert!(!ours.is_empty());
        assert_eq!(theirs, ours, "{text}");
    }
}

#[test]
fn a_request_of_the_go_client_is_answered_in_its_shape() {
    let service = Service::start();
    let answer = search(&service, "name=Ivan+Petrov&type=&minMatch=0.00&limit=10&debug=yes");
    assert_eq!(answer["query"]["sourceList"], json!("api-request"));
    let best = &answer["entities"][0];
    assert_eq!(
        (&best["name"], &best["sourceList"], &best["sourceID"]),
        (&json!("Ivan PETROV"), &json!("us-list"), &json!("11"))
    );
    assert_eq!(best["person"]["birthDate"], json!("1965-04-21T00:00:00Z"));
    assert_eq!((&best["match"], &best["details"]["finalScore"]), (&json!(1.0), &json!(1.0)));
    assert!(best["debug"].is_string() && best["vessel"].is_null());
    // Everything from 0.5 on, if no least score is asked for.
    assert!(answer["entities"].as_array().unwrap().iter().all(|e| e["match"].as_f64().unwrap() >= 0.5));

    let ship = search(&service, "name=Another+Name&type=vessel&imoNumber=9253325");
    assert_eq!(ids(&ship), ["uk:A2", "us-list:12"]);
    assert_eq!(ship["query"]["vessel"]["imoNumber"], json!("9253325"));
    let person = search(&service, "type=person&gov_passport=RU:751234567&birthDate=1965-04");
    assert_eq!(ids(&person), ["uk:A1", "us-list:11"]);
    assert_eq!(person["query"]["person"]["birthDate"], json!("1965-04-01T00:00:00Z"));
    assert_eq!(ids(&search(&service, "name=ivan+petrov&source=uk&minMatch=0.5")), ["uk:A1"]);
    assert_eq!(search(&service, "name=ivan+petrov&requestID=r7")["requestID"], json!("r7"));
    let lines = service.get("/v2/search?name=ivan+petrov&format=ndjson");
    assert_eq!(lines.header("content-type"), Some("application/x-ndjson"));
    assert!(
        lines.body.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["RECORD_ID"].is_string())
    );
}

#[test]
fn errors_are_400_with_a_sentence() {
    let service = Service::start();
    for (query, message) in [
        ("name=x&a=1&b=2", "extra/unused query parameters in request: a,b"),
        ("name=x&type=business&birthDate=1965", "extra/unused query parameters in request: birthDate"),
    ] {
        let reply = service.get(&format!("/v2/search?{query}"));
        assert_eq!((reply.status, reply.body), (400, format!("{}\n", json!({"error": message}))));
    }
    for path in ["/v2/search", "/v2/search?name=x&limit=many", "/v2/export/nope"] {
        let reply = service.get(path);
        assert!(
            reply.status == 400 && reply.json()["error"].is_string() && reply.body.ends_with('\n'),
            "{path}"
        );
    }
    let reply = service.send("POST", "/v2/ingest/csv", &[], b"name\nx\n");
    assert!(reply.status == 400 && reply.json()["error"].as_str().unwrap().contains("not taken in"));
}

#[test]
fn lists_are_told_exported_and_reloaded() {
    let service = Service::start();
    let ping = service.get("/ping");
    assert_eq!((ping.status, &*ping.body, ping.header("content-type")), (200, "PONG", Some("text/plain")));
    let info = service.get("/v2/listinfo").json();
    assert_eq!(info["lists"], json!({"uk": 3, "us-list": 6}));
    assert_eq!(info["listHashes"]["uk"].as_str().unwrap().len(), 64);
    assert!(info["startedAt"].as_str().unwrap().ends_with('Z') && info["endedAt"].is_string());
    assert_eq!(service.get("/v2/export/uk").json().as_array().unwrap().len(), 3);

    let before = service.get("/v2/data/refresh").json();
    assert_eq!((&before["state"], &before["trigger"]), (&json!("succeeded"), &json!("startup")));
    std::fs::write(service.folder.path().join("uk.csv"), "id,name\nB1,New Comer\n").unwrap();
    let started = service.send("POST", "/v2/data/refresh", &[], b"");
    assert_eq!(started.status, 202, "{}", started.body);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while ids(&search(&service, "name=New+Comer")).is_empty() {
        assert!(std::time::Instant::now() < until, "{}", service.get("/v2/data/refresh").body);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(service.get("/v2/data/refresh").json()["trigger"], json!("manual"));
}
