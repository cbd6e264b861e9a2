//! The tables that plans refer to: destinations, free numbers, time bands, roaming zones, taxes. Held in memory for a
//! short time, since every rating asks for them; a change is seen by a new reading.

mod routes;

pub use routes::routes;

use kernel::{Date, Money, Result, Timestamp};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Tx, params, sql};
use usage::{Direction, Kind, Record};

sql! {
    DESTINATIONS = "SELECT prefix, class, name, name_en, source FROM rate_destination ORDER BY prefix";
    FREE = "SELECT number, name, name_en, source FROM rate_free_number ORDER BY number";
    BANDS = "SELECT id, seq, name, name_en, days, from_minute, to_minute, source FROM rate_band ORDER BY id, seq";
    ZONES = "SELECT code, class, name, name_en, source FROM rate_zone ORDER BY code";
    TAXES = "SELECT category, valid_from, permille, name, name_en, source FROM rate_tax ORDER BY category, valid_from";
    FAMILIES = "SELECT family, category, name, name_en, source FROM rate_tax_family ORDER BY family";
    DEFAULTS = "SELECT name, value, source FROM rate_default ORDER BY name";
}

/// One stretch of a time band; over midnight where it ends before it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// Bit 0 is Monday.
    pub days: i64,
    pub from_minute: i64,
    pub to_minute: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tax {
    pub category: String,
    pub valid_from: Date,
    pub permille: i64,
    pub name: String,
    pub name_en: String,
    pub source: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tables {
    destinations: HashMap<String, String>,
    longest: usize,
    free: HashMap<String, (String, String)>,
    bands: HashMap<String, Vec<Stretch>>,
    zones: HashMap<String, String>,
    pub taxes: Vec<Tax>,
    /// Tax category by product line.
    tax_of: HashMap<String, String>,
    pub defaults: HashMap<String, i64>,
}

/// What rules look at, of one record.
pub struct Seen<'a> {
    pub kind: Kind,
    pub direction: Direction,
    pub at: Timestamp,
    pub peer: &'a str,
    pub destination: &'a str,
    pub zone: &'a str,
    pub zone_class: &'a str,
}

/// The prefix under which Chinese numbers are written.
const HOME_PREFIX: &str = "+86";

impl Tables {
    pub fn see<'a>(&'a self, record: &'a Record) -> Seen<'a> {
        let zone = record.place.as_str();
        // A place that no table knows is a province where it has two digits, and abroad otherwise.
        let zone_class = match self.zones.get(zone) {
            Some(class) => class.as_str(),
            None if zone.starts_with('+') || zone.starts_with("00") => "abroad",
            None => "home",
        };
        let talks = matches!(record.kind, Kind::Call | Kind::Sms | Kind::Mms);
        Seen {
            kind: record.kind,
            direction: record.direction,
            at: record.at,
            peer: &record.peer,
            destination: if talks { self.destination(&record.peer) } else { "" },
            zone,
            zone_class,
        }
    }
    /// The class of the longest prefix that the number begins with.
    pub fn destination(&self, peer: &str) -> &str {
        let most = peer.len().min(self.longest);
        let hit = (0..=most).rev().filter_map(|n| peer.get(..n)).find_map(|p| self.destinations.get(p));
        hit.map_or("domestic", String::as_str)
    }
    /// The name of a number that is free for everybody, such as 110; with an area code before it too.
    pub fn free(&self, peer: &str) -> Option<&(String, String)> {
        if self.free.is_empty() {
            return None;
        }
        let bare = peer.strip_prefix(HOME_PREFIX).unwrap_or(peer);
        self.free.get(bare)
    }
    pub fn in_band(&self, band: &str, at: Timestamp) -> bool {
        // 1970-01-01 was a Thursday; business time is eight hours ahead.
        let minutes = (at.micros().div_euclid(60_000_000)) + 8 * 60;
        let (day, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
        let weekday = (day + 3).rem_euclid(7);
        let on = |days: i64, weekday: i64| days & (1 << weekday) != 0;
        self.bands.get(band).is_some_and(|stretches| {
            stretches.iter().any(|s| {
                if s.from_minute <= s.to_minute {
                    on(s.days, weekday) && (s.from_minute..s.to_minute).contains(&minute)
                } else {
                    (on(s.days, weekday) && minute >= s.from_minute)
                        || (on(s.days, (weekday + 6) % 7) && minute < s.to_minute)
                }
            })
        })
    }
    pub fn knows_destination(&self, class: &str) -> bool {
        self.destinations.values().any(|c| c == class)
    }
    pub fn knows_band(&self, id: &str) -> bool {
        self.bands.contains_key(id)
    }
    pub fn knows_zone(&self, zone: &str) -> bool {
        zone == "home" || zone == "abroad" || self.zones.iter().any(|(code, class)| code == zone || class == zone)
    }
    pub fn tax(&self, category: &str, on: Date) -> Option<&Tax> {
        self.taxes.iter().rfind(|t| t.category == category && t.valid_from <= on)
    }
    pub fn default_price(&self, name: &str) -> u64 {
        self.defaults.get(name).and_then(|v| u64::try_from(*v).ok()).unwrap_or(0)
    }
}

#[derive(Default)]
struct Held(Mutex<Option<(Timestamp, Arc<Tables>)>>);

/// How long a table is held: a change shows that much later in other processes, and at once in the one that made it.
const HOLD_SECONDS: i64 = 10;

pub fn tables(tx: &mut Tx<'_>) -> Result<Arc<Tables>> {
    let (memory, now) = (tx.memory::<Held>(), tx.now());
    if let Some((at, held)) = &*memory.0.lock().unwrap_or_else(PoisonError::into_inner)
        && (0..HOLD_SECONDS).contains(&now.seconds_since(*at))
    {
        return Ok(held.clone());
    }
    let read = Arc::new(load(tx)?);
    *memory.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, read.clone()));
    Ok(read)
}

/// After a change: the next rating reads anew.
fn forget(tx: &Tx<'_>) {
    *tx.memory::<Held>().0.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

fn load(tx: &mut Tx<'_>) -> Result<Tables> {
    let mut tables = Tables::default();
    for row in tx.query(&DESTINATIONS, params![])? {
        tables.longest = tables.longest.max(row.str(0).len());
        tables.destinations.insert(row.text(0), row.text(1));
    }
    for row in tx.query(&FREE, params![])? {
        tables.free.insert(row.text(0), (row.text(1), row.text(2)));
    }
    for row in tx.query(&BANDS, params![])? {
        let stretch = Stretch { days: row.int(4), from_minute: row.int(5), to_minute: row.int(6) };
        tables.bands.entry(row.text(0)).or_default().push(stretch);
    }
    for row in tx.query(&ZONES, params![])? {
        tables.zones.insert(row.text(0), row.text(1));
    }
    for row in tx.query(&TAXES, params![])? {
        tables.taxes.push(Tax {
            category: row.text(0),
            valid_from: Date::parse(row.str(1))?,
            permille: row.int(2),
            name: row.text(3),
            name_en: row.text(4),
            source: row.text(5),
        });
    }
    for row in tx.query(&FAMILIES, params![])? {
        tables.tax_of.insert(row.text(0), row.text(1));
    }
    for row in tx.query(&DEFAULTS, params![])? {
        tables.defaults.insert(row.text(0), row.int(1));
    }
    Ok(tables)
}

/// The tax category of what a product line costs: basic services where no row says otherwise.
pub fn tax_of_family(tx: &mut Tx<'_>, family: &str) -> Result<String> {
    Ok(tables(tx)?.tax_of.get(family).cloned().unwrap_or_else(crate::plan::basic_tax))
}

/// The rate of a category on a day.
pub fn tax(tx: &mut Tx<'_>, category: &str, on: Date) -> Result<Option<Tax>> {
    Ok(tables(tx)?.tax(category, on).cloned())
}

/// The part of a price that is tax: prices include it.
pub fn tax_portion(tx: &mut Tx<'_>, category: &str, amount: Money, on: Date) -> Result<Money> {
    let permille = tables(tx)?.tax(category, on).map_or(0, |t| t.permille);
    Ok(amount.prorated(permille, 1_000 + permille))
}

#[cfg(test)]
pub(crate) fn sample() -> Tables {
    let mut tables = Tables::default();
    for (prefix, class) in [("+86", "domestic"), ("+852", "hmt"), ("+", "international"), ("", "domestic")] {
        tables.longest = tables.longest.max(prefix.len());
        tables.destinations.insert(prefix.into(), class.into());
    }
    tables.free.insert("110".into(), ("匪警".into(), "Police".into()));
    let stretch = |days, from_minute, to_minute| Stretch { days, from_minute, to_minute };
    tables.bands.insert("night".into(), vec![stretch(127, 1_380, 420)]);
    tables.bands.insert("weekend".into(), vec![stretch(96, 0, 1_440)]);
    tables.zones.insert(String::new(), "home".into());
    tables.zones.insert("+852".into(), "hmt".into());
    for (category, permille) in [("basic", 90), ("valueAdded", 60), ("none", 0)] {
        tables.taxes.push(Tax {
            category: category.into(),
            valid_from: Date::new(2016, 5, 1).unwrap_or_else(|p| panic!("{p}")),
            permille,
            name: category.into(),
            name_en: category.into(),
            source: "test".into(),
        });
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_longest_prefix_says_where_a_number_is() {
        let tables = sample();
        assert_eq!(tables.destination("+8613800138000"), "domestic");
        assert_eq!(tables.destination("+85291234567"), "hmt");
        assert_eq!(tables.destination("+12025550123"), "international");
        assert_eq!(tables.destination("10086"), "domestic");
        assert!(tables.free("110").is_some() && tables.free("+86110").is_some() && tables.free("1100").is_none());
    }

    #[test]
    fn a_band_over_midnight_belongs_to_the_day_it_begins_on() {
        let mut tables = sample();
        assert!(tables.in_band("night", at("2026-11-22T23:00:00+08:00")));
        assert!(tables.in_band("night", at("2026-11-23T06:59:59+08:00")));
        assert!(!tables.in_band("night", at("2026-11-23T07:00:00+08:00")));
        assert!(tables.in_band("weekend", at("2026-11-22T12:00:00+08:00")), "a Sunday");
        assert!(!tables.in_band("weekend", at("2026-11-23T00:00:00+08:00")), "a Monday");
        tables.bands.insert("sat".into(), vec![Stretch { days: 32, from_minute: 1_380, to_minute: 420 }]);
        assert!(tables.in_band("sat", at("2026-11-22T03:00:00+08:00")), "Saturday's night ends on Sunday morning");
        assert!(!tables.in_band("sat", at("2026-11-21T03:00:00+08:00")));
    }
}
