//! Readers in one process with the nodes of a cluster: they hold what the cluster has, pass on what they are asked to do,
//! follow another source when theirs is gone, and never go back.

mod attacks;
mod kit;

use std::time::Duration;

use exchange::files::{FileKind, Owner};
use exchange::units::{MemberId, Sequence};
use exchange::{Body, Command};
use ordering::sim::SimNetwork;
use ordering::{ClusterAct, Health, Node, PersonalData, called, file_hash, is_reader, reader_number};

use kit::{Machine, act, admit, all_agree, reader, soon, surely, three, until};

/// Protects the promise of readers: what the cluster has each reader has, also one behind another; what a reader is asked to
/// do is done once and can be read on it; nobody counts it as one who votes; and its history is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_hold_what_the_cluster_has_and_pass_on_what_they_are_asked() {
    let network = SimNetwork::default();
    let (machines, nodes) = three(&network).await;
    let (near_machine, near) = reader(&network, &machines[0], 1, &[2]).await;
    let (far_machine, far) = reader(&network, &machines[0], 2, &[reader_number(1)]).await;
    let mut places = Vec::new();
    for (number, node) in (100..160).zip([&far, &nodes[1], &near].into_iter().cycle()) {
        let reply = surely(node, admit(number)).await;
        assert!(reply.outcome.is_ok() && !reply.replayed);
        assert!(node.sequence() >= reply.sequence, "whoever is answered here may read it here");
        places.push(reply.sequence.0);
    }
    assert_eq!(places, (6..66).collect::<Vec<_>>(), "each once, in one order");
    all_agree(&[&nodes[0], &nodes[2], &near, &far]).await;
    assert!(soon(far.catch_up()).await, "what the leader has");
    assert_eq!((near.health(), far.health()), (Health::Following, Health::Following));
    assert!(!near.is_cut_off() && !near.leads());
    assert_eq!((near.metrics().reader_level, far.metrics().reader_level), (1, 2));
    assert_eq!(near.metrics().readers, 1);

    let status = async || nodes[0].status().await.unwrap();
    let mut seen: Vec<(String, Option<String>, u64, Sequence)> = Vec::new();
    soon(async {
        while seen.len() < 2 || seen.iter().any(|(.., sequence)| *sequence != Sequence(65)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let said = status().await.into_iter().filter_map(|node| node.said);
            let readers = said.flat_map(|said| said.readers);
            seen = readers.map(|it| (called(it.number), it.source.map(called), it.level, it.sequence)).collect();
        }
    })
    .await;
    let seen: Vec<_> = seen.iter().map(|(who, whom, level, _)| (who.as_str(), whom.as_deref(), *level)).collect();
    assert_eq!(seen, [("reader-1", Some("node-2"), 1), ("reader-2", Some("reader-1"), 2)]);
    // Rules that somebody does not know are not put in force through a reader either.
    assert_eq!(far.all_know(1).await, Ok(()));
    let why = far.all_know(u32::MAX).await.unwrap_err();
    assert!(why.contains("node 1 runs"), "{why}");
    let members = status().await;
    assert!(members.len() == 3 && members.iter().all(|node| node.votes && !is_reader(node.node)));
    let refused = nodes[0].act(ClusterAct::AddLearner { node: reader_number(1), address: "x".to_owned() }).await;
    assert!(refused.unwrap_err().contains("never votes"));
    assert!(near.act(ClusterAct::Promote(2)).await.unwrap_err().contains("ask a node"));

    for (machine, node) in [(&near_machine, near), (&far_machine, far)] {
        node.stop().await;
        assert_eq!(machine.verified(), Sequence(65), "the history of a reader is whole");
    }
}

/// Protects a screen behind a reader from the death of whatever is above it: the reader takes another source and says so
/// while it has none, one that was killed goes on where it stood, and none goes back to what a source has less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_takes_another_source_and_goes_on_where_it_stood() {
    let network = SimNetwork::default();
    let (machines, mut nodes) = three(&network).await;
    let (near_machine, near) = reader(&network, &machines[0], 1, &[3, 2]).await;
    let (far_machine, far) = reader(&network, &machines[0], 2, &[reader_number(1), 1]).await;
    if nodes[2].leads() {
        act(&nodes[0], ClusterAct::TransferLeader(1)).await;
    }
    machines[2].kill(nodes.remove(2));
    surely(&near, admit(200)).await;
    all_agree(&[&nodes[0], &near, &far]).await;
    assert_eq!(near.metrics().reader_switches, 1);

    // The near one dies under load; the far one has another source, and the near one comes back to what it had.
    let had = near.sequence();
    near_machine.kill(near);
    for number in 201..230 {
        surely(&nodes[0], admit(number)).await;
    }
    all_agree(&[&nodes[0], &far]).await;
    let near = near_machine.start().await;
    assert!(near.sequence() <= nodes[0].sequence());
    until(|| near.sequence() >= had).await;
    soon(near.caught_up()).await.unwrap();
    all_agree(&[&nodes[0], &near]).await;

    // Without any source it says that what it shows may be old, and a command waits.
    for source in [2, 3] {
        network.cut(reader_number(1), source);
    }
    until(|| near.is_cut_off() && near.health() == Health::Waiting).await;
    let waits = {
        let near = near.clone();
        tokio::spawn(async move { surely(&near, admit(300)).await })
    };
    surely(&nodes[0], admit(301)).await;
    network.mend(reader_number(1), 2);
    assert!(soon(waits).await.unwrap().outcome.is_ok());
    until(|| !near.is_cut_off()).await;
    all_agree(&[&nodes[0], &near, &far]).await;

    // A source that has less than a reader has is not followed: the reader would go back.
    near.stop().await;
    surely(&nodes[0], admit(302)).await;
    all_agree(&[&nodes[0], &far]).await;
    let has = far.sequence();
    far.stop().await;
    for node in [1, 2, 3] {
        network.cut(reader_number(1), node);
    }
    network.cut(reader_number(2), 1);
    let (near, far) = (near_machine.start().await, far_machine.start().await);
    until(|| far.sequence() == has).await;
    assert!(near.sequence() < has && far.is_cut_off());
    assert_eq!(far.metrics().reader_level, 1, "it follows nobody");
    network.mend(reader_number(1), 2);
    soon(far.caught_up()).await.unwrap();
    all_agree(&[&nodes[0], &near, &far]).await;
}

/// Protects readers from following each other in a circle, and a venue from a reader of another one, one under a number that
/// is taken, and one whose log is not the venue's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_follow_is_refused() {
    let network = SimNetwork::default();
    let (machines, nodes) = three(&network).await;
    let (_one_machine, one) = reader(&network, &machines[0], 1, &[1, reader_number(2)]).await;
    let (_two_machine, two) = reader(&network, &machines[0], 2, &[reader_number(1)]).await;
    network.cut(reader_number(1), 1);
    until(|| one.is_cut_off() && two.is_cut_off()).await;
    network.mend(reader_number(1), 1);
    surely(&two, admit(400)).await;
    until(|| !one.is_cut_off() && !two.is_cut_off()).await;
    all_agree(&[&nodes[0], &one, &two]).await;

    let again = Machine::new(&network, reader_number(2), &[reader_number(1)]);
    again.prepare_from(&machines[0]);
    let before = one.metrics().peers_refused;
    network.gone(reader_number(2));
    let again = again.start().await;
    until(|| one.metrics().peers_refused > before).await;
    again.stop().await;

    // Another venue at the same addresses.
    let strange = Machine::new(&network, 1, &[]);
    strange.alone().await;
    let foreign = Machine::new(&network, reader_number(9), &[2]);
    foreign.prepare_from(&strange);
    let before = nodes[1].metrics().peers_refused;
    let foreign = foreign.start().await;
    until(|| nodes[1].metrics().peers_refused > before).await;
    assert!(foreign.sequence() == Sequence(0) && foreign.is_cut_off());
    foreign.stop().await;
}

/// Protects persons and files behind a reader: a key or a file that is handed to one is on a majority before anything names
/// it, a reader gets what it lacks, and a destroyed key goes from it too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_files_come_to_readers_and_go_from_them() {
    let network = SimNetwork::default();
    let (machines, nodes) = three(&network).await;
    let (_near_machine, near) = reader(&network, &machines[0], 1, &[3]).await;
    let (_far_machine, far) = reader(&network, &machines[0], 2, &[reader_number(1)]).await;
    let person = PersonalData { login: "wang.fang".to_owned(), name: "王芳".to_owned() };
    let personal = far.encrypt_person(person.clone()).await.unwrap();
    let has = |node: &Node| node.vault().decrypt_person(&personal).is_some();
    assert!(nodes.iter().filter(|node| has(node)).count() >= 2, "a majority has it");
    let body = Body::AddUser {
        role: exchange::members::Role::Operator,
        member: None,
        login_tag: far.vault().login_tag("wang.fang").into(),
        personal: personal.clone(),
        password_hash: "x".to_owned(),
        single_use: false,
    };
    surely(&far, Command::system(body)).await;
    let file = b"%PDF-1.7 what an announcement comes with".to_vec();
    let size = u32::try_from(file.len()).unwrap();
    let named = move |hash| {
        let owner = Owner::Member(MemberId(1));
        Command::system(Body::KeepFile { hash, size, kind: FileKind::Pdf, owner, name: None })
    };
    far.keep_file(file.clone(), named).await.unwrap().outcome.unwrap();
    let hash = file_hash(&file);
    let (_late_machine, late) = reader(&network, &machines[0], 3, &[1]).await;
    for node in nodes.iter().chain([&near, &far, &late]) {
        until(|| has(node) && node.read_file(&hash).is_ok_and(|found| found == file)).await;
    }
    assert!(far.forget_person(personal.clone()).await.unwrap());
    for node in nodes.iter().chain([&near, &far]) {
        until(|| !has(node)).await;
    }
}
