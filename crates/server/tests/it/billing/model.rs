//! Random work on one customer's money, step by step beside a naive model that keeps everything in lists.

use super::{HALL, balance, customer, proven, started, tell};
use kernel::{Clock, Env, Timestamp};
use std::collections::HashMap;
use testkit::{TestApp, both_databases, json};

/// Bills in the order of their age.
#[derive(Default)]
struct Model {
    bills: Vec<Bill>,
    payments: Vec<Payment>,
    balance: i64,
}

struct Bill {
    amount: i64,
    remaining: i64,
    /// Paid out of the balance.
    settled: i64,
}

struct Payment {
    id: String,
    shares: HashMap<usize, i64>,
    rest: i64,
    reversed: bool,
}

impl Model {
    fn charge(&mut self, amount: i64) {
        self.bills.push(Bill { amount, remaining: amount, settled: 0 });
        self.settle();
    }
    fn settle(&mut self) {
        for bill in &mut self.bills {
            let share = self.balance.min(bill.remaining);
            (self.balance, bill.remaining, bill.settled) =
                (self.balance - share, bill.remaining - share, bill.settled + share);
        }
    }
    fn pay(&mut self, id: String, amount: i64) {
        let (mut rest, mut shares) = (amount, HashMap::new());
        for (i, bill) in self.bills.iter_mut().enumerate() {
            let share = rest.min(bill.remaining);
            if share > 0 {
                (rest, bill.remaining) = (rest - share, bill.remaining - share);
                shares.insert(i, share);
            }
        }
        self.balance += rest;
        if rest == 0 {
            self.settle();
        }
        self.payments.push(Payment { id, shares, rest, reversed: false });
    }
    fn reverse(&mut self, n: usize) {
        let payment = &mut self.payments[n];
        payment.reversed = true;
        for bill in self.bills.iter_mut().rev() {
            let back = bill.settled.min((payment.rest - self.balance).max(0));
            (self.balance, bill.remaining, bill.settled) =
                (self.balance + back, bill.remaining + back, bill.settled - back);
        }
        self.balance -= payment.rest;
        for (i, share) in &payment.shares {
            self.bills[*i].remaining += share;
        }
        self.settle();
    }
}

/// A number below `n`, from the seed.
fn below(env: &Env, n: u64) -> u64 {
    let mut bytes = [0; 8];
    env.random(&mut bytes);
    u64::from_le_bytes(bytes) % n
}

const OFFERINGS: [(&str, i64); 4] =
    [("of-device-router", 19_900), ("of-mobile-59", 1_770), ("of-option-data-10g", 600), ("of-broadband-300", 11_800)];

#[both_databases]
async fn random_work_agrees_with_a_naive_model_at_every_step(t: TestApp) {
    for seed in 1..=3 {
        let env = Env::seeded(Clock::fixed(Timestamp::from_micros(0)), seed);
        let customer = customer(&t).await;
        let mut model = Model::default();
        for step in 0..40 {
            match below(&env, 10) {
                0..=2 => {
                    let (offering, amount) = OFFERINGS[below(&env, 4) as usize];
                    let order = format!("s{seed}o{step}");
                    tell(&t, started(&customer, &order, &format!("p-{order}"), offering, "2026-11-22T10:00:00+08:00"))
                        .await;
                    model.charge(amount);
                }
                3..=6 => {
                    let amount = 1 + below(&env, 25_000) as i64;
                    let ask = json!({"customerId": customer, "amountFen": amount, "method": "cash"});
                    let paid = t.in_org(HALL).post("/api/v1/counter/payments", ask).await.created();
                    model.pay(paid["id"].as_str().unwrap().to_owned(), amount);
                }
                _ if model.payments.is_empty() => {}
                _ => {
                    let n = below(&env, model.payments.len() as u64) as usize;
                    let path = format!("/api/v1/counter/payments/{}/reverse", model.payments[n].id);
                    let call = t.post(&path, json!({"reason": "随机"})).await;
                    if model.payments[n].reversed {
                        call.refused(409, "payment.already_reversed");
                    } else {
                        call.created();
                        model.reverse(n);
                    }
                }
            }
            let dues = t.get(&format!("/api/v1/counter/dues?customerId={customer}")).await.ok();
            let open: Vec<(i64, i64)> = dues["accounts"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|a| a["bills"].as_array().unwrap())
                .map(|b| (b["amountFen"].as_i64().unwrap(), b["remainingFen"].as_i64().unwrap()))
                .collect();
            let wanted: Vec<(i64, i64)> =
                model.bills.iter().filter(|b| b.remaining > 0).map(|b| (b.amount, b.remaining)).collect();
            assert_eq!(open, wanted, "seed {seed} step {step}");
            assert!(model.balance == 0 || wanted.is_empty(), "no debt beside money: seed {seed} step {step}");
            assert_eq!(balance(&t, &customer).await, model.balance, "seed {seed} step {step}");
        }
        proven(&t).await;
    }
}
