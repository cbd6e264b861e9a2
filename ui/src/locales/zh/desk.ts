// Words of the desk: customer, product, order, fallout, sale.
export const desk = {
  customer: {
    name: "姓名", orgTitle: "单位名称", no: "客户编号", kind: "客户类型", phone: "联系电话", certificate: "证件号码", certificateType: "证件类型", address: "地址", grade: "等级", status: "状态", org: "归属", match: "匹配", createdAt: "建档时间",
    search: "手机号、姓名、拼音、证件号、账号、宽带账号、电路号", create: "新建客户", noneFound: "没有找到“{{q}}”对应的客户。", noneYet: "还没有客户。", needName: "请填写名称", needCertificate: "请填写证件号码", badPhone: "不是有效的手机号或固定电话", badIdCard: "身份证号码的位数或校验码不对",
    duplicate: "已有同一证件的客户。", openExisting: "打开已有客户", view: "客户视图", dataTime: "数据时间", highlights: "客户要点", tabs: "客户资料", realName: "已实名", notRealName: "未实名",
    balance: "余额", arrears: "欠费", billsOpen: "（{{count}} 张账单）", manager: "客户经理", inTransit: "在途订单", takePayment: "收款", note: "记一笔", complaint: "投诉", timeline: "时间线", timelineFilter: "按类型筛选", noTimeline: "这里还没有记录。",
    tab: { overview: "概览", products: "产品", orders: "订单", money: "账务", relations: "关系", agreements: "协议" },
    heldProducts: "在用产品", noProducts: "这位客户还没有产品。", firstSale: "现在受理", social: "基本资料", contacts: "联系人", preferred: "首选", tickets: "投诉与申告", accounts: "账户", bills: "账单", payments: "缴费", noOrders: "这位客户还没有订单。", noBills: "还没有账单。首张账单在订单竣工后出。", noPayments: "还没有缴费记录。",
    noRelations: "没有登记的关系（家庭、集团、担保）。", noAgreements: "没有在约协议。", agreementOffering: "商品", from: "开始", to: "到期", terms: "条款",
    noteKind: "类型", noteText: "内容", noteSaved: "已记录", complaintName: "投诉事项", complaintText: "情况说明", complaintOpen: "受理投诉", complaintSaved: "投诉已受理，已生成工单", severity: "严重程度",
  },
  product: {
    name: "产品", details: "{{name}}：展开明细", family: "类别", number: "号码", fee: "月费", start: "开通日期", status: "状态", suspend: "停机", resume: "复机", suspendTitle: "停机：{{name}}", resumeTitle: "复机：{{name}}", makesOrder: "会生成一张变更订单并立即下发网络。",
    whySuspend1: "客户报停", whySuspend2: "欠费停机", whySuspend3: "终端丢失", whyResume1: "客户申请复机", whyResume2: "欠费已缴清",
  },
  order: {
    no: "订单号", stateTitle: "状态", customer: "客户", summary: "内容", progress: "进度", amount: "金额", createdAt: "受理时间", operator: "受理人", search: "订单号、客户、号码", anyState: "全部状态", oneCustomer: "只看一位客户", noneFound: "没有符合条件的订单。",
    track: "订单跟踪", cancel: "退单", toCustomer: "客户视图", doneWithBill: "已竣工，首张账单已出{{amount}}", toBill: "看账单", decomposition: "订单分解", noTree: "这张订单没有需要开通的服务。", tasks: "任务", noSteps: "还没有任务。", items: "订单项", billing: "计费协作", history: "历史", noHistory: "还没有历史。",
    task: "任务", target: "执行系统", after: "前置", attempts: "次数", startedAt: "开始", took: "用时",
    cancelTitle: "退单", cancelNote: "已完成的步骤会按相反顺序撤销，号码释放，预约取消。", whyCancel1: "客户放弃", whyCancel2: "信息有误", whyCancel3: "无法安装",
  },
  decomp: { product: "产品", cfs: "面向客户的服务 CFS", rfs: "面向资源的服务 RFS", task: "任务" },
  fallout: {
    open: "待处理 {{count}} 条", step: "失败任务", reason: "失败原因", since: "发生", owner: "处理人", byTarget: "按执行系统", byAge: "按等待时长", unit: "条", summary: "异常概况", none: "没有待处理的异常单。", noneClosed: "没有已关闭的异常单。", done: "已处理",
    stuckAt: "卡在“{{step}}”", waitsOperator: "等待异常处理人员处理", verbTitle: "{{verb}}：{{order}} · {{step}}",
    retry: "重试", skip: "跳过", compensate: "撤销", abandon: "放弃", retryNote: "再执行一次这个任务。", skipNote: "认定任务已在别处完成，继续往下走。", compensateNote: "把已完成的步骤按相反顺序撤销。", abandonNote: "停在这里，不再继续也不撤销；须人工收尾。",
    why1: "网元已恢复", why2: "已人工处理", why3: "客户要求",
  },
  sell: {
    who: "为谁受理？", whoHint: "输入手机号、姓名或拼音首字母，回车选择客户。", keys: "受理快捷键", steps: "受理步骤", step: { offer: "选商品", resource: "号码与安装", price: "费用试算", confirm: "确认提交" },
    anyPrice: "不限价格", showAll: "含已下架", add: "加入", added: "已加入：{{name}}", inCart: "已选 {{count}}", cannot: "不可办", notSellable: "当前不可受理", cart: "购物车", emptyCart: "还没有选商品。F2 查商品，回车加入。", remove: "移除 {{name}}", drop: "清空", dropAsk: "清空购物车并释放号码？",
    needOffer: "先选至少一个商品", needAgreed: "请先与客户确认资费与协议", notEligible: "有不符合条件的商品，见试算结果", inTransit: "有 {{count}} 张在途订单", problems: "有 {{count}} 项不符合条件", 
    gap: { selection: "请完成套餐选择", portIn: "请填写携入号码与授权码", circuit: "请填写两端地址", number: "还没选号码", lockExpired: "号码锁定已过期，请重新锁定", address: "请填写安装地址", slot: "请选择上门时间" }, complete: "已齐", nothingNeeded: "所选商品不需要号码或安装信息。",
    numbers: "可选号码", pattern: "号码规则，如 *888*、*ABCD", class: "号码级别", otherNumbers: "换一批", noNumbers: "没有符合 {{pattern}} 的空闲号码。", minSpend: "低消 {{amount}}", deposit: "预存 {{amount}}", lock: "锁定号码", locked: "已锁定，剩余", lockOver: "锁定时间已到，号码可能被他人选走。", lockAgain: "重新锁定", release: "释放",
    installAddress: "安装地址", installSlot: "上门时间", useCustomerAddress: "使用客户地址：", line: "费用项", oneTime: "一次性费用", firstMonth: "首月", firstMonthRule: "月费 ÷ 30 × 剩余天数", monthly: "之后每月", dueNow: "现在应付",
    account: "付费账户", defaultAccount: "默认账户", note: "备注", agreed: "客户已确认资费、合约期与协议内容", submit: "提交订单", submitting: "正在提交…",
  },
};
