//! What there is of products, numbers, ports, cards, services, network and charging at a moment, to be compared with another:
//! two pictures are equal where an undone order left no residue. Versions, times and ended records are left out, and the keys of
//! accounts, which are closed and never deleted.

use kernel::Actor;
use std::collections::BTreeSet;
use testkit::{TestApp, Value};

/// One line for each record that matters.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(BTreeSet<String>);

const ROWS: [&str; 11] = [
    "SELECT 'number', number, state, COALESCE(product_id, '') FROM number_pool WHERE state <> 'available'",
    "SELECT 'port', id, state, COALESCE(product_id, '') FROM access_port WHERE state <> 'available'",
    "SELECT 'suspension', product_id, reason FROM product_suspension",
    "SELECT 'lock', subject_id, kind FROM product_lock",
    "SELECT 'booking', order_id FROM booking",
    "SELECT 'key', key, CAST(kind AS TEXT), customer_id FROM customer_key WHERE kind <> 6",
    "SELECT 'customer', id, name FROM customer",
    "SELECT 'subscription', product_id, state, account_id, customer_id, offering_id, number, bundle FROM subscription WHERE state <> 'terminated'",
    "SELECT 'item', serial, state, COALESCE(product_id, '') FROM stock_item",
    "SELECT 'service', id, state, org FROM service WHERE state <> 'terminated'",
    "SELECT 'owed', customer_id, CAST(SUM(remaining_fen) AS TEXT) FROM bill GROUP BY customer_id HAVING SUM(remaining_fen) <> 0",
];

impl Picture {
    pub async fn take(t: &TestApp) -> Self {
        let lines = t.db().read(Actor::system(), |tx| {
            let mut lines = BTreeSet::new();
            for sql in ROWS {
                for row in tx.query(&sql.to_owned(), &[])? {
                    let texts: Vec<String> = (0..row.len()).map(|i| row.text(i)).collect();
                    lines.insert(texts.join(" | "));
                }
            }
            for row in tx.query(&"SELECT id, org, body FROM product WHERE live = 1".to_owned(), &[])? {
                lines.insert(format!("product | {} | {} | {}", row.str(0), row.str(1), product(&row.json(2))));
            }
            let network = "SELECT target, subscriber, state, attributes FROM simulator_subscriber".to_owned();
            for row in tx.query(&network, &[])? {
                let known = without_nulls(&row.json(3));
                lines.insert(format!("network | {} | {} | {} | {known}", row.str(0), row.str(1), row.str(2)));
            }
            Ok(lines)
        });
        Self(lines.await.unwrap())
    }

    #[track_caller]
    pub fn assert_same(&self, after: &Self, when: &str) {
        let gone: Vec<&String> = self.0.difference(&after.0).collect();
        let come: Vec<&String> = after.0.difference(&self.0).collect();
        assert!(gone.is_empty() && come.is_empty(), "{when}: gone {gone:#?}, come {come:#?}");
    }
}

fn product(body: &Value) -> String {
    let mut all: Vec<String> = Vec::new();
    for name in [
        "status",
        "name",
        "productOffering",
        "billingAccount",
        "relatedParty",
        "soldIn",
        "productRelationship",
        "monthlyFeeFen",
        "productPrice",
        "leavingPort",
    ] {
        let value = &body[name];
        if !value.is_null() {
            all.push(format!("{name}={value}"));
        }
    }
    let mut characteristics: Vec<String> = body["productCharacteristic"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|c| !c["value"].is_null())
        .map(|c| format!("{}={}", c["name"], c["value"]))
        .collect();
    characteristics.sort();
    all.extend(characteristics);
    all.join(" ")
}

fn without_nulls(value: &Value) -> String {
    let mut all: Vec<String> = value
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, v)| !v.is_null())
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    all.sort();
    all.join(" ")
}
