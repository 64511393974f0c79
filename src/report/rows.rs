//! `rule;record`, sorted: for comparing with another implementation.

use super::{RenderOptions, Report};

/// One line for each violation and partly-verdict: the rule's id and the 1-based data record of the judged row. Sorted by
/// id, then record.
pub(super) fn render(report: &Report<'_>, _options: &RenderOptions) -> String {
    let mut rows: Vec<(&str, u32)> = report.findings.findings.iter().map(|f| (&*report.rules[f.rule].id, f.record)).collect();
    rows.sort_unstable();
    rows.iter().map(|(id, record)| format!("{id};{record}\n")).collect()
}
