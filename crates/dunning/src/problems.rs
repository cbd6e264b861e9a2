//! What can be refused in credit control.

kernel::codes! {
    LAW = "dunning.law", 422, "{step_zh}过早：{law_zh}（{source}）", "{step_en} comes too early: {law_en} ({source})", "该方案按现有天数为第 {got} 天，至少须为第 {least} 天；请加长等待天数", "It would come on day {got}, at least {least} is needed: lengthen the waiting";
    REMINDER_FIRST = "dunning.reminder_first", 422, "停机前没有催缴提醒：{law_zh}（{source}）", "No reminder comes before the suspension: {law_en} ({source})", "请在停机步骤之前加入催缴步骤", "Put a reminder before the suspension";
    NOTICE_FIRST = "dunning.notice_first", 422, "销户前没有停机与预销通知", "Neither suspension nor a notice comes before the termination", "请在销户之前加入停机与预销步骤", "Put a suspension and a notice before the termination";
    ORDER = "dunning.order", 422, "步骤顺序不对：{value} 不能在其之前步骤之后", "The steps are out of order at {value}", "顺序为：催缴、单停、双停、预销、销户、核销", "The order is: remind, bar outgoing, bar all, notice, terminate, write off";
    TEXT_UNKNOWN = "dunning.text_unknown", 422, "没有消息模板 {value}", "There is no text {value}", "请选择已有模板，或留空使用该步骤的默认模板", "Pick one there is, or leave it empty for the usual one of the step";
    CASE_CLOSED = "dunning.case_closed", 409, "该欠费单已关闭", "The case is closed", "请刷新后查看", "Reload and look again";
    HOLD_UNTIL = "dunning.hold_until", 422, "日期 {value} 不可选，最晚为 {most}", "{value} cannot be chosen; the latest is {most}", "请选择明天起的日期", "Pick a day from tomorrow on";
    NOT_HELD = "dunning.not_held", 409, "该欠费单没有暂缓", "The case is not on hold", "无需解除", "There is nothing to lift";
    REASON = "dunning.reason", 400, "请填写原因", "A reason is required", "原因会写入记录", "It is kept with the record";
    TASK_STATE = "dunning.task_state", 409, "该任务已处理", "The task has been dealt with already", "请刷新列表", "Reload the list";
    OWN_PROPOSAL = "dunning.own_proposal", 403, "不能审批自己提出的意见", "Nobody approves a proposal of their own", "请由他人审批", "Let somebody else do it";
    CREDIT_LIMIT = "dunning.credit_limit", 422, "信用额度超过 {most} 元", "The credit exceeds {most} yuan", "请由有审批权限的人员设置", "Have it set by somebody who may approve";
    TEMPORARY = "dunning.temporary", 422, "临时额度最长 {days} 天：{source}", "A temporary credit lasts {days} days at most: {source}", "请选择更早的日期", "Pick an earlier day";
    SWEEP_RUNS = "dunning.sweep_runs", 409, "正在扫描", "A sweep is running", "请等待其完成", "Wait until it has ended";
    RECOVERED = "dunning.recovered", 409, "该核销已全部恢复", "The write-off has been taken back in full", "无需再恢复", "There is nothing left to take back";
    POLICY_LAST = "dunning.policy_last", 409, "至少保留一个适用于所有客户的方案", "One policy has to hold for everybody", "请先建立替代方案", "Make another one first";
}
