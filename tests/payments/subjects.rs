//! Subjects of messages, checked by hand.

use super::messages::*;
use interdict::payment::{self, Message, Subject, SubjectKind as K};
use std::collections::BTreeSet;

fn subject<'m, 'x>(message: &'m Message<'x>, role: &str) -> &'m Subject<'x> {
    let found = message.subjects.iter().find(|s| s.role == role);
    found.unwrap_or_else(|| panic!("no {role} in {:#?}", message.subjects))
}

fn one(bytes: &[u8]) -> Message<'_> {
    let messages = payment::read(bytes);
    assert_eq!(messages.len(), 1);
    let message = messages.into_iter().next().unwrap();
    assert_eq!(message.problems, []);
    message
}

/// Kind, role, what is found first of name, BIC or account, and the path.
fn assert_subjects(bytes: &[u8], kind: &str, expected: &[(&str, K, &str, &str)]) {
    let message = one(bytes);
    assert_eq!(message.kind, kind);
    let found: Vec<(&str, K, &str, &str)> = message
        .subjects
        .iter()
        .map(|s| {
            let name =
                if s.name.is_empty() { s.identifiers.first().map_or("", |i| &*i.value) } else { &*s.name };
            (&*s.role, s.kind, name, s.path.rsplit('/').next().unwrap_or(""))
        })
        .collect();
    for e in expected {
        assert!(found.contains(e), "{e:?} is not in {found:#?}");
    }
    for s in &message.subjects {
        let text = &bytes[s.span.start as usize..s.span.end as usize];
        assert!(!text.is_empty(), "{s:?}");
        if s.kind != K::Text
            && !s.is_cut
            && !s.name.is_empty()
            && s.other_names.is_empty()
            && !s.name.contains('&')
        {
            assert_eq!(String::from_utf8_lossy(text), s.name, "the span is that of the name");
        }
    }
}

#[test]
fn subjects_of_iso_20022() {
    assert_subjects(
        PACS008.as_bytes(),
        "pacs.008",
        &[
            ("sender", K::Agent, "BRLNDE21", "Fr"),
            ("instructing reimbursement agent", K::Agent, "VIENATW1", "InstgRmbrsmntAgt"),
            ("ultimate debtor", K::Party, "Quandt & Daughters Trust", "UltmtDbtr"),
            ("debtor", K::Party, "AURELIA QUANDT", "Dbtr"),
            ("creditor contact", K::Party, "Silas Okonkwo-Reyes", "CtctDtls"),
            ("instruction", K::Text, "/ACC/PLEASE CREDIT WITHOUT DELAY", "InstrInf"),
            (
                "remittance information",
                K::Text,
                "/INV/4711 SPARE BLADES FOR PLANT\nWESTERWALD SITE TWO",
                "Ustrd",
            ),
        ],
    );
    assert_subjects(
        PACS009COV.as_bytes(),
        "pacs.009",
        &[
            ("debtor", K::Agent, "PTSDDE22", "Dbtr"),
            ("creditor", K::Agent, "Greystone Savings Bank", "Cdtr"),
            ("debtor", K::Party, "Aurelia Quandt", "Dbtr"),
            ("creditor", K::Party, "Northmoor Turbines", "Cdtr"),
        ],
    );
    assert_subjects(
        CAMT053.as_bytes(),
        "camt.053",
        &[
            ("account owner", K::Party, "Halcyon Mills", "Ownr"),
            ("account servicer", K::Agent, "PTSDDE22", "Svcr"),
            ("account", K::Identifier, "DE02120300000000202051", "Acct"),
            ("debtor", K::Party, "Ondine Vasquez", "Dbtr"),
            ("entry information", K::Text, "paid by hand of Corvin Albrecht", "AddtlNtryInf"),
        ],
    );
    assert_subjects(
        CAMT056.as_bytes(),
        "camt.056",
        &[
            ("assigner", K::Agent, "PTSDDE22", "Assgnr"),
            ("assignee", K::Party, "Clearing Desk Leeds", "Assgne"),
        ],
    );
}

#[test]
fn fields_of_a_person() {
    let message = one(PACS008.as_bytes());
    assert_eq!(message.definition, "pacs.008.001.12");
    let ids = message.ids();
    assert_eq!((&*ids.message_id, &*ids.end_to_end_id), ("PAY-0001", "E2E-1"));
    assert_eq!(ids.uetr, "11111111-2222-4333-8444-555555555555");
    let debtor = subject(&message, "debtor");
    assert_eq!(
        (&*debtor.birth_date, &*debtor.birth_place[0], debtor.account()),
        ("1972-08-30", "JENA", Some("DE02120300000000202051"))
    );
    assert_eq!((&*debtor.towns[0], &*debtor.countries[0]), ("POTSDAM", "DE"));
    assert_eq!(
        (debtor.identifiers[0].kind.as_str(), &*debtor.identifiers[0].value),
        ("passport", "C01X00T47")
    );
    assert_eq!(subject(&message, "ultimate debtor").lei(), Some("5493001KJTIIGC8Y1R12"));
    let query = debtor.queries().next().unwrap();
    assert_eq!((query.birth_dates.len(), query.identifiers.len()), (1, 2));
}

#[test]
fn transactions_have_ids_of_their_own_and_nothing_under_a_party_is_dropped() {
    let message = one(PAIN001.as_bytes());
    let creditors: Vec<_> = message.subjects.iter().filter(|s| s.role == "creditor").collect();
    let ids: Vec<_> = creditors.iter().map(|s| &*message.transactions[s.transaction].end_to_end_id).collect();
    assert_eq!(ids, ["one", "two"]);
    assert_eq!(creditors[0].other, ["c/o Ignatius Bell\n4 Mill Lane"]);
    assert_eq!(creditors[1].other, ["known as Toby of Lund"]);
    let texts: Vec<_> = creditors[1].queries().filter(|q| q.free_text).map(|q| q.name).collect();
    assert_eq!(texts, ["known as Toby of Lund"]);
}

#[test]
fn subjects_of_mt() {
    assert_subjects(
        MT202COV.as_bytes(),
        "MT202",
        &[
            ("sender", K::Agent, "LNDNGB2L", "block 2"),
            ("receiver", K::Agent, "BRLNDE21", "block 1"),
            ("debtor", K::Agent, "PTSDDE22", "52A"),
            ("creditor", K::Agent, "GREYSTONE SAVINGS BANK", "58D"),
            ("debtor", K::Party, "VERY LONG TRADING HOUSE OF THE AUG", "50K"),
            ("creditor", K::Party, "NORTHMOOR TURBINES LIMI", "59"),
        ],
    );
    let message = one(MT202COV.as_bytes());
    assert_eq!(message.definition, "MT202COV");
    let wrapped = message.subjects.iter().find(|s| s.path == "50K").unwrap();
    assert!(wrapped.other_names.contains(&"VERY LONG TRADING HOUSE OF THE AUGUST,2007 SETTLEMENT".into()));
    assert!(message.subjects.iter().any(|s| s.is_cut));
    assert_eq!(subject(&message, "creditor").countries, ["UNITED KINGDOM"]);
    assert_subjects(
        MT940.as_bytes(),
        "MT940",
        &[
            ("account", K::Identifier, "DE02120300000000202051", "25"),
            ("statement line", K::Text, "CUSTOMER-REF//BANK-A\nRENT OF THE OLD MILL HOUSE", "61"),
        ],
    );
    let message = one(MT940.as_bytes());
    let party = subject(&message, "counterparty");
    assert_eq!((party.bic(), party.account()), (Some("PTSDDE22"), Some("DE02120300000000202051")));
    assert_eq!(party.name, "FRIEDEMANN KRUG-BAUER UND SOE HNE");
    assert_eq!(party.other_names, ["FRIEDEMANN KRUG-BAUER UND SOEHNE"]);
    let text = subject(&message, "statement information");
    assert!(text.name.contains("MIETE JANUAR HAUS AM"), "{text:?}");
}

#[test]
fn messages_of_a_file_behind_an_acknowledgement() {
    let messages = payment::read(ACK_AND_TWO.as_bytes());
    let kinds: Vec<_> = messages.iter().map(|m| (&*m.kind, m.number, m.problems.len())).collect();
    assert_eq!(kinds, [("MT199", 1, 0), ("MT210", 2, 0)]);
    assert_eq!(
        subject(&messages[0], "narrative").name,
        "PLEASE CONFIRM THE ORDER OF\nMADAME ELOISE TREMBLAY"
    );
    assert_eq!(subject(&messages[1], "debtor").bic(), Some("PTSDDE22"));
}

#[test]
fn subjects_of_nacha_and_fedwire() {
    assert_subjects(
        nacha_iat().as_bytes(),
        "NACHA IAT",
        &[
            ("receiver", K::Party, "Ottoline Farquhar", "addenda 710"),
            ("originator", K::Party, "Basalt Fisheries Cooperative", "addenda 711"),
            ("originating agent", K::Agent, "Quarry Street Bank", "addenda 713"),
            ("receiving agent", K::Agent, "Maple Leaf Thrift", "addenda 714"),
            ("remittance information", K::Text, "For the account of Leopold Strand", "addenda 717"),
            ("foreign correspondent bank", K::Agent, "Banque des Alizes", "addenda 718"),
        ],
    );
    assert_subjects(
        nacha_ppd().as_bytes(),
        "NACHA PPD",
        &[
            ("originator", K::Party, "Windmill Bakery", "batch header"),
            ("receiver", K::Party, "Philippa Nakamura", "entry"),
            ("remittance information", K::Text, "Bonus for the team of Anselm Okafor", "addenda 705"),
        ],
    );
    assert_subjects(
        FEDWIRE.as_bytes(),
        "Fedwire CTR",
        &[
            ("sender", K::Agent, "Quarry St Bank", "3100"),
            ("intermediary agent 1", K::Agent, "Maple Leaf Thrift", "4000"),
            ("creditor", K::Party, "Severin Achterberg", "4200"),
            ("debtor", K::Party, "Calliope Drummond", "5000"),
            ("remittance information", K::Text, "Settlement for the schooner\nWilhelmina of Bergen", "6000"),
        ],
    );
}

/// Roles with names and BICs of parties and agents.
fn parties(message: &Message<'_>) -> BTreeSet<(String, String)> {
    let of_both = |s: &&Subject<'_>| {
        matches!(s.kind, K::Party | K::Agent) && s.role != "ultimate debtor" && s.role != "creditor contact"
    };
    let name = |s: &Subject<'_>| {
        if s.name.is_empty() { s.bic().unwrap_or("").to_string() } else { s.name.to_string() }
    };
    message.subjects.iter().filter(of_both).map(|s| (s.role.to_string(), name(s))).collect()
}

#[test]
fn the_same_payment_in_both_forms_names_the_same_parties() {
    let (mt, mx) = (one(MT103.as_bytes()), one(PACS008.as_bytes()));
    assert_eq!(parties(&mt), parties(&mx));
    for role in ["debtor", "creditor"] {
        let (a, b) = (subject(&mt, role), subject(&mx, role));
        assert_eq!((a.account(), &a.towns, &a.birth_date), (b.account(), &b.towns, &b.birth_date));
        assert_eq!(a.countries, b.countries, "{role}");
    }
    assert_eq!(mt.ids().uetr, mx.ids().uetr);
}

#[test]
fn envelopes_encodings_and_several_documents() {
    let parties_of = |bytes: &[u8]| {
        let messages = payment::read(bytes);
        messages.iter().map(|m| (m.kind.to_string(), m.subjects.len(), m.problems.len())).collect::<Vec<_>>()
    };
    let plain = parties_of(CAMT056.as_bytes());
    assert_eq!(plain, [("camt.056".to_string(), 2, 0)]);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(CAMT056.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(parties_of(&utf16), plain);
    assert_eq!(parties_of(format!("\u{feff}{CAMT056}").as_bytes()), plain);
    let twice = parties_of(format!("{CAMT056}\n<?xml version='1.0'?>\n{CAMT056}").as_bytes());
    assert_eq!(twice, [plain[0].clone(), plain[0].clone()]);
    let wrapped = format!("<Batch><BizMsg>{CAMT056}</BizMsg><BizMsg>{PACS009COV}</BizMsg></Batch>");
    let kinds: Vec<_> = parties_of(wrapped.as_bytes()).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["camt.056", "pacs.009"]);
    let cdata = format!("<DataPDU><Body><![CDATA[{CAMT056}]]></Body></DataPDU>");
    let found = &parties_of(cdata.as_bytes())[0];
    assert_eq!((&*found.0, found.1, found.2), ("camt.056", 3, 0));
    let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><Document><CstmrCdtTrfInitn><Dbtr><Nm>J\xfcrgen</Nm></Dbtr></CstmrCdtTrfInitn></Document>";
    assert_eq!(payment::read(latin1)[0].subjects[0].name, "Jürgen");
}

#[test]
fn a_stream_has_the_same_subjects_in_parts() {
    let transaction = "<CdtTrfTxInf><PmtId><EndToEndId>NR</EndToEndId></PmtId><Cdtr><Nm>Person NR</Nm></Cdtr></CdtTrfTxInf>";
    let transactions: String = (0..30_000).map(|n| transaction.replace("NR", &n.to_string())).collect();
    let file = format!(
        "<Document><CstmrCdtTrfInitn><GrpHdr><MsgId>M</MsgId></GrpHdr><PmtInf>{transactions}</PmtInf></CstmrCdtTrfInitn></Document>{PACS008}"
    );
    let whole = payment::read(file.as_bytes());
    let parts: Vec<_> = payment::Reader::new(file.as_bytes()).collect::<Result<_, _>>().unwrap();
    assert!(parts.len() > 20 && parts.iter().all(|p| p.subjects.len() < 3000));
    let names = |messages: &[Message<'_>]| -> Vec<(u64, String, u64, String)> {
        let of = |m: &Message<'_>| -> Vec<_> {
            let id = |s: &Subject<'_>| m.transactions[s.transaction].end_to_end_id.to_string();
            m.subjects.iter().map(|s| (m.number, s.name.to_string(), s.span.start, id(s))).collect()
        };
        messages.iter().flat_map(of).collect()
    };
    assert_eq!(names(&whole), names(&parts));
    assert_eq!(parts.iter().filter(|p| !p.continues).count(), 2);
    assert!(
        parts.iter().filter(|p| p.number == 1).all(|p| p.ids().message_id == "M" && p.kind == "pain.001")
    );
}

#[test]
fn streams_of_every_format_are_read_as_files_are() {
    for (kind, text) in all() {
        let whole = payment::read(text.as_bytes());
        let streamed: Vec<_> = payment::Reader::new(text.as_bytes()).collect::<Result<_, _>>().unwrap();
        assert_eq!(whole, streamed, "{kind}");
    }
}

/// Cases, notifications, charges and cheques, whose parties stand in other places than those of a transfer.
#[test]
fn subjects_of_cases_notifications_charges_and_cheques() {
    let party = |element: &str, name: &str| format!("<{element}><Nm>{name}</Nm></{element}>");
    let choice = |element: &str, name: &str| format!("<{element}><Pty><Nm>{name}</Nm></Pty></{element}>");
    let agent = |element: &str, bic: &str| {
        format!("<{element}><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></{element}>")
    };
    let agent_choice = |element: &str, bic: &str| format!("<{element}>{}</{element}>", agent("Agt", bic));
    let case = [
        "<Assgnmt><Id>A-1</Id>",
        &agent_choice("Assgnr", "BRLNDE21"),
        &choice("Assgne", "Northmoor Turbines"),
        "</Assgnmt><Case><Id>C-1</Id>",
        &choice("Cretr", "Aurelia Quandt"),
        "</Case>",
    ]
    .concat();
    let of_case = [
        ("assigner", K::Agent, "BRLNDE21", "Assgnr"),
        ("assignee", K::Party, "Northmoor Turbines", "Assgne"),
        ("case creator", K::Party, "Aurelia Quandt", "Cretr"),
    ];
    let notified = [
        &choice("Dbtr", "Aurelia Quandt")[..],
        &agent("DbtrAgt", "BRLNDE21"),
        &agent("IntrmyAgt", "VIENATW1"),
        &party("UltmtDbtr", "Silas Okonkwo"),
    ]
    .concat();
    let of_notified = [
        ("debtor", K::Party, "Aurelia Quandt", "Dbtr"),
        ("debtor agent", K::Agent, "BRLNDE21", "DbtrAgt"),
        ("intermediary agent 1", K::Agent, "VIENATW1", "IntrmyAgt"),
        ("ultimate debtor", K::Party, "Silas Okonkwo", "UltmtDbtr"),
    ];
    let cheque =
        format!("<ChqNb>17</ChqNb>{}{}", party("Pyee", "Aurelia Quandt"), agent("DrweeAgt", "BRLNDE21"));
    let of_cheque = [("payee", K::Party, "Aurelia Quandt", "Pyee")];
    let charges = [&agent("ChrgsRqstr", "BRLNDE21")[..], "<AddtlInf>AURELIA QUANDT</AddtlInf>"].concat();
    for (number, root, body, expected) in [
        ("027", "ClmNonRct", &case, &of_case[..]),
        ("087", "ReqToModfyPmt", &case, &of_case),
        ("057", "NtfctnToRcv", &format!("<Ntfctn><Id>N</Id><Itm>{notified}</Itm></Ntfctn>"), &of_notified),
        (
            "058",
            "NtfctnToRcvCxlAdvc",
            &format!(
                "<OrgnlNtfctn><OrgnlNtfctnRef><OrgnlItm>{notified}</OrgnlItm></OrgnlNtfctnRef></OrgnlNtfctn>"
            ),
            &of_notified,
        ),
        ("105", "ChrgsPmtNtfctn", &charges, &[("charges requester", K::Agent, "BRLNDE21", "ChrgsRqstr")]),
        ("106", "ChrgsPmtReq", &charges, &[("charges requester", K::Agent, "BRLNDE21", "ChrgsRqstr")]),
        ("107", "ChqPresntmntNtfctn", &format!("<Chq>{cheque}</Chq>"), &of_cheque),
        ("108", "ChqCxlOrStopReq", &format!("<Chq>{cheque}</Chq>"), &of_cheque),
        ("109", "ChqCxlOrStopRpt", &format!("<Chq><OrgnlChq>{cheque}</OrgnlChq></Chq>"), &of_cheque),
    ] {
        let namespace = format!(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.{number}.001.99\"");
        for namespace in [&namespace[..], ""] {
            let text = format!("<Document{namespace}><{root}>{body}</{root}></Document>");
            assert_subjects(text.as_bytes(), &format!("camt.{number}"), expected);
            let message = &payment::read(text.as_bytes())[0];
            let names: Vec<String> =
                message.subjects.iter().flat_map(Subject::queries).map(|q| q.name).collect();
            for name in ["Aurelia Quandt", "AURELIA QUANDT"].iter().filter(|name| text.contains(**name)) {
                assert!(names.iter().any(|n| n == name), "{text}: {names:?}");
            }
        }
    }
}
