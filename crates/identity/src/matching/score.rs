//! Two records compared, feature by feature: points for and against, and in words why.

use super::features::{Features, alike};
use serde_json::{Value, json};

/// From here on two records are one customer without being looked at.
pub const CERTAIN: i32 = 100;
/// From here on somebody looks at them.
pub const DOUBTFUL: i32 = 55;

/// How one feature compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Finding {
    Missing = 0,
    Same = 1,
    /// Alike: the same sound, one letter off, two of three parts.
    Near = 2,
    /// The same, but many have it.
    Common = 3,
    Different = 4,
    /// Different beyond any mistake of writing.
    Conflict = 5,
}

impl Finding {
    fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Same => "same",
            Self::Near => "near",
            Self::Common => "common",
            Self::Different => "different",
            Self::Conflict => "conflict",
        }
    }
    fn stored(n: u8) -> Self {
        match n {
            1 => Self::Same,
            2 => Self::Near,
            3 => Self::Common,
            4 => Self::Different,
            5 => Self::Conflict,
            _ => Self::Missing,
        }
    }
}

/// A comparison: points in all, and what each feature said and gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Score {
    pub points: i32,
    /// Certificate, name, phone, address, birth.
    pub findings: [(Finding, i8); 5],
}

const NAMES: [&str; 5] = ["certificate", "name", "phone", "address", "birth"];

impl Score {
    /// Nothing forbids it and the points suffice.
    pub fn certain(&self) -> bool {
        let [certificate, name, ..] = self.findings;
        let forbidden = certificate.0 == Finding::Conflict || matches!(name.0, Finding::Different | Finding::Conflict);
        self.points >= CERTAIN && !forbidden
    }
    pub fn doubtful(&self) -> bool {
        self.points >= DOUBTFUL && !self.certain()
    }
    pub fn explain(&self) -> Value {
        let one = |(name, (finding, points)): (&str, (Finding, i8))| json!({"feature": name, "finding": finding.name(), "points": points});
        NAMES.into_iter().zip(self.findings).map(one).collect()
    }
    /// In twelve bytes.
    pub fn pack(&self) -> [u8; 12] {
        let mut out = [0; 12];
        for (i, (finding, points)) in self.findings.iter().enumerate() {
            out[i * 2] = *finding as u8;
            out[i * 2 + 1] = points.to_le_bytes()[0];
        }
        out
    }
    pub fn unpack(bytes: &[u8; 12]) -> Self {
        let mut findings = [(Finding::Missing, 0); 5];
        for (i, slot) in findings.iter_mut().enumerate() {
            *slot = (Finding::stored(bytes[i * 2]), i8::from_le_bytes([bytes[i * 2 + 1]]));
        }
        Self { points: findings.iter().map(|f| i32::from(f.1)).sum(), findings }
    }
}

/// How many records have a telephone number or a name, roughly.
pub trait Frequency {
    fn phone(&self, phone: u64) -> u32;
    fn name(&self, name: u64) -> u32;
}

pub fn compare(a: &Features, b: &Features, often: &dyn Frequency) -> Score {
    if a.organization != b.organization {
        return Score { points: -100, findings: [(Finding::Conflict, -100); 5] };
    }
    let findings = [certificate(a, b), name(a, b, often), phone(a, b, often), address(a, b), birth(a, b)];
    Score { points: findings.iter().map(|f| i32::from(f.1)).sum(), findings }
}

fn certificate(a: &Features, b: &Features) -> (Finding, i8) {
    if a.certificate == 0 || b.certificate == 0 {
        return (Finding::Missing, 0);
    }
    if a.certificate == b.certificate {
        return (Finding::Same, if a.certificate_good { 95 } else { 70 });
    }
    let agree = a.parts.iter().zip(b.parts).filter(|(x, y)| **x != 0 && **x == *y).count();
    match (agree, a.certificate_good && b.certificate_good) {
        // Two right check characters: neither is mistyped. A person's old and new number do not differ in birth.
        (_, true) => (Finding::Conflict, -90),
        (2.., false) => (Finding::Near, 55),
        (_, false) => (Finding::Different, -25),
    }
}

fn name(a: &Features, b: &Features, often: &dyn Frequency) -> (Finding, i8) {
    if a.name == 0 || b.name == 0 {
        return (Finding::Missing, 0);
    }
    if a.name == b.name {
        if a.organization {
            return (Finding::Same, 50);
        }
        return match often.name(a.name) {
            0..=12 => (Finding::Same, 30),
            13..=80 => (Finding::Same, 25),
            _ => (Finding::Common, 20),
        };
    }
    if a.pinyin == b.pinyin {
        return (Finding::Near, if a.organization { 35 } else { 15 });
    }
    if a.organization {
        return match alike(a.grams, b.grams) {
            75.. => (Finding::Near, 35),
            55.. => (Finding::Near, 15),
            _ => (Finding::Different, -40),
        };
    }
    match off(a, b) {
        Some(1) => (Finding::Near, 10),
        _ if a.letters[0] == b.letters[0] => (Finding::Different, -25),
        _ => (Finding::Different, -40),
    }
}

/// How many letters differ between names of equal length, or one where a letter is missing or two changed places.
fn off(a: &Features, b: &Features) -> Option<u32> {
    let length = |f: &Features| f.letters.iter().take_while(|l| **l != 0).count();
    let (short, long) = if length(a) <= length(b) { (a, b) } else { (b, a) };
    let (n, m) = (length(short), length(long));
    if n < 2 {
        return None;
    }
    let (s, l) = (&short.letters[..n], &long.letters[..m]);
    if n == m {
        let differ: Vec<usize> = (0..n).filter(|i| s[*i] != l[*i]).collect();
        if let [i, j] = differ[..]
            && s[i] == l[j]
            && s[j] == l[i]
        {
            return Some(1);
        }
        // Of two letters one is half the name: only the given name may be off.
        return if differ == [0] { None } else { u32::try_from(differ.len()).ok() };
    }
    if m != n + 1 || n < 2 {
        return None;
    }
    let at = (0..n).find(|i| s[*i] != l[*i]).unwrap_or(n);
    (s[at..] == l[at + 1..]).then_some(1)
}

fn phone(a: &Features, b: &Features, often: &dyn Frequency) -> (Finding, i8) {
    let shared: Vec<u64> = a.phones.into_iter().filter(|p| *p != 0 && b.phones.contains(p)).collect();
    if shared.is_empty() {
        let missing = a.phones[0] == 0 || b.phones[0] == 0;
        return if missing { (Finding::Missing, 0) } else { (Finding::Different, -5) };
    }
    let rare = shared.iter().filter(|p| often.phone(**p) <= 6).count();
    match (rare, a.organization) {
        (0, _) => (Finding::Common, 12),
        (1, false) => (Finding::Same, 45),
        (1, true) => (Finding::Same, 35),
        (_, _) => (Finding::Same, 50),
    }
}

fn address(a: &Features, b: &Features) -> (Finding, i8) {
    if a.road == 0 || b.road == 0 {
        return (Finding::Missing, 0);
    }
    let door = a.road == b.road && a.number == b.number;
    let district = a.district == 0 || b.district == 0 || a.district == b.district;
    match (door && district, a.room == b.room) {
        (true, true) => (
            Finding::Same,
            if a.number == 0 {
                12
            } else if a.room == 0 {
                30
            } else {
                35
            },
        ),
        (true, false) if a.room == 0 || b.room == 0 => (Finding::Near, 20),
        (true, false) => (Finding::Near, 8),
        (false, _) if !a.organization && alike(a.grams, b.grams) >= 70 => (Finding::Near, 12),
        (false, _) => (Finding::Different, -6),
    }
}

fn birth(a: &Features, b: &Features) -> (Finding, i8) {
    match (a.birth, b.birth) {
        (0, _) | (_, 0) => (Finding::Missing, 0),
        (x, y) if x == y => (Finding::Same, 18),
        // Day and month changed places, or one digit off.
        (x, y) if digits_off(x, y) <= 1 => (Finding::Near, 0),
        _ => (Finding::Different, -40),
    }
}

fn digits_off(mut x: u32, mut y: u32) -> u32 {
    let mut off = 0;
    while x > 0 || y > 0 {
        off += u32::from(x % 10 != y % 10);
        (x, y) = (x / 10, y / 10);
    }
    off
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::features::{Keyed, Person};

    struct Rare;
    impl Frequency for Rare {
        fn phone(&self, _: u64) -> u32 {
            1
        }
        fn name(&self, _: u64) -> u32 {
            1
        }
    }

    fn person(name: &str, certificate: &str, phone: &str, address: &str) -> Features {
        let person = Person {
            name: name.into(),
            certificate: certificate.into(),
            phones: vec![phone.into()],
            address: address.into(),
            ..Person::default()
        };
        Features::of(&person, Keyed::new(&[1; 32]))
    }

    const CARD: &str = "11010519491231002X";
    const OTHER: &str = "440524188001010014";
    const HOME: &str = "广州市天河区天河路123号501室";

    #[test]
    fn what_is_certain_and_what_is_not() {
        let one = person("张伟", CARD, "13900138000", HOME);
        let certain = |f: &Features| compare(&one, f, &Rare).certain();
        assert!(certain(&person("张伟", CARD, "13711112222", "北京市朝阳区建国路1号")), "moved, new number");
        assert!(certain(&person("张玮", CARD, "13711112222", "")), "same sound, same card");
        assert!(certain(&person("张伟", "", "13900138000", HOME)), "name, number and door");
        assert!(certain(&person("张伟", "110105194912310029", "13900138000", "")), "a digit of the card wrong");
        for (other, why) in [
            (person("李娜", "", "13900138000", HOME), "the wife"),
            (person("张伟", OTHER, "13900138000", HOME), "father and son of one name"),
            (person("张伟", "", "", HOME), "a name and a door"),
            (person("李娜", CARD, "13900138000", HOME), "his card, her name"),
        ] {
            assert!(!certain(&other), "{why}");
        }
    }

    #[test]
    fn doubt_is_shown_and_explained() {
        let one = person("张伟", CARD, "13900138000", HOME);
        let other = compare(&one, &person("张伟", "", "13900138000", ""), &Rare);
        assert!(other.doubtful(), "{other:?}");
        assert_eq!(Score::unpack(&other.pack()), other);
        let why = other.explain();
        assert_eq!((why[1]["finding"].as_str(), why[2]["points"].as_i64()), (Some("same"), Some(45)));
    }
}
