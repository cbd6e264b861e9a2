//! Clients that post as fast as they are answered, each request under a key of its own, and remember what they were told.

use super::subject::Subject;
use crate::client::Client;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

const CLIENTS: usize = 8;

/// What the clients know at the end: what was acknowledged (key and id), and what got no clear answer.
#[derive(Default)]
pub struct Told {
    pub acknowledged: Vec<(String, String)>,
    pub unknown: Vec<(String, usize)>,
    /// Refusals: the load itself is wrong.
    pub refused: Option<String>,
}

pub struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Told>>,
}

impl Load {
    pub fn start(address: SocketAddr, token: &str, subject: &Subject, round: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let clients = (0..CLIENTS)
            .map(|c| {
                let (mut client, subject, stop) = (Client::new(address, token), subject.clone(), stop.clone());
                thread::spawn(move || post(&mut client, &subject, &stop, round, c))
            })
            .collect();
        Self { stop, clients }
    }
    pub fn stop(self) -> Told {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Told::default();
        for client in self.clients {
            if let Ok(told) = client.join() {
                all.acknowledged.extend(told.acknowledged);
                all.unknown.extend(told.unknown);
                all.refused = all.refused.or(told.refused);
            }
        }
        all
    }
}

fn post(client: &mut Client, subject: &Subject, stop: &AtomicBool, round: usize, number: usize) -> Told {
    let mut told = Told::default();
    let mut n = number;
    while !stop.load(Ordering::Relaxed) {
        n += CLIENTS;
        let key = format!("durability-{round}-{number}-{n}");
        match client.post(&subject.path, &key, &subject.body(&key, n)) {
            Ok(answer) if answer.status == 201 => {
                let id = answer.json()["id"].as_str().unwrap_or_default().to_owned();
                let after = subject.after(n, &id);
                told.acknowledged.push((key.clone(), id));
                if let Some((path, body)) = after {
                    match client.post(&path, &format!("{key}-after"), &body) {
                        Ok(answer) if (400..500).contains(&answer.status) => {
                            told.refused = Some(format!("{} {}", answer.status, answer.body));
                            break;
                        }
                        // Whether it happened is for the proof of the ledger to judge.
                        Ok(_) => {}
                        Err(_) => break,
                    }
                }
            }
            Ok(answer) if answer.status < 500 => {
                told.refused = Some(format!("{} {}", answer.status, answer.body));
                break;
            }
            // No answer, or one that says "unknown": whoever has a key may ask again.
            _ => {
                told.unknown.push((key, n));
                break;
            }
        }
    }
    told
}
