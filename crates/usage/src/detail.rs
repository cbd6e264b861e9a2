//! The detail of a number and cycle, as a customer is shown it: rows, totals by kind and day, what each was charged.

use crate::{Direction, Kind, PEER, Record, Service, ServiceKey, problems, read, service};
use kernel::{Cycle, Date, Money, Phone, Problem, Result, mask_phone};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};
use store::Tx;

/// What a record was charged, told by whoever rates.
#[derive(Clone, Debug, Serialize)]
pub struct Priced {
    pub amount: Money,
    /// The rule of the plan, for people.
    pub rule: String,
    pub rule_en: String,
    pub note: String,
}

/// Prices of a service's records of a cycle by their ids.
pub type Prices = fn(&mut Tx<'_>, &Service, Cycle) -> Result<HashMap<String, Priced>>;

static PRICES: OnceLock<Prices> = OnceLock::new();

/// Says who rates. Once a process, by the module that does.
pub fn use_prices(prices: Prices) {
    let _ = PRICES.set(prices); // the same again for a second application of this process
}

/// Which rows of a detail are wanted.
#[derive(Clone, Default, Debug)]
pub struct Wanted {
    pub kind: Option<Kind>,
    pub direction: Option<Direction>,
    pub from: Option<Date>,
    /// Included.
    pub to: Option<Date>,
    /// A part of the peer.
    pub peer: String,
    pub late: bool,
}

impl Wanted {
    fn has(&self, r: &Record) -> bool {
        let day = r.at.date();
        self.kind.is_none_or(|k| k == r.kind)
            && self.direction.is_none_or(|d| d == r.direction)
            && self.from.is_none_or(|d| d <= day)
            && self.to.is_none_or(|d| day <= d)
            && (self.peer.is_empty() || r.peer.contains(&self.peer))
            && (!self.late || r.late)
    }
}

/// A page of a service's records of a cycle, and how many there are in all.
pub fn page(
    tx: &mut Tx<'_>,
    service: ServiceKey,
    cycle: Cycle,
    wanted: &Wanted,
    offset: usize,
    limit: usize,
) -> Result<(Vec<Record>, usize)> {
    let mut all = read::records(tx, &[service], cycle)?;
    all.retain(|r| wanted.has(r));
    let total = all.len();
    Ok((all.into_iter().skip(offset).take(limit).collect(), total))
}

/// A peer as it is shown.
pub(crate) fn peer(text: &str, clear: bool) -> String {
    match Phone::parse(text) {
        Ok(phone) if clear => phone.national().to_owned(),
        // Service numbers are no persons.
        Ok(phone) if phone.as_str().len() <= 6 => phone.national().to_owned(),
        Ok(phone) => phone.masked(),
        Err(_) if clear || !text.bytes().any(|b| b.is_ascii_digit()) => text.to_owned(),
        Err(_) => mask_phone(text),
    }
}

/// Whose detail: the services that held the number in the cycle, or those of a product; only what the actor may see.
pub(crate) fn services(
    tx: &mut Tx<'_>,
    number: Option<&str>,
    product: Option<&str>,
    cycle: Cycle,
) -> Result<Vec<Service>> {
    let mut found: Vec<Service> = Vec::new();
    if let Some(product) = product {
        found = service::services_of_product(tx, product)?;
    } else {
        let number = number.ok_or_else(|| Problem::new(&problems::WHOSE))?;
        for holding in service::holdings(tx, number)? {
            if found.iter().all(|s| s.key != holding.key) {
                found.extend(service::service(tx, holding.key)?);
            }
        }
    }
    let actor = tx.actor().clone();
    found.retain(|s| actor.sees(&s.org));
    if found.is_empty() {
        return Err(Problem::not_found());
    }
    let (from, to) = (cycle.first().start(), cycle.next().first().start());
    let during = |s: &Service| s.from < to && s.to.is_none_or(|end| end >= from);
    if found.iter().any(during) {
        found.retain(during);
    }
    found.sort_by_key(|s| std::cmp::Reverse((s.from, s.key)));
    Ok(found)
}

#[derive(Default)]
struct Sum {
    records: u64,
    amount: u64,
    charged: i64,
}

impl Sum {
    fn add(&mut self, amount: u64, charged: Option<Money>) {
        self.records += 1;
        self.amount = self.amount.saturating_add(amount); // each is far below 2^50, see `Incoming::checked`
        self.charged = self.charged.saturating_add(charged.map_or(0, Money::in_fen));
    }
}

/// The detail of one service and cycle.
pub(crate) fn show(
    tx: &mut Tx<'_>,
    service: &Service,
    cycle: Cycle,
    wanted: &Wanted,
    paging: (usize, usize),
) -> Result<(Value, usize)> {
    let records = read::records(tx, &[service.key], cycle)?;
    let prices = match PRICES.get() {
        Some(prices) => prices(tx, service, cycle)?,
        None => HashMap::new(),
    };
    let clear = tx.actor().may(PEER);
    let mut kinds: BTreeMap<(Kind, Direction), Sum> = BTreeMap::new();
    let mut days: BTreeMap<String, BTreeMap<&'static str, u64>> = BTreeMap::new();
    let mut rows = Vec::new();
    let (mut total, mut late) = (0, 0);
    for r in &records {
        late += usize::from(r.late);
        if !wanted.has(r) {
            continue;
        }
        let priced = prices.get(&r.id);
        kinds.entry((r.kind, r.direction)).or_default().add(r.amount, priced.map(|p| p.amount));
        let day = days.entry(r.at.date().to_string()).or_default();
        *day.entry(r.kind.name()).or_default() += r.amount;
        if total >= paging.0 && rows.len() < paging.1 {
            rows.push(row(r, priced, clear));
        }
        total += 1;
    }
    let sum = |((kind, direction), s): (&(Kind, Direction), &Sum)| {
        json!({"kind": kind, "direction": direction, "records": s.records, "amount": s.amount, "unit": kind.unit(),
            "charged": Money::fen(s.charged).to_tmf()})
    };
    let closed = crate::closed_at(tx, cycle)?;
    let shown = json!({
        "service": {
            "key": service.key, "productId": service.product_id, "customerId": service.customer_id, "accountId": service.account_id,
            "number": service.number.strip_prefix("+86").unwrap_or(&service.number), "from": service.from, "to": service.to,
        },
        "cycle": {"label": cycle.label(), "first": cycle.first(), "last": cycle.last(), "closedAt": closed},
        "total": total, "late": late, "rated": !prices.is_empty(),
        "totals": kinds.iter().map(sum).collect::<Vec<_>>(),
        "days": days.into_iter().map(|(day, of)| json!({"day": day, "amounts": of})).collect::<Vec<_>>(),
        "records": rows,
    });
    Ok((shown, total))
}

fn row(r: &Record, priced: Option<&Priced>, clear: bool) -> Value {
    json!({
        "id": r.id, "at": r.at, "kind": r.kind, "direction": r.direction, "amount": r.amount, "unit": r.kind.unit(),
        "peer": peer(&r.peer, clear), "place": r.place, "fee": Money::fen(r.fee_fen.cast_signed()).to_tmf(), "late": r.late,
        "charged": priced.map(|p| p.amount.to_tmf()), "rule": priced.map(|p| json!({"zh-CN": p.rule, "en": p.rule_en})), "note": priced.map(|p| p.note.as_str()),
    })
}

/// The detail as a file for a customer, which spreadsheets open as they should.
pub(crate) fn csv(tx: &mut Tx<'_>, service: &Service, cycle: Cycle, wanted: &Wanted, zh: bool) -> Result<String> {
    let records = read::records(tx, &[service.key], cycle)?;
    let prices = PRICES.get().map_or_else(|| Ok(HashMap::new()), |prices| prices(tx, service, cycle))?;
    let clear = tx.actor().may(PEER);
    let mut text = String::from("\u{feff}");
    text.push_str(match zh {
        true => "开始时间,业务类型,方向,对端,使用地,用量,单位,费用（元）,资费,备注,流水号\r\n",
        false => "start,kind,direction,peer,place,amount,unit,charged (yuan),rule,note,id\r\n",
    });
    for r in records.iter().filter(|r| wanted.has(r)) {
        let priced = prices.get(&r.id);
        let kind = if zh { r.kind.zh() } else { r.kind.name() };
        let direction = match (zh, r.direction) {
            (true, Direction::Out) => "主叫/发送",
            (true, Direction::In) => "被叫/接收",
            (false, d) => d.name(),
        };
        let late = match (r.late, zh) {
            (false, _) => "",
            (true, true) => "上期补收",
            (true, false) => "of an earlier cycle",
        };
        let cells = [
            local(r.at),
            kind.to_owned(),
            direction.to_owned(),
            peer(&r.peer, clear),
            r.place.clone(),
            r.amount.to_string(),
            r.kind.unit().to_owned(),
            priced.map(|p| p.amount.to_string()).unwrap_or_default(),
            priced.map(|p| if zh { p.rule.clone() } else { p.rule_en.clone() }).unwrap_or_default(),
            late.to_owned(),
            r.id.clone(),
        ];
        text.push_str(&cells.map(|c| cell(&c)).join(","));
        text.push_str("\r\n");
    }
    Ok(text)
}

/// `2026-11-22 09:00:00`, China's time.
pub(crate) fn local(at: kernel::Timestamp) -> String {
    let seconds = at.seconds_since(at.date().start());
    format!("{} {:02}:{:02}:{:02}", at.date(), seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A cell that a spreadsheet would take for a formula is made text.
pub(crate) fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}

/// `2026-11`, or the first day of a cycle.
pub(crate) fn cycle(text: Option<&str>, now: Date) -> Result<Cycle> {
    let invalid = |text: &str| Problem::new(&problems::CYCLE).with("value", text);
    let Some(text) = text else { return Ok(Cycle::month_of(now)) };
    let day = if text.len() == 7 { Date::parse(&format!("{text}-01")) } else { Date::parse(text) };
    match day {
        Ok(day) if day.day() <= Cycle::LAST_DAY => Ok(Cycle::starting(day)),
        _ => Err(invalid(text)),
    }
}

/// What may be seen of a service's cycles: the label of the current one and of some before.
pub(crate) fn recent(service: &Service, now: Date, months: i64) -> Vec<Value> {
    let mut at = Cycle::containing(now, service.cycle_day);
    let mut cycles = Vec::new();
    for _ in 0..=months.clamp(0, 24) {
        cycles.push(json!({"label": at.label(), "first": at.first(), "last": at.last()}));
        if at.first().start() <= service.from {
            break;
        }
        at = at.previous();
    }
    cycles
}
