//! BEV-102: a grant ends with the age it is for. BEV-107: an end date on every running grant. BEV-109: orders last twelve
//! months at most.

use super::grants::{beside_unreadable, ends};
use super::{Answer, Hit, Judged, Plant, lives};
use crate::demo::law::{days, months};
use crate::demo::record::{Day, Municipality, find};

pub(super) static LIMITS: &[Plant] = &[
    lives(
        "BEV-102",
        20,
        "anbringelse-efter-18-år",
        "Anbringelsens slutdato ligger to måneder efter 18-årsdagen",
        "The placement ends two months after the 18th birthday",
        |m, case| beyond(m, case, "anbringelse", 18),
    ),
    lives(
        "BEV-102",
        32,
        "ungestøtte-efter-23-år",
        "Ungestøttens slutdato ligger to måneder efter 23-årsdagen",
        "The youth support ends two months after the 23rd birthday",
        |m, case| beyond(m, case, "ungestøtte", 23),
    ),
    lives(
        "BEV-102",
        6,
        "slut-på-18-årsdagen",
        "Anbringelsen slutter på 18-årsdagen, og det må den",
        "The placement ends on the 18th birthday, which it may",
        |m, case| {
            if let (Some(i), Some(adult)) = (find(&m.grants, case, "anbringelse"), m.cases[case].child.born.birthday(18)) {
                m.grants[i].end_written = Day::On(adult);
            }
            Vec::new()
        },
    ),
    lives(
        "BEV-107",
        19,
        "tabt-arbejdsfortjeneste-uden-stopdato",
        "Bevillingen af tabt arbejdsfortjeneste har ingen slutdato",
        "The grant of lost earnings has no end date",
        |m, case| ends(m, case, "tabt arbejdsfortjeneste", Day::Empty, Answer::Violation),
    ),
    lives(
        "BEV-107",
        35,
        "slutdato-løbende",
        "Slutdatoen på tabt arbejdsfortjeneste er skrevet som «løbende»",
        "The end date of the lost earnings is written as «løbende» (running)",
        |m, case| ends(m, case, "tabt arbejdsfortjeneste", Day::Typed("løbende"), Answer::NotAssessed),
    )
    .besides(|m, case| beside_unreadable(m, case, "tabt arbejdsfortjeneste", "BEV-107")),
    lives(
        "BEV-109",
        27,
        "pålæg-over-12-måneder",
        "Pålægget løber en dag for længe: tolv måneder og en dag fra starten",
        "The order runs a day too long: twelve months and a day from its start",
        |m, case| {
            let Some(i) = find(&m.grants, case, "pålæg") else { return Vec::new() };
            m.grants[i].end_written = Day::On(days(months(m.grants[i].start, 12), 1));
            vec![(Judged::Grant(i), Answer::Violation, Some("Slutdato"))]
        },
    ),
    lives(
        "BEV-109",
        24,
        "pålæg-indtil-videre",
        "Pålæggets slutdato er skrevet som «indtil videre»",
        "The end date of the order is written as «indtil videre» (until further notice)",
        |m, case| ends(m, case, "pålæg", Day::Typed("indtil videre"), Answer::NotAssessed),
    )
    .besides(|m, case| beside_unreadable(m, case, "pålæg", "BEV-109")),
];

/// The grant ends two months after the birthday.
fn beyond(m: &mut Municipality, case: usize, role: &str, years: i64) -> Vec<Hit> {
    let (Some(i), Some(birthday)) = (find(&m.grants, case, role), m.cases[case].child.born.birthday(years)) else {
        return Vec::new();
    };
    m.grants[i].end_written = Day::On(months(birthday, 2));
    vec![(Judged::Grant(i), Answer::Violation, Some("Slutdato"))]
}
