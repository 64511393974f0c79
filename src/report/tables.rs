//! The tables of a delivery as CSV or JSON, personal values masked: what `sagstjek tables` writes.

use std::fmt::Write;

use crate::export::GridReport;
use crate::intake::SheetReading;
use crate::locale::Lang;
use crate::model::Pack;
use crate::privacy::{Class, Gate, shape};
use crate::value::Kind;

/// How far a table may stand from the header that was recognised and still be its table: a header of several lines.
const NEAR: u32 = 3;

/// Which cells of a sheet may be shown.
#[derive(Debug, Clone)]
pub struct Mask<'g> {
    gate: &'g Gate,
    /// What the columns of the recognised header hold, by sheet column; empty when none was recognised.
    columns: Vec<(Class, Kind)>,
    header_row: Option<u32>,
    /// Cells under no recognised header, in a sheet that has none: shown, or not.
    open: bool,
    masked: u64,
    /// Whether the rows that come belong to the recognised table.
    at_home: bool,
}

impl<'g> Mask<'g> {
    /// The mask of a sheet as it was recognised. With `raw` a sheet of no profile is shown, but for what reads as a CPR.
    pub fn of(pack: &Pack, reading: Option<&SheetReading>, gate: &'g Gate, raw: bool) -> Mask<'g> {
        let recognised = reading.filter(|sheet| sheet.profile.is_some());
        let widest =
            recognised.and_then(|sheet| sheet.headers.iter().map(|h| usize::from(h.sheet_column) + 1).max()).unwrap_or(0);
        let mut columns = vec![(Class::Unmapped, Kind::Text); widest];
        for header in recognised.iter().flat_map(|sheet| &sheet.headers) {
            let classes = header.feeds.iter().filter_map(|&(dataset, column)| pack.get(dataset).columns.get(column.index()));
            let class =
                |column: &crate::model::Column| (if column.is_personal() { Class::Personal } else { Class::Open }, column.kind);
            // A column that feeds several is as personal as the most personal of them.
            if let Some(most) = classes.map(class).max_by_key(|(class, _)| *class) {
                columns[usize::from(header.sheet_column)] = most;
            }
        }
        Mask {
            gate,
            columns,
            header_row: recognised.and_then(|s| s.header_row),
            open: raw && recognised.is_none(),
            masked: 0,
            at_home: false,
        }
    }

    /// Cells that were masked so far.
    pub fn masked(&self) -> u64 {
        self.masked
    }

    /// A table begins whose header, or first row, is this sheet row.
    pub fn table(&mut self, header: Option<&[String]>, row: u32) -> Option<Vec<String>> {
        self.at_home = header.is_some() && self.header_row.is_some_and(|home| home.abs_diff(row) <= NEAR);
        header.map(|cells| cells.iter().map(|cell| self.gate.mask(cell)).collect())
    }

    /// The cells of a record as they may be shown; `sure` = they stand under their headers.
    pub fn row(&mut self, cells: &[String], sure: bool) -> Vec<String> {
        let gate = self.gate;
        if gate.shows_personal() {
            return cells.to_vec();
        }
        let mut shown = Vec::with_capacity(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            let (class, kind) = match self.columns.get(at) {
                _ if self.open => (Class::Open, Kind::Text),
                Some(&found) if sure && self.at_home => found,
                _ => (Class::Unmapped, Kind::Text),
            };
            let text = match class {
                _ if cell.trim().is_empty() => cell.clone(),
                Class::Open if gate.protected() => gate.scrub(cell).into_owned(),
                Class::Open => gate.mask(cell),
                Class::Personal if gate.protected() => gate.personal(kind, cell.trim()),
                Class::Personal | Class::Unmapped => shape(cell),
            };
            self.masked += u64::from(text != *cell);
            shown.push(text);
        }
        shown
    }
}

/// Writes a record as RFC 4180 has it, but for its separator. With `harmless` a cell that a spreadsheet would take for a
/// formula gets an apostrophe.
pub fn csv_row(out: &mut String, cells: &[String], separator: char, harmless: bool) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(separator);
        }
        let apostrophe = if harmless && is_formula(cell) { "'" } else { "" };
        // A lone empty cell would read as no record at all.
        if cell.contains(['"', separator, '\r', '\n']) || (cells.len() == 1 && cell.is_empty()) {
            let _ = write!(out, "\"{apostrophe}{}\"", cell.replace('"', "\"\""));
        } else {
            out.push_str(apostrophe);
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

/// Whether a spreadsheet would work it out; a plain number with a sign is none.
fn is_formula(cell: &str) -> bool {
    let signed = cell.starts_with(['-', '+']);
    let number = cell[usize::from(signed)..].bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ' | b'#'));
    cell.starts_with(['=', '@', '\t', '\r']) || (signed && !number)
}

/// Writes a record as a JSON array of strings.
pub fn json_row(out: &mut String, cells: &[String]) {
    // Strings always serialise.
    out.push_str(&serde_json::to_string(cells).unwrap_or_else(|_| "[]".to_owned()));
}

/// What was seen and done, in one line for people.
pub fn summary(report: &GridReport, masked: u64, lang: Lang) -> String {
    let mut parts = Vec::new();
    let mut say = |n: u64, da: (&str, &str), en: (&str, &str)| {
        let (one, many) = (lang.pick(da.0, en.0), lang.pick(da.1, en.1));
        parts.push(format!("{n} {}", if n == 1 { one } else { many }));
    };
    say(u64::from(report.tables), ("tabel", "tabeller"), ("table", "tables"));
    say(report.records, ("række", "rækker"), ("row", "rows"));
    if report.header_lines != 1 {
        say(u64::from(report.header_lines), ("overskriftslinje", "overskriftslinjer"), ("header line", "header lines"));
    }
    for (n, da, en) in [
        (
            report.above,
            ("række over overskriften udeladt", "rækker over overskriften udeladt"),
            ("row above the header left out", "rows above the header left out"),
        ),
        (report.blank, ("tom række udeladt", "tomme rækker udeladt"), ("blank row left out", "blank rows left out")),
        (masked, ("celle skjult", "celler skjult"), ("cell masked", "cells masked")),
    ] {
        if n > 0 {
            say(n, da, en);
        }
    }
    let places = |lines: &[u32], n: u64| {
        let list: Vec<String> = lines.iter().map(u32::to_string).collect();
        let more = if n > lines.len() as u64 { " …" } else { "" };
        format!(" ({} {}{more})", lang.pick("linje", "line"), list.join(", "))
    };
    for ((n, lines), da, en) in [
        (&report.mended, ("beskadiget række rettet", "beskadigede rækker rettet"), ("damaged row mended", "damaged rows mended")),
        (
            &report.uneven,
            ("række med for få eller for mange celler, som den står", "rækker med for få eller for mange celler, som de står"),
            ("row with too few or too many cells, as written", "rows with too few or too many cells, as written"),
        ),
    ] {
        if *n > 0 {
            let (one, many) = (lang.pick(da.0, en.0), lang.pick(da.1, en.1));
            parts.push(format!("{n} {}{}", if *n == 1 { one } else { many }, places(lines, *n)));
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str], harmless: bool) -> String {
        let mut out = String::new();
        csv_row(&mut out, &cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(), ',', harmless);
        out
    }

    #[test]
    fn danish_spreadsheets_expect_semicolons() {
        let mut out = String::new();
        csv_row(&mut out, &["12,50".to_owned(), "a;b".to_owned()], ';', true);
        assert_eq!(out, "12,50;\"a;b\"\r\n");
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(row(&["a", "b,c", "d\"e", "f\ng", ""], false), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
        assert_eq!(row(&[""], false), "\"\"\r\n");
    }

    #[test]
    fn formulas_are_made_harmless_and_numbers_are_not_touched() {
        assert_eq!(
            row(&["=1+1", "@x", "-1250,50", "+4512345678", "-cmd|x", "1-2"], true),
            "'=1+1,'@x,\"-1250,50\",+4512345678,'-cmd|x,1-2\r\n"
        );
        assert_eq!(row(&["=1+1"], false), "=1+1\r\n");
    }

    #[test]
    fn what_reads_as_a_cpr_is_masked_also_in_raw_text() {
        let gate = Gate::new(None, false);
        let mut mask = Mask { gate: &gate, columns: Vec::new(), header_row: None, open: true, masked: 0, at_home: false };
        assert_eq!(
            mask.row(&["1307851234".to_owned(), "Ask 130785-1234".to_owned(), "42".to_owned()], true),
            ["##########", "Ask ###########", "42"]
        );
        assert_eq!(mask.masked(), 2);
        mask.open = false;
        assert_eq!(mask.row(&["Ask Holm".to_owned()], true), ["xxx xxxx"]);
    }
}
