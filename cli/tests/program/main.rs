//! Integration tests that run the built program, one module for each subject. They are one crate, so that they are
//! linked once.

mod accept;
mod audit;
mod batch_inputs;
mod config;
mod contract;
mod coverage;
mod delta_screening;
mod evaluate;
#[path = "../../../benches/generate/mod.rs"]
#[allow(dead_code)]
mod generate_lists;
mod groups;
mod identifiers;
mod incomplete_lists;
mod index_file;
mod limits;
mod list_forms;
mod lists_diff;
mod lists_update;
mod lossless_retrieval;
mod names;
mod outputs;
mod party_tables;
mod payments;
mod report;
mod resume;
mod support;
mod texts;
mod withheld;
mod writers;
