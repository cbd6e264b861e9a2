//! Businesses: what is offered, what is checked, what is changed, and what is left when they are undone.

mod ground;
mod picture;
mod rules;
mod sweep;
mod swept;
mod verbs;
