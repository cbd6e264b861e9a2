//! Who held a number when: the map from a number or product to the service that its usage belongs to.
//!
//! A service is one holding of a product by one customer and one account. When the owner or the payer changes, another
//! service begins: what the one used is never read nor charged under the other. A number belongs to at most one service
//! at any time (`usage_number_open`), and a product has at most one open service (`usage_service_open`).

use crate::problems;
use kernel::{OrgPath, Phone, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, Tx, params, sql};

/// The short name of a service in the records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceKey(pub i64);

/// A service that begins.
#[derive(Clone, Debug)]
pub struct NewService<'a> {
    pub product_id: &'a str,
    pub customer_id: &'a str,
    pub account_id: &'a str,
    pub org: &'a OrgPath,
    /// The number or account name under which the network reports its usage; empty where there is none.
    pub number: &'a str,
    /// The day on which its cycles begin, 1 to 28.
    pub cycle_day: i8,
    pub from: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    pub key: ServiceKey,
    pub product_id: String,
    pub customer_id: String,
    pub account_id: String,
    pub org: String,
    pub cycle_day: i8,
    pub from: Timestamp,
    /// From then on it takes no more usage; what was used before may still arrive.
    pub to: Option<Timestamp>,
    /// Its last number; empty where it has none.
    pub number: String,
}

sql! {
    OPEN_OF = "SELECT service_key FROM usage_service WHERE product_id = $1 AND to_at IS NULL {for_update}";
    INSERT = "INSERT INTO usage_service (service_key, product_id, customer_id, account_id, org, cycle_day, from_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CLOSE = "UPDATE usage_service SET to_at = CASE WHEN from_at > $2 THEN from_at ELSE $2 END WHERE service_key = $1 AND to_at IS NULL";
    REOPEN = "UPDATE usage_service SET to_at = NULL WHERE service_key = $1";
    HAND_OVER = "UPDATE usage_service SET customer_id = $2, account_id = $3 WHERE service_key = $1";
    SET_DAY = "UPDATE usage_service SET cycle_day = $2 WHERE account_id = $1 AND to_at IS NULL";
    MOVE_ORG = "UPDATE usage_service SET org = $2 WHERE service_key = $1";
    REASSIGN = "UPDATE usage_service SET customer_id = $3 WHERE service_key = $1 AND customer_id = $2";
    LAST_OF = "SELECT s.service_key, s.product_id, s.customer_id, s.account_id, s.org, s.cycle_day, s.from_at, s.to_at, \
               (SELECT n.number FROM usage_number n WHERE n.service_key = s.service_key ORDER BY n.from_at DESC LIMIT 1) \
               FROM usage_service s WHERE s.product_id = $1 ORDER BY s.from_at DESC, s.service_key DESC LIMIT 1";
    ALL_OF = "SELECT s.service_key, s.product_id, s.customer_id, s.account_id, s.org, s.cycle_day, s.from_at, s.to_at, \
              (SELECT n.number FROM usage_number n WHERE n.service_key = s.service_key ORDER BY n.from_at DESC LIMIT 1) \
              FROM usage_service s WHERE s.product_id = $1 ORDER BY s.from_at, s.service_key";
    OF_ACCOUNT = "SELECT s.service_key, s.product_id, s.customer_id, s.account_id, s.org, s.cycle_day, s.from_at, s.to_at, \
                  (SELECT n.number FROM usage_number n WHERE n.service_key = s.service_key ORDER BY n.from_at DESC LIMIT 1) \
                  FROM usage_service s WHERE s.account_id = $1 ORDER BY s.service_key";
    OF_CUSTOMER = "SELECT s.service_key, s.product_id, s.customer_id, s.account_id, s.org, s.cycle_day, s.from_at, s.to_at, \
                   (SELECT n.number FROM usage_number n WHERE n.service_key = s.service_key ORDER BY n.from_at DESC LIMIT 1) \
                   FROM usage_service s WHERE s.customer_id = $1 ORDER BY s.service_key";
    BY_KEY = "SELECT s.service_key, s.product_id, s.customer_id, s.account_id, s.org, s.cycle_day, s.from_at, s.to_at, \
              (SELECT n.number FROM usage_number n WHERE n.service_key = s.service_key ORDER BY n.from_at DESC LIMIT 1) \
              FROM usage_service s WHERE s.service_key = $1";
    HELD = "SELECT service_key, from_at, to_at FROM usage_number WHERE number = $1 ORDER BY from_at";
    HOLDER = "SELECT service_key FROM usage_number WHERE number = $1 AND to_at IS NULL {for_update}";
    NUMBER_OF = "SELECT number, from_at FROM usage_number WHERE service_key = $1 AND to_at IS NULL";
    LAST_NUMBER_OF = "SELECT number, from_at FROM usage_number WHERE service_key = $1 ORDER BY from_at DESC LIMIT 1";
    TAKE = "INSERT INTO usage_number (number, from_at, service_key) VALUES ($1, $2, $3)";
    GIVE = "UPDATE usage_number SET to_at = $3 WHERE number = $1 AND from_at = $2";
    FORGET = "DELETE FROM usage_number WHERE number = $1 AND from_at = $2";
    TAKE_AGAIN = "UPDATE usage_number SET to_at = NULL WHERE number = $1 AND from_at = $2";
    SAME_START = "SELECT 1 FROM usage_number WHERE number = $1 AND from_at = $2";
}

/// How a number or account name is written in the map and in the records.
pub fn normalise(number: &str) -> String {
    match Phone::parse(number) {
        Ok(phone) => phone.as_str().to_owned(),
        Err(_) => number.trim().to_lowercase(),
    }
}

fn read(r: &Row) -> Service {
    Service {
        key: ServiceKey(r.int(0)),
        product_id: r.text(1),
        customer_id: r.text(2),
        account_id: r.text(3),
        org: r.text(4),
        cycle_day: i8::try_from(r.int(5)).unwrap_or(1),
        from: r.time(6),
        to: r.opt_time(7),
        number: r.opt_text(8).unwrap_or_default(),
    }
}

/// Begins a service. One that is open already for this product stays as it is.
pub fn open_service(tx: &mut Tx<'_>, new: &NewService<'_>) -> Result<ServiceKey> {
    if let Some(row) = tx.query_opt(&OPEN_OF, params![new.product_id])? {
        return Ok(ServiceKey(row.int(0)));
    }
    let key = ServiceKey(tx.next_in_series("usage-service")?);
    let day = i32::from(new.cycle_day.clamp(1, kernel::Cycle::LAST_DAY));
    let binds = params![key.0, new.product_id, new.customer_id, new.account_id, new.org, day, new.from];
    tx.execute(&INSERT, binds)?;
    take_number(tx, key, &normalise(new.number), new.from)?;
    Ok(key)
}

/// Ends the open service of a product: later usage under its number is refused or belongs to the next holder.
pub fn close_service(tx: &mut Tx<'_>, product_id: &str, at: Timestamp) -> Result<()> {
    let Some(row) = tx.query_opt(&OPEN_OF, params![product_id])? else { return Ok(()) };
    let key = row.int(0);
    give_number(tx, key, at)?;
    tx.execute(&CLOSE, params![key, at]).map(drop)
}

/// The inverse of [`close_service`]: the last service of the product goes on with its number.
pub fn reopen_service(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    let Some(last) = service_of(tx, product_id)? else { return Ok(()) };
    if last.to.is_none() {
        return Ok(());
    }
    tx.execute(&REOPEN, params![last.key.0])?;
    let Some(row) = tx.query_opt(&LAST_NUMBER_OF, params![last.key.0])? else { return Ok(()) };
    let (number, from) = (row.text(0), row.time(1));
    free(tx, &number, last.key)?;
    tx.execute(&TAKE_AGAIN, params![number, from]).map(drop)
}

/// From `at` on the product's usage is reported under another number.
pub fn renumber(tx: &mut Tx<'_>, product_id: &str, number: &str, at: Timestamp) -> Result<()> {
    let Some(row) = tx.query_opt(&OPEN_OF, params![product_id])? else { return Ok(()) };
    let (key, number) = (row.int(0), normalise(number));
    let held = tx.query_opt(&NUMBER_OF, params![key])?;
    if held.is_some_and(|r| r.str(0) == number) {
        return Ok(());
    }
    give_number(tx, key, at)?;
    take_number(tx, ServiceKey(key), &number, at)
}

/// From `at` on the product belongs to another customer or is paid by another account: another service begins.
pub fn move_service(
    tx: &mut Tx<'_>,
    product_id: &str,
    customer_id: &str,
    account_id: &str,
    at: Timestamp,
) -> Result<Option<ServiceKey>> {
    let Some(old) = service_of(tx, product_id)?.filter(|s| s.to.is_none()) else { return Ok(None) };
    if old.customer_id == customer_id && old.account_id == account_id {
        return Ok(Some(old.key));
    }
    if old.from >= at {
        // Nothing can have been used yet.
        tx.execute(&HAND_OVER, params![old.key.0, customer_id, account_id])?;
        return Ok(Some(old.key));
    }
    let number = tx.query_opt(&NUMBER_OF, params![old.key.0])?.map(|r| r.text(0)).unwrap_or_default();
    close_service(tx, product_id, at)?;
    let org = OrgPath::parse(&old.org)?;
    let new = NewService {
        product_id,
        customer_id,
        account_id,
        org: &org,
        number: &number,
        cycle_day: old.cycle_day,
        from: at,
    };
    open_service(tx, &new).map(Some)
}

/// Another part of the organisation looks after the product from now on.
pub fn move_org(tx: &mut Tx<'_>, product_id: &str, org: &OrgPath) -> Result<()> {
    let Some(row) = tx.query_opt(&OPEN_OF, params![product_id])? else { return Ok(()) };
    tx.execute(&MOVE_ORG, params![row.int(0), org]).map(drop)
}

/// Cycles of the account's services begin on this day from now on. Call it where a cycle ends: what has been taken in
/// stays in the cycle that it was taken into.
pub fn set_cycle_day(tx: &mut Tx<'_>, account_id: &str, day: i8) -> Result<()> {
    tx.execute(&SET_DAY, params![account_id, i32::from(day.clamp(1, kernel::Cycle::LAST_DAY))]).map(drop)
}

const LABEL: &str = "usage_service";

/// Gives what `from` held to `into` when two customers are merged, and back; with `only`, those of these labels. Returns
/// the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let key = |label: &String| label.strip_prefix(LABEL)?.strip_prefix(':')?.parse::<i64>().ok();
    let keys: Vec<i64> = match only {
        None => services_of_customer(tx, from)?.iter().map(|s| s.key.0).collect(),
        Some(labels) => labels.iter().filter_map(key).collect(),
    };
    let mut moved = Vec::new();
    for key in keys {
        if tx.execute(&REASSIGN, params![key, from, into])? > 0 {
            moved.push(format!("{LABEL}:{key}"));
        }
    }
    Ok(moved)
}

fn take_number(tx: &mut Tx<'_>, key: ServiceKey, number: &str, from: Timestamp) -> Result<()> {
    if number.is_empty() {
        return Ok(());
    }
    free(tx, number, key)?;
    if tx.query_opt(&SAME_START, params![number, from])?.is_some() {
        // Given up and taken again within one moment: an empty holding that nothing can lie in.
        tx.execute(&FORGET, params![number, from])?;
    }
    tx.execute(&TAKE, params![number, from, key.0]).map(drop)
}

fn give_number(tx: &mut Tx<'_>, key: i64, at: Timestamp) -> Result<()> {
    let Some(row) = tx.query_opt(&NUMBER_OF, params![key])? else { return Ok(()) };
    let (number, from) = (row.text(0), row.time(1));
    tx.execute(&GIVE, params![number, from, from.max(at)]).map(drop)
}

/// Fails where another service holds the number now.
fn free(tx: &mut Tx<'_>, number: &str, key: ServiceKey) -> Result<()> {
    match tx.query_opt(&HOLDER, params![number])? {
        Some(row) if row.int(0) != key.0 => Err(Problem::new(&problems::NUMBER_HELD).with("value", number)),
        _ => Ok(()),
    }
}

/// The last service of a product, open or closed.
pub fn service_of(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Service>> {
    Ok(tx.query_opt(&LAST_OF, params![product_id])?.as_ref().map(read))
}

/// Every service that a product has been, in the order of time.
pub fn services_of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<Service>> {
    Ok(tx.query(&ALL_OF, params![product_id])?.iter().map(read).collect())
}

/// The services that an account pays or paid for. A closed one may still get usage that arrives late.
pub fn services_of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Service>> {
    Ok(tx.query(&OF_ACCOUNT, params![account_id])?.iter().map(read).collect())
}

pub fn services_of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Service>> {
    Ok(tx.query(&OF_CUSTOMER, params![customer_id])?.iter().map(read).collect())
}

pub fn service(tx: &mut Tx<'_>, key: ServiceKey) -> Result<Option<Service>> {
    Ok(tx.query_opt(&BY_KEY, params![key.0])?.as_ref().map(read))
}

/// One holding of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    pub key: ServiceKey,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

/// Who has held a number, in the order of time.
pub fn holdings(tx: &mut Tx<'_>, number: &str) -> Result<Vec<Holding>> {
    let rows = tx.query(&HELD, params![normalise(number)])?;
    Ok(rows.iter().map(|r| Holding { key: ServiceKey(r.int(0)), from: r.time(1), to: r.opt_time(2) }).collect())
}

/// Services for measuring: `count` of them, with the numbers 13000000000 and up, each with an account of its own. Blocks.
pub fn sample(db: &store::Db, count: i64, org: &OrgPath, from: Timestamp) -> Result<()> {
    const AT_ONCE: i64 = 10_000;
    for first in (0..count).step_by(AT_ONCE as usize) {
        let (org, last) = (org.clone(), count.min(first + AT_ONCE));
        db.load_blocking(kernel::Actor::system(), move |tx| {
            let key = tx.take_from_series("usage-service", last - first)?;
            let (mut services, mut numbers) = (Vec::new(), Vec::new());
            for n in first..last {
                let (key, day) = (key + n - first, 1);
                services.extend_from_slice(params![
                    key,
                    format!("sample-{n}"),
                    format!("sample-c{n}"),
                    format!("sample-a{n}"),
                    org,
                    day,
                    from
                ]);
                numbers.extend_from_slice(params![format!("+86{}", 13_000_000_000 + n), from, key]);
            }
            const SERVICE: &str =
                "usage_service (service_key, product_id, customer_id, account_id, org, cycle_day, from_at)";
            tx.insert_rows(SERVICE, 7, &services, "")?;
            tx.insert_rows("usage_number (number, from_at, service_key)", 3, &numbers, "").map(drop)
        })?;
    }
    Ok(())
}
