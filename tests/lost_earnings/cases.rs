//! The cases of each year, with what the rule a case was made for must say.

use sagstjek::rule::typed::Verdict;

use crate::law::{Month, cap, nearest, regulation};
use Verdict::{Compliant, Violation};

/// A month to judge, the December before it where it is there, and what the rule it was made for must say by its making.
pub(crate) struct Case {
    pub(crate) month: Month,
    pub(crate) december: Option<Month>,
    pub(crate) made_for: (&'static str, Verdict),
}

/// The cases of a year: the basis, the cap, who has none, the regulation; then the bands of ATP.
fn of_year(year: i64) -> Vec<Case> {
    let mut all = Vec::new();
    let base = |hours, whole, wage| {
        let (employer, pension, atp) = (0, 0, 0);
        Month { year, month: 3, granted: year, hours, whole, wage, paid: 0, old: false, employer, pension, atp }
    };
    let mut add = |made_for, month: Month, paid| all.push(Case { month: Month { paid, ..month }, december: None, made_for });
    let (full, part) = (base(3_700, 3_700, 3_200_000), base(1_200, 3_700, 3_200_000));
    let (fixed, rich) = (base(1_500, 3_700, 4_500_000), base(3_700, 3_700, 4_500_000));
    let thirty = base(1_000, 3_000, 2_800_000);
    add(("TAF-101", Compliant), full, full.of_wage());
    add(("TAF-101", Compliant), part, part.of_wage());
    add(("TAF-101", Compliant), thirty, thirty.of_wage());
    add(("TAF-101", Violation), thirty, nearest(thirty.wage * 10, 37));
    add(("TAF-101", Compliant), part, part.of_wage() + 100);
    add(("TAF-101", Violation), part, part.of_wage() + 101);
    add(("TAF-101", Compliant), part, part.of_wage() - 100);
    add(("TAF-101", Violation), part, part.of_wage() - 101);
    for (hours, whole, wage) in
        [(2_000, 3_750, 3_012_345), (1_125, 3_225, 2_345_678), (3_950, 4_000, 3_999_999), (525, 2_800, 1_777_777)]
    {
        let odd = base(hours, whole, wage);
        add(("TAF-101", Compliant), odd, odd.of_wage());
    }
    add(("TAF-101", Compliant), fixed, fixed.cap_share());
    add(("TAF-102", Compliant), rich, rich.cap_share() + 300);
    add(("TAF-102", Violation), rich, rich.cap_share() + 301);
    add(("TAF-102", Compliant), fixed, fixed.cap_share() + 300);
    add(("TAF-102", Violation), fixed, fixed.cap_share() + 301);
    add(("TAF-102", Violation), fixed, fixed.share(fixed.wage));
    add(("TAF-102", Violation), base(1_850, 3_700, 4_500_000), cap(year));
    add(("TAF-102", Violation), base(3_000, 3_200, 6_000_000), cap(year));
    let old = Month { old: true, ..fixed };
    add(("TAF-101", Compliant), old, old.share(old.wage));
    add(("TAF-101", Violation), old, old.cap_share());
    // The export begins in the third year of the grant: a krone more is allowed for each January.
    let late = Month { granted: year - 2, ..base(1_800, 3_600, 2_700_055) };
    let late_old = Month { old: true, ..late };
    add(("TAF-101", Compliant), late, late.of_wage());
    add(("TAF-101", Compliant), late, late.of_wage() + 300);
    add(("TAF-101", Violation), late, late.of_wage() - 301);
    add(("TAF-101", Compliant), late_old, late_old.of_wage());
    add(("TAF-101", Violation), late_old, late_old.of_wage() + 301);
    for hours in [899, 900, 1_799, 1_800, 2_699, 2_700] {
        let band = base(hours, 3_700, 2_500_000);
        add(("TAF-101", Compliant), band, band.of_wage());
    }
    all.extend(januaries(year));
    for (i, case) in all.iter_mut().enumerate() {
        supplements(&mut case.month, i);
    }
    all
}

/// The regulation of 1 January: right, forgotten, by the other percentage, to the øre, with new hours, at the cap.
fn januaries(year: i64) -> Vec<Case> {
    let mut all = Vec::new();
    // The wage is another than the one the benefit was computed of, so that only December tells what is right.
    let december = Month {
        year: year - 1,
        month: 12,
        granted: year - 1,
        hours: 3_700,
        whole: 3_700,
        wage: 2_500_000,
        paid: 2_000_000,
        old: false,
        employer: 0,
        pension: 0,
        atp: 0,
    };
    let half = Month { hours: 1_725, whole: 3_450, paid: 1_234_567, ..december };
    let mut add = |verdict, december: Month, change: fn(&mut Month), paid: fn(&Month, &Month) -> i128| {
        let mut month = Month { year, month: 1, ..december };
        change(&mut month);
        month.paid = paid(&month, &december);
        all.push(Case { month, december: Some(december), made_for: ("TAF-105", verdict) });
    };
    let sats_differs = regulation(year, true) != regulation(year, false);
    let other = if sats_differs { Violation } else { Compliant };
    let same = |_: &mut Month| {};
    let by_sats = |m: &Month, d: &Month| nearest(d.paid * regulation(m.year, true), 1_000);
    let by_index = |m: &Month, d: &Month| nearest(d.paid * regulation(m.year, false), 1_000);
    for d in [december, half] {
        let old = Month { old: true, ..d };
        add(Compliant, d, same, by_index);
        add(Violation, d, same, |_, d| d.paid);
        add(other, d, same, by_sats);
        add(Compliant, old, same, by_sats);
        add(other, old, same, by_index);
    }
    add(Compliant, half, same, |m, d| m.of_december(d) + 100);
    add(Violation, half, same, |m, d| m.of_december(d) + 101);
    add(Compliant, half, same, |m, d| m.of_december(d) - 100);
    add(Violation, half, same, |m, d| m.of_december(d) - 101);
    // New hours, and new whole hours: the share of the regulated amount of full time.
    add(Compliant, december, |m| m.hours = 2_000, |m, d| m.of_december(d) - 100);
    add(Violation, december, |m| m.hours = 2_000, |m, d| m.of_december(d) - 101);
    add(Compliant, Month { hours: 1_000, paid: 600_000, ..december }, |m| m.hours = 3_000, |m, d| m.of_december(d) + 300);
    add(Violation, Month { hours: 1_000, paid: 600_000, ..december }, |m| m.hours = 3_000, |m, d| m.of_december(d) + 301);
    add(Compliant, half, |m| m.whole = 3_000, |m, d| m.of_december(d));
    // December at the cap of its year, January at its own; the same not regulated.
    let capped = Month { wage: 5_000_000, paid: cap(year - 1), ..december };
    add(Compliant, capped, same, |m, _| m.cap_share());
    add(Violation, capped, same, |_, d| d.paid);
    // Four years of the same wage.
    let long = Month { granted: year - 4, wage: 2_222_233, ..half };
    let kept = Month { paid: long.of_wage(), ..long };
    add(Compliant, kept, same, |m, _| m.of_wage());
    add(Violation, kept, same, |_, d| d.paid);
    // December was wrong, January is what the wage gives.
    add(Compliant, december, same, |m, _| m.of_wage() + 200);
    add(Violation, december, same, |m, _| m.of_wage() + 201);
    all
}

/// Pension and ATP of a case: right, at the edge, an øre more, and what is usually done wrong.
fn supplements(month: &mut Month, i: usize) {
    month.employer = nearest(month.wage * if i.is_multiple_of(2) { 12 } else { 8 }, 100);
    let [tenth, by_hours, _] = month.pension_bounds();
    let bound = tenth.min(by_hours);
    month.pension = [bound, tenth, bound + 100, bound + 101, by_hours][i % 5];
    let due = month.atp_due();
    month.atp = [due, due + 5, due + 6, (due - 5).max(0), (due - 6).max(0), 29_700, nearest(due * 2, 3)][i % 7];
}

pub(crate) fn cases() -> Vec<Case> {
    (2018..=2026).flat_map(of_year).collect()
}
