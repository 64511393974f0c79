//! `rules test`: how the examples of key figures came out.

use super::RenderOptions;
use super::pen::{Look, Pen, left, right};
use super::tested::place;
use crate::engine::FigureOutcome;
use crate::engine::result::RuleState;
use crate::privacy::Gate;
use crate::rule::figure::{KeyFigure, Printed};

/// What testing one key figure gave.
#[derive(Debug)]
pub struct TestedFigure<'a> {
    /// The key figure.
    pub figure: &'a KeyFigure,
    /// Its examples.
    pub outcomes: Vec<FigureOutcome>,
}

impl TestedFigure<'_> {
    /// Examples that did not come out.
    pub fn faults(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.passed()).count()
    }
}

/// A line a key figure, and below it the rows that differ.
pub fn render_figures(all: &[TestedFigure<'_>], options: &RenderOptions) -> String {
    let gate = Gate::new(None, false);
    let pen = Pen::new(options, "", &gate);
    let lang = pen.lang;
    let widest = |of: fn(&TestedFigure<'_>) -> usize| all.iter().map(of).max().unwrap_or(0);
    let (id, name) = (widest(|t| t.figure.id.chars().count()), widest(|t| t.figure.name.chars().count()));
    let mut out = String::new();
    for tested in all {
        let whole = tested.faults() == 0;
        let mark = if whole { pen.paint(Look::Green, "ok") } else { pen.paint(Look::Red, lang.pick("FEJL", "FAILED")) };
        let count = right(&format!("{}/{}", tested.outcomes.len() - tested.faults(), tested.outcomes.len()), 7);
        let (figure, title) = (left(&tested.figure.id, id), left(&tested.figure.name, name));
        out.push_str(&format!("{figure}  {title} {count} {}  {mark}\n", lang.pick("eksempler", "examples")));
        tested.outcomes.iter().filter(|outcome| !outcome.passed()).for_each(|o| failure(&mut out, tested.figure, o, &pen));
    }
    out
}

fn failure(out: &mut String, figure: &KeyFigure, outcome: &FigureOutcome, pen: &Pen<'_>) {
    let lang = pen.lang;
    out.push_str(&format!("  {}\n", pen.paint(Look::Dim, &place(&figure.file, &outcome.span))));
    if outcome.state != RuleState::Ran {
        out.push_str(&format!("    {}\n", lang.pick("nøgletallet kan ikke opgøres", "the key figure cannot be computed")));
    }
    let (expected, got) = (lines(&outcome.expected), lines(&outcome.got));
    for line in expected.iter().filter(|line| !got.contains(line)) {
        out.push_str(&format!("{}\n", pen.paint(Look::Green, &format!("    - {}  {line}", lang.pick("ventet", "expected")))));
    }
    for line in got.iter().filter(|line| !expected.contains(line)) {
        let came = left(lang.pick("fik", "got"), lang.pick("ventet", "expected").len());
        out.push_str(&format!("{}\n", pen.paint(Look::Red, &format!("    + {came}  {line}"))));
    }
    if expected != got && expected.iter().all(|line| got.contains(line)) && expected.len() == got.len() {
        out.push_str(&format!("    {}\n", lang.pick("rækkerne står i en anden orden", "the rows stand in another order")));
    }
}

/// The table as an example writes it.
fn lines(printed: &Printed) -> Vec<String> {
    let heads = (!printed.across.is_empty()).then_some(&printed.across);
    let written = |cells: &Vec<String>| format!("[{}]", cells.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", "));
    heads.into_iter().chain(&printed.rows).map(written).collect()
}
