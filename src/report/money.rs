//! Money in the last screen: for each rule the state's part and what lies within the years that the pack counts back; then
//! the dearest cases.

use super::Report;
use super::pen::{Pen, joined, left};
use crate::scorecard::Stake;
use crate::value::Decimal;

/// Cases that the screen shows.
const CASES: usize = 5;

pub(super) fn render(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let card = report.scorecard;
    let of_rules: Vec<usize> = card.top.iter().copied().filter(|&i| !card.rules[i].score.stake.is_zero()).collect();
    let mut out = String::new();
    if !of_rules.is_empty() && (card.since.is_some() || card.total.stake.refund.units() != 0) {
        out.push_str(&format!("\n{}", pen.heading(&heading(report, pen))));
        let id = of_rules.iter().map(|&i| report.rules[i].id.chars().count()).max().unwrap_or(0);
        for i in of_rules {
            let parts = parts(&card.rules[i].score.stake, report, pen);
            for (j, line) in joined(&parts, pen.dot(), pen.width.saturating_sub(id + 4)).iter().enumerate() {
                out.push_str(&format!("  {}  {line}\n", left(if j == 0 { &report.rules[i].id } else { "" }, id)));
            }
        }
    }
    // One case alone says no more than the total does.
    if card.cases.len() > 1 {
        out.push_str(&format!("\n{}", pen.heading(pen.lang.pick("De dyreste sager", "The dearest cases"))));
        let case = |c: &crate::scorecard::CaseStake| format!("{} {}", pen.safe(&c.case), pen.money(c.stake.total()));
        let mut parts: Vec<String> = card.cases.iter().take(CASES).map(case).collect();
        if card.cases.len() > CASES {
            let more = (card.cases.len() - CASES) as u64;
            parts.push(format!("+ {}", pen.counted(more, ("sag", "sager"), ("case", "cases"))));
        }
        for line in joined(&parts, pen.dot(), pen.width.saturating_sub(2)) {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out
}

fn heading(report: &Report<'_>, pen: &Pen<'_>) -> String {
    match &report.scorecard.since {
        Some((_, back)) => {
            let years = pen.counted(u64::from(back.years), ("år", "år"), ("year", "years"));
            format!("{} {years}", pen.lang.pick("På spil i alt og i de seneste", "At stake in all and in the last"))
        }
        None => pen.lang.pick("På spil i alt", "At stake in all").to_owned(),
    }
}

/// `i alt 3.000,00 kr. (statens del 1.500,00 kr.)`, `fra 31-10-2023 2.000,00 kr.`, `uden dato 500,00 kr.`
fn parts(stake: &Stake, report: &Report<'_>, pen: &Pen<'_>) -> Vec<String> {
    let lang = pen.lang;
    let part = |word: &str, amount, refund: Decimal| {
        let state = lang.pick("statens del", "the state's part");
        let refund = if refund.units() == 0 { String::new() } else { format!(" ({state} {})", pen.money(refund)) };
        format!("{word} {}{refund}", pen.money(amount))
    };
    let mut parts = vec![part(lang.pick("i alt", "in all"), stake.total(), stake.refund)];
    if let Some((since, back)) = &report.scorecard.since {
        if (stake.recent.amount, stake.recent.refund) == (stake.total(), stake.refund) {
            let years = pen.counted(u64::from(back.years), ("år", "år"), ("year", "years"));
            parts.push(format!("{} {years}", lang.pick("alt inden for", "all within")));
            return parts;
        }
        if stake.undated.amount == stake.total() {
            parts.push(lang.pick("uden dato", "without a day").to_owned());
            return parts;
        }
        let from = format!("{} {}", lang.pick("fra", "from"), since.show(lang));
        parts.push(part(&from, stake.recent.amount, stake.recent.refund));
        if stake.undated.amount.units() != 0 {
            parts.push(part(lang.pick("uden dato", "without a day"), stake.undated.amount, stake.undated.refund));
        }
    }
    parts
}
