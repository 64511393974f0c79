//! Verdicts: what a rule says of a row when data is there, empty, unknown, unmatched or not whole.

mod engine_support;

use engine_support::{holds, outcomes};
use sagstjek::engine::result::RuleState;

#[test]
fn comparisons_with_what_is_not_there_are_not_assessed() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.beløb < 100 kr'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { lille = "compliant", stor = "violation", tom = "not assessed", rod = "not assessed", udenfor = "not assessed" }
bevilling = [
  { id = "lille", "beløb" = 1 },
  { id = "stor", "beløb" = 900 },
  { id = "tom" },
  { id = "rod", "beløb" = { unknown = "unreadable" } },
  { id = "udenfor", "beløb" = { unknown = "not delivered" } },
]
"#,
    );
}

#[test]
fn missing_narrows_and_unknown_is_not_missing() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut is missing or b.start <= b.slut'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { aaben = "compliant", ok = "compliant", bagvendt = "violation", rod = "not assessed", uden = "not assessed" }
bevilling = [
  { id = "aaben", start = 2024-01-01 },
  { id = "ok", start = 2024-01-01, slut = 2024-02-01 },
  { id = "bagvendt", start = 2024-03-01, slut = 2024-02-01 },
  { id = "rod", start = 2024-01-01, slut = { unknown = "unreadable" } },
  { id = "uden", slut = 2024-02-01 },
]
"#,
    );
}

const GROUPS: &str = r#"
sag = [{ sagsnr = "vidne" }, { sagsnr = "ingen" }, { sagsnr = "uvis" }, { sagsnr = "tom" }, { sagsnr = "klar" }]
bevilling = [
  { id = "0", sagsnr = "klar", "beløb" = 500 },
  { id = "1", sagsnr = "vidne", "beløb" = 500 },
  { id = "2", sagsnr = "vidne", "beløb" = { unknown = "unreadable" } },
  { id = "3", sagsnr = "ingen", "beløb" = 1 },
  { id = "4", sagsnr = "uvis", "beløb" = 1 },
  { id = "5", sagsnr = "uvis" },
]
"#;

fn group_rule(require: &str, whole: &str, torn: &str) {
    holds(
        &format!("scope = \"all\"\neach = \"sag as s\"\nrequire = '{require}'"),
        &format!(
            "[[example]]\nextract_date = 2024-06-30\nexpect = {whole}\n{GROUPS}\n\
             [[example]]\nextract_date = 2024-06-30\nexpect = {torn}\nincomplete = [\"bevilling\"]\n{GROUPS}"
        ),
    );
}

#[test]
fn a_witness_decides_and_absence_only_over_what_is_whole() {
    group_rule(
        "some b in s.bevilling satisfies b.beløb > 100 kr",
        r#"{ vidne = "compliant", ingen = "violation", uvis = "not assessed", tom = "violation" }"#,
        r#"{ vidne = "compliant", ingen = "not assessed", uvis = "not assessed", tom = "not assessed" }"#,
    );
    group_rule(
        "no b in s.bevilling satisfies b.beløb > 100 kr",
        r#"{ vidne = "violation", ingen = "compliant", uvis = "not assessed", tom = "compliant" }"#,
        r#"{ vidne = "violation", ingen = "not assessed", uvis = "not assessed", tom = "not assessed" }"#,
    );
    group_rule(
        "every b in s.bevilling satisfies b.beløb < 100 kr",
        r#"{ vidne = "violation", ingen = "compliant", uvis = "not assessed", tom = "compliant" }"#,
        r#"{ vidne = "violation", ingen = "not assessed", uvis = "not assessed", tom = "not assessed" }"#,
    );
}

#[test]
fn counts_and_sums_need_every_row() {
    group_rule(
        "count(b in s.bevilling) <= 1",
        r#"{ vidne = "violation", ingen = "compliant", uvis = "violation", tom = "compliant" }"#,
        r#"{ vidne = "not assessed", ingen = "not assessed", uvis = "not assessed", tom = "not assessed" }"#,
    );
    group_rule(
        "sum(b.beløb for b in s.bevilling) = 0 kr",
        r#"{ vidne = "not assessed", ingen = "violation", uvis = "not assessed", tom = "compliant" }"#,
        r#"{ vidne = "not assessed", ingen = "not assessed", uvis = "not assessed", tom = "not assessed" }"#,
    );
    group_rule(
        "max(b.beløb for b in s.bevilling) is missing",
        r#"{ vidne = "not assessed", ingen = "violation", uvis = "not assessed", tom = "compliant" }"#,
        r#"{ tom = "not assessed" }"#,
    );
    // The condition of `where` is unknown for a row: the count is unknown, not smaller.
    group_rule(
        "count(b in s.bevilling where b.beløb > 100 kr) = 0",
        r#"{ vidne = "not assessed", ingen = "compliant", uvis = "not assessed", tom = "compliant", klar = "violation" }"#,
        r#"{ ingen = "not assessed" }"#,
    );
}

#[test]
fn a_dataset_that_nobody_delivered_skips_the_rule() {
    let outcome = outcomes(
        "scope = \"all\"\neach = \"sag as s\"\nrequire = 'some b in s.bevilling satisfies b.beløb > 100 kr'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = "compliant"
sag = [{ sagsnr = "S1" }]
[[example]]
extract_date = 2024-06-30
expect = "violation"
sag = [{ sagsnr = "S1" }]
bevilling = []
"#,
    );
    assert!(matches!(&outcome[0].state, RuleState::InputMissing { datasets, .. } if datasets.len() == 1));
    assert!(!outcome[0].passed());
    assert!(outcome[1].passed());
}

#[test]
fn a_path_through_an_unmatched_row_is_unknown() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.sag.født is present'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { fundet = "compliant", tom = "violation", uden = "not assessed", flere = "not assessed" }
sag = [
  { sagsnr = "A", "født" = 2010-05-05 }, { sagsnr = "B" },
  { sagsnr = "C", "født" = 2010-05-05 }, { sagsnr = "C", "født" = 2011-05-05 },
]
bevilling = [{ id = "fundet", sagsnr = "A" }, { id = "tom", sagsnr = "B" }, { id = "uden", sagsnr = "X" }, { id = "flere", sagsnr = "C" }]
"#,
    );
}

#[test]
fn a_row_that_may_belong_elsewhere_makes_absence_doubtful() {
    holds(
        "scope = \"all\"\neach = \"sag as s\"\nwhen = 's.født is present'\nrequire = 'count(b in s.bevilling) >= 1'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { A = "violation", B = "compliant", C = "not assessed" }
sag = [
  { sagsnr = "A", "født" = 2010-05-05 }, { sagsnr = "B", "født" = 2010-05-05 },
  { sagsnr = "C", "født" = 2010-05-05 }, { sagsnr = "C", "født" = 2011-05-05 },
]
bevilling = [{ id = "1", sagsnr = "B" }, { id = "2", sagsnr = "C" }]
"#,
    );
}

#[test]
fn deadlines() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\ndeadline = { due = 'b.start + 4 months', done = 'b.slut' }",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { rettidig = "compliant", sen = "violation", overskredet = "violation", rod_slut = "not assessed", venter = "not applicable", uden = "not assessed", rod = "not assessed" }
bevilling = [
  { id = "rettidig", start = 2023-10-31, slut = 2024-02-29 },
  { id = "sen", start = 2023-10-31, slut = 2024-03-01 },
  { id = "overskredet", start = 2024-02-29 },
  { id = "rod_slut", start = 2024-02-29, slut = { unknown = "unreadable" } },
  { id = "venter", start = 2024-04-01 },
  { id = "uden", slut = 2024-03-01 },
  { id = "rod", start = { unknown = "unreadable" }, slut = 2024-03-01 },
]
"#,
    );
}

#[test]
fn a_deadline_on_the_extract_date_is_not_overdue() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\ndeadline = { due = 'b.start', done = 'b.slut' }",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { i_gaar = "violation", i_dag = "not applicable", faerdig = "compliant" }
bevilling = [{ id = "i_gaar", start = 2024-06-29 }, { id = "i_dag", start = 2024-06-30 }, { id = "faerdig", start = 2024-06-30, slut = 2024-06-30 }]
"#,
    );
}

#[test]
fn a_requirement_beside_a_deadline_excuses_lateness() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\ndeadline = { due = 'b.start', done = 'b.slut' }\nrequire = 'b.beløb > 0 kr'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { undskyldt = "compliant", sen = "violation", uvis = "not assessed", til_tiden = "compliant", rod = "compliant" }
bevilling = [
  { id = "undskyldt", start = 2024-01-01, slut = 2024-02-01, "beløb" = 1 },
  { id = "sen", start = 2024-01-01, slut = 2024-02-01, "beløb" = 0 },
  { id = "uvis", start = 2024-01-01, slut = 2024-02-01 },
  { id = "til_tiden", start = 2024-01-01, slut = 2023-12-01 },
  { id = "rod", slut = 2023-12-01, "beløb" = 1 },
]
"#,
    );
}

#[test]
fn partly_and_if_missing() {
    let examples = |unknown: &str| {
        format!(
            r#"
[[example]]
extract_date = 2024-06-30
expect = {{ ok = "compliant", brud = "violation", delvis = "partly", uvis = "violation", tom = "{unknown}" }}
bevilling = [
  {{ id = "ok", "beløb" = 1 }},
  {{ id = "brud", "beløb" = 500, timer = 9 }},
  {{ id = "delvis", "beløb" = 500, timer = 1 }},
  {{ id = "uvis", "beløb" = 500 }},
  {{ id = "tom", timer = 9 }},
]
"#
        )
    };
    let rule = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.beløb < 100 kr'\npartly = 'b.timer < 5'";
    holds(rule, &examples("not assessed"));
    holds(&format!("{rule}\nif_missing = \"violation\""), &examples("violation"));
    holds(&format!("{rule}\nif_missing = \"compliant\""), &examples("compliant"));
}

#[test]
fn closed_cases_are_out_of_scope_and_when_decides_first() {
    let examples = |closed: &str, without: &str| {
        format!(
            r#"
[[example]]
extract_date = 2024-06-30
expect = {{ ok = "compliant", brud = "violation", lukket = "{closed}", uden_sag = "{without}", anden = "not applicable", uvis = "not assessed" }}
sag = [{{ sagsnr = "A", lukket = false }}, {{ sagsnr = "L", lukket = true }}]
bevilling = [
  {{ id = "ok", sagsnr = "A", art = "x", "beløb" = 1 }},
  {{ id = "brud", sagsnr = "A", art = "x", "beløb" = 500 }},
  {{ id = "lukket", sagsnr = "L", art = "x", "beløb" = 500 }},
  {{ id = "uden_sag", sagsnr = "Z", art = "x", "beløb" = 500 }},
  {{ id = "anden", sagsnr = "A", art = "y" }},
  {{ id = "uvis", sagsnr = "A" }},
]
"#
        )
    };
    let rule = "each = \"bevilling as b\"\nwhen = 'b.art = \"x\"'\nrequire = 'b.beløb < 100 kr'";
    holds(&format!("scope = \"open\"\n{rule}"), &examples("not applicable", "not assessed"));
    holds(&format!("scope = \"all\"\n{rule}"), &examples("violation", "violation"));
}

#[test]
fn neighbours_by_order_and_ties() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nwhen = 'b.sag.lukket is missing'\n\
         require = 'previous(c in b.sag.bevilling by c.start) is missing'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant", b = "violation", c = "not assessed", d = "not assessed", e = "not assessed" }
sag = [{ sagsnr = "1" }, { sagsnr = "2" }, { sagsnr = "3" }]
bevilling = [
  { id = "a", sagsnr = "1", start = 2024-01-01 }, { id = "b", sagsnr = "1", start = 2024-02-01 },
  { id = "c", sagsnr = "2", start = 2024-01-01 }, { id = "d", sagsnr = "2", start = 2024-01-01 },
  { id = "e", sagsnr = "3" },
]
"#,
    );
    holds(
        "scope = \"all\"\neach = \"sag as s\"\nrequire = 'last(b in s.bevilling where b.art = \"x\" by b.start).beløb < 100 kr'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { "1" = "compliant", "2" = "violation", "3" = "not assessed" }
sag = [{ sagsnr = "1" }, { sagsnr = "2" }, { sagsnr = "3" }]
bevilling = [
  { id = "a", sagsnr = "1", art = "x", start = 2024-01-01, "beløb" = 500 }, { id = "b", sagsnr = "1", art = "x", start = 2024-02-01, "beløb" = 1 },
  { id = "c", sagsnr = "2", art = "x", start = 2024-01-01, "beløb" = 500 }, { id = "d", sagsnr = "2", art = "y", start = 2024-02-01, "beløb" = 1 },
]
"#,
    );
}

#[test]
fn whole_datasets_by_an_equality() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'no p in betaling where p.id = b.id satisfies p.beløb > b.beløb'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { ok = "compliant", brud = "violation" }
bevilling = [{ id = "ok", "beløb" = 100 }, { id = "brud", "beløb" = 100 }]
betaling = [{ nr = "1", id = "ok", "beløb" = 100 }, { nr = "2", id = "brud", "beløb" = 101 }, { nr = "3", "beløb" = 999 }]
[[example]]
extract_date = 2024-06-30
expect = { ok = "not assessed", brud = "violation" }
bevilling = [{ id = "ok", "beløb" = 100 }, { id = "brud", "beløb" = 100 }]
betaling = [{ nr = "2", id = "brud", "beløb" = 101 }, { nr = "3", id = { unknown = "unreadable" }, "beløb" = 999 }]
"#,
    );
}

#[test]
fn a_whole_dataset_is_searched_once_for_all_rows() {
    let tables = r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "VERDICT", b = "VERDICT" }
bevilling = [{ id = "a", "beløb" = 100 }, { id = "b", "beløb" = 300 }]
betaling = [{ nr = "1", id = "a", "beløb" = 100 }, { nr = "2", id = "b", "beløb" = SECOND }]
"#;
    let example = |verdict: &str, second: &str| tables.replace("VERDICT", verdict).replace("SECOND", second);
    let rule = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'count(p in betaling where p.beløb > 100 kr) * 2 < count(p in betaling)'";
    let torn = format!("{}incomplete = [\"betaling\"]\n", example("not assessed", "100"));
    let unreadable = example("not assessed", "{ unknown = \"unreadable\" }");
    holds(rule, &[example("violation", "101"), example("compliant", "100"), unreadable, torn].concat());
    let rule = "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'last(p in betaling by p.nr).beløb = b.beløb'";
    let unreadable = example("not assessed", "{ unknown = \"unreadable\" }");
    holds(rule, &[example("compliant", "300").replace("a = \"compliant\"", "a = \"violation\""), unreadable].concat());
}

#[test]
fn the_same_or_both_empty() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'same(b.start, b.slut) and how_many(b.start is present, b.slut is present) != 1'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { tomme = "compliant", ens = "compliant", forskellige = "violation", ene = "violation", rod = "not assessed", rod_tom = "not assessed" }
bevilling = [
  { id = "tomme" },
  { id = "ens", start = 2024-01-01, slut = 2024-01-01 },
  { id = "forskellige", start = 2024-01-01, slut = 2024-01-02 },
  { id = "ene", start = 2024-01-01 },
  { id = "rod", start = 2024-01-01, slut = { unknown = "unreadable" } },
  { id = "rod_tom", slut = { unknown = "unreadable" } },
]
"#,
    );
}

#[test]
fn gaps_are_gaps_only_where_all_is_known() {
    holds(
        "scope = \"all\"\neach = \"sag as s\"\n\
         require = 'days_in(uncovered(period(2024-01-01, 2024-03-31), period(b.start, b.slut) for b in s.bevilling)) = 0'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { hel = "compliant", hul = "violation", uvis = "not assessed", dog = "compliant" }
sag = [{ sagsnr = "hel" }, { sagsnr = "hul" }, { sagsnr = "uvis" }, { sagsnr = "dog" }]
bevilling = [
  { id = "1", sagsnr = "hel", start = 2023-01-01, slut = 2024-02-15 }, { id = "2", sagsnr = "hel", start = 2024-02-16 },
  { id = "3", sagsnr = "hul", start = 2023-01-01, slut = 2024-02-15 }, { id = "4", sagsnr = "hul", start = 2024-02-17 },
  { id = "5", sagsnr = "uvis", start = 2024-01-02 }, { id = "6", sagsnr = "uvis" },
  { id = "7", sagsnr = "dog", start = 2024-01-01 }, { id = "8", sagsnr = "dog" },
]
"#,
    );
}

#[test]
fn one_verdict_a_month() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nwhen = 'b.art = \"x\"'\nper = 'm in months(period(b.start, b.slut))'\n\
         require = 'm < 2024-03-01'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { "a 2024-02" = "compliant", "a 2024-03" = "violation" }
bevilling = [{ id = "a", art = "x", start = 2024-01-31, slut = 2024-03-01 }]
[[example]]
extract_date = 2024-06-30
expect = { "a" = "not assessed", "b" = "not applicable" }
bevilling = [{ id = "a", art = "x", slut = 2024-03-01 }, { id = "b", art = "y", slut = 2024-03-01 }]
"#,
    );
}

#[test]
fn derived_columns_fill_what_is_not_delivered() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.alder < 18'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { barn = "compliant", voksen = "violation", oplyst = "violation", ukendt = "not assessed" }
sag = [{ sagsnr = "A", "født" = 2010-02-28 }, { sagsnr = "B", "født" = 2004-01-02 }]
bevilling = [
  { id = "barn", sagsnr = "A", start = 2028-02-27 }, { id = "voksen", sagsnr = "A", start = 2028-02-28 },
  { id = "oplyst", sagsnr = "A", start = 2024-01-01, alder = 30 }, { id = "ukendt", start = 2024-01-01 },
]
"#,
    );
}

#[test]
fn an_unset_local_figure_skips_the_rule() {
    let outcome = outcomes(
        "scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.beløb < lokal_grænse'",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant", b = "violation" }
bevilling = [{ id = "a", "beløb" = 1 }, { id = "b", "beløb" = 500 }]
rates = { "lokal_grænse" = [{ value = 100 }] }
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant" }
bevilling = [{ id = "a", "beløb" = 1 }]
"#,
    );
    assert!(outcome[0].passed(), "{outcome:#?}");
    assert!(matches!(&outcome[1].state, RuleState::LocalNotSet(tables) if tables.len() == 1));
}

const READINGS: &str = r#"
bevilling = [
  { id = "begge", start = 2024-03-04, slut = 2024-03-11, "beløb" = 1 },
  { id = "ingen", start = 2024-03-04, slut = 2024-03-13, "beløb" = 1 },
  { id = "en", start = 2024-03-04, slut = 2024-03-12, "beløb" = 1 },
  { id = "tom", start = 2024-03-04, "beløb" = 1 },
]
"#;

#[test]
fn what_the_law_leaves_open_is_judged_under_each_reading() {
    let examples = format!(
        "[[example]]\nextract_date = 2024-06-30\n\
         expect = {{ begge = \"compliant\", ingen = \"violation\", en = \"not assessed\", tom = \"not assessed\" }}\n{READINGS}"
    );
    // In a step, in the requirement itself, and twice in the same words.
    let either = "either(add_working_days(b.start, 6), add_working_days(b.start, 6, \"saturdays\"))";
    holds(
        &format!("scope = \"all\"\neach = \"bevilling as b\"\nsteps = ['frist = {either}']\nrequire = 'b.slut <= frist'"),
        &examples,
    );
    holds(&format!("scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut <= {either}'"), &examples);
    holds(
        &format!("scope = \"all\"\neach = \"bevilling as b\"\nrequire = 'b.slut <= {either} and b.slut < {either} + days(1)'"),
        &examples,
    );
}

#[test]
fn steps_may_be_rows_and_lists_of_periods() {
    holds(
        "scope = \"all\"\neach = \"bevilling as b\"\n\
         steps = ['før = previous(x in b.sag.bevilling by x.start)', 'løb = spells_of(period(x.start, x.slut) for x in b.sag.bevilling)']\n\
         when = 'b.art != \"fri\"'\n\
         require = 'før is missing or (før.slut is present and før.slut < b.start and days_in(longest_run(løb)) > 31)'\n\
         mark = [\"b.start\", \"før.slut\"]",
        r#"
[[example]]
extract_date = 2024-06-30
expect = { a = "compliant", b = "compliant", c = "violation", d = "not assessed" }
sag = [{ sagsnr = "S" }, { sagsnr = "T" }]
bevilling = [
  { id = "a", sagsnr = "S", art = "x", start = 2024-01-01, slut = 2024-01-31 },
  { id = "b", sagsnr = "S", art = "x", start = 2024-02-01, slut = 2024-02-29 },
  { id = "c", sagsnr = "S", art = "x", start = 2024-02-15, slut = 2024-03-31 },
  { id = "d", sagsnr = "U", art = "x", start = 2024-02-15 },
]
"#,
    );
}
