//! Points that end: taken by a new transaction once their last day is over, and told of before. Restartable: each pass derives
//! from the records what is left to do, so a jump of the clock is caught up and nothing is done twice.

use crate::{
    ledger::{self, Kind, Move},
    lots::{self, Lot},
    member, settings,
};
use http::App;
use kernel::{Actor, Result};
use messaging::Sms;
use serde_json::json;
use store::{Event, Tx, params, sql};

/// Members a transaction.
const AT_ONCE: i64 = 200;

sql! {
    ENDED = "SELECT owner, year FROM points_kept WHERE points > 0 AND year < $1 AND owner NOT LIKE 'owed:%' ORDER BY year, owner LIMIT $2";
    SOON = "SELECT k.owner, k.points FROM points_kept k WHERE k.points > 0 AND k.year = $1 AND k.owner NOT LIKE 'owed:%' \
            AND NOT EXISTS (SELECT 1 FROM points_reminder r WHERE r.member_id = k.owner AND r.year = k.year) \
            ORDER BY k.owner LIMIT $2";
    REMIND = "INSERT INTO points_reminder (member_id, year, at) VALUES ($1, $2, $3) ON CONFLICT (member_id, year) DO NOTHING";
}

/// Ends and reminds until nothing is left to do.
pub async fn round(app: App) -> Result<()> {
    while app.db().write(Actor::system(), pass).await? > 0 {
        if app.is_stopping() {
            break;
        }
    }
    Ok(())
}

fn pass(tx: &mut Tx<'_>) -> Result<usize> {
    let (years, today) = (settings::YEARS.number(tx)?, tx.now().date());
    let this = i64::from(today.year());
    let ended = tx.query(&ENDED, params![this - years, AT_ONCE])?;
    for row in &ended {
        end(tx, row.str(0), row.int(1))?;
    }
    let mut reminded = 0;
    let ending = this - years;
    let last = lots::last_day(ending, years)?;
    if last.days_since(today) <= settings::REMIND_DAYS.number(tx)? {
        let soon = tx.query(&SOON, params![ending, AT_ONCE])?;
        reminded = soon.len();
        for row in &soon {
            remind(tx, row.str(0), ending, row.int(1), &last.to_string())?;
        }
    }
    Ok(ended.len() + reminded)
}

fn end(tx: &mut Tx<'_>, member_id: &str, year: i64) -> Result<()> {
    let member = member::lock(tx, member_id)?;
    let left = ledger::lots(tx, member_id)?.into_iter().find(|l| l.year == year && l.points > 0);
    let Some(lot) = left else { return Ok(()) };
    let note = year.to_string();
    let parts = vec![Lot { year, points: -lot.points }];
    let ask = Move { kind: Kind::Expire, subject: ("year", &note), note: &note, parts, owed: 0 };
    ledger::post(tx, &member, &ask).map(drop)
}

/// Tells the member once for each year: as an event, and by a message where a number is known.
fn remind(tx: &mut Tx<'_>, member_id: &str, year: i64, points: i64, last: &str) -> Result<()> {
    if tx.execute(&REMIND, params![member_id, year, tx.now()])? != 1 {
        return Ok(());
    }
    let member = member::member(tx, member_id)?;
    let customer = member.customer_id.clone();
    let payload = json!({"memberId": member_id, "customerId": customer, "points": points, "lastDay": last});
    let event = Event::new("LoyaltyExpiryReminderEvent", "loyaltyProgramMember", member_id, 1, &member.org)
        .topic(customer.as_ref().map_or_else(String::new, |c| format!("customer:{c}")))
        .payload(payload)
        .audit(json!({"points": points, "lastDay": last}));
    tx.emit(event)?;
    let Some(id) = customer else { return Ok(()) };
    // The customer may be gone by now: then nobody is to be told.
    let Ok(summary) = customer::summary(tx, &id) else { return Ok(()) };
    if summary.phone.is_empty() || summary.phone.contains('*') {
        return Ok(());
    }
    let text = format!("【积分提醒】您有 {points} 积分将于 {last} 到期，请及时使用。");
    let sms = Sms {
        number: &summary.phone,
        purpose: "points.expiry",
        text: &text,
        secret: None,
        customer_id: Some(&id),
        org: &member.org,
    };
    messaging::send(tx, &sms).map(drop)
}
