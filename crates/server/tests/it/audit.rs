//! The audit chain notices whoever lays hand on it.

use kernel::Actor;
use testkit::{TestApp, both_databases, json};

async fn findings(t: &TestApp) -> Vec<String> {
    t.db().read(Actor::system(), access::verify_audit).await.unwrap()
}

async fn some_history(t: &TestApp) {
    for n in 0..6 {
        t.post("/api/v1/organizations", json!({"path": format!("/cn/{n}0"), "name": format!("省 {n}")}))
            .await
            .created();
        if n % 2 == 0 {
            while access::seal(t.db()).await.unwrap() > 0 {}
        }
    }
}

async fn meddle(t: &TestApp, sql: &str) {
    let sql = sql.to_owned();
    t.write(move |tx| tx.execute(&sql, &[]).map(drop)).await;
}

#[both_databases]
async fn an_untouched_chain_is_whole(t: TestApp) {
    some_history(&t).await;
    assert!(findings(&t).await.is_empty(), "{:?}", findings(&t).await);
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_checkpoint").await, 3);
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE seal IS NULL").await, 1);
    while access::seal(t.db()).await.unwrap() > 0 {}
    assert!(findings(&t).await.is_empty());
}

#[both_databases]
async fn an_altered_entry_is_found(t: TestApp) {
    some_history(&t).await;
    meddle(&t, "UPDATE audit_entry SET actor_name = '别人' WHERE seal = 2").await;
    let found = findings(&t).await;
    assert!(found.len() == 1 && found[0].contains("checkpoint 2 was altered"), "{found:?}");
}

#[both_databases]
async fn a_removed_entry_is_found(t: TestApp) {
    some_history(&t).await;
    meddle(&t, "DELETE FROM audit_entry WHERE id = (SELECT MIN(id) FROM audit_entry WHERE seal = 2)").await;
    let found = findings(&t).await;
    assert!(found.len() == 1 && found[0].contains("removed or added"), "{found:?}");
}

#[both_databases]
async fn an_entry_slipped_in_later_is_found(t: TestApp) {
    some_history(&t).await;
    let copy = "INSERT INTO audit_entry (id, at, actor_kind, actor, actor_name, action, subject_type, subject_id, org, detail, seal) \
                SELECT '00000000-forged', at, actor_kind, actor, actor_name, action, subject_type, subject_id, org, detail, ";
    meddle(&t, &format!("{copy} 2 FROM audit_entry WHERE seal = 2 LIMIT 1")).await;
    assert!(findings(&t).await[0].contains("removed or added"));
    meddle(&t, "DELETE FROM audit_entry WHERE id = '00000000-forged'").await;
    assert!(findings(&t).await.is_empty());
    // Left open, so that the sealer counts it: its time gives it away.
    t.advance(2 * 86_400);
    t.post("/api/v1/organizations", json!({"path": "/cn/99", "name": "省"})).await.created();
    while access::seal(t.db()).await.unwrap() > 0 {}
    meddle(&t, &format!("{copy} NULL FROM audit_entry WHERE seal = 1 LIMIT 1")).await;
    assert!(findings(&t).await.iter().any(|f| f.contains("added later")));
    while access::seal(t.db()).await.unwrap() > 0 {}
    assert!(findings(&t).await.iter().any(|f| f.contains("added later")));
}

#[both_databases]
async fn a_forged_checkpoint_is_found(t: TestApp) {
    some_history(&t).await;
    // Somebody alters an entry and, knowing the format but not the key, the digest as well.
    meddle(&t, "UPDATE audit_entry SET actor = 'x' WHERE seal = 3").await;
    meddle(&t, "UPDATE audit_checkpoint SET digest = 'abcd' WHERE seal = 3").await;
    let found = findings(&t).await;
    assert!(found.iter().any(|f| f.contains("signature")), "{found:?}");
}

#[both_databases]
async fn the_end_of_the_chain_cannot_be_cut_off(t: TestApp) {
    some_history(&t).await;
    meddle(&t, "DELETE FROM audit_entry WHERE seal = 3").await;
    meddle(&t, "DELETE FROM audit_checkpoint WHERE seal = 3").await;
    let found = findings(&t).await;
    assert!(found.iter().any(|f| f.contains("missing")), "{found:?}");
}

#[both_databases]
async fn who_reads_the_chain_sees_their_part_of_it(t: TestApp) {
    some_history(&t).await;
    let all = t.get("/api/v1/audit?limit=3").await;
    assert_eq!((all.total(), all.ok().as_array().unwrap().len()), (6, 3));
    let part = t.as_scope("/cn/20").get("/api/v1/audit").await;
    assert_eq!(part.total(), 1);
    assert_eq!(part.ok()[0]["subjectId"], "/cn/20");
    assert_eq!(t.get("/api/v1/audit?subject=/cn/30").await.total(), 1);
    t.as_role("clerk").get("/api/v1/audit").await.refused(403, "auth.forbidden");
}
