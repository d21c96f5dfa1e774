//! `interdict lists update` against a server on this machine that serves, redirects, stalls, cuts off and lies.

use assert_cmd::Command;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// The response of the server to a request.
#[derive(Clone)]
enum Page {
    /// A body with an ETag and a time. A request with this ETag is answered with 304.
    File {
        body: String,
        etag: &'static str,
        modified: &'static str,
    },
    /// A body without cache validators.
    Plain(String),
    Status(u16),
    /// This status so many times, then the body.
    Busy(u16, u32, String),
    Redirect(String),
    /// The head of the response, then nothing.
    Stall,
    /// Half of the body, then the end.
    CutOff(String),
    /// A declared length above that of the body.
    LongLength(String),
    /// A declared length below that of the body: the rest is not part of the response.
    ShortLength(String),
    /// A body without an end and without a length.
    Endless,
}

struct Server {
    address: String,
    pages: Arc<Mutex<HashMap<String, Page>>>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let pages: Arc<Mutex<HashMap<String, Page>>> = Arc::default();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (shared, seen) = (pages.clone(), log.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, log) = (shared.clone(), seen.clone());
                std::thread::spawn(move || serve(stream, &pages, &log));
            }
        });
        Server { address, pages, log }
    }

    fn set(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().insert(path.to_string(), page);
    }

    fn requests(&self) -> String {
        std::mem::take(&mut *self.log.lock().unwrap()).join("\n")
    }
}

/// Answers one request. A CONNECT, as a proxy receives it, is answered together with the request that follows.
fn serve(stream: TcpStream, pages: &Mutex<HashMap<String, Page>>, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut out = stream;
    let (mut path, mut head) = (String::new(), String::new());
    for _ in 0..2 {
        head.clear();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            head += &line;
        }
        log.lock().unwrap().push(head.clone());
        path = head.split(' ').nth(1).unwrap().to_string();
        if !head.starts_with("CONNECT") {
            break;
        }
        out.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
    }
    let path = path.split_once("//").map_or(path.clone(), |(_, p)| p[p.find('/').unwrap()..].to_string());
    let page = pages.lock().unwrap().get(&path).cloned().unwrap_or(Page::Status(404));
    let mut send = |text: String| {
        // The client may have closed the connection.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    };
    let status = |n: u16| format!("HTTP/1.1 {n} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    let with_length = |n: usize, body: &str| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {n}\r\nConnection: close\r\n\r\n{body}")
    };
    match page {
        Page::File { body, etag, modified } => {
            if head.contains(etag) {
                send(format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\nConnection: close\r\n\r\n"));
            } else {
                let validators = format!("ETag: {etag}\r\nLast-Modified: {modified}");
                let length = body.len();
                send(format!(
                    "HTTP/1.1 200 OK\r\n{validators}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                ));
            }
        }
        Page::Plain(body) => send(with_length(body.len(), &body)),
        Page::Status(n) => send(status(n)),
        Page::Busy(n, 0, body) => {
            let _ = n;
            send(with_length(body.len(), &body));
        }
        Page::Busy(n, times, body) => {
            pages.lock().unwrap().insert(path, Page::Busy(n, times - 1, body));
            send(status(n));
        }
        Page::Redirect(to) => send(format!(
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )),
        Page::Stall => {
            send(with_length(1000, "id,name\n1,A"));
            std::thread::sleep(Duration::from_secs(20));
        }
        Page::CutOff(body) => send(with_length(body.len(), &body[..body.len() / 2])),
        Page::LongLength(body) => send(with_length(body.len() + 100, &body)),
        Page::ShortLength(body) => send(with_length(body.len() / 2, &body)),
        Page::Endless => {
            send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".into());
            let block = "1234567,NAME\n".repeat(10_000);
            while out.write_all(block.as_bytes()).is_ok() {}
        }
    }
}

struct Setting {
    folder: TempDir,
    server: Server,
    sources: String,
}

impl Setting {
    /// Sources with one file each, at the path `/NAME`, and those of the text `more`.
    fn new(names: &[&str], more: &str) -> Setting {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::start());
        let mut text = more.replace("SERVER", &server.address);
        for name in names {
            let address = format!("http://{}/{name}", server.address);
            write!(text, "[[source]]\nname = '{name}'\ntitle = 't'\nlayout = 'generic CSV'\nlicence = 'l'\n")
                .unwrap();
            writeln!(text, "changes = 'c'\nfiles = [{{ name = '{name}.csv', address = '{address}' }}]")
                .unwrap();
        }
        let path = folder.path().join("sources.toml");
        fs::write(&path, text).unwrap();
        let sources = path.display().to_string();
        Setting { folder, server, sources }
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("lists")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("interdict").unwrap();
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        let dir = self.dir().display().to_string();
        command
            .args(["lists", "update", "--dir", &dir, "--sources", &self.sources, "--timeout", "1"])
            .args(args);
        command
    }

    /// The exit status, and the output with runs of blanks collapsed.
    fn update(&self, args: &[&str]) -> (i32, String) {
        let out = self.command(&[&["--retries", "0"], args].concat()).output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
        let lines = text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
        (out.status.code().unwrap(), lines.collect::<Vec<_>>().join("\n"))
    }
}

fn list(entities: usize) -> String {
    let mut csv = String::from("id,name\n");
    (0..entities).for_each(|i| writeln!(csv, "{i},Listed Party Number {i}").unwrap());
    csv
}

/// The files below a folder with their bytes, except for the lock.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if !entry.ends_with(".lock") {
            found.push((entry.clone(), fs::read(entry).unwrap()));
        }
    }
    found.sort();
    found
}

const MONDAY: &str = "Mon, 23 Nov 2026 10:00:00 GMT";
const TUESDAY: &str = "Tue, 24 Nov 2026 10:00:00 GMT";

fn file(body: String, etag: &'static str, modified: &'static str) -> Page {
    Page::File { body, etag, modified }
}

#[test]
fn a_list_is_fetched_kept_and_replaced() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", file(list(20), "\"v1\"", MONDAY));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("mine updated - 20"), "{out}");
    assert_eq!(fs::read_to_string(s.dir().join("mine/mine.csv")).unwrap(), list(20));
    assert!(!s.server.requests().to_lowercase().contains("if-none-match"));

    let (status, out) = s.update(&["mine"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("mine unchanged - 20"), "{out}");
    let requests = s.server.requests().to_lowercase();
    assert!(
        requests.contains("if-none-match: \"v1\"") && requests.contains("if-modified-since: mon, 23 nov"),
        "{requests}"
    );

    s.server.set("/mine", file(list(23), "\"v2\"", TUESDAY));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("mine updated - 20 -> 23"), "{out}");
    assert_eq!(fs::read_to_string(s.dir().join(".former/mine/mine.csv")).unwrap(), list(20));
    s.server.set("/mine", file(list(24), "\"v3\"", TUESDAY));
    assert_eq!(s.update(&[]).0, 0);
    assert_eq!(fs::read_to_string(s.dir().join(".former/mine/mine.csv")).unwrap(), list(23));

    // The folder can be read as a folder of lists: the hidden folders are not read.
    let run = |args: &[&str]| {
        let out = Command::cargo_bin("interdict").unwrap().args(args).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let dir = s.dir().display().to_string();
    let checked = run(&["lists", "check", &dir]);
    assert_eq!(checked.matches("  list ").count(), 1, "{checked}");
    let diff = run(&["lists", "diff", &format!("{dir}/.former/mine"), &format!("{dir}/mine")]);
    assert!(diff.contains("added 1, removed 0, changed 0, renumbered 0, unchanged 23"), "{diff}");

    // A file that was changed locally is fetched again without cache validators.
    fs::write(s.dir().join("mine/mine.csv"), list(3)).unwrap();
    s.server.requests();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("mine updated - 3 -> 24"), "{out}");
    assert!(!s.server.requests().to_lowercase().contains("if-none-match"));
}

#[test]
fn a_file_without_cache_validators_is_fetched_again() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Plain(list(5)));
    assert!(s.update(&[]).1.contains("mine updated - 5"));
    assert!(s.update(&[]).1.contains("mine unchanged - 5"));
    assert!(!s.dir().join(".former/mine").exists(), "the same bytes are no new version");
}

#[test]
fn whatever_goes_wrong_the_old_list_stays() {
    let page = "<!DOCTYPE html><html><body>We are down for maintenance</body></html>";
    let older = file(list(30), "\"v0\"", MONDAY);
    let names: [(&str, Page, &str, &str); 16] = [
        ("stall", Page::Stall, "failed", "timeout"),
        ("cut-off", Page::CutOff(list(30)), "failed", "cut off after"),
        ("long-length", Page::LongLength(list(30)), "failed", "cut off after"),
        ("short-length", Page::ShortLength(list(30)), "refused", "--allow-shrink"),
        ("endless", Page::Endless, "failed", "larger than the limit of 1048576 bytes"),
        ("web-page", Page::Plain(page.into()), "refused", "no list in a known layout"),
        ("empty", Page::Plain(String::new()), "refused", "empty"),
        ("header-alone", Page::Plain("id,name\n".into()), "refused", "holds no entity"),
        ("other-table", Page::Plain("a;b\n1;2\n".into()), "refused", "no list"),
        (
            "rejects",
            Page::Plain(list(30) + &"a,b,c\n".repeat(9)),
            "refused",
            "9 of 39 records cannot be read",
        ),
        ("shrunk", Page::Plain(list(17)), "refused", "17 entities where there were 20"),
        ("older", older, "refused", "before the one that is there"),
        ("gone", Page::Status(404), "failed", "404"),
        ("broken", Page::Status(500), "failed", "500"),
        ("loop", Page::Redirect("/loop".into()), "failed", "redirect"),
        ("elsewhere", Page::Redirect("http://127.0.0.1:1/x".into()), "failed", "refused"),
    ];
    let s = Setting::new(&names.each_ref().map(|(name, ..)| *name), "");
    for (name, ..) in &names {
        s.server.set(&format!("/{name}"), file(list(20), "\"v1\"", TUESDAY));
    }
    let (status, out) = s.update(&[]);
    assert_eq!((status, out.matches("updated").count()), (0, names.len()), "{out}");
    let before = files(&s.dir());
    for (name, page, ..) in &names {
        s.server.set(&format!("/{name}"), page.clone());
    }
    let (status, out) = s.update(&["--max-size", "1"]);
    assert_eq!(status, 1, "{out}");
    for (name, _, word, reason) in &names {
        let line = out.lines().find(|l| l.starts_with(&format!("{name} {word}")));
        assert!(line.is_some_and(|l| l.contains(reason)), "{name} {word} {reason}\n{out}");
    }
    assert_eq!(files(&s.dir()), before, "nothing changed and nothing is left over");

    // A list that shrank is accepted on request.
    let (status, out) = s.update(&["shrunk", "--allow-shrink"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("shrunk updated - 20 -> 17"), "{out}");
}

#[test]
fn a_list_published_earlier_is_refused() {
    let xml = |day: &str| {
        format!(
            "<?xml version=\"1.0\"?><CONSOLIDATED_LIST dateGenerated=\"{day}T00:00:00.000Z\"><INDIVIDUALS><INDIVIDUAL>\
             <DATAID>1</DATAID><FIRST_NAME>JOHN</FIRST_NAME><SECOND_NAME>DOE</SECOND_NAME><REFERENCE_NUMBER>QDi.1\
             </REFERENCE_NUMBER></INDIVIDUAL></INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>"
        )
    };
    let s = Setting::new(&["un"], "");
    s.server.set("/un", Page::Plain(xml("2026-11-20")));
    assert!(s.update(&[]).1.contains("un updated 2026-11-20 1"));
    s.server.set("/un", Page::Plain(xml("2026-11-19")));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1);
    assert!(out.contains("un refused 2026-11-20 -> 2026-11-19 1 published 2026-11-19, before"), "{out}");
    s.server.set("/un", Page::Plain(list(5)));
    assert!(s.update(&[]).1.contains("the layout is GenericCsv and was UnXml"));
    s.server.set("/un", Page::Plain(xml("2026-11-21")));
    assert!(s.update(&[]).1.contains("un updated 2026-11-20 -> 2026-11-21"));
}

const PARTS: &str = "[[source]]\nname = 'ofac'\ntitle = 't'\nlayout = 'OFAC delimited'\nlicence = 'l'\nunencrypted = true\nchanges = 'c'\n\
    files = [\n  { name = 'sdn.csv', address = 'http://SERVER/sdn' },\n  { name = 'alt.csv', address = 'http://SERVER/alt' },\n]\n";

#[test]
fn the_parts_of_a_list_are_replaced_together_or_not_at_all() {
    let sdn = |n: usize| -> String {
        let null = ",-0- ".repeat(8);
        (0..n).map(|i| format!("{},\"PARTY {i}\",-0- ,\"CUBA\"{null}\r\n", i + 1)).collect::<String>()
            + "\x1a"
    };
    let alt = "1,9,\"aka\",\"OTHER NAME\",-0- \r\n\x1a".to_string();
    let s = Setting::new(&[], PARTS);
    s.server.set("/sdn", file(sdn(10), "\"s1\"", MONDAY));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("ofac failed") && !s.dir().join("ofac").exists(), "{out}");
    s.server.set("/alt", file(alt.clone(), "\"a1\"", MONDAY));
    assert!(s.update(&[]).1.contains("ofac updated - 10"));
    let before = files(&s.dir());

    s.server.set("/sdn", file(sdn(12), "\"s2\"", TUESDAY));
    s.server.set("/alt", Page::Status(503));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("ofac failed") && out.contains("503"), "{out}");
    assert_eq!(files(&s.dir()), before);

    // One file is new, the other unchanged.
    s.server.set("/alt", file(alt.clone(), "\"a1\"", MONDAY));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("ofac updated - 10 -> 12"), "{out}");
    assert_eq!(fs::read_to_string(s.dir().join("ofac/alt.csv")).unwrap(), alt);
    assert_eq!(fs::read_to_string(s.dir().join("ofac/sdn.csv")).unwrap(), sdn(12));
}

#[test]
fn transient_failures_are_tried_again() {
    let s = Setting::new(&["busy", "moved"], "");
    s.server.set("/busy", Page::Busy(503, 2, list(5)));
    s.server.set("/moved", Page::Redirect("/new-place".into()));
    s.server.set("/new-place", Page::Plain(list(6)));
    let start = std::time::Instant::now();
    let out = s.command(&["--retries", "2"]).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(out.status.code(), Some(0), "{text}");
    assert!(start.elapsed() >= Duration::from_millis(1500), "half a second, then a whole one");
    assert_eq!(s.server.requests().matches("GET /busy ").count(), 3);
    assert_eq!(fs::read_to_string(s.dir().join("moved/moved.csv")).unwrap(), list(6));
}

#[test]
fn an_interrupted_replacement_is_undone() {
    let s = Setting::new(&["mine"], "");
    for n in [20, 21] {
        s.server.set("/mine", Page::Plain(list(n)));
        assert_eq!(s.update(&[]).0, 0);
    }
    // The state after each rename of a replacement that was killed.
    let (now, former) = (s.dir().join("mine"), s.dir().join(".former/mine"));
    let before = s.dir().join(".former/.mine");
    fs::rename(&former, &before).unwrap();
    s.server.set("/mine", Page::Status(500));
    assert_eq!(s.update(&[]).0, 1);
    assert!(former.exists() && !before.exists());
    fs::rename(&former, &before).unwrap();
    fs::rename(&now, &former).unwrap();
    assert_eq!(s.update(&[]).0, 1);
    assert_eq!(fs::read_to_string(now.join("mine.csv")).unwrap(), list(21));
    assert_eq!(fs::read_to_string(former.join("mine.csv")).unwrap(), list(20));
}

#[test]
fn a_proxy_is_taken_from_the_environment() {
    let s = Setting::new(
        &[],
        &PARTS
            .replace("SERVER", "lists.invalid")
            .replace("  { name = 'alt.csv', address = 'http://lists.invalid/alt' },\n", ""),
    );
    s.server.set(
        "/sdn",
        Page::Plain("1,\"PARTY\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n".into()),
    );
    let proxy = format!("http://{}", s.server.address);
    let out =
        s.command(&["--retries", "0"]).env("HTTP_PROXY", &proxy).env("ALL_PROXY", &proxy).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert_eq!(out.status.code(), Some(0), "{text}");
    assert!(s.server.requests().contains("lists.invalid"));
}

#[test]
fn wrong_usage_and_wrong_places() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Plain(list(5)));
    let (status, out) = s.update(&["yours"]);
    assert_eq!(status, 2, "{out}");
    assert!(out.contains("no source 'yours'; there are mine"), "{out}");
    assert_eq!(s.update(&["--timeout", "0"]).0, 2);
    // No unencrypted request is sent to an encrypted address.
    let text = fs::read_to_string(&s.sources).unwrap();
    fs::write(&s.sources, text.replace("http://", "https://")).unwrap();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("mine failed"), "{out}");
    assert!(!s.server.requests().contains("GET"));
    fs::write(&s.sources, text.replace("licence", "license")).unwrap();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("sources.toml") && out.contains("license"), "{out}");
    fs::write(&s.sources, &text).unwrap();
    let folder = interdict::update::Folder::open(s.dir()).unwrap();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("another update is working on this folder"), "{out}");
    drop(folder);
    assert_eq!(s.update(&[]).0, 0);
}

/// The addresses of the tests are those of this machine; a redirect to another name of it is one to another host.
#[test]
fn a_redirect_goes_only_where_the_source_allows() {
    let other = Server::start();
    other.set("/list", Page::Plain(list(7)));
    let port = other.address.rsplit(':').next().unwrap().to_string();
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Redirect(format!("http://localhost:{port}/list")));
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("another host"), "{out}");
    assert_eq!(other.requests(), "", "nothing was sent there");
    assert!(!s.dir().join("mine").exists());

    let text = fs::read_to_string(&s.sources).unwrap();
    fs::write(&s.sources, text.replace("changes =", "hosts = ['localhost']\nchanges =")).unwrap();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 0, "{out}");
    assert_eq!(fs::read_to_string(s.dir().join("mine/mine.csv")).unwrap(), list(7));

    for location in
        ["http://169.254.169.254/latest", "http://10.0.0.1/x", "ftp://127.0.0.1/x", "file:///etc/passwd"]
    {
        s.server.set("/mine", Page::Redirect(location.into()));
        let (status, out) = s.update(&[]);
        assert_eq!(status, 1, "{location}: {out}");
        assert!(out.contains("redirected to"), "{location}: {out}");
    }
    // Allowed by name, an address of another kind than the source's own is refused before anything is sent to it.
    let allowed = "hosts = ['10.255.255.1', '169.254.169.254']\nchanges =";
    fs::write(&s.sources, text.replace("changes =", allowed)).unwrap();
    for host in ["10.255.255.1", "169.254.169.254"] {
        s.server.set("/mine", Page::Redirect(format!("http://{host}/x")));
        let (status, out) = s.update(&[]);
        assert_eq!(status, 1, "{host}: {out}");
        assert!(out.contains("which is not public"), "{host}: {out}");
    }
}

#[test]
fn an_unencrypted_source_elsewhere_must_say_so() {
    let s = Setting::new(&["mine"], "");
    let text = fs::read_to_string(&s.sources).unwrap();
    fs::write(&s.sources, text.replace(&s.server.address, "mirror.invalid")).unwrap();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("is not encrypted") && out.contains("unencrypted = true"), "{out}");
}

#[test]
fn a_list_in_another_layout_than_the_source_names_is_refused() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Plain("{\"name\": \"Ann Doe\"}\n".into()));
    let text = fs::read_to_string(&s.sources).unwrap();
    fs::write(&s.sources, text.replace("generic CSV", "GenericCsv")).unwrap();
    let (status, out) = s.update(&[]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("the layout is GenericJsonLines, and the source names GenericCsv"), "{out}");
    // Any other text is for people.
    fs::write(&s.sources, text).unwrap();
    assert_eq!(s.update(&[]).0, 0);
}

#[test]
fn a_list_that_tells_no_date_has_the_day_of_its_fetching() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Plain(list(5)));
    assert_eq!(s.update(&[]).0, 0);
    let check = |args: &[&str]| {
        let path = s.dir().join("mine/mine.csv").display().to_string();
        let out =
            Command::cargo_bin("interdict").unwrap().args(["lists", "check", &path]).args(args).output();
        let out = out.unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap())
    };
    let (status, out) = check(&["--max-age", "2d"]);
    assert_eq!(status, Some(0), "{out}");
    assert!(out.contains("0 days old"), "{out}");
    // A file that somebody put in its place was not fetched then.
    fs::write(s.dir().join("mine/mine.csv"), list(4)).unwrap();
    let (status, out) = check(&["--max-age", "2d"]);
    assert_eq!(status, Some(1), "{out}");
    assert!(out.contains("tells no date"), "{out}");
}

#[test]
fn a_state_that_is_being_written_names_no_source() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Plain(list(5)));
    assert_eq!(s.update(&[]).0, 0);
    let state = s.dir().join(".state");
    let whole = fs::read_dir(&state).unwrap().map(|e| e.unwrap().path()).next().unwrap();
    fs::copy(whole, state.join(".tmpAbc123")).unwrap();
    let loaded = interdict::list::read_complete(&[s.dir()], &[]).unwrap();
    assert_eq!(loaded.lists.len(), 1);
}

#[test]
fn a_run_during_updates_sees_a_whole_list() {
    let s = Setting::new(&["mine"], "");
    s.server.set("/mine", Page::Plain(list(100)));
    assert_eq!(s.update(&[]).0, 0);
    let (dir, done) = (s.dir(), std::sync::atomic::AtomicBool::new(false));
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let loaded = interdict::list::read_complete(&[&dir], &[]).unwrap_or_else(|e| panic!("{e}"));
                assert_eq!(loaded.lists.len(), 1);
                assert!((100..=120).contains(&loaded.lists[0].entities.len()));
                reads += 1;
            }
            reads
        });
        for i in 1..=20 {
            s.server.set("/mine", Page::Plain(list(100 + i)));
            let (status, out) = s.update(&[]);
            assert_eq!(status, 0, "{out}");
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(reader.join().unwrap() > 20);
    });
}
