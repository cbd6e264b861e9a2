//! What a product costs in a cycle, case by case.

use super::*;

pub(super) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(super) fn terms() -> Terms {
    Terms {
        divisor: 30,
        suspension_monthly: Money::fen(500),
        suspension_months: 12,
        suspension_days: 365,
        suspended: vec![
            ("customer".into(), Suspended::Fee),
            ("arrears".into(), Suspended::ChargedFor(30)),
            ("*".into(), Suspended::Charged),
        ],
    }
}

fn price(name: &str, amount: i64, months: i64, from: &str, to: Option<&str>) -> ChargeRow {
    let (from, to) = (day(from), to.map(day));
    ChargeRow { price_id: name.into(), name: name.into(), amount: Money::fen(amount), months, from, to }
}

pub(super) fn product(from: &str, charges: Vec<ChargeRow>) -> Facts {
    Facts {
        subscription_id: "s".into(),
        product_id: "p".into(),
        name: "n".into(),
        number: "1".into(),
        tax: "basic".into(),
        account_id: "a".into(),
        version: 2,
        from: day(from),
        to: None,
        charges,
        turns: vec![],
        moves: vec![],
        discounts: vec![],
    }
}

fn month(text: &str) -> Cycle {
    Cycle::month_of(day(text))
}

fn sums(facts: &Facts, cycle: Cycle) -> Vec<(String, i64)> {
    let lines = reckon(facts, cycle, &terms()).unwrap();
    lines.iter().map(|c| (format!("{}:{}", c.account_id, c.line.name), c.line.amount.in_fen())).collect()
}

fn sum(facts: &Facts, cycle: Cycle) -> i64 {
    sums(facts, cycle).iter().map(|s| s.1).sum()
}

fn turn(effective: &str, state: State, reason: &str) -> Turn {
    Turn { effective: day(effective), state, reason: reason.into() }
}

#[test]
fn the_month_of_the_start_was_billed_in_advance_and_every_other_month_costs_the_month() {
    let facts = product("2026-11-16", vec![price("月费", 12_900, 1, "2026-11-16", None)]);
    assert_eq!(sum(&facts, month("2026-10-01")), 0);
    assert_eq!(sum(&facts, month("2026-11-01")), 0);
    for next in ["2026-12-01", "2027-02-01", "2028-02-29", "2027-04-10"] {
        assert_eq!(sum(&facts, month(next)), 12_900, "{next}");
    }
}

#[test]
fn a_change_in_mid_month_costs_days_of_each_and_31_days_never_more_than_a_month() {
    let old = price("月费", 3_000, 1, "2026-11-16", Some("2027-01-16"));
    let facts = product("2026-11-16", vec![old, price("月费", 6_000, 1, "2027-01-16", None)]);
    assert_eq!(sum(&facts, month("2027-01-01")), 15 * 100 + 15 * 200, "the 31st day is free");
    let same = product(
        "2026-11-16",
        vec![price("月费", 3_000, 1, "2026-11-16", Some("2027-01-16")), price("月费", 3_000, 1, "2027-01-16", None)],
    );
    assert_eq!(sum(&same, month("2027-01-01")), 3_000);
    let mut ended = facts;
    ended.to = Some(day("2027-01-01"));
    assert_eq!(sum(&ended, month("2027-01-01")), 0);
    ended.to = Some(day("2027-01-11"));
    assert_eq!(sum(&ended, month("2027-01-01")), 1_000, "ten days; the day it ends is not charged");
}

#[test]
fn what_covers_several_months_is_charged_on_its_anniversaries() {
    let facts = product("2026-01-31", vec![price("年费", 36_000, 12, "2026-01-31", None)]);
    assert_eq!(sum(&facts, month("2026-01-05")), 0, "charged when it began");
    assert_eq!(sum(&facts, month("2026-12-01")), 0);
    assert_eq!(sum(&facts, month("2027-01-01")), 36_000);
    let quarterly = product("2026-11-30", vec![price("季费", 900, 3, "2026-11-30", Some("2027-05-30"))]);
    let months: Vec<i64> = (0..8).map(|n| sum(&quarterly, month("2026-11-01").nth(n))).collect();
    assert_eq!(months, [0, 0, 0, 900, 0, 0, 0, 0], "28 February, and not on the day it ends");
}

trait Nth {
    fn nth(self, n: i32) -> Self;
}
impl Nth for Cycle {
    fn nth(self, n: i32) -> Self {
        Cycle::month_of(self.first().plus_months(n))
    }
}

#[test]
fn suspension_goes_by_its_reason() {
    let charges = || vec![price("月费", 3_000, 1, "2026-01-01", None)];
    let mut lost = product("2026-01-01", charges());
    lost.turns = vec![turn("2026-01-01", State::Active, ""), turn("2026-11-11", State::Suspended, "loss")];
    assert_eq!(sum(&lost, month("2026-11-01")), 3_000);
    let mut arrears = lost.clone();
    arrears.turns[1].reason = "arrears".into();
    assert_eq!(sum(&arrears, month("2026-11-01")), 3_000);
    assert_eq!(sum(&arrears, month("2026-12-01")), 1_000, "30 days from 11 November end on 10 December");
    assert_eq!(sum(&arrears, month("2027-01-01")), 0);
    let mut rest = lost.clone();
    rest.turns[1].reason = "customer".into();
    assert_eq!(
        sums(&rest, month("2026-11-01")),
        [("a:月费".into(), 1_000)],
        "its first month of rest was charged then"
    );
    assert_eq!(sums(&rest, month("2026-12-01")), [("a:停机保号费".into(), 500)]);
    rest.turns.push(turn("2026-12-21", State::Active, ""));
    assert_eq!(sums(&rest, month("2026-12-01")), [("a:月费".into(), 1_100), ("a:停机保号费".into(), 329)]);
}

#[test]
fn discounts_come_off_in_turn_for_the_days_they_hold() {
    let cut = |percent: Option<i64>, amount: Option<i64>, until: Option<&str>| DiscountRow {
        name: "d".into(),
        percent,
        amount: amount.map(Money::fen),
        from: day("2026-11-16"),
        until: until.map(day),
        published: true,
    };
    let mut facts = product("2026-11-16", vec![price("月费", 9_999, 1, "2026-11-16", None)]);
    facts.discounts = vec![cut(Some(50), None, Some("2027-01-31")), cut(None, Some(1_000), None)];
    let amounts = |facts: &Facts, m: &str| sums(facts, month(m)).into_iter().map(|s| s.1).collect::<Vec<_>>();
    assert_eq!(amounts(&facts, "2027-01-01"), [9_999, -5_000, -1_000]);
    assert_eq!(amounts(&facts, "2027-02-01"), [9_999, -1_000]);
    // Another tariff: the catalogue's discounts stay with the prices they came with, a granted one goes on.
    facts.charges[0].to = Some(day("2027-02-15"));
    facts.charges.push(ChargeRow { price_id: "other".into(), ..price("新月费", 3_000, 1, "2027-02-15", None) });
    assert_eq!(amounts(&facts, "2027-03-01"), [3_000]);
    facts.discounts[1].published = false;
    assert_eq!(amounts(&facts, "2027-03-01"), [3_000, -1_000]);
    facts.discounts[1].amount = Some(Money::fen(999_999));
    assert_eq!(sum(&facts, month("2027-03-01")), 0, "nothing becomes negative");
    // An amount a month is spread over charges side by side.
    facts.charges.push(price("来显", 600, 1, "2027-02-15", None));
    facts.discounts[1].amount = Some(Money::fen(3_200));
    assert_eq!(amounts(&facts, "2027-03-01"), [3_000, 600, -3_200]);
}

#[test]
fn each_day_is_charged_to_whose_product_it_was() {
    let mut facts = product("2026-01-01", vec![price("月费", 3_000, 1, "2026-01-01", None)]);
    facts.account_id = "b".into();
    facts.moves = vec![Move { effective: day("2026-11-11"), from: "a".into(), to: "b".into(), void: false }];
    assert_eq!(sums(&facts, month("2026-11-01")), [("a:月费".into(), 1_000), ("b:月费".into(), 2_000)]);
    assert_eq!(sums(&facts, month("2026-12-01")), [("b:月费".into(), 3_000)]);
    facts.moves[0].void = true;
    facts.moves.push(Move { effective: day("2026-11-13"), from: "b".into(), to: "a".into(), void: false });
    assert_eq!(sums(&facts, month("2026-11-01")), [("a:月费".into(), 1_000 + 2_000)]);
}

#[test]
fn a_cycle_that_begins_within_the_month_takes_up_where_the_first_bill_ended() {
    let facts = product("2026-11-20", vec![price("月费", 3_000, 1, "2026-11-20", None)]);
    let cycle = |text: &str| Cycle::containing(day(text), 15);
    assert_eq!(sum(&facts, cycle("2026-11-20")), 1_400, "1 to 14 December: November was billed in advance");
    assert_eq!(sum(&facts, cycle("2026-12-20")), 3_000);
    assert_eq!(sum(&facts, cycle("2028-02-20")), 3_000, "over a leap day");
}

#[test]
fn an_amount_out_of_all_bounds_is_refused_and_never_wraps() {
    let mut facts = product("2026-01-01", vec![price("月费", i64::MAX, 1, "2026-01-01", None)]);
    facts.discounts = vec![DiscountRow {
        name: "d".into(),
        percent: Some(10),
        amount: None,
        from: day("2026-01-01"),
        until: None,
        published: false,
    }];
    let lines = reckon(&facts, month("2026-11-01"), &terms());
    let wrapped = lines.is_ok_and(|l| l.iter().any(|c| c.line.amount.in_fen() < 0 && c.line.name == "月费"));
    assert!(!wrapped);
}
