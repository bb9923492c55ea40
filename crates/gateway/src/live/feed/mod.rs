//! The live feed: one WebSocket a client, channels subscribed by name, every message numbered.
//!
//! A message is encoded once, where it happens, and shared by all who read it. Every reader has its own place in a
//! channel's last messages, so that a slow one makes nobody wait: when what it has not read is gone, it is told how much,
//! and gets a fresh snapshot. Readers are woken by one task at most once every `wake_every`, and write once each time.

mod channel;
mod connection;
mod limits;
mod message;
mod metrics;
mod report;
mod topic;

use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Weak};

use axum::extract::ws::Utf8Bytes;
use exchange::members::Role;
use exchange::units::{Instant, MemberId, Sequence, UserId};
use hashbrown::HashMap;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Notify, watch};

use super::Live;
use super::picture::{Picture, TokenHash};
use channel::{Channel, Kept};
use metrics::{Counters, add};
use topic::Topic;

pub use connection::serve_socket;
pub use limits::FeedLimits;
pub(crate) use message::Messages;
pub use metrics::FeedMetrics;
pub(super) use report::Report;

/// Who reads: a user with the session that vouches for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who it is.
    pub user: UserId,
    /// What it is there for.
    pub role: Role,
    /// Whose it is; `None` for staff.
    pub member: Option<MemberId>,
    /// The session: when it ends, the connection does.
    pub token_hash: TokenHash,
    /// When the session ends at the latest.
    pub expires: Instant,
}

/// Why the server closes a connection: the close codes of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum CloseCode {
    /// The node stops; connect again.
    GoingAway = 1001,
    /// What came is no WebSocket message, or far too large.
    Unreadable = 1008,
    /// A message of the client was larger than `client_message_bytes_max`.
    TooLarge = 1009,
    /// The session has ended: sign in again.
    SessionEnded = 4401,
    /// Nothing came from the client, or it took nothing, for too long.
    Silent = 4408,
    /// Too many connections, or too many messages a second.
    TooMany = 4429,
}

/// The feed of one projection.
pub(super) struct Feed {
    limits: FeedLimits,
    counters: Counters,
    channels: RwLock<HashMap<Topic, Arc<Channel>>>,
    /// Whether there is any channel: without one, nothing is reported at all.
    used: AtomicBool,
    clients: Mutex<Clients>,
    /// Channels with something new, until their readers are woken.
    news: Mutex<Vec<Arc<Channel>>>,
    is_news: Arc<Notify>,
    /// The time, told to every reader.
    time: watch::Sender<Utf8Bytes>,
    started: AtomicBool,
    /// The entry as of which the picture was taken over whole.
    begun: Mutex<Sequence>,
}

#[derive(Default)]
struct Clients {
    given: u64,
    closing: bool,
    by_session: HashMap<TokenHash, Vec<Arc<Client>>>,
    by_user: HashMap<UserId, usize>,
    count: usize,
}

/// A connection as others see it: to be woken, and to be closed.
struct Client {
    id: u64,
    wake: Arc<Notify>,
    close: Notify,
    why: AtomicU16,
}

impl Client {
    fn close(&self, why: CloseCode) {
        self.why.store(why as u16, Ordering::Release);
        self.close.notify_one();
    }
}

impl Feed {
    pub fn new(limits: FeedLimits) -> Self {
        Feed {
            limits,
            counters: Counters::default(),
            channels: RwLock::new(HashMap::new()),
            used: AtomicBool::new(false),
            clients: Mutex::new(Clients::default()),
            news: Mutex::new(Vec::new()),
            is_news: Arc::new(Notify::new()),
            time: watch::Sender::new(Utf8Bytes::from_static("")),
            started: AtomicBool::new(false),
            begun: Mutex::new(Sequence(0)),
        }
    }

    pub fn limits(&self) -> &FeedLimits {
        &self.limits
    }

    pub fn metrics(&self) -> FeedMetrics {
        self.counters.read()
    }

    /// Whether one more connection of this user would be accepted.
    pub fn has_room(&self, user: UserId) -> bool {
        self.clients.lock().has_room(user, &self.limits)
    }

    /// Counts a connection that was refused at the door.
    pub fn refused(&self) {
        add(&self.counters.refused, 1);
    }

    /// Closes every connection, and accepts no more.
    pub fn close_all(&self) {
        let mut clients = self.clients.lock();
        clients.closing = true;
        clients.by_session.values().flatten().for_each(|client| client.close(CloseCode::GoingAway));
    }

    /// A session has ended.
    pub fn end_session(&self, token_hash: &TokenHash) {
        if let Some(clients) = self.clients.lock().by_session.get(token_hash) {
            clients.iter().for_each(|client| client.close(CloseCode::SessionEnded));
        }
    }

    /// The picture was taken over whole: what channels have does not lead up to it, and sessions may have ended. The
    /// caller holds off all readers of the picture.
    pub fn restart(&self, picture: &Picture) {
        let at = picture.sequence;
        *self.begun.lock() = at;
        for (token_hash, clients) in &self.clients.lock().by_session {
            if !picture.sessions.contains_key(token_hash) {
                clients.iter().for_each(|client| client.close(CloseCode::SessionEnded));
            }
        }
        for channel in self.channels.read().values() {
            self.counters.keep(0, channel.restart(at));
            self.announce(channel);
        }
    }

    /// The channel of this topic; made where there is none. The caller holds off the writer of the picture.
    fn channel(&self, topic: Topic, picture: &Picture) -> Arc<Channel> {
        if let Some(channel) = self.channels.read().get(&topic) {
            return Arc::clone(channel);
        }
        // What a client was sent before a restart of the node, it may have got in part.
        let whole = picture.sequence > *self.begun.lock();
        let mut channels = self.channels.write();
        let channel = channels.entry(topic).or_insert_with(|| Arc::new(Channel::new(picture.sequence, whole)));
        self.used.store(true, Ordering::Release);
        Arc::clone(channel)
    }

    fn existing(&self, topic: &Topic) -> Option<Arc<Channel>> {
        self.channels.read().get(topic).cloned()
    }

    fn is_used(&self) -> bool {
        self.used.load(Ordering::Acquire)
    }

    /// Adds a message to a channel, if anybody has ever read it.
    fn publish<D: serde::Serialize>(
        &self,
        topic: Topic,
        sequence: Sequence,
        kind: &'static str,
        data: impl FnOnce() -> D,
    ) {
        let Some(channel) = self.existing(&topic) else { return };
        let idle = self.limits.kept_messages_idle;
        let full = self.counters.kept_bytes() > self.limits.kept_bytes as u64;
        let keep = Kept { read: if full { idle } else { self.limits.kept_messages }, idle };
        let (added, removed) = channel
            .publish(sequence, keep, |previous| message::encode(&topic.name(), sequence, Some(previous), kind, data()));
        self.counters.keep(added, removed);
        self.announce(&channel);
    }

    /// Nothing will happen in an auction any more.
    fn ended(&self, topic: Topic) {
        if let Some(channel) = self.existing(&topic)
            && !channel.is_read()
        {
            self.counters.keep(0, channel.forget());
        }
    }

    /// A reader leaves a channel.
    fn leave(&self, topic: &Topic, channel: &Channel, reader: u64, live: &Live) {
        if !channel.leave(reader) {
            return;
        }
        let ended = match topic {
            Topic::Auction(id) => live.read(|picture| picture.auction(*id).is_none_or(|auction| auction.has_ended())),
            Topic::Market | Topic::Member(_) | Topic::Quotes(_) => false,
        };
        let freed = if ended { channel.forget() } else { channel.trim(self.limits.kept_messages_idle) };
        self.counters.keep(0, freed);
    }

    fn announce(&self, channel: &Arc<Channel>) {
        if channel.wants_waking() {
            self.news.lock().push(Arc::clone(channel));
            self.is_news.notify_one();
        }
    }

    /// Starts, once, the task that wakes readers and tells the time. It ends with the feed.
    fn start(self: &Arc<Self>) {
        if self.started.swap(true, Ordering::AcqRel) {
            return;
        }
        let (feed, is_news, limits) = (Arc::downgrade(self), Arc::clone(&self.is_news), self.limits.clone());
        tokio::spawn(async move {
            let mut beat = tokio::time::interval(limits.time_every);
            beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = is_news.notified() => {
                        if !wake_readers(&feed) {
                            return;
                        }
                        tokio::time::sleep(limits.wake_every).await;
                    }
                    _ = beat.tick() => {
                        let Some(feed) = feed.upgrade() else { return };
                        feed.time.send_replace(message::time(now()));
                    }
                }
            }
        });
    }
}

fn wake_readers(feed: &Weak<Feed>) -> bool {
    let Some(feed) = feed.upgrade() else { return false };
    let news = std::mem::take(&mut *feed.news.lock());
    news.iter().for_each(|channel| channel.wake());
    true
}

impl Clients {
    fn has_room(&self, user: UserId, limits: &FeedLimits) -> bool {
        !self.closing
            && self.count < limits.connections_max
            && self.by_user.get(&user).is_none_or(|count| *count < limits.connections_per_user_max)
    }

    fn enter(&mut self, who: &Viewer, limits: &FeedLimits) -> Result<Arc<Client>, CloseCode> {
        if self.closing {
            return Err(CloseCode::GoingAway);
        }
        if !self.has_room(who.user, limits) {
            return Err(CloseCode::TooMany);
        }
        self.given += 1;
        self.count += 1;
        *self.by_user.entry(who.user).or_default() += 1;
        let client = Arc::new(Client {
            id: self.given,
            wake: Arc::new(Notify::new()),
            close: Notify::new(),
            why: AtomicU16::new(0),
        });
        self.by_session.entry(who.token_hash).or_default().push(Arc::clone(&client));
        Ok(client)
    }

    fn leave(&mut self, who: &Viewer, id: u64) {
        self.count -= 1;
        if let Some(count) = self.by_user.get_mut(&who.user) {
            *count -= 1;
            if *count == 0 {
                self.by_user.remove(&who.user);
            }
        }
        if let Some(clients) = self.by_session.get_mut(&who.token_hash) {
            clients.retain(|client| client.id != id);
            if clients.is_empty() {
                self.by_session.remove(&who.token_hash);
            }
        }
    }
}

/// What time it is, for clocks on screens and the end of sessions; what happens has the stamp of its entry.
fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_us(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
