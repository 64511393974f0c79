//! Believable lives by the law of each date: notification, examination, decision, grants, lost earnings.
//!
//! The municipality is made in blocks of forty cases, each case with its part to play (a placed sibling, a child with two
//! cases, a child at home whose parent cares for it, ...). Whatever stands here is lawful; faults come from `plant`.

use super::law::{self, day, days, months};
use super::random::Random;
use super::record::{Day, Exam, Municipality, Service, find, kr};
use super::service::{self, OTHER_MUNICIPALITY};
use super::staff;
use super::town::{Lost, Town};
use crate::calendar::Date;

/// Cases in a block.
pub(super) const BLOCK: usize = 40;

/// `cases` lives.
pub(super) fn municipality(cases: usize, seed: u64) -> Municipality {
    let mut town = Town::new(seed);
    for case in 0..cases {
        town.random = Random::part(seed, case as u64);
        town.play(case);
    }
    staff::hire(&mut town.m, &mut town.register, seed);
    town.m
}

impl Town {
    /// The life of one case, by its part in the block.
    fn play(&mut self, case: usize) {
        let first = case < BLOCK;
        match case % BLOCK {
            0 => {
                self.family(case, (9, 13), true);
                let aware = self.workday_between(day(2024, 2, 5), day(2024, 9, 30));
                self.placed(case, aware, &service::FOSTER);
            }
            1 => self.placed_sibling(case),
            2 => {
                self.family(case, (11, 14), true);
                // Awareness on the last of October, finished on the last of February: the four months to the day.
                let aware = if first { day(2024, 10, 31) } else { self.aware_with_working_due() };
                self.placed(case, aware, &service::FOSTER_SPECIAL);
                let due = law::examination_due(aware);
                self.finish(case, "bfu", due);
            }
            3 => {
                self.family(case, (10, 14), false);
                let aware = self.workday_between(day(2024, 3, 4), day(2025, 3, 31));
                self.placed(case, aware, &service::FOSTER_STRENGTHENED);
            }
            4 => {
                self.family(case, (13, 15), true);
                let aware = self.workday_between(day(2024, 4, 1), day(2024, 12, 20));
                self.placed(case, aware, &service::RESIDENTIAL);
                // Late, but with a preliminary assessment on the last day that counts.
                let due = law::examination_due(aware);
                self.exam(case, "bfu", |exam| exam.preliminary = Day::On(due));
                let late = self.workday(days(due, 40));
                self.finish(case, "bfu", late);
            }
            5 => {
                self.family(case, (12, 14), true);
                let aware = self.workday_between(day(2024, 3, 4), day(2025, 2, 28));
                self.placed(case, aware, &service::INSTITUTION);
            }
            6 => self.moved_in(case),
            7 => self.placed_before_2024(case),
            8 => {
                self.family(case, (12, 15), true);
                let aware = self.workday_between(day(2024, 8, 1), day(2025, 3, 31));
                self.supported(case, aware, &service::SUPPORT, "støtte");
                self.order(case, 1);
                let wage = self.wage(case, 520);
                self.lost_earnings(case, wage, Lost::mother((20, 37), day(2025, 8, 1)).pension(8));
            }
            9 => self.supported_sibling(case),
            10 => {
                self.family(case, (12, 15), false);
                let aware = self.workday_between(day(2024, 6, 3), day(2025, 6, 30));
                self.supported(case, aware, &service::CONTACT, "støtte");
                let (wage, hours) =
                    if first { (45_000, 15) } else { (self.random.between(420, 560) * 100, self.random.between(10, 25)) };
                self.lost_earnings(case, kr(wage), Lost::mother((hours, 37), day(2024, 1, 1)).pension(12));
            }
            11 => {
                self.family(case, (11, 15), false);
                let aware = self.workday_between(day(2025, 1, 6), day(2025, 9, 30));
                self.supported(case, aware, &service::SUPPORT, "støtte");
                let from = self.workday_between(day(2026, 2, 2), day(2026, 5, 29));
                self.grant(case, "aflastning", &service::RESPITE, from, Some(days(months(from, 12), -1)), "12 måneder");
            }
            12 => self.second_case(case),
            13 => self.closed(case),
            14 => self.newborn(case),
            15 => self.new_case(case),
            16 => {
                self.family(case, (6, 9), true);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, true);
                let wage = self.wage(case, 320);
                self.lost_earnings(case, wage, Lost::mother((12, 37), day(2024, 2, 1)).pension(8));
            }
            17 => {
                self.sibling(case, 2);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, true);
                let wage = self.wage(case, 320);
                self.lost_earnings(case, wage, Lost::mother((8, 37), day(2024, 2, 1)));
            }
            18 => {
                // Becomes 18 in the spring of 2026, and the benefit from before 2011 ends.
                self.family_born(case, (day(2008, 3, 5), day(2008, 4, 25)), true);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, false);
                let wage = self.wage(case, 330);
                let adult = self.until_18(case, law::extract_date());
                let lost = Lost::mother((30, 37), day(2024, 1, 1));
                self.lost_earnings(case, wage, Lost { father: true, until: Some(days(adult, -1)), before_2011: true, ..lost });
                self.close(case, adult);
            }
            20.. => self.play_more(case),
            _ => {
                self.family(case, (4, 8), true);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, false);
                let wage = self.wage(case, 410);
                self.lost_earnings(case, wage, Lost::mother((37, 37), day(2024, 5, 1)).pension(8));
            }
        }
        self.number(case);
    }

    /// A child placed after an examination.
    pub(super) fn placed(&mut self, case: usize, aware: Date, service: &'static Service) {
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 9, 30);
        let end = self.until_18(case, months(start, 36));
        let duration = if self.random.between(1, 2) == 1 { "36 måneder" } else { "" };
        self.grant(case, "anbringelse", service, start, Some(days(end, -1)), duration);
        let earlier = self.after(aware, 12, 25);
        self.grant(case, "før anbringelsen", &service::TREATMENT, earlier, Some(days(start, -1)), "");
    }

    /// The younger sibling, placed in the same family on the same day; the decision states a duration and no end date.
    fn placed_sibling(&mut self, case: usize) {
        self.sibling(case, 2);
        let elder = case.saturating_sub(1);
        let exam = find(&self.m.exams, elder, "bfu").map(|i| self.m.exams[i].clone());
        let grant = find(&self.m.grants, elder, "anbringelse").map(|i| self.m.grants[i].clone());
        if let (Some(exam), Some(grant)) = (exam, grant) {
            self.m.exams.push(Exam { case, ..exam });
            self.grant(case, "anbringelse", grant.service, grant.start, None, "24 måneder");
            if let Some(mine) = self.m.grants.last_mut() {
                mine.supplier = grant.supplier;
            }
        }
        // A new concern: the four months end on the day after the extract, so nothing is late yet.
        self.running(case, "ny bfu", day(2026, 7, 1));
    }

    /// A child that moved in, in network care; its former municipality still pays. A contact person is granted from December.
    fn moved_in(&mut self, case: usize) {
        self.family(case, (10, 13), true);
        let aware = self.workday_between(day(2024, 9, 2), day(2025, 3, 31));
        self.placed(case, aware, &service::NETWORK);
        self.grant(case, "fremtidig", &service::CONTACT, day(2026, 12, 1), None, "");
        if let Some(case) = self.m.cases.get_mut(case) {
            case.payer = OTHER_MUNICIPALITY.2;
        }
    }

    /// A placement decided under the law before 2024, whose decision had to state no duration.
    fn placed_before_2024(&mut self, case: usize) {
        self.family(case, (11, 15), true);
        let aware = self.workday_between(day(2022, 1, 10), day(2022, 6, 30));
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 9, 30);
        self.grant(case, "anbringelse", &service::OLD_FOSTER, start, None, "");
    }

    /// A child supported at home after an examination.
    pub(super) fn supported(&mut self, case: usize, aware: Date, service: &'static Service, role: &'static str) {
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 7, 25);
        let mut from = start;
        let half = |from: Date| days(months(from, 6), -1);
        let first = self.m.grants.len();
        // Half a year at a time; each goes on where the one before ended.
        while half(from) < law::extract_date() {
            self.grant(case, "tidligere", service, from, Some(half(from)), "6 måneder");
            from = months(from, 6);
        }
        let duration = if self.random.between(1, 2) == 1 { "6 måneder" } else { "" };
        self.grant(case, role, service, from, Some(half(from)), duration);
        let amount = self.m.grants[first].amount;
        self.m.grants[first..].iter_mut().for_each(|grant| grant.amount = amount);
    }

    fn supported_sibling(&mut self, case: usize) {
        self.sibling(case, 2);
        let aware = self.workday_between(day(2024, 8, 1), day(2025, 6, 30));
        self.supported(case, aware, &service::TREATMENT, "støtte");
        self.running(case, "ny bfu", day(2026, 7, 6));
    }

    /// The child of the case before in a second case, of the disability team.
    fn second_case(&mut self, case: usize) {
        let Some(first) = self.m.cases.last().cloned() else { return };
        self.open(case, first.child, first.mother, first.father);
        let aware = self.workday_between(day(2025, 5, 5), day(2025, 6, 27));
        self.screening(case, aware);
        let from = day(2025, 10, 1);
        self.grant(case, "kompensation", &service::COMPENSATION, from, Some(days(months(from, 24), -1)), "");
    }

    fn closed(&mut self, case: usize) {
        self.family(case, (6, 15), false);
        let aware = self.workday_between(day(2024, 2, 5), day(2024, 6, 28));
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 7, 25);
        let end = days(months(start, 9), -1);
        self.grant(case, "støtte", &service::TREATMENT, start, Some(end), "");
        let closed = self.after(end, 5, 20);
        if let Some(case) = self.m.cases.get_mut(case) {
            case.closed = Some(closed);
        }
    }

    fn newborn(&mut self, case: usize) {
        self.family_born(case, (day(2026, 2, 1), day(2026, 7, 31)), false);
        let aware = self.workday_between(day(2026, 8, 3), day(2026, 9, 25));
        self.screening(case, aware);
        self.running(case, "bfu", aware);
    }

    fn new_case(&mut self, case: usize) {
        self.family(case, (3, 15), false);
        let aware = self.workday_between(day(2026, 7, 20), day(2026, 8, 28));
        self.screening(case, aware);
        self.running(case, "bfu", aware);
        let start = day(2026, 11, 2);
        self.grant(case, "kladde", &service::SUPPORT, days(start, -14), None, "");
        if let Some(draft) = self.m.grants.last_mut() {
            draft.status = "Kladde";
        }
    }

    pub(super) fn disabled(&mut self, case: usize, aware: Date, examined: bool) {
        self.screening(case, aware);
        if examined {
            self.bfu(case, "bfu", aware);
        }
    }
}
