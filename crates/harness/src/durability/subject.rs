//! What is posted: product orders and payments, the records that matter most.

use crate::{Done, client::Client};
use serde_json::{Value, json};
use std::hash::{BuildHasher, RandomState};

#[derive(Clone, Debug)]
pub struct Subject {
    pub name: &'static str,
    pub path: String,
    /// The table of the documents and the event that each creation emits.
    pub table: &'static str,
    pub event: &'static str,
    customers: Vec<String>,
    offering: String,
    /// Where payments go; empty for orders.
    accounts: Vec<String>,
}

/// What money comes by; a cheque waits for the bank.
const METHODS: [&str; 5] = ["cash", "card", "qr", "cheque", "transfer"];

impl Subject {
    /// Payments by all methods on few accounts, so that they meet; some are reversed at once.
    pub fn payments(client: &mut Client) -> Done<Self> {
        let path = "/tmf-api/accountManagement/v4/billingAccount?limit=20&fields=id";
        let accounts = ids(&client.get(path).map_err(|e| format!("{path}: {e}"))?.json());
        if accounts.is_empty() {
            return Err("the seeded store has no accounts".to_owned());
        }
        Ok(Self {
            name: "payments",
            path: "/tmf-api/paymentManagement/v4/payment".to_owned(),
            table: "payment",
            event: "PaymentCreateEvent",
            customers: Vec::new(),
            offering: String::new(),
            accounts,
        })
    }

    /// What is done right after record `n` with this id was acknowledged: its path and body.
    pub fn after(&self, n: usize, id: &str) -> Option<(String, Value)> {
        (!self.accounts.is_empty() && n.is_multiple_of(4))
            .then(|| (format!("/api/v1/counter/payments/{id}/reverse"), json!({"reason": "durability"})))
    }

    /// Looks in the seeded store for customers, and for something they can order without reserving anything first.
    pub fn find(client: &mut Client) -> Done<Self> {
        let mut get = |path: &str| client.get(path).map(|a| a.json()).map_err(|e| format!("{path}: {e}"));
        let mut customers = ids(&get("/tmf-api/customerManagement/v4/customer?limit=100&fields=id")?);
        // Who owes for long may not order.
        let cases = get("/api/v1/dunning/cases?limit=100")?;
        let owing: Vec<&str> =
            cases.as_array().into_iter().flatten().filter_map(|c| c["customerId"].as_str()).collect();
        customers.retain(|id| !owing.contains(&id.as_str()));
        let offerings = get("/api/v1/catalog/offerings?family=option&limit=20")?;
        let offering = offerings.as_array().and_then(|all| all.iter().find(|o| o["sellable"] == true));
        let offering = offering.and_then(|o| o["id"].as_str()).ok_or("the seeded catalogue has no option to order")?;
        if customers.is_empty() {
            return Err("the seeded store has no customers".to_owned());
        }
        Ok(Self {
            name: "product orders",
            path: "/tmf-api/productOrderingManagement/v4/productOrder".to_owned(),
            table: "product_order",
            event: "ProductOrderCreateEvent",
            customers,
            offering: offering.to_owned(),
            accounts: Vec::new(),
        })
    }

    pub fn body(&self, key: &str, n: usize) -> Value {
        if !self.accounts.is_empty() {
            return json!({
                "externalId": key, "account": {"id": self.accounts[n % self.accounts.len()]},
                "paymentMethod": {"name": METHODS[n % METHODS.len()]}, "correlatorId": key,
                "totalAmount": {"unit": "CNY", "value": 1 + n % 500},
            });
        }
        json!({
            "externalId": key,
            "relatedParty": [{"id": self.customers[n % self.customers.len()], "role": "customer", "@referredType": "Customer"}],
            "productOrderItem": [{"id": "1", "action": "add", "quantity": 1, "productOffering": {"id": self.offering}}],
        })
    }
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|c| c["id"].as_str()).map(str::to_owned).collect()
}

/// A number below `n` that is different each time.
pub fn chance(n: u64) -> u64 {
    RandomState::new().hash_one(0u8) % n
}
