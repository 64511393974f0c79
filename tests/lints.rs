//! Each remark of `rules check`, on a small bad rule: where it points, what it says, and what it advises.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod engine_support;

use engine_support::compile_with_lints;
use sagstjek::engine::remarks;
use sagstjek::locale::{Lang, Localized};
use sagstjek::problem::{Mistake, Severity};

const EXAMPLES: &str = r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant", b = "violation" }
bevilling = [{ id = "a", art = "x" }, { id = "b", art = "x" }]
"#;

/// Span, text and advice of each remark on the rule's own words, in a language.
fn told(body: &str, lang: Lang) -> Vec<(String, String, String)> {
    let (_, _, _, lints) = compile_with_lints(body, EXAMPLES);
    lints.iter().map(|remark| one(remark, lang)).collect()
}

fn one(remark: &Mistake, lang: Lang) -> (String, String, String) {
    assert_eq!(remark.severity, Severity::Warning);
    let (span, _) = remark.labels.first().expect("a place");
    (remark.source[span.clone()].to_owned(), remark.text(lang), remark.help(lang).expect("advice"))
}

fn body(rest: &str) -> String {
    format!("scope = \"all\"\neach = \"bevilling as b\"\n{rest}")
}

/// The one remark on a rule: place, Danish text and advice, English text and advice.
fn only(rest: &str, place: &str, da: (&str, &str), en: (&str, &str)) {
    for (lang, (text, advice)) in [(Lang::Da, da), (Lang::En, en)] {
        assert_eq!(told(&body(rest), lang), [(place.to_owned(), text.to_owned(), advice.to_owned())], "{rest}");
    }
}

const NEVER: (&str, &str) = ("denne betingelse kan aldrig være opfyldt", "this condition can never hold");
const ALWAYS: (&str, &str) = ("denne betingelse er altid opfyldt", "this condition always holds");

#[test]
fn a_rule_that_concerns_no_row() {
    let advice = ("reglen gælder så ingen rækker: ret betingelsen", "the rule then concerns no row: mend the condition");
    let of = |when: &str, place: &str| {
        let rest = format!("when = '{when}'\nrequire = 'b.slut is present'");
        only(&rest, place, (NEVER.0, advice.0), (NEVER.1, advice.1));
    };
    let end = "b.start > 2024-12-31 and b.start < 2024-01-01";
    of(end, end);
    of("b.art = \"x\" and b.beløb < b.beløb", "b.beløb < b.beløb");
    of("count(x in b.betaling) < 0", "count(x in b.betaling) < 0");
    let both = "b.art = \"x\" and b.art = \"y\"";
    of(both, both);
    let between = "b.timer >= 5 and 5 > b.timer";
    of(between, between);
}

#[test]
fn a_requirement_that_every_row_meets_or_none() {
    let always = ("reglen finder så intet: ret betingelsen", "the rule then finds nothing: mend the condition");
    let every = "b.timer >= 5 or b.timer < 6";
    only(&format!("require = '{every}'"), every, (ALWAYS.0, always.0), (ALWAYS.1, always.1));
    let missing = "b.slut is missing or b.slut is present";
    only(&format!("require = '{missing}'"), missing, (ALWAYS.0, always.0), (ALWAYS.1, always.1));
    let never = ("hver række er så et brud: ret betingelsen", "every row is then a violation: mend the condition");
    let none = "b.slut is missing and b.slut is present";
    only(&format!("require = '{none}'"), none, (NEVER.0, never.0), (NEVER.1, never.1));
}

#[test]
fn a_part_that_decides_nothing() {
    let advice = ("ret den, eller udelad den", "mend it, or leave it out");
    let part = "b.beløb = b.beløb";
    let rest = format!("require = 'b.slut is present and {part}'");
    only(&rest, part, (ALWAYS.0, advice.0), (ALWAYS.1, advice.1));
}

#[test]
fn a_condition_that_does_not_look_at_the_row() {
    only(
        "require = 'b.slut is present and 3 < 4'",
        "3 < 4",
        ("denne betingelse har kun ét svar, uanset rækken", "sammenlign med noget i rækken"),
        ("this condition has one answer only, whatever the row", "compare with something of the row"),
    );
}

#[test]
fn a_condition_twice() {
    let twice = "b.slut is present or b.slut is present";
    only(
        &format!("require = '{twice}'"),
        twice,
        ("den samme betingelse står her to gange", "udelad den ene, eller ret den, hvis den skulle spørge om andet"),
        ("the same condition stands here twice", "leave one out, or mend it if it should ask something else"),
    );
}

#[test]
fn a_step_that_nothing_uses() {
    only(
        "steps = ['dage = days_between(b.start, b.slut)']\nrequire = 'b.slut is present'",
        "days_between(b.start, b.slut)",
        ("trinnet «dage» bruges ikke", "udelad det, eller vis det i en tekst"),
        ("the step «dage» is not used", "leave it out, or show it in a text"),
    );
}

#[test]
fn months_added_twice() {
    only(
        "require = 'b.slut <= b.start + 1 month + 2 months'",
        "b.start + 1 month + 2 months",
        ("måneder lægges til to gange; hver gang rettes til månedens slutning", "læg dem sammen først"),
        ("months are added twice; each time the day is clamped to the month's end", "add them up first"),
    );
}

#[test]
fn sound_conditions_are_let_be() {
    for require in [
        "b.timer >= 5 and b.timer < 6",
        "b.timer < 5 or b.timer > 6",
        "b.timer >= 5 and b.timer <= 5",
        "b.timer < 5 or b.timer > 5",
        "b.start > 2024-01-01 and b.slut < 2024-01-01",
        "count(x in b.betaling) > 0",
        "b.slut is missing or b.slut >= b.start",
    ] {
        assert_eq!(told(&body(&format!("require = '{require}'")), Lang::En), [], "{require}");
    }
}

#[test]
fn an_example_that_fails() {
    let (pack, model, rule, _) = compile_with_lints(&body("require = 'b.slut is present'"), EXAMPLES);
    let of = |lang| remarks(&pack, &model, &rule).iter().map(|remark| one(remark, lang)).collect::<Vec<_>>();
    let [(place, text, advice)] = &of(Lang::En)[..] else { panic!("{:?}", of(Lang::En)) };
    assert!(place.starts_with("[[example]]"), "{place}");
    assert_eq!((&**text, &**advice), ("this example does not give what it should", "rules test T-1 shows what and why"));
    assert_eq!(of(Lang::Da)[0].1, "dette eksempel giver ikke det ventede");
}

#[test]
fn remarks_on_examples_advise_too() {
    let examples = r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant", b = "violation" }
bevilling = [{ id = "a", art = "x", "beløb" = 1 }, { id = "b", art = "x", "beløb" = 900 }]
"#;
    let (pack, model, rule, _) = compile_with_lints(&body("when = 'b.art = \"x\"'\nrequire = 'b.beløb <= 100 kr'"), examples);
    let of = |lang| remarks(&pack, &model, &rule).iter().map(|remark| one(remark, lang)).collect::<Vec<_>>();
    let row = |place: &str, text: &str, advice: &str| (place.to_owned(), text.to_owned(), advice.to_owned());
    let (when, require) = ("b.art = \"x\"", "b.beløb <= 100 kr");
    let cell =
        "tilføj en række med «not assessed», for eksempel med en celle = { unknown = \"unreadable\" }, eller sæt if_missing";
    assert_eq!(
        of(Lang::Da)[..2],
        [
            row(when, "intet eksempel viser en række, som reglen ikke gælder", "tilføj en række med «not applicable»"),
            row(require, "kan være uvist, hvor data mangler; intet eksempel viser det", cell),
        ]
    );
    let cell = "add a row with «not assessed», for example with a cell = { unknown = \"unreadable\" }, or set if_missing";
    assert_eq!(
        of(Lang::En),
        [
            row(when, "no example shows a row that the rule does not concern", "add a row with «not applicable»"),
            row(require, "may be unknown where data lacks; no example shows it", cell),
            row(
                when,
                "the examples do not notice 6 small changes of the rule, here: without when",
                "add rows on both sides of the limit; rules test T-1 --mutate shows every change"
            ),
        ]
    );
}
