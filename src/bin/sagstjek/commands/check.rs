//! `sagstjek check`.

use std::path::{Path, PathBuf};

use sagstjek::config::{Entry, Selection};
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::problem::Problem;
use sagstjek::report::{Format, render};

use super::{Outcome, extra_files, failure, print, show_mistakes, shown, today};
use crate::args::{CheckArgs, FormatArg, OutputArgs};
use crate::{FAILED, terminal};

/// Name of the config beside the exports.
const CONFIG: &str = "sagstjek.toml";

/// A config file as found.
pub(super) struct ConfigText {
    path: PathBuf,
    text: String,
}

impl ConfigText {
    /// Path as shown, and text.
    pub(super) fn named(&self) -> (String, &str) {
        (shown(&self.path), &self.text)
    }
}

pub(super) fn run(args: CheckArgs, output: &OutputArgs) -> Outcome {
    let asked = output.lang.map_or(Lang::Da, Lang::from);
    if !args.path.exists() {
        return Err(failure(&format!("{} {}", shown(&args.path), asked.pick("findes ikke", "does not exist")), asked));
    }
    let config = find_config(&args.path, args.config.as_deref(), asked)?;
    let named = config.as_ref().map(ConfigText::named);
    let named = named.as_ref().map(|(path, text)| (path.as_str(), *text));
    let book = Book::open(embedded(), extra_files(&args.pack, asked)?, named).map_err(|m| show_mistakes(&m, output, asked))?;
    let lang = output.lang.map(Lang::from).or(book.config.lang).unwrap_or_default();
    refuse_personal(&args, lang)?;
    let secret = secret(&book, config.as_ref(), lang)?;
    let gate = Gate::new(secret.as_deref(), args.show_personal);
    refuse_unprotected_files(&args, &gate, lang)?;
    let options = CheckOptions {
        extract_date: args.extract_date,
        today: today(),
        selection: selection(&args, &book, lang)?,
        fail_on: args.fail_on,
        exit_zero: args.exit_zero,
        threads: args.threads.unwrap_or(0),
        ignore: own_files(&args.path, &book, config.as_ref()),
    };
    let night = Night::check(&book, &args.path, &gate, &options).map_err(|error| failure(&error.to_string(), lang))?;
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

/// The config that the user names, else the one beside the exports.
pub(super) fn find_config(root: &Path, config: Option<&Path>, lang: Lang) -> Result<Option<ConfigText>, String> {
    let folder = if root.is_dir() { root } else { root.parent().unwrap_or(Path::new("")) };
    let path = match config {
        Some(path) => path.to_owned(),
        None if folder.join(CONFIG).exists() => folder.join(CONFIG),
        None => return Ok(None),
    };
    let bytes = std::fs::read(&path).map_err(|error| failure(&format!("{}: {error}", shown(&path)), lang))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(ConfigText { path, text })),
        Err(_) => {
            let why = lang.pick("filen er ikke gemt som UTF-8", "the file is not saved as UTF-8");
            Err(failure(&format!("{}: {why}", shown(&path)), lang))
        }
    }
}

/// The secret for pseudonyms: the environment, else the file that the config names.
pub(super) fn secret(book: &Book, config: Option<&ConfigText>, lang: Lang) -> Result<Option<Vec<u8>>, String> {
    if let Some(value) = std::env::var_os("SAGSTJEK_SECRET").filter(|value| !value.is_empty()) {
        return Ok(Some(value.into_encoded_bytes()));
    }
    let (Some(file), Some(config)) = (&book.config.secret_file, config) else { return Ok(None) };
    let path = config.path.parent().unwrap_or(Path::new("")).join(file);
    std::fs::read(&path).map(Some).map_err(|error| failure(&format!("secret_file {}: {error}", shown(&path)), lang))
}

/// Personal data is for a person at a terminal, never for a log.
fn refuse_personal(args: &CheckArgs, lang: Lang) -> Result<(), String> {
    let to_file = args.format.iter().any(|f| f.file.is_some());
    if args.show_personal && (terminal::is_ci() || !terminal::is_interactive() || to_file) {
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
    if let Some((entry, near)) = selection.unknown(&book.rules).next() {
        let hint = near.map_or(String::new(), |near| format!("; {} «{near}»?", lang.pick("mente du", "did you mean")));
        return Err(failure(&format!("{} «{}»{hint}", lang.pick("ingen regel hedder", "no rule is called"), entry.text), lang));
    }
    Ok(selection)
}

/// Config and secret lie beside the exports but are none.
pub(super) fn own_files(root: &Path, book: &Book, config: Option<&ConfigText>) -> Vec<String> {
    let Some(config) = config else { return Vec::new() };
    let folder = config.path.parent().unwrap_or(Path::new(""));
    let secret = book.config.secret_file.iter().map(|file| folder.join(file));
    let own = std::iter::once(config.path.clone()).chain(secret);
    own.filter_map(|path| path.strip_prefix(root).map(shown).ok()).collect()
}
