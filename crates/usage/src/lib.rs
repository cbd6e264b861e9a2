//! Usage: what was used under which number, taken in by file or stream, kept for good, looked up in a moment (TMF635).

use http::Module;

pub fn module() -> Module {
    Module { name: "usage", ..Module::default() }
}
