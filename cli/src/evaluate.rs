//! `interdict evaluate`.

use crate::args::Evaluate;
use crate::files::Files;
use crate::{DONE, REJECTED, sources};
use interdict::evaluate::{self, Cases, Positives, RejectedCase, TargetIndex};
use interdict::{Error, Result, Screener, WholeFile};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

pub fn run(args: &Evaluate) -> Result<u8> {
    let start = Instant::now();
    Files::default()
        .reads("a list", &args.lists.paths)
        .reads("the index", &args.lists.index)
        .reads("the configuration", &args.config.config)
        .reads("the file of --positives", &args.positives)
        .reads("a file of --negatives", &args.negatives)
        .writes("--save-positives", &args.save_positives, &[])
        .writes("--report", &args.report, &[])
        .writes("--json", &args.json, &[])
        .check()?;
    let config = args.config.read()?;
    let screener = Screener::new(sources::open(&args.lists)?).with_options(config.options())?;
    let targets = TargetIndex::of(screener.index());
    let column = args.name_column.as_deref();
    let positives = match &args.positives {
        Some(path) => {
            let (input, _) = sources::input(path)?;
            Positives::read(input, column, &targets).map_err(|e| e.with_path(path))?
        }
        None => evaluate::mutate::positives(screener.index(), &targets, args.seed, args.per_kind),
    };
    if let Some(path) = &args.save_positives {
        let mut file = WholeFile::create(path)?;
        positives.write(&mut file, screener.index()).map_err(|e| e.with_path(path))?;
        file.finish()?;
    }
    let mut negatives = Vec::new();
    for path in &args.negatives {
        let (input, _) = sources::input(path)?;
        negatives.push(Cases::read_negatives(input, column).map_err(|e| e.with_path(path))?);
    }
    let mut rejected = 0;
    let mut report_rejected = |path: &Path, rows: &[RejectedCase]| {
        rejected += rows.len();
        for r in rows {
            sayln!("rejected: {}: row {} (line {}): {}", path.display(), r.row, r.line, r.reason);
        }
    };
    if let Some(path) = &args.positives {
        report_rejected(path, &positives.rejected);
    }
    args.negatives.iter().zip(&negatives).for_each(|(path, n)| report_rejected(path, &n.rejected));

    let found = evaluate::evaluate(&screener, &positives, &negatives)?;
    if let Some(path) = &args.report {
        let file = evaluate::write_page(&found, WholeFile::create(path)?).map_err(|e| e.with_path(path))?;
        file.finish()?;
    }
    if let Some(path) = &args.json {
        let mut file = WholeFile::create(path)?;
        serde_json::to_writer_pretty(&mut file, &found)
            .map_err(|e| Error::from(std::io::Error::from(e)).with_path(path))?;
        file.write_all(b"\n").map_err(|e| Error::from(e).with_path(path))?;
        file.finish()?;
    }
    std::io::stdout().lock().write_all(evaluate::summary(&found).as_bytes())?;
    sayln!("elapsed {:.2} s", start.elapsed().as_secs_f64());
    Ok(if rejected > 0 { REJECTED } else { DONE })
}
