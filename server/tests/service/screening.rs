//! `/v1`: what is asked and answered.

use crate::client::{Connection, get, get_with, post, stream};
use crate::{LIST, Service, with_list};
use interdict_server::{Limits, Settings};
use serde_json::{Value, json};

fn service() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(with_list(folder.path(), LIST));
    (folder, service)
}

#[test]
fn a_party_is_answered_with_its_hits_and_all_that_belongs_to_them() {
    let (_folder, service) = service();
    let party = r#"{"id": "c-1", "name": "Anatoli Petrovski", "dob": "4 March 1970", "country": "Russia"}"#;
    let answer = post(service.address, "/v1/screen?explain=true", party);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    assert_eq!(answer.header("x-interdict-index"), json["index"].as_str());
    assert_eq!(answer.header("x-request-id"), json["request"].as_str());
    assert_eq!((json["index"].as_str().unwrap().len(), json["config"].as_str().unwrap().len()), (64, 64));
    assert_eq!(json["lists"], json!([{"name": "own", "published": null, "age_days": null}]));
    assert_eq!(json["counts"]["hits"], 1);
    let result = &json["results"][0];
    assert_eq!((&result["id"], &result["withheld"]["cut"]), (&json!("c-1"), &json!(0)));
    let hit = &result["hits"][0];
    assert_eq!(
        (&hit["list"], &hit["entity_id"], &hit["group"]),
        (&json!("own"), &json!("1"), &json!("own:1"))
    );
    assert_eq!(hit["explanation"]["score"], hit["score"]);
    assert!(hit["explanation"]["pairs"].as_array().unwrap().len() >= 2);
    assert_eq!(hit["explanation"]["fields"].as_array().unwrap().len(), 2);
}

#[test]
fn many_parties_are_answered_in_their_order_and_one_that_is_wrong_stops_none() {
    let (_folder, service) = service();
    let parties = json!([{"name": "Lady Rosalind"}, {"name": "?"}, {"nmae": "x"}, {"id": "b", "passport": "751234567"}, {"name": "Jane Roe"}]);
    for body in [parties.to_string(), json!({"parties": parties}).to_string()] {
        let json = post(service.address, "/v1/screen", body).json();
        let results = json["results"].as_array().unwrap();
        let ids = |at: usize| {
            results[at]["hits"]
                .as_array()
                .map(|h| h.iter().map(|h| h["entity_id"].clone()).collect::<Vec<_>>())
        };
        assert_eq!((ids(0), ids(4)), (Some(vec![json!("2")]), Some(vec![])));
        assert_eq!(results[1]["error"]["code"], "nothing_to_screen");
        assert_eq!(results[2]["error"]["field"], "nmae");
        assert_eq!(
            (ids(3), &results[3]["hits"][0]["matched_by"]),
            (Some(vec![json!("1")]), &json!("identifier"))
        );
        let expected = json!({"parties": 5, "screened": 3, "rejected": 2, "with_hits": 2, "hits": 2, "cleared": 0, "cut": 0, "weak": 0});
        assert_eq!(json["counts"], expected);
    }
}

#[test]
fn what_other_fields_clear_is_counted_and_can_be_shown() {
    let (_folder, service) = service();
    let party = r#"{"name": "Anatoli Petrovski", "birth_date": "1999-01-02", "schema": "Vessel"}"#;
    let hidden = post(service.address, "/v1/screen", party).json();
    assert_eq!(
        (&hidden["results"][0]["withheld"]["cleared"], &hidden["results"][0]["hits"]),
        (&json!(1), &json!([]))
    );
    let shown = post(service.address, "/v1/screen?cleared=show", party).json();
    let cleared = &shown["results"][0]["cleared"][0];
    assert_eq!(cleared["entity_id"], "1");
    assert!(cleared["cleared_by"].as_array().unwrap().contains(&json!("birth_date")), "{cleared}");
}

#[test]
fn options_of_a_request_change_its_hits_and_its_configuration() {
    let (_folder, service) = service();
    let party = r#"{"name": "Anatoli Petrovski"}"#;
    let plain = post(service.address, "/v1/screen", party).json();
    let strict = post(service.address, "/v1/screen?threshold=0.999", party).json();
    assert_eq!((&plain["counts"]["hits"], &strict["counts"]["hits"]), (&json!(1), &json!(0)));
    assert_ne!(plain["config"], strict["config"]);
    assert_eq!(plain["index"], strict["index"]);
    for (query, code) in [
        ("treshold=0.9", "unknown_parameter"),
        ("threshold=0.2", "invalid_parameter"),
        ("threshold=x", "invalid_parameter"),
        ("limit=0", "invalid_parameter"),
        ("explain=perhaps", "invalid_parameter"),
    ] {
        let answer = post(service.address, &format!("/v1/screen?{query}"), party);
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{query}");
    }
}

#[test]
fn what_is_no_request_is_refused_with_the_reason() {
    let (_folder, service) = service();
    for (body, status, code) in [
        (&b"{\"name\": \"x\""[..], 400, "invalid_json"),
        (b"", 400, "invalid_json"),
        (b"[{\"name\": \"x\"}", 400, "invalid_json"),
        (b"{\"name\": \"\xff\"}", 400, "invalid_utf8"),
        (b"[]", 422, "no_parties"),
        (b"{\"nmae\": \"x\"}", 422, "unknown_field"),
        (b"{\"name\": \"\"}", 422, "nothing_to_screen"),
        (b"{\"name\": \"a\\u0000b\"}", 422, "invalid_value"),
    ] {
        let answer = post(service.address, "/v1/screen", body);
        let told = (answer.status, answer.code());
        assert_eq!(told, (status, code.to_string()), "{}", String::from_utf8_lossy(body));
        assert!(answer.json()["request"].is_string());
    }
    assert_eq!(get(service.address, "/v1/screen").status, 405);
    assert_eq!(
        (get(service.address, "/v1/nothing").status, get(service.address, "/v1/nothing").code()),
        (404, "no_such_route".into())
    );
}

#[test]
fn limits_are_told_and_nothing_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { body: 2000, parties: 3, ..Limits::default() };
    let service = Service::start(Settings { limits, ..with_list(folder.path(), LIST) });
    let many = json!([{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]).to_string();
    assert_eq!((post(service.address, "/v1/screen", &many).status), 422);
    assert_eq!(post(service.address, "/v1/screen", &many).code(), "too_many_parties");
    let long = json!({"name": "x".repeat(3000)}).to_string();
    let answer = post(service.address, "/v1/screen", &long);
    assert_eq!((answer.status, answer.code()), (413, "body_too_long".into()));
    // A stream has no end, but its lines have.
    let lines =
        format!("{}\n{long}\n{}\n", json!({"name": "Lady Rosalind"}), json!({"name": "Lady Rosalind"}));
    let lines = stream(service.address, "/v1/screen", lines).lines();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[1]["line"], &lines[1]["error"]["code"]), (&json!(2), &json!("line_too_long")));
    assert_eq!((&lines[2]["line"], &lines[2]["hits"][0]["entity_id"]), (&json!(3), &json!("2")));
}

#[test]
fn a_stream_answers_each_line_and_ends_with_counts() {
    let (_folder, service) = service();
    let body = b"{\"name\":\"Lady Rosalind\"}\n{oops\n\n{\"name\":\"\xff\"}\n{\"nmae\":\"x\"}\r\n{\"id\":\"z\",\"name\":\"Jane Roe\"}";
    let answer = stream(service.address, "/v1/screen", body);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let lines = answer.lines();
    let told: Vec<(u64, String)> = lines[..lines.len() - 1]
        .iter()
        .map(|l| (l["line"].as_u64().unwrap(), l["error"]["code"].as_str().unwrap_or("screened").to_string()))
        .collect();
    let expected =
        [(1, "screened"), (2, "invalid_json"), (4, "invalid_utf8"), (5, "unknown_field"), (6, "screened")];
    assert_eq!(told, expected.map(|(line, what)| (line, what.to_string())));
    assert_eq!(lines[4]["id"], "z");
    let end = &lines[5]["end"];
    assert_eq!(
        (&end["lines"], &end["counts"]["parties"], &end["counts"]["rejected"]),
        (&json!(6), &json!(5), &json!(3))
    );
    assert_eq!(answer.header("x-interdict-index"), end["index"].as_str());
}

#[test]
fn a_stream_answers_while_it_is_sent() {
    let (_folder, service) = service();
    let mut connection = Connection::open(service.address);
    connection.send(b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    let line = "{\"name\":\"Lady Rosalind\"}\n";
    let chunk = format!("{:x}\r\n{line}\r\n", line.len());
    connection.send(chunk.as_bytes());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        std::io::BufRead::read_line(&mut connection.0, &mut head).unwrap();
    }
    for number in 1..=3 {
        let answer: Value = serde_json::from_slice(&connection.chunk().unwrap()).unwrap();
        assert_eq!(answer["line"], number);
        connection.send(chunk.as_bytes());
    }
    connection.send(b"0\r\n\r\n");
    let mut rest = Vec::new();
    while let Some(chunk) = connection.chunk() {
        rest.extend(chunk);
    }
    let rest = String::from_utf8(rest).unwrap();
    assert!(rest.lines().last().unwrap().contains("\"parties\":4"), "{rest}");
}

#[test]
fn entities_explanations_and_lists_are_shown() {
    let (_folder, service) = service();
    let entity = get(service.address, "/v1/entities/own/1").json();
    assert_eq!(entity["entity"]["names"][1]["text"], "Анатолий Петровский");
    assert_eq!(entity["entity"]["identifiers"][0]["type"], "passport");
    assert_eq!(entity["same_party"], json!(["own:1"]));
    assert_eq!(get(service.address, "/v1/entities/own/99").status, 404);
    let unknown = get(service.address, "/v1/entities/other/1");
    assert!(unknown.status == 404 && unknown.text().contains("there are own"), "{}", unknown.text());
    let explained = get(service.address, "/v1/explain?name=Petrovski+Anatoli&country=ru").json();
    assert_eq!(explained["results"][0]["hits"][0]["explanation"]["fields"][0]["field"], "country");
    let lists = get(service.address, "/v1/lists").json();
    assert_eq!((&lists["lists"][0]["records"], &lists["entities"]), (&json!(3), &json!(3)));
    assert_eq!(lists["reload"]["state"], "succeeded");
}

#[test]
fn the_starter_list_is_told_in_every_answer() {
    let service = Service::start(Settings::default());
    let answers = [
        post(service.address, "/v1/screen", r#"{"name": "Lazarus Group"}"#).json(),
        get(service.address, "/v1/lists").json(),
        get(service.address, "/readyz").json(),
        stream(service.address, "/v1/screen", "{\"name\":\"x\"}\n").lines()[1]["end"].clone(),
    ];
    for answer in answers {
        assert!(answer["notices"][0].as_str().unwrap().contains("starter list"), "{answer}");
    }
}

#[test]
fn the_interface_is_described_and_the_pages_need_nothing_from_elsewhere() {
    let (_folder, service) = service();
    let api = get(service.address, "/openapi.json").json();
    for path in [
        "/v1/screen",
        "/v1/payments",
        "/v1/explain",
        "/v1/lists",
        "/v1/entities/{list}/{id}",
        "/v1/reload",
        "/healthz",
        "/readyz",
        "/metrics",
    ] {
        assert!(api["paths"][path].is_object(), "{path}");
    }
    assert!(api["components"]["schemas"]["HitAnswer"]["properties"]["matched_name"].is_object());
    for path in ["/", "/docs", "/assets/app.js", "/assets/app.css", "/assets/docs.js"] {
        let page = get(service.address, path);
        assert_eq!(page.status, 200, "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let text = page.text().replace("http://www.w3.org/2000/svg", "");
        assert!(
            !text.contains("http://") && !text.contains("https://") && !text.contains("style=\""),
            "{path}"
        );
    }
}

#[test]
fn traces_and_ids_are_passed_on() {
    let (_folder, service) = service();
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = get_with(service.address, "/v1/lists", &format!("traceparent: {trace}\r\n"));
    assert_eq!(answer.header("traceparent"), Some(trace));
    assert_eq!(answer.json()["request"], "4bf92f3577b34da6a3ce929d0e0e4736");
    let answer = get_with(service.address, "/v1/lists", "X-Request-Id: my-7\r\n");
    assert_eq!((answer.header("x-request-id"), &answer.json()["request"]), (Some("my-7"), &json!("my-7")));
    let forged = get_with(service.address, "/v1/lists", "X-Request-Id: a b\"\r\n").json();
    assert_ne!(forged["request"], "a b\"");
}
