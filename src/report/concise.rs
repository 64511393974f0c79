//! One line a finding: `path:row:col: severity[rule] message`.

use super::exit::severity_word;
use super::pen::{Look, Pen, look_of};
use super::{RenderOptions, Report};
use crate::privacy::terminal;
use crate::rule::typed::Verdict;

/// All findings, worst first. Row and column are those of a spreadsheet, both from 1.
pub(super) fn render(report: &Report<'_>, options: &RenderOptions) -> String {
    let pen = Pen::new(options, &report.reading.pack.currency_sign, report.gate());
    let line = |i: usize| {
        let finding = &report.findings.findings[i];
        let rule = &report.rules[finding.rule];
        let kind = format!("{}[{}]", severity_word(finding.severity, pen.lang), rule.id);
        let partly = if finding.verdict == Verdict::Partly { pen.lang.pick(" (delvist)", " (partly)") } else { "" };
        format!(
            "{} {} {}{}\n",
            pen.paint(Look::Dim, &format!("{}:", terminal(&finding.primary.place.colon()))),
            pen.paint(look_of(finding.severity), &kind),
            terminal(finding.message.get(pen.lang)),
            pen.paint(Look::Dim, partly),
        )
    };
    report.worst_first().into_iter().map(line).collect()
}
