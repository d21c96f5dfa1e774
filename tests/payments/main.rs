//! Payment messages: subjects by hand, the same payment in two forms, damaged messages, verdicts.

mod damage;
mod messages;
mod subjects;
mod verdicts;
