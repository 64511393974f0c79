//! The payment system: UTF-8, ISO dates, decimal comma.

use std::io;

use super::csv::{Csv, Text};
use crate::demo::Outlet;
use crate::demo::facit::Place;
use crate::demo::record::{Municipality, PaidTo, Payment, Supplier, Wrong};

const PAYMENTS: &str = "Pecunia_betalinger_2026-10.csv";

/// Payments by their number.
pub(super) struct Payments<'a> {
    m: &'a Municipality,
    csv: Csv,
    rows: u32,
}

impl<'a> Payments<'a> {
    pub(super) fn new(m: &'a Municipality, outlet: &mut dyn Outlet) -> io::Result<Payments<'a>> {
        let header = "id;amount;paid_amount;date;paid_date;account_string;payment_frequency;\
                      recipient_type;recipient_id;recipient_name;payment_method;\
                      price_per_unit;units;activity_id;section;sbsys_id;cpr_number;name;case_worker;team;\
                      paying_municipality;mother_cpr;father_cpr;note";
        Ok(Payments { m, csv: Csv::new(outlet.open(PAYMENTS)?, Text::Utf8, header, "\n")?, rows: 0 })
    }

    /// Writes a payment; where it came to stand.
    pub(super) fn row(&mut self, payment: &Payment) -> io::Result<Place> {
        let m = self.m;
        let grant = &m.grants[payment.grant];
        let case = &m.cases[grant.case];
        let worker = &m.workers[case.worker];
        let amount = payment.amount.plain().replace('.', ",");
        let (kind, id, name) = match &grant.supplier {
            Supplier::Person(person) => ("PERSON", person.cpr.as_str(), person.name.as_str()),
            Supplier::Company(name, cvr) => ("COMPANY", *cvr, *name),
        };
        let names = match payment.fault.map(|i| &m.pay_faults[i].wrong) {
            Some(Wrong::Names(other)) => other,
            Some(Wrong::Missing | Wrong::Grant) | None => &grant.id,
        };
        let method = match grant.service.paid_to {
            PaidTo::Family => "SD",
            PaidTo::Company => "INVOICE",
            PaidTo::Mother => "CASH",
        };
        self.rows = self.csv.row([
            payment.id.to_string().as_str(),
            &amount,
            if payment.paid.is_some() { &amount } else { "" },
            &payment.date.to_string(),
            &payment.paid.map_or_else(String::new, |paid| paid.to_string()),
            grant.service.konto,
            "MONTHLY",
            kind,
            id,
            name,
            method,
            &amount,
            "1",
            names,
            grant.service.decision,
            &case.sagsnr,
            &case.child.cpr,
            &case.child.name,
            &worker.initials,
            worker.team,
            case.payer,
            &case.mother.cpr,
            case.father.as_ref().map_or("", |father| &father.cpr),
            payment.note,
        ])?;
        Ok(Place { file: PAYMENTS.into(), sheet: None, record: self.rows, row: self.rows + 1, id: Some(payment.id.to_string()) })
    }

    /// Ends the file; how many rows it has.
    pub(super) fn close(self) -> io::Result<u32> {
        self.csv.close()?;
        Ok(self.rows)
    }
}
