//! A small client: what it sends is what the test wrote.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The word of the error.
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_string()
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection(pub BufReader<TcpStream>);

impl Connection {
    pub fn open(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection(BufReader::new(stream))
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    pub fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.send(&message("POST", path, headers, body));
        self.receive().unwrap()
    }

    /// Reads an answer; none if the connection was closed.
    pub fn receive(&mut self) -> Option<Answer> {
        let mut head = String::new();
        loop {
            let before = head.len();
            if self.0.read_line(&mut head).ok()? == 0 {
                return None;
            }
            if head[before..].trim_end().is_empty() {
                break;
            }
        }
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Answer { status, head: head.replace('\r', ""), body: Vec::new() };
        if answer.header("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk() {
                answer.body.extend(chunk);
            }
        } else {
            let length = answer.header("content-length").map_or(0, |n| n.parse().unwrap());
            answer.body.resize(length, 0);
            self.0.read_exact(&mut answer.body).ok()?;
        }
        Some(answer)
    }

    /// The next chunk of a body; none at its end.
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim(), 16).ok()?;
        let mut chunk = vec![0; length + 2];
        self.0.read_exact(&mut chunk).ok()?;
        chunk.truncate(length);
        Some(chunk).filter(|chunk| !chunk.is_empty())
    }
}

pub fn message(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn get(address: SocketAddr, path: &str) -> Answer {
    get_with(address, path, "")
}

pub fn get_with(address: SocketAddr, path: &str, headers: &str) -> Answer {
    let mut connection = Connection::open(address);
    connection.send(&message("GET", path, headers, b""));
    connection.receive().unwrap()
}

pub fn post(address: SocketAddr, path: &str, body: impl AsRef<[u8]>) -> Answer {
    Connection::open(address).post(path, "Content-Type: application/json\r\n", body.as_ref())
}

pub fn stream(address: SocketAddr, path: &str, body: impl AsRef<[u8]>) -> Answer {
    Connection::open(address).post(path, "Content-Type: application/x-ndjson\r\n", body.as_ref())
}
