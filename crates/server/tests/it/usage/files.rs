//! Files: taken in once, in either language and encoding, with what was refused to be fetched; the error pool.

use super::{NUMBER, findings, records, service};
use http::axum::http::Method;
use std::io::Write;
use testkit::{Response, TestApp, Value, both_databases, json};

const FILES: &str = "/api/v1/usage/files";
const POOL: &str = "/api/v1/usage/pool";

async fn send(t: &TestApp, name: &str, bytes: Vec<u8>) -> Response {
    usage::use_directory(t.db(), t.dir().join("usage"));
    t.call(Method::POST, &format!("{FILES}?name={name}")).raw(bytes, "text/csv").await
}

async fn upload(t: &TestApp, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let made = send(t, name, bytes.into()).await.created();
    t.settle().await;
    t.get(&format!("{FILES}/{}", made["id"].as_str().unwrap())).await.ok()
}

fn counts(file: &Value) -> [i64; 5] {
    ["taken", "late", "duplicates", "suspended", "refused"].map(|n| file[n].as_i64().unwrap())
}

fn rows(t: &TestApp) -> String {
    let day = t.now().date().plus_days(-1);
    format!(
        "号码,业务类型,开始时间,时长(分钟),对端号码,流水号\n\
         {NUMBER},语音,{day} 09:00:00,1.5,13711112222,A1\n\
         {NUMBER},短信,{day} 09:01:00,,10086,A2\n\
         {NUMBER},语音,{day} 08:00:00,0,13711112222,A3\n\
         {NUMBER},语音,{day} 09:00:00,1.5,13711112222,A1\n\
         {NUMBER},语音,{day} 10:00:00,-3,13711112222,A4\n\
         {NUMBER},语音,{day} 10:00:00,99999999999999999999,13711112222,A5\n\
         13900138099,语音,{day} 10:00:00,2,13711112222,A6\n\
         {NUMBER},传真,{day} 10:00:00,2,13711112222,A7\n\
         {NUMBER},语音,{day} 10:61:00,2,13711112222,A8\n"
    )
}

#[both_databases]
async fn a_file_is_taken_in_once_and_its_refused_rows_can_be_fetched(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let text = rows(&t);
    let file = upload(&t, "1.csv", text.clone()).await;
    assert_eq!((file["state"].as_str(), counts(&file)), (Some("done"), [3, 0, 1, 1, 4]), "{file}");
    assert_eq!(file["position"], file["bytes"]);
    let id = file["id"].as_str().unwrap();
    let refused = t.get(&format!("{FILES}/{id}/refused")).await.body;
    for (line, code) in
        [(5, "duplicate"), (6, "negative"), (7, "overflow"), (8, "unknown_service"), (9, "kind"), (10, "time")]
    {
        assert!(refused.contains(&format!("\r\n{line},usage.{code},")), "{line} {code}: {refused}");
    }
    let cycle = kernel::Cycle::month_of(t.now().date().plus_days(-1));
    let read = records(&t, key, cycle).await;
    let amounts: Vec<(&str, u64)> = read.iter().map(|r| (r.id.as_str(), r.amount)).collect();
    assert_eq!(amounts, [("A3", 0), ("A1", 90), ("A2", 1)]);

    // The same file again, under another name, by somebody of another hall.
    let before = t.digest().await;
    let body = send(&t, "2.csv", text.clone().into_bytes()).await.refused(409, "usage.file_known");
    assert_eq!(body["fileId"], id);
    assert!(body["reason"].as_str().unwrap().contains("1.csv"), "{body}");
    before.assert_unchanged(&t.digest().await);
    // Its records under another digest: each is known, nothing doubles.
    let again = upload(&t, "3.csv", format!("{text}\n")).await;
    assert_eq!(counts(&again), [0, 0, 5, 0, 4], "{again}");
    assert_eq!(records(&t, key, cycle).await, read);
    assert_eq!(findings(&t).await, Vec::<String>::new());
}

#[both_databases]
async fn gb18030_and_gz_are_read_as_they_come(t: TestApp) {
    service(&t, "p1", NUMBER).await;
    let text = rows(&t);
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    let file = upload(&t, "gbk.csv", gbk.clone()).await;
    assert_eq!(counts(&file), [3, 0, 1, 1, 4], "{file}");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&gbk).unwrap();
    packed.write_all(b"\r\n").unwrap();
    let file = upload(&t, "gbk.csv.gz", packed.finish().unwrap()).await;
    assert_eq!((file["state"].as_str(), counts(&file)), (Some("done"), [0, 0, 5, 0, 4]), "{file}");
}

#[both_databases]
async fn a_file_that_is_none_is_told_so_and_may_come_again(t: TestApp) {
    service(&t, "p1", NUMBER).await;
    send(&t, "empty.csv", Vec::new()).await.refused(422, "usage.empty_file");
    let file = upload(&t, "wrong.csv", "a,b\n1,2\n").await;
    assert_eq!(file["state"], "failed");
    assert!(file["error"].as_str().unwrap().contains("流水号"), "{file}");
    let file = upload(&t, "wrong.csv", "a,b\n1,2\n").await;
    assert_eq!(file["state"], "failed", "a failed file is not in the way of itself");
    let torn = upload(&t, "torn.csv.gz", vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]).await;
    assert_eq!(torn["state"], "failed", "{torn}");
    // A quote that is never closed does not fill the memory.
    let endless = format!("number,kind,start,amount,id\n\"{}", "x".repeat(3 << 20));
    let file = upload(&t, "endless.csv", endless).await;
    assert_eq!((file["state"].as_str(), counts(&file)), (Some("failed"), [0, 0, 0, 0, 0]), "{file}");
    t.as_scope("/cn/35").get(&format!("{FILES}/{}", file["id"].as_str().unwrap())).await.refused(404, "not_found");
}

#[both_databases]
async fn an_import_can_be_stopped_and_goes_on_where_it_stopped(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let made = send(&t, "1.csv", rows(&t).into_bytes()).await.created();
    let path = format!("{FILES}/{}", made["id"].as_str().unwrap());
    assert_eq!(t.post(&format!("{path}/stop"), json!({})).await.ok()["state"], "stopped");
    t.settle().await;
    assert_eq!(counts(&t.get(&path).await.ok()), [0; 5]);
    t.post(&format!("{path}/stop"), json!({})).await.refused(409, "usage.file_state");
    t.post(&format!("{path}/resume"), json!({})).await.ok();
    t.settle().await;
    assert_eq!(counts(&t.get(&path).await.ok()), [3, 0, 1, 1, 4]);
    t.post(&format!("{path}/resume"), json!({})).await.refused(409, "usage.file_state");
    let cycle = kernel::Cycle::month_of(t.now().date().plus_days(-1));
    assert_eq!(records(&t, key, cycle).await.len(), 3);
}

#[both_databases]
async fn what_has_no_service_waits_until_it_has_one_or_is_given_up(t: TestApp) {
    let day = t.now().date().plus_days(-1);
    let text = format!(
        "number,kind,start,amount,peer,id\n\
         13900138055,call,{day} 09:00:00,60,13711112222,U1\n\
         13900138055,call,{day} 09:05:00,60,13711112222,U2\n\
         13900138066,data,{day} 09:05:00,1024,cmnet,U3\n\
         13900138077,call,2030-01-01 00:00:00,60,13711112222,U4\n"
    );
    let file = upload(&t, "pool.csv", text).await;
    assert_eq!(counts(&file), [0, 0, 0, 4, 0], "{file}");
    let pool = t.get(POOL).await;
    assert_eq!(pool.total(), 4);
    assert_eq!(
        pool.ok()["open"][0],
        json!({"code": "usage.future", "title": {"zh-CN": "开始时间在未来", "en": "It lies in the future"}, "count": 1})
    );
    let masked = t.with_permissions(&["usage.pool"]).get(&format!("{POOL}?number=13900138055")).await.ok();
    assert_eq!(masked["records"][0]["peer"], "137****2222");

    // Nothing is taken that has no service; what has been tried says so.
    let passed = t.post(&format!("{POOL}/recycle"), json!({"number": "13900138055"})).await.ok();
    assert_eq!(passed, json!({"tried": 2, "taken": 0, "left": 2}));
    assert_eq!(t.get(&format!("{POOL}?number=13900138055")).await.ok()["records"][0]["attempts"], 1);
    let key = service(&t, "p55", "13900138055").await;
    let passed = t.post(&format!("{POOL}/recycle"), json!({"number": "13900138055"})).await.ok();
    assert_eq!(passed, json!({"tried": 2, "taken": 2, "left": 0}));
    let cycle = kernel::Cycle::month_of(day);
    assert_eq!(records(&t, key, cycle).await.len(), 2);

    // By itself, once the service is there.
    let other = service(&t, "p66", "13900138066").await;
    t.advance(301);
    t.settle().await;
    assert_eq!(records(&t, other, cycle).await.len(), 1);
    assert_eq!(t.get(&format!("{POOL}?state=recycled")).await.total(), 3);

    let left = t.get(POOL).await.ok()["records"][0]["id"].clone();
    t.post(&format!("{POOL}/discard"), json!({"ids": [left]})).await.refused(400, "usage.reason");
    t.post(&format!("{POOL}/discard"), json!({"reason": "测试"})).await.refused(400, "usage.pool_choice");
    t.as_scope("/cn/35")
        .post(&format!("{POOL}/discard"), json!({"ids": [left], "reason": "x"}))
        .await
        .refused(404, "not_found");
    assert_eq!(
        t.post(&format!("{POOL}/discard"), json!({"ids": [left], "reason": "测试话单"})).await.ok()["discarded"],
        1
    );
    t.post(&format!("{POOL}/discard"), json!({"ids": [left], "reason": "测试话单"}))
        .await
        .refused(409, "usage.pool_state");
    assert_eq!(t.get(&format!("{POOL}?state=discarded")).await.ok()["records"][0]["note"], "测试话单");
    assert_eq!(t.get(POOL).await.total(), 0);
}
