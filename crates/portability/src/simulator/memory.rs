//! What the central system knows and decides: synchronous, over its own tables.

use crate::{
    centre::{Announcement, State, Status, Submission, Whereabouts},
    digest,
    setting::Reason,
};
use kernel::{Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

/// Wrong codes before a code is locked.
const FAILURES: i64 = 5;

/// How it and the other operators behave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behaviour {
    /// Other operators answer after so long …
    pub donor_seconds: i64,
    /// … or never …
    pub donor_silent: bool,
    /// … or refuse the next so many.
    pub donor_refuse_next: i64,
    /// The centre refuses the next so many requests.
    pub refuse_next: i64,
    /// The next so many requests are taken without an answer.
    pub lose_answer_next: i64,
    /// Notices come so much later.
    pub notice_seconds: i64,
    /// The next so many notices are lost.
    pub notice_lose_next: i64,
    /// Every notice comes twice.
    pub notice_twice: bool,
    /// Nothing is answered at all.
    pub down: bool,
}

sql! {
    BEHAVIOUR = "SELECT donor_seconds, donor_silent, donor_refuse_next, refuse_next, lose_answer_next, notice_seconds, notice_lose_next, notice_twice, down FROM npc_behaviour WHERE id = 1";
    BEHAVE = "UPDATE npc_behaviour SET donor_seconds = $1, donor_silent = $2, donor_refuse_next = $3, refuse_next = $4, lose_answer_next = $5, notice_seconds = $6, notice_lose_next = $7, notice_twice = $8, down = $9 WHERE id = 1";
    NUMBER = "SELECT number, home, owner, network, name, certificate_digest FROM npc_number WHERE number = $1 {for_update}";
    KEEP_NUMBER = "INSERT INTO npc_number (number, home, owner, network, name, certificate_digest, since) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                   ON CONFLICT (number) DO NOTHING";
    TELL = "UPDATE npc_number SET name = $2, certificate_digest = $3 WHERE number = $1";
    OWN = "UPDATE npc_number SET owner = $2, since = $3 WHERE number = $1";
    KEEP_CODE = "INSERT INTO npc_code (number, donor, digest, certificate_digest, valid_until, failures) VALUES ($1, $2, $3, $4, $5, 0) \
                 ON CONFLICT (number) DO UPDATE SET donor = $2, digest = $3, certificate_digest = $4, valid_until = $5, failures = 0";
    CODE = "SELECT digest, certificate_digest, valid_until, failures, donor FROM npc_code WHERE number = $1 {for_update}";
    CODE_WRONG = "UPDATE npc_code SET failures = failures + 1 WHERE number = $1";
    CODE_USED = "DELETE FROM npc_code WHERE number = $1";
    REQUEST = "SELECT id, number, recipient, donor, state, revision, effective_at, reasons, network, certificate_digest, asked_at FROM npc_request WHERE id = $1 {for_update}";
    LIVE = "SELECT id FROM npc_request WHERE number = $1 AND state IN ('pending', 'accepted')";
    KEEP = "INSERT INTO npc_request (id, number, recipient, donor, network, certificate_digest, state, revision, reasons, asked_at, updated_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $9)";
    MOVE = "UPDATE npc_request SET state = $3, revision = revision + 1, effective_at = $4, reasons = $5, updated_at = $6 WHERE id = $1 AND state = $2";
    IN_STATE = "SELECT id FROM npc_request WHERE state = $1 ORDER BY asked_at, id LIMIT 200";
    REQUESTS = "SELECT id, number, recipient, donor, state, revision, effective_at, reasons, network, certificate_digest, asked_at FROM npc_request ORDER BY updated_at DESC, id DESC LIMIT $1";
    NUMBERS = "SELECT number, home, owner, network, name FROM npc_number ORDER BY since DESC, number LIMIT $1";
    TURN_DOWN = "UPDATE npc_behaviour SET refuse_next = refuse_next - 1 WHERE id = 1 AND refuse_next > 0";
    DONOR_DOWN = "UPDATE npc_behaviour SET donor_refuse_next = donor_refuse_next - 1 WHERE id = 1 AND donor_refuse_next > 0";
    LOSE = "UPDATE npc_behaviour SET lose_answer_next = lose_answer_next - 1 WHERE id = 1 AND lose_answer_next > 0";
    LOSE_NOTICE = "UPDATE npc_behaviour SET notice_lose_next = notice_lose_next - 1 WHERE id = 1 AND notice_lose_next > 0";
    NOTICE = "INSERT INTO npc_notice (id, body, due, attempts, copies) VALUES ($1, $2, $3, 0, $4)";
}

pub fn behaviour(tx: &mut Tx<'_>) -> Result<Behaviour> {
    let r = tx.query_one(&BEHAVIOUR, params![])?;
    Ok(Behaviour {
        donor_seconds: r.int(0),
        donor_silent: r.flag(1),
        donor_refuse_next: r.int(2),
        refuse_next: r.int(3),
        lose_answer_next: r.int(4),
        notice_seconds: r.int(5),
        notice_lose_next: r.int(6),
        notice_twice: r.flag(7),
        down: r.flag(8),
    })
}

pub fn behave(tx: &mut Tx<'_>, b: &Behaviour) -> Result<()> {
    let numbers =
        [b.donor_seconds, b.donor_refuse_next, b.refuse_next, b.lose_answer_next, b.notice_seconds, b.notice_lose_next];
    if numbers.iter().any(|n| !(0..=1_000_000).contains(n)) {
        return Err(Problem::invalid("behaviour", "0–1000000"));
    }
    tx.execute(
        &BEHAVE,
        params![
            b.donor_seconds,
            b.donor_silent,
            b.donor_refuse_next,
            b.refuse_next,
            b.lose_answer_next,
            b.notice_seconds,
            b.notice_lose_next,
            b.notice_twice,
            b.down
        ],
    )
    .map(drop)
}

/// A user of another operator, with a code that operator gave out.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscriber {
    pub number: String,
    pub operator: String,
    pub name: String,
    pub certificate: String,
    pub network: String,
    #[serde(default)]
    pub code: Option<String>,
}

/// Puts a user of another operator into its records; with a code, one valid for an hour.
pub fn subscribe(tx: &mut Tx<'_>, s: &Subscriber) -> Result<()> {
    let certificate = digest::certificate(&s.certificate);
    let now = tx.now();
    tx.execute(&KEEP_NUMBER, params![s.number, s.operator, s.operator, s.network, s.name, certificate, now])?;
    tx.execute(&TELL, params![s.number, s.name, certificate])?;
    if let Some(code) = &s.code {
        let digest = digest::code(&s.number, code);
        tx.execute(&KEEP_CODE, params![s.number, s.operator, digest, certificate, now.plus_seconds(3_600)])?;
    }
    Ok(())
}

pub(crate) struct Request {
    pub status: Status,
    pub network: String,
    pub certificate_digest: String,
    pub asked_at: Timestamp,
}

fn read(r: &Row) -> Result<Request> {
    let state = serde_json::from_value(json!(r.str(4))).map_err(Problem::internal)?;
    Ok(Request {
        status: Status {
            request_id: r.text(0),
            number: r.text(1),
            recipient: r.text(2),
            donor: r.text(3),
            state,
            revision: r.int(5),
            effective_at: r.opt_time(6),
            reasons: serde_json::from_value(r.json(7)).unwrap_or_default(),
        },
        network: r.text(8),
        certificate_digest: r.text(9),
        asked_at: r.time(10),
    })
}

pub(crate) fn request(tx: &mut Tx<'_>, id: &str) -> Result<Option<Request>> {
    tx.query_opt(&REQUEST, params![id])?.map(|r| read(&r)).transpose()
}

pub(crate) fn in_state(tx: &mut Tx<'_>, state: State) -> Result<Vec<String>> {
    Ok(tx.query(&IN_STATE, params![state.text()])?.iter().map(|r| r.text(0)).collect())
}

fn reason(code: &str, zh: &str, en: &str) -> Reason {
    Reason {
        code: code.into(),
        zh: zh.into(),
        en: en.into(),
        zh_help: String::new(),
        en_help: String::new(),
        source: String::new(),
    }
}

/// Why a request cannot go to the donor; empty where it can.
fn objections(tx: &mut Tx<'_>, ask: &Submission, owner: Option<&str>) -> Result<Vec<Reason>> {
    let mut all = Vec::new();
    if tx.execute(&TURN_DOWN, params![])? == 1 {
        all.push(reason("npc.refused", "集中系统拒绝（设定）", "The centre refuses (as set)"));
    }
    match owner {
        None => all.push(reason("npc.number_unknown", "号码不存在", "No such number")),
        Some(owner) if owner == ask.recipient => {
            all.push(reason("npc.same_operator", "号码已在携入方网内", "The number is with the recipient already"));
        }
        Some(_) => {}
    }
    let now = tx.now();
    match tx.query_opt(&CODE, params![ask.number])? {
        None => all.push(reason("npc.code_missing", "该号码没有有效的授权码", "The number has no valid code")),
        Some(row) => {
            if row.str(0) != ask.code_digest || row.int(3) >= FAILURES {
                tx.execute(&CODE_WRONG, params![ask.number])?;
                all.push(reason("npc.code_wrong", "授权码不正确", "The code is wrong"));
            } else if row.time(2) <= now {
                all.push(reason("npc.code_expired", "授权码已过期", "The code has expired"));
            }
            if row.str(1) != ask.certificate_digest {
                all.push(reason(
                    "npc.certificate",
                    "证件与携出方登记不一致",
                    "The certificate is not the one the donor has",
                ));
            }
        }
    }
    if tx.query_opt(&LIVE, params![ask.number])?.is_some() {
        all.push(reason("npc.in_progress", "该号码正在携转", "The number is being ported"));
    }
    Ok(all)
}

/// Takes a request; the same id again gets the same answer.
pub fn submit(tx: &mut Tx<'_>, ask: &Submission) -> Result<(Status, bool)> {
    if let Some(known) = request(tx, &ask.request_id)? {
        return Ok((known.status, false));
    }
    let owner = tx.query_opt(&NUMBER, params![ask.number])?.map(|r| r.text(2));
    let objections = objections(tx, ask, owner.as_deref())?;
    let state = if objections.is_empty() { State::Pending } else { State::Refused };
    let reasons = serde_json::to_value(&objections).map_err(Problem::internal)?;
    let (donor, now) = (owner.unwrap_or_default(), tx.now());
    tx.execute(
        &KEEP,
        params![
            ask.request_id,
            ask.number,
            ask.recipient,
            donor,
            ask.network,
            ask.certificate_digest,
            state.text(),
            reasons,
            now
        ],
    )?;
    let lost = tx.execute(&LOSE, params![])? == 1;
    let taken = request(tx, &ask.request_id)?.ok_or_else(Problem::not_found)?;
    Ok((taken.status, lost))
}

/// Moves a request on; false where it was moved meanwhile.
pub(crate) fn move_on(
    tx: &mut Tx<'_>,
    was: &Status,
    to: State,
    effective_at: Option<Timestamp>,
    reasons: &[Reason],
) -> Result<bool> {
    let reasons = serde_json::to_value(reasons).map_err(Problem::internal)?;
    let now = tx.now();
    let moved = tx.execute(&MOVE, params![was.request_id, was.state.text(), to.text(), effective_at, reasons, now])?;
    Ok(moved == 1)
}

/// Takes a request back. One that never came leaves a mark, so that it is not taken should it come late.
pub fn cancel(tx: &mut Tx<'_>, id: &str, number: &str) -> Result<Status> {
    let Some(known) = request(tx, id)? else {
        let now = tx.now();
        tx.execute(&KEEP, params![id, number, "", "", "", "", State::Cancelled.text(), json!([]), now])?;
        return request(tx, id)?.map(|r| r.status).ok_or_else(Problem::not_found);
    };
    if matches!(known.status.state, State::Pending | State::Accepted) {
        move_on(tx, &known.status, State::Cancelled, None, &[])?;
        let now = request(tx, id)?.ok_or_else(Problem::not_found)?;
        super::turn::notify(tx, &now.status)?;
        return Ok(now.status);
    }
    Ok(known.status)
}

/// The number changes hands.
pub(crate) fn hand_over(tx: &mut Tx<'_>, number: &str, to: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(&OWN, params![number, to, now])?;
    tx.execute(&CODE_USED, params![number]).map(drop)
}

/// A donor announces a code. `false` where the number is not the donor's.
pub(crate) fn announce(tx: &mut Tx<'_>, code: &Announcement) -> Result<bool> {
    let Announcement { number, donor, network, code_digest, certificate_digest, valid_until } = code;
    let now = tx.now();
    tx.execute(&KEEP_NUMBER, params![number, donor, donor, network, "", certificate_digest, now])?;
    let owner = tx.query_one(&NUMBER, params![number])?.text(2);
    if owner != *donor {
        return Ok(false);
    }
    tx.execute(&KEEP_CODE, params![number, donor, code_digest, certificate_digest, *valid_until])?;
    Ok(true)
}

pub fn whereabouts(tx: &mut Tx<'_>, number: &str) -> Result<Option<Whereabouts>> {
    let row = tx.query_opt(&NUMBER, params![number])?;
    Ok(row.map(|r| Whereabouts { number: r.text(0), home: r.text(1), owner: r.text(2), network: r.text(3) }))
}

/// A number goes back to its home operator. Asked again nothing happens.
pub fn give_back(tx: &mut Tx<'_>, number: &str, from: &str) -> Result<bool> {
    let Some(row) = tx.query_opt(&NUMBER, params![number])? else { return Ok(false) };
    let (home, owner) = (row.text(1), row.text(2));
    if owner == from && home != from {
        hand_over(tx, number, &home)?;
        let body = json!({"kind": "numberReturned", "requestId": "", "revision": 0, "number": number, "to": home});
        put_notice(tx, body)?;
    }
    Ok(true)
}

/// Puts a notice on its way, with the delays and losses that are set.
pub(crate) fn put_notice(tx: &mut Tx<'_>, mut body: Value) -> Result<()> {
    if tx.execute(&LOSE_NOTICE, params![])? == 1 {
        return Ok(());
    }
    let how = behaviour(tx)?;
    let id = tx.new_id::<Behaviour>().into_string();
    body["noticeId"] = json!(id);
    let due = tx.now().plus_seconds(how.notice_seconds);
    let copies = if how.notice_twice { 2_i64 } else { 1 };
    tx.execute(&NOTICE, params![id, body, due, copies]).map(drop)
}

pub(crate) fn donor_refuses(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.execute(&DONOR_DOWN, params![])? == 1)
}

/// The newest requests and numbers, for the page of the built-in system.
pub fn overview(tx: &mut Tx<'_>) -> Result<Value> {
    let requests = tx.query(&REQUESTS, params![50_i64])?;
    let requests = requests.iter().map(|r| read(r).map(|q| json!({"request": q.status, "askedAt": q.asked_at})));
    let requests = requests.collect::<Result<Vec<Value>>>()?;
    let numbers = tx.query(&NUMBERS, params![50_i64])?;
    let numbers: Vec<Value> = numbers
        .iter()
        .map(
            |r| json!({"number": r.str(0), "home": r.str(1), "owner": r.str(2), "network": r.str(3), "name": r.str(4)}),
        )
        .collect();
    Ok(json!({"behaviour": behaviour(tx)?, "requests": requests, "numbers": numbers}))
}
