//! Copies of the demo delivery that tests change and have checked: files as grids of cells, and what a check says of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Format as CellFormat, Formula, Workbook};
use sagstjek::calendar::Date;
use sagstjek::config::Selection;
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::problem::{Mistake, Problem};
use sagstjek::report::{Format, RenderOptions, render};
use serde_json::Value;

pub(crate) const CASES: &str = "DUBU_sager_2026-10-31.csv";
pub(crate) const EXAMINATIONS: &str = "DUBU_undersoegelser_2026-10-31.csv";
pub(crate) const GRANTS: &str = "DUBU_ydelser_2026-10-31.xlsx";
pub(crate) const POSTINGS: &str = "OPUS_posteringer_2026-10.csv";
pub(crate) const PAYMENTS: &str = "Pecunia_betalinger_2026-10.csv";
pub(crate) const EARNINGS: &str = "Tabt_arbejdsfortjeneste_2026-10-31.xlsx";
pub(crate) const EXPORTS: [&str; 6] = [CASES, EXAMINATIONS, GRANTS, POSTINGS, PAYMENTS, EARNINGS];
pub(crate) const RULES: [&str; 4] = ["SAG-103", "BEV-101", "FOR-104", "TAF-102"];

static BOOK: LazyLock<Book> = LazyLock::new(|| open(Some(&read_text(&demo().join("sagstjek.toml")))).expect("the demo's config"));
static BARE_BOOK: LazyLock<Book> = LazyLock::new(|| open(None).expect("the pack"));
static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new(Some(&fs::read(demo().join("hemmelighed.txt")).unwrap()), false));
/// What a check of the untouched demo says.
pub(crate) static WHOLE: LazyLock<Checked> = LazyLock::new(|| Delivery::new().check());

pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo")
}

fn read_text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

pub(crate) fn open(config: Option<&str>) -> Result<Book, Vec<Mistake>> {
    Book::open(embedded(), Vec::new(), config.map(|text| ("sagstjek.toml", text)))
}

/// What stands in a cell of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A day as a spreadsheet holds it: a number under a date format.
    Day(f64),
    /// A formula that shows `#N/A`.
    NotAvailable,
}

impl Cell {
    pub(crate) fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

/// A sheet, or a text file.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Index of its header row.
    pub(crate) header: usize,
    /// Rows at its end that are no records.
    pub(crate) footer: usize,
}

impl Sheet {
    pub(crate) fn headers(&self) -> Vec<String> {
        self.rows[self.header].iter().map(|cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() }).collect()
    }

    pub(crate) fn column(&self, header: &str) -> usize {
        self.headers().iter().position(|name| name == header).unwrap_or_else(|| panic!("no column {header}"))
    }

    pub(crate) fn records(&mut self) -> &mut [Vec<Cell>] {
        let end = self.rows.len() - self.footer;
        &mut self.rows[self.header + 1..end]
    }

    /// Exchanges the data of two columns under their headers.
    pub(crate) fn swap(&mut self, a: &str, b: &str) {
        let (a, b) = (self.column(a), self.column(b));
        self.records().iter_mut().for_each(|row| row.swap(a, b));
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let (at, row) = (self.column(from), self.header);
        self.rows[row][at] = Cell::text(to);
    }

    pub(crate) fn remove(&mut self, header: &str) {
        let (at, from) = (self.column(header), self.header);
        self.rows[from..].iter_mut().for_each(|row| {
            row.remove(at);
        });
    }
}

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Utf8Bom,
    Cp1252,
    Utf16,
}

/// The bytes of a text file; cells with the delimiter are quoted.
pub(crate) fn csv(sheet: &Sheet, delimiter: char, charset: Charset) -> Vec<u8> {
    let field = |cell: &Cell| match cell {
        Cell::Text(text) if text.contains([delimiter, '"', '\n']) => format!("\"{}\"", text.replace('"', "\"\"")),
        Cell::Text(text) => text.clone(),
        _ => String::new(),
    };
    let line = |row: &Vec<Cell>| row.iter().map(field).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n";
    let text: String = sheet.rows.iter().map(line).collect();
    match charset {
        Charset::Utf8 => text.into_bytes(),
        Charset::Utf8Bom => format!("\u{feff}{text}").into_bytes(),
        Charset::Cp1252 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        Charset::Utf16 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}

/// The fields of a line; a quoted one may hold the delimiter.
fn fields(line: &str) -> Vec<Cell> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => found.push(String::new()),
            c => found.last_mut().unwrap().push(c),
        }
    }
    found.iter().map(|field| Cell::text(field)).collect()
}

fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = CellFormat::new().set_num_format("dd-mm-yyyy");
    for sheet in sheets {
        let into = book.add_worksheet().set_name(&sheet.name).unwrap();
        for (r, row) in (0_u32..).zip(&sheet.rows) {
            for (c, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) => drop(into.write_string(r, c, text).unwrap()),
                    Cell::Number(n) => drop(into.write_number(r, c, *n).unwrap()),
                    Cell::Day(n) => drop(into.write_number_with_format(r, c, *n, &day).unwrap()),
                    Cell::NotAvailable => drop(into.write_formula(r, c, Formula::new("=NA()").set_result("#N/A")).unwrap()),
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// A copy of the demo delivery, removed when dropped.
pub(crate) struct Delivery {
    pub(crate) folder: PathBuf,
}

impl Delivery {
    pub(crate) fn new() -> Delivery {
        let delivery = Delivery::empty();
        for file in fs::read_dir(demo()).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), delivery.folder.join(file.file_name())).unwrap();
        }
        delivery
    }

    /// A folder without files.
    pub(crate) fn empty() -> Delivery {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sagstjek-deliveries-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Delivery { folder }
    }

    pub(crate) fn bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.folder.join(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.folder.join(file), bytes).unwrap();
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.folder.join(file)).unwrap();
    }

    /// The cells of a file of the demo.
    pub(crate) fn sheets(&self, file: &str) -> Vec<Sheet> {
        if file.ends_with(".csv") {
            let bytes = self.bytes(file);
            let text = String::from_utf8(bytes).unwrap_or_else(|e| encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned());
            let text = text.trim_start_matches('\u{feff}');
            let rows = text.lines().map(fields).collect();
            return vec![Sheet { name: String::new(), rows, header: 0, footer: usize::from(file == POSTINGS) }];
        }
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(self.bytes(file))).unwrap();
        let sheets = book.worksheets().into_iter().map(|(name, range)| {
            let width = range.get_size().1;
            let cell = |data: &Data| match data {
                Data::Empty => Cell::Empty,
                Data::String(text) => Cell::text(text),
                Data::Float(n) => Cell::Number(*n),
                Data::DateTime(day) => Cell::Day(day.as_f64()),
                Data::Error(_) => Cell::NotAvailable,
                other => panic!("{other:?}"),
            };
            let rows: Vec<Vec<Cell>> = range.rows().map(|row| row.iter().map(cell).collect()).collect();
            assert!(rows.iter().all(|row| row.len() == width) && range.start() == Some((0, 0)));
            Sheet { name, rows, header: 2, footer: 0 }
        });
        sheets.collect()
    }

    /// Writes a file of the demo anew, in its own form.
    pub(crate) fn put(&self, file: &str, sheets: &[Sheet]) {
        match file {
            GRANTS | EARNINGS => self.write(file, workbook(sheets)),
            CASES => self.write(file, csv(&sheets[0], ';', Charset::Utf8Bom)),
            POSTINGS => self.write(file, csv(&sheets[0], ';', Charset::Cp1252)),
            _ => self.write(file, csv(&sheets[0], ';', Charset::Utf8)),
        }
    }

    /// Changes the cells of a file.
    pub(crate) fn change(&self, file: &str, change: impl FnOnce(&mut Vec<Sheet>)) {
        let mut sheets = self.sheets(file);
        change(&mut sheets);
        self.put(file, &sheets);
    }

    /// A check with the demo's config.
    pub(crate) fn check(&self) -> Checked {
        self.check_with(&BOOK, 2)
    }

    /// Exit code and failures of a check, without the report, which takes most of the time.
    pub(crate) fn named(&self) -> (u8, Vec<String>) {
        let night = night(&BOOK, &self.folder, 2);
        let report = night.report(&GATE);
        (report.exit_code(), failures(report.problems.iter().chain(&report.findings.problems)))
    }

    /// A check without a config.
    pub(crate) fn check_bare(&self) -> Checked {
        self.check_with(&BARE_BOOK, 2)
    }

    pub(crate) fn check_with(&self, book: &Book, threads: usize) -> Checked {
        check(book, &self.folder, threads)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Checks a folder or a file.
pub(crate) fn check(book: &Book, root: &Path, threads: usize) -> Checked {
    let night = night(book, root, threads);
    let report = night.report(&GATE);
    let json = render(&report, Format::Json, &RenderOptions::default());
    Checked {
        code: report.exit_code(),
        problems: report.problems.iter().chain(&report.findings.problems).cloned().collect(),
        json: serde_json::from_str(&json).unwrap(),
    }
}

pub(crate) fn night(book: &Book, root: &Path, threads: usize) -> Night {
    let ignore = ["facit.toml", "hemmelighed.txt", "sagstjek.toml"].map(str::to_owned).to_vec();
    let today = Date::from_ymd(2026, 11, 2).unwrap();
    let options = CheckOptions {
        extract_date: None,
        today,
        selection: Selection::default(),
        fail_on: None,
        exit_zero: false,
        threads,
        ignore,
    };
    Night::check(book, root, &GATE, &options).unwrap()
}

/// Every form of report in both languages.
pub(crate) fn outputs(root: &Path, threads: usize) -> Vec<(String, String)> {
    let night = night(&BOOK, root, threads);
    let report = night.report(&GATE);
    let forms = Format::ALL.into_iter().flat_map(|format| [Lang::Da, Lang::En].map(|lang| (format, lang)));
    forms
        .map(|(format, lang)| {
            let options = RenderOptions { lang, ..RenderOptions::default() };
            (format!("{} {lang:?}", format.name()), render(&report, format, &options))
        })
        .collect()
}

/// What a check said.
pub(crate) struct Checked {
    pub(crate) code: u8,
    pub(crate) problems: Vec<Problem>,
    pub(crate) json: Value,
}

/// Counts of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) not_applicable: u64,
    pub(crate) compliant: u64,
    pub(crate) violation: u64,
    pub(crate) not_assessed: u64,
}

impl Checked {
    fn rule(&self, id: &str) -> &Value {
        self.json["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap_or_else(|| panic!("no rule {id}"))
    }

    /// `ran`, or why it was skipped.
    pub(crate) fn state(&self, id: &str) -> &str {
        self.rule(id)["state"].as_str().unwrap()
    }

    pub(crate) fn counts(&self, id: &str) -> Counts {
        let score = &self.rule(id)["score"];
        let get = |name: &str| score[name].as_u64().unwrap();
        Counts {
            not_applicable: get("not_applicable"),
            compliant: get("compliant"),
            violation: get("violation"),
            not_assessed: get("not_assessed"),
        }
    }

    /// Findings of a rule by file, sheet, record and header of the primary cell.
    pub(crate) fn violations(&self, id: &str) -> BTreeSet<String> {
        self.keys("findings", id)
    }

    /// Rows of a rule that were not assessed, by file, sheet, record and header of the primary cell.
    pub(crate) fn not_assessed(&self, id: &str) -> BTreeSet<String> {
        self.keys("not_assessed", id)
    }

    fn keys(&self, list: &str, id: &str) -> BTreeSet<String> {
        let of_rule = self.json[list].as_array().unwrap().iter().filter(|entry| entry["rule"] == id);
        let place = |entry: &Value| format!("{} {} {} {}", entry["file"], entry["sheet"], entry["record"], entry["item"]);
        let cell = |entry: &Value| entry["primary"]["header"].to_string();
        of_rule.map(|entry| place(entry) + &cell(entry)).collect()
    }

    /// Problems that set exit code 2, as text.
    pub(crate) fn failures(&self) -> Vec<String> {
        failures(&self.problems)
    }

    /// Asserts what a damaged delivery may say at most: of the rules named no row is compliant, in violation or out of the
    /// rule that was not so in the whole delivery. Rules not named say exactly what they say of the whole delivery.
    pub(crate) fn assert_no_bolder(&self, harmed: &[&str], what: &str) {
        for id in RULES {
            let (now, before) = (self.counts(id), WHOLE.counts(id));
            if !harmed.contains(&id) {
                assert_eq!((now, self.violations(id)), (before, WHOLE.violations(id)), "{what}: {id} is another rule's business");
                continue;
            }
            let new: Vec<String> = self.violations(id).difference(&WHOLE.violations(id)).cloned().collect();
            assert!(new.is_empty(), "{what}: {id} says violation of {new:?}\n{:?}", self.failures());
            assert!(now.compliant <= before.compliant, "{what}: {id} says compliant of more rows: {now:?}, was {before:?}");
            assert!(now.not_applicable <= before.not_applicable, "{what}: {id} leaves out more rows: {now:?}, was {before:?}");
        }
    }
}

/// The problems that set exit code 2, in English.
fn failures<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Vec<String> {
    let failures = problems.into_iter().filter(|p| p.severity() == sagstjek::problem::Severity::Failure);
    failures.map(|p| p.text(Lang::En)).collect()
}

/// A small generator of random numbers (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
