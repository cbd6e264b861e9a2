//! Mail over SMTP.

use crate::delivery::{Due, Outcome};
use lettre::{
    Message, SmtpTransport, Transport,
    message::{Mailbox, header::ContentType},
};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
    host: String,
}

impl Mailer {
    pub fn new(url: &str, from: &str) -> Option<Self> {
        let from: Mailbox = from.parse().ok()?;
        let transport = SmtpTransport::from_url(url).ok()?.timeout(Some(TIMEOUT)).build();
        Some(Self { transport, host: from.email.domain().to_owned(), from })
    }

    /// Sends one after the other. An error means that the server cannot be reached at all and nothing was sent.
    pub fn send_all(&self, due: &[Due]) -> Result<Vec<(String, Outcome)>, String> {
        if !self.transport.test_connection().map_err(|e| e.to_string())? {
            return Err("the server closed the connection".to_owned());
        }
        Ok(due.iter().map(|d| (d.id.clone(), self.send(d))).collect())
    }

    fn send(&self, due: &Due) -> Outcome {
        let Ok(to) = due.to.parse::<Mailbox>() else {
            return Outcome::Never { error: "not an address".to_owned() };
        };
        let mail = Message::builder()
            .from(self.from.clone())
            .to(to)
            // The same for each attempt: whoever gets it twice sees it once.
            .message_id(Some(format!("<{}@{}>", due.id, self.host)))
            .subject(due.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(due.text.clone());
        let mail = match mail {
            Ok(mail) => mail,
            Err(e) => return Outcome::Never { error: e.to_string() },
        };
        match self.transport.send(&mail) {
            Ok(_) => Outcome::Sent(Vec::new()),
            Err(e) if e.is_permanent() => Outcome::Never { error: e.to_string() },
            Err(e) => Outcome::Again { error: e.to_string() },
        }
    }
}
