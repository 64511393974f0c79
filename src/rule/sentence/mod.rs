//! A rule as a sentence: whom it concerns, what must hold, and what its names mean, in Danish and English, made from the typed
//! tree.
//!
//! Columns, steps, tables and lists stand in guillemets, other rows by their letter. What is too long for a clause becomes a list
//! with bullets, so that no parentheses are needed to tell which `and` and `or` belong together.

mod block;
mod condition;
mod rows;
mod value;

use super::typed::{Expr, IfMissing, Node, Rule, Scope, Slot};
use crate::locale::Lang;
use crate::model::Pack;
use block::Block;
use condition::Mode;

/// Says a rule in a language: lines of text, with bullets (`- `) indented by two spaces a level.
pub fn sentence(rule: &Rule, pack: &Pack, lang: Lang) -> Vec<String> {
    let speaker = Speaker { rule, pack, lang };
    let mut said = Vec::new();
    speaker.requirement().write(0, &mut said);
    speaker.asides().into_iter().for_each(|block| block.write(0, &mut said));
    said
}

/// Puts one rule into the words of one language.
struct Speaker<'a> {
    rule: &'a Rule,
    pack: &'a Pack,
    lang: Lang,
}

impl<'a> Speaker<'a> {
    fn pick<'t>(&self, da: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(da, en)
    }

    /// A name of the rule or the model in words, marked as a name.
    fn named(&self, name: &str) -> String {
        format!("«{}»", name.replace('_', " "))
    }

    fn step_of(&self, slot: Slot) -> Option<&'a str> {
        self.rule.steps.iter().find(|step| step.slot == slot).map(|step| &*step.name)
    }

    /// `For hver bevilling i en åben sag, hvis ...: ... skal ...`
    fn requirement(&self) -> Block {
        let rule = self.rule;
        let mut whom = format!("{} {}", self.pick("For hver", "For each"), self.title_of(rule.each));
        if Some(rule.each) == self.pack.case_dataset() {
            whom.push_str(match rule.scope {
                Scope::Open => self.pick(", der er åben", " that is open"),
                Scope::All => self.pick(" (også lukkede)", " (closed ones too)"),
            });
        } else if self.is_of_case() {
            whom.push_str(match rule.scope {
                Scope::Open => self.pick(" i åbne sager", " of an open case"),
                Scope::All => self.pick(" (også i lukkede sager)", " (of closed cases too)"),
            });
        }
        if let Some(per) = &rule.per {
            let name = self.named(&per.name);
            whom.push_str(&format!(
                " {} {name} {} {}",
                self.pick("og hver", "and each"),
                self.pick("af", "of"),
                self.value(&per.items)
            ));
        }
        let must = self.must();
        match &rule.when {
            None => must.after(&format!("{whom}: ")),
            Some(when) => {
                let when = self.condition(when, Mode::Holds, false);
                let lead = format!("{whom}, {} ", self.pick("hvis", "if"));
                if when.is_line() {
                    return must.after(&format!("{}: ", when.after(&lead).line_text()));
                }
                let then = match must.is_bare_list() && matches!(rule.require.as_ref().map(|r| &r.node), Some(Node::If(..))) {
                    true => must.announced(self.pick("Så gælder dette:", "Then this holds:")),
                    false => must.after(self.pick("Så gælder: ", "Then: ")),
                };
                Block::pair(when.after(&lead), then)
            }
        }
    }

    /// What must hold: the requirement, or the deadline and what excuses lateness.
    fn must(&self) -> Block {
        let rule = self.rule;
        let require = rule.require.as_ref();
        let Some(deadline) = &rule.deadline else {
            return require.map_or_else(Block::nothing, |require| self.condition(require, Mode::Must, false));
        };
        let (done, due) = (self.value(&deadline.done), self.value(&deadline.due));
        let met = Block::line(format!("{done} {} {due}", self.pick("skal være senest", "must be no later than")));
        let Some(require) = require else { return met };
        let excuse = self.condition(require, Mode::Holds, false);
        let lead = self.pick("Det er undskyldt, hvis ", "Lateness is excused if ");
        Block::pair(met, excuse.after(lead))
    }

    fn is_of_case(&self) -> bool {
        let Some(cases) = self.pack.case_dataset() else { return false };
        let links = &self.pack.links;
        links.iter().any(|link| link.from == self.rule.each && link.to == cases && link.one)
    }

    /// What stands behind the requirement: what is not due yet, what is milder, what is not known, and what the names mean.
    fn asides(&self) -> Vec<Block> {
        let rule = self.rule;
        let mut all = Vec::new();
        if let Some(deadline) = &rule.deadline {
            let done = self.value(&deadline.done);
            all.push(Block::line(match self.lang {
                Lang::Da => format!("Er {done} tomt, tæller rækken først med, når fristen ligger før udtræksdatoen"),
                Lang::En => format!("Where {done} is empty, the row counts only once the deadline lies before the extract date"),
            }));
        }
        if let Some(partly) = &rule.partly {
            let lead =
                self.pick("Holder det ikke, er rækken delvist opfyldt, hvis ", "Failing that, the row is partly compliant if ");
            all.push(self.condition(partly, Mode::Holds, false).after(lead));
        }
        let unknown = match rule.if_missing {
            IfMissing::Report => None,
            IfMissing::Violation => Some(self.pick(
                "Kan kravet ikke afgøres, regnes det for overtrådt",
                "A requirement that cannot be told counts as violated",
            )),
            IfMissing::Compliant => Some(
                self.pick("Kan kravet ikke afgøres, regnes det for overholdt", "A requirement that cannot be told counts as met"),
            ),
        };
        all.extend(unknown.map(|unknown| Block::line(unknown.to_owned())));
        if rule.pair_once {
            let once = self.pick(
                "To rækker, der er i strid med hinanden, vises som ét fund",
                "Two rows that violate against each other give one finding",
            );
            all.push(Block::line(once.to_owned()));
        }
        let money = [
            (self.pick("Beløbet er ", "The amount is "), rule.amount.as_ref()),
            (self.pick("Statens del er ", "The state's part is "), rule.refund.as_ref()),
        ];
        all.extend(money.into_iter().filter_map(|(lead, expr)| Some(self.meaning(lead, expr?))));
        if !rule.steps.is_empty() {
            let meanings: Vec<Block> = rule
                .steps
                .iter()
                .map(|step| self.meaning(&format!("{} {} ", self.named(&step.name), self.pick("er", "is")), &step.expr))
                .collect();
            all.push(Block::list(self.pick("Her er:", "Here:"), meanings));
        }
        all
    }

    /// What a name means. A value that depends on conditions becomes a list of cases.
    fn meaning(&self, lead: &str, expr: &Expr) -> Block {
        if let Node::If(..) = expr.node
            && !self.is_condition(expr)
        {
            return self.cases(lead, expr);
        }
        if self.is_condition(expr) && !matches!(expr.node, Node::Var(_) | Node::Field(..)) {
            let when = format!("{}{} ", lead, self.pick("ja, når", "yes where"));
            return self.condition(expr, Mode::Holds, false).after(&when);
        }
        Block::line(format!("{lead}{}", self.value(expr)))
    }

    fn cases(&self, lead: &str, expr: &Expr) -> Block {
        let mut items = Vec::new();
        let mut rest = expr;
        while let Node::If(condition, then, otherwise) = &rest.node {
            let lead = format!("{}, {} ", self.value(then), self.pick("hvis", "if"));
            items.push(self.condition(condition, Mode::Holds, false).after(&lead));
            rest = otherwise;
        }
        items.push(Block::line(format!("{} {}", self.pick("ellers", "else"), self.value(rest))));
        let head = self.pick("det første af dette, der passer:", "the first of these that fits:");
        Block::list(head, items).after(lead)
    }
}
