//! What can be sold and what it is made of: offerings, prices, product and service specifications, versions, and the
//! import of the operators' published tariffs.
//!
//! The catalogue is data of the group: every hall reads all of it, and it is changed by few. What is sold (`ProductOffering`)
//! points to what the customer then has (`ProductSpecification`), that to customer-facing services, those to
//! resource-facing services, and those carry the task templates that an order is decomposed into. So a new product is
//! configured and not programmed. CRM defines products here; what a customer owes is computed by `billing` from the
//! prices that stand here as references.
//!
//! Life cycle: see [`lifecycle`]. Events are those of TMF620 and TMF633.

mod cache;
mod decompose;
mod defaults;
mod desk;
mod imports;
pub mod lifecycle;
mod offering;
pub mod problems;
mod resources;
mod rules;
pub mod tariffs;
mod versions;

pub use decompose::{PlannedCfs, PlannedProduct, PlannedRfs, PlannedTask, decompose};
pub use defaults::{ensure_defaults, ensure_demo};
pub use desk::{Found, find};
pub use imports::run_import;
pub use lifecycle::Lifecycle;
pub use offering::{Allowances, Component, Family, Offering, Price, PriceKind, Term, offering};
pub use resources::{
    CATALOG, CATEGORY, IMPORT, PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE, PRODUCT_SPECIFICATION, READ,
    SERVICE_SPECIFICATION, WRITE,
};
pub use versions::{Version, versions};

const MIGRATIONS: &[store::Migration] =
    &[store::Migration::new("catalog", 1, include_str!("../migrations/0001_catalog.sql"))];

pub fn module() -> http::Module {
    let mut routes: Vec<http::Route> = resources::ALL.iter().flat_map(|r| http::tmf::routes(r)).collect();
    routes.extend(desk::routes());
    routes.extend(imports::routes());
    http::Module {
        name: "catalog",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, WRITE, IMPORT],
        background: vec![http::Background { name: "tariff-imports", run: imports::run }],
        ..http::Module::default()
    }
}
