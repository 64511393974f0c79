//! What a rule says of itself, as plain data, for `sagstjek explain`.

use super::typed::{Expr, Rule, Scope};
use crate::locale::Lang;
use crate::model::Pack;

/// A rule, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Title of its family.
    pub family: String,
    /// Path of its file in the pack.
    pub file: String,
    /// One line.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What to do about a finding.
    pub fix: String,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// Pack version it came with.
    pub since: String,
    /// Recovery-plan tracks.
    pub tracks: Vec<String>,
    /// Minutes to mend one finding.
    pub effort: u32,
    /// Whether rows of closed cases are judged too.
    pub closed_cases: bool,
    /// Legal references, each with the days it is in force.
    pub legal: Vec<String>,
    /// The dataset judged, and the name of its row.
    pub each: (String, String),
    /// The rule as a sentence: lines of text, lists with bullets.
    pub sentence: Vec<String>,
    /// Key and expression as written, in the order of judging: `per`, `steps`, `when`, `deadline.due`, ...
    pub expressions: Vec<(&'static str, String)>,
    /// Columns read, as `dataset.column`.
    pub columns: Vec<String>,
    /// Tables of figures looked up.
    pub tables: Vec<String>,
}

/// Explains a rule in a language.
pub fn explain(rule: &Rule, pack: &Pack, lang: Lang) -> Explanation {
    let texts = rule.texts(lang);
    let written = |expr: &Expr| rule.file.text.get(expr.span.clone()).unwrap_or("").to_owned();
    let mut expressions = Vec::new();
    if let Some(per) = &rule.per {
        expressions.push(("per", format!("{} in {}", per.name, written(&per.items))));
    }
    for step in &rule.steps {
        expressions.push(("steps", format!("{} = {}", step.name, written(&step.expr))));
    }
    let mut whole = |key, expr: Option<&Expr>| expressions.extend(expr.map(|expr| (key, written(expr))));
    whole("when", rule.when.as_ref());
    whole("deadline.due", rule.deadline.as_ref().map(|d| &d.due));
    whole("deadline.done", rule.deadline.as_ref().map(|d| &d.done));
    whole("require", rule.require.as_ref());
    whole("partly", rule.partly.as_ref());
    whole("amount", rule.amount.as_ref());
    whole("refund", rule.refund.as_ref());
    whole("law_date", rule.law_date.as_ref());
    let family = pack.families.iter().find(|f| *f.folder == *rule.family);
    let read = rule.reads.columns.union(&rule.reads.shown);
    Explanation {
        id: rule.id.to_string(),
        name: rule.name.to_string(),
        family: family.map_or_else(|| rule.family.to_string(), |f| f.title.get(lang).to_owned()),
        file: rule.file.path.to_string(),
        title: texts.title.clone(),
        why: texts.why.clone(),
        fix: texts.fix.clone(),
        severity: match rule.severity {
            crate::problem::Severity::Failure => "error",
            crate::problem::Severity::Warning => "warning",
            crate::problem::Severity::Note => "info",
        },
        since: rule.since.clone(),
        tracks: rule.tracks.clone(),
        effort: rule.effort,
        closed_cases: rule.scope == Scope::All,
        legal: rule.legal.iter().map(|legal| in_force(legal, lang)).collect(),
        each: (pack.get(rule.each).name.to_string(), rule.row.0.to_string()),
        sentence: super::sentence(rule, pack, lang),
        expressions,
        columns: read
            .map(|(dataset, column)| {
                let dataset = pack.get(*dataset);
                format!("{}.{}", dataset.name, dataset.columns[column.index()].name)
            })
            .collect(),
        tables: rule.reads.tables.iter().map(|table| pack.tables[table.index()].name.to_string()).collect(),
    }
}

fn in_force(legal: &super::typed::Legal, lang: Lang) -> String {
    let from = legal.from.map(|day| format!("{} {}", lang.pick("fra", "from"), day.show(lang)));
    let until = legal.until.map(|day| format!("{} {}", lang.pick("til", "until"), day.show(lang)));
    let days: Vec<String> = from.into_iter().chain(until).collect();
    if days.is_empty() {
        return legal.reference.to_string();
    }
    format!("{} ({})", legal.reference, days.join(" "))
}
