//! The only source of time, ids and randomness.

use crate::{Id, Timestamp};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Stands still until a test moves it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.micros())))
    }
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::from_micros(
                std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX)),
            ),
            Self::Fixed(micros) => Timestamp::from_micros(micros.load(Ordering::Relaxed)),
        }
    }
    /// Moves a fixed clock forward; a running system clock is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Self::Fixed(micros) = self {
            micros.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
        }
    }
}

/// Clock, id source and random source of one process or one test.
#[derive(Clone, Debug)]
pub struct Env(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    /// `(last millisecond, counter)`: ids of one process are strictly increasing.
    last: Mutex<(i64, u16)>,
    seed: Option<AtomicU64>,
}

impl Env {
    pub fn system() -> Self {
        Self::with(Clock::System, None)
    }
    /// Another clock; ids and secrets stay random.
    pub fn at(clock: Clock) -> Self {
        Self::with(clock, None)
    }
    /// A fixed clock and repeatable ids.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self::with(clock, Some(seed))
    }
    fn with(clock: Clock, seed: Option<u64>) -> Self {
        Self(Arc::new(Inner { clock, last: Mutex::new((0, 0)), seed: seed.map(AtomicU64::new) }))
    }
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
    /// A new UUIDv7, strictly greater than every earlier one of this process.
    pub fn new_id<T: ?Sized>(&self) -> Id<T> {
        let now = self.now().millis();
        let (millis, counter) = {
            let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (m, c) if now <= m && c < 0x0fff => (m, c + 1),
                (m, _) if now <= m => (m + 1, 0),
                _ => (now, 0),
            };
            *last
        };
        let mut bytes = [0u8; 16];
        self.random(&mut bytes[8..]);
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        bytes[6..8].copy_from_slice(&(0x7000 | counter).to_be_bytes());
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Id::trusted(uuid::Uuid::from_bytes(bytes).hyphenated().to_string())
    }
    /// Fills `out` with random bytes: from the operating system, or from the seed in a test.
    #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
    pub fn random(&self, out: &mut [u8]) {
        match &self.0.seed {
            None => getrandom::fill(out).expect("the operating system has a random source"),
            Some(state) => {
                for chunk in out.chunks_mut(8) {
                    let word = split_mix(state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed));
                    chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
                }
            }
        }
    }
    /// Random text of `n` bytes in hexadecimal, for tokens.
    pub fn random_hex(&self, n: usize) -> String {
        let mut bytes = vec![0; n];
        self.random(&mut bytes);
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// SplitMix64's output function: enough for repeatable test data, never used for secrets.
fn split_mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_even_when_the_clock_stands_still() {
        let env = Env::seeded(Clock::fixed(Timestamp::from_micros(1_700_000_000_000_000)), 1);
        let ids: Vec<Id<()>> = (0..10_000).map(|_| env.new_id()).collect();
        assert!(ids.windows(2).all(|w| w[0].as_str() < w[1].as_str()));
    }
}
