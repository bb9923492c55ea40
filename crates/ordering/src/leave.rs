//! Why this node may not go on as one of the cluster: it differs from the others, another process is the same node, or it is
//! none of them any more. Whoever runs the node ends it then, with that line.

use tokio::sync::watch;

/// Told once, heard by all who ask.
#[derive(Debug)]
pub(crate) struct Leave(watch::Sender<Option<String>>);

impl Default for Leave {
    fn default() -> Self {
        Leave(watch::Sender::new(None))
    }
}

impl Leave {
    /// This node must leave; the first reason counts.
    pub(crate) fn tell(&self, why: &str) {
        let first = self.0.send_if_modified(|told| {
            let first = told.is_none();
            told.get_or_insert_with(|| why.to_owned());
            first
        });
        if first {
            tracing::error!("{why}");
        }
    }

    /// Why, where it must.
    pub(crate) fn why(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// Waits until it must, and says why.
    pub(crate) async fn told(&self) -> String {
        let mut told = self.0.subscribe();
        loop {
            if let Some(why) = told.borrow_and_update().clone() {
                return why;
            }
            if told.changed().await.is_err() {
                core::future::pending::<()>().await;
            }
        }
    }
}
