//! Examples of a rule: rows typed by the model.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::toml::{Item, Toml, number, to_day};
use crate::calendar::Instant;
use crate::locale::Bilingual;
use crate::model::{Dataset, DatasetId, Figure, Pack, Status, TableId};
use crate::rule::messages;
use crate::rule::typed::{Example, ExampleTable, Ty, Verdict};
use crate::value::{Cause, Cell, Decimal, Kind, Timestamp, Value, canonical_text, dk};

/// The verdicts as examples write them.
pub(super) const VERDICTS: &[(&str, Verdict)] = &[
    ("compliant", Verdict::Compliant),
    ("partly", Verdict::Partly),
    ("violation", Verdict::Violation),
    ("not applicable", Verdict::NotApplicable),
    ("not assessed", Verdict::NotAssessed),
];

/// Ways in which an example makes a cell unknown.
const UNKNOWN: &[(&str, Cause)] = &[("unreadable", Cause::Unreadable), ("not delivered", Cause::NotDelivered)];

impl<'a> Toml<'a> {
    /// An `[[example]]` of a rule whose rows are of `each`.
    pub(super) fn example(&mut self, pack: &Pack, each: Option<DatasetId>, item: &Item<'a>) -> Option<Example> {
        let table = self.table(item)?;
        let expect = self.required(table, "expect", &item.span()).and_then(|item| self.expect(item));
        let example = self.delivery(pack, item, table, &["expect"], expect)?;
        if let (Some(each), [(None, _)]) = (each, example.expect.as_slice()) {
            let rows = example.tables.iter().find(|t| t.dataset == each).map_or(0, |t| t.rows.len());
            if rows != 1 {
                self.say(item.span(), messages::one_row_expected(&pack.get(each).name, rows));
            }
        }
        Some(example)
    }

    /// The delivery of an example, with what was read of what it must give under the keys of `own`.
    pub(super) fn delivery<E>(
        &mut self,
        pack: &Pack,
        item: &Item<'a>,
        table: &DeTable<'a>,
        own: &[&str],
        expect: Option<E>,
    ) -> Option<Example<E>> {
        let span = item.span();
        let day = self.required(table, "extract_date", &span).and_then(|item| self.day(item));
        let mut tables = Vec::new();
        let mut rates = Vec::new();
        let mut incomplete = Vec::new();
        for (key, item) in table {
            match &**key.get_ref() {
                "extract_date" => {}
                key if own.contains(&key) => {}
                "rates" => rates = self.rates(pack, item),
                "incomplete" => {
                    for name in self.array(item).unwrap_or_default() {
                        incomplete.extend(self.dataset_named(pack, name));
                    }
                }
                name => match pack.dataset(name) {
                    Some(dataset) => tables.extend(self.rows(pack, dataset, item)),
                    None => {
                        let known = own.iter().copied().chain(["extract_date", "rates", "incomplete"]);
                        let known = known.chain(pack.datasets.iter().map(|d| &*d.name));
                        self.say(key.span(), messages::unknown_key(name, known));
                    }
                },
            }
        }
        Some(Example { expect: expect?, extract_date: day?, tables, rates, incomplete, span })
    }

    fn expect(&mut self, item: &Item<'a>) -> Option<Vec<(Option<String>, Verdict)>> {
        match item.get_ref() {
            DeValue::Table(rows) => {
                let verdicts: Vec<_> =
                    rows.iter().map(|(key, item)| (key.get_ref().to_string(), self.word(item, VERDICTS))).collect();
                verdicts.into_iter().map(|(key, verdict)| Some((Some(key), verdict?))).collect()
            }
            _ => Some(vec![(None, self.word(item, VERDICTS)?)]),
        }
    }

    fn dataset_named(&mut self, pack: &Pack, item: &Item<'a>) -> Option<DatasetId> {
        let name = self.text(item)?;
        let found = pack.dataset(name);
        if found.is_none() {
            let said = messages::unknown_dataset(name, pack.datasets.iter().map(|d| &*d.name));
            self.say(item.span(), said);
        }
        found
    }

    fn rows(&mut self, pack: &Pack, id: DatasetId, item: &Item<'a>) -> Option<ExampleTable> {
        let dataset = pack.get(id);
        let mut rows = Vec::new();
        for row in self.array(item)? {
            let Some(table) = self.table(row) else { continue };
            rows.push(self.row(pack, dataset, table));
        }
        Some(ExampleTable { dataset: id, rows })
    }

    fn row(&mut self, pack: &Pack, dataset: &Dataset, table: &DeTable<'a>) -> Vec<Cell> {
        let mut cells = vec![Cell::Empty; dataset.columns.len()];
        for (key, item) in table {
            let Some(id) = dataset.column(key.get_ref()) else {
                let near = crate::problem::nearest(key.get_ref(), dataset.columns.iter().map(|c| &*c.name));
                self.say(key.span(), messages::no_column(&dataset.name, key.get_ref(), near));
                continue;
            };
            let column = &dataset.columns[id.index()];
            if let DeValue::Table(why) = item.get_ref() {
                self.known(why, &["unknown"]);
                let cause = self.required(why, "unknown", &item.span()).and_then(|item| self.word(item, UNKNOWN));
                cells[id.index()] = cause.map_or(Cell::Empty, Cell::Unknown);
                continue;
            }
            let Some(value) = self.value(pack, &column.name, column.kind, item) else { continue };
            if let (Some(list), Value::Text(text)) = (column.codes, &value) {
                let list = &pack.lists[list.index()];
                if !list.codes.iter().any(|c| c.code == *text) {
                    let near = list.find(text).map(|c| &*c.code);
                    let near = near.or_else(|| crate::problem::nearest(text, list.codes.iter().map(|c| &*c.code)));
                    self.say(item.span(), messages::not_code(&column.name, near));
                }
            }
            cells[id.index()] = Cell::Present(value);
        }
        cells
    }

    /// A value of this kind.
    fn value(&mut self, pack: &Pack, name: &str, kind: Kind, item: &Item<'a>) -> Option<Value> {
        let found = typed(kind, item.get_ref());
        match found {
            Found::Value(value) => Some(value),
            Found::Decimals(most) => {
                self.say(item.span(), messages::too_many_decimals(name, most));
                None
            }
            Found::Other => {
                let wanted = match kind {
                    Kind::Timestamp => Bilingual::new(
                        "et tidspunkt, 2024-01-31T08:30 uden anførselstegn",
                        "a time stamp, 2024-01-31T08:30 without quotes",
                    ),
                    Kind::Month => {
                        Bilingual::new("en måned, \"2024-01\" eller dens første dag", "a month, \"2024-01\" or its first day")
                    }
                    kind => messages::type_words(Ty::Value(kind), pack),
                };
                self.say(item.span(), messages::cell_wants(name, &wanted));
                None
            }
        }
    }

    /// `rates = { table = [{ from, until, key | keys, value }] }`
    fn rates(&mut self, pack: &Pack, item: &Item<'a>) -> Vec<(TableId, Vec<Figure>)> {
        let mut out = Vec::new();
        let Some(tables) = self.table(item) else { return out };
        for (key, item) in tables {
            let Some(id) = pack.table(key.get_ref()) else {
                let said = messages::unknown_table(key.get_ref(), pack.tables.iter().map(|t| &*t.name));
                self.say(key.span(), said);
                continue;
            };
            let rows = self.array(item).unwrap_or_default();
            out.push((id, rows.iter().filter_map(|row| self.figure(pack, id, row)).collect()));
        }
        out
    }

    fn figure(&mut self, pack: &Pack, id: TableId, item: &Item<'a>) -> Option<Figure> {
        let of = &pack.tables[id.index()];
        let table = self.table(item)?;
        self.known(table, &["from", "until", "key", "keys", "value"]);
        let from = table.get("from").and_then(|item| self.day(item));
        let until = table.get("until").and_then(|item| self.day(item));
        let items: Vec<&Spanned<DeValue<'a>>> = match (table.get("key"), table.get("keys")) {
            (Some(key), _) => vec![key],
            (None, Some(keys)) => self.array(keys).unwrap_or_default().iter().collect(),
            (None, None) => Vec::new(),
        };
        if items.len() != of.keys.len() {
            self.say(item.span(), messages::key_count(&of.name, of.keys.len(), items.len()));
        }
        let keys: Vec<Value> =
            items.iter().zip(&of.keys).filter_map(|(item, &kind)| self.value(pack, "key", kind, item)).collect();
        let value = self.required(table, "value", &item.span())?;
        let value = self.value(pack, "value", of.kind, value)?;
        Some(Figure { from, until, keys, value, status: Status::Local, source: "[[example]]".into() })
    }
}

enum Found {
    Value(Value),
    /// More decimals than the kind has.
    Decimals(u8),
    Other,
}

fn typed(kind: Kind, item: &DeValue<'_>) -> Found {
    let scaled = |scale: u8, wrap: fn(Decimal) -> Value| match number(item) {
        Some(n) if n.trimmed().scale() > scale => Found::Decimals(scale),
        Some(n) => n.trimmed().rescale(scale).map_or(Found::Other, |n| Found::Value(wrap(n))),
        None => Found::Other,
    };
    let found = match kind {
        Kind::Integer => return scaled(0, Value::Number),
        Kind::Decimal(scale) => return scaled(scale, Value::Number),
        Kind::Money(scale) => return scaled(scale, Value::Money),
        Kind::Percent(scale) => return scaled(scale, Value::Percent),
        Kind::Text => item.as_str().map(|text| Value::Text(canonical_text(text).into())),
        Kind::TextList => item.as_array().and_then(|items| {
            let texts: Option<Vec<_>> = items.iter().map(|i| i.get_ref().as_str()).collect();
            Some(Value::List(texts?.into_iter().map(|text| canonical_text(text).into()).collect()))
        }),
        Kind::Cpr | Kind::Paragraf | Kind::Konto | Kind::Cvr | Kind::Kommune => {
            item.as_str().and_then(|text| dk::parse(kind, text).value()).map(|text| Value::Text(text.into()))
        }
        Kind::Bool => item.as_bool().map(Value::Bool),
        Kind::Date => plain_day(item).map(Value::Date),
        Kind::Month => match item.as_str() {
            Some(text) => crate::calendar::Date::parse_iso(&format!("{text}-01")).map(Value::Date),
            None => plain_day(item).filter(|day| day.day() == 1).map(Value::Date),
        },
        Kind::Timestamp => timestamp(item).map(Value::Timestamp),
        Kind::Duration | Kind::WorkingDays | Kind::Period | Kind::Ratio | Kind::MoneyRatio => None,
    };
    found.map_or(Found::Other, Found::Value)
}

fn plain_day(item: &DeValue<'_>) -> Option<crate::calendar::Date> {
    item.as_datetime().filter(|d| d.time.is_none()).and_then(|d| d.date).and_then(to_day)
}

/// A Danish wall clock time, an instant with its offset, or a whole day.
fn timestamp(item: &DeValue<'_>) -> Option<Timestamp> {
    let at = item.as_datetime()?;
    let day = at.date.and_then(to_day)?;
    let Some(time) = at.time else { return Some(Timestamp::Day(day)) };
    match at.offset {
        None => Instant::from_danish(day, u32::from(time.hour), u32::from(time.minute)).map(Timestamp::At),
        Some(offset) => {
            let offset = match offset {
                toml::value::Offset::Z => 0,
                toml::value::Offset::Custom { minutes } => i64::from(minutes),
            };
            let minutes = (i64::from(day.days()) * 24 + i64::from(time.hour)) * 60 + i64::from(time.minute);
            Some(Timestamp::At(Instant::from_minutes(minutes - offset)))
        }
    }
}
