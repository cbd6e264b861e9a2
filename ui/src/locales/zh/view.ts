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
};
