//! Files of key figures: TOML to [`KeyFigure`].

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::Reader;
use super::texts::shown;
use super::toml::{Item, Written, number};
use crate::locale::Bilingual;
use crate::model::{ListId, Pack};
use crate::problem::{Mistake, Severity};
use crate::rule::check::{Binding, class};
use crate::rule::figure::{Aggregate, FigureColumn, FigureTexts, Grouping, Head, KeyFigure, Printed, Whole};
use crate::rule::messages;
use crate::rule::typed::{Example, Expr, Node, Reads, Scope, Slot, Step, Ty};
use crate::value::Kind;

const KEYS: &[&str] = &[
    "id", "since", "tracks", "source", "scope", "each", "steps", "per", "when", "group", "let", "by", "across", "columns",
    "order", "top", "rows", "total", "da", "en", "example",
];

/// Reads and checks every key figure of a pack, in the order of its folders, then by id. `taken` are the ids of rules.
///
/// # Errors
/// Every mistake of every file, with its place.
pub fn load_figures(pack: &Pack, taken: &[(Arc<str>, Arc<str>)]) -> Result<Vec<KeyFigure>, Vec<Mistake>> {
    let mut ids: BTreeMap<String, Arc<str>> = taken.iter().map(|(id, path)| (id.to_string(), path.clone())).collect();
    let (mut figures, mut notes) = (Vec::new(), Vec::new());
    for file in &pack.figures {
        let mut reader = Reader::new(pack, file);
        reader.over_group = true;
        let figure = reader.figure(&mut ids);
        notes.append(&mut reader.toml.mistakes);
        figures.extend(figure);
    }
    // Remarks are for rules: a key figure decides nothing.
    notes.retain(|note| note.severity == Severity::Failure);
    if !notes.is_empty() {
        return Err(notes);
    }
    let order = |figure: &KeyFigure| pack.figure_folders.iter().position(|f| *f.folder == *figure.folder);
    figures.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id)));
    Ok(figures)
}

/// What ranges over a group, and which slots only single rows have.
struct Over {
    by: Vec<Head>,
    across: Option<Head>,
    columns: Vec<FigureColumn>,
    order: Option<Expr>,
    aggregates: Vec<Aggregate>,
}

impl<'p> Reader<'p> {
    fn figure(&mut self, ids: &mut BTreeMap<String, Arc<str>>) -> Option<KeyFigure> {
        let table = self.toml.parse()?;
        let figure = self.read_figure(table.get_ref(), ids);
        self.finish(figure)
    }

    fn read_figure(&mut self, table: &DeTable<'p>, ids: &mut BTreeMap<String, Arc<str>>) -> Option<KeyFigure> {
        let top = 0..0;
        self.toml.known(table, KEYS);
        let (folder, name) = self.file_name(&self.pack.figure_folders);
        let id = self.toml.required(table, "id", &top).and_then(|item| self.id(item, ids));
        let since = self.toml.required(table, "since", &top).and_then(|item| self.toml.text(item)).map(str::to_owned);
        let tracks = table.get("tracks").map(|item| self.texts_of(item)).unwrap_or_default();
        let source = table.get("source").and_then(|item| self.plain(item));
        let scopes = [("open", Scope::Open), ("all", Scope::All)];
        let scope = table.get("scope").and_then(|item| self.toml.word(item, &scopes)).unwrap_or(Scope::All);

        let row = self.toml.required(table, "each", &top).and_then(|item| self.each(item));
        self.checks = row.is_some();
        let per = table.get("per").and_then(|item| self.per(item));
        let steps = table.get("steps").map(|item| self.steps(item)).unwrap_or_default();
        let when = table.get("when").and_then(|item| {
            let written = self.toml.written(item)?;
            self.checked(&written, |checker, ast| checker.condition(ast))
        });
        let of_rows: Vec<Slot> = self.checker.scope.iter().map(|binding| binding.slot).collect();
        let (grouping, of_rows) = self.grouping(table, of_rows);
        let named = grouping.iter().flat_map(|grouping| grouping.keys.iter().chain(&grouping.lets));
        let defined: Vec<&Step> = steps.iter().chain(named).collect();
        let over = self.over(table, &of_rows, &defined);

        let top_rows = table.get("top").and_then(|item| self.count_of(item));
        let rows = table.get("rows").and_then(|item| self.count_of(item));
        for (key, other) in [("rows", "across"), ("order", "by"), ("top", "by"), ("let", "group")] {
            if let (Some(item), false) = (table.get(key), table.contains_key(other)) {
                self.say(item.span(), messages::needs_key(key, other));
            }
        }
        let total = table.get("total").is_some_and(|item| self.flag(item));
        let da = self.toml.required(table, "da", &top).and_then(|item| self.figure_texts(item));
        let en = self.toml.required(table, "en", &top).and_then(|item| self.figure_texts(item));
        let width = over.by.len() + if over.across.is_some() { 0 } else { over.columns.len() };
        let examples = self.figure_examples(table, width, over.across.is_some());
        if self.checker.questions() > 0 {
            self.say(top, messages::either_in_rules_only());
        }
        let mut figure = KeyFigure {
            id: id?.into(),
            name: name?.into(),
            folder: folder?.into(),
            file: self.toml.file.clone(),
            since: since?,
            tracks,
            source,
            scope,
            each: self.each?,
            row: row?,
            steps,
            per,
            when,
            grouping,
            by: over.by,
            across: over.across,
            columns: over.columns,
            aggregates: over.aggregates,
            order: over.order,
            top: top_rows,
            rows,
            total,
            da: da?,
            en: en?,
            examples,
            reads: Reads::default(),
            slots: self.checker.slots(),
        };
        figure.reads = Reads::of_figure(&figure);
        Some(figure)
    }

    /// `group` and `let`. Afterwards only the group's values are in scope; also gives the slots that no column may read bare.
    fn grouping(&mut self, table: &DeTable<'p>, of_rows: Vec<Slot>) -> (Option<Grouping>, Vec<Slot>) {
        let Some(item) = table.get("group") else { return (None, of_rows) };
        let keys = self.group_keys(item);
        self.checker.over_group.aggregates = Some(Vec::new());
        let mut lets = Vec::new();
        let mut bound: Vec<Binding> = Vec::new();
        for (key, item) in table.get("let").and_then(|item| self.toml.table(item)).into_iter().flatten() {
            let Some(written) = self.toml.written(item) else { continue };
            let name: Arc<str> = key.get_ref().to_string().into();
            if keys.iter().any(|(key, _)| *key.name == *name) {
                self.say(key.span(), messages::name_taken(&name, "en nøgle i group", "a key of group"));
            }
            let value = self.checked(&written, |checker, ast| {
                let value = shown(checker, ast)?;
                checker.only_aggregates(&value, &of_rows).then_some(value)
            });
            let slot = self.checker.new_slot();
            bound.push(Binding { name: name.clone(), slot, ty: value.as_ref().map(|value| value.ty) });
            lets.extend(value.map(|expr| Step { name, slot, expr }));
        }
        let aggregates = self.checker.over_group.aggregates.take().unwrap_or_default();
        let values: Vec<Binding> = keys.iter().map(|(binding, _)| binding.clone()).chain(bound).collect();
        let slots = values.iter().map(|value| value.slot).collect();
        let keys =
            keys.into_iter().filter_map(|(binding, expr)| Some(Step { name: binding.name, slot: binding.slot, expr: expr? }));
        let grouping = Grouping { keys: keys.collect(), lets, aggregates };
        self.checker.scope.clear();
        self.checker.over_group.values = Some(values);
        (Some(grouping), slots)
    }

    /// `group = ['p.sag', 'år = year(p.bogført)']`
    fn group_keys(&mut self, item: &Item<'p>) -> Vec<(Binding, Option<Expr>)> {
        let mut keys: Vec<(Binding, Option<Expr>)> = Vec::new();
        for item in self.toml.array(item).unwrap_or_default() {
            let Some(written) = self.toml.written(item) else { continue };
            let Some((name, text, base)) = named(&written) else {
                self.say(written.span(), messages::group_key_shape());
                continue;
            };
            if keys.iter().any(|(key, _)| *key.name == *name) {
                self.say(written.span(), messages::name_taken(&name, "en anden nøgle", "another key"));
            }
            let expr = self.checked(&Written { text, base }, |checker, ast| match checker.expr(ast)? {
                row if matches!(row.ty, Ty::Row(_)) => Some(row),
                value => checker.told_apart(value),
            });
            let slot = self.checker.new_slot();
            keys.push((Binding { name: name.into(), slot, ty: expr.as_ref().map(|expr| expr.ty) }, expr));
        }
        keys
    }

    /// Keys and columns of the table.
    fn over(&mut self, table: &DeTable<'p>, of_rows: &[Slot], defined: &[&Step]) -> Over {
        let items = table.get("by").and_then(|item| self.toml.array(item)).unwrap_or_default();
        let by: Vec<Option<Head>> = items.iter().map(|item| self.head(item, defined)).collect();
        let across = table.get("across").and_then(|item| self.head(item, defined));
        self.checker.over_group.aggregates = Some(Vec::new());
        let columns = match self.toml.required(table, "columns", &(0..0)) {
            Some(item) => self.columns(item, of_rows),
            None => Vec::new(),
        };
        let order = table.get("order").and_then(|item| {
            let written = self.toml.written(item)?;
            self.over_rows(&written, of_rows)
        });
        let aggregates = self.checker.over_group.aggregates.take().unwrap_or_default();
        Over { by: by.into_iter().flatten().collect(), across, columns, order, aggregates }
    }

    /// A heading and its value: an expression alone, or `{ da, en, value, codes }`.
    fn head(&mut self, item: &Item<'p>, defined: &[&Step]) -> Option<Head> {
        let (title, value, list) = match item.get_ref() {
            DeValue::Table(table) => {
                self.toml.known(table, &["da", "en", "value", "codes"]);
                let title = self.both(table, item);
                let value = self.toml.required(table, "value", &item.span()).and_then(|item| self.toml.written(item));
                let list = table.get("codes").and_then(|item| self.list_named(item));
                (title?, value?, list)
            }
            _ => {
                let written = self.toml.written(item)?;
                (Bilingual::new(written.text.as_str(), written.text.as_str()), written, None)
            }
        };
        let value = self.checked(&value, |checker, ast| {
            let value = checker.expr(ast)?;
            checker.told_apart(value)
        })?;
        let behind = behind(&value, defined);
        let codes = list.or_else(|| own_codes(self.pack, behind));
        let textual = matches!(value.ty, Ty::Value(kind) if kind.is_textual());
        let personal = textual && reads_personal(self.pack, &value, defined);
        Some(Head { title, value, codes, personal })
    }

    fn list_named(&mut self, item: &Item<'p>) -> Option<ListId> {
        let name = self.toml.text(item)?;
        let found = self.pack.list(name);
        if found.is_none() {
            let said = messages::unknown_list(name, self.pack.lists.iter().map(|list| &*list.name));
            self.say(item.span(), said);
        }
        found
    }

    fn columns(&mut self, item: &Item<'p>, of_rows: &[Slot]) -> Vec<FigureColumn> {
        let items = self.toml.array(item).unwrap_or_default();
        if items.is_empty() {
            self.say(item.span(), messages::no_columns());
        }
        let columns: Vec<Option<FigureColumn>> = items.iter().map(|item| self.column(item, of_rows)).collect();
        columns.into_iter().flatten().collect()
    }

    fn column(&mut self, item: &Item<'p>, of_rows: &[Slot]) -> Option<FigureColumn> {
        let table = self.toml.table(item)?;
        self.toml.known(table, &["da", "en", "value", "share"]);
        let title = self.both(table, item);
        let value = self.toml.required(table, "value", &item.span()).and_then(|item| self.toml.written(item));
        let value = value.and_then(|written| self.over_rows(&written, of_rows));
        let share = match table.get("share") {
            None => None,
            Some(item) => Some(self.share(item, value.as_ref(), of_rows)?),
        };
        Some(FigureColumn { title: title?, value: value?, share: share.flatten() })
    }

    /// `share = true | "total" | 'expression'`. `Some(None)` is no share at all.
    fn share(&mut self, item: &Item<'p>, value: Option<&Expr>, of_rows: &[Slot]) -> Option<Option<Whole>> {
        let whole = match item.get_ref() {
            DeValue::Boolean(false) => return Some(None),
            DeValue::Boolean(true) => {
                let written = Written { text: "count()".into(), base: item.span().start };
                Whole::Rows(self.over_rows(&written, of_rows)?)
            }
            DeValue::String(word) if word == "total" => Whole::Total,
            DeValue::String(_) => {
                let written = self.toml.written(item)?;
                Whole::Of(self.over_rows(&written, of_rows)?)
            }
            _ => {
                self.say(item.span(), messages::share_shape());
                return None;
            }
        };
        let part = value?;
        let of = whole.expr().map_or(part.ty, |whole| whole.ty);
        let kinds = |ty: Ty| match ty {
            Ty::Value(kind @ (Kind::Integer | Kind::Decimal(_) | Kind::Money(_))) => Some(class(kind)),
            _ => None,
        };
        if kinds(part.ty).is_none() || kinds(part.ty) != kinds(of) {
            let words = |ty: Ty| messages::type_words(ty, self.pack);
            let said = messages::share_of_another_kind(&words(part.ty), &words(of));
            self.say(item.span(), said);
            return None;
        }
        Some(Some(whole))
    }

    /// An expression over the group that can be printed.
    fn over_rows(&mut self, written: &Written, of_rows: &[Slot]) -> Option<Expr> {
        self.checked(written, |checker, ast| {
            let value = shown(checker, ast)?;
            if value.ty == Ty::Value(Kind::Ratio) {
                checker.say(value.span, messages::must_be_rounded());
                return None;
            }
            checker.only_aggregates(&value, of_rows).then_some(value)
        })
    }

    // --- plain keys ---

    /// `da` and `en` of a heading.
    fn both(&mut self, table: &DeTable<'p>, item: &Item<'p>) -> Option<Bilingual> {
        let [da, en] = ["da", "en"].map(|key| {
            let text = self.toml.required(table, key, &item.span())?;
            self.plain(text)
        });
        Some(Bilingual::new(da?, en?))
    }

    /// A text that is not empty.
    fn plain(&mut self, item: &Item<'p>) -> Option<String> {
        let text = self.toml.text(item)?.trim().to_owned();
        if text.is_empty() {
            self.say(item.span(), messages::empty_text());
            return None;
        }
        Some(text)
    }

    fn count_of(&mut self, item: &Item<'p>) -> Option<u32> {
        let count = number(item.get_ref()).and_then(|n| n.to_i64()).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        if count.is_none() {
            self.say(item.span(), messages::toml_wants("et antal", "a number of rows"));
        }
        count
    }

    fn flag(&mut self, item: &Item<'p>) -> bool {
        let flag = item.get_ref().as_bool();
        if flag.is_none() {
            self.say(item.span(), messages::toml_wants("true eller false", "true or false"));
        }
        flag.unwrap_or(false)
    }

    fn figure_texts(&mut self, item: &Item<'p>) -> Option<FigureTexts> {
        let table = self.toml.table(item)?;
        self.toml.known(table, &["title", "why", "note"]);
        let [title, why] = ["title", "why"].map(|key| {
            let text = self.toml.required(table, key, &item.span())?;
            self.plain(text)
        });
        let note = table.get("note").and_then(|item| self.plain(item));
        Some(FigureTexts { title: title?, why: why?, note })
    }

    // --- examples ---

    fn figure_examples(&mut self, table: &DeTable<'p>, width: usize, pivoted: bool) -> Vec<Example<Printed>> {
        let items = table.get("example").and_then(|item| self.toml.array(item)).unwrap_or_default();
        if items.is_empty() {
            self.say(0..0, messages::figure_needs_example());
        }
        let examples: Vec<_> = items.iter().map(|item| self.figure_example(item, width, pivoted)).collect();
        examples.into_iter().flatten().collect()
    }

    fn figure_example(&mut self, item: &Item<'p>, width: usize, pivoted: bool) -> Option<Example<Printed>> {
        let table = self.toml.table(item)?;
        let own: &[&str] = if pivoted { &["expect", "across"] } else { &["expect"] };
        let mut printed = Printed::default();
        if pivoted {
            let across = self.toml.required(table, "across", &item.span())?;
            printed.across = self.cells(across);
        }
        let expect = self.toml.required(table, "expect", &item.span())?;
        for row in self.toml.array(expect).unwrap_or_default() {
            let cells = self.cells(row);
            if !pivoted && cells.len() != width {
                self.say(row.span(), messages::wrong_width(width, cells.len()));
            }
            printed.rows.push(cells);
        }
        self.toml.delivery(self.pack, item, table, own, Some(printed))
    }

    /// Cells as an example writes them: texts, or numbers without quotes.
    fn cells(&mut self, item: &Item<'p>) -> Vec<String> {
        let mut cells = Vec::new();
        for item in self.toml.array(item).unwrap_or_default() {
            match number(item.get_ref()) {
                Some(n) => cells.push(n.plain()),
                None => cells.extend(self.toml.text(item).map(str::to_owned)),
            }
        }
        cells
    }
}

/// Name and expression of a key: `name = expression`, or a path, which is called by its last step.
fn named(written: &Written) -> Option<(String, String, usize)> {
    let is_name = |text: &str| text.starts_with(char::is_alphabetic) && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if let Some((name, text)) = written.text.split_once('=')
        && is_name(name.trim())
    {
        return Some((name.trim().to_owned(), text.to_owned(), written.base + written.text.len() - text.len()));
    }
    let (_, last) = written.text.rsplit_once('.')?;
    let path = written.text.trim().split('.').all(|step| is_name(step.trim()));
    path.then(|| (last.trim().to_owned(), written.text.clone(), written.base))
}

/// The code list of the column that a value is.
fn own_codes(pack: &Pack, value: &Expr) -> Option<ListId> {
    let Node::Field(row, column) = &value.node else { return None };
    let Ty::Row(dataset) = row.ty else { return None };
    pack.get(dataset).columns[column.index()].codes
}

/// The expression behind a name, or the expression itself.
fn behind<'e>(value: &'e Expr, defined: &[&'e Step]) -> &'e Expr {
    let Node::Var(slot) = value.node else { return value };
    // A name is defined before it is used, so this ends.
    defined.iter().find(|step| step.slot == slot).map_or(value, |step| behind(&step.expr, defined))
}

/// Whether an expression reads a personal column, itself or through the names in it.
fn reads_personal(pack: &Pack, value: &Expr, defined: &[&Step]) -> bool {
    let mut personal = false;
    value.walk(&mut |part| match &part.node {
        Node::Field(row, column) => {
            if let Ty::Row(dataset) = row.ty {
                personal |= pack.get(dataset).columns[column.index()].is_personal();
            }
        }
        Node::Var(slot) => {
            let step = defined.iter().find(|step| step.slot == *slot);
            personal |= step.is_some_and(|step| reads_personal(pack, &step.expr, defined));
        }
        _ => {}
    });
    personal
}
