//! Who becomes a member, what is changed about one, and how one leaves.

use super::{Member, State, by_identifier, lock};
use crate::{group, problems, unit::Unit};
use billing::books::{self, BookKind, BookState, NewBook};
use kernel::{Money, Problem, Result};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    INSERT = "INSERT INTO unit_member (id, version, unit_id, org, kind, identifier, name, group_id, driver_id, customer_id, account_id, \
              product_id, book_id, state, limit_once_fen, limit_day_fen, limit_month_fen, quota_fen, pays_bills, card_seq, created_at, \
              updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'active', $13, $14, $15, $16, $17, 0, $18, $18) \
              ON CONFLICT DO NOTHING";
}

pub(super) fn open_book(
    tx: &mut Tx<'_>,
    unit: &Unit,
    account_id: &str,
    name: &str,
    name_en: &str,
    product_id: &str,
) -> Result<String> {
    let mut new = NewBook::new(account_id, BookKind::Allocated, name, name_en);
    new.source = format!("unit:{}", unit.id);
    new.refundable = Some(false);
    if !product_id.is_empty() {
        new.scope = books::only_product(product_id);
    }
    Ok(books::open(tx, &new)?.id)
}

/// What somebody says about a member; what is left out stays, `null` takes a limit off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ask {
    pub kind: String,
    pub identifier: String,
    pub name: Option<String>,
    #[serde(deserialize_with = "said")]
    pub group_id: Option<Value>,
    #[serde(deserialize_with = "said")]
    pub driver_id: Option<Value>,
    #[serde(deserialize_with = "said")]
    pub once_fen: Option<Value>,
    #[serde(deserialize_with = "said")]
    pub day_fen: Option<Value>,
    #[serde(deserialize_with = "said")]
    pub month_fen: Option<Value>,
    #[serde(deserialize_with = "said")]
    pub quota_fen: Option<Value>,
    pub pays_bills: Option<bool>,
}

/// `null` is something that was said; only what is missing was not.
fn said<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl Ask {
    fn onto(&self, tx: &mut Tx<'_>, member: &mut Member) -> Result<()> {
        if let Some(name) = &self.name {
            if !(1..=60).contains(&name.trim().chars().count()) {
                return Err(Problem::invalid("name", "1–60"));
            }
            name.trim().clone_into(&mut member.name);
        }
        let most = crate::settings::MOST_FEN.number(tx)?;
        let limits = [
            ("onceFen", &self.once_fen, &mut member.once),
            ("dayFen", &self.day_fen, &mut member.day),
            ("monthFen", &self.month_fen, &mut member.month),
            ("quotaFen", &self.quota_fen, &mut member.quota),
        ];
        for (name, said, kept) in limits {
            *kept = match said {
                None => continue,
                Some(Value::Null) => None,
                Some(value) => {
                    let fen = value.as_i64().filter(|n| (0..=most).contains(n));
                    Some(Money::fen(fen.ok_or_else(|| Problem::invalid(name, &format!("0–{most}")))?))
                }
            };
        }
        let id = |value: &Value, name: &str| match value {
            Value::Null => Ok(None),
            Value::String(id) if id.is_empty() => Ok(None),
            Value::String(id) => Ok(Some(id.clone())),
            _ => Err(Problem::invalid(name, "id")),
        };
        if let Some(value) = &self.group_id {
            member.group_id = id(value, "groupId")?;
            if let Some(group_id) = &member.group_id {
                group::group(tx, &member.unit_id, group_id)
                    .map_err(|_| Problem::unknown_reference("groupId", group_id))?;
            }
        }
        if let Some(value) = &self.driver_id {
            member.driver_id = id(value, "driverId")?;
            if let Some(driver) = &member.driver_id {
                group::driver(tx, &member.unit_id, driver)
                    .map_err(|_| Problem::unknown_reference("driverId", driver))?;
            }
        }
        member.pays_bills = self.pays_bills.unwrap_or(member.pays_bills);
        Ok(())
    }
}

/// Whose money it becomes: customer, account, product and name behind an identifier.
fn behind(tx: &mut Tx<'_>, unit: &Unit, kind: &str, identifier: &str) -> Result<(String, String, String, String)> {
    match kind {
        "number" => {
            let line = billing::line_of_number(tx, identifier)?;
            let line = line.ok_or_else(|| Problem::new(&problems::NUMBER_UNKNOWN).with("value", identifier))?;
            let who = customer::summary(tx, &line.customer_id)?;
            Ok((line.customer_id, line.account_id, line.product_id, who.name))
        }
        "customer" => {
            let found = customer::find(tx, identifier, 5)?.into_iter().find(|f| f.customer.customer_no == identifier);
            let id =
                found.ok_or_else(|| Problem::new(&problems::MEMBER_UNKNOWN).with("value", identifier))?.customer.id;
            let who = customer::summary(tx, &id)?;
            let account = billing::account_of(tx, &id)?;
            Ok((id, account.id, String::new(), who.name))
        }
        "card" => {
            let good = (6..=32).contains(&identifier.len())
                && identifier.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if !good {
                return Err(Problem::invalid("identifier", "6–32 A–Z 0–9"));
            }
            Ok((unit.customer_id.clone(), unit.account_id.clone(), String::new(), identifier.to_owned()))
        }
        _ => Err(Problem::invalid("kind", "number | customer | card")),
    }
}

/// Takes a number, customer or card into the unit.
pub fn join(tx: &mut Tx<'_>, unit: &Unit, ask: &Ask) -> Result<Member> {
    unit.must_be_active()?;
    let identifier = ask.identifier.trim().replace([' ', '-'], "");
    let identifier = if ask.kind == "card" { ask.identifier.trim().to_owned() } else { identifier };
    if identifier.is_empty() {
        return Err(Problem::missing("identifier"));
    }
    let taken = || Problem::new(&problems::MEMBER_TAKEN).with("value", &identifier);
    if by_identifier(tx, &identifier)?.is_some() {
        return Err(taken());
    }
    let (customer_id, account_id, product_id, name) = behind(tx, unit, &ask.kind, &identifier)?;
    let label = format!("单位划拨 · {}", unit.name.chars().take(40).collect::<String>());
    let book_id = open_book(tx, unit, &account_id, &label, &format!("Allocated by {}", unit.unit_no), &product_id)?;
    let mut new = Member {
        id: tx.new_id::<Member>().into_string(),
        version: 1,
        unit_id: unit.id.clone(),
        org: unit.org.clone(),
        kind: ask.kind.clone(),
        identifier: identifier.clone(),
        name: name.chars().take(60).collect(),
        group_id: None,
        driver_id: None,
        customer_id,
        account_id,
        book_id,
        loaded_book_id: None,
        state: State::Active,
        once: None,
        day: None,
        month: None,
        quota: None,
        pays_bills: ask.kind != "card",
        lost_at: None,
        card: None,
        card_seq: 0,
        card_at: None,
    };
    ask.onto(tx, &mut new)?;
    let m = &new;
    let made = tx.execute(
        &INSERT,
        params![
            m.id,
            m.unit_id,
            m.org,
            m.kind,
            m.identifier,
            m.name,
            m.group_id,
            m.driver_id,
            m.customer_id,
            m.account_id,
            product_id,
            m.book_id,
            m.once,
            m.day,
            m.month,
            m.quota,
            m.pays_bills,
            tx.now()
        ],
    )?;
    if made != 1 {
        return Err(taken());
    }
    new.publish(tx, "Create", json!({"kind": new.kind, "unitId": unit.id}))?;
    Ok(new)
}

/// Changes name, group, driver, limits.
pub fn change(tx: &mut Tx<'_>, unit_id: &str, id: &str, ask: &Ask) -> Result<Member> {
    let mut member = lock(tx, unit_id, id)?;
    if matches!(member.state, State::Left | State::Replaced) {
        return Err(Problem::new(&problems::MEMBER_STATE)
            .with("state", member.state.name())
            .with("value", &member.shown()));
    }
    ask.onto(tx, &mut member)?;
    member.save(tx)?;
    let audit =
        json!({"onceFen": member.once, "dayFen": member.day, "monthFen": member.month, "quotaFen": member.quota});
    member.publish(tx, "AttributeValueChange", audit)?;
    Ok(member)
}

/// Suspends, frees, or lets the member leave; leaving asks that it holds nothing.
pub fn set_state(tx: &mut Tx<'_>, unit_id: &str, id: &str, next: State, reason: &str) -> Result<Member> {
    let mut member = lock(tx, unit_id, id)?;
    let by_hand = matches!(next, State::Active | State::Suspended | State::Left) && member.state != State::Lost;
    if !by_hand || !member.state.may_become(next) {
        return Err(Problem::new(&problems::MEMBER_STATE)
            .with("state", member.state.name())
            .with("value", &member.shown()));
    }
    if reason.trim().is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    if next == State::Left {
        let left = member.held(tx)?.total()?;
        if !left.is_zero() {
            return Err(Problem::new(&problems::MEMBER_HOLDS).with("value", &left.to_string()));
        }
        member.set_books(tx, BookState::Closed)?;
    }
    member.state = next;
    member.save(tx)?;
    member.publish(tx, "StateChange", json!({"state": next, "reason": reason.trim()}))?;
    Ok(member)
}
