//! Points: earned and spent on a ledger of their own (TMF658).

use http::Module;

pub fn module() -> Module {
    Module { name: "loyalty", ..Module::default() }
}
