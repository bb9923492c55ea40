//! Who manages whom, and what ends a session.

use minicbor::bytes::ByteArray;

use super::{
    FOLLOWED_MAX, KEYS_PER_MEMBER_MAX, PASSKEYS_MAX, Role, Scope, USERS_PER_MEMBER_MAX, passkey_tag, secret_tag,
};
use crate::command::{Body, Proof};
use crate::kit::{Venue, price, s, terms, yuan};
use crate::outcome::Answer;
use crate::units::{AuctionId, Instant, MemberId, Sequence, Span, UserId};

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

/// Protects second factors: a code of a step that has served, or lies before it, is no proof, a recovery code serves once, staff
/// never are without, and who manages a user helps it.
#[test]
fn a_second_factor_serves_once() {
    let mut venue = Venue::new();
    let (member, trader) = venue.firm("A", Role::Trader, "0");
    let manager = venue.user(Role::Manager, Some(member));
    let operator = venue.user(Role::Operator, None);
    let sign_in = |venue: &mut Venue, user: UserId, token: u8, proof: Option<Proof>| {
        reason(venue.system(Body::SignIn {
            user,
            token_hash: [token; 32].into(),
            lasts: Span::from_seconds(60),
            checked: super::password_tag("hash"),
            proof,
        }))
    };
    for user in [trader, operator] {
        assert_eq!(sign_in(&mut venue, user, user.0 as u8, None), "done");
        let sealed = vec![user.0 as u8; 61];
        let confirm = |checked| Body::ConfirmTotp { user, checked, step: 10, recovery: vec![[9; 32].into()] };
        assert_eq!(reason(venue.ask(user, confirm(secret_tag(&sealed)))), "not_begun");
        assert_eq!(reason(venue.ask(manager, Body::BeginTotp { user, sealed: sealed.clone() })), "forbidden");
        assert_eq!(reason(venue.ask(user, Body::BeginTotp { user, sealed: sealed.clone() })), "done");
        assert_eq!(sign_in(&mut venue, user, 40 + user.0 as u8, None), "done", "not confirmed yet");
        assert_eq!(reason(venue.ask(user, confirm(secret_tag(b"another")))), "not_begun");
        assert_eq!(reason(venue.ask(user, confirm(secret_tag(&sealed)))), "done");
        let recovery = |byte: u8| Some(Proof::Recovery([byte; 32].into()));
        for (token, proof, expected) in [
            (100, None, "second_factor_required"),
            (100, Some(Proof::Code(10)), "bad_credentials"),
            (100, Some(Proof::Code(11)), "done"),
            (101, Some(Proof::Code(11)), "bad_credentials"),
            (101, Some(Proof::Code(9)), "bad_credentials"),
            (101, recovery(8), "bad_credentials"),
            (101, recovery(9), "done"),
            (102, recovery(9), "bad_credentials"),
            (102, Some(Proof::Code(12)), "done"),
        ] {
            assert_eq!(sign_in(&mut venue, user, token + 10 * user.0 as u8, proof), expected);
        }
    }
    let remove = |user, proof| Body::RemoveTotp { user, proof };
    assert_eq!(reason(venue.ask(operator, remove(operator, Some(Proof::Code(99))))), "second_factor_needed");
    assert_eq!(reason(venue.ask(trader, remove(trader, None))), "second_factor_required");
    assert_eq!(reason(venue.ask(trader, remove(operator, None))), "forbidden");
    assert_eq!(reason(venue.ask(manager, remove(operator, None))), "unknown_user");
    assert_eq!(reason(venue.ask(manager, remove(trader, None))), "done");
    assert!(venue.exchange.members().user(trader).unwrap().sessions.is_empty(), "who lost a device is signed out");
    assert_eq!(reason(venue.ask(manager, remove(trader, None))), "unchanged");
}

/// Protects passkeys: each challenge serves once and none before it, a counter that does not go on is told, and who shows a code
/// that it does not have shows nothing.
#[test]
fn a_passkey_serves_once_for_each_challenge() {
    let mut venue = Venue::new();
    let (_, trader) = venue.firm("A", Role::Trader, "0");
    let operator = venue.user(Role::Operator, None);
    let mut token = 0_u8;
    let mut sign_in = |venue: &mut Venue, user: UserId, proof: Option<Proof>| {
        token += 1;
        reason(venue.system(Body::SignIn {
            user,
            token_hash: [token; 32].into(),
            lasts: Span::from_seconds(60),
            checked: super::password_tag("hash"),
            proof,
        }))
    };
    let shown = |credential: &[u8], counter, challenged| {
        Some(Proof::Passkey { passkey: passkey_tag(credential), counter, challenged: s(challenged) })
    };
    assert_eq!(reason(venue.ask(trader, passkey(trader, b"counts", 10, None))), "done");
    assert_eq!(reason(venue.ask(operator, passkey(operator, b"stands", 10, None))), "done");
    for (user, proof, expected) in [
        (trader, None, "second_factor_required"),
        (trader, Some(Proof::Code(99)), "bad_credentials"),
        (trader, shown(b"stands", 2, 11), "bad_credentials"),
        (trader, shown(b"counts", 2, 10), "bad_credentials"),
        (trader, shown(b"counts", 2, 11), "done"),
        (trader, shown(b"counts", 3, 11), "bad_credentials"),
        (trader, shown(b"counts", 2, 12), "passkey_copied"),
        (trader, shown(b"counts", 1, 12), "passkey_copied"),
        (trader, shown(b"counts", 0, 12), "passkey_copied"),
        (trader, shown(b"counts", 3, 12), "done"),
        (trader, Some(Proof::Recovery([9; 32].into())), "done"),
        (trader, Some(Proof::Recovery([9; 32].into())), "bad_credentials"),
        (operator, None, "second_factor_required"),
    ] {
        assert_eq!(sign_in(&mut venue, user, proof.clone()), expected, "{proof:?}");
    }
    let second = venue.exchange.members().user(trader).unwrap().second.clone().unwrap();
    assert_eq!((second.passkeys()[0].counter, second.challenged), (3, Some(s(12))));
    assert!(second.passkeys()[0].used.is_some());

    // One that never counts says 0 always, and is no copy for it.
    let (_, other) = venue.firm("B", Role::Trader, "0");
    let body = |challenged| match passkey(other, b"never", challenged, None) {
        Body::AddPasskey { user, credential, public_key, name, challenged, proof, recovery, .. } => {
            Body::AddPasskey { user, credential, public_key, counter: 0, name, challenged, proof, recovery }
        }
        _ => unreachable!("made above"),
    };
    assert_eq!(reason(venue.ask(other, body(1))), "done");
    assert_eq!(sign_in(&mut venue, other, shown(b"never", 0, 2)), "done");
    assert_eq!(sign_in(&mut venue, other, shown(b"never", 0, 2)), "bad_credentials");
    assert_eq!(sign_in(&mut venue, other, shown(b"never", 0, 3)), "done");
}

fn passkey(user: UserId, credential: &[u8], challenged: i64, proof: Option<Proof>) -> Body {
    Body::AddPasskey {
        user,
        credential: credential.to_vec().into(),
        public_key: vec![1; 77].into(),
        counter: 1,
        name: vec![2; 9].into(),
        challenged: s(challenged),
        proof,
        recovery: vec![[9; 32].into()],
    }
}

/// Protects who adds and removes passkeys: oneself, with what already serves; staff keep one second factor at least; and who
/// manages a user that has lost them removes them all.
#[test]
fn a_passkey_is_added_and_removed_by_its_user() {
    let mut venue = Venue::new();
    let (member, trader) = venue.firm("A", Role::Trader, "0");
    let manager = venue.user(Role::Manager, Some(member));
    let operator = venue.user(Role::Operator, None);
    let shown = |credential: &[u8], challenged| {
        Some(Proof::Passkey {
            passkey: passkey_tag(credential),
            counter: 5 + challenged as u32,
            challenged: s(challenged),
        })
    };
    let remove = |user, credential: &[u8], proof| Body::RemovePasskey { user, passkey: passkey_tag(credential), proof };
    let totp = |user, proof| Body::RemoveTotp { user, proof };
    for user in [trader, operator] {
        let staff = user == operator;
        let name = |n: u8| vec![user.0 as u8, n];
        let mut ask = |body| reason(venue.ask(user, body));
        assert_eq!(ask(passkey(user, &name(1), 1, None)), "done");
        assert_eq!(ask(passkey(user, &name(1), 2, shown(&name(1), 1))), "bad_credentials", "the challenge has served");
        assert_eq!(ask(passkey(user, &name(2), 2, None)), "second_factor_required");
        assert_eq!(ask(passkey(user, &name(2), 2, shown(&name(1), 2))), "bad_credentials", "one challenge for two");
        assert_eq!(ask(passkey(user, &name(1), 3, shown(&name(1), 2))), "taken");
        assert_eq!(ask(passkey(user, &name(2), 3, shown(&name(1), 2))), "done");
        assert_eq!(ask(remove(user, &name(9), shown(&name(1), 4))), "unknown_passkey");
        assert_eq!(ask(remove(user, &name(1), None)), "second_factor_required");
        assert_eq!(ask(remove(user, &name(1), shown(&name(1), 4))), "done");
        let last = remove(user, &name(2), shown(&name(2), 5));
        assert_eq!(ask(totp(user, shown(&name(2), 5))), "unchanged", "there is no code");
        if staff {
            assert_eq!(ask(last.clone()), "second_factor_needed");
        }
        let sealed = vec![user.0 as u8; 61];
        let confirm = Body::ConfirmTotp { user, checked: secret_tag(&sealed), step: 10, recovery: Vec::new() };
        assert_eq!(ask(Body::BeginTotp { user, sealed }), "done");
        assert_eq!(ask(confirm), "done");
        assert_eq!(ask(totp(user, Some(Proof::Code(11)))), "done", "the passkey is left");
        assert_eq!(ask(totp(user, Some(Proof::Code(12)))), "unchanged");
        assert_eq!(ask(last), if staff { "second_factor_needed" } else { "done" });
        let left = venue.exchange.members().user(user).unwrap().second.is_some();
        assert_eq!(left, staff);
    }
    assert_eq!(reason(venue.ask(manager, passkey(trader, b"x", 9, None))), "forbidden");
    for at in 0..PASSKEYS_MAX {
        let proof = (at > 0).then(|| shown(&[at as u8 - 1], 20 + 2 * at as i64)).flatten();
        assert_eq!(reason(venue.ask(trader, passkey(trader, &[at as u8], 21 + 2 * at as i64, proof))), "done");
    }
    assert_eq!(reason(venue.ask(trader, passkey(trader, b"more", 90, shown(&[0], 80)))), "limit_reached");
    let other = venue.user(Role::Manager, Some(member));
    assert_eq!(reason(venue.ask(other, passkey(other, &[3], 90, None))), "taken", "it is another user's");
    for empty in 0..3 {
        let Body::AddPasskey { user, mut credential, mut public_key, counter, mut name, challenged, proof, recovery } =
            passkey(other, b"y", 90, None)
        else {
            unreachable!("made so")
        };
        [&mut credential, &mut public_key, &mut name][empty].clear();
        let body = Body::AddPasskey { user, credential, public_key, counter, name, challenged, proof, recovery };
        assert_eq!(reason(venue.ask(other, body)), "invalid_text");
    }
    assert_eq!(reason(venue.ask(manager, totp(trader, None))), "done");
    let user = venue.exchange.members().user(trader).unwrap();
    assert!(user.second.is_none() && user.sessions.is_empty());
}

/// Protects keys: made by managers for their own firm, each scope for itself and nothing beside, within limits, and dead once
/// revoked or expired.
#[test]
fn a_key_may_what_its_scopes_say() {
    let mut venue = Venue::new();
    let (seller, _) = venue.firm("S", Role::Trader, "90000000.00");
    let (member, trader) = venue.firm("A", Role::Trader, "90000000.00");
    let (_, stranger) = venue.firm("B", Role::Manager, "0");
    let manager = venue.user(Role::Manager, Some(member));
    let auction = venue.publish(terms(seller, 1));
    venue.tick(s(200));
    let add = |scopes: &[Scope], token: u8, expires: Instant| Body::AddKey {
        label: "ERP".to_owned(),
        token_hash: [token; 32].into(),
        scopes: scopes.to_vec(),
        expires,
    };
    let later = s(1_000);
    assert_eq!(reason(venue.ask(trader, add(&[Scope::Read], 1, later))), "forbidden");
    for (scopes, expires) in [
        (&[][..], later),
        (&[Scope::Bid, Scope::Bid][..], later),
        (&[Scope::Bid][..], s(200)),
        (&[Scope::Bid][..], s(200 + 367 * 24 * 3600)),
    ] {
        assert_eq!(reason(venue.ask(manager, add(scopes, 1, expires))), "invalid_text");
    }
    let key = |venue: &mut Venue, scopes: &[Scope], token| match venue.ask(manager, add(scopes, token, later)) {
        Ok(Answer::User(key)) => key,
        other => panic!("{other:?}"),
    };
    let (reads, bids, announces) =
        (key(&mut venue, &[Scope::Read], 1), key(&mut venue, &[Scope::Bid], 2), key(&mut venue, &[Scope::Publish], 3));
    assert_eq!(reason(venue.ask(manager, add(&[Scope::Read], 3, later))), "taken");
    for (who, may_bid, may_announce) in [(reads, false, false), (bids, true, false), (announces, false, true)] {
        let expected = |may| if may { "done" } else { "forbidden" };
        assert_eq!(reason(venue.bid(who, auction, 0, price(565_000))), expected(may_bid));
        let mut own = terms(member, 1);
        (own.opens, own.closes) = (s(5_000), s(6_000));
        assert_eq!(reason(venue.ask(who, Body::Submit(own))), expected(may_announce));
        for body in [
            Body::SetPassword { user: who, password_hash: "x".to_owned(), keep: None },
            Body::BeginTotp { user: who, sealed: vec![1] },
            add(&[Scope::Read], 9, later),
            Body::LockUser { user: trader },
        ] {
            assert_eq!(reason(venue.ask(who, body)), "forbidden");
        }
    }
    let revoke = |key| Body::RevokeKey { key };
    assert_eq!(reason(venue.ask(stranger, revoke(bids))), "unknown_key");
    assert_eq!(reason(venue.ask(manager, revoke(trader))), "unknown_key");
    assert_eq!(reason(venue.ask(manager, revoke(bids))), "done");
    assert_eq!(reason(venue.ask(manager, revoke(bids))), "unchanged");
    assert_eq!(reason(venue.bid(bids, auction, 0, price(566_000))), "not_signed_in");
    for token in 10..(10 + KEYS_PER_MEMBER_MAX as u8 - 2) {
        key(&mut venue, &[Scope::Read], token);
    }
    assert_eq!(reason(venue.ask(manager, add(&[Scope::Read], 99, later))), "limit_reached");
    venue.tick(later);
    assert!(venue.exchange.members().sessions.iter().flatten().next().is_none(), "all have expired");
    assert_eq!(reason(venue.ask(manager, revoke(reads))), "unchanged");
    assert_eq!(reason(venue.ask(manager, add(&[Scope::Read], 99, s(2_000)))), "done", "there is room again");
}

/// Protects who sets a trader's limit: itself, and the managers of its member.
#[test]
fn limits_are_set_by_the_trader_or_its_manager() {
    let mut venue = Venue::new();
    let (member, trader) = venue.firm("A", Role::Trader, "0");
    let manager = venue.user(Role::Manager, Some(member));
    let (_, stranger) = venue.firm("B", Role::Manager, "0");
    let (_, other) = venue.firm("C", Role::Trader, "0");
    let operator = venue.user(Role::Operator, None);
    let set = |user, most: &str| Body::SetLimit { user, most: Some(yuan(most)) };
    for (by, subject, most, expected) in [
        (trader, trader, "1000.00", "done"),
        (manager, trader, "2000.00", "done"),
        (manager, manager, "1.00", "unknown_user"),
        (stranger, trader, "1.00", "unknown_user"),
        (other, trader, "1.00", "forbidden"),
        (operator, trader, "1.00", "forbidden"),
        (trader, trader, "0.00", "invalid_amount"),
    ] {
        assert_eq!(reason(venue.ask(by, set(subject, most))), expected, "{by:?} for {subject:?}");
    }
    assert_eq!(venue.exchange.members().user(trader).unwrap().limit, Some(yuan("2000.00")));
    venue.ask(trader, Body::SetLimit { user: trader, most: None }).unwrap();
    assert_eq!(venue.exchange.members().user(trader).unwrap().limit, None);
}

/// Protects erasure: two admins, neither of whom it is about, and whoever is forgotten stays so.
#[test]
fn two_admins_forget_a_person() {
    let mut venue = Venue::new();
    let (member, trader) = venue.firm("A", Role::Trader, "0");
    let manager = venue.user(Role::Manager, Some(member));
    let admins = [venue.user(Role::Admin, None), venue.user(Role::Admin, None), venue.user(Role::Admin, None)];
    let ask = |user| Body::AskErasure { user };
    let pending = |venue: &mut Venue, user| match venue.ask(admins[0], ask(user)) {
        Ok(Answer::Pending(approval)) => Body::Approve { approval, password_hash: None },
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(venue.ask(manager, ask(trader))), "forbidden");
    assert_eq!(reason(venue.system(ask(trader))), "forbidden");
    assert_eq!(reason(venue.ask(admins[0], ask(UserId(999)))), "unknown_user");
    let key = Body::AddKey {
        label: "ERP".to_owned(),
        token_hash: [1; 32].into(),
        scopes: vec![Scope::Read],
        expires: s(1_000),
    };
    let Ok(Answer::User(key)) = venue.ask(manager, key) else { panic!("no key") };
    assert_eq!(reason(venue.ask(admins[0], ask(key))), "unknown_user", "a key is no person");

    let (first, second) = (pending(&mut venue, trader), pending(&mut venue, trader));
    let of_admin = pending(&mut venue, admins[1]);
    assert_eq!(reason(venue.ask(admins[0], first.clone())), "same_person");
    assert_eq!(reason(venue.ask(admins[1], of_admin.clone())), "same_person", "whom it is about");
    assert_eq!(reason(venue.ask(admins[2], of_admin)), "done");
    assert_eq!(reason(venue.ask(admins[1], first.clone())), "not_signed_in", "it is forgotten itself");
    assert_eq!(venue.ask(admins[2], first), Ok(Answer::Forgotten(trader)));
    assert_eq!(reason(venue.ask(admins[2], second)), "forgotten");
    let user = venue.exchange.members().user(trader).unwrap();
    assert!(user.locked && user.password_hash.is_empty() && user.sessions.is_empty());
    for body in [
        Body::UnlockUser { user: trader },
        Body::LockUser { user: trader },
        Body::SetPassword { user: trader, password_hash: "new".to_owned(), keep: None },
        ask(trader),
    ] {
        assert_eq!(reason(venue.ask(admins[2], body)), "forgotten");
    }
    let open =
        Body::OpenSession { user: trader, token_hash: [3; 32].into(), lasts: Span::from_seconds(9), checked: None };
    assert_eq!(reason(venue.system(open)), "not_signed_in");
}

/// Protects what a user decides about its notices: what was read stays read, settings are replaced only as they were read, and
/// both are its own; nothing is kept of a person who is forgotten.
#[test]
fn notices_are_ones_own() {
    let mut venue = Venue::new();
    let (_, user) = venue.firm("A", Role::Trader, "0");
    let (_, other) = venue.firm("B", Role::Trader, "0");
    let (admin, second) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
    let read = |venue: &Venue| venue.exchange.members().user(user).unwrap().notices_read.map(|read| read.0);
    for (up_to, expected, after) in [(4, "done", 4), (2, "done", 4), (5, "done", 5), (9_999, "invalid_text", 5)] {
        assert_eq!(reason(venue.ask(user, Body::ReadNotices { up_to: Sequence(up_to) })), expected, "{up_to}");
        assert_eq!(read(&venue), Some(after));
    }
    // The entry itself is not read yet.
    let own = venue.exchange.sequence().0 + 1;
    assert_eq!(reason(venue.ask(user, Body::ReadNotices { up_to: Sequence(own) })), "invalid_text");

    let set = |before: Option<&[u8]>, sealed: &[u8]| Body::SetNotices {
        user,
        before: before.map(secret_tag),
        sealed: sealed.to_vec(),
    };
    let long = vec![0; super::NOTICES_SEALED_MAX + 1];
    for (by, body, expected) in [
        (user, set(None, &[1; 40]), "done"),
        (user, set(None, &[2; 40]), "changed_meanwhile"),
        (user, set(Some(&[2; 40]), &[3; 40]), "changed_meanwhile"),
        (user, set(Some(&[1; 40]), &[3; 40]), "done"),
        (other, set(Some(&[3; 40]), &[4; 40]), "forbidden"),
        (user, set(Some(&[3; 40]), &[]), "invalid_text"),
        (user, set(Some(&[3; 40]), &long), "invalid_text"),
    ] {
        assert_eq!(reason(venue.ask(by, body)), expected);
    }
    venue.system(set(Some(&[3; 40]), &[5; 40])).unwrap();
    let Ok(Answer::Pending(approval)) = venue.ask(admin, Body::AskErasure { user }) else { panic!("asked") };
    venue.ask(second, Body::Approve { approval, password_hash: None }).unwrap();
    assert_eq!(venue.exchange.members().user(user).unwrap().notices, None);
    assert_eq!(reason(venue.system(set(None, &[6; 40]))), "forgotten");
}

/// Protects following: each user its own, in its order and once; what is not there is refused; at the limit what is over makes
/// room, the oldest first, and what is not does not; nothing is kept of a person who is forgotten.
#[test]
fn announcements_are_followed() {
    let mut venue = Venue::new();
    let (initiator, user) = venue.firm("A", Role::Manager, "1000000000");
    let (_, other) = venue.firm("B", Role::Trader, "0");
    let all: Vec<AuctionId> = (0..=FOLLOWED_MAX).map(|_| venue.publish(terms(initiator, 1))).collect();
    let ids = |numbers: &[usize]| numbers.iter().map(|number| all[*number]).collect::<Vec<_>>();
    let followed = |venue: &Venue, user| venue.exchange.members().user(user).unwrap().followed.clone();
    for (add, remove, after) in
        [(&[2, 0, 2][..], &[][..], &[2, 0][..]), (&[1], &[2], &[0, 1]), (&[1], &[1], &[0, 1]), (&[], &[7], &[0, 1])]
    {
        let body = Body::Follow { add: ids(add), remove: ids(remove) };
        assert_eq!(reason(venue.ask(user, body)), "done");
        assert_eq!(followed(&venue, user), Some(ids(after)));
    }
    assert_eq!(followed(&venue, other), None);
    let unknown = AuctionId(FOLLOWED_MAX as u32 + 2);
    let before = venue.exchange.digest();
    let add = Body::Follow { add: vec![all[5], unknown], remove: ids(&[0]) };
    assert_eq!(reason(venue.ask(user, add)), "unknown_auction");
    assert_eq!(followed(&venue, user), Some(ids(&[0, 1])));

    let most: Vec<usize> = (0..FOLLOWED_MAX).collect();
    assert_eq!(reason(venue.ask(user, Body::Follow { add: ids(&most), remove: Vec::new() })), "done");
    let one_more = || Body::Follow { add: ids(&[FOLLOWED_MAX]), remove: Vec::new() };
    assert_eq!(reason(venue.ask(user, one_more())), "limit_reached");
    for over in [3, 1] {
        venue.system(Body::Cancel { auction: all[over], reason: "an error".to_owned() }).unwrap();
    }
    assert_eq!(reason(venue.ask(user, one_more())), "done");
    let kept = (0..=FOLLOWED_MAX).filter(|number| *number != 1).collect::<Vec<_>>();
    assert_eq!(followed(&venue, user), Some(ids(&kept)));
    assert_eq!(reason(venue.ask(user, Body::Follow { add: Vec::new(), remove: all.clone() })), "limit_reached");
    assert_eq!(reason(venue.ask(user, Body::Follow { add: Vec::new(), remove: ids(&kept) })), "done");
    assert_eq!(followed(&venue, user), None);
    assert_ne!(venue.exchange.digest(), before, "what was done is in the log's state");

    venue.ask(user, Body::Follow { add: ids(&[4]), remove: Vec::new() }).unwrap();
    let (admin, second) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
    let Ok(Answer::Pending(approval)) = venue.ask(admin, Body::AskErasure { user }) else { panic!("asked") };
    venue.ask(second, Body::Approve { approval, password_hash: None }).unwrap();
    assert_eq!(followed(&venue, user), None);
}
