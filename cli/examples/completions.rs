//! Writes completions for shells and man pages into a folder: `cargo run -p interdict-cli --example completions -- FOLDER`.
//!
//! For packagers; tools/release/run calls it.

use clap::ValueEnum;
use clap_complete::Shell;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder =
        PathBuf::from(std::env::args_os().nth(1).ok_or_else(|| std::io::Error::other("name a folder"))?);
    let completions = folder.join("completions");
    std::fs::create_dir_all(&completions)?;
    for shell in Shell::value_variants() {
        clap_complete::generate_to(*shell, &mut interdict_cli::command(), "interdict", &completions)?;
    }
    let man = folder.join("man");
    std::fs::create_dir_all(&man)?;
    clap_mangen::generate_to(interdict_cli::command(), man)
}
