//! How a rule will be evaluated, in words: `sagstjek rules plan`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::RenderOptions;
use super::pen::{Look, Pen, left, middle, right};
use crate::engine::outline::{Found, Line, Outline, PartOf, What};
use crate::engine::result::RuleState;
use crate::engine::{Cost, Limits, SourceCost};
use crate::model::Pack;
use crate::privacy::Gate;
use crate::rule::typed::{Rule, Scope};
use crate::scorecard;

/// What a delivery makes of a plan.
#[derive(Debug)]
pub struct Counted {
    /// Whether the rule would run.
    pub state: RuleState,
    /// What it would cost.
    pub cost: Cost,
}

/// Width of the words before the closing lines.
const LABELS: usize = 14;

/// Width of the column of texts, at least.
const TEXTS: usize = 40;

/// The plan of a rule; with `counted`, the figures of a delivery beside it.
pub fn render(
    (pack, rule): (&Pack, &Rule),
    outline: &Outline,
    counted: Option<&Counted>,
    limits: Limits,
    options: &RenderOptions,
) -> String {
    let gate = Gate::new(None, false);
    let pen = Pen::new(options, &pack.currency_sign, &gate);
    let lang = pen.lang;
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}\n", pen.paint(Look::Bold, &rule.id), rule.title().get(lang));
    let each = format!("{} as {}", pack.get(rule.each).name, rule.row.0);
    let scope = match rule.scope {
        Scope::Open => lang.pick("åbne sager", "open cases"),
        Scope::All => lang.pick("alle sager", "all cases"),
    };
    let rows = counted.map_or_else(String::new, |counted| {
        format!("{}{}", pen.dot(), pen.counted(counted.cost.rows, ("række", "rækker"), ("row", "rows")))
    });
    let _ = writeln!(out, "{}  {each}{}{scope}{rows}", pen.paint(Look::Cyan, lang.pick("ser på ", "looks at")), pen.dot());
    let costs: BTreeMap<(usize, usize), &SourceCost> =
        counted.iter().flat_map(|counted| &counted.cost.sources).map(|of| ((of.span.start, of.span.end), of)).collect();
    for part in &outline.parts {
        let name = match part.of {
            PartOf::Per => "per".to_owned(),
            PartOf::When => "when".to_owned(),
            PartOf::Due => "due".to_owned(),
            PartOf::Done => "done".to_owned(),
            PartOf::Require => "require".to_owned(),
            PartOf::Partly => "partly".to_owned(),
            PartOf::Step(i) => format!("{} {}", lang.pick("trin", "step"), rule.steps[i].name),
        };
        let _ = writeln!(out, "\n{}", pen.paint(Look::Cyan, &name));
        lines(&mut out, &part.lines, rule, &costs, &pen);
    }
    out.push('\n');
    facts(&mut out, (pack, rule), outline, &pen);
    totals(&mut out, pack, counted, limits, &pen);
    out
}

/// Numbered lines, and beside a source of rows what is known of it.
fn lines(out: &mut String, lines: &[Line], rule: &Rule, costs: &BTreeMap<(usize, usize), &SourceCost>, pen: &Pen<'_>) {
    let mut numbers: Vec<usize> = Vec::new();
    let rows: Vec<(String, String)> = lines
        .iter()
        .map(|line| {
            numbers.truncate(line.depth + 1);
            numbers.resize(line.depth + 1, 0);
            numbers[line.depth] += 1;
            let written = rule.file.text.get(line.span.clone()).unwrap_or_default();
            let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
            let (text, beside) = match &line.what {
                What::Value => (written, String::new()),
                What::Key => (format!("{} {written}", pen.lang.pick("efter", "by")), String::new()),
                What::Rows { word, source, found } => {
                    let cost = costs.get(&(line.span.start, line.span.end)).copied();
                    (format!("{word} {source}"), beside(found, cost, pen))
                }
            };
            (format!("  {}{}  {text}", "   ".repeat(line.depth), right(&numbers[line.depth].to_string(), 2)), beside)
        })
        .collect();
    let widest = rows.iter().filter(|(_, beside)| !beside.is_empty()).map(|(text, _)| text.width()).max().unwrap_or(0);
    let widest = widest.clamp(TEXTS, (pen.width / 2).max(TEXTS));
    for (text, beside) in &rows {
        if beside.is_empty() {
            let _ = writeln!(out, "{}", middle(text, pen.width));
        } else {
            let _ = writeln!(out, "{}  {}", left(&middle(text, widest), widest), pen.paint(Look::Dim, beside));
        }
    }
}

fn beside(found: &Found, cost: Option<&SourceCost>, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let found = match found {
        Found::Relation(None) => lang.pick("relation", "relation").to_owned(),
        Found::Relation(Some(column)) => {
            format!("{} {column}", lang.pick("relation, store grupper efter", "relation, large groups by"))
        }
        Found::Through => lang.pick("relation gennem flere rækker", "relation through several rows").to_owned(),
        Found::All => lang.pick("hele datasættet, én gang", "all of the dataset, once").to_owned(),
        Found::Index(column) => format!("{} {column}", lang.pick("indeks over", "index over")),
    };
    let Some(cost) = cost else { return found };
    let parts = [
        found,
        pen.counted(cost.groups, ("gruppe", "grupper"), ("group", "groups")),
        format!("{} {}", lang.pick("største", "largest"), pen.count(cost.largest)),
        format!("{} {}", pen.count(cost.pairs), lang.pick("par", "pairs")),
    ];
    parts.join(pen.dot())
}

/// What holds without a delivery.
fn facts(out: &mut String, (pack, rule): (&Pack, &Rule), outline: &Outline, pen: &Pen<'_>) {
    let lang = pen.lang;
    let local = match rule.local {
        true => lang.pick("ja: den bliver i sagens egne rækker", "yes: it stays within the rows of the case"),
        false => lang.pick("nej: den søger i hele datasæt", "no: it searches whole datasets"),
    };
    let _ = writeln!(out, "{}  {local}", left(lang.pick("lokal", "local"), LABELS));
    if rule.questions > 0 {
        let readings = 1_u64 << rule.questions;
        let said = pen.counted(readings, ("læsning", "læsninger"), ("reading", "readings"));
        let _ = writeln!(out, "{}  {said}", left(lang.pick("loven", "the law"), LABELS));
    }
    if !outline.by_day.is_empty() {
        let names: Vec<&str> = outline.by_day.iter().map(|table| &*pack.tables[table.index()].name).collect();
        let _ = writeln!(out, "{}  {}", left(lang.pick("satser pr. dag", "day by day"), LABELS), names.join(", "));
    }
}

/// What it comes to, beside the limits.
fn totals(out: &mut String, pack: &Pack, counted: Option<&Counted>, limits: Limits, pen: &Pen<'_>) {
    let lang = pen.lang;
    let limit = format!(
        "{} {}, {} {}",
        lang.pick("advarsel over", "warning above"),
        pen.count(limits.warn),
        lang.pick("nægtes over", "refused above"),
        pen.count(limits.refuse)
    );
    let label = |text: &str| left(text, LABELS);
    match counted {
        None => {
            let _ = writeln!(out, "{}  {limit}", label(lang.pick("kandidatpar", "pairs")));
        }
        Some(Counted { state, cost }) => {
            let look = match cost.pairs {
                pairs if pairs > limits.refuse => Look::Red,
                pairs if pairs > limits.warn => Look::Yellow,
                _ => Look::Green,
            };
            let pairs = pen.paint(look, &pen.count(cost.pairs));
            let _ = writeln!(out, "{}  {pairs}  ({limit})", label(lang.pick("kandidatpar", "pairs")));
            let state = scorecard::state(pack, state, &Default::default());
            if let Some(reason) = state.reason(lang) {
                let _ = writeln!(out, "{}  {}", label(lang.pick("kører ikke", "does not run")), pen.safe(&reason));
            }
        }
    }
}
