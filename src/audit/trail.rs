//! An audit trail of parties that come one by one, as those of a service.

use super::record::{AuditName, AuditRow, audited};
use super::verify::count;
use super::write::{Chain, TrailState};
use crate::entity::Schema;
use crate::error::Result;
#[cfg(feature = "payments")]
use crate::payment::{Cause, Message, ScreenedMessage};
use crate::run::{Field, Party, RowCounts, RunIdentity};
use crate::screen::{Outcome, Query, Screener};
use std::io::Write;

/// What became of a party, or of a message that names several, for a [`Trail`]. It can be made on any thread, without the
/// trail.
#[derive(Clone, Debug, Default)]
pub struct Record {
    row: AuditRow,
}

impl Record {
    /// A party that was screened: its [queries](Party::queries), each with its outcome. A free text is recorded as one.
    ///
    /// Cost: each hit is explained once more, some 20 µs.
    pub fn screened(party: &Party, answers: &[(Query, Outcome)], screener: &Screener) -> Record {
        let mut row = AuditRow::default();
        for (at, (query, outcome)) in answers.iter().enumerate() {
            let records =
                |hits: &[crate::Hit]| hits.iter().map(|hit| audited(screener, query, hit, None)).collect();
            let fields =
                || party.fields_of(at == 0).map(|(field, text)| (field.as_str().into(), text.into()));
            let is_text = query.free_text;
            row.names.push(AuditName {
                column: if is_text { "text" } else { "name" }.into(),
                name: query.name.clone(),
                free_text: is_text,
                // They tell of the party, not of who stands in a text.
                fields: if is_text { Vec::new() } else { fields().collect() },
                identifiers: if at == 0 && !is_text { party.identifiers().to_vec() } else { Vec::new() },
                hits: records(&outcome.hits),
                cleared: records(&outcome.cleared),
                withheld: outcome.withheld,
            });
        }
        Record { row }
    }

    /// A record without any name yet: of a message, whose queries are added one by one.
    pub fn new() -> Record {
        Record::default()
    }

    /// Adds a query of a message with its outcome. `column` says what it is of: `creditor`, `remittance information`.
    /// `accepted` describes the acceptance of a hit, if it has one.
    pub fn add(
        &mut self,
        column: &str,
        query: &Query,
        outcome: &Outcome,
        accepted: impl Fn(&crate::Hit) -> Option<String>,
        screener: &Screener,
    ) {
        let records = |hits: &[crate::Hit]| {
            hits.iter().map(|hit| audited(screener, query, hit, accepted(hit))).collect()
        };
        let dates = query.birth_dates.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let schema = if query.schema == Schema::Unknown { "" } else { query.schema.as_str() };
        let fields = [
            (Field::Schema, schema.to_string()),
            (Field::BirthDate, dates),
            (Field::Country, query.countries.join("; ")),
        ];
        self.row.names.push(AuditName {
            column: column.into(),
            name: query.name.clone(),
            free_text: query.free_text,
            fields: fields
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(field, text)| (field.as_str().into(), text))
                .collect(),
            identifiers: query.identifiers.clone(),
            hits: records(&outcome.hits),
            cleared: records(&outcome.cleared),
            withheld: outcome.withheld,
        });
    }

    /// Sets the verdict of a message, and what else was found in it: embargoed countries and places.
    pub fn verdict(mut self, verdict: &str, embargoed: Vec<String>) -> Record {
        self.row.verdict = Some(verdict.to_string());
        self.row.embargoed = embargoed;
        self
    }

    /// Sets what became of a message beside the hits of its [queries](Record::add): its verdict, the embargoed countries
    /// and places in it, what could not be read of it; and its id.
    #[cfg(feature = "payments")]
    pub fn message(mut self, message: &Message<'_>, answer: &ScreenedMessage) -> Record {
        let embargoed = answer.findings.iter().filter_map(|finding| {
            let Cause::Embargo(found) = &finding.cause else { return None };
            let role = &message.subjects[finding.subject].role;
            Some(format!("{role}: {} ({})", found.name(), finding.query))
        });
        self = self.verdict(answer.verdict.as_str(), embargoed.collect());
        let problems: Vec<String> = message.problems.iter().map(ToString::to_string).collect();
        if !problems.is_empty() {
            self = self.reject(problems.join("; "));
        }
        let id = message.ids().message_id.to_string();
        self.id(Some(id).filter(|id| !id.is_empty()))
    }

    /// Sets the reason why not all of it was screened.
    pub fn reject(mut self, reason: impl Into<String>) -> Record {
        self.row.rejected = Some(reason.into());
        self
    }

    /// A party that was not screened, and why.
    pub fn rejected(reason: impl Into<String>) -> Record {
        Record { row: AuditRow { rejected: Some(reason.into()), ..AuditRow::default() } }
    }

    /// Sets the party's own id.
    pub fn id(mut self, id: Option<String>) -> Record {
        self.row.id = id;
        self
    }

    /// Sets where the party stood in its request, counted from 1, the id of the request, and the time.
    pub fn request(mut self, line: u64, request: impl Into<String>, at: impl Into<String>) -> Record {
        self.row.line = line;
        self.row.request = Some(request.into());
        self.row.at = Some(at.into());
        self
    }
}

/// Writes the audit trail of a service, record by record. Unlike the trail of a batch it may hold several runs, one for
/// each change of the lists or of the configuration.
///
/// ```
/// use interdict::audit::{self, Record, Trail};
/// use interdict::run::{Party, RunIdentity};
/// use interdict::{Index, Screener, entity::Schema, list, screen::Scratch};
///
/// let screener = Screener::new(Index::build(&[list::starter()])?);
/// let identity = RunIdentity::new(screener.index(), Default::default(), Default::default());
/// let mut trail = Trail::begin(Vec::new(), &identity, "2026-01-31", "POST /screen")?;
///
/// let party = Party::new("Lazarus Grop");
/// let query = party.queries(Schema::Unknown).unwrap().remove(0);
/// let outcome = screener.outcome(&query, &mut Scratch::default());
/// let record = Record::screened(&party, &[(query, outcome)], &screener).request(1, "r-1", "2026-01-31T09:00:00Z");
/// assert_eq!(trail.write(record)?, 1);
///
/// let (bytes, seal) = trail.finish()?;
/// let report = audit::verify(&bytes[..])?;
/// assert!(report.is_intact() && report.counts.hits == 1);
/// assert_eq!(report.seal, Some(seal));
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Debug)]
pub struct Trail<W> {
    out: W,
    chain: Chain,
    counts: RowCounts,
}

impl<W: Write> Trail<W> {
    /// A trail from the beginning, with its header. `date` is the day of the run, `source` says where the parties come
    /// from.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn begin(mut out: W, identity: &RunIdentity, date: &str, source: &str) -> Result<Trail<W>> {
        let mut chain = Chain::new(identity, date);
        out.write_all(chain.header(source, "name and fields by their keys")?)?;
        Ok(Trail { out, chain, counts: RowCounts::default() })
    }

    /// The same behind a trail in this state, which `out` writes to the end of.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn resume(
        mut out: W,
        state: &TrailState,
        identity: &RunIdentity,
        date: &str,
        source: &str,
    ) -> Result<Trail<W>> {
        let mut chain = Chain::new(identity, date).after(state);
        out.write_all(chain.header(source, "name and fields by their keys")?)?;
        Ok(Trail { out, chain, counts: RowCounts::default() })
    }

    /// Goes on within a run whose trail is in this state, with the counts of its records; `out` writes to its end.
    pub fn reopen(
        out: W,
        state: &TrailState,
        counts: RowCounts,
        identity: &RunIdentity,
        date: &str,
    ) -> Trail<W> {
        Trail { out, chain: Chain::new(identity, date).after(state), counts }
    }

    /// The state behind the last line.
    pub fn state(&self) -> TrailState {
        self.chain.state()
    }

    /// What became of the records of this run.
    pub fn counts(&self) -> &RowCounts {
        &self.counts
    }

    /// Ends the run and begins another one, with other lists or settings, behind it.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn next_run(&mut self, identity: &RunIdentity, date: &str, source: &str) -> Result<()> {
        self.out.write_all(self.chain.closing(&self.counts)?)?;
        self.counts = RowCounts::default();
        self.chain = self.chain.continued(identity, date);
        Ok(self.out.write_all(self.chain.header(source, "name and fields by their keys")?)?)
    }

    /// Writes a record, and returns its number in the run, counted from 1.
    ///
    /// # Errors
    ///
    /// It cannot be written. The trail then ends within a line; nothing more must be written to it.
    pub fn write(&mut self, mut record: Record) -> Result<u64> {
        record.row.row = self.counts.rows + 1;
        count(&mut self.counts, &record.row);
        let mut body = Vec::with_capacity(256);
        record.row.write(&mut body);
        self.out.write_all(self.chain.row(&body))?;
        Ok(record.row.row)
    }

    /// The number of records of this run.
    pub fn rows(&self) -> u64 {
        self.counts.rows
    }

    /// Passes on what is buffered.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    /// The output; nothing must be written to it.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// Writes the closing record, and returns the output and the seal. Keep the seal elsewhere than the trail.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn finish(mut self) -> Result<(W, String)> {
        let seal = self.chain.seal(&self.counts)?;
        self.out.write_all(self.chain.line())?;
        self.out.flush()?;
        Ok((self.out, seal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::verify;
    use crate::screen::Scratch;
    use crate::{Index, list};

    #[test]
    fn a_message_is_replayed_by_its_queries() {
        let screener = Screener::new(Index::build(&[list::starter()]).unwrap());
        let identity = RunIdentity::new(screener.index(), Default::default(), Default::default());
        let mut query = Query::name("Maksim Yakubets");
        (query.schema, query.countries) = (Schema::Person, vec!["RU".into()]);
        let queries = [query, Query::text("rent for Lazarus Group")];
        let mut trail = Trail::begin(Vec::new(), &identity, "2026-01-31", "payments").unwrap();
        for repeated in 0..2 {
            let mut record = Record::new();
            for query in &queries {
                let outcome = screener.outcome(query, &mut Scratch::default());
                record.add(
                    "creditor",
                    query,
                    &outcome,
                    |_| (repeated == 1).then(|| "known".into()),
                    &screener,
                );
            }
            let record =
                record.verdict("hold", vec!["debtor: ir (country)".into()]).request(1, "a.xml", "now");
            trail.write(record).unwrap();
        }
        let unreadable = Record::new().reject("byte 5: cut").verdict("unreadable", Vec::new());
        trail.write(unreadable).unwrap();
        let (first, _) = trail.finish().unwrap();
        let report = verify(&first[..]).unwrap();
        let counts = report.counts;
        assert!(report.is_intact());
        assert_eq!((counts.rows, counts.rejected), (3, 1));
        assert!(counts.hits == counts.accepted && counts.hits >= 2);
        let nothing = |d: &crate::audit::ReplayDifference| -> Result<()> { panic!("{d:?}") };
        crate::audit::replay(&first[..], &screener, Schema::Unknown, &identity, nothing).unwrap();
        // A run behind it is chained to its last line.
        let more =
            Trail::resume(first, &report.state().unwrap(), &identity, "2026-02-01", "payments").unwrap();
        let (both, _) = more.finish().unwrap();
        let report = verify(&both[..]).unwrap();
        assert!(report.is_intact() && report.runs == 2, "{report:?}");
    }

    #[test]
    fn a_text_is_replayed_as_a_text() {
        let screener = Screener::new(Index::build(&[list::starter()]).unwrap());
        let identity = RunIdentity::new(screener.index(), Default::default(), Default::default());
        let mut trail = Trail::begin(Vec::new(), &identity, "2026-01-31", "test").unwrap();
        let parties = [
            Party::default().with_text("rent for May, to Lazarus Group by Monday"),
            Party::new("Lazarus Group").with_text("freight and Lazarus Grop, again"),
        ];
        for party in parties {
            let mut scratch = Scratch::default();
            let queries = party.queries(Schema::Unknown).unwrap();
            let answers: Vec<_> = queries
                .into_iter()
                .map(|query| {
                    let outcome = screener.outcome(&query, &mut scratch);
                    (query, outcome)
                })
                .collect();
            trail.write(Record::screened(&party, &answers, &screener).request(1, "r", "t")).unwrap();
        }
        let (bytes, _) = trail.finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.matches("\"free_text\":true").count(), 2);
        assert_eq!(text.matches("free_text").count(), 2, "of a name it is left out");
        let replay = |trail: &str| {
            let fail = |difference: &crate::audit::ReplayDifference| panic!("{difference:?}");
            crate::audit::replay(trail.as_bytes(), &screener, Schema::Unknown, &identity, fail).unwrap()
        };
        let replayed = replay(&text);
        assert!(replayed.verified.is_intact(), "{:?}", replayed.verified.problems);
        assert_eq!((replayed.verified.counts.hits, replayed.names, replayed.changes), (3, 3, 0));
    }

    #[test]
    fn runs_of_several_lists_are_one_intact_trail() {
        let screener = Screener::new(Index::build(&[list::starter()]).unwrap());
        let identity = RunIdentity::new(screener.index(), Default::default(), Default::default());
        let mut trail = Trail::begin(Vec::new(), &identity, "2026-01-31", "test").unwrap();
        for (name, row) in [("Lazarus Group", 1), ("Jane Roe", 2)] {
            let party = Party::new(name);
            let query = party.queries(Schema::Unknown).unwrap().remove(0);
            let outcome = screener.outcome(&query, &mut Scratch::default());
            let record = Record::screened(&party, &[(query, outcome)], &screener);
            assert_eq!(trail.write(record.request(7, "r", "t")).unwrap(), row);
        }
        trail.next_run(&identity, "2026-01-31", "test").unwrap();
        assert_eq!(trail.write(Record::rejected("no name").id(Some("c-1".into()))).unwrap(), 1);
        let (bytes, _) = trail.finish().unwrap();
        let report = verify(&bytes[..]).unwrap();
        assert!(report.is_intact(), "{:?}", report.problems);
        assert_eq!(
            (report.runs, report.counts.rows, report.counts.hits, report.counts.rejected),
            (2, 3, 1, 1)
        );
        let cut = verify(&bytes[..bytes.len() - 1]).unwrap();
        assert!(!cut.is_intact());
    }
}
