//! The running service, over real connections on 127.0.0.1.

mod client;
mod operation;
mod payments;
mod reload;
mod same_hits;
mod screening;
mod slow;
mod texts;

use interdict_server::{Server, Settings, Sources};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A service in this process, stopped when it is dropped.
#[derive(Debug)]
pub struct Service {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<interdict::Result<()>>>,
}

impl Service {
    /// Starts a service on a free port, and waits until it can screen.
    pub fn start(settings: Settings) -> Service {
        let service = Service::begin(settings);
        let until = Instant::now() + Duration::from_secs(20);
        while client::get(service.address, "/readyz").status != 200 {
            assert!(Instant::now() < until, "not ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        service
    }

    /// Starts a service, and waits until it listens.
    pub fn begin(settings: Settings) -> Service {
        let (stop, stopped) = oneshot::channel();
        let (send, receive) = std::sync::mpsc::channel();
        let settings = Settings { listen: SocketAddr::from(([127, 0, 0, 1], 0)), ..settings };
        let server = Server::new(settings).unwrap();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let stop = async {
                let _ = stopped.await;
            };
            let result = runtime.block_on(server.serve(|address| send.send(address).unwrap(), stop));
            runtime.shutdown_background();
            result
        });
        let address = receive.recv_timeout(Duration::from_secs(10)).unwrap();
        Service { address, stop: Some(stop), thread: Some(thread) }
    }

    /// Asks the service to stop.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Waits for the end of the service.
    pub fn join(&mut self) -> interdict::Result<()> {
        self.thread.take().map_or(Ok(()), |thread| thread.join().unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
        let _ = self.join();
    }
}

/// Settings with one list of this text, in a folder.
pub fn with_list(folder: &Path, text: &str) -> Settings {
    let path = folder.join("own.csv");
    put(&path, text);
    Settings { sources: lists(&[path]), ..Settings::default() }
}

pub fn lists(paths: &[PathBuf]) -> Sources {
    Sources::Lists { paths: paths.to_vec(), allow_incomplete: Vec::new() }
}

/// Writes a file as programs should that exchange lists: beside, then renamed.
pub fn put(path: &Path, text: &str) {
    let part = path.with_extension("part");
    std::fs::write(&part, text).unwrap();
    std::fs::rename(&part, path).unwrap();
}

pub const LIST: &str = "id,schema,name,aliases,birth_date,country,passport\n\
    1,Person,PETROVSKY Anatoly Borisovich,Анатолий Петровский,1970-03-04,ru,75 1234567\n\
    2,Vessel,LADY ROSALIND,,,ir,\n\
    3,Company,Volga Star Shipping LLC,,,,\n";
