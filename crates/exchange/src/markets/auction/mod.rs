//! Auctions: sale and procurement, open and sealed. One machine serves both directions.

pub mod announcement;

pub use announcement::{Announcement, AnnouncementError, CountdownFrom, Format, LotTerms, Side};
pub mod state;

pub use state::{Auction, AuctionStatus, Lead, Lot, LotStatus, SealedBid};
