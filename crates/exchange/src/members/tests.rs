//! Who manages whom, and what ends a session.

use minicbor::bytes::ByteArray;

use super::{Role, USERS_PER_MEMBER_MAX};
use crate::command::Body;
use crate::kit::Venue;
use crate::outcome::Answer;
use crate::units::{MemberId, UserId};

fn add(venue: &mut Venue, by: UserId, role: Role, member: Option<MemberId>) -> &'static str {
    let mut tag = [0xEE; 16];
    tag[..8].copy_from_slice(&(venue.exchange.members().users.len() as u64).to_le_bytes());
    let body = Body::AddUser {
        role,
        member,
        login_tag: ByteArray::from(tag),
        personal: vec![1],
        password_hash: "hash".to_owned(),
        single_use: true,
    };
    reason(venue.ask(by, body))
}

fn reason(outcome: Result<Answer, crate::Refusal>) -> &'static str {
    outcome.map_or_else(|refusal| refusal.reason(), |_| "done")
}

/// Protects the rule of who manages whom: admins all, managers their own firm's people and nobody else, others nobody.
#[test]
fn a_manager_manages_its_own_firm() {
    let mut venue = Venue::new();
    let (own, trader) = venue.firm("A", Role::Trader, "0");
    let (other, stranger) = venue.firm("B", Role::Trader, "0");
    let manager = venue.user(Role::Manager, Some(own));
    let admin = venue.user(Role::Admin, None);
    let operator = venue.user(Role::Operator, None);
    for (by, role, member, expected) in [
        (manager, Role::Trader, Some(own), "done"),
        (manager, Role::Manager, Some(own), "done"),
        (manager, Role::Trader, Some(other), "forbidden"),
        (manager, Role::Operator, None, "forbidden"),
        (manager, Role::Admin, Some(own), "forbidden"),
        (admin, Role::Trader, Some(other), "done"),
        (admin, Role::Operator, None, "done"),
        (admin, Role::Operator, Some(own), "role_mismatch"),
        (trader, Role::Trader, Some(own), "forbidden"),
        (operator, Role::Trader, Some(own), "forbidden"),
    ] {
        assert_eq!(add(&mut venue, by, role, member), expected, "{by:?} adds {role:?} to {member:?}");
    }
    let nobody = UserId(999);
    for (by, subject, expected) in [
        (manager, trader, "done"),
        (manager, stranger, "unknown_user"),
        (manager, operator, "unknown_user"),
        (manager, nobody, "unknown_user"),
        (admin, stranger, "done"),
        (admin, nobody, "unknown_user"),
        (operator, trader, "forbidden"),
    ] {
        assert_eq!(reason(venue.ask(by, Body::LockUser { user: subject })), expected, "{by:?} locks {subject:?}");
        assert_eq!(reason(venue.ask(by, Body::UnlockUser { user: subject })), expected, "{by:?} unlocks {subject:?}");
        let reset = Body::SetPassword { user: subject, password_hash: "new".to_owned(), keep: None };
        assert_eq!(reason(venue.ask(by, reset)), expected, "{by:?} resets {subject:?}");
    }
    let reset = |user| Body::SetPassword { user, password_hash: "new".to_owned(), keep: None };
    assert_eq!(reason(venue.ask(trader, reset(stranger))), "forbidden");
    assert!(venue.exchange.members().user(trader).unwrap().single_use, "a reset password serves once");
    assert_eq!(reason(venue.ask(trader, reset(trader))), "done");
    assert!(!venue.exchange.members().user(trader).unwrap().single_use);
}

/// Protects the tables from a manager who adds users without end.
#[test]
fn a_member_has_so_many_users() {
    let mut venue = Venue::new();
    let (own, manager) = venue.firm("A", Role::Manager, "0");
    for _ in 1..USERS_PER_MEMBER_MAX {
        venue.user(Role::Trader, Some(own));
    }
    assert_eq!(add(&mut venue, manager, Role::Trader, Some(own)), "limit_reached");
    let admin = venue.user(Role::Admin, None);
    assert_eq!(add(&mut venue, admin, Role::Trader, Some(own)), "done");
}
