//! Typed trees to SQL. Written from `docs/language.md` alone: it shares the tree with the engine, and nothing else.
//!
//! A value is one SQL value: a whole number (amounts in the last place of their type, days since 1970, rows by number, yes and
//! no as 1 and 0), a text, or one of two blobs for *empty* and *unknown*. A condition is 0 (no), 1 (unknown) or 2 (yes), so that
//! `and` is the least and `or` the greatest. SQL's NULL decides nothing: every operation is guarded, and what gives NULL all the
//! same (a day outside the calendar, a division by zero) is unknown.

use std::cell::{Cell as Count, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use sagstjek::model::{ColumnId, DatasetId, LinkId, Pack};
use sagstjek::rule::function::Function;
use sagstjek::rule::typed::{Arith, Compare, Expr, IsTest, Node, PeriodTest, Slot, TextTest, Ty};
use sagstjek::value::{Decimal, Kind, Value};

use crate::under;

/// The source says nothing.
pub(crate) const EMPTY: &str = "x'00'";
/// There may be a value.
pub(crate) const UNKNOWN: &str = "x'01'";
/// End of a period that is open: later than every day.
pub(crate) const OPEN: i64 = 8_999_999;

/// What cannot be lowered, in words.
pub(crate) type Lowered<T> = Result<T, String>;

/// How a name in the tree is reached.
#[derive(Clone)]
pub(crate) enum Bound {
    /// A row that stands in the query under this alias.
    Alias(String),
    /// A value kept for each judged row in this table.
    Step(String),
}

/// A number as factors over factors, times a power of ten.
struct Quotient {
    top: Vec<String>,
    under: Vec<String>,
    ten: i32,
}

/// Lowers the expressions of one rule.
pub(crate) struct Lower<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) names: RefCell<BTreeMap<Slot, Bound>>,
    /// Alias of the judged row.
    pub(crate) each: &'static str,
    /// Bit n is set where question n is read in the second way.
    pub(crate) reading: u8,
    /// Sections and accounts named in the rule; the data's own are added by the loader.
    pub(crate) literals: RefCell<BTreeSet<(bool, String)>>,
    fresh: Count<usize>,
}

impl<'a> Lower<'a> {
    pub(crate) fn new(pack: &'a Pack, reading: u8) -> Lower<'a> {
        let literals = RefCell::default();
        Lower { pack, names: RefCell::default(), each: "e", reading, literals, fresh: Count::new(0) }
    }

    pub(crate) fn name(&self, what: &str) -> String {
        self.fresh.set(self.fresh.get() + 1);
        format!("{what}{}", self.fresh.get())
    }

    /// `body` over named parts, each evaluated once.
    pub(crate) fn named(&self, parts: &[String], body: impl FnOnce(&[String]) -> String) -> String {
        let names: Vec<String> = parts.iter().map(|_| self.name("v")).collect();
        let bound: Vec<String> = parts.iter().zip(&names).map(|(part, name)| format!("{part} AS {name}")).collect();
        format!("(SELECT {} FROM (SELECT {}))", body(&names), bound.join(", "))
    }

    /// A value of several parts: unknown where one lacks, or where SQL gives nothing.
    pub(crate) fn value(&self, parts: &[String], body: impl FnOnce(&[String]) -> String) -> String {
        self.named(parts, |v| format!("CASE WHEN {} THEN {UNKNOWN} ELSE coalesce({}, {UNKNOWN}) END", lacks(v), body(v)))
    }

    /// The same, of a number that must stay whole: a result that leaves 64 bits stops the test.
    fn whole(&self, parts: &[String], body: impl FnOnce(&[String]) -> String) -> String {
        let stop = |v: &str| format!("abs(CAST(-9223372036854775807 - (typeof({v}) = 'real') AS INTEGER))");
        let result = self.value(parts, body);
        self.named(&[result], |v| format!("CASE WHEN typeof({0}) = 'real' THEN {1} ELSE {0} END", v[0], stop(&v[0])))
    }

    /// A condition of several parts.
    fn asked(&self, parts: &[String], body: impl FnOnce(&[String]) -> String) -> String {
        self.named(parts, |v| format!("CASE WHEN {} THEN 1 WHEN {} THEN 2 ELSE 0 END", lacks(v), body(v)))
    }

    /// A condition: 0, 1 or 2.
    pub(crate) fn truth(&self, expr: &Expr) -> Lowered<String> {
        Ok(match &expr.node {
            Node::Not(operand) => format!("(2 - {})", self.truth(operand)?),
            Node::And(parts) => self.joined("min", parts)?,
            Node::Or(parts) => self.joined("max", parts)?,
            Node::Compare(op, a, b) => self.compare(*op, a, b)?,
            Node::Between(value, low, high) => {
                let (low, high) =
                    (self.compare(Compare::GreaterEqual, value, low)?, self.compare(Compare::LessEqual, value, high)?);
                format!("min({low}, {high})")
            }
            Node::Is { operand, test, negated } => turned(self.is(operand, test)?, *negated),
            Node::InItems { value, items, negated } => {
                let equal: Vec<String> =
                    items.iter().map(|item| self.compare(Compare::Equal, value, item)).collect::<Lowered<_>>()?;
                turned(of_all("max", &equal), *negated)
            }
            Node::InList { value, list, negated } => {
                let parts = [self.cell(value)?, self.cell(list)?];
                turned(self.asked(&parts, |v| format!("instr({}, char(31)||{}||char(31)) > 0", v[1], v[0])), *negated)
            }
            Node::InCodes { value, list, at, negated } => {
                let kind = self.pack.lists[list.index()].kind;
                let day = at.as_ref().map_or_else(|| Ok("0".to_owned()), |at| self.day(at))?;
                let sections = matches!(kind, Kind::Konto | Kind::Paragraf);
                let answer = self.named(&[self.cell(value)?, day], |v| {
                    let fits = if sections {
                        under(kind == Kind::Konto, &v[0], "k.code")
                    } else {
                        format!("CASE WHEN k.code = {} THEN 2 ELSE 0 END", v[0])
                    };
                    let holds = format!(
                        "CASE WHEN {} OR (k.f IS NULL AND k.u IS NULL) THEN 2 WHEN typeof({1}) = 'blob' THEN 1 \
                         WHEN coalesce(k.f <= {1}, 1) AND coalesce({1} <= k.u, 1) THEN 2 ELSE 0 END",
                        u8::from(at.is_none()),
                        v[1]
                    );
                    format!(
                        "CASE WHEN typeof({}) = 'blob' THEN 1 ELSE coalesce((SELECT max(min({fits}, {holds})) FROM code k \
                         WHERE k.list = {}), 0) END",
                        v[0],
                        list.index()
                    )
                });
                turned(answer, *negated)
            }
            Node::Text { test, left, right, negated } => turned(self.text_test(test, left, right)?, *negated),
            Node::Period { test, left, right, negated } => {
                let parts = [self.period(left)?, self.period(right)?];
                turned(self.asked(&parts, |v| period_test(*test, &v[0], &v[1])), *negated)
            }
            Node::If(condition, then, otherwise) => format!(
                "CASE {} WHEN 2 THEN {} WHEN 0 THEN {} ELSE 1 END",
                self.truth(condition)?,
                self.truth(then)?,
                self.truth(otherwise)?
            ),
            Node::Either { question, first, second } => {
                self.truth(if self.reading & (1 << question) == 0 { first } else { second })?
            }
            Node::Quantified { quantifier, rows, satisfies } => self.quantified(*quantifier, rows, satisfies.as_deref())?,
            _ => format!("(CASE {} WHEN 0 THEN 0 WHEN 1 THEN 2 ELSE 1 END)", self.cell(expr)?),
        })
    }

    fn joined(&self, how: &str, parts: &[Expr]) -> Lowered<String> {
        Ok(of_all(how, &parts.iter().map(|part| self.truth(part)).collect::<Lowered<Vec<_>>>()?))
    }

    /// A value, empty or unknown.
    pub(crate) fn cell(&self, expr: &Expr) -> Lowered<String> {
        if let Ty::Value(Kind::Timestamp) = expr.ty {
            return Err("a time stamp".into());
        }
        Ok(match &expr.node {
            Node::Literal(value) => self.literal(value, expr.ty)?,
            Node::ExtractDate => "(SELECT day FROM world)".into(),
            Node::Var(slot) => match self.names.borrow().get(slot) {
                Some(Bound::Alias(alias)) => format!("{alias}.rid"),
                Some(Bound::Step(table)) => format!("(SELECT s.v FROM {table} s WHERE s.rid = {}.rid)", self.each),
                None => return Err("a name that is bound elsewhere".into()),
            },
            Node::Field(row, column) => self.field(row, *column)?,
            Node::Follow { row, link, forward } => self.follow(row, *link, *forward)?,
            Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Compare(..)
            | Node::Between(..)
            | Node::Is { .. }
            | Node::InItems { .. }
            | Node::InList { .. }
            | Node::InCodes { .. }
            | Node::Text { .. }
            | Node::Period { .. }
            | Node::Quantified { .. } => format!("(CASE {} WHEN 0 THEN 0 WHEN 2 THEN 1 ELSE {UNKNOWN} END)", self.truth(expr)?),
            Node::Arith(op, a, b) => self.arith(*op, a, b, expr.ty)?,
            Node::Negate(operand) => self.whole(&[self.scaled(operand, scale_of(expr.ty)?)?], |v| format!("-{}", v[0])),
            Node::Lookup { table, keys, at } => self.look_up(table.index(), keys, at.as_deref())?,
            Node::Call(function, args) => self.call(*function, args, expr.ty)?,
            Node::If(condition, then, otherwise) => {
                let scale = scale_of(expr.ty).ok();
                let side = |side: &Expr| scale.map_or_else(|| self.cell(side), |scale| self.scaled(side, scale));
                format!(
                    "(CASE {} WHEN 2 THEN {} WHEN 0 THEN {} ELSE {UNKNOWN} END)",
                    self.truth(condition)?,
                    side(then)?,
                    side(otherwise)?
                )
            }
            Node::Either { question, first, second } => {
                let side = if self.reading & (1 << question) == 0 { first } else { second };
                scale_of(expr.ty).map_or_else(|_| self.cell(side), |scale| self.scaled(side, scale))?
            }
            Node::Count(rows) => self.count(rows, None)?,
            Node::CountDistinct(of, rows) => self.count(rows, Some(of))?,
            Node::Fold(fold, args, rows) => self.fold(*fold, args, rows, expr.ty)?,
            Node::Pick(pick, rows, by) => self.pick(*pick, rows, by)?,
        })
    }

    /// A number in units of this scale.
    pub(crate) fn scaled(&self, expr: &Expr, scale: u8) -> Lowered<String> {
        let own = scale_of(expr.ty)?;
        let cell = self.cell(expr)?;
        match scale.checked_sub(own) {
            Some(0) => Ok(cell),
            Some(up) => Ok(self.whole(&[cell], |v| format!("{} * {}", v[0], power(up)))),
            None => Err(format!("a number of {own} decimals where {scale} are kept")),
        }
    }

    fn literal(&self, value: &Value, ty: Ty) -> Lowered<String> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        Ok(match (value, ty) {
            (Value::Text(text), Ty::Value(kind @ (Kind::Konto | Kind::Paragraf))) => {
                self.literals.borrow_mut().insert((kind == Kind::Konto, text.to_string()));
                quoted(text)
            }
            (Value::Text(text), _) => quoted(text),
            (Value::Number(n) | Value::Money(n) | Value::Percent(n), ty) => units(*n, scale_of(ty)?)?.to_string(),
            (Value::Date(day), _) => day.days().to_string(),
            (Value::Bool(yes), _) => u8::from(*yes).to_string(),
            (Value::WorkingDays(n), _) => n.to_string(),
            (other, _) => return Err(format!("the literal {other:?}")),
        })
    }

    fn field(&self, row: &Expr, column: ColumnId) -> Lowered<String> {
        let Ty::Row(dataset) = row.ty else { return Err("a column of no row".into()) };
        if self.pack.get(dataset).columns[column.index()].kind == Kind::Timestamp {
            return Err("a time stamp".into());
        }
        let column = column.index();
        if let Node::Var(slot) = row.node
            && let Some(Bound::Alias(alias)) = self.names.borrow().get(&slot)
        {
            return Ok(format!("{alias}.c{column}"));
        }
        Ok(self.named(&[self.cell(row)?], |v| {
            format!(
                "CASE WHEN typeof({0}) = 'blob' THEN {0} ELSE coalesce((SELECT d.c{column} FROM d{1} d WHERE d.rid = {0}), {UNKNOWN}) END",
                v[0],
                dataset.index()
            )
        }))
    }

    fn follow(&self, row: &Expr, link: LinkId, forward: bool) -> Lowered<String> {
        let (from, to) = if forward { ("f", "t") } else { ("t", "f") };
        // One row or none that can be told.
        Ok(self.named(&[self.cell(row)?], |v| {
            format!(
                "CASE WHEN typeof({0}) = 'blob' THEN {0} ELSE (SELECT CASE WHEN count(*) = 1 THEN min(l.{to}) ELSE {UNKNOWN} END \
                 FROM l{1} l WHERE l.{from} = {0}) END",
                v[0],
                link.index()
            )
        }))
    }

    fn compare(&self, op: Compare, a: &Expr, b: &Expr) -> Lowered<String> {
        let op = match op {
            Compare::Equal => "=",
            Compare::NotEqual => "<>",
            Compare::Less => "<",
            Compare::LessEqual => "<=",
            Compare::Greater => ">",
            Compare::GreaterEqual => ">=",
        };
        let parts = match (scale_of(a.ty), scale_of(b.ty)) {
            (Ok(x), Ok(y)) => [self.scaled(a, x.max(y))?, self.scaled(b, x.max(y))?],
            _ => [self.cell(a)?, self.cell(b)?],
        };
        Ok(self.asked(&parts, |v| format!("{} {op} {}", v[0], v[1])))
    }

    fn is(&self, operand: &Expr, test: &IsTest) -> Lowered<String> {
        let cell = self.cell(operand)?;
        Ok(match test {
            IsTest::Known => self.named(&[cell], |v| format!("CASE {} WHEN {UNKNOWN} THEN 0 ELSE 2 END", v[0])),
            IsTest::Missing => {
                self.named(&[cell], |v| format!("CASE {} WHEN {UNKNOWN} THEN 1 WHEN {EMPTY} THEN 2 ELSE 0 END", v[0]))
            }
            IsTest::Present => {
                self.named(&[cell], |v| format!("CASE {} WHEN {UNKNOWN} THEN 1 WHEN {EMPTY} THEN 0 ELSE 2 END", v[0]))
            }
            IsTest::SameRow(other) => self.asked(&[cell, self.cell(other)?], |v| format!("{} = {}", v[0], v[1])),
        })
    }

    fn text_test(&self, test: &TextTest, left: &Expr, right: &Expr) -> Lowered<String> {
        let parts = [self.cell(left)?, self.cell(right)?];
        Ok(match test {
            TextTest::StartsWith => self.asked(&parts, |v| format!("substr({}, 1, length({1})) = {1}", v[0], v[1])),
            TextTest::EndsWith => self.asked(&parts, |v| {
                format!("length({0}) >= length({1}) AND substr({0}, length({0}) - length({1}) + 1) = {1}", v[0], v[1])
            }),
            TextTest::Contains => self.asked(&parts, |v| format!("instr({}, {}) > 0", v[0], v[1])),
            TextTest::Matches(_) => return Err("a pattern".into()),
            TextTest::Under => match left.ty {
                Ty::Value(kind @ (Kind::Konto | Kind::Paragraf)) => self.named(&parts, |v| {
                    format!("CASE WHEN {} THEN 1 ELSE {} END", lacks(v), under(kind == Kind::Konto, &v[0], &v[1]))
                }),
                _ => self.asked(&parts, |v| format!("{} = {}", v[0], v[1])),
            },
        })
    }

    /// A period, or a day as a period of one day.
    fn period(&self, expr: &Expr) -> Lowered<String> {
        let cell = self.cell(expr)?;
        Ok(match expr.ty {
            Ty::Value(Kind::Period) => cell,
            _ => self.value(&[cell], |v| pair(&v[0], &v[0])),
        })
    }

    /// A day.
    pub(crate) fn day(&self, expr: &Expr) -> Lowered<String> {
        match expr.ty {
            Ty::Value(Kind::Date | Kind::Month) => self.cell(expr),
            _ => Err("a time stamp".into()),
        }
    }

    fn arith(&self, op: Arith, a: &Expr, b: &Expr, ty: Ty) -> Lowered<String> {
        if matches!(ty, Ty::Value(Kind::Date | Kind::Month)) {
            return self.shifted(op, a, b);
        }
        if ty == Ty::Value(Kind::WorkingDays) {
            let sign = match op {
                Arith::Add => "+",
                Arith::Subtract => "-",
                Arith::Multiply => "*",
                Arith::Divide => return Err("working days divided".into()),
            };
            return Ok(self.whole(&[self.cell(a)?, self.cell(b)?], |v| format!("{} {sign} {}", v[0], v[1])));
        }
        let scale = scale_of(ty)?;
        match op {
            Arith::Add | Arith::Subtract => {
                let sign = if op == Arith::Add { "+" } else { "-" };
                Ok(self.whole(&[self.scaled(a, scale)?, self.scaled(b, scale)?], |v| format!("{} {sign} {}", v[0], v[1])))
            }
            Arith::Multiply => {
                let up = scale.checked_sub(factor_scale(a.ty)? + factor_scale(b.ty)?).ok_or("a product that loses decimals")?;
                Ok(self.whole(&[self.cell(a)?, self.cell(b)?], |v| format!("{} * {} * {}", v[0], v[1], power(up))))
            }
            Arith::Divide => Err("a quotient that is not rounded".into()),
        }
    }

    /// A day moved.
    fn shifted(&self, op: Arith, a: &Expr, b: &Expr) -> Lowered<String> {
        let (day, by) = if matches!(a.ty, Ty::Value(Kind::Date | Kind::Month)) { (a, b) } else { (b, a) };
        let sign = if op == Arith::Subtract { "-" } else { "" };
        if by.ty == Ty::Value(Kind::WorkingDays) {
            return Ok(self.value(&[self.cell(day)?, self.cell(by)?], |v| working(&v[0], &format!("({sign}{})", v[1]), "w5")));
        }
        let (months, days) = self.span(by)?;
        Ok(self.value(&[self.cell(day)?, months, days], |v| {
            format!("{} + ({sign}{})", months_later(&v[0], &format!("({sign}{})", v[1])), v[2])
        }))
    }

    /// Months and days of a duration.
    fn span(&self, expr: &Expr) -> Lowered<(String, String)> {
        let zero = || "0".to_owned();
        Ok(match &expr.node {
            Node::Literal(Value::Duration(span)) if span.minutes == 0 => (span.months.to_string(), span.days.to_string()),
            Node::Call(Function::Days, args) => (zero(), self.cell(&args[0])?),
            Node::Call(Function::Weeks, args) => (zero(), self.whole(&[self.cell(&args[0])?], |v| format!("{} * 7", v[0]))),
            Node::Call(Function::MonthsOf, args) => (self.cell(&args[0])?, zero()),
            _ => return Err("a duration of this form".into()),
        })
    }

    /// The product of some numbers.
    fn product(&self, factors: Vec<String>) -> String {
        let factors: Vec<String> = factors.into_iter().filter(|factor| factor != "1").collect();
        factors.into_iter().reduce(|a, b| self.whole(&[a, b], |v| format!("{} * {}", v[0], v[1]))).unwrap_or_else(|| "1".into())
    }

    /// `a * b / c` by long division, five digits of `b` at a time: `body` over the whole part, the rest, the divisor (all
    /// without sign) and the sign.
    fn divide(&self, parts: &[String; 3], body: impl FnOnce(&str, &str, &str, &str) -> String) -> String {
        self.whole(parts, |v| {
            let (a, b, c) = (format!("abs({})", v[0]), format!("abs({})", v[1]), format!("abs({})", v[2]));
            let sign = format!("(sign({}) * sign({}) * sign({}))", v[0], v[1], v[2]);
            let high = format!("{a} * ({b} / 100000)");
            let low = format!("({high}) % {c} * 100000 + {a} * ({b} % 100000)");
            self.named(&[format!("({high}) / {c} * 100000 + ({low}) / {c}"), format!("({low}) % {c}")], |w| {
                body(&w[0], &w[1], &c, &sign)
            })
        })
    }

    /// A number as a quotient; its factors are unknown where it is.
    fn quotient(&self, expr: &Expr) -> Lowered<Quotient> {
        let raised = |q: &Quotient, ten: i32| {
            let by = power(u8::try_from(q.ten - ten).unwrap_or(0));
            self.product([q.top.clone(), vec![by]].concat())
        };
        if !matches!(expr.ty, Ty::Value(Kind::Ratio | Kind::MoneyRatio)) {
            return Ok(Quotient { top: vec![self.cell(expr)?], under: Vec::new(), ten: -i32::from(factor_scale(expr.ty)?) });
        }
        match &expr.node {
            Node::Arith(op, a, b) => {
                let (a, b) = (self.quotient(a)?, self.quotient(b)?);
                Ok(match op {
                    Arith::Multiply => {
                        Quotient { top: [a.top, b.top].concat(), under: [a.under, b.under].concat(), ten: a.ten + b.ten }
                    }
                    Arith::Divide => {
                        Quotient { top: [a.top, b.under].concat(), under: [a.under, b.top].concat(), ten: a.ten - b.ten }
                    }
                    Arith::Add | Arith::Subtract => {
                        let sign = if *op == Arith::Add { "+" } else { "-" };
                        let ten = a.ten.min(b.ten);
                        let one = self.product([vec![raised(&a, ten)], b.under.clone()].concat());
                        let other = self.product([vec![raised(&b, ten)], a.under.clone()].concat());
                        let top = self.whole(&[one, other], |v| format!("{} {sign} {}", v[0], v[1]));
                        Quotient { top: vec![top], under: [a.under, b.under].concat(), ten }
                    }
                })
            }
            Node::If(condition, then, otherwise) => {
                let condition = self.truth(condition)?;
                let (a, b) = (self.quotient(then)?, self.quotient(otherwise)?);
                let ten = a.ten.min(b.ten);
                let side = |a, b| format!("(CASE {condition} WHEN 2 THEN {a} WHEN 0 THEN {b} ELSE {UNKNOWN} END)");
                let under = side(self.product(a.under.clone()), self.product(b.under.clone()));
                Ok(Quotient { top: vec![side(raised(&a, ten), raised(&b, ten))], under: vec![under], ten })
            }
            Node::Fold(sagstjek::rule::typed::Fold::Mean, args, rows) => {
                let of = args.last().ok_or("a mean of nothing")?;
                let (top, under) = self.mean(of, rows)?;
                Ok(Quotient { top: vec![top], under: vec![under], ten: -i32::from(scale_of(of.ty)?) })
            }
            _ => Err("a quotient of this form".into()),
        }
    }

    /// A number in units of a scale as two factors and what they are divided by.
    fn divided(&self, expr: &Expr, scale: u8) -> Lowered<[String; 3]> {
        let percent = if matches!(expr.ty, Ty::Value(Kind::Percent(_))) { 2 } else { 0 };
        let Quotient { mut top, mut under, ten } = self.quotient(expr)?;
        // Per cent is rounded as it is written: 12.5 % is 12.5.
        let ten = ten + i32::from(scale) + percent;
        let by = power(u8::try_from(ten.abs()).map_err(|_| "too many decimals")?);
        if ten < 0 {
            under.push(by)
        } else {
            top.insert(0, by)
        }
        // The last factor is kept apart, so that a product of amounts, hours and two indices stays in 64 bits.
        let last = if top.len() > 2 { top.pop() } else { None };
        Ok([self.product(top), last.unwrap_or_else(|| "1".into()), self.product(under)])
    }

    fn look_up(&self, table: usize, keys: &[Expr], at: Option<&Expr>) -> Lowered<String> {
        let definition = &self.pack.tables[table];
        let mut parts = Vec::new();
        let mut scales = Vec::new();
        for (key, kind) in keys.iter().zip(&definition.keys) {
            let (own, kept) = (scale_of(key.ty).unwrap_or(0), scale_of(Ty::Value(*kind)).unwrap_or(0));
            scales.push((power(kept.saturating_sub(own)), power(own.saturating_sub(kept)), scale_of(key.ty).is_ok()));
            parts.push(self.cell(key)?);
        }
        parts.push(at.map_or_else(|| Ok("0".to_owned()), |at| self.day(at))?);
        let dated = u8::from(definition.dated);
        Ok(self.value(&parts, |v| {
            let day = &v[v.len() - 1];
            let band = definition.banded.then(|| keys.len() - 1);
            let side = |row: &str, i: usize, op: &str| match &scales[i] {
                (up, down, true) => format!("{row}.k{i} * {down} {op} {} * {up}", v[i]),
                _ => format!("{row}.k{i} {op} {}", v[i]),
            };
            let exact = |row: &str| {
                let keys = (0..keys.len()).filter(|i| Some(*i) != band).map(|i| side(row, i, "="));
                keys.chain(["1".to_owned()]).collect::<Vec<_>>().join(" AND ")
            };
            let begun = |row: &str| format!("(NOT {dated} OR {row}.f IS NULL OR {row}.f <= {day})");
            let reached = band.map_or("1".to_owned(), |i| side("a", i, "<="));
            let same = band.map_or("1".to_owned(), |i| format!("a.k{i} = b.k{i}"));
            let order = band.map_or(String::new(), |i| format!("a.k{i} DESC, "));
            format!(
                "(SELECT a.v FROM t{table} a WHERE {} AND {} AND NOT ({dated} AND coalesce(a.u < {day}, 0)) AND {reached} AND NOT EXISTS \
                 (SELECT 1 FROM t{table} b WHERE {} AND {} AND {same} AND b.f IS NOT NULL AND coalesce(a.f < b.f, 1)) \
                 ORDER BY {order}a.rowid DESC LIMIT 1)",
                exact("a"),
                begun("a"),
                exact("b"),
                begun("b")
            )
        }))
    }

    fn call(&self, function: Function, args: &[Expr], ty: Ty) -> Lowered<String> {
        let cells = || args.iter().map(|arg| self.cell(arg)).collect::<Lowered<Vec<_>>>();
        let alike = || match scale_of(ty) {
            Ok(scale) => args.iter().map(|arg| self.scaled(arg, scale)).collect::<Lowered<Vec<_>>>(),
            Err(_) => cells(),
        };
        let of_day = |format: &str, v: &str| format!("CAST(strftime('{format}', {}) AS INTEGER)", julian(v));
        let turned_to = |v: &str, modifiers: &str| day_number(&format!("date({}, {modifiers})", julian(v)));
        Ok(match function {
            Function::Round => {
                let digits = match args.get(1).map(|arg| &arg.node) {
                    None => 0,
                    Some(Node::Literal(Value::Number(n))) => n.to_i64().and_then(|n| u8::try_from(n).ok()).ok_or("decimals")?,
                    Some(_) => return Err("decimals that are computed".into()),
                };
                let kept = scale_of(ty)?;
                let up = kept.checked_sub(digits).ok_or("decimals that are lost")?;
                let parts = self.divided(&args[0], digits)?;
                self.divide(&parts, |whole, rest, by, sign| {
                    format!("{sign} * ({whole} + ({rest} >= {by} - {rest})) * {}", power(up))
                })
            }
            Function::Floor | Function::Ceil => {
                let up = power(scale_of(ty).unwrap_or(0));
                let away = if function == Function::Ceil { "> 0" } else { "< 0" };
                let parts = self.divided(&args[0], 0)?;
                // Away from zero where the whole number on that side is asked for.
                self.divide(&parts, |whole, rest, _, sign| format!("{sign} * ({whole} + ({rest} > 0 AND {sign} {away})) * {up}"))
            }
            Function::Abs => self.whole(&[self.scaled(&args[0], scale_of(ty)?)?], |v| format!("abs({})", v[0])),
            Function::Min | Function::Max => {
                let how = if function == Function::Min { "min" } else { "max" };
                self.value(&alike()?, |v| of_all(how, v))
            }
            Function::OrElse => {
                let cells = alike()?;
                let (last, rest) = cells.split_last().ok_or("or_else of nothing")?;
                rest.iter().rev().fold(last.clone(), |otherwise, cell| {
                    self.named(std::slice::from_ref(cell), |v| {
                        format!("CASE {0} WHEN {EMPTY} THEN {otherwise} ELSE {0} END", v[0])
                    })
                })
            }
            Function::Same => {
                let parts = match (scale_of(args[0].ty), scale_of(args[1].ty)) {
                    (Ok(x), Ok(y)) => [self.scaled(&args[0], x.max(y))?, self.scaled(&args[1], x.max(y))?],
                    _ => [self.cell(&args[0])?, self.cell(&args[1])?],
                };
                // The blob of emptiness equals itself and nothing else.
                self.named(&parts, |v| format!("CASE WHEN {UNKNOWN} IN ({0}, {1}) THEN {UNKNOWN} ELSE {0} = {1} END", v[0], v[1]))
            }
            Function::HowMany => {
                let truths = args.iter().map(|arg| self.truth(arg)).collect::<Lowered<Vec<_>>>()?;
                self.named(&truths, |v| {
                    let yes: Vec<String> = v.iter().map(|v| format!("({v} = 2)")).collect();
                    format!("CASE WHEN 1 IN ({}) THEN {UNKNOWN} ELSE {} END", v.join(", "), yes.join(" + "))
                })
            }
            Function::StartOf => self.value(&cells()?, |v| start(&v[0])),
            Function::EndOf => self.value(&cells()?, |v| format!("CASE WHEN {0} = {OPEN} THEN {EMPTY} ELSE {0} END", end(&v[0]))),
            Function::Length => self.value(&cells()?, |v| format!("length({})", v[0])),
            Function::Lower => self.value(&cells()?, |v| danish(&format!("lower({})", v[0]), false)),
            Function::Upper => self.value(&cells()?, |v| danish(&format!("upper({})", v[0]), true)),
            Function::Year => self.value(&cells()?, |v| of_day("%Y", &v[0])),
            Function::Month => self.value(&cells()?, |v| of_day("%m", &v[0])),
            Function::Day => self.value(&cells()?, |v| of_day("%d", &v[0])),
            Function::QuarterOf => self.value(&cells()?, |v| format!("(({} + 2) / 3)", of_day("%m", &v[0]))),
            Function::Weekday => self.value(&cells()?, |v| format!("((({} + 3) % 7 + 7) % 7 + 1)", v[0])),
            Function::Date => self.value(&cells()?, |v| {
                let text = format!("printf('%04d-%02d-%02d', {}, {}, {})", v[0], v[1], v[2]);
                format!("CASE WHEN {} BETWEEN 1 AND 9999 AND date({text}) = {text} THEN {} END", v[0], day_number(&text))
            }),
            Function::StartOfMonth => self.value(&cells()?, |v| turned_to(&v[0], "'start of month'")),
            Function::EndOfMonth => self.value(&cells()?, |v| turned_to(&v[0], "'start of month', '+1 month', '-1 day'")),
            Function::StartOfYear => self.value(&cells()?, |v| turned_to(&v[0], "'start of year'")),
            Function::Birthday => self.value(&cells()?, |v| months_later(&v[0], &format!("(12 * {})", v[1]))),
            Function::Age => self.value(&cells()?, |v| {
                let (born, at) = (&v[0], &v[1]);
                // Born on 29 February: 28 February counts in a common year.
                let leap = day_number(&format!("date({}, 'start of year', '+2 months', '-1 day')", julian(at)));
                let md = |day: &str| of_day("%m%d", day);
                let birthday = format!("CASE WHEN {0} = 229 AND {1} = 228 THEN 228 ELSE {0} END", md(born), md(&leap));
                format!("{} - {} - ({} < {birthday})", of_day("%Y", at), of_day("%Y", born), md(at))
            }),
            Function::DaysBetween => self.value(&cells()?, |v| format!("{} - {}", v[1], v[0])),
            Function::MonthsBetween => self.value(&cells()?, |v| {
                let (a, b) = (format!("min({}, {})", v[0], v[1]), format!("max({}, {})", v[0], v[1]));
                let last = day_number(&format!("date({}, 'start of month', '+1 month', '-1 day')", julian(&b)));
                let part = |format: &str, day: &str| of_day(format, day);
                format!(
                    "sign({} - {}) * (12 * ({} - {}) + {} - {} - ({} < min({}, {})))",
                    v[1],
                    v[0],
                    part("%Y", &b),
                    part("%Y", &a),
                    part("%m", &b),
                    part("%m", &a),
                    part("%d", &b),
                    part("%d", &a),
                    part("%d", &last)
                )
            }),
            Function::WorkingDays => self.cell(&args[0])?,
            Function::AddWorkingDays => {
                let days = if args.len() > 2 { "w6" } else { "w5" };
                self.value(&[self.cell(&args[0])?, self.cell(&args[1])?], |v| working(&v[0], &v[1], days))
            }
            Function::WorkingDaysBetween => {
                let days = if args.len() > 2 { "w6" } else { "w5" };
                self.value(&[self.cell(&args[0])?, self.cell(&args[1])?], |v| {
                    format!(
                        "sign({1} - {0}) * (SELECT count(*) FROM {days} w WHERE w.n > min({0}, {1}) AND w.n <= max({0}, {1}))",
                        v[0], v[1]
                    )
                })
            }
            Function::Period => self.named(&[self.day(&args[0])?, self.day(&args[1])?], |v| {
                format!(
                    "CASE WHEN typeof({0}) = 'blob' OR {1} = {UNKNOWN} THEN {UNKNOWN} WHEN {1} = {EMPTY} THEN {2} ELSE {3} END",
                    v[0],
                    v[1],
                    pair(&v[0], &OPEN.to_string()),
                    pair(&v[0], &v[1])
                )
            }),
            Function::Clip => self.value(&cells()?, |v| {
                let start = format!("max({}, {})", start(&v[0]), start(&v[1]));
                let end = format!("min({}, {})", end(&v[0]), end(&v[1]));
                format!("CASE WHEN {start} <= {end} THEN {} ELSE {EMPTY} END", pair(&start, &end))
            }),
            Function::DaysIn => return self.days_in(&args[0]),
            Function::CprDate => self.value(&cells()?, |v| cpr_date(&v[0])),
            Function::AccountPart => {
                let Node::Literal(Value::Text(part)) = &args[1].node else { return Err("a part that is computed".into()) };
                let parts = match &**part {
                    "hovedkonto" => vec![1],
                    "hovedfunktion" => vec![1, 2],
                    "funktion" => vec![1, 2, 3],
                    "dranst" => vec![4],
                    "gruppering" => vec![5],
                    _ => return Err("this part of an account".into()),
                };
                let last = parts.last().copied().unwrap_or(1);
                let text = parts.iter().map(|i| format!("p.p{i}")).collect::<Vec<_>>().join(" || '.' || ");
                self.value(&[self.cell(&args[0])?], |v| {
                    format!(
                        "(SELECT CASE WHEN p.p{last} = '' THEN {EMPTY} ELSE {text} END FROM part p WHERE p.konto AND p.text = {})",
                        v[0]
                    )
                })
            }
            _ => return Err(format!("the function {}", function.name())),
        })
    }
}

/// Whether one of these has no value.
pub(crate) fn lacks(names: &[String]) -> String {
    names.iter().map(|name| format!("typeof({name}) = 'blob'")).collect::<Vec<_>>().join(" OR ")
}

/// The least or greatest of some; of one it is that one (SQL's `min` of one argument ranges over rows).
pub(crate) fn of_all(how: &str, parts: &[String]) -> String {
    match parts {
        [only] => format!("({only})"),
        parts => format!("{how}({})", parts.join(", ")),
    }
}

pub(crate) fn turned(truth: String, negated: bool) -> String {
    if negated { format!("(2 - {truth})") } else { truth }
}

pub(crate) fn power(of_ten: u8) -> String {
    10_i64.pow(u32::from(of_ten)).to_string()
}

/// Decimals that numbers of a type keep.
pub(crate) fn scale_of(ty: Ty) -> Lowered<u8> {
    match ty {
        Ty::Value(Kind::Integer) => Ok(0),
        Ty::Value(Kind::Decimal(scale) | Kind::Money(scale) | Kind::Percent(scale)) => Ok(scale),
        other => Err(format!("a number of type {other:?}")),
    }
}

/// Decimals of a factor: 12.5 % is 0.125.
fn factor_scale(ty: Ty) -> Lowered<u8> {
    Ok(scale_of(ty)? + if matches!(ty, Ty::Value(Kind::Percent(_))) { 2 } else { 0 })
}

/// A number in units of a scale.
pub(crate) fn units(n: Decimal, scale: u8) -> Lowered<i64> {
    let fits = scale.checked_sub(n.scale()).map(|up| n.units() * 10_i128.pow(u32::from(up)));
    fits.and_then(|n| i64::try_from(n).ok()).ok_or_else(|| format!("the number {}", n.plain()))
}

/// Start and end in one number.
pub(crate) fn pair(start: &str, end: &str) -> String {
    format!("(({start}) + 1000000) * 10000000 + ({end}) + 1000000")
}

pub(crate) fn start(period: &str) -> String {
    format!("({period} / 10000000 - 1000000)")
}

pub(crate) fn end(period: &str) -> String {
    format!("({period} % 10000000 - 1000000)")
}

fn period_test(test: PeriodTest, a: &str, b: &str) -> String {
    let within = |inner: &str, outer: &str| format!("{} <= {} AND {} <= {}", start(outer), start(inner), end(inner), end(outer));
    match test {
        PeriodTest::Overlaps => format!("{} <= {} AND {} <= {}", start(a), end(b), start(b), end(a)),
        PeriodTest::Meets => format!("({} + 1 = {} OR {} + 1 = {})", end(a), start(b), end(b), start(a)),
        PeriodTest::During => within(a, b),
        PeriodTest::Covers => within(b, a),
    }
}

fn julian(day: &str) -> String {
    format!("({day} + 2440587.5)")
}

fn day_number(date: &str) -> String {
    format!("CAST(julianday({date}) - 2440587.5 AS INTEGER)")
}

/// A day months later, at the latest the month's last.
fn months_later(day: &str, months: &str) -> String {
    let date = format!("date({}, printf('%+d months', {months}), 'floor')", julian(day));
    format!("CASE WHEN {months} = 0 THEN {day} WHEN {date} BETWEEN '0001-01-01' AND '9999-12-31' THEN {} END", day_number(&date))
}

/// The day that many working days later (earlier).
fn working(day: &str, count: &str, days: &str) -> String {
    // Working days are numbered: from the last one up to the day forward, or from the first one on the day or later back.
    format!(
        "CASE WHEN {count} > 0 THEN (SELECT w.n FROM {days} w WHERE w.i = (SELECT max(b.i) FROM {days} b WHERE b.n <= {day}) + {count}) \
         WHEN {count} < 0 THEN (SELECT w.n FROM {days} w WHERE w.i = (SELECT min(b.i) FROM {days} b WHERE b.n >= {day}) + {count}) \
         ELSE {day} END"
    )
}

/// SQLite changes the case of ASCII only.
fn danish(text: &str, up: bool) -> String {
    [('Æ', 'æ'), ('Ø', 'ø'), ('Å', 'å'), ('É', 'é')].into_iter().fold(text.to_owned(), |text, (upper, lower)| {
        let (from, to) = if up { (lower, upper) } else { (upper, lower) };
        format!("replace({text}, '{from}', '{to}')")
    })
}

/// The day of birth that ten digits state, by the table of centuries.
fn cpr_date(cpr: &str) -> String {
    let digit = |from: u8, length: u8| format!("CAST(substr({cpr}, {from}, {length}) AS INTEGER)");
    let (seventh, year) = (digit(7, 1), digit(5, 2));
    let century = format!(
        "CASE WHEN {seventh} <= 3 THEN 19 WHEN {seventh} IN (4, 9) THEN CASE WHEN {year} <= 36 THEN 20 ELSE 19 END \
         WHEN {year} <= 57 THEN 20 ELSE 18 END"
    );
    let text = format!("(({century}) || substr({cpr}, 5, 2) || '-' || substr({cpr}, 3, 2) || '-' || substr({cpr}, 1, 2))");
    let digits = "[0-9]".repeat(10);
    format!("CASE WHEN {cpr} GLOB '{digits}' AND date({text}) = {text} THEN {} END", day_number(&text))
}

/// A dataset's table.
pub(crate) fn table(dataset: DatasetId) -> String {
    format!("d{}", dataset.index())
}
