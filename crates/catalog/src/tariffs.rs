//! Import of the tariffs that operators publish.
pub(crate) mod port_in;
