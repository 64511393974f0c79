//! Rows that cannot be judged because the law is unclear: what each reading gives, so that a reader sees why.

use super::full::of_all;
use super::pen::{Pen, joined, left};
use super::{Report, verdict_word};
use crate::finding::excerpt::clip;
use crate::finding::{PlaceView, ReadingView, Subject, Unassessed};
use crate::privacy::terminal;

/// Columns that a side of a question may take.
const SIDE: usize = 70;

/// The rows by rule, at most `cap` of each.
pub(super) fn render(report: &Report<'_>, pen: &Pen<'_>, cap: Option<usize>) -> String {
    let mut out = String::new();
    for (i, rule) in report.rules.iter().enumerate() {
        let rows: Vec<&Unassessed> =
            report.findings.unassessed.iter().filter(|u| u.rule == i && !u.readings.is_empty()).collect();
        if rows.is_empty() {
            continue;
        }
        let said = pen.lang.pick("loven er ikke klar", "the law is unclear");
        let shown = cap.unwrap_or(rows.len()).min(rows.len());
        let title = format!("{} {}: {said}", rule.id, rule.texts(pen.lang).title);
        out.push('\n');
        out.push_str(&pen.heading(&of_all(title, shown, rows.len(), pen)));
        for row in &rows[..shown] {
            out.push('\n');
            out.push_str(&one(row, pen));
        }
    }
    out
}

fn one(row: &Unassessed, pen: &Pen<'_>) -> String {
    let mut out = String::new();
    for line in joined(&whose(&row.subject, row.place.as_ref(), pen), pen.dot(), pen.width.saturating_sub(2)) {
        out.push_str(&format!("  {line}\n"));
    }
    out.push_str(&readings(&row.readings, pen));
    out
}

/// Whose row it is and where it stands.
pub(super) fn whose(subject: &Subject, place: Option<&PlaceView>, pen: &Pen<'_>) -> Vec<String> {
    let lang = pen.lang;
    let mut whose = Vec::new();
    let key = subject.key_line(pen.currency, lang);
    if let Some(case) = subject.case.as_ref().filter(|case| key.as_ref() != Some(case)) {
        whose.push(format!("{} {}", lang.pick("sag", "case"), terminal(case)));
    }
    whose.extend(key.map(|key| format!("{} {}", lang.pick("nøgle", "key"), terminal(&key))));
    whose.extend(subject.item.as_ref().map(|item| format!("{} {}", lang.pick("for", "for"), item.show(pen.currency, lang))));
    whose.extend(place.map(|place| terminal(&format!("{}:{}", place.file, place.sheet_row)).into_owned()));
    whose
}

/// A line for each reading.
pub(super) fn readings(readings: &[ReadingView], pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let mut out = String::new();
    let words: Vec<&str> = readings.iter().map(|r| verdict_word(r.verdict, lang)).collect();
    let widest = words.iter().map(|w| w.chars().count()).max().unwrap_or(0);
    for ((i, reading), word) in readings.iter().enumerate().zip(&words) {
        let lead = format!("    {} {}: {}  ", lang.pick("læsning", "reading"), i + 1, left(word, widest));
        let width = pen.width.saturating_sub(lead.chars().count());
        for (j, line) in joined(&facts(reading, readings, pen), pen.dot(), width).iter().enumerate() {
            let lead = if j == 0 { lead.clone() } else { " ".repeat(lead.chars().count()) };
            out.push_str(&format!("{lead}{line}\n"));
        }
    }
    out
}

/// The deadline and the steps that the readings give different values; where none differs, the side that the reading takes.
fn facts(reading: &ReadingView, all: &[ReadingView], pen: &Pen<'_>) -> Vec<String> {
    let lang = pen.lang;
    let differs =
        |i: usize| all.iter().any(|other| other.steps.get(i).map(|s| &s.value) != reading.steps.get(i).map(|s| &s.value));
    let due_differs = all.iter().any(|other| other.due != reading.due);
    let any = due_differs || (0..reading.steps.len()).any(differs);
    let mut facts = Vec::new();
    if let Some(due) = reading.due {
        facts.push(format!("{} {}", lang.pick("frist", "due"), due.show(lang)));
    }
    for (i, step) in reading.steps.iter().enumerate() {
        if differs(i) {
            facts.push(format!("{} = {}", terminal(&step.name), terminal(&step.value.show(pen.currency, lang))));
        }
    }
    if !any {
        facts.extend(
            reading.sides.iter().map(|side| format!("{} {}", lang.pick("læst som", "read as"), clip(&terminal(side), SIDE))),
        );
    }
    if facts.is_empty() {
        facts.push(String::new());
    }
    facts
}
