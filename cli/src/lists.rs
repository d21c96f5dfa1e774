//! `interdict lists`.

use crate::args::Check;
use crate::{DONE, FAILED, age, hints};
use interdict::Result;
use interdict::entity::{Check as CheckDigit, Schema};
use interdict::list::{self, List};
use std::io::Write;

pub fn check(args: &Check) -> Result<u8> {
    let mut out = crate::terminal::stdout();
    let mut versions = Vec::new();
    for path in &args.paths {
        let loaded = list::read(path)?;
        writeln!(out, "{}", path.display())?;
        for file in &loaded.skipped {
            let hint = hints::of_skipped_file(&file.reason);
            writeln!(out, "  not read: {}: {}{hint}", file.path.display(), file.reason)?;
        }
        for list in loaded.lists {
            for line in list.version.describe(age::today()).lines() {
                writeln!(out, "  {line}")?;
            }
            details(&mut out, &list)?;
            for r in &list.rejected {
                writeln!(out, "    rejected: {}: {}: {}", r.file, r.position, r.reason)?;
            }
            versions.push(list.version);
        }
    }
    age::check(&versions, args.max_age)?;
    let incomplete: Vec<&str> =
        versions.iter().filter(|v| v.is_incomplete()).map(|v| v.name.as_str()).collect();
    if incomplete.is_empty() {
        return Ok(DONE);
    }
    sayln!("interdict: not all of the file was read, or it was changed: {}", incomplete.join(", "));
    Ok(FAILED)
}

fn details(out: &mut impl Write, list: &List) -> Result<()> {
    let v = &list.version;
    let by_schema: Vec<String> = Schema::ALL
        .iter()
        .map(|s| (s, list.entities.iter().filter(|e| e.schema == *s).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(s, n)| format!("{s} {n}"))
        .collect();
    writeln!(out, "    layout {}, sha256 {}", v.layout, v.sha256)?;
    writeln!(out, "    entities by kind: {}; aliases {}", by_schema.join(", "), v.aliases)?;
    let identifiers = || list.entities.iter().flat_map(|e| &e.identifiers);
    let wrong = identifiers().filter(|i| i.check() == CheckDigit::Failed);
    writeln!(
        out,
        "    identifiers {}, with a wrong check digit or length {}",
        identifiers().count(),
        wrong.count()
    )?;
    Ok(())
}
