//! Persons who cannot exist: invented names, and CPR numbers that modulus 11 refuses.

use std::collections::BTreeSet;

use super::random::Random;
use crate::calendar::Date;

/// A synthetic person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// Ten digits.
    pub(super) cpr: String,
    /// First name and surname.
    pub(super) name: String,
    /// Day of birth.
    pub(super) born: Date,
}

/// What the last digit of a CPR tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    /// Even.
    Female,
    /// Odd.
    Male,
}

const FIRST: [&str; 20] =
    ["Al", "Bo", "Ce", "Do", "El", "Fi", "Ga", "Hø", "Is", "Ju", "Ka", "Lo", "Må", "Ni", "Ol", "Pæ", "Ru", "Si", "Tu", "Vy"];
const MIDDLE: [&str; 10] = ["bi", "da", "fu", "li", "mo", "nø", "ra", "se", "ti", "vå"];
const FEMALE: [&str; 5] = ["lwa", "nixa", "sira", "vinda", "zelle"];
const MALE: [&str; 5] = ["brik", "mund", "tox", "vald", "zor"];
const SURNAME: [&str; 10] = ["Prøve", "Eksempel", "Demo", "Fiktiv", "Attrap", "Model", "Påfund", "Opdigt", "Skin", "Kulisse"];
const PLACE: [&str; 10] = ["bæk", "dal", "gaard", "holm", "kvist", "lund", "mose", "skov", "strøm", "å"];

/// Hands out persons; no CPR twice.
#[derive(Debug, Default)]
pub(super) struct Register {
    used: BTreeSet<String>,
}

impl Register {
    /// A new person; one born on 1 January is born on the 2nd, since real numbers without modulus 11 have that birthday.
    pub(super) fn person(&mut self, random: &mut Random, born: Date, sex: Sex, surname: &str) -> Person {
        let born = if (born.month(), born.day()) == (1, 1) { Date::from_days(born.days() + 1) } else { born };
        let end = random.pick(if sex == Sex::Female { &FEMALE } else { &MALE });
        let name = format!("{}{}{end} {surname}", random.pick(&FIRST), random.pick(&MIDDLE));
        loop {
            let cpr = number(random, born, sex);
            if !modulus_11(&cpr) && self.used.insert(cpr.clone()) {
                return Person { cpr, name, born };
            }
        }
    }
}

/// A surname that says it is invented.
pub(super) fn surname(random: &mut Random) -> String {
    format!("{}{}", random.pick(&SURNAME), random.pick(&PLACE))
}

fn number(random: &mut Random, born: Date, sex: Sex) -> String {
    // Born 1900-1999: seventh digit 0 to 3; born 2000-2036: 4 to 9.
    let century = if born.year() < 2000 { random.between(0, 3) } else { random.between(4, 9) };
    let last = random.between(0, 4) * 2 + i64::from(sex == Sex::Male);
    let serial = random.between(0, 99);
    format!("{:02}{:02}{:02}{century}{serial:02}{last}", born.day(), born.month(), born.year() % 100)
}

fn modulus_11(cpr: &str) -> bool {
    let weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    cpr.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>() % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse_iso(text).expect(text)
    }

    #[test]
    fn nobody_can_have_the_number() {
        // By hand: 9*4 + 9*3 + 0*2 + 0*7 + 0*6 + 0*5 + 0*4 + 0*3 + 1*2 + 1*1 = 66 = 6 * 11 (day 99 is nobody's birthday).
        assert!(modulus_11("9900000011"));
        let (mut register, mut random) = (Register::default(), Random::new(1));
        for day in 0..800 {
            let born = Date::from_days(d("1999-06-01").days() + day);
            let person = register.person(&mut random, born, if day % 2 == 0 { Sex::Female } else { Sex::Male }, "Prøvelund");
            assert!(!modulus_11(&person.cpr), "{}", person.cpr);
            assert_eq!(person.cpr.len(), 10);
            let (seventh, tenth) = (person.cpr.as_bytes()[6] - b'0', person.cpr.as_bytes()[9] - b'0');
            assert_eq!(seventh >= 4, person.born.year() >= 2000, "{} {}", person.cpr, person.born);
            assert_eq!(tenth % 2, (day % 2) as u8);
            assert_ne!((person.born.month(), person.born.day()), (1, 1));
        }
        assert_eq!(register.used.len(), 800);
    }
}
