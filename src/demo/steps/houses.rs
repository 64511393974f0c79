//! Courses at the børnehus, where violence or abuse is suspected, and the points of the monthly management supervision.

use super::{Course, Supervised, Walk};
use crate::calendar::Date;
use crate::demo::law::{day, days, extract_date, months};

/// A point of the supervision form: how often of a hundred it is relevant, met, and met in part, of cases where it is
/// relevant.
#[derive(Debug)]
pub(in crate::demo) struct Point {
    pub(in crate::demo) name: &'static str,
    relevant: i64,
    met: i64,
    partly: i64,
}

const fn point(name: &'static str, relevant: i64, met: i64, partly: i64) -> Point {
    Point { name, relevant, met, partly }
}

/// The points of the form. Those of placements are asked of placed children only.
pub(in crate::demo) const POINTS: [Point; 20] = [
    point("Lovpligtig børnesamtale er afholdt", 80, 54, 0),
    point("Partshøring inden for 14 dage", 100, 62, 18),
    point("Faglig vurdering inden for 4 uger", 100, 33, 11),
    point("Tilbagemelding til faglig underretter", 100, 56, 0),
    point("Undersøgelsesplan er udarbejdet", 100, 13, 0),
    point("Netværksmøde er afholdt", 88, 21, 0),
    point("Mundtlig partshøring", 90, 54, 0),
    point("Højst to fokuspunkter", 100, 70, 17),
    point("Fokuspunkter indeholder relevant information", 100, 94, 0),
    point("Trekanten er anvendt i analysen", 92, 100, 0),
    point("Barnets behov fremgår af vurderingen", 90, 96, 0),
    point("Undersøgelsen er afsluttet inden for fristen", 100, 59, 0),
    point("Sideløbende foranstaltninger er anvendt korrekt", 70, 97, 0),
    point("Handleplan er lavet med familien før afgørelsen", 100, 72, 0),
    point("Handleplanen har 3-5 levende mål", 100, 60, 23),
    point("Feltet for målopfyldelse er anvendt", 100, 66, 0),
    point("Opfølgningsmøder er holdt til tiden", 100, 85, 0),
    point("Opfølgning hvert halve år", 100, 65, 20),
    point("Afgørelse om støtte til forældre, derefter forældreplan", 90, 35, 0),
    point("Tilsyn er holdt på anbringelsesstedet", 100, 74, 17),
];
/// The last two points are those of placements.
const PLACEMENT_POINTS: usize = 2;

impl Walk<'_> {
    /// A course for one examination in six since 2024.
    pub(super) fn courses(&mut self) {
        for exam in self.exams.iter().filter(|e| e.kind == "Børnefaglig undersøgelse" && e.started >= day(2024, 1, 1)) {
            if self.random.between(1, 6) > 1 {
                continue;
            }
            let by = self.random.between(3, 20);
            let referred = self.workday(days(exam.started, by));
            let by = self.random.between(7, 40);
            let admitted = self.workday(days(referred, by));
            // A tenth within 90 days, a third within 120, half a year and more for others.
            let stays = match self.random.between(1, 10) {
                1 => self.random.between(45, 90),
                2..=3 => self.random.between(91, 120),
                _ => self.random.between(121, 225),
            };
            let ended = self.workday(days(admitted, stays));
            if admitted > self.last() || self.case.closed.is_some_and(|closed| closed < ended) {
                continue;
            }
            let kind =
                *self.random.pick(&["Fysisk vold", "Fysisk vold", "Seksuelle overgreb", "Fysisk vold og seksuelle overgreb"]);
            let by = *self.random.pick(&["BH1", "BH2", "BH3"]);
            let ended = Some(ended).filter(|end| *end <= extract_date());
            self.steps.courses.push(Course { case: self.index, referred, admitted, ended, kind, by });
        }
    }

    /// One new case in three is drawn for supervision, some months after it was opened; where none was, the last case is.
    pub(super) fn supervised(&mut self) {
        let Some(month) = self.month_of_supervision() else { return };
        let placed = |month: Date| self.grants.iter().any(|g| g.service.kind == "Anbringelse" && g.start < month);
        let points = POINTS.len() - if placed(month) { 0 } else { PLACEMENT_POINTS };
        for (number, point) in POINTS.iter().enumerate().take(points) {
            let relevant = self.random.between(1, 100) <= point.relevant;
            let drawn = self.random.between(1, 100);
            let degree = match drawn {
                _ if !relevant => None,
                n if n <= point.met => Some("Opfyldt"),
                n if n <= point.met + point.partly => Some("Delvist"),
                _ => Some("Ikke opfyldt"),
            };
            self.steps.supervised.push(Supervised { case: self.index, month, point: number, degree });
        }
    }

    fn month_of_supervision(&mut self) -> Option<Date> {
        let this_month = extract_date().start_of_month();
        let drawn = (self.case.opened >= day(2025, 10, 1) && self.random.between(1, 3) == 1)
            .then(|| months(self.case.opened.start_of_month(), self.random.between(2, 6)))
            .filter(|month| *month >= day(2026, 1, 1) && *month < this_month && self.last() >= *month);
        let nobody = self.index + 1 == self.cases && self.steps.supervised.is_empty();
        drawn.or_else(|| nobody.then(|| months(this_month, -1)))
    }
}
