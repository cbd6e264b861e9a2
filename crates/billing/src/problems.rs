//! What can be refused at the money side, in words a clerk can act on.

kernel::codes! {
    AMOUNT_REFUSED = "payment.amount", 422, "金额不被接受：{value}", "The amount is not accepted: {value}", "金额须大于 0 且不超过单笔上限", "An amount is greater than 0 and within the limit of one payment";
    TENDERED_SHORT = "payment.tendered_short", 422, "实收金额小于应收金额", "The money given is less than the amount", "请核对收到的现金", "Count the money again";
    METHOD_UNKNOWN = "payment.method", 400, "不支持的收款方式：{value}", "Unknown method of payment: {value}", "请选择现金 cash 或转账 transfer", "Use cash or transfer";
    ALREADY_REVERSED = "payment.already_reversed", 409, "该笔缴费已经冲正", "The payment has been reversed already", "无需再次冲正；请查看冲正记录", "Nothing to do: see the reversal";
    REVERSAL_FINAL = "payment.is_reversal", 409, "冲正记录不能再冲正", "A reversal cannot be reversed", "请重新收费", "Take the payment again";
    NOT_BOOKED = "payment.not_booked", 409, "该笔缴费未入账，不能冲正", "The payment was never booked", "无需冲正", "There is nothing to reverse";
    BALANCE_SHORT = "balance.short", 409, "账户余额不足", "The balance of the account does not suffice", "请核对账户余额", "Check the balance of the account";
    BOOK_STATE = "book.state", 409, "账本当前状态（{state}）不能办理", "A balance book in state {state} cannot do this", "请刷新后查看账本", "Reload and look at the book";
    BILL_STATE = "bill.state", 422, "账单状态 {value} 由缴费决定，不能直接设置", "The bill state {value} follows from payments and cannot be set", "请设置 onHold、validated、sent 或 new", "Set onHold, validated, sent or new";
    SHIFT_CLOSED = "shift.closed", 409, "当班已轧账，不能再收费", "The shift has been closed; no money can be taken", "请先开新班", "Open a new shift first";
    SHIFT_PREVIOUS = "shift.previous_open", 409, "{day} 的班尚未轧账", "The shift of {day} has not been closed", "请先完成该日轧账", "Close that day's shift first";
    SHIFT_OPEN = "shift.already_open", 409, "已有未轧账的当班", "A shift is open already", "请继续使用或先轧账", "Use it, or close it first";
    SHIFT_NONE = "shift.none", 409, "没有打开的班", "No shift is open", "请先开班", "Open a shift first";
    SHIFT_REASON = "shift.reason_needed", 422, "长短款 {value} 元，必须说明原因", "Over or short by {value} yuan: a reason is needed", "请填写长短款原因", "Give the reason of the difference";
    SHIFT_OWN = "shift.own", 409, "这是您自己的班", "This is your own shift", "请在“轧账”页清点并关班", "Count and close it on the shift page";
    HAND_OVER_OPEN = "shift.hand_over_open", 409, "有一笔移交尚未确认", "Cash offered to a colleague has not been answered", "请对方确认，或撤回移交后再办理", "Let the colleague accept it, or withdraw it first";
    HAND_OVER_STATE = "shift.hand_over_state", 409, "该移交已处理", "This hand-over has been answered already", "请刷新后查看", "Reload and look again";
    HAND_OVER_SHORT = "shift.hand_over_short", 422, "移交金额超过抽屉现金 {value} 元", "The drawer holds {value} yuan only", "请核对移交金额", "Check the amount";
    HAND_OVER_SELF = "shift.hand_over_self", 409, "不能移交给自己", "Cash cannot be handed over to oneself", "请由另一位收款员确认", "A colleague accepts it";
    NOT_FOUND_AT_COUNTER = "counter.nobody", 404, "没有找到客户：{value}", "Nobody found: {value}", "请输入号码、账号或客户编号", "Enter a number, account or customer number";
    COLLABORATION_CONFLICT = "collaboration.conflict", 409, "协作单 {value} 已存在且内容不同", "Collaboration order {value} exists with other content", "请使用新的协作单编号", "Use a new id";
    COLLABORATION_STATE = "collaboration.state", 409, "协作单当前状态（{state}）不能{verb}", "A collaboration order in state {state} cannot be {verb}", "请刷新后查看状态", "Reload and look at its state";
    COLLABORATION_TARGET = "collaboration.no_subscription", 422, "没有与该产品对应的计费用户", "Billing does not know the product", "请先处理其开通协作单", "Process its activation first";
    SUBSCRIPTION_STATE = "subscription.state", 409, "计费用户当前状态（{state}）不能{verb}", "A subscription in state {state} cannot be {verb}", "请核对产品状态", "Check the state of the product";
    DISCOUNT_UNKNOWN = "discount.unknown", 422, "该优惠不适用或已失效：{value}", "This discount does not apply or has ended: {value}", "请刷新优惠列表后重新选择", "Reload the discounts and choose again";
    DISCOUNT_REASON = "discount.reason_needed", 422, "授权优惠必须说明原因", "A discount granted by hand needs a reason", "请填写原因", "Give the reason";
    PRICING_PENDING = "pricing.pending", 503, "计费系统尚未给出价格", "The billing system has not answered yet", "请重试", "Try again";
    PRICING_UNREACHABLE = "pricing.unreachable", 503, "外部计费系统无法访问", "The outside billing system cannot be reached", "请稍后重试；购物车已保留", "Try again shortly; the cart is kept";
    PRICING_ANSWER = "pricing.answer", 502, "外部计费系统的答复无法采信", "The answer of the outside billing system cannot be believed", "请联系计费系统管理员", "Tell the administrator of the billing system";
    PRICING_REFUSED = "pricing.refused", 422, "外部计费系统拒绝报价：{detail}", "The outside billing system refuses: {detail}", "请更正后重试", "Correct it and try again";
    TAKEN_BACK = "collaboration.taken_back", 409, "该协作单已撤销", "This collaboration order has been taken back", "无需再处理", "Nothing is left to do";
    ACCOUNT_CLOSED = "account.closed", 409, "账户 {value} 已合并或注销", "Account {value} has been merged or closed", "请改用其他账户", "Use another account";
    ACCOUNT_OTHER_CUSTOMER = "account.other_customer", 422, "账户 {value} 不属于该客户", "Account {value} belongs to another customer", "只能合并同一客户的账户", "Only accounts of one customer are merged";
    ACCOUNT_SAME = "account.same", 422, "不能与自身合并", "An account cannot be merged with itself", "请选择另一个账户", "Choose another account";
    ACCOUNT_USED = "account.used", 409, "账户已有账务记录，不能注销", "The account has been used and cannot be closed", "请改用合户", "Merge it instead";
    PAYOUT_STATE = "payout.state", 409, "该退费单当前状态（{state}）不能办理", "A payout in state {state} cannot be handled", "请刷新后查看", "Reload and look at its state";
    PAYOUT_PAID = "payout.paid", 409, "退费已付给客户，不能撤销", "The money has been handed over already", "请另收一笔缴费", "Take a payment instead";
    BILL_CREDITED = "bill.credited", 409, "账单 {value} 已有冲减，缴费不能整笔冲正", "Bill {value} has been credited since: the payment cannot be reversed as a whole", "请改为退还账户余额", "Pay back the balance of the account instead";
    RELATION_INVALID = "payment_relation.invalid", 422, "付费关系无效：{detail}", "The payment relation is invalid: {detail}", "分摊比例合计不超过 100%，限额大于 0", "Shares add up to 100% at most, limits are greater than 0";
    UNDO_CHANGED = "collaboration.changed_since", 409, "该业务之后又有变更，不能自动撤销", "It has been changed again since and cannot be taken back by itself", "请人工处理", "Deal with it by hand";
}
