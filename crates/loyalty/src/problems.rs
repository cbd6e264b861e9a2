//! What can be refused about points, in words a clerk can act on.

kernel::codes! {
    SHORT = "points.short", 409, "积分不足：可用 {available}，需要 {needed}", "Not enough points: {available} to spend, {needed} needed", "请减少积分或改用其他方式", "Use fewer points, or another way";
    AMOUNT = "points.amount", 422, "积分数不被接受：{value}", "The number of points is not accepted: {value}", "请填写规定范围内的整数", "Give a whole number within the limits";
    NOT_MEMBER = "points.not_member", 409, "客户尚未加入积分计划", "The customer has not joined the programme", "请先为客户办理入会", "Let the customer join first";
    MEMBER_ALREADY = "points.member_already", 409, "客户已是积分会员", "The customer is a member already", "无需重复入会", "Nothing to do";
    MEMBER_STATE = "points.member_state", 409, "会员当前状态（{state}）不能办理", "A member in state {state} cannot do this", "请先恢复会员", "Make the member active first";
    MEMBER_HOLDS = "points.member_holds", 409, "会员尚有 {value} 积分，退会后清零", "The member still has {value} points, which end with leaving", "请先用完积分，或确认放弃（forfeit）", "Spend them first, or confirm that they are given up (forfeit)";
    GIFT_STATE = "gift.state", 409, "礼品已下架", "The gift is not offered any more", "请另选礼品", "Pick another gift";
    GIFT_STOCK = "gift.stock", 409, "礼品库存不足，剩余 {value}", "Not enough of this gift: {value} left", "请减少数量或另选礼品", "Take fewer, or another gift";
    REDEMPTION_STATE = "redemption.state", 409, "该兑换已撤销", "The redemption has been cancelled already", "无需再次撤销", "Nothing to do";
    REASON = "points.reason_needed", 422, "必须说明原因", "A reason is needed", "请填写原因", "Give the reason";
    EVENT_CHANGED = "points.event_changed", 409, "事件 {value} 已记录且内容不同", "Event {value} is known with other content", "请使用新的事件编号", "Use a new id";
    EVENT_UNKNOWN = "points.event_unknown", 422, "没有对应的积分规则：{value}", "No rule earns points for {value}", "请先在积分计划中增加规则", "Add a rule to the programme first";
    PROGRAM_USED = "loyalty.in_use", 409, "仍有会员或流水，不能删除", "It is in use and cannot be deleted", "请改为停用", "Retire it instead";
}
