//! `sagstjek eval 'EXPR'`: the value of an expression and of everything inside it, over a delivery if wanted.

use std::fmt::Write;
use std::path::Path;

use sagstjek::config::Selection;
use sagstjek::locale::Lang;
use sagstjek::night::{Answer, CheckOptions, NoAnswer, Spoken};
use sagstjek::privacy::Shown;

use super::check::refuse_personal;
use super::opened::Opened;
use super::{Outcome, book, failure, lang, print, show_mistakes, today};
use crate::args::{EvalArgs, OutputArgs};

pub(super) fn run(args: EvalArgs, output: &OutputArgs) -> Outcome {
    let day = args.extract_date.unwrap_or_else(today);
    let Some(path) = &args.data else {
        let (book, lang) = (book(&args.pack, output)?, lang(output));
        let answer = Answer::alone(&book, &args.expression, day).map_err(|why| told(why, output, lang))?;
        return show(&answer, &args.expression, &book.pack.currency_sign, lang);
    };
    over(&args, path, output)
}

/// Works the expression out over the exports at `path`.
fn over(args: &EvalArgs, path: &Path, output: &OutputArgs) -> Outcome {
    let opened = Opened::at(path, args.config.as_deref(), &args.pack, output)?;
    let (book, lang) = (&opened.book, opened.lang);
    refuse_personal(args.show_personal, false, lang)?;
    let row = match (&args.each, &args.key) {
        (Some(each), Some(key)) => {
            let (dataset, name) = each.split_once(" as ").ok_or_else(|| {
                failure(lang.pick("--each skrives «datasæt as navn»", "--each is written «dataset as name»"), lang)
            })?;
            Some(Spoken { dataset: dataset.trim(), name: name.trim(), key })
        }
        _ => None,
    };
    let gate = opened.gate(args.show_personal)?;
    let options = CheckOptions {
        extract_date: args.extract_date,
        today: today(),
        selection: Selection::default(),
        fail_on: None,
        exit_zero: false,
        threads: 0,
        ignore: opened.own_files(),
    };
    let answer = Answer::over(book, path, &gate, &options, &args.expression, row).map_err(|why| told(why, output, lang))?;
    show(&answer, &args.expression, &book.pack.currency_sign, lang)
}

fn show(answer: &Answer, expression: &str, currency: &str, lang: Lang) -> Outcome {
    let shown = |value: &Shown| match value {
        Shown::Unknown(cause, None) => format!("({}: {})", lang.pick("ukendt", "unknown"), cause.text(lang)),
        value => value.show(currency, lang),
    };
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (span, value) in &answer.steps {
        let text = expression.get(span.clone()).unwrap_or("");
        let line = (text, shown(value));
        if !lines.contains(&line) && text != expression.trim() {
            lines.push(line);
        }
    }
    let width = lines.iter().map(|(text, _)| text.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (text, value) in lines {
        let _ = writeln!(out, "  {text:width$}  = {value}");
    }
    if answer.unlisted > 0 {
        let _ = writeln!(out, "  + {} {}", answer.unlisted, lang.pick("værdier mere", "values more"));
    }
    let value = answer.value.as_ref().map_or_else(|| lang.pick("(en række)", "(a row)").to_owned(), shown);
    let _ = writeln!(out, "{value}");
    print(&out, lang)?;
    Ok(0)
}

fn told(why: NoAnswer, output: &OutputArgs, lang: Lang) -> String {
    match why {
        NoAnswer::Mistakes(mistakes) => show_mistakes(&mistakes, output, lang),
        NoAnswer::Dataset => failure(lang.pick("pakken har intet sådant datasæt", "the pack has no such dataset"), lang),
        NoAnswer::Rows(0) => failure(lang.pick("der er ingen række med den nøgle", "there is no row of that key"), lang),
        NoAnswer::Rows(n) => {
            let text = lang.pick("rækker har den nøgle; der skal være én", "rows have that key; there must be one");
            failure(&format!("{n} {text}"), lang)
        }
    }
}
