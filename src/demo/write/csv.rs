//! Delimited text: `;` (tabs in Unicode text), quotes where a field needs them, the last line ended; written on while it grows.

use std::io::{self, Write};

use encoding_rs::WINDOWS_1252;

/// How a system writes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-8 without.
    Utf8,
    /// Windows-1252.
    Ansi,
    /// UTF-16LE with a byte order mark, parted by tabs: what Excel calls «Unicode text».
    Unicode,
}

/// Text that is held back before it is written.
const HELD: usize = 1 << 16;

/// A table that grows row by row.
pub(super) struct Csv {
    to: Box<dyn Write + Send>,
    held: String,
    end: &'static str,
    text: Text,
    rows: u32,
}

impl Csv {
    /// With a header as one line of names, and the line end of the system.
    pub(super) fn new(mut to: Box<dyn Write + Send>, text: Text, header: &str, end: &'static str) -> io::Result<Csv> {
        let header = match text {
            Text::Unicode => header.replace(';', "\t"),
            Text::Utf8Bom | Text::Utf8 | Text::Ansi => header.to_owned(),
        };
        match text {
            Text::Utf8Bom => to.write_all(b"\xEF\xBB\xBF")?,
            Text::Unicode => to.write_all(b"\xFF\xFE")?,
            Text::Utf8 | Text::Ansi => {}
        }
        Ok(Csv { to, held: format!("{header}{end}"), end, text, rows: 0 })
    }

    /// Adds a row; its number, from 1.
    pub(super) fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) -> io::Result<u32> {
        let mark = if self.text == Text::Unicode { b'\t' } else { b';' };
        for (i, field) in fields.into_iter().enumerate() {
            if i > 0 {
                self.held.push(char::from(mark));
            }
            if field.bytes().any(|b| b == mark || matches!(b, b'"' | b'\n' | b'\r')) {
                self.held.push('"');
                self.held.push_str(&field.replace('"', "\"\""));
                self.held.push('"');
            } else {
                self.held.push_str(field);
            }
        }
        self.held.push_str(self.end);
        self.rows += 1;
        if self.held.len() > HELD {
            self.write()?;
        }
        Ok(self.rows)
    }

    fn write(&mut self) -> io::Result<()> {
        match self.text {
            Text::Utf8 | Text::Utf8Bom => self.to.write_all(self.held.as_bytes())?,
            Text::Ansi => self.to.write_all(&WINDOWS_1252.encode(&self.held).0)?,
            Text::Unicode => self.to.write_all(&self.held.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())?,
        }
        self.held.clear();
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.write()?;
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{Memory, Outlet};

    fn written(text: Text, header: &str, end: &'static str, row: Option<[&str; 2]>) -> Vec<u8> {
        let mut memory = Memory::default();
        let mut csv = Csv::new(memory.open("x").unwrap(), text, header, end).unwrap();
        if let Some(row) = row {
            assert_eq!(csv.row(row).unwrap(), 1);
        }
        csv.close().unwrap();
        memory.files().remove(0).bytes
    }

    #[test]
    fn quotes_what_needs_it_and_encodes() {
        let bytes = written(Text::Ansi, "a;b", "\r\n", Some(["x;y", "Bøg \"2\""]));
        assert_eq!(bytes, b"a;b\r\n\"x;y\";\"B\xF8g \"\"2\"\"\"\r\n");
        assert_eq!(written(Text::Utf8Bom, "å", "\n", None), b"\xEF\xBB\xBF\xC3\xA5\n");
        assert_eq!(written(Text::Unicode, "å;b", "\n", None), b"\xFF\xFE\xE5\0\t\0b\0\n\0");
    }
}
