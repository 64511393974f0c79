//! Legal sections: law, section, subsection (stk.), number (nr.) and litra, written in many ways and kept in one:
//! `BL § 32, stk. 1, nr. 3, litra a`.
//!
//! A section without its law is kept as `§ 32`: the law is then unknown, and [`under`] says so. Anything that names two
//! sections, a range, or a code of three digits is unreadable rather than guessed.

use super::{Parsed, all_digits};

/// Abbreviation and the spellings that mean it, lower case, longest first within a law.
const LAWS: [(&str, &[&str]); 6] = [
    ("BL", &["barnets lov", "barnetsloven", "barnets-lov", "bl"]),
    ("SEL", &["lov om social service", "servicelovens", "serviceloven", "servicelov", "sel"]),
    ("LBU", &["lov om bekæmpelse af ungdomskriminalitet", "ungdomskriminalitetsloven", "lbu", "ukn"]),
    ("RSL", &["retssikkerhedslovens", "retssikkerhedsloven", "retssikkerhedslov", "rsl"]),
    ("FVL", &["forvaltningslovens", "forvaltningsloven", "forvaltningslov", "fvl"]),
    ("VAL", &["voksenansvarsloven", "val"]),
];

/// A section, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Section {
    law: Option<&'static str>,
    section: String,
    stk: Option<String>,
    nr: Option<String>,
    litra: Option<String>,
}

impl Section {
    fn canonical(&self) -> String {
        let mut text = self.law.map_or(String::new(), |law| format!("{law} "));
        text.push_str("§ ");
        text.push_str(&self.section);
        for (word, part) in [("stk.", &self.stk), ("nr.", &self.nr), ("litra", &self.litra)] {
            if let Some(part) = part {
                text.push_str(&format!(", {word} {part}"));
            }
        }
        text
    }
}

pub(super) fn parse(text: &str) -> Parsed {
    read(text).map_or(Parsed::Unreadable, |s| Parsed::Value(s.canonical()))
}

pub(super) fn under(a: &str, b: &str) -> Option<bool> {
    let (Some(a), Some(b)) = (read(a), read(b)) else { return None };
    // A part that both state must be the same; a part that only `b` states leaves it open.
    let known = |x: &Option<String>, y: &Option<String>| match (x, y) {
        (_, None) => Some(true),
        (None, Some(_)) => None,
        (Some(x), Some(y)) => Some(x == y),
    };
    let law = match (a.law, b.law) {
        (_, None) => Some(true),
        (None, Some(_)) => None,
        (Some(x), Some(y)) => Some(x == y),
    };
    let parts = [law, Some(a.section == b.section), known(&a.stk, &b.stk), known(&a.nr, &b.nr), known(&a.litra, &b.litra)];
    if parts.contains(&Some(false)) {
        return Some(false);
    }
    parts.iter().all(|p| *p == Some(true)).then_some(true)
}

fn read(text: &str) -> Option<Section> {
    let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    code(&text).or_else(|| written(&text))
}

/// `sel-52-3.7`, `sel-32-a`, `sel-109`: law, section, perhaps its letter, perhaps stk.nr.
fn code(text: &str) -> Option<Section> {
    let mut parts = text.split('-');
    let word = parts.next()?;
    let law = LAWS.iter().find(|(abbreviation, _)| abbreviation.to_lowercase() == word).map(|(law, _)| *law)?;
    let mut section = section_number(parts.next()?)?;
    let mut rest = parts.next();
    if let Some(letter) = rest.filter(|r| r.len() == 1 && !all_digits(r)) {
        if section.contains(' ') || !is_letter(letter) {
            return None;
        }
        section = format!("{section} {letter}");
        rest = parts.next();
    }
    let (stk, nr) = match rest {
        None => (None, None),
        Some(rest) => match rest.split_once('.') {
            Some((stk, nr)) => (Some(number(stk)?), Some(number(nr)?)),
            None => (Some(number(rest)?), None),
        },
    };
    if parts.next().is_some() {
        return None;
    }
    Some(Section { law: Some(law), section, stk, nr, litra: None })
}

fn written(text: &str) -> Option<Section> {
    let (law, rest) = law_of(text);
    let marked = rest.strip_prefix('§').or_else(|| rest.strip_prefix("paragraf")).or_else(|| rest.strip_prefix("par."));
    // Without a law the sign must stand: a bare number is a code of some list.
    if law.is_none() && marked.is_none() {
        return None;
    }
    let mut rest = marked.unwrap_or(rest).trim_start();
    let mut out = Section { law, section: take_section(&mut rest)?, ..Section::default() };
    loop {
        let start = rest.trim_start_matches([' ', ',']);
        if let Some(after) = start.strip_prefix("stk") {
            rest = take_part(after, &mut out.stk)?;
        } else if let Some(after) = start.strip_prefix("nr") {
            rest = take_part(after, &mut out.nr)?;
        } else if let Some(after) = start.strip_prefix("litra") {
            let after = after.trim_start();
            let letter = after.chars().next().filter(char::is_ascii_lowercase)?;
            out.litra = Some(letter.to_string());
            rest = after.get(1..)?;
        } else if let Some(after) = start.strip_prefix('(') {
            let (inner, after) = after.split_once(')')?;
            let inner = number(inner.trim())?;
            match (&out.stk, &out.nr) {
                (None, None) => out.stk = Some(inner),
                (_, None) => out.nr = Some(inner),
                _ => return None,
            }
            rest = after;
        } else {
            return tail_is_a_name(rest, start).then_some(out);
        }
    }
}

/// What may stand behind a section: nothing, a full stop, or the name of an offer (`BL § 46 Almen plejefamilie`).
fn tail_is_a_name(rest: &str, start: &str) -> bool {
    let first = start.split(' ').next().unwrap_or("").trim_end_matches('.');
    let another = ["og", "eller", "samt", "jf", "jævnfør", "sammenholdt", "til"].contains(&first);
    let separate = rest.starts_with([' ', ',']) && start.starts_with(char::is_alphabetic);
    (start.is_empty() || start == "." || separate) && !another && !start.contains('§') && !start.contains("stk")
}

fn law_of(text: &str) -> (Option<&'static str>, &str) {
    for (law, spellings) in LAWS {
        for spelling in spellings {
            if let Some(rest) = text.strip_prefix(spelling)
                && rest.starts_with([' ', ',', '.', '§'])
            {
                return (Some(law), rest.trim_start_matches([' ', ',', '.']));
            }
        }
    }
    (None, text)
}

/// Takes `52`, `32 a`, `32a` off the front.
fn take_section(rest: &mut &str) -> Option<String> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(digits);
    let mut section = number(digits)?;
    let mut left = after;
    let spaced = after.trim_start();
    let letter = spaced.chars().next().filter(|c| is_letter(c.encode_utf8(&mut [0; 4])));
    let alone = spaced.chars().nth(1).is_none_or(|c| !c.is_alphanumeric());
    if let Some(letter) = letter.filter(|_| alone) {
        section = format!("{section} {letter}");
        left = &spaced[1..];
    }
    *rest = left;
    Some(section)
}

/// Takes `. 3` off the front into `part`; a range or a second statement of the same part is refused.
fn take_part<'a>(after: &'a str, part: &mut Option<String>) -> Option<&'a str> {
    let after = after.trim_start_matches(['.', ' ']);
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = after.split_at(digits);
    if part.replace(number(digits)?).is_some() || rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    Some(rest)
}

/// Letters of sections; `i` is left out, since it is a word (`§ 46 i netværk`) and no section here ends with it.
fn is_letter(text: &str) -> bool {
    matches!(text.as_bytes(), [b'a'..=b'h'])
}

/// A whole number, leading zeros taken off.
fn number(text: &str) -> Option<String> {
    let trimmed = text.trim_start_matches('0');
    (all_digits(text) && !trimmed.is_empty() && trimmed.len() <= 4).then(|| trimmed.to_owned())
}

fn section_number(text: &str) -> Option<String> {
    let mut rest = text;
    take_section(&mut rest).filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::value::{Kind, dk};

    fn canonical(text: &str) -> Option<String> {
        dk::parse(Kind::Paragraf, text).value()
    }

    #[test]
    fn reads_every_spelling() {
        for (text, wanted) in [
            ("BL § 32, stk. 1, nr. 3", "BL § 32, stk. 1, nr. 3"),
            ("SEL § 52 stk. 3 nr. 7", "SEL § 52, stk. 3, nr. 7"),
            ("SEL § 52 stk. 3 nr.7", "SEL § 52, stk. 3, nr. 7"),
            ("SEL § 52 stk. 3 nr. 7 Vederlag almen plejefamilie", "SEL § 52, stk. 3, nr. 7"),
            ("BL §  114", "BL § 114"),
            ("BL § 46 Almen plejefamilie", "BL § 46"),
            ("BL § 46 i netværk", "BL § 46"),
            ("SEL-52-3.7", "SEL § 52, stk. 3, nr. 7"),
            ("SEL-32-a", "SEL § 32 a"),
            ("SEL-54-a-2", "SEL § 54 a, stk. 2"),
            ("SEL-109", "SEL § 109"),
            ("§32, stk. 1", "§ 32, stk. 1"),
            ("UKN § 14 stk. 1", "LBU § 14, stk. 1"),
            ("LBU § 14", "LBU § 14"),
            ("Barnets lov § 32, stk. 3", "BL § 32, stk. 3"),
            ("barnets lov §§ 32", "-"),
            ("Serviceloven § 140, stk. 3.", "SEL § 140, stk. 3"),
            ("Lov om social service § 155 b", "SEL § 155 b"),
            ("SEL §155b, stk.1", "SEL § 155 b, stk. 1"),
            ("BL § 43(1)(6)", "BL § 43, stk. 1, nr. 6"),
            ("BL § 32 (1)", "BL § 32, stk. 1"),
            ("BL 20 stk 3", "BL § 20, stk. 3"),
            ("BL § 46, stk. 1, litra b", "BL § 46, stk. 1, litra b"),
            ("bl § 171 d", "BL § 171 d"),
            ("BL\u{a0}§\u{a0}87", "BL § 87"),
        ] {
            assert_eq!(canonical(text).unwrap_or_else(|| "-".into()), wanted, "{text}");
            if wanted != "-" {
                assert_eq!(canonical(wanted).as_deref(), Some(wanted), "canonical stays: {wanted}");
            }
        }
    }

    #[test]
    fn refuses_what_may_mean_several_things() {
        for text in [
            "",
            "103",
            "32",
            "BL",
            "BL §",
            "BL § 32 og 46",
            "BL § 32, jf. § 46",
            "BL § 32, stk. 1-3",
            "BL § 32, stk. 1, stk. 2",
            "§§ 32, 46",
            "BL § 32, stk.",
            "XX § 32",
            "Aflastning",
            "BL § 32/46",
            "SEL-52-3.7-1",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn lies_under_what_contains_it() {
        let under = |a, b| dk::under(Kind::Paragraf, a, b);
        assert_eq!(under("BL § 32, stk. 1, nr. 3", "BL § 32"), Some(true));
        assert_eq!(under("BL § 32", "BL § 32"), Some(true));
        assert_eq!(under("SEL § 32, stk. 1", "BL § 32"), Some(false));
        assert_eq!(under("BL § 32 a", "BL § 32"), Some(false), "another section");
        assert_eq!(under("BL § 320", "BL § 32"), Some(false), "by part, not by letter");
        assert_eq!(under("§ 32, stk. 1", "BL § 32"), None, "the law is not said");
        assert_eq!(under("§ 46", "BL § 32"), Some(false), "another section in any law");
        assert_eq!(under("BL § 32", "BL § 32, stk. 1"), None, "says too little");
        assert_eq!(under("BL § 32, stk. 2", "BL § 32, stk. 1"), Some(false));
    }
}
