//! SAG-101: a notification is assessed within 24 hours.

use super::{Answer, Hit, Judged, Plant, steps};
use crate::demo::law::days;
use crate::demo::record::Municipality;
use crate::demo::steps::{Clock, Notification, Time, steps_of};

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
];

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
