//! What can be refused at the money side, in words a clerk can act on.

kernel::codes! {
    AMOUNT_REFUSED = "payment.amount", 422, "金额不被接受：{value}", "The amount is not accepted: {value}", "金额须大于 0 且不超过单笔上限", "An amount is greater than 0 and within the limit of one payment";
    TENDERED_SHORT = "payment.tendered_short", 422, "实收金额小于应收金额", "The money given is less than the amount", "请核对收到的现金", "Count the money again";
    METHOD_UNKNOWN = "payment.method", 400, "不支持的收款方式：{value}", "Unknown method of payment: {value}", "请选择现金 cash 或转账 transfer", "Use cash or transfer";
    ALREADY_REVERSED = "payment.already_reversed", 409, "该笔缴费已经冲正", "The payment has been reversed already", "无需再次冲正；请查看冲正记录", "Nothing to do: see the reversal";
    REVERSAL_FINAL = "payment.is_reversal", 409, "冲正记录不能再冲正", "A reversal cannot be reversed", "请重新收费", "Take the payment again";
    NOT_BOOKED = "payment.not_booked", 409, "该笔缴费未入账，不能冲正", "The payment was never booked", "无需冲正", "There is nothing to reverse";
    BALANCE_SHORT = "balance.short", 409, "账户余额不足", "The balance of the account does not suffice", "请核对账户余额", "Check the balance of the account";
    BILL_STATE = "bill.state", 422, "账单状态 {value} 由缴费决定，不能直接设置", "The bill state {value} follows from payments and cannot be set", "请设置 onHold、validated、sent 或 new", "Set onHold, validated, sent or new";
    SHIFT_CLOSED = "shift.closed", 409, "当班已轧账，不能再收费", "The shift has been closed; no money can be taken", "请先开新班", "Open a new shift first";
    SHIFT_PREVIOUS = "shift.previous_open", 409, "{day} 的班尚未轧账", "The shift of {day} has not been closed", "请先完成该日轧账", "Close that day's shift first";
    SHIFT_OPEN = "shift.already_open", 409, "已有未轧账的当班", "A shift is open already", "请继续使用或先轧账", "Use it, or close it first";
    SHIFT_NONE = "shift.none", 409, "没有打开的班", "No shift is open", "请先开班", "Open a shift first";
    SHIFT_REASON = "shift.reason_needed", 422, "长短款 {value} 元，必须说明原因", "Over or short by {value} yuan: a reason is needed", "请填写长短款原因", "Give the reason of the difference";
    NOT_FOUND_AT_COUNTER = "counter.nobody", 404, "没有找到客户：{value}", "Nobody found: {value}", "请输入号码、账号或客户编号", "Enter a number, account or customer number";
    COLLABORATION_CONFLICT = "collaboration.conflict", 409, "协作单 {value} 已存在且内容不同", "Collaboration order {value} exists with other content", "请使用新的协作单编号", "Use a new id";
    COLLABORATION_STATE = "collaboration.state", 409, "协作单当前状态（{state}）不能{verb}", "A collaboration order in state {state} cannot be {verb}", "请刷新后查看状态", "Reload and look at its state";
    COLLABORATION_TARGET = "collaboration.no_subscription", 422, "没有与该产品对应的计费用户", "Billing does not know the product", "请先处理其开通协作单", "Process its activation first";
    SUBSCRIPTION_STATE = "subscription.state", 409, "计费用户当前状态（{state}）不能{verb}", "A subscription in state {state} cannot be {verb}", "请核对产品状态", "Check the state of the product";
}
