//! What customers hold and what it runs on: products (TMF637), services (TMF638), resources (TMF639), the pool of
//! telephone numbers and the ports of the access network.
//!
//! Invariants: a number serves at most one live product and a live product's number is in use or suspended; a number is
//! given to one order at a time (conditional updates on its row); a port carries one product.

mod check;
mod imports;
mod lines;
pub mod numbers;
pub mod places;
pub mod ports;
pub mod products;
mod reassign;
pub mod resources;
pub mod services;
pub mod shared;
pub mod sims;
pub mod stock;

pub use imports::run_import;
pub use lines::{Line, lines_of};
pub use places::{Qualification, qualify};
pub use reassign::{holds, reassign};

use http::{Background, Module, tmf};
use kernel::Perm;
use store::Migration;

pub const READ: Perm = Perm { name: "inventory.read", zh: "查看产品与资源", en: "See products and resources" };
pub const WRITE: Perm =
    Perm { name: "inventory.write", zh: "维护产品与资源资料", en: "Maintain products and resources" };
pub const NUMBER_READ: Perm = Perm { name: "number.read", zh: "查询号码", en: "Search numbers" };
pub const NUMBER_LOCK: Perm = Perm { name: "number.lock", zh: "预占号码", en: "Lock numbers" };
pub const NUMBER_RESERVE: Perm =
    Perm { name: "number.reserve", zh: "为客户预留号码", en: "Keep numbers for customers" };
pub const POOL_MANAGE: Perm = Perm { name: "pool.manage", zh: "管理号码池", en: "Keep the pool of numbers" };
pub const STOCK_READ: Perm =
    Perm { name: "stock.read", zh: "查看卡与终端库存", en: "See the stock of cards and devices" };
pub const STOCK_MOVE: Perm =
    Perm {
        name: "stock.move", zh: "调拨、收货、盘点与报损", en: "Dispatch, receive, count and write off stock"
    };
pub const STOCK_MANAGE: Perm =
    Perm { name: "stock.manage", zh: "管理仓库与入库", en: "Keep warehouses and take stock in" };
pub const STOCK_REVEAL: Perm = Perm { name: "stock.reveal", zh: "查看 PUK/PIN", en: "See PUK and PIN of a card" };
pub const PLACE_READ: Perm = Perm { name: "place.read", zh: "查询地址与覆盖", en: "See addresses and coverage" };
pub const PLACE_WRITE: Perm =
    Perm { name: "place.write", zh: "维护地址与覆盖", en: "Maintain addresses and coverage" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        NUMBER_TAKEN = "number.taken", 409, "号码 {number} 已被占用", "The number {number} is taken", "请另选号码", "Pick another number";
        NUMBER_UNKNOWN = "number.unknown", 404, "号码 {number} 不在可售号码池中", "The number {number} is not in the pool", "请从号码池选号", "Pick a number from the pool";
        LOCK_EXPIRED = "number.lock_expired", 409, "号码 {number} 的预占已过期", "The lock on number {number} has expired", "请重新预占该号码或另选号码", "Lock the number again or pick another";
        LOCK_FOREIGN = "number.lock_token", 409, "号码 {number} 的预占凭证无效或已使用", "The lock token of number {number} is not valid or was used already", "请重新选号", "Pick the number again";
        NUMBER_STATE = "number.state", 409, "号码 {number} 当前状态为 {state}，不能{action}", "The number {number} is {state}: {action} is not possible", "请刷新后再试", "Reload and try again";
        PATTERN_INVALID = "number.pattern", 400, "选号条件 {value} 无效", "The number pattern {value} is not valid", "例如 *888*、1390013*、*AAA、*ABCD", "For example *888*, 1390013*, *AAA, *ABCD";
        PRODUCT_STATE = "product.state", 409, "产品当前状态为 {from}，不能变为 {to}", "The product is {from} and cannot become {to}", "请刷新后再试", "Reload and try again";
        SUSPENSION_REASON = "product.suspension_reason", 400, "未知的停机原因 {value}", "Unknown reason for a suspension: {value}", "可用：customer、loss、arrears、violation、realName", "Use customer, loss, arrears, violation or realName";
        NO_PORT = "port.none", 409, "该区域没有空闲端口", "There is no free port in this area", "请联系资源部门扩容或改派", "Ask the resource department for capacity";
        CLASS_UNKNOWN = "number.class_unknown", 422, "没有号码等级 {value}", "There is no class of numbers {value}", "请从号码等级中选择", "Pick one of the classes";
        LOCKS_MANY = "number.locks_many", 409, "一人最多同时预占 {most} 个号码", "One person holds at most {most} numbers", "请先释放不用的号码", "Give back those you do not need";
        KEPT_MANY = "number.kept_many", 409, "一个客户最多预留 {most} 个号码", "At most {most} numbers are kept for a customer", "请先取消不用的预留", "Give back those that are not needed";
        BULK_MANY = "number.bulk_many", 400, "一次最多处理 {most} 个号码", "At most {most} numbers at a time", "请分批处理", "Do it in parts";
        PORT_ONLY_MOBILE = "number.port_only_mobile", 422, "{number} 不是移动号码，不能携入", "{number} is no mobile number and cannot be ported", "只有移动电话号码可以携号转网", "Only mobile numbers can be ported";
        ITEM_UNKNOWN = "stock.unknown", 404, "库存中没有 {serial}", "There is no {serial} in stock", "请核对序列号，或先入库", "Check the serial number, or take it into stock first";
        ITEM_STATE = "stock.state", 409, "{serial} 当前状态为 {state}，不能{action}", "{serial} is {state}: {action} is not possible", "请另取一件，或刷新后再试", "Take another one, or reload and try again";
        ITEM_ELSEWHERE = "stock.elsewhere", 409, "{serial} 不在本厅仓库", "{serial} is not in this hall's stock", "请取本厅的卡或终端，或先调拨", "Take one of this hall, or have it transferred first";
        STOCK_NONE = "stock.none", 409, "{org} 没有可用的 {kind}", "There is no free {kind} at {org}", "请先调拨补货", "Have some transferred first";
        SERIAL_INVALID = "stock.serial", 400, "序列号 {value} 无效（校验位或格式不符）", "The serial number {value} is not valid (check digit or form)", "请重新扫描", "Scan it again";
        SAME_PERSON = "stock.same_person", 409, "{who} 已经手过这一单，须由另一人办理", "{who} has handled this already: another person has to do it", "请由另一名员工办理", "Let another member of staff do it";
        TRANSFER_STATE = "stock.transfer_state", 409, "调拨单当前状态为 {state}", "The transfer is {state}", "请刷新后再试", "Reload and try again";
        STOCK_SHORT = "stock.short", 409, "{name} 只剩 {left} 件可调", "{name} has only {left} pieces to send", "请减少数量或从上级仓库补货", "Ask for less, or have more supplied from above";
        WAREHOUSE_LEVEL = "stock.warehouse_level", 422, "上级仓库须在更高一级", "A warehouse is supplied from a higher level", "请选择上一级的仓库", "Pick a warehouse of a higher level";
        WAREHOUSE_HOLDS = "stock.warehouse_holds", 409, "{name} 还有库存，不能关闭", "{name} still holds stock and cannot be closed", "请先调拨或报废库存", "Transfer or write off the stock first";
        SECRET_NONE = "stock.no_secret", 404, "{serial} 没有保存 PUK/PIN", "No PUK or PIN is kept for {serial}", "请向制卡厂商查询", "Ask the card's maker";
        IMPORT_STATE = "import.inventory_state", 409, "该导入当前状态为 {state}，不能这样处理", "The import is {state}: that is not possible", "请刷新后再试", "Reload and try again";
        IMPORT_COLUMN = "import.column", 400, "文件缺少列 {column}（{kind}）", "The file has no column {column} ({kind})", "请按模板的表头整理文件", "Use the heading of the template";
        SERIAL_TAKEN = "stock.serial_taken", 409, "{value} 已在库中，且资料不同", "{value} is in stock already, with other data", "请核对文件", "Check the file";
        RANGE_INVALID = "number.range", 400, "号段 {value} 无效", "The number range {value} is not valid", "起止号码须同长且不超过一百万个", "Both ends need the same length, at most a million numbers";
    }
}

/// Periodic work of this crate, run by `flow`.
pub const EXPIRY: (&str, i64) = ("inventory.number_expiry", 15);

pub fn module() -> Module {
    let mut routes = numbers::routes();
    routes.extend(stock::routes());
    routes.extend(stock::tmf::routes());
    routes.extend(stock::picks::routes());
    routes.extend(places::routes());
    routes.extend(imports::routes());
    for resource in [&products::PRODUCT, &services::SERVICE, &resources::RESOURCE] {
        routes.extend(tmf::routes(resource));
    }
    Module {
        name: "inventory",
        routes,
        migrations: const {
            &[
                Migration::new("inventory", 1, include_str!("../migrations/0001_inventory.sql")),
                Migration::new("inventory", 2, include_str!("../migrations/0002_numbers.sql")),
                Migration::new("inventory", 3, include_str!("../migrations/0003_stock.sql")),
                Migration::new("inventory", 4, include_str!("../migrations/0004_places.sql")),
                Migration::new("inventory", 6, include_str!("../migrations/0006_suspension.sql")),
                Migration::new("inventory", 9, include_str!("../migrations/0009_bar_level.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const {
            &[
                READ,
                WRITE,
                NUMBER_READ,
                NUMBER_LOCK,
                NUMBER_RESERVE,
                POOL_MANAGE,
                STOCK_READ,
                STOCK_MOVE,
                STOCK_MANAGE,
                STOCK_REVEAL,
                PLACE_READ,
                PLACE_WRITE,
            ]
        },
        checks: check::ALL.to_vec(),
        background: vec![Background { name: "inventory-imports", run: imports::run }],
        ..Module::default()
    }
}
