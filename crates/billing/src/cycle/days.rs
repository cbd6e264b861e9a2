//! Sets of calendar days: what of a cycle is charged, suspended, discounted.

use kernel::Date;

/// Days as disjoint spans in order, both ends included.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Days(Vec<(Date, Date)>);

impl Days {
    /// Nothing where `to` lies before `from`.
    pub fn span(from: Date, to: Date) -> Self {
        Self(if from <= to { vec![(from, to)] } else { Vec::new() })
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub fn count(&self) -> i64 {
        self.0.iter().map(|(from, to)| to.days_since(*from) + 1).sum()
    }
    pub fn first(&self) -> Option<Date> {
        self.0.first().map(|s| s.0)
    }
    pub fn last(&self) -> Option<Date> {
        self.0.last().map(|s| s.1)
    }
    pub fn within(&self, from: Date, to: Date) -> Self {
        let cut = self.0.iter().map(|(a, b)| ((*a).max(from), (*b).min(to)));
        Self(cut.filter(|(a, b)| a <= b).collect())
    }
    pub fn without(&self, from: Date, to: Date) -> Self {
        if to < from {
            return self.clone();
        }
        let mut left = Vec::with_capacity(self.0.len() + 1);
        for &(a, b) in &self.0 {
            left.extend(Self::span(a, b.min(from.plus_days(-1))).0);
            left.extend(Self::span(a.max(to.plus_days(1)), b).0);
        }
        Self(left)
    }
    /// The days that are in both.
    pub fn common(&self, other: &Self) -> Self {
        Self(other.0.iter().flat_map(|(from, to)| self.within(*from, *to).0).collect())
    }
    /// The first `n` of them.
    pub fn first_days(&self, n: i64) -> Self {
        let (mut left, mut days) = (n, Vec::new());
        for &(from, to) in &self.0 {
            let length = (to.days_since(from) + 1).min(left);
            if length > 0 {
                days.push((from, from.plus_days(i32::try_from(length - 1).unwrap_or(0))));
                left -= length;
            }
        }
        Self(days)
    }
    /// Adds days that come after, or lie apart from, those it has.
    pub fn add(&mut self, from: Date, to: Date) {
        let mut rest = self.without(from, to).0;
        rest.extend(Self::span(from, to).0);
        rest.sort_unstable();
        self.0 = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i32) -> Date {
        Date::parse("2028-02-01").unwrap().plus_days(n - 1)
    }

    #[test]
    fn sets_of_days_behave_like_sets_of_days() {
        let sets: Vec<(i32, i32)> = vec![(1, 29), (1, 1), (10, 12), (12, 20), (29, 29), (5, 4)];
        let listed = |days: &Days| (1..=31).filter(|n| !days.within(day(*n), day(*n)).is_empty()).collect::<Vec<_>>();
        for &(a, b) in &sets {
            for &(c, d) in &sets {
                let (one, two) = (Days::span(day(a), day(b)), Days::span(day(c), day(d)));
                let both: Vec<i32> = (1..=31).filter(|n| (a..=b).contains(n) && (c..=d).contains(n)).collect();
                let only: Vec<i32> = (1..=31).filter(|n| (a..=b).contains(n) && !(c..=d).contains(n)).collect();
                let any: Vec<i32> = (1..=31).filter(|n| (a..=b).contains(n) || (c..=d).contains(n)).collect();
                assert_eq!(listed(&one.common(&two)), both);
                assert_eq!(listed(&one.without(day(c), day(d))), only);
                let mut sum = one.clone();
                sum.add(day(c), day(d));
                assert_eq!((listed(&sum), sum.count()), (any.clone(), any.len() as i64));
                assert_eq!(listed(&sum.first_days(7)), any.into_iter().take(7).collect::<Vec<_>>());
            }
        }
    }
}
