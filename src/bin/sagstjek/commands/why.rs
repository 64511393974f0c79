//! `sagstjek rules why ID KEY [DIR]`.

use sagstjek::config::Selection;
use sagstjek::locale::Lang;
use sagstjek::night::{CheckOptions, Inquiry};

use super::check::refuse_personal;
use super::explain::find_rule;
use super::opened::Opened;
use super::{Outcome, failure, print, today};
use crate::args::{OutputArgs, WhyArgs};
use crate::terminal;

pub(super) fn run(args: WhyArgs, output: &OutputArgs) -> Outcome {
    let opened = Opened::at(&args.path, args.config.as_deref(), &args.pack, output)?;
    let (book, lang) = (&opened.book, opened.lang);
    refuse_personal(args.show_personal, false, lang)?;
    let rule = find_rule(book, &args.rule, lang)?;
    let gate = opened.gate(args.show_personal)?;
    let options = CheckOptions {
        extract_date: args.extract_date,
        today: today(),
        selection: Selection::default(),
        fail_on: None,
        exit_zero: false,
        threads: 0,
        ignore: opened.own_files(),
    };
    let inquiry =
        Inquiry::of(book, &args.path, &gate, &options, rule, &args.key).map_err(|near| unknown(&near, &rule.id, lang))?;
    print(&inquiry.render(&gate, &terminal::options(output.color, lang)), lang)?;
    Ok(0)
}

/// No row goes by the key; the nearest ones do not repeat what was typed, which may be personal.
fn unknown(near: &[String], rule: &str, lang: Lang) -> String {
    let said = lang.pick("ser ingen række med den nøgle", "sees no row of that key");
    let near = match near {
        [] => String::new(),
        near => format!("\n  {}\n    {}", lang.pick("nærmest er:", "the nearest are:"), near.join("\n    ")),
    };
    format!("{}{near}", failure(&format!("{rule} {said}"), lang))
}
