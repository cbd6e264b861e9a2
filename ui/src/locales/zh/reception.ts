// Words of number portability, the hotline and the queue of walk-in visitors.
export const reception = {
  porting: {
    sub: "携入、携出与授权码；条件、时限和禁止行为均有出处。", tabs: "携号转网", in: "携入", out: "携出", codes: "资格与授权码", rules: "规则", centre: "集中系统", number: "号码", customer: "客户", donor: "携出方", recipient: "携入方", state: "状态",
    requested: "申请时间", effective: "生效时间", order: "订单", none: "没有携入记录。", noneOut: "没有携出记录。", noneHint: "受理时选“携号入网”即可发起。", startSale: "去受理", anyState: "全部", find: "号码", reasons: "原因", notices: "集中系统消息", noNotices: "还没有收到消息，系统会主动查询。",
    notice: "消息", revision: "修订", outcome: "处理", at: "时间", newCode: "换授权码", newCodeHint: "请客户重新申请授权码（1 小时内有效），填入后订单自动继续。", code: "授权码", submit: "提交", codeSent: "已用新授权码重新申请", give: "归还号码", giveTitle: "归还号码 {{number}}", giveNote: "号码将退回原运营商，客户失去该号码。仅在客户书面确认放弃时使用。", gaveUp: "号码已归还", why1: "客户书面确认放弃", why2: "无法开通，客户同意归还",
    problem: "待处理", dues: "最终待结清", tries: "第 {{n}} 次申请", check: "查询资格", name: "机主姓名", certificate: "证件号码", eligible: "符合携出条件", notEligible: "暂不符合携出条件（{{count}} 项）", risks: "携出前必须告知的风险与损失", confirm: "已逐项说明，客户确认携出", send: "发送授权码", sent: "授权码正在发送到 {{number}}，1 小时内有效", checkHint: "输入号码、姓名和证件，一次列出全部原因。", recentCodes: "已发授权码", noCodes: "还没有发过授权码。",
    channel: "渠道", validUntil: "有效至", confirmedAt: "确认时间", source: "出处", settings: "时限与参数", value: "取值", allowed: "允许范围", prohibitions: "禁止行为", keptBy: "系统如何保证", reasonList: "资格条件", help: "怎么办", operator: "经办",
    simulator: "内置集中系统的行为，用来演练迟到、丢失、重复和拒绝。", behaviour: "行为", donorSeconds: "携出方答复（秒）", donorSilent: "携出方不答复", donorRefuseNext: "携出方拒绝次数", refuseNext: "集中系统拒绝次数", loseAnswerNext: "丢失答复次数", noticeSeconds: "消息迟到（秒）", noticeLoseNext: "消息丢失次数", noticeTwice: "消息重复", down: "系统停机", save: "保存", saved: "已保存",
    subscriber: "他网用户", addSubscriber: "登记他网用户与授权码", operatorOf: "运营商", network: "本地网", asks: "他网申请携出", askOut: "提交申请", requests: "申请", numbersAt: "号码归属", home: "归属", owner: "现属", added: "已登记", asked: "已提交", cancel: "撤回", customerLeaving: "该客户已申请携出：不得挽留、拖延或降低服务。",
  },
  portState: { prepared: "待提交", requested: "待携出方答复", accepted: "已同意，待生效", refused: "被拒绝", effective: "已生效", cancelled: "已撤销", returned: "已归还", closing: "拆机中", closed: "已办结", pending: "待答复" },
  portCodeState: { asked: "待客户确认", issued: "有效", used: "已使用", replaced: "已作废" },
  portOutcome: { taken: "已采纳", known: "已知，不变", unknown: "无此申请" },
  portChannel: { sms: "短信", hall: "营业厅", hotline: "热线" },
  hotline: {
    sub: "核验来电人，按话术服务，每通来电都要选择原因。", incoming: "来电号码", take: "接听", takeHint: "输入来电号码并接听；交换机弹屏时自动填入。", noCall: "没有进行中的来电", match: "匹配到的客户", noMatch: "没有匹配的客户，请搜索：", pick: "选择", other: "换客户", verify: "身份核验", level: "核验", tryIt: "核验", answerHint: "来电人的回答", left: "已失败 {{count}} 次", say: "请说", quick: "快捷操作", needs: "需先核验", answer: "答复",
    answerNone: "按数字键选择快捷操作，答复显示在这里。", openCustomer: "打开客户页", script: "话术", wrap: "结束来电", wrapCode: "来电原因", wrapPick: "请选择", summary: "小结（写入客户时间线）", summaryHint: "客户说了什么，做了什么，还要做什么", end: "结束来电", ended: "来电已记录", recent: "该客户最近来电", noRecent: "没有来电记录", mine: "我的来电", noMine: "今天还没有来电。", duration: "时长", agent: "坐席", masked: "核验通过前只显示部分信息", editScript: "编辑话术", zhText: "中文", enText: "英文", title: "标题", saved: "已保存", prev: "上一话术", next: "下一话术", used: "已办理：{{list}}", fkTake: "接听", fkVerify: "核验", fkScript: "话术", fkWrap: "结束", verified: "核验通过", sentCode: "发送验证码",
  },
  callLevel: { none: "未核验", basic: "基本核验", full: "已核验" },
  callState: { open: "通话中", wrapped: "已结束" },
  queue: {
    sub: "叫号、过号、转移；屏幕和窗口实时同步。", tabs: "排队", counter: "窗口叫号", figures: "等候统计", sit: "登录窗口", counterNo: "窗口号", kinds: "受理类型", open: "开始叫号", noHall: "当前账号不在营业厅，请用营业厅账号登录。", next: "呼叫下一位", recall: "重呼", start: "开始办理", skip: "过号", transfer: "转移", finish: "办结", pause: "暂停", resume: "恢复", leave: "退出窗口", nobody: "窗口空闲", nobodyHint: "按 F2 呼叫下一位", waiting: "等候（{{count}}）", noWaiting: "没有人在等。", missed: "过号", noMissed: "没有过号。", back: "重新排队", callThis: "呼叫", waited: "已等", priority: "优先", called: "已呼叫 {{count}} 次", serving: "办理中", customer: "客户", openCustomer: "打开客户页", setCustomer: "关联客户", to: "转到类型", toCounter: "指定窗口（可不填）", paused: "已暂停", kiosk: "取号机", board: "叫号屏", transferTitle: "转移 {{label}}",
    hall: "营业厅", from: "从", until: "到", tickets: "取号", served: "办结", gone: "离开", waitAverage: "平均等候", wait90: "九成不超过", waitMost: "最长等候", serviceAverage: "平均办理", inTime: "{{minutes}} 分钟内呼叫", byHall: "按营业厅", byKind: "按类型", byHour: "按小时平均等候", minutes: "分钟", noFigures: "这段时间没有取号。",
  },
  queueState: { waiting: "等候", called: "已呼叫", serving: "办理中", done: "已办结", noShow: "过号", cancelled: "已取消", lapsed: "未叫到" },
  queuePriority: { none: "普通", elderly: "老年人", disabled: "残障", pregnant: "孕婴", vip: "贵宾" },
  kiosk: {
    welcome: "欢迎光临", choose: "请选择要办理的业务", care: "需要优先吗？", none: "不需要", phone: "手机号（选填，便于为您服务）", take: "取号", number: "您的号码", ahead: "前面 {{count}} 位", about: "预计等候约 {{minutes}} 分钟", soon: "马上就到您", wait: "请留意叫号屏", again: "完成", failed: "取号未成功，请联系工作人员", back: "返回",
    board: "叫号屏", please: "请", goTo: "到", counter: "号窗口", counterShort: "{{n}} 号窗口", serving: "正在办理", waitingNow: "等候人数", empty: "请取号，稍候片刻", minutes: "约 {{minutes}} 分钟", nowait: "无需等候",
  },
};
