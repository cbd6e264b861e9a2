//! Gifts for points: a small catalogue with stock, redemptions, and taking a redemption back.

use crate::{ledger::Kind, member, problems, spend};
use kernel::{OrgPath, Problem, Result, Timestamp, codes};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gift {
    pub id: String,
    pub version: i64,
    #[serde(skip)]
    pub org: OrgPath,
    pub name: String,
    pub name_en: String,
    pub points: i64,
    pub stock: i64,
    /// `active` or `retired`.
    pub state: String,
}

/// What somebody says about a gift; what is left out stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GiftAsk {
    pub name: Option<String>,
    pub name_en: Option<String>,
    pub points: Option<i64>,
    pub stock: Option<i64>,
    pub state: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redemption {
    pub id: String,
    pub gift_id: String,
    pub gift_name: String,
    pub gift_name_en: String,
    pub quantity: i64,
    pub points: i64,
    /// `done` or `cancelled`.
    pub state: String,
    pub reason: String,
    pub operator: String,
    pub at: Timestamp,
}

macro_rules! gift_columns {
    () => {
        "id, version, org, name, name_en, points, stock, state"
    };
}
sql! {
    GIFTS = concat!("SELECT ", gift_columns!(), " FROM points_gift ORDER BY state, points, id");
    GIFT = concat!("SELECT ", gift_columns!(), " FROM points_gift WHERE id = $1 {for_update}");
    ADD = "INSERT INTO points_gift (id, version, org, name, name_en, points, stock, state, created_at, updated_at) \
           VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $8)";
    SAVE = "UPDATE points_gift SET version = version + 1, name = $3, name_en = $4, points = $5, stock = $6, state = $7, \
            updated_at = $8 WHERE id = $1 AND version = $2";
    TAKE = "UPDATE points_gift SET stock = stock - $2, updated_at = $3 WHERE id = $1 AND state = 'active' AND stock >= $2";
    PUT = "UPDATE points_gift SET stock = stock + $2, updated_at = $3 WHERE id = $1";
    REDEEM = "INSERT INTO points_redemption (id, version, org, member_id, customer_id, gift_id, gift_name, gift_name_en, quantity, points, \
              state, txn_id, reason, operator_name, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 'done', $10, '', $11, $12, $12)";
    REDEMPTION = "SELECT org, member_id, gift_id, quantity, points, state, txn_id, version FROM points_redemption WHERE id = $1 {for_update}";
    CANCEL = "UPDATE points_redemption SET state = 'cancelled', reason = $2, version = version + 1, updated_at = $3 \
              WHERE id = $1 AND state = 'done'";
    OF_MEMBER = "SELECT id, gift_id, gift_name, gift_name_en, quantity, points, state, reason, operator_name, created_at \
                 FROM points_redemption WHERE member_id = $1 ORDER BY id DESC LIMIT $2";
}

fn read(row: &Row) -> Result<Gift> {
    Ok(Gift {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        name: row.text(3),
        name_en: row.text(4),
        points: row.int(5),
        stock: row.int(6),
        state: row.text(7),
    })
}

/// All gifts; like offerings they are the same for everybody.
pub fn gifts(tx: &mut Tx<'_>) -> Result<Vec<Gift>> {
    tx.query(&GIFTS, params![])?.iter().map(read).collect()
}

fn checked(gift: &Gift) -> Result<()> {
    let length = |text: &str| text.trim().chars().count();
    if !(1..=60).contains(&length(&gift.name)) {
        return Err(Problem::invalid("name", "1–60"));
    }
    if length(&gift.name_en) > 120 {
        return Err(Problem::invalid("nameEn", "≤ 120"));
    }
    if !(1..=100_000_000).contains(&gift.points) {
        return Err(Problem::invalid("points", "1–100000000"));
    }
    if !(0..=10_000_000).contains(&gift.stock) {
        return Err(Problem::invalid("stock", "0–10000000"));
    }
    if !["active", "retired"].contains(&gift.state.as_str()) {
        return Err(Problem::invalid("state", "active | retired"));
    }
    Ok(())
}

impl GiftAsk {
    fn onto(&self, gift: &mut Gift) {
        let text = |mine: &Option<String>, theirs: &mut String| {
            if let Some(text) = mine {
                text.trim().clone_into(theirs);
            }
        };
        text(&self.name, &mut gift.name);
        text(&self.name_en, &mut gift.name_en);
        text(&self.state, &mut gift.state);
        gift.points = self.points.unwrap_or(gift.points);
        gift.stock = self.stock.unwrap_or(gift.stock);
    }
}

fn publish(tx: &mut Tx<'_>, gift: &Gift, what: &str) -> Result<()> {
    let audit = json!({"points": gift.points, "stock": gift.stock, "state": gift.state});
    tx.emit(
        Event::new(format!("LoyaltyGift{what}Event"), "loyaltyGift", &gift.id, gift.version, &gift.org).audit(audit),
    )
}

pub fn add(tx: &mut Tx<'_>, ask: &GiftAsk) -> Result<Gift> {
    let mut gift = Gift {
        id: tx.new_id::<Gift>().into_string(),
        version: 1,
        org: tx.actor().org.clone(),
        name: String::new(),
        name_en: String::new(),
        points: 0,
        stock: 0,
        state: "active".to_owned(),
    };
    ask.onto(&mut gift);
    checked(&gift)?;
    let Gift { id, org, name, name_en, points, stock, state, .. } = &gift;
    tx.execute(&ADD, params![id, org, name, name_en, points, stock, state, tx.now()])?;
    publish(tx, &gift, "Create")?;
    Ok(gift)
}

/// Changes a gift of one's own part of the organisation.
pub fn change(tx: &mut Tx<'_>, id: &str, ask: &GiftAsk) -> Result<Gift> {
    let row = tx.query_one(&GIFT, params![id])?;
    tx.must_see(row.str(2))?;
    let mut gift = read(&row)?;
    ask.onto(&mut gift);
    checked(&gift)?;
    let Gift { version, name, name_en, points, stock, state, .. } = &gift;
    tx.execute_versioned(&SAVE, params![id, version, name, name_en, points, stock, state, tx.now()])?;
    gift.version += 1;
    publish(tx, &gift, "AttributeValueChange")?;
    Ok(gift)
}

/// Gives a gift for points: stock, points and the record, all or nothing.
pub fn redeem(tx: &mut Tx<'_>, customer_id: &str, gift_id: &str, quantity: i64) -> Result<Redemption> {
    customer::summary(tx, customer_id)?;
    if !(1..=1_000).contains(&quantity) {
        return Err(Problem::invalid("quantity", "1–1000"));
    }
    let member = member::lock_of_customer(tx, customer_id)?;
    member.may_spend()?;
    let row = tx.query_opt(&GIFT, params![gift_id])?;
    let gift = read(&row.ok_or_else(|| Problem::unknown_reference("giftId", gift_id))?)?;
    if gift.state != "active" {
        return Err(Problem::new(&problems::GIFT_STATE));
    }
    if tx.execute(&TAKE, params![gift_id, quantity, tx.now()])? != 1 {
        return Err(Problem::new(&problems::GIFT_STOCK).with("value", &gift.stock.to_string()));
    }
    let points = gift.points * quantity;
    let id = tx.new_id::<Redemption>().into_string();
    let txn = spend::burn(tx, &member, points, Kind::Redeem, ("redemption", &id), &gift.name)?;
    let operator = tx.actor().name.to_string();
    let at = tx.now();
    tx.execute(
        &REDEEM,
        params![
            id,
            member.org,
            member.id,
            customer_id,
            gift.id,
            gift.name,
            gift.name_en,
            quantity,
            points,
            txn.id,
            operator,
            at
        ],
    )?;
    let event = Event::new("LoyaltyRedemptionCreateEvent", "loyaltyRedemption", &id, 1, &member.org)
        .topic(format!("customer:{customer_id}"))
        .audit(json!({"gift": gift.id, "quantity": quantity, "points": points}));
    tx.emit(event)?;
    let (state, reason) = ("done".to_owned(), String::new());
    let Gift { id: gift_id, name: gift_name, name_en: gift_name_en, .. } = gift;
    Ok(Redemption { id, gift_id, gift_name, gift_name_en, quantity, points, state, reason, operator, at })
}

/// Takes a redemption back: the gift returns to stock, the points to the member.
pub fn cancel(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<()> {
    let row = tx.query_one(&REDEMPTION, params![id])?;
    tx.must_see(row.str(0))?;
    if reason.trim().is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    if row.str(5) != "done" {
        return Err(Problem::new(&problems::REDEMPTION_STATE));
    }
    let member = member::lock(tx, row.str(1))?;
    let (now, version, org) = (tx.now(), row.int(7), OrgPath::parse(row.str(0))?);
    if tx.execute(&CANCEL, params![id, reason.trim(), now])? != 1 {
        return Err(Problem::new(&codes::CONFLICT));
    }
    tx.execute(&PUT, params![row.str(2), row.int(3), now])?;
    spend::restore(tx, &member, row.str(6), ("redemption", id))?;
    let event = Event::new("LoyaltyRedemptionCancelEvent", "loyaltyRedemption", id, version + 1, &org)
        .topic(member.customer_id.as_ref().map_or_else(String::new, |c| format!("customer:{c}")))
        .audit(json!({"reason": reason.trim(), "points": row.int(4)}));
    tx.emit(event)
}

pub fn of_member(tx: &mut Tx<'_>, member_id: &str, limit: i64) -> Result<Vec<Redemption>> {
    let one = |r: &Row| Redemption {
        id: r.text(0),
        gift_id: r.text(1),
        gift_name: r.text(2),
        gift_name_en: r.text(3),
        quantity: r.int(4),
        points: r.int(5),
        state: r.text(6),
        reason: r.text(7),
        operator: r.text(8),
        at: r.time(9),
    };
    Ok(tx.query(&OF_MEMBER, params![member_id, limit])?.iter().map(one).collect())
}
