//! `interdict names`.

use crate::args::{Names, NamesFormat};
use crate::{DONE, sources};
use interdict::index::Completion;
use interdict::{Error, Result};
use std::io::Write;

pub fn run(args: &Names) -> Result<u8> {
    let index = sources::open(&args.lists)?;
    let complete = if args.typo { interdict::Index::complete_with_typo } else { interdict::Index::complete };
    let names = complete(&index, &args.prefix, args.limit);
    let out = std::io::stdout;
    match args.format {
        NamesFormat::Text => write_text(crate::terminal::stdout(), &names)?,
        NamesFormat::Csv => write_csv(out().lock(), &names)?,
        NamesFormat::Jsonl => write_json(out().lock(), &names)?,
    }
    let begin = index.count_completions(&args.prefix);
    let shown = names.iter().filter(|name| !name.typo).count();
    sayln!("{begin} names begin with '{}', {shown} of them shown", args.prefix);
    Ok(DONE)
}

fn write_text(mut out: impl Write, names: &[Completion]) -> Result<()> {
    for Completion { name, kind, schema, list, entity_id, typo, .. } in names {
        let typo = if *typo { ", but for a letter" } else { "" };
        writeln!(out, "{name}  [{list} {entity_id}] {schema}, {kind}{typo}")?;
    }
    Ok(())
}

fn write_csv(out: impl Write, names: &[Completion]) -> Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(["name", "kind", "schema", "list", "entity_id", "typo"]).map_err(csv_error)?;
    for Completion { name, kind, schema, list, entity_id, typo, .. } in names {
        let row = [
            name.as_str(),
            kind.as_str(),
            schema.as_str(),
            list,
            entity_id,
            if *typo { "true" } else { "false" },
        ];
        out.write_record(row).map_err(csv_error)?;
    }
    Ok(out.flush()?)
}

fn csv_error(error: csv::Error) -> Error {
    std::io::Error::from(error).into()
}

fn write_json(mut out: impl Write, names: &[Completion]) -> Result<()> {
    for name in names {
        serde_json::to_writer(&mut out, name).map_err(|e| Error::from(std::io::Error::from(e)))?;
        writeln!(out)?;
    }
    Ok(())
}
