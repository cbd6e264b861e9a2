//! Error codes of this crate.

kernel::codes! {
    BACK_STATE = "back_order.state", 409, "协作单{zh}，不能{verb_zh}", "The order from billing is {en}: {verb_en} is not possible", "请刷新后再试", "Reload and try again";
    BACK_CONFLICT = "back_order.conflict", 409, "编号 {value} 已用于另一内容的协作单", "The id {value} was used for another order", "同一编号只能表示同一内容；请换编号", "An id stands for one content; take another id";
    BACK_SUBJECT = "back_order.subject", 422, "请指明一个产品或一个账户，且只能一个", "Name one product or one account, and only one", "productId、accountId、number 三选一", "One of productId, accountId, number";
    BACK_NOBODY = "back_order.nobody", 422, "账户 {value} 下没有在用产品", "Nothing in use is charged to the account {value}", "请核对账户", "Check the account";
    BACK_AHEAD = "back_order.ahead", 422, "时间 {value} 晚于现在", "The time {value} lies ahead", "请核对系统时钟", "Check the clock";
    BACK_REASON = "back_order.reason", 422, "{value} 不是计费可用的停机原因", "{value} is no reason that billing may stop a line for", "可用：arrears、violation、realName", "Use arrears, violation or realName";
    DAY_AHEAD = "reconcile.day_ahead", 422, "日期 {value} 还没有到", "The day {value} has not come yet", "请选择今天或以前的日期", "Pick today or an earlier day";
    DIFFERENCE_STATE = "reconcile.difference_state", 409, "该差异已处理", "The difference was dealt with already", "请刷新", "Reload";
    NOT_TO_RETELL = "reconcile.not_to_retell", 409, "该差异不能重发", "This difference cannot be told again", "请核实后按人工处理登记原因", "Look into it and enter how it was dealt with";
    ORDER_ENDED = "back_order.order_ended", 409, "订单 {order} 没有竣工（{state}）", "The order {order} was not completed ({state})", "请查看订单，处理后重试", "Look at the order, then retry";
}
