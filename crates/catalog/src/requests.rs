//! Requests for more discount than one may grant: asked by whoever sells, decided by somebody who may, good for one order.
//!
//! ```text
//! pending → approved → used        pending → refused
//! ```
//! An approved one that is not used in time has lapsed; who asks decides nothing.

use crate::{
    Discount, Offering, authority,
    authority::RoleLimit,
    desk::view,
    offering::held,
    problems,
    resources::{APPROVE, READ},
};
use axum::extract::Path;
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{Perm, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

pub const REQUEST: Perm = Perm { name: "discount.request", zh: "申请优惠", en: "Ask for discounts" };
pub const DECIDE: Perm =
    Perm { name: "discount.approve", zh: "审批优惠申请", en: "Decide about discounts asked for" };

/// An approval is good for so long.
const GOOD_FOR_DAYS: i64 = 7;

const COLUMNS: &str = "id, version, org, created_at, offering_id, offering_name, customer_id, percent, fen_month, months, reason, state, \
                       asked_by, asked_by_name, decided_by_name, decided_at, note, expires_at, used_by";

sql! {
    INSERT = "INSERT INTO discount_request (id, version, org, created_at, offering_id, offering_name, customer_id, percent, fen_month, \
              months, reason, state, asked_by, asked_by_name, note, expires_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, '', $13)";
    ONE = "SELECT id, version, org, created_at, offering_id, offering_name, customer_id, percent, fen_month, months, reason, state, \
           asked_by, asked_by_name, decided_by_name, decided_at, note, expires_at, used_by FROM discount_request WHERE id = $1";
    DECIDED = "UPDATE discount_request SET version = version + 1, state = $2, decided_by = $3, decided_by_name = $4, decided_at = $5, \
               note = $6, expires_at = $7 WHERE id = $1 AND state = 'pending'";
    USED = "UPDATE discount_request SET version = version + 1, state = 'used', used_by = $2 \
            WHERE id = $1 AND state = 'approved' AND expires_at > $3";
    GIVEN_BACK = "UPDATE discount_request SET version = version + 1, state = 'approved', used_by = NULL WHERE used_by = $1 AND state = 'used'";
}

struct Request {
    id: String,
    org: String,
    offering_id: String,
    customer_id: String,
    percent: i64,
    fen_month: i64,
    months: i64,
    state: String,
    asked_by: String,
    expires_at: Timestamp,
    used_by: Option<String>,
    shown: Value,
}

fn read(row: &Row) -> Request {
    Request {
        id: row.text(0),
        org: row.text(2),
        offering_id: row.text(4),
        customer_id: row.text(6),
        percent: row.int(7),
        fen_month: row.int(8),
        months: row.int(9),
        state: row.text(11),
        asked_by: row.text(12),
        expires_at: row.time(17),
        used_by: row.opt_text(18),
        shown: json!({
            "id": row.str(0), "version": row.int(1), "org": row.str(2), "createdAt": row.time(3), "offeringId": row.str(4),
            "offeringName": row.str(5), "customerId": row.str(6), "percent": row.int(7), "fenMonth": row.int(8),
            "months": row.int(9), "reason": row.str(10), "state": row.str(11), "askedBy": row.str(12), "askedByName": row.str(13),
            "decidedByName": row.opt_text(14), "decidedAt": row.opt_time(15), "note": row.str(16), "expiresAt": row.time(17),
            "usedBy": row.opt_text(18),
        }),
    }
}

fn load(tx: &mut Tx<'_>, id: &str) -> Result<Request> {
    let request = read(&tx.query_opt(&ONE, params![id])?.ok_or_else(Problem::not_found)?);
    if tx.actor().sees(&request.org) { Ok(request) } else { Err(Problem::not_found()) }
}

/// A discount that somebody wants to grant by hand on one line of a cart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted {
    pub offering_id: String,
    pub customer_id: String,
    /// Per cent off the recurring charge; 0 where `fen_month` says how much.
    pub percent: i64,
    pub fen_month: i64,
    /// For how many months; 0: as long as the product is held.
    pub months: i64,
    /// The request by which somebody else allowed it.
    pub request_id: Option<String>,
}

/// May the actor grant this? Within the actor's own limits and those of the offering, or by an approved request.
///
/// Fails with `discount.*`: over the authority (names who may), not foreseen for this offering, request not usable.
pub fn check_granted(tx: &mut Tx<'_>, granted: &Granted) -> Result<()> {
    let out_of_range =
        !(0..=100).contains(&granted.percent) || granted.fen_month < 0 || !(0..=120).contains(&granted.months);
    if out_of_range || (granted.percent == 0 && granted.fen_month == 0) {
        return Err(Problem::invalid("discount", &format!("{} %, {}", granted.percent, granted.fen_month)));
    }
    if let Some(id) = &granted.request_id {
        return covered(tx, id, granted).map(drop);
    }
    let offering = held(tx, &granted.offering_id)?;
    within_offering(&offering, granted)?;
    authority::within(tx, granted.percent, granted.fen_month)
}

/// Where the offering foresees discounts by hand, its own ceiling holds for everybody who needs no request.
fn within_offering(offering: &Offering, granted: &Granted) -> Result<()> {
    let limits: Vec<_> = offering.discounts.iter().filter_map(|d: &Discount| d.by_hand).collect();
    if limits.is_empty() || limits.iter().any(|l| granted.percent <= l.max_percent && granted.fen_month <= l.max_fen) {
        return Ok(());
    }
    let most = limits.iter().map(|l| format!("{} %", l.max_percent)).collect::<Vec<_>>().join(", ");
    Err(Problem::new(&problems::DISCOUNT_CEILING).with("name", &offering.name).with("most", &most))
}

fn covered(tx: &mut Tx<'_>, id: &str, granted: &Granted) -> Result<Request> {
    let request = load(tx, id)?;
    let unusable = |why: &str| Err(Problem::new(&problems::REQUEST_UNUSABLE).with("why", why));
    if request.state != "approved" || request.expires_at <= tx.now() {
        return unusable(if request.state == "approved" { "lapsed" } else { &request.state });
    }
    let same = request.offering_id == granted.offering_id && request.customer_id == granted.customer_id;
    let months = request.months == 0 || (granted.months > 0 && granted.months <= request.months);
    if !same || granted.percent > request.percent || granted.fen_month > request.fen_month || !months {
        return unusable("≠");
    }
    Ok(request)
}

/// The order takes the approval: it is good for one. Taken twice by the same order it stays taken.
pub fn use_granted(tx: &mut Tx<'_>, granted: &Granted, order_id: &str) -> Result<()> {
    let Some(id) = &granted.request_id else { return check_granted(tx, granted) };
    if load(tx, id)?.used_by.as_deref() == Some(order_id) {
        return Ok(());
    }
    covered(tx, id, granted)?;
    let now = tx.now();
    match tx.execute(&USED, params![id, order_id, now])? {
        1 => Ok(()),
        _ => Err(Problem::new(&problems::REQUEST_UNUSABLE).with("why", "used")),
    }
}

/// What a cancelled order had taken may be used again.
pub fn give_back(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    tx.execute(&GIVEN_BACK, params![order_id]).map(drop)
}

pub(crate) fn routes() -> Vec<Route> {
    let (reads, asks, decides) = (Access::Needs(READ), Access::Needs(REQUEST), Access::Needs(DECIDE));
    vec![
        Route::get("/api/v1/catalog/discount-authority", reads, limits).doc("How much each role may take off, and I"),
        Route::put("/api/v1/catalog/discount-authority/{role}", Access::Needs(APPROVE), set_limit)
            .doc("Set the limits of a role"),
        Route::get("/api/v1/discounts/requests", reads, list)
            .doc("Discounts asked for, the newest first")
            .parameter("state", "pending, approved, refused or used")
            .parameter("customerId", "of one customer"),
        Route::post("/api/v1/discounts/requests", asks, ask).doc("Ask for a discount above one's own limit"),
        Route::get("/api/v1/discounts/requests/{id}", reads, one).doc("One request"),
        Route::post("/api/v1/discounts/requests/{id}/approve", decides, approve).doc("Grant it"),
        Route::post("/api/v1/discounts/requests/{id}/refuse", decides, refuse).doc("Refuse it with a reason"),
        Route::get("/api/v1/catalog/offerings/{id}/discounts", reads, of_offering)
            .doc("The discounts of an offering that can be had now"),
    ]
}

async fn limits(ctx: Ctx) -> Answer {
    let body = ctx
        .read(|tx| {
            let actor = tx.actor().clone();
            let own = authority::authority(tx, &actor)?;
            let one = |l: &RoleLimit| {
                let role = access::roles().iter().find(|r| r.name == l.role);
                let title = role.map_or_else(|| json!({"zh-CN": l.role, "en": l.role}), |r| json!(r.title));
                json!({"role": l.role, "title": title, "maxPercent": l.max_percent, "maxFenMonth": l.max_fen_month, "source": l.source})
            };
            let roles: Vec<Value> = authority::limits(tx)?.iter().map(one).collect();
            let most = own.max_fen_month.min(1_000_000_000);
            Ok(json!({"mine": {"maxPercent": own.max_percent, "maxFenMonth": most}, "roles": roles}))
        })
        .await?;
    Ok(Reply::ok(&body))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Limit {
    max_percent: i64,
    max_fen_month: i64,
    source: String,
}

async fn set_limit(ctx: Ctx, Path(role): Path<String>, body: Body<Limit>) -> Answer {
    let limit = body.value;
    if !(0..=100).contains(&limit.max_percent) || !(0..=100_000_000).contains(&limit.max_fen_month) {
        return Err(Problem::invalid("maxPercent", "0–100").into());
    }
    if limit.source.trim().is_empty() || limit.source.chars().count() > 300 {
        return Err(Problem::missing("source").into());
    }
    if !access::roles().iter().any(|r| r.name == role) {
        return Err(Problem::not_found().into());
    }
    ctx.write(move |tx| {
        // The limits hold for the whole group: whoever sees only a part of it sets none.
        tx.must_see(kernel::OrgPath::root().as_str())?;
        // Nobody raises a limit above the own.
        authority::within(tx, limit.max_percent, limit.max_fen_month)?;
        if tx.actor().has_role(&role) {
            return Err(Problem::new(&problems::SAME_PERSON));
        }
        let set = RoleLimit {
            role: role.clone(),
            max_percent: limit.max_percent,
            max_fen_month: limit.max_fen_month,
            source: limit.source.trim().to_owned(),
        };
        authority::set(tx, &set)?;
        let org = tx.actor().org.clone();
        let audit = json!({"role": set.role, "maxPercent": set.max_percent, "maxFenMonth": set.max_fen_month, "source": set.source});
        tx.emit(Event::new("DiscountAuthorityChangeEvent", "discountAuthority", &role, 1, &org).audit(audit))
    })
    .await?;
    Ok(Reply::no_content())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    offering_id: String,
    customer_id: String,
    #[serde(default)]
    percent: i64,
    #[serde(default)]
    fen_month: i64,
    #[serde(default)]
    months: i64,
    reason: String,
}

async fn ask(ctx: Ctx, body: Body<Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let figures = (1..=100).contains(&ask.percent) != (1..=10_000_000).contains(&ask.fen_month);
        if !figures || ask.percent < 0 || ask.fen_month < 0 || !(0..=120).contains(&ask.months) {
            return Err(Problem::invalid("percent", "percent 1–100 | fenMonth"));
        }
        let length = ask.reason.trim().chars().count();
        if length == 0 || length > 500 || ask.customer_id.trim().is_empty() || ask.customer_id.len() > 64 {
            return Err(Problem::missing(if length == 0 { "reason" } else { "customerId" }));
        }
        let offering = held(tx, &ask.offering_id)?;
        let (id, actor, now) = (tx.new_id::<Request>().into_string(), tx.actor().clone(), tx.now());
        let expires = now.plus_seconds(GOOD_FOR_DAYS * 86_400);
        tx.execute(
            &INSERT,
            params![
                id,
                actor.org,
                now,
                ask.offering_id,
                offering.name,
                ask.customer_id,
                ask.percent,
                ask.fen_month,
                ask.months,
                ask.reason.trim(),
                &*actor.id,
                &*actor.name,
                expires
            ],
        )?;
        let request = load(tx, &id)?;
        tell(tx, &request)?;
        Ok(Reply::json(201, &request.shown))
    });
    Ok(reply.await?)
}

fn tell(tx: &mut Tx<'_>, request: &Request) -> Result<()> {
    let org = kernel::OrgPath::parse(&request.org)?;
    let version = request.shown["version"].as_i64().unwrap_or(1);
    let event = Event::new("DiscountRequestChangeEvent", "discountRequest", &request.id, version, &org);
    tx.emit(event.topic("discountRequests").payload(json!({"discountRequest": request.shown})))
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(20, 200)?;
    let mut filter = Filter::default();
    filter.scope("org", &ctx.actor);
    for (name, column) in [("state", "state"), ("customerId", "customer_id")] {
        if let Some(value) = ctx.parameter(name) {
            filter.equal(column, value);
        }
    }
    let (rows, total) = ctx
        .read(move |tx| {
            let condition = filter.to_where();
            let total = tx.query_one(&format!("SELECT COUNT(*) FROM discount_request{condition}"), &filter.binds)?.int(0);
            let mut page = filter.clone();
            let (limit, offset) = (page.bind(paging.limit), page.bind(paging.offset));
            let text = format!("SELECT {COLUMNS} FROM discount_request{condition} ORDER BY created_at DESC, id LIMIT {limit} OFFSET {offset}");
            let rows: Vec<Value> = tx.query(&text, &page.binds)?.iter().map(|r| read(r).shown).collect();
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let body = ctx.read(move |tx| load(tx, &id).map(|r| r.shown)).await?;
    Ok(Reply::ok(&body))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Note {
    note: String,
}

async fn decide(ctx: Ctx, id: String, body: Body<Note>, state: &'static str) -> Answer {
    let note = body.value.note.trim().to_owned();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let request = load(tx, &id)?;
        let actor = tx.actor().clone();
        if request.asked_by == *actor.id {
            return Err(Problem::new(&problems::SAME_PERSON));
        }
        if request.state != "pending" {
            return Err(Problem::new(&problems::REQUEST_STATE).with("state", &request.state));
        }
        match state {
            "approved" => authority::within(tx, request.percent, request.fen_month)?,
            _ if note.is_empty() => return Err(Problem::missing("note")),
            _ => {}
        }
        let now = tx.now();
        let expires = now.plus_seconds(GOOD_FOR_DAYS * 86_400);
        if tx.execute(&DECIDED, params![id, state, &*actor.id, &*actor.name, now, note, expires])? != 1 {
            return Err(Problem::new(&problems::REQUEST_STATE).with("state", "≠"));
        }
        let request = load(tx, &id)?;
        tell(tx, &request)?;
        Ok(Reply::ok(&request.shown))
    });
    Ok(reply.await?)
}

async fn approve(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    decide(ctx, id, body, "approved").await
}

async fn refuse(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    decide(ctx, id, body, "refused").await
}

async fn of_offering(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let body = ctx
        .read(move |tx| {
            let offering = held(tx, &id)?;
            let all = crate::discounts_for(tx, &offering)?;
            Ok(all.iter().map(view::discount).collect::<Vec<_>>())
        })
        .await?;
    Ok(Reply::ok(&body))
}
