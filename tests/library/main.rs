//! Integration tests of the library, one module a subject. They are one program, so that they are linked once.

mod adversarial;
mod agree;
mod batch_tables;
mod distance;
mod generate;
#[path = "../../benches/generate/mod.rs"]
#[allow(dead_code)]
mod generate_lists;
mod labelled_queries;
mod lists;
mod support;
mod texts;
