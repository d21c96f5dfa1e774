//! Screens one name against the starter list: the whole use of the library in a few lines.
//!
//! ```console
//! $ cargo run --example screen_one
//! Integrety Technolgy Group
//!   0.9553  INTEGRITY TECHNOLOGY GROUP, INCORPORATED  [starter 50543]
//!           matched the name INTEGRITY TECHNOLOGY GROUP, INCORPORATED; programme CYBER2
//! $ cargo run --example screen_one -- "Jane Roe Bakery"
//! Jane Roe Bakery
//!   no hit
//! ```

use interdict::{Index, Query, Screener, list};

fn main() -> interdict::Result<()> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "Integrety Technolgy Group".to_string());

    // The starter list is small and built in. `list::read("folder")` reads the lists of a folder.
    let lists = [list::starter()];
    let screener = Screener::new(Index::build(&lists)?);

    println!("{name}");
    let hits = screener.screen(&Query::name(name));
    for hit in &hits {
        println!("  {:.4}  {}  [{} {}]", hit.score, hit.entity_name, hit.list, hit.entity_id);
        println!(
            "          matched the {} {}; programme {}",
            hit.matched_by,
            hit.matched_name,
            hit.program()
        );
    }
    if hits.is_empty() {
        println!("  no hit");
    }
    Ok(())
}
