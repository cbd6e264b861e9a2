// 账单、出账、调账与巨额费用。
export const bills = {
  statement: {
    title: "一单清", what: "客户名下全部账户与产品的一张账单", month: "账期", total: "本期费用", paid: "已付", due: "本期应付", before: "往期欠费", balance: "账户余额",
    printed: "账单标志", printedAt: "{{at}} 已打印", notPrinted: "未打印", print: "打印（置账单标志）", pdf: "PDF", pdfEn: "English PDF", printedNow: "已记录打印：{{bills}} 张账单，首次打印 {{first}} 张",
    none: "{{month}}没有账单。", toCustomer: "客户视图", account: "账户", product: "产品", line: "项目", how: "计费依据", amount: "金额", bills: "账单", kinds: "费用构成",
    tax: "其中税额", trend: "近六个月费用", yuan: "元", trace: "逐项追溯", accountLevel: "账户级费用", pay: "去缴费", adjust: "调账", statementOf: "{{name}} 的账单", choose: "输入号码、账号或客户编号",
    billKind: "类型",
  },
  billKind: { cycle: "月账单", first: "首期账单", order: "业务账单", final: "结清账单", adjustment: "调账账单" },
  lineKind: { oneTime: "一次性", recurring: "月费", usage: "使用费", adjustment: "调账" },
  taxKind: { basic: "基础电信服务", valueAdded: "增值电信服务", goods: "销售货物", modern: "现代服务", none: "代收，不计税" },
  trace: {
    title: "这一项怎么来的", amount: "金额", covers: "计费区间", days: "计费天数", tax: "含税", rule: "规则", plan: "资费方案", version: "第 {{n}} 版", records: "话单 {{n}} 条", used: "合计用量", at: "时间", peer: "对端", counted: "计费量", allowance: "抵扣", tier: "阶梯", fee: "费用",
    first: "只列前 {{n}} 条", by: "由 {{by}} 提出", decided: "{{by}} 审批", noRecords: "该账期没有留存的话单。", extra: "整期取整或折扣", close: "关闭", bill: "账单",
  },
  runs: {
    title: "出账", what: "账期结束后为每个账户出一张账单；可随时停止，断电后自动接着做", cycle: "账期", state: "状态", progress: "进度", billed: "已出账", seen: "已处理", failed: "出账失败", amount: "合计金额", alerts: "巨额提醒", started: "开始", finished: "完成", by: "发起人",
    start: "开始出账", startTitle: "为 {{cycle}} 出账", startNote: "账期内的用量随即关闭；此后到达的话单计入下一账期并注明。出账期间跨区过户与合户暂停办理。", startedDone: "{{cycle}} 出账已开始", stop: "停止", stopTitle: "停止 {{cycle}} 的出账", stopNote: "已出的账单保留；继续后从停止处接着做。",
    resume: "继续", resumeTitle: "继续 {{cycle}} 的出账", stoppedNow: "已停止", none: "还没有出账任务。账期结束后次日 {{hour}} 时自动开始。", auto: "账期结束次日 {{hour}} 时自动出账", noAuto: "自动出账已关闭", other: "其他账期", otherHint: "如 2026-11；非自然月账期写起始日，如 2026-11-15", noneLeft: "{{cycle}} 的账单已出或正在出",
    failures: "未能出账的账户", why: "原因", retry: "重试", retried: "该账户已出账", noFailures: "全部账户均已出账。", of: "{{done}} / {{total}} 个账户", rate: "已出 {{n}} 张", speed: "约 {{n}} 户/秒", shares: "分摊 {{n}} 个产品",
    suggestion1: "核对资费", suggestion2: "等待话单", suggestion3: "核对完毕",
  },
  runState: { planned: "待开始", collecting: "汇集分摊", billing: "出账中", done: "已完成", stopped: "已停止" },
  runStatus: { planned: "待开始", running: "进行中", done: "已完成", stopped: "已停止" },
  adjust: {
    title: "调账", what: "退还或补收费用；额度以内当场生效，超出需他人审批", ask: "提出调账", state: "状态", any: "全部", customer: "客户", amount: "金额", reason: "原因", note: "说明", by: "提出人", at: "提出时间", decided: "审批", timing: "生效", now: "立即", nextBill: "随下张账单", limit: "我的权限：每账户每日 {{amount}}",
    direction: "方向", credit: "退还客户", debit: "向客户补收", account: "账户", bill: "冲减账单", noBill: "不指定账单（退到余额）", product: "产品", noProduct: "不指定产品", find: "客户", findHint: "号码、账号或客户编号，回车查找", submit: "提交", needs: "超出您的权限，将提交审批", alone: "在您的权限以内，立即生效",
    done: "调账已生效", asked: "已提交审批", waits: "将随下张账单生效", approve: "同意", reject: "驳回", withdraw: "撤回", reverse: "冲回", approveTitle: "同意调账 {{amount}}", rejectTitle: "驳回调账 {{amount}}", withdrawTitle: "撤回调账 {{amount}}", reverseTitle: "冲回调账 {{amount}}", reverseNote: "不修改原记录；以相反金额新增一条。",
    none: "没有调账记录。", noneOf: "没有{{state}}的调账。", reversed: "已冲回", isReversal: "冲回", changed: "已处理", nobody: "没有找到客户", noteNeeded: "请填写说明", openBills: "账单 {{no}}（{{amount}}）",
  },
  adjustStatus: { requested: "待审批", waiting: "待出账", applied: "已生效", rejected: "已驳回", withdrawn: "已撤回" },
  adjustState: { requested: "待审批", waiting: "待出账", applied: "已生效", rejected: "已驳回", withdrawn: "已撤回" },
  huge: {
    title: "巨额费用", what: "费用超过前 {{months}} 个月平均值的 {{factor}} 倍（《电信条例》第三十三条）", customer: "客户", manager: "客户经理", mine: "只看我的客户", cycle: "账期", amount: "费用", mean: "此前月均", times: "倍数", source: "发现于", state: "状态", at: "发现时间", handle: "处理", handleTitle: "{{name}} 的巨额费用", handleNote: "说明已采取的措施，如联系客户、限制业务、核查话单。",
    handled: "已记录", none: "没有巨额费用。", noneOpen: "没有待处理的巨额费用。", note: "处理说明", open: "待处理", done: "已处理", any: "全部", s1: "已电话告知客户", s2: "话单核查无误", s3: "已协助客户关停数据业务",
  },
  hugeSource: { bill: "出账", soFar: "账期内" },
  hugeState: { open: "待处理", handled: "已处理" },
};
