//! Small deliveries drawn at random: few values that meet often, and all kinds of missing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sagstjek::calendar::{Date, Instant};
use sagstjek::intake::{Chunk, Column, Merged, Table};
use sagstjek::model::{ColumnId, DatasetId, Pack};
use sagstjek::problem::Place;
use sagstjek::rule::typed::{Expr, ModelExprs, Node, Rule, Ty};
use sagstjek::value::{Cause, Cell, Decimal, Kind, Timestamp, Value};

/// A generator of numbers (xorshift), the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn chance(&mut self, per_cent: usize) -> bool {
        self.below(100) < per_cent
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Values that the rules compare each column with.
pub(crate) struct Pool(BTreeMap<(DatasetId, ColumnId), Vec<Value>>);

impl Pool {
    pub(crate) fn of(rules: &[Rule], model: &ModelExprs) -> Pool {
        let mut found: BTreeMap<(DatasetId, ColumnId), Vec<Value>> = BTreeMap::new();
        let mut look = |expr: &Expr| {
            expr.walk(&mut |e| {
                let mut parts = Vec::new();
                e.parts(&mut |part| parts.push(part));
                let literals: Vec<&Value> = parts
                    .iter()
                    .filter_map(|part| match &part.node {
                        Node::Literal(value) => Some(value),
                        _ => None,
                    })
                    .collect();
                for part in &parts {
                    if let Node::Field(row, column) = &part.node
                        && let Ty::Row(dataset) = row.ty
                    {
                        let known = found.entry((dataset, *column)).or_default();
                        for value in &literals {
                            if !known.contains(value) {
                                known.push((*value).clone());
                            }
                        }
                    }
                }
            });
        };
        for rule in rules {
            let deadline = rule.deadline.iter().flat_map(|d| [&d.due, &d.done]);
            let conditions = [&rule.when, &rule.require, &rule.partly].into_iter().flatten();
            conditions.chain(deadline).chain(rule.steps.iter().map(|s| &s.expr)).for_each(&mut look);
        }
        model.derived.iter().for_each(|(_, _, expr)| look(expr));
        model.closed.iter().for_each(|(_, expr)| look(expr));
        Pool(found)
    }
}

const PERSONS: [&str; 4] = ["0706154321", "1503095678", "2902005111", "620410987A"];

/// A delivery and its day.
pub(crate) fn delivery(pack: &Pack, pool: &Pool, seed: u64) -> (Vec<Table>, Date) {
    let mut dice = Dice::new(seed);
    let (y, m, d) = *dice.one(&[(2024, 2, 29), (2024, 6, 30), (2026, 10, 31), (2026, 3, 31)]);
    let day = Date::from_ymd(y, m, d).expect("a day");
    let keys: BTreeSet<(usize, usize)> = pack
        .links
        .iter()
        .flat_map(|l| l.ways.iter().flatten().flat_map(|(a, b)| [(l.from.index(), a.index()), (l.to.index(), b.index())]))
        .collect();
    let mut tables = Vec::new();
    for (i, dataset) in pack.datasets.iter().enumerate() {
        if dice.chance(3) {
            continue;
        }
        let rows = dice.below(14) as u32;
        let delivered: Vec<bool> =
            dataset.columns.iter().map(|c| !dice.chance(if c.derived.is_some() { 60 } else { 4 })).collect();
        let columns = dataset.columns.iter().enumerate().map(|(c, column)| {
            let mut cells = Column::new(column.kind);
            let is_key = keys.contains(&(i, c));
            for _ in 0..rows {
                cells.push(match dice.below(100) {
                    _ if !delivered[c] => Cell::Unknown(Cause::NotDelivered),
                    0..=5 => Cell::Unknown(Cause::Unreadable),
                    6..=9 => Cell::Empty,
                    10..=22 if !is_key => Cell::Empty,
                    _ => Cell::Present(value(pack, pool, &mut dice, (DatasetId(i as u16), ColumnId(c as u16)), day)),
                });
            }
            cells
        });
        let columns: Vec<Column> = columns.collect();
        let incomplete = if dice.chance(10) { vec![Place::file("half.csv")] } else { Vec::new() };
        tables.push(Table {
            dataset: DatasetId(i as u16),
            columns,
            chunks: vec![Chunk {
                file: 0,
                sheet: 0,
                first: 0,
                rows,
                sheet_columns: vec![None; dataset.columns.len()],
                month_columns: None,
                delivered,
            }],
            records: (1..=rows).collect(),
            places: (1..=rows).map(|row| (row + 1, row + 1)).collect(),
            unfolded: vec![0; rows as usize],
            merged: Merged::default(),
            incomplete,
            refused: 0,
        });
    }
    (tables, day)
}

fn value(pack: &Pack, pool: &Pool, dice: &mut Dice, at: (DatasetId, ColumnId), day: Date) -> Value {
    let column = &pack.get(at.0).columns[at.1.index()];
    let asked: Vec<&Value> = pool.0.get(&at).into_iter().flatten().collect();
    let number = |dice: &mut Dice, scale: u8| {
        let near: Vec<i128> = asked
            .iter()
            .filter_map(|v| match v {
                Value::Number(n) | Value::Money(n) | Value::Percent(n) => n.rescale(scale).map(Decimal::units),
                _ => None,
            })
            .collect();
        let units = match near.is_empty() || dice.chance(60) {
            false => *dice.one(&near) + dice.below(3) as i128 - 1,
            true if matches!(column.kind, Kind::Money(_)) => {
                *dice.one(&[0, 1, 100, 10_001, 100_000, 2_500_050, 3_312_345, -30_000])
            }
            true => *dice.one(&[0, 1, 12, 37, 46, 67, 1_200, 3_700]),
        };
        Decimal::new(units, scale)
    };
    let text = |dice: &mut Dice, others: &[&str]| -> Value {
        let texts: Vec<&Value> = asked.iter().copied().filter(|v| matches!(v, Value::Text(_))).collect();
        if !texts.is_empty() && dice.chance(75) {
            return (*dice.one(&texts)).clone();
        }
        Value::Text((*dice.one(others)).into())
    };
    match column.kind {
        Kind::Text => match column.codes {
            Some(list) if !dice.chance(3) => {
                let texts: Vec<&Value> = asked.iter().copied().filter(|v| matches!(v, Value::Text(_))).collect();
                if !texts.is_empty() && dice.chance(60) {
                    return (*dice.one(&texts)).clone();
                }
                Value::Text(dice.one(&pack.lists[list.index()].codes).code.clone())
            }
            _ => text(dice, &["A", "B", "C", "Ærø-SKOLE"]),
        },
        Kind::TextList => {
            let codes: Vec<Arc<str>> = match column.codes {
                Some(list) => pack.lists[list.index()].codes.iter().map(|c| c.code.clone()).collect(),
                None => vec!["A".into(), "B".into()],
            };
            Value::List((0..dice.below(3)).map(|_| dice.one(&codes).clone()).collect())
        }
        Kind::Integer => Value::Number(number(dice, 0)),
        Kind::Decimal(scale) => Value::Number(number(dice, scale)),
        Kind::Money(scale) => Value::Money(number(dice, scale)),
        Kind::Percent(scale) => Value::Percent(number(dice, scale)),
        Kind::Date => Value::Date(a_day(dice, day)),
        Kind::Month => Value::Date(a_day(dice, day).start_of_month()),
        Kind::Timestamp => Value::Timestamp(match dice.chance(50) {
            true => Timestamp::Day(a_day(dice, day)),
            false => Timestamp::At(Instant::from_danish(a_day(dice, day), 9, 30).expect("a time")),
        }),
        Kind::Bool => Value::Bool(dice.chance(50)),
        Kind::Cpr => text(dice, &PERSONS),
        Kind::Paragraf => {
            let mut texts = vec!["§ 46", "BL § 32, stk. 1, nr. 3", "BL § 46, stk. 1", "SEL § 52, stk. 3, nr. 7", "BL § 47"];
            texts.extend(pack.lists.iter().filter(|l| l.kind == Kind::Paragraf).flat_map(|l| &l.codes).map(|c| &*c.code));
            text(dice, &texts)
        }
        Kind::Konto => {
            let mut texts = vec!["5.28", "7.9", "5.28.20.1.092/7.9", "5.57.72.1.015"];
            texts.extend(pack.lists.iter().filter(|l| l.kind == Kind::Konto).flat_map(|l| &l.codes).map(|c| &*c.code));
            text(dice, &texts)
        }
        Kind::Cvr => text(dice, &["12345678", "87654321"]),
        Kind::Kommune => text(dice, &["607", "461"]),
        other => panic!("a column of kind {other:?}"),
    }
}

/// Days that lie together: near the extract date, at the edges of months, and births.
fn a_day(dice: &mut Dice, extract: Date) -> Date {
    let back = |days: usize| extract.add_days(-(days as i64)).expect("a day");
    match dice.below(10) {
        0..=2 => extract.add_months(-(dice.below(14) as i64)).and_then(|d| d.add_days(dice.below(3) as i64 - 1)).expect("a day"),
        3 => back(dice.below(900)).start_of_month(),
        4 => back(dice.below(900)).end_of_month(),
        5 => extract
            .add_months(-12 * (3 + dice.below(17) as i64))
            .and_then(|d| d.add_days(dice.below(5) as i64 - 2))
            .expect("a day"),
        6 => extract.add_days(dice.below(60) as i64).expect("a day"),
        _ => back(dice.below(700)),
    }
}
