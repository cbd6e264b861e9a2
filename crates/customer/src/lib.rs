//! Customers (TMF629): who they are to us, how they are found, how they come in by the million.
//!
//! * `customer` holds the documents, `customer_key` the one look-up index (see [`find`]).
//! * A customer is the role of a party: names and certificates lie with the party; kind and masked number of the
//!   certificate are repeated here for lists, and follow the party's events.
//! * Other domains add what else a customer is found by ([`add_key`]): accounts, circuits, numbers.

mod create;
mod find;
mod keys;
mod lifecycle;
mod number;
mod pinyin;
pub mod problems;
mod rules;
mod summary;

pub use create::{Created, NewCustomer, create, refuse_duplicate};
pub use find::{Found, find, is_mobile};
pub use keys::{KeyKind, add_key, remove_key};
pub use lifecycle::Status;
pub use summary::{Contact, Profile, Relation, Summary, created_since, profile, recent, summary};

use http::{
    Access, Module, Route,
    tmf::{self, Api, Column, Kind, Ops, Resource},
};
use kernel::Perm;
use serde_json::json;
use store::Migration;

pub(crate) use summary::org_of;

pub const READ: Perm = Perm { name: "customer.read", zh: "查看客户", en: "See customers" };
pub const CREATE: Perm = Perm { name: "customer.create", zh: "客户建档", en: "Enter new customers" };
pub const WRITE: Perm = Perm { name: "customer.write", zh: "修改客户资料", en: "Change customers" };

static API: Api = Api { base: "/tmf-api/customerManagement/v4", aliases: &["/tmf-api/customer/v4"] };

pub static CUSTOMER: Resource = Resource {
    api: &API,
    name: "customer",
    type_name: "Customer",
    table: "customer",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "customerNo", column: "customer_no", kind: Kind::Text },
        Column { attribute: "name", column: "name", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
        Column { attribute: "engagedParty.id", column: "party_id", kind: Kind::Text },
    ],
    mandatory: &["name", "engagedParty"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &rules::CustomerRules,
};

const MIGRATIONS: &[Migration] = &[Migration::new("customer", 1, include_str!("../migrations/0001_customer.sql"))];

pub fn module() -> Module {
    let mut routes = tmf::routes(&CUSTOMER);
    routes.push(
        Route::post("/api/v1/customers", Access::Needs(CREATE), create::quick_create)
            .doc("Enter a customer at the counter")
            .body(json!({"kind": "individual", "name": "张伟", "certificateType": "idCard", "certificate": "11010519491231002X", "phone": "13900138000"})),
    );
    Module {
        name: "customer",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, CREATE, WRITE],
        ..Module::default()
    }
}
