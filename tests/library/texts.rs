//! Names within free text: which are found, where, and that retrieval loses none of them.

use interdict::entity::{Entity, Identifier, IdentifierKind, Schema};
use interdict::list::List;
use interdict::screen::{MatchedBy, Options};
use interdict::{Index, Query, Screener};
use proptest::prelude::*;

/// A list of invented parties, with the relations that a text must hold to.
fn screener() -> Screener {
    let named = |id: &str, schema, name: &str| Entity::new(id, schema, name);
    let mut tanker = named("ship", Schema::Vessel, "MARGUERITE");
    tanker.identifiers.push(Identifier::new(IdentifierKind::Imo, "9074729"));
    let entities = [
        named("person", Schema::Person, "Ivan Sergeyevich PETROVSKIY"),
        named("short", Schema::Person, "Jing SONG"),
        named("bank", Schema::Company, "Kolvara Trade Bank OOO"),
        named("word", Schema::Organization, "ZYXVARA"),
        named("common", Schema::Company, "Star"),
        named("chinese", Schema::Company, "永信智盛科技"),
        named("plain", Schema::Company, "Central Shipping Company"),
        tanker,
    ];
    Screener::new(Index::build(&[List::from_entities("own", entities).unwrap()]).unwrap())
}

/// The entities that stand in a text, with the words that are theirs.
fn found(screener: &Screener, text: &str) -> Vec<(String, String)> {
    let part = |hit: interdict::Hit| {
        let part = hit.query_part.unwrap();
        assert_eq!(text[part.span.clone()], part.text, "{text}");
        (hit.entity_id, part.text)
    };
    screener.screen(&Query::text(text)).into_iter().map(part).collect()
}

#[test]
fn listed_names_are_found_where_they_stand() {
    let screener = screener();
    for (text, id, words) in [
        ("Rechnung 4711 Ivan Sergeyevich PETROVSKIY vom 3.5.", "person", "Ivan Sergeyevich PETROVSKIY"),
        ("RENT IVAN SERGEEVICH PETROVSKY MAY", "person", "IVAN SERGEEVICH PETROVSKY"),
        ("rent Ivan Sergeyevich PETRO//VSKIY may", "person", "Ivan Sergeyevich PETRO//VSKIY"),
        ("rent Ivan Sergeyevich\nPETROVSKIY may", "person", "Ivan Sergeyevich\nPETROVSKIY"),
        ("rent I. Sergeyevich Petrovskiy, may", "person", "I. Sergeyevich Petrovskiy"),
        ("/INV/17 Kolvarra Trade Bank OOO//1", "bank", "Kolvarra Trade Bank OOO"),
        ("for zyxvara, 17", "word", "zyxvara"),
        ("货款支付永信智盛科技四月", "chinese", "永信智盛科技"),
        ("17 CENTRAL SHIPPING COMPANY 18", "plain", "CENTRAL SHIPPING COMPANY"),
        ("freight MT Marguerite to Oslo", "ship", "Marguerite"),
        ("freight IMO 9074729 to Oslo", "ship", "9074729"),
    ] {
        assert_eq!(found(&screener, text), [(id.to_string(), words.to_string())], "{text}");
    }
}

#[test]
fn a_name_is_found_where_its_text_was_cut() {
    let screener = screener();
    for (text, id, words) in [
        ("/ROC/17 rent Ivan Sergeyevich PETR+", "person", "Ivan Sergeyevich PETR"),
        ("FREIGHT KOLVARA TRADE B+\n", "bank", "KOLVARA TRADE B"),
        ("rent Ivan Serg//eyevich PETR+", "person", "Ivan Serg//eyevich PETR"),
    ] {
        assert_eq!(found(&screener, text), [(id.to_string(), words.to_string())], "{text}");
        let query = Query::text(text);
        let hit = screener.screen(&query).remove(0);
        assert_eq!(screener.explain(&query, &hit).unwrap().score, hit.score, "{text}");
        assert_eq!(found(&screener, &text.replace('+', "")), [], "{text}");
    }
    for text in
        ["rent Jing S+", "Central Shi+", "zyxva+", "rent + Ivan Sergeyevich", "Ivan Sergeyevich PETR +"]
    {
        assert_eq!(found(&screener, text), [], "{text}");
    }
}

#[test]
fn what_says_too_little_is_no_hit() {
    let screener = screener();
    for text in [
        "",
        "Star of the month",
        "pizza Marguerite and rice",
        "Ivan Sergeyevich",
        "Petrovskiy street 17",
        "Central heating company",
        "invoice 9074729",
        "Song by Jing",
        "IMO 9074728",
        "zyxvera",
    ] {
        assert_eq!(found(&screener, text), [], "{text}");
    }
}

#[test]
fn an_explanation_has_the_score_of_its_hit() {
    let screener = screener();
    for text in [
        "rent Ivan Sergeevich PETROVSKY may",
        "/INV/17 Kolvarra Trade Bank OOO//1",
        "IMO 9074729",
        "rent Ivan Sergeyevich PETRO//VSKIY may",
        "rent Ivan Sergeevich\nPETROVSKIY may",
    ] {
        let query = Query::text(text);
        for hit in screener.screen(&query) {
            assert_eq!(screener.explain(&query, &hit).unwrap().score, hit.score, "{text}");
            assert_eq!(hit.matched_by == MatchedBy::Identifier, text.contains("IMO"));
        }
    }
}

#[test]
fn a_text_threshold_is_an_option() {
    let query = Query::text("/INV/17 Kolvarra Trade Bank OOO//1");
    let strict = screener().with_options(Options::default().text_threshold(1.0)).unwrap();
    assert_eq!((strict.screen(&query).len(), screener().screen(&query).len()), (0, 1));
}

/// Words of listed names, as written and misspelled, and words of remittance texts.
fn word() -> impl Strategy<Value = String> {
    let own = "Ivan Sergeyevich PETROVSKIY petrovsky Jing SONG Kolvara Kolvarra Trade Bank OOO Star zyxvara central \
        shipping company Marguerite MT IMO 9074729 I. S. OO O Tra de Petro vskiy Центральная Сонг 永信 智盛科技 17 B-2 \
        Al-Song Ltd S.A. de rent invoice";
    prop_oneof![
        4 => prop::sample::select(own.split_whitespace().collect::<Vec<_>>()).prop_map(String::from),
        1 => "[a-z]{1,4}",
        1 => "[A-Zé0-9.'-]{1,3}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::support::cases(400)))]

    #[test]
    fn retrieval_and_oracle_find_the_same_names_in_a_text(
        names in prop::collection::vec((prop::collection::vec(word(), 1..5), 0..4usize), 0..8),
        words in prop::collection::vec((word(), prop::sample::select(vec![" ", " ", " ", "//", "\n", ", ", ""])), 0..10),
        threshold in prop::sample::select(vec![0.5, 0.7, 0.85, 0.9, 1.0]),
        cut in prop::sample::select(vec!["", "", "+", "+\n"]),
    ) {
        let schemas = [Schema::Person, Schema::Company, Schema::Unknown, Schema::Vessel];
        let entity = |(i, (words, schema)): (usize, (Vec<String>, usize))| {
            Entity::new(i.to_string(), schemas[schema], words.join(" "))
        };
        let mut entities: Vec<Entity> = names.into_iter().enumerate().map(entity).collect();
        entities.push(Entity::new("last", Schema::Company, "Tra Kolvara"));
        let index = Index::build(&[List::from_entities("own", entities).unwrap()]).unwrap();
        let text = words.iter().map(|(word, between)| format!("{word}{between}")).collect::<String>() + cut;
        for base in [Screener::new(index), screener()] {
            let [fast, oracle] = [false, true].map(|exhaustive| {
                let options = Options::default().threshold(threshold).text_threshold(threshold).limit(50);
                base.clone().with_options(options.exhaustive(exhaustive)).unwrap().screen(&Query::text(&text))
            });
            prop_assert_eq!(&fast, &oracle, "{}", text);
            for hit in fast {
                let part = hit.query_part.unwrap();
                prop_assert_eq!(&text[part.span], &part.text);
            }
        }
    }
}
