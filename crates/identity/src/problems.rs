//! What can go wrong when records of several systems become one customer.

kernel::codes! {
    WORKPLACE = "identity.workplace", 507, "匹配工作目录不可读写", "The working directory of the matching cannot be used", "请管理员检查磁盘空间与权限，任务会从断点继续", "Ask an administrator for space and rights; the run goes on where it stopped";
    SOURCE_UNKNOWN = "identity.source_unknown", 404, "没有来源系统 {value}", "There is no source system {value}", "请先登记来源系统", "Enter the source system first";
    HEADER = "identity.header", 422, "文件缺少必需的列：{detail}", "The file lacks mandatory columns: {detail}", "请在来源系统的列映射中指明编号与姓名所在的列", "Name the columns of id and name in the mapping of the source";
    ENCODING = "identity.encoding", 422, "文件不是 UTF-8 编码", "The file is not UTF-8", "请转换编码后重试（iconv -f GB18030 -t UTF-8）", "Convert it (iconv -f GB18030 -t UTF-8) and try again";
    EMPTY_FILE = "identity.empty_file", 422, "文件没有内容", "The file is empty", "请检查导出", "Look at the export";
    RUN_BUSY = "identity.run_busy", 409, "已有匹配任务在运行", "A matching run is under way already", "请等待其结束，或先停止", "Wait for its end, or stop it first";
    RUN_STATE = "identity.run_state", 409, "任务当前为 {state}，不能执行该操作", "The run is {state}: this cannot be done", "请刷新后再试", "Reload and try again";
    PAIR_DECIDED = "identity.pair_decided", 409, "该对记录已由 {by} 处理", "{by} has decided this pair already", "请处理下一条", "Go on with the next one";
    VERDICT = "identity.verdict", 400, "结论只能是 accept、reject 或 skip", "A verdict is accept, reject or skip", "请更正", "Correct it";
    NOT_OF_CRM = "identity.code_has_customer", 409, "该识别码已有客户 {value}", "This code has the customer {value} already", "请打开该客户办理", "Open that customer";
    MERGE_SELF = "identity.merge_self", 400, "不能把客户与自身合并", "A customer cannot be merged with itself", "请选择两个不同的客户", "Choose two customers";
    MERGE_KIND = "identity.merge_kind", 409, "个人客户与单位客户不能合并", "A person and an organisation cannot be merged", "请核对客户类型", "Look at what they are";
    MERGE_CLOSED = "identity.merge_closed", 409, "客户 {value} 已关闭或已被合并", "The customer {value} is closed or merged already", "请选择在用的客户", "Choose one in use";
    MERGE_IN_TRANSIT = "identity.merge_in_transit", 409, "有在途订单，不能合并：{detail}", "Orders are in transit, the customers cannot be merged: {detail}", "请等待订单竣工或撤单后再合并", "Wait until they are completed, or cancel them";
    MERGE_CERTIFICATES = "identity.merge_certificates", 409, "两个客户的证件不同，须确认后才能合并", "The two customers have different certificates: confirm to merge them", "请核对证件；确为同一人（如换证）请勾选确认", "Compare the certificates; confirm where it is one person with a new certificate";
    SPLIT_DONE = "identity.split_done", 409, "该合并已拆分", "This merge has been undone already", "请刷新", "Reload";
    SPLIT_ORDER = "identity.split_order", 409, "之后还有合并 {value} 建立在它之上，须先拆分后者", "The later merge {value} was built upon it: undo that one first", "请按相反的顺序拆分", "Undo them in the reverse order";
    REASON = "identity.reason", 400, "请填写原因", "A reason is required", "原因会写入历史与审计记录", "It goes into history and audit";
    BLACKLISTED = "identity.merge_listed", 409, "客户 {value} 在黑名单中，合并须由主管确认", "The customer {value} is blacklisted: a supervisor confirms the merge", "请确认后再合并", "Confirm, then merge";
}
