//! Finding what reads as a CPR in any text. Wider than the type of the same name: a false alarm costs a pseudonym.

use std::ops::Range;

use crate::calendar::Date;

/// Every place in `text` that reads as a CPR, with its ten digits: six and four digits with nothing, a hyphen or white
/// space between (also hidden characters), not part of a longer run of digits, the first six a date. Letters may touch it.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let run = digits(bytes, at);
        match run {
            0 => at += 1,
            10 if is_date(&text[at..at + 6]) => {
                found.push((at..at + 10, text[at..at + 10].to_owned()));
                at += 10;
            }
            6 if is_date(&text[at..at + 6]) => {
                let gap = separator(&text[at + 6..]);
                let tail = at + 6 + gap;
                if gap > 0 && digits(bytes, tail) == 4 {
                    found.push((at..tail + 4, format!("{}{}", &text[at..at + 6], &text[tail..tail + 4])));
                    at = tail + 4;
                } else {
                    at += 6;
                }
            }
            run => at += run,
        }
    }
    found
}

/// Whether the text is nine digits (perhaps with a separator before the last four) that read as a CPR whose leading zero
/// was lost.
pub(super) fn lost_zero(text: &str) -> bool {
    let text = text.trim();
    let only = |digits: &str| !find(&format!("0{digits}")).is_empty();
    text.bytes().filter(u8::is_ascii_digit).count() == 9 && only(text)
}

/// `ddmmyy-xxxx` of ten digits; anything else as it is.
pub(super) fn hyphened(text: &str) -> String {
    if text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) {
        format!("{}-{}", &text[..6], &text[6..])
    } else {
        text.to_owned()
    }
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// Length in bytes of at most three characters that may stand between the six and the four digits.
fn separator(text: &str) -> usize {
    let between = |c: char| {
        c.is_whitespace()
            || matches!(c, '-' | '_' | '/' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{feff}')
    };
    text.chars().take(3).take_while(|c| between(*c)).map(char::len_utf8).sum()
}

/// Whether `ddmmyy` is a day of some year 19yy or 20yy; 61 to 91 stand for 1 to 31 in numbers that hospitals and
/// municipalities give to people without a CPR.
fn is_date(six: &str) -> bool {
    let part = |range: Range<usize>| six.get(range).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
    let (day, month, year) = (part(0..2), part(2..4), part(4..6) as i32);
    let day = if day > 60 { day - 60 } else { day };
    Date::from_ymd(1900 + year, month, day).is_some() || Date::from_ymd(2000 + year, month, day).is_some()
}
