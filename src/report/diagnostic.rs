//! One finding in the terminal: its sentence, the rows it is about, how it was computed, whose it is.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};

use super::exit::severity_word;
use super::pen::{Look, Pen, joined, look_of, wrapped};
use super::{Report, steps};
use crate::finding::excerpt::{Excerpt, ExcerptRow, Layout};
use crate::finding::{Finding, KeyView};
use crate::privacy::terminal;
use crate::problem::Severity;
use crate::rule::typed::Verdict;

pub(super) fn render(report: &Report<'_>, finding: &Finding, pen: &Pen<'_>) -> String {
    let rule = &report.rules[finding.rule];
    let mut out = heading(finding, &rule.id, pen);
    out.push_str(&excerpt(finding, pen));
    out.push_str(&steps::render(finding, pen));
    for line in joined(&facts(finding, pen), pen.dot(), pen.width - 2) {
        out.push_str(&format!("  {}\n", pen.paint(Look::Dim, &line)));
    }
    out
}

fn heading(finding: &Finding, id: &str, pen: &Pen<'_>) -> String {
    let kind = format!("{}[{id}]", severity_word(finding.severity, pen.lang));
    let partly = if finding.verdict == Verdict::Partly { pen.lang.pick(" (delvist opfyldt)", " (partly met)") } else { "" };
    let message = format!("{}{partly}", terminal(finding.message.get(pen.lang)));
    let indent = kind.chars().count() + 1;
    let mut out = String::new();
    for (i, line) in wrapped(&message, pen.width.saturating_sub(indent)).iter().enumerate() {
        let lead = if i == 0 { pen.paint(look_of(finding.severity), &kind) } else { " ".repeat(indent - 1) };
        out.push_str(&format!("{lead} {}\n", pen.paint(Look::Bold, line)));
    }
    out
}

/// Case, people, law, money, links: what one asks next.
fn facts(finding: &Finding, pen: &Pen<'_>) -> Vec<String> {
    let lang = pen.lang;
    let subject = &finding.subject;
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: &str| facts.push(format!("{name} {}", terminal(value)).trim_start().to_owned());
    if let Some(case) = &subject.case {
        fact(lang.pick("sag", "case"), case);
    }
    if let Some(key) = &subject.key
        && subject.case.as_deref().is_none_or(|case| key.shown.len() > 1 || key.shown[0].show(pen.currency, lang) != case)
    {
        fact(lang.pick("nøgle", "key"), &key_line(key, pen));
    }
    if let Some(item) = &subject.item {
        fact(lang.pick("for", "for"), &item.show(pen.currency, lang));
    }
    if let Some(partner) = &subject.partner {
        fact(lang.pick("mod", "against"), &key_line(partner, pen));
    }
    if let Some(owner) = &subject.owner {
        fact(lang.pick("sagsbehandler", "caseworker"), owner);
    }
    if let Some(team) = &subject.team {
        fact(lang.pick("team", "team"), team);
    }
    if let Some(days) = finding.days_late.filter(|d| *d > 0) {
        fact("", &pen.counted(days.unsigned_abs(), ("dag for sent", "dage for sent"), ("day late", "days late")));
    }
    if let Some(amount) = finding.amount.filter(|a| a.units() != 0) {
        let amount = amount.abs().unwrap_or(amount);
        let way = match finding.amount.is_some_and(|a| a.units() < 0) {
            true => lang.pick("for lidt", "too little"),
            false => lang.pick("på spil", "at stake"),
        };
        fact("", &format!("{} {way}", pen.money(amount)));
    }
    if let Some(refund) = finding.refund.filter(|r| r.units() != 0) {
        let refund = pen.money(refund.abs().unwrap_or(refund));
        fact("", &format!("{} {refund}", lang.pick("heraf statens del", "of which the state's part")));
    }
    if let Some(law) = &finding.law {
        fact("", law);
    }
    for link in &finding.matches {
        let found = lang.pick("fundet på", "found by");
        fact(&link.link, &format!("{found} {}", link.columns.join(" + ")));
    }
    if finding.unlisted > 0 {
        let more = pen.counted(
            finding.unlisted,
            ("række mere set på", "rækker mere set på"),
            ("more row looked at", "more rows looked at"),
        );
        fact("+", &more);
    }
    for (dataset, rows) in &finding.refused {
        let rows = pen.counted(u64::from(*rows), ("afvist række", "afviste rækker"), ("refused row", "refused rows"));
        fact(lang.pick("bemærk:", "note:"), &format!("{rows} {} «{dataset}»", lang.pick("i", "in")));
    }
    if subject.key.is_none() {
        fact(
            "",
            lang.pick("rækken har ingen nøgle: fundet kan ikke følges", "the row has no key: the finding cannot be followed"),
        );
    }
    facts
}

fn key_line(key: &KeyView, pen: &Pen<'_>) -> String {
    key.shown.iter().map(|s| s.show(pen.currency, pen.lang)).collect::<Vec<_>>().join(" / ")
}

/// The rows a finding is about, one block a file, under true row numbers.
fn excerpt(finding: &Finding, pen: &Pen<'_>) -> String {
    let bar = if pen.unicode { '│' } else { '|' };
    let digits = |row: &ExcerptRow| row.place.sheet_row.to_string().len();
    let cells = std::iter::once(&finding.primary).chain(&finding.related);
    let gutter = cells.map(|c| c.place.sheet_row.to_string().len()).max().unwrap_or(1);
    // The row number, the frame and its margins stand left of the row.
    let width = pen.width.saturating_sub(gutter + 4);
    let excerpt = Excerpt::of(finding, &Layout { currency: pen.currency, lang: pen.lang, bar, width });
    let mut out = String::new();
    let mut open: Option<String> = None;
    for (i, row) in excerpt.rows().iter().enumerate() {
        let lines = snippet(&excerpt, i, finding.severity, pen);
        let [head, body @ .., foot] = lines.as_slice() else { continue };
        let pad = " ".repeat(gutter - digits(row));
        let last = excerpt.rows().get(i + 1).is_none_or(|next| !same_sheet(row, next));
        if open.is_none() {
            out.push_str(&format!("{pad}{}\n", head_line(head, row, pen)));
        } else {
            out.push_str(&format!("{} {}\n", " ".repeat(gutter + 1), if pen.unicode { '·' } else { ':' }));
        }
        for line in body {
            out.push_str(&format!("{pad}{}\n", line.trim_end()));
        }
        open = (!last).then(|| foot.clone());
        if last {
            out.push_str(&format!("{pad}{foot}\n"));
        }
    }
    out
}

fn same_sheet(a: &ExcerptRow, b: &ExcerptRow) -> bool {
    a.place.file == b.place.file && a.place.sheet == b.place.sheet
}

/// The header of a block: for a workbook also the cell as Excel names it, for a text file the line where it is not the row.
fn head_line(head: &str, row: &ExcerptRow, pen: &Pen<'_>) -> String {
    let name = terminal(&row.place.colon()).into_owned();
    let more = match &row.place.sheet {
        Some(_) => terminal(&row.place.excel()).into_owned(),
        None if row.place.line != row.place.sheet_row => format!("{} {}", pen.lang.pick("linje", "line"), row.place.line),
        None => return head.to_owned(),
    };
    head.replacen(&name, &format!("{name}{}{more}", pen.dot()), 1)
}

/// One row as miette draws it: header, row, underlines with labels, footer.
fn snippet(excerpt: &Excerpt, row: usize, severity: Severity, pen: &Pen<'_>) -> Vec<String> {
    let shown = Snippet { excerpt, row: &excerpt.rows()[row] };
    let mut text = String::new();
    if handler(severity, pen).render_report(&mut text, &shown).is_err() {
        return Vec::new();
    }
    // The first line is miette's own headline, which stands above the block already.
    text.lines().skip(1).map(str::to_owned).collect()
}

/// miette's drawing in our looks: colours sparse, set by the caller.
pub(super) fn handler(severity: Severity, pen: &Pen<'_>) -> GraphicalReportHandler {
    let mut characters = if pen.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    characters.error = String::new();
    characters.warning = String::new();
    characters.advice = String::new();
    let mut styles = if pen.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    styles.link = styles.linum;
    let look = match severity {
        Severity::Failure => styles.error,
        Severity::Warning => styles.warning,
        Severity::Note => styles.advice,
    };
    styles.highlights = vec![look];
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(pen.width)
        .with_context_lines(0)
        .with_links(false)
        .without_syntax_highlighting()
}

#[derive(Debug)]
struct Snippet<'a> {
    excerpt: &'a Excerpt,
    row: &'a ExcerptRow,
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet<'_> {}

impl Diagnostic for Snippet<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label =
            |(range, label): &(std::ops::Range<usize>, Option<String>)| LabeledSpan::new(label.clone(), range.start, range.len());
        Some(Box::new(self.row.labels.iter().map(label)))
    }
}
