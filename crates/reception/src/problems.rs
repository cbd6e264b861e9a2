//! Error codes of this crate.

kernel::codes! {
    NO_HALL = "queue.no_hall", 422, "当前机构不是营业厅，不能取号叫号", "This place is no hall: there is no queue here", "请以营业厅账号登录，或指定营业厅", "Log in at a hall, or name one";
    KIND = "queue.kind", 422, "没有业务类型 {value}", "There is no kind {value}", "请从列表中选择", "Pick one of the list";
    PRIORITY = "queue.priority", 422, "没有优先类型 {value}", "There is no priority {value}", "请从列表中选择", "Pick one of the list";
    COUNTER_TAKEN = "queue.counter_taken", 409, "{counter} 号窗口由 {name} 使用中", "Counter {counter} is held by {name}", "请换一个窗口，或请对方先退出", "Take another counter, or ask them to leave it";
    NOT_AT_COUNTER = "queue.not_at_counter", 409, "您还没有登录窗口", "You are at no counter", "请先选择窗口", "Open a counter first";
    PAUSED = "queue.paused", 409, "窗口已暂停", "The counter is paused", "请先恢复服务", "Resume it first";
    BUSY = "queue.busy", 409, "{label} 还在窗口", "{label} is at the counter still", "请先办结、过号或转移", "Finish, skip or transfer it first";
    EMPTY = "queue.empty", 404, "没有等候的号", "Nobody is waiting", "有新号时会自动出现", "New tickets appear by themselves";
    STATE = "queue.state", 409, "{label} 的状态为 {from}，不能{action}", "{label} is {from}: {action} is not possible", "请刷新后再试", "Reload and try again";
    NOT_YOURS = "queue.not_yours", 409, "{label} 由 {counter} 号窗口呼叫", "{label} was called by counter {counter}", "只能处理自己窗口的号", "One deals with one's own counter's tickets";
    TOO_LATE = "queue.too_late", 409, "{label} 过号已超过 {minutes} 分钟", "{label} was missed more than {minutes} minutes ago", "请重新取号", "Take a new ticket";
    OPEN = "call.open", 409, "您有一通未结束的来电", "You have a call that has not ended", "请先结束该来电并选择来电原因", "End it first, with its reason";
    WRAPPED = "call.wrapped", 409, "该来电已结束", "The call has ended", "如需补充请在客户页添加备注", "Add a note on the customer's page";
    NO_CUSTOMER = "call.no_customer", 409, "还没有选定客户", "No customer has been chosen", "请先在匹配结果中选择，或搜索客户", "Pick one of those found, or search";
    UNVERIFIED = "call.unverified", 403, "来电人未通过核验，不能办理“{action}”", "The caller is not verified for “{action}”", "请先核验身份；未通过时仅可报障和一般咨询", "Verify the caller first; without it only faults and general questions";
    WRONG = "call.wrong", 422, "核验未通过，本通还可尝试 {left} 次", "That does not match; {left} tries are left in this call", "请核对后再试，或换一种方式", "Try again, or in another way";
    LOCKED = "call.locked", 423, "核验失败次数过多", "Too many failed tries", "今日请客户持证件到营业厅办理", "The customer may come to a hall with a certificate";
    METHOD = "call.method", 422, "该客户不能用“{value}”核验", "This customer cannot be verified by {value}", "请换一种方式", "Use another way";
    NO_CODE = "call.no_code", 409, "验证码未发送或已过期", "No code was sent, or it has expired", "请重新发送", "Send a new one";
    CODES = "call.codes", 429, "本通已发送 {limit} 次验证码", "{limit} codes were sent in this call", "请换一种核验方式", "Verify in another way";
    NO_NUMBER = "call.no_number", 409, "该客户没有可接收短信的号码", "The customer has no number to send a code to", "请换一种核验方式", "Verify in another way";
    WRAP = "call.wrap_code", 422, "请选择来电原因", "Choose why the customer called", "来电原因为必填", "It is mandatory";
    ACTION = "call.action", 404, "没有快捷操作 {value}", "There is no quick action {value}", "请从列表中选择", "Pick one of the list";
    PASSWORD_WEAK = "call.password_weak", 422, "服务密码须为 6 位数字，且不能过于简单", "A service password has six digits and must not be simple", "请避免连续或相同数字、生日和号码尾号", "Avoid runs, repeats, birthdays and the number itself";
}
