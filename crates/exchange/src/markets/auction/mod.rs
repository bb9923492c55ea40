//! Auctions: sale and procurement, open and sealed. One machine serves both directions.

mod acts;
mod annul;
pub(crate) use acts::check_reason;
pub mod announcement;
mod clock;
pub(crate) mod hand;
pub(crate) mod rules;

pub use announcement::{
    ATTACHMENTS_MAX, Announcement, AnnouncementError, Attachment, CountdownFrom, Format, LotTerms, Side,
};
pub mod state;
#[cfg(test)]
mod tests;

pub use state::{Auction, AuctionStatus, Halted, Lead, Lot, LotStatus, SealedBid, Suspension};
