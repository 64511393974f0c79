//! An OpenDocument spreadsheet of one sheet: the type first and unpacked, then the content, then the list of parts.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::danish;
use super::xlsx::Field;
use crate::demo::DemoError;

const TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3">
<office:automatic-styles>
<number:date-style style:name="dmy"><number:day number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:year number:style="long"/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="dmy"/>
</office:automatic-styles>
<office:body><office:spreadsheet>
"#;

/// A spreadsheet that is filled row by row.
pub(super) struct Sheet(String);

impl Sheet {
    /// Named, with a header as names parted by `|`.
    pub(super) fn new(name: &str, header: &str) -> Sheet {
        let mut sheet = Sheet(format!("{HEAD}<table:table table:name=\"{}\">\n", escaped(name)));
        sheet.row(&header.split('|').map(Field::Text).collect::<Vec<_>>());
        sheet
    }

    /// Adds a row.
    pub(super) fn row(&mut self, fields: &[Field]) {
        self.0.push_str("<table:table-row>");
        for field in fields {
            match *field {
                Field::Empty | Field::Text("") | Field::NotAvailable => self.0.push_str("<table:table-cell/>"),
                Field::Text(text) => self.cell("office:value-type=\"string\"", &escaped(text)),
                Field::Whole(n) => self.number(&n.to_string()),
                Field::Amount(amount) => self.number(&amount.plain()),
                Field::Digits(digits) => self.number(digits),
                Field::Day(date) | Field::Serial(date) => {
                    let value = format!("table:style-name=\"day\" office:value-type=\"date\" office:date-value=\"{date}\"");
                    self.cell(&value, &danish(date, '-'));
                }
            }
        }
        self.0.push_str("</table:table-row>\n");
    }

    fn number(&mut self, digits: &str) {
        self.cell(&format!("office:value-type=\"float\" office:value=\"{digits}\""), digits);
    }

    fn cell(&mut self, value: &str, shown: &str) {
        self.0.push_str(&format!("<table:table-cell {value}><text:p>{shown}</text:p></table:table-cell>"));
    }

    /// Writes the file; the same rows always give the same bytes.
    pub(super) fn save(mut self, mut to: Box<dyn Write + Send>) -> Result<(), DemoError> {
        self.0.push_str("</table:table>\n</office:spreadsheet></office:body>\n</office:document-content>\n");
        let manifest = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\n\
             <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"{TYPE}\"/>\n\
             <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\n\
             </manifest:manifest>\n"
        );
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
        let (stored, packed) =
            (plain.compression_method(CompressionMethod::Stored), plain.compression_method(CompressionMethod::Deflated));
        for (name, options, text) in
            [("mimetype", stored, TYPE), ("content.xml", packed, &self.0), ("META-INF/manifest.xml", packed, &manifest)]
        {
            archive.start_file(name, options)?;
            archive.write_all(text.as_bytes())?;
        }
        to.write_all(&archive.finish()?.into_inner())?;
        Ok(to.flush()?)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::law::day;
    use crate::demo::{Memory, Outlet};

    #[test]
    fn the_type_comes_first_and_unpacked() {
        let mut memory = Memory::default();
        let mut sheet = Sheet::new("Ark & co", "a|b");
        sheet.row(&[Field::Day(day(2026, 10, 31)), Field::Text("<x>")]);
        sheet.save(memory.open("x.ods").unwrap()).unwrap();
        let bytes = memory.files().remove(0).bytes;
        assert_eq!(&bytes[30..38], b"mimetype");
        assert_eq!(&bytes[38..38 + TYPE.len()], TYPE.as_bytes());
        let mut book: calamine::Ods<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = calamine::Reader::worksheet_range(&mut book, "Ark & co").unwrap();
        let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows, [["a", "b"], ["2026-10-31", "<x>"]]);
    }
}
