//! Screens against a list of your own: internal watch lists, politically exposed persons, former customers.
//!
//! ```console
//! $ cargo run --example own_list
//! watch-list: 3 entities, 5 names, 1 rejected
//!   rejected record 3, line 4: …
//! Anatoli Petrovski, 1970: 0.9… PETROVSKY Anatoly Borisovich (name)
//! an unknown name, IMO 9253325: 1.0… OCEAN LILY 3 (identifier)
//! Volga Star Shipping OOO: 0.9… Volga Star Shipping LLC (name)
//! ```

use interdict::entity::{Date, Entity, Identifier, IdentifierKind, Name, Schema};
use interdict::{Index, Query, Screener, list};

/// A generic CSV list needs a column `name`. Several aliases are separated by semicolons.
const CSV: &str = "\
id,name,aliases,schema,birth_date,country,imo
1,PETROVSKY Anatoly Borisovich,Анатолий Петровский;A. Petrovsky,Person,1970-03-04,Russia,
2,OCEAN LILY 3,,Vessel,,Iran,9253325
3,,,Person,,,
";

fn main() -> interdict::Result<()> {
    let mut list = list::from_bytes("watch-list", CSV.as_bytes())?;

    // Entities can also be made in code, for example from the rows of a database.
    let mut entity = Entity::new("4", Schema::Company, "Volga Star Shipping LLC");
    entity.names.push(Name::alias("Волга Стар"));
    entity.add_country("ru");
    list.entities.push(entity);

    let names: usize = list.entities.iter().map(|e| e.names.len()).sum();
    let rejected = list.rejected.len();
    println!("{}: {} entities, {names} names, {rejected} rejected", list.version.name, list.entities.len());
    for record in &list.rejected {
        println!("  rejected {}: {}", record.position, record.reason);
    }

    // The index is built from any number of lists; hits say which list they are from.
    let screener = Screener::new(Index::build(&[list, list::starter()])?);

    let mut person = Query::name("Anatoli Petrovski").schema(Schema::Person);
    person.birth_dates.extend(Date::parse("1970"));
    let ship = Query::name("Unknown Name").identifier(Identifier::new(IdentifierKind::Imo, "9253325"));
    for (label, query) in [
        ("Anatoli Petrovski, 1970", person),
        ("an unknown name, IMO 9253325", ship),
        ("Volga Star Shipping OOO", Query::name("Volga Star Shipping OOO")),
    ] {
        for hit in screener.screen(&query) {
            println!("{label}: {:.4} {} ({})", hit.score, hit.entity_name, hit.matched_by);
        }
    }
    Ok(())
}
