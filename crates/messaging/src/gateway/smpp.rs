//! Short messages over SMPP: one transceiver session; long texts in parts, in the GSM alphabet where it suffices and in UCS-2
//! otherwise; receipts and messages of customers come in over the same session and are acknowledged once they are durable.

use super::{Duration, heard};
use crate::delivery::{self, Due, Outcome};
use futures_util::{StreamExt, stream};
use http::App;
use kernel::Actor;
use rusmpp::{
    Command, CommandStatus, Pdu,
    extra::{concatenation::SubmitSmMultipartExt, encoding::ucs2::Ucs2},
    pdus::{BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm},
    types::COctetString,
    values::{DataCoding, EsmClass, Npi, RegisteredDelivery, Ton},
};
use rusmppc::{Client, ConnectionBuilder, Event, error::Error};
use std::{
    str::FromStr,
    sync::atomic::{AtomicU8, Ordering},
};

/// Parts under way at once.
const WINDOW: usize = 16;
const TIMEOUT: Duration = Duration::from_secs(10);
/// Answers that mean: not now.
const NOT_NOW: [u32; 5] = [0x08, 0x14, 0x45, 0x58, 0x64];
/// We could not keep it; send it again.
const TEMPORARY: CommandStatus = CommandStatus::EsmeRxTAppn;

/// Where and as whom.
pub struct Address {
    url: String,
    system_id: String,
    password: String,
}

impl Address {
    pub fn parse(text: &str) -> Option<Self> {
        let mut url = url::Url::parse(text).ok()?;
        url.host_str()?;
        if !matches!(url.scheme(), "smpp" | "smpps") {
            return None;
        }
        let (system_id, password) = (url.username().to_owned(), url.password().unwrap_or_default().to_owned());
        if system_id.is_empty() || system_id.len() > 15 || password.len() > 8 {
            return None;
        }
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        Some(Self { url: url.to_string(), system_id, password })
    }
}

pub struct Link {
    client: Client,
    from: String,
    /// Tells the parts of one long message from those of another to the same number.
    reference: AtomicU8,
}

impl Link {
    pub async fn open(app: &App, url: &str, from: &str) -> Result<Self, String> {
        let address = Address::parse(url).ok_or("the address is no gateway's")?;
        let builder = ConnectionBuilder::new()
            .enquire_link_interval(Duration::from_secs(30))
            .response_timeout(TIMEOUT)
            .disable_interface_version_check();
        let connected = tokio::time::timeout(TIMEOUT, builder.connect(&address.url)).await;
        let (client, mut events) = connected.map_err(|_| "no connection in time")?.map_err(|e| e.to_string())?;
        let bind = BindTransceiver::builder()
            .system_id(COctetString::from_str(&address.system_id).map_err(|e| e.to_string())?)
            .password(COctetString::from_str(&address.password).map_err(|e| e.to_string())?)
            .interface_version(rusmpp::values::InterfaceVersion::Smpp3_4)
            .build();
        client.bind_transceiver(bind).await.map_err(|e| status_of(&e).map_or_else(|| e.to_string(), said))?;
        let (answering, app) = (client.clone(), app.clone());
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                if let Event::Incoming(command) = event {
                    incoming(&app, &answering, command).await;
                }
            }
        });
        Ok(Self { client, from: from.to_owned(), reference: AtomicU8::new(app_start()) })
    }

    pub fn gone(&self) -> bool {
        self.client.is_closed()
    }

    /// Hands over all of them, at most so many parts a second.
    pub async fn send_all(&self, due: &[Due], per_second: u64) -> Vec<(String, Outcome)> {
        let pause = Duration::from_micros(1_000_000 / per_second.max(1));
        let mut next = tokio::time::Instant::now();
        let mut waiting = Vec::with_capacity(due.len());
        for one in due {
            let parts = match self.parts(one) {
                Ok(parts) => parts,
                Err(error) => {
                    waiting.push((one.id.clone(), next, Err(error)));
                    continue;
                }
            };
            let at = next;
            next += pause * u32::try_from(parts.len()).unwrap_or(1);
            waiting.push((one.id.clone(), at, Ok(parts)));
        }
        stream::iter(waiting)
            .map(|(id, at, parts)| async move {
                tokio::time::sleep_until(at).await;
                let outcome = match parts {
                    Ok(parts) => self.submit(parts).await,
                    Err(error) => Outcome::Never { error },
                };
                (id, outcome)
            })
            .buffer_unordered(WINDOW)
            .collect()
            .await
    }

    fn parts(&self, due: &Due) -> Result<Vec<SubmitSm>, String> {
        let short = SubmitSm::builder()
            .source_addr_ton(Ton::Unknown)
            .source_addr_npi(Npi::Isdn)
            .source_addr(COctetString::from_str(&self.from).map_err(|e| e.to_string())?)
            .dest_addr_ton(Ton::Unknown)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(COctetString::from_str(due.to.trim_start_matches('+')).map_err(|e| e.to_string())?)
            .esm_class(EsmClass::default())
            .registered_delivery(RegisteredDelivery::from(1))
            .build();
        let reference = self.reference.fetch_add(1, Ordering::Relaxed);
        let built = short
            .multipart(&due.text)
            .reference_u8(reference)
            .gsm7bit_unpacked()
            .fallback(Ucs2::new())
            .build()
            .map_err(|e| format!("{e:?}"))?;
        Ok(built.into_iter().collect())
    }

    async fn submit(&self, parts: Vec<SubmitSm>) -> Outcome {
        let mut ids = Vec::with_capacity(parts.len());
        for part in parts {
            match self.client.submit_sm(part).await {
                Ok(answer) => ids.push(answer.message_id().as_str().to_owned()),
                Err(e) => {
                    return match status_of(&e) {
                        Some(status) if NOT_NOW.contains(&u32::from(status)) => Outcome::Again { error: said(status) },
                        Some(status) => Outcome::Never { error: said(status) },
                        // No answer: the gateway may have it or not.
                        None => Outcome::Again { error: e.to_string() },
                    };
                }
            }
        }
        Outcome::Sent(ids)
    }
}

/// Not the same after each start, so that parts of before are not mixed with those of now.
fn app_start() -> u8 {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    (std::process::id() as u8).wrapping_add(COUNT.fetch_add(37, Ordering::Relaxed))
}

fn status_of(error: &Error) -> Option<CommandStatus> {
    match error {
        Error::UnexpectedResponse { response } => Some(response.status()),
        _ => None,
    }
}

fn said(status: CommandStatus) -> String {
    format!("SMPP {:#010x} {status:?}", u32::from(status))
}

async fn incoming(app: &App, client: &Client, command: Command) {
    let Some(Pdu::DeliverSm(deliver)) = command.pdu() else { return };
    let came = Incoming::of(deliver);
    let kept = app
        .db()
        .write(Actor::system(), move |tx| match &came {
            Incoming::Receipt { id, delivered, error } => delivery::receipt(tx, id, *delivered, error),
            Incoming::Text { from, text } => heard(tx, from, text),
            Incoming::Nothing => Ok(()),
        })
        .await;
    let sequence = command.sequence_number();
    let answered = match kept {
        Ok(()) => client.deliver_sm_resp(sequence, DeliverSmResp::default()).await,
        Err(problem) if problem.code.status >= 500 => {
            tracing::warn!(%problem, "a message could not be kept; the gateway will send it again");
            client.status(TEMPORARY).deliver_sm_resp(sequence, DeliverSmResp::default()).await
        }
        Err(problem) => {
            tracing::info!(%problem, "a message of a customer was refused");
            client.deliver_sm_resp(sequence, DeliverSmResp::default()).await
        }
    };
    if let Err(error) = answered {
        tracing::info!(%error, "the gateway did not wait for the answer");
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Incoming {
    Receipt {
        id: String,
        delivered: bool,
        error: String,
    },
    Text {
        from: String,
        text: String,
    },
    /// Intermediate news of a message under way.
    Nothing,
}

impl Incoming {
    fn of(deliver: &DeliverSm) -> Self {
        let class = u8::from(deliver.esm_class);
        let body: &[u8] = deliver.short_message().as_ref();
        let body = if class & 0x40 != 0 { without_header(body) } else { body };
        let text = decode(deliver.data_coding, body);
        if class & 0x3c == 0 {
            return Self::Text { from: deliver.source_addr.as_str().to_owned(), text };
        }
        receipt(&text)
    }
}

/// The user data behind its header.
fn without_header(body: &[u8]) -> &[u8] {
    let length = body.first().map_or(0, |n| usize::from(*n) + 1);
    body.get(length..).unwrap_or_default()
}

fn decode(coding: DataCoding, body: &[u8]) -> String {
    match coding {
        DataCoding::Ucs2 => {
            let units: Vec<u16> = body.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16_lossy(&units)
        }
        DataCoding::Latin1 => body.iter().map(|b| char::from(*b)).collect(),
        // Letters, digits and most signs are the same in the GSM alphabet and in ASCII.
        _ => body.iter().map(|b| if *b == 0 { '@' } else { char::from(*b) }).collect(),
    }
}

/// `id:123 sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…`
fn receipt(text: &str) -> Incoming {
    let field = |name: &str| {
        let lower = text.to_ascii_lowercase();
        let at = lower.find(name)? + name.len();
        text.get(at..)?.split_whitespace().next().map(str::to_owned)
    };
    let Some(id) = field("id:") else { return Incoming::Nothing };
    let state = field("stat:").unwrap_or_default().to_uppercase();
    match state.as_str() {
        "DELIVRD" => Incoming::Receipt { id, delivered: true, error: String::new() },
        "ACCEPTD" | "ENROUTE" | "" => Incoming::Nothing,
        _ => {
            let error = field("err:").unwrap_or_default();
            Incoming::Receipt { id, delivered: false, error: format!("{state} {error}").trim().to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_are_read_and_news_under_way_is_left() {
        let text =
            "id:ab12 sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:hello";
        assert_eq!(receipt(text), Incoming::Receipt { id: "ab12".into(), delivered: true, error: String::new() });
        let failed = Incoming::Receipt { id: "7".into(), delivered: false, error: "UNDELIV 027".into() };
        assert_eq!(receipt("id:7 stat:UNDELIV err:027"), failed);
        assert_eq!(receipt("id:7 stat:ENROUTE err:000"), Incoming::Nothing);
    }

    #[test]
    fn texts_are_read_in_both_alphabets() {
        assert_eq!(decode(DataCoding::Ucs2, &[0x90, 0x00, 0x8b, 0xa2]), "退订");
        assert_eq!(decode(DataCoding::McSpecific, b"TD"), "TD");
        assert_eq!(without_header(&[5, 0, 3, 1, 2, 1, b'x']), b"x");
    }

    #[test]
    fn an_address_names_host_and_user() {
        assert!(Address::parse("smpp://yitai:secret@127.0.0.1:2775").is_some());
        for bad in ["http://a:b@c:1", "smpp://127.0.0.1:2775", "smpp://yitai:muchtoolong@h:1", "x"] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
    }
}
