//! Static facts of expressions: what they read, and the load plan that rules give.

use std::collections::BTreeSet;

use super::figure::KeyFigure;
use super::typed::{Expr, ModelExprs, Node, Reads, RowSource, Rows, Rule, Template, Ty};
use crate::model::{ColumnId, DatasetId, LinkId, Pack, UnionSource};
use crate::value::Kind;

impl Reads {
    /// Adds everything that an expression reads.
    pub(crate) fn add(&mut self, expr: &Expr) {
        expr.walk(&mut |e| {
            match &e.node {
                Node::Field(row, column) => {
                    if let Ty::Row(dataset) = row.ty {
                        self.columns.insert((dataset, *column));
                    }
                }
                Node::Follow { link, .. } => {
                    self.links.insert(*link);
                }
                Node::Lookup { table, .. } => {
                    self.tables.insert(*table);
                }
                _ => {}
            }
            if let Some(rows) = e.rows() {
                self.add_rows(rows);
            }
        });
    }

    fn add_rows(&mut self, rows: &Rows) {
        self.absence.insert(rows.dataset);
        match &rows.source {
            RowSource::Group { link, .. } => {
                self.links.insert(*link);
            }
            RowSource::Through { over, link, .. } => {
                self.links.insert(*link);
                self.add_rows(over);
            }
            RowSource::Whole { equal } => self.columns.extend(equal.iter().map(|(column, _)| (rows.dataset, *column))),
        }
    }

    /// Adds what a text shows.
    fn show(&mut self, template: &Template) {
        for piece in &template.pieces {
            if let super::typed::Piece::Expr(expr) = piece {
                self.show_expr(expr);
            }
        }
    }

    /// Adds what is only shown: its columns need not be delivered for the rule to run.
    pub(crate) fn show_expr(&mut self, expr: &Expr) {
        let mut reads = Reads::default();
        reads.add(expr);
        self.shown.extend(reads.columns);
        self.links.extend(reads.links);
        self.tables.extend(reads.tables);
        self.absence.extend(reads.absence);
    }

    /// What a key figure reads.
    pub(crate) fn of_figure(figure: &KeyFigure) -> Reads {
        let mut reads = Reads::default();
        figure.exprs().into_iter().for_each(|expr| reads.add(expr));
        reads.absence.insert(figure.each);
        reads
    }

    /// What a rule reads.
    pub(crate) fn of(rule: &Rule) -> Reads {
        let mut reads = Reads::default();
        let deadline = rule.deadline.iter().flat_map(|d| [&d.due, &d.done]);
        let steps = rule.steps.iter().map(|step| &step.expr);
        let per = rule.per.iter().map(|per| &per.items);
        let conditions = [&rule.when, &rule.require, &rule.partly];
        for expr in conditions.into_iter().flatten().chain(deadline).chain(steps).chain(per) {
            reads.add(expr);
        }
        for expr in rule.amount.iter().chain(&rule.refund).chain(&rule.law_date).chain(rule.marks.iter().map(|m| &m.cell)) {
            reads.show_expr(expr);
        }
        for texts in [&rule.da, &rule.en] {
            reads.show(&texts.message);
            texts.labels.iter().flatten().for_each(|label| reads.show(label));
        }
        reads.shown = reads.shown.difference(&reads.columns).copied().collect();
        reads
    }
}

/// Whether no path of an expression leaves the row's cluster: it holds no whole-dataset source.
pub(crate) fn is_local(expr: &Expr) -> bool {
    let mut local = true;
    expr.walk(&mut |e| {
        local &= !e.rows().is_some_and(|rows| matches!(rows.source, RowSource::Whole { .. }));
    });
    local
}

/// What to load: the columns that the selected rules, the keys, links, roles and derived columns need, and the dates that
/// are shown with a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadPlan {
    /// Columns to load.
    pub columns: BTreeSet<(DatasetId, ColumnId)>,
    /// Datasets to load; each has a column in `columns` at least.
    pub datasets: BTreeSet<DatasetId>,
}

impl LoadPlan {
    /// The plan that wants every column.
    pub fn all(pack: &Pack) -> LoadPlan {
        let datasets = (0..pack.datasets.len() as u16).map(DatasetId);
        let columns = datasets.clone().flat_map(|d| (0..pack.get(d).columns.len() as u16).map(move |c| (d, ColumnId(c))));
        LoadPlan { columns: columns.collect(), datasets: datasets.collect() }
    }

    /// The plan for these rules.
    pub fn of(pack: &Pack, model: &ModelExprs, rules: &[&Rule]) -> LoadPlan {
        LoadPlan::with_figures(pack, model, rules, &[])
    }

    /// The plan for these rules and key figures.
    pub fn with_figures(pack: &Pack, model: &ModelExprs, rules: &[&Rule], figures: &[KeyFigure]) -> LoadPlan {
        let mut plan = LoadPlan::default();
        let mut links: BTreeSet<LinkId> = BTreeSet::new();
        let of_rules = rules.iter().map(|rule| (rule.each, &rule.reads));
        for (each, reads) in of_rules.chain(figures.iter().map(|figure| (figure.each, &figure.reads))) {
            plan.datasets.insert(each);
            plan.datasets.extend(&reads.absence);
            plan.columns.extend(&reads.columns);
            plan.columns.extend(&reads.shown);
            links.extend(&reads.links);
        }
        if !plan.datasets.is_empty() {
            plan.datasets.extend(pack.case_dataset());
        }
        // What is loaded asks for more: keys, links, and what derived columns are computed from.
        loop {
            let before = (plan.columns.len(), plan.datasets.len(), links.len());
            plan.datasets.extend(plan.columns.iter().map(|(dataset, _)| *dataset).collect::<Vec<_>>());
            for &link in &links {
                let link = &pack.links[link.index()];
                plan.datasets.extend([link.from, link.to]);
            }
            for link in &pack.links {
                if plan.datasets.contains(&link.from) && plan.datasets.contains(&link.to) {
                    for &(from, to) in link.ways.iter().flatten() {
                        plan.columns.insert((link.from, from));
                        plan.columns.insert((link.to, to));
                    }
                }
            }
            for &dataset in &plan.datasets {
                plan.columns.extend(always(pack, dataset).map(|column| (dataset, column)));
            }
            for &dataset in &plan.datasets.clone() {
                for part in &pack.get(dataset).union {
                    plan.datasets.insert(part.dataset);
                    plan.columns.extend(part.only.iter().map(|(column, _)| (part.dataset, *column)));
                    for (to, source) in &part.columns {
                        if let UnionSource::Column(from) = source
                            && plan.columns.contains(&(dataset, *to))
                        {
                            plan.columns.insert((part.dataset, *from));
                        }
                    }
                }
            }
            let mut more = Reads::default();
            for (dataset, column, expr) in &model.derived {
                if plan.columns.contains(&(*dataset, *column)) {
                    more.add(expr);
                }
            }
            if let Some((dataset, expr)) = &model.closed
                && plan.datasets.contains(dataset)
            {
                more.add(expr);
            }
            for (dataset, expr, _) in &model.expectations {
                if plan.datasets.contains(dataset) {
                    more.add(expr);
                }
            }
            plan.columns.extend(more.columns);
            plan.datasets.extend(more.absence);
            links.extend(more.links);
            if before == (plan.columns.len(), plan.datasets.len(), links.len()) {
                return plan;
            }
        }
    }
}

/// Columns of a dataset that are loaded whenever the dataset is: keys, roles, and dates.
fn always(pack: &Pack, dataset: DatasetId) -> impl Iterator<Item = ColumnId> {
    let of = pack.get(dataset);
    let shown = of
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.role.is_some() || matches!(column.kind, Kind::Date | Kind::Month | Kind::Timestamp));
    of.keys.iter().flatten().copied().chain(shown.map(|(i, _)| ColumnId(i as u16)))
}
