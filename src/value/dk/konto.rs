//! Accounts of the authorised chart: `hovedkonto.hovedfunktion.funktion.dranst.gruppering`, and arts `7.9`.
//!
//! Canonical forms: an account or a beginning of one, dotted (`5.28.20`, `5.28.20.1.092`); an art (`7.9`); both, as a long
//! account string gives them (`5.28.20.1.092/7.9`). Department, local account and local codes are not kept.

use super::{Parsed, all_digits};

/// Lengths of the parts of a dotted account.
const LENGTHS: [usize; 5] = [1, 2, 2, 1, 3];

pub(super) fn parse(text: &str) -> Parsed {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let read = if let Some((account, art)) = text.split_once('/') {
        dotted(account).zip(art_of(art)).map(|(account, art)| format!("{account}/{art}"))
    } else if text.contains('-') {
        long(&text)
    } else if text.contains('.') || text.contains(',') {
        dotted(&text).or_else(|| art_of(&text))
    } else {
        digits(&text)
    };
    read.map_or(Parsed::Unreadable, Parsed::Value)
}

/// `5.28`, `5.28.20`, `5.28.20.1`, `5.28.20.1.092`.
fn dotted(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let fits = (2..=5).contains(&parts.len()) && parts.iter().zip(LENGTHS).all(|(p, len)| p.len() == len && all_digits(p));
    fits.then(|| text.to_owned())
}

/// `7.9`, also with a comma (a spreadsheet takes it for a number).
fn art_of(text: &str) -> Option<String> {
    let (main, art) = text.split_once(['.', ','])?;
    (main.len() == 1 && art.len() == 1 && all_digits(main) && all_digits(art)).then(|| format!("{main}.{art}"))
}

/// Nine digits are an account, eight an artskonto whose first two digits are the art. Ten digits are an alias, which
/// only the municipality's own table can resolve: unreadable rather than guessed.
fn digits(text: &str) -> Option<String> {
    match (all_digits(text), text.len()) {
        (true, 9) => nine(text),
        (true, 8) => Some(format!("{}.{}", &text[..1], &text[1..2])),
        _ => None,
    }
}

fn nine(text: &str) -> Option<String> {
    if text.len() != 9 || !all_digits(text) {
        return None;
    }
    Some(format!("{}.{}.{}.{}.{}", &text[..1], &text[1..3], &text[3..5], &text[5..6], &text[6..]))
}

/// `01005-528201092-010030-799CPR---3046`: department, account, local account, art and its demands.
fn long(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let department = parts.next().filter(|d| all_digits(d))?;
    let account = parts.next().and_then(nine)?;
    if department.len() > 6 {
        return None;
    }
    let local = parts.next();
    if local.is_some_and(|l| !l.is_empty() && !all_digits(l)) {
        return None;
    }
    match parts.next() {
        None | Some("") => Some(account),
        Some(art) => {
            let digits = art.get(..3).filter(|a| all_digits(a))?;
            Some(format!("{account}/{}.{}", &digits[..1], &digits[1..2]))
        }
    }
}

fn split(konto: &str) -> (&str, &str) {
    match konto.split_once('/') {
        Some(both) => both,
        None if konto.len() == 3 => ("", konto),
        None => (konto, ""),
    }
}

/// A named part of a canonical account: `hovedkonto` (5), `hovedfunktion` (5.28), `funktion` (5.28.20), `dranst` (1),
/// `gruppering` (092), `art` (7.9), `hovedart` (7). `None` where the account does not say it, or for another name.
pub fn account_part(konto: &str, part: &str) -> Option<String> {
    let (account, art) = split(konto);
    let parts: Vec<&str> = account.split('.').filter(|p| !p.is_empty()).collect();
    let joined = |n: usize| parts.get(..n).map(|p| p.join("."));
    match part {
        "hovedkonto" => joined(1),
        "hovedfunktion" => joined(2),
        "funktion" => joined(3),
        "dranst" => parts.get(3).map(|&p| p.to_owned()),
        "gruppering" => parts.get(4).map(|&p| p.to_owned()),
        "art" => Some(art.to_owned()).filter(|a| !a.is_empty()),
        "hovedart" => art.get(..1).map(str::to_owned),
        _ => None,
    }
}

/// Names of the parts that [`account_part`] knows.
pub const PARTS: [&str; 7] = ["hovedkonto", "hovedfunktion", "funktion", "dranst", "gruppering", "art", "hovedart"];

pub(super) fn under(a: &str, b: &str) -> Option<bool> {
    let ((account, art), (wanted, wanted_art)) = (split(a), split(b));
    let by_part = |a: &str, b: &str| -> Option<bool> {
        let (a, b): (Vec<&str>, Vec<&str>) = (pieces(a), pieces(b));
        if a.iter().zip(&b).any(|(x, y)| x != y) {
            return Some(false);
        }
        (a.len() >= b.len()).then_some(true)
    };
    match (by_part(account, wanted), by_part(art, wanted_art)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn pieces(text: &str) -> Vec<&str> {
    text.split('.').filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Kind, dk};

    fn canonical(text: &str) -> Option<String> {
        dk::parse(Kind::Konto, text).value()
    }

    #[test]
    fn reads_every_spelling() {
        for (text, wanted) in [
            ("5.28.20.1.092", "5.28.20.1.092"),
            ("528201092", "5.28.20.1.092"),
            ("5.28.20", "5.28.20"),
            ("5.28", "5.28"),
            ("01005-528201092-010030-799CPR---3046", "5.28.20.1.092/7.9"),
            ("01005-528211004-010030", "5.28.21.1.004"),
            ("5.28.20.1.092/7.9", "5.28.20.1.092/7.9"),
            ("79900000", "7.9"),
            ("77000000", "7.7"),
            ("40000000", "4.0"),
            ("7.7", "7.7"),
            ("7,9", "7.9"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(wanted), "{text}");
            assert_eq!(canonical(wanted).as_deref(), Some(wanted), "canonical stays: {wanted}");
        }
    }

    #[test]
    fn refuses_what_may_mean_several_things() {
        for text in
            ["5200107901", "5", "", "5.28.2", "5.28.20.1.92", "5282010921", "12-528201092-x", "XA-1391100000-00020", "5.28.20.x"]
        {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn takes_accounts_apart() {
        let long = "5.28.20.1.092/7.9";
        let parts: Vec<_> = PARTS.iter().map(|p| account_part(long, p).unwrap_or_default()).collect();
        assert_eq!(parts, ["5", "5.28", "5.28.20", "1", "092", "7.9", "7"]);
        assert_eq!(account_part("7.9", "art").as_deref(), Some("7.9"));
        assert_eq!(account_part("7.9", "funktion"), None);
        assert_eq!(account_part("5.28.20", "gruppering"), None, "not said");
        assert_eq!(account_part(long, "farve"), None);
    }

    #[test]
    fn lies_under_what_it_begins_with() {
        let under = |a, b| dk::under(Kind::Konto, a, b);
        assert_eq!(under("5.28.20.1.092", "5.28.20"), Some(true));
        assert_eq!(under("5.28.20.1.092/7.9", "5.28.20.1.092"), Some(true));
        assert_eq!(under("5.28.21.1.003", "5.28.20"), Some(false));
        assert_eq!(under("5.28.200", "5.28.20"), Some(false), "by part, not by letter");
        assert_eq!(under("5.28", "5.28.20"), None, "says too little");
        assert_eq!(under("7.9", "7.9"), Some(true));
        assert_eq!(under("5.28.20.1.092/7.7", "7.9"), Some(false));
        assert_eq!(under("5.28.20.1.092/7.9", "7.9"), Some(true));
    }
}
