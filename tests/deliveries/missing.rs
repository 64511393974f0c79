//! Exports and sheets that are not there or hold nothing.

use super::harness::*;

/// What an export's absence harms: rules that read its datasets.
const HARM: [(&str, &str, &[&str]); 6] = [
    // Whether a row's case is closed stands in the list of cases.
    (CASES, "DUBU sager", &["SAG-103", "BEV-101"]),
    (EXAMINATIONS, "DUBU undersøgelser", &["SAG-103"]),
    (GRANTS, "DUBU ydelser", &["BEV-101"]),
    (POSTINGS, "OPUS posteringer", &["FOR-104"]),
    // Who is whose parent stands in the payments.
    (PAYMENTS, "Pecunia betalinger", &["FOR-104"]),
    (EARNINGS, "Tabt arbejdsfortjeneste", &["TAF-102"]),
];

#[test]
fn the_whole_delivery_has_no_problem() {
    assert_eq!((WHOLE.code, WHOLE.failures()), (1, Vec::<String>::new()));
    for id in RULES {
        let counts = WHOLE.counts(id);
        assert!(WHOLE.state(id) == "ran" && counts.violation > 0 && counts.compliant > 0, "{id} {counts:?}");
    }
}

#[test]
fn a_missing_export_is_named_and_the_others_are_checked() {
    for (file, source, harmed) in HARM {
        let delivery = Delivery::new();
        delivery.remove(file);
        let checked = delivery.check();
        assert_eq!(checked.code, 2, "{file}");
        assert_eq!(checked.failures(), [format!("the source «{source}» is required, but no file matches")]);
        checked.assert_no_bolder(harmed, file);
        for id in harmed {
            let counts = checked.counts(id);
            assert_eq!((counts.compliant, counts.violation), (0, 0), "without {file} {id} judges rows");
        }
    }
}

fn is_named(checked: &Checked, file: &str) -> bool {
    checked.failures().iter().any(|text| text.contains(file))
}

#[test]
fn an_empty_export_is_named() {
    for (file, _, harmed) in HARM {
        let header = |sheets: &mut Vec<Sheet>| {
            sheets.iter_mut().for_each(|sheet| {
                let end = sheet.rows.len() - sheet.footer;
                sheet.rows.drain(sheet.header + 1..end);
            });
        };
        let nothing = |sheets: &mut Vec<Sheet>| sheets.iter_mut().for_each(|sheet| sheet.rows.clear());
        for (how, change) in [("header only", &header as &dyn Fn(&mut Vec<Sheet>)), ("no row", &nothing)] {
            let delivery = Delivery::new();
            delivery.change(file, change);
            let checked = delivery.check();
            let what = format!("{file}: {how}");
            assert!(checked.code == 2 && is_named(&checked, file), "{what}: {:?}", checked.failures());
            checked.assert_no_bolder(harmed, &what);
            for id in harmed {
                let counts = checked.counts(id);
                assert_eq!((counts.compliant, counts.violation), (0, 0), "{what}: {id}");
            }
        }
        let delivery = Delivery::new();
        delivery.write(file, []);
        let checked = delivery.check();
        assert!(checked.code == 2 && is_named(&checked, file), "{file} of 0 bytes: {:?}", checked.failures());
        checked.assert_no_bolder(harmed, file);
    }
}

/// One year of three: the others are checked, the empty one is named.
#[test]
fn an_empty_sheet_among_others_is_named() {
    for (keep, said) in [(0, "has no rows"), (2, "cannot be read"), (3, "has no rows")] {
        let delivery = Delivery::new();
        delivery.change(EARNINGS, |sheets| sheets[1].rows.truncate(keep));
        let checked = delivery.check();
        let failures = checked.failures();
        let named = failures.len() == 1 && failures[0].starts_with(&format!("{EARNINGS} [2025] {said}"));
        assert!(named && checked.code == 2, "{keep} rows kept: {failures:?}");
        checked.assert_no_bolder(&["TAF-102"], "2025 is empty");
        let of_2025 = WHOLE.violations("TAF-102").into_iter().filter(|key| key.contains("\"2025\"")).count();
        assert_eq!(checked.violations("TAF-102").len() + of_2025, WHOLE.violations("TAF-102").len());
    }
}

/// A date that does not exist is no missing date, and neither is a column that nobody delivered.
#[test]
fn a_grant_without_a_readable_end_is_not_assessed() {
    // 31-13-2024 stands in the demo: the 24th grant.
    let wrong = WHOLE.not_assessed("BEV-101").into_iter().filter(|key| key.contains(" 24 ")).count();
    assert_eq!(wrong, 1, "{:?}", WHOLE.not_assessed("BEV-101"));
    let delivery = Delivery::new();
    delivery.change(GRANTS, |sheets| {
        let (end, start) = (sheets[0].column("Slutdato"), sheets[0].column("Startdato"));
        let row = sheets[0].records().iter_mut().find(|row| row[end] == Cell::Empty && row[start] != Cell::Empty).unwrap();
        row[end] = Cell::text("31-13-2024");
    });
    let checked = delivery.check();
    let (now, before) = (checked.counts("BEV-101"), WHOLE.counts("BEV-101"));
    assert_eq!((now.violation + 1, now.not_assessed), (before.violation, before.not_assessed + 1));
    assert_eq!(checked.code, 1, "one wrong cell is counted, and is no failure of the input");

    let delivery = Delivery::new();
    delivery.change(GRANTS, |sheets| sheets[0].remove("Slutdato"));
    let checked = delivery.check();
    assert_eq!(checked.counts("BEV-101").violation, 0);
    checked.assert_no_bolder(&["BEV-101"], "no column Slutdato");
    // Without the config the layout is known by its headers alone; still no grant lacks an end.
    assert_eq!(delivery.check_bare().counts("BEV-101").violation, 0);
}
