//! What is asked of the server.

use super::{
    Line, World, bare, facts,
    load::{Load, Measured},
    rows,
};
use crate::{
    Done,
    client::{Client, request},
    server::Server,
};
use serde_json::{Value, json};
use std::time::Duration;

const CUSTOMERS: &str = "/tmf-api/customerManagement/v4/customer";
const PAYMENTS: &str = "/tmf-api/paymentManagement/v4/payment";
const ORDERS: &str = "/tmf-api/productOrderingManagement/v4/productOrder";

/// The requests of a case, how many at once, and the status they are answered with.
struct Case {
    name: &'static str,
    connections: usize,
    wanted: u16,
    request: Box<dyn FnMut(usize) -> String>,
}

pub fn measure(world: &World, name: &str) -> Done<Line> {
    let server = world.setup.start()?;
    let case = case(world, &server, name, &world.token)?;
    let (name, connections) = (case.name, case.connections);
    let measured = run(&server, case)?;
    let mut note = format!(
        "{connections} connections; server {:.0} µs CPU a request, client {:.0} µs; {:.2} of 2 cores used",
        measured.server_us, measured.client_us, measured.busy
    );
    drop(server);
    let bare = match name {
        "get_customer" => {
            Some(bare::read(world, "SELECT body FROM customer WHERE id = $1", facts::customer_ids(world)?)?)
        }
        "find_phone" => {
            let sql = "SELECT c.body FROM (SELECT customer_id FROM customer_key WHERE key = $1 LIMIT 24) AS k \
                       JOIN customer AS c ON c.id = k.customer_id";
            Some(bare::read(world, sql, facts::phones(world)?)?)
        }
        "list_customers" => Some(bare::read(world, "SELECT body FROM customer ORDER BY id DESC LIMIT 20", Vec::new())?),
        "create_customer" | "order" => {
            let recorded = record(world, name)?;
            note.push_str(&format!("; bare: the same {:.1} rows an operation", recorded.rows_per_operation()));
            Some(bare::write(world, &recorded)?)
        }
        _ => None,
    };
    let Measured { rate, p50_ms, p99_ms, .. } = measured;
    Ok(Line { name, rate, p50_ms: Some(p50_ms), p99_ms: Some(p99_ms), bare_rate: bare, note })
}

fn run(server: &Server, case: Case) -> Done<Measured> {
    let load = Load {
        address: server.address,
        server: server.pid(),
        connections: case.connections,
        warm_up: Duration::from_secs(2),
        duration: Duration::from_secs(8),
        request: case.request,
        wanted: case.wanted,
    };
    load.run()
}

fn case(world: &World, server: &Server, name: &str, token: &str) -> Done<Case> {
    let token = token.to_owned();
    let get = |path: String, token: &str| request("GET", &path, token, &[], "");
    Ok(match name {
        "get_customer" => {
            let ids = facts::customer_ids(world)?;
            let request = Box::new(move |n: usize| get(format!("{CUSTOMERS}/{}", ids[n % ids.len()]), &token));
            Case { name: "get_customer", connections: 32, wanted: 200, request }
        }
        "find_phone" => {
            let phones = facts::phones(world)?;
            let request = Box::new(move |n: usize| get(format!("/api/v1/find?q={}", phones[n % phones.len()]), &token));
            Case { name: "find_phone", connections: 32, wanted: 200, request }
        }
        "list_customers" => {
            let request = Box::new(move |_| get(format!("{CUSTOMERS}?limit=20"), &token));
            // A limit asks for a part of the list.
            Case { name: "list_customers", connections: 16, wanted: 206, request }
        }
        "create_customer" => {
            let (people, run) = (NewCustomers::new(), std::process::id());
            let request = Box::new(move |n: usize| {
                post("/api/v1/customers", &token, &format!("customer-{run}-{n}"), &people.make(n).to_string())
            });
            Case { name: "create_customer", connections: 64, wanted: 201, request }
        }
        "order" => {
            let bodies = orders(server, &token)?;
            let run = std::process::id();
            let request =
                Box::new(move |n: usize| post(ORDERS, &token, &format!("order-{run}-{n}"), &bodies[n % bodies.len()]));
            Case { name: "order", connections: 64, wanted: 201, request }
        }
        "payment" => {
            let accounts = facts::spread(facts::texts(world, "SELECT id FROM billing_account")?, 200_000);
            if accounts.is_empty() {
                return Err("the store has no accounts: give it months of bills".to_owned());
            }
            let run = std::process::id();
            let request = Box::new(move |n: usize| {
                let body = json!({
                    "account": {"id": accounts[n % accounts.len()]}, "paymentMethod": {"name": "transfer"},
                    "totalAmount": {"unit": "CNY", "value": 50 + n % 50}, "correlatorId": format!("bench-{n}"),
                });
                post(PAYMENTS, &token, &format!("payment-{run}-{n}"), &body.to_string())
            });
            Case { name: "payment", connections: 64, wanted: 201, request }
        }
        other => return Err(format!("there is no case {other}")),
    })
}

fn post(path: &str, token: &str, key: &str, body: &str) -> String {
    request("POST", path, token, &[("Idempotency-Key", key)], body)
}

/// People with valid, distinct identity numbers and telephones, different in each run.
struct NewCustomers {
    base: usize,
}

impl NewCustomers {
    fn new() -> Self {
        let now = std::fs::metadata("/proc/self").and_then(|m| m.modified()).ok();
        let seconds = now.and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |d| d.as_secs());
        Self { base: (seconds % 100_000) as usize * 300 }
    }
    fn make(&self, n: usize) -> Value {
        let n = self.base + n;
        // Born 1931–1949, in a district no seeded customer comes from: identity numbers that nobody else has.
        let (day, rest) = (n % 28 + 1, n / 28);
        let (month, rest) = (rest % 12 + 1, rest / 12);
        let (year, rest) = (1931 + rest % 19, rest / 19);
        let district = 654_001 + rest / 1000 % 20;
        let number = format!("{district}{year}{month:02}{day:02}{:03}", rest % 1000);
        json!({
            "kind": "individual", "name": format!("测试{n}"), "certificateType": "idCard",
            "certificate": with_check_digit(&number), "phone": format!("199{:08}", n % 100_000_000),
        })
    }
}

/// GB 11643: the last digit of an identity number.
fn with_check_digit(number: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432"[sum as usize % 11];
    format!("{number}{}", check as char)
}

/// Customers that may have what everybody is to order: some offerings need another.
const TRIES: usize = 5;

/// Orders of three items that reserve nothing, for many customers. Which offerings go together is tried on the first of them.
fn orders(server: &Server, token: &str) -> Done<Vec<String>> {
    let mut client = Client::new(server.address, token);
    let mut candidates = Vec::new();
    for family in ["option", "device"] {
        let list = json(&mut client, &format!("/api/v1/catalog/offerings?family={family}&limit=50"))?;
        let sellable = list.as_array().into_iter().flatten().filter(|o| o["sellable"] == true);
        candidates.extend(sellable.map(|o| o["id"].clone()));
    }
    let mut customers = Vec::new();
    // So many that none of them comes to have more products than people have.
    for page in 0..20 {
        let path = format!("{CUSTOMERS}?limit=1000&offset={}&fields=id", page * 1_000);
        let Value::Array(some) = json(&mut client, &path)? else { break };
        customers.extend(some.into_iter().map(|c| c["id"].clone()));
    }
    // Who owes for long may not order.
    let owing = json(&mut client, "/api/v1/dunning/cases?limit=100")?;
    let owes = |id: &Value| owing.as_array().into_iter().flatten().any(|case| case["customerId"] == *id);
    let mut customers = customers.into_iter().filter(|id| !owes(id));
    let mut chosen: Vec<Value> = Vec::new();
    for candidate in candidates {
        if chosen.len() == 3 {
            break;
        }
        chosen.push(candidate);
        for customer in customers.by_ref().take(TRIES) {
            let key = format!("try-{}-{customer}", std::process::id());
            let answer = client.send(&post(ORDERS, token, &key, &order(&customer, &chosen)));
            if answer.map_err(|e| e.to_string())?.status != 201 {
                chosen.pop();
                break;
            }
        }
    }
    if chosen.is_empty() {
        return Err("the catalogue has nothing that can be ordered without reserving something".to_owned());
    }
    let items: Vec<Value> = chosen.iter().cycle().take(3).cloned().collect();
    Ok(customers.map(|customer| order(&customer, &items)).collect())
}

fn json(client: &mut Client, path: &str) -> Done<Value> {
    client.get(path).map(|a| a.json()).map_err(|e| format!("{path}: {e}"))
}

fn order(customer: &Value, offerings: &[Value]) -> String {
    let items = offerings.iter().enumerate().map(|(i, offering)| {
        json!({"id": (i + 1).to_string(), "action": "add", "quantity": 1, "productOffering": {"id": offering}})
    });
    json!({
        "relatedParty": [{"id": customer, "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": items.collect::<Vec<_>>(),
    })
    .to_string()
}

/// Runs a case for a moment on a small store and takes down which rows it wrote.
fn record(world: &World, name: &str) -> Done<rows::Recorded> {
    let small = rows::Small::make(world)?;
    let before = small.dump()?;
    let server = small.setup.start()?;
    let case = case(world, &server, name, &small.token)?;
    // Bodies name customers: those of this store.
    let Case { mut request, wanted, .. } = case;
    let mut client = Client::new(server.address, &small.token);
    const OPERATIONS: usize = 3_000;
    for n in 0..OPERATIONS {
        let answer = client.send(&request(n)).map_err(|e| e.to_string())?;
        if answer.status != wanted {
            return Err(format!("{}: {}", answer.status, answer.body));
        }
    }
    server.kill()?;
    // An order goes on being carried out behind the answer; what is compared is its capture.
    small.written(before, OPERATIONS, (name == "order").then_some("product_order"))
}
