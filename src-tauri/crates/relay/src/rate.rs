//! So many a second, and so many at once after a pause.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::limits::Rate;

/// Tokens that come back with time.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub fn new(rate: Rate, now: Instant) -> Self {
        Self {
            rate,
            tokens: rate.burst,
            at: now,
        }
    }

    /// Takes a token; false when there is none.
    pub fn take(&mut self, now: Instant) -> bool {
        self.take_many(1, now)
    }

    /// Takes so many tokens; false, and none taken, when there are fewer.
    pub fn take_many(&mut self, count: usize, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate.per_second).min(self.rate.burst);
        self.at = now;
        let some = self.tokens >= count as f64;
        if some {
            self.tokens -= count as f64;
        }
        some
    }

    /// How long it takes until there is a token again, where there is none now.
    pub fn next_after(&self) -> Duration {
        Duration::try_from_secs_f64((1.0 - self.tokens).max(0.0) / self.rate.per_second).unwrap_or(Duration::MAX)
    }

    /// Whether it is full again: then nothing has to be remembered of it.
    fn is_full(&self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens + passed * self.rate.per_second >= self.rate.burst
    }
}

/// The network whose addresses count as one: of IPv6 a /64, which is what one customer has.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// A bucket for each of many, such as addresses; full ones are forgotten.
pub struct Buckets<K> {
    rate: Rate,
    most: usize,
    known: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// At most `most` are remembered; while all of these are in use, newcomers are refused.
    pub fn new(rate: Rate, most: usize) -> Self {
        Self {
            rate,
            most,
            known: Mutex::default(),
        }
    }

    /// Takes a token of one of them.
    pub fn take(&self, key: K, now: Instant) -> bool {
        let mut buckets = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&key) {
            return bucket.take(now);
        }
        if buckets.len() >= self.most {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            if buckets.len() >= self.most {
                return false;
            }
        }
        buckets
            .entry(key)
            .or_insert_with(|| Bucket::new(self.rate, now))
            .take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 2.0,
        burst: 3.0,
    };

    #[test]
    fn a_pause_gives_a_burst_and_no_more() {
        let start = Instant::now();
        let mut bucket = Bucket::new(RATE, start);
        let taken = |bucket: &mut Bucket, at| (0..10).filter(|_| bucket.take(at)).count();
        assert_eq!(taken(&mut bucket, start), 3);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(1)), 2);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(100)), 3);
    }

    #[test]
    fn many_are_taken_together_or_not_at_all_and_the_wait_for_the_next_is_known() {
        let start = Instant::now();
        let mut bucket = Bucket::new(RATE, start);
        assert!(!bucket.take_many(4, start) && bucket.take_many(3, start) && !bucket.take(start));
        assert_eq!(bucket.next_after(), Duration::from_millis(500));
        assert!(bucket.take(start + Duration::from_millis(500)));
    }

    #[test]
    fn addresses_of_one_customer_count_as_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::7"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::7"), of("2001:db8:1:3::7"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn each_address_has_its_own_and_only_so_many_are_remembered() {
        let (start, buckets) = (Instant::now(), Buckets::new(RATE, 2));
        assert!((0..3).all(|_| buckets.take(1, start)) && !buckets.take(1, start));
        assert!(buckets.take(2, start));
        assert!(!buckets.take(3, start));
        assert!(buckets.take(3, start + Duration::from_secs(2)));
    }
}
