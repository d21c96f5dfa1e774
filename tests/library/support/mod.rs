//! What the tests of the library share.

use std::path::PathBuf;

/// A path below the shared data, which is beside the project. If it is absent, a notice is printed.
pub fn data(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

/// How many random cases a property looks at: so many, or the number of INTERDICT_CASES.
pub fn cases(usual: u32) -> u32 {
    std::env::var("INTERDICT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}
