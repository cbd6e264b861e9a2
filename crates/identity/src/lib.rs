//! One customer out of many records (客户识别): files of several systems, matched over certificate, telephone, name and
//! address; what is certain becomes a logical customer with an identification code, what is doubtful is shown to somebody.
//!
//! * [`records`]: what other systems say, taken in from files by the million; [`run`]: the matching, which can be stopped
//!   and goes on; [`codes`]: logical customers; [`review`](mod@review): the doubtful pairs and what was decided.
//! * Merging two customers of ours moves what they hold through each crate's own `reassign`, and keeps what moved: a merge
//!   can be taken back exactly.

mod adopt;
mod cards;
pub mod codes;
pub mod matching;
pub mod merge;
pub mod problems;
pub mod records;
mod review;
mod routes;
pub mod run;
pub mod sample;
mod workplace;

pub use workplace::use_directory;

use flow::JobHandler;
use http::Module;
use kernel::Perm;
use store::Migration;

pub const READ: Perm =
    Perm { name: "identity.read", zh: "查看客户识别结果", en: "See identification codes and matchings" };
pub const MANAGE: Perm =
    Perm {
        name: "identity.manage", zh: "管理来源系统、运行匹配", en: "Manage source systems and run matchings"
    };
pub const REVIEW: Perm = Perm { name: "identity.review", zh: "审核疑似同一客户", en: "Decide doubtful pairs" };
pub const MERGE: Perm = Perm { name: "identity.merge", zh: "合并、拆分客户", en: "Merge and part customers" };

const MIGRATIONS: &[Migration] = &[Migration::new("identity", 1, include_str!("../migrations/0001_identity.sql"))];

/// What runs in the background: files and matchings.
pub fn jobs() -> Vec<JobHandler> {
    vec![JobHandler { kind: run::JOB, run: run::job }, JobHandler { kind: routes::IMPORT_JOB, run: routes::import_job }]
}

pub fn module() -> Module {
    let mut routes = routes::routes();
    routes.extend(merge::routes());
    Module {
        name: "identity",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, MANAGE, REVIEW, MERGE],
        ..Module::default()
    }
}
