//! What can go wrong with usage. The codes of refused records are what the file of refused rows and the error pool show.

use kernel::Code;

kernel::codes! {
    NUMBER_HELD = "usage.number_held", 409, "号码 {value} 已属于另一在用服务", "The number {value} belongs to another service in use", "请先结束或变更原服务", "End or renumber that service first";
    DAMAGED = "usage.damaged", 500, "话单数据块校验失败", "A block of usage fails its checksum", "请管理员运行 yitai check 并从备份恢复", "An administrator runs yitai check and restores from the backup";

    NO_ID = "usage.no_id", 422, "话单缺少流水号，或流水号超过 64 个字符：{value}", "The record has no id of its own, or one of more than 64 characters: {value}", "请让采集系统提供每条唯一的流水号", "The reporting system gives each record an id";
    TIME = "usage.time", 422, "开始时间无效：{value}", "Not a valid time: {value}", "请使用 2026-11-22 09:00:00 或 2026-11-22T09:00:00+08:00", "Use 2026-11-22 09:00:00 or 2026-11-22T09:00:00+08:00";
    KIND = "usage.kind", 422, "业务类型无效：{value}", "Not a kind of usage: {value}", "请使用 call、sms、mms、data、content（语音、短信、彩信、流量、内容费）", "Use call, sms, mms, data or content";
    DIRECTION = "usage.direction", 422, "方向无效：{value}", "Not a direction: {value}", "请使用 out、in（主叫、被叫）", "Use out or in";
    NUMBER = "usage.number", 422, "号码或产品编号缺失或无效：{value}", "The number or product is missing or not valid: {value}", "请填写号码或产品编号", "Give a number or a product id";
    AMOUNT = "usage.amount", 422, "用量无效：{value}", "Not an amount: {value}", "请使用不带千位分隔符的十进制数", "Use a decimal number without separators";
    UNIT = "usage.unit", 422, "单位与业务类型不符：{value}", "The unit does not go with the kind: {value}", "语音用 s、min、h；流量用 B、KB、MB、GB", "Calls in s, min or h; data in B, KB, MB or GB";
    PEER = "usage.peer", 422, "对端无效：{value}", "Not a valid peer: {value}", "不超过 64 个字符", "64 characters at most";
    PLACE = "usage.place", 422, "使用地无效：{value}", "Not a valid place: {value}", "不超过 16 个字符，如 44、+852", "16 characters at most, such as 44 or +852";
    FEE = "usage.fee", 422, "费用无效：{value}", "Not a valid fee: {value}", "金额以元为单位，最多两位小数", "In yuan with at most two decimals";
    NEGATIVE = "usage.negative", 422, "用量或费用为负：{value}", "A negative amount or fee: {value}", "冲正请用调账，不要用负话单", "Use an adjustment to take something back, not a negative record";
    OVERFLOW = "usage.overflow", 422, "用量或费用超出可信范围：{value}", "An amount or fee beyond belief: {value}", "请核对采集系统的计量单位", "Check the units of the reporting system";
    ROW = "usage.row", 422, "这一行无法读取：{value}", "The row cannot be read: {value}", "请检查列数、引号与编码", "Check columns, quotes and encoding";

    DUPLICATE = "usage.duplicate", 409, "重复话单：同一服务已有流水号 {value}", "A duplicate: the service has a record with the id {value} already", "无需处理", "Nothing is to be done";
    UNKNOWN_SERVICE = "usage.unknown_service", 422, "号码 {value} 没有对应的服务", "There is no service for the number {value}", "已放入错单池；开户后可回收", "Kept in the error pool; can be recycled once the service is there";
    CLOSED_SERVICE = "usage.closed_service", 422, "号码 {value} 在该时间已拆机", "The service of the number {value} had ended at that time", "已放入错单池；请核对拆机时间", "Kept in the error pool; compare when it ended";
    BEFORE_START = "usage.before_start", 422, "号码 {value} 在该时间尚未开通", "The service of the number {value} had not begun at that time", "已放入错单池；请核对开通时间", "Kept in the error pool; compare when it began";
    FUTURE = "usage.future", 422, "开始时间在未来：{value}", "It lies in the future: {value}", "已放入错单池；请核对网元时钟", "Kept in the error pool; check the clock of the network element";
    TOO_OLD = "usage.too_old", 422, "早于话单保留期：{value}", "Older than usage is kept: {value}", "已超过可计费的时限", "It can no longer be charged";

    HEADER = "usage.header", 422, "文件缺少必需的列：{detail}", "The file lacks mandatory columns: {detail}", "首行须有：号码（或产品编号）、业务类型、开始时间、用量、流水号", "The first line names: number (or product), type, start, amount, id";
    EMPTY_FILE = "usage.empty_file", 422, "文件没有内容", "The file is empty", "请检查采集导出", "Look at the export";
    FILE_KNOWN = "usage.file_known", 409, "该文件已于 {at} 以“{name}”导入过", "This file was taken in already at {at} as “{name}”", "同一文件只入库一次；如需查看请打开原批次", "A file is taken in once; open the first batch";
    FILE_STATE = "usage.file_state", 409, "文件当前为 {state}，不能执行该操作", "The file is {state}: this cannot be done", "请刷新后再试", "Reload and try again";
    FILE_GONE = "usage.file_gone", 507, "文件或工作目录不可读写", "The file or its working directory cannot be used", "请管理员检查磁盘空间与权限，导入会从断点继续", "Ask an administrator for space and rights; the import goes on where it stopped";
    FILE_BROKEN = "usage.file_broken", 422, "文件无法解压或读取：{detail}", "The file cannot be unpacked or read: {detail}", "请检查文件是否完整（CSV 或 gz）", "Check that it is whole (CSV or gz)";

    POOL_STATE = "usage.pool_state", 409, "该错单已处理", "This record has been dealt with already", "请刷新列表", "Reload the list";
    POOL_CHOICE = "usage.pool_choice", 400, "请指明要处理的错单（ids、number 或 all）", "Say which records: ids, number or all", "请选择后再试", "Choose and try again";
    REASON = "usage.reason", 400, "请填写原因", "A reason is required", "原因会写入审计记录", "It goes into the audit record";
    BELOW_MINIMUM = "usage.below_minimum", 422, "{name} 不得低于 {minimum}：{source}", "{name} must not be below {minimum}: {source}", "请填写不低于法定下限的数值", "Give a value that the law allows";
    ABOVE_MAXIMUM = "usage.above_maximum", 422, "{name} 不得超过 {maximum}", "{name} must not be above {maximum}", "请填写范围内的数值", "Give a value in the range";
    WHOSE = "usage.whose", 400, "请给出号码或产品编号", "Give a number or a product", "例如 number=13900138000", "For example number=13900138000";
    CYCLE = "usage.cycle", 400, "账期无效：{value}", "Not a cycle: {value}", "请使用 2026-11，或账期首日 2026-11-11", "Use 2026-11, or a cycle's first day 2026-11-11";
    LINE_TOO_LONG = "usage.line_too_long", 413, "第 {line} 行超过 {limit} 字节", "Line {line} is longer than {limit} bytes", "每条话单一行", "One record a line";
    BILLED = "usage.billed", 409, "话单已进入出账的账期，不能修改或删除", "The record lies in a cycle that is closed for billing: it cannot be changed or deleted", "请通过调账处理", "Use an adjustment";
    NOT_TAKEN = "usage.not_taken", 409, "话单尚未入账，不能执行该操作", "The record has not been taken in", "请在错单池中处理", "Deal with it in the error pool";
}

/// What is refused now and may be taken later: these records are kept.
pub(crate) fn keeps(code: &'static Code) -> bool {
    [UNKNOWN_SERVICE.id, CLOSED_SERVICE.id, BEFORE_START.id, FUTURE.id].contains(&code.id)
}

/// The code of this name among ours.
pub(crate) fn named(id: &str) -> &'static Code {
    ALL.iter().copied().find(|c| c.id == id).unwrap_or(&ROW)
}
