//! `sagstjek demo`: a synthetic municipality's exports.

use sagstjek::demo::{DemoOptions, Folder, deliver};

use sagstjek::locale::Localized;

use super::{Outcome, failure, lang, print, shown};
use crate::args::{DemoArgs, OutputArgs};

pub(super) fn run(args: DemoArgs, output: &OutputArgs) -> Outcome {
    let lang = lang(output);
    let fail = |error: std::io::Error| failure(&format!("{}: {error}", shown(&args.out)), lang);
    std::fs::create_dir_all(&args.out).map_err(fail)?;
    if std::fs::read_dir(&args.out).map_err(fail)?.next().is_some() {
        let text = lang.pick("mappen er ikke tom", "the folder is not empty");
        return Err(failure(&format!("{}: {text}", shown(&args.out)), lang));
    }
    let options = DemoOptions { cases: args.cases, seed: args.seed, clean: args.clean };
    let made = deliver(&options, &mut Folder(args.out.clone())).map_err(|error| failure(&error.text(lang), lang))?;
    let text = lang.pick("filer skrevet til", "files written to");
    print(&format!("{} {text} {}\n", made.files, shown(&args.out)), lang)?;
    let (postings, payments) = (made.postings, made.payments);
    let text = match lang {
        sagstjek::locale::Lang::Da => format!("{postings} posteringer, {payments} betalinger, {} svar i facit\n", made.answers),
        sagstjek::locale::Lang::En => {
            format!("{postings} postings, {payments} payments, {} answers in the facit\n", made.answers)
        }
    };
    print(&text, lang)?;
    Ok(0)
}
