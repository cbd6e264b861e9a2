//! Cashiers under the same blows: they open shifts, take money by several methods, count and close, while the server is
//! killed or the power cut. Afterwards every payment that was told lies in exactly one shift, every shift that was told to be
//! closed is closed as it was told, each closed one was counted with exactly its payments, and the proof of the ledger and of
//! the receipt numbers finds nothing.

use super::{World, subject::chance};
use crate::{Done, args::Args, args::Engine, client::Client};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const CASHIERS: usize = 3;
const METHODS: [&str; 4] = ["cash", "card", "transfer", "cheque"];
const HALL: &str = "/cn/44/4401/h001";
/// More lives show nothing new.
const MOST: usize = 6;

/// What the lives came to.
#[derive(Default)]
pub struct Counted {
    pub closed: usize,
    pub payments: usize,
    pub blows: usize,
    pub wrong: Vec<String>,
}

#[derive(Clone, Copy)]
enum Deed {
    Open,
    Take(i64),
    Close,
}

/// Sent, and not answered: it may have happened.
struct Pending {
    deed: Deed,
    key: String,
    body: Value,
}

struct Cashier {
    id: String,
    cookie: String,
    csrf: String,
    customer: String,
    sent: usize,
    pending: Option<Pending>,
    payments: usize,
    taken: i64,
    /// Shifts that were told to be closed, with what was counted.
    closed: HashMap<String, Value>,
    refused: Option<String>,
}

impl Deed {
    const fn path(self) -> &'static str {
        match self {
            Self::Open => "/api/v1/counter/shift/open",
            Self::Take(_) => "/api/v1/counter/payments",
            Self::Close => "/api/v1/counter/shift/close",
        }
    }
}

impl Cashier {
    fn hire(address: SocketAddr, token: &str, n: usize, customer: String) -> Done<Self> {
        let mut admin = Client::new(address, token);
        let (login, password) = (format!("drawer{n}"), format!("Durable-{n}-drawer"));
        let new = json!({"login": login, "name": login, "org": HALL, "scope": "/cn", "roles": ["clerk"], "password": password});
        let made = admin.post("/api/v1/staff", &login, &new).map_err(|e| e.to_string())?;
        let id = made.json()["id"].as_str().ok_or_else(|| format!("no cashier: {}", made.body))?.to_owned();
        let ask = json!({"login": login, "password": password});
        let opened = Client::new(address, "").post("/api/v1/session", &login, &ask).map_err(|e| e.to_string())?;
        let csrf = opened.json()["csrf"].as_str().ok_or_else(|| format!("no session: {}", opened.body))?.to_owned();
        Ok(Self {
            id,
            cookie: opened.cookie,
            csrf,
            customer,
            sent: 0,
            pending: None,
            payments: 0,
            taken: 0,
            closed: HashMap::new(),
            refused: None,
        })
    }

    fn client(&self, address: SocketAddr) -> Client {
        Client::of_staff(address, &self.cookie, &self.csrf)
    }

    /// Opens, takes, counts, closes, until told to stop or left without an answer.
    fn work(&mut self, address: SocketAddr, stop: &AtomicBool) {
        let mut client = self.client(address);
        while !stop.load(Ordering::Relaxed) {
            if self.shift(&mut client).is_none() {
                return;
            }
        }
    }

    /// One shift; nothing where there was no answer.
    fn shift(&mut self, client: &mut Client) -> Option<()> {
        let mut look = || client.get("/api/v1/counter/shift").ok().filter(|a| a.status == 200).map(|a| a.json());
        if look()?["state"] != "open" {
            self.do_it(client, Deed::Open, json!({"floatFen": 10_000}))?;
        }
        for _ in 0..=chance(3) {
            let (fen, method) = (100 + 7 * i64::try_from(self.sent).ok()?, METHODS[self.sent % METHODS.len()]);
            let body =
                json!({"customerId": self.customer, "amountFen": fen, "method": method, "reference": "durability"});
            self.do_it(client, Deed::Take(fen), body)?;
        }
        let shift = client.get("/api/v1/counter/shift").ok().filter(|a| a.status == 200)?.json();
        self.do_it(client, Deed::Close, json!({"countedFen": shift["expectedFen"], "reason": ""}))
    }

    fn do_it(&mut self, client: &mut Client, deed: Deed, body: Value) -> Option<()> {
        self.sent += 1;
        let key = format!("shift-{}-{}", self.id, self.sent);
        self.pending = Some(Pending { deed, key, body });
        self.send(client)
    }

    /// Sends what is pending, under its key; nothing where there was no answer.
    fn send(&mut self, client: &mut Client) -> Option<()> {
        let Some(pending) = &self.pending else { return Some(()) };
        let answer = client.post(pending.deed.path(), &pending.key, &pending.body).ok().filter(|a| a.status < 500)?;
        let (told, deed) = (answer.json(), pending.deed);
        if answer.status >= 400 {
            self.refused = Some(format!("{}: {} {}", deed.path(), answer.status, answer.body));
            return None;
        }
        self.pending = None;
        match deed {
            Deed::Open => {}
            Deed::Take(fen) => {
                self.taken += fen;
                self.payments += 1;
            }
            Deed::Close => {
                self.closed.insert(told["id"].as_str().unwrap_or_default().to_owned(), told["counted"].clone());
            }
        }
        Some(())
    }

    /// What is wrong with the cashier's shifts.
    fn compare(&self, all: &[Value]) -> Vec<String> {
        let (mut wrong, mut found, mut open) = (Vec::new(), 0, 0);
        for shift in all.iter().filter(|s| s["operatorId"] == self.id.as_str()) {
            let mut by_method: HashMap<&str, i64> = HashMap::new();
            for total in shift["byMethod"].as_array().into_iter().flatten() {
                let fen = total["amountFen"].as_i64().unwrap_or(0);
                found += fen;
                *by_method.entry(total["method"].as_str().unwrap_or_default()).or_default() += fen;
            }
            if shift["state"] == "open" {
                open += 1;
                continue;
            }
            *by_method.entry("cash").or_default() += shift["floatFen"].as_i64().unwrap_or(0);
            for count in shift["counted"].as_array().into_iter().flatten() {
                let there = by_method.remove(count["method"].as_str().unwrap_or_default()).unwrap_or(0);
                if count["systemFen"] != there || count["countedFen"] != there {
                    wrong.push(format!("shift {} was counted {count}, its payments come to {there}", shift["id"]));
                }
            }
            if by_method.values().any(|fen| *fen != 0) {
                wrong.push(format!("shift {} was closed without counting {by_method:?}", shift["id"]));
            }
        }
        if found != self.taken {
            wrong.push(format!("{} was told of {} fen, in the shifts lie {found}", self.id, self.taken));
        }
        if open > 1 {
            wrong.push(format!("{} has {open} open shifts", self.id));
        }
        for (id, counted) in &self.closed {
            let there = all.iter().find(|s| s["id"] == id.as_str());
            if there.is_none_or(|s| s["state"] != "closed" || s["counted"] != *counted) {
                wrong.push(format!("shift {id} was told to be closed with {counted}, it is {there:?}"));
            }
        }
        wrong.extend(self.refused.iter().map(|text| format!("a cashier was refused: {text}")));
        wrong
    }
}

impl World {
    pub(super) fn shift_closes(&self, args: &Args) -> Done<Counted> {
        let mut counted = Counted::default();
        let cuts = if self.engine == Engine::Sqlite { args.cuts.div_ceil(2) } else { 0 };
        let lives = (args.kills.div_ceil(2) + cuts).min(MOST);
        if lives == 0 {
            return Ok(counted);
        }
        let mut cashiers = self.hire()?;
        for life in 0..lives {
            // Kills and cuts in turn, as long as there are both.
            let cut = if args.kills == 0 { cuts > 0 } else { cuts > 0 && life % 2 == 1 };
            let server = self.start(if cut { &["--vfs", "powercut"] } else { &[] })?;
            let stop = Arc::new(AtomicBool::new(false));
            let at_work: Vec<_> = cashiers
                .into_iter()
                .map(|mut cashier| {
                    let (stop, address) = (stop.clone(), server.address);
                    thread::spawn(move || {
                        cashier.work(address, &stop);
                        cashier
                    })
                })
                .collect();
            thread::sleep(Duration::from_millis(300 + chance(700)));
            server.kill()?;
            counted.blows += 1;
            stop.store(true, Ordering::Relaxed);
            cashiers = at_work.into_iter().filter_map(|c| c.join().ok()).collect();
            self.look(&mut cashiers, &mut counted)?;
        }
        counted.closed = cashiers.iter().map(|c| c.closed.len()).sum();
        counted.payments = cashiers.iter().map(|c| c.payments).sum();
        if counted.closed == 0 {
            counted.wrong.push("no shift was closed: the load itself is wrong".to_owned());
        }
        counted.wrong.extend(self.setup.tell(&["check"]).err());
        Ok(counted)
    }

    fn hire(&self) -> Done<Vec<Cashier>> {
        let server = self.start(&[])?;
        let mut client = Client::new(server.address, &self.token);
        let found = client.get("/api/v1/customers?limit=20").map_err(|e| e.to_string())?.json();
        let customers: Vec<&str> = found.as_array().into_iter().flatten().filter_map(|c| c["id"].as_str()).collect();
        if customers.is_empty() {
            return Err(format!("no customers to take money from: {found}"));
        }
        (0..CASHIERS)
            .map(|n| Cashier::hire(server.address, &self.token, n, customers[n % customers.len()].to_owned()))
            .collect()
    }

    /// Starts again, settles what nobody got an answer to, and looks at every drawer.
    fn look(&self, cashiers: &mut [Cashier], counted: &mut Counted) -> Done {
        let server = self.start(&[])?;
        let began = Instant::now();
        for cashier in &mut *cashiers {
            let mut client = cashier.client(server.address);
            while cashier.refused.is_none() && cashier.send(&mut client).is_none() {
                if began.elapsed() > Duration::from_secs(30) {
                    return Err("a cashier gets no answer".to_owned());
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        let mut client = Client::new(server.address, &self.token);
        let shifts = client.get("/api/v1/counter/shifts").map_err(|e| e.to_string())?.json();
        let shifts = shifts.as_array().ok_or_else(|| format!("no shifts: {shifts}"))?;
        for cashier in &*cashiers {
            counted.wrong.extend(cashier.compare(shifts));
        }
        Ok(())
    }
}
