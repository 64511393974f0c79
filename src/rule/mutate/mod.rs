//! Small changes of a rule that its examples should notice: `<=` for `<`, a condition left out, another date, a constant one
//! off, a test turned round, `some` for `every`.
//!
//! A change that no data could tell from the rule is not made: each place that leaves one out says why. What only texts,
//! amounts and marks show is left alone, for examples speak of verdicts.

mod change;
mod idle;
mod parts;
mod whole;

use std::ops::Range;

use super::typed::{Expr, Rule};
use crate::locale::{Bilingual, Lang};
use crate::model::Pack;
use change::{Changer, Site};

/// A changed rule.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The bytes of the rule file that it reads otherwise.
    pub span: Range<usize>,
    /// What kind of change it is.
    pub family: Family,
    /// What is changed.
    pub what: Bilingual,
    /// The rule with the change.
    pub rule: Rule,
}

/// Kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// A comparison becomes another: `<=`, `<`, `=`, `>=`, `>`, `!=`; a bound of `between` is left out of it.
    Comparison,
    /// A part of `and`, `or`, `where`, an `in` list, `or_else`, or a whole key of the rule is left out.
    LeftOut,
    /// `and` becomes `or`, `or` becomes `and`.
    Joined,
    /// A test is negated, or no longer.
    Negation,
    /// A constant is one off, up and down; an amount by a krone and by an øre, the deadline by a day.
    Constant,
    /// Another date column, or another day `at` which a table or code list is read.
    Date,
    /// `some`, `every` and `no`; `first` and `last`; `previous` and `next`; `min` and `max`; `mean` and `median`; `floor` and
    /// `ceil`; the words between periods.
    Word,
    /// Plus becomes minus, minus plus; a step has the other sign.
    Sign,
    /// `if_missing`, `scope`, or one reading of `either`.
    Reading,
}

impl Family {
    /// Every family, in the order in which reports list them.
    pub const ALL: [Family; 9] = [
        Family::Comparison,
        Family::LeftOut,
        Family::Joined,
        Family::Negation,
        Family::Constant,
        Family::Date,
        Family::Word,
        Family::Sign,
        Family::Reading,
    ];

    /// What it is called.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Family::Comparison => lang.pick("sammenligning", "comparison"),
            Family::LeftOut => lang.pick("udeladt", "left out"),
            Family::Joined => lang.pick("og/eller", "and/or"),
            Family::Negation => lang.pick("negation", "negation"),
            Family::Constant => lang.pick("konstant", "constant"),
            Family::Date => lang.pick("dato", "date"),
            Family::Word => lang.pick("ord", "word"),
            Family::Sign => lang.pick("fortegn", "sign"),
            Family::Reading => lang.pick("læsning", "reading"),
        }
    }
}

/// Every change of a rule.
pub fn mutants(pack: &Pack, rule: &Rule) -> Vec<Mutant> {
    let changer = Changer::new(pack, rule);
    let mut all = Vec::new();
    for slot in 0..exprs(&mut rule.clone()).len() {
        let mut sites = Vec::new();
        if let Some(expr) = exprs(&mut rule.clone()).into_iter().nth(slot) {
            collect(&changer, expr, &mut Vec::new(), &mut sites);
            let idle = changer.idle(expr);
            sites.retain(|(_, site)| !idle.iter().any(|idle| idle.covers(site)));
        }
        for (path, site) in sites {
            let mut changed = rule.clone();
            if let Some(expr) = exprs(&mut changed).into_iter().nth(slot)
                && let Some(place) = at(expr, &path)
            {
                *place = site.expr;
                all.push(Mutant { span: site.span, family: site.family, what: site.what, rule: changed });
            }
        }
    }
    all.extend(whole::changes(pack, rule, &used_steps(rule)));
    all
}

/// The expressions that verdicts rest on.
fn exprs(rule: &mut Rule) -> Vec<&mut Expr> {
    let used = used_steps(rule);
    let deadline = rule.deadline.iter_mut().flat_map(|d| [&mut d.due, &mut d.done]);
    let conditions = [&mut rule.when, &mut rule.require, &mut rule.partly].into_iter().flatten();
    let per = rule.per.iter_mut().map(|per| &mut per.items);
    let steps = rule.steps.iter_mut().zip(used).filter(|(_, used)| *used).map(|(step, _)| &mut step.expr);
    per.chain(steps).chain(conditions).chain(deadline).collect()
}

/// Which steps verdicts rest on; others only fill texts and amounts.
fn used_steps(rule: &Rule) -> Vec<bool> {
    let deadline = rule.deadline.iter().flat_map(|d| [&d.due, &d.done]);
    let conditions = [&rule.when, &rule.require, &rule.partly].into_iter().flatten();
    let mut users: Vec<&Expr> = conditions.chain(deadline).chain(rule.per.iter().map(|per| &per.items)).collect();
    let mut used = vec![false; rule.steps.len()];
    // A step uses earlier ones only.
    for (step, used) in rule.steps.iter().zip(&mut used).rev() {
        *used = users.iter().any(|user| user.mentions(step.slot));
        if *used {
            users.push(&step.expr);
        }
    }
    used
}

/// The changes at a node and below it, each with the way to its node: which part at each level.
fn collect(changer: &Changer<'_>, expr: &mut Expr, path: &mut Vec<usize>, out: &mut Vec<(Vec<usize>, Site)>) {
    out.extend(changer.at(expr).into_iter().map(|site| (path.clone(), site)));
    for (i, part) in parts::of(expr).into_iter().enumerate() {
        path.push(i);
        collect(changer, part, path, out);
        path.pop();
    }
}

/// The node at the end of a path.
fn at<'e>(expr: &'e mut Expr, path: &[usize]) -> Option<&'e mut Expr> {
    match path {
        [] => Some(expr),
        [first, rest @ ..] => at(parts::of(expr).into_iter().nth(*first)?, rest),
    }
}
