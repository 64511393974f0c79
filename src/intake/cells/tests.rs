use std::sync::Arc;

use super::*;
use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::{Code, SourceFile, Status};
use crate::value::Decimal;

fn read(kind: Kind, raw: RawCell<'_>) -> (Cell, Tally) {
    let mut tally = Tally::default();
    let cell = Reader::new(kind, None, false).read(raw, &mut tally).to_cell();
    (cell, tally)
}

fn cell(kind: Kind, text: &str) -> Cell {
    read(kind, RawCell::Text(text)).0
}

fn text(s: &str) -> Cell {
    Cell::Present(Value::Text(s.into()))
}

fn date(s: &str) -> Cell {
    Cell::Present(Value::Date(Date::parse_iso(s).expect(s)))
}

fn money(s: &str) -> Cell {
    Cell::Present(Value::Money(Decimal::parse(s).expect(s)))
}

const UNREADABLE: Cell = Cell::Unknown(Cause::Unreadable);

fn list() -> CodeList {
    let code = |code: &str, title: &str, aliases: &[&str]| Code {
        code: code.into(),
        title: Bilingual::new(title, title),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        from: None,
        until: None,
    };
    CodeList {
        name: "udsted".into(),
        title: Bilingual::default(),
        kind: Kind::Text,
        codes: vec![code("hjem", "Forældres hjem", &["1"]), code("uoplyst", "Uoplyst", &["99", "-"])],
        others: false,
        status: Status::Printed,
        source: "".into(),
        file: SourceFile { path: Arc::from(""), text: Arc::from("") },
    }
}

#[test]
fn nothing_is_empty_in_every_kind() {
    for kind in [Kind::Text, Kind::Money(2), Kind::Date, Kind::Bool, Kind::Cpr, Kind::Timestamp, Kind::TextList, Kind::Month] {
        for raw in ["", "  ", "\u{a0}", "\u{200b}", "-", "N/A", "NULL", "Ingen", "?"] {
            assert_eq!(cell(kind, raw), Cell::Empty, "{kind:?} {raw:?}");
        }
        assert_eq!(cell(kind, "Ukendt"), Cell::Unknown(Cause::StatedUnknown));
        assert_eq!(cell(kind, "#I/T"), UNREADABLE);
        assert_eq!(read(kind, RawCell::Error("#N/A")).0, UNREADABLE);
        assert_eq!(read(kind, RawCell::Empty).0, Cell::Empty);
    }
}

#[test]
fn text_keeps_what_it_says() {
    assert_eq!(cell(Kind::Text, " Beskyttet adresse "), text("Beskyttet adresse"));
    assert_eq!(cell(Kind::Text, "'015022"), text("015022"));
    assert_eq!(cell(Kind::Text, "e\u{301}"), text("é"));
    assert_eq!(cell(Kind::Text, "1,23E+15"), UNREADABLE);
    assert_eq!(read(Kind::Text, RawCell::Number(15031.0)).0, text("15031"));
    assert_eq!(read(Kind::Text, RawCell::Number(123_456_789_012_345_678.0)).0, UNREADABLE);
    assert_eq!(read(Kind::Text, RawCell::Number(1e15)).0, UNREADABLE);
}

#[test]
fn amounts() {
    assert_eq!(cell(Kind::Money(2), "1.250,00-"), money("-1250"));
    assert_eq!(cell(Kind::Money(2), "1250,5 kr."), money("1250.5"));
    assert_eq!(cell(Kind::Money(2), "12,345"), UNREADABLE);
    assert_eq!(cell(Kind::Money(2), "31-12-2024"), UNREADABLE);
    assert_eq!(read(Kind::Money(2), RawCell::Number(0.1 + 0.2)).0, money("0.3"));
    assert_eq!(read(Kind::Money(2), RawCell::Number(0.125)).0, UNREADABLE);
    assert_eq!(read(Kind::Money(2), RawCell::Serial(45322.0)).0, UNREADABLE);
    assert_eq!(read(Kind::Money(2), RawCell::Bool(true)).0, UNREADABLE);
    let (_, tally) = read(Kind::Money(2), RawCell::Number(0.1 + 0.2));
    assert_eq!(tally.repairs, BTreeMap::from([(Repair::FloatNoise, 1)]));
    let (_, tally) = read(Kind::Money(2), RawCell::Text(" 5,00- "));
    assert_eq!(tally.repairs, BTreeMap::from([(Repair::TrailingMinus, 1), (Repair::Trimmed, 1)]));
}

#[test]
fn days() {
    assert_eq!(cell(Kind::Date, "31.01.2024"), date("2024-01-31"));
    assert_eq!(cell(Kind::Date, "31-13-2024"), UNREADABLE);
    assert_eq!(cell(Kind::Date, "2024-03-31T22:00:00Z"), date("2024-04-01"));
    assert_eq!(cell(Kind::Date, "31-12-9999"), Cell::Empty);
    assert_eq!(read(Kind::Date, RawCell::Number(45322.0)).0, date("2024-01-31"));
    assert_eq!(read(Kind::Date, RawCell::Serial(45322.0)).0, date("2024-01-31"));
    assert_eq!(read(Kind::Date, RawCell::Number(123.0)).0, UNREADABLE);
    assert_eq!(cell(Kind::Month, "2024-08"), date("2024-08-01"));
    assert_eq!(read(Kind::Month, RawCell::Number(202_408.0)).0, date("2024-08-01"));
    assert_eq!(read(Kind::Month, RawCell::Serial(45322.0)).0, date("2024-01-01"));
    for (raw, repair) in [
        (RawCell::Number(45322.0), Repair::SerialDate),
        (RawCell::Text("45322"), Repair::SerialDate),
        (RawCell::Text("99991231"), Repair::OpenEnd),
        (RawCell::Number(99_991_231.0), Repair::OpenEnd),
        (RawCell::Text("01-01-1900"), Repair::NoDate),
    ] {
        assert_eq!(read(Kind::Date, raw).1.repairs, BTreeMap::from([(repair, 1)]), "{raw:?}");
    }
    assert!(read(Kind::Date, RawCell::Serial(45322.0)).1.repairs.is_empty(), "a date format is no repair");
}

#[test]
fn timestamps_without_a_time_stand_for_the_day() {
    let day = Date::parse_iso("2024-01-31").expect("day");
    assert_eq!(cell(Kind::Timestamp, "31-01-2024"), Cell::Present(Value::Timestamp(Timestamp::Day(day))));
    let at = crate::calendar::Instant::from_danish(day, 14, 30).expect("time");
    assert_eq!(cell(Kind::Timestamp, "2024-01-31T13:30:00Z"), Cell::Present(Value::Timestamp(Timestamp::At(at))));
    assert_eq!(read(Kind::Timestamp, RawCell::Serial(45322.604166666664)).0, Cell::Present(Value::Timestamp(Timestamp::At(at))));
}

// The numbers below are dates other than 1 January whose modulus 11 fails: they are nobody's.
#[test]
fn personal_numbers() {
    for raw in ["0712031234", "071203-1234", "071203 1234", "'0712031234", " 0712031234 ", "712031234"] {
        assert_eq!(cell(Kind::Cpr, raw), text("0712031234"), "{raw:?}");
    }
    assert_eq!(read(Kind::Cpr, RawCell::Number(712_031_234.0)).0, text("0712031234"));
    assert_eq!(read(Kind::Cpr, RawCell::Number(712_031_234.0)).1.repairs, BTreeMap::from([(Repair::CprZero, 1)]));
    assert_eq!(cell(Kind::Cpr, "0000000000"), Cell::Unknown(Cause::StatedUnknown));
    for raw in ["3113031234", "1234", "07120312345", "test", "12345678"] {
        assert_eq!(cell(Kind::Cpr, raw), UNREADABLE, "{raw}");
    }
    let (_, tally) = read(Kind::Cpr, RawCell::Text("071203-1234"));
    assert_eq!((tally.cpr_read, tally.cpr_modulus_failed), (1, 1));
}

#[test]
fn codes_by_any_of_their_spellings() {
    let list = list();
    let mut reader = Reader::new(Kind::Text, Some(&list), false);
    let mut tally = Tally::default();
    let mut one = |raw: RawCell<'_>| reader.read(raw, &mut tally).to_cell();
    assert_eq!(one(RawCell::Text("hjem")), text("hjem"));
    assert_eq!(one(RawCell::Text("forældres  HJEM")), text("hjem"));
    assert_eq!(one(RawCell::Number(1.0)), text("hjem"));
    assert_eq!(one(RawCell::Text("Uoplyst")), text("uoplyst"), "a listed code comes before the general words");
    assert_eq!(one(RawCell::Text("-")), text("uoplyst"));
    assert_eq!(one(RawCell::Text("månen")), UNREADABLE);
    assert_eq!(one(RawCell::Text("?")), Cell::Empty);
    assert_eq!(tally.repairs.get(&Repair::CodeSpelling), Some(&3));
}

#[test]
fn lists_of_codes() {
    let list = list();
    let mut reader = Reader::new(Kind::TextList, Some(&list), false);
    let mut tally = Tally::default();
    let items = |items: &[&str]| Cell::Present(Value::List(items.iter().map(|i| Arc::from(*i)).collect()));
    assert_eq!(reader.read(RawCell::Text("1; Uoplyst"), &mut tally).to_cell(), items(&["hjem", "uoplyst"]));
    assert_eq!(reader.read(RawCell::Text("hjem"), &mut tally).to_cell(), items(&["hjem"]));
    assert_eq!(reader.read(RawCell::Text("hjem; månen"), &mut tally).to_cell(), UNREADABLE);
    assert_eq!(cell(Kind::TextList, "vold, fysisk; a"), items(&["vold, fysisk", "a"]));
}

#[test]
fn yes_no_and_its_opposite() {
    let mut reader = Reader::new(Kind::Bool, None, true);
    let mut tally = Tally::default();
    assert_eq!(reader.read(RawCell::Text("Ja"), &mut tally).to_cell(), Cell::Present(Value::Bool(false)));
    assert_eq!(reader.read(RawCell::Bool(false), &mut tally).to_cell(), Cell::Present(Value::Bool(true)));
    assert_eq!(cell(Kind::Bool, "måske"), UNREADABLE);
    assert_eq!(read(Kind::Bool, RawCell::Number(1.0)).0, Cell::Present(Value::Bool(true)));
    assert_eq!(read(Kind::Bool, RawCell::Number(2.0)).0, UNREADABLE);
}

proptest::proptest! {
    #[test]
    fn no_cell_stops_the_reading(s in ".*", n in proptest::num::f64::ANY) {
        let kinds = [
            Kind::Text, Kind::TextList, Kind::Integer, Kind::Decimal(3), Kind::Money(2), Kind::Percent(1), Kind::Date, Kind::Month,
            Kind::Timestamp, Kind::Bool, Kind::Cpr, Kind::Paragraf, Kind::Konto, Kind::Cvr, Kind::Kommune,
        ];
        for kind in kinds {
            for raw in [RawCell::Text(&s), RawCell::Error(&s), RawCell::Number(n), RawCell::Serial(n), RawCell::Bool(n > 0.0)] {
                read(kind, raw);
                amount(raw);
            }
        }
        day_in(&s);
    }

    #[test]
    fn an_amount_reads_back_as_it_was_written(units in -1_000_000_000_000_i64..1_000_000_000_000) {
        let n = Decimal::new(i128::from(units), 2);
        let danish = n.show(crate::locale::Lang::Da);
        let trailing = danish.strip_prefix('-').map_or(danish.clone(), |bare| format!("{bare}-"));
        let spaced = danish.replace('.', "\u{a0}");
        for text in [danish.clone(), trailing, spaced, format!("{danish} kr.")] {
            proptest::prop_assert_eq!(cell(Kind::Money(2), &text), Cell::Present(Value::Money(n)));
        }
    }

    #[test]
    fn a_day_reads_back_as_it_was_written(days in -600_000_i32..2_900_000) {
        let written = Date::from_days(days);
        let (year, month, date) = (written.year(), written.month(), written.day());
        if year > 1 && year < 9999 && (year, month, date) != (1900, 1, 1) && year != 1899 {
            let forms = [
                format!("{date:02}-{month:02}-{year:04}"), format!("{date}.{month}.{year:04}"), format!("{written}"),
                format!("{date:02}/{month:02}/{year:04} 00:00"), format!("{year:04}{month:02}{date:02}"),
            ];
            for text in forms {
                proptest::prop_assert_eq!(cell(Kind::Date, &text), Cell::Present(Value::Date(written)), "{}", text);
            }
        }
    }
}

#[test]
fn days_in_running_text() {
    let day = |s: &str| Date::parse_iso(s);
    assert_eq!(day_in("DUBU – ydelser. Udtrukket den 31-10-2026"), day("2026-10-31"));
    assert_eq!(day_in("DUBU_sager_2026-10-31"), day("2026-10-31"));
    assert_eq!(day_in("DUBU_sager_20261031.csv"), day("2026-10-31"));
    assert_eq!(day_in("sager_31-10-2026 (1).csv"), day("2026-10-31"));
    assert_eq!(day_in("Pr. 31.10.2026."), day("2026-10-31"));
    assert_eq!(day_in("OPUS_posteringer_2026-10.csv"), None, "a month is no day");
    assert_eq!(day_in("2026-01-01_2026-10-31.csv"), None, "a period is no day");
    assert_eq!(day_in("sag 12345678.csv"), None);
    assert_eq!(day_in("ingen"), None);
}
