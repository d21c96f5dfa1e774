//! Checks that `include/interdict.h` is what cbindgen makes of the source, or writes it.
//!
//! ```console
//! $ cargo run --manifest-path bindings/c/header/Cargo.toml --target-dir target/header             # checks
//! $ cargo run --manifest-path bindings/c/header/Cargo.toml --target-dir target/header -- --update # writes
//! ```

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// The files of the source that C sees something of.
const SOURCES: [&str; 4] = ["lib", "failure", "packed", "party"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))?;
    let builder = cbindgen::Builder::new().with_config(config);
    let sources = SOURCES.map(|name| folder.join(format!("src/{name}.rs")));
    let builder = sources.iter().fold(builder, |builder, source| builder.with_src(source));
    let mut made = Vec::new();
    builder.generate()?.write(&mut made);
    let path = folder.join("include/interdict.h");
    if std::env::args().any(|argument| argument == "--update") {
        std::fs::write(&path, &made)?;
    } else if std::fs::read(&path)? != made {
        eprintln!("include/interdict.h is not that of the source: write it anew with --update");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
