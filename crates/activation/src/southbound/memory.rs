//! What the built-in activation systems remember, and how they misbehave when asked to.

use crate::{adapter::Verb, simulator};
use kernel::{Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Tx, params, sql};

/// How a built-in activation system behaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Behaviour {
    pub system: String,
    /// Every order takes so much longer.
    #[serde(default)]
    pub late_seconds: i64,
    /// The next so many orders are done, but nobody is told of it unless they ask.
    #[serde(default)]
    pub never_next: i64,
    /// The next so many results are told twice.
    #[serde(default)]
    pub twice_next: i64,
    /// The next so many orders are refused.
    #[serde(default)]
    pub refuse_next: i64,
    /// The next so many results are told before the acknowledgement and the progress.
    #[serde(default)]
    pub disorder_next: i64,
    /// The next so many files are cut off or altered (legacy interface).
    #[serde(default)]
    pub damaged_next: i64,
    /// Nothing is told; only who asks hears.
    #[serde(default)]
    pub silent: bool,
    /// Nothing is answered, and nothing happens.
    #[serde(default)]
    pub stuck: bool,
}

/// An order as the system keeps it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub external_id: String,
    pub id: String,
    pub version: i64,
    pub state: String,
    pub detail: String,
    pub body: Value,
    /// What is still to be told: a list of states.
    pub tell: Vec<String>,
    pub due: Option<Timestamp>,
}

sql! {
    BEHAVIOURS = "SELECT system, late_seconds, never_next, twice_next, refuse_next, disorder_next, damaged_next, silent, stuck \
                  FROM southbound_behaviour ORDER BY system";
    SET = "UPDATE southbound_behaviour SET late_seconds = $2, never_next = $3, twice_next = $4, refuse_next = $5, disorder_next = $6, \
           damaged_next = $7, silent = $8, stuck = $9 WHERE system = $1";
    USED = "UPDATE southbound_behaviour SET never_next = never_next - $2, twice_next = twice_next - $3, refuse_next = refuse_next - $4, \
            disorder_next = disorder_next - $5, damaged_next = damaged_next - $6 WHERE system = $1";
    GET = "SELECT external_id, id, version, state, detail, body, tell, due FROM southbound_order WHERE system = $1 AND external_id = $2 {for_update}";
    BY_ID = "SELECT external_id FROM southbound_order WHERE system = $1 AND id = $2";
    PUT = "INSERT INTO southbound_order (system, external_id, id, version, state, detail, body, tell, due, created_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (system, external_id) DO UPDATE SET \
           version = $4, state = $5, detail = $6, body = $7, tell = $8, due = $9";
    DUE = "SELECT external_id FROM southbound_order WHERE system = $1 AND due <= $2 ORDER BY due, created_at LIMIT 32";
}

pub fn behaviours(tx: &mut Tx<'_>) -> Result<Vec<Behaviour>> {
    let read = |r: &store::Row| Behaviour {
        system: r.text(0),
        late_seconds: r.int(1),
        never_next: r.int(2),
        twice_next: r.int(3),
        refuse_next: r.int(4),
        disorder_next: r.int(5),
        damaged_next: r.int(6),
        silent: r.flag(7),
        stuck: r.flag(8),
    };
    Ok(tx.query(&BEHAVIOURS, params![])?.iter().map(read).collect())
}

pub fn behaviour(tx: &mut Tx<'_>, system: &str) -> Result<Behaviour> {
    let found = behaviours(tx)?.into_iter().find(|b| b.system == system);
    found.ok_or_else(|| Problem::invalid("systems", system))
}

pub fn set_behaviours(tx: &mut Tx<'_>, all: &[Behaviour]) -> Result<()> {
    for b in all {
        let counts = [b.never_next, b.twice_next, b.refuse_next, b.disorder_next, b.damaged_next];
        if !(0..=86_400).contains(&b.late_seconds) || counts.iter().any(|n| !(0..=10_000).contains(n)) {
            return Err(Problem::invalid("systems", &b.system));
        }
        let [never, twice, refuse, disorder, damaged] = counts;
        let binds = params![b.system, b.late_seconds, never, twice, refuse, disorder, damaged, b.silent, b.stuck];
        if tx.execute(&SET, binds)? == 0 {
            return Err(Problem::invalid("systems", &b.system));
        }
    }
    Ok(())
}

/// Uses one of the misbehaviours up.
pub fn used(tx: &mut Tx<'_>, b: &Behaviour, what: impl Fn(&Behaviour) -> [bool; 5]) -> Result<()> {
    let [never, twice, refuse, disorder, damaged] = what(b);
    tx.execute(&USED, params![b.system, never, twice, refuse, disorder, damaged]).map(drop)
}

pub fn get(tx: &mut Tx<'_>, system: &str, external_id: &str) -> Result<Option<Kept>> {
    let read = |r: &store::Row| Kept {
        external_id: r.text(0),
        id: r.text(1),
        version: r.int(2),
        state: r.text(3),
        detail: r.text(4),
        body: r.json(5),
        tell: r.str(6).split_whitespace().map(str::to_owned).collect(),
        due: r.opt_time(7),
    };
    Ok(tx.query_opt(&GET, params![system, external_id])?.as_ref().map(read))
}

pub fn by_id(tx: &mut Tx<'_>, system: &str, id: &str) -> Result<Option<Kept>> {
    match tx.query_opt(&BY_ID, params![system, id])? {
        Some(row) => get(tx, system, row.str(0)),
        None => Ok(None),
    }
}

pub fn put(tx: &mut Tx<'_>, system: &str, kept: &Kept) -> Result<()> {
    let Kept { external_id, id, version, state, detail, body, tell, due } = kept;
    tx.execute(&PUT, params![system, external_id, id, version, state, detail, body, tell.join(" "), due, tx.now()])
        .map(drop)
}

pub fn due(tx: &mut Tx<'_>, system: &str) -> Result<Vec<String>> {
    let now = tx.now();
    Ok(tx.query(&DUE, params![system, now])?.iter().map(|r| r.text(0)).collect())
}

/// Takes an order, a new version of it, or the same again. `Err` is why not.
pub fn accept(tx: &mut Tx<'_>, system: &str, body: &Value) -> Result<Result<Kept, &'static str>> {
    let Some(external_id) = body["externalId"].as_str() else { return Ok(Err("externalId is missing")) };
    let version = body["orderVersion"].as_i64().unwrap_or(1);
    if body["serviceOrderItem"].as_array().is_none_or(Vec::is_empty) {
        return Ok(Err("serviceOrderItem is missing"));
    }
    let now = tx.now();
    let b = behaviour(tx, system)?;
    let known = get(tx, system, external_id)?;
    if let Some(kept) = &known {
        if version <= kept.version {
            return Ok(Ok(kept.clone())); // the same again
        }
        if matches!(kept.state.as_str(), "completed" | "cancelled") {
            return Ok(Err("the order has ended"));
        }
    }
    let mut tell = vec!["acknowledged", "inProgress", "result"];
    if b.disorder_next > 0 {
        tell = vec!["result", "inProgress", "acknowledged"];
        used(tx, &b, |_| [false, false, false, true, false])?;
    }
    if b.twice_next > 0 {
        tell.push("result");
        used(tx, &b, |_| [false, true, false, false, false])?;
    }
    if b.never_next > 0 || b.silent {
        tell = vec!["silence"];
        used(tx, &b, |b| [b.never_next > 0, false, false, false, false])?;
    }
    let kept = Kept {
        external_id: external_id.to_owned(),
        id: known.map_or_else(|| format!("so-{}", tx.env().random_hex(6)), |k| k.id),
        version,
        state: "acknowledged".to_owned(),
        detail: String::new(),
        body: body.clone(),
        tell: tell.into_iter().map(str::to_owned).collect(),
        due: Some(now.plus_seconds(b.late_seconds)),
    };
    put(tx, system, &kept)?;
    Ok(Ok(kept))
}

/// Cancels what is not done yet: `done`, `rejected` where it is, `None` where it was never heard of.
pub fn cancel(tx: &mut Tx<'_>, system: &str, external_id: &str) -> Result<Option<&'static str>> {
    let Some(mut kept) = get(tx, system, external_id)? else { return Ok(None) };
    Ok(Some(match kept.state.as_str() {
        "completed" => "rejected",
        "cancelled" | "failed" => "done",
        _ => {
            "cancelled".clone_into(&mut kept.state);
            (kept.tell, kept.due) = (Vec::new(), None);
            put(tx, system, &kept)?;
            "done"
        }
    }))
}

/// Does the work of an order, all of it or nothing: `Err` is the item that could not be done and why.
pub fn perform(tx: &mut Tx<'_>, kept: &Kept) -> Result<Result<(), (String, String)>> {
    let text = |v: &Value| v.as_str().unwrap_or("").to_owned();
    // Whether any of them would be refused is seen first: an order is done as a whole or not at all.
    for item in kept.body["serviceOrderItem"].as_array().into_iter().flatten() {
        if Verb::parse(item["verb"].as_str().unwrap_or("")).is_none() {
            return Ok(Err((text(&item["id"]), "unknown verb".to_owned())));
        }
        if simulator::refuses(tx, item["target"].as_str().unwrap_or(""))? {
            return Ok(Err((text(&item["id"]), "configured to refuse".to_owned())));
        }
    }
    for item in kept.body["serviceOrderItem"].as_array().into_iter().flatten() {
        let (id, target, subscriber) = (text(&item["id"]), text(&item["target"]), text(&item["service"]["id"]));
        let Some(verb) = Verb::parse(item["verb"].as_str().unwrap_or("")) else {
            return Ok(Err((id, "unknown verb".to_owned())));
        };
        let mut attributes = serde_json::Map::new();
        for c in item["service"]["serviceCharacteristic"].as_array().into_iter().flatten() {
            if let Some(name) = c["name"].as_str().filter(|n| *n != "password") {
                attributes.insert(name.to_owned(), c["value"].clone());
            }
        }
        let key = format!("{}:{}:{id}", kept.external_id, kept.version);
        simulator::perform(tx, &key, &target, verb, &subscriber, &Value::Object(attributes)).map(drop)?;
    }
    Ok(Ok(()))
}

/// The order as it is answered.
pub fn shown(kept: &Kept, state: &str) -> Value {
    let mut order = kept.body.clone();
    (order["id"], order["state"]) = (json!(kept.id), json!(state));
    if !kept.detail.is_empty() {
        order["message"] = json!(kept.detail);
    }
    let (blamed, why) = kept.detail.split_once(": ").unwrap_or(("", ""));
    for item in order["serviceOrderItem"].as_array_mut().into_iter().flatten() {
        item["state"] = json!(state);
        if state == "failed" && item["id"] == blamed {
            item["errorMessage"] = json!([{"code": "refused", "message": why}]);
        }
        if let Some(list) = item["service"]["serviceCharacteristic"].as_array_mut() {
            list.retain(|c| c["name"] != "password");
        }
    }
    order
}
