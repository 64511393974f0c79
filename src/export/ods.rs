//! What an OpenDocument sheet would unfold to, before calamine does it.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::hidden::Hidden;
use super::package::{attribute, text_attribute};
use super::{MAX_COLUMNS, MAX_ROWS, why};
use crate::locale::Bilingual;

/// How deep the elements of an ODS may be nested.
const MAX_DEPTH: usize = 256;
/// Cells an ODS may unfold to; calamine holds them all in memory.
const MAX_ODS_CELLS: u64 = 20_000_000;
/// Bytes of text and formulas in them.
const MAX_ODS_TEXT: u64 = 512 << 20;

/// What calamine would unfold of one table.
#[derive(Default)]
struct OdsTable {
    /// Rows up to the last one with content.
    rows: u64,
    /// Empty rows seen since.
    empty_rows: u64,
    /// Columns up to the last cell with content, in the widest row.
    width: u64,
    /// Cells calamine keeps while it reads, before it repeats rows.
    kept: u64,
    hidden: Hidden,
    /// Columns that were described.
    described: u64,
}

/// The elements must close, may not lie too deep, and may not unfold to more cells than fit into memory. Gives what is hidden
/// of each table.
///
/// # Errors
/// The reason why it will not be read.
pub(super) fn check(reader: &mut Reader<impl BufRead>) -> Result<Vec<Hidden>, Bilingual> {
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    let mut cells = 0_u64;
    let mut table = OdsTable::default();
    let (mut repeat_row, mut columns, mut empty_columns, mut is_hidden) = (1, 0_u64, 0_u64, false);
    let (mut repeat_cell, mut of_cell, mut of_row, mut text) = (1, 0_u64, 0_u64, 0_u64);
    let mut hidden = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| why::damaged())? {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(why::too_deep());
                }
                match tag.local_name().as_ref() {
                    "table" => table = OdsTable::default(),
                    "table-row" => {
                        repeat_row = attribute(&tag, "number-rows-repeated")?.unwrap_or(1).min(u64::from(MAX_ROWS));
                        (columns, empty_columns, of_row) = (0, 0, 0);
                        is_hidden = is_invisible(&tag)?;
                    }
                    "table-column" => {
                        let repeat = attribute(&tag, "number-columns-repeated")?.unwrap_or(1).min(MAX_COLUMNS as u64);
                        if is_invisible(&tag)? {
                            table.hidden.add_columns(table.described, table.described + repeat.max(1) - 1);
                        }
                        table.described += repeat;
                    }
                    "table-cell" | "covered-table-cell" => {
                        let repeat = attribute(&tag, "number-columns-repeated")?.unwrap_or(1).min(MAX_COLUMNS as u64);
                        // Each repeated cell, and each cell of a repeated row, gets a copy.
                        (repeat_cell, of_cell) = (repeat, tag.attributes().flatten().map(|a| a.value.len() as u64).sum());
                        // A cell with a value or a formula says so in its attributes.
                        let filled =
                            tag.attributes().flatten().any(|a| matches!(a.key.local_name().as_ref(), "value-type" | "formula"));
                        if filled {
                            columns += empty_columns + repeat;
                            empty_columns = 0;
                        } else {
                            empty_columns += repeat;
                        }
                    }
                    _ => {}
                }
            }
            Event::End(tag) => {
                depth = depth.checked_sub(1).ok_or_else(why::damaged)?;
                match tag.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => {
                        of_row += of_cell.saturating_mul(repeat_cell);
                        of_cell = 0;
                    }
                    "table-row" if columns > 0 => {
                        text = text.saturating_add(of_row.saturating_mul(repeat_row));
                        table.rows += table.empty_rows + repeat_row;
                        table.empty_rows = 0;
                        table.width = table.width.max(columns);
                        table.kept += columns;
                        if is_hidden {
                            table.hidden.rows = table.hidden.rows.saturating_add(repeat_row as u32);
                        }
                    }
                    "table-row" => table.empty_rows += repeat_row,
                    "table" => {
                        cells += table.kept.max(table.rows.min(u64::from(MAX_ROWS)) * table.width);
                        hidden.push(std::mem::take(&mut table.hidden));
                    }
                    _ => {}
                }
                if cells.max(table.kept) > MAX_ODS_CELLS || text > MAX_ODS_TEXT {
                    return Err(why::too_many_cells());
                }
            }
            Event::Text(piece) => of_cell += piece.len() as u64,
            Event::CData(piece) => of_cell += piece.len() as u64,
            Event::Eof if depth == 0 => return Ok(hidden),
            Event::Eof => return Err(why::damaged()),
            _ => {}
        }
    }
}

/// Whether a row or columns are hidden, by a person or by a filter.
fn is_invisible(tag: &BytesStart<'_>) -> Result<bool, Bilingual> {
    Ok(text_attribute(tag, "visibility")?.is_some_and(|value| matches!(value.as_str(), "collapse" | "filter")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    fn ods(body: &str) -> Result<Vec<Hidden>, String> {
        let xml = format!("<office:document><table:table table:name='a'>{body}</table:table></office:document>");
        check(&mut Reader::from_reader(xml.as_bytes())).map_err(|why| why.get(Lang::En).to_owned())
    }

    #[test]
    fn what_an_ods_unfolds_to_is_counted_before_it_happens() {
        let cell = "<table:table-cell office:value-type='float' office:value='1'/>";
        assert_eq!(ods(&format!("<table:table-row>{cell}</table:table-row>")), Ok(vec![Hidden::default()]));
        // LibreOffice ends a sheet with a million empty rows of 16,384 empty cells.
        let tail = "<table:table-row table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>";
        assert_eq!(ods(&format!("<table:table-row>{cell}</table:table-row>{tail}")), Ok(vec![Hidden::default()]));
        let wide = "<table:table-cell table:number-columns-repeated='16383'/>";
        let far = format!("<table:table-row>{wide}{cell}</table:table-row>{tail}<table:table-row>{cell}</table:table-row>");
        assert!(ods(&far).unwrap_err().contains("more cells"));
        let text = "x".repeat(1000);
        let long = |columns: u32, rows: u32| {
            format!(
                "<table:table-row table:number-rows-repeated='{rows}'><table:table-cell office:value-type='string' table:number-columns-repeated='{columns}'><text:p>{text}</text:p></table:table-cell></table:table-row>"
            )
        };
        assert!(ods(&long(100, 1_000)).is_ok());
        assert!(ods(&long(1_000, 1_000)).unwrap_err().contains("more cells"), "a gigabyte of copies");
    }

    #[test]
    fn hidden_rows_and_columns_of_an_ods() {
        let row = |more: &str| format!("<table:table-row {more}><table:table-cell office:value-type='float'/></table:table-row>");
        let columns = "<table:table-column table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>";
        let filtered = row("table:visibility='filter' table:number-rows-repeated='3'");
        let empty =
            "<table:table-row table:visibility='collapse' table:number-rows-repeated='900'><table:table-cell/></table:table-row>";
        let body = [columns, &row(""), &filtered, &row("table:visibility='collapse'"), empty].concat();
        assert_eq!(ods(&body), Ok(vec![Hidden { rows: 4, columns: vec![(2, 2)] }]));
    }

    #[test]
    fn an_ods_must_close_its_elements_and_not_nest_for_ever() {
        assert!(check(&mut Reader::from_reader(&b"<a><table:table><table:table-row>"[..])).is_err());
        assert!(check(&mut Reader::from_reader(&b"<a></b></a>"[..])).is_err());
        assert!(ods(&format!("{}{}", "<x>".repeat(300), "</x>".repeat(300))).unwrap_err().contains("nested"));
    }
}
