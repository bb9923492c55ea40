//! Money, prices, quantities, rates and instants as types, and how they are read and written.
//!
//! No bare integer of the exchange has a unit in its head: what is counted is said by the type. Every operation is
//! exact and checked; there is no float. Decimals are read and written as the rule book wants them: digits `0` or
//! `[1-9][0-9]*`, optionally a point and more digits; no sign, no space, no exponent.

mod decimal;
mod ids;
mod money;
mod offset;
mod time;

pub use decimal::DecimalError;
pub use ids::{
    ApplicationId, ApprovalId, AuctionId, ContractId, HaltId, LotIndex, MemberId, ProductId, Sequence, UserId,
};
pub use money::{Money, Price, Quantity, Rate, Volume, margin, value};
pub use offset::{OffsetError, UtcOffset};
pub use time::{Day, Instant, Span, TimeError};
