//! SAG-103: an examination takes at most four calendar months from awareness, unless a preliminary assessment was made in
//! time.

use super::{Answer, Beside, Hit, Judged, Plant, lives};
use crate::calendar::Date;
use crate::demo::law::{self, day, days};
use crate::demo::record::{Day, Municipality, find, of_case};
use crate::demo::town::begin_after;

pub(super) static EXAMINATIONS: &[Plant] = &[
    lives(
        "SAG-103",
        3,
        "undersøgelse-en-dag-for-sent",
        "Undersøgelsen er afsluttet dagen efter de fire måneder, uden foreløbig vurdering",
        "The examination is finished on the day after the four months, without a preliminary assessment",
        |m, case| finished_late(m, case, 1, None),
    ),
    lives(
        "SAG-103",
        8,
        "foreløbig-vurdering-også-for-sent",
        "Undersøgelsen er afsluttet for sent, og den foreløbige vurdering kom også efter de fire måneder",
        "The examination is finished late, and the preliminary assessment came after the four months too",
        |m, case| finished_late(m, case, 35, Some(6)),
    ),
    lives(
        "SAG-103",
        9,
        "undersøgelse-overskredet-i-går",
        "Undersøgelsen er ikke afsluttet; fristen udløb dagen før udtrækket",
        "The examination is not finished; it was due on the day before the extract",
        |m, case| never_finished(m, case, "ny bfu", day(2026, 6, 30)),
    ),
    lives(
        "SAG-103",
        15,
        "undersøgelse-aldrig-afsluttet",
        "Undersøgelsen er ikke afsluttet måneder efter fristen",
        "The examination is not finished, months after it was due",
        |m, case| never_finished(m, case, "bfu", day(2026, 3, 4)),
    ),
    lives(
        "SAG-103",
        10,
        "opmærksom-dato-ukendt",
        "Opmærksom dato er skrevet som «ukendt»",
        "The awareness date is written as «ukendt» (unknown)",
        |m, case| aware_lost(m, case, Day::Typed("ukendt")),
    ),
    lives(
        "SAG-103",
        17,
        "opmærksom-dato-tom",
        "Opmærksom dato er ikke udfyldt",
        "The awareness date is not filled in",
        |m, case| aware_lost(m, case, Day::Empty),
    ),
    lives(
        "SAG-103",
        5,
        "afsluttet-dato-findes-ikke",
        "Afslutningsdatoen er 31-02 og findes ikke i kalenderen",
        "The end date is 31-02, which no calendar has",
        |m, case| {
            let Some(i) = find(&m.exams, case, "bfu") else { return Vec::new() };
            m.exams[i].finished = Day::Typed("31-02-2025");
            vec![(Judged::Exam(i), Answer::NotAssessed, Some("Afsluttet"))]
        },
    )
    .besides(without_parallel_end),
    lives(
        "SAG-103",
        12,
        "screening-uden-opmærksom-dato",
        "En screening mangler opmærksom dato; reglen gælder kun børnefaglige undersøgelser",
        "A screening lacks its awareness date; the rule is for examinations only",
        |m, case| {
            if let Some(i) = find(&m.exams, case, "screening") {
                m.exams[i].aware = Day::Empty;
            }
            Vec::new()
        },
    ),
];

/// The end lies `late` days after the due day, a preliminary assessment (if any) `preliminary` days after it. The awareness
/// moves back to the first day that puts the end on a weekday.
fn finished_late(m: &mut Municipality, case: usize, late: i64, preliminary: Option<i64>) -> Vec<Hit> {
    let Some(i) = find(&m.exams, case, "bfu") else { return Vec::new() };
    let Some(aware) = m.exams[i].aware.date() else { return Vec::new() };
    let end = |aware| days(law::examination_due(aware), late);
    let Some(aware) = (0..14).map(|n| days(aware, -n)).find(|a| a.weekday() <= 4 && end(*a).weekday() <= 5) else {
        return Vec::new();
    };
    let exam = &mut m.exams[i];
    exam.preliminary = preliminary.map_or(Day::Empty, |n| Day::On(days(law::examination_due(aware), n)));
    exam.finished = Day::On(end(aware));
    aware_of(m, case, i, aware);
    begin_after(m, case, end(aware), days(end(aware), 7));
    vec![(Judged::Exam(i), Answer::Violation, Some("Afsluttet"))]
}

fn never_finished(m: &mut Municipality, case: usize, role: &str, aware: Date) -> Vec<Hit> {
    let Some(i) = find(&m.exams, case, role) else { return Vec::new() };
    (m.exams[i].started, m.exams[i].finished) = (days(aware, 8), Day::Empty);
    aware_of(m, case, i, aware);
    vec![(Judged::Exam(i), Answer::Violation, Some("Afsluttet"))]
}

/// Sets an examination's awareness and due day; for the case's first one its screening and opening follow.
fn aware_of(m: &mut Municipality, case: usize, exam: usize, aware: Date) {
    (m.exams[exam].aware, m.exams[exam].due) = (Day::On(aware), Some(law::examination_due(aware)));
    let Some(i) = find(&m.exams, case, "screening").filter(|_| m.exams[exam].role == "bfu") else { return };
    let screening = &mut m.exams[i];
    (screening.aware, screening.started, screening.finished) = (Day::On(aware), days(aware, 1), Day::On(days(aware, 6)));
    if let Some(case) = m.cases.get_mut(case) {
        case.opened = case.opened.min(aware);
    }
}

fn aware_lost(m: &mut Municipality, case: usize, aware: Day) -> Vec<Hit> {
    let Some(i) = find(&m.exams, case, "bfu") else { return Vec::new() };
    m.exams[i].aware = aware;
    m.exams[i].due = None;
    vec![(Judged::Exam(i), Answer::NotAssessed, Some("Opmærksom dato"))]
}

/// The first follow-up of a measure that lasted its three months: nobody knows whether it was held by the end of the examination.
/// The cell to blame stands with the examinations.
fn without_parallel_end(m: &Municipality, case: usize) -> Vec<Beside> {
    let followed = of_case(&m.grants, case).filter(|&i| {
        let (grant, due) = (&m.grants[i], law::months(m.grants[i].start, 3));
        due < law::extract_date() && grant.end.is_none_or(|end| end > due)
    });
    followed.map(|i| ("SAG-106", (Judged::Grant(i), Answer::NotAssessed, Some("")))).collect()
}
