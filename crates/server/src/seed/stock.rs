//! What lies in the warehouses of four levels, and where the network reaches: cards in every hall, some devices, addresses
//! with coverage in every city.

use super::places::{City, ESTATES, Places, ROADS};
use super::random::Random;
use inventory::{
    places::{self as reach, Coverage},
    ports,
    stock::{self, Kind, NewItem, NewWarehouse, with_luhn},
};
use kernel::{Actor, OrgPath, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::{Db, Tx};

/// Cards a hall, and in the city of the demonstration.
const CARDS: u64 = 20;
const CARDS_HOME: u64 = 150;
const HOME: &str = "4401";
/// Addresses a city, and in the city of the demonstration.
const ADDRESSES: u64 = 4;
const ADDRESSES_HOME: u64 = 120;
const PORTS: usize = 256;

const MODELS: [(Kind, &str, u64); 4] = [
    (Kind::Phone, "Honor X60 256G", 6),
    (Kind::Onu, "HG8145X6", 12),
    (Kind::Stb, "E900V22", 10),
    (Kind::SmartHome, "C6N 摄像头", 4),
];

/// A small demonstration has stock where it takes place; a larger one everywhere.
const SMALL: u64 = 100;

pub(super) fn fill(db: &Db, places: &Places, seed: u64, customers: u64) -> Result<()> {
    let small = customers < SMALL;
    let cities: Vec<&City> = places.cities.iter().filter(|c| !small || c.code == HOME).collect();
    let named = names(db, &cities)?;
    let mut warehouses = vec![NewWarehouse { org: OrgPath::root(), name: "集团中心库".to_owned() }];
    let mut items = Vec::new();
    let mut series = Series(0);
    let mut provinces: Vec<String> = Vec::new();
    for city in cities.iter().copied() {
        let home = city.code == HOME && !small;
        if let Some(province) = city.org.parent()
            && !provinces.contains(&city.province)
        {
            provinces.push(city.province.clone());
            series.cards(&mut items, &province, 40);
            warehouses.push(NewWarehouse { org: province, name: format!("{}省级库", city.province) });
        }
        warehouses.push(NewWarehouse { org: city.org.clone(), name: format!("{}市级库", city.short_name()) });
        series.cards(&mut items, &city.org, if home { 400 } else { 20 });
        series.devices(&mut items, &city.org, if home { 5 } else { 1 });
        for (hall, name) in &city.halls {
            let name = named.get(hall.as_str()).unwrap_or(name);
            warehouses.push(NewWarehouse { org: hall.clone(), name: format!("{name}库") });
            series.cards(&mut items, hall, if home { CARDS_HOME } else { CARDS });
            if home {
                series.devices(&mut items, hall, 1);
            }
        }
    }
    db.load_blocking(Actor::system(), move |tx| {
        let added = stock::stock_up(tx, &warehouses, &items)?;
        if added > 0 {
            let hall = OrgPath::parse("/cn/44/4401/h001")?;
            stock::set_minimum(tx, &stock::warehouse_of(&hall), Kind::Sim, 80)?;
            stock::set_minimum(tx, &stock::warehouse_of(&hall), Kind::Onu, 20)?;
        }
        Ok(())
    })?;
    for city in cities {
        let (some, org) = (addresses(city, seed, small), city.org.clone());
        let home = city.code == HOME && !small;
        db.load_blocking(Actor::system_at(org.clone()), move |tx| enter(tx, &org, home, &some))?;
    }
    Ok(())
}

/// What the halls are called in this store, which may have been named before.
fn names(db: &Db, cities: &[&City]) -> Result<BTreeMap<String, String>> {
    let halls: Vec<String> = cities.iter().flat_map(|c| &c.halls).map(|(hall, _)| hall.as_str().to_owned()).collect();
    db.read_blocking(Actor::system(), move |tx| {
        let name = |hall: &String| Ok((hall.clone(), access::org_name(tx, hall)?));
        halls.iter().map(name).collect()
    })
}

/// Serial numbers that no two pieces share.
struct Series(u64);

impl Series {
    fn cards(&mut self, items: &mut Vec<NewItem>, org: &OrgPath, count: u64) {
        for _ in 0..count {
            self.0 += 1;
            let serial = with_luhn(&format!("89860126{:010}", self.0));
            let imsi = Some(format!("46001{:010}", self.0));
            items.push(NewItem { kind: Kind::Sim, serial, model: "USIM 5G".to_owned(), imsi, org: org.clone() });
        }
    }
    fn devices(&mut self, items: &mut Vec<NewItem>, org: &OrgPath, lots: u64) {
        for (kind, model, count) in MODELS {
            for _ in 0..count * lots {
                self.0 += 1;
                let serial = match kind {
                    Kind::Phone => with_luhn(&format!("86104205{:06}", self.0 % 1_000_000)),
                    Kind::Onu => format!("HWTC{:08X}", 0x1A00_0000 + self.0),
                    Kind::Stb => format!("STB{:010}", self.0),
                    Kind::SmartHome | Kind::Sim => format!("SH-{:09}", self.0),
                };
                items.push(NewItem { kind, serial, model: model.to_owned(), imsi: None, org: org.clone() });
            }
        }
    }
}

/// An address and by what it is reached.
struct Reached {
    parts: Map<String, Value>,
    by: Vec<Coverage>,
}

fn addresses(city: &City, seed: u64, small: bool) -> Vec<Reached> {
    let mut random = Random::at(seed ^ 0xadd2, city.code.parse().unwrap_or(0));
    let count = if city.code == HOME && !small { ADDRESSES_HOME } else { ADDRESSES };
    (0..count).map(|n| address(city, n, &mut random)).collect()
}

fn address(city: &City, n: u64, random: &mut Random) -> Reached {
    let (code, district) = city.district(random);
    let (code, district) = (code.to_owned(), district.to_owned());
    let road = *random.pick(&ROADS);
    let estate = *random.pick(&ESTATES);
    let parts = json!({
        "country": "CN", "stateOrProvince": city.province, "city": city.name, "locality": district, "streetName": road,
        "streetNr": format!("{}号", 10 + n * 2), "postcode": format!("{code}00").chars().take(6).collect::<String>(),
        "geographicSubAddress": [{"name": format!("{estate}{}栋", random.below(30) + 1), "type": "building"}],
    });
    let device = |kind: &str, few: u64| format!("{kind}-{}-{:02}", city.code, n % few + 1);
    let line = |technology: &str, device: String, max_mbps: i64, blocked: &str| Coverage {
        technology: technology.to_owned(),
        device,
        max_mbps,
        blocked: blocked.to_owned(),
        free_ports: None,
    };
    // Most are reached by fibre; the others show every reason why something cannot be had.
    let mut by = match n % 12 {
        10 => vec![line("lan", device("SW", 2), 100, "")],
        11 => vec![line("adsl", device("DSLAM", 1), 8, ""), line("fwa", device("GNB", 3), 300, "")],
        9 => vec![line("ftth", format!("OLT-{}-FULL", city.code), 1_000, ""), line("adsl", device("DSLAM", 1), 8, "")],
        8 => vec![line("ftth", device("OLT", 4), 1_000, "光缆割接中")],
        7 => Vec::new(),
        _ => vec![line("ftth", device("OLT", 4), if n.is_multiple_of(3) { 2_000 } else { 1_000 }, "")],
    };
    if n.is_multiple_of(5) {
        by.push(line("otn", device("OTN", 2), 10_000, ""));
    }
    by.push(line("5g", device("GNB", 3), 500, ""));
    let Value::Object(parts) = parts else { return Reached { parts: Map::new(), by } };
    Reached { parts, by }
}

fn enter(tx: &mut Tx<'_>, org: &OrgPath, home: bool, some: &[Reached]) -> Result<()> {
    for one in some {
        let doc = reach::add_address(tx, org, one.parts.clone())?;
        for coverage in &one.by {
            reach::cover(tx, &doc.id, coverage, "演示数据 / demonstration")?;
        }
    }
    if home {
        for n in 1..=4 {
            ports::add(tx, org, &format!("OLT-{HOME}-{n:02}"), PORTS)?;
        }
        full(tx, org)?;
    }
    Ok(())
}

/// A device all of whose ports are taken.
fn full(tx: &mut Tx<'_>, org: &OrgPath) -> Result<()> {
    let device = format!("OLT-{HOME}-FULL");
    ports::add(tx, org, &device, 4)?;
    ports::close(tx, &device)
}
