//! Businesses: what is offered, what is checked, what is changed, and what is left when they are undone.

pub mod ground;
mod picture;
mod rules;
pub mod sweep;
mod swept;
mod verbs;
