//! Parents' payments: a decision for every placement, by the formula of its year, and again each January.

use super::{Parental, Walk};
use crate::calendar::Date;
use crate::demo::law::{self, day, days, extract_date};
use crate::demo::record::{Grant, Paying, kr};

/// The years whose thresholds are known.
const FIRST_YEAR: i32 = 2022;

impl Walk<'_> {
    /// What is paid for each placement in each year since 2022.
    pub(super) fn parents(&mut self) {
        for grant in self.grants.iter().filter(|g| g.service.kind == "Anbringelse" && g.start <= extract_date()) {
            let last = grant.end.map_or(extract_date(), |end| end.min(extract_date()));
            for year in grant.start.year().max(FIRST_YEAR)..=last.year() {
                self.year(grant, year);
            }
        }
    }

    fn year(&mut self, grant: &Grant, year: i32) {
        let mother = (&self.case.mother, 0);
        let (parent, income, exempt) = match self.case.paying {
            Paying::Mother(income) => (mother.0, income, None),
            Paying::Father(income) => (self.case.father.as_ref().unwrap_or(mother.0), income, None),
            Paying::Exempt(why) => (mother.0, 280_000, Some(why)),
        };
        // Permanent placements are free of payment.
        let exempt = exempt.or(grant.service.decision.starts_with("BL § 67").then_some("varig anbringelse"));
        // Three per cent a year, to whole hundreds.
        let income = (0..year - FIRST_YEAR).fold(income, |income, _| (income * 103 / 10_000) * 100);
        let monthly = law::parental_payment(kr(income), year);
        let from = grant.start.max(day(year, 1, 1));
        let decided = if from == grant.start {
            self.workday(days(grant.start, 7)).min(extract_date())
        } else {
            self.workday_before(day(year - 1, 12, 20)).max(self.workday(days(grant.start, 7)))
        };
        let end = grant.end.filter(|end| end.year() <= year);
        let until: Option<Date> = end.or((year < extract_date().year()).then(|| day(year, 12, 31)));
        let mut row = Parental {
            case: self.index,
            parent: parent.cpr.clone(),
            placed: grant.start,
            income: kr(income),
            monthly,
            collected: kr(0),
            exempt,
            reduced: None,
            decided,
            from,
            until,
            income_written: None,
            collected_written: None,
            forgotten: false,
        };
        row.collect();
        self.steps.parental.push(row);
    }
}
