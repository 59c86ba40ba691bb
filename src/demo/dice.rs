//! Numbers that look random and are always the same.
//!
//! Every draw is a pure function of the seed and of what it is for (school, year, purpose), so
//! that adding a draw somewhere changes no other figure, and files are the same bytes for ever.

/// A source of reproducible draws (SplitMix64, public domain, Sebastiano Vigna).
#[derive(Debug, Clone, Copy)]
pub struct Dice {
    seed: u64,
}

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice { seed }
    }

    /// A whole number from `low` to `high`, both included, for this purpose.
    pub fn between(&self, who: u32, when: u16, what: &str, low: i64, high: i64) -> i64 {
        let span = (high - low).unsigned_abs() + 1;
        low + (self.draw(who, when, what) % span) as i64
    }

    /// One of the items.
    pub fn pick<'a, T>(&self, who: u32, what: &str, items: &'a [T]) -> &'a T {
        &items[(self.draw(who, 0, what) % items.len() as u64) as usize]
    }

    fn draw(&self, who: u32, when: u16, what: &str) -> u64 {
        let mut state = mix(self.seed ^ 0x9e37_79b9_7f4a_7c15);
        state = mix(state ^ u64::from(who));
        state = mix(state ^ u64::from(when).rotate_left(32));
        for byte in what.bytes() {
            state = mix(state ^ u64::from(byte));
        }
        state
    }
}

fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_purpose_only() {
        let dice = Dice::new(7);
        assert_eq!(dice.between(900_001, 2016, "p8", -30, 60), dice.between(900_001, 2016, "p8", -30, 60));
        let years: std::collections::BTreeSet<i64> = (2016..2046).map(|y| dice.between(900_001, y, "p8", 0, 999)).collect();
        assert!(years.len() > 20);
        for year in 0..2000 {
            assert!((3..=5).contains(&dice.between(1, year, "x", 3, 5)));
        }
    }
}
