//! A rule as SQL: a table for each step, and one query that gives the verdict of every row.

use sagstjek::model::{DatasetId, LinkId, Pack};
use sagstjek::rule::typed::{Expr, IfMissing, ModelExprs, Rule, Scope, Slot, Ty, Verdict};
use sagstjek::value::Kind;

use crate::lower::{Bound, Lower, Lowered, of_all, table};

/// What a rule becomes under one reading of what the law leaves open.
pub(crate) struct Reading {
    /// Tables of the steps, each with the query that fills it.
    pub(crate) steps: Vec<(String, String)>,
    /// Row and verdict.
    pub(crate) verdicts: String,
}

/// A rule in SQL.
pub(crate) struct Lowering {
    /// One for each reading.
    pub(crate) readings: Vec<Reading>,
    /// Sections and accounts it names.
    pub(crate) literals: Vec<(bool, String)>,
}

/// Verdicts as the queries write them.
pub(crate) const VERDICTS: [Verdict; 5] =
    [Verdict::NotApplicable, Verdict::Compliant, Verdict::Partly, Verdict::Violation, Verdict::NotAssessed];

/// Lowers a rule; `index` keeps the names of its tables apart.
pub(crate) fn lower(pack: &Pack, model: &ModelExprs, rule: &Rule, index: usize) -> Lowered<Lowering> {
    let mut lowering = Lowering { readings: Vec::new(), literals: Vec::new() };
    for reading in 0..1_u8 << rule.questions {
        let lower = Lower::new(pack, reading);
        lowering.readings.push(reading_of(&lower, model, rule, &format!("step_{index}_{reading}"))?);
        lowering.literals.extend(lower.literals.take());
    }
    Ok(lowering)
}

fn reading_of(lower: &Lower<'_>, model: &ModelExprs, rule: &Rule, prefix: &str) -> Lowered<Reading> {
    if rule.per.is_some() {
        return Err("one verdict for each item".into());
    }
    let rows = format!("FROM {} {}", table(rule.each), lower.each);
    lower.names.borrow_mut().insert(rule.row.1, Bound::Alias(lower.each.to_owned()));
    let mut steps = Vec::new();
    for (i, step) in rule.steps.iter().enumerate() {
        let name = format!("{prefix}_{i}");
        if matches!(step.expr.ty, Ty::Periods | Ty::Months | Ty::Value(Kind::Duration)) {
            return Err("a step that is a list or a duration".into());
        }
        let value = lower.cell(&step.expr);
        // A step that only texts and amounts use need not be lowered.
        let Ok(value) = value else {
            if conditions(rule).iter().any(|expr| reaches(rule, expr, step.slot)) {
                value?;
            }
            continue;
        };
        steps.push((name.clone(), format!("SELECT {0}.rid, {value} {rows}", lower.each)));
        lower.names.borrow_mut().insert(step.slot, Bound::Step(name));
    }
    let when = rule.when.as_ref().map_or_else(|| Ok("2".to_owned()), |when| lower.truth(when))?;
    let require = rule.require.as_ref().map(|require| lower.truth(require)).transpose()?;
    let deadline =
        rule.deadline.as_ref().map(|deadline| Ok::<_, String>((lower.day(&deadline.due)?, lower.day(&deadline.done)?)));
    let (kept, waits) = match deadline.transpose()? {
        None => (None, "0".to_owned()),
        Some((due, done)) => {
            let day = "(SELECT day FROM world)";
            let kept = lower.named(&[due.clone(), done.clone()], |v| {
                format!(
                    "CASE WHEN typeof({0}) = 'blob' OR {1} = x'01' THEN 1 WHEN {1} = x'00' THEN CASE WHEN {0} < {day} THEN 0 ELSE 2 END \
                     WHEN {1} <= {0} THEN 2 ELSE 0 END",
                    v[0], v[1]
                )
            });
            let waits =
                lower.named(&[due, done], |v| format!("typeof({0}) <> 'blob' AND {1} = x'00' AND {0} >= {day}", v[0], v[1]));
            (Some(kept), waits)
        }
    };
    let required = of_all("max", &kept.into_iter().chain(require).collect::<Vec<_>>());
    let partly = rule.partly.as_ref().map_or_else(|| Ok("0".to_owned()), |partly| lower.truth(partly))?;
    let violation = format!("(CASE {partly} WHEN 2 THEN 2 ELSE 3 END)");
    let unknown = match rule.if_missing {
        IfMissing::Report => "4",
        IfMissing::Violation => &violation,
        IfMissing::Compliant => "1",
    };
    let case = match rule.scope {
        Scope::Open => case_state(lower, model, rule.each),
        Scope::All => "0".to_owned(),
    };
    let verdicts = format!(
        "SELECT {each}.rid, {} {rows}",
        lower.named(&[case, when, waits], |v| {
            format!(
                "CASE WHEN {closed} = 2 OR {when} = 0 THEN 0 WHEN {when} = 1 THEN 4 WHEN {waits} THEN 0 WHEN {closed} = 1 THEN 4 \
                 ELSE CASE {required} WHEN 2 THEN 1 WHEN 0 THEN {violation} ELSE {unknown} END END",
                closed = v[0],
                when = v[1],
                waits = v[2]
            )
        }),
        each = lower.each
    );
    Ok(Reading { steps, verdicts })
}

/// What verdicts rest on.
fn conditions(rule: &Rule) -> Vec<&Expr> {
    let deadline = rule.deadline.iter().flat_map(|d| [&d.due, &d.done]);
    [&rule.when, &rule.require, &rule.partly].into_iter().flatten().chain(deadline).collect()
}

/// Whether an expression uses a step, perhaps through others.
fn reaches(rule: &Rule, expr: &Expr, slot: Slot) -> bool {
    expr.mentions(slot)
        || rule.steps.iter().any(|step| step.slot != slot && expr.mentions(step.slot) && reaches(rule, &step.expr, slot))
}

/// Whether the row's case is closed: 0 open, 1 unknown, 2 closed.
fn case_state(lower: &Lower<'_>, model: &ModelExprs, each: DatasetId) -> String {
    let pack = lower.pack;
    let Some((cases, _)) = &model.closed else { return "0".into() };
    let state = |row: &str| format!("(SELECT c.t FROM closed c WHERE c.rid = {row})");
    if each == *cases {
        return state(&format!("{}.rid", lower.each));
    }
    let Some(l) = pack.links.iter().position(|l| l.from == each && l.to == *cases && l.one) else { return "0".into() };
    let sure = sure_ways(pack, LinkId(l as u16), lower.each);
    format!(
        "coalesce((SELECT CASE WHEN (SELECT w.whole FROM arrived w WHERE w.d = {}) = 1 OR {sure} THEN {} ELSE 1 END FROM l{l} l \
         WHERE l.f = {}.rid), 1)",
        cases.index(),
        state("l.t"),
        lower.each
    )
}

/// Over a dataset that did not arrive whole a case is sure only by the first way whose columns the row fills, and only where
/// that way is a key.
fn sure_ways(pack: &Pack, link: LinkId, each: &str) -> String {
    let link = &pack.links[link.index()];
    let mut first = String::from("CASE");
    for (w, way) in link.ways.iter().enumerate() {
        let filled: Vec<String> = way.iter().map(|(from, _)| format!("typeof({each}.c{}) <> 'blob'", from.index())).collect();
        let keys = &pack.get(link.to).keys;
        let is_key = keys.iter().any(|key| key.iter().all(|column| way.iter().any(|(_, to)| to == column)));
        first.push_str(&format!(" WHEN {} THEN l.way = {w} AND {}", filled.join(" AND "), u8::from(is_key)));
    }
    format!("({first} ELSE 0 END)")
}
