//! How a text file is written: what separates its fields, what quotes them, and how a quote inside quotes is written.
//!
//! Every candidate splits the first lines; the one that gives the most rows of one and the same width and cells that look like
//! cells wins. A first line `sep=;` settles the separator and is no row.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Stop, field, tolerant};
use super::grammar::{Escape, Grammar, Separator};

/// In order of preference when nothing tells them apart.
const COMMON: [u8; 4] = [b';', b'\t', b',', b'|'];
/// Less usual ones; they must do better than merely split some rows. A hyphen, slash, colon or full stop is inside too many
/// dates, times and numbers to be one by itself.
const RARE: [&str; 10] = ["^", "~", "¤", "§", "¦", "\u{1f}", "#", "*", "&", " "];
const RECORDS: usize = 200;
/// Beyond this, wider is no sign of being right.
const WIDE: usize = 30;
/// What a cell counts whose quotes do not enclose it.
const ODD: f64 = 0.2;

/// The delimiter named by a first line `sep=;`, as Excel reads and writes it.
pub(super) fn separator_line(sample: &str) -> Option<Separator> {
    let line = sample.split(['\r', '\n']).next()?;
    let named = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    Some(named).filter(|named| named.chars().count() == 1).and_then(Separator::new)
}

/// The dialect of a text that begins with `sample`; `whole` = there is no more of it. What is `settled` is not asked.
pub(super) fn sniff(sample: &str, whole: bool, settled: Option<Separator>) -> Grammar {
    let common = || {
        let usual = COMMON.into_iter().filter(|&byte| byte != b',' || !is_decimal_comma(sample));
        // Empty columns are more usual than two commas for one; two bars are not.
        usual.map(Separator::byte).filter(|s| s.as_str() != "|" || !always_doubled(sample, *s))
    };
    let usual = settled.map_or_else(|| common().collect(), |separator| vec![separator]);
    let mut best = None;
    for separator in usual {
        let (grammar, split) = quoted(sample, separator, whole);
        take_better(&mut best, split.score(separator), grammar, &split);
    }
    // Nearly every file is settled by now.
    let settled = settled.is_some() || best.as_ref().is_some_and(|best| best.tidy);
    let others = if settled { Vec::new() } else { unusual(sample) };
    for separator in others {
        // Spaces are in every text; they separate only what nothing else does.
        if separator.as_str() == " " && best.as_ref().is_some_and(|best| best.sure) {
            continue;
        }
        let (grammar, split) = quoted(sample, separator, whole);
        take_better(&mut best, split.score(separator), grammar, &split);
    }
    let grammar = best.map_or(Grammar::plain(Separator::byte(COMMON[0])), |best| best.grammar);
    Grammar { escape: escape(sample, &grammar, whole), ..grammar }
}

/// The best candidate so far.
struct Best {
    score: f64,
    grammar: Grammar,
    /// Whether nearly all rows are alike.
    sure: bool,
    /// Whether nothing else needs to be tried.
    tidy: bool,
}

/// The first of equals stays.
fn take_better(best: &mut Option<Best>, score: f64, grammar: Grammar, split: &Split) {
    if best.as_ref().is_none_or(|held| score > held.score) {
        let sure = split.is_sure();
        *best = Some(Best { score, grammar, sure, tidy: sure && split.tidiness() > 0.95 });
    }
}

/// Less usual separators that may be meant: single characters that occur, and longer ones that such or usual characters are
/// part of.
fn unusual(sample: &str) -> Vec<Separator> {
    let mut found: Vec<Separator> = RARE.into_iter().filter(|rare| sample.contains(rare)).filter_map(Separator::new).collect();
    let mut longer = BTreeSet::new();
    let single = COMMON.into_iter().map(Separator::byte).chain(found.iter().copied());
    for single in single.filter(|s| s.as_str() != " ") {
        let mut behind: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = 0;
        for (at, _) in sample.match_indices(single.as_str()) {
            all += 1;
            for end in [at + 2, at + 3] {
                if let Some(text) = sample.get(at..end).filter(|text| text.len() > single.as_str().len()) {
                    *behind.entry(text).or_default() += 1;
                }
            }
        }
        let often = behind.into_iter().filter(|&(_, count)| count * 2 >= all && count > 1);
        longer.extend(often.filter_map(|(text, _)| Separator::new(text)));
    }
    found.retain(|single| !always_doubled(sample, *single));
    found.extend(longer);
    found.sort_by_key(|separator| separator.as_str() == " ");
    found
}

/// What never stands alone is half of something.
fn always_doubled(sample: &str, single: Separator) -> bool {
    let bytes = sample.as_bytes();
    let of = |at: usize| bytes.get(at) == Some(&single.first());
    let mut starts = memchr::memchr_iter(single.first(), bytes).filter(|&at| at == 0 || !of(at - 1)).peekable();
    single.length() == 1 && starts.peek().is_some() && starts.all(|at| of(at + 1) && !of(at + 2))
}

/// Whether commas stand in numbers only, one in each, and not in every line.
fn is_decimal_comma(sample: &str) -> bool {
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    let in_number = |line: &[u8]| {
        let mut last = None;
        memchr::memchr_iter(b',', line).all(|at| {
            let apart = last.replace(at).is_none_or(|last: usize| !line[last + 1..at].iter().all(u8::is_ascii_digit));
            apart && at > 0 && digit(line.get(at - 1)) && digit(line.get(at + 1))
        })
    };
    let mut without = false;
    let lines = sample.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).take(RECORDS);
    let all = lines.map(str::as_bytes).inspect(|line| without |= !line.contains(&b',')).all(in_number);
    all && without
}

/// What encloses the fields: the apostrophe where fields begin and end with it and look the better for it, else the quotation
/// mark.
fn quoted(sample: &str, separator: Separator, whole: bool) -> (Grammar, Split) {
    let bytes = sample.as_bytes();
    let (mut opening, mut closing) = (0_usize, 0_usize);
    for at in memchr::memchr_iter(b'\'', bytes) {
        let (before, after) = (&bytes[..at], &bytes[at + 1..]);
        let line = |b: &u8| matches!(b, b'\r' | b'\n');
        opening += usize::from(before.last().is_none_or(line) || before.ends_with(separator.as_bytes()));
        closing += usize::from(after.first().is_none_or(line) || after.starts_with(separator.as_bytes()));
    }
    let usual = Grammar::plain(separator);
    let split = Split::of(sample, &usual, whole);
    if opening.min(closing) < 2 {
        return (usual, split);
    }
    let doubled_mark = always_doubled(sample, Separator::byte(b'"')).then_some(b'"');
    let other = Grammar { quote: b'\'', doubled_mark, ..usual };
    let by_other = Split::of(sample, &other, whole);
    if by_other.tidiness() > split.tidiness() { (other, by_other) } else { (usual, split) }
}

/// How a quote inside quotes is written: behind a backslash where that is what the text shows, else doubled.
fn escape(sample: &str, grammar: &Grammar, whole: bool) -> Escape {
    let bytes = sample.as_bytes();
    let (mut backslash, mut doubled) = (0_usize, 0_usize);
    for at in memchr::memchr_iter(grammar.quote, bytes).filter(|&at| at > 1) {
        backslash += usize::from(bytes[at - 1] == b'\\');
        doubled += usize::from(bytes[at - 1] == grammar.quote && !bytes[..at - 1].ends_with(grammar.separator.as_bytes()));
    }
    if backslash < 2 || backslash <= doubled {
        return Escape::Doubled;
    }
    let rows = |escape| Split::of(sample, &Grammar { escape, ..*grammar }, whole).commonest().1;
    if rows(Escape::Backslash) >= rows(Escape::Doubled) { Escape::Backslash } else { Escape::Doubled }
}

/// The first records as a candidate splits them.
struct Split {
    /// Fields of each record, blank lines left out.
    widths: Vec<usize>,
    /// How much the cells look like cells, summed, and their number.
    clean: f64,
    cells: usize,
    /// Cells that are quoted or hold a digit: words of a sentence are seldom either.
    evident: usize,
}

impl Split {
    fn of(sample: &str, grammar: &Grammar, whole: bool) -> Split {
        let bytes = sample.as_bytes();
        let mut split = Split { widths: Vec::new(), clean: 0.0, cells: 0, evident: 0 };
        let (mut at, mut start, mut width) = (0, 0, 0);
        while at < bytes.len() && split.widths.len() < RECORDS {
            let by_rules = field(bytes, at, grammar);
            let odd = by_rules.closing.is_some_and(|closing| closing + 1 < by_rules.end);
            let found = if odd { tolerant(bytes, at, grammar) } else { by_rules };
            let behind = found.closing.map_or("", |closing| sample.get(closing + 1..found.end).unwrap_or(""));
            let runs_on = || memchr::memchr2(b'\n', b'\r', &bytes[found.start..found.end]).is_some();
            if (found.stop == Stop::OpenQuote && whole) || (!behind.is_empty() && runs_on()) {
                // A stray quote; the next line may be whole.
                let end = memchr::memchr2(b'\n', b'\r', &bytes[found.start..]).map_or(bytes.len(), |end| found.start + end + 1);
                (at, start, width) = (end, end, 0);
                continue;
            }
            width += 1;
            split.cells += 1;
            let raw = sample.get(found.start..found.end).unwrap_or("");
            let is_bounded = found.closing.is_some_and(|closing| closing + 1 == found.end);
            split.evident += usize::from(is_bounded || raw.bytes().any(|b| b.is_ascii_digit()));
            split.clean += match odd {
                true if is_bounded => 0.6,
                true => ODD,
                false => cleanliness(raw, found.closing.map(|c| c - found.start)),
            };
            at = found.next;
            match found.stop {
                Stop::Delimiter => continue,
                Stop::Line if found.end > start => split.widths.push(width),
                Stop::End if whole || split.widths.is_empty() => split.widths.push(width),
                _ => {}
            }
            (start, width) = (at, 0);
        }
        split
    }

    /// The widths beyond one, and how many rows have each.
    fn alike(&self) -> BTreeMap<usize, usize> {
        let mut rows = BTreeMap::new();
        for &width in self.widths.iter().filter(|&&width| width > 1) {
            *rows.entry(width).or_insert(0_usize) += 1;
        }
        rows
    }

    /// The commonest width beyond one, and how many rows have it; of equals the wider.
    fn commonest(&self) -> (usize, usize) {
        self.alike().into_iter().max_by_key(|&(width, rows)| (rows * rows * (width.min(WIDE) - 1), width)).unwrap_or((1, 0))
    }

    fn tidiness(&self) -> f64 {
        self.clean / self.cells.max(1) as f64
    }

    /// Whether nearly all rows are like others, three cells wide at least, and look like rows. A file may have several tables.
    fn is_sure(&self) -> bool {
        let alike = self.alike();
        let most = alike.values().copied().max().unwrap_or(0);
        let alike: usize =
            alike.into_iter().filter(|&(width, rows)| width > 2 && rows >= most.min(3)).map(|(_, rows)| rows).sum();
        alike * 10 >= self.widths.len() * 9 && self.tidiness() >= 0.75
    }

    /// Rows of one width, squared, all widths together, the wider a little more; less what looks odd.
    fn score(&self, separator: Separator) -> f64 {
        let (width, rows) = self.commonest();
        let usual = separator.length() == 1 && COMMON.contains(&separator.first());
        // Words are separated by spaces, too.
        let words = separator.as_str() == " " && self.evident * 2 < self.cells;
        let least = if words { 4 } else { 3 };
        if rows == 0 || (!usual && (width < least || rows * 10 < self.widths.len() * 8)) {
            return 0.0;
        }
        if self.is_mostly_whole() {
            return 0.0;
        }
        let plain: f64 = self.alike().into_iter().map(|(width, rows)| weight(width, rows)).sum();
        plain * self.tidiness() * self.tidiness()
    }

    /// Whether many lines that are not split stand between those that are, or any and no two of those are alike: what splits
    /// some is part of their text.
    fn is_mostly_whole(&self) -> bool {
        let split = |&width: &usize| width > 1;
        let bounds = self.widths.iter().position(split).zip(self.widths.iter().rposition(split));
        let Some(between) = bounds.and_then(|(first, last)| self.widths.get(first..=last)) else { return false };
        let whole = between.iter().filter(|width| !split(width)).count();
        whole > 0 && (whole * 2 >= between.len() || self.commonest().1 == 1)
    }
}

fn weight(width: usize, rows: usize) -> f64 {
    (rows * rows) as f64 * (width - 1) as f64 / width as f64
}

/// How much a field, as it stands, looks like one: 1, or less.
fn cleanliness(raw: &str, closing: Option<usize>) -> f64 {
    match closing {
        Some(closing) if closing + 1 == raw.len() => return 1.0,
        Some(_) => return ODD,
        None => {}
    }
    // A quote beside a delimiter shows where another dialect has a border.
    let mut quotes = memchr::memchr_iter(b'"', raw.as_bytes()).peekable();
    let border = |at: Option<usize>| at.and_then(|at| raw.as_bytes().get(at)).is_some_and(|b| COMMON.contains(b));
    if quotes.peek().is_some() {
        return if quotes.any(|at| border(at.checked_sub(1)) || border(Some(at + 1))) { ODD } else { 0.5 };
    }
    let trimmed = raw.trim_start_matches(' ');
    let odd = |c: char| matches!(c, ';' | '\t' | '|' | '~' | '^' | '§' | '¤');
    if !raw.is_empty() && raw.chars().all(odd) {
        -1.0
    } else if trimmed.starts_with('\'') {
        ODD
    } else if raw.contains(odd) {
        0.5
    } else if trimmed.len() < raw.len() {
        0.7
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(sample: &str) -> String {
        sniff(sample, true, None).separator.to_string()
    }

    #[test]
    fn the_consistent_delimiter_wins() {
        assert_eq!(sniffed("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n"), ";");
        assert_eq!(sniffed("a,b,c\n1,\"x;y;z\",3\n"), ",");
        assert_eq!(sniffed("a\tb\n1,0\t2\n"), "\t");
        assert_eq!(sniffed("a|b|c\r1|2|3\r"), "|");
        assert_eq!(sniffed("Udtrukket, i dag\n\nnavn;beløb;dato\nA;1,00;x\nB;2,00;y\n"), ";");
        assert_eq!(sniffed("kun en kolonne\n1\n2\n"), ";");
        assert_eq!(sniffed(""), ";");
    }

    #[test]
    fn unusual_and_longer_delimiters_are_found() {
        assert_eq!(sniffed("a||b||c\n1||2||3\n4||5||6\n"), "||");
        assert_eq!(sniffed("a, \"b\", c\n1, \"2, 3\", x\n4, \"5, 6\", y\n"), ", ");
        assert_eq!(sniffed("a~|~b~|~c\n1~|~2~|~3\n4~|~5~|~6\n"), "~|~");
        assert_eq!(sniffed("a~b~c\n1~2~3\n"), "~");
        assert_eq!(sniffed("a§b§c\n1§2§3\n"), "§");
        assert_eq!(sniffed("a b c d\n1 2 3 4\n5 \"x y\" 6 7\n"), " ");
        assert_eq!(sniffed("Hans Jensen\nGrethe Olsen\n"), ";", "a column of names is one column");
        assert_eq!(sniffed("a;;;b\n1;;;2\n"), ";", "empty cells are no separator");
        assert_eq!(sniffed("a,,b,,c\n1,,2,,3\n4,,5,,6\n"), ",", "nor are empty columns");
        assert_eq!(sniffed("dag tal fravær\n2026-01-01 3 0\n2026-01-02 7 1\n"), " ", "numbers and dates are no words");
        assert_eq!(sniffed("Ana P Holm\nBo S Lind\nCai T Rask\n"), ";", "names are");
        assert_eq!(sniffed("Note\nHej, med dig\nJa\nNej, tak, ellers\nMåske\n"), ";", "a column of sentences is one column");
        assert_eq!(sniffed("Beløb\n1,50\n2,75\n12,00\n"), ";", "a comma in every number is decimal");
        assert_eq!(sniffed("1,2\n3,4\n5,6\n"), ",");
        assert_eq!(sniffed("sag|note\nA|Hej, du, der\nB|Ja, nej, tak\nC|En, to, tre\n"), "|");
        let wide = |n: usize, cell: &str| vec![cell; n].join(",");
        let tables =
            format!("{}\n{}", format!("{}\n", wide(40, "\"a b\"")).repeat(9), format!("{}\n", wide(60, "\"a b\"")).repeat(9));
        assert_eq!(sniffed(&tables), ",", "tables of two widths");
    }

    #[test]
    fn a_delimiter_inside_quotes_is_none() {
        assert_eq!(sniffed("\"a,b\";\"c\nd,e\"\n\"1,2\";\"3,4\"\n"), ";");
    }

    #[test]
    fn quotes_and_escapes_are_seen() {
        let apostrophe = sniff("a,'b,c',d\n1,'x,y',2\n'p,q',1,'2'\n", true, None);
        assert_eq!((apostrophe.quote, apostrophe.escape), (b'\'', Escape::Doubled));
        let written = sniff("cpr;navn\n'0101;Men's\n'0202;x\n", true, None);
        assert_eq!(written.quote, b'"', "an apostrophe before a number is no quote");
        let backslash = sniff("a;\"b \\\"c\\\" d\";e\n1;\"5 \\\" x\";2\n", true, None);
        assert_eq!((backslash.quote, backslash.escape), (b'"', Escape::Backslash));
        let path = sniff("a;b\n\"C:\\mappe\\\";x\n\"D:\\y\\\";z\n", true, None);
        assert_eq!(path.escape, Escape::Doubled, "a folder's name may end in a backslash");
    }

    #[test]
    fn the_separator_line_is_read_as_excel_writes_it() {
        assert_eq!(separator_line("sep=;\r\na;b"), Some(Separator::byte(b';')));
        assert_eq!(separator_line("SEP=\t\na\tb"), Some(Separator::byte(b'\t')));
        assert_eq!(separator_line("sep=ab\n"), None);
        assert_eq!(separator_line("separat;b\n"), None);
        assert_eq!(separator_line(""), None);
    }
}
