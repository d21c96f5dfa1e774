//! A service on a port of its own with lists of its own, and a client that sends what it is told to.

#![allow(dead_code)]

use interdict_server::{AppState, Server, Settings, Sources};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Two lists that have a person and a ship in common.
pub const US: &str = "\
id,name,schema,aliases,former_names,birth_date,country,gender,program,listed_on,passport,imo,address
11,Ivan PETROV,Person,Иван Петров;Vanya PETROV,,1965-04-21,ru,male,RUSSIA-EO14024,2022-03-01,751234567,,Moscow
12,LADY ROSALIND,Vessel,,OLD ROSE,1999,ir,,IRAN,,,9253325,
13,Volga Star Shipping,Company,,,,ru,,RUSSIA-EO14024,,,,
14,Volga Star,Vessel,,,,ru,,,,,,
a/b 15,Odd Id Trading,Company,,,,,,P,,,,
16,Petra Ivanova,Person,,,1980-01-02,bg,female,P,,,,
";
pub const UK: &str = "\
id,name,schema,birth_date,passport,imo,program,listed_on
A1,Petrov Ivan Sergeevich,Person,1965-04-21,751234567,,Russia regime,2022-04-05
A2,Lady Rosalind,Vessel,,,IMO 9253325,,
A3,Nikolai Sokolov,Person,1971,,,,
";

/// A running service.
pub struct Service {
    pub address: SocketAddr,
    pub state: AppState,
    pub folder: TempDir,
}

/// An answer.
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

impl Service {
    /// A service with the lists above.
    pub fn start() -> Service {
        Service::with(|_| ())
    }

    /// The same with other settings.
    pub fn with(change: impl FnOnce(&mut Settings)) -> Service {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str, text: &str| -> PathBuf {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let paths = vec![path("us-list.csv", US), path("uk.csv", UK)];
        let mut settings = Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            sources: Sources::Lists { paths, allow_incomplete: Vec::new() },
            ..Settings::default()
        };
        change(&mut settings);
        let server = Server::new(settings).unwrap();
        let state = server.state().clone();
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || server.run(|address| send.send(address).unwrap()));
        let address = receive.recv_timeout(Duration::from_secs(30)).unwrap();
        let service = Service { address, state, folder };
        let until = Instant::now() + Duration::from_secs(30);
        while service.get("/readyz").status != 200 {
            assert!(Instant::now() < until, "the service is not ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        service
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    pub fn post_form(&self, path: &str, name: &str, value: &Value) -> Reply {
        let body: String = form_encoded(&value.to_string());
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        self.send("POST", path, &[form], format!("{name}={body}").as_bytes())
    }

    /// Sends a request as it is, and reads the answer to its end.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_string(), value.trim().to_string()))
            .collect();
        let reply = Reply { status, headers, body: String::new() };
        let body = if reply.header("transfer-encoding").is_some() { joined(body) } else { body.to_string() };
        Reply { body, ..reply }
    }
}

/// The text of a chunked body.
fn joined(mut chunks: &str) -> String {
    let mut text = String::new();
    while let Some((length, rest)) = chunks.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        text.push_str(&rest[..length]);
        chunks = rest[length..].trim_start_matches("\r\n");
        if length == 0 {
            break;
        }
    }
    text
}

pub fn form_encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
