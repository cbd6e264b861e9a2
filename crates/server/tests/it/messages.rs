//! Messages over real sockets: a mail server (npm smtp-server) and a message centre (npm smpp) of the story's own
//! (scripts/message-servers.mjs). Says so and passes where node or its packages are not installed. And what holds without.

use kernel::OrgPath;
use messaging::{
    Channel, Notice,
    gateway::{self, Gateways},
};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use testkit::{TestApp, Value, both_databases, json};

/// The servers of one story; they end with it.
pub struct Servers {
    process: Child,
    input: ChildStdin,
    heard: Arc<Mutex<Vec<Value>>>,
    smtp: u64,
    smpp: u64,
}

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended by itself
        let _ = self.process.wait();
    }
}

pub fn servers() -> Option<Servers> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !root.join("ui/node_modules/smpp").exists() || !root.join("ui/node_modules/smtp-server").exists() {
        println!("skipped: the test servers are not installed (npm ci in ui)");
        return None;
    }
    let script = root.join("scripts/message-servers.mjs");
    let mut process = match Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
        Ok(process) => process,
        Err(e) => {
            println!("skipped: no node ({e})");
            return None;
        }
    };
    let mut lines = BufReader::new(process.stdout.take()?).lines();
    let first: Value = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = heard.clone();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            ear.lock().unwrap().extend(serde_json::from_str::<Value>(&line));
        }
    });
    let input = process.stdin.take()?;
    let port = |name: &str| first["ready"][name].as_u64();
    Some(Servers { smtp: port("smtp")?, smpp: port("smpp")?, process, input, heard })
}

impl Servers {
    pub fn connect(&self, t: &TestApp) {
        let gateways = Gateways {
            smtp: Some(format!("smtp://127.0.0.1:{}", self.smtp)),
            mail_from: "service@yitai.example".into(),
            smpp: Some(format!("smpp://yitai:secret@127.0.0.1:{}", self.smpp)),
            sms_from: "10000".into(),
        };
        gateway::use_gateways(t.db(), gateways).unwrap();
    }
    /// What the servers said under this name.
    pub fn all(&self, name: &str) -> Vec<Value> {
        self.heard.lock().unwrap().iter().filter(|v| !v[name].is_null()).map(|v| v[name].clone()).collect()
    }
    fn says(&mut self, from: &str, text: &str) {
        writeln!(self.input, "{}", json!({"from": from, "text": text})).unwrap();
    }
}

/// Waits for another process: until `done` says so, or ten seconds.
pub async fn until<F: AsyncFn() -> bool>(t: &TestApp, what: &str, done: F) {
    for _ in 0..400 {
        t.settle().await;
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what} did not happen");
}

fn hall() -> OrgPath {
    OrgPath::parse("/cn/44/4401/h001").unwrap()
}

async fn notify(t: &TestApp, template: &'static str, channel: Channel, to: &str) -> Option<String> {
    let to = to.to_owned();
    t.write(move |tx| {
        let values =
            [("name", "张伟".to_owned()), ("number", "139****8000".to_owned()), ("amount", "128.50".to_owned())];
        let org = hall();
        let notice = Notice { template, channel, to: &to, customer_id: None, org: &org, values: &values, cause: None };
        messaging::notify(tx, &notice)
    })
    .await
}

async fn plain(t: &TestApp, number: &str, text: &str) -> String {
    let (number, text) = (number.to_owned(), text.to_owned());
    t.write(move |tx| {
        let org = hall();
        let sms = messaging::Sms {
            number: &number,
            purpose: "test",
            text: &text,
            secret: None,
            customer_id: None,
            org: &org,
        };
        messaging::send(tx, &sms)
    })
    .await
}

async fn state(t: &TestApp, id: &str) -> String {
    let all = t.get("/api/v1/messages?limit=200").await.ok();
    let found = all.as_array().unwrap().iter().find(|m| m["id"] == id).cloned();
    found.map_or_else(String::new, |m| m["state"].as_str().unwrap().to_owned())
}

#[both_databases]
async fn short_messages_go_out_arrive_are_refused_and_tried_again(t: TestApp) {
    let Some(servers) = servers() else { return };
    servers.connect(&t);
    let wide = notify(&t, "dunning.remind", Channel::Sms, "13900138010").await.unwrap();
    let narrow = plain(&t, "13900138011", "Your code is 1234").await;
    let long = plain(&t, "13900138012", &"欠费提醒".repeat(40)).await;
    let throttled = plain(&t, "13900138001", "throttled").await;
    let unknown = plain(&t, "13900138002", "unknown").await;
    let off = plain(&t, "13900138003", "off").await;
    let twice = plain(&t, "13900138004", "twice").await;
    let early = plain(&t, "13900138005", "early").await;
    for (id, wanted) in [
        (&wide, "delivered"),
        (&narrow, "delivered"),
        (&long, "delivered"),
        (&twice, "delivered"),
        (&early, "delivered"),
        (&off, "undelivered"),
        (&unknown, "failed"),
        (&throttled, "waiting"),
    ] {
        until(&t, wanted, async || state(&t, id).await == wanted).await;
    }
    let sent = servers.all("sm");
    let to = |number: &str| sent.iter().filter(|s| s["to"] == number).cloned().collect::<Vec<Value>>();
    let reminder = to("13900138010");
    assert!(reminder[0]["text"].as_str().unwrap().contains("欠费128.50元"), "{reminder:?}");
    assert_eq!((&reminder[0]["coding"], &reminder[0]["from"]), (&json!(8), &json!("10000")));
    assert_eq!(
        (&to("13900138011")[0]["coding"], &to("13900138011")[0]["text"]),
        (&json!(0), &json!("Your code is 1234"))
    );
    let parts = to("13900138012");
    assert_eq!(parts.len(), 3, "160 characters in UCS-2 are three parts");
    let whole: String = parts.iter().map(|p| p["text"].as_str().unwrap()).collect();
    assert_eq!(whole, "欠费提醒".repeat(40));
    // Not now is not never.
    t.advance(31);
    until(&t, "the second attempt", async || state(&t, &throttled).await == "delivered").await;
    let seen = t.get("/api/v1/messages/summary").await.ok();
    assert_eq!(seen["gateways"]["smppBound"], true);
    assert!(!seen.to_string().contains("secret"), "the password is told to nobody");
    // A person may have it tried once more; what arrived stays so.
    t.post(&format!("/api/v1/messages/{unknown}/retry"), json!({})).await.ok();
    until(&t, "the refusal again", async || state(&t, &unknown).await == "failed").await;
    t.post(&format!("/api/v1/messages/{narrow}/retry"), json!({})).await.refused(409, "message.state");
}

#[both_databases]
async fn a_customer_who_says_td_gets_no_more_of_what_may_be_refused(t: TestApp) {
    let Some(mut servers) = servers() else { return };
    servers.connect(&t);
    let number = "13900138020";
    let first = notify(&t, "business.done", Channel::Sms, number).await.unwrap();
    until(&t, "delivery", async || state(&t, &first).await == "delivered").await;
    servers.says(number, " td ");
    until(&t, "the confirmation", async || {
        servers.all("sm").iter().any(|s| s["to"] == number && s["text"].as_str().unwrap().contains("已退订"))
    })
    .await;
    assert_eq!(notify(&t, "business.done", Channel::Sms, number).await, None, "refused");
    assert!(notify(&t, "dunning.remind", Channel::Sms, number).await.is_some(), "owed to the customer");
    servers.says(number, "DY");
    until(&t, "the other confirmation", async || {
        servers.all("sm").iter().any(|s| s["text"].as_str().unwrap().contains("已重新订阅"))
    })
    .await;
    assert!(notify(&t, "business.done", Channel::Sms, number).await.is_some());
    // Anything else is kept and answered to the gateway.
    servers.says(number, "你好");
    until(&t, "the answer", async || servers.all("mo").iter().any(|_| true)).await;
    until(&t, "the record", async || t.count("SELECT COUNT(*) FROM sms_message WHERE direction = 'in'").await == 3)
        .await;
}

#[both_databases]
async fn mails_go_out_with_one_id_and_wrong_addresses_end(t: TestApp) {
    let Some(servers) = servers() else { return };
    servers.connect(&t);
    let fine = notify(&t, "dunning.remind", Channel::Mail, "zhangwei@example.cn").await.unwrap();
    let nobody = notify(&t, "dunning.remind", Channel::Mail, "nobody@example.cn").await.unwrap();
    let later = notify(&t, "dunning.remind", Channel::Mail, "later@example.cn").await.unwrap();
    assert_eq!(notify(&t, "dunning.remind", Channel::Mail, "not an address").await, None);
    for (id, wanted) in [(&fine, "sent"), (&nobody, "failed"), (&later, "waiting")] {
        until(&t, wanted, async || state(&t, id).await == wanted).await;
    }
    t.advance(31);
    until(&t, "the second attempt", async || state(&t, &later).await == "sent").await;
    let mails = servers.all("mail");
    assert_eq!(mails.len(), 2);
    let text = mails.iter().find(|m| m["to"][0] == "zhangwei@example.cn").unwrap()["text"].as_str().unwrap().to_owned();
    assert!(text.contains(&format!("Message-ID: <{fine}@yitai.example>")), "{text}");
    assert!(text.contains("From: service@yitai.example") && text.contains("Subject: =?utf-8?"), "{text}");
}

#[both_databases]
async fn without_a_gateway_nothing_is_lost_and_a_dead_one_costs_no_attempt(t: TestApp) {
    let id = plain(&t, "13900138030", "hello").await;
    t.settle().await;
    assert_eq!(state(&t, &id).await, "waiting");
    let dead = Gateways {
        smtp: Some("smtp://127.0.0.1:1".into()),
        mail_from: "service@yitai.example".into(),
        smpp: Some("smpp://yitai:secret@127.0.0.1:1".into()),
        sms_from: "10000".into(),
    };
    gateway::use_gateways(t.db(), dead).unwrap();
    let mail = notify(&t, "dunning.remind", Channel::Mail, "zhangwei@example.cn").await.unwrap();
    t.settle().await;
    assert_eq!((state(&t, &id).await.as_str(), state(&t, &mail).await.as_str()), ("waiting", "waiting"));
    assert_eq!(t.count("SELECT CAST(SUM(attempts) AS BIGINT) FROM sms_message").await, 0);
    let seen = t.get("/api/v1/messages/summary").await.ok();
    assert!(!seen["gateways"]["smppError"].as_str().unwrap().is_empty(), "{seen}");
    for bad in ["http://x", "smpp://127.0.0.1:1", ""] {
        let wrong = Gateways { smpp: Some(bad.into()), sms_from: "10000".into(), ..Gateways::default() };
        assert!(gateway::use_gateways(t.db(), wrong).is_err(), "{bad}");
    }
}

#[both_databases]
async fn what_can_wait_waits_for_the_morning_and_the_same_cause_is_told_once(t: TestApp) {
    t.advance(12 * 3_600); // ten in the evening
    let night = notify(&t, "dunning.remind", Channel::Sms, "13900138040").await.unwrap();
    let urgent = notify(&t, "dunning.barAll", Channel::Sms, "13900138040").await.unwrap();
    let waiting = t.get("/api/v1/messages/outbound").await.ok();
    let ids: Vec<&str> = waiting.as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [urgent.as_str()]);
    t.advance(10 * 3_600);
    assert_eq!(t.get("/api/v1/messages/outbound").await.ok().as_array().unwrap().len(), 2);
    t.post("/api/v1/messages/outbound/sent", json!({"ids": [night]})).await.ok();
    assert_eq!(state(&t, &night).await, "sent");
    let twice = |cause: &'static str| {
        t.write(move |tx| {
            let org = hall();
            let notice = Notice {
                template: "balance.low",
                channel: Channel::Sms,
                to: "13900138041",
                customer_id: None,
                org: &org,
                values: &[],
                cause: Some(cause),
            };
            messaging::notify(tx, &notice)
        })
    };
    assert!(twice("low:1").await.is_some());
    assert!(twice("low:1").await.is_none());
    assert!(twice("low:2").await.is_some());
}

#[both_databases]
async fn texts_are_data_and_carry_no_advertising(t: TestApp) {
    let put = |code: &str, body: &str| {
        let ask = json!({"lang": "zh", "channel": "sms", "subject": "", "body": body});
        t.put(&format!("/api/v1/message-templates/{code}"), ask)
    };
    let before = t.digest().await;
    put("dunning.remind", "您欠费{amount}元，办理新套餐享优惠").await.refused(422, "message.advertising");
    put("dunning.remind", "请缴费").await.refused(422, "message.variable_missing");
    put("dunning.remind", "{amount}{password}").await.refused(422, "message.variable");
    put("dunning.remind", " ").await.refused(400, "field.missing");
    put("dunning.remind", &"{amount}字".repeat(200)).await.refused(422, "message.too_long");
    put("nothing.such", "{amount}").await.refused(422, "message.kind_unknown");
    before.assert_unchanged(&t.digest().await);
    let saved = put("dunning.remind", "您欠费{amount}元，请于三日内缴清。").await.ok();
    assert_eq!((&saved["version"], &saved["updatedBy"]), (&json!(2), &json!("测试员")));
    let shown =
        t.post("/api/v1/message-templates/dunning.remind/preview", json!({"body": "您欠费{amount}元"})).await.ok();
    assert_eq!((&shown["text"], &shown["parts"]), (&json!("您欠费128.50元"), &json!(1)));
}
