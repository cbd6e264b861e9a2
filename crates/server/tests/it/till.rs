//! The till: balance books and their order, late fees, many and mixed payments, refunds and reversals with a second person,
//! receipts on paper, and many hands at one balance.

mod books;
mod buckets;
mod hands;
mod papers;
mod paying;
mod second;
mod undone;

use testkit::{TestApp, Value, json};

pub const DAY: i64 = 86_400;

/// The customer's account.
pub async fn account(t: &TestApp, customer: &str) -> String {
    let id = customer.to_owned();
    t.write(move |tx| billing::account_of(tx, &id)).await.id
}

/// What stands on each book, by its name, those that are empty left out.
pub async fn on_books(t: &TestApp, account: &str) -> Vec<(String, i64)> {
    let view = t.get(&format!("/api/v1/accounts/{account}/books")).await.ok();
    let books = view["books"].as_array().unwrap();
    let of = |b: &Value| (b["name"].as_str().unwrap().to_owned(), b["balanceFen"].as_i64().unwrap());
    books.iter().map(of).filter(|(_, fen)| *fen != 0).collect()
}

pub fn checkout(items: &[(&str, i64)], tenders: &[(&str, i64)]) -> Value {
    json!({
        "items": items.iter().map(|(c, fen)| json!({"customerId": c, "amountFen": fen})).collect::<Value>(),
        "tenders": tenders.iter().map(|(m, fen)| json!({"method": m, "amountFen": fen, "reference": "REF-1"})).collect::<Value>(),
    })
}
