//! Plans out of a CSV file of the usual shape: one row a plan, with what is included and what the rest costs.
//!
//! `plan_name, messages_included, mb_per_month_included, minutes_included, usd_per_gb, usd_per_message, usd_per_minute`
//! (a monthly pay beside it is a price of the catalogue and is told, not kept; `currency` and the prefix of the price
//! columns name the currency). Minutes are rounded up call by call, data up to the GB once a cycle.

use super::{
    Allowance, FeeRounding, Matcher, Mode, Part, Plan, Role, Round, Rule, Tier, check,
    routes::id_of,
    versions::{self, Origin, State},
};
use crate::{problems, tables::tables};
use http::{Answer, Ctx, Raw, Reply};
use kernel::{Problem, Result};
use serde_json::{Value, json};

/// What one row says.
#[derive(Clone, Debug)]
pub struct Read {
    pub id: String,
    pub plan: Plan,
    /// Hundredths of the currency.
    pub monthly: Option<u64>,
}

fn refuse(line: usize, detail: &str) -> Problem {
    Problem::new(&problems::FILE_INVALID).with("line", &line.to_string()).with("detail", detail)
}

fn kinds(name: &str) -> Matcher {
    Matcher { kinds: vec![name.to_owned()], ..Matcher::default() }
}

fn allowance(id: &str, (zh, en): (&str, &str), kind: &str, unit_size: u64, amount: u64) -> Option<Allowance> {
    (amount > 0).then(|| Allowance {
        id: id.into(),
        name: zh.into(),
        name_en: en.into(),
        when: kinds(kind),
        unit_size,
        amount,
        shared: false,
        carry_over: 0,
        first: Part::Full,
        last: Part::Full,
        may_go_negative: false,
        priority: 0,
    })
}

fn rule(id: &str, (zh, en): (&str, &str), unit_size: u64, round: Round, price_milli_fen: u64) -> Rule {
    Rule {
        id: id.into(),
        name: zh.into(),
        name_en: en.into(),
        when: kinds(id),
        mode: Mode::Metered,
        unit_size,
        round,
        zero_free: true,
        use_allowances: true,
        tiers: vec![Tier { from: 0, price_milli_fen }],
        tax: if id == "call" { super::basic_tax() } else { "valueAdded".into() },
    }
}

/// A decimal in thousandths of the hundredth: `0.03` dollars are 3 cents are 3,000.
fn milli(text: &str) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if part.len() > 5 || !part.bytes().all(|b| b.is_ascii_digit()) || whole.is_empty() {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = format!("{part:0<5}").parse().ok()?;
    whole.checked_mul(100_000)?.checked_add(part)
}

/// Reads the file; the first row that is wrong refuses it.
pub fn read(text: &str) -> Result<Vec<Read>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    let header: Vec<String> = match lines.next() {
        Some((_, line)) => line.split(',').map(|c| c.trim().to_lowercase()).collect(),
        None => return Err(refuse(1, "∅")),
    };
    let column = |name: &str| {
        header.iter().position(|h| {
            h == name
                || h.strip_prefix("usd_").is_some_and(|h| h == name)
                || h.strip_prefix("cny_").is_some_and(|h| h == name)
        })
    };
    let currency = if header.iter().any(|h| h.starts_with("usd_")) { "USD" } else { "CNY" };
    let mut plans = Vec::new();
    for (at, line) in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let field = |name: &str| -> Result<&str> {
            let found = column(name).and_then(|i| fields.get(i));
            found.map(|f| f.trim()).ok_or_else(|| refuse(at + 1, name))
        };
        let count = |name: &str| -> Result<u64> { field(name)?.parse().map_err(|_| refuse(at + 1, name)) };
        let price = |name: &str| -> Result<u64> { milli(field(name)?).ok_or_else(|| refuse(at + 1, name)) };
        let name = field("plan_name")?;
        let (gb, mb) = (1u64 << 30, 1u64 << 20);
        let allowances = [
            allowance("voice", ("通话", "Calls"), "call", 60, count("minutes_included")?),
            allowance("sms", ("短信", "Messages"), "sms", 1, count("messages_included")?),
            allowance("data", ("流量", "Data"), "data", mb, count("mb_per_month_included")?),
        ];
        let rules = vec![
            rule("call", ("通话", "Calls"), 60, Round::Record, price("per_minute")?),
            rule("sms", ("短信", "Messages"), 1, Round::Record, price("per_message")?),
            rule("data", ("流量", "Data"), gb, Round::Cycle, price("per_gb")?),
        ];
        let plan = Plan {
            name: name.to_owned(),
            name_en: name.to_owned(),
            currency: currency.into(),
            role: Role::Base,
            allowances: allowances.into_iter().flatten().collect(),
            rules,
            discounts: Vec::new(),
            caps: Vec::new(),
            minimum: None,
            fee_rounding: FeeRounding::Line,
        };
        let monthly = column("monthly_pay").and_then(|i| milli(fields.get(i)?)).map(|m| m / 1_000);
        let id = id_of(name).map_err(|_| refuse(at + 1, "plan_name"))?;
        plans.push(Read { id, plan, monthly });
        if plans.len() > 1_000 {
            return Err(refuse(at + 1, "≤ 1000"));
        }
    }
    if plans.is_empty() { Err(refuse(2, "∅")) } else { Ok(plans) }
}

pub(super) async fn import(ctx: Ctx, body: Raw) -> Answer {
    let dry = ctx.parameter("dry").as_deref() == Some("1");
    let from = ctx.parameter("validFrom").map(|t| kernel::Timestamp::parse(&t)).transpose()?;
    let text = std::str::from_utf8(&body.0).map_err(|_| refuse(1, "UTF-8"))?.to_owned();
    let plans = read(&text)?;
    let reply = ctx.create(&text, move |tx| {
        let tables = tables(tx)?;
        let mut made: Vec<Value> = Vec::new();
        for (i, new) in plans.iter().enumerate() {
            check(&new.plan, &tables).map_err(|p| refuse(i + 2, &p.reason(kernel::Lang::Zh)))?;
            let latest = versions::latest(tx, &new.id)?;
            if latest.as_ref().is_some_and(|v| v.state == State::Draft) {
                return Err(Problem::new(&problems::PLAN_DRAFT).with("version", &latest.map_or(0, |v| v.version).to_string()));
            }
            let same = latest.as_ref().is_some_and(|v| v.plan == new.plan);
            let version = latest.map_or(1, |v| if same { v.version } else { v.version + 1 });
            if !dry && !same {
                let from = from.unwrap_or(tx.now());
                versions::insert(tx, (&new.id, version), (State::Draft, Origin::Import), &new.plan, ("", from))?;
            }
            made.push(json!({"id": new.id, "name": new.plan.name, "version": version, "same": same, "monthlyPayFen": new.monthly}));
        }
        Ok(Reply::json(if dry { 200 } else { 201 }, &json!({"plans": made, "dry": dry})))
    });
    Ok(reply.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_file_becomes_plans() {
        let text = "messages_included,mb_per_month_included,minutes_included,usd_monthly_pay,usd_per_gb,usd_per_message,usd_per_minute,plan_name\n\
                    50,15360,500,20,10,0.03,0.03,surf\n";
        let plans = read(text).unwrap();
        let surf = &plans[0];
        assert_eq!((surf.id.as_str(), surf.monthly, surf.plan.currency.as_str()), ("surf", Some(2_000), "USD"));
        assert_eq!(surf.plan.rule("call").unwrap().tiers[0].price_milli_fen, 3_000);
        assert_eq!(surf.plan.rule("data").unwrap().tiers[0].price_milli_fen, 1_000_000);
        check(&surf.plan, &crate::tables::sample()).unwrap();
        for bad in
            ["", "plan_name\nsurf", "x\n", &text.replace("0.03,surf", "0.0312345,surf"), &text.replace("500,", "-5,")]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
