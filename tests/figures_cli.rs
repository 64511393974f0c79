//! `sagstjek figures` as users call it: what cannot be given and why, whose names are shown, and the other forms.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of this test's own with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures_cli").join(name);
    let _ = std::fs::remove_dir_all(&path);
    for (file, text) in files {
        let file = path.join(file);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("written");
    }
    path
}

/// Exit code, stdout with single spaces in each line, and stderr.
fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
        .args(args)
        .env_clear()
        .env("SAGSTJEK_SECRET", "not a secret, a test")
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let lines = text(output.stdout).lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    (output.status.code(), lines.join("\n"), text(output.stderr))
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Two cases of 2023, one of which lacks its days; six of 2024; one whose closing day cannot be read.
const ADMISSIONS: &str = "Sagsnummer;CPR-nr.;Indskrevet;Afsluttet;Dage
I1;0204109876;02-01-2023;01-04-2023;89
I2;0304109876;02-01-2023;01-06-2023;mange
I3;0404109876;02-01-2024;01-05-2024;120
I4;0504109876;02-01-2024;01-05-2024;120
I5;0604109877;02-01-2024;01-05-2024;120
I6;0704109876;02-01-2024;01-04-2024;90
I7;0804109876;02-01-2024;01-04-2024;90
I8;1604109876;02-01-2024;01-04-2024;90
I9;1704109876;02-01-2024;snart;
";

#[test]
fn a_figure_that_rows_lack_is_not_given_and_says_why() {
    let path = folder("lacks", &[("indskrivninger.csv", ADMISSIONS)]);
    let (code, out, err) = run(&["figures", shown(&path), "NT-201", "--extract-date", "2024-08-31"]);
    assert_eq!(code, Some(0), "{out}\n{err}");
    for line in [
        "2023 2 ? ? ? % ? ? %",
        "2024 6 105 6 100 % 3 50 %",
        "(ukendt) ? ? ? ? % ? ? %",
        "(ukendt): 1 række (indskrivning.afsluttet: kan ikke læses)",
    ] {
        assert!(out.lines().any(|l| l == line), "no «{line}» in\n{out}");
    }
    // Of the one case that is known both are true; a share of two cases would be none of it.
    let said = "2023: 1 række mangler (indskrivning.dage: kan ikke læses). De øvrige giver: Gns. dage indskrevet 89, \
                Inden 120 dage 1, Inden 90 dage 1";
    assert!(out.replace('\n', " ").contains(said), "{out}");
    let (_, out, _) = run(&["figures", shown(&path), "NT-201", "--extract-date", "2024-08-31", "--lang", "en"]);
    let out = out.replace('\n', " ");
    assert!(out.contains("2023: 1 row lacks (indskrivning.dage: cannot be read). The others give: Mean days enrolled"), "{out}");
    let (_, out, _) = run(&["figures", shown(&path), "NT-201", "--extract-date", "2024-08-31", "--csv"]);
    assert!(out.contains("Afsluttet i;Afsluttede sager;Gns. dage indskrevet;Inden 120 dage;Inden 120 dage %"), "{out}");
    assert!(out.contains("2023;2;?;?;?;?;?") && out.contains("2024;6;105;6;100;3;50"), "{out}");
}

#[test]
fn a_file_that_was_cut_off_gives_no_figure_and_exit_code_2() {
    // Pecunia ends its last line; this one does not end.
    let cut = "id;amount;paid_amount;date;paid_date;recipient_type;recipient_id;recipient_name;activity_id;section;sbsys_id;\
               cpr_number;mother_cpr;father_cpr\n\
               1;100,00;100,00;2023-01-15;2023-01-16;COMPANY;90111222;Sted;;BL § 46;S1;0204109876;;\n2;100,00;100,0";
    let path = folder("cut", &[("Pecunia_betalinger.csv", cut)]);
    let (code, out, _) = run(&["figures", shown(&path), "NT-224", "--extract-date", "2024-08-31"]);
    assert_eq!(code, Some(2), "{out}");
    assert!(out.lines().any(|l| l == "2023 ? ? ? ? ?"), "{out}");
    assert!(out.contains("? betaling: datasættet er ikke komplet (Pecunia_betalinger.csv)"), "{out}");
    let said = "Under 1 mio. kr. 1, Sager i alt 1, Udgift i alt, kr. 100,00";
    assert!(out.replace('\n', " ").contains(said), "{out}");
}

#[test]
fn what_nobody_delivered_is_named() {
    let path = folder("missing", &[("indskrivninger.csv", ADMISSIONS)]);
    let (code, out, _) = run(&["figures", shown(&path), "NT-223", "NT-251", "--extract-date", "2024-08-31"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("kan ikke opgøres: ikke leveret: postering"), "{out}");
    assert!(out.contains("kan ikke opgøres: ikke leveret: tilsynspunkt"), "{out}");
    let (code, _, err) = run(&["figures", shown(&path), "NT-20"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("intet nøgletal hedder «NT-20»; mente du «NT-20"), "{err}");
}

const PERSONAL: &str = r#"
id = "NT-900"
since = "1"
each = "indskrivning as i"
steps = ['barn = i.cpr']
by = ['barn', { da = "Igen", en = "Again", value = 'or_else(barn, i.cpr)' }]
columns = [
    { da = "Sager", en = "Cases", value = 'count()' },
    { da = "Over grænsen", en = "Over the limit", value = 'count(i.dage > 100)' },
]
[da]
title = "Sager pr. barn"
why = "Prøve"
[en]
title = "Cases per child"
why = "Test"
[[example]]
extract_date = 2024-01-01
expect = []
"#;

#[test]
fn personal_keys_are_pseudonyms_in_every_form() {
    let path = folder("personal", &[("exports/indskrivninger.csv", ADMISSIONS), ("rules/noegletal/pr-barn.toml", PERSONAL)]);
    let (exports, rules) = (path.join("exports"), path.join("rules"));
    for form in [&[][..], &["--csv"], &["--json"]] {
        let args = [&["figures", shown(&exports), "NT-900", "--rules", shown(&rules)][..], form].concat();
        let (code, out, err) = run(&args);
        assert_eq!(code, Some(0), "{out}\n{err}");
        assert!(!out.contains("0204109876") && !out.contains("020410-9876"), "{out}");
        assert!(out.matches("P-").count() >= 4, "{out}");
    }
}

#[test]
fn the_check_has_them_in_full_and_json_and_selects_them() {
    let path = folder("check", &[("indskrivninger.csv", ADMISSIONS)]);
    let base = ["check", shown(&path), "--extract-date", "2024-08-31"];
    let (_, out, _) = run(&[&base[..], &["--format", "json", "--select", "NT-201"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let figures = json["figures"].as_array().expect("figures");
    assert_eq!(figures.len(), 1);
    let cell = &figures[0]["rows"][0]["cells"][1];
    assert_eq!((cell["state"].as_str(), cell["lacking"]["rows"].as_u64()), (Some("unknown"), Some(1)), "{cell}");
    assert_eq!(cell["lacking"]["causes"][0]["column"].as_str(), Some("dage"));
    assert_eq!(cell["lacking"]["value_of_the_others"].as_str(), Some("89"));
    assert_eq!(figures[0]["rows"][1]["cells"][2]["percent"].as_str(), Some("100"));
    let (_, out, _) = run(&[&base[..], &["--format", "full", "--select", "BEV"]].concat());
    assert!(!out.contains("NT-2"), "rules alone were asked for:\n{out}");
    let (_, out, _) = run(&[&base[..], &["--format", "full"]].concat());
    assert!(out.contains("NT-201 Indskrivningstid"), "{out}");
    let (_, out, _) = run(&base);
    assert!(!out.contains("NT-201"), "{out}");
}

#[test]
fn they_are_listed_explained_and_tested() {
    let (_, out, _) = run(&["rules", "list"]);
    assert!(out.contains("Nøgletal\nNT-201 Indskrivningstid i børnehuset"), "{out}");
    let (_, out, _) = run(&["explain", "NT-224"]);
    assert!(out.contains("group sag = p.sagsnr") && out.contains("Over 2 mio. kr. count(g.udgift > 2_000_000 kr)"), "{out}");
    let (code, out, _) = run(&["rules", "test", "NT-201"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("NT-201 indskrivningstid-pr-aar 1/1 eksempler ok"), "{out}");
}
