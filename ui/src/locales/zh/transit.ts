// Orders in transit: hold, urge, amend, and those that wait for their day.
export const transit = {
  transit: {
    business: "业务", anyBusiness: "全部业务", booked: "预约单", held: "已挂起", effective: "生效", developer: "发展人", urged: "已催 {{count}} 次", all: "全部订单",
    bookedFor: "预约 {{date}} 生效，到期自动办理", waiting: "到期未办，正在等待：", heldNote: "订单已挂起，任务与时限暂停。",
    hold: "挂起", release: "解挂", urge: "催办", amend: "改单",
    holdNote: "客户暂不具备条件时使用：未开始的任务不再执行，时限停计，解挂后继续。", releaseNote: "继续执行未完成的任务。", urgeNote: "提醒正在处理的部门，次数会记入订单。", amendNote: "只能修改尚未下发的内容；已下发到网络的数据需先撤回。",
    whyHold1: "客户不在家", whyHold2: "客户现场不具备条件", whyHold3: "客户要求暂缓", whyRelease1: "客户已具备条件", whyUrge1: "客户来电催促", whyUrge2: "接近承诺时限", whyAmend1: "客户要求改期", whyAmend2: "地址有误",
    amended: "已改单", urgedDone: "已催办", heldDone: "已挂起", released: "已解挂", newDate: "新的生效日期", nothingToAmend: "这张订单没有可以修改的内容。", unchanged: "没有改动",
  },
};
