//! Made-up pacs.008 messages: four banks, six parties, a remittance text.

use std::fmt::Write;

/// The message with this number, with names from `names`, which are taken in turn.
pub fn pacs008(number: usize, names: &[String]) -> String {
    let name = |party: usize| escape(&names[(number * 6 + party) % names.len()]);
    let bic = |bank: usize| {
        let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
        let country = ["DE", "GB", "FR", "US", "SG"][(number / 7 + bank) % 5];
        format!("{}{}{}K{country}2L", letter(number), letter(number / 26 + bank), letter(bank))
    };
    let party = |element: &str, n: usize| {
        format!(
            "<{element}><Nm>{}</Nm><PstlAdr><StrtNm>Mill Lane</StrtNm><BldgNb>{n}</BldgNb><PstCd>10{n}15</PstCd>\
             <TwnNm>Springfield</TwnNm><Ctry>{}</Ctry></PstlAdr></{element}>",
            name(n),
            ["DE", "GB", "FR", "US", "SG"][(number + n) % 5]
        )
    };
    let agent = |element: &str, n: usize| {
        format!("<{element}><FinInstnId><BICFI>{}</BICFI></FinInstnId></{element}>", bic(n))
    };
    let mut text = String::with_capacity(4096);
    let _ = write!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Envelope><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">\
         <Fr><FIId><FinInstnId><BICFI>{}</BICFI></FinInstnId></FIId></Fr><To><FIId><FinInstnId><BICFI>{}</BICFI>\
         </FinInstnId></FIId></To><BizMsgIdr>B{number}</BizMsgIdr><MsgDefIdr>pacs.008.001.08</MsgDefIdr>\
         <CreDt>2026-11-30T12:00:00Z</CreDt></AppHdr>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M{number}</MsgId>\
         <CreDtTm>2026-11-30T12:00:00Z</CreDtTm><NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>INDA</SttlmMtd></SttlmInf></GrpHdr>\
         <CdtTrfTxInf><PmtId><InstrId>I{number}</InstrId><EndToEndId>E{number}</EndToEndId>\
         <UETR>00000000-0000-4000-8000-{number:012}</UETR></PmtId><IntrBkSttlmAmt Ccy=\"EUR\">{number}.50</IntrBkSttlmAmt>\
         <IntrBkSttlmDt>2026-11-30</IntrBkSttlmDt><ChrgBr>SHAR</ChrgBr>",
        bic(0),
        bic(1)
    );
    for (element, n) in [("UltmtDbtr", 0), ("InitgPty", 1), ("Dbtr", 2)] {
        text += &party(element, n);
    }
    let _ = write!(text, "<DbtrAcct><Id><IBAN>DE021203000000{number:08}</IBAN></Id></DbtrAcct>");
    for (element, n) in [("DbtrAgt", 2), ("CdtrAgt", 3)] {
        text += &agent(element, n);
    }
    for (element, n) in [("Cdtr", 3), ("UltmtCdtr", 4)] {
        text += &party(element, n);
    }
    let _ = writeln!(
        text,
        "<CdtrAcct><Id><IBAN>GB33BUKB{number:014}</IBAN></Id></CdtrAcct><RmtInf><Ustrd>INV {number} OF 2026-11 FOR {} SPARE \
         PARTS AND FREIGHT ORDER 77-{number}</Ustrd></RmtInf></CdtTrfTxInf></FIToFICstmrCdtTrf></Document></Envelope>",
        name(5)
    );
    text
}

fn escape(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;")
}
