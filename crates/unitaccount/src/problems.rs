//! What can be refused about unit accounts, in words the unit's clerk can act on.

kernel::codes! {
    NOT_UNIT = "unit.not_organisation", 422, "只有单位客户可以开立单位账户", "Only an organisation can have a unit account", "请选择单位客户", "Pick an organisation";
    EXISTS = "unit.exists", 409, "该客户已有单位账户 {value}", "The customer has unit account {value} already", "请使用已有的单位账户", "Use the account that exists";
    STATE = "unit.state", 409, "单位账户当前状态（{state}）不能办理", "A unit account in state {state} cannot do this", "请先恢复单位账户", "Make the unit account active first";
    NOT_EMPTY = "unit.not_empty", 409, "仍有成员或余额，不能注销", "There are members or money left; it cannot be closed", "请先汇总余额、移出成员并退还余额", "Collect, let the members leave and pay the balance back first";
    SHORT = "unit.short", 409, "单位账户余额不足：可用 {available} 元，需要 {needed} 元", "The unit account holds {available} yuan; {needed} are needed", "请先为单位账户充值，或减少金额", "Pay into the unit account, or move less";
    MEMBER_SHORT = "unit.member_short", 409, "成员可用余额不足：可用 {available} 元，需要 {needed} 元", "The member has {available} yuan at hand; {needed} are needed", "请先分配，或减少金额；已圈存的资金不能汇总", "Allocate first, or use less; what is loaded cannot be collected";
    AMOUNT = "unit.amount", 422, "金额不被接受：{value}", "The amount is not accepted: {value}", "金额须大于 0 且不超过单笔上限", "Above 0 and within the limit of one movement";
    MEMBER_TAKEN = "unit.member_taken", 409, "{value} 已是单位账户成员", "{value} is a member of a unit account already", "请先从原单位移出", "Let it leave the other unit first";
    MEMBER_UNKNOWN = "unit.member_unknown", 422, "没有找到成员：{value}", "No such member: {value}", "请核对号码或卡号", "Check the number";
    NUMBER_UNKNOWN = "unit.number_unknown", 422, "号码未在网：{value}", "The number is not in service: {value}", "请核对号码，或先办理入网", "Check the number, or sell the line first";
    MEMBER_STATE = "unit.member_state", 409, "成员 {value} 当前状态（{state}）不能办理", "Member {value} is {state} and cannot do this", "请先解挂或恢复成员", "Lift the loss report or make the member active first";
    MEMBER_LOST = "unit.member_lost", 409, "成员 {value} 已挂失，不能消费", "Member {value} is reported lost: nothing can be spent", "请使用补办后的新卡，或先解挂", "Use the replacement, or lift the report first";
    MEMBER_HOLDS = "unit.member_holds", 409, "成员尚有余额 {value} 元，请先汇总", "The member still holds {value} yuan", "请先汇总；已圈存的请先退圈", "Collect it first; unload what is loaded";
    LIMIT_ONCE = "unit.limit_once", 409, "超过单笔限额 {limit} 元", "Above the limit of {limit} yuan at once", "请分次消费或调整限额", "Spend less at once, or change the limit";
    LIMIT_DAY = "unit.limit_day", 409, "超过日限额 {limit} 元，今日已用 {used} 元", "Above the limit of {limit} yuan a day; {used} spent today", "请明日再消费或调整限额", "Spend tomorrow, or change the limit";
    LIMIT_MONTH = "unit.limit_month", 409, "超过月限额 {limit} 元，本月已用 {used} 元", "Above the limit of {limit} yuan a month; {used} spent this month", "请下月再消费或调整限额", "Spend next month, or change the limit";
    REFERENCE = "unit.reference_changed", 409, "交易号 {value} 已记录且内容不同", "Reference {value} is known with other content", "请核对交易号", "Check the reference";
    CONSUMPTION_STATE = "unit.consumption_state", 409, "该消费已冲正", "This spending has been reversed already", "无需再次冲正", "Nothing to do";
    REPLACE_EARLY = "unit.replace_early", 409, "挂失满 {days} 天后方可补卡，最早 {value}", "A replacement is possible {days} days after the report, from {value}", "请到期后办理", "Come again then";
    NOT_LOST = "unit.not_lost", 409, "成员没有挂失", "The member is not reported lost", "无需解挂或补办", "Nothing to lift or replace";
    LOAD_STATE = "unit.load_state", 409, "该圈存当前状态（{state}）不能撤销", "A load in state {state} cannot be cancelled", "已写入卡的资金请用退圈", "Unload what is on the card";
    CARD_ONLY = "unit.card_only", 422, "只有卡成员可以同步卡数据", "Only a card has data to synchronise", "请选择卡成员", "Pick a card";
    CARD_SEQ = "unit.card_seq", 409, "卡交易序号 {value} 已记录且内容不同", "Card transaction {value} is known with other content", "请核对卡数据；确认后人工处理", "Check the card's data; deal with it by hand";
    DIFFERENCE_STATE = "unit.difference_state", 409, "该差异已处理", "The difference has been dealt with", "无需再处理", "Nothing to do";
    PASSWORD_NEEDED = "unit.password_needed", 422, "请输入单位密码", "The unit's password is needed", "由单位经办人输入", "The unit's own clerk enters it";
    PASSWORD_WRONG = "unit.password_wrong", 422, "单位密码不正确", "The unit's password is wrong", "请重新输入；连续多次错误将锁定", "Try again; several wrong ones lock it";
    PASSWORD_LOCKED = "unit.password_locked", 409, "单位密码已锁定，{value} 后再试", "The unit's password is locked until {value}", "请稍后再试或重置密码", "Wait, or have it reset";
    BATCH_REFUSED = "unit.batch_refused", 422, "{count} 行有误，全部未执行", "{count} rows are refused; nothing was done", "请更正后重新提交，或改用逐行执行", "Correct them, or choose to do the good rows";
    BATCH_EMPTY = "unit.batch_empty", 422, "没有可处理的行", "There is no row to work on", "请至少填写一行", "Give one row at least";
    BATCH_LARGE = "unit.batch_large", 422, "超过 {limit} 行", "More than {limit} rows", "请分批提交", "Hand it over in parts";
    BATCH_SAME = "unit.batch_same", 409, "相同内容的文件已于 {at} 执行（批次 {value}）", "A file with the same content was done at {at} (batch {value})", "如确需再次执行，请确认重复（again）", "Confirm with again if it is meant";
    FILE = "unit.file", 422, "文件无法识别：{detail}", "The file cannot be read: {detail}", "需要 UTF-8 CSV，表头含 号码、金额", "UTF-8 CSV with the columns number and amount";
    ROW = "unit.row", 422, "{detail}", "{detail}", "请更正该行", "Correct the row";
    REASON = "unit.reason_needed", 422, "必须说明原因", "A reason is needed", "请填写原因", "Give the reason";
    GROUP_USED = "unit.group_used", 409, "分组内仍有成员、司机或下级", "The group still has members, drivers or groups below", "请先移出", "Move them first";
    GROUP_LOOP = "unit.group_loop", 422, "不能移到自身或下级分组", "A group cannot lie below itself", "请选择其他上级", "Pick another parent";
    NAME_TAKEN = "unit.name_taken", 409, "名称或工号已存在：{value}", "The name or number exists already: {value}", "请使用其他名称", "Use another one";
}
