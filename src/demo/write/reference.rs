//! What the department keeps beside the cases: the allowed combinations (Blanket 20), and the form of the management
//! supervision.

use std::collections::BTreeSet;

use super::order;
use super::xlsx::{Book, Field};
use crate::demo::law::extract_date;
use crate::demo::record::Municipality;
use crate::demo::service::ALL;
use crate::demo::steps::POINTS;
use crate::demo::{DemoError, Outlet};

const COMBINATIONS: &str = "DUBU_Blanket20_2026.xlsx";
const SUPERVISION: &str = "Ledelsestilsyn_2026-10-31.xlsx";

/// Combinations for children under the law on youth crime, which the demo's own children have none of.
const YOUTH_CRIME: [[&str; 4]; 2] = [
    ["Kontaktperson til ung", "Kontaktperson", "LBU § 12 stk. 1", "LBU § 12 stk. 1"],
    ["Opholdssted", "Opholdssted", "LBU § 14 stk. 1", "BL § 43 stk. 1 nr. 6"],
];

/// Blanket 20: a sheet a law, one for what is left, and one that says them all again.
pub(super) fn combinations(outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let mut all: BTreeSet<[&str; 4]> = ALL.iter().map(|s| [s.name, s.offer, s.decision, s.measure]).collect();
    all.extend(YOUTH_CRIME);
    let cash = |row: &[&str; 4]| row[1] == "Kontant ydelse";
    let mut book = Book::new()?;
    for (sheet, law) in [("BL", "BL"), ("SEL", "SEL"), ("LBU", "LBU"), ("Øvrige", ""), ("Alle", "")] {
        book.sheet(sheet)?;
        book.header("Ydelsestype|Tilbudstype|Lovhjemmel|Foranstaltningsparagraf")?;
        let of = |row: &&[&str; 4]| match sheet {
            "Alle" => true,
            "Øvrige" => cash(row),
            _ => !cash(row) && row[2].starts_with(law),
        };
        for row in all.iter().filter(of) {
            book.row(&row.map(Field::Text))?;
        }
    }
    Ok(book.save(outlet.open(COMBINATIONS)?)?)
}

/// The supervision form: a row for each case and point.
pub(super) fn supervision(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let mut book = Book::new()?;
    book.sheet("Ledelsestilsyn")?;
    book.row(&[Field::Text("Ledelsestilsyn: nye sager, trukket hver måned")])?;
    book.row(&[])?;
    book.header("Dato|Sagsnummer|Team|Sagsbehandler|Måned|Målepunkt|Vurderet relevant|Opfyldt")?;
    for i in order(&m.steps.supervised, |s| (s.month, m.cases[s.case].sagsnr.clone(), s.point)) {
        let row = &m.steps.supervised[i];
        let worker = &m.workers[m.cases[row.case].worker];
        book.row(&[
            Field::Day(extract_date()),
            Field::Text(&m.cases[row.case].sagsnr),
            Field::Text(worker.team),
            Field::Text(&worker.initials),
            Field::Text(&format!("{:02}-{}", row.month.month(), row.month.year())),
            Field::Text(POINTS[row.point].name),
            Field::Text(if row.degree.is_some() { "Ja" } else { "Nej" }),
            Field::Text(row.degree.unwrap_or_default()),
        ])?;
    }
    Ok(book.save(outlet.open(SUPERVISION)?)?)
}
