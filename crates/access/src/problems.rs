//! Error codes of this crate.

kernel::codes! {
    FAILED = "auth.failed", 401, "账号或密码不正确", "The login or the password is wrong", "请重新输入；忘记密码请联系管理员", "Try again; an administrator can set a new password";
    LOCKED = "auth.locked", 423, "登录失败次数过多，账号已锁定 {minutes} 分钟", "Too many failed log-ins: locked for {minutes} minutes", "请稍后再试，或联系管理员", "Try again later, or ask an administrator";
    PASSWORD_WEAK = "auth.password_weak", 422, "密码不符合要求：{why}", "The password is not acceptable: {why_en}", "请使用至少 {length} 位、未曾泄露、不含账号的密码", "Use at least {length} characters that are on no list of leaked passwords and are not built on the login";
    LOGIN_TAKEN = "staff.login_taken", 409, "账号 {login} 已存在", "The login {login} exists already", "请换一个账号", "Choose another login";
    LOGIN_INVALID = "staff.login_invalid", 422, "账号格式无效", "The login is not well formed", "账号为 2–40 位小写字母、数字或 . _ -", "A login is 2–40 lower-case letters, digits or . _ -";
    ONE_SCOPE = "permission.one_scope", 422, "同一员工的角色须属于同一管辖范围", "All roles of one member of staff hold for one place", "请使用同一机构，或为另一范围另建账号", "Name one place, or make another login";
    ROLE_UNKNOWN = "role.unknown", 422, "没有这个角色：{role}", "There is no role {role}", "角色列表见 GET /api/v1/roles", "GET /api/v1/roles lists the roles";
    GRANT_TOO_WIDE = "role.too_wide", 403, "不能授予超出自己权限或管辖范围的角色", "One cannot grant more than one's own rights and scope", "请由上级管理员办理", "Ask an administrator further up";
    SETUP_INVALID = "setup.invalid", 404, "初始化链接无效、已使用或已过期", "The set-up link is wrong, used or out of date", "请重启服务，日志中会给出新的链接", "Restart the server: it prints a new link";
    LIMIT_INVALID = "limit.invalid", 422, "限制值须在 {min}–{max} 之间，并注明来源", "The limit must be within {min}–{max} and name its source", "请更正后重新提交", "Correct it and submit again";
    ORGANIZATION_PARENT = "organization.parent", 422, "上级机构不存在", "The parent organisation does not exist", "请先建立上级机构", "Create the parent first";
}
