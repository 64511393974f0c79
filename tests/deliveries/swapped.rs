//! Columns whose data stand under each other's headers.

use super::harness::*;

/// The delivery with the data of two columns exchanged in every sheet of a file.
fn swapped(file: &str, a: &str, b: &str) -> Checked {
    let delivery = Delivery::new();
    delivery.change(file, |sheets| sheets.iter_mut().for_each(|sheet| sheet.swap(a, b)));
    delivery.check()
}

/// Both columns hold another kind: each header that can tell is named, exit code 2, and no row is judged from wrong values.
#[test]
fn columns_of_different_kinds_are_named() {
    let pairs: [(&str, &str, &str, &[&str]); 32] = [
        (CASES, "CPR-nr.", "Sagsnummer", &["CPR-nr."]),
        (CASES, "Oprettet", "Sag status", &["Oprettet", "Sag status"]),
        (CASES, "Sag status", "Navn", &["Sag status"]),
        (CASES, "Sag status", "Afsluttet", &["Sag status", "Afsluttet"]),
        (CASES, "CPR-nr.", "Fødselsdato", &["CPR-nr.", "Fødselsdato"]),
        (CASES, "Dato", "Sagsbehandler", &["Dato"]),
        (EXAMINATIONS, "Sagsnummer", "CPR-nr.", &["CPR-nr."]),
        (EXAMINATIONS, "Undersøgelsestype", "Startdato", &["Undersøgelsestype", "Startdato"]),
        (EXAMINATIONS, "Afsluttet", "Samtykke", &["Afsluttet", "Samtykke"]),
        (EXAMINATIONS, "Opmærksom dato", "CPR-nr.", &["Opmærksom dato", "CPR-nr."]),
        (EXAMINATIONS, "Afsluttet", "Sagsbehandler", &["Afsluttet"]),
        (GRANTS, "Slutdato", "Ydelsesbeløb", &["Slutdato"]),
        (GRANTS, "Slutdato", "Antal", &["Slutdato"]),
        (GRANTS, "Startdato", "Status", &["Startdato", "Status"]),
        (GRANTS, "Slutdato", "Forventet varighed", &["Slutdato", "Forventet varighed"]),
        (GRANTS, "Forventet varighed", "Ydelsesbeløb", &["Forventet varighed", "Ydelsesbeløb"]),
        (GRANTS, "Forventet varighed", "CPR-nr.", &["Forventet varighed", "CPR-nr."]),
        (GRANTS, "Afgørelsesparagraf", "Leverandør", &["Afgørelsesparagraf"]),
        (GRANTS, "CPR-nr.", "Sagsnummer", &["CPR-nr."]),
        (POSTINGS, "Artskonto", "Ydelsesperiode fra", &["Artskonto", "Ydelsesperiode fra"]),
        (POSTINGS, "Beløb", "Ydelsesperiode fra", &["Beløb", "Ydelsesperiode fra"]),
        (POSTINGS, "Beløb", "Ydelsesmodtagernr.", &["Beløb", "Ydelsesmodtagernr."]),
        (POSTINGS, "Beløb", "Profitcenter", &["Beløb"]),
        (POSTINGS, "Betalingsmodtagernr.", "Betalingsmodtagernr.kode", &["Betalingsmodtagernr.kode"]),
        (POSTINGS, "Ydelsesmodtagernr.kode", "Ydelsesmodtagernr.", &["Ydelsesmodtagernr.kode"]),
        (POSTINGS, "Ydelsesmodtagernr.kode", "Tekst", &["Ydelsesmodtagernr.kode"]),
        (PAYMENTS, "cpr_number", "name", &["cpr_number"]),
        (PAYMENTS, "amount", "date", &["amount", "date"]),
        (PAYMENTS, "mother_cpr", "team", &["mother_cpr"]),
        (EARNINGS, "Normtid", "Månedsløn", &["normtid <= 60"]),
        (EARNINGS, "Forælder CPR", "Januar", &["Forælder CPR", "Januar"]),
        (EARNINGS, "Timer/uge", "Før 2011", &["Timer/uge", "Før 2011"]),
    ];
    for (file, a, b, named) in pairs {
        let checked = swapped(file, a, b);
        let (what, failures) = (format!("{file}: {a} and {b}"), checked.failures());
        assert_eq!(checked.code, 2, "{what}");
        for header in named {
            let quoted = format!("«{header}»");
            let is_named = |text: &String| text.contains(file) && (text.contains(&quoted) || text.contains(header));
            assert!(failures.iter().any(is_named), "{what}: {header} is not named: {failures:?}");
        }
        for id in RULES {
            let (now, before) = (checked.counts(id), WHOLE.counts(id));
            let new: Vec<String> = checked.violations(id).difference(&WHOLE.violations(id)).cloned().collect();
            assert!(new.is_empty() && now.compliant <= before.compliant, "{what}: {id} {new:?} {now:?} {before:?}");
        }
    }
}

/// Days read as days wherever they stand. What their dataset expects of them tells, where it can.
#[test]
fn two_dates_are_named_by_what_their_rows_are_expected_to_be() {
    let pairs = [
        (EXAMINATIONS, "Startdato", "Afsluttet", "SAG-103"),
        (EXAMINATIONS, "Opmærksom dato", "Afsluttet", "SAG-103"),
        (EXAMINATIONS, "Opmærksom dato", "Startdato", "SAG-103"),
        (EXAMINATIONS, "Opmærksom dato", "Frist", "SAG-103"),
        (EXAMINATIONS, "Dato", "Opmærksom dato", "SAG-103"),
        (EXAMINATIONS, "Dato", "Afsluttet", "SAG-103"),
        (EXAMINATIONS, "Startdato", "Foreløbig vurdering", "SAG-103"),
        (GRANTS, "Startdato", "Slutdato", "BEV-101"),
        (EARNINGS, "Timer/uge", "Normtid", "TAF-102"),
    ];
    let pairs = pairs.map(|(file, a, b, rule)| (file, a, b, vec![rule]));
    // Payments also speak of the cases: whose child a case is about is then told in two ways.
    let payments = (PAYMENTS, "cpr_number", "mother_cpr", vec!["FOR-104", "SAG-103", "BEV-101"]);
    for (file, a, b, harmed) in pairs.into_iter().chain([payments]) {
        let checked = swapped(file, a, b);
        let (what, failures) = (format!("{file}: {a} and {b}"), checked.failures());
        assert!(checked.code == 2 && failures.iter().any(|text| text.contains(file)), "{what}: {failures:?}");
        checked.assert_no_bolder(&harmed, &what);
    }
}
