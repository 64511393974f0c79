//! `sagstjek-report/1`: everything of a run as JSON.

pub mod figures;
pub mod v1;

use super::{ExtractDateFrom, RenderOptions, Report, RuleChange, reading};
use crate::export::Format;
use crate::finding::{CellView, FigureView, Finding, KeyView, ReadingView, Reason, StepView, Subject, Unassessed, letters};
use crate::locale::{Bilingual, Lang, Localized};
use crate::model::LinkId;
use crate::privacy::{Gate, Shown};
use crate::problem::{Problem, Severity};
use crate::rule::typed::Verdict;
use crate::scorecard::{CauseCount, Holder, Score, Stake, State};
use crate::value::{Decimal, Period, Timestamp, Value};

/// One JSON document, indented, with a line end. The same for every language and terminal.
pub(super) fn render(report: &Report<'_>, _options: &RenderOptions) -> String {
    let mut text = serde_json::to_string_pretty(&document(report)).unwrap_or_default();
    text.push('\n');
    text
}

/// The document as data.
pub fn document(report: &Report<'_>) -> v1::Report {
    let build = Build { report, gate: report.gate(), currency: &report.reading.pack.currency_sign };
    v1::Report {
        schema: "sagstjek-report/1",
        manifest: build.manifest(),
        exit: v1::Exit { code: report.exit_code(), meaning: both(|lang| report.exit_meaning(lang)) },
        problems: build.problems(),
        files: build.files(),
        links: build.links(),
        scorecard: build.scorecard(),
        rules: build.rules(),
        figures: report.tables().map(|tables| figures::all(&tables)).unwrap_or_default(),
        findings: report.findings.findings.iter().map(|f| build.finding(f)).collect(),
        not_assessed: report.findings.unassessed.iter().map(|u| build.unassessed(u)).collect(),
    }
}

struct Build<'a> {
    report: &'a Report<'a>,
    gate: &'a Gate,
    currency: &'a str,
}

fn both(text: impl Fn(Lang) -> String) -> v1::Text {
    v1::Text { da: text(Lang::Da), en: text(Lang::En) }
}

impl Build<'_> {
    fn scrub(&self, text: &str) -> String {
        self.gate.scrub(text).into_owned()
    }

    fn text(&self, text: &Bilingual) -> v1::Text {
        both(|lang| self.scrub(text.get(lang)))
    }

    fn manifest(&self) -> v1::Manifest {
        let (manifest, pack) = (self.report.manifest, self.report.reading.pack);
        let changed = manifest.changed_rules.iter().map(|(rule, change)| v1::ChangedRule {
            rule: rule.clone(),
            change: match change {
                RuleChange::Replaced => "replaced",
                RuleChange::Off => "off",
                RuleChange::Severity => "severity",
            },
        });
        v1::Manifest {
            tool: "sagstjek",
            tool_version: manifest.tool_version.clone(),
            pack: pack.name.clone(),
            pack_version: pack.version.clone(),
            pack_sha256: pack.hash.clone(),
            config_sha256: manifest.config_hash.clone(),
            extract_date: self.report.run.extract_date.to_string(),
            extract_date_from: match manifest.extract_date_from {
                ExtractDateFrom::CommandLine => "command-line",
                ExtractDateFrom::Config => "config",
                ExtractDateFrom::Files => "files",
                ExtractDateFrom::Assumed => "assumed",
            },
            protected: self.gate.protected(),
            secret: self.gate.secret_hash(),
            personal_shown: self.gate.shows_personal(),
            changed_rules: changed.collect(),
        }
    }

    fn problems(&self) -> Vec<v1::Problem> {
        let mut sorted: Vec<&Problem> = self.report.problems.iter().chain(&self.report.findings.problems).collect();
        sorted.sort_by(|a, b| b.severity().cmp(&a.severity()).then_with(|| a.cmp(b)));
        sorted.dedup();
        sorted
            .into_iter()
            .map(|p| v1::Problem {
                code: p.code(),
                severity: match p.severity() {
                    Severity::Failure => "failure",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                },
                text: both(|lang| self.scrub(&p.text(lang))),
                help: p.help(Lang::Da).map(|_| both(|lang| self.scrub(&p.help(lang).unwrap_or_default()))),
            })
            .collect()
    }

    fn files(&self) -> Vec<v1::File> {
        let pack = self.report.reading.pack;
        let sheet = |s: &crate::intake::SheetReading| v1::Sheet {
            name: s.name.as_deref().map(|n| self.scrub(n)),
            hidden: s.hidden,
            hidden_rows: s.concealed.rows,
            profile: s.profile.and_then(|p| pack.profiles.get(p.index())).map(|p| p.name.to_string()),
            header_row: s.header_row,
            records: s.records,
            headers: s
                .headers
                .iter()
                .map(|h| v1::Header {
                    text: self.scrub(&h.text),
                    column: u32::from(h.sheet_column) + 1,
                    hidden: s.concealed.has_column(h.sheet_column),
                    feeds: h
                        .feeds
                        .iter()
                        .map(|&(d, c)| format!("{}.{}", pack.get(d).name, pack.get(d).columns[c.index()].name))
                        .collect(),
                    filled: h.filled,
                    malformed: h.malformed,
                })
                .collect(),
            skipped: s.skipped.iter().map(|(k, n)| v1::Count { kind: reading::skip_code(*k), count: *n }).collect(),
            repairs: s.repairs.iter().map(|(k, n)| v1::Count { kind: reading::repair_code(*k), count: *n }).collect(),
            totals: s
                .totals
                .iter()
                .map(|(header, stated, computed, met)| v1::Total {
                    header: self.scrub(header),
                    stated: self.scrub(stated),
                    computed: self.scrub(computed),
                    met: *met,
                })
                .collect(),
            cpr_read: s.cpr_read,
            cpr_modulus_failed: s.cpr_modulus_failed,
        };
        let file = |f: &crate::intake::FileReading| v1::File {
            path: self.scrub(&f.path),
            sha256: f.sha256.clone(),
            bytes: f.size,
            format: f.format.map(|format| match format {
                Format::Csv => "csv",
                Format::SapList => "sap-list",
                Format::Html => "html",
                Format::Xlsx => "xlsx",
                Format::Xls => "xls",
                Format::Xlsb => "xlsb",
                Format::Ods => "ods",
            }),
            encoding: f.dialect.as_ref().map(|d| d.encoding),
            bom: f.dialect.as_ref().map(|d| d.bom),
            delimiter: f.dialect.as_ref().and_then(|d| d.grammar).map(|grammar| grammar.separator.to_string()),
            undecodable: f.dialect.as_ref().map(|d| d.undecodable),
            sheets: f.sheets.iter().map(sheet).collect(),
        };
        self.report.reading.delivery.files.iter().map(file).collect()
    }

    fn links(&self) -> Vec<v1::Link> {
        let (pack, Some(store)) = (self.report.reading.pack, self.report.reading.store) else { return Vec::new() };
        let links = pack.links.iter().enumerate().map(|(i, link)| {
            let counts = store.links().counts(LinkId(i as u16));
            let (from, to) = (pack.get(link.from), pack.get(link.to));
            let way = |(way, matched): (&Vec<(crate::model::ColumnId, crate::model::ColumnId)>, &u64)| v1::Way {
                columns: way.iter().map(|(c, _)| from.columns[c.index()].name.to_string()).collect(),
                matched: *matched,
            };
            v1::Link {
                from: from.name.to_string(),
                to: to.name.to_string(),
                name: link.name.to_string(),
                ways: link.ways.iter().zip(&counts.matched).map(way).collect(),
                unmatched: counts.unmatched,
                ambiguous: counts.ambiguous,
            }
        });
        links.collect()
    }

    fn scorecard(&self) -> v1::Scorecard {
        let card = self.report.scorecard;
        let id = |i: &usize| self.report.rules[*i].id.to_string();
        v1::Scorecard {
            total: score(&card.total),
            families: card
                .families
                .iter()
                .map(|f| v1::Family {
                    folder: f.folder.clone(),
                    title: self.text(&f.title),
                    rules: f.rules.iter().map(id).collect(),
                    score: score(&f.score),
                })
                .collect(),
            top_rules: card.top.iter().map(id).collect(),
            owners: card.owners.iter().map(holder).collect(),
            teams: card.teams.iter().map(holder).collect(),
            not_assessed_causes: card.causes.iter().map(cause).collect(),
            recent: card.since.as_ref().map(|(since, back)| v1::Recent {
                years_back: back.years,
                since: since.to_string(),
                status: back.status.word(),
                source: self.scrub(&back.source),
            }),
            cases: card
                .cases
                .iter()
                .map(|c| v1::Case { case: c.case.clone(), findings: c.findings, stake: stake(&c.stake) })
                .collect(),
        }
    }

    fn rules(&self) -> Vec<v1::Rule> {
        let rule = |(rule, card): (&crate::rule::typed::Rule, &crate::scorecard::RuleScore)| v1::Rule {
            id: rule.id.to_string(),
            name: rule.name.to_string(),
            family: rule.family.to_string(),
            severity: severity(rule.severity),
            title: self.text(&rule.title()),
            legal: rule.legal.iter().map(|l| l.reference.to_string()).collect(),
            tracks: rule.tracks.clone(),
            state: match card.state {
                State::Ran => "ran",
                State::NoRow => "no-row",
                State::InputMissing(_) => "input-missing",
                State::LocalNotSet(_) => "local-not-set",
                State::TooCostly(..) => "too-costly",
            },
            reason: card.state.reason(Lang::Da).map(|_| both(|lang| card.state.reason(lang).unwrap_or_default())),
            score: score(&card.score),
            not_assessed_causes: card.causes.iter().map(cause).collect(),
        };
        self.report.rules.iter().zip(&self.report.scorecard.rules).map(rule).collect()
    }

    fn finding(&self, f: &Finding) -> v1::Finding {
        v1::Finding {
            fingerprint: f.fingerprint.clone(),
            other_fingerprints: f.other_fingerprints.clone(),
            rule: self.report.rules[f.rule].id.to_string(),
            verdict: verdict(f.verdict),
            severity: severity(f.severity),
            message: v1::Text { da: f.message.da.clone(), en: f.message.en.clone() },
            file: f.primary.place.file.to_string(),
            sheet: f.primary.place.sheet.as_ref().map(ToString::to_string),
            record: f.record,
            subject: subject(&f.subject),
            primary: self.cell(&f.primary),
            related: f.related.iter().map(|c| self.cell(c)).collect(),
            context: f.context.iter().map(|c| self.cell(c)).collect(),
            steps: f.steps.iter().map(|s| self.step(s)).collect(),
            figures: f.figures.iter().map(|g| self.figure(g)).collect(),
            amount: f.amount.map(Decimal::plain),
            refund: f.refund.map(Decimal::plain),
            day: f.day.map(|day| day.to_string()),
            days_late: f.days_late,
            law: f.law.as_ref().map(ToString::to_string),
            links: f
                .matches
                .iter()
                .map(|m| v1::Match {
                    link: m.link.to_string(),
                    from: m.datasets.0.to_string(),
                    to: m.datasets.1.to_string(),
                    columns: m.columns.iter().map(ToString::to_string).collect(),
                    weaker: m.weaker,
                })
                .collect(),
            refused_rows: f.refused.iter().map(|(d, rows)| v1::Refused { dataset: d.to_string(), rows: *rows }).collect(),
            unlisted_rows: f.unlisted,
        }
    }

    fn cell(&self, c: &CellView) -> v1::Cell {
        let (state, cause) = match &c.shown {
            Shown::Value(_) | Shown::Month(_) => ("present", None),
            Shown::Empty => ("empty", None),
            Shown::Unknown(cause, _) => ("unknown", Some(cause.code())),
            Shown::Hidden => ("hidden", None),
        };
        v1::Cell {
            dataset: c.dataset.to_string(),
            column: c.column.to_string(),
            header: c.header.as_ref().map(ToString::to_string),
            file: c.place.file.to_string(),
            sheet: c.place.sheet.as_ref().map(ToString::to_string),
            row: c.place.sheet_row,
            line: c.place.line,
            record: c.place.record,
            col: c.place.sheet_column.map(|n| u32::from(n) + 1),
            letter: c.place.sheet_column.map(letters),
            derived: c.derived,
            state,
            cause,
            value: plain(&c.shown),
            shown: both(|lang| c.shown.show(self.currency, lang)),
            label: c.label.as_ref().map(|l| v1::Text { da: l.da.clone(), en: l.en.clone() }),
        }
    }

    fn step(&self, s: &StepView) -> v1::Step {
        v1::Step {
            name: s.name.to_string(),
            value: plain(&s.value),
            shown: both(|lang| s.value.show(self.currency, lang)),
            factors: s.factors.iter().map(|c| self.cell(c)).collect(),
            figures: s.figures.iter().map(|g| self.figure(g)).collect(),
        }
    }

    fn figure(&self, g: &FigureView) -> v1::Figure {
        v1::Figure {
            table: g.table.to_string(),
            title: self.text(&g.title),
            value: canonical(&g.value),
            status: g.status.word(),
            source: self.scrub(&g.source),
            from: g.from.map(|day| day.to_string()),
        }
    }

    fn reading(&self, r: &ReadingView) -> v1::Reading {
        v1::Reading {
            sides: r.sides.clone(),
            verdict: verdict(r.verdict),
            due: r.due.map(|day| day.to_string()),
            steps: r.steps.iter().map(|s| self.step(s)).collect(),
        }
    }

    fn unassessed(&self, u: &Unassessed) -> v1::NotAssessed {
        v1::NotAssessed {
            rule: self.report.rules[u.rule].id.to_string(),
            file: u.place.as_ref().map(|p| p.file.to_string()),
            sheet: u.place.as_ref().and_then(|p| p.sheet.as_ref()).map(ToString::to_string),
            row: u.place.as_ref().map(|p| p.sheet_row),
            record: u.place.as_ref().map(|p| p.record),
            subject: subject(&u.subject),
            reasons: u.reasons.iter().map(reason).collect(),
            notes: u.notes.iter().map(|n| v1::Text { da: n.da.clone(), en: n.en.clone() }).collect(),
            readings: u.readings.iter().map(|r| self.reading(r)).collect(),
        }
    }
}

fn reason(r: &Reason) -> v1::Reason {
    v1::Reason {
        cause: r.cause.code(),
        dataset: r.dataset.as_ref().map(ToString::to_string),
        column: r.column.as_ref().map(ToString::to_string),
        file: r.place.as_ref().map(|p| p.file.to_string()),
        cell: r.place.as_ref().map(super::super::finding::PlaceView::excel),
    }
}

fn subject(s: &Subject) -> v1::Subject {
    let key = |key: &KeyView| {
        let part =
            |(column, shown): (&std::sync::Arc<str>, &Shown)| v1::KeyPart { column: column.to_string(), value: plain(shown) };
        key.columns.iter().zip(&key.shown).map(part).collect()
    };
    v1::Subject {
        key: s.key.as_ref().map(key),
        item: s.item.as_ref().and_then(plain),
        partner: s.partner.as_ref().map(key),
        case: s.case.clone(),
        owner: s.owner.clone(),
        team: s.team.clone(),
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotApplicable => "not applicable",
        Verdict::Compliant => "compliant",
        Verdict::Partly => "partly",
        Verdict::Violation => "violation",
        Verdict::NotAssessed => "not assessed",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Failure => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    }
}

fn score(s: &Score) -> v1::Score {
    let counts = &s.counts;
    v1::Score {
        examined: counts.examined(),
        not_applicable: counts.not_applicable,
        compliant: counts.compliant,
        partly: counts.partly,
        violation: counts.violation,
        not_assessed: counts.not_assessed,
        fully_percent: s.fully().map(|share| share.percent),
        fully_or_partly_percent: s.fully_or_partly().map(|share| share.percent),
        stake: stake(&s.stake),
    }
}

fn stake(s: &Stake) -> v1::Stake {
    v1::Stake {
        at_stake: s.total().plain(),
        paid_too_much: s.too_much.plain(),
        paid_too_little: s.too_little.plain(),
        refund: s.refund.plain(),
        recent_at_stake: s.recent.amount.plain(),
        recent_refund: s.recent.refund.plain(),
        undated_at_stake: s.undated.amount.plain(),
        undated_refund: s.undated.refund.plain(),
    }
}

fn holder(h: &Holder) -> v1::Holder {
    v1::Holder { name: h.name.clone(), findings: h.findings, at_stake: h.stake.total().plain() }
}

fn cause(c: &CauseCount) -> v1::Cause {
    v1::Cause {
        cause: c.cause.code(),
        dataset: c.dataset.as_ref().map(ToString::to_string),
        column: c.column.as_ref().map(ToString::to_string),
        rows: c.rows,
    }
}

/// A shown value for machines.
fn plain(shown: &Shown) -> Option<String> {
    match shown {
        Shown::Value(value) => Some(canonical(value)),
        Shown::Month(day) => Some(format!("{:04}-{:02}", day.year(), day.month())),
        Shown::Unknown(_, raw) => raw.as_ref().map(ToString::to_string),
        Shown::Empty | Shown::Hidden => None,
    }
}

/// A value for machines: days `yyyy-mm-dd`, numbers with a dot and no grouping.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::Number(n) | Value::Money(n) | Value::Percent(n) => n.plain(),
        Value::Date(day) | Value::Timestamp(Timestamp::Day(day)) => day.to_string(),
        Value::Period(Period { start, end }) => format!("{start}/{}", end.map_or("..".to_owned(), |end| end.to_string())),
        Value::Bool(yes) => yes.to_string(),
        other => crate::value::show(other, "", Lang::En).trim_end().to_owned(),
    }
}
