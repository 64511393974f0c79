//! Links between datasets: `links.toml`.

use std::sync::Arc;

use super::dataset::find;
use crate::locale::Bilingual;
use crate::model::file::{Form, Notebook, Word};
use crate::model::{ColumnId, DatasetId, Link, Pack};
use crate::problem::Mistake;

pub(super) fn read(form: Form<'_>, pack: &mut Pack) {
    for item in form.forms("link") {
        if let Some(link) = link(item, pack) {
            pack.links.push(link);
        }
    }
    form.done();
}

/// The dataset a word names.
pub(super) fn dataset(form: &Form<'_>, word: &Word, pack: &Pack) -> Option<DatasetId> {
    let found = pack.dataset(&word.text);
    if found.is_none() {
        form.unknown(("ukendt datasæt", "unknown dataset"), word, pack.datasets.iter().map(|d| &*d.name));
    }
    found
}

fn link(form: Form<'_>, pack: &Pack) -> Option<Link> {
    let from_word = form.need_word("from");
    let to_word = form.need_word("to");
    let from = from_word.as_ref().and_then(|w| dataset(&form, w, pack));
    let to = to_word.as_ref().and_then(|w| dataset(&form, w, pack));
    let ways = form.word_lists("via");
    if ways.is_empty() {
        form.wrong(form.span_of("via"), "«via» har ingen måder", "«via» has no ways");
    }
    let name = form.word("name").or(to_word.clone());
    let back = form.word("back").or(from_word.clone());
    let one = form.flag("one", true);
    let ways: Option<Vec<_>> = from.zip(to).and_then(|(from, to)| {
        let ways: Vec<_> = ways.iter().map(|way| pairs(&form, way, from, to, pack)).collect();
        ways.into_iter().collect()
    });
    form.done();
    let name = Arc::from(name?.text);
    let back = Arc::from(back?.text);
    Some(Link { from: from?, to: to?, name, back, ways: ways?, one })
}

/// `"cpr"` or `"barn_cpr = cpr"`, each a pair of columns of the same kind.
fn pairs(form: &Form<'_>, way: &[Word], from: DatasetId, to: DatasetId, pack: &Pack) -> Option<Vec<(ColumnId, ColumnId)>> {
    let mut found = Vec::new();
    for word in way {
        let (left, right) = word.text.split_once('=').unwrap_or((&word.text, &word.text));
        let side = |text: &str| Word { text: text.trim().to_owned(), span: word.span.clone() };
        let a = find(form, &side(left), &pack.get(from).columns);
        let b = find(form, &side(right), &pack.get(to).columns);
        let pair = a.zip(b);
        if let Some((a, b)) = pair {
            let same = pack.get(from).columns[a.index()].kind == pack.get(to).columns[b.index()].kind;
            if !same {
                form.wrong(
                    word.span.clone(),
                    format!("kolonnerne i «{}» er af forskellig type", word.text),
                    format!("the columns of «{}» are of different kinds", word.text),
                );
            }
        }
        found.push(pair);
    }
    found.into_iter().collect()
}

/// A path and a column of one dataset may not share a name, nor two paths.
pub(super) fn check_names(pack: &Pack, notes: &Notebook) {
    for (i, data) in pack.datasets.iter().enumerate() {
        let id = DatasetId(i as u16);
        let forward = pack.links.iter().filter(|l| l.from == id).map(|l| &l.name);
        let back = pack.links.iter().filter(|l| l.to == id).map(|l| &l.back);
        let mut seen: Vec<&Arc<str>> = data.columns.iter().map(|c| &c.name).collect();
        for name in forward.chain(back) {
            if seen.contains(&name) {
                let text = Bilingual::new(
                    format!("datasættet «{}» har både en relation og noget andet med navnet «{name}»", data.name),
                    format!("the dataset «{}» has both a path and something else named «{name}»", data.name),
                );
                let end = data.file.text.find('\n').unwrap_or(data.file.text.len());
                notes.add(Mistake::at(&data.file.path, &data.file.text, 0..end, text));
            }
            seen.push(name);
        }
    }
}
