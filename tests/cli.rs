//! The program as its users call it: exit codes, both streams, files, what is refused.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in a scrubbed environment: no colour, no CI, no secret.
fn sagstjek(args: &[&str]) -> Ran {
    run(args, &[])
}

fn run(args: &[&str], vars: &[(&str, &str)]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
        .args(args)
        .env_clear()
        .envs(vars.iter().copied())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn inspect_shows_what_was_read_and_runs_no_rule() {
    let ran = sagstjek(&["inspect", "fixtures/demo"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    for text in ["DUBU_sager_2026-10-31.csv", "OPUS_posteringer_2026-10.csv", "bevilling"] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
    for text in ["BEV-101", "TAF-102"] {
        assert!(!ran.out.contains(text), "{text}: {}", ran.out);
    }
    assert_eq!(sagstjek(&["inspect", "fixtures/nowhere"]).code, Some(2));
    let cut = folder("inspect-cut");
    let text = std::fs::read("fixtures/demo/OPUS_posteringer_2026-10.csv").expect("postings");
    std::fs::write(cut.join("OPUS_posteringer_2026-10.csv"), &text[..text.len() / 2]).expect("written");
    assert_eq!(sagstjek(&["inspect", shown(&cut)]).code, Some(2), "a file that was cut off");
}

#[test]
fn inspect_tells_of_every_column_and_of_the_next_best_profile() {
    let ran = sagstjek(&["inspect", "fixtures/demo/DUBU_sager_2026-10-31.csv", "--lang", "en"]);
    for text in ["chosen", "headers in row 1", "sag.sagsnr (a text)", "filled"] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
}

#[test]
fn tables_are_written_as_read_and_personal_cells_masked() {
    let folder = folder("tables");
    let list = folder.join("liste.csv");
    std::fs::write(&list, "Liste\n\nnavn;beløb;cpr\nAsk;=1+1;1307851234\nBo;-12,50;\n").expect("written");
    let raw = sagstjek(&["tables", shown(&list), "--raw", "--csv"]);
    assert_eq!(raw.code, Some(0), "{}", raw.err);
    assert_eq!(raw.out, "navn,beløb,cpr\r\nAsk,=1+1,##########\r\nBo,\"-12,50\",\r\n");
    assert!(raw.err.contains("1 celle skjult") && raw.err.contains("1 række over overskriften"), "{}", raw.err);
    let masked = sagstjek(&["tables", shown(&list)]).out;
    assert_eq!(masked, "navn,beløb,cpr\r\nxxx,'=#+#,##########\r\nxx,\"-##,##\",\r\n");
    let json = sagstjek(&["tables", shown(&list), "--raw", "--json"]).out;
    let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read["tables"][0]["rows"][1][1], "-12,50");
    assert_eq!(read["tables"][0]["row"], 3);

    let out = folder.join("out");
    assert_eq!(sagstjek(&["tables", shown(&list), "--raw", "--out", shown(&out)]).code, Some(0));
    let written = |name: &str| std::fs::read_to_string(out.join(name)).expect("written");
    assert!(written("liste.csv.csv").starts_with("\u{feff}navn;"));
    assert_eq!(sagstjek(&["tables", shown(&list), "--raw", "--csv", "--out", shown(&out)]).code, Some(0));
    assert!(written("liste.csv.2.csv").starts_with("\u{feff}navn,"));

    // A file that is recognised keeps its personal columns to itself, raw or not.
    let known = "fixtures/demo/DUBU_sager_2026-10-31.csv";
    let lines = std::fs::read_to_string(known).expect("sager");
    let cells: Vec<&str> = lines.lines().nth(1).expect("a case").split(';').collect();
    for args in [&["tables", known][..], &["tables", known, "--raw"]] {
        let ran = sagstjek(args);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(
            ran.out.contains(cells[1]) && !ran.out.contains(cells[2]) && !ran.out.contains(cells[3]),
            "{cells:?} {}",
            ran.out
        );
    }
}

#[test]
fn tables_of_nothing_and_of_what_cannot_be_read_have_their_own_exit_codes() {
    let folder = folder("tables-nothing");
    let empty = folder.join("empty.csv");
    std::fs::write(&empty, "").expect("written");
    let ran = sagstjek(&["tables", shown(&empty), "--raw", "--csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "\r\n"), "{}", ran.err);
    let page = folder.join("page.csv");
    std::fs::write(&page, "%PDF-1.4").expect("written");
    assert_eq!(sagstjek(&["tables", shown(&page)]).code, Some(2));
    assert_eq!(sagstjek(&["tables", "fixtures/nowhere"]).code, Some(2));
    assert_eq!(sagstjek(&["tables", shown(&empty), "--show-personal"]).code, Some(2), "no terminal");
}

/// A folder of this test's own under the build folder, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

const DEMO: &str = "fixtures/demo";

#[test]
fn exit_codes_follow_findings_and_input_never_the_format() {
    for format in ["full", "concise", "summary", "rows", "json"] {
        let ran = sagstjek(&["check", DEMO, "--format", format]);
        assert_eq!(ran.code, Some(1), "{format}: {}", ran.err);
        assert_eq!(ran.err, "", "{format}");
    }
    assert_eq!(sagstjek(&["check", DEMO, "--exit-zero"]).code, Some(0));
    assert_eq!(sagstjek(&["check", DEMO, "--fail-on", "never"]).code, Some(0));
    assert_eq!(sagstjek(&["check", DEMO, "--select", "FOR-104"]).code, Some(0), "only a warning");
    assert_eq!(sagstjek(&["check", DEMO, "--select", "FOR", "--fail-on", "warning"]).code, Some(1));
    let empty = folder("empty");
    let ran = sagstjek(&["check", shown(&empty), "--extract-date", "2026-10-31"]);
    assert_eq!(ran.code, Some(2), "an empty folder is a delivery that failed\n{}", ran.out);
    assert!(ran.out.contains("der er ingen filer i den"), "{}", ran.out);
    std::fs::write(empty.join("noter.csv"), "a;b\r\n1;2\r\n").expect("written");
    let ran = sagstjek(&["check", shown(&empty), "--extract-date", "2026-10-31"]);
    assert_eq!(ran.code, Some(0), "no config: nothing is required\n{}", ran.out);
    assert!(ran.out.contains("datasættet «bevilling» er ikke leveret"), "{}", ran.out);
    assert_eq!(sagstjek(&["check", "no-such-folder"]).code, Some(2));
    assert_eq!(sagstjek(&["chek"]).code, Some(2));
    assert_eq!(sagstjek(&["--help"]).code, Some(0));
    assert_eq!(sagstjek(&["--version"]).out.trim(), format!("sagstjek {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_required_file_that_is_missing_is_named_and_beats_findings() {
    let copy = folder("missing");
    for entry in std::fs::read_dir(DEMO).expect("demo") {
        let path = entry.expect("entry").path();
        let name = path.file_name().expect("a name");
        if !name.to_string_lossy().starts_with("OPUS") {
            std::fs::copy(&path, copy.join(name)).expect("a copy");
        }
    }
    let ran = sagstjek(&["check", shown(&copy), "--exit-zero"]);
    assert_eq!(ran.code, Some(2), "--exit-zero never hides a failure");
    assert!(ran.out.contains("kilden «OPUS posteringer» er krævet, men ingen fil passer"), "{}", ran.out);
    assert!(ran.out.contains("BEV-101"), "the rest is checked");
}

#[test]
fn selections_and_dates_are_checked_as_typed() {
    let ran = sagstjek(&["check", DEMO, "--select", "BEV-110"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("ingen regel hedder «BEV-110»; mente du «BEV-101»?"), "{}", ran.err);
    let ran = sagstjek(&["check", DEMO, "--extract-date", "2026-02-30"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("'2026-02-30' is not a date"), "{}", ran.err);
    let ran = sagstjek(&["check", DEMO, "--format", "jsn"]);
    assert!(ran.err.contains("'jsn' is no format"), "{}", ran.err);
}

#[test]
fn rows_are_for_oracles() {
    let ran = sagstjek(&["check", DEMO, "--format", "rows", "--select", "BEV-101"]);
    // What the facit says of it, written from the planting.
    let facit = std::fs::read_to_string(format!("{DEMO}/facit.toml")).expect("facit");
    let facit: toml::Table = facit.parse().expect("TOML");
    let found = facit["finding"].as_array().expect("findings").iter();
    let found = found.filter(|f| f["rule"].as_str() == Some("BEV-101") && f["verdict"].as_str() == Some("violation"));
    let mut rows: Vec<i64> = found.map(|f| f["record"].as_integer().expect("record")).collect();
    rows.sort_unstable();
    assert_eq!(rows.len(), 10);
    assert_eq!(ran.out, rows.iter().map(|row| format!("BEV-101;{row}\n")).collect::<String>());
}

#[test]
fn files_are_written_whole_and_only_under_a_secret() {
    let out = folder("files");
    let json = out.join("rapport.json");
    let target = format!("json={}", shown(&json));
    let ran = sagstjek(&["check", DEMO, "--format", &target]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("slutkode 1"), "the screen is still printed");
    let text = std::fs::read_to_string(&json).expect("the report");
    assert!(text.contains("\"schema\": \"sagstjek-report/1\""));
    let again = sagstjek(&["check", DEMO, "--format", "json"]);
    assert_eq!(text, again.out, "the same bytes on the screen and in the file");

    let bad = format!("json={}", shown(&out.join("no/such/folder.json")));
    let ran = sagstjek(&["check", DEMO, "--format", &bad]);
    assert_eq!(ran.code, Some(2), "a report that cannot be written is a failure");
    assert!(ran.err.contains("kan ikke skrives"), "{}", ran.err);

    let bare = folder("bare");
    std::fs::write(bare.join("noter.csv"), "a;b\r\n1;2\r\n").expect("written");
    let refused = format!("json={}", shown(&out.join("x.json")));
    let ran = sagstjek(&["check", shown(&bare), "--format", &refused]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("SAGSTJEK_SECRET"), "{}", ran.err);
    let ran = run(&["check", shown(&bare), "--format", &refused], &[("SAGSTJEK_SECRET", "en hemmelighed")]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn personal_data_is_refused_off_the_terminal() {
    let ran = sagstjek(&["check", DEMO, "--show-personal"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--show-personal"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn colour_follows_flag_and_environment() {
    let plain = |ran: &Ran| !ran.out.contains('\u{1b}');
    assert!(plain(&sagstjek(&["check", DEMO])));
    assert!(!plain(&sagstjek(&["check", DEMO, "--color", "always"])));
    assert!(!plain(&run(&["check", DEMO], &[("CLICOLOR_FORCE", "1")])));
    assert!(plain(&run(&["check", DEMO], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")])));
    assert!(!plain(&run(&["check", DEMO], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")])), "an empty NO_COLOR says nothing");
}

#[test]
fn a_reader_that_goes_away_is_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
        .args(["check", DEMO, "--format", "json", "--exit-zero"])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn rules_of_a_folder_replace_and_remove() {
    let rules = folder("rules");
    let own = rules.join("bevilling");
    std::fs::create_dir_all(&own).expect("a folder");
    let shipped = std::fs::read_to_string("rules/bevilling/bevilling-uden-slutdato.toml").expect("the shipped rule");
    let changed = shipped.replace("severity = \"error\"", "severity = \"info\"");
    assert_ne!(shipped, changed);
    std::fs::write(own.join("egen-udgave.toml"), changed).expect("written");
    let sag = rules.join("sagsskridt");
    std::fs::create_dir_all(&sag).expect("a folder");
    std::fs::write(sag.join("uden.toml"), "id = \"SAG-103\"\noff = true\n").expect("written");
    let ran = sagstjek(&["rules", "list", "--rules", shown(&rules)]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("BEV-101  oplysning"), "{}", ran.out);
    assert!(!ran.out.contains("SAG-103"), "{}", ran.out);
    let ran = sagstjek(&["check", DEMO, "--rules", shown(&rules), "--format", "json"]);
    assert!(ran.out.contains("\"BEV-101\"") && ran.out.contains("replaced"), "the manifest lists what changed");
}

#[test]
fn mistakes_of_a_rule_are_told_at_once_with_their_places() {
    let rules = folder("mistakes");
    let own = rules.join("bevilling");
    std::fs::create_dir_all(&own).expect("a folder");
    let shipped = std::fs::read_to_string("rules/bevilling/bevilling-uden-slutdato.toml").expect("the shipped rule");
    let broken = shipped
        .replace("severity = \"error\"", "severity = \"eror\"")
        .replace("b.slut is present or", "b.slutt is present ||")
        .replace("[en]", "[en]\nfoo = 1");
    std::fs::write(own.join("bevilling-uden-slutdato.toml"), broken).expect("written");
    let ran = sagstjek(&["rules", "check", "--rules", shown(&rules)]);
    assert_eq!(ran.code, Some(2));
    for part in ["eror", "mente du «slut»?", "||", "foo", "bevilling/bevilling-uden-slutdato.toml:"] {
        assert!(ran.err.contains(part), "{part} is not in\n{}", ran.err);
    }
}

#[test]
fn rules_are_tested_listed_explained_and_evaluated() {
    let ran = sagstjek(&["rules", "test"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("0 gjorde ikke"), "{}", ran.out);
    let ran = sagstjek(&["explain", "TAF-102", "--lang", "en"]);
    assert!(ran.out.contains("How to mend it") && ran.out.contains("taf_loft"), "{}", ran.out);
    let ran = sagstjek(&["explain", "TAF-112"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("mente du «TAF-102»?"), "{}", ran.err);
    let ran = sagstjek(&["eval", "round(taf_loft at 2024-03-01 * 15 / 37, 2)"]);
    assert_eq!(ran.out.lines().last(), Some("14.289,32 kr."), "{}", ran.out);
    let pack = ["--pack", "fixtures/packs/tarvonia", "--data", "fixtures/packs/tarvonia/delivery", "--lang", "en"];
    let over = |expression: &str, more: &[&str]| sagstjek(&[&["eval", expression], &pack[..], more].concat());
    let ran = over("count(e in episode where e.child_id = \"K01\")", &[]);
    assert_eq!((ran.code, ran.out.lines().last()), (Some(0), Some("2")), "{}", ran.err);
    let row = ["--each", "episode as e", "--key", "K01 2026-02-01"];
    let ran = over("previous(x in e.child.episode by x.start).stop = e.start", &row);
    assert_eq!((ran.code, ran.out.lines().last()), (Some(0), Some("yes")), "{}", ran.err);
    assert!(ran.out.contains("e.start") && ran.out.contains("= 01-02-2026"), "{}", ran.out);
    let ran = over("e.start", &["--each", "episode as e", "--key", "K01 2026-02-02"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no row of that key"), "{}", ran.err);
    assert_eq!(over("e.start", &["--each", "episodes as e", "--key", "x"]).code, Some(2));
    let ran = sagstjek(&["eval", "first(p in person by p.cpr).cpr", "--data", "fixtures/demo"]);
    let is_pseudonym =
        |line: &str| line.trim_start().trim_start_matches("p.cpr  = ").starts_with("P-") || line.contains("værdier mere");
    assert!(ran.code == Some(0) && ran.out.lines().all(is_pseudonym), "{}", ran.out);
    let ran = sagstjek(&["eval", "1 kr + 2", "--lang", "en"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
}

#[test]
fn the_demo_is_written_to_an_empty_folder_only() {
    let out = folder("demo");
    let ran = sagstjek(&["demo", "--cases", "3", "--seed", "5", "--out", shown(&out)]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = sagstjek(&["demo", "--out", shown(&out)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("mappen er ikke tom"), "{}", ran.err);
}

#[test]
fn rates_tell_every_figure_with_its_source_and_the_days_that_lack_one() {
    let text = sagstjek(&["rules", "rates", "--until", "2027-06-30"]);
    assert_eq!((text.code, text.err.as_str()), (Some(0), ""));
    for said in ["35.247,00 kr.", "VEJ 9375 af 28/05/2024", "(afledt) 36,622 × (1 + (2.0 + 2.8)/100)", "ikke sat"] {
        assert!(text.out.contains(said), "{said}: {}", text.out);
    }
    assert!(text.out.contains("mangler 01-01-2027 – 30-06-2027"), "the cap of 2027 is not known: {}", text.out);
    let json = sagstjek(&["rules", "rates", "--until", "2026-06-30", "--json", "--config", "fixtures/demo/sagstjek.toml"]);
    let rates: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let table =
        |name: &str| rates["tables"].as_array().expect("tables").iter().find(|t| t["table"] == name).expect("a table").clone();
    assert_eq!(table("taf_loft")["gaps"], serde_json::json!([]));
    let figure = table("taf_loft")["figures"].as_array().expect("figures").last().expect("a figure").clone();
    assert_eq!((&figure["value"], &figure["status"]), (&"38380.00".into(), &"derived".into()));
    assert!(!table("psp_konto")["figures"].as_array().expect("figures").is_empty(), "local figures of the config");
}

#[test]
fn init_writes_a_config_under_which_the_folder_is_read_as_before() {
    let there = folder("init");
    for entry in std::fs::read_dir("fixtures/demo").expect("the demo") {
        let entry = entry.expect("an entry");
        if entry.file_name() != "sagstjek.toml" {
            std::fs::copy(entry.path(), there.join(entry.file_name())).expect("copied");
        }
    }
    std::fs::write(there.join("noter 2026.txt"), "husk kaffe\n").expect("written");
    let before = sagstjek(&["check", shown(&there), "--format", "rows"]);
    let made = sagstjek(&["init", shown(&there)]);
    assert_eq!((made.code, made.err.as_str()), (Some(0), ""), "{}", made.out);
    assert!(made.out.contains("3 filer uden profil"), "{}", made.out);
    let config = std::fs::read_to_string(there.join("sagstjek.toml")).expect("the config");
    assert!(config.contains("profile = \"dubu-sager\"") && config.contains("# files = \"noter 2026.txt\""), "{config}");
    let after = sagstjek(&["check", shown(&there), "--format", "rows"]);
    assert_eq!((after.code, &after.out), (before.code, &before.out), "{}", after.err);
    let again = sagstjek(&["init", shown(&there)]);
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("bliver ikke overskrevet"), "{}", again.err);
    assert_eq!(std::fs::read_to_string(there.join("sagstjek.toml")).expect("the config"), config);
    assert_eq!(sagstjek(&["init", "fixtures/nowhere"]).code, Some(2));
    assert_eq!(sagstjek(&["init", "fixtures/demo/facit.toml"]).code, Some(2));
}

#[test]
fn schemas_are_printed_as_json() {
    for of in ["config", "rule", "model"] {
        let ran = sagstjek(&["schema", of]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        let schema: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

const WHY_RULE: &str = r#"
id       = "EX-1"
severity = "error"
since    = "1.0.0"
scope    = "all"
each     = "undersøgelse as u"
when     = 'u.afsluttet is present'
steps    = ['frist = u.opmærksom + 4 months']
require  = 'u.afsluttet <= frist'
mark     = ["u.afsluttet"]
[da]
title   = 'For sent'
why     = 'Fordi'
fix     = 'Ret'
message = 'Skulle være afsluttet {frist}'
[en]
title   = 'Too late'
why     = 'Because'
fix     = 'Mend'
message = 'Was due {frist}'
[[example]]
expect = { "A børnefaglig 2024-01-02" = "compliant", "B børnefaglig 2024-01-02" = "violation" }
extract_date = 2024-12-31
"undersøgelse" = [
    { sagsnr = "A", type = "børnefaglig", "opmærksom" = 2024-01-01, startet = 2024-01-02, afsluttet = 2024-05-01 },
    { sagsnr = "B", type = "børnefaglig", "opmærksom" = 2024-01-01, startet = 2024-01-02, afsluttet = 2024-05-02 },
]
"#;

const WHY_ROWS: &str = "\
Dato;Sagsnummer;CPR-nr.;Undersøgelsestype;Opmærksom dato;Startdato;Frist;Foreløbig vurdering;Afsluttet;Samtykke;Sagsbehandler
31-10-2026;24-000001;0511124327;Børnefaglig;01-01-2024;02-01-2024;;;30-04-2024;;ABC
31-10-2026;24-000002;0511124327;Børnefaglig;01-01-2024;02-01-2024;;;02-05-2024;;ABC
31-10-2026;24-000003;0511124327;Børnefaglig;01-01-2024;02-01-2024;;;;;ABC
31-10-2026;24-000004;0511124327;Børnefaglig;01-01-2024;02-01-2024;;;snart;;ABC
";

#[test]
fn why_tells_any_verdict() {
    let exports = folder("why");
    // More rows that can be read: a column most of which cannot is refused as a whole.
    let more =
        (10..20).map(|n| format!("31-10-2026;24-0000{n};0511124327;Børnefaglig;01-01-2024;02-01-2024;;;03-01-2024;;ABC\n"));
    let rows = WHY_ROWS.to_owned() + &more.collect::<String>();
    std::fs::write(exports.join("DUBU_undersoegelser_2026-10-31.csv"), rows).expect("written");
    let rules = folder("why-rules");
    std::fs::create_dir_all(rules.join("sagsskridt")).expect("a folder");
    std::fs::write(rules.join("sagsskridt/for-sent.toml"), WHY_RULE).expect("written");
    let why = |key: &str| sagstjek(&["rules", "why", "EX-1", key, shown(&exports), "--rules", shown(&rules)]);
    let parts = |key: &str, parts: &[&str]| {
        let ran = why(key);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        let lines: Vec<String> = ran.out.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for part in parts {
            assert!(lines.iter().any(|line| line.starts_with(part)), "{part}: {}", ran.out);
        }
    };
    let due = "frist 01-05-2024 Opmærksom dato 01-01-2024 E2";
    parts("24-000001 børnefaglig 2024-01-02", &["overholdt", "ja u.afsluttet is present", "Afsluttet: 30-04-2024 I2", due]);
    let (message, place) = ("Skulle være afsluttet 01-05-2024", "sag 24-000002");
    parts("24-000002 børnefaglig 2024-01-02", &["brud", message, place, "nej u.afsluttet <= frist", "Afsluttet: 02-05-2024 I3"]);
    parts("24-000003 børnefaglig 2024-01-02", &["ikke relevant", "nej u.afsluttet is present", "Afsluttet: (tom) I4"]);
    // A cell that cannot be read shows its shape only. The key as reports write it.
    let unread = ["ikke vurderet", "fordi: undersøgelse.afsluttet: kan ikke læses", "uvist u.afsluttet is present"];
    parts("24-000004 · børnefaglig · 02-01-2024", &unread);
    let ran = why("24-000009 børnefaglig 2024-01-02");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("nærmest er:\n    24-000001 børnefaglig 02-01-2024"), "{}", ran.err);
    assert_eq!(sagstjek(&["rules", "why", "EX-1", "x", shown(&exports)]).code, Some(2), "no such rule");
}

#[test]
fn why_takes_and_shows_pseudonyms() {
    let report = sagstjek(&["check", DEMO, "--select", "TAF-102", "--format", "json"]).out;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let key = report["findings"][0]["key"].as_array().expect("a key").iter().map(|p| p["value"].as_str().expect("shown"));
    let key = key.collect::<Vec<_>>().join(" ");
    let ran = sagstjek(&["rules", "why", "TAF-102", &key, DEMO, "--lang", "en"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.contains("violation") && ran.out.contains("how it was computed"), "{}", ran.out);
    let digits = |word: &str| word.len() == 10 && word.bytes().all(|b| b.is_ascii_digit());
    assert!(!ran.out.split(|c: char| !c.is_alphanumeric()).any(digits), "{}", ran.out);
}

#[test]
fn tests_of_rules_name_what_is_wrong_and_what_is_not_pinned() {
    let rules = folder("loose-rules");
    std::fs::create_dir_all(rules.join("sagsskridt")).expect("a folder");
    let write = |text: &str| std::fs::write(rules.join("sagsskridt/for-sent.toml"), text).expect("written");
    let test = |more: &[&str]| sagstjek(&[&["rules", "test", "EX-1", "--rules", shown(&rules), "--lang", "en"], more].concat());
    write(WHY_RULE);
    let ran = test(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert!(ran.out.contains("1/1 examples     1/2 conditions  ok"), "{}", ran.out);
    let ran = test(&["--coverage"]);
    assert!(ran.out.contains("sagsskridt/for-sent.toml:7:13  is never no\n    u.afsluttet is present"), "{}", ran.out);
    let ran = test(&["--mutate"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.out.contains("7:13  without when") && ran.out.contains("not pinned"), "{}", ran.out);
    // The sentence that is expected and the one that came stand below each other.
    write(&WHY_RULE.replace("afsluttet = 2024-05-01", "afsluttet = 2024-05-03"));
    let ran = test(&["--color", "always"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    let diff = "    A børnefaglig 2024-01-02\n\u{1b}[32m    - expected  compliant\u{1b}[0m\n\u{1b}[31m    + got       violation\u{1b}[0m\n";
    let because = "    \u{1b}[36mbecause\u{1b}[0m: u.afsluttet <= frist: no (afsluttet 03-05-2024, opmærksom 01-01-2024)\n";
    assert!(ran.out.contains(&format!("{diff}{because}")), "{}", ran.out);
    let ran = sagstjek(&["rules", "test", "EX-1", "--rules", shown(&rules)]);
    assert!(ran.out.contains("fordi: u.afsluttet <= frist: nej"), "{}", ran.out);
    let ran = sagstjek(&["rules", "check", "--rules", shown(&rules), "--lang", "en"]);
    assert!(ran.out.contains("this example does not give what it should"), "{}", ran.out);
}

#[test]
fn a_new_rule_loads_and_its_examples_come_true() {
    // The first rule makes the folder.
    let rules = folder("new-rules").join("mine");
    let new = |name: &str, each: &str| sagstjek(&["rules", "new", name, "--each", each, "--rules", shown(&rules)]);
    assert_eq!(new("bevilling/ny-regel-0", "bevilling").code, Some(0));
    let ran = sagstjek(&["rules", "test", "ny-regel-0", "--rules", shown(&rules), "--lang", "en"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("1/1 examples     1/1 conditions  ok"), "{}", ran.out);
    let ran = sagstjek(&["rules", "check", "--rules", shown(&rules), "--lang", "en"]);
    assert!(ran.out.ends_with(" 0 remarks: everything reads\n"), "{}", ran.out);
    assert_eq!(new("bevilling/ny-regel-0", "sag").code, Some(2), "it is there already");
    assert!(new("bevilinger/ny", "sag").err.contains("bevilling"));
    assert!(new("bevilling/ny", "sager").err.contains("sag"));
    assert!(sagstjek(&["rules", "new", "sagsskridt/ny", "--each", "sag"]).out.starts_with("id       = \"SAG-1"));
}

#[test]
fn words_that_the_rule_itself_wrote_are_no_personal_data() {
    let ran = sagstjek(&["check", DEMO, "--select", "TAF-105", "--format", "full"]);
    let first = ran.out.split("fejl[TAF-105]").nth(1).expect("a finding");
    let message = first.split('╭').next().expect("a message");
    assert!(message.contains("for lidt") || message.contains("for meget"), "{message}");
    assert!(!message.contains("T-"), "{message}");
}
