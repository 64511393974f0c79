//! The parser: shapes, limits, and that no text makes it panic.

use proptest::prelude::*;

use super::parse;
use crate::calendar::Date;
use crate::rule::ast::{Ast, AstNode};
use crate::rule::messages::Slip;
use crate::rule::typed::{Arith, Quantifier};
use crate::value::{Decimal, Span, Value};

fn read(text: &str) -> (Ast, Vec<Slip>) {
    let mut slips = Vec::new();
    let ast = parse(text, 0, "kr", &mut slips);
    (ast, slips)
}

#[track_caller]
fn clean(text: &str) -> Ast {
    let (ast, slips) = read(text);
    assert!(slips.is_empty(), "{text}: {slips:?}");
    ast
}

#[track_caller]
fn literal(text: &str, value: Value) {
    assert_eq!(clean(text).node, AstNode::Literal(value), "{text}");
}

#[test]
fn literals() {
    literal("12", Value::Number(Decimal::whole(12)));
    literal("12.5", Value::Number(Decimal::new(125, 1)));
    literal("1_250 kr", Value::Money(Decimal::whole(1250)));
    literal("1_250.50 kr", Value::Money(Decimal::new(125_050, 2)));
    literal("12.5 %", Value::Percent(Decimal::new(125, 1)));
    literal("2024-01-31", Value::Date(Date::from_ymd(2024, 1, 31).expect("a day")));
    literal("\"han sagde \"\"nej\"\"\"", Value::Text("han sagde \"nej\"".into()));
    literal("2 years", Value::Duration(Span { months: 24, ..Span::default() }));
    literal("1 week", Value::Duration(Span { days: 7, ..Span::default() }));
    literal("24 hours", Value::Duration(Span { minutes: 1440, ..Span::default() }));
    literal("5 working days", Value::WorkingDays(5));
    literal("true", Value::Bool(true));
}

#[test]
fn names_are_normalised() {
    // a with a combining ring is å
    let AstNode::Name(name) = clean("a\u{30a}r").node else { panic!("no name") };
    assert_eq!(&*name, "år");
    assert_eq!(clean("undersøgelse.beløb").span, 0.."undersøgelse.beløb".len());
}

#[test]
fn a_word_after_a_dot_is_a_name() {
    let AstNode::Dot(_, word) = clean("p.in").node else { panic!("no column") };
    assert_eq!((&*word.text, word.span), ("in", 2..4));
}

#[test]
fn at_binds_tighter_than_arithmetic() {
    let AstNode::Arith(Arith::Divide, product, c) = clean("a at d * b / c").node else { panic!("no quotient") };
    let AstNode::Arith(Arith::Multiply, figure, b) = product.node else { panic!("no product") };
    let AstNode::Lookup { name, keys, at: Some(at) } = figure.node else { panic!("no figure") };
    assert_eq!((&*name.text, keys.len()), ("a", 0));
    assert_eq!(at.node, AstNode::Name("d".into()));
    assert_eq!((b.span, c.span), (9..10, 13..14));
}

#[test]
fn precedence() {
    let AstNode::Or(parts) = clean("a or b and not c = 1 or d").node else { panic!("no or") };
    assert_eq!(parts.len(), 3);
    let AstNode::And(parts) = &parts[1].node else { panic!("no and") };
    let AstNode::Not(test) = &parts[1].node else { panic!("no not") };
    assert!(matches!(test.node, AstNode::Compare(..)));
    let AstNode::Between(_, low, _) = clean("x between a + 1 and b").node else { panic!("no between") };
    assert!(matches!(low.node, AstNode::Arith(Arith::Add, ..)));
    assert!(matches!(clean("x not in [1, 2]").node, AstNode::InItems { negated: true, .. }));
    assert!(matches!(clean("x in koder at d").node, AstNode::In { negated: false, .. }));
}

#[test]
fn sources_reach_as_far_as_they_can() {
    let AstNode::Quantified { quantifier: Quantifier::No, rows, satisfies: None } =
        clean("no c in b.sag.x where c.a and c.b").node
    else {
        panic!("no source")
    };
    assert_eq!(rows.path.len(), 3);
    assert!(matches!(rows.filter.map(|f| f.node), Some(AstNode::And(parts)) if parts.len() == 2));
    assert!(matches!(clean("(no c in b.x where c.a) and b.y").node, AstNode::And(_)));
}

#[test]
fn the_shapes_of_the_language() {
    for text in [
        "some p in a.sag.plan where p.type in [\"barnets plan\", \"ungeplan\"] satisfies p.dato <= a.afgørelse_dato + 3 months and (p.slut is missing or p.slut >= a.start)",
        "no c in b.sag.bevilling where c is not b and c.ydelsestype = b.ydelsestype satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)",
        "p.konto in forældrebetaling_konti at p.bogført",
        "previous(q in o.bevilling.opfølgning where q.udført is present by q.udført)",
        "if t.før_2011 then uden_loft else min(uden_loft, round(taf_loft at t.måned * t.timer_uge / t.normtid, 2))",
        "p.dato < birthday(p.sag.person.fødselsdato, 18)",
        "count(distinct d.udført_af for d in v.sag.tilsyn where d.dato = v.dato) >= 2",
        "days_in(uncovered(period(a.start, a.slut), period(x.start, x.slut) for x in a.sag.bevilling)) = 0",
        "account_part(p.konto, \"funktion\") = funktion_for[a.stedtype] at p.bogført",
    ] {
        clean(text);
    }
}

#[test]
fn nesting_is_limited() {
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    clean(&deep(60));
    for text in [deep(2000), "not ".repeat(2000) + "a", "-".repeat(2000) + "1", "1 + ".repeat(2000) + "1", "f(".repeat(2000)] {
        let (_, slips) = read(&text);
        assert_eq!(slips.len(), 1, "{slips:?}");
        assert!(slips[0].said.message.en.contains("at most 64 levels"), "{}", slips[0].said.message.en);
    }
}

#[test]
fn reading_goes_on_after_a_mistake() {
    let (_, slips) = read("a = and b > ) or c < 2024-02-30 and max(1, = 2");
    let said: Vec<(usize, &str)> = slips.iter().map(|s| (s.span.start, s.said.message.en.as_str())).collect();
    assert!(said.contains(&(4, "a value is missing before «and»")), "{said:?}");
    assert!(said.contains(&(12, "a value is missing before «)»")), "{said:?}");
    assert!(said.contains(&(21, "no such date in the calendar")), "{said:?}");
}

#[test]
fn spans_are_of_the_file() {
    let mut slips = Vec::new();
    parse("b.x = null", 100, "kr", &mut slips);
    assert_eq!(slips[0].span, 104..110);
}

/// Words and signs of the language, shuffled: reaches further into the parser than random characters.
fn jumble() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "or",
        "and",
        "not",
        "between",
        "is",
        "missing",
        "in",
        "starts",
        "with",
        "under",
        "overlaps",
        "at",
        "if",
        "then",
        "else",
        "every",
        "some",
        "no",
        "satisfies",
        "where",
        "count",
        "distinct",
        "for",
        "by",
        "sum",
        "min",
        "first",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "+",
        "-",
        "*",
        "/",
        "=",
        "<",
        "!=",
        "1",
        "1.5",
        "kr",
        "%",
        "days",
        "2024-02-30",
        "31.1.2024",
        "\"",
        "\"a\"",
        "b",
        "b.sag",
        "beløb",
        "round",
        "working",
        "&&",
        "'",
        "“",
        "ø\u{301}",
        "\u{feff}",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let (_, slips) = read(&text);
        for slip in slips {
            prop_assert!(text.get(slip.span).is_some());
        }
    }

    #[test]
    fn no_jumble_of_words_makes_it_panic(text in jumble()) {
        let pack = crate::rule::testing::pack();
        let each = pack.dataset("bevilling").expect("bevilling");
        if let Err(mistakes) = crate::rule::parse_for_row(&pack, each, "b", &text) {
            prop_assert!(!mistakes.is_empty());
            for mistake in mistakes {
                prop_assert!(text.get(mistake.labels[0].0.clone()).is_some());
            }
        }
    }
}
