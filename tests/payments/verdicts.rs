//! Verdicts: hits, embargo, and messages that could not be read.

use super::messages::*;
use interdict::payment::{self, Cause, Embargo, Verdict};
use interdict::screen::Scratch;
use interdict::{Index, Query, Screener, list};

fn screener() -> Screener {
    let csv = "id,name,schema,birth_date,country,bic\n1,Aurelia Quandt,Person,1972-08-30,de,\n2,Northmoor Turbines,Company,,gb,\n3,Dark Harbour Bank,Company,,,BRUXBEBB\n";
    Screener::new(Index::build(&[list::from_bytes("own", csv.as_bytes()).unwrap()]).unwrap())
}

#[test]
fn parties_agents_and_embargoed_countries_hold_a_message() {
    let screener = screener();
    let message = &payment::read(PACS008.as_bytes())[0];
    let embargo = Embargo::new(["AT"], ["Leeds"]).unwrap();
    let answer = payment::screen(&screener, message, &embargo, &mut Scratch::default());
    assert_eq!(answer.verdict, Verdict::Hold);
    let found: Vec<(String, String)> = answer
        .findings
        .iter()
        .map(|f| {
            let cause = match &f.cause {
                Cause::Hit(hit) => hit.entity_id.clone(),
                Cause::Embargo(found) => found.embargoed.clone(),
                other => panic!("{other:?}"),
            };
            (message.subjects[f.subject].role.to_string(), cause)
        })
        .collect();
    for (role, cause) in [
        ("debtor", "1"),
        ("creditor", "2"),
        ("intermediary agent 1", "3"),
        ("instructing reimbursement agent", "at"),
        ("creditor", "Leeds"),
    ] {
        assert!(found.contains(&(role.to_string(), cause.to_string())), "{role} {cause} is not in {found:?}");
    }
}

#[test]
fn hits_are_those_of_the_same_query() {
    let screener = screener();
    let message = &payment::read(MT103.as_bytes())[0];
    let answer = payment::screen(&screener, message, &Embargo::default(), &mut Scratch::default());
    let debtor = message.subjects.iter().position(|s| s.role == "debtor").unwrap();
    let hits: Vec<_> =
        answer.findings.iter().filter(|f| f.subject == debtor).map(|f| f.cause.clone()).collect();
    let query = message.subjects[debtor].queries().next().unwrap();
    let expected: Vec<_> = screener.screen(&query).into_iter().map(|hit| Cause::Hit(Box::new(hit))).collect();
    assert_eq!(hits, expected);
    let plain = screener.screen(&Query::name("AURELIA QUANDT"))[0].score;
    let Cause::Hit(hit) = &hits[0] else { panic!() };
    assert!(hit.score >= plain, "birth date and country agree");
}

#[test]
fn a_message_that_was_not_read_whole_is_never_passed() {
    let cut = &PACS008[..PACS008.len() - 40];
    let screen = |screener: &Screener, text: &str| {
        payment::screen(
            screener,
            &payment::read(text.as_bytes())[0],
            &Embargo::default(),
            &mut Scratch::default(),
        )
    };
    let answer = screen(&screener(), cut);
    assert_eq!(answer.verdict, Verdict::Unreadable);
    assert!(!answer.findings.is_empty(), "what was read is screened");
    let nobody =
        Screener::new(Index::build(&[list::from_bytes("x", b"id,name\n1,Zzyzx Qwfp\n").unwrap()]).unwrap());
    assert_eq!(screen(&nobody, cut).verdict, Verdict::Unreadable);
    assert_eq!(screen(&nobody, PACS008).verdict, Verdict::Pass);
}

#[test]
fn a_name_behind_a_long_text_in_the_name_of_a_party_is_found() {
    let screener = screener();
    for padding in ["Z ".repeat(1_000), "Ünd so weiter ".repeat(100)] {
        for name in [format!("{padding}Aurelia Quandt"), format!("Aurelia Quandt {padding}")] {
            let text = format!(
                "<Document><FIToFICstmrCdtTrf><CdtTrfTxInf><Dbtr><Nm>{name}</Nm></Dbtr></CdtTrfTxInf>\
                 </FIToFICstmrCdtTrf></Document>"
            );
            let answer = payment::screen(
                &screener,
                &payment::read(text.as_bytes())[0],
                &Embargo::default(),
                &mut Scratch::default(),
            );
            assert_eq!(answer.verdict, Verdict::Hold, "{name}");
        }
    }
}
