//! Lists whom the messages of files name, and screens them against the starter list.
//!
//! ```sh
//! cargo run --release --example payments -- FILE...
//! ```

use interdict::payment::{self, Embargo};
use interdict::{Index, Screener, list, screen::Scratch};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let screener = Screener::new(Index::build(&[list::starter()])?);
    let mut scratch = Scratch::default();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        println!("== {path}");
        for message in payment::read(&bytes) {
            let answer = payment::screen(&screener, &message, &Embargo::default(), &mut scratch);
            let (ids, verdict) = (message.ids(), answer.verdict.as_str());
            println!("{} {} {}: {verdict}", message.kind, ids.message_id, ids.uetr);
            for subject in &message.subjects {
                let ids: Vec<String> =
                    subject.identifiers.iter().map(|i| format!("{} {}", i.kind, i.value)).collect();
                println!(
                    "  {} [{}] {:?} {:?} {:?} {:?} {:?} other {:?} ({} at {:?})",
                    subject.role,
                    subject.kind.as_str(),
                    subject.name,
                    subject.other_names,
                    subject.countries,
                    subject.towns,
                    ids,
                    subject.other,
                    subject.path,
                    subject.span
                );
            }
            for problem in &message.problems {
                println!("  problem: {problem}");
            }
            for finding in &answer.findings {
                println!("  found in {}: {:?}", message.subjects[finding.subject].role, finding.cause);
            }
        }
    }
    Ok(())
}
