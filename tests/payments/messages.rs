//! Messages of the tests. All parties, banks and numbers are invented.

/// A payment in two forms: see [`PACS008`].
pub const MT103: &str = "{1:F01BRLNDE21AXXX0001000001}{2:I103LNDNGB2LXXXXN}{3:{108:TEST}{121:11111111-2222-4333-8444-555555555555}}{4:\r
:20:PAY-0001\r
:23B:CRED\r
:32A:260615EUR1000,50\r
:50F:/DE02120300000000202051\r
1/AURELIA QUANDT\r
2/LINDENALLEE 7\r
3/DE/POTSDAM\r
4/19720830\r
5/DE/JENA\r
:52A:PTSDDE22\r
:53A:VIENATW1\r
:56A:BRUXBEBB\r
:57A:LEEDGB22\r
:59F:/GB33BUKB20201555555555\r
1/NORTHMOOR TURBINES LIMITED\r
2/14 CANAL STREET\r
3/GB/LEEDS\r
:70:/INV/4711 SPARE BLADES FOR PLANT\r
//WESTERWALD SITE TWO\r
:71A:SHA\r
:72:/ACC/PLEASE CREDIT WITHOUT DELAY\r
-}{5:{CHK:123456789ABC}}";

pub const PACS008: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Envelope><h:AppHdr xmlns:h="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><h:Fr><h:FIId><h:FinInstnId><h:BICFI>BRLNDE21</h:BICFI></h:FinInstnId></h:FIId></h:Fr><h:To><h:FIId><h:FinInstnId><h:BICFI>LNDNGB2L</h:BICFI></h:FinInstnId></h:FIId></h:To><h:BizMsgIdr>PAY-0001</h:BizMsgIdr><h:MsgDefIdr>pacs.008.001.08</h:MsgDefIdr></h:AppHdr>
<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.12"><p:FIToFICstmrCdtTrf><p:GrpHdr><p:MsgId>PAY-0001</p:MsgId><p:SttlmInf><p:InstgRmbrsmntAgt><p:FinInstnId><p:BICFI>VIENATW1</p:BICFI></p:FinInstnId></p:InstgRmbrsmntAgt></p:SttlmInf></p:GrpHdr>
<p:CdtTrfTxInf><p:PmtId><p:EndToEndId>E2E-1</p:EndToEndId><p:UETR>11111111-2222-4333-8444-555555555555</p:UETR></p:PmtId>
<p:IntrmyAgt1><p:FinInstnId><p:BICFI>BRUXBEBB</p:BICFI></p:FinInstnId></p:IntrmyAgt1>
<p:UltmtDbtr><p:Nm>Quandt &amp; Daughters Trust</p:Nm><p:Id><p:OrgId><p:LEI>5493001KJTIIGC8Y1R12</p:LEI></p:OrgId></p:Id></p:UltmtDbtr>
<p:Dbtr><p:Nm>AURELIA QUANDT</p:Nm><p:PstlAdr><p:StrtNm>LINDENALLEE</p:StrtNm><p:TwnNm>POTSDAM</p:TwnNm><p:Ctry>DE</p:Ctry></p:PstlAdr><p:Id><p:PrvtId><p:DtAndPlcOfBirth><p:BirthDt>1972-08-30</p:BirthDt><p:CityOfBirth>JENA</p:CityOfBirth><p:CtryOfBirth>DE</p:CtryOfBirth></p:DtAndPlcOfBirth><p:Othr><p:Id>C01X00T47</p:Id><p:SchmeNm><p:Cd>CCPT</p:Cd></p:SchmeNm></p:Othr></p:PrvtId></p:Id></p:Dbtr>
<p:DbtrAcct><p:Id><p:IBAN>DE02120300000000202051</p:IBAN></p:Id></p:DbtrAcct>
<p:DbtrAgt><p:FinInstnId><p:BICFI>PTSDDE22</p:BICFI></p:FinInstnId></p:DbtrAgt>
<p:CdtrAgt><p:FinInstnId><p:BICFI>LEEDGB22</p:BICFI></p:FinInstnId></p:CdtrAgt>
<p:Cdtr><p:Nm>NORTHMOOR TURBINES LIMITED</p:Nm><p:PstlAdr><p:TwnNm>LEEDS</p:TwnNm><p:Ctry>GB</p:Ctry></p:PstlAdr><p:CtctDtls><p:Nm>Silas Okonkwo-Reyes</p:Nm></p:CtctDtls></p:Cdtr>
<p:CdtrAcct><p:Id><p:IBAN>GB33BUKB20201555555555</p:IBAN></p:Id></p:CdtrAcct>
<p:InstrForCdtrAgt><p:InstrInf>/ACC/PLEASE CREDIT WITHOUT DELAY</p:InstrInf></p:InstrForCdtrAgt>
<p:RmtInf><p:Ustrd>/INV/4711 SPARE BLADES FOR PLANT</p:Ustrd><p:Ustrd>WESTERWALD SITE TWO</p:Ustrd></p:RmtInf>
</p:CdtTrfTxInf></p:FIToFICstmrCdtTrf></p:Document></Envelope>
"#;

pub const MT202COV: &str =
    "{1:F01BRLNDE21AXXX0001000001}{2:O2021200260615LNDNGB2LAXXX00010000012606151200N}{3:{119:COV}}{4:
:20:COV-77
:21:PAY-0001
:32A:260615EUR1000,50
:52A:PTSDDE22
:58D:/0012345
GREYSTONE SAVINGS BANK
9 QUAY ROAD
CARDIFF, UNITED KINGDOM
:50K:/00123
VERY LONG TRADING HOUSE OF THE AUG
UST,2007 SETTLEMENT
PORTO
:59:/GB33BUKB20201555555555
NORTHMOOR TURBINES LIMI+
-}";

pub const PACS009COV: &str = "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08'><FICdtTrf><CdtTrfTxInf><Dbtr><FinInstnId><BICFI>PTSDDE22</BICFI></FinInstnId></Dbtr><Cdtr><FinInstnId><Nm>Greystone Savings Bank</Nm></FinInstnId></Cdtr><UndrlygCstmrCdtTrf><Dbtr><Nm>Aurelia Quandt</Nm></Dbtr><Cdtr><Nm>Northmoor Turbines</Nm></Cdtr></UndrlygCstmrCdtTrf></CdtTrfTxInf></FICdtTrf></Document>";

pub const PAIN001: &str = "<Document><CstmrCdtTrfInitn><GrpHdr><MsgId>M9</MsgId><InitgPty><Nm>Halcyon Payroll</Nm></InitgPty></GrpHdr><PmtInf><Dbtr><Nm>Halcyon Mills</Nm></Dbtr><CdtTrfTxInf><PmtId><EndToEndId>one</EndToEndId></PmtId><Cdtr><Nm>Marisol Venter</Nm><PstlAdr><AdrLine>c/o Ignatius Bell</AdrLine><AdrLine>4 Mill Lane</AdrLine></PstlAdr></Cdtr></CdtTrfTxInf><CdtTrfTxInf><PmtId><EndToEndId>two</EndToEndId></PmtId><Cdtr><Nm>Tobias Lindqvist</Nm><Surprise>known as Toby of Lund</Surprise></Cdtr></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>";

pub const CAMT053: &str = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ownr><Nm>Halcyon Mills</Nm></Ownr><Svcr><FinInstnId><BICFI>PTSDDE22</BICFI></FinInstnId></Svcr></Acct><Ntry><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Ondine Vasquez</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>778899</Id></Othr></Id></DbtrAcct></RltdPties></TxDtls></NtryDtls><AddtlNtryInf>paid by hand of Corvin Albrecht</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>";

pub const CAMT056: &str = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.056.001.08\"><FIToFIPmtCxlReq><Assgnmt><Id>A1</Id><Assgnr><Agt><FinInstnId><BICFI>PTSDDE22</BICFI></FinInstnId></Agt></Assgnr><Assgne><Pty><Nm>Clearing Desk Leeds</Nm></Pty></Assgne></Assgnmt></FIToFIPmtCxlReq></Document>";

pub const MT940: &str = "{1:F01BRLNDE21AXXX0001000001}{2:I940LNDNGB2LXXXXN}{4:
:20:STATEMENT-9
:25:DE02120300000000202051
:28C:12/1
:60F:C260101EUR1000,00
:61:2601020102C500,00NTRFCUSTOMER-REF//BANK-A
RENT OF THE OLD MILL HOUSE
:86:166?00GUTSCHRIFT?20SVWZ+MIETE JANUAR HAUS AM?21 SEE?30PTSDDE22?31DE0212030000
0000202051?32FRIEDEMANN KRUG-BAUER UND SOE?33HNE
:62F:C260103EUR1249,50
-}";

pub const ACK_AND_TWO: &str = "{1:F21BRLNDE21AXXX0001000001}{4:{177:2606151200}{451:0}}{1:F01BRLNDE21AXXX0001000001}{2:I199LNDNGB2LXXXXN}{4:\r\n:20:Q1\r\n:79:PLEASE CONFIRM THE ORDER OF\r\nMADAME ELOISE TREMBLAY\r\n-}$
{1:F01BRLNDE21AXXX0001000002}{2:I210LNDNGB2LXXXXN}{4:\r\n:20:N1\r\n:30:260615\r\n:21:R1\r\n:32B:EUR5,\r\n:50C:PTSDDE22\r\n:56A:BRUXBEBB\r\n-}$";

/// A record of 94 characters.
fn record(text: &str) -> String {
    assert!(text.len() <= 94, "{text}");
    format!("{text:94}\n")
}

/// An addendum of 94 characters, which ends in a number.
fn addendum(text: &str) -> String {
    assert!(text.len() <= 87, "{text}");
    record(&format!("{text:87}0000001"))
}

pub fn nacha_iat() -> String {
    let iat_party = |kind: &str, a: &str, b: &str| format!("7{kind}{a:35}{b:35}");
    let bank =
        |kind: &str, name: &str, id: &str, country: &str| format!("7{kind}{name:35}01{id:34}{country:3}");
    [
        record("101 121042882 2313801041908071540A094101Granite Clearing House Quarry Street Bank    "),
        record("5200                FF3               US123456789 IATTRADEPAYMTCADUSD190808   1231380100000001"),
        record("6271210428820008             0000100000CA-55-7788                            00  1231380100000001"
            .get(..94).unwrap_or_default()),
        addendum(&format!("710ANN{:18}{:22}{:35}", "000000000000100000", "928383-23938", "Ottoline Farquhar")),
        addendum(&iat_party("11", "Basalt Fisheries Cooperative", "15 Harbour Row")),
        addendum(&iat_party("12", "Halifax*NS\\", "CA*19305\\")),
        addendum(&bank("13", "Quarry Street Bank", "231380104", "US")),
        addendum(&bank("14", "Maple Leaf Thrift", "121042882", "CA")),
        addendum("715REC-4711       21 Front Street"),
        addendum(&iat_party("16", "Moose Jaw*SK\\", "CA*80014\\")),
        record(&format!("717{:80}00010000001", "For the account of Leopold Strand")),
        addendum(&bank("18", "Banque des Alizes", "456456456987987", "FR")),
        record("82000000100012104288000000100000000000000000                                   231380100000001"),
        record("9000001000002000000100012104288000000100000000000000000"),
        record(&"9".repeat(94)),
    ]
    .concat()
}

pub fn nacha_ppd() -> String {
    [
        record("101 231380104 1210428821811260000A094101Granite Clearing House Quarry Street Bank    "),
        record(
            "5225Windmill Bakery                     121042882 PPDWAGES     APR   190625   1121042880000001",
        ),
        record(
            "62723138010412345678         0100000000STAFF-0041     Philippa Nakamura       0121042880000001",
        ),
        record(
            "705Bonus for the team of Anselm Okafor                                             00010000001",
        ),
        record(
            "82250000020023138010000100000000000000000000121042882                          121042880000001",
        ),
        record("9000001000001000000020023138010000100000000000000000000"),
    ]
    .concat()
}

pub const FEDWIRE: &str = "{1500}30USERREQT \n{1510}1000\n{1520}20190410SOURCE08000001\n{2000}000001234567\n{3100}121042882Quarry St Bank*\n{3400}231380104Granite House*\n{3600}CTR*\n{4000}BPTSDDE22*Maple Leaf Thrift*1 Elm*\n{4100}D998877*Second Harbour Bank*Two Docks*\n{4200}D123456789*Severin Achterberg*Address One*Utrecht NL*\n{5000}11234*Calliope Drummond*4 Kings Road*Perth*\n{5100}D123456789*Granite House Trust*Nine Hills*\n{6000}Settlement for the schooner*Wilhelmina of Bergen*\n";

/// Every message, with the format's name.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("MT103", MT103.into()),
        ("pacs.008", PACS008.into()),
        ("MT202COV", MT202COV.into()),
        ("pacs.009", PACS009COV.into()),
        ("pain.001", PAIN001.into()),
        ("camt.053", CAMT053.into()),
        ("camt.056", CAMT056.into()),
        ("MT940", MT940.into()),
        ("ACK", ACK_AND_TWO.into()),
        ("IAT", nacha_iat()),
        ("PPD", nacha_ppd()),
        ("Fedwire", FEDWIRE.into()),
    ]
}
