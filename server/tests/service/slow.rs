//! Clients that are slow, stop halfway, come in crowds or send what is no HTTP. /healthz answers throughout.

use crate::client::{Connection, get, message, post};
use crate::{LIST, Service, with_list};
use interdict_server::{Limits, Settings};
use std::time::{Duration, Instant};

fn service(limits: Limits) -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(Settings { limits, ..with_list(folder.path(), LIST) });
    (folder, service)
}

#[test]
fn half_bodies_and_half_heads_are_ended() {
    let (_folder, service) = service(Limits { deadline: Duration::from_secs(1), ..Limits::default() });
    let whole = message("POST", "/v1/screen", "", br#"{"name": "Lady Rosalind"}"#);
    let mut body = Connection::open(service.address);
    body.send(&whole[..whole.len() - 3]);
    let mut head = Connection::open(service.address);
    head.send(b"POST /v1/screen HTTP/1.1\r\nHost: loc");
    let mut gone = Connection::open(service.address);
    gone.send(&whole[..whole.len() - 3]);
    drop(gone);
    let start = Instant::now();
    assert_eq!(get(service.address, "/healthz").status, 200);
    let answer = body.receive().unwrap();
    assert_eq!((answer.status, answer.code()), (408, "body_too_slow".into()));
    // Closed, with or without a word.
    assert!(head.receive().is_none_or(|answer| answer.status == 408));
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(post(service.address, "/v1/screen", r#"{"name": "Lady Rosalind"}"#).status, 200);
}

#[test]
fn a_stream_that_stops_is_ended_with_the_reason() {
    let (_folder, service) = service(Limits { deadline: Duration::from_secs(1), ..Limits::default() });
    let mut connection = Connection::open(service.address);
    connection.send(b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{\"name\":\"Lady Rosalind\"}\n{\"na");
    let lines = connection.receive().unwrap().lines();
    assert_eq!((&lines[0]["line"], &lines[0]["hits"][0]["entity_id"]), (&1.into(), &"2".into()));
    assert_eq!(
        (&lines[1]["end"]["error"]["code"], &lines[1]["end"]["counts"]["parties"]),
        (&"body_too_slow".into(), &1.into())
    );
}

#[test]
fn connections_beyond_the_limit_are_told_so() {
    let (_folder, service) = service(Limits { connections: 20, ..Limits::default() });
    let held: Vec<Connection> = (0..20)
        .map(|_| {
            let mut connection = Connection::open(service.address);
            connection.send(&message("GET", "/healthz", "", b""));
            assert_eq!(connection.receive().unwrap().status, 200);
            connection
        })
        .collect();
    for _ in 0..100 {
        let mut connection = Connection::open(service.address);
        connection.send(&message("GET", "/healthz", "", b""));
        let answer = connection.receive().unwrap();
        assert_eq!((answer.status, answer.code()), (503, "too_many_connections".into()));
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    drop(held);
    let until = Instant::now() + Duration::from_secs(5);
    while get(service.address, "/healthz").status != 200 {
        assert!(Instant::now() < until);
    }
}

#[test]
fn what_is_no_http_ends_its_own_connection_only() {
    let (_folder, service) = service(Limits::default());
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        &[b'x'; 100_000],
    ] {
        let mut connection = Connection::open(service.address);
        let _ = std::io::Write::write_all(connection.0.get_mut(), bytes);
        let answer = connection.receive();
        assert!(answer.is_none_or(|answer| answer.status >= 400));
        assert_eq!(get(service.address, "/healthz").status, 200);
    }
}

#[test]
fn a_client_that_does_not_read_stops_its_own_stream_only() {
    let (_folder, service) = service(Limits::default());
    let mut connection = Connection::open(service.address);
    connection.0.get_ref().set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    connection.send(b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000000\r\n\r\n");
    let lines = "{\"name\":\"Lady Rosalind\"}\n".repeat(4000);
    let mut sent = 0;
    // Nothing is read: the service must stop reading in turn, long before all of it is in its memory.
    while sent < 1_000_000_000 {
        match std::io::Write::write(connection.0.get_mut(), lines.as_bytes()) {
            Ok(n) => sent += n,
            Err(_) => break,
        }
    }
    assert!(sent < 50_000_000, "{sent} bytes were taken");
    let start = Instant::now();
    assert_eq!(post(service.address, "/v1/screen", r#"{"name": "Lady Rosalind"}"#).status, 200);
    assert!(start.elapsed() < Duration::from_secs(2));
}
