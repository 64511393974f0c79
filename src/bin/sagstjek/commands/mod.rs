//! One file per command. A command gives its exit code, or the text of what stopped it.

mod check;
mod demo;
mod eval;
mod explain;
mod figures;
mod init;
mod inspect;
mod opened;
mod plan;
mod rules;
mod schema;
mod tables;
mod why;

use std::path::Path;

use sagstjek::calendar::{Date, Instant};
use sagstjek::locale::Lang;
use sagstjek::model::SourceFile;
use sagstjek::model::load::{embedded, from_dir};
use sagstjek::night::Book;
use sagstjek::privacy::Gate;
use sagstjek::problem::Mistake;
use sagstjek::report::{RenderOptions, mistake};

use crate::args::{App, Command, OutputArgs, PackArgs};
use crate::terminal;

/// A command's exit code, or a text for stderr and exit code 2.
pub(crate) type Outcome = Result<u8, String>;

/// Runs the command.
pub(crate) fn run(app: App) -> Outcome {
    match app.command {
        Command::Check(args) => check::run(args, &app.output),
        Command::Figures(args) => figures::run(args, &app.output),
        Command::Inspect(args) => inspect::run(args, &app.output),
        Command::Tables(args) => tables::run(args, &app.output),
        Command::Rules(args) => rules::run(args, &app.output),
        Command::Explain(args) => explain::run(args, &app.output),
        Command::Eval(args) => eval::run(args, &app.output),
        Command::Init(args) => init::run(args, &app.output),
        Command::Schema(args) => schema::run(args, &app.output),
        Command::Demo(args) => demo::run(args, &app.output),
    }
}

/// The language asked for; Danish unless told otherwise.
fn lang(output: &OutputArgs) -> Lang {
    output.lang.map_or(Lang::Da, Lang::from)
}

/// The files of `--pack DIR`, else of the shipped pack.
fn base_files(pack: &PackArgs, lang: Lang) -> Result<Vec<SourceFile>, String> {
    let Some(folder) = &pack.pack else { return Ok(embedded()) };
    from_dir(folder).map_err(|error| failure(&format!("--pack {error}"), lang))
}

/// The files of `--rules DIR`.
fn extra_files(pack: &PackArgs, lang: Lang) -> Result<Vec<SourceFile>, String> {
    let Some(folder) = &pack.rules else { return Ok(Vec::new()) };
    from_dir(folder).map_err(|error| failure(&format!("--rules {error}"), lang))
}

/// The pack with `--rules` over it, without a config.
fn book(pack: &PackArgs, output: &OutputArgs) -> Result<Book, String> {
    let lang = lang(output);
    Book::open(base_files(pack, lang)?, extra_files(pack, lang)?, None).map_err(|mistakes| show_mistakes(&mistakes, output, lang))
}

/// Mistakes laid out for stderr.
fn show_mistakes(mistakes: &[Mistake], output: &OutputArgs, lang: Lang) -> String {
    let options = RenderOptions { colour: terminal::error_colour(output.color), ..terminal::options(output.color, lang) };
    mistake::render(mistakes, &Gate::new(None, false), &options).trim_end().to_owned()
}

/// A failure in one line. Paths and words of the command line may hold a CPR; they are not repeated.
fn failure(text: &str, lang: Lang) -> String {
    format!("{}: {}", lang.pick("fejl", "error"), Gate::new(None, false).mask(text))
}

/// Prints to stdout; a write failure is the command's failure.
fn print(text: &str, lang: Lang) -> Result<(), String> {
    terminal::print(text).map_err(|error| failure(&error.to_string(), lang))
}

/// Today in Denmark, the one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "the binary passes the day into the library")]
fn today() -> Date {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let now = Instant::from_minutes(i64::try_from(seconds / 60).unwrap_or(0));
    now.danish().map_or(Date::from_days(0), |(day, _, _)| day)
}

/// A path with forward slashes, as the program shows paths.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
