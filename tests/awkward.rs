//! Every quirk of real deliveries: its fixture, how it is read, and what the reading report says of it. The table is
//! `fixtures/awkward/README.md`.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "awkward/workbooks.rs"]
mod books;
#[path = "awkward/cells.rs"]
mod cells;
#[path = "awkward/files.rs"]
mod files;
#[path = "awkward/harness.rs"]
mod harness;
#[path = "awkward/lists.rs"]
mod lists;
#[path = "workbooks/mod.rs"]
mod workbooks;

/// The table names every quirk and every fixture.
#[test]
fn the_table_names_all() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/awkward");
    let table = std::fs::read_to_string(root.join("README.md")).expect("the table");
    for quirk in 1..=27 {
        assert!(table.contains(&format!("| Q{quirk} ")), "Q{quirk}");
    }
    for entry in std::fs::read_dir(&root).expect("the folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name == "README.md" || table.contains(&format!("`{name}")), "{name}");
    }
}
