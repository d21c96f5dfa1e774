//! The verdict of a message.

use super::embargo::{Embargo, EmbargoMatch};
use super::message::Message;
use super::subject::Subject;
use crate::screen::{Hit, Outcome, Query, Scratch, Screener, Withheld};
use serde::Serialize;
use std::collections::VecDeque;

/// Queries of a message whose answers are kept: the same party stands in several roles, and in each transaction.
const MAX_REPEATED: usize = 16;

/// What is to be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// It was read whole, and nothing was found.
    Pass,
    /// It was read whole, and something was found.
    Hold,
    /// It could not be read whole; what was found in the rest is told too. Never released without a person's look.
    Unreadable,
}

impl Verdict {
    /// The word in outputs: `pass`, `hold` or `unreadable`.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Hold => "hold",
            Verdict::Unreadable => "unreadable",
        }
    }
}

/// Why a message is held.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Cause {
    /// A listed entity.
    Hit(Box<Hit>),
    /// An embargoed country or place.
    Embargo(EmbargoMatch),
}

/// Something that was found in a message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// Number of the subject in [`Message::subjects`].
    pub subject: usize,
    /// The name or text that was screened.
    pub query: String,
    /// Whether it was screened as free text: a name that is too long for one is screened as both.
    pub free_text: bool,
    /// Why.
    pub cause: Cause,
}

/// The answer to a message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScreenedMessage {
    /// The verdict.
    pub verdict: Verdict,
    /// What was found, in the order of the subjects.
    pub findings: Vec<Finding>,
    /// What is not among the hits of all its subjects.
    pub withheld: Withheld,
}

/// Screens the subjects of a message: parties with their fields, agents by name and BIC, texts as text, and
/// countries, BICs, IBANs and towns against the embargo.
///
/// Keep a [`Scratch`] for each thread. Of a message in parts, the verdict is the worst of its parts.
///
/// ```
/// use interdict::payment::{self, Embargo, Verdict};
/// use interdict::{Index, Screener, list, screen::Scratch};
///
/// let screener = Screener::new(Index::build(&[list::starter()])?);
/// let text = b"{1:F01BANKDEFFAXXX0000000000}{2:I103BANKGB2LXXXXN}{4:\r\n:20:A1\r\n:23B:CRED\r\n:32A:260615EUR5,\r\n\
///              :50K:LAZARUS GROUP\r\n:59:/12\r\nJANE ROE\r\n:71A:SHA\r\n-}";
/// let messages = payment::read(text);
/// let answer = payment::screen(&screener, &messages[0], &Embargo::default(), &mut Scratch::default());
/// assert_eq!(answer.verdict, Verdict::Hold);
/// assert_eq!(messages[0].subjects[answer.findings[0].subject].role, "debtor");
/// # Ok::<(), interdict::Error>(())
/// ```
pub fn screen(
    screener: &Screener,
    message: &Message<'_>,
    embargo: &Embargo,
    scratch: &mut Scratch,
) -> ScreenedMessage {
    screen_each(screener, message, embargo, scratch, |_, _, _| ())
}

/// The same, and calls `each` with every query of every subject and its outcome, as an audit trail records them.
pub fn screen_each(
    screener: &Screener,
    message: &Message<'_>,
    embargo: &Embargo,
    scratch: &mut Scratch,
    mut each: impl FnMut(&Subject<'_>, &Query, &Outcome),
) -> ScreenedMessage {
    let mut findings = Vec::new();
    let mut withheld = Withheld::default();
    let mut recent = Recent::default();
    for (at, subject) in message.subjects.iter().enumerate() {
        for query in subject.queries() {
            let (query, outcome) = recent.answer(query, screener, scratch);
            withheld.cut += outcome.withheld.cut;
            withheld.cleared += outcome.withheld.cleared;
            withheld.weak += outcome.withheld.weak;
            each(subject, query, outcome);
            for hit in &outcome.hits {
                add_hit(&mut findings, at, query, hit.clone());
            }
        }
        findings.extend(embargo.check(subject).into_iter().map(|found| Finding {
            subject: at,
            query: found.text.clone(),
            free_text: false,
            cause: Cause::Embargo(found),
        }));
    }
    let verdict = match (message.problems.is_empty(), findings.is_empty()) {
        (false, _) => Verdict::Unreadable,
        (true, false) => Verdict::Hold,
        (true, true) => Verdict::Pass,
    };
    ScreenedMessage { verdict, findings, withheld }
}

/// The queries of a message that were answered last.
#[derive(Default)]
struct Recent(VecDeque<(Query, Outcome)>);

impl Recent {
    /// The answer to a query, which is screened unless it was just now.
    fn answer(&mut self, query: Query, screener: &Screener, scratch: &mut Scratch) -> &(Query, Outcome) {
        let at = self.0.iter().position(|(former, _)| *former == query).unwrap_or_else(|| {
            let outcome = screener.outcome(&query, scratch);
            if self.0.len() >= MAX_REPEATED {
                self.0.pop_back();
            }
            self.0.push_front((query, outcome));
            0
        });
        &self.0[at]
    }
}

/// Adds a hit of a subject. Of an entity that several names or texts of the subject meet, the best hit counts.
fn add_hit(findings: &mut Vec<Finding>, subject: usize, query: &Query, hit: Hit) {
    let is_same = |f: &Finding| matches!(&f.cause, Cause::Hit(former) if former.entity == hit.entity);
    let former = findings.iter_mut().rev().take_while(|f| f.subject == subject).find(|f| is_same(f));
    let finding = Finding {
        subject,
        query: query.name.clone(),
        free_text: query.free_text,
        cause: Cause::Hit(Box::new(hit)),
    };
    let score = |f: &Finding| if let Cause::Hit(hit) = &f.cause { hit.score } else { 0.0 };
    match former {
        Some(former) => {
            if score(&finding) > score(former) {
                *former = finding;
            }
        }
        None => findings.push(finding),
    }
}
