//! Mistakes in rules, packs and config, each at its place in the file, all at once.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::RenderOptions;
use super::diagnostic::handler;
use super::pen::{Look, Pen, look_of, wrapped};
use crate::locale::{Lang, Localized};
use crate::privacy::{Gate, terminal};
use crate::problem::{Mistake, Severity};

/// All mistakes, ordered by file and place, then how many there are. Mistakes quote their file, which somebody wrote and no
/// delivery; what reads as a CPR is replaced all the same.
pub fn render(mistakes: &[Mistake], gate: &Gate, options: &RenderOptions) -> String {
    let pen = Pen::new(options, "", gate);
    let mut order: Vec<&Mistake> = mistakes.iter().collect();
    order.sort_by(|a, b| (&a.file, a.line_column(), &a.message).cmp(&(&b.file, b.line_column(), &b.message)));
    order.dedup();
    let mut out = String::new();
    for mistake in &order {
        out.push_str(&one(mistake, &pen));
        out.push('\n');
    }
    let count = |severity| order.iter().filter(|m| m.severity == severity).count() as u64;
    let errors = pen.counted(count(Severity::Failure), ("fejl", "fejl"), ("mistake", "mistakes"));
    let rest = order.len() as u64 - count(Severity::Failure);
    let mut parts = Vec::new();
    if count(Severity::Failure) > 0 {
        parts.push(errors);
    }
    if rest > 0 {
        parts.push(pen.counted(rest, ("advarsel", "advarsler"), ("warning", "warnings")));
    }
    if !parts.is_empty() {
        out.push_str(&format!("{}\n", parts.join(", ")));
    }
    out
}

fn one(mistake: &Mistake, pen: &Pen<'_>) -> String {
    let word = match mistake.severity {
        Severity::Failure => pen.lang.pick("fejl", "error"),
        Severity::Warning => pen.lang.pick("advarsel", "warning"),
        Severity::Note => pen.lang.pick("bemærk", "note"),
    };
    let mut out = String::new();
    for (i, line) in
        wrapped(&pen.safe(&mistake.text(pen.lang)), pen.width.saturating_sub(word.chars().count() + 2)).iter().enumerate()
    {
        let lead = if i == 0 {
            format!("{}:", pen.paint(look_of(mistake.severity), word))
        } else {
            " ".repeat(word.chars().count() + 1)
        };
        out.push_str(&format!("{lead} {}\n", pen.paint(Look::Bold, line)));
    }
    let mut drawn = String::new();
    let shown = Shown::new(mistake, pen);
    if handler(mistake.severity, pen).render_report(&mut drawn, &shown).is_ok() {
        drawn.lines().skip(1).for_each(|line| out.push_str(&format!("{}\n", line.trim_end())));
    }
    if let Some(help) = mistake.help(pen.lang) {
        out.push_str(&pen.labelled(pen.lang.pick("hjælp", "help"), &pen.safe(&help)));
    }
    out
}

/// A mistake as miette sees it.
#[derive(Debug)]
struct Shown {
    source: Source,
    labels: Vec<LabeledSpan>,
}

impl Shown {
    fn new(mistake: &Mistake, pen: &Pen<'_>) -> Shown {
        let label = |text: &crate::locale::Bilingual| pen.safe(text.get(pen.lang));
        let text = visible(&pen.gate.mask(&mistake.source));
        let within = |range: &std::ops::Range<usize>| {
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            let start = floor(range.start);
            start..floor(range.end).max(start)
        };
        let labels = mistake.labels.iter().enumerate().map(|(i, (range, text))| {
            let (range, text) = (within(range), text.as_ref().map(label));
            if i == 0 {
                LabeledSpan::new_primary_with_span(text, (range.start, range.len()))
            } else {
                LabeledSpan::new_with_span(text, (range.start, range.len()))
            }
        });
        Shown { labels: labels.collect(), source: Source { name: pen.safe(&mistake.file), text: text.clone() } }
    }
}

/// The text with characters that a terminal would obey replaced by a mark, byte for byte as long as before: spans still fit.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c.to_string(),
            '\r' => " ".to_owned(),
            c if terminal(c.encode_utf8(&mut [0; 4])) == c.to_string() => c.to_string(),
            c => "?".repeat(c.len_utf8()),
        })
        .collect()
}

/// A file of which only the lines that a span touches are shown.
#[derive(Debug)]
struct Source {
    name: String,
    text: String,
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let before = self.text.get(..span.offset()).ok_or(MietteError::OutOfBounds)?;
        let end = span.offset() + span.len();
        let after = self.text.get(end..).ok_or(MietteError::OutOfBounds)?;
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        let stop = end + after.find('\n').unwrap_or(after.len());
        let lines = self.text[start..stop].matches('\n').count() + 1;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..stop],
            (start, stop - start).into(),
            before.matches('\n').count(),
            before[start..].chars().count(),
            lines,
        )))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A mistake in one line: `file:line:col: message`.
pub fn line(mistake: &Mistake, gate: &Gate, lang: Lang) -> String {
    let (line, column) = mistake.line_column();
    let text = format!("{}:{line}:{column}: {}", mistake.file, mistake.text(lang));
    terminal(&gate.scrub(&text)).into_owned()
}
