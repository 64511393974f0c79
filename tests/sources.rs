//! Several files that feed one dataset: what is one row, where its cells stand, which extract counts.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::PathBuf;
use std::sync::Arc;

use sagstjek::intake::{self, Delivery, IntakeOptions};
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::{embedded, load};
use sagstjek::model::{ColumnId, Pack};
use sagstjek::rule::{LoadPlan, compile_model};
use sagstjek::store::{CellRef, Completeness, RowRef, Store};
use sagstjek::value::{Cause, Cell, show};

struct Read {
    pack: Arc<Pack>,
    delivery: Delivery,
    store: Store,
}

fn read(name: &str, files: &[(&str, &str)]) -> Read {
    let pack = load(embedded()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    compile_model(&pack).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sources").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).expect("folder");
    for (file, text) in files {
        std::fs::write(root.join(file), text).expect("file");
    }
    let all = pack.datasets.iter().enumerate().map(|(d, dataset)| (sagstjek::model::DatasetId(d as u16), dataset));
    let columns = all.clone().flat_map(|(d, dataset)| (0..dataset.columns.len() as u16).map(move |c| (d, ColumnId(c))));
    let plan = LoadPlan { columns: columns.collect(), datasets: all.map(|(d, _)| d).collect() };
    let mut delivery = intake::read(&pack, &plan, &root, &IntakeOptions::default());
    let pack = Arc::new(pack);
    let store = Store::build(pack.clone(), std::mem::take(&mut delivery.tables));
    Read { pack, delivery, store }
}

impl Read {
    fn at(&self, dataset: &str, row: u32, column: &str) -> CellRef {
        let dataset = self.pack.dataset(dataset).expect("a dataset");
        CellRef { dataset, row, column: self.pack.get(dataset).column(column).expect("a column") }
    }

    /// A cell and where it stands: file and spreadsheet cell.
    fn cell(&self, dataset: &str, row: u32, column: &str) -> String {
        let at = self.at(dataset, row, column);
        let said = match self.store.cell(at) {
            Cell::Present(value) => show(&value, "kr.", Lang::Da),
            Cell::Empty => "tom".to_owned(),
            Cell::Unknown(cause) => cause.code().to_owned(),
        };
        let origin = self.store.origin(at).expect("a place");
        let column = origin.sheet_column.map_or(String::new(), |c| char::from(b'A' + c as u8).to_string());
        format!("{said} @ {} {column}{}", self.delivery.files[usize::from(origin.file)].path, origin.sheet_row)
    }

    fn problems(&self) -> Vec<String> {
        self.delivery.problems.iter().map(|problem| problem.text(Lang::Da)).collect()
    }
}

const YDELSER: &str = "Dato;Ydelse startdato;Ydelse slutdato;Takst;Pris pr dag;Status;Ydelsestype;Lovhjemmel;Sag rækkeID;Sag status;Sagstype\n\
    31-10-2026;01-02-2026;;500,00;500,00;Godkendt;Kontaktperson;BL § 32, stk. 1, nr. 3;S1;Åben;Børnesag\n\
    31-10-2026;01-03-2026;;700,00;700,00;Godkendt;Aflastning;BL § 32, stk. 1, nr. 4;S1;Åben;Børnesag\n\
    31-10-2026;01-03-2026;;700,00;700,00;Godkendt;Aflastning;BL § 32, stk. 1, nr. 4;S2;Åben;Børnesag\n";

#[test]
fn a_case_known_from_its_grants_alone_is_known_only_in_part() {
    let read = read("alone", &[("ydelser.csv", YDELSER)]);
    assert_eq!(read.problems(), Vec::<String>::new());
    let cells = ["sagsnr", "status", "sagstype", "oprettet"].map(|c| read.cell("sag", 0, c));
    assert_eq!(
        cells,
        ["S1 @ ydelser.csv I2", "åben @ ydelser.csv J2", "Børnesag @ ydelser.csv K2", "not-delivered @ ydelser.csv 2"]
    );
    let sag = read.pack.dataset("sag").expect("sag");
    assert_eq!((read.store.rows(sag), read.store.completeness(sag)), (2, Completeness::Incomplete));
}

#[test]
fn a_case_of_two_files_is_one_row_whose_cells_keep_their_places() {
    let sager =
        "Sagsnummer;CPR-nr.;Sag status;Oprettet;Sagsbehandler\nS1;071203-1234;Åben;02-01-2026;ABC\nS3;;Lukket;02-01-2026;ABC\n";
    let read = read("two", &[("sager.csv", sager), ("ydelser.csv", YDELSER)]);
    assert_eq!(read.problems(), Vec::<String>::new());
    let sag = read.pack.dataset("sag").expect("sag");
    assert_eq!((read.store.rows(sag), read.store.completeness(sag)), (2, Completeness::Whole));
    let one = (0..2).find(|&row| read.cell("sag", row, "sagsnr").starts_with("S1")).expect("S1");
    let other = 1 - one;
    let cells = ["cpr", "status", "sagstype", "oprettet"].map(|c| read.cell("sag", one, c));
    assert_eq!(
        cells,
        ["0712031234 @ sager.csv B2", "åben @ sager.csv C2", "Børnesag @ ydelser.csv K2", "02-01-2026 @ sager.csv D2"]
    );
    assert_eq!(read.cell("sag", other, "sagstype"), "not-delivered @ sager.csv 3");
    assert_eq!(read.store.cell(read.at("sag", other, "sagstype")), Cell::Unknown(Cause::NotDelivered));
    let also: Vec<(u16, u32)> =
        read.store.also_at(RowRef { dataset: sag, row: one }).iter().map(|o| (o.file, o.sheet_row)).collect();
    assert_eq!(also, [(1, 2)]);
}

#[test]
fn a_copy_of_a_file_and_an_older_extract_count_once() {
    let file = |day: &str, status: &str| {
        format!("Dato;Sagsnummer;CPR-nr.;Sag status;Oprettet\n{day};S1;071203-1234;{status};02-01-2026\n")
    };
    let (old, new) = (file("30-09-2026", "Åben"), file("31-10-2026", "Lukket"));
    let files = [("DUBU_sager.csv", &*new), ("DUBU_sager (1).csv", &new), ("Kopi af DUBU_sager.csv", &new), ("gammel.csv", &old)];
    let read = read("copies", &files);
    let sag = read.pack.dataset("sag").expect("sag");
    assert_eq!(read.store.rows(sag), 1);
    assert_eq!(read.cell("sag", 0, "status"), "lukket @ DUBU_sager (1).csv D2", "the first by name");
    assert_eq!(read.store.also_at(RowRef { dataset: sag, row: 0 }).len(), 2);
    assert_eq!(
        read.problems(),
        ["gammel.csv er trukket 30-09-2026; 1 række i «sag» er taget fra udtrækket fra 31-10-2026 i stedet"]
    );
}

#[test]
fn files_that_contradict_each_other_are_named_with_the_rows() {
    let a = "Sagsnummer;CPR-nr.;Sag status;Oprettet\nS1;071203-1234;Åben;02-01-2026\nS2;071203-1234;Åben;02-01-2026\n";
    let b = "Sagsnummer;CPR-nr.;Sag status;Oprettet\nS2;071203-1234;Lukket;03-01-2026\n";
    let read = read("contradict", &[("a.csv", a), ("b.csv", b)]);
    assert_eq!(
        read.problems(),
        [
            "1 nøgler i «sag» står i flere rækker med forskellige værdier, først i a.csv række 3 og b.csv række 2 (status, oprettet)"
        ]
    );
    assert_eq!(read.store.rows(read.pack.dataset("sag").expect("sag")), 3);
}
