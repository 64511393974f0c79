//! `sagstjek rules plan ID [DIR]`.

use std::path::Path;

use sagstjek::config::Selection;
use sagstjek::engine::outline::outline;
use sagstjek::night::{CheckOptions, count};
use sagstjek::report::plan;

use super::explain::find_rule;
use super::opened::Opened;
use super::{Outcome, print, today};
use crate::args::{OutputArgs, PlanArgs};
use crate::terminal;

pub(super) fn run(args: PlanArgs, output: &OutputArgs) -> Outcome {
    let opened = match &args.path {
        Some(path) => Opened::at(path, args.config.as_deref(), &args.pack, output)?,
        None => Opened::with(Path::new("."), args.config.clone(), &args.pack, output)?,
    };
    let (book, lang) = (&opened.book, opened.lang);
    let rule = find_rule(book, &args.rule, lang)?;
    let today = today();
    let counted = match &args.path {
        None => None,
        Some(path) => {
            let options = CheckOptions {
                extract_date: None,
                today,
                selection: Selection::default(),
                fail_on: None,
                exit_zero: false,
                threads: 0,
                ignore: opened.own_files(),
            };
            Some(count(book, path, &opened.gate(false)?, &options, rule))
        }
    };
    let outline = outline(&book.pack, rule, today);
    let options = terminal::options(output.color, lang);
    print(&plan::render((&book.pack, rule), &outline, counted.as_ref(), book.config.limits, &options), lang)?;
    Ok(0)
}
