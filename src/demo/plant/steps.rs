//! SAG-101: a notification is assessed within 24 hours. SAG-105: a placement has its plan in time.

use crate::calendar::Date;

use super::{Answer, Hit, Judged, Plant, steps};
use crate::demo::law::{day, days, months};
use crate::demo::record::{Day, Municipality};
use crate::demo::steps::{Clock, Notification, Plan, Time, steps_of};

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
];

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

/// Changes the case's first notification; the cell to blame is the assessment, or the receipt that lost its hour.
fn assessed(m: &mut Municipality, case: usize, answer: Answer, change: impl FnOnce(&mut Notification)) -> Vec<Hit> {
    let Some(i) = notification(m, case) else { return Vec::new() };
    change(&mut m.steps.notifications[i]);
    let column = if m.steps.notifications[i].hour_written { "24-timers vurdering" } else { "Modtaget" };
    vec![(Judged::Notification(i), answer, Some(column))]
}
