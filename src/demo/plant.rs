//! Planting: each plant puts one fault, or one harmless oddity, into the lives, and says what the rules must answer.
//!
//! The answers are reasoned from the fault and the law; nothing here runs a rule.

use super::law::{self, day, days};
use super::life::{BLOCK, begin_after};
use super::record::{Day, Month, Municipality, find, of_case};
use super::service::UNMAPPED_ACCOUNT;
use crate::calendar::Date;
use crate::value::Decimal;

/// What a rule must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// `violation`.
    Violation,
    /// `not assessed`.
    NotAssessed,
}

/// The record that is judged, by its index in the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Judged {
    /// An examination.
    Exam(usize),
    /// A grant.
    Grant(usize),
    /// A posting.
    Posting(usize),
    /// A month, 0 to 11, of lost earnings.
    Month(usize, usize),
}

/// One expected finding or unassessed row.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// Name of the plant.
    pub(super) cause: &'static str,
    /// Rule id.
    pub(super) rule: &'static str,
    /// What is judged.
    pub(super) judged: Judged,
    /// The answer.
    pub(super) answer: Answer,
    /// Header of the cell that carries the fault; `None` for the month's own.
    pub(super) column: Option<&'static str>,
    /// Whether it merely follows from the fault: a further row of the same cause.
    pub(super) also: bool,
}

/// A fault to plant.
pub(super) struct Plant {
    /// Its name, unique.
    pub(super) name: &'static str,
    /// The rule it speaks to.
    pub(super) rule: &'static str,
    /// The part in the block that it happens to.
    pub(super) part: usize,
    /// What was done, in Danish.
    pub(super) da: &'static str,
    /// The same in English.
    pub(super) en: &'static str,
    /// When it is planted.
    pub(super) phase: Phase,
    act: Act,
}

/// Before the month's payments and postings are made, or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Lives.
    Lives,
    /// Postings.
    Books,
}

type Act = fn(&mut Municipality, usize) -> Vec<Hit>;
type Hit = (Judged, Answer, Option<&'static str>);

/// Plants every plant of a phase in every block that has its part.
pub(super) fn plant(m: &mut Municipality, phase: Phase, expected: &mut Vec<Expected>) {
    for first in (0..m.cases.len()).step_by(BLOCK) {
        for plant in all().filter(|p| p.phase == phase) {
            let case = first + plant.part;
            if case >= m.cases.len() {
                continue;
            }
            let hits = (plant.act)(m, case).into_iter().enumerate();
            expected.extend(hits.map(|(n, (judged, answer, column))| Expected {
                cause: plant.name,
                rule: plant.rule,
                judged,
                answer,
                column,
                also: n > 0,
            }));
        }
    }
}

/// Every plant, by rule.
pub(super) fn all() -> impl Iterator<Item = &'static Plant> {
    [EXAMINATIONS, GRANTS, PARENTS, EARNINGS].into_iter().flatten()
}

const fn lives(rule: &'static str, part: usize, name: &'static str, da: &'static str, en: &'static str, act: Act) -> Plant {
    Plant { name, rule, part, da, en, phase: Phase::Lives, act }
}

const fn books(rule: &'static str, part: usize, name: &'static str, da: &'static str, en: &'static str, act: Act) -> Plant {
    Plant { name, rule, part, da, en, phase: Phase::Books, act }
}

// ---- SAG-103: an examination takes at most four calendar months from awareness, unless a preliminary assessment was made in time

static EXAMINATIONS: &[Plant] = &[
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
    ),
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

// ---- BEV-101: an approved, started grant under sections 32 and 46 of barnets lov states an end date or an expected duration

static GRANTS: &[Plant] = &[
    lives(
        "BEV-101",
        0,
        "bevilling-uden-slutdato",
        "Anbringelsen har hverken slutdato eller forventet varighed",
        "The placement has neither an end date nor an expected duration",
        |m, case| open_ended(m, case, "anbringelse", Day::Empty, "", true),
    ),
    lives(
        "BEV-101",
        11,
        "slutdato-9999-som-tal",
        "Slutdatoen er systemets «ingen ende», 31-12-9999, som serienummer",
        "The end date is the system's «no end», 31-12-9999, as a serial number",
        |m, case| open_ended(m, case, "støtte", Day::Never, "", true),
    ),
    lives(
        "BEV-101",
        5,
        "slutdato-9999-som-tekst",
        "Slutdatoen er 31-12-9999, skrevet som tekst",
        "The end date is 31-12-9999, typed as text",
        |m, case| open_ended(m, case, "anbringelse", Day::Typed("31-12-9999"), "", true),
    ),
    lives(
        "BEV-101",
        10,
        "varighed-kun-mellemrum",
        "Slutdatoen er tom, og forventet varighed er et hårdt mellemrum",
        "The end date is empty, and the expected duration is a no-break space",
        |m, case| open_ended(m, case, "støtte", Day::Empty, "\u{a0}", true),
    ),
    lives(
        "BEV-101",
        11,
        "startet-på-udtræksdagen",
        "Aflastningen begyndte på udtræksdagen, uden slutdato og varighed",
        "The respite began on the day of the extract, without an end date or a duration",
        |m, case| {
            if let Some(i) = find(&m.grants, case, "aflastning") {
                m.grants[i].start = law::extract_date();
            }
            open_ended(m, case, "aflastning", Day::Empty, "", true)
        },
    ),
    lives(
        "BEV-101",
        9,
        "slutdato-findes-ikke",
        "Slutdatoen er skrevet 31-13-2024, og forventet varighed er tom",
        "The end date is written 31-13-2024, and the expected duration is empty",
        |m, case| unreadable_end(m, case, "støtte", Day::Typed("31-13-2024"), ""),
    ),
    lives(
        "BEV-101",
        3,
        "slutdato-ukendt",
        "Slutdatoen er skrevet som «ukendt», og forventet varighed er tom",
        "The end date is written as «ukendt» (unknown), and the expected duration is empty",
        |m, case| unreadable_end(m, case, "anbringelse", Day::Typed("ukendt"), ""),
    ),
    lives(
        "BEV-101",
        4,
        "slutdato-findes-ikke-men-varighed",
        "Slutdatoen er skrevet 31-13-2027, men den forventede varighed står der, og det er nok",
        "The end date is written 31-13-2027, but the expected duration stands, which suffices",
        |m, case| {
            unreadable_end(m, case, "anbringelse", Day::Typed("31-13-2027"), "36 måneder");
            Vec::new()
        },
    ),
    lives(
        "BEV-101",
        13,
        "lukket-sag-med-åben-bevilling",
        "Bevillingen i en lukket sag har ingen slutdato; reglen ser kun på åbne sager",
        "The grant of a closed case has no end date; the rule looks at open cases only",
        |m, case| {
            open_ended(m, case, "støtte", Day::Empty, "", false);
            Vec::new()
        },
    ),
];

fn open_ended(m: &mut Municipality, case: usize, role: &str, end: Day, duration: &str, truly: bool) -> Vec<Hit> {
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    let grant = &mut m.grants[i];
    grant.end_written = end;
    duration.clone_into(&mut grant.duration);
    if truly {
        grant.end = None;
    }
    vec![(Judged::Grant(i), Answer::Violation, Some("Slutdato"))]
}

fn unreadable_end(m: &mut Municipality, case: usize, role: &str, end: Day, duration: &str) -> Vec<Hit> {
    open_ended(m, case, role, end, duration, false);
    let Some(i) = find(&m.grants, case, role) else { return Vec::new() };
    vec![(Judged::Grant(i), Answer::NotAssessed, Some("Slutdato"))]
}

// ---- FOR-104: a parent's payment towards a placement is booked as art 7.9 on gruppering 092

static PARENTS: &[Plant] = &[
    books(
        "FOR-104",
        2,
        "egenbetaling-på-art-77",
        "Farens betaling er bogført som betaling fra en kommune (art 7.7)",
        "The father's payment is booked as a payment from a municipality (art 7.7)",
        |m, case| booked(m, case, "egenbetaling far", Some("77000000"), None),
    ),
    books(
        "FOR-104",
        5,
        "egenbetaling-på-art-78",
        "Morens betaling er bogført som betaling fra en region (art 7.8)",
        "The mother's payment is booked as a payment from a region (art 7.8)",
        |m, case| booked(m, case, "egenbetaling mor", Some("78000000"), None),
    ),
    books(
        "FOR-104",
        3,
        "egenbetaling-uden-for-092",
        "Morens betaling er bogført på udgiftens gruppering 002",
        "The mother's payment is booked on the cost's own gruppering 002",
        |m, case| booked(m, case, "egenbetaling mor", None, Some("5.28.22.1.002")),
    ),
    books(
        "FOR-104",
        7,
        "egenbetaling-forkert-art-og-gruppering",
        "Morens betaling er bogført både på art 7.7 og på gruppering 002",
        "The mother's payment is booked both on art 7.7 and on gruppering 002",
        |m, case| booked(m, case, "egenbetaling mor", Some("77000000"), Some("5.28.22.1.002")),
    ),
    books(
        "FOR-104",
        4,
        "psp-uden-konto",
        "Farens betaling står på et PSP-element, som ingen konto er knyttet til",
        "The father's payment stands on a PSP element that no account is mapped to",
        |m, case| {
            let Some(i) = find(&m.postings, case, "egenbetaling far") else { return Vec::new() };
            m.postings[i].konto = UNMAPPED_ACCOUNT;
            vec![(Judged::Posting(i), Answer::NotAssessed, Some("PSP-element"))]
        },
    ),
    books(
        "FOR-104",
        1,
        "betaler-oplyst-som-ukendt",
        "Betaleren er skrevet som 0000000000, så ingen ved, om det er en forælder",
        "The payer is written as 0000000000, so nobody knows whether it is a parent",
        |m, case| {
            let Some(i) = find(&m.postings, case, "egenbetaling mor") else { return Vec::new() };
            m.postings[i].payer.0 = "0000000000".to_owned();
            vec![(Judged::Posting(i), Answer::NotAssessed, Some("Betalingsmodtagernr."))]
        },
    ),
];

fn booked(m: &mut Municipality, case: usize, role: &str, art: Option<&'static str>, konto: Option<&'static str>) -> Vec<Hit> {
    let Some(i) = find(&m.postings, case, role) else { return Vec::new() };
    let posting = &mut m.postings[i];
    posting.art = art.unwrap_or(posting.art);
    posting.konto = konto.unwrap_or(posting.konto);
    let column = if art.is_some() { "Artskonto" } else { "PSP-element" };
    vec![(Judged::Posting(i), Answer::Violation, Some(column))]
}

// ---- TAF-102: the month's gross benefit is at most the cap's share, but for those from before 2011

static EARNINGS: &[Plant] = &[
    lives(
        "TAF-102",
        10,
        "loft-ikke-nedsat-efter-timer",
        "Loftet er brugt uden at blive nedsat efter timerne, januar-juni 2024",
        "The cap was applied without being reduced by the hours, January to June 2024",
        |m, case| {
            paid(m, case, 2024, 0..6, |e| law::share(e.wage, e.hours.unwrap_or(e.norm), e.norm).min(law::cap(2024).at_least(2)))
        },
    ),
    lives(
        "TAF-102",
        19,
        "loft-glemt",
        "Hele lønnen er udbetalt, som om der ikke var noget loft, april-juni 2025",
        "The whole wage was paid as if there were no cap, April to June 2025",
        |m, case| paid(m, case, 2025, 3..6, |e| law::share(e.wage, e.hours.unwrap_or(e.norm), e.norm)),
    ),
    lives(
        "TAF-102",
        19,
        "næste-års-loft-i-december",
        "Loftet for 2026 er brugt allerede i december 2025",
        "The cap of 2026 was used in December 2025 already",
        |m, case| paid(m, case, 2025, 11..12, |e| law::share(law::cap(2026), e.hours.unwrap_or(e.norm), e.norm)),
    ),
    lives(
        "TAF-102",
        8,
        "timer-delt-med-forkert-normtid",
        "Timerne er delt med 32 i stedet for normtiden, februar-marts 2026",
        "The hours were divided by 32 instead of the working hours, February and March 2026",
        |m, case| paid(m, case, 2026, 1..3, |e| law::share(law::cap(2026), e.hours.unwrap_or(e.norm), 32)),
    ),
    lives("TAF-102", 16, "måned-med-fejlværdi", "August 2025 viser #N/A", "August 2025 shows #N/A", |m, case| {
        let Some(i) = year(m, case, 2025) else { return Vec::new() };
        m.earnings[i].months[7] = Month::Failed;
        vec![(Judged::Month(i, 7), Answer::NotAssessed, None)]
    }),
    lives(
        "TAF-102",
        17,
        "timer-ikke-udfyldt",
        "Timer om ugen er ikke udfyldt i arket for 2024",
        "Hours a week are not filled in on the sheet of 2024",
        |m, case| {
            let Some(i) = year(m, case, 2024) else { return Vec::new() };
            m.earnings[i].hours = None;
            let months = (0..12).filter(|n| m.earnings[i].months[*n] != Month::None);
            months.map(|n| (Judged::Month(i, n), Answer::NotAssessed, Some("Timer/uge"))).collect()
        },
    ),
];

fn year(m: &Municipality, case: usize, year: i32) -> Option<usize> {
    of_case(&m.earnings, case).find(|&i| m.earnings[i].year == year)
}

fn paid(
    m: &mut Municipality,
    case: usize,
    of: i32,
    span: std::ops::Range<usize>,
    amount: fn(&super::record::Earnings) -> Decimal,
) -> Vec<Hit> {
    let Some(i) = year(m, case, of) else { return Vec::new() };
    let amount = amount(&m.earnings[i]);
    let mut hits = Vec::new();
    for month in span {
        m.earnings[i].months[month] = Month::Paid(amount);
        hits.push((Judged::Month(i, month), Answer::Violation, None));
    }
    hits
}
