//! The demo's own random numbers: splitmix64, so that a seed gives the same municipality on every machine and for ever.

/// A stream of numbers that depends on its seed only.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of a seed.
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The stream of one part of a whole, so that one part's appetite does not shift the next part's numbers.
    pub(super) fn part(seed: u64, part: u64) -> Random {
        let mut root = Random(seed ^ part.wrapping_mul(0xD1B5_4A32_D192_ED03));
        Random(root.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        match u64::try_from(high - low) {
            Ok(width) => low + (self.next() % (width + 1)) as i64,
            Err(_) => low,
        }
    }

    /// One of some; the list must not be empty.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.between(0, of.len() as i64 - 1) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_splitmix64() {
        // First outputs for seed 1234567, as the algorithm's reference prints them.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn between_includes_both_ends() {
        let mut random = Random::new(7);
        let drawn: std::collections::BTreeSet<i64> = (0..200).map(|_| random.between(-1, 1)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-1, 0, 1]);
    }
}
