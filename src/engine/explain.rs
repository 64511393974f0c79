//! Phase 2: a row that is violated, partly compliant or not assessed is judged again with the account kept, and becomes an
//! [`Outcome`].

use std::collections::BTreeMap;
use std::ops::Range;

use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::{LinkId, TableId};
use crate::rule::typed::{Expr, Node, Piece, Template, Ty, Verdict};
use crate::store::{CellRef, RowRef};
use crate::value::{Cause, Cell, Decimal, Timestamp, Value};

use super::judge::{Judge, Per, Ruling};
use super::near;
use super::result::{Deciding, MarkedCell, MessagePiece, Outcome, Reading, StepValue};
use super::scalar::{Entry, Item, date_of};
use super::walk;

impl Judge<'_> {
    /// Judges a row again and tells why. The judge must be one that explains.
    pub(super) fn explain(&mut self, row: u32, per: &Per) -> Outcome {
        self.explain_with_due(row, per).0
    }

    /// The same for a row whose verdict is known. Of a row that is not assessed the account need not look at every candidate:
    /// a search among very many is left once it has met as many that it cannot decide as are told, unless the verdict would be another.
    pub(super) fn explain_as(&mut self, row: u32, per: &Per, verdict: Verdict) -> Outcome {
        if verdict == Verdict::NotAssessed {
            self.evaluator.hasty = true;
            let outcome = self.explain(row, per);
            self.evaluator.hasty = false;
            if outcome.verdict == verdict {
                return outcome;
            }
        }
        self.explain(row, per)
    }

    /// The same as [`Judge::explain`], and the day by which it had to be done.
    pub(super) fn explain_with_due(&mut self, row: u32, per: &Per) -> (Outcome, Option<Date>) {
        let rule = self.rule;
        let ruling = self.rule_on(row, per);
        let decided = self.evaluator.trace.take();
        let mut seen = Seen::default();
        let mut unlisted = 0;
        let mut deciding = Vec::new();
        let mut notes = Vec::new();
        let found = matches!(ruling.verdict, Verdict::Violation | Verdict::Partly);
        let pack = self.world.store.pack();
        for entry in self.unfolded(&decided) {
            seen.add(&entry);
            match entry {
                Entry::Cell { at, value, cause } => {
                    let cause = match value {
                        // A time of day that lacks where it would decide lies in the cells that do not say it.
                        Cell::Present(Value::Timestamp(Timestamp::Day(_))) if ruling.cause == Some(Cause::TimeMissing) => {
                            Some(Cause::TimeMissing)
                        }
                        Cell::Present(_) | Cell::Empty => cause,
                        Cell::Unknown(own) => Some(own),
                    };
                    decide(&mut deciding, Deciding { cell: Some(at), dataset: None, cause });
                }
                Entry::Dataset(dataset, cause) => {
                    decide(&mut deciding, Deciding { cell: None, dataset: Some(dataset), cause: Some(cause) });
                }
                Entry::Unlisted(more) => unlisted += more,
                Entry::NotListed(list, value, day) if found => {
                    note(&mut notes, near::of_list(&pack.lists[list.index()], &value, day))
                }
                Entry::NoFigure(table, keys, day) if !found => {
                    note(&mut notes, near::of_table(&pack.tables[table.index()], &keys, day))
                }
                Entry::NotListed(..) | Entry::NoFigure(..) | Entry::Way(..) | Entry::Figure(..) | Entry::Step(_) => {}
            }
        }
        // A tie or an unclear law lies in no one cell.
        if let Some(cause) = ruling.cause
            && (cause == Cause::LawUnclear || deciding.iter().all(|deciding| deciding.cause.is_none()))
        {
            deciding.push(Deciding { cell: None, dataset: None, cause: Some(cause) });
        }
        let readings = if ruling.cause == Some(Cause::LawUnclear) { self.each_reading(row, per, &mut seen) } else { Vec::new() };
        let row = RowRef { dataset: rule.each, row };
        let steps = self.steps(&mut seen);
        let marks = self.marks(&mut seen);
        let mut partners = marks.iter().map(|mark| RowRef { dataset: mark.cell.dataset, row: mark.cell.row });
        let partner = partners.find(|other| other.dataset == row.dataset && *other != row);
        let message_da = self.message(&rule.da.message, &mut seen);
        let message_en = self.message(&rule.en.message, &mut seen);
        let amount = self.money(rule.amount.as_ref(), &ruling, &mut seen);
        let refund = amount.and_then(|_| self.money(rule.refund.as_ref(), &ruling, &mut seen));
        let day = self.law_day(&ruling);
        let law = rule.legal_on(day).and_then(|law| rule.legal.iter().position(|entry| std::ptr::eq(entry, law)));
        seen.sort();
        let outcome = Outcome {
            row,
            item: match per {
                Per::Item(value) => Some(value.clone()),
                Per::None | Per::Unknown(_) => None,
            },
            verdict: ruling.verdict,
            marks,
            deciding,
            unlisted,
            steps,
            readings,
            amount,
            refund,
            day,
            law,
            days_late: ruling.days_late,
            message_da,
            message_en,
            notes,
            partner,
            ways: seen.ways,
            figures: seen.figures,
        };
        (outcome, ruling.due)
    }

    /// What each reading of an unclear law gives; the frame holds the first afterwards.
    fn each_reading(&mut self, row: u32, per: &Per, seen: &mut Seen) -> Vec<Reading> {
        let mut readings = Vec::new();
        for reading in self.readings().rev() {
            self.evaluator.reading = reading;
            let ruling = self.rule_on_reading(row, per);
            self.evaluator.trace.truncate(0);
            let (sides, steps) = (self.sides(reading), self.steps(seen));
            readings.push(Reading { sides, verdict: ruling.verdict, due: ruling.due, steps });
        }
        readings.reverse();
        readings
    }

    /// The side of each open question that a reading takes, where the question stands first.
    fn sides(&self, reading: u8) -> Vec<Range<usize>> {
        let mut sides: BTreeMap<u8, Range<usize>> = BTreeMap::new();
        for expr in walk::exprs(self.rule) {
            expr.walk(&mut |part| {
                if let Node::Either { question, first, second } = &part.node {
                    let side = if reading & (1 << question) == 0 { first } else { second };
                    sides.entry(*question).or_insert_with(|| side.span.clone());
                }
            });
        }
        sides.into_values().collect()
    }

    /// Entries with steps replaced by what the steps looked at.
    pub(super) fn unfolded(&self, entries: &[Entry]) -> Vec<Entry> {
        let mut all = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Step(step) => all.extend(self.unfolded(self.evaluator.step_entries(*step))),
                other => all.push(other.clone()),
            }
        }
        all
    }

    /// Evaluates an expression and gives what it looked at, steps unfolded.
    fn looked_at(&mut self, expr: &Expr, seen: &mut Seen) -> (Cell, Vec<Entry>) {
        let value = self.evaluator.value(expr);
        let entries = self.evaluator.trace.take();
        let entries = self.unfolded(&entries);
        entries.iter().for_each(|entry| seen.add(entry));
        (value, entries)
    }

    fn steps(&mut self, seen: &mut Seen) -> Vec<StepValue> {
        let rule = self.rule;
        let mut steps = Vec::with_capacity(rule.steps.len());
        for (i, step) in rule.steps.iter().enumerate() {
            // A row is told by the cells that are looked at in it.
            if !matches!(step.expr.ty, Ty::Value(_)) {
                continue;
            }
            let variable = Expr { node: Node::Var(step.slot), ty: step.expr.ty, span: step.expr.span.clone() };
            let value = self.evaluator.value(&variable);
            self.evaluator.trace.truncate(0);
            let mut factors: Vec<(CellRef, Cell)> = Vec::new();
            let mut figures = Vec::new();
            for entry in self.evaluator.step_entries(i) {
                seen.add(entry);
                match entry {
                    Entry::Cell { at, value, .. } if factors.iter().all(|(known, _)| known != at) => {
                        factors.push((*at, value.clone()));
                    }
                    Entry::Figure(table, row) if !figures.contains(&(*table, *row)) => figures.push((*table, *row)),
                    _ => {}
                }
            }
            steps.push(StepValue { step: i, value, factors, figures });
        }
        steps
    }

    fn marks(&mut self, seen: &mut Seen) -> Vec<MarkedCell> {
        let rule = self.rule;
        let mut marks = Vec::with_capacity(rule.marks.len());
        for (i, mark) in rule.marks.iter().enumerate() {
            let Node::Field(row, column) = &mark.cell.node else { continue };
            let found = self.evaluator.eval(row);
            self.evaluator.trace.take().iter().for_each(|entry| seen.add(entry));
            let Cell::Present(Item::Row(row)) = found else { continue };
            let cell = CellRef { dataset: row.dataset, row: row.row, column: *column };
            let label = |texts: &'_ crate::rule::typed::Texts| texts.labels.get(i).cloned().flatten();
            let label_da = label(&rule.da).map_or_else(Vec::new, |template| self.message(&template, seen));
            let label_en = label(&rule.en).map_or_else(Vec::new, |template| self.message(&template, seen));
            marks.push(MarkedCell { mark: i, cell, label_da, label_en });
        }
        marks
    }

    fn message(&mut self, template: &Template, seen: &mut Seen) -> Vec<MessagePiece> {
        let mut pieces = Vec::with_capacity(template.pieces.len());
        for piece in &template.pieces {
            pieces.push(match piece {
                Piece::Text(text) => MessagePiece::Text(text.clone()),
                Piece::Expr(expr) => {
                    let (value, entries) = self.looked_at(expr, seen);
                    if let (Cell::Present(Value::Text(text)), true) = (&value, is_written_out(expr)) {
                        pieces.push(MessagePiece::Text(text.to_string()));
                        continue;
                    }
                    let mut factors = Vec::new();
                    for entry in entries {
                        if let Entry::Cell { at, .. } = entry
                            && !factors.contains(&at)
                        {
                            factors.push(at);
                        }
                    }
                    MessagePiece::Value { value, factors }
                }
            });
        }
        pieces
    }

    /// An amount of a finding.
    fn money(&mut self, expr: Option<&Expr>, ruling: &Ruling, seen: &mut Seen) -> Option<Decimal> {
        if !matches!(ruling.verdict, Verdict::Violation | Verdict::Partly) {
            return None;
        }
        match self.looked_at(expr?, seen).0 {
            Cell::Present(Value::Money(amount)) => Some(amount),
            _ => None,
        }
    }

    /// The day that counts: the deadline, else `law_date`. It chooses the entry of `legal`, the first where it is not known.
    fn law_day(&mut self, ruling: &Ruling) -> Option<Date> {
        let stated = self.rule.law_date.as_ref().and_then(|day| match self.evaluator.eval(day) {
            Cell::Present(day) => date_of(&day).present(),
            _ => None,
        });
        ruling.due.or(stated)
    }
}

/// Adds a deciding cell once; a cause is kept over none.
fn decide(deciding: &mut Vec<Deciding>, new: Deciding) {
    match deciding.iter_mut().find(|known| known.cell == new.cell && known.dataset == new.dataset) {
        Some(known) => known.cause = known.cause.or(new.cause),
        None => deciding.push(new),
    }
}

/// Adds a note once.
fn note(notes: &mut Vec<Bilingual>, new: Bilingual) {
    if !notes.contains(&new) {
        notes.push(new);
    }
}

/// Links and figures met while explaining.
#[derive(Default)]
struct Seen {
    ways: Vec<(LinkId, u8)>,
    figures: Vec<(TableId, usize)>,
}

impl Seen {
    fn add(&mut self, entry: &Entry) {
        match entry {
            Entry::Way(link, way) => self.ways.push((*link, *way)),
            Entry::Figure(table, row) => self.figures.push((*table, *row)),
            _ => {}
        }
    }

    fn sort(&mut self) {
        self.ways.sort_unstable();
        self.ways.dedup();
        self.figures.sort_unstable();
        self.figures.dedup();
    }
}

/// Whether a text can only be one that the rule's author wrote, whatever decides between them: no cell's text is in it.
fn is_written_out(expr: &Expr) -> bool {
    match &expr.node {
        Node::Literal(_) => true,
        Node::If(_, then, other) => is_written_out(then) && is_written_out(other),
        _ => false,
    }
}
