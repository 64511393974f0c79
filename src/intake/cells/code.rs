//! Codes of a list, and the national vocabularies.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Read, Tally};
use crate::intake::Repair;
use crate::model::CodeList;
use crate::value::dk::{self, Mended, Parsed};
use crate::value::{Cause, Kind};

/// A code list with the spellings met so far, so that each is sought once.
#[derive(Debug)]
pub(super) struct Codes<'p> {
    list: &'p CodeList,
    met: HashMap<String, Option<Spelled>>,
}

/// A code, and whether it was spelled as neither the code nor its title; upper and lower case do not matter.
type Spelled = (Arc<str>, bool);

/// Spellings remembered at most: a column of free text must not grow the memory.
const MOST_REMEMBERED: usize = 4_096;

impl<'p> Codes<'p> {
    pub(super) fn new(list: &'p CodeList) -> Codes<'p> {
        Codes { list, met: HashMap::new() }
    }

    /// Whether texts that are no codes stay as written.
    pub(super) fn others(&self) -> bool {
        self.list.others
    }

    /// The list.
    pub(super) fn list(&self) -> &'p CodeList {
        self.list
    }

    /// The canonical code that a text spells, and whether in another spelling.
    pub(super) fn find(&mut self, text: &str) -> Option<Spelled> {
        if let Some(found) = self.met.get(text) {
            return found.clone();
        }
        let spells = |name: &str| name.to_lowercase() == text.to_lowercase();
        let found = self.list.find(text).map(|code| (code.code.clone(), !spells(&code.code) && !spells(&code.title.da)));
        if self.met.len() < MOST_REMEMBERED {
            self.met.insert(text.to_owned(), found.clone());
        }
        found
    }
}

/// A value of a national vocabulary.
pub(super) fn vocabulary(kind: Kind, text: &str, tally: &mut Tally) -> Read<'static> {
    if kind == Kind::Cpr && !tally.test_persons.is_empty() {
        let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let is_test = |known: &Arc<str>| **known == *bare || (bare.len() == 9 && known.strip_prefix('0') == Some(&bare));
        let met = tally.test_persons.iter().any(is_test);
        tally.tests_met += u32::from(met);
    }
    let canonical = match dk::parse(kind, text) {
        Parsed::Value(canonical) => canonical,
        Parsed::Repaired(canonical, what) => {
            tally.add(match what {
                Mended::LostZero => Repair::CprZero,
                Mended::Apostrophe => Repair::Trimmed,
                Mended::FloatTail => Repair::FloatNoise,
            });
            canonical
        }
        Parsed::StatedUnknown => return Read::Unknown(Cause::StatedUnknown),
        Parsed::Unreadable => return Read::Malformed,
    };
    if kind == Kind::Cpr {
        tally.cpr_read += 1;
        tally.cpr_modulus_failed += u32::from(dk::cpr_modulus_ok(&canonical) == Some(false));
    }
    Read::Text(Cow::Owned(canonical))
}
