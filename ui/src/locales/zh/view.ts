// Words of the pickers, of the action drawer and of the unified view.
export const view = {
  picker: {
    typeMore: "继续输入…", none: "没有找到", customer: "客户", customerHint: "手机号、姓名、拼音、证件号", account: "付费账户", accountHint: "选择账户", offering: "商品", offeringHint: "商品名称或资费编号",
    address: "地址", addressHint: "省市区、街道、门牌", addressFree: "没有匹配的标准地址，将按输入的文字受理", number: "号码", numberNone: "没有符合规则的空闲号码", lockedUntil: "已锁定到 {{at}}",
    sim: "SIM 卡", simHint: "扫描或输入 ICCID", simNone: "本厅没有符合的库存卡", device: "终端", deviceHint: "扫描或输入串号、型号", deviceNone: "本厅没有符合的库存终端",
  },
  effective: { immediate: "立即", nextDay: "次日", nextMonth: "次月", nextCycle: "下账期", date: "指定日期" },
  action: {
    optional: "（选填）", now: "现为 {{value}}", choose: "请选择", noProducts: "没有可选的产品", needed: "请填写", close: "关闭", preview: "受理预览", effective: "生效方式", date: "生效日期", effectiveAt: "生效时间",
    fillFirst: "填完左边的必填项，这里会显示费用、月费变化、违约金和办理步骤。", checking: "正在核对…", lockedBy: "产品被在途订单占用：", problems: "不能办理的原因", monthly: "月费", becomes: "变为", perMonth: "/月", penalty: "提前解约违约金", dueNow: "现在应付", steps: "办理步骤",
    saysProblems: "有 {{count}} 项不能办理的原因", saysReady: "可以办理", submit: "提交受理", keys: "Ctrl+Enter 提交 · Esc 返回", placed: "受理成功", track: "看进度", toCounter: "去收款", finish: "完成",
    whys: {
      other: "客户申请|上门办理|热线申请", suspend: "客户报停|出国出差|暂时不用", resume: "客户申请复机|已缴清欠费|手机已找回", reportLoss: "手机丢失|SIM 卡丢失|被盗", withdrawLoss: "手机已找回|误报", replaceSim: "卡损坏|换大小卡|丢失补卡|升级 5G 卡",
      close: "不再使用|搬离本地|换用其他运营商|资费太贵", changePlan: "资费更合适|流量不够|语音不够|客户经理推荐", addOption: "客户申请|流量不够|活动推荐", removeOption: "不再需要|资费太贵", changeNumber: "骚扰电话多|喜欢新号码", transfer: "家庭内转移|单位转个人|个人转单位", rename: "登记有误|依法更名", relocate: "搬家|装修换房间",
    },
    title: "办理", all: "全部业务", allHint: "输入业务名称，如 过户、移机", forProduct: "{{name}} 可办理的业务", forCustomer: "客户业务", none: "没有可办理的业务。", cannot: "不能办理", noMatch: "没有叫“{{q}}”的业务", pick: "选择产品", loading: "正在读取可办业务…",
    withdraw: "撤单", withdrawTitle: "撤销在途订单 {{no}}", withdrawNote: "已完成的步骤会按相反顺序撤销；预约的业务不再生效。", withdrawn: "已撤销 {{no}}", whyWithdraw1: "客户改变主意", whyWithdraw2: "信息有误", whyWithdraw3: "重复受理",
    keysHint: "数字键直接办理，J/K 换产品，A 全部业务",
  },
  v360: {
    noManager: "未指定", change: "变更", value: "价值属性", cognitive: "认知属性", derived: "推算值", years: "{{years}} 年 {{months}} 个月", months: "{{count}} 个月", blacklisted: "黑名单客户", abnormal: "异常客户", until: "至 {{day}}", unverified: "来电人还没有核验，账务、证件、关系等内容不显示；请先核验来电人。",
    tabValue: "消费与价值", tabJournal: "档案", consumption: "消费", lastMonths: "近 {{count}} 个月", billedByMonth: "按月出账", yuan: "元", noConsumption: "还没有出账月份。", byFamilyNote: "近 12 个月账单，按产品类别", arrearsByAge: "欠费账龄", bills: "{{count}} 张", age: { notDue: "未到期", d30: "逾期 30 天内", d90: "逾期 31–90 天", d180: "逾期 91–180 天", older: "逾期 180 天以上" },
    addAnswer: "登记满意度", noCognitive: "还没有满意度评价，也没有可推算的记录。", answers: "满意度评价", survey: "调查", score: "评分", comment: "评价内容", at: "时间", grades: "等级变更", noGrade: "未定级", account: "账户", one: "一方", relation: "关系", other: "另一方", graphMore: "关系较多，只画出最近的部分", graphHint: "点人名打开客户；实线是人与人的关系，虚线是账户与产品", graphSays: "关系图，共 {{count}} 个节点",
    openMatters: "待办：需求与跟进", nothingOpen: "没有未了的需求或跟进。", addNeed: "记需求", addContact: "记接触", addEntry: "登记需求或接触", contactsAndPreferences: "接触、偏好与交接", noJournal: "还没有接触或偏好记录。", met: "已满足", drop: "作废", metTitle: "需求已满足", dropTitle: "不再处理", metWhy1: "已办理", metWhy2: "已答复客户", dropWhy1: "客户不再需要", dropWhy2: "重复登记",
    dueBy: "{{day}} 前", kind: "类别", channel: "渠道", topic: "主题", what: "内容", by: "登记人", direction: "方向", incoming: "客户来", outgoing: "我方去", due: "期限", result: "结果", entry: { need: "需求", preference: "偏好", interaction: "接触", followUp: "跟进", grade: "等级", manager: "经理" },
    offers: "推荐", take: "办理", basis: { need: "客户需求", contract: "合约到期", spend: "消费偏高", missing: "尚未持有" }, older: "更早的记录", edit: "修改", editTitle: "修改基本资料", email: "邮箱", verification: "实名状态", contactsLately: "近 90 天接触", ended: "已到期", daysLeft: "还有 {{count}} 天",
    managerTitle: "变更客户经理", managerNow: "现任：{{name}}", managerTo: "接任", noOtherManager: "范围内没有其他客户经理", handover: "交接说明", handoverHint: "客户习惯、正在谈的事、承诺过的事", goesOver: "一并移交：在途订单 {{orders}} 张、未结投诉 {{tickets}} 件、未了事项 {{matters}} 项，历史全部保留。",
  },
  topic: { price: "资费", service: "服务", network: "网络", other: "其他", billing: "账单", contactTime: "联系时间", complaint: "投诉", visit: "走访", campaign: "活动" },
  contactChannel: { hall: "营业厅", hotline: "热线", online: "线上", manager: "客户经理", agent: "代理", visit: "走访", sms: "短信", other: "其他" },
  given: { gender: "性别", birthDate: "出生日期", nationality: "国籍", maritalStatus: "婚姻", language: "语言", industry: "行业", scale: "规模", organizationType: "单位性质", tradingName: "单位名称", customerSince: "入网时间", segment: "分群", remark: "备注" },
  gender: { male: "男", female: "女" },
};
