//! Awards: contracts to be, with both margins held.

use minicbor::{Decode, Encode};

use crate::units::{AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, Quantity};

/// What a sold lot became.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Contract {
    /// Its number.
    #[n(0)]
    pub id: ContractId,
    /// Of which auction.
    #[n(1)]
    pub auction: AuctionId,
    /// Of which lot.
    #[n(2)]
    pub lot: LotIndex,
    /// Who sells.
    #[n(3)]
    pub seller: MemberId,
    /// Who buys.
    #[n(4)]
    pub buyer: MemberId,
    /// The price per unit.
    #[n(5)]
    pub price: Price,
    /// How much.
    #[n(6)]
    pub quantity: Quantity,
    /// price × quantity.
    #[n(7)]
    pub amount: Money,
    /// What is held from the seller.
    #[n(8)]
    pub seller_margin: Money,
    /// What is held from the buyer.
    #[n(9)]
    pub buyer_margin: Money,
    /// When the lot ended.
    #[n(10)]
    pub at: Instant,
    /// That it is cancelled, both margins being released.
    #[n(11)]
    pub cancelled: Option<Cancellation>,
}

/// The end of a contract whose lot was annulled.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cancellation {
    /// When.
    #[n(0)]
    pub at: Instant,
    /// Why, for members to read.
    #[n(1)]
    pub reason: String,
}

impl Contract {
    /// Whether nothing has been paid for it yet and it stands: until then its lot can be annulled.
    #[must_use]
    pub const fn awaits_payment(&self) -> bool {
        self.cancelled.is_none()
    }
}
