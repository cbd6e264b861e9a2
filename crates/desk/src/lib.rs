//! The one desk: the box that finds everything, the unified view of a customer, the workbench, complaints.
//!
//! Owns no business records: it puts together what the domains' public functions say, in one read, as of one moment. The
//! view is a service for people and machines alike; opening a customer leaves a trace in the audit chain.

mod complaint;
mod find;
mod list;
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
            Route::get("/api/v1/customers/{id}/view", sees, view::view).doc("The unified view of a customer"),
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
