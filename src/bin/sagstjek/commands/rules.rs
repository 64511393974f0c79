//! `sagstjek rules check | test | list | why | rates`.

use std::fmt::Write;
use std::path::Path;

use sagstjek::engine::result::RuleState;
use sagstjek::engine::{ExampleOutcome, run_examples};
use sagstjek::locale::Lang;
use sagstjek::night::Book;
use sagstjek::report::{rates, severity_word, verdict_word};
use sagstjek::rule::typed::Rule;

use super::opened::Opened;
use super::{Outcome, book, failure, lang, print, show_mistakes, today};
use crate::args::{OutputArgs, RulesAction, RulesArgs};
use crate::terminal;

pub(super) fn run(args: RulesArgs, output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    match args.action {
        RulesAction::Check { pack } => check(&book(&pack, output)?, output, lang),
        RulesAction::Test { pack, only } => test(&book(&pack, output)?, &only, lang),
        RulesAction::List { pack } => list(&book(&pack, output)?, lang),
        RulesAction::Why(args) => super::why::run(args, output),
        RulesAction::Rates { pack, config, until, json } => {
            let book = Opened::with(Path::new("."), config, &pack, output)?.book;
            let until = until.unwrap_or_else(today);
            let text = match json {
                true => rates::json(&book.pack, until),
                false => rates::text(&book.pack, until, &terminal::options(output.color, lang)),
            };
            print(&text, lang)?;
            Ok(0)
        }
    }
}

fn check(book: &Book, output: &OutputArgs, lang: Lang) -> Outcome {
    let mut out = String::new();
    if !book.lints.is_empty() {
        let _ = writeln!(out, "{}\n", show_mistakes(&book.lints, output, lang));
    }
    let (rules, examples) = (book.rules.len(), book.rules.iter().map(|r| r.examples.len()).sum::<usize>());
    let _ = match lang {
        Lang::Da => writeln!(out, "{rules} regler, {examples} eksempler, {} bemærkninger: alt kan læses", book.lints.len()),
        Lang::En => writeln!(out, "{rules} rules, {examples} examples, {} remarks: everything reads", book.lints.len()),
    };
    print(&out, lang)?;
    Ok(0)
}

fn test(book: &Book, only: &[String], lang: Lang) -> Outcome {
    let means = |word: &str, rule: &Rule| *rule.id == *word || *rule.name == *word;
    if let Some(word) = only.iter().find(|word| !book.rules.iter().any(|rule| means(word, rule))) {
        return Err(failure(&format!("{} «{word}»", lang.pick("ingen regel hedder", "no rule is called")), lang));
    }
    let mut out = String::new();
    let (mut passed, mut failed) = (0, 0);
    for rule in book.rules.iter().filter(|rule| only.is_empty() || only.iter().any(|word| means(word, rule))) {
        let outcomes = run_examples(&book.pack, &book.model, rule);
        let wrong: Vec<&ExampleOutcome> = outcomes.iter().filter(|outcome| !outcome.passed()).collect();
        passed += outcomes.len() - wrong.len();
        failed += wrong.len();
        let mark = if wrong.is_empty() { "ok" } else { lang.pick("FEJL", "FAILED") };
        let _ = writeln!(out, "{:<8} {:<48} {:>3}/{} {mark}", rule.id, rule.name, outcomes.len() - wrong.len(), outcomes.len());
        for outcome in wrong {
            explain_failure(&mut out, rule, outcome, lang);
        }
    }
    let _ = match lang {
        Lang::Da => writeln!(out, "\n{passed} eksempler gav det ventede, {failed} gjorde ikke"),
        Lang::En => writeln!(out, "\n{passed} examples gave what they should, {failed} did not"),
    };
    print(&out, lang)?;
    Ok(u8::from(failed > 0))
}

fn explain_failure(out: &mut String, rule: &Rule, outcome: &ExampleOutcome, lang: Lang) {
    let before = rule.file.text.get(..outcome.span.start).unwrap_or("");
    let _ = writeln!(out, "  {}:{}", rule.file.path, before.matches('\n').count() + 1);
    if outcome.state != RuleState::Ran {
        let _ = writeln!(out, "    {}", lang.pick("reglen blev sprunget over", "the rule was skipped"));
    }
    for row in outcome.rows.iter().filter(|row| !row.passed()) {
        let got: Vec<&str> = row.got.iter().map(|v| verdict_word(*v, lang)).collect();
        let got = if got.is_empty() { lang.pick("ingen række", "no row").to_owned() } else { got.join(", ") };
        let (expected, word) = (lang.pick("ventet", "expected"), lang.pick("fik", "got"));
        let key = row.key.as_deref().unwrap_or("*");
        let _ = writeln!(out, "    {key}: {expected} {}, {word} {got}", verdict_word(row.expected, lang));
    }
}

fn list(book: &Book, lang: Lang) -> Outcome {
    let mut out = String::new();
    for family in &book.pack.families {
        let rules: Vec<&Rule> = book.rules.iter().filter(|rule| *rule.family == *family.folder).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", family.title.get(lang));
        for rule in rules {
            let _ = writeln!(out, "  {:<8} {:<10} {}", rule.id, severity_word(rule.severity, lang), rule.title().get(lang));
        }
    }
    print(&out, lang)?;
    Ok(0)
}
