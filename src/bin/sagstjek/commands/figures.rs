//! `sagstjek figures`.

use sagstjek::config::{Entry, Selection};
use sagstjek::night::{CheckOptions, Counting};
use sagstjek::report::{figures, json};

use super::check::refuse_personal;
use super::opened::Opened;
use super::{Outcome, failure, print, today};
use crate::args::{FiguresArgs, OutputArgs};
use crate::{FAILED, terminal};

pub(super) fn run(args: FiguresArgs, output: &OutputArgs) -> Outcome {
    let opened = Opened::at(&args.path, args.config.as_deref(), &args.pack, output)?;
    let (book, lang) = (&opened.book, opened.lang);
    refuse_personal(args.show_personal, false, lang)?;
    let gate = opened.gate(args.show_personal)?;
    let wanted = Selection { select: args.only.iter().map(|word| Entry::typed(word)).collect(), ignore: Vec::new() };
    if let Some((entry, near)) = wanted.unknown(&[], &book.figures).next() {
        let hint = near.map_or(String::new(), |near| format!("; {} «{near}»?", lang.pick("mente du", "did you mean")));
        let said = lang.pick("intet nøgletal hedder", "no key figure is called");
        return Err(failure(&format!("{said} «{}»{hint}", entry.text), lang));
    }
    let takes = |of: &Selection| book.figures.iter().filter(|figure| of.takes_figure(figure)).cloned().collect();
    // What is asked for by name is printed whatever the config selects for the nightly check.
    let figures = if args.only.is_empty() { takes(&book.config.selection) } else { takes(&wanted) };
    let options = CheckOptions {
        extract_date: args.extract_date,
        today: today(),
        selection: Selection::default(),
        fail_on: None,
        exit_zero: false,
        threads: 0,
        ignore: opened.own_files(),
    };
    let counting = Counting::of(book, &args.path, &gate, &options, figures);
    let screen = terminal::options(output.color, lang);
    let tables = counting.tables(&gate);
    let problems = counting.problems(&gate, &screen);
    if (args.csv || args.json) && !problems.is_empty() {
        terminal::complain(problems.trim_end());
    }
    match (args.csv, args.json) {
        (true, _) => print(&figures::csv(&tables, lang), lang)?,
        (_, true) => print(&json::figures::document(&tables), lang)?,
        _ => {
            print(&problems, lang)?;
            print(&figures::render(&tables, &screen), lang)?;
        }
    }
    Ok(if counting.failed() { FAILED } else { 0 })
}
