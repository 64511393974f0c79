//! Activities of the case system: hearings, consents and decisions.

use super::{Activity, Walk};
use crate::calendar::Date;
use crate::demo::law::days;
use crate::demo::record::Grant;

impl Walk<'_> {
    /// The decision as the case system has it, with its hearing before, and the consent to a placement.
    pub(super) fn decision_activity(&mut self, grant: &Grant, decided: Date, id: &str) {
        let at = self.office(decided);
        let sent = Some(self.workday(days(decided, 1)));
        let free = !self.steps.activities.iter().rev().take(8).any(|a| a.id == id);
        let id = if free { id.to_owned() } else { self.next_id() };
        if grant.service.decision.starts_with("BL § 143") {
            self.emergency(grant, &id);
            return;
        }
        let sub = match (grant.service.kind, grant.service.decision.starts_with("BL § 47")) {
            ("Anbringelse", true) => "Anbringelse uden samtykke",
            ("Anbringelse", false) => "Anbringelse",
            ("Foranstaltning", _) => "Støttende indsats",
            ("Ungestøtte" | "Efterværn", _) => "Ungestøtte",
            _ => "Kompenserende ydelse",
        };
        self.push("Afgørelse", sub, id, at, None, sent, "");
        if grant.service.kind == "Anbringelse" {
            let before = self.workday_before(days(decided, -6));
            let at = self.office(before);
            let id = self.next_id();
            self.push("Partshøring", sub, id, at, Some(decided), Some(before), "");
            if !grant.service.decision.starts_with("BL § 47") {
                let at = self.office(before);
                let id = self.next_id();
                self.push("Samtykke", "Forældremyndighed", id, at, None, None, "");
                if self.case.child.born.age_at(decided) >= 15 {
                    let at = self.office(before);
                    let id = self.next_id();
                    self.push("Samtykke", "Den unge", id, at, None, None, "");
                }
            }
            let at = self.office(decided);
            let id = self.next_id();
            self.push("Støtte til forældre", "Afgørelse om støtte til forældre", id, at, None, sent, "");
        }
    }

    pub(super) fn next_id(&self) -> String {
        format!("A{:07}", 1_000_000 + self.steps.activities.len())
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of an activity")]
    pub(super) fn push(
        &mut self,
        kind: &'static str,
        sub: &'static str,
        id: String,
        at: super::Clock,
        due: Option<Date>,
        sent: Option<Date>,
        reason: &'static str,
    ) {
        let sent = sent.filter(|day| *day <= crate::demo::law::extract_date());
        self.steps.activities.push(Activity { case: self.index, id, kind, sub, at, due, sent, reason });
    }

    /// An activity of its own, at a time of the working day.
    pub(super) fn happened(&mut self, kind: &'static str, sub: &'static str, on: Date, due: Option<Date>) {
        let at = self.office(on);
        let id = self.next_id();
        self.push(kind, sub, id, at, due, Some(on), "");
    }
}
