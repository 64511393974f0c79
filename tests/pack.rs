//! Packs: the embedded one loads, the examples of `docs/pack.md` load, and all mistakes of a broken one are told at once.
#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;

use sagstjek::calendar::Date;
use sagstjek::engine::run_examples;
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::{embedded, from_dir, load, overlay, value_from_text};
use sagstjek::model::{FeedSource, Pack, SourceFile, Status};
use sagstjek::problem::Mistake;
use sagstjek::rule::scaffold::{self, Scaffold};
use sagstjek::rule::typed::Verdict;
use sagstjek::rule::{compile_model, load_rules};
use sagstjek::value::{Kind, Value};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

fn told(mistakes: &[Mistake]) -> Vec<String> {
    let line = |m: &Mistake| {
        let (line, column) = m.line_column();
        let help = m.help(Lang::En).map_or(String::new(), |h| format!(" ({h})"));
        format!("{}:{line}:{column}: {}{help}", m.file, m.text(Lang::En))
    };
    mistakes.iter().map(line).collect()
}

fn loaded(files: Vec<SourceFile>) -> Pack {
    load(files).unwrap_or_else(|mistakes| panic!("{:#?}", told(&mistakes)))
}

const PACK: &str = "name = \"p\"\nversion = \"1\"\ncurrency = \"kr\"\nvocabulary = [\"dk\"]\n[[family]]\nfolder = \"frister\"\ntitle = { da = \"a\", en = \"b\" }\n";

/// With a byte order mark and CRLF in every file.
#[test]
fn a_pack_written_on_windows_is_the_same_pack() {
    let on_windows = |of: SourceFile| file(&of.path, &format!("\u{feff}{}", of.text.replace("\r\n", "\n").replace('\n', "\r\n")));
    let (pack, here) = (loaded(embedded().into_iter().map(on_windows).collect()), loaded(embedded()));
    assert_eq!(
        (pack.datasets.len(), pack.profiles.len(), pack.tables.len()),
        (here.datasets.len(), here.profiles.len(), here.tables.len())
    );
    let ids = |pack: &Pack| -> Vec<String> {
        let rules = load_rules(pack).unwrap_or_else(|m| panic!("{:#?}", told(&m)));
        rules.rules.iter().map(|rule| rule.id.to_string()).collect()
    };
    assert_eq!(ids(&pack), ids(&here));
}

#[test]
fn the_embedded_pack_loads_without_mistakes() {
    let pack = loaded(embedded());
    assert_eq!(pack.currency, "kr");
    assert!(pack.vocabulary_dk);
    assert_eq!(pack.hash.len(), 64);
    assert_eq!(from_dir("rules".as_ref()).expect("rules"), embedded(), "rebuild: the embedded files are stale");
}

#[test]
fn many_mistakes_are_told_at_once() {
    let files = vec![
        file("pack.toml", PACK),
        file("fister/regel.toml", "id = \"A-1\"\n"),
        file(
            "kodelister/typer.toml",
            "list = \"typer\"\ntitel = \"x\"\ntitle = { da = \"a\", en = \"b\" }\nkind = \"konto\"\nstatus = \"printed\"\nsource = \"s\"\n[[code]]\ncode = \"æble\"\n[[code]]\ncode = \"5.28\"\n",
        ),
        file(
            "model/sag.toml",
            "dataset = \"sag\"\ntitle = { da = \"a\", en = \"b\" }\nkeys = [[\"sagsnummer\"]]\n[[column]]\nname = \"sagsnr\"\nkind = \"txet\"\n[[column]]\nname = \"cpr\"\nkind = \"cpr\"\nrole = \"peson\"\n[[column]]\nname = \"type\"\nkind = \"text\"\ncodes = \"typer\"\n",
        ),
        file("links.toml", "[[link]]\nfrom = \"sag\"\nto = \"persom\"\nvia = [[\"cpr\"]]\n"),
        file(
            "profiler/p.toml",
            "profile = \"p\"\nsystem = \"S\"\ntitle = { da = \"a\", en = \"b\" }\nsignature = [\"CPR\"]\n[[feeds]]\ndataset = \"sag\"\ncolumns = [{ to = \"cqr\", header = \"CPR\" }]\n",
        ),
        file(
            "satser/loft.toml",
            "table = \"loft\"\ntitle = { da = \"a\", en = \"b\" }\nkind = \"money\"\n[[row]]\nfrom = 2024-01-01\nvalue = 10.5\nsource = \"x\"\n[[row]]\nfrom = 2024-01-01\nuntil = 2024-12-31\nvalue = 10.505\nstatus = \"printed\"\nsource = \"x\"\n[[row]]\nfrom = 2023-06-01\nuntil = 2024-01-01\nvalue = 3\nstatus = \"derived\"\n[[row]]\nfrom = 2022-01-01\nuntil = 2022-12-31\nvalue = 3\nstatus = \"printed\"\nsource = \"x\"\n[[row]]\nfrom = 2022-12-31\nuntil = 2023-01-31\nvalue = 3\nstatus = \"printed\"\nsource = \"x\"\n",
        ),
    ];
    let mistakes = load(files).expect_err("broken");
    assert_eq!(
        told(&mistakes),
        [
            "fister/regel.toml:1:1: the folder «fister» is neither a rule family nor a folder of key figures of pack.toml (did you mean «frister»?)",
            "kodelister/typer.toml:2:1: unknown key: «titel» (did you mean «title»?)",
            "kodelister/typer.toml:8:8: the code «æble» does not fit the list's kind",
            "links.toml:3:6: unknown dataset: «persom»",
            "model/sag.toml:3:10: unknown column: «sagsnummer»",
            "model/sag.toml:6:8: unknown kind: «txet» (did you mean «text»?)",
            "model/sag.toml:10:8: unknown role: «peson» (did you mean «person»?)",
            "model/sag.toml:14:9: the code list «typer» is of another kind than the column",
            "profiler/p.toml:7:19: unknown column: «cqr» (did you mean «cpr»?)",
            "satser/loft.toml:4:1: the key «status» is missing (printed (law, ministry), derived (computed), unverified or local)",
            "satser/loft.toml:11:9: the value does not fit its kind",
            "satser/loft.toml:14:1: the key «source» is missing",
            "satser/loft.toml:25:1: the period overlaps another row with the same key",
        ]
    );
}

#[test]
fn syntax_mistakes_do_not_hide_other_files() {
    let files = vec![
        file("pack.toml", PACK),
        file("model/a.toml", "dataset = \"a\"\nkeys = [[\"x\"\n"),
        file("links.toml", "[[link]]\nfrom = 3\nto = \"b\"\nvia = [[\"x\"]]\n"),
    ];
    let told = told(&load(files).expect_err("broken"));
    assert!(told.iter().any(|t| t.starts_with("model/a.toml") && t.contains("not valid TOML")), "{told:#?}");
    assert!(told.iter().any(|t| t == "links.toml:2:8: «from» must be a text"), "{told:#?}");
}

#[test]
fn figures_are_read_from_their_source_text() {
    let text = "table = \"t\"\ntitle = { da = \"a\", en = \"b\" }\nkind = \"decimal(9)\"\n[[row]]\nvalue = 1_234.567890123\nstatus = \"printed\"\nsource = \"x\"\n";
    let pack = loaded(vec![file("pack.toml", PACK), file("satser/t.toml", text)]);
    let table = &pack.tables[0];
    assert_eq!(table.rows[0].value, value_from_text(Kind::Decimal(9), "1234.567890123").expect("number"));
    assert_eq!(table.rows[0].status, Status::Printed);
    assert!(!table.dated);
    assert_eq!(value_from_text(Kind::Money(2), "0.105"), None, "more decimals than the kind");
    assert_eq!(value_from_text(Kind::Paragraf, "BL §32"), Some(Value::Text("BL § 32".into())));
}

#[test]
fn a_file_of_the_same_path_replaces() {
    let base = vec![file("pack.toml", PACK), file("frister/a.toml", "old"), file("frister/b.toml", "b")];
    let files = overlay(base, vec![file("frister/a.toml", "new"), file("frister/c.toml", "c")]);
    let texts: Vec<_> = files.iter().map(|f| (&*f.path, &*f.text)).collect();
    assert_eq!(texts, [("frister/a.toml", "new"), ("frister/b.toml", "b"), ("frister/c.toml", "c"), ("pack.toml", PACK)]);
    let hash = loaded(files.clone()).hash;
    assert_ne!(hash, loaded(vec![file("pack.toml", PACK)]).hash);
    assert_eq!(hash, loaded(files.into_iter().rev().collect()).hash, "the order of files does not matter");
}

/// The fenced TOML blocks of the guide that name a file.
fn guide() -> Vec<SourceFile> {
    let guide = include_str!("../docs/pack.md");
    let blocks = guide.split("```toml\n").skip(1).map(|rest| rest.split("```").next().expect("closed"));
    blocks
        .map(|text| {
            let path = text.lines().next().and_then(|line| line.strip_prefix("# file: ")).expect("every block names its file");
            file(path, text)
        })
        .collect()
}

#[test]
fn the_examples_of_the_guide_are_one_pack() {
    let (config, files): (Vec<_>, Vec<_>) = guide().into_iter().partition(|f| &*f.path == "sagstjek.toml");
    let pack = loaded(files);
    compile_model(&pack).unwrap_or_else(|m| panic!("{:#?}", told(&m)));
    let names: Vec<_> = pack.tables.iter().map(|t| (&*t.name, t.dated, t.local, t.banded)).collect();
    let wanted = [
        ("psp_konto", false, true, false),
        ("egen_frist", false, true, false),
        ("loft", true, false, false),
        ("trin", false, false, true),
    ];
    assert_eq!(names, wanted);
    let profile = &pack.profiles[1];
    assert_eq!((&*profile.name, profile.feeds.len(), profile.final_line_end), ("ydelser", 2, true));
    assert_eq!(profile.signature, [vec!["Ydelses-ID"], vec!["Startdato", "Ydelse startdato"]]);
    assert_eq!(profile.feeds[1].columns[1].from, FeedSource::Constant("åben".into()));
    assert!(pack.profiles[0].feeds[0].unfold.as_ref().is_some_and(|u| u.months.len() == 12 && u.year == FeedSource::SheetName));
    let may = Date::from_ymd(2023, 5, 5).expect("date");
    assert!(!pack.working_days.is_working(may));
    assert_eq!(config.len(), 1);
    for table in ["egen_frist = 14", "[local.psp_konto]"] {
        assert!(config[0].text.contains(table), "the tables filled are those of the guide");
    }
}

#[test]
fn the_danish_figures_are_the_printed_ones() {
    let pack = loaded(embedded());
    let caps = &pack.tables[pack.table("taf_loft").expect("table").index()].rows;
    let cap = |year: i32| {
        let row = caps.iter().rfind(|f| f.from.is_some_and(|d| d.year() == year)).expect("year");
        (shown(&row.value), row.status)
    };
    // The table of the law note, section 3.2.
    for (year, kroner, status) in [
        (2018, "30576.00", Status::Printed),
        (2019, "31249.00", Status::Derived),
        (2020, "31936.00", Status::Printed),
        (2021, "32671.00", Status::Printed),
        (2022, "33063.00", Status::Printed),
        (2023, "34055.00", Status::Printed),
        (2024, "35247.00", Status::Printed),
        (2025, "36622.00", Status::Derived),
        (2026, "38380.00", Status::Derived),
    ] {
        assert_eq!(cap(year), (kroner.to_owned(), status), "{year}");
    }
    assert!(caps.iter().all(|f| f.from.is_some() && f.until.is_some()), "no cap runs on into a year nobody knows");
    let day = |text: &str| Date::parse_iso(text).expect("date");
    for (text, works) in [
        ("2023-05-05", false), // the last store bededag
        ("2024-04-26", true),  // the fourth Friday after Easter, a working day since 2024
        ("2024-03-28", false),
        ("2024-05-09", false),
        ("2026-06-05", true),
        ("2026-12-24", true),
        ("2030-06-10", false),
    ] {
        assert_eq!(pack.working_days.is_working(day(text)), works, "{text}");
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Money(n) => n.plain(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_that_may_be_shown_are_named_one_by_one() {
    let pack = loaded(embedded());
    let personal = |dataset: &str| -> Vec<String> {
        let data = pack.get(pack.dataset(dataset).expect(dataset));
        data.columns.iter().filter(|c| c.is_personal()).map(|c| c.name.to_string()).collect()
    };
    assert_eq!(personal("sag"), ["cpr", "bekymring"]);
    assert_eq!(personal("person"), ["cpr", "navn", "køn"]);
    assert_eq!(personal("relation"), ["barn_cpr", "part_cpr"]);
    assert_eq!(personal("undersøgelse"), ["cpr", "konklusion"]);
    let grant = ["cpr", "tilbudstype", "forventet_varighed", "leverandør", "leverandør_cvr", "ophørsårsag"];
    assert_eq!(personal("bevilling"), grant);
    assert_eq!(personal("betaling"), ["cpr", "modtager_id", "modtager", "leverandør_cvr", "note"]);
    assert_eq!(personal("postering"), ["tekst", "ydelsesmodtager", "betaler_cpr", "leverandør", "leverandør_cvr"]);
    assert_eq!(personal("taf_måned"), ["forælder_cpr", "barn_cpr"]);
}

#[test]
fn the_embedded_rules_load_and_their_examples_come_true() {
    let pack = Arc::new(loaded(embedded()));
    let model = compile_model(&pack).unwrap_or_else(|m| panic!("{:#?}", told(&m)));
    let rules = load_rules(&pack).unwrap_or_else(|m| panic!("{:#?}", told(&m)));
    assert_eq!(told(&rules.lints), [] as [String; 0]);
    let ids: Vec<_> = rules.rules.iter().map(|r| &*r.id).collect();
    assert_eq!(BTreeSet::from_iter(&ids).len(), ids.len());
    assert!(["SAG-103", "BEV-101", "FOR-104", "TAF-102"].iter().all(|id| ids.contains(id)), "{ids:?}");
    for rule in &rules.rules {
        let verdicts: BTreeSet<_> = rule.examples.iter().flat_map(|e| e.expect.iter().map(|(_, verdict)| *verdict)).collect();
        let wanted = BTreeSet::from([Verdict::Compliant, Verdict::Violation, Verdict::NotApplicable, Verdict::NotAssessed]);
        assert!(verdicts.is_superset(&wanted), "{}: {verdicts:?}", rule.id);
        for (i, outcome) in run_examples(&pack, &model, rule).into_iter().enumerate() {
            let wrong: Vec<_> = outcome.rows.iter().filter(|row| !row.passed()).collect();
            assert!(outcome.passed(), "{} example {}: {:?} {wrong:#?}", rule.id, i + 1, outcome.state);
        }
    }
}

#[test]
fn a_new_rule_over_any_dataset_loads_and_its_examples_come_true() {
    let mut pack = loaded(embedded());
    let family = pack.families[0].clone();
    let texts = pack.datasets.iter().map(|dataset| scaffold::text(&pack, &[], &Scaffold { family: &family, dataset }));
    // All would take the same next id.
    let rules = texts.enumerate().map(|(i, text)| SourceFile {
        path: format!("{}/ny-{i}.toml", family.folder).into(),
        text: text.replacen("-101", &format!("-{i}"), 1).into(),
    });
    pack.rules = rules.collect();
    let model = compile_model(&pack).unwrap_or_else(|m| panic!("{:#?}", told(&m)));
    let rules = load_rules(&pack).unwrap_or_else(|m| panic!("{:#?}", told(&m)));
    assert_eq!(told(&rules.lints), [] as [String; 0]);
    assert_eq!(rules.rules.len(), pack.datasets.len());
    let pack = Arc::new(pack);
    for rule in &rules.rules {
        for outcome in run_examples(&pack, &model, rule) {
            assert!(outcome.passed(), "{}: {outcome:#?}", rule.file.text);
        }
    }
}
