//! What can go wrong with plans and rating.

kernel::codes! {
    PLAN_INVALID = "rating.plan_invalid", 422, "资费方案有误：{where}——{detail}", "The plan is not valid: {where}: {detailEn}", "请按提示更正后重新提交", "Correct it and submit again";
    PLAN_UNKNOWN = "rating.plan_unknown", 404, "没有资费方案 {id} 版本 {version}", "There is no version {version} of the plan {id}", "请检查方案编号与版本", "Check the id and the version";
    PLAN_STATE = "rating.plan_state", 409, "该版本为 {state}，不能执行此操作", "The version is {state}; this cannot be done", "生效的版本不可修改，请新建版本", "An active version is never changed: make a new one";
    PLAN_DRAFT = "rating.plan_draft", 409, "该方案已有草稿（版本 {version}）", "The plan has a draft already (version {version})", "请继续修改该草稿，或先删除它", "Go on with that draft, or delete it first";
    PLAN_SAME_PERSON = "rating.same_person", 403, "启用须由编制人之外的人员办理", "Somebody else than who wrote it puts it into force", "请由另一位有启用权限的人员办理", "Ask another person with the right";
    PLAN_IN_USE = "rating.plan_in_use", 409, "方案已被 {count} 个用户使用，不能删除", "{count} products are rated by it: it cannot be deleted", "可停用：已在用的用户不受影响", "Retire it: those who have it keep it";
    SHARE_CYCLE = "rating.share_cycle", 409, "共享成员的账期起始日不同（{mine} 与 {others}）", "The members' cycles begin on different days ({mine} and {others})", "请先统一账期，再办理共享", "Bring the cycles into line first";
    SHARE_MANY = "rating.share_many", 409, "共享成员过多（上限 {limit}）", "Too many share with each other (limit {limit})", "请分成若干群组", "Make several groups";
    OVERFLOW = "rating.overflow", 422, "金额超出可信范围：{where}", "An amount is beyond belief: {where}", "请核对单价与用量后人工处理", "Check price and usage, then deal with it by hand";
    NO_SERVICE = "rating.no_service", 404, "该号码没有计费用户", "Nothing is rated under this number", "请检查号码；未开通的产品没有用量", "Check the number: a product that does not work has no usage";
    FILE_INVALID = "rating.file_invalid", 400, "资费文件第 {line} 行有误：{detail}", "Line {line} of the file of plans is not valid: {detail}", "请按模板更正", "Correct it as the template shows";
}
