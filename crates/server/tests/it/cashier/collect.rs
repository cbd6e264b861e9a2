//! Bank files: booked once, refused where they are wrong, taken back exactly.

use super::{debtor, sound};
use crate::billing::balance;
use testkit::{TestApp, Value, both_databases, json};

async fn agree(t: &TestApp, account: &str, name: &str) -> Value {
    let ask = json!({"accountId": account, "bankCode": "102", "payerName": name, "bankAccount": "6222021234567890"});
    t.post("/api/v1/collection/agreements", ask).await.created()
}

async fn batch(t: &TestApp) -> Value {
    let made = t.post("/api/v1/collection/batches", json!({"bankCode": "102"})).await.created();
    let path = format!("/api/v1/collection/batches/{}/file?encoding=gbk", made["id"].as_str().unwrap());
    let file = t.post(&path, json!({})).await;
    assert_eq!(file.status, 200);
    made
}

fn answer(no: &str, serial: &str, lines: &[(i64, &str, i64)]) -> String {
    let total: i64 = lines.iter().filter(|l| l.1 == "0000").map(|l| l.2).sum();
    let count = lines.len();
    let body: String = lines.iter().map(|(seq, code, fen)| format!("D|{seq}|{code}|{fen}|REF{seq}\r\n")).collect();
    format!("H|YT02|{no}|102|20261123|{count}|{total}|{serial}\r\n{body}T|{count}|{total}\r\n")
}

async fn send(t: &TestApp, text: &str) -> testkit::Response {
    let call = t.post("/api/v1/collection/results", Value::Null);
    call.raw(text.to_owned(), "text/plain").await
}

async fn result(t: &TestApp, id: &Value) -> Value {
    t.get(&format!("/api/v1/collection/results/{}", id.as_str().unwrap())).await.ok()
}

#[both_databases]
async fn an_answer_is_booked_once_and_a_reversal_takes_back_exactly_that(t: TestApp) {
    let mut people = Vec::new();
    for (n, name) in ["欧阳娜娜", "张伟", "李娜"].iter().enumerate() {
        let (customer, account) = debtor(&t, &format!("o{n}")).await;
        agree(&t, &account, name).await;
        people.push(customer);
    }
    let made = batch(&t).await;
    assert_eq!((made["items"].clone(), made["totalFen"].clone()), (json!(3), json!(3 * 19_900)));
    t.post("/api/v1/collection/batches", json!({"bankCode": "102"})).await.refused(409, "collection.nothing_due");
    let no = made["batchNo"].as_str().unwrap().to_owned();

    // What is not a whole file of this bank and batch leaves no trace.
    let before = t.digest().await;
    send(&t, "garbage").await.refused(422, "collection.file_format");
    send(&t, &answer("TS-0", "R1", &[(1, "0000", 5)])).await.refused(422, "collection.file_batch");
    send(&t, &answer(&no, "R1", &[(1, "0000", 5)]).replace("T|1|5", "T|1|6"))
        .await
        .refused(422, "collection.file_totals");
    before.assert_unchanged(&t.digest().await);

    // One paid, one in part, one not, one that nobody asked for, one twice, one too much.
    let lines = [(1, "0000", 19_900), (2, "0000", 10_000), (3, "1001", 0), (9, "0000", 100), (1, "0000", 100)];
    let text = answer(&no, "R1", &lines);
    let taken = send(&t, &text).await;
    assert_eq!(taken.status, 202);
    let id = taken.json()["id"].clone();
    t.settle().await;
    let done = result(&t, &id).await;
    assert_eq!(
        (done["state"].clone(), done["booked"].clone(), done["failed"].clone()),
        (json!("done"), json!(2), json!(1))
    );
    assert_eq!((done["bookedFen"].clone(), done["refused"].clone()), (json!(29_900), json!(2)), "{done}");
    let csv = t.get(&format!("/api/v1/collection/results/{}/refused", id.as_str().unwrap())).await;
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    send(&t, &text).await.refused(409, "collection.file_known");
    send(&t, &answer(&no, "R1", &[(3, "1001", 0)])).await.refused(409, "collection.file_serial");
    let batch = t.get(&format!("/api/v1/collection/batches/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!(batch["state"], json!("done"));
    assert_eq!(owed(&t, &people).await, [0, 9_900, 19_900]);
    sound(&t).await;

    // Reversed: exactly the two payments go back, once.
    let reversal = |serial: &str| format!("H|YT03|{no}|102|20261124|0|0|{serial}|R1\r\nT|0|0\r\n");
    send(&t, &format!("H|YT03|{no}|102|20261124|0|0|V0|R7\r\nT|0|0\r\n"))
        .await
        .refused(422, "collection.no_such_result");
    let back = send(&t, &reversal("V1")).await;
    assert_eq!(back.status, 202);
    send(&t, &reversal("V2")).await.refused(409, "collection.already_reversed");
    t.settle().await;
    let was = result(&t, &id).await;
    assert_eq!(
        (was["state"].clone(), was["reversed"].clone(), was["booked"].clone()),
        (json!("reversed"), json!(2), json!(0))
    );
    assert_eq!(owed(&t, &people).await, [19_900, 19_900, 19_900]);
    assert_eq!(balance(&t, &people[0]).await, 0);
    sound(&t).await;

    // What was returned may be asked for again.
    let again = t.post("/api/v1/collection/batches", json!({"bankCode": "102"})).await.created();
    assert_eq!(again["items"], json!(3));
}

async fn owed(t: &TestApp, people: &[String]) -> Vec<i64> {
    let mut all = Vec::new();
    for id in people {
        let id = id.clone();
        all.push(t.write(move |tx| billing::arrears_of(tx, &id)).await.total.in_fen());
    }
    all
}

#[both_databases]
async fn a_bank_returns_one_item_and_its_payment_is_undone(t: TestApp) {
    let (customer, account) = debtor(&t, "o1").await;
    let agreement = agree(&t, &account, "张伟").await;
    assert_eq!(agreement["bankAccount"], json!("6222****7890"));
    let twice =
        json!({"accountId": account, "bankCode": "102", "payerName": "张伟", "bankAccount": "6222021234567890"});
    t.post("/api/v1/collection/agreements", twice).await.refused(409, "collection.agreement_exists");
    let made = batch(&t).await;
    let no = made["batchNo"].as_str().unwrap();
    send(&t, &answer(no, "R1", &[(1, "0000", 19_900)])).await;
    t.settle().await;
    send(&t, &answer(no, "R2", &[(1, "RTRN", 0)])).await;
    t.settle().await;
    assert_eq!(owed(&t, &[customer]).await, [19_900]);
    // The file is reversed afterwards: nothing of it is left to take back.
    let reversal = format!("H|YT03|{no}|102|20261124|0|0|V1|R1\r\nT|0|0\r\n");
    assert_eq!(send(&t, &reversal).await.status, 202);
    t.settle().await;
    sound(&t).await;
    let end = format!("/api/v1/collection/agreements/{}/end", agreement["id"].as_str().unwrap());
    t.post(&end, json!({"reason": "客户申请"})).await.ok();
    t.post(&end, json!({"reason": "客户申请"})).await.refused(409, "collection.agreement_ended");
}

#[both_databases]
async fn a_name_that_gbk_cannot_write_is_refused_and_the_batch_stays(t: TestApp) {
    let (_, account) = debtor(&t, "o1").await;
    agree(&t, &account, "张😀").await;
    let made = t.post("/api/v1/collection/batches", json!({"bankCode": "102"})).await.created();
    let path = format!("/api/v1/collection/batches/{}", made["id"].as_str().unwrap());
    let before = t.digest().await;
    t.post(&format!("{path}/file?encoding=gbk"), json!({})).await.refused(422, "collection.encoding");
    before.assert_unchanged(&t.digest().await);
    t.post(&format!("{path}/cancel"), json!({})).await.ok();
    t.post(&format!("{path}/file"), json!({})).await.refused(409, "collection.state");
}
