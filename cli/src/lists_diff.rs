//! `interdict lists diff`.

use crate::args::{Diff, DiffFormat};
use crate::{DONE, sources};
use interdict::list::diff::{DiffKind, EntityDiff, ListDiff, diff};
use interdict::{Error, Result};
use std::io::{BufWriter, Write};

pub fn run(args: &Diff) -> Result<u8> {
    let old = sources::lists_or_index(&args.old)?;
    let new = sources::lists_or_index(&args.new)?;
    let diff = diff(&old, &new);
    // JSON has escapes of its own.
    let out: Box<dyn Write> = match args.format {
        DiffFormat::Json => Box::new(std::io::stdout().lock()),
        DiffFormat::Text | DiffFormat::Summary => Box::new(crate::terminal::stdout()),
    };
    let mut out = BufWriter::new(out);
    match args.format {
        DiffFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &diff)
                .map_err(|e| Error::from(std::io::Error::from(e)))?;
            writeln!(out)?;
        }
        DiffFormat::Summary => {
            for list in &diff.lists {
                writeln!(out, "{}", heading(list))?;
            }
        }
        DiffFormat::Text => {
            for list in &diff.lists {
                writeln!(out, "{}", heading(list))?;
                for entity in &list.entities {
                    write_entity(&mut out, entity)?;
                }
            }
        }
    }
    out.flush()?;
    Ok(DONE)
}

/// One line about a list: its two publications and the counts.
fn heading(list: &ListDiff) -> String {
    let side = |version: Option<&interdict::list::ListVersion>| match version {
        None => "none".to_string(),
        Some(v) => {
            let published = v.published.map_or(String::from("no date"), |d| d.to_string());
            format!("{} entities ({published}, {})", v.entities, &v.sha256[..v.sha256.len().min(12)])
        }
    };
    format!(
        "list {}: {} -> {}; {}, unchanged {}",
        list.name,
        side(list.old.as_ref()),
        side(list.new.as_ref()),
        list.counts(),
        list.unchanged
    )
}

fn write_entity(out: &mut impl Write, e: &EntityDiff) -> std::io::Result<()> {
    let (sign, id) = match (e.kind, &e.old_id) {
        (DiffKind::Added, _) => ("+", e.id.clone()),
        (DiffKind::Removed, _) => ("-", e.id.clone()),
        (_, None) => ("~", e.id.clone()),
        (_, Some(old)) => ("=", format!("{old} -> {}", e.id)),
    };
    writeln!(out, "  {sign} {id} {} {}", e.schema, e.name)?;
    for field in &e.fields {
        for (sign, values) in [("-", &field.removed), ("+", &field.added)] {
            for value in values {
                // A value of several lines stays one line, so that the text can be searched line by line.
                writeln!(out, "      {}: {sign} {}", field.field, value.replace('\n', " "))?;
            }
        }
    }
    Ok(())
}
