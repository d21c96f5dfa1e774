//! `interdict lists`.

use crate::DONE;
use crate::args::Check;
use interdict::Result;
use interdict::entity::Schema;
use interdict::list;
use std::io::Write;

pub fn check(args: &Check) -> Result<u8> {
    let mut out = std::io::stdout().lock();
    for path in &args.paths {
        let loaded = list::read(path)?;
        writeln!(out, "{}", path.display())?;
        for (file, reason) in &loaded.skipped {
            writeln!(out, "  not read: {}: {reason}", file.display())?;
        }
        for list in &loaded.lists {
            let v = &list.version;
            let published = v.published.map_or(String::from("not told"), |d| d.to_string());
            writeln!(out, "  list {} ({:?}), published {published}, sha256 {}", v.name, v.layout, v.sha256)?;
            let by_schema: Vec<String> = Schema::ALL
                .iter()
                .map(|s| (s, list.entities.iter().filter(|e| e.schema == *s).count()))
                .filter(|(_, n)| *n > 0)
                .map(|(s, n)| format!("{s} {n}"))
                .collect();
            writeln!(out, "    records {}, entities {} ({})", v.records, v.entities, by_schema.join(", "))?;
            writeln!(out, "    names {}, of these aliases {}; rejected {}", v.names, v.aliases, v.rejected)?;
            for r in &list.rejected {
                writeln!(out, "    rejected: {}: {}: {}", r.file, r.position, r.reason)?;
            }
        }
    }
    Ok(DONE)
}
