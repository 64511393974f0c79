//! Pages of a pack in Markdown: one for each rule, and the tables of its index. Made from the rules themselves; a test keeps
//! the committed pages equal to what this makes.

use std::fmt::Write;

use super::exit::{severity_word, verdict_word};
use super::steps::status_mark;
use crate::locale::Lang;
use crate::model::{DatasetId, Figure, Pack, Status, Table};
use crate::rule::explain::{Explanation, explain};
use crate::rule::typed::{Example, Rule};
use crate::value::show;

/// The page of a rule: Danish, then English, then its examples.
pub fn page(pack: &Pack, rule: &Rule) -> String {
    let mut out = String::new();
    for lang in [Lang::Da, Lang::En] {
        let told = explain(rule, pack, lang);
        let _ = writeln!(out, "{} {}: {}\n", lang.pick("#", "##"), told.id, cell(&told.title));
        if lang == Lang::Da {
            let note = "Siden er dannet af reglens fil / this page is made from the rule's file";
            let _ = writeln!(out, "*{note}: [{0}](../../rules/{0})*\n", told.file);
        }
        facts(&mut out, rule, &told, lang);
        heading(&mut out, lang.pick("Reglen i ord", "The rule in words"), lang);
        out.push_str(&in_words(&told.sentence));
        section(&mut out, lang.pick("Hvorfor", "Why"), &told.why, lang);
        section(&mut out, lang.pick("Sådan rettes det", "How to mend it"), &told.fix, lang);
        heading(&mut out, lang.pick("Lovgrundlag", "Legal basis"), lang);
        if told.legal.is_empty() {
            let _ = writeln!(out, "{}", lang.pick("Intet; reglen er en kontrol.", "None; the rule is a control."));
        }
        for entry in &told.legal {
            let _ = writeln!(out, "- {entry}");
        }
        figures(&mut out, pack, rule, lang);
        let title = lang.pick("Hvad den læser", "What it reads");
        let columns: Vec<String> = told.columns.iter().map(|column| format!("`{column}`")).collect();
        section(&mut out, title, &columns.join(", "), lang);
    }
    expressions(&mut out, &explain(rule, pack, Lang::En));
    let _ = writeln!(
        out,
        "\n## Eksempler / Examples\n\n| {} |\n|---|---|---|---|",
        ["#", "række / row", "svar", "verdict"].join(" | ")
    );
    for (i, example) in rule.examples.iter().enumerate() {
        examples(&mut out, i + 1, example);
    }
    out.push('\n');
    for (i, example) in rule.examples.iter().enumerate() {
        let day = example.extract_date.show(Lang::Da);
        let said = comment_above(&rule.file.text, example.span.start);
        let _ = writeln!(out, "{}. ({day}) {}", i + 1, if said.is_empty() { "–" } else { &said });
    }
    out
}

pub(super) fn heading(out: &mut String, title: &str, lang: Lang) {
    let _ = writeln!(out, "\n{} {title}\n", lang.pick("##", "###"));
}

/// Sentences and their lists; a sentence behind a list begins a paragraph of its own.
fn in_words(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines {
        if !out.is_empty() && !line.trim_start().starts_with("- ") {
            out.push('\n');
        }
        let plain = line.replace('\\', "\\\\").replace('*', "\\*").replace('_', "\\_").replace('<', "\\<");
        let _ = writeln!(out, "{plain}");
    }
    out
}

pub(super) fn section(out: &mut String, title: &str, text: &str, lang: Lang) {
    heading(out, title, lang);
    let paragraphs: Vec<&str> = text.trim().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let _ = writeln!(out, "{}", paragraphs.join("\n\n"));
}

fn facts(out: &mut String, rule: &Rule, told: &Explanation, lang: Lang) {
    let closed = lang.pick("også lukkede sager", "closed cases too");
    let open = lang.pick("åbne sager", "open cases");
    let minutes = lang.pick("min. pr. fund", "min. a finding");
    let rows = [
        (lang.pick("Gruppe", "Family"), told.family.clone()),
        (lang.pick("Alvor", "Severity"), severity_word(rule.severity, lang).to_owned()),
        (lang.pick("Ser på", "Looks at"), format!("`{}`, {}", told.each.0, if told.closed_cases { closed } else { open })),
        (lang.pick("Spor", "Tracks"), told.tracks.join(", ")),
        (lang.pick("Tid", "Effort"), format!("{} {minutes}", told.effort)),
        (lang.pick("Siden", "Since"), told.since.clone()),
    ];
    let _ = writeln!(out, "| | |\n|---|---|");
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "| {name} | {} |", cell(value));
    }
}

fn figures(out: &mut String, pack: &Pack, rule: &Rule, lang: Lang) {
    if rule.reads.tables.is_empty() {
        return;
    }
    heading(out, lang.pick("Tal", "Figures"), lang);
    for id in &rule.reads.tables {
        let table = &pack.tables[id.index()];
        let _ = writeln!(out, "**{}** (`{}`)\n", table.title.get(lang), table.name);
        if table.rows.is_empty() {
            let unset = lang.pick("Sættes i `sagstjek.toml`.", "Set in `sagstjek.toml`.");
            let _ = writeln!(out, "{unset}\n");
            continue;
        }
        let head = lang.pick("| gælder | tal | kilde |", "| holds | figure | source |");
        let _ = writeln!(out, "{head}\n|---|---|---|");
        for figure in &table.rows {
            let (held, value) = (held(figure, lang), show(&figure.value, &pack.currency_sign, lang));
            let said = format!("{}{}", status_mark(figure.status, lang), figure.source);
            let _ = writeln!(out, "| {} | {} | {} |", cell(&held), cell(&value), cell(&said));
        }
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
}

/// Keys and days of a figure.
fn held(figure: &Figure, lang: Lang) -> String {
    let mut parts: Vec<String> = figure.keys.iter().map(|key| show(key, "", lang)).collect();
    match (figure.from, figure.until) {
        (None, None) => {}
        (Some(from), None) => parts.push(format!("{} {}", lang.pick("fra", "from"), from.show(lang))),
        (None, Some(until)) => parts.push(format!("{} {}", lang.pick("til", "until"), until.show(lang))),
        (Some(from), Some(until)) => parts.push(format!("{} – {}", from.show(lang), until.show(lang))),
    }
    parts.join(", ")
}

fn expressions(out: &mut String, told: &Explanation) {
    let _ = writeln!(out, "\n## Reglen / The rule\n\n```\neach      {} as {}", told.each.0, told.each.1);
    for (key, text) in &told.expressions {
        for (i, line) in text.trim().lines().enumerate() {
            let key = if i == 0 { key } else { "" };
            let _ = writeln!(out, "{}", format!("{key:<14}{}", line.trim_end()).trim_end());
        }
    }
    out.push_str("```\n");
}

fn examples(out: &mut String, number: usize, example: &Example) {
    for (key, verdict) in &example.expect {
        let key = key.as_deref().unwrap_or("–");
        let (da, en) = (verdict_word(*verdict, Lang::Da), verdict_word(*verdict, Lang::En));
        let _ = writeln!(out, "| {number} | {} | {da} | {en} |", cell(key));
    }
}

/// The comment right above `at`, as one line.
pub(super) fn comment_above(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or("");
    let lines = before.lines().rev().skip_while(|line| line.trim().is_empty());
    let mut said: Vec<&str> = lines.map_while(|line| line.trim().strip_prefix('#')).map(str::trim).collect();
    said.reverse();
    said.join(" ")
}

/// Text for a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The index: a table of the rules for each family, with their pages.
pub fn rule_index(pack: &Pack, rules: &[Rule]) -> String {
    let mut out = String::new();
    for family in &pack.families {
        let of: Vec<&Rule> = rules.iter().filter(|rule| *rule.family == *family.folder).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(out, "### {} / {}\n", family.title.da, family.title.en);
        let _ =
            writeln!(out, "| id | finder | finds | alvor / severity | spor / tracks | lov / law |\n|---|---|---|---|---|---|");
        for rule in of {
            let severity = format!("{} / {}", severity_word(rule.severity, Lang::Da), severity_word(rule.severity, Lang::En));
            let mut law: Vec<&str> = Vec::new();
            for legal in &rule.legal {
                if !law.contains(&&*legal.reference) {
                    law.push(&legal.reference);
                }
            }
            let row = [rule.da.title.as_str(), &rule.en.title, &severity, &rule.tracks.join(", "), &law.join("; ")].map(cell);
            let _ = writeln!(out, "| [{0}](../docs/rules/{0}.md) | {1} |", rule.id, row.join(" | "));
        }
        out.push('\n');
    }
    out
}

/// The datasets, each with the profiles that feed it.
pub fn dataset_index(pack: &Pack) -> String {
    let mut out = String::from("| dataset | record | profiles |\n|---|---|---|\n");
    for (i, dataset) in pack.datasets.iter().enumerate() {
        let feeds = |p: &&crate::model::Profile| p.feeds.iter().any(|feed| feed.dataset == DatasetId(i as u16));
        let link = |p: &crate::model::Profile| format!("[{}]({})", p.name, p.file.path);
        let mut fed: Vec<String> = pack.profiles.iter().filter(feeds).map(link).collect();
        fed.sort();
        let parts: Vec<&str> = dataset.union.iter().map(|part| &*pack.get(part.dataset).name).collect();
        if !parts.is_empty() {
            fed.push(format!("union: {}", parts.join(", ")));
        }
        let _ = writeln!(out, "| [{}]({}) | {} | {} |", dataset.name, dataset.file.path, cell(&dataset.title.en), fed.join(", "));
    }
    out
}

/// Figures and lists that nobody printed.
pub fn unprinted_index(pack: &Pack) -> String {
    let mut out = String::from("| where | what | status | source |\n|---|---|---|---|\n");
    for table in &pack.tables {
        if table.local {
            let _ =
                writeln!(out, "| [{}]({}) | {} | local | `sagstjek.toml` |", table.name, table.file.path, cell(&table.title.en));
        }
        for status in [Status::Derived, Status::Unverified] {
            let of: Vec<&Figure> = table.rows.iter().filter(|figure| figure.status == status).collect();
            if !of.is_empty() {
                let _ = writeln!(out, "{}", unprinted_row(table, &of, status));
            }
        }
    }
    for list in pack.lists.iter().filter(|list| list.status != Status::Printed) {
        let (name, path, title) = (&list.name, &list.file.path, cell(&list.title.en));
        let _ = writeln!(out, "| [{name}]({path}) | {title} | {} | {} |", list.status.word(), cell(&list.source));
    }
    out
}

fn unprinted_row(table: &Table, figures: &[&Figure], status: Status) -> String {
    let days: Vec<String> = figures.iter().map(|figure| held(figure, Lang::En)).filter(|held| !held.is_empty()).collect();
    let what = if days.is_empty() { table.title.en.clone() } else { format!("{}: {}", table.title.en, days.join("; ")) };
    let mut sources: Vec<&str> = figures.iter().map(|figure| &*figure.source).collect();
    sources.dedup();
    let more = if sources.len() > 1 { format!(" (and {} more)", sources.len() - 1) } else { String::new() };
    let first = sources.first().copied().unwrap_or("");
    format!("| [{}]({}) | {} | {} | {}{more} |", table.name, table.file.path, cell(&what), status.word(), cell(first))
}

/// Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`; `None` where a mark is missing.
pub fn fill(text: &str, name: &str, with: &str) -> Option<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = text.find(&open)? + open.len();
    let end = start + text.get(start..)?.find(&close)?;
    Some(format!("{}\n{}\n{}", text.get(..start)?, with.trim_end(), text.get(end..)?))
}
