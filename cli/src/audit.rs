//! `interdict audit`, and the trails that other commands write.

use crate::args::{Replay, Verify};
use crate::screen::{CONFIG_PREFIX, config_values};
use crate::{DONE, REJECTED, sources};
use interdict::audit::{self, Cause, TrailState, VerifyReport};
use interdict::batch::{Configuration, InputIdentity, RunIdentity};
use interdict::entity::Schema;
use interdict::file::is_stream;
use interdict::{Config, Error, Result, Screener};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Refuses to replace an audit trail.
pub fn check_new(trail: Option<&Path>, append: bool) -> Result<()> {
    let Some(trail) = trail.filter(|trail| !is_stream(trail)) else { return Ok(()) };
    if append || trail.symlink_metadata().is_err() {
        return Ok(());
    }
    let path = interdict::text::shown(&trail.to_string_lossy()).into_owned();
    let message = format!(
        "--audit: {path} exists, and a trail is never replaced; name another file, or continue it with --audit-append"
    );
    Err(Error::invalid_option("--audit", message))
}

/// The state of the trail that a run continues, which must be intact.
pub fn former(trail: Option<&Path>, append: bool) -> Result<Option<TrailState>> {
    let Some(path) = trail.filter(|trail| append && trail.is_file()) else { return Ok(None) };
    let report = audit::verify(open(path)?).map_err(|e| e.with_path(path))?;
    if let Some(problem) = report.problems.first() {
        let message = format!("this trail is not intact ({problem}), and is not continued");
        return Err(Error::malformed(message).with_path(path));
    }
    Ok(report.state())
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|e| Error::from(e).with_path(path))
}

pub fn verify(args: &Verify) -> Result<u8> {
    let verified = audit::verify(open(&args.file)?).map_err(|e| e.with_path(&args.file))?;
    report(&args.file, &verified)?;
    let seal = verified.seal.as_deref().unwrap_or_default();
    let other = args.seal.as_ref().filter(|s| !s.eq_ignore_ascii_case(seal));
    if let Some(seal) = other {
        sayln!("{}: its seal is not {seal}: another trail, or one that was rewritten", args.file.display());
    }
    Ok(if verified.is_intact() && other.is_none() { DONE } else { REJECTED })
}

/// Writes problems to standard error, and the result to standard output.
fn report(path: &Path, report: &VerifyReport) -> Result<()> {
    for problem in &report.problems {
        sayln!("{}: {problem}", path.display());
    }
    let more = report.found - report.problems.len() as u64;
    if more > 0 {
        sayln!("{}: and {more} more problems", path.display());
    }
    let c = &report.counts;
    writeln!(
        crate::terminal::stdout(),
        "{}: {}; lines {}, rows {}, screened {}, rejected {}, with hits {}, hits {}, accepted {}; seal {}",
        path.display(),
        if report.is_intact() { "intact" } else { "NOT INTACT" },
        report.lines,
        c.rows,
        c.screened,
        c.rejected,
        c.with_hits,
        c.hits,
        c.accepted,
        report.seal.as_deref().unwrap_or("none")
    )?;
    Ok(())
}

pub fn replay(args: &Replay) -> Result<u8> {
    let fail = |e: Error| e.with_path(&args.file);
    let (then, date) = audit::header(open(&args.file)?).map_err(fail)?;
    let mut configuration: Configuration = then.configuration.clone();
    let values =
        configuration.iter().filter_map(|(key, value)| Some((key.strip_prefix(CONFIG_PREFIX)?, value)));
    let text: String = values.map(|(key, value)| format!("{key} = {value}\n")).collect();
    let config = match &args.config {
        Some(path) => Config::read(path)?,
        None => Config::parse(&text).map_err(fail)?,
    };
    let config = config.with_threshold(args.threshold).with_limit(args.limit);
    configuration.retain(|key, _| !key.starts_with(CONFIG_PREFIX));
    configuration.extend(config_values(&config));
    let options = config.options().exhaustive(configuration.contains_key("exhaustive"));
    let schema = configuration.get("schema").and_then(|s| Schema::parse(s)).unwrap_or_default();
    let screener = Screener::new(sources::open(&args.lists)?).with_options(options)?;
    let now = RunIdentity::new(screener.index(), configuration, InputIdentity::default());
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    let columns =
        ["row", "query", "change", "list", "entity_id", "entity_name", "was", "is", "cause", "detail"];
    out.write_record(columns).map_err(std::io::Error::from)?;
    let score = |score: Option<f64>| score.map_or(String::new(), |s| format!("{s:.5}"));
    let replay = audit::replay(open(&args.file)?, &screener, schema, &now, |c| {
        let change = match (c.was, c.is) {
            (Some(_), None) => "gone",
            (None, _) => "new",
            _ => "changed",
        };
        let cause = c.causes.iter().map(|c| Cause::as_str(*c)).collect::<Vec<_>>().join(" or ");
        let row = c.row.to_string();
        let (was, is) = (score(c.was), score(c.is));
        let fields =
            [&row, &c.name, change, &c.list, &c.entity_id, &c.entity_name, &was, &is, &cause, c.detail];
        Ok(out.write_record(fields).map_err(std::io::Error::from)?)
    })
    .map_err(fail)?;
    out.flush()?;
    for problem in &replay.verified.problems {
        sayln!("{}: {problem}", args.file.display());
    }
    for difference in &replay.differences {
        sayln!("differs since {date}: {difference}");
    }
    sayln!(
        "rows recorded {}, rejected then {}, names screened again {}, with another answer {}; hits gone, new or changed {}; trail {}",
        replay.verified.counts.rows,
        replay.verified.counts.rejected,
        replay.names,
        replay.changed_names,
        replay.changes,
        if replay.verified.is_intact() { "intact" } else { "NOT INTACT" }
    );
    Ok(if replay.changes == 0 && replay.verified.is_intact() { DONE } else { REJECTED })
}
