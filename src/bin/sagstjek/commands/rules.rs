//! `sagstjek rules check | test | list | new | why | plan | rates`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use sagstjek::engine::{self, ExampleOutcome, run_examples, run_figure_examples};
use sagstjek::locale::Lang;
use sagstjek::night::Book;
use sagstjek::problem::Mistake;
use sagstjek::report::tested::{self, Tested};
use sagstjek::report::tested_figures::{self, TestedFigure};
use sagstjek::report::{rates, severity_word};
use sagstjek::rule::figure::KeyFigure;
use sagstjek::rule::scaffold::{self, Scaffold};
use sagstjek::rule::typed::Rule;

use super::opened::Opened;
use super::{Outcome, book, failure, lang, print, show_mistakes, shown, today};
use crate::args::{OutputArgs, RulesAction, RulesArgs};
use crate::terminal;

pub(super) fn run(args: RulesArgs, output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    match args.action {
        RulesAction::Check { pack } => check(&book(&pack, output)?, output, lang),
        RulesAction::Test { pack, coverage, mutate, only } => test(&book(&pack, output)?, &only, (coverage, mutate), output),
        RulesAction::List { pack } => list(&book(&pack, output)?, lang),
        RulesAction::New { name, each, pack } => {
            // The first rule of one's own makes the folder.
            if let Some(folder) = &pack.rules {
                std::fs::create_dir_all(folder).map_err(|error| failure(&format!("{}: {error}", shown(folder)), lang))?;
            }
            new(&book(&pack, output)?, (&name, &each), pack.rules.as_deref(), lang)
        }
        RulesAction::Plan(args) => super::plan::run(args, output),
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
    let of_examples = book.rules.iter().flat_map(|rule| engine::remarks(&book.pack, &book.model, rule));
    let remarks: Vec<Mistake> = book.lints.iter().cloned().chain(of_examples).collect();
    if !remarks.is_empty() {
        let _ = writeln!(out, "{}\n", show_mistakes(&remarks, output, lang));
    }
    let (rules, figures, remarks) = (book.rules.len(), book.figures.len(), remarks.len());
    let of_rules = book.rules.iter().map(|rule| rule.examples.len());
    let examples: usize = of_rules.chain(book.figures.iter().map(|figure| figure.examples.len())).sum();
    let _ = match lang {
        Lang::Da => {
            writeln!(out, "{rules} regler, {figures} nøgletal, {examples} eksempler, {remarks} bemærkninger: alt kan læses")
        }
        Lang::En => {
            writeln!(out, "{rules} rules, {figures} key figures, {examples} examples, {remarks} remarks: everything reads")
        }
    };
    print(&out, lang)?;
    Ok(0)
}

fn test(book: &Book, only: &[String], (coverage, mutate): (bool, bool), output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    let means = |word: &str, rule: &Rule| *rule.id == *word || *rule.name == *word;
    let means_figure = |word: &str, figure: &KeyFigure| *figure.id == *word || *figure.name == *word;
    let known = |word: &str| {
        book.rules.iter().any(|rule| means(word, rule)) || book.figures.iter().any(|figure| means_figure(word, figure))
    };
    if let Some(word) = only.iter().find(|word| !known(word)) {
        return Err(failure(&format!("{} «{word}»", lang.pick("ingen regel hedder", "no rule is called")), lang));
    }
    let rules = book.rules.iter().filter(|rule| only.is_empty() || only.iter().any(|word| means(word, rule)));
    let tested: Vec<Tested<'_>> = rules
        .map(|rule| {
            let outcomes = run_examples(&book.pack, &book.model, rule);
            let coverage = engine::coverage(&book.pack, &book.model, rule);
            // Examples that fail already notice everything.
            let mutate = mutate && outcomes.iter().all(ExampleOutcome::passed);
            Tested { rule, outcomes, coverage, mutation: mutate.then(|| engine::mutate(&book.pack, &book.model, rule)) }
        })
        .collect();
    let figures = book.figures.iter().filter(|figure| only.is_empty() || only.iter().any(|word| means_figure(word, figure)));
    let of_figures: Vec<TestedFigure<'_>> =
        figures.map(|figure| TestedFigure { figure, outcomes: run_figure_examples(&book.pack, &book.model, figure) }).collect();
    let options = terminal::options(output.color, lang);
    if !of_figures.is_empty() {
        print(&tested_figures::render_figures(&of_figures, &options), lang)?;
    }
    if !tested.is_empty() {
        print(&tested::render(&tested, coverage, &options), lang)?;
    }
    Ok(u8::from(tested.iter().any(|t| t.faults() > 0) || of_figures.iter().any(|t| t.faults() > 0)))
}

/// Writes the rule into the folder of `--rules`; without one it is printed.
fn new(book: &Book, (name, each): (&str, &str), folder: Option<&Path>, lang: Lang) -> Outcome {
    let pack = &book.pack;
    let (family, stem) = name.split_once('/').unwrap_or(("", name));
    let known = |said: (&str, &str), word: &str, all: Vec<&str>| {
        let list = all.join(", ");
        failure(&format!("{} «{word}»; {} {list}", lang.pick(said.0, said.1), lang.pick("her kendes:", "known here:")), lang)
    };
    let families = || pack.families.iter().map(|f| f.folder.as_str()).collect();
    let family = pack
        .families
        .iter()
        .find(|f| f.folder == family)
        .ok_or_else(|| known(("ingen familie hedder", "no family is called"), family, families()))?;
    let datasets = || pack.datasets.iter().map(|d| &*d.name).collect();
    let dataset = pack.datasets.iter().find(|d| &*d.name == each);
    let dataset = dataset.ok_or_else(|| known(("intet datasæt hedder", "no dataset is called"), each, datasets()))?;
    let text = scaffold::text(pack, &book.rules, &Scaffold { family, dataset });
    let Some(folder) = folder else {
        print(&text, lang)?;
        return Ok(0);
    };
    let path = folder.join(&family.folder).join(format!("{stem}.toml"));
    let fail = |error: std::io::Error| failure(&format!("{}: {error}", shown(&path)), lang);
    path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(fail)?;
    std::fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(fail)?;
    print(&format!("{}\n", shown(&path)), lang)?;
    Ok(0)
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
    for folder in &book.pack.figure_folders {
        let figures: Vec<&KeyFigure> = book.figures.iter().filter(|figure| *figure.folder == *folder.folder).collect();
        if figures.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", folder.title.get(lang));
        for figure in figures {
            let _ = writeln!(out, "  {:<8} {:<10} {}", figure.id, "", figure.title().get(lang));
        }
    }
    print(&out, lang)?;
    Ok(0)
}
