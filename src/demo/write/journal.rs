//! The case system's lists of steps: notifications, child talks, plans, follow-ups and activities.

use super::csv::{Csv, Text};
use super::{danish, hyphened, maybe, order, places, time, zulu};
use crate::demo::facit::Layouts;
use crate::demo::law::extract_date;
use crate::demo::plant::Judged;
use crate::demo::record::Municipality;
use crate::demo::steps::Time;
use crate::demo::{DemoError, Outlet};

const NOTIFICATIONS: &str = "DUBU_underretninger_2026-10-31.csv";
const TALKS: &str = "DUBU_boernesamtaler_2026-10-31.csv";
const PLANS: &str = "DUBU_planer_2026-10-31.csv";
const FOLLOW_UPS: &str = "DUBU_opfoelgninger_2026-10-31.csv";
const ACTIVITIES: &str = "DUBU_aktiviteter_2026-10-31.csv";

/// Day of the extract as these lists show it.
fn snapshot() -> String {
    danish(extract_date(), '-')
}

/// Notifications, with the times of day in Danish time.
pub(super) fn notifications(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let header = "Udtræksdato;Underretnings-ID;Sagsnummer;CPR-nr.;Modtaget;24-timers vurdering;Underretter;Årsag;Kvittering;\
                  Orientering til underretter;Beslutning;Revurderet;Behandlere;Sagsbehandler";
    let mut csv = Csv::new(outlet.open(NOTIFICATIONS)?, Text::Utf8Bom, header, "\r\n")?;
    let snapshot = snapshot();
    let order = order(&m.steps.notifications, |n| (n.received, n.id.clone()));
    for &i in &order {
        let n = &m.steps.notifications[i];
        let case = &m.cases[n.case];
        let workers: Vec<&str> = n.workers.iter().map(|w| m.workers[*w].initials.as_str()).collect();
        csv.row([
            snapshot.as_str(),
            &n.id,
            &case.sagsnr,
            &hyphened(&case.child.cpr),
            &time(if n.hour_written { Time::At(n.received) } else { Time::On(n.received.day) }),
            &time(n.assessed),
            n.from,
            n.reason,
            &n.acknowledged_written.map_or_else(|| maybe(n.acknowledged), str::to_owned),
            &maybe(n.told),
            n.outcome,
            &maybe(n.reassessed),
            &workers.join(", "),
            &m.workers[case.worker].initials,
        ])?;
    }
    places(layouts, NOTIFICATIONS, None, 1, order.into_iter().map(Judged::Notification));
    Ok(csv.close()?)
}

/// Child talks: «udeladt» says the contrary of held.
pub(super) fn talks(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "Udtræksdato;Samtale-ID;Sagsnummer;CPR-nr.;Samtaledato;Udeladt samtale;Begrundelse;inddragelseFormer;vedroerer;\
                  boernesamtalerForAktivitet;Sagsbehandler";
    let mut csv = Csv::new(outlet.open(TALKS)?, Text::Utf8, header, "\n")?;
    let snapshot = snapshot();
    for i in order(&m.steps.talks, |t| (m.cases[t.case].sagsnr.clone(), t.on)) {
        let talk = &m.steps.talks[i];
        let case = &m.cases[talk.case];
        csv.row([
            snapshot.as_str(),
            &format!("S{:06}", 200_000 + i),
            &case.sagsnr,
            &case.child.cpr,
            &talk.on_written.map_or_else(|| danish(talk.on, '-'), str::to_owned),
            if talk.omitted.is_some() { "Ja" } else { "Nej" },
            talk.omitted.unwrap_or_default(),
            talk.form,
            talk.about,
            &talk.activity,
            &m.workers[case.worker].initials,
        ])?;
    }
    Ok(csv.close()?)
}

/// Plans of every kind.
pub(super) fn plans(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "Udtræksdato;Plan-ID;Sagsnummer;CPR-nr.;Plantype;Udarbejdet;Revideret;Slutdato;Antal mål;Næste opfølgning;Status;\
                  Sagsbehandler";
    let mut csv = Csv::new(outlet.open(PLANS)?, Text::Utf8, header, "\n")?;
    let snapshot = snapshot();
    for i in order(&m.steps.plans, |p| (m.cases[p.case].sagsnr.clone(), p.made)) {
        let plan = &m.steps.plans[i];
        let case = &m.cases[plan.case];
        csv.row([
            snapshot.as_str(),
            &plan.id,
            &case.sagsnr,
            &case.child.cpr,
            plan.kind,
            &danish(plan.made, '-'),
            &maybe(plan.revised),
            &maybe(plan.ended),
            &plan.goals.to_string(),
            &maybe(plan.next),
            if plan.ended.is_some() { "Afsluttet" } else { "Aktiv" },
            &m.workers[case.worker].initials,
        ])?;
    }
    Ok(csv.close()?)
}

/// Follow-ups, held and planned.
pub(super) fn follow_ups(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let header = "Dato;Ydelses-ID;Sagsnummer;CPR-nr.;Opfølgningsfrist;UdførtDato;Opfølgningstype;Resultat;Næste dato;\
                  Sagsbehandler";
    let mut csv = Csv::new(outlet.open(FOLLOW_UPS)?, Text::Utf8Bom, header, "\r\n")?;
    let snapshot = snapshot();
    let order = order(&m.steps.follow_ups, |f| (m.grants[f.grant].id.clone(), f.planned));
    for &i in &order {
        let follow_up = &m.steps.follow_ups[i];
        let case = &m.cases[follow_up.case];
        csv.row([
            snapshot.as_str(),
            &m.grants[follow_up.grant].id,
            &case.sagsnr,
            &hyphened(&case.child.cpr),
            &danish(follow_up.planned, '-'),
            &follow_up.held_written.map_or_else(|| maybe(follow_up.held), str::to_owned),
            if follow_up.first { "3-mdr" } else { "Halvår" },
            follow_up.result,
            &follow_up.next_written.map_or_else(|| maybe(follow_up.next), str::to_owned),
            &m.workers[case.worker].initials,
        ])?;
    }
    places(layouts, FOLLOW_UPS, None, 1, order.into_iter().map(Judged::FollowUp));
    Ok(csv.close()?)
}

/// Activities under the names of the case system's interface.
pub(super) fn activities(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "id;sagsnummer;cprnr;type;undertype;status;lovpligtig;haendelsesDato;fristDato;primaerBehandlerNavn;\
                  vedroerer;sendt;begrundelse";
    let mut csv = Csv::new(outlet.open(ACTIVITIES)?, Text::Utf8, header, "\n")?;
    for i in order(&m.steps.activities, |a| (m.cases[a.case].sagsnr.clone(), a.at)) {
        let activity = &m.steps.activities[i];
        let case = &m.cases[activity.case];
        csv.row([
            activity.id.as_str(),
            &case.sagsnr,
            &case.child.cpr,
            activity.kind,
            activity.sub,
            "Aktiv",
            "true",
            &zulu(activity.at),
            &activity.due.map_or_else(String::new, |due| due.to_string()),
            &m.workers[case.worker].initials,
            "Barnet",
            &activity.sent.map_or_else(String::new, |sent| sent.to_string()),
            activity.reason,
        ])?;
    }
    Ok(csv.close()?)
}
