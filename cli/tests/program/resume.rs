//! Runs that are ended in the middle: what is done is safe, and the rest follows.

use crate::support;

use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::{Folder, LIST, counterparties, program, run};

/// The output files of the runs of this test.
const OUTPUTS: [&str; 3] = ["hits.csv", "rejects.csv", "audit.jsonl"];

/// A run that writes all its files and can be resumed.
struct Job {
    folder: Folder,
    args: Vec<String>,
}

impl Job {
    fn new(rows: usize) -> Job {
        let folder = Folder::new();
        let index = folder.path("list.idx");
        assert_eq!(run(&["index", "build", "--list", LIST, "--output", &index]).0, 0);
        let input = folder.write("in.csv", counterparties(rows));
        let mut args =
            vec!["screen".to_string(), input, "--index".into(), index, "--carry".into(), "id".into()];
        for (option, file) in ["--output", "--rejects", "--audit"].iter().zip(OUTPUTS) {
            args.extend([option.to_string(), folder.path(file)]);
        }
        // Every chunk is made safe, so that a kill meets every stage of it.
        args.extend(["--checkpoint", "0", "--threads", "1", "--exhaustive"].map(String::from));
        Job { folder, args }
    }

    fn run(&self, more: &[&str]) -> (i32, String) {
        let args: Vec<&str> = self.args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let (status, out, err) = run(&args);
        assert_eq!(out, "");
        (status, err)
    }

    fn start(&self, more: &[&str]) -> Child {
        Command::new(program())
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .args(&self.args)
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn outputs(&self) -> Vec<Vec<u8>> {
        OUTPUTS.map(|name| self.folder.read(name)).into()
    }

    fn remove_outputs(&self) {
        for name in OUTPUTS {
            let _ = std::fs::remove_file(self.folder.path(name));
        }
    }

    fn assert_nothing_else_is_left(&self) {
        assert_eq!(self.folder.names(), ["audit.jsonl", "hits.csv", "in.csv", "list.idx", "rejects.csv"]);
    }

    /// Starts it and waits until something is safe.
    fn start_until_saved(&self) -> Child {
        let mut child = self.start(&[]);
        while !self.folder.has("hits.csv.progress") {
            assert!(child.try_wait().unwrap().is_none(), "ended before anything was safe");
            std::thread::sleep(Duration::from_millis(2));
        }
        child
    }
}

#[test]
fn killed_at_any_moment_and_resumed_it_writes_the_same() {
    let rows = std::env::var("INTERDICT_RESUME_ROWS").ok().and_then(|r| r.parse().ok()).unwrap_or(20_000);
    let job = Job::new(rows);
    let start = std::time::Instant::now();
    let (status, err) = job.run(&[]);
    assert_eq!(status, 4, "{err}");
    let whole = start.elapsed();
    let expected = job.outputs();
    job.assert_nothing_else_is_left();
    job.remove_outputs();
    let (mut kills, mut resumed, mut random) = (0, 0, 0x2545_f491_4f6c_dd1d_u64);
    while kills < 20 {
        let mut child = job.start(&["--resume"]);
        // Every other run is killed after its first checkpoint, however slow the machine is.
        while kills % 2 == 1 && !job.folder.has("hits.csv.progress") && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        // From none to a quarter of a run.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(whole.mul_f64((random >> 40) as f64 / (1u64 << 24) as f64 / 4.0));
        if child.try_wait().unwrap().is_some() {
            // It came to its end; from the beginning again.
            assert!(job.outputs() == expected, "after {kills} kills");
            job.remove_outputs();
            continue;
        }
        child.kill().unwrap();
        let out = child.wait_with_output().unwrap();
        kills += 1;
        resumed += u32::from(String::from_utf8_lossy(&out.stderr).contains("resuming behind row"));
        assert!(OUTPUTS.iter().all(|f| !job.folder.has(f)) || job.outputs() == expected);
    }
    assert!(resumed > 5, "{resumed} of {kills} runs had something to go on with");
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 4, "{err}");
    assert!(job.outputs() == expected, "after the last resumption");
    job.assert_nothing_else_is_left();
}

#[test]
fn an_interrupt_ends_cleanly_and_says_how_to_go_on() {
    let job = Job::new(20_000);
    job.run(&[]);
    let expected = job.outputs();
    job.remove_outputs();
    let child = job.start_until_saved();
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let out = child.wait_with_output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{err}");
    assert!(err.contains("interrupted when") && err.contains("--resume"), "{err}");
    assert!(!job.folder.has("hits.csv"));
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("resuming behind row"), "{err}");
    assert!(err.contains("rows read 20000, screened 19200, rejected 800"), "{err}");
    assert!(job.outputs() == expected);
    job.assert_nothing_else_is_left();
}

#[test]
fn it_refuses_to_resume_what_has_changed() {
    let job = Job::new(20_000);
    let mut child = job.start_until_saved();
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = job.folder.read("hits.csv.progress");
    let refused = |more: &[&str], word: &str| {
        let (status, err) = job.run(&[&["--resume"], more].concat());
        assert_eq!(status, 1, "{err}");
        assert!(err.contains("cannot resume") && err.contains(word), "{word}: {err}");
        assert_eq!(job.folder.read("hits.csv.progress"), journal, "what is safe stays");
    };
    refused(&["--threshold", "0.9"], "configuration: config.threshold.default was '0.85', is '0.9'");
    let input = job.folder.read("in.csv");
    let mut other = input.clone();
    *other.last_mut().unwrap() = b' ';
    job.folder.write("in.csv", other);
    refused(&[], "input: was");
    job.folder.write("in.csv", &input);
    let index = job.folder.read("list.idx");
    let list = std::fs::read_to_string(LIST).unwrap().replace("OCEAN LILY 3", "OCEAN LILY 4");
    let list = job.folder.write("list.csv", list);
    assert_eq!(run(&["index", "build", "--list", &list, "--output", &job.folder.path("list.idx")]).0, 0);
    refused(&[], "lists: list was");
    job.folder.write("list.idx", &index);
    let text = String::from_utf8(journal.clone()).unwrap();
    let older = text.replace("\"program\": \"interdict ", "\"program\": \"interdict 0.0.1-");
    job.folder.write("hits.csv.progress", older);
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("program: was interdict 0.0.1-"), "{err}");
    job.folder.write("hits.csv.progress", &journal);

    // A journal that claims more than was done.
    let mut claims: serde_json::Value = serde_json::from_slice(&journal).unwrap();
    claims["counts"]["rows"] = (claims["counts"]["rows"].as_u64().unwrap() + 1).into();
    job.folder.write("hits.csv.progress", claims.to_string());
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("the journal was changed"), "{err}");
    job.folder.write("hits.csv.progress", &journal);

    // A part that was changed, and one that has lost what was safe.
    let part = job.folder.read("audit.jsonl.part");
    let mut changed = part.clone();
    changed[9] ^= 1;
    job.folder.write("audit.jsonl.part", &changed);
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("the file was changed"), "{err}");
    job.folder.write("audit.jsonl.part", &part[..10]);
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("10 bytes are left"), "{err}");

    // Without --resume it begins anew, and says so.
    let (status, err) = job.run(&[]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("dropped, since --resume was not given"), "{err}");
    job.folder.write("list.csv", "");
    std::fs::remove_file(job.folder.path("list.csv")).unwrap();
    job.assert_nothing_else_is_left();
}

#[test]
fn resume_without_an_unfinished_run() {
    let job = Job::new(100);
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 4, "{err}");
    assert!(err.contains("no unfinished run"), "{err}");
    let (status, _, err) = run(&["screen", "-", "--resume", "--output", &job.folder.path("x.csv")]);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("--resume needs"), "{err}");
}

#[test]
fn an_input_that_is_written_to_meanwhile_is_told() {
    let job = Job::new(20_000);
    let child = job.start_until_saved();
    let mut input = std::fs::File::options().append(true).open(job.folder.path("in.csv")).unwrap();
    std::io::Write::write_all(&mut input, b"20000,Jane Roe,us\n").unwrap();
    let out = child.wait_with_output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{err}");
    assert!(err.contains("in.csv: the input was changed while it was screened"), "{err}");
    assert_eq!(job.folder.names(), ["in.csv", "list.idx"]);
}

#[test]
fn two_runs_cannot_write_the_same_file() {
    let job = Job::new(20_000);
    let mut child = job.start_until_saved();
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("another run is writing this file"), "{err}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Runs a job under a shell's settings.
fn run_under(job: &Job, settings: &str, more: &[&str]) -> (i32, String) {
    let out = Command::new("sh")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["-c", &format!("{settings}; exec \"$0\" \"$@\"")])
        .arg(program())
        .args(&job.args)
        .args(more)
        .output()
        .unwrap();
    (out.status.code().unwrap_or(-1), String::from_utf8(out.stderr).unwrap())
}

#[test]
fn files_that_may_not_grow_leave_the_old_ones_and_can_be_resumed() {
    let job = Job::new(5_000);
    job.run(&[]);
    let expected = job.outputs();
    // A trail is never replaced, so there is no old one.
    job.remove_outputs();
    for name in &OUTPUTS[..2] {
        job.folder.write(name, "old");
    }
    // No file beyond 400 blocks of 512 bytes; the audit trail comes there first.
    let (status, err) = run_under(&job, "trap '' XFSZ; ulimit -f 400", &[]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("audit.jsonl: File too large"), "{err}");
    assert!(err.contains("safe") && err.contains("--resume"), "{err}");
    for name in &OUTPUTS[..2] {
        assert_eq!(job.folder.text(name), "old");
    }
    let (status, err) = job.run(&["--resume"]);
    assert_eq!(status, 4, "{err}");
    assert!(job.outputs() == expected);
    job.assert_nothing_else_is_left();
}

#[test]
fn a_full_disk_is_told() {
    let job = Job::new(5_000);
    let disk = job.folder.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=128k", "none", &disk]).output();
    if !mounted.is_ok_and(|m| m.status.success()) {
        eprintln!("skipped: no small file system can be mounted here");
        return;
    }
    let (hits, trail) = (format!("{disk}/hits.csv"), format!("{disk}/audit.jsonl"));
    std::fs::write(&hits, "old").unwrap();
    let (status, _, err) =
        run(&["screen", &job.args[1], "--list", LIST, "--output", &hits, "--audit", &trail]);
    let left = std::fs::read_to_string(&hits);
    let unmounted = Command::new("umount").arg(&disk).status().unwrap();
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("/disk/") && err.contains("No space left"), "{err}");
    assert_eq!(left.unwrap(), "old");
    assert!(unmounted.success());
}

#[test]
fn an_unwritable_place_is_told_before_anything_is_done() {
    let folder = Folder::new();
    let input = folder.write("in.csv", "name\nOcean Lily 3\n");
    let file = folder.write("file", "");
    let below = format!("{file}/hits.csv");
    for output in [below.as_str(), "/proc/hits.csv", "/dev/full"] {
        for option in ["--output", "--rejects", "--audit"] {
            let (status, _, err) = run(&["screen", &input, "--list", LIST, option, output]);
            assert_eq!(status, 1, "{option} {output}: {err}");
            assert!(err.contains(output), "{option} {output}: {err}");
        }
    }
    assert_eq!(folder.names(), ["file", "in.csv"]);
    let out = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let full = Command::new(program()).args(["screen", &input, "--list", LIST]).stdout(out).output().unwrap();
    let err = String::from_utf8(full.stderr).unwrap();
    assert_eq!(full.status.code(), Some(1), "{err}");
    assert!(err.contains("standard output: No space left"), "{err}");
}

#[test]
fn the_notices_of_a_resumed_run_are_of_the_whole_table() {
    let folder = Folder::new();
    let rows: String = (0..4000).map(|i| format!("Anna Rossi {i},{}\n", ["x?", "1970"][i % 2])).collect();
    let input = folder.write("in.csv", format!("name,birth_date\n{rows}"));
    let hits = folder.path("hits.csv");
    let args = ["screen", &input, "--list", LIST, "--output", &hits, "--checkpoint", "0", "--threads", "1"];
    let notice = "birth_date 'birth_date': 2000 cells not understood: x? 2000";
    let mut child = Command::new(program())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(args)
        .arg("--exhaustive")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !folder.has("hits.csv.progress") {
        assert!(child.try_wait().unwrap().is_none(), "ended before anything was safe");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (status, _, stderr) = run(&[&args[..], &["--exhaustive", "--resume"]].concat());
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("resuming behind row") && stderr.contains(notice), "{stderr}");
}
