//! Journeys across domains: from order to activation, suspension and resumption. The template of a journey is data (tasks of
//! the catalogue, put in order by `ordering`); here are the handlers of its steps and the adapters to the network.
//!
//! Which adapter serves a target is data too (table `activation_route`). There are two: the built-in network
//! ([`simulator`]), spoken to over HTTP like any other, and a RADIUS server ([`radius`]).

mod activation;
mod handlers;
mod radius;
mod routes;
mod simulator;

pub use activation::{Activation, Failure, Request, Verb};
pub use handlers::{reconcilers, sagas};
pub use radius::{Access, RadiusServer, ask as radius_ask, prepare as radius_prepare, use_server as use_radius};
pub use simulator::Behaviour;

use http::{Background, Module};
use kernel::Perm;
use store::Migration;

pub const NETWORK_READ: Perm = Perm { name: "network.read", zh: "查看网络", en: "See the network" };
pub const NETWORK_WRITE: Perm =
    Perm { name: "network.write", zh: "设置模拟网络", en: "Set the simulated network" };
pub const ACCESS_REVEAL: Perm =
    Perm { name: "product.reveal_access", zh: "查看宽带密码", en: "See broadband passwords" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        REFUSED = "network.refused", 422, "{target} 拒绝执行：{detail}", "{target} refused: {detail}", "请核对数据后重试，或人工处理后跳过", "Check the data and retry, or do it by hand and skip";
        UNREACHABLE = "network.unreachable", 503, "{target} 无法连接：{detail}", "{target} cannot be reached: {detail}", "系统会自动重试", "The system tries again by itself";
        NO_ANSWER = "network.no_answer", 504, "{target} 没有答复，结果未知", "{target} did not answer; the outcome is unknown", "系统会先查询再重试", "The system asks before it tries again";
        NOT_UNDONE = "network.not_undone", 409, "{target} 上的拆除不能自动恢复", "A removal from {target} cannot be taken back by itself", "请人工处理后选择“跳过”", "Do it by hand, then skip";
        TASK_UNKNOWN = "journey.task_unknown", 422, "未知任务 {value}", "Unknown task {value}", "请核对商品目录中的任务模板", "Check the task template in the catalogue";
        RADIUS_VERIFY = "radius.not_effective", 502, "RADIUS 服务器对账号 {account} 的答复为 {value}", "The RADIUS server answers {value} for {account}", "请检查 RADIUS 服务器的数据库设置", "Check the data base settings of the RADIUS server";
    }
}

pub fn module() -> Module {
    Module {
        name: "journeys",
        routes: routes::routes(),
        migrations: const { &[Migration::new("journeys", 1, include_str!("../migrations/0001_journeys.sql"))] },
        problems: problems::ALL,
        permissions: const { &[NETWORK_READ, NETWORK_WRITE, ACCESS_REVEAL] },
        background: vec![Background { name: "simulator", run: |app| Box::pin(simulator::keep_serving(app)) }],
        ..Module::default()
    }
}
