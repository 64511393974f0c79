//! The rule language: rule files, lexer, parser, types, checker, explanation; and the load plan that rules give.
//!
//! `docs/language.md` is the reference.

mod ast;
mod check;
pub mod explain;
pub mod explain_figure;
mod facts;
pub mod figure;
mod file;
pub mod function;
mod habits;
mod lexer;
mod lint;
mod messages;
mod model;
pub mod mutate;
mod parser;
mod reads;
pub mod scaffold;
pub mod schema;
mod sentence;
#[cfg(test)]
mod testing;
pub mod typed;
mod visit;

pub use file::{Loaded, load_figures, load_rules, parse_expression, parse_for_row};
pub use messages::kind_words;
pub(crate) use messages::{Said, Slip, examples_fail, no_other_row, no_unknown_row, not_pinned};
pub use model::compile_model;
pub use reads::LoadPlan;
pub use sentence::sentence;
