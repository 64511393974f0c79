//! Believable lives by the law of each date: notification, examination, decision, grants, lost earnings.
//!
//! The municipality is made in blocks of twenty cases, each case with its part to play (a placed sibling, a child with two
//! cases, a child at home whose parent cares for it, ...). Whatever stands here is lawful; faults come from `plant`.

use super::law::{self, day, days, months};
use super::people::{Person, Register, Sex, surname};
use super::random::Random;
use super::record::{Case, Day, Earnings, Exam, Grant, Month, Municipality, PaidTo, Service, Supplier, find, kr, of_case};
use super::service::{self, COMPANIES, DISABILITY_WORKERS, FAMILY_WORKERS, OTHER_MUNICIPALITY, OWN_MUNICIPALITY};
use crate::calendar::{Date, WorkingDays};
use crate::value::Decimal;

/// Cases in a block.
pub(super) const BLOCK: usize = 20;

/// `cases` lives.
pub(super) fn municipality(cases: usize, seed: u64) -> Municipality {
    let mut town = Town {
        m: Municipality::default(),
        register: Register::default(),
        working: law::working_days(),
        random: Random::new(seed),
        next_sag: 100,
        next_grant: 100_200,
    };
    for case in 0..cases {
        town.random = Random::part(seed, case as u64);
        town.play(case);
    }
    town.m
}

struct Town {
    m: Municipality,
    register: Register,
    working: WorkingDays,
    random: Random,
    next_sag: i64,
    next_grant: i64,
}

impl Town {
    /// The life of one case, by its part in the block.
    fn play(&mut self, case: usize) {
        let first = case < BLOCK;
        match case % BLOCK {
            0 => {
                self.family(case, (6, 9), true);
                let aware = self.workday_between(day(2024, 2, 5), day(2024, 9, 30));
                self.placed(case, aware, &service::FOSTER);
            }
            1 => self.placed_sibling(case),
            2 => {
                self.family(case, (8, 12), true);
                // Awareness on the last of October, finished on the last of February: the four months to the day.
                let aware = if first { day(2024, 10, 31) } else { self.aware_with_working_due() };
                self.placed(case, aware, &service::FOSTER_SPECIAL);
                let due = law::examination_due(aware);
                self.finish(case, "bfu", due);
            }
            3 => {
                self.family(case, (3, 10), false);
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
                self.family(case, (9, 14), true);
                let aware = self.workday_between(day(2024, 3, 4), day(2025, 2, 28));
                self.placed(case, aware, &service::INSTITUTION);
            }
            6 => self.moved_in(case),
            7 => self.placed_before_2024(case),
            8 => {
                self.family(case, (6, 9), true);
                let aware = self.workday_between(day(2024, 8, 1), day(2025, 3, 31));
                self.supported(case, aware, &service::SUPPORT, "støtte");
                self.lost_earnings(case, "mor", kr(52_000), (20, 37), day(2025, 8, 1), false);
            }
            9 => self.supported_sibling(case),
            10 => {
                self.family(case, (10, 14), false);
                let aware = self.workday_between(day(2024, 6, 3), day(2025, 6, 30));
                self.supported(case, aware, &service::CONTACT, "støtte");
                let (wage, hours) =
                    if first { (45_000, 15) } else { (self.random.between(420, 560) * 100, self.random.between(10, 25)) };
                self.lost_earnings(case, "mor", kr(wage), (hours, 37), day(2024, 1, 1), false);
            }
            11 => {
                self.family(case, (7, 13), false);
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
                self.lost_earnings(case, "mor", kr(32_000), (12, 37), day(2024, 2, 1), false);
            }
            17 => {
                self.sibling(case, 2);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, true);
                self.lost_earnings(case, "mor", kr(32_000), (8, 37), day(2024, 4, 1), false);
            }
            18 => {
                self.family(case, (17, 17), true);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, false);
                self.lost_earnings(case, "far", kr(46_500), (30, 37), day(2024, 1, 1), true);
            }
            _ => {
                self.family(case, (4, 8), true);
                let aware = self.workday_between(day(2024, 1, 8), day(2024, 12, 20));
                self.disabled(case, aware, false);
                self.lost_earnings(case, "mor", kr(41_000), (37, 37), day(2024, 5, 1), false);
            }
        }
        self.number(case);
    }

    /// Opens the case on the day something first happened, and numbers it.
    fn number(&mut self, case: usize) {
        let aware = self.m.exams[of_case(&self.m.exams, case)].iter().filter_map(|e| e.aware.date());
        let granted = self.m.grants[of_case(&self.m.grants, case)].iter().map(|g| days(g.start, -14));
        let placed = find(&self.m.grants, case, "anbringelse").map(|i| self.m.grants[i].start);
        let mut opened = aware.chain(granted).min().unwrap_or(law::extract_date());
        if let (6, Some(placed)) = (case % BLOCK, placed) {
            opened = days(placed, 90);
        }
        let opened = self.workday(opened);
        let sagsnr = format!("{:02}-{:05}", opened.year() % 100, self.next_sag);
        self.next_sag += self.random.between(3, 17);
        if let Some(case) = self.m.cases.get_mut(case) {
            (case.opened, case.sagsnr) = (opened, sagsnr);
        }
    }

    // ---- days

    fn workday(&self, from: Date) -> Date {
        (0..14).map(|n| days(from, n)).find(|d| self.working.is_working(*d)).unwrap_or(from)
    }

    fn workday_between(&mut self, low: Date, high: Date) -> Date {
        let from = Date::from_days(self.random.between(i64::from(low.days()), i64::from(high.days())) as i32);
        self.workday(from)
    }

    fn after(&mut self, from: Date, low: i64, high: i64) -> Date {
        let by = self.random.between(low, high);
        self.workday(days(from, by))
    }

    /// A working day whose four months end on a working day.
    fn aware_with_working_due(&mut self) -> Date {
        let from = self.workday_between(day(2024, 3, 1), day(2025, 2, 1));
        (0..60)
            .map(|n| days(from, n))
            .find(|d| self.working.is_working(*d) && self.working.is_working(law::examination_due(*d)))
            .unwrap_or(from)
    }

    // ---- people and cases

    fn sex(&mut self) -> Sex {
        *self.random.pick(&[Sex::Female, Sex::Male])
    }

    fn parent(&mut self, child: Date, sex: Sex, surname: &str) -> Person {
        let age = self.random.between(21 * 365, 39 * 365);
        self.register.person(&mut self.random, days(child, -age), sex, surname)
    }

    /// A child of `ages` years (both included) with a mother and perhaps a father, and its case.
    fn family(&mut self, case: usize, ages: (i64, i64), with_father: bool) {
        let youngest = days(months(law::extract_date(), -12 * ages.0), -10);
        let oldest = days(months(law::extract_date(), -12 * (ages.1 + 1)), 10);
        self.family_born(case, (oldest, youngest), with_father);
    }

    fn family_born(&mut self, case: usize, (oldest, youngest): (Date, Date), with_father: bool) {
        let born = Date::from_days(self.random.between(i64::from(oldest.days()), i64::from(youngest.days())) as i32);
        let name = surname(&mut self.random);
        let sex = self.sex();
        let child = self.register.person(&mut self.random, born, sex, &name);
        let mother = self.parent(born, Sex::Female, &name);
        let has_father = with_father || self.random.between(1, 3) > 1;
        let other = surname(&mut self.random);
        let father = has_father.then(|| self.parent(born, Sex::Male, &other));
        self.open(case, child, mother, father);
    }

    fn open(&mut self, case: usize, child: Person, mother: Person, father: Option<Person>) {
        let disabled = matches!(case % BLOCK, 12 | 16..);
        let worker = if disabled { *self.random.pick(&DISABILITY_WORKERS) } else { *self.random.pick(&FAMILY_WORKERS) };
        let kind = if disabled { "Handicapsag" } else { "Børnesag" };
        let opened = law::extract_date();
        let payer = OWN_MUNICIPALITY;
        self.m.cases.push(Case { sagsnr: String::new(), child, mother, father, kind, opened, closed: None, worker, payer });
    }

    /// A brother or sister of the case before, `years` younger or so, with the same parents and caseworker.
    fn sibling(&mut self, case: usize, years: i64) {
        let Some(elder) = self.m.cases.last().cloned() else { return };
        let apart = self.random.between(-60, 60);
        let born = days(months(elder.child.born, 12 * years), apart);
        let surname = elder.child.name.rsplit(' ').next().unwrap_or_default().to_owned();
        let sex = self.sex();
        let child = self.register.person(&mut self.random, born, sex, &surname);
        self.open(case, child, elder.mother, elder.father);
        if let Some(sibling) = self.m.cases.last_mut() {
            sibling.worker = elder.worker;
        }
    }

    // ---- parts

    /// A child placed after an examination.
    fn placed(&mut self, case: usize, aware: Date, service: &'static Service) {
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
    fn supported(&mut self, case: usize, aware: Date, service: &'static Service, role: &'static str) {
        self.screening(case, aware);
        let finished = self.bfu(case, "bfu", aware);
        let start = self.after(finished, 7, 25);
        let mut from = start;
        let half = |from: Date| days(months(from, 6), -1);
        let first = self.m.grants.len();
        // Half a year at a time; each goes on where the one before ended.
        while half(from) < day(2026, 11, 1) {
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

    fn disabled(&mut self, case: usize, aware: Date, examined: bool) {
        self.screening(case, aware);
        if examined {
            self.bfu(case, "bfu", aware);
        }
    }

    // ---- steps

    fn screening(&mut self, case: usize, aware: Date) {
        let started = self.after(aware, 0, 4);
        let finished = self.after(started, 2, 12);
        let exam = Exam {
            case,
            role: "screening",
            kind: "Screening",
            aware: Day::On(aware),
            started,
            due: None,
            preliminary: Day::Empty,
            finished: Day::On(finished),
            consent: "",
        };
        self.m.exams.push(exam);
    }

    /// An examination finished in good time; its last day.
    fn bfu(&mut self, case: usize, role: &'static str, aware: Date) -> Date {
        let due = law::examination_due(aware);
        self.running(case, role, aware);
        let finished = self.after(days(due, -45), 0, 30);
        self.finish(case, role, finished);
        finished
    }

    /// An examination that is not finished.
    fn running(&mut self, case: usize, role: &'static str, aware: Date) {
        let started = self.after(aware, 5, 14);
        let consent = if self.random.between(1, 8) == 1 { "Uden" } else { "Med" };
        let exam = Exam {
            case,
            role,
            kind: "Børnefaglig undersøgelse",
            aware: Day::On(aware),
            started,
            due: Some(law::examination_due(aware)),
            preliminary: Day::Empty,
            finished: Day::Empty,
            consent,
        };
        self.m.exams.push(exam);
    }

    fn exam(&mut self, case: usize, role: &str, change: impl FnOnce(&mut Exam)) {
        if let Some(i) = find(&self.m.exams, case, role) {
            change(&mut self.m.exams[i]);
        }
    }

    /// Ends an examination; grants that rest on it begin after it.
    fn finish(&mut self, case: usize, role: &str, on: Date) {
        self.exam(case, role, |exam| exam.finished = Day::On(on));
        let start = self.workday(days(on, 9));
        begin_after(&mut self.m, case, on, start);
    }

    fn until_18(&self, case: usize, end: Date) -> Date {
        self.m.cases.get(case).and_then(|c| c.child.born.birthday(18)).map_or(end, |adult| adult.min(end))
    }

    fn grant(
        &mut self,
        case: usize,
        role: &'static str,
        service: &'static Service,
        start: Date,
        end: Option<Date>,
        duration: &str,
    ) {
        let supplier = match service.paid_to {
            PaidTo::Company => {
                let of: Vec<_> = COMPANIES.iter().filter(|(konto, ..)| *konto == service.konto).collect();
                let chosen = if of.is_empty() { &COMPANIES[0] } else { *self.random.pick(&of) };
                Supplier::Company(chosen.1, chosen.2)
            }
            PaidTo::Family => {
                let name = surname(&mut self.random);
                let age = self.random.between(35 * 365, 60 * 365);
                Supplier::Person(self.register.person(&mut self.random, days(law::extract_date(), -age), Sex::Female, &name))
            }
            PaidTo::Mother => match self.m.cases.get(case) {
                Some(case) => Supplier::Person(case.mother.clone()),
                None => return,
            },
        };
        let amount = match service.monthly {
            // The standard amount for likely expenses since September 2025.
            (11, 11) => kr(1_105),
            (low, high) => kr(self.random.between(low, high) * 100),
        };
        let id = format!("Y{:06}", self.next_grant);
        self.next_grant += self.random.between(1, 9);
        let (status, duration) = ("Godkendt", duration.to_owned());
        let end_written = end.map_or(Day::Empty, Day::On);
        self.m.grants.push(Grant { case, role, id, service, start, end, end_written, duration, amount, status, supplier });
    }

    /// A parent's lost earnings from `from` to the extract, one row a year; the wage is that of the first year.
    fn lost_earnings(&mut self, case: usize, who: &str, wage: Decimal, (hours, norm): (i64, i64), from: Date, before_2011: bool) {
        let Some(of) = self.m.cases.get(case) else { return };
        let parent = of.father.clone().filter(|_| who == "far").unwrap_or_else(|| of.mother.clone());
        let last = law::extract_date();
        let mut wage = wage;
        for year in from.year()..=last.year() {
            if year > from.year() {
                wage = law::indexed(wage, year, before_2011);
            }
            let gross = law::gross(wage, hours, norm, year, !before_2011);
            let months = std::array::from_fn(|month| {
                let first = day(year, month as u32 + 1, 1);
                if first >= from && first <= last { Month::Paid(gross) } else { Month::None }
            });
            let parent = parent.clone();
            self.m.earnings.push(Earnings { case, year, parent, hours: Some(hours), norm, wage, before_2011, months });
        }
        let granted = if before_2011 { day(2010, 9, 1) } else { from };
        let service = if before_2011 { &service::OLD_LOST } else { &service::LOST };
        // Full-time care is granted without an end date here: sections 86 and 87 demand none.
        let end = (norm != hours && !before_2011).then(|| self.until_18(case, months(granted, 36))).map(|end| days(end, -1));
        self.grant(case, "tabt arbejdsfortjeneste", service, granted, end, "");
        if let Some(grant) = self.m.grants.last_mut() {
            grant.amount = law::gross(wage, hours, norm, last.year(), !before_2011);
            grant.supplier = Supplier::Person(parent);
        }
    }
}

/// A placement that began before the examination was `finished` begins on `start` instead, and the support before it lasts
/// until then.
pub(super) fn begin_after(m: &mut Municipality, case: usize, finished: Date, start: Date) {
    let Some(placed) = find(&m.grants, case, "anbringelse").filter(|&i| m.grants[i].start <= finished) else { return };
    m.grants[placed].start = start;
    if let Some(before) = find(&m.grants, case, "før anbringelsen") {
        let last = days(start, -1);
        (m.grants[before].end, m.grants[before].end_written) = (Some(last), Day::On(last));
    }
}
