//! The law's text in whole numbers: regulation, cap, share, pension, ATP, and what the rules must say of a month.

use sagstjek::rule::typed::Verdict;

use Verdict::{Compliant, NotApplicable, NotAssessed, Violation};

/// Tilpasningsprocent of 2013 to 2026, in tenths (BEK 870/2012 to BEK 1056/2025).
const TILPASNING: [i128; 14] = [-4, -2, -5, -6, 2, 2, 2, 2, 3, -8, 10, 15, 19, 28];

/// Satsreguleringsprocent of the same years, in tenths.
const SATS: [i128; 14] = [16, 18, 15, 14, 20, 20, 20, 20, 20, 12, 27, 32, 36, 45];

/// A fraction to the nearest whole, halves away from zero.
pub(crate) fn nearest(numerator: i128, denominator: i128) -> i128 {
    numerator.signum() * ((2 * numerator.abs() + denominator) / (2 * denominator))
}

/// What the amount of a year is multiplied by from the year before, in thousandths.
pub(crate) fn regulation(year: i64, old: bool) -> i128 {
    let year = (year - 2013) as usize;
    1_000 + if old { SATS[year] } else { 20 + TILPASNING[year] }
}

/// The cap of a month, in øre: 27,500 from 1 July 2012, regulated each year to whole kroner.
pub(crate) fn cap(year: i64) -> i128 {
    100 * (2013..=year).fold(27_500, |kroner, year| nearest(kroner * regulation(year, false), 1_000))
}

/// A month of a grant, with what was paid. Amounts in øre, hours a week in hundredths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Month {
    pub(crate) year: i64,
    pub(crate) month: u32,
    /// The grant began on 1 January of this year.
    pub(crate) granted: i64,
    pub(crate) hours: i128,
    pub(crate) whole: i128,
    pub(crate) wage: i128,
    pub(crate) paid: i128,
    /// Applied before 2011.
    pub(crate) old: bool,
    pub(crate) employer: i128,
    pub(crate) pension: i128,
    pub(crate) atp: i128,
}

/// The verdict on a month, what it turns on in øre (hours in hundredths), and the amount of a violation with the state's part.
#[derive(Debug)]
pub(crate) struct Says {
    pub(crate) verdict: Verdict,
    pub(crate) steps: Vec<(&'static str, i128)>,
    pub(crate) amount: i128,
    pub(crate) refund: i128,
}

impl Month {
    /// The share of granted hours of an amount.
    pub(crate) fn share(&self, amount: i128) -> i128 {
        nearest(amount * self.hours, self.whole)
    }

    pub(crate) fn cap_share(&self) -> i128 {
        self.share(cap(self.year))
    }

    /// At most the share of the cap, for who has one.
    fn capped(&self, amount: i128) -> i128 {
        if self.old { amount } else { amount.min(self.cap_share()) }
    }

    /// Wage × share, regulated each January since the grant.
    pub(crate) fn of_wage(&self) -> i128 {
        let regulated = (self.granted + 1..=self.year)
            .fold((self.wage * self.hours, self.whole), |(n, d), year| (n * regulation(year, self.old), d * 1_000));
        self.capped(nearest(regulated.0, regulated.1))
    }

    /// December's benefit regulated once, at this month's hours.
    pub(crate) fn of_december(&self, december: &Month) -> i128 {
        let amount = december.paid * self.hours * december.whole * regulation(self.year, self.old);
        self.capped(nearest(amount, self.whole * december.hours * 1_000))
    }

    /// A krone for each rounding on the way.
    fn fits_wage(&self) -> bool {
        (self.paid - self.of_wage()).abs() <= 100 * i128::from(1 + self.year - self.granted)
    }

    /// Three times a rounding to whole kroner lie above the share of the cap at most.
    fn above_cap(&self) -> bool {
        !self.old && self.paid > self.cap_share() + 300
    }

    /// The whole contribution, by the hours of 52 weeks.
    pub(crate) fn atp_due(&self) -> i128 {
        let hours = self.hours * 52;
        let bands = if self.year < 2024 { [9_465, 18_935, 28_400] } else { [9_900, 19_800, 29_700] };
        let reached = [39, 78, 117].iter().filter(|band| hours >= **band * 100 * 12).count();
        if reached == 0 { 0 } else { bands[reached - 1] }
    }

    /// 10 % of the benefit; the employer's part by the hours, and as the same percentage of what is paid now.
    pub(crate) fn pension_bounds(&self) -> [i128; 3] {
        [nearest(self.paid, 10), self.share(self.employer), nearest(self.employer * self.paid, self.wage)]
    }

    pub(crate) fn says(&self, rule: &str, december: Option<&Month>) -> Says {
        let by_wage = self.year == self.granted || december.is_none();
        let (applies, wrong, steps, amount) = match rule {
            "TAF-101" => {
                let due = self.of_wage();
                (
                    by_wage && !self.above_cap(),
                    !self.fits_wage(),
                    vec![("forventet", due), ("loftandel", self.cap_share())],
                    self.paid - due,
                )
            }
            "TAF-102" => {
                let steps = vec![("loftandel", self.cap_share()), ("uden_loft", self.share(self.wage))];
                (!self.old, self.above_cap(), steps, self.paid - self.cap_share())
            }
            "TAF-103" => {
                let [tenth, by_hours, by_percent] = self.pension_bounds();
                let above = |part: i128| self.pension > tenth.min(part) + 100;
                if above(by_hours) != above(by_percent) {
                    return Says { verdict: NotAssessed, steps: Vec::new(), amount: 0, refund: 0 };
                }
                let bound = tenth.min(by_hours);
                let steps = vec![("ti_procent", tenth), ("arbejdsgiver", by_hours), ("højst", bound)];
                (self.pension > 0, above(by_hours), steps, self.pension - bound)
            }
            "TAF-104" => {
                let due = self.atp_due();
                let steps = vec![("månedstimer", nearest(self.hours * 52, 12)), ("bidrag", due)];
                (true, (self.atp - due).abs() > 5, steps, self.atp - due)
            }
            _ => {
                let due = december.map_or(0, |december| self.of_december(december));
                let allowed = december.map_or(100, |d| nearest(100 * self.hours * d.whole, self.whole * d.hours).max(100));
                let wrong = (self.paid - due).abs() > allowed && !self.fits_wage();
                let steps = vec![("forventet", due), ("fra_løn", self.of_wage())];
                (!by_wage && !self.above_cap(), wrong, steps, self.paid - due)
            }
        };
        let verdict = match (applies, wrong) {
            (false, _) => NotApplicable,
            (true, false) => Compliant,
            (true, true) => Violation,
        };
        // Half; of ATP half of the two thirds that are the municipality's.
        let refund = nearest(amount, if rule == "TAF-104" { 3 } else { 2 });
        Says { verdict, steps, amount, refund }
    }
}
