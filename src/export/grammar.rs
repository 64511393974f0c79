//! How records and fields are written: what separates fields, what quotes them, and how a quote inside quotes is written.

use std::fmt;

/// What separates fields: one to four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Separator {
    bytes: [u8; 4],
    length: u8,
}

impl Separator {
    /// A separator of one ASCII character. Whether it can be one is not asked.
    pub const fn byte(byte: u8) -> Separator {
        Separator { bytes: [byte, 0, 0, 0], length: 1 }
    }

    /// A separator of one or more characters, four bytes at most: no letters, digits, quotes or line ends.
    pub fn new(text: &str) -> Option<Separator> {
        let length = text.len();
        let separator = Separator {
            bytes: std::array::from_fn(|i| text.as_bytes().get(i).copied().unwrap_or(0)),
            length: u8::try_from(length).ok().filter(|length| (1..=4).contains(length))?,
        };
        separator.is_usable().then_some(separator)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or("")
    }

    /// Its length in bytes.
    pub(super) fn length(self) -> usize {
        usize::from(self.length)
    }

    pub(super) fn first(self) -> u8 {
        self.bytes[0]
    }

    /// Whether it is the same in every encoding that ASCII is part of.
    pub(super) fn is_ascii(&self) -> bool {
        self.as_bytes().is_ascii()
    }

    /// Whether fields can be separated by it.
    pub(super) fn is_usable(&self) -> bool {
        let text = self.as_str();
        !text.is_empty() && !text.chars().any(|c| c.is_alphanumeric() || matches!(c, '"' | '\r' | '\n' | '\0'))
    }
}

impl From<u8> for Separator {
    fn from(byte: u8) -> Separator {
        Separator::byte(byte)
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a quote inside a quoted field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Escape {
    /// Twice.
    #[default]
    Doubled,
    /// Behind a backslash; twice is understood too.
    Backslash,
}

/// How fields are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grammar {
    /// What separates fields.
    pub separator: Separator,
    /// What may enclose a field: an ASCII character.
    pub quote: u8,
    /// How a quote is written inside a quoted field.
    pub escape: Escape,
    /// Another quotation mark that a quoted field has doubled only, as if it were the quote: it is meant once.
    pub doubled_mark: Option<u8>,
}

impl Grammar {
    /// Quoted by `"`, which is doubled inside.
    pub const fn plain(separator: Separator) -> Grammar {
        Grammar { separator, quote: b'"', escape: Escape::Doubled, doubled_mark: None }
    }

    /// Whether the text between the quotes of a field may be meant otherwise than it is written.
    pub(super) fn may_escape(&self, inner: &str) -> bool {
        memchr::memchr(self.quote, inner.as_bytes()).is_some()
    }

    /// The text between the quotes of a field, as it is meant.
    pub(super) fn unescaped(&self, inner: &str, mut push: impl FnMut(&str)) {
        let bytes = inner.as_bytes();
        let (mut from, mut at) = (0, 0);
        // A mark that is not there is looked for as the quote.
        let mark = self.doubled_mark.unwrap_or(self.quote);
        while let Some(offset) = match self.escape {
            Escape::Doubled => memchr::memchr2(self.quote, mark, &bytes[at..]),
            Escape::Backslash => memchr::memchr3(self.quote, mark, b'\\', &bytes[at..]),
        } {
            at += offset;
            let is_mark = bytes[at] == mark && mark != self.quote;
            let pair = bytes.get(at + 1) == Some(if is_mark { &mark } else { &self.quote });
            if pair {
                push(inner.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            at += if pair { 2 } else { 1 };
        }
        push(inner.get(from..).unwrap_or(""));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_one_to_four_bytes_of_punctuation() {
        for usable in [";", "\t", "||", "~|~", "§", " ", ", "] {
            assert_eq!(Separator::new(usable).map(|s| s.to_string()).as_deref(), Some(usable));
        }
        for not in ["", "a", "\"", ";\n", "-----", "1"] {
            assert_eq!(Separator::new(not), None, "{not}");
        }
    }

    #[test]
    fn a_quote_inside_quotes_is_doubled_or_behind_a_backslash() {
        let read = |escape, inner: &str| {
            let mut out = String::new();
            Grammar { escape, ..Grammar::plain(Separator::byte(b';')) }.unescaped(inner, |piece| out.push_str(piece));
            out
        };
        assert_eq!(read(Escape::Doubled, "5\"\" rør"), "5\" rør");
        assert_eq!(read(Escape::Doubled, "\"\"\"\""), "\"\"");
        assert_eq!(read(Escape::Backslash, "5\\\" r\\ør"), "5\" r\\ør");
        assert_eq!(read(Escape::Backslash, "5\"\" rør\\"), "5\" rør\\");
        assert_eq!(read(Escape::Doubled, "C:\\mappe"), "C:\\mappe");
        let other = Grammar { quote: b'\'', doubled_mark: Some(b'"'), ..Grammar::plain(Separator::byte(b';')) };
        let mut out = String::new();
        other.unescaped("5\"\" r''r", |piece| out.push_str(piece));
        assert_eq!(out, "5\" r'r");
    }
}
