//! `interdict explain`.

use crate::args::{ConfigArgs, Explain};
use crate::{DONE, sources};
use interdict::entity::{Date, Identifier, IdentifierKind, countries_in};
use interdict::screen::LOWEST_THRESHOLD;
use interdict::{Config, Error, Hit, Query, Result, Screener};
use std::io::Write;

pub fn run(args: &Explain) -> Result<u8> {
    let index = sources::open(&args.lists)?;
    let config = ConfigArgs { config: args.config.clone(), ..ConfigArgs::default() }.read()?;
    // Names below the threshold are shown too.
    let options = config.clone().with_threshold(Some(LOWEST_THRESHOLD)).options();
    let screener = Screener::new(index).with_options(options.weak_threshold(None).limit(args.limit))?;
    let query = query(args)?;
    let searched = searched(args);
    let mut out = crate::terminal::stdout();
    let hits = screener.screen(&query);
    if hits.is_empty() {
        writeln!(out, "{searched}: nothing scores {LOWEST_THRESHOLD} or more")?;
        return Ok(DONE);
    }
    for (i, hit) in hits.iter().enumerate() {
        write_hit(&mut out, i + 1, hit, &searched, &config)?;
        write_explanation(&mut out, &screener, &query, hit)?;
        writeln!(out)?;
    }
    Ok(DONE)
}

fn query(args: &Explain) -> Result<Query> {
    let mut query =
        Query::name(args.name.clone().unwrap_or_default()).schema(args.schema.unwrap_or_default());
    query
        .identifiers
        .extend(args.id_numbers.iter().map(|n| Identifier::new(IdentifierKind::unspecified(), n)));
    if let Some(short) = query.identifiers.iter().find(|i| i.keys().is_empty()) {
        let message = format!("--id-number '{}': too short to identify anybody", short.value);
        return Err(Error::invalid_option("--id-number", message));
    }
    if let Some(date) = &args.birth_date {
        let date = Date::parse(date)
            .ok_or_else(|| Error::invalid_option("--birth-date", format!("'{date}' is no date")))?;
        query.birth_dates.push(date);
    }
    let countries = args.country.iter().flat_map(|c| c.split(';')).flat_map(countries_in);
    query.countries.extend(countries.map(|(country, _)| country.to_string()));
    Ok(query)
}

/// The name and the numbers as given.
fn searched(args: &Explain) -> String {
    let name = args.name.iter().filter(|n| !n.is_empty());
    name.chain(&args.id_numbers).map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn write_hit(out: &mut impl Write, rank: usize, hit: &Hit, searched: &str, config: &Config) -> Result<()> {
    let required = config.options().required(hit.schema, hit.weak);
    let verdict = if hit.score >= required { "hit" } else { "below the threshold" };
    writeln!(out, "{rank}. {:.4} {verdict} ({required})", hit.score)?;
    writeln!(out, "   query    {searched}")?;
    writeln!(out, "   matched  {}", hit.matched_name)?;
    writeln!(
        out,
        "   entity   {} [{} {}] {} {}",
        hit.entity_name,
        hit.list,
        hit.entity_id,
        hit.schema,
        hit.program()
    )?;
    Ok(())
}

fn write_explanation(out: &mut impl Write, screener: &Screener, query: &Query, hit: &Hit) -> Result<()> {
    let Some(explanation) = screener.explain(query, hit) else { return Ok(()) };
    let entity = &explanation.entity;
    let dates: Vec<String> = entity.birth_dates.iter().map(Date::to_string).collect();
    for (label, values) in [("born", &dates), ("country", &entity.countries)] {
        if !values.is_empty() {
            writeln!(out, "   {label:<8} {}", values.join(", "))?;
        }
    }
    writeln!(out, "{explanation}")?;
    Ok(())
}
