//! An evaluation as text for the terminal.

use super::{Evaluation, Point, RecallGroup};
use std::fmt::{self, Write};

/// Whether the text shows a point of the curve: every twentieth, and every hundredth around the default
/// threshold.
fn is_shown(point: &Point) -> bool {
    let hundredth = (point.threshold * 100.0).round() as u32;
    hundredth.is_multiple_of(5) || (80..=90).contains(&hundredth)
}

/// The figures of an evaluation, some hundred lines.
pub fn summary(e: &Evaluation) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(e, &mut out);
    out
}

fn write(e: &Evaluation, out: &mut String) -> fmt::Result {
    write_run(e, out)?;
    write_rates(e, out)?;
    write_curve(e, out)?;
    for (what, groups) in
        [("category", &e.categories), ("script", &e.scripts), ("schema", &e.schemas), ("length", &e.lengths)]
    {
        write_groups(what, groups, out)?;
    }
    write_cases(e, out)
}

/// Program, lists, configuration and cases, and the result of the configuration in force.
fn write_run(e: &Evaluation, out: &mut String) -> fmt::Result {
    writeln!(out, "interdict {}, analysis {}", e.program, e.analysis)?;
    for list in &e.lists {
        let published = list.published.as_deref().unwrap_or("no date");
        writeln!(
            out,
            "list {}: {published} (sha256 {}), {} entities, {} names",
            list.name, list.sha256, list.entities, list.names
        )?;
    }
    writeln!(out, "configuration sha256 {}", e.configuration_sha256)?;
    writeln!(out, "positives {} ({}), rejected {}", e.positives.used, e.origin, e.positives.rejected)?;
    writeln!(out, "negatives {}, rejected {}", e.negatives.used, e.negatives.rejected)?;
    let p = &e.as_configured;
    writeln!(
        out,
        "\nas configured: recall {:.2} % ({} of {}), alerts {:.3} % of clean names ({} of {}); threshold {}",
        100.0 * p.recall,
        p.found,
        e.positives.used,
        100.0 * p.alert_rate,
        p.alerts,
        e.negatives.used,
        p.threshold
    )
}

fn write_rates(e: &Evaluation, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "\nrecall at fixed alert rates\n{:>10} {:>10} {:>8} {:>8}",
        "alerts", "above", "recall", "found"
    )?;
    for r in &e.at_rates {
        writeln!(
            out,
            "{:>8.1} % {:>10.5} {:>6.2} % {:>8}",
            100.0 * r.rate,
            r.threshold,
            100.0 * r.recall,
            r.found
        )?;
    }
    Ok(())
}

fn write_curve(e: &Evaluation, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "\nrecall and alerts over thresholds\n{:>10} {:>8} {:>10} {:>14}",
        "threshold", "recall", "alerts", "of a thousand"
    )?;
    for p in e.curve.iter().filter(|p| is_shown(p)) {
        writeln!(
            out,
            "{:>10.2} {:>6.2} % {:>8.3} % {:>14.2}",
            p.threshold,
            100.0 * p.recall,
            100.0 * p.alert_rate,
            p.alerts_per_thousand
        )?;
    }
    Ok(())
}

/// Misses and false alerts, case by case.
fn write_cases(e: &Evaluation, out: &mut String) -> fmt::Result {
    writeln!(out, "\nmisses at 0.5 % alerts: {} in all, {} shown", e.misses_in_all, e.misses.len())?;
    for m in &e.misses {
        writeln!(out, "  {:.4} {}: '{}' for '{}' (row {})", m.score, m.category, m.query, m.target, m.row)?;
    }
    writeln!(out, "\nclean names that score highest")?;
    for a in &e.false_alerts {
        writeln!(out, "  {:.4} '{}' for '{}' (file {}, row {})", a.score, a.query, a.matched, a.file, a.row)?;
    }
    Ok(())
}

fn write_groups(what: &str, groups: &[RecallGroup], out: &mut String) -> fmt::Result {
    writeln!(out, "\nrecall by {what}\n{:>12} {:>13} {:>9}", "0.5 % alerts", "as configured", "names")?;
    for g in groups {
        writeln!(
            out,
            "{:>10.1} % {:>11.1} % {:>9}  {}{}{}",
            100.0 * g.recall,
            100.0 * g.recall_as_configured,
            g.positives,
            g.name,
            if g.about.is_empty() { "" } else { ": " },
            g.about
        )?;
    }
    Ok(())
}
