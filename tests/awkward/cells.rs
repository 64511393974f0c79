//! What stands in cells: Q1 to Q5, Q7, Q14 to Q17, Q22 to Q24, Q26, Q27.

use super::harness::fixture;

const NONE: [&str; 0] = [];

#[test]
fn q01_damaged_personal_numbers() {
    let read = fixture("Q01_cpr.csv");
    let mut wanted = vec!["0712031234"; 5];
    wanted.extend(["(oplyst som ukendt)", "07120312AB", "(kan ikke læses)", "0712031234"]);
    assert_eq!(read.column("sag", "cpr"), wanted);
    assert_eq!(read.problems(), NONE);
    read.says(&["2 CPR med tabt nul", "«CPR-nr.» (cpr): 1 af 9"]);
}

#[test]
fn q02_test_persons() {
    let read = fixture("Q02_testpersoner.csv");
    assert_eq!(read.column("sag", "cpr"), ["0505059996", "0108589995", "0712031234"], "read like all others");
    assert_eq!(
        read.problems(),
        ["Q02_testpersoner.csv: 2 celler har CPR-nummer fra en kendt testperson; de er læst som alle andre"]
    );
}

#[test]
fn q03_modulus_11_is_no_test_and_the_seventh_digit_is_the_century() {
    let read = fixture("Q03_aarhundreder.csv");
    assert_eq!(read.column("person", "cpr"), ["1207581234", "2402004123", "0204109876", "2902005111"]);
    assert_eq!(read.problems(), NONE);
    read.says(&["CPR 4 læst, 4 uden gyldig modulus 11"]);
}

#[test]
fn q04_amounts() {
    let read = fixture("Q04_beloeb.csv");
    let mut amounts = vec!["1.250,50 kr."; 4];
    amounts.extend(["1.250,00 kr.", "1.250,00 kr.", "(oplyst som ukendt)"]);
    assert_eq!(read.column("betaling", "beløb"), amounts, "a dot means thousands where the column has commas");
    let signs =
        ["-1.250,50 kr.", "-1.250,50 kr.", "-1.250,50 kr.", "1.250,50 kr.", "-1.250,50 kr.", "1.250,50 kr.", "-1.250,50 kr."];
    assert_eq!(read.column("betaling", "betalt_beløb"), signs);
    assert_eq!(read.column("betaling", "pris"), ["(kan ikke læses)"; 7], "1.000 may be one or a thousand");
    assert_eq!(read.problems(), ["Q04_beloeb.csv: 7 af 7 celler i «price_per_unit» kan ikke læses som «pris»"]);
    read.says(&["1 minus bag tallet"]);
}

#[test]
fn q05_days() {
    let read = fixture("Q05_datoer.csv");
    let mut days = vec!["31-01-2026"; 8];
    days.extend(["01-02-2026", "(kan ikke læses)"]);
    assert_eq!(read.column("sag", "oprettet"), days, "the day before the month, always; an instant is its Danish day");
    assert_eq!(read.column("sag", "afsluttet"), ["tom"; 10]);
    assert_eq!(read.problems(), NONE);
    read.says(&["1 serietal læst som dato", "1 slutdato uden ende", "1 årstal med to cifre", "«Oprettet» (oprettet): 1 af 10"]);
}

#[test]
fn q05_months() {
    let read = fixture("Q05_maaneder.csv");
    assert_eq!(read.column("taf_måned", "måned"), ["01-08-2024", "01-09-2024", "01-10-2024", "01-11-2024", "01-12-2024"]);
    assert_eq!(read.problems(), NONE);
}

#[test]
fn q07_dates_that_are_none() {
    let read = fixture("Q07_slutdatoer.csv");
    assert_eq!(read.column("bevilling", "slut"), ["tom"; 7]);
    assert_eq!(read.problems(), NONE);
    read.says(&["3 slutdato uden ende", "4 dato uden betydning"]);
}

#[test]
fn q14_noise_around_texts() {
    let read = fixture("Q14_stoej.csv");
    let row = |nr: &str| format!("{nr} | åben | 02-01-2026 | Børnesag");
    assert_eq!(read.rows("sag", &["sagsnr", "status", "oprettet", "sagstype"]), [row("S1"), row("S2")]);
    assert_eq!(read.problems(), NONE);
    read.says(&["8 overflødige tegn"]);
}

#[test]
fn q14_texts_that_were_cut() {
    let read = fixture("Q14_afskaaret.csv");
    assert_eq!(read.problems(), ["Q14_afskaaret.csv: 4 tekster i «note» er på præcis 40 tegn og kan være skåret af"]);
}

#[test]
fn q15_stated_unknown_is_not_missing() {
    let read = fixture("Q15_pladsholdere.csv");
    assert_eq!(read.column("sag", "oprettet"), ["tom", "tom", "tom", "02-01-2026"]);
    assert_eq!(read.column("sag", "sagstype"), ["(oplyst som ukendt)", "(oplyst som ukendt)", "tom", "Børnesag"]);
    assert_eq!(read.column("sag", "sagsbehandler"), ["tom", "tom", "Beskyttet adresse", "ABC"]);
    read.says(&["6 pladsholder læst som tom"]);
}

#[test]
fn q16_yes_and_no() {
    let read = fixture("Q16_ja_nej.csv");
    let wanted = ["ja", "nej", "ja", "nej", "ja", "tom", "ja", "nej", "ja", "nej", "ja", "nej"];
    assert_eq!(read.column("sag", "tvang"), wanted);
    assert_eq!(read.problems(), NONE);
}

#[test]
fn q17_error_cells_are_never_empty() {
    let read = fixture("Q17_fejlceller.csv");
    let wanted = ["02-01-2026 | (kan ikke læses)", "(kan ikke læses) | (kan ikke læses)", "02-01-2026 | Børnesag"];
    assert_eq!(read.rows("sag", &["oprettet", "sagstype"])[..3], wanted);
    read.says(&["«Oprettet» (oprettet): 1 af 11", "«Sagstype» (sagstype): 2 af 11"]);
}

#[test]
fn q22_ids_that_a_spreadsheet_damaged() {
    let read = fixture("Q22_id_fra_excel.csv");
    assert_eq!(read.rows("betaling", &["ydelse_id", "kontoalias"])[..2], ["(kan ikke læses) | 015022", "Y2 | 015031"]);
    read.says(&["«activity_id» (ydelse_id): 1 af 6"]);
}

#[test]
fn q23_legal_sections_in_all_spellings() {
    let read = fixture("Q23_paragraffer.csv");
    let wanted = [
        "SEL § 52, stk. 3, nr. 7",
        "SEL § 52, stk. 3, nr. 7",
        "BL § 114",
        "SEL § 52, stk. 3, nr. 7",
        "§ 32, stk. 1",
        "LBU § 14, stk. 1",
        "BL § 46",
        "BL § 32, stk. 1, nr. 3",
    ];
    assert_eq!(read.column("bevilling", "afgørelsesparagraf"), wanted);
    assert_eq!(read.problems(), NONE);
}

#[test]
fn q24_names_with_the_last_name_first() {
    let read = fixture("Q24");
    assert_eq!(read.column("sag", "sagsbehandler"), ["Anna Lise Prøvesen", "anlip", "Anna Lise Prøvesen"]);
    assert_eq!(read.matched("sag", "medarbejder"), [1, 2], "one by user id, two by name");
    read.says(&["1 navne vendt om"]);
}

#[test]
fn q26_municipalities_by_code_and_name() {
    let read = fixture("Q26_kommuner.csv");
    assert_eq!(read.column("sag", "handlekommune"), ["607", "607", "607", "607", "101", "751", "899", "(kan ikke læses)"]);
    assert_eq!(read.problems(), NONE);
    read.says(&["«Handlekommune» (handlekommune): 1 af 8"]);
}

#[test]
fn q27_numbers_that_are_not_told_and_per_cent() {
    let read = fixture("Q27_skjulte_tal.csv");
    assert_eq!(read.rows("forældrebetaling", &["antal_børn", "procent"]), ["(oplyst som ukendt) | 46,0 %"; 2]);
    assert_eq!(read.problems(), NONE);
}
