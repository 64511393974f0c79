//! Exact numbers: a decimal with its scale, and a quotient that is kept as a pair until it is rounded.

use crate::locale::{Lang, grouped};

/// `units / 10^scale`, exact. Equality is of the number, not the scale: 1.0 = 1.00.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i128,
    scale: u8,
}

/// A quotient, exact, with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

fn pow10(n: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(n))
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// `a / b` rounded half away from zero; `b` is positive.
fn div_round(a: i128, b: i128) -> Option<i128> {
    let magnitude = a.unsigned_abs();
    let by = b.unsigned_abs();
    let mut quotient = magnitude / by;
    if (magnitude % by).checked_mul(2)? >= by {
        quotient += 1;
    }
    let quotient = i128::try_from(quotient).ok()?;
    Some(if a < 0 { -quotient } else { quotient })
}

impl Decimal {
    /// `units / 10^scale`.
    pub fn new(units: i128, scale: u8) -> Decimal {
        Decimal { units, scale }
    }

    /// A whole number.
    pub fn whole(n: i64) -> Decimal {
        Decimal { units: i128::from(n), scale: 0 }
    }

    /// The number times `10^scale`.
    pub fn units(self) -> i128 {
        self.units
    }

    /// Number of decimals carried.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// Reads `-12.50` or `12`: a dot as decimal mark, no grouping, at most 18 decimals. The scale is as written.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || decimals.len() > 18 || (digits.contains('.') && decimals.is_empty()) {
            return None;
        }
        let mut units: i128 = 0;
        for b in whole.bytes().chain(decimals.bytes()) {
            if !b.is_ascii_digit() {
                return None;
            }
            units = units.checked_mul(10)?.checked_add(i128::from(b - b'0'))?;
        }
        Some(Decimal { units: if negative { -units } else { units }, scale: decimals.len() as u8 })
    }

    /// The same number with exactly `scale` decimals; `None` if digits would be lost or it does not fit.
    pub fn rescale(self, scale: u8) -> Option<Decimal> {
        if scale >= self.scale {
            let units = self.units.checked_mul(pow10(scale - self.scale)?)?;
            return Some(Decimal { units, scale });
        }
        let by = pow10(self.scale - scale)?;
        (self.units % by == 0).then_some(Decimal { units: self.units / by, scale })
    }

    /// The same number with at least `scale` decimals.
    pub fn at_least(self, scale: u8) -> Decimal {
        if self.scale >= scale { self } else { self.rescale(scale).unwrap_or(self) }
    }

    /// Without trailing zero decimals.
    pub fn trimmed(self) -> Decimal {
        let mut n = self;
        while n.scale > 0 && n.units % 10 == 0 {
            n = Decimal { units: n.units / 10, scale: n.scale - 1 };
        }
        n
    }

    /// Rounded half away from zero to `scale` decimals.
    pub fn round(self, scale: u8) -> Option<Decimal> {
        if scale >= self.scale {
            return self.rescale(scale);
        }
        Some(Decimal { units: div_round(self.units, pow10(self.scale - scale)?)?, scale })
    }

    /// The largest whole number not above this.
    pub fn floor(self) -> Option<Decimal> {
        Some(Decimal { units: self.units.div_euclid(pow10(self.scale)?), scale: 0 })
    }

    /// The smallest whole number not below this.
    pub fn ceil(self) -> Option<Decimal> {
        self.negate()?.floor()?.negate()
    }

    /// With the other sign.
    pub fn negate(self) -> Option<Decimal> {
        Some(Decimal { units: self.units.checked_neg()?, scale: self.scale })
    }

    /// Without sign.
    pub fn abs(self) -> Option<Decimal> {
        Some(Decimal { units: self.units.checked_abs()?, scale: self.scale })
    }

    fn aligned(self, other: Decimal) -> Option<(i128, i128, u8)> {
        let scale = self.scale.max(other.scale);
        Some((self.rescale(scale)?.units, other.rescale(scale)?.units, scale))
    }

    /// Sum, at the larger scale.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Decimal { units: a.checked_add(b)?, scale })
    }

    /// Difference, at the larger scale.
    pub fn minus(self, other: Decimal) -> Option<Decimal> {
        self.plus(other.negate()?)
    }

    /// Product; the scales add.
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        Some(Decimal { units: self.units.checked_mul(other.units)?, scale: self.scale.checked_add(other.scale)? })
    }

    /// Exact quotient; `None` for division by zero.
    pub fn over(self, other: Decimal) -> Option<Ratio> {
        Ratio::from(self).over(Ratio::from(other))
    }

    /// The whole number this is, if it is one that fits.
    pub fn to_i64(self) -> Option<i64> {
        i64::try_from(self.rescale(0)?.units).ok()
    }

    /// `1.234,50` (da) or `1,234.50` (en), with the decimals it carries.
    pub fn show(self, lang: Lang) -> String {
        let Some(by) = pow10(self.scale) else { return self.units.to_string() };
        let whole = self.units / by;
        let sign = if self.units < 0 && whole == 0 { "-" } else { "" };
        let mut out = format!("{sign}{}", grouped(whole, lang));
        if self.scale > 0 {
            out.push_str(lang.pick(",", "."));
            out.push_str(&format!("{:0width$}", (self.units % by).unsigned_abs(), width = usize::from(self.scale)));
        }
        out
    }

    /// `-1234.50`: for machine formats.
    pub fn plain(self) -> String {
        self.show(Lang::En).replace(',', "")
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == std::cmp::Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> std::cmp::Ordering {
        match self.aligned(*other) {
            Some((a, b, _)) => a.cmp(&b),
            // One of them is too large to align: the one with fewer decimals is larger in magnitude.
            None if self.scale < other.scale => self.units.cmp(&0),
            None => 0.cmp(&other.units),
        }
    }
}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let n = self.trimmed();
        n.units.hash(state);
        n.scale.hash(state);
    }
}

impl From<Decimal> for Ratio {
    fn from(n: Decimal) -> Ratio {
        match pow10(n.scale) {
            Some(denominator) => Ratio { numerator: n.units, denominator }.reduced(),
            None => Ratio { numerator: 0, denominator: 1 },
        }
    }
}

impl Ratio {
    fn reduced(self) -> Ratio {
        let by = gcd(self.numerator.unsigned_abs(), self.denominator.unsigned_abs()).max(1) as i128;
        Ratio { numerator: self.numerator / by, denominator: self.denominator / by }
    }

    /// Product.
    pub fn times(self, other: Ratio) -> Option<Ratio> {
        let cross = |n: Ratio, d: Ratio| Ratio { numerator: n.numerator, denominator: d.denominator }.reduced();
        let (a, b) = (cross(self, other), cross(other, self));
        let numerator = a.numerator.checked_mul(b.numerator)?;
        Some(Ratio { numerator, denominator: a.denominator.checked_mul(b.denominator)? })
    }

    /// Quotient; `None` for division by zero.
    pub fn over(self, other: Ratio) -> Option<Ratio> {
        let sign = other.numerator.signum();
        let flipped = Ratio { numerator: other.denominator * sign, denominator: other.numerator.checked_abs()? };
        if sign == 0 { None } else { self.times(flipped) }
    }

    /// Sum.
    pub fn plus(self, other: Ratio) -> Option<Ratio> {
        let a = self.numerator.checked_mul(other.denominator)?;
        let b = other.numerator.checked_mul(self.denominator)?;
        Some(Ratio { numerator: a.checked_add(b)?, denominator: self.denominator.checked_mul(other.denominator)? }.reduced())
    }

    /// With the other sign.
    pub fn negate(self) -> Option<Ratio> {
        Some(Ratio { numerator: self.numerator.checked_neg()?, denominator: self.denominator })
    }

    /// Rounded half away from zero to `scale` decimals.
    pub fn round(self, scale: u8) -> Option<Decimal> {
        Some(Decimal { units: div_round(self.numerator.checked_mul(pow10(scale)?)?, self.denominator)?, scale })
    }

    /// The largest whole number not above this.
    pub fn floor(self) -> Decimal {
        Decimal { units: self.numerator.div_euclid(self.denominator), scale: 0 }
    }

    /// Its order against zero.
    pub fn sign(self) -> std::cmp::Ordering {
        self.numerator.cmp(&0)
    }

    /// Four decimals, for reading only.
    pub fn show(self, lang: Lang) -> String {
        self.round(4).map_or_else(|| "?".to_owned(), |n| n.show(lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(d("2.5").round(0), Some(d("3")));
        assert_eq!(d("-2.5").round(0), Some(d("-3")));
        assert_eq!(d("0.125").round(2), Some(d("0.13")));
        assert_eq!(d("2.449").round(1), Some(d("2.4")));
    }

    #[test]
    fn quotients_are_exact_until_rounded() {
        // Worked example 3 of the lost-earnings formula: 35,247 x 15 / 37.
        let cap = d("35247.00").times(d("15")).and_then(|n| n.over(d("37")));
        assert_eq!(cap.and_then(|r| r.round(2)), Some(d("14289.32")));
        assert_eq!(d("1").over(d("0")), None);
        assert_eq!(d("-1").over(d("-3")).map(|r| r.show(Lang::Da)), Some("0,3333".to_owned()));
    }

    #[test]
    fn equality_ignores_scale() {
        assert_eq!(d("1.0"), d("1.00"));
        assert!(d("-0.01") < d("0"));
        assert_eq!(d("100").trimmed().scale(), 0);
    }

    #[test]
    fn shows_by_language() {
        assert_eq!(d("-1234.50").show(Lang::Da), "-1.234,50");
        assert_eq!(d("-0.50").show(Lang::En), "-0.50");
        assert_eq!(d("1234567.5").plain(), "1234567.5");
    }

    #[test]
    fn refuses_what_is_no_number() {
        for bad in ["", "-", "1.", ".5", "1,5", "1e3", "--1", "٣"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }
}
