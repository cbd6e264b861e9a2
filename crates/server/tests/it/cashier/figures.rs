//! Kept figures come to what bills, ledger and subscriptions say, at every place, and again after they were forgotten.

use super::{DAY, debtor, take};
use testkit::{TestApp, Value, both_databases, json};

async fn figures(t: &TestApp, path: &str) -> Value {
    t.get(&format!("/api/v1/figures/{path}")).await.ok()
}

async fn catch_up(t: &TestApp) {
    let db = t.db().clone();
    tokio::task::spawn_blocking(move || billing::figures::catch_up(&db)).await.unwrap().unwrap();
}

#[both_databases]
async fn revenue_arrears_and_balances_are_the_sums_of_what_is_booked(t: TestApp) {
    let (first, _) = debtor(&t, "o1").await;
    let (_, _) = debtor(&t, "o2").await;
    take(&t, &first, 30_000, "cash").await;
    catch_up(&t).await;
    catch_up(&t).await;
    let revenue = figures(&t, "revenue").await;
    let month = revenue["months"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((month["billedFen"].clone(), month["bills"].clone()), (json!(39_800), json!(2)), "{month}");
    assert_eq!((month["outstandingFen"].clone(), month["collectionRateBp"].clone()), (json!(19_900), json!(5_000)));
    assert_eq!(month["collectedFen"], json!(30_000));
    let whole = figures(&t, "revenue?org=/cn").await;
    let hall = figures(&t, "revenue?org=/cn/44/4401/h001").await;
    assert_eq!(whole["months"], hall["months"], "all of it is of this hall");
    assert_eq!(whole["places"][0]["billedFen"], json!(39_800));
    t.as_scope("/cn/99").get("/api/v1/figures/revenue?org=/cn/44").await.refused(404, "not_found");
    t.get("/api/v1/figures/revenue?from=2020-01").await.refused(400, "field.invalid");

    let arrears = figures(&t, "arrears").await;
    assert_eq!((arrears["totalFen"].clone(), arrears["overdueFen"].clone()), (json!(19_900), json!(0)));
    let balances = figures(&t, "balances").await;
    assert_eq!(balances["closingFen"], json!(10_100));
    assert_eq!(balances["books"], json!([{"book": "general", "fen": 10_100}]));

    // Forty days later it is overdue, and the same after everything was forgotten and computed again.
    t.advance(40 * DAY);
    catch_up(&t).await;
    let late = figures(&t, "arrears").await;
    assert_eq!((late["overdueFen"].clone(), late["debtors"].clone()), (json!(19_900), json!(1)));
    assert_eq!(late["buckets"][1], json!({"age": "d30", "fen": 19_900, "bills": 1}));
    let before = figures(&t, "revenue").await;
    let answered = t.post("/api/v1/figures/rebuild", json!({})).await;
    assert_eq!(answered.status, 202);
    catch_up(&t).await;
    let again = figures(&t, "revenue").await;
    assert_eq!(before["months"], again["months"]);
    assert_eq!(figures(&t, "balances?unit=month").await["closingFen"], json!(10_100));
}
