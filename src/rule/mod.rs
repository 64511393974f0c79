//! The rule language: rule files, lexer, parser, types, checker, explanation; and the load plan that rules give.

pub mod function;
pub mod typed;
