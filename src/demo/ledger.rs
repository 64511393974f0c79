//! The books: month by month, what is paid under the grants, what the accounts say of it, and what parents pay.
//!
//! Entries are made one at a time and handed on, so that years of accounts need no memory.

use std::collections::BTreeMap;

use super::law::{self, day, days};
use super::life::BLOCK;
use super::random::Random;
use super::record::{BookFault, Grant, Month, Municipality, PayFault, Payment, Posting, Service, Supplier, Wrong, of_case};
use super::service::{OTHER_MUNICIPALITY, OWN_MUNICIPALITY, STATE};
use crate::calendar::Date;
use crate::value::Decimal;

/// Cases from which on the accounts go back for years.
const WHOLE_TOWN: usize = 1_000;

/// One line of the payment system or of the accounts.
pub(super) enum Entry {
    /// A payment.
    Payment(Payment),
    /// A posting.
    Posting(Posting),
}

/// First month of the payment system, and of the accounts.
fn first_months(m: &Municipality) -> (Date, Date) {
    if m.cases.len() < WHOLE_TOWN { (day(2026, 5, 1), day(2026, 8, 1)) } else { (day(2022, 1, 1), day(2022, 1, 1)) }
}

/// Hands on every payment and posting, in the order in which they are booked.
///
/// # Errors
/// Those of `take`.
pub(super) fn book<E>(m: &Municipality, seed: u64, take: impl FnMut(Entry) -> Result<(), E>) -> Result<(), E> {
    let last = law::extract_date().start_of_month();
    let faults = m.book_faults.iter().enumerate().map(|(i, f)| ((f.case, f.month, f.role), (i, f))).collect();
    let wrong = m.pay_faults.iter().enumerate().map(|(i, f)| ((f.grant, f.month), (i, f))).collect();
    let random = Random::part(seed, 1 << 40);
    let (first, booked_from) = first_months(m);
    let mut books = Books { m, take, faults, wrong, random, next_payment: 7_000_012, next_posting: 4_100, booked_from, first };
    while books.first <= last {
        for case in 0..m.cases.len() {
            books.case(case)?;
        }
        books.first = law::months(books.first, 1);
    }
    Ok(())
}

struct Books<'a, T> {
    m: &'a Municipality,
    take: T,
    faults: BTreeMap<(usize, Date, &'static str), (usize, &'a BookFault)>,
    wrong: BTreeMap<(usize, Date), (usize, &'a PayFault)>,
    random: Random,
    next_payment: u64,
    next_posting: i64,
    /// First month of the accounts.
    booked_from: Date,
    /// First day of the month that is booked.
    first: Date,
}

/// What a posting says, but for its number.
#[derive(Clone)]
struct Line {
    role: &'static str,
    art: &'static str,
    konto: &'static str,
    amount: Decimal,
    text: String,
    payer: (String, &'static str),
    receiver: String,
    period: (Date, Date),
}

impl<E, T: FnMut(Entry) -> Result<(), E>> Books<'_, T> {
    fn case(&mut self, case: usize) -> Result<(), E> {
        for index in of_case(&self.m.grants, case) {
            if runs(&self.m.grants[index], self.first) {
                self.pay(case, index)?;
            }
        }
        self.parent(case)?;
        self.others(case)
    }

    /// The whole month.
    fn month(&self) -> (Date, Date) {
        (self.first, self.first.end_of_month())
    }

    fn pay(&mut self, case: usize, index: usize) -> Result<(), E> {
        let m = self.m;
        let (grant, of) = (&m.grants[index], &m.cases[case]);
        let lost = grant.service.konto == "5.57.72.1.015";
        let amount = if lost {
            // Lost earnings are paid as the workbook has them, also where that is too much.
            let year = m.earnings[of_case(&m.earnings, case)].iter().find(|e| e.year == self.first.year());
            match year.map(|e| e.months[self.first.month() as usize - 1]) {
                Some(Month::Paid(amount)) => amount,
                Some(Month::Failed) => grant.amount,
                Some(Month::None) | None => return Ok(()),
            }
        } else {
            grant.amount
        };
        let receiver = match &grant.supplier {
            // Lost earnings are booked on the parent, all other help on the child.
            Supplier::Person(parent) if lost => &parent.cpr,
            _ => &of.child.cpr,
        };
        let company = matches!(grant.supplier, Supplier::Company(..));
        let fault = self.wrong.get(&(index, self.first)).copied();
        let waiting = company && self.first == law::extract_date().start_of_month() && self.random.between(1, 6) == 1;
        let paid = (!waiting).then(|| days(self.first, self.random.between(0, 1)));
        let note = if waiting { "afventer faktura; rykket" } else { "" };
        if fault.is_some_and(|(_, fault)| matches!(fault.wrong, Wrong::Missing)) {
            return Ok(());
        }
        let id = self.next_payment;
        self.next_payment += 1;
        let fault = fault.map(|(index, _)| index);
        (self.take)(Entry::Payment(Payment { id, grant: index, amount, date: self.first, paid, note, fault }))?;
        if waiting {
            return Ok(());
        }
        let art = if grant.service.konto.starts_with("5.57.72") { "52000000" } else { "40000000" };
        let payer = match &grant.supplier {
            Supplier::Person(person) => (person.cpr.clone(), "02"),
            Supplier::Company(_, cvr) => ((*cvr).to_owned(), "03"),
        };
        let mut left = amount;
        let parts = parts(grant.service, self.first);
        for (n, (what, share, period)) in parts.iter().enumerate() {
            let part = if n + 1 == parts.len() { left } else { share_of(amount, *share) };
            left = left.minus(part).unwrap_or(left);
            let text = format!("{} {what}", grant.service.name);
            let (payer, receiver) = (payer.clone(), receiver.clone());
            let konto = grant.service.konto;
            let role = if lost { "tabt arbejdsfortjeneste" } else { "udgift" };
            self.post(case, Line { role, art, konto, amount: part, text, payer, receiver, period: *period })?;
        }
        if lost || grant.service.konto == "5.57.72.1.009" {
            let half = share_of(amount, 500).negate().unwrap_or(amount);
            let text = format!("Statsrefusion 50 % {:02}.{}", self.first.month(), self.first.year());
            let (payer, receiver, period) = ((STATE.1.to_owned(), "03"), receiver.clone(), self.month());
            let konto = "5.57.72.2.002";
            self.post(case, Line { role: "refusion", art: "86000000", konto, amount: half, text, payer, receiver, period })?;
        }
        Ok(())
    }

    fn parent(&mut self, case: usize) -> Result<(), E> {
        let m = self.m;
        let Some(parental) = m.steps.parental_at(case, self.first) else { return Ok(()) };
        let Some(amount) = parental.collected.negate().filter(|amount| *amount < Decimal::whole(0)) else { return Ok(()) };
        let placed = of_case(&m.grants, case).rev().map(|i| &m.grants[i]);
        let Some(grant) = placed.filter(|g| g.service.kind == "Anbringelse").find(|g| g.start == parental.placed) else {
            return Ok(());
        };
        let line = Line {
            role: "egenbetaling",
            art: "79900000",
            konto: parents_account(grant.service.konto),
            amount,
            text: format!("Forældres egenbetaling {:02}.{}", self.first.month(), self.first.year()),
            payer: (parental.parent.clone(), "02"),
            receiver: m.cases[case].child.cpr.clone(),
            period: self.month(),
        };
        self.post(case, line)
    }

    /// Income and corrections that are no parent's payment.
    fn others(&mut self, case: usize) -> Result<(), E> {
        let m = self.m;
        let of = &m.cases[case];
        let part = case % BLOCK;
        if !matches!(part, 2 | 4 | 6) {
            return Ok(());
        }
        let first = self.first;
        let placed = of_case(&m.grants, case).map(|i| &m.grants[i]);
        let Some(grant) = placed.filter(|g| g.role == "anbringelse").find(|g| runs(g, first)) else { return Ok(()) };
        let (receiver, period) = (of.child.cpr.clone(), self.month());
        let line =
            |role, art, konto, amount, text: String, payer| Line { role, art, konto, amount, text, payer, receiver, period };
        let konto = grant.service.konto;
        match (part, &grant.supplier) {
            (2, _)
                if first.month() == 10 && m.steps.parental_at(case, first).is_some_and(|p| p.collected > Decimal::whole(0)) =>
            {
                // Too much was collected in the summer and is paid back.
                let payer = m.steps.parental_at(case, first).map_or_else(|| of.mother.cpr.clone(), |p| p.parent.clone());
                let amount = Decimal::new(i128::from(25 * self.random.between(2_000, 6_000)), 2);
                let text = "Tilbagebetaling af egenbetaling".to_owned();
                self.post(case, line("tilbagebetaling", "79900000", parents_account(konto), amount, text, (payer, "02")))
            }
            (4, Supplier::Company(_, cvr)) if self.random.between(1, 4) == 1 => {
                let amount = Decimal::new(i128::from(-100 * self.random.between(1_200, 9_000)), 2);
                let text = "Kreditnota, fraværsdøgn".to_owned();
                self.post(case, line("kreditnota", "40000000", konto, amount, text, ((*cvr).to_owned(), "03")))
            }
            (6, _) if of.payer != OWN_MUNICIPALITY => {
                // The fee and the costs are billed apart.
                let amount = grant.amount.negate().unwrap_or(grant.amount);
                let fee = share_of(amount, 800);
                let costs = amount.minus(fee).unwrap_or(fee);
                let payer = (OTHER_MUNICIPALITY.1.to_owned(), "03");
                let text = |what: &str| format!("Mellemkommunal betaling, {}, {what}", OTHER_MUNICIPALITY.0);
                let fee = line("mellemkommunal", "77000000", konto, fee, text("vederlag"), payer);
                let costs =
                    Line { role: "mellemkommunale omkostninger", amount: costs, text: text("omkostninger"), ..fee.clone() };
                self.post(case, fee)?;
                self.post(case, costs)
            }
            _ => Ok(()),
        }
    }

    fn post(&mut self, case: usize, line: Line) -> Result<(), E> {
        if self.first < self.booked_from {
            return Ok(());
        }
        let year = self.first.year() % 100;
        let id = format!("OP{year:02}-{:08}", self.next_posting);
        self.next_posting += self.random.between(1, 6);
        let Line { role, art, konto, amount, text, payer, receiver, period } = line;
        let mut posting = Posting { case, role, id, art, konto, amount, text, payer, receiver, period, fault: None };
        if let Some((index, fault)) = self.faults.get(&(case, self.first, role)).filter(|_| role != "udgift") {
            posting.art = fault.art.unwrap_or(posting.art);
            posting.konto = fault.konto.unwrap_or(posting.konto);
            if let Some(payer) = fault.payer {
                payer.clone_into(&mut posting.payer.0);
            }
            if fault.on_child {
                self.m.cases[case].child.cpr.clone_into(&mut posting.receiver);
            }
            posting.fault = Some(*index);
        }
        (self.take)(Entry::Posting(posting))
    }
}

/// The lines of a month's payment: what each is for, its part in thousandths, and its days.
fn parts(service: &Service, first: Date) -> Vec<(String, i64, (Date, Date))> {
    let whole = (first, first.end_of_month());
    let named = |names: &[(&str, i64)]| {
        names.iter().map(|(name, share)| (format!("{name} {:02}.{}", first.month(), first.year()), *share, whole)).collect()
    };
    match service.konto {
        "5.28.22.1.002" | "5.28.22.1.005" => named(&[
            ("kost og logi", 250),
            ("lommepenge", 18),
            ("beklædning", 27),
            ("kørsel", 25),
            ("fritid", 15),
            ("telefon", 6),
            ("ferie", 20),
            ("fødselsdag og jul", 9),
            ("kursus", 10),
            ("vederlag", 620),
        ]),
        "5.28.20.1.003" | "5.28.23.1.002" => named(&[
            ("skole", 90),
            ("lommepenge", 9),
            ("beklædning", 11),
            ("kørsel", 15),
            ("fritid", 6),
            ("ferie", 12),
            ("psykolog", 35),
            ("aktivitet", 8),
            ("tilsyn", 14),
            ("døgntakst", 800),
        ]),
        "5.28.20.1.004" | "5.28.20.1.005" => named(&[("lommepenge", 90), ("beklædning", 60), ("ophold", 850)]),
        "5.28.21.1.005" => dates(first, &[5], "uge til"),
        "5.28.21.1.007" => dates(first, &[1, 3, 5], "besøg"),
        "5.28.21.1.002" | "5.28.21.1.003" => dates(first, &[1, 2, 4, 5], "besøg"),
        _ => named(&[("måned", 1_000)]),
    }
}

/// A line for each of some weekdays in the month, all with the same part.
fn dates(first: Date, weekdays: &[u32], what: &str) -> Vec<(String, i64, (Date, Date))> {
    let month = (0..i64::from(first.end_of_month().day())).map(|n| days(first, n));
    let on: Vec<Date> = month.filter(|day| weekdays.contains(&day.weekday())).collect();
    let share = 1_000 / on.len().max(1) as i64;
    on.into_iter().map(|day| (format!("{what} {:02}.{:02}", day.day(), day.month()), share, (day, day))).collect()
}

/// Thousandths of an amount, to the øre.
fn share_of(amount: Decimal, thousandths: i64) -> Decimal {
    amount.times(Decimal::new(i128::from(thousandths), 3)).and_then(|n| n.round(2)).unwrap_or(amount)
}

/// Whether a grant is paid for the month that begins on `first`. An order costs nothing.
fn runs(grant: &Grant, first: Date) -> bool {
    grant.status != "Kladde" && grant.service.kind != "Pålæg" && grant.start <= first && grant.end.is_none_or(|end| end >= first)
}

/// Where parents' payments towards a placement belong.
fn parents_account(cost: &str) -> &'static str {
    match cost.get(..7) {
        Some("5.28.20") => "5.28.20.1.092",
        Some("5.28.23") => "5.28.23.1.092",
        _ => "5.28.22.1.092",
    }
}
