//! One night: a pack, a config and a folder of exports become one immutable result, which `report` renders in any form.

mod answer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::calendar::Date;
use crate::config::init::{self, Choice};
use crate::config::{Config, Selection};
use crate::engine::figures::FigureResult;
use crate::engine::result::{RuleResult, RuleState, RunResult};
use crate::engine::{Limits, RunOptions, cost, prepare, prepare_figures, run_figures, run_watched, state};
use crate::finding::why::{Question, WhyView, ask};
use crate::finding::{self, FindingError, Findings};
use crate::intake::{self, Delivery, IntakeOptions};
use crate::locale::Lang;
use crate::model::load::{load, overlay};
use crate::model::{Pack, ProfileId, SourceFile};
use crate::privacy::Gate;
use crate::problem::{Mistake, Problem, Severity};
use crate::progress::Progress;
use crate::report::figures::Tables;
use crate::report::plan::Counted;
use crate::report::reading::{self, Reading};
use crate::report::why;
use crate::report::{ExtractDateFrom, FailOn, Manifest, RenderOptions, Report, RuleChange};
use crate::rule::figure::KeyFigure;
use crate::rule::typed::{ModelExprs, Rule, Verdict};
use crate::rule::{LoadPlan, compile_model, load_figures, load_rules};
use crate::scorecard::{self, Scorecard};
use crate::store::Store;

pub use answer::{Answer, NoAnswer, Spoken};

/// A pack with its rules compiled, ready for any delivery.
#[derive(Debug)]
pub struct Book {
    /// The pack, local figures filled in.
    pub pack: Arc<Pack>,
    /// Derived columns, closed cases and expectations.
    pub model: ModelExprs,
    /// Every rule of the pack, in its order.
    pub rules: Vec<Rule>,
    /// Every key figure of the pack, in its order.
    pub figures: Vec<KeyFigure>,
    /// Advice on rules; stops nothing.
    pub lints: Vec<Mistake>,
    /// What was settled for this municipality.
    pub config: Config,
    /// Rules that another folder or the config changed.
    pub changed: Vec<(String, RuleChange)>,
}

impl Book {
    /// Compiles a pack: the files of `base`, those of `extra` laid over them (a rule of the same id replaces, one with
    /// `off = true` removes), and a config (its path as the user names it, and its text).
    ///
    /// # Errors
    /// All mistakes of pack, rules and config at once.
    pub fn open(base: Vec<SourceFile>, extra: Vec<SourceFile>, config: Option<(&str, &str)>) -> Result<Book, Vec<Mistake>> {
        let (files, mut changed) = lay_over(base, extra);
        let mut pack = load(files)?;
        let config = config.map_or_else(|| Ok(Config::default()), |(shown, text)| Config::parse(shown, text, &pack));
        let config = match config {
            Ok(config) => config,
            Err(mut mistakes) => {
                mistakes.extend(load_rules(&pack).err().unwrap_or_default());
                return Err(mistakes);
            }
        };
        config.fill_local(&mut pack);
        let loaded = load_rules(&pack);
        let ids = loaded.iter().flat_map(|loaded| &loaded.rules).map(|rule| (rule.id.clone(), rule.file.path.clone()));
        let figures = load_figures(&pack, &ids.collect::<Vec<_>>());
        let (model, loaded, figures) = match (compile_model(&pack), loaded, figures) {
            (Ok(model), Ok(loaded), Ok(figures)) => (model, loaded, figures),
            (model, loaded, figures) => {
                return Err([model.err(), loaded.err(), figures.err()].into_iter().flatten().flatten().collect());
            }
        };
        let mut rules = loaded.rules;
        let severities: Vec<Severity> = rules.iter().map(|rule| rule.severity).collect();
        config.set_severities(&mut rules);
        let moved = rules.iter().zip(&severities).filter(|(rule, before)| rule.severity != **before);
        changed.extend(moved.map(|(rule, _)| (rule.id.to_string(), RuleChange::Severity)));
        Ok(Book { pack: Arc::new(pack), model, rules, figures, lints: loaded.lints, config, changed })
    }
}

/// Lays one set of pack files over another. Rules are known by their id, whatever their file.
fn lay_over(base: Vec<SourceFile>, extra: Vec<SourceFile>) -> (Vec<SourceFile>, Vec<(String, RuleChange)>) {
    let mut changed = Vec::new();
    let mut kept = base;
    let mut added = Vec::new();
    for file in extra {
        let Some((id, off)) = rule_head(&file) else {
            added.push(file);
            continue;
        };
        let before = kept.len();
        kept.retain(|old| rule_head(old).is_none_or(|(old_id, _)| old_id != id));
        if off {
            changed.push((id, RuleChange::Off));
        } else {
            if kept.len() < before {
                changed.push((id, RuleChange::Replaced));
            }
            added.push(file);
        }
    }
    (overlay(kept, added), changed)
}

/// Id of a rule file, and whether it only switches the rule off. `None` for other pack files and for text that is no TOML,
/// which loading then reports.
fn rule_head(file: &SourceFile) -> Option<(String, bool)> {
    let table: toml::Table = toml::from_str(&file.text).ok()?;
    let id = table.get("id")?.as_str()?.to_owned();
    Some((id, table.get("off").and_then(toml::Value::as_bool).unwrap_or(false)))
}

/// How to check one delivery.
#[derive(Debug)]
pub struct CheckOptions {
    /// The day the data describes, if the user says so; it beats the config and the files.
    pub extract_date: Option<Date>,
    /// The day of the run, for when nothing states an extract date.
    pub today: Date,
    /// Rules of the command line; they narrow the config's.
    pub selection: Selection,
    /// From what on findings set exit code 1; it beats the config.
    pub fail_on: Option<FailOn>,
    /// Findings never set exit code 1.
    pub exit_zero: bool,
    /// Threads; 0 = as many as there are processors.
    pub threads: usize,
    /// Files inside the delivery that are no exports.
    pub ignore: Vec<String>,
}

/// The result of one night.
#[derive(Debug)]
pub struct Night {
    pack: Arc<Pack>,
    rules: Vec<Rule>,
    delivery: Delivery,
    store: Store,
    run: RunResult,
    figures: Vec<KeyFigure>,
    counted: Vec<FigureResult>,
    findings: Findings,
    scorecard: Scorecard,
    problems: Vec<Problem>,
    manifest: Manifest,
    fail_on: FailOn,
    /// Config entries and command line words that match nothing.
    pub unmatched: Vec<Mistake>,
}

impl Night {
    /// Reads a folder (or one file), judges every row by the selected rules, and makes findings concrete.
    ///
    /// # Errors
    /// [`FindingError`] when an outcome cannot be placed: a fault of this program, never of the data.
    pub fn check(book: &Book, root: &Path, gate: &Gate, options: &CheckOptions) -> Result<Night, FindingError> {
        Night::with_figures(book, root, gate, options, Vec::new(), &Progress::default())
    }

    /// The same with key figures, telling how far it is.
    ///
    /// # Errors
    /// As [`Night::check`].
    pub fn with_figures(
        book: &Book,
        root: &Path,
        gate: &Gate,
        options: &CheckOptions,
        figures: Vec<KeyFigure>,
        progress: &Progress,
    ) -> Result<Night, FindingError> {
        let config = &book.config;
        let rules: Vec<Rule> =
            book.rules.iter().filter(|r| config.selection.takes(r) && options.selection.takes(r)).cloned().collect();
        let Readied { delivery, store, mut problems, extract_date: (extract_date, extract_date_from) } =
            Readied::of(book, root, gate, options, (&rules, &figures), progress);
        let run_options = RunOptions { extract_date, threads: options.threads };
        let counted = run_figures(&store, &figures, &run_options);
        let run = run_watched(&store, &rules, &run_options, config.limits, progress);
        problems.extend(costly(&rules, &run, config.limits));
        let source = finding::Source { store: &store, delivery: &delivery, rules: &rules, run: &run, gate };
        let findings = finding::build(&source)?;
        let scorecard = scorecard::build(&book.pack, &rules, &run, &findings);
        problems.extend(missing_datasets(&store, &rules));
        let fail_on = options.fail_on.or(config.fail_on).unwrap_or_default();
        let manifest = Manifest {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            config_hash: config.text().map(|text| hexadecimal(&Sha256::digest(text.as_bytes()))),
            extract_date_from,
            changed_rules: book.changed.clone(),
        };
        Ok(Night {
            unmatched: config.unmatched((&book.rules, &book.figures), &book.pack, &delivery.files, &delivery.ignored),
            pack: book.pack.clone(),
            rules,
            delivery,
            store,
            run,
            figures,
            counted,
            findings,
            scorecard,
            problems,
            manifest,
            fail_on: FailOn { never: fail_on.never || options.exit_zero, ..fail_on },
        })
    }

    /// Everything a report needs. `gate` is the one the night was checked with.
    pub fn report<'a>(&'a self, gate: &'a Gate) -> Report<'a> {
        Report {
            reading: Reading { pack: &self.pack, delivery: &self.delivery, store: Some(&self.store), gate },
            problems: &self.problems,
            rules: &self.rules,
            run: &self.run,
            figures: (&self.figures, &self.counted),
            findings: &self.findings,
            scorecard: &self.scorecard,
            fail_on: self.fail_on,
            manifest: &self.manifest,
        }
    }
}

/// A delivery read and joined for some rules and key figures.
struct Readied {
    delivery: Delivery,
    store: Store,
    problems: Vec<Problem>,
    extract_date: (Date, ExtractDateFrom),
}

impl Readied {
    fn of(
        book: &Book,
        root: &Path,
        gate: &Gate,
        options: &CheckOptions,
        wanted: (&[Rule], &[KeyFigure]),
        progress: &Progress,
    ) -> Readied {
        let config = &book.config;
        let (rules, figures) = wanted;
        let plan = LoadPlan::with_figures(&book.pack, &book.model, &rules.iter().collect::<Vec<_>>(), figures);
        let ignore = config.ignored().chain(options.ignore.iter().cloned()).collect();
        let intake_options = IntakeOptions { sources: config.sources.clone(), ignore };
        let mut delivery = intake::read_watched(&book.pack, &plan, root, &intake_options, progress);
        let mut problems = std::mem::take(&mut delivery.problems);
        let extract_date = extract_date(config, (options.extract_date, options.today), &delivery, &mut problems);
        if !gate.protected() {
            problems.push(Problem::NotProtected);
        }
        let mut store = Store::build(book.pack.clone(), std::mem::take(&mut delivery.tables));
        problems.extend(prepare(&mut store, &book.model, rules, extract_date.0, &delivery.files));
        prepare_figures(&mut store, figures);
        Readied { delivery, store, problems, extract_date }
    }
}

/// Key figures of a delivery, without any rule.
#[derive(Debug)]
pub struct Counting {
    pack: Arc<Pack>,
    delivery: Delivery,
    store: Store,
    problems: Vec<Problem>,
    day: Date,
    figures: Vec<KeyFigure>,
    counted: Vec<FigureResult>,
}

impl Counting {
    /// Reads a delivery as [`Night::check`] does, and computes these key figures.
    pub fn of(book: &Book, root: &Path, gate: &Gate, options: &CheckOptions, figures: Vec<KeyFigure>) -> Counting {
        let Readied { delivery, store, problems, extract_date: (day, _) } =
            Readied::of(book, root, gate, options, (&[], &figures), &Progress::default());
        let counted = run_figures(&store, &figures, &RunOptions { extract_date: day, threads: options.threads });
        Counting { pack: book.pack.clone(), delivery, store, problems, day, figures, counted }
    }

    /// The tables. `gate` is the one it was read with.
    pub fn tables<'a>(&'a self, gate: &'a Gate) -> Tables<'a> {
        Tables { pack: &self.pack, day: self.day, figures: &self.figures, counted: &self.counted, store: &self.store, gate }
    }

    /// What there is to say of the reading, worst first.
    pub fn problems(&self, gate: &Gate, options: &RenderOptions) -> String {
        let reading = Reading { pack: &self.pack, delivery: &self.delivery, store: Some(&self.store), gate };
        reading::problems_alone(&reading, &self.problems, options)
    }

    /// Whether anything could not be read that should have been.
    pub fn failed(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == Severity::Failure)
    }
}

/// Why one row got its verdict from one rule.
#[derive(Debug)]
pub struct Inquiry {
    pack: Arc<Pack>,
    rule: Rule,
    state: RuleState,
    rows: Vec<WhyView>,
}

impl Inquiry {
    /// Reads a delivery as [`Night::check`] does, and judges the rows that go by `key` by one rule.
    ///
    /// # Errors
    /// The nearest keys there are, when no row goes by it.
    pub fn of(
        book: &Book,
        root: &Path,
        gate: &Gate,
        options: &CheckOptions,
        rule: &Rule,
        key: &str,
    ) -> Result<Inquiry, Vec<String>> {
        let Readied { delivery, store, extract_date: (extract_date, _), .. } =
            Readied::of(book, root, gate, options, (std::slice::from_ref(rule), &[]), &Progress::default());
        let question = Question { store: &store, delivery: &delivery, rule, extract_date, gate };
        let rows = ask(&question, key)?;
        Ok(Inquiry { pack: book.pack.clone(), rule: rule.clone(), state: state(&store, rule), rows })
    }

    /// The account in full. `gate` is the one it was asked with.
    pub fn render(&self, gate: &Gate, options: &RenderOptions) -> String {
        why::render((&self.pack, &self.rule), &self.state, &self.rows, gate, options)
    }

    /// The verdict of each row told.
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.rows.iter().map(|row| row.verdict).collect()
    }
}

/// What a rule would look at in a delivery, which is read as [`Night::check`] does.
pub fn count(book: &Book, root: &Path, gate: &Gate, options: &CheckOptions, rule: &Rule) -> Counted {
    let Readied { store, extract_date: (extract_date, _), .. } =
        Readied::of(book, root, gate, options, (std::slice::from_ref(rule), &[]), &Progress::default());
    let cost = cost(&store, rule, extract_date);
    let limit = book.config.limits.refuse;
    let state = match state(&store, rule) {
        RuleState::Ran if cost.pairs > limit => RuleState::TooCostly { pairs: cost.pairs, limit },
        state => state,
    };
    Counted { state, cost }
}

/// How a delivery was read, every column of it, without any rule.
#[derive(Debug)]
pub struct Inspection {
    pack: Arc<Pack>,
    delivery: Delivery,
    store: Store,
    problems: Vec<Problem>,
}

impl Inspection {
    /// Reads a folder (or one file), joins its tables, and looks whether they are what their datasets expect. `ignore` names
    /// files that are no exports; `today` is the day described when nothing states one.
    pub fn of(book: &Book, root: &Path, gate: &Gate, ignore: Vec<String>, today: Date) -> Inspection {
        let config = &book.config;
        let ignore = config.ignored().chain(ignore).collect();
        let options = IntakeOptions { sources: config.sources.clone(), ignore };
        let mut delivery = intake::read(&book.pack, &LoadPlan::all(&book.pack), root, &options);
        let mut problems = std::mem::take(&mut delivery.problems);
        let (day, _) = extract_date(config, (None, today), &delivery, &mut problems);
        if !gate.protected() {
            problems.push(Problem::NotProtected);
        }
        let mut store = Store::build(book.pack.clone(), std::mem::take(&mut delivery.tables));
        problems.extend(prepare(&mut store, &book.model, &[], day, &delivery.files));
        Inspection { pack: book.pack.clone(), delivery, store, problems }
    }

    /// The whole reading report. `gate` is the one it was read with.
    pub fn render(&self, gate: &Gate, options: &RenderOptions) -> String {
        let reading = Reading { pack: &self.pack, delivery: &self.delivery, store: Some(&self.store), gate };
        reading::render(&reading, &self.problems, options)
    }

    /// Files that fit two profiles equally well.
    pub fn choices(&self) -> Vec<Choice> {
        init::choices(&self.delivery)
    }

    /// A first config for what was read; `chosen` settles [`Inspection::choices`].
    pub fn draft(&self, chosen: &BTreeMap<String, ProfileId>, gate: &Gate, lang: Lang) -> String {
        init::draft(&self.pack, &self.delivery, chosen, gate, lang)
    }

    /// Whether anything could not be read that should have been.
    pub fn failed(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == Severity::Failure)
    }
}

/// What each file of a folder (or one file) is; rows are counted, not held.
pub fn glance(book: &Book, root: &Path, ignore: Vec<String>) -> Delivery {
    let ignore = book.config.ignored().chain(ignore).collect();
    let options = IntakeOptions { sources: book.config.sources.clone(), ignore };
    intake::read(&book.pack, &LoadPlan::default(), root, &options)
}

/// The day the data describes: command line, config, files (the oldest), else the day of the run, said aloud.
fn extract_date(
    config: &Config,
    (command_line, today): (Option<Date>, Date),
    delivery: &Delivery,
    problems: &mut Vec<Problem>,
) -> (Date, ExtractDateFrom) {
    if let Some(day) = command_line {
        return (day, ExtractDateFrom::CommandLine);
    }
    if let Some(day) = config.extract_date {
        return (day, ExtractDateFrom::Config);
    }
    let stated = delivery.extract_date;
    if let (Some(oldest), Some(newest)) = (stated.oldest, stated.newest) {
        if oldest != newest {
            let show = |day: Date| day.show(Lang::Da);
            problems.push(Problem::ExtractDatesDisagree { oldest: show(oldest), newest: show(newest) });
        }
        return (oldest, ExtractDateFrom::Files);
    }
    problems.push(Problem::ExtractDateAssumed { day: today.show(Lang::Da) });
    (today, ExtractDateFrom::Assumed)
}

/// Rules that look at very many candidate pairs, and those that did not run for it.
fn costly(rules: &[Rule], run: &RunResult, limits: Limits) -> Vec<Problem> {
    let problem = |(rule, result): (&Rule, &RuleResult)| match result.state {
        RuleState::TooCostly { pairs, limit } => Some(Problem::RuleTooCostly { rule: rule.id.clone(), pairs, limit }),
        _ if result.pairs > limits.warn => Some(Problem::RuleCostly { rule: rule.id.clone(), pairs: result.pairs }),
        _ => None,
    };
    rules.iter().zip(&run.rules).filter_map(problem).collect()
}

/// Datasets that selected rules read and nobody delivered.
fn missing_datasets(store: &Store, rules: &[Rule]) -> Vec<Problem> {
    let pack = store.pack();
    let ids = (0..pack.datasets.len() as u16).map(crate::model::DatasetId);
    let missing = ids.filter(|id| store.completeness(*id) == crate::store::Completeness::Missing);
    missing
        .filter_map(|id| {
            let reads = |rule: &&Rule| rule.each == id || rule.reads.columns.iter().any(|(dataset, _)| *dataset == id);
            let rules: Vec<Arc<str>> = rules.iter().filter(reads).map(|rule| rule.id.clone()).collect();
            (!rules.is_empty()).then(|| Problem::DatasetMissing { dataset: pack.get(id).name.clone(), rules })
        })
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
