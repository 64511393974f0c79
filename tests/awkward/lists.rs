//! Q11: printed lists.

use super::harness::fixture;

#[test]
fn q11_a_printed_list_is_cut_at_its_header() {
    let read = fixture("Q11_cji3.txt");
    assert_eq!(
        read.rows("postering", &["bilagsnr", "linje", "bogført", "valør", "beløb", "psp", "konto", "år", "tekst"]),
        [
            "4900012301 | 1 | 02-10-2026 | tom | 28.000,00 kr. | XA-1391100000-00020 | 5.28.22.1.002 | 2.026 | Plejevederlag oktober",
            "4900012302 | 1 | 02-10-2026 | tom | 1.250,50 kr. | XA-1391100000-00021 | 5.28.22.1.002 | 2.026 | Kontaktperson",
            "4900012303 | 2 | 05-10-2026 | 05-10-2026 | -400,00 kr. | XA-1391100000-00021 | 5.28.22.1.002 | 2.026 | Tilbageført",
            "4900012304 | 1 | 15-10-2026 | tom | -2.100,00 kr. | XA-1391100000-00020 | 5.28.22.1.092 | 2.026 | Forældrebetaling",
        ]
    );
    assert_eq!(read.lines("postering"), [7, 9, 19, 21], "the first of the two lines of each record");
    assert_eq!(read.problems(), Vec::<String>::new());
    read.says(&[
        "windows-1252",
        "opus-cji3",
        "2 minus bag tallet",
        "1 gentagne overskrifter",
        "1 i alt",
        "kontrolsum «Vrd./CO-områdevaluta» 26.750,50, rækkerne giver 26.750,50: stemmer",
    ]);
}

#[test]
fn q11_a_list_whose_rows_are_shifted_is_refused() {
    let read = fixture("Q11_cji3_tab.txt");
    assert_eq!(read.rows("postering", &["bilagsnr"]), Vec::<String>::new());
    assert_eq!(
        read.problems(),
        [
            "Q11_cji3_tab.txt er ikke brugt: 10 af 12 rækker har flere eller færre felter end overskriften, så ingen celle står sikkert \
          under sin overskrift"
        ]
    );
    read.says(&["12 forskudte"]);
}
