//! Notifications: assessed within 24 hours, weekends not excepted; acknowledged within six working days; a professional is told
//! what came of it; in an active case another worker assesses again.

use super::{Clock, Notification, Time, Walk};
use crate::calendar::Date;
use crate::demo::law::days;
use crate::demo::record::{Day, Exam};

/// Sender, whether a professional, and how often of a hundred.
const FROM: [(&str, bool, i64); 9] = [
    ("Skole", true, 30),
    ("Dagtilbud/SFO", true, 10),
    ("Sundhedsvæsen", true, 9),
    ("Sundhedsplejerske/tandlæge", true, 6),
    ("Politi/domstol", true, 16),
    ("Anden kommune", true, 6),
    ("Familie/bekendte", false, 10),
    ("Anonym", false, 9),
    ("Foreninger/krisecenter", true, 4),
];

const REASONS: [&str; 10] = [
    "Skolefravær",
    "Bekymring for trivsel",
    "Mistanke om omsorgssvigt",
    "Vold i hjemmet",
    "Forældres misbrug",
    "Højt konfliktniveau i hjemmet",
    "Psykiske vanskeligheder hos barnet",
    "Kriminalitet",
    "Funktionsnedsættelse",
    "Forældres psykiske sygdom",
];

impl Walk<'_> {
    /// One for each day of awareness, and some while a measure runs.
    pub(super) fn notifications(&mut self) {
        let mut seen: Vec<Date> = Vec::new();
        for exam in self.exams {
            let Some(aware) = exam.aware.date().filter(|aware| !seen.contains(aware)) else { continue };
            seen.push(aware);
            let outcome = self.outcome(exam);
            self.notified(aware, outcome);
        }
        let running = self.grants.iter().find(|g| g.role == "anbringelse" || g.role == "støtte").map(|g| g.start);
        let Some(start) = running.filter(|start| days(*start, 60) < self.last()) else { return };
        if self.random.between(1, 4) == 1 {
            let span = i64::from(self.last().days() - start.days()) - 20;
            let on = days(start, self.random.between(10, span.max(10)));
            if !seen.contains(&on) && on < self.last() {
                self.notified(on, "Indgår i den igangværende sag");
            }
        }
    }

    fn outcome(&self, exam: &Exam) -> &'static str {
        let of = |kind: &str| self.exams.iter().any(|e| e.kind.starts_with(kind) && e.aware == exam.aware);
        if of("Børnefaglig") || of("§ 50") {
            "Børnefaglig undersøgelse"
        } else if of("Afdækning") {
            "Afdækning"
        } else if exam.finished == Day::Empty {
            "Screening"
        } else {
            "Ingen yderligere indsats"
        }
    }

    fn notified(&mut self, on: Date, outcome: &'static str) {
        let mut drawn = self.random.between(1, 100);
        let (from, professional, _) = FROM
            .into_iter()
            .find(|(_, _, share)| {
                drawn -= share;
                drawn <= 0
            })
            .unwrap_or(FROM[0]);
        let received = Clock { day: on, minute: self.random.between(7 * 60, 22 * 60) };
        let assessed = received.later(self.random.between(20, 23 * 60));
        let acknowledged = (from != "Anonym").then(|| {
            let by = self.random.between(1, 3);
            self.working.add(on, by).unwrap_or(on)
        });
        let told = (professional && days(on, 40) < self.last()).then(|| {
            let on = days(on, self.random.between(14, 35));
            self.workday(on)
        });
        let active = self.grants.iter().any(|g| g.start <= on && g.end.is_none_or(|end| end >= on) && g.status != "Kladde");
        let reassessed = active.then(|| {
            let on = days(on, self.random.between(1, 6));
            self.workday(on)
        });
        let mut workers = vec![self.case.worker];
        if active {
            workers.push(self.colleague());
        }
        let reason = *self.random.pick(&REASONS);
        let id = format!("U{:06}", 300_000 + self.steps.notifications.len());
        self.steps.notifications.push(Notification {
            case: self.index,
            id,
            received,
            hour_written: true,
            assessed: Time::At(assessed),
            from,
            reason,
            acknowledged: acknowledged.filter(|day| *day <= self.last_written()),
            acknowledged_written: None,
            told,
            outcome,
            reassessed: reassessed.filter(|day| *day <= self.last_written()),
            workers,
        });
    }

    /// Nothing is written of days after the extract.
    fn last_written(&self) -> Date {
        crate::demo::law::extract_date()
    }
}
