//! Keys, the audit trail, metrics, the end of the service.

use crate::client::{Connection, get, get_with, message, post, stream};
use crate::{LIST, Service, put, with_list};
use interdict::audit;
use interdict_server::{Server, Settings, keys};
use std::fs::File;
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn keys_open_what_their_scopes_say() {
    let folder = tempfile::tempdir().unwrap();
    let (screen, entry) = keys::generate("payments").unwrap();
    let (admin, admin_entry) = keys::generate("operator").unwrap();
    let path = folder.path().join("keys.toml");
    put(&path, &format!("{entry}rate = 5\n{}", admin_entry.replace("\"screen\"", "\"admin\"")));
    assert!(!std::fs::read_to_string(&path).unwrap().contains(&screen));
    let service = Service::start(Settings { keys: Some(path), ..with_list(folder.path(), LIST) });
    let bearer = |key: &str| format!("Authorization: Bearer {key}\r\n");
    for path in ["/healthz", "/readyz", "/", "/openapi.json"] {
        assert_eq!(get(service.address, path).status, 200, "{path}");
    }
    for path in ["/v1/lists", "/metrics", "/v1/explain?name=x", "/v1/entities/own/1"] {
        let answer = get(service.address, path);
        assert_eq!((answer.status, answer.code()), (401, "unauthorized".into()), "{path}");
        assert_eq!(get_with(service.address, path, &bearer(&admin)).status, 200, "{path}");
    }
    let mut connection = Connection::open(service.address);
    assert_eq!(connection.post("/v1/screen", &bearer(&screen), br#"{"name": "x"}"#).status, 200);
    assert_eq!(connection.post("/v1/screen", &bearer("ik_wrong"), br#"{"name": "x"}"#).status, 401);
    assert_eq!(connection.post("/v1/reload", &bearer(&screen), b"").status, 403);
    assert_eq!(connection.post("/v1/reload", &bearer(&admin), b"").status, 200);
    let statuses: Vec<u16> = (0..12)
        .map(|_| connection.post("/v1/screen", &bearer(&screen), br#"{"name": "x"}"#).status)
        .collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let refused =
        std::iter::repeat_with(|| connection.post("/v1/screen", &bearer(&screen), br#"{"name": "x"}"#));
    let refused = refused.take(20).find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.header("retry-after"), Some("1"));
}

#[test]
fn it_does_not_listen_to_others_without_keys() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let error = Server::new(Settings { listen, ..Settings::default() }).unwrap_err();
    assert!(error.is_invalid_option() && error.to_string().contains("--keys"), "{error}");
}

#[test]
fn without_keys_pages_of_other_hosts_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(with_list(folder.path(), LIST));
    let mut connection = Connection::open(service.address);
    connection.send(b"GET /v1/lists HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(connection.receive().unwrap().status, 403);
    assert_eq!(connection.post("/v1/reload", "Origin: https://evil.example\r\n", b"").status, 403);
    assert_eq!(connection.post("/v1/reload", "Origin: http://localhost:8100\r\n", b"").status, 200);
}

#[test]
fn every_party_is_in_an_audit_trail_that_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("audit");
    let settings = Settings { audit: Some(trail.clone()), ..with_list(folder.path(), LIST) };
    let service = Service::start(settings.clone());
    let first = post(service.address, "/v1/screen", r#"{"id": "c-1", "name": "Lady Rosalind"}"#).json();
    assert_eq!((&first["audit"]["run"], &first["audit"]["first"]), (&1.into(), &1.into()));
    post(service.address, "/v1/screen", r#"[{"name": "Jane Roe"}, {"name": "?"}, {"nmae": "x"}]"#);
    // Other settings and other lists are other runs.
    let strict = post(service.address, "/v1/screen?threshold=0.95", r#"{"name": "Lady Rosalind"}"#).json();
    assert_eq!(strict["audit"]["run"], 2);
    stream(service.address, "/v1/screen", "{\"name\":\"Lady Rosalind\"}\n{oops\n".repeat(200));
    put(&folder.path().join("own.csv"), "id,name\n9,OCEAN LILY\n");
    post(service.address, "/v1/reload", "");
    post(service.address, "/v1/screen", r#"{"name": "Ocean Lily"}"#);
    get(service.address, "/v1/explain?name=Ocean+Lily");
    post(service.address, "/v1/screen", r#"{"name": ""}"#);
    drop(service);
    drop(Service::start(settings.clone()));
    let service = Service::start(settings);
    post(service.address, "/v1/screen", r#"{"name": "Ocean Lily"}"#);
    drop(service);
    let mut reports = Vec::new();
    for entry in std::fs::read_dir(&trail).unwrap() {
        let path = entry.unwrap().path();
        let report = audit::verify(File::open(&path).unwrap()).unwrap();
        assert!(report.is_intact(), "{}: {:?}", path.display(), report.problems);
        reports.push((report.runs, report.counts.rows, report.counts.rejected, report.counts.hits));
    }
    reports.sort_unstable();
    assert_eq!(reports, [(1, 1, 0, 1), (4, 408, 203, 204)]);
    let text = std::fs::read_to_string(trail.join(first["audit"]["file"].as_str().unwrap())).unwrap();
    let row = text.lines().nth(1).unwrap();
    assert!(row.contains("\"id\":\"c-1\"") && row.contains(first["request"].as_str().unwrap()), "{row}");
}

#[test]
fn nothing_is_answered_that_cannot_be_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("audit");
    let service = Service::start(Settings { audit: Some(trail.clone()), ..with_list(folder.path(), LIST) });
    std::fs::remove_dir(&trail).unwrap();
    let answer = post(service.address, "/v1/screen", r#"{"name": "Lady Rosalind"}"#);
    assert_eq!((answer.status, answer.code()), (503, "audit_failed".into()));
    let lines = stream(service.address, "/v1/screen", "{\"name\":\"Lady Rosalind\"}\n").lines();
    assert_eq!(lines[0]["end"]["error"]["code"], "audit_failed");
    std::fs::create_dir(&trail).unwrap();
    assert_eq!(post(service.address, "/v1/screen", r#"{"name": "Lady Rosalind"}"#).status, 200);
}

#[test]
fn metrics_count_requests_hits_and_refusals() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(with_list(folder.path(), LIST));
    post(service.address, "/v1/screen", r#"[{"name": "Lady Rosalind"}, {"name": "Jane Roe"}]"#);
    post(service.address, "/v1/screen", r#"{"nmae": "Lady Rosalind"}"#);
    get(service.address, "/v1/entities/own/1");
    get(service.address, "/nothing/at/all");
    let text = get(service.address, "/metrics").text();
    for line in [
        "interdict_http_request_duration_seconds_count{route=\"/v1/screen\",method=\"POST\",code=\"200\"} 1",
        "interdict_http_request_duration_seconds_count{route=\"/v1/screen\",method=\"POST\",code=\"422\"} 1",
        "interdict_http_request_duration_seconds_count{route=\"/v1/entities/{list}/{id}\",method=\"GET\",code=\"200\"} 1",
        "interdict_http_request_duration_seconds_count{route=\"unmatched\",method=\"GET\",code=\"404\"} 1",
        "interdict_hits_total{list=\"own\"} 1",
        "interdict_parties_total 3",
        "interdict_list_records{list=\"own\"} 3",
        "interdict_ready 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    assert!(text.contains("interdict_rejected_total{reason=\"unknown_field\"}"));
    assert!(!text.contains("Rosalind"));
}

#[test]
fn a_stop_finishes_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(with_list(folder.path(), LIST));
    let mut idle = Connection::open(service.address);
    let body = br#"{"name": "Lady Rosalind"}"#;
    let message = message("POST", "/v1/screen", "", body);
    let mut begun = Connection::open(service.address);
    begun.send(&message[..message.len() - 5]);
    std::thread::sleep(Duration::from_millis(100));
    service.stop();
    std::thread::sleep(Duration::from_millis(100));
    assert!(TcpStream::connect(service.address).is_err(), "it still takes connections");
    begun.send(&message[message.len() - 5..]);
    let answer = begun.receive().expect("the request is answered");
    assert_eq!((answer.status, &answer.json()["counts"]["hits"]), (200, &1.into()));
    service.join().unwrap();
    assert!(idle.receive().is_none());
}
