//! `sagstjek explain ID`.

use std::fmt::Write;

use sagstjek::locale::Lang;
use sagstjek::night::Book;
use sagstjek::problem::nearest;
use sagstjek::report::{severity_word, wrap};
use sagstjek::rule::explain::{Explanation, explain};
use sagstjek::rule::typed::Rule;

use super::{Outcome, book, failure, lang, print};
use crate::args::{ExplainArgs, OutputArgs};

/// Columns that the text is laid out for.
const WIDTH: usize = 98;

pub(super) fn run(args: ExplainArgs, output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    let book = book(&args.pack, output)?;
    let rule = find_rule(&book, &args.rule, lang)?;
    let told = explain(rule, &book.pack, lang);
    let mut out = String::new();
    let _ = writeln!(out, "{} {}\n{} / {}", told.id, told.title, told.family, told.name);
    section(&mut out, lang.pick("Hvorfor", "Why"), &told.why);
    section(&mut out, lang.pick("Sådan rettes det", "How to mend it"), &told.fix);
    section(&mut out, lang.pick("Lovgrundlag", "Legal basis"), &told.legal.join("\n"));
    let _ = writeln!(out, "\n{} {} ({})", lang.pick("Reglen ser på", "The rule looks at"), told.each.0, told.each.1);
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect();
    columns(&mut out, "  ", told.expressions.iter().map(|(key, text)| (*key, lines(text))).collect());
    facts(&mut out, rule, &told, lang);
    print(&out, lang)?;
    Ok(0)
}

/// The rule of this id or name.
pub(super) fn find_rule<'b>(book: &'b Book, word: &str, lang: Lang) -> Result<&'b Rule, String> {
    book.rules.iter().find(|r| *r.id == *word || *r.name == *word).ok_or_else(|| {
        let near = nearest(word, book.rules.iter().flat_map(|r| [&*r.id, &*r.name]));
        let hint = near.map_or(String::new(), |near| format!("; {} «{near}»?", lang.pick("mente du", "did you mean")));
        failure(&format!("{} «{word}»{hint}", lang.pick("ingen regel hedder", "no rule is called")), lang)
    })
}

fn section(out: &mut String, heading: &str, text: &str) {
    let _ = writeln!(out, "\n{heading}");
    for line in text.trim().lines().flat_map(|line| wrap(line.trim(), WIDTH - 2)) {
        let _ = writeln!(out, "  {line}");
    }
}

fn facts(out: &mut String, rule: &Rule, told: &Explanation, lang: Lang) {
    let closed = if told.closed_cases {
        lang.pick("også lukkede sager", "closed cases too")
    } else {
        lang.pick("åbne sager", "open cases")
    };
    let rows = [
        (lang.pick("Alvor", "Severity"), severity_word(rule.severity, lang).to_owned()),
        (lang.pick("Omfang", "Scope"), closed.to_owned()),
        (lang.pick("Spor", "Tracks"), told.tracks.join(", ")),
        (lang.pick("Tid pr. fund", "Effort per finding"), format!("{} min.", told.effort)),
        (lang.pick("Kolonner", "Columns"), told.columns.join(", ")),
        (lang.pick("Tabeller", "Tables"), told.tables.join(", ")),
        (lang.pick("Siden", "Since"), told.since.clone()),
        (lang.pick("Fil", "File"), told.file.clone()),
    ];
    let _ = writeln!(out);
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    columns(out, "", filled.map(|(key, value)| (key, wrap(&value, WIDTH - 20))).collect());
}

/// Keys in a column, their lines beside them.
fn columns(out: &mut String, lead: &str, rows: Vec<(&str, Vec<String>)>) {
    let width = rows.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
    for (key, lines) in rows {
        for (i, line) in lines.iter().enumerate() {
            let _ = writeln!(out, "{lead}{:width$}  {line}", if i == 0 { key } else { "" });
        }
    }
}
