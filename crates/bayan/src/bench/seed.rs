//! Fills a venue: everything that the clients of a line find there.

use std::path::Path;
use std::time::{Duration, Instant as Moment, SystemTime};

use exchange::markets::auction::state::AuctionStatus;
use exchange::units::{Instant, Span};
use exchange::{Body, Command};
use ordering::{Config, Node, Seams};

use super::Trouble;
use super::market::Market;

/// The auctions open so long after their announcements begin to be handed in,
const OPENS_IN: Span = Span::from_seconds(3);
/// and so much later for each of them: a slow disk must not make the last one late.
const OPENS_IN_EACH: Span = Span::from_us(10_000);
/// How long to wait for them at the most.
const OPEN_WAIT: Duration = Duration::from_secs(30);

/// Members, traders and auctions, and sessions where clients sign in by them.
pub async fn set_up(node: &Node, market: &Market, sessions: bool) -> Result<(), Trouble> {
    for body in market.people() {
        put(node, body).await?;
    }
    if sessions {
        for body in market.sessions() {
            put(node, body).await?;
        }
    }
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(Trouble::on("reading the clock"))?;
    let now = Instant::from_us(i64::try_from(since.as_micros()).map_err(Trouble::on("reading the clock"))?);
    let opens = now.plus(OPENS_IN).plus(Span::from_us(OPENS_IN_EACH.us() * i64::from(market.auctions)));
    for body in market.announcements(opens) {
        put(node, body).await?;
    }
    Ok(())
}

async fn put(node: &Node, body: Body) -> Result<(), Trouble> {
    let reply = node.submit(Command::system(body)).await.map_err(Trouble::on("setting up a venue"))?;
    reply.outcome.map(|_| ()).map_err(|refusal| Trouble::new(format!("setting up a venue was refused: {refusal}")))
}

/// Waits until bids are accepted.
pub async fn wait_until_open(node: &Node, market: &Market) -> Result<(), Trouble> {
    let start = Moment::now();
    let auctions = market.auctions as usize;
    while node.read(|exchange| {
        let running = exchange.auctions().iter().filter(|auction| auction.status == AuctionStatus::Running);
        running.count() < auctions
    }) {
        if start.elapsed() > OPEN_WAIT {
            return Err(Trouble::new("the auctions did not open"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// A data folder with a venue in it whose auctions have opened, and nobody serving it.
pub fn folder(data: &Path, market: &Market) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(Trouble::on("starting the runtime"))?.block_on(async {
        let node = Node::start(Config::new(data), Seams::default(), Vec::new());
        let node = node.await.map_err(Trouble::on("starting a node"))?;
        set_up(&node, market, true).await?;
        wait_until_open(&node, market).await?;
        node.stop().await;
        Ok(())
    })
}
