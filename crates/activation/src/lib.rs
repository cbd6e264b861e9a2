//! The network: adapters, routing, messages.
