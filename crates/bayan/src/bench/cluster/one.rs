//! One client after another through the sequencer of three nodes in this process, beside that of one.

use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use ordering::{ClusterAct, Health, Node, Seams};

use super::super::figures::{Runs, Unit};
use super::super::market::Market;
use super::super::report::Row;
use super::super::seed;
use super::super::sequencer::{Floor, one_by_one};
use super::super::{Bench, Trouble};
use super::PATIENCE;
use super::nodes::Folders;
use crate::config::Config;

/// So many times what one node takes.
const WANTED: f64 = 2.5;

/// One client after another through the sequencer of three nodes, beside that of one.
pub fn lines(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("cluster-one")?;
    let market = Market::USUAL;
    seed::folder(&scratch.path().join("alone"), &market)?;
    let folders = Folders::make(scratch.path(), &market)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(Trouble::on("starting the runtime"))?;
    let (alone, together) = runtime.block_on(async {
        let alone = ordering::Config::new(scratch.path().join("alone"));
        let alone = Node::start(alone, Seams::default(), Vec::new()).await.map_err(Trouble::on("starting a node"))?;
        let nodes = join(folders.configs()).await?;
        let (mut times_alone, mut times_together) = (Vec::new(), Vec::new());
        let floors = (Floor::new(market), Floor::new(market));
        for _ in 0..bench.runs {
            let lasts = bench.seconds(1.5);
            times_alone.push(one(alone.clone(), Arc::clone(&floors.0), lasts).await?);
            let leader = nodes.iter().find(|node| node.health() == Health::Leading);
            let leader = leader.ok_or_else(|| Trouble::new("of three nodes none leads"))?;
            times_together.push(one(leader.clone(), Arc::clone(&floors.1), lasts).await?);
        }
        for node in nodes.into_iter().chain([alone]) {
            node.stop().await;
        }
        Ok::<_, Trouble>((Runs::new(times_alone), Runs::new(times_together)))
    })?;
    let wanted = WANTED * alone.median();
    Ok(vec![
        Row::tells("3 nodes, one client after another, p50", together, Unit::Us)
            .beside("one node", alone.median())
            .at_most(wanted)
            .because("2.5 × one node"),
    ])
}

/// Where the handlers of HTTP run: on a worker of the runtime.
async fn one(node: Node, floor: Arc<Floor>, lasts: Duration) -> Result<f64, Trouble> {
    tokio::spawn(one_by_one(node, floor, lasts)).await.map_err(Trouble::on("the client of the sequencer"))?
}

/// Three nodes in this process, each with its own folder, over TLS as always.
async fn join(configs: &[Config]) -> Result<Vec<Node>, Trouble> {
    let mut nodes: Vec<Node> = Vec::new();
    for config in configs {
        let network = config.cluster.network().map_err(Trouble::new)?;
        let own = config.node();
        let seams = Seams { network, ..Seams::of(&own) };
        nodes.push(Node::start(own, seams, Vec::new()).await.map_err(Trouble::on("starting a node"))?);
    }
    for (node, config) in (1..).zip(configs).skip(1) {
        let address = config.cluster.listen.to_string();
        until_done(&nodes[0], ClusterAct::AddLearner { node, address }).await?;
        until_done(&nodes[0], ClusterAct::Promote(node)).await?;
    }
    Ok(nodes)
}

async fn until_done(node: &Node, act: ClusterAct) -> Result<(), Trouble> {
    let start = Moment::now();
    while let Err(why) = node.act(act.clone()).await {
        if start.elapsed() > PATIENCE {
            return Err(Trouble::new(why));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
