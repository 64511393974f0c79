//! Streaming the cells of a workbook beside a bare loop over calamine's own stream.
//!
//! `cargo bench --bench workbook -- FILE.xlsx` prints the ratio of wall times; `-- FILE.xlsx sagstjek` and `-- FILE.xlsx calamine` do one of the
//! two, for whoever measures memory.
#![allow(clippy::expect_used, clippy::disallowed_methods, clippy::disallowed_macros, reason = "a bench")]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use calamine::{Reader, Xlsx, open_workbook};
use sagstjek::export::{Export, ExportOptions};

const ROUNDS: usize = 3;

/// Cells of the first sheet, as calamine streams them.
fn bare(path: &Path) -> usize {
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    let name = workbook.sheet_names().first().cloned().expect("a sheet");
    let mut cells = workbook.worksheet_cells_reader(&name).expect("cells");
    let mut count = 0;
    while let Some(cell) = cells.next_cell().expect("a cell") {
        black_box(cell.get_value());
        count += 1;
    }
    count
}

/// Rows of the first sheet, looked over, hashed and streamed.
fn ours(path: &Path) -> usize {
    let export = Export::open(path, "bog.xlsx".into(), &ExportOptions::default()).expect("a workbook");
    export.blocks(0).expect("rows").map(|block| block.expect("rows").row_count()).sum()
}

fn seconds(work: fn(&Path) -> usize, path: &Path) -> f64 {
    let start = Instant::now();
    black_box(work(path));
    start.elapsed().as_secs_f64()
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let Some(path) = words.first().map(Path::new) else {
        println!("which workbook? cargo bench --bench workbook -- FILE.xlsx");
        return;
    };
    match words.get(1).map(String::as_str) {
        Some("calamine") => println!("{} cells", bare(path)),
        Some("sagstjek") => println!("{} rows", ours(path)),
        _ => {
            let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| seconds(ours, path) / seconds(bare, path)).collect();
            ratios.sort_by(f64::total_cmp);
            println!("sagstjek takes {:.2} times calamine's bare stream ({ROUNDS} rounds, median)", ratios[ROUNDS / 2]);
        }
    }
}
