//! What others than the case system keep: the provider's measures, the finance forecast, and a børnehus' admissions.

use std::collections::BTreeMap;

use super::csv::{Csv, Text};
use super::ods::Sheet;
use super::xlsx::Field;
use super::{danish, hyphened, maybe, order};
use crate::demo::law::{day, days, extract_date, months};
use crate::demo::random::Random;
use crate::demo::record::{Grant, Municipality};
use crate::demo::service::OWN_MUNICIPALITY;
use crate::demo::{DemoError, Outlet};
use crate::locale::Lang;
use crate::value::Decimal;

const MEASURES: &str = "Sofus_indsatser_2026-10-31.csv";
const FORECAST: &str = "Calibra_prognose_2026-10-31.txt";
const COURSES: &str = "Boernehus_indskrivninger_2026-10-31.ods";

/// Grants that the municipality's own family house and contact persons carry out.
fn is_own(grant: &Grant) -> bool {
    matches!(grant.service.konto, "5.28.21.1.003" | "5.28.21.1.007") && grant.status != "Kladde" && grant.start <= extract_date()
}

/// The provider's measures: its own numbers for measure and child, and no CPR.
pub(super) fn measures(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "Indsats ID;Indsatstype;Barn/ung ID;Barn/ung udførerområde;Teamleder/Koordinator;Teamleder/Koordinator ID;\
                  Årsag til ophør;Barn/ung status;Link;Henvisningsdato;Dato for match;Iværksættelsesdato;Stopdato;\
                  Sidst gældende antal ugentlige timer";
    let mut csv = Csv::new(outlet.open(MEASURES)?, Text::Ansi, header, "\r\n")?;
    for (n, i) in order(&m.grants, |g| g.id.clone()).into_iter().filter(|&i| is_own(&m.grants[i])).enumerate() {
        let grant = &m.grants[i];
        let mut random = Random::part(1, i as u64);
        let contact = grant.service.konto == "5.28.21.1.007";
        let (id, child) = (format!("{}", 60_210 + 3 * n), format!("B{:05}", 10_400 + grant.case));
        let referred = grant.decided.unwrap_or(grant.start).min(grant.start);
        let matched = days(referred, random.between(0, 5)).min(grant.start);
        let ended = grant.end.filter(|end| *end < extract_date());
        let reason =
            ended.map_or("", |_| *random.pick(&["Formål opfyldt", "Overgået til anden indsats", "Efter aftale med familien"]));
        csv.row([
            id.as_str(),
            grant.service.name,
            &child,
            if contact { "Kontaktpersoner" } else { "Familiehus" },
            if contact { "Lomusira Demolund" } else { "Tidabrik Modelskov" },
            if contact { "LODE" } else { "TIMO" },
            reason,
            if ended.is_some() { "Afsluttet" } else { "Aktiv" },
            &format!("https://sofus.demokommune.invalid/indsats/{id}"),
            &danish(referred, '-'),
            &danish(matched, '-'),
            &danish(grant.start, '-'),
            &maybe(ended),
            &format!("{},{}", random.between(1, 6), random.pick(&[0, 5])),
        ])?;
    }
    Ok(csv.close()?)
}

/// The year's forecast, a row for each kind of grant of a case: tabs and UTF-16, as Excel saves «Unicode text».
pub(super) fn forecast(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "Dato;Sagsnummer;Ydelse;År;Disponeret;Forbrugt;Forventet;Afvigelse";
    let mut csv = Csv::new(outlet.open(FORECAST)?, Text::Unicode, header, "\r\n")?;
    let (snapshot, year) = (danish(extract_date(), '-'), extract_date().year());
    let mut lines: BTreeMap<(&str, &str), [Decimal; 2]> = BTreeMap::new();
    for grant in m.grants.iter().filter(|g| g.status != "Kladde") {
        let runs = |month: u32| {
            let first = day(year, month, 1);
            grant.start <= first && grant.end.is_none_or(|end| end >= first)
        };
        let amounts = [1..=extract_date().month(), 1..=12].map(|span| {
            let paid = span.filter(|&month| runs(month)).count();
            grant.amount.times(Decimal::whole(paid as i64)).unwrap_or(Decimal::whole(0))
        });
        if amounts[1] == Decimal::whole(0) {
            continue;
        }
        let line = lines.entry((&m.cases[grant.case].sagsnr, grant.service.name)).or_insert([Decimal::new(0, 2); 2]);
        for (sum, amount) in line.iter_mut().zip(amounts) {
            *sum = sum.plus(amount).unwrap_or(*sum);
        }
    }
    for ((sagsnr, name), [used, expected]) in lines {
        // What was set aside in the budget, in whole thousands.
        let thousand = Decimal::whole(1_000);
        let planned = expected.over(thousand).and_then(|n| n.round(0)).and_then(|n| n.times(thousand)).unwrap_or(expected);
        let off = planned.minus(expected).unwrap_or(Decimal::whole(0));
        let shown = |amount: Decimal| amount.round(2).unwrap_or(amount).show(Lang::Da);
        let (planned, used, expected, off) = (shown(planned), shown(used), shown(expected), shown(off));
        csv.row([snapshot.as_str(), sagsnr, name, &year.to_string(), &planned, &used, &expected, &off])?;
    }
    Ok(csv.close()?)
}

/// The børnehus' admissions, as its OpenDocument list.
pub(super) fn courses(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let mut sheet = Sheet::new(
        "Indskrivninger",
        "Udtræksdato|Sagsnummer|CPR-nr.|Kommune|Modtaget|Indskrevet|Afsluttet|Indskrivningstid i dage|Sagstype|Overgrebstype|\
         Afregnet|Afregningsdato|Status|Ansvarlig",
    );
    for i in order(&m.steps.courses, |c| (c.admitted, m.cases[c.case].sagsnr.clone())) {
        let course = &m.steps.courses[i];
        let case = &m.cases[course.case];
        let settled = course.ended.map(|end| months(end.start_of_month(), 1)).filter(|day| *day <= extract_date());
        sheet.row(&[
            Field::Day(extract_date()),
            Field::Text(&case.sagsnr),
            Field::Text(&hyphened(&case.child.cpr)),
            Field::Text(OWN_MUNICIPALITY),
            Field::Day(course.referred),
            Field::Day(course.admitted),
            course.ended.map_or(Field::Empty, Field::Day),
            course.ended.map_or(Field::Empty, |end| Field::Whole(i64::from(end.days() - course.admitted.days()))),
            Field::Text("Børnehussag"),
            Field::Text(course.kind),
            Field::Text(if settled.is_some() { "Ja" } else { "Nej" }),
            settled.map_or(Field::Empty, Field::Day),
            Field::Text(if course.ended.is_some() { "Afsluttet" } else { "Indskrevet" }),
            Field::Text(course.by),
        ]);
    }
    sheet.save(outlet.open(COURSES)?)
}
