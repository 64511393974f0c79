//! How files are written and delivered: Q8 to Q13, Q20, Q21, Q25.

use super::harness::fixture;

const NONE: [&str; 0] = [];

#[test]
fn q08_encodings() {
    for (name, says) in [
        ("Q08_windows.csv", "windows-1252, `;`"),
        ("Q08_cp850.csv", "IBM850, `;`"),
        ("Q08_unicode_tekst.txt", "UTF-16LE (BOM), tab"),
        ("Q08_bom.csv", "UTF-8 (BOM), `;`"),
    ] {
        let read = fixture(name);
        assert_eq!(read.rows("sag", &["sagsnr", "status", "sagstype"]), ["S1 | åben | Børnesag"], "{name}");
        assert_eq!(read.problems(), NONE, "{name}");
        read.says(&[says]);
    }
}

#[test]
fn q08_letters_that_were_damaged_before() {
    let read = fixture("Q08_oedelagte_bogstaver.csv");
    assert_eq!(read.column("sag", "sagstype"), ["BÃ¸rnesag", "Børnesag"], "told, not mended");
    let told = "Q08_oedelagte_bogstaver.csv: æ, ø og å er ødelagt i 2 celler (Ã¦, Ã¸, Ã¥); de er læst, som de står";
    assert_eq!(read.problems(), [told]);
}

#[test]
fn q09_delimiters() {
    for (name, case, says) in [("Q09_sep.csv", "Børnesag", "`|`"), ("Q09_komma.csv", "Børnesag, åben", "`,`")] {
        let read = fixture(name);
        assert_eq!(read.rows("sag", &["sagsnr", "sagstype"]), [format!("S1 | {case}")], "{name}");
        read.says(&[says]);
    }
}

#[test]
fn q10_titles_above_and_a_header_of_two_lines() {
    let read = fixture("Q10_titel_og_to_linjer.csv");
    let wanted = ["Y1 | 01-02-2026 | tom | BL § 32 | Kontaktperson", "Y2 | 01-03-2026 | 31-05-2026 | BL § 32 | Aflastning"];
    assert_eq!(read.rows("bevilling", &["ydelse_id", "start", "slut", "afgørelsesparagraf", "ydelsestype"]), wanted);
    assert_eq!(read.delivery.extract_date.oldest.map(|day| day.to_string()).as_deref(), Some("2026-10-31"), "from the title");
    assert_eq!(read.problems(), NONE);
    let sheet = &read.delivery.files[0].sheets[0];
    assert_eq!(sheet.header_row, Some(5));
    assert!(sheet.headers.iter().all(|header| !header.feeds.is_empty()), "{:?}", sheet.headers);
}

#[test]
fn q11_the_header_again() {
    let read = fixture("Q11_gentaget_overskrift.csv");
    assert_eq!(read.column("sag", "sagsnr"), ["S1", "S2"]);
    assert_eq!(read.lines("sag"), [2, 4]);
    read.says(&["1 gentagne overskrifter"]);
}

#[test]
fn q12_totals_are_no_rows_and_are_held_against_them() {
    let read = fixture("Q12_i_alt.csv");
    assert_eq!(read.rows("postering", &["bilagsnr", "beløb"]), ["R1 | 1.000,00 kr.", "R2 | 250,50 kr."]);
    assert_eq!(read.problems(), NONE);
    read.says(&["kontrolsum «Beløb» 1.250,50, rækkerne giver 1.250,50: stemmer", "1 i alt"]);
    let wrong = fixture("Q12_forkert_i_alt.csv");
    assert_eq!(wrong.problems(), ["Q12_forkert_i_alt.csv: kontrolsummen for «Beløb» er 1.250,50, men rækkerne giver 1.000,00"]);
}

#[test]
fn q13_headers_that_drift() {
    let read = fixture("Q13_overskrifter.csv");
    assert_eq!(read.rows("person", &["cpr", "tilflyttet", "målgruppe"]), ["0511124327 | 01-09-2026 | Familie"]);
    assert_eq!(read.problems(), NONE);
    read.says(&["ukendte kolonner «Ukendt kolonne», «CPR-nr»"]);
    let year = fixture("Q13_skoleaar.csv");
    assert_eq!(
        year.rows("specialtilbud", &["cpr", "betalingskommune", "tilgang", "dage"]),
        ["0511124327 | 607 | 01-08-2024 | 200"]
    );
}

#[test]
fn q20_files_that_are_not_what_they_are_called() {
    let named = fixture("Q20_navn.xls");
    assert_eq!(named.column("sag", "sagsnr"), ["S1"], "text named .xls");
    for name in ["Q20_kun_bom.csv", "Q20_tom.csv"] {
        assert_eq!(fixture(name).problems(), [format!("{name} er tom")]);
    }
}

#[test]
fn q20_a_web_page_under_the_name_of_a_workbook() {
    let read = fixture("Q20_webside.xls");
    assert_eq!(
        read.rows("sag", &["sagsnr", "status", "oprettet", "sagstype"]),
        ["S1 | åben | 02-01-2026 | Børnesag", "S2 | lukket | 03-01-2026 | Børne-\nsag"]
    );
    assert_eq!(read.lines("sag"), [11, 12]);
    assert_eq!(read.delivery.extract_date.oldest.map(|day| day.to_string()).as_deref(), Some("2026-10-31"), "from the title");
    assert_eq!(read.problems(), NONE);
    read.says(&["windows-1252, webside"]);
}

#[test]
fn q21_parts_copies_and_an_older_extract() {
    let read = fixture("Q21_dele");
    let mut cases = read.rows("sag", &["sagsnr", "status"]);
    cases.sort();
    assert_eq!(cases, ["S1 | åben", "S2 | åben", "S3 | åben"]);
    let told = "gammel.csv er trukket 30-09-2026; 1 række i «sag» er taget fra udtrækket fra 31-10-2026 i stedet";
    assert_eq!(read.problems(), [told]);
    read.says(&["1 ældre end et nyere udtræk", "1 gentagelser"]);
}

#[test]
fn q25_rows_with_other_fields_than_the_header() {
    let read = fixture("Q25_felter.csv");
    assert_eq!(read.rows("sag", &["sagsnr", "sagstype"]), ["S1 | Børnesag", "S4 | Børnesag", "S5 | Børnesag"]);
    assert_eq!(read.lines("sag"), [2, 5, 6]);
    read.says(&["2 forskudte"]);
    let old = fixture("Q25_cr.csv");
    assert_eq!(old.column("sag", "sagsnr"), ["S1", "S2"], "lines that end with CR alone");
}
