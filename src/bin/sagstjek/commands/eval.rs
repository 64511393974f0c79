//! `sagstjek eval 'EXPR'`: the value of an expression and of everything inside it.

use std::fmt::Write;

use sagstjek::engine::eval;
use sagstjek::locale::Lang;
use sagstjek::rule::parse_expression;
use sagstjek::value::{Cell, show};

use super::{Outcome, book, lang, print, show_mistakes, today};
use crate::args::{EvalArgs, OutputArgs};

pub(super) fn run(args: EvalArgs, output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    let book = book(&args.pack, output)?;
    let expr = parse_expression(&book.pack, &args.expression).map_err(|m| show_mistakes(&m, output, lang))?;
    let found = eval(&book.pack, &expr, args.extract_date.unwrap_or_else(today));
    let currency = &book.pack.currency_sign;
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (span, cell) in &found.steps {
        let text = args.expression.get(span.clone()).unwrap_or("");
        let line = (text, cell_text(cell, currency, lang));
        if !lines.contains(&line) && text != args.expression.trim() {
            lines.push(line);
        }
    }
    let width = lines.iter().map(|(text, _)| text.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (text, value) in lines {
        let _ = writeln!(out, "  {text:width$}  = {value}");
    }
    let _ = writeln!(out, "{}", cell_text(&found.value, currency, lang));
    print(&out, lang)?;
    Ok(0)
}

fn cell_text(cell: &Cell, currency: &str, lang: Lang) -> String {
    match cell {
        Cell::Present(value) => show(value, currency, lang),
        Cell::Empty => lang.pick("(tom)", "(empty)").to_owned(),
        Cell::Unknown(cause) => format!("({}: {})", lang.pick("ukendt", "unknown"), cause.text(lang)),
    }
}
