//! Why a row got its verdict, made concrete behind the gate: [`crate::engine::why`] with places, headers and pseudonyms.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::build::{Maker, one_line};
use super::view::Viewer;
use super::{CellView, FigureView, PlaceView, ReadingView, Reason, StepView, Subject};
use crate::calendar::Date;
use crate::engine::{Asked, Joined, Why, find, item_behind, item_names, why};
use crate::intake::Delivery;
use crate::locale::{Bilingual, Lang};
use crate::privacy::{Gate, Shown};
use crate::problem::nearest;
use crate::rule::typed::{Rule, Verdict};
use crate::store::{CaseState, RowRef, Store};
use crate::value::{Cause, Decimal, Value};

/// Nearest keys that are told where none is right.
const NEAREST: usize = 3;

/// The account of one row (and item), ready to be shown.
#[derive(Debug, Clone)]
pub struct WhyView {
    /// The verdict.
    pub verdict: Verdict,
    /// Whose row it is.
    pub subject: Subject,
    /// Where it stands.
    pub place: Option<PlaceView>,
    /// What the finding says; `None` where it is none.
    pub message: Option<Bilingual>,
    /// Whether its case is closed, or why that is unknown.
    pub case: CaseState,
    /// The rule's conditions and their parts.
    pub conditions: Vec<ConditionView>,
    /// Values of the rule's steps.
    pub steps: Vec<StepView>,
    /// Figures used.
    pub figures: Vec<FigureView>,
    /// Why it is not assessed.
    pub reasons: Vec<Reason>,
    /// Of figures that a table lacks.
    pub notes: Vec<Bilingual>,
    /// What each reading of an unclear law gives.
    pub readings: Vec<ReadingView>,
    /// The law in force, and the day that chose it.
    pub law: Option<(Arc<str>, Option<Date>)>,
    /// The day by which it had to be done.
    pub due: Option<Date>,
    /// Days late.
    pub days_late: Option<i64>,
    /// Money at stake, and the state's part.
    pub amount: (Option<Decimal>, Option<Decimal>),
}

/// A condition, or a part of one.
#[derive(Debug, Clone)]
pub struct ConditionView {
    /// The key of the rule file: `when`, `require`, ...
    pub key: &'static str,
    /// How deep it lies.
    pub depth: usize,
    /// As written in the rule, on one line.
    pub text: String,
    /// How its parts are joined.
    pub joined: Option<Joined>,
    /// What it gives.
    pub value: Shown,
    /// The cells it rests on, with the cause where one is unknown.
    pub cells: Vec<(CellView, Option<Cause>)>,
    /// Figures it looked up.
    pub figures: Vec<FigureView>,
}

/// What a question about a row is answered from.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The tables.
    pub store: &'a Store,
    /// The files they came from.
    pub delivery: &'a Delivery,
    /// The rule.
    pub rule: &'a Rule,
    /// The day the data describes.
    pub extract_date: Date,
    /// What may be shown.
    pub gate: &'a Gate,
}

/// Tells why the rows that go by `key` got their verdict. The key is written as in examples, or as reports show it: with
/// pseudonyms, and `/` or `·` between its values.
///
/// # Errors
/// The nearest keys there are, as they may be shown, when no row goes by it.
pub fn ask(question: &Question<'_>, key: &str) -> Result<Vec<WhyView>, Vec<String>> {
    let Question { store, rule, .. } = *question;
    let bare = Viewer::new(store, question.delivery, question.gate, std::iter::empty());
    let key = key.replace(" / ", " ").replace(" · ", " ");
    let asked = match find(store, rule, &key) {
        Ok(asked) => asked,
        Err(named) => by_shown(&bare, rule, &key, &named)?,
    };
    let told: Vec<(Why, &Option<String>)> = asked
        .iter()
        .flat_map(|(row, item)| why(store, rule, question.extract_date, *row).into_iter().map(move |why| (why, item)))
        .collect();
    let viewer = Viewer::new(store, question.delivery, question.gate, told.iter().map(|(why, _)| &why.outcome));
    let views: Vec<(WhyView, bool)> = told
        .iter()
        .map(|(why, item)| {
            let view = view(&viewer, rule, why);
            let meant = item.as_ref().is_none_or(|item| is_item(rule, why, &view, item));
            (view, meant)
        })
        .collect();
    if views.iter().any(|(_, meant)| *meant) {
        return Ok(views.into_iter().filter(|(_, meant)| *meant).map(|(view, _)| view).collect());
    }
    // The row is there, the item is not: its own items are what is near.
    let currency = &store.pack().currency_sign;
    let named = views.iter().filter_map(|(view, _)| {
        let key = view.subject.key.as_ref()?.shown.iter().map(|part| part.show(currency, Lang::Da));
        let parts: Vec<String> = key.chain([view.subject.item.as_ref()?.show(currency, Lang::Da)]).collect();
        Some(parts.join(" "))
    });
    Err(named.take(NEAREST).collect())
}

/// Whether an item of `per` is the one asked for, as examples write it or as reports show it.
fn is_item(rule: &Rule, why: &Why, view: &WhyView, asked: &str) -> bool {
    let written = why.outcome.item.as_ref().is_some_and(|item| item_names(rule, item).iter().any(|name| name == asked));
    written || view.subject.item.as_ref().is_some_and(|item| item.show("", Lang::Da) == asked)
}

/// Rows by their key as reports show it.
fn by_shown(viewer: &Viewer<'_>, rule: &Rule, key: &str, named: &[(u32, Vec<String>)]) -> Result<Vec<Asked>, Vec<String>> {
    let keys: Vec<(u32, [String; 2])> = named
        .iter()
        .filter_map(|(row, _)| {
            let key = viewer.key(RowRef { dataset: rule.each, row: *row })?;
            let currency = &viewer.store.pack().currency_sign;
            let shown: Vec<String> = key.shown.iter().map(|part| part.show(currency, Lang::Da)).collect();
            let machine: Vec<String> = key.shown.iter().zip(&shown).map(|(part, shown)| canonical(part, shown)).collect();
            Some((*row, [shown.join(" "), machine.join(" ")]))
        })
        .collect();
    let asked: Vec<Asked> = keys
        .iter()
        .filter_map(|(row, names)| Some((*row, names.iter().find_map(|name| item_behind(rule, name, key))?)))
        .collect();
    if !asked.is_empty() {
        return Ok(asked);
    }
    // Near by the names of the rows, told by what may be shown of them.
    let mut left: Vec<(&str, &str)> = Vec::new();
    let names: BTreeMap<u32, &[String]> = named.iter().map(|(row, names)| (*row, names.as_slice())).collect();
    for (row, [shown, machine]) in &keys {
        let names = names.get(row).copied().unwrap_or_default();
        left.extend(names.iter().chain([shown, machine]).map(|name| (name.as_str(), shown.as_str())));
    }
    let mut near: Vec<String> = Vec::new();
    while near.len() < NEAREST {
        let Some(name) = nearest(key, left.iter().map(|(name, _)| *name)) else { break };
        let Some(told) = left.iter().find(|(known, _)| *known == name).map(|(_, shown)| (*shown).to_owned()) else { break };
        left.retain(|(_, shown)| *shown != told);
        near.push(told);
    }
    Err(near)
}

/// A part of a key as machine formats write it: days and months by year first.
fn canonical(part: &Shown, shown: &str) -> String {
    match part {
        Shown::Value(Value::Date(day)) => day.to_string(),
        Shown::Month(day) => format!("{:04}-{:02}", day.year(), day.month()),
        _ => shown.to_owned(),
    }
}

fn view(viewer: &Viewer<'_>, rule: &Rule, why: &Why) -> WhyView {
    let maker = Maker { viewer, index: 0, rule };
    let outcome = &why.outcome;
    let found = matches!(outcome.verdict, Verdict::Violation | Verdict::Partly);
    let closed = why.case == CaseState::Closed;
    let unassessed = maker.unassessed(outcome);
    let law = outcome.law.and_then(|i| rule.legal.get(i)).map(|law| law.reference.clone());
    WhyView {
        verdict: outcome.verdict,
        subject: maker.subject(outcome),
        place: viewer.row_place(outcome.row),
        message: found.then(|| maker.noted(viewer.both(&outcome.message_da, &outcome.message_en), outcome)),
        case: why.case,
        conditions: why
            .conditions
            .iter()
            .map(|condition| {
                let cells: Vec<_> = condition.cells.iter().map(|(at, _)| *at).collect();
                ConditionView {
                    key: condition.key,
                    depth: condition.depth,
                    text: one_line(rule.file.text.get(condition.span.clone()).unwrap_or_default()),
                    joined: condition.joined,
                    value: viewer.computed(&condition.value, &cells),
                    cells: condition.cells.iter().filter_map(|(at, cause)| Some((viewer.cell(*at, None)?, *cause))).collect(),
                    figures: condition.figures.iter().filter_map(|&(table, row)| viewer.figure(table, row)).collect(),
                }
            })
            .collect(),
        steps: if closed { Vec::new() } else { maker.steps(&outcome.steps) },
        figures: outcome.figures.iter().filter(|_| !closed).filter_map(|&(table, row)| viewer.figure(table, row)).collect(),
        reasons: if outcome.verdict == Verdict::NotAssessed { unassessed.reasons } else { Vec::new() },
        notes: if found { Vec::new() } else { unassessed.notes },
        readings: unassessed.readings,
        law: law.filter(|_| !closed).map(|law| (law, outcome.day)),
        due: why.due,
        days_late: outcome.days_late,
        amount: (outcome.amount, outcome.refund),
    }
}
