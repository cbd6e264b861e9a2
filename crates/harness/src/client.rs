//! HTTP/1.1 as lean as it gets: the client shares the machine with what it measures.

use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// One kept-alive connection, blocking.
pub struct Client {
    address: SocketAddr,
    token: String,
    /// A member of staff instead of a token: the session's cookie and what proves that a page sends it.
    session: Option<(String, String)>,
    stream: Option<BufReader<TcpStream>>,
}

pub struct Answer {
    pub status: u16,
    pub cookie: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

impl Client {
    pub fn new(address: SocketAddr, token: &str) -> Self {
        Self { address, token: token.to_owned(), session: None, stream: None }
    }
    pub fn of_staff(address: SocketAddr, cookie: &str, csrf: &str) -> Self {
        Self { session: Some((cookie.to_owned(), csrf.to_owned())), ..Self::new(address, "") }
    }
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send(&request("GET", path, &self.token, &self.headers(&[]), ""))
    }
    pub fn post(&mut self, path: &str, key: &str, body: &Value) -> io::Result<Answer> {
        let headers = self.headers(&[("Idempotency-Key", key)]);
        self.send(&request("POST", path, &self.token, &headers, &body.to_string()))
    }
    fn headers<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let session = self.session.iter().flat_map(|(cookie, csrf)| [("Cookie", &**cookie), ("X-CSRF-Token", &**csrf)]);
        more.iter().copied().chain(session).collect()
    }
    pub fn send(&mut self, request: &str) -> io::Result<Answer> {
        let answer = self.exchange(request);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }
    fn exchange(&mut self, request: &str) -> io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(2))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(20)))?;
                none.insert(BufReader::new(stream))
            }
        };
        stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut status, mut length, mut cookie) = (String::new(), 0, 0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line == "\r\n" {
                break;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.get(..3).and_then(|s| s.parse().ok()).unwrap_or(0);
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("set-cookie")
            {
                value.split(';').next().unwrap_or_default().trim().clone_into(&mut cookie);
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        Ok(Answer { status, cookie, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, token: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    if !token.is_empty() {
        text.push_str(&format!("Authorization: Bearer {token}\r\n"));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    text + "\r\n" + body
}

pub fn healthy(address: SocketAddr) -> bool {
    Client::new(address, "-").get("/healthz").is_ok_and(|a| a.status == 200)
}
