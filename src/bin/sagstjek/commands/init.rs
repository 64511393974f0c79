//! `sagstjek init`: a first sagstjek.toml for a folder of exports.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use sagstjek::config::init::Choice;
use sagstjek::locale::Lang;
use sagstjek::model::{Pack, ProfileId};
use sagstjek::night::Inspection;

use super::opened::{CONFIG, Opened};
use super::{Outcome, failure, print, shown, today};
use crate::args::{InitArgs, OutputArgs};
use crate::terminal;

pub(super) fn run(args: InitArgs, output: &OutputArgs) -> Outcome {
    let asked = super::lang(output);
    let target = args.path.join(CONFIG);
    if !args.stdout {
        refuse(&args.path, &target, asked)?;
    }
    let opened = match args.path.exists() {
        true => Opened::with(&args.path, None, &args.pack, output)?,
        false => Opened::at(&args.path, None, &args.pack, output)?,
    };
    let (lang, gate) = (opened.lang, opened.gate(false)?);
    let inspection = Inspection::of(&opened.book, &args.path, &gate, Vec::new(), today());
    let choices = inspection.choices();
    let mut chosen = BTreeMap::new();
    if std::io::stdin().is_terminal() && terminal::is_interactive() {
        for choice in &choices {
            let profile = ask(&gate.mask(&choice.file), choice, &opened.book.pack, lang)?;
            chosen.insert(choice.file.clone(), profile);
        }
    }
    let draft = inspection.draft(&chosen, &gate, lang);
    if args.stdout {
        print(&draft, lang)?;
        return Ok(0);
    }
    let fail = |error: std::io::Error| failure(&format!("{}: {error}", shown(&target)), lang);
    let mut file = std::fs::File::create_new(&target).map_err(fail)?;
    file.write_all(draft.as_bytes()).and_then(|()| file.sync_all()).map_err(fail)?;
    let sources = draft.lines().filter(|line| *line == "[[source]]").count();
    let lost = draft.lines().filter(|line| line.starts_with("# [[source]]")).count();
    let unsettled = choices.iter().filter(|choice| !chosen.contains_key(&choice.file)).count();
    let told = match lang {
        Lang::Da => format!(
            "skrev {}: {sources} {}, {lost} {} uden profil, {unsettled} at vælge imellem\nnæste skridt: læs filen igennem, og kør sagstjek check {}\n",
            shown(&target),
            if sources == 1 { "kilde" } else { "kilder" },
            if lost == 1 { "fil" } else { "filer" },
            shown(&args.path)
        ),
        Lang::En => format!(
            "wrote {}: {sources} {}, {lost} {} without a profile, {unsettled} to choose between\nnext: read the file, then run sagstjek check {}\n",
            shown(&target),
            if sources == 1 { "source" } else { "sources" },
            if lost == 1 { "file" } else { "files" },
            shown(&args.path)
        ),
    };
    print(&told, lang)?;
    Ok(0)
}

/// A config that is there is somebody's work.
fn refuse(folder: &Path, target: &Path, lang: Lang) -> Result<(), String> {
    if folder.exists() && !folder.is_dir() {
        let why = lang.pick("ikke en mappe", "not a folder");
        return Err(failure(&format!("{}: {why}", shown(folder)), lang));
    }
    if target.exists() {
        let why = lang.pick("findes allerede og bliver ikke overskrevet", "is there already and is not overwritten");
        return Err(failure(&format!("{} {why}", shown(target)), lang));
    }
    Ok(())
}

/// Asks which profile a file has; an empty answer takes the first.
fn ask(file: &str, choice: &Choice, pack: &Pack, lang: Lang) -> Result<ProfileId, String> {
    let (which, or) =
        (lang.pick("passer lige godt til to opstillinger:", "fits two layouts equally well:"), lang.pick("vælg", "choose"));
    let mut text = format!("{file} {which}\n");
    for (i, id) in choice.profiles.iter().enumerate() {
        let title = pack.profiles.get(id.index()).map_or("", |profile| profile.title.get(lang));
        text.push_str(&format!("  {} {title}\n", i + 1));
    }
    loop {
        print(&format!("{text}{or} 1/2 [1]: "), lang)?;
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer).map_err(|error| failure(&error.to_string(), lang))?;
        match answer.trim() {
            "1" | "" => return Ok(choice.profiles[0]),
            "2" => return Ok(choice.profiles[1]),
            _ if read == 0 => return Ok(choice.profiles[0]),
            _ => {}
        }
    }
}
