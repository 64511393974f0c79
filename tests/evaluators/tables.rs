//! Random deliveries: small tables whose keys meet often, with cells missing in every way.

use std::sync::Arc;

use sagstjek::calendar::{Date, Instant};
use sagstjek::engine;
use sagstjek::intake::{Chunk, Column, Merged, Table};
use sagstjek::model::{Pack, load};
use sagstjek::problem::Place;
use sagstjek::rule::typed::{ModelExprs, Rule};
use sagstjek::store::Store;
use sagstjek::value::{Cause, Cell, Kind, Timestamp, Value};

use super::chance::Chance;
use super::pack::DATASETS;

/// A store of random tables, prepared for the rule.
pub(crate) fn store(pack: &Arc<Pack>, model: &ModelExprs, rule: &Rule, chance: &mut Chance, extract_date: Date) -> Store {
    let large = chance.percent(10);
    let mut tables = Vec::new();
    for (name, key, ..) in DATASETS {
        if !chance.percent(2) {
            tables.push(table(pack, name, key, large, chance));
        }
    }
    let mut store = Store::build(pack.clone(), tables);
    engine::prepare(&mut store, model, std::slice::from_ref(rule), extract_date, &[]);
    store
}

fn table(pack: &Pack, name: &str, key: &str, large: bool, chance: &mut Chance) -> Table {
    let dataset = pack.dataset(name).expect(name);
    let columns = &pack.get(dataset).columns;
    let most = if large { 200 } else { 9 };
    let rows = chance.below(most) as u32;
    // Two files feed it; either may lack a column.
    let first = if rows > 0 && chance.percent(50) { chance.below(rows as usize) as u32 } else { rows };
    let delivers = |chance: &mut Chance| columns.iter().map(|_| !chance.percent(1)).collect::<Vec<bool>>();
    let delivered = [delivers(chance), delivers(chance)];
    // How much is missing differs from table to table.
    let missing = chance.of(&[0, 0, 0, 2, 12]);
    let cells = columns.iter().enumerate().map(|(c, column)| {
        let mut cells = Column::new(column.kind);
        for row in 0..rows {
            let here = delivered[usize::from(row >= first)][c];
            cells.push(if here { cell(&column.name, (key, row, large), column.kind, missing, chance) } else { Cell::Empty });
        }
        cells
    });
    let columns_now: Vec<Column> = cells.collect();
    let chunk = |file: u16, first: u32, rows: u32| Chunk {
        file,
        sheet: 0,
        first,
        rows,
        sheet_columns: vec![None; columns.len()],
        month_columns: None,
        delivered: delivered[usize::from(file)].clone(),
    };
    let incomplete = if chance.percent(6) { vec![Place::file("afskåret.csv")] } else { Vec::new() };
    Table {
        dataset,
        columns: columns_now,
        chunks: vec![chunk(0, 0, first), chunk(1, first, rows - first)],
        records: (1..=rows).collect(),
        places: (1..=rows).map(|row| (row + 1, row + 1)).collect(),
        unfolded: vec![0; rows as usize],
        merged: Merged::default(),
        incomplete,
        refused: chance.below(2) as u32,
    }
}

fn cell(name: &str, (key, row, large): (&str, u32, bool), kind: Kind, missing: usize, chance: &mut Chance) -> Cell {
    // Keys are mostly told apart; where they are not, links find several rows.
    if name == key && !chance.percent(8) {
        return Cell::Present(Value::Text(format!("{}", row + 1).as_str().into()));
    }
    if chance.percent(missing) {
        return Cell::Unknown(chance.of(&[Cause::Unreadable, Cause::Unreadable, Cause::StatedUnknown]));
    }
    if chance.percent(2 * missing) {
        return Cell::Empty;
    }
    let text = |text: &str| load::value_from_text(kind, text).expect(text);
    let day = |chance: &mut Chance| Date::from_ymd(2024, 1, 1).and_then(|d| d.add_days(chance.below(150) as i64)).expect("day");
    Cell::Present(match kind {
        Kind::Date => Value::Date(day(chance)),
        Kind::Month => Value::Date(day(chance).start_of_month()),
        Kind::Timestamp if chance.percent(40) => Value::Timestamp(Timestamp::Day(day(chance))),
        Kind::Timestamp => {
            let (hour, minute) = (chance.below(24) as u32, chance.of(&[0, 30]));
            match Instant::from_danish(day(chance), hour, minute) {
                Some(at) => Value::Timestamp(Timestamp::At(at)),
                None => return Cell::Unknown(Cause::Unreadable),
            }
        }
        Kind::Bool => Value::Bool(chance.percent(if name == "lukket" { 15 } else { 50 })),
        Kind::Integer => text(chance.of(&["0", "1", "2", "3", "12", "-1", "1", "2", "5", "7", "8", "4000000000000000000"])),
        Kind::Decimal(_) => text(chance.of(&["0.00", "0.50", "10.00", "37.00", "-1.25"])),
        Kind::Money(_) => text(chance.of(&["0.00", "100.00", "1000.50", "1100.00", "-25.25", "900000000000000.00"])),
        Kind::Percent(_) => text(chance.of(&["0.0", "12.5", "50.0", "100.0"])),
        Kind::TextList => Value::List([chance.of(&["a", "b", "c"]), chance.of(&["b", "d"])].map(Into::into).into()),
        Kind::Cpr => text(chance.of(&["070615-4321", "020304-1111", "150899-2222"])),
        Kind::Paragraf => text(chance.of(&["BL § 32", "BL § 32, stk. 1", "SEL § 52", "§ 32"])),
        Kind::Konto => text(chance.of(&["5.28.20.1.092", "5.28.21", "5.28.20", "7.9"])),
        _ if name == "art" => text(chance.of(&["a", "b", "c", "d", "Ab"])),
        // Few cases make large groups, which are indexed more finely.
        _ if large && name == "sagsnr" => text(chance.of(&["1", "2"])),
        _ => text(chance.of(&["1", "2", "3", "4", "5", "6", "7", "8"])),
    })
}
