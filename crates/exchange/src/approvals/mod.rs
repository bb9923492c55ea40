//! Acts that wait for a second person (四眼).

mod acts;

use minicbor::{Decode, Encode};

use crate::command::Payment;
use crate::members::Role;
use crate::units::{ApprovalId, UserId};

/// What is asked; it is judged, and dated, at the approval.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Act {
    /// Cash in.
    #[n(0)]
    Deposit(#[n(0)] Payment),
    /// Cash out.
    #[n(1)]
    Withdraw(#[n(0)] Payment),
    /// A person is forgotten.
    #[n(70)]
    Erase(#[n(0)] UserId),
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
