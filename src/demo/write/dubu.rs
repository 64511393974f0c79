//! The case system: cases, parents and examinations as text, grants as a workbook.

use std::collections::BTreeSet;

use super::csv::{Csv, Text};
use super::xlsx::{Book, Field};
use super::{cell, danish, hyphened, maybe, order, places};
use crate::demo::facit::Layouts;
use crate::demo::law::extract_date;
use crate::demo::plant::Judged;
use crate::demo::record::{Day, Municipality, Supplier};
use crate::demo::service::OWN_MUNICIPALITY;
use crate::demo::{DemoError, Outlet};

const CASES: &str = "DUBU_sager_2026-10-31.csv";
const PARENTS: &str = "DUBU_personer_2026-10-31.csv";
const EXAMINATIONS: &str = "DUBU_undersoegelser_2026-10-31.csv";
const GRANTS: &str = "DUBU_ydelser_2026-10-31.xlsx";

/// Cases: UTF-8 with BOM, CRLF, CPR with a hyphen.
pub(super) fn cases(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header =
        "Dato;Sagsnummer;CPR-nr.;Navn;Fødselsdato;Sagstype;Sag status;Oprettet;Afsluttet;Sagsbehandler;Afdeling;Handlekommune";
    let mut csv = Csv::new(outlet.open(CASES)?, Text::Utf8Bom, header, "\r\n")?;
    let snapshot = danish(extract_date(), '-');
    for i in order(&m.cases, |c| c.sagsnr.clone()) {
        let case = &m.cases[i];
        csv.row([
            snapshot.as_str(),
            &case.sagsnr,
            &hyphened(&case.child.cpr),
            &case.child.name,
            &danish(case.child.born, '-'),
            case.kind,
            if case.closed.is_some() { "Lukket" } else { "Åben" },
            &danish(case.opened, '-'),
            &maybe(case.closed),
            &m.workers[case.worker].initials,
            m.workers[case.worker].team,
            OWN_MUNICIPALITY,
        ])?;
    }
    Ok(csv.close()?)
}

/// The parents, each once: first name and surname apart.
pub(super) fn parents(m: &Municipality, outlet: &mut dyn Outlet) -> Result<(), DemoError> {
    let header = "Dato;CPR-nr.;Fornavn;Efternavn;Fødselsdato;Køn;CPR-status;Beskyttet adresse";
    let mut csv = Csv::new(outlet.open(PARENTS)?, Text::Utf8Bom, header, "\r\n")?;
    let snapshot = danish(extract_date(), '-');
    let mut told = BTreeSet::new();
    for i in order(&m.cases, |c| c.sagsnr.clone()) {
        let case = &m.cases[i];
        for (parent, sex) in [(Some(&case.mother), "K"), (case.father.as_ref(), "M")] {
            let Some(parent) = parent.filter(|parent| told.insert(parent.cpr.clone())) else { continue };
            let (first, last) = parent.name.split_once(' ').unwrap_or((&parent.name, ""));
            // One in forty lives where nobody may know.
            let hidden = if i % 40 == 37 && sex == "K" { "Ja" } else { "Nej" };
            let born = danish(parent.born, '-');
            csv.row([snapshot.as_str(), &hyphened(&parent.cpr), first, last, &born, sex, "Levende", hidden])?;
        }
    }
    Ok(csv.close()?)
}

/// Examinations: UTF-8 without BOM, CPR as ten digits.
pub(super) fn examinations(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let header = "Dato;Sagsnummer;CPR-nr.;Undersøgelsestype;Opmærksom dato;Startdato;Frist;\
                  Foreløbig vurdering;Afsluttet;Samtykke;Sagsbehandler";
    let mut csv = Csv::new(outlet.open(EXAMINATIONS)?, Text::Utf8, header, "\n")?;
    let snapshot = danish(extract_date(), '-');
    let order = order(&m.exams, |e| (m.cases[e.case].sagsnr.clone(), e.started));
    for &i in &order {
        let exam = &m.exams[i];
        let case = &m.cases[exam.case];
        csv.row([
            snapshot.as_str(),
            &case.sagsnr,
            &case.child.cpr,
            exam.kind,
            &cell(exam.aware),
            &danish(exam.started, '-'),
            &maybe(exam.due),
            &cell(exam.preliminary),
            &cell(exam.finished),
            exam.consent,
            &m.workers[case.worker].initials,
        ])?;
    }
    places(layouts, EXAMINATIONS, None, 1, order.into_iter().map(Judged::Exam));
    Ok(csv.close()?)
}

/// Grants: a workbook under a title, CPR numbers as numbers (the leading zero is lost), dates as bare serial numbers.
pub(super) fn grants(m: &Municipality, outlet: &mut dyn Outlet, layouts: &mut Layouts) -> Result<(), DemoError> {
    let mut book = Book::new()?;
    book.sheet("Ydelser")?;
    book.row(&[Field::Text("DUBU – ydelser. Udtrukket den 31-10-2026")])?;
    book.row(&[])?;
    let header = "Dato|Ydelses-ID|Startdato|Slutdato|Forventet varighed|Ydelsesbeløb|Antal|Sagstype|Sagsnummer|\
                  Type|Ydelsestype|Tilbud|Status|Afdeling|Afgørelsesparagraf|Foranstaltningsparagraf|Funktion|Leverandør|\
                  Enheds angivelse|Beregningsfrekvens|CPR-nr.|Sagsbehandler|Afgørelsesdato";
    book.header(header)?;
    let order = order(&m.grants, |g| g.id.clone());
    for &i in &order {
        let grant = &m.grants[i];
        let case = &m.cases[grant.case];
        let supplier = match &grant.supplier {
            Supplier::Person(person) => person.name.as_str(),
            Supplier::Company(name, _) => name,
        };
        book.row(&[
            Field::Serial(extract_date()),
            Field::Text(&grant.id),
            Field::Serial(grant.start),
            match grant.end_written {
                Day::Empty => Field::Empty,
                Day::On(date) => Field::Serial(date),
                Day::Typed(text) => Field::Text(text),
                Day::Never => Field::Whole(2_958_465),
            },
            Field::Text(&grant.duration),
            Field::Amount(grant.amount),
            Field::Whole(1),
            Field::Text(case.kind),
            Field::Text(&case.sagsnr),
            Field::Text(grant.service.kind),
            Field::Text(grant.service.name),
            Field::Text(grant.service.offer),
            Field::Text(grant.status),
            Field::Text(m.workers[case.worker].team),
            Field::Text(grant.service.decision),
            Field::Text(grant.service.measure),
            Field::Text(grant.function.unwrap_or_else(|| grant.service.konto.get(..7).unwrap_or_default())),
            Field::Text(supplier),
            Field::Text("Måned"),
            Field::Text("Månedlig"),
            Field::Digits(&case.child.cpr),
            Field::Text(&m.workers[case.worker].initials),
            grant.decided.map_or(Field::Empty, Field::Serial),
        ])?;
    }
    places(layouts, GRANTS, Some("Ydelser"), 3, order.into_iter().map(Judged::Grant));
    Ok(book.save(outlet.open(GRANTS)?)?)
}
