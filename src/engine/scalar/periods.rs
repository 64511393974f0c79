//! Lists of periods: what others leave uncovered, spells, runs, and the months a period touches.

use crate::calendar::Date;
use crate::value::Period;

/// `2024-01-01..2024-02-29`, the end left out while open.
pub(super) fn text(period: Period) -> String {
    format!("{}..{}", period.start, period.end.map_or_else(String::new, |end| end.to_string()))
}

/// The common days of two periods.
pub(super) fn common(a: Period, b: Period) -> Option<Period> {
    let end = match (a.end, b.end) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let start = a.start.max(b.start);
    end.is_none_or(|end| start <= end).then_some(Period { start, end })
}

/// Periods joined where they overlap or touch, in order.
pub(super) fn spells(periods: &[Period]) -> Vec<Period> {
    let mut sorted: Vec<Period> = periods.iter().copied().filter(|p| p.end.is_none_or(|end| p.start <= end)).collect();
    sorted.sort_by_key(|p| p.start);
    let mut joined: Vec<Period> = Vec::new();
    for period in sorted {
        match joined.last_mut() {
            Some(last) if last.end.is_none_or(|end| next_day(end).is_none_or(|next| period.start <= next)) => {
                last.end = match (last.end, period.end) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => joined.push(period),
        }
    }
    joined
}

/// The parts of `whole` that no part covers, in order.
pub(in crate::engine) fn uncovered(whole: Period, parts: &[Period]) -> Vec<Period> {
    let mut left = Vec::new();
    let mut from = Some(whole.start);
    for covered in spells(parts).into_iter().filter_map(|part| common(part, whole)) {
        let Some(start) = from else { break };
        if covered.start > start {
            left.push(Period { start, end: previous_day(covered.start) });
        }
        from = covered.end.and_then(next_day);
    }
    if let Some(start) = from
        && whole.end.is_none_or(|end| start <= end)
    {
        left.push(Period { start, end: whole.end });
    }
    left
}

/// Number of days, both ends included; `None` while the end is open.
pub(super) fn days(period: Period) -> Option<i64> {
    Some((i64::from(period.end?.days()) - i64::from(period.start.days()) + 1).max(0))
}

/// The first days of the months a period touches; `None` while its end is open.
pub(super) fn months(period: Period) -> Option<Vec<Date>> {
    let end = period.end?;
    std::iter::successors(Some(period.start.start_of_month()), |month| month.add_months(1))
        .take_while(|month| *month <= end)
        .map(Some)
        .collect()
}

fn next_day(day: Date) -> Option<Date> {
    day.add_days(1)
}

fn previous_day(day: Date) -> Option<Date> {
    day.add_days(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(start: &str, end: &str) -> Period {
        Period { start: Date::parse_iso(start).expect(start), end: Date::parse_iso(end) }
    }

    #[test]
    fn what_is_left_of_a_period() {
        let year = p("2024-01-01", "2024-12-31");
        let left =
            uncovered(year, &[p("2024-03-01", "2024-05-31"), p("2024-06-01", "2024-06-30"), p("2023-01-01", "2024-01-01")]);
        assert_eq!(left, [p("2024-01-02", "2024-02-29"), p("2024-07-01", "2024-12-31")]);
        assert_eq!(uncovered(year, &[p("2020-01-01", "")]), []);
        assert_eq!(uncovered(p("2024-01-01", ""), &[year]), [p("2025-01-01", "")]);
        assert_eq!(uncovered(year, &[]), [year]);
    }

    #[test]
    fn spells_join_what_touches() {
        let joined = spells(&[p("2024-02-01", "2024-02-29"), p("2024-01-01", "2024-01-31"), p("2024-03-02", "2024-03-03")]);
        assert_eq!(joined, [p("2024-01-01", "2024-02-29"), p("2024-03-02", "2024-03-03")]);
    }

    #[test]
    fn months_that_a_period_touches() {
        let months = months(p("2024-01-31", "2024-03-01")).expect("closed");
        assert_eq!(months.len(), 3);
        assert_eq!(days(p("2024-02-01", "2024-02-29")), Some(29));
    }
}
