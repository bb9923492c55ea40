//! What a command is answered.

use minicbor::{Decode, Encode};

use crate::files::FileHash;
use crate::markets::auction::state::AuctionStatus;
use crate::refusal::Refusal;
use crate::units::{
    ApplicationId, ApprovalId, AuctionId, ContractId, HaltId, Instant, MemberId, Money, Price, ProductId, Sequence,
    UserId,
};

/// The answer to one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The entry that decided: for a repeated request the first one.
    pub sequence: Sequence,
    /// The stamp of that entry.
    pub at: Instant,
    /// Whether this is the first answer given again.
    pub replayed: bool,
    /// Accepted whole or refused whole.
    pub outcome: Result<Answer, Refusal>,
}

/// What an accepted command is answered. Numbers are the format and never change their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Answer {
    /// Done; there is nothing to say.
    #[n(0)]
    Done,
    /// A firm has joined.
    #[n(1)]
    Member(#[n(0)] MemberId),
    /// A user has been added.
    #[n(2)]
    User(#[n(0)] UserId),
    /// A product has been added.
    #[n(3)]
    Product(#[n(0)] ProductId),
    /// A session has begun.
    #[n(4)]
    Session {
        /// When it ends at the latest.
        #[n(0)]
        expires: Instant,
    },
    /// Money has moved.
    #[n(5)]
    Funds {
        /// What the member has available now.
        #[n(0)]
        available: Money,
    },
    /// It waits for a second person.
    #[n(6)]
    Pending(#[n(0)] ApprovalId),
    /// An announcement has been handed in.
    #[n(7)]
    Submitted(#[n(0)] AuctionId),
    /// An auction's status after an act.
    #[n(8)]
    Auction(#[n(0)] AuctionStatus),
    /// A bid is accepted; in a sealed auction for the bidder's eyes only.
    #[n(9)]
    Bid {
        /// What was bid.
        #[n(0)]
        price: Price,
        /// What is held for it.
        #[n(1)]
        margin: Money,
        /// The lot's end after it.
        #[n(2)]
        end: Instant,
        /// The bidder's alias in this lot, from 1; in a sealed lot none.
        #[n(3)]
        alias: Option<u32>,
        /// The best price before it; in a sealed lot none.
        #[n(4)]
        best_before: Option<Price>,
    },
    /// The market, a product or a mode is halted.
    #[n(50)]
    Halt(#[n(0)] HaltId),
    /// A lot was annulled: the contract that is cancelled.
    #[n(51)]
    Annulled(#[n(0)] ContractId),
    /// A person is forgotten; whoever keeps its key destroys it.
    #[n(70)]
    Forgotten(#[n(0)] UserId),
    /// An application was made, amended or refused.
    #[n(190)]
    Application(#[n(0)] ApplicationId),
    /// A firm was admitted.
    #[n(191)]
    Joined {
        /// The member that it is.
        #[n(0)]
        member: MemberId,
        /// Its first user.
        #[n(1)]
        user: UserId,
    },
    /// An applicant is forgotten; whoever keeps its key destroys it.
    #[n(192)]
    ApplicantForgotten(#[n(0)] ApplicationId),
    /// A file is kept.
    #[n(170)]
    File(#[n(0)] FileHash),
    /// A second person has agreed to a password that serves once.
    #[n(210)]
    PasswordReset(#[n(0)] UserId),
}
