//! Adjustments (调账): charges given or taken by decision, before a bill or after it.
//!
//! ```text
//! requested ─→ applied      at once: on a bill, as a bill of its own, or to the balance
//!     │  └───→ waiting ─→ applied     with the account's next bill
//!     ├──→ rejected    └─→ withdrawn
//!     └──→ withdrawn
//! ```
//! Within the own limit of the day for an account it needs nobody; above it another person decides whose limit covers it.
//! Nothing is taken back: a reversal is an adjustment of the opposite amount, at most one of each.

mod apply;
mod routes;
mod state;

pub use apply::{billed, waiting};
pub use routes::routes;
pub use state::{State, Verb};

use crate::{account, bill, perms, problems, subscription};
use kernel::{Money, OrgPath, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Adjustment {
    pub id: String,
    #[serde(skip)]
    pub version: i64,
    #[serde(skip)]
    pub org: OrgPath,
    pub account_id: String,
    pub customer_id: String,
    pub bill_id: Option<String>,
    pub product_id: String,
    pub product_name: String,
    #[serde(skip)]
    pub number: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub reason: String,
    pub note: String,
    pub timing: String,
    pub state: State,
    #[serde(skip)]
    pub requested_by: String,
    #[serde(rename = "requestedBy")]
    pub requested_name: String,
    pub requested_at: Timestamp,
    #[serde(rename = "decidedBy")]
    pub decided_name: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub decision: String,
    pub reverses: Option<String>,
    pub reversed_by: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    #[serde(default)]
    pub account_id: Option<String>,
    #[serde(default)]
    pub bill_id: Option<String>,
    #[serde(default)]
    pub product_id: Option<String>,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub reason: String,
    #[serde(default)]
    pub note: String,
    /// `now` or `nextBill`
    #[serde(default)]
    pub timing: Option<String>,
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.version, a.org, a.account_id, a.customer_id, a.bill_id, a.product_id, a.product_name, a.number, \
         a.amount_fen, a.reason, a.note, a.timing, a.state, a.requested_by, a.requested_name, a.requested_at, \
         a.decided_name, a.decided_at, a.decision, a.reverses, \
         (SELECT MIN(r.id) FROM adjustment r WHERE r.reverses = a.id AND r.state NOT IN ('rejected', 'withdrawn')) FROM adjustment a"
    };
}
const COLUMNS: &str = columns!();

sql! {
    ONE = concat!(columns!(), " WHERE a.id = $1");
    LOCK = concat!(columns!(), " WHERE a.id = $1 {for_update}");
    INSERT = "INSERT INTO adjustment (id, version, org, account_id, customer_id, bill_id, product_id, product_name, number, amount_fen, \
              reason, note, timing, state, requested_by, requested_name, requested_at, decision, reverses) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'requested', $13, $14, $15, '', $16)";
    SAVE = "UPDATE adjustment SET version = version + 1, state = $3, bill_id = $4, decided_by = $5, decided_name = $6, \
            decided_at = $7, decision = $8 WHERE id = $1 AND version = $2";
    REASON = "SELECT direction FROM adjustment_reason WHERE code = $1";
    LIMIT = "SELECT amount_fen FROM adjustment_limit WHERE role = $1";
    TODAY = "SELECT CAST(COALESCE(SUM(ABS(amount_fen)), 0) AS BIGINT) FROM adjustment WHERE requested_by = $1 AND account_id = $2 \
             AND requested_at >= $3 AND decided_by IS NULL AND state IN ('applied', 'waiting')";
}

fn read(row: &Row) -> Result<Adjustment> {
    Ok(Adjustment {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        account_id: row.text(3),
        customer_id: row.text(4),
        bill_id: row.opt_text(5),
        product_id: row.text(6),
        product_name: row.text(7),
        number: row.text(8),
        amount: row.money(9),
        reason: row.text(10),
        note: row.text(11),
        timing: row.text(12),
        state: State::named(row.str(13))?,
        requested_by: row.text(14),
        requested_name: row.text(15),
        requested_at: row.time(16),
        decided_name: row.opt_text(17),
        decided_at: row.opt_time(18),
        decision: row.text(19),
        reverses: row.opt_text(20),
        reversed_by: row.opt_text(21),
    })
}

/// 404 outside the actor's scope.
pub fn adjustment(tx: &mut Tx<'_>, id: &str) -> Result<Adjustment> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Adjustment> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// How much the actor may decide alone: the largest limit of the roles held.
pub fn limit(tx: &mut Tx<'_>) -> Result<Money> {
    let roles: Vec<String> = tx.actor().roles.iter().map(ToString::to_string).collect();
    let mut most = Money::ZERO;
    for role in roles {
        if let Some(row) = tx.query_opt(&LIMIT, params![role])? {
            most = most.max(row.money(0));
        }
    }
    Ok(most)
}

const fn size(amount: Money) -> Money {
    if amount.in_fen() < 0 { amount.negated() } else { amount }
}

/// Asks for an adjustment; carried out at once where the actor may decide it alone.
pub fn request(tx: &mut Tx<'_>, ask: &Ask) -> Result<Adjustment> {
    let invalid = |value: &str| Problem::new(&problems::ADJUSTMENT_AMOUNT).field("amountFen").with("value", value);
    // The bound of believable amounts, which also keeps every sum of a few of them from wrapping.
    if ask.amount.is_zero() || ask.amount.times(1).is_err() {
        return Err(invalid(&ask.amount.to_string()));
    }
    let direction = tx.query_opt(&REASON, params![ask.reason])?.map(|r| r.text(0));
    let fits = |d: &str| d == "both" || (d == "credit") == (ask.amount < Money::ZERO);
    if !direction.is_some_and(|d| fits(&d)) {
        return Err(Problem::invalid("reason", &ask.reason));
    }
    let note = ask.note.trim();
    if note.is_empty() || note.chars().count() > 500 {
        return Err(Problem::missing("note"));
    }
    let timing = ask.timing.as_deref().unwrap_or("now");
    if !matches!(timing, "now" | "nextBill") {
        return Err(Problem::invalid("timing", timing));
    }
    let credited = match &ask.bill_id {
        Some(id) if ask.amount < Money::ZERO && timing == "now" => Some(bill::bill(tx, id)?),
        Some(_) => return Err(Problem::new(&problems::ADJUSTMENT_BILL).field("billId")),
        None => None,
    };
    if let Some(bill) = &credited
        && size(ask.amount) > bill.amount
    {
        return Err(invalid(&ask.amount.to_string()));
    }
    let account_id = match (&credited, &ask.account_id) {
        (Some(bill), _) => bill.account_id.clone(),
        (None, Some(id)) => id.clone(),
        (None, None) => return Err(Problem::missing("accountId")),
    };
    let account = account::must_be_open(tx, &account_id)?;
    let found = match ask.product_id.as_deref().filter(|p| !p.is_empty()) {
        Some(product) => Some(
            subscription::look(tx, product)?
                .filter(|s| s.account_id == account.id || credited.is_some())
                .ok_or_else(|| Problem::unknown_reference("productId", product))?,
        ),
        None => None,
    };
    let (product, name, number) = found.map_or_else(Default::default, |s| (s.product_id, s.name, s.number));
    insert(
        tx,
        &account,
        credited.map(|b| b.id),
        (&product, &name, &number),
        ask.amount,
        (&ask.reason, note, timing),
        None,
    )
}

fn insert(
    tx: &mut Tx<'_>,
    account: &account::Account,
    bill_id: Option<String>,
    (product, name, number): (&str, &str, &str),
    amount: Money,
    (reason, note, timing): (&str, &str, &str),
    reverses: Option<&str>,
) -> Result<Adjustment> {
    account::lock(tx, &account.id)?;
    let id = tx.new_id::<Adjustment>().into_string();
    let (by, by_name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    tx.execute(
        &INSERT,
        params![
            id,
            account.org,
            account.id,
            account.customer_id,
            bill_id,
            product,
            name,
            number,
            amount,
            reason,
            note,
            timing,
            by,
            by_name,
            tx.now(),
            reverses
        ],
    )?;
    let mut made = lock(tx, &id)?;
    let today = tx.now().date().start();
    let spent = tx.query_one(&TODAY, params![by, account.id, today])?.money(0);
    if spent.plus(size(amount))? <= limit(tx)? {
        allow(tx, &mut made, None, "")?;
    } else {
        tell(tx, &made, "Create")?;
    }
    adjustment(tx, &id)
}

/// Lets it happen: now, or with the next bill.
fn allow(tx: &mut Tx<'_>, made: &mut Adjustment, decided: Option<(&str, &str)>, decision: &str) -> Result<()> {
    if made.timing == "nextBill" {
        made.state = made.state.after(Verb::Await)?;
    } else {
        made.state = made.state.after(Verb::Apply)?;
        made.bill_id = apply::apply(tx, made)?;
    }
    save(tx, made, decided, decision)
}

fn save(tx: &mut Tx<'_>, made: &mut Adjustment, decided: Option<(&str, &str)>, decision: &str) -> Result<()> {
    let at = tx.now();
    let (by, name) = (decided.map(|d| d.0), decided.map(|d| d.1));
    let binds = params![made.id, made.version, made.state.name(), made.bill_id, by, name, at, decision];
    tx.execute_versioned(&SAVE, binds)?;
    made.version += 1;
    tell(tx, made, "StateChange")
}

fn tell(tx: &mut Tx<'_>, made: &Adjustment, what: &str) -> Result<()> {
    let event = Event::new(format!("Adjustment{what}Event"), "adjustment", &made.id, made.version, &made.org)
        .topic(format!("customer:{}", made.customer_id))
        .payload(json!({ "adjustment": made }))
        .audit(json!({"state": made.state.name(), "amountFen": made.amount, "reason": made.reason}));
    tx.emit(event)
}

/// Another person decides.
pub fn decide(tx: &mut Tx<'_>, id: &str, approve: bool, note: &str) -> Result<Adjustment> {
    tx.allow(perms::ADJUST_APPROVE)?;
    let found = adjustment(tx, id)?;
    account::lock(tx, &found.account_id)?;
    let mut made = lock(tx, id)?;
    let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    if made.requested_by == by {
        return Err(Problem::new(&problems::ADJUSTMENT_OWN));
    }
    if approve {
        made.state.after(Verb::Apply)?;
        let most = limit(tx)?;
        if size(made.amount) > most {
            return Err(Problem::new(&problems::ADJUSTMENT_LIMIT).with("value", &most.to_string()));
        }
        allow(tx, &mut made, Some((&by, &name)), note)?;
    } else {
        if note.trim().is_empty() {
            return Err(Problem::missing("note"));
        }
        made.state = made.state.after(Verb::Reject)?;
        save(tx, &mut made, Some((&by, &name)), note.trim())?;
    }
    adjustment(tx, id)
}

/// Whoever asked changes their mind before anything was booked; a person who may decide can do it for them.
pub fn withdraw(tx: &mut Tx<'_>, id: &str, note: &str) -> Result<Adjustment> {
    let found = adjustment(tx, id)?;
    account::lock(tx, &found.account_id)?;
    let mut made = lock(tx, id)?;
    if *made.requested_by != *tx.actor().id {
        tx.allow(perms::ADJUST_APPROVE)?;
    }
    made.state = made.state.after(Verb::Withdraw)?;
    let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    save(tx, &mut made, Some((&by, &name)), note.trim())?;
    adjustment(tx, id)
}

/// Turns an applied adjustment around by a new one.
pub fn reverse(tx: &mut Tx<'_>, id: &str, note: &str) -> Result<Adjustment> {
    if note.trim().is_empty() {
        return Err(Problem::missing("note"));
    }
    let found = adjustment(tx, id)?;
    account::lock(tx, &found.account_id)?;
    let was = lock(tx, id)?;
    if was.state != State::Applied {
        return Err(Problem::new(&problems::ADJUSTMENT_STATE).with("state", was.state.name()));
    }
    if was.reverses.is_some() || was.reversed_by.is_some() {
        return Err(Problem::new(&problems::ADJUSTMENT_REVERSED));
    }
    let account = account::must_be_open(tx, &was.account_id)?;
    let product = (was.product_id.as_str(), was.product_name.as_str(), was.number.as_str());
    // A charge is credited on the bill it stands on; what was given is charged as a bill of its own.
    let bill_id = was.bill_id.clone().filter(|_| was.amount > Money::ZERO);
    let terms = (was.reason.as_str(), note.trim(), "now");
    insert(tx, &account, bill_id, product, was.amount.negated(), terms, Some(id))
}
