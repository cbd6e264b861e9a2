//! Persons and organisations as one meets them: family names by their real frequency, given names by age and sex,
//! certificates with correct check characters, telephone numbers of the three operators.

use super::{
    places::{City, Places},
    random::{Random, Weighted},
};
use customer::NewCustomer;
use kernel::{OrgPath, Phone, Result, Timestamp};
use party::{Certificate, CertificateKind, PartyKind};

const SURNAMES: &str = include_str!("../../data/surnames.txt");
const GIVEN: &str = include_str!("../../data/given.txt");
/// Mobile prefixes with the weight of their operator; 199 is left to the number pool.
const PREFIXES: [(u64, &str); 42] = [
    (6, "134"),
    (6, "135"),
    (6, "136"),
    (6, "137"),
    (6, "138"),
    (6, "139"),
    (3, "147"),
    (5, "150"),
    (5, "151"),
    (5, "152"),
    (4, "157"),
    (5, "158"),
    (5, "159"),
    (2, "178"),
    (4, "182"),
    (4, "183"),
    (4, "187"),
    (4, "188"),
    (2, "195"),
    (2, "198"),
    (3, "130"),
    (3, "131"),
    (3, "132"),
    (1, "145"),
    (3, "155"),
    (3, "156"),
    (1, "166"),
    (2, "176"),
    (3, "185"),
    (3, "186"),
    (6, "133"),
    (3, "149"),
    (6, "153"),
    (4, "173"),
    (6, "177"),
    (6, "180"),
    (6, "181"),
    (6, "189"),
    (2, "190"),
    (2, "191"),
    (2, "193"),
    (1, "197"),
];
const TRADES: [&str; 16] = [
    "科技",
    "商贸",
    "物流",
    "餐饮管理",
    "建筑工程",
    "电子",
    "机械制造",
    "服饰",
    "医药",
    "教育咨询",
    "信息技术",
    "广告传媒",
    "酒店管理",
    "农业发展",
    "新能源",
    "文化传播",
];
const SIGNS: [&str; 24] = [
    "恒达", "鑫源", "华信", "瑞丰", "宏图", "金诚", "天成", "盛世", "博远", "中联", "汇通", "众合", "永泰", "嘉禾",
    "远航", "启明", "德润", "同创", "东升", "安泰", "云帆", "星辰", "百川", "弘毅",
];
const CHECK: &[u8] = b"10X98765432";

pub(super) struct People {
    surnames: Weighted<&'static str>,
    prefixes: Weighted<&'static str>,
    /// Women and men born before 1985, women and men born since.
    given: [Vec<&'static str>; 4],
}

impl People {
    pub fn load() -> Self {
        let surnames = SURNAMES.lines().filter_map(|l| l.split_once(' '));
        let surnames = surnames.filter_map(|(name, weight)| Some(((weight.parse::<f64>().ok()? * 10.0) as u64, name)));
        let mut given: [Vec<&'static str>; 4] = Default::default();
        let mut group = 0;
        for line in GIVEN.lines() {
            if line.starts_with('#') {
                group += 1;
            } else if let Some(names) = given.get_mut(group - 1) {
                names.extend(line.split_whitespace());
            }
        }
        Self { surnames: Weighted::new(surnames), prefixes: Weighted::new(PREFIXES), given }
    }

    /// The customer number `index` of the series `seed`. `now` is when the demonstration begins.
    pub fn customer(&self, places: &Places, seed: u64, index: u64, now: Timestamp) -> Result<NewCustomer> {
        let mut random = Random::at(seed, index);
        let city = places.city(&mut random);
        let (code, district) = city.district(&mut random);
        let (code, district) = (code.to_owned(), district.to_owned());
        let organization = random.chance(5);
        let mut new =
            if organization { self.company(city, &code, &mut random)? } else { self.person(&code, &mut random)? };
        new.phones.insert(0, self.phone(seed, index, &mut random)?);
        new.address = Some(city.address(&district, &mut random));
        new.org = Some(OrgPath::clone(city.hall(&mut random)));
        new.grade = Some(grade(organization, &mut random).to_owned());
        new.manager = organization.then(|| self.name(&mut random, 1970).0);
        // Half of all customers came in the last three years; some came today.
        let days = random.below(60) * random.below(60);
        let at = now.plus_seconds(-i64::try_from(days * 86_400 + random.below(36_000)).unwrap_or(0));
        new.created_at = Some(at);
        Ok(new)
    }

    fn person(&self, district: &str, random: &mut Random) -> Result<NewCustomer> {
        let year = 1946 + random.below(61);
        let (name, male) = self.name(random, year);
        let (month, day) = (random.below(12) + 1, random.below(28) + 1);
        let order = random.below(499) * 2 + u64::from(male);
        let mut number = format!("{district}{year:04}{month:02}{day:02}{order:03}");
        number.push(char::from(identity_check(number.as_bytes())));
        Ok(NewCustomer {
            certificate: Some(Certificate::parse(CertificateKind::IdCard, &number)?),
            ..NewCustomer::person(name)
        })
    }

    fn name(&self, random: &mut Random, year: u64) -> (String, bool) {
        let male = random.chance(51);
        let group = &self.given[usize::from(year >= 1985) * 2 + usize::from(male)];
        let family = self.surnames.pick(random);
        let mut given = (*random.pick(group)).to_owned();
        // Single characters also make pairs: far more names than any list.
        let single: Vec<&str> = group.iter().copied().filter(|g| g.chars().count() == 1).collect();
        if given.chars().count() == 1 && random.chance(60) {
            given.push_str(random.pick::<&str>(&single));
        } else if given.chars().count() == 2 && random.chance(35) {
            let first = given.chars().next().unwrap_or('小');
            given = format!("{first}{}", random.pick(&single));
        }
        (format!("{family}{given}"), male)
    }

    fn company(&self, city: &City, district: &str, random: &mut Random) -> Result<NewCustomer> {
        let (sign, trade) = (random.pick(&SIGNS), random.pick(&TRADES));
        let form = if random.chance(80) { "有限公司" } else { "股份有限公司" };
        let second = if random.chance(50) { *random.pick(&["", "兴", "益", "和", "隆", "达", "新"]) } else { "" };
        let name = format!("{}{sign}{second}{trade}{form}", city.name);
        let code = credit_code(district, random);
        Ok(NewCustomer {
            kind: PartyKind::Organization,
            certificate: Some(Certificate::parse(CertificateKind::BusinessLicence, &code)?),
            ..NewCustomer::person(name)
        })
    }

    /// No two customers of a series have the same number: the eight digits run through all of them in a scattered order.
    fn phone(&self, seed: u64, index: u64, random: &mut Random) -> Result<Phone> {
        const ALL: u64 = 100_000_000;
        let rest = (index.wrapping_mul(48_271_357) + seed % ALL * 7 + 37_124_873) % ALL;
        Phone::parse(&format!("{}{rest:08}", self.prefixes.pick(random)))
    }
}

fn grade(organization: bool, random: &mut Random) -> &'static str {
    match (organization, random.below(1000)) {
        (true, 0..150) => "key",
        (_, 0..10) => "diamond",
        (_, 10..35) => "platinum",
        (_, 35..90) => "gold",
        (_, 90..190) => "silver",
        _ => "standard",
    }
}

/// GB 11643: the check character of an identity number.
fn identity_check(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(w, d)| w * u32::from(d - b'0')).sum();
    CHECK[(sum % 11) as usize]
}

/// GB 32100: registration authority and kind, division, organisation code (GB 11714) with its check character, check.
fn credit_code(district: &str, random: &mut Random) -> String {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const INNER: [u64; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    const OUTER: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let body: Vec<u64> = (0..8).map(|_| random.below(10)).collect();
    let inner = 11 - INNER.iter().zip(&body).map(|(w, d)| w * d).sum::<u64>() % 11;
    let inner = match inner {
        10 => 'X',
        11 => '0',
        n => char::from(b'0' + n as u8),
    };
    let digits: String = body.iter().map(u64::to_string).collect();
    let mut code = format!("91{district}{digits}{inner}");
    let value = |b: u8| CHARACTERS.iter().position(|c| *c == b).unwrap_or(0);
    let sum: usize = OUTER.iter().zip(code.bytes()).map(|(w, b)| w * value(b)).sum();
    code.push(char::from(CHARACTERS[(31 - sum % 31) % 31]));
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Date;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_believable_customers() {
        let (places, people) = (Places::load().unwrap(), People::load());
        let now = Date::parse("2026-11-22").unwrap().start();
        let make = |seed| (0..2_000).map(|i| people.customer(&places, seed, i, now).unwrap()).collect::<Vec<_>>();
        let (first, again, other) = (make(1), make(1), make(2));
        assert_eq!(format!("{first:?}"), format!("{again:?}"));
        assert_ne!(format!("{first:?}"), format!("{other:?}"));
        let phones: HashSet<&Phone> = first.iter().map(|c| &c.phones[0]).collect();
        assert_eq!(phones.len(), first.len());
        let organizations = first.iter().filter(|c| c.kind == PartyKind::Organization).count();
        assert!((60..140).contains(&organizations), "{organizations}");
        let wang = first.iter().filter(|c| c.name.starts_with('王')).count();
        assert!((80..220).contains(&wang), "{wang}");
        let names: HashSet<&str> = first.iter().map(|c| c.name.as_str()).collect();
        assert!(names.len() > 1_600, "{}", names.len());
    }
}
