//! The web side of every module: routes with their rights, the caller's context, errors as bodies, and the TMF630
//! dialect for document resources.
//!
//! A [`Module`] lists what a crate contributes; `server` holds the one list of modules. A [`Route`] names the right it
//! asks for; the guard checks login, right and CSRF before the handler runs, so a handler cannot forget to.

mod app;
mod audience;
mod body;
mod ctx;
mod guard;
pub mod hub;
mod live;
mod module;
mod openapi;
mod own;
mod reply;
pub mod tmf;

pub use app::{App, Authenticate, Caller, Options, build_router};
pub use audience::Audience;
pub use axum;
pub use body::{Body, Raw};
pub use ctx::{Ctx, Paging, Query, check_version};
pub use futures_util::future::BoxFuture;
pub use module::{Access, Background, Check, Fetch, Module, Route, RouteInfo, permissions};
pub use own::module;
pub use reply::{Answer, Error, Reply};

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        CSRF = "auth.csrf", 403, "请求缺少或带有错误的 X-CSRF-Token", "X-CSRF-Token is missing or wrong", "请刷新页面后重试", "Reload the page and try again";
        METHOD = "method_not_allowed", 405, "该地址不支持此方法", "This address does not support the method", "请查看接口说明 /openapi.json", "See /openapi.json";
        PATCH_INVALID = "patch.invalid", 400, "补丁无法应用：{detail}", "The patch cannot be applied: {detail}", "请检查 op、path 与 value", "Check op, path and value";
        IN_USE = "in_use", 409, "该记录正在被引用，不能删除", "The record is in use and cannot be deleted", "请先解除引用", "Remove the references first";
        NUL = "body.nul", 400, "文本中含有不可保存的 NUL 字符", "A text contains the NUL character, which cannot be stored", "请去掉 \\u0000", "Remove \\u0000";
        CALLBACK_FORBIDDEN = "hub.callback_forbidden", 422, "回调地址不被允许：{why}", "The callback address is not allowed: {why}", "请使用可公开访问的 http(s) 地址，或请管理员以 --allow-callback 放行", "Use a public http(s) address, or have it allowed with --allow-callback";
        HUB_QUERY = "hub.query_invalid", 400, "订阅条件无效：{detail}", "The query of the subscription is invalid: {detail}", "例如 eventType=ProductOrderStateChangeEvent", "For example eventType=ProductOrderStateChangeEvent";
        KEY_INVALID = "idempotency.invalid", 400, "Idempotency-Key 无效", "The Idempotency-Key is not valid", "请使用 1–200 个可见 ASCII 字符", "Use 1–200 visible ASCII characters";
    }
}
