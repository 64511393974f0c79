//! The tables that four municipalities publish, from rows that add up to them: exports are written from the totals, read as any
//! delivery, and the printed tables must hold the published figures.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::fmt::Write as _;
use std::path::Path;

use sagstjek::calendar::Date;
use sagstjek::config::{Entry, Selection};
use sagstjek::locale::percent_half_up;
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, CheckOptions, Counting};
use sagstjek::privacy::Gate;
use sagstjek::report::RenderOptions;
use sagstjek::report::figures;

/// The table of a key figure over a folder with these files, each line with single spaces.
fn table(test: &str, id: &str, extract_date: &str, files: &[(&str, String)]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures_measures").join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("written");
    }
    let book = Book::open(embedded(), Vec::new(), None).unwrap_or_else(|mistakes| panic!("{}", mistakes[0].message.en));
    let gate = Gate::new(Some(b"not a secret, a test"), false);
    let options = CheckOptions {
        extract_date: Date::parse_iso(extract_date),
        today: Date::from_days(0),
        selection: Selection::default(),
        fail_on: None,
        exit_zero: false,
        threads: 2,
        ignore: Vec::new(),
    };
    let wanted = Selection { select: vec![Entry::typed(id)], ignore: Vec::new() };
    let figures = book.figures.iter().filter(|figure| wanted.takes_figure(figure)).cloned().collect();
    let counting = Counting::of(&book, &folder, &gate, &options, figures);
    let screen = RenderOptions { width: 120, ..RenderOptions::default() };
    assert!(!counting.failed(), "{}", counting.problems(&gate, &screen));
    let printed = figures::render(&counting.tables(&gate), &screen);
    printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn has(printed: &[String], line: &str) {
    assert!(printed.iter().any(|printed| printed == line), "no line «{line}» in\n{}", printed.join("\n"));
}

/// The n-th person: a real day of birth that is not 1 January, and a number that fails modulus 11.
fn cpr(n: u32) -> String {
    let mut serial = 4000 + n % 5900;
    loop {
        let text = format!("{:02}{:02}{:02}{serial:04}", n % 27 + 2, n / 27 % 12 + 1, n / 324 % 20 + 5);
        let sum: u32 = text.chars().zip([4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
        if !sum.is_multiple_of(11) {
            return text;
        }
        serial += 1;
    }
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a day")
}

/// Danish: `1234,50`.
fn kroner(øre: i64) -> String {
    format!("{}{},{:02}", if øre < 0 { "-" } else { "" }, øre.abs() / 100, øre.abs() % 100)
}

/// A part of `whole` that is `percent` of it, rounded half up.
fn part(percent: u64, whole: u64) -> Option<u64> {
    (0..=whole).find(|part| percent_half_up(*part, whole) == Some(percent))
}

/// Days enrolled of closed cases that add up: so many in all, with this mean, so many within 120 and within 90 days.
fn enrolled(cases: i64, mean: i64, within_120: i64, within_90: i64) -> Vec<i64> {
    let mut days: Vec<i64> = (0..within_90).map(|i| 61 + i % 30).collect();
    days.extend((within_90..within_120).map(|i| 91 + i % 30));
    let rest = cases - within_120;
    let left = cases * mean - days.iter().sum::<i64>();
    days.extend((0..rest).map(|i| left / rest + i64::from(i < left % rest)));
    assert!(days.iter().filter(|d| **d <= 120).count() as i64 == within_120);
    days
}

/// A børnehus' list: for each period its first day, number of days, and the days enrolled of the cases closed in it.
fn børnehus(periods: &[(&str, i64, Vec<i64>)]) -> String {
    let mut out = "Sagsnummer;CPR-nr.;Kommune;Modtaget;Indskrevet;Afsluttet;Afregnet;Afregningsdato\n".to_owned();
    let mut n = 0;
    for (first, length, cases) in periods {
        for (i, days) in cases.iter().enumerate() {
            let closed = day(first).add_days(i as i64 % length).expect("a day");
            let opened = closed.add_days(-days).expect("a day");
            n += 1;
            let _ = writeln!(out, "I{n};{};607;{opened};{opened};{closed};Nej;", cpr(n));
        }
    }
    out
}

#[test]
fn time_enrolled_at_the_børnehus() {
    let first = børnehus(&[("2023-01-01", 365, enrolled(547, 161, 134, 54)), ("2024-01-01", 244, enrolled(471, 125, 266, 101))]);
    let printed = table("boernehus-2024", "NT-201", "2024-08-31", &[("indskrivninger.csv", first)]);
    has(&printed, "2023 547 161 134 24 % 54 10 %");
    has(&printed, "2024 471 125 266 56 % 101 21 %");
    let later = børnehus(&[("2024-01-01", 366, enrolled(788, 130, 362, 147)), ("2025-01-01", 304, enrolled(936, 149, 293, 93))]);
    let printed = table("boernehus-2025", "NT-201", "2025-10-31", &[("indskrivninger.csv", later.clone())]);
    has(&printed, "2024 788 130 362 46 % 147 19 %");
    has(&printed, "2025 936 149 293 31 % 93 10 %");
    // The same ten months of both years: of 2024 only the cases closed by 31 October.
    let printed = table("boernehus-samme-dag", "NT-202", "2025-10-31", &[("indskrivninger.csv", later)]);
    has(&printed, "2025 936 149 293 31 % 93 10 %");
}

#[test]
fn settled_cases_by_year_and_month() {
    let years = [(2014, 120_u32), (2022, 480), (2023, 610), (2024, 700)];
    let mut out = "Sagsnummer;CPR-nr.;Indskrevet;Afsluttet;Afregnet;Afregningsdato\n".to_owned();
    let mut n = 0;
    for (year, cases) in years {
        for i in 0..cases {
            n += 1;
            let (month, length) = (i % 8 + 1, 1 + i % 28);
            let _ = writeln!(out, "I{n};{};{year}-01-{length:02};{year}-{month:02}-28;Ja;{year}-{month:02}-28", cpr(n));
        }
    }
    let files = [("indskrivninger.csv", out)];
    let printed = table("afregnet-aar", "NT-204", "2024-08-31", &files);
    years.iter().for_each(|(year, cases)| has(&printed, &format!("{year} {cases}")));
    let printed = table("afregnet-maaned", "NT-205", "2024-08-31", &files);
    let of = |month: u32, cases: u32| cases / 8 + u32::from(month <= cases % 8);
    for (month, name) in (1..).zip(["Januar", "Februar", "Marts", "April", "Maj", "Juni", "Juli", "August"]) {
        let cells: Vec<u32> = years[1..].iter().map(|(_, cases)| of(month, *cases)).collect();
        let total: u32 = cells.iter().sum();
        has(&printed, &format!("{name} {} {} {} {total}", cells[0], cells[1], cells[2]));
    }
    has(&printed, "I alt 480 610 700 1.790");
}

#[test]
fn staff_and_leavers() {
    let (staff, shares) = ([19_u64, 23, 31, 42, 51], [11_u64, 9, 13, 14]);
    let mut rows: Vec<(String, String)> = vec![("2020-02-01".into(), String::new()); staff[0] as usize];
    let mut leavers = Vec::new();
    for (i, share) in shares.iter().enumerate() {
        let (year, before) = (2021 + i, staff[i]);
        let gone = part(*share, before).expect("a number of leavers");
        leavers.push(gone);
        let staying: Vec<usize> = (0..rows.len()).filter(|&r| rows[r].1.is_empty()).take(gone as usize).collect();
        staying.into_iter().for_each(|r| rows[r].1 = format!("{year}-06-30"));
        let joined = staff[i + 1] + gone - before;
        rows.extend((0..joined).map(|_| (format!("{year}-03-01"), String::new())));
    }
    let mut out = "brugernavn;fuldeNavn;Stilling;Ansat fra;gyldigTil\n".to_owned();
    for (n, (from, to)) in rows.iter().enumerate() {
        let _ = writeln!(out, "M{n};Person {n};Psykolog;{from};{to}");
    }
    let printed = table("medarbejdere", "NT-211", "2024-08-31", &[("medarbejdere.csv", out)]);
    for (i, share) in shares.iter().enumerate() {
        has(&printed, &format!("{} {} {} {share} %", 2021 + i, staff[i + 1], leavers[i]));
    }
    has(&printed, "2020 19 0 –");
}

/// Placements: kind of place, its municipality.
fn placements(rows: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let mut cases = "Sagsnummer;CPR-nr.;Sagstype;Sag status;Oprettet;Handlekommune\n".to_owned();
    let mut out =
        "Sagsnummer;CPR-nr.;Ydelses-ID;Anbringelsesgrundlag;SAG_VFRA;SAG_VTIL;STSTED;Leverandør beliggenhedskommune\n".to_owned();
    for (n, (kind, municipality)) in rows.iter().enumerate() {
        let person = cpr(n as u32);
        let _ = writeln!(cases, "S{n};{person};Børnesag;Åben;01-01-2022;607");
        let _ = writeln!(out, "S{n};{person};Y{n};BL § 46;15-03-2023;;{kind};{municipality}");
    }
    vec![("DUBU_sager.csv", cases), ("DUBU_anbringelser.csv", out)]
}

#[test]
fn placements_by_kind_and_municipality() {
    let (all, foster, network, home) = (178_u64, 120, 19, 49);
    let network_home = part(84, network).expect("a number of placements");
    let mut rows = Vec::new();
    rows.extend((0..network).map(|i| ("1", if i < network_home { "607" } else { "320" })));
    rows.extend(
        (network..foster)
            .map(|i| (["23", "24", "25"][i as usize % 3], if i < network + home - network_home { "607" } else { "320" })),
    );
    rows.extend((foster..all).map(|i| (["9", "27", "6"][i as usize % 3], "330")));
    let files = placements(&rows);
    let printed = table("anbringelser", "NT-221", "2024-04-16", &files);
    has(&printed, "178 120 67 % 19 16 % 49 28 % 16 84 %");
    let printed = table("anbringelser-sted", "NT-222", "2024-04-16", &files);
    has(&printed, "Netværksplejefamilie 19 11 % 16 84 %");
    has(&printed, "I alt 178 100 % 49 28 %");
}

#[test]
fn spending_by_year() {
    let years =
        [(2019, 7_984_958_499_i64), (2020, 7_687_878_551), (2021, 7_999_208_822), (2022, 11_002_332_400), (2023, 14_939_167_807)];
    let mut out = "Bilagsnr.;Bogføringsdato;Artskonto;Beløb;Tekst\n".to_owned();
    let mut n = 0;
    for (year, total) in years {
        let mut left = total;
        for i in 0..200_i64 {
            let øre = if i % 10 == 9 { -(total / 2000 + i) } else { total / 170 + i * 13 };
            left -= øre;
            n += 1;
            let _ = writeln!(out, "B{n};{:02}-{:02}-{year};4.0;{};Udgift", i % 28 + 1, i % 12 + 1, kroner(øre));
        }
        n += 1;
        let _ = writeln!(out, "B{n};31-12-{year};4.0;{};Regulering", kroner(left));
    }
    let printed = table("forbrug", "NT-223", "2024-04-16", &[("OPUS_posteringer.csv", out)]);
    for (year, spent) in [
        (2019, "79.849.584,99"),
        (2020, "76.878.785,51"),
        (2021, "79.992.088,22"),
        (2022, "110.023.324,00"),
        (2023, "149.391.678,07"),
    ] {
        assert!(printed.iter().any(|line| line.starts_with(&format!("{year} {spent} "))), "{}", printed.join("\n"));
    }
}

/// Payments of cases: case, year, øre; each paid in three parts.
fn payments(rows: &[(String, i32, i64)]) -> Vec<(&'static str, String)> {
    let mut out = "id;amount;paid_amount;date;paid;paid_date;recipient_type;recipient_id;recipient_name;activity_id;section;sbsys_id;cpr_number;mother_cpr;father_cpr\n".to_owned();
    for (n, (case, year, øre)) in rows.iter().enumerate() {
        let third = øre / 3;
        for (i, part) in [third, third, øre - 2 * third].into_iter().enumerate() {
            let (amount, month) = (kroner(part), i * 4 + 1);
            let id = n * 3 + i;
            let _ = writeln!(
                out,
                "{id};{amount};{amount};{year}-{month:02}-15;True;{year}-{month:02}-16;COMPANY;90111222;Sted;;BL § 46;{case};{};;",
                cpr(n as u32)
            );
        }
    }
    vec![("Pecunia_betalinger.csv", out)]
}

#[test]
fn cases_by_yearly_cost() {
    let years = [(2019, 3, 8, 586), (2020, 1, 8, 488), (2021, 3, 5, 538), (2022, 7, 11, 554), (2023, 10, 17, 594)];
    let mut rows = Vec::new();
    for (year, over, middle, under) in years {
        for i in 0..over + middle + under {
            // The least above and the most within each limit are among them.
            let øre = match i {
                i if i < over => 200_000_001 + i64::from(i) * 1_000_000,
                i if i < over + middle => 200_000_000 - i64::from(i - over) * (100_000_000 / i64::from(middle - 1)),
                i => 99_999_999 - i64::from(i - over - middle) * 100_000,
            };
            rows.push((format!("S{i}"), year, øre));
        }
    }
    let printed = table("sager-udgift", "NT-224", "2024-04-16", &payments(&rows));
    for (year, over, middle, under) in years {
        let all = over + middle + under;
        let line = format!("{year} {over} {middle} {under} {all} ");
        assert!(printed.iter().any(|printed| printed.starts_with(&line)), "no «{line}» in\n{}", printed.join("\n"));
    }
}

#[test]
fn the_dearest_cases_followed_back() {
    let published = [
        ("S1", [Some(228), Some(500), Some(643)]),
        ("S2", [Some(269), Some(395), Some(506)]),
        ("S3", [None, Some(294), Some(443)]),
        ("S4", [Some(387), Some(394), Some(418)]),
        ("S5", [None, Some(195), Some(364)]),
    ];
    let mut rows = Vec::new();
    for (case, years) in published {
        for (year, hundredths) in (2021..).zip(years) {
            // Not among the dearest: it cost something all the same.
            rows.push((case.to_owned(), year, hundredths.map_or(1_234_567, |n: i64| n * 1_000_000 + 123)));
        }
    }
    for year in 2021..=2023 {
        rows.extend((0..40).map(|i| (format!("T{i}"), year, 150_000_000 - i64::from(i) * 3_000_000)));
    }
    let printed = table("dyreste-tilbage", "NT-226", "2024-04-16", &payments(&rows));
    for line in ["S1 2,28 5,00 6,43", "S2 2,69 3,95 5,06", "S3 * 2,94 4,43", "S4 3,87 3,94 4,18", "S5 * 1,95 3,64"] {
        has(&printed, line);
    }
    assert!(!printed.iter().any(|line| line.starts_with('T')), "{}", printed.join("\n"));
    let printed = table("dyreste-aar", "NT-225", "2024-04-16", &payments(&rows));
    let of_2023 = printed.iter().skip_while(|line| !line.starts_with("2023 S1 ")).take(20);
    assert_eq!(of_2023.filter(|line| line.contains('S') || line.contains('T')).count(), 20, "{}", printed.join("\n"));
    assert!(printed.iter().any(|line| line.starts_with("2023 S1 6.430.001,23 6,43")), "{}", printed.join("\n"));
}

#[test]
fn open_cases_per_caseworker() {
    let loads = [("AA", 19_u32), ("BB", 20), ("CC", 25), ("DD", 26), ("EE", 33)];
    let mut out = "Sagsnummer;CPR-nr.;Sagstype;Sag status;Oprettet;Sagsbehandler;Afdeling\n".to_owned();
    let mut n = 0;
    for (who, cases) in loads {
        for _ in 0..cases {
            n += 1;
            let _ = writeln!(out, "S{n};{};Børnesag;Åben;01-01-2024;{who};Familie", cpr(n));
        }
        let _ = writeln!(out, "L{who};{};Børnesag;Lukket;01-01-2024;{who};Familie", cpr(n + 500));
    }
    let files = [("DUBU_sager.csv", out)];
    let printed = table("sagstal", "NT-242", "2024-04-16", &files);
    has(&printed, "Familie 5 1 20 % 2 40 % 2 40 % 24,6");
    let printed = table("sagstal-hver", "NT-241", "2024-04-16", &files);
    let order: Vec<&str> = printed.iter().filter_map(|line| line.split(' ').next()).filter(|word| word.len() == 2).collect();
    assert_eq!(order[..5], ["EE", "DD", "CC", "BB", "AA"]);
}

#[test]
fn points_of_the_management_supervision() {
    // Point, share, N, and whether it is of the relevant cases, or of fully or partly met ones.
    let points: [(&str, u64, u64, &str); 20] = [
        ("Lovpligtig børnesamtale holdt", 54, 39, "relevant"),
        ("Høring inden 14 dage", 80, 45, "partly"),
        ("Faglig vurdering inden 4 uger", 44, 70, "partly"),
        ("Tilbagemelding til fagperson", 56, 39, "partly"),
        ("Undersøgelsesplan lavet", 13, 56, "fully"),
        ("Netværksmøde holdt", 21, 53, "relevant"),
        ("Mundtlig høring", 54, 53, "relevant"),
        ("Højst 2 fokuspunkter", 87, 55, "partly"),
        ("Fokuspunkter er relevante", 94, 52, "fully"),
        ("Trekantsmetode i analysen", 100, 50, "relevant"),
        ("Barnets behov i vurderingen", 96, 50, "relevant"),
        ("Færdig inden lovens frist", 59, 51, "fully"),
        ("Parallelle indsatser brugt rigtigt", 97, 35, "relevant"),
        ("Plan med familien før afgørelse", 72, 57, "fully"),
        ("Planen har 3-5 levende mål", 83, 54, "partly"),
        ("Målopfyldelsesfelt brugt", 66, 53, "fully"),
        ("Forældreafgørelse og forældreplan", 35, 23, "relevant"),
        ("Opfølgning i tide (3 mdr.)", 85, 46, "fully"),
        ("Opfølgning hver 6. måned", 85, 39, "partly"),
        ("Tilsyn holdt på stedet", 91, 23, "partly"),
    ];
    let mut out = "Sagsnummer;Punkt;Relevant;Grad;Måned\n".to_owned();
    let mut lines = Vec::new();
    for (name, share, n, kind) in points {
        // Where the share is of the relevant cases these may be fewer than N: 54 % of 53 is no whole number of cases.
        let relevant = match kind {
            "relevant" => (1..n).rev().find(|relevant| part(share, *relevant).is_some()).expect("a number of cases"),
            _ => n,
        };
        let met = part(share, relevant).expect("a number of cases");
        let fully = if kind == "partly" { met * 2 / 3 } else { met };
        for i in 0..n {
            let (is_relevant, grade) = match i {
                i if i < fully => ("Ja", "Helt"),
                i if i < met => ("Ja", "Delvist"),
                i if i < relevant => ("Ja", "Ikke opfyldt"),
                _ => ("Nej", "Helt"),
            };
            let _ = writeln!(out, "S{i};{name};{is_relevant};{grade};2021-09-01");
        }
        let percent = |part: u64| percent_half_up(part, relevant).expect("some cases");
        lines.push(format!(
            "{name} {n} {relevant} {fully} {} % {met} {share} % {} {} %",
            percent(fully),
            relevant - met,
            percent(relevant - met)
        ));
    }
    let printed = table("tilsyn", "NT-251", "2021-09-30", &[("Ledelsestilsyn.csv", out)]);
    lines.iter().for_each(|line| has(&printed, line));
}
