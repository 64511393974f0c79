//! `sagstjek demo`: a synthetic municipality's exports.

use sagstjek::demo::{DemoOptions, municipality};

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
    let files = municipality(&options).map_err(|error| failure(&error.text(lang), lang))?;
    for file in &files {
        std::fs::write(args.out.join(&file.name), &file.bytes).map_err(fail)?;
    }
    let text = lang.pick("filer skrevet til", "files written to");
    print(&format!("{} {text} {}\n", files.len(), shown(&args.out)), lang)?;
    Ok(0)
}
