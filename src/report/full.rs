//! The terminal report: what was read, diagnostics worst first, and the last screen, which is the answer.

use std::collections::BTreeMap;

use super::pen::{Look, Pen};
use super::{RenderOptions, Report, diagnostic, figures, reading, summary, unclear};

/// How many findings a form shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cap {
    /// Over all rules.
    pub(super) all: usize,
    /// Of one rule.
    pub(super) of_rule: usize,
    /// Rows of one rule for which the law is unclear.
    pub(super) unclear: usize,
}

/// What the short form shows: the worst of each rule that the last screen names, and a few more. A few screens.
pub(super) const SHORT: Cap = Cap { all: 12, of_rule: 3, unclear: 1 };

/// With a cap, the short form; without one, everything.
pub(super) fn render(report: &Report<'_>, options: &RenderOptions, cap: Option<Cap>) -> String {
    let pen = Pen::new(options, &report.reading.pack.currency_sign, report.gate());
    let mut out = reading::problems(report, &pen);
    out.push_str(&match cap {
        Some(_) => reading::short(&report.reading, &pen),
        None => reading::long(&report.reading, &pen),
    });
    let of_rules = by_rule(report);
    let shares = shares(report, &of_rules, cap);
    let (mut left, mut rules_left) = (0, 0);
    for ((rule, mut findings), shown) in of_rules.into_iter().zip(shares) {
        left += findings.len() - shown;
        rules_left += usize::from(findings.len() > shown);
        if shown == 0 {
            continue;
        }
        let title = format!("{} {}", report.rules[rule].id, report.rules[rule].texts(pen.lang).title);
        if shown < findings.len() {
            one_a_case_first(report, &mut findings);
        }
        out.push('\n');
        out.push_str(&pen.heading(&of_all(title, shown, findings.len(), &pen)));
        for &i in &findings[..shown] {
            out.push('\n');
            out.push_str(&diagnostic::render(report, &report.findings.findings[i], &pen));
        }
        out.push('\n');
        out.push_str(
            &pen.labelled(pen.lang.pick("næste skridt", "next step"), &pen.safe(&report.rules[rule].texts(pen.lang).fix)),
        );
    }
    out.push_str(&unclear::render(report, &pen, cap.map(|cap| cap.unclear)));
    if left > 0 {
        let more = pen.counted(left as u64, ("fund mere", "fund mere"), ("more finding", "more findings"));
        let of = pen.counted(rules_left as u64, ("regel", "regler"), ("rule", "rules"));
        let how = pen.lang.pick("--format full viser alle", "--format full shows all");
        let line = format!("+ {more} {} {of} ({how})", pen.lang.pick("af", "of"));
        out.push_str(&format!("\n{}\n", pen.paint(Look::Bold, &line)));
    }
    out.push('\n');
    if let (None, Some(tables)) = (cap, report.tables().filter(|tables| !tables.figures.is_empty())) {
        out.push_str(&figures::render(&tables, options));
        out.push('\n');
    }
    out.push_str(&summary::render(report, options));
    out
}

/// A title, and how many are shown where that is not all.
pub(super) fn of_all(title: String, shown: usize, all: usize, pen: &Pen<'_>) -> String {
    if shown == all { title } else { format!("{title}: {shown} {} {all}", pen.lang.pick("af", "of")) }
}

/// Rules with findings, each with its findings, worst first; the rules in the order of the last screen where it names them.
pub(super) fn by_rule(report: &Report<'_>) -> Vec<(usize, Vec<usize>)> {
    let mut rules: Vec<(usize, Vec<usize>)> = Vec::new();
    for i in report.worst_first() {
        let rule = report.findings.findings[i].rule;
        match rules.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, findings)) => findings.push(i),
            None => rules.push((rule, vec![i])),
        }
    }
    let rank = |rule: usize| report.scorecard.top.iter().position(|&t| t == rule).unwrap_or(usize::MAX);
    rules.sort_by_key(|(rule, _)| rank(*rule));
    rules
}

/// How many findings of each rule are shown: under a cap one of each in their order, then the worst of what is left.
pub(super) fn shares(report: &Report<'_>, of_rules: &[(usize, Vec<usize>)], cap: Option<Cap>) -> Vec<usize> {
    let Some(cap) = cap else { return of_rules.iter().map(|(_, findings)| findings.len()).collect() };
    let mut shares: Vec<usize> = (0..of_rules.len()).map(|i| usize::from(i < cap.all)).collect();
    let mut left = cap.all.saturating_sub(of_rules.len());
    for i in report.worst_first() {
        let finding = &report.findings.findings[i];
        let rule = of_rules.iter().position(|(rule, findings)| *rule == finding.rule && findings.first() != Some(&i));
        if let (Some(rule), true) = (rule, left > 0)
            && shares[rule] < cap.of_rule
        {
            shares[rule] += 1;
            left -= 1;
        }
    }
    shares
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
