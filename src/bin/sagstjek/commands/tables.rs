//! `sagstjek tables`: the tables of a file or folder as they were read.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sagstjek::export::{Export, Piece};
use sagstjek::intake::FileReading;
use sagstjek::locale::{Lang, Localized};
use sagstjek::night::{Book, glance};
use sagstjek::privacy::{Gate, terminal as harmless};
use sagstjek::problem::{Place, Problem};
use sagstjek::report::tables::{Mask, csv_row, json_row, summary};

use super::opened::Opened;
use super::{Outcome, failure, shown};
use crate::args::{OutputArgs, TablesArgs};
use crate::{FAILED, terminal};

/// Exit code when there was nothing to read.
const NOTHING: u8 = 1;

pub(super) fn run(args: TablesArgs, output: &OutputArgs) -> Outcome {
    let opened = Opened::at(&args.path, args.config.as_deref(), &args.pack, output)?;
    let (book, lang) = (&opened.book, opened.lang);
    if args.show_personal && (terminal::is_ci() || !terminal::is_interactive() || args.out.is_some()) {
        let text = lang.pick(
            "--show-personal viser personoplysninger og virker kun på en terminal, ikke i CI eller til filer",
            "--show-personal shows personal data and works on a terminal only, not in CI or to files",
        );
        return Err(failure(text, lang));
    }
    let gate = opened.gate(args.show_personal)?;
    // What the files hold decides what may be shown of them.
    let delivery = glance(book, &args.path, opened.own_files());
    let mut job = Job { args: &args, book, gate: &gate, lang, out: Out::new(&args), failed: false, records: 0, tables: 0 };
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).map_err(|error| failure(&format!("{}: {error}", shown(folder)), lang))?;
    }
    for file in &delivery.files {
        if let Err(error) = job.file(file) {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Ok(0);
            }
            return Err(failure(&error.to_string(), lang));
        }
    }
    for problem in &delivery.problems {
        let unread = |file: &Place| delivery.files.iter().any(|f| f.path == file.file && f.export.is_none());
        let failed = match problem {
            Problem::FileEmpty { .. } => false,
            Problem::FileUnreadable { place, .. } if unread(place) || delivery.files.is_empty() => true,
            _ => continue,
        };
        terminal::complain(&gate.mask(&harmless(&problem.text(lang))));
        job.failed |= failed;
    }
    let (failed, tables) = (job.failed, job.tables);
    match job.out.end(tables) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(0),
        Err(error) => return Err(failure(&error.to_string(), lang)),
        Ok(()) => {}
    }
    Ok(match (failed, tables) {
        (true, _) => FAILED,
        (false, 0) => NOTHING,
        (false, _) => 0,
    })
}

/// Where it goes.
enum Out {
    Csv(BufWriter<io::Stdout>),
    Json(BufWriter<io::Stdout>),
    Files { folder: PathBuf, json: bool },
}

impl Out {
    fn new(args: &TablesArgs) -> Out {
        let stdout = || BufWriter::with_capacity(256 * 1024, io::stdout());
        match &args.out {
            Some(folder) => Out::Files { folder: folder.clone(), json: args.json },
            None if args.json => Out::Json(stdout()),
            None => Out::Csv(stdout()),
        }
    }

    fn end(self, tables: u64) -> io::Result<()> {
        match self {
            // A reader of the pipe gets a document also where there is no table.
            Out::Csv(mut out) if tables == 0 => out.write_all(b"\r\n").and_then(|()| out.flush()),
            Out::Csv(mut out) => out.flush(),
            Out::Json(mut out) => {
                out.write_all(if tables == 0 { b"{\"tables\":[]}\n" } else { b"]}]}\n" }).and_then(|()| out.flush())
            }
            Out::Files { .. } => Ok(()),
        }
    }
}

struct Job<'a> {
    args: &'a TablesArgs,
    book: &'a Book,
    gate: &'a Gate,
    lang: Lang,
    out: Out,
    failed: bool,
    records: u64,
    tables: u64,
}

impl Job<'_> {
    fn file(&mut self, file: &FileReading) -> io::Result<()> {
        let Some(export) = &file.export else { return Ok(()) };
        for sheet in 0..export.sheets().len() {
            if file.sheets.get(sheet).is_some_and(|reading| reading.hidden) {
                continue;
            }
            self.sheet(file, export, sheet)?;
        }
        Ok(())
    }

    fn sheet(&mut self, file: &FileReading, export: &Export, sheet: usize) -> io::Result<()> {
        let mut mask = Mask::of(&self.book.pack, file.sheets.get(sheet), self.gate, self.args.raw);
        let name = export.sheets().get(sheet).and_then(|info| info.name.clone());
        let (escape, mut line, mut ended) = (!self.args.raw, String::new(), Ok(()));
        // A spreadsheet in Danish takes a file for columns by its semicolons.
        let separator = if self.args.out.is_some() && !self.args.csv { ';' } else { ',' };
        let mut target: Option<(BufWriter<File>, bool)> = None;
        let mut number = 0_u32;
        let read = export.tables(sheet, &mut |piece| {
            line.clear();
            let wrote = match piece {
                Piece::Table { header, place } => {
                    number += 1;
                    let header = mask.table(header, place.sheet_row);
                    let about = About {
                        file: &self.gate.mask(&file.path),
                        sheet: name.as_deref().map(|n| self.gate.mask(n)),
                        number,
                        row: place.sheet_row,
                    };
                    self.records = 0;
                    let begun =
                        begin(&mut self.out, &mut target, &about, header.as_deref(), self.tables, (separator, escape), &mut line);
                    self.tables += 1;
                    begun
                }
                Piece::Row { cells, sure, .. } => {
                    let cells = mask.row(cells, sure);
                    let json = matches!(self.out, Out::Json(_)) || target.as_ref().is_some_and(|(_, json)| *json);
                    if json {
                        line.push_str(if self.records > 0 { ",\n" } else { "\n" });
                        json_row(&mut line, &cells);
                    } else {
                        csv_row(&mut line, &cells, separator, escape);
                    }
                    self.records += 1;
                    Ok(())
                }
            };
            ended = wrote.and_then(|()| match (&mut self.out, &mut target) {
                (Out::Csv(out) | Out::Json(out), _) => out.write_all(line.as_bytes()),
                (Out::Files { .. }, Some((out, _))) => out.write_all(line.as_bytes()),
                (Out::Files { .. }, None) => Ok(()),
            });
            ended.is_ok()
        });
        ended?;
        if let Some((out, json)) = &mut target {
            if *json {
                out.write_all(b"]}\n")?;
            }
            out.flush()?;
        }
        let mut place = self.gate.mask(&file.path);
        if let Some(sheet) = &name {
            place.push_str(&format!(" [{}]", self.gate.mask(sheet)));
        }
        match read {
            Ok(report) => terminal::complain(&harmless(&format!("{place}: {}", summary(&report, mask.masked(), self.lang)))),
            Err(problem) => {
                terminal::complain(&self.gate.mask(&harmless(&problem.text(self.lang))));
                self.failed = true;
            }
        }
        Ok(())
    }
}

/// What a table is called.
struct About<'a> {
    file: &'a str,
    sheet: Option<String>,
    number: u32,
    row: u32,
}

impl About<'_> {
    /// The table as the head of a JSON object, without its rows.
    fn json(&self, header: Option<&[String]>) -> String {
        let text = serde_json::json!({ "file": self.file, "sheet": self.sheet, "row": self.row, "header": header }).to_string();
        format!("{},\"rows\":[", &text[..text.len() - 1])
    }

    /// A file name of letters, digits and hyphens.
    fn stem(&self) -> String {
        let plain =
            |text: &str| text.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect::<String>();
        let file = plain(self.file.rsplit('/').next().unwrap_or(self.file));
        let sheet = self.sheet.as_deref().map_or(String::new(), |sheet| format!("-{}", plain(sheet)));
        let number = if self.number > 1 { format!("-{}", self.number) } else { String::new() };
        format!("{file}{sheet}{number}")
    }
}

fn begin(
    out: &mut Out,
    target: &mut Option<(BufWriter<File>, bool)>,
    about: &About<'_>,
    header: Option<&[String]>,
    before: u64,
    (separator, escape): (char, bool),
    line: &mut String,
) -> io::Result<()> {
    let json = match out {
        Out::Csv(_) => false,
        Out::Json(_) => {
            line.push_str(if before == 0 { "{\"tables\":[\n" } else { "]},\n" });
            true
        }
        Out::Files { folder, json } => {
            if let Some((mut last, was_json)) = target.take() {
                last.write_all(if was_json { b"]}\n" } else { b"" })?;
                last.flush()?;
            }
            *target = Some((BufWriter::new(create(folder, &about.stem(), if *json { "json" } else { "csv" })?), *json));
            if !*json {
                // Excel takes a file for UTF-8 by its mark.
                line.push('\u{feff}');
            }
            *json
        }
    };
    match header {
        _ if json => line.push_str(&about.json(header)),
        Some(header) => csv_row(line, header, separator, escape),
        None => {}
    }
    Ok(())
}

/// A new file; what is there already stays.
fn create(folder: &Path, stem: &str, extension: &str) -> io::Result<File> {
    let mut path = folder.join(format!("{stem}.{extension}"));
    let mut number = 1;
    while path.exists() && number < 1_000 {
        number += 1;
        path = folder.join(format!("{stem}.{number}.{extension}"));
    }
    File::create_new(path)
}
