//! Verifications, marks and reviews over HTTP.

use super::{STANDING_READ, STANDING_WRITE, Standing, name, review, standings};
use crate::{CUSTOMER, problems, rules};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path, tmf};
use kernel::{OrgPath, Problem, Result, Timestamp};
use party::realname::{self, Ask, Role};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

const KINDS: [&str; 2] = ["blacklist", "abnormal"];
const CATEGORIES: [&str; 8] =
    ["arrears", "fraud", "falseIdentity", "spam", "resale", "complaintAbuse", "unverified", "other"];
/// Reviews opened by one request.
const MOST: usize = 1_000;

pub(crate) fn routes() -> Vec<Route> {
    let reads = || Access::Needs(STANDING_READ);
    let writes = || Access::Needs(STANDING_WRITE);
    let example = json!({"method": "manual", "role": "holder", "certificateType": "idCard", "certificate": "11010519491231002X", "name": "张伟", "customerId": "…"});
    vec![
        Route::post("/api/v1/verifications", Access::Needs(realname::VERIFY), verify)
            .doc("Verify a person by the certificate shown")
            .body(example),
        Route::get("/api/v1/verifications", Access::Needs(realname::READ), verifications)
            .doc("The last verifications")
            .parameter("customerId", "only those of this customer"),
        Route::get("/api/v1/verifications/{id}", Access::Needs(realname::READ), verification).doc("One verification"),
        Route::get("/api/v1/standings", reads(), list)
            .doc("Blacklist and abnormal customers")
            .parameter("state", "active (default) or lifted")
            .parameter("kind", "blacklist | abnormal"),
        Route::get("/api/v1/customers/{id}/standings", reads(), of_customer).doc("What stands against a customer"),
        Route::post("/api/v1/customers/{id}/standings", writes(), enter)
            .doc("Blacklist a customer, or mark it as abnormal")
            .body(json!({"kind": "blacklist", "category": "fraud", "reason": "涉诈", "source": "公安机关通报", "until": null, "certificate": true})),
        Route::post("/api/v1/standings/{id}/lift", writes(), lift)
            .doc("Lift a mark")
            .body(json!({"reason": "已核实"})),
        Route::get("/api/v1/name-reviews", reads(), reviews)
            .doc("Customers whose name must be verified again, the most urgent first")
            .parameter("state", "open (default), verified or withdrawn"),
        Route::post("/api/v1/name-reviews", writes(), open_reviews)
            .doc("Have names verified again")
            .body(json!({"customerIds": ["…"], "reason": "一证多卡且异地高频主叫", "level": 1})),
        Route::post("/api/v1/name-reviews/{id}/verify", Access::Needs(realname::VERIFY), verify_review)
            .doc("Close a review with a verification")
            .body(json!({"verificationId": "…"})),
        Route::post("/api/v1/name-reviews/{id}/withdraw", writes(), withdraw_review)
            .doc("Withdraw a review")
            .body(json!({"reason": "误判"})),
    ]
}

async fn verify(ctx: Ctx, body: Body<Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = judge(tx, &ask)?;
        Ok(Reply::created(&format!("/api/v1/verifications/{}", made.id), &made.to_json()))
    });
    Ok(reply.await?)
}

/// Verifies, and compares with the customer's record where one is named.
fn judge(tx: &mut Tx<'_>, ask: &Ask) -> Result<realname::Verification> {
    let customer = match ask.customer_id.as_deref().filter(|c| !c.is_empty()) {
        Some(id) => Some(tmf::get(tx, &CUSTOMER, id)?.ok_or_else(|| Problem::unknown_reference("customerId", id))?),
        None => None,
    };
    let (verification, certificate, mut found) = realname::verify(tx, ask)?;
    if let (Some(customer), Role::Holder, Some(shown)) = (&customer, ask.role, &certificate) {
        let party = rules::engaged_party(tx, &customer.body)?;
        let recorded = match party {
            Some(party) => realname::certificate_of(tx, &party.id).ok(),
            None => None,
        };
        if recorded.is_some_and(|r| r.number() != shown.number()) {
            found.push(Problem::new(&party::problems::OTHER_CERTIFICATE));
        } else if !name::same_name(&verification.name, customer.text("name")) {
            found.push(Problem::new(&party::problems::NAME_DIFFERS));
        }
    }
    realname::save(tx, ask, verification, certificate.as_ref(), &found)
}

async fn verifications(ctx: Ctx) -> Answer {
    let customer = ctx.parameter("customerId");
    let limit = ctx.paging(50, 200)?.limit;
    let all = ctx.read(move |tx| realname::recent(tx, customer.as_deref(), limit)).await?;
    Ok(Reply::ok(&all.iter().map(realname::Verification::to_json).collect::<Vec<_>>()))
}

async fn verification(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.peek(move |tx| realname::load(tx, &id)?.ok_or_else(Problem::not_found)).await?;
    Ok(Reply::ok(&found.to_json()))
}

sql! {
    LIST = "SELECT s.id, s.customer_id, s.kind, s.category, s.reason, s.source, s.from_at, s.until_at, s.state, s.made_by, s.lifted_at, \
            s.lifted_by, s.lift_reason, c.name, c.customer_no FROM customer_standing s JOIN customer c ON c.id = s.customer_id \
            WHERE s.state = $1 AND ($2 = '' OR s.kind = $2) AND (s.org = $3 OR (s.org >= $4 AND s.org < $5)) \
            ORDER BY s.id DESC LIMIT $6 OFFSET $7";
    INSERT = "INSERT INTO customer_standing (id, org, customer_id, certificate_key, kind, category, reason, source, from_at, until_at, state, made_by) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', $11)";
    LOCK = "SELECT org, customer_id, state FROM customer_standing WHERE id = $1 {for_update}";
    LIFT = "UPDATE customer_standing SET state = 'lifted', lifted_at = $2, lifted_by = $3, lift_reason = $4 WHERE id = $1 AND state = 'active'";
}

async fn list(ctx: Ctx) -> Answer {
    let state = ctx.parameter("state").unwrap_or_else(|| "active".into());
    let kind = ctx.parameter("kind").unwrap_or_default();
    let page = ctx.paging(100, 500)?;
    let rows = ctx.read(move |tx| {
        let scope = tx.actor().scope.clone();
        let (low, high) = scope.below();
        let rows = tx.query(&LIST, params![state, kind, scope, low, high, page.limit, page.offset])?;
        let one = |r: &store::Row| {
            json!({
                "id": r.str(0), "customerId": r.str(1), "kind": r.str(2), "category": r.str(3), "reason": r.str(4),
                "source": r.str(5), "from": r.time(6), "until": r.opt_time(7), "state": r.str(8), "madeBy": r.str(9),
                "liftedAt": r.opt_time(10), "liftedBy": r.opt_text(11), "liftReason": r.opt_text(12),
                "customerName": r.str(13), "customerNo": r.str(14),
            })
        };
        Ok(rows.iter().map(one).collect::<Vec<_>>())
    });
    Ok(Reply::ok(&rows.await?))
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        tmf::load(tx, &CUSTOMER, &id)?;
        Ok(json!({
            "standings": standings(tx, &id)?.iter().map(Standing::to_json).collect::<Vec<_>>(),
            "refused": super::blacklisted(tx, &id)?, "review": review::due_for(tx, &id)?.map(review::Measure::name),
        }))
    });
    Ok(Reply::ok(&found.await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enter {
    kind: String,
    category: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    source: String,
    until: Option<String>,
    /// Whether it holds for every record with the customer's certificate.
    #[serde(default)]
    certificate: bool,
}

fn text(name: &str, value: &str) -> Result<()> {
    if value.trim().is_empty() {
        return Err(Problem::missing(name));
    }
    if value.chars().count() > 500 {
        return Err(Problem::new(&problems::TOO_LONG).field(name).with("limit", "500"));
    }
    Ok(())
}

async fn enter(ctx: Ctx, Path(id): Path<String>, body: Body<Enter>) -> Answer {
    let ask = body.value;
    if !KINDS.contains(&ask.kind.as_str()) {
        return Err(Problem::invalid("kind", &KINDS.join(" | ")).into());
    }
    if !CATEGORIES.contains(&ask.category.as_str()) {
        return Err(Problem::invalid("category", &CATEGORIES.join(" | ")).into());
    }
    text("reason", &ask.reason)?;
    let until = ask.until.as_deref().filter(|u| !u.is_empty()).map(Timestamp::parse).transpose()?;
    if until.is_some_and(|u| u <= ctx.now()) {
        return Err(Problem::invalid("until", "> now").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let customer = tmf::lock(tx, &CUSTOMER, &id)?;
        let key = if ask.certificate { super::certificate_keys(tx, &id)?.into_iter().next() } else { None };
        let standing = tx.new_id::<Standing>().into_string();
        let (now, by) = (tx.now(), tx.actor().name.to_string());
        let Enter { kind, category, reason, source, .. } = &ask;
        let values = params![standing, customer.org, id, key, kind, category, reason, source, now, until, by].to_vec();
        tx.execute(&INSERT, &values)?;
        let detail = json!({"kind": kind, "category": category, "state": "active"});
        tell(tx, "CustomerStandingCreateEvent", &standing, &id, &customer.org, &detail)?;
        let location = format!("/api/v1/customers/{id}/standings");
        Ok(Reply::created(&location, &json!({"id": standing, "kind": kind, "from": now, "state": "active"})))
    });
    Ok(reply.await?)
}

fn tell(tx: &mut Tx<'_>, what: &str, id: &str, customer: &str, org: &OrgPath, detail: &Value) -> Result<()> {
    let payload = json!({"customerStanding": {"id": id, "customerId": customer, "detail": detail}});
    let event = Event::new(what, "customerStanding", id, 1, org).topic(format!("customer:{customer}"));
    tx.emit(event.payload(payload).audit(detail.clone()))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn lift(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    text("reason", &reason)?;
    let reply = ctx.write(move |tx| {
        let row = tx.query_one(&LOCK, params![id])?;
        tx.must_see(row.str(0))?;
        let org = OrgPath::parse(row.str(0))?;
        let by = tx.actor().name.to_string();
        if tx.execute(&LIFT, params![id, tx.now(), by, reason])? == 0 {
            return Err(Problem::new(&problems::STANDING_LIFTED));
        }
        tell(
            tx,
            "CustomerStandingStateChangeEvent",
            &id,
            row.str(1),
            &org,
            &json!({"state": "lifted", "reason": reason}),
        )?;
        Ok(Reply::ok(&json!({"id": id, "state": "lifted"})))
    });
    Ok(reply.await?)
}

async fn reviews(ctx: Ctx) -> Answer {
    let state = ctx.parameter("state").unwrap_or_else(|| "open".into());
    let page = ctx.paging(100, 500)?;
    Ok(Reply::ok(&ctx.read(move |tx| review::list(tx, &state, page.limit, page.offset)).await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpenReviews {
    customer_ids: Vec<String>,
    #[serde(default)]
    reason: String,
    level: Option<i64>,
}

/// Each for itself: one customer that is under review already does not stop the others.
async fn open_reviews(ctx: Ctx, body: Body<OpenReviews>) -> Answer {
    let OpenReviews { customer_ids, reason, level } = body.value;
    text("reason", &reason)?;
    let level = level.unwrap_or(1);
    if !(1..=3).contains(&level) {
        return Err(Problem::invalid("level", "1–3").into());
    }
    if customer_ids.is_empty() || customer_ids.len() > MOST {
        return Err(Problem::invalid("customerIds", &format!("1–{MOST}")).into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let (mut opened, mut refused) = (Vec::new(), Vec::new());
        for customer in &customer_ids {
            match review::open(tx, customer, &reason, level) {
                Ok(id) => opened.push(json!({"id": id, "customerId": customer})),
                Err(problem) if problem.code.status < 500 => {
                    refused.push(json!({"customerId": customer, "problem": review::told(&problem)}));
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok(Reply::json(201, &json!({"opened": opened, "refused": refused})))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifyReview {
    #[serde(default)]
    verification_id: String,
}

async fn verify_review(ctx: Ctx, Path(id): Path<String>, body: Body<VerifyReview>) -> Answer {
    let verification = body.value.verification_id;
    if verification.is_empty() {
        return Err(Problem::missing("verificationId").into());
    }
    let reply = ctx.write(move |tx| {
        let customer = review::close(tx, &id, Some(&verification), "")?;
        Ok(Reply::ok(&json!({"id": id, "state": "verified", "customerId": customer})))
    });
    Ok(reply.await?)
}

async fn withdraw_review(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    text("reason", &reason)?;
    let reply = ctx.write(move |tx| {
        let customer = review::close(tx, &id, None, &reason)?;
        Ok(Reply::ok(&json!({"id": id, "state": "withdrawn", "customerId": customer})))
    });
    Ok(reply.await?)
}
