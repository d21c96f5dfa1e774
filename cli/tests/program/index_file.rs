//! The index file: opened only if it is whole, undamaged and of this version; written whole or not at all.

use assert_cmd::Command;
use interdict::index::FORMAT_VERSION;
use interdict::list;
use interdict::{ErrorKind, Index, Query, Screener};
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

// The benches use more of it than this test does.
#[allow(dead_code)]
use crate::generate_lists as generate;

const HEADER: usize = 56;
const ENTRY: usize = 56;

fn generated(names: usize) -> Vec<list::List> {
    let mut bytes = Vec::new();
    generate::list(names, 7, &mut bytes).unwrap();
    vec![list::from_bytes("generated", &bytes).unwrap()]
}

fn bytes_of(index: &Index) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    index.save(&path).unwrap();
    fs::read(path).unwrap()
}

/// The bytes of a small index that has something in every section.
fn small() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/list.csv");
    let index = Index::build(&list::read(path).unwrap().lists).unwrap();
    assert!(index.sections().iter().all(|s| s.bytes > 0), "{:?}", index.sections());
    bytes_of(&index)
}

/// The place of each section, by the section table.
fn sections(bytes: &[u8]) -> Vec<(String, Range<usize>)> {
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let count = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    (0..count)
        .map(|i| HEADER + ENTRY * i)
        .map(|at| {
            let name = String::from_utf8_lossy(&bytes[at..at + 16]).trim_end_matches('\0').to_string();
            (name, word(at + 16)..word(at + 16) + word(at + 24))
        })
        .collect()
}

/// Computes the checksum of the section table anew, so that it fits a table that was changed.
fn sign(bytes: &mut [u8]) {
    let count = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let hash = blake3::hash(&bytes[HEADER..HEADER + ENTRY * count]);
    bytes[24..56].copy_from_slice(hash.as_bytes());
}

/// One bit of the byte at an offset: another bit for each offset, the same in every run.
fn bit(at: usize) -> u8 {
    1 << ((at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61)
}

#[test]
fn truncated_at_every_edge_it_is_refused() {
    let bytes = small();
    let mut edges = vec![0, 1, 7, 8, HEADER];
    for (i, (_, range)) in sections(&bytes).iter().enumerate() {
        edges.extend([HEADER + ENTRY * i, HEADER + ENTRY * (i + 1), range.start, range.end]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.idx");
    let lengths = edges.iter().flat_map(|at| [at.saturating_sub(1), *at, at + 1]);
    for length in lengths.filter(|length| *length < bytes.len()) {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = Index::open(&path).expect_err("cut off");
        match error.kind() {
            ErrorKind::Empty => assert_eq!(length, 0),
            ErrorKind::NotAnIndex => assert!(length < 8, "{length}"),
            ErrorKind::IndexTruncated { expected, got } => {
                assert_eq!(*got, length as u64);
                assert_eq!(*expected, if length < HEADER { HEADER as u64 } else { bytes.len() as u64 });
            }
            other => panic!("{length} bytes: {other:?}"),
        }
        assert!(error.to_string().contains("cut.idx"), "{error}");
    }
    let longer = [&bytes[..], b"\0"].concat();
    let error = Index::from_bytes(&longer).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IndexTruncated { .. }), "{error}");
}

#[test]
fn with_any_bit_flipped_it_is_refused() {
    let mut bytes = small();
    Index::from_bytes(&bytes).unwrap();
    let sections = sections(&bytes);
    for at in 0..bytes.len() {
        bytes[at] ^= bit(at);
        let error = Index::from_bytes(&bytes).expect_err("damaged");
        let section = sections.iter().find(|(_, range)| range.contains(&at)).map(|(name, _)| name);
        match error.kind() {
            ErrorKind::IndexChecksum { section: named } if section.is_some() => {
                assert_eq!(Some(named), section);
            }
            ErrorKind::IndexChecksum { .. } => {}
            _ => assert!(at < HEADER, "byte {at}: {error}"),
        }
        bytes[at] ^= bit(at);
    }
    // A larger index, at some offsets.
    let mut bytes = bytes_of(&Index::build(&generated(2_000)).unwrap());
    for i in 0..200 {
        let at = bytes.len() * i / 200 + i % 64;
        bytes[at] ^= bit(at);
        assert!(Index::from_bytes(&bytes).is_err(), "byte {at}");
        bytes[at] ^= bit(at);
    }
    Index::from_bytes(&bytes).unwrap();
}

#[test]
fn another_version_is_refused_by_number() {
    for version in [0, FORMAT_VERSION - 1, FORMAT_VERSION + 1, u32::MAX] {
        let mut bytes = small();
        bytes[8..12].copy_from_slice(&version.to_le_bytes());
        let error = Index::from_bytes(&bytes).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::IndexVersion { got, expected }
                if *got == version && *expected == FORMAT_VERSION),
            "{error}"
        );
        let text = error.to_string();
        assert!(text.contains(&version.to_string()) && text.contains("build it again"), "{text}");
    }
    let error = Index::from_bytes(b"name\nJane Roe\n").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotAnIndex), "{error}");
}

/// A file whose section table was changed and given the right checksum must not be searched.
#[test]
fn forged_tables_are_refused() {
    let whole = small();
    let found = sections(&whole);
    let entry = |i: usize| HEADER + ENTRY * i..HEADER + ENTRY * (i + 1);
    let refuse = |what: &str, mut bytes: Vec<u8>| {
        sign(&mut bytes);
        let answer = std::panic::catch_unwind(|| {
            let index = Index::from_bytes(&bytes)?;
            Ok::<_, interdict::Error>(Screener::new(index).screen(&Query::name("Anatoli PETROVSKY")))
        });
        match answer {
            Err(_) => panic!("{what}: the program would have crashed"),
            Ok(Ok(hits)) => panic!("{what}: opened, {} hits", hits.len()),
            Ok(Err(_)) => {}
        }
    };
    for i in 0..found.len() {
        let name = &found[i].0;
        // Its offset and its length, moved by a little and by much.
        for field in [16, 24] {
            let at = entry(i).start + field;
            let value = u64::from_le_bytes(whole[at..at + 8].try_into().unwrap());
            for other in [0, value - 1, value + 1, value + 64, u64::MAX, u64::MAX - 63, value + (1 << 63)] {
                if other != value {
                    let mut bytes = whole.clone();
                    bytes[at..at + 8].copy_from_slice(&other.to_le_bytes());
                    refuse(&format!("{name}: {value} became {other}"), bytes);
                }
            }
        }
        // A section under another name, and one that is not there.
        let mut bytes = whole.clone();
        bytes[entry(i)][..16].copy_from_slice(b"something else\0\0");
        refuse(&format!("no section {name}"), bytes);
        for j in 0..i {
            // Two sections with their names exchanged, or their entries.
            let mut bytes = whole.clone();
            bytes[entry(i)][..16].copy_from_slice(&whole[entry(j)][..16]);
            bytes[entry(j)][..16].copy_from_slice(&whole[entry(i)][..16]);
            refuse(&format!("names of {name} and {} exchanged", found[j].0), bytes);
            let mut bytes = whole.clone();
            bytes[entry(i)].copy_from_slice(&whole[entry(j)]);
            bytes[entry(j)].copy_from_slice(&whole[entry(i)]);
            refuse(&format!("{name} and {} reordered", found[j].0), bytes);
        }
    }
    for count in [0u32, 1, found.len() as u32 - 1, found.len() as u32 + 1, 64, 65] {
        let mut bytes = whole.clone();
        bytes[12..16].copy_from_slice(&count.to_le_bytes());
        refuse(&format!("{count} sections"), bytes);
    }
}

#[test]
fn an_open_index_outlives_the_replacement_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    Index::build(&generated(500)).unwrap().save(&path).unwrap();
    let open = Screener::new(Index::open(&path).unwrap());
    let name = open.index().entity(0).unwrap().0.primary_name().to_string();
    let before = open.screen(&Query::name(&name));
    assert_eq!(before[0].score, 1.0);

    Index::build(&[list::starter()]).unwrap().save(&path).unwrap();
    assert_eq!(open.screen(&Query::name(&name)), before);
    assert!(Screener::new(Index::open(&path).unwrap()).screen(&Query::name(&name)).is_empty());
    fs::remove_file(&path).unwrap();
    assert_eq!(open.screen(&Query::name(&name)), before);
}

/// A mapped file shows what other programs write into it; `Index::verify` notices.
#[test]
#[cfg(unix)]
fn a_file_changed_in_place_is_noticed() {
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    let (one, two) = (Index::build(&generated(500)).unwrap(), Index::build(&generated(501)).unwrap());
    one.save(&path).unwrap();
    let open = Index::open(&path).unwrap();
    open.verify().unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    for at in [0, 30, HEADER + 40, whole.len() / 2, whole.len() - 1] {
        file.write_all_at(&[whole[at] ^ bit(at)], at as u64).unwrap();
        open.verify().expect_err("changed in place");
        file.write_all_at(&whole[at..=at], at as u64).unwrap();
        open.verify().unwrap();
    }
    // Another whole index in the place of this one, no longer than it: its checksums are right, but others.
    let small = bytes_of(&two);
    file.write_all_at(&small, 0).unwrap();
    open.verify().expect_err("another index");
}

#[test]
#[cfg(unix)]
fn a_run_whose_index_is_changed_in_place_fails() {
    use std::io::Write;
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, output) = (folder.path().join("x.idx"), folder.path().join("hits.csv"));
    Index::build(&generated(500)).unwrap().save(&path).unwrap();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("interdict"))
        .args(["screen", "-", "--index", path.to_str().unwrap(), "--output", output.to_str().unwrap()])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Long enough to open the index; if it were not, the run would fail at opening it.
    std::thread::sleep(Duration::from_millis(500));
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(&vec![0; fs::metadata(&path).unwrap().len() as usize / 2], 4096).unwrap();
    child.stdin.take().unwrap().write_all(b"name\nJane Roe\nVladimir Petrovsky\n").unwrap();
    let out = child.wait_with_output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert_ne!(out.status.code(), Some(0), "{err}");
    assert!(!output.exists(), "{err}");
}

#[test]
fn the_same_lists_give_the_same_bytes_on_any_number_of_threads() {
    let lists = generated(3_000);
    let built = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes_of(&Index::build(&lists).unwrap()))
    };
    let one = built(1);
    assert!([1, 2, 3, 8].into_iter().all(|threads| built(threads) == one));
    assert_eq!(bytes_of(&Index::from_bytes(&one).unwrap()), one, "saved again");
}

fn build(list: &Path, output: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("interdict"));
    command.args(["index", "build", "--list", list.to_str().unwrap(), "--output", output.to_str().unwrap()]);
    command.stderr(std::process::Stdio::null());
    command
}

#[test]
fn a_killed_build_leaves_the_old_file_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let (list, new, old) =
        (folder.path().join("list.csv"), folder.path().join("new.idx"), folder.path().join("old.idx"));
    let mut bytes = Vec::new();
    generate::list(20_000, 7, &mut bytes).unwrap();
    fs::write(&list, bytes).unwrap();
    Index::build(&[list::starter()]).unwrap().save(&old).unwrap();
    let starter = fs::read(&old).unwrap();
    let mut killed = 0;
    for wait in [5, 50, 150, 300, 450, 600, 800] {
        for output in [&new, &old] {
            let mut child = build(&list, output).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(wait));
            let ended = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            if ended {
                continue;
            }
            killed += 1;
            // Killed before or just after the rename: all or nothing.
            match Index::open(output) {
                Ok(index) if index.names() == 20_000 => fs::write(&old, &starter).unwrap(),
                Ok(_) => assert_eq!(fs::read(output).unwrap(), starter),
                Err(_) => assert!(output == &new && !new.exists()),
            }
        }
    }
    assert!(killed > 2, "{killed} builds were killed in time");
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv");
    fs::write(&list, "name\nAcme Trading\n").unwrap();
    let unwritable = folder.path().join("unwritable");
    fs::create_dir(&unwritable).unwrap();
    let mut permissions = fs::metadata(&unwritable).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&unwritable, permissions).unwrap();
    let mut places =
        vec![folder.path().join("absent/x.idx"), list.join("x.idx"), folder.path().to_path_buf()];
    // The superuser may write everywhere.
    if fs::write(unwritable.join("probe"), "").is_err() {
        places.push(unwritable.join("x.idx"));
    }
    for place in places {
        let out = Command::cargo_bin("interdict")
            .unwrap()
            .args(["index", "build", "--list", list.to_str().unwrap(), "--output", place.to_str().unwrap()])
            .output()
            .unwrap();
        let err = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(1), "{err}");
        assert!(err.contains(place.to_str().unwrap()), "{err}");
        assert!(!place.is_file());
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn info_shows_sections_sizes_and_lists() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.idx");
    let index = Index::build(&generated(1_000)).unwrap();
    index.save(&path).unwrap();
    let out = Command::cargo_bin("interdict").unwrap().args(["index", "info"]).arg(&path).output().unwrap();
    assert!(out.status.success());
    let text = String::from_utf8(out.stdout).unwrap();
    let version = &index.identity().lists[0];
    for shown in [
        format!("format {FORMAT_VERSION}"),
        format!("analysis {}", interdict::name::ANALYSIS_VERSION),
        format!("list generated: no date ({}", &version.sha256[..12]),
        format!("{} entities, 1000 names, {} tokens", index.entities(), index.tokens()),
    ] {
        assert!(text.contains(&shown), "{shown}:\n{text}");
    }
    let shown = |name: &str| -> Option<u64> {
        let line = text.lines().find(|l| l.split_whitespace().next() == Some(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let sections = index.sections();
    assert!(sections.iter().all(|s| shown(&s.name) == Some(s.bytes)), "{text}");
    let all: u64 = sections.iter().map(|s| s.bytes).sum();
    assert_eq!(shown("all"), Some(all), "{text}");
    assert!(text.contains(&format!("{:.1} a name", all as f64 / 1_000.0)), "{text}");
    // The rest of the file is the header, the section table, and gaps before sections.
    let file = fs::metadata(&path).unwrap().len();
    assert!(file > all && file < all + (HEADER + (ENTRY + 64) * (sections.len() + 1)) as u64);
}
