//! The same rows in another order, layout or form of text give the same findings.

use serde_json::Value;

use super::harness::*;

/// What a check says without where it stands: row numbers, files, sheets, sizes, spellings of headers.
fn content(checked: &Checked) -> String {
    let mut json = checked.json.clone();
    let top = json.as_object_mut().unwrap();
    ["files", "manifest"].iter().for_each(|key| drop(top.remove(*key)));
    for list in ["findings", "not_assessed"] {
        strip(&mut top[list]);
        let list = top[list].as_array_mut().unwrap();
        list.sort_by_key(ToString::to_string);
    }
    serde_json::to_string_pretty(&json).unwrap()
}

fn strip(value: &mut Value) {
    const PLACES: [&str; 10] = ["row", "line", "record", "col", "letter", "header", "cell", "file", "sheet", "source"];
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !PLACES.contains(&key.as_str()));
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn assert_same(delivery: &Delivery, what: &str) {
    let checked = delivery.check();
    assert_eq!(checked.code, 1, "{what}: {:?}", checked.failures());
    let (now, before) = (content(&checked), content(&WHOLE));
    if let Some((a, b)) = now.lines().zip(before.lines()).find(|(a, b)| a != b) {
        panic!("{what} differs: {a} was {b}");
    }
    assert!(now == before, "{what}");
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for seed in 1..=4 {
        let delivery = Delivery::new();
        let mut random = Random(seed);
        for file in EXPORTS {
            delivery.change(file, |sheets| sheets.iter_mut().for_each(|sheet| random.shuffle(sheet.records())));
        }
        assert_same(&delivery, &format!("shuffled with {seed}"));
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let delivery = Delivery::new();
    let one = outputs(&delivery.folder, 1);
    for threads in [2, 8] {
        for ((form, a), (_, b)) in one.iter().zip(outputs(&delivery.folder, threads)) {
            assert!(*a == b, "{form} with {threads} threads");
        }
    }
}

#[test]
fn the_order_of_columns_does_not_matter() {
    for seed in 1..=3 {
        let delivery = Delivery::new();
        let mut random = Random(seed);
        for file in EXPORTS {
            delivery.change(file, |sheets| {
                for sheet in sheets {
                    let mut order: Vec<usize> = (0..sheet.rows[sheet.header].len()).collect();
                    // The mark of a total row stands in the first cell.
                    let fixed = usize::from(sheet.footer > 0);
                    random.shuffle(&mut order[fixed..]);
                    let from = sheet.header;
                    for row in &mut sheet.rows[from..] {
                        *row = order.iter().map(|&i| row[i].clone()).collect();
                    }
                }
            });
        }
        assert_same(&delivery, &format!("columns shuffled with {seed}"));
    }
}

#[test]
fn other_names_of_headers_mean_the_same() {
    let names: [(&str, &[(&str, &str)]); 5] = [
        (
            CASES,
            &[
                ("Sagsnummer", "Sag rækkeID"),
                ("CPR-nr.", "Personnummer"),
                ("Oprettet", "OprettetDato"),
                ("Afsluttet", "Lukkedato"),
                ("Sag status", "Sagsstatus"),
            ],
        ),
        (
            EXAMINATIONS,
            &[
                ("Sagsnummer", "Sagsnr."),
                ("CPR-nr.", "cprnr"),
                ("Undersøgelsestype", "Undersøgelse"),
                ("Startdato", "Igangsat"),
                ("Afsluttet", "Færdiggjort"),
            ],
        ),
        (
            GRANTS,
            &[
                ("Startdato", "Ydelse startdato"),
                ("Slutdato", "Ydelse slutdato"),
                ("Afgørelsesparagraf", "Lovhjemmel"),
                ("CPR-nr.", "CPR"),
                ("Ydelsesbeløb", "Takst"),
            ],
        ),
        (POSTINGS, &[("Tekst", "TEKST"), ("Debet/kredit", "DEBET / KREDIT"), ("Referencenøgle", "referencenøgle_")]),
        (EARNINGS, &[("Forælder CPR", "Forælders CPR"), ("Barnets CPR", "Barn CPR"), ("Januar", "jan"), ("December", "Dec.")]),
    ];
    let delivery = Delivery::new();
    for (file, pairs) in names {
        delivery.change(file, |sheets| {
            sheets.iter_mut().for_each(|sheet| pairs.iter().for_each(|(from, to)| sheet.rename(from, to)));
        });
    }
    assert_same(&delivery, "other names");
}

#[test]
fn the_form_of_text_does_not_matter() {
    for (delimiter, charset) in [
        (';', Charset::Utf8Bom),
        (';', Charset::Utf8),
        (';', Charset::Cp1252),
        (',', Charset::Utf8),
        ('\t', Charset::Utf8),
        ('\t', Charset::Cp1252),
        ('\t', Charset::Utf16),
        (';', Charset::Utf16),
    ] {
        let delivery = Delivery::new();
        for file in [CASES, EXAMINATIONS, POSTINGS, PAYMENTS] {
            delivery.write(file, csv(&delivery.sheets(file)[0], delimiter, charset));
        }
        assert_same(&delivery, &format!("{delimiter:?} {charset:?}"));
    }
}
