//! Races: a report of loss against spendings, two allocations on one balance.

use super::*;
use kernel::{Actor, Money};
use std::sync::{Arc, Barrier};
use testkit::both_databases;
use unitaccount::{Batch, Item, Kind, Much, Spending};

fn spending(n: usize) -> Spending {
    Spending {
        amount_fen: Some(100),
        reference: format!("R-{n}"),
        kind: String::new(),
        place: String::new(),
        from: String::new(),
    }
}

#[both_databases]
async fn nothing_is_spent_after_the_commit_of_a_report_of_loss(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    for round in 0..4 {
        let member = card(&t, &unit, &format!("C-20000{round}")).await;
        allocated(&t, &unit, &member, 20_000).await.created();
        let start = Arc::new(Barrier::new(5));
        let spenders: Vec<_> = (0..4)
            .map(|who| {
                let (db, id, member, start) = (t.db().clone(), unit.id.clone(), member.clone(), start.clone());
                std::thread::spawn(move || {
                    start.wait();
                    // A spending that begins after the report has been answered must be refused.
                    let mut done = Vec::new();
                    for n in 0..20 {
                        let began = std::time::Instant::now();
                        let (id, member) = (id.clone(), member.clone());
                        let ask = spending(round * 1_000 + who * 100 + n);
                        let went = db.write_blocking(Actor::system_at(hall()), move |tx| {
                            unitaccount::spend(tx, &id, &member, &ask).map(drop)
                        });
                        done.push((began, went.is_ok()));
                    }
                    done
                })
            })
            .collect();
        let reporter = {
            let (db, id, member, start) = (t.db().clone(), unit.id.clone(), member.clone(), start.clone());
            std::thread::spawn(move || {
                start.wait();
                db.write_blocking(Actor::system_at(hall()), move |tx| {
                    unitaccount::report_loss(tx, &id, &member, "丢失").map(drop)
                })
                .unwrap();
                std::time::Instant::now()
            })
        };
        let reported = reporter.join().unwrap();
        let spendings: Vec<_> = spenders.into_iter().flat_map(|s| s.join().unwrap()).collect();
        let after = spendings.iter().filter(|(began, ok)| *began > reported && *ok).count();
        assert_eq!(after, 0, "spent after the report was answered");
        let done = spendings.iter().filter(|(_, ok)| *ok).count() as i64;
        let left = t.get(&format!("{}/members/{member}", unit.path)).await.ok();
        assert_eq!(left["reserveFen"].as_i64().unwrap(), 20_000 - done * 100);
        spent(&t, &unit, &member, 100, &format!("late-{round}")).await.refused(409, "unit.member_lost");
    }
    sound(&t).await;
}

#[both_databases]
async fn many_allocations_at_once_never_hand_out_more_than_there_is(t: TestApp) {
    let unit = unit(&t, 10_000).await;
    let mut members = Vec::new();
    for n in 0..4 {
        members.push(card(&t, &unit, &format!("C-30000{n}")).await);
    }
    let works: Vec<_> = (0..8)
        .map(|n| {
            let (db, id, member) = (t.db().clone(), unit.id.clone(), members[n % 4].clone());
            std::thread::spawn(move || {
                db.write_blocking(Actor::system_at(hall()), move |tx| {
                    let item = Item {
                        line: 1,
                        text: String::new(),
                        whom: member.clone(),
                        much: Ok(Much::Fixed(Money::fen(3_000))),
                    };
                    let batch = Batch {
                        kind: Kind::Allocate,
                        whole: true,
                        source: "manual",
                        rule: None,
                        note: String::new(),
                        again: true,
                        items: vec![item],
                    };
                    unitaccount::move_many(tx, &id, &batch).map(drop)
                })
                .is_ok()
            })
        })
        .collect();
    let done = works.into_iter().filter_map(|w| w.join().ok()).filter(|ok| *ok).count();
    assert_eq!(done, 3);
    assert_eq!(places(&t, &unit).await, (1_000, 9_000, 0));
    sound(&t).await;
}
