//! TMF658 below its documents: a programme's rules, a member's account, balances, what it earned and burnt, and events of other
//! systems. A member has one account of the same id; each year of points is a balance of it.

use crate::{
    adjust, earn,
    ledger::{self, Line},
    lots,
    member::{self, MEMBER},
    perms, problems,
    program::{API, PROGRAM, RULE},
    settings,
};
use http::{
    Access::Needs,
    Answer, Body, Ctx, Reply, Route,
    axum::{extract::Path, http::Method},
    tmf::{self, Document},
};
use kernel::{Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

sql! {
    RULES = "SELECT id FROM loyalty_rule WHERE program_id = $1 ORDER BY id";
}

pub fn routes() -> Vec<Route> {
    let bases = std::iter::once(API.base).chain(API.aliases.iter().copied());
    let mut all: Vec<Route> = bases.flat_map(on_base).collect();
    // Rules are the programme's, which everybody reads.
    for route in all.iter_mut().filter(|r| r.info.path.contains("/loyaltyRule") && r.info.method == Method::GET) {
        route.info.resource = Some(&PROGRAM);
    }
    all
}

fn on_base(base: &str) -> Vec<Route> {
    let at = |tail: &str| format!("{base}{tail}");
    let rules = "/loyaltyProgramProductSpec/{id}/loyaltyRule";
    let balances = "/loyaltyAccount/{id}/loyaltyBalance";
    let (read, manage, adjust) = (Needs(perms::READ), Needs(perms::MANAGE), Needs(perms::ADJUST));
    let quantity = json!({"quantity": 100, "description": ""});
    vec![
        Route::get(at(rules), read, list_rules).doc("Rules of a programme"),
        Route::post(at(rules), manage, add_rule).doc("Add a rule").body(
            json!({"commonName": "", "earn": {"event": "billPaid", "points": 1, "perFen": 100, "validFrom": "2026-01-01"}}),
        ),
        Route::get(at(&format!("{rules}/{{rule}}")), read, one_rule).doc("A rule"),
        Route::patch(at(&format!("{rules}/{{rule}}")), manage, change_rule).doc("Change a rule").body(json!({})),
        Route::delete(at(&format!("{rules}/{{rule}}")), manage, drop_rule).doc("Drop a rule"),
        Route::get(at("/loyaltyProgramMember/{id}/loyaltyAccount"), read, accounts).doc("A member's account"),
        Route::get(at("/loyaltyProgramMember/{id}/loyaltyProgramProduct"), read, programs).doc("What a member takes part in"),
        Route::get(at(balances), read, list_balances).doc("An account's balances, one a year of earning"),
        Route::get(at(&format!("{balances}/{{balance}}")), read, one_balance).doc("A balance"),
        Route::get(at(&format!("{balances}/{{balance}}/loyaltyEarn")), read, earned).doc("What was earned"),
        Route::get(at(&format!("{balances}/{{balance}}/loyaltyBurn")), read, burnt).doc("What was burnt"),
        Route::get(at(&format!("{balances}/{{balance}}/loyaltyEarn/{{txn}}")), read, one_earn).doc("One earning"),
        Route::get(at(&format!("{balances}/{{balance}}/loyaltyBurn/{{txn}}")), read, one_burn).doc("One burning"),
        Route::post(at(&format!("{balances}/{{balance}}/loyaltyEarn")), adjust, add_earn)
            .doc("Give points")
            .body(quantity.clone()),
        Route::post(at(&format!("{balances}/{{balance}}/loyaltyBurn")), adjust, add_burn).doc("Take points").body(quantity),
        Route::post(at("/loyaltyEvent"), adjust, event).doc("An event that may earn points; taken once by its id").body(
            json!({"eventId": "", "eventType": "consumption", "loyaltyProgramMember": {"id": ""}, "amount": {"unit": "CNY", "value": 1}}),
        ),
    ]
}

/// A rule of this programme, as it is sent: its address lies below the programme.
fn shown(doc: &Document) -> Value {
    let program = doc.body.get("loyaltyProgramProductSpec").and_then(|p| p["id"].as_str()).unwrap_or("lp-points");
    let mut body = doc.to_value();
    body["href"] = json!(format!("{}/loyaltyRule/{}", PROGRAM.href(program), doc.id));
    body
}

fn rule(tx: &mut Tx<'_>, program: &str, id: &str) -> Result<Document> {
    tmf::load(tx, &PROGRAM, program)?;
    if !tx.query(&RULES, params![program])?.iter().any(|r| r.str(0) == id) {
        return Err(Problem::not_found());
    }
    tmf::load(tx, &RULE, id)
}

async fn list_rules(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let rules = ctx.read(move |tx| {
        tmf::load(tx, &PROGRAM, &id)?;
        let ids = tx.query(&RULES, params![id])?;
        ids.iter().map(|r| Ok(shown(&tmf::load(tx, &RULE, r.str(0))?))).collect::<Result<Vec<_>>>()
    });
    Ok(Reply::ok(&rules.await?))
}

async fn add_rule(ctx: Ctx, Path(id): Path<String>, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        tmf::load(tx, &PROGRAM, &id)?;
        let mut body = value.clone();
        body.insert("loyaltyProgramProductSpec".into(), json!({"id": id, "href": PROGRAM.href(&id)}));
        let made = shown(&tmf::insert(tx, &RULE, body)?);
        Ok(Reply::created(made["href"].as_str().unwrap_or(""), &made))
    });
    Ok(reply.await?)
}

async fn one_rule(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let found = ctx.read(move |tx| Ok(shown(&rule(tx, &id, &wanted)?)));
    Ok(Reply::ok(&found.await?))
}

async fn change_rule(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Map<String, Value>>) -> Answer {
    let patch = body.value;
    let done = ctx.write(move |tx| {
        rule(tx, &id, &wanted)?;
        let mut doc = tmf::lock(tx, &RULE, &wanted)?;
        let before = doc.body.clone();
        for (name, value) in &patch {
            if ["id", "href", "loyaltyProgramProductSpec"].contains(&name.as_str()) {
                return Err(Problem::new(&codes::FIELD_READONLY).field(name));
            }
            doc.body.insert(name.clone(), value.clone());
        }
        RULE.rules.change(tx, &before, &mut doc.body)?;
        tmf::save(tx, &RULE, &before, &mut doc)?;
        Ok(shown(&doc))
    });
    Ok(Reply::ok(&done.await?))
}

async fn drop_rule(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let done = ctx.write(move |tx| {
        rule(tx, &id, &wanted)?;
        let doc = tmf::lock(tx, &RULE, &wanted)?;
        tmf::delete(tx, &RULE, &doc)
    });
    done.await?;
    Ok(Reply::no_content())
}

fn account_href(id: &str) -> String {
    format!("{}/loyaltyAccount/{id}", API.base)
}

async fn accounts(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        let member = member::member(tx, &id)?;
        let product = json!({"id": "lp-points", "href": PROGRAM.href("lp-points")});
        Ok(json!([{"id": member.id, "href": account_href(&member.id), "@type": "LoyaltyAccount", "loyaltyProgramProduct": product}]))
    });
    Ok(Reply::ok(&found.await?))
}

async fn programs(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        let member = member::member(tx, &id)?;
        let program = tmf::load(tx, &PROGRAM, "lp-points")?;
        Ok(json!([{
            "id": format!("{}-lp-points", member.id), "name": program.text("name"), "description": program.text("description"),
            "productStatus": member.state, "productSpecId": "lp-points", "accountId": member.id,
            "validFor": {"startDateTime": member.joined},
        }]))
    });
    Ok(Reply::ok(&found.await?))
}

fn balances(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Value>> {
    let member = member::member(tx, id)?;
    let years = settings::YEARS.number(tx)?;
    let this = i64::from(tx.now().date().year());
    let mut all = ledger::lots(tx, &member.id)?;
    if !all.iter().any(|l| l.year == this) {
        all.push(lots::Lot { year: this, points: 0 });
    }
    let one = |lot: &lots::Lot| {
        let last = lots::last_day(lot.year, years)?;
        Ok(json!({
            "id": lot.year.to_string(), "href": format!("{}/loyaltyBalance/{}", account_href(id), lot.year), "@type": "LoyaltyBalance",
            "quantity": {"unit": "points", "balance": lot.points},
            "validFor": {"startDateTime": format!("{}-01-01T00:00:00+08:00", lot.year), "endDateTime": last},
            "loyaltyProgramMember": {"id": member.id, "href": MEMBER.href(&member.id)},
        }))
    };
    all.iter().map(one).collect()
}

fn balance(tx: &mut Tx<'_>, id: &str, wanted: &str) -> Result<Value> {
    balances(tx, id)?.into_iter().find(|b| b["id"] == wanted).ok_or_else(Problem::not_found)
}

async fn list_balances(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| balances(tx, &id)).await?))
}

async fn one_balance(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| balance(tx, &id, &wanted)).await?))
}

fn transaction(account: &str, balance: &str, line: &Line) -> Value {
    let what = if line.points >= 0 { "loyaltyEarn" } else { "loyaltyBurn" };
    json!({
        "id": line.id, "href": format!("{}/loyaltyBalance/{balance}/{what}/{}", account_href(account), line.id),
        "quantity": line.points.abs(), "openingBalance": line.opening, "closingBalance": line.closing, "dateTime": line.at,
        "description": if line.note.is_empty() { line.kind.as_str() } else { line.note.as_str() }, "kind": line.kind,
    })
}

async fn sides(ctx: Ctx, id: String, wanted: String, earned: bool) -> Answer {
    let paging = ctx.paging(100, 1_000)?;
    let lines = ctx.read(move |tx| {
        balance(tx, &id, &wanted)?;
        let (lines, _) = ledger::statement(tx, &id, "", ("", "9999"), (0, 10_000))?;
        let ours = lines.iter().filter(|l| (l.points >= 0) == earned);
        let page = ours.skip(paging.offset as usize).take(paging.limit as usize);
        Ok(page.map(|l| transaction(&id, &wanted, l)).collect::<Vec<_>>())
    });
    Ok(Reply::ok(&lines.await?))
}

async fn earned(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    sides(ctx, id, wanted, true).await
}
async fn burnt(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    sides(ctx, id, wanted, false).await
}

async fn side(ctx: Ctx, ids: (String, String, String), earned: bool) -> Answer {
    let (id, wanted, txn) = ids;
    let found = ctx.read(move |tx| {
        balance(tx, &id, &wanted)?;
        let (lines, _) = ledger::statement(tx, &id, "", ("", "9999"), (0, 10_000))?;
        let line = lines.iter().find(|l| l.id == txn && (l.points >= 0) == earned);
        line.map(|l| transaction(&id, &wanted, l)).ok_or_else(Problem::not_found)
    });
    Ok(Reply::ok(&found.await?))
}

async fn one_earn(ctx: Ctx, Path(ids): Path<(String, String, String)>) -> Answer {
    side(ctx, ids, true).await
}
async fn one_burn(ctx: Ctx, Path(ids): Path<(String, String, String)>) -> Answer {
    side(ctx, ids, false).await
}

async fn give(ctx: Ctx, ids: (String, String), body: Body<Map<String, Value>>, sign: i64) -> Answer {
    let (id, wanted) = ids;
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        balance(tx, &id, &wanted)?;
        let member = member::lock(tx, &id)?;
        let quantity = value.get("quantity").ok_or_else(|| Problem::missing("quantity"))?;
        let points = quantity.as_i64().filter(|n| *n > 0);
        let points = points.ok_or_else(|| Problem::new(&problems::AMOUNT).with("value", &quantity.to_string()))?;
        let note = value.get("description").and_then(Value::as_str).unwrap_or("");
        let done = adjust::adjust(tx, &member, points * sign, if note.is_empty() { "TMF658" } else { note })?;
        let (lines, _) = ledger::statement(tx, &id, "", ("", "9999"), (0, 1))?;
        let line = lines.iter().find(|l| l.id == done.id).ok_or_else(Problem::not_found)?;
        let made = transaction(&id, &wanted, line);
        Ok(Reply::created(made["href"].as_str().unwrap_or(""), &made))
    });
    Ok(reply.await?)
}

async fn add_earn(ctx: Ctx, Path(ids): Path<(String, String)>, body: Body<Map<String, Value>>) -> Answer {
    give(ctx, ids, body, 1).await
}
async fn add_burn(ctx: Ctx, Path(ids): Path<(String, String)>, body: Body<Map<String, Value>>) -> Answer {
    give(ctx, ids, body, -1).await
}

async fn event(ctx: Ctx, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("").trim().to_owned();
        let (id, kind) = (text("eventId"), text("eventType"));
        for (name, text) in [("eventId", &id), ("eventType", &kind)] {
            if text.is_empty() || text.len() > 100 {
                return Err(Problem::missing(name));
            }
        }
        let member = value.get("loyaltyProgramMember").and_then(|m| m["id"].as_str());
        let member = member::member(tx, member.ok_or_else(|| Problem::missing("loyaltyProgramMember"))?)?;
        let customer = member.customer_id.ok_or_else(|| Problem::new(&problems::NOT_MEMBER))?;
        let amount = value.get("amount").map(kernel::Money::from_tmf).transpose()?.unwrap_or_default();
        let today = tx.now().date();
        if kind == "billPaid" || crate::program::rates(tx, &kind, today)?.is_empty() {
            return Err(Problem::new(&problems::EVENT_UNKNOWN).with("value", &kind));
        }
        let points = earn::for_event(tx, &kind, &id, &customer, amount.in_fen())?;
        Ok(Reply::json(201, &json!({"eventId": id, "eventType": kind, "points": points})))
    });
    Ok(reply.await?)
}
