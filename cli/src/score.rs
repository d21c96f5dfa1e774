//! `interdict score`.

use crate::args::Score;
use crate::{DONE, REJECTED, sources};
use interdict::entity::{AliasStrength, Entity, Schema, country_code};
use interdict::evaluate::pairs::LabelledPairs;
use interdict::name::{Tag, analyse};
use interdict::score::PairScorer;
use interdict::{Config, Error, ErrorKind, Result};

pub fn run(args: &Score) -> Result<u8> {
    let (input, _) = sources::input(&args.pairs)?;
    let fail = |e: csv::Error| Error::malformed(e.to_string()).with_path(&args.pairs);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.headers().map_err(fail)?.clone();
    if header.is_empty() {
        return Err(Error::new(ErrorKind::Empty).with_path(&args.pairs));
    }
    let column = |name: &str| {
        header.iter().position(|h| h.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
    };
    let (Some(a), Some(b)) = (column("name1"), column("name2")) else {
        let header = header.iter().map(str::to_string).collect();
        let wanted = vec!["name1".into(), "name2".into()];
        return Err(Error::new(ErrorKind::MissingColumn { wanted, header }).with_path(&args.pairs));
    };
    let schema = column("schema");
    let label = column("is_match").or_else(|| column("label"));
    let config = args.config.as_ref().map_or_else(|| Ok(Config::default()), Config::read)?;
    let options = config.with_threshold(args.threshold).options();
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    let write = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(io) => Error::from(io),
        other => Error::malformed(format!("{other:?}")),
    };
    out.write_record(header.iter().chain(["score"])).map_err(write)?;
    let mut scorer = PairScorer::default();
    let mut record = csv::ByteRecord::new();
    let (mut rows, mut rejected, mut unlabelled) = (0u64, 0u64, 0u64);
    let mut pairs = LabelledPairs::default();
    while reader.read_byte_record(&mut record).map_err(fail)? {
        rows += 1;
        let text =
            csv::StringRecord::from_byte_record(record.clone()).ok().filter(|r| r.len() == header.len());
        let Some(text) = text else {
            rejected += 1;
            let line = record.position().map_or(0, csv::Position::line);
            sayln!(
                "rejected: row {rows} (line {line}): another number of fields than the header, or not valid UTF-8"
            );
            continue;
        };
        let schema = schema.and_then(|i| Schema::parse(&text[i])).unwrap_or_default();
        let score = score(&mut scorer, &text[a], &text[b], schema);
        out.write_record(text.iter().chain([format!("{score:.5}").as_str()])).map_err(write)?;
        match label.map(|i| truth(&text[i])) {
            Some(Some(matches)) => pairs.add(score, matches, score >= options.required(schema, false)),
            Some(None) => unlabelled += 1,
            None => (),
        }
    }
    out.flush()?;
    sayln!("pairs read {rows}, scored {}, rejected {rejected}", rows - rejected);
    if !pairs.is_empty() {
        report(&pairs, options.threshold, unlabelled);
    }
    Ok(if rejected > 0 { REJECTED } else { DONE })
}

/// The score of a name and a listed one, or the best of those that stand within the listed one, as a list's reader takes
/// them: "Works (formerly Plant)" is listed as both. A weak alias among them is found under stricter conditions, and is
/// left out; so is all that stands beside a place, which tells one body of a group from another: "Bank (Spain)".
fn score(scorer: &mut PairScorer, query: &str, listed: &str, schema: Schema) -> f32 {
    let mut entity = Entity::new("", schema, listed);
    if !has_place_in_brackets(listed, schema) {
        interdict::list::add_names_within(&mut entity);
    }
    let names = entity.names.iter().filter(|name| name.strength == AliasStrength::Strong);
    names.map(|name| scorer.score(query, &name.text, schema)).fold(0.0, f32::max)
}

/// Whether a bracket of a name holds the name of a place alone.
fn has_place_in_brackets(name: &str, schema: Schema) -> bool {
    let inside = |part: &str| part.split_once(')').map(|(inside, _)| inside.to_string());
    name.split('(').skip(1).filter_map(inside).any(|text| {
        let analysed = analyse(&text, schema);
        let mut tags = analysed.tokens().iter().map(|token| token.tag).peekable();
        country_code(&text).is_some()
            || tags.peek().is_some() && tags.all(|tag| matches!(tag, Tag::Place | Tag::TrailingPlace))
    })
}

/// A label as people write it.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" | "match" => Some(true),
        "false" | "no" | "0" | "nomatch" | "no_match" => Some(false),
        _ => None,
    }
}

fn report(pairs: &LabelledPairs, threshold: f32, unlabelled: u64) {
    let best = pairs.best();
    sayln!("labelled pairs {}, without a label {unlabelled}", pairs.len());
    sayln!("at {threshold}: {}", pairs.as_configured());
    sayln!("best threshold {:.5}: {best}", best.threshold);
    if pairs.auc().is_nan() {
        sayln!("ROC AUC: not defined, for all pairs have the same label");
    } else {
        sayln!("ROC AUC {:.4}", pairs.auc());
    }
}
