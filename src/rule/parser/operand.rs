//! Operands: literals, names, calls, and what ranges over rows.

use std::sync::Arc;

use super::words::{FOLDS, KEYWORDS, PICKS, UNITS, ends_part, meant_unit};
use super::{Parser, Token};
use crate::rule::ast::{Ast, AstNode, RowsAst, Word};
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
                self.say(span.clone(), messages::expected_value(shown.as_deref()));
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
        } else if self.is_word(self.currency) {
            self.advance();
            if let Some(n) = number {
                node = AstNode::Literal(Value::Money(n));
                if !matches!(n.scale(), 0 | 2) {
                    self.say(start..self.end(), messages::money_decimals(digits, self.currency));
                    node = AstNode::Error;
                }
            }
        } else if let Token::Name(word) = self.token().clone() {
            let working = &*word == "working" && (self.next_is_word(1, "day") || self.next_is_word(1, "days"));
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

    fn word(&mut self, word: &Arc<str>) -> Ast {
        let span = self.span();
        let called = matches!(self.token_after(1), Token::Symbol("("));
        match &**word {
            "true" | "false" => {
                self.advance();
                Ast::new(AstNode::Literal(Value::Bool(&**word == "true")), span)
            }
            "if" => self.condition(),
            "every" | "some" | "no" => self.quantified(),
            "count" if called => self.count(),
            "missing" | "present" | "known" | "null" => {
                self.advance();
                self.say(span.clone(), messages::no_such_value(word, "is missing"));
                Ast::error(span)
            }
            "extract_date" => self.name(word),
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
        self.advance();
        let when = self.within(false, Self::expr);
        self.expect("then");
        let then = self.within(false, Self::expr);
        self.expect("else");
        let in_rows = self.in_rows;
        let other = self.within(in_rows, Self::expr);
        let span = start..self.end();
        self.make(AstNode::If(Box::new(when), Box::new(then), Box::new(other)), span)
    }

    fn quantified(&mut self) -> Ast {
        let start = self.span().start;
        if self.in_rows {
            self.say(self.span(), messages::source_needs_brackets());
        }
        let quantifier = match self.token() {
            Token::Name(word) if &**word == "every" => Quantifier::Every,
            Token::Name(word) if &**word == "some" => Quantifier::Some,
            _ => Quantifier::No,
        };
        self.advance();
        let rows = self.rows();
        let satisfies = self.eat_word("satisfies").then(|| Box::new(self.within(true, Self::expr)));
        if satisfies.is_none() && quantifier == Quantifier::Every {
            self.missing("satisfies");
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

    fn count(&mut self) -> Ast {
        let start = self.span().start;
        self.advance();
        self.advance();
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

    fn pick(&mut self, pick: Pick) -> Ast {
        let start = self.span().start;
        self.advance();
        self.advance();
        let node = self.within(false, |p| {
            let rows = p.rows();
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
            } else if fold.is_some() && !matches!(fold, Some(Fold::Min | Fold::Max | Fold::Spells)) {
                p.missing("for");
                node = Some(AstNode::Error);
            }
            p.expect(")");
            node.unwrap_or_else(|| AstNode::Call(name.clone(), parts))
        });
        let span = name.span.start..self.end();
        self.make(node, span)
    }
}
