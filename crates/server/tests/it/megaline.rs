//! Real usage of 500 people on two plans, from files through intake, rating and the bill run to bills: each month of each
//! person must come to exactly what the plans' rules give, reckoned here by other means.

use crate::billing::{hall, proven, started};
use billing::{CollaborationKind as Kind, cycle};
use http::axum::http::Method;
use kernel::{Cycle, Date};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};
use testkit::{TestApp, both_databases, json};

/// The directory beside the repository, where it is there.
fn directory() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/megaline-usage");
    root.join("megaline_calls.csv").is_file().then_some(root)
}

/// The rows of a file, as maps of column to text. A comma in a quoted city is no border.
fn rows(dir: &std::path::Path, name: &str) -> Vec<HashMap<String, String>> {
    let mut file = csv::Reader::from_path(dir.join(name)).unwrap();
    let header = file.headers().unwrap().clone();
    let map = |row: csv::StringRecord| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    file.records().map(|row| map(row.unwrap())).collect()
}

/// `27/12/2018`.
fn date(text: &str) -> Date {
    let part: Vec<i16> = text.split('/').map(|n| n.parse().unwrap()).collect();
    Date::new(part[2], part[1] as i8, part[0] as i8).unwrap()
}

/// A decimal in hundredths.
fn hundredths(text: &str) -> u64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    whole.parse::<u64>().unwrap() * 100 + format!("{part:0<2}").parse::<u64>().unwrap()
}

type Month = (i16, i8);

fn month(day: Date) -> Month {
    (day.year(), day.month())
}

/// What was used in a month, as the rules of the plans count it.
#[derive(Default)]
struct Used {
    minutes: u64,
    messages: u64,
    mb_hundredths: u64,
}

/// Cents, by the rules in words: minutes and messages beyond the included cost each; megabytes are added up, rounded up to
/// the gigabyte, and gigabytes beyond the included cost each.
fn revenue(plan: &HashMap<String, String>, used: &Used) -> i64 {
    let whole = |name: &str| plan[name].parse::<u64>().unwrap();
    let cents = |name: &str| hundredths(&plan[name]);
    let gigabytes = used.mb_hundredths.div_ceil(1_024 * 100);
    let included = whole("mb_per_month_included") / 1_024;
    let sum = cents("usd_monthly_pay")
        + used.minutes.saturating_sub(whole("minutes_included")) * cents("usd_per_minute")
        + used.messages.saturating_sub(whole("messages_included")) * cents("usd_per_message")
        + gigabytes.saturating_sub(included) * cents("usd_per_gb");
    i64::try_from(sum).unwrap()
}

/// Both plans as data, put into force by somebody else, and an offering for each.
async fn plans(t: &TestApp, dir: &std::path::Path) -> HashMap<String, HashMap<String, String>> {
    let file = std::fs::read(dir.join("megaline_plans.csv")).unwrap();
    let made =
        t.call(Method::POST, "/api/v1/rating/plans/import?validFrom=2018-01-01").raw(file, "text/csv").await.created();
    assert_eq!(made["plans"].as_array().unwrap().len(), 2);
    for plan in made["plans"].as_array().unwrap() {
        let (id, pay) = (plan["id"].as_str().unwrap(), plan["monthlyPayFen"].as_i64().unwrap());
        let price = json!({
            "id": format!("pr-{id}"), "name": "monthly pay", "lifecycleStatus": "Active", "priceType": "recurring",
            "price": {"unit": "CNY", "value": pay as f64 / 100.0}, "recurringChargePeriodType": "month", "recurringChargePeriodLength": 1,
        });
        let offering = json!({
            "id": format!("of-{id}"), "name": id, "lifecycleStatus": "Active", "family": "mobile", "isBundle": false, "isSellable": true,
            "productOfferingPrice": [{"id": format!("pr-{id}"), "name": "monthly pay"}],
        });
        t.write(move |tx| {
            // On sale at once: how an offering gets there is another story.
            let body = |v: &testkit::Value| v.as_object().cloned().unwrap();
            http::tmf::insert(tx, &catalog::PRODUCT_OFFERING_PRICE, body(&price))?;
            http::tmf::insert(tx, &catalog::PRODUCT_OFFERING, body(&offering)).map(drop)
        })
        .await;
        let version = format!("/api/v1/rating/plans/{id}/versions/1/activate");
        t.post(&version, json!({})).await.refused(403, "rating.same_person");
        t.named("approver").post(&version, json!({})).await.ok();
        let offerings = json!({"offerings": [format!("of-{id}")]});
        t.put(&format!("/api/v1/rating/plans/{id}/offerings"), offerings).await.no_content();
    }
    rows(dir, "megaline_plans.csv").into_iter().map(|p| (p["plan_name"].clone(), p)).collect()
}

/// A number for a user of the files.
fn number(user: &str) -> String {
    format!("1390013{:04}", user.parse::<u32>().unwrap())
}

struct User {
    id: String,
    plan: String,
    from: Date,
    /// The first day that is not charged any more: who leaves pays the month.
    end: Option<Date>,
}

/// Everybody as a customer with a line, charged from the first of the month of coming to the end of the month of going.
async fn users(t: &TestApp, dir: &std::path::Path) -> (Vec<User>, HashMap<String, String>) {
    let users: Vec<User> = rows(dir, "megaline_users.csv")
        .into_iter()
        .map(|r| User {
            from: date(&r["reg_date"]).first_of_month(),
            end: (!r["churn_date"].is_empty()).then(|| date(&r["churn_date"]).first_of_month().plus_months(1)),
            plan: r["tariff"].clone(),
            id: r["user_id"].clone(),
        })
        .collect();
    let mut customers = HashMap::new();
    for some in users.chunks(100) {
        let names: Vec<(String, String, String, Option<String>)> = some
            .iter()
            .map(|u| (u.id.clone(), format!("of-{}", u.plan), u.from.to_string(), u.end.map(|d| d.to_string())))
            .collect();
        let made: Vec<(String, String)> = t
            .write(move |tx| {
                let mut made = Vec::new();
                for (user, offering, from, end) in &names {
                    let mut new = customer::NewCustomer::person(format!("Subscriber {user}"));
                    new.org = Some(hall());
                    let customer = customer::create(tx, &new)?.id;
                    let mut fact = started(&customer, &format!("o{user}"), &format!("p{user}"), offering, from);
                    fact.number = number(user);
                    let start = billing::collaborate(tx, fact.clone())?;
                    billing::deliver(tx, &start)?;
                    if let Some(end) = end {
                        fact.kind = Kind::Stop;
                        fact.order_id = format!("c{user}");
                        fact.effective_from = Date::parse(end)?.start();
                        let stop = billing::collaborate(tx, fact)?;
                        billing::deliver(tx, &stop)?;
                    }
                    made.push((customer, user.clone()));
                }
                Ok(made)
            })
            .await;
        customers.extend(made);
    }
    (users, customers)
}

/// The three files as one of the shape that intake knows, what was used by our own counting, and how many records say that
/// somebody used what had ended.
fn usage_file(dir: &std::path::Path, users: &[User]) -> (String, BTreeMap<(String, Month), Used>, i64) {
    let ends: HashMap<&str, Date> = users.iter().filter_map(|u| Some((u.id.as_str(), u.end?))).collect();
    let mut after = 0;
    let mut text = String::from("number,kind,start,amount,unit,id\n");
    let mut used: BTreeMap<(String, Month), Used> = BTreeMap::new();
    let mut add = |row: &HashMap<String, String>, day: &str, kind: &str, amount: &str, unit: &str| {
        let (user, day) = (&row["user_id"], date(&row[day]));
        text.push_str(&format!("{},{kind},{day} 12:00:00,{amount},{unit},{kind}-{}\n", number(user), row["id"]));
        if ends.get(user.as_str()).is_some_and(|end| day >= *end) {
            after += 1;
        }
        let sum = used.entry((user.clone(), month(day))).or_default();
        match kind {
            "call" => sum.minutes += hundredths(amount).div_ceil(100),
            "sms" => sum.messages += 1,
            _ => sum.mb_hundredths += hundredths(amount),
        }
    };
    for row in rows(dir, "megaline_calls.csv") {
        add(&row, "call_date", "call", &row["duration"].clone(), "min");
    }
    for row in rows(dir, "megaline_messages.csv") {
        add(&row, "message_date", "sms", "1", "1");
    }
    for row in rows(dir, "megaline_internet.csv") {
        add(&row, "session_date", "data", &row["mb_used"].clone(), "MB");
    }
    (text, used, after)
}

#[both_databases]
async fn every_month_of_every_user_comes_to_what_the_plans_rules_give(t: TestApp) {
    let Some(dir) = directory() else {
        println!("skipped: the files of megaline-usage are not here");
        return;
    };
    let plans = plans(&t, &dir).await;
    let (users, customers) = users(&t, &dir).await;
    t.write(|tx| tx.execute(&"UPDATE usage_setting SET value = 120 WHERE name = 'retention.months'".to_owned(), &[]))
        .await;
    let (text, used, after) = usage_file(&dir, &users);
    let sent = text.lines().count() as i64 - 1;
    ::usage::use_directory(t.db(), t.dir().join("usage"));
    let made = t.call(Method::POST, "/api/v1/usage/files?name=megaline.csv").raw(text, "text/csv").await.created();
    t.settle().await;
    let file = t.get(&format!("/api/v1/usage/files/{}", made["id"].as_str().unwrap())).await.ok();
    // Some files go on after somebody has left: what nobody holds is charged to nobody and waits in the error pool.
    let counts = ["taken", "suspended", "refused"].map(|n| file[n].as_i64().unwrap());
    assert_eq!((file["state"].as_str(), counts), (Some("done"), [sent - after, after, 0]), "{file}");
    for n in 1..=12 {
        let run = cycle::run_now(t.app(), Cycle::month_of(Date::new(2018, n, 1).unwrap())).await.unwrap();
        assert_eq!(run.failed, 0, "{run:?}");
    }
    let bills: Vec<(String, String, i64)> = t
        .write(|tx| {
            let sql = "SELECT b.customer_id, b.period_start, CAST(SUM(l.amount_fen) AS BIGINT) FROM bill b JOIN bill_line l ON l.bill_id = b.id \
                       WHERE b.period_start < '2019-01-01' GROUP BY b.customer_id, b.period_start";
            Ok(tx.query(&sql.to_owned(), &[])?.iter().map(|r| (r.text(0), r.text(1), r.int(2))).collect())
        })
        .await;
    let mut billed: HashMap<(String, Month), i64> = HashMap::new();
    for (customer, start, fen) in bills {
        *billed.entry((customers[&customer].clone(), month(Date::parse(&start).unwrap()))).or_default() += fen;
    }
    let (mut months, mut total, nothing) = (0, 0, Used::default());
    for user in &users {
        let mut first = user.from;
        while first < Date::new(2019, 1, 1).unwrap() && user.end.is_none_or(|end| first < end) {
            let key = (user.id.clone(), month(first));
            let expected = revenue(&plans[&user.plan], used.get(&key).unwrap_or(&nothing));
            assert_eq!(billed.remove(&key), Some(expected), "user {} in {first}", user.id);
            (months, total) = (months + 1, total + expected);
            first = first.plus_months(1);
        }
    }
    billed.retain(|_, fen| *fen != 0);
    assert!(billed.is_empty(), "nothing else was billed: {billed:?}");
    println!("{months} months of {} users, {total} cents", users.len());
    proven(&t).await;
}
