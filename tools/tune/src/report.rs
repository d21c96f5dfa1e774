//! The log.

use crate::Args;
use crate::data::{PairSet, Part};
use crate::objective::{THRESHOLD, quality, value};
use interdict::score::ScoreParams;

/// What is searched, and how.
pub fn head(args: &Args, sets: &[PairSet], movable: &[usize]) {
    println!("# Search of the score's constants\n");
    println!("| set | pairs | matches | groups |\n|---|--:|--:|--:|");
    for set in sets {
        let matches = set.pairs.iter().filter(|pair| pair.is_match).count();
        println!("| {} | {} | {matches} | {} |", set.name, set.pairs.len(), set.groups());
    }
    println!(
        "\nObjective: mean over the sets of AUC + recall − {} · false matches, at {THRESHOLD}. {} of {} parameters are \
         moved, {} changes are tried in each fold, seed {}.\n",
        args.false_cost,
        movable.len(),
        ScoreParams::TABLE.len(),
        args.iterations,
        args.seed
    );
    println!("| fold | training: default | found | held out: default | found |\n|---|--:|--:|--:|--:|");
}

/// The result of one fold.
pub fn fold(args: &Args, fold: u64, train: &[Part<'_>], held_out: &[Part<'_>], found: &ScoreParams) {
    let value = |params, parts| value(params, parts, args.false_cost);
    println!(
        "| {} | {:.4} | {:.4} | {:.4} | {:.4} |",
        fold + 1,
        value(&ScoreParams::DEFAULT, train),
        value(found, train),
        value(&ScoreParams::DEFAULT, held_out),
        value(found, held_out)
    );
}

/// The result on all pairs.
pub fn result(args: &Args, all: &[Part<'_>], found: &ScoreParams) {
    println!("\n| set | AUC | recall | false matches | found: AUC | recall | false matches |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for part in all {
        let (before, after) = (quality(&ScoreParams::DEFAULT, part), quality(found, part));
        println!(
            "| {} | {:.4} | {:.1} % | {:.2} % | {:.4} | {:.1} % | {:.2} % |",
            part.name,
            before.auc,
            100.0 * before.recall,
            100.0 * before.false_rate,
            after.auc,
            100.0 * after.recall,
            100.0 * after.false_rate
        );
    }
    println!(
        "\nObjective on all pairs: {:.4} by default, {:.4} found.\n",
        value(&ScoreParams::DEFAULT, all, args.false_cost),
        value(found, all, args.false_cost)
    );
    println!("| parameter | range | default | found |\n|---|---|--:|--:|");
    let mut found = *found;
    for (row, value) in ScoreParams::TABLE.iter().zip(found.values_mut()) {
        let range = format!("{} to {}", row.range.start(), row.range.end());
        println!("| {} | {range} | {} | {} |", row.name, row.default, value);
    }
}
