//! Paying in advance that is rewarded (预存赠送): the reward is a book of gift money, taken back when the payment is.

use crate::{
    books::{self, BookKind, NewBook, Scope},
    perms, problems,
};
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde::{Deserialize, Serialize};
use store::{Row, Tx, params, sql};

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
    #[serde(skip)]
    org: String,
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
}

sql! {
    INSERT = "INSERT INTO prepay_campaign (id, org, name, name_en, min_fen, gift_fen, gift_months, scope, valid_from, valid_to, \
              source, operator, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    RUNNING = "SELECT id, name, name_en, min_fen, gift_fen, gift_months, scope, valid_from, valid_to, source, org \
               FROM prepay_campaign WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY min_fen, id LIMIT 200";
    ONE = "SELECT id, name, name_en, min_fen, gift_fen, gift_months, scope, valid_from, valid_to, source, org \
           FROM prepay_campaign WHERE id = $1";
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
            &*actor.id,
            tx.now()
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
    let runs = campaign.valid_from <= today && campaign.valid_to.is_none_or(|to| today <= to);
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
