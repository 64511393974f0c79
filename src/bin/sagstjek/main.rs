//! The `sagstjek` program: parse, run, map to an exit code.

mod args;
mod commands;
mod progress;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

/// Exit code when the tool or its input failed.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let app = match args::App::try_parse() {
        Ok(app) => app,
        Err(error) => {
            // Help and version go to stdout and are no failure.
            let failed = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if failed { FAILED } else { 0 });
        }
    };
    match commands::run(app) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            terminal::complain(&message);
            ExitCode::from(FAILED)
        }
    }
}
