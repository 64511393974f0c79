//! The one table of texts to authors of rules and models, Danish and English.
//!
//! A builder gives what is wrong and, where there is something to do about it, how to mend it. Neither ends with a full stop.

mod figures;

use std::ops::Range;

pub(crate) use self::figures::*;
use super::typed::Ty;
use crate::locale::Bilingual;
use crate::model::{Pack, SourceFile};
use crate::problem::{Mistake, Severity};
use crate::value::Kind;

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) message: Bilingual,
    pub(crate) help: Option<Bilingual>,
}

/// Something said of a place in an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slip {
    /// Byte range in the file.
    pub(crate) span: Range<usize>,
    pub(crate) said: Said,
    pub(crate) severity: Severity,
}

impl Slip {
    pub(crate) fn new(span: Range<usize>, said: Said) -> Slip {
        Slip { span, said, severity: Severity::Failure }
    }

    pub(crate) fn lint(span: Range<usize>, said: Said) -> Slip {
        Slip { span, said, severity: Severity::Warning }
    }

    pub(crate) fn into_mistake(self, file: &SourceFile) -> Mistake {
        let mut mistake = Mistake::at(&file.path, &file.text, self.span, self.said.message);
        mistake.help = self.said.help;
        mistake.severity = self.severity;
        mistake
    }
}

fn say(da: impl Into<String>, en: impl Into<String>) -> Said {
    Said { message: Bilingual::new(da, en), help: None }
}

impl Said {
    fn advise(mut self, da: impl Into<String>, en: impl Into<String>) -> Said {
        self.help = Some(Bilingual::new(da, en));
        self
    }

    /// With "did you mean", when something is near.
    fn near(self, nearest: Option<&str>) -> Said {
        match nearest {
            Some(word) => self.advise(format!("mente du «{word}»?"), format!("did you mean «{word}»?")),
            None => self,
        }
    }

    /// With "did you mean", or else the whole list, when it is short.
    fn near_or_list<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
        let known: Vec<&str> = known.into_iter().collect();
        if let Some(near) = crate::problem::nearest(word, known.iter().copied()) {
            return self.near(Some(near));
        }
        if known.is_empty() || known.len() > 12 {
            return self;
        }
        let list = known.join(", ");
        self.advise(format!("her kendes: {list}"), format!("known here: {list}"))
    }
}

/// A type in the author's words: «et beløb (kr)».
pub(crate) fn type_words(ty: Ty, pack: &Pack) -> Bilingual {
    let kind = match ty {
        Ty::Value(kind) => kind,
        Ty::Row(dataset) => {
            let name = &pack.get(dataset).name;
            return Bilingual::new(format!("en række af «{name}»"), format!("a row of «{name}»"));
        }
        Ty::Periods => return Bilingual::new("en liste af perioder", "a list of periods"),
        Ty::Months => return Bilingual::new("en liste af måneder", "a list of months"),
    };
    kind_words(kind, &pack.currency)
}

/// A kind in words.
pub fn kind_words(kind: Kind, currency: &str) -> Bilingual {
    let (da, en) = match kind {
        Kind::Text => ("en tekst", "a text"),
        Kind::TextList => ("en liste af tekster", "a list of texts"),
        Kind::Integer | Kind::Decimal(0) => ("et helt tal", "a whole number"),
        Kind::Decimal(_) => ("et decimaltal", "a decimal number"),
        Kind::Money(_) => return Bilingual::new(format!("et beløb ({currency})"), format!("an amount ({currency})")),
        Kind::Percent(_) => ("en procent", "a percentage"),
        Kind::Ratio => ("en brøk", "a quotient"),
        Kind::MoneyRatio => ("et delt beløb", "a divided amount"),
        Kind::Date => ("en dato", "a date"),
        Kind::Month => ("en måned", "a month"),
        Kind::Timestamp => ("et tidspunkt", "a time stamp"),
        Kind::Duration => ("et tidsrum", "a duration"),
        Kind::WorkingDays => ("et antal arbejdsdage", "a number of working days"),
        Kind::Period => ("en periode", "a period"),
        Kind::Bool => ("ja eller nej", "yes or no"),
        Kind::Cpr => ("et CPR-nummer", "a CPR number"),
        Kind::Paragraf => ("en paragraf", "a legal section"),
        Kind::Konto => ("en konto", "an account"),
        Kind::Cvr => ("et CVR-nummer", "a CVR number"),
        Kind::Kommune => ("en kommune", "a municipality"),
    };
    Bilingual::new(da, en)
}

// --- reading an expression ---

pub(crate) fn text_never_closed() -> Said {
    say("teksten er aldrig afsluttet", "the text is never closed").advise("slut den med \"", "close it with \"")
}

pub(crate) fn curly_quotes(text: &str) -> Said {
    say("tekst står i lige anførselstegn", "text stands in straight quotes")
        .advise(format!("skriv \"{text}\""), format!("write \"{text}\""))
}

pub(crate) fn single_quote() -> Said {
    say("' kan ikke stå i et udtryk", "' cannot stand in an expression").advise("skriv tekst i \"...\"", "write text in \"...\"")
}

pub(crate) fn single_quotes(text: &str) -> Said {
    say("tekst står i dobbelte anførselstegn", "text stands in double quotes")
        .advise(format!("skriv \"{text}\""), format!("write \"{text}\""))
}

/// A word of another language.
fn by_habit(said: Said, word: &str) -> Said {
    match crate::rule::habits::instead(word) {
        Some(advice) => Said { help: Some(advice), ..said },
        None => said,
    }
}

pub(crate) fn write_instead(written: &str, read: &str) -> Said {
    say(format!("«{written}» findes ikke i sproget"), format!("the language has no «{written}»"))
        .advise(format!("skriv {read}"), format!("write {read}"))
}

pub(crate) fn unknown_sign(sign: char) -> Said {
    say(format!("tegnet «{sign}» kan ikke stå i et udtryk"), format!("«{sign}» cannot stand in an expression"))
}

pub(crate) fn date_shape(iso: &str) -> Said {
    say("en dato skrives åååå-mm-dd", "a date is written yyyy-mm-dd").advise(format!("skriv {iso}"), format!("write {iso}"))
}

pub(crate) fn no_such_date() -> Said {
    say("datoen findes ikke i kalenderen", "no such date in the calendar")
}

pub(crate) fn number_too_large() -> Said {
    say("tallet er for stort eller har over 18 decimaler", "the number is too large or has over 18 decimals")
}

pub(crate) fn money_decimals(digits: &str, currency: &str) -> Said {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let written = match decimals.len() {
        3 => format!("{whole}_{decimals} {currency}"),
        1 => format!("{whole}.{decimals}0 {currency}"),
        _ => format!("{whole}.{} {currency}", decimals.get(..2).unwrap_or(decimals)),
    };
    say("et beløb har ingen eller to decimaler", "an amount has no decimals or two")
        .advise(format!("skriv {written}"), format!("write {written}"))
}

pub(crate) fn whole_durations() -> Said {
    say("et tidsrum er et helt antal", "a duration is a whole number")
}

pub(crate) fn unknown_unit(word: &str, nearest: &str) -> Said {
    say(format!("«{word}» er ingen enhed"), format!("«{word}» is no unit")).near(Some(nearest))
}

pub(crate) fn too_deep(limit: u16) -> Said {
    say(
        format!("udtrykket er for dybt: højst {limit} niveauer"),
        format!("the expression is nested too deep: at most {limit} levels"),
    )
    .advise("del det op med steps", "split it with steps")
}

pub(crate) fn empty_expression() -> Said {
    say("udtrykket er tomt", "the expression is empty")
}

pub(crate) fn left_over(shown: &str) -> Said {
    let said = say(format!("«{shown}» hører ikke til her"), format!("«{shown}» does not belong here")).advise(
        "mangler der et and, or, where, satisfies eller et regnetegn?",
        "is an and, or, where, satisfies or an operator missing?",
    );
    by_habit(said, shown)
}

pub(crate) fn no_remainder() -> Said {
    say("sproget har ingen rest ved division", "the language has no remainder")
        .advise("skriv x - floor(x / n) * n", "write x - floor(x / n) * n")
}

pub(crate) fn decimal_comma(whole: &str, decimals: &str) -> Said {
    let number = format!("{}.{decimals}", whole.replace('.', "_"));
    say("et decimaltal skrives med punktum", "a decimal number is written with a point")
        .advise(format!("skriv {number}"), format!("write {number}"))
}

pub(crate) fn money_behind(number: &str, currency: &str) -> Said {
    say("beløbets ord står efter tallet", "the word of an amount stands behind its number")
        .advise(format!("skriv {number} {currency}"), format!("write {number} {currency}"))
}

pub(crate) fn other_currency(word: &str, number: &str, currency: &str) -> Said {
    say(format!("beløb skrives i {currency}, ikke {word}"), format!("amounts are written in {currency}, not {word}"))
        .advise(format!("skriv {number} {currency}"), format!("write {number} {currency}"))
}

pub(crate) fn left_side_again(sign: &str) -> Said {
    say(format!("der mangler en værdi foran «{sign}»"), format!("a value is missing before «{sign}»")).advise(
        "gentag venstre side: x = a or x = b, eller skriv x in [a, b]",
        "repeat the left side: x = a or x = b, or write x in [a, b]",
    )
}

pub(crate) fn else_missing() -> Said {
    say("if skal også sige, hvad der gælder ellers", "if must also say what holds otherwise")
        .advise("skriv if … then … else …", "write if … then … else …")
}

pub(crate) fn list_in_square_brackets() -> Said {
    say("en liste står i [ ]", "a list stands in [ ]").advise("skriv x in [a, b]", "write x in [a, b]")
}

pub(crate) fn by_missing() -> Said {
    say("rækkefølgen mangler", "the order is missing").advise("skriv … by x.kolonne", "write … by x.column")
}

/// `count(…)` and the like without `x in path`.
pub(crate) fn rows_wanted(word: &str, path: Option<&str>, column: Option<&str>) -> Said {
    let example = |path: &str, column: &str| match word {
        "count" => format!("count(x in {path} where …)"),
        "every" => format!("every x in {path} satisfies …"),
        "some" | "no" => format!("{word} x in {path} where …"),
        "count distinct" => format!("count(distinct x.{column} for x in {path})"),
        "first" | "last" | "previous" | "next" => format!("{word}(x in {path} by x.{column})"),
        "uncovered" => format!("uncovered(period(a, b), period(x.{column}, …) for x in {path})"),
        _ => format!("{word}(x.{column} for x in {path})"),
    };
    let da = example(path.unwrap_or("sti"), column.unwrap_or("kolonne"));
    let en = example(path.unwrap_or("path"), column.unwrap_or("column"));
    say(format!("{word} løber over rækker, der har et navn"), format!("{word} ranges over rows that have a name"))
        .advise(format!("skriv {da}"), format!("write {en}"))
}

pub(crate) fn method_call(word: &str, known: bool) -> Said {
    let said = say("en funktion står foran sin værdi", "a function stands before its value");
    if known {
        return said.advise(format!("skriv {word}(…)"), format!("write {word}(…)"));
    }
    by_habit(said, word)
}

pub(crate) fn at_after_what() -> Said {
    say("at står efter en tabel eller en kodeliste", "at stands after a table or a code list")
}

pub(crate) fn expected(word: &str, found: Option<&str>) -> Said {
    match found {
        Some(found) => say(format!("her mangler «{word}» før «{found}»"), format!("«{word}» is missing before «{found}»")),
        None => say(format!("her mangler «{word}»"), format!("«{word}» is missing")),
    }
}

pub(crate) fn expected_value(found: Option<&str>) -> Said {
    match found {
        Some(found) => say(format!("her mangler en værdi før «{found}»"), format!("a value is missing before «{found}»")),
        None => say("her mangler en værdi", "a value is missing"),
    }
}

pub(crate) fn expected_name(found: Option<&str>) -> Said {
    match found {
        Some(found) => say(format!("«{found}» kan ikke være et navn"), format!("«{found}» cannot be a name")),
        None => say("her mangler et navn", "a name is missing"),
    }
}

pub(crate) fn name_after_dot() -> Said {
    say("efter et punktum står et navn", "a name follows a dot")
}

pub(crate) fn chained_comparison() -> Said {
    say("sammenligninger kan ikke kædes", "comparisons cannot be chained")
        .advise("skriv x between a and b", "write x between a and b")
}

pub(crate) fn no_such_value(word: &str, instead: &str) -> Said {
    say(format!("«{word}» er ingen værdi"), format!("«{word}» is no value"))
        .advise(format!("skriv … {instead}"), format!("write … {instead}"))
}

pub(crate) fn source_needs_brackets() -> Said {
    say("en kilde inde i where eller satisfies står i parentes", "a source inside where or satisfies stands in parentheses")
        .advise("skriv ( … )", "write ( … )")
}

pub(crate) fn for_only_in_folds(word: &str) -> Said {
    let said = say(format!("{word} løber ikke over rækker"), format!("{word} does not range over rows")).advise(
        "det gør sum, min, max, mean, median, uncovered, spells_of og count(distinct … for …)",
        "sum, min, max, mean, median, uncovered, spells_of and count(distinct … for …) do",
    );
    by_habit(said, word)
}

// --- names ---

pub(crate) fn unknown_name<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    by_habit(
        say(format!("navnet «{word}» kendes ikke"), format!("the name «{word}» is not known")).near_or_list(word, known),
        word,
    )
}

pub(crate) fn column_of(word: &str, row: &str) -> Said {
    say(format!("«{word}» er en kolonne"), format!("«{word}» is a column"))
        .advise(format!("skriv {row}.{word}"), format!("write {row}.{word}"))
}

pub(crate) fn text_needs_quotes(word: &str) -> Said {
    say(format!("navnet «{word}» kendes ikke"), format!("the name «{word}» is not known"))
        .advise(format!("er det en tekst, så skriv \"{word}\""), format!("if it is a text, write \"{word}\""))
}

pub(crate) fn date_without_quotes(iso: Option<&str>) -> Said {
    let written = iso.unwrap_or("2024-01-31");
    say("en dato står uden anførselstegn", "a date stands without quotes")
        .advise(format!("skriv {written}"), format!("write {written}"))
}

pub(crate) fn is_between_values(negated: bool) -> Said {
    let sign = if negated { "!=" } else { "=" };
    say("is sammenligner rækker, ikke værdier", "is compares rows, not values")
        .advise(format!("skriv a {sign} b"), format!("write a {sign} b"))
}

pub(crate) fn whole_comparison() -> Said {
    say("her skal stå ja eller nej", "yes or no is wanted here").advise(
        "gentag hele sammenligningen, eller skriv x in [\"a\", \"b\"]",
        "repeat the whole comparison, or write x in [\"a\", \"b\"]",
    )
}

pub(crate) fn row_column(row: &str, column: Option<&str>) -> Said {
    say(format!("«{row}» er en række"), format!("«{row}» is a row"))
        .advise(format!("skriv {row}.{}", column.unwrap_or("kolonne")), format!("write {row}.{}", column.unwrap_or("column")))
}

/// A word that stands between two values, written as a function.
pub(crate) fn between_values(word: &str) -> Said {
    let written = match word {
        "missing" | "present" | "known" => format!("x is {word}"),
        "starts" | "ends" => format!("x {word} with \"…\""),
        "between" => "x between a and b".to_owned(),
        word => format!("a {word} b"),
    };
    say(format!("«{word}» er ingen funktion"), format!("«{word}» is no function"))
        .advise(format!("skriv {written}"), format!("write {written}"))
}

pub(crate) fn yes_no_alone(found: &Bilingual) -> Said {
    let yes_no = Bilingual::new("ja eller nej", "yes or no");
    not_comparable(&yes_no, found).advise("skriv x for ja, not x for nej", "write x for yes, not x for no")
}

/// A text beside a number, or the other way round; `literal` is how it is written right.
pub(crate) fn text_with_number(a: &Bilingual, b: &Bilingual, literal: &str) -> Said {
    not_comparable(a, b).advise(format!("skriv {literal}"), format!("write {literal}"))
}

pub(crate) fn case_when() -> Said {
    say("sproget har intet case", "the language has no case")
        .advise("skriv if … then … else if … then … else …", "write if … then … else if … then … else …")
}

pub(crate) fn satisfies_missing() -> Said {
    say("her mangler «satisfies»", "«satisfies» is missing")
        .advise("skriv every x in … satisfies …", "write every x in … satisfies …")
}

pub(crate) fn row_of_dataset(dataset: &str, row: &str, word: &str) -> Said {
    say(format!("«{dataset}» er et datasæt, ingen række"), format!("«{dataset}» is a dataset, not a row"))
        .advise(format!("skriv {row}.{word}"), format!("write {row}.{word}"))
}

pub(crate) fn date_plus_number(sign: &str, number: Option<&str>) -> Said {
    let days = number.map_or_else(|| "days(n)".to_owned(), |n| format!("{n} days"));
    say("et tal er ingen tid", "a number is no length of time")
        .advise(format!("skriv dato {sign} {days}"), format!("write date {sign} {days}"))
}

pub(crate) fn in_period() -> Said {
    say("en dato ligger i en periode med during", "a date lies in a period with during")
        .advise("skriv dato during periode", "write date during period")
}

pub(crate) fn period_and_date() -> Said {
    say("om en dato ligger i en periode, siger covers", "whether a date lies in a period is said by covers")
        .advise("skriv periode covers dato", "write period covers date")
}

pub(crate) fn no_column(dataset: &str, word: &str, nearest: Option<&str>) -> Said {
    say(format!("datasættet «{dataset}» har ingen kolonne «{word}»"), format!("the dataset «{dataset}» has no column «{word}»"))
        .near(nearest)
}

pub(crate) fn no_relation(nearest: Option<&str>) -> Said {
    say("ingen relation", "no relation").near(nearest)
}

pub(crate) fn unknown_dataset<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    say(format!("datasættet «{word}» kendes ikke"), format!("the dataset «{word}» is not known")).near_or_list(word, known)
}

pub(crate) fn unknown_table<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    say(format!("tabellen «{word}» kendes ikke"), format!("the table «{word}» is not known")).near_or_list(word, known)
}

pub(crate) fn unknown_list<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    say(format!("kodelisten «{word}» kendes ikke"), format!("the code list «{word}» is not known")).near_or_list(word, known)
}

pub(crate) fn unknown_function<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    let near = crate::problem::nearest(word, known);
    let same = near.is_some_and(|near| near == word.to_lowercase());
    let said = say(format!("funktionen «{word}» findes ikke"), format!("there is no function «{word}»")).near(near);
    if same { said } else { by_habit(said, word) }
}

pub(crate) fn name_taken(word: &str, by_da: &str, by_en: &str) -> Said {
    say(format!("navnet «{word}» er taget af {by_da}"), format!("the name «{word}» is taken by {by_en}"))
        .advise("vælg et andet navn", "choose another name")
}

pub(crate) fn keyword_as_name(word: &str) -> Said {
    say(format!("«{word}» er et ord i sproget"), format!("«{word}» is a word of the language"))
        .advise("vælg et andet navn", "choose another name")
}

pub(crate) fn not_a_name(word: &str) -> Said {
    say(format!("«{word}» kan ikke være et navn"), format!("«{word}» cannot be a name"))
        .advise("et navn er bogstaver, cifre og _, først et bogstav", "a name is letters, digits and _, a letter first")
}

pub(crate) fn group_as_value(path: &str) -> Said {
    say(format!("«{path}» er flere rækker"), format!("«{path}» is several rows")).advise(
        format!("skriv some x in {path} …, count(x in {path}) eller lignende"),
        format!("write some x in {path} …, count(x in {path}) or the like"),
    )
}

pub(crate) fn dataset_as_value(word: &str) -> Said {
    say(format!("«{word}» er et datasæt, ingen værdi"), format!("«{word}» is a dataset, not a value"))
        .advise(format!("skriv some x in {word} where …"), format!("write some x in {word} where …"))
}

pub(crate) fn list_as_value(word: &str) -> Said {
    say(format!("«{word}» er en kodeliste, ingen værdi"), format!("«{word}» is a code list, not a value"))
        .advise(format!("skriv … in {word}"), format!("write … in {word}"))
}

pub(crate) fn dot_on_value(found: &Bilingual, word: &str) -> Said {
    let said = say(format!("{} har ingen kolonne «{word}»", found.da), format!("{} has no column «{word}»", found.en));
    match crate::rule::function::Function::from_name(word) {
        Some(_) => said.advise(format!("skriv {word}(…)"), format!("write {word}(…)")),
        None => by_habit(said, word),
    }
}

pub(crate) fn value_as_rows(word: &str) -> Said {
    say(format!("«{word}» er en værdi, ingen rækker"), format!("«{word}» is a value, not rows"))
}

pub(crate) fn path_starts_at_row(word: &str) -> Said {
    say(format!("en sti begynder ved en række; «{word}» er et datasæt"), format!("a path starts at a row; «{word}» is a dataset"))
}

// --- tables and lists ---

pub(crate) fn needs_at(table: &str) -> Said {
    say(format!("«{table}» gælder fra en dag"), format!("«{table}» holds from a day"))
        .advise(format!("skriv {table} at dato"), format!("write {table} at date"))
}

pub(crate) fn at_not_wanted(table: &str) -> Said {
    say(format!("«{table}» har ingen datoer"), format!("«{table}» has no dates")).advise("udelad at", "leave at out")
}

pub(crate) fn key_count(table: &str, wants: usize, given: usize) -> Said {
    say(
        format!("«{table}» har {wants} nøgler, men her står {given}"),
        format!("«{table}» has {wants} keys, but {given} are given"),
    )
    .advise(
        if wants == 0 { "udelad [ ]".to_owned() } else { format!("skriv {table}[…]") },
        if wants == 0 { "leave [ ] out".to_owned() } else { format!("write {table}[…]") },
    )
}

pub(crate) fn list_with_keys(list: &str) -> Said {
    say(format!("«{list}» er en kodeliste og har ingen nøgler"), format!("«{list}» is a code list and has no keys"))
}

pub(crate) fn in_what() -> Said {
    say(
        "in står før en kodeliste, en liste i [ ] eller en kolonne med flere værdier",
        "in stands before a code list, a list in [ ] or a column of several values",
    )
}

// --- types ---

pub(crate) fn wanted(wanted: &Bilingual, found: &Bilingual) -> Said {
    say(
        format!("her skal stå {}, men dette er {}", wanted.da, found.da),
        format!("{} is wanted here, but this is {}", wanted.en, found.en),
    )
}

pub(crate) fn wanted_timestamp_day(found: &Bilingual, wanted_here: &Bilingual) -> Said {
    wanted(wanted_here, found).advise("skriv date_of(…)", "write date_of(…)")
}

pub(crate) fn not_comparable(a: &Bilingual, b: &Bilingual) -> Said {
    say(format!("{} kan ikke sammenlignes med {}", a.da, b.da), format!("{} cannot be compared with {}", a.en, b.en))
}

pub(crate) fn amount_with_number(amount: &Bilingual, number: &Bilingual, literal: Option<&str>, currency: &str) -> Said {
    let said = not_comparable(amount, number);
    let written = literal.unwrap_or("n");
    said.advise(format!("skriv … {written} {currency}"), format!("write … {written} {currency}"))
}

pub(crate) fn date_with_timestamp(a: &Bilingual, b: &Bilingual) -> Said {
    not_comparable(a, b).advise("skriv date_of(…) om tidspunktet", "write date_of(…) around the time stamp")
}

pub(crate) fn no_order(found: &Bilingual) -> Said {
    say(format!("{} har ingen rækkefølge", found.da), format!("{} has no order", found.en))
        .advise("sammenlign med =, != eller in", "compare with =, != or in")
}

pub(crate) fn rows_with_is() -> Said {
    say("rækker sammenlignes med is", "rows are compared with is")
        .advise("skriv a is b eller a is not b", "write a is b or a is not b")
}

pub(crate) fn list_with_in() -> Said {
    say("en liste sammenlignes ikke", "a list is not compared").advise("skriv \"…\" in listen", "write \"…\" in the list")
}

pub(crate) fn same_dataset(a: &str, b: &str) -> Said {
    say(format!("en række af «{a}» er aldrig en række af «{b}»"), format!("a row of «{a}» is never a row of «{b}»"))
}

pub(crate) fn must_be_rounded() -> Said {
    say("en division skal rundes af", "a division must be rounded").advise("skriv round(a / b, 2)", "write round(a / b, 2)")
}

pub(crate) fn product_must_be_rounded() -> Said {
    say("et beløb med over to decimaler skal rundes af", "an amount with over two decimals must be rounded")
        .advise("skriv round(…, 2)", "write round(…, 2)")
}

pub(crate) fn months_with_days() -> Said {
    say("måneder kan ikke sammenlignes med dage", "months do not compare with days")
}

pub(crate) fn not_code(column: &str, nearest: Option<&str>) -> Said {
    say(format!("findes ikke blandt værdierne af «{column}»"), format!("not among the values of «{column}»")).near(nearest)
}

pub(crate) fn not_canonical(text: &str, kind: &Bilingual) -> Said {
    say(format!("«{text}» kan ikke læses som {}", kind.da), format!("«{text}» does not read as {}", kind.en))
}

pub(crate) fn money_times_money() -> Said {
    say("et beløb kan ikke ganges med et beløb", "an amount cannot be multiplied by an amount")
}

pub(crate) fn no_arithmetic(sign: &str, a: &Bilingual, b: &Bilingual) -> Said {
    say(format!("{} {sign} {} kan ikke regnes ud", a.da, b.da), format!("{} {sign} {} cannot be computed", a.en, b.en))
}

pub(crate) fn money_with_number(sign: &str, a: &Bilingual, b: &Bilingual, currency: &str) -> Said {
    no_arithmetic(sign, a, b).advise(format!("skriv tallet med {currency}"), format!("write the number with {currency}"))
}

pub(crate) fn dates_apart() -> Said {
    say("datoer kan ikke trækkes fra hinanden", "dates cannot be subtracted")
        .advise("skriv days_between(a, b) eller months_between(a, b)", "write days_between(a, b) or months_between(a, b)")
}

pub(crate) fn hours_to_date() -> Said {
    say("timer kan ikke lægges til en dato", "hours cannot be added to a date")
        .advise("brug days, eller et tidspunkt", "use days, or a time stamp")
}

pub(crate) fn text_plus() -> Said {
    say("tekster kan ikke lægges sammen", "texts cannot be added")
}

pub(crate) fn pattern_literal() -> Said {
    say("mønsteret skal stå som tekst", "the pattern must be written out as text")
}

pub(crate) fn bad_pattern(why: &str) -> Said {
    let why = why.lines().last().unwrap_or(why).trim_start_matches("error: ");
    say(format!("mønsteret kan ikke læses: {why}"), format!("the pattern cannot be read: {why}"))
}

pub(crate) fn under_what(found: &Bilingual) -> Said {
    say(
        format!("under gælder paragraffer og konti, ikke {}", found.da),
        format!("under is for legal sections and accounts, not {}", found.en),
    )
}

pub(crate) fn branches_differ(a: &Bilingual, b: &Bilingual) -> Said {
    say(
        format!("begge sider skal være af samme slags; her er {} og {}", a.da, b.da),
        format!("both sides must be of one kind; here are {} and {}", a.en, b.en),
    )
}

// --- functions ---

/// `usage` is how the function is written.
pub(crate) fn argument_count(name: &str, wants: &str, given: usize, usage: &str) -> Said {
    let number = match given {
        0 => Bilingual::new("ingen", "none"),
        n => Bilingual::new(n.to_string(), n.to_string()),
    };
    say(format!("{name} tager {wants}; her står {}", number.da), format!("{name} takes {wants}; {} given", number.en))
        .advise(format!("skriv {usage}"), format!("write {usage}"))
}

pub(crate) fn decimals_literal() -> Said {
    say("antallet af decimaler skrives som et tal fra 0 til 6", "the number of decimals is written as a number from 0 to 6")
}

pub(crate) fn too_many_eithers(most: usize) -> Said {
    say(format!("en regel kan højst have {most} forskellige either"), format!("a rule can have {most} different either at most"))
        .advise("del reglen, eller saml det i et trin", "split the rule, or gather it in a step")
}

pub(crate) fn either_in_rules_only() -> Said {
    say(
        "either kan kun stå i en regels betingelser, frist, beløb, trin og tekster",
        "either can only stand in the conditions, deadline, amounts, steps and texts of a rule",
    )
}

pub(crate) fn saturdays_literal() -> Said {
    say("det tredje argument kan kun være \"saturdays\"", "the third argument can only be \"saturdays\"")
}

pub(crate) fn part_literal(parts: &str) -> Said {
    say(format!("delen er en af {parts}"), format!("the part is one of {parts}"))
}

// --- rows ---

pub(crate) fn conjunct_without_row(name: &str) -> Said {
    say(format!("denne betingelse nævner ikke «{name}»"), format!("this condition does not mention «{name}»"))
        .advise("flyt den foran, eller brug parenteser", "move it before, or use parentheses")
}

pub(crate) fn whole_dataset(name: &str, dataset: &str) -> Said {
    say(
        format!("hele «{dataset}» ville blive gennemsøgt for hver række"),
        format!("the whole of «{dataset}» would be searched for every row"),
    )
    .advise(
        format!("skriv where {name}.kolonne = …, begynd ved en række, eller udelad det, der nævner andre rækker end «{name}»"),
        format!("write where {name}.column = …, start at a row, or leave out what names other rows than «{name}»"),
    )
}

pub(crate) fn relative_to_each(pick: &str, dataset: Option<&str>) -> Said {
    let said = say(
        format!("{pick} regnes fra reglens egen række, som skal være blandt rækkerne"),
        format!("{pick} is relative to the rule's own row, which must be among the rows"),
    );
    match dataset {
        Some(dataset) => said.advise(format!("brug rækker af «{dataset}»"), format!("use rows of «{dataset}»")),
        None => said,
    }
}

// --- rule files ---

pub(crate) fn toml(why: &str) -> Said {
    say(format!("filen er ikke gyldig TOML: {why}"), format!("the file is not valid TOML: {why}"))
}

pub(crate) fn unknown_key<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    say(format!("nøglen «{word}» kendes ikke"), format!("the key «{word}» is not known")).near_or_list(word, known)
}

pub(crate) fn missing_key(key: &str) -> Said {
    say(format!("nøglen «{key}» mangler"), format!("the key «{key}» is missing"))
}

pub(crate) fn toml_wants(da: &str, en: &str) -> Said {
    say(format!("her skal stå {da}"), format!("{en} is wanted here"))
}

pub(crate) fn one_of(words: &[&str], found: &str) -> Said {
    let list = words.join(", ");
    say(format!("skal være en af: {list}"), format!("must be one of: {list}"))
        .near(crate::problem::nearest(found, words.iter().copied()))
}

pub(crate) fn literal_string() -> Said {
    say("udtryk og tekster skrives uden omvendt skråstreg", "expressions and texts are written without backslashes")
        .advise("skriv '…' eller '''…'''", "write '…' or '''…'''")
}

pub(crate) fn empty_text() -> Said {
    say("teksten er tom", "the text is empty")
}

pub(crate) fn bad_id() -> Said {
    say("et id er bogstaver, cifre og bindestreg", "an id is letters, digits and hyphens")
}

pub(crate) fn duplicate_id(id: &str, other: &str) -> Said {
    say(format!("id «{id}» bruges også i {other}"), format!("the id «{id}» is also used in {other}"))
}

pub(crate) fn file_name() -> Said {
    say("en regels fil hedder små-bogstaver-med-bindestreg.toml", "a rule file is named lower-case-with-hyphens.toml")
        .advise("skriv ae oe aa for æ ø å", "write ae oe aa for æ ø å")
}

pub(crate) fn unknown_family<'a>(folder: &str, known: impl IntoIterator<Item = &'a str>) -> Said {
    say(format!("mappen «{folder}» er ingen regelfamilie"), format!("the folder «{folder}» is no rule family"))
        .near_or_list(folder, known)
}

pub(crate) fn each_shape() -> Said {
    say("each skrives «datasæt as navn»", "each is written «dataset as name»")
}

pub(crate) fn step_shape() -> Said {
    say("et trin skrives «navn = udtryk»", "a step is written «name = expression»")
}

pub(crate) fn per_shape() -> Said {
    say(
        "per skrives «navn in months(…)» eller «navn in spells_of(…)»",
        "per is written «name in months(…)» or «name in spells_of(…)»",
    )
}

pub(crate) fn nothing_required() -> Said {
    say("reglen kræver intet", "the rule requires nothing").advise("skriv require eller deadline", "write require or deadline")
}

pub(crate) fn partly_needs_require() -> Said {
    say("partly forudsætter require", "partly needs require")
}

/// Where a condition stands that has one answer: what that makes of the whole rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It decides `when`.
    When,
    /// It decides `require`.
    Require,
    /// Somewhere else.
    Within,
}

pub(crate) fn never_holds(place: Place) -> Said {
    let said = say("denne betingelse kan aldrig være opfyldt", "this condition can never hold");
    match place {
        Place::When => {
            said.advise("reglen gælder så ingen rækker: ret betingelsen", "the rule then concerns no row: mend the condition")
        }
        Place::Require => {
            said.advise("hver række er så et brud: ret betingelsen", "every row is then a violation: mend the condition")
        }
        Place::Within => said.advise("ret den, eller udelad den", "mend it, or leave it out"),
    }
}

pub(crate) fn always_holds(place: Place) -> Said {
    let said = say("denne betingelse er altid opfyldt", "this condition always holds");
    match place {
        Place::When => said.advise(
            "reglen gælder så alle rækker: ret betingelsen, eller udelad den",
            "the rule then concerns every row: mend the condition, or leave it out",
        ),
        Place::Require => {
            said.advise("reglen finder så intet: ret betingelsen", "the rule then finds nothing: mend the condition")
        }
        Place::Within => said.advise("ret den, eller udelad den", "mend it, or leave it out"),
    }
}

pub(crate) fn twice_the_same() -> Said {
    say("den samme betingelse står her to gange", "the same condition stands here twice").advise(
        "udelad den ene, eller ret den, hvis den skulle spørge om andet",
        "leave one out, or mend it if it should ask something else",
    )
}

pub(crate) fn one_answer() -> Said {
    say("denne betingelse har kun ét svar, uanset rækken", "this condition has one answer only, whatever the row")
        .advise("sammenlign med noget i rækken", "compare with something of the row")
}

pub(crate) fn examples_fail(id: &str) -> Said {
    say("dette eksempel giver ikke det ventede", "this example does not give what it should")
        .advise(format!("rules test {id} viser hvad og hvorfor"), format!("rules test {id} shows what and why"))
}

pub(crate) fn no_other_row() -> Said {
    say("intet eksempel viser en række, som reglen ikke gælder", "no example shows a row that the rule does not concern")
        .advise("tilføj en række med «not applicable»", "add a row with «not applicable»")
}

pub(crate) fn no_unknown_row() -> Said {
    say("kan være uvist, hvor data mangler; intet eksempel viser det", "may be unknown where data lacks; no example shows it")
        .advise(
            "tilføj en række med «not assessed», for eksempel med en celle = { unknown = \"unreadable\" }, eller sæt if_missing",
            "add a row with «not assessed», for example with a cell = { unknown = \"unreadable\" }, or set if_missing",
        )
}

/// Changes that no example notices: how many, the first, and the rule.
pub(crate) fn not_pinned(n: usize, first: &Bilingual, id: &str) -> Said {
    let (da, en) = if n == 1 {
        ("1 lille ændring".to_owned(), "1 small change".to_owned())
    } else {
        (format!("{n} små ændringer"), format!("{n} small changes"))
    };
    say(
        format!("eksemplerne opdager ikke {da} af reglen, her: {}", first.da),
        format!("the examples do not notice {en} of the rule, here: {}", first.en),
    )
    .advise(
        format!("tilføj rækker på begge sider af grænsen; rules test {id} --mutate viser alle ændringerne"),
        format!("add rows on both sides of the limit; rules test {id} --mutate shows every change"),
    )
}

pub(crate) fn refund_needs_amount() -> Said {
    say("refund forudsætter amount", "refund needs amount")
}

pub(crate) fn mark_wanted() -> Said {
    say("mark nævner mindst én celle", "mark names at least one cell")
}

pub(crate) fn mark_is_cell() -> Said {
    say("mark er en kolonne af en række i reglen", "a mark is a column of a row in the rule")
        .advise("skriv række.kolonne", "write row.column")
}

pub(crate) fn label_without_mark(key: &str, nearest: Option<&str>) -> Said {
    say(format!("«{key}» står ikke i mark"), format!("«{key}» is not in mark")).near(nearest)
}

pub(crate) fn label_only_in(lang_da: &str, lang_en: &str, key: &str) -> Said {
    say(format!("«{key}» har kun en tekst på {lang_da}"), format!("«{key}» has a label in {lang_en} only"))
}

pub(crate) fn brace_never_closed() -> Said {
    say("{ er aldrig afsluttet", "{ is never closed").advise("skriv {{ for tegnet selv", "write {{ for the brace itself")
}

pub(crate) fn not_showable(found: &Bilingual) -> Said {
    say(format!("{} kan ikke vises i en tekst", found.da), format!("{} cannot be shown in a text", found.en))
}

pub(crate) fn unused_step(name: &str) -> Said {
    say(format!("trinnet «{name}» bruges ikke"), format!("the step «{name}» is not used"))
        .advise("udelad det, eller vis det i en tekst", "leave it out, or show it in a text")
}

pub(crate) fn months_twice() -> Said {
    say(
        "måneder lægges til to gange; hver gang rettes til månedens slutning",
        "months are added twice; each time the day is clamped to the month's end",
    )
    .advise("læg dem sammen først", "add them up first")
}

pub(crate) fn deadline_kinds() -> Said {
    say("due og done skal begge være datoer eller begge tidspunkter", "due and done must both be dates or both time stamps")
        .advise("skriv date_of(…) om tidspunktet", "write date_of(…) around the time stamp")
}

// --- examples ---

pub(crate) fn needs_example(verdict_da: &str, verdict_en: &str) -> Said {
    say(format!("reglen mangler et eksempel, der er {verdict_da}"), format!("the rule lacks an example that is {verdict_en}"))
        .advise("tilføj et [[example]]", "add an [[example]]")
}

pub(crate) fn one_row_expected(dataset: &str, rows: usize) -> Said {
    say(
        format!("ét ord gælder én række af «{dataset}», men her er {rows}"),
        format!("one word is for one row of «{dataset}», but there are {rows}"),
    )
    .advise("skriv expect = { \"nøgle\" = \"…\" }", "write expect = { \"key\" = \"…\" }")
}

pub(crate) fn cell_wants(column: &str, wanted: &Bilingual) -> Said {
    say(format!("«{column}» skal være {}", wanted.da), format!("«{column}» must be {}", wanted.en))
}

pub(crate) fn too_many_decimals(column: &str, most: u8) -> Said {
    say(format!("«{column}» har højst {most} decimaler"), format!("«{column}» has at most {most} decimals"))
}

// --- model expressions ---

pub(crate) fn derived_cycle(path: &str) -> Said {
    say(format!("kolonnen afledes af sig selv: {path}"), format!("the column is derived from itself: {path}"))
}

pub(crate) fn derived_kind(column: &Bilingual, found: &Bilingual) -> Said {
    say(
        format!("kolonnen er {}, men udtrykket er {}", column.da, found.da),
        format!("the column is {}, but the expression is {}", column.en, found.en),
    )
}
