//! The one desk: the box that finds everything, the unified view of a customer, the workbench, complaints.
//!
//! Owns no business records: it puts together what the domains' public functions say, in one read, as of one moment. The
//! view is a service for people and machines alike; opening a customer leaves a trace in the audit chain.

mod audience;
mod complaint;
mod customer360;
mod find;
mod graph;
mod list;
mod manager;
mod recommend;
mod timeline;
mod view;
mod visit;
mod workbench;

use http::{Access, Module, Route};
use kernel::Perm;
use serde_json::json;
use store::Migration;

pub const VIEW: Perm =
    Perm { name: "desk.view", zh: "查找客户与统一视图", en: "Find customers and see the unified view" };

const MIGRATIONS: &[Migration] = &[Migration::new("desk", 1, include_str!("../migrations/0001_desk.sql"))];

/// Whether the caller on the line has been verified as this customer: what the hotline sees depends on it. At a counter the
/// person stands there.
pub(crate) fn verified(tx: &mut store::Tx<'_>, customer_id: &str) -> kernel::Result<bool> {
    reception::hotline::verified(tx, customer_id)
}

pub fn module() -> Module {
    let sees = Access::Needs(VIEW);
    Module {
        name: "desk",
        routes: vec![
            Route::get("/api/v1/find", sees, find::find)
                .doc("Customers, orders and offerings by whatever is typed")
                .parameter(
                    "q",
                    "telephone, name, pinyin, initials, certificate, account, circuit, order or customer number",
                )
                .parameter("limit", "rows of each kind, at most 50"),
            Route::get("/api/v1/customers", sees, list::list)
                .doc("Customers, newest first, or found by q")
                .parameter("q", "as for /find")
                .parameter("kind", "individual | organization")
                .parameter("sort", "createdAt or -createdAt"),
            Route::get("/api/v1/customers/{id}/view", sees, view::view)
                .doc("The unified view of a customer: social, behavioural, value and cognitive attributes")
                .parameter("audience", "counter, hotline, manager or external: as that audience sees it"),
            Route::get("/api/v1/customers/{id}/timeline", sees, timeline::timeline)
                .doc("Everything that happened with a customer, newest first")
                .parameter(
                    "kind",
                    "order, product, bill, payment, ticket, contact, note, need, change; several with commas",
                )
                .parameter("before", "the cursor of the last row seen")
                .parameter("limit", "at most 200"),
            Route::get("/api/v1/customers/{id}/graph", sees, graph::graph)
                .doc("The relation graph: those around a customer, and those around them")
                .parameter("depth", "1 to 3; 2 by itself"),
            Route::get("/api/v1/customers/{id}/recommendations", sees, recommend::recommend)
                .doc("What could be offered next, with the reason"),
            Route::get("/api/v1/managers", Access::Needs(customer::ASSIGN), manager::candidates)
                .doc("Account managers within one's scope"),
            Route::post("/api/v1/customers/{id}/manager", Access::Needs(customer::ASSIGN), manager::change)
                .doc("Hand a customer over to another account manager, with everything that is open")
                .body(json!({"managerId": "…", "reason": "岗位调整", "note": "客户偏好下午联系"})),
            Route::post("/api/v1/managers/{id}/hand-over", Access::Needs(customer::ASSIGN), manager::change_all)
                .doc("Hand all customers of a manager over, 200 at a time")
                .body(json!({"managerId": "…", "reason": "离职"})),
            Route::get(customer360::BASE, sees, customer360::list)
                .doc("TMF717: the view for other systems; every call is audited")
                .parameter("q", "telephone, name, certificate, account or customer number")
                .parameter("fields", "attributes, separated by commas"),
            Route::get(format!("{}/{{id}}", customer360::BASE), sees, customer360::one)
                .doc("TMF717: the view of one customer for other systems; every call is audited"),
            Route::get("/api/v1/workbench", sees, workbench::workbench).doc("Today at the desk"),
            Route::post("/api/v1/customers/{id}/complaints", Access::Needs(care::WRITE), complaint::accept)
                .doc("Accept a complaint")
                .body(json!({"name": "宽带频繁掉线", "description": "近三天每晚掉线", "severity": "major"})),
        ],
        migrations: MIGRATIONS,
        permissions: &[VIEW],
        ..Module::default()
    }
}
