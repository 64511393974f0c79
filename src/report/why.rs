//! `rules why`: a row's verdict with every condition, what it gave and the cells it rests on.

use super::pen::{Look, Pen, joined, wrapped};
use super::{RenderOptions, steps, unclear, verdict_word};
use crate::engine::Joined;
use crate::engine::result::{Counts, RuleState};
use crate::finding::FigureView;
use crate::finding::why::{ConditionView, WhyView};
use crate::locale::Lang;
use crate::model::Pack;
use crate::privacy::{Gate, Shown, terminal};
use crate::rule::typed::{Rule, Verdict};
use crate::scorecard;
use crate::store::CaseState;
use crate::value::Value;

/// The rule, whether it ran, and the account of each row.
pub fn render((pack, rule): (&Pack, &Rule), state: &RuleState, rows: &[WhyView], gate: &Gate, options: &RenderOptions) -> String {
    let pen = Pen::new(options, &pack.currency_sign, gate);
    let mut out = pen.heading(&format!("{} {}", rule.id, rule.texts(pen.lang).title));
    // A rule that ran has judged this row at least.
    let ran = Counts { compliant: 1, ..Counts::default() };
    if let Some(reason) = scorecard::state(pack, state, &ran).reason(pen.lang) {
        let skipped = pen.lang.pick("reglen kan ikke køre", "the rule cannot run");
        out.push_str(&format!("{}\n", pen.paint(Look::Yellow, &format!("{skipped}: {}", pen.safe(&reason)))));
    }
    for row in rows {
        out.push('\n');
        out.push_str(&one(row, &pen));
    }
    out
}

fn one(row: &WhyView, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let look = match row.verdict {
        Verdict::Violation => Look::Red,
        Verdict::Partly | Verdict::NotAssessed => Look::Yellow,
        Verdict::Compliant => Look::Green,
        Verdict::NotApplicable => Look::Bold,
    };
    let mut out = format!("{}\n", pen.paint(look, verdict_word(row.verdict, lang)));
    let mut put = |facts: &[String]| {
        for line in joined(facts, pen.dot(), pen.width.saturating_sub(2)) {
            out.push_str(&format!("  {line}\n"));
        }
    };
    put(&unclear::whose(&row.subject, row.place.as_ref(), pen));
    put(&facts(row, pen));
    if let Some(message) = &row.message {
        for line in wrapped(&terminal(message.get(lang)), pen.width.saturating_sub(2)) {
            out.push_str(&format!("  {}\n", pen.paint(Look::Bold, &line)));
        }
    }
    let reasons = row.reasons.iter().map(|r| r.text(lang)).chain(row.notes.iter().map(|n| n.get(lang).to_owned()));
    for reason in reasons {
        out.push_str(&pen.labelled(lang.pick("fordi", "because"), &terminal(&reason)));
    }
    let case = match row.case {
        CaseState::Open => None,
        CaseState::Closed => Some(
            lang.pick("sagen er lukket, og reglen gælder åbne sager", "the case is closed, and the rule is for open cases")
                .to_owned(),
        ),
        CaseState::Unknown(cause) => {
            let said = lang.pick("det vides ikke, om sagen er åben", "whether the case is open is not known");
            Some(format!("{said}: {}", cause.text(lang)))
        }
    };
    if let Some(case) = case {
        out.push_str(&pen.labelled(lang.pick("fordi", "because"), &case));
    }
    let home = row.place.as_ref().map(|place| &*place.file);
    let mut key = "";
    for condition in &row.conditions {
        if condition.key != key {
            key = condition.key;
            out.push_str(&format!("\n  {}\n", pen.paint(Look::Cyan, &format!("{key}: {}", asks(key, lang)))));
        }
        out.push_str(&part(condition, home, pen));
    }
    if !row.steps.is_empty() || !row.figures.is_empty() {
        out.push('\n');
        out.push_str(&steps::table(&row.steps, &row.figures, home, pen));
    }
    if !row.readings.is_empty() {
        out.push('\n');
        out.push_str(&unclear::readings(&row.readings, pen));
    }
    out
}

/// What the part of a rule under a key asks.
fn asks(key: &str, lang: Lang) -> &'static str {
    match key {
        "per" => lang.pick("hvad der gives et svar for", "what there is a verdict for"),
        "when" => lang.pick("om reglen gælder her", "whether the rule applies here"),
        "deadline.due" => lang.pick("fristen", "the deadline"),
        "deadline.done" => lang.pick("hvornår det skete", "when it was done"),
        "partly" => lang.pick("hvad der gør et brud delvist", "what makes a breach partly met"),
        _ => lang.pick("hvad der kræves", "what is required"),
    }
}

/// Deadline, law and money.
fn facts(row: &WhyView, pen: &Pen<'_>) -> Vec<String> {
    let lang = pen.lang;
    let mut facts = Vec::new();
    facts.extend(row.due.map(|due| format!("{} {}", lang.pick("frist", "due"), due.show(lang))));
    if let Some(days) = row.days_late.filter(|days| *days > 0) {
        facts.push(pen.counted(days.unsigned_abs(), ("dag for sent", "dage for sent"), ("day late", "days late")));
    }
    let (amount, refund) = row.amount;
    facts.extend(amount.map(|amount| format!("{} {}", lang.pick("beløb", "amount"), pen.money(amount))));
    facts.extend(refund.map(|refund| format!("{} {}", lang.pick("statens del", "the state's part"), pen.money(refund))));
    if let Some((law, day)) = &row.law {
        let day =
            day.map_or(String::new(), |day| format!(" ({} {})", lang.pick("som den gælder", "as in force on"), day.show(lang)));
        facts.push(format!("{}{day}", terminal(law)));
    }
    facts
}

/// A condition: its value, its text, and the cells and figures it rests on.
fn part(condition: &ConditionView, home: Option<&str>, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let indent = 4 + 2 * condition.depth;
    let (value, look) = value(&condition.value, pen);
    let text = match condition.joined {
        Some(Joined::All) => lang.pick("alle disse:", "all of these:").to_owned(),
        Some(Joined::Any) => lang.pick("mindst én af disse:", "at least one of these:").to_owned(),
        None => terminal(&condition.text).into_owned(),
    };
    let lead = value.chars().count().max(5) + 2;
    let mut out = String::new();
    for (i, line) in wrapped(&text, pen.width.saturating_sub(indent + lead)).iter().enumerate() {
        let gap = " ".repeat(lead - if i == 0 { value.chars().count() } else { 0 });
        let value = if i == 0 { pen.paint(look, &value) } else { String::new() };
        out.push_str(&format!("{}{value}{gap}{line}\n", " ".repeat(indent)));
    }
    let mut line = |text: String| out.push_str(&format!("{}{}\n", " ".repeat(indent + lead), pen.paint(Look::Dim, &text)));
    for (cell, cause) in &condition.cells {
        let shown = terminal(&cell.shown.show(pen.currency, lang)).into_owned();
        let cause = match (cause, &cell.shown) {
            (Some(cause), Shown::Value(_) | Shown::Month(_) | Shown::Hidden | Shown::Unknown(_, Some(_))) => {
                format!(" ({})", cause.text(lang))
            }
            _ => String::new(),
        };
        line(format!("{}: {shown}{cause}  {}", terminal(cell.name()), steps::place(cell, home)));
    }
    condition.figures.iter().for_each(|f| line(figure(f, pen)));
    // A cause that lies in no cell, such as a tie.
    if let (Shown::Unknown(cause, _), None) = (&condition.value, condition.joined)
        && condition.cells.iter().all(|(_, cause)| cause.is_none())
    {
        line(cause.text(lang).to_owned());
    }
    out
}

/// `Loft pr. måned: 36.622,00 kr. (afledt), fra 01-01-2025`
fn figure(figure: &FigureView, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let from = figure.from.map_or(String::new(), |day| format!(", {} {}", lang.pick("fra", "from"), day.show(lang)));
    let status = steps::status_mark(figure.status, lang).trim_end();
    let status = if status.is_empty() { String::new() } else { format!(" {status}") };
    let value = crate::value::show(&figure.value, pen.currency, lang);
    format!("{}: {}{status}{from}", terminal(figure.title.get(lang)), terminal(&value))
}

/// A value in the margin: conditions are yes, no or unknown.
fn value(shown: &Shown, pen: &Pen<'_>) -> (String, Look) {
    let lang = pen.lang;
    match shown {
        Shown::Value(Value::Bool(true)) => (lang.pick("ja", "yes").to_owned(), Look::Green),
        Shown::Value(Value::Bool(false)) => (lang.pick("nej", "no").to_owned(), Look::Red),
        Shown::Unknown(..) => (lang.pick("uvist", "unknown").to_owned(), Look::Yellow),
        other => (terminal(&other.show(pen.currency, lang)).into_owned(), Look::Bold),
    }
}
