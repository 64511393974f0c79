//! How long the shared strings of an XLS are: they lie across records, and cells only name them.

use super::compound::{u16_at, u32_at};

/// The characters of each shared string, as far as the records make sense. `pieces` are the content of those records.
pub(super) fn lengths(pieces: &[&[u8]]) -> Vec<u32> {
    let mut rest = Pieces { piece: pieces.first().copied().unwrap_or_default(), more: pieces.get(1..).unwrap_or_default() };
    let mut lengths = Vec::new();
    // Behind the two counts.
    if rest.take(8).is_some() {
        while let Some(length) = rest.string() {
            lengths.push(length);
        }
    }
    lengths
}

/// What is left of records that continue each other.
struct Pieces<'a> {
    piece: &'a [u8],
    more: &'a [&'a [u8]],
}

impl<'a> Pieces<'a> {
    /// Goes on to the next piece at the end of one.
    fn turn(&mut self) -> bool {
        let at_end = self.piece.is_empty();
        if let Some((next, more)) = self.more.split_first().filter(|_| at_end) {
            (self.piece, self.more) = (next, more);
        }
        at_end
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        self.turn();
        let (taken, rest) = self.piece.split_at_checked(length)?;
        self.piece = rest;
        Some(taken)
    }

    fn skip(&mut self, mut length: usize) -> Option<()> {
        while length > 0 {
            self.turn();
            let step = length.min(self.piece.len());
            self.take(step).filter(|taken| !taken.is_empty())?;
            length -= step;
        }
        Some(())
    }

    /// Passes over a string; its characters.
    fn string(&mut self) -> Option<u32> {
        let head = self.take(3)?;
        let (length, flags) = (u16_at(head, 0)?, head[2]);
        let runs = if flags & 8 != 0 { u16_at(self.take(2)?, 0)? } else { 0 };
        let more = if flags & 4 != 0 { u32_at(self.take(4)?, 0)? } else { 0 };
        let (mut left, mut wide) = (length as usize, flags & 1);
        while left > 0 {
            // A piece that goes on inside the characters says anew how wide they are.
            if self.turn() {
                wide = self.take(1)?[0] & 1;
            }
            let step = left.min(self.piece.len() / (1 + usize::from(wide)));
            self.take(step * (1 + usize::from(wide))).filter(|taken| !taken.is_empty())?;
            left -= step;
        }
        self.skip(runs as usize * 4 + more as usize)?;
        Some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_strings_are_measured_across_records() {
        let first = [&[9, 0, 0, 0, 4, 0, 0, 0][..], &[2, 0, 0, b'a', b'b'], &[4, 0, 1, b'c', 0, b'd', 0]].concat();
        let second = [&[0, b'e', b'f'][..], &[3, 0, 8, 1, 0, b'g', b'h', b'i', 0, 0]].concat();
        let third = [&[0, 0][..], &[1, 0, 4, 5, 0, 0, 0, b'j', 1, 2, 3, 4, 5], &[7, 0, 0, b'k']].concat();
        assert_eq!(lengths(&[&first, &second, &third]), [2, 4, 3, 1], "the last is cut off");
        assert_eq!(lengths(&[]), [0_u32; 0]);
    }
}
