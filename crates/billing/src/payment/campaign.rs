//! Paying in advance that is rewarded (预存赠送): the reward is a book of gift money, taken back when the payment is.
//!
//! ```text
//! draft ─ start → inForce ⇄ stop, start ⇄ stopped
//!   └──── stop ──────────────────────────────↗
//! ```
//! Stopping takes nothing back: what was given stays with the payments it was given for.

use crate::{
    books::{self, BookKind, NewBook, Scope},
    perms, problems,
};
use kernel::{Date, Money, OrgPath, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Draft,
    InForce,
    Stopped,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Start,
    Stop,
}

impl Verb {
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "start" => Ok(Self::Start),
            "stop" => Ok(Self::Stop),
            _ => Err(Problem::not_found()),
        }
    }
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InForce => "inForce",
            Self::Stopped => "stopped",
        }
    }
    fn parse(text: &str) -> Result<Self> {
        let found = [Self::Draft, Self::InForce, Self::Stopped].into_iter().find(|s| s.name() == text);
        found.ok_or_else(|| Problem::internal(format!("campaign state {text}")))
    }
    pub fn after(self, verb: Verb) -> Result<Self> {
        match (self, verb) {
            (Self::Draft | Self::Stopped, Verb::Start) => Ok(Self::InForce),
            (Self::Draft | Self::InForce, Verb::Stop) => Ok(Self::Stopped),
            (Self::InForce, Verb::Start) | (Self::Stopped, Verb::Stop) => {
                Err(Problem::new(&problems::CAMPAIGN_STATE).with("state", self.name()))
            }
        }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    pub id: String,
    pub name: String,
    pub name_en: String,
    #[serde(rename = "minFen")]
    pub min: Money,
    #[serde(rename = "giftFen")]
    pub gift: Money,
    pub gift_months: i64,
    pub scope: Scope,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub source: String,
    pub org: String,
    #[serde(skip)]
    version: i64,
    pub state: State,
    pub turned_by: String,
    pub turned_at: Option<Timestamp>,
    pub reason: String,
    pub operator: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCampaign {
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    pub min_fen: i64,
    pub gift_fen: i64,
    #[serde(default)]
    pub gift_months: i64,
    #[serde(default)]
    pub scope: Scope,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    #[serde(default)]
    pub source: String,
    /// Written only; somebody puts it in force later.
    #[serde(default)]
    pub draft: bool,
}

macro_rules! columns {
    () => {
        "id, name, name_en, min_fen, gift_fen, gift_months, scope, valid_from, valid_to, source, org, version, state, turned_by, \
         turned_at, reason, operator, created_at"
    };
}

sql! {
    INSERT = "INSERT INTO prepay_campaign (id, org, name, name_en, min_fen, gift_fen, gift_months, scope, valid_from, valid_to, \
              source, operator, created_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    RUNNING = concat!(
        "SELECT ",
        columns!(),
        " FROM prepay_campaign WHERE state = 'inForce' AND valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) \
         ORDER BY min_fen, id LIMIT 1000"
    );
    EVERY = concat!("SELECT ", columns!(), " FROM prepay_campaign ORDER BY id DESC LIMIT 1000");
    ONE = concat!("SELECT ", columns!(), " FROM prepay_campaign WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM prepay_campaign WHERE id = $1 {for_update}");
    TURN = "UPDATE prepay_campaign SET version = version + 1, state = $3, turned_by = $4, turned_at = $5, reason = $6 \
            WHERE id = $1 AND version = $2";
}

fn from_row(row: &Row) -> Result<Campaign> {
    Ok(Campaign {
        id: row.text(0),
        name: row.text(1),
        name_en: row.text(2),
        min: row.money(3),
        gift: row.money(4),
        gift_months: row.int(5),
        scope: serde_json::from_value(row.json(6)).map_err(Problem::internal)?,
        valid_from: Date::parse(row.str(7))?,
        valid_to: row.opt_text(8).map(|t| Date::parse(&t)).transpose()?,
        source: row.text(9),
        org: row.text(10),
        version: row.int(11),
        state: State::parse(row.str(12))?,
        turned_by: row.text(13),
        turned_at: row.opt_time(14),
        reason: row.text(15),
        operator: row.text(16),
        created_at: row.time(17),
    })
}

/// A campaign holds for the place it was made for and everything below.
fn holds_for(campaign: &Campaign, org: &OrgPath) -> bool {
    let (here, there) = (org.as_str(), campaign.org.as_str());
    here == there || here.strip_prefix(there).is_some_and(|rest| rest.starts_with('/'))
}

/// What runs today where the actor works.
pub fn running(tx: &mut Tx<'_>) -> Result<Vec<Campaign>> {
    let today = tx.now().date().to_string();
    let org = tx.actor().org.clone();
    let all = tx.query(&RUNNING, params![today])?.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    Ok(all.into_iter().filter(|c| holds_for(c, &org)).collect())
}

/// Every campaign that concerns the actor's place, from above or below, the newest first.
pub fn every(tx: &mut Tx<'_>) -> Result<Vec<Campaign>> {
    let org = tx.actor().org.clone();
    let all = tx.query(&EVERY, params![])?.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    Ok(all.into_iter().filter(|c| tx.actor().sees(&c.org) || holds_for(c, &org)).collect())
}

/// Puts a campaign in force, or stops it.
pub fn turn(tx: &mut Tx<'_>, id: &str, verb: Verb, reason: &str) -> Result<Campaign> {
    tx.allow(perms::CAMPAIGN_WRITE)?;
    let before = from_row(&tx.query_one(&LOCK, params![id])?)?;
    tx.must_see(&before.org)?;
    let state = before.state.after(verb).map_err(|p| p.with("name", &before.name))?;
    let today = tx.now().date();
    if let (State::InForce, Some(last)) = (state, before.valid_to.filter(|last| *last < today)) {
        let over = Problem::new(&problems::CAMPAIGN_OVER).with("name", &before.name);
        return Err(over.with("day", &last.to_string()));
    }
    let by = tx.actor().name.to_string();
    tx.execute_versioned(&TURN, params![id, before.version, state.name(), by, tx.now(), reason])?;
    let after = from_row(&tx.query_one(&ONE, params![id])?)?;
    let org = OrgPath::parse(&after.org)?;
    let event = store::Event::new("PrepayCampaignStateChangeEvent", "prepayCampaign", id, after.version, &org);
    tx.emit(event.audit(serde_json::json!({"name": after.name, "state": state.name(), "reason": reason})))?;
    Ok(after)
}

pub fn create(tx: &mut Tx<'_>, new: &NewCampaign) -> Result<Campaign> {
    tx.allow(perms::CAMPAIGN_WRITE)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::invalid("name", "1–60"));
    }
    let max = 100_000_000;
    for (field, fen) in [("minFen", new.min_fen), ("giftFen", new.gift_fen)] {
        if fen <= 0 || fen > max {
            return Err(Problem::new(&problems::AMOUNT_REFUSED)
                .field(field)
                .with("value", &Money::fen(fen).to_string()));
        }
    }
    if !(0..=120).contains(&new.gift_months) {
        return Err(Problem::invalid("giftMonths", "0–120"));
    }
    let from = new.valid_from.as_deref().map_or(Ok(tx.now().date()), Date::parse)?;
    let to = new.valid_to.as_deref().map(Date::parse).transpose()?;
    if to.is_some_and(|to| to < from) {
        return Err(Problem::invalid("validTo", "≥ validFrom"));
    }
    let id = tx.new_id::<Campaign>().into_string();
    let actor = tx.actor().clone();
    let scope = serde_json::to_value(&new.scope).map_err(Problem::internal)?;
    tx.execute(
        &INSERT,
        params![
            id,
            actor.org,
            name,
            new.name_en,
            new.min_fen,
            new.gift_fen,
            new.gift_months,
            scope,
            from.to_string(),
            to.map(|d| d.to_string()),
            new.source,
            &*actor.name,
            tx.now(),
            if new.draft { State::Draft } else { State::InForce }.name()
        ],
    )?;
    let made = from_row(&tx.query_one(&ONE, params![id])?)?;
    let event = store::Event::new("PrepayCampaignCreateEvent", "prepayCampaign", &id, 1, &actor.org)
        .audit(serde_json::json!({"name": made.name, "minFen": made.min, "giftFen": made.gift}));
    tx.emit(event)?;
    Ok(made)
}

/// Opens the book of the gift for `rest` paid in advance; returns the book and how much is to be put on it.
pub fn reward(
    tx: &mut Tx<'_>,
    account_id: &str,
    campaign_id: &str,
    rest: Money,
    payment_id: &str,
) -> Result<(String, Money)> {
    let unknown = || Problem::unknown_reference("campaignId", campaign_id);
    let row = tx.query_opt(&ONE, params![campaign_id])?.ok_or_else(unknown)?;
    let campaign = from_row(&row)?;
    let today = tx.now().date();
    let runs = campaign.state == State::InForce
        && campaign.valid_from <= today
        && campaign.valid_to.is_none_or(|to| today <= to);
    if !runs || !holds_for(&campaign, &tx.actor().org.clone()) {
        return Err(unknown());
    }
    if rest < campaign.min {
        let problem = Problem::new(&problems::CAMPAIGN_SHORT).field("campaignId");
        return Err(problem.with("value", &campaign.min.to_string()));
    }
    let mut new = NewBook::new(account_id, BookKind::Gift, &campaign.name, &campaign.name_en);
    new.scope = campaign.scope;
    if campaign.gift_months > 0 {
        new.expires = Some(today.plus_months(i32::try_from(campaign.gift_months).unwrap_or(0)));
    }
    new.source = format!("payment:{payment_id}");
    Ok((books::open(tx, &new)?.id, campaign.gift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_is_started_once_and_stopped_once() {
        assert_eq!(State::Draft.after(Verb::Start).unwrap(), State::InForce);
        assert_eq!(State::Draft.after(Verb::Stop).unwrap(), State::Stopped);
        assert_eq!(State::InForce.after(Verb::Stop).unwrap(), State::Stopped);
        assert_eq!(State::Stopped.after(Verb::Start).unwrap(), State::InForce);
        assert!(State::InForce.after(Verb::Start).is_err());
        assert!(State::Stopped.after(Verb::Stop).is_err());
    }
}
