//! The words of the language.

use crate::rule::ast::IsWord;
use crate::rule::figure::Aggregation;
use crate::rule::typed::{Fold, Pick};

/// Words that no variable, step, table or dataset may be called.
pub(crate) const KEYWORDS: &[&str] = &[
    "or",
    "and",
    "not",
    "between",
    "is",
    "missing",
    "present",
    "known",
    "in",
    "starts",
    "ends",
    "with",
    "contains",
    "matches",
    "under",
    "overlaps",
    "meets",
    "during",
    "covers",
    "at",
    "if",
    "then",
    "else",
    "every",
    "some",
    "no",
    "satisfies",
    "where",
    "count",
    "distinct",
    "for",
    "by",
    "true",
    "false",
    "extract_date",
    "null",
];

/// Names of the folds.
pub(crate) const FOLDS: &[(&str, Fold)] = &[
    ("sum", Fold::Sum),
    ("min", Fold::Min),
    ("max", Fold::Max),
    ("mean", Fold::Mean),
    ("median", Fold::Median),
    ("uncovered", Fold::Uncovered),
    ("spells_of", Fold::Spells),
];

/// Names of the folds that also range over the group of a key figure, beside `count`.
pub(crate) const AGGREGATES: &[(&str, Aggregation)] = &[
    ("sum", Aggregation::Sum),
    ("mean", Aggregation::Mean),
    ("median", Aggregation::Median),
    ("min", Aggregation::Min),
    ("max", Aggregation::Max),
];

/// Names of the picks.
pub(crate) const PICKS: &[(&str, Pick)] =
    &[("first", Pick::First), ("last", Pick::Last), ("previous", Pick::Previous), ("next", Pick::Next)];

/// Units of durations: word, months, days, minutes.
pub(super) const UNITS: &[(&str, i64, i64, i64)] = &[
    ("year", 12, 0, 0),
    ("years", 12, 0, 0),
    ("month", 1, 0, 0),
    ("months", 1, 0, 0),
    ("week", 0, 7, 0),
    ("weeks", 0, 7, 0),
    ("day", 0, 1, 0),
    ("days", 0, 1, 0),
    ("hour", 0, 0, 60),
    ("hours", 0, 0, 60),
];

/// What a word that authors take for a value asks instead.
pub(super) fn not_a_value(word: &str) -> Option<IsWord> {
    Some(match word {
        "missing" | "null" => IsWord::Missing,
        "present" => IsWord::Present,
        "known" => IsWord::Known,
        _ => return None,
    })
}

pub(super) fn is_words(test: &IsWord, equal: bool) -> &'static str {
    match (test, equal) {
        (IsWord::Missing, true) | (IsWord::Present, false) => "is missing",
        (IsWord::Known, true) => "is known",
        (IsWord::Known, false) => "is not known",
        _ => "is present",
    }
}

pub(super) fn starts_primary(word: &str) -> bool {
    matches!(word, "if" | "every" | "some" | "no" | "count" | "not" | "true" | "false" | "extract_date")
}

pub(super) fn ends_part(word: &str) -> bool {
    matches!(word, "and" | "or" | "then" | "else" | "satisfies" | "where" | "by" | "for")
}

/// The unit that a word behind a number was meant as.
pub(super) fn meant_unit(word: &str) -> Option<&'static str> {
    if KEYWORDS.contains(&word) {
        return None;
    }
    other_unit(word).or_else(|| crate::problem::nearest(word, UNITS.iter().map(|u| u.0)))
}

fn other_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "år" | "y" | "yr" | "yrs" => "years",
        "måned" | "måneder" | "mdr" | "md" | "m" | "mth" | "mths" | "mo" => "months",
        "uge" | "uger" | "w" | "wk" | "wks" => "weeks",
        "dag" | "dage" | "døgn" | "d" => "days",
        "time" | "timer" | "h" | "hr" | "hrs" | "t" => "hours",
        "arbejdsdag" | "arbejdsdage" | "hverdag" | "hverdage" | "workday" | "workdays" | "weekday" | "weekdays" => "working days",
        _ => return None,
    })
}
