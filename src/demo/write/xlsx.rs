//! Workbooks, written so that the same rows always give the same bytes. Rows go to a temporary file as they come, so that a
//! long sheet needs no more memory than a short one.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

use crate::calendar::Date;
use crate::value::Decimal;

/// What stands in a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field<'a> {
    /// Nothing.
    Empty,
    /// Text; an empty one writes nothing.
    Text(&'a str),
    /// A whole number.
    Whole(i64),
    /// An amount.
    Amount(Decimal),
    /// A day as its bare serial number, without a date format.
    Serial(Date),
    /// A day that is shown as one.
    Day(Date),
    /// Digits as a number: leading zeros are lost.
    Digits(&'a str),
    /// A formula that shows `#N/A`.
    NotAvailable,
}

/// A workbook that is filled sheet by sheet, row by row.
pub(super) struct Book {
    book: Workbook,
    sheet: Option<Worksheet>,
    row: u32,
    /// How a [`Field::Day`] is shown.
    day: Format,
}

impl Book {
    /// An empty workbook, made on the morning after the extract.
    pub(super) fn new() -> Result<Book, XlsxError> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_ymd(2026, 11, 1)?.and_hms(6, 0, 0)?;
        book.set_properties(&DocProperties::new().set_author("sagstjek demo").set_creation_datetime(&made));
        Ok(Book { book, sheet: None, row: 0, day: Format::new().set_num_format("dd-mm-yyyy") })
    }

    /// Begins a sheet.
    pub(super) fn sheet(&mut self, name: &str) -> Result<(), XlsxError> {
        self.close();
        let mut sheet = self.book.new_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        (self.sheet, self.row) = (Some(sheet), 0);
        Ok(())
    }

    /// A row of names, parted by `|`.
    pub(super) fn header(&mut self, names: &str) -> Result<(), XlsxError> {
        let names: Vec<Field> = names.split('|').map(Field::Text).collect();
        self.row(&names)
    }

    /// A row.
    pub(super) fn row(&mut self, fields: &[Field]) -> Result<(), XlsxError> {
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        for (column, field) in (0u16..).zip(fields) {
            match *field {
                Field::Empty | Field::Text("") => continue,
                Field::Text(text) => sheet.write_string(self.row, column, text)?,
                Field::Whole(n) => sheet.write_number(self.row, column, n as f64)?,
                Field::Amount(amount) => sheet.write_number(self.row, column, nearest(&amount.plain()))?,
                Field::Serial(date) => sheet.write_number(self.row, column, f64::from(date.days() + 25_569))?,
                Field::Day(date) => {
                    sheet.write_number_with_format(self.row, column, f64::from(date.days() + 25_569), &self.day)?
                }
                Field::Digits(digits) => sheet.write_number(self.row, column, nearest(digits))?,
                Field::NotAvailable => sheet.write_formula(self.row, column, Formula::new("=NA()").set_result("#N/A"))?,
            };
        }
        self.row += 1;
        Ok(())
    }

    fn close(&mut self) {
        if let Some(sheet) = self.sheet.take() {
            self.book.push_worksheet(sheet);
        }
    }

    /// Writes the file.
    pub(super) fn save(mut self, to: Box<dyn Write + Send>) -> Result<(), XlsxError> {
        self.close();
        self.book.save_to_writer(to)
    }
}

/// The binary number that a workbook holds for decimal digits; it prints as the same digits again.
fn nearest(digits: &str) -> f64 {
    digits.parse().unwrap_or(0.0)
}
