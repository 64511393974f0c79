//! Header names: how they are compared, and a header row with its columns.

use std::sync::Arc;

use crate::export::{RawCell, Row};
use crate::value::canonical_text;

/// The form in which headers are compared: lower case, letters and digits only (`Målgruppe.Målgruppe_` = `målgruppe målgruppe`).
pub(super) fn normalise(header: &str) -> String {
    canonical_text(header).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text compares equal to a normalised name; stops at the first difference.
pub(super) fn is_named(text: &str, name: &str) -> bool {
    let text = canonical_text(text);
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(name.chars())
}

/// One header cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// As written, trimmed.
    pub(super) text: Arc<str>,
    /// As compared.
    pub(super) name: String,
    /// The name without the year in it, if it has one and no other header has the same.
    pub(super) bare: Option<String>,
    /// 0-based sheet column.
    pub(super) sheet_column: u16,
}

impl Header {
    /// Whether it is among some normalised names, its year left out perhaps.
    pub(super) fn is_among(&self, has: impl Fn(&String) -> bool) -> bool {
        has(&self.name) || self.bare.as_ref().is_some_and(has)
    }
}

/// The normalised name without years and school years: `Antal dage skoleår 2024/25` = `antaldage`. `None` when there is none.
fn without_year(text: &str) -> Option<String> {
    let is_year = |part: &str| {
        let (year, more) = part.split_once(['/', '-']).unwrap_or((part, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let is_near = year.len() == 4 && digits(year) && (year.starts_with("19") || year.starts_with("20"));
        is_near && digits(more) && matches!(more.len(), 0 | 2 | 4)
    };
    let words = || text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '_' | ',' | ':'));
    if !words().any(is_year) {
        return None;
    }
    let rest: String = words().filter(|word| !is_year(word) && !word.eq_ignore_ascii_case("skoleår")).collect();
    Some(normalise(&rest)).filter(|name| !name.is_empty())
}

/// Two headers that differ in their year only stand for two things, and neither is the plain one.
fn only_bare(mut headers: Vec<Header>) -> Vec<Header> {
    let taken: Vec<bool> = headers
        .iter()
        .map(|header| {
            let same = |other: &&Header| other.bare == header.bare || Some(&other.name) == header.bare.as_ref();
            header.bare.is_some() && headers.iter().filter(same).count() > 1
        })
        .collect();
    headers.iter_mut().zip(taken).filter(|(_, taken)| *taken).for_each(|(header, _)| header.bare = None);
    headers
}

/// A row as a header: its filled cells from the left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HeaderRow {
    /// Sheet row.
    pub(super) sheet_row: u32,
    /// One past the sheet column of the last cell, filled or not.
    pub(super) width: usize,
    /// Filled cells.
    pub(super) headers: Vec<Header>,
}

impl HeaderRow {
    /// The texts of a row. Cells that are no text are headers too (years), as they print.
    pub(super) fn of(row: &Row<'_>) -> HeaderRow {
        let place = row.place();
        let texts =
            (0..row.len()).filter_map(|i| Some((u16::try_from(i).ok()?.checked_add(place.first_column)?, text_of(row.cell(i))?)));
        HeaderRow { width: usize::from(place.first_column) + row.len(), ..HeaderRow::new(place.sheet_row, texts) }
    }

    /// A header row from sheet columns and texts.
    pub(super) fn new(sheet_row: u32, texts: impl IntoIterator<Item = (u16, String)>) -> HeaderRow {
        let headers: Vec<Header> = texts
            .into_iter()
            .map(|(sheet_column, text)| (sheet_column, canonical_text(&text).into_owned()))
            .filter(|(_, text)| !text.is_empty())
            .map(|(sheet_column, text)| Header {
                name: normalise(&text),
                bare: without_year(&text),
                text: text.into(),
                sheet_column,
            })
            .collect();
        let headers = only_bare(headers);
        let width = headers.last().map_or(0, |header| usize::from(header.sheet_column) + 1);
        HeaderRow { sheet_row, width, headers }
    }

    /// Two rows as one header: the upper text stands above its own column and the empty ones behind it. A header is known by
    /// both texts together or by the lower one alone. `None` where the lower row adds nothing.
    pub(super) fn joined(&self, lower: &HeaderRow) -> Option<HeaderRow> {
        if lower.sheet_row != self.sheet_row + 1 || self.headers.len() < 2 || lower.headers.len() < 2 {
            return None;
        }
        let above = |column: u16| self.headers.iter().rev().find(|header| header.sheet_column <= column);
        let mut headers: Vec<Header> = Vec::new();
        for header in &lower.headers {
            let both =
                above(header.sheet_column).map_or_else(|| header.text.to_string(), |top| format!("{} {}", top.text, header.text));
            let name = normalise(&both);
            headers.push(Header { name, bare: Some(header.name.clone()), text: both.into(), sheet_column: header.sheet_column });
        }
        for top in &self.headers {
            if lower.headers.iter().all(|header| header.sheet_column != top.sheet_column) {
                headers.push(top.clone());
            }
        }
        headers.sort_by_key(|header| header.sheet_column);
        Some(HeaderRow { sheet_row: lower.sheet_row, width: self.width.max(lower.width), headers: only_bare(headers) })
    }

    /// Index of the first header of this spelling.
    pub(super) fn find(&self, spelling: &str) -> Option<usize> {
        let wanted = normalise(spelling);
        if wanted.is_empty() {
            return None;
        }
        let named = self.headers.iter().position(|header| header.name == wanted);
        named.or_else(|| self.headers.iter().position(|header| header.bare.as_ref() == Some(&wanted)))
    }

    /// Index of the first header of any of these spellings, in their order.
    pub(super) fn find_any<'s>(&self, spellings: impl IntoIterator<Item = &'s String>) -> Option<usize> {
        spellings.into_iter().find_map(|spelling| self.find(spelling))
    }

    /// Whether a row says the same again.
    pub(super) fn is_repeated_by(&self, row: &Row<'_>) -> bool {
        !self.headers.is_empty()
            && self.headers.iter().all(|header| match cell_at(row, header.sheet_column) {
                RawCell::Text(text) => is_named(text, &header.name),
                _ => false,
            })
    }

    /// One past the sheet column of the last header.
    pub(super) fn end(&self) -> usize {
        self.headers.last().map_or(0, |header| usize::from(header.sheet_column) + 1)
    }
}

/// The cell of a row in a sheet column.
pub(super) fn cell_at<'a>(row: &Row<'a>, sheet_column: u16) -> RawCell<'a> {
    match sheet_column.checked_sub(row.place().first_column) {
        Some(index) => row.cell(usize::from(index)),
        None => RawCell::Empty,
    }
}

/// A cell as text; `None` when there is nothing in it.
pub(super) fn text_of(cell: RawCell<'_>) -> Option<String> {
    match cell {
        RawCell::Empty => None,
        RawCell::Text(text) | RawCell::Error(text) => Some(text.to_owned()),
        RawCell::Number(n) | RawCell::Serial(n) => Some(n.to_string()),
        RawCell::Bool(yes) => Some(yes.to_string()),
    }
}

/// Whether a cell holds anything but white space.
pub(super) fn is_blank(cell: RawCell<'_>) -> bool {
    match cell {
        RawCell::Empty => true,
        // The first character settles nearly every cell.
        RawCell::Text(text) => !text.starts_with(|c: char| c.is_alphanumeric()) && canonical_text(text).is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_compare_by_letters_and_digits() {
        for (a, b) in [
            ("CPR-nr.", "cpr nr"),
            ("Kommune tilflytnings dato_", "kommune_tilflytnings_dato"),
            ("Målgruppe.Målgruppe", "MÅLGRUPPE MÅLGRUPPE"),
            ("Debet/kredit", "DEBET / KREDIT"),
            ("Sags\u{ad}nummer\u{a0}", "Sagsnummer"),
            ("Ma\u{30a}lgruppe", "Målgruppe"),
        ] {
            assert_eq!(normalise(a), normalise(b), "{a} {b}");
        }
        assert!(is_named("CPR-nr.", "cprnr") && !is_named("CPR-nr", "cpr") && !is_named("CPR", "cprnr"));
        assert_ne!(normalise("Påligningsår"), normalise("Paligningsar"), "æøå are letters of their own");
    }

    #[test]
    fn a_year_in_a_header_is_left_out_where_that_leaves_one() {
        let row = |texts: &[&str]| HeaderRow::new(1, (0..).zip(texts.iter().map(|t| (*t).to_owned())));
        assert_eq!(row(&["Antal dage skoleår 2024/25"]).find("Antal dage"), Some(0));
        assert_eq!(row(&["Takst (2026)"]).find("takst"), Some(0));
        assert_eq!(row(&["Takst 2025", "Takst 2026"]).find("Takst"), None, "which of them nobody can tell");
        assert_eq!(row(&["Takst 2025", "Takst"]).find("Takst"), Some(1));
        assert_eq!(row(&["Før 2011"]).find("Før 2011"), Some(0));
        assert_eq!(row(&["Konto 5282"]).find("Konto"), None, "no year");
    }

    #[test]
    fn the_first_of_two_equal_headers_is_found() {
        let row = HeaderRow::new(3, [(1, "Dato".to_owned()), (2, " ".to_owned()), (4, "dato_".to_owned())]);
        assert_eq!(row.headers.len(), 2);
        assert_eq!(row.find("DATO").map(|i| row.headers[i].sheet_column), Some(1));
        assert_eq!(row.end(), 5);
        assert_eq!(row.find("§"), None);
    }
}
