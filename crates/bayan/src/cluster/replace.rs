//! `bayan cluster replace`: a new node in the place of one that was lost, by one command.

use std::path::Path;
use std::time::{Duration, Instant};

use super::desk::{Answer, Asked};
use super::show::{Shown, ask_any, look};
use crate::cli::Failure;

/// How often it is looked how far the new node is.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long the new node may get no further, or what it is refused for may stay.
const PATIENCE: Duration = Duration::from_secs(15);
/// A node that lacks fewer entries than this has the log but for what is under way.
const NEAR: u64 = 1_000;

/// Adds the new node, waits until it has the log, and gives it the vote of the old one, which leaves.
///
/// # Errors
/// One line that says what to do. What was done by then stays done, and the same command goes on from there.
pub(super) async fn replace(data: &Path, old: u64, new: u64, address: String) -> Result<(), Failure> {
    let known = look(data).await?;
    let is_there = known.nodes.iter().any(|node| node.id == new);
    if !known.nodes.iter().any(|node| node.id == old) && !is_there {
        return Err(Failure::broken(format!("there is no node {old}; look with `bayan cluster status`")));
    }
    if !is_there && let Answer::Refused(why) = ask_any(data, &Asked::AddLearner { node: new, address }).await? {
        return Err(Failure::broken(why));
    }
    let (mut since, mut least) = (Instant::now(), u64::MAX);
    loop {
        let Answer::Refused(why) = ask_any(data, &Asked::Replace { old, new }).await? else {
            return Ok(());
        };
        let lacks = look(data).await.ok().and_then(|shown| lacks(&shown, new));
        if let Some(lacks) = lacks.filter(|lacks| *lacks < least) {
            // Near the end it comes and goes with the load, and is no progress.
            if lacks >= NEAR {
                since = Instant::now();
            }
            least = lacks;
            eprintln!("node {new} lacks {lacks} entries");
        }
        if since.elapsed() > PATIENCE {
            return Err(Failure::broken(format!("{why}; run the same command again when that is mended")));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// How many entries a node lacks, where it says how far it is.
fn lacks(shown: &Shown, node: u64) -> Option<u64> {
    let most = shown.nodes.iter().filter_map(|node| node.sequence).max()?;
    let has = shown.nodes.iter().find(|one| one.id == node)?.sequence?;
    Some(most - has)
}
