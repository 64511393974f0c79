//! What a text says before its kind matters: nothing, "unknown", an error of the spreadsheet; and yes/no.

/// What a trimmed text means in a column of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Plain {
    /// A sign for "nothing".
    Placeholder,
    /// The source says that it does not know.
    StatedUnknown,
    /// A spreadsheet's error, saved as text.
    Error,
    /// Something to read.
    Content,
}

/// Sorts out the texts that are no content. Closed lists: a text that is not here is content.
pub(in crate::intake) fn plain(text: &str) -> Plain {
    // Everything sought is short; the length check keeps the common case cheap.
    if text.len() > 16 {
        return Plain::Content;
    }
    match text {
        "-" | "." | "?" | "--" | "\u{2013}" => return Plain::Placeholder,
        _ if text.starts_with('#') => return if is_error(text) { Plain::Error } else { Plain::Content },
        _ => {}
    }
    let same = |word: &str| text.eq_ignore_ascii_case(word);
    if ["n/a", "null", "ingen"].into_iter().any(same) {
        Plain::Placeholder
    } else if ["ukendt", "uoplyst"].into_iter().any(same) {
        Plain::StatedUnknown
    } else {
        Plain::Content
    }
}

/// Excel's and LibreOffice's errors, Danish and English.
fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 15] = [
        "#N/A",
        "#I/T",
        "#REF!",
        "#REFERENCE!",
        "#VALUE!",
        "#VÆRDI!",
        "#DIV/0!",
        "#DIVISION/0!",
        "#NAME?",
        "#NAVN?",
        "#NUM!",
        "#NULL!",
        "#NUL!",
        "#SPILL!",
        "#CALC!",
    ];
    let upper = text.to_uppercase();
    ERRORS.contains(&upper.as_str()) || (upper.len() > 1 && upper[1..].bytes().all(|b| b == b'#'))
}

/// Yes or no, by the closed list.
pub(in crate::intake) fn yes_no(text: &str) -> Option<bool> {
    let among = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if among(&["ja", "j", "yes", "y", "x", "sand", "true", "1"]) {
        Some(true)
    } else if among(&["nej", "no", "n", "falsk", "false", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// Whether a text holds Danish letters that were read in the wrong encoding and saved again: `Ã¦` for `æ`.
pub(in crate::intake) fn is_garbled(text: &str) -> bool {
    let behind = |c: char| matches!(c, '¦' | '¸' | '¥' | '\u{2020}' | '\u{2dc}' | '\u{2026}' | '\u{86}' | '\u{98}' | '\u{85}');
    // Ã is written C3 83.
    memchr::memchr(0x83, text.as_bytes()).is_some()
        && text.match_indices('\u{c3}').any(|(at, found)| text[at + found.len()..].starts_with(behind))
}

/// Whether a text stands for a number that the source does not tell: `*`, `<5`.
pub(in crate::intake) fn is_suppressed(text: &str) -> bool {
    let few = |rest: &str| rest.trim_start().bytes().all(|b| b.is_ascii_digit()) && !rest.trim().is_empty();
    (!text.is_empty() && text.bytes().all(|b| b == b'*')) || text.strip_prefix('<').is_some_and(few)
}

/// `Efternavn, Fornavn` with the first name first.
pub(in crate::intake) fn first_name_first(text: &str) -> Option<String> {
    let (last, first) = text.split_once(", ")?;
    let is_name = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\''));
    (is_name(last) && is_name(first)).then(|| format!("{} {}", first.trim(), last.trim()))
}

/// Whether a text is a number that a spreadsheet has shortened (`1,23E+15`): an id that can no longer be told.
pub(in crate::intake) fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) =
        text.split_once('+').and_then(|(front, exponent)| Some((front.strip_suffix('E')?, exponent)))
    else {
        return false;
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && digits(&mantissa.replacen([',', '.'], "", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_lists() {
        for text in ["-", ".", "?", "N/A", "n/a", "NULL", "Ingen", "INGEN"] {
            assert_eq!(plain(text), Plain::Placeholder, "{text}");
        }
        for text in ["Ukendt", "uoplyst"] {
            assert_eq!(plain(text), Plain::StatedUnknown, "{text}");
        }
        for text in ["#N/A", "#I/T", "#VÆRDI!", "#værdi!", "#DIVISION/0!", "#NAVN?", "####"] {
            assert_eq!(plain(text), Plain::Error, "{text}");
        }
        for text in ["0", "Ingen bemærkning", "#12", "#", "Ukendte", "..", "Beskyttet adresse", "na"] {
            assert_eq!(plain(text), Plain::Content, "{text}");
        }
    }

    #[test]
    fn yes_and_no() {
        assert_eq!(["Ja", "J", "Yes", "y", "X", "SAND", "True", "1"].map(yes_no), [Some(true); 8]);
        assert_eq!(["Nej", "n", "NO", "FALSK", "false", "0"].map(yes_no), [Some(false); 6]);
        assert_eq!(["måske", "ja nej", "2", "jaja", ""].map(yes_no), [None; 5]);
    }

    #[test]
    fn texts_that_stand_for_something_else() {
        assert!(is_garbled("BÃ¸rn") && is_garbled("Ã…rhus") && !is_garbled("Ãrhus") && !is_garbled("Børn"));
        assert!(is_suppressed("*") && is_suppressed("< 5") && is_suppressed("<5") && !is_suppressed("<") && !is_suppressed("5*"));
        assert_eq!(first_name_first("Prøvesen, Anna-Lise K.").as_deref(), Some("Anna-Lise K. Prøvesen"));
        assert_eq!(first_name_first("PRØ1"), None);
        assert_eq!(first_name_first("Team 3, Nord"), None);
    }

    #[test]
    fn shortened_numbers() {
        assert!(is_shortened("1,23E+15"));
        assert!(is_shortened("2E+09"));
        assert!(!is_shortened("SAG-E+1"));
        assert!(!is_shortened("E+15"));
    }
}
