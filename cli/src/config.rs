//! `interdict config`.

use crate::DONE;
use crate::args::ConfigArgs;
use interdict::Result;
use std::io::Write;

pub fn run(args: &ConfigArgs) -> Result<u8> {
    write!(std::io::stdout().lock(), "{}", args.read()?.to_toml())?;
    Ok(DONE)
}
