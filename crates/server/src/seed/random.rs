//! Repeatable choices: the same seed and place in the series give the same customer.

/// SplitMix64 over a seed and an index.
pub(super) struct Random(u64);

impl Random {
    pub fn at(seed: u64, index: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ index.wrapping_add(1).wrapping_mul(0xd1b5_4a32_d192_ed03))
    }
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// From 0 to `n`, without `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.next() % n }
    }
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let n = self.below(from.len() as u64);
        &from[usize::try_from(n).unwrap_or(0)]
    }
}

/// Things with weights, as running totals.
pub(super) struct Weighted<T>(Vec<(u64, T)>);

impl<T> Weighted<T> {
    pub fn new(items: impl IntoIterator<Item = (u64, T)>) -> Self {
        let mut total = 0;
        Self(
            items
                .into_iter()
                .map(|(weight, item)| {
                    total += weight;
                    (total, item)
                })
                .collect(),
        )
    }
    pub fn pick(&self, random: &mut Random) -> &T {
        let total = self.0.last().map_or(1, |(t, _)| *t);
        let n = random.below(total);
        let at = self.0.partition_point(|(t, _)| *t <= n);
        &self.0[at.min(self.0.len() - 1)].1
    }
}
