//! Orders that billing sends back (欠费停机, 复机, 销户, 高额), whichever billing system it is; daily reconciliation with it.

use http::Module;

pub fn module() -> Module {
    Module { name: "interchange", ..Module::default() }
}
