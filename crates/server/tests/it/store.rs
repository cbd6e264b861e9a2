//! What the store promises to everybody: all or nothing, one answer per key, numbers without gaps, events in order.

use kernel::{Actor, OrgPath, Problem, codes};
use store::{Event, events_after, sequence};
use testkit::{TestApp, both_databases};

fn event(subject: &str, version: i64) -> Event {
    Event::new("TestEvent", "test", subject, version, &OrgPath::root())
}

#[both_databases]
async fn a_failed_operation_leaves_nothing_and_its_neighbours_stand(t: TestApp) {
    let before = t.digest().await;
    let failing = t.db().write(Actor::system(), |tx| -> kernel::Result<()> {
        tx.emit(event("lost", 1))?;
        Err(Problem::new(&codes::FORBIDDEN))
    });
    assert!(failing.await.unwrap_err().is(&codes::FORBIDDEN));
    let panicking = t.db().write(Actor::system(), |tx| -> kernel::Result<()> {
        tx.emit(event("lost", 1))?;
        panic!("a mistake in the program");
    });
    assert!(panicking.await.unwrap_err().is(&codes::INTERNAL));
    assert_eq!(t.digest().await, before);

    // Many at once, every third failing: exactly the others stand.
    let writes = (0..60).map(|n| {
        let db = t.db().clone();
        tokio::spawn(async move {
            db.write(Actor::system(), move |tx| {
                tx.emit(event(&format!("s{n}"), 1))?;
                if n % 3 == 0 { Err(Problem::new(&codes::FORBIDDEN)) } else { Ok(()) }
            })
            .await
            .is_ok()
        })
    });
    let mut stood = 0;
    for write in writes.collect::<Vec<_>>() {
        stood += i64::from(write.await.unwrap());
    }
    assert_eq!(stood, 40);
    assert_eq!(t.count("SELECT COUNT(*) FROM outbox WHERE event_type = 'TestEvent'").await, 40);
}

#[both_databases]
async fn numbers_have_no_gaps_and_no_doubles_when_some_transactions_fail(t: TestApp) {
    let takes = (0..50).map(|n| {
        let db = t.db().clone();
        tokio::spawn(async move {
            db.write(Actor::system(), move |tx| {
                let number = tx.next_number("T", &OrgPath::parse("/cn/44/4401/h001")?)?;
                if n % 5 == 0 { Err(Problem::new(&codes::FORBIDDEN)) } else { Ok(number) }
            })
            .await
        })
    });
    let mut numbers = Vec::new();
    for take in takes.collect::<Vec<_>>() {
        numbers.extend(take.await.unwrap().ok());
    }
    numbers.sort();
    let expected: Vec<String> = (1..=40).map(|n| format!("T-4401-20261122-{n:06}")).collect();
    assert_eq!(numbers, expected);
}

#[both_databases]
async fn events_of_one_subject_are_placed_in_the_order_of_its_versions_and_none_is_missed(t: TestApp) {
    let settled = t.count("SELECT COUNT(*) FROM outbox WHERE position IS NOT NULL").await;
    for version in 1..=3 {
        for subject in ["a", "b"] {
            t.write(move |tx| tx.emit(event(subject, version))).await;
        }
        if version == 2 {
            sequence(t.db()).await.unwrap();
        }
    }
    while sequence(t.db()).await.unwrap() > 0 {}
    let read = t.db().read(Actor::system(), |tx| events_after(tx, 0, 10_000)).await.unwrap();
    let positions: Vec<i64> = read.iter().map(|e| e.position).collect();
    assert!(positions.windows(2).all(|w| w[0] + 1 == w[1]), "{positions:?}");
    assert!(positions.len() as i64 >= settled + 6);
    for subject in ["a", "b"] {
        let versions: Vec<i64> = read.iter().filter(|e| e.subject_id == subject).map(|e| e.version).collect();
        assert_eq!(versions, [1, 2, 3], "{subject}");
    }
}

#[both_databases]
async fn a_backup_that_was_cut_short_is_refused_before_anything_is_written(t: TestApp) {
    t.write(|tx| tx.emit(event("kept", 1))).await;
    let file = t.dir().join("all.backup");
    let (db, path) = (t.db().clone(), file.clone());
    let report = tokio::task::spawn_blocking(move || store::backup(&db, &path)).await.unwrap().unwrap();
    assert!(report.rows > 0);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 40]).unwrap();
    let before = t.digest().await;
    let (db, path) = (t.db().clone(), file.clone());
    let refused = tokio::task::spawn_blocking(move || store::restore(&db, &path)).await.unwrap();
    assert!(refused.is_err());
    assert_eq!(t.digest().await, before);
}

#[both_databases]
async fn what_is_sealed_can_be_read_back_and_found_without_being_readable(t: TestApp) {
    let (sealed, index, again) = t
        .write(|tx| {
            let vault = tx.vault();
            Ok((
                vault.seal("110101199003078515")?,
                vault.blind("idCard", "110101199003078515"),
                vault.seal("110101199003078515")?,
            ))
        })
        .await;
    assert!(!sealed.contains("110101") && sealed != again, "equal texts must not look equal");
    let (opened, same) = t
        .write(move |tx| {
            Ok((tx.vault().open_sealed(&sealed)?, tx.vault().blind("idCard", "110101199003078515") == index))
        })
        .await;
    assert_eq!((opened.as_str(), same), ("110101199003078515", true));
    let altered = t.try_write(|tx| tx.vault().open_sealed("v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await;
    assert!(altered.is_err());
}
