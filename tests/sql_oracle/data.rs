//! A delivery in SQLite: a table for each dataset, links joined by SQL, figures, code lists and a calendar.

use std::collections::BTreeSet;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use sagstjek::calendar::Date;
use sagstjek::model::{ColumnId, DatasetId, Pack};
use sagstjek::rule::typed::{ModelExprs, Rule, Slot, Ty, Verdict};
use sagstjek::store::{CellRef, Completeness, Store};
use sagstjek::value::{Cause, Cell, Kind, Value};

use crate::lower::{Bound, Lower, Lowered, scale_of, units};
use crate::rule::{Lowering, VERDICTS, lower};

/// First and last day that the calendar of the test knows.
const DAYS: [(i32, u32, u32); 2] = [(1985, 1, 1), (2075, 12, 31)];

/// A pack and its rules in SQLite, ready for one delivery after another.
pub(crate) struct Oracle<'a> {
    pack: &'a Pack,
    base: Connection,
    /// Rules, each lowered or with why not.
    pub(crate) rules: Vec<(&'a Rule, Lowered<Lowering>)>,
    closed: Option<(DatasetId, String)>,
    /// Derived columns in order, lowered or with why not.
    pub(crate) derived: Vec<((DatasetId, ColumnId), Lowered<String>)>,
    literals: BTreeSet<(bool, String)>,
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(pack: &'a Pack, model: &ModelExprs, rules: &'a [Rule]) -> Oracle<'a> {
        let rules: Vec<_> = rules.iter().enumerate().map(|(i, rule)| (rule, lower(pack, model, rule, i))).collect();
        let of_model = |lower: &Lower<'_>| lower.names.borrow_mut().insert(Slot(0), Bound::Alias("e".into()));
        let closed = model.closed.as_ref().map(|(dataset, expr)| {
            let lower = Lower::new(pack, 0);
            of_model(&lower);
            (*dataset, lower.truth(expr).expect("the condition of closed cases lowers"))
        });
        let mut literals: BTreeSet<(bool, String)> =
            rules.iter().filter_map(|(_, l)| l.as_ref().ok()).flat_map(|l| l.literals.clone()).collect();
        let derived = model
            .derived
            .iter()
            .map(|(dataset, column, expr)| {
                let lower = Lower::new(pack, 0);
                of_model(&lower);
                let kept = scale_of(Ty::Value(pack.get(*dataset).columns[column.index()].kind));
                let value = kept.map_or_else(|_| lower.cell(expr), |scale| lower.scaled(expr, scale));
                literals.extend(lower.literals.take());
                ((*dataset, *column), value)
            })
            .collect();
        Oracle { pack, base: base(pack), rules, closed, derived, literals }
    }

    /// Fills the tables from a store that nothing was computed in yet (`raw`); what cannot be derived in SQL comes from
    /// `ready`.
    pub(crate) fn fill(&mut self, raw: &Store, ready: &Store, extract_date: Date) {
        let pack = self.pack;
        let derivable: BTreeSet<(DatasetId, ColumnId)> =
            self.derived.iter().filter(|(_, value)| value.is_ok()).map(|(column, _)| *column).collect();
        let mut texts = self.literals.clone();
        let base = self.base.transaction().expect("a transaction");
        base.execute_batch("DELETE FROM world; DELETE FROM arrived; DELETE FROM part; DELETE FROM closed;").expect("deleted");
        base.execute("INSERT INTO world VALUES (?)", [extract_date.days()]).expect("the day");
        for (d, dataset) in pack.datasets.iter().enumerate() {
            let id = DatasetId(d as u16);
            let whole = raw.completeness(id) == Completeness::Whole;
            base.execute("INSERT INTO arrived VALUES (?, ?)", params![d as i64, whole]).expect("a dataset");
            base.execute(&format!("DELETE FROM d{d}"), []).expect("deleted");
            let marks = vec!["?"; dataset.columns.len() + 1].join(", ");
            let mut insert = base.prepare(&format!("INSERT INTO d{d} VALUES ({marks})")).expect("an insert");
            for row in 0..raw.rows(id) {
                let cells = dataset.columns.iter().enumerate().map(|(c, column)| {
                    let column_id = ColumnId(c as u16);
                    let at = CellRef { dataset: id, row, column: column_id };
                    let cell = if derivable.contains(&(id, column_id)) { raw.cell(at) } else { ready.cell(at) };
                    if let (Kind::Konto | Kind::Paragraf, Cell::Present(Value::Text(text))) = (column.kind, &cell) {
                        texts.insert((column.kind == Kind::Konto, text.to_string()));
                    }
                    match (&cell, column.derived.is_some()) {
                        // To be computed.
                        (Cell::Unknown(Cause::NotDelivered), true) => Sql::Blob(vec![2]),
                        _ => sql(&cell, column.kind),
                    }
                });
                let row = std::iter::once(Sql::Integer(i64::from(row))).chain(cells);
                insert.execute(params_from_iter(row)).expect("a row");
            }
        }
        for list in &pack.lists {
            let of_kind = matches!(list.kind, Kind::Konto | Kind::Paragraf);
            texts.extend(list.codes.iter().filter(|_| of_kind).map(|c| (list.kind == Kind::Konto, c.code.to_string())));
        }
        for table in pack.tables.iter().filter(|table| matches!(table.kind, Kind::Konto | Kind::Paragraf)) {
            let konto = table.kind == Kind::Konto;
            texts.extend(table.rows.iter().filter_map(|f| match &f.value {
                Value::Text(text) => Some((konto, text.to_string())),
                _ => None,
            }));
        }
        for (konto, text) in &texts {
            part(&base, *konto, text);
        }
        links(&base, pack);
        for ((dataset, column), value) in &self.derived {
            let Ok(value) = value else { continue };
            let (d, c) = (dataset.index(), column.index());
            // Undelivered cells stand as a blob of their own until they are computed.
            base.execute(&format!("UPDATE d{d} AS e SET c{c} = {value} WHERE e.c{c} IN (x'00', x'02')"), []).expect("derived");
            for part in ["'paragraf'", "'konto'"] {
                let kind = pack.get(*dataset).columns[c].kind;
                if (part == "'konto'") == (kind == Kind::Konto) && matches!(kind, Kind::Konto | Kind::Paragraf) {
                    let mut all =
                        base.prepare(&format!("SELECT DISTINCT c{c} FROM d{d} WHERE typeof(c{c}) = 'text'")).expect("texts");
                    let texts: Vec<String> =
                        all.query_map([], |row| row.get(0)).expect("texts").map(|t| t.expect("a text")).collect();
                    texts.iter().for_each(|text| self::part(&base, kind == Kind::Konto, text));
                }
            }
        }
        if let Some((cases, closed)) = &self.closed {
            let d = cases.index();
            base.execute(&format!("INSERT INTO closed SELECT e.rid, {closed} FROM d{d} e"), []).expect("closed cases");
        }
        base.commit().expect("filled");
    }

    /// The verdict of every row by a rule that was lowered.
    pub(crate) fn verdicts(&self, lowering: &Lowering) -> Result<Vec<Verdict>, rusqlite::Error> {
        let mut told: Option<Vec<Verdict>> = None;
        for reading in &lowering.readings {
            for (name, fill) in &reading.steps {
                self.base.execute_batch(&format!(
                    "CREATE TABLE IF NOT EXISTS {name} (rid INTEGER PRIMARY KEY, v); DELETE FROM {name};"
                ))?;
                self.base.prepare_cached(&format!("INSERT INTO {name} {fill}"))?.execute([])?;
            }
            let mut query = self.base.prepare_cached(&reading.verdicts)?;
            let mut verdicts: Vec<(i64, u32)> =
                query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            verdicts.sort_unstable();
            let verdicts: Vec<Verdict> = verdicts.into_iter().map(|(_, v)| VERDICTS[v as usize]).collect();
            told = Some(match told {
                None => verdicts,
                // Readings that differ leave it open.
                Some(before) => {
                    before.into_iter().zip(verdicts).map(|(a, b)| if a == b { a } else { Verdict::NotAssessed }).collect()
                }
            });
        }
        Ok(told.unwrap_or_default())
    }

    /// Cells of derived columns that SQL computes otherwise than the store.
    pub(crate) fn differing_cells(&self, ready: &Store) -> Vec<String> {
        let mut differing = Vec::new();
        for ((dataset, column), value) in &self.derived {
            if value.is_err() {
                continue;
            }
            let definition = self.pack.get(*dataset);
            let kind = definition.columns[column.index()].kind;
            let query = format!("SELECT rid, c{} FROM d{}", column.index(), dataset.index());
            let mut rows = self.base.prepare_cached(&query).expect("a query");
            let cells = rows.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Sql>(1)?))).expect("cells");
            for (row, computed) in cells.map(|cell| cell.expect("a cell")) {
                let cell = ready.cell(CellRef { dataset: *dataset, row, column: *column });
                if computed != sql(&cell, kind) {
                    let name = &definition.columns[column.index()].name;
                    differing.push(format!("{}.{name} row {row}: {cell:?}, SQL says {computed:?}", definition.name));
                }
            }
        }
        differing
    }
}

/// A cell as the lowering reads it.
fn sql(cell: &Cell, kind: Kind) -> Sql {
    match cell {
        Cell::Empty => Sql::Blob(vec![0]),
        Cell::Unknown(_) => Sql::Blob(vec![1]),
        Cell::Present(value) => match value {
            Value::Text(text) => Sql::Text(text.to_string()),
            Value::List(items) => Sql::Text(items.iter().fold("\u{1f}".to_owned(), |all, item| all + item + "\u{1f}")),
            Value::Number(n) | Value::Money(n) | Value::Percent(n) => {
                Sql::Integer(units(*n, scale_of(Ty::Value(kind)).expect("a number")).expect("it fits"))
            }
            Value::Date(day) => Sql::Integer(i64::from(day.days())),
            Value::Bool(yes) => Sql::Integer(i64::from(*yes)),
            // Rules that read time stamps are not lowered.
            _ => Sql::Blob(vec![1]),
        },
    }
}

fn base(pack: &Pack) -> Connection {
    let base = Connection::open_in_memory().expect("a database");
    base.set_prepared_statement_cache_capacity(2000);
    base.execute_batch(
        "CREATE TABLE world (day); CREATE TABLE arrived (d INTEGER PRIMARY KEY, whole);
         CREATE TABLE closed (rid INTEGER PRIMARY KEY, t);
         CREATE TABLE part (konto, text, p1, p2, p3, p4, p5, p6, p7, PRIMARY KEY (konto, text)) WITHOUT ROWID;
         CREATE TABLE code (list, code, f, u); CREATE INDEX codes ON code (list);
         CREATE TABLE day (n INTEGER PRIMARY KEY); CREATE TABLE w5 (n INTEGER PRIMARY KEY, i UNIQUE); CREATE TABLE w6 (n INTEGER PRIMARY KEY, i UNIQUE);",
    )
    .expect("tables");
    for (d, dataset) in pack.datasets.iter().enumerate() {
        let columns: String = (0..dataset.columns.len()).map(|c| format!(", c{c}")).collect();
        base.execute(&format!("CREATE TABLE d{d} (rid INTEGER PRIMARY KEY{columns})"), []).expect("a dataset");
    }
    for l in 0..pack.links.len() {
        let table = format!("CREATE TABLE l{l} (f, t, way); CREATE INDEX lf{l} ON l{l} (f); CREATE INDEX lt{l} ON l{l} (t);");
        base.execute_batch(&format!("{table} CREATE TABLE q{l} (t);")).expect("a link");
    }
    let [first, last] = DAYS.map(|(y, m, d)| Date::from_ymd(y, m, d).expect("a day").days());
    base.execute_batch("BEGIN").expect("a transaction");
    let mut numbers = [0; 2];
    for n in first..=last {
        let day = Date::from_days(n);
        base.execute("INSERT INTO day VALUES (?)", [n]).expect("a day");
        // The pack's days of rest are data; that Saturdays and Sundays are none is told here once more.
        let weekday = (n + 3).rem_euclid(7) + 1;
        let rest = !pack.working_days.with_saturdays().is_working(day);
        if weekday <= 5 && !rest {
            numbers[0] += 1;
            base.execute("INSERT INTO w5 VALUES (?, ?)", [n, numbers[0]]).expect("a day");
        }
        if weekday <= 6 && !rest {
            numbers[1] += 1;
            base.execute("INSERT INTO w6 VALUES (?, ?)", [n, numbers[1]]).expect("a day");
        }
    }
    for (l, list) in pack.lists.iter().enumerate() {
        for code in &list.codes {
            let (from, until) = (code.from.map(Date::days), code.until.map(Date::days));
            base.execute("INSERT INTO code VALUES (?, ?, ?, ?)", params![l as i64, &*code.code, from, until]).expect("a code");
        }
    }
    for (t, table) in pack.tables.iter().enumerate() {
        let keys: String = (0..table.keys.len()).map(|k| format!("k{k}, ")).collect();
        base.execute(&format!("CREATE TABLE t{t} ({keys}f, u, v)"), []).expect("a table");
        for figure in &table.rows {
            let keys = figure.keys.iter().zip(&table.keys).map(|(key, kind)| sql(&Cell::Present(key.clone()), *kind));
            let days = [figure.from, figure.until].map(|day| day.map_or(Sql::Null, |day| Sql::Integer(i64::from(day.days()))));
            let value = sql(&Cell::Present(figure.value.clone()), table.kind);
            let row: Vec<Sql> = keys.chain(days).chain([value]).collect();
            let marks = vec!["?"; row.len()].join(", ");
            base.execute(&format!("INSERT INTO t{t} VALUES ({marks})"), params_from_iter(row)).expect("a figure");
        }
    }
    base.execute_batch("COMMIT").expect("written");
    base
}

/// Links by SQL: the first way that finds one row wins; of a link of many the first that finds any.
fn links(base: &Connection, pack: &Pack) {
    for (l, link) in pack.links.iter().enumerate() {
        base.execute_batch(&format!("DELETE FROM l{l}; DELETE FROM q{l};")).expect("deleted");
        let (from, to) = (link.from.index(), link.to.index());
        let mut several = Vec::new();
        for (w, way) in link.ways.iter().enumerate() {
            let equal: Vec<String> = way
                .iter()
                .map(|(a, b)| {
                    let (a, b) = (a.index(), b.index());
                    format!("typeof(f.c{a}) <> 'blob' AND typeof(t.c{b}) <> 'blob' AND f.c{a} = t.c{b}")
                })
                .collect();
            let joined = format!("FROM d{from} f JOIN d{to} t ON {}", equal.join(" AND "));
            let left = format!("f.rid NOT IN (SELECT l.f FROM l{l} l)");
            let found = if link.one {
                format!("SELECT f.rid, min(t.rid), {w} {joined} WHERE {left} GROUP BY f.rid HAVING count(*) = 1")
            } else {
                format!("SELECT f.rid, t.rid, {w} {joined} WHERE {left}")
            };
            base.execute(&format!("INSERT INTO l{l} {found}"), []).expect("a way");
            several.push(format!("SELECT f.rid AS f, t.rid AS t, {w} AS way {joined}"));
        }
        if link.one {
            // A row that stays without one may lead to any of those that the first way with several found.
            let all = several.join(" UNION ALL ");
            base.execute(
                &format!(
                    "INSERT INTO q{l} WITH a AS MATERIALIZED ({all}) SELECT DISTINCT a.t FROM a WHERE a.f NOT IN (SELECT l.f FROM l{l} l) \
                     AND a.way = (SELECT min(b.way) FROM a b WHERE b.f = a.f)"
                ),
                [],
            )
            .expect("doubtful rows");
        }
    }
}

/// A section (law, section, stk., nr., litra) or an account (five parts, and the two of its art) taken apart.
fn part(base: &Connection, konto: bool, text: &str) {
    let mut parts: Vec<&str> = vec![""; 7];
    if konto {
        let (account, art) = match text.split_once('/') {
            Some(both) => both,
            None if text.len() == 3 => ("", text),
            None => (text, ""),
        };
        account.split('.').enumerate().for_each(|(i, p)| parts[i] = p);
        art.split('.').enumerate().for_each(|(i, p)| parts[5 + i] = p);
    } else {
        let (law, rest) = text.split_once("§ ").expect("a section");
        parts[0] = law.trim();
        for (i, piece) in rest.split(", ").enumerate() {
            let places = [("stk. ", 2), ("nr. ", 3), ("litra ", 4)];
            match places.iter().find_map(|(word, place)| Some((piece.strip_prefix(word)?, *place))) {
                Some((piece, place)) => parts[place] = piece,
                None if i == 0 => parts[1] = piece,
                None => panic!("{text}"),
            }
        }
    }
    let row = [Sql::Integer(i64::from(konto)), Sql::Text(text.to_owned())].into_iter();
    let row = row.chain(parts.iter().map(|p| Sql::Text((*p).to_owned())));
    base.execute("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", params_from_iter(row)).expect("its parts");
}
