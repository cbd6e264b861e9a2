//! Reminders of allowances (套餐用量提醒): who has used much of an allowance, or all of it, is told, once a line, allowance,
//! threshold and cycle. It is owed to customers by law, so it cannot be refused.
//!
//! Intake writes down which services it touched ([`usage::touched`]); the sweep rates those on a reader and writes what is
//! to be told together with the mark that it was. Cut short anywhere, it looks again and tells nothing twice. Of a shared
//! allowance is told whose it is, and who has used of it: each of them pays when it is gone.

mod credit;

use crate::law;
use http::App;
use kernel::{Actor, Cycle, OrgPath, Result};
use rating::{Near, NearLine};
use serde_json::json;
use std::time::{Duration, Instant};
use store::{Event, Tx, params, sql};
use usage::ServiceKey;

/// Intakes and services looked at together.
const INTAKES: i64 = 100;
const SERVICES: usize = 100;
/// Between two looks.
const PAUSE: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(1);
/// What was told is remembered for so many days: longer than any cycle.
const REMEMBERED: i64 = 100;
/// An allowance that is used up.
const ALL: i64 = 100;

sql! {
    TOLD = "INSERT INTO dunning_allowance (product_id, cycle, allowance, percent, at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (product_id, cycle, allowance) DO UPDATE SET percent = excluded.percent, at = excluded.at \
            WHERE dunning_allowance.percent < excluded.percent";
    FORGET = "DELETE FROM dunning_allowance WHERE at < $1";
}

/// Looks at all usage that came since the last time; returns how many lines were told.
pub async fn allowances(app: &App) -> Result<usize> {
    let mut told = 0;
    while !app.is_stopping() {
        let news = app.db().read(Actor::system(), |tx| usage::touched(tx, INTAKES)).await?;
        if news.is_empty() {
            break;
        }
        for some in news.services.chunks(SERVICES) {
            if app.is_stopping() {
                return Ok(told);
            }
            let begun = Instant::now();
            told += look(app, some.to_vec()).await?;
            if some.len() == SERVICES {
                // Most of the time is left to people and to intake: a reminder may be some minutes late.
                tokio::time::sleep((begun.elapsed() * 3).min(LONGEST_REST)).await;
            }
        }
        app.db()
            .write(Actor::system(), move |tx| {
                let old = tx.now().plus_seconds(-REMEMBERED * 86_400);
                tx.execute(&FORGET, params![old])?;
                usage::looked_at(tx, &news)
            })
            .await?;
    }
    Ok(told)
}

/// Beside the requests.
pub(crate) async fn run(app: App) {
    while !app.is_stopping() {
        if let Err(problem) = allowances(&app).await {
            tracing::warn!(%problem, "reminders of allowances; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => {}
        }
    }
}

async fn look(app: &App, services: Vec<ServiceKey>) -> Result<usize> {
    let (near, credits, first) = app
        .db()
        .read(Actor::system(), move |tx| {
            let first = law::setting(tx, "allowance.near_percent")?.clamp(1, ALL);
            let now = tx.now();
            Ok((rating::near_limit(tx, &services, first, now)?, credit::near(tx, &services, first)?, first))
        })
        .await?;
    if near.is_empty() && credits.is_empty() {
        return Ok(0);
    }
    app.db()
        .write(Actor::system(), move |tx| {
            let mut told = 0;
            for one in &near {
                for line in &one.lines {
                    told += usize::from(tell(tx, one, line, if one.percent >= ALL { ALL } else { first })?);
                }
            }
            for one in &credits {
                told += usize::from(credit::tell(tx, one, first)?);
            }
            Ok(told)
        })
        .await
}

/// Marks a threshold as told; false where it, or a higher one, was told before.
fn told(tx: &mut Tx<'_>, subject: &str, cycle: Cycle, what: &str, threshold: i64) -> Result<bool> {
    let (cycle, now) = (cycle.first().to_string(), tx.now());
    Ok(tx.execute(&TOLD, params![subject, cycle, what, threshold, now])? > 0)
}

/// Marks the threshold as told and tells of it; false where it was told before.
fn tell(tx: &mut Tx<'_>, near: &Near, line: &NearLine, threshold: i64) -> Result<bool> {
    if !told(tx, &line.product_id, near.cycle, &near.id, threshold)? {
        return Ok(false);
    }
    let called =
        |(plan, name): (&str, &str)| [plan, name].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
    let plan = called((&near.plan.0, &near.name.0));
    let english = |en: &'_ str, zh: &'_ str| if en.is_empty() { zh.to_owned() } else { en.to_owned() };
    let plan_en = called((&english(&near.plan.1, &near.plan.0), &english(&near.name.1, &near.name.0)));
    let (left, left_en) = amount(&near.kinds, near.unit_size, near.left);
    let content = json!({
        "productId": line.product_id, "customerId": line.customer_id, "accountId": line.account_id, "number": line.number,
        "cycle": near.cycle.label(), "plan": plan, "planEn": plan_en, "percent": near.percent, "threshold": threshold,
        "left": left, "leftEn": left_en, "shared": near.shared, "slowed": near.slowed,
    });
    let event = Event::new("AllowanceNearCreateEvent", "allowance", &line.product_id, 1, &OrgPath::parse(&line.org)?)
        .topic(format!("customer:{}", line.customer_id))
        .payload(json!({ "allowance": content }));
    tx.emit(event)?;
    Ok(true)
}

/// What is left as people say it, in both languages: rounded down, so that nobody counts on more than there is.
fn amount(kinds: &[String], unit_size: u64, left: u64) -> (String, String) {
    const MB: u64 = 1 << 20;
    const GB: u64 = 1 << 30;
    match kinds {
        [kind] if kind == "data" && left >= GB => {
            let tenths = u128::from(left) * 10 / u128::from(GB);
            let text = format!("{}.{}GB", tenths / 10, tenths % 10);
            (text.clone(), text)
        }
        [kind] if kind == "data" => (format!("{}MB", left / MB), format!("{}MB", left / MB)),
        [kind] if kind == "call" => (format!("{}分钟", left / 60), format!("{} min", left / 60)),
        [kind] if kind == "sms" || kind == "mms" => (format!("{left}条"), format!("{left} messages")),
        _ => {
            let units = left / unit_size.max(1);
            (format!("{units}个单位"), format!("{units} units"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn what_is_left_is_said_in_the_unit_that_people_use_and_never_rounded_up() {
        let said = |kind: &str, left| amount(&[kind.to_owned()], 1, left).0;
        assert_eq!(said("data", (5 << 30) - 1), "4.9GB");
        assert_eq!(said("data", (1 << 30) - 1), "1023MB");
        assert_eq!((said("call", 119), said("sms", 7)), ("1分钟".into(), "7条".into()));
        assert_eq!(amount(&["call".into()], 60, 600).1, "10 min");
        assert_eq!(amount(&[], 60, 600).0, "10个单位");
    }
}
