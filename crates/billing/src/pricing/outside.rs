//! Another billing system that prices for us, over HTTP: `POST …/api/v1/pricing/quotes` with a [`PriceAsk`], answered by a
//! [`Quote`]. Bounded in time, size and number of requests at once, and believed only where its figures add up.

use super::{Applies, ChargeKind, PriceAsk, Pricing, Quote};
use crate::problems;
use http::BoxFuture;
use kernel::{Money, Problem, Result};
use serde_json::Value;
use std::{io::Read, sync::Arc, time::Duration};
use store::Db;
use tokio::sync::Semaphore;
use ureq::Agent;

const CONNECT: Duration = Duration::from_secs(1);
const WHOLE: Duration = Duration::from_secs(4);
const LARGEST_ANSWER: u64 = 1 << 20;
const AT_ONCE: usize = 16;

/// Where, and how we say who we are.
pub struct Outside {
    url: String,
    token: Option<String>,
    agent: Agent,
    gate: Arc<Semaphore>,
}

impl Outside {
    /// `url` is the other system's root, such as `https://billing.example`; a path that is no root is used as it is.
    pub fn new(url: &str, token: Option<String>) -> Result<Self> {
        let url = url.trim_end_matches('/');
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        let Some(rest) = rest.filter(|r| !r.is_empty() && !r.contains('@') && !r.contains(char::is_whitespace)) else {
            return Err(Problem::invalid("pricing-url", "http(s)://host[:port]"));
        };
        let url = if rest.contains('/') { url.to_owned() } else { format!("{url}/api/v1/pricing/quotes") };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent("yitai-pricing")
            .build()
            .into();
        Ok(Self { url, token, agent, gate: Arc::new(Semaphore::new(AT_ONCE)) })
    }
}

impl Pricing for Outside {
    fn quote(&self, _: &Db, ask: PriceAsk) -> BoxFuture<'static, Result<Quote>> {
        let (agent, url, token, gate) = (self.agent.clone(), self.url.clone(), self.token.clone(), self.gate.clone());
        Box::pin(async move {
            let waited = tokio::time::timeout(WHOLE, gate.acquire_owned()).await;
            let Ok(Ok(_permit)) = waited else { return Err(unreachable("busy")) };
            let asked = ask.clone();
            let answered = tokio::task::spawn_blocking(move || send(&agent, &url, token.as_deref(), &asked)).await;
            let mut quote = answered.map_err(Problem::internal)??;
            believable(&ask, &quote).map_err(|why| Problem::new(&problems::PRICING_ANSWER).because(why))?;
            quote.outside = true;
            Ok(quote)
        })
    }
}

fn unreachable(why: &str) -> Problem {
    Problem::new(&problems::PRICING_UNREACHABLE).because(why)
}

fn send(agent: &Agent, url: &str, token: Option<&str>, ask: &PriceAsk) -> Result<Quote> {
    let body = serde_json::to_string(ask).map_err(Problem::internal)?;
    let mut request = agent.post(url).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let mut answer = request.send(&body).map_err(|e| unreachable(&e.to_string()))?;
    let status = answer.status().as_u16();
    let mut text = String::new();
    let read = answer.body_mut().as_reader().take(LARGEST_ANSWER).read_to_string(&mut text);
    read.map_err(|e| unreachable(&e.to_string()))?;
    match status {
        200 | 201 => serde_json::from_str(&text).map_err(|e| Problem::new(&problems::PRICING_ANSWER).because(e)),
        // What it has against the ask is for the clerk to read.
        400 | 404 | 409 | 422 => {
            let said: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
            let reason = said["reason"].as_str().unwrap_or("?");
            Err(Problem::new(&problems::PRICING_REFUSED).with("detail", reason))
        }
        _ => Err(unreachable(&format!("HTTP {status}"))),
    }
}

/// The same items, and totals that are the sums of the lines.
fn believable(ask: &PriceAsk, quote: &Quote) -> std::result::Result<(), String> {
    if ask.items.len() != quote.items.len() {
        return Err(format!("{} items asked, {} answered", ask.items.len(), quote.items.len()));
    }
    let (mut one_time, mut first, mut monthly) = (0i128, 0i128, 0i128);
    let fen = |m: Money| i128::from(m.in_fen());
    for (asked, item) in ask.items.iter().zip(&quote.items) {
        if asked.offering_id != item.offering_id || asked.quantity != item.quantity {
            return Err(format!("{} answered for {}", item.offering_id, asked.offering_id));
        }
        for line in &item.lines {
            match line.kind {
                ChargeKind::OneTime => one_time += fen(line.amount),
                ChargeKind::Recurring => first += fen(line.amount),
                other => return Err(format!("{} in a quote", other.name())),
            }
            monthly += fen(line.monthly);
        }
        for off in &item.discounts {
            match off.applies {
                Applies::OneTime => one_time += fen(off.amount),
                Applies::Recurring => first += fen(off.amount),
            }
            monthly += fen(off.monthly);
        }
    }
    let said = (fen(quote.one_time), fen(quote.first_month), fen(quote.monthly), fen(quote.due_now));
    if said != (one_time, first, monthly, one_time + first) {
        return Err(format!("totals {said:?} are not the sums of the lines"));
    }
    if said.0 < 0 || said.1 < 0 || said.2 < 0 {
        return Err(format!("negative totals {said:?}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Date;

    #[test]
    fn an_address_without_path_gets_ours_and_nonsense_is_refused() {
        assert_eq!(Outside::new("http://127.0.0.1:9/", None).unwrap().url, "http://127.0.0.1:9/api/v1/pricing/quotes");
        assert_eq!(Outside::new("https://b.example/price", None).unwrap().url, "https://b.example/price");
        for bad in ["", "b.example", "ftp://b", "http://", "http://u@b", "http://a b"] {
            assert!(Outside::new(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_answer_that_does_not_add_up_is_not_believed() {
        let ask = PriceAsk::plain(&[], Date::parse("2026-11-22").unwrap());
        let mut quote = Quote::default();
        assert!(believable(&ask, &quote).is_ok());
        quote.due_now = Money::fen(1);
        assert!(believable(&ask, &quote).is_err());
        let one = PriceAsk::plain(&[("o".to_owned(), 1)], ask.at);
        assert!(believable(&one, &Quote::default()).is_err());
    }
}
