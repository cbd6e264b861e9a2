//! Over HTTP: checkouts, late fees, books, refunds, requests, deposits, cheques, receipts on paper.

use super::{deposit, desk::how_returned};
use crate::{
    account, books, late,
    payment::{self, clearing, request},
    perms,
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub fn routes() -> Vec<Route> {
    let (read, take) = (Access::Needs(perms::PAYMENT_READ), Access::Needs(perms::PAYMENT_TAKE));
    let (reverse, refund) = (Access::Needs(perms::PAYMENT_REVERSE), Access::Needs(perms::REFUND));
    let books = Access::Needs(perms::BOOK_WRITE);
    vec![
        Route::post("/api/v1/counter/checkouts", take, check_out)
            .doc("Pay for several services, accounts or customers at once, by one method or several")
            .body(json!({
                "items": [{"customerId": "", "accountId": null, "amountFen": 10000, "campaignId": null, "book": null}],
                "tenders": [{"method": "cash", "amountFen": 10000, "tenderedFen": 10000, "reference": ""}], "note": "",
            })),
        Route::post("/api/v1/counter/checkouts/{id}/reverse", reverse, reverse_batch)
            .doc("Reverse everything that was paid together")
            .body(json!({"reason": ""})),
        Route::post("/api/v1/counter/payments/{id}/mistake", reverse, mistake)
            .doc("Pay a mistaken payment back on two certificates, within a day")
            .body(json!({
                "reason": "", "payer": {"name": "", "kind": "idCard", "number": ""},
                "owner": {"name": "", "kind": "idCard", "number": ""},
            })),
        Route::post("/api/v1/bills/{id}/late-fee/waive", Access::Needs(perms::LATE_WAIVE), waive)
            .doc("Waive the late fee that has grown so far")
            .body(json!({"reason": ""})),
        Route::get("/api/v1/accounts/{id}/books", Access::Needs(perms::ACCOUNT_READ), list_books)
            .doc("The balance books of an account in their order of use"),
        Route::get("/api/v1/accounts/{id}/books/{book}/entries", Access::Needs(perms::ACCOUNT_READ), entries)
            .doc("What moved on a book, the newest first"),
        Route::post("/api/v1/accounts/{id}/books/{book}/{verb}", books, book_verb)
            .doc("freeze, free or close a book")
            .body(json!({"reason": ""})),
        Route::post("/api/v1/accounts/{id}/books/{book}/transfer", books, move_money)
            .doc("Move money to another book or account of the same customer")
            .body(json!({"toAccountId": "", "toBook": "general", "amountFen": 1000, "reason": ""})),
        Route::get("/api/v1/counter/refunds", read, refunds)
            .doc("Refunds, newest first")
            .parameter("customerId", "those of one customer"),
        Route::post("/api/v1/counter/refunds", refund, pay_back)
            .doc("Pay a balance back the way it came")
            .body(json!({"accountId": "", "book": "general", "amountFen": 1000, "method": "cash", "reason": ""})),
        Route::get("/api/v1/counter/requests", read, requests)
            .doc("Requests for reversals and refunds")
            .parameter("state", "requested, approved, rejected, withdrawn or done")
            .parameter("customerId", "those of one customer"),
        Route::post("/api/v1/counter/requests", read, submit)
            .doc("Ask for a reversal or a refund that needs a second person")
            .body(json!({"kind": "reversal", "paymentId": "", "reason": ""})),
        Route::post("/api/v1/counter/requests/{id}/{verb}", read, decide)
            .doc("approve, reject, withdraw or carry-out")
            .body(json!({"reason": ""})),
        Route::get("/api/v1/counter/deposits", read, deposits)
            .doc("Security deposits")
            .parameter("customerId", "those of one customer")
            .parameter("state", "held, returned or applied"),
        Route::post("/api/v1/counter/deposits", take, take_deposit)
            .doc("Take a security deposit")
            .body(json!({"customerId": "", "amountFen": 10000, "method": "cash", "purpose": ""})),
        Route::post("/api/v1/counter/deposits/{id}/return", refund, return_deposit)
            .doc("Hand a security deposit back")
            .body(json!({"method": "cash"})),
        Route::post("/api/v1/counter/deposits/{id}/apply", take, apply_deposit)
            .doc("Put a security deposit against what is owed")
            .body(json!({})),
        Route::get("/api/v1/counter/clearing", read, cheques)
            .doc("Cheques and what became of them")
            .parameter("state", "waiting, cleared, bounced or reversed"),
        Route::post("/api/v1/counter/clearing/{id}/{verb}", Access::Needs(perms::CLEARING), cheque)
            .doc("clear or bounce")
            .body(json!({"reason": ""})),
        Route::get("/api/v1/counter/receipt-log", read, receipt_log)
            .doc("Receipt numbers of a day: ranges by clerk, void ones, gaps")
            .parameter("date", "the business day, today by default")
            .parameter("operator", "id of the staff member, or `me`"),
        Route::post("/api/v1/counter/receipts/{id}/prints", take, print)
            .doc("Note that a receipt was printed, or that the printer failed")
            .body(json!({"outcome": "printed", "reason": ""})),
        Route::post("/api/v1/counter/receipts/{id}/void", reverse, void)
            .doc("Make a receipt void; with replace, it gets a new number")
            .body(json!({"reason": "", "replace": true})),
    ]
}

#[derive(Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

fn must(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "1–500"));
    }
    Ok(reason.to_owned())
}

async fn check_out(ctx: Ctx, body: Body<payment::Checkout>) -> Answer {
    let ask = body.value;
    if ask.note.chars().count() > 500 || ask.tenders.iter().any(|t| t.reference.chars().count() > 500) {
        return Err(Problem::invalid("note", "0–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &payment::check_out(tx, &ask)?)));
    Ok(reply.await?)
}

async fn reverse_batch(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = must(&body.value.reason)?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        Ok(Reply::json(201, &json!({"payments": payment::reverse_batch(tx, &id, &reason)?})))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
pub struct MistakeAsk {
    reason: String,
    /// What became of the printed receipt: `recovered` or `redLettered`.
    #[serde(rename = "receiptReturn")]
    receipt_return: Option<String>,
    #[serde(flatten)]
    mistake: payment::reverse::Mistake,
}

async fn mistake(ctx: Ctx, Path(id): Path<String>, body: Body<MistakeAsk>) -> Answer {
    let (reason, mistake) = (must(&body.value.reason)?, Box::new(body.value.mistake));
    let returned = how_returned(body.value.receipt_return.as_deref())?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        if let Some(how) = returned {
            payment::prints::take_back(tx, &id, how)?;
        }
        let taken = payment::reverse_with(tx, &id, &reason, payment::Ground::Mistake(mistake.clone()))?;
        Ok(Reply::created(&payment::PAYMENT.href(&taken.id), &taken))
    });
    Ok(reply.await?)
}

async fn waive(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = must(&body.value.reason)?;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &late::waive(tx, &id, &reason)?)));
    Ok(reply.await?)
}

async fn list_books(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let view = ctx.read(move |tx| {
        let account = account::account(tx, &id)?;
        let books = books::of_account(tx, &id)?;
        let security = crate::ledger::security(tx, &id)?;
        Ok(json!({"accountId": account.id, "accountNo": account.account_no, "books": books, "securityFen": security}))
    });
    Ok(Reply::ok(&view.await?))
}

async fn entries(ctx: Ctx, Path((id, book)): Path<(String, String)>) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let rows = ctx.read(move |tx| {
        account::account(tx, &id)?;
        books::entries(tx, &id, &book, (paging.offset, paging.limit))
    });
    Ok(Reply::ok(&rows.await?))
}

async fn book_verb(ctx: Ctx, Path((id, book, verb)): Path<(String, String, String)>, body: Body<Reason>) -> Answer {
    let next = match verb.as_str() {
        "freeze" => books::BookState::Frozen,
        "free" => books::BookState::Active,
        "close" => books::BookState::Closed,
        _ => return Err(Problem::not_found().into()),
    };
    must(&body.value.reason)?;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&books::set_state(tx, &id, &book, next)?)));
    Ok(reply.await?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoveAsk {
    #[serde(default)]
    to_account_id: String,
    to_book: String,
    amount_fen: i64,
    reason: String,
}

async fn move_money(ctx: Ctx, Path((id, book)): Path<(String, String)>, body: Body<MoveAsk>) -> Answer {
    let (ask, reason) = (body.value, String::new());
    let reason = must(&ask.reason).map(|r| reason + &r)?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let to = if ask.to_account_id.is_empty() { id.as_str() } else { ask.to_account_id.as_str() };
        let moved =
            books::move_within_customer(tx, (&id, &book), (to, &ask.to_book), Money::fen(ask.amount_fen), &reason)?;
        Ok(Reply::json(201, &moved))
    });
    Ok(reply.await?)
}

async fn refunds(ctx: Ctx) -> Answer {
    let customer = ctx.parameter("customerId");
    let paging = ctx.paging(50, 200)?;
    let rows = ctx.read(move |tx| payment::refunds(tx, customer.as_deref(), (paging.offset, paging.limit)));
    Ok(Reply::ok(&rows.await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundAsk {
    account_id: String,
    #[serde(default)]
    book: String,
    amount_fen: i64,
    method: String,
    reason: String,
}

async fn pay_back(ctx: Ctx, body: Body<RefundAsk>) -> Answer {
    let ask = body.value;
    let back = payment::Back {
        account_id: ask.account_id,
        book: if ask.book.is_empty() { books::GENERAL.to_owned() } else { ask.book },
        amount: Money::fen(ask.amount_fen),
        method: payment::Method::parse(&ask.method)?,
        reason: must(&ask.reason)?,
        approved: false,
        extra: Map::new(),
    };
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let (id, body) = payment::pay_back(tx, &back)?;
        Ok(Reply::json(
            201,
            &json!({"id": id, "receiptNo": body["receiptNo"], "amountFen": back.amount, "method": back.method}),
        ))
    });
    Ok(reply.await?)
}

async fn requests(ctx: Ctx) -> Answer {
    let (state, customer) = (ctx.parameter("state"), ctx.parameter("customerId"));
    let rows = ctx.read(move |tx| request::list(tx, state.as_deref(), customer.as_deref()));
    Ok(Reply::ok(&rows.await?))
}

async fn submit(ctx: Ctx, body: Body<request::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        tx.allow(if ask.kind == "refund" { perms::REFUND } else { perms::PAYMENT_REVERSE })?;
        Ok(Reply::json(201, &request::submit(tx, &ask)?))
    });
    Ok(reply.await?)
}

async fn decide(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let (verb, reason) = (request::Verb::parse(&verb)?, body.value.reason);
    if reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "0–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&request::decide(tx, &id, verb, &reason)?)));
    Ok(reply.await?)
}

async fn deposits(ctx: Ctx) -> Answer {
    let (customer, state) = (ctx.parameter("customerId"), ctx.parameter("state"));
    let rows = ctx.read(move |tx| deposit::list(tx, customer.as_deref(), state.as_deref()));
    Ok(Reply::ok(&rows.await?))
}

async fn take_deposit(ctx: Ctx, body: Body<deposit::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &deposit::take(tx, &ask)?)));
    Ok(reply.await?)
}

#[derive(Deserialize)]
pub struct Way {
    method: String,
}

async fn return_deposit(ctx: Ctx, Path(id): Path<String>, body: Body<Way>) -> Answer {
    let method = body.value.method;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&deposit::give_back(tx, &id, &method)?)));
    Ok(reply.await?)
}

async fn apply_deposit(ctx: Ctx, Path(id): Path<String>, body: Body<Map<String, Value>>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&deposit::apply(tx, &id)?)));
    Ok(reply.await?)
}

async fn cheques(ctx: Ctx) -> Answer {
    let state = ctx.parameter("state");
    Ok(Reply::ok(&ctx.read(move |tx| clearing::list(tx, state.as_deref())).await?))
}

async fn cheque(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let reply = match verb.as_str() {
        "clear" => ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&clearing::clear(tx, &id)?))).await,
        "bounce" => {
            let reason = must(&reason)?;
            ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &clearing::bounce(tx, &id, &reason)?))).await
        }
        _ => return Err(Problem::not_found().into()),
    };
    Ok(reply?)
}

async fn receipt_log(ctx: Ctx) -> Answer {
    let day = match ctx.parameter("date") {
        Some(text) => Date::parse(&text)?,
        None => ctx.now().date(),
    };
    let operator = match ctx.parameter("operator").as_deref() {
        Some("me") => Some(ctx.actor.id.to_string()),
        other => other.map(str::to_owned),
    };
    let paging = ctx.paging(100, 500)?;
    let (log, total) = ctx
        .read(move |tx| payment::log(tx, &day.to_string(), operator.as_deref(), paging.offset, paging.limit))
        .await?;
    Ok(Reply::ok(&log).total(total))
}

#[derive(Deserialize)]
pub struct PrintAsk {
    outcome: String,
    #[serde(default)]
    reason: String,
}

async fn print(ctx: Ctx, Path(id): Path<String>, body: Body<PrintAsk>) -> Answer {
    let ask = body.value;
    let printed = match ask.outcome.as_str() {
        "printed" => true,
        "failed" => false,
        _ => return Err(Problem::invalid("outcome", "printed, failed").into()),
    };
    if ask.reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "0–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        Ok(Reply::json(201, &payment::prints::note(tx, &id, printed, ask.reason.trim())?))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
pub struct VoidAsk {
    reason: String,
    #[serde(default)]
    replace: bool,
}

async fn void(ctx: Ctx, Path(id): Path<String>, body: Body<VoidAsk>) -> Answer {
    let (reason, replace) = (must(&body.value.reason)?, body.value.replace);
    let reply = ctx
        .create(&body.fingerprint, move |tx| Ok(Reply::json(201, &payment::prints::void(tx, &id, &reason, replace)?)));
    Ok(reply.await?)
}
