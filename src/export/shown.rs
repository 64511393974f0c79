//! Raw cells as texts, as a person sees them when opening the file.

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::{RawCell, Row};

/// The texts of a row, from sheet column A on.
pub(super) fn row(row: &Row<'_>) -> Vec<String> {
    let before = usize::from(row.place().first_column);
    let mut texts = vec![String::new(); before];
    texts.extend((0..row.len()).map(|index| cell(row.cell(index))));
    texts
}

fn cell(cell: RawCell<'_>) -> String {
    match cell {
        RawCell::Empty => String::new(),
        RawCell::Text(text) | RawCell::Error(text) => text.to_owned(),
        RawCell::Number(value) => number(value),
        RawCell::Serial(serial) => day(serial),
        RawCell::Bool(yes) => if yes { "TRUE" } else { "FALSE" }.to_owned(),
    }
}

/// A workbook number in plain decimals with at most 15 significant digits, which is what a workbook shows and keeps.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let whole = exponent + 1;
    let plain = if whole <= 0 {
        format!("0.{}{digits}", "0".repeat(whole.unsigned_abs() as usize))
    } else if digits.len() <= whole as usize {
        format!("{digits}{}", "0".repeat(whole as usize - digits.len()))
    } else {
        let (before, after) = digits.split_at(whole as usize);
        format!("{before}.{after}")
    };
    if negative { format!("-{plain}") } else { plain }
}

/// A serial number as `dd-mm-yyyy`, with the time of day when it has one; outside the calendar as the number it is.
fn day(serial: f64) -> String {
    // A serial below 1 is a time of day; above the last one there is no year 10,000.
    if !(1.0..2_958_466.0).contains(&serial) {
        return number(serial);
    }
    let (year, month, day, hour, minute, ..) = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false).to_ymd_hms_milli();
    let date = format!("{day:02}-{month:02}-{year:04}");
    if (hour, minute) == (0, 0) { date } else { format!("{date} {hour:02}:{minute:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_as_a_workbook_shows_them() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(101_901_234.0), "101901234");
        assert_eq!(number(-1250.5), "-1250.5");
        assert_eq!(number(1.5e20), "150000000000000000000");
        assert_eq!(number(0.00025), "0.00025");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(123_456_789_012_345_678.0), "123456789012346000");
    }

    #[test]
    fn serials_show_as_days() {
        assert_eq!(day(45_353.0), "02-03-2024");
        assert_eq!(day(45_353.75), "02-03-2024 18:00");
        assert_eq!(day(2_958_465.0), "31-12-9999");
        assert_eq!(day(0.5), "0.5");
    }
}
