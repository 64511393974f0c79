//! Tokens to the untyped tree (docs/language.md, grammar), by operator precedence. Mistakes are collected and reading goes on,
//! so that several mistakes of one expression are told at once.

mod operand;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

pub(crate) use self::words::{FOLDS, KEYWORDS, PICKS};
use self::words::{is_words, not_a_value, starts_primary};

use crate::rule::ast::{Ast, AstNode, IsWord, MAX_DEPTH, TextWord, Word};
use crate::rule::lexer::{Token, lex};
use crate::rule::messages::{self, Said, Slip};
use crate::rule::typed::{Arith, Compare, PeriodTest};

/// Parses an expression that stands at byte `base` of its file. `currency` is the word of money literals.
pub(crate) fn parse(text: &str, base: usize, currency: &str, slips: &mut Vec<Slip>) -> Ast {
    Parser::new(text, base, currency, slips).whole()
}

/// Parses an expression of a key figure, in which aggregates over the group may stand.
pub(crate) fn parse_over_group(text: &str, base: usize, currency: &str, slips: &mut Vec<Slip>) -> Ast {
    let mut parser = Parser::new(text, base, currency, slips);
    parser.over_group = true;
    parser.whole()
}

struct Parser<'a> {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    currency: &'a str,
    slips: &'a mut Vec<Slip>,
    depth: u16,
    /// Nested too deep: nothing more is read or told.
    stopped: bool,
    /// Inside `where` or `satisfies`, not bracketed.
    in_rows: bool,
    /// Folds without `for` range over the group.
    over_group: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &str, base: usize, currency: &'a str, slips: &'a mut Vec<Slip>) -> Parser<'a> {
        let tokens = lex(text, base, slips);
        Parser { tokens, at: 0, currency, slips, depth: 0, stopped: false, in_rows: false, over_group: false }
    }
}

impl Parser<'_> {
    // --- tokens ---

    fn token(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn token_after(&self, n: usize) -> &Token {
        self.tokens.get(self.at + n).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0..0, |(_, span)| span.clone())
    }

    /// End of the token before.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |(_, span)| span.end)
    }

    fn advance(&mut self) {
        if *self.token() != Token::End {
            self.at += 1;
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.token(), Token::Name(name) if &**name == word)
    }

    fn next_is_word(&self, n: usize, word: &str) -> bool {
        matches!(self.token_after(n), Token::Name(name) if &**name == word)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.token(), Token::Symbol(s) if *s == symbol)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn say(&mut self, span: Range<usize>, said: Said) {
        if !self.stopped {
            self.slips.push(Slip::new(span, said));
        }
    }

    /// Takes what must stand here, or says that it is missing and goes on without it.
    fn expect(&mut self, word: &'static str) {
        let found = match word.chars().next() {
            Some(c) if c.is_alphabetic() => self.eat_word(word),
            _ => self.eat_symbol(word),
        };
        if !found {
            self.missing(word);
        }
    }

    fn missing(&mut self, word: &'static str) {
        // What could not be read at all is told already.
        if *self.token() != Token::Bad {
            let shown = self.shown();
            self.say(self.span(), messages::expected(word, shown.as_deref()));
        }
    }

    /// The token here, as the author wrote it; `None` at the end.
    fn shown(&self) -> Option<String> {
        match self.token() {
            Token::Name(name) => Some(name.to_string()),
            Token::Number(digits) => Some(digits.clone()),
            Token::Date(day) => Some(day.to_string()),
            Token::Text(text) => Some(format!("\"{text}\"")),
            Token::Symbol(symbol) => Some((*symbol).to_owned()),
            Token::Bad => Some("?".to_owned()),
            Token::End => None,
        }
    }

    /// Enters a level of nesting; `false` when there are too many.
    fn enter(&mut self) -> bool {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.too_deep(self.span());
        }
        !self.stopped
    }

    fn too_deep(&mut self, span: Range<usize>) {
        self.say(span, messages::too_deep(MAX_DEPTH));
        self.stopped = true;
        self.at = self.tokens.len().saturating_sub(1);
    }

    fn make(&mut self, node: AstNode, span: Range<usize>) -> Ast {
        let ast = Ast::new(node, span);
        if ast.height() > MAX_DEPTH {
            self.too_deep(ast.span.clone());
            return Ast::error(ast.span);
        }
        ast
    }

    /// `f` with the rule about sources inside `where` and `satisfies` switched.
    fn within<T>(&mut self, in_rows: bool, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.in_rows, in_rows);
        let out = f(self);
        self.in_rows = before;
        out
    }

    // --- operators ---

    fn whole(&mut self) -> Ast {
        let mut parts = Vec::new();
        if *self.token() == Token::End {
            self.say(self.span(), messages::empty_expression());
            return Ast::error(self.span());
        }
        loop {
            let before = self.at;
            parts.push(self.expr());
            if *self.token() == Token::End {
                break;
            }
            // Something is left over: say it once, then read on, so that its own mistakes are told too.
            if *self.token() != Token::Bad && parts.len() == 1 {
                self.left_over();
            }
            let opens = matches!(self.token(), Token::Name(_) | Token::Number(_) | Token::Text(_) | Token::Date(_))
                || self.is_symbol("(");
            if !opens || self.at == before || self.keyword_here() {
                self.advance();
            }
            if *self.token() == Token::End {
                break;
            }
        }
        match parts.len() {
            1 => parts.pop().unwrap_or_else(|| Ast::error(0..0)),
            _ => {
                let span = parts.first().map_or(0, |p| p.span.start)..parts.last().map_or(0, |p| p.span.end);
                self.make(AstNode::Pieces(parts), span)
            }
        }
    }

    fn left_over(&mut self) {
        let shown = self.shown().unwrap_or_default();
        let before = self.at.checked_sub(1).map(|at| self.tokens[at].0.clone());
        let said = match (before, self.token_after(1)) {
            _ if self.is_word("at") => messages::at_after_what(),
            _ if shown == "%" || shown == "mod" => messages::no_remainder(),
            (Some(Token::Number(whole)), Token::Number(decimals)) if shown == "," => {
                let said = messages::decimal_comma(&whole, decimals);
                self.advance();
                said
            }
            (Some(Token::Text(_)), Token::Text(_)) if shown == "," => messages::list_in_square_brackets(),
            _ => messages::left_over(&shown),
        };
        self.say(self.span(), said);
        // A word that nothing can be made of is not told a second time.
        let alone = matches!(self.token(), Token::Name(_)) && !matches!(self.token_after(1), Token::Symbol("." | "(" | "["));
        if alone && !self.keyword_here() && crate::rule::habits::instead(&shown).is_some() {
            self.advance();
        }
    }

    /// Passes over everything up to the bracket that closes this one, and that bracket.
    fn skip_to_close(&mut self) {
        let mut open = 0_usize;
        while *self.token() != Token::End {
            if self.is_symbol("(") {
                open += 1;
            } else if self.is_symbol(")") {
                if open == 0 {
                    self.advance();
                    return;
                }
                open -= 1;
            }
            self.advance();
        }
    }

    fn keyword_here(&self) -> bool {
        matches!(self.token(), Token::Name(name) if KEYWORDS.contains(&&**name) && !starts_primary(name))
    }

    fn expr(&mut self) -> Ast {
        if !self.enter() {
            self.depth -= 1;
            return Ast::error(self.span());
        }
        let out = self.chain("or", AstNode::Or, |p| p.chain("and", AstNode::And, Self::not));
        self.depth -= 1;
        out
    }

    fn chain(&mut self, word: &str, node: impl FnOnce(Vec<Ast>) -> AstNode, part: impl Fn(&mut Self) -> Ast) -> Ast {
        let first = part(self);
        if !self.is_word(word) {
            return first;
        }
        let start = first.span.start;
        let mut parts = vec![first];
        while self.eat_word(word) {
            parts.push(part(self));
        }
        let span = start..self.end();
        self.make(node(parts), span)
    }

    fn not(&mut self) -> Ast {
        let start = self.span().start;
        if !self.eat_word("not") {
            return self.test();
        }
        let inner = if self.enter() { self.not() } else { Ast::error(self.span()) };
        self.depth -= 1;
        let span = start..self.end();
        self.make(AstNode::Not(Box::new(inner)), span)
    }

    fn comparison(&self) -> Option<Compare> {
        let Token::Symbol(symbol) = self.token() else { return None };
        Some(match *symbol {
            "=" => Compare::Equal,
            "!=" => Compare::NotEqual,
            "<" => Compare::Less,
            "<=" => Compare::LessEqual,
            ">" => Compare::Greater,
            ">=" => Compare::GreaterEqual,
            _ => return None,
        })
    }

    fn test(&mut self) -> Ast {
        let left = self.sum();
        let start = left.span.start;
        if let Some(op) = self.comparison() {
            return self.compare(left, op);
        }
        if self.eat_word("between") {
            let low = self.sum();
            self.expect("and");
            let high = self.sum();
            let span = start..self.end();
            return self.make(AstNode::Between(Box::new(left), Box::new(low), Box::new(high)), span);
        }
        if self.eat_word("is") {
            return self.is_test(left);
        }
        let negated = self.is_word("not") && self.relation_at(1).is_some();
        let Some(relation) = self.relation_at(usize::from(negated)) else { return left };
        if negated {
            self.advance();
        }
        self.advance();
        if matches!(relation, Relation::Text(TextWord::StartsWith | TextWord::EndsWith)) {
            self.advance();
        }
        let left = Box::new(left);
        let node = match relation {
            Relation::In if self.is_symbol("[") || self.bracketed_list() => {
                let close = if self.is_symbol("[") {
                    "]"
                } else {
                    self.say(self.span(), messages::list_in_square_brackets());
                    ")"
                };
                self.advance();
                let items = self.list(close, Self::nested_sum);
                AstNode::InItems { value: left, items, negated }
            }
            Relation::In => AstNode::In { value: left, right: Box::new(self.sum()), negated },
            Relation::Text(test) => AstNode::Text { test, left, right: Box::new(self.sum()), negated },
            Relation::Period(test) => AstNode::Period { test, left, right: Box::new(self.sum()), negated },
        };
        let span = start..self.end();
        self.make(node, span)
    }

    /// Whether a list stands here in round brackets: literals with commas between, or one text.
    fn bracketed_list(&self) -> bool {
        let literal = |token: &Token| matches!(token, Token::Text(_) | Token::Number(_) | Token::Date(_));
        let first = self.token_after(1);
        self.is_symbol("(")
            && literal(first)
            && match self.token_after(2) {
                Token::Symbol(",") => true,
                Token::Symbol(")") => matches!(first, Token::Text(_)),
                _ => false,
            }
    }

    fn relation_at(&self, n: usize) -> Option<Relation> {
        let Token::Name(word) = self.token_after(n) else { return None };
        Some(match &**word {
            "in" => Relation::In,
            "starts" if self.next_is_word(n + 1, "with") => Relation::Text(TextWord::StartsWith),
            "ends" if self.next_is_word(n + 1, "with") => Relation::Text(TextWord::EndsWith),
            "contains" => Relation::Text(TextWord::Contains),
            "matches" => Relation::Text(TextWord::Matches),
            "under" => Relation::Text(TextWord::Under),
            "overlaps" => Relation::Period(PeriodTest::Overlaps),
            "meets" => Relation::Period(PeriodTest::Meets),
            "during" => Relation::Period(PeriodTest::During),
            "covers" => Relation::Period(PeriodTest::Covers),
            _ => return None,
        })
    }

    fn compare(&mut self, left: Ast, op: Compare) -> Ast {
        let operator = self.span();
        self.advance();
        if let Token::Name(word) = self.token()
            && let Some(test) = not_a_value(word)
        {
            let word = word.clone();
            self.advance();
            let span = operator.start..self.end();
            let equal = op != Compare::NotEqual;
            self.say(span, messages::no_such_value(&word, is_words(&test, equal)));
            let span = left.span.start..self.end();
            return self.make(AstNode::Is { operand: Box::new(left), test, negated: !equal }, span);
        }
        let right = self.sum();
        let start = left.span.start;
        if self.comparison().is_some() {
            while self.comparison().is_some() {
                self.advance();
                self.sum();
            }
            let span = start..self.end();
            self.say(span.clone(), messages::chained_comparison());
            return Ast::error(span);
        }
        let span = start..self.end();
        self.make(AstNode::Compare(op, Box::new(left), Box::new(right)), span)
    }

    fn is_test(&mut self, operand: Ast) -> Ast {
        let negated = self.eat_word("not");
        let word = match self.token() {
            Token::Name(word) => word.to_string(),
            _ => String::new(),
        };
        let lower = word.to_lowercase();
        if lower != word && matches!(lower.as_str(), "missing" | "present" | "known") {
            self.say(self.span(), messages::write_instead(&word, &lower));
        }
        let test = match lower.as_str() {
            "missing" => IsWord::Missing,
            "present" => IsWord::Present,
            "known" => IsWord::Known,
            "null" | "empty" | "tom" | "tomt" | "blank" | "nan" | "na" | "nil" | "none" => {
                self.say(self.span(), messages::no_such_value(&word, if negated { "is present" } else { "is missing" }));
                IsWord::Missing
            }
            _ => IsWord::Row(Box::new(self.unary())),
        };
        if !matches!(test, IsWord::Row(_)) {
            self.advance();
        }
        let span = operand.span.start..self.end();
        self.make(AstNode::Is { operand: Box::new(operand), test, negated }, span)
    }

    fn sum(&mut self) -> Ast {
        self.arithmetic(&[("+", Arith::Add), ("-", Arith::Subtract)], Self::product)
    }

    fn product(&mut self) -> Ast {
        self.arithmetic(&[("*", Arith::Multiply), ("/", Arith::Divide)], Self::unary)
    }

    fn arithmetic(&mut self, operators: &[(&str, Arith)], part: impl Fn(&mut Self) -> Ast) -> Ast {
        let mut left = part(self);
        while let Some(&(symbol, op)) = operators.iter().find(|(symbol, _)| self.is_symbol(symbol)) {
            self.eat_symbol(symbol);
            let right = part(self);
            let span = left.span.start..self.end();
            left = self.make(AstNode::Arith(op, Box::new(left), Box::new(right)), span);
        }
        left
    }

    fn unary(&mut self) -> Ast {
        let start = self.span().start;
        if self.eat_symbol("-") {
            let inner = if self.enter() { self.unary() } else { Ast::error(self.span()) };
            self.depth -= 1;
            let span = start..self.end();
            return self.make(AstNode::Negate(Box::new(inner)), span);
        }
        let mut out = self.primary();
        while self.eat_symbol(".") {
            let Token::Name(name) = self.token() else {
                self.say(self.span(), messages::name_after_dot());
                break;
            };
            let word = Word { text: name.clone(), span: self.span() };
            self.advance();
            if self.eat_symbol("(") {
                let known = crate::rule::function::Function::from_name(&word.text).is_some();
                self.say(word.span, messages::method_call(&word.text, known));
                self.skip_to_close();
                while self.eat_symbol(".") {
                    self.advance();
                    if self.eat_symbol("(") {
                        self.skip_to_close();
                    }
                }
                return Ast::error(start..self.end());
            }
            let span = start..self.end();
            out = self.make(AstNode::Dot(Box::new(out), word), span);
        }
        out
    }
}

#[derive(Clone, Copy)]
enum Relation {
    In,
    Text(TextWord),
    Period(PeriodTest),
}
