//! The hits of the service are those of the library and of the batch program.

use crate::client::{post, stream};
use crate::{Service, with_list};
use interdict::batch::{Batch, CsvHits, Outputs};
use interdict::entity::Schema;
use interdict::run::{Field, Party};
use interdict::screen::Scratch;
use interdict::{Index, Screener, list};
use serde_json::{Value, json};

const ROWS: usize = 4000;

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const GIVEN: [&str; 12] =
    ["Anatoly", "Мария", "Yusuf", "Chen", "Olga", "Hassan", "José", "Ivan", "Leïla", "محمد", "Kim", "Ahmad"];
const FAMILY: [&str; 12] = [
    "Petrovsky",
    "Волкова",
    "al-Masri",
    "Wei",
    "O'Neill",
    "Rahimi",
    "García López",
    "Sokolov",
    "Haddad",
    "Nguyen",
    "Jong",
    "Karimov",
];
const BODIES: [&str; 8] = [
    "Volga Star Shipping LLC",
    "Neptun Trading FZE",
    "ООО Ромашка",
    "Lily Ocean Ltd",
    "Golden Bridge Bank",
    "Atlas Aviation",
    "Red Cedar Holding",
    "深圳光明贸易有限公司",
];

/// A name, sometimes with a slip.
fn name(numbers: &mut Numbers) -> (String, &'static str) {
    let (mut name, schema) = match numbers.below(3) {
        0 => (numbers.of(&BODIES).to_string(), "Company"),
        _ => (format!("{} {}", numbers.of(&GIVEN), numbers.of(&FAMILY)), "Person"),
    };
    if numbers.below(3) == 0 {
        let letters: Vec<char> = name.chars().collect();
        let at = numbers.below(letters.len());
        name = letters.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| *c).collect();
    }
    (name, schema)
}

fn listed() -> String {
    let mut numbers = Numbers(1);
    let mut text = "id,schema,name,birth_date,country,passport\n".to_string();
    for id in 0..400 {
        let (name, schema) = name(&mut numbers);
        let year = 1950 + numbers.below(50);
        let country = numbers.of(&["ru", "ir", "kp", "sy", ""]);
        text += &format!("{id},{schema},{name},{year},{country},P{:05}\n", numbers.below(300));
    }
    text
}

const COLUMNS: [&str; 5] = ["name", "schema", "dob", "nationality", "passport"];

/// Rows by their columns; some have nothing to screen, or fields that tell nothing.
fn rows() -> Vec<[String; 5]> {
    let mut numbers = Numbers(2);
    let row = |_| {
        let (name, schema) = name(&mut numbers);
        let name = if numbers.below(50) == 0 { "--".to_string() } else { name };
        let year =
            if numbers.below(2) == 0 { String::new() } else { format!("{}-01-05", 1950 + numbers.below(50)) };
        let country = numbers.of(&["Russia", "IR", "Iran; Syria", "Narnia", "", ""]).to_string();
        let passport =
            if numbers.below(10) == 0 { format!("P {:05}", numbers.below(300)) } else { String::new() };
        [
            name,
            if numbers.below(2) == 0 { schema.to_string() } else { String::new() },
            year,
            country,
            passport,
        ]
    };
    (0..ROWS).map(row).collect()
}

type Hit = (usize, String, String, String, String);

fn batch(screener: &Screener, rows: &[[String; 5]]) -> (Vec<Hit>, u64, u64) {
    let mut table = COLUMNS.join(",");
    rows.iter().for_each(|row| table += &format!("\n{}", row.join(",")));
    let (mut hits, mut rejected) = (CsvHits::new(Vec::new()), Vec::new());
    let outputs = Outputs::new(&mut hits, &mut rejected);
    let summary = Batch::new(screener).run(table.as_bytes(), outputs).unwrap();
    let bytes = hits.into_inner().unwrap();
    let mut found = Vec::new();
    let text = String::from_utf8(bytes).unwrap();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        // row, query, score, list, entity_id, entity_name, matched_name
        found.push((
            cells[0].parse().unwrap(),
            cells[2].into(),
            cells[4].into(),
            cells[6].into(),
            cells[9].into(),
        ));
    }
    (found, summary.counts.rejected, summary.counts.cleared)
}

fn library(screener: &Screener, rows: &[[String; 5]]) -> Vec<Hit> {
    let mut scratch = Scratch::default();
    let mut found = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let fields =
            COLUMNS.iter().zip(row).filter_map(|(column, text)| Some((Field::parse(column)?, text.clone())));
        let party = fields.fold(Party::default(), |party, (field, text)| party.with_field(field, text));
        for query in party.queries(Schema::Unknown).unwrap_or_default() {
            let hits = screener.outcome(&query, &mut scratch).hits;
            found.extend(hits.into_iter().map(|h| {
                (
                    at + 1,
                    format!("{:.5}", h.score),
                    h.entity_id,
                    h.matched_name,
                    h.matched_by.as_str().to_string(),
                )
            }));
        }
    }
    found
}

fn hits(row: usize, result: &Value) -> Vec<Hit> {
    let text = |hit: &Value, key: &str| hit[key].as_str().unwrap().to_string();
    let hits = result["hits"].as_array().into_iter().flatten();
    hits.map(|hit| {
        let score = format!("{:.5}", hit["score"].as_f64().unwrap());
        (row, score, text(hit, "entity_id"), text(hit, "matched_name"), text(hit, "matched_by"))
    })
    .collect()
}

#[test]
fn service_library_and_batch_find_the_same() {
    let (listed, rows) = (listed(), rows());
    let list = list::from_bytes("own", listed.as_bytes()).unwrap();
    let screener = Screener::new(Index::build(&[list]).unwrap());
    let (batch, rejected, cleared) = batch(&screener, &rows);
    assert!(batch.len() > 1000 && rejected > 10 && cleared > 10, "{} {rejected} {cleared}", batch.len());
    assert_eq!(library(&screener, &rows), batch);

    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(with_list(folder.path(), &listed));
    let party = |row: &[String; 5]| -> Value {
        let pairs = COLUMNS.iter().zip(row).filter(|(_, text)| !text.is_empty());
        pairs
            .map(|(column, text)| (column.to_string(), json!(text)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let parties: Vec<Value> = rows.iter().map(party).collect();
    let lines: String = parties.iter().map(|party| format!("{party}\n")).collect();
    let answers = stream(service.address, "/v1/screen", lines).lines();
    let streamed: Vec<Hit> =
        answers[..ROWS].iter().enumerate().flat_map(|(at, answer)| hits(at + 1, answer)).collect();
    assert_eq!(streamed, batch);
    let counts = &answers[ROWS]["end"]["counts"];
    assert_eq!((&counts["rejected"], &counts["cleared"]), (&json!(rejected), &json!(cleared)));

    let whole = post(service.address, "/v1/screen", json!(parties).to_string()).json();
    let results = whole["results"].as_array().unwrap().iter().enumerate();
    assert_eq!(results.flat_map(|(at, result)| hits(at + 1, result)).collect::<Vec<_>>(), batch);
    let single = (0..200).flat_map(|at| {
        hits(at + 1, &post(service.address, "/v1/screen", parties[at].to_string()).json()["results"][0])
    });
    let first: Vec<Hit> = batch.into_iter().filter(|(row, ..)| *row <= 200).collect();
    assert_eq!(single.collect::<Vec<_>>(), first);
}
