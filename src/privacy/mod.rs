//! What may be shown where: pseudonyms, shapes of unreadable cells, and texts made harmless for a terminal.
//!
//! A [`Gate`] holds the municipality's secret. Whoever shows something that came from a delivery asks it first, with the
//! [`Class`] of the cell's column; the model settles the class, the gate knows no pack.

mod cpr;
mod escape;
mod keyed;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::value::{Cause, Cell, Kind, Value};

pub use escape::terminal;

/// Pseudonyms under this key protect nobody: it is printed here.
const PUBLIC: &[u8] = b"sagstjek: public constant, protects nobody";

/// How far values of a column may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Open text, codes, numbers, dates: as they are, but for what reads as a CPR.
    Open,
    /// Personal text: by pseudonym.
    Personal,
    /// Not mapped to any column of the model: never.
    Unmapped,
}

/// Decides what is shown. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    secret: Arc<[u8]>,
    protected: bool,
    show_personal: bool,
}

impl fmt::Debug for Gate {
    /// The secret is not part of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("protected", &self.protected)
            .field("show_personal", &self.show_personal)
            .finish_non_exhaustive()
    }
}

/// A value as it may be shown: personal text already replaced. [`Shown::show`] writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A value; its texts may be shown.
    Value(Value),
    /// A month, given as its first day.
    Month(crate::calendar::Date),
    /// The cell is empty.
    Empty,
    /// There is no value, for this cause; what stands in the cell, or its shape, where that is known.
    Unknown(Cause, Option<Arc<str>>),
    /// Not to be shown at all.
    Hidden,
}

impl Shown {
    /// The value for a reader; words in brackets where there is none.
    pub fn show(&self, currency: &str, lang: crate::locale::Lang) -> String {
        match self {
            Shown::Value(value) => crate::value::show(value, currency, lang),
            Shown::Month(day) => format!("{:02}-{:04}", day.month(), day.year()),
            Shown::Empty => lang.pick("(tom)", "(empty)").to_owned(),
            Shown::Unknown(_, Some(raw)) => raw.to_string(),
            Shown::Unknown(cause, None) => format!("({})", cause.text(lang)),
            Shown::Hidden => lang.pick("(skjult)", "(hidden)").to_owned(),
        }
    }
}

impl Gate {
    /// A gate with the municipality's secret. `None` or nothing but white space stands for the public constant, which
    /// protects nobody. `show_personal` lifts the gate: values stand as they are.
    pub fn new(secret: Option<&[u8]>, show_personal: bool) -> Gate {
        match secret.map(<[u8]>::trim_ascii).filter(|s| !s.is_empty()) {
            Some(secret) => Gate { secret: secret.into(), protected: true, show_personal },
            None => Gate { secret: PUBLIC.into(), protected: false, show_personal },
        }
    }

    /// Whether pseudonyms rest on a secret.
    pub fn protected(&self) -> bool {
        self.protected
    }

    /// Whether personal values are shown as they are.
    pub fn shows_personal(&self) -> bool {
        self.show_personal
    }

    /// A word that tells one secret from another and gives neither away; `None` without a secret. For manifests.
    pub fn secret_hash(&self) -> Option<String> {
        self.protected.then(|| keyed::letters(&keyed::mac(&self.secret, b"manifest\0", b"")[..8]))
    }

    /// A keyed digest as 32 letters. No digit is used, so that a digest can never read as a CPR.
    pub fn digest(&self, domain: &str, content: &[u8]) -> String {
        keyed::letters(&keyed::mac(&self.secret, format!("{domain}\0").as_bytes(), content)[..16])
    }

    /// `P-` and eight characters for a CPR (ten digits), `T-` and eight for any other text: the same value, the same
    /// pseudonym. Given also when the gate is lifted.
    pub fn pseudonym(&self, kind: Kind, canonical: &str) -> String {
        let (mark, domain): (&str, &[u8]) = if kind == Kind::Cpr { ("P-", b"person\0") } else { ("T-", b"text\0") };
        format!("{mark}{}", keyed::base32(&keyed::mac(&self.secret, domain, canonical.as_bytes())))
    }

    /// The text with everything that reads as a CPR replaced by its pseudonym, unless the gate is lifted.
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.show_personal {
            return Cow::Borrowed(text);
        }
        let found = cpr::find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (range, digits) in found {
            out.push_str(&text[from..range.start]);
            out.push_str(&self.pseudonym(Kind::Cpr, &digits));
            from = range.end;
        }
        out.push_str(&text[from..]);
        Cow::Owned(out)
    }

    /// The text with everything that reads as a CPR replaced by `#`, byte for byte as long as before, so that spans into it
    /// still fit.
    pub fn mask(&self, text: &str) -> String {
        let mut out = text.to_owned();
        if !self.show_personal {
            for (range, _) in cpr::find(text) {
                out.replace_range(range.clone(), &"#".repeat(range.len()));
            }
        }
        out
    }

    /// A personal text by its pseudonym: `P-` where it reads as one CPR and nothing else, else `T-`.
    pub fn personal(&self, kind: Kind, text: &str) -> String {
        if self.show_personal {
            return if kind == Kind::Cpr { cpr::hyphened(text) } else { text.to_owned() };
        }
        match cpr::find(text).as_slice() {
            [(range, digits)] if range.len() == text.len() => self.pseudonym(Kind::Cpr, digits),
            _ => self.pseudonym(kind, text),
        }
    }

    /// A value as it may be shown.
    pub fn value(&self, class: Class, kind: Kind, value: &Value) -> Shown {
        let text = |text: &str| -> Arc<str> {
            match class {
                Class::Open if kind == Kind::Cpr => self.personal(kind, text).into(),
                Class::Open => self.scrub(text).into(),
                Class::Personal | Class::Unmapped => self.personal(kind, text).into(),
            }
        };
        match (class, value) {
            (Class::Unmapped, _) => Shown::Hidden,
            (_, Value::Text(t)) => Shown::Value(Value::Text(text(t))),
            (_, Value::List(items)) => Shown::Value(Value::List(items.iter().map(|t| text(t)).collect())),
            (_, value) => Shown::Value(value.clone()),
        }
    }

    /// A cell as it may be shown. `raw` is what stands in the file, where it was read again; it is used only for a cell
    /// that could not be read: a personal cell shows its shape, another its text if it has no letters, else its shape.
    pub fn cell(&self, class: Class, kind: Kind, cell: &Cell, raw: Option<&str>) -> Shown {
        match cell {
            _ if class == Class::Unmapped => Shown::Hidden,
            Cell::Present(value) => self.value(class, kind, value),
            Cell::Empty => Shown::Empty,
            Cell::Unknown(cause) => Shown::Unknown(*cause, raw.map(|raw| self.unreadable(class, raw))),
        }
    }

    fn unreadable(&self, class: Class, raw: &str) -> Arc<str> {
        if self.show_personal {
            return raw.into();
        }
        let plain = class == Class::Open && !raw.chars().any(char::is_alphabetic) && !cpr::lost_zero(raw);
        if plain { self.scrub(raw).into() } else { shape(raw).into() }
    }
}

/// The shape of a text: digits `#`, letters `x`, white space and punctuation as they are, cut at 40 characters.
pub fn shape(raw: &str) -> String {
    let mut out: String = raw
        .chars()
        .take(40)
        .map(|c| match c {
            c if c.is_numeric() => '#',
            c if c.is_alphabetic() => 'x',
            c => c,
        })
        .collect();
    if raw.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests;
