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

mod authority;
mod cache;
mod decompose;
mod defaults;
mod desk;
mod discount;
mod eligibility;
mod family;
mod gate;
mod imports;
mod launch;
mod law;
pub mod lifecycle;
mod offering;
mod on_sale;
mod parse;
pub mod problems;
mod promotion;
mod qualify;
mod requests;
mod resources;
mod rules;
mod selection;
pub mod tariffs;
mod versions;
mod why_not;

pub use authority::{Authority, RoleLimit, authority};
pub use decompose::{
    CHANGES, ChangeTask, PlannedCfs, PlannedProduct, PlannedRfs, PlannedTask, Purpose, SharedRule, Work, decompose,
    structure, work,
};
pub use defaults::{ensure_defaults, ensure_demo};
pub use desk::{Found, find};
pub use discount::{Discount, DiscountValue, Limit, discounts_for};
pub use eligibility::{
    CHANNELS, Contract, EarlyTermination, Eligibility, GRADES, KINDS, Relation, RelationKind, Trial,
};
pub use family::{Family, PriceKind};
pub use imports::run_import;
pub use launch::reconciler;
pub use lifecycle::Lifecycle;
pub use offering::{Allowances, Component, Offering, Price, Term, held, offering, offering_at};
pub use on_sale::on_sale;
pub use qualify::{QUALIFY, subjects_from};
pub use requests::{Granted, check_granted, give_back, use_granted};
pub use resources::{
    APPROVE, CATALOG, CATEGORY, IMPORT, LAUNCH, PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE, PRODUCT_SPECIFICATION, READ,
    SERVICE_SPECIFICATION, WRITE,
};
pub use selection::{BundleGroup, BundleOption, Picked, Selection};
pub use versions::{Version, versions};
pub use why_not::{Ask, Held, Subject, WhyNot, why_not};

const MIGRATIONS: &[store::Migration] = &[
    store::Migration::new("catalog", 1, include_str!("../migrations/0001_catalog.sql")),
    store::Migration::new("catalog", 2, include_str!("../migrations/0002_launch.sql")),
    store::Migration::new("catalog", 3, include_str!("../migrations/0003_tmf.sql")),
];

pub fn module() -> http::Module {
    let mut routes: Vec<http::Route> = resources::ALL.iter().flat_map(|r| http::tmf::routes(r)).collect();
    routes.extend(desk::routes());
    routes.extend(imports::routes());
    routes.extend(launch::routes());
    routes.extend(requests::routes());
    http::Module {
        name: "catalog",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, WRITE, IMPORT, LAUNCH, APPROVE, requests::REQUEST, requests::DECIDE, QUALIFY],
        background: vec![http::Background { name: "tariff-imports", run: imports::run }],
        ..http::Module::default()
    }
}
