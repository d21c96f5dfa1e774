//! `interdict serve`.

use crate::args::{LogFormat, Serve};
use crate::{DONE, terminal};
use interdict::{Error, Result};
use interdict_server::{ConfigSource, Limits, Server, Settings, Sources, TlsFiles, keys, log};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

pub fn run(args: Box<Serve>) -> Result<u8> {
    if let Some(name) = &args.new_key {
        return new_key(name);
    }
    log::start(args.log == LogFormat::Json, &args.log_level)
        .map_err(|e| Error::invalid_option("--log-level", format!("--log-level: {e}")))?;
    let settings = settings(*args);
    if matches!(settings.sources, Sources::Starter) {
        sayln!(
            "notice: no --list and no --index: serving the built-in starter list, which is for trying only; every answer says so"
        );
    }
    Server::new(settings)?.run(|address| sayln!("listening on {address}"))?;
    Ok(DONE)
}

fn settings(args: Serve) -> Settings {
    let sources = match (args.lists.index, args.lists.paths.is_empty()) {
        (Some(path), _) => Sources::Index(path),
        (None, true) => Sources::Starter,
        (None, false) => {
            Sources::Lists { paths: args.lists.paths, allow_incomplete: args.lists.allow_incomplete }
        }
    };
    let tls = args.tls_cert.zip(args.tls_key);
    Settings {
        listen: args.listen,
        sources,
        config: ConfigSource {
            file: args.config.config,
            threshold: args.config.threshold,
            limit: args.config.limit,
        },
        keys: args.keys,
        tls: tls.map(|(cert, key)| TlsFiles { cert, key, client_ca: args.tls_client_ca }),
        audit: args.audit,
        max_age: args.lists.max_age,
        watch: args.watch.map(Duration::from_secs_f64),
        state: args.state.or_else(state_folder),
        limits: Limits {
            body: args.max_body,
            parties: args.max_parties,
            connections: args.max_connections,
            deadline: Duration::from_secs_f64(args.deadline),
            grace: Duration::from_secs_f64(args.grace),
            ..Limits::default()
        },
        log_names: args.log_names,
    }
}

/// Where the system keeps the state of programs: the folder that systemd gives a service, or that of the user.
fn state_folder() -> Option<PathBuf> {
    let folder =
        |variable: &str| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    folder("STATE_DIRECTORY")
        .or_else(|| folder("XDG_STATE_HOME").map(|path| path.join("interdict")))
        .or_else(|| folder("HOME").map(|path| path.join(".local/state/interdict")))
}

/// Prints a new key, which is kept nowhere, and its entry for the file of keys.
fn new_key(name: &str) -> Result<u8> {
    let (key, entry) = keys::generate(name)?;
    let mut out = terminal::stdout();
    writeln!(out, "# The key, for the client; it is kept nowhere: {key}\n{entry}")?;
    Ok(DONE)
}
