//! Readers that do not belong, are full, lag behind, or bring back what was destroyed: the cluster and the other readers take
//! no harm, and each says what is wrong.

use std::path::Path;

use exchange::members::Role;
use exchange::units::{ApprovalId, UserId};
use exchange::{Body, Command, Principal};
use ordering::sim::SimNetwork;
use ordering::{Health, Node, PersonalData, reader_number};

use super::kit::{Machine, SECRETS, admit, all_agree, reader, soon, surely, three, until};

/// Protects sealed bids from a reader that would open them to something else: one whose sealing secret differs is given
/// nothing, and a node counts the refusal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_with_another_sealing_secret_is_given_nothing() {
    let network = SimNetwork::default();
    let (machines, nodes) = three(&network).await;
    let machine = Machine::new(&network, reader_number(1), &[2]);
    machine.prepare_from(&machines[0]);
    machine.disk.corrupt(&Path::new(SECRETS).join("sealing.key"), |bytes| {
        // The secret comes last; the checksum is over the head before it and the body.
        *bytes.last_mut().unwrap() ^= 1;
        let crc = crc32c::crc32c_append(crc32c::crc32c(&bytes[..16]), &bytes[24..]);
        bytes[16..20].copy_from_slice(&crc.to_le_bytes());
    });
    let before = nodes[1].metrics().peers_refused;
    let node = machine.start().await;
    until(|| nodes[1].metrics().peers_refused > before).await;
    assert!(node.sequence().0 == 0 && node.is_cut_off());
    surely(&nodes[0], admit(500)).await;
    all_agree(&[&nodes[0], &nodes[1], &nodes[2]]).await;
}

/// Protects the tree from a reader whose disk is full: it stops and says that it is old, its source and whoever follows the
/// source do not notice, whoever follows it takes another, and with room it goes on where it stood.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_whose_disk_is_full_stops_alone() {
    let network = SimNetwork::default();
    let (machines, nodes) = three(&network).await;
    let (full_machine, full) = reader(&network, &machines[0], 1, &[2]).await;
    let (_behind_machine, behind) = reader(&network, &machines[0], 2, &[reader_number(1), 3]).await;
    let (_beside_machine, beside) = reader(&network, &machines[0], 3, &[2]).await;
    full_machine.disk.set_room(Some(0));
    let mut number = 600;
    while !matches!(full.health(), Health::Failed(_)) {
        surely(&nodes[0], admit(number)).await;
        number += 1;
        assert!(number < 10_000, "a full disk is found out");
    }
    until(|| full.is_cut_off()).await;
    surely(&beside, admit(number)).await;
    all_agree(&[&nodes[0], &nodes[1], &behind, &beside]).await;
    assert!(behind.metrics().reader_switches == 1 && !behind.is_cut_off());
    let refused = full.submit(admit(number + 1)).await;
    assert!(refused.is_err(), "{refused:?}");
    full_machine.kill(full);
    full_machine.disk.set_room(None);
    let full = full_machine.start().await;
    soon(full.caught_up()).await.unwrap();
    all_agree(&[&nodes[0], &full]).await;
}

/// Protects who was forgotten: a reader that was away when the key was destroyed destroys it when it comes back, and one that
/// is made with a copy of the secrets from before does so too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_persons_key_ends_on_every_reader() {
    let network = SimNetwork::default();
    let (machines, nodes) = three(&network).await;
    let (away_machine, away) = reader(&network, &machines[0], 1, &[2]).await;
    let (_there_machine, there) = reader(&network, &machines[0], 2, &[reader_number(1), 2]).await;
    let mut forgotten = Vec::new();
    for (number, role) in [Role::Admin, Role::Admin, Role::Operator].into_iter().enumerate() {
        let login = format!("user.{number}");
        let person = PersonalData { login: login.clone(), name: "王芳".to_owned() };
        forgotten = nodes[0].encrypt_person(person).await.unwrap();
        let body = Body::AddUser {
            role,
            member: None,
            login_tag: nodes[0].vault().login_tag(&login).into(),
            personal: forgotten.clone(),
            password_hash: "x".to_owned(),
            single_use: false,
        };
        surely(&nodes[0], Command::system(body)).await.outcome.unwrap();
    }
    let has = |node: &Node| node.vault().decrypt_person(&forgotten).is_some();
    until(|| has(&away) && has(&there)).await;
    away.stop().await;
    // Its secrets are copied before, and used after.
    let late_machine = Machine::new(&network, reader_number(3), &[2]);
    late_machine.prepare_from(&machines[0]);

    let by = |user, body| Command { principal: Principal::User(UserId(user)), request: None, body };
    surely(&nodes[0], by(1, Body::AskErasure { user: UserId(3) })).await.outcome.unwrap();
    let agreed = by(2, Body::Approve { approval: ApprovalId(1), password_hash: None });
    surely(&nodes[0], agreed).await.outcome.unwrap();
    assert!(nodes[0].forget_person(forgotten.clone()).await.unwrap());
    until(|| !nodes.iter().any(has) && !has(&there)).await;

    let (away, late) = (away_machine.start().await, late_machine.start().await);
    for node in [&away, &late] {
        soon(node.caught_up()).await.unwrap();
        until(|| !has(node)).await;
    }
    all_agree(&[&nodes[0], &there, &away, &late]).await;
    // And nobody was given it anew.
    assert!(!nodes.iter().any(has) && !has(&there));
}
