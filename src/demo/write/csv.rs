//! Delimited text: `;`, quotes where a field needs them, the last line ended.

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
}

/// A table that grows row by row.
#[derive(Debug)]
pub(super) struct Csv {
    text: String,
    end: &'static str,
}

impl Csv {
    /// With a header as one line of names, and the line end of the system.
    pub(super) fn new(header: &str, end: &'static str) -> Csv {
        Csv { text: format!("{header}{end}"), end }
    }

    /// Adds a row.
    pub(super) fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for (i, field) in fields.into_iter().enumerate() {
            if i > 0 {
                self.text.push(';');
            }
            if field.contains([';', '"', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&field.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push_str(self.end);
    }

    /// The file's bytes.
    pub(super) fn bytes(self, text: Text) -> Vec<u8> {
        match text {
            Text::Utf8 => self.text.into_bytes(),
            Text::Utf8Bom => [b"\xEF\xBB\xBF", self.text.as_bytes()].concat(),
            Text::Ansi => WINDOWS_1252.encode(&self.text).0.into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_needs_it_and_encodes() {
        let mut csv = Csv::new("a;b", "\r\n");
        csv.row(["x;y", "Bøg \"2\""]);
        assert_eq!(csv.bytes(Text::Ansi), b"a;b\r\n\"x;y\";\"B\xF8g \"\"2\"\"\"\r\n");
        assert_eq!(Csv::new("å", "\n").bytes(Text::Utf8Bom), b"\xEF\xBB\xBF\xC3\xA5\n");
    }
}
