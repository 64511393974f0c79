//! The other half of a block: histories from the time of serviceloven, cases that ended, youths, and cases where little was
//! needed.

use super::law::{day, days, extract_date, months};
use super::life::BLOCK;
use super::record::{Day, Exam, Paying, Service, find, kr};
use super::service;
use super::town::{Lost, Town};
use crate::calendar::Date;

/// First day of barnets lov.
fn barnets_lov() -> Date {
    day(2024, 1, 1)
}

impl Town {
    /// The life of one case of the second half of a block.
    pub(super) fn play_more(&mut self, case: usize) {
        match case % BLOCK {
            20 => {
                self.family(case, (13, 16), true);
                self.converted(case, (day(2018, 3, 1), day(2022, 9, 30)), &service::CONVERTED_FOSTER);
            }
            21 => {
                self.family(case, (12, 16), true);
                self.converted(case, (day(2015, 3, 1), day(2018, 9, 30)), &service::PERMANENT);
                self.exempt(case, "varig anbringelse");
            }
            22 => {
                self.family(case, (9, 15), false);
                let end = self.supported_before_2024(case, &service::OLD_SUPPORT, true);
                self.close(case, end);
            }
            23 => {
                self.family(case, (12, 15), true);
                let aware = self.workday_between(day(2025, 1, 6), day(2026, 2, 27));
                self.supported(case, aware, &service::CONTACT, "støtte");
                // To the last day that the law allows.
                self.order(case, 0);
            }
            24 => {
                self.sibling(case, 2);
                let aware = self.workday_between(day(2025, 1, 6), day(2026, 2, 27));
                self.supported(case, aware, &service::TREATMENT, "støtte");
                self.order(case, 1);
            }
            25 | 26 => {
                self.family(case, (8, 16), false);
                let low = if case % BLOCK == 25 { day(2023, 2, 1) } else { day(2025, 2, 3) };
                let aware = self.workday_between(low, day(2026, 8, 31));
                self.screening(case, aware);
                let end = find(&self.m.exams, case, "screening").and_then(|i| self.m.exams[i].finished.date());
                self.close(case, end.unwrap_or(aware));
            }
            27 => {
                self.family(case, (12, 16), false);
                let aware = self.workday_between(day(2025, 3, 3), day(2026, 6, 30));
                self.screening(case, aware);
                let finished = self.assessed(case, aware);
                let start = self.after(finished, 7, 25);
                let duration = if self.random.between(1, 3) == 1 { "12 måneder" } else { "" };
                let end = self.until_18(case, months(start, 12));
                self.grant(case, "støtte", &service::CONTACT, start, Some(days(end, -1)), duration);
                self.order(case, 60);
            }
            28 => {
                self.family(case, (5, 16), false);
                let aware = self.workday_between(day(2024, 2, 1), day(2026, 4, 30));
                self.screening(case, aware);
                let finished = self.bfu(case, "bfu", aware);
                self.close(case, finished);
            }
            29 => self.returned_home(case),
            30 => {
                self.family(case, (16, 16), true);
                let aware = self.workday_between(day(2024, 9, 2), day(2025, 9, 30));
                self.placed(case, aware, &service::OWN_ROOM);
                self.exempt(case, "barnet bidrager selv");
            }
            31 => {
                self.family(case, (15, 16), true);
                let aware = self.workday_between(day(2024, 9, 2), day(2025, 3, 31));
                self.placed(case, aware, &service::BOARDING);
                self.cared_for_until_placed(case);
            }
            32 => self.youth(case),
            33 => {
                self.family(case, (8, 15), true);
                let aware = self.workday_between(day(2024, 2, 1), day(2026, 3, 31));
                self.screening(case, aware);
                let from = self.after(aware, 30, 80);
                let end = self.until_18(case, months(from, 36));
                self.grant(case, "afløsning", &service::RELIEF, from, Some(days(end, -1)), "");
            }
            34 | 35 => self.lost_earnings_pair(case),
            36 => {
                self.family(case, (12, 16), false);
                let aware = self.workday_between(day(2026, 7, 20), day(2026, 9, 15));
                self.screening(case, aware);
                self.running(case, "bfu", aware);
            }
            37 => {
                self.family(case, (12, 15), true);
                let aware = self.workday_between(day(2024, 9, 2), day(2025, 10, 31));
                self.in_emergency(case, aware);
            }
            38 => {
                self.family(case, (10, 16), false);
                let end = self.supported_before_2024(case, &service::OLD_TREATMENT, false);
                self.close(case, end);
            }
            _ => {
                // Moved to another municipality in the middle of things.
                self.family(case, (11, 15), false);
                let aware = self.workday_between(day(2024, 2, 1), day(2025, 6, 30));
                self.screening(case, aware);
                let finished = self.bfu(case, "bfu", aware);
                let start = self.after(finished, 7, 25);
                let end = self.after(start, 100, 240);
                self.grant(case, "støtte", &service::SUPPORT, start, Some(end), "12 måneder");
                self.close(case, end);
            }
        }
    }

    /// A placement under serviceloven, which went on under barnets lov from its first day on the same decision.
    fn converted(&mut self, case: usize, (low, high): (Date, Date), then: &'static Service) {
        let aware = self.workday_between(low, high);
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 9, 30);
        let decided = self.workday(days(finished, 3));
        self.grant(case, "anbringelse før 2024", &service::OLD_FOSTER, start, Some(days(barnets_lov(), -1)), "");
        let first = self.m.grants.len() - 1;
        let end = self.until_18(case, months(barnets_lov(), 60));
        self.grant(case, "anbringelse", then, barnets_lov(), Some(days(end, -1)), "");
        let (supplier, amount) = (self.m.grants[first].supplier.clone(), self.m.grants[first].amount);
        for grant in &mut self.m.grants[first..] {
            grant.decided = Some(decided);
            grant.supplier = supplier.clone();
            grant.amount = amount;
        }
    }

    /// Support at home under serviceloven, which ended before 2024, or went on under barnets lov for some months; its end.
    fn supported_before_2024(&mut self, case: usize, service: &'static Service, on: bool) -> Date {
        let aware = self.workday_between(day(2021, 3, 1), day(2022, 9, 30));
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 7, 25);
        if !on {
            let end = days(months(start, self.random.between(5, 11)), -1);
            self.grant(case, "støtte før 2024", service, start, Some(end), "");
            return end;
        }
        self.grant(case, "støtte før 2024", service, start, Some(days(barnets_lov(), -1)), "");
        let end = days(months(barnets_lov(), self.random.between(3, 9)), -1);
        self.grant(case, "støtte", &service::SUPPORT, barnets_lov(), Some(end), "");
        let decided = self.workday(days(start, -6));
        let first = self.m.grants.len() - 2;
        let (supplier, amount) = (self.m.grants[first].supplier.clone(), self.m.grants[first].amount);
        for grant in &mut self.m.grants[first..] {
            (grant.decided, grant.supplier, grant.amount) = (Some(decided), supplier.clone(), amount);
        }
        end
    }

    /// An assessment of one need with professionals, instead of an examination; its last day.
    fn assessed(&mut self, case: usize, aware: Date) -> Date {
        let started = self.after(aware, 5, 14);
        let finished = self.after(started, 20, 60);
        let finished = finished.min(days(extract_date(), -30));
        let exam = Exam {
            case,
            role: "afdækning",
            kind: "Afdækning",
            aware: Day::On(aware),
            started,
            due: None,
            preliminary: Day::Empty,
            finished: Day::On(finished),
            consent: "Med",
        };
        self.m.exams.push(exam);
        finished
    }

    /// A child that had to be placed at once, weeks before the committee decided on the placement without consent.
    fn in_emergency(&mut self, case: usize, aware: Date) {
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 9, 30);
        let urgent = self.after(days(start, -26), 0, 8);
        let end = self.until_18(case, months(start, 36));
        self.grant(case, "akut", &service::EMERGENCY, urgent, Some(days(start, -1)), "");
        let first = self.m.grants.len() - 1;
        self.m.grants[first].decided = Some(urgent);
        let duration = if self.random.between(1, 2) == 1 { "36 måneder" } else { "" };
        self.grant(case, "anbringelse", &service::WITHOUT_CONSENT, start, Some(days(end, -1)), duration);
        let (supplier, amount) = (self.m.grants[first].supplier.clone(), self.m.grants[first].amount);
        (self.m.grants[first + 1].supplier, self.m.grants[first + 1].amount) = (supplier, amount);
        let earlier = self.after(aware, 12, 25);
        self.grant(case, "før anbringelsen", &service::TREATMENT, earlier, Some(days(urgent, -1)), "");
    }

    /// A placement that ended; the child is supported at home since.
    fn returned_home(&mut self, case: usize) {
        self.family(case, (11, 15), true);
        let aware = self.workday_between(day(2024, 2, 5), day(2024, 9, 30));
        self.placed(case, aware, &service::FOSTER);
        let Some(i) = find(&self.m.grants, case, "anbringelse") else { return };
        let after = self.random.between(12, 16);
        let home = self.workday(months(self.m.grants[i].start, after));
        let grant = &mut self.m.grants[i];
        (grant.end, grant.end_written, grant.status) = (Some(days(home, -1)), Day::On(days(home, -1)), "Afsluttet");
        let end = self.until_18(case, months(home, 18));
        self.grant(case, "støtte", &service::SUPPORT, home, Some(days(end, -1)), "18 måneder");
    }

    /// A youth who was placed and has a contact person until 23.
    fn youth(&mut self, case: usize) {
        self.family(case, (18, 20), true);
        let Some(born) = self.m.cases.get(case).map(|c| c.child.born) else { return };
        let Some(adult) = born.birthday(18) else { return };
        let by = self.random.between(0, 90);
        let aware = self.workday(days(months(adult, -30), by));
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 9, 30);
        // What begins under barnets lov was decided under it.
        let start = if (barnets_lov()..day(2024, 1, 29)).contains(&start) { day(2024, 1, 29) } else { start };
        let service = if start < barnets_lov() { &service::OLD_FOSTER } else { &service::FOSTER };
        self.grant(case, "anbringelse før 18", service, start, Some(days(adult, -1)), "");
        // Decided half a year before 18 at the latest, by the law of that day.
        let decided = self.workday(months(adult, -7));
        let service = if decided < barnets_lov() { &service::OLD_YOUTH } else { &service::YOUTH };
        self.grant(case, "ungestøtte", service, adult, Some(days(months(adult, 12 * 5 - 1), -1)), "");
        if let Some(grant) = self.m.grants.last_mut() {
            grant.decided = Some(decided);
        }
    }

    /// A parent who cares for a disabled child, and for its sibling too.
    fn lost_earnings_pair(&mut self, case: usize) {
        if case % BLOCK == 34 {
            self.family(case, (8, 14), true);
        } else {
            self.sibling(case, 2);
        }
        let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
        self.disabled(case, aware, false);
        let hours = self.random.between(6, 14);
        // A mother who works 32 hours.
        let wage = kr(self.random.between(270, 340) * 100);
        let from = months(day(2024, 6, 1), self.random.between(0, 12));
        // For the sibling from the same month.
        let first = self.m.grants.last().filter(|g| case % BLOCK == 35 && g.role == "tabt arbejdsfortjeneste").map(|g| g.start);
        self.lost_earnings(case, wage, Lost::mother((hours, 32), first.unwrap_or(from)));
    }

    /// The mother's benefit before the placement goes on for the 14 weeks of the wind-down, to the end of a month.
    fn cared_for_until_placed(&mut self, case: usize) {
        let Some(placed) = find(&self.m.grants, case, "anbringelse").map(|i| self.m.grants[i].start) else { return };
        let wage = self.wage(case, 340);
        let until = Some(months(placed, 3).end_of_month());
        self.lost_earnings(case, wage, Lost { until, ..Lost::mother((15, 37), day(2024, 5, 1)) });
    }

    fn exempt(&mut self, case: usize, why: &'static str) {
        if let Some(case) = self.m.cases.get_mut(case) {
            case.paying = Paying::Exempt(why);
        }
    }

    /// Closes the case some weeks after its last step.
    pub(super) fn close(&mut self, case: usize, last: Date) {
        let closed = self.after(last, 5, 20).min(extract_date());
        if let Some(case) = self.m.cases.get_mut(case) {
            case.closed = Some(closed);
        }
    }
}
