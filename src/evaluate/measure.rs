//! Recall against alerts.
//!
//! A positive is found at threshold t if its own party scores t or more; a negative alerts at t if any party
//! scores t or more.

use crate::run::rounded;
use serde::Serialize;

/// The alert rates at which recall is measured: 0.1 %, 0.5 % and 1 % of clean names.
pub const RATES: [f64; 3] = [0.001, 0.005, 0.01];

/// Recall and alerts at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Point {
    /// The threshold.
    pub threshold: f64,
    /// Positives found.
    pub found: usize,
    /// The part of the positives found, in \[0, 1\].
    pub recall: f64,
    /// Negatives that alert.
    pub alerts: usize,
    /// The part of the negatives that alerts, in \[0, 1\].
    pub alert_rate: f64,
    /// Alerts among a thousand clean names.
    pub alerts_per_thousand: f64,
}

/// Recall at an alert rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecallAtRate {
    /// The most negatives that alert, as a part of all.
    pub rate: f64,
    /// The threshold: what scores more counts as found. No lower one keeps the rate.
    pub threshold: f64,
    #[serde(skip)]
    pub(super) above: f32,
    /// Positives found.
    pub found: usize,
    /// The part of the positives found, in \[0, 1\].
    pub recall: f64,
    /// Negatives that alert.
    pub alerts: usize,
}

/// The ratio of a part to the whole; 0 if the whole is empty.
pub(super) fn ratio(some: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { some as f64 / all as f64 }
}

impl Point {
    pub(super) fn of(threshold: f32, found: (usize, usize), alerts: (usize, usize)) -> Point {
        let alert_rate = ratio(alerts.0, alerts.1);
        Point {
            threshold: rounded(threshold),
            found: found.0,
            recall: ratio(found.0, found.1),
            alerts: alerts.0,
            alert_rate,
            alerts_per_thousand: 1000.0 * alert_rate,
        }
    }
}

/// Recall and alerts at the thresholds 0.50, 0.51 … 1.00.
///
/// `found` has the score of each positive's own party, `alerts` the best score of each negative; 0 for none.
pub fn curve(found: &[f32], alerts: &[f32]) -> Vec<Point> {
    let at_least = |scores: &[f32], t: f32| (scores.iter().filter(|s| **s >= t).count(), scores.len());
    (50..=100)
        .map(|hundredth| hundredth as f32 / 100.0)
        .map(|t| Point::of(t, at_least(found, t), at_least(alerts, t)))
        .collect()
}

/// Recall at fixed alert rates: for each, the smallest threshold is taken above which no more than that part
/// of the negatives scores, and the positives counted that score above it.
pub fn recall_at_rates(found: &[f32], alerts: &[f32], rates: &[f64]) -> Vec<RecallAtRate> {
    let mut noise = alerts.to_vec();
    noise.sort_by(|a, b| b.total_cmp(a));
    rates
        .iter()
        .map(|&rate| {
            let allowed = (rate * noise.len() as f64) as usize;
            let above = noise.get(allowed).or(noise.last()).copied().unwrap_or(0.0);
            let count = |scores: &[f32]| scores.iter().filter(|s| **s > above).count();
            RecallAtRate {
                rate,
                threshold: rounded(above),
                above,
                found: count(found),
                recall: ratio(count(found), found.len()),
                alerts: count(alerts),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn recall_at_a_rate_by_hand() {
        // Of 1,000 negatives one scores 0.9, nine 0.8; at 0.5 % five may alert, so that 0.8 is too low.
        let mut alerts = vec![0.0; 1000];
        alerts[7] = 0.9;
        alerts[10..19].fill(0.8);
        let found = [1.0, 0.9, 0.81, 0.8, 0.0];
        let at: Vec<_> = recall_at_rates(&found, &alerts, &RATES)
            .iter()
            .map(|r| (r.threshold, r.found, r.alerts))
            .collect();
        assert_eq!(at, [(0.8, 3, 1), (0.8, 3, 1), (0.0, 4, 10)]);
        let curve = curve(&found, &alerts);
        let at = |t: f64| curve.iter().find(|p| p.threshold == t).unwrap();
        assert_eq!((at(0.8).found, at(0.8).alerts, at(0.8).alerts_per_thousand), (4, 10, 10.0));
        assert_eq!((at(0.81).found, at(0.81).alerts, at(1.0).found), (3, 1, 1));
        assert_eq!((curve.len(), at(0.5).recall), (51, 0.8));
    }

    proptest! {
        #[test]
        fn more_is_found_and_more_alerts_at_lower_thresholds(
            found in proptest::collection::vec(0.0f32..=1.0, 1..40),
            alerts in proptest::collection::vec(0.0f32..=1.0, 1..40),
        ) {
            for pair in curve(&found, &alerts).windows(2) {
                prop_assert!(pair[0].found >= pair[1].found && pair[0].alerts >= pair[1].alerts);
            }
            for at in recall_at_rates(&found, &alerts, &RATES) {
                prop_assert!(at.alerts as f64 <= at.rate * alerts.len() as f64);
            }
        }
    }
}
