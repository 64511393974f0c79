//! Outcomes made into findings.

use std::sync::Arc;

use super::fingerprint::{Identity, content};
use super::view::Viewer;
use super::{
    CellView, Cells, Finding, FindingError, Findings, KeyView, MatchView, ReadingView, Reason, StepView, Subject, Unassessed,
};
use crate::engine::result::{Outcome, RunResult, StepValue};
use crate::intake::Delivery;
use crate::locale::Bilingual;
use crate::model::{ColumnId, Role};
use crate::privacy::{Gate, Shown};
use crate::rule::typed::{Rule, Verdict};
use crate::store::{CellRef, RowRef, Store};
use crate::value::{Cell, Value};

/// What findings are made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The tables.
    pub store: &'a Store,
    /// The files they came from.
    pub delivery: &'a Delivery,
    /// The rules of the run, in its order.
    pub rules: &'a [Rule],
    /// What the engine found.
    pub run: &'a RunResult,
    /// What may be shown.
    pub gate: &'a Gate,
}

/// Makes every outcome of a run concrete.
///
/// # Errors
/// [`FindingError::NoPrimary`] when an outcome's row stands in no file.
pub fn build(source: &Source<'_>) -> Result<Findings, FindingError> {
    let judged = |o: &&Outcome| o.verdict != Verdict::NotAssessed;
    let outcomes = source.run.rules.iter().flat_map(|r| r.outcomes.iter().filter(judged));
    let mut viewer = Viewer::new(source.store, source.delivery, source.gate, outcomes);
    let mut all = Findings { problems: std::mem::take(&mut viewer.problems), ..Findings::default() };
    for (index, (rule, result)) in source.rules.iter().zip(&source.run.rules).enumerate() {
        let maker = Maker { viewer: &viewer, index, rule };
        let mut of_rule = Vec::new();
        for outcome in &result.outcomes {
            match outcome.verdict {
                Verdict::Violation | Verdict::Partly => of_rule.push(maker.finding(outcome)?),
                Verdict::NotAssessed => all.unassessed.push(maker.unassessed(outcome)),
                Verdict::NotApplicable | Verdict::Compliant => {}
            }
        }
        number_equals(&mut of_rule, &viewer);
        all.findings.append(&mut of_rule);
    }
    Ok(all)
}

/// Tells findings of equal fingerprint apart by `#2`, `#3`, in the order of their rows' content.
fn number_equals(findings: &mut [Finding], viewer: &Viewer<'_>) {
    let mut prints: Vec<(String, Vec<u8>, usize, usize)> = Vec::new();
    for (i, finding) in findings.iter().enumerate() {
        let content = viewer.content(finding.row);
        prints.push((finding.fingerprint.clone(), content.clone(), i, 0));
        let others = finding.other_fingerprints.iter().enumerate();
        prints.extend(others.map(|(slot, print)| (print.clone(), content.clone(), i, slot + 1)));
    }
    prints.sort();
    let mut nth = 1;
    for pair in prints.windows(2) {
        nth = if pair[0].0 == pair[1].0 { nth + 1 } else { 1 };
        if nth > 1 {
            let (print, _, i, slot) = &pair[1];
            let numbered = format!("{print}#{nth}");
            match slot {
                0 => findings[*i].fingerprint = numbered,
                slot => findings[*i].other_fingerprints[slot - 1] = numbered,
            }
        }
    }
}

/// Makes the outcomes of one rule concrete.
pub(super) struct Maker<'a> {
    pub(super) viewer: &'a Viewer<'a>,
    pub(super) index: usize,
    pub(super) rule: &'a Rule,
}

impl Maker<'_> {
    fn finding(&self, outcome: &Outcome) -> Result<Finding, FindingError> {
        let viewer = self.viewer;
        let (primary, related) = self
            .cells(outcome)
            .finish()
            .ok_or_else(|| FindingError::NoPrimary { rule: self.rule.id.clone(), row: outcome.row.row })?;
        let subject = self.subject(outcome);
        let (fingerprint, other_fingerprints) = self.fingerprints(outcome, &subject);
        let amount_column = viewer.store.pack().get(outcome.row.dataset).with_role(Role::Amount);
        Ok(Finding {
            rule: self.index,
            verdict: outcome.verdict,
            severity: self.rule.severity,
            row: outcome.row,
            record: viewer.row_place(outcome.row).map_or(0, |place| place.record),
            subject,
            fingerprint,
            other_fingerprints,
            context: self.context(outcome.row, &primary, &related),
            steps: self.steps(&outcome.steps),
            figures: outcome.figures.iter().filter_map(|&(table, row)| viewer.figure(table, row)).collect(),
            amount: outcome.amount,
            refund: outcome.refund,
            day: outcome.day,
            amount_cell: amount_column.map_or(primary.at, |column| cell_of(outcome.row, column)),
            law: outcome.law.and_then(|i| self.rule.legal.get(i)).map(|law| law.reference.clone()),
            days_late: outcome.days_late,
            message: self.noted(viewer.both(&outcome.message_da, &outcome.message_en), outcome),
            matches: self.matches(outcome),
            refused: self.refused(),
            unlisted: outcome.unlisted,
            primary,
            related,
        })
    }

    /// Marks in the rule's order, then what decided it; the key stands in where no mark could be placed.
    fn cells(&self, outcome: &Outcome) -> Cells {
        let viewer = self.viewer;
        let mut cells = Cells::default();
        let mut marks: Vec<_> = outcome.marks.iter().collect();
        marks.sort_by_key(|m| m.mark);
        for mark in marks {
            let label = Some(viewer.both(&mark.label_da, &mark.label_en)).filter(|l| !l.da.is_empty() || !l.en.is_empty());
            if let Some(cell) = viewer.cell(mark.cell, label) {
                cells.at(cell);
            }
        }
        if !cells.has_primary() {
            let dataset = viewer.store.pack().get(outcome.row.dataset);
            let of_key = viewer.key(outcome.row).map_or(&[][..], |key| &dataset.keys[key.index]);
            let columns = of_key.iter().copied().chain((0..dataset.columns.len() as u16).map(ColumnId));
            let views: Vec<CellView> = columns.filter_map(|c| viewer.cell(cell_of(outcome.row, c), None)).collect();
            let placed = views.iter().find(|c| c.place.sheet_column.is_some()).or_else(|| views.first());
            placed.cloned().into_iter().for_each(|cell| cells.at(cell));
        }
        for cell in outcome.deciding.iter().filter_map(|d| viewer.cell(d.cell?, None)) {
            cells.also(cell);
        }
        cells
    }

    /// For each row among the cells: its case number, its key, and what its derived cells were computed from.
    fn context(&self, judged: RowRef, primary: &CellView, related: &[CellView]) -> Vec<CellView> {
        let viewer = self.viewer;
        let shown: Vec<CellRef> = std::iter::once(primary).chain(related).map(|c| c.at).collect();
        let mut rows = vec![judged];
        for at in &shown {
            let row = RowRef { dataset: at.dataset, row: at.row };
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        let mut wanted: Vec<CellRef> = Vec::new();
        for row in rows {
            let dataset = viewer.store.pack().get(row.dataset);
            let key = viewer.key(row).map_or(&[][..], |key| &dataset.keys[key.index]);
            wanted.extend(dataset.with_role(Role::Case).into_iter().chain(key.iter().copied()).map(|c| cell_of(row, c)));
        }
        wanted.extend(shown.iter().flat_map(|&at| viewer.inputs(at)));
        let mut cells: Vec<CellView> = Vec::new();
        for at in wanted {
            let known = shown.contains(&at) || cells.iter().any(|c| c.at == at);
            let view = viewer.cell(at, None).filter(|c| !known && c.place.sheet_column.is_some() && c.shown != Shown::Empty);
            cells.extend(view);
        }
        cells
    }

    pub(super) fn subject(&self, outcome: &Outcome) -> Subject {
        let viewer = self.viewer;
        let case_row = viewer.store.case_of(outcome.row);
        let role = |role| self.role(outcome.row, role).or_else(|| self.role(case_row?, role));
        Subject {
            key: viewer.key(outcome.row),
            item: outcome.item.as_ref().map(|item| match (self.rule.per.as_ref().map(|p| p.items.ty), item) {
                (Some(crate::rule::typed::Ty::Months), Value::Date(day)) => Shown::Month(*day),
                _ => viewer.computed(&Cell::Present(item.clone()), &[]),
            }),
            partner: outcome.partner.and_then(|row| viewer.key(row)),
            case: role(Role::Case).or_else(|| role(Role::Person)),
            owner: role(Role::Owner),
            team: role(Role::Team),
        }
    }

    fn role(&self, row: RowRef, role: Role) -> Option<String> {
        let column = self.viewer.store.pack().get(row.dataset).with_role(role)?;
        let at = cell_of(row, column);
        let value = self.viewer.store.cell(at).present()?;
        let shown = self.viewer.shown(self.viewer.column(at), &Cell::Present(value), None);
        Some(shown.show("", crate::locale::Lang::Da))
    }

    fn fingerprints(&self, outcome: &Outcome, subject: &Subject) -> (String, Vec<String>) {
        let viewer = self.viewer;
        let dataset = viewer.store.pack().get(outcome.row.dataset);
        let digest = |columns: &[Arc<str>], values: &[Value]| {
            let partner = subject.partner.as_ref().map(|p| (&*p.columns, &*p.values));
            let identity = Identity {
                rule: &self.rule.id,
                dataset: &dataset.name,
                key: (columns, values),
                partner,
                item: outcome.item.as_ref(),
            };
            identity.digest(viewer.gate)
        };
        let Some(strongest) = &subject.key else {
            let row: Vec<Value> = (0..dataset.columns.len() as u16)
                .filter_map(|c| viewer.store.cell(cell_of(outcome.row, ColumnId(c))).present())
                .collect();
            return (digest(&[], &row), Vec::new());
        };
        let others = dataset.keys.iter().enumerate().filter(|(i, _)| *i != strongest.index);
        let others =
            others.filter_map(|(i, key)| Some(viewer.key_view(outcome.row, i, viewer.store.key_values(outcome.row, key)?)));
        let others: Vec<KeyView> = others.collect();
        (digest(&strongest.columns, &strongest.values), others.iter().map(|key| digest(&key.columns, &key.values)).collect())
    }

    pub(super) fn steps(&self, steps: &[StepValue]) -> Vec<StepView> {
        let viewer = self.viewer;
        let view = |step: &StepValue| {
            Some(StepView {
                name: self.rule.steps.get(step.step)?.name.clone(),
                value: viewer.computed(&step.value, &step.factors.iter().map(|(at, _)| *at).collect::<Vec<_>>()),
                factors: step.factors.iter().filter_map(|(at, _)| viewer.cell(*at, None)).collect(),
                figures: step.figures.iter().filter_map(|&(table, row)| viewer.figure(table, row)).collect(),
            })
        };
        steps.iter().filter_map(view).collect()
    }

    /// A message with the notes behind it in brackets.
    pub(super) fn noted(&self, message: Bilingual, outcome: &Outcome) -> Bilingual {
        outcome.notes.iter().map(|note| self.safe(note)).fold(message, |message, note| {
            Bilingual::new(format!("{} ({})", message.da, note.da), format!("{} ({})", message.en, note.en))
        })
    }

    pub(super) fn safe(&self, text: &Bilingual) -> Bilingual {
        let gate = self.viewer.gate;
        Bilingual::new(gate.scrub(&text.da), gate.scrub(&text.en))
    }

    fn matches(&self, outcome: &Outcome) -> Vec<MatchView> {
        let pack = self.viewer.store.pack();
        let view = |&(id, way): &(crate::model::LinkId, u8)| {
            let link = pack.links.get(id.index())?;
            let from = pack.get(link.from);
            let columns = link.ways.get(usize::from(way))?.iter().map(|(c, _)| from.columns[c.index()].name.clone());
            Some(MatchView {
                link: link.name.clone(),
                datasets: (from.name.clone(), pack.get(link.to).name.clone()),
                columns: columns.collect(),
                weaker: way > 0,
            })
        };
        let mut found: Vec<MatchView> = Vec::new();
        for view in outcome.ways.iter().filter_map(view) {
            if !found.contains(&view) {
                found.push(view);
            }
        }
        found
    }

    fn refused(&self) -> Vec<(Arc<str>, u32)> {
        let store = self.viewer.store;
        let absence = self.rule.reads.absence.iter();
        absence.map(|&d| (store.pack().get(d).name.clone(), store.refused(d))).filter(|(_, rows)| *rows > 0).collect()
    }

    pub(super) fn unassessed(&self, outcome: &Outcome) -> Unassessed {
        let viewer = self.viewer;
        let pack = viewer.store.pack();
        let mut reasons: Vec<Reason> = outcome
            .deciding
            .iter()
            .filter_map(|d| {
                let dataset = d.cell.map(|c| c.dataset).or(d.dataset);
                Some(Reason {
                    cause: d.cause?,
                    dataset: dataset.map(|d| pack.get(d).name.clone()),
                    column: d.cell.map(|at| viewer.column(at).name.clone()),
                    place: d.cell.and_then(|at| viewer.cell(at, None)).map(|c| c.place),
                })
            })
            .collect();
        reasons.dedup();
        Unassessed {
            rule: self.index,
            row: outcome.row,
            subject: self.subject(outcome),
            place: viewer.row_place(outcome.row),
            reasons,
            notes: outcome.notes.iter().map(|note| self.safe(note)).collect(),
            readings: outcome
                .readings
                .iter()
                .map(|r| ReadingView {
                    sides: r
                        .sides
                        .iter()
                        .map(|span| one_line(self.rule.file.text.get(span.clone()).unwrap_or_default()))
                        .collect(),
                    verdict: r.verdict,
                    due: r.due,
                    steps: self.steps(&r.steps),
                })
                .collect(),
        }
    }
}

impl Viewer<'_> {
    fn content(&self, row: RowRef) -> Vec<u8> {
        let columns = self.store.pack().get(row.dataset).columns.len() as u16;
        content((0..columns).map(|c| self.store.cell(cell_of(row, ColumnId(c)))))
    }
}

fn cell_of(row: RowRef, column: ColumnId) -> CellRef {
    CellRef { dataset: row.dataset, row: row.row, column }
}

/// An expression without its line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
