//! What the names of elements mean, whatever the message and its version.
//!
//! Source: the element names of the message definitions in the ISO 20022 catalogue (pacs, pain, camt, remt, head).

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// `AppHdr`: the business header of a message.
    Header,
    /// `Document`: a message.
    Document,
    /// A transaction, with ids of its own.
    Transaction,
    /// A party or an agent, with its role.
    Party(&'static str),
    /// An institution, with its role.
    Agent(&'static str),
    /// An account: its role, and the role of its owner.
    Account(&'static str, &'static str),
    /// A person to speak to: a subject beside the party that it is within.
    Contact,
    /// Structure within a party: no role of its own.
    Inner,
    /// An institution within a party's role.
    Institution,
    /// `OrgId`: its party is an organization.
    Organisation,
    /// `PrvtId`: its party is a person.
    Private,
    /// A name.
    Name,
    /// A part of an address.
    Address,
    /// A town, or a region: part of an address.
    Town,
    /// A country.
    Country,
    /// A BIC.
    Bic,
    /// A Legal Entity Identifier.
    Lei,
    /// An IBAN.
    Iban,
    /// A clearing system's code of a member.
    Member,
    /// A number whose meaning its surroundings tell.
    Id,
    /// Holds a code or the name of a scheme, behind the number.
    Scheme,
    /// A text in the place of a code.
    Proprietary,
    /// A tax number.
    TaxId,
    /// A telephone number or an address of electronic mail.
    Phone,
    Email,
    /// A date of birth.
    BirthDate,
    /// A place of birth.
    BirthPlace,
    /// Free text, with its role.
    Text(&'static str),
    /// Ids of the message and its transactions.
    MessageId,
    InstructionId,
    EndToEndId,
    TransactionId,
    Uetr,
    /// `MsgDefIdr`: the kind of the message, in its header.
    Definition,
    /// Amounts, dates, codes, references: nothing to screen.
    Silent,
    /// Not in this table.
    Other,
}

use Meaning as M;

const PARTIES: &[(&str, &str)] = &[
    ("Dbtr", "debtor"),
    ("Cdtr", "creditor"),
    ("UltmtDbtr", "ultimate debtor"),
    ("UltmtCdtr", "ultimate creditor"),
    ("InitgPty", "initiating party"),
    ("OrgnlDbtr", "original debtor"),
    ("OrgnlCdtr", "original creditor"),
    ("Assgnr", "assigner"),
    ("Assgne", "assignee"),
    ("Cretr", "case creator"),
    ("Orgtr", "originator"),
    ("TradgPty", "trading party"),
    ("Ownr", "account owner"),
    ("Invcr", "invoicer"),
    ("Invcee", "invoicee"),
    ("Grnshee", "garnishee"),
    ("GrnshmtAdmstr", "garnishment administrator"),
    ("DlvrTo", "deliver to"),
    ("Authrty", "regulatory authority"),
    ("MsgRcpt", "message recipient"),
    ("Fr", "sender"),
    ("From", "sender"),
    ("To", "receiver"),
    ("Pyer", "payer"),
    ("Pyee", "payee"),
    ("Drwr", "drawer"),
    ("OrgnlCdtrSchmeId", "original creditor scheme"),
    ("CdtrSchmeId", "creditor scheme"),
    ("RptOrgtr", "originator"),
    ("ChqFr", "cheque sender"),
    ("PlcOfIsse", "place of issue"),
    ("RltdRmtInf", "remittance recipient"),
    ("RmtLctnDtls", "remittance recipient"),
    ("AcctOwnr", "account owner"),
    ("UltmtBnfcry", "ultimate beneficiary"),
    ("Bnfcry", "beneficiary"),
    ("Sndr", "sender"),
    ("Rcvr", "receiver"),
    ("Rcpt", "recipient"),
    ("Sgntry", "signatory"),
    ("MrchntId", "merchant"),
    ("CardAccptr", "card acceptor"),
    ("Rqstr", "requester"),
    ("ChrgsRqstr", "charges requester"),
    ("InstgPty", "instructing party"),
    ("Drwee", "drawee"),
];

const AGENTS: &[(&str, &str)] = &[
    ("DbtrAgt", "debtor agent"),
    ("CdtrAgt", "creditor agent"),
    ("OrgnlDbtrAgt", "original debtor agent"),
    ("OrgnlCdtrAgt", "original creditor agent"),
    ("IntrmyAgt", "intermediary agent 1"),
    ("IntrmyAgt1", "intermediary agent 1"),
    ("IntrmyAgt2", "intermediary agent 2"),
    ("IntrmyAgt3", "intermediary agent 3"),
    ("PrvsInstgAgt", "previous instructing agent 1"),
    ("PrvsInstgAgt1", "previous instructing agent 1"),
    ("PrvsInstgAgt2", "previous instructing agent 2"),
    ("PrvsInstgAgt3", "previous instructing agent 3"),
    ("InstgAgt", "instructing agent"),
    ("InstdAgt", "instructed agent"),
    ("FwdgAgt", "forwarding agent"),
    ("InstgRmbrsmntAgt", "instructing reimbursement agent"),
    ("InstdRmbrsmntAgt", "instructed reimbursement agent"),
    ("ThrdRmbrsmntAgt", "third reimbursement agent"),
    ("ChrgsAcctAgt", "charges account agent"),
    ("RcvgAgt", "receiving agent"),
    ("DlvrgAgt", "delivering agent"),
    ("IssgAgt", "issuing agent"),
    ("SttlmPlc", "settlement place"),
    ("Svcr", "account servicer"),
    ("AcctSvcr", "account servicer"),
    ("DrwrAgt", "drawer agent"),
    ("DrweeAgt", "drawee agent"),
    ("SttlmAgt", "settlement agent"),
    ("AcctSvcrId", "account servicer"),
    ("Agt", "agent"),
];

const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("DbtrAcct", "debtor account", "debtor"),
    ("CdtrAcct", "creditor account", "creditor"),
    ("UltmtDbtrAcct", "ultimate debtor account", "ultimate debtor"),
    ("UltmtCdtrAcct", "ultimate creditor account", "ultimate creditor"),
    ("DbtrAgtAcct", "debtor agent account", "debtor agent"),
    ("CdtrAgtAcct", "creditor agent account", "creditor agent"),
    ("OrgnlDbtrAcct", "original debtor account", "original debtor"),
    ("OrgnlCdtrAcct", "original creditor account", "original creditor"),
    ("OrgnlDbtrAgtAcct", "original debtor agent account", "original debtor agent"),
    ("OrgnlCdtrAgtAcct", "original creditor agent account", "original creditor agent"),
    ("IntrmyAgt1Acct", "intermediary agent 1 account", "intermediary agent 1"),
    ("IntrmyAgt2Acct", "intermediary agent 2 account", "intermediary agent 2"),
    ("IntrmyAgt3Acct", "intermediary agent 3 account", "intermediary agent 3"),
    ("PrvsInstgAgt1Acct", "previous instructing agent 1 account", "previous instructing agent 1"),
    ("PrvsInstgAgt2Acct", "previous instructing agent 2 account", "previous instructing agent 2"),
    ("PrvsInstgAgt3Acct", "previous instructing agent 3 account", "previous instructing agent 3"),
    ("InstgRmbrsmntAgtAcct", "instructing reimbursement agent account", "instructing reimbursement agent"),
    ("InstdRmbrsmntAgtAcct", "instructed reimbursement agent account", "instructed reimbursement agent"),
    ("ThrdRmbrsmntAgtAcct", "third reimbursement agent account", "third reimbursement agent"),
    ("SttlmAcct", "settlement account", ""),
    ("ChrgsAcct", "charges account", ""),
    ("Acct", "account", ""),
    ("RltdAcct", "related account", ""),
    ("OrgnlChrgsAcct", "charges account", ""),
    ("CshAcct", "cash account", ""),
    ("AgtAcct", "agent account", "agent"),
    ("PrePdAcct", "prepaid account", ""),
    ("SfkpgAcct", "safekeeping account", ""),
    ("SubAcct", "sub-account", ""),
    ("CollAcct", "collateral account", ""),
    ("CollAcctId", "collateral account", ""),
    ("AcctId", "account", ""),
    (WALLET, "wallet", ""),
];

/// The account that is a wallet of a blockchain.
pub(super) const WALLET: &str = "BlckChainAdrOrWllt";

const TEXTS: &[(&str, &str)] = &[
    ("Ustrd", "remittance information"),
    ("AddtlRmtInf", "additional remittance information"),
    ("InstrInf", "instruction"),
    ("InstrForDbtrAgt", "instruction for debtor agent"),
    ("AddtlNtryInf", "entry information"),
    ("AddtlTxInf", "transaction information"),
    ("AddtlInf", "additional information"),
    ("AddtlStmtInf", "statement information"),
    ("AddtlRptInf", "report information"),
    ("AddtlNtfctnInf", "notification information"),
    ("AddtlStsRsnInf", "status reason"),
    ("AddtlCxlInf", "cancellation information"),
    ("AddtlInfTxt", "additional information"),
    ("Inf", "information"),
    ("Nrrtv", "narrative"),
    ("Desc", "description"),
    ("Cmnt", "comment"),
    ("MemoFld", "memo"),
    ("Titl", "title"),
];

/// Elements by what they are for, other than roles.
const OTHERS: &[(Meaning, &[&str])] = &[
    (M::Header, &["AppHdr", "BizAppHdr"]),
    (M::Document, &["Document"]),
    (
        M::Transaction,
        &[
            "CdtTrfTxInf",
            "DrctDbtTxInf",
            "TxInf",
            "TxInfAndSts",
            "TxDtls",
            "Ntry",
            "OrgnlPmtInf",
            "Itm",
            "Chq",
            "Undrlyg",
            "Rcrd",
            "CdtInstr",
            "DbtInstr",
            "ChrgsRcrd",
            "CdtTrfTx",
            "ChrgsPerTx",
            "OrgnlPmtInfAndSts",
            "OrgnlPmtInfAndRvsl",
            "OrgnlPmtInfAndCxl",
            "CxlDtls",
        ],
    ),
    (M::Contact, &["CtctDtls"]),
    (
        M::Inner,
        &[
            "Pty",
            "FIId",
            "BrnchId",
            "Othr",
            "PstlAdr",
            "DtAndPlcOfBirth",
            "ClrSysMmbId",
            "Prxy",
            "CmbndId",
            "FinInstnNmAndAdr",
            "PrtryId",
            "Adr",
            "NmAndAdr",
            "RmtLctnPstlAdr",
        ],
    ),
    (M::Institution, &["FinInstnId", "FinInstn"]),
    (M::Organisation, &["OrgId"]),
    (M::Private, &["PrvtId"]),
    (M::Name, &["Nm", "FullNm", "RgnlNm", "LglNm", "TradgNm"]),
    (
        M::Address,
        &[
            "AdrLine", "StrtNm", "BldgNb", "BldgNm", "Flr", "PstBx", "Room", "PstCd", "Dept", "SubDept",
            "CareOf", "UnitNb",
        ],
    ),
    (M::Town, &["TwnNm", "TwnLctnNm", "DstrctNm", "CtrySubDvsn"]),
    (M::Country, &["Ctry", "CtryOfRes", "CtryOfBirth"]),
    (M::Bic, &["BIC", "BICFI", "AnyBIC", "BICOrBEI", "BEI"]),
    (M::Lei, &["LEI"]),
    (M::Iban, &["IBAN"]),
    (M::Member, &["MmbId"]),
    (M::Id, &["Id", "PrtryAcct", "BBAN", "UPIC"]),
    (M::Scheme, &["SchmeNm", "ClrSysId"]),
    (M::Proprietary, &["Prtry"]),
    (M::TaxId, &["TaxId"]),
    (M::Phone, &["PhneNb", "MobNb", "FaxNb"]),
    (M::Email, &["EmailAdr", "ElctrncAdr", "URLAdr"]),
    (M::BirthDate, &["BirthDt"]),
    (M::BirthPlace, &["PrvcOfBirth", "CityOfBirth"]),
    (M::MessageId, &["MsgId", "BizMsgIdr", "StsReqId", "RmtId"]),
    (M::InstructionId, &["InstrId", "OrgnlInstrId"]),
    (M::EndToEndId, &["EndToEndId", "OrgnlEndToEndId"]),
    (M::TransactionId, &["TxId", "OrgnlTxId"]),
    (M::Uetr, &["UETR", "OrgnlUETR"]),
    (M::Definition, &["MsgDefIdr"]),
    (
        M::Silent,
        &[
            // Codes.
            "Cd",
            "Sts",
            "TxSts",
            "GrpSts",
            "PmtInfSts",
            "OrgnlSts",
            "SttlmMtd",
            "ChrgBr",
            "PmtMtd",
            "CdtDbtInd",
            "InstrPrty",
            "SttlmPrty",
            "ClrChanl",
            "AdrTp",
            "NmPrfx",
            "PrefrdMtd",
            "Ccy",
            "SrcCcy",
            "TrgtCcy",
            "UnitCcy",
            "XchgRate",
            "CpyDplct",
            "CpyDplctInd",
            "Fmly",
            "SubFmlyCd",
            "SeqTp",
            "Prty",
            "PssblDplct",
            "CntryCd",
            "BtchBookg",
            "RvslInd",
            "LastPgInd",
            "ChrgInclInd",
            "AssgnmtCxlConf",
            "BizSvc",
            "MktPrctc",
            "Regy",
            "Cnfrmd",
            "ReqTp",
            "QryTp",
            "Type",
            "RequestType",
            "RptgSrc",
            "CdtLine",
            "Incl",
            "GrntedPmt",
            "EarlyPmt",
            "Tp",
            // Amounts and numbers.
            "Amt",
            "InstdAmt",
            "EqvtAmt",
            "IntrBkSttlmAmt",
            "TtlIntrBkSttlmAmt",
            "TxAmt",
            "CtrlSum",
            "NbOfTxs",
            "NbOfNtries",
            "Sum",
            "TtlNetNtryAmt",
            "TtlChrgsAndTaxAmt",
            "DuePyblAmt",
            "RmtdAmt",
            "CdtNoteAmt",
            "DscntApldAmt",
            "TaxAmt",
            "PgNb",
            "ElctrncSeqNb",
            "LglSeqNb",
            "Rate",
            "AccptdAmt",
            "OrgnlNbOfTxs",
            "OrgnlCtrlSum",
            "OrgnlIntrBkSttlmAmt",
            "RtrdIntrBkSttlmAmt",
            "RtrdInstdAmt",
            "TtlAmt",
            "Avlbty",
            // Dates.
            "CreDtTm",
            "CreDt",
            "Dt",
            "DtTm",
            "IntrBkSttlmDt",
            "ReqdExctnDt",
            "ReqdColltnDt",
            "BookgDt",
            "ValDt",
            "AccptncDtTm",
            "FrDtTm",
            "ToDtTm",
            "FrDt",
            "ToDt",
            "OrgnlCreDtTm",
            "OrgnlIntrBkSttlmDt",
            "DtOfSgntr",
            "CrDate",
            "BizPrcgDt",
            "QtnDt",
            "FctvIntrBkSttlmDt",
            "PoolgAdjstmntDt",
            "RltdDt",
            "FnlColltnDt",
            "TxDtTm",
            // References that a program assigned.
            "PmtInfId",
            "OrgnlPmtInfId",
            "OrgnlMsgId",
            "OrgnlMsgNmId",
            "AcctSvcrRef",
            "NtryRef",
            "ClrSysRef",
            "ClrSysTxId",
            "MsgRef",
            "MsgNmId",
            "OrgnlBizQry",
            "StmtId",
            "RtrId",
            "CxlId",
            "RvslId",
            "MndtId",
            "Signature",
            "SignatureValue",
            "DigestValue",
            "X509Certificate",
        ],
    ),
];

/// The kind of a message by the element below `Document`.
const KINDS: &[(&str, &str)] = &[
    ("FIToFIPmtStsRpt", "pacs.002"),
    ("FIToFICstmrDrctDbt", "pacs.003"),
    ("PmtRtr", "pacs.004"),
    ("FIToFIPmtRvsl", "pacs.007"),
    ("FIToFICstmrCdtTrf", "pacs.008"),
    ("FICdtTrf", "pacs.009"),
    ("FinInstnCdtTrf", "pacs.009"),
    ("FIDrctDbt", "pacs.010"),
    ("FIToFIPmtStsReq", "pacs.028"),
    ("CstmrCdtTrfInitn", "pain.001"),
    ("CstmrPmtStsRpt", "pain.002"),
    ("CstmrPmtRvsl", "pain.007"),
    ("CstmrDrctDbtInitn", "pain.008"),
    ("MndtInitnReq", "pain.009"),
    ("MndtAmdmntReq", "pain.010"),
    ("MndtCxlReq", "pain.011"),
    ("MndtAccptncRpt", "pain.012"),
    ("CdtrPmtActvtnReq", "pain.013"),
    ("CdtrPmtActvtnReqStsRpt", "pain.014"),
    ("GetAcct", "camt.003"),
    ("RtrAcct", "camt.004"),
    ("GetTx", "camt.005"),
    ("RtrTx", "camt.006"),
    ("ModfyTx", "camt.007"),
    ("CclTx", "camt.008"),
    ("Rct", "camt.025"),
    ("UblToApply", "camt.026"),
    ("ClmNonRct", "camt.027"),
    ("AddtlPmtInf", "camt.028"),
    ("RsltnOfInvstgtn", "camt.029"),
    ("NtfctnOfCaseAssgnmt", "camt.030"),
    ("RjctInvstgtn", "camt.031"),
    ("CclCaseAssgnmt", "camt.032"),
    ("ReqForDplct", "camt.033"),
    ("Dplct", "camt.034"),
    ("PrtryFrmtInvstgtn", "camt.035"),
    ("DbtAuthstnRspn", "camt.036"),
    ("DbtAuthstnReq", "camt.037"),
    ("BkToCstmrAcctRpt", "camt.052"),
    ("BkToCstmrStmt", "camt.053"),
    ("BkToCstmrDbtCdtNtfctn", "camt.054"),
    ("CstmrPmtCxlReq", "camt.055"),
    ("FIToFIPmtCxlReq", "camt.056"),
    ("NtfctnToRcv", "camt.057"),
    ("NtfctnToRcvCxlAdvc", "camt.058"),
    ("NtfctnToRcvStsRpt", "camt.059"),
    ("AcctRptgReq", "camt.060"),
    ("ReqToModfyPmt", "camt.087"),
    ("ChrgsPmtNtfctn", "camt.105"),
    ("ChrgsPmtReq", "camt.106"),
    ("ChqPresntmntNtfctn", "camt.107"),
    ("ChqCxlOrStopReq", "camt.108"),
    ("ChqCxlOrStopRpt", "camt.109"),
    ("InvstgtnReq", "camt.110"),
    ("InvstgtnRspn", "camt.111"),
    ("RmtAdvc", "remt.001"),
    ("RmtLctnAdvc", "remt.002"),
];

/// The meaning of an element, with its name if it is known.
pub(super) fn meaning(name: &str) -> Option<(&'static str, Meaning)> {
    static TABLE: OnceLock<FxHashMap<&'static str, Meaning>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        // Where a name is in several tables, the roles come first, then the later tables.
        let others =
            OTHERS.iter().flat_map(|(meaning, names)| names.iter().map(move |name| (*name, *meaning)));
        let parties = PARTIES.iter().map(|(name, role)| (*name, M::Party(role)));
        let agents = AGENTS.iter().map(|(name, role)| (*name, M::Agent(role)));
        let accounts = ACCOUNTS.iter().map(|(name, role, owner)| (*name, M::Account(role, owner)));
        let texts = TEXTS.iter().map(|(name, role)| (*name, M::Text(role)));
        let table: FxHashMap<&'static str, Meaning> =
            others.chain(texts).chain(parties).chain(agents).chain(accounts).collect();
        table
    });
    table.get_key_value(name).map(|(name, meaning)| (*name, *meaning))
}

/// The kind of a message whose element below `Document` has this name.
pub(super) fn kind_of_root(name: &str) -> Option<&'static str> {
    KINDS.iter().find(|(root, _)| *root == name).map(|(_, kind)| *kind)
}

/// A role made of the name of an element that is in no table: `SttlmInstr` gives `sttlm instr`.
pub(super) fn plain_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && after_lower {
            words.push(' ');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        words.extend(c.to_lowercase());
    }
    words
}
