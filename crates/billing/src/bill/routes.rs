//! The bill over HTTP: the documents of TMF678, bills on demand, and the desk's view with its lines and payments.

use super::{APPLIED_RATE, BillRow, CUSTOMER_BILL, applications, bill, document::API};
use crate::{account, counter, payment, perms};
use http::{
    Access, Answer, Ctx, Reply, Route,
    axum::extract::Path,
    tmf::{self, Column, Kind, Ops, Resource, Rules},
};
use kernel::{OrgPath, Problem, Result, codes};
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
    routes.push(
        Route::get("/api/v1/bills/{id}", Access::Needs(perms::BILL_READ), show)
            .doc("A bill with its lines and payments"),
    );
    routes
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
