//! The configuration file, as the built program reads it.

use assert_cmd::Command;
use std::fs;
use tempfile::TempDir;

const LIST: &str = "id,schema,name,weak_aliases,birth_date,country,passport\n\
    p1,Person,Anatoly Petrovsky,The Falcon Tolya,1961-02-03,ru,AB1234567\n\
    v1,Vessel,OCEAN PETROVSKY,,,,\n";

struct Setup {
    folder: TempDir,
}

impl Setup {
    fn new() -> Setup {
        let setup = Setup { folder: tempfile::tempdir().unwrap() };
        setup.write("list.csv", LIST);
        setup
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Runs, and gives (status, standard output, standard error).
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let out =
            Command::cargo_bin("interdict").unwrap().current_dir(&self.folder).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
    }

    /// The entities hit by one input table under a configuration.
    fn hits(&self, config: &str, input: &str) -> Vec<String> {
        self.write("tuned.toml", config);
        self.write("in.csv", input);
        let args = ["screen", "in.csv", "--list", "list.csv", "--config", "tuned.toml"];
        let (status, out, err) = self.run(&args);
        assert_eq!(status, 0, "{err}");
        let slow = self.run(&[&args[..], &["--exhaustive"]].concat()).1;
        assert_eq!(out, slow);
        out.lines().skip(1).map(|l| l.split(',').nth(4).unwrap().to_string()).collect()
    }
}

#[test]
fn every_section_has_its_effect() {
    let s = Setup::new();
    let none: [&str; 0] = [];
    let cases = [
        ("", "name\nPetrovski Anatoly\n", &["p1"][..]),
        ("threshold.Person = 0.995", "name\nPetrovski Anatoly\n", &none),
        ("threshold.Vessel = 0.995", "name\nPetrovski Anatoly\n", &["p1"]),
        // A threshold below the default finds more for its schema alone.
        ("", "name\nOcean Gorbanov Kalinin Petrovsky\n", &none),
        ("threshold.Vessel = 0.6", "name\nOcean Gorbanov Kalinin Petrovsky\n", &["v1"]),
        ("threshold.Person = 0.6", "name\nOcean Gorbanov Kalinin Petrovsky\n", &none),
        ("threshold.Person = 0.6", "name\nAnatoly Gorbanov Kalinin Petrovsky\n", &["p1"]),
        ("", "name\nFalcon Tolya\n", &["p1"]),
        ("weak_aliases.use = false", "name\nFalcon Tolya\n", &none),
        ("weak_aliases.threshold = 0.999", "name\nFalcon Toly\n", &none),
        ("weak_aliases.threshold = 0.999", "name\nPetrovski Anatoly\n", &["p1"]),
        ("", "name,passport\nJane Roe,AB1234567\n", &["p1"]),
        ("identifiers.use = false", "name,passport\nJane Roe,AB1234567\n", &none),
        ("", "name,birth_date\nAnatoly Petrovsky,1990-01-01\n", &["p1"]),
        ("birth_date.many_years_apart = 0.5", "name,birth_date\nAnatoly Petrovsky,1990-01-01\n", &none),
        ("", "name,country\nAnatoly Petrovsky,Iran\n", &["p1"]),
        ("country.different = 0.5", "name,country\nAnatoly Petrovsky,Iran\n", &none),
        ("", "name,schema\nAnatoly Petrovsky,Vessel\n", &["p1"]),
        ("schema.different = 0.5", "name,schema\nAnatoly Petrovsky,Vessel\n", &none),
    ];
    for (config, input, wanted) in cases {
        assert_eq!(s.hits(config, input), wanted, "{config} {input}");
    }
}

#[test]
fn flags_go_before_the_file_and_the_file_before_defaults() {
    let s = Setup::new();
    s.write("tuned.toml", "limit = 7\n[threshold]\ndefault = 0.9\nPerson = 0.95\n");
    let printed = |args: &[&str]| s.run(&[&["config"], args].concat()).1;
    assert!(printed(&[]).contains("\nlimit = 10\n") && printed(&[]).contains("\ndefault = 0.85\n"));
    let file = printed(&["--config", "tuned.toml"]);
    assert!(file.contains("\nlimit = 7\n") && file.contains("\nPerson = 0.95\n"), "{file}");
    let flags = printed(&["--config", "tuned.toml", "--limit", "3", "--threshold", "0.7"]);
    assert!(flags.contains("\nlimit = 3\n") && flags.contains("\ndefault = 0.7\n"), "{flags}");
    assert!(flags.contains("\n# Person = "), "the flag is for every schema: {flags}");

    // What is printed is a configuration file with the same values.
    s.write("again.toml", &file);
    assert_eq!(printed(&["--config", "again.toml"]), file);
}

#[test]
fn the_summary_has_the_hash_of_the_values_in_force() {
    let s = Setup::new();
    s.write("in.csv", "name\nJane Roe\n");
    s.write("a.toml", "[threshold]\ndefault = 0.90\n");
    s.write("b.toml", "# the same\nthreshold.default = 0.9\n");
    let hash = |args: &[&str]| {
        let (_, _, err) = s.run(&[&["screen", "in.csv", "--list", "list.csv"], args].concat());
        let line = err.lines().find(|l| l.starts_with("configuration sha256 ")).expect("no hash");
        line.to_string()
    };
    assert_eq!(hash(&["--config", "a.toml"]), hash(&["--config", "b.toml"]));
    assert_eq!(hash(&["--config", "a.toml"]), hash(&["--threshold", "0.9"]));
    assert_ne!(hash(&["--config", "a.toml"]), hash(&[]));
    assert!(s.run(&["config"]).1.contains(&hash(&[])["configuration ".len()..]));
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_key() {
    let s = Setup::new();
    s.write("in.csv", "name\nJane Roe\n");
    for (text, told) in [
        (
            "[threshold]\nPerson = 0.3",
            "tuned.toml: line 2, field 'threshold.Person': must be a number from 0.5 to 1",
        ),
        (
            "\n[threshold]\nperson = 0.9",
            "line 3, field 'threshold.person': no such key; the keys here are default, Person",
        ),
        ("weak_aliases = false", "line 1, field 'weak_aliases': this is a section"),
        ("limit = ", "tuned.toml: line 1: no valid TOML"),
    ] {
        s.write("tuned.toml", text);
        for command in [&["screen", "in.csv"][..], &["explain", "Jane Roe"]] {
            let (status, out, err) = s.run(&[command, &["--config", "tuned.toml"]].concat());
            assert_eq!((status, out.as_str()), (1, ""), "{err}");
            assert!(err.contains(told), "{err}");
        }
    }
    let (status, _, err) = s.run(&["config", "--config", "absent.toml"]);
    assert!(status == 1 && err.contains("absent.toml"), "{err}");
}

#[test]
fn explain_tells_the_threshold_that_applies() {
    let s = Setup::new();
    s.write("tuned.toml", "threshold.Person = 0.99\n");
    let ask = |config: &[&str]| {
        s.run(&[&["explain", "Petrovski Anatoly", "--list", "list.csv", "--limit", "1"], config].concat()).1
    };
    assert!(ask(&[]).contains(" hit (0.85)"), "{}", ask(&[]));
    assert!(ask(&["--config", "tuned.toml"]).contains(" below the threshold (0.99)"));
}
