//! The terminal: colour, width, and writing that takes a closed pipe as the end, not as a failure.

use std::io::{self, IsTerminal, Write};

use sagstjek::report::RenderOptions;

use crate::args::ColorArg;
use sagstjek::locale::Lang;

/// Lines are never laid out wider or narrower than this.
const WIDTH: std::ops::RangeInclusive<usize> = 60..=120;

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether the report on stdout gets colour: --color, then NO_COLOR, then CLICOLOR_FORCE, then the terminal.
pub(crate) fn colour(arg: ColorArg) -> bool {
    colour_on(arg, io::stdout().is_terminal())
}

/// The same for stderr.
pub(crate) fn error_colour(arg: ColorArg) -> bool {
    colour_on(arg, io::stderr().is_terminal())
}

fn colour_on(arg: ColorArg, terminal: bool) -> bool {
    match arg {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto if set("NO_COLOR").is_some() => false,
        ColorArg::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorArg::Auto => terminal && set("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// How to lay out for stdout; 100 columns where it is no terminal.
pub(crate) fn options(arg: ColorArg, lang: Lang) -> RenderOptions {
    let terminal = io::stdout().is_terminal();
    let columns = set("COLUMNS").and_then(|text| text.parse::<usize>().ok()).filter(|_| terminal);
    let width = columns.or_else(|| terminal_width(terminal)).unwrap_or(100).clamp(*WIDTH.start(), *WIDTH.end());
    RenderOptions { lang, colour: colour(arg), width, unicode: true }
}

fn terminal_width(terminal: bool) -> Option<usize> {
    if !terminal {
        return None;
    }
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// How to lay out for a file: no colour, 100 columns.
pub(crate) fn file_options(lang: Lang) -> RenderOptions {
    RenderOptions { lang, colour: false, width: 100, unicode: true }
}

/// Whether a person looks at stdout.
pub(crate) fn is_interactive() -> bool {
    io::stdout().is_terminal()
}

/// Whether this is a CI run.
pub(crate) fn is_ci() -> bool {
    ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD"].iter().any(|name| set(name).is_some_and(|value| value != "false"))
}

/// Whether a person sees stderr on a terminal that lines can be drawn over.
pub(crate) fn shows_progress() -> bool {
    io::stderr().is_terminal() && !is_ci() && set("TERM").is_none_or(|term| term != "dumb")
}

/// Writes to stdout. A reader that went away is no failure.
///
/// # Errors
/// Any other failure to write.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a line to stderr; there is nobody to tell if that fails.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
