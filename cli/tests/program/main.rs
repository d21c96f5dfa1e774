//! Integration tests that run the built program, one module a subject. They are one program, so that they are linked
//! once.

mod accept;
mod audit;
mod batch_inputs;
mod cli;
mod config;
mod coverage;
mod evaluate;
#[path = "../../../benches/generate/mod.rs"]
#[allow(dead_code)]
mod generate_lists;
mod groups;
mod identifiers;
mod index_file;
mod lists_diff;
mod lists_update;
mod lossless;
mod report;
mod resume;
mod since;
mod support;
mod writers;
