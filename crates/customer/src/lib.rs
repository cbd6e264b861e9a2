//! Customers (TMF629): who they are to us, how they are found, how they come in by the million.
//!
//! * `customer` holds the documents, `customer_key` the one look-up index (see [`find`]).
//! * A customer is the role of a party: names and certificates lie with the party; kind and masked number of the
//!   certificate are repeated here for lists, and follow the party's events.
//! * Other domains add what else a customer is found by ([`add_key`]): accounts, circuits, numbers.

mod age;
pub mod bulk;
mod contacted;
mod create;
mod find;
mod follow;
pub mod import;
mod journal;
mod keys;
mod lifecycle;
mod manager;
pub mod merge;
mod note;
mod number;
mod people;
mod pinyin;
mod portrait;
pub mod problems;
mod reach;
pub mod reassign;
mod relation;
mod rename;
mod reveal;
mod rules;
pub mod standing;
mod summary;

pub use age::age_of;
pub use contacted::record_contact;
pub use create::{Created, NewCustomer, create, refuse_duplicate};
pub use find::{Found, find, is_mobile};
pub use follow::round;
pub use import::{Report, import_file, undo as undo_import};
pub use journal::{Entry, EntryKind, NewEntry, close as close_entry, journal_of, record};
pub use keys::{KeyKind, add_key, remove_key};
pub use lifecycle::Status;
pub use manager::{ASSIGN, Handover, change_manager, manager_of, of_manager};
pub use note::{Note, notes_of};
pub use people::{Standing, standing_people, standing_person};
pub use pinyin::romanise;
pub use portrait::{Portrait, portrait};
pub use reach::{Reach, reach, telephone};
pub use reassign::name_of;
pub use relation::{Edge, GraphNode, edges_of};
pub use rename::rename;
pub use standing::{NameCheck, blacklisted, check_name, with_certificate, with_same_certificate};
pub use summary::{COUNT_LIMIT, Contact, Profile, Relation, Summary, created_since, page, profile, recent, summary};

use http::{
    Access, Background, Module, Route,
    tmf::{self, Api, Column, Kind, Ops, Resource},
};
use kernel::Perm;
use party::PRIVACY_REVEAL;
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

const MIGRATIONS: &[Migration] = &[
    Migration::new("customer", 1, include_str!("../migrations/0001_customer.sql")),
    Migration::new("customer", 2, include_str!("../migrations/0002_import.sql")),
    Migration::new("customer", 3, include_str!("../migrations/0003_standing.sql")),
    Migration::new("customer", 4, include_str!("../migrations/0004_merge.sql")),
    Migration::new("customer", 6, include_str!("../migrations/0006_journal.sql")),
    Migration::new("customer", 7, include_str!("../migrations/0007_relation.sql")),
];

pub fn module() -> Module {
    let mut routes = tmf::routes(&CUSTOMER);
    routes.push(
        Route::post("/api/v1/customers", Access::Needs(CREATE), create::quick_create)
            .doc("Enter a customer at the counter")
            .body(json!({"kind": "individual", "name": "张伟", "certificateType": "idCard", "certificate": "11010519491231002X", "phone": "13900138000"})),
    );
    routes.push(
        Route::get("/api/v1/customers/{id}/reveal", Access::Needs(PRIVACY_REVEAL), reveal::reveal)
            .doc("Show one telephone or certificate number in clear; audited")
            .parameter("field", "certificate | phone")
            .parameter("reason", "why it is needed"),
    );
    routes.push(
        Route::post("/api/v1/customers/{id}/notes", Access::Needs(WRITE), note::add)
            .doc("Write a note or a contact to the customer's record")
            .body(json!({"text": "客户要求周末上门", "kind": "note"})),
    );
    routes.extend(standing::routes());
    routes.extend(journal::routes());
    Module {
        name: "customer",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, CREATE, WRITE, ASSIGN, standing::STANDING_READ, standing::STANDING_WRITE],
        background: vec![Background { name: "customer-follow", run: |app| Box::pin(follow::keep_following(app)) }],
        ..Module::default()
    }
}
