//! `[[source]]` entries of sagstjek.toml: what they settle about a file, and what is said of entries that do nothing.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use sagstjek::calendar::Date;
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::report::json::{document, v1};

/// A folder of this test's own with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("config_sources").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    for (file, text) in files {
        std::fs::write(path.join(file), text).expect("written");
    }
    path
}

/// The JSON report of a night under a config, and what was said of idle entries, each with its line.
fn check(name: &str, files: &[(&str, &str)], config: &str) -> (v1::Report, Vec<(usize, String)>) {
    check_at(&folder(name, files), config)
}

/// The same for a folder that is there.
fn check_at(path: &Path, config: &str) -> (v1::Report, Vec<(usize, String)>) {
    let book = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", config))).unwrap_or_else(|mistakes| {
        panic!("{:?}", mistakes.iter().map(|m| (m.line_column().0, m.text(Lang::En))).collect::<Vec<_>>())
    });
    let gate = Gate::new(Some(b"not a secret, a test"), false);
    let options = CheckOptions {
        extract_date: None,
        today: Date::from_days(0),
        selection: Default::default(),
        fail_on: None,
        exit_zero: false,
        threads: 1,
        ignore: Vec::new(),
    };
    let night = Night::check(&book, path, &gate, &options).expect("a night");
    let idle = night.unmatched.iter().map(|m| (m.line_column().0, m.text(Lang::En))).collect();
    (document(&night.report(&gate)), idle)
}

fn mistakes(config: &str) -> Vec<(usize, String)> {
    let mistakes = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", config))).expect_err("a config with mistakes");
    mistakes.iter().map(|m| (m.line_column().0, m.text(Lang::En))).collect()
}

const SAGER: &str = "Sagsnummer;CPR-nr.;Sagstype;Sag status;Oprettet\nS1;0511124327;Børnesag;Åben;01-02-2024\n";
const HEADS: &str =
    "Ydelses-ID;Sagsnummer;Ydelsestype;Afgørelsesparagraf;Status;Startdato;Slutdato;Ydelsesbeløb;Forventet varighed\n";
const SOURCE: &str = "[[source]]\nfiles = \"ydelser.csv\"\nprofile = \"dubu-ydelser\"\n";

fn grants(rows: &str) -> String {
    format!("{HEADS}{rows}")
}

/// Verdict counts of a rule: compliant, violations, not assessed.
fn counts(report: &v1::Report, rule: &str) -> (u64, u64, u64) {
    let found = report.rules.iter().find(|r| r.id == rule).expect("the rule");
    (found.score.compliant, found.score.violation, found.score.not_assessed)
}

#[test]
fn a_sentinel_of_the_config_means_no_value() {
    let ydelser = grants("Y1;S1;Døgnophold;BL § 46;Godkendt;01-03-2024;31-12-2099;1000,00;\n");
    let files = [("sager.csv", SAGER), ("ydelser.csv", ydelser.as_str())];
    let (before, idle) = check("sentinel-before", &files, "extract_date = 2024-12-31\n");
    assert_eq!((counts(&before, "BEV-101"), idle), ((1, 0, 0), Vec::new()));
    let config = format!("extract_date = 2024-12-31\n{SOURCE}sentinels = {{ \"bevilling.slut\" = [\"31-12-2099\"] }}\n");
    let (after, idle) = check("sentinel", &files, &config);
    assert_eq!((counts(&after, "BEV-101"), idle), ((0, 1, 0), Vec::new()));
}

#[test]
fn a_format_of_the_config_decides_what_no_cell_can() {
    let ydelser = grants("Y1;S1;Døgnophold;BL § 46;Godkendt;03/04/2024;12/31/2024;1.000;\n");
    let files = [("sager.csv", SAGER), ("ydelser.csv", ydelser.as_str())];
    let (plain, _) = check("format-before", &files, "extract_date = 2024-12-31\n");
    assert_eq!(counts(&plain, "BEV-101"), (0, 0, 1), "12/31 is no day");
    let config = format!(
        "extract_date = 2024-12-31\n{SOURCE}formats = {{ \"bevilling.start\" = \"mm/dd/yyyy\", \"bevilling.slut\" = \"mm/dd/yyyy\" }}\n"
    );
    let (told, idle) = check("format", &files, &config);
    assert_eq!((counts(&told, "BEV-101"), idle), ((1, 0, 0), Vec::new()));
}

#[test]
fn the_day_a_file_describes_may_be_told() {
    let files = [("sager_2024-01-31.csv", SAGER)];
    let (named, _) = check("delivered-before", &files, "");
    assert_eq!(named.manifest.extract_date, "2024-01-31");
    let (told, _) = check("delivered", &files, "[[source]]\nfiles = \"sager*\"\ndelivered = 2024-02-29\n");
    assert_eq!(told.manifest.extract_date, "2024-02-29");
}

#[test]
fn a_source_may_feed_one_dataset_only() {
    let fed = |report: &v1::Report| -> Vec<String> {
        let feeds = report.files.iter().flat_map(|f| &f.sheets).flat_map(|s| &s.headers).flat_map(|h| &h.feeds);
        let mut datasets: Vec<String> = feeds.map(|feed| feed.split('.').next().unwrap_or("").to_owned()).collect();
        datasets.sort();
        datasets.dedup();
        datasets
    };
    let (all, _) = check("dataset-before", &[("sager.csv", SAGER)], "");
    assert!(fed(&all).len() > 1, "{:?}", fed(&all));
    let (one, idle) = check("dataset", &[("sager.csv", SAGER)], "[[source]]\nfiles = \"sager.csv\"\ndataset = \"sag\"\n");
    assert_eq!((fed(&one), idle), (vec!["sag".to_owned()], Vec::new()));
}

#[test]
fn entries_that_do_nothing_are_told_at_their_line() {
    let config = "ignore = [\"noter.txt\"]\n\
        [[source]]\nname = \"alle\"\nfiles = \"*.csv\"\nprofile = \"dubu-sager\"\n\
        formats = { \"sag.afsluttet\" = \"mm/dd/yyyy\" }\n\
        sentinels = { \"sag.team\" = \"ukendt\" }\n\
        [source.columns]\n\"sag.sagsnr\" = \"Sagsnummer\"\n\"sag.team\" = \"Holdnavn\"\n\
        [[source]]\nname = \"sager\"\nfiles = \"sager.csv\"\n\
        [[source]]\nname = \"posteringer\"\nfiles = \"opus*\"\nrequired = false\n";
    let (_, idle) = check("idle", &[("sager.csv", SAGER)], config);
    let lines: Vec<usize> = idle.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 9, 10, 6, 7, 11, 14], "{idle:#?}");
    for (said, (_, text)) in [
        "no file is called",
        "known already",
        "no file of the source uses",
        "has the column",
        "has the column",
        "stands before it",
        "matches no file",
    ]
    .iter()
    .zip(&idle)
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn mistakes_in_entries_are_told_at_their_line() {
    let config = "[[source]]\nfiles = \"a.csv\"\nprofile = \"dubu-sager\"\ndataset = \"postering\"\n\
        formats = { \"sag.sagsnr\" = \"mm/dd/yyyy\" }\nsentinels = { \"sag.sagsnummer\" = \"x\" }\n\
        [[source]]\nfiles = \"b.csv\"\nformats = { \"sag.oprettet\" = \"dd/mm\" }\n";
    let told = mistakes(config);
    let lines: Vec<usize> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 5, 6, 9], "{told:#?}");
}

#[test]
fn the_config_of_the_documentation_is_valid_and_meets_its_schema() {
    let page = include_str!("../docs/config.md").replace("\r\n", "\n");
    let blocks = page.split("```toml\n").skip(1).filter_map(|part| part.split("```").next());
    let config: String = blocks.collect::<Vec<_>>().join("\n");
    let book = Book::open(embedded(), Vec::new(), Some(("docs/config.md", &config)));
    let book = book.unwrap_or_else(|m| panic!("{:?}", m.iter().map(|m| (m.line_column(), m.text(Lang::En))).collect::<Vec<_>>()));
    assert_eq!(book.config.sources.len(), 2);
    let schema = sagstjek::config::schema::schema(&book.pack);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    // Editors see a day as text.
    let as_text = config.replace("= 2026-10-31", "= \"2026-10-31\"");
    let json: serde_json::Value = toml::from_str(&as_text).expect("TOML");
    let errors: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// A byte order mark, CRLF, a backslash in a pattern, upper case, and a file in code page 850.
#[test]
fn a_config_written_on_windows() {
    let path = folder("windows", &[]);
    std::fs::create_dir_all(path.join("Dubu")).expect("a folder");
    let sager = SAGER.replace('\n', "\r\n").into_bytes();
    let dos: Vec<u8> = String::from_utf8(sager)
        .expect("text")
        .chars()
        .map(|c| match c {
            'Å' => 0x8F,
            'ø' => 0x9B,
            other => u8::try_from(other).expect("ASCII"),
        })
        .collect();
    std::fs::write(path.join("Dubu/SAGER.CSV"), dos).expect("written");
    let config = "\u{feff}[[source]]\r\nfiles = 'dubu\\sager*.csv'\r\nencoding = \"cp850\"\r\nprofile = \"dubu-sager\"\r\n";
    let (report, idle) = check_at(&path, config);
    assert_eq!(idle, [], "the pattern meets the file");
    let file = &report.files[0];
    assert_eq!((file.path.as_str(), file.encoding, file.sheets[0].records), ("Dubu/SAGER.CSV", Some("IBM850"), 1));
    assert!(mistakes("\u{feff}lang = \"da\"\r\nencoding = 3\r\n").iter().all(|(line, _)| *line == 2), "lines are counted right");
}

/// Sheet, header row and number of records of the first file's sheets that were read.
fn read(report: &v1::Report) -> Vec<(Option<String>, Option<u32>, u32)> {
    let sheets = report.files[0].sheets.iter().filter(|sheet| sheet.header_row.is_some());
    sheets.map(|sheet| (sheet.name.clone(), sheet.header_row, sheet.records)).collect()
}

#[test]
fn the_header_row_of_the_config_holds_where_a_row_above_is_a_header_too() {
    let twice = format!("{SAGER}S2;1307851234;Børnesag;Åben;01-03-2024\n{SAGER}");
    let files = [("sager.csv", twice.as_str())];
    let source = "[[source]]\nfiles = \"sager.csv\"\nprofile = \"dubu-sager\"\n";
    let (found, _) = check("header-before", &files, source);
    assert_eq!(read(&found)[0].1, Some(1));
    let (told, idle) = check("header", &files, &format!("{source}header_row = 4\n"));
    assert_eq!((read(&told), idle), (vec![(None, Some(4), 1)], Vec::new()));
}

#[test]
fn the_delimiter_of_the_config_holds_where_another_is_likelier() {
    let colons = SAGER.replace(';', ":").replace("Børnesag", "Børnesag;1;2").replace("Sagstype", "Sagstype;a;b");
    let files = [("sager.csv", colons.as_str())];
    let (found, _) = check("delimiter-before", &files, "");
    assert_eq!(read(&found), [], "no layout is recognised");
    let (told, _) =
        check("delimiter", &files, "[[source]]\nfiles = \"sager.csv\"\nprofile = \"dubu-sager\"\ndelimiter = \":\"\n");
    assert_eq!(read(&told), [(None, Some(1), 1)]);
}

#[test]
fn the_encoding_of_the_config_holds() {
    // «Ø» of code page 850 is «¥» in Windows-1252, and nothing in this file tells which is meant.
    let path = folder("encoding", &[]);
    let text = b"Sagsnummer;CPR-nr.;Sagstype;Sag status;Oprettet;Sagsbehandler\nS1;0511124327;B;Lukket;01-02-2024;\x9d\x9d1\n";
    std::fs::write(path.join("sager.csv"), text).expect("written");
    let source = "[[source]]\nfiles = \"sager.csv\"\nprofile = \"dubu-sager\"\n";
    let (told, idle) = check_at(&path, &format!("{source}encoding = \"cp850\"\n"));
    assert_eq!((told.files[0].encoding, idle), (Some("IBM850"), Vec::new()));
    let (other, _) = check_at(&path, &format!("{source}encoding = \"windows-1252\"\n"));
    assert_eq!(other.files[0].encoding, Some("windows-1252"));
}

#[test]
fn a_column_of_the_config_is_read_from_a_header_that_nobody_knows() {
    let strange = SAGER.replace("Sag status", "Tilstand nu");
    let files = [("sager.csv", strange.as_str())];
    let feeds = |report: &v1::Report| {
        let headers = report.files[0].sheets.iter().flat_map(|sheet| &sheet.headers);
        headers.filter(|header| header.text == "Tilstand nu").flat_map(|header| header.feeds.clone()).collect::<Vec<_>>()
    };
    let source = "[[source]]\nfiles = \"sager.csv\"\nprofile = \"dubu-sager\"\n";
    let (found, _) = check("columns-before", &files, source);
    assert_eq!(feeds(&found), [] as [String; 0]);
    let (told, idle) = check("columns", &files, &format!("{source}columns = {{ \"sag.status\" = \"Tilstand nu\" }}\n"));
    assert_eq!((feeds(&told), idle), (vec!["sag.status".to_owned()], Vec::new()));
}

#[test]
fn only_the_sheet_of_the_config_is_read_a_hidden_one_too() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, case) in [("Gamle", "S1"), ("Nye", "S2"), ("Skjulte", "S3")] {
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        let rows = SAGER.replace("S1", case);
        for (r, row) in rows.lines().enumerate() {
            for (c, cell) in row.split(';').enumerate() {
                sheet.write(r as u32, c as u16, cell).expect("a cell");
            }
        }
        sheet.set_hidden(name == "Skjulte");
    }
    let path = folder("sheet", &[]);
    workbook.save(path.join("sager.xlsx")).expect("written");
    let named = |report: &v1::Report| read(report).into_iter().filter_map(|(name, ..)| name).collect::<Vec<_>>();
    let source = "[[source]]\nfiles = \"sager.xlsx\"\nprofile = \"dubu-sager\"\n";
    let (all, _) = check_at(&path, source);
    assert_eq!(named(&all), ["Gamle", "Nye"]);
    for wanted in ["Nye", "Skjulte"] {
        let (one, idle) = check_at(&path, &format!("{source}sheet = \"{wanted}\"\n"));
        assert_eq!((named(&one), idle), (vec![wanted.to_owned()], Vec::new()));
    }
}
