//! What a service is started with.

use interdict::Config;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Everything a service is started with. The default serves the starter list on 127.0.0.1:8100.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// What is screened against.
    pub sources: Sources,
    /// The configuration of the screener; read again with every reload if it is a file.
    pub config: ConfigSource,
    /// A file of API keys: see [`crate::keys`].
    pub keys: Option<PathBuf>,
    /// Certificates; without them it speaks plain HTTP.
    pub tls: Option<TlsFiles>,
    /// The folder of the audit trail.
    pub audit: Option<PathBuf>,
    /// The greatest age of a list in days. Beyond it the service answers 503.
    pub max_age: Option<i64>,
    /// How often the files of the lists are looked at for changes.
    pub watch: Option<Duration>,
    /// The folder in which the last good index is kept, so that the service starts when a source is gone.
    pub state: Option<PathBuf>,
    /// Limits of requests.
    pub limits: Limits,
    /// Whether names of parties may stand in logs.
    pub log_names: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 8100)),
            sources: Sources::Starter,
            config: ConfigSource::default(),
            keys: None,
            tls: None,
            audit: None,
            max_age: None,
            watch: None,
            state: None,
            limits: Limits::default(),
            log_names: false,
        }
    }
}

/// What is screened against.
#[derive(Clone, Debug, Default)]
pub enum Sources {
    /// The starter list, which is for trying only.
    #[default]
    Starter,
    /// Lists: files and folders.
    Lists {
        /// The files and folders.
        paths: Vec<PathBuf>,
        /// Lists that may be incomplete, as [`interdict::list::read_complete`] takes them.
        allow_incomplete: Vec<String>,
    },
    /// An index file.
    Index(PathBuf),
}

/// Where the configuration comes from.
#[derive(Clone, Debug, Default)]
pub struct ConfigSource {
    /// A file as `interdict config` prints it.
    pub file: Option<PathBuf>,
    /// A threshold that takes precedence over the file.
    pub threshold: Option<f32>,
    /// A limit of parties that takes precedence over the file.
    pub limit: Option<usize>,
}

impl ConfigSource {
    /// The configuration in force.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no configuration.
    pub fn read(&self) -> interdict::Result<Config> {
        let config = self.file.as_ref().map_or_else(|| Ok(Config::default()), Config::read)?;
        Ok(config.with_threshold(self.threshold).with_limit(self.limit))
    }
}

/// Files for TLS, in PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, with those that signed it.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authority that clients' certificates must be signed by; without it clients need none.
    pub client_ca: Option<PathBuf>,
}

/// Limits of requests. What goes beyond one is refused with a status and a reason, never cut.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a body that is read whole, and of a line of NDJSON: 413 beyond.
    pub body: usize,
    /// Parties of a body that is read whole: 422 beyond.
    pub parties: usize,
    /// Time for a request that is not streamed, and for each read of a stream: 408 and 503 beyond.
    pub deadline: Duration,
    /// Connections at a time: 503 beyond.
    pub connections: usize,
    /// Larger requests that may wait for a place on the pool: 429 beyond.
    pub queue: usize,
    /// Time for requests that are under way when the service is stopped.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 8 << 20,
            parties: 10_000,
            deadline: Duration::from_secs(10),
            connections: 4096,
            queue: 64,
            grace: Duration::from_secs(30),
        }
    }
}
