//! Decoded text from a place in a file on, as much of it as is wanted.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::charset::Decoder;
use super::cutter::TextFile;
use super::why;
use crate::locale::Bilingual;

/// Bytes read at a time.
const READ: usize = 256 * 1024;

/// The text from some place on.
pub(super) struct Window {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    pub(super) text: String,
    /// Where in `text` the place is.
    pub(super) at: usize,
    /// Whether `text` goes to the end of the file.
    pub(super) ended: bool,
}

impl Window {
    /// At the beginning of the text.
    pub(super) fn new(text: &TextFile) -> Result<Window, Bilingual> {
        let mut file = File::open(&text.path).map_err(|error| why::io(&error))?;
        file.seek(SeekFrom::Start(text.bom)).map_err(|error| why::io(&error))?;
        Ok(Window { file, decoder: text.charset.decoder(), raw: Vec::new(), text: String::new(), at: 0, ended: false })
    }

    /// What lies ahead, as far as it is read.
    pub(super) fn ahead(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Reads on until `wanted` bytes lie ahead, or the file ends.
    pub(super) fn fill(&mut self, wanted: usize) -> Result<(), Bilingual> {
        if self.ended || self.text.len() - self.at >= wanted {
            return Ok(());
        }
        self.text.drain(..self.at);
        self.at = 0;
        while !self.ended && self.text.len() < wanted {
            self.raw.clear();
            let read = self.file.by_ref().take(READ as u64).read_to_end(&mut self.raw).map_err(|error| why::io(&error))?;
            self.ended = read < READ;
            self.decoder.decode_onto(&self.raw, self.ended, &mut self.text);
        }
        if self.ended && self.text.ends_with('\u{1a}') {
            self.text.pop();
        }
        Ok(())
    }
}
