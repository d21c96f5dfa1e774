//! Fetching one file, only if it has changed, with timeouts, retries and a limit on its size.

use super::Settings;
use super::address::{GuardedResolver, MAX_REDIRECTS, Scope, check_literal, redirected};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

/// The longest wait before the next attempt, whatever the server asks for.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// The first wait between attempts. Each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The cache validators of HTTP (RFC 9110, section 8.8): by these a server recognises a version of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct CacheValidators {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
}

/// The result of a request.
#[derive(Debug)]
pub(super) enum Fetched {
    /// The file has changed, and is written.
    New(CacheValidators),
    /// The file has not changed.
    NotModified,
}

/// Why an attempt failed.
struct Failure {
    reason: String,
    retry: Retry,
}

/// Whether another attempt may succeed.
enum Retry {
    Never,
    /// After the usual wait.
    Later,
    /// After the wait that the server asks for.
    After(Duration),
}

impl Failure {
    fn permanent(reason: impl Into<String>) -> Self {
        Failure { reason: reason.into(), retry: Retry::Never }
    }

    fn transient(reason: impl Into<String>) -> Self {
        Failure { reason: reason.into(), retry: Retry::Later }
    }
}

/// The longest head of a response in bytes.
const MAX_HEAD: usize = 64 << 10;

/// Fetches `address` into the file `to`, unless the server still has the version `known`. `hosts` are those to which the
/// address may redirect besides its own.
///
/// # Errors
///
/// The reason, as a sentence for people.
pub(super) fn fetch(
    settings: &Settings,
    address: &str,
    hosts: &[String],
    known: Option<&CacheValidators>,
    to: &Path,
) -> Result<Fetched, String> {
    let source: Uri = address.parse().map_err(|e| format!("{address}: no address: {e}"))?;
    let request = Request { settings, source, hosts };
    let mut wait = FIRST_WAIT;
    let mut attempt = 0;
    loop {
        let failure = match request.attempt(known, to) {
            Ok(fetched) => return Ok(fetched),
            Err(failure) => failure,
        };
        let pause = match failure.retry {
            Retry::Later if attempt < settings.retries => wait,
            Retry::After(asked) if attempt < settings.retries => asked,
            _ => {
                let attempts =
                    if attempt > 0 { format!(" ({} attempts)", attempt + 1) } else { String::new() };
                return Err(format!("{address}: {}{attempts}", failure.reason));
            }
        };
        std::thread::sleep(pause.min(MAX_WAIT));
        wait *= 2;
        attempt += 1;
    }
}

fn agent(settings: &Settings, encrypted: bool, resolver: GuardedResolver) -> Result<Agent, String> {
    let mut config = Agent::config_builder()
        .https_only(encrypted)
        // Redirects are followed here, where they are checked.
        .max_redirects(0)
        .max_response_header_size(MAX_HEAD)
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
    Ok(Agent::with_parts(config.build(), DefaultConnector::default(), resolver))
}

/// TLS with the certificate authorities that this system trusts, among which a company may have its own.
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

/// A file that is fetched.
struct Request<'a> {
    settings: &'a Settings,
    /// Its address as configured.
    source: Uri,
    hosts: &'a [String],
}

impl Request<'_> {
    fn attempt(&self, known: Option<&CacheValidators>, to: &Path) -> Result<Fetched, Failure> {
        let response = self.follow(known)?;
        match response.status() {
            StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Fetched::NotModified),
            StatusCode::OK => {}
            status => {
                let reason = format!("the server answered {status}");
                let is_transient = status.is_server_error()
                    || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
                let asked = text(&response, header::RETRY_AFTER).and_then(|t| t.parse().ok());
                let retry = match asked.map(Duration::from_secs) {
                    _ if !is_transient => Retry::Never,
                    Some(asked) => Retry::After(asked),
                    None => Retry::Later,
                };
                return Err(Failure { reason, retry });
            }
        }
        let validators = CacheValidators {
            etag: text(&response, header::ETAG),
            last_modified: text(&response, header::LAST_MODIFIED),
        };
        save(self.settings, response.into_body(), to)?;
        Ok(Fetched::New(validators))
    }

    /// The response to a request, behind the redirects that are allowed.
    fn follow(&self, known: Option<&CacheValidators>) -> Result<Response<Body>, Failure> {
        let mut address = self.source.clone();
        let mut allowed: Option<Vec<Scope>> = None;
        for _ in 0..=MAX_REDIRECTS {
            let resolver = GuardedResolver::new(address.host().unwrap_or_default(), allowed.clone());
            let encrypted = address.scheme_str() == Some("https");
            let agent = agent(self.settings, encrypted, resolver.clone()).map_err(Failure::permanent)?;
            let mut request = agent.get(address.clone());
            if let Some(etag) = known.and_then(|k| k.etag.as_ref()) {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            if let Some(time) = known.and_then(|k| k.last_modified.as_ref()) {
                request = request.header(header::IF_MODIFIED_SINCE, time);
            }
            let response = request.call().map_err(|e| failure(&e))?;
            // 304 is no redirect, and has no address.
            let location = match response.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => text(&response, header::LOCATION),
                _ => None,
            };
            let Some(location) = location else { return Ok(response) };
            address =
                redirected(&self.source, self.hosts, &address, &location).map_err(Failure::permanent)?;
            // What the source's own host is reached by, a redirect may be reached by too.
            let allowed = allowed.get_or_insert_with(|| resolver.seen());
            check_literal(address.host().unwrap_or_default(), allowed).map_err(Failure::permanent)?;
        }
        Err(Failure::permanent(format!("more than {MAX_REDIRECTS} redirects")))
    }
}

fn text(response: &Response<Body>, name: header::HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_string)
}

/// Writes a body to a file, checking its length against the limit and against the length that the server
/// declared.
fn save(settings: &Settings, body: Body, to: &Path) -> Result<(), Failure> {
    let declared = body.content_length();
    let too_large = || Failure::permanent(format!("larger than the limit of {} bytes", settings.max_bytes));
    if declared.is_some_and(|n| n > settings.max_bytes) {
        return Err(too_large());
    }
    let disk_failure = |e: io::Error| Failure::permanent(format!("{}: {e}", to.display()));
    let mut file = BufWriter::with_capacity(1 << 20, File::create(to).map_err(disk_failure)?);
    let mut body = body.into_with_config().limit(u64::MAX).reader();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0u64;
    loop {
        let read = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => {
                let of = declared.map_or(String::new(), |n| format!(" of {n}"));
                return Err(Failure::transient(format!("cut off after {length}{of} bytes: {e}")));
            }
        };
        length += read as u64;
        if length > settings.max_bytes {
            return Err(too_large());
        }
        file.write_all(&buffer[..read]).map_err(disk_failure)?;
    }
    if let Some(declared) = declared.filter(|n| *n != length) {
        return Err(Failure::transient(format!("{length} bytes where the server said {declared}")));
    }
    let file = file.into_inner().map_err(|e| disk_failure(e.into_error()))?;
    file.sync_all().map_err(disk_failure)
}

fn failure(e: &ureq::Error) -> Failure {
    use ureq::Error as E;
    match e {
        E::Timeout(_) | E::Io(_) | E::HostNotFound | E::ConnectionFailed | E::Protocol(_) => {
            Failure::transient(e.to_string())
        }
        E::Other(e) => Failure::permanent(e.to_string()),
        _ => Failure::permanent(e.to_string()),
    }
}

/// The time of a `Last-Modified`, in seconds since 1970.
pub(super) fn seconds(last_modified: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(last_modified).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    #[test]
    fn http_dates_are_read() {
        assert_eq!(super::seconds("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60));
        assert!(
            super::seconds("Tue, 24 Nov 2026 10:00:00 GMT") > super::seconds("Mon, 23 Nov 2026 23:00:00 GMT")
        );
        assert_eq!(super::seconds("yesterday"), None);
    }
}
