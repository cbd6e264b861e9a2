//! Journeys across domains: from order to activation, suspension and resumption. The template of a journey is data (tasks of
//! the catalogue, put in order by `ordering`); here the handlers of its steps come together, each from the crate whose work
//! it is, with those that belong to no one else.

mod handlers;
mod inventory_steps;
mod routes;

pub use handlers::{jobs, reconcilers, sagas};

use http::Module;
use kernel::Perm;

pub const ACCESS_REVEAL: Perm =
    Perm { name: "product.reveal_access", zh: "查看宽带密码", en: "See broadband passwords" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        TASK_UNKNOWN = "journey.task_unknown", 422, "未知任务 {value}", "Unknown task {value}", "请核对商品目录中的任务模板", "Check the task template in the catalogue";
    }
}

pub fn module() -> Module {
    Module {
        name: "journeys",
        routes: routes::routes(),
        problems: problems::ALL,
        permissions: const { &[ACCESS_REVEAL] },
        ..Module::default()
    }
}
