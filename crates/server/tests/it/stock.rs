//! Cards and devices: where they lie, how they move, and that each is given once.

use http::axum::http::Method;
use inventory::{
    shared, sims,
    stock::{self, Kind, NewItem, NewWarehouse, with_luhn},
};
use kernel::OrgPath;
use testkit::{Client, TestApp, both_databases, json};

const CITY: &str = "/cn/44/4401";
const HALL: &str = "/cn/44/4401/h001";

fn org(path: &str) -> OrgPath {
    OrgPath::parse(path).unwrap()
}

pub fn iccid(n: u64) -> String {
    with_luhn(&format!("89860177{n:010}"))
}

/// Warehouses in city and hall, `city` and `hall` cards in them.
pub async fn filled(t: &TestApp, city: u64, hall: u64) {
    t.write(move |tx| {
        let house = |path: &str, name: &str| NewWarehouse { org: org(path), name: name.to_owned() };
        let card = |n: u64, path: &str| NewItem {
            kind: Kind::Sim,
            serial: iccid(n),
            model: "USIM".to_owned(),
            imsi: Some(format!("46001{n:010}")),
            org: org(path),
        };
        let mut items: Vec<NewItem> = (0..city).map(|n| card(n, CITY)).collect();
        items.extend((1_000..1_000 + hall).map(|n| card(n, HALL)));
        stock::stock_up(tx, &[house(CITY, "广州市级库"), house(HALL, "天河路营业厅库")], &items)
    })
    .await;
}

async fn state(t: &TestApp, serial: &str) -> String {
    t.get(&format!("/api/v1/stock/items/{serial}")).await.ok()["state"].as_str().unwrap().to_owned()
}

#[both_databases]
async fn of_two_orders_one_gets_the_card(t: TestApp) {
    filled(&t, 0, 3).await;
    let wanted = iccid(1_000);
    let mut tries = Vec::new();
    for n in 0..6 {
        let (db, card) = (t.db().clone(), wanted.clone());
        tries.push(tokio::spawn(async move {
            let order = format!("o{n}");
            db.write(kernel::Actor::system(), move |tx| sims::reserve(tx, Some(&card), &org(HALL), &order)).await
        }));
    }
    let mut won = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(card) => {
                assert_eq!(card.as_deref(), Some(wanted.as_str()));
                won += 1;
            }
            Err(problem) => assert_eq!(problem.code.id, "stock.state"),
        }
    }
    assert_eq!(won, 1);
    // Any card: each order gets another one, until there is none.
    let any = |order: &'static str| t.try_write(move |tx| sims::bind(tx, None, &org(HALL), order, order));
    let (first, second) = (any("p1").await.unwrap(), any("p2").await.unwrap());
    assert_ne!(first, second);
    assert_eq!(any("p1").await.unwrap(), first, "the same again");
    assert_eq!(any("p3").await.unwrap_err().code.id, "stock.none");
    t.write(|tx| sims::unbind(tx, "p1")).await;
    assert_eq!(any("p3").await.unwrap(), first);
}

#[both_databases]
async fn a_city_that_keeps_no_cards_binds_a_made_up_one(t: TestApp) {
    let made = t.write(|tx| sims::bind(tx, None, &org(HALL), "o1", "p1")).await;
    assert!(stock::luhn(&made) && made.starts_with("8986"), "{made}");
    let given = t.write(|tx| sims::bind(tx, Some("898600000000000000"), &org(HALL), "o1", "p1")).await;
    assert_eq!(given, "898600000000000000", "another system keeps this city's cards");
    filled(&t, 1, 0).await;
    let refused = t.try_write(|tx| sims::bind(tx, Some("898600000000000000"), &org(HALL), "o2", "p2")).await;
    assert_eq!(refused.unwrap_err().code.id, "stock.unknown");
}

#[both_databases]
async fn a_card_is_replaced_and_the_replacement_undone(t: TestApp) {
    filled(&t, 0, 3).await;
    let first = t.write(|tx| sims::bind(tx, None, &org(HALL), "o1", "p1")).await;
    let changed = t.write(|tx| sims::replace(tx, "p1", None, &org(HALL), "o2")).await;
    assert_eq!(changed.old.as_deref(), Some(first.as_str()));
    assert_eq!((state(&t, &first).await, state(&t, &changed.new).await), ("returned".into(), "bound".into()));
    let again = t.write(|tx| sims::replace(tx, "p1", None, &org(HALL), "o2")).await;
    assert_eq!(again.new, changed.new, "the same order again");
    let old = first.clone();
    t.write(move |tx| sims::unreplace(tx, "p1", Some(&old), "o2")).await;
    assert_eq!((state(&t, &first).await, state(&t, &changed.new).await), ("bound".into(), "inStock".into()));
    let back = t.write(|tx| sims::release(tx, "p1")).await;
    assert_eq!(back, std::slice::from_ref(&first));
    assert_eq!(state(&t, &first).await, "returned");
    t.write(move |tx| sims::take_back(tx, &back, "o1", "p1")).await;
    assert_eq!(state(&t, &first).await, "bound");
}

async fn sent(t: &Client, quantity: u64) -> String {
    let body = json!({"fromId": "wh-cn-44-4401", "toId": "wh-cn-44-4401-h001", "kind": "sim", "quantity": quantity, "note": "补货"});
    t.post("/api/v1/stock/transfers", body).await.created()["id"].as_str().unwrap().to_owned()
}

#[both_databases]
async fn a_transfer_needs_two_people_and_its_differences_are_settled(t: TestApp) {
    filled(&t, 10, 0).await;
    let (sender, receiver) = (t.named("sender"), t.named("receiver"));
    let id = sent(&sender, 6).await;
    let path = format!("/api/v1/stock/transfers/{id}");
    let shown = t.get(&path).await.ok();
    let serials: Vec<String> =
        shown["lines"].as_array().unwrap().iter().map(|l| l["serial"].as_str().unwrap().to_owned()).collect();
    assert_eq!((serials.len(), &shown["state"], &shown["toName"]), (6, &json!("dispatched"), &json!("天河路营业厅库")));
    assert_eq!(state(&t, &serials[0]).await, "inTransit");
    let before = t.digest().await;
    sender.post(&format!("{path}/receive"), json!({"all": true})).await.refused(409, "stock.same_person");
    before.assert_unchanged(&t.digest().await);
    // Four arrive whole, one is broken, one is missing, one too many came along and one is nobody's.
    let extra = iccid(9);
    let mut arrived: Vec<&str> = serials[..4].iter().map(String::as_str).collect();
    arrived.extend([extra.as_str(), "89860177000000099999"]);
    let receipt = json!({"serials": arrived, "damaged": [serials[4]]});
    let done = receiver.post(&format!("{path}/receive"), receipt).await.ok();
    let counts = ["received", "missing", "surplus", "damaged"].map(|n| done[n].as_i64().unwrap());
    assert_eq!((&done["state"], counts), (&json!("differing"), [4, 1, 2, 1]));
    assert_eq!(state(&t, &serials[4]).await, "damaged");
    let item = t.get(&format!("/api/v1/stock/items/{extra}")).await.ok();
    assert_eq!((&item["state"], &item["org"]), (&json!("inStock"), &json!(HALL)), "what came along is where it is");
    receiver.post(&format!("{path}/receive"), json!({"all": true})).await.refused(409, "stock.transfer_state");
    let settlement = json!({"found": [], "reason": "承运人遗失"});
    receiver.post(&format!("{path}/settle"), settlement.clone()).await.refused(409, "stock.same_person");
    assert_eq!(sender.post(&format!("{path}/settle"), settlement).await.ok()["state"], "settled");
    assert_eq!(state(&t, &serials[5]).await, "lost");
    let history = t.get(&format!("/api/v1/stock/items/{}", serials[5])).await.ok();
    let what: Vec<&str> = history["history"].as_array().unwrap().iter().map(|h| h["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["dispatch", "lose"]);
}

#[both_databases]
async fn of_two_who_receive_at_once_one_does(t: TestApp) {
    filled(&t, 4, 0).await;
    let id = sent(&t.named("sender"), 4).await;
    let tries: Vec<_> = (0..4)
        .map(|n| {
            let (who, path) = (t.named(&format!("r{n}")), format!("/api/v1/stock/transfers/{id}/receive"));
            tokio::spawn(async move { who.post(&path, json!({"all": true})).await.status.as_u16() })
        })
        .collect();
    let mut answers = Vec::new();
    for one in tries {
        answers.push(one.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    let levels = t.get("/api/v1/stock/levels?warehouseId=wh-cn-44-4401-h001").await.ok();
    assert_eq!(levels[0]["lines"][0]["free"], 4);
}

#[both_databases]
async fn a_parcel_can_be_taken_back_and_too_little_is_refused_whole(t: TestApp) {
    filled(&t, 5, 0).await;
    let before = t.digest().await;
    let body = json!({"fromId": "wh-cn-44-4401", "toId": "wh-cn-44-4401-h001", "kind": "sim", "quantity": 6});
    t.post("/api/v1/stock/transfers", body).await.refused(409, "stock.short");
    before.assert_unchanged(&t.digest().await);
    let id = sent(&t.named("sender"), 5).await;
    let path = format!("/api/v1/stock/transfers/{id}/cancel");
    t.as_scope("/cn/44/4401/h001").post(&path, json!({"reason": "x"})).await.refused(404, "not_found");
    assert_eq!(t.post(&path, json!({"reason": "发错"})).await.ok()["state"], "cancelled");
    assert_eq!(t.get("/api/v1/stock/levels?warehouseId=wh-cn-44-4401").await.ok()[0]["lines"][0]["free"], 5);
}

#[both_databases]
async fn cards_come_from_a_file_with_their_secrets_sealed(t: TestApp) {
    filled(&t, 1, 0).await;
    let (good, known) = (iccid(50), iccid(0));
    let file = format!(
        "ICCID,IMSI,卡类型,PUK,PIN,KI\n{good},460010000099999,USIM,12345678,4321,0123456789ABCDEF0123456789ABCDEF\n\
         {known},460010000000000,USIM,,,\n89860100000000000001,460010000000001,,,,\n{},460010000099999,USIM,,,\n",
        iccid(51)
    );
    let path = "/api/v1/stock/imports?kind=cards&warehouseId=wh-cn-44-4401&name=cards.csv";
    let id =
        t.call(Method::POST, path).raw(file.clone(), "text/csv").await.expect(202)["id"].as_str().unwrap().to_owned();
    while inventory::run_import(t.app()).await.unwrap() {}
    let done = t.get(&format!("/api/v1/inventory-imports/{id}")).await.ok();
    let counts = ["added", "same", "refused"].map(|n| done[n].as_i64().unwrap());
    assert_eq!((&done["state"], counts), (&json!("done"), [1, 1, 2]), "{done}");
    let errors = t.get(&format!("/api/v1/inventory-imports/{id}/errors")).await.body;
    assert!(errors.contains("stock.serial,") && errors.contains("stock.serial_taken"), "{errors}");
    let sql = "SELECT sealed FROM stock_secret WHERE serial = $1".to_owned();
    let serial = good.clone();
    let sealed = t.write(move |tx| Ok(tx.query_one(&sql, store::params![serial])?.text(0))).await;
    assert!(!sealed.contains("12345678"), "sealed");
    let reveal = format!("/api/v1/stock/items/{good}/reveal");
    t.post(&reveal, json!({"reason": ""})).await.refused(400, "field.missing");
    let shown = t.post(&reveal, json!({"reason": "客户忘记 PIN"})).await.ok();
    assert_eq!((&shown["puk"], shown.get("ki")), (&json!("12345678"), None), "the key is for the network alone");
    t.with_permissions(&["stock.read"]).post(&reveal, json!({"reason": "x"})).await.refused(403, "auth.forbidden");
    let devices = "kind,serial,model\nphone,490154203237518,X\nphone,490154203237519,X\nonu,HWTC1A000001,HG\n";
    let path = "/api/v1/stock/imports?kind=devices&warehouseId=wh-cn-44-4401";
    t.call(Method::POST, path).raw(devices, "text/csv").await.expect(202);
    while inventory::run_import(t.app()).await.unwrap() {}
    let phones = t.get("/api/v1/stock/items?kind=phone").await.ok();
    assert_eq!(phones.as_array().unwrap().len(), 1, "the other one has a wrong check digit");
}

#[both_databases]
async fn what_is_counted_and_what_should_lie_there_are_compared(t: TestApp) {
    filled(&t, 0, 5).await;
    let counted: Vec<String> = (1_000..1_004).map(iccid).chain([iccid(77)]).collect();
    let body = json!({"warehouseId": "wh-cn-44-4401-h001", "kind": "sim", "serials": counted});
    let (counter, other) = (t.named("counter"), t.named("other"));
    let sheet = counter.post("/api/v1/stock/counts", body).await.created();
    assert_eq!((&sheet["missing"], &sheet["surplus"]), (&json!([iccid(1_004)]), &json!([iccid(77)])));
    let settle = format!("/api/v1/stock/counts/{}/settle", sheet["id"].as_str().unwrap());
    counter.post(&settle, json!({"reason": "盘亏"})).await.refused(409, "stock.same_person");
    assert_eq!(other.post(&settle, json!({"reason": "盘亏"})).await.ok()["state"], "settled");
    let lost = format!("/api/v1/stock/items/{}", iccid(1_004));
    assert_eq!(t.get(&lost).await.ok()["state"], "lost");
    let found = t.post(&format!("{lost}/change"), json!({"action": "find", "reason": "柜台下找到"})).await.ok();
    assert_eq!(found["state"], "inStock");
    t.post(&format!("{lost}/change"), json!({"action": "scrap", "reason": "x"})).await.refused(409, "stock.state");
    t.post(&format!("{lost}/change"), json!({"action": "damage", "reason": "芯片划伤"})).await.ok();
    assert_eq!(
        t.post(&format!("{lost}/change"), json!({"action": "scrap", "reason": "报废"})).await.ok()["state"],
        "scrapped"
    );
    t.as_scope("/cn/32").get(&lost).await.refused(404, "stock.unknown");
}

#[both_databases]
async fn stock_speaks_tmf687(t: TestApp) {
    filled(&t, 3, 2).await;
    let base = "/tmf-api/stock/v4";
    let stocks = t.get(&format!("{base}/productStock")).await.ok();
    assert_eq!(stocks.as_array().unwrap().len(), 2);
    assert_eq!(stocks[0]["productStockLevel"]["amount"], 3);
    let one = t.get(&format!("{base}/productStock/{}", stocks[0]["id"].as_str().unwrap())).await.ok();
    assert_eq!(one["id"], stocks[0]["id"]);
    let item = |amount: i64| {
        json!([{"id": "1", "productStock": {"id": stocks[1]["id"]}, "requestedProductStock": {"amount": amount, "units": "piece"},
                "checkedProductStockLevel": {"amount": amount}}])
    };
    let enough =
        t.post(&format!("{base}/checkProductStock"), json!({"checkProductStockItem": item(2)})).await.created();
    assert_eq!(
        (&enough["state"], &enough["checkProductStockItem"][0]["availabilityStatus"]),
        (&json!("done"), &json!("available"))
    );
    let short = t.post(&format!("{base}/checkProductStock"), json!({"checkProductStockItem": item(3)})).await.created();
    assert_eq!(short["checkProductStockItem"][0]["availabilityStatus"], "unavailable");
    assert_eq!(short["checkProductStockItem"][0]["alternateProductStock"][0]["id"], stocks[0]["id"]);
    let reserve = |n: i64| json!({"reserveProductStockItem": [{"id": "1", "productStock": {"id": stocks[1]["id"]}, "quantityRequested": {"amount": n}}]});
    let kept = t.post(&format!("{base}/reserveProductStock"), reserve(2)).await.created();
    assert_eq!(kept["reserveProductStockItem"][0]["reservedResource"].as_array().unwrap().len(), 2);
    let before = t.digest().await;
    t.post(&format!("{base}/reserveProductStock"), reserve(1)).await.refused(409, "stock.none");
    before.assert_unchanged(&t.digest().await);
    t.delete(&format!("{base}/reserveProductStock/{}", kept["id"].as_str().unwrap())).await.no_content();
    assert_eq!(t.get("/api/v1/stock/levels?warehouseId=wh-cn-44-4401-h001").await.ok()[0]["lines"][0]["free"], 2);
    let query =
        t.post(&format!("{base}/queryProductStock"), json!({"searchCriteria": {"kind": "sim"}})).await.created();
    assert_eq!(query["queryProductStockItem"].as_array().unwrap().len(), 2);
    let adjust = json!({"adjustReason": "到货", "adjustProductStockItem": [{"id": "1", "action": "increase",
        "productStock": {"id": stocks[1]["id"]}, "serials": [iccid(300)]}]});
    let made = t.post(&format!("{base}/adjustProductStock"), adjust).await.created();
    assert_eq!(made["state"], "completed");
    assert_eq!(state(&t, &iccid(300)).await, "inStock");
}

#[both_databases]
async fn a_shared_resource_goes_with_its_last_service(t: TestApp) {
    t.write(|tx| {
        shared::attach(tx, "onu", "addr-1", "p1")?;
        shared::attach(tx, "onu", "addr-1", "p2")?;
        shared::attach(tx, "onu", "addr-1", "p2")
    })
    .await;
    // Both leave at once: exactly one of them is the last.
    let leave = |product: &'static str| {
        let db = t.db().clone();
        tokio::spawn(async move {
            db.write(kernel::Actor::system(), move |tx| shared::detach(tx, "onu", "addr-1", product)).await.unwrap()
        })
    };
    let (one, two) = (leave("p1"), leave("p2"));
    let last = [one.await.unwrap(), two.await.unwrap()].into_iter().filter(|left| left.was_last()).count();
    assert_eq!(last, 1);
    let again = t.write(|tx| shared::detach(tx, "onu", "addr-1", "p2")).await;
    assert!(!again.was_last(), "it was not attached any more");
}
