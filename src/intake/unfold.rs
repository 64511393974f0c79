//! A row with a cell a month, or of a period, as rows a month.

use super::cells::Read;
use super::layout::Resolver;
use crate::calendar::Date;
use crate::model::{ColumnId, DatasetId, FeedSource, Unfold};
use crate::value::{Decimal, Value};

/// Where the year of a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    /// The same for every row; `None` when the name holds no year.
    Fixed(Option<i32>),
    /// A slot.
    Slot(usize),
}

/// How the rows of a sheet unfold.
#[derive(Debug)]
pub(super) struct Months {
    /// The year.
    pub(super) year: Year,
    /// The slot of each month's cell.
    pub(super) values: [Option<usize>; 12],
}

/// Finds the months of a sheet; `None` when it has none of them.
pub(super) fn resolve(resolver: &mut Resolver<'_, '_>, dataset: DatasetId, unfold: &Unfold) -> Option<Months> {
    let mut values = [None; 12];
    for (value, spellings) in values.iter_mut().zip(&unfold.months) {
        *value = resolver.header.find_any(spellings).and_then(|header| resolver.slot_for(header, dataset, unfold.value));
    }
    values.iter().any(Option::is_some).then_some(())?;
    let year = match &unfold.year {
        FeedSource::SheetName => Year::Fixed(resolver.names.sheet.and_then(year_in)),
        FeedSource::FileName => Year::Fixed(year_in(resolver.names.file)),
        FeedSource::Constant(text) => Year::Fixed(year_in(text)),
        FeedSource::Header(spellings) | FeedSource::Negated(spellings) => match resolver.header.find_any(spellings) {
            Some(header) => Year::Slot(resolver.year_slot(header, dataset, unfold.month)),
            None => Year::Fixed(None),
        },
        FeedSource::Joined(..) => Year::Fixed(None),
    };
    Some(Months { year, values })
}

/// The slots of another column that comes once a month.
pub(super) fn also(
    resolver: &mut Resolver<'_, '_>,
    dataset: DatasetId,
    unfold: &Unfold,
    column: ColumnId,
) -> [Option<usize>; 12] {
    let patterns = unfold.also.iter().filter(|(of, _)| *of == column).flat_map(|(_, patterns)| patterns);
    let mut slots = [None; 12];
    for pattern in patterns {
        for (slot, months) in slots.iter_mut().zip(&unfold.months) {
            let headers = months.iter().map(|month| pattern.replace("{month}", month));
            let found = headers.into_iter().find_map(|header| resolver.header.find(&header));
            *slot = slot.or_else(|| found.and_then(|header| resolver.slot_for(header, dataset, column)));
        }
    }
    slots
}

/// The only year in a name.
fn year_in(name: &str) -> Option<i32> {
    let mut found = None;
    for digits in name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4) {
        let year = digits.parse().ok().filter(|year| (1990..=2100).contains(year))?;
        if found.is_some_and(|other| other != year) {
            return None;
        }
        found = Some(year);
    }
    found
}

/// Months that a row is spread over at most: a longer period is a mistake, or has no end.
const MOST_MONTHS: usize = 360;

/// The first day of every month from one day to another; `None` when either is not known, or they make no period.
pub(super) fn months_touched(first: &Read<'_>, last: &Read<'_>) -> Option<Vec<Date>> {
    let (Read::Value(Value::Date(first)), Read::Value(Value::Date(last))) = (first, last) else { return None };
    let mut months = Vec::new();
    let mut day = first.start_of_month();
    while day <= *last && months.len() <= MOST_MONTHS {
        months.push(day);
        day = day.add_months(1)?;
    }
    (first <= last && months.len() <= MOST_MONTHS).then_some(months)
}

impl Months {
    /// Whether the name that should hold the year does not.
    pub(super) fn is_without_year(&self) -> bool {
        self.year == Year::Fixed(None)
    }

    /// The first day of a month (1 to 12) of a row.
    pub(super) fn first_day(&self, values: &[Read<'_>], month: u32) -> Read<'static> {
        let year = match self.year {
            Year::Fixed(year) => year,
            Year::Slot(slot) => match &values[slot] {
                Read::Value(Value::Number(n)) => year_of(*n),
                _ => None,
            },
        };
        match year.and_then(|year| Date::from_ymd(year, month, 1)) {
            Some(day) => Read::Value(Value::Date(day)),
            None => Read::Malformed,
        }
    }
}

fn year_of(n: Decimal) -> Option<i32> {
    n.to_i64().and_then(|n| i32::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_year_of_a_name() {
        assert_eq!(year_in("2025"), Some(2025));
        assert_eq!(year_in("TAF 2025 (2025)"), Some(2025));
        assert_eq!(year_in("Tabt_arbejdsfortjeneste_2026-10-31"), Some(2026));
        assert_eq!(year_in("2024-2025"), None);
        assert_eq!(year_in("Samlet"), None);
        assert_eq!(year_in("12345"), None);
    }
}
