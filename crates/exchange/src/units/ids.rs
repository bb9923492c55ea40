//! Identifiers: small integers that the exchange gives out itself, from 1 upwards, so that a table is a vector.

use core::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, minicbor::Encode, minicbor::Decode,
        )]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl core::str::FromStr for $name {
            type Err = core::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}

id!(
    /// A member firm.
    MemberId(u32)
);
id!(
    /// A person who signs in.
    UserId(u32)
);
impl UserId {
    /// Who is not signed in: no user has this number.
    pub const NOBODY: UserId = UserId(0);
}

id!(
    /// A product of the catalogue.
    ProductId(u32)
);
id!(
    /// An announcement and the auction it becomes.
    AuctionId(u32)
);
id!(
    /// The place of a lot in its announcement, from 0.
    LotIndex(u16)
);
id!(
    /// An award: a contract to be.
    ContractId(u32)
);
id!(
    /// An act that waits for a second person.
    ApprovalId(u32)
);
id!(
    /// A halt of the market, a product or a mode.
    HaltId(u32)
);
id!(
    /// A firm's application to become a member.
    ApplicationId(u32)
);
id!(
    /// The place of an entry in the log, from 1.
    Sequence(u64)
);
