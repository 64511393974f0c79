//! The sample's rules and what the engine would say of them.

use std::collections::BTreeSet;

use super::pack::file;
use super::{BEVILLING, POSTERING, SAG, TAF, UNDERSØGELSE};
use crate::calendar::Date;
use crate::engine::result::{Counts, Deciding, MarkedCell, MessagePiece, Outcome, RuleResult, RuleState, RunResult, StepValue};
use crate::model::{ColumnId, DatasetId, LinkId, TableId};
use crate::problem::Severity;
use crate::rule::typed::{Expr, IfMissing, Legal, Node, Reads, Rule, Scope, Slot, Step, Template, Texts, Ty, Verdict};
use crate::store::{CellRef, RowRef, Store};
use crate::value::{Cause, Cell, Decimal, Kind, Value};

struct Said {
    title: &'static str,
    fix: &'static str,
}

fn rule(id: &str, family: &str, severity: Severity, each: DatasetId, da: Said, en: Said, law: &str) -> Rule {
    let texts = |said: Said| Texts {
        title: said.title.to_owned(),
        why: String::new(),
        fix: said.fix.to_owned(),
        message: Template { pieces: Vec::new() },
        labels: Vec::new(),
    };
    Rule {
        id: id.into(),
        name: id.to_lowercase().into(),
        family: family.into(),
        file: file("rules/sample.toml", ""),
        severity,
        since: "0.1.0".to_owned(),
        tracks: vec!["A.4".to_owned()],
        effort: 10,
        scope: Scope::Open,
        legal: vec![Legal { reference: law.into(), from: None, until: None }],
        each,
        row: ("r".into(), Slot(0)),
        when: None,
        require: None,
        deadline: None,
        per: None,
        partly: None,
        if_missing: IfMissing::Report,
        amount: None,
        refund: None,
        steps: Vec::new(),
        pair_once: false,
        law_date: None,
        marks: Vec::new(),
        da: texts(da),
        en: texts(en),
        examples: Vec::new(),
        reads: Reads::default(),
        slots: 1,
        questions: 0,
        local: true,
    }
}

pub(super) fn rules() -> Vec<Rule> {
    let said = |title, fix| Said { title, fix };
    let mut taf = rule(
        "TAF-102",
        "tabt-arbejdsfortjeneste",
        Severity::Failure,
        TAF,
        said("Ydelse over loftet", "Ret beløbet for måneden, og tag stilling til tilbagebetaling."),
        said("Benefit above the cap", "Correct the month's amount and decide on repayment."),
        "Barnets lov § 87, stk. 1",
    );
    taf.steps = ["uden_loft", "loft_andel", "brutto"]
        .into_iter()
        .zip(1..)
        .map(|(name, slot)| Step {
            name: name.into(),
            slot: Slot(slot),
            expr: Expr { node: Node::ExtractDate, ty: Ty::Value(Kind::Money(2)), span: 0..0 },
        })
        .collect();
    let mut forældre = rule(
        "FOR-104",
        "foraeldrebetaling",
        Severity::Failure,
        POSTERING,
        said("Forældrebetaling på forkert konto", "Omposter beløbet til en konto for forældrebetaling."),
        said("Parental payment on the wrong account", "Re-post the amount to an account for parental payment."),
        "Barnets lov § 166",
    );
    forældre.reads = Reads { absence: BTreeSet::from([POSTERING]), ..Reads::default() };
    vec![
        rule(
            "BEV-101",
            "bevilling",
            Severity::Failure,
            BEVILLING,
            said("Aktiv bevilling uden slutdato", "Åbn ydelsen i DUBU, og skriv den slutdato, som afgørelsen giver."),
            said("Active grant without end date", "Open the grant in DUBU and enter the end date of the decision."),
            "Barnets lov § 32, stk. 3",
        ),
        rule(
            "BEV-102",
            "bevilling",
            Severity::Warning,
            BEVILLING,
            said("To bevillinger af samme ydelse i samme tid", "Luk den ene, eller ret datoerne."),
            said("Two grants of one benefit at the same time", "Close one, or correct the dates."),
            "Barnets lov § 32",
        ),
        forældre,
        rule(
            "SAG-103",
            "sagsskridt",
            Severity::Warning,
            UNDERSØGELSE,
            said("Børnefaglig undersøgelse for sent", "Skriv den foreløbige vurdering, og afslut undersøgelsen."),
            said("Child welfare examination too late", "Write the preliminary assessment and close the examination."),
            "Barnets lov § 20, stk. 8",
        ),
        taf,
        rule(
            "SAG-201",
            "sagsskridt",
            Severity::Note,
            SAG,
            said("Sag uden rådgiver", "Giv sagen en rådgiver."),
            said("Case without caseworker", "Give the case a caseworker."),
            "Retssikkerhedsloven § 15",
        ),
        rule(
            "BEV-301",
            "bevilling",
            Severity::Note,
            BEVILLING,
            said("Bevilling over det lokale loft", "Se på prisen."),
            said("Grant above the local cap", "Look at the price."),
            "Lokal grænse",
        ),
    ]
}

fn text(said: &str) -> MessagePiece {
    MessagePiece::Text(said.to_owned())
}

/// The row whose first key has this first value.
fn row(store: &Store, dataset: DatasetId, column: u16, value: &str) -> RowRef {
    let found = (0..store.rows(dataset))
        .find(|&row| store.cell(CellRef { dataset, row, column: ColumnId(column) }) == Cell::Present(Value::Text(value.into())));
    RowRef { dataset, row: found.expect(value) }
}

fn at(row: RowRef, column: u16) -> CellRef {
    CellRef { dataset: row.dataset, row: row.row, column: ColumnId(column) }
}

fn value(store: &Store, cell: CellRef) -> MessagePiece {
    MessagePiece::Value { value: store.cell(cell), factors: vec![cell] }
}

fn mark(mark: usize, cell: CellRef, da: &str, en: &str) -> MarkedCell {
    MarkedCell { mark, cell, label_da: vec![text(da)], label_en: vec![text(en)] }
}

fn outcome(row: RowRef, verdict: Verdict, marks: Vec<MarkedCell>, da: Vec<MessagePiece>, en: Vec<MessagePiece>) -> Outcome {
    Outcome {
        row,
        item: None,
        verdict,
        marks,
        deciding: Vec::new(),
        unlisted: 0,
        steps: Vec::new(),
        readings: Vec::new(),
        amount: None,
        refund: None,
        day: None,
        law: Some(0),
        days_late: None,
        message_da: da,
        message_en: en,
        notes: Vec::new(),
        partner: None,
        ways: Vec::new(),
        figures: Vec::new(),
    }
}

pub(super) fn run(store: &Store) -> RunResult {
    let done = |counts: [u64; 5], outcomes| RuleResult {
        state: RuleState::Ran,
        pairs: 0,
        counts: Counts {
            not_applicable: counts[0],
            compliant: counts[1],
            partly: counts[2],
            violation: counts[3],
            not_assessed: counts[4],
        },
        outcomes,
    };
    RunResult {
        extract_date: Date::from_ymd(2026, 10, 31).expect("a day"),
        rules: vec![
            done([0, 1, 0, 4, 1], without_end(store)),
            done([4, 0, 0, 1, 1], overlap(store)),
            done([0, 0, 0, 2, 0], wrong_account(store)),
            done([0, 0, 1, 0, 1], late(store)),
            done([0, 1, 0, 1, 0], above_cap(store)),
            done([3, 0, 0, 0, 0], Vec::new()),
            RuleResult {
                state: RuleState::LocalNotSet(vec![TableId(0)]),
                pairs: 0,
                counts: Counts::default(),
                outcomes: Vec::new(),
            },
        ],
    }
}

/// The first rule's findings only.
pub(super) fn run_without_end(store: &Store) -> RunResult {
    let counts = Counts { compliant: 1, violation: 4, not_assessed: 1, ..Counts::default() };
    let rule = RuleResult { state: RuleState::Ran, pairs: 0, counts, outcomes: without_end(store) };
    RunResult { extract_date: Date::from_ymd(2026, 10, 31).expect("a day"), rules: vec![rule] }
}

/// One finding of the first rule, about a cell that could not be read.
pub(super) fn run_unread(store: &Store) -> RunResult {
    let row = row(store, UNDERSØGELSE, 0, "2025-0007");
    let marks = vec![mark(0, at(row, 2), "kan ikke læses", "cannot be read")];
    let found = outcome(row, Verdict::Violation, marks, vec![text("Datoen mangler")], vec![text("The day is missing")]);
    let counts = Counts { violation: 1, ..Counts::default() };
    let rule = RuleResult { state: RuleState::Ran, pairs: 0, counts, outcomes: vec![found] };
    RunResult { extract_date: Date::from_ymd(2026, 10, 31).expect("a day"), rules: vec![rule] }
}

fn without_end(store: &Store) -> Vec<Outcome> {
    let open = |row: &RowRef| store.cell(at(*row, 5)) == Cell::Empty;
    let rows = (0..store.rows(BEVILLING)).map(|row| RowRef { dataset: BEVILLING, row }).filter(open);
    let mut outcomes: Vec<Outcome> = rows
        .map(|b| {
            let start = value(store, at(b, 4));
            let mut found = outcome(
                b,
                Verdict::Violation,
                vec![mark(1, at(b, 4), "løber siden da", "has run since"), mark(0, at(b, 5), "mangler", "missing")],
                vec![text("Bevillingen fra "), start.clone(), text(" har ingen slutdato")],
                vec![text("The grant from "), start, text(" has no end date")],
            );
            found.deciding = vec![Deciding { cell: Some(at(b, 5)), dataset: None, cause: None }];
            found
        })
        .collect();
    outcomes.sort_by_key(|o| match store.cell(at(o.row, 0)) {
        Cell::Present(Value::Text(id)) => Some(id),
        _ => None,
    });
    outcomes.push(unassessed(store, "B1006"));
    outcomes
}

fn unassessed(store: &Store, id: &str) -> Outcome {
    let b = row(store, BEVILLING, 0, id);
    let mut found = outcome(b, Verdict::NotAssessed, Vec::new(), Vec::new(), Vec::new());
    found.deciding = vec![Deciding { cell: Some(at(b, 5)), dataset: None, cause: Some(Cause::Unreadable) }];
    found
}

fn overlap(store: &Store) -> Vec<Outcome> {
    let (b, c) = (row(store, BEVILLING, 0, "B1004"), row(store, BEVILLING, 0, "B1003"));
    let person = value(store, at(b, 2));
    let mut found = outcome(
        b,
        Verdict::Violation,
        vec![
            mark(0, at(b, 4), "begynder her", "begins here"),
            mark(1, at(c, 5), "men denne har ingen slutdato", "but this one has no end date"),
        ],
        vec![person.clone(), text(" har to bevillinger af aflastning på samme tid")],
        vec![person, text(" has two grants of respite care at the same time")],
    );
    found.partner = Some(c);
    vec![found, unassessed(store, "B1006")]
}

fn wrong_account(store: &Store) -> Vec<Outcome> {
    ["R-17", "R-18"]
        .into_iter()
        .map(|id| {
            let p = row(store, POSTERING, 0, id);
            let konto = value(store, at(p, 2));
            let mut found = outcome(
                p,
                Verdict::Violation,
                vec![
                    mark(0, at(p, 2), "ikke en konto for forældrebetaling", "no account for parental payment"),
                    mark(1, at(p, 3), "indtægt", "income"),
                ],
                vec![text("Forældrebetaling er bogført på "), konto.clone()],
                vec![text("Parental payment is posted on "), konto],
            );
            found.amount = store.cell(at(p, 3)).present().map(|v| match v {
                Value::Money(n) => n,
                _ => Decimal::whole(0),
            });
            found.ways = vec![(LinkId(3), 0)];
            found
        })
        .collect()
}

fn late(store: &Store) -> Vec<Outcome> {
    let rows = [row(store, UNDERSØGELSE, 0, "2024-0113"), row(store, UNDERSØGELSE, 0, "2025-0007")];
    let mut partly = outcome(
        rows[0],
        Verdict::Partly,
        vec![
            mark(0, at(rows[0], 3), "41 dage efter fristen", "41 days past the deadline"),
            mark(1, at(rows[0], 1), "fristen løber herfra", "the deadline runs from here"),
        ],
        vec![text("Undersøgelsen skulle være afsluttet 10-05-2025")],
        vec![text("The examination was due on 10-05-2025")],
    );
    partly.days_late = Some(41);
    let mut unknown = outcome(rows[1], Verdict::NotAssessed, Vec::new(), Vec::new(), Vec::new());
    unknown.deciding = vec![Deciding { cell: Some(at(rows[1], 2)), dataset: None, cause: Some(Cause::Unreadable) }];
    vec![partly, unknown]
}

fn above_cap(store: &Store) -> Vec<Outcome> {
    let february = (0..store.rows(TAF))
        .map(|row| RowRef { dataset: TAF, row })
        .find(|r| store.cell(at(*r, 6)) == Cell::Present(Value::Money(Decimal::new(1_621_622, 2))))
        .expect("february");
    let kr = |øre| Cell::Present(Value::Money(Decimal::new(øre, 2)));
    let factors = |columns: &[u16]| columns.iter().map(|c| (at(february, *c), store.cell(at(february, *c)))).collect::<Vec<_>>();
    let amount = MessagePiece::Value { value: kr(192_690), factors: vec![at(february, 6)] };
    let mut found = outcome(
        february,
        Verdict::Violation,
        vec![mark(0, at(february, 6), "1.926,90 kr. over loftet", "1,926.90 kr. above the cap")],
        vec![text("Ydelsen for "), value(store, at(february, 2)), text(" er "), amount.clone(), text(" over loftet")],
        vec![text("The benefit for "), value(store, at(february, 2)), text(" is "), amount, text(" above the cap")],
    );
    found.steps = vec![
        StepValue { step: 0, value: kr(1_621_622), factors: factors(&[5, 3, 4]), figures: Vec::new() },
        StepValue { step: 1, value: kr(1_428_932), factors: factors(&[3, 4]), figures: vec![(TableId(0), 0)] },
        StepValue { step: 2, value: kr(1_428_932), factors: Vec::new(), figures: Vec::new() },
    ];
    found.figures = vec![(TableId(0), 0)];
    found.amount = Some(Decimal::new(192_690, 2));
    found.ways = vec![(LinkId(2), 0)];
    vec![found]
}
