//! Error codes of this crate.

kernel::codes! {
    INELIGIBLE = "port.ineligible", 422, "号码 {number} 暂不符合携出条件：{reasons}", "The number {number} cannot leave yet: {reasons}", "请按所列各项处理后再申请", "Settle what is listed, then ask again";
    NOT_CONFIRMED = "port.not_confirmed", 422, "尚未确认携出的风险与损失", "The risks and losses have not been confirmed", "请向客户逐项说明，客户确认后再申请", "Explain each of them; ask again once the customer has confirmed";
    CODE_TOO_MANY = "port.code_too_many", 429, "该号码今日申请授权码已达 {limit} 次", "The number has asked for {limit} codes today", "请明日再申请", "Ask again tomorrow";
    CODE_FORM = "port.code_form", 422, "授权码应为 {digits} 位数字", "An authorisation code has {digits} digits", "请核对短信中的授权码", "Check the code in the message";
    REFUSED = "port.refused", 422, "集中系统拒绝携入 {number}：{reasons}", "The central system refuses the port of {number}: {reasons}", "请按原因处理：可换新的授权码后重试，或撤单", "Act on the reason: enter a new code and retry, or cancel the order";
    CANCELLED = "port.cancelled", 409, "号码 {number} 的携转申请已撤销", "The port of {number} was cancelled", "请撤单后重新受理", "Cancel the order and take it again";
    DONOR_SILENT = "port.donor_silent", 504, "携出方超过 {minutes} 分钟未答复号码 {number} 的申请", "The donor has not answered about {number} for {minutes} minutes", "请联系携出方；重试会继续等待，也可撤单", "Contact the donor; retry goes on waiting, or cancel";
    EFFECTIVE = "port.effective", 409, "号码 {number} 已携入生效，不能再撤销", "The port of {number} has taken effect and cannot be taken back", "请继续开通；确需放弃时先在携转页面归还号码，客户将失去该号码", "Go on with the activation; to give it up, first return the number on the porting page: the customer loses it";
    NO_CERTIFICATE = "port.no_certificate", 422, "客户没有登记证件，不能携入", "The customer has no certificate on record: nothing can be ported in", "携入用户按新用户实名登记，请先补登证件", "A ported-in user registers like a new one: record the certificate first";
    UNREACHABLE = "port.unreachable", 503, "集中系统无法连接：{detail}", "The central system cannot be reached: {detail}", "系统会自动重试", "The system tries again by itself";
    NO_ANSWER = "port.no_answer", 504, "集中系统没有答复，结果未知", "The central system did not answer; the outcome is unknown", "系统会先查询再重试", "The system asks before it tries again";
    STATE = "port.state", 409, "携转状态为 {from}，不能{action}", "The port is {from}: {action} is not possible", "请刷新后再试", "Reload and try again";
    OWN_NUMBER = "port.own_number", 422, "号码 {number} 已在本网，不需要携入", "The number {number} is with us already", "请直接选号或办理改号", "Pick the number, or change numbers";
    NUMBER_ABROAD = "port.other_network", 422, "号码 {number} 属于其他本地网 {value}", "The number {number} belongs to another local network, {value}", "只能在同一本地网内携转", "Porting is within one local network";
    NUMBER_UNKNOWN = "port.number_unknown", 404, "集中系统没有号码 {number}", "The central system does not know the number {number}", "请核对号码", "Check the number";
    LINE_WORKS = "port.line_works", 409, "号码 {number} 的线路仍在使用，不能归还", "The line of {number} still works: the number cannot be returned", "请先拆机", "Close the line first";
    REQUEST_UNKNOWN = "port.request_unknown", 404, "没有这个携转申请", "There is no such port request", "请核对申请编号", "Check the request id";
    SETTING_RANGE = "port.setting_range", 422, "取值须在 {min}–{max} 之间并注明来源", "The value must be within {min}–{max} and name its source", "法规规定的数值不能放宽", "What the law fixes cannot be loosened";
    MESSAGE_UNKNOWN = "port.message_unknown", 422, "无法识别的短信指令", "The message is not understood", "可发送 CXXZ#姓名#证件号码 查询，SQXZ#姓名#证件号码 申请授权码", "Send CXXZ#name#certificate to ask, SQXZ#name#certificate for a code";
}
