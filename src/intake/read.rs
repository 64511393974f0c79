//! A whole delivery: every file opened, every sheet read, the parts folded into tables.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use foldhash::quality::RandomState;
use rayon::prelude::*;

use super::files::{self, meets};
use super::fold::{Folder, Whence};
use super::matching::Matcher;
use super::part::Part;
use super::sheet::{self, Context, SheetOutcome, Snapshot};
use super::{Delivery, ExtractDate, FileReading, Found, IntakeOptions, SheetReading, Skip, Source, Table, cells, union};
use crate::calendar::Date;
use crate::export::{Export, ExportOptions, SheetInfo, SheetState};
use crate::locale::{Bilingual, Lang};
use crate::model::{ColumnId, DatasetId, Pack, ProfileId};
use crate::problem::{Place, Problem, Severity};
use crate::progress::Progress;
use crate::rule::LoadPlan;

/// Reads everything under `root` (a folder, or one file). Only the columns of the plan, and those that rows are found
/// by, are held; the others are read and counted all the same. Never fails: what cannot be read is a problem of the delivery.
pub fn read(pack: &Pack, plan: &LoadPlan, root: &Path, options: &IntakeOptions) -> Delivery {
    read_watched(pack, plan, root, options, &Progress::default())
}

/// [`read()`], telling how far it is.
pub fn read_watched(pack: &Pack, plan: &LoadPlan, root: &Path, options: &IntakeOptions, progress: &Progress) -> Delivery {
    let listing = files::list(root, &options.ignore);
    for found in &listing.found {
        progress.reading.expect(std::fs::metadata(&found.path).map_or(0, |metadata| metadata.len()));
    }
    let (matcher, finders) = (Matcher::new(pack), finders(pack));
    let hasher = RandomState::default();
    let context = Context { pack, matcher: &matcher, plan, finders: &finders, hasher: &hasher, progress };
    let outcomes: Vec<FileOutcome> = listing.found.par_iter().map(|found| read_file(&context, found, options)).collect();

    let mut gathered = Gathered { pack, problems: listing.problems, incomplete: BTreeMap::new(), refused: BTreeMap::new() };
    let missing = gathered.missing_sources(options, &outcomes);
    let mut files = Vec::with_capacity(outcomes.len());
    let mut parts: Vec<(Whence, Part)> = Vec::new();
    let mut days = Vec::new();
    for (file, mut outcome) in outcomes.into_iter().enumerate() {
        let day = outcome.day();
        days.extend(day);
        gathered.problems.append(&mut outcome.problems);
        for dataset in outcome.incomplete {
            gathered.incomplete(dataset, Place::file(outcome.reading.path.clone()));
        }
        let reading = outcome.reading;
        for (sheet, mut of_sheet) in outcome.sheets {
            gathered.sheet(&mut of_sheet, Place { file: reading.path.clone(), sheet: reading.sheets[sheet].name.clone() });
            let Some(profile) = of_sheet.reading.profile else { continue };
            let day = of_sheet.snapshot.day().or(day);
            let whence = Whence { file: file as u16, sheet: sheet as u16, profile, day };
            parts.extend(of_sheet.parts.into_iter().map(|part| (whence, part)));
        }
        files.push(reading);
    }
    gathered.problems.extend(missing);
    let folders = gathered.fold(parts, &mut files);
    let mut tables = gathered.tables(folders, &files);
    union::add(pack, plan, &mut tables);
    let extract_date = ExtractDate { oldest: days.iter().min().copied(), newest: days.iter().max().copied() };
    Delivery { files, tables, problems: gathered.problems, ignored: listing.ignored, extract_date }
}

/// For each dataset the columns of its keys and links.
fn finders(pack: &Pack) -> Vec<Vec<ColumnId>> {
    let mut finders: Vec<Vec<ColumnId>> = pack.datasets.iter().map(|d| d.keys.iter().flatten().copied().collect()).collect();
    for link in &pack.links {
        for &(from, to) in link.ways.iter().flatten() {
            finders[link.from.index()].push(from);
            finders[link.to.index()].push(to);
        }
    }
    finders
}

/// What a file gave.
struct FileOutcome {
    reading: FileReading,
    /// Sheets that were read: index into the reading's sheets, and what they gave.
    sheets: Vec<(usize, SheetOutcome)>,
    problems: Vec<Problem>,
    /// Datasets that are not whole because of the file as a whole.
    incomplete: Vec<DatasetId>,
    /// The day that the config says it describes.
    delivered: Option<Date>,
}

impl FileOutcome {
    /// The day the file describes: its snapshot column, else its name, else the rows above its headers.
    fn day(&self) -> Option<Date> {
        let sheets = || self.sheets.iter().map(|(_, sheet)| sheet);
        if !self.is_used() {
            return None;
        }
        if self.delivered.is_some() {
            return self.delivered;
        }
        if let Snapshot::Day(day) = sheets().fold(Snapshot::Silent, |held, sheet| held.and(sheet.snapshot)) {
            return Some(day);
        }
        let name = self.reading.path.rsplit('/').next().unwrap_or("");
        cells::day_in(name).or_else(|| sheets().filter_map(|sheet| sheet.title_day).min())
    }

    /// Whether any sheet follows a profile.
    fn is_used(&self) -> bool {
        self.sheets.iter().any(|(_, sheet)| sheet.reading.profile.is_some())
    }
}

fn datasets_of(pack: &Pack, profile: Option<ProfileId>) -> Vec<DatasetId> {
    let profile = profile.and_then(|id| pack.profiles.get(id.index()));
    profile.map(|profile| profile.feeds.iter().map(|feed| feed.dataset).collect()).unwrap_or_default()
}

/// The bytes of a file that are not yet counted as read; those left at its end count then.
pub(super) struct Counted<'a> {
    progress: &'a Progress,
    missing: u64,
}

impl Counted<'_> {
    /// Counts further bytes.
    pub(super) fn add(&mut self, bytes: u64) {
        let bytes = bytes.min(self.missing);
        self.missing -= bytes;
        self.progress.reading.add(bytes);
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.add(self.missing);
    }
}

fn read_file(context: &Context<'_>, found: &Found, options: &IntakeOptions) -> FileOutcome {
    let source = options.sources.iter().find(|source| meets(&source.files, &found.shown));
    let shown: Arc<str> = found.shown.as_str().into();
    let by_default = ExportOptions::default();
    let reading = FileReading {
        path: shown.clone(),
        sha256: String::new(),
        size: 0,
        format: None,
        dialect: None,
        sheets: Vec::new(),
        export: None,
    };
    let delivered = source.and_then(|source| source.delivered);
    let mut outcome = FileOutcome { reading, sheets: Vec::new(), problems: Vec::new(), incomplete: Vec::new(), delivered };
    let claimed = datasets_of(context.pack, source.and_then(|source| source.profile));
    let mut counted = Counted { progress: context.progress, missing: std::fs::metadata(&found.path).map_or(0, |m| m.len()) };
    let export = match Export::open(&found.path, shown.clone(), source.map_or(&by_default, |source| &source.export)) {
        Ok(export) => export,
        Err(problem) => {
            outcome.problems.push(problem);
            outcome.incomplete = claimed;
            return outcome;
        }
    };
    let file_name = found.shown.rsplit('/').next().unwrap_or("");
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    for (index, info) in export.sheets().iter().enumerate() {
        let chosen = is_chosen(info, source);
        let mut reading = SheetReading { name: info.name.clone(), index, hidden: !chosen.0, ..SheetReading::default() };
        if chosen == (true, true) {
            let place = Place { file: shown.clone(), sheet: info.name.clone() };
            let mut of_sheet = match export.blocks(index) {
                Ok(blocks) => sheet::read(context, blocks, &mut counted, export.format(), &place, stem, source),
                Err(problem) => SheetOutcome { problems: vec![problem], has_rows: true, ..SheetOutcome::default() },
            };
            let read = std::mem::take(&mut of_sheet.reading);
            of_sheet.reading.profile = read.profile;
            let concealed = export.hidden(index);
            reading = SheetReading { name: reading.name, index, hidden: reading.hidden, concealed, ..read };
            outcome.sheets.push((index, of_sheet));
        }
        outcome.reading.sheets.push(reading);
    }
    lost_sheets(context.pack, &mut outcome, &shown);
    if !outcome.is_used() {
        outcome.incomplete = claimed;
    }
    let reading = &mut outcome.reading;
    reading.sha256 = export.sha256().to_owned();
    reading.size = export.size();
    reading.format = Some(export.format());
    reading.dialect = export.dialect().cloned();
    reading.export = Some(export);
    outcome
}

/// Whether a sheet is not hidden, and whether it is one to read. A hidden sheet that the config names is read.
fn is_chosen(info: &SheetInfo, source: Option<&Source>) -> (bool, bool) {
    match source.and_then(|source| source.sheet.as_deref()) {
        Some(wanted) => {
            let named = info.name.as_deref().is_none_or(|name| name.trim().to_lowercase() == wanted.trim().to_lowercase());
            (named || info.state == SheetState::Visible, named)
        }
        None => (info.state == SheetState::Visible, true),
    }
}

/// Sheets that gave nothing, beside sheets that follow a profile: rows may be missing. One that cannot be read harms what its
/// neighbours feed; so does one that is named like them and has no header, and a visible one without any row, unless it is a sheet that a new workbook comes with.
fn lost_sheets(pack: &Pack, outcome: &mut FileOutcome, shown: &Arc<str>) {
    let profiles: Vec<ProfileId> = outcome.sheets.iter().filter_map(|(_, sheet)| sheet.reading.profile).collect();
    // Sheets that differ by a number only (a sheet a year) hold the same kind of rows.
    let shape = |name: &str| name.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect::<String>();
    let of_profile = outcome.sheets.iter().filter(|(_, sheet)| sheet.reading.profile.is_some());
    let names = of_profile.filter_map(|(index, _)| outcome.reading.sheets[*index].name.as_deref());
    let series: Vec<String> = names.filter(|name| name.contains(|c: char| c.is_ascii_digit())).map(shape).collect();
    let all_blank = outcome.sheets.iter().all(|(_, sheet)| !sheet.has_rows && sheet.problems.is_empty());
    for (index, sheet) in &mut outcome.sheets {
        if sheet.reading.profile.is_none() && sheet.problems.iter().any(|p| p.severity() == Severity::Failure) {
            sheet.incomplete.extend(profiles.iter().flat_map(|profile| datasets_of(pack, Some(*profile))));
        }
        let name = outcome.reading.sheets[*index].name.clone();
        let is_spare = name.as_deref().is_some_and(|name| {
            let bare = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim().to_lowercase();
            matches!(bare.as_str(), "ark" | "sheet")
        });
        let belongs = sheet.reading.profile.is_none() && !is_spare && name.as_deref().is_some_and(|n| series.contains(&shape(n)));
        if sheet.has_rows && belongs && sheet.problems.iter().all(|p| matches!(p, Problem::Unmapped { .. })) {
            let why = Bilingual::new(
                "det hedder som ark, der kan læses, men har ikke deres overskrifter",
                "its name is like those of sheets that can be read, but it lacks their headers",
            );
            let place = Place { file: shown.clone(), sheet: name };
            sheet.problems = vec![Problem::FileUnreadable { place, why }];
            sheet.incomplete.extend(profiles.iter().flat_map(|profile| datasets_of(pack, Some(*profile))));
            continue;
        }
        if sheet.has_rows || !sheet.problems.is_empty() || (is_spare && !all_blank) || (profiles.is_empty() && !all_blank) {
            continue;
        }
        sheet.problems.push(Problem::SheetEmpty { place: Place { file: shown.clone(), sheet: name } });
        sheet.incomplete.extend(profiles.iter().flat_map(|profile| datasets_of(pack, Some(*profile))));
    }
}

fn place_of(files: &[FileReading], file: u16, sheet: u16) -> Place {
    let Some(reading) = files.get(usize::from(file)) else { return Place::file("") };
    let sheet = reading.sheets.get(usize::from(sheet)).and_then(|sheet| sheet.name.clone());
    Place { file: reading.path.clone(), sheet }
}

/// What all files gave together.
struct Gathered<'p> {
    pack: &'p Pack,
    problems: Vec<Problem>,
    incomplete: BTreeMap<DatasetId, Vec<Place>>,
    refused: BTreeMap<DatasetId, u32>,
}

impl Gathered<'_> {
    fn incomplete(&mut self, dataset: DatasetId, place: Place) {
        let places = self.incomplete.entry(dataset).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }

    fn sheet(&mut self, sheet: &mut SheetOutcome, place: Place) {
        self.problems.append(&mut sheet.problems);
        for &dataset in &sheet.incomplete {
            self.incomplete(dataset, place.clone());
        }
        if sheet.refused > 0 {
            let mut datasets = datasets_of(self.pack, sheet.reading.profile);
            datasets.sort_unstable();
            datasets.dedup();
            for dataset in datasets {
                *self.refused.entry(dataset).or_default() += sheet.refused;
            }
        }
    }

    /// Required sources without a file, or whose files follow no profile although they can be read.
    fn missing_sources(&mut self, options: &IntakeOptions, outcomes: &[FileOutcome]) -> Vec<Problem> {
        let mut missing = Vec::new();
        for source in options.sources.iter().filter(|source| source.required) {
            let mut of_source = outcomes.iter().filter(|outcome| meets(&source.files, &outcome.reading.path));
            if of_source.any(|outcome| outcome.is_used() || outcome.reading.export.is_none()) {
                continue;
            }
            missing.push(Problem::SourceMissing { source: source.name.as_str().into() });
            for dataset in datasets_of(self.pack, source.profile) {
                self.incomplete(dataset, Place::file(source.files.as_str()));
            }
        }
        missing
    }

    /// Folds the parts of all sheets: feeds that hold all rows first, newest snapshots first, else in the order of the files.
    fn fold(&mut self, mut parts: Vec<(Whence, Part)>, files: &mut [FileReading]) -> BTreeMap<DatasetId, Folder> {
        let mut folders: BTreeMap<DatasetId, Folder> = BTreeMap::new();
        let mut newest: BTreeMap<ProfileId, Date> = BTreeMap::new();
        parts.sort_by_key(|(whence, part)| (part.secondary, Reverse(whence.day)));
        for (whence, part) in parts {
            let (id, distinct) = (part.dataset, part.distinct || part.secondary);
            let newest = *newest.entry(whence.profile).or_insert_with(|| whence.day.unwrap_or(Date::from_days(0)));
            let folder = folders.entry(id).or_insert_with(|| Folder::new(id, self.pack.get(id)));
            let rows = part.len();
            let folds = folder.add(self.pack.get(id), part, whence);
            let Some(sheet) = files.get_mut(usize::from(whence.file)).and_then(|f| f.sheets.get_mut(usize::from(whence.sheet)))
            else {
                continue;
            };
            let counted = if distinct { [0, 0, folds.older] } else { [folds.folded, folds.merged, folds.older] };
            for (why, count) in [Skip::Folded, Skip::Merged, Skip::Older].into_iter().zip(counted).filter(|(_, count)| *count > 0)
            {
                *sheet.skipped.entry(why).or_default() += count;
            }
            if let Some(day) = whence.day.filter(|_| folds.older > 0) {
                let place = Place { file: files[usize::from(whence.file)].path.clone(), sheet: None };
                self.problems.push(Problem::OlderSnapshot {
                    place,
                    dataset: self.pack.get(id).name.clone(),
                    day: Bilingual::new(day.show(Lang::Da), day.show(Lang::En)),
                    newest: Bilingual::new(newest.show(Lang::Da), newest.show(Lang::En)),
                    older: folds.older,
                    only_here: rows - folds.older - folds.folded - folds.merged,
                });
            }
        }
        folders
    }

    /// The tables. A dataset that no sheet fed has none, whatever should have fed it: it counts as not delivered.
    fn tables(&mut self, folders: BTreeMap<DatasetId, Folder>, files: &[FileReading]) -> Vec<Table> {
        let mut tables = Vec::new();
        for (dataset, folder) in folders {
            let is_whole = folder.is_whole();
            let (mut table, keys, conflict) = folder.finish();
            if !is_whole {
                // What other records tell in passing is never all there is.
                for chunk in &table.chunks {
                    self.incomplete(dataset, place_of(files, chunk.file, chunk.sheet));
                }
            }
            table.incomplete = self.incomplete.remove(&dataset).unwrap_or_default();
            table.refused = self.refused.get(&dataset).copied().unwrap_or(0);
            if let Some(conflict) = conflict {
                let model = self.pack.get(dataset);
                let [first, second] = conflict.at.map(|(file, sheet, row)| (place_of(files, file, sheet), row));
                let columns = conflict.columns.iter().filter_map(|c| Some(model.columns.get(c.index())?.name.clone())).collect();
                self.problems.push(Problem::KeyConflict { dataset: model.name.clone(), keys, first, second, columns });
            }
            tables.push(table);
        }
        tables
    }
}
