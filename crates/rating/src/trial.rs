//! The test bench: a draft of a plan and some records, and what it would cost and why. Nothing is stored.

use crate::{
    assignment::{Assignment, Share},
    engine::{self, Held, Holding, Input, Member},
    plan::{
        Plan, check,
        routes::READ,
        versions::{State, Version},
    },
    rated::{lines_of_product, states, steps},
    tables::tables,
};
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{Date, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};
use usage::{Direction, Kind, Record, ServiceKey};

const MOST_RECORDS: usize = 10_000;
const MOST_MEMBERS: usize = 20;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/rating/bench", Access::Needs(READ), bench)
            .doc("Rates sample records by a draft; nothing is stored")
            .body(json!({
                "cycle": "2026-11", "plans": [{"plan": {"name": "畅游", "rules": []}, "member": "A", "from": "2026-11-01"}],
                "records": [{"at": "2026-11-03T08:00:00+08:00", "kind": "call", "amount": 61, "peer": "13900139000", "member": "A"}],
            })),
    ]
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Trial {
    cycle: String,
    plans: Vec<Held1>,
    #[serde(default)]
    records: Vec<Sample>,
    /// All members share.
    #[serde(default)]
    share: bool,
}

#[derive(Deserialize, Clone)]
struct Held1 {
    plan: Plan,
    #[serde(default = "first")]
    member: String,
    #[serde(default)]
    from: Option<Timestamp>,
    #[serde(default)]
    to: Option<Timestamp>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Sample {
    at: Timestamp,
    kind: String,
    #[serde(default)]
    direction: String,
    #[serde(default)]
    amount: u64,
    #[serde(default)]
    peer: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    fee_fen: u64,
    #[serde(default = "first")]
    member: String,
}

fn first() -> String {
    "A".to_owned()
}

async fn bench(ctx: Ctx, body: Body<Trial>) -> Answer {
    let trial = body.value;
    if trial.records.len() > MOST_RECORDS {
        return Err(Problem::invalid("records", &format!("≤ {MOST_RECORDS}")).into());
    }
    if trial.plans.is_empty() || trial.plans.len() > MOST_MEMBERS * 3 {
        return Err(Problem::missing("plans").into());
    }
    let body = ctx.read(move |tx| {
        let tables = tables(tx)?;
        for held in &trial.plans {
            check(&held.plan, &tables)?;
        }
        run(&trial, tables)
    });
    Ok(Reply::ok(&body.await?))
}

fn run(trial: &Trial, tables: Arc<crate::tables::Tables>) -> Result<Value> {
    let cycle = crate::balance::cycle(Some(&trial.cycle), Date::new(2026, 1, 1)?, 1)?;
    let mut names: Vec<&str> = Vec::new();
    for name in trial.plans.iter().map(|p| p.member.as_str()).chain(trial.records.iter().map(|r| r.member.as_str())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() > MOST_MEMBERS {
        return Err(Problem::invalid("member", &format!("≤ {MOST_MEMBERS}")));
    }
    let start = cycle.first().start();
    let mut members: Vec<Member> = Vec::new();
    for (m, name) in names.iter().enumerate() {
        let key = ServiceKey(m as i64 + 1);
        let mut held: Vec<Held> = Vec::new();
        for (i, h) in trial.plans.iter().enumerate().filter(|(_, h)| h.member == *name) {
            let id = format!("plan-{}", i + 1);
            let plan = Version { id: id.clone(), version: 0, state: State::Draft, plan: h.plan.clone() };
            held.push(Held {
                assignment: Assignment {
                    id: id.clone(),
                    product_id: (*name).to_owned(),
                    source: (*name).to_owned(),
                    offering_id: String::new(),
                    plan_id: id,
                    plan_version: 0,
                    from: h.from.unwrap_or(start),
                    to: h.to,
                },
                plan: Arc::new(plan),
            });
        }
        engine::order(&mut held);
        let mut records = Vec::new();
        for (i, sample) in trial.records.iter().enumerate().filter(|(_, r)| r.member == *name) {
            records.push(record(key, i, sample)?);
        }
        records.sort_by(|a: &Record, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let holding = Holding { key, account_id: String::new(), number: (*name).to_owned(), from: start, to: None };
        members.push(Member { product_id: (*name).to_owned(), holdings: vec![holding], held, records });
    }
    let shares = if trial.share {
        let share = |n: &&str| Share { group_id: "group".into(), product_id: (*n).to_owned(), from: start, to: None };
        names.iter().map(share).collect()
    } else {
        Vec::new()
    };
    let mut answers = Vec::new();
    let mut total = kernel::Money::ZERO;
    for (m, name) in names.iter().enumerate() {
        // Each member once as the first, since the first is the one that is told about.
        let mut order = members.clone();
        order.swap(0, m);
        let input =
            Input { cycle, members: order, shares: shares.clone(), carried: HashMap::new(), tables: tables.clone() };
        let rated = engine::rate(&input, true)?;
        let lines = lines_of_product(&input, &rated);
        let sum = lines.iter().try_fold(kernel::Money::ZERO, |sum, l| sum.plus(l.amount))?;
        total = total.plus(sum)?;
        let end = cycle.next().first().start().plus_millis(-1);
        answers.push(json!({
            "member": name, "lines": lines, "steps": steps(&input, &rated, None), "allowances": states(&input, &rated, end), "totalFen": sum,
        }));
    }
    Ok(
        json!({"cycle": cycle.label(), "from": cycle.first(), "to": cycle.last(), "members": answers, "totalFen": total}),
    )
}

fn record(key: ServiceKey, i: usize, s: &Sample) -> Result<Record> {
    let place = format!("records[{i}]");
    let kind = Kind::parse(&s.kind).ok_or_else(|| Problem::invalid(&format!("{place}.kind"), &s.kind))?;
    let direction =
        Direction::parse(&s.direction).ok_or_else(|| Problem::invalid(&format!("{place}.direction"), &s.direction))?;
    if s.amount > 1 << 50 || s.fee_fen > 1 << 40 || s.peer.len() > 60 || s.place.len() > 20 {
        return Err(Problem::invalid(&format!("{place}.amount"), "> 2^50"));
    }
    let mut record = Record::new(key, s.at, kind, s.amount, format!("{:05}", i + 1));
    record.direction = direction;
    record.peer = if s.peer.is_empty() { String::new() } else { usage::normalise(&s.peer) };
    record.place.clone_from(&s.place);
    record.fee_fen = s.fee_fen;
    Ok(record)
}
