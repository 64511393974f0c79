//! Every figure of a pack with its days, source and status, and the days that lack one: `sagstjek rules rates`.

use serde::Serialize;

use super::RenderOptions;
use super::json::canonical;
use super::pen::{Look, Pen, left, right, wrapped};
use super::steps::status_mark;
use crate::calendar::Date;
use crate::locale::Lang;
use crate::model::{CodeList, Figure, Pack, Status, Table};
use crate::privacy::{Gate, terminal};
use crate::value::show;

/// The figures as text: tables first, then code lists. Gaps are told up to `until`.
pub fn text(pack: &Pack, until: Date, options: &RenderOptions) -> String {
    let gate = Gate::new(None, false);
    let pen = Pen::new(options, &pack.currency_sign, &gate);
    let lang = pen.lang;
    let mut out = String::new();
    for table in &pack.tables {
        heading(&mut out, &table.name, table.title.get(lang), &table.file.path, &pen);
        figures(&mut out, table, until, &pen);
        out.push('\n');
    }
    for list in &pack.lists {
        heading(&mut out, &list.name, list.title.get(lang), &list.file.path, &pen);
        codes(&mut out, list, &pen);
        out.push('\n');
    }
    out.push_str(&summary(pack, until, &pen));
    out
}

fn heading(out: &mut String, name: &str, title: &str, path: &str, pen: &Pen<'_>) {
    out.push_str(&format!("{}  {}  {}\n", pen.paint(Look::Bold, name), title, pen.paint(Look::Dim, path)));
}

fn figures(out: &mut String, table: &Table, until: Date, pen: &Pen<'_>) {
    if table.rows.is_empty() {
        let unset =
            pen.lang.pick("ikke sat; udfyldes i sagstjek.toml under [local]", "not set; filled in sagstjek.toml under [local]");
        out.push_str(&format!("  {unset}\n"));
    }
    let lines: Vec<[String; 3]> = table.rows.iter().map(|figure| row(figure, pen)).collect();
    let widest = |n: usize| lines.iter().map(|line| unicode_width::UnicodeWidthStr::width(line[n].as_str())).max().unwrap_or(0);
    let (days, keys, value) = (widest(0), widest(1), widest(2));
    let indent = 2 + [days, keys, value].into_iter().filter(|w| *w > 0).map(|w| w + 2).sum::<usize>();
    for (figure, line) in table.rows.iter().zip(&lines) {
        let mut lead = String::from("  ");
        for (cell, width, to_right) in [(&line[0], days, false), (&line[1], keys, false), (&line[2], value, true)] {
            if width > 0 {
                lead.push_str(&if to_right { right(cell, width) } else { left(cell, width) });
                lead.push_str("  ");
            }
        }
        let said = format!("{}{}", status_mark(figure.status, pen.lang), terminal(&figure.source));
        wrapped_after(out, &lead, indent, &said, pen);
    }
    for gap in table.gaps(until) {
        let keys: Vec<String> = gap.keys.iter().map(|key| show(key, pen.currency, pen.lang)).collect();
        let keys = if keys.is_empty() { String::new() } else { format!(" ({})", keys.join(", ")) };
        let word = pen.lang.pick("mangler", "missing");
        let days = format!("{} – {}", gap.from.show(pen.lang), gap.until.show(pen.lang));
        out.push_str(&format!("  {} {days}{keys}\n", pen.paint(Look::Yellow, word)));
    }
}

/// Days, keys and value of a figure.
fn row(figure: &Figure, pen: &Pen<'_>) -> [String; 3] {
    let keys: Vec<String> = figure.keys.iter().map(|key| show(key, pen.currency, pen.lang)).collect();
    [days(figure.from, figure.until, pen.lang), keys.join(", "), show(&figure.value, pen.currency, pen.lang)]
}

fn days(from: Option<Date>, until: Option<Date>, lang: Lang) -> String {
    match (from, until) {
        (None, None) => String::new(),
        (Some(from), None) => format!("{} {}", lang.pick("fra", "from"), from.show(lang)),
        (None, Some(until)) => format!("{} {}", lang.pick("til", "until"), until.show(lang)),
        (Some(from), Some(until)) => format!("{} – {}", from.show(lang), until.show(lang)),
    }
}

/// A line whose last part wraps below itself.
fn wrapped_after(out: &mut String, lead: &str, indent: usize, said: &str, pen: &Pen<'_>) {
    let indent = indent.min(pen.width / 2);
    for (i, line) in wrapped(said, pen.width.saturating_sub(indent).max(30)).iter().enumerate() {
        let lead = if i == 0 { lead.to_owned() } else { " ".repeat(indent) };
        out.push_str(format!("{lead}{}", pen.paint(Look::Dim, line)).trim_end());
        out.push('\n');
    }
}

fn codes(out: &mut String, list: &CodeList, pen: &Pen<'_>) {
    let widest = list.codes.iter().map(|code| unicode_width::UnicodeWidthStr::width(&*code.code)).max().unwrap_or(0);
    for code in &list.codes {
        let held = days(code.from, code.until, pen.lang);
        let held = if held.is_empty() { held } else { format!(" ({held})") };
        let title = code.title.get(pen.lang);
        let title = if title == &*code.code { "" } else { title };
        out.push_str(format!("  {}  {title}{held}", left(&code.code, widest)).trim_end());
        out.push('\n');
    }
    let said = format!("{}{}", status_mark(list.status, pen.lang), terminal(&list.source));
    wrapped_after(out, "  ", 2, &said, pen);
}

/// How many figures stand how firmly, and what lacks.
fn summary(pack: &Pack, until: Date, pen: &Pen<'_>) -> String {
    let count = |status| pack.tables.iter().flat_map(|t| &t.rows).filter(|f| f.status == status).count() as u64;
    let unset = pack.tables.iter().filter(|t| t.local && t.rows.is_empty()).count() as u64;
    let gaps = pack.tables.iter().map(|t| t.gaps(until).len()).sum::<usize>() as u64;
    let parts = [
        pen.counted(count(Status::Printed), ("trykt tal", "trykte tal"), ("printed figure", "printed figures")),
        pen.counted(count(Status::Derived), ("afledt", "afledte"), ("derived", "derived")),
        pen.counted(count(Status::Unverified), ("ikke efterprøvet", "ikke efterprøvede"), ("unverified", "unverified")),
        pen.counted(count(Status::Local), ("lokalt", "lokale"), ("local", "local")),
        pen.counted(gaps, ("hul", "huller"), ("gap", "gaps")),
        pen.counted(unset, ("lokal tabel ikke sat", "lokale tabeller ikke sat"), ("local table not set", "local tables not set")),
    ];
    let note = pen.lang.pick(
        "Frister og procenter, som loven selv nævner, står i reglerne: sagstjek explain REGEL",
        "Deadlines and percentages that the law itself names stand in the rules: sagstjek explain RULE",
    );
    format!("{} ({} {})\n{note}\n", parts.join(", "), pen.lang.pick("huller til og med", "gaps up to"), until.show(pen.lang))
}

/// The figures as JSON, `sagstjek-rates/1`; values and days in canonical form.
pub fn json(pack: &Pack, until: Date) -> String {
    let document = Document {
        schema: "sagstjek-rates/1",
        pack: &pack.name,
        version: &pack.version,
        until: until.to_string(),
        tables: pack.tables.iter().map(|table| table_of(table, until)).collect(),
        lists: pack.lists.iter().map(list_of).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    pack: &'a str,
    version: &'a str,
    until: String,
    tables: Vec<JsonTable<'a>>,
    lists: Vec<JsonList<'a>>,
}

#[derive(Serialize)]
struct Titles<'a> {
    da: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct JsonTable<'a> {
    table: &'a str,
    title: Titles<'a>,
    file: &'a str,
    local: bool,
    figures: Vec<JsonFigure<'a>>,
    gaps: Vec<JsonGap>,
}

#[derive(Serialize)]
struct JsonFigure<'a> {
    from: Option<String>,
    until: Option<String>,
    keys: Vec<String>,
    value: String,
    status: &'static str,
    source: &'a str,
}

#[derive(Serialize)]
struct JsonGap {
    keys: Vec<String>,
    from: String,
    until: String,
}

#[derive(Serialize)]
struct JsonList<'a> {
    list: &'a str,
    title: Titles<'a>,
    file: &'a str,
    status: &'static str,
    source: &'a str,
    codes: Vec<JsonCode<'a>>,
}

#[derive(Serialize)]
struct JsonCode<'a> {
    code: &'a str,
    title: Titles<'a>,
    from: Option<String>,
    until: Option<String>,
}

fn table_of(table: &Table, until: Date) -> JsonTable<'_> {
    let text = |day: Option<Date>| day.map(|day| day.to_string());
    JsonTable {
        table: &table.name,
        title: Titles { da: &table.title.da, en: &table.title.en },
        file: &table.file.path,
        local: table.local,
        figures: table
            .rows
            .iter()
            .map(|figure| JsonFigure {
                from: text(figure.from),
                until: text(figure.until),
                keys: figure.keys.iter().map(canonical).collect(),
                value: canonical(&figure.value),
                status: figure.status.word(),
                source: &figure.source,
            })
            .collect(),
        gaps: table
            .gaps(until)
            .into_iter()
            .map(|gap| JsonGap {
                keys: gap.keys.iter().map(canonical).collect(),
                from: gap.from.to_string(),
                until: gap.until.to_string(),
            })
            .collect(),
    }
}

fn list_of(list: &CodeList) -> JsonList<'_> {
    let text = |day: Option<Date>| day.map(|day| day.to_string());
    JsonList {
        list: &list.name,
        title: Titles { da: &list.title.da, en: &list.title.en },
        file: &list.file.path,
        status: list.status.word(),
        source: &list.source,
        codes: list
            .codes
            .iter()
            .map(|code| JsonCode {
                code: &code.code,
                title: Titles { da: &code.title.da, en: &code.title.en },
                from: text(code.from),
                until: text(code.until),
            })
            .collect(),
    }
}
