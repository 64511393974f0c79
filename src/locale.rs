//! The two languages of everything a user reads, and how each writes numbers and dates.
//!
//! Text lives beside what it speaks of, as a [`Localized`] implementation or a [`Bilingual`] pair; nothing else
//! chooses words by language.

use serde::Deserialize;

/// A language the program speaks. Danish unless the user says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Danish, the users' language.
    #[default]
    Da,
    /// English.
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, da: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Da => da,
            Lang::En => en,
        }
    }
}

/// One text in both languages, as packs write it: `{ da = "...", en = "..." }`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// The Danish text.
    pub da: String,
    /// The English text.
    pub en: String,
}

impl Bilingual {
    /// Both texts.
    pub fn new(da: impl Into<String>, en: impl Into<String>) -> Bilingual {
        Bilingual { da: da.into(), en: en.into() }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.da, &self.en)
    }
}

/// Something the program can say to its user in both languages.
pub trait Localized {
    /// One sentence, without a full stop at its end.
    fn text(&self, lang: Lang) -> String;
    /// What the user can do about it, if there is something to say.
    fn help(&self, _lang: Lang) -> Option<String> {
        None
    }
}

/// A whole number with thousands grouped: `1.234.567` (da), `1,234,567` (en).
pub fn grouped(n: i128, lang: Lang) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(lang.pick(".", ","));
        }
        out.push(c);
    }
    out
}

/// `part` of `whole` as whole per cent, rounded half up; `None` when there is no whole.
pub fn percent_half_up(part: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| ((u128::from(part) * 200 + u128::from(whole)) / (u128::from(whole) * 2)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_by_language() {
        assert_eq!(grouped(1_234_567, Lang::Da), "1.234.567");
        assert_eq!(grouped(-1_234, Lang::En), "-1,234");
        assert_eq!(grouped(999, Lang::Da), "999");
    }

    #[test]
    fn percent_is_half_up_of_the_unrounded_share() {
        assert_eq!(percent_half_up(266, 471), Some(56));
        assert_eq!(percent_half_up(1, 200), Some(1));
        assert_eq!(percent_half_up(0, 0), None);
    }
}
