//! What a message says of itself, how many transactions it has and their sum, against what was read of it: a
//! transaction that is lost on the way leaves a message that looks whole.
//!
//! | element | counts |
//! |---|---|
//! | `GrpHdr/NbOfTxs`, `CtrlData/NbOfTxs` | the transactions of the message |
//! | `PmtInf/NbOfTxs` | those of this part of a customer's order |
//! | `GrpHdr/NbOfChqs` | cheques |
//! | `CtrlSum` where none of these is | the sum of their amounts, whatever the currencies |
//!
//! Numbers of the original message (`OrgnlNbOfTxs`, `OrgnlCtrlSum`), of a status (`DtldNbOfTxs`) and of a batch that a
//! statement books as one (`Btch/NbOfTxs`) count what stands in another message: they are not compared. Neither is a
//! message that returns, reverses or cancels a whole message or part of one without its transactions.
//!
//! Source: the definitions of these elements in the message definition reports of the ISO 20022 catalogue.

/// Digits behind the point that are kept of an amount. ISO 4217 has at most four.
const SCALE: usize = 9;

/// The amounts of a transaction of which a control sum may be the total: each message has its own.
const AMOUNTS: [&str; 9] = [
    "IntrBkSttlmAmt",
    "InstdAmt",
    "RtrdIntrBkSttlmAmt",
    "RtrdInstdAmt",
    "RvsdIntrBkSttlmAmt",
    "RvsdInstdAmt",
    "OrgnlIntrBkSttlmAmt",
    "OrgnlInstdAmt",
    "Amt",
];

/// Elements that say that a message speaks of another one, or of a part of it, as a whole.
const WHOLE_GROUPS: [&str; 5] = ["GrpRtr", "GrpRvsl", "GrpCxl", "PmtInfRvsl", "PmtInfCxl"];

/// Whether an element is a transaction that numbers of transactions count.
pub(super) fn is_transaction(element: &str) -> bool {
    matches!(element, "CdtTrfTxInf" | "DrctDbtTxInf" | "TxInf" | "CdtTrfTx" | "Chq")
}

/// A number that a message gives, and where.
#[derive(Clone, Copy, Debug)]
struct Stated<T> {
    value: T,
    byte: u64,
}

/// What was said and what was read of a message, or of a part of it.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    transactions: u64,
    sums: [i128; AMOUNTS.len()],
    stated_number: Option<Stated<u64>>,
    stated_sum: Option<Stated<i128>>,
}

/// Counts the transactions of a message. It is kept between the parts of one that is read from a stream.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    message: Level,
    /// The `PmtInf` that is open.
    part: Level,
    speaks_of_whole: bool,
}

/// Something that does not agree: its byte, and what.
pub(super) type Disagreement = (u64, String);

impl Totals {
    /// A transaction begins.
    pub(super) fn begin_transaction(&mut self) {
        self.message.transactions += 1;
        self.part.transactions += 1;
    }

    /// A `PmtInf` begins.
    pub(super) fn begin_part(&mut self) {
        self.part = Level::default();
    }

    /// A `PmtInf` ends.
    pub(super) fn end_part(&self) -> impl Iterator<Item = Disagreement> + use<> {
        self.part.check("the payment information")
    }

    /// The message ends.
    pub(super) fn end_message(&self) -> impl Iterator<Item = Disagreement> + use<> {
        let is_counted = !(self.speaks_of_whole && self.message.transactions == 0);
        self.message.check("the message").filter(move |_| is_counted)
    }

    /// Takes the text of an element that has no others within it; `around` are the elements that it is within, the
    /// innermost first. Returns what is wrong with it.
    pub(super) fn take<'f>(
        &mut self,
        element: &str,
        mut around: impl Iterator<Item = &'f str>,
        text: &str,
        byte: u64,
    ) -> Option<Disagreement> {
        let parent = around.next().unwrap_or("");
        let is_stated = matches!(parent, "GrpHdr" | "CtrlData" | "PmtInf");
        let level = if parent == "PmtInf" { &mut self.part } else { &mut self.message };
        match element {
            "NbOfTxs" | "NbOfChqs" if is_stated => match text.parse() {
                Ok(value) => level.stated_number = Some(Stated { value, byte }),
                Err(_) => return Some((byte, format!("{element} is no number"))),
            },
            "CtrlSum" if is_stated => match parse_amount(text) {
                Some(value) => level.stated_sum = Some(Stated { value, byte }),
                None => return Some((byte, format!("{element} is no amount"))),
            },
            _ if WHOLE_GROUPS.contains(&element) => self.speaks_of_whole |= text != "false" && text != "0",
            _ => {
                // Of a customer's order the amount stands deeper, and may be given in another currency.
                let (amount, of) = match parent {
                    "EqvtAmt" => ("InstdAmt", around.nth(1)),
                    "Amt" => (element, around.next()),
                    _ => (element, Some(parent)),
                };
                if let Some(which) = AMOUNTS.iter().position(|a| *a == amount)
                    && of.is_some_and(is_transaction)
                    && let Some(amount) = parse_amount(text)
                {
                    self.add(which, amount);
                }
            }
        }
        None
    }

    fn add(&mut self, which: usize, amount: i128) {
        for level in [&mut self.message, &mut self.part] {
            level.sums[which] = level.sums[which].saturating_add(amount);
        }
    }
}

impl Level {
    /// What is stated and not so.
    fn check(&self, what: &'static str) -> impl Iterator<Item = Disagreement> + use<> {
        let number = self.stated_number.filter(|stated| stated.value != self.transactions).map(|stated| {
            let (said, read) = (stated.value, self.transactions);
            (stated.byte, format!("{what} says that it has {said} transactions, and has {read}"))
        });
        let has_amounts = self.sums.iter().any(|sum| *sum != 0);
        let sum = self
            .stated_sum
            .filter(|s| self.stated_number.is_none() && has_amounts && !self.sums.contains(&s.value));
        let sum = sum.map(|stated| {
            (stated.byte, format!("the control sum of {what} is not the sum of its transactions"))
        });
        number.into_iter().chain(sum)
    }
}

/// A decimal number in units of 10^-9. `None` if it is none, or too long.
fn parse_amount(text: &str) -> Option<i128> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let behind = behind.trim_end_matches('0');
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 20 || behind.len() > SCALE || !is_digits(whole) || !is_digits(behind)
    {
        return None;
    }
    format!("{whole}{behind:0<SCALE$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::{Message, Reader, read};
    use super::parse_amount;

    fn reasons(xml: &str) -> Vec<String> {
        let whole: Vec<String> =
            read(xml.as_bytes()).into_iter().flat_map(|m| m.problems).map(|p| p.to_string()).collect();
        let messages: Vec<Message<'_>> = Reader::new(xml.as_bytes()).map(Result::unwrap).collect();
        let streamed = messages.into_iter().flat_map(|m| m.problems).map(|p| p.to_string());
        assert_eq!(whole, streamed.collect::<Vec<_>>());
        whole
    }

    const TRANSFERS: &str = "<Document><FIToFICstmrCdtTrf><GrpHdr><MsgId>A</MsgId><NbOfTxs>2</NbOfTxs>\
        <CtrlSum>12.50</CtrlSum></GrpHdr>\
        <CdtTrfTxInf><IntrBkSttlmAmt Ccy='EUR'>10</IntrBkSttlmAmt><Dbtr><Nm>Jane Roe</Nm></Dbtr></CdtTrfTxInf>\
        <CdtTrfTxInf><IntrBkSttlmAmt Ccy='EUR'>2.5</IntrBkSttlmAmt><InstdAmt Ccy='USD'>3</InstdAmt></CdtTrfTxInf>\
        </FIToFICstmrCdtTrf></Document>";

    #[test]
    fn a_transaction_that_is_lost_is_told() {
        assert_eq!(reasons(TRANSFERS), [""; 0]);
        let from = TRANSFERS.find("<CdtTrfTxInf>").unwrap();
        let to = TRANSFERS.rfind("<CdtTrfTxInf>").unwrap();
        let lost = format!("{}{}", &TRANSFERS[..from], &TRANSFERS[to..]);
        let byte = TRANSFERS.find("2</NbOfTxs>").unwrap();
        assert_eq!(
            reasons(&lost),
            [format!("byte {byte}: the message says that it has 2 transactions, and has 1")]
        );
        let unnumbered = lost.replace("<NbOfTxs>2</NbOfTxs>", "");
        let byte = unnumbered.find("12.50").unwrap();
        assert_eq!(
            reasons(&unnumbered),
            [format!("byte {byte}: the control sum of the message is not the sum of its transactions")]
        );
        assert_eq!(reasons(&TRANSFERS.replace(">2<", ">two<")).len(), 1);
        // Where the number agrees the sum is not compared: messages in use have wrong ones.
        assert_eq!(reasons(&TRANSFERS.replace(">2.5<", ">2.6<")), [""; 0]);
    }

    #[test]
    fn parts_of_an_order_count_their_own() {
        let part = |number: u32, sum: &str, amounts: &[&str]| {
            let transfers: String =
                amounts.iter().map(|a| format!("<CdtTrfTxInf><Amt>{a}</Amt></CdtTrfTxInf>")).collect();
            format!("<PmtInf><NbOfTxs>{number}</NbOfTxs><CtrlSum>{sum}</CtrlSum>{transfers}</PmtInf>")
        };
        let order = |first: u32, sum: &str| {
            format!(
                "<Document><CstmrCdtTrfInitn><GrpHdr><NbOfTxs>3</NbOfTxs><CtrlSum>16</CtrlSum></GrpHdr>{}{}\
                 </CstmrCdtTrfInitn></Document>",
                part(
                    first,
                    sum,
                    &["<InstdAmt Ccy='EUR'>1.00</InstdAmt>", "<InstdAmt Ccy='EUR'>5</InstdAmt>"]
                ),
                part(1, "10", &["<EqvtAmt><Amt Ccy='EUR'>10</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt>"])
            )
        };
        assert_eq!(reasons(&order(2, "6")), [""; 0]);
        assert_eq!(reasons(&order(1, "6")).len(), 1);
        assert_eq!(reasons(&order(2, "6.01").replace("<NbOfTxs>2</NbOfTxs>", "")).len(), 1);
    }

    #[test]
    fn numbers_of_another_message_are_not_compared() {
        let status = "<Document><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlNbOfTxs>7</OrgnlNbOfTxs><OrgnlCtrlSum>9\
            </OrgnlCtrlSum></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts/></OrgnlPmtInfAndSts></CstmrPmtStsRpt>\
            </Document>";
        assert_eq!(reasons(status), [""; 0]);
        let cancelled = |whole: &str| {
            format!(
                "<Document><FIToFIPmtCxlReq><CtrlData><NbOfTxs>7</NbOfTxs></CtrlData><Undrlyg><OrgnlGrpInfAndCxl>\
                 <GrpCxl>{whole}</GrpCxl></OrgnlGrpInfAndCxl></Undrlyg></FIToFIPmtCxlReq></Document>"
            )
        };
        assert_eq!(reasons(&cancelled("true")), [""; 0]);
        assert_eq!(reasons(&cancelled("false")).len(), 1);
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(parse_amount("0.1"), Some(100_000_000));
        assert_eq!(parse_amount("12.500000000000"), Some(12_500_000_000));
        for wrong in ["", ".5", "1,5", "-1", "1.0000000001", "1e3"] {
            assert_eq!(parse_amount(wrong), None, "{wrong}");
        }
    }
}
