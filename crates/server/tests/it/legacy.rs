//! The file interface to the legacy system 97: late, doubled, damaged and lost files, a process that dies between writing
//! and booking, and a result for an order that was cancelled meanwhile.

use crate::{
    activation::{broadband, cancel, connected, messages, product_of, route, system, wait},
    journeys::open_fallout,
    ordering::{order_state, shop},
};
use activation::{
    Legacy,
    legacy::{files, format},
};
use std::path::PathBuf;
use testkit::{TestApp, both_databases, json};

async fn office(t: &TestApp) -> (String, PathBuf) {
    let customer = shop(t).await;
    let directory = t.dir().join("legacy97");
    activation::use_legacy(t.db(), Legacy { directory: directory.clone(), simulated: true }).unwrap();
    route(t, "broadband", "legacy97").await;
    (customer, directory)
}

fn names(directory: &std::path::Path, name: &str) -> Vec<String> {
    files::list(&directory.join(name), 1_000).unwrap()
}

#[both_databases]
async fn an_order_goes_out_as_a_file_and_comes_back_as_two(t: TestApp) {
    let (customer, directory) = office(&t).await;
    let order = broadband(&t, &customer, "天河路 1 号|东门").await;
    wait(&t, 60).await;
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("completed", 2));
    for name in ["drop", "ack", "result", "bad"] {
        assert_eq!(names(&directory, name), Vec::<String>::new(), "{name}");
    }
    let kept = names(&directory, "archive");
    assert_eq!(kept.iter().map(|n| n.chars().next().unwrap()).collect::<String>(), "AOR");
    let file = std::fs::read_to_string(directory.join("archive").join(&kept[1])).unwrap();
    let (read, _) = format::parse(&file).unwrap();
    assert!(read.lines.iter().flatten().any(|f| f == "天河路 1 号|东门"), "{file}");
    assert!(!file.contains("password"));
    let out = t.get("/api/v1/network/legacy/out").await.ok();
    assert_eq!((&out[0]["state"], &out[0]["kind"]), (&json!("acked"), &json!("O")));
    let content = t.get(&format!("/api/v1/network/legacy/out/{}", out[0]["id"].as_str().unwrap())).await.ok();
    assert_eq!(content["content"], json!(file));
    let shown = t.get("/api/v1/network/legacy").await.ok();
    assert_eq!((&shown["in"]["booked"], &shown["directories"]["archive"]), (&json!(2), &json!(3)));
}

#[both_databases]
async fn damaged_doubled_and_disordered_files_do_no_harm(t: TestApp) {
    let (customer, directory) = office(&t).await;
    for (n, way) in [
        json!({"damagedNext": 1}),
        json!({"damagedNext": 2}),
        json!({"twiceNext": 1}),
        json!({"disorderNext": 1}),
        json!({"neverNext": 1}),
        json!({"lateSeconds": 200}),
    ]
    .into_iter()
    .enumerate()
    {
        system(&t, "legacy97", way.clone()).await;
        let order = broadband(&t, &customer, &format!("天河路 {n} 号")).await;
        wait(&t, 400).await;
        system(&t, "legacy97", json!({"damagedNext": 0})).await;
        wait(&t, 100).await;
        assert_eq!(order_state(&t, &order).await, "completed", "{way}");
        assert_eq!(connected(&t).await, 2 * (i64::try_from(n).unwrap() + 1), "{way}");
        assert!(open_fallout(&t).await.is_empty(), "{way}");
    }
    assert!(!names(&directory, "bad").is_empty());
    assert_eq!(names(&directory, "result"), Vec::<String>::new());
    // Everything that ever came comes again.
    let settled = (connected(&t).await, t.count("SELECT COUNT(*) FROM activation_message").await);
    for name in names(&directory, "archive").into_iter().filter(|n| n.starts_with('R') || n.starts_with('A')) {
        let to = if name.starts_with('R') { "result" } else { "ack" };
        let again = name.split(".97").next().unwrap();
        let kind = &name[..1];
        std::fs::copy(directory.join("archive").join(&name), directory.join(to).join(format!("{again}.97{kind}")))
            .unwrap();
    }
    wait(&t, 60).await;
    assert_eq!((connected(&t).await, t.count("SELECT COUNT(*) FROM activation_message").await), settled);
    assert!(t.count("SELECT COUNT(*) FROM legacy_in WHERE verdict = 'duplicate'").await >= 10);
}

/// The process dies after the file lies there and before that is booked; and once more after 97 has taken it.
#[both_databases]
async fn a_restart_between_writing_and_booking_writes_again_or_recognises(t: TestApp) {
    let (customer, directory) = office(&t).await;
    system(&t, "legacy97", json!({"stuck": true})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    let lying = names(&directory, "drop");
    assert_eq!(lying.len(), 1);
    let lost = |t: TestApp| async move {
        t.write(|tx| tx.execute(&"UPDATE legacy_out SET state = 'pending', written_at = NULL".to_owned(), &[])).await
    };
    lost(t.clone()).await;
    t.settle().await;
    assert_eq!(names(&directory, "drop"), lying, "it is recognised");
    assert_eq!(t.count("SELECT COUNT(*) FROM legacy_out WHERE detail = 'recognised'").await, 1);
    // A half-written file of a process that died is nobody's.
    std::fs::write(directory.join("drop").join(".O0000000099.97O.tmp"), "97|1.0|O|").unwrap();
    system(&t, "legacy97", json!({"stuck": false})).await;
    t.settle().await;
    lost(t.clone()).await;
    wait(&t, 60).await;
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("completed", 2));
    assert_eq!(t.count("SELECT COUNT(*) FROM southbound_order").await, 1, "97 knows it by its number and does it once");
}

#[both_databases]
async fn a_result_for_an_order_cancelled_meanwhile_is_compensated_and_nothing_comes_back_to_life(t: TestApp) {
    let (customer, directory) = office(&t).await;
    system(&t, "legacy97", json!({"neverNext": 1})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    assert_eq!(connected(&t).await, 2, "97 has done it and said nothing");
    let product = product_of(&t, &order).await;
    cancel(&t, &order).await;
    wait(&t, 200).await;
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("cancelled", 0));
    let all = messages(&t, &order).await;
    assert!(all.iter().any(|m| m["purpose"] == "undo" && m["state"] == "completed"), "{all:#?}");
    // Long after everything is over the result turns up.
    let id = all.iter().find(|m| m["purpose"] == "order").unwrap()["id"].as_str().unwrap().to_owned();
    let late = format::File {
        kind: 'R',
        seq: 900,
        at: "20261122180000".into(),
        lines: format::about_lines(&id, 1, &[&["S", "DONE", "so-1", ""]]),
    };
    files::put(&directory.join("result"), &format::name('R', 900), &format::write(&late)).unwrap();
    wait(&t, 100).await;
    assert_eq!((messages(&t, &order).await.len(), connected(&t).await), (2, 0));
    let held = t.get(&format!("/tmf-api/productInventory/v4/product/{product}")).await.ok();
    assert_eq!((&held["status"], order_state(&t, &order).await.as_str()), (&json!("cancelled"), "cancelled"));
}

#[both_databases]
async fn a_result_after_a_confirmed_cancellation_makes_a_compensating_file(t: TestApp) {
    let (customer, directory) = office(&t).await;
    system(&t, "legacy97", json!({"lateSeconds": 500})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    cancel(&t, &order).await;
    wait(&t, 200).await;
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("cancelled", 0));
    let id = messages(&t, &order).await[0]["id"].as_str().unwrap().to_owned();
    let late = format::File {
        kind: 'R',
        seq: 901,
        at: "20261122180000".into(),
        lines: format::about_lines(&id, 1, &[&["S", "DONE", "so-1", ""]]),
    };
    files::put(&directory.join("result"), &format::name('R', 901), &format::write(&late)).unwrap();
    wait(&t, 700).await;
    let all = messages(&t, &order).await;
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all.iter().all(|m| m["state"] == "completed"), "{all:#?}");
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("cancelled", 0));
}

#[both_databases]
async fn files_that_cannot_be_read_are_put_aside_with_the_reason(t: TestApp) {
    let (_, directory) = office(&t).await;
    let whole = format::write(&format::File {
        kind: 'R',
        seq: 7,
        at: "20261122180000".into(),
        lines: format::about_lines("m", 1, &[&["S", "DONE"]]),
    });
    let result = directory.join("result");
    std::fs::write(result.join("R0000000007.97R"), &whole[..whole.len() - 9]).unwrap();
    std::fs::write(result.join("R0000000008.97R"), whole.replace("DONE", "GONE")).unwrap();
    std::fs::write(result.join("R0000000009.97R"), [0xff, 0xfe, 0x00, b'\n']).unwrap();
    std::fs::write(result.join("R0000000010.97R"), "").unwrap();
    t.settle().await;
    assert_eq!(names(&directory, "bad"), ["R0000000008.97R"], "what may still be growing waits");
    t.advance(30);
    t.settle().await;
    assert_eq!(names(&directory, "bad").len(), 4);
    let seen = t.get("/api/v1/network/legacy/in?verdict=bad").await.ok();
    let why: Vec<&str> = seen.as_array().unwrap().iter().map(|f| f["detail"].as_str().unwrap()).collect();
    assert_eq!(why.iter().filter(|w| **w == "truncated").count(), 3, "{why:?}");
    assert!(why.contains(&"checksum"));
}
