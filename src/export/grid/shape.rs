//! What kind of thing a cell looks like, and what the cells of a column have in common: enough to tell a header from a record
//! and a whole record from a shifted one. No language, no model.

use std::collections::BTreeMap;

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Empty,
    Integer,
    Amount,
    Date,
    Time,
    Link,
    /// Letters, digits and signs without a space, at least one of them a digit.
    Code,
    Text,
}

/// Numbers of so many characters may be written alike on purpose.
const LONG_NUMBER: usize = 6;
const SHAPES: [Shape; 8] =
    [Shape::Empty, Shape::Integer, Shape::Amount, Shape::Date, Shape::Time, Shape::Link, Shape::Code, Shape::Text];

impl Shape {
    /// The shape of a cell.
    pub(super) fn of(cell: &str) -> Shape {
        let text = cell.trim();
        if text.is_empty() {
            return Shape::Empty;
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0 {
            return if is_link(text) { Shape::Link } else { Shape::Text };
        }
        if digits == text.len() {
            return Shape::Integer;
        }
        if is_date(text) {
            Shape::Date
        } else if is_time(text) {
            Shape::Time
        } else if is_amount(text) {
            Shape::Amount
        } else if is_link(text) {
            Shape::Link
        } else if text.len() <= 40 && text.chars().all(|c| c.is_alphanumeric() || "-_/.#:".contains(c)) {
            Shape::Code
        } else {
            Shape::Text
        }
    }
}

fn is_link(text: &str) -> bool {
    text.contains("://") && !text.contains(char::is_whitespace)
}

/// Digits and the signs between them: `28/01/2018` has [2, 2, 4] and `//`.
fn groups(text: &str) -> Option<(Vec<usize>, Vec<char>)> {
    let (mut lengths, mut signs) = (vec![0], Vec::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            *lengths.last_mut()? += 1;
        } else {
            lengths.push(0);
            signs.push(c);
        }
    }
    Some((lengths, signs))
}

fn is_date(text: &str) -> bool {
    let day = text.split_once([' ', 'T']).filter(|(_, time)| is_time(time.trim_end_matches('Z'))).map_or(text, |(day, _)| day);
    let Some((lengths, signs)) = groups(day) else { return false };
    let ordered = match lengths.as_slice() {
        [4, 1..=2, 1..=2] => true,
        [1..=2, 1..=2, year] => matches!(year, 2 | 4),
        _ => false,
    };
    ordered && matches!(signs.as_slice(), ['-', '-'] | ['/', '/'] | ['.', '.'])
}

fn is_time(text: &str) -> bool {
    let Some((lengths, signs)) = groups(text.split_once(['.', '+']).map_or(text, |(time, _)| time)) else { return false };
    matches!(lengths.as_slice(), [1..=2, 2] | [1..=2, 2, 2]) && signs.iter().all(|&c| c == ':')
}

fn is_amount(text: &str) -> bool {
    let bare = text.trim_start_matches(['$', '€', '£', '-', '+', '(', '\u{2212}']).trim_start();
    let bare = bare.trim_end_matches(['%', '-', '+', ')', ' ']);
    let bare = ["kr.", "kr", "DKK", "EUR", ",-"].iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare).trim_end();
    let bare = ["kr.", "kr", "DKK", "EUR"].iter().find_map(|unit| bare.strip_prefix(unit)).unwrap_or(bare).trim_start();
    bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\''))
}

/// How a cell is written: digits and letters as such, other signs as they are. A number that stands for it.
fn pattern(cell: &str) -> u64 {
    // FNV-1a.
    cell.trim().chars().fold(0xcbf2_9ce4_8422_2325, |hash, c| {
        let class = match c {
            c if c.is_numeric() => '9',
            c if c.is_alphabetic() => 'a',
            c => c,
        };
        (hash ^ u64::from(class)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What the cells of one column have in common.
#[derive(Debug, Clone, Copy)]
struct ColumnShape {
    /// What four of five filled cells look like, when that is more than text.
    usual: Option<Shape>,
    /// How four of five filled cells are written, sign for sign, if they are (`99-99-9999`).
    written: Option<u64>,
    never_empty: bool,
    always_empty: bool,
}

/// What the columns of a table look like.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns(Vec<ColumnShape>);

impl Columns {
    /// The columns of these records.
    pub(super) fn of<'r>(records: impl Iterator<Item = &'r Vec<String>>, width: usize) -> Columns {
        let mut counts = vec![[0_usize; SHAPES.len()]; width];
        let mut written = vec![BTreeMap::<u64, usize>::new(); width];
        let mut rows = 0;
        for record in records {
            rows += 1;
            for ((count, written), cell) in counts.iter_mut().zip(&mut written).zip(record) {
                let shape = Shape::of(cell);
                count[shape as usize] += 1;
                // Short numbers are of one length by chance.
                let long = cell.trim().len() >= LONG_NUMBER;
                if matches!(shape, Shape::Date | Shape::Time | Shape::Code)
                    || (long && matches!(shape, Shape::Integer | Shape::Amount))
                {
                    *written.entry(pattern(cell)).or_default() += 1;
                }
            }
        }
        let column = |(count, written): ([usize; SHAPES.len()], BTreeMap<u64, usize>)| {
            let empty = count[0];
            let filled = rows - empty.min(rows);
            let most = SHAPES.into_iter().zip(count).skip(1).max_by_key(|(_, count)| *count);
            let same = written.into_iter().max_by_key(|(_, count)| *count);
            ColumnShape {
                written: same.filter(|&(_, same)| rows > 4 && same * 5 >= filled * 4).map(|(pattern, _)| pattern),
                usual: most
                    .filter(|&(shape, most)| shape != Shape::Text && filled > 0 && most * 5 >= filled * 4)
                    .map(|(shape, _)| shape),
                never_empty: rows > 0 && empty * 50 <= rows,
                always_empty: rows > 1 && filled * 50 <= rows,
            }
        };
        Columns(counts.into_iter().zip(written).map(column).collect())
    }

    /// How many cells of a record do not look like their columns.
    pub(super) fn misfits<'c>(&self, record: impl IntoIterator<Item = &'c str>) -> usize {
        record.into_iter().enumerate().filter(|&(at, cell)| self.is_misfit(at, cell)).count()
    }

    /// Whether a cell does not look like the column `at`.
    pub(super) fn is_misfit(&self, at: usize, cell: &str) -> bool {
        let Some(column) = self.0.get(at) else { return false };
        match (Shape::of(cell), column.usual) {
            (Shape::Empty, _) => column.never_empty,
            _ if column.always_empty => true,
            // Amounts are of any length.
            (shape @ (Shape::Integer | Shape::Amount), Some(usual)) => shape != usual,
            (shape, Some(usual)) => shape != usual || column.written.is_some_and(|written| written != pattern(cell)),
            (_, None) => false,
        }
    }

    /// Whether a cell is written, sign for sign, as the cells of column `at` are.
    pub(super) fn is_as_written(&self, at: usize, cell: &str) -> bool {
        self.0.get(at).and_then(|column| column.written).is_some_and(|written| written == pattern(cell))
    }

    /// Whether a column has a shape beyond text.
    pub(super) fn speak(&self) -> bool {
        self.0.iter().any(|column| column.usual.is_some())
    }

    /// Whether a record is words over columns that hold something else.
    pub(super) fn is_header(&self, record: &[String]) -> bool {
        if names_years(record) {
            return true;
        }
        let (mut words, mut alike) = (0, 0);
        for (column, cell) in self.0.iter().zip(record) {
            let shape = Shape::of(cell);
            match column.usual {
                _ if shape == Shape::Empty => {}
                Some(usual) if usual == shape => alike += 1,
                Some(_) if cell.chars().any(char::is_alphabetic) => words += 1,
                _ => {}
            }
        }
        words > 0 && alike == 0
    }
}

/// Whether a record is words and at least three years, one after the other: a header over numbers.
fn names_years(record: &[String]) -> bool {
    let year = |cell: &str| cell.trim().parse::<u32>().ok().filter(|year| (1900..2100).contains(year));
    let years: Vec<u32> = record.iter().filter_map(|cell| year(cell)).collect();
    let others = record.iter().filter(|cell| year(cell).is_none());
    years.len() > 2
        && years.windows(2).all(|pair| pair[1] == pair[0] + 1)
        && others.map(|cell| Shape::of(cell)).all(|s| matches!(s, Shape::Text | Shape::Empty))
}

/// Filled cells of a record.
pub(super) fn filled(record: &[String]) -> usize {
    record.iter().filter(|cell| !cell.trim().is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_shapes() {
        for (cell, shape) in [
            ("", Shape::Empty),
            ("12", Shape::Integer),
            ("$74.69", Shape::Amount),
            ("1.234,50 kr.", Shape::Amount),
            ("-12,5", Shape::Amount),
            ("46 %", Shape::Amount),
            ("28/01/2018", Shape::Date),
            ("2026-10-31 12:00", Shape::Date),
            ("00:15", Shape::Time),
            ("MG-8769", Shape::Code),
            ("https://x.dk/1", Shape::Link),
            ("Men's Boots, 10\"", Shape::Text),
            ("DATE", Shape::Text),
            ("28/01/201800:00", Shape::Code),
            ("Se mere på https://x.dk/1", Shape::Text),
        ] {
            assert_eq!(Shape::of(cell), shape, "{cell}");
        }
    }

    #[test]
    fn a_header_is_words_over_other_things() {
        let rows = |texts: &[&str]| texts.iter().map(|r| r.split(';').map(str::to_owned).collect()).collect::<Vec<Vec<String>>>();
        let records = rows(&["1;a;", "2;b;", "3;c;"]);
        let columns = Columns::of(records.iter(), 3);
        let read = |text: &str| text.split(';').map(str::to_owned).collect::<Vec<String>>();
        assert!(columns.is_header(&read("id;navn;note")));
        assert!(!columns.is_header(&read("4;d;")) && !columns.is_header(&read(";d;")));
        assert_eq!(columns.misfits(["4", "d", ""]), 0);
        assert_eq!(columns.misfits(["", "4", "d"]), 2);
    }
}
