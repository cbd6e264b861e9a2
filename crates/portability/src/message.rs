//! What users send by short message: `CXXZ#name#certificate` asks whether the number may leave, `SQXZ#name#certificate` asks
//! for a code, `Y` (or 是, 确认) says yes to what was told. The answer goes back as a message.

use crate::{
    code::{self, Way},
    eligibility::{self, Claim, Standing},
    seeing,
};
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{OrgPath, Phone, Problem, Result};
use messaging::{GATEWAY, Sms};
use serde::Deserialize;
use serde_json::json;
use store::{Stored, Tx};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/messages/inbound", Access::Needs(GATEWAY), inbound)
            .doc("A short message that a user sent, from the gateway: CXXZ, SQXZ and the yes to what was told")
            .body(json!({"messageId": "g-1", "from": "13900138000", "text": "CXXZ#张伟#440103199003078515"})),
    ]
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inbound {
    message_id: String,
    from: String,
    text: String,
}

/// What a message asks for.
#[derive(Clone, PartialEq, Debug)]
pub enum Order {
    Ask(String, String),
    Code(String, String),
    Yes,
}

/// Reads a message as people type it: any case, full-width signs, spaces.
pub fn parse(text: &str) -> Option<Order> {
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect();
    let folded = folded.trim();
    if matches!(folded.to_ascii_uppercase().as_str(), "Y" | "YES" | "是" | "确认" | "确认携转") {
        return Some(Order::Yes);
    }
    let mut parts = folded.split('#').map(str::trim);
    let (word, name, certificate) = (parts.next()?.to_ascii_uppercase(), parts.next()?, parts.next()?);
    if name.is_empty() || certificate.is_empty() || parts.next().is_some_and(|rest| !rest.is_empty()) {
        return None;
    }
    match word.as_str() {
        "CXXZ" => Some(Order::Ask(name.to_owned(), certificate.to_owned())),
        "SQXZ" => Some(Order::Code(name.to_owned(), certificate.to_owned())),
        _ => None,
    }
}

/// The gateway may send the same message again; it is answered once.
async fn inbound(ctx: Ctx, body: Body<Inbound>) -> Answer {
    if !ctx.actor.scope.is_root() {
        return Err(Problem::new(&kernel::codes::FORBIDDEN).with("permission", GATEWAY.name).into());
    }
    let ask = body.value;
    if !(1..=120).contains(&ask.message_id.len()) || ask.text.chars().count() > 500 {
        return Err(Problem::invalid("messageId", "1–120").into());
    }
    let number = Phone::parse(&ask.from)?.national().to_owned();
    let (key, same) = (format!("sms:{}", ask.message_id), body.fingerprint.clone());
    let reply = ctx.app.db().write(seeing(&ctx.actor), move |tx| {
        if tx.replay(&key, &same)?.is_some() {
            return Ok("known");
        }
        let what = answer(tx, &number, &ask.text)?;
        tx.remember(&key, &same, &Stored { status: 200, headers: "[]".into(), body: "{}".into() })?;
        Ok(what)
    });
    Ok(Reply::ok(&json!({"taken": reply.await?})))
}

/// A message that came over another way than this route; false where it is no instruction about porting.
pub fn hear(tx: &mut Tx<'_>, number: &str, text: &str) -> Result<bool> {
    if parse(text).is_none() {
        return Ok(false);
    }
    answer(tx, number, text).map(|_| true)
}

fn answer(tx: &mut Tx<'_>, number: &str, text: &str) -> Result<&'static str> {
    if messaging::preference::command(tx, number, text)? {
        return Ok("answered");
    }
    let order = parse(text);
    let standing = match &order {
        Some(Order::Ask(name, certificate) | Order::Code(name, certificate)) => {
            let claim = Claim { name: name.clone(), certificate: certificate.clone() };
            eligibility::check(tx, number, Some(&claim))?
        }
        _ => eligibility::check(tx, number, None)?,
    };
    let org = standing.product.as_ref().map_or_else(OrgPath::root, |p| p.org.clone());
    let customer = standing.customer.as_ref().map(|c| c.id.clone());
    // A certificate may be in it: it is kept sealed and shown without.
    let shown = text.split('#').next().unwrap_or("").trim().to_owned();
    let hidden = text.strip_prefix(shown.as_str()).filter(|rest| !rest.is_empty());
    let came =
        Sms { number, purpose: "portability", text, secret: hidden, customer_id: customer.as_deref(), org: &org };
    messaging::received(tx, &came)?;
    let (purpose, text) = match order {
        None => (
            "portOut.help",
            "指令无法识别。查询携转资格请发送 CXXZ#姓名#证件号码，申请授权码请发送 SQXZ#姓名#证件号码。".to_owned(),
        ),
        Some(Order::Ask(..)) => ("portOut.eligibility", eligible(&standing)),
        Some(Order::Code(..)) if !standing.eligible() => ("portOut.eligibility", eligible(&standing)),
        Some(Order::Code(..)) => match code::ask(tx, &standing, Way { channel: "sms", confirmed: false }) {
            Ok(asked) => {
                let risks = code::told(&standing.risks);
                let minutes = asked.valid_until.seconds_since(asked.created_at) / 60;
                ("portOut.risks", format!("携出前请知悉：{risks}。确认携出请在{minutes}分钟内回复 Y。"))
            }
            Err(problem) if problem.code.status < 500 => ("portOut.refused", problem.reason(kernel::Lang::Zh)),
            Err(problem) => return Err(problem),
        },
        // The code itself follows once it has been announced.
        Some(Order::Yes) => match code::confirm(tx, number) {
            Ok(_) => ("portOut.confirmed", "已收到您的确认，授权码随后发送至本号码。".to_owned()),
            Err(problem) if problem.code.status < 500 => {
                ("portOut.refused", "没有等待确认的携出申请，请重新发送 SQXZ#姓名#证件号码。".to_owned())
            }
            Err(problem) => return Err(problem),
        },
    };
    let text = format!("【一台电信】{text}");
    let text: String = text.chars().take(500).collect();
    let back = Sms { number, purpose, text: &text, secret: None, customer_id: customer.as_deref(), org: &org };
    messaging::send(tx, &back)?;
    Ok("answered")
}

/// All reasons, not only the first.
fn eligible(standing: &Standing) -> String {
    if standing.eligible() {
        return "您的号码符合携出条件。申请授权码请发送 SQXZ#姓名#证件号码。".to_owned();
    }
    let reasons: Vec<String> =
        standing.reasons.iter().enumerate().map(|(i, r)| format!("{}.{}，{}", i + 1, r.zh, r.zh_help)).collect();
    format!("您的号码暂不符合携出条件：{}。", reasons.join("；"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_as_people_type_them() {
        let ask = Some(Order::Ask("张伟".into(), "44010319900307851X".into()));
        for text in
            ["CXXZ#张伟#44010319900307851X", " cxxz＃张伟＃44010319900307851X ", "CXXZ# 张伟 #44010319900307851X#"]
        {
            assert_eq!(parse(text), ask, "{text}");
        }
        assert_eq!(parse("ｙ"), Some(Order::Yes));
        for text in ["", "CXXZ", "CXXZ##", "CXXZ#张伟", "SQXZ#a#b#c", "你好#张伟#1", "###"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
