//! Rating by example.
