//! What is read depends neither on where a file is cut into pieces nor on how many threads there are.

use super::*;
use crate::export::ExportOptions;

/// Everything that reading tells, and every cell.
fn account(reading: &Reading) -> String {
    let delivery = &reading.delivery;
    let sheets: Vec<_> = delivery.files.iter().map(|file| &file.sheets).collect();
    let mut account = format!("{sheets:#?}\n{:#?}\n{:?}\n", delivery.problems, delivery.extract_date);
    for table in &delivery.tables {
        let rows = table.records.len() as u32;
        let cells: Vec<Vec<Cell>> = table.columns.iter().map(|column| (0..rows).map(|row| column.get(row)).collect()).collect();
        account += &format!(
            "{:?} {cells:?} {:?} {:?} {:?} {:?} {:?} {:?} {}\n",
            table.dataset,
            table.chunks,
            table.records,
            table.places,
            table.unfolded,
            table.merged,
            table.incomplete,
            table.refused
        );
    }
    account
}

fn read_in_pieces(name: &str, files: &[(&str, &str)], piece: usize, threads: usize) -> String {
    let export = ExportOptions { piece: Some(piece), ..ExportOptions::default() };
    let source = Source { name: "alle".into(), files: "*".into(), export, ..Source::default() };
    let options = IntakeOptions { sources: vec![source], ..IntakeOptions::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    account(&pool.install(|| read_with(&format!("{name}-{piece}-{threads}"), files, &options)))
}

fn same_in_any_pieces(name: &str, files: &[(&str, &str)]) -> String {
    let whole = read_in_pieces(name, files, 1 << 20, 1);
    for (piece, threads) in [(1, 1), (37, 2), (256, 3), (1_000, 1), (4_096, 4)] {
        assert_eq!(read_in_pieces(name, files, piece, threads), whole, "{name}: pieces of {piece}, {threads} threads");
    }
    whole
}

/// Numbers that look drawn by lot and are always the same.
fn lots(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Postings with every kind of row that leaves a trace: totals and subtotals, dots of unknown meaning, quotes, blank and shifted
/// rows, the header again.
fn postings(seed: u64, comma: bool) -> String {
    const HEADER: &str = "Bilag;Kode;Modtagernr.;Beløb\n";
    let mut lot = lots(seed);
    let mut text = format!("Udtræk 31-10-2026\n\n{HEADER}");
    let mut sum = 0;
    for i in 0..400 {
        let amount = lot(9_000);
        let row = match lot(20) {
            0 => "\n".to_owned(),
            1 => ";;;\r\n".to_owned(),
            2 => HEADER.to_owned(),
            3 => format!("B{i};02\n"),
            4 => format!("I alt;;;{sum}\n"),
            5 => format!("\"B{i}\n\"\"x\"\";\";03;90111222;{amount}\n"),
            6 => format!("B{i};02;0712031234;1.{:03}\n", lot(1_000)),
            7 => format!("B{i};02;hej;???\n"),
            8 => format!("B{i};;;\r\n"),
            9 if comma => format!("B{i};03;;{amount},50\n"),
            10 => format!("  B{i} ;02;712031234;{amount}-\n"),
            11 => format!("B{};02;0712031234;{amount}\n", lot(400)),
            _ => format!("B{i};02;071203-1234;{amount}\n"),
        };
        sum += amount;
        text += &row;
    }
    text
}

#[test]
fn postings_are_the_same_in_any_pieces() {
    for (name, seed, comma, end) in [
        ("total", 1, true, "I alt;;;5\n"),
        ("dots", 2, false, "I alt;;;1.234\n"),
        ("no-total", 3, true, ""),
        ("short", 4, true, "B9;02"),
        ("open", 5, false, "\"B9;02\n;;\n"),
        ("unended", 6, true, "I alt;;;5\nB999;02;071203-1234;12"),
    ] {
        let whole = same_in_any_pieces(name, &[("poster.csv", &(postings(seed, comma) + end))]);
        assert!(whole.contains("Shifted") && whole.contains("RepeatedHeader") && whole.contains("Total"), "{whole}");
    }
}

#[test]
fn cases_and_months_are_the_same_in_any_pieces() {
    let mut lot = lots(7);
    let mut cases = "sep=;\nDato;Sagsnummer;CPR-nr.;Navn;Sagsstatus\n".to_owned();
    for _ in 0..300 {
        let (case, day, name) = (lot(200), lot(2) + 30, ["Ea", "Åge \"\"Bo\"\"", "", "BÃ¸rge"][lot(4) as usize]);
        let state = ["Åben", "aktiv", "Lukket", "ved ikke"][usize::try_from(lot(40)).map_or(0, |n| n % 3 + n / 39)];
        cases += &format!("{day}-10-2026;S{case};071203-1234;\"{name}\";{state}\n");
    }
    let header = "Barnets CPR;Timer/uge;Januar;Februar;Marts\n";
    let months: String =
        (0..200).map(|_| format!("071203-{:04};{};{};;{},5\n", 1_000 + lot(50), lot(37), lot(9), lot(9))).collect();
    let whole = same_in_any_pieces("cases", &[("sager.csv", &cases), ("timer 2026.csv", &(header.to_owned() + &months))]);
    assert!(whole.contains("Garbled") && whole.contains("KeyConflict"), "{whole}");
}
