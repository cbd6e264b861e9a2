//! What a customer wants to get, by number: kept on the page, or said by a message (退订). What is owed to customers by law
//! cannot be refused and is sent in any case.

use crate::{Channel, Notice, notify};
use kernel::{OrgPath, Phone, Result};
use serde::Serialize;
use serde_json::json;
use store::{Event, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preference {
    pub lang: String,
    /// Reminders of business done.
    pub business: bool,
    /// Advertising: nobody gets it who has not asked for it.
    pub marketing: bool,
    /// `page` or `mo`; empty where nothing was ever said.
    pub channel: String,
    pub updated_by: String,
}

sql! {
    FIND = "SELECT lang, business, marketing, channel, updated_by FROM message_preference WHERE number = $1";
    ORG = "SELECT org FROM message_preference WHERE number = $1";
    PUT = "INSERT INTO message_preference (number, org, customer_id, lang, business, marketing, channel, updated_at, updated_by) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number) DO UPDATE SET lang = excluded.lang, \
           business = excluded.business, marketing = excluded.marketing, channel = excluded.channel, \
           customer_id = COALESCE(excluded.customer_id, message_preference.customer_id), \
           updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    ACTION = "SELECT action FROM message_keyword WHERE word = $1";
    LAST = "SELECT customer_id, org FROM sms_message WHERE number = $1 AND direction = 'out' ORDER BY at DESC, id DESC LIMIT 1";
}

impl Default for Preference {
    fn default() -> Self {
        Self { lang: "zh".into(), business: true, marketing: false, channel: String::new(), updated_by: String::new() }
    }
}

pub fn of(tx: &mut Tx<'_>, address: &str) -> Result<Preference> {
    let row = tx.query_opt(&FIND, params![key(address)])?;
    Ok(row.map_or_else(Preference::default, |r| Preference {
        lang: r.text(0),
        business: r.flag(1),
        marketing: r.flag(2),
        channel: r.text(3),
        updated_by: r.text(4),
    }))
}

/// Numbers are kept as they are dialled here; addresses of mail in small letters.
fn key(address: &str) -> String {
    Phone::parse(address).map_or_else(|_| address.trim().to_lowercase(), |p| p.national().to_owned())
}

/// Where the number is known, the caller has made sure that the customer may be seen.
pub fn save(
    tx: &mut Tx<'_>,
    address: &str,
    customer_id: Option<&str>,
    org: &OrgPath,
    wish: &Preference,
) -> Result<Preference> {
    let number = key(address);
    let kept = match tx.query_opt(&ORG, params![number])? {
        Some(row) => OrgPath::parse(row.str(0))?,
        None => org.clone(),
    };
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    tx.execute(
        &PUT,
        params![number, kept, customer_id, wish.lang, wish.business, wish.marketing, wish.channel, now, by],
    )?;
    let masked = if number.contains('@') { crate::mask_mail(&number) } else { kernel::mask_phone(&number) };
    let event = Event::new("MessagePreferenceChangeEvent", "messagePreference", &masked, 1, &kept)
        .topic(customer_id.map_or_else(String::new, |c| format!("customer:{c}")))
        .audit(json!({"business": wish.business, "marketing": wish.marketing, "lang": wish.lang, "by": wish.channel}));
    tx.emit(event)?;
    of(tx, &number)
}

/// Obeys a message that is a word of command (退订, TD, DY …): writes the wish down and confirms it. False where it is none.
pub fn command(tx: &mut Tx<'_>, number: &str, text: &str) -> Result<bool> {
    let word = text.trim().to_uppercase();
    if word.is_empty() || word.chars().count() > 20 {
        return Ok(false);
    }
    let Some(row) = tx.query_opt(&ACTION, params![word])? else { return Ok(false) };
    let wanted = row.str(0) == "start";
    let (customer, org) = last(tx, number)?;
    let wish = Preference { business: wanted, marketing: false, channel: "mo".into(), ..of(tx, number)? };
    save(tx, number, customer.as_deref(), &org, &wish)?;
    let template = if wanted { "preference.started" } else { "preference.stopped" };
    let notice = Notice {
        template,
        channel: Channel::Sms,
        to: number,
        customer_id: customer.as_deref(),
        org: &org,
        values: &[],
        cause: None,
    };
    notify(tx, &notice)?;
    Ok(true)
}

/// Whom we wrote to last at this number.
pub fn last(tx: &mut Tx<'_>, number: &str) -> Result<(Option<String>, OrgPath)> {
    match tx.query_opt(&LAST, params![number])? {
        Some(row) => Ok((row.opt_text(0), OrgPath::parse(row.str(1))?)),
        None => Ok((None, OrgPath::root())),
    }
}
