//! The audit trail: which events are acts that somebody answers for, and in which words.
//!
//! What the clock does and what members do in trading is not here: bids, announcements and their ends have tables of their own.

use exchange::approvals;
use exchange::command::{Payment, Sight};
use exchange::risk::HaltScope;
use exchange::units::{AuctionId, MemberId, UserId};
use exchange::{Cause, Change, Event, Happened, SecondChange};
use minicbor::bytes::ByteArray;

/// Every word for an act.
pub const ACTS: &[&str] = &[
    "signed_in",
    "sign_ins_failed",
    "looked_at_funds",
    "looked_at_users",
    "looked_at_audit",
    "looked_at_document",
    "looked_at_application",
    "profile_set",
    "member_admitted",
    "application_admitted",
    "application_refused",
    "applicant_forgotten",
    "user_added",
    "user_locked",
    "user_unlocked",
    "role_set",
    "password_set",
    "password_reset",
    "second_factor_set",
    "second_factor_removed",
    "recovery_code_used",
    "passkey_added",
    "passkey_removed",
    "passkey_used",
    "passkey_copied",
    "key_added",
    "key_revoked",
    "limit_set",
    "limit_given",
    "person_forgotten",
    "product_added",
    "product_described",
    "deposit",
    "withdrawal",
    "approval_asked",
    "approval_given",
    "approval_declined",
    "auction_rejected",
    "auction_published",
    "auction_suspended",
    "auction_resumed",
    "auction_extended",
    "auction_cancelled",
    "halted",
    "halt_lifted",
    "member_frozen",
    "member_unfrozen",
    "lot_annulled",
    "correction",
];

/// One row, but for its entry.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub user: Option<UserId>,
    pub act: &'static str,
    pub member: Option<MemberId>,
    pub auction: Option<AuctionId>,
    pub subject: Option<UserId>,
    pub detail: String,
}

/// The row of an event; `None`: nobody answers for it.
pub(crate) fn line(happened: &Happened) -> Option<Line> {
    // Signing in is an entry of the node itself, for somebody.
    match &happened.event {
        Event::SessionOpened { user, .. } | Event::SignedIn { user, .. } => {
            return Some(Line { user: Some(*user), act: "signed_in", ..Line::default() });
        }
        Event::SignInsFailed { user, count, since } => {
            let detail = format!("{count} since {since}");
            return Some(Line { user: *user, act: "sign_ins_failed", detail, ..Line::default() });
        }
        Event::SecondFactorSet { user, change: SecondChange::Recovered, .. } => {
            return Some(Line { user: Some(*user), act: "recovery_code_used", ..Line::default() });
        }
        Event::SecondFactorSet { user, change: SecondChange::PasskeyUsed, passkey, .. } => {
            let detail = passkey.as_ref().map(hex).unwrap_or_default();
            return Some(Line { user: Some(*user), act: "passkey_used", detail, ..Line::default() });
        }
        Event::PasskeyCopied { user, passkey, known, counter } => {
            let detail = format!("{}: counts {counter} after {known}", hex(passkey));
            return Some(Line { user: Some(*user), act: "passkey_copied", detail, ..Line::default() });
        }
        // Time did it, in whosever entry it passed.
        Event::RefusedForgotten { application } => {
            let detail = format!("{application}: refused long ago");
            return Some(Line { act: "applicant_forgotten", detail, ..Line::default() });
        }
        _ => {}
    }
    let by = happened.by?;
    let line = |act| Line { user: Some(by), act, ..Line::default() };
    let of_auction = |act, auction: &AuctionId, detail: &str| Line {
        auction: Some(*auction),
        detail: detail.to_owned(),
        ..line(act)
    };
    let of_user = |act, subject: &UserId| Line { subject: Some(*subject), ..line(act) };
    Some(match &happened.event {
        Event::Looked { sight, member, file, application } => {
            let act = match sight {
                Sight::Funds => "looked_at_funds",
                Sight::Users => "looked_at_users",
                Sight::Audit => "looked_at_audit",
                Sight::Document => "looked_at_document",
                Sight::Application => "looked_at_application",
            };
            let detail = match (file, application) {
                (Some(file), _) => hex(file),
                (None, Some(application)) => application.to_string(),
                (None, None) => String::new(),
            };
            Line { member: *member, detail, ..line(act) }
        }
        Event::ProfileSet(_) => line("profile_set"),
        Event::MemberAdmitted { member, code, .. } => {
            Line { member: Some(*member), detail: code.clone(), ..line("member_admitted") }
        }
        Event::UserAdded { user, role, member, .. } => {
            Line { member: *member, detail: role.word().to_owned(), ..of_user("user_added", user) }
        }
        Event::PasswordSet { user, single_use, .. } => {
            of_user(if *single_use { "password_reset" } else { "password_set" }, user)
        }
        Event::SecondFactorSet { user, change, passkey, .. } => {
            let detail = passkey.as_ref().map(hex).unwrap_or_default();
            let act = match change {
                SecondChange::Confirmed => "second_factor_set",
                SecondChange::Removed => "second_factor_removed",
                SecondChange::PasskeyAdded => "passkey_added",
                SecondChange::PasskeyRemoved => "passkey_removed",
                SecondChange::Begun | SecondChange::Used | SecondChange::Recovered | SecondChange::PasskeyUsed => {
                    return None;
                }
            };
            Line { detail, ..of_user(act, user) }
        }
        Event::KeyAdded { user, member, key, .. } => {
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.word()).collect();
            let detail = format!("{}: {} until {}", key.label, scopes.join(" "), key.expires);
            Line { member: Some(*member), detail, ..of_user("key_added", user) }
        }
        Event::PersonForgotten { user } => of_user("person_forgotten", user),
        Event::KeyRevoked { user } => of_user("key_revoked", user),
        Event::LimitSet { user, most } => {
            let detail = most.map(|most| most.to_string()).unwrap_or_default();
            Line { detail, ..of_user("limit_set", user) }
        }
        Event::ApplicationAdmitted { application, member, user } => {
            Line { member: Some(*member), detail: application.to_string(), ..of_user("application_admitted", user) }
        }
        Event::ApplicationRefused { application, reason } => {
            Line { detail: format!("{application}: {reason}"), ..line("application_refused") }
        }
        Event::ApplicantForgotten { application } => {
            Line { detail: application.to_string(), ..line("applicant_forgotten") }
        }
        Event::RoleSet { user, role } => Line { detail: role.word().to_owned(), ..of_user("role_set", user) },
        Event::LimitGiven { user, most } => {
            let detail = most.map(|most| most.to_string()).unwrap_or_default();
            Line { detail, ..of_user("limit_given", user) }
        }
        Event::UserLocked { user, locked } => of_user(if *locked { "user_locked" } else { "user_unlocked" }, user),
        Event::ProductAdded { code, .. } => Line { detail: code.clone(), ..line("product_added") },
        Event::ProductDescribed { product, name, .. } => {
            Line { detail: format!("{product}: {name}"), ..line("product_described") }
        }
        Event::Posted { from, to, amount, cause } => {
            let (act, member, reference) = match cause {
                Cause::Deposit(reference) => ("deposit", to.member(), reference),
                Cause::Withdrawal(reference) => ("withdrawal", from.member(), reference),
                Cause::Correction(of, reason) => {
                    let member = to.member().or(from.member());
                    return Some(Line { member, detail: format!("{amount} of {of}: {reason}"), ..line("correction") });
                }
                _ => return None,
            };
            Line { member, detail: format!("{amount} {reference}"), ..line(act) }
        }
        Event::ApprovalAsked { approval, act, .. } => {
            let Line { act: word, member, subject, detail, .. } = asked(act);
            let detail = format!("{approval}: {word} {detail}").trim_end().to_owned();
            Line { member, subject, detail, ..line("approval_asked") }
        }
        Event::ApprovalDecided { approval, done, .. } => {
            let act = if *done { "approval_given" } else { "approval_declined" };
            Line { detail: approval.to_string(), ..line(act) }
        }
        Event::Halted { halt, scope, reason } => {
            Line { detail: format!("{halt}: {} {reason}", scope_text(scope)), ..line("halted") }
        }
        Event::HaltLifted { halt, reason } => Line { detail: format!("{halt}: {reason}"), ..line("halt_lifted") },
        Event::MemberFrozen { member, frozen, reason } => {
            let act = if *frozen { "member_frozen" } else { "member_unfrozen" };
            Line { member: Some(*member), detail: reason.clone(), ..line(act) }
        }
        Event::LotAnnulled { auction, lot, contract, reason } => {
            of_auction("lot_annulled", auction, &format!("lot {} contract {contract}: {reason}", lot.0 + 1))
        }
        Event::AuctionRejected { auction, reason } => of_auction("auction_rejected", auction, reason),
        Event::AuctionChanged { auction, change, reason, .. } => {
            let act = match change {
                Change::Published => return Some(of_auction("auction_published", auction, "")),
                Change::Suspended => "auction_suspended",
                Change::Resumed => "auction_resumed",
                Change::Extended => "auction_extended",
                Change::Cancelled => "auction_cancelled",
                // The clock's, in whosever entry it came to pass.
                Change::Opened | Change::Outage | Change::Closed => return None,
                // A halt is one act, however many auctions it concerns.
                Change::Halted | Change::Lifted => return None,
            };
            of_auction(act, auction, reason)
        }
        Event::Stamped { .. }
        | Event::SessionOpened { .. }
        | Event::SignedIn { .. }
        | Event::SignInsFailed { .. }
        | Event::PasskeyCopied { .. }
        | Event::SessionClosed { .. }
        | Event::AuctionSubmitted { .. }
        | Event::LotChanged { .. }
        | Event::BidAccepted { .. }
        | Event::BidRefused { .. }
        | Event::SealedBidPlaced { .. }
        | Event::SealedBidOpened { .. }
        | Event::Awarded { .. }
        | Event::Followed { .. }
        | Event::RefusedForgotten { .. }
        | Event::NoticesRead { .. }
        | Event::NoticesSet { .. }
        | Event::LotEndsSoon { .. }
        | Event::Applied { .. }
        | Event::ApplicationAmended { .. }
        | Event::FileKept { .. }
        | Event::FileDropped { .. }
        | Event::KeyRevealed { .. } => return None,
    })
}

/// A passkey or a file as the API names it.
fn hex<const N: usize>(tag: &ByteArray<N>) -> String {
    tag.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What waits for a second person, in the words of the API.
fn asked(act: &approvals::Act) -> Line {
    let payment = |act, payment: &Payment| Line {
        act,
        member: Some(payment.member),
        detail: format!("{} {}", payment.amount, payment.reference),
        ..Line::default()
    };
    match act {
        approvals::Act::Deposit(asked) => payment("deposit", asked),
        approvals::Act::Withdraw(asked) => payment("withdrawal", asked),
        approvals::Act::Annul { auction, lot, reason } => Line {
            act: "annulment",
            auction: Some(*auction),
            detail: format!("lot {}: {reason}", lot.0 + 1),
            ..Line::default()
        },
        approvals::Act::Correct { payment, reason } => Line {
            act: "correction",
            member: Some(payment.member),
            detail: format!("{} of {}: {reason}", payment.amount, payment.sequence),
            ..Line::default()
        },
        approvals::Act::SetProfile(_) | approvals::Act::ChangeProfile { .. } => {
            Line { act: "profile", ..Line::default() }
        }
        approvals::Act::Erase(user) => Line { act: "erasure", subject: Some(*user), ..Line::default() },
        approvals::Act::ForgetApplicant(application) => {
            Line { act: "applicant_erasure", detail: application.to_string(), ..Line::default() }
        }
        approvals::Act::AddStaff { role, .. } => {
            Line { act: "staff_addition", detail: role.word().to_owned(), ..Line::default() }
        }
        approvals::Act::SetRole { user, role } => {
            Line { act: "staff_role", subject: Some(*user), detail: role.word().to_owned(), ..Line::default() }
        }
        approvals::Act::ResetPassword(user) => Line { act: "password_reset", subject: Some(*user), ..Line::default() },
        approvals::Act::RemoveSecondFactor(user) => {
            Line { act: "second_factor_removal", subject: Some(*user), ..Line::default() }
        }
    }
}

/// What a halt concerns, in words.
fn scope_text(scope: &HaltScope) -> String {
    let (kind, subject) = crate::scribe::scope_words(scope);
    subject.map_or_else(|| kind.to_owned(), |subject| format!("{kind} {subject}"))
}
