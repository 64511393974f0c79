//! Fingerprints: by what a ledger knows a finding again. Never a row number, never a value that changes.

use std::sync::Arc;

use crate::privacy::Gate;
use crate::value::{Cell, Period, Span, Timestamp, Value};

/// What a fingerprint is made of.
#[derive(Debug)]
pub(super) struct Identity<'a> {
    pub(super) rule: &'a str,
    pub(super) dataset: &'a str,
    /// Columns and values of the key; without columns the whole content of the row.
    pub(super) key: (&'a [Arc<str>], &'a [Value]),
    /// Columns and values of the partner's key.
    pub(super) partner: Option<(&'a [Arc<str>], &'a [Value])>,
    pub(super) item: Option<&'a Value>,
}

impl Identity<'_> {
    /// The digest; equal identities have equal digests whatever the spelling of their cells was.
    pub(super) fn digest(&self, gate: &Gate) -> String {
        let mut bytes = Vec::new();
        text(&mut bytes, self.rule);
        text(&mut bytes, self.dataset);
        key(&mut bytes, self.key);
        match self.partner {
            Some(partner) => key(&mut bytes, partner),
            None => bytes.push(0),
        }
        match self.item {
            Some(item) => value(&mut bytes, item),
            None => bytes.push(0),
        }
        gate.digest("finding", &bytes)
    }
}

fn key(out: &mut Vec<u8>, (columns, values): (&[Arc<str>], &[Value])) {
    out.extend((columns.len() as u32).to_be_bytes());
    columns.iter().for_each(|c| text(out, c));
    out.extend((values.len() as u32).to_be_bytes());
    values.iter().for_each(|v| value(out, v));
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u32).to_be_bytes());
    out.extend(text.as_bytes());
}

/// A value in canonical typed form: a letter for its type, then its length and text.
pub(super) fn value(out: &mut Vec<u8>, value: &Value) {
    let mut typed = |letter: u8, content: &str| {
        out.push(letter);
        text(out, content);
    };
    match value {
        Value::Text(t) => typed(b't', t),
        Value::List(items) => typed(b'l', &items.join("\u{1f}")),
        Value::Number(n) => typed(b'n', &n.trimmed().plain()),
        Value::Money(n) => typed(b'm', &n.trimmed().plain()),
        Value::Percent(n) => typed(b'%', &n.trimmed().plain()),
        Value::Ratio(r) | Value::MoneyRatio(r) => typed(b'r', &format!("{r:?}")),
        Value::Date(day) => typed(b'd', &day.to_string()),
        Value::Timestamp(Timestamp::At(at)) => typed(b'i', &at.minutes().to_string()),
        Value::Timestamp(Timestamp::Day(day)) => typed(b'D', &day.to_string()),
        Value::Duration(Span { months, days, minutes }) => typed(b's', &format!("{months}/{days}/{minutes}")),
        Value::WorkingDays(n) => typed(b'w', &n.to_string()),
        Value::Period(Period { start, end }) => typed(b'p', &format!("{start}/{}", end.map_or(String::new(), |e| e.to_string()))),
        Value::Bool(yes) => typed(b'b', if *yes { "1" } else { "0" }),
    }
}

/// The content of a row in canonical form, by which rows with equal keys are ordered.
pub(super) fn content(cells: impl Iterator<Item = Cell>) -> Vec<u8> {
    let mut out = Vec::new();
    for cell in cells {
        match cell {
            Cell::Present(v) => value(&mut out, &v),
            Cell::Empty => out.push(b'e'),
            Cell::Unknown(cause) => {
                out.push(b'u');
                text(&mut out, cause.code());
            }
        }
    }
    out
}
