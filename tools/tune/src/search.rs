//! The search.

use crate::Args;
use crate::data::Part;
use crate::objective::value;
use interdict::score::ScoreParams;

/// The numbers of the parameters that may be moved.
pub fn movable(only: &[String]) -> Result<Vec<usize>, String> {
    let table = ScoreParams::TABLE;
    if only.is_empty() {
        return Ok((0..table.len()).collect());
    }
    let number = |name: &String| {
        let found = table.iter().position(|row| row.name == name);
        found.ok_or_else(|| format!("there is no parameter '{name}'"))
    };
    only.iter().map(number).collect()
}

/// The default with the values of such settings as `scarcity=0.8`.
pub fn start(settings: &[String]) -> Result<ScoreParams, String> {
    let mut params = ScoreParams::DEFAULT;
    for setting in settings {
        let (name, value) = setting.split_once('=').ok_or_else(|| format!("'{setting}' is no NAME=VALUE"))?;
        let number = movable(&[name.to_string()])?[0];
        let value = value.parse().map_err(|_| format!("'{value}' is no number"))?;
        *params.values_mut()[number] = value;
    }
    Ok(params)
}

/// The best parameters found on these pairs, from `start` on.
pub fn search(
    args: &Args,
    start: ScoreParams,
    movable: &[usize],
    parts: &[Part<'_>],
    seed: u64,
) -> ScoreParams {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut best = start;
    let mut best_value = value(&best, parts, args.false_cost);
    // Steps are a part of each range; they shrink when nothing is gained and grow when something is.
    let mut step = 0.1;
    for _ in 0..args.iterations {
        let candidate = moved(best, movable, step, &mut random);
        let candidate_value = value(&candidate, parts, args.false_cost);
        if candidate_value > best_value {
            (best, best_value) = (candidate, candidate_value);
            step = f32::min(step * 1.5, 0.3);
        } else {
            step = f32::max(step * 0.97, 0.01);
        }
    }
    best
}

/// Parameters of which one to three differ, each by up to a step of its range.
fn moved(params: ScoreParams, movable: &[usize], step: f32, random: &mut fastrand::Rng) -> ScoreParams {
    let mut moved = params;
    for _ in 0..random.usize(1..=3) {
        let number = movable[random.usize(..movable.len())];
        let range = &ScoreParams::TABLE[number].range;
        let by = (2.0 * random.f32() - 1.0) * step * (range.end() - range.start());
        let mut values = moved.values_mut();
        // Three digits: what is found shall be written into the table as it is.
        let value = ((*values[number] + by) * 1000.0).round() / 1000.0;
        *values[number] = value.clamp(*range.start(), *range.end());
    }
    moved
}
