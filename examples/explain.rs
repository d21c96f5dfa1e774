//! Explains a hit: as text for a reviewer, and as JSON for a program.
//!
//! ```console
//! $ cargo run --example explain
//! 0.9580 INTEGRITY TECHNOLOGY GROUP, INCORPORATED
//!     integrety                ~ integrity                …
//! …
//! {
//!   "score": 0.95799,
//!   "entity_id": "50543",
//! …
//! ```

use interdict::entity::Schema;
use interdict::{Index, Query, Screener, list};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let screener = Screener::new(Index::build(&[list::starter()])?);
    let query = Query::name("Integrety Technolgy Group").schema(Schema::Company).country("cn");
    let hits = screener.screen(&query);
    let hit = hits.first().ok_or("no hit")?;
    let explanation = screener.explain(&query, hit).ok_or("the hit is of another index")?;

    // Each line is a part of the score: the matched tokens with their similarity and weight, the tokens left over,
    // the sums, and the effect of the other fields.
    println!("{:.4} {}", hit.score, hit.entity_name);
    println!("{explanation}\n");

    // The same as data, for a case management system.
    println!("{}", serde_json::to_string_pretty(&explanation)?);

    // The heaviest matched token is often the reason for a hit.
    let record = explanation.record();
    let heaviest =
        record.pairs.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).ok_or("nothing matched")?;
    println!("\n'{}' matched '{}' ({})", heaviest.query, heaviest.listed, heaviest.kind);
    Ok(())
}
