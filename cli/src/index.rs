//! `interdict index`.

use crate::args::{Build, Info};
use crate::files::Files;
use crate::{DONE, manifest, sources};
use interdict::index::FORMAT_VERSION;
use interdict::{Index, Result};
use std::io::Write;

pub fn build(args: &Build) -> Result<u8> {
    let start = std::time::Instant::now();
    Files::default()
        .reads("a list", &args.lists)
        .writes("--output", [&args.output], &[])
        .writes("--manifest", &args.manifest, &[])
        .check()?;
    let lists = sources::read_lists(&args.lists, &args.allow_incomplete)?;
    if let Some(path) = &args.manifest {
        let versions: Vec<_> = lists.iter().map(|list| list.version.clone()).collect();
        manifest::check_and_write(path, &versions, &args.allow_incomplete)?;
    }
    let index = Index::build(&lists).map_err(|e| e.with_path(&args.lists[0]))?;
    index.save(&args.output)?;
    say!("{}", sources::describe(&index));
    sayln!(
        "{}: {} entities, {} names, {} bytes, {:.2} s",
        args.output.display(),
        index.entities(),
        index.names(),
        index.memory_usage(),
        start.elapsed().as_secs_f64()
    );
    Ok(DONE)
}

pub fn info(args: &Info) -> Result<u8> {
    let start = std::time::Instant::now();
    let index = Index::open(&args.file)?;
    let opened = start.elapsed();
    let mut out = crate::terminal::stdout();
    let identity = index.identity();
    writeln!(
        out,
        "format {FORMAT_VERSION}, analysis {}, written by version {}",
        identity.analysis, identity.program
    )?;
    write!(out, "{}", sources::describe(&index))?;
    writeln!(out, "{} entities, {} names, {} tokens", index.entities(), index.names(), index.tokens())?;
    let mut total = 0;
    for s in index.sections() {
        writeln!(out, "  {:<16} {:>12} bytes", s.name, s.bytes)?;
        total += s.bytes;
    }
    writeln!(
        out,
        "  {:<16} {:>12} bytes, {:.1} a name; opened and verified in {:.1} ms",
        "all",
        total,
        total as f64 / index.names().max(1) as f64,
        opened.as_secs_f64() * 1e3
    )?;
    Ok(DONE)
}
