//! The counter behind the drawer: audit levels, bank slips, bank collection, recharge cards, the revenue figures.

use http::Module;

pub fn module() -> Module {
    Module { name: "cashier", ..Module::default() }
}
