//! Auctions: sale and procurement, open and sealed. One machine serves both directions.

mod acts;
pub mod announcement;
mod clock;
mod hand;
pub(crate) mod rules;

pub use announcement::{Announcement, AnnouncementError, CountdownFrom, Format, LotTerms, Side};
pub mod state;
#[cfg(test)]
mod tests;

pub use state::{Auction, AuctionStatus, Lead, Lot, LotStatus, SealedBid};
