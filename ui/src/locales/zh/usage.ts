// Words of usage: detail of a number, files, the error pool, limits.
export const usage = {
  usage: {
    title: "话单", what: "按号码和账期查询清单，导入话单文件，处理错单", detail: "清单查询", files: "话单文件", pool: "错单池", rules: "规则与账期",
    whose: "号码或宽带账号", ask: "查询", cycle: "账期", month: "{{first}} 至 {{last}}", product: "产品", customer: "打开客户", service: "服务", holders: "该号码在本账期有 {{count}} 个使用者", holder: "{{from}} 起",
    kind: "业务类型", direction: "方向", all: "全部", onlyLate: "只看上期补收", from: "起", to: "止", peer: "对端", export: "导出清单", exportNote: "导出会写入审计记录。",
    at: "开始时间", amount: "用量", place: "使用地", home: "归属地", fee: "代收费", charged: "费用", rule: "资费", note: "备注", id: "流水号", late: "上期补收", lateNote: "所属账期关账后才收到，计入本账期", closed: "已关账", running: "进行中", unrated: "待批价",
    total: "合计", records: "{{count}} 条", days: "每日用量", unitMin: "分钟", unitMb: "MB", unitCount: "条",
    first: "输入号码，查看通话、短信和流量清单", firstNote: "新机主看不到原机主的话单；号码过户、换号后按时间归属。", none: "本账期没有符合条件的话单。",
    upload: "导入文件", pick: "选择文件", chosen: "{{name}}，{{size}}", uploadNote: "CSV 或 gz，UTF-8 或 GB18030，首行为列名：号码、业务类型、开始时间、用量、流水号。超过 64 MB 请用命令行 yitai usage import。", uploaded: "文件已接收，正在入库", tooLarge: "文件超过 64 MB",
    file: "文件", state: "状态", taken: "入库", lateN: "其中补收", duplicates: "重复", suspended: "错单池", refused: "拒绝", refusedFile: "下载未入库的行", noFiles: "还没有导入过话单文件。", progress: "入库进度", stop: "停止", resume: "继续", stopped: "已停止，可从断点继续", resumed: "继续入库", operator: "操作员", time: "时间", open: "打开原批次",
    number: "号码", reason: "原因", attempts: "尝试", origin: "来源", byStream: "接口", byDocument: "单据", byFile: "文件 第 {{line}} 行", recycle: "回收", recycleAll: "全部回收", recycled: "尝试 {{tried}} 条，入库 {{taken}} 条，仍有 {{left}} 条", discard: "作废", discardTitle: "作废 {{count}} 条错单", discardNote: "作废后不再入库，记录保留。", discarded: "已作废 {{count}} 条", why1: "测试话单", why2: "网元故障产生", why3: "已由他方结算", poolEmpty: "没有错单。", poolNone: "没有符合条件的错单。", select: "选择 {{id}}", selectAll: "选择本页", chosenN: "已选 {{count}} 条", handled: "处理", autoNote: "号码开通后，系统每 5 分钟自动回收。",
    poolState: { open: "待处理", recycled: "已回收", discarded: "已作废" },
    limits: "规则", limit: "规则", value: "数值", source: "依据", change: "修改", save: "保存", changeTitle: "修改：{{name}}", range: "{{minimum}} 至 {{maximum}}", cycles: "账期数据", bytes: "占用", runs: "数据段", size: "条数", allowed: "允许范围", span: "起止", closedAt: "关账时间", notClosed: "未关账", noCycles: "还没有话单。",
  },
  usageKind: { call: "语音", sms: "短信", mms: "彩信", data: "流量", content: "内容费" },
  usageDirection: { out: "主叫/发送", in: "被叫/接收" },
  usageFile: { queued: "排队", running: "入库中", stopped: "已停止", done: "完成", failed: "失败" },
};
