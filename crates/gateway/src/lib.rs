//! The gateway: HTTP API, live feed, sign-in, limits, the files of the app.
//!
//! It knows who asks, checks the shape of what is asked, and never decides: a command goes to the ordering layer, a read
//! is answered from the live picture or the archive. One file a subject; [`access`] is the one table of who may what.
#![forbid(unsafe_code)]

pub mod access;
mod app;
mod applications;
mod approvals;
mod auctions;
mod audit;
mod back_off;
mod base64url;
mod bids;
mod config;
mod contracts;
mod csv;
pub mod demonstration;
mod devices;
mod document;
mod failures;
mod feed;
mod figures;
mod files;
mod follow;
mod funds;
mod gateway;
mod glance;
mod guard;
mod hand;
mod head;
mod history;
mod hours;
mod idempotency;
mod keys;
mod limits;
pub mod live;
mod members;
mod network;
mod notices;
mod ops;
mod origin;
mod own_limits;
mod passkeys;
mod passwords;
mod patience;
mod previews;
mod problem;
mod products;
mod query;
mod quotes;
mod routes;
mod second_factor;
mod serve;
mod sessions;
mod text;
mod tls;
pub mod totp;
mod users;
mod view;
mod wire;

pub use config::{GatewayConfig, NoticesConfig, PasswordCost, Sms, Smtp, SmtpTls, TlsFiles};
pub use document::document;
pub use gateway::{Gateway, observer};
pub use network::Network;
pub use passwords::hash as hash_password;
pub use problem::Problem;
