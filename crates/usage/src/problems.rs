//! What can go wrong with usage.

kernel::codes! {
    NUMBER_HELD = "usage.number_held", 409, "号码 {value} 已属于另一在用服务", "The number {value} belongs to another service in use", "请先结束或变更原服务", "End or renumber that service first";
    DAMAGED = "usage.damaged", 500, "话单数据块校验失败", "A block of usage fails its checksum", "请管理员运行 yitai check 并从备份恢复", "An administrator runs yitai check and restores from the backup";
}
