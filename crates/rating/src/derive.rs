//! Plans that nobody wrote: an offering that says what it includes is rated by that, and by the usual prices beyond it.
//!
//! A derived plan is a version like any other, so that what was rated by it can be told again when the offering or the
//! usual prices have changed: another content makes another version.

use crate::{
    assignment::Assign,
    plan::{
        Allowance, FeeRounding, Matcher, Part, Plan, Role, Round, Rule, Tier, basic_tax,
        versions::{self, Origin, State},
    },
    tables::{Tables, tables},
};
use catalog::{Allowances, Family, Offering};
use kernel::Result;
use store::Tx;

pub const MB: u64 = 1 << 20;

/// The plan and version that an offering is rated by from `new.from` on; `None` where nothing of it is metered.
pub fn plan_of(tx: &mut Tx<'_>, new: &Assign<'_>) -> Result<Option<(String, i64)>> {
    let sold = new.bundle.filter(|(id, _)| *id != new.offering_id);
    for id in sold.map(|(id, _)| id).into_iter().chain([new.offering_id]) {
        // A bundle with a plan of its own rates its parts by it, unless the allowances are one pool: that is the bundle's.
        if let Some(plan) = versions::of_offering(tx, id)?
            && let Some(version) = versions::in_force(tx, &plan, new.from)?
        {
            return Ok(Some((plan, version)));
        }
    }
    let offering = catalog::offering_at(tx, new.offering_id, new.version)?;
    let bundle = match sold {
        Some((id, version)) => Some(catalog::offering_at(tx, id, version)?),
        None => None,
    };
    let tables = tables(tx)?;
    let Some(plan) = derived(&offering, bundle.as_ref(), &tables) else { return Ok(None) };
    let id = match sold {
        Some((bundle, _)) => format!("of:{}:{bundle}", offering.id),
        None => format!("of:{}", offering.id),
    };
    keep(tx, &id, &plan).map(|version| Some((id, version)))
}

/// The pool of a bundle or group whose allowances are shared; `None` where they are not.
pub fn pool_of(tx: &mut Tx<'_>, offering_id: &str, version: Option<i64>) -> Result<Option<(String, i64)>> {
    if let Some(plan) = versions::of_offering(tx, offering_id)?
        && let Some(version) = versions::in_force(tx, &plan, tx.now())?
    {
        return Ok(Some((plan, version)));
    }
    let offering = catalog::offering_at(tx, offering_id, version)?;
    if !offering.shared_allowance {
        return Ok(None);
    }
    let allowances = included(&offering.allowances, true);
    if allowances.is_empty() {
        return Ok(None);
    }
    let plan = Plan { allowances, ..blank(&offering, Role::Option) };
    let id = format!("pool:{}", offering.id);
    keep(tx, &id, &plan).map(|version| Some((id, version)))
}

/// The newest version where it says the same; a further one otherwise.
fn keep(tx: &mut Tx<'_>, id: &str, plan: &Plan) -> Result<i64> {
    let latest = versions::latest(tx, id)?;
    if let Some(same) = latest.as_ref().filter(|v| v.plan == *plan) {
        return Ok(same.version);
    }
    let version = latest.map_or(1, |v| v.version + 1);
    let now = tx.now();
    if versions::insert(tx, (id, version), (State::Active, Origin::Derived), plan, ("", now))? {
        return Ok(version);
    }
    Ok(version) // written at the same moment by somebody else from the same data
}

fn blank(offering: &Offering, role: Role) -> Plan {
    Plan {
        name: offering.name.clone(),
        name_en: String::new(),
        currency: "CNY".into(),
        role,
        allowances: Vec::new(),
        rules: Vec::new(),
        discounts: Vec::new(),
        caps: Vec::new(),
        minimum: None,
        fee_rounding: FeeRounding::Line,
    }
}

fn kinds(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

fn included(a: &Allowances, shared: bool) -> Vec<Allowance> {
    let one = |id: &str, (zh, en): (&str, &str), kind: &str, unit_size: u64, amount: Option<i64>| {
        let amount = amount.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0)?;
        let talks = kind != "data";
        Some(Allowance {
            id: id.into(),
            name: zh.into(),
            name_en: en.into(),
            when: Matcher {
                kinds: kinds(&[kind]),
                direction: talks.then(|| "out".to_owned()),
                destinations: if talks { kinds(&["domestic"]) } else { Vec::new() },
                zones: kinds(&["home"]),
                ..Matcher::default()
            },
            unit_size,
            amount,
            shared,
            carry_over: 0,
            first: Part::Daily,
            last: Part::Full,
            may_go_negative: false,
            priority: 0,
        })
    };
    [
        one("data", ("国内流量", "Data at home"), "data", MB, a.data_mb),
        one("voice", ("国内通话", "Calls at home"), "call", 60, a.voice_min),
        one("sms", ("国内短信", "Messages at home"), "sms", 1, a.sms),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn derived(offering: &Offering, bundle: Option<&Offering>, tables: &Tables) -> Option<Plan> {
    let own = &offering.allowances;
    // What the part does not say itself it takes from the bundle, unless that is one pool.
    let pooled = bundle.filter(|b| b.shared_allowance);
    let all = bundle.filter(|b| !b.shared_allowance).map(|b| b.allowances).unwrap_or_default();
    let (voice, mobile) = match offering.family {
        Family::Mobile => (true, true),
        Family::FixedVoice | Family::Voip => (true, false),
        Family::Option if own.data_mb.or(own.voice_min).or(own.sms).is_some() => {
            return Some(Plan {
                allowances: included(own, offering.shared_allowance),
                ..blank(offering, Role::Option)
            });
        }
        Family::Option
        | Family::Broadband
        | Family::Iptv
        | Family::Content
        | Family::Device
        | Family::SmartHome
        | Family::Consulting
        | Family::Group
        | Family::LeasedLine
        | Family::Data
        | Family::Bundle => return None,
    };
    let has = Allowances {
        data_mb: own.data_mb.or(all.data_mb).filter(|_| mobile),
        voice_min: own.voice_min.or(all.voice_min),
        sms: own.sms.or(all.sms).filter(|_| mobile),
        broadband_mbps: None,
    };
    let has = if pooled.is_some() { *own } else { has };
    let mut plan = Plan { allowances: included(&has, offering.shared_allowance), ..blank(offering, Role::Base) };
    plan.rules = rules(tables, voice, mobile);
    Some(plan)
}

/// The usual prices: incoming is free at home, abroad costs more, data beyond the allowance is counted over the cycle.
fn rules(tables: &Tables, voice: bool, mobile: bool) -> Vec<Rule> {
    let mut all = Vec::new();
    let mut add = |id: &str, (zh, en): (&str, &str), kind: &[&str], zones: &[&str], to: &[&str], price: &str| {
        let data = kind == ["data"];
        all.push(Rule {
            id: id.into(),
            name: zh.into(),
            name_en: en.into(),
            when: Matcher { kinds: kinds(kind), zones: kinds(zones), destinations: kinds(to), ..Matcher::default() },
            mode: crate::plan::Mode::Metered,
            unit_size: if data {
                MB
            } else if kind == ["call"] {
                60
            } else {
                1
            },
            round: if data { Round::Cycle } else { Round::Record },
            zero_free: true,
            use_allowances: true,
            tiers: vec![Tier { from: 0, price_milli_fen: tables.default_price(price) }],
            tax: if kind == ["call"] { basic_tax() } else { "valueAdded".into() },
        });
    };
    if voice {
        if mobile {
            add(
                "call-abroad",
                ("漫游通话", "Calls while roaming"),
                &["call"],
                &["abroad", "hmt"],
                &[],
                "abroad.minute",
            );
        }
        add(
            "call-international",
            ("国际及港澳台长途", "International calls"),
            &["call"],
            &[],
            &["international", "hmt"],
            "international.minute",
        );
        add("call", ("国内通话", "Calls at home"), &["call"], &[], &[], "call.minute");
    }
    if mobile {
        add("sms-abroad", ("漫游短信", "Messages while roaming"), &["sms"], &["abroad", "hmt"], &[], "abroad.sms");
        add(
            "sms-international",
            ("国际短信", "International messages"),
            &["sms"],
            &[],
            &["international", "hmt"],
            "international.sms",
        );
        add("sms", ("国内短信", "Messages at home"), &["sms"], &[], &[], "sms.each");
        add("mms", ("彩信", "Picture messages"), &["mms"], &[], &[], "mms.each");
        add("data-abroad", ("漫游流量", "Data while roaming"), &["data"], &["abroad", "hmt"], &[], "abroad.mb");
        add("data", ("国内流量", "Data at home"), &["data"], &[], &[], "data.mb");
    }
    // Incoming at home costs nothing; it stands before all others.
    let incoming = Rule {
        id: "incoming".into(),
        name: "被叫与接收".into(),
        name_en: "Incoming".into(),
        when: Matcher {
            direction: Some("in".into()),
            zones: kinds(&["home"]),
            kinds: kinds(&["call", "sms", "mms"]),
            ..Matcher::default()
        },
        mode: crate::plan::Mode::Free,
        unit_size: 1,
        round: Round::Record,
        zero_free: true,
        use_allowances: false,
        tiers: Vec::new(),
        tax: basic_tax(),
    };
    all.insert(0, incoming);
    all.push(Rule {
        id: "content".into(),
        name: "内容与代收费".into(),
        name_en: "Content fees".into(),
        when: Matcher { kinds: kinds(&["content"]), ..Matcher::default() },
        mode: crate::plan::Mode::Passed,
        unit_size: 1,
        round: Round::Record,
        zero_free: true,
        use_allowances: false,
        tiers: Vec::new(),
        tax: "valueAdded".into(),
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offering(family: Family, data: Option<i64>, voice: Option<i64>) -> Offering {
        Offering {
            allowances: Allowances { data_mb: data, voice_min: voice, ..Allowances::default() },
            ..Offering::blank("of-1", "套餐", family)
        }
    }

    #[test]
    fn a_line_takes_from_its_bundle_what_it_does_not_say_itself() {
        let (line, mut bundle) =
            (offering(Family::Mobile, None, Some(100)), offering(Family::Bundle, Some(1_000), Some(5)));
        let plan = derived(&line, Some(&bundle), &crate::tables::sample()).unwrap();
        let amounts: Vec<(&str, u64)> = plan.allowances.iter().map(|a| (a.id.as_str(), a.amount)).collect();
        assert_eq!(amounts, [("data", 1_000), ("voice", 100)]);
        crate::plan::check(&plan, &crate::tables::sample()).unwrap();
        bundle.shared_allowance = true;
        let plan = derived(&line, Some(&bundle), &crate::tables::sample()).unwrap();
        assert_eq!(plan.allowances.len(), 1, "the pool is the bundle's");
    }

    #[test]
    fn what_is_not_metered_has_no_plan() {
        for family in [Family::Broadband, Family::Iptv, Family::Device] {
            assert!(derived(&offering(family, Some(1), Some(1)), None, &crate::tables::sample()).is_none());
        }
        let option = derived(&offering(Family::Option, Some(10_240), None), None, &crate::tables::sample()).unwrap();
        assert_eq!((option.role, option.rules.len(), option.allowances.len()), (Role::Option, 0, 1));
    }
}
