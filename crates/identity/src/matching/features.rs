//! What is compared of a record: a hundred and some bytes, hashes wherever a hash will do.
//!
//! Certificate numbers are here as keyed hashes only, whole and in three parts (area, birth, sequence), so that a number
//! with one wrong digit still agrees in two of them.

use super::text;
use kernel::Phone;
use party::{Certificate, CertificateKind};

/// Bytes of a record on disk. A change of the layout changes [`VERSION`].
pub const SIZE: usize = 132;
pub const VERSION: u8 = 1;
/// Letters of a name that are compared one by one.
const LETTERS: usize = 8;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    pub organization: bool,
    /// The check character is right: then another number is another person.
    pub certificate_good: bool,
    pub certificate: u64,
    /// Area, birth, sequence of an identity card.
    pub parts: [u32; 3],
    pub phones: [u64; 3],
    pub name: u64,
    pub letters: [u32; LETTERS],
    pub pinyin: u64,
    pub district: u32,
    pub road: u32,
    pub number: u32,
    pub room: u32,
    /// Pairs of neighbouring letters of the address (of the name, for an organisation), as a set of 128.
    pub grams: [u64; 2],
    /// `19900307`, or 0.
    pub birth: u32,
}

/// What a source says of somebody, as text.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub organization: bool,
    pub name: String,
    pub certificate_type: String,
    pub certificate: String,
    pub phones: Vec<String>,
    pub address: String,
    pub birth: String,
}

/// Hashes that cannot be looked up in a table made elsewhere: keyed with the store's own key.
#[derive(Clone, Copy)]
pub struct Keyed(u64);

impl Keyed {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hash(0, key))
    }
    fn text(self, text: &str) -> u64 {
        if text.is_empty() { 0 } else { hash(self.0, text.as_bytes()).max(1) }
    }
    fn short(self, text: &str) -> u32 {
        let long = self.text(text);
        if long == 0 { 0 } else { ((long >> 32) as u32 ^ long as u32).max(1) }
    }
}

/// FNV-1a with a good finish; `seed` keys it.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let mut h =
        bytes.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

pub fn mix(a: u64, b: u64) -> u64 {
    hash(a, &b.to_le_bytes())
}

impl Features {
    pub fn of(person: &Person, keyed: Keyed) -> Self {
        let mut f = Self { organization: person.organization, ..Self::default() };
        f.certificate(person, keyed);
        let mut phones: Vec<u64> = person
            .phones
            .iter()
            .filter_map(|p| Phone::parse(p).ok())
            .filter(|p| p.as_str().len() >= 8)
            .map(|p| keyed.text(p.as_str()))
            .collect();
        phones.sort_unstable();
        phones.dedup();
        f.phones.iter_mut().zip(phones).for_each(|(slot, phone)| *slot = phone);
        let name = if person.organization { text::company_core(&person.name) } else { text::person_name(&person.name) };
        f.name = keyed.text(&name);
        f.letters.iter_mut().zip(name.chars()).for_each(|(slot, c)| *slot = c as u32);
        let spoken = customer::romanise(&name, !person.organization).map_or_else(|| name.clone(), |(full, _)| full);
        f.pinyin = keyed.text(&spoken);
        let address = text::address(&person.address);
        f.district = keyed.short(&address.district);
        f.road = keyed.short(&address.road);
        f.number = keyed.short(&address.number);
        f.room = keyed.short(&address.room);
        f.grams = grams(if person.organization { &name } else { &person.address });
        if f.birth == 0
            && let Ok(date) = kernel::Date::parse(&person.birth)
        {
            f.birth = date.to_string().replace('-', "").parse().unwrap_or(0);
        }
        f
    }

    fn certificate(&mut self, person: &Person, keyed: Keyed) {
        let number = Certificate::look_up_text(&person.certificate);
        if number.len() < 4 || number.bytes().all(|b| b == number.as_bytes()[0]) {
            return; // 0000, 1111…: a placeholder
        }
        let usual = if person.organization { CertificateKind::BusinessLicence } else { CertificateKind::IdCard };
        let kind =
            if person.certificate_type.is_empty() { usual } else { CertificateKind::parse(&person.certificate_type) };
        let parsed = Certificate::parse(kind, &number).ok().filter(|_| kind != CertificateKind::Other);
        self.certificate_good = parsed.is_some();
        self.certificate = keyed.text(&number);
        if number.len() == 18 && number.is_ascii() && !person.organization {
            self.parts = [keyed.short(&number[..6]), keyed.short(&number[6..14]), keyed.short(&number[14..17])];
            if let Some((birth, _)) = parsed.and_then(|c| c.birth()) {
                self.birth = birth.to_string().replace('-', "").parse().unwrap_or(0);
            }
        }
    }

    pub fn encode(&self) -> [u8; SIZE] {
        let mut out = [0u8; SIZE];
        out[0] = VERSION;
        out[1] = u8::from(self.organization) | (u8::from(self.certificate_good) << 1);
        let mut at = 4;
        let mut put = |bytes: &[u8]| {
            out[at..at + bytes.len()].copy_from_slice(bytes);
            at += bytes.len();
        };
        put(&self.birth.to_le_bytes());
        for n in [self.certificate, self.name, self.pinyin].into_iter().chain(self.phones).chain(self.grams) {
            put(&n.to_le_bytes());
        }
        for n in self.parts.into_iter().chain(self.letters).chain([self.district, self.road, self.number, self.room]) {
            put(&n.to_le_bytes());
        }
        out
    }

    /// Nothing where the bytes are of another layout.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != SIZE || bytes[0] != VERSION {
            return None;
        }
        let mut at = 4;
        let mut four = || {
            at += 4;
            u32::from_le_bytes([bytes[at - 4], bytes[at - 3], bytes[at - 2], bytes[at - 1]])
        };
        let birth = four();
        let mut eight = || u64::from(four()) | (u64::from(four()) << 32);
        let (certificate, name, pinyin) = (eight(), eight(), eight());
        let phones = [eight(), eight(), eight()];
        let grams = [eight(), eight()];
        let parts = [four(), four(), four()];
        let mut letters = [0; LETTERS];
        letters.iter_mut().for_each(|l| *l = four());
        let [district, road, number, room] = [four(), four(), four(), four()];
        Some(Self {
            organization: bytes[1] & 1 == 1,
            certificate_good: bytes[1] & 2 == 2,
            certificate,
            parts,
            phones,
            name,
            letters,
            pinyin,
            district,
            road,
            number,
            room,
            grams,
            birth,
        })
    }
}

/// The pairs of neighbouring letters as bits.
fn grams(text: &str) -> [u64; 2] {
    let folded: Vec<char> = text::fold(text).chars().collect();
    let mut bits = [0u64; 2];
    for pair in folded.windows(2) {
        let h = hash(u64::from(pair[0] as u32), &(pair[1] as u32).to_le_bytes());
        bits[(h >> 6 & 1) as usize] |= 1 << (h & 63);
    }
    bits
}

/// How much two sets of pairs have in common, in hundredths.
pub fn alike(a: [u64; 2], b: [u64; 2]) -> u32 {
    let both = (a[0] & b[0]).count_ones() + (a[1] & b[1]).count_ones();
    let either = (a[0] | b[0]).count_ones() + (a[1] | b[1]).count_ones();
    (both * 100).checked_div(either).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            name: "张伟".into(),
            certificate: "11010519491231002X".into(),
            phones: vec!["13900138000".into(), "020-88886666".into()],
            address: "广州市天河区天河路123号".into(),
            ..Person::default()
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let f = Features::of(&person(), Keyed::new(&[7; 32]));
        assert_eq!(Features::decode(&f.encode()), Some(f));
        assert!(f.certificate_good && f.birth == 19_491_231);
        assert_eq!(Features::decode(&[0; SIZE]), None);
    }

    #[test]
    fn spelling_makes_no_other_record() {
        let keyed = Keyed::new(&[7; 32]);
        let other = Person {
            name: " 張 偉".into(),
            certificate: "11010519491231002x".into(),
            phones: vec!["+86 20 8888 6666".into(), "139-0013-8000".into()],
            address: "天河區天河路１２３號".into(),
            ..Person::default()
        };
        let (a, b) = (Features::of(&person(), keyed), Features::of(&other, keyed));
        assert_eq!(
            (a.name, a.certificate, a.phones, a.road, a.number),
            (b.name, b.certificate, b.phones, b.road, b.number)
        );
        assert_ne!(a.certificate, Features::of(&person(), Keyed::new(&[8; 32])).certificate);
    }

    #[test]
    fn a_placeholder_is_no_certificate() {
        let odd = Person { certificate: "000000000000000000".into(), ..person() };
        assert_eq!(Features::of(&odd, Keyed::new(&[7; 32])).certificate, 0);
    }
}
