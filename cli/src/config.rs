//! `interdict config`.

use crate::DONE;
use crate::args::Tuned;
use interdict::Result;
use std::io::Write;

pub fn run(args: &Tuned) -> Result<u8> {
    write!(std::io::stdout().lock(), "{}", args.config()?.to_toml())?;
    Ok(DONE)
}
