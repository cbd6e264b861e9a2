//! Prices that are agreed: discounts, bundles with choices, contracts, versions.

use super::{bill, customer, hall, in_bundle, proven, started, tell};
use billing::{CollaborationKind, PriceAsk, PriceItem, Quote};
use kernel::Date;
use testkit::{TestApp, Value, both_databases, json};

async fn quote(t: &TestApp, ask: Value) -> Quote {
    let ask: PriceAsk = serde_json::from_value(ask).unwrap();
    t.write(move |tx| billing::price(tx, &ask)).await
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

#[both_databases]
async fn a_discount_across_products_counts_for_what_is_held_and_what_is_in_the_cart(t: TestApp) {
    let customer = customer(&t).await;
    let alone = json!({"customerId": customer, "at": "2026-11-22", "items": [{"offeringId": "of-iptv-4k"}]});
    let plain = quote(&t, alone.clone()).await;
    assert!(plain.items[0].discounts.is_empty());
    assert_eq!(plain.items[0].declined.len(), 1, "and it says what is missing");
    // Together with broadband the television costs half for twelve months, the started one included.
    let mut both = alone.clone();
    both["items"] = json!([{"offeringId": "of-iptv-4k"}, {"offeringId": "of-broadband-300"}]);
    let together = quote(&t, both).await;
    let off = &together.items[0].discounts[0];
    assert_eq!(off.monthly.in_fen() * 2, -plain.monthly.in_fen());
    assert_eq!(off.until.unwrap().to_string(), "2027-10-31");
    assert!(together.monthly_after > together.monthly);
    // Who has the broadband already gets it too.
    let from = t.now().to_string();
    tell(&t, started(&customer, "o1", "p1", "of-broadband-300", &from)).await;
    let held = quote(&t, alone).await;
    assert_eq!(held.items[0].discounts.len(), 1);
    assert_eq!(held.due_now.in_fen(), held.one_time.in_fen() + held.first_month.in_fen());
    // And the first bill holds exactly the lines of the quote.
    let mut fact = started(&customer, "o2", "p2", "of-iptv-4k", &from);
    fact.new = json!({"pricing": held.items[0].pinned()});
    tell(&t, fact).await;
    let row = t.write(|tx| billing::bill_of_order(tx, "o2")).await.unwrap();
    assert_eq!(fen(&bill(&t, &row.id).await["amountFen"]), held.due_now.in_fen());
    let shown = t.get("/api/v1/products/p2/billing").await.ok();
    assert_eq!(shown["discounts"][0]["percent"], json!(50));
    proven(&t).await;
}

#[both_databases]
async fn what_was_agreed_is_charged_whatever_the_catalogue_says_by_then(t: TestApp) {
    let customer = customer(&t).await;
    let ask = json!({"customerId": customer, "at": "2026-11-01", "items": [{"offeringId": "of-iptv-basic"}]});
    let agreed = quote(&t, ask).await;
    // The order was taken when it cost twelve yuan more a month and everybody got two yuan off.
    let mut pricing = agreed.items[0].pinned();
    for charge in pricing["charges"].as_array_mut().unwrap().iter_mut().filter(|c| c["months"] == 1) {
        charge["amountFen"] = json!(charge["amountFen"].as_i64().unwrap() + 1_200);
    }
    pricing["reductions"] = json!([{"id": "d", "name": "早鸟", "applies": "recurring", "cut": {"fen": 200}, "stackable": false, "source": "published"}]);
    let mut fact = started(&customer, "o1", "p1", "of-iptv-basic", "2026-11-01T09:00:00+08:00");
    fact.new = json!({"pricing": pricing});
    tell(&t, fact).await;
    let row = t.write(|tx| billing::bill_of_order(tx, "o1")).await.unwrap();
    assert_eq!(row.amount.in_fen(), agreed.due_now.in_fen() + 1_000);
    proven(&t).await;
}

#[both_databases]
async fn a_bundle_costs_its_price_whatever_is_picked_within_a_group(t: TestApp) {
    let customer = customer(&t).await;
    let ask = |picks: Value| json!({"customerId": customer, "at": "2026-11-22", "items": [{"offeringId": "of-triple-199", "selection": picks}]});
    let proposed = quote(&t, ask(json!([]))).await;
    let one = |id: &str, n: i64| json!({"offeringId": id, "quantity": n});
    let picked =
        quote(&t, ask(json!([one("of-content-film", 0), one("of-content-music", 1), one("of-content-game", 1)]))).await;
    assert_eq!(picked.monthly, proposed.monthly);
    assert!(picked.items[0].contract.is_some());
    // Its parts start one after the other and give one bill: the bundle's.
    let parts =
        [("p1", "part-mobile"), ("p2", "part-broadband"), ("p3", "of-content-music"), ("p4", "of-content-game")];
    for (product, offering) in parts {
        let mut fact = in_bundle(started(&customer, "o1", product, offering, &t.now().to_string()), "of-triple-199");
        fact.new = json!({"pricing": picked.items[0].pinned()});
        tell(&t, fact).await;
    }
    let row = t.write(|tx| billing::bill_of_order(tx, "o1")).await.unwrap();
    assert_eq!(row.amount, picked.due_now);
    // The contract is the bundle's: any part shows it, and only the last one to go breaks it.
    let today = t.now().date();
    let (bound, first) =
        t.write(move |tx| Ok((billing::contract_of(tx, "p1")?, billing::early_termination(tx, "p1", today)?))).await;
    let bound = bound.expect("bound");
    assert_eq!((bound.months, first.in_fen()), (24, 0));
    for (n, (product, offering)) in parts.iter().enumerate() {
        let mut fact =
            in_bundle(started(&customer, &format!("c{n}"), product, offering, &t.now().to_string()), "of-triple-199");
        fact.kind = CollaborationKind::Stop;
        tell(&t, fact).await;
        let penalty =
            t.count("SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM bill WHERE kind = 'final'").await;
        assert_eq!(penalty, if n == 3 { bound.penalty_today.in_fen() } else { 0 });
    }
    assert!(bound.penalty_today.in_fen() > 0);
    proven(&t).await;
}

#[both_databases]
async fn leaving_early_costs_what_was_agreed_and_taking_it_back_costs_nothing(t: TestApp) {
    let customer = customer(&t).await;
    tell(&t, started(&customer, "o1", "p1", "of-phone-5g", &t.now().to_string())).await;
    let bound = t.write(|tx| billing::contract_of(tx, "p1")).await.unwrap();
    assert_eq!((bound.end.to_string(), bound.penalty_today.in_fen()), ("2028-11-21".to_owned(), 60_000));
    let before = arrears(&t, &customer).await;
    let mut stop = started(&customer, "o2", "p1", "of-phone-5g", &t.now().to_string());
    stop.kind = CollaborationKind::Stop;
    tell(&t, stop).await;
    assert_eq!(arrears(&t, &customer).await, before + 60_000);
    assert!(t.write(|tx| billing::contract_of(tx, "p1")).await.is_none());
    for _ in 0..3 {
        t.write(|tx| billing::take_back(tx, "o2")).await;
        t.settle().await;
    }
    assert_eq!(arrears(&t, &customer).await, before);
    assert_eq!(t.write(|tx| billing::contract_of(tx, "p1")).await.unwrap().end, bound.end);
    // After its last day nothing binds.
    let day = Date::parse("2028-11-21").unwrap();
    assert!(t.write(move |tx| billing::early_termination(tx, "p1", day)).await.is_zero());
    proven(&t).await;
}

async fn arrears(t: &TestApp, customer: &str) -> i64 {
    let id = customer.to_owned();
    t.write(move |tx| billing::arrears_of(tx, &id)).await.total.in_fen()
}

#[both_databases]
async fn absurd_asks_are_refused_in_words(t: TestApp) {
    let customer = customer(&t).await;
    let item = |extra: Value| {
        let mut item = json!({"offeringId": "of-mobile-129"});
        item.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"at": "2026-11-22", "items": [item]})
    };
    for (ask, status, code) in [
        (item(json!({"quantity": 0})), 400, "field.invalid"),
        (item(json!({"quantity": 1_000_000})), 400, "field.invalid"),
        (item(json!({"discounts": [{"percent": 101}]})), 400, "field.invalid"),
        (item(json!({"discounts": [{"percent": 10}]})), 422, "discount.reason_needed"),
        (item(json!({"discounts": [{"discountId": "no-such"}]})), 422, "discount.unknown"),
        (item(json!({"version": 999})), 422, "offering.version_unknown"),
        (json!({"at": "2026-11-22", "items": [{"offeringId": "no-such"}]}), 422, "offering.unknown"),
        (json!({"at": "yesterday", "items": []}), 400, "body.invalid"),
    ] {
        let answer = t.post("/api/v1/pricing/quotes", ask.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str().unwrap()), (status, code), "{ask}");
    }
    let mine = json!({"customerId": customer, "items": [{"offeringId": "of-mobile-129", "discounts": [{"percent": 90, "reason": "朋友"}]}]});
    let clerk = t.as_role("clerk").post("/api/v1/orders/price", mine).await.ok();
    assert_eq!(clerk["eligible"], json!(false));
    let over = clerk["problems"].as_array().unwrap().iter().find(|p| p["code"] == "discount.over_authority");
    assert!(!over.expect("over the clerk's authority")["mayGrant"].as_array().unwrap().is_empty());
    let why =
        t.get(&format!("/api/v1/customers/{customer}/offerings/why-not?ids=of-line-10m,of-mobile-129")).await.ok();
    let against: Vec<&str> = why.as_array().unwrap().iter().map(|w| w["offeringId"].as_str().unwrap()).collect();
    assert!(against.contains(&"of-line-10m") && !against.contains(&"of-mobile-129"), "{why}");
}

#[both_databases]
async fn others_pay_their_share_and_both_bills_say_so(t: TestApp) {
    let child = customer(&t).await;
    let parent = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("张建国");
            new.org = Some(hall());
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    let payer = {
        let id = parent.clone();
        t.write(move |tx| billing::account_of(tx, &id)).await
    };
    let mut fact = started(&child, "o1", "p1", "of-mobile-129", "2026-11-01T09:00:00+08:00");
    fact.new = json!({"payers": [{"accountId": payer.id, "priority": 1, "scope": "recurring", "percent": 50, "limitFen": 5_000}]});
    tell(&t, fact).await;
    assert_eq!(arrears(&t, &parent).await, 5_000);
    let whole =
        quote(&t, json!({"at": "2026-11-01", "items": [{"offeringId": "of-mobile-129"}]})).await.due_now.in_fen();
    assert_eq!(arrears(&t, &child).await + 5_000, whole);
    let payers = t.write(|tx| billing::payer_of(tx, "p1")).await.unwrap();
    assert_eq!(payers.others.len(), 1);
    t.put("/api/v1/products/p1/payers", json!({"relations": [{"accountId": payer.id, "percent": 0}]}))
        .await
        .refused(422, "payment_relation.invalid");
    t.put("/api/v1/products/p1/payers", json!({"relations": [{"accountId": "no-such"}]}))
        .await
        .refused(404, "not_found");
    let shown = t.put("/api/v1/products/p1/payers", json!({"relations": [], "reason": "客户要求"})).await.ok();
    assert_eq!(shown["payers"], json!([]));
    proven(&t).await;
}

#[both_databases]
async fn an_item_may_name_a_quantity_and_its_quote_is_the_sum_of_its_bills(t: TestApp) {
    let customer = customer(&t).await;
    let item = PriceItem { offering_id: "of-mobile-129".into(), quantity: 3, ..PriceItem::default() };
    let ask = PriceAsk { customer_id: Some(customer.clone()), at: t.now().date(), items: vec![item] };
    let three = t.write(move |tx| billing::price(tx, &ask)).await;
    for n in 1..=3 {
        let mut fact = started(&customer, "o1", &format!("p{n}"), "of-mobile-129", &t.now().to_string());
        fact.new = json!({"pricing": three.items[0].pinned()});
        tell(&t, fact).await;
    }
    let row = t.write(|tx| billing::bill_of_order(tx, "o1")).await.unwrap();
    assert_eq!(row.amount, three.due_now);
}
