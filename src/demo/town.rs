//! What lives are made of: days that are worked, families, and the steps of a case.

use super::law::{self, day, days, months};
use super::life::BLOCK;
use super::people::{Person, Register, Sex, surname};
use super::random::Random;
use super::record::{
    Case, Day, Earnings, Exam, Grant, Month, Municipality, PaidTo, Paying, Service, Supplier, find, kr, of_case,
};
use super::service::{self, COMPANIES, OWN_MUNICIPALITY};
use crate::calendar::{Date, WorkingDays};
use crate::value::Decimal;

/// A municipality in the making.
pub(super) struct Town {
    pub(super) m: Municipality,
    pub(super) register: Register,
    working: WorkingDays,
    pub(super) random: Random,
    next_sag: i64,
    next_grant: i64,
}

impl Town {
    /// Nothing yet.
    pub(super) fn new(seed: u64) -> Town {
        Town {
            m: Municipality::default(),
            register: Register::default(),
            working: law::working_days(),
            random: Random::new(seed),
            next_sag: 1_100,
            next_grant: 1_100_200,
        }
    }

    /// Opens the case on the day something first happened, and numbers it.
    pub(super) fn number(&mut self, case: usize) {
        let aware = self.m.exams[of_case(&self.m.exams, case)].iter().filter_map(|e| e.aware.date());
        let granted = self.m.grants[of_case(&self.m.grants, case)].iter().map(|g| days(g.start, -14));
        let placed = find(&self.m.grants, case, "anbringelse").map(|i| self.m.grants[i].start);
        let mut opened = aware.chain(granted).min().unwrap_or(law::extract_date());
        if let (6, Some(placed)) = (case % BLOCK, placed) {
            opened = days(placed, 90);
        }
        let opened = self.workday(opened);
        let sagsnr = format!("{:02}-{:06}", opened.year() % 100, self.next_sag);
        self.next_sag += self.random.between(3, 17);
        if let Some(case) = self.m.cases.get_mut(case) {
            (case.opened, case.sagsnr) = (opened, sagsnr);
        }
    }

    pub(super) fn workday(&self, from: Date) -> Date {
        (0..14).map(|n| days(from, n)).find(|d| self.working.is_working(*d)).unwrap_or(from)
    }

    /// A working day; fewer in July and at Christmas, more when school has begun again.
    pub(super) fn workday_between(&mut self, low: Date, high: Date) -> Date {
        const SEASON: [i64; 12] = [9, 9, 10, 9, 9, 10, 4, 8, 11, 11, 11, 7];
        loop {
            let from = Date::from_days(self.random.between(i64::from(low.days()), i64::from(high.days())) as i32);
            let drawn = self.random.between(1, 11) <= SEASON[from.month() as usize - 1];
            if drawn && self.working.is_working(from) {
                return from;
            }
        }
    }

    pub(super) fn after(&mut self, from: Date, low: i64, high: i64) -> Date {
        let by = self.random.between(low, high);
        self.workday(days(from, by))
    }

    /// A working day whose four months end on a working day.
    pub(super) fn aware_with_working_due(&mut self) -> Date {
        let from = self.workday_between(day(2024, 3, 1), day(2025, 2, 1));
        (0..60)
            .map(|n| days(from, n))
            .find(|d| self.working.is_working(*d) && self.working.is_working(law::examination_due(*d)))
            .unwrap_or(from)
    }

    pub(super) fn sex(&mut self) -> Sex {
        *self.random.pick(&[Sex::Female, Sex::Male])
    }

    pub(super) fn parent(&mut self, child: Date, sex: Sex, surname: &str) -> Person {
        let age = self.random.between(21 * 365, 39 * 365);
        self.register.person(&mut self.random, days(child, -age), sex, surname)
    }

    /// A child of `ages` years (both included) with a mother and perhaps a father, and its case.
    pub(super) fn family(&mut self, case: usize, ages: (i64, i64), with_father: bool) {
        let youngest = days(months(law::extract_date(), -12 * ages.0), -10);
        let oldest = days(months(law::extract_date(), -12 * (ages.1 + 1)), 10);
        self.family_born(case, (oldest, youngest), with_father);
    }

    pub(super) fn family_born(&mut self, case: usize, (oldest, youngest): (Date, Date), with_father: bool) {
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

    pub(super) fn open(&mut self, case: usize, child: Person, mother: Person, father: Option<Person>) {
        let opened = law::extract_date();
        let kind = match case % BLOCK {
            12 | 16..=19 | 33..=35 => "Handicapsag",
            32 => "Efterværnssag",
            _ if child.born.age_at(opened) >= 15 => "Ungesag",
            _ => "Børnesag",
        };
        let payer = OWN_MUNICIPALITY;
        // Some earn so little that nothing is collected from them.
        let low = if matches!(case % BLOCK, 6 | 20 | 29 | 37) { 900 } else { 1_900 };
        let income = self.random.between(low, 5_200) * 100;
        let paying =
            if father.is_some() && matches!(case % BLOCK, 2 | 4 | 31) { Paying::Father(income) } else { Paying::Mother(income) };
        let sagsnr = String::new();
        self.m.cases.push(Case { sagsnr, child, mother, father, kind, opened, closed: None, worker: 0, payer, paying });
    }

    /// A brother or sister of the case before, `years` younger or so, with the same parents.
    pub(super) fn sibling(&mut self, case: usize, years: i64) {
        let Some(elder) = self.m.cases.last().cloned() else { return };
        let apart = self.random.between(-60, 60);
        let born = days(months(elder.child.born, 12 * years), apart);
        let surname = elder.child.name.rsplit(' ').next().unwrap_or_default().to_owned();
        let sex = self.sex();
        let child = self.register.person(&mut self.random, born, sex, &surname);
        self.open(case, child, elder.mother, elder.father);
        if let Some(sibling) = self.m.cases.last_mut() {
            sibling.paying = elder.paying;
        }
    }

    pub(super) fn screening(&mut self, case: usize, aware: Date) {
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
    pub(super) fn bfu(&mut self, case: usize, role: &'static str, aware: Date) -> Date {
        let due = law::examination_due(aware);
        self.running(case, role, aware);
        let finished = self.after(days(due, -68), 0, 56);
        self.finish(case, role, finished);
        finished
    }

    /// An examination that is not finished.
    pub(super) fn running(&mut self, case: usize, role: &'static str, aware: Date) {
        let started = self.after(aware, 5, 14);
        let kind = if aware < day(2023, 11, 1) { "§ 50-undersøgelse" } else { "Børnefaglig undersøgelse" };
        let consent = if self.random.between(1, 8) == 1 { "Uden" } else { "Med" };
        let exam = Exam {
            case,
            role,
            kind,
            aware: Day::On(aware),
            started,
            due: Some(law::examination_due(aware)),
            preliminary: Day::Empty,
            finished: Day::Empty,
            consent,
        };
        self.m.exams.push(exam);
    }

    pub(super) fn exam(&mut self, case: usize, role: &str, change: impl FnOnce(&mut Exam)) {
        if let Some(i) = find(&self.m.exams, case, role) {
            change(&mut self.m.exams[i]);
        }
    }

    /// Ends an examination; grants that rest on it begin after it.
    pub(super) fn finish(&mut self, case: usize, role: &str, on: Date) {
        self.exam(case, role, |exam| exam.finished = Day::On(on));
        let start = self.workday(days(on, 9));
        begin_after(&mut self.m, case, on, start);
    }

    pub(super) fn until_18(&self, case: usize, end: Date) -> Date {
        self.m.cases.get(case).and_then(|c| c.child.born.birthday(18)).map_or(end, |adult| adult.min(end))
    }

    pub(super) fn grant(
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
        let id = format!("Y{:07}", self.next_grant);
        self.next_grant += self.random.between(1, 9);
        let ended = end.is_some_and(|end| end < law::extract_date());
        let (status, duration) = (if ended { "Afsluttet" } else { "Godkendt" }, duration.to_owned());
        let end_written = end.map_or(Day::Empty, Day::On);
        let decided = None;
        let function = None;
        let grant =
            Grant { case, role, id, service, decided, start, end, end_written, duration, amount, status, function, supplier };
        self.m.grants.push(grant);
    }

    /// A monthly wage of some hundreds of kroner, give or take; in the first block exactly that.
    pub(super) fn wage(&mut self, case: usize, hundreds: i64) -> Decimal {
        let off = if case < BLOCK { 0 } else { self.random.between(-20, 20) };
        kr((hundreds + off) * 100)
    }

    /// An order beside the support that runs, by so many days shorter than the twelve months it may last.
    pub(super) fn order(&mut self, case: usize, less: i64) {
        let Some(from) = find(&self.m.grants, case, "støtte").map(|i| self.m.grants[i].start) else { return };
        let from = self.after(from, 3, 20);
        let end = days(self.until_18(case, days(months(from, 12), 1 - less)), -1);
        self.grant(case, "pålæg", &service::ORDER, from, Some(end), "");
    }

    /// A parent's lost earnings from `from` to the extract or the last day, one row a year; the wage is that before the benefit,
    /// or what the parent has for a sibling already. The benefit is regulated each January.
    pub(super) fn lost_earnings(&mut self, case: usize, wage: Decimal, lost: Lost) {
        let Some(of) = self.m.cases.get(case) else { return };
        let Lost { father, hours: (hours, norm), from, until, before_2011, employer } = lost;
        let parent = of.father.clone().filter(|_| father).unwrap_or_else(|| of.mother.clone());
        let last = law::extract_date();
        let known = self.m.earnings.iter().rposition(|e| e.parent.cpr == parent.cpr && e.year == from.year());
        let wage = known.map_or(wage, |i| self.m.earnings[i].wage);
        let granted = if before_2011 { day(2010, 9, 1) } else { from };
        let service = if before_2011 { &service::OLD_LOST } else { &service::LOST };
        let end = until.unwrap_or_else(|| days(self.until_18(case, months(granted, 36)), -1));
        let employer = employer.and_then(|percent| wage.times(Decimal::new(percent, 2))?.round(2));
        let mut regulated = wage;
        for year in granted.year()..=last.year() {
            if year > granted.year() {
                regulated = law::indexed(regulated, year, before_2011);
            }
            if year < from.year() {
                continue;
            }
            let gross = law::gross(regulated, hours, norm, year, !before_2011);
            let months = std::array::from_fn(|month| {
                let first = day(year, month as u32 + 1, 1);
                match until {
                    _ if first < from || first > last => Month::None,
                    Some(until) if until < first => Month::None,
                    Some(until) if until < first.end_of_month() => {
                        Month::Paid(law::share(gross, i64::from(until.day()), i64::from(first.end_of_month().day())))
                    }
                    _ => Month::Paid(gross),
                }
            });
            // The ATP of a parent of two follows the hours of both, and stands where the first child does.
            let elder = known.and_then(|i| self.m.earnings[i..].iter().position(|e| e.year == year).map(|n| i + n));
            let atp = match elder.and_then(|i| self.m.earnings[i].hours.map(|of_first| (i, of_first))) {
                Some((i, of_first)) => {
                    self.m.earnings[i].atp = Month::Paid(law::atp(of_first + hours));
                    Month::None
                }
                None => Month::Paid(law::atp(hours)),
            };
            self.m.earnings.push(Earnings {
                case,
                year,
                parent: parent.clone(),
                hours: Some(hours),
                norm,
                wage,
                before_2011: Some(before_2011),
                from: Day::On(granted),
                until: Day::On(end),
                employer,
                pension: employer.map(|employer| law::pension(gross, wage, employer, (hours, norm))),
                atp,
                months,
            });
        }
        self.grant(case, "tabt arbejdsfortjeneste", service, granted, Some(end), "");
        if let Some(grant) = self.m.grants.last_mut() {
            grant.amount = law::gross(regulated, hours, norm, last.year(), !before_2011);
            grant.supplier = Supplier::Person(parent);
        }
    }
}

/// What a grant of lost earnings says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lost {
    /// For the father, where he is known; else the mother.
    pub(super) father: bool,
    /// Hours granted and whole working hours a week.
    pub(super) hours: (i64, i64),
    /// First month in the sheets.
    pub(super) from: Date,
    /// Last day, where it is settled.
    pub(super) until: Option<Date>,
    /// Applied before 2011.
    pub(super) before_2011: bool,
    /// Employer's pension contribution before the benefit, per cent of the wage.
    pub(super) employer: Option<i128>,
}

impl Lost {
    /// A mother's, from a day on, without pension.
    pub(super) fn mother(hours: (i64, i64), from: Date) -> Lost {
        Lost { father: false, hours, from, until: None, before_2011: false, employer: None }
    }

    /// With an employer who paid pension.
    pub(super) fn pension(self, percent: i128) -> Lost {
        Lost { employer: Some(percent), ..self }
    }
}

/// A placement that began before the examination was `finished` begins on `start` instead, and the support before it lasts
/// until then.
pub(super) fn begin_after(m: &mut Municipality, case: usize, finished: Date, start: Date) {
    let Some(placed) = find(&m.grants, case, "anbringelse").filter(|&i| m.grants[i].start <= finished) else { return };
    m.grants[placed].start = start;
    let last = days(start, -1);
    if let Some(urgent) = find(&m.grants, case, "akut") {
        (m.grants[urgent].end, m.grants[urgent].end_written) = (Some(last), Day::On(last));
    } else if let Some(before) = find(&m.grants, case, "før anbringelsen") {
        (m.grants[before].end, m.grants[before].end_written) = (Some(last), Day::On(last));
    }
}
