// Words of the frame: blocks, top bar, navigation, palette, log-in, workbench.
export const frame = {
  kit: {
    actions: "操作", all: "全部", any: "全部", cancel: "取消", clearFilters: "清除条件", code: "代码", failed: "{{what}}未成功", failedPlain: "没有成功",
    httpStatus: "服务器返回 {{status}}", loading: "正在加载", month: "月", more: "再看 {{count}} 条", nextPage: "下一页", prevPage: "上一页", paging: "分页", perPage: "每页条数",
    range: "第 {{from}}–{{to}} 条，共 {{total}} 条", rangeOpen: "第 {{from}}–{{to}} 条", reason: "原因", retry: "重试", revert: "还原", save: "保存", saved: "已保存",
    reveal: "查看", revealField: "查看完整{{field}}", revealTitle: "查看完整{{field}}", revealNote: "原因会写入审计日志，内容一分钟后自动隐藏。",
    revealWhy1: "客户在场核对", revealWhy2: "办理业务需要", revealWhy3: "客户投诉核实",
    showChart: "看图", showData: "查看数据", trace: "追踪号", unreachable: "连接不到服务器，请检查网络后重试。", updates: "{{count}} 条更新 · 刷新",
    chartSays: "{{title}}：{{count}} 项，合计 {{sum}} {{unit}}，最多的是 {{best}}（{{value}}）",
  },
  shell: {
    brand: "一台 · 工作台", skip: "跳到正文", rail: "主导航", tabs: "打开的记录", closeTab: "关闭 {{title}}", finder: "查找客户、订单、商品，或执行操作…",
    help: "快捷键", language: "切换语言", logout: "退出登录", password: "修改密码", passwordDone: "密码已修改", lost: "没有这个页面", lostWhy: "地址可能写错了，或者记录不在您的数据范围内。", toHome: "回工作台",
    openPage: "打开页面", reload: "重新载入", silent: "实时连接中断，页面上的数据可能不是最新；正在重新连接…",
    live: { connecting: "连接中", connectingHint: "正在建立实时连接", live: "实时", liveHint: "页面随业务实时更新", silent: "已断开", silentHint: "暂时收不到实时更新，正在重连" },
  },
  nav: {
    dunning: "欠费催缴", messages: "消息",
    units: "单位账户", points: "积分",
    interchange: "计费协作",
    prepay: "预存活动", cashier: "营收稽核", collection: "银行托收", rechargeCards: "充值卡", figures: "收入欠费",
    usage: "话单", rating: "资费", runs: "出账", adjustments: "调账", huge: "巨额费用",
    identity: "客户识别", identityReview: "疑似审核", realname: "实名", porting: "携号转网", hotline: "热线", queue: "叫号", numbers: "号码", stock: "卡与终端", places: "地址覆盖", launches: "商品上市", discounts: "优惠权限", home: "工作台", customers: "客户", sell: "受理", orders: "订单", receipts: "凭证日记", refunds: "退款与审批", counter: "收银", fallout: "异常单", catalog: "商品", network: "网络", staff: "员工", audit: "审计", apiDocs: "接口",
    import: "资费导入", payments: "缴费记录", shift: "班次与轧账", roles: "角色权限",
  },
  help: {
    everywhere: "任何页面", palette: "命令框", find: "查找", help: "本页", newCustomer: "新建客户", newOrder: "新受理", closeTab: "关闭标签", pickTab: "切换到第几个标签", stepTab: "前后标签",
    goTo: "前往", lists: "列表", row: "下一行 / 上一行", open: "打开", sell: "受理", sellFind: "查商品", sellNumber: "选号安装", sellNext: "下一步", sellSubmit: "提交", back: "返回",
    counter: "收银台", counterNew: "新一笔", counterFind: "查找", counterTake: "收款", counterPrint: "打印收据",
  },
  palette: {
    here: "本页", title: "查找与命令", placeholder: "手机号、姓名、拼音、首字母、证件号、账号、电路号、订单号…", search: "查找", none: "没有找到“{{q}}”。换一个号码、姓名或拼音首字母试试。",
    customers: "客户", orders: "订单", offerings: "商品", open: "打开的记录", actions: "操作", goTo: "前往 {{place}}", newCustomer: "新建客户", newOrder: "新受理", language: "Switch to English",
    move: "选择", openIt: "打开", sell: "为客户受理", tip: "手机号后四位、拼音首字母都可以",
  },
  gate: {
    login: "登录", account: "工号", password: "密码", enter: "登录", expired: "登录已过期，请重新登录；没提交的受理草稿还在。", locked: "账号因多次输错已锁定，请稍后再试或联系管理员。", refused: "工号或密码不对。",
    motto: "一台清", promise: "客户要办的事，在一个台席上从头办到尾：查客户、选套餐、挑号码、开通、出账、收款，每一步都看得见。", tagline: "Yitai · 电信客户关系管理",
    step1: "查客户", step2: "选商品", step3: "挑号码", step4: "看开通", step5: "出账单", step6: "收款",
    setup: "首次设置", setupLink: "检查设置链接", setupInvalid: "这个链接已用过或已失效。请在服务器上重新启动，控制台会打印新的链接。", setupWhy: "这是一个空的系统。请创建第一位管理员，之后由管理员添加员工。",
    setupDone: "管理员已创建，可以登录了。", toLogin: "去登录", create: "创建管理员", accountRule: "小写字母、数字、点和短横线", name: "姓名", newPassword: "新密码", oldPassword: "原密码", againPassword: "再输一次",
    passwordRule: "至少 10 位；常见或已泄露的密码不能使用。", differs: "两次输入的不一样",
  },
  home: {
    title: "工作台", today: "今日", orders: "今日订单", payments: "今日收款", customers: "今日新客户", fallout: "待处理异常", byHour: "今日订单按小时", byHourUnit: "单", recentOrders: "最近订单", recentCustomers: "最近客户",
    noOrders: "还没有订单。第一笔受理提交后会出现在这里。", firstOrder: "开始受理", noCustomers: "还没有客户。",
  },
};
