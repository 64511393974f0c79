//! Conditions: as something that holds (`er udfyldt`) or must (`skal være udfyldt`), and their negations.

use super::Speaker;
use super::block::{Block, Joined};
use crate::locale::Lang;
use crate::rule::function::Function;
use crate::rule::typed::{Compare, Expr, IsTest, Node, PeriodTest, Quantifier, TextTest, Ty};
use crate::value::{Kind, Value};

/// How a condition is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It holds.
    Holds,
    /// It must hold.
    Must,
}

/// Letters of a clause that still stands well beside another.
const SHORT: usize = 110;

/// A verb: Danish present and infinitive, English present and infinitive.
type Verb = (&'static str, &'static str, &'static str, &'static str);

const BE: Verb = ("er", "være", "is", "be");

impl Speaker<'_> {
    /// Whether an expression is a condition.
    pub(super) fn is_condition(&self, expr: &Expr) -> bool {
        expr.ty == Ty::Value(Kind::Bool)
    }

    /// Subject, verb, and the rest.
    fn clause(&self, subject: &str, verb: Verb, rest: &str, mode: Mode, negated: bool) -> Block {
        let (da, da_infinitive, en, en_infinitive) = verb;
        let danish = match (mode, negated) {
            (Mode::Holds, false) => da.to_owned(),
            (Mode::Holds, true) => format!("{da} ikke"),
            (Mode::Must, false) => format!("skal {da_infinitive}"),
            (Mode::Must, true) => format!("må ikke {da_infinitive}"),
        };
        let english = match (mode, negated) {
            (Mode::Holds, false) => en.to_owned(),
            (Mode::Holds, true) if verb == BE => "is not".to_owned(),
            (Mode::Holds, true) => format!("does not {en_infinitive}"),
            (Mode::Must, false) => format!("must {en_infinitive}"),
            (Mode::Must, true) => format!("must not {en_infinitive}"),
        };
        Block::line(format!("{subject} {} {rest}", self.pick(&danish, &english)).trim_end().to_owned())
    }

    /// A condition in words.
    pub(super) fn condition(&self, expr: &Expr, mode: Mode, negated: bool) -> Block {
        match &expr.node {
            Node::Not(operand) => self.condition(operand, mode, !negated),
            Node::And(parts) => self.joined(parts, Joined::All, mode, negated),
            Node::Or(parts) => self.joined(parts, Joined::Any, mode, negated),
            Node::Compare(op, a, b) => {
                let (subject, rest) = (self.value(a), self.beside(b, a));
                let words = self.compared(*op, a.ty, &rest);
                self.clause(&subject, BE, &words, mode, negated)
            }
            Node::Between(value, low, high) => {
                let (low, high) = (self.value(low), self.value(high));
                let rest = format!(
                    "{} {low} {} {high} {}",
                    self.pick("mellem", "between"),
                    self.and(),
                    self.pick("(begge med)", "(both included)")
                );
                self.clause(&self.value(value), BE, &rest, mode, negated)
            }
            Node::Is { operand, test, negated: is_not } => self.is(operand, test, mode, negated != *is_not),
            Node::InItems { value, items, negated: is_not } => {
                let items: Vec<String> = items.iter().map(|item| self.beside(item, value)).collect();
                self.one_of(&self.value(value), &items, mode, negated != *is_not)
            }
            Node::InList { value, list, negated: is_not } => {
                let rest = format!("{} {}", self.pick("blandt", "among"), self.value(list));
                self.clause(&self.beside(value, list), BE, &rest, mode, negated != *is_not)
            }
            Node::InCodes { value, list, at, negated: is_not } => {
                let title = self.pack.lists[list.index()].title.get(self.lang);
                let mut rest = format!("{} «{title}»", self.pick("på listen", "on the list"));
                if let Some(at) = at {
                    rest.push_str(&format!(" {} {}", self.pick("pr.", "as of"), self.value(at)));
                }
                self.clause(&self.value(value), BE, &rest, mode, negated != *is_not)
            }
            Node::Text { test, left, right, negated: is_not } => {
                let (verb, rest) = self.text_test(test, &self.beside(right, left));
                self.clause(&self.value(left), verb, &rest, mode, negated != *is_not)
            }
            Node::Period { test, left, right, negated: is_not } => {
                let verb = match test {
                    PeriodTest::Overlaps => ("overlapper", "overlappe", "overlaps", "overlap"),
                    PeriodTest::Meets => ("støder op til", "støde op til", "borders on", "border on"),
                    PeriodTest::During => ("ligger inden for", "ligge inden for", "lies within", "lie within"),
                    PeriodTest::Covers => ("dækker", "dække", "covers", "cover"),
                };
                self.clause(&self.value(left), verb, &self.value(right), mode, negated != *is_not)
            }
            Node::Quantified { quantifier, rows, satisfies } => {
                self.quantified(*quantifier, rows, satisfies.as_deref(), mode, negated)
            }
            Node::If(condition, then, otherwise) => {
                let lead = format!("{} {}: ", self.pick("hvis", "if"), self.inline(condition));
                let then = self.condition(then, mode, negated).after(&lead);
                let otherwise = self.condition(otherwise, mode, negated).after(self.pick("ellers: ", "else: "));
                Block::list(self.pick("dette gælder:", "this holds:"), vec![then, otherwise])
            }
            Node::Either { first, second, .. } => {
                let other =
                    self.condition(second, mode, negated).after(self.pick("efter en anden læsning: ", "by another reading: "));
                let items = vec![self.condition(first, mode, negated), other];
                Block::list(self.pick("loven kan læses på to måder:", "the law can be read in two ways:"), items)
            }
            Node::Call(Function::Same, args) => {
                let values: Vec<String> = args.iter().map(|arg| self.closed(arg)).collect();
                let verb = if self.lang == Lang::En { ("", "", "are", "be") } else { BE };
                let alike = self.pick("ens eller begge tomme", "alike or both empty");
                let subject = self.series(&values, self.and());
                match (self.lang, mode, negated) {
                    (Lang::En, Mode::Holds, true) => Block::line(format!("{subject} are not {alike}")),
                    _ => self.clause(&subject, verb, alike, mode, negated),
                }
            }
            Node::Literal(Value::Bool(yes)) => {
                let words = if *yes != negated {
                    self.pick("det er altid opfyldt", "it always holds")
                } else {
                    self.pick("det er aldrig opfyldt", "it never holds")
                };
                Block::line(words.to_owned())
            }
            _ => {
                let answer = if negated { self.pick("nej", "no") } else { self.pick("ja", "yes") };
                self.clause(&self.value(expr), BE, answer, mode, false)
            }
        }
    }

    /// `er enten A eller B`, `er hverken A eller B`
    fn one_of(&self, subject: &str, items: &[String], mode: Mode, negated: bool) -> Block {
        if let [only] = items {
            return self.clause(subject, BE, only, mode, negated);
        }
        let words = match (mode, negated, items.len()) {
            (Mode::Holds, false, 2) => self.pick("er enten", "is either"),
            (Mode::Holds, false, _) => self.pick("er enten", "is one of"),
            (Mode::Holds, true, _) => self.pick("er hverken", "is neither"),
            (Mode::Must, false, 2) => self.pick("skal være enten", "must be either"),
            (Mode::Must, false, _) => self.pick("skal være enten", "must be one of"),
            (Mode::Must, true, _) => self.pick("må hverken være", "must be neither"),
        };
        let last = if negated { self.pick("eller", "nor") } else { self.or() };
        Block::line(format!("{subject} {words} {}", self.series(items, last)))
    }

    /// A condition in one line.
    pub(super) fn inline(&self, expr: &Expr) -> String {
        self.condition(expr, Mode::Holds, false).flat(self.and(), self.or())
    }

    pub(super) fn and(&self) -> &'static str {
        self.lang.pick("og", "and")
    }

    pub(super) fn or(&self) -> &'static str {
        self.lang.pick("eller", "or")
    }

    /// `a, b eller c`
    pub(super) fn series(&self, items: &[String], last: &str) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
        }
    }

    /// Several conditions: beside each other where they are short, else as a list.
    fn joined(&self, parts: &[Expr], joined: Joined, mode: Mode, negated: bool) -> Block {
        let inner = if negated { Mode::Holds } else { mode };
        let said = self.merged(parts, joined, inner);
        if let ([_], false) = (said.as_slice(), negated) {
            return said.into_iter().next().unwrap_or_else(Block::nothing);
        }
        let word = if joined == Joined::All { self.and() } else { self.or() };
        let length: usize = said.iter().map(Block::length).sum();
        if !negated && said.len() <= 3 && length <= SHORT && said.iter().all(Block::is_simple) {
            let texts: Vec<String> = said.into_iter().map(Block::line_text).collect();
            return Block::compound(texts.join(&format!(" {word} ")));
        }
        let said = if mode == Mode::Must { self.merged(parts, joined, Mode::Holds) } else { said };
        let head = match (joined, negated, mode) {
            (Joined::All, false, Mode::Holds) => self.pick("alt dette er opfyldt:", "all of this holds:"),
            (Joined::All, false, Mode::Must) => self.pick("alt dette skal være opfyldt:", "all of this must hold:"),
            (Joined::All, true, Mode::Holds) => self.pick("ikke alt dette er opfyldt:", "not all of this holds:"),
            (Joined::All, true, Mode::Must) => self.pick("ikke alt dette må være opfyldt:", "not all of this may hold:"),
            (_, false, Mode::Holds) => self.pick("mindst ét af dette er opfyldt:", "at least one of these holds:"),
            (_, false, Mode::Must) => self.pick("mindst ét af dette skal være opfyldt:", "at least one of these must hold:"),
            (_, true, Mode::Holds) => self.pick("intet af dette er opfyldt:", "none of this holds:"),
            (_, true, Mode::Must) => self.pick("intet af dette må være opfyldt:", "none of this may hold:"),
        };
        Block::joined(head, if negated { self.pick("ikke", "not") } else { "" }, joined, said)
    }

    /// The parts in words; neighbours that say the same of one value are said together: `hører under A, B eller C`,
    /// `er kendt og udfyldt`.
    fn merged(&self, parts: &[Expr], joined: Joined, mode: Mode) -> Vec<Block> {
        let mut said = Vec::new();
        let mut left = parts;
        while let [first, rest @ ..] = left {
            left = rest;
            match &first.node {
                Node::Text { test, left: of, right, negated: false } if joined == Joined::Any => {
                    let subject = self.value(of);
                    let mut values = vec![self.beside(right, of)];
                    while let [next, rest @ ..] = left
                        && let Node::Text { test: also, left: of, right, negated: false } = &next.node
                        && also == test
                        && self.value(of) == subject
                    {
                        values.push(self.beside(right, of));
                        left = rest;
                    }
                    let (verb, rest) = self.text_test(test, &self.series(&values, self.or()));
                    let clause = self.clause(&subject, verb, &rest, mode, false);
                    // Beside an `and` an `or` of its own would be read wrongly.
                    said.push(if values.len() > 1 { Block::compound(clause.line_text()) } else { clause });
                }
                Node::Is { operand, test: IsTest::Known, negated: false } if joined == Joined::All => {
                    let subject = self.value(operand);
                    let filled = match left {
                        [next, ..] => match &next.node {
                            Node::Is { operand, test: IsTest::Present, negated: false } => self.value(operand) == subject,
                            _ => false,
                        },
                        [] => false,
                    };
                    if filled {
                        left = left.get(1..).unwrap_or(&[]);
                        said.push(self.clause(&subject, BE, self.pick("kendt og udfyldt", "known and filled in"), mode, false));
                    } else {
                        said.push(self.condition(first, mode, false));
                    }
                }
                _ => said.push(self.condition(first, mode, false)),
            }
        }
        said
    }

    fn compared(&self, op: Compare, ty: Ty, rest: &str) -> String {
        let of_time = matches!(ty, Ty::Value(Kind::Date | Kind::Month | Kind::Timestamp));
        let word = match (op, of_time) {
            (Compare::Equal, _) => "",
            (Compare::NotEqual, _) => self.pick("andet end ", "other than "),
            (Compare::Less, true) => self.pick("før ", "before "),
            (Compare::LessEqual, true) => self.pick("senest ", "no later than "),
            (Compare::Greater, true) => self.pick("efter ", "after "),
            (Compare::GreaterEqual, true) => self.pick("tidligst ", "no earlier than "),
            (Compare::Less, false) => self.pick("under ", "below "),
            (Compare::LessEqual, false) => self.pick("højst ", "at most "),
            (Compare::Greater, false) => self.pick("over ", "above "),
            (Compare::GreaterEqual, false) => self.pick("mindst ", "at least "),
        };
        format!("{word}{rest}")
    }

    fn is(&self, operand: &Expr, test: &IsTest, mode: Mode, negated: bool) -> Block {
        let subject = self.value(operand);
        let of_row = matches!(operand.ty, Ty::Row(_));
        let exist = ("findes", "findes", "exists", "exist");
        match test {
            IsTest::Missing if of_row => self.clause(&subject, exist, "", mode, !negated),
            IsTest::Present if of_row => self.clause(&subject, exist, "", mode, negated),
            IsTest::Missing => self.clause(&subject, BE, self.pick("tomt", "empty"), mode, negated),
            IsTest::Present => self.clause(&subject, BE, self.pick("udfyldt", "filled in"), mode, negated),
            IsTest::Known => self.clause(&subject, BE, self.pick("kendt", "known"), mode, negated),
            IsTest::SameRow(other) => self.clause(&subject, BE, &self.value(other), mode, negated),
        }
    }

    fn text_test(&self, test: &TextTest, rest: &str) -> (Verb, String) {
        let verb = match test {
            TextTest::StartsWith => ("begynder med", "begynde med", "starts with", "start with"),
            TextTest::EndsWith => ("slutter med", "slutte med", "ends with", "end with"),
            TextTest::Contains => ("indeholder", "indeholde", "contains", "contain"),
            TextTest::Matches(pattern) => {
                let verb = ("følger helt mønstret", "følge helt mønstret", "wholly matches", "wholly match");
                return (verb, format!("\"{}\"", pattern.0.as_str()));
            }
            TextTest::Under => ("hører under", "høre under", "lies under", "lie under"),
        };
        (verb, rest.to_owned())
    }

    fn quantified(
        &self,
        quantifier: Quantifier,
        rows: &crate::rule::typed::Rows,
        satisfies: Option<&Expr>,
        mode: Mode,
        negated: bool,
    ) -> Block {
        let noun = self.noun(rows);
        let there_is = |negated: bool| match (mode, negated) {
            (Mode::Holds, false) => self.pick("der findes mindst 1", "there is at least 1"),
            (Mode::Holds, true) => self.pick("der findes ikke", "there is no"),
            (Mode::Must, false) => self.pick("der skal findes mindst 1", "there must be at least 1"),
            (Mode::Must, true) => self.pick("der må ikke findes", "there must be no"),
        };
        match quantifier {
            Quantifier::Some | Quantifier::No => {
                let none = (quantifier == Quantifier::No) != negated;
                let conditions: Vec<&Expr> = rows.filter.iter().chain(satisfies).collect();
                self.where_clause(format!("{} {noun}", there_is(none)), &conditions)
            }
            Quantifier::Every => {
                let inner = if negated { Mode::Holds } else { mode };
                let filter: Vec<&Expr> = rows.filter.iter().collect();
                let whom = self.where_clause(noun, &filter).flat(self.and(), self.or());
                let each = if negated {
                    self.pick("det gælder ikke for hver", "it does not hold for each")
                } else {
                    self.pick("for hver", "for each")
                };
                let said = satisfies.map_or_else(Block::nothing, |satisfies| self.condition(satisfies, inner, false));
                let comma = if filter.is_empty() { "" } else { "," };
                let colon = if negated { self.pick(", at", " that") } else { self.pick(" gælder, at", " it holds that") };
                said.after(&format!("{each} {whom}{comma}{} ", colon.strip_prefix(comma).filter(|_| negated).unwrap_or(colon)))
            }
        }
    }

    /// `..., hvor A og B`, or with a list of what holds of the row.
    pub(super) fn where_clause(&self, lead: String, conditions: &[&Expr]) -> Block {
        if conditions.is_empty() {
            return Block::line(lead);
        }
        let flat: Vec<Expr> = conditions
            .iter()
            .flat_map(|condition| match &condition.node {
                Node::And(parts) => parts.clone(),
                _ => vec![(*condition).clone()],
            })
            .collect();
        let said = self.joined(&flat, Joined::All, Mode::Holds, false).after(&format!("{lead}, {} ", self.pick("hvor", "where")));
        if said.is_line() { Block::compound(said.line_text()) } else { said }
    }
}
