//! `sagstjek explain ID`.

use std::fmt::Write;

use sagstjek::locale::Lang;
use sagstjek::night::Book;
use sagstjek::problem::nearest;
use sagstjek::report::{severity_word, wrap};
use sagstjek::rule::explain::{Explanation, explain};
use sagstjek::rule::explain_figure::explain_figure;
use sagstjek::rule::figure::KeyFigure;
use sagstjek::rule::typed::Rule;

use super::{Outcome, book, failure, lang, print};
use crate::args::{ExplainArgs, OutputArgs};

/// Columns that the text is laid out for.
const WIDTH: usize = 98;

pub(super) fn run(args: ExplainArgs, output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    let book = book(&args.pack, output)?;
    if let Some(figure) = book.figures.iter().find(|f| *f.id == *args.rule || *f.name == *args.rule) {
        print(&of_figure(&book, figure, lang), lang)?;
        return Ok(0);
    }
    let rule = find_rule(&book, &args.rule, lang)?;
    let told = explain(rule, &book.pack, lang);
    let mut out = String::new();
    let _ = writeln!(out, "{} {}\n{} / {}", told.id, told.title, told.family, told.name);
    in_words(&mut out, lang.pick("Reglen i ord", "The rule in words"), &told.sentence);
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

fn of_figure(book: &Book, figure: &KeyFigure, lang: Lang) -> String {
    let (told, texts) = (explain_figure(figure, &book.pack, lang), figure.texts(lang));
    let mut out = String::new();
    let _ = writeln!(out, "{} {}\n{} / {}", figure.id, texts.title, told.folder, figure.name);
    section(&mut out, lang.pick("Hvad det viser", "What it shows"), &texts.why);
    if let Some(note) = &texts.note {
        section(&mut out, lang.pick("Bemærk", "Note"), note);
    }
    if let Some(source) = &figure.source {
        section(&mut out, lang.pick("Kilde", "Source"), source);
    }
    let each = &book.pack.get(figure.each).name;
    let _ = writeln!(out, "\n{} {each} ({})", lang.pick("Nøgletallet tæller", "The key figure counts"), figure.row.0);
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect();
    columns(&mut out, "  ", told.expressions.iter().map(|(key, text)| (*key, lines(text))).collect());
    let _ = writeln!(out, "\n{}", lang.pick("Kolonner", "Columns"));
    let written = |value: &str, share: &Option<String>| {
        let share = share.as_ref().map(|share| format!(", {} {share}", lang.pick("andel", "share")));
        format!("{value}{}", share.unwrap_or_default())
    };
    let rows = told.columns.iter().map(|(title, value, share)| (title.as_str(), wrap(&written(value, share), WIDTH - 30)));
    columns(&mut out, "  ", rows.collect());
    let rows = [
        (lang.pick("Spor", "Tracks"), figure.tracks.join(", ")),
        (lang.pick("Læser", "Reads"), told.reads.join(", ")),
        (lang.pick("Tabeller", "Tables"), told.tables.join(", ")),
        (lang.pick("Siden", "Since"), figure.since.clone()),
        (lang.pick("Fil", "File"), figure.file.path.to_string()),
    ];
    let _ = writeln!(out);
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    columns(&mut out, "", filled.map(|(key, value)| (key, wrap(&value, WIDTH - 20))).collect());
    out
}

/// The rule of this id or name.
pub(super) fn find_rule<'b>(book: &'b Book, word: &str, lang: Lang) -> Result<&'b Rule, String> {
    book.rules.iter().find(|r| *r.id == *word || *r.name == *word).ok_or_else(|| {
        let figures = book.figures.iter().flat_map(|f| [&*f.id, &*f.name]);
        let near = nearest(word, book.rules.iter().flat_map(|r| [&*r.id, &*r.name]).chain(figures));
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

/// Sentences and their lists; what a line cannot hold stands under its own first word.
fn in_words(out: &mut String, heading: &str, lines: &[String]) {
    let _ = writeln!(out, "\n{heading}");
    for line in lines {
        let text = line.trim_start();
        let lead = line.len() - text.len();
        let (bullet, text) = text.strip_prefix("- ").map_or(("", text), |text| ("- ", text));
        for (i, part) in wrap(text, WIDTH - 2 - lead - bullet.len()).iter().enumerate() {
            let mark = if i == 0 { bullet } else { "" };
            let _ = writeln!(out, "  {:lead$}{mark:width$}{part}", "", width = bullet.len());
        }
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
