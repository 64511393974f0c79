//! The tree is the data flow: a room imports only rooms listed above it (docs: CONTRIBUTING.md).
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the first to the last. A room may use `crate::` paths of earlier rooms and its own only.
const ROOMS: &[&str] = &[
    "progress",
    "problem",
    "locale",
    "calendar",
    "value",
    "privacy",
    "model",
    "rule",
    "export",
    "intake",
    "store",
    "engine",
    "finding",
    "ledger",
    "scorecard",
    "report",
    "audit",
    "config",
    "night",
    "demo",
];

/// Rooms that use each other on purpose: texts are needed to word problems and days, problems to point at texts.
const TOGETHER: &[&str] = &["problem", "locale", "calendar"];

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir).expect("src is readable").map(|e| e.expect("entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn room_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("src").ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

fn imported_rooms(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for part in text.split("crate::").skip(1) {
        let heads: Vec<&str> = match part.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or("").split(',').collect(),
            None => vec![part],
        };
        for head in heads {
            let name: String = head.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            rooms.push(name);
        }
    }
    rooms
}

#[test]
fn rooms_import_only_rooms_above() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    assert!(files.len() > 40, "the walk found the sources");
    let rank = |room: &str| ROOMS.iter().position(|r| *r == room);
    let mut wrong = Vec::new();
    for path in &files {
        let Some(room) = room_of(path).filter(|room| rank(room).is_some()) else { continue };
        let text = fs::read_to_string(path).expect("source is readable");
        for used in imported_rooms(&text) {
            let Some(used_rank) = rank(&used) else { continue };
            let together = TOGETHER.contains(&room.as_str()) && TOGETHER.contains(&used.as_str());
            if used_rank > rank(&room).expect("a room") && !together {
                wrong.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "lower rooms must not import higher ones:\n{}", wrong.join("\n"));
}

#[test]
fn demo_knows_neither_rules_nor_engine() {
    let mut files = Vec::new();
    rust_files(Path::new("src/demo"), &mut files);
    for path in files {
        let used = imported_rooms(&fs::read_to_string(&path).expect("readable"));
        assert!(!used.iter().any(|r| r == "rule" || r == "engine"), "{} must plant, not compute", path.display());
    }
}

#[test]
fn every_folder_of_src_is_a_known_room() {
    for entry in fs::read_dir("src").expect("src") {
        let path = entry.expect("entry").path();
        let Some(room) = room_of(&path) else { continue };
        assert!(room == "lib" || room == "bin" || ROOMS.contains(&room.as_str()), "{room} is no room of the house");
    }
}
