//! Datasets: one file of `model/` each.

use std::sync::Arc;

use super::{figure, twice};
use crate::model::file::{Form, Word};
use crate::model::{Column, ColumnId, Dataset, ListId, Pack, Role};
use crate::value::Kind;

const ROLES: [(&str, Role); 7] = [
    ("case", Role::Case),
    ("owner", Role::Owner),
    ("team", Role::Team),
    ("person", Role::Person),
    ("amount", Role::Amount),
    ("snapshot", Role::Snapshot),
    ("place", Role::Place),
];

pub(super) fn read(form: Form<'_>, pack: &mut Pack) {
    let name = form.need_word("dataset");
    let title = form.need_bilingual("title");
    let mut columns: Vec<Column> = Vec::new();
    for item in form.forms("column") {
        if let Some(column) = column(item, pack, &columns) {
            columns.push(column);
        }
    }
    if columns.is_empty() {
        form.wrong(form.span.clone(), "datasættet har ingen [[column]]", "the dataset has no [[column]]");
    }
    let keys = form.word_lists("keys").iter().filter_map(|key| key_columns(&form, key, &columns)).collect();
    let repeats = form.flag("repeats", false);
    let closed = form.snippet("closed");
    if closed.is_some() && pack.case_dataset().is_some() {
        form.wrong(form.span_of("closed"), "kun ét datasæt har «closed»", "only one dataset has «closed»");
    }
    let mut expectations = Vec::new();
    for item in form.forms("expect") {
        let that = item.snippet("that");
        if that.is_none() && !item.has("that") {
            item.need_word("that");
        }
        if let Some((that, share)) = that.zip(Some(item.whole("share", 1, 100).unwrap_or(90))) {
            expectations.push((that, share));
        }
        item.done();
    }
    // Read when all datasets are known.
    form.has("union");
    if let Some(name) = name {
        if pack.dataset(&name.text).is_some() {
            twice(&form, &name);
        }
        let file = form.file.clone();
        let union = Vec::new();
        pack.datasets.push(Dataset { name: name.text.into(), title, columns, keys, repeats, closed, expectations, union, file });
    }
    form.done();
}

/// The columns a list of words names; `None` (and a mistake) when one is unknown.
fn key_columns(form: &Form<'_>, words: &[Word], columns: &[Column]) -> Option<Vec<ColumnId>> {
    let found: Vec<_> = words.iter().map(|word| find(form, word, columns)).collect();
    found.into_iter().collect()
}

/// The column a word names.
pub(super) fn find(form: &Form<'_>, word: &Word, columns: &[Column]) -> Option<ColumnId> {
    let found = columns.iter().position(|c| *c.name == *word.text).map(|i| ColumnId(i as u16));
    if found.is_none() {
        form.unknown(("ukendt kolonne", "unknown column"), word, columns.iter().map(|c| &*c.name));
    }
    found
}

fn column(form: Form<'_>, pack: &Pack, known: &[Column]) -> Option<Column> {
    let name = form.need_word("name");
    let kind = form.need_word("kind").and_then(|w| figure::kind(&form, &w, pack));
    let open = form.flag("open", false);
    let role = form.word("role").and_then(|word| {
        let found = ROLES.iter().find(|(name, _)| *name == word.text).map(|(_, role)| *role);
        if found.is_none() {
            form.unknown(("ukendt rolle", "unknown role"), &word, ROLES.map(|(name, _)| name));
        }
        found
    });
    let codes = form.word("codes").and_then(|word| code_list(&form, &word, kind, pack));
    if let Some(list) = codes.and_then(|id| pack.lists.get(id.index())).filter(|list| list.others && !open) {
        form.wrong(
            form.span_of("codes"),
            format!("kodelisten «{}» tillader andre tekster; kolonnen skal være open = true", list.name),
            format!("the code list «{}» allows other texts; the column must be open = true", list.name),
        );
    }
    let names = form.flag("names", false);
    if names && kind.is_some_and(|kind| kind != Kind::Text) {
        form.wrong(form.span_of("names"), "kun en kolonne af text har navne", "only a column of text holds names");
    }
    let derived = form.snippet("derived");
    let aliases = form.words("aliases").into_iter().map(|w| w.text).collect();
    if let Some(name) = name.as_ref().filter(|name| known.iter().any(|c| *c.name == *name.text)) {
        twice(&form, name);
    }
    form.done();
    Some(Column { name: Arc::from(name?.text), kind: kind?, open, role, names, codes, derived, aliases })
}

fn code_list(form: &Form<'_>, word: &Word, kind: Option<Kind>, pack: &Pack) -> Option<ListId> {
    let Some(id) = pack.list(&word.text) else {
        form.unknown(("ukendt kodeliste", "unknown code list"), word, pack.lists.iter().map(|l| &*l.name));
        return None;
    };
    let list = pack.lists[id.index()].kind;
    let fits = kind.is_none_or(|kind| kind == list || (kind == Kind::TextList && list == Kind::Text));
    if !fits {
        form.wrong(
            word.span.clone(),
            format!("kodelisten «{}» er af en anden type end kolonnen", word.text),
            format!("the code list «{}» is of another kind than the column", word.text),
        );
    }
    fits.then_some(id)
}
