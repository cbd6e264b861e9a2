// From the customer to the money, and the forms beside the till: campaigns, deposits, mistaken payments, wishes about messages.
export const purse = {
  purse: {
    title: "账务", usage: "用量详单", left: "余量费用", statement: "账单", books: "账本", points: "积分", notices: "提醒催缴", adjust: "调账", deposits: "保证金", thisMonth: "本月", months: "用量详单", pdf: "账单 PDF", noAccount: "该客户还没有账户。", filtered: "客户：{{name}}", everybody: "全部客户",
    tab: "提醒催缴", cases: "欠费催缴", noCases: "没有催缴记录。", allCases: "催缴看板", sentTitle: "最近的提醒", noMessages: "没有给这个客户发过消息。", allMessages: "全部消息", case: "欠费单",
  },
  wish: {
    title: "提醒偏好", number: "号码或邮箱", business: "业务办理提醒", marketing: "推广信息", lang: "语言", said: "来源", page: "柜面 {{by}}", mo: "客户短信", never: "未设置", own: "联系电话", other: "其他号码或邮箱", add: "查看", saved: "提醒偏好已保存", on: "接收", off: "不接收", badAddress: "请输入号码或邮箱",
    law: "依法必须送达，不能退订：{{list}}。", optional: "可以退订：{{list}}。", mark: "推广信息只发给明确同意的客户；客户也可回复 TD 退订。", stop: "退订", stopTitle: "{{number}} 不再接收{{what}}",
  },
  prepay: {
    title: "预存活动", what: "预存话费送赠款：预存达到金额，赠款记入赠款账本；冲正缴费时赠款一并收回", make: "新建活动", none: "还没有预存活动。新建后在收银台缴费时可选。", name: "活动名称", nameEn: "英文名称", min: "至少预存", gift: "赠送", months: "赠款有效期", monthsN: "{{count}} 个月", forever: "长期", from: "开始日期", to: "结束日期", open: "不限", scope: "赠款可用于", everything: "全部费用", org: "适用范围", source: "依据文件", sourceHint: "活动方案或批文编号", by: "建立", turned: "最近操作",
    saveDraft: "存为草稿", saveRun: "立即生效", start: "生效", stop: "停止", startTitle: "“{{name}}”现在生效？", stopTitle: "停止“{{name}}”", stopNote: "停止后收银台不再可选；已经赠送的赠款不收回。", why1: "预算用完", why2: "活动方案调整", started: "活动已生效", stopped: "活动已停止", saved: "草稿已保存", madeRun: "活动已生效，收银台可选",
    badName: "请填写活动名称", badDays: "结束日期不能早于开始日期", rate: "每预存 {{min}} 送 {{gift}}，相当于 {{percent}}%",
  },
  chargeName: { 月费: "月费", 月租: "月租", 月租费: "月租费", 一次性费用: "一次性费用", 装机费: "装机费", 安装费: "安装费", 初装费: "初装费", 移机费: "移机费", 调测费: "调测费", 违约金: "违约金", 调账: "调账" },
  prepayPhase: { draft: "草稿", pending: "待开始", live: "进行中", expired: "已到期", stopped: "已停止" },
  security: {
    take: "收保证金", customer: "客户", account: "账户", amount: "金额", method: "收取方式", purpose: "用途", purpose1: "国际漫游押金", purpose2: "靓号押金", purpose3: "终端租借押金", reference: "流水号", taken: "已收保证金 {{amount}}，凭证 {{no}}", give: "退还", giveTitle: "退还保证金 {{amount}}", giveNote: "保证金原路退回；请先收回凭证 {{no}}。", way: "退还方式", applyTitle: "用保证金 {{amount}} 抵欠费", applyNote: "全部转入账户余额，先抵缴欠费账单，余下的留在余额。", apply: "转入余额", done: "已退还 {{amount}}，凭证 {{no}}", state: "状态", any: "全部",
  },
  mistake: {
    title: "误缴退费", titleOf: "误缴退费 {{no}}（{{amount}}）", note: "缴错号码的款项，凭缴费人与被缴号码机主双方证件，在误缴后的时限内退还；证件号码只留后四位。", payer: "缴费人证件", owner: "被缴号码机主证件", name: "姓名", kind: "证件类型", number: "证件号码", go: "核对无误，退费", done: "已退费 {{amount}}，凭证 {{no}}", short: "至少 4 位", why1: "缴错号码", why2: "重复缴费", toRequest: "已超过时限，可提交冲正申请，由主管审批。", ask: "提交冲正申请",
  },
};
