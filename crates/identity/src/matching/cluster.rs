//! Records into customers: the surest pairs first, and no chain of likeness that ends with somebody else.
//!
//! A union is refused where the two groups hold different good certificates, where somebody has said that two of their
//! records are not the same, or where the group would grow beyond what one customer has.

use super::features::Features;
use std::collections::HashMap;

/// Records one customer has at most without being looked at.
const LARGEST: u32 = 30;

/// Why a union was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    Certificates,
    Decided,
    TooLarge,
}

pub struct Clusters {
    parent: Vec<u32>,
    /// The next record of the same group: a ring, so that a group can be walked from anywhere.
    next: Vec<u32>,
    size: Vec<u8>,
    /// The good certificate of a group, by its root; most groups have one.
    certificate: HashMap<u32, u64>,
    apart: HashMap<u32, Vec<u32>>,
}

impl Clusters {
    pub fn new(records: u32) -> Self {
        Self {
            parent: (0..records).collect(),
            next: (0..records).collect(),
            size: vec![1; records as usize],
            certificate: HashMap::new(),
            apart: HashMap::new(),
        }
    }
    /// What the record says about who it is.
    pub fn tell(&mut self, record: u32, features: &Features) {
        if features.certificate_good {
            self.certificate.insert(record, features.certificate);
        }
    }
    /// Somebody decided that these two are not the same.
    pub fn keep_apart(&mut self, a: u32, b: u32) {
        self.apart.entry(a).or_default().push(b);
        self.apart.entry(b).or_default().push(a);
    }
    pub fn root(&mut self, record: u32) -> u32 {
        let mut at = record;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }
    /// The records of a group.
    pub fn members(&self, record: u32) -> Vec<u32> {
        let mut all = vec![record];
        let mut at = self.next[record as usize];
        while at != record {
            all.push(at);
            at = self.next[at as usize];
        }
        all
    }
    /// Joins the groups of `a` and `b`. What a person decided (`decided`) is not stopped by certificates.
    pub fn join(&mut self, a: u32, b: u32, decided: bool) -> Result<(), Refused> {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return Ok(());
        }
        if !self.apart.is_empty() {
            let others = self.members(b);
            let parted = |m: &u32| self.apart.get(m).is_some_and(|list| list.iter().any(|o| others.contains(o)));
            if self.members(a).iter().any(parted) {
                return Err(Refused::Decided);
            }
        }
        let certificates = (self.certificate.get(&a).copied(), self.certificate.get(&b).copied());
        if let (Some(x), Some(y)) = certificates
            && x != y
            && !decided
        {
            return Err(Refused::Certificates);
        }
        let size = u32::from(self.size[a as usize]) + u32::from(self.size[b as usize]);
        if size > LARGEST && !decided {
            return Err(Refused::TooLarge);
        }
        // The lower record leads, so that the same input gives the same groups.
        let (root, child) = (a.min(b), a.max(b));
        self.parent[child as usize] = root;
        self.size[root as usize] = u8::try_from(size).unwrap_or(u8::MAX);
        self.next.swap(a as usize, b as usize);
        if let Some(certificate) = certificates.0.or(certificates.1) {
            self.certificate.insert(root, certificate);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(n: u64) -> Features {
        Features { certificate: n, certificate_good: true, ..Features::default() }
    }

    #[test]
    fn a_chain_does_not_join_two_people() {
        let mut groups = Clusters::new(4);
        groups.tell(0, &card(1));
        groups.tell(3, &card(2));
        assert_eq!(groups.join(0, 1, false), Ok(()));
        assert_eq!(groups.join(2, 3, false), Ok(()));
        assert_eq!(groups.join(1, 2, false), Err(Refused::Certificates));
        assert_eq!(groups.members(0), [0, 1]);
        assert_eq!(groups.join(1, 2, true), Ok(()), "a person may");
        let mut all = groups.members(3);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3]);
    }

    #[test]
    fn a_decision_holds_for_the_whole_group() {
        let mut groups = Clusters::new(4);
        groups.keep_apart(0, 3);
        assert_eq!(groups.join(0, 1, false), Ok(()));
        assert_eq!(groups.join(2, 3, false), Ok(()));
        assert_eq!(groups.join(1, 2, false), Err(Refused::Decided));
        assert_eq!(groups.join(1, 2, true), Err(Refused::Decided));
    }

    #[test]
    fn a_group_does_not_grow_without_end() {
        let mut groups = Clusters::new(100);
        let joined = (1..100).filter(|n| groups.join(0, *n, false).is_ok()).count();
        assert_eq!(joined as u32, LARGEST - 1);
    }
}
