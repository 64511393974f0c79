//! Row sources, searches, and what rows add up to.
//!
//! A source is a list of candidate rows, a condition of membership, and what stands in the way of concluding anything from the
//! absence of further rows.

use sagstjek::model::{DatasetId, LinkId};
use sagstjek::rule::function::Function;
use sagstjek::rule::typed::{Expr, Fold, Node, Pick, Quantifier, RowSource, Rows, Ty};
use sagstjek::value::Kind;

use crate::lower::{Bound, EMPTY, Lower, Lowered, OPEN, UNKNOWN, end, lacks, of_all, scale_of, start, table};

/// A source in SQL; its pieces may use the names of `lets`.
pub(crate) struct Source {
    /// Named values it needs.
    lets: Vec<(String, String)>,
    /// Alias of a candidate.
    alias: String,
    /// Condition that a row of the dataset is a candidate.
    candidate: String,
    /// Whether a candidate belongs to it: 0, 1 or 2.
    member: String,
    /// 1 where the source itself is unknown.
    failed: String,
    /// 1 where there may be further rows.
    more: String,
    dataset: DatasetId,
}

impl Source {
    fn from(&self) -> String {
        format!("FROM {} {} WHERE {}", table(self.dataset), self.alias, self.candidate)
    }

    /// `body` where the names of the source mean something.
    fn within(&self, body: &str) -> String {
        if self.lets.is_empty() {
            return format!("({body})");
        }
        let lets: Vec<String> = self.lets.iter().map(|(name, value)| format!("{value} AS {name}")).collect();
        format!("(SELECT {body} FROM (SELECT {}))", lets.join(", "))
    }
}

impl Lower<'_> {
    /// 1 where a dataset did not arrive whole.
    fn not_whole(dataset: DatasetId) -> String {
        format!("(SELECT 1 - w.whole FROM arrived w WHERE w.d = {})", dataset.index())
    }

    fn source(&self, rows: &Rows) -> Lowered<Source> {
        let alias = self.name("r");
        let mut source = match &rows.source {
            RowSource::Group { start, link, forward } => {
                let from = self.name("s");
                let start_cell = self.cell(start)?;
                let (candidate, failed, more) = self.group(*link, *forward, &from, &alias);
                let failed = format!("(typeof({from}) = 'blob' OR {failed})");
                Source {
                    lets: vec![(from, start_cell)],
                    member: "2".into(),
                    alias: alias.clone(),
                    candidate,
                    failed,
                    more,
                    dataset: rows.dataset,
                }
            }
            RowSource::Through { over, link, forward } => {
                let before = self.source(over)?;
                let row = format!("{}.rid", before.alias);
                let (inner, failed, more) = self.group(*link, *forward, &row, &alias);
                let doubt = format!(
                    "max({}, {}, EXISTS (SELECT 1 {} AND ({member} = 1 OR ({member} = 2 AND ({failed} OR {more})))))",
                    before.more,
                    Self::not_whole(rows.dataset),
                    before.from(),
                    member = before.member
                );
                let candidate = format!("EXISTS (SELECT 1 {} AND {} = 2 AND {inner})", before.from(), before.member);
                Source {
                    lets: before.lets,
                    member: "2".into(),
                    alias: alias.clone(),
                    candidate,
                    failed: before.failed,
                    more: doubt,
                    dataset: rows.dataset,
                }
            }
            RowSource::Whole { equal } => {
                let mut lets = Vec::new();
                let mut members = Vec::new();
                for (column, key) in equal {
                    let own = rows_scale(self, rows.dataset, column.index());
                    let key = match own {
                        Some(scale) if scale_of(key.ty).is_ok_and(|of_key| of_key <= scale) => self.scaled(key, scale)?,
                        _ => self.cell(key)?,
                    };
                    let name = self.name("k");
                    let cell = format!("{alias}.c{}", column.index());
                    members.push(format!(
                        "CASE WHEN {cell} = {UNKNOWN} OR typeof({name}) = 'blob' THEN 1 WHEN {cell} = {name} THEN 2 ELSE 0 END"
                    ));
                    lets.push((name, key));
                }
                let (candidate, failed) = match equal.first() {
                    Some((column, _)) => {
                        let cell = format!("{alias}.c{}", column.index());
                        (format!("({cell} = {} OR {cell} = {UNKNOWN})", lets[0].0), format!("typeof({}) = 'blob'", lets[0].0))
                    }
                    None => ("1".to_owned(), "0".to_owned()),
                };
                let member = if members.is_empty() { "2".to_owned() } else { of_all("min", &members) };
                Source {
                    lets,
                    alias: alias.clone(),
                    candidate,
                    member,
                    failed,
                    more: Self::not_whole(rows.dataset),
                    dataset: rows.dataset,
                }
            }
        };
        self.names.borrow_mut().insert(rows.slot, Bound::Alias(alias));
        let mut all = vec![source.member];
        for part in &rows.filter {
            all.push(self.truth(part)?);
        }
        source.member = of_all("min", &all);
        Ok(source)
    }

    /// The rows that a link leads to from a row: the condition of a candidate, failure, and whether there may be more.
    fn group(&self, link: LinkId, forward: bool, from: &str, alias: &str) -> (String, String, String) {
        let definition = &self.pack.links[link.index()];
        let (here, there) = if forward { ("f", "t") } else { ("t", "f") };
        let l = link.index();
        let x = self.name("l");
        let candidate = format!("{alias}.rid IN (SELECT {x}.{there} FROM l{l} {x} WHERE {x}.{here} = {from})");
        let none = format!("NOT EXISTS (SELECT 1 FROM l{l} {x} WHERE {x}.{here} = {from})");
        if forward && definition.one {
            return (candidate, none, "0".into());
        }
        let (own, other) = if forward { (definition.from, definition.to) } else { (definition.to, definition.from) };
        let row = self.name("g");
        let ways: Vec<String> = definition
            .ways
            .iter()
            .map(|way| {
                let columns = way.iter().map(|(from, to)| if forward { from } else { to });
                let lacking: Vec<String> = columns.map(|c| format!("typeof({row}.c{}) = 'blob'", c.index())).collect();
                format!("({})", lacking.join(" OR "))
            })
            .collect();
        let keyless = format!("EXISTS (SELECT 1 FROM {} {row} WHERE {row}.rid = {from} AND {})", table(own), ways.join(" AND "));
        let doubtful = if forward { "0".to_owned() } else { format!("EXISTS (SELECT 1 FROM q{l} {x} WHERE {x}.t = {from})") };
        (candidate, format!("({none} AND {keyless})"), format!("max({}, {doubtful})", Self::not_whole(other)))
    }

    pub(crate) fn quantified(&self, quantifier: Quantifier, rows: &Rows, satisfies: Option<&Expr>) -> Lowered<String> {
        let source = self.source(rows)?;
        let holds = match (satisfies, quantifier) {
            (None, _) => "2".to_owned(),
            (Some(satisfies), Quantifier::Every) => format!("(2 - {})", self.truth(satisfies)?),
            (Some(satisfies), _) => self.truth(satisfies)?,
        };
        let found = format!(
            "CASE WHEN {} THEN 1 ELSE max({}, coalesce((SELECT max(min({}, {holds})) {}), 0)) END",
            source.failed,
            source.more,
            source.member,
            source.from()
        );
        let found = source.within(&found);
        Ok(match quantifier {
            Quantifier::Some => found,
            Quantifier::No | Quantifier::Every => format!("(2 - {found})"),
        })
    }

    /// `result` over the members: `n` of them, each with its value `v`; unknown where one may be, or lacks its value.
    fn over(&self, rows: &Rows, value: &dyn Fn() -> Lowered<String>, result: &str) -> Lowered<String> {
        let source = self.source(rows)?;
        let value = value()?;
        let listed = format!("SELECT {} AS m, {value} AS v {} LIMIT -1", source.member, source.from());
        let body = format!(
            "CASE WHEN {} OR {} THEN {UNKNOWN} ELSE (SELECT CASE WHEN coalesce(max(m = 1 OR (m = 2 AND typeof(v) = 'blob')), 0) \
             THEN {UNKNOWN} ELSE {result} END FROM ({listed})) END",
            source.failed, source.more
        );
        Ok(source.within(&body))
    }

    pub(crate) fn count(&self, rows: &Rows, distinct: Option<&Expr>) -> Lowered<String> {
        match distinct {
            None => self.over(rows, &|| Ok("0".into()), "count(CASE WHEN m = 2 THEN 1 END)"),
            Some(of) => self.over(rows, &|| self.cell(of), "count(DISTINCT CASE WHEN m = 2 THEN v END)"),
        }
    }

    pub(crate) fn fold(&self, fold: Fold, args: &[Expr], rows: &Rows, ty: Ty) -> Lowered<String> {
        let of = args.last().ok_or("a fold of nothing")?;
        let value = || match scale_of(ty) {
            Ok(scale) => self.scaled(of, scale),
            Err(_) => self.cell(of),
        };
        let some = "CASE WHEN count(CASE WHEN m = 2 THEN 1 END) = 0";
        match fold {
            Fold::Sum => self.over(rows, &value, "coalesce(sum(CASE WHEN m = 2 THEN v END), 0)"),
            Fold::Min => self.over(rows, &value, &format!("{some} THEN {EMPTY} ELSE min(CASE WHEN m = 2 THEN v END) END")),
            Fold::Max => self.over(rows, &value, &format!("{some} THEN {EMPTY} ELSE max(CASE WHEN m = 2 THEN v END) END")),
            Fold::Mean | Fold::Median | Fold::Uncovered | Fold::Spells => Err(format!("{fold:?}")),
        }
    }

    /// Sum and number of the members.
    pub(crate) fn mean(&self, of: &Expr, rows: &Rows) -> Lowered<(String, String)> {
        let some = "CASE WHEN count(CASE WHEN m = 2 THEN 1 END) = 0";
        let value = || self.cell(of);
        let sum = self.over(rows, &value, &format!("{some} THEN {EMPTY} ELSE sum(CASE WHEN m = 2 THEN v END) END"))?;
        Ok((sum, self.over(rows, &value, "count(CASE WHEN m = 2 THEN 1 END)")?))
    }

    pub(crate) fn pick(&self, pick: Pick, rows: &Rows, by: &[Expr]) -> Lowered<String> {
        let source = self.source(rows)?;
        let keys = by.iter().map(|key| self.cell(key)).collect::<Lowered<Vec<_>>>()?;
        let names: Vec<String> = (0..keys.len()).map(|i| format!("k{i}")).collect();
        let columns: Vec<String> = keys.iter().zip(&names).map(|(key, name)| format!("{key} AS {name}")).collect();
        let (listed, ranked, own) = (self.name("listed"), self.name("ranked"), self.name("own"));
        let order = match pick {
            Pick::First | Pick::Next => "",
            Pick::Last | Pick::Previous => " DESC",
        };
        let ordered: Vec<String> = names.iter().map(|name| format!("x.{name}{order}")).collect();
        let tuple = |of: &str| format!("({})", names.iter().map(|n| format!("{of}.{n}")).collect::<Vec<_>>().join(", "));
        let each = self.each;
        let (beyond, trouble) = match pick {
            Pick::First | Pick::Last => ("1".to_owned(), "0".to_owned()),
            Pick::Previous | Pick::Next => {
                let sign = if pick == Pick::Next { ">" } else { "<" };
                let mine = format!("SELECT {} FROM {listed} o WHERE o.m = 2 AND o.rid = {each}.rid", names.join(", "));
                let beyond = format!("EXISTS (SELECT 1 FROM ({mine}) {own} WHERE {} {sign} {})", tuple("x"), tuple(&own));
                let missing = format!("NOT EXISTS ({mine})");
                let tied = format!(
                    "EXISTS (SELECT 1 FROM {listed} x, ({mine}) {own} WHERE x.m = 2 AND x.rid <> {each}.rid AND {} = {})",
                    tuple("x"),
                    tuple(&own)
                );
                (beyond, format!("({missing} OR {tied})"))
            }
        };
        let body = format!(
            "CASE WHEN {failed} OR {more} THEN {UNKNOWN} ELSE (WITH {listed} AS MATERIALIZED (SELECT {alias}.rid AS rid, {member} AS m, {columns} {from}), \
             {ranked} AS MATERIALIZED (SELECT x.rid AS rid, rank() OVER (ORDER BY {ordered}) AS place FROM {listed} x WHERE x.m = 2 AND {beyond}) \
             SELECT CASE WHEN EXISTS (SELECT 1 FROM {listed} b WHERE b.m = 1 OR (b.m = 2 AND ({lacking}))) OR {trouble} THEN {UNKNOWN} \
             ELSE (SELECT CASE count(*) WHEN 0 THEN {EMPTY} WHEN 1 THEN min(x.rid) ELSE {UNKNOWN} END FROM {ranked} x WHERE x.place = 1) END) END",
            failed = source.failed,
            more = source.more,
            alias = source.alias,
            member = source.member,
            columns = columns.join(", "),
            from = source.from(),
            ordered = ordered.join(", "),
            lacking = lacks(&names.iter().map(|n| format!("b.{n}")).collect::<Vec<_>>()),
        );
        Ok(source.within(&body))
    }

    /// Days of a period, or of what others leave uncovered of one: counted day by day.
    pub(crate) fn days_in(&self, of: &Expr) -> Lowered<String> {
        if let Ty::Value(Kind::Period) = of.ty {
            return Ok(self.value(&[self.cell(of)?], |v| {
                let (start, end) = (start(&v[0]), end(&v[0]));
                format!("CASE WHEN {end} = {OPEN} THEN {UNKNOWN} ELSE max(0, {end} - {start} + 1) END")
            }));
        }
        match &of.node {
            Node::Fold(Fold::Uncovered, args, rows) => {
                let [whole, part] = args.as_slice() else { return Err("uncovered".into()) };
                let whole = self.cell(whole)?;
                let name = self.name("w");
                let source = self.source(rows)?;
                let part = self.cell(part)?;
                let listed = self.name("listed");
                let known = "m = 2 AND typeof(v) <> 'blob'";
                // Of an open period the days before an open part that covers its end.
                let last = format!(
                    "CASE WHEN {} < {OPEN} THEN {0} ELSE (SELECT min({}) - 1 FROM {listed} WHERE {known} AND {} = {OPEN}) END",
                    end(&name),
                    start("v"),
                    end("v")
                );
                let bare = format!(
                    "(SELECT count(*) FROM day n WHERE n.n BETWEEN {} AND ({last}) AND NOT EXISTS \
                     (SELECT 1 FROM {listed} WHERE {known} AND n.n BETWEEN {} AND {}))",
                    start(&name),
                    start("v"),
                    end("v")
                );
                let body = format!(
                    "CASE WHEN typeof({name}) = 'blob' OR {} THEN {UNKNOWN} ELSE (WITH {listed} AS MATERIALIZED (SELECT {} AS m, {part} AS v {}) \
                     SELECT CASE WHEN ({last}) IS NULL THEN {UNKNOWN} WHEN {bare} = 0 THEN 0 \
                     WHEN {} OR EXISTS (SELECT 1 FROM {listed} WHERE m = 1 OR (m = 2 AND typeof(v) = 'blob')) THEN {UNKNOWN} ELSE {bare} END) END",
                    source.failed,
                    source.member,
                    source.from(),
                    source.more
                );
                let mut source = source;
                source.lets.push((name, whole));
                Ok(source.within(&body))
            }
            Node::Call(Function::SpellsOf, _) | Node::Fold(Fold::Spells, ..) => Err("spells".into()),
            _ => Err("periods of this form".into()),
        }
    }
}

fn rows_scale(lower: &Lower<'_>, dataset: DatasetId, column: usize) -> Option<u8> {
    scale_of(Ty::Value(lower.pack.get(dataset).columns[column].kind)).ok()
}
