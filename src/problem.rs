//! What stops a run or a part of it, and the mistakes of pack and config files.
//!
//! A [`Problem`] is about delivered data: reading goes on, the problem is listed, and [`Severity::Failure`] makes the
//! exit code 2. A [`Mistake`] is about a file somebody wrote (rule, model, config) and carries the span to point at.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::locale::{Bilingual, Lang, Localized, grouped};

/// What makes a rule cheaper.
const NARROW: (&str, &str) = (
    "se hvor med «sagstjek rules plan»; en lighed i «where» (x.art = r.art) gør kilden mindre",
    "see where with `sagstjek rules plan`; an equality in `where` (x.art = r.art) narrows the source",
);

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Told and counted.
    Note,
    /// Told and counted; somebody should look.
    Warning,
    /// Part of the input could not be used: exit code 2.
    Failure,
}

/// Where a problem lies: a file as delivered, perhaps a sheet of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path relative to the delivery, forward slashes.
    pub file: Arc<str>,
    /// Sheet name, for workbooks.
    pub sheet: Option<Arc<str>>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Place {
        Place { file: file.into(), sheet: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "{} [{sheet}]", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// How a file shows that it was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CutSign {
    /// The last record has fewer fields than the others and no line end.
    ShortRecord,
    /// A quoted field is still open at the end of the file.
    OpenQuote,
    /// The last line has no line end, and this system always writes one.
    NoLineEnd,
    /// The total row that this system always writes is not there.
    NoTotal,
    /// A table of a web page is never closed.
    OpenTable,
}

/// What happened to delivered data. Texts about cells never hold personal values: file names and headers only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the fields are what the sentence of each variant names")]
pub enum Problem {
    /// The file could not be opened or read.
    FileUnreadable { place: Place, why: Bilingual },
    /// The file holds nothing.
    FileEmpty { place: Place },
    /// The sheet holds no data rows.
    SheetEmpty { place: Place },
    /// The file or sheet ends inside its data.
    CutOff { place: Place, line: u32, sign: CutSign },
    /// The total row does not agree with the rows above it.
    TotalMismatch { place: Place, header: Arc<str>, stated: Bilingual, computed: Bilingual },
    /// More than a fifth of a mapped column does not read as its type; the whole column counts as unknown.
    ColumnMalformed { place: Place, header: Arc<str>, column: Arc<str>, malformed: u32, filled: u32 },
    /// The dataset's own expectation of its rows fails: columns may be swapped.
    Implausible { place: Place, dataset: Arc<str>, expectation: Arc<str>, met: u32, of: u32 },
    /// More than a fifth of the rows do not have the fields of the header; none was used.
    RowsShifted { place: Place, shifted: u32, rows: u32 },
    /// Letters were damaged before the file was saved: UTF-8 read as Windows-1252.
    Garbled { place: Place, cells: u32, headers: u32 },
    /// Cells hold CPR numbers of test persons.
    TestPersons { place: Place, cells: u32 },
    /// Many texts of a column end at the same length, where systems cut.
    TextsCut { place: Place, header: Arc<str>, length: u32, cells: u32 },
    /// Formulas were saved without a value; the cells are unknown.
    FormulasWithoutValue { place: Place, cells: u32 },
    /// No profile fits the file or sheet.
    Unmapped { place: Place },
    /// A hidden file or a lock file was not read.
    LeftOut { place: Place },
    /// Two profiles fit equally well.
    ProfileUnclear { place: Place, first: Arc<str>, second: Arc<str> },
    /// A key stands in several rows with different values; where the first two stand, and the columns that differ.
    KeyConflict { dataset: Arc<str>, keys: u32, first: (Place, u32), second: (Place, u32), columns: Vec<Arc<str>> },
    /// Rows of a file stand in a newer extract of the same layout with other values; the newer ones were used.
    OlderSnapshot { place: Place, dataset: Arc<str>, day: Bilingual, newest: Bilingual, older: u32, only_here: u32 },
    /// A required source of the config matched no file.
    SourceMissing { source: Arc<str> },
    /// Datasets that selected rules need and nobody delivered.
    DatasetMissing { dataset: Arc<str>, rules: Vec<Arc<str>> },
    /// A rule looks at very many candidate pairs.
    RuleCostly { rule: Arc<str>, pairs: u64 },
    /// A rule would have looked at more candidate pairs than may be; it did not run.
    RuleTooCostly { rule: Arc<str>, pairs: u64, limit: u64 },
    /// Files state different extract dates; the oldest was used.
    ExtractDatesDisagree { oldest: String, newest: String },
    /// Nothing states an extract date; the day of the run was used.
    ExtractDateAssumed { day: String },
    /// No secret: pseudonyms use a public constant.
    NotProtected,
    /// A file changed while it was read; its excerpts show typed values.
    ChangedWhileRead { place: Place },
    /// A report could not be written.
    WriteFailed { path: String, why: String },
}

/// `2 cells`; nothing for none.
fn count(n: impl Into<u64>, one: &str, many: &str) -> Option<String> {
    match n.into() {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    }
}

/// What there is of two things.
fn both(things: &[Option<String>], and: &str) -> String {
    things.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(&format!(" {and} "))
}

impl Problem {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Problem::FileUnreadable { .. }
            | Problem::FileEmpty { .. }
            | Problem::SheetEmpty { .. }
            | Problem::CutOff { .. }
            | Problem::TotalMismatch { .. }
            | Problem::ColumnMalformed { .. }
            | Problem::Implausible { .. }
            | Problem::RowsShifted { .. }
            | Problem::SourceMissing { .. }
            | Problem::RuleTooCostly { .. }
            | Problem::WriteFailed { .. } => Severity::Failure,
            Problem::ProfileUnclear { .. }
            | Problem::KeyConflict { .. }
            | Problem::OlderSnapshot { .. }
            | Problem::Garbled { .. }
            | Problem::TestPersons { .. }
            | Problem::FormulasWithoutValue { .. }
            | Problem::DatasetMissing { .. }
            | Problem::RuleCostly { .. }
            | Problem::ExtractDatesDisagree { .. }
            | Problem::ChangedWhileRead { .. } => Severity::Warning,
            Problem::TextsCut { .. }
            | Problem::Unmapped { .. }
            | Problem::LeftOut { .. }
            | Problem::ExtractDateAssumed { .. }
            | Problem::NotProtected => Severity::Note,
        }
    }

    /// A stable name for machine formats.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::FileUnreadable { .. } => "file-unreadable",
            Problem::FileEmpty { .. } => "file-empty",
            Problem::SheetEmpty { .. } => "sheet-empty",
            Problem::CutOff { .. } => "cut-off",
            Problem::TotalMismatch { .. } => "total-mismatch",
            Problem::ColumnMalformed { .. } => "column-malformed",
            Problem::Implausible { .. } => "implausible",
            Problem::RowsShifted { .. } => "rows-shifted",
            Problem::Garbled { .. } => "garbled",
            Problem::TestPersons { .. } => "test-persons",
            Problem::TextsCut { .. } => "texts-cut",
            Problem::FormulasWithoutValue { .. } => "formulas-without-value",
            Problem::Unmapped { .. } => "unmapped",
            Problem::LeftOut { .. } => "left-out",
            Problem::ProfileUnclear { .. } => "profile-unclear",
            Problem::KeyConflict { .. } => "key-conflict",
            Problem::OlderSnapshot { .. } => "older-snapshot",
            Problem::SourceMissing { .. } => "source-missing",
            Problem::DatasetMissing { .. } => "dataset-missing",
            Problem::RuleCostly { .. } => "rule-costly",
            Problem::RuleTooCostly { .. } => "rule-too-costly",
            Problem::ExtractDatesDisagree { .. } => "extract-dates-disagree",
            Problem::ExtractDateAssumed { .. } => "extract-date-assumed",
            Problem::NotProtected => "not-protected",
            Problem::ChangedWhileRead { .. } => "changed-while-read",
            Problem::WriteFailed { .. } => "write-failed",
        }
    }

    fn both(&self) -> (Bilingual, Option<Bilingual>) {
        let say = |da: String, en: String| Bilingual { da, en };
        let hint = |da: &str, en: &str| Some(Bilingual::new(da, en));
        match self {
            Problem::FileUnreadable { place, why } => (
                say(format!("{place} kan ikke læses: {}", why.da), format!("{place} cannot be read: {}", why.en)),
                hint(
                    "lever filen igen; resten af mappen er kontrolleret",
                    "deliver the file again; the rest of the folder was checked",
                ),
            ),
            Problem::FileEmpty { place } => {
                (say(format!("{place} er tom"), format!("{place} is empty")), hint("kør udtrækket igen", "run the export again"))
            }
            Problem::SheetEmpty { place } => (
                say(format!("{place} har ingen rækker"), format!("{place} has no rows")),
                hint(
                    "kør udtrækket igen, eller sæt required = false på kilden",
                    "run the export again, or set required = false on its source",
                ),
            ),
            Problem::CutOff { place, line, sign } => {
                let (da, en) = match sign {
                    CutSign::ShortRecord => ("den sidste række er ikke hel", "the last record is not whole"),
                    CutSign::OpenQuote => ("et felt i anførselstegn er aldrig afsluttet", "a quoted field is never closed"),
                    CutSign::NoLineEnd => ("den sidste linje er uden linjeskift", "the last line has no line end"),
                    CutSign::NoTotal => ("rækken med i alt mangler", "the total row is missing"),
                    CutSign::OpenTable => ("tabellen er aldrig afsluttet", "the table is never closed"),
                };
                (
                    say(format!("{place} er afbrudt ved linje {line}: {da}"), format!("{place} is cut off at line {line}: {en}")),
                    hint(
                        "lever filen igen; hvad der hviler på fravær, vurderes ikke",
                        "deliver the file again; nothing that rests on absence is judged",
                    ),
                )
            }
            Problem::TotalMismatch { place, header, stated, computed } => (
                say(
                    format!("{place}: kontrolsummen for «{header}» er {}, men rækkerne giver {}", stated.da, computed.da),
                    format!("{place}: the control total of «{header}» is {}, but the rows give {}", stated.en, computed.en),
                ),
                hint("rækker mangler eller er ændret; lever filen igen", "rows are missing or changed; deliver the file again"),
            ),
            Problem::ColumnMalformed { place, header, column, malformed, filled } => (
                say(
                    format!("{place}: {malformed} af {filled} celler i «{header}» kan ikke læses som «{column}»"),
                    format!("{place}: {malformed} of {filled} cells in «{header}» do not read as «{column}»"),
                ),
                hint(
                    "er to kolonner byttet om? Hele kolonnen regnes som ukendt",
                    "are two columns swapped? The whole column counts as unknown",
                ),
            ),
            Problem::Implausible { place, dataset, expectation, met, of } => (
                say(
                    format!("{place}: kun {met} af {of} rækker i «{dataset}» opfylder {expectation}"),
                    format!("{place}: only {met} of {of} rows of «{dataset}» meet {expectation}"),
                ),
                hint("er to kolonner byttet om?", "are two columns swapped?"),
            ),
            Problem::RowsShifted { place, shifted, rows } => (
                say(
                    format!(
                        "{place} er ikke brugt: {shifted} af {rows} rækker har flere eller færre felter end overskriften, så ingen celle står sikkert under sin overskrift"
                    ),
                    format!(
                        "{place} was not used: {shifted} of {rows} rows have more or fewer fields than the header, so that no cell stands safely under its own"
                    ),
                ),
                hint(
                    "hent listen igen som regneark eller som liste med lodrette streger",
                    "fetch the list again as a workbook or as a list with vertical bars",
                ),
            ),
            Problem::Garbled { place, cells, headers } => (
                {
                    let where_da = both(&[count(*cells, "celle", "celler"), count(*headers, "overskrift", "overskrifter")], "og");
                    let where_en = both(&[count(*cells, "cell", "cells"), count(*headers, "header", "headers")], "and");
                    say(
                        format!("{place}: æ, ø og å er ødelagt i {where_da} (Ã¦, Ã¸, Ã¥); de er læst, som de står"),
                        format!("{place}: æ, ø and å are damaged in {where_en} (Ã¦, Ã¸, Ã¥); they were read as they stand"),
                    )
                },
                hint(
                    "filen er gemt i et forkert tegnsæt, før den blev leveret; hent udtrækket igen",
                    "the file was saved in a wrong encoding before it was delivered; run the export again",
                ),
            ),
            Problem::TestPersons { place, cells } => (
                say(
                    format!("{place}: {cells} celler har CPR-nummer fra en kendt testperson; de er læst som alle andre"),
                    format!("{place}: {cells} cells hold the CPR number of a known test person; they were read like all others"),
                ),
                hint("listen er test_persons i pack.toml", "the list is test_persons in pack.toml"),
            ),
            Problem::TextsCut { place, header, length, cells } => (
                say(
                    format!("{place}: {cells} tekster i «{header}» er på præcis {length} tegn og kan være skåret af"),
                    format!("{place}: {cells} texts in «{header}» have exactly {length} characters and may have been cut"),
                ),
                None,
            ),
            Problem::FormulasWithoutValue { place, cells } => (
                say(
                    format!("{place}: {cells} formler er gemt uden værdi; cellerne regnes som ulæselige"),
                    format!("{place}: {cells} formulas were saved without a value; the cells count as unreadable"),
                ),
                hint(
                    "åbn regnearket i Excel, gem det, og lever det igen; så er formlerne regnet ud",
                    "open the workbook in Excel, save it and deliver it again; then the formulas are worked out",
                ),
            ),
            Problem::Unmapped { place } => (
                say(
                    format!("{place} passer ikke til nogen profil og er ikke brugt"),
                    format!("{place} fits no profile and was not used"),
                ),
                hint("angiv profilen under [[source]] i sagstjek.toml", "name its profile under [[source]] in sagstjek.toml"),
            ),
            Problem::LeftOut { place } => (
                say(
                    format!("{place} er en skjult fil eller en låsefil og er ikke læst"),
                    format!("{place} is a hidden file or a lock file and was not read"),
                ),
                None,
            ),
            Problem::ProfileUnclear { place, first, second } => (
                say(
                    format!("{place} passer lige godt til «{first}» og «{second}»; «{first}» er brugt"),
                    format!("{place} fits «{first}» and «{second}» equally; «{first}» was used"),
                ),
                hint("angiv profilen under [[source]] i sagstjek.toml", "name its profile under [[source]] in sagstjek.toml"),
            ),
            Problem::KeyConflict { dataset, keys, first, second, columns } => {
                let list = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
                let ((a, a_row), (b, b_row)) = (first, second);
                (
                    say(
                        format!(
                            "{keys} nøgler i «{dataset}» står i flere rækker med forskellige værdier, først i {a} række {a_row} og {b} række {b_row}{list}"
                        ),
                        format!(
                            "{keys} keys of «{dataset}» stand in several rows with different values, first in {a} row {a_row} and {b} row {b_row}{list}"
                        ),
                    ),
                    hint(
                        "rækkerne er beholdt hver for sig; hvad der slår op på nøglen, vurderes ikke",
                        "the rows were kept apart; nothing that looks the key up is judged",
                    ),
                )
            }
            Problem::OlderSnapshot { place, dataset, day, newest, older, only_here } => (
                {
                    let taken = |one, many| count(*older, one, many).unwrap_or_else(|| format!("0 {many}"));
                    let (rows_da, rows_en) = (taken("række", "rækker"), taken("row", "rows"));
                    let alone = |text: &str| if *only_here > 0 { format!("{text}{only_here}") } else { String::new() };
                    let (alone_da, alone_en) = (alone("; kun her står "), alone("; only here stand "));
                    let (day_da, newest_da, day_en, newest_en) = (&day.da, &newest.da, &day.en, &newest.en);
                    say(
                        format!(
                            "{place} er trukket {day_da}; {rows_da} i «{dataset}» er taget fra udtrækket fra {newest_da} i stedet{alone_da}"
                        ),
                        format!(
                            "{place} was extracted {day_en}; {rows_en} of «{dataset}» taken from the extract of {newest_en} instead{alone_en}"
                        ),
                    )
                },
                hint("læg kun det nyeste udtræk i mappen", "keep only the newest extract in the folder"),
            ),
            Problem::SourceMissing { source } => (
                say(
                    format!("kilden «{source}» er krævet, men ingen fil passer"),
                    format!("the source «{source}» is required, but no file matches"),
                ),
                hint("lever filen, eller sæt required = false", "deliver the file, or set required = false"),
            ),
            Problem::DatasetMissing { dataset, rules } => {
                let list = rules.join(", ");
                (
                    say(
                        format!("datasættet «{dataset}» er ikke leveret; disse regler bruger det: {list}"),
                        format!("the dataset «{dataset}» was not delivered; these rules use it: {list}"),
                    ),
                    None,
                )
            }
            Problem::RuleCostly { rule, pairs } => {
                let pairs = |lang| grouped(i128::from(*pairs), lang);
                (
                    say(
                        format!("{rule} ser på op til {} kandidatpar og tager tid", pairs(Lang::Da)),
                        format!("{rule} looks at up to {} candidate pairs and takes time", pairs(Lang::En)),
                    ),
                    hint(NARROW.0, NARROW.1),
                )
            }
            Problem::RuleTooCostly { rule, pairs, limit } => {
                let number = |n: u64, lang| grouped(i128::from(n), lang);
                let ((da, da_limit), (en, en_limit)) =
                    ((number(*pairs, Lang::Da), number(*limit, Lang::Da)), (number(*pairs, Lang::En), number(*limit, Lang::En)));
                (
                    say(
                        format!("{rule} er ikke kørt: den skulle se på {da} kandidatpar, og grænsen er {da_limit}"),
                        format!("{rule} did not run: it would look at {en} candidate pairs, and the limit is {en_limit}"),
                    ),
                    hint(
                        &format!("{}; eller hæv refuse_pairs under [rules] i sagstjek.toml", NARROW.0),
                        &format!("{}; or raise refuse_pairs under [rules] in sagstjek.toml", NARROW.1),
                    ),
                )
            }
            Problem::ExtractDatesDisagree { oldest, newest } => (
                say(
                    format!("filerne er trukket mellem {oldest} og {newest}; {oldest} er brugt"),
                    format!("the files were extracted between {oldest} and {newest}; {oldest} was used"),
                ),
                hint("sæt den selv med --extract-date", "set it yourself with --extract-date"),
            ),
            Problem::ExtractDateAssumed { day } => (
                say(
                    format!("ingen fil siger, hvornår den er trukket; dagen i dag, {day}, er brugt"),
                    format!("no file says when it was extracted; today, {day}, was used"),
                ),
                hint("sæt den selv med --extract-date", "set it yourself with --extract-date"),
            ),
            Problem::NotProtected => (
                say(
                    "pseudonymer er ikke beskyttet: SAGSTJEK_SECRET er ikke sat".to_owned(),
                    "pseudonyms are not protected: SAGSTJEK_SECRET is not set".to_owned(),
                ),
                hint(
                    "sæt SAGSTJEK_SECRET, eller angiv en fil under [privacy]",
                    "set SAGSTJEK_SECRET, or name a file under [privacy]",
                ),
            ),
            Problem::ChangedWhileRead { place } => (
                say(
                    format!("{place} blev ændret under læsningen; uddrag viser de læste værdier"),
                    format!("{place} changed while it was read; excerpts show the values as read"),
                ),
                None,
            ),
            Problem::WriteFailed { path, why } => {
                (say(format!("{path} kan ikke skrives: {why}"), format!("{path} cannot be written: {why}")), None)
            }
        }
    }
}

impl Localized for Problem {
    fn text(&self, lang: Lang) -> String {
        self.both().0.get(lang).to_owned()
    }

    fn help(&self, lang: Lang) -> Option<String> {
        self.both().1.map(|help| help.get(lang).to_owned())
    }
}

/// A mistake in a file that somebody wrote: rule, model, profile, table or config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file, as the user names it.
    pub file: Arc<str>,
    /// Its whole text, which spans index.
    pub source: Arc<str>,
    /// Byte ranges to underline, each with a word perhaps; the first is primary.
    pub labels: Vec<(Range<usize>, Option<Bilingual>)>,
    /// What is wrong.
    pub message: Bilingual,
    /// How to mend it.
    pub help: Option<Bilingual>,
    /// Whether it stops the run, or is a lint.
    pub severity: Severity,
}

impl Mistake {
    /// A mistake at `span` of a file.
    pub fn at(file: &Arc<str>, source: &Arc<str>, span: Range<usize>, message: Bilingual) -> Mistake {
        Mistake {
            file: file.clone(),
            source: source.clone(),
            labels: vec![(span, None)],
            message,
            help: None,
            severity: Severity::Failure,
        }
    }

    /// With advice.
    #[must_use]
    pub fn with_help(mut self, help: Bilingual) -> Mistake {
        self.help = Some(help);
        self
    }

    /// 1-based line and column (in characters) of the primary label.
    pub fn line_column(&self) -> (usize, usize) {
        let start = self.labels.first().map_or(0, |(span, _)| span.start.min(self.source.len()));
        let before = self.source.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl Localized for Mistake {
    fn text(&self, lang: Lang) -> String {
        self.message.get(lang).to_owned()
    }

    fn help(&self, lang: Lang) -> Option<String> {
        self.help.as_ref().map(|help| help.get(lang).to_owned())
    }
}

/// The nearest of `known` to `word`, if near enough to be a slip: for "did you mean".
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(word.chars().count()) / 3).max(1))
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}
