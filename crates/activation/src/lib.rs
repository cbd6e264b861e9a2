//! The network from the side of orders: which system does what, how it is told, what it answers.
//!
//! Systems are of two kinds. Adapters ([`adapter`]) are told each task by itself: the built-in network ([`simulator`]) and
//! RADIUS ([`radius`]). Activation systems take all work of an order in one message ([`message`]): one that speaks TMF641
//! ([`southbound`]) and the legacy system 97 with its files ([`legacy`]). All are live at once; routes ([`route`]) say who
//! serves which target, place and product line. What people do by hand is [`work`]; what services share is [`shared`].

mod adapter;
mod dispatch;
mod handlers;
pub mod legacy;
mod message;
mod northbound;
mod radius;
mod route;
mod routes;
mod rules;
mod shared;
mod simulator;
pub mod southbound;
mod work;

pub use adapter::{Activation, Failure, Request, Verb};
pub use dispatch::round;
pub use handlers::handlers;
pub use legacy::{Legacy, use_directory as use_legacy};
pub use northbound::{MONITOR, SERVICE, saga};
pub use radius::{Access, RadiusServer, ask as radius_ask, prepare as radius_prepare, use_server as use_radius};
pub use route::{ensure_demo, resolve};
pub use simulator::Behaviour;
pub use southbound::{Outside, use_server as use_tmf641};

use http::{Background, Module};
use kernel::Perm;
use store::Migration;

pub const NETWORK_READ: Perm = Perm { name: "network.read", zh: "查看网络", en: "See the network" };
pub const NETWORK_WRITE: Perm =
    Perm {
        name: "network.write", zh: "设置开通路由与模拟网络", en: "Set activation routes and the simulated network"
    };
pub const NETWORK_RETRY: Perm =
    Perm { name: "network.retry", zh: "重发开通消息", en: "Retry activation messages" };
pub const NETWORK_CALLBACK: Perm =
    Perm { name: "network.callback", zh: "回报开通结果（系统）", en: "Report activation results (systems)" };
pub const NETWORK_ORDER: Perm =
    Perm { name: "network.order", zh: "直接开通服务（系统）", en: "Activate services directly (systems)" };
pub const WORK: Perm = Perm { name: "network.work", zh: "处理人工工单", en: "Deal with work by hand" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        REFUSED = "network.refused", 422, "{target} 拒绝执行：{detail}", "{target} refused: {detail}", "请核对数据后重试，或人工处理后跳过", "Check the data and retry, or do it by hand and skip";
        UNREACHABLE = "network.unreachable", 503, "{target} 无法连接：{detail}", "{target} cannot be reached: {detail}", "系统会自动重试", "The system tries again by itself";
        NO_ANSWER = "network.no_answer", 504, "{target} 没有答复，结果未知", "{target} did not answer; the outcome is unknown", "系统会先查询再重试", "The system asks before it tries again";
        RADIUS_VERIFY = "radius.not_effective", 502, "RADIUS 服务器对账号 {account} 的答复为 {value}", "The RADIUS server answers {value} for {account}", "请检查 RADIUS 服务器的数据库设置", "Check the data base settings of the RADIUS server";
        ROUTE_TWICE = "network.route_twice", 409, "该目标、区域与产品线已有路由", "There is a route for this target, place and product line already", "请修改已有的路由", "Change that one";
        ROUTE_LAST = "network.route_last", 409, "通用路由不能删除、停用或缩小范围", "The route for everything can be neither removed nor narrowed", "可以修改它的系统，或增加更具体的路由", "Change its system, or add a narrower route";
        ROUTE_UNFIT = "network.route_unfit", 422, "{adapter} 不能承接 {target}", "{adapter} cannot serve {target}", "请选择其他系统", "Choose another system";
        MESSAGE_STATE = "network.message_state", 409, "消息状态为 {state}，不能执行此操作", "The message is {state}: this is not possible", "请刷新后查看最新状态", "Reload and look again";
        WORK_ENDED = "work.ended", 409, "该工单已处理", "This work order has been dealt with", "请刷新列表", "Reload the list";
        WORK_FAILED = "work.failed", 422, "人工工单 {task} 未完成：{detail}", "Work by hand ({task}) was not done: {detail}", "请与施工人员确认后重试，或撤单", "Settle it with the people on site and retry, or cancel";
        DIRECTORY = "legacy.directory", 409, "未配置九七接口目录", "The directories of the 97 interface are not set", "请以 --legacy97 指定目录后重启", "Start with --legacy97 DIRECTORY";
    }
}

/// The first migration was made while this was part of `journeys`, and keeps that name.
const MIGRATIONS: &[Migration] = &[
    Migration::new("journeys", 1, include_str!("../migrations/0001_network.sql")),
    Migration::new("activation", 1, include_str!("../migrations/0001_activation.sql")),
];

pub fn module() -> Module {
    let mut all = routes::routes();
    all.extend(route::routes());
    all.extend(message::routes::routes());
    all.extend(legacy::routes::routes());
    all.extend(work::routes());
    all.extend(rules::routes());
    all.extend(northbound::routes());
    Module {
        name: "activation",
        routes: all,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: const { &[NETWORK_READ, NETWORK_WRITE, NETWORK_RETRY, NETWORK_CALLBACK, NETWORK_ORDER, WORK] },
        background: vec![
            Background { name: "simulator", run: |app| Box::pin(simulator::keep_serving(app)) },
            Background { name: "activation", run: |app| Box::pin(dispatch::run(app)) },
        ],
        ..Module::default()
    }
}
