//! The two evaluators give the same verdicts: over random rules in which the whole language occurs, random tables with cells
//! missing in every way, the shipped rules over municipalities of the demo, and the rules of other countries' packs.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]
#![allow(clippy::disallowed_macros, reason = "tells how many rules and rows it tried")]

mod chance;
mod grammar;
mod pack;
mod shipped;
mod tables;

use std::collections::BTreeMap;

use chance::Chance;
use sagstjek::calendar::Date;
use sagstjek::engine::result::RuleState;
use sagstjek::engine::{Evaluators, state, verdicts};
use sagstjek::rule::function::Function;
use sagstjek::rule::typed::{Expr, Node, RowSource, Rule, Verdict};

/// Rules tried, and deliveries for each.
fn size() -> (usize, usize) {
    if std::env::var_os("SAGSTJEK_LONG").is_some() { (60_000, 12) } else { (1_500, 6) }
}

/// What a rule uses, by names of this test.
fn used(rule: &Rule, seen: &mut BTreeMap<String, usize>) {
    let mut add = |what: String| *seen.entry(what).or_default() += 1;
    for (there, what) in [
        (rule.when.is_some(), "when"),
        (rule.deadline.is_some(), "deadline"),
        (rule.deadline.is_some() && rule.require.is_some(), "deadline and require"),
        (rule.per.is_some(), "per"),
        (rule.partly.is_some(), "partly"),
        (rule.questions > 0, "either"),
        (rule.questions > 1, "two questions"),
    ] {
        if there {
            add(what.to_owned());
        }
    }
    add(format!("{:?}", rule.if_missing));
    add(format!("{:?}", rule.scope));
    let conditions = [&rule.when, &rule.require, &rule.partly].into_iter().flatten();
    let deadline = rule.deadline.iter().flat_map(|deadline| [&deadline.due, &deadline.done]);
    let others = rule.per.iter().map(|per| &per.items).chain(rule.steps.iter().map(|step| &step.expr));
    for expr in conditions.chain(deadline).chain(others) {
        expr.walk(&mut |part| named(part, &mut add));
    }
}

fn named(part: &Expr, add: &mut impl FnMut(String)) {
    match &part.node {
        Node::Call(function, _) => add(function.name().to_owned()),
        Node::Fold(fold, ..) => add(format!("{fold:?}")),
        Node::Pick(pick, ..) => add(format!("{pick:?}")),
        Node::Quantified { quantifier, .. } => add(format!("{quantifier:?}")),
        Node::Period { test, .. } => add(format!("{test:?}")),
        Node::Compare(op, ..) => add(format!("{op:?}")),
        Node::Arith(op, ..) => add(format!("{op:?}")),
        node => {
            let text = format!("{node:?}");
            add(text.split([' ', '(', '{']).next().unwrap_or_default().to_owned());
        }
    }
    if let Some(rows) = part.rows() {
        add(match rows.source {
            RowSource::Group { .. } => "a group",
            RowSource::Through { .. } => "through",
            RowSource::Whole { ref equal } if equal.is_empty() => "all of a dataset",
            RowSource::Whole { .. } => "a whole dataset",
        }
        .to_owned());
    }
}

#[test]
fn random_rules_over_random_tables() {
    let (rules, deliveries) = size();
    let extract_date = Date::from_ymd(2024, 4, 15).expect("a day");
    let mut seen = BTreeMap::new();
    let mut given: BTreeMap<Verdict, usize> = BTreeMap::new();
    let (mut sound, mut ran, mut rows) = (0, 0, 0);
    for seed in 0..rules {
        let mut chance = Chance(seed as u64);
        let (body, each) = grammar::Writer::rule(&mut chance);
        let (pack, model, rule) = match pack::compile(&body, each) {
            Ok(compiled) => compiled,
            Err(told) => {
                assert!(!told.starts_with("pack:") && !told.starts_with("model:"), "{told}");
                continue;
            }
        };
        sound += 1;
        used(&rule, &mut seen);
        for _ in 0..deliveries {
            let store = tables::store(&pack, &model, &rule, &mut chance, extract_date);
            if state(&store, &rule) != RuleState::Ran {
                continue;
            }
            let kernels = verdicts(&store, &rule, extract_date, Evaluators::Kernels);
            let scalar = verdicts(&store, &rule, extract_date, Evaluators::Scalar);
            let differs = kernels.iter().zip(&scalar).find(|(a, b)| a != b);
            assert!(
                kernels.len() == scalar.len() && differs.is_none(),
                "seed {seed}, each {each}: kernels and scalar give {differs:?}\n{body}"
            );
            ran += 1;
            rows += scalar.len();
            scalar.iter().for_each(|(.., verdict)| *given.entry(*verdict).or_default() += 1);
        }
    }
    println!("{sound} of {rules} rules are sound; {ran} runs, {rows} verdicts: {given:?}");
    assert!(sound * 3 > rules, "{sound} of {rules} rules are sound");
    assert!(given.len() == 5 && given.values().all(|n| *n > rows / 300), "{given:?}");
    // Nothing of the language is left out.
    let nodes = "Literal ExtractDate Var Field Follow Not And Or Between Is InItems InList InCodes Text Negate Lookup If Either \
                 Count CountDistinct";
    let others = "Some Every No Sum Min Max Mean Median Uncovered Spells First Last Previous Next Overlaps Meets During Covers \
                  Equal NotEqual Less LessEqual Greater GreaterEqual Add Subtract Multiply Divide Report Violation Compliant \
                  Open All when deadline per partly either";
    let phrases = ["a group", "through", "a whole dataset", "all of a dataset", "deadline and require", "two questions"];
    let functions = Function::ALL.iter().filter(|f| **f != Function::Either).map(|f| f.name());
    let wanted = nodes.split_whitespace().chain(others.split_whitespace()).chain(phrases).chain(functions);
    let lacking: Vec<&str> = wanted.filter(|what| !seen.contains_key(*what)).collect();
    assert!(lacking.is_empty(), "no rule used {lacking:?}; used: {seen:?}");
}
