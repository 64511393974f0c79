//! The cost guard: candidate pairs are counted from the sizes of groups, very many end in a warning and a result, too many in
//! a refusal that is told everywhere; and `rules plan` shows the same numbers.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod engine_support;

use std::path::Path;
use std::process::Command;

use engine_support::{Given, compile, day, given, store};
use sagstjek::calendar::Date;
use sagstjek::engine::result::{Counts, RuleState};
use sagstjek::engine::{Cost, Evaluators, Limits, RunOptions, cost, run_watched, verdicts};
use sagstjek::locale::Lang;
use sagstjek::model::load::embedded;
use sagstjek::night::{Book, CheckOptions, Night};
use sagstjek::privacy::Gate;
use sagstjek::problem::{Problem, Severity};
use sagstjek::progress::Progress;
use sagstjek::report::json::document;
use sagstjek::report::{Format, RenderOptions, render};
use sagstjek::rule::typed::Verdict;

const EXAMPLES: &str = "[[example]]\nextract_date = 2024-06-30\nexpect = { a = \"compliant\", b = \"violation\" }\n";
const EXTRACT: &str = "2024-06-30";
const BEVILLING: &[&str] = &["id", "sagsnr", "art", "start", "slut", "beløb", "timer"];
const OVERLAP: &str = "scope = \"all\"\neach = \"bevilling as b\"\n\
    require = 'no c in b.sag.bevilling where c is not b satisfies period(b.start, b.slut) overlaps period(c.start, c.slut)'";

/// Cases S1 (three grants), S2 (two, closed) and one grant that finds no case.
fn small() -> Vec<Given<'static>> {
    vec![
        given("sag", &["sagsnr", "lukket"], "S1 | nej\nS2 | ja"),
        given(
            "bevilling",
            BEVILLING,
            "A | S1 | x | 2024-01-01 | 2024-01-31 | - | -
             B | S1 | x | 2024-02-01 | 2024-02-28 | - | -
             C | S1 | y | 2024-03-01 | 2024-03-31 | - | -
             D | S2 | x | 2024-01-01 | - | - | -
             E | S2 | z | 2024-01-01 | - | - | -
             F | S9 | x | 2024-01-01 | - | - | -",
        ),
        given(
            "betaling",
            &["nr", "id", "beløb", "dato"],
            "1 | A | 1.00 | -\n2 | A | 1.00 | -\n3 | B | 1.00 | -\n4 | D | 1.00 | -",
        ),
    ]
}

fn cost_of(body: &str) -> Cost {
    let (pack, model, rule) = compile(body, EXAMPLES);
    let store = store(&pack, &model, std::slice::from_ref(&rule), EXTRACT, &small());
    cost(&store, &rule, day(EXTRACT))
}

fn pairs(body: &str) -> u64 {
    cost_of(body).pairs
}

#[test]
fn pairs_are_counted_from_the_sizes_of_groups() {
    let all = cost_of(OVERLAP);
    assert_eq!((all.rows, all.pairs), (6, 3 * 3 + 2 * 2));
    assert_eq!((all.sources[0].groups, all.sources[0].largest), (2, 3));
    assert_eq!(pairs(&OVERLAP.replace("scope = \"all\"\n", "")), 3 * 3, "rows of closed cases are left out");
    let each = "scope = \"all\"\neach = \"bevilling as b\"\n";
    // Every grant of S1 sees A twice paid, B once; D of S2 is seen by two.
    let nested = "require = 'every c in b.sag.bevilling satisfies (no p in c.betaling where p.beløb > 1 kr)'";
    assert_eq!(pairs(&format!("{each}{nested}")), 13 + 3 * 3 + 2);
    let through = "require = 'no p in b.sag.bevilling.betaling where p.beløb > 1 kr'";
    assert_eq!(pairs(&format!("{each}{through}")), 13 + 3 * 3 + 2);
    // Six grants, each once for every grant of its sort: four x, one y, one z.
    let whole = "require = 'no c in bevilling where c.art = b.art and c.beløb > 1 kr'";
    assert_eq!(pairs(&format!("{each}{whole}")), 4 * 4 + 1 + 1);
    // What does not read the inner row is asked for the outer rows only.
    let apart =
        "require = 'every c in b.sag.bevilling satisfies (c.start < b.start or (some p in b.betaling where p.beløb > 1 kr))'";
    assert_eq!(pairs(&format!("{each}{apart}")), 13 + 4);
    let both = "steps = ['frist = either(b.start, b.slut)']\nrequire = 'no c in b.sag.bevilling where c.start > frist'";
    assert_eq!(pairs(&format!("{each}{both}")), 2 * 13, "under both readings");
    let items = "per = 'm in months(period(b.start, b.slut))'\nrequire = 'no p in b.betaling where p.dato = m'";
    assert_eq!(
        pairs(&format!("{each}{items}")),
        2 + 1 + 1,
        "A and B have a month each; D has no end, so one item that is unknown"
    );
}

#[test]
fn an_equality_makes_large_groups_smaller() {
    // 200 grants of one case: 100 of sort x, 98 of sort y, two without.
    let kind = |n: usize| if n >= 198 { "-" } else { ["x", "y"][usize::from(n >= 100)] };
    let day = |n: usize| Date::from_ymd(2000, 1, 1).and_then(|d| d.add_days(n as i64)).expect("a day").to_string();
    let grant = |n: usize| [n.to_string(), "S".into(), kind(n).into(), day(n), day(n + 1), "-".into(), "-".into()].to_vec();
    let rows = (0..200).map(grant).collect();
    let data = [given("sag", &["sagsnr"], "S"), Given { dataset: "bevilling", columns: BEVILLING, rows }];
    let body = OVERLAP.replace("c is not b satisfies", "c is not b and c.art = b.art satisfies");
    let (pack, model, rule) = compile(&body, EXAMPLES);
    let store = store(&pack, &model, std::slice::from_ref(&rule), EXTRACT, &data);
    let cost = cost(&store, &rule, engine_support::day(EXTRACT));
    // A grant without a sort may have any: it is a candidate of all, and all are candidates of it.
    assert_eq!((cost.pairs, cost.sources[0].largest), (100 * 102 + 98 * 100 + 2 * 200, 200));
    let by = |by| verdicts(&store, &rule, engine_support::day(EXTRACT), by);
    let kernels = by(Evaluators::Kernels);
    assert_eq!(kernels, by(Evaluators::Scalar));
    let violations = kernels.iter().filter(|(.., verdict)| *verdict == Verdict::Violation).count();
    assert_eq!(violations, 198, "each overlaps the next of its sort");
}

#[test]
fn a_rule_above_the_limit_is_refused_and_others_run() {
    let (pack, model, rule) = compile(OVERLAP, EXAMPLES);
    let (_, _, cheap) = compile("scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.start is present'", EXAMPLES);
    let rules = [rule, cheap];
    let store = store(&pack, &model, &rules, EXTRACT, &small());
    let options = RunOptions { extract_date: day(EXTRACT), threads: 1 };
    let ran = |refuse| run_watched(&store, &rules, &options, Limits { warn: 1, refuse }, &Progress::default()).rules;
    let refused = ran(12);
    assert_eq!(refused[0].state, RuleState::TooCostly { pairs: 13, limit: 12 });
    assert_eq!((refused[0].counts, refused[0].outcomes.len()), (Counts::default(), 0));
    assert_eq!((&refused[1].state, refused[1].counts.compliant), (&RuleState::Ran, 6));
    let allowed = ran(13);
    assert_eq!((&allowed[0].state, allowed[0].pairs, allowed[0].counts.examined()), (&RuleState::Ran, 13, 6));
}

/// Grants of one case, each of a day of its own.
fn one_case(grants: usize) -> Vec<Given<'static>> {
    let first = Date::from_ymd(1900, 1, 1).expect("a day");
    let grant = |n: usize| {
        let day = first.add_days(n as i64).expect("a day").to_string();
        vec![n.to_string(), "S".to_owned(), "x".to_owned(), day.clone(), day, "-".to_owned(), "-".to_owned()]
    };
    let rows = (0..grants).map(grant).collect();
    vec![given("sag", &["sagsnr"], "S"), Given { dataset: "bevilling", columns: BEVILLING, rows }]
}

#[test]
fn many_pairs_end_in_a_result_and_too_many_in_a_refusal() {
    // 26,833 grants of one case are 720 million pairs.
    let grants = if std::env::var_os("SAGSTJEK_LONG").is_some() { 26_833 } else { 2_000 };
    let (pack, model, rule) = compile(OVERLAP, EXAMPLES);
    let nested = "scope = \"all\"\neach = \"bevilling as b\"\n\
         require = 'every c in b.sag.bevilling satisfies (some d in b.sag.bevilling where d.start > c.start)'";
    let (_, _, cubic) = compile(nested, EXAMPLES);
    let rules = [rule, cubic];
    let store = store(&pack, &model, &rules, EXTRACT, &one_case(grants));
    let options = RunOptions { extract_date: day(EXTRACT), threads: 0 };
    let limits = Limits { warn: 500_000_000, refuse: 7_000_000_000 };
    let refused = run_watched(&store, &rules[1..], &options, limits, &Progress::default()).rules;
    let n = grants as u64;
    assert_eq!(refused[0].state, RuleState::TooCostly { pairs: n * n + n * n * n, limit: limits.refuse });
    let ran = run_watched(&store, &rules[..1], &options, limits, &Progress::default()).rules;
    assert_eq!((&ran[0].state, ran[0].pairs), (&RuleState::Ran, n * n));
    assert_eq!(ran[0].counts, Counts { compliant: n, ..Counts::default() });
}

fn demo() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo")
}

/// The demo checked with these lines under `[rules]`.
fn checked<T>(rules: &str, look: impl FnOnce(&sagstjek::report::Report<'_>) -> T) -> T {
    let config = std::fs::read_to_string(demo().join("sagstjek.toml")).expect("config");
    let config = format!("{config}\n[rules]\n{rules}\n");
    let told = |mistakes: Vec<sagstjek::problem::Mistake>| panic!("{}", engine_support::told(&mistakes));
    let book = Book::open(embedded(), Vec::new(), Some(("sagstjek.toml", &config))).unwrap_or_else(told);
    let gate = Gate::new(Some(b"a secret of this test"), false);
    let options = CheckOptions {
        extract_date: None,
        today: Date::from_days(0),
        selection: Default::default(),
        fail_on: None,
        exit_zero: false,
        threads: 2,
        ignore: vec!["hemmelighed.txt".into(), "sagstjek.toml".into(), "facit.toml".into()],
    };
    let night = Night::check(&book, &demo(), &gate, &options).expect("every outcome has a place");
    look(&night.report(&gate))
}

#[test]
fn a_refusal_is_told_in_every_report_and_sets_the_exit_code() {
    checked("refuse_pairs = 50", |report| {
        assert_eq!(report.exit_code(), 2);
        let refused: Vec<&Problem> =
            report.problems.iter().filter(|problem| matches!(problem, Problem::RuleTooCostly { .. })).collect();
        let states = report.run.rules.iter().filter(|rule| matches!(rule.state, RuleState::TooCostly { .. })).count();
        assert!(!refused.is_empty() && refused.len() == states, "{:?}", report.problems);
        assert!(refused.iter().all(|problem| problem.severity() == Severity::Failure));
        let json = document(report);
        assert_eq!(json.rules.iter().filter(|rule| rule.state == "too-costly").count(), states);
        for (lang, said, advice) in
            [(Lang::Da, "for dyr:", "er ikke kørt: den skulle se på"), (Lang::En, "too costly:", "did not run: it would look at")]
        {
            let text = render(report, Format::Full, &RenderOptions { lang, ..RenderOptions::default() });
            assert!(text.contains(said) && text.contains(advice) && text.contains("refuse_pairs"), "{text}");
        }
    });
}

#[test]
fn a_warning_changes_no_result() {
    let answers = |report: &sagstjek::report::Report<'_>| {
        let warned = report.problems.iter().filter(|problem| matches!(problem, Problem::RuleCostly { .. })).count();
        (warned, report.exit_code(), render(report, Format::Rows, &RenderOptions::default()))
    };
    let (none, code, rows) = checked("", answers);
    let (some, warned_code, warned_rows) = checked("warn_pairs = 50", answers);
    assert_eq!((none, code, rows), (0, warned_code, warned_rows));
    assert!(some > 0);
}

#[test]
fn the_plan_shows_the_same_numbers() {
    let shown = |arguments: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_sagstjek")).args(arguments).env_clear().output().expect("the program runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/tarvonia");
    let (pack, folder) = (pack.display().to_string(), pack.join("delivery").display().to_string());
    let plain = shown(&["rules", "plan", "TAR-101", "--pack", &pack, "--lang", "en"]);
    assert!(plain.contains("looks at") && plain.contains("refused above 20,000,000,000"), "{plain}");
    let counted = shown(&["rules", "plan", "TAR-101", &folder, "--pack", &pack, "--lang", "da"]);
    assert!(counted.contains("rækker") && counted.contains("kandidatpar") && counted.contains("nægtes over"), "{counted}");
}
