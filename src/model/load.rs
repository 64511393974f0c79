//! Loading a pack from its files. All mistakes of all files are told at once.
//!
//! Files are taken from memory, so the embedded pack, a folder given with `--rules` and a test's strings load the same way.

mod dataset;
mod figure;
mod link;
mod profile;
mod union;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::file::{Form, Notebook, parse};
use super::{DatasetId, Family, Pack, SourceFile, YearsBack};
use crate::calendar::{Date, WorkingDays};
use crate::locale::Bilingual;
use crate::problem::{Mistake, Severity};

pub use figure::{kind_from_text, value_from_text};

static EMBEDDED: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The pack built into the program: every TOML file under `rules/`, ordered by path.
pub fn embedded() -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(&EMBEDDED, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(dir: &include_dir::Dir<'_>, files: &mut Vec<SourceFile>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8().filter(|_| path.ends_with(".toml")) {
            files.push(SourceFile { path: path.into(), text: text.into() });
        }
    }
    for inner in dir.dirs() {
        collect(inner, files);
    }
}

/// Every TOML file under a folder, ordered by path; paths are relative to it, with forward slashes.
///
/// # Errors
/// A folder or file that cannot be read, or a file that is not UTF-8; the message names it.
pub fn from_dir(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    walk(folder, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> io::Result<()> {
    let named = |path: &Path, e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
    for entry in std::fs::read_dir(folder).map_err(|e| named(folder, e))? {
        let entry = entry.map_err(|e| named(folder, e))?;
        let path = entry.path();
        let Some(name) = path.file_name().map(|n| n.to_string_lossy().into_owned()) else { continue };
        // A link to a folder may lead back up.
        if path.is_dir() {
            if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                continue;
            }
            walk(&path, &format!("{prefix}{name}/"), files)?;
        } else if name.ends_with(".toml") {
            let text = std::fs::read_to_string(&path).map_err(|e| named(&path, e))?;
            files.push(SourceFile { path: format!("{prefix}{name}").into(), text: text.into() });
        }
    }
    Ok(())
}

/// `base` with the files of `extra` laid over it: the same path replaces, another is added. (A rule of the same id in
/// another file is for the rule room to settle.)
pub fn overlay(base: Vec<SourceFile>, extra: Vec<SourceFile>) -> Vec<SourceFile> {
    let by_path: BTreeMap<_, _> = base.into_iter().chain(extra).map(|f| (f.path.clone(), f)).collect();
    by_path.into_values().collect()
}

/// What a path inside the pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Pack,
    Links,
    Holidays,
    Model,
    Profile,
    Figures,
    Rule,
}

fn place(path: &str) -> Place {
    match path.split_once('/') {
        None if path == "pack.toml" => Place::Pack,
        None if path == "links.toml" => Place::Links,
        None if path == "helligdage.toml" => Place::Holidays,
        Some(("model", _)) => Place::Model,
        Some(("profiler", _)) => Place::Profile,
        Some(("satser" | "kodelister" | "kontoplan", _)) => Place::Figures,
        _ => Place::Rule,
    }
}

/// Loads a pack. Rules and key figures (every file outside the folders of the model) are kept for the rule room, not read.
///
/// # Errors
/// All mistakes of all files, ordered by file and place.
pub fn load(files: Vec<SourceFile>) -> Result<Pack, Vec<Mistake>> {
    let files = overlay(files, Vec::new());
    let notes = Notebook::default();
    let mut pack = Pack { hash: hash(&files), ..Pack::default() };
    let parsed: Vec<_> = files.iter().filter(|f| place(&f.path) != Place::Rule).map(|f| (f, parse(f, &notes))).collect();
    let forms = |wanted: Place| {
        let here = parsed.iter().filter(move |(file, _)| place(&file.path) == wanted);
        here.map(|(file, table)| Form::new(file, &notes, table.get_ref(), table.span()))
    };
    for form in forms(Place::Pack) {
        settings(form, &mut pack);
    }
    if !files.iter().any(|f| place(&f.path) == Place::Pack) {
        let text = Bilingual::new("pakken har ingen pack.toml", "the pack has no pack.toml");
        notes.add(Mistake::at(&"pack.toml".into(), &"".into(), 0..0, text));
    }
    for form in forms(Place::Figures) {
        figure::read(form, &mut pack);
    }
    for form in forms(Place::Model) {
        dataset::read(form, &mut pack);
    }
    let unions: Vec<DatasetId> = forms(Place::Model).filter_map(|form| union::named(&form, &pack)).collect();
    for form in forms(Place::Model) {
        union::read(&form, &unions, &mut pack);
    }
    for form in forms(Place::Links) {
        link::read(form, &mut pack);
    }
    for form in forms(Place::Profile) {
        profile::read(form, &mut pack);
    }
    let mut holidays = Vec::new();
    for form in forms(Place::Holidays) {
        days_off(form, &mut holidays);
    }
    pack.working_days = WorkingDays::new(holidays);
    for file in files.iter().filter(|f| place(&f.path) == Place::Rule) {
        rule_file(file, &mut pack, &notes);
    }
    link::check_names(&pack, &notes);
    finish(pack, notes)
}

fn finish(pack: Pack, notes: Notebook) -> Result<Pack, Vec<Mistake>> {
    let mut mistakes = notes.into_inner();
    let place = |m: &Mistake| (m.file.clone(), m.labels.first().map_or(0, |(span, _)| span.start));
    mistakes.sort_by_key(place);
    mistakes.dedup();
    if mistakes.iter().any(|m| m.severity == Severity::Failure) { Err(mistakes) } else { Ok(pack) }
}

fn settings(form: Form<'_>, pack: &mut Pack) {
    pack.name = form.need_word("name").map(|w| w.text).unwrap_or_default();
    pack.version = form.need_word("version").map(|w| w.text).unwrap_or_default();
    pack.currency = form.need_word("currency").map(|w| w.text).unwrap_or_default();
    pack.currency_sign = form.word("currency_sign").map_or_else(|| pack.currency.clone(), |w| w.text);
    for word in form.words("vocabulary") {
        match word.text.as_str() {
            "dk" => pack.vocabulary_dk = true,
            _ => form.unknown(("ukendt vokabular", "unknown vocabulary"), &word, ["dk"]),
        }
    }
    let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    pack.test_persons = form.words("test_persons").iter().map(|word| bare(&word.text).into()).collect();
    if let Some(amounts) = form.form("amounts") {
        let years = amounts.whole("years_back", 1, 30);
        let source = amounts.need_word("source").map(|w| Arc::from(w.text.as_str())).unwrap_or_default();
        let status = figure::need_status(&amounts);
        pack.years_back = years.zip(status).map(|(years, status)| YearsBack { years, status, source });
        amounts.done();
    }
    for family in form.forms("family") {
        let folder = folder(family, pack);
        pack.families.extend(folder);
    }
    for figures in form.forms("figures") {
        let folder = folder(figures, pack);
        pack.figure_folders.extend(folder);
    }
    form.done();
}

/// A folder of rules or key figures, whose name no other has.
fn folder(form: Form<'_>, pack: &Pack) -> Option<Family> {
    let folder = form.need_word("folder");
    let title = form.need_bilingual("title");
    if let Some(folder) = &folder
        && pack.families.iter().chain(&pack.figure_folders).any(|f| f.folder == folder.text)
    {
        twice(&form, folder);
    }
    form.done();
    Some(Family { folder: folder?.text, title })
}

/// Notes that a name is given twice.
fn twice(form: &Form<'_>, word: &super::file::Word) {
    form.wrong(
        word.span.clone(),
        format!("navnet «{}» er brugt to gange", word.text),
        format!("the name «{}» is used twice", word.text),
    );
}

fn days_off(form: Form<'_>, holidays: &mut Vec<Date>) {
    form.need_word("source");
    figure::need_status(&form);
    for holiday in form.forms("holiday") {
        holiday.need_bilingual("title");
        for item in holiday.items("days") {
            match figure::date(item) {
                Some(day) => holidays.push(day),
                None => holiday.wrong(item.span(), "ikke en dato", "not a date"),
            }
        }
        holiday.done();
    }
    form.done();
}

fn rule_file(file: &SourceFile, pack: &mut Pack, notes: &Notebook) {
    let folder = file.path.split_once('/').map_or("", |(folder, _)| folder);
    let holds = |families: &[Family]| families.iter().any(|f| f.folder == folder);
    if holds(&pack.families) {
        pack.rules.push(file.clone());
        return;
    }
    if holds(&pack.figure_folders) {
        pack.figures.push(file.clone());
        return;
    }
    let end = file.text.find('\n').unwrap_or(file.text.len());
    let text = Bilingual::new(
        format!("mappen «{folder}» er hverken en regelfamilie eller en mappe med nøgletal i pack.toml"),
        format!("the folder «{folder}» is neither a rule family nor a folder of key figures of pack.toml"),
    );
    let known = pack.families.iter().chain(&pack.figure_folders);
    let near = crate::problem::nearest(folder, known.map(|f| f.folder.as_str()));
    let mistake = Mistake::at(&file.path, &file.text, 0..end, text);
    notes.add(match near {
        Some(near) => mistake.with_help(Bilingual::new(format!("mente du «{near}»?"), format!("did you mean «{near}»?"))),
        None => mistake,
    });
}

/// SHA-256 over paths and texts in path order; a NUL after each, so that no two packs run together.
fn hash(files: &[SourceFile]) -> String {
    let mut sha = Sha256::new();
    for file in files {
        sha.update(file.path.as_bytes());
        sha.update([0]);
        sha.update(file.text.as_bytes());
        sha.update([0]);
    }
    sha.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
