//! The last screen: how each family stands, the rules that matter, what could not be judged, and one closing line.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::exit::severity_word;
use super::pen::{Look, Pen, joined, left, look_of, right};
use super::{ExtractDateFrom, RenderOptions, Report, money};
use crate::engine::result::Counts;
use crate::finding::excerpt::clip;
use crate::locale::Lang;
use crate::problem::Severity;
use crate::scorecard::{Score, Share, State, findings_of};

pub(super) fn render(report: &Report<'_>, options: &RenderOptions) -> String {
    let pen = Pen::new(options, &report.reading.pack.currency_sign, report.gate());
    let mut out = String::new();
    out.push_str(&families(report, &pen));
    out.push_str(&top(report, &pen));
    out.push_str(&money::render(report, &pen));
    out.push_str(&not_run(report, &pen));
    out.push_str(&unassessed(report, &pen));
    out.push_str(&holders(report, &pen));
    out.push_str(&closing(report, &pen));
    out
}

fn percent(share: Option<Share>, pen: &Pen<'_>) -> String {
    share.map_or(pen.dash().to_owned(), |s| format!("{} %", s.percent))
}

fn families(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let day = report.run.extract_date.show(lang);
    let said = match report.manifest.extract_date_from {
        ExtractDateFrom::Assumed => lang.pick(" (dagen i dag, ikke oplyst)", " (today, not stated)"),
        ExtractDateFrom::CommandLine | ExtractDateFrom::Config | ExtractDateFrom::Files => "",
    };
    let mut out = pen.heading(&format!("{} {day}{said}", lang.pick("Status pr.", "Status on")));
    // Widths of the columns behind the name.
    const WIDTHS: [usize; 7] = [15, 6, 11, 9, 8, 10, 16];
    let name = pen.width.saturating_sub(2 + WIDTHS.iter().sum::<usize>()).clamp(16, 40);
    let row = |cells: [&str; 7], title: &str| {
        let cells: String = cells.iter().zip(WIDTHS).map(|(cell, width)| right(cell, width)).collect();
        format!("  {}{cells}", left(&clip(title, name), name)).trim_end().to_owned()
    };
    let head = match lang {
        Lang::Da => ["overholdt", "", "m. delvis", "brud", "delvis", "uvurderet", "på spil"],
        Lang::En => ["complies", "", "w. partly", "breaches", "partly", "unjudged", "at stake"],
    };
    let _ = writeln!(out, "{}", pen.paint(Look::Dim, &row(head, "")));
    let line = |score: &Score, title: &str| {
        let share = score
            .fully()
            .map_or(String::new(), |s| format!("{} {} {}", pen.count(s.part), lang.pick("af", "of"), pen.count(s.whole)));
        let zero = |n: u64| if n == 0 { pen.dash().to_owned() } else { pen.count(n) };
        let stake = if score.stake.is_zero() { pen.dash().to_owned() } else { pen.money(score.stake.total()) };
        let counts = &score.counts;
        let (fully, or_partly) = (percent(score.fully(), pen), percent(score.fully_or_partly(), pen));
        let (violation, partly, unjudged) = (zero(counts.violation), zero(counts.partly), zero(counts.not_assessed));
        row([&share, &fully, &or_partly, &violation, &partly, &unjudged, &stake], title)
    };
    for family in &report.scorecard.families {
        let _ = writeln!(out, "{}", line(&family.score, &pen.safe(family.title.get(lang))));
    }
    if report.scorecard.families.len() > 1 {
        let _ = writeln!(out, "{}", pen.paint(Look::Bold, &line(&report.scorecard.total, lang.pick("I alt", "Total"))));
    }
    let aside = report.scorecard.total.counts.not_applicable;
    if aside > 0 {
        let said = lang.pick("rækker uden for reglerne (ikke relevante)", "rows outside the rules (not applicable)");
        let _ = writeln!(out, "  {}", pen.paint(Look::Dim, &format!("+ {} {said}", pen.count(aside))));
    }
    out
}

fn top(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let card = report.scorecard;
    if card.top.is_empty() {
        return String::new();
    }
    let lang = pen.lang;
    let mut out = format!("\n{}", pen.heading(lang.pick("De regler, der betyder mest", "The rules that matter most")));
    let id = card.top.iter().map(|&i| report.rules[i].id.chars().count()).max().unwrap_or(0);
    let counted: Vec<String> = card.top.iter().map(|&i| found(&card.rules[i].score.counts, pen)).collect();
    let stake = |i: usize| match card.rules[i].score.stake {
        stake if stake.is_zero() => String::new(),
        stake => pen.money(stake.total()),
    };
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let (count, money) =
        (widest(&mut counted.iter().map(|c| c.width())), widest(&mut card.top.iter().map(|&i| stake(i).width())));
    let title = pen.width.saturating_sub(2 + 9 + 1 + id + 2 + 2 + count + 2 + money);
    for (&i, counted) in card.top.iter().zip(&counted) {
        let rule = &report.rules[i];
        let row = format!(
            "  {} {}  {}  {}  {}",
            pen.paint(look_of(rule.severity), &left(severity_word(rule.severity, lang), 9)),
            left(&rule.id, id),
            left(&clip(&pen.safe(&rule.texts(lang).title), title), title),
            left(counted, count),
            right(&stake(i), money),
        );
        let _ = writeln!(out, "{}", row.trim_end());
    }
    out
}

/// `4 brud, 1 delvis`.
fn found(counts: &Counts, pen: &Pen<'_>) -> String {
    let breaches = pen.counted(counts.violation, ("brud", "brud"), ("breach", "breaches"));
    let partly = format!("{} {}", pen.count(counts.partly), pen.lang.pick("delvis", "partly"));
    match (counts.violation, counts.partly) {
        (_, 0) => breaches,
        (0, _) => partly,
        _ => format!("{breaches}, {partly}"),
    }
}

/// Rules that did not run, with the reason, and rules that concerned no row.
fn not_run(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let rules = report.rules.iter().zip(&report.scorecard.rules);
    let mut lines: Vec<String> = Vec::new();
    for (rule, score) in rules.clone() {
        if let Some(reason) = score.state.reason(lang) {
            lines.push(format!("  {}  {}", rule.id, pen.safe(&reason)));
        }
    }
    let idle: Vec<&str> = rules.filter(|(_, s)| s.state == State::NoRow).map(|(rule, _)| &*rule.id).collect();
    let mut out = String::new();
    if !lines.is_empty() {
        let _ = writeln!(out, "\n{}{}", pen.heading(lang.pick("Ikke kørt", "Not run")), lines.join("\n"));
    }
    if !idle.is_empty() {
        let said = lang.pick("Vedrørte ingen rækker:", "Concerned no rows:");
        let _ = writeln!(out, "\n  {said} {}", idle.join(", "));
    }
    out
}

/// The reasons why rows could not be judged, three at most.
fn unassessed(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let causes = &report.scorecard.causes;
    if report.scorecard.total.counts.not_assessed == 0 {
        return String::new();
    }
    let lang = pen.lang;
    let rows = pen.count(report.scorecard.total.counts.not_assessed);
    let mut out = format!("\n{}", pen.heading(&format!("{} {rows}", lang.pick("Kunne ikke vurderes:", "Could not be judged:"))));
    for cause in causes.iter().take(3) {
        let _ = writeln!(out, "  {}  {}", right(&pen.count(cause.rows), 7), pen.safe(&cause.text(lang)));
    }
    if causes.len() > 3 {
        let more = causes.len() - 3;
        let more = pen.counted(more as u64, ("grund mere", "grunde mere"), ("more reason", "more reasons"));
        let _ = writeln!(out, "  {}", pen.paint(Look::Dim, &format!("+ {more}")));
    }
    out
}

/// Teams by number of findings, when there are several.
fn holders(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let teams = &report.scorecard.teams;
    let holders = if teams.len() > 1 { teams } else { &report.scorecard.owners };
    if holders.len() < 2 {
        return String::new();
    }
    let name = |h: &crate::scorecard::Holder| {
        h.name.as_ref().map_or(lang.pick("(ikke oplyst)", "(not stated)").to_owned(), |n| pen.safe(n))
    };
    let mut parts: Vec<String> = holders.iter().take(6).map(|h| format!("{} {}", name(h), pen.count(h.findings))).collect();
    if holders.len() > 6 {
        parts.push(format!("+ {}", holders.len() - 6));
    }
    let mut out = format!("\n{}", pen.heading(lang.pick("Hvor fundene ligger", "Where the findings are")));
    for line in joined(&parts, pen.dot(), pen.width.saturating_sub(2)) {
        let _ = writeln!(out, "  {line}");
    }
    out
}

/// One line: findings, money, exit code.
fn closing(report: &Report<'_>, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let card = report.scorecard;
    let total = card.total.findings();
    let kinds: Vec<String> = [Severity::Failure, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|s| (findings_of(report.rules, card, s), s))
        .filter(|(n, _)| *n > 0)
        .map(|(n, s)| {
            let word = match (s, lang, n) {
                (Severity::Failure, Lang::En, 2..) => "errors",
                (Severity::Warning, Lang::En, 2..) => "warnings",
                (Severity::Warning, Lang::Da, 2..) => "advarsler",
                (Severity::Note, Lang::Da, 2..) => "oplysninger",
                (severity, lang, _) => severity_word(severity, lang),
            };
            format!("{} {word}", pen.count(n))
        })
        .collect();
    let found = pen.counted(total, ("fund", "fund"), ("finding", "findings"));
    let found = if kinds.is_empty() { found } else { format!("{found} ({})", kinds.join(", ")) };
    let code = report.exit_code();
    let look = match code {
        0 => Look::Green,
        1 => Look::Red,
        _ => Look::Yellow,
    };
    let mut parts = vec![found];
    if !card.total.stake.is_zero() {
        parts.push(format!("{} {}", pen.money(card.total.stake.total()), lang.pick("på spil", "at stake")));
    }
    // Nothing found says little where rows could not be judged.
    let unjudged = card.total.counts.not_assessed;
    if total == 0 && unjudged > 0 {
        parts.push(format!("{} {}", pen.count(unjudged), lang.pick("uvurderet", "unjudged")));
    }
    parts.push(format!("{} {code}: {}", lang.pick("slutkode", "exit code"), report.exit_meaning(lang)));
    let mut out = format!("\n{}\n", pen.line());
    for line in joined(&parts, pen.dot(), pen.width) {
        let _ = writeln!(out, "{}", pen.paint(look, &line));
    }
    if !report.gate().protected() {
        let said = lang.pick(
            "pseudonymer er ikke beskyttet: SAGSTJEK_SECRET er ikke sat",
            "pseudonyms are not protected: SAGSTJEK_SECRET is not set",
        );
        let _ = writeln!(out, "{}", pen.paint(Look::Yellow, said));
    }
    if report.gate().shows_personal() {
        let said = lang.pick("personlige oplysninger vises (--show-personal)", "personal data is shown (--show-personal)");
        let _ = writeln!(out, "{}", pen.paint(Look::Yellow, said));
    }
    out
}
