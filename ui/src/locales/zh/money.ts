// Words of the catalogue and of money: offerings, bills, payments, the till.
export const money = {
  offering: {
    name: "商品", search: "商品名称、资费编号", monthly: "月费", data: "流量", voice: "语音(分)", speed: "宽带(M)", area: "地区", term: "合约期", min: "最低价", max: "最高价", anyState: "全部状态", anyArea: "全部地区", total: "共 {{shown}} 个商品", summary: "商品概况", byFamily: "按类别", byPrice: "按月费", unit: "个",
    minutes: "语音 {{count}} 分钟", sms: "短信 {{count}} 条", contract: "合约 {{count}} 个月", months: "{{count}} 个月", noneFound: "没有符合条件的商品。", noneYet: "商品目录还是空的。导入一份公示资费即可开始。", detail: "商品详情", published: "公示资费", audience: "适用范围", validity: "上架期", category: "分类", components: "组成", prices: "价格", asPublished: "公示原文", versions: "版本",
  },
  bill: {
    title: "账单", no: "账单号", period: "账期", amount: "金额", remaining: "未缴", due: "应缴日", state: "状态", lines: "账单明细", line: "费用项", product: "产品", lineType: "类型", days: "天数", ofThirty: "{{days}}/30", note: "说明", sum: "合计", noLines: "这张账单没有明细。", noPayments: "还没有缴费。", print: "打印",
  },
  payment: {
    receiptNo: "收据号", at: "时间", method: "方式", amount: "金额", operator: "收款人", date: "日期", dayBefore: "前一天", dayAfter: "后一天", isReversal: "反销账", reverse: "反销账", reverseTitle: "反销账：{{no}}（{{amount}}）", reverseNote: "会产生一笔负数记录，原记录保留，账单恢复为未缴，账户余额够的随即由余额缴付。非本人当日的收款需要主管权限。", reversedDone: "已反销账 {{no}}，{{amount}}", reversedSettled: "已反销账 {{no}}，{{amount}}；账户余额已缴付账单 {{settled}}", everyone: "全部收款人", mine: "我收的", none: "{{date}} 没有缴费记录。",
    why1: "缴错号码", why2: "金额输错", why3: "客户要求退款",
  },
  counter: {
    find: "手机号 / 账号 / 客户编号", others: "也可能是：", start: "输入号码后回车，显示应缴费用。", notFound: "没有找到“{{q}}”对应的账户。", searchCustomers: "到客户里查找", dues: "应缴账单", totalDue: "应缴合计", account: "账户", onlyThis: "只缴这个账户", nothingDue: "没有欠费，可以预存。", overdue: "已逾期",
    take: "收款", taking: "正在收款…", method: "方式", amount: "实缴金额", tendered: "收到现金", tenderedHint: "留空表示正好", change: "找零", reference: "转账凭证号", referenceHint: "银行回单或流水号", notAmount: "不是有效金额", tooLittle: "还差 {{amount}}", toBalance: "{{amount}} 将转为预存", keypad: "回车下一项 · + 切换方式 · F8 收款 · Esc 返回", taken: "收款成功", noShift: "您还没有开班，收款前请先开班。",
  },
  receipt: { title: "缴费收据", reversal: "反销账收据", hall: "营业厅", toBalance: "转入预存" },
  shift: {
    open: "开班", close: "轧账交班", float: "备用金", floatRule: "找零备用金一般不超过 300 元", openedAt: "开班时间", byMethod: "按方式", byKind: "按业务", count: "笔数", nothing: "还没有收款", expectedCash: "系统应有现金（含备用金）", countedCash: "清点现金", countedTransfer: "转账凭证合计",
    even: "账实相符", overBy: "长款", shortBy: "短款", reason: "差异原因", closed: "已交班，差额 {{amount}}", lastClosed: "上一班 {{at}} 交班，差额 {{amount}}",
  },
};
