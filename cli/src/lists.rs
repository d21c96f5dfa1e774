//! `interdict lists`.

use crate::args::Check;
use crate::{DONE, FAILED, age, hints};
use interdict::Result;
use interdict::entity::{Check as CheckDigit, Schema};
use interdict::list::{self, List, ListVersion, Loaded};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

pub fn check(args: &Check) -> Result<u8> {
    let mut out = crate::terminal::stdout();
    let mut versions: Vec<ListVersion> = Vec::new();
    let mut documents = Vec::new();
    for path in &args.paths {
        let loaded = list::read(path)?;
        if args.json {
            documents.push(document(path, &loaded));
        } else {
            describe(&mut out, path, &loaded)?;
        }
        versions.extend(loaded.lists.into_iter().map(|list| list.version));
    }
    if args.json {
        serde_json::to_writer_pretty(&mut out, &json!({ "paths": documents }))
            .map_err(std::io::Error::from)?;
        writeln!(out)?;
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

/// The content of a path as text for people.
fn describe(out: &mut impl Write, path: &Path, loaded: &Loaded) -> Result<()> {
    writeln!(out, "{}", path.display())?;
    for file in &loaded.skipped {
        let hint = hints::of_skipped_file(&file.reason);
        writeln!(out, "  not read: {}: {}{hint}", file.path.display(), file.reason)?;
    }
    for list in &loaded.lists {
        for line in list.version.describe(age::today()).lines() {
            writeln!(out, "  {line}")?;
        }
        details(out, list)?;
        for r in &list.rejected {
            writeln!(out, "    rejected: {}: {}: {}", r.file, r.position, r.reason)?;
        }
    }
    Ok(())
}

/// Entities of a list by schema, without schemas that have none.
fn by_schema(list: &List) -> Vec<(Schema, usize)> {
    let count = |s: &Schema| (*s, list.entities.iter().filter(|e| e.schema == *s).count());
    Schema::ALL.iter().map(count).filter(|(_, n)| *n > 0).collect()
}

/// Identifiers of a list whose check digit or length is wrong.
fn wrong_identifiers(list: &List) -> usize {
    let identifiers = list.entities.iter().flat_map(|e| &e.identifiers);
    identifiers.filter(|i| i.check() == CheckDigit::Failed).count()
}

fn details(out: &mut impl Write, list: &List) -> Result<()> {
    let v = &list.version;
    let by_schema: Vec<String> = by_schema(list).iter().map(|(s, n)| format!("{s} {n}")).collect();
    writeln!(out, "    layout {}, sha256 {}", v.layout, v.sha256)?;
    writeln!(out, "    entities by kind: {}; aliases {}", by_schema.join(", "), v.aliases)?;
    let c = &v.coverage;
    let identifiers: u64 = c.identifiers.iter().map(|(_, n)| n).sum();
    let wrong = wrong_identifiers(list);
    writeln!(out, "    identifiers {identifiers}, with a wrong check digit or length {wrong}")?;
    let show = |counts: &[(String, u64)]| {
        let counts: Vec<String> = counts.iter().map(|(what, n)| format!("{what} {n}")).collect();
        if counts.is_empty() { "none".to_string() } else { counts.join(", ") }
    };
    writeln!(out, "    identifiers by kind: {}; dates {}", show(&c.identifiers), c.dates)?;
    writeln!(out, "    countries: {}", show(&c.countries))?;
    writeln!(out, "    fields not read, with their values: {}", show(&c.unread))?;
    Ok(())
}

/// The content of a path as JSON.
fn document(path: &Path, loaded: &Loaded) -> Value {
    let not_read = loaded
        .skipped
        .iter()
        .map(|f| json!({ "path": f.path.display().to_string(), "reason": f.reason.to_string() }));
    let lists = loaded.lists.iter().map(|list| {
        let v = &list.version;
        let counts = |counts: &[(String, u64)]| {
            counts.iter().map(|(what, n)| (what.clone(), json!(n))).collect::<serde_json::Map<_, _>>()
        };
        let schemas = by_schema(list).into_iter().map(|(s, n)| (s.to_string(), json!(n)));
        let rejected = list.rejected.iter().map(|r| {
            json!({ "file": r.file, "record": r.position.record, "line": r.position.line,
                    "field": r.position.field, "reason": r.reason })
        });
        json!({
            "name": v.name, "layout": v.layout.to_string(), "sha256": v.sha256,
            "published": v.published.map(|d| d.to_string()), "age_days": v.age_days(age::today()),
            "records": v.records, "declared": v.declared, "entities": v.entities,
            "entities_by_schema": schemas.collect::<serde_json::Map<_, _>>(),
            "names": v.names, "aliases": v.aliases, "weak_aliases": v.coverage.weak,
            "former_names": v.coverage.former, "names_by_script": counts(&v.coverage.scripts),
            "identifiers_by_kind": counts(&v.coverage.identifiers),
            "identifiers_with_wrong_check_digit": wrong_identifiers(list),
            "dates": v.coverage.dates, "countries": counts(&v.coverage.countries),
            "columns": v.coverage.columns.iter().map(|(c, f)| json!({ "column": c, "read_as": f })).collect::<Vec<_>>(),
            "not_read": counts(&v.coverage.unread),
            "rejected": v.rejected, "rejected_for": counts(&v.coverage.rejected_for),
            "rejected_records": rejected.collect::<Vec<_>>(),
            "problems": v.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    json!({
        "path": path.display().to_string(),
        "lists": lists.collect::<Vec<_>>(),
        "files_not_read": not_read.collect::<Vec<_>>(),
    })
}
