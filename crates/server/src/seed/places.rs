//! The organisation: group, eight provinces, their cities, halls in each; and the districts people live in.

use super::random::{Random, Weighted};
use kernel::{OrgPath, Result};
use std::collections::BTreeMap;

const DIVISIONS: &str = include_str!("../../data/divisions.txt");
/// Roads that nearly every town has.
pub(super) const ROADS: [&str; 20] = [
    "中山路",
    "人民路",
    "解放路",
    "建设路",
    "和平路",
    "新华路",
    "胜利路",
    "文化路",
    "北京路",
    "中华路",
    "滨江路",
    "环城路",
    "长江路",
    "黄河路",
    "迎宾大道",
    "体育路",
    "公园路",
    "学府路",
    "工业大道",
    "友谊路",
];
pub(super) const ESTATES: [&str; 12] = [
    "阳光花园",
    "翠湖苑",
    "锦绣家园",
    "金色家园",
    "康乐小区",
    "世纪城",
    "枫林苑",
    "御景湾",
    "银河小区",
    "东方名城",
    "和谐家园",
    "幸福里",
];
/// Where the group has most of its customers.
const WEIGHTS: [(&str, u64); 8] =
    [("44", 30), ("32", 18), ("33", 16), ("51", 14), ("11", 8), ("31", 9), ("54", 2), ("63", 3)];
/// Capitals and other large cities count several times.
const LARGE: [(&str, u64); 8] =
    [("4401", 9), ("4403", 7), ("3201", 4), ("3205", 4), ("3301", 4), ("3302", 3), ("5101", 8), ("6301", 3)];
const HALLS: u64 = 3;

pub(super) struct City {
    pub code: String,
    pub name: String,
    pub province: String,
    pub org: OrgPath,
    pub halls: Vec<(OrgPath, String)>,
    /// Code and name.
    pub districts: Vec<(String, String)>,
}

impl City {
    /// With the province, unless it is one of the four municipalities.
    pub fn full_name(&self) -> String {
        if self.province == self.name { self.name.clone() } else { format!("{}{}", self.province, self.name) }
    }
    /// Without 市 and the like.
    pub fn short_name(&self) -> &str {
        self.name.strip_suffix('市').unwrap_or(&self.name)
    }
    pub fn district<'c>(&'c self, random: &mut Random) -> (&'c str, &'c str) {
        if self.districts.is_empty() {
            return (&self.code, "");
        }
        let (code, name) = random.pick(&self.districts);
        (code, name)
    }
    pub fn hall(&self, random: &mut Random) -> &OrgPath {
        &random.pick(&self.halls).0
    }
    pub fn address(&self, district: &str, random: &mut Random) -> String {
        let (road, number) = (random.pick(&ROADS), random.below(400) + 1);
        let estate = random.pick(&ESTATES);
        let (house, floor, door) = (random.below(30) + 1, random.below(28) + 1, random.below(4) + 1);
        format!("{}{district}{road}{number}号{estate}{house}栋{floor}0{door}室", self.full_name())
    }
}

pub(super) struct Places {
    provinces: BTreeMap<String, String>,
    pub cities: Vec<City>,
    weighted: Weighted<usize>,
}

impl Places {
    pub fn load() -> Result<Self> {
        let mut provinces = BTreeMap::new();
        let mut cities: Vec<City> = Vec::new();
        for (code, name) in DIVISIONS.lines().filter_map(|l| l.split_once(' ')) {
            match code.len() {
                2 => drop(provinces.insert(code.to_owned(), name.to_owned())),
                4 => {
                    let org = OrgPath::parse(&format!("/cn/{}/{code}", &code[..2]))?;
                    let province = provinces.get(&code[..2]).cloned().unwrap_or_default();
                    cities.push(City {
                        code: code.to_owned(),
                        name: name.to_owned(),
                        province,
                        org,
                        halls: Vec::new(),
                        districts: Vec::new(),
                    });
                }
                _ => {
                    if let Some(city) = cities.last_mut() {
                        city.districts.push((code.to_owned(), name.to_owned()));
                    }
                }
            }
        }
        for city in &mut cities {
            for n in 1..=HALLS {
                let place = city.districts.get(n as usize - 1).map_or(city.short_name(), |(_, d)| d.as_str());
                let name = format!("{}{}营业厅", city.short_name(), place);
                city.halls.push((city.org.child(&format!("h{n:03}"))?, name));
            }
        }
        let weight = |city: &City| {
            let province = WEIGHTS.iter().find(|(p, _)| city.code.starts_with(p)).map_or(1, |(_, w)| *w);
            let size = LARGE.iter().find(|(c, _)| *c == city.code).map_or(1, |(_, w)| *w);
            province * size
        };
        let weighted = Weighted::new(cities.iter().enumerate().map(|(i, c)| (weight(c), i)));
        Ok(Self { provinces, cities, weighted })
    }
    pub fn city(&self, random: &mut Random) -> &City {
        &self.cities[*self.weighted.pick(random)]
    }
    /// The whole tree as `(path, name, kind)`.
    pub fn organizations(&self) -> Vec<(String, String, &'static str)> {
        let mut nodes = vec![("/cn".to_owned(), "一台电信集团".to_owned(), "group")];
        for (code, name) in &self.provinces {
            nodes.push((format!("/cn/{code}"), format!("{name}公司"), "province"));
        }
        for city in &self.cities {
            nodes.push((city.org.as_str().to_owned(), format!("{}分公司", city.name), "city"));
            nodes.extend(city.halls.iter().map(|(org, name)| (org.as_str().to_owned(), name.clone(), "hall")));
        }
        nodes
    }
}
