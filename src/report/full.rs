//! The terminal report: what was read, diagnostics worst first, and the last screen, which is the answer.

use std::collections::BTreeMap;

use super::pen::{Look, Pen};
use super::{RenderOptions, Report, diagnostic, reading, summary, unclear};

/// Diagnostics of one rule that the short form shows.
pub(super) const CAP: usize = 3;

/// With a cap, the short form; without one, everything.
pub(super) fn render(report: &Report<'_>, options: &RenderOptions, cap: Option<usize>) -> String {
    let pen = Pen::new(options, &report.reading.pack.currency_sign, report.gate());
    let mut out = reading::problems(report, &pen);
    out.push_str(&match cap {
        Some(_) => reading::short(&report.reading, &pen),
        None => reading::long(&report.reading, &pen),
    });
    let worst = report.worst_first();
    let mut rules: Vec<usize> = Vec::new();
    for &i in &worst {
        let rule = report.findings.findings[i].rule;
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    // The order of the last screen, for the rules it names.
    let rank = |rule: usize| report.scorecard.top.iter().position(|&t| t == rule).unwrap_or(usize::MAX);
    rules.sort_by_key(|&rule| rank(rule));
    for rule in rules {
        let mut of_rule: Vec<usize> = worst.iter().copied().filter(|&i| report.findings.findings[i].rule == rule).collect();
        let shown = cap.unwrap_or(of_rule.len()).min(of_rule.len());
        if shown < of_rule.len() {
            one_a_case_first(report, &mut of_rule);
        }
        out.push('\n');
        out.push_str(&pen.heading(&format!("{} {}", report.rules[rule].id, report.rules[rule].texts(pen.lang).title)));
        for &i in &of_rule[..shown] {
            out.push('\n');
            out.push_str(&diagnostic::render(report, &report.findings.findings[i], &pen));
        }
        out.push('\n');
        if of_rule.len() > shown {
            let left = (of_rule.len() - shown) as u64;
            let more = pen.counted(left, ("fund mere", "fund mere"), ("more finding", "more findings"));
            let how = pen.lang.pick("--format full viser alle", "--format full shows all");
            out.push_str(&format!("  {}\n", pen.paint(Look::Dim, &format!("+ {more} ({how})"))));
        }
        out.push_str(
            &pen.labelled(pen.lang.pick("næste skridt", "next step"), &pen.safe(&report.rules[rule].texts(pen.lang).fix)),
        );
    }
    out.push_str(&unclear::render(report, &pen, cap));
    out.push('\n');
    out.push_str(&summary::render(report, options));
    out
}

/// Where not all can be shown, findings of different cases say more than the same fault of one case month by month.
fn one_a_case_first(report: &Report<'_>, order: &mut [usize]) {
    let mut seen: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let turn: BTreeMap<usize, usize> = order
        .iter()
        .map(|&i| {
            let count = seen.entry(report.findings.findings[i].subject.case.as_deref()).or_default();
            *count += 1;
            (i, *count)
        })
        .collect();
    order.sort_by_key(|i| turn[i]);
}
