//! What the municipality holds before any system writes it: cases, examinations, grants, lost earnings, payments, postings;
//! the steps around them are in `steps`.

use super::people::Person;
use super::steps::Steps;
use crate::calendar::Date;
use crate::value::Decimal;

/// An amount of whole kroner.
pub(super) fn kr(kroner: i64) -> Decimal {
    Decimal::new(i128::from(kroner) * 100, 2)
}

/// What stands in a date cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// Nothing.
    Empty,
    /// A day.
    On(Date),
    /// Something typed by hand.
    Typed(&'static str),
    /// 31-12-9999, the systems' "no end".
    Never,
}

impl Day {
    /// The day, if it is one.
    pub(super) fn date(self) -> Option<Date> {
        match self {
            Day::On(date) => Some(date),
            Day::Empty | Day::Typed(_) | Day::Never => None,
        }
    }
}

/// A caseworker or a leader.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    /// Initials.
    pub(super) initials: String,
    /// The person.
    pub(super) person: Person,
    /// Team.
    pub(super) team: &'static str,
    /// Position.
    pub(super) position: &'static str,
    /// First day of work.
    pub(super) from: Date,
    /// Last day of work, of those who left.
    pub(super) until: Option<Date>,
    /// Cases that one may have at most.
    pub(super) cases: Option<i64>,
}

/// A child's case.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// Case number.
    pub(super) sagsnr: String,
    /// The child.
    pub(super) child: Person,
    /// The mother.
    pub(super) mother: Person,
    /// The father, where he is known.
    pub(super) father: Option<Person>,
    /// Kind of case.
    pub(super) kind: &'static str,
    /// Opened.
    pub(super) opened: Date,
    /// Closed, if it is.
    pub(super) closed: Option<Date>,
    /// Who has it: index of the worker.
    pub(super) worker: usize,
    /// Municipality that pays; another than ours for some who moved in.
    pub(super) payer: &'static str,
    /// Who of the parents pays for a placement.
    pub(super) paying: Paying,
}

/// Whether and who of the parents pays for a placement: the one the child lived with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paying {
    /// The mother, of this yearly income in 2022.
    Mother(i64),
    /// The father, where he is known; else the mother.
    Father(i64),
    /// Nobody, for this reason.
    Exempt(&'static str),
}

/// An examination or a screening.
#[derive(Debug, Clone)]
pub(super) struct Exam {
    /// Index of the case.
    pub(super) case: usize,
    /// What the plants call it.
    pub(super) role: &'static str,
    /// Kind as the system shows it.
    pub(super) kind: &'static str,
    /// When the municipality became aware.
    pub(super) aware: Day,
    /// Begun.
    pub(super) started: Date,
    /// The system's own deadline.
    pub(super) due: Option<Date>,
    /// Preliminary assessment.
    pub(super) preliminary: Day,
    /// Finished.
    pub(super) finished: Day,
    /// With or without consent.
    pub(super) consent: &'static str,
}

/// What can be granted.
#[derive(Debug)]
pub(super) struct Service {
    /// Kind of grant.
    pub(super) kind: &'static str,
    /// Ydelsestype.
    pub(super) name: &'static str,
    /// Tilbud.
    pub(super) offer: &'static str,
    /// Afgørelsesparagraf.
    pub(super) decision: &'static str,
    /// Foranstaltningsparagraf.
    pub(super) measure: &'static str,
    /// Authorised account of the cost.
    pub(super) konto: &'static str,
    /// Believable monthly amount, from and to, whole hundreds of kroner.
    pub(super) monthly: (i64, i64),
    /// Who is paid.
    pub(super) paid_to: PaidTo,
}

/// Who is paid for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PaidTo {
    /// A family, in person.
    Family,
    /// A company.
    Company,
    /// The child's mother.
    Mother,
}

/// Somebody who is paid.
#[derive(Debug, Clone)]
pub(super) enum Supplier {
    /// A person.
    Person(Person),
    /// A company: name and CVR.
    Company(&'static str, &'static str),
}

/// A grant.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    /// Index of the case.
    pub(super) case: usize,
    /// What the plants call it.
    pub(super) role: &'static str,
    /// Ydelses-ID.
    pub(super) id: String,
    /// What is granted.
    pub(super) service: &'static Service,
    /// Day of the decision; the steps settle it where the life has not.
    pub(super) decided: Option<Date>,
    /// First day.
    pub(super) start: Date,
    /// Last day in truth; payments follow it.
    pub(super) end: Option<Date>,
    /// Last day as the case system has it.
    pub(super) end_written: Day,
    /// Expected duration.
    pub(super) duration: String,
    /// Monthly amount.
    pub(super) amount: Decimal,
    /// Status as the system shows it.
    pub(super) status: &'static str,
    /// Function as the case system has it, where that is not the account's.
    pub(super) function: Option<&'static str>,
    /// Who is paid.
    pub(super) supplier: Supplier,
}

/// What stands in a month of a lost-earnings sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Month {
    /// No benefit.
    None,
    /// Gross benefit.
    Paid(Decimal),
    /// A formula that failed.
    Failed,
}

/// A parent's year in the lost-earnings workbook, for one child.
#[derive(Debug, Clone)]
pub(super) struct Earnings {
    /// Index of the child's case.
    pub(super) case: usize,
    /// Year, the name of the sheet.
    pub(super) year: i32,
    /// CPR of the parent.
    pub(super) parent: Person,
    /// Hours granted a week; `None` when nobody wrote them.
    pub(super) hours: Option<i64>,
    /// Working hours a week.
    pub(super) norm: i64,
    /// Monthly wage of full working hours before the benefit; it follows no later wages.
    pub(super) wage: Decimal,
    /// Applied before 2011: no cap. `None` when nobody wrote it.
    pub(super) before_2011: Option<bool>,
    /// First day of the grant, as the sheet has it.
    pub(super) from: Day,
    /// Last day of the grant, as the sheet has it.
    pub(super) until: Day,
    /// Employer's pension contribution of full working hours before the benefit.
    pub(super) employer: Option<Decimal>,
    /// Pension a month.
    pub(super) pension: Option<Decimal>,
    /// ATP a month, the whole contribution; of a parent with two children it stands on the first one's row.
    pub(super) atp: Month,
    /// January to December.
    pub(super) months: [Month; 12],
}

/// A payment of the payment system.
#[derive(Debug)]
pub(super) struct Payment {
    /// Running number.
    pub(super) id: u64,
    /// Index of the grant.
    pub(super) grant: usize,
    /// Amount due.
    pub(super) amount: Decimal,
    /// Due.
    pub(super) date: Date,
    /// Paid, if it is.
    pub(super) paid: Option<Date>,
    /// Free text.
    pub(super) note: &'static str,
    /// The fault planted in it: index.
    pub(super) fault: Option<usize>,
}

/// A line of the accounts.
#[derive(Debug)]
pub(super) struct Posting {
    /// Index of the case.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the tests that judge the books"))]
    pub(super) case: usize,
    /// What the plants call it.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the tests that judge the books"))]
    pub(super) role: &'static str,
    /// Referencenøgle.
    pub(super) id: String,
    /// Artskonto.
    pub(super) art: &'static str,
    /// Authorised account; the file has its PSP element only.
    pub(super) konto: &'static str,
    /// Amount; income is negative.
    pub(super) amount: Decimal,
    /// Text.
    pub(super) text: String,
    /// Payer or payee: number and its kind (02 person, 03 company).
    pub(super) payer: (String, &'static str),
    /// Whom the service is for: CPR.
    pub(super) receiver: String,
    /// First and last day it concerns.
    pub(super) period: (Date, Date),
    /// The fault planted in it: index.
    pub(super) fault: Option<usize>,
}

/// What is wrong with one line of the accounts.
#[derive(Debug, Clone)]
pub(super) struct BookFault {
    /// Case of the line.
    pub(super) case: usize,
    /// Its role.
    pub(super) role: &'static str,
    /// First day of its month.
    pub(super) month: Date,
    /// Another art.
    pub(super) art: Option<&'static str>,
    /// Another account.
    pub(super) konto: Option<&'static str>,
    /// Another payer.
    pub(super) payer: Option<&'static str>,
    /// Booked on the child instead of the parent.
    pub(super) on_child: bool,
}

/// What is wrong with the payment of one month under a grant.
#[derive(Debug, Clone)]
pub(super) struct PayFault {
    /// Index of the grant.
    pub(super) grant: usize,
    /// First day of the month.
    pub(super) month: Date,
    /// What is wrong.
    pub(super) wrong: Wrong,
}

/// How a payment goes wrong.
#[derive(Debug, Clone)]
pub(super) enum Wrong {
    /// It is neither paid nor booked.
    Missing,
    /// It names this ydelse.
    Names(String),
    /// The grant is at fault, and the payment with it.
    Grant,
}

/// Everything, in the order it was made. Records are named by their index, which nothing changes.
#[derive(Debug, Default)]
pub(super) struct Municipality {
    pub(super) cases: Vec<Case>,
    pub(super) exams: Vec<Exam>,
    pub(super) grants: Vec<Grant>,
    pub(super) earnings: Vec<Earnings>,
    pub(super) workers: Vec<Worker>,
    pub(super) steps: Steps,
    pub(super) book_faults: Vec<BookFault>,
    pub(super) pay_faults: Vec<PayFault>,
}

/// A record that belongs to a case. Records are made case by case, so those of a case stand together.
pub(super) trait OfCase {
    /// Index of the case.
    fn case(&self) -> usize;
    /// What the plants call it.
    fn role(&self) -> &'static str;
}

macro_rules! of_case {
    ($type:ident, $self:ident, $role:expr) => {
        impl OfCase for $type {
            fn case(&self) -> usize {
                self.case
            }
            fn role(&$self) -> &'static str {
                $role
            }
        }
    };
}

of_case!(Exam, self, self.role);
of_case!(Grant, self, self.role);
of_case!(Earnings, self, "år");

/// The indexes of a case's records.
pub(super) fn of_case<T: OfCase>(records: &[T], case: usize) -> std::ops::Range<usize> {
    records.partition_point(|r| r.case() < case)..records.partition_point(|r| r.case() <= case)
}

/// The index of the last record of a case that has the role.
pub(super) fn find<T: OfCase>(records: &[T], case: usize, role: &str) -> Option<usize> {
    of_case(records, case).rev().find(|&i| records[i].role() == role)
}
