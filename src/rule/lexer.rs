//! Text to tokens. A slip of the pen (`==`, `&&`, `≤`) is reported and read as what was meant, so that reading goes on.

use std::ops::Range;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::habits;
use super::messages::{self, Slip};
use crate::calendar::Date;

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name or keyword, NFC.
    Name(Arc<str>),
    /// Digits, perhaps with a decimal point; without underscores.
    Number(String),
    Date(Date),
    /// A text without its quotes.
    Text(Arc<str>),
    /// `= != < <= > >= + - * / % ( ) [ ] , .`
    Symbol(&'static str),
    /// Something that could not be read; reported already.
    Bad,
    End,
}

/// Tokens of an expression, the last one [`Token::End`]. Spans have `base` added.
pub(crate) fn lex(text: &str, base: usize, slips: &mut Vec<Slip>) -> Vec<(Token, Range<usize>)> {
    let mut lexer = Lexer { text, at: 0, base, slips };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    tokens.push((Token::End, base + text.len()..base + text.len()));
    tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    base: usize,
    slips: &'a mut Vec<Slip>,
}

/// Symbols, longest first, with what each is read as and whether it is a slip.
const SYMBOLS: &[(&str, &str, bool)] = &[
    ("==", "=", true),
    ("!=", "!=", false),
    ("<>", "!=", true),
    ("<=", "<=", false),
    ("=<", "<=", true),
    (">=", ">=", false),
    ("=>", ">=", true),
    ("=~", "matches", true),
    ("&&", "and", true),
    ("||", "or", true),
    ("&", "and", true),
    ("|", "or", true),
    ("~", "not", true),
    (":", "satisfies", true),
    ("{", "[", true),
    ("}", "]", true),
    ("≤", "<=", true),
    ("≥", ">=", true),
    ("≠", "!=", true),
    ("−", "-", true),
    ("–", "-", true),
    ("=", "=", false),
    ("<", "<", false),
    (">", ">", false),
    ("!", "not", true),
    ("+", "+", false),
    ("-", "-", false),
    ("*", "*", false),
    ("/", "/", false),
    ("%", "%", false),
    ("(", "(", false),
    (")", ")", false),
    ("[", "[", false),
    ("]", "]", false),
    (",", ",", false),
    (".", ".", false),
];

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn span(&self, from: usize) -> Range<usize> {
        self.base + from..self.base + self.at
    }

    fn next(&mut self) -> Option<(Token, Range<usize>)> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let start = self.at;
        let first = self.rest().chars().next()?;
        let token = if first.is_ascii_digit() {
            self.number()
        } else if first.is_alphabetic() || first == '_' {
            self.name()
        } else if matches!(first, '"' | '“' | '”' | '„') || (first == '\'' && self.rest()[1..].contains('\'')) {
            self.quoted(first)
        } else {
            self.symbol(first)
        };
        Some((token, self.span(start)))
    }

    fn name(&mut self) -> Token {
        let end = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_' || is_combining_mark(c)));
        let word = &self.text[self.at..self.at + end.unwrap_or(self.rest().len())];
        let start = self.at;
        self.at += word.len();
        let name: String = word.nfc().collect();
        // After a dot every word is a name.
        let free = !self.text[..start].trim_end().ends_with('.');
        match habits::read_as(&name).filter(|_| free) {
            Some(read) => {
                if read != "null" {
                    self.slips.push(Slip::new(self.span(start), messages::write_instead(&name, read)));
                }
                Token::Name(read.into())
            }
            None => Token::Name(name.into()),
        }
    }

    fn quoted(&mut self, first: char) -> Token {
        let start = self.at;
        self.at += first.len_utf8();
        let closes = |c: char| match first {
            '"' | '\'' => c == first,
            _ => matches!(c, '"' | '“' | '”'),
        };
        let mut out = String::new();
        let mut closed = false;
        let mut chars = self.text[self.at..].char_indices().peekable();
        let mut length = self.text.len() - self.at;
        while let Some((i, c)) = chars.next() {
            if !closes(c) {
                out.push(c);
            } else if c == '"' && chars.peek().is_some_and(|&(_, next)| next == '"') {
                out.push('"');
                chars.next();
            } else {
                closed = true;
                length = i + c.len_utf8();
                break;
            }
        }
        self.at += length;
        if !closed {
            self.slips.push(Slip::new(self.span(start), messages::text_never_closed()));
        } else if first == '\'' {
            self.slips.push(Slip::new(self.span(start), messages::single_quotes(&out)));
        } else if first != '"' {
            self.slips.push(Slip::new(self.span(start), messages::curly_quotes(&out)));
        }
        // A text of blanks only is one that somebody looks for.
        let plain = crate::value::canonical_text(&out);
        Token::Text(if plain.is_empty() { out.as_str().into() } else { plain.into() })
    }

    fn symbol(&mut self, first: char) -> Token {
        let start = self.at;
        for &(written, read, slip) in SYMBOLS {
            if self.rest().starts_with(written) {
                self.at += written.len();
                if slip {
                    self.slips.push(Slip::new(self.span(start), messages::write_instead(written, read)));
                }
                return match read {
                    "and" | "or" | "not" | "matches" | "satisfies" => Token::Name(read.into()),
                    _ => Token::Symbol(read),
                };
            }
        }
        self.at += first.len_utf8();
        let said = if first == '\'' { messages::single_quote() } else { messages::unknown_sign(first) };
        self.slips.push(Slip::new(self.span(start), said));
        Token::Bad
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        if let Some(token) = self.date() {
            return token;
        }
        let bytes = self.text.as_bytes();
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        let mut seen_point = false;
        let mut end = start;
        loop {
            let c = bytes.get(end);
            let takes = match c {
                Some(b'0'..=b'9') => true,
                Some(b'_') => digit(end + 1),
                Some(b'.') if !seen_point && digit(end + 1) => {
                    seen_point = true;
                    true
                }
                _ => false,
            };
            if !takes {
                break;
            }
            end += 1;
        }
        self.at = end;
        let digits = self.text[start..end].replace('_', "");
        // `1.000.000`: points between groups of three.
        let grouped = |rest: &str| rest.starts_with('.') && rest.bytes().skip(1).take_while(u8::is_ascii_digit).count() == 3;
        if seen_point && digits.split('.').nth(1).is_some_and(|group| group.len() == 3) && grouped(self.rest()) {
            while grouped(self.rest()) {
                self.at += 4;
            }
            let written = &self.text[start..self.at];
            self.slips.push(Slip::new(self.span(start), messages::write_instead(written, &written.replace('.', "_"))));
            return Token::Number(written.replace('.', ""));
        }
        Token::Number(digits)
    }

    /// A day, or something that was meant as one: `2024-1-31`, `31-01-2024`, `31.1.2024`, `31/01/2024`.
    fn date(&mut self) -> Option<Token> {
        let start = self.at;
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.' | '/'))).unwrap_or(rest.len());
        let run = rest[..end].trim_end_matches(['-', '.', '/']);
        let iso = iso_shape(run)?;
        self.at += run.len();
        let date = Date::parse_iso(&iso);
        let written = &self.text[start..self.at];
        match date {
            Some(date) => {
                if written != iso {
                    let said = messages::date_shape(&iso);
                    self.slips.push(Slip::new(self.span(start), said));
                }
                Some(Token::Date(date))
            }
            None => {
                self.slips.push(Slip::new(self.span(start), messages::no_such_date()));
                Some(Token::Bad)
            }
        }
    }
}

/// What was meant as a day, as the language writes it: `2024-1-31`, `31-01-2024`, `31.1.2024`, `31/01/2024`, `2024/01/31`.
pub(super) fn iso_shape(text: &str) -> Option<String> {
    let sign = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '.' | '/'))?;
    let parts: Vec<&str> = text.split(sign).collect();
    let &[a, b, c] = parts.as_slice() else { return None };
    let digits = |part: &str, lengths: &[usize]| lengths.contains(&part.len()) && part.bytes().all(|d| d.is_ascii_digit());
    let (year, day) = if digits(a, &[4]) && digits(c, &[1, 2]) && sign != '.' {
        (a, c)
    } else if digits(a, &[1, 2]) && digits(c, &[4]) {
        (c, a)
    } else {
        return None;
    };
    digits(b, &[1, 2]).then(|| format!("{year}-{b:0>2}-{day:0>2}"))
}
