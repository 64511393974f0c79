//! The payment system: UTF-8, ISO dates, decimal comma.

use super::csv::{Csv, Text};
use crate::demo::DemoFile;
use crate::demo::record::{Municipality, PaidTo, Supplier};

const PAYMENTS: &str = "Pecunia_betalinger_2026-10.csv";

/// Payments by their number.
pub(super) fn payments(m: &Municipality) -> DemoFile {
    let header = "id;amount;paid_amount;date;paid_date;account_string;payment_frequency;\
                  recipient_type;recipient_id;recipient_name;payment_method;\
                  price_per_unit;units;activity_id;section;sbsys_id;cpr_number;name;case_worker;team;\
                  paying_municipality;mother_cpr;father_cpr;note";
    let mut csv = Csv::new(header, "\n");
    for payment in &m.payments {
        let grant = &m.grants[payment.grant];
        let case = &m.cases[grant.case];
        let amount = payment.amount.plain().replace('.', ",");
        let (kind, id, name) = match &grant.supplier {
            Supplier::Person(person) => ("PERSON", person.cpr.as_str(), person.name.as_str()),
            Supplier::Company(name, cvr) => ("COMPANY", *cvr, *name),
        };
        let method = match grant.service.paid_to {
            PaidTo::Family => "SD",
            PaidTo::Company => "INVOICE",
            PaidTo::Mother => "CASH",
        };
        csv.row([
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
            &grant.id,
            grant.service.decision,
            &case.sagsnr,
            &case.child.cpr,
            &case.child.name,
            case.worker.initials,
            case.worker.team,
            case.payer,
            &case.mother.cpr,
            case.father.as_ref().map_or("", |father| &father.cpr),
            payment.note,
        ]);
    }
    DemoFile { name: PAYMENTS.to_owned(), bytes: csv.bytes(Text::Utf8) }
}
