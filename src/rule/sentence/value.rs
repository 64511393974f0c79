//! Values in words: columns, figures, arithmetic, functions.

use super::Speaker;
use crate::locale::Lang;
use crate::rule::function::Function;
use crate::rule::typed::{Arith, Expr, Node, Ty};
use crate::value::{Kind, Span, Value, show};

impl Speaker<'_> {
    /// A value in words.
    pub(super) fn value(&self, expr: &Expr) -> String {
        match &expr.node {
            Node::Literal(value) => self.literal(value),
            Node::ExtractDate => self.pick("udtræksdatoen", "the extract date").to_owned(),
            Node::Var(slot) => match (self.step_of(*slot), expr.ty) {
                (Some(step), _) => self.named(step),
                (None, Ty::Row(_)) => self.row(expr),
                (None, _) => self.named(self.rule.per.as_ref().map_or("", |per| &per.name)),
            },
            Node::Field(row, column) => {
                let Ty::Row(dataset) = row.ty else { return String::new() };
                let name = self.named(&self.pack.get(dataset).columns[column.index()].name);
                match &row.node {
                    Node::Var(slot) if *slot == self.rule.row.1 => {
                        let shared = self.rule.steps.iter().any(|step| self.named(&step.name) == name);
                        if shared { format!("{} {name}", self.pick("rækkens", "the row's")) } else { name }
                    }
                    Node::Var(slot) if self.step_of(*slot).is_none() => format!("{}s {name}", self.row(row) + "'"),
                    _ => format!("{name} {} {}", self.pick("på", "of"), self.row(row)),
                }
            }
            Node::Follow { .. } | Node::Pick(..) => self.row(expr),
            Node::Arith(op, a, b) => self.arith(*op, a, b, expr),
            Node::Negate(operand) => format!("-{}", self.factor(operand)),
            Node::Lookup { table, keys, at } => {
                let mut text = format!("«{}»", self.pack.tables[table.index()].title.get(self.lang));
                if !keys.is_empty() {
                    let keys: Vec<String> = keys.iter().map(|key| self.value(key)).collect();
                    text.push_str(&format!(" {} {}", self.pick("for", "for"), self.series(&keys, self.and())));
                }
                if let Some(at) = at {
                    text.push_str(&format!(" {} {}", self.pick("pr.", "as of"), self.value(at)));
                }
                text
            }
            Node::Call(function, args) => self.call(*function, args),
            Node::If(condition, then, otherwise) if !self.is_condition(expr) => format!(
                "({} {} {}, {} {})",
                self.value(then),
                self.pick("hvis", "if"),
                self.inline(condition),
                self.pick("ellers", "else"),
                self.value(otherwise)
            ),
            Node::Either { first, second, .. } if !self.is_condition(expr) => format!(
                "{} ({} {})",
                self.value(first),
                self.pick("efter en anden læsning af loven:", "by another reading of the law:"),
                self.value(second)
            ),
            Node::Count(rows) => format!("{} {}", self.pick("antallet af", "the number of"), self.rows_inline(rows)),
            Node::CountDistinct(of, rows) => format!(
                "{} {} {} {}",
                self.pick("antallet af forskellige", "the number of different"),
                self.value(of),
                self.pick("for hver", "for each"),
                self.rows_inline(rows)
            ),
            Node::Fold(fold, args, rows) => self.folded(*fold, args, rows),
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
            | Node::If(..)
            | Node::Either { .. }
            | Node::Quantified { .. } => format!("({} {})", self.pick("om", "whether"), self.inline(expr)),
        }
    }

    /// A value beside the one it is compared with: a code with its title.
    pub(super) fn beside(&self, expr: &Expr, other: &Expr) -> String {
        let said = self.value(expr);
        let (Node::Literal(Value::Text(code)), Node::Field(row, column)) = (&expr.node, &other.node) else { return said };
        let Ty::Row(dataset) = row.ty else { return said };
        let Some(list) = self.pack.get(dataset).columns[column.index()].codes else { return said };
        let listed = self.pack.lists[list.index()].codes.iter().find(|listed| listed.code == *code);
        match listed.map(|listed| listed.title.get(self.lang)) {
            Some(title) if title.to_lowercase() != code.to_lowercase() => format!("{said} ({title})"),
            _ => said,
        }
    }

    fn literal(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => format!("\"{text}\""),
            Value::Duration(span) => self.span(*span),
            Value::WorkingDays(n) => self.counted(*n, ("arbejdsdag", "arbejdsdage"), ("working day", "working days")),
            // Whole amounts without decimals.
            Value::Money(n) if n.trimmed().scale() == 0 => format!("{} {}", n.trimmed().show(self.lang), self.pack.currency_sign),
            other => show(other, &self.pack.currency_sign, self.lang),
        }
    }

    fn counted(&self, n: i64, da: (&str, &str), en: (&str, &str)) -> String {
        let one = n == 1;
        let word = match self.lang {
            Lang::Da => {
                if one {
                    da.0
                } else {
                    da.1
                }
            }
            Lang::En => {
                if one {
                    en.0
                } else {
                    en.1
                }
            }
        };
        format!("{n} {word}")
    }

    fn span(&self, span: Span) -> String {
        let mut parts = Vec::new();
        if span.months != 0 && span.months % 12 == 0 {
            parts.push(self.counted(span.months / 12, ("år", "år"), ("year", "years")));
        } else if span.months != 0 {
            parts.push(self.counted(span.months, ("måned", "måneder"), ("month", "months")));
        }
        if span.days != 0 && span.days % 7 == 0 {
            parts.push(self.counted(span.days / 7, ("uge", "uger"), ("week", "weeks")));
        } else if span.days != 0 {
            parts.push(self.counted(span.days, ("dag", "dage"), ("day", "days")));
        }
        if span.minutes != 0 && span.minutes % 60 == 0 {
            parts.push(self.counted(span.minutes / 60, ("time", "timer"), ("hour", "hours")));
        } else if span.minutes != 0 {
            parts.push(self.counted(span.minutes, ("minut", "minutter"), ("minute", "minutes")));
        }
        if parts.is_empty() { self.counted(0, ("dag", "dage"), ("day", "days")) } else { self.series(&parts, self.and()) }
    }

    fn arith(&self, op: Arith, a: &Expr, b: &Expr, whole: &Expr) -> String {
        if matches!(whole.ty, Ty::Value(Kind::Date | Kind::Month | Kind::Timestamp)) {
            let is_day = |side: &Expr| matches!(side.ty, Ty::Value(Kind::Date | Kind::Month | Kind::Timestamp));
            let (day, by) = if is_day(a) { (a, b) } else { (b, a) };
            let way = if op == Arith::Add { self.pick("efter", "after") } else { self.pick("før", "before") };
            return format!("{} {way} {}", self.value(by), self.value(day));
        }
        let (sign, tight) = match op {
            Arith::Add => ("+", false),
            Arith::Subtract => ("-", false),
            Arith::Multiply => ("×", true),
            Arith::Divide => ("/", true),
        };
        let left = if tight { self.factor(a) } else { self.term(a) };
        // To the right of a minus and a stroke what is itself a sum or a product stays together.
        let right = match (op, &b.node) {
            (Arith::Subtract, Node::Arith(Arith::Add | Arith::Subtract, ..)) | (Arith::Divide, Node::Arith(..)) => {
                format!("({})", self.value(b))
            }
            _ if tight => self.factor(b),
            _ => self.term(b),
        };
        format!("{left} {sign} {right}")
    }

    /// A value as a factor: a sum stands in parentheses.
    fn factor(&self, expr: &Expr) -> String {
        match &expr.node {
            Node::Arith(Arith::Add | Arith::Subtract, ..) => format!("({})", self.value(expr)),
            _ => self.term(expr),
        }
    }

    /// A value as a part of a sum: what is said in words stands in parentheses.
    fn term(&self, expr: &Expr) -> String {
        match &expr.node {
            Node::Arith(..) => self.value(expr),
            _ => self.closed(expr),
        }
    }

    /// A value that words may follow or precede: whatever is more than a name stands in parentheses.
    pub(super) fn closed(&self, expr: &Expr) -> String {
        let said = self.value(expr);
        match &expr.node {
            Node::Arith(..)
            | Node::Negate(_)
            | Node::Call(..)
            | Node::Fold(..)
            | Node::Count(_)
            | Node::CountDistinct(..)
            | Node::Either { .. }
            | Node::Pick(..) => format!("({said})"),
            _ => said,
        }
    }

    /// A number that a unit follows.
    fn number(&self, expr: &Expr) -> String {
        match &expr.node {
            Node::Lookup { .. } => format!("({})", self.value(expr)),
            _ => self.closed(expr),
        }
    }

    /// `en person med fødselsdato «født»`
    fn person(&self, born: &Expr) -> String {
        match &born.node {
            Node::Call(Function::CprDate, args) => {
                let cpr = args.first().map_or_else(String::new, |cpr| self.value(cpr));
                format!("{} {cpr}", self.pick("en person med cpr-nummer", "a person of CPR number"))
            }
            _ => format!("{} {}", self.pick("en person med fødselsdato", "a person born on"), self.closed(born)),
        }
    }

    fn call(&self, function: Function, args: &[Expr]) -> String {
        let said: Vec<String> = args.iter().map(|arg| self.closed(arg)).collect();
        let number = |i: usize| args.get(i).map_or_else(String::new, |arg| self.number(arg));
        let arg = |i: usize| said.get(i).map_or("", String::as_str);
        let literal = |i: usize| match args.get(i).map(|arg| &arg.node) {
            Some(Node::Literal(Value::Number(n))) => n.to_i64(),
            _ => None,
        };
        let of_time = args.first().is_some_and(|of| matches!(of.ty, Ty::Value(Kind::Date | Kind::Month | Kind::Timestamp)));
        let pair = |da: &str, en: &str| format!("{} {}", self.pick(da, en), arg(0));
        match function {
            Function::Round => match literal(1).unwrap_or(0) {
                0 => format!("{} {}", arg(0), self.pick("afrundet til hele", "rounded to whole ones")),
                1 => format!("{} {}", arg(0), self.pick("afrundet til 1 decimal", "rounded to 1 decimal")),
                n => format!("{} {} {n} {}", arg(0), self.pick("afrundet til", "rounded to"), self.pick("decimaler", "decimals")),
            },
            Function::Floor => format!("{} {}", arg(0), self.pick("rundet ned til hele", "rounded down to whole ones")),
            Function::Ceil => format!("{} {}", arg(0), self.pick("rundet op til hele", "rounded up to whole ones")),
            Function::Min if of_time => {
                format!("{} {}", self.pick("den tidligste af", "the earlier of"), self.series(&said, self.and()))
            }
            Function::Max if of_time => {
                format!("{} {}", self.pick("den seneste af", "the later of"), self.series(&said, self.and()))
            }
            Function::Min => format!("{} {}", self.pick("det mindste af", "the least of"), self.series(&said, self.and())),
            Function::Max => format!("{} {}", self.pick("det største af", "the greatest of"), self.series(&said, self.and())),
            Function::Abs => pair("størrelsen (uden fortegn) af", "the size (without sign) of"),
            Function::OrElse => {
                format!("{} ({} {})", arg(0), self.pick("hvis tomt:", "if empty:"), said.get(1..).unwrap_or(&[]).join(", "))
            }
            Function::Same => format!("({} {})", self.pick("om", "whether"), self.same(args)),
            Function::HowMany => format!(
                "{} {}",
                self.pick("hvor mange af dette der er opfyldt:", "how many of these hold:"),
                args.iter().map(|arg| format!("({})", self.inline(arg))).collect::<Vec<_>>().join(", ")
            ),
            Function::ToInteger => format!("{} {}", arg(0), self.pick("læst som et helt tal", "read as a whole number")),
            Function::StartOf => pair("den første dag i", "the first day of"),
            Function::EndOf => pair("den sidste dag i", "the last day of"),
            Function::Either => said.join(" / "),
            Function::Length => pair("antallet af tegn i", "the number of characters of"),
            Function::Upper => format!("{} {}", arg(0), self.pick("med store bogstaver", "in capitals")),
            Function::Lower => format!("{} {}", arg(0), self.pick("med små bogstaver", "in small letters")),
            Function::Trim => format!("{} {}", arg(0), self.pick("uden mellemrum i enderne", "without blanks at its ends")),
            Function::Substring => {
                let from = format!("{} {}", self.pick("fra tegn nr.", "from character"), arg(1));
                match args.len() {
                    0..=2 => format!("{} {} {from}", self.pick("resten af", "the rest of"), arg(0)),
                    _ => format!("{} {} {} {from}", arg(2), self.pick("tegn af", "characters of"), arg(0)),
                }
            }
            Function::Split => format!("{} {} {}", arg(0), self.pick("delt ved hvert", "cut at each"), arg(1)),
            Function::Replace => {
                format!(
                    "{} {} {} {} {}",
                    arg(0),
                    self.pick("med", "with"),
                    arg(2),
                    self.pick("i stedet for", "instead of"),
                    arg(1)
                )
            }
            Function::Year => pair("årstallet for", "the year of"),
            Function::Month => pair("månedens nummer for", "the month's number of"),
            Function::Day => pair("dagens nummer i måneden for", "the day of the month of"),
            Function::Date => format!(
                "{} {} {} {}, {} {}",
                self.pick("dag", "day"),
                arg(2),
                self.pick("i måned", "of month"),
                arg(1),
                self.pick("år", "year"),
                arg(0)
            ),
            Function::DateOf => pair("datoen for", "the date of"),
            Function::StartOfMonth => pair("den første dag i måneden for", "the first day of the month of"),
            Function::EndOfMonth => pair("den sidste dag i måneden for", "the last day of the month of"),
            Function::StartOfYear => pair("1. januar i året for", "1 January of the year of"),
            Function::Months => pair("månederne i", "the months of"),
            Function::Years => pair("antallet af hele år i", "the whole years of"),
            Function::QuarterOf => pair("kvartalet for", "the quarter of"),
            Function::Age => {
                let person = args.first().map_or_else(String::new, |born| self.person(born));
                format!("{} {} {} {person}", self.pick("alderen pr.", "the age as of"), arg(1), self.pick("for", "of"))
            }
            Function::Birthday => {
                let person = args.first().map_or_else(String::new, |born| self.person(born));
                match self.lang {
                    Lang::Da => format!("den dag, hvor {person} fylder {} år", number(1)),
                    Lang::En => format!("the day on which {person} turns {}", number(1)),
                }
            }
            Function::Weekday => pair("ugedagens nummer (mandag = 1) for", "the weekday's number (Monday = 1) of"),
            Function::DaysBetween => self.between("antallet af dage", "the days", arg(0), arg(1)),
            Function::MonthsBetween => self.between("antallet af hele måneder", "the whole months", arg(0), arg(1)),
            Function::WorkingDaysBetween => {
                let saturdays = args.len() > 2;
                let da = if saturdays { "antallet af arbejdsdage (lørdage talt med)" } else { "antallet af arbejdsdage" };
                let en = if saturdays { "the working days (Saturdays counted)" } else { "the working days" };
                self.between(da, en, arg(0), arg(1))
            }
            Function::Days => format!("{} {}", number(0), self.pick("dage", "days")),
            Function::Weeks => format!("{} {}", number(0), self.pick("uger", "weeks")),
            Function::MonthsOf => format!("{} {}", number(0), self.pick("måneder", "months")),
            Function::WorkingDays => format!("{} {}", number(0), self.pick("arbejdsdage", "working days")),
            Function::AddWorkingDays => {
                let saturdays = if args.len() > 2 { self.pick(" (lørdage talt med)", " (Saturdays counted)") } else { "" };
                let (count, way) = match args.get(1).map(|arg| &arg.node) {
                    Some(Node::Negate(count)) => (self.number(count), self.pick("før", "before")),
                    _ => (number(1), self.pick("efter", "after")),
                };
                let days =
                    if count == "1" { self.pick("arbejdsdag", "working day") } else { self.pick("arbejdsdage", "working days") };
                format!("{count} {days}{saturdays} {way} {}", arg(0))
            }
            Function::Period => {
                format!("{} {} {} {}", self.pick("perioden fra", "the period from"), arg(0), self.pick("til", "to"), arg(1))
            }
            Function::DaysIn => pair("antallet af dage i", "the number of days of"),
            Function::Clip => format!(
                "{} {} {} {}",
                self.pick("den del af", "the part of"),
                arg(0),
                self.pick("der ligger i", "that lies in"),
                arg(1)
            ),
            Function::LongestRun => pair("det længste af", "the longest of"),
            Function::SpellsOf => format!(
                "{} {}",
                self.pick("de sammenhængende forløb af", "the unbroken spells of"),
                self.series(&said, self.and())
            ),
            Function::CprDate => pair("fødselsdatoen i", "the date of birth in"),
            Function::CprClass => pair("arten af", "the class of"),
            Function::CprModulusOk => format!("{} {}", arg(0), self.pick("opfylder modulus 11", "meets modulus 11")),
            Function::AccountPart => {
                let part = arg(1).trim_matches('"').to_owned();
                format!("{} «{part}» {} {}", self.pick("delen", "the part"), self.pick("af", "of"), arg(0))
            }
        }
    }

    /// `a og b er ens eller begge tomme`
    pub(super) fn same(&self, args: &[Expr]) -> String {
        let values: Vec<String> = args.iter().map(|arg| self.closed(arg)).collect();
        format!("{} {}", self.series(&values, self.and()), self.pick("er ens eller begge tomme", "are alike or both empty"))
    }

    fn between(&self, da: &str, en: &str, from: &str, to: &str) -> String {
        format!("{} {} {from} {} {to}", self.pick(da, en), self.pick("fra", "from"), self.pick("til", "to"))
    }
}
