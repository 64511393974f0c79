//! Where a table begins and what its header is: the rows above it, the lines of its header, its width and columns.

use super::shape::{Columns, filled};

/// A header has at most so many lines.
const HEADER_LINES: usize = 4;
/// So many records alike in a row are a table.
const RUN: usize = 3;
/// A list of facts above a table has at most so many rows.
const FACTS: usize = 12;

/// A record ahead.
#[derive(Debug, Clone)]
pub(in crate::export) struct Ahead {
    pub(super) cells: Vec<String>,
    /// Whether a blank row stands before it.
    pub(super) after_blank: bool,
}

/// How a table is laid out.
#[derive(Debug, Clone, Default)]
pub(in crate::export) struct Layout {
    /// Records above the header.
    pub(super) above: usize,
    /// Lines of the header; none when the first row is a record like the others.
    pub(super) header_lines: usize,
    /// Its last line.
    header: Vec<String>,
    pub(super) width: usize,
    pub(super) columns: Columns,
}

impl Layout {
    /// The layout of the table that begins with these records. `mend` reads a record again so that it has the width of the
    /// table.
    pub(super) fn of(ahead: &[Ahead], mend: impl Fn(usize, usize, &Columns) -> Option<Vec<String>>) -> Layout {
        let width = width(ahead);
        if width < 2 {
            let header_lines = usize::from(ahead.len() > 1 && columns(ahead, 0, 1).is_header(&ahead[0].cells));
            return Layout { header_lines, width: 1, ..Layout::default() };
        }
        let first = ahead.iter().position(|record| is_record(&record.cells, width)).unwrap_or(0);
        let columns = columns(ahead, first, width);
        let mut above = first + title_rows(&ahead[first..], width);
        // A record that is damaged may look like words over columns until it is mended.
        let is_damaged_record = |at: usize| mend(at, width, &columns).is_some_and(|cells| !columns.is_header(&cells));
        let mut header_lines = header_lines(&ahead[above..], &columns, width, |at| is_damaged_record(above + at));
        // Where the records begin without a header, the line above them may be one that is damaged.
        if (header_lines == 0 || !columns.speak())
            && above > 0
            && !ahead[above].after_blank
            && is_damaged_header(above - 1, ahead, &mend, &columns, width)
        {
            above -= 1;
            header_lines = 1;
        }
        let last = (above + header_lines).checked_sub(1).filter(|_| header_lines > 0);
        let header = last.map_or_else(Vec::new, |last| ahead[last].cells.clone());
        Layout { above, header_lines, header, width, columns }
    }

    /// Whether a record says the same as the header, as far as both go.
    pub(super) fn repeats_header(&self, cells: &[String]) -> bool {
        filled(cells).min(filled(&self.header)) > 1 && cells.iter().zip(&self.header).all(|(a, b)| a.trim() == b.trim())
    }
}

/// A line that has one cell too many or too few, or its quotes or its delimiter wrong, and else would be a header.
fn is_damaged_header(
    at: usize,
    ahead: &[Ahead],
    mend: impl Fn(usize, usize, &Columns) -> Option<Vec<String>>,
    columns: &Columns,
    width: usize,
) -> bool {
    let cells = &ahead[at].cells;
    let nearly = cells.len().abs_diff(width) == 1 && filled(cells) + 1 >= width;
    let mended = || mend(at, width, &Columns::default()).filter(|cells| filled(cells) == width);
    if !columns.speak() {
        // Any words may stand above words: a title has one cell, and no quotes.
        let is_title = cells.len() == 1 && !cells[0].contains('"');
        return !is_title && (nearly || mended().is_some());
    }
    (nearly && columns.is_header(cells)) || mended().is_some_and(|cells| columns.is_header(&cells))
}

/// The width of the first table: that of the first run of records alike, else the commonest.
fn width(ahead: &[Ahead]) -> usize {
    let wide: Vec<(usize, usize)> = ahead
        .iter()
        .map(|record| (record.cells.len(), filled(&record.cells)))
        .filter(|&(width, filled)| width > 1 && filled > 1)
        .collect();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &(width, _) in &wide {
        match runs.last_mut() {
            Some((same, count)) if *same == width => *count += 1,
            _ => runs.push((width, 1)),
        }
    }
    let long = |&&(width, count): &&(usize, usize)| width > 1 && count >= RUN;
    let first = runs.iter().position(|run| long(&run));
    if let Some(first) = first {
        let (width, count) = runs[first];
        // Names and values in two columns above a wide table are no table.
        let wider = runs[first + 1..].iter().find(|run| run.0 > 3 && run.1 >= 2);
        return match wider {
            Some(&(wider, _)) if width == 2 && count <= FACTS => wider,
            _ => width,
        };
    }
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for &(width, _) in &wide {
        match counts.iter_mut().find(|(same, _)| *same == width) {
            Some((_, count)) => *count += 1,
            None => counts.push((width, 1)),
        }
    }
    // Of equals the last, which has the record under a title.
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(1, |(width, _)| width)
}

fn is_record(cells: &[String], width: usize) -> bool {
    cells.len() == width && filled(cells) > 1
}

/// The columns of the records, without those that may be the header.
fn columns(ahead: &[Ahead], first: usize, width: usize) -> Columns {
    let records: Vec<&Vec<String>> =
        ahead[first..].iter().map(|record| &record.cells).filter(|cells| cells.len() == width).collect();
    let before = if records.len() > 2 * HEADER_LINES { HEADER_LINES } else { records.len().min(2).saturating_sub(1) };
    Columns::of(records[before..].iter().copied(), width)
}

/// Rows above the header that have its width: few cells, and a blank row or a single cell tells them from a header.
fn title_rows(ahead: &[Ahead], width: usize) -> usize {
    let sparse = |record: &Ahead| filled(&record.cells) * 2 < width;
    let few = ahead.iter().take(FACTS).take_while(|record| sparse(record)).count();
    // Behind the last blank row among them, or the last of a single cell.
    let ends = (1..=few).rev().find(|&at| ahead.get(at).is_some_and(|next| next.after_blank) || filled(&ahead[at - 1].cells) < 2);
    ends.filter(|&at| at < ahead.len()).unwrap_or(0)
}

fn header_lines(ahead: &[Ahead], columns: &Columns, width: usize, is_damaged_record: impl Fn(usize) -> bool) -> usize {
    let Some(first) = ahead.first() else { return 0 };
    let same = |record: &&Ahead| !record.after_blank && record.cells == first.cells;
    if !columns.speak() {
        return 1 + ahead[1..].iter().take(HEADER_LINES - 1).take_while(same).count();
    }
    // A single word above some records is their group.
    let is_group = |cells: &[String]| cells.len() < width && filled(cells) < 2;
    let is_line =
        |record: &Ahead| record.cells.len() <= width + 1 && !is_group(&record.cells) && columns.is_header(&record.cells);
    if !is_line(first) {
        // Words that group the columns of the line below may stand above columns of text only.
        let group = filled(&first.cells) < width
            && first.cells.len() == width
            && columns.misfits(first.cells.iter().map(String::as_str)) > 0;
        return if group && ahead.get(1).is_some_and(|next| !next.after_blank && is_line(next)) { 2 } else { 0 };
    }
    let more = ahead.iter().enumerate().take(HEADER_LINES).skip(1);
    1 + more.take_while(|(at, record)| !record.after_blank && is_line(record) && !is_damaged_record(*at)).count()
}

/// The lines of a header as one: what stands in a column, joined by blanks.
pub(super) fn joined(lines: &[Vec<String>], width: usize) -> Vec<String> {
    let widest = lines.iter().map(Vec::len).max().unwrap_or(0).max(width);
    let column = |at: usize| {
        let parts: Vec<&str> =
            lines.iter().filter_map(|line| line.get(at)).map(|cell| cell.trim()).filter(|c| !c.is_empty()).collect();
        parts.join(" ")
    };
    match lines {
        // One line stays as it is written.
        [line] => line.clone(),
        _ => (0..widest).map(column).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(text: &str) -> Vec<Ahead> {
        let mut records = Vec::new();
        let mut after_blank = false;
        for line in text.lines() {
            let cells: Vec<String> = line.split(';').map(str::to_owned).collect();
            if filled(&cells) == 0 {
                after_blank = true;
                continue;
            }
            records.push(Ahead { cells, after_blank });
            after_blank = false;
        }
        records
    }

    fn layout(text: &str) -> (usize, usize, usize) {
        let layout = Layout::of(&ahead(text), |_, _, _| None);
        (layout.above, layout.header_lines, layout.width)
    }

    #[test]
    fn rows_above_and_lines_of_a_header_are_told_from_records() {
        let rows = "1;01-02-2026;A\n2;03-02-2026;B\n3;04-02-2026;C\n4;05-02-2026;D\n";
        assert_eq!(layout(rows), (0, 0, 3), "no header");
        assert_eq!(layout(&format!("nr;dato;navn\n{rows}")), (0, 1, 3));
        assert_eq!(layout(&format!("nr;dato;navn\nnr;dato;navn\n{rows}")), (0, 2, 3));
        assert_eq!(layout(&format!("Sag;;Barn\nnr;dato;navn\n{rows}")), (0, 2, 3));
        assert_eq!(layout(&format!("Udtræk;;\n;;\nnr;dato;navn\n{rows}")), (1, 1, 3));
        assert_eq!(layout(&format!("Udtræk af sager\nnr;dato;navn\n{rows}")), (1, 1, 3));
        assert_eq!(layout("nr;dato;navn\n"), (0, 1, 3), "a header and nothing else");
        assert_eq!(layout("nr;dato;navn\n1;01-02-2026;A\n"), (0, 1, 3));
        assert_eq!(layout("navn\nA\nB\n").2, 1);
        assert_eq!(layout("nr;navn\nNord\n1;A\n2;B\nSyd\n3;C\n4;D\n"), (0, 1, 2), "a group is no line of the header");
        assert_eq!(layout("By;2022;2023;2024\nA;1,5;2,5;3,5\nB;4,5;5,5;6,5\n"), (0, 1, 4), "years are headers");
        assert_eq!(layout("Fra;1\nTil;2\n\na;b;c;d\n1;x;y;2\n3;x;y;4\n"), (2, 1, 4));
    }

    #[test]
    fn header_lines_are_joined_by_column() {
        let lines = [vec!["Sag".to_owned(), String::new()], vec!["nr".to_owned(), "dato".to_owned()]];
        assert_eq!(joined(&lines, 2), ["Sag nr", "dato"]);
    }
}
