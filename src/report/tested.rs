//! `rules test`: how the examples of each rule came out, which conditions they answer, and which changes they do not notice.

use std::ops::Range;

use super::pen::{Look, Pen, left, right, wrapped};
use super::{RenderOptions, verdict_word};
use crate::engine::result::RuleState;
use crate::engine::{Because, Covered, ExampleOutcome, Mutation};
use crate::model::SourceFile;
use crate::privacy::{Gate, terminal};
use crate::rule::mutate::Family;
use crate::rule::typed::Rule;
use crate::value::{Cell, Value, show};

/// What testing one rule gave.
#[derive(Debug)]
pub struct Tested<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its examples.
    pub outcomes: Vec<ExampleOutcome>,
    /// Its conditions and what the examples answered.
    pub coverage: Vec<Covered>,
    /// Small changes of it, if they were tried.
    pub mutation: Option<Mutation>,
}

impl Tested<'_> {
    fn passed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.passed()).count()
    }

    /// Examples that did not come out, and changes that no example notices.
    pub fn faults(&self) -> usize {
        self.outcomes.len() - self.passed() + self.mutation.as_ref().map_or(0, |m| m.unnoticed.len())
    }
}

/// A line a rule, what is wrong below it, and the sums. `named` also names the conditions not answered both ways.
pub fn render(all: &[Tested<'_>], named: bool, options: &RenderOptions) -> String {
    let gate = Gate::new(None, false);
    let pen = Pen::new(options, "", &gate);
    let lang = pen.lang;
    let widest = |of: fn(&Tested<'_>) -> usize| all.iter().map(of).max().unwrap_or(0);
    let (id, name) = (widest(|t| t.rule.id.chars().count()), widest(|t| t.rule.name.chars().count()));
    let mut out = String::new();
    for tested in all {
        let whole = tested.passed() == tested.outcomes.len();
        let mark = match (tested.faults(), whole) {
            (0, _) => pen.paint(Look::Green, "ok"),
            (_, true) => pen.paint(Look::Yellow, lang.pick("ikke fastholdt", "not pinned")),
            _ => pen.paint(Look::Red, lang.pick("FEJL", "FAILED")),
        };
        let part = |n: usize, of: usize, word: &str| format!("{} {word}", right(&format!("{n}/{of}"), 7));
        let mut parts = vec![part(tested.passed(), tested.outcomes.len(), lang.pick("eksempler", "examples"))];
        let both = tested.coverage.iter().filter(|c| c.both()).count();
        parts.push(part(both, tested.coverage.len(), lang.pick("betingelser", "conditions")));
        if let Some(mutation) = &tested.mutation {
            parts.push(part(mutation.total() - mutation.unnoticed.len(), mutation.total(), lang.pick("ændringer", "changes")));
        }
        let (rule, title) = (left(&tested.rule.id, id), left(&tested.rule.name, name));
        out.push_str(&format!("{rule}  {title} {}  {mark}\n", parts.join(" ")));
        tested.outcomes.iter().filter(|outcome| !outcome.passed()).for_each(|o| failure(&mut out, tested.rule, o, &pen));
        if named {
            tested.coverage.iter().filter(|c| !c.both()).for_each(|c| uncovered(&mut out, tested.rule, c, &pen));
        }
        let unnoticed = tested.mutation.iter().flat_map(|m| &m.unnoticed);
        unnoticed.for_each(|mutant| change(&mut out, tested.rule, &mutant.span, mutant.what.get(lang), &pen));
    }
    out.push_str(&sums(all, &pen));
    out
}

fn sums(all: &[Tested<'_>], pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let passed: usize = all.iter().map(Tested::passed).sum();
    let failed = all.iter().map(|t| t.outcomes.len()).sum::<usize>() - passed;
    let mut out = match lang {
        crate::locale::Lang::Da => format!("\n{passed} eksempler gav det ventede, {failed} gjorde ikke\n"),
        crate::locale::Lang::En => format!("\n{passed} examples gave what they should, {failed} did not\n"),
    };
    let mutations: Vec<&Mutation> = all.iter().filter_map(|t| t.mutation.as_ref()).collect();
    if !mutations.is_empty() {
        let tried: usize = mutations.iter().map(|m| m.total()).sum();
        let unnoticed: usize = mutations.iter().map(|m| m.unnoticed.len()).sum();
        out.push_str(&match lang {
            crate::locale::Lang::Da => {
                format!("{tried} ændringer af reglerne prøvet, {unnoticed} opdages ikke af noget eksempel\n")
            }
            crate::locale::Lang::En => format!("{tried} changes of the rules tried, {unnoticed} are noticed by no example\n"),
        });
        for family in Family::ALL {
            let tried: usize = mutations.iter().filter_map(|m| m.tried.get(&family)).sum();
            if tried == 0 {
                continue;
            }
            let unnoticed = mutations.iter().flat_map(|m| &m.unnoticed).filter(|mutant| mutant.family == family).count();
            let noticed = right(&format!("{}/{tried}", tried - unnoticed), 11);
            out.push_str(&format!("  {} {noticed}\n", left(family.name(lang), 13)));
        }
    }
    out
}

/// An example that did not come out: what was expected and what came, row by row.
fn failure(out: &mut String, rule: &Rule, outcome: &ExampleOutcome, pen: &Pen<'_>) {
    let lang = pen.lang;
    out.push_str(&format!("  {}\n", pen.paint(Look::Dim, &place(&rule.file, &outcome.span))));
    if outcome.state != RuleState::Ran {
        out.push_str(&format!("    {}\n", lang.pick("reglen blev sprunget over", "the rule was skipped")));
    }
    for row in outcome.rows.iter().filter(|row| !row.passed()) {
        let got: Vec<&str> = row.got.iter().map(|verdict| verdict_word(*verdict, lang)).collect();
        let got = if got.is_empty() { lang.pick("ingen række", "no row").to_owned() } else { got.join(", ") };
        out.push_str(&format!("    {}\n", row.key.as_deref().unwrap_or("*")));
        let (expected, came) = (lang.pick("ventet", "expected"), lang.pick("fik", "got"));
        let wide = expected.chars().count();
        let minus = format!("    - {}  {}", left(expected, wide), verdict_word(row.expected, lang));
        let plus = format!("    + {}  {got}", left(came, wide));
        out.push_str(&format!("{}\n{}\n", pen.paint(Look::Green, &minus), pen.paint(Look::Red, &plus)));
        row.because.iter().for_each(|why| because(out, rule, why, pen));
    }
}

/// What decided: the condition, its answer, and the cells it rests on.
fn because(out: &mut String, rule: &Rule, why: &Because, pen: &Pen<'_>) {
    let lang = pen.lang;
    let said = |cell: &Cell| match cell {
        Cell::Present(Value::Bool(yes)) => if *yes { lang.pick("ja", "yes") } else { lang.pick("nej", "no") }.to_owned(),
        Cell::Present(value) => show(value, pen.currency, lang),
        Cell::Empty => lang.pick("tomt", "empty").to_owned(),
        Cell::Unknown(cause) => cause.text(lang).to_owned(),
    };
    let cells: Vec<String> = why.cells.iter().map(|(name, cell)| format!("{name} {}", said(cell))).collect();
    let cells = if cells.is_empty() { String::new() } else { format!(" ({})", cells.join(", ")) };
    let text = format!("{}: {}{cells}", source(rule, &why.span), said(&why.value));
    let said = pen.labelled(lang.pick("fordi", "because"), &terminal(&text));
    said.lines().for_each(|line| out.push_str(&format!("  {line}\n")));
}

/// The text of the rule at a place, on one line.
fn source(rule: &Rule, span: &Range<usize>) -> String {
    rule.file.text.get(span.clone()).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn uncovered(out: &mut String, rule: &Rule, condition: &Covered, pen: &Pen<'_>) {
    let lang = pen.lang;
    let never = match (condition.yes, condition.no) {
        (false, true) => lang.pick("er aldrig ja", "is never yes"),
        (true, false) => lang.pick("er aldrig nej", "is never no"),
        _ => lang.pick("er hverken ja eller nej", "is neither yes nor no"),
    };
    change(out, rule, &condition.span, never, pen);
}

/// A place in the rule, its text, and what is said of it.
fn change(out: &mut String, rule: &Rule, span: &Range<usize>, said: &str, pen: &Pen<'_>) {
    let text = source(rule, span);
    let said = pen.paint(Look::Yellow, said);
    out.push_str(&format!("  {}  {said}\n", pen.paint(Look::Dim, &place(&rule.file, span))));
    for line in wrapped(&text, pen.width.saturating_sub(4)).iter().take(3) {
        out.push_str(&format!("    {line}\n"));
    }
}

/// `bevilling/x.toml:12:8`
pub(super) fn place(file: &SourceFile, span: &Range<usize>) -> String {
    let before = file.text.get(..span.start).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("{}:{line}:{column}", file.path)
}
