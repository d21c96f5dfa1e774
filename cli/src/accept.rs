//! `interdict accept`.

use crate::args::Accept;
use crate::files::Files;
use crate::{DONE, sources};
use interdict::accept::{self, Acceptance, Evidence, HitLine, HitRecord, Score};
use interdict::{Error, Index, Result};

/// The most hits that an error shows to choose from.
const MAX_SHOWN: usize = 5;

pub fn run(args: &Accept) -> Result<u8> {
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    if args.until.is_some_and(|until| until < today) {
        return Err(Error::invalid_option("--until", format!("--until lies before today, {today} (UTC)")));
    }
    for (name, value) in [("--who", &args.who), ("--reason", &args.reason)] {
        if value.trim().is_empty() || value.contains(['\n', '\r']) {
            return Err(Error::invalid_option(name, format!("{name} must be one line of text")));
        }
    }
    Files::default()
        .reads("the file of hits", [&args.hits])
        .reads("a list", &args.lists.paths)
        .reads("the index", &args.lists.index)
        .writes("--to", [&args.to], &[])
        .check()?;
    let line = select_hit(args)?;
    let hit = &line.hit;
    let index = sources::open(&args.lists)?;
    let entity_hash = content_hash(&index, hit)?;
    let acceptance = Acceptance {
        counterparty_id: line.id().unwrap_or_default().trim().to_string(),
        counterparty_name: line.query.trim().to_string(),
        list: hit.list.to_string(),
        entity_id: hit.entity_id.to_string(),
        entity_hash,
        who: args.who.trim().to_string(),
        when: today,
        until: args.until,
        reason: args.reason.trim().to_string(),
        evidence: evidence(&line),
    };
    accept::append(&args.to, &acceptance)?;
    let until = args.until.map_or(String::from("without end"), |d| format!("until {d}"));
    sayln!(
        "{}: accepted '{}' as {} {} '{}', {until}",
        args.to.display(),
        line.query,
        hit.list,
        hit.entity_id,
        hit.entity_name
    );
    Ok(DONE)
}

/// What the hit is based on; none if the line does not say it.
fn evidence(line: &HitLine<'_>) -> Option<Evidence> {
    (!line.hit.matched_by.is_empty()).then(|| Evidence {
        compared: line.compared.clone().unwrap_or_default(),
        matched_name: line.hit.matched_name.to_string(),
        matched_by: line.hit.matched_by.to_string(),
        score: Score::new(line.hit.score),
    })
}

/// The one hit that the arguments select.
fn select_hit(args: &Accept) -> Result<HitLine<'static>> {
    let fail = |e: Error| e.with_path(&args.hits);
    let (input, _) = sources::input(&args.hits)?;
    let mut count = 0u64;
    let mut hits = accept::read_hits(input, |line| {
        let is_selected = args.row.is_none_or(|row| row == line.row)
            && args.entity.as_ref().is_none_or(|entity| *entity == line.hit.entity_id)
            && args.on_list.as_ref().is_none_or(|list| *list == line.hit.list);
        count += u64::from(is_selected);
        is_selected && count <= MAX_SHOWN as u64
    })
    .map_err(fail)?;
    if count == 1 {
        return Ok(hits.remove(0));
    }
    let mut text = match count {
        0 => "no hit is meant by --row, --entity and --on-list".to_string(),
        n => format!("{n} hits are meant; name one with --row, --entity, --on-list:"),
    };
    for HitLine { row, query, hit, .. } in hits {
        text += &format!("\n  row {row} '{query}': {} {} '{}'", hit.list, hit.entity_id, hit.entity_name);
    }
    Err(fail(Error::malformed(text)))
}

/// The hash of the hit's entity as the list has it now.
fn content_hash(index: &Index, hit: &HitRecord<'_>) -> Result<String> {
    let numbers = 0..index.entities() as u32;
    let found =
        numbers.filter_map(|n| index.entity(n)).find(|(e, v)| e.id == hit.entity_id && v.name == hit.list);
    match found {
        Some((entity, _)) => Ok(entity.content_hash()),
        None => Err(Error::malformed(format!(
            "the lists hold no entity {} of a list {}; use the lists on which the hits were found",
            hit.entity_id, hit.list
        ))),
    }
}
