//! Usage: whose it is, taken in once whatever comes, never into a closed cycle, read under one service only.

mod documents;
mod files;
mod model;
mod power;
mod stream;

use kernel::{Cycle, Date, OrgPath, Timestamp};
use testkit::{TestApp, both_databases, json};
use usage::{Fate, Incoming, Kind, NewService, Record, ServiceKey};

pub const NUMBER: &str = "13900138000";

/// A service that began on the first of last month.
pub async fn service(t: &TestApp, product: &str, number: &str) -> ServiceKey {
    let from = t.now().date().first_of_month().plus_months(-1).start();
    open(t, product, "c1", "a1", number, from).await
}

pub async fn open(
    t: &TestApp,
    product: &str,
    customer: &str,
    account: &str,
    number: &str,
    from: Timestamp,
) -> ServiceKey {
    let [product, customer, account, number] = [product, customer, account, number].map(str::to_owned);
    t.write(move |tx| {
        let org = OrgPath::parse("/cn/44/4401/h001")?;
        let new = NewService {
            product_id: &product,
            customer_id: &customer,
            account_id: &account,
            org: &org,
            number: &number,
            cycle_day: 1,
            from,
        };
        usage::open_service(tx, &new)
    })
    .await
}

pub fn call(number: &str, at: Timestamp, seconds: u64, id: &str) -> Incoming {
    Incoming {
        number: usage::normalise(number),
        product_id: String::new(),
        at,
        kind: Kind::Call,
        direction: usage::Direction::Out,
        amount: seconds,
        peer: "+8613711112222".into(),
        place: String::new(),
        fee_fen: 0,
        id: id.into(),
    }
}

pub async fn take(t: &TestApp, batch: &[Incoming]) -> Vec<Fate> {
    let batch = batch.to_vec();
    t.write(move |tx| usage::take(tx, &batch)).await
}

/// `taken`, `late`, or the code of the refusal.
pub fn words(fates: &[Fate]) -> Vec<&'static str> {
    let one = |f: &Fate| match f {
        Fate::Taken { late: false, .. } => "taken",
        Fate::Taken { late: true, .. } => "late",
        Fate::Refused(problem) => problem.code.id,
    };
    fates.iter().map(one).collect()
}

pub async fn records(t: &TestApp, key: ServiceKey, cycle: Cycle) -> Vec<Record> {
    t.write(move |tx| usage::records(tx, &[key], cycle)).await
}

fn ids(records: &[Record]) -> Vec<&str> {
    records.iter().map(|r| r.id.as_str()).collect()
}

fn this(t: &TestApp) -> Cycle {
    Cycle::month_of(t.now().date())
}

/// Everything `yitai check` finds wrong with usage.
pub async fn findings(t: &TestApp) -> Vec<String> {
    let check = *t.app().checks().iter().find(|c| c.name == "usage").unwrap();
    t.write(move |tx| (check.run)(tx)).await
}

#[both_databases]
async fn out_of_order_and_doubled_records_are_read_once_in_order(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let noon = t.now().plus_seconds(-7_200);
    let batch = [call(NUMBER, noon.plus_seconds(60), 5, "b"), call(NUMBER, noon, 61, "a"), call(NUMBER, noon, 61, "a")];
    assert_eq!(words(&take(&t, &batch).await), ["taken", "taken", "usage.duplicate"]);
    // The same id again, in another batch and with another content: the first stands.
    let again = [call(NUMBER, noon.plus_seconds(9), 999, "a"), call(NUMBER, noon.plus_seconds(-60), 1, "c")];
    assert_eq!(words(&take(&t, &again).await), ["usage.duplicate", "taken"]);
    let read = records(&t, key, this(&t)).await;
    assert_eq!(ids(&read), ["c", "a", "b"]);
    assert_eq!(read[1].amount, 61);
    assert_eq!(findings(&t).await, Vec::<String>::new());
}

#[both_databases]
async fn each_record_is_refused_for_what_is_wrong_with_it(t: TestApp) {
    let start = t.now().date().first_of_month().plus_days(1).start();
    open(&t, "p1", "c1", "a1", NUMBER, start).await;
    let end = start.plus_seconds(86_400);
    t.write(move |tx| usage::close_service(tx, "p1", end)).await;
    let before = t.digest().await;
    let batch = [
        call("13900138099", t.now(), 5, "unknown"),
        call(NUMBER, start.plus_seconds(-1), 5, "early"),
        call(NUMBER, end, 5, "ended"),
        call(NUMBER, t.now().plus_seconds(3_600), 5, "future"),
        call(NUMBER, start.date().plus_months(-40).start(), 5, "ancient"),
    ];
    let fates = words(&take(&t, &batch).await);
    let codes =
        ["usage.unknown_service", "usage.before_start", "usage.closed_service", "usage.future", "usage.too_old"];
    assert_eq!(fates, codes);
    before.assert_unchanged(&t.digest().await);
    assert_eq!(words(&take(&t, &[call(NUMBER, end.plus_seconds(-1), 5, "last")]).await), ["taken"]);
    // A service that goes on takes again what came meanwhile.
    t.write(|tx| usage::reopen_service(tx, "p1")).await;
    assert_eq!(words(&take(&t, &batch[2..3]).await), ["taken"]);
}

#[both_databases]
async fn usage_of_a_closed_cycle_counts_in_the_next_one_with_a_note(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let (last, current) = (this(&t).previous(), this(&t));
    let at = last.last().start();
    assert_eq!(words(&take(&t, &[call(NUMBER, at, 5, "on-time")]).await), ["taken"]);
    t.write(move |tx| usage::close_cycle(tx, last)).await;
    let closed = records(&t, key, last).await;
    let batch = [call(NUMBER, at, 7, "late"), call(NUMBER, at, 5, "on-time"), call(NUMBER, t.now(), 9, "now")];
    assert_eq!(words(&take(&t, &batch).await), ["late", "usage.duplicate", "taken"]);
    assert_eq!(records(&t, key, last).await, closed, "nothing gets into a closed cycle");
    let read = records(&t, key, current).await;
    assert_eq!(ids(&read), ["late", "now"]);
    assert!(read[0].late && read[0].at == at && !read[1].late);
    // Its next one closed too: the duplicate is found where it lies, the new one goes further on.
    t.write(move |tx| usage::close_cycle(tx, current)).await;
    let again = [call(NUMBER, at, 7, "late"), call(NUMBER, at, 8, "later")];
    assert_eq!(words(&take(&t, &again).await), ["usage.duplicate", "late"]);
    assert_eq!(ids(&records(&t, key, current.next()).await), ["later"]);
    assert!(t.write(move |tx| usage::is_closed(tx, current)).await);
}

/// A closing and many intakes at once: whoever was before the closing is in the cycle, everybody else in the next.
#[both_databases]
async fn nothing_slips_in_under_a_closing(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let (last, current) = (this(&t).previous(), this(&t));
    let at = last.last().start();
    let mut work = Vec::new();
    for n in 0..24 {
        let db = t.db().clone();
        work.push(tokio::spawn(async move {
            if n == 12 {
                let read = move |tx: &mut store::Tx<'_>| {
                    usage::close_cycle(tx, last)?;
                    usage::records(tx, &[key], last).map(|r| r.len())
                };
                return db.write(kernel::Actor::system(), read).await.map(Some);
            }
            let batch = vec![call(NUMBER, at, 1, &format!("r{n}"))];
            db.write(kernel::Actor::system(), move |tx| usage::take(tx, &batch)).await.map(|_| None)
        }));
    }
    let mut at_closing = None;
    for one in work {
        at_closing = at_closing.or(one.await.unwrap().unwrap());
    }
    let (inside, after) = (records(&t, key, last).await, records(&t, key, current).await);
    assert_eq!(Some(inside.len()), at_closing, "the closing saw all that the cycle will ever hold");
    assert_eq!(inside.len() + after.len(), 23);
    assert!(after.iter().all(|r| r.late) && inside.iter().all(|r| !r.late));
}

#[both_databases]
async fn a_new_holder_never_sees_what_the_old_one_used(t: TestApp) {
    let start = t.now().date().first_of_month().start();
    let (given, taken) = (start.plus_seconds(86_400), start.plus_seconds(2 * 86_400));
    let old = open(&t, "p-old", "c-old", "a-old", NUMBER, start).await;
    t.write(move |tx| usage::close_service(tx, "p-old", given)).await;
    let new = open(&t, "p-new", "c-new", "a-new", NUMBER, taken).await;
    let batch = [call(NUMBER, start, 1, "1"), call(NUMBER, given, 2, "2"), call(NUMBER, taken.plus_seconds(5), 3, "3")];
    assert_eq!(words(&take(&t, &batch).await), ["taken", "usage.closed_service", "taken"]);
    assert_eq!(
        (ids(&records(&t, old, this(&t)).await), ids(&records(&t, new, this(&t)).await)),
        (vec!["1"], vec!["3"])
    );
    let shown = t.get(&format!("/api/v1/usage?number={NUMBER}")).await.ok();
    assert_eq!(shown["service"]["customerId"], "c-new");
    assert_eq!((shown["total"].as_i64(), shown["records"][0]["id"].as_str()), (Some(1), Some("3")));
    let refused = t.try_write(move |tx| usage::reopen_service(tx, "p-old")).await.unwrap_err();
    assert_eq!(refused.code.id, "usage.number_held");

    // Another owner of the same product: the same split, at the moment of the transfer.
    let now = t.now();
    let moved = t.write(move |tx| usage::move_service(tx, "p-new", "c-third", "a-third", now)).await.unwrap();
    t.advance(60);
    take(&t, &[call(NUMBER, now.plus_seconds(30), 4, "4")]).await;
    assert_eq!(ids(&records(&t, moved, this(&t)).await), ["4"]);
    assert_eq!(ids(&records(&t, new, this(&t)).await), ["3"]);
    let of_account = t.write(|tx| usage::services_of_account(tx, "a-new")).await;
    assert_eq!(of_account.len(), 1);
    assert_eq!(findings(&t).await, Vec::<String>::new());
}

#[both_databases]
async fn usage_follows_its_customer_into_a_merge_and_back(t: TestApp) {
    service(&t, "p1", NUMBER).await;
    let from = t.now();
    open(&t, "p2", "c2", "a2", "13900138002", from).await;
    let customers = |tx: &mut store::Tx<'_>| {
        let of = |tx: &mut store::Tx<'_>, c: &str| Ok::<_, kernel::Problem>(usage::services_of_customer(tx, c)?.len());
        Ok((of(tx, "c1")?, of(tx, "c2")?))
    };
    let moved = t.write(|tx| usage::reassign(tx, "c1", "c2", None)).await;
    assert_eq!((moved.len(), t.write(customers).await), (1, (0, 2)));
    t.write(move |tx| usage::reassign(tx, "c2", "c1", Some(&moved))).await;
    assert_eq!(t.write(customers).await, (1, 1));
}

#[both_databases]
async fn a_changed_number_keeps_its_service(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let now = t.now();
    t.write(move |tx| usage::renumber(tx, "p1", "13900138001", now)).await;
    t.advance(100);
    let batch = [
        call(NUMBER, now.plus_seconds(-9), 1, "old"),
        call("13900138001", now.plus_seconds(9), 2, "new"),
        call(NUMBER, now.plus_seconds(9), 2, "gone"),
    ];
    assert_eq!(words(&take(&t, &batch).await), ["taken", "taken", "usage.closed_service"]);
    assert_eq!(ids(&records(&t, key, this(&t)).await), ["old", "new"]);
    // Taken back, and changed again, within one moment.
    let back = t.now();
    t.write(move |tx| {
        usage::renumber(tx, "p1", NUMBER, back)?;
        usage::renumber(tx, "p1", "13900138001", back)?;
        usage::renumber(tx, "p1", NUMBER, back)
    })
    .await;
    t.advance(10);
    assert_eq!(words(&take(&t, &[call(NUMBER, back.plus_seconds(1), 1, "back")]).await), ["taken"]);
    assert_eq!(findings(&t).await, Vec::<String>::new());
}

#[both_databases]
async fn a_cycle_that_begins_in_the_middle_of_a_month_has_its_own_records(t: TestApp) {
    let from = t.now().date().first_of_month().plus_months(-2).start();
    let key = t
        .write(move |tx| {
            let org = OrgPath::parse("/cn/44/4401/h001")?;
            let new = NewService {
                product_id: "p",
                customer_id: "c",
                account_id: "a",
                org: &org,
                number: NUMBER,
                cycle_day: 21,
                from,
            };
            usage::open_service(tx, &new)
        })
        .await;
    let first = t.now().date().first_of_month().plus_months(-1).plus_days(20);
    let batch = [call(NUMBER, first.start().plus_seconds(-1), 1, "before"), call(NUMBER, first.start(), 2, "first")];
    assert_eq!(words(&take(&t, &batch).await), ["taken", "taken"]);
    let cycle = Cycle::starting(first);
    assert_eq!(ids(&records(&t, key, cycle).await), ["first"]);
    assert_eq!(ids(&records(&t, key, cycle.previous()).await), ["before"]);
    let month = &first.to_string()[..7];
    let shown = t.get(&format!("/api/v1/usage?number={NUMBER}&cycle={month}")).await.ok();
    assert_eq!((shown["cycle"]["first"].as_str(), shown["total"].as_i64()), (Some(&*first.to_string()), Some(1)));
}

#[both_databases]
async fn the_detail_masks_filters_pages_and_stays_in_its_province(t: TestApp) {
    service(&t, "p1", NUMBER).await;
    let day = t.now().date().plus_days(-1).start();
    let batch: Vec<Incoming> = (0..30)
        .map(|n| Incoming {
            kind: if n % 3 == 0 { Kind::Data } else { Kind::Call },
            amount: 100 + n,
            peer: if n % 3 == 0 { "cmnet".into() } else { format!("+861371111{n:04}") },
            ..call(NUMBER, day.plus_seconds(n as i64 * 60), 0, &format!("r{n}"))
        })
        .collect();
    take(&t, &batch).await;
    let path = format!("/api/v1/usage?number={NUMBER}&cycle={}&limit=5&offset=2", &day.date().to_string()[..7]);
    let page = t.get(&path).await;
    assert_eq!(page.total(), 30);
    let shown = page.ok();
    assert_eq!(shown["records"].as_array().unwrap().len(), 5);
    assert_eq!(shown["records"][0]["peer"], "13711110002");
    assert_eq!(shown["records"][1]["peer"], "cmnet");
    assert_eq!(shown["days"][0]["amounts"]["data"], (0..30).step_by(3).map(|n| 100 + n).sum::<u64>());
    let masked = t.with_permissions(&["usage.read"]).get(&path).await.ok();
    assert_eq!(masked["records"][0]["peer"], "137****0002");
    let data = t.get(&format!("{path}&kind=data&offset=0&limit=50")).await.ok();
    assert_eq!((data["total"].as_i64(), data["totals"][0]["kind"].as_str()), (Some(10), Some("data")));
    assert_eq!(t.get(&format!("/api/v1/usage?productId=p1&from={}", t.now().date())).await.ok()["total"], 0);
    t.as_scope("/cn/35").get(&path).await.refused(404, "not_found");
    t.get("/api/v1/usage?number=13900139999").await.refused(404, "not_found");
    t.get("/api/v1/usage").await.refused(400, "usage.whose");
    t.get(&format!("/api/v1/usage?number={NUMBER}&cycle=2026-13")).await.refused(400, "usage.cycle");
    t.get(&format!("/api/v1/usage?number={NUMBER}&kind=fax")).await.refused(400, "query.invalid");
    // A file for the customer leaves a trace.
    let before = t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'usage.exported'").await;
    let csv = t.get(&format!("/api/v1/usage/export?number={NUMBER}&cycle={}", &day.date().to_string()[..7])).await;
    assert_eq!(csv.body.lines().count(), 31, "{}", csv.body);
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'usage.exported'").await, before + 1);
}

#[both_databases]
async fn limits_have_sources_and_the_law_is_not_gone_below(t: TestApp) {
    let all = t.get("/api/v1/usage/settings").await.ok();
    let retention = all.as_array().unwrap().iter().find(|s| s["name"] == "retention.months").unwrap().clone();
    assert!(retention["source"].as_str().unwrap().contains("5 个月"), "{retention}");
    let before = t.digest().await;
    let body =
        t.put("/api/v1/usage/settings/retention.months", json!({"value": 4})).await.refused(422, "usage.below_minimum");
    assert!(body["reason"].as_str().unwrap().contains("5"), "{body}");
    t.put("/api/v1/usage/settings/retention.months", json!({"value": 1_000})).await.refused(422, "usage.above_maximum");
    t.put("/api/v1/usage/settings/nothing", json!({"value": 6})).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    t.put("/api/v1/usage/settings/retention.months", json!({"value": 5})).await.ok();

    // What is older goes, what must be kept stays.
    let key = service(&t, "p1", NUMBER).await;
    let last = this(&t).previous();
    take(&t, &[call(NUMBER, last.last().start(), 5, "kept")]).await;
    t.settle().await;
    t.advance(5 * 28 * 86_400);
    t.settle().await;
    assert_eq!(ids(&records(&t, key, last).await), ["kept"]);
    t.advance(62 * 86_400);
    t.settle().await;
    assert_eq!(records(&t, key, last).await, Vec::new());
    t.advance(31); // compaction takes the blocks away
    t.settle().await;
    assert_eq!(t.count("SELECT COUNT(*) FROM usage_block").await, 0);
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'usage.purged'").await, 1);
}

/// Days that a clock may jump over.
#[both_databases]
async fn a_leap_day_and_the_last_second_of_a_month_fall_where_they_belong(t: TestApp) {
    let from = Date::parse("2028-01-01").unwrap().start();
    t.advance(from.plus_seconds(70 * 86_400).seconds_since(t.now()));
    let key = open(&t, "p1", "c", "a", NUMBER, from).await;
    let time = |text: &str| Timestamp::parse(text).unwrap();
    let batch = [
        call(NUMBER, time("2028-02-29T23:59:59.999+08:00"), 1, "leap"),
        call(NUMBER, time("2028-03-01T00:00:00+08:00"), 1, "march"),
        call(NUMBER, time("2028-02-01T00:00:00+08:00"), 1, "february"),
        call(NUMBER, time("2028-01-31T23:59:59+08:00"), 1, "january"),
    ];
    assert_eq!(words(&take(&t, &batch).await), ["taken"; 4]);
    let month = |text: &str| Cycle::month_of(Date::parse(text).unwrap());
    assert_eq!(ids(&records(&t, key, month("2028-02-01")).await), ["february", "leap"]);
    assert_eq!(ids(&records(&t, key, month("2028-03-01")).await), ["march"]);
    // The clock goes back: what is then in the future is not taken, and nothing that was is lost.
    t.advance(-60 * 86_400);
    assert_eq!(words(&take(&t, &[call(NUMBER, time("2028-03-01T09:00:00+08:00"), 1, "jump")]).await), ["usage.future"]);
    assert_eq!(ids(&records(&t, key, month("2028-03-01")).await), ["march"]);
}
