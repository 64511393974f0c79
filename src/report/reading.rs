//! What was read: problems first, then one line a file; or the whole reading report.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::pen::{Look, Pen, left, look_of, middle, right, wrapped};
use super::{RenderOptions, Report};
use crate::export::{Dialect, Escape};
use crate::intake::{Delivery, FileReading, HeaderReading, Repair, SheetReading, Skip};
use crate::locale::{Lang, Localized};
use crate::model::{LinkId, Pack, ProfileId};
use crate::privacy::Gate;
use crate::problem::{Problem, Severity};
use crate::rule::kind_words;
use crate::store::{Completeness, Store};
use crate::value::Decimal;

/// What was read of one delivery.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The pack it was read with.
    pub pack: &'a Pack,
    /// Its files.
    pub delivery: &'a Delivery,
    /// Its tables, for what links found; `None` when it was only read.
    pub store: Option<&'a Store>,
    /// What may be shown.
    pub gate: &'a Gate,
}

/// The whole reading report: problems, files with everything that was repaired or left out, links.
pub fn render(reading: &Reading<'_>, problems: &[Problem], options: &RenderOptions) -> String {
    let pen = Pen::new(options, &reading.pack.currency_sign, reading.gate);
    format!("{}{}", problem_list(problems.iter(), &pen), told(reading, &pen, true))
}

/// Problems alone, worst first.
pub fn problems_alone(reading: &Reading<'_>, problems: &[Problem], options: &RenderOptions) -> String {
    let pen = Pen::new(options, &reading.pack.currency_sign, reading.gate);
    problem_list(problems.iter(), &pen)
}

/// Problems of a run, worst first.
pub(super) fn problems(report: &Report<'_>, pen: &Pen<'_>) -> String {
    problem_list(report.problems.iter().chain(&report.findings.problems), pen)
}

fn problem_list<'a>(problems: impl Iterator<Item = &'a Problem>, pen: &Pen<'_>) -> String {
    let mut sorted: Vec<&Problem> = problems.collect();
    sorted.sort_by(|a, b| b.severity().cmp(&a.severity()).then_with(|| a.cmp(b)));
    sorted.dedup();
    if sorted.is_empty() {
        return String::new();
    }
    let mut out = pen.heading(pen.lang.pick("Problemer", "Problems"));
    for problem in sorted {
        let word = problem_word(problem.severity(), pen.lang);
        let lines = wrapped(&pen.safe(&problem.text(pen.lang)), pen.width.saturating_sub(12));
        for (i, line) in lines.iter().enumerate() {
            let lead = if i == 0 { word } else { "" };
            let _ = writeln!(out, "  {} {line}", pen.paint(look_of(problem.severity()), &left(lead, 9)));
        }
        for line in problem.help(pen.lang).iter().flat_map(|h| wrapped(&pen.safe(h), pen.width.saturating_sub(12))) {
            let _ = writeln!(out, "            {}", pen.paint(Look::Dim, &line));
        }
    }
    out.push('\n');
    out
}

fn problem_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Failure => lang.pick("fejl", "failure"),
        Severity::Warning => lang.pick("advarsel", "warning"),
        Severity::Note => lang.pick("bemærk", "note"),
    }
}

/// One line a file.
pub(super) fn short(reading: &Reading<'_>, pen: &Pen<'_>) -> String {
    let files = &reading.delivery.files;
    let mut out = pen.heading(&title(reading, pen));
    let names: Vec<String> = files.iter().map(|f| middle(&pen.safe(&f.path), 42).into_owned()).collect();
    let width = names.iter().map(|n| n.width()).max().unwrap_or(0);
    for (file, name) in files.iter().zip(&names) {
        out.push_str(&file_line(file, &left(name, width), pen));
    }
    out
}

fn title(reading: &Reading<'_>, pen: &Pen<'_>) -> String {
    let files = &reading.delivery.files;
    let rows: u64 = files.iter().map(records).sum();
    let files = pen.counted(files.len() as u64, ("fil", "filer"), ("file", "files"));
    let rows = pen.counted(rows, ("række", "rækker"), ("row", "rows"));
    format!("{}: {files}, {rows}", pen.lang.pick("Læst", "Read"))
}

fn records(file: &FileReading) -> u64 {
    file.sheets.iter().map(|s| u64::from(s.records)).sum()
}

fn file_line(file: &FileReading, name: &str, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let used: Vec<&SheetReading> = file.sheets.iter().filter(|s| s.profile.is_some()).collect();
    if used.is_empty() {
        let word = if file.format.is_none() {
            lang.pick("kan ikke læses", "cannot be read")
        } else {
            lang.pick("ikke brugt", "not used")
        };
        return format!("  {name}  {}\n", pen.paint(Look::Yellow, word));
    }
    let mut notes = Vec::new();
    if used.len() > 1 {
        notes.push(pen.counted(used.len() as u64, ("ark", "ark"), ("sheet", "sheets")));
    }
    let sum = |of: fn(&SheetReading) -> u64| used.iter().map(|s| of(s)).sum::<u64>();
    let repairs = sum(|s| s.repairs.values().map(|n| u64::from(*n)).sum());
    let unread = sum(|s| s.headers.iter().map(|h| u64::from(h.malformed)).sum());
    let left_out = sum(|s| s.skipped.iter().filter(|(why, _)| is_loss(**why)).map(|(_, n)| u64::from(*n)).sum());
    let unmapped = sum(|s| s.headers.iter().filter(|h| h.feeds.is_empty()).count() as u64);
    let totals = used.iter().flat_map(|s| &s.totals).collect::<Vec<_>>();
    let met = totals.iter().all(|t| t.3);
    let mut note = |n: u64, da: (&str, &str), en: (&str, &str)| {
        if n > 0 {
            notes.push(pen.counted(n, da, en));
        }
    };
    note(left_out, ("række udeladt", "rækker udeladt"), ("row left out", "rows left out"));
    note(unread, ("celle ulæselig", "celler ulæselige"), ("cell unreadable", "cells unreadable"));
    note(unmapped, ("ukendt kolonne", "ukendte kolonner"), ("unknown column", "unknown columns"));
    note(repairs, ("rettelse", "rettelser"), ("repair", "repairs"));
    if !met {
        notes.insert(0, lang.pick("kontrolsum stemmer ikke", "control total not met").to_owned());
    } else if !totals.is_empty() {
        notes.push(lang.pick("kontrolsum stemmer", "control total met").to_owned());
    }
    let lead = format!("  {name}  {}   ", right(&pen.count(records(file)), 7));
    let notes = fitting(&notes, pen.dot(), lang.pick("m.m.", "etc."), pen.width.saturating_sub(lead.width()));
    format!("{}\n", format!("{lead}{}", pen.paint(Look::Dim, &notes)).trim_end())
}

/// A control total as people write it. Totals are kept as plain numbers.
fn sum(plain: &str, lang: Lang) -> String {
    Decimal::parse(plain).map_or_else(|| plain.to_owned(), |n| n.show(lang))
}

/// As many parts as fit, then that there is more.
fn fitting(parts: &[String], mark: &str, more: &str, width: usize) -> String {
    for shown in (0..=parts.len()).rev() {
        let mut kept = parts[..shown].to_vec();
        if shown < parts.len() {
            kept.push(more.to_owned());
        }
        let line = kept.join(mark);
        if line.width() <= width || shown == 0 {
            return line;
        }
    }
    String::new()
}

fn is_loss(why: Skip) -> bool {
    matches!(why, Skip::Cut | Skip::Shifted)
}

/// Every file with everything that was repaired or left out, then the links.
pub(super) fn long(reading: &Reading<'_>, pen: &Pen<'_>) -> String {
    told(reading, pen, false)
}

/// With `deep` also why each file was taken for what it is, and every column.
fn told(reading: &Reading<'_>, pen: &Pen<'_>, deep: bool) -> String {
    let mut out = pen.heading(&title(reading, pen));
    let names: Vec<String> = reading.delivery.files.iter().map(|f| pen.safe(&f.path)).collect();
    let width = names.iter().map(|n| n.width()).max().unwrap_or(0);
    for (file, name) in reading.delivery.files.iter().zip(&names) {
        out.push_str(&file_line(file, &left(name, width), pen));
        let mut facts: Vec<(String, String)> = Vec::new();
        if let Some(dialect) = &file.dialect {
            let delimiter = match dialect.grammar.as_ref().map(|grammar| grammar.separator.as_str()) {
                None => pen.lang.pick("webside", "web page").to_owned(),
                Some("\t") => "tab".to_owned(),
                Some(other) => format!("`{other}`"),
            };
            let mut how = format!("{}{}, {delimiter}", dialect.encoding, if dialect.bom { " (BOM)" } else { "" });
            if dialect.undecodable > 0 {
                let bad = pen.counted(
                    dialect.undecodable,
                    ("byte kan ikke læses", "bytes kan ikke læses"),
                    ("byte undecodable", "bytes undecodable"),
                );
                how.push_str(&format!(", {bad}"));
            }
            if let (true, Some(unusual)) = (deep, unusual_quoting(dialect, pen.lang)) {
                how.push_str(&unusual);
            }
            facts.push((pen.lang.pick("tegnsæt", "encoding").to_owned(), how));
        }
        let mut profile = None;
        for sheet in &file.sheets {
            // Sheets of one layout name it once.
            facts.extend(sheet_facts(reading, sheet, sheet.profile.is_some() && sheet.profile != profile, pen));
            if deep {
                facts.extend(choice(reading, sheet, pen));
                facts.extend(columns(reading, sheet, pen));
            }
            profile = sheet.profile.or(profile);
        }
        write_facts(&mut out, &facts, pen);
    }
    if let Some(store) = reading.store {
        out.push_str(&links(reading.pack, store, pen));
    }
    out
}

/// How fields are quoted, where it is not with doubled quotation marks.
fn unusual_quoting(dialect: &Dialect, lang: Lang) -> Option<String> {
    let grammar = dialect.grammar.as_ref()?;
    let backslash = grammar.escape == Escape::Backslash;
    (backslash || grammar.quote != b'"').then(|| {
        let escape = if backslash { lang.pick(", omvendt skråstreg før", ", backslash before them") } else { "" };
        format!(", {} `{}`{escape}", lang.pick("anførselstegn", "quotes"), char::from(grammar.quote))
    })
}

/// Why the sheet follows its profile, and which would have been the next.
fn choice(reading: &Reading<'_>, sheet: &SheetReading, pen: &Pen<'_>) -> Vec<(String, String)> {
    let lang = pen.lang;
    let name = |id: ProfileId| reading.pack.profiles.get(id.index()).map_or("", |profile| &*profile.name);
    let score =
        |(mapped, of): (u32, u32)| format!("{mapped} {} {of} {}", lang.pick("af", "of"), lang.pick("overskrifter", "headers"));
    let Some(profile) = sheet.profile else { return Vec::new() };
    let row =
        sheet.header_row.map_or(String::new(), |row| format!(", {} {row}", lang.pick("overskrifter i række", "headers in row")));
    let mut facts = vec![(lang.pick("valgt", "chosen").to_owned(), format!("{}: {}{row}", name(profile), score(sheet.score)))];
    if let Some((next, of)) = sheet.runner_up {
        facts.push((lang.pick("næstbedst", "runner-up").to_owned(), format!("{}: {}", name(next), score(of))));
    }
    facts
}

/// Every column: what it means, how much of it is filled, and what does not read.
fn columns(reading: &Reading<'_>, sheet: &SheetReading, pen: &Pen<'_>) -> Vec<(String, String)> {
    let lang = pen.lang;
    let arrow = if pen.unicode { "→" } else { "->" };
    let line = |header: &HeaderReading| {
        let feeds: Vec<String> = header
            .feeds
            .iter()
            .filter_map(|&(dataset, column)| {
                let of = reading.pack.get(dataset);
                let column = of.columns.get(column.index())?;
                let kind = kind_words(column.kind, &reading.pack.currency);
                Some(format!("{}.{} ({})", of.name, column.name, kind.get(lang)))
            })
            .collect();
        let means = if feeds.is_empty() { lang.pick("ikke brugt", "not used").to_owned() } else { feeds.join(", ") };
        let mut text =
            format!("«{}» {arrow} {means}, {} {}", pen.safe(header.text.trim()), header.filled, lang.pick("udfyldt", "filled"));
        if header.malformed > 0 {
            let shapes: Vec<String> = header.shapes.iter().map(|shape| pen.safe(shape)).collect();
            text.push_str(&format!(", {} {}: {}", header.malformed, lang.pick("ulæselige", "unreadable"), shapes.join(" ")));
        }
        text
    };
    let title = |at: usize| if at == 0 { lang.pick("kolonner", "columns").to_owned() } else { String::new() };
    sheet.headers.iter().enumerate().map(|(at, header)| (title(at), line(header))).collect()
}

fn write_facts(out: &mut String, facts: &[(String, String)], pen: &Pen<'_>) {
    let width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    for (name, value) in facts {
        for (i, line) in wrapped(value, pen.width.saturating_sub(width + 8)).iter().enumerate() {
            let name = if i == 0 { name.as_str() } else { "" };
            let _ = writeln!(out, "      {}  {line}", pen.paint(Look::Dim, &left(name, width)));
        }
    }
}

/// Rows and columns that Excel does not show.
fn concealed(sheet: &SheetReading, pen: &Pen<'_>) -> Option<String> {
    let of_sheet = sheet.headers.iter().filter(|header| sheet.concealed.has_column(header.sheet_column));
    let mut parts: Vec<String> = of_sheet.map(|header| format!("«{}»", pen.safe(header.text.trim()))).collect();
    if sheet.concealed.rows > 0 {
        parts.insert(0, pen.counted(u64::from(sheet.concealed.rows), ("række", "rækker"), ("row", "rows")));
    }
    let all_the_same = pen.lang.pick("læst alligevel", "read all the same");
    (sheet.profile.is_some() && !parts.is_empty()).then(|| format!("{} ({all_the_same})", parts.join(", ")))
}

fn sheet_facts(reading: &Reading<'_>, sheet: &SheetReading, named: bool, pen: &Pen<'_>) -> Vec<(String, String)> {
    let lang = pen.lang;
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
    if let Some(profile) = sheet.profile.filter(|_| named).and_then(|id| reading.pack.profiles.get(id.index())) {
        fact(lang.pick("profil", "profile"), format!("{} ({})", profile.name, profile.title.get(lang)));
    }
    if let Some(name) = &sheet.name {
        let row = sheet
            .header_row
            .map_or(String::new(), |row| format!(", {} {row}", lang.pick("overskrifter i række", "headers in row")));
        let state = if sheet.hidden { lang.pick(", skjult: ikke brugt", ", hidden: not used") } else { "" };
        let rows = pen.counted(u64::from(sheet.records), ("række", "rækker"), ("row", "rows"));
        fact(lang.pick("ark", "sheet"), format!("{}: {rows}{row}{state}", pen.safe(name)));
    }
    if let Some(hidden) = concealed(sheet, pen) {
        fact(lang.pick("skjult", "hidden"), hidden);
    }
    let unmapped: Vec<String> =
        sheet.headers.iter().filter(|h| h.feeds.is_empty()).map(|h| format!("«{}»", pen.safe(h.text.trim()))).collect();
    if sheet.profile.is_some() && !unmapped.is_empty() {
        fact(lang.pick("ukendte kolonner", "unknown columns"), unmapped.join(", "));
    }
    for header in sheet.headers.iter().filter(|h| h.malformed > 0) {
        let of = lang.pick("af", "of");
        let column =
            header.feeds.first().map_or(String::new(), |&(d, c)| format!(" ({})", reading.pack.get(d).columns[c.index()].name));
        fact(
            lang.pick("ulæselige celler", "unreadable cells"),
            format!("«{}»{column}: {} {of} {}", pen.safe(header.text.trim()), header.malformed, header.filled),
        );
    }
    let list = |parts: Vec<(u32, &str)>| {
        parts.iter().map(|(n, what)| format!("{} {what}", pen.count(u64::from(*n)))).collect::<Vec<_>>().join(", ")
    };
    if !sheet.repairs.is_empty() {
        fact(
            lang.pick("rettelser", "repairs"),
            list(sheet.repairs.iter().map(|(kind, n)| (*n, repair_word(*kind, lang))).collect()),
        );
    }
    if !sheet.skipped.is_empty() {
        fact(lang.pick("udeladt", "left out"), list(sheet.skipped.iter().map(|(why, n)| (*n, skip_word(*why, lang))).collect()));
    }
    for (header, stated, computed, met) in &sheet.totals {
        let verdict = if *met { lang.pick("stemmer", "met") } else { lang.pick("stemmer ikke", "not met") };
        fact(
            lang.pick("kontrolsum", "control total"),
            format!(
                "«{}» {}, {} {}: {verdict}",
                pen.safe(header),
                sum(stated, lang),
                lang.pick("rækkerne giver", "the rows give"),
                sum(computed, lang)
            ),
        );
    }
    if sheet.cpr_read > 0 {
        let failed = pen.count(u64::from(sheet.cpr_modulus_failed));
        let all = pen.count(u64::from(sheet.cpr_read));
        fact(
            "CPR",
            format!(
                "{all} {}, {failed} {}",
                lang.pick("læst", "read"),
                lang.pick("uden gyldig modulus 11", "failing modulus 11")
            ),
        );
    }
    facts
}

fn links(pack: &Pack, store: &Store, pen: &Pen<'_>) -> String {
    let lang = pen.lang;
    let mut lines: Vec<(String, String)> = Vec::new();
    for (i, link) in pack.links.iter().enumerate().filter(|(_, l)| store.rows(l.from) > 0) {
        let counts = store.links().counts(LinkId(i as u16));
        let from = pack.get(link.from);
        let mut parts: Vec<String> = Vec::new();
        for (way, matched) in link.ways.iter().zip(&counts.matched).filter(|(_, n)| **n > 0) {
            let columns: Vec<&str> = way.iter().map(|(c, _)| &*from.columns[c.index()].name).collect();
            parts.push(format!("{} {} {}", pen.count(*matched), lang.pick("på", "by"), columns.join(" + ")));
        }
        if store.completeness(link.to) == Completeness::Missing {
            parts.push(lang.pick("ikke leveret", "not delivered").to_owned());
        } else if counts.unmatched > 0 {
            parts.push(format!("{} {}", pen.count(counts.unmatched), lang.pick("uden match", "unmatched")));
        }
        if counts.ambiguous > 0 {
            parts.push(format!("{} {}", pen.count(counts.ambiguous), lang.pick("tvetydige", "ambiguous")));
        }
        let arrow = if pen.unicode { "→" } else { "->" };
        lines.push((format!("{} {arrow} {}", from.name, link.name), parts.join(pen.dot())));
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}", pen.heading(lang.pick("Koblinger", "Links")));
    write_facts(&mut out, &lines, pen);
    out
}

/// A repair in words.
pub(super) fn repair_word(repair: Repair, lang: Lang) -> &'static str {
    let (da, en) = match repair {
        Repair::CprZero => ("CPR med tabt nul", "CPR with a lost zero"),
        Repair::SerialDate => ("serietal læst som dato", "serial number read as a day"),
        Repair::TrailingMinus => ("minus bag tallet", "minus behind the number"),
        Repair::Trimmed => ("overflødige tegn", "superfluous characters"),
        Repair::OpenEnd => ("slutdato uden ende", "end date without end"),
        Repair::NoDate => ("dato uden betydning", "date without meaning"),
        Repair::Placeholder => ("pladsholder læst som tom", "placeholder read as empty"),
        Repair::CodeSpelling => ("kode stavet anderledes", "code spelled otherwise"),
        Repair::ShortYear => ("årstal med to cifre", "years of two digits"),
        Repair::NameOrder => ("navne vendt om", "names turned round"),
        Repair::FloatNoise => ("støj bag decimalerne", "noise behind the decimals"),
    };
    lang.pick(da, en)
}

/// A repair, for machine formats.
pub(super) fn repair_code(repair: Repair) -> &'static str {
    match repair {
        Repair::CprZero => "cpr-zero",
        Repair::SerialDate => "serial-date",
        Repair::TrailingMinus => "trailing-minus",
        Repair::Trimmed => "trimmed",
        Repair::OpenEnd => "open-end",
        Repair::NoDate => "no-date",
        Repair::Placeholder => "placeholder",
        Repair::CodeSpelling => "code-spelling",
        Repair::ShortYear => "short-year",
        Repair::NameOrder => "name-order",
        Repair::FloatNoise => "float-noise",
    }
}

/// A reason for leaving a record out, in words.
pub(super) fn skip_word(skip: Skip, lang: Lang) -> &'static str {
    let (da, en) = match skip {
        Skip::Blank => ("tomme", "blank"),
        Skip::Total => ("i alt", "total"),
        Skip::RepeatedHeader => ("gentagne overskrifter", "repeated headers"),
        Skip::Cut => ("afskårne", "cut off"),
        Skip::Folded => ("gentagelser", "repetitions"),
        Skip::Merged => ("samlet med rækker andre steder", "joined with rows elsewhere"),
        Skip::Older => ("ældre end et nyere udtræk", "older than a newer extract"),
        Skip::Shifted => ("forskudte", "shifted"),
    };
    lang.pick(da, en)
}

/// The same for machine formats.
pub(super) fn skip_code(skip: Skip) -> &'static str {
    match skip {
        Skip::Blank => "blank",
        Skip::Total => "total",
        Skip::RepeatedHeader => "repeated-header",
        Skip::Cut => "cut",
        Skip::Folded => "folded",
        Skip::Merged => "merged",
        Skip::Older => "older",
        Skip::Shifted => "shifted",
    }
}
