//! The report that every format renders in tests: a small municipality by hand, whose every coordinate is known.
//!
//! All CPR numbers fail modulus 11.

mod delivery;
mod outcomes;
mod pack;

use std::sync::Arc;

use super::{ExtractDateFrom, FailOn, Manifest, Reading, Report};
use crate::engine::result::RunResult;
use crate::export::{Export, ExportOptions};
use crate::finding::{self, Findings};
use crate::intake::{Delivery, Table};
use crate::model::{DatasetId, Pack};
use crate::privacy::Gate;
use crate::problem::{CutSign, Place, Problem};
use crate::rule::typed::Rule;
use crate::scorecard::{self, Scorecard};
use crate::store::Store;

pub(super) const CHILD: &str = "1503124321";
pub(super) const OTHER_CHILD: &str = "1304154321";
pub(super) const PARENT: &str = "2405084321";

const SAG: DatasetId = DatasetId(0);
const BEVILLING: DatasetId = DatasetId(1);
const UNDERSØGELSE: DatasetId = DatasetId(2);
const TAF: DatasetId = DatasetId(3);
const POSTERING: DatasetId = DatasetId(4);

/// Everything a [`Report`] borrows.
pub(super) struct Sample {
    pub(super) pack: Arc<Pack>,
    pub(super) delivery: Delivery,
    pub(super) store: Store,
    pub(super) rules: Vec<Rule>,
    pub(super) run: RunResult,
    pub(super) gate: Gate,
    pub(super) findings: Findings,
    pub(super) scorecard: Scorecard,
    pub(super) problems: Vec<Problem>,
    pub(super) manifest: Manifest,
}

impl Sample {
    pub(super) fn report(&self) -> Report<'_> {
        Report {
            reading: Reading { pack: &self.pack, delivery: &self.delivery, store: Some(&self.store), gate: &self.gate },
            problems: &self.problems,
            rules: &self.rules,
            run: &self.run,
            figures: (&[], &[]),
            findings: &self.findings,
            scorecard: &self.scorecard,
            fail_on: FailOn::default(),
            manifest: &self.manifest,
        }
    }
}

/// The sample behind a gate with a secret.
pub(super) fn sample() -> Sample {
    build(Gate::new(Some(b"hemmelig"), false), Vec::new(), "hvd", &[])
}

/// The sample with a gate, further problems, the name of a caseworker, and its rows delivered in another order.
pub(super) fn build(gate: Gate, problems: Vec<Problem>, owner: &str, shuffle: &[u32]) -> Sample {
    let pack = Arc::new(pack::pack());
    let tables = delivery::tables(&pack, owner, shuffle);
    of(pack, tables, gate, problems, owner, outcomes::run)
}

/// The sample with the grants B1001 and B1002 under one id, and findings of the first rule only.
pub(super) fn twins(shuffle: &[u32]) -> Sample {
    let pack = Arc::new(pack::pack());
    let mut tables = delivery::tables(&pack, "hvd", shuffle);
    delivery::rename(&mut tables, BEVILLING, "B1002", "B1001");
    of(pack, tables, Gate::new(Some(b"hemmelig"), false), Vec::new(), "hvd", outcomes::run_without_end)
}

fn of(
    pack: Arc<Pack>,
    tables: Vec<Table>,
    gate: Gate,
    problems: Vec<Problem>,
    owner: &str,
    run: fn(&Store) -> RunResult,
) -> Sample {
    made(pack, delivery::delivery(owner), tables, gate, problems, run)
}

/// The sample whose second file is really there, at `path`: what stands in its unreadable cells can be read again.
pub(super) fn with_export(path: &std::path::Path, gate: Gate) -> Sample {
    let pack = Arc::new(pack::pack());
    let mut delivery = delivery::delivery("hvd");
    let shown = delivery.files[1].path.clone();
    delivery.files[1].export = Some(Export::open(path, shown, &ExportOptions::default()).expect("it opens"));
    let tables = delivery::tables(&pack, "hvd", &[]);
    made(pack, delivery, tables, gate, Vec::new(), outcomes::run_unread)
}

fn made(
    pack: Arc<Pack>,
    delivery: Delivery,
    tables: Vec<Table>,
    gate: Gate,
    problems: Vec<Problem>,
    run: fn(&Store) -> RunResult,
) -> Sample {
    let store = Store::build(pack.clone(), tables);
    let rules = outcomes::rules();
    let run = run(&store);
    let source = finding::Source { store: &store, delivery: &delivery, rules: &rules, run: &run, gate: &gate };
    let findings = finding::build(&source).expect("every outcome has a place");
    let scorecard = scorecard::build(&pack, &rules, &run, &findings);
    let manifest = Manifest {
        tool_version: "0.1.0".to_owned(),
        config_hash: None,
        extract_date_from: ExtractDateFrom::Files,
        changed_rules: Vec::new(),
    };
    Sample { pack, delivery, store, rules, run, gate, findings, scorecard, problems, manifest }
}

/// Problems of a worse night.
pub(super) fn bad_night() -> Vec<Problem> {
    vec![
        Problem::Unmapped { place: Place::file("noter_150312-4321.csv") },
        Problem::CutOff { place: Place::file("OPUS_posteringer_2026-10.csv"), line: 412, sign: CutSign::NoTotal },
    ]
}
