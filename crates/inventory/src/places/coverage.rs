//! What can be had at an address: technology, speed and free ports, and in words why not.

use super::address;
use kernel::{OrgPath, Result};
use serde::Serialize;
use store::{Tx, params, sql};

/// One way in which the network reaches an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub technology: String,
    pub device: String,
    pub max_mbps: i64,
    /// Why nothing can be had for the moment; empty where it can.
    pub blocked: String,
    /// Free ports of the device; `None` where another system keeps them.
    pub free_ports: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    pub code: &'static str,
    pub zh: String,
    pub en: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alternative {
    pub technology: String,
    pub max_mbps: i64,
}

/// The answer to "can this be had here?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Qualification {
    /// `qualified`, `alternate` (something else can be had), `unqualified`, or `unverified` where the address is not known.
    pub result: &'static str,
    pub address_id: Option<String>,
    pub address: String,
    pub technology: Option<String>,
    pub max_mbps: i64,
    pub device: Option<String>,
    pub free_ports: Option<i64>,
    pub reasons: Vec<Why>,
    pub alternatives: Vec<Alternative>,
}

sql! {
    OF_ADDRESS = "SELECT c.technology, c.device, c.max_mbps, c.blocked, \
                  (SELECT COUNT(*) FROM access_port p WHERE p.device = c.device), \
                  (SELECT COUNT(*) FROM access_port p WHERE p.device = c.device AND p.state = 'available') \
                  FROM coverage c WHERE c.address_id = $1 ORDER BY c.max_mbps DESC, c.technology, c.device";
    COVER = "INSERT INTO coverage (address_id, technology, device, max_mbps, blocked, source) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (address_id, technology, device) DO UPDATE SET max_mbps = $4, blocked = $5, source = $6";
    FORGET = "DELETE FROM coverage WHERE address_id = $1";
    REMOVE = "DELETE FROM coverage WHERE address_id = $1 AND technology = $2 AND device = $3";
}

/// By which technologies a family is carried; empty for what needs no access of its own.
fn carriers(family: &str) -> &'static [&'static str] {
    match family {
        "broadband" => &["ftth", "lan", "adsl", "fwa"],
        "iptv" => &["ftth", "lan"],
        "fixedVoice" | "voip" => &["ftth", "lan", "adsl", "copper"],
        "leasedLine" | "data" => &["otn", "sdh", "ftth"],
        "smartHome" => &["ftth", "lan", "fwa"],
        "mobile" => &["5g", "4g"],
        _ => &[],
    }
}

/// Notes that a technology reaches an address.
pub fn cover(tx: &mut Tx<'_>, address_id: &str, coverage: &Coverage, source: &str) -> Result<()> {
    let Coverage { technology, device, max_mbps, blocked, .. } = coverage;
    tx.execute(&COVER, params![address_id, technology, device, max_mbps, blocked, source]).map(drop)
}

pub(super) fn uncover(tx: &mut Tx<'_>, address_id: &str, technology: &str, device: &str) -> Result<u64> {
    tx.execute(&REMOVE, params![address_id, technology, device])
}

pub(super) fn forget(tx: &mut Tx<'_>, address_id: &str) -> Result<()> {
    tx.execute(&FORGET, params![address_id]).map(drop)
}

pub(super) fn of_address(tx: &mut Tx<'_>, address_id: &str) -> Result<Vec<Coverage>> {
    let rows = tx.query(&OF_ADDRESS, params![address_id])?;
    let one = |r: &store::Row| Coverage {
        technology: r.text(0),
        device: r.text(1),
        max_mbps: r.int(2),
        blocked: r.text(3),
        free_ports: (r.int(4) > 0).then(|| r.int(5)),
    };
    Ok(rows.iter().map(one).collect())
}

impl Coverage {
    fn free(&self) -> bool {
        self.blocked.is_empty() && self.free_ports != Some(0)
    }
}

/// Whether a service of `family` with at least `mbps` can be had at an address (its id, or its line as written).
pub fn qualify(tx: &mut Tx<'_>, address: &str, family: &str, mbps: i64) -> Result<Qualification> {
    let known = address::find(tx, address)?;
    let Some(doc) = known else { return Ok(unverified(address, family)) };
    let all = of_address(tx, &doc.id)?;
    Ok(judge(&doc.id, doc.text("fullAddress"), &all, family, mbps))
}

fn unverified(address: &str, family: &str) -> Qualification {
    let needs = !carriers(family).is_empty();
    let why = Why {
        code: "coverage.address_unknown",
        zh: "标准地址库中没有该地址，须现场勘查后才能确认".into(),
        en: "The address is not in the address book: a survey on site has to tell".into(),
    };
    Qualification {
        result: if needs { "unverified" } else { "qualified" },
        address_id: None,
        address: address.to_owned(),
        technology: None,
        max_mbps: 0,
        device: None,
        free_ports: None,
        reasons: if needs { vec![why] } else { Vec::new() },
        alternatives: Vec::new(),
    }
}

fn judge(id: &str, address: &str, all: &[Coverage], family: &str, mbps: i64) -> Qualification {
    let wanted = carriers(family);
    let reaching: Vec<&Coverage> = all.iter().filter(|c| wanted.contains(&c.technology.as_str())).collect();
    let preferred = |c: &&&Coverage| wanted.iter().position(|w| *w == c.technology).unwrap_or(usize::MAX);
    let best = reaching.iter().filter(|c| c.free() && c.max_mbps >= mbps).min_by_key(preferred).copied();
    let mut answer = Qualification {
        result: "qualified",
        address_id: Some(id.to_owned()),
        address: address.to_owned(),
        technology: best.map(|c| c.technology.clone()),
        max_mbps: best.map_or(0, |c| c.max_mbps),
        device: best.map(|c| c.device.clone()),
        free_ports: best.and_then(|c| c.free_ports),
        reasons: Vec::new(),
        alternatives: Vec::new(),
    };
    if wanted.is_empty() || best.is_some() {
        return answer;
    }
    answer.reasons = reasons(&reaching, wanted, mbps);
    for c in reaching.iter().filter(|c| c.free()) {
        let offer = Alternative { technology: c.technology.clone(), max_mbps: c.max_mbps };
        if !answer.alternatives.contains(&offer) {
            answer.alternatives.push(offer);
        }
    }
    answer.result = if answer.alternatives.is_empty() { "unqualified" } else { "alternate" };
    answer
}

/// Every reason, not only the first.
fn reasons(reaching: &[&Coverage], wanted: &[&str], mbps: i64) -> Vec<Why> {
    if reaching.is_empty() {
        let kinds = wanted.join(" / ").to_uppercase();
        return vec![Why {
            code: "coverage.none",
            zh: format!("该地址没有 {kinds} 覆盖"),
            en: format!("No {kinds} reaches this address"),
        }];
    }
    let mut all = Vec::new();
    for c in reaching {
        let technology = c.technology.to_uppercase();
        if !c.blocked.is_empty() {
            all.push(Why {
                code: "coverage.blocked",
                zh: format!("{technology}：{}", c.blocked),
                en: format!("{technology}: blocked ({})", c.blocked),
            });
        } else if c.free_ports == Some(0) {
            all.push(Why {
                code: "coverage.no_port",
                zh: format!("{technology} 设备 {} 没有空闲端口", c.device),
                en: format!("{technology}: no free port on {}", c.device),
            });
        } else if c.max_mbps < mbps {
            all.push(Why {
                code: "coverage.too_slow",
                zh: format!("{technology} 最高 {} Mbps，低于所需 {mbps} Mbps", c.max_mbps),
                en: format!("{technology} carries {} Mbps at most, {mbps} Mbps are asked for", c.max_mbps),
            });
        }
    }
    all
}

/// Where an address's records belong.
pub(super) fn must_keep(tx: &Tx<'_>, org: &OrgPath) -> Result<()> {
    tx.must_see(org.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(technology: &str, max_mbps: i64, free_ports: Option<i64>, blocked: &str) -> Coverage {
        Coverage {
            technology: technology.into(),
            device: "OLT-1".into(),
            max_mbps,
            blocked: blocked.into(),
            free_ports,
        }
    }

    #[test]
    fn the_best_that_is_free_is_taken_and_every_reason_is_told() {
        let all = [line("ftth", 1_000, Some(3), ""), line("lan", 100, None, "")];
        let yes = judge("a", "x", &all, "broadband", 500);
        assert_eq!((yes.result, yes.technology.as_deref(), yes.free_ports), ("qualified", Some("ftth"), Some(3)));
        let all = [line("ftth", 1_000, Some(0), ""), line("lan", 100, None, ""), line("fwa", 300, None, "基站检修")];
        let other = judge("a", "x", &all, "broadband", 500);
        let codes: Vec<&str> = other.reasons.iter().map(|w| w.code).collect();
        assert_eq!(
            (other.result, codes),
            ("alternate", vec!["coverage.no_port", "coverage.too_slow", "coverage.blocked"])
        );
        assert_eq!(other.alternatives, [Alternative { technology: "lan".into(), max_mbps: 100 }]);
        assert_eq!(judge("a", "x", &all, "leasedLine", 2).reasons[0].code, "coverage.no_port");
        assert_eq!(judge("a", "x", &all, "mobile", 0).result, "unqualified");
        assert_eq!(judge("a", "x", &[], "content", 0).result, "qualified", "needs no line");
    }
}
