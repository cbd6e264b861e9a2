//! Two source files about the same people, with what real files are full of: typing errors, old numbers, moved addresses,
//! missing certificates, households, namesakes; and the truth beside them, to measure a matching by.

use kernel::Result;
use std::io::Write;

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文志海春燕云鹏飞雪琳琴晶欣婷宇浩凯健俊帆博文昊天雨泽子涵梓萱思佳欢怡诺彤琪瑞轩睿晨曦阳光辉耀宁静安康福生金山水木火土林森峰岭川河江波涛清源远航启明德润诚信义礼智仁勇毅刚柔和美善真诗书画琴棋";
/// Letters that sound alike or look alike, in pairs.
const ALIKE: [(char, char); 12] = [
    ('伟', '玮'),
    ('静', '靖'),
    ('丽', '莉'),
    ('明', '铭'),
    ('娟', '鹃'),
    ('燕', '艳'),
    ('志', '智'),
    ('建', '健'),
    ('华', '桦'),
    ('涛', '滔'),
    ('敏', '闽'),
    ('杰', '洁'),
];
const AREAS: [(&str, &str); 8] = [
    ("440106", "天河区"),
    ("440104", "越秀区"),
    ("440105", "海珠区"),
    ("440103", "荔湾区"),
    ("440111", "白云区"),
    ("440112", "黄埔区"),
    ("440113", "番禺区"),
    ("440114", "花都区"),
];
const ROADS: [&str; 24] = [
    "天河路",
    "体育西路",
    "中山大道",
    "黄埔大道",
    "江南大道",
    "新港路",
    "机场路",
    "环市路",
    "东风路",
    "解放路",
    "人民路",
    "北京路",
    "龙口路",
    "五山路",
    "东圃路",
    "车陂路",
    "昌岗路",
    "工业路",
    "宝岗路",
    "石榴岗路",
    "同泰路",
    "三元里大道",
    "景云路",
    "康王路",
];

/// The population is larger than a file: a file holds seven in ten.
const SHARE: u64 = 70;

/// What the files were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub rows: [u64; 2],
    /// People who are in both.
    pub both: u64,
}

struct Draw(u64);

impl Draw {
    fn at(seed: u64, n: u64) -> Self {
        // Mixed well before it begins: neighbours must not walk the same sequence one step apart.
        let mut draw = Self(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ n.wrapping_mul(0xa076_1d64_78bd_642f));
        draw.0 = draw.next() ^ n.rotate_left(32);
        draw.0 = draw.next();
        draw
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    /// The first are more frequent, as surnames are.
    fn early(&mut self, n: usize) -> usize {
        let x = self.below(1_000_000) as f64 / 1_000_000.0;
        ((x * x * n as f64) as usize).min(n - 1)
    }
}

#[derive(Clone, Debug)]
struct Person {
    name: String,
    certificate: String,
    phone: String,
    old_phone: String,
    home: Home,
    moved: Home,
}

#[derive(Clone, Debug)]
struct Home {
    area: usize,
    road: usize,
    number: u64,
    room: String,
}

fn home(draw: &mut Draw) -> Home {
    let room = format!("{}0{}", draw.below(28) + 1, draw.below(6) + 1);
    Home { area: draw.below(8) as usize, road: draw.below(24) as usize, number: draw.below(600) + 1, room }
}

/// The person `n`: one in three lives with the person before, and some of these share the telephone.
fn person(seed: u64, n: u64, surnames: &[char], given: &[char]) -> Person {
    let household = n % 3 == 1;
    let mut family = Draw::at(seed ^ 0xfa_111, if household { n - 1 } else { n });
    let (surname, home_now) = (surnames[family.early(surnames.len())], home(&mut family));
    let family_phone = format!("137{:08}", family.below(100_000_000));
    let mut draw = Draw::at(seed, n);
    let own = surnames[draw.early(surnames.len())];
    let name: String = std::iter::once(if household && draw.chance(60) {
        surname
    } else if household {
        own
    } else {
        surname
    })
    .chain((0..1 + u64::from(draw.chance(75))).map(|_| given[draw.early(given.len())]))
    .collect();
    let (year, month, day) = (1945 + draw.below(62), draw.below(12) + 1, draw.below(28) + 1);
    let (area, _) = AREAS[draw.below(8) as usize];
    let mut certificate = format!("{area}{year:04}{month:02}{day:02}{:03}", draw.below(1_000));
    certificate.push(check(certificate.as_bytes()));
    let shares = (household || n.is_multiple_of(3)) && Draw::at(seed ^ 0x5a_5e, n / 3).chance(15);
    let phone = if shares { family_phone } else { format!("13{}{:08}", draw.below(10), draw.below(100_000_000)) };
    let old_phone = format!("15{}{:08}", draw.below(10), draw.below(100_000_000));
    let moved = home(&mut draw);
    Person { name, certificate, phone, old_phone, home: home_now, moved }
}

/// GB 11643.
fn check(digits: &[u8]) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(w, d)| w * u32::from(d - b'0')).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

/// How carelessly a source is kept, in hundredths.
struct Care {
    no_certificate: u64,
    wrong_certificate: u64,
    old_phone: u64,
    no_phone: u64,
    moved: u64,
    typo: u64,
    spelling: u64,
}

const SUBSCRIBERS: Care =
    Care { no_certificate: 8, wrong_certificate: 1, old_phone: 6, no_phone: 2, moved: 5, typo: 1, spelling: 10 };
const ACCOUNTS: Care =
    Care { no_certificate: 15, wrong_certificate: 2, old_phone: 18, no_phone: 4, moved: 15, typo: 3, spelling: 40 };

fn name(person: &Person, care: &Care, draw: &mut Draw, given: &[char]) -> String {
    let mut letters: Vec<char> = person.name.chars().collect();
    if draw.chance(care.typo) {
        let last = letters.len() - 1;
        let alike = ALIKE.iter().find(|(a, _)| *a == letters[last]).map(|(_, b)| *b);
        letters[last] = alike.unwrap_or_else(|| given[draw.below(given.len() as u64) as usize]);
    }
    let text: String = letters.into_iter().collect();
    match draw.chance(care.spelling / 4) {
        true => text.chars().flat_map(|c| [c, '\u{3000}']).collect::<String>().trim_end().to_owned(),
        false => text,
    }
}

fn address(home: &Home, care: &Care, draw: &mut Draw) -> String {
    let (area, road) = (AREAS[home.area].1, ROADS[home.road]);
    let wide: String =
        home.number.to_string().chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap_or(c)).collect();
    match draw.chance(care.spelling) {
        false => format!("广东省广州市{area}{road}{}号{}室", home.number, home.room),
        true if draw.chance(50) => format!("{area}{road}{wide}号{}", home.room),
        true => format!("广州市{area}{road}{}號{}房", home.number, home.room),
    }
}

fn certificate(person: &Person, care: &Care, draw: &mut Draw) -> String {
    if draw.chance(care.no_certificate) {
        return String::new();
    }
    let mut number = person.certificate.clone();
    if draw.chance(care.wrong_certificate) {
        let at = 6 + draw.below(11) as usize;
        let digit = number.as_bytes()[at] - b'0';
        let other = (u64::from(digit) + 1 + draw.below(8)) % 10;
        number.replace_range(at..=at, &other.to_string());
    }
    number
}

/// One row: id, name, certificate, telephone, address.
fn row(id: &str, person: &Person, care: &Care, draw: &mut Draw, given: &[char]) -> String {
    let phone = match (draw.chance(care.no_phone), draw.chance(care.old_phone)) {
        (true, _) => "",
        (_, true) => person.old_phone.as_str(),
        _ => person.phone.as_str(),
    };
    let home = if draw.chance(care.moved) { &person.moved } else { &person.home };
    let (name, card) = (name(person, care, draw, given), certificate(person, care, draw));
    format!("{id},{name},{card},{phone},{}\n", address(home, care, draw))
}

/// Writes about `rows` rows into each of two files and, for each row, whose it is into `truth` (`source,id,person`).
pub fn write(
    rows: u64,
    seed: u64,
    first: &mut dyn Write,
    second: &mut dyn Write,
    truth: &mut dyn Write,
) -> Result<Made> {
    let failed = |e: std::io::Error| kernel::Problem::new(&crate::problems::WORKPLACE).because(e);
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let people = rows * 100 / SHARE;
    let mut made = Made::default();
    first.write_all("YHBH,YHMC,ZJHM,DHHM,ZJDZ\n".as_bytes()).map_err(failed)?;
    second.write_all("帐户编号,帐户名称,证件号码,联系电话,帐单地址\n".as_bytes()).map_err(failed)?;
    truth.write_all(b"source,id,person\n").map_err(failed)?;
    for n in 0..people {
        let person = person(seed, n, &surnames, &given);
        let mut draw = Draw::at(seed ^ 0x0b_0b, n);
        let here = [draw.chance(SHARE), draw.chance(SHARE)];
        made.both += u64::from(here[0] && here[1]);
        for source in 0..2 {
            let out: &mut dyn Write = if source == 0 { &mut *first } else { &mut *second };
            if !here[source] {
                continue;
            }
            let (code, letter, care) = [("97", 'S', &SUBSCRIBERS), ("billing", 'B', &ACCOUNTS)][source];
            // One in fifty is in the same file twice.
            for copy in 0..1 + u64::from(draw.chance(2)) {
                let id = if copy == 0 { format!("{letter}{n}") } else { format!("{letter}{n}-{copy}") };
                out.write_all(row(&id, &person, care, &mut draw, &given).as_bytes()).map_err(failed)?;
                writeln!(truth, "{code},{id},{n}").map_err(failed)?;
                made.rows[source] += 1;
            }
        }
    }
    Ok(made)
}

/// The columns of the first file.
pub fn mapping() -> serde_json::Value {
    serde_json::json!({"id": "YHBH", "name": "YHMC", "certificate": "ZJHM", "phone": "DHHM", "address": "ZJDZ"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_files() {
        let make = |seed| {
            let (mut a, mut b, mut t) = (Vec::new(), Vec::new(), Vec::new());
            let made = write(1_000, seed, &mut a, &mut b, &mut t).unwrap();
            (made, a, b, t)
        };
        let (one, again, other) = (make(1), make(1), make(2));
        assert_eq!(one, again);
        assert_ne!(one.1, other.1);
        assert!((900..1_150).contains(&one.0.rows[0]) && one.0.both > 600, "{:?}", one.0);
    }
}
