//! What the customers of a large store hold: a fused package or a smaller one for everybody, an account, and months of
//! bills. Prepared row by row beside the writer, since a million customers cannot go through the counter one by one.

use super::random::Random;
use billing::{Carried, Charge, Past, PastProduct};
use customer::{
    KeyKind,
    bulk::{Identity, Load},
};
use http::tmf::{self, Document};
use inventory::products::PRODUCT;
use kernel::{Date, OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Db, Tx};

/// Days that a month counts, as billing has it by itself.
const DIVISOR: i64 = 30;

/// The packages people hold, read from the catalogue once.
pub(super) struct Portfolio {
    packages: [Package; 2],
    months: Vec<Date>,
}

struct Package {
    id: String,
    name: String,
    monthly_fen: i64,
    charges: Vec<Charge>,
    parts: Vec<(String, String, &'static str)>,
}

/// Rows of products and money, ready to be stored.
#[derive(Default)]
pub(super) struct Holdings {
    products: Vec<store::Value>,
    money: Carried,
}

impl Holdings {
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<()> {
        tmf::insert_rows(tx, &PRODUCT, &self.products)?;
        self.money.store(tx)
    }
}

impl Portfolio {
    /// `months` months of bills up to the one before `now`.
    pub fn load(tx: &mut Tx<'_>, months: u32) -> Result<Self> {
        let this = tx.now().date().first_of_month();
        let back = |n: u32| this.plus_months(-i32::try_from(n).unwrap_or(0));
        Ok(Self {
            packages: [package(tx, "of-fusion-169")?, package(tx, "of-fusion-99")?],
            months: (1..=months).rev().map(back).collect(),
        })
    }

    /// What the customer `index` holds: half of them three services, half two.
    pub fn add(
        &self,
        db: &Db,
        into: (&mut Load, &mut Holdings),
        identity: &Identity,
        org: &OrgPath,
        index: u64,
        now: Timestamp,
    ) -> Result<()> {
        let (load, holdings) = into;
        let mut random = Random::at(0x0b11_5eed, index);
        let package = &self.packages[usize::from(random.chance(50))];
        let first = self.months.first().copied().unwrap_or_else(|| now.date());
        let start = first.plus_days(-i32::try_from(random.below(600)).unwrap_or(0));
        let order = format!("carried-{index}");
        let mut products = Vec::new();
        for (offering, name, family) in &package.parts {
            let id = db.env().new_id::<Document>().into_string();
            let mut details = vec![("downMbps", json!(300))];
            let mut number = String::new();
            match *family {
                "mobile" => {
                    number = format!("17{:09}", index);
                    details = vec![("number", json!(number)), ("iccid", json!(format!("898600{index:013}")))];
                    load.key(db, KeyKind::Number, &number, &identity.id, org);
                }
                "broadband" => {
                    number = format!("zj{index:09}");
                    details.push(("broadbandAccount", json!(number)));
                    load.key(db, KeyKind::Broadband, &number, &identity.id, org);
                }
                _ => {}
            }
            let fee = if products.is_empty() { package.monthly_fen } else { 0 };
            let document = product(&id, (offering, name, family), (package, &order), identity, (start, fee), &details)?;
            let row =
                Document { id: id.clone(), version: 1, org: org.clone(), created_at: start.start(), body: document };
            holdings.products.extend(tmf::row(&PRODUCT, &row)?);
            products.push(PastProduct {
                product_id: id,
                order_id: order.clone(),
                offering_id: offering.clone(),
                bundle: "1".into(),
                name: name.clone(),
                number,
                from: start,
                charges: Vec::new(),
            });
        }
        // The bundle is charged as a whole, under a key of its own.
        products.insert(
            0,
            PastProduct {
                product_id: format!("{order}:1"),
                order_id: order.clone(),
                offering_id: package.id.clone(),
                bundle: "1".into(),
                name: package.name.clone(),
                number: String::new(),
                from: start,
                charges: package.charges.clone(),
            },
        );
        let account_no = format!("A{}", identity.customer_no);
        load.key(db, KeyKind::Account, &account_no, &identity.id, org);
        let past = Past {
            account_no: &account_no,
            customer_id: &identity.id,
            org,
            products: &products,
            months: &self.months,
            unpaid: usize::from(random.chance(8)),
        };
        holdings.money.add(db.env(), &past, DIVISOR).map(drop)
    }
}

fn package(tx: &mut Tx<'_>, id: &str) -> Result<Package> {
    let offering = catalog::offering(tx, id)?;
    let charges = super::past::monthly(&offering);
    let parts =
        offering.components.iter().map(|c| (c.offering_id.clone(), c.name.clone(), c.family.as_str())).collect();
    Ok(Package {
        monthly_fen: charges.iter().map(|c| c.amount.in_fen()).sum(),
        name: offering.name,
        id: offering.id,
        charges,
        parts,
    })
}

fn product(
    id: &str,
    (offering, name, family): (&str, &str, &str),
    (package, order): (&Package, &str),
    identity: &Identity,
    (start, fee): (Date, i64),
    details: &[(&str, Value)],
) -> Result<serde_json::Map<String, Value>> {
    let characteristics: Vec<Value> = details.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
    let body = json!({
        "id": id, "href": PRODUCT.href(id), "@type": "Product", "name": name, "status": "active", "family": family,
        "isBundle": false, "startDate": start.start(), "productOffering": {"id": offering, "name": name},
        "billingAccount": null, "soldIn": {"offeringId": package.id, "itemId": "1"}, "orderId": order, "orderNo": "",
        "relatedParty": [{
            "id": identity.id, "href": customer::CUSTOMER.href(&identity.id), "role": "customer", "@referredType": "Customer",
        }],
        "productCharacteristic": characteristics, "productPrice": [], "monthlyFeeFen": fee,
    });
    match body {
        Value::Object(body) => Ok(body),
        _ => Err(Problem::internal("an object literal")),
    }
}
