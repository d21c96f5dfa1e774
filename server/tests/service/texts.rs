//! The field `text` of a party: free text in which listed names are looked for.

use crate::client::{post, stream};
use crate::{LIST, Service, with_list};
use interdict::audit;
use interdict::entity::Schema;
use interdict::run::RunIdentity;
use interdict::{Index, Query, Screener, list};
use interdict_server::Settings;
use serde_json::{Value, json};
use std::fs::File;

const TEXTS: [&str; 6] = [
    "Rechnung 17 Anatoly PETROVSKI vom 3.5., Fracht MV LADY ROSALIND",
    "rent for May",
    "/INV/9//VOLGA STAR SHIP//PING LLC, Лондон",
    "  Анатолий Петровский: оплата",
    "invoice 4711, spare blades; 75 1234567",
    "Volga Star Shipping LLC",
];

fn screener() -> Screener {
    let list = list::from_bytes("own", LIST.as_bytes()).unwrap();
    Screener::new(Index::build(&[list]).unwrap())
}

type Hit = (String, String, Option<String>, Option<String>);

/// The hits of a text by the library: entity, score, the words and their place.
fn library(text: &str) -> Vec<Hit> {
    let hits = screener().screen(&Query::text(text));
    let span = |part: &interdict::screen::QueryPart| format!("{}-{}", part.span.start, part.span.end);
    hits.iter()
        .map(|hit| {
            let part = hit.query_part.as_ref();
            (hit.entity_id.clone(), format!("{:.5}", hit.score), part.map(|p| p.text.clone()), part.map(span))
        })
        .collect()
}

fn hits(result: &Value) -> Vec<Hit> {
    let text = |hit: &Value, key: &str| hit.get(key).map(|value| value.as_str().unwrap().to_string());
    let hits = result["hits"].as_array().unwrap_or_else(|| panic!("{result}"));
    hits.iter()
        .map(|hit| {
            let score = format!("{:.5}", hit["score"].as_f64().unwrap());
            (text(hit, "entity_id").unwrap(), score, text(hit, "query_part"), text(hit, "query_span"))
        })
        .collect()
}

#[test]
fn the_hits_of_a_text_are_those_of_the_library() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(with_list(folder.path(), LIST));
    let expected: Vec<Vec<Hit>> = TEXTS.iter().map(|text| library(text)).collect();
    assert_eq!(expected.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0, 1, 1, 0, 1], "{expected:?}");
    let parties: Vec<Value> = TEXTS.iter().map(|text| json!({"text": text})).collect();
    let single = parties
        .iter()
        .map(|party| hits(&post(service.address, "/v1/screen", party.to_string()).json()["results"][0]));
    assert_eq!(single.collect::<Vec<_>>(), expected);
    let many = post(service.address, "/v1/screen", json!(parties).to_string()).json();
    assert_eq!(many["results"].as_array().unwrap().iter().map(hits).collect::<Vec<_>>(), expected);
    let lines: String = parties.iter().map(|party| format!("{party}\n")).collect();
    let streamed = stream(service.address, "/v1/screen", lines).lines();
    assert_eq!(streamed[..TEXTS.len()].iter().map(hits).collect::<Vec<_>>(), expected);

    // The place is that of the text as it was sent.
    let answer = post(service.address, "/v1/screen?explain=true", parties[3].to_string()).json();
    let hit = &answer["results"][0]["hits"][0];
    let (start, end) = hit["query_span"].as_str().unwrap().split_once('-').unwrap();
    let place = start.parse::<usize>().unwrap()..end.parse().unwrap();
    assert_eq!(
        (&TEXTS[3][place], hit["query"].as_str()),
        (hit["query_part"].as_str().unwrap(), Some(TEXTS[3]))
    );
    assert!(hit["explanation"]["pairs"].is_array());
}

#[test]
fn a_party_has_names_and_texts_and_fields_go_with_names_only() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(with_list(folder.path(), LIST));
    let ask = |party: Value| post(service.address, "/v1/screen", party.to_string());
    let both =
        ask(json!({"name": "Anatoly Petrovsky", "country": "ru", "text": [TEXTS[1], TEXTS[5]]})).json();
    let found = hits(&both["results"][0]);
    assert_eq!(found.iter().map(|hit| &*hit.0).collect::<Vec<_>>(), ["3", "1"], "{found:?}");
    assert!(both["results"][0].get("warnings").is_none(), "{both}");

    // A ship's country would clear a person's name; it says nothing of who stands in a text.
    let alone = ask(json!({"text": TEXTS[0], "country": "Iran", "dob": "2001-01-01"})).json();
    assert_eq!(hits(&alone["results"][0]), library(TEXTS[0]));
    let warnings = alone["results"][0]["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].as_str().unwrap().contains("Iran"), "{warnings:?}");

    let empty = ask(json!({"text": ["", "--"]}));
    assert_eq!((empty.status, empty.code()), (422, "nothing_to_screen".into()));
    let long = ask(json!({"text": "x".repeat(70_000)}));
    assert_eq!((long.status, long.code()), (422, "invalid_value".into()));
}

#[test]
fn a_text_is_in_the_audit_trail_and_replays_as_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("audit");
    let service = Service::start(Settings { audit: Some(trail.clone()), ..with_list(folder.path(), LIST) });
    let party = json!({"name": "Anatoly Petrovsky", "country": "ru", "text": TEXTS});
    let answer = post(service.address, "/v1/screen", party.to_string()).json();
    post(service.address, "/v1/screen", json!({"text": TEXTS[0]}).to_string());
    drop(service);
    let path = trail.join(answer["audit"]["file"].as_str().unwrap());
    let screener = screener();
    let now = RunIdentity::new(screener.index(), Default::default(), Default::default());
    let mut differences = Vec::new();
    let replay = audit::replay(File::open(&path).unwrap(), &screener, Schema::Unknown, &now, |difference| {
        differences.push(difference.clone());
        Ok(())
    });
    let replay = replay.unwrap();
    assert!(replay.verified.is_intact(), "{:?}", replay.verified.problems);
    assert_eq!((replay.names, replay.verified.counts.rows), (8, 2));
    assert!(differences.is_empty(), "{differences:?}");
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.matches("\"free_text\":true").count(), 7);
    assert!(text.contains("\"query_span\""), "{text}");
}
