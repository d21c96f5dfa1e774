//! What a run writes: hits, verdicts, what could not be read, the page for reviewing hits.

use super::args::{Format, Payments};
use super::trail::PaymentTrail;
use super::{Answer, Counts, Item};
use crate::args::SpreadsheetSafe;
use crate::hits::spool;
use interdict::accept::Acceptances;
use interdict::audit::{Record, TrailState};
use interdict::batch::{AcceptanceLookup, Checkpoint, HitWriter, RowCounts, Unfinished, spreadsheet};
use interdict::payment::{Cause, Finding, Message, Subject, Verdict};
use interdict::report::{About, HitReport, MAX_HITS, ReportRow};
use interdict::run::{HIT_COLUMNS, HitLine, HitRecord};
use interdict::{Error, ErrorKind, Query, Result, Screener, WholeFile};
use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The columns before those of a hit.
const PLACE_COLUMNS: [&str; 5] = ["file", "message", "role", "path", "span"];
/// The columns behind those of a hit.
const ID_COLUMNS: [&str; 5] = ["message_kind", "message_id", "end_to_end_id", "uetr", "subject_kind"];
const VERDICT_COLUMNS: [&str; 10] = [
    "file",
    "message",
    "kind",
    "message_id",
    "end_to_end_id",
    "uetr",
    "verdict",
    "subjects",
    "hits",
    "problems",
];

/// A file that appears whole, or standard output.
pub enum Sink {
    File(PathBuf, BufWriter<WholeFile>),
    /// A file that a checkpoint gives its name.
    Part(PathBuf, Box<dyn Write>),
    Stdout(BufWriter<std::io::StdoutLock<'static>>),
}

impl Sink {
    pub fn new(path: Option<&Path>) -> Result<Sink> {
        Ok(match path {
            Some(path) => {
                let file = WholeFile::create(path).map_err(|e| e.with_path(path))?;
                Sink::File(path.into(), BufWriter::with_capacity(1 << 16, file))
            }
            None => Sink::Stdout(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())),
        })
    }

    /// A file of a run that can be resumed.
    fn part(path: &Path, checkpoint: &mut Checkpoint) -> Result<Sink> {
        Ok(Sink::Part(path.into(), Box::new(checkpoint.file(path)?)))
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Sink::File(path, out) => out.flush().map_err(|e| Error::from(e).with_path(&*path)),
            Sink::Part(path, out) => out.flush().map_err(|e| Error::from(e).with_path(&*path)),
            Sink::Stdout(out) => out.flush().map_err(|e| Error::from(e).with_path("standard output")),
        }
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Sink::Part(path, out) => out.write_all(bytes).map_err(|e| Error::from(e).with_path(&*path)),
            Sink::File(path, out) => out.write_all(bytes).map_err(|e| Error::from(e).with_path(&*path)),
            Sink::Stdout(out) => {
                out.write_all(bytes).map_err(|e| Error::from(e).with_path("standard output"))
            }
        }
    }

    pub fn finish(self) -> Result<()> {
        match self {
            Sink::File(path, out) => {
                let file = out.into_inner().map_err(|e| Error::from(e.into_error()).with_path(&path))?;
                file.finish().map_err(|e| e.with_path(&path))
            }
            mut other => other.flush(),
        }
    }
}

/// Writes a record as CSV.
pub fn csv_line<'c>(
    sink: &mut Sink,
    safe: bool,
    cells: impl IntoIterator<Item = Cow<'c, str>>,
) -> Result<()> {
    let mut out = csv::WriterBuilder::new().from_writer(Vec::new());
    let cells = cells.into_iter().map(|cell| match safe {
        true => spreadsheet::protect(&cell).into_owned(),
        false => cell.into_owned(),
    });
    out.write_record(cells).map_err(|e| Error::internal(e.to_string()))?;
    sink.write(&out.into_inner().map_err(|e| Error::internal(e.to_string()))?)
}

fn header(sink: &mut Sink, columns: impl IntoIterator<Item = &'static str>) -> Result<()> {
    csv_line(sink, false, columns.into_iter().map(Cow::Borrowed))
}

/// Subjects of a message that the page shows beside a hit.
const MAX_SHOWN: usize = 40;

/// The verdict of a message, from all its parts.
pub struct VerdictLine {
    file: String,
    message: u64,
    kind: String,
    ids: [String; 3],
    pub verdict: Verdict,
    subjects: usize,
    hits: usize,
    problems: usize,
}

impl VerdictLine {
    pub fn new(file: &str, item: &Item) -> Self {
        VerdictLine {
            file: file.to_string(),
            message: item.message.number,
            kind: String::new(),
            ids: Default::default(),
            verdict: Verdict::Pass,
            subjects: 0,
            hits: 0,
            problems: 0,
        }
    }

    /// The line as a journal keeps it.
    pub fn to_json(&self) -> serde_json::Value {
        let numbers = [self.message, self.subjects as u64, self.hits as u64, self.problems as u64];
        serde_json::json!([self.file, self.kind, self.ids, self.verdict.as_str(), numbers])
    }

    /// The line that a journal kept.
    pub fn from_json(value: &serde_json::Value) -> Option<Self> {
        let text = |value: &serde_json::Value| value.as_str().map(String::from);
        let number = |at: usize| value[4][at].as_u64();
        Some(VerdictLine {
            file: text(&value[0])?,
            kind: text(&value[1])?,
            ids: [text(&value[2][0])?, text(&value[2][1])?, text(&value[2][2])?],
            verdict: match value[3].as_str()? {
                "pass" => Verdict::Pass,
                "hold" => Verdict::Hold,
                _ => Verdict::Unreadable,
            },
            message: number(0)?,
            subjects: usize::try_from(number(1)?).ok()?,
            hits: usize::try_from(number(2)?).ok()?,
            problems: usize::try_from(number(3)?).ok()?,
        })
    }

    pub fn add(&mut self, item: &Item, answer: &Answer) {
        let ids = item.message.ids();
        for (id, part) in self.ids.iter_mut().zip([&ids.message_id, &ids.end_to_end_id, &ids.uetr]) {
            if id.is_empty() {
                part.to_string().clone_into(id);
            }
        }
        if self.kind.is_empty() {
            self.kind = item.message.kind.to_string();
        }
        self.verdict = self.verdict.max(answer.screened.verdict);
        self.subjects += item.message.subjects.len();
        self.hits += answer.accepted.iter().filter(|accepted| accepted.is_none()).count();
        self.problems += item.message.problems.len();
    }
}

/// The page for reviewing hits: a file that is empty until the end, and the hits collected for it.
struct Page<'a> {
    out: Sink,
    hits: HitReport<'a>,
    path: PathBuf,
}

impl<'a> Page<'a> {
    fn new(path: &Path, screener: &'a Screener, checkpoint: &mut Checkpoint) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::new(ErrorKind::IsFolder).with_path(path));
        }
        let out = Sink::part(path, checkpoint)?;
        let spool = spool(path);
        let collected = Box::new(checkpoint.file(&spool)?);
        let hits = HitReport::spooled(screener, MAX_HITS, collected, checkpoint.part(&spool)?)?;
        Ok(Page { out, hits, path: path.into() })
    }
}

pub struct Outputs<'a> {
    format: Format,
    safe: bool,
    hits: Sink,
    verdicts: Option<Sink>,
    rejects: Option<Sink>,
    report: Option<Page<'a>>,
    accepted: Option<&'a Acceptances>,
    trail: Option<PaymentTrail>,
    label: String,
    /// Subjects of the messages before: a row is the number of a subject in the run.
    subjects: u64,
}

impl<'a> Outputs<'a> {
    /// Begins the files, or goes on with those of an unfinished run.
    pub fn new(
        args: &Payments,
        screener: &'a Screener,
        accepted: Option<&'a Acceptances>,
        checkpoint: &mut Checkpoint,
        unfinished: Option<&Unfinished>,
    ) -> Result<Self> {
        let mut open =
            |path: &Option<PathBuf>| path.as_deref().map(|p| Sink::part(p, checkpoint)).transpose();
        // The hits are begun first and get their name last, behind the audit trail that is begun last.
        let hits = match args.output.as_ref().filter(|p| p.as_os_str() != "-") {
            Some(_) => open(&args.output)?.map_or_else(|| Sink::new(None), Ok)?,
            None => Sink::new(None)?,
        };
        let (verdicts, rejects) = (open(&args.verdicts)?, open(&args.rejects)?);
        let report = args.report.as_deref().map(|p| Page::new(p, screener, checkpoint)).transpose()?;
        let trail = PaymentTrail::begin(args, checkpoint, unfinished)?;
        let mut outputs = Outputs {
            format: args.format,
            safe: args.spreadsheet_safe == SpreadsheetSafe::Always,
            hits,
            verdicts,
            rejects,
            report,
            accepted,
            trail,
            label: args.files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", "),
            subjects: 0,
        };
        if unfinished.is_none() {
            outputs.begin()?;
        }
        Ok(outputs)
    }

    /// Writes the headers.
    fn begin(&mut self) -> Result<()> {
        if self.format == Format::Csv {
            header(&mut self.hits, PLACE_COLUMNS.into_iter().chain(HIT_COLUMNS).chain(ID_COLUMNS))?;
        }
        if let Some(sink) = &mut self.verdicts {
            header(sink, VERDICT_COLUMNS)?;
        }
        if let Some(sink) = &mut self.rejects {
            header(sink, ["file", "message", "byte", "reason"])?;
        }
        Ok(())
    }

    /// Sets how many subjects the messages before have.
    pub fn set_subjects(&mut self, subjects: u64) {
        self.subjects = subjects;
    }

    /// Passes on all that is buffered. Returns the state of the audit trail and the counts of its records.
    pub fn flush(&mut self) -> Result<Option<(TrailState, RowCounts)>> {
        self.hits.flush()?;
        for sink in [&mut self.verdicts, &mut self.rejects].into_iter().flatten() {
            sink.flush()?;
        }
        if let Some(page) = &mut self.report {
            page.hits.flush().map_err(|e| e.with_path(&page.path))?;
        }
        self.trail.as_mut().map(PaymentTrail::flush).transpose()
    }

    /// Writes the record of a message to the audit trail.
    pub fn record(&mut self, record: Option<Record>) -> Result<()> {
        match (&mut self.trail, record) {
            (Some(trail), Some(record)) => trail.write(record),
            _ => Ok(()),
        }
    }

    /// Writes the hits of a message, and what could not be read of it.
    pub fn write(&mut self, file: &str, item: &Item, answer: &Answer) -> Result<()> {
        for (finding, accepted) in answer.screened.findings.iter().zip(&answer.accepted) {
            if let (Some(Page { hits: report, .. }), Cause::Hit(hit)) = (&mut self.report, &finding.cause) {
                let accepted = describe(self.accepted, *accepted);
                let row = self.subjects + finding.subject as u64 + 1;
                add_to_report(report, (file, row), item, finding, hit, accepted.as_deref())?;
            }
            if accepted.is_none() {
                self.hit(file, item, finding)?;
            }
        }
        let number = item.message.number;
        for problem in &item.message.problems {
            match &mut self.rejects {
                Some(sink) => {
                    let cells = [number.to_string(), problem.byte.to_string(), problem.reason.clone()];
                    let cells = std::iter::once(Cow::Borrowed(file)).chain(cells.into_iter().map(Cow::Owned));
                    csv_line(sink, self.safe, cells)?;
                }
                None => sayln!("unreadable: {}: message {number}, {problem}", interdict::text::shown(file)),
            }
        }
        self.subjects += item.message.subjects.len() as u64;
        Ok(())
    }

    fn hit(&mut self, file: &str, item: &Item, finding: &Finding) -> Result<()> {
        let subject = &item.message.subjects[finding.subject];
        let mut line = HitLine::default();
        line.row = self.subjects + finding.subject as u64 + 1;
        line.query = finding.query.as_str().into();
        match &finding.cause {
            Cause::Hit(hit) => line.hit = HitRecord::new(hit, None),
            Cause::Embargo(found) => {
                line.hit.score = 1.0;
                line.hit.list = "embargo".into();
                line.hit.entity_id = found.embargoed.as_str().into();
                line.hit.entity_name = found.name().into();
                line.hit.matched_name = found.text.as_str().into();
                line.hit.matched_by = found.found_in.into();
                line.hit.group = Some("".into());
            }
            _ => return Err(Error::internal("a finding of an unknown kind")),
        }
        let span = place(finding, item);
        let number = item.message.number.to_string();
        let place = [file, &number, &subject.role, &subject.path, &span];
        let transaction = item.message.transactions.get(subject.transaction).cloned().unwrap_or_default();
        let ids = item.message.ids();
        let or = |own: &'_ str, all: &'_ str| if own.is_empty() { all.to_string() } else { own.to_string() };
        let behind = [
            item.message.kind.to_string(),
            ids.message_id.to_string(),
            or(&transaction.end_to_end_id, &ids.end_to_end_id),
            or(&transaction.uetr, &ids.uetr),
            subject.kind.as_str().to_string(),
        ];
        match self.format {
            Format::Csv => {
                let cells = place.into_iter().map(Cow::Borrowed);
                let cells = cells.chain(line.cells().into_iter().map(|cell| cell.to_text()));
                csv_line(
                    &mut self.hits,
                    self.safe,
                    cells.chain(behind.iter().map(|id| Cow::Borrowed(id.as_str()))),
                )
            }
            Format::Jsonl => {
                let mut object = serde_json::Map::new();
                let texts = PLACE_COLUMNS.into_iter().zip(place);
                object.extend(texts.map(|(key, text)| (key.to_string(), text.into())));
                object.insert("message".into(), item.message.number.into());
                if let Ok(serde_json::Value::Object(hit)) = serde_json::to_value(&line) {
                    object.extend(hit);
                }
                object.extend(ID_COLUMNS.iter().map(|c| c.to_string()).zip(behind.map(Into::into)));
                let mut text = serde_json::to_vec(&object).map_err(|e| Error::internal(e.to_string()))?;
                text.push(b'\n');
                self.hits.write(&text)
            }
        }
    }

    /// Writes the verdict of a message.
    pub fn verdict(&mut self, line: &VerdictLine) -> Result<()> {
        let Some(sink) = &mut self.verdicts else { return Ok(()) };
        let numbers = [line.subjects, line.hits, line.problems].map(|n| n.to_string());
        let [id, end_to_end, uetr] = &line.ids;
        let number = line.message.to_string();
        let texts = [&line.file, &number, &line.kind, id, end_to_end, uetr];
        let cells = texts.into_iter().map(|text| Cow::Borrowed(text.as_str()));
        let cells =
            cells.chain([Cow::Borrowed(line.verdict.as_str())]).chain(numbers.into_iter().map(Cow::Owned));
        csv_line(sink, self.safe, cells)
    }

    /// Writes the ends of all files. The state of the audit trail and the counts of its records are those before its end.
    pub fn finish(
        mut self,
        counts: &Counts,
        notices: &[(String, Vec<String>)],
        start: Instant,
    ) -> Result<Option<(TrailState, RowCounts)>> {
        let state = self.flush()?;
        if let Some(page) = self.report {
            let about = about(&self.label, counts, notices, start);
            let mut out = page.out;
            let text = page.hits.finish(Vec::new(), &about).map_err(|e| e.with_path(&page.path))?;
            out.write(&text)?;
            out.finish()?;
        }
        self.trail.map_or(Ok(()), PaymentTrail::close)?;
        self.hits.finish()?;
        self.verdicts.map_or(Ok(()), Sink::finish)?;
        self.rejects.map_or(Ok(()), Sink::finish)?;
        Ok(state)
    }
}

/// The description of the run on the page.
fn about(label: &str, counts: &Counts, notices: &[(String, Vec<String>)], start: Instant) -> About {
    let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
    let counted = [
        ("messages read", counts.messages),
        ("pass", counts.pass),
        ("hold", counts.hold),
        ("unreadable", counts.unreadable),
        ("subjects", counts.subjects),
        ("hits", counts.hits),
        ("embargoed countries and places, in the hits' file", counts.embargoed),
        ("accepted hits", counts.accepted),
    ];
    About {
        input: label.to_string(),
        when: now.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        counts: counted.map(|(label, n)| (label.to_string(), n)).into(),
        configuration: vec![("elapsed".into(), format!("{:.2} s", start.elapsed().as_secs_f64()))],
        notices: notices.to_vec(),
        hits: counts.hits + counts.accepted,
        show_accepted: false,
    }
}

fn describe(accepted: Option<&Acceptances>, number: Option<u32>) -> Option<String> {
    number.map(|n| accepted.map_or(String::from("accepted"), |a| a.describe(n)))
}

/// The bytes of the file in which the subject, or the name within a text, stands: `17-35`, from the first to the one behind the
/// last.
fn place(finding: &Finding, item: &Item) -> String {
    let span = item.message.subjects[finding.subject].span.clone();
    // A text that was decoded or put together has other bytes than the message.
    let is_as_written = finding.query.len() as u64 == span.end - span.start;
    let span = match &finding.cause {
        Cause::Hit(hit) if is_as_written => hit.query_part.as_ref().map_or(span.clone(), |part| {
            span.start + part.span.start as u64..span.start + part.span.end as u64
        }),
        _ => span,
    };
    format!("{}-{}", span.start, span.end)
}

fn add_to_report(
    report: &mut HitReport<'_>,
    (file, row): (&str, u64),
    item: &Item,
    finding: &Finding,
    hit: &interdict::Hit,
    accepted: Option<&str>,
) -> Result<()> {
    let message = &item.message;
    let subject = &message.subjects[finding.subject];
    let is_screened = |q: &Query| q.name == finding.query && q.free_text == finding.free_text;
    let Some(query) = subject.queries().find(is_screened) else { return Ok(()) };
    let ids = message.ids();
    let number = message.number.to_string();
    let span = place(finding, item);
    let marked = marked(message, finding.subject, hit);
    let mut row = ReportRow::new(row, &query);
    row.columns = vec![
        ("file", file),
        ("message", &number),
        ("kind", &message.kind),
        ("message id", &ids.message_id),
        ("UETR", &ids.uetr),
        ("role", &subject.role),
        ("path", &subject.path),
        ("bytes", &span),
        ("the message", &marked),
    ];
    report.add(&row, hit, accepted)
}

/// The subjects of the message beside the one with the hit, and this one with the hit between marks.
fn marked(message: &Message<'_>, of_hit: usize, hit: &interdict::Hit) -> String {
    let transaction = message.subjects[of_hit].transaction;
    // Of a message with many transactions, that of the hit and what stands before all of them.
    let is_near = |s: &Subject<'_>| s.transaction == transaction || s.transaction == 0;
    let near: Vec<usize> = (0..message.subjects.len()).filter(|at| is_near(&message.subjects[*at])).collect();
    let own = near.iter().position(|at| *at == of_hit).unwrap_or(0);
    let shown = own.saturating_sub(MAX_SHOWN / 2)..near.len().min(own + MAX_SHOWN / 2);
    let mut lines = Vec::new();
    if shown.start > 0 {
        lines.push(format!("… {} more", shown.start));
    }
    for at in &near[shown.clone()] {
        let subject = &message.subjects[*at];
        let content = content(subject);
        let content = if *at == of_hit { with_marks(&content, hit) } else { content };
        lines.push(format!("{}: {content}", subject.role));
    }
    if shown.end < near.len() {
        lines.push(format!("… {} more", near.len() - shown.end));
    }
    lines.join("\n")
}

/// The name or text of a subject; without one its numbers.
fn content(subject: &Subject<'_>) -> String {
    let address = subject.address.iter().map(|part| &part.text);
    let texts = std::iter::once(&subject.name).chain(address).chain(&subject.countries);
    let numbers = subject.identifiers.iter().map(|id| &id.value);
    let all: Vec<&str> = texts.chain(numbers).map(|t| &**t).filter(|t| !t.is_empty()).collect();
    all.join(", ")
}

/// A text with what the hit is about between marks: the words within a text, or all of it.
fn with_marks(content: &str, hit: &interdict::Hit) -> String {
    let part = hit.query_part.as_ref().map(|part| part.text.as_str()).filter(|text| !text.is_empty());
    match part.and_then(|text| content.split_once(text).map(|(before, behind)| (before, text, behind))) {
        Some((before, text, behind)) => format!("{before}⟦{text}⟧{behind}"),
        None => format!("⟦{content}⟧"),
    }
}
