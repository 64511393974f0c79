//! What happens beside the plan: emergency decisions, use of force, restricted contact, requests to return home, complaints,
//! letters of delay. Each by the limits of its day.

use super::{Clock, Talk, Walk};
use crate::calendar::Date;
use crate::demo::law::{day, days, extract_date, months};
use crate::demo::record::Grant;

/// First day on which use of force is to be registered and sent within 72 hours instead of 24.
fn three_days() -> Date {
    day(2025, 9, 1)
}

impl Walk<'_> {
    /// Everything of the case that no measure asks for.
    pub(super) fn incidents(&mut self) {
        for grant in self.grants.iter().filter(|g| g.start <= extract_date() && g.status != "Kladde") {
            self.force(grant);
            self.contact(grant);
            self.return_home(grant);
            self.delay(grant);
            self.complaint(grant);
        }
    }

    /// The chair's decision on the day the child is placed: in writing within 24 hours, approved by the committee on the
    /// seventh day at the latest, valid for a month.
    pub(super) fn emergency(&mut self, grant: &Grant, id: &str) {
        let at = Clock { day: grant.start, minute: self.random.between(9 * 60, 20 * 60) };
        let told = at.later(self.random.between(60, 20 * 60));
        let approved = self.workday_before(days(grant.start, 6));
        self.push(
            "Formandsafgørelse",
            "Foreløbig anbringelse, § 143",
            id.to_owned(),
            at,
            Some(days(grant.start, 6)),
            Some(told.day),
            "",
        );
        self.decides(
            "Afgørelse i børne- og ungeudvalget",
            "Godkendelse af foreløbig anbringelse",
            approved,
            Some(months(grant.start, 1)),
        );
    }

    /// A decision of its own, with the talk that it rests on some days before.
    fn decides(&mut self, kind: &'static str, sub: &'static str, on: Date, due: Option<Date>) {
        let talked = self.workday_before(days(on, -2));
        let at = self.office(on);
        let id = self.next_id();
        self.steps.talks.push(Talk {
            case: self.index,
            on: talked,
            on_written: None,
            omitted: (self.case.child.born.age_at(talked) < 3).then_some("Barnets alder"),
            form: "Samtale på anbringelsesstedet",
            about: "Afgørelse",
            activity: id.clone(),
        });
        let sent = Some(self.workday(days(on, 1)));
        self.push(kind, sub, id, at, due, sent, "");
    }

    /// Now and then at places with staff.
    fn force(&mut self, grant: &Grant) {
        if !matches!(grant.service.konto, "5.28.20.1.003" | "5.28.23.1.002") || self.random.between(1, 3) > 1 {
            return;
        }
        let last = grant.end.map_or(self.last(), |end| end.min(self.last()));
        for _ in 0..self.random.between(1, 3) {
            let span = i64::from(last.days() - grant.start.days()) - 5;
            let on = days(grant.start, self.random.between(3, span.max(3)));
            let at = Clock { day: on, minute: self.random.between(7 * 60, 22 * 60) };
            let hours = if on >= three_days() { 72 } else { 24 };
            let sent = at.later(self.random.between(90, (hours - 8) * 60)).day;
            if sent > last {
                continue;
            }
            let sub = *self.random.pick(&["Fastholdelse", "Fastholdelse", "Afværgehjælp", "Føren væk"]);
            let id = self.next_id();
            self.push("Magtanvendelse", sub, id, at, Some(days(on, hours / 24)), Some(sent), "");
        }
    }

    /// In some placements without consent the committee restricts contact for half a year at a time.
    fn contact(&mut self, grant: &Grant) {
        if !grant.service.decision.starts_with("BL § 47") || self.random.between(1, 3) == 1 {
            return;
        }
        let mut on = self.after(grant.start, 20, 50);
        while on <= grant.end.map_or(self.last(), |end| end.min(self.last())) {
            let until = days(months(on, 6), -1);
            self.decides("Samværsafgørelse", "Samvær under én gang hver fjerde uge, børne- og ungeudvalget", on, Some(until));
            on = self.workday_before(days(until, -5));
        }
    }

    /// A placement with consent that ended before it was to end was asked for: answered within seven days, home within half a
    /// year.
    fn return_home(&mut self, grant: &Grant) {
        let home = grant.end.map(|end| days(end, 1)).filter(|home| *home <= self.last());
        let Some(home) = home.filter(|_| grant.role == "anbringelse" && grant.service.decision.starts_with("BL § 46")) else {
            return;
        };
        let by = self.random.between(40, 120);
        let asked = self.workday_before(days(home, -by));
        if asked <= days(grant.start, 30) {
            return;
        }
        self.happened("Anmodning om hjemgivelse", "Forældremyndighedens indehaver", asked, Some(days(asked, 7)));
        let answered = self.workday_before(days(asked, 7));
        self.decides("Hjemgivelse", "Hjemgivelse over en periode", answered, None);
    }

    /// When the municipality's own limit could not be kept, a letter says so and gives the new day.
    fn delay(&mut self, grant: &Grant) {
        let Some(decided) = grant.decided.filter(|_| grant.service.kind == "Ydelse" && self.random.between(1, 5) == 1) else {
            return;
        };
        let back = self.random.between(8, 20);
        let on = self.workday_before(days(decided, -back));
        if on < self.case.opened {
            return;
        }
        let by = self.random.between(3, 15);
        let due = self.workday(days(decided, by));
        self.happened("Brev om forlænget frist", grant.service.name, on, Some(due));
    }

    /// One decision in fourteen is complained of within four weeks, and assessed again within four weeks.
    fn complaint(&mut self, grant: &Grant) {
        let Some(decided) = grant.decided.filter(|_| self.random.between(1, 14) == 1 && grant.role != "tidligere") else {
            return;
        };
        let by = self.random.between(4, 26);
        let received = self.workday(days(decided, by)).min(days(decided, 28));
        let by = self.random.between(8, 27);
        let assessed = self.workday_before(days(received, by));
        let known = self.last();
        if decided < day(2024, 1, 1) || received > known || (assessed > known && self.case.closed.is_some()) {
            return;
        }
        let due = days(received, 28);
        let at = self.office(received);
        let id = self.next_id();
        self.push("Klage", grant.service.name, id, at, Some(due), None, "");
        if assessed <= known {
            let result = *self.random.pick(&[
                "Fastholdt, sendt til Ankestyrelsen",
                "Fastholdt, sendt til Ankestyrelsen",
                "Fastholdt, sendt til Ankestyrelsen",
                "Ny afgørelse",
            ]);
            self.happened("Genvurdering af klage", result, assessed, Some(due));
        }
    }

    fn after(&mut self, from: Date, low: i64, high: i64) -> Date {
        let by = self.random.between(low, high);
        self.workday(days(from, by))
    }
}
