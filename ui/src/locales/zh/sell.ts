// Words of the sell page beyond the straight path.
export const sell = {
  sale: {
    configure: "选项与优惠", configureOf: "{{name}} 的选项与优惠", close: "关闭", apply: "确定", parts: "套餐内容", fixed: "固定包含", quantity: "数量", quantityOf: "{{name}} 的数量",
    pickExactly: "任选 {{n}} 项（共 {{of}} 项），已选 {{have}}", pickBetween: "选 {{min}}–{{max}} 项，已选 {{have}}", misfit: "选择的数量不符合要求", contractOf: "合约期 {{count}} 个月",
    discounts: "优惠", myLimit: "我的权限：{{percent}}% / 每月 {{amount}}", byItself: "符合条件自动享受", atMost: "至多 {{percent}}% / {{amount}}", percentOf: "{{name}} 的比例", byHand: "授权优惠", kind: "优惠方式", percent: "按比例 %", yuanMonth: "元/月",
    howMuch: "优惠幅度", howLong: "优惠时长", always: "长期", askFor: "超出权限，申请审批", requested: "已提交审批，批准后在此处勾选使用", approved: "已批准的优惠", approvedOf: "使用已批准的优惠 {{what}}",
    granted: "授权优惠", discount: "优惠", declined: "未享受", contractTo: "合约 {{count}} 个月，至 {{end}}", penaltyNow: "此时解约须付", boundBy: "{{name}}：合约 {{count}} 个月，至 {{end}}", saved: "已优惠", afterDiscount: "优惠期后每月", outside: "价格由外部计费系统计算", moreFamilies: "更多产品线",
    draft: { saving: "正在保存草稿…", saved: "草稿已保存", failed: "草稿未能保存" }, park: "存草稿", parked: "草稿已保存，可在任一台席继续", notSaved: "草稿未能保存，请检查网络后重试", drafts: "未完成的受理", whose: "谁的草稿", ofHall: "本厅", mine: "我的", noDrafts: "没有未完成的受理。受理中途离开，草稿会自动保存在这里。", itemCount: "{{count}} 项商品",
    stale: "{{count}} 项已不能办理", resume: "继续", takeOver: "接手", delete: "删除", deleteAsk: "删除这份草稿？", deleteOf: "删除 {{name}} 的草稿", startAnew: "重新受理",
    furtherNumber: "第 {{n}} 个号码", numberFrom: "号码来源", fromPool: "新号码", portIn: "携号转入", portInNumber: "携入号码", portInCode: "授权码", donor: "携出方", portInHint: "授权码由客户发送短信 SQXZ 至原运营商取得，1 小时内有效。", carrier: { CMCC: "中国移动", CTCC: "中国电信", CUCC: "中国联通", CBN: "中国广电" },
    sim: "SIM 卡", simHint: "不填则开通时从本厅库存自动取卡", device: "终端串号", deviceHint: "扫描或输入串号，可稍后交付时登记", aEndAddress: "A 端地址", zEndAddress: "Z 端地址",
    realName: "实名核验", realNameNeeded: "须核验证件后才能提交", realNameOptional: "可在此核验到场人证件", whoShows: "出示证件的人", holder: "本人", proxy: "代办人", name: "姓名", certificateNo: "证件号码", verify: "核验", reader: "读卡器", readCard: "读卡", notVerified: "核验未通过：", verifiedUntil: "{{at}} 前有效", verifiedOver: "核验已过期，请重新核验", again: "重新核验",
    effective: "生效方式", when: { immediate: "立即", nextDay: "次日", nextMonth: "次月", date: "指定日期" }, date: "生效日期", startsOn: "{{date}} 起生效", developer: "发展人", developerHint: "姓名或工号，可不填",
  },
};
