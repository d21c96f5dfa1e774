//! `interdict explain`.

use crate::args::{Explain, Tuned};
use crate::{DONE, sources};
use interdict::entity::{Date, Identifier, IdentifierKind, countries_in};
use interdict::screen::{LOWEST_THRESHOLD, Options};
use interdict::{Error, Query, Result, Screener};
use std::io::Write;

pub fn run(args: &Explain) -> Result<u8> {
    let index = sources::open(&args.against)?;
    let tuned = Tuned { config: args.config.clone(), ..Tuned::default() }.config()?;
    // Shown is also what scores too little.
    let options = Options { weak_threshold: None, ..tuned.with_threshold(Some(LOWEST_THRESHOLD)).options() };
    let options = Options { limit: args.limit, ..options };
    let screener = Screener::new(index).with_options(options)?;
    let name = args.name.clone().unwrap_or_default();
    let mut query = Query::name(&name).schema(args.schema.unwrap_or_default());
    query.identifiers.extend(args.id_numbers.iter().map(|n| Identifier::new(IdentifierKind::untold(), n)));
    if let Some(short) = query.identifiers.iter().find(|i| i.keys().is_empty()) {
        let message = format!("--id-number '{}': too short to identify anybody", short.value);
        return Err(Error::invalid_option("--id-number", message));
    }
    let asked: Vec<&str> = [name.as_str()]
        .into_iter()
        .filter(|n| !n.is_empty())
        .chain(args.id_numbers.iter().map(String::as_str))
        .collect();
    let asked = asked.join(", ");
    if let Some(date) = &args.birth_date {
        let date = Date::parse(date)
            .ok_or_else(|| Error::invalid_option("--birth-date", format!("'{date}' is no date")))?;
        query.birth_dates.push(date);
    }
    let countries = args.country.iter().flat_map(|c| c.split(';')).flat_map(countries_in);
    query.countries.extend(countries.map(|(country, _)| country.to_string()));
    let mut out = std::io::stdout().lock();
    let hits = screener.screen(&query);
    if hits.is_empty() {
        writeln!(out, "{asked}: nothing scores {LOWEST_THRESHOLD} or more")?;
        return Ok(DONE);
    }
    for (i, hit) in hits.iter().enumerate() {
        let wanted = tuned.options().required(hit.schema, hit.weak);
        let verdict = if hit.score >= wanted { "hit" } else { "below the threshold" };
        writeln!(out, "{}. {:.4} {verdict} ({wanted})", i + 1, hit.score)?;
        writeln!(out, "   query    {asked}")?;
        writeln!(out, "   matched  {}", hit.matched_name)?;
        writeln!(
            out,
            "   entity   {} [{} {}] {} {}",
            hit.entity_name, hit.list, hit.entity_id, hit.schema, hit.program
        )?;
        if let Some(explanation) = screener.explain(&query, hit) {
            let e = &explanation.entity;
            let dates: Vec<String> = e.birth_dates.iter().map(Date::to_string).collect();
            for (what, values) in [("born", dates), ("country", e.countries.clone())] {
                if !values.is_empty() {
                    writeln!(out, "   {what:<8} {}", values.join(", "))?;
                }
            }
            writeln!(out, "{explanation}")?;
        }
        writeln!(out)?;
    }
    Ok(DONE)
}
