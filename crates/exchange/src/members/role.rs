//! Roles, each only what the table gives it; none includes another.

use minicbor::{Decode, Encode};

use crate::command::Body;
use crate::files::Owner;

/// What a user is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Bids for a member.
    #[n(0)]
    Trader,
    /// Hands in announcements for a member, sees its funds, and manages its traders and managers.
    #[n(1)]
    Manager,
    /// Staff: approves and controls auctions.
    #[n(2)]
    Operator,
    /// Staff: money in and out.
    #[n(3)]
    Settlement,
    /// Staff: members, users, products and the venue profile.
    #[n(4)]
    Admin,
    /// Staff: reads auctions, members with their funds, and what waits for a second person; changes nothing but its own
    /// password. What is sealed is hidden from it too, until its end.
    #[n(5)]
    Auditor,
    /// A member's own system: what it may do its key says, by scopes.
    #[n(70)]
    Key,
}

/// The acts that a role may or may not do. Every command of a user is one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Only the node itself.
    Node,
    /// Everyone who is signed in, about oneself.
    Own,
    /// Bid.
    Bid,
    /// Hand in an announcement, and keep files for it.
    Announce,
    /// Approve, refuse and control auctions; halt and freeze.
    ControlAuctions,
    /// Deposits and withdrawals.
    MoveMoney,
    /// Members, applications, products and the venue profile.
    Administer,
    /// Users: an admin all of them, a manager the traders and managers of its own member.
    ManageUsers,
    /// Look at what is another's.
    Look,
    /// Keys of a member's own systems.
    ManageKeys,
    /// A trader's own limit, or those of a member's traders.
    SetLimits,
    /// Decide what waits for a second person: who may depends on what waits.
    Second,
}

impl Role {
    /// All roles of people, in the order of the table.
    pub const ALL: [Role; 6] =
        [Role::Trader, Role::Manager, Role::Operator, Role::Settlement, Role::Admin, Role::Auditor];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Trader => "trader",
            Role::Manager => "manager",
            Role::Operator => "operator",
            Role::Settlement => "settlement",
            Role::Admin => "admin",
            Role::Auditor => "auditor",
            Role::Key => "key",
        }
    }

    /// Whether a user of this role belongs to a member.
    #[must_use]
    pub const fn is_members(self) -> bool {
        matches!(self, Role::Trader | Role::Manager | Role::Key)
    }

    /// The one place that says who may do what; what a key may, its scopes say ([`super::Key::may`]).
    #[must_use]
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::Node => false,
            Act::Own => !matches!(self, Role::Key),
            Act::Bid => matches!(self, Role::Trader),
            Act::Announce => matches!(self, Role::Manager),
            Act::ControlAuctions => matches!(self, Role::Operator),
            Act::MoveMoney => matches!(self, Role::Settlement),
            Act::Administer => matches!(self, Role::Admin),
            Act::ManageUsers => matches!(self, Role::Admin | Role::Manager),
            Act::ManageKeys => matches!(self, Role::Manager),
            Act::SetLimits => matches!(self, Role::Trader | Role::Manager),
            Act::Look => !self.is_members(),
            Act::Second => matches!(self, Role::Operator | Role::Settlement | Role::Admin),
        }
    }
}

impl Body {
    /// Which act this is, for the table of roles.
    #[must_use]
    pub const fn act(&self) -> Act {
        match self {
            Body::Tick
            | Body::Outage
            | Body::OpenSession { .. }
            | Body::CloseSession { .. }
            | Body::SignIn { .. }
            | Body::CountFailures { .. }
            | Body::Apply { .. }
            | Body::Amend { .. }
            | Body::KeepFile { owner: Owner::Application(_), .. }
            | Body::DropFile { owner: Owner::Application(_), .. }
            | Body::RevealKey { .. } => Act::Node,
            Body::SetPassword { .. }
            | Body::BeginTotp { .. }
            | Body::ConfirmTotp { .. }
            | Body::RemoveTotp { .. }
            | Body::Follow { .. }
            | Body::ReadNotices { .. }
            | Body::SetNotices { .. }
            | Body::AddPasskey { .. }
            | Body::RemovePasskey { .. } => Act::Own,
            Body::Look { .. } => Act::Look,
            Body::AddKey { .. } | Body::RevokeKey { .. } => Act::ManageKeys,
            Body::SetLimit { .. } => Act::SetLimits,
            Body::Bid { .. } | Body::SealedBid { .. } => Act::Bid,
            Body::Submit(_)
            | Body::KeepFile { owner: Owner::Member(_), .. }
            | Body::DropFile { owner: Owner::Member(_), .. } => Act::Announce,
            Body::Reject { .. }
            | Body::Publish { .. }
            | Body::Suspend { .. }
            | Body::Resume { .. }
            | Body::Extend { .. }
            | Body::Cancel { .. }
            | Body::Halt { .. }
            | Body::LiftHalt { .. }
            | Body::FreezeMember { .. }
            | Body::UnfreezeMember { .. }
            | Body::Annul { .. } => Act::ControlAuctions,
            Body::Deposit(_) | Body::Withdraw(_) | Body::Correct { .. } => Act::MoveMoney,
            Body::SetProfile(_)
            | Body::ChangeProfile { .. }
            | Body::AdmitMember { .. }
            | Body::AskErasure { .. }
            | Body::AdmitApplicant { .. }
            | Body::RefuseApplicant { .. }
            | Body::AskForgetting { .. }
            | Body::AddProduct { .. }
            | Body::DescribeProduct { .. } => Act::Administer,
            Body::AddUser { .. }
            | Body::LockUser { .. }
            | Body::UnlockUser { .. }
            | Body::SetRole { .. }
            | Body::GiveLimit { .. } => Act::ManageUsers,
            Body::Approve { .. } | Body::Decline { .. } => Act::Second,
        }
    }
}
