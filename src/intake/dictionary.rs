//! Distinct texts, each with a code.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Distinct texts in the order they were first met; nothing observable depends on that order. They lie end to end in one
/// string, since a column may hold millions of them.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    texts: String,
    /// Where each text ends; it begins where the one before it ends.
    ends: Vec<usize>,
    /// Each code beside the hash of its text, so that a table that grows need not look at millions of texts again.
    codes: HashTable<(u32, u32)>,
    hasher: RandomState,
}

fn slice<'t>(texts: &'t str, ends: &[usize], code: u32) -> &'t str {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends[code - 1] };
    &texts[start..ends[code]]
}

/// Half a hash as a whole one: the table looks at both ends.
fn whole(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

impl Dictionary {
    fn half(&self, text: &str) -> u32 {
        (self.hasher.hash_one(text) >> 32) as u32
    }

    /// The code of `text`, adding it if new.
    pub fn intern(&mut self, text: &str) -> u32 {
        let half = self.half(text);
        let Dictionary { texts, ends, codes, .. } = self;
        let is_same = |&(of, code): &(u32, u32)| of == half && slice(texts, ends, code) == text;
        if let Some(&(_, code)) = codes.find(whole(half), is_same) {
            return code;
        }
        let code = ends.len() as u32;
        texts.push_str(text);
        ends.push(texts.len());
        codes.insert_unique(whole(half), (half, code), |&(half, _)| whole(half));
        code
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> &str {
        slice(&self.texts, &self.ends, code)
    }

    /// The code of a text that is there.
    pub fn code(&self, text: &str) -> Option<u32> {
        let half = self.half(text);
        self.codes.find(whole(half), |&(of, code)| of == half && self.text(code) == text).map(|&(_, code)| code)
    }

    /// All texts, by code.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len() as u32).map(|code| self.text(code))
    }

    /// Lays the texts in the order in which a column uses them, so that going through it goes through memory; texts that it does
    /// not use are dropped. Codes that are none of the dictionary's stay.
    pub(super) fn follow(&mut self, column: &mut [u32]) {
        const UNUSED: u32 = u32::MAX;
        let mut moved = vec![UNUSED; self.len()];
        let (mut texts, mut ends) = (String::with_capacity(self.texts.len()), Vec::with_capacity(self.ends.len()));
        for code in column {
            let Some(new) = moved.get_mut(*code as usize) else { continue };
            if *new == UNUSED {
                *new = ends.len() as u32;
                texts.push_str(slice(&self.texts, &self.ends, *code));
                ends.push(texts.len());
            }
            *code = *new;
        }
        (self.texts, self.ends) = (texts, ends);
        self.codes.retain(|(_, code)| {
            *code = moved[*code as usize];
            *code != UNUSED
        });
    }

    /// Number of distinct texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_code() {
        let mut dictionary = Dictionary::default();
        let codes: Vec<u32> = ["b", "", "a", "b", ""].map(|text| dictionary.intern(text)).to_vec();
        assert_eq!(codes, [0, 1, 2, 0, 1]);
        assert_eq!(dictionary.iter().collect::<Vec<_>>(), ["b", "", "a"]);
        assert_eq!((dictionary.code("a"), dictionary.code("c")), (Some(2), None));
    }

    #[test]
    fn texts_follow_their_column() {
        let mut dictionary = Dictionary::default();
        ["b", "", "a", "æ"].iter().for_each(|text| _ = dictionary.intern(text));
        let mut column = [3, u32::MAX, 0, 3, 2];
        dictionary.follow(&mut column);
        assert_eq!(column, [0, u32::MAX, 1, 0, 2]);
        assert_eq!(dictionary.iter().collect::<Vec<_>>(), ["æ", "b", "a"]);
        assert_eq!(["b", "", "æ"].map(|text| dictionary.code(text)), [Some(1), None, Some(0)]);
        assert_eq!(dictionary.intern(""), 3);
    }
}
