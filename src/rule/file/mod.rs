//! Rule files: TOML to [`Rule`]. All mistakes of all files are told at once, each at its bytes.

mod example;
mod figure;
mod template;
#[cfg(test)]
mod tests;
mod texts;
mod toml;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use ::toml::de::DeTable;

pub use self::figure::load_figures;
use self::toml::{Item, Toml, Written};
use super::ast::Ast;
use super::check::Checker;
use super::messages::{self, Said, Slip};
use super::parser::{parse, parse_over_group};
use super::reads::is_local;
use super::typed::{
    Deadline, Example, Expr, IfMissing, Legal, Mark, Node, Per, Piece, Reads, Rule, Scope, Slot, Step, Ty, Verdict,
};
use crate::model::{DatasetId, Family, Pack, SourceFile};
use crate::problem::{Mistake, Severity};
use crate::value::Kind;

/// The rules of a pack, and what is odd about them without being wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// In the pack's order of families, then by id.
    pub rules: Vec<Rule>,
    /// Lints; they stop nothing.
    pub lints: Vec<Mistake>,
}

/// Reads and checks every rule file of a pack.
///
/// # Errors
/// Every mistake of every file, with its place.
pub fn load_rules(pack: &Pack) -> Result<Loaded, Vec<Mistake>> {
    let mut rules = Vec::new();
    let mut notes = Vec::new();
    let mut ids: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for file in &pack.rules {
        let mut reader = Reader::new(pack, file);
        let rule = reader.rule(&mut ids);
        notes.append(&mut reader.toml.mistakes);
        rules.extend(rule);
    }
    let (mistakes, lints): (Vec<_>, Vec<_>) = notes.into_iter().partition(|m| m.severity == Severity::Failure);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let order = |rule: &Rule| pack.families.iter().position(|f| *f.folder == *rule.family).unwrap_or(usize::MAX);
    rules.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id)));
    Ok(Loaded { rules, lints })
}

/// Parses and checks one expression that speaks of no row, for `eval`.
///
/// # Errors
/// Every mistake in it; their file is called `eval`.
pub fn parse_expression(pack: &Pack, text: &str) -> Result<Expr, Vec<Mistake>> {
    parse_with(pack, None, text)
}

/// Parses and checks one expression over a row of `each` called `row` (slot 0).
///
/// # Errors
/// Every mistake in it; their file is called `eval`.
pub fn parse_for_row(pack: &Pack, each: DatasetId, row: &str, text: &str) -> Result<Expr, Vec<Mistake>> {
    parse_with(pack, Some((each, row)), text)
}

fn parse_with(pack: &Pack, row: Option<(DatasetId, &str)>, text: &str) -> Result<Expr, Vec<Mistake>> {
    let file = SourceFile { path: "eval".into(), text: text.into() };
    let mut slips = Vec::new();
    let ast = parse(text, 0, &pack.currency, &mut slips);
    let mut checker = Checker::new(pack, &file.text);
    if let Some((each, name)) = row {
        checker.each = Some(each);
        checker.bind(&Arc::from(name), Some(Ty::Row(each)));
    }
    let expr = checker.expr(&ast);
    slips.append(&mut checker.slips);
    slips.retain(|slip| slip.severity == Severity::Failure);
    match expr {
        Some(expr) if slips.is_empty() => Ok(expr),
        _ => Err(slips.into_iter().map(|slip| slip.into_mistake(&file)).collect()),
    }
}

const KEYS: &[&str] = &[
    "id",
    "severity",
    "since",
    "tracks",
    "effort",
    "scope",
    "legal",
    "each",
    "when",
    "require",
    "deadline",
    "per",
    "partly",
    "if_missing",
    "amount",
    "refund",
    "steps",
    "report",
    "law_date",
    "mark",
    "da",
    "en",
    "example",
];

struct Reader<'p> {
    pack: &'p Pack,
    toml: Toml<'p>,
    checker: Checker<'p>,
    /// Whether the judged row is known, so that names can be looked up.
    checks: bool,
    /// Whether expressions are of a key figure.
    over_group: bool,
    each: Option<DatasetId>,
}

impl<'p> Reader<'p> {
    fn new(pack: &'p Pack, file: &'p SourceFile) -> Reader<'p> {
        let checker = Checker::new(pack, &file.text);
        Reader { pack, toml: Toml::new(file), checker, checks: true, over_group: false, each: None }
    }

    fn say(&mut self, span: Range<usize>, said: Said) {
        self.toml.say(span, said);
    }

    fn rule(&mut self, ids: &mut BTreeMap<String, Arc<str>>) -> Option<Rule> {
        let table = self.toml.parse()?;
        let rule = self.read(table.get_ref(), ids);
        self.finish(rule)
    }

    /// What was read, unless there are mistakes in it; they are gathered in the order of the file.
    fn finish<T>(&mut self, read: Option<T>) -> Option<T> {
        let file = self.toml.file;
        let slips = std::mem::take(&mut self.checker.slips);
        self.toml.mistakes.extend(slips.into_iter().map(|slip| slip.into_mistake(file)));
        self.toml.mistakes.sort_by_key(|m| m.labels.first().map_or(0, |(span, _)| span.start));
        // One expression may serve two languages; it is told once.
        self.toml.mistakes.dedup();
        read.filter(|_| !self.toml.failed())
    }

    fn read(&mut self, table: &DeTable<'p>, ids: &mut BTreeMap<String, Arc<str>>) -> Option<Rule> {
        let top = 0..0;
        self.toml.known(table, KEYS);
        let (family, name) = self.file_name(&self.pack.families);
        let id = self.toml.required(table, "id", &top).and_then(|item| self.id(item, ids));
        let severities = [("error", Severity::Failure), ("warning", Severity::Warning), ("info", Severity::Note)];
        let severity = self.toml.required(table, "severity", &top).and_then(|item| self.toml.word(item, &severities));
        let since = self.toml.required(table, "since", &top).and_then(|item| self.toml.text(item)).map(str::to_owned);
        let tracks = table.get("tracks").map(|item| self.texts_of(item)).unwrap_or_default();
        let effort = table.get("effort").and_then(|item| self.effort(item)).unwrap_or(0);
        let scopes = [("open", Scope::Open), ("all", Scope::All)];
        let scope = table.get("scope").and_then(|item| self.toml.word(item, &scopes)).unwrap_or(Scope::Open);
        let legal = table.get("legal").map(|item| self.legal(item)).unwrap_or_default();
        let words = [("report", IfMissing::Report), ("violation", IfMissing::Violation), ("compliant", IfMissing::Compliant)];
        let if_missing = table.get("if_missing").and_then(|item| self.toml.word(item, &words)).unwrap_or_default();
        let pair_once = table.get("report").and_then(|item| self.toml.word(item, &[("pair once", true)])).unwrap_or(false);

        let row = self.toml.required(table, "each", &top).and_then(|item| self.each(item));
        self.checks = row.is_some();
        let per = table.get("per").and_then(|item| self.per(item));
        if let (Some(item), true) = (table.get("per"), self.checker.questions() > 0) {
            self.say(item.span(), messages::either_in_rules_only());
        }
        let steps = table.get("steps").map(|item| self.steps(item)).unwrap_or_default();
        let (conditions, deadline) = self.conditions(table);
        let [require, partly, when] = conditions;
        let amount = table.get("amount").and_then(|item| self.amount(item));
        let refund = table.get("refund").and_then(|item| self.amount(item));
        let law_date = table.get("law_date").and_then(|item| self.law_date(item));
        if !table.contains_key("require") && !table.contains_key("deadline") {
            self.say(top.clone(), messages::nothing_required());
        }
        if let (Some(item), false) = (table.get("partly"), table.contains_key("require")) {
            self.say(item.span(), messages::partly_needs_require());
        }
        if let (Some(item), false) = (table.get("refund"), table.contains_key("amount")) {
            self.say(item.span(), messages::refund_needs_amount());
        }

        // Marks and texts may name the row that settled a condition.
        let witnesses = std::mem::take(&mut self.checker.witnesses);
        self.checker.scope.extend(witnesses);
        let marks = self.toml.required(table, "mark", &top).map(|item| self.marks(item)).unwrap_or_default();
        let da = self.toml.required(table, "da", &top).and_then(|item| self.texts(item, &marks));
        let en = self.toml.required(table, "en", &top).and_then(|item| self.texts(item, &marks));
        if let (Some(da), Some(en)) = (&da, &en) {
            self.same_labels(da, en);
        }
        let examples = self.examples(table);

        let (title, slot) = row?;
        let marks: Vec<Mark> =
            marks.into_iter().map(|(text, cell)| Some(Mark { text: text.into(), cell: cell? })).collect::<Option<_>>()?;
        let mut rule = Rule {
            id: id?.into(),
            name: name?.into(),
            family: family?.into(),
            file: self.toml.file.clone(),
            severity: severity?,
            since: since?,
            tracks,
            effort,
            scope,
            legal,
            each: self.each?,
            row: (title, slot),
            when,
            require,
            deadline,
            per,
            partly,
            if_missing,
            amount,
            refund,
            steps,
            pair_once,
            law_date,
            marks,
            da: da?.whole()?,
            en: en?.whole()?,
            examples,
            reads: Reads::default(),
            slots: self.checker.slots(),
            questions: self.checker.questions(),
            local: true,
        };
        rule.reads = Reads::of(&rule);
        let mut local = true;
        let mut used = std::collections::BTreeSet::new();
        each_expr(&rule, &mut |expr| {
            local &= is_local(expr);
            expr.walk(&mut |e| {
                if let Node::Var(slot) = e.node {
                    used.insert(slot);
                }
            });
        });
        rule.local = local;
        self.checker.slips.extend(super::lint::lints(&rule));
        for step in &rule.steps {
            if !used.contains(&step.slot) {
                self.checker.slips.push(Slip::lint(step.expr.span.clone(), messages::unused_step(&step.name)));
            }
        }
        Some(rule)
    }

    // --- plain keys ---

    /// Folder and stem of the file's path.
    fn file_name(&mut self, folders: &[Family]) -> (Option<String>, Option<String>) {
        let path = self.toml.file.path.clone();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let stem = file.strip_suffix(".toml").unwrap_or(file);
        let kebab = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let name = if stem.split('-').all(kebab) {
            Some(stem.to_owned())
        } else {
            self.say(0..0, messages::file_name());
            None
        };
        let folder = folder.rsplit('/').next().unwrap_or(folder);
        let family = folders.iter().any(|f| f.folder == folder).then(|| folder.to_owned());
        if family.is_none() {
            let said = messages::unknown_family(folder, folders.iter().map(|f| f.folder.as_str()));
            self.say(0..0, said);
        }
        (family, name)
    }

    fn id(&mut self, item: &Item<'p>, ids: &mut BTreeMap<String, Arc<str>>) -> Option<String> {
        let id = self.toml.text(item)?;
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            self.say(item.span(), messages::bad_id());
            return None;
        }
        if let Some(other) = ids.get(id) {
            let said = messages::duplicate_id(id, other);
            self.say(item.span(), said);
            return None;
        }
        ids.insert(id.to_owned(), self.toml.file.path.clone());
        Some(id.to_owned())
    }

    fn texts_of(&mut self, item: &Item<'p>) -> Vec<String> {
        let items = self.toml.array(item).unwrap_or_default();
        items.iter().filter_map(|item| self.toml.text(item).map(str::to_owned)).collect()
    }

    fn effort(&mut self, item: &Item<'p>) -> Option<u32> {
        let minutes = toml::number(item.get_ref()).and_then(|n| n.to_i64()).and_then(|n| u32::try_from(n).ok());
        if minutes.is_none() {
            self.say(item.span(), messages::toml_wants("et antal minutter", "a number of minutes"));
        }
        minutes
    }

    fn legal(&mut self, item: &Item<'p>) -> Vec<Legal> {
        let mut out = Vec::new();
        for item in self.toml.array(item).unwrap_or_default() {
            let Some(table) = self.toml.table(item) else { continue };
            self.toml.known(table, &["ref", "from", "until"]);
            let reference = self.toml.required(table, "ref", &item.span()).and_then(|item| self.toml.text(item));
            let from = table.get("from").and_then(|item| self.toml.day(item));
            let until = table.get("until").and_then(|item| self.toml.day(item));
            out.extend(reference.map(|reference| Legal { reference: reference.into(), from, until }));
        }
        out
    }

    // --- expressions ---

    fn parse(&mut self, written: &Written) -> Ast {
        let parse = if self.over_group { parse_over_group } else { parse };
        parse(&written.text, written.base, &self.pack.currency, &mut self.checker.slips)
    }

    /// Parses an expression and checks it with `check`, unless the judged row is unknown.
    fn checked(&mut self, written: &Written, check: impl FnOnce(&mut Checker<'p>, &Ast) -> Option<Expr>) -> Option<Expr> {
        let ast = self.parse(written);
        if self.checks { check(&mut self.checker, &ast) } else { None }
    }

    /// `each = "bevilling as b"`
    fn each(&mut self, item: &Item<'p>) -> Option<(Arc<str>, Slot)> {
        let written = self.toml.written(item)?;
        let words: Vec<&str> = written.text.split_whitespace().collect();
        let &[dataset, "as", name] = words.as_slice() else {
            self.say(written.span(), messages::each_shape());
            return None;
        };
        let place = |word: &str| {
            let at = written.base + written.text.rfind(word).unwrap_or(0);
            at..at + word.len()
        };
        let Some(id) = self.pack.dataset(dataset) else {
            let at = written.base + written.text.find(dataset).unwrap_or(0);
            let said = messages::unknown_dataset(dataset, self.pack.datasets.iter().map(|d| &*d.name));
            self.say(at..at + dataset.len(), said);
            return None;
        };
        self.checker.check_new_name(name, place(name));
        self.checker.each = Some(id);
        self.each = Some(id);
        let name: Arc<str> = name.into();
        let slot = self.checker.bind(&name, Some(Ty::Row(id)));
        Some((name, slot))
    }

    /// `per = 'm in months(...)'`
    fn per(&mut self, item: &Item<'p>) -> Option<Per> {
        let written = self.toml.written(item)?;
        let parts = written.text.split_once(" in ").map(|(name, items)| (name.trim(), items));
        let Some((name, items)) = parts.filter(|(name, _)| !name.contains(char::is_whitespace)) else {
            self.say(written.span(), messages::per_shape());
            return None;
        };
        let base = written.base + written.text.len() - items.len();
        let at = written.base + written.text.find(name).unwrap_or(0);
        self.checker.check_new_name(name, at..at + name.len());
        let items = self.checked(&Written { text: items.to_owned(), base }, |checker, ast| checker.expr(ast));
        let ty = match items.as_ref().map(|items| items.ty) {
            Some(Ty::Months) => Some(Ty::Value(Kind::Month)),
            Some(Ty::Periods) => Some(Ty::Value(Kind::Period)),
            Some(_) => {
                self.say(written.span(), messages::per_shape());
                None
            }
            None => None,
        };
        let name: Arc<str> = name.into();
        let slot = self.checker.bind(&name, ty);
        ty?;
        Some(Per { name, slot, items: items? })
    }

    /// `steps = ['name = expression', ...]`
    fn steps(&mut self, item: &Item<'p>) -> Vec<Step> {
        let mut steps = Vec::new();
        for item in self.toml.array(item).unwrap_or_default() {
            let Some(written) = self.toml.written(item) else { continue };
            let Some((name, text)) = written.text.split_once('=') else {
                self.say(written.span(), messages::step_shape());
                continue;
            };
            let base = written.base + written.text.len() - text.len();
            let name = name.trim();
            let at = written.base + written.text.find(name).unwrap_or(0);
            self.checker.check_new_name(name, at..at + name.len());
            let expr = self.checked(&Written { text: text.to_owned(), base }, |checker, ast| {
                let expr = checker.expr(ast)?;
                let said = match expr.ty {
                    Ty::Value(Kind::Money(scale)) if scale > 2 => messages::product_must_be_rounded(),
                    Ty::Value(_) | Ty::Row(_) | Ty::Periods => return Some(expr),
                    Ty::Months => messages::not_showable(&messages::type_words(expr.ty, checker.pack)),
                };
                checker.say(expr.span, said);
                None
            });
            let name: Arc<str> = name.into();
            let slot = self.checker.bind(&name, expr.as_ref().map(|expr| expr.ty));
            steps.extend(expr.map(|expr| Step { name, slot, expr }));
        }
        steps
    }

    /// Requirement, partly, when; and the deadline. Their row variables are witnesses.
    fn conditions(&mut self, table: &DeTable<'p>) -> ([Option<Expr>; 3], Option<Deadline>) {
        self.checker.in_condition = true;
        let [require, deadline, partly, when] = ["require", "deadline", "partly", "when"].map(|key| {
            let item = table.get(key)?;
            if key == "deadline" {
                return self.deadline(item).map(Condition::Deadline);
            }
            let written = self.toml.written(item)?;
            self.checked(&written, |checker, ast| checker.condition(ast)).map(Condition::Holds)
        });
        self.checker.in_condition = false;
        let holds = |condition: Option<Condition>| match condition {
            Some(Condition::Holds(expr)) => Some(expr),
            _ => None,
        };
        let deadline = match deadline {
            Some(Condition::Deadline(deadline)) => Some(deadline),
            _ => None,
        };
        ([holds(require), holds(partly), holds(when)], deadline)
    }

    fn deadline(&mut self, item: &Item<'p>) -> Option<Deadline> {
        let table = self.toml.table(item)?;
        self.toml.known(table, &["due", "done"]);
        let [due, done] = ["due", "done"].map(|key| {
            let item = self.toml.required(table, key, &item.span())?;
            let written = self.toml.written(item)?;
            self.checked(&written, |checker, ast| {
                let expr = checker.expr(ast)?;
                if matches!(expr.ty, Ty::Value(Kind::Date | Kind::Month | Kind::Timestamp)) {
                    return Some(expr);
                }
                let wanted = messages::type_words(Ty::Value(Kind::Date), checker.pack);
                checker.say(expr.span, messages::wanted(&wanted, &messages::type_words(expr.ty, checker.pack)));
                None
            })
        });
        let (due, done) = (due?, done?);
        let instant = |expr: &Expr| expr.ty == Ty::Value(Kind::Timestamp);
        if instant(&due) != instant(&done) {
            self.say(due.span.start..due.span.end, messages::deadline_kinds());
            return None;
        }
        Some(Deadline { due, done })
    }

    fn amount(&mut self, item: &Item<'p>) -> Option<Expr> {
        let written = self.toml.written(item)?;
        self.checked(&written, |checker, ast| {
            let expr = checker.expr(ast)?;
            let said = match expr.ty {
                Ty::Value(Kind::Money(scale)) if scale <= 2 => return Some(expr),
                Ty::Value(Kind::Money(_) | Kind::MoneyRatio) => messages::product_must_be_rounded(),
                ty => messages::wanted(
                    &messages::type_words(Ty::Value(Kind::Money(2)), checker.pack),
                    &messages::type_words(ty, checker.pack),
                ),
            };
            checker.say(expr.span, said);
            None
        })
    }

    fn law_date(&mut self, item: &Item<'p>) -> Option<Expr> {
        let written = self.toml.written(item)?;
        self.checked(&written, |checker, ast| {
            let expr = checker.expr(ast)?;
            if matches!(expr.ty, Ty::Value(Kind::Date | Kind::Month)) {
                return Some(expr);
            }
            let wanted = messages::type_words(Ty::Value(Kind::Date), checker.pack);
            checker.say(expr.span, messages::wanted(&wanted, &messages::type_words(expr.ty, checker.pack)));
            None
        })
    }

    // --- examples ---

    fn examples(&mut self, table: &DeTable<'p>) -> Vec<Example> {
        let Some(item) = table.get("example") else {
            self.lacks_examples(&[], 0..0);
            return Vec::new();
        };
        let items = self.toml.array(item).unwrap_or_default();
        let examples: Vec<Option<Example>> = items.iter().map(|item| self.toml.example(self.pack, self.each, item)).collect();
        let whole = examples.iter().all(Option::is_some);
        let examples: Vec<Example> = examples.into_iter().flatten().collect();
        if whole {
            let span = items.first().map_or(0..0, |item| item.span());
            self.lacks_examples(&examples, span);
        }
        examples
    }

    fn lacks_examples(&mut self, examples: &[Example], span: Range<usize>) {
        let needed = [(Verdict::Compliant, ("overholdt", "compliant")), (Verdict::Violation, ("overtrådt", "a violation"))];
        for (verdict, (da, en)) in needed {
            if !examples.iter().any(|e| e.expect.iter().any(|(_, v)| *v == verdict)) {
                self.say(span.clone(), messages::needs_example(da, en));
            }
        }
    }
}

enum Condition {
    Holds(Expr),
    Deadline(Deadline),
}

/// Every expression of a rule.
fn each_expr(rule: &Rule, f: &mut dyn FnMut(&Expr)) {
    let whole = [&rule.when, &rule.require, &rule.partly, &rule.amount, &rule.refund, &rule.law_date];
    whole.into_iter().flatten().for_each(&mut *f);
    rule.deadline.iter().for_each(|d| {
        f(&d.due);
        f(&d.done);
    });
    rule.per.iter().for_each(|per| f(&per.items));
    rule.steps.iter().for_each(|step| f(&step.expr));
    rule.marks.iter().for_each(|mark| f(&mark.cell));
    for texts in [&rule.da, &rule.en] {
        for template in std::iter::once(&texts.message).chain(texts.labels.iter().flatten()) {
            for piece in &template.pieces {
                if let Piece::Expr(expr) = piece {
                    f(expr);
                }
            }
        }
    }
}
