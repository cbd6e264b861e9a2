//! Unit accounts with fleets, cards and spendings, members of the points programme, and gifts: entered through the domains' own
//! operations, for the first organisations and persons of a store for trying.

use super::Sample;
use billing::{Method, Take};
use kernel::{Actor, Money, Result};
use loyalty::GiftAsk;
use serde_json::{Map, json};
use store::{Db, Tx};
use unitaccount::{Batch, DriverAsk, GroupAsk, Item, Kind, MemberAsk, Much, RuleAsk, Spending, UnitAsk};

const HOME: &str = "/cn/44/4401";
/// So many customers are looked at for organisations.
const LOOK: usize = 300;
const UNITS: usize = 2;
const MEMBERS: usize = 20;
const CARDS: [(&str, &str, i64); 6] = [
    ("周建国", "D01", 60_000),
    ("吴海", "D02", 60_000),
    ("郑强", "D03", 50_000),
    ("冯丽", "D04", 30_000),
    ("陈立新", "D05", 30_000),
    ("褚卫东", "D06", 20_000),
];
const STATIONS: [&str; 4] = ["天河路营业厅", "番禺大石站", "黄埔开发区站", "白云机场店"];
const GIFTS: [(&str, &str, i64, i64); 4] = [
    ("晴雨伞", "Umbrella", 1_500, 120),
    ("10 GB 流量包", "10 GB of data", 600, 10_000),
    ("蓝牙耳机", "Bluetooth earphones", 9_900, 20),
    ("保温杯", "Vacuum flask", 3_200, 0),
];

pub(super) fn fill(db: &Db, samples: &[Sample]) -> Result<()> {
    let mut samples: Vec<Sample> = samples.to_vec();
    // The demonstration's own city first: that is where its logins look.
    samples.sort_by_key(|s| !s.org.as_str().starts_with(HOME));
    samples.truncate(LOOK);
    db.write_blocking(Actor::system(), move |tx| {
        gifts(tx)?;
        let (mut units, mut members) = (0, 0);
        for (index, sample) in samples.iter().enumerate() {
            let customer = customer::summary(tx, &sample.id)?;
            let organisation = customer.kind == "organization";
            if organisation && units < UNITS {
                units += 1;
            } else if organisation || members >= MEMBERS || index % 2 == 1 {
                // Some have not joined, as in life.
                continue;
            } else {
                members += 1;
            }
            let member = loyalty::enrol(tx, &sample.id)?;
            loyalty::adjust(tx, &member, 400 + 137 * i64::try_from(members).unwrap_or(0), "入会赠送")?;
            if organisation {
                unit(tx, &sample.id, units)?;
            }
        }
        Ok(())
    })
}

fn gifts(tx: &mut Tx<'_>) -> Result<()> {
    for (name, name_en, points, stock) in GIFTS {
        let ask = GiftAsk {
            name: Some(name.to_owned()),
            name_en: Some(name_en.to_owned()),
            points: Some(points),
            stock: Some(stock),
            state: None,
        };
        loyalty::add_gift(tx, &ask)?;
    }
    Ok(())
}

fn unit(tx: &mut Tx<'_>, customer_id: &str, n: usize) -> Result<()> {
    let ask = UnitAsk {
        customer_id: customer_id.to_owned(),
        contact_name: Some("何经办".to_owned()),
        contact_phone: Some("13926000001".to_owned()),
        warn_fen: Some(50_000),
        ..UnitAsk::default()
    };
    let unit = unitaccount::open(tx, &ask)?;
    let take = Take {
        customer_id: customer_id.to_owned(),
        account_id: Some(unit.account_id.clone()),
        amount: Money::fen(500_000),
        method: Method::Transfer,
        tendered: None,
        reference: "单位预存".to_owned(),
        note: String::new(),
        extra: Map::new(),
    };
    billing::take(tx, &take)?;
    let mut fleets = Vec::new();
    for name in ["一车队", "二车队"] {
        let ask = GroupAsk { name: name.to_owned(), kind: "fleet".to_owned(), parent_id: None };
        let made = unitaccount::add_group(tx, &unit, &ask)?;
        fleets.push(made["id"].as_str().unwrap_or_default().to_owned());
    }
    let mut cards = Vec::new();
    for (i, (name, staff_no, quota)) in CARDS.iter().enumerate() {
        let fleet = fleets[i % fleets.len()].clone();
        let driver = DriverAsk {
            name: (*name).to_owned(),
            staff_no: (*staff_no).to_owned(),
            phone: format!("1392600{:04}", n * 100 + i),
            group_id: Some(fleet.clone()),
            state: None,
        };
        let driver = unitaccount::add_driver(tx, &unit, &driver)?;
        let card = MemberAsk {
            kind: "card".to_owned(),
            identifier: format!("YT{n:02}{:06}", 100_001 + i),
            name: Some((*name).to_owned()),
            group_id: Some(json!(fleet)),
            driver_id: Some(json!(driver)),
            month_fen: Some(json!(quota * 2)),
            day_fen: Some(json!(quota)),
            quota_fen: Some(json!(quota)),
            ..MemberAsk::default()
        };
        cards.push(unitaccount::join(tx, &unit, &card)?);
    }
    let items = (1..).zip(&cards).map(|(line, card)| Item {
        line,
        text: card.identifier.clone(),
        whom: card.id.clone(),
        much: Ok(Much::ToQuota),
    });
    let batch = Batch {
        kind: Kind::Allocate,
        whole: true,
        source: "manual",
        rule: None,
        note: "首次分配".to_owned(),
        again: true,
        items: items.collect(),
    };
    unitaccount::move_many(tx, &unit.id, &batch)?;
    for (i, card) in cards.iter().enumerate() {
        for k in 0..=(i % 3) {
            let ask = Spending {
                amount_fen: Some(1_500 + i64::try_from(i * 430 + k * 310).unwrap_or(0)),
                reference: format!("T{n}{i}{k}"),
                kind: String::new(),
                place: STATIONS[(i + k) % STATIONS.len()].to_owned(),
                from: String::new(),
            };
            unitaccount::spend(tx, &unit.id, &card.id, &ask)?;
        }
    }
    if let Some(lost) = cards.last() {
        unitaccount::report_loss(tx, &unit.id, &lost.id, "客户来电挂失")?;
    }
    let rule =
        RuleAsk {
            name: "每月补足定额".to_owned(), how: "toLimit".to_owned(), day_of_month: 1, ..RuleAsk::default()
        };
    unitaccount::add_rule(tx, &unit, &rule).map(drop)
}
