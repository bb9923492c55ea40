//! Delivery: reads what the archive has come to know, after it is durable and never on a bid's way, and sends it to whom it
//! concerns.
//!
//! **At most once.** What happened before this node began is not sent; it is in the app. A message is tried again only where it
//! surely did not arrive. What waits for its next try when the node stops is lost, and is in the app. Of several nodes the one
//! that leads delivers; what one has not delivered when another takes over is in the app.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant as Moment};

use archive::{Notice, NoticeKind};
use exchange::members::secret_tag;
use exchange::units::{Instant, Sequence, Span, UserId};
use exchange::{Body, Refusal};
use hashbrown::HashMap;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use super::desk::To;
use super::send::Failed;
use super::settings::{Channel, Settings};
use super::texts::{Text, text};
use crate::gateway::Gateway;
use crate::history;
use crate::live::Picture;

/// How many events' notices are read at once.
const PAGE: usize = 100;
/// How many of the last notices the numbers an hour are found from when a node begins.
const REMEMBERED_MAX: usize = 20_000;
/// How long delivery rests where the archive cannot be read.
const UNREADABLE_PAUSE: Duration = Duration::from_secs(5);
/// How much longer each pause between two tries is.
const BACK_OFF: u32 = 4;
/// Users whose last hour is over are forgotten whenever so many have come together.
const SWEEP_AT: usize = 4_096;
/// How often it is looked for what is remembered of persons who were forgotten at another node.
const FORGET_EVERY: Duration = Duration::from_secs(60);
/// How often the end of a subscription is entered anew where the user has changed its settings meanwhile.
const REMOVALS_MAX: usize = 5;

/// Delivers for as long as the archive is open. To be aborted when the gateway stops.
pub(crate) async fn deliver(gateway: Gateway) {
    let begun = gateway.live.sequence();
    let mut place = (begun, u32::MAX);
    // With this one the messages under way end too.
    let mut messages = JoinSet::new();
    remember_last_hour(&gateway, begun).await;
    let mut seen = begun;
    let mut forgot = Moment::now();
    loop {
        let Some(written) = gateway.archive.passed(seen).await else { return };
        loop {
            let archive = Arc::clone(&gateway.archive);
            match history::read(move || archive.notices_after(place, PAGE)).await {
                Ok(notices) => {
                    let Some(last) = notices.last() else { break };
                    place = (last.sequence, last.place);
                    // Of several nodes one tells.
                    hand_out(&gateway, &notices, gateway.node.leads().then_some(&mut messages));
                }
                Err(_) => tokio::time::sleep(UNREADABLE_PAUSE).await,
            }
        }
        seen = written;
        if forgot.elapsed() >= FORGET_EVERY {
            forgot = Moment::now();
            drop_forgotten(&gateway);
        }
        while let Some(ended) = messages.try_join_next() {
            if let Err(error) = ended {
                tracing::error!(%error, "a message broke off");
            }
        }
    }
}

/// What is remembered of persons who were forgotten goes.
pub(crate) fn drop_forgotten(gateway: &Gateway) {
    let stays = |picture: &Picture, user| picture.user(user).is_some_and(|user| !user.forgotten);
    gateway.live.read(|picture| gateway.notices.keep_only(|user| stays(picture, user)));
}

/// What users were sent in the last hour by this node before it began again counts: as if what it told had all been sent.
async fn remember_last_hour(gateway: &Gateway, begun: Sequence) {
    // The archive may be behind; what it does not have yet was not told long ago.
    gateway.archive.reached(begun, gateway.config.min_sequence_wait).await;
    let since = Gateway::now().minus(Span::from_seconds(3600));
    let archive = Arc::clone(&gateway.archive);
    if let Ok(mut notices) = history::read(move || archive.notices_since(since, REMEMBERED_MAX)).await {
        notices.retain(|notice| notice.sequence <= begun);
        hand_out(gateway, &notices, None);
    }
}

/// Who is to be told over other ways than the app, with what of its settings that takes.
fn readers(gateway: &Gateway, notices: &[Notice]) -> HashMap<u32, Vec<(UserId, Settings)>> {
    type Sealed = (UserId, Arc<[u8]>);
    let mut sealed: HashMap<u32, Vec<Sealed>> = notices.iter().map(|one| (one.member.0, Vec::new())).collect();
    gateway.live.read(|picture| {
        for user in picture.users.iter().filter(|user| !user.locked && user.key.is_none()) {
            if let (Some(member), Some(settings)) = (user.member, &user.notices)
                && let Some(found) = sealed.get_mut(&member.0)
            {
                found.push((user.id, Arc::clone(settings)));
            }
        }
    });
    let vault = gateway.node.vault();
    let open = |(user, sealed): Sealed| Some((user, Settings::read(Some(&vault.open_for(user, &sealed)?))));
    sealed.into_iter().map(|(member, users)| (member, users.into_iter().filter_map(open).collect())).collect()
}

/// Sends notices to all whom they concern, among `messages`; without these they are only counted.
fn hand_out(gateway: &Gateway, notices: &[Notice], mut messages: Option<&mut JoinSet<()>>) {
    let desk = &gateway.notices;
    let readers = readers(gateway, notices);
    let now = Gateway::now();
    let stale_after = i64::try_from(gateway.config.notices.stale_after.as_micros()).unwrap_or(i64::MAX);
    for notice in notices {
        for (user, settings) in readers.get(&notice.member.0).into_iter().flatten() {
            let channels = Channel::ALL.into_iter().filter(|channel| settings.wants(notice.kind, *channel));
            let to: Vec<To> = channels.flat_map(|channel| desk.addresses(settings, channel)).collect();
            if to.is_empty() {
                continue;
            }
            if messages.is_some() && now.since(notice.at).us() > stale_after {
                desk.counts.dropped.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let at = if messages.is_some() { now } else { notice.at };
            if settings.is_quiet(at) || !take(gateway, *user, at, settings.per_hour) {
                desk.counts.held_back.fetch_add(u64::from(messages.is_some()), Ordering::Relaxed);
                continue;
            }
            let Some(messages) = messages.as_deref_mut() else { continue };
            let said = gateway.live.read(|picture| text(picture, notice, settings.english, settings.offset));
            let Some(said) = said else { continue };
            for to in to {
                let Ok(permit) = Arc::clone(&desk.under_way).try_acquire_owned() else {
                    desk.counts.dropped.fetch_add(1, Ordering::Relaxed);
                    continue;
                };
                let message =
                    Message { user: *user, to, text: said.clone(), topic: topic(notice), ttl_s: ttl_s(notice.kind) };
                messages.spawn(message.carry(gateway.clone(), permit));
            }
        }
    }
}

fn take(gateway: &Gateway, user: UserId, at: Instant, most: u16) -> bool {
    let mut hourly = gateway.notices.hourly.lock();
    if hourly.len() >= SWEEP_AT && !hourly.contains_key(&user) {
        hourly.retain(|_, one| !one.is_idle(at));
    }
    hourly.entry(user).or_default().take(at, most)
}

/// A later push about the same takes the place of one that was not delivered. Letters, digits, `-` and `_`, at most 32.
fn topic(notice: &Notice) -> String {
    let lot = notice.lot.map_or(0, |lot| u32::from(lot.0) + 1);
    format!("{}-{}-{lot}", notice.kind.word(), notice.auction)
}

/// How long a push service keeps what it cannot deliver, in seconds: what asks for an answer is worth nothing later.
const fn ttl_s(kind: NoticeKind) -> u32 {
    match kind {
        NoticeKind::Overtaken | NoticeKind::EndsSoon => 300,
        _ => 24 * 3600,
    }
}

/// One message to one address.
struct Message {
    user: UserId,
    to: To,
    text: Text,
    topic: String,
    ttl_s: u32,
}

impl Message {
    /// Whether it still goes to somebody who may get it, where it was to go: while it waited its user may have been locked or forgotten, or
    /// have taken the address out.
    fn is_wanted(&self, gateway: &Gateway) -> bool {
        let stored = gateway.live.read(|picture| {
            let user = picture.user(self.user).filter(|user| !user.locked && !user.forgotten)?;
            user.notices.clone()
        });
        let plain = stored.and_then(|stored| gateway.node.vault().open_for(self.user, &stored));
        plain.is_some_and(|plain| {
            let settings = Settings::read(Some(&plain));
            gateway.notices.addresses(&settings, self.to.channel()).contains(&self.to)
        })
    }

    /// Tries until it has arrived, cannot arrive, or may have.
    async fn carry(self, gateway: Gateway, _under_way: OwnedSemaphorePermit) {
        let (desk, config) = (&gateway.notices, &gateway.config.notices);
        let mut pause = config.retry_first;
        let mut tries = 1;
        let result = loop {
            let result = {
                let Ok(_turn) = desk.at_once.acquire().await else { return };
                if !self.is_wanted(&gateway) {
                    desk.counts.dropped.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                desk.send(&self.to, &self.text, &self.topic, self.ttl_s).await
            };
            match result {
                Err(Failed::Later(_)) if tries < config.tries_max => {
                    tries += 1;
                    tokio::time::sleep(pause).await;
                    pause *= BACK_OFF;
                }
                result => break result,
            }
        };
        let channel = self.to.channel();
        // Who was forgotten while it was sent has nothing here any more.
        gateway.live.read(|picture| {
            if picture.user(self.user).is_some_and(|user| !user.forgotten) {
                desk.note(self.user, channel, Gateway::now(), &result);
            }
        });
        match &result {
            Ok(()) => {
                desk.counts.sent.fetch_add(1, Ordering::Relaxed);
            }
            Err(failed) => {
                desk.counts.failed.fetch_add(1, Ordering::Relaxed);
                // Neither address nor text: both are personal. The user is shown why.
                tracing::info!(user = self.user.0, channel = channel.word(), tries, "a notice was not delivered");
                if let (Failed::Gone, To::Push(subscription)) = (failed, &self.to) {
                    unsubscribe(&gateway, self.user, &subscription.endpoint).await;
                }
            }
        }
    }
}

/// Of all but one the subscription of this browser goes: who has a device now is alone pushed to there. Whether it is gone everywhere.
pub(super) async fn unsubscribe_others(gateway: &Gateway, than: UserId, endpoint: &str) -> bool {
    let others: Vec<(UserId, Arc<[u8]>)> = gateway.live.read(|picture| {
        let others = picture.users.iter().filter(|user| user.id != than && !user.forgotten);
        others.filter_map(|user| Some((user.id, Arc::clone(user.notices.as_ref()?)))).collect()
    });
    // Only under each person's own key is it known which browsers are whose: a hash of it in the clear would say who shares a device.
    let (whole, wanted) = (gateway.clone(), endpoint.to_owned());
    let holders = tokio::task::spawn_blocking(move || {
        let holds = |(user, sealed): &(UserId, Arc<[u8]>)| {
            let plain = whole.node.vault().open_for(*user, sealed)?;
            Settings::read(Some(&plain)).push.iter().any(|one| one.endpoint == wanted).then_some(*user)
        };
        others.iter().filter_map(holds).collect::<Vec<_>>()
    });
    let Ok(holders) = holders.await else { return false };
    for user in holders {
        if !unsubscribe(gateway, user, endpoint).await {
            return false;
        }
    }
    true
}

/// Takes a subscription out that its push service no longer knows, or that is another's now. Whether it is gone.
pub(super) async fn unsubscribe(gateway: &Gateway, id: UserId, endpoint: &str) -> bool {
    for _ in 0..REMOVALS_MAX {
        let Some(user) = gateway.live.read(|picture| picture.user(id).cloned()) else { return true };
        let Some(stored) = &user.notices else { return true };
        let Some(plain) = gateway.node.vault().open_for(id, stored) else { return true };
        let mut settings = Settings::read(Some(&plain));
        let before = settings.push.len();
        settings.push.retain(|one| one.endpoint != endpoint);
        if settings.push.len() == before {
            return true;
        }
        let sealed = gateway.node.vault().seal_for(&user.personal, id, &settings.to_bytes());
        let Some(sealed) = sealed else { return true };
        let body = Body::SetNotices { user: id, before: Some(secret_tag(stored)), sealed };
        match gateway.submit_own(body).await {
            Ok(reply) if reply.outcome == Err(Refusal::ChangedMeanwhile) => {
                // What was changed will be in the picture, and then it is tried upon that.
                gateway.live.reached(reply.sequence, gateway.config.min_sequence_wait).await;
            }
            Ok(reply) => return reply.outcome.is_ok(),
            Err(_) => {
                tracing::warn!(
                    user = id.0,
                    "the end of a subscription could not be entered; the next push finds it again"
                );
                return false;
            }
        }
    }
    false
}
