//! The checker: types, messages and their exact spans.

use std::sync::Arc;

use super::*;
use crate::locale::Lang;
use crate::rule::parser::parse;
use crate::rule::testing::pack;
use crate::rule::typed::{Arith, RowSource};

/// Checks an expression of a rule over `dataset` as `b`; its type, or each mistake as (text underlined, message, help).
fn check_in(dataset: &str, text: &str) -> (Option<Expr>, Vec<(String, String, String)>) {
    let pack = pack();
    let mut slips = Vec::new();
    let ast = parse(text, 0, &pack.currency, &mut slips);
    let mut checker = Checker::new(&pack, &Arc::from(text));
    let id = pack.dataset(dataset).expect(dataset);
    checker.each = Some(id);
    checker.bind(&Arc::from("b"), Some(Ty::Row(id)));
    let expr = checker.expr(&ast);
    slips.append(&mut checker.slips);
    let said = slips
        .into_iter()
        .map(|slip| {
            let help = slip.said.help.map(|help| help.en).unwrap_or_default();
            (text[slip.span].to_owned(), slip.said.message.en, help)
        })
        .collect();
    (expr, said)
}

fn ty(text: &str) -> Ty {
    let (expr, said) = check_in("betaling", text);
    assert_eq!(said, [], "{text}");
    expr.expect(text).ty
}

fn ty_b(text: &str) -> Ty {
    let (expr, said) = check_in("bevilling", text);
    assert_eq!(said, [], "{text}");
    expr.expect(text).ty
}

#[track_caller]
fn wrong(text: &str, at: &str, message: &str, help: &str) {
    let (expr, said) = check_in("betaling", text);
    let expected = (at.to_owned(), message.to_owned(), help.to_owned());
    assert_eq!(said, [expected], "{text}");
    assert!(expr.is_none() || text.contains("missing") || text.contains("=="), "{text}");
}

#[track_caller]
fn says(dataset: &str, text: &str, at: &str, part: &str) {
    let (_, said) = check_in(dataset, text);
    let found = said.iter().any(|(span, message, help)| span == at && (message.contains(part) || help.contains(part)));
    assert!(found, "{text}: {said:?}");
}

#[test]
fn messages_of_section_five() {
    wrong("b.beløp > 0 kr", "beløp", "the dataset «betaling» has no column «beløp»", "did you mean «beløb»?");
    wrong("b.beløb > 0", "b.beløb > 0", "an amount (kr) cannot be compared with a whole number", "write … 0 kr");
    wrong("b.dato = missing", "= missing", "«missing» is no value", "write … is missing");
    wrong("b.beløb / 3 > 1 kr", "b.beløb / 3", "a division must be rounded", "write round(a / b, 2)");
    wrong("b.art = \"TAFF\"", "\"TAFF\"", "not among the values of «art»", "did you mean «TAF»?");
    wrong("count(x in b.bevilling.sag.bevillinger) > 1", "bevillinger", "no relation", "did you mean «bevilling.sag.bevilling»?");
    wrong("1 kr < b.beløb < 5 kr", "1 kr < b.beløb < 5 kr", "comparisons cannot be chained", "write x between a and b");
    wrong("b.dato < 2024-02-30", "2024-02-30", "no such date in the calendar", "");
}

#[test]
fn only_the_word_for_saturdays_stands_third() {
    let message = "the third argument can only be \"saturdays\"";
    wrong("add_working_days(b.dato, 6, \"sundays\") > b.dato", "\"sundays\"", message, "");
    wrong("working_days_between(b.dato, b.dato, 6) > 1", "6", message, "");
}

#[test]
fn no_relation_after_a_row() {
    let (_, said) = check_in("bevilling", "b.sag.bevillinger");
    assert_eq!(said, [("bevillinger".into(), "no relation".into(), "did you mean «sag.bevilling»?".into())]);
}

#[test]
fn messages_are_danish_too() {
    let pack = pack();
    let Err(mistakes) = crate::rule::parse_expression(&pack, "2024-02-30 < 2024-01-01") else { panic!("accepted") };
    let said = crate::locale::Localized::text(&mistakes[0], Lang::Da);
    assert_eq!(said, "datoen findes ikke i kalenderen");
    assert_eq!(mistakes[0].labels[0].0, 0..10);
}

#[test]
fn several_mistakes_of_one_expression() {
    let (_, said) =
        check_in("betaling", "b.beløp > 0 kr and b.dato = missing && b.art = \"TAFF\" or b.dato > 2024-02-30 and b.beløb > 0");
    let at: Vec<&str> = said.iter().map(|(at, ..)| at.as_str()).collect();
    assert_eq!(at, ["&&", "2024-02-30", "= missing", "beløp", "\"TAFF\"", "b.beløb > 0"]);
}

#[test]
fn at_binds_tighter_than_arithmetic() {
    let (expr, said) = check_in("betaling", "taf_loft at b.måned * b.antal / 37");
    assert_eq!(said, []);
    let expr = expr.expect("typed");
    assert_eq!(expr.ty, Ty::Value(Kind::MoneyRatio));
    let Node::Arith(Arith::Divide, product, _) = expr.node else { panic!("not a quotient") };
    let Node::Arith(Arith::Multiply, figure, _) = product.node else { panic!("not a product") };
    let Node::Lookup { at: Some(at), .. } = figure.node else { panic!("not a figure") };
    assert_eq!(at.ty, Ty::Value(Kind::Month));
    assert_eq!(at.span, 12..20);
}

#[test]
fn money_is_money() {
    says("betaling", "b.beløb * b.beløb > 1 kr", "b.beløb * b.beløb", "an amount cannot be multiplied by an amount");
    says("betaling", "b.beløb + 1 > 1 kr", "b.beløb + 1", "write the number with kr");
    says("betaling", "b.beløb * 1.5 > 1 kr", "b.beløb * 1.5", "must be rounded");
    says("betaling", "b.beløb > 1.250 kr", "1.250 kr", "write 1_250 kr");
    says("betaling", "b.beløb > 1.5 kr", "1.5 kr", "write 1.50 kr");
    assert_eq!(ty("round(b.beløb * 1.5, 2) > 1_250 kr"), Ty::Value(Kind::Bool));
    assert_eq!(ty("b.beløb * 3"), Ty::Value(Kind::Money(2)));
    assert_eq!(ty("b.beløb * 12.5 %"), Ty::Value(Kind::Money(5)));
    assert_eq!(ty("b.beløb / 2 kr"), Ty::Value(Kind::Ratio));
    assert_eq!(ty("round(b.beløb / 3)"), Ty::Value(Kind::Money(2)));
    assert_eq!(ty("round(7 / 3, 4)"), Ty::Value(Kind::Decimal(4)));
    assert_eq!(ty("sum(x.beløb for x in b.bevilling.betaling)"), Ty::Value(Kind::Money(2)));
}

#[test]
fn dates_and_time_stamps() {
    assert_eq!(ty("b.måned < b.dato"), Ty::Value(Kind::Bool));
    assert_eq!(ty("b.dato + 4 months"), Ty::Value(Kind::Date));
    assert_eq!(ty("b.dato + 5 working days"), Ty::Value(Kind::Date));
    assert_eq!(ty_b("b.vurderet < extract_date"), Ty::Value(Kind::Bool));
    assert_eq!(ty_b("b.vurderet + 24 hours"), Ty::Value(Kind::Timestamp));
    says("bevilling", "b.vurderet < b.start", "b.vurderet < b.start", "date_of");
    says("betaling", "b.dato + 24 hours < b.dato", "b.dato + 24 hours", "hours cannot be added");
    says("betaling", "b.dato - b.dato", "b.dato - b.dato", "days_between");
    says("betaling", "2 months < 60 days", "2 months < 60 days", "months do not compare with days");
    says("betaling", "b.dato + 1 month + 1 month = b.dato", "b.dato + 1 month + 1 month", "added twice");
    says("betaling", "b.dato > 31.12.2024", "31.12.2024", "write 2024-12-31");
    says("betaling", "b.dato > b.dato + 3 måneder", "måneder", "did you mean «months»?");
}

#[test]
fn texts_and_codes() {
    says("betaling", "b.id < \"a\"", "b.id < \"a\"", "a text has no order");
    says("betaling", "b.art in [\"TAF\", \"MOR\"]", "\"MOR\"", "did you mean «MER»?");
    assert_eq!(ty_b("\"svigt\" in b.årsag"), Ty::Value(Kind::Bool));
    says("bevilling", "\"svigte\" in b.årsag", "\"svigte\"", "did you mean «svigt»?");
    assert_eq!(ty("b.konto in forældrebetaling_konti at b.dato"), Ty::Value(Kind::Bool));
    assert_eq!(ty("b.konto not under \"5.28.20\""), Ty::Value(Kind::Bool));
    assert_eq!(ty_b("b.paragraf under \"BL § 32\""), Ty::Value(Kind::Bool));
    says(
        "betaling",
        "b.konto in forældrebetalingkonti at b.dato",
        "forældrebetalingkonti",
        "did you mean «forældrebetaling_konti»?",
    );
    says("betaling", "b.id matches \"[a\"", "\"[a\"", "pattern cannot be read");
    assert_eq!(ty("account_part(b.konto, \"funktion\") = \"5.28.20\""), Ty::Value(Kind::Bool));
}

#[test]
fn slips_of_the_pen() {
    for (text, at, help) in [
        ("b.antal == 1", "==", "write ="),
        ("b.antal = 1 && b.antal = 2", "&&", "write and"),
        ("b.antal = 1 || b.antal = 2", "||", "write or"),
        ("!(b.antal = 1)", "!", "write not"),
        ("b.antal ≤ 1", "≤", "write <="),
        ("b.dato is null", "null", "write … is missing"),
        ("b.antal = 1 b.antal = 2", "b", "is an and"),
        ("b.dato + 3 dage", "dage", "did you mean «days»?"),
        ("b.dato + 3 dayss and b.antal = 1", "dayss", "did you mean «days»?"),
    ] {
        says("betaling", text, at, help);
        assert_eq!(check_in("betaling", text).1.len(), 1, "{text}");
    }
}

#[test]
fn tables_want_their_day() {
    says("betaling", "taf_loft > 1 kr", "taf_loft", "write taf_loft at date");
    says("betaling", "satser[b.id] > 1 kr", "satser[b.id]", "write satser at date");
    says("betaling", "psp_konto[b.id] at b.dato = b.konto", "b.dato", "leave at out");
    says("betaling", "taf_lofte at b.dato > 1 kr", "taf_lofte", "did you mean «taf_loft»?");
    says("betaling", "satser[b.beløb] at b.dato > 1 kr", "b.beløb", "a text is wanted here");
    assert_eq!(ty("psp_konto[b.id] = b.konto"), Ty::Value(Kind::Bool));
}

#[test]
fn rows() {
    assert_eq!(
        ty_b(
            "no c in b.sag.bevilling where c is not b and c.ydelsestype = b.ydelsestype satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)"
        ),
        Ty::Value(Kind::Bool)
    );
    assert_eq!(ty_b("previous(q in b.sag.bevilling where q.slut is present by q.start).slut"), Ty::Value(Kind::Date));
    assert_eq!(
        ty_b("days_in(uncovered(period(b.start, b.slut), period(x.start, x.slut) for x in b.sag.bevilling)) = 0"),
        Ty::Value(Kind::Bool)
    );
    assert_eq!(ty_b("count(distinct x.dato for x in b.sag.plan where x.dato = b.start) >= 2"), Ty::Value(Kind::Bool));
    says(
        "bevilling",
        "previous(q in b.betaling by q.dato) is missing",
        "previous(q in b.betaling by q.dato)",
        "use rows of «bevilling»",
    );
    says("bevilling", "no c in b.betaling where c.antal = 1 and b.start = b.slut", "b.start = b.slut", "move it before");
    says("bevilling", "some p in plan where p.dato = 2024-01-01 satisfies p.dato > b.start", "plan", "would be searched");
    says("bevilling", "count(p in plan where p.dato > b.start) > 1", "plan", "would be searched");
    says("bevilling", "sum(days_between(p.dato, b.start) for p in plan) > 1", "plan", "would be searched");
    assert_eq!(ty_b("some p in plan where p.dato = b.start"), Ty::Value(Kind::Bool));
    says(
        "bevilling",
        "some x in b.betaling where some y in x.bevilling.betaling satisfies y.dato = x.dato",
        "some",
        "parentheses",
    );
    assert_eq!(
        ty_b("some x in b.betaling where (some y in x.bevilling.betaling satisfies y.dato = x.dato)"),
        Ty::Value(Kind::Bool)
    );
    says("bevilling", "some sag in b.betaling where sag.antal = 1", "sag", "taken by a dataset");
    says("bevilling", "b.betaling is missing", "b.betaling", "several rows");
    says("bevilling", "b.sag = b.sag", "b.sag = b.sag", "compared with is");
}

#[test]
fn groups_through_groups() {
    let (expr, said) = check_in("bevilling", "count(x in b.sag.bevilling.betaling)");
    assert_eq!(said, []);
    let Some(Node::Count(rows)) = expr.map(|e| e.node) else { panic!("no count") };
    let RowSource::Through { over, forward: false, .. } = rows.source else { panic!("not through") };
    let RowSource::Group { start, forward: false, .. } = over.source else { panic!("not from a group") };
    assert!(matches!(start.node, Node::Follow { forward: true, .. }));
    assert_ne!(over.slot, rows.slot);
}

#[test]
fn whole_datasets_are_indexed() {
    let (expr, _) = check_in("bevilling", "some p in plan where p.dato >= b.start and b.sagsnr = p.sagsnr");
    let Some(Node::Quantified { rows, .. }) = expr.map(|e| e.node) else { panic!("no source") };
    let RowSource::Whole { equal } = rows.source else { panic!("not whole") };
    assert_eq!(equal.len(), 1);
    assert_eq!(equal[0].0.index(), 0);
    assert_eq!(rows.filter.len(), 2);
}

#[test]
fn whole_datasets_that_nothing_indexes_are_closed() {
    for text in ["count(p in plan) > 1", "some p in plan where p.dato = extract_date", "max(p.dato for p in plan) > b.start"] {
        let (_, said) = check_in("bevilling", text);
        assert_eq!(said, [], "{text}");
    }
    says("bevilling", "some p in plan satisfies (no x in b.sag.plan satisfies x.dato = p.dato)", "plan", "would be searched");
    says("bevilling", "some p in plan satisfies p.dato = either(2024-01-01, 2024-01-02)", "plan", "would be searched");
    says("plan", "some p in plan satisfies p.dato = previous(x in b.sag.plan by x.dato).dato", "plan", "would be searched");
}

#[test]
fn rows_without_a_name() {
    let message = "some ranges over rows that have a name";
    wrong(
        "some b.bevilling where start > b.dato",
        "b.bevilling where start > b.dato",
        message,
        "write some x in b.bevilling where …",
    );
    let (_, said) = check_in("betaling", "latest(x in b.bevilling.betaling by x.dato).dato");
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].2, "write last(x in path by x.date)");
    let (_, said) = check_in("betaling", "how_many(b in [1], b.dato is missing) = 1");
    assert!(said.iter().all(|(_, message, _)| !message.contains("function")), "{said:?}");
}

#[test]
fn arguments_of_the_same_kind() {
    assert_eq!(ty_b("or_else(b.start, b.slut, extract_date)"), Ty::Value(Kind::Date));
    assert_eq!(ty("or_else(b.antal, 1, 0.5)"), Ty::Value(Kind::Decimal(1)));
    assert_eq!(ty("how_many(b.beløb > 1 kr, b.dato is missing)"), Ty::Value(Kind::Integer));
    says("betaling", "or_else(b.antal, 1, \"a\")", "or_else(b.antal, 1, \"a\")", "of one kind");
    says("betaling", "same(b.beløb, 1)", "same(b.beløb, 1)", "cannot be compared");
    says("betaling", "same(b.art, \"TAFF\")", "\"TAFF\"", "not among the values");
    says("betaling", "how_many(b.beløb > 1 kr, b.dato)", "b.dato", "yes or no is wanted");
}

#[test]
fn vocabulary_is_switched_on() {
    let pack = Pack { vocabulary_dk: false, ..pack() };
    let Err(mistakes) = crate::rule::parse_expression(&pack, "cpr_date(\"0\")") else { panic!("accepted") };
    assert_eq!(mistakes[0].message.en, "there is no function «cpr_date»");
}
