//! What is random in a test, from a seed that a failure shows.

use std::time::Duration;

/// Names the seed that is to be used again.
const SEED: &str = "SACMES_TEST_SEED";

/// Random numbers (`SplitMix64`), the same for the same seed.
pub struct Dice(u64);

impl Dice {
    /// With the seed of the environment, or a fresh one. What a failed test printed is shown with it.
    pub fn of_this_run() -> Self {
        let seed = match std::env::var(SEED) {
            Ok(text) => text.parse().expect("the seed is a number"),
            Err(_) => u64::from_be_bytes(uuid::Uuid::new_v4().into_bytes()[..8].try_into().unwrap()),
        };
        println!("to repeat this: {SEED}={seed}");
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Dice of their own, for something that runs beside.
    pub fn split(&mut self) -> Self {
        Self(self.roll())
    }

    /// From 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }

    /// A time of so many milliseconds.
    pub fn between_ms(&mut self, least: usize, most: usize) -> Duration {
        Duration::from_millis((least + self.below(most - least + 1)) as u64)
    }
}
