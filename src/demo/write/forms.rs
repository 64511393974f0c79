//! Placements in the statistics' shape, supervision and parents' payments as the department keeps them, and the staff list.

use super::csv::{Csv, Text};
use super::xlsx::{Book, Field};
use super::{cell, danish, hyphened, order, places};
use crate::demo::facit::Layouts;
use crate::demo::law::extract_date;
use crate::demo::plant::Judged;
use crate::demo::record::{Municipality, Supplier};
use crate::demo::service::OWN_MUNICIPALITY;
use crate::demo::{DemoError, Outlet};
use crate::value::Decimal;

const PLACEMENTS: &str = "DUBU_anbringelser_2026-10-31.csv";
const VISITS: &str = "Personrettet_tilsyn_2026-10-31.xlsx";
const PARENTAL: &str = "Foraeldrebetaling_2026-10-31.xlsx";
const WORKERS: &str = "DUBU_brugere_2026-10-31.csv";

/// Who a grant is paid to.
fn supplier(of: &Supplier) -> (&str, &str) {
    match of {
        Supplier::Person(person) => (&person.name, ""),
        Supplier::Company(name, cvr) => (name, cvr),
    }
}

/// Placements, with the codes of the statistics; an open end is 31-DEC-9999.
pub(super) fn placements(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let header = "Dato;Sagsnummer;CPR-nr.;Ydelses-ID;Afgørelsesdato;SAG_VFRA;SAG_VTIL;Anbringelsesgrundlag;Samtykke;STSTED;\
                  Anbringelsessted;CVR-nr.;Leverandør beliggenhedskommune;HAENDELSE;UDSTED;SLUTGRUND;EFTHJEM;\
                  Indberettet til DST/AST;Sagsbehandler";
    let mut csv = Csv::new(outlet.open(PLACEMENTS)?, Text::Ansi, header, "\r\n")?;
    let snapshot = danish(extract_date(), '-');
    let order = order(&m.steps.placements, |p| (m.cases[p.case].sagsnr.clone(), m.grants[p.grant].start));
    for &i in &order {
        let placement = &m.steps.placements[i];
        let (case, grant) = (&m.cases[placement.case], &m.grants[placement.grant]);
        let (name, cvr) = supplier(&grant.supplier);
        let ended = grant.end.filter(|end| *end < extract_date());
        csv.row([
            snapshot.as_str(),
            &case.sagsnr,
            &hyphened(&case.child.cpr),
            &grant.id,
            &cell(placement.decided),
            &danish(grant.start, '-'),
            &placement
                .end_written
                .map_or_else(|| ended.map_or_else(|| "31-DEC-9999".to_owned(), |end| danish(end, '-')), str::to_owned),
            grant.service.decision,
            placement.consent,
            placement.place,
            name,
            cvr,
            if placement.place == "27" { "0898" } else { OWN_MUNICIPALITY },
            placement.event,
            placement.before,
            placement.reason,
            placement.after,
            &danish(placement.reported, '-'),
            &m.workers[case.worker].initials,
        ])?;
    }
    places(layouts, PLACEMENTS, None, 1, order.into_iter().map(Judged::Placement));
    Ok(csv.close()?)
}

/// Supervision visits: a workbook with real dates under a title.
pub(super) fn visits(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let mut book = Book::new()?;
    book.sheet("Tilsyn")?;
    book.row(&[Field::Text("Personrettet tilsyn. Udtrukket den 31-10-2026")])?;
    book.row(&[])?;
    book.header(
        "Udtræksdato|Sagsnummer|CPR-nr.|Tilsynsdato|Art|Talt med barnet|Anbringelsessted|Udført af|Udført af 2|Næste dato|Bemærkning",
    )?;
    for i in order(&m.steps.visits, |v| (v.on, m.cases[v.case].sagsnr.clone())) {
        let visit = &m.steps.visits[i];
        let case = &m.cases[visit.case];
        book.row(&[
            Field::Day(extract_date()),
            Field::Text(&case.sagsnr),
            Field::Text(&hyphened(&case.child.cpr)),
            Field::Day(visit.on),
            Field::Text(if visit.announced { "Anmeldt" } else { "Uanmeldt" }),
            Field::Text("Ja"),
            Field::Text(supplier(&m.grants[visit.grant].supplier).0),
            Field::Text(&m.workers[visit.workers[0]].initials),
            Field::Text(&m.workers[visit.workers[1]].initials),
            Field::Day(visit.next),
            Field::Empty,
        ])?;
    }
    Ok(book.save(outlet.open(VISITS)?)?)
}

/// Parents' payments: one sheet, a row for each year.
pub(super) fn parental(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let mut book = Book::new()?;
    book.sheet("Forældrebetaling")?;
    book.header(
        "Udtræksdato|Sagsnummer|Barnets CPR|Forælder CPR|Anbringelse start|Indkomstgrundlag|Antal børn|Procent|\
         Betaling pr. md.|Opkrævet|Fritaget|Begrundelse|Afgørelsesdato|Gyldig fra|Gyldig til|Sagsbehandler",
    )?;
    let mut order = order(&m.steps.parental, |p| (m.cases[p.case].sagsnr.clone(), p.from));
    order.retain(|&i| !m.steps.parental[i].forgotten);
    for &i in &order {
        let row = &m.steps.parental[i];
        let case = &m.cases[row.case];
        let nothing = row.collected == Decimal::whole(0);
        book.row(&[
            Field::Day(extract_date()),
            Field::Text(&case.sagsnr),
            Field::Text(&hyphened(&case.child.cpr)),
            Field::Text(&hyphened(&row.parent)),
            Field::Day(row.placed),
            row.income_written.map_or(Field::Amount(row.income), Field::Text),
            Field::Whole(1),
            Field::Whole(18),
            Field::Amount(row.monthly),
            row.collected_written.map_or(Field::Amount(row.collected), Field::Text),
            Field::Text(if row.exempt.is_some() { "Ja" } else { "Nej" }),
            Field::Text(row.exempt.or(row.reduced).unwrap_or(if nothing { "under 100 kr. om måneden" } else { "" })),
            Field::Day(row.decided),
            Field::Day(row.from),
            row.until.map_or(Field::Empty, Field::Day),
            Field::Text(&m.workers[case.worker].initials),
        ])?;
    }
    places(layouts, PARENTAL, Some("Forældrebetaling"), 1, order.into_iter().map(Judged::Parental));
    Ok(book.save(outlet.open(PARENTAL)?)?)
}

/// The staff, as the case system lists its users; whoever is still there has no last day.
pub(super) fn workers(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "Udtræksdato;brugernavn;fuldeNavn;email;Afdeling;Stilling;Ansat fra;gyldigTil;Normtid;Leder;Sager max";
    let mut csv = Csv::new(outlet.open(WORKERS)?, Text::Ansi, header, "\r\n")?;
    let snapshot = danish(extract_date(), '-');
    for worker in &m.workers {
        let plain = worker.initials.to_lowercase().replace('æ', "ae").replace('ø', "oe").replace('å', "aa");
        csv.row([
            snapshot.as_str(),
            &worker.initials,
            &worker.person.name,
            &format!("{plain}@demokommune.invalid"),
            worker.team,
            worker.position,
            &danish(worker.from, '-'),
            &worker.until.map_or_else(|| "31-12-9999".to_owned(), |until| danish(until, '-')),
            "37",
            if worker.cases.is_none() { "Ja" } else { "Nej" },
            &worker.cases.map_or_else(String::new, |cases| cases.to_string()),
        ])?;
    }
    Ok(csv.close()?)
}
