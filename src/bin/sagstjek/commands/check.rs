//! `sagstjek check`.

use std::path::Path;

use sagstjek::config::{Entry, Selection};
use sagstjek::locale::{Lang, Localized};
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::problem::Problem;
use sagstjek::report::{Format, render};
use sagstjek::rule::figure::KeyFigure;

use super::opened::Opened;
use super::{Outcome, failure, print, show_mistakes, shown, today};
use crate::args::{CheckArgs, FormatArg, OutputArgs};
use crate::progress::Bar;
use crate::{FAILED, terminal};

pub(super) fn run(args: CheckArgs, output: &OutputArgs) -> Outcome {
    let opened = Opened::at(&args.path, args.config.as_deref(), &args.pack, output)?;
    let (book, lang) = (&opened.book, opened.lang);
    refuse_personal(args.show_personal, args.format.iter().any(|f| f.file.is_some()), lang)?;
    let gate = opened.gate(args.show_personal)?;
    refuse_unprotected_files(&args, &gate, lang)?;
    let options = CheckOptions {
        extract_date: args.extract_date,
        today: today(),
        selection: selection(&args, book, lang)?,
        fail_on: args.fail_on,
        exit_zero: args.exit_zero,
        threads: args.threads.unwrap_or(0),
        ignore: opened.own_files(),
    };
    // Only these forms show key figures; the others need not read their columns.
    let shows = formats(&args).iter().any(|f| matches!(f.format, Format::Full | Format::Json));
    let takes =
        |figure: &&KeyFigure| shows && book.config.selection.takes_figure(figure) && options.selection.takes_figure(figure);
    let figures = book.figures.iter().filter(takes).cloned().collect();
    let bar = Bar::new(lang);
    let night = Night::with_figures(book, &args.path, &gate, &options, figures, bar.progress());
    drop(bar);
    let night = night.map_err(|error| failure(&error.to_string(), lang))?;
    if !night.unmatched.is_empty() {
        terminal::complain(&show_mistakes(&night.unmatched, output, lang));
    }
    let report = night.report(&gate);
    let mut code = report.exit_code();
    for FormatArg { format, file } in formats(&args) {
        match file {
            None => print(&render(&report, format, &terminal::options(output.color, lang)), lang)?,
            Some(path) => {
                if let Err(problem) = write(&path, &render(&report, format, &terminal::file_options(lang))) {
                    terminal::complain(&failure(&problem.text(lang), lang));
                    code = FAILED;
                }
            }
        }
    }
    Ok(code)
}

/// Formats asked for; the screen for people when none goes to stdout.
fn formats(args: &CheckArgs) -> Vec<FormatArg> {
    let mut formats = args.format.clone();
    if formats.iter().all(|f| f.file.is_some()) {
        formats.insert(0, FormatArg { format: Format::Terminal, file: None });
    }
    formats
}

/// Writes beside the target first, so that a failure leaves what was there.
fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".ny");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Problem::WriteFailed { path: shown(path), why: error.to_string() }
    })
}

/// Personal data is for a person at a terminal, never for a log.
pub(super) fn refuse_personal(show: bool, to_file: bool, lang: Lang) -> Result<(), String> {
    if show && (terminal::is_ci() || !terminal::is_interactive() || to_file) {
        let text = lang.pick(
            "--show-personal viser personoplysninger og virker kun på en terminal, ikke i CI eller til filer",
            "--show-personal shows personal data and works on a terminal only, not in CI or to files",
        );
        return Err(failure(text, lang));
    }
    Ok(())
}

/// A file outlives the terminal, and with the public constant anybody could undo its pseudonyms.
fn refuse_unprotected_files(args: &CheckArgs, gate: &Gate, lang: Lang) -> Result<(), String> {
    if !gate.protected() && args.format.iter().any(|f| f.file.is_some()) {
        let text = lang.pick(
            "rapporter skrives kun til filer, når SAGSTJEK_SECRET eller secret_file er sat",
            "reports are written to files only when SAGSTJEK_SECRET or secret_file is set",
        );
        return Err(failure(text, lang));
    }
    Ok(())
}

fn selection(args: &CheckArgs, book: &Book, lang: Lang) -> Result<Selection, String> {
    let words = |texts: &[String]| texts.iter().map(|text| Entry::typed(text)).collect();
    let selection = Selection { select: words(&args.select), ignore: words(&args.ignore) };
    if let Some((entry, near)) = selection.unknown(&book.rules, &book.figures).next() {
        let hint = near.map_or(String::new(), |near| format!("; {} «{near}»?", lang.pick("mente du", "did you mean")));
        return Err(failure(&format!("{} «{}»{hint}", lang.pick("ingen regel hedder", "no rule is called"), entry.text), lang));
    }
    Ok(selection)
}
