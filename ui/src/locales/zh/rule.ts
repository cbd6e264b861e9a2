// Words of import, network simulator, administration and API docs.
export const rule = {
  import: {
    what: "读入运营商公示资费（JSON）；重复导入会更新，不会重复。", choose: "选择文件", drop: "把公示资费 JSON 文件拖到这里，或", rule: "最大 64 MB。被拒绝的行会列出原因，其余照常导入。", upload: "上传", tooLarge: "文件超过 64 MB", history: "导入历史", none: "还没有导入过。", pick: "选择左边的一次导入查看结果。", line: "{{done}} 行 · 拒绝 {{refused}}",
    run: "导入", cancel: "停止导入", progress: "导入进度", created: "新增", updated: "更新", unchanged: "未变", refused: "拒绝", errors: "被拒绝的行（{{count}}）", errorsLabel: "错误报告", lineNo: "行", planId: "资费编号", field: "字段",
  },
  simulator: { what: "内置网络的延迟与故障，用来演练异常处理。", delay: "延迟（毫秒）", failRate: "失败率（%）", failNext: "接下来失败次数", loseNext: "接下来丢失应答", stuck: "无应答", heal: "全部恢复正常" },
  staff: { create: "新建员工", edit: "员工资料", scope: "数据范围", scopeHint: "能看到哪一级及其下级的数据；留空与归属相同", roles: "角色", none: "还没有员工。", resetPassword: "重设密码（留空不变）", matrix: "每个角色拥有的权限", right: "权限", has: "有", hasNot: "无" },
  audit: { what: "只增不改，逐条相连。", at: "时间", actor: "操作人", action: "动作", subject: "对象", detail: "内容", subjectFilter: "对象编号", actorFilter: "操作人", none: "没有符合条件的审计记录。" },
  docs: { search: "路径、说明、权限", operations: "接口列表", none: "没有匹配的接口。", permission: "所需权限", noPermission: "登录即可或公开", parameters: "参数", name: "名称", in: "位置", type: "类型", meaning: "说明", required: "必填", body: "请求体", answers: "应答" },
};
