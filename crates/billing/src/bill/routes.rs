//! The bill over HTTP: the documents of TMF678, bills on demand, and the desk's view with its lines and payments.

use super::{APPLIED_RATE, BillRow, CUSTOMER_BILL, applications, bill, document::API, paper, print, statement, trace};
use crate::{account, counter, payment, perms};
use http::{
    Access, Answer, Body, Ctx, Error, Reply, Route,
    axum::{
        extract::Path,
        http::header,
        response::{IntoResponse, Response},
    },
    tmf::{self, Column, Kind, Ops, Resource, Rules},
};
use kernel::{Cycle, Lang, OrgPath, Problem, Result, codes};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

sql! {
    LINES = "SELECT name, product_name, product_id, number, kind, amount_fen, days, note, seq, tax, detail FROM bill_line WHERE bill_id = $1 ORDER BY seq";
    NEWEST = "SELECT id FROM bill WHERE account_id = $1 ORDER BY id DESC LIMIT 1";
}

static ON_DEMAND: Resource = Resource {
    api: &API,
    name: "customerBillOnDemand",
    type_name: "CustomerBillOnDemand",
    table: "bill_on_demand",
    columns: &[Column { attribute: "id", column: "id", kind: Kind::Text }],
    mandatory: &[],
    ops: Ops::CREATE,
    read: perms::BILL_READ,
    write: perms::BILL_WRITE,
    rules: &OnDemand,
};

pub fn routes() -> Vec<Route> {
    let mut routes: Vec<Route> =
        [&CUSTOMER_BILL, &APPLIED_RATE, &ON_DEMAND].into_iter().flat_map(tmf::routes).collect();
    let (read, print) = (Access::Needs(perms::BILL_READ), Access::Needs(perms::BILL_PRINT));
    let cycle = ("cycle", "the month, such as 2026-11; the newest that has a bill where none is named");
    let lang = ("lang", "zh or en");
    routes.extend([
        Route::get("/api/v1/bills/{id}", read, show).doc("A bill with its lines and payments"),
        Route::get("/api/v1/bills/{id}/lines/{seq}/trace", read, explain).doc("Why a line of a bill is what it is"),
        Route::get("/api/v1/bills/{id}/pdf", read, bill_pdf).doc("A bill on paper").parameter(lang.0, lang.1),
        Route::post("/api/v1/bills/{id}/print", print, print_bill)
            .doc("Note the print of a bill; the first sets its flag"),
        Route::get("/api/v1/customers/{id}/statement", read, statement_of)
            .doc("One bill over all accounts and products of a customer")
            .parameter(cycle.0, cycle.1),
        Route::get("/api/v1/customers/{id}/statement.pdf", read, statement_pdf)
            .doc("The statement on paper")
            .parameter(cycle.0, cycle.1)
            .parameter(lang.0, lang.1),
        Route::post("/api/v1/customers/{id}/statement/print", print, print_statement)
            .doc("Note the print of a statement; the first sets the flag of each bill")
            .body(json!({"cycle": "2026-11"})),
    ]);
    routes
}

async fn explain(ctx: Ctx, Path((id, seq)): Path<(String, i64)>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| trace::trace(tx, &id, seq)).await?))
}

async fn print_bill(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let done = ctx.write(move |tx| {
        let first = print::one(tx, &id, "bill")?;
        let (at, prints) = print::history(tx, &id)?;
        Ok(json!({"first": first, "printedAt": at, "prints": prints}))
    });
    Ok(Reply::ok(&done.await?))
}

/// The month named by the request.
fn month(ctx: &Ctx) -> Result<Option<Cycle>> {
    ctx.parameter("cycle").map(|text| natural(&text)).transpose()
}

/// A statement is of a natural month.
fn natural(text: &str) -> Result<Cycle> {
    let cycle = crate::cycle::parse(text)?;
    if cycle.first().day() == 1 { Ok(cycle) } else { Err(Problem::invalid("cycle", text)) }
}

fn stated(tx: &mut Tx<'_>, id: &str, cycle: Option<Cycle>) -> Result<Value> {
    customer::summary(tx, id)?;
    let cycle = match cycle {
        Some(cycle) => cycle,
        None => statement::latest(tx, id)?,
    };
    statement::statement(tx, id, cycle)
}

async fn statement_of(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let cycle = month(&ctx)?;
    Ok(Reply::ok(&ctx.read(move |tx| stated(tx, &id, cycle)).await?))
}

#[derive(Deserialize)]
struct Month {
    cycle: String,
}

async fn print_statement(ctx: Ctx, Path(id): Path<String>, body: Body<Month>) -> Answer {
    let cycle = natural(&body.value.cycle)?;
    Ok(Reply::ok(&ctx.write(move |tx| print::of_customer(tx, &id, cycle)).await?))
}

fn language(ctx: &Ctx) -> Result<Lang> {
    match ctx.parameter("lang").as_deref() {
        None => Ok(ctx.lang),
        Some("zh") => Ok(Lang::Zh),
        Some("en") => Ok(Lang::En),
        Some(other) => Err(Problem::invalid("lang", other)),
    }
}

async fn statement_pdf(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Error> {
    let (cycle, lang) = (month(&ctx)?, language(&ctx)?);
    let view = ctx.read(move |tx| stated(tx, &id, cycle)).await?;
    let name = format!("statement-{}.pdf", view["cycle"].as_str().unwrap_or(""));
    sheet(paper::statement(&view, lang, &printed(&ctx)), &name).await
}

async fn bill_pdf(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Error> {
    let lang = language(&ctx)?;
    let (view, _) = ctx.read(move |tx| view(tx, &id)).await?;
    let name = format!("{}.pdf", view["billNo"].as_str().unwrap_or("bill"));
    sheet(paper::bill(&view, lang, &printed(&ctx)), &name).await
}

/// The minute of the print, in the operator's time.
fn printed(ctx: &Ctx) -> String {
    let now = ctx.now();
    let minutes = now.seconds_since(now.date().start()) / 60;
    format!("{} {:02}:{:02}", now.date(), minutes / 60, minutes % 60)
}

/// Setting takes a while: beside the requests.
async fn sheet(sheet: typeset::Sheet, name: &str) -> Result<Response, Error> {
    let pdf = tokio::task::spawn_blocking(move || typeset::pdf(&sheet)).await.map_err(Problem::internal)??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, pdf).into_response())
}

/// The lines of a bill, each with how its amount came about.
pub fn lines_of(tx: &mut Tx<'_>, bill_id: &str) -> Result<Value> {
    let rows = tx.query(&LINES, params![bill_id])?;
    let line = |row: &store::Row| {
        let number = counter::shown_number(tx, row.str(3));
        let (note, note_en) = crate::cycle::note::read(row.str(7));
        json!({
            "seq": row.int(8), "tax": row.str(9), "detail": if row.is_null(10) { Value::Null } else { row.json(10) },
            "noteEn": note_en, "name": row.str(0), "product": row.str(1), "productId": row.str(2), "number": number, "type": row.str(4),
            "amountFen": row.int(5), "days": row.opt_int(6), "note": note,
        })
    };
    Ok(rows.iter().map(line).collect())
}

async fn show(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (view, version) = ctx.read(move |tx| view(tx, &id)).await?;
    Ok(Reply::ok(&view).etag(version))
}

fn view(tx: &mut Tx<'_>, id: &str) -> Result<(Value, i64)> {
    let bill = bill(tx, id)?;
    let account = account::account(tx, &bill.account_id)?;
    let name = match bill.customer_id.as_str() {
        "" => String::new(),
        customer_id => customer::summary(tx, customer_id)?.name,
    };
    let mut payments = Vec::new();
    for application in applications(tx, id)? {
        payments.push(match application.payment_id {
            None => json!({"id": null, "source": "balance", "amountFen": application.amount}),
            Some(id) if id.starts_with(crate::WRITE_OFF) => {
                json!({"id": null, "source": "writeOff", "writeOffId": id, "amountFen": application.amount})
            }
            Some(payment_id) => {
                let payment = payment::payment(tx, &payment_id)?;
                json!({
                    "id": payment.id, "source": "payment", "amountFen": application.amount, "receiptNo": payment.receipt_no,
                    "at": payment.created_at, "method": payment.method, "operator": payment.operator_name,
                })
            }
        });
    }
    let (version, customer_id, bill_date, lines) =
        (bill.version, bill.customer_id.clone(), bill.bill_date, lines_of(tx, id)?);
    let Value::Object(mut view) = json!(BillRow::from(bill)) else { return Err(Problem::internal("a bill row")) };
    view.insert("customerId".into(), json!(customer_id));
    view.insert("customerName".into(), json!(name));
    view.insert("accountNo".into(), json!(account.account_no));
    view.insert("billDate".into(), json!(bill_date));
    let (printed, prints) = print::history(tx, id)?;
    view.insert("printedAt".into(), printed);
    view.insert("prints".into(), prints);
    view.insert("lines".into(), lines);
    view.insert("payments".into(), Value::Array(payments));
    Ok((Value::Object(view), version))
}

/// A bill asked for at once: answered with the account's newest bill.
#[derive(Debug)]
struct OnDemand;

impl Rules for OnDemand {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let named = doc.get("billingAccount").and_then(|a| a["id"].as_str()).map(str::to_owned);
        let party = doc.get("relatedParty").is_some_and(|p| !p.is_null());
        if named.is_none() && !party {
            return Err(Problem::missing("billingAccount"));
        }
        doc.insert("lastUpdate".into(), json!(tx.now().to_string()));
        let found = match &named {
            Some(id) => account::account(tx, id),
            None => Err(Problem::not_found()),
        };
        match found {
            Ok(account) => {
                let newest = tx.query_opt(&NEWEST, params![account.id])?.map(|r| r.text(0));
                if let Some(id) = newest {
                    doc.insert("customerBill".into(), json!({"id": id, "href": CUSTOMER_BILL.href(&id)}));
                }
                doc.insert("state".into(), json!("done"));
                Ok(account.org)
            }
            // A foreign account: kept as asked, nothing to show for it.
            Err(problem) if problem.is(&codes::NOT_FOUND) => {
                doc.insert("state".into(), json!("rejected"));
                Ok(tx.actor().org.clone())
            }
            Err(problem) => Err(problem),
        }
    }
}
