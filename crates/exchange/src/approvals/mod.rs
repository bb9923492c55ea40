//! Acts that wait for a second person (四眼).

mod acts;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::command::Payment;
use crate::ledger::Paid;
use crate::members::Role;
use crate::profile::Profile;
use crate::units::{ApplicationId, ApprovalId, AuctionId, LotIndex, UserId};

/// What is asked; it is judged, and dated, at the approval.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Act {
    /// Cash in.
    #[n(0)]
    Deposit(#[n(0)] Payment),
    /// Cash out.
    #[n(1)]
    Withdraw(#[n(0)] Payment),
    /// A sold lot is annulled.
    #[n(50)]
    Annul {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// A deposit or withdrawal is corrected.
    #[n(51)]
    Correct {
        /// Which, as it was when it was asked.
        #[n(0)]
        payment: Paid,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// The venue's rules and limits change.
    #[n(52)]
    SetProfile(#[n(0)] Profile),
    /// A person is forgotten.
    #[n(70)]
    Erase(#[n(0)] UserId),
    /// Who applied in vain is forgotten.
    #[n(190)]
    ForgetApplicant(#[n(0)] ApplicationId),
    /// Somebody joins the staff. The first password is given with the agreement.
    #[n(210)]
    AddStaff {
        /// What it may do.
        #[n(0)]
        role: Role,
        /// Keyed hash of the login.
        #[n(1)]
        login_tag: ByteArray<16>,
        /// Login and name, encrypted under a key of this person that lies beside the log.
        #[n(2)]
        personal: ByteVec,
    },
    /// One of the staff has another role.
    #[n(211)]
    SetRole {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// What it may do from then on.
        #[n(1)]
        role: Role,
    },
    /// One of the staff gets a password that serves once. It is given with the agreement.
    #[n(212)]
    ResetPassword(#[n(0)] UserId),
    /// One of the staff has lost its second factor.
    #[n(213)]
    RemoveSecondFactor(#[n(0)] UserId),
    /// The venue's rules and limits change, from what they were when they were read.
    #[n(214)]
    ChangeProfile {
        /// As they shall be.
        #[n(0)]
        profile: Profile,
        /// As they were read: [`Profile::tag`].
        #[n(1)]
        base: ByteArray<16>,
    },
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Decision {
    /// Nobody has decided.
    #[n(0)]
    Waiting,
    /// The second person agreed and the act was done.
    #[n(1)]
    Done,
    /// It was let fall.
    #[n(2)]
    Declined,
}

impl Act {
    /// Whether who agrees gives somebody a password that serves once.
    #[must_use]
    pub const fn gives_password(&self) -> bool {
        matches!(self, Act::AddStaff { .. } | Act::ResetPassword(_))
    }
}

/// An act with who asked and who may decide.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Approval {
    /// Its number.
    #[n(0)]
    pub id: ApprovalId,
    /// Who asked.
    #[n(1)]
    pub by: UserId,
    /// The role of who asked; the second person has it too.
    #[n(2)]
    pub role: Role,
    /// What is asked.
    #[n(3)]
    pub act: Act,
    /// How it stands.
    #[n(4)]
    pub decision: Decision,
}
