//! What went wrong, in words a person can act on: a stable code, a zh-CN and an English text, and what to do.

use serde_json::{Map, Value, json};
use std::fmt;

/// One row of the error table. Each crate declares its own with [`codes!`]; `/api/v1/problems` lists them all.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    pub id: &'static str,
    pub status: u16,
    pub zh: &'static str,
    pub en: &'static str,
    /// What the person can do about it.
    pub zh_help: &'static str,
    pub en_help: &'static str,
}

/// Declares error codes and the slice `ALL` of them.
///
/// `codes! { NUMBER_TAKEN = "number.taken", 409, "号码已被占用", "The number is taken", "请另选号码", "Pick another number"; }`
#[macro_export]
macro_rules! codes {
    ($($name:ident = $id:literal, $status:literal, $zh:literal, $en:literal, $zh_help:literal, $en_help:literal;)*) => {
        $(pub static $name: $crate::Code = $crate::Code {
            id: $id, status: $status, zh: $zh, en: $en, zh_help: $zh_help, en_help: $en_help,
        };)*
        pub static ALL: &[&$crate::Code] = &[$(&$name),*];
    };
}

/// Codes that any crate may raise.
pub mod codes {
    codes! {
        INTERNAL = "internal", 500, "系统内部错误", "Something went wrong inside the system", "请重试；若仍失败，请把跟踪号告诉管理员", "Try again; if it persists give the trace id to an administrator";
        UNAUTHENTICATED = "auth.required", 401, "未登录或登录已过期", "Not logged in, or the session has expired", "请重新登录", "Log in again";
        FORBIDDEN = "auth.forbidden", 403, "没有权限：{permission}", "Not permitted: {permission}", "请联系管理员授权", "Ask an administrator for the right";
        NOT_FOUND = "not_found", 404, "没有找到该记录", "No such record", "请检查编号，或确认该记录在您的管辖范围内", "Check the id, and that the record is within your scope";
        CONFLICT = "conflict.version", 409, "该记录刚被他人修改", "The record was changed by somebody else meanwhile", "请刷新后重新修改", "Reload and apply your change again";
        PRECONDITION = "precondition.failed", 412, "If-Match 与当前版本不符", "If-Match does not match the current version", "请重新读取后再提交", "Read the record again, then submit";
        DUPLICATE = "duplicate", 409, "记录已存在：{value}", "The record exists already: {value}", "请使用已有记录，或更换编号", "Use the existing record or another id";
        BODY_INVALID = "body.invalid", 400, "请求内容无法解析：{detail}", "The request body cannot be read: {detail}", "请检查 JSON 格式", "Check the JSON";
        BODY_TOO_LARGE = "body.too_large", 413, "请求内容过大（上限 {limit}）", "The request body is too large (limit {limit})", "请拆分后提交", "Split it";
        MEDIA_TYPE = "body.media_type", 415, "不支持的内容类型 {value}", "Unsupported content type {value}", "请使用 application/json", "Use application/json";
        FIELD_MISSING = "field.missing", 400, "缺少必填项 {field}", "The mandatory attribute {field} is missing", "请补充后重新提交", "Add it and submit again";
        FIELD_INVALID = "field.invalid", 400, "{field} 的取值无效：{detail}", "The value of {field} is invalid: {detail}", "请更正后重新提交", "Correct it and submit again";
        FIELD_READONLY = "field.readonly", 400, "{field} 不可修改", "{field} cannot be changed", "请去掉该项后重新提交", "Leave it out and submit again";
        REFERENCE_UNKNOWN = "reference.unknown", 422, "引用的记录不存在：{field} = {value}", "The referenced record does not exist: {field} = {value}", "请先建立该记录或更正编号", "Create that record first, or correct the id";
        QUERY_INVALID = "query.invalid", 400, "查询条件无效：{detail}", "The query is invalid: {detail}", "请检查查询参数", "Check the query parameters";
        ID_INVALID = "id.invalid", 400, "编号格式无效", "The id is not well formed", "编号为 1–64 位字母、数字或 - _ . :", "An id is 1–64 letters, digits or - _ . :";
        TIME_INVALID = "time.invalid", 400, "日期或时间无效：{value}", "Not a valid date or time: {value}", "请使用 2026-11-22 或 2026-11-22T09:00:00+08:00", "Use 2026-11-22 or 2026-11-22T09:00:00+08:00";
        MONEY_INVALID = "money.invalid", 400, "金额无效：{value}", "Not a valid amount: {value}", "金额以元为单位，最多两位小数", "Amounts are in yuan with at most two decimals";
        CURRENCY_UNKNOWN = "money.currency", 400, "不支持的币种：{value}", "Unsupported currency: {value}", "请使用 CNY", "Use CNY";
        PHONE_INVALID = "phone.invalid", 400, "电话号码无效：{value}", "Not a valid telephone number: {value}", "请输入 11 位手机号、带区号的固定电话，或以 + 开头的国际号码", "Enter a mobile number, a fixed number with area code, or an international one starting with +";
        ORG_INVALID = "org.invalid", 400, "组织路径无效：{value}", "Not a valid organisation path: {value}", "例如 /cn/44/4401", "For example /cn/44/4401";
        IDEMPOTENCY_REUSED = "idempotency.reused", 422, "同一 Idempotency-Key 已用于另一请求", "This Idempotency-Key was used for another request", "请为新请求换一个键", "Use a new key for a new request";
        OUTCOME_UNKNOWN = "store.outcome_unknown", 503, "不能确认是否已保存", "It is not known whether the change was saved", "请用同一 Idempotency-Key 重试，不会重复办理", "Retry with the same Idempotency-Key: nothing will be done twice";
        UNAVAILABLE = "store.unavailable", 503, "数据库暂时不可用", "The database is not available at the moment", "请稍后重试", "Try again shortly";
        STORAGE_FULL = "store.full", 507, "磁盘空间不足，未保存", "The disk is full; nothing was saved", "请管理员清理或扩容后重试", "Ask an administrator to free space, then retry";
        BUSY = "store.busy", 503, "系统繁忙", "The system is busy", "请稍后重试", "Try again shortly";
        RATE_LIMITED = "rate_limited", 429, "请求过于频繁", "Too many requests", "请稍后重试", "Try again later";
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// The first language of an `Accept-Language` header that we have; Chinese otherwise.
    pub fn accept(header: &str) -> Self {
        header
            .split(',')
            .find_map(|part| match part.trim().get(..2) {
                Some(p) if p.eq_ignore_ascii_case("zh") => Some(Self::Zh),
                Some(p) if p.eq_ignore_ascii_case("en") => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// An error on its way to a person: the code, the values its text speaks of, and for us the inner cause.
#[derive(Clone)]
pub struct Problem {
    pub code: &'static Code,
    pub params: Vec<(&'static str, String)>,
    /// For the log only; never shown to the caller.
    pub source: Option<String>,
    /// Further public members of the error body, such as the id of an existing duplicate.
    pub extra: Option<Box<Map<String, Value>>>,
}

impl Problem {
    pub fn new(code: &'static Code) -> Self {
        Self { code, params: Vec::new(), source: None, extra: None }
    }
    /// An internal error whose cause goes to the log.
    pub fn internal(source: impl fmt::Display) -> Self {
        Self::new(&codes::INTERNAL).because(source)
    }
    pub fn invalid(field: &str, detail: &str) -> Self {
        Self::new(&codes::FIELD_INVALID).field(field).with("detail", detail)
    }
    pub fn missing(field: &str) -> Self {
        Self::new(&codes::FIELD_MISSING).field(field)
    }
    pub fn unknown_reference(field: &str, value: &str) -> Self {
        Self::new(&codes::REFERENCE_UNKNOWN).field(field).with("value", value)
    }
    pub fn not_found() -> Self {
        Self::new(&codes::NOT_FOUND)
    }
    /// Sets a value that the text speaks of. Long values are cut: a problem is read, not stored.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.params.push((name, value.chars().take(200).collect()));
        self
    }
    pub fn field(self, name: &str) -> Self {
        self.with("field", name)
    }
    pub fn because(mut self, source: impl fmt::Display) -> Self {
        self.source = Some(source.to_string());
        self
    }
    pub fn extra(mut self, name: &str, value: Value) -> Self {
        self.extra.get_or_insert_default().insert(name.to_owned(), value);
        self
    }
    pub fn is(&self, code: &'static Code) -> bool {
        self.code.id == code.id
    }
    pub fn reason(&self, lang: Lang) -> String {
        self.fill(if lang == Lang::En { self.code.en } else { self.code.zh })
    }
    pub fn help(&self, lang: Lang) -> String {
        self.fill(if lang == Lang::En { self.code.en_help } else { self.code.zh_help })
    }
    fn fill(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for (name, value) in &self.params {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
    /// The error body of the TM Forum design guidelines, with both languages beside it.
    pub fn body(&self, lang: Lang, trace: &str) -> Value {
        let mut body = json!({
            "@type": "Error",
            "code": self.code.id,
            "reason": self.reason(lang),
            "message": self.help(lang),
            "status": self.code.status.to_string(),
            "referenceError": format!("/api/v1/problems/{}", self.code.id),
            "traceId": trace,
            "i18n": {
                "zh-CN": {"reason": self.reason(Lang::Zh), "message": self.help(Lang::Zh)},
                "en": {"reason": self.reason(Lang::En), "message": self.help(Lang::En)},
            },
        });
        if let Some((_, field)) = self.params.iter().find(|(n, _)| *n == "field") {
            body["field"] = json!(field);
        }
        for (name, value) in self.extra.iter().flat_map(|e| e.iter()) {
            body[name] = value.clone();
        }
        body
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.id, self.reason(Lang::En))?;
        self.source.as_ref().map_or(Ok(()), |s| write!(f, " ({s})"))
    }
}
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_in_both_languages() {
        let problem = Problem::missing("givenName");
        assert_eq!(problem.reason(Lang::Zh), "缺少必填项 givenName");
        assert_eq!(problem.body(Lang::En, "t1")["reason"], "The mandatory attribute givenName is missing");
        assert_eq!(Lang::accept("fr, en-US;q=0.8"), Lang::En);
    }
}
