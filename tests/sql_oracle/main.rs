//! An oracle for the engine: the rules once more in SQL, over SQLite, verdict by verdict.
//!
//! `lower` and `rows` turn the typed tree into SQL, `rule` a rule into a query of verdicts, `data` puts a delivery into tables and
//! joins them. They share the checker's tree with the engine and nothing else: a disagreement is a fault of one of the two, to be
//! settled by `docs/language.md`.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

mod data;
mod lower;
mod random;
mod rows;
mod rule;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data::Oracle;
use random::Pool;
use sagstjek::calendar::Date;
use sagstjek::demo::{DemoOptions, municipality};
use sagstjek::engine::result::RuleState;
use sagstjek::engine::{RunOptions, prepare, run, why};
use sagstjek::intake::{self, IntakeOptions, Table};
use sagstjek::model::Pack;
use sagstjek::model::load::{embedded, from_dir};
use sagstjek::night::Book;
use sagstjek::rule::LoadPlan;
use sagstjek::rule::mutate::mutants;
use sagstjek::rule::typed::{Expr, IfMissing, ModelExprs, Node, Rule, Ty, Verdict};
use sagstjek::store::{RowRef, Store};
use sagstjek::value::{Kind, Value};

/// Whether section (or account) `a` lies under `b`, part by part: 0, 1 or 2.
fn under(konto: bool, a: &str, b: &str) -> String {
    let any = |condition: &dyn Fn(u8) -> String| (1..=7).map(condition).collect::<Vec<_>>().join(" OR ");
    let differs = any(&|i| format!("(pa.p{i} <> '' AND pb.p{i} <> '' AND pa.p{i} <> pb.p{i})"));
    let open = any(&|i| format!("(pa.p{i} = '' AND pb.p{i} <> '')"));
    format!(
        "(SELECT CASE WHEN {differs} THEN 0 WHEN {open} THEN 1 ELSE 2 END FROM part pa, part pb \
         WHERE pa.konto = {0} AND pa.text = {a} AND pb.konto = {0} AND pb.text = {b})",
        u8::from(konto)
    )
}

/// A pack, its expectations left out: which columns a reader refuses is not the oracle's question.
struct Subject {
    pack: Arc<Pack>,
    model: ModelExprs,
    rules: Vec<Rule>,
}

impl Subject {
    fn of(book: Book) -> Subject {
        let mut model = book.model;
        model.expectations.clear();
        let mut rules = book.rules;
        rules.iter_mut().for_each(|rule| rule.pair_once = false);
        Subject { pack: book.pack, model, rules }
    }

    fn danish(config: Option<&str>) -> Subject {
        Subject::of(Book::open(embedded(), Vec::new(), config.map(|c| ("sagstjek.toml", c))).expect("the pack"))
    }

    fn foreign(name: &str) -> Subject {
        let files = from_dir(&root().join("fixtures/packs").join(name)).expect("files");
        Subject::of(Book::open(files, Vec::new(), None).expect("the pack"))
    }

    /// Store before and after what is computed in it.
    fn stores(&self, tables: Vec<Table>, day: Date) -> (Store, Store) {
        let raw = Store::build(self.pack.clone(), tables.clone());
        let mut ready = Store::build(self.pack.clone(), tables);
        prepare(&mut ready, &self.model, &self.rules, day, &[]);
        (raw, ready)
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What comparing gave.
#[derive(Default)]
struct Tally {
    verdicts: BTreeMap<Verdict, u64>,
    differing: Vec<String>,
}

/// Compares every verdict of every rule that was lowered.
fn compare(oracle: &mut Oracle<'_>, subject: &Subject, tables: Vec<Table>, day: Date, tally: &mut Tally, place: &str) {
    let (raw, ready) = subject.stores(tables, day);
    oracle.fill(&raw, &ready, day);
    tally.differing.extend(oracle.differing_cells(&ready).into_iter().map(|cell| format!("{place}: {cell}")));
    let states = states(&ready, &subject.rules, day);
    for ((rule, lowering), (state, found)) in oracle.rules.iter().zip(states) {
        let Ok(lowering) = lowering else { continue };
        let told = oracle.verdicts(lowering).unwrap_or_else(|why| panic!("{place}: {}: {why}", rule.id));
        if state != RuleState::Ran {
            // For want of a column nothing can be judged: at the most whom the rule does not concern.
            let decided = told.iter().filter(|v| !matches!(v, Verdict::NotApplicable | Verdict::NotAssessed)).count();
            let column = matches!(&state, RuleState::InputMissing { datasets, .. } if datasets.is_empty());
            if decided > 0 && column && rule.if_missing == IfMissing::Report {
                tally.differing.push(format!("{place}: {} is skipped ({state:?}), SQL decides {decided} rows", rule.id));
            }
            continue;
        }
        assert_eq!(told.len(), found.len(), "{place}: {}", rule.id);
        for (row, (sql, engine)) in told.iter().zip(found).enumerate() {
            *tally.verdicts.entry(engine).or_default() += 1;
            if *sql != engine {
                tally.differing.push(format!("{place}: {} row {row}: engine {engine:?}, SQL {sql:?}", rule.id));
            }
        }
    }
}

/// The engine's verdict of every row by every rule.
fn states(store: &Store, rules: &[Rule], day: Date) -> Vec<(RuleState, Vec<Verdict>)> {
    let options = RunOptions { extract_date: day, threads: 2 };
    // Rows that are compliant or not concerned leave no outcome: the same rule with a requirement that never holds parts them.
    let never: Vec<Rule> = rules
        .iter()
        .map(|rule| {
            let no = Expr { node: Node::Literal(Value::Bool(false)), ty: Ty::Value(Kind::Bool), span: 0..0 };
            Rule { require: Some(no), deadline: None, partly: None, ..rule.clone() }
        })
        .collect();
    let (found, concerned) = (run(store, rules, &options), run(store, &never, &options));
    let all = rules.iter().zip(found.rules).zip(concerned.rules);
    all.map(|((rule, found), concerned)| {
        if found.state != RuleState::Ran {
            return (found.state, Vec::new());
        }
        let mut verdicts = vec![None; store.rows(rule.each) as usize];
        for outcome in &found.outcomes {
            verdicts[outcome.row.row as usize] = Some(outcome.verdict);
        }
        let concerned: Vec<RowRef> = concerned.outcomes.iter().map(|o| o.row).collect();
        let told = |(row, verdict): (usize, Option<Verdict>)| {
            verdict.unwrap_or_else(|| match rule.deadline {
                // A deadline that has not come yet leaves a row out too.
                Some(_) => why(store, rule, day, row as u32).first().map_or(Verdict::NotApplicable, |w| w.outcome.verdict),
                None if concerned.iter().any(|at| at.row as usize == row) => Verdict::Compliant,
                None => Verdict::NotApplicable,
            })
        };
        let verdicts: Vec<Verdict> = verdicts.into_iter().enumerate().map(told).collect();
        let counted = |wanted| verdicts.iter().filter(|v| **v == wanted).count() as u64;
        if rule.per.is_none() {
            assert_eq!(counted(Verdict::Compliant), found.counts.compliant, "{}", rule.id);
            assert_eq!(counted(Verdict::NotApplicable), found.counts.not_applicable, "{}", rule.id);
        }
        (found.state, verdicts)
    })
    .collect()
}

/// The rules that are not lowered, each with why not.
fn left_out(oracle: &Oracle<'_>) -> String {
    let rules = oracle.rules.iter().filter_map(|(rule, lowering)| Some((rule, lowering.as_ref().err()?)));
    rules.map(|(rule, why)| format!("{}: {why}", rule.id)).collect::<Vec<_>>().join("\n")
}

fn agreed(tally: &Tally) {
    assert!(
        tally.differing.is_empty(),
        "{} differences\n{}",
        tally.differing.len(),
        tally.differing[..tally.differing.len().min(40)].join("\n")
    );
}

/// Reads a folder with every column that any rule wants.
fn read(subject: &Subject, folder: &Path) -> (Vec<Table>, Date) {
    let plan = LoadPlan::of(&subject.pack, &subject.model, &subject.rules.iter().collect::<Vec<_>>());
    let delivery = intake::read(&subject.pack, &plan, folder, &IntakeOptions::default());
    (delivery.tables, delivery.extract_date.oldest.expect("the files state their day"))
}

#[test]
fn most_rules_are_lowered() {
    for subject in [Subject::danish(None), Subject::foreign("tarvonia")] {
        let oracle = Oracle::new(&subject.pack, &subject.model, &subject.rules);
        let lowered = oracle.rules.iter().filter(|(_, lowering)| lowering.is_ok()).count();
        let all = oracle.rules.len();
        let derived: Vec<_> = oracle.derived.iter().filter_map(|(at, value)| Some((at, value.as_ref().err()?))).collect();
        assert!(derived.is_empty(), "derived columns not lowered: {derived:?}");
        assert!(lowered * 5 >= all * 4, "{lowered} of {all}\n{}", left_out(&oracle));
    }
}

#[test]
fn the_demo_municipality_is_judged_alike() {
    let folders = (0..3).map(|seed| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle-{seed}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("folder");
        for file in municipality(&DemoOptions { cases: 120, seed, clean: false }).expect("municipality") {
            std::fs::write(folder.join(file.name), file.bytes).expect("file");
        }
        folder
    });
    let mut tally = Tally::default();
    for folder in folders.chain([root().join("fixtures/demo")]) {
        let config = std::fs::read_to_string(folder.join("sagstjek.toml")).expect("config");
        let subject = Subject::danish(Some(&config));
        let mut oracle = Oracle::new(&subject.pack, &subject.model, &subject.rules);
        let (tables, day) = read(&subject, &folder);
        compare(&mut oracle, &subject, tables, day, &mut tally, &folder.display().to_string());
    }
    agreed(&tally);
    assert_eq!(tally.verdicts.len(), 5, "every verdict occurs: {:?}", tally.verdicts);
}

#[test]
fn the_foreign_delivery_is_judged_alike() {
    let subject = Subject::foreign("tarvonia");
    let mut oracle = Oracle::new(&subject.pack, &subject.model, &subject.rules);
    let (tables, day) = read(&subject, &root().join("fixtures/packs/tarvonia/delivery"));
    let mut tally = Tally::default();
    compare(&mut oracle, &subject, tables, day, &mut tally, "tarvonia");
    agreed(&tally);
    assert!(tally.verdicts[&Verdict::Violation] > 20, "{:?}", tally.verdicts);
}

/// Deliveries to draw; many with `SAGSTJEK_LONG`.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    1..if std::env::var_os("SAGSTJEK_LONG").is_some() { usual * 20 } else { usual }
}

#[test]
fn random_deliveries_are_judged_alike() {
    for subject in [Subject::danish(None), Subject::foreign("tarvonia")] {
        let mut oracle = Oracle::new(&subject.pack, &subject.model, &subject.rules);
        let pool = Pool::of(&subject.rules, &subject.model);
        let mut tally = Tally::default();
        for seed in seeds(150) {
            let (tables, day) = random::delivery(&subject.pack, &pool, seed);
            compare(&mut oracle, &subject, tables, day, &mut tally, &format!("seed {seed}"));
        }
        agreed(&tally);
        let sure = tally.verdicts[&Verdict::Compliant].min(tally.verdicts[&Verdict::Violation]);
        assert!(sure > 500, "{:?}", tally.verdicts);
    }
}

/// The oracle must be able to fail: where the engine judges by a rule that was changed in one small way, it says so.
#[test]
fn changed_rules_are_noticed() {
    let demo = root().join("fixtures/demo");
    let config = std::fs::read_to_string(demo.join("sagstjek.toml")).expect("config");
    let foreign = root().join("fixtures/packs/tarvonia/delivery");
    for (subject, folder) in [(Subject::danish(Some(&config)), demo), (Subject::foreign("tarvonia"), foreign)] {
        let mut oracle = Oracle::new(&subject.pack, &subject.model, &subject.rules);
        let pool = Pool::of(&subject.rules, &subject.model);
        let mut left: Vec<(usize, Rule)> = Vec::new();
        for (i, (rule, lowering)) in oracle.rules.iter().enumerate() {
            if lowering.is_ok() {
                left.extend(mutants(&subject.pack, rule).into_iter().step_by(4).map(|mutant| (i, mutant.rule)));
            }
        }
        let all = left.len();
        let drawn = seeds(40).map(|seed| random::delivery(&subject.pack, &pool, seed));
        for (tables, day) in std::iter::once(read(&subject, &folder)).chain(drawn) {
            let (raw, ready) = subject.stores(tables, day);
            oracle.fill(&raw, &ready, day);
            let changed: Vec<Rule> = left.iter().map(|(_, rule)| rule.clone()).collect();
            let mut told = BTreeMap::new();
            let noticed = left.iter().zip(states(&ready, &changed, day)).map(|((i, _), (state, found))| {
                let Ok(lowering) = &oracle.rules[*i].1 else { return false };
                let told = told.entry(*i).or_insert_with(|| oracle.verdicts(lowering).expect("verdicts"));
                state == RuleState::Ran && *told != found
            });
            let mut noticed = noticed.collect::<Vec<bool>>().into_iter();
            left.retain(|_| !noticed.next().unwrap_or(false));
        }
        let found = all - left.len();
        let silent = oracle.rules.iter().enumerate().filter(|(i, (_, lowering))| {
            lowering.is_ok()
                && left.iter().filter(|(of, _)| of == i).count() * 4 >= mutants(&subject.pack, oracle.rules[*i].0).len()
        });
        assert_eq!(
            silent.map(|(_, (rule, _))| rule.id.to_string()).collect::<Vec<_>>(),
            Vec::<String>::new(),
            "no change noticed"
        );
        assert!(found * 10 > all * 6, "{found} of {all}");
    }
}
