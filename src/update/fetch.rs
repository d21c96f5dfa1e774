//! Fetching one file: asked for only if it changed, with timeouts, retries and a limit of its size.

use super::Settings;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

/// The longest that a server may ask to wait before the next attempt.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The first wait between attempts; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// What a server gave to recognise a version of a file by.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Marks {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
}

/// What came of asking for a file.
#[derive(Debug)]
pub(super) enum Fetched {
    /// It has changed, and is written.
    New(Marks),
    /// It is what it was.
    NotModified,
}

/// Why an attempt failed.
struct Failure {
    reason: String,
    /// Another attempt may do better, after this time if the server tells one.
    again: Option<Option<Duration>>,
}

impl Failure {
    fn lasting(reason: impl Into<String>) -> Self {
        Failure { reason: reason.into(), again: None }
    }

    fn passing(reason: impl Into<String>) -> Self {
        Failure { reason: reason.into(), again: Some(None) }
    }
}

/// Fetches `address` into the file `to` unless the server says that it still has `known`; the error is a sentence
/// for people.
pub(super) fn fetch(
    settings: &Settings,
    address: &str,
    known: Option<&Marks>,
    to: &Path,
) -> Result<Fetched, String> {
    let agent = agent(settings, address)?;
    let mut wait = FIRST_WAIT;
    let mut attempt = 0;
    loop {
        let failure = match attempt_once(settings, &agent, address, known, to) {
            Ok(fetched) => return Ok(fetched),
            Err(failure) => failure,
        };
        let Some(asked) = failure.again.filter(|_| attempt < settings.retries) else {
            let tried = if attempt > 0 { format!(" ({} attempts)", attempt + 1) } else { String::new() };
            return Err(format!("{address}: {}{tried}", failure.reason));
        };
        std::thread::sleep(asked.unwrap_or(wait).min(LONGEST_WAIT));
        wait *= 2;
        attempt += 1;
    }
}

fn agent(settings: &Settings, address: &str) -> Result<Agent, String> {
    let encrypted = address.starts_with("https://");
    let mut config = Agent::config_builder()
        // A redirect must not lead from an encrypted address to one that is not.
        .https_only(encrypted)
        .max_redirects(5)
        .http_status_as_error(false)
        .user_agent(concat!("interdict/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(settings.timeout))
        .timeout_connect(Some(settings.timeout))
        .timeout_recv_response(Some(settings.timeout))
        .timeout_per_read(Some(settings.timeout))
        .timeout_global(Some(settings.whole_timeout));
    if encrypted {
        config = config.tls_config(tls()?);
    }
    Ok(config.build().new_agent())
}

/// TLS with the certificates of authorities that this system trusts, so that a company's own ones work.
fn tls() -> Result<TlsConfig, String> {
    static TLS: OnceLock<Result<TlsConfig, String>> = OnceLock::new();
    TLS.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        if found.certs.is_empty() {
            let why = found.errors.first().map_or(String::new(), |e| format!(" ({e})"));
            return Err(format!(
                "this system has no certificates of authorities{why}; install them (ca-certificates) or name a file of them in SSL_CERT_FILE"
            ));
        }
        let certs: Vec<Certificate<'static>> =
            found.certs.iter().map(|c| Certificate::from_der(c).to_owned()).collect();
        Ok(TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&certs))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build())
    })
    .clone()
}

fn attempt_once(
    settings: &Settings,
    agent: &Agent,
    address: &str,
    known: Option<&Marks>,
    to: &Path,
) -> Result<Fetched, Failure> {
    let mut request = agent.get(address);
    if let Some(known) = known {
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(time) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, time);
        }
    }
    let response = request.call().map_err(|e| failure(&e))?;
    match response.status() {
        StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Fetched::NotModified),
        StatusCode::OK => {}
        status => {
            let reason = format!("the server answered {status}");
            let passing = status.is_server_error()
                || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
            let asked = text(&response, header::RETRY_AFTER).and_then(|t| t.parse().ok());
            return Err(Failure { reason, again: passing.then_some(asked.map(Duration::from_secs)) });
        }
    }
    let marks =
        Marks { etag: text(&response, header::ETAG), last_modified: text(&response, header::LAST_MODIFIED) };
    save(settings, response.into_body(), to)?;
    Ok(Fetched::New(marks))
}

fn text(response: &Response<Body>, name: header::HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_string)
}

/// Writes a body to a file, checking its length against the limit and against what the server said.
fn save(settings: &Settings, body: Body, to: &Path) -> Result<(), Failure> {
    let told = body.content_length();
    let too_large = || Failure::lasting(format!("larger than the limit of {} bytes", settings.max_bytes));
    if told.is_some_and(|n| n > settings.max_bytes) {
        return Err(too_large());
    }
    let disk = |e: io::Error| Failure::lasting(format!("{}: {e}", to.display()));
    let mut file = BufWriter::with_capacity(1 << 20, File::create(to).map_err(disk)?);
    let mut body = body.into_with_config().limit(u64::MAX).reader();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0u64;
    loop {
        let read = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => {
                let of = told.map_or(String::new(), |n| format!(" of {n}"));
                return Err(Failure::passing(format!("cut off after {length}{of} bytes: {e}")));
            }
        };
        length += read as u64;
        if length > settings.max_bytes {
            return Err(too_large());
        }
        file.write_all(&buffer[..read]).map_err(disk)?;
    }
    if let Some(told) = told.filter(|n| *n != length) {
        return Err(Failure::passing(format!("{length} bytes where the server said {told}")));
    }
    let file = file.into_inner().map_err(|e| disk(e.into_error()))?;
    file.sync_all().map_err(disk)
}

fn failure(e: &ureq::Error) -> Failure {
    use ureq::Error as E;
    match e {
        E::Timeout(_) | E::Io(_) | E::HostNotFound | E::ConnectionFailed | E::Protocol(_) => {
            Failure::passing(e.to_string())
        }
        E::RequireHttpsOnly(to) => {
            Failure::lasting(format!("redirected to an address without encryption: {to}"))
        }
        _ => Failure::lasting(e.to_string()),
    }
}

/// The time of a `Last-Modified`, in seconds since 1970.
pub(super) fn seconds(last_modified: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(last_modified).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    #[test]
    fn http_dates() {
        assert_eq!(super::seconds("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60));
        assert!(
            super::seconds("Tue, 24 Nov 2026 10:00:00 GMT") > super::seconds("Mon, 23 Nov 2026 23:00:00 GMT")
        );
        assert_eq!(super::seconds("yesterday"), None);
    }
}
