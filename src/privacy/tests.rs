//! What the gate lets through. The numbers in here fail modulus 11, so that they can be nobody's.

use super::*;
use crate::locale::Lang;

const CPR: &str = "1503124321";

fn gate() -> Gate {
    Gate::new(Some(b"hemmelig\n"), false)
}

#[test]
fn pseudonyms_are_keyed_and_known() {
    // Computed with Python's hmac and hashlib.
    assert_eq!(gate().pseudonym(Kind::Cpr, CPR), "P-8J6DGWDD");
    assert_eq!(gate().pseudonym(Kind::Text, "Testperson Et"), "T-31DGJGV2");
    assert_ne!(Gate::new(Some(b"en anden"), false).pseudonym(Kind::Cpr, CPR), "P-8J6DGWDD");
}

#[test]
fn without_a_secret_nothing_is_protected() {
    assert!(gate().protected());
    assert!(!Gate::new(None, false).protected());
    assert!(!Gate::new(Some(b" \n"), false).protected());
    assert_eq!(Gate::new(None, false).secret_hash(), None);
    assert_ne!(gate().secret_hash(), Gate::new(Some(b"en anden"), false).secret_hash());
}

#[test]
fn scrub_finds_a_number_in_any_dress() {
    let gate = gate();
    for dress in [
        "1503124321",
        "150312-4321",
        "150312 4321",
        "150312 - 4321",
        "150312–4321",
        "150312_4321",
        "150312\u{a0}4321",
        "150312\u{200b}4321",
    ] {
        assert_eq!(gate.scrub(&format!("sag_{dress}x.csv")), "sag_P-8J6DGWDDx.csv", "{dress}");
    }
    assert_eq!(gate.scrub("æ1503124321ø og 150312-4321"), "æP-8J6DGWDDø og P-8J6DGWDD");
    assert_ne!(gate.scrub("7503124321"), "7503124321", "day 75 stands for 15");
}

#[test]
fn scrub_leaves_other_numbers() {
    for text in [
        "DUBU_sager_2026-10-31.csv",
        "3213124321",
        "1513124321",
        "3002994321",
        "20261031140312",
        "150312432",
        "kr. 1.503.124.321",
        "150312 43210",
    ] {
        assert_eq!(gate().scrub(text), text);
    }
}

#[test]
fn lifted_gate_shows_all() {
    let lifted = Gate::new(Some(b"hemmelig"), true);
    assert_eq!(lifted.scrub("150312-4321"), "150312-4321");
    let value = Value::Text(CPR.into());
    assert_eq!(lifted.value(Class::Personal, Kind::Cpr, &value), Shown::Value(Value::Text("150312-4321".into())));
}

#[test]
fn cells_show_by_class() {
    let gate = gate();
    let text = |t: &str| Cell::Present(Value::Text(t.into()));
    let shown = |class, kind, cell: Cell, raw| gate.cell(class, kind, &cell, raw).show("kr.", Lang::Da);
    assert_eq!(shown(Class::Personal, Kind::Cpr, text(CPR), None), "P-8J6DGWDD");
    assert_eq!(shown(Class::Personal, Kind::Text, text("Testperson Et"), None), "T-31DGJGV2");
    assert_eq!(shown(Class::Personal, Kind::Text, text("150312-4321"), None), "P-8J6DGWDD");
    assert_eq!(shown(Class::Open, Kind::Text, text("2024-0113"), None), "2024-0113");
    assert_eq!(shown(Class::Open, Kind::Text, text("se 1503124321"), None), "se P-8J6DGWDD");
    assert_eq!(
        shown(Class::Open, Kind::Money(2), Cell::Present(Value::Money(crate::value::Decimal::new(-125_000, 2))), None),
        "-1.250,00 kr."
    );
    assert_eq!(shown(Class::Unmapped, Kind::Text, text("x"), Some("x")), "(skjult)");
    assert_eq!(shown(Class::Open, Kind::Date, Cell::Empty, None), "(tom)");
}

#[test]
fn unreadable_cells_show_shape_or_digits_only() {
    let gate = gate();
    let bad = Cell::Unknown(Cause::Unreadable);
    let shown = |class, raw| gate.cell(class, Kind::Text, &bad, Some(raw)).show("kr.", Lang::Da);
    assert_eq!(shown(Class::Personal, "150312-4321"), "######-####");
    assert_eq!(shown(Class::Personal, "Bo 7"), "xx #");
    assert_eq!(shown(Class::Open, "31.02.2024"), "31.02.2024");
    assert_eq!(shown(Class::Open, "ring til Bo"), "xxxx xxx xx");
    assert_eq!(shown(Class::Open, "150312-4321"), "P-8J6DGWDD");
    assert_eq!(shown(Class::Open, "993124321"), "993124321");
    assert_eq!(shown(Class::Open, "203994321"), "#########", "a lost leading zero");
    assert_eq!(gate.cell(Class::Open, Kind::Date, &bad, None).show("kr.", Lang::En), "(cannot be read)");
}

#[test]
fn digests_have_no_digits() {
    let digest = gate().digest("finding", b"BEV-101");
    assert_eq!(digest.len(), 32);
    assert!(digest.bytes().all(|b| b.is_ascii_lowercase()));
    assert_ne!(digest, gate().digest("findin", b"gBEV-101"));
}

#[test]
fn terminals_obey_nothing() {
    assert_eq!(terminal("rød\u{1b}[31m"), "rød<U+001B>[31m");
    assert_eq!(terminal("a\r\nb\nc\td"), "a⏎b⏎c⇥d");
    assert_eq!(terminal("a\u{202e}b\u{9b}c\r"), "a<U+202E>b<U+009B>c<U+000D>");
    assert!(matches!(terminal("æøå – 1.234,56 kr."), Cow::Borrowed(_)));
}

proptest::proptest! {
    /// No ten digits that begin with a date, however dressed, come out of `scrub`; and what comes out stays out.
    #[test]
    fn scrub_is_complete_and_stable(before in "[^0-9]{0,5}", day in 1u32..=28, month in 1u32..=12, year in 0u32..=99, tail in 0u32..=9999, sep in "[- ]?", after in "[^0-9]{0,5}") {
        let six = format!("{day:02}{month:02}{year:02}");
        let out = gate().scrub(&format!("{before}{six}{sep}{tail:04}{after}")).into_owned();
        proptest::prop_assert!(!out.contains(&six));
        proptest::prop_assert_eq!(gate().scrub(&out).into_owned(), out.clone());
    }
}
