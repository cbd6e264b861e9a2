//! What can be wrong with a customer.

kernel::codes! {
    DUPLICATE = "customer.duplicate", 409, "该客户已建档", "This customer exists already", "请打开已有客户办理；若在其他营业区，请先办理归属变更", "Open the existing customer; if it belongs to another area, have it transferred first";
    STATUS = "customer.status", 409, "客户状态不能由 {from} 变为 {to}", "A customer cannot go from {from} to {to}", "请先办理前置业务", "Do the step before it first";
    NUMBER_TAKEN = "customer.number_taken", 409, "客户编号已被使用：{value}", "The customer number is in use: {value}", "请更换客户编号，或留空由系统分配", "Use another number, or leave it to the system";
    IN_USE = "customer.in_use", 409, "客户名下还有产品或账户，不能删除", "The customer still has products or accounts and cannot be deleted", "请先拆机并结清，或将状态改为已关闭", "Terminate and settle first, or set the status to closed";
    TOO_LONG = "text.too_long", 400, "内容过长（上限 {limit} 字）", "The text is too long (limit {limit} characters)", "请缩短后重新提交", "Shorten it and submit again";
    FILE_ENCODING = "import.encoding", 422, "文件不是 UTF-8 编码（{detail}）", "The file is not UTF-8 ({detail})", "请在 Excel 中另存为“CSV UTF-8”，或用 iconv -f GB18030 -t UTF-8 转换后重试", "Save it as “CSV UTF-8”, or convert it with iconv -f GB18030 -t UTF-8";
    FILE_HEADER = "import.header", 422, "表头缺少必需的列：{detail}", "The header lacks mandatory columns: {detail}", "第一行应为列名，至少包含 name（姓名）", "The first line names the columns; name (姓名) is needed at least";
    FILE_UNREADABLE = "import.unreadable", 422, "文件无法读取：{detail}", "The file cannot be read: {detail}", "请检查路径与权限", "Check path and rights";
    ERRORS_UNWRITABLE = "import.errors_unwritable", 422, "错误文件无法写入：{detail}", "The error file cannot be written: {detail}", "请检查路径、权限与磁盘空间", "Check path, rights and free space";
    BATCH_STATE = "import.batch_state", 409, "导入批次当前为 {state}，不能执行该操作", "The import batch is {state}; this cannot be done", "请查看批次状态", "Look at the state of the batch";
    JOURNAL_CLOSED = "customer.journal_closed", 409, "该事项已处理完毕", "This matter is closed already", "请刷新页面查看处理结果", "Reload to see what came of it";
    MANAGER_SAME = "customer.manager_same", 409, "该客户已由 {name} 负责", "{name} looks after this customer already", "请选择另一位客户经理", "Choose another account manager";
    BLACKLISTED = "customer.blacklisted", 409, "客户在黑名单中，不能办理新业务：{detail}", "The customer is blacklisted, no new business is done: {detail}", "请核实原因；确有误的由主管解除后再办理", "Look into the reason; a supervisor lifts the mark where it is wrong";
    STANDING_LIFTED = "customer.standing_lifted", 409, "该标记已解除", "This mark has been lifted already", "请刷新列表", "Reload the list";
    REVIEW_OPEN = "customer.review_open", 409, "该客户已有未完成的实名复核", "A review of this customer's name is open already", "请先完成或撤回原复核", "Finish or withdraw that one first";
    REVIEW_CLOSED = "customer.review_closed", 409, "该实名复核已结束", "This review has ended already", "请刷新列表", "Reload the list";
    MERGED = "customer.merged", 409, "该客户已并入 {value}", "This customer was merged into {value}", "请打开并入后的客户办理", "Open the customer it was merged into";
}
