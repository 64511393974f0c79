//! October 2026: what is paid under the grants, what the accounts say of it, and what parents pay.

use super::law::{self, day, days};
use super::life::BLOCK;
use super::random::Random;
use super::record::{Grant, Month, Municipality, Payment, Posting, Supplier, find, of_case};
use super::service::{OTHER_MUNICIPALITY, OWN_MUNICIPALITY};
use crate::calendar::Date;
use crate::value::Decimal;

/// The parents' payments: the role of the posting, the part the case plays in its block, and whether the father pays.
const PARENTS: [(&str, usize, bool); 12] = [
    ("egenbetaling mor", 0, false),
    ("egenbetaling far", 0, true),
    ("egenbetaling mor", 1, false),
    ("egenbetaling mor", 2, false),
    ("egenbetaling far", 2, true),
    ("egenbetaling mor", 3, false),
    ("egenbetaling far", 4, true),
    ("egenbetaling mor", 4, false),
    ("egenbetaling mor", 5, false),
    ("egenbetaling far", 5, true),
    ("egenbetaling mor", 7, false),
    ("egenbetaling september", 7, false),
];

/// Adds the month's payments and postings.
pub(super) fn month(m: &mut Municipality, seed: u64) {
    let first = day(2026, 10, 1);
    let mut books = Books { random: Random::part(seed, 1 << 40), next_payment: 700_012, next_posting: 4_100 };
    for case in 0..m.cases.len() {
        for grant in of_case(&m.grants, case) {
            books.pay(m, case, grant, first);
        }
        for (role, part, father) in PARENTS {
            if part == case % BLOCK {
                books.parent(m, case, role, father, first);
            }
        }
        books.others(m, case, first);
    }
}

struct Books {
    random: Random,
    next_payment: u64,
    next_posting: i64,
}

impl Books {
    fn pay(&mut self, m: &mut Municipality, case: usize, index: usize, first: Date) {
        let Some(grant) = m.grants.get(index).filter(|g| runs(g, first)).cloned() else { return };
        let Some(of) = m.cases.get(case).filter(|c| c.closed.is_none()) else { return };
        // Lost earnings are paid as the workbook has them, also where that is too much.
        let reckoned = m.earnings[of_case(&m.earnings, case)]
            .iter()
            .find(|e| e.year == first.year())
            .map(|e| e.months[first.month() as usize - 1]);
        let amount = match (grant.service.konto, reckoned) {
            ("5.57.72.1.015", Some(Month::Paid(amount))) => amount,
            _ => grant.amount,
        };
        let receiver = match (&grant.supplier, grant.service.konto) {
            // Lost earnings are booked on the parent, all other help on the child.
            (Supplier::Person(parent), "5.57.72.1.015") => parent.cpr.clone(),
            _ => of.child.cpr.clone(),
        };
        let waiting = matches!(grant.supplier, Supplier::Company(..)) && self.random.between(1, 6) == 1;
        let paid = (!waiting).then(|| days(first, self.random.between(0, 1)));
        let note = if waiting { "afventer faktura; rykket" } else { "" };
        m.payments.push(Payment { id: self.next_payment, grant: index, amount, date: first, paid, note });
        self.next_payment += 1;
        if waiting {
            return;
        }
        let art = if grant.service.konto.starts_with("5.57.72") { "52000000" } else { "40000000" };
        let payer = match &grant.supplier {
            Supplier::Person(person) => (person.cpr.clone(), "02"),
            Supplier::Company(_, cvr) => ((*cvr).to_owned(), "03"),
        };
        let text = format!("{} oktober 2026", grant.service.name);
        self.post(m, case, "udgift", art, grant.service.konto, amount, text, payer, receiver, first);
    }

    fn parent(&mut self, m: &mut Municipality, case: usize, role: &'static str, father: bool, first: Date) {
        let Some(of) = m.cases.get(case) else { return };
        let payer = if father { of.father.as_ref() } else { Some(&of.mother) };
        let Some(payer) = payer else { return };
        let Some(grant) = find(&m.grants, case, "anbringelse").map(|i| &m.grants[i]) else { return };
        let month = if role == "egenbetaling september" { law::months(first, -1) } else { first };
        let konto = parents_account(grant.service.konto);
        let (payer, receiver) = ((payer.cpr.clone(), "02"), of.child.cpr.clone());
        let amount = Decimal::new(i128::from(-25 * self.random.between(2_000, 20_640)), 2);
        let text = format!("Forældres egenbetaling {:02}.{}", month.month(), month.year());
        self.post(m, case, role, "79900000", konto, amount, text, payer, receiver, month);
    }

    /// Income and corrections that are no parent's payment.
    fn others(&mut self, m: &mut Municipality, case: usize, first: Date) {
        let Some(of) = m.cases.get(case) else { return };
        let child = of.child.cpr.clone();
        let placed = find(&m.grants, case, "anbringelse").map(|i| m.grants[i].clone());
        match (case % BLOCK, placed) {
            (2, Some(_)) => {
                // Too much was collected in the summer and is paid back to the mother.
                let mother = (of.mother.cpr.clone(), "02");
                let amount = Decimal::new(i128::from(25 * self.random.between(2_000, 6_000)), 2);
                let text = "Tilbagebetaling af egenbetaling".to_owned();
                self.post(m, case, "tilbagebetaling", "79900000", "5.28.22.1.092", amount, text, mother, child, first);
            }
            (4, Some(grant)) => {
                let Supplier::Company(_, cvr) = grant.supplier else { return };
                let amount = Decimal::new(i128::from(-100 * self.random.between(1_200, 9_000)), 2);
                let text = "Kreditnota, fraværsdøgn".to_owned();
                let payer = (cvr.to_owned(), "03");
                self.post(m, case, "kreditnota", "40000000", grant.service.konto, amount, text, payer, child, first);
            }
            (6, Some(grant)) if of.payer != OWN_MUNICIPALITY => {
                let Some(amount) = grant.amount.negate() else { return };
                let text = format!("Mellemkommunal betaling, {}", OTHER_MUNICIPALITY.0);
                let payer = (OTHER_MUNICIPALITY.1.to_owned(), "03");
                self.post(m, case, "mellemkommunal", "77000000", grant.service.konto, amount, text, payer, child, first);
            }
            _ => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of a posting")]
    fn post(
        &mut self,
        m: &mut Municipality,
        case: usize,
        role: &'static str,
        art: &'static str,
        konto: &'static str,
        amount: Decimal,
        text: String,
        payer: (String, &'static str),
        receiver: String,
        month: Date,
    ) {
        let id = format!("OP26-{:05}", self.next_posting);
        self.next_posting += self.random.between(1, 6);
        m.postings.push(Posting { case, role, id, art, konto, amount, text, payer, receiver, month });
    }
}

/// Whether a grant is paid for the month that begins on `first`.
fn runs(grant: &Grant, first: Date) -> bool {
    grant.status == "Godkendt" && grant.start <= first && grant.end.is_none_or(|end| end >= first)
}

/// Where parents' payments towards a placement belong.
fn parents_account(cost: &str) -> &'static str {
    match cost.get(..7) {
        Some("5.28.20") => "5.28.20.1.092",
        Some("5.28.23") => "5.28.23.1.092",
        _ => "5.28.22.1.092",
    }
}
