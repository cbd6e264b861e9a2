//! All stories that need a database or a server, in one binary: it links once.
//!
//! A story is `#[both_databases] async fn name(t: TestApp)`; see `testkit`.

#![expect(clippy::unwrap_used, reason = "a story ends where it fails")]

mod access;
mod activation;
mod audit;
mod billing;
mod billrun;
mod business;
mod cart;
mod cashier;
mod catalog;
mod copies;
mod customer;
mod desk;
mod dialect;
mod dunning;
mod flow;
mod hotline;
mod house;
mod hub;
mod identity;
mod import;
mod interchange;
mod journeys;
mod legacy;
mod live;
mod megaline;
mod messages;
mod naughty;
mod notices;
mod numbers;
mod ordering;
mod party;
mod places;
mod points;
mod portability;
mod queue;
mod radius;
mod rating;
mod realname;
mod seed;
mod stock;
mod store;
mod till;
mod unit;
mod usage;
mod view;

use testkit::System;

/// The organisation in which every story takes place.
const PLACES: [(&str, &str, &str); 4] = [
    ("/cn", "集团", "group"),
    ("/cn/44", "广东省", "province"),
    ("/cn/44/4401", "广州市", "city"),
    ("/cn/44/4401/h001", "天河路营业厅", "hall"),
];

/// What the stories are about: the whole system as the server puts it together.
pub fn system() -> System {
    System {
        modules: server::modules::all,
        auth: |modules| Some(Box::new(::access::Auth::new(modules))),
        permissions_of: |role, all| ::access::permissions_of(&[role], all),
        round: |app| {
            Box::pin(async move {
                Ok(::customer::round(&app).await?
                    + ::billing::round(&app).await?
                    + ::interchange::round(&app).await?
                    + ::activation::round(&app).await?
                    + ::flow::round(&app).await?
                    + ::dunning::round(&app).await?
                    + ::messaging::gateway::round(&app).await?
                    + ::loyalty::round(&app).await?
                    + ::unitaccount::round(&app).await?
                    + ::http::hub::round(&app).await?)
            })
        },
        prepare: |tx| ::access::ensure_organizations(tx, &PLACES),
    }
}
