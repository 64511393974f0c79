//! SAG-101 and 102: a notification is assessed within 24 hours and acknowledged within six weekdays.
//! SAG-104: the child is talked with before a decision. SAG-105: a placement has its plan in time. SAG-106
//! and 107: the child is followed up within three months, and then as agreed.

use crate::calendar::Date;

use super::{Answer, Beside, Hit, Judged, Plant, steps};
use crate::demo::law::{self, day, days, months};
use crate::demo::record::{Day, Municipality, find, of_case};
use crate::demo::steps::{Clock, FollowUp, Notification, Plan, Talk, Time, steps_of, talked_before};

pub(super) static STEPS: &[Plant] = &[
    steps(
        "SAG-101",
        0,
        "underretning-vurderet-et-minut-for-sent",
        "Underretningen er vurderet 24 timer og et minut efter modtagelsen",
        "The notification was assessed 24 hours and one minute after its receipt",
        |m, case| assessed(m, case, Answer::Violation, |n| n.assessed = Time::At(n.received.later(24 * 60 + 1))),
    ),
    steps(
        "SAG-101",
        23,
        "underretning-vurderet-efter-weekenden",
        "Underretningen er først vurderet mandag morgen i ugen efter",
        "The notification was not assessed before Monday morning of the next week",
        |m, case| {
            assessed(m, case, Answer::Violation, |n| {
                let monday = days(n.received.day, 8 - i64::from(n.received.day.weekday()));
                n.assessed = Time::At(Clock { day: monday, minute: n.received.minute + 10 });
            })
        },
    ),
    steps(
        "SAG-101",
        26,
        "underretning-aldrig-vurderet",
        "Underretningen er aldrig vurderet; sagen er lukket, men reglen gælder alle underretninger",
        "The notification was never assessed; the case is closed, but the rule is for every notification",
        |m, case| assessed(m, case, Answer::Violation, |n| n.assessed = Time::Empty),
    ),
    steps(
        "SAG-101",
        24,
        "vurderingens-tidspunkt-ulæseligt",
        "Vurderingens tidspunkt er skrevet som «samme dag»",
        "The time of the assessment is written as «samme dag» (the same day)",
        |m, case| assessed(m, case, Answer::NotAssessed, |n| n.assessed = Time::Typed("samme dag")),
    ),
    steps(
        "SAG-101",
        28,
        "modtaget-uden-klokkeslæt",
        "Underretningen er modtaget uden klokkeslæt og vurderet dagen efter: det kan være før eller efter 24 timer",
        "The notification was received at no time of day and assessed on the next day: before or after 24 hours",
        |m, case| {
            assessed(m, case, Answer::NotAssessed, |n| {
                n.hour_written = false;
                n.assessed = Time::At(Clock { day: days(n.received.day, 1), minute: 9 * 60 + 15 });
            })
        },
    ),
    steps(
        "SAG-101",
        27,
        "underretning-vurderet-i-sidste-minut",
        "Underretningen er vurderet præcis 24 timer efter modtagelsen, og det er i tide",
        "The notification was assessed exactly 24 hours after its receipt, which is in time",
        |m, case| {
            assessed(m, case, Answer::Violation, |n| n.assessed = Time::At(n.received.later(24 * 60)));
            Vec::new()
        },
    ),
    steps(
        "SAG-101",
        33,
        "underretning-uden-klokkeslæt-vurderet-samme-dag",
        "Modtagelse og vurdering er samme dag uden klokkeslæt, og det er i tide uanset timerne",
        "Receipt and assessment are on the same day without a time of day, in time whatever the hours",
        |m, case| {
            assessed(m, case, Answer::Violation, |n| {
                n.hour_written = false;
                n.assessed = Time::On(n.received.day);
            });
            Vec::new()
        },
    ),
    steps(
        "SAG-102",
        1,
        "kvittering-to-uger-efter",
        "Underretteren, en skole, fik kvittering to uger efter",
        "The notifier, a school, was sent an acknowledgement two weeks later",
        |m, case| acknowledged(m, case, Answer::Violation, "Skole", |n| n.acknowledged = Some(days(n.received.day, 14))),
    ),
    steps(
        "SAG-102",
        30,
        "ingen-kvittering",
        "Underretteren, politiet, har ikke fået kvittering",
        "The notifier, the police, was sent no acknowledgement",
        |m, case| acknowledged(m, case, Answer::Violation, "Politi/domstol", |n| n.acknowledged = None),
    ),
    steps(
        "SAG-102",
        36,
        "kvittering-ulæselig",
        "Kvitteringens dato er skrevet som «ja»",
        "The date of the acknowledgement is written as «ja» (yes)",
        |m, case| acknowledged(m, case, Answer::NotAssessed, "Skole", |n| n.acknowledged_written = Some("ja")),
    ),
    steps(
        "SAG-102",
        31,
        "kvittering-kun-for-sent-hvis-lørdag-tæller",
        "Kvitteringen er sendt på den sjette hverdag uden lørdag, den syvende med. Loven er ikke klar",
        "The acknowledgement was sent on the sixth weekday without Saturdays, the seventh with. The law is unclear",
        |m, case| {
            let hits = acknowledged(m, case, Answer::NotAssessed, "Skole", |n| {
                n.acknowledged = law::working_days().add(n.received.day, 6);
            });
            hits.into_iter().map(|(judged, answer, _)| (judged, answer, Some(""))).collect()
        },
    ),
    steps(
        "SAG-102",
        32,
        "anonym-uden-kvittering",
        "En anonym underretter har ikke fået kvittering, og det kan ingen give",
        "An anonymous notifier was sent no acknowledgement, which nobody could send",
        |m, case| {
            acknowledged(m, case, Answer::Violation, "Anonym", |n| n.acknowledged = None);
            Vec::new()
        },
    ),
    steps(
        "SAG-104",
        11,
        "børnesamtale-dagen-efter-afgørelsen",
        "Samtalen med barnet er holdt dagen efter den første afgørelse på sagen",
        "The talk with the child was held on the day after the case's first decision",
        |m, case| talked(m, case, Answer::Violation, |talk, decided| talk.on = days(decided, 1)),
    ),
    steps(
        "SAG-104",
        24,
        "samtale-udeladt-uden-grund",
        "Samtalen med barnet er udeladt, og der står ingen grund",
        "The talk with the child was left out, and no reason is given",
        |m, case| talked(m, case, Answer::Violation, |talk, _| talk.omitted = Some("")),
    ),
    steps(
        "SAG-104",
        10,
        "samtalens-dag-ulæselig",
        "Samtalens dato er skrevet som «i foråret»",
        "The day of the talk is written as «i foråret» (in spring)",
        |m, case| elsewhere(talked(m, case, Answer::NotAssessed, |talk, _| talk.on_written = Some("i foråret"))),
    ),
    steps(
        "SAG-104",
        8,
        "samtale-før-den-forrige-afgørelse",
        "Seneste samtale er fra før den forrige afgørelse og kan have handlet om den. Loven er ikke klar",
        "The latest talk is from before the previous decision and may have been about that one. The law is unclear",
        |m, case| elsewhere(talked_once(m, case, false)),
    ),
    steps(
        "SAG-104",
        23,
        "samtale-før-den-forrige-afgørelse-men-tilknyttet",
        "Samtalen er fra før den forrige afgørelse, men er knyttet til den, der træffes; det er nok",
        "The talk is from before the previous decision but linked to the one that is made, which suffices",
        |m, case| {
            talked_once(m, case, true);
            Vec::new()
        },
    ),
    steps(
        "SAG-104",
        3,
        "samtale-udeladt-med-grund",
        "Samtalen er udeladt, og grunden står der",
        "The talk was left out, and the reason stands",
        |m, case| {
            talked(m, case, Answer::Violation, |talk, _| talk.omitted = Some("Barnet ønskede ikke at tale"));
            Vec::new()
        },
    ),
    steps(
        "SAG-105",
        0,
        "plan-en-dag-for-sent",
        "Barnets plan er lavet dagen efter de tre måneder",
        "The child's plan was made on the day after the three months",
        |m, case| planned(m, case, Answer::Violation, |plan, decided| plan.made = days(months(decided, 3), 1)),
    ),
    steps(
        "SAG-105",
        3,
        "anbringelse-uden-plan",
        "Anbringelsen har ingen plan; forældreplanen er en anden plan",
        "The placement has no plan; the parents' plan is another",
        |m, case| planned(m, case, Answer::Violation, |plan, _| plan.kind = "Forældreplan"),
    ),
    steps(
        "SAG-105",
        7,
        "handleplan-efter-de-fire-måneder",
        "Anbringelsen er fra før 2024, og handleplanen er lavet dagen efter de fire måneder, som gælder, når det haster",
        "The placement is from before 2024, and its plan was made on the day after the four months of the urgent ones",
        |m, case| planned(m, case, Answer::Violation, |plan, decided| plan.made = days(months(decided, 4), 1)),
    ),
    steps(
        "SAG-105",
        37,
        "plan-dagen-efter-afgørelse-uden-samtykke",
        "Barnet er anbragt uden samtykke, og planen er lavet dagen efter afgørelsen i stedet for inden",
        "The child is placed without consent, and the plan was made on the day after the decision instead of before",
        |m, case| planned(m, case, Answer::Violation, |plan, decided| plan.made = days(decided, 1)),
    ),
    steps(
        "SAG-105",
        5,
        "plan-i-tide-men-registreret-som-handleplan",
        "Planen kom i tide, men er registreret som handleplan, og den findes ikke i barnets lov",
        "The plan came in time but is recorded as a handleplan, which barnets lov does not know",
        |m, case| planned(m, case, Answer::Partly, |plan, _| plan.kind = "Handleplan"),
    ),
    steps(
        "SAG-105",
        4,
        "planens-type-ukendt",
        "Planens type er skrevet som «plan»: den kan være den, der mangler",
        "The kind of the plan is written as «plan»: it may be the one that lacks",
        |m, case| {
            let hits = planned(m, case, Answer::NotAssessed, |plan, _| plan.kind = "plan");
            // The guilty cell stands with the plans, not with the placement.
            hits.into_iter().map(|(judged, answer, _)| (judged, answer, Some(""))).collect()
        },
    ),
    steps(
        "SAG-105",
        29,
        "anbringelsens-afgørelsesdato-tom",
        "Anbringelsens afgørelsesdato er ikke udfyldt; starten er en anden dag",
        "The placement's day of decision is not filled in; its start is another day",
        |m, case| {
            let Some(i) = placement(m, case) else { return Vec::new() };
            m.steps.placements[i].decided = Day::Empty;
            vec![(Judged::Placement(i), Answer::NotAssessed, Some("Afgørelsesdato"))]
        },
    ),
    steps(
        "SAG-105",
        2,
        "handleplan-fra-2023-gælder-videre",
        "Planen er en handleplan fra 2023; den gælder videre, og der mangler ingen barnets plan",
        "The plan is a handleplan of 2023; it stays in force, and no child's plan is missing",
        |m, case| {
            planned(m, case, Answer::Violation, |plan, _| (plan.kind, plan.made) = ("Handleplan", day(2023, 12, 20)));
            Vec::new()
        },
    ),
    steps(
        "SAG-106",
        23,
        "første-opfølgning-en-dag-for-sent",
        "Første opfølgning er holdt dagen efter de tre måneder",
        "The first follow-up was held on the day after the three months",
        |m, case| first_followed(m, case, Answer::Violation, |f, start| f.held = Some(days(months(start, 3), 1))),
    ),
    steps(
        "SAG-106",
        24,
        "første-opfølgning-aldrig-holdt",
        "Første opfølgning er planlagt, men ikke holdt",
        "The first follow-up is planned but was not held",
        |m, case| first_followed(m, case, Answer::Violation, |f, _| (f.held, f.next, f.result) = (None, None, "")),
    ),
    steps(
        "SAG-106",
        10,
        "opfølgningens-dag-ulæselig",
        "Dagen for første opfølgning er skrevet som «uge 34»",
        "The day of the first follow-up is written as «uge 34» (week 34)",
        |m, case| {
            let hits = first_followed(m, case, Answer::NotAssessed, |f, _| f.held_written = Some("uge 34"));
            // The guilty cell stands with the follow-ups, not with the grant.
            hits.into_iter().map(|(judged, answer, _)| (judged, answer, Some(""))).collect()
        },
    )
    .besides(day_unknown),
    steps(
        "SAG-106",
        11,
        "opfølgning-efter-undersøgelsens-afslutning",
        "Undersøgelsen sluttede, mens indsatsen løb; opfølgningen kom senere, men inden tre måneder. Loven er ikke klar",
        "The examination ended while the measure ran; the follow-up came later, but within three months. The law is unclear",
        |m, case| {
            let (Some(exam), Some(first)) = (find(&m.exams, case, "bfu"), first_grant(m, case)) else { return Vec::new() };
            let start = m.grants[first].start;
            let exam = &mut m.exams[exam];
            (exam.finished, exam.preliminary) = (Day::On(days(start, 20)), exam.due.map_or(Day::Empty, Day::On));
            vec![(Judged::Grant(first), Answer::NotAssessed, Some(""))]
        },
    ),
    steps(
        "SAG-106",
        30,
        "første-opfølgning-på-fristens-dag",
        "Første opfølgning er holdt på dagen, hvor de tre måneder er gået, og det er i tide",
        "The first follow-up was held on the day the three months were over, which is in time",
        |m, case| {
            first_followed(m, case, Answer::Violation, |f, start| f.held = Some(months(start, 3)));
            Vec::new()
        },
    ),
    steps(
        "SAG-107",
        0,
        "næste-opfølgning-en-dag-for-sent",
        "Den næste opfølgning er holdt dagen efter den aftalte",
        "The next follow-up was held on the day after the agreed one",
        |m, case| next_followed(m, case, Answer::Violation, |f, agreed| f.held = Some(days(agreed, 1))),
    ),
    steps(
        "SAG-107",
        2,
        "næste-opfølgning-aldrig-holdt",
        "Den aftalte opfølgning er ikke holdt",
        "The agreed follow-up was not held",
        |m, case| next_followed(m, case, Answer::Violation, |f, _| (f.held, f.next, f.result) = (None, None, "")),
    ),
    steps(
        "SAG-107",
        20,
        "over-seks-måneder-før-2024",
        "Før 2024 gik der seks måneder og en dag mellem to opfølgninger",
        "Before 2024, six months and a day lay between two follow-ups",
        |m, case| {
            let Some(held) = followed(m, case).and_then(|i| m.steps.follow_ups[i].held) else { return Vec::new() };
            next_followed(m, case, Answer::Violation, |f, _| f.held = Some(days(months(held, 6), 1)))
        },
    ),
    steps(
        "SAG-107",
        3,
        "næste-dato-ulæselig",
        "Den næste dato er skrevet som «efter sommerferien»",
        "The next date is written as «efter sommerferien» (after the summer holidays)",
        |m, case| {
            let Some(i) = followed(m, case) else { return Vec::new() };
            m.steps.follow_ups[i].next_written = Some("efter sommerferien");
            vec![(Judged::FollowUp(i), Answer::NotAssessed, Some("Næste dato"))]
        },
    ),
    steps(
        "SAG-107",
        4,
        "næste-opfølgning-på-den-aftalte-dag",
        "Den næste opfølgning er holdt på den aftalte dag, og det er i tide",
        "The next follow-up was held on the agreed day, which is in time",
        |m, case| {
            next_followed(m, case, Answer::Violation, |f, agreed| f.held = Some(agreed));
            Vec::new()
        },
    ),
];

/// The first grant of a case that is followed up.
fn first_grant(m: &Municipality, case: usize) -> Option<usize> {
    of_case(&m.grants, case).find(|&i| m.steps.follow_ups.iter().any(|f| f.case == case && f.grant == i))
}

/// Changes the first follow-up of the case's first grant, told the day the grant began.
fn first_followed(m: &mut Municipality, case: usize, answer: Answer, change: impl FnOnce(&mut FollowUp, Date)) -> Vec<Hit> {
    let (Some(grant), Some(i)) = (first_grant(m, case), followed(m, case)) else { return Vec::new() };
    let start = m.grants[grant].start;
    change(&mut m.steps.follow_ups[i], start);
    vec![(Judged::Grant(grant), answer, Some("Startdato"))]
}

/// The first follow-up of the case's first grant.
fn followed(m: &Municipality, case: usize) -> Option<usize> {
    let grant = first_grant(m, case)?;
    steps_of(&m.steps.follow_ups, case, |f| f.case).find(|&i| m.steps.follow_ups[i].grant == grant)
}

/// Changes the second follow-up, told the day agreed at the first, which is judged.
fn next_followed(m: &mut Municipality, case: usize, answer: Answer, change: impl FnOnce(&mut FollowUp, Date)) -> Vec<Hit> {
    let Some(i) = followed(m, case) else { return Vec::new() };
    let (grant, Some(agreed)) = (m.steps.follow_ups[i].grant, m.steps.follow_ups[i].next) else { return Vec::new() };
    let Some(next) = m.steps.follow_ups.get_mut(i + 1).filter(|f| f.grant == grant) else { return Vec::new() };
    change(next, agreed);
    vec![(Judged::FollowUp(i), answer, Some("Næste dato"))]
}

/// A follow-up whose day cannot be read is itself not judged for what came after it.
fn day_unknown(m: &Municipality, case: usize) -> Vec<Beside> {
    let of = followed(m, case).into_iter();
    of.map(|i| ("SAG-107", (Judged::FollowUp(i), Answer::NotAssessed, Some("UdførtDato")))).collect()
}

/// The last placement of a case.
fn placement(m: &Municipality, case: usize) -> Option<usize> {
    steps_of(&m.steps.placements, case, |p| p.case).last()
}

/// Changes the plan of the case's last placement, told the day of the decision.
fn planned(m: &mut Municipality, case: usize, answer: Answer, change: impl FnOnce(&mut Plan, Date)) -> Vec<Hit> {
    let Some(i) = placement(m, case) else { return Vec::new() };
    let placed = &m.steps.placements[i];
    let (start, Some(decided)) = (m.grants[placed.grant].start, placed.decided.date()) else { return Vec::new() };
    let mut plans = steps_of(&m.steps.plans, case, |p| p.case);
    let serves = |plan: &Plan| plan.kind != "Forældreplan" && plan.ended.is_none_or(|end| end >= start);
    let Some(plan) = plans.find(|&p| serves(&m.steps.plans[p])) else { return Vec::new() };
    change(&mut m.steps.plans[plan], decided);
    vec![(Judged::Placement(i), answer, Some("Afgørelsesdato"))]
}

/// The first notification of a case.
fn notification(m: &mut Municipality, case: usize) -> Option<usize> {
    steps_of(&m.steps.notifications, case, |n| n.case).next()
}

/// The guilty cell stands in another file, or in none.
fn elsewhere(hits: Vec<Hit>) -> Vec<Hit> {
    hits.into_iter().map(|(judged, answer, _)| (judged, answer, Some(""))).collect()
}

/// The case's grants that a talk must come before, each with its day of decision, the earliest first.
fn decisions(m: &Municipality, case: usize) -> Vec<(Date, usize)> {
    let grants = of_case(&m.grants, case).filter(|&i| m.grants[i].status != "Kladde");
    let grants = grants.filter(|&i| talked_before(m.grants[i].service.decision));
    let mut all: Vec<_> = grants.filter_map(|i| Some((m.grants[i].decided?, i))).collect();
    all.sort_unstable();
    all
}

/// Changes every talk up to the case's first decision, which is judged on each grant of that day.
fn talked(m: &mut Municipality, case: usize, answer: Answer, change: impl Fn(&mut Talk, Date)) -> Vec<Hit> {
    let decisions = decisions(m, case);
    let Some((first, _)) = decisions.first().copied() else { return Vec::new() };
    for i in steps_of(&m.steps.talks, case, |t| t.case) {
        let talk = &mut m.steps.talks[i];
        if talk.on <= first {
            change(talk, first);
        }
    }
    let of_the_day = decisions.into_iter().filter(|(day, _)| *day == first);
    of_the_day.map(|(_, i)| (Judged::Decision(i), answer, Some("Afgørelsesdato"))).collect()
}

/// Moves the talk before the case's second decision to the day of the one before the first, and perhaps unlinks it.
fn talked_once(m: &mut Municipality, case: usize, linked: bool) -> Vec<Hit> {
    let decisions = decisions(m, case);
    let Some((first, _)) = decisions.first().copied() else { return Vec::new() };
    let Some((second, i)) = decisions.into_iter().find(|(day, _)| *day > first) else { return Vec::new() };
    let talks = steps_of(&m.steps.talks, case, |t| t.case);
    let Some(earlier) = talks.clone().map(|t| m.steps.talks[t].on).filter(|on| *on <= first).max() else { return Vec::new() };
    for t in talks {
        let talk = &mut m.steps.talks[t];
        if talk.on > first && talk.on <= second {
            talk.on = earlier;
            if !linked {
                talk.activity.clear();
            }
        }
    }
    vec![(Judged::Decision(i), Answer::NotAssessed, Some("Afgørelsesdato"))]
}

/// Changes how the case's first notification, sent by `from`, was acknowledged.
fn acknowledged(
    m: &mut Municipality,
    case: usize,
    answer: Answer,
    from: &'static str,
    change: impl FnOnce(&mut Notification),
) -> Vec<Hit> {
    let Some(i) = notification(m, case) else { return Vec::new() };
    m.steps.notifications[i].from = from;
    change(&mut m.steps.notifications[i]);
    vec![(Judged::Notification(i), answer, Some("Kvittering"))]
}

/// Changes the case's first notification; the cell to blame is the assessment, or the receipt that lost its hour.
fn assessed(m: &mut Municipality, case: usize, answer: Answer, change: impl FnOnce(&mut Notification)) -> Vec<Hit> {
    let Some(i) = notification(m, case) else { return Vec::new() };
    change(&mut m.steps.notifications[i]);
    let column = if m.steps.notifications[i].hour_written { "24-timers vurdering" } else { "Modtaget" };
    vec![(Judged::Notification(i), answer, Some(column))]
}
