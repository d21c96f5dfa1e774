//! What the tests of the built program share.
#![allow(dead_code)]

use assert_cmd::Command;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A list with a few entities of every kind.
pub const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/list.csv");

/// A temporary folder with the files of a test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.0.path().join(name), bytes).unwrap();
        self.path(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.path().join(name).exists()
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Runs the program, and gives (status, standard output, standard error).
pub fn run(args: &[&str]) -> (i32, String, String) {
    run_with(args, &[])
}

/// The same with standard input.
pub fn run_with(args: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let out = Command::cargo_bin("interdict")
        .unwrap()
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(args)
        .write_stdin(stdin)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

/// The program itself, for tests that end it.
pub fn program() -> PathBuf {
    assert_cmd::cargo::cargo_bin("interdict")
}

/// Counterparties with hits, rejected rows and repeated names among them.
pub fn counterparties(rows: usize) -> String {
    let given = ["Anna", "Boris", "Chen", "Dmitri", "Elif", "Fatima", "Goran", "Hana", "Ivan", "Jing"];
    let family =
        ["Novak", "Okafor", "Petrov", "Quispe", "Rossi", "Schmidt", "Tanaka", "Usman", "Vega", "Wang"];
    let mut text = String::from("id,name,country\n");
    for i in 0..rows {
        let (g, f) = (given[i * 7 % 10], family[i / 10 % 10]);
        text += &match i % 50 {
            3 => format!("{i},Ocean Lily 3,ir\n"),
            17 => format!("{i},,de\n"),
            41 => format!("{i},Anatoly Petrovsky,ru\n"),
            31 => format!("{i},{g}, {f},de\n"),
            _ => format!("{i},{g} {f} {},de\n", i / 100 % 977),
        };
    }
    text
}
