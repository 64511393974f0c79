//! Marks and texts of a rule.

use std::ops::Range;

use toml::de::DeValue;

use super::Reader;
use super::template::{self, Raw};
use super::toml::{Item, Written};
use crate::rule::ast::Ast;
use crate::rule::check::Checker;
use crate::rule::messages;
use crate::rule::typed::{Expr, Node, Piece, Template, Texts, Ty};
use crate::value::Kind;

/// Texts of one language, as far as they could be read.
pub(super) struct ReadTexts {
    title: Option<String>,
    why: Option<String>,
    fix: Option<String>,
    message: Option<Template>,
    labels: Vec<Option<Template>>,
    label_keys: Vec<(String, Range<usize>)>,
}

impl ReadTexts {
    pub(super) fn whole(self) -> Option<Texts> {
        Some(Texts { title: self.title?, why: self.why?, fix: self.fix?, message: self.message?, labels: self.labels })
    }
}

impl<'p> Reader<'p> {
    /// The marks as written, each with its cell where it could be read.
    pub(super) fn marks(&mut self, item: &Item<'p>) -> Vec<(String, Option<Expr>)> {
        let items = self.toml.array(item).unwrap_or_default();
        if items.is_empty() && item.get_ref().is_array() {
            self.say(item.span(), messages::mark_wanted());
        }
        let mut marks = Vec::new();
        for item in items {
            let Some(written) = self.toml.written(item) else { continue };
            let cell = self.checked(&written, |checker, ast| {
                let expr = checker.expr(ast)?;
                if is_cell(&expr) {
                    return Some(expr);
                }
                checker.say(expr.span, messages::mark_is_cell());
                None
            });
            marks.push((written.text, cell));
        }
        marks
    }

    pub(super) fn texts(&mut self, item: &Item<'p>, marks: &[(String, Option<Expr>)]) -> Option<ReadTexts> {
        let at = item.span();
        let table = self.toml.table(item)?;
        self.toml.known(table, &["title", "why", "fix", "message", "label"]);
        let [title, why, fix] = ["title", "why", "fix"].map(|key| {
            let item = self.toml.required(table, key, &at)?;
            let text = self.toml.text(item)?.trim().to_owned();
            if text.is_empty() {
                self.say(item.span(), messages::empty_text());
                return None;
            }
            Some(text)
        });
        let message = self.toml.required(table, "message", &at).and_then(|item| self.template(item));
        let mut labels = vec![None; marks.len()];
        let mut label_keys = Vec::new();
        if let Some(item) = table.get("label")
            && let Some(table) = self.toml.table(item)
        {
            for (key, item) in table {
                let word = key.get_ref();
                let Some(mark) = marks.iter().position(|(text, _)| text == word) else {
                    let near = crate::problem::nearest(word, marks.iter().map(|(text, _)| text.as_str()));
                    self.say(key.span(), messages::label_without_mark(word, near));
                    continue;
                };
                if let DeValue::Table(_) = item.get_ref() {
                    self.say(key.span(), messages::toml_wants("nøglen i anførselstegn", "the key in quotes"));
                    continue;
                }
                labels[mark] = self.template(item);
                label_keys.push((word.to_string(), key.span()));
            }
        }
        Some(ReadTexts { title, why, fix, message, labels, label_keys })
    }

    fn template(&mut self, item: &Item<'p>) -> Option<Template> {
        let written = self.toml.written(item)?;
        if written.text.trim().is_empty() {
            self.say(item.span(), messages::empty_text());
            return None;
        }
        let raw = template::cut(&written, &mut self.checker.slips);
        let mut pieces = Vec::new();
        for piece in raw {
            pieces.push(match piece {
                Raw::Text(text) => Some(Piece::Text(text)),
                Raw::Expr(range) => {
                    let text = written.text.get(range.clone()).unwrap_or("").to_owned();
                    let inner = Written { text, base: written.base + range.start };
                    self.checked(&inner, shown).map(Piece::Expr)
                }
            });
        }
        Some(Template { pieces: pieces.into_iter().collect::<Option<_>>()? })
    }

    pub(super) fn same_labels(&mut self, da: &ReadTexts, en: &ReadTexts) {
        for (one, other, words) in [(da, en, ("dansk", "Danish")), (en, da, ("engelsk", "English"))] {
            for (key, span) in &one.label_keys {
                if !other.label_keys.iter().any(|(other, _)| other == key) {
                    self.say(span.clone(), messages::label_only_in(words.0, words.1, key));
                }
            }
        }
    }
}

/// Whether an expression is a column of a row that a path of single rows leads to from a variable.
fn is_cell(expr: &Expr) -> bool {
    fn is_path(row: &Expr) -> bool {
        match &row.node {
            Node::Var(_) => matches!(row.ty, Ty::Row(_)),
            Node::Follow { row, .. } => is_path(row),
            _ => false,
        }
    }
    matches!(&expr.node, Node::Field(row, _) if is_path(row))
}

/// An expression in a text: a value that can be printed.
pub(super) fn shown(checker: &mut Checker<'_>, ast: &Ast) -> Option<Expr> {
    let expr = checker.expr(ast)?;
    let said = match expr.ty {
        Ty::Value(Kind::Money(scale)) if scale > 2 => messages::product_must_be_rounded(),
        Ty::Value(Kind::MoneyRatio) => messages::must_be_rounded(),
        Ty::Value(_) => return Some(expr),
        ty => messages::not_showable(&messages::type_words(ty, checker.pack)),
    };
    checker.say(expr.span, said);
    None
}
