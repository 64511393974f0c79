//! Reports: one immutable result, one file per format.
//!
//! A [`Report`] holds everything of one run; [`render`] lays it out. Findings come behind the gate already; whatever else
//! comes from a delivery (file names, headers, problems) passes it here, and all of it is made harmless for a terminal.

mod concise;
mod diagnostic;
mod exit;
pub mod figure_pages;
pub mod figures;
mod full;
pub mod json;
pub mod mistake;
mod money;
pub mod pages;
mod pen;
pub mod plan;
pub mod rates;
pub mod reading;
mod rows;
#[cfg(test)]
mod sample;
mod steps;
mod summary;
pub mod tables;
pub mod tested;
pub mod tested_figures;
mod unclear;
pub mod why;

use crate::engine::figures::FigureResult;
use crate::engine::result::RunResult;
use crate::finding::Findings;
use crate::locale::Lang;
use crate::privacy::Gate;
use crate::problem::Problem;
use crate::rule::figure::KeyFigure;
use crate::rule::typed::Rule;
use crate::scorecard::Scorecard;

pub use crate::finding::excerpt::wrapped as wrap;
pub use exit::{FailOn, severity_word, verdict_word};
pub use reading::Reading;

/// Everything of one run.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was read: files, tables, links.
    pub reading: Reading<'a>,
    /// Problems of reading, config and run, in any order.
    pub problems: &'a [Problem],
    /// The rules of the run, in its order.
    pub rules: &'a [Rule],
    /// What the engine found.
    pub run: &'a RunResult,
    /// Key figures, and what each came to.
    pub figures: (&'a [KeyFigure], &'a [FigureResult]),
    /// The findings.
    pub findings: &'a Findings,
    /// Their counts.
    pub scorecard: &'a Scorecard,
    /// What decides the exit code.
    pub fail_on: FailOn,
    /// What the same result could be made from again.
    pub manifest: &'a Manifest,
}

/// What a run rests on besides the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the program.
    pub tool_version: String,
    /// SHA-256 of the config as read, hexadecimal, if there was one.
    pub config_hash: Option<String>,
    /// Where the extract date comes from.
    pub extract_date_from: ExtractDateFrom,
    /// Rules of the pack that the config or another folder replaced or switched off: id and what happened.
    pub changed_rules: Vec<(String, RuleChange)>,
}

/// What a config or `--rules` folder did to a rule of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleChange {
    /// Another file with the same id took its place.
    Replaced,
    /// It is off.
    Off,
    /// Its severity is the config's.
    Severity,
}

/// Where the extract date comes from, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtractDateFrom {
    /// `--extract-date`.
    CommandLine,
    /// The config.
    Config,
    /// A snapshot column or the file names.
    Files,
    /// Nothing states it: the day of the run.
    Assumed,
}

/// How to lay a report out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions {
    /// Language.
    pub lang: Lang,
    /// ANSI colours. The caller knows the terminal and its environment.
    pub colour: bool,
    /// Width in terminal columns; at least 60 are used.
    pub width: usize,
    /// Box drawing characters; else ASCII.
    pub unicode: bool,
}

impl Default for RenderOptions {
    fn default() -> RenderOptions {
        RenderOptions { lang: Lang::Da, colour: false, width: 100, unicode: true }
    }
}

/// A form of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// What was read, the worst diagnostics of each rule, the last screen.
    #[default]
    Terminal,
    /// The same with the whole reading report and every diagnostic.
    Full,
    /// One line a finding.
    Concise,
    /// The last screen only.
    Summary,
    /// `rule;record`, sorted.
    Rows,
    /// `sagstjek-report/1`.
    Json,
}

impl Format {
    /// All formats, in the order in which help lists them.
    pub const ALL: [Format; 6] = [Format::Terminal, Format::Full, Format::Concise, Format::Summary, Format::Rows, Format::Json];

    /// Its name on the command line; `terminal` is what one gets without asking.
    pub fn name(self) -> &'static str {
        match self {
            Format::Terminal => "terminal",
            Format::Full => "full",
            Format::Concise => "concise",
            Format::Summary => "summary",
            Format::Rows => "rows",
            Format::Json => "json",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// Lays a report out. The text ends with a line end unless it is empty.
pub fn render(report: &Report<'_>, format: Format, options: &RenderOptions) -> String {
    match format {
        Format::Terminal => full::render(report, options, Some(full::SHORT)),
        Format::Full => full::render(report, options, None),
        Format::Concise => concise::render(report, options),
        Format::Summary => summary::render(report, options),
        Format::Rows => rows::render(report, options),
        Format::Json => json::render(report, options),
    }
}

impl<'a> Report<'a> {
    /// What may be shown.
    pub fn gate(&self) -> &'a Gate {
        self.reading.gate
    }

    /// The key figures as tables.
    pub(crate) fn tables(&self) -> Option<figures::Tables<'a>> {
        let (figures, counted) = self.figures;
        let Reading { pack, store, gate, .. } = self.reading;
        store.map(|store| figures::Tables { pack, day: self.run.extract_date, figures, counted, store, gate })
    }

    /// Indexes of findings, worst first: by severity of the rule, violations before partly, more money first, later first,
    /// then in the run's order.
    pub fn worst_first(&self) -> Vec<usize> {
        let all = &self.findings.findings;
        let weight = |i: usize| {
            let finding = &all[i];
            let amount = finding.amount.and_then(crate::value::Decimal::abs).unwrap_or(crate::value::Decimal::whole(0));
            (finding.severity, finding.verdict, amount, finding.days_late.unwrap_or(0))
        };
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|&a, &b| weight(b).cmp(&weight(a)).then_with(|| a.cmp(&b)));
        order
    }
}

#[cfg(test)]
mod tests;
