//! Tools that read free text: cells with several values, labelled numbers.

pub(super) mod brackets;
pub(super) mod cells;
#[cfg(test)]
mod free_text_lossless_tests;
mod labels;
pub(super) mod numbers;
