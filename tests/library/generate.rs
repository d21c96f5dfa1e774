//! The generator of large lists: the same bytes on every machine, in the shape of published lists.

// The benches use more of it than this test does.
#[allow(dead_code)]
use crate::generate_lists as generate;

use interdict::list;
use std::collections::HashMap;

fn list_of(names: usize, seed: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    generate::list(names, seed, &mut bytes).unwrap();
    bytes
}

fn counterparties(rows: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    generate::counterparties(rows, 11, 7, 2, &mut bytes).unwrap();
    bytes
}

#[test]
fn the_same_seed_gives_the_same_bytes_everywhere() {
    // Other tables of words give other names: then, and only then, these change.
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex()[..16].to_string();
    assert_eq!(
        [hash(&list_of(1_000, 7)), hash(&counterparties(1_000))],
        ["001cbb4159c1b98f", "cacec3de46c6655b"],
        "made from the tables of names, business words and places: set these anew if a table was changed"
    );
    assert_eq!(list_of(300, 7)[..], list_of(1_000, 7)[..list_of(300, 7).len()]);
    assert_ne!(list_of(300, 7), list_of(300, 8));
}

#[test]
fn names_share_their_words_as_published_lists_do() {
    let bytes = list_of(33_055, 7);
    let list = list::from_bytes("generated", &bytes).unwrap();
    // Three ships are named with a word for one ("… Vessel"), and without it.
    assert_eq!((list.version.names, list.version.rejected), (33_055 + 3, 0));
    let per_entity = 33_055.0 / list.entities.len() as f64;
    assert!((2.2..2.8).contains(&per_entity), "{per_entity} names an entity");

    let text = String::from_utf8(bytes).unwrap().to_lowercase();
    let names = text.lines().skip(1).map(|l| l.split(',').nth(1).unwrap());
    let (mut count, mut words) = (HashMap::new(), 0);
    for word in names.flat_map(|n| n.split([' ', '.', '"'])).filter(|w| !w.is_empty()) {
        *count.entry(word).or_insert(0u32) += 1;
        words += 1;
    }
    let mut often: Vec<u32> = count.into_values().collect();
    often.sort_unstable_by(|a, b| b.cmp(a));
    let once = often.iter().filter(|n| **n == 1).count() as f64 / often.len() as f64;
    let share = |rank: usize| 100.0 * f64::from(often[rank - 1]) / 33_055.0;
    // OFAC and UN together, 33,055 names: 3.7 words a name; 20 % of the words distinct, 53 % of those once; the
    // 20th word in 1.6 % of the names, the 100th in 0.35 %, the 1000th in 0.05 %.
    let shape = [
        words as f64 / 33_055.0,
        often.len() as f64 / words as f64,
        once,
        share(20),
        share(100),
        share(1000),
    ];
    let like = [3.4..4.2, 0.18..0.25, 0.45..0.62, 1.0..2.2, 0.25..0.45, 0.03..0.06];
    assert!(shape.iter().zip(&like).all(|(got, range)| range.contains(got)), "{shape:?}");
}

#[test]
fn planted_parties_are_on_the_list() {
    let list = list::from_bytes("generated", &list_of(2_000, 7)).unwrap();
    let bytes = counterparties(1_000);
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let (mut planted, mut as_listed) = (0, 0);
    for row in reader.records().map(Result::unwrap) {
        if row[3].is_empty() {
            assert!(row[4].is_empty());
            continue;
        }
        planted += 1;
        let entity = list.entities.iter().find(|e| e.id == row[3]).expect("an id of the list");
        if &row[4] == "as listed" {
            as_listed += 1;
            assert!(entity.names.iter().any(|n| n.text == row[1]), "{row:?}");
        }
    }
    assert_eq!(planted, 500);
    assert!((20..150).contains(&as_listed), "{as_listed}");
}
