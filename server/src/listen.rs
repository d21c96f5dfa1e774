//! Connections: accepted, encrypted, bounded in number and time, and brought to an end.

use crate::settings::{Limits, TlsFiles};
use crate::state::AppState;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use interdict::{Error, Result};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// What a connection beyond the limit is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 76\r\n\
    Retry-After: 1\r\nConnection: close\r\n\r\n{\"error\":{\"code\":\"too_many_connections\",\"message\":\"try again in a second\"}}\n";
/// Time for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Reads the files for TLS.
///
/// # Errors
///
/// They cannot be read, are not PEM, or do not go together.
pub fn tls(files: &TlsFiles) -> Result<TlsAcceptor> {
    let certificates = certificates(&files.cert)?;
    let wrong = |path: &Path, e: String| Error::malformed(e).with_path(path);
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| wrong(&files.key, e.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::internal(e.to_string()))?;
    let builder = match &files.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for certificate in self::certificates(path)? {
                roots.add(certificate).map_err(|e| wrong(path, e.to_string()))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().map_err(|e| wrong(path, e.to_string()))?)
        }
    };
    let mut config =
        builder.with_single_cert(certificates, key).map_err(|e| wrong(&files.key, e.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = |e: rustls_pki_types::pem::Error| Error::malformed(e.to_string()).with_path(path);
    let read: std::result::Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).map_err(wrong)?.collect();
    let read = read.map_err(wrong)?;
    if read.is_empty() {
        return Err(Error::malformed("there is no certificate in it").with_path(path));
    }
    Ok(read)
}

/// Serves connections until `stop` is ready, then lets requests under way end, for as long as the limits grant.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    state: AppState,
    stop: impl Future<Output = ()>,
) {
    let limits = state.settings().limits.clone();
    let server = builder(&limits);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    tokio::pin!(stop);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(e) => {
                    accept_failed(&e).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            refuse(stream, tls.is_some());
            state.metrics().rejected("too_many_connections", 1);
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (tls, router, server, state) = (tls.clone(), router.clone(), server.clone(), state.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            state.metrics().connections.fetch_add(1, Relaxed);
            match tls {
                None => connection(stream, router, &server, watcher).await,
                Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                    Ok(Ok(stream)) => connection(stream, router, &server, watcher).await,
                    Ok(Err(e)) => tracing::debug!(reason = %e, "handshake failed"),
                    Err(_) => tracing::debug!("handshake took too long"),
                },
            }
            state.metrics().connections.fetch_sub(1, Relaxed);
            drop(place);
        });
    }
    drop(listener);
    let open = state.metrics().connections.load(Relaxed);
    tracing::info!(connections = open, "stopping: requests under way are finished");
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were under way for too long and are broken off");
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut server = Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        // A client that opens a connection and sends half a head does not hold it.
        .header_read_timeout(limits.deadline.max(Duration::from_secs(1)))
        // No `pipeline_flush`: it buffers an answer without bound while its client still sends.
        .max_buf_size(64 << 10);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    server
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    router: Router,
    server: &Builder<TokioExecutor>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let request: Request = request.map(axum::body::Body::new);
        // A router is always ready.
        router.clone().call(request)
    });
    let connection = server.serve_connection(TokioIo::new(stream), service);
    if let Err(e) = watcher.watch(connection.into_owned()).await {
        tracing::debug!(reason = %e, "connection ended");
    }
}

/// Tells a connection beyond the limit so, and closes it. A client that expects TLS is only closed.
fn refuse(mut stream: TcpStream, is_tls: bool) {
    if is_tls {
        return;
    }
    tokio::spawn(async move {
        let tell = async {
            let _ = stream.write_all(FULL).await;
            let _ = stream.shutdown().await;
            // What the client has sent is read, or the close would take the answer from it.
            let mut rest = [0; 1024];
            for _ in 0..16 {
                match tokio::io::AsyncReadExt::read(&mut stream, &mut rest).await {
                    Ok(n) if n > 0 => (),
                    _ => break,
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(1), tell).await;
    });
}

/// Waits after an error of `accept` that will not pass at once: no file descriptors, no memory.
async fn accept_failed(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(reason = %error, "a connection cannot be accepted");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
