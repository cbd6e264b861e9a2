//! Notices made from a template: told once for a cause, in the customer's language, at a decent hour, and not at all where the
//! customer refused and may refuse.

use crate::{
    Channel, LONGEST, Message, State, created, preference, problems, setting,
    template::{self, Category},
};
use kernel::{OrgPath, Problem, Result};
use store::{Tx, Value, params, sql};

/// What is to be told, and to whom.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    pub template: &'a str,
    pub channel: Channel,
    /// A telephone number, or an address of mail.
    pub to: &'a str,
    pub customer_id: Option<&'a str>,
    pub org: &'a OrgPath,
    pub values: &'a [(&'a str, String)],
    /// The same cause is told once; none where it may be told again.
    pub cause: Option<&'a str>,
}

/// A notice ready to be stored with others.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub id: String,
    row: Vec<Value>,
}

const INTO: &str = "sms_message (id, org, direction, number, purpose, masked, sealed, customer_id, operator_name, at, channel, \
                    subject, category, template, state, not_before, next_at, expires_at, cause)";
const WIDTH: usize = 19;

sql! {
    TOLD = "SELECT id FROM sms_message WHERE cause = $1";
}

/// The notice as a row; none where it is not to be sent: told already, refused by the customer, or nowhere to send it.
pub fn prepare(tx: &mut Tx<'_>, notice: &Notice<'_>) -> Result<Option<Prepared>> {
    let address = notice.to.trim();
    let usable = match notice.channel {
        Channel::Sms => kernel::Phone::parse(address).is_ok(),
        Channel::Mail => address.contains('@') && !address.contains(char::is_whitespace) && address.len() <= 254,
    };
    if !usable {
        return Ok(None);
    }
    if let Some(cause) = notice.cause
        && tx.query_opt(&TOLD, params![cause])?.is_some()
    {
        return Ok(None);
    }
    let kind = template::kind(tx, notice.template)?;
    let wishes = preference::of(tx, address)?;
    let refused = match kind.category {
        Category::Service => false,
        Category::Business => !wishes.business,
        Category::Marketing => !wishes.marketing,
    };
    if refused {
        return Ok(None);
    }
    let Some(text) = template::text(tx, notice.template, notice.channel, &wishes.lang)? else { return Ok(None) };
    let mut body = template::fill(&text.body, notice.values);
    if notice.channel == Channel::Sms && body.chars().count() > LONGEST {
        body = body.chars().take(LONGEST).collect(); // a name may be long: the customer is told all the same
    }
    let subject = template::fill(&text.subject, notice.values);
    let now = tx.now();
    let at = if kind.urgent || notice.channel == Channel::Mail { now } else { setting::after_quiet_hours(tx, now)? };
    let expires = at.plus_seconds(setting::number(tx, "expires_hours")? * 3_600);
    let id = tx.new_id::<Message>().into_string();
    let sealed = tx.vault().seal(&body)?;
    let by = tx.actor().name.to_string();
    let row = params![
        id,
        notice.org,
        "out",
        address,
        notice.template,
        body,
        sealed,
        notice.customer_id,
        by,
        now,
        notice.channel.name(),
        subject,
        kind.category.name(),
        notice.template,
        State::Waiting.name(),
        at,
        at,
        expires,
        notice.cause
    ];
    Ok(Some(Prepared { id, row: row.to_vec() }))
}

/// Tells one customer; returns the message's id, or none where it was not to be sent.
pub fn notify(tx: &mut Tx<'_>, notice: &Notice<'_>) -> Result<Option<String>> {
    let Some(prepared) = prepare(tx, notice)? else { return Ok(None) };
    if tx.insert_rows(INTO, WIDTH, &prepared.row, "ON CONFLICT DO NOTHING")? == 0 {
        return Ok(None); // told at this very moment
    }
    created(tx, &prepared.id, "out", notice.template, notice.customer_id, notice.org)?;
    Ok(Some(prepared.id))
}

/// Stores many notices of one transaction; whoever prepared them keeps the record of why.
pub fn store_all(tx: &mut Tx<'_>, notices: &[Prepared]) -> Result<u64> {
    if notices.is_empty() {
        return Ok(0);
    }
    let values: Vec<Value> = notices.iter().flat_map(|n| n.row.iter().cloned()).collect();
    if values.len() != notices.len() * WIDTH {
        return Err(Problem::new(&problems::STATE).because("a notice has another width"));
    }
    let written = tx.insert_rows(INTO, WIDTH, &values, "ON CONFLICT DO NOTHING")?;
    tx.poke();
    Ok(written)
}
