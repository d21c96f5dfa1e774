//! An evaluation as a page for a browser: one file, no network.

use super::{Evaluation, plot};
use crate::error::Result;
use crate::report::page::Page;
use minijinja::value::Serde;
use minijinja::{Value, context};
use std::io::Write;

/// Writes the page; it depends on nothing but the evaluation.
///
/// # Errors
///
/// The output cannot be written.
pub fn write_page<W: Write>(evaluation: &Evaluation, out: W) -> Result<W> {
    let page = Page {
        title: "Evaluation of screening",
        body: include_str!("page.html"),
        style: include_str!("page.css"),
        script: "",
    };
    let safe = Value::from_safe_string;
    let context = context! {
        e => Value::from(Serde(evaluation)),
        trade => safe(plot::trade(evaluation)),
        thresholds => safe(plot::thresholds(evaluation)),
    };
    page.write(out, context, |_| Ok(()))
}
