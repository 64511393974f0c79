//! Every format over the shared sample: coordinates by hand, nothing personal, nothing that a terminal obeys.

use regex::Regex;
use unicode_width::UnicodeWidthStr;

use super::sample::{CHILD, OTHER_CHILD, PARENT, Sample, bad_night, build, sample};
use super::*;
use crate::calendar::Date;
use crate::finding::{ReadingView, Reason, StepView};
use crate::locale::Bilingual;
use crate::model::YearsBack;
use crate::privacy::Shown;
use crate::problem::{Mistake, Place};
use crate::rule::typed::Verdict;
use crate::value::{Cause, Decimal, Value};

fn options(lang: Lang) -> RenderOptions {
    RenderOptions { lang, ..RenderOptions::default() }
}

fn shown(sample: &Sample, format: Format) -> String {
    render(&sample.report(), format, &options(Lang::Da))
}

/// Everything that reads as a CPR, found another way than the gate does.
fn cpr_like(text: &str) -> Vec<String> {
    let pattern = Regex::new(r"(?:^|[^0-9])([0-9]{2})([0-9]{2})([0-9]{2})[-  ]?[0-9]{4}(?:[^0-9]|$)").expect("a pattern");
    let part = |c: &regex::Captures<'_>, i: usize| c[i].parse::<u32>().expect("digits");
    let date = |c: &regex::Captures<'_>| Date::from_ymd(2000 + part(c, 3) as i32, part(c, 2), part(c, 1)).is_some();
    pattern.captures_iter(text).filter(date).map(|c| c[0].to_owned()).collect()
}

fn json(sample: &Sample) -> serde_json::Value {
    serde_json::from_str(&shown(sample, Format::Json)).expect("valid JSON")
}

#[test]
fn concise_names_the_cells_where_they_stand() {
    let expected = "\
OPUS_posteringer_2026-10.csv:3:2: fejl[FOR-104] Forældrebetaling er bogført på 5.28.21.1.092
Tabt_arbejdsfortjeneste_2026-10-31.xlsx:4:7: fejl[TAF-102] Ydelsen for 02-2025 er 1.926,90 kr. over loftet
OPUS_posteringer_2026-10.csv:2:2: fejl[FOR-104] Forældrebetaling er bogført på 5.28.20.1.092
DUBU_ydelser_2026-10-31.xlsx:4:6: fejl[BEV-101] Bevillingen fra 01-03-2024 har ingen slutdato
DUBU_ydelser_2026-10-31.xlsx:5:6: fejl[BEV-101] Bevillingen fra 01-01-2025 har ingen slutdato
DUBU_ydelser_2026-10-31.xlsx:9:6: fejl[BEV-101] Bevillingen fra 01-06-2025 har ingen slutdato
DUBU_ydelser_2026-10-31.xlsx:118:6: fejl[BEV-101] Bevillingen fra 01-02-2026 har ingen slutdato
DUBU_ydelser_2026-10-31.xlsx:118:5: advarsel[BEV-102] P-7AV207CX har to bevillinger af aflastning på samme tid
DUBU_undersoegelser_2026-10-31.csv:2:4: advarsel[SAG-103] Undersøgelsen skulle være afsluttet 10-05-2025 (delvist)
";
    assert_eq!(shown(&sample(), Format::Concise), expected);
}

#[test]
fn a_cap_shows_the_worst_of_each_rule_before_a_second_of_any() {
    let sample = sample();
    let report = sample.report();
    let of_rules = full::by_rule(&report);
    let all: Vec<usize> = of_rules.iter().map(|(_, findings)| findings.len()).collect();
    assert_eq!((all.len(), all.iter().sum::<usize>()), (5, 9));
    let shares = |all, of_rule| full::shares(&report, &of_rules, Some(full::Cap { all, of_rule, unclear: 1 }));
    assert_eq!(shares(3, 3), [1, 1, 1, 0, 0]);
    assert_eq!(shares(5, 3), [1; 5]);
    let seven = shares(7, 3);
    assert_eq!((seven.iter().sum::<usize>(), seven.iter().min(), seven.iter().max() <= Some(&3)), (7, Some(&1), true));
    assert_eq!(shares(100, 3), all.iter().map(|n| *n.min(&3)).collect::<Vec<_>>());
    assert_eq!(full::shares(&report, &of_rules, None), all);
}

#[test]
fn rows_are_sorted_by_rule_and_record() {
    let expected = "BEV-101;1\nBEV-101;2\nBEV-101;3\nBEV-101;4\nBEV-102;4\nFOR-104;1\nFOR-104;2\nSAG-103;1\nTAF-102;1\n";
    assert_eq!(shown(&sample(), Format::Rows), expected);
}

#[test]
fn rows_of_one_sheet_share_a_block_under_their_own_numbers() {
    let screen = shown(&sample(), Format::Terminal);
    let expected = "
advarsel[BEV-102] P-7AV207CX har to bevillinger af aflastning på samme tid
     ╭─[DUBU_ydelser_2026-10-31.xlsx:118:5 · Ydelser!E118]
 118 │ Ydelses-ID B1004 │ Sagsnummer 2025-0007 │ Startdato 01-02-2026
     ·                                                     ─────┬────
     ·                                                          ╰── begynder her
     ·
   9 │ Ydelses-ID B1003 │ Sagsnummer 2025-0007 │ Slutdato (tom)
     ·                                                    ──┬──
     ·                                                      ╰── men denne har ingen slutdato
     ╰────
  sag 2025-0007 · nøgle B1004 · mod B1003 · sagsbehandler hvd · team Familie Øst · Barnets lov § 32
";
    assert!(screen.contains(expected), "{screen}");
}

#[test]
fn recalculation_names_every_factor_and_what_is_not_printed() {
    let screen = shown(&sample(), Format::Terminal);
    let expected = "
  sådan er det regnet
    uden_loft   16.216,22 kr.   Månedsløn       40.000,00 kr.  2025!E4
                                Timer/uge               15,00  2025!C4
                                Normtid                 37,00  2025!D4
    loft_andel  14.289,32 kr.   Timer/uge               15,00  2025!C4
                                Normtid                 37,00  2025!D4
                                Loft pr. måned  35.247,00 kr.  (ikke efterprøvet) [1]
    brutto      14.289,32 kr.
    [1] fra 01-01-2025: Sekundær kilde
";
    assert!(screen.contains(expected), "{screen}");
}

#[test]
fn the_last_screen_adds_up() {
    let summary = shown(&sample(), Format::Summary);
    let line = |start: &str| {
        summary
            .lines()
            .find(|l| l.trim_start().starts_with(start))
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line("Bevilling"), "Bevilling 1 af 6 17 % 17 % 5 – 2 –");
    assert_eq!(line("Sagsskridt"), "Sagsskridt 0 af 1 0 % 100 % – 1 1 –");
    assert_eq!(line("I alt"), "I alt 2 af 11 18 % 27 % 8 1 3 6.176,90 kr.");
    assert_eq!(line("9 fund"), "9 fund (7 fejl, 2 advarsler) · 6.176,90 kr. på spil · slutkode 1: fund på niveau fejl");
    assert!(summary.contains("Vedrørte ingen rækker: SAG-201"));
    assert!(summary.contains("BEV-301  lokal værdi er ikke sat: taf_loft"));
    assert!(summary.contains("2  bevilling.slut: kan ikke læses"));
}

#[test]
fn exit_codes_follow_problems_before_findings() {
    let mut s = sample();
    assert_eq!(s.report().exit_code(), 1);
    let zero = Report { fail_on: FailOn { never: true, ..FailOn::default() }, ..s.report() };
    assert_eq!(zero.exit_code(), 0);
    s.problems = bad_night();
    let report = Report { fail_on: FailOn { never: true, ..FailOn::default() }, ..s.report() };
    assert_eq!(report.exit_code(), 2);
    let partly_only = |partly| {
        let mut s = sample();
        s.findings.findings.retain(|f| f.verdict == crate::rule::typed::Verdict::Partly);
        let fail_on = FailOn { severity: crate::problem::Severity::Warning, partly, never: false };
        Report { fail_on, ..s.report() }.exit_code()
    };
    assert_eq!((partly_only(false), partly_only(true)), (0, 1));
}

#[test]
fn json_holds_the_same_facts() {
    let report = json(&sample());
    assert_eq!(report["schema"], "sagstjek-report/1");
    assert_eq!(report["exit"]["code"], 1);
    assert_eq!(report["scorecard"]["total"]["compliant"], 2);
    assert_eq!(report["scorecard"]["total"]["at_stake"], "6176.90");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(9));
    assert_eq!(report["not_assessed"].as_array().map(Vec::len), Some(3));
    let taf = report["findings"].as_array().and_then(|f| f.iter().find(|f| f["rule"] == "TAF-102")).expect("a finding").clone();
    let primary = &taf["primary"];
    assert_eq!((&primary["row"], &primary["col"], &primary["letter"]), (&4.into(), &7.into(), &"G".into()));
    assert_eq!(
        (&primary["sheet"], &primary["header"], &primary["value"]),
        (&"2025".into(), &"Februar".into(), &"16216.22".into())
    );
    assert_eq!(taf["steps"][1]["figures"][0]["status"], "unverified");
    assert_eq!(taf["key"][0]["value"], "P-ZBZDXW79");
    let unread =
        report["not_assessed"].as_array().and_then(|n| n.iter().find(|n| n["rule"] == "SAG-103")).expect("a row").clone();
    // The row begins on line 6, behind a line break in quotes, and is row 3.
    assert_eq!((&unread["row"], &unread["record"], &unread["reasons"][0]["cell"]), (&3.into(), &2.into(), &"C3".into()));
    assert_eq!(unread["reasons"][0]["cause"], "unreadable");
}

#[test]
fn no_line_is_wider_than_asked() {
    for s in [sample(), build(Gate::new(None, false), bad_night(), "hvd", &[])] {
        for lang in [Lang::Da, Lang::En] {
            for format in [Format::Terminal, Format::Full, Format::Summary] {
                let screen = render(&s.report(), format, &options(lang));
                let wide: Vec<&str> = screen.lines().filter(|l| l.width() > 100).collect();
                assert!(wide.is_empty(), "{wide:#?}");
            }
        }
    }
}

#[test]
fn an_ascii_terminal_gets_no_box_drawing() {
    let plain = RenderOptions { unicode: false, ..options(Lang::Da) };
    let screen = render(&sample().report(), Format::Full, &plain);
    let drawn: Vec<char> = screen.chars().filter(|c| ('\u{2500}'..='\u{257f}').contains(c) || *c == '·').collect();
    assert!(drawn.is_empty(), "{drawn:?}");
}

#[test]
fn colours_only_when_asked_and_always_closed() {
    let s = sample();
    let coloured = RenderOptions { colour: true, ..options(Lang::Da) };
    let screen = render(&s.report(), Format::Terminal, &coloured);
    let stripped = Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern").replace_all(&screen, "").into_owned();
    assert_ne!(screen, stripped);
    assert_eq!(stripped, shown(&s, Format::Terminal));
}

#[test]
fn hostile_names_reach_no_terminal_and_no_number_is_shown() {
    let owner = "h\u{1b}[31mvd\u{202e}\u{7} 150312-4321\r\nB";
    let mut problems = bad_night();
    problems.push(Problem::Unmapped { place: Place::file("\u{1b}]0;x\u{7}240508 4321.csv") });
    let s = build(Gate::new(Some(b"hemmelig"), false), problems, owner, &[]);
    for format in Format::ALL {
        for lang in [Lang::Da, Lang::En] {
            let out = render(&s.report(), format, &options(lang));
            assert_eq!(cpr_like(&out), Vec::<String>::new(), "{format:?}");
            for number in [CHILD, OTHER_CHILD, PARENT] {
                assert!(!out.contains(number) && !out.contains(&number[..6]), "{format:?}");
            }
            let obeyed: Vec<char> = out.chars().filter(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}').collect();
            assert!(
                obeyed.is_empty() || format == Format::Json && obeyed.iter().all(|c| *c == '\u{202e}'),
                "{format:?} {obeyed:?}"
            );
        }
    }
    assert!(shown(&s, Format::Full).contains("h<U+001B>[31mvd<U+202E><U+0007> P-8J6DGWDD⏎B"));
}

#[test]
fn the_test_for_numbers_can_find_one() {
    let s = build(Gate::new(Some(b"hemmelig"), true), bad_night(), "hvd", &[]);
    assert_eq!(cpr_like(&shown(&s, Format::Concise)).len(), 1);
    assert!(shown(&s, Format::Summary).contains("personlige oplysninger vises"));
}

#[test]
fn without_a_secret_every_screen_says_so() {
    let s = build(Gate::new(None, false), Vec::new(), "hvd", &[]);
    assert!(shown(&s, Format::Summary).contains("pseudonymer er ikke beskyttet"));
    assert_eq!(json(&s)["manifest"]["protected"], false);
}

#[test]
fn mistakes_are_told_all_at_once_at_their_place() {
    let source: std::sync::Arc<str> = "id = 'X'\nwhen = 'b.beløp > 0 kr'\n# 150312-4321\n".into();
    let file: std::sync::Arc<str> = "rules/x.toml".into();
    let at = source.find("beløp").expect("there");
    let mut mistake = Mistake::at(
        &file,
        &source,
        at..at + "beløp".len(),
        Bilingual::new("«betaling» har ingen kolonne «beløp»", "«betaling» has no column «beløp»"),
    )
    .with_help(Bilingual::new("mente du «beløb»?", "did you mean «beløb»?"));
    mistake.labels[0].1 = Some(Bilingual::new("ukendt", "unknown"));
    let second = Mistake::at(&file, &source, 0..2, Bilingual::new("id skal have tal", "an id needs digits"));
    let gate = Gate::new(None, false);
    let out = mistake::render(&[mistake.clone(), second], &gate, &options(Lang::Da));
    let expected = "\
fejl: id skal have tal
   ╭─[rules/x.toml:1:1]
 1 │ id = 'X'
   · ──
   ╰────

fejl: «betaling» har ingen kolonne «beløp»
   ╭─[rules/x.toml:2:11]
 2 │ when = 'b.beløp > 0 kr'
   ·           ──┬──
   ·             ╰── ukendt
   ╰────
  hjælp: mente du «beløb»?

2 fejl
";
    assert_eq!(out, expected);
    assert_eq!(mistake::line(&mistake, &gate, Lang::En), "rules/x.toml:2:11: «betaling» has no column «beløp»");
}

proptest::proptest! {
    /// The order in which rows were delivered leaves every byte of every format unchanged.
    #[test]
    fn order_of_rows_changes_nothing(shuffle in proptest::collection::vec(0u32..1000, 6)) {
        let gate = || Gate::new(Some(b"hemmelig"), false);
        let (plain, shuffled) = (build(gate(), Vec::new(), "hvd", &[]), build(gate(), Vec::new(), "hvd", &shuffle));
        for format in Format::ALL {
            proptest::prop_assert_eq!(shown(&plain, format), shown(&shuffled, format));
        }
    }
}

#[test]
fn one_cell_counts_once_with_its_largest_amount() {
    use crate::scorecard::Stake;
    use crate::value::Decimal;
    let mut s = sample();
    let taf = s.findings.findings.iter().find(|f| f.amount == Some(Decimal::new(192_690, 2))).expect("a finding").clone();
    let mut smaller = taf.clone();
    smaller.amount = Some(Decimal::new(100, 2));
    let mut larger = taf;
    larger.amount = Some(Decimal::new(-200_000, 2));
    s.findings.findings.push(smaller);
    let stake = Stake::of(s.findings.findings.iter(), None);
    assert_eq!((stake.too_much, stake.too_little), (Decimal::new(192_690, 2), Decimal::new(425_000, 2)));
    s.findings.findings.push(larger);
    let stake = Stake::of(s.findings.findings.iter(), None);
    assert_eq!((stake.too_much, stake.too_little), (Decimal::new(0, 2), Decimal::new(625_000, 2)));
}

#[test]
fn rows_with_equal_keys_are_told_apart_by_content() {
    let prints = |shuffle: &[u32]| {
        let s = super::sample::twins(shuffle);
        let of_rule = s.findings.findings.iter().filter(|f| f.rule == 0);
        let mut prints: Vec<(u32, String)> = of_rule.map(|f| (f.primary.place.sheet_row, f.fingerprint.clone())).collect();
        prints.sort();
        prints
    };
    let found = prints(&[]);
    assert_eq!(found.len(), 4);
    // Rows 4 and 5 both bear B1001; row 4 began 01-03-2024 and row 5 01-01-2025.
    let base = found[0].1.clone();
    assert!(!base.contains('#'));
    assert_eq!(found[1].1, format!("{base}#2"));
    assert_eq!(prints(&[5, 4, 3, 2, 1, 0]), found);
}

#[test]
fn an_unreadable_cell_is_read_again_and_shown_by_its_shape() {
    let path = std::env::temp_dir().join(format!("sagstjek-report-{}.csv", std::process::id()));
    let excerpt = |cell: &str| {
        let head = "Sagsnummer;Opmærksom dato;Foreløbig vurdering;Afsluttet\n";
        let text = format!("{head}2024-0113;10-01-2025;\"01-04-2025\n\n\n\";20-06-2025\n2025-0007;15-04-2026;{cell};\n");
        std::fs::write(&path, text).expect("it can be written");
        let s = super::sample::with_export(&path, Gate::new(Some(b"hemmelig"), false));
        shown(&s, Format::Terminal)
    };
    let screen = excerpt("31-02-2026");
    let expected = "   ╭─[DUBU_undersoegelser_2026-10-31.csv:3:3 · linje 6]
 3 │ Sagsnummer 2025-0007 │ Opmærksom dato 15-04-2026 │ Foreløbig vurdering 31-02-2026
   ·                                                                        ─────┬────
   ·                                                                             ╰── kan ikke læses
   ╰────
";
    assert!(screen.contains(expected), "{screen}");
    assert!(excerpt("ring til mor").contains("Foreløbig vurdering xxxx xxx xxx"));
    assert!(excerpt("150312-4321").contains("Foreløbig vurdering P-8J6DGWDD"));
    std::fs::remove_file(&path).expect("it was there");
}

#[test]
fn an_unclear_law_shows_what_each_reading_gives() {
    let mut s = sample();
    let reading = |verdict, day, hours: i64| ReadingView {
        sides: vec!["den ene side".to_owned()],
        verdict,
        due: Date::from_ymd(2024, 3, day),
        steps: vec![
            StepView {
                name: "dage".into(),
                value: Shown::Value(Value::Number(Decimal::whole(hours))),
                factors: Vec::new(),
                figures: Vec::new(),
            },
            StepView { name: "ens".into(), value: Shown::Empty, factors: Vec::new(), figures: Vec::new() },
        ],
    };
    let row = &mut s.findings.unassessed[0];
    row.reasons = vec![Reason { cause: Cause::LawUnclear, dataset: None, column: None, place: None }];
    row.readings = vec![reading(Verdict::Compliant, 12, 6), reading(Verdict::Violation, 11, 7)];
    let screen = shown(&s, Format::Terminal);
    let expected = "
  sag 2026-0201 · nøgle B1006 · DUBU_ydelser_2026-10-31.xlsx:1204
    læsning 1: overholdt  frist 12-03-2024 · dage = 6
    læsning 2: brud       frist 11-03-2024 · dage = 7
";
    assert!(screen.contains("BEV-101 Aktiv bevilling uden slutdato: loven er ikke klar"), "{screen}");
    assert!(screen.contains(expected), "{screen}");
    // Where no step tells the readings apart, the rule's own words do.
    let mut alike = sample();
    let mut readings = s.findings.unassessed[0].readings.clone();
    (readings[1].due, readings[1].steps) = (readings[0].due, readings[0].steps.clone());
    readings[1].sides = vec!["den anden side".to_owned()];
    alike.findings.unassessed[0].readings = readings;
    let screen = shown(&alike, Format::Terminal);
    assert!(screen.contains("læsning 2: brud       frist 12-03-2024 · læst som den anden side"), "{screen}");
    let row = &json(&s)["not_assessed"][0];
    assert_eq!(row["reasons"][0]["cause"], "law-unclear");
    assert_eq!(row["readings"][1]["verdict"], "violation");
    assert_eq!(row["readings"][1]["due"], "2024-03-11");
    assert_eq!(row["readings"][1]["steps"][0]["value"], "7");
}

#[test]
fn the_states_part_and_the_last_years() {
    let mut s = sample();
    let mut pack = (*s.pack).clone();
    let source = "en kilde".into();
    pack.years_back = Some(YearsBack { years: 3, status: crate::model::Status::Unverified, source });
    let days = [Date::from_ymd(2023, 10, 30), Date::from_ymd(2023, 10, 31), None];
    let mut taf = s.findings.findings.iter().find(|f| f.amount == Some(Decimal::new(192_690, 2))).expect("a finding").clone();
    s.findings.findings.retain(|f| f.amount.is_none());
    for (i, day) in days.into_iter().enumerate() {
        taf.amount_cell.row = i as u32;
        (taf.amount, taf.refund, taf.day) = (Some(Decimal::new(10_000, 2)), Some(Decimal::new(5_000, 2)), day);
        taf.subject.case = Some(format!("2026-000{i}"));
        s.findings.findings.push(taf.clone());
        // The same cell again does not count twice.
        (taf.amount, taf.refund) = (Some(Decimal::new(-9_000, 2)), Some(Decimal::new(-4_500, 2)));
        s.findings.findings.push(taf.clone());
    }
    s.scorecard = crate::scorecard::build(&pack, &s.rules, &s.run, &s.findings);
    let summary = shown(&s, Format::Summary);
    let split = "  TAF-102  i alt 300,00 kr. (statens del 150,00 kr.)
           fra 31-10-2023 100,00 kr. (statens del 50,00 kr.)
           uden dato 100,00 kr. (statens del 50,00 kr.)
";
    assert!(summary.contains("På spil i alt og i de seneste 3 år") && summary.contains(split), "{summary}");
    let mut all_recent = sample();
    all_recent.findings = s.findings.clone();
    all_recent.findings.findings.iter_mut().for_each(|f| f.day = Date::from_ymd(2026, 1, 1));
    all_recent.scorecard = crate::scorecard::build(&pack, &s.rules, &s.run, &all_recent.findings);
    let line = "  TAF-102  i alt 300,00 kr. (statens del 150,00 kr.) · alt inden for 3 år\n";
    assert!(shown(&all_recent, Format::Summary).contains(line));
    all_recent.findings.findings.iter_mut().for_each(|f| f.day = None);
    all_recent.scorecard = crate::scorecard::build(&pack, &s.rules, &s.run, &all_recent.findings);
    let line = "  TAF-102  i alt 300,00 kr. (statens del 150,00 kr.) · uden dato\n";
    assert!(shown(&all_recent, Format::Summary).contains(line));
    let cases = "\n  2026-0000 100,00 kr. · 2026-0001 100,00 kr. · 2026-0002 100,00 kr.\n";
    assert!(summary.contains("De dyreste sager") && summary.contains(cases), "{summary}");
    assert!(shown(&s, Format::Full).contains("heraf statens del 50,00 kr."));
    let report = json(&s);
    let total = &report["scorecard"]["total"];
    assert_eq!(
        (&total["refund"], &total["recent_refund"], &total["undated_at_stake"]),
        (&"150.00".into(), &"50.00".into(), &"100.00".into())
    );
    assert_eq!(report["scorecard"]["recent"]["since"], "2023-10-31");
    assert_eq!(report["scorecard"]["cases"][2]["case"], "2026-0002");
    let finding = report["findings"].as_array().and_then(|all| all.iter().find(|f| f["rule"] == "TAF-102")).expect("one");
    assert_eq!((&finding["refund"], &finding["day"]), (&"50.00".into(), &"2023-10-30".into()));
}
