// Designing and launching offerings, their versions, and who may grant what discount.
export const catalog = {
  launchState: { draft: "草稿", submitted: "待审批", approved: "已批准，待生效", live: "已上市", refused: "已退回", blocked: "生效受阻" },
  launch: {
    title: "商品上市", what: "设计、检查、提交，由另一位同事审批后立即在售", new: "新建商品", newBundle: "新建套餐", find: "按名称查找", anyState: "全部状态", mine: "只看我的", toDecide: "待我审批",
    none: "还没有上市单。新建一个，几分钟内就能上架销售。", noneFound: "没有符合条件的上市单", state: "状态", name: "商品名称", family: "产品线", monthly: "月费", author: "设计人", changed: "最近修改", decided: "审批人",
    isChange: "变更", effective: "生效时间", unnamed: "未命名商品", draftOf: "上市单", open: "打开",
    step: { what: "是什么", parts: "组成", prices: "价格与优惠", audience: "卖给谁", contract: "合约与条款", check: "检查与提交" },
    stepHint: { what: "名称会显示在受理页与账单上", parts: "从商品目录中选取，设定数量；几选几请建任选组", prices: "价格是收费的依据，由计费系统计算", audience: "不选即不限", contract: "约束客户的内容都要写清楚", check: "问题全部解决后即可提交" },
    next: "下一步", back: "上一步", save: "保存", saved: "已保存", saving: "正在保存…", unsaved: "有未保存的修改", submit: "提交审批", submitted: "已提交，等待另一位同事审批", approve: "批准上市", approved: "已批准", liveNow: "已上市，立即可以受理", refuse: "退回", refused: "已退回",
    withdraw: "撤回", withdrawn: "已撤回", remove: "删除草稿", removed: "草稿已删除", removeSure: "删除后不能恢复。", refuseNote: "设计人会看到退回原因。", note: "审批意见", sellNow: "去受理", seeOffering: "查看商品", edit: "修改", notOwn: "不能审批自己设计的商品，请由另一位同事审批",
    basic: "基本信息", kindOf: "类型", single: "单项商品", bundle: "融合套餐", description: "说明（客户可见）", descriptionHint: "一两句话说清客户得到什么", validFrom: "开售日期", validTo: "停售日期", validHint: "空着表示批准后即售、长期有效",
    soldAlone: "可单独销售（否则只作为套餐的组成部分）", shared: "成员共享套内用量", allowances: "套内用量（每月）", dataMb: "流量 (MB)", voiceMin: "语音（分钟）", sms: "短信（条）", broadbandMbps: "宽带 (Mbps)",
    addPart: "添加组成部分", addPartHint: "按名称查找商品，回车添加", part: "组成部分", fixed: "固定包含", optional: "可选", inGroup: "任选组", min: "最少", max: "最多", proposed: "默认", included: "怎样包含", groupName: "任选组名称", addGroup: "新建任选组", groupRule: "选 {{min}}–{{max}} 项", groupExact: "任选 {{min}} 项", groupOf: "从 {{count}} 项中选",
    noParts: "还没有组成部分。先加主要的产品线，再加可选内容。", groups: "任选组", groupHint: "例如四款内容任选两款：建一个组，最少 2、最多 2，再把四款内容放进去", removePart: "移除 {{name}}", moveTo: "放入", pieces: "份", basicParts: "套餐常用部分", baseHint: "套内产品不单独销售，价格含在套餐里",
    price: "价格", addPrice: "添加价格", priceName: "名称", priceType: "类型", amount: "金额（元）", everyMonths: "每几个月", recurring: "周期费", oneTime: "一次性", usage: "按用量",
    discounts: "优惠", addDiscount: "添加优惠", noDiscounts: "没有优惠。限时、跨产品或客户经理可授予的优惠都在这里设定。", discountName: "优惠名称", percentOff: "减百分之", yuanOff: "减多少元", howMuch: "幅度", forMonths: "持续月数", always: "长期", appliesTo: "用于", requires: "同时持有或办理（任一）", stackable: "可与其他优惠叠加", from: "起", to: "止", byHand: "由人工授予", byHandHint: "各角色还受自己的优惠权限约束", maxPercent: "至多 %", maxYuan: "至多（元/月）", automatic: "符合条件自动生效",
    kinds: "客户类型", individual: "个人", organization: "企业", grades: "客户等级", grade: { key: "大客户", diamond: "钻石", platinum: "白金", gold: "金卡", silver: "银卡", standard: "普通" }, channels: "销售渠道",
    channel: { hall: "营业厅", hotline: "热线", online: "网上", manager: "客户经理", agent: "代理商", api: "接口" }, areas: "适用地区", areasHint: "空着表示您所在单位全境", age: "年龄", ageFrom: "从", ageTo: "至", perCustomer: "每客户最多", needsFamily: "须已有或同时办理（任一产品线）", hours: "办理时段", allDay: "全天", relations: "与其他商品的关系", requiresOne: "须有", excludes: "互斥", addRelation: "添加关系", alternative: "任一即可", noRelations: "与其他商品没有依赖或互斥。",
    contract: "合约", noContract: "无合约期", withContract: "有合约期", months: "合约期（月）", penalty: "提前终止", remaining: "剩余月费的", fixedPenalty: "固定违约金（元）", trial: "免费体验", noTrial: "没有", withTrial: "有", trialDays: "体验天数", convertsTo: "到期后建议转为", trialLaw: "法规要求：到期须由客户确认，不会自动转为收费。", terms: "条款（每行一条）", effectiveDate: "变更生效日", effectiveHint: "空着表示批准后立即生效；在途订单与在用产品保持原版本",
    problems: "检查结果", noProblems: "没有发现问题，可以提交", errors_one: "{{count}} 项须解决", errors_other: "{{count}} 项须解决", warnings_one: "{{count}} 项提醒", warnings_other: "{{count}} 项提醒", checking: "正在检查…", preview: "上市后的样子", saving_money: "比分别办理每月省", separate: "分别办理约", products: "开通产品", tasks_one: "{{count}} 个开通任务", tasks_other: "{{count}} 个开通任务", needs: "受理时填写",
    differences: "与现行版本的差异", noDifferences: "与现行版本没有差异", before: "原来", after: "改为", item: "内容", pick: "选择商品", timeline: "经过", createdAt: "创建", submittedAt: "提交", decidedAt: "审批", empty: "—",
    field: { name: "名称", description: "说明", family: "产品线", parts: "组成", groups: "任选组", prices: "价格", discounts: "优惠", audience: "适用对象", relations: "关系", contract: "合约", trial: "体验", terms: "条款", validFrom: "开售日期", validTo: "停售日期", allowances: "套内用量", sharedAllowance: "共享用量", soldAlone: "单独销售", specification: "产品规格", effectiveDate: "生效日" },
    key: { amountFen: "金额（分）", months: "月数", type: "类型", name: "名称", min: "最少", max: "最多", default: "默认", kinds: "客户类型", grades: "等级", channels: "渠道", areas: "地区", minAge: "最小年龄", maxAge: "最大年龄", maxPerCustomer: "每客户最多", needsFamily: "须有产品线", percent: "比例 (%)", remainingPercent: "剩余月费 (%)", fixedFen: "固定违约金（分）", days: "天数", convertsTo: "转为", dataMb: "流量", voiceMin: "语音", sms: "短信", broadbandMbps: "宽带", offeringId: "商品", group: "任选组", appliesTo: "用于", requires: "条件", stackable: "叠加", validFrom: "起", validTo: "止", kind: "关系", family: "产品线", id: "编号", alternative: "任一组" },
  },
  offer: {
    moreFamilies: "更多产品线",
    change: "变更", copy: "以此新建", retire: "下架", retireNote: "下架后不能再受理；已办理的客户不受影响。", retired: "已下架", again: "重新上市请提交变更", compare: "比较版本", compareWith: "与当前版本比较", versions: "版本", current: "当前", options: "可选内容", groups: "任选组", whoMayBuy: "卖给谁", relations: "依赖与互斥", everyone: "不限", discounts: "优惠", contractTerms: "合约", penaltyPercent: "提前终止：剩余月费的 {{percent}}%", penaltyFixed: "提前终止：{{amount}}", trialDays: "免费体验 {{count}} 天，到期须客户确认", shared: "成员共享套内用量", atMost: "每客户最多 {{count}} 份", ages: "{{from}}–{{to}} 岁", choose: "{{name}}：选 {{range}} 项", optionalUpTo: "可选，至多 {{max}}", always: "固定包含", byHand: "人工授予，至多 {{percent}}% / {{amount}}", needs: "须有：{{what}}",
  },
  discountDesk: {
    limits: "各角色的权限", title: "优惠权限", what: "各角色可自行授予的优惠；超出的须申请并由他人审批", mine: "我的权限", role: "角色", upTo: "至多比例", upToYuan: "每月至多", source: "依据", edit: "调整", save: "保存", saved: "权限已调整", requests: "优惠申请", none: "没有优惠申请", anyState: "全部", offering: "商品", size: "幅度", months: "月数", always: "长期", reason: "理由", asked: "申请人", state: "状态", decided: "审批人", approve: "批准", refuse: "拒绝", approved: "已批准", refusedDone: "已拒绝", approveNote: "批准后 7 天内可用于一张订单。", refuseNote: "申请人会看到拒绝原因。", customer: "客户", good: "有效至", perMonth: "元/月", percentField: "至多比例（%）", yuanField: "每月至多（元）", sourceField: "依据（文件或会议）",
  },
  requestState: { pending: "待审批", approved: "已批准", refused: "已拒绝", used: "已使用" },
};
