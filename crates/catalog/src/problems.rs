//! Error codes of the catalogue and of the tariff import.

kernel::codes! {
    OFFERING_CLOSED = "offering.closed", 422, "“{name}”已停售或未到发售期（{why}）", "“{name}” is not on sale ({why})", "请选择在售的商品；如需恢复销售，请由商品管理员调整其状态或有效期", "Choose an offering that is on sale; a catalogue manager can change its status or validity";
    OFFERING_COMPONENT = "offering.component_only", 422, "“{name}”只能作为融合商品的组成部分销售", "“{name}” is sold only as part of a bundle", "请选择包含它的融合套餐", "Choose a bundle that contains it";
    OFFERING_UNKNOWN = "offering.unknown", 422, "没有编号为 {id} 的商品", "There is no offering with id {id}", "请在商品目录中重新选择", "Choose one from the catalogue";
    OFFERING_PLAN = "offering.not_decomposable", 422, "“{name}”的产品规格不完整，无法分解：{detail}", "The specification of “{name}” is incomplete, it cannot be decomposed: {detail}", "请由商品管理员补全产品规格或服务规格", "A catalogue manager completes its product or service specification";
    BUNDLE_CYCLE = "offering.bundle_cycle", 422, "融合商品不能（直接或间接）包含自己", "A bundle cannot contain itself, directly or through others", "请去掉该组成部分", "Remove that component";
    VERSION_UNKNOWN = "offering.version_unknown", 422, "“{name}”没有第 {version} 版", "“{name}” has no version {version}", "请使用商品详情中列出的版本", "Use a version listed with the offering";
    BUNDLE_FOREIGN = "bundle.part_foreign", 422, "“{part}”不是“{name}”的组成部分", "“{part}” is no part of “{name}”", "请只选择该套餐列出的内容", "Pick only what the bundle lists";
    BUNDLE_NONE = "bundle.not_a_bundle", 422, "“{name}”不是组合商品，没有可选内容", "“{name}” is no bundle, there is nothing to pick", "请去掉所选内容", "Leave the selection out";
    BUNDLE_QUANTITY = "bundle.quantity", 422, "“{name}”中“{part}”的数量应为 {range}，所选为 {n}", "“{name}” takes {range} of “{part}”, {n} were picked", "请调整数量", "Change the quantity";
    BUNDLE_GROUP = "bundle.group", 422, "“{name}”的“{part}”须选 {range} 项，已选 {n} 项", "In “{name}”, {range} of “{part}” must be picked; {n} were", "请增减所选项", "Pick more or fewer";
    BUNDLE_TOO_MANY = "bundle.too_many", 422, "“{name}”一次最多包含 {n} 个产品", "“{name}” takes at most {n} products at once", "请减少数量", "Pick fewer";
    NOT_FOR_KIND = "eligibility.customer_kind", 422, "“{name}”只面向特定客户类型：{detail}", "“{name}” is only for these kinds of customer: {detail}", "请选择面向该客户类型的商品", "Choose an offering for this kind of customer";
    NOT_FOR_GRADE = "eligibility.grade", 422, "“{name}”只面向特定客户等级：{detail}", "“{name}” is only for customers of grade {detail}", "请选择其他商品，或由客户经理调整客户等级", "Choose another offering, or have the account manager review the grade";
    NOT_IN_CHANNEL = "eligibility.channel", 422, "“{name}”不在本渠道销售（可办渠道：{detail}）", "“{name}” is not sold through this channel (only: {detail})", "请引导客户到可办渠道", "Send the customer to a channel that sells it";
    NOT_IN_AREA = "eligibility.area", 422, "“{name}”不在客户所在地区销售（适用地区：{detail}）", "“{name}” is not sold where the customer is (only: {detail})", "请选择本地区在售的商品", "Choose an offering of this region";
    NOT_AT_AGE = "eligibility.age", 422, "“{name}”有年龄限制：{detail} 岁", "“{name}” is for ages {detail}", "请选择适合该客户年龄的商品", "Choose an offering for the customer's age";
    NOT_AT_HOUR = "eligibility.hours", 422, "“{name}”只在 {detail} 办理", "“{name}” is sold only {detail}", "请在办理时段内受理", "Come back within these hours";
    REQUIRES = "eligibility.requires", 422, "“{name}”须先有或同时办理：{detail}", "“{name}” needs one of: {detail}", "请先把所需商品加入购物车", "Add what it needs to the cart";
    EXCLUDES = "eligibility.excludes", 422, "“{name}”不能与“{detail}”同时持有", "“{name}” cannot be had together with “{detail}”", "请去掉其中之一，或先办理退订", "Take one of them out, or give the other up first";
    NEEDS_FAMILY = "eligibility.needs_family", 422, "“{name}”须客户已有或同时办理：{detail}", "“{name}” needs a {english} product", "请先选择一个主产品", "Choose a main product first";
    TOO_MANY_HELD = "eligibility.max_per_customer", 422, "每个客户最多办理 {most} 份“{name}”，已有 {held} 份", "A customer may have at most {most} of “{name}” and has {held}", "请减少数量", "Take fewer";
    LIFECYCLE = "catalog.lifecycle", 409, "状态不能从 {from} 改为 {to}", "The status cannot go from {from} to {to}", "允许的下一状态：{next}", "Possible next states: {next}";
    PORT_IN_CONDITION = "catalog.port_in_condition", 422, "不得设置仅限携号转网客户的专属资费：{detail}", "An offering conditioned on porting a number in is forbidden: {detail}", "《携号转网服务管理规定》禁止为携号转网用户设置专项资费；请去掉该条件", "The number-portability rules forbid special tariffs for porting users; remove the condition";
    LAW_SINGLE = "catalog.law_single", 422, "“{name}”含有“{line}”，但没有面向同样客户单独销售的“{line}”商品", "“{name}” contains {english}, but there is no {english} offering sold by itself to the same customers", "依据电信条例（如《河南省电信条例》2020 年第 29、30 条）：组合销售须保留单项业务的选择；请先上市或保留单项商品", "Telecommunications regulations (such as Henan 2020, articles 29–30): single services stay available beside bundles; launch or keep a single offering first";
    LAW_TRIAL = "catalog.law_trial", 422, "免费体验到期不得自动转为收费", "A free trial must not turn into a paid offering by itself", "依据电信条例（如《河南省电信条例》2020 年第 29、30 条）：须由客户确认后才可转为收费；请将 trial.confirmation 设为 true 且不设自动转换", "Telecommunications regulations (such as Henan 2020, articles 29–30): the customer must confirm; set trial.confirmation to true and no automatic conversion";
    SAME_PERSON = "catalog.same_person", 403, "不能审批自己编写或修改的商品", "One cannot approve what one has written or changed", "请由另一位有审批权限的人员审批", "Have somebody else with the right approve it";
    NEEDS_LAUNCH = "catalog.needs_launch", 403, "在售商品的内容与价格须经上市流程变更并由他人审批", "What is on sale is changed by a launch that somebody else approves", "请在“商品上市”中提交变更", "Submit the change as a launch";
    IMPORT_STATE = "import.not_running", 409, "该导入已结束（{state}），不能取消", "The import has ended already ({state}) and cannot be cancelled", "如需更正，请重新导入正确的文件", "To correct something, import the right file";

    TARIFF_CUT = "tariff.truncated", 422, "文件不完整：在第 {line} 行中断", "The file is incomplete: it ends in line {line}", "没有写入任何资费。请重新取得完整的文件后再导入", "Nothing was written. Get the complete file and import it again";
    TARIFF_BROKEN = "tariff.broken", 422, "文件不是正确的 JSON（第 {line} 行第 {column} 列）：{detail}", "The file is not valid JSON (line {line}, column {column}): {detail}", "没有写入任何资费。请更正文件后再导入", "Nothing was written. Correct the file and import it again";
    TARIFF_ENCODING = "tariff.encoding", 422, "文件不是 UTF-8 编码（第 {line} 行）", "The file is not UTF-8 (line {line})", "没有写入任何资费。请将文件转换为 UTF-8 后再导入", "Nothing was written. Convert the file to UTF-8 and import it again";
    TARIFF_NO_ROWS = "tariff.no_rows", 422, "文件中没有找到资费列表", "No list of tariffs was found in the file", "没有写入任何资费。文件应为资费对象的数组，或含有这样一个数组（如 plans）", "Nothing was written. The file should be an array of tariff objects, or contain one (such as plans)";
    TARIFF_UNREADABLE = "tariff.unreadable", 422, "无法读取文件：{detail}", "The file cannot be read: {detail}", "请检查文件路径与权限", "Check the path and its permissions";

    ERRORS_UNWRITABLE = "tariff.errors_unwritable", 422, "无法写入错误文件：{detail}", "The error file cannot be written: {detail}", "请更换 --errors 的路径", "Choose another path for --errors";

    ROW_NOT_OBJECT = "row.not_object", 422, "该项不是一个资费对象", "This entry is no tariff object", "请检查文件内容", "Check the file";
    ROW_NO_ID = "row.id_missing", 422, "缺少资费方案编号", "The tariff has no id", "请补充 id 或 schemeId", "Add id or schemeId";
    ROW_NO_NAME = "row.name_missing", 422, "缺少资费名称", "The tariff has no name", "请补充 name", "Add name";
    ROW_NO_PRICE = "row.price_missing", 422, "没有可用的价格：{detail}", "No usable price: {detail}", "请补充 price，或含金额的 tariffStandard", "Add price, or a tariffStandard with an amount";
    ROW_NEGATIVE = "row.negative", 422, "{field} 不能为负数：{detail}", "{field} cannot be negative: {detail}", "请更正后重新导入", "Correct it and import again";
    ROW_DATE = "row.date_invalid", 422, "{field} 不是存在的日期：{detail}", "{field} is not an existing date: {detail}", "请使用 YYYYMMDD 或 YYYY-MM-DD", "Use YYYYMMDD or YYYY-MM-DD";
    ROW_DATES = "row.dates_reversed", 422, "下线日期早于上线日期：{detail}", "The end date is before the start date: {detail}", "请更正日期", "Correct the dates";
    ROW_DUPLICATE = "row.duplicate", 422, "文件中该编号重复出现，第一次在第 {line} 行", "This id occurs twice in the file, first in line {line}", "请保留正确的一条", "Keep the right one";
    ROW_TEXT = "row.text_invalid", 422, "{field} 含有不可保存的字符", "{field} contains characters that cannot be stored", "请去掉控制字符", "Remove control characters";
    ROW_TAKEN = "row.id_taken", 422, "编号 {id} 已被非导入的商品使用", "The id {id} is used by an offering that was not imported", "请更正编号", "Correct the id";
}
