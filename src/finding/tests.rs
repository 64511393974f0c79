//! Places, fingerprints and what the builder refuses.

use super::*;
use crate::finding::fingerprint::Identity;
use crate::model::{ColumnId, DatasetId};
use crate::privacy::Gate;

fn cell(row: u32, label: Option<&str>) -> CellView {
    CellView {
        at: CellRef { dataset: DatasetId(0), row, column: ColumnId(0) },
        dataset: "sag".into(),
        column: "sagsnr".into(),
        place: PlaceView { file: "a.csv".into(), sheet: None, sheet_row: row, line: row, record: row, sheet_column: Some(0) },
        header: None,
        derived: false,
        shown: Shown::Empty,
        label: label.map(|l| Bilingual::new(l, l)),
    }
}

#[test]
fn columns_have_letters() {
    assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    let place = PlaceView { sheet: Some("2024".into()), sheet_row: 7, sheet_column: Some(4), ..cell(1, None).place };
    assert_eq!((place.excel(), place.colon()), ("2024!E7".to_owned(), "a.csv:7:5".to_owned()));
    assert_eq!(PlaceView { sheet: None, sheet_column: None, ..place }.excel(), "7");
}

#[test]
fn the_builder_refuses_a_finding_without_primary() {
    let mut cells = Cells::default();
    cells.also(cell(1, None));
    assert!(cells.finish().is_none());
}

#[test]
fn a_cell_is_listed_once_and_keeps_its_label() {
    let mut cells = Cells::default();
    cells.at(cell(1, None));
    cells.at(cell(2, Some("b")));
    cells.also(cell(1, Some("a")));
    cells.also(cell(2, Some("c")));
    let (primary, related) = cells.finish().expect("a primary");
    assert_eq!((primary.at.row, primary.label.map(|l| l.da)), (1, Some("a".to_owned())));
    assert_eq!(related.len(), 1);
    assert_eq!(related[0].label.as_ref().map(|l| &*l.da), Some("b"));
}

fn digest(rule: &str, columns: &[&str], values: &[Value], partner: Option<&str>, item: Option<&Value>) -> String {
    let columns: Vec<Arc<str>> = columns.iter().map(|c| (*c).into()).collect();
    let partner: Option<Vec<Value>> = partner.map(|p| vec![Value::Text(p.into())]);
    let identity = Identity {
        rule,
        dataset: "bevilling",
        key: (&columns, values),
        partner: partner.as_deref().map(|p| (&columns[..], p)),
        item,
    };
    identity.digest(&Gate::new(Some(b"hemmelig"), false))
}

#[test]
fn fingerprints_hang_on_identity_alone() {
    let text = |t: &str| Value::Text(t.into());
    let money = |units, scale| Value::Money(Decimal::new(units, scale));
    let plain = digest("BEV-101", &["id"], &[text("B1")], None, None);
    assert_eq!(plain, digest("BEV-101", &["id"], &[text("B1")], None, None));
    assert_eq!(
        digest("R", &["a"], &[money(10, 1)], None, None),
        digest("R", &["a"], &[money(100, 2)], None, None),
        "1.0 is 1.00"
    );
    let others = [
        digest("BEV-102", &["id"], &[text("B1")], None, None),
        digest("BEV-101", &["nr"], &[text("B1")], None, None),
        digest("BEV-101", &["id"], &[text("B2")], None, None),
        digest("BEV-101", &["id"], &[Value::Number(Decimal::whole(1))], None, None),
        digest("BEV-101", &["id"], &[text("B1")], Some("B2"), None),
        digest("BEV-101", &["id"], &[text("B1")], None, Some(&text("05-2025"))),
        digest("BEV-101", &["id", "id"], &[text("B"), text("1")], None, None),
    ];
    let distinct: std::collections::BTreeSet<&String> = others.iter().chain([&plain]).collect();
    assert_eq!(distinct.len(), others.len() + 1);
}

#[test]
fn long_texts_are_cut_to_their_width() {
    assert_eq!(excerpt::clip("Tabt arbejdsfortjeneste", 10), "Tabt arbe…");
    assert_eq!(excerpt::clip("kort", 10), "kort");
    assert_eq!(excerpt::wrapped("en to tre fire", 7), ["en to", "tre", "fire"]);
}
