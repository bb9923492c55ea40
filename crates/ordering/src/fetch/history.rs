//! History before the base of this node's log: asked of whoever has it, in order, and believed when all of it is there.

use std::io;

use super::{Fetch, Kept};
use crate::log::{Base, Filling, Unproven};
use crate::net::fetching::{self, RecordsAsked};
use crate::net::frame::Kind;
use crate::net::message;

impl Fetch {
    /// Fetches some of it. Says whether there is more to do; `false`: history is complete.
    pub(super) async fn fill(&self, kept: &mut Kept) -> Result<bool, String> {
        let Some(base) = self.log.base() else { return Ok(false) };
        let filling = match kept.take().filter(|filling| *filling.base() == base) {
            Some(filling) => filling,
            None => {
                let (disk, places) = self.log.places();
                self.waiting(move || Filling::open(disk, places, base)).await.map_err(|error| error.to_string())?
            }
        };
        self.is_at(filling.next(), filling.base().log.index + 1);
        if filling.is_full() {
            return self.finish(filling).await;
        }
        let (from, to) = (filling.next(), filling.base().log.index + 1);
        let mut why = "no other node is known".to_owned();
        for (node, peer) in self.sources((self.others)()) {
            let asked = message::bytes(&RecordsAsked { from, to });
            let answer = match self.ask(node, &peer, Kind::Records, asked).await {
                Ok(answer) => answer,
                Err(error) => {
                    why = error.to_string();
                    continue;
                }
            };
            let records = match fetching::read_records(&answer) {
                Ok(records) if !records.is_empty() => records,
                Ok(_) => {
                    why = format!("node {node} gives no records from {from} on");
                    continue;
                }
                Err(error) => {
                    why = format!("what node {node} gives cannot be read: {error}");
                    continue;
                }
            };
            let base = filling.base().clone();
            let mut filling = filling;
            let pushed = self.waiting(move || Ok(filling.push(&records).map(|()| filling))).await;
            return match pushed.map_err(|error| error.to_string())? {
                Ok(filling) => {
                    *kept = Some(filling);
                    Ok(true)
                }
                Err(Unproven::Disk(error)) => Err(error.to_string()),
                Err(Unproven::Differs(what)) => self.begin_anew(base, &format!("node {node}: {what}")).await,
            };
        }
        *kept = Some(filling);
        Err(why)
    }

    async fn finish(&self, filling: Filling) -> Result<bool, String> {
        let base = filling.base().clone();
        let finished = self.waiting(move || Ok(filling.finish())).await.map_err(|error| error.to_string())?;
        let older = match finished {
            Ok(older) => older,
            Err(Unproven::Disk(error)) => return Err(error.to_string()),
            Err(Unproven::Differs(what)) => return self.begin_anew(base, &what).await,
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        let asked = self.log.complete(
            older,
            Box::new(move |result| {
                // Whoever waits may have gone; it is done either way.
                let _ = tell.send(result);
            }),
        );
        asked.map_err(|error| error.to_string())?;
        let done = told.await.map_err(|error| error.to_string())?;
        done.map_err(|error| error.to_string())?;
        self.world.snapshots.spared.store(0, std::sync::atomic::Ordering::Release);
        tracing::info!("history of this node is complete from the first entry on");
        Ok(false)
    }

    /// What was fetched is not the history of this log.
    async fn begin_anew(&self, base: Base, why: &str) -> Result<bool, String> {
        let (disk, places) = self.log.places();
        let gone = self.waiting(move || Filling::forget(&*disk, &places, &base)).await;
        gone.map_err(|error| error.to_string())?;
        Err(format!("history is fetched anew, since what came is not that of the snapshot: {why}"))
    }

    async fn waiting<T: Send + 'static>(&self, act: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
        self.world.blocking(act).await?
    }
}
