//! Outputs: none destroys an input or another output, and streams are written to.

use crate::support;

use support::{Folder, LIST, run};

/// A folder with one file for each input of `screen`.
fn inputs() -> Folder {
    let folder = Folder::new();
    folder.write("in.csv", "name\nOcean Lily 3\n");
    std::fs::create_dir(folder.path("lists")).unwrap();
    std::fs::copy(LIST, folder.path("lists/list.csv")).unwrap();
    let [list, index] = [folder.path("lists"), folder.path("list.idx")];
    assert_eq!(run(&["index", "build", "--list", &list, "--output", &index]).0, 0);
    folder.write("config.toml", "[threshold]\ndefault = 0.9\n");
    folder.write(
        "accepted.csv",
        "counterparty_id,counterparty_name,list,entity_id,entity_hash,who,when,until,reason\n",
    );
    folder
}

#[test]
fn no_output_is_an_input() {
    let folder = inputs();
    let path = |name: &str| folder.path(name);
    let outputs = ["--output", "--rejects", "--report", "--audit"];
    let mut refused = 0;
    for input in ["in.csv", "lists/list.csv", "list.idx", "config.toml", "accepted.csv"] {
        let before = folder.read(input);
        let hard = path("hard");
        let _ = std::fs::remove_file(&hard);
        std::fs::hard_link(path(input), &hard).unwrap();
        for output in outputs {
            for spelled in [path(input), path(&format!("./lists/../{input}")), hard.clone()] {
                let lists = match input {
                    "list.idx" => ["--index".to_string(), path("list.idx")],
                    _ => ["--list".to_string(), path("lists")],
                };
                let more = ["--config", &path("config.toml"), "--accept", &path("accepted.csv")];
                let screen = ["screen", &path("in.csv"), &lists[0], &lists[1], output, &spelled];
                let (status, out, err) = run(&[&screen[..], &more[..], &["--audit-append"]].concat()
                    [..if output == "--audit" { 11 } else { 10 }]);
                assert_eq!((status, out.as_str()), (2, ""), "{input} {output} {spelled}: {err}");
                assert!(err.contains(output) && err.contains("nothing is written"), "{err}");
                assert_eq!(folder.read(input), before, "{input} {output}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 60);
    let (status, _, err) =
        run(&["index", "build", "--list", &path("lists"), "--output", &path("lists/list.csv")]);
    assert_eq!(status, 2, "{err}");
    // The folder's own index is no list.
    let (status, _, err) =
        run(&["index", "build", "--list", &path("lists"), "--output", &path("lists/own.idx")]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(run(&["index", "build", "--list", &path("lists"), "--output", &path("lists/own.idx")]).0, 0);
}

#[test]
fn what_a_run_keeps_beside_an_output_is_no_input_either() {
    let folder = inputs();
    for name in ["hits.csv.part", "hits.csv.progress", "page.html.hits"] {
        let input = folder.write(name, "name\nOcean Lily 3\n");
        let [hits, page] = [folder.path("hits.csv"), folder.path("page.html")];
        let (status, _, err) = run(&["screen", &input, "--list", LIST, "--output", &hits, "--report", &page]);
        assert_eq!(status, 2, "{name}: {err}");
        assert_eq!(folder.text(name), "name\nOcean Lily 3\n");
    }
}

#[test]
fn two_outputs_are_two_files() {
    let folder = inputs();
    let [input, a] = [folder.path("in.csv"), folder.path("a")];
    let outputs = ["--output", "--rejects", "--report", "--audit"];
    for (at, first) in outputs.iter().enumerate() {
        for second in &outputs[..at] {
            let (status, _, err) =
                run(&["screen", &input, "--list", LIST, first, &a, second, &folder.path("./a")]);
            assert_eq!(status, 2, "{first} {second}: {err}");
        }
    }
    assert!(!folder.has("a"));
}

#[test]
fn a_trail_is_never_replaced_and_can_be_continued() {
    let folder = inputs();
    let [input, trail] = [folder.path("in.csv"), folder.path("audit.jsonl")];
    let screen = ["screen", &input, "--list", LIST, "--audit", &trail];
    assert_eq!(run(&screen).0, 0);
    let first = folder.read("audit.jsonl");
    let (status, _, err) = run(&screen);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("--audit-append"), "{err}");
    assert_eq!(folder.read("audit.jsonl"), first);

    folder.write("in.csv", "name\nOcean Lily 3\nAnatoly Petrovsky\n\"\"\n");
    let append = [&screen[..], &["--audit-append"]].concat();
    assert_eq!(run(&append).0, 4);
    let both = folder.read("audit.jsonl");
    assert!(both.starts_with(&first) && both.len() > first.len());
    let report = interdict::audit::verify(&both[..]).unwrap();
    assert!(report.is_intact(), "{:?}", report.problems);
    assert_eq!((report.runs, report.counts.rows, report.counts.rejected), (2, 4, 1));
    let (status, _, err) = run(&["audit", "replay", &trail, "--list", LIST]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("names screened again 3"), "{err}");

    // The second run is chained to the first: neither can be exchanged.
    let second = &both[first.len()..];
    assert!(!interdict::audit::verify(second).unwrap().is_intact());
    for i in 0..both.len() {
        let mut changed = both.clone();
        changed[i] = changed[i].wrapping_add(1 + (i % 254) as u8);
        let found = interdict::audit::verify(&changed[..]);
        assert!(found.is_err() || !found.unwrap().is_intact(), "byte {i}");
    }
    // A trail that is not intact is not continued.
    folder.write("audit.jsonl", &both[..both.len() - 9]);
    let (status, _, err) = run(&append);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("not intact"), "{err}");
}

#[cfg(unix)]
#[test]
fn streams_are_written_to_and_stay() {
    use std::os::unix::fs::FileTypeExt;
    let folder = inputs();
    let [input, link] = [folder.path("in.csv"), folder.path("link")];
    let screen = ["screen", &input, "--list", LIST];
    let plain = run(&screen).1;
    assert!(plain.contains("OCEAN LILY 3"), "{plain}");
    std::os::unix::fs::symlink("/dev/stdout", &link).unwrap();
    for output in ["-", "/dev/stdout", "/dev/fd/1", &link] {
        let (status, out, err) = run(&[&screen[..], &["--output", output]].concat());
        assert_eq!((status, &out), (0, &plain), "{output}: {err}");
    }
    assert!(!folder.has("-") && std::fs::symlink_metadata(&link).unwrap().is_symlink());
    let null =
        ["--output", "/dev/null", "--audit", "/dev/null", "--rejects", "/dev/null", "--report", "/dev/null"];
    let (status, _, err) = run(&[&screen[..], &null].concat());
    assert_eq!(status, 0, "{err}");
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let (status, _, err) = run(&[&screen[..], &["--output", "/dev/stdout", "--audit", "-"]].concat());
    assert_eq!(status, 2, "{err}");
}

#[cfg(unix)]
#[test]
fn files_keep_to_the_umask_or_to_the_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = inputs();
    let input = folder.path("in.csv");
    let files = ["hits.csv", "rejects.csv", "audit.jsonl", "page.html"];
    let run_with = |mode: &[&str]| {
        files.iter().for_each(|file| drop(std::fs::remove_file(folder.path(file))));
        let paths = files.map(|file| folder.path(file));
        let outputs =
            ["--output", &paths[0], "--rejects", &paths[1], "--audit", &paths[2], "--report", &paths[3]];
        let (status, _, err) = run(&[&["screen", &input, "--list", LIST], &outputs[..], mode].concat());
        assert_eq!(status, 0, "{err}");
        files.map(|file| std::fs::metadata(folder.path(file)).unwrap().permissions().mode() & 0o777)
    };
    let usual = std::fs::metadata(&input).unwrap().permissions().mode() & 0o777;
    assert_eq!(run_with(&[]), [usual; 4]);
    assert_eq!(run_with(&["--mode", "0600"]), [0o600; 4]);
    assert_eq!(run(&["screen", &input, "--list", LIST, "--mode", "0777"]).0, 2);
}

#[cfg(unix)]
#[test]
fn a_standard_error_that_is_closed_or_full_changes_no_status() {
    let folder = inputs();
    folder.write("in.csv", "name\nOcean Lily 3\n\"\"\n");
    let input = folder.path("in.csv");
    let whole = run(&["screen", &input, "--list", LIST]);
    for redirection in ["2>&-", "2>/dev/full"] {
        let command = format!("\"$0\" screen \"$1\" --list \"$2\" {redirection}");
        let out = std::process::Command::new("sh")
            .args(["-c", &command, &support::program().display().to_string(), &input, LIST])
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(4), "{redirection}");
        assert_eq!(String::from_utf8(out.stdout).unwrap(), whole.1, "{redirection}");
    }
}
