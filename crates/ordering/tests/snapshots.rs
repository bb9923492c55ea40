//! A node that lacks much of the log: it is given a snapshot and goes on from there, what it fetches is taken up again after
//! a death, history before it follows and is believed only when it is the one that was signed for, and nobody is given
//! records by a node that does not have them.

mod machines;

use std::time::Duration;

use exchange::units::Sequence;
use ordering::sim::{history, verify};
use ordering::{ClusterAct, Health, Node, NodeStatus};

use machines::{DATA, Machines, PATIENCE, SECRETS, act, admit, all_agree, soon, surely, until};

/// Three nodes of which one leads, with a log that is much longer than what is kept ready.
async fn three_with_history() -> (Machines, Vec<Node>) {
    let mut machines = Machines::new(6);
    machines.keep(4 << 10);
    let nodes = machines.three(200).await;
    for number in 300..420 {
        surely(&nodes[0], admit(number)).await;
    }
    all_agree(&nodes).await;
    until(|| nodes.iter().all(|node| node.metrics().snapshot_sequence > 150)).await;
    (machines, nodes)
}

async fn status_of(of: &Node, number: u64) -> NodeStatus {
    let all = of.status().await.unwrap();
    all.into_iter().find(|status| status.node == number).expect("it is one of the cluster")
}

/// The whole history of a folder is there, from the first entry, and leads to the same as another's.
fn is_whole(machines: &Machines, node: u64, like: u64) {
    let of = |node: u64| verify(machines.disk(node), DATA.as_ref(), SECRETS.as_ref()).unwrap_or_else(|e| panic!("{e}"));
    let (one, other) = (of(node), of(like));
    assert_eq!(one.from, Sequence(1));
    assert_eq!(
        (one.sequence, one.hash, one.state_digest, one.events),
        (other.sequence, other.hash, other.state_digest, other.events)
    );
    let entries = |node| history(machines.disk(node), DATA.as_ref(), SECRETS.as_ref()).unwrap().count();
    assert_eq!(entries(node), entries(like));
}

/// Protects what a new node is given: the snapshot first, so that it is in step before history is there; then history, record
/// by record, which is that of the others; and a vote and the lead as any other has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_node_gets_a_snapshot_and_then_history() {
    let (mut machines, mut nodes) = three_with_history().await;
    // So that history comes a second or more after the snapshot.
    machines.pace(8 << 10);
    machines.prepare(4);
    let new = machines.start(4).await;
    act(&nodes[0], ClusterAct::AddLearner { node: 4, address: "4".to_owned() }).await;
    until(|| new.history_from() > Sequence(1)).await;
    let from = new.history_from();
    assert!(new.sequence() >= Sequence(from.0 - 1), "it has the state of the snapshot");
    let said = status_of(&nodes[0], 4).await.said.unwrap();
    assert_eq!(said.history_from, Some(from));
    assert_eq!(status_of(&new, 1).await.said.unwrap().history_from, Some(Sequence(1)));
    // Stopped now it is verified over what it has.
    new.stop().await;
    let verified = verify(machines.disk(4), DATA.as_ref(), SECRETS.as_ref()).unwrap();
    assert_eq!(verified.from, from);
    assert!(verified.signed.is_some_and(|signed| signed >= Sequence(from.0 - 1)));
    assert!(history(machines.disk(4), DATA.as_ref(), SECRETS.as_ref()).is_err(), "history has no holes");

    let new = machines.start(4).await;
    soon(new.caught_up()).await.unwrap();
    act(&nodes[0], ClusterAct::Promote(4)).await;
    act(&nodes[0], ClusterAct::TransferLeader(4)).await;
    until(|| new.health() == Health::Leading).await;
    let why = new.act(ClusterAct::AddLearner { node: 3, address: "3".to_owned() }).await.unwrap_err();
    assert!(why.contains("one of the cluster already"), "{why}");
    for number in 500..510 {
        surely(&new, admit(number)).await;
    }
    until(|| new.history_from() == Sequence(1)).await;
    nodes.push(new);
    all_agree(&nodes).await;
    for node in &nodes {
        node.stop().await;
    }
    is_whole(&machines, 4, 2);
    // It starts as every other does, and its log is whole for others.
    let again = machines.start(4).await;
    assert_eq!(again.history_from(), Sequence(1));
    again.stop().await;
}

/// Protects a transfer from deaths of whoever fetches, at every stage of it: what came is not asked for a second time, no
/// folder is left that does not start, and in the end there is all of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_fetches_may_die_at_any_time() {
    let (mut machines, nodes) = three_with_history().await;
    machines.pace(256 << 10);
    machines.prepare(4);
    let mut new = machines.start(4).await;
    act(&nodes[0], ClusterAct::AddLearner { node: 4, address: "4".to_owned() }).await;
    // Dead after ever more operations of the disk, and alive again, until it needed no death any more.
    let mut deaths = 0;
    for more in 1_u64.. {
        machines.disk(4).stop_after(more);
        let whole = || new.history_from() == Sequence(1) && new.sequence() > Sequence(300);
        let since = tokio::time::Instant::now();
        while !machines.disk(4).is_off() && !whole() {
            assert!(since.elapsed() < PATIENCE, "it neither dies nor comes to an end");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        if !machines.disk(4).is_off() {
            break;
        }
        deaths += 1;
        machines.network.gone(4);
        drop(new);
        if more.is_multiple_of(2) {
            machines.disk(4).kill()
        } else {
            machines.disk(4).lose_power(more)
        }
        new = loop {
            match machines.try_start(4).await {
                Ok(node) => break node,
                Err(error) => panic!("after {more} operations: {error}"),
            }
        };
    }
    assert!(deaths > 10, "{deaths}");
    machines.disk(4).stop_after(u64::MAX / 2);
    soon(new.caught_up()).await.unwrap();
    until(|| new.history_from() == Sequence(1)).await;
    let mut all = nodes;
    all.push(new);
    all_agree(&all).await;
    for node in &all {
        node.stop().await;
    }
    is_whole(&machines, 4, 2);
}

/// Protects what was fetched from being fetched again: a snapshot that was begun is gone on with where it broke off, also of
/// another node that has the same file, and otherwise the newest is begun with.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voter_that_was_long_away_gets_a_snapshot_too() {
    let (machines, mut nodes) = three_with_history().await;
    let away = nodes.pop().unwrap();
    let before = away.sequence();
    away.stop().await;
    machines.network.gone(3);
    for number in 600..760 {
        surely(&nodes[0], admit(number)).await;
    }
    until(|| nodes.iter().all(|node| node.metrics().snapshot_sequence > before.0 + 60)).await;
    // Whoever leads from now on keeps ready only what is behind its last snapshot.
    let back = machines.start(3).await;
    soon(back.caught_up()).await.unwrap();
    until(|| back.history_from() == Sequence(1)).await;
    nodes.push(back);
    surely(&nodes[2], admit(900)).await;
    all_agree(&nodes).await;
    for node in &nodes {
        node.stop().await;
    }
    is_whole(&machines, 3, 1);
}
