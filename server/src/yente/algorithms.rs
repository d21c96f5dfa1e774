//! `GET /algorithms`: there is one, and yente's names for its own are other names for it.

use serde_json::{Value, json};

/// The algorithm that answers every request.
pub const BEST: &str = "interdict";

/// Names of yente's algorithms, which clients ask for.
const ALIASES: [&str; 7] =
    ["logic-v2", "logic-v1", "name-based", "name-qualified", "regression-v1", "ofac-249", "best"];

/// Features of an explanation.
const FEATURES: [(&str, &str); 6] = [
    ("name_match", "the names: which words were matched, how alike they are and what they weigh"),
    ("identifier_match", "an identifier in common, which is a match whatever the name"),
    ("birth_date_match", "birth or founding dates: what they add to the score, or take from it"),
    ("country_match", "countries: what they add to the score, or take from it"),
    ("gender_match", "gender: what it adds to the score, or takes from it"),
    ("schema_match", "the kind of party: what another kind takes from the score"),
];

/// Whether a request may ask for an algorithm by this name.
pub fn is_known(name: &str) -> bool {
    name == BEST || ALIASES.contains(&name)
}

/// The answer.
pub fn list() -> Value {
    let own = "compares words by spelling, sound, script, nicknames and translations; its scores are not those of yente";
    let alias = "another name for interdict: it answers with interdict's scores";
    let mut algorithms = vec![algorithm(BEST, own)];
    algorithms.extend(ALIASES.iter().filter(|name| **name != "best").map(|name| algorithm(name, alias)));
    json!({"algorithms": algorithms, "default": "best", "best": BEST})
}

fn algorithm(name: &str, description: &str) -> Value {
    let docs = FEATURES.iter().map(|(feature, text)| {
        (feature.to_string(), json!({"description": text, "coefficient": 1.0, "url": ""}))
    });
    let features: serde_json::Map<String, Value> = docs.collect();
    json!({
        "name": name, "description": description, "features": features,
        "docs": {"name": name, "description": description, "config": {}, "features": features},
    })
}
