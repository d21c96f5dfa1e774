//! Parties as NDJSON, streamed both ways in bounded memory.
//!
//! One line in is one line out, in the same order; a line that cannot be screened is answered by its error, and the others
//! go on. The last line is `{"end": …}` with the counts: an answer without it was cut off. Blank lines are passed over, and
//! counted as lines.
//!
//! What has come is screened as soon as nothing more waits, so that a client may also talk line by line. Lines that come
//! faster are gathered into slices, which go to the pool: while one is screened, the next is read, and a client that
//! does not read its answers stops the reading.

use crate::access::RequestId;
use crate::answer::Counts;
use crate::error::{ApiError, ErrorDetail};
use crate::party::Subject;
use crate::screen::{Manner, Screened, Tally, add_index, log_names, screen};
use crate::state::{AppState, Snapshot};
use crate::work::{INLINE_BYTES, Patience, SLICE, with_scratch};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, StreamExt, stream};
use http_body_util::BodyExt;
use interdict::audit::Record;
use jiff::Timestamp;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use utoipa::ToSchema;

/// Bytes of lines that are screened together.
const GATHER: usize = 128 << 10;
/// Slices of one stream that are under way: one is screened while the next is read.
const UNDER_WAY: usize = 2;

/// The last line of a stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamEnd<'a> {
    /// What stands there instead of a party.
    pub end: EndDetail<'a>,
}

/// What the last line of a stream says.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndDetail<'a> {
    /// The id of the request.
    pub request: &'a str,
    /// SHA-256 of the index.
    pub index: &'a str,
    /// SHA-256 of the configuration in force for this request.
    pub config: &'a str,
    /// The lists that were screened against.
    #[schema(value_type = Vec<crate::state::ListStatus>)]
    pub lists: &'a RawValue,
    /// What must be known of this answer.
    #[schema(value_type = Vec<String>)]
    pub notices: &'a RawValue,
    /// Lines that were read, the blank ones included.
    pub lines: u64,
    /// What became of the parties.
    pub counts: Counts,
    /// Why the stream ends before its time: the body broke off or came too slowly, or the audit trail cannot be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Box<ErrorDetail>>,
}

/// Whole lines, or a line that is too long.
#[derive(Debug)]
struct Gathered {
    /// Whole lines, the last one of the body perhaps without its line feed.
    text: Bytes,
    /// Number of the first line.
    first: u64,
    /// The number of lines.
    lines: u64,
    /// Set if it stands for a line that was too long: its error.
    too_long: Option<Box<ErrorDetail>>,
}

/// Reads a body by lines.
struct Lines {
    body: Body,
    buffer: BytesMut,
    /// Lines that were passed on.
    lines: u64,
    most: usize,
    patience: Duration,
    /// Whether the rest of a line that was too long is passed over.
    skipping: bool,
    ended: bool,
}

impl Lines {
    /// The next lines; none at the end of the body.
    async fn next(&mut self) -> Result<Option<Gathered>, ApiError> {
        loop {
            let whole = memchr::memrchr(b'\n', &self.buffer).map(|at| at + 1);
            if let Some(end) = whole.filter(|end| self.ended || *end >= GATHER) {
                return Ok(Some(self.take(end)));
            }
            if self.ended {
                let rest = self.buffer.len();
                return Ok((rest > 0).then(|| self.take(rest)));
            }
            let frame = match (whole, self.body.frame().now_or_never()) {
                (_, Some(frame)) => frame,
                // Nothing more waits: what there is, is screened.
                (Some(end), None) => return Ok(Some(self.take(end))),
                (None, None) => {
                    timeout(self.patience, self.body.frame()).await.map_err(|_| crate::body::slow())?
                }
            };
            if let Some(too_long) = self.add(frame)? {
                return Ok(Some(too_long));
            }
        }
    }

    /// Adds a frame to the buffer; the error of a line that is too long takes the line's place.
    fn add(
        &mut self,
        frame: Option<Result<http_body::Frame<Bytes>, axum::Error>>,
    ) -> Result<Option<Gathered>, ApiError> {
        let Some(frame) = frame else {
            self.ended = true;
            self.skipping = false;
            return Ok(None);
        };
        let frame =
            frame.map_err(|e| ApiError::bad_request("broken_body", format!("the body breaks off: {e}")))?;
        let Ok(mut data) = frame.into_data() else { return Ok(None) };
        if self.skipping {
            let Some(end) = memchr::memchr(b'\n', &data) else { return Ok(None) };
            data = data.slice(end + 1..);
            self.skipping = false;
        }
        self.buffer.extend_from_slice(&data);
        // Only a line without its end can grow beyond the limit.
        let begin = memchr::memrchr(b'\n', &self.buffer).map_or(0, |at| at + 1);
        if self.buffer.len() - begin <= self.most || begin > 0 {
            return Ok(None);
        }
        self.buffer.clear();
        self.skipping = true;
        let first = self.lines + 1;
        self.lines = first;
        let message = format!("the line is longer than {} bytes", self.most);
        let error = ErrorDetail { code: "line_too_long".into(), message, ..ErrorDetail::default() };
        Ok(Some(Gathered { text: Bytes::new(), first, lines: 1, too_long: Some(Box::new(error)) }))
    }

    /// Takes lines from the buffer.
    fn take(&mut self, end: usize) -> Gathered {
        let text = self.buffer.split_to(end).freeze();
        let first = self.lines + 1;
        let lines = memchr::memchr_iter(b'\n', &text).count() as u64 + u64::from(!text.ends_with(b"\n"));
        self.lines += lines;
        Gathered { text, first, lines, too_long: None }
    }
}

/// What became of a slice of lines.
#[derive(Default)]
struct Answered {
    text: Vec<u8>,
    counts: Counts,
    tally: Tally,
    records: Vec<Record>,
}

impl Answered {
    /// The answers of both, in their order.
    fn join(mut self, other: Answered) -> Answered {
        self.text.extend_from_slice(&other.text);
        self.counts.add(&other.counts);
        self.tally.join(other.tally);
        self.records.extend(other.records);
        self
    }
}

/// What all slices of a stream share.
struct Shared {
    state: AppState,
    snapshot: Arc<Snapshot>,
    manner: Manner,
    request: RequestId,
    start: Instant,
}

impl Shared {
    /// Screens lines, on this thread or on the pool.
    async fn answer(self: Arc<Self>, gathered: Gathered) -> Result<Answered, ApiError> {
        if gathered.text.len() <= INLINE_BYTES {
            return Ok(self.answer_lines(gathered));
        }
        let pool = self.state.clone();
        pool.pool().run(Patience::Wait, move || self.answer_lines(gathered)).await
    }

    fn answer_lines(&self, gathered: Gathered) -> Answered {
        if let Some(error) = gathered.too_long {
            return self.answer_slice(std::iter::once(Screened::unreadable(gathered.first, error)));
        }
        let at = gathered.first;
        let lines: Vec<(u64, &[u8])> = (at..).zip(gathered.text.split(|b| *b == b'\n')).collect();
        let screened = |(line, text): &(u64, &[u8])| match text.trim_ascii() {
            [] => None,
            text => Some(match Subject::parse(text) {
                Ok(subject) => with_scratch(|scratch| screen(subject, *line, &self.manner, scratch)),
                Err(error) => Screened::unreadable(*line, error),
            }),
        };
        let slice = |lines: &[(u64, &[u8])]| self.answer_slice(lines.iter().filter_map(screened));
        if lines.len() <= SLICE {
            return slice(&lines);
        }
        lines.par_chunks(SLICE).map(slice).reduce(Answered::default, Answered::join)
    }

    fn answer_slice(&self, screened: impl Iterator<Item = Screened>) -> Answered {
        let mut answered = Answered::default();
        let at = self.state.audit().map(|_| Timestamp::now().to_string());
        for mut party in screened {
            let line = party.place;
            if let Err(error) = &mut party.answers {
                error.line = Some(line);
            }
            answered.tally.add(&party);
            log_names(&self.state, &party, &self.request);
            if let Some(at) = &at {
                answered.records.push(party.record(&self.manner, &self.request.0, at));
            }
            let mut answer = party.answer(&self.manner, &mut answered.counts);
            answer.line = Some(line);
            // Plain data can be written to memory.
            let _ = serde_json::to_writer(&mut answered.text, &answer);
            answered.text.push(b'\n');
        }
        answered
    }

    /// Counts a slice, writes its records, and returns its lines.
    fn account(&self, answered: Answered, counts: &mut Counts) -> Result<Bytes, ApiError> {
        answered.tally.publish(&self.state, self.start);
        if let Some(audit) = self.state.audit() {
            audit.write(&self.snapshot, &self.manner.config, answered.records)?;
        }
        counts.add(&answered.counts);
        Ok(answered.text.into())
    }

    fn end(&self, lines: u64, counts: Counts, error: Option<ApiError>) -> Bytes {
        let end = StreamEnd {
            end: EndDetail {
                request: &self.request.0,
                index: &self.snapshot.index,
                config: &self.manner.config_sha256(&self.snapshot),
                lists: &self.snapshot.lists_json,
                notices: &self.snapshot.notices_json,
                lines,
                counts,
                error: error.map(|e| e.detail),
            },
        };
        let mut text = serde_json::to_vec(&end).unwrap_or_default();
        text.push(b'\n');
        text.into()
    }
}

/// The answer to a stream. The lists are those of its beginning, whatever is reloaded meanwhile.
pub(crate) fn answer(
    state: AppState,
    snapshot: Arc<Snapshot>,
    manner: Manner,
    request: RequestId,
    body: Body,
) -> Response {
    let limits = &state.settings().limits;
    let lines = Lines {
        body,
        buffer: BytesMut::new(),
        lines: 0,
        most: limits.body,
        patience: limits.deadline,
        skipping: false,
        ended: false,
    };
    let shared = Arc::new(Shared { state, snapshot, manner, request, start: Instant::now() });
    let mut response = Body::from_stream(answers(lines, Arc::clone(&shared))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    add_index(&mut response, &shared.snapshot);
    response
}

/// The lines of the answer.
fn answers(
    lines: Lines,
    shared: Arc<Shared>,
) -> impl futures_util::Stream<Item = Result<Bytes, std::convert::Infallible>> + Send {
    // Either lines with their number so far, or the error that ends the stream.
    let read = stream::unfold(Some(lines), |lines| async move {
        let mut lines = lines?;
        match lines.next().await {
            Ok(Some(gathered)) => Some((Ok(gathered), Some(lines))),
            Ok(None) => None,
            Err(e) => Some((Err(e), None)),
        }
    });
    let screening = Arc::clone(&shared);
    let screened = read.map(move |gathered| {
        let shared = Arc::clone(&screening);
        async move {
            let gathered = gathered?;
            let last = gathered.first + gathered.lines - 1;
            Ok((last, shared.answer(gathered).await?))
        }
    });
    let state = (Box::pin(screened.buffered(UNDER_WAY)), Counts::default(), 0u64, false);
    stream::unfold(state, move |(mut screened, mut counts, mut lines, ended)| {
        let shared = Arc::clone(&shared);
        async move {
            if ended {
                return None;
            }
            let text = match screened.next().await {
                None => Err(None),
                Some(Err(e)) => Err(Some(e)),
                Some(Ok((last, answered))) => {
                    lines = last;
                    shared.account(answered, &mut counts).map_err(Some)
                }
            };
            let ended = text.is_err();
            let text = text.unwrap_or_else(|error| shared.end(lines, counts, error));
            Some((Ok(text), (screened, counts, lines, ended)))
        }
    })
}
