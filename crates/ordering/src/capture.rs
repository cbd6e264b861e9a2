//! Taking an order: everything that makes it one, in the transaction that stores it.

use crate::{
    SAGA, SAGA_VERSION, admission, ask,
    ask::{Action, Asked, Item},
    change,
    order::line,
    plan,
    ported::{self, Ported},
    problems, sale, service_order,
    verbs::audit,
};
use catalog::{Family, Offering, PlannedProduct};
use flow::NewStep;
use inventory::{
    numbers,
    products::{self, NewProduct, Status},
};
use kernel::{Money, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

/// Products one order may make.
const MOST_PRODUCTS: usize = 200;

/// Checks and completes a new order and makes everything that hangs on it. Returns where it belongs.
pub fn capture(tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
    let asked = ask::read(doc)?;
    let mut org = tx.actor().org.clone();
    let id = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
    for (name, value) in [
        ("state", json!("acknowledged")),
        ("orderDate", json!(tx.now())),
        ("operator", json!(&*tx.actor().name)),
        ("history", json!([line(tx, ("受理", "Accepted"))])),
    ] {
        doc.insert(name.to_owned(), value);
    }
    doc.insert("channel".to_owned(), crate::subject::order_channel(tx.actor())?);
    doc.entry("relatedParty").or_insert_with(|| json!([]));
    let named = |i: &Item| i.offering.is_some() || i.product_id.is_some();
    let foreign = asked.items.iter().filter_map(|i| i.offering.as_ref()).find(|o| o.foreign);
    let changes = |i: &Item| matches!(i.action, Action::Modify | Action::Delete);
    if asked.items.iter().any(|i| named(i) && changes(i)) {
        return change::placed_by_tmf(tx, &asked, &id, doc);
    }
    let steps = if !asked.items.iter().any(named) {
        Vec::new() // it names nothing of ours and nothing of others: it is kept as it came
    } else if let Some(offering) = foreign {
        plan::manual(&offering.id)
    } else {
        let capture = Capture::new(tx, &asked, &id)?;
        org = capture.org.clone();
        capture.run(tx, &asked, doc)?
    };
    number(tx, doc, &org)?;
    if !steps.is_empty() {
        let saga = flow::saga::start(tx, SAGA, SAGA_VERSION, &id, &org, json!({}), steps)?;
        audit::begin(tx, &saga, doc)?;
    }
    Ok(org)
}

/// The order's number comes last: its series stays locked until the commit.
pub fn number(tx: &mut Tx<'_>, doc: &mut Map<String, Value>, org: &OrgPath) -> Result<()> {
    let order_no = tx.next_number("P", org)?;
    doc.insert("orderNo".into(), json!(order_no));
    doc.entry("description").or_insert_with(|| json!(""));
    Ok(())
}

/// An order belongs to the hall that takes it; one taken from above (headquarters, a machine) to the customer's own
/// place, where the people who serve the customer see it.
fn taken_at(actor: &OrgPath, customer: OrgPath) -> OrgPath {
    if actor.contains(&customer) { customer } else { actor.clone() }
}

/// Names and values.
type Characteristics = Vec<(String, Value)>;

struct Capture {
    order_id: String,
    org: OrgPath,
    customer_id: String,
    customer_name: String,
    account_id: String,
}

/// A product to be made and where its steps come from.
struct Made {
    item_id: String,
    product_id: String,
    planned: PlannedProduct,
    ported: Option<Ported>,
}

impl Capture {
    fn new(tx: &mut Tx<'_>, asked: &Asked, order_id: &str) -> Result<Self> {
        let customer_id = asked.customer.clone().ok_or_else(|| Problem::new(&problems::CUSTOMER_MISSING))?;
        let customer = customer::summary(tx, &customer_id).map_err(|p| match p.is(&kernel::codes::NOT_FOUND) {
            true => Problem::unknown_reference("relatedParty.id", &customer_id),
            false => p,
        })?;
        customer::merge::for_business(tx, &customer_id)?;
        crate::caller::check(tx, &customer_id)?;
        let account_id = match &asked.account {
            Some(id) => billing::account(tx, id).map_err(|p| match p.is(&kernel::codes::NOT_FOUND) {
                true => Problem::unknown_reference("billingAccount.id", id),
                false => p,
            })?,
            None => billing::account_of(tx, &customer_id)?,
        };
        Ok(Self {
            order_id: order_id.to_owned(),
            org: taken_at(&tx.actor().org, customer.org),
            customer_id,
            customer_name: customer.name,
            account_id: account_id.id,
        })
    }

    fn run(&self, tx: &mut Tx<'_>, asked: &Asked, doc: &mut Map<String, Value>) -> Result<Vec<NewStep>> {
        doc.insert("customerName".into(), json!(self.customer_name));
        // What the customer holds before: what this order makes is asked about, not counted twice.
        let subject = crate::subject(tx, &self.customer_id)?;
        let mut made = Vec::new();
        let mut names = Vec::new();
        let mut sold = Vec::new();
        for (i, item) in asked.items.iter().enumerate() {
            match item.action {
                Action::Add => {}
                Action::NoChange => continue,
                Action::Modify | Action::Delete => {
                    return Err(Problem::new(&problems::ACTION_UNSUPPORTED).with("value", "modify + delete"));
                }
            }
            let offering = self.offering(tx, item)?;
            sold.push(sale::line(item, &offering));
            names.push(offering.name.clone());
            let shown = self.item(tx, item, &offering, &mut made)?;
            merge_item(doc, i, shown);
        }
        sale::may(tx, &subject, &sold)?;
        let lines: Vec<(&str, bool)> = made.iter().map(|m| (m.planned.family.as_str(), m.ported.is_some())).collect();
        admission::check(tx, &self.customer_id, &lines, doc)?;
        let quote = sale::agree(tx, &self.customer_id, &self.order_id, sold, doc)?;
        doc.insert("amountFen".into(), json!(quote.due_now));
        doc.insert(
            "orderTotalPrice".into(),
            json!([
                price("oneTime", quote.one_time),
                price("firstMonth", quote.first_month),
                price("recurring", quote.monthly),
            ]),
        );
        if doc.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
            doc.insert("description".into(), json!(names.join("、")));
        }
        let parts: Vec<plan::Part<'_>> = made
            .iter()
            .map(|m| plan::Part {
                item_id: m.item_id.clone(),
                product_id: m.product_id.clone(),
                planned: &m.planned,
                ported: m.ported.as_ref(),
            })
            .collect();
        service_order::open(tx, &self.order_id, &self.org, &parts)?;
        Ok(plan::activation(&parts))
    }

    fn offering(&self, tx: &mut Tx<'_>, item: &Item) -> Result<Offering> {
        let wanted = item.offering.as_ref().ok_or_else(|| Problem::missing("productOrderItem.productOffering"))?;
        let offering = catalog::offering(tx, &wanted.id)?;
        // A draft is no order yet: where the offering has changed since, the customer hears it before it is one.
        if wanted.version.is_some_and(|v| v != offering.version) {
            return Err(Problem::new(&problems::VERSION_MOVED)
                .field("productOffering.version")
                .with("name", &offering.name));
        }
        offering.sellable(tx.now())?;
        Ok(offering)
    }

    /// Makes the products of an item; returns what the item shows of them.
    fn item(&self, tx: &mut Tx<'_>, item: &Item, offering: &Offering, made: &mut Vec<Made>) -> Result<Value> {
        let planned = catalog::decompose(tx, offering, &item.selection)?;
        let bundle = !offering.components.is_empty();
        let mut given = Given::new(&item.characteristics);
        let mut nested = Vec::new();
        for planned in (0..item.quantity).flat_map(|_| &planned) {
            if made.len() >= MOST_PRODUCTS {
                return Err(Problem::new(&problems::TOO_MANY).with("detail", &format!("> {MOST_PRODUCTS}")));
            }
            let item_id =
                if bundle || item.quantity > 1 { format!("{}.{}", item.id, nested.len() + 1) } else { item.id.clone() };
            let (characteristics, ported) = self.characteristics(tx, planned, &mut given)?;
            let shown: Vec<Value> = characteristics.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
            let product_id = products::create(
                tx,
                NewProduct {
                    name: planned.name.clone(),
                    family: planned.family.as_str().to_owned(),
                    offering_id: planned.offering_id.clone(),
                    offering_name: planned.name.clone(),
                    customer_id: self.customer_id.clone(),
                    account_id: Some(self.account_id.clone()),
                    order_id: self.order_id.clone(),
                    order_no: String::new(),
                    item_id: item_id.clone(),
                    org: self.org.clone(),
                    status: Status::PendingActive,
                    monthly_fee: monthly(offering, nested.is_empty()),
                    characteristics,
                    prices: prices(offering, nested.is_empty()),
                    secret: (planned.family == Family::Broadband).then(|| tx.env().random_hex(4)),
                    sold_in: bundle.then(|| (offering.id.clone(), item.id.clone())),
                },
            )?;
            nested.push(json!({
                "id": item_id, "action": "add", "quantity": 1, "state": "acknowledged", "family": planned.family.as_str(),
                "productOffering": {"id": planned.offering_id, "name": planned.name},
                "product": {"id": product_id, "href": products::PRODUCT.href(&product_id), "name": planned.name, "productCharacteristic": shown},
            }));
            made.push(Made { item_id, product_id, planned: planned.clone(), ported });
        }
        given.all_used(offering)?;
        let alone = nested.len() == 1 && !bundle;
        Ok(if alone {
            nested.remove(0)
        } else {
            json!({
                "state": "acknowledged", "family": offering.family.as_str(),
                "productOffering": {"id": offering.id, "name": offering.name}, "productOrderItem": nested,
            })
        })
    }

    /// What the product needs, taken from what the customer gave; its number is reserved here.
    fn characteristics(
        &self,
        tx: &mut Tx<'_>,
        planned: &PlannedProduct,
        given: &mut Given<'_>,
    ) -> Result<(Characteristics, Option<Ported>)> {
        let mut all: Vec<(String, Value)> = Vec::new();
        let mut ported = None;
        for name in &planned.needs {
            let value = given
                .take(name)
                .ok_or_else(|| Problem::new(&problems::NEED_MISSING).with("offering", &planned.name).field(name))?;
            if name == "number" {
                let number = value.as_str().ok_or_else(|| Problem::invalid("number", "text"))?;
                if let Some(code) = given.take("portInCode") {
                    given.one_number()?;
                    ported = Some(ported::admit(tx, number, &code, given.share("donor"), &self.order_id)?);
                    all.push(("portedIn".to_owned(), json!(true)));
                } else {
                    let token = given.take("lockToken");
                    numbers::reserve(tx, number, token.as_ref().and_then(Value::as_str), &self.order_id)?;
                }
            }
            all.push((name.clone(), value));
        }
        if planned.needs.iter().any(|n| n == "installAddress") {
            all.extend(given.share("installSlot").map(|v| ("installSlot".to_owned(), v)));
        }
        if planned.family == Family::Broadband {
            let account = given.take("broadbandAccount").and_then(|v| v.as_str().map(str::to_owned));
            let account = match account {
                Some(account) => account,
                None => format!("kd{:08}", tx.next_in_series("broadband-account")?),
            };
            all.push(("broadbandAccount".into(), json!(account)));
        }
        for (name, value) in &planned.characteristics {
            all.push((name.clone(), json!(value)));
        }
        Ok((all, ported))
    }
}

/// What the customer gave with an item. Some things are given once for several products (an address), others serve one
/// (a number).
struct Given<'a> {
    all: &'a [(String, Value)],
    used: Vec<bool>,
}

impl<'a> Given<'a> {
    fn new(all: &'a [(String, Value)]) -> Self {
        Self { all, used: vec![false; all.len()] }
    }
    fn take(&mut self, name: &str) -> Option<Value> {
        if !matches!(name, "number" | "lockToken" | "portInCode" | "broadbandAccount") {
            return self.share(name);
        }
        let i = (0..self.all.len()).find(|&i| !self.used[i] && self.all[i].0 == name)?;
        self.used[i] = true;
        Some(self.all[i].1.clone())
    }
    fn share(&mut self, name: &str) -> Option<Value> {
        let i = self.all.iter().position(|(n, v)| n == name && !v.is_null() && v != "")?;
        self.used[i] = true;
        Some(self.all[i].1.clone())
    }
    /// A code belongs to one number: an item that brings one brings nothing else to confuse it with.
    fn one_number(&self) -> Result<()> {
        let numbers = self.all.iter().filter(|(n, v)| n == "number" && !v.is_null()).count();
        if numbers == 1 { Ok(()) } else { Err(Problem::invalid("portInCode", "number × 1")) }
    }
    /// A number that no product takes would stay locked unseen.
    fn all_used(&self, offering: &Offering) -> Result<()> {
        let left = self.all.iter().zip(&self.used).find(|((n, v), used)| n == "number" && !**used && !v.is_null());
        match left {
            Some(_) => Err(Problem::invalid("number", &format!("{} ✗", offering.name))),
            None => Ok(()),
        }
    }
}

/// The offering's monthly price lies on the first of its products.
fn monthly(offering: &Offering, first: bool) -> Money {
    let recurring = offering.prices.iter().find(|p| p.kind == catalog::PriceKind::Recurring);
    recurring.filter(|_| first).map_or(Money::ZERO, |p| p.amount)
}

fn prices(offering: &Offering, first: bool) -> Vec<Value> {
    let all = offering.prices.iter().filter(|_| first);
    all.map(|p| {
        json!({
            "name": p.name, "priceType": p.kind.as_str(), "productOfferingPrice": {"id": p.id},
            "price": {"taxIncludedAmount": p.amount.to_tmf()},
        })
    })
    .collect()
}

fn price(kind: &str, amount: Money) -> Value {
    json!({"priceType": kind, "price": {"taxIncludedAmount": amount.to_tmf()}})
}

/// Adds what we know to the item as it was sent; its other attributes stay.
fn merge_item(doc: &mut Map<String, Value>, i: usize, shown: Value) {
    let item = doc.get_mut("productOrderItem").and_then(Value::as_array_mut).and_then(|items| items.get_mut(i));
    if let (Some(Value::Object(item)), Value::Object(shown)) = (item, shown) {
        for (name, value) in shown {
            if name == "id" || name == "quantity" {
                continue;
            }
            item.insert(name, value);
        }
        // The lock token and the code of a port are used up and nobody's business.
        let kept = |c: &Value| c["name"] != "lockToken" && c["name"] != "portInCode";
        if let Some(Value::Array(list)) = item.get_mut("product").and_then(|p| p.get_mut("productCharacteristic")) {
            list.retain(kept);
        }
    }
}
