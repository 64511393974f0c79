//! What examples hold fast: conditions answered both ways, and changes of a rule that they notice.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod engine_support;

use engine_support::compile;
use sagstjek::engine::{coverage, mutate, remarks};

const BODY: &str = "scope = \"all\"\neach = \"bevilling as b\"\nwhen = 'b.art != \"fri\"'\n\
                    require = 'b.beløb <= 100 kr and b.slut is present'";

const LOOSE: &str = r#"
[[example]]
extract_date = 2024-06-30
expect = { lille = "compliant", stor = "violation", fri = "not applicable" }
bevilling = [
  { id = "lille", art = "x", "beløb" = 1, slut = 2024-01-01 },
  { id = "stor", art = "x", "beløb" = 900, slut = 2024-01-01 },
  { id = "fri", art = "fri", "beløb" = 900, slut = 2024-01-01 },
]
"#;

const TIGHT: &str = r#"
[[example]]
extract_date = 2024-06-30
expect = { netop = "compliant", over = "violation", aaben = "violation" }
bevilling = [
  { id = "netop", art = "x", "beløb" = 100, slut = 2024-01-01 },
  { id = "over", art = "x", "beløb" = 100.01, slut = 2024-01-01 },
  { id = "aaben", art = "x", "beløb" = 1 },
]
"#;

/// Changes that the examples do not notice: text and change.
fn unnoticed(body: &str, examples: &str) -> Vec<(String, String)> {
    let (pack, model, rule) = compile(body, examples);
    let mutation = mutate(&pack, &model, &rule);
    assert!(mutation.tried > mutation.unnoticed.len(), "{mutation:#?}");
    let text = |m: &sagstjek::rule::mutate::Mutant| rule.file.text[m.span.clone()].to_owned();
    mutation.unnoticed.iter().map(|m| (text(m), m.what.en.clone())).collect()
}

#[test]
fn changes_that_no_example_notices_are_named() {
    let said = |text: &str, what: &str| (text.to_owned(), what.to_owned());
    let expected = [said("b.beløb <= 100 kr", "<= becomes <"), said("100 kr", "1 more"), said("b.slut is present", "left out")];
    let mut found = unnoticed(BODY, LOOSE);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(unnoticed(BODY, &format!("{LOOSE}{TIGHT}")), []);
}

#[test]
fn deadlines_dates_rows_and_scopes_are_changed_too() {
    let body = "each = \"bevilling as b\"\nwhen = 'b.start is present'\n\
                deadline = { due = 'b.start + 14 days', done = 'b.slut' }\n\
                require = 'some x in b.betaling where x.beløb > 0 kr satisfies x.beløb < 50 kr'";
    let examples = r#"
[[example]]
extract_date = 2024-06-30
expect = { tidlig = "compliant", sen = "violation" }
sag = [{ sagsnr = "S", lukket = false }]
betaling = []
bevilling = [
  { id = "tidlig", sagsnr = "S", start = 2024-01-01, slut = 2024-01-02 },
  { id = "sen", sagsnr = "S", start = 2024-01-01, slut = 2024-03-01 },
]
"#;
    let found = unnoticed(body, examples);
    let has = |text: &str, what: &str| found.iter().any(|(t, w)| t == text && w == what);
    assert!(has("b.start + 14 days", "the deadline a day later"), "{found:?}");
    assert!(has("14 days", "1 day more"), "{found:?}");
    assert!(has("x.beløb > 0 kr", "left out"), "{found:?}");
    assert!(has("x.beløb < 50 kr", "< becomes <="), "{found:?}");
    assert!(has("b.start is present", "without when"), "{found:?}");
    assert!(found.iter().any(|(_, what)| what == "closed cases too"), "{found:?}");
    // Swapped dates are noticed in the deadline, not in `when`, where both are there.
    assert!(has("b.start", "slut instead") && !has("b.slut", "start instead"), "{found:?}");
}

#[test]
fn conditions_are_covered_by_both_answers() {
    let said = |examples: &str| -> Vec<(String, bool, bool, bool)> {
        let (pack, model, rule) = compile(BODY, examples);
        let text = |span: &std::ops::Range<usize>| rule.file.text[span.clone()].to_owned();
        coverage(&pack, &model, &rule).iter().map(|c| (text(&c.span), c.yes, c.no, c.unknown)).collect()
    };
    let of = |text: &str, yes, no, unknown| (text.to_owned(), yes, no, unknown);
    let expected = [
        of("b.art != \"fri\"", true, true, false),
        of("b.beløb <= 100 kr", true, true, false),
        of("b.slut is present", true, false, false),
    ];
    assert_eq!(said(LOOSE), expected);
    let unread = LOOSE.replace("\"beløb\" = 1, slut = 2024-01-01", "\"beløb\" = { unknown = \"unreadable\" }");
    assert!(said(&format!("{TIGHT}{}", unread.replace("lille = \"compliant\"", "lille = \"violation\"")))[1].3);
}

#[test]
fn remarks_say_what_examples_leave_open() {
    let said = |body: &str, examples: &str| -> Vec<String> {
        let (pack, model, rule) = compile(body, examples);
        remarks(&pack, &model, &rule).into_iter().map(|remark| remark.message.en).collect()
    };
    let lacking = "may be unknown where data lacks; no example shows it";
    let loose = "the examples do not notice 3 small changes of the rule, here: <= becomes < (rules test T-1 --mutate)";
    assert_eq!(said(BODY, LOOSE), [lacking, loose]);
    assert_eq!(said(BODY, &format!("{LOOSE}{TIGHT}")), [lacking]);
    assert_eq!(said(&format!("{BODY}\nif_missing = \"violation\""), &format!("{LOOSE}{TIGHT}")), [] as [&str; 0]);
    let no_other = "no example shows a row that the rule does not concern";
    assert_eq!(said(&format!("{BODY}\nif_missing = \"violation\""), TIGHT)[0], no_other);
    let presence = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut is present'";
    assert_eq!(
        said(
            presence,
            "[[example]]\nextract_date = 2024-06-30\nexpect = { a = \"compliant\", b = \"violation\" }\n\
        bevilling = [{ id = \"a\", slut = 2024-01-01 }, { id = \"b\" }]"
        ),
        [] as [&str; 0]
    );
}
