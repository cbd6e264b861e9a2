//! The test application: a whole system on a fixed clock and a seed, on either engine, in one process.
//!
//! A story is `#[both_databases] async fn story(t: TestApp)`. It talks to the router as a client does, asserts what
//! changed, and proves with [`TestApp::digest`] what did not. Nothing sleeps: [`TestApp::settle`] runs the background
//! work until there is none left, and [`TestApp::advance`] moves the clock.

mod app;
mod auth;
mod client;
mod digest;
mod place;

pub use app::{Beside, System, TestApp, run};
pub use client::{Call, Client, Response};
pub use digest::Digest;
pub use serde_json::{Value, json};
pub use store::Engine;
pub use testkit_macros::both_databases;
