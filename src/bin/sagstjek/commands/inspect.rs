//! `sagstjek inspect`: what was read, without rules.

use sagstjek::locale::Lang;
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, Inspection};
use sagstjek::privacy::Gate;

use super::check::{ConfigText, find_config, own_files, secret};
use super::{Outcome, extra_files, failure, print, show_mistakes, shown, today};
use crate::args::{InspectArgs, OutputArgs};
use crate::{FAILED, terminal};

pub(super) fn run(args: InspectArgs, output: &OutputArgs) -> Outcome {
    let asked = output.lang.map_or(Lang::Da, Lang::from);
    if !args.path.exists() {
        return Err(failure(&format!("{} {}", shown(&args.path), asked.pick("findes ikke", "does not exist")), asked));
    }
    let config = find_config(&args.path, args.config.as_deref(), asked)?;
    let named = config.as_ref().map(ConfigText::named);
    let named = named.as_ref().map(|(path, text)| (path.as_str(), *text));
    let book = Book::open(embedded(), extra_files(&args.pack, asked)?, named).map_err(|m| show_mistakes(&m, output, asked))?;
    let lang = output.lang.map(Lang::from).or(book.config.lang).unwrap_or_default();
    let secret = secret(&book, config.as_ref(), lang)?;
    let gate = Gate::new(secret.as_deref(), false);
    let ignore = own_files(&args.path, &book, config.as_ref());
    let inspection = Inspection::of(&book, &args.path, &gate, ignore, today());
    print(&inspection.render(&gate, &terminal::options(output.color, lang)), lang)?;
    Ok(if inspection.failed() { FAILED } else { 0 })
}
