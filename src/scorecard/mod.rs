//! The scorecard: counts and shares by rule and family, money at stake, who has the findings, and what could not be judged.

mod stake;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::Date;
use crate::engine::result::{Counts, RuleState, RunResult};
use crate::finding::{Finding, Findings};
use crate::locale::{Bilingual, Lang, grouped, percent_half_up};
use crate::model::{Pack, YearsBack};
use crate::problem::Severity;
use crate::rule::typed::Rule;
use crate::value::Cause;

pub use stake::{Part, Stake};

/// All figures of one run.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// One entry per rule, in the order of the run.
    pub rules: Vec<RuleScore>,
    /// One entry per family that has rules in the run, in the pack's order, families it does not name last.
    pub families: Vec<FamilyScore>,
    /// Everything together.
    pub total: Score,
    /// The rules that matter, at most ten: with findings, by severity, then number of findings, then money.
    pub top: Vec<usize>,
    /// Findings by caseworker, most first.
    pub owners: Vec<Holder>,
    /// Findings by team, most first.
    pub teams: Vec<Holder>,
    /// Cases with money at stake, dearest first.
    pub cases: Vec<CaseStake>,
    /// From which day on amounts count as recent, and the pack's setting that says so.
    pub since: Option<(Date, YearsBack)>,
    /// Why rows could not be judged, most rows first.
    pub causes: Vec<CauseCount>,
}

/// Money at stake in one case.
#[derive(Debug, Clone)]
pub struct CaseStake {
    /// Its number, or the pseudonym of its person.
    pub case: String,
    /// Number of its findings that have an amount.
    pub findings: u64,
    /// The money.
    pub stake: Stake,
}

/// Verdicts and money.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    /// Verdicts.
    pub counts: Counts,
    /// Money at stake.
    pub stake: Stake,
}

/// A part of a whole, with its per cent rounded half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
    /// Whole per cent.
    pub percent: u64,
}

impl Score {
    /// Rows that comply fully, of those judged; `None` when none was.
    pub fn fully(&self) -> Option<Share> {
        self.share(self.counts.compliant)
    }

    /// Rows that comply fully or partly, of those judged.
    pub fn fully_or_partly(&self) -> Option<Share> {
        self.share(self.counts.compliant + self.counts.partly)
    }

    /// Violations and partly-verdicts.
    pub fn findings(&self) -> u64 {
        self.counts.violation + self.counts.partly
    }

    fn share(&self, part: u64) -> Option<Share> {
        let whole = self.counts.judged();
        percent_half_up(part, whole).map(|percent| Share { part, whole, percent })
    }

    fn add(&mut self, other: &Counts) {
        self.counts.not_applicable += other.not_applicable;
        self.counts.compliant += other.compliant;
        self.counts.partly += other.partly;
        self.counts.violation += other.violation;
        self.counts.not_assessed += other.not_assessed;
    }
}

/// How one rule fared.
#[derive(Debug, Clone)]
pub struct RuleScore {
    /// Whether it ran.
    pub state: State,
    /// Its figures.
    pub score: Score,
    /// Why its rows could not be judged, most rows first.
    pub causes: Vec<CauseCount>,
}

/// Whether a rule ran, with names instead of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It judged rows.
    Ran,
    /// It ran, and concerned no row.
    NoRow,
    /// Nobody delivered these datasets or columns.
    InputMissing(Vec<String>),
    /// These local figures are not set.
    LocalNotSet(Vec<String>),
    /// It would have looked at so many candidate pairs; so many may be.
    TooCostly(u64, u64),
}

impl State {
    /// Why it was skipped, if it was.
    pub fn reason(&self, lang: Lang) -> Option<String> {
        match self {
            State::Ran | State::NoRow => None,
            State::InputMissing(names) => Some(format!("{} {}", lang.pick("ikke leveret:", "not delivered:"), names.join(", "))),
            State::LocalNotSet(names) => {
                Some(format!("{} {}", lang.pick("lokal værdi er ikke sat:", "local value not set:"), names.join(", ")))
            }
            State::TooCostly(pairs, limit) => {
                let (pairs, limit) = (grouped(i128::from(*pairs), lang), grouped(i128::from(*limit), lang));
                Some(match lang {
                    Lang::Da => format!("for dyr: {pairs} kandidatpar, grænsen er {limit}"),
                    Lang::En => format!("too costly: {pairs} candidate pairs, the limit is {limit}"),
                })
            }
        }
    }
}

/// How a family fared.
#[derive(Debug, Clone)]
pub struct FamilyScore {
    /// Its folder.
    pub folder: String,
    /// Its title.
    pub title: Bilingual,
    /// Its rules.
    pub rules: Vec<usize>,
    /// Its figures.
    pub score: Score,
}

/// Findings of one caseworker or team.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Initials or name; `None` where the data names nobody.
    pub name: Option<String>,
    /// Number of findings.
    pub findings: u64,
    /// Money at stake.
    pub stake: Stake,
}

/// Rows that could not be judged for one reason. A row with several reasons counts under each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseCount {
    /// The cause.
    pub cause: Cause,
    /// The dataset it lies in.
    pub dataset: Option<Arc<str>>,
    /// The column it lies in.
    pub column: Option<Arc<str>>,
    /// Number of rows.
    pub rows: u64,
}

/// Counts a run.
pub fn build(pack: &Pack, rules: &[Rule], run: &RunResult, findings: &Findings) -> Scorecard {
    let of_rule = |i: usize| findings.findings.iter().filter(move |f| f.rule == i);
    let back = |years: &YearsBack| run.extract_date.add_months(-12 * i64::from(years.years));
    let since = pack.years_back.as_ref().and_then(|years| Some((back(years)?, years.clone())));
    let day = since.as_ref().map(|(day, _)| *day);
    let scores: Vec<RuleScore> = (0..rules.len().min(run.rules.len()))
        .map(|i| RuleScore {
            state: state(pack, &run.rules[i].state, &run.rules[i].counts),
            score: Score { counts: run.rules[i].counts, stake: Stake::of(of_rule(i), day) },
            causes: causes(findings, |rule| rule == i),
        })
        .collect();
    let mut total = Score { stake: Stake::of(findings.findings.iter(), day), ..Score::default() };
    scores.iter().for_each(|s| total.add(&s.score.counts));
    let mut top: Vec<usize> = (0..scores.len()).filter(|&i| scores[i].score.findings() > 0).collect();
    let weight = |i: usize| (rules[i].severity, scores[i].score.findings(), scores[i].score.stake.total());
    top.sort_by(|&a, &b| weight(b).cmp(&weight(a)).then_with(|| rules[a].id.cmp(&rules[b].id)));
    top.truncate(10);
    Scorecard {
        families: families(pack, rules, &scores, findings, day),
        top,
        total,
        owners: holders(findings, day, |f| f.subject.owner.as_deref()),
        teams: holders(findings, day, |f| f.subject.team.as_deref()),
        cases: cases(findings, day),
        since,
        causes: causes(findings, |_| true),
        rules: scores,
    }
}

/// Findings of a severity, for closing lines.
pub fn findings_of(rules: &[Rule], card: &Scorecard, severity: Severity) -> u64 {
    rules.iter().zip(&card.rules).filter(|(rule, _)| rule.severity == severity).map(|(_, score)| score.score.findings()).sum()
}

/// Whether a rule ran, with names.
pub fn state(pack: &Pack, state: &RuleState, counts: &Counts) -> State {
    match state {
        RuleState::Ran if counts.judged() + counts.not_assessed == 0 => State::NoRow,
        RuleState::Ran => State::Ran,
        RuleState::InputMissing { datasets, columns } => {
            let datasets = datasets.iter().map(|&d| pack.get(d).name.to_string());
            let columns = columns.iter().map(|&(d, c)| format!("{}.{}", pack.get(d).name, pack.get(d).columns[c.index()].name));
            State::InputMissing(datasets.chain(columns).collect())
        }
        RuleState::TooCostly { pairs, limit } => State::TooCostly(*pairs, *limit),
        RuleState::LocalNotSet(tables) => {
            State::LocalNotSet(tables.iter().map(|t| pack.tables[t.index()].name.to_string()).collect())
        }
    }
}

fn families(pack: &Pack, rules: &[Rule], scores: &[RuleScore], findings: &Findings, day: Option<Date>) -> Vec<FamilyScore> {
    let mut families: Vec<(String, Bilingual)> = pack.families.iter().map(|f| (f.folder.clone(), f.title.clone())).collect();
    for rule in rules {
        if !families.iter().any(|(folder, _)| **folder == *rule.family) {
            families.push((rule.family.to_string(), Bilingual::new(&*rule.family, &*rule.family)));
        }
    }
    let score = |folder: &str| {
        let members: Vec<usize> = (0..scores.len()).filter(|&i| *rules[i].family == *folder).collect();
        let stake = Stake::of(findings.findings.iter().filter(|f| members.contains(&f.rule)), day);
        let mut score = Score { stake, ..Score::default() };
        members.iter().for_each(|&i| score.add(&scores[i].score.counts));
        (members, score)
    };
    families
        .into_iter()
        .map(|(folder, title)| {
            let (rules, score) = score(&folder);
            FamilyScore { folder, title, rules, score }
        })
        .filter(|family| !family.rules.is_empty())
        .collect()
}

fn holders<'a>(findings: &'a Findings, day: Option<Date>, name: impl Fn(&'a Finding) -> Option<&'a str>) -> Vec<Holder> {
    let mut by_name: BTreeMap<Option<&str>, Vec<&Finding>> = BTreeMap::new();
    for finding in &findings.findings {
        by_name.entry(name(finding)).or_default().push(finding);
    }
    let mut holders: Vec<Holder> = by_name
        .into_iter()
        .map(|(name, of)| Holder {
            name: name.map(str::to_owned),
            findings: of.len() as u64,
            stake: Stake::of(of.into_iter(), day),
        })
        .collect();
    holders.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.name.cmp(&b.name)));
    holders
}

fn cases(findings: &Findings, day: Option<Date>) -> Vec<CaseStake> {
    let mut by_case: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.findings.iter().filter(|f| f.amount.is_some_and(|a| a.units() != 0)) {
        if let Some(case) = &finding.subject.case {
            by_case.entry(case).or_default().push(finding);
        }
    }
    let mut cases: Vec<CaseStake> = by_case
        .into_iter()
        .map(|(case, of)| CaseStake { case: case.to_owned(), findings: of.len() as u64, stake: Stake::of(of.into_iter(), day) })
        .collect();
    cases.sort_by(|a, b| b.stake.total().cmp(&a.stake.total()).then_with(|| a.case.cmp(&b.case)));
    cases
}

fn causes(findings: &Findings, of: impl Fn(usize) -> bool) -> Vec<CauseCount> {
    type Place = (Cause, Option<Arc<str>>, Option<Arc<str>>);
    let mut rows: BTreeMap<Place, u64> = BTreeMap::new();
    for row in findings.unassessed.iter().filter(|u| of(u.rule)) {
        let mut reasons: Vec<Place> = row.reasons.iter().map(|r| (r.cause, r.dataset.clone(), r.column.clone())).collect();
        reasons.sort();
        reasons.dedup();
        reasons.into_iter().for_each(|reason| *rows.entry(reason).or_default() += 1);
    }
    let mut causes: Vec<CauseCount> =
        rows.into_iter().map(|((cause, dataset, column), rows)| CauseCount { cause, dataset, column, rows }).collect();
    causes.sort_by_key(|c| std::cmp::Reverse(c.rows));
    causes
}

impl CauseCount {
    /// `bevilling.slut: feltet er tomt`.
    pub fn text(&self, lang: Lang) -> String {
        let what: Vec<&str> = [self.dataset.as_deref(), self.column.as_deref()].into_iter().flatten().collect();
        if what.is_empty() { self.cause.text(lang).to_owned() } else { format!("{}: {}", what.join("."), self.cause.text(lang)) }
    }
}

#[cfg(test)]
mod tests;
