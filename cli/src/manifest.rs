//! `--manifest FILE`: the lists of the last run, which must all be there again.
//!
//! A list that is taken away leaves nothing that could be read wrongly: the run finds less and looks like any other. The
//! manifest is what is missed. It is written when the lists are read and whole, before anything is screened.

use interdict::list::ListVersion;
use interdict::{Error, ErrorKind, Result, WholeFile};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// The layout of the file.
const VERSION: u64 = 1;

/// Compares the lists with those of the last run, and writes them down for the next one. A list of `accepted` may be gone;
/// it stays in the manifest.
pub fn check_and_write(path: &Path, lists: &[ListVersion], accepted: &[String]) -> Result<()> {
    let known = read(path)?;
    let name = |entry: &Value| entry["name"].as_str().unwrap_or_default().to_string();
    let is_there = |entry: &Value| lists.iter().any(|list| entry["name"] == list.name);
    let (accepted, gone): (Vec<Value>, Vec<Value>) =
        known.into_iter().filter(|entry| !is_there(entry)).partition(|e| accepted.contains(&name(e)));
    if !gone.is_empty() {
        let problem = |entry: &Value| {
            let entities = entry["entities"].as_u64().unwrap_or_default();
            let name = name(entry);
            format!("list {name} ({entities} entities) was there in the last run, says {}", path.display())
        };
        return Err(Error::new(ErrorKind::IncompleteLists { problems: gone.iter().map(problem).collect() }));
    }
    for entry in &accepted {
        sayln!("notice: list {} of the last run is gone, as --allow-incomplete accepts", name(entry));
    }
    let entry = |list: &ListVersion| {
        json!({
            "name": list.name, "layout": list.layout.to_string(), "sha256": list.sha256,
            "published": list.published.map(|date| date.to_string()), "entities": list.entities,
        })
    };
    let lists: Vec<Value> = lists.iter().map(entry).chain(accepted).collect();
    let mut file = WholeFile::create(path)?;
    serde_json::to_writer_pretty(&mut file, &json!({ "manifest": VERSION, "lists": lists }))
        .map_err(std::io::Error::from)?;
    writeln!(file)?;
    file.finish()
}

/// The lists of the last run; none if there is no file yet.
fn read(path: &Path) -> Result<Vec<Value>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::from(e).with_path(path)),
    };
    let lists = serde_json::from_slice::<Value>(&bytes).ok().filter(|file| file["manifest"] == VERSION);
    let lists = lists.and_then(|mut file| match file["lists"].take() {
        Value::Array(lists) if lists.iter().all(|entry| entry["name"].is_string()) => Some(lists),
        _ => None,
    });
    lists.ok_or_else(|| {
        let what = "this is no manifest of lists; it is left as it is, and nothing is screened";
        Error::malformed(what).with_path(path)
    })
}
