//! Rating: what usage costs. Plans are data; a pure function turns a cycle's usage into charges and can tell why.

use http::Module;

pub fn module() -> Module {
    Module { name: "rating", ..Module::default() }
}
