//! What can be wrong with a ticket.

kernel::codes! {
    STATUS = "ticket.status", 409, "工单状态不能由 {from} 变为 {to}", "A ticket cannot go from {from} to {to}", "请按受理、处理、解决、关闭的顺序办理", "Follow the order accept, work, resolve, close";
}
