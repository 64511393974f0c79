//! Operands: literals, names, calls, and what ranges over rows.

use std::sync::Arc;

use super::words::{AGGREGATES, FOLDS, KEYWORDS, PICKS, UNITS, ends_part, meant_unit};
use super::{Parser, Token};
use crate::rule::ast::{Ast, AstNode, RowsAst, Word};
use crate::rule::figure::Aggregation;
use crate::rule::habits::{is_currency, quantifier};
use crate::rule::messages;
use crate::rule::typed::{Fold, Pick, Quantifier};
use crate::value::{Decimal, Span, Value};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Ast {
        let span = self.span();
        match self.token().clone() {
            Token::Bad => {
                self.advance();
                Ast::error(span)
            }
            Token::Date(day) => {
                self.advance();
                Ast::new(AstNode::Literal(Value::Date(day)), span)
            }
            Token::Text(text) => {
                self.advance();
                Ast::new(AstNode::Literal(Value::Text(text)), span)
            }
            Token::Number(digits) => self.number(&digits),
            Token::Symbol("(") => {
                self.advance();
                let mut inner = self.within(false, Self::expr);
                self.expect(")");
                inner.bracketed = true;
                inner.span = span.start..self.end();
                inner
            }
            Token::Name(word) => self.word(&word),
            Token::Symbol(_) | Token::End => {
                let shown = self.shown();
                let joined = matches!(self.at.checked_sub(1).map(|at| &self.tokens[at].0), Some(Token::Name(word)) if matches!(&**word, "or" | "and"));
                let said = match &shown {
                    Some(sign) if joined && self.comparison().is_some() => messages::left_side_again(sign),
                    shown => messages::expected_value(shown.as_deref()),
                };
                self.say(span.clone(), said);
                // A sign that can neither begin nor end anything is passed over.
                if matches!(self.token(), Token::Symbol("." | "%" | "*" | "/" | "+" | "[")) {
                    self.advance();
                }
                Ast::error(span)
            }
        }
    }

    fn number(&mut self, digits: &str) -> Ast {
        let start = self.span().start;
        self.advance();
        if let Some(decimals) = self.decimal_comma() {
            self.advance();
            self.advance();
            self.say(start..self.end(), messages::decimal_comma(digits, &decimals));
            if self.money_word().is_some() {
                self.advance();
            }
            return Ast::error(start..self.end());
        }
        let number = Decimal::parse(digits);
        let mut node = match number {
            Some(number) => AstNode::Literal(Value::Number(number)),
            None => {
                self.say(start..self.end(), messages::number_too_large());
                AstNode::Error
            }
        };
        if self.is_symbol("%") {
            self.advance();
            node = number.map_or(AstNode::Error, |n| AstNode::Literal(Value::Percent(n)));
        } else if let Some(word) = self.money_word() {
            if word != self.currency {
                let said = messages::other_currency(&word, digits, self.currency);
                self.say(self.span(), said);
            }
            self.advance();
            if self.is_symbol(".") && !matches!(self.token_after(1), Token::Name(_)) {
                self.say(self.span(), messages::write_instead(&format!("{word}."), self.currency));
                self.advance();
            }
            if let Some(n) = number {
                node = AstNode::Literal(Value::Money(n));
                if !matches!(n.scale(), 0 | 2) {
                    self.say(start..self.end(), messages::money_decimals(digits, self.currency));
                    node = AstNode::Error;
                }
            }
        } else if let Token::Name(word) = self.token().clone() {
            let of_days = self.next_is_word(1, "day") || self.next_is_word(1, "days");
            if &*word == "business" && of_days {
                self.say(self.span(), messages::unknown_unit(&word, "working"));
            }
            let working = matches!(&*word, "working" | "business") && of_days;
            let unit = UNITS.iter().find(|u| u.0 == &*word);
            if working || unit.is_some() {
                self.advance();
                if working {
                    self.advance();
                }
                node = match (number.filter(|n| n.scale() == 0).and_then(Decimal::to_i64), unit) {
                    (Some(n), None) => AstNode::Literal(Value::WorkingDays(n)),
                    (Some(n), Some(&(_, months, days, minutes))) => {
                        let times = |by: i64| n.checked_mul(by);
                        match (times(months), times(days), times(minutes)) {
                            (Some(months), Some(days), Some(minutes)) => {
                                AstNode::Literal(Value::Duration(Span { months, days, minutes }))
                            }
                            _ => {
                                self.say(start..self.end(), messages::number_too_large());
                                AstNode::Error
                            }
                        }
                    }
                    (None, _) => {
                        if number.is_some() {
                            self.say(start..self.end(), messages::whole_durations());
                        }
                        AstNode::Error
                    }
                };
            } else if let Some(unit) = meant_unit(&word) {
                self.say(self.span(), messages::unknown_unit(&word, unit));
                self.advance();
                node = AstNode::Error;
            }
        }
        let span = start..self.end();
        Ast::new(node, span)
    }

    /// The decimals behind a comma in an amount: `1.000,50 kr`. Without the word of an amount a comma parts arguments.
    fn decimal_comma(&self) -> Option<String> {
        let Token::Number(decimals) = self.token_after(1) else { return None };
        let Token::Name(word) = self.token_after(2) else { return None };
        let close = self.tokens.get(self.at + 1).is_some_and(|(_, span)| span.start == self.span().end);
        let amount = **word == *self.currency || is_currency(word);
        (self.is_symbol(",") && close && amount).then(|| decimals.clone())
    }

    /// The word of an amount, where one stands here: the pack's, or another.
    fn money_word(&self) -> Option<String> {
        let Token::Name(word) = self.token() else { return None };
        (&**word == self.currency || is_currency(word)).then(|| word.to_string())
    }

    fn word(&mut self, word: &Arc<str>) -> Ast {
        let span = self.span();
        let called = matches!(self.token_after(1), Token::Symbol("("));
        if let (Some(meant), Token::Name(_)) = (quantifier(word), self.token_after(1))
            && self.next_is_word(2, "in")
        {
            if meant != &**word {
                self.say(span, messages::write_instead(word, meant));
            }
            return self.quantified(meant);
        }
        let when = matches!(self.token_after(1), Token::Name(next) if next.eq_ignore_ascii_case("when"));
        if &**word == "CASE" || (word.eq_ignore_ascii_case("case") && when) {
            // What stands behind it is one thing to write anew.
            self.slips.retain(|slip| slip.span.start < span.start);
            self.say(span.clone(), messages::case_when());
            self.at = self.tokens.len().saturating_sub(1);
            return Ast::error(span);
        }
        if &**word == self.currency && matches!(self.token_after(1), Token::Number(_)) {
            self.advance();
            let shown = self.shown().unwrap_or_default();
            self.say(span.start..self.span().end, messages::money_behind(&shown, self.currency));
            self.advance();
            return Ast::error(span.start..self.end());
        }
        match &**word {
            "true" | "false" => {
                self.advance();
                Ast::new(AstNode::Literal(Value::Bool(&**word == "true")), span)
            }
            "hvis" if !called => self.condition(),
            "if" => self.condition(),
            "every" | "some" | "no" => self.quantified(word),
            "count" if called => self.count(),
            "missing" | "present" | "known" if called => {
                self.say(span.clone(), messages::between_values(word));
                self.advance();
                self.advance();
                self.skip_to_close();
                Ast::error(span.start..self.end())
            }
            "missing" | "present" | "known" | "null" => {
                self.advance();
                self.say(span.clone(), messages::no_such_value(word, "is missing"));
                Ast::error(span)
            }
            "extract_date" => self.name(word),
            "matches" | "contains" | "between" | "starts" | "ends" | "overlaps" | "meets" | "during" | "covers" | "under"
                if called =>
            {
                self.say(span.clone(), messages::between_values(word));
                self.advance();
                self.advance();
                self.skip_to_close();
                Ast::error(span.start..self.end())
            }
            _ if KEYWORDS.contains(&&**word) => {
                self.say(span.clone(), messages::expected_value(Some(word)));
                // Words that end an outer part are left for it.
                if !ends_part(word) {
                    self.advance();
                }
                Ast::error(span)
            }
            _ if called => match PICKS.iter().find(|p| p.0 == &**word) {
                Some(&(_, pick)) => self.pick(pick),
                None => self.call(word),
            },
            _ => self.name(word),
        }
    }

    fn name(&mut self, word: &Arc<str>) -> Ast {
        let name = Word { text: word.clone(), span: self.span() };
        self.advance();
        let keys = if self.eat_symbol("[") { self.list("]", Self::expr) } else { Vec::new() };
        let at = if self.eat_word("at") {
            let day = if self.enter() { self.unary() } else { Ast::error(self.span()) };
            self.depth -= 1;
            Some(Box::new(day))
        } else {
            None
        };
        let span = name.span.start..self.end();
        let node = if keys.is_empty() && at.is_none() { AstNode::Name(word.clone()) } else { AstNode::Lookup { name, keys, at } };
        self.make(node, span)
    }

    /// Parts separated by commas up to the closing sign.
    pub(super) fn list(&mut self, close: &'static str, part: impl Fn(&mut Self) -> Ast) -> Vec<Ast> {
        let mut parts = Vec::new();
        self.within(false, |p| {
            if p.eat_symbol(close) {
                return;
            }
            loop {
                parts.push(part(p));
                if !p.eat_symbol(",") {
                    break;
                }
            }
            p.expect(close);
        });
        parts
    }

    pub(super) fn nested_sum(&mut self) -> Ast {
        let out = if self.enter() { self.sum() } else { Ast::error(self.span()) };
        self.depth -= 1;
        out
    }

    fn condition(&mut self) -> Ast {
        let start = self.span().start;
        if !self.is_word("if") {
            self.say(self.span(), messages::write_instead("hvis", "if"));
        }
        self.advance();
        let when = self.within(false, Self::expr);
        self.expect("then");
        let then = self.within(false, Self::expr);
        if !self.eat_word("else") {
            self.say(self.span(), messages::else_missing());
            return Ast::error(start..self.end());
        }
        let in_rows = self.in_rows;
        let other = self.within(in_rows, Self::expr);
        let span = start..self.end();
        self.make(AstNode::If(Box::new(when), Box::new(then), Box::new(other)), span)
    }

    fn quantified(&mut self, word: &str) -> Ast {
        let start = self.span().start;
        if self.in_rows {
            self.say(self.span(), messages::source_needs_brackets());
        }
        let quantifier = match word {
            "every" => Quantifier::Every,
            "some" => Quantifier::Some,
            _ => Quantifier::No,
        };
        self.advance();
        let unnamed = matches!(self.token_after(1), Token::Symbol(".")) || self.next_is_word(1, "where");
        if unnamed && matches!(self.token(), Token::Name(_)) {
            return self.without_rows(word, start);
        }
        let rows = self.rows();
        let satisfies = self.eat_word("satisfies").then(|| Box::new(self.within(true, Self::expr)));
        if satisfies.is_none() && quantifier == Quantifier::Every && *self.token() != Token::Bad {
            self.say(self.span(), messages::satisfies_missing());
        }
        let span = start..self.end();
        match rows {
            Some(rows) => self.make(AstNode::Quantified { quantifier, rows, satisfies }, span),
            None => Ast::error(span),
        }
    }

    fn rows(&mut self) -> Option<RowsAst> {
        let name = self.plain_name();
        if self.is_symbol("=") {
            self.say(self.span(), messages::expected("in", Some("=")));
            self.advance();
        } else {
            self.expect("in");
        }
        let mut path: Vec<Word> = self.plain_name().into_iter().collect();
        while !path.is_empty() && self.eat_symbol(".") {
            let Token::Name(step) = self.token().clone() else {
                self.say(self.span(), messages::name_after_dot());
                break;
            };
            path.push(Word { text: step, span: self.span() });
            self.advance();
        }
        if self.is_word("if") || self.is_word("when") {
            let word = self.shown().unwrap_or_default();
            self.say(self.span(), messages::write_instead(&word, "where"));
            self.advance();
            let filter = Some(Box::new(self.within(true, Self::expr)));
            return Some(RowsAst { name: name?, path, filter }).filter(|rows| !rows.path.is_empty());
        }
        let filter = self.eat_word("where").then(|| Box::new(self.within(true, Self::expr)));
        Some(RowsAst { name: name?, path, filter }).filter(|rows| !rows.path.is_empty())
    }

    fn plain_name(&mut self) -> Option<Word> {
        match self.token().clone() {
            Token::Name(text) if !KEYWORDS.contains(&&*text) => {
                let span = self.span();
                self.advance();
                Some(Word { text, span })
            }
            Token::Bad => {
                self.advance();
                None
            }
            _ => {
                let shown = self.shown();
                self.say(self.span(), messages::expected_name(shown.as_deref()));
                None
            }
        }
    }

    /// Whether `name in` stands here.
    fn rows_here(&self) -> bool {
        matches!(self.token(), Token::Name(_))
            && (self.next_is_word(1, "in") || matches!(self.token_after(1), Token::Symbol("=")))
    }

    /// Whether `for` stands before the bracket that closes this one.
    fn for_ahead(&self) -> bool {
        self.ahead(|token| matches!(token, Token::Name(word) if &**word == "for"))
    }

    /// Whether a comma does.
    fn comma_ahead(&self) -> bool {
        self.ahead(|token| *token == Token::Symbol(","))
    }

    /// Whether such a token stands before the bracket that closes this one, in no other brackets.
    fn ahead(&self, is: impl Fn(&Token) -> bool) -> bool {
        let mut open = 0_usize;
        for (token, _) in self.tokens.iter().skip(self.at) {
            match token {
                Token::Symbol("(" | "[") => open += 1,
                Token::Symbol(")" | "]") if open == 0 => return false,
                Token::Symbol(")" | "]") => open -= 1,
                token if open == 0 && is(token) => return true,
                _ => {}
            }
        }
        false
    }

    /// Says that a word ranges over rows, with the path that stands in its brackets, and passes over them.
    fn without_rows(&mut self, word: &str, start: usize) -> Ast {
        let from = self.span().start;
        self.eat_word("distinct");
        let mut path: Vec<String> = Vec::new();
        while let Token::Name(step) = self.token().clone() {
            path.push(step.to_string());
            self.advance();
            if !self.eat_symbol(".") {
                break;
            }
        }
        let of_column = !matches!(word, "count") && path.len() > 2;
        let searches = matches!(word, "some" | "every" | "no");
        let column = if of_column && !searches { path.pop() } else { None };
        // Of one name only `count` can tell that it is rows.
        let path = (path.len() > 1 || ((word == "count" || searches) && !path.is_empty())).then(|| path.join("."));
        if searches {
            // What follows speaks of rows that have no name yet.
            self.at = self.tokens.len().saturating_sub(1);
        } else {
            self.skip_to_close();
        }
        let said = messages::rows_wanted(word, path.as_deref(), column.as_deref());
        self.say(from..self.end().max(from), said);
        Ast::error(start..self.end())
    }

    fn count(&mut self) -> Ast {
        let start = self.span().start;
        self.advance();
        self.advance();
        if self.over_group && !self.at_rows() && !(self.is_word("distinct") && self.for_ahead()) {
            let node = self.within(false, Self::count_group);
            let span = start..self.end();
            return self.make(node, span);
        }
        let word = if self.is_word("distinct") { "count distinct" } else { "count" };
        if (word == "count" && !self.rows_here()) || (word == "count distinct" && !self.for_ahead()) {
            return self.without_rows(word, start);
        }
        let node = self.within(false, |p| {
            let distinct = p.eat_word("distinct").then(|| {
                let what = p.nested_sum();
                p.expect("for");
                what
            });
            let rows = p.rows();
            p.expect(")");
            match (distinct, rows) {
                (None, Some(rows)) => AstNode::Count(rows),
                (Some(what), Some(rows)) => AstNode::CountDistinct(Box::new(what), rows),
                (_, None) => AstNode::Error,
            }
        });
        let span = start..self.end();
        self.make(node, span)
    }

    /// Whether `name in path` stands here.
    fn at_rows(&self) -> bool {
        let name = |n: usize| matches!(self.token_after(n), Token::Name(word) if !KEYWORDS.contains(&&**word));
        name(0) && self.next_is_word(1, "in") && name(2)
    }

    /// What follows `count(` where it counts the group: nothing, a condition, or `distinct` and a value.
    fn count_group(&mut self) -> AstNode {
        if self.eat_symbol(")") {
            return AstNode::Aggregate(Aggregation::Count, None);
        }
        let distinct = self.eat_word("distinct");
        let of = if distinct { self.nested_sum() } else { self.expr() };
        self.expect(")");
        AstNode::Aggregate(if distinct { Aggregation::Distinct } else { Aggregation::Count }, Some(Box::new(of)))
    }

    fn pick(&mut self, pick: Pick) -> Ast {
        let start = self.span().start;
        let word = self.shown().unwrap_or_default();
        self.advance();
        self.advance();
        if !self.rows_here() {
            return self.without_rows(&word, start);
        }
        let node = self.within(false, |p| {
            let rows = p.rows();
            if p.is_word("order") {
                p.say(p.span(), messages::write_instead("order by", "by"));
                p.advance();
            }
            if p.is_symbol(")") && rows.is_some() {
                p.say(p.span(), messages::by_missing());
                p.advance();
                return AstNode::Error;
            }
            p.expect("by");
            let mut by = vec![p.nested_sum()];
            while p.eat_symbol(",") {
                by.push(p.nested_sum());
            }
            p.expect(")");
            rows.map_or(AstNode::Error, |rows| AstNode::Pick(pick, rows, by))
        });
        let span = start..self.end();
        self.make(node, span)
    }

    fn call(&mut self, word: &Arc<str>) -> Ast {
        let name = Word { text: word.clone(), span: self.span() };
        let fold = FOLDS.iter().find(|f| f.0 == &**word).map(|f| f.1);
        self.advance();
        self.advance();
        let unknown = fold.is_none() && crate::rule::function::Function::from_name(word).is_none();
        if unknown && self.at_rows() {
            let known = FOLDS.iter().map(|f| f.0).chain(PICKS.iter().map(|p| p.0)).chain(["count"]);
            self.say(name.span.clone(), messages::unknown_function(word, known));
            self.skip_to_close();
            return Ast::error(name.span.start..self.end());
        }
        let plain = matches!(fold, None | Some(Fold::Min | Fold::Max | Fold::Spells));
        let aggregates = self.over_group && !self.for_ahead();
        let over = AGGREGATES.iter().find(|f| aggregates && f.0 == &**word && (!plain || !self.comma_ahead()));
        if !plain && over.is_none() && !self.for_ahead() {
            return self.without_rows(word, name.span.start);
        }
        let node = self.within(false, |p| {
            let mut parts = Vec::new();
            if p.eat_symbol(")") {
                return AstNode::Call(name.clone(), parts);
            }
            loop {
                parts.push(p.expr());
                if !p.eat_symbol(",") {
                    break;
                }
            }
            let mut node = None;
            if p.is_word("for") {
                if fold.is_none() {
                    p.say(p.span(), messages::for_only_in_folds(word));
                }
                p.advance();
                let rows = p.rows();
                node = Some(match (fold, rows) {
                    (Some(fold), Some(rows)) => AstNode::Fold(fold, std::mem::take(&mut parts), rows),
                    _ => AstNode::Error,
                });
            } else if let Some(&(_, over)) = over {
                if parts.len() != 1 {
                    p.say(name.span.start..p.span().end, messages::argument_count(word, "1", parts.len(), &format!("{word}(x)")));
                }
                node = parts.pop().map(|of| AstNode::Aggregate(over, Some(Box::new(of))));
            }
            p.expect(")");
            node.unwrap_or_else(|| AstNode::Call(name.clone(), parts))
        });
        let span = name.span.start..self.end();
        self.make(node, span)
    }
}
