//! A closed loop over many kept-alive connections on one thread.

use crate::{Done, server};
use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Load {
    pub address: SocketAddr,
    pub server: u32,
    pub connections: usize,
    pub warm_up: Duration,
    pub duration: Duration,
    /// The bytes of the n-th request.
    pub request: Box<dyn FnMut(usize) -> String>,
    pub wanted: u16,
}

pub struct Measured {
    pub rate: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Processor time a request, of the server and of ourselves.
    pub server_us: f64,
    pub client_us: f64,
    /// How much of the two cores was used altogether.
    pub busy: f64,
}

struct Run {
    request: Box<dyn FnMut(usize) -> String>,
    next: usize,
    latencies: Vec<u32>,
    wrong: Option<String>,
}

impl Load {
    pub fn run(self) -> Done<Measured> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        let began = Instant::now();
        let (from, until) = (began + self.warm_up, began + self.warm_up + self.duration);
        let run = Rc::new(RefCell::new(Run { request: self.request, next: 0, latencies: Vec::new(), wrong: None }));
        let (address, wanted) = (self.address, self.wanted);
        let cpu = Rc::new(RefCell::new(None));
        let local = tokio::task::LocalSet::new();
        for _ in 0..self.connections {
            let (run, cpu, server) = (run.clone(), cpu.clone(), self.server);
            local.spawn_local(async move {
                let warm = || {
                    cpu.borrow_mut().get_or_insert_with(|| (server::cpu(server), server::cpu(std::process::id())));
                };
                if let Err(e) = connection(address, wanted, &run, (from, until), warm).await {
                    run.borrow_mut().wrong.get_or_insert(e);
                }
            });
        }
        runtime.block_on(local);
        let took = from.elapsed();
        let used = (server::cpu(self.server), server::cpu(std::process::id()));
        let before = cpu.borrow().unwrap_or(used);
        let mut run = run.borrow_mut();
        if let Some(text) = run.wrong.take() {
            return Err(text);
        }
        run.latencies.sort_unstable();
        let count = run.latencies.len();
        let at = |part: f64| {
            let i = ((count as f64 * part) as usize).min(count.saturating_sub(1));
            run.latencies.get(i).map_or(0.0, |us| f64::from(*us) / 1000.0)
        };
        let (server, client) = (used.0.saturating_sub(before.0), used.1.saturating_sub(before.1));
        let each = |d: Duration| d.as_secs_f64() * 1e6 / count.max(1) as f64;
        Ok(Measured {
            rate: super::per_second(count, took),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            server_us: each(server),
            client_us: each(client),
            busy: (server + client).as_secs_f64() / took.as_secs_f64(),
        })
    }
}

async fn connection(
    address: SocketAddr,
    wanted: u16,
    run: &RefCell<Run>,
    (from, until): (Instant, Instant),
    warm: impl Fn(),
) -> Done {
    let failed = |e: std::io::Error| format!("the connection broke: {e}");
    let mut stream = TcpStream::connect(address).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let mut buffer = Vec::with_capacity(64 << 10);
    loop {
        let begin = Instant::now();
        if begin >= until {
            return Ok(());
        }
        let request = {
            let mut run = run.borrow_mut();
            let n = run.next;
            run.next += 1;
            (run.request)(n)
        };
        stream.write_all(request.as_bytes()).await.map_err(failed)?;
        buffer.clear();
        let (status, body) = loop {
            if stream.read_buf(&mut buffer).await.map_err(failed)? == 0 {
                return Err("the server closed the connection".to_owned());
            }
            if let Some((status, head, length)) = head(&buffer)
                && buffer.len() >= head + length
            {
                break (status, head);
            }
        };
        if status != wanted {
            let text = String::from_utf8_lossy(&buffer[body..]).into_owned();
            return Err(format!("{status} instead of {wanted}: {text} for {request}"));
        }
        if begin >= from {
            warm();
            let us = begin.elapsed().as_micros();
            run.borrow_mut().latencies.push(u32::try_from(us).unwrap_or(u32::MAX));
        }
    }
}

/// Status, length of the head and length of the body, once the head is complete.
fn head(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = text.get(9..12)?.parse().ok()?;
    let mut lines = text.lines();
    let length = lines.find_map(|l| {
        l.get(..15).filter(|n| n.eq_ignore_ascii_case("content-length:")).and_then(|_| l[15..].trim().parse().ok())
    });
    Some((status, end, length.unwrap_or(0)))
}
