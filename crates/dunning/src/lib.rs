//! Credit control: who is reminded, barred, set free again, given up; the rules are data.

use http::Module;

pub fn module() -> Module {
    Module { name: "dunning", ..Module::default() }
}
