//! The API as a black box: real HTTP against a node in a temporary folder.

mod auctions;
mod audit;
mod authenticator;
mod bids;
mod connections;
mod contracts;
mod delivery;
mod demonstration;
mod feed;
mod funds;
mod hand;
mod keys;
mod limits;
mod members;
mod notices;
mod passkeys;
mod previews;
mod products;
mod quotes;
mod receivers;
mod roles;
mod sealed;
mod second_factor;
mod sessions;
mod users;
mod venue;
