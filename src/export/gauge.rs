//! Measures the tokens of an XML part as it is unpacked: a reader holds each of them in memory whole.

use memchr::memmem;

/// A tag, a text or a comment may not be longer.
const MAX_TOKEN: usize = 16 << 20;
/// The beginnings of comments and sections, and their ends.
const SECTIONS: [(&[u8], &[u8]); 2] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>")];
/// What is kept of a piece, so that a beginning that is cut in two is seen.
const SEAM: usize = 8;

/// How far the token that is open goes back.
#[derive(Default)]
pub(super) struct Gauge {
    /// Its bytes so far.
    open: usize,
    /// The end of the comment or section that is open.
    until: Option<&'static [u8]>,
    /// The last bytes of the piece before.
    seam: Vec<u8>,
    tags: u64,
}

impl Gauge {
    /// The next bytes; `false` when a token is too long.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        self.tags += memchr::memchr_iter(b'<', bytes).count() as u64;
        let text = [&self.seam[..], bytes].concat();
        self.walk(&text);
        // An end may be cut in two as well, but may not take the beginning for a part of itself.
        let kept = if self.until.is_some() { self.open.min(2) } else { SEAM };
        self.seam = text[text.len().saturating_sub(kept)..].to_vec();
        self.open <= MAX_TOKEN
    }

    /// Marks `<` so far: no fewer than there are tags.
    pub(super) fn tags(&self) -> u64 {
        self.tags
    }

    fn walk(&mut self, mut text: &[u8]) {
        loop {
            if let Some(end) = self.until {
                let Some(at) = memmem::find(text, end) else {
                    self.open += text.len();
                    return;
                };
                text = &text[at + end.len()..];
                (self.until, self.open) = (None, 0);
            }
            let special = memmem::find(text, b"<!");
            let plain = &text[..special.unwrap_or(text.len())];
            self.open = match memchr::memrchr(b'<', plain) {
                Some(last) => plain.len() - last,
                None => self.open + plain.len(),
            };
            let Some(at) = special else { return };
            let section = SECTIONS.into_iter().find(|(start, _)| text[at..].starts_with(start));
            self.until = section.map(|(_, end)| end);
            self.open = 0;
            text = &text[at + section.map_or(2, |(start, _)| start.len())..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds text in pieces; then what is open.
    fn open(text: &str, step: usize) -> (usize, bool) {
        let mut gauge = Gauge::default();
        for piece in text.as_bytes().chunks(step) {
            assert!(gauge.feed(piece));
        }
        (gauge.open, gauge.until.is_some())
    }

    #[test]
    fn what_is_open_is_known_however_the_text_comes() {
        for step in [1, 2, 3, 5, 1000] {
            assert!(open("<a><b>x</b></a>", step).0 <= 4 + SEAM);
            assert!(!open("<a><!-- <x> --></a>", step).1, "{step}");
            for inside in ["<a><!-- <x> </a>", "<a><![CDATA[ <x> -->", "<a><!--><x>", "<!--<<<<<<<<<<<<<<<"] {
                assert!(open(inside, step).1, "{step} {inside}");
            }
        }
    }

    #[test]
    fn long_tokens_are_seen_and_long_texts_of_short_ones_are_not() {
        let mut gauge = Gauge::default();
        let piece = vec![b'x'; 1 << 20];
        assert!(gauge.feed(b"<a>") && (0..15).all(|_| gauge.feed(&piece)));
        assert!(!(0..2).all(|_| gauge.feed(&piece)));
        let mut gauge = Gauge::default();
        assert!((0..40).all(|_| gauge.feed(&piece) && gauge.feed(b"</a><a>")));
        assert_eq!(gauge.tags(), 80);
        let mut gauge = Gauge::default();
        let marks = vec![b'<'; 1 << 20];
        assert!(gauge.feed(b"<!--") && !(0..18).all(|_| gauge.feed(&marks)), "marks inside a comment are no tags");
    }
}
