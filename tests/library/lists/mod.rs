//! List readers: one module a publisher, and what holds for every layout.
//!
//! The published files are read from the folder of shared data beside the project. If it is absent, the tests
//! print "skipped". Other layouts are tested with samples in `tests/samples`.

mod australia;
mod canada;
mod every_layout;
mod expected;
mod forms;
mod generic;
mod hostile_files;
mod ofac;
mod opensanctions;
mod seco;
mod senzing;
mod un;

use crate::support::data;
use interdict::list::{self, Layout, List};
use std::path::PathBuf;

/// A path below the shared lists.
fn shared_lists(path: &str) -> Option<PathBuf> {
    data(&format!("lists/{path}"))
}

/// The lists of a path below the shared lists, with their counts checked.
fn read_all(path: &str) -> Option<Vec<List>> {
    let lists = list::read(shared_lists(path)?).unwrap().lists;
    for list in &lists {
        let v = &list.version;
        assert!(v.records >= v.rejected, "{v:?}");
        assert_eq!(v.entities as usize, list.entities.len());
        assert_eq!(v.rejected as usize, list.rejected.len());
        assert!(list.entities.iter().all(|e| !e.names.is_empty() && !e.id.is_empty()));
    }
    Some(lists)
}

/// The only list of a path below the shared lists.
fn load(path: &str) -> Option<List> {
    let mut lists = read_all(path)?;
    assert_eq!(lists.len(), 1, "{path}");
    lists.pop()
}

/// The list of a sample.
fn sample(name: &str, layout: Layout) -> List {
    let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut lists = list::read(path).unwrap().lists;
    assert_eq!((lists.len(), lists[0].version.layout), (1, layout));
    lists.pop().unwrap()
}

/// Samples with their layouts and their numbers of entities.
fn samples() -> [(&'static str, &'static [u8], Layout, usize); 9] {
    [
        ("ofac.xml", include_bytes!("../../samples/ofac.xml"), Layout::OfacXml, 2),
        ("ofac_advanced.xml", include_bytes!("../../samples/ofac_advanced.xml"), Layout::OfacAdvanced, 3),
        ("eu.xml", include_bytes!("../../samples/eu.xml"), Layout::EuXml, 2),
        ("uk.xml", include_bytes!("../../samples/uk.xml"), Layout::UkXml, 2),
        ("un.xml", include_bytes!("../../samples/un.xml"), Layout::UnXml, 2),
        ("eu.csv", include_bytes!("../../samples/eu.csv"), Layout::EuCsv, 2),
        ("uk.csv", include_bytes!("../../samples/uk.csv"), Layout::UkCsv, 3),
        ("sdn.csv", include_bytes!("../../samples/sdn.csv"), Layout::OfacDelimited, 3),
        ("cons_prim.csv", include_bytes!("../../samples/cons_prim.csv"), Layout::OfacDelimited, 2),
    ]
}
