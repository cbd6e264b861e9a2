//! Unit accounts: an organisation's money, allocated to its members and collected back.

use http::Module;

pub fn module() -> Module {
    Module { name: "unitaccount", ..Module::default() }
}
