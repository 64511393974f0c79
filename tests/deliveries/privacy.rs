//! No number and no name of a person in anything the program says.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::harness::*;

/// Every CPR number and every name of a person in the demo, as their files write them.
fn persons() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut numbers, mut names) = (BTreeSet::new(), BTreeSet::new());
    let delivery = Delivery::new();
    for (file, of_numbers, of_names) in [
        (CASES, &["CPR-nr."][..], &["Navn"][..]),
        (EXAMINATIONS, &["CPR-nr."], &[]),
        (GRANTS, &["CPR-nr."], &[]),
        (POSTINGS, &["Betalingsmodtagernr.", "Ydelsesmodtagernr."], &[]),
        (PAYMENTS, &["recipient_id", "cpr_number", "mother_cpr", "father_cpr"], &["recipient_name", "name"]),
        (EARNINGS, &["Forælder CPR", "Barnets CPR"], &[]),
    ] {
        for sheet in &mut delivery.sheets(file) {
            let at = |headers: &[&str]| -> Vec<usize> { headers.iter().map(|header| sheet.column(header)).collect() };
            let (of_numbers, of_names) = (at(of_numbers), at(of_names));
            for row in sheet.records() {
                for &column in &of_numbers {
                    let digits: String = match &row[column] {
                        Cell::Text(text) => text.chars().filter(char::is_ascii_digit).collect(),
                        Cell::Number(n) => format!("{n:010}"),
                        _ => continue,
                    };
                    if digits.len() == 10 && digits != "0000000000" {
                        numbers.insert(digits);
                    }
                }
                names.extend(of_names.iter().filter_map(|&column| match &row[column] {
                    Cell::Text(text) => Some(text.clone()),
                    _ => None,
                }));
            }
        }
    }
    assert!(numbers.len() > 40 && names.len() > 25, "{} numbers, {} names", numbers.len(), names.len());
    (numbers, names)
}

/// The first number or name that an output holds: ten digits, with a hyphen, or without the zero that a workbook lost.
fn given_away(output: &str) -> Option<String> {
    let (numbers, names) = &*PERSONS;
    let digits: String = output.chars().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
    let runs: BTreeSet<&str> = digits.split_whitespace().collect();
    let shown = |number: &&String| {
        let bare = number.trim_start_matches('0');
        runs.contains(number.as_str()) || runs.contains(bare) || output.contains(&format!("{}-{}", &number[..6], &number[6..]))
    };
    numbers.iter().find(shown).or_else(|| names.iter().find(|name| output.contains(name.as_str()))).cloned()
}

static PERSONS: std::sync::LazyLock<(BTreeSet<String>, BTreeSet<String>)> = std::sync::LazyLock::new(persons);

fn assert_nobody(folder: &Path, what: &str) {
    for (form, output) in outputs(folder, 2) {
        assert_eq!(given_away(&output), None, "{what}: {form}");
    }
}

#[test]
fn what_is_searched_for_can_be_found() {
    let number = PERSONS.0.iter().find(|number| number.starts_with('0')).unwrap();
    assert!(given_away(&format!("x {number} y")).is_some());
    assert!(given_away(&format!("{}-{}", &number[..6], &number[6..])).is_some());
    assert!(given_away(&format!("({})", &number[1..])).is_some());
    assert!(given_away(&format!("«{}»", PERSONS.1.first().unwrap())).is_some());
}

#[test]
fn no_output_of_the_demo_names_a_person() {
    assert_nobody(&demo(), "demo");
}

/// Every file harmed, and files and sheets named after a child: problems are output too.
#[test]
fn no_problem_names_a_person() {
    let (number, name) = (PERSONS.0.first().unwrap(), PERSONS.1.first().unwrap());
    let hyphened = format!("{}-{}", &number[..6], &number[6..]);
    let delivery = Delivery::new();
    for (file, a, b) in [
        (CASES, "CPR-nr.", "Oprettet"),
        (EXAMINATIONS, "CPR-nr.", "Sagsnummer"),
        (GRANTS, "CPR-nr.", "Forventet varighed"),
        (POSTINGS, "Tekst", "Ydelsesmodtagernr."),
        (PAYMENTS, "name", "cpr_number"),
        (EARNINGS, "Forælder CPR", "Sagsbehandler"),
    ] {
        delivery.change(file, |sheets| sheets.iter_mut().for_each(|sheet| sheet.swap(a, b)));
    }
    assert_nobody(&delivery.folder, "swapped");

    let delivery = Delivery::new();
    delivery.write(&format!("sag {hyphened}.csv"), "a;b\r\n1;2\r\n");
    delivery.write(&format!("sag_{number}.xlsx"), "PK\u{3}\u{4}no workbook");
    delivery.write(&format!("~${hyphened}.xlsx"), "lock");
    delivery.write(&format!("{number}.csv"), "");
    delivery.change(EARNINGS, |sheets| sheets[1].name.clone_from(&hyphened));
    delivery.change(GRANTS, |sheets| {
        sheets[0].rename("Tilbud", &hyphened);
        sheets[0].rename("Type", number);
        sheets[0].rows[0][0] = Cell::text(&format!("Ydelser for {hyphened}"));
    });
    delivery.change(CASES, |sheets| {
        let (id, owner, team) = (sheets[0].column("Sagsnummer"), sheets[0].column("Sagsbehandler"), sheets[0].column("Afdeling"));
        for row in sheets[0].records() {
            (row[id], row[owner], row[team]) = (Cell::text(&hyphened), Cell::text(number), Cell::text(&hyphened));
        }
    });
    delivery.change(EXAMINATIONS, |sheets| {
        let (end, id) = (sheets[0].column("Afsluttet"), sheets[0].column("Sagsnummer"));
        sheets[0].records()[0][end] = Cell::text(&hyphened);
        sheets[0].records()[1][end] = Cell::text(name);
        sheets[0].records().iter_mut().for_each(|row| row[id] = Cell::text(number));
    });
    assert_nobody(&delivery.folder, "named after a child");
}

/// What the program itself says on stderr, of folders, configs, secrets and rules named after a child.
#[test]
fn no_error_names_a_person() {
    let number = PERSONS.0.first().unwrap();
    let hyphened = format!("{}-{}", &number[..6], &number[6..]);
    let delivery = Delivery::new();
    let config = String::from_utf8(delivery.bytes("sagstjek.toml")).unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sagstjek")).args(args).env_clear().output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!said.is_empty());
        assert_eq!(given_away(&said), None, "{args:?}: {said}");
    };
    let folder = delivery.folder.to_str().unwrap();
    for lang in ["da", "en"] {
        run(&["check", &format!("{folder}/{hyphened}"), "--lang", lang]);
        run(&["check", folder, "--lang", lang, "--select", &hyphened]);
        run(&["check", folder, "--lang", lang, "--rules", &format!("{folder}/{number}")]);
        run(&["check", folder, "--lang", lang, "--config", &format!("{folder}/{number}.toml")]);
        delivery.write("x.toml", config.replace("hemmelighed.txt", &format!("{hyphened}.txt")));
        run(&["check", folder, "--lang", lang, "--config", &format!("{folder}/x.toml")]);
        delivery.write("x.toml", config.replace("dubu-sager\"", &format!("{hyphened}\"")));
        run(&["check", folder, "--lang", lang, "--config", &format!("{folder}/x.toml")]);
        delivery.write("x.toml", format!("{config}\n# {number}\n= {hyphened}\n"));
        run(&["check", folder, "--lang", lang, "--config", &format!("{folder}/x.toml")]);
        run(&["check", folder, "--lang", lang, "--format", &format!("json={folder}/{hyphened}/x.json")]);
    }
}
