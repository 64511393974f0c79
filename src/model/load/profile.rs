//! Profiles: one file of `profiler/` each, one system's layout.

use super::dataset::find;
use super::link::dataset;
use super::twice;
use crate::model::file::{Form, Word};
use crate::model::{Column, ColumnId, DatasetId, Feed, FeedColumn, FeedSource, Pack, Profile, Spread, TotalRow, Unfold};
use crate::value::Kind;

fn texts(words: Vec<Word>) -> Vec<String> {
    words.into_iter().map(|w| w.text).collect()
}

fn text_lists(lists: Vec<Vec<Word>>) -> Vec<Vec<String>> {
    lists.into_iter().map(texts).collect()
}

pub(super) fn read(form: Form<'_>, pack: &mut Pack) {
    let name = form.need_word("profile");
    let system = form.need_word("system");
    let title = form.need_bilingual("title");
    let mut signature = text_lists(form.word_lists("signature"));
    let by_column = form.words("signature_columns");
    if signature.is_empty() && by_column.is_empty() {
        form.wrong(form.span_of("signature"), "profilen har ingen «signature»", "the profile has no «signature»");
    }
    let without = text_lists(form.word_lists("without"));
    let files = texts(form.words("files"));
    let final_line_end = form.flag("final_line_end", true);
    let total = form.form("total").map(|total| {
        let marks = texts(total.words("marks"));
        let sums = text_lists(total.word_lists("sums"));
        if marks.is_empty() {
            total.wrong(total.span_of("marks"), "«marks» er tom", "«marks» is empty");
        }
        let required = total.flag("required", false);
        total.done();
        TotalRow { marks, sums, required }
    });
    let mut feeds = Vec::new();
    let items = form.forms("feeds");
    if items.is_empty() {
        form.wrong(form.span.clone(), "profilen har ingen [[feeds]]", "the profile has no [[feeds]]");
    }
    for item in items {
        if let Some(feed) = feed(item, pack) {
            feeds.push(feed);
        }
    }
    signature.extend(by_column.iter().filter_map(|word| spellings(&form, word, &feeds, pack)));
    if let Some(name) = name {
        if pack.profile(&name.text).is_some() {
            twice(&form, &name);
        }
        let system = system.map(|w| w.text).unwrap_or_default();
        let file = form.file.clone();
        pack.profiles.push(Profile {
            name: name.text.into(),
            system,
            title,
            signature,
            without,
            files,
            final_line_end,
            total,
            feeds,
            file,
        });
    }
    form.done();
}

/// Every header that the profile reads a column of its first feed from.
fn spellings(form: &Form<'_>, word: &Word, feeds: &[Feed], pack: &Pack) -> Option<Vec<String>> {
    let feed = feeds.first()?;
    let dataset = pack.get(feed.dataset);
    let column = find(form, word, &dataset.columns)?;
    let model = &dataset.columns[column.index()];
    let mut found = Vec::new();
    for entry in feed.columns.iter().filter(|entry| entry.to == column) {
        if let FeedSource::Header(headers) = &entry.from {
            found.extend(headers.iter().cloned());
            if !entry.exact {
                found.push(model.name.to_string());
                found.extend(model.aliases.iter().cloned());
            }
        }
    }
    if found.is_empty() {
        form.wrong(
            word.span.clone(),
            format!("den første [[feeds]] læser ikke «{}» fra en overskrift", word.text),
            format!("the first [[feeds]] does not read «{}» from a header", word.text),
        );
    }
    Some(found).filter(|found| !found.is_empty())
}

fn feed(form: Form<'_>, pack: &Pack) -> Option<Feed> {
    let id = form.need_word("dataset").and_then(|w| dataset(&form, &w, pack));
    if id.is_some_and(|id| !pack.get(id).union.is_empty()) {
        let span = form.span_of("dataset");
        form.wrong(span, "en union fødes af sine datasæt, ikke af en profil", "a union is fed by its datasets, not by a profile");
    }
    let distinct = form.flag("distinct", false);
    let secondary = form.flag("secondary", false);
    let needed = form.words("needs");
    let items = form.forms("columns");
    let Some(id) = id else {
        form.form("unfold");
        form.form("spread");
        form.done();
        return None;
    };
    let known = &pack.get(id).columns;
    let needs = needed.iter().filter_map(|w| find(&form, w, known)).collect();
    let mut columns: Vec<FeedColumn> = Vec::new();
    for item in items {
        let to = item.need_word("to");
        let found = to.as_ref().and_then(|w| find(&item, w, known));
        let from = source(&item);
        let exact = item.flag("exact", false);
        let only = item.form("only").map(|only| {
            let pair = (texts(only.words("header")), texts(only.words("is")));
            if pair.0.is_empty() || pair.1.is_empty() {
                only.wrong(only.span.clone(), "«only» skal have header og is", "«only» must have header and is");
            }
            only.done();
            pair
        });
        if let Some((to, word)) = found.zip(to.as_ref()) {
            // A second entry is another place to look, for files without the first.
            if columns.iter().any(|c| c.to == to && c.from == from) {
                twice(&item, word);
            }
            columns.push(FeedColumn { to, from, exact, only });
        }
        item.done();
    }
    let unfold = form.form("unfold").and_then(|item| unfold(item, id, pack));
    let spread = form.form("spread").and_then(|item| spread(item, id, pack));
    if unfold.is_some() && spread.is_some() {
        form.wrong(form.span_of("spread"), "kun én af «unfold» og «spread»", "only one of «unfold» and «spread»");
    }
    form.done();
    Some(Feed { dataset: id, distinct, secondary, needs, columns, unfold, spread })
}

/// Where a value comes from: one of the source keys; none of them = the column's own name and aliases.
fn source(form: &Form<'_>) -> FeedSource {
    let keys = ["header", "negated", "join", "sheet_name", "file_name", "constant"];
    let given: Vec<_> = keys.into_iter().filter(|key| form.has(key)).collect();
    if given.len() > 1 {
        form.wrong(form.span.clone(), "kun én kilde pr. kolonne", "only one source for a column");
    }
    let with = form.word("with");
    match given.first().copied() {
        Some("negated") => FeedSource::Negated(texts(form.words("negated"))),
        Some("join") => {
            let parts = text_lists(form.word_lists("join"));
            FeedSource::Joined(parts, with.map_or(" ".to_owned(), |w| w.text))
        }
        Some("sheet_name") if form.flag("sheet_name", false) => FeedSource::SheetName,
        Some("file_name") if form.flag("file_name", false) => FeedSource::FileName,
        Some("constant") => FeedSource::Constant(form.word("constant").map(|w| w.text).unwrap_or_default()),
        _ => FeedSource::Header(texts(form.words("header"))),
    }
}

/// The column that `month` names.
fn month_column(form: &Form<'_>, known: &[Column]) -> Option<ColumnId> {
    let word = form.need_word("month")?;
    let month = find(form, &word, known)?;
    if !matches!(known[month.index()].kind, Kind::Month | Kind::Date) {
        form.wrong(word.span, "kolonnen er hverken måned eller dato", "the column is neither a month nor a date");
    }
    Some(month)
}

fn spread(form: Form<'_>, id: DatasetId, pack: &Pack) -> Option<Spread> {
    let month = month_column(&form, &pack.get(id).columns);
    for key in ["first", "last"] {
        form.need_raw(key);
    }
    let (first, last) = (texts(form.words("first")), texts(form.words("last")));
    form.done();
    Some(Spread { month: month?, first, last })
}

fn unfold(form: Form<'_>, id: DatasetId, pack: &Pack) -> Option<Unfold> {
    let known = &pack.get(id).columns;
    let months = text_lists(form.word_lists("months"));
    if months.len() != 12 {
        form.wrong(form.span_of("months"), "«months» skal have tolv kolonner", "«months» must have twelve headers");
    }
    let value = form.need_word("value").and_then(|w| find(&form, &w, known));
    let month = month_column(&form, known);
    let year = form.form("year").map(|year| {
        let from = source(&year);
        year.done();
        from
    });
    if year.is_none() {
        form.need_raw("year");
    }
    let mut also = Vec::new();
    for item in form.forms("also") {
        let to = item.need_word("to").and_then(|w| find(&item, &w, known));
        let headers = texts(item.words("header"));
        if let Some(to) = to {
            also.push((to, headers));
        }
        item.done();
    }
    form.done();
    Some(Unfold { months, value: value?, month: month?, year: year?, also })
}
