//! Tickets of walk-in visitors: taken at the machine, called to a counter, served, and the board that shows it.
//!
//! ```text
//! waiting → called → serving → done
//!    ↑        ├→ noShow ┄(back in time)┄→ waiting
//!    └────────┴─ transfer
//! waiting → cancelled | lapsed (the hall has closed)
//! ```
//! Invariants: a ticket is called by one counter (a conditional update on its row); a counter has one visitor at a time (a
//! unique index); who goes before others is called as if having come earlier, so nobody waits for ever.

mod board;
mod counter;
mod kind;
mod routes;
mod state;
mod statistics;
mod ticket;

pub use routes::routes;
pub use state::{Change, TicketState};
pub use ticket::close_days;

use kernel::{OrgPath, Perm, Problem, Result};
use serde_json::json;
use store::{Event, Tx};

pub const TAKE: Perm = Perm { name: "queue.take", zh: "取号", en: "Take tickets" };
pub const SERVE: Perm = Perm { name: "queue.serve", zh: "叫号", en: "Call tickets" };
pub const BOARD: Perm = Perm { name: "queue.board", zh: "查看叫号屏", en: "See the waiting board" };
pub const READ: Perm = Perm { name: "queue.read", zh: "查看排队统计", en: "See the figures of queues" };

/// Error codes of the queue.
pub mod problems {
    kernel::codes! {
        NO_HALL = "queue.no_hall", 422, "当前机构不是营业厅，不能取号叫号", "This place is no hall: there is no queue here", "请以营业厅账号登录，或指定营业厅", "Log in at a hall, or name one";
        KIND = "queue.kind", 422, "没有业务类型 {value}", "There is no kind {value}", "请从列表中选择", "Pick one of the list";
        PRIORITY = "queue.priority", 422, "没有优先类型 {value}", "There is no priority {value}", "请从列表中选择", "Pick one of the list";
        COUNTER_TAKEN = "queue.counter_taken", 409, "{counter} 号窗口由 {name} 使用中", "Counter {counter} is held by {name}", "请换一个窗口，或请对方先退出", "Take another counter, or ask them to leave it";
        NOT_AT_COUNTER = "queue.not_at_counter", 409, "您还没有登录窗口", "You are at no counter", "请先选择窗口", "Open a counter first";
        PAUSED = "queue.paused", 409, "窗口已暂停", "The counter is paused", "请先恢复服务", "Resume it first";
        BUSY = "queue.busy", 409, "{label} 还在窗口", "{label} is at the counter still", "请先办结、过号或转移", "Finish, skip or transfer it first";
        EMPTY = "queue.empty", 404, "没有等候的号", "Nobody is waiting", "有新号时会自动出现", "New tickets appear by themselves";
        STATE = "queue.state", 409, "{label} 的状态为 {from}，不能{action}", "{label} is {from}: {action} is not possible", "请刷新后再试", "Reload and try again";
        NOT_YOURS = "queue.not_yours", 409, "{label} 由 {counter} 号窗口呼叫", "{label} was called by counter {counter}", "只能处理自己窗口的号", "One deals with one's own counter's tickets";
        TOO_LATE = "queue.too_late", 409, "{label} 过号已超过 {minutes} 分钟", "{label} was missed more than {minutes} minutes ago", "请重新取号", "Take a new ticket";
    }
}

/// The hall a request is about: the one it names, or the actor's own. A hall is a place below a city.
pub fn hall(tx: &Tx<'_>, named: Option<&str>) -> Result<OrgPath> {
    let org = match named {
        Some(text) => {
            let org = OrgPath::parse(text)?;
            tx.must_see(org.as_str())?;
            org
        }
        None => tx.actor().org.clone(),
    };
    match org.as_str().matches('/').count() {
        4.. => Ok(org),
        _ => Err(Problem::new(&problems::NO_HALL)),
    }
}

/// The day's queue of a hall has changed: boards and counters look again.
fn changed(tx: &mut Tx<'_>, org: &OrgPath, ticket: &str, version: i64, what: &str) -> Result<()> {
    let event = Event::new("QueueChangeEvent", "board", ticket, version, org)
        .topic(format!("queue:{org}"))
        .payload(json!({"queue": {"ticket": ticket, "what": what}}))
        .audit(json!({"what": what}));
    tx.announce(&event)
}
