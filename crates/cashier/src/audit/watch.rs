//! What nobody has audited yet, and the work of every night: sheets for days that ended, alarms for cash that stayed.

use super::{cash, sheet, view};
use crate::settings;
use billing::drawer;
use http::App;
use kernel::{Actor, Date, OrgPath, Result};
use serde_json::{Value, json};
use store::{Event, Filter, Tx, params, sql};

sql! {
    ALERT = "INSERT INTO cash_alert (org, day, on_hand_fen, limit_fen, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
}

/// Unaudited sheets within the actor's scope, overdue ones first, and drawers of earlier days that are still open.
pub fn watch(tx: &mut Tx<'_>) -> Result<Value> {
    let today = tx.now().date();
    let from = today.plus_days(-i32::try_from(settings::WATCH_DAYS.number(tx)?).unwrap_or(60));
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let from_bind = filter.bind(from.to_string());
    filter.and(format!("day >= {from_bind} AND state <> 'passed'"));
    let text =
        format!("SELECT {} FROM audit_sheet{} ORDER BY day, org LIMIT 500", sheet::columns!(), filter.to_where());
    let rows = tx.query(&text, &filter.binds)?;
    let sheets = rows.iter().map(|r| view::row(tx, &sheet::read(r)?)).collect::<Result<Vec<Value>>>()?;
    let mut open = Vec::new();
    for (org, day, _, count) in drawer::halls(tx, from, today.plus_days(-1))? {
        if count > 0 && tx.actor().sees(org.as_str()) {
            let hall = access::org_name(tx, org.as_str())?;
            open.push(json!({"org": org, "hall": hall, "day": day, "openShifts": count}));
        }
    }
    let late = sheets.iter().filter(|s| s["overdue"] == json!(true)).count();
    Ok(json!({"sheets": sheets, "openShifts": open, "overdue": late, "since": from}))
}

/// Every ten minutes: makes the sheets of days that ended, and looks at the cash in the evening.
pub async fn sweep(app: App) -> Result<()> {
    let now = app.db().env().now();
    let today = now.date();
    let ended =
        app.db().read(Actor::system(), move |tx| drawer::halls(tx, today.plus_days(-14), today.plus_days(-1))).await?;
    for (org, day, _, _) in ended {
        let day = Date::parse(&day)?;
        let made = app.db().write(Actor::system_at(org.clone()), move |tx| sheet::open(tx, &org, day).map(drop)).await;
        if let Err(problem) = made {
            tracing::warn!(%problem, "audit sheet");
        }
    }
    app.db()
        .write(Actor::system(), |tx| {
            let hour = settings::EVENING_HOUR.number(tx)?;
            if i64::from(tx.now().hour()) >= hour { alarms(tx) } else { Ok(()) }
        })
        .await
}

fn alarms(tx: &mut Tx<'_>) -> Result<()> {
    let today = tx.now().date();
    let halls: Vec<OrgPath> = drawer::halls(tx, today, today)?.into_iter().map(|h| h.0).collect();
    for hall in halls {
        let cash = cash::of_hall(tx, &hall)?;
        if cash.on_hand <= cash.limit {
            continue;
        }
        let values = params![hall, today.to_string(), cash.on_hand, cash.limit, tx.now()];
        if tx.execute(&ALERT, values)? == 1 {
            let id = tx.new_id::<cash::Cash>().into_string();
            let event = Event::new("CashLimitExceedEvent", "cash", &id, 1, &hall);
            tx.emit(event.payload(json!({"org": hall, "onHandFen": cash.on_hand, "limitFen": cash.limit})))?;
        }
    }
    Ok(())
}
