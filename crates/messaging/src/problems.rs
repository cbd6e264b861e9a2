//! What can be refused about messages.

kernel::codes! {
    TOO_LONG = "message.too_long", 422, "短信超过 {limit} 字", "The message is longer than {limit} characters", "请缩短后重发", "Shorten it";
    REASON = "message.reason", 400, "请填写查看原因", "A reason is required", "原因会写入审计记录", "The reason goes into the audit record";
    STATE = "message.state", 409, "消息{zh}，不能这样处理", "The message is {en}: this is not possible", "请刷新后再试", "Reload and try again";
    KIND_UNKNOWN = "message.kind_unknown", 422, "没有消息类型 {value}", "There is no kind of message {value}", "请从模板列表中选择", "Pick one from the list of texts";
    VARIABLE = "message.variable", 422, "模板中不能使用 {value}", "The text cannot speak of {value}", "可用变量：{known}", "It may speak of: {known}";
    VARIABLE_MISSING = "message.variable_missing", 422, "模板中缺少 {value}", "The text does not mention {value}", "请把该变量写进正文，客户须看到它", "Put it into the text: the customer has to see it";
    ADVERTISING = "message.advertising", 422, "提醒中不得夹带广告：{value}", "Reminders carry no advertising: {value}", "请删去该用语（工信部用户提醒服务要求）", "Take the words out (MIIT rule on reminders to users)";
    GATEWAY_URL = "message.gateway_url", 422, "网关地址无效：{value}", "Not the address of a gateway: {value}", "例如 smtp://主机:25 或 smpp://用户:口令@主机:2775", "For example smtp://host:25 or smpp://user:password@host:2775";
    GATEWAY_DOWN = "message.gateway_down", 503, "网关 {value} 无法访问", "The gateway {value} cannot be reached", "请检查网关与网络；消息会保留并重试", "Check the gateway and the network; messages are kept and tried again";
    ADDRESS = "message.address", 422, "邮件地址无效：{value}", "Not an address of mail: {value}", "请更正客户的邮件地址", "Correct the customer's address";
}
