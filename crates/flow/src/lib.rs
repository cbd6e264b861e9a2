//! Work that outlives a request: jobs, reconcilers and sagas, each durable, each taken up again after a crash.
//!
//! * A *job* has a payload and is done once; it is tried again with growing pauses and then left visibly dead.
//! * A *reconciler* has no input: it runs periodically and derives from state what is to be done next.
//! * A *saga* is a set of steps with dependencies, each with a do and an undo outside transactions; see [`plan`] for its
//!   states. It is pinned to the version of the template it began with, and one that is stuck never stops the others.
//!
//! Every external effect carries `saga:step` as its idempotency key. A step that was running when its process died, or
//! that timed out, may have had its effect: its handler is told so ([`StepCtx::uncertain`]) and asks before it does.

pub mod fallout;
pub mod jobs;
pub mod plan;
mod progress;
mod reconcile;
mod runner;
pub mod saga;

pub use jobs::JobHandler;
pub use plan::{NewStep, Problem as StepProblem, SagaState, Step, StepState};
pub use progress::progress_of_all;
pub use reconcile::Reconciler;
pub use runner::round;
pub use saga::{Apply, Outcome, Saga, SagaHandlers, StepCtx, StepHandler};

use http::{Background, Module};
use std::sync::OnceLock;
use store::Migration;

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        STEP_TIMEOUT = "flow.timeout", 504, "对方系统未在 {seconds} 秒内答复，结果未知", "The other system did not answer within {seconds} s; the outcome is unknown", "系统会先查询再重试", "The system asks before it tries again";
        STEP_PANIC = "flow.crashed", 500, "步骤处理程序异常中止", "The step's handler crashed", "请重试；若仍失败请联系管理员", "Retry; if it persists tell an administrator";
        TEMPLATE_UNKNOWN = "flow.template_unknown", 500, "流程模板 {value} 不存在", "The process template {value} does not exist", "请升级到含有该模板的版本，或放弃该流程", "Upgrade to a version that has the template, or abandon the process";
        SAGA_BROKEN = "flow.broken", 500, "流程记录无法读取", "The record of the process cannot be read", "请联系管理员", "Tell an administrator";
        SAGA_ENDED = "flow.ended", 409, "流程已结束，不能再操作", "The process has ended already", "请刷新页面", "Reload the page";
        FALLOUT_CLOSED = "fallout.closed", 409, "该异常已被处理", "This fallout item has been dealt with already", "请刷新列表", "Reload the list";
        VERB_REFUSED = "flow.verb_refused", 409, "当前状态不能执行 {verb}", "{verb} is not possible in the present state", "请刷新后再试", "Reload and try again";
        REASON_MISSING = "reason.missing", 400, "请填写原因", "A reason is required", "原因会写入审计记录", "The reason goes into the audit record";
    }
}

/// All handlers of this build. They are code, the same in every application of the process, hence one static list.
pub(crate) struct Registry {
    pub jobs: Vec<JobHandler>,
    pub sagas: Vec<SagaHandlers>,
    pub reconcilers: Vec<Reconciler>,
}

static REGISTRY: OnceLock<Registry> = OnceLock::new();

pub(crate) fn registry() -> &'static Registry {
    REGISTRY.get_or_init(|| Registry { jobs: Vec::new(), sagas: Vec::new(), reconcilers: Vec::new() })
}

/// The module, with the handlers that the domains bring.
pub fn module(jobs: Vec<JobHandler>, sagas: Vec<SagaHandlers>, reconcilers: Vec<Reconciler>) -> Module {
    let _ = REGISTRY.set(Registry { jobs, sagas, reconcilers }); // a second application of this process has the same
    Module {
        name: "flow",
        migrations: const {
            &[
                Migration::new("flow", 1, include_str!("../migrations/0001_flow.sql")),
                Migration::new("flow", 2, include_str!("../migrations/0002_held.sql")),
            ]
        },
        problems: problems::ALL,
        background: vec![Background { name: "flow", run: |app| Box::pin(runner::run(app)) }],
        ..Module::default()
    }
}
