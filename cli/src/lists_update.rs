//! `interdict lists update`.

use crate::args::Update;
use crate::{DONE, FAILED, hints};
use interdict::list::ListVersion;
use interdict::update::{self, Folder, Report, Settings, Source};
use interdict::{Error, Result};
use std::io::Write;
use std::time::Duration;

pub fn run(args: &Update) -> Result<u8> {
    let all = match &args.sources {
        None => update::official_sources(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| Error::from(e).with_path(path))?;
            update::parse_sources(&text).map_err(|e| e.with_path(path))?
        }
    };
    let selected = select(&all, &args.names)?;
    let settings = Settings::default()
        .with_timeout(Duration::from_secs(args.timeout))
        .with_retries(args.retries)
        .with_max_bytes(args.max_size << 20)
        .with_allow_shrink(args.allow_shrink);
    let folder = Folder::open(&args.dir)?;
    let mut rows = vec![["source", "outcome", "published", "entities", "remark"].map(str::to_string)];
    let mut current = true;
    for source in selected {
        sayln!("{}: {}", source.name, source.title);
        let report = folder.update(source, &settings);
        current &= report.outcome.is_current();
        rows.push(row(&report));
    }
    write_table(&rows)?;
    Ok(if current { DONE } else { FAILED })
}

fn select<'a>(all: &'a [Source], names: &[String]) -> Result<Vec<&'a Source>> {
    if names.is_empty() {
        return Ok(all.iter().filter(|s| !s.on_request).collect());
    }
    let found = names.iter().map(|name| {
        all.iter().find(|s| s.name == *name).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|s| s.name.as_str()).collect();
            let message = format!("there is no source '{name}'; there are {}", known.join(", "));
            Error::invalid_option("SOURCE", message)
        })
    });
    found.collect()
}

fn row(report: &Report) -> [String; 5] {
    let shown = |of: fn(&ListVersion) -> String| {
        let [old, new] = [&report.old, &report.new].map(|v| v.as_ref().map(of));
        match (old, new) {
            (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
            (old, new) => new.or(old).unwrap_or_else(|| "-".into()),
        }
    };
    let mut remark = report.outcome.reason().unwrap_or_default() + hints::of_update(&report.outcome);
    if report.outcome.is_current() {
        remark = report
            .new
            .as_ref()
            .filter(|v| v.rejected > 0)
            .map_or(remark, |v| format!("{} records rejected; see `interdict lists check`", v.rejected));
    }
    [
        report.source.clone(),
        report.outcome.as_str().to_string(),
        shown(|v| v.published.map_or("-".into(), |d| d.to_string())),
        shown(|v| v.entities.to_string()),
        remark,
    ]
}

fn write_table(rows: &[[String; 5]]) -> Result<()> {
    let mut out = crate::terminal::stdout();
    let width: Vec<usize> =
        (0..5).map(|i| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&width).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
