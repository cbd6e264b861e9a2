//! The list of what the system is made of. Reading this list is reading the system.

use http::Module;

/// Every module, each after those it calls.
pub fn all() -> Vec<Module> {
    vec![
        party::module(),
        customer::module(),
        billing::module(),
    ]
}
