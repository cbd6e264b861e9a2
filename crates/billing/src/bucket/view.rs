//! Buckets, what an account holds in all of them, and what was done, as TMF654 shows them.

use super::{ADJUST, API, RESERVE, TOPUP, TRANSFER};
use crate::{
    account,
    books::{self, Book, BookKind, BookState, NewBook},
    perms, problems,
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    ACCOUNT_OF = "SELECT account_id FROM balance_book WHERE id = $1";
    INSERT = "INSERT INTO bucket (id, version, org, created_at, updated_at, body) VALUES ($1, 1, $2, $3, $3, $4)";
    ONE = "SELECT body, org FROM bucket WHERE id = $1";
    DELETE = "DELETE FROM bucket WHERE id = $1";
}

pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Needs(perms::ACCOUNT_READ), Access::Needs(perms::BUCKET_API));
    let bases = std::iter::once(API.base).chain(API.aliases.iter().copied());
    let of = |base: &str| {
        vec![
            Route::get(format!("{base}/bucket"), read, list)
                .doc("List Bucket")
                .parameter("partyAccount.id", "the books of one account"),
            Route::post(format!("{base}/bucket"), write, create)
                .doc("Create Bucket")
                .body(json!({"usageType": "monetary", "name": "", "partyAccount": {"id": ""}})),
            Route::get(format!("{base}/bucket/{{id}}"), read, one).doc("Retrieve Bucket"),
            Route::delete(format!("{base}/bucket/{{id}}"), write, remove).doc("Close Bucket"),
            Route::get(format!("{base}/accumulatedBalance"), read, sums)
                .doc("What an account holds in all its buckets")
                .parameter("partyAccount.id", "the account"),
            Route::get(format!("{base}/accumulatedBalance/{{id}}"), read, sum).doc("Retrieve AccumulatedBalance"),
            Route::get(format!("{base}/balanceAction"), read, actions)
                .doc("What was done to buckets, the newest first"),
            Route::get(format!("{base}/balanceAction/{{id}}"), read, action).doc("Retrieve BalanceAction"),
        ]
    };
    bases.flat_map(of).collect()
}

/// The account a book belongs to.
pub fn account_of_book(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&ACCOUNT_OF, params![id])?.map(|r| r.text(0)))
}

fn href(id: &str) -> String {
    format!("{}/bucket/{id}", API.base)
}

fn quantity(amount: kernel::Money) -> Value {
    json!({"amount": amount.in_fen() as f64 / 100.0, "units": "CNY"})
}

fn shown(book: &Book, now: &str) -> Value {
    let id = if book.id == books::GENERAL { format!("general-{}", book.account_id) } else { book.id.clone() };
    let status = match book.state {
        BookState::Active => "active",
        BookState::Frozen => "suspended",
        BookState::Closed | BookState::Expired => "expired",
    };
    json!({
        "id": id, "href": href(&id), "@type": "Bucket", "name": book.name, "description": book.name_en, "isShared": false,
        "usageType": "monetary", "status": status, "confirmationDate": now, "remainingValueName": "CNY",
        "remainingValue": quantity(book.balance), "kind": book.kind, "refundable": book.refundable,
        "validFor": {"startDateTime": book.valid_from, "endDateTime": book.expires},
        "partyAccount": {
            "id": book.account_id, "@referredType": "BillingAccount",
            "href": format!("/tmf-api/accountManagement/v4/billingAccount/{}", book.account_id),
        },
    })
}

/// Keeps `id`, `href` and what was asked for; drops rows that a filter of the query excludes.
fn narrowed(rows: Vec<Value>, parameters: &[(String, String)]) -> Vec<Value> {
    let fields = parameters.iter().find(|(n, _)| n == "fields").map(|(_, v)| v.split(',').collect::<Vec<_>>());
    let skipped = ["fields", "limit", "offset", "partyAccount.id"];
    let fits = |row: &Value| {
        parameters.iter().filter(|(n, _)| !skipped.contains(&n.as_str())).all(|(name, value)| {
            let found = name.split('.').fold(row, |at, part| &at[part]);
            match found.as_str() {
                Some(text) => text == value,
                None => serde_json::from_str::<Value>(value).is_ok_and(|asked| asked == *found),
            }
        })
    };
    let cut = |row: Value| match (&fields, row) {
        (Some(fields), Value::Object(row)) => Value::Object(
            row.into_iter().filter(|(n, _)| n == "id" || n == "href" || fields.contains(&n.as_str())).collect(),
        ),
        (_, row) => row,
    };
    rows.into_iter().filter(fits).map(cut).collect()
}

fn documents(tx: &mut Tx<'_>, table: &str, most: i64) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let condition = filter.to_where();
    let limit = filter.bind(most);
    let text = format!("SELECT body FROM {table}{condition} ORDER BY id DESC LIMIT {limit}");
    Ok(tx.query(&text, &filter.binds)?.iter().map(|r| r.json(0)).collect())
}

async fn list(ctx: Ctx) -> Answer {
    let parameters = ctx.parameters();
    let account = ctx.parameter("partyAccount.id");
    let paging = ctx.paging(50, 200)?;
    let rows = ctx.read(move |tx| {
        let now = tx.now().to_string();
        let Some(id) = &account else {
            let mut rows = documents(tx, "bucket", 100)?;
            rows.extend(newest(tx)?.iter().map(|b| shown(b, &now)));
            return Ok(rows);
        };
        account::account(tx, id)?;
        Ok(books::of_account(tx, id)?.iter().map(|b| shown(b, &now)).collect::<Vec<_>>())
    });
    let rows = narrowed(rows.await?, &parameters);
    let total = rows.len() as i64;
    let page: Vec<Value> =
        rows.into_iter().skip(paging.offset.max(0) as usize).take(paging.limit.max(0) as usize).collect();
    Ok(Reply::ok(&page).total(total))
}

/// The newest books within the actor's scope.
fn newest(tx: &mut Tx<'_>) -> Result<Vec<Book>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let text = format!("SELECT account_id, id FROM balance_book{} ORDER BY id DESC LIMIT 100", filter.to_where());
    let rows = tx.query(&text, &filter.binds)?;
    rows.iter().map(|r| books::book(tx, r.str(0), r.str(1))).collect()
}

async fn create(ctx: Ctx, body: Body<Map<String, Value>>) -> Answer {
    let mut doc = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let usage =
            doc.get("usageType").and_then(Value::as_str).ok_or_else(|| Problem::missing("usageType"))?.to_owned();
        let named = doc.get("partyAccount").and_then(|a| a["id"].as_str()).unwrap_or("").to_owned();
        let ours = match account::account(tx, &named) {
            Ok(account) => Some(account),
            Err(problem) if problem.is(&codes::NOT_FOUND) => None,
            Err(problem) => return Err(problem),
        };
        let now = tx.now().to_string();
        if let (Some(account), "monetary") = (&ours, usage.as_str()) {
            let name = doc.get("name").and_then(Value::as_str).filter(|n| !n.trim().is_empty()).unwrap_or("专款账本");
            let mut new = NewBook::new(&account.id, BookKind::Special, name, "");
            new.source = "tmf654".to_owned();
            let until = doc.get("validFor").and_then(|v| v["endDateTime"].as_str());
            new.expires = until.map(|t| Date::parse(t.get(..10).unwrap_or(t))).transpose()?;
            let book = books::open(tx, &new)?;
            let bucket = shown(&book, &now);
            return Ok(Reply::created(&href(&book.id), &bucket));
        }
        let id = tx.new_id::<Book>().into_string();
        for (name, value) in [
            ("id", json!(id)),
            ("href", json!(href(&id))),
            ("status", json!("pending")),
            ("confirmationDate", json!(now)),
        ] {
            doc.insert(name.to_owned(), value);
        }
        doc.entry("@type").or_insert(json!("Bucket"));
        let text = serde_json::to_string(&doc).map_err(Problem::internal)?;
        let org = tx.actor().org.clone();
        tx.execute(&INSERT, params![id, org, tx.now(), text])?;
        tx.emit(store::Event::new("BucketCreateEvent", "bucket", &id, 1, &org).payload(json!({"bucket": doc})))?;
        Ok(Reply::created(&href(&id), &doc))
    });
    Ok(reply.await?)
}

fn find(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    if let Some(row) = tx.query_opt(&ONE, params![id])? {
        tx.must_see(row.str(1))?;
        return Ok(row.json(0));
    }
    let (account, book) = match id.strip_prefix("general-") {
        Some(account) => (account.to_owned(), books::GENERAL),
        None => (account_of_book(tx, id)?.ok_or_else(Problem::not_found)?, id),
    };
    account::account(tx, &account)?;
    let now = tx.now().to_string();
    Ok(shown(&books::book(tx, &account, book)?, &now))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| find(tx, &id)).await?))
}

async fn remove(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let done = ctx.write(move |tx| {
        find(tx, &id)?;
        if tx.execute(&DELETE, params![id])? == 1 {
            return Ok(());
        }
        match account_of_book(tx, &id)? {
            Some(account) => books::set_state(tx, &account, &id, BookState::Closed).map(drop),
            None => Err(Problem::new(&problems::BOOK_STATE).with("state", "active")),
        }
    });
    done.await?;
    Ok(Reply::no_content())
}

fn accumulated(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let account = account::account(tx, id)?;
    let now = tx.now().to_string();
    let all = books::of_account(tx, id)?;
    let total = all.iter().try_fold(kernel::Money::ZERO, |sum, b| sum.plus(b.balance))?;
    Ok(json!({
        "id": id, "href": format!("{}/accumulatedBalance/{id}", API.base), "@type": "AccumulatedBalance", "name": account.name,
        "totalBalance": quantity(total), "bucket": all.iter().map(|b| shown(b, &now)).collect::<Value>(),
        "partyAccount": {"id": id, "@referredType": "BillingAccount"},
    }))
}

async fn sums(ctx: Ctx) -> Answer {
    let Some(account) = ctx.parameter("partyAccount.id") else {
        return Err(Problem::missing("partyAccount.id").into());
    };
    let row = ctx.read(move |tx| accumulated(tx, &account)).await?;
    Ok(Reply::ok(&[row]).total(1))
}

async fn sum(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| accumulated(tx, &id)).await?))
}

/// The actions of all kinds, the newest first.
fn done(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for resource in [&TOPUP, &ADJUST, &TRANSFER, &RESERVE] {
        all.extend(documents(tx, resource.table, 100)?);
    }
    all.sort_by(|a, b| b["id"].as_str().cmp(&a["id"].as_str()));
    all.truncate(100);
    Ok(all)
}

async fn actions(ctx: Ctx) -> Answer {
    let parameters = ctx.parameters();
    let rows = narrowed(ctx.read(done).await?, &parameters);
    let total = rows.len() as i64;
    Ok(Reply::ok(&rows).total(total))
}

async fn action(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx
        .read(move |tx| done(tx)?.into_iter().find(|a| a["id"].as_str() == Some(&id)).ok_or_else(Problem::not_found));
    Ok(Reply::ok(&found.await?))
}
