//! Placements: reported to the statistics, supervised at least twice a year, decided anew each year where there is no consent.

use super::{Placement, Visit, Walk};
use crate::calendar::Date;
use crate::demo::law::{days, extract_date, months};
use crate::demo::record::{Day, Grant, Service};

/// The statistics' code of a kind of place.
fn place(service: &Service) -> &'static str {
    match (service.offer, service.konto) {
        ("Netværksplejefamilie", _) => "1",
        ("Almen plejefamilie", _) => "23",
        ("Forstærket plejefamilie", _) => "24",
        ("Specialiseret plejefamilie", _) => "25",
        (_, "5.28.20.1.003") => "27",
        (_, "5.28.20.1.004") => "11",
        (_, "5.28.20.1.005") => "6",
        (_, "5.28.23.1.002") => "9",
        _ => "21",
    }
}

impl Walk<'_> {
    /// Each placement, its supervision and its decisions.
    pub(super) fn placements(&mut self) {
        let mut visited: Option<Date> = None;
        let mut placed_before = false;
        for (i, grant) in self.grants.iter().enumerate().filter(|(_, g)| g.service.kind == "Anbringelse") {
            if grant.start > extract_date() {
                continue;
            }
            let index = self.first_grant + i;
            let ended = grant.end.is_some_and(|end| end < extract_date());
            let on = days(grant.end.unwrap_or(grant.start), 1);
            let goes_on = ended && self.grants.iter().any(|g| g.service.kind == "Anbringelse" && g.start == on);
            let by = self.random.between(3, 24);
            let reported = self.workday(days(grant.start, by)).min(extract_date());
            let forced = grant.service.decision.starts_with("BL § 47");
            self.steps.placements.push(Placement {
                case: self.index,
                grant: index,
                decided: Day::On(grant.decided.unwrap_or(grant.start)),
                consent: match grant.service.decision {
                    urgent if urgent.starts_with("BL § 143") => "Formand",
                    _ if forced => "Uden",
                    _ => "Med",
                },
                place: place(grant.service),
                end_written: None,
                event: if placed_before { "1" } else { "0" },
                before: if placed_before { "6" } else { "1" },
                reason: if ended && !goes_on { "2" } else { "" },
                after: if ended && !goes_on { "1" } else { "" },
                reported,
            });
            placed_before = true;
            let last = self.visits(index, grant, visited);
            visited = last.or(visited);
            if forced {
                self.decided_anew(grant);
            }
        }
    }

    /// A visit every five months or so, by two workers who talk with the child; the last one, if any.
    fn visits(&mut self, index: usize, grant: &Grant, before: Option<Date>) -> Option<Date> {
        let end = grant.end.map_or(self.last(), |end| end.min(self.last()));
        let mut on = before.unwrap_or(grant.start);
        let mut last = None;
        loop {
            let by = self.random.between(100, 160);
            on = self.workday_before(days(on, by));
            if on > end {
                return last;
            }
            let workers = [self.case.worker, self.colleague()];
            let announced = self.random.between(1, 5) > 1;
            let next = months(on, 5);
            self.steps.visits.push(Visit { case: self.index, grant: index, on, announced, workers, next });
            last = Some(on);
        }
    }

    /// The committee's decision, and a new one before each year is over.
    fn decided_anew(&mut self, grant: &Grant) {
        let mut on = grant.decided.unwrap_or(grant.start);
        while on <= self.last() {
            let due = months(on, 12);
            self.happened("Afgørelse i børne- og ungeudvalget", "Anbringelse uden samtykke", on, Some(due));
            on = self.workday_before(days(due, -20));
        }
    }
}
