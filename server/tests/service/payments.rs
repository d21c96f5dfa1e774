//! `/v1/payments`: messages in, verdicts out. All parties and numbers are invented.

use crate::client::{Connection, get, post};
use crate::{LIST, Service, put, with_list};
use interdict::payment::{self, Cause, Embargo};
use interdict::screen::Scratch;
use interdict::{Index, Screener, list};
use interdict_server::{ConfigSource, Limits, Settings};
use serde_json::{Value, json};
use std::path::Path;

const CONFIG: &str = "[embargo]\ncountries = [\"KP\"]\nplaces = [\"Sevastopol\"]\n";

/// A message by its reference, its debtor and its remittance text.
fn mt103(reference: &str, debtor: &str, text: &str) -> String {
    format!(
        "{{1:F01BRLNDE21AXXX0001000001}}{{2:I103LNDNGB2LXXXXN}}{{4:\r\n:20:{reference}\r\n:23B:CRED\r\n\
         :32A:260615EUR1000,50\r\n:50K:/DE02120300000000202051\r\n{debtor}\r\nLINDENALLEE 7\r\n:57A:LEEDGB22\r\n\
         :59:/GB33BUKB20201555555555\r\nJANE ROE\r\n14 CANAL STREET\r\n:70:{text}\r\n:71A:SHA\r\n-}}\r\n"
    )
}

/// A message with a transaction for each creditor, who lives in a town.
fn pacs008(creditors: &[(&str, &str)]) -> String {
    let transaction = |(at, (name, town)): (usize, &(&str, &str))| {
        format!(
            "<CdtTrfTxInf><PmtId><EndToEndId>E2E-{at}</EndToEndId></PmtId><Dbtr><Nm>JANE ROE</Nm></Dbtr><Cdtr>\
             <Nm>{name}</Nm><PstlAdr><TwnNm>{town}</TwnNm></PstlAdr></Cdtr></CdtTrfTxInf>\n"
        )
    };
    let transactions: String = creditors.iter().enumerate().map(transaction).collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"><FIToFICstmrCdtTrf><GrpHdr><MsgId>BULK-1\
         </MsgId></GrpHdr>{transactions}</FIToFICstmrCdtTrf></Document>\n"
    )
}

const FEDWIRE: &str = "{1500}30        P {1510}1000{1520}20260615MMQFMPYZ000001{2000}000000100000{3100}021000018BANK A*\
                       {3400}026009593BANK B*{3600}CTR{4200}D0012345*JANE ROE*{5000}D0067890*LADY ROSALIND*";

fn settings(folder: &Path) -> Settings {
    let config = folder.join("interdict.toml");
    put(&config, CONFIG);
    let config = ConfigSource { file: Some(config), ..ConfigSource::default() };
    Settings { config, ..with_list(folder, LIST) }
}

fn service() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(settings(folder.path()));
    (folder, service)
}

fn send(service: &Service, body: impl AsRef<[u8]>) -> Value {
    let answer = post(service.address, "/v1/payments", body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    let count = |name: &str| json["counts"][name].as_u64().unwrap();
    assert_eq!(count("messages"), count("pass") + count("hold") + count("unreadable"));
    assert_eq!(count("findings"), count("hits") + count("embargoed"));
    let messages = json["messages"].as_array().unwrap();
    assert_eq!(count("messages"), messages.len() as u64);
    for name in ["subjects", "cut", "cleared", "weak"] {
        let value = |m: &Value| m[name].as_u64().or(m["withheld"][name].as_u64()).unwrap();
        assert_eq!(count(name), messages.iter().map(value).sum::<u64>(), "{name}");
    }
    json
}

/// A verdict with its findings: subject, query, what was found, and its score or where it was found.
type Answered = (String, Vec<(u64, String, String, String)>);

/// The library's answer in the words of the service.
fn library(body: &[u8]) -> Vec<Answered> {
    let list = list::from_bytes("own", LIST.as_bytes()).unwrap();
    let screener = Screener::new(Index::build(&[list]).unwrap());
    let embargo = Embargo::new(["KP"], ["Sevastopol"]).unwrap();
    let mut scratch = Scratch::default();
    let answer = |message: &payment::Message<'_>| {
        let screened = payment::screen(&screener, message, &embargo, &mut scratch);
        let finding = |f: &payment::Finding| {
            let (what, score) = match &f.cause {
                Cause::Hit(hit) => (hit.entity_id.clone(), format!("{:.5}", hit.score)),
                Cause::Embargo(found) => (found.embargoed.clone(), found.found_in.to_string()),
                _ => unreachable!(),
            };
            (f.subject as u64 + 1, f.query.clone(), what, score)
        };
        (screened.verdict.as_str().to_string(), screened.findings.iter().map(finding).collect())
    };
    payment::read(body).iter().map(answer).collect()
}

fn answered(json: &Value) -> Vec<Answered> {
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let finding = |f: &Value| {
        let (what, score) = match f.get("hit") {
            Some(hit) => (text(&hit["entity_id"]), format!("{:.5}", hit["score"].as_f64().unwrap())),
            None => (text(&f["embargo"]["embargoed"]), text(&f["embargo"]["found_in"])),
        };
        (f["subject"].as_u64().unwrap(), text(&f["query"]), what, score)
    };
    let messages = json["messages"].as_array().unwrap();
    let findings = |m: &Value| m["findings"].as_array().unwrap().iter().map(finding).collect();
    messages.iter().map(|m| (text(&m["verdict"]), findings(m))).collect()
}

#[test]
fn the_verdicts_and_findings_are_those_of_the_library() {
    let (_folder, service) = service();
    let wide: Vec<u8> =
        pacs008(&[("VOLGA STAR SHIPPING LLC", "LEEDS")]).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bodies = [
        mt103("A-1", "ANATOLY PETROVSKY", "RENT FOR MAY").into_bytes(),
        mt103("A-1", "JANE ROE", "FREIGHT MV LADY ROSALIND").into_bytes(),
        pacs008(&[("JOHN DOE", "LEEDS"), ("VOLGA STAR SHIPPING", "SEVASTOPOL")]).into_bytes(),
        [&[0xff, 0xfe][..], &wide].concat(),
        FEDWIRE.as_bytes().to_vec(),
        // Larger than what is screened at once.
        (0..100).map(|n| mt103(&format!("B-{n}"), "ANATOLI PETROVSKI", "X")).collect::<String>().into_bytes(),
    ];
    for body in bodies {
        let json = send(&service, &body);
        let expected = library(&body);
        assert!(expected.iter().any(|(_, found)| !found.is_empty()), "{expected:?}");
        assert_eq!(answered(&json), expected);
    }
}

#[test]
fn a_message_is_answered_with_its_place_ids_and_findings() {
    let (_folder, service) = service();
    let first = mt103("A-1", "JOHN DOE", "RENT FOR MAY");
    let body = format!("{first}{}", mt103("A-2", "JOHN DOE", "FREIGHT MV LADY ROSALIND"));
    let json = send(&service, &body);
    assert_eq!((&json["counts"]["pass"], &json["counts"]["hold"]), (&json!(1), &json!(1)));
    assert_eq!(json["messages"][0]["findings"], json!([]));
    let message = &json["messages"][1];
    assert_eq!(
        (&message["number"], &message["format"], &message["kind"], &message["ids"]),
        (&json!(2), &json!("mt"), &json!("MT103"), &json!({"message_id": "A-2"}))
    );
    let place = |span: &Value| {
        let at = |key: &str| span[key].as_u64().unwrap() as usize;
        &body[at("start")..at("end")]
    };
    assert!(place(&message["span"]).contains("A-2") && !place(&message["span"]).contains("A-1"));
    let finding = &message["findings"][0];
    assert_eq!(
        (&finding["role"], &finding["kind"], &finding["hit"]["entity_id"]),
        (&json!("remittance information"), &json!("text"), &json!("2"))
    );
    assert_eq!(place(&finding["span"]), "FREIGHT MV LADY ROSALIND");
    assert!(finding["path"].as_str().unwrap().contains("70"), "{finding}");
    assert!(finding["hit"].get("explanation").is_none() && finding.get("embargo").is_none());

    let bulk = pacs008(&[("JOHN DOE", "LEEDS"), ("JANE ROE", "SEVASTOPOL")]);
    let finding = &send(&service, &bulk)["messages"][0]["findings"][0];
    assert_eq!(
        finding["embargo"],
        json!({"embargoed": "Sevastopol", "found_in": "place", "text": "SEVASTOPOL"})
    );
    assert_eq!(finding["ids"], json!({"message_id": "BULK-1", "end_to_end_id": "E2E-1"}));

    let explained = post(service.address, "/v1/payments?explain=true&threshold=0.9", &body).json();
    assert_ne!(explained["config"], json["config"]);
    assert!(explained["messages"][1]["findings"][0]["hit"]["explanation"]["pairs"].is_array());
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_and_never_passes() {
    let (_folder, service) = service();
    let whole = pacs008(&[("VOLGA STAR SHIPPING LLC", "LEEDS")]);
    let cut = &whole[..whole.find("</CdtTrfTxInf>").unwrap()];
    let json = send(&service, cut);
    let message = &json["messages"][0];
    assert_eq!((&message["verdict"], &json["counts"]["unreadable"]), (&json!("unreadable"), &json!(1)));
    assert_eq!(message["findings"][0]["hit"]["entity_id"], "3");
    let problem = &message["problems"][0];
    assert!(problem["byte"].as_u64().is_some() && !problem["reason"].as_str().unwrap().is_empty());
    assert_eq!(json["counts"]["problems"], 1);

    for body in ["", " \n", "hello", "{\"name\": \"Lady Rosalind\"}", "<html><body>hello</body></html>"] {
        let answer = post(service.address, "/v1/payments", body);
        assert_eq!((answer.status, answer.code()), (422, "no_message".into()), "{body}: {}", answer.text());
    }
    // What is found is told, whatever it stands in.
    let json = send(&service, "<note><to>Volga Star Shipping LLC</to></note>");
    assert_eq!((&json["counts"]["unreadable"], &json["counts"]["hits"]), (&json!(1), &json!(1)));
}

#[test]
fn what_is_no_request_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { body: 2000, ..Limits::default() };
    let service = Service::start(Settings { limits, ..settings(folder.path()) });
    let long = post(service.address, "/v1/payments", "x".repeat(2001));
    assert_eq!((long.status, long.code()), (413, "body_too_long".into()));
    assert!(long.text().contains("several bodies"), "{}", long.text());
    let message = mt103("A-1", "JOHN DOE", "X");
    for (path, code) in [
        ("/v1/payments?schema=person", "unknown_parameter"),
        ("/v1/payments?cleared=show", "unknown_parameter"),
        ("/v1/payments?threshold=2", "invalid_parameter"),
    ] {
        let answer = post(service.address, path, &message);
        assert_eq!((answer.status, answer.code()), (400, code.into()), "{path}");
    }
    let mut connection = Connection::open(service.address);
    let zipped = connection.post("/v1/payments", "Content-Encoding: gzip\r\n", message.as_bytes());
    assert_eq!((zipped.status, zipped.code()), (415, "encoded_body".into()));
    assert_eq!(get(service.address, "/v1/payments").status, 405);
}

#[test]
fn messages_are_counted_and_recorded_in_the_audit_trail() {
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("audit");
    let service = Service::start(Settings { audit: Some(trail.clone()), ..settings(folder.path()) });
    let body = mt103("A-1", "JOHN DOE", "X") + &mt103("A-2", "ANATOLY PETROVSKY", "X");
    let json = send(&service, body);
    assert_eq!((&json["audit"]["first"], &json["audit"]["last"]), (&json!(1), &json!(2)));
    let file = trail.join(json["audit"]["file"].as_str().unwrap());
    // On disk before the answer is sent.
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 3, "a header and two messages");
    post(service.address, "/v1/payments", "hello");
    let cut = mt103("A-3", "ANATOLY PETROVSKY", "X");
    send(&service, &cut[..cut.len() - 3]);
    let metrics = get(service.address, "/metrics").text();
    for line in [
        "interdict_messages_total{verdict=\"hold\"} 1",
        "interdict_messages_total{verdict=\"pass\"} 1",
        "interdict_messages_total{verdict=\"unreadable\"} 1",
        "interdict_hits_total{list=\"own\"} 2",
        "interdict_rejected_total{reason=\"no_message\"} 1",
    ] {
        assert!(metrics.lines().any(|l| l == line), "{line}\n{metrics}");
    }
    drop(service);
    let report = interdict::audit::verify(std::fs::File::open(&file).unwrap()).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!((report.counts.rows, report.counts.rejected), (3, 1));
    let records: Vec<Value> = std::fs::read_to_string(&file)
        .unwrap()
        .lines()
        .skip(1)
        .take(3)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let verdicts = records.iter().map(|record| (&record["id"], &record["verdict"], &record["line"]));
    assert_eq!(
        verdicts.collect::<Vec<_>>(),
        [
            (&json!("A-1"), &json!("pass"), &json!(1)),
            (&json!("A-2"), &json!("hold"), &json!(2)),
            (&json!("A-3"), &json!("unreadable"), &json!(1))
        ]
    );
    assert_eq!(records[0]["request"], json["request"]);
    let debtor = records[1]["names"].as_array().unwrap().iter().find(|n| n["column"] == "debtor").unwrap();
    assert_eq!(debtor["hits"][0]["list"], "own", "{debtor}");
}
