//! The program `interdict`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(interdict_cli::run(std::env::args_os()))
}
