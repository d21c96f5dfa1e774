//! Screening over HTTP.
//!
//! ```no_run
//! use interdict_server::{Server, Settings};
//!
//! # fn main() -> interdict::Result<()> {
//! // The starter list on 127.0.0.1:8100, until SIGTERM or SIGINT.
//! Server::new(Settings::default())?.run(|address| eprintln!("listening on {address}"))
//! # }
//! ```
//!
//! | module | content |
//! |---|---|
//! | [`settings`] | what a service is started with |
//! | [`state`] | [`AppState`] and [`Snapshot`]: what requests share, and the lists that one request sees |
//! | [`sources`], [`reload`] | reading lists, seeing that they changed, exchanging them |
//! | [`access`], [`keys`], [`error`] | what every request passes through: id, keys, log, errors |
//! | [`party`], [`screen`], [`stream`], [`explain`], [`answer`] | the interface `/v1`: parties in, hits out |
//! | [`payments`] | payment messages in, verdicts out |
//! | [`lists`] | lists, entities, state of the service |
//! | [`work`] | where a request is screened: at once, or on the pool |
//! | [`audit`], [`metrics`] | the audit trail; counts and times |
//! | [`listen`] | connections, TLS, the end of the service |
//! | [`docs`], [`page`] | the interface in OpenAPI; the pages for people |
//! | [`parties`] | which entries of lists are one party, and the ids that clients ask by |
//! | [`yente`], [`watchman`] | the interfaces of other services, for their clients |
//!
//! Cost and limits are in `docs/service.md`.

#![deny(missing_docs)]
#![deny(unsafe_code)]

pub mod access;
pub mod answer;
pub mod audit;
pub mod body;
pub mod directory;
pub mod docs;
pub mod error;
pub mod explain;
pub mod keys;
pub mod listen;
pub mod lists;
pub mod log;
pub mod metrics;
pub mod page;
pub mod parties;
pub mod party;
pub mod payments;
pub mod reload;
pub mod screen;
pub mod settings;
pub mod sources;
pub mod state;
pub mod stream;
pub mod watchman;
pub mod work;
pub mod yente;

pub use error::ApiError;
pub use settings::{ConfigSource, Limits, Settings, Sources, TlsFiles};
pub use state::{AppState, Snapshot};

use audit::AuditLog;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use interdict::{Error, Result};
use keys::Keys;
use reload::{ReloadState, Trigger};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A service that is not yet started.
#[derive(Debug)]
pub struct Server {
    state: AppState,
}

impl Server {
    /// Reads keys and opens the audit trail. Lists are read when it runs.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the address is not of this machine alone and there are neither keys nor certificates
    /// of clients.
    pub fn new(settings: Settings) -> Result<Server> {
        let has_client_ca = settings.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some());
        if !settings.listen.ip().is_loopback() && settings.keys.is_none() && !has_client_ca {
            let address = settings.listen;
            return Err(Error::invalid_option(
                "--listen",
                format!(
                    "--listen {address}: anybody who reaches this address could screen and reload; give --keys FILE \
                     (interdict serve --new-key NAME makes a key), or --tls-client-ca FILE, or listen on 127.0.0.1"
                ),
            ));
        }
        settings.config.read()?;
        let keys = settings.keys.as_deref().map(Keys::read).transpose()?;
        let audit = settings.audit.as_deref().map(AuditLog::open).transpose()?;
        Ok(Server { state: AppState::new(settings, keys, audit) })
    }

    /// What requests share.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// All routes, for a test or for a server of the caller's own. Lists must be [loaded](AppState::reload).
    pub fn router(&self) -> Router {
        router(&self.state)
    }

    /// Listens, reads the lists, and serves until SIGTERM or SIGINT. `on_listen` is called with the address as soon as
    /// connections are accepted; lists are read after that.
    ///
    /// # Errors
    ///
    /// The address is taken, a certificate cannot be read, or the lists cannot be read at the start and no last good
    /// index takes their place.
    pub fn run(self, on_listen: impl FnOnce(SocketAddr)) -> Result<()> {
        raise_file_limit();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let result = runtime.block_on(self.serve(on_listen, signalled()));
        // A reload that still reads lists is not waited for.
        runtime.shutdown_background();
        result
    }

    /// As [`Server::run`], on the caller's runtime, until `stop` is ready.
    ///
    /// # Errors
    ///
    /// As [`Server::run`].
    pub async fn serve(
        self,
        on_listen: impl FnOnce(SocketAddr),
        stop: impl Future<Output = ()>,
    ) -> Result<()> {
        let state = self.state;
        let settings = state.settings();
        let tls: Option<TlsAcceptor> = settings.tls.as_ref().map(listen::tls).transpose()?;
        let address = settings.listen;
        let fail = |e: std::io::Error| Error::from(std::io::Error::new(e.kind(), format!("{address}: {e}")));
        let listener = TcpListener::bind(address).await.map_err(fail)?;
        on_listen(listener.local_addr().map_err(fail)?);
        let (failed, has_failed) = tokio::sync::oneshot::channel();
        tokio::spawn(start(state.clone(), failed));
        let mut failure = None;
        let stop = async {
            tokio::select! {
                () = stop => (),
                Ok(reason) = has_failed => failure = Some(reason),
            }
        };
        listen::serve(listener, tls, router(&state), state.clone(), stop).await;
        if let Some(audit) = state.audit() {
            audit.close()?;
        }
        match failure {
            None => Ok(()),
            Some(reason) => Err(Error::malformed(reason)),
        }
    }
}

/// Lets this process open as many files as it may: each connection is one.
#[cfg(target_os = "linux")]
fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
}

#[cfg(not(target_os = "linux"))]
fn raise_file_limit() {}

/// Reads the lists, then watches them.
async fn start(state: AppState, failed: tokio::sync::oneshot::Sender<String>) {
    // Before anything is read: until then the signal would end the process.
    tokio::spawn(reload_on_signal(state.clone()));
    let stamp = state.stamp().await;
    let status = state.reload(Trigger::Startup).await;
    if let Ok(status) = status
        && status.state == ReloadState::Failed
    {
        let _ = failed.send(status.error.unwrap_or_default());
        return;
    }
    state.watch(stamp).await;
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => (),
        _ = int.recv() => (),
    }
}

#[cfg(not(unix))]
async fn signalled() {
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(unix)]
async fn reload_on_signal(state: AppState) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    while hangup.recv().await.is_some() {
        if state.reload(Trigger::Signal).await.is_err() {
            tracing::warn!("another reload goes on; the signal is passed over");
        }
    }
}

#[cfg(not(unix))]
async fn reload_on_signal(_: AppState) {}

/// All routes.
fn router(state: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(lists::healthz))
        .route("/readyz", get(lists::readyz))
        .route("/metrics", get(lists::metrics))
        .route("/openapi.json", get(docs::get))
        .route("/v1/screen", post(screen::post))
        .route("/v1/payments", post(payments::post))
        .route("/v1/explain", get(explain::get))
        .route("/v1/lists", get(lists::lists))
        .route("/v1/entities/{list}/{id}", get(lists::entity))
        .route("/v1/reload", post(lists::reload))
        .merge(page::router())
        // The interfaces of other services: their routes are in these modules alone.
        .merge(yente::router())
        .merge(watchman::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn_with_state(state.clone(), access::layer))
        .with_state(state.clone())
}

async fn not_found() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "no_such_route",
        "there is nothing under this path; see /openapi.json",
    )
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this path has another method; see /openapi.json",
    )
}

/// The answer to a request whose handler panicked.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let message = "this is an error of the program; please report it with the request";
    let error = ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message);
    axum::response::IntoResponse::into_response(error)
}
