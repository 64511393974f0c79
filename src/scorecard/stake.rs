//! Money at stake: what was paid too much and too little, the state's part of it, and how much of it lies so near that it
//! may still be claimed.

use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::finding::Finding;
use crate::store::CellRef;
use crate::value::Decimal;

/// Money at stake, each cell's amount counted once, the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stake {
    /// Paid too much.
    pub too_much: Decimal,
    /// Paid too little, without sign.
    pub too_little: Decimal,
    /// The state's part of both, without sign.
    pub refund: Decimal,
    /// What lies within the years that the pack counts back; nought where it counts none.
    pub recent: Part,
    /// What has no day.
    pub undated: Part,
}

/// A part of what is at stake, without sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The amounts.
    pub amount: Decimal,
    /// The state's part of them.
    pub refund: Decimal,
}

/// Nothing, with two decimals.
fn zero() -> Decimal {
    Decimal::new(0, 2)
}

impl Default for Part {
    fn default() -> Part {
        Part { amount: zero(), refund: zero() }
    }
}

impl Default for Stake {
    fn default() -> Stake {
        let (recent, undated) = (Part::default(), Part::default());
        Stake { too_much: zero(), too_little: zero(), refund: zero(), recent, undated }
    }
}

impl Part {
    fn add(&mut self, amount: Decimal, refund: Decimal) {
        self.amount = sum(self.amount, amount);
        self.refund = sum(self.refund, refund);
    }
}

impl Stake {
    /// Of findings: of several that rest on one cell the largest amount counts, with its refund. `since` is the first day
    /// that is recent.
    pub fn of<'a>(findings: impl Iterator<Item = &'a Finding>, since: Option<Date>) -> Stake {
        let mut by_cell: BTreeMap<CellRef, (Decimal, &Finding)> = BTreeMap::new();
        for finding in findings {
            let Some(amount) = finding.amount else { continue };
            let larger = by_cell.get(&finding.amount_cell).is_none_or(|(known, _)| amount.abs() > known.abs());
            if larger {
                by_cell.insert(finding.amount_cell, (amount, finding));
            }
        }
        let mut stake = Stake::default();
        for (amount, finding) in by_cell.into_values() {
            let Some(size) = amount.abs() else { continue };
            let refund = finding.refund.and_then(Decimal::abs).unwrap_or_else(zero);
            let side = if amount.units() < 0 { &mut stake.too_little } else { &mut stake.too_much };
            *side = sum(*side, size);
            stake.refund = sum(stake.refund, refund);
            match (finding.day, since) {
                (None, _) => stake.undated.add(size, refund),
                (Some(day), Some(since)) if day >= since => stake.recent.add(size, refund),
                (Some(_), _) => {}
            }
        }
        stake
    }

    /// Both together.
    pub fn total(&self) -> Decimal {
        sum(self.too_much, self.too_little)
    }

    /// Whether nothing is at stake.
    pub fn is_zero(&self) -> bool {
        self.total().units() == 0
    }
}

/// A sum that stays as it is where it would not fit.
fn sum(a: Decimal, b: Decimal) -> Decimal {
    a.plus(b).unwrap_or(a)
}
