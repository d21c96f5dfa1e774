//! The plots of the page, as SVG that its style colours.

use super::{Evaluation, Point};
use std::fmt::Write;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 300.0;
/// Margins for the labels: left, right, top, bottom.
const MARGIN: [f64; 4] = [46.0, 48.0, 12.0, 40.0];

/// The lowest and highest alert rate that is drawn, on a logarithmic scale.
const RATES: (f64, f64) = (1e-4, 1e-1);

/// A plot with two axes whose values are given as parts of their length, from 0 to 1.
struct Plot {
    svg: String,
}

impl Plot {
    fn new(label: &str) -> Plot {
        Plot {
            svg: format!(
                "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\">"
            ),
        }
    }

    fn x(part: f64) -> f64 {
        MARGIN[0] + part.clamp(0.0, 1.0) * (WIDTH - MARGIN[0] - MARGIN[1])
    }

    fn y(part: f64) -> f64 {
        HEIGHT - MARGIN[3] - part.clamp(0.0, 1.0) * (HEIGHT - MARGIN[2] - MARGIN[3])
    }

    // Writing to a string does not fail.
    fn add(&mut self, part: std::fmt::Arguments<'_>) {
        let _ = self.svg.write_fmt(part);
    }

    fn text(&mut self, at: (f64, f64), anchor: &str, class: &str, text: &str) {
        let (x, y) = at;
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
        ));
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.add(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>"
        ));
    }

    /// Marks on the horizontal axis, each a part and its label.
    fn across(&mut self, marks: &[(f64, String)], name: &str) {
        for (part, label) in marks {
            self.line((Plot::x(*part), Plot::y(0.0)), (Plot::x(*part), Plot::y(1.0)), "rule");
            self.text((Plot::x(*part), Plot::y(0.0) + 15.0), "middle", "mark", label);
        }
        self.text((Plot::x(0.5), HEIGHT - 6.0), "middle", "axis", name);
    }

    /// Marks on the vertical axis.
    fn up(&mut self, marks: &[(f64, String)]) {
        for (part, label) in marks {
            self.line((Plot::x(0.0), Plot::y(*part)), (Plot::x(1.0), Plot::y(*part)), "rule");
            self.text((Plot::x(0.0) - 6.0, Plot::y(*part) + 4.0), "end", "mark", label);
        }
    }

    fn curve(&mut self, points: impl Iterator<Item = (f64, f64)>, class: &str) {
        let points: Vec<String> =
            points.map(|(x, y)| format!("{:.1},{:.1}", Plot::x(x), Plot::y(y))).collect();
        self.add(format_args!("<polyline points=\"{}\" class=\"{class}\"/>", points.join(" ")));
    }

    /// A point with its label beside it; `tip` is shown when the pointer is on it.
    fn dot(&mut self, at: (f64, f64), class: &str, tip: &str) {
        let (x, y) = (Plot::x(at.0), Plot::y(at.1));
        self.add(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" class=\"{class}\"><title>{tip}</title></circle>"
        ));
    }

    fn finish(mut self) -> String {
        self.svg += "</svg>";
        self.svg
    }
}

/// The position of an alert rate on its axis.
fn rate(rate: f64) -> f64 {
    (rate.max(RATES.0) / RATES.0).log10() / (RATES.1 / RATES.0).log10()
}

fn rate_marks() -> Vec<(f64, String)> {
    [0.0001, 0.001, 0.005, 0.01, 0.1].map(|r| (rate(r), format!("{} %", 100.0 * r))).to_vec()
}

/// The part of recall that is drawn: from the ten below the least that matters.
fn floor(e: &Evaluation) -> f64 {
    let least = e.curve.iter().filter(|p| p.threshold <= 0.951).map(|p| p.recall).fold(1.0, f64::min);
    (least * 10.0).floor().min(9.0) / 10.0
}

fn recall_marks(floor: f64) -> Vec<(f64, String)> {
    let step = if floor >= 0.8 { 2 } else { 10 };
    let from = (floor * 100.0).round() as usize;
    (from..=100)
        .step_by(step)
        .map(|percent| ((percent as f64 / 100.0 - floor) / (1.0 - floor), format!("{percent} %")))
        .collect()
}

/// Recall against the part of clean names that alerts.
pub(super) fn trade(e: &Evaluation) -> String {
    let floor = floor(e);
    let recall = |r: f64| (r - floor) / (1.0 - floor);
    let mut plot = Plot::new("recall against alert rate");
    plot.across(&rate_marks(), "clean names that alert");
    plot.up(&recall_marks(floor));
    plot.curve(e.curve.iter().rev().map(|p| (rate(p.alert_rate), recall(p.recall))), "recall");
    for p in &e.curve {
        plot.dot((rate(p.alert_rate), recall(p.recall)), "faint", &tip(p));
    }
    for at in &e.at_rates {
        let tip = format!("recall {:.2} % at {} % alerts", 100.0 * at.recall, 100.0 * at.rate);
        plot.dot((rate(at.rate), recall(at.recall)), "fixed", &tip);
    }
    let p = &e.as_configured;
    plot.dot((rate(p.alert_rate), recall(p.recall)), "configured", &format!("as configured: {}", tip(p)));
    plot.finish()
}

fn tip(p: &Point) -> String {
    format!(
        "threshold {}: recall {:.2} %, alerts {:.3} %",
        p.threshold,
        100.0 * p.recall,
        100.0 * p.alert_rate
    )
}

/// Recall, and alerts on a logarithmic scale, over thresholds.
pub(super) fn thresholds(e: &Evaluation) -> String {
    let across = |t: f64| (t - 0.5) * 2.0;
    let marks: Vec<_> =
        (10..=20).map(|n| f64::from(n) / 20.0).map(|t| (across(t), format!("{t:.2}"))).collect();
    let mut plot = Plot::new("recall and alerts over thresholds");
    plot.across(&marks, "threshold");
    let quarters: Vec<_> =
        (0..=4).map(|n| f64::from(n) / 4.0).map(|p| (p, format!("{:.0} %", 100.0 * p))).collect();
    plot.up(&quarters);
    // Four powers of ten for alerts, on the lines of the quarters.
    let alerts = |rate: f64| 1.0 + rate.max(1e-4).log10() / 4.0;
    for (n, label) in ["0.01 %", "0.1 %", "1 %", "10 %", "100 %"].iter().enumerate() {
        let at = (Plot::x(1.0) + 5.0, Plot::y(n as f64 / 4.0) + 4.0);
        plot.text(at, "start", "mark alerts", label);
    }
    let at = across(e.as_configured.threshold);
    plot.line((Plot::x(at), Plot::y(0.0)), (Plot::x(at), Plot::y(1.0)), "now");
    plot.curve(e.curve.iter().map(|p| (across(p.threshold), p.recall)), "recall");
    let some = e.curve.iter().filter(|p| p.alerts > 0);
    plot.curve(some.clone().map(|p| (across(p.threshold), alerts(p.alert_rate))), "alerts");
    for p in &e.curve {
        plot.dot((across(p.threshold), p.recall), "faint", &tip(p));
    }
    for p in some {
        plot.dot((across(p.threshold), alerts(p.alert_rate)), "faint", &tip(p));
    }
    plot.finish()
}
