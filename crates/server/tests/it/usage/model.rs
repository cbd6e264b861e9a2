//! Random intakes, closings, compactions and corrections against a list in memory; and compaction under readers.

use super::{call, findings, open, records, take, words};
use kernel::{Cycle, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{TestApp, both_databases};
use usage::ServiceKey;

/// A repeatable sequence of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// What a naive store would hold: service and cycle → id → (time, amount, late).
type Model = BTreeMap<(ServiceKey, Cycle), BTreeMap<String, (Timestamp, u64, bool)>>;

async fn compact(t: &TestApp) {
    let db = t.db().clone();
    tokio::task::spawn_blocking(move || usage::compact_now(&db)).await.unwrap().unwrap();
}

async fn compare(t: &TestApp, model: &Model, keys: &[ServiceKey], cycles: &[Cycle]) {
    for (key, cycle) in keys.iter().flat_map(|k| cycles.iter().map(move |c| (*k, *c))) {
        let read = records(t, key, cycle).await;
        let wanted = model.get(&(key, cycle)).cloned().unwrap_or_default();
        let got: BTreeMap<String, (Timestamp, u64, bool)> =
            read.iter().map(|r| (r.id.clone(), (r.at, r.amount, r.late))).collect();
        assert_eq!(got, wanted, "{key:?} {}", cycle.label());
        assert_eq!(read.len(), wanted.len());
        assert!(read.windows(2).all(|w| (w[0].at, &w[0].id) < (w[1].at, &w[1].id)));
    }
}

#[both_databases]
async fn random_intakes_agree_with_a_naive_model(t: TestApp) {
    let this = Cycle::month_of(t.now().date());
    let cycles = [this.previous().previous(), this.previous(), this, this.next()];
    let from = cycles[0].first().start();
    let mut keys = Vec::new();
    for n in 0..5 {
        keys.push(open(&t, &format!("p{n}"), "c", "a", &format!("1390013800{n}"), from).await);
    }
    let (mut dice, mut model, mut closed) = (Dice(11), Model::new(), BTreeSet::new());
    let span = u64::try_from(t.now().seconds_since(from)).unwrap();
    for round in 0..60 {
        match dice.below(12) {
            0 if closed.len() < 2 => {
                let cycle = cycles[closed.len()];
                t.write(move |tx| usage::close_cycle(tx, cycle)).await;
                closed.insert(cycle);
            }
            1 | 2 => compact(&t).await,
            _ => {
                let batch: Vec<usage::Incoming> = (0..dice.below(120))
                    .map(|_| {
                        let at = from.plus_seconds(dice.below(span) as i64);
                        call(
                            &format!("1390013800{}", dice.below(6)),
                            at,
                            dice.below(900),
                            &format!("i{}", dice.below(700)),
                        )
                    })
                    .collect();
                let fates = take(&t, &batch).await;
                for (record, fate) in batch.iter().zip(words(&fates)) {
                    let Some(n) = record
                        .number
                        .strip_prefix("+861390013800")
                        .and_then(|n| n.parse::<usize>().ok())
                        .filter(|n| *n < 5)
                    else {
                        assert_eq!(fate, "usage.unknown_service");
                        continue;
                    };
                    let own = Cycle::month_of(record.at.date());
                    let mut counts = own;
                    while closed.contains(&counts) {
                        counts = counts.next();
                    }
                    let mut known = false;
                    let mut at = own;
                    while at <= counts {
                        known |= model.get(&(keys[n], at)).is_some_and(|ids| ids.contains_key(&record.id));
                        at = at.next();
                    }
                    let late = counts != own;
                    assert_eq!(
                        fate,
                        if known {
                            "usage.duplicate"
                        } else if late {
                            "late"
                        } else {
                            "taken"
                        },
                        "round {round} {record:?}"
                    );
                    if !known {
                        let held = (record.at, record.amount, late);
                        model.entry((keys[n], counts)).or_default().insert(record.id.clone(), held);
                    }
                }
            }
        }
        if round % 10 == 9 {
            compare(&t, &model, &keys, &cycles).await;
        }
    }
    compact(&t).await;
    compare(&t, &model, &keys, &cycles).await;
    assert_eq!(findings(&t).await, Vec::<String>::new());
    let live = t.count("SELECT COUNT(*) FROM usage_run WHERE state = 'live'").await;
    assert!(live < 30, "{live} runs are left");
    assert_eq!(t.count("SELECT COUNT(*) FROM usage_run WHERE state <> 'live'").await, 0);
}

/// Readers and intakes beside a compaction see every record exactly once at every moment.
#[both_databases]
async fn a_compaction_is_seen_by_nobody(t: TestApp) {
    let this = Cycle::month_of(t.now().date());
    let key = open(&t, "p", "c", "a", super::NUMBER, this.first().start()).await;
    let at = t.now().plus_seconds(-3_600);
    for n in 0..40 {
        take(&t, &(0..50).map(|i| call(super::NUMBER, at, 1, &format!("{n}-{i}"))).collect::<Vec<_>>()).await;
    }
    let db = t.db().clone();
    let merging = tokio::task::spawn_blocking(move || usage::compact_now(&db));
    let mut looks = 0;
    while !merging.is_finished() || looks < 3 {
        assert_eq!(records(&t, key, this).await.len(), 2_000 + looks);
        take(&t, &[call(super::NUMBER, at, 1, &format!("beside-{looks}"))]).await;
        looks += 1;
    }
    merging.await.unwrap().unwrap();
    assert_eq!(records(&t, key, this).await.len(), 2_000 + looks);
    assert_eq!(findings(&t).await, Vec::<String>::new());
    // A builder that died leaves a run that nobody reads, and sources that the next one takes.
    t.write(|tx| {
        tx.execute(&"UPDATE usage_run SET merger = 'dead', merging_until = 1 WHERE state = 'live'".to_owned(), &[])?;
        tx.execute(
            &"INSERT INTO usage_run (id, cycle, state, records, blocks, bytes, min_at, max_at, merger, merging_until, created_at) \
              SELECT 1, cycle, 'building', 0, 1, 0, 0, 0, 'dead/to', 1, 0 FROM usage_run LIMIT 1"
                .to_owned(),
            &[],
        )?;
        tx.execute(
            &"INSERT INTO usage_block (run, last_key, first_key, no, records, min_at, max_at, checksum, body) \
              SELECT 1, last_key, first_key, no, records, min_at, max_at, checksum, body FROM usage_block LIMIT 1"
                .to_owned(),
            &[],
        )
    })
    .await;
    assert_eq!(records(&t, key, this).await.len(), 2_000 + looks);
    compact(&t).await;
    assert_eq!(records(&t, key, this).await.len(), 2_000 + looks);
    assert_eq!(t.count("SELECT COUNT(*) FROM usage_block WHERE run = 1").await, 0);
}
