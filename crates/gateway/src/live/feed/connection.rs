//! One client's connection: what it asks for, and what it is sent.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant as Moment};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use exchange::units::Sequence;
use futures_util::SinkExt;
use serde::Deserialize;
use tokio::time::timeout;

use super::channel::{Channel, Found};
use super::topic::Topic;
use super::{Client, CloseCode, Feed, Viewer, add, message, now};
use crate::live::Live;

/// How many messages are taken from a channel at once, so that one lock is short and one write not too large.
const TAKEN_AT_ONCE: usize = 128;
/// How many times in a row that is done before the client is listened to.
const ROUNDS: u32 = 16;
/// How long the client has to answer a close before the connection is dropped.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Serves one client until it goes, its session ends, or the node stops. Whoever accepts the connection has checked
/// who it is, and has set up the upgrade with [`super::FeedLimits::set_up`].
pub async fn serve_socket(live: Live, who: Viewer, socket: WebSocket) {
    let feed = Arc::clone(live.feed());
    feed.start();
    let entered = feed.clients.lock().enter(&who, feed.limits());
    let client = match entered {
        Ok(client) => client,
        Err(code) => {
            add(&feed.counters.refused, 1);
            return close(socket, code).await;
        }
    };
    add(&feed.counters.connections, 1);
    feed.counters.clients.fetch_add(1, Ordering::Relaxed);
    let limits = feed.limits().clone();
    let mut connection = Connection {
        outbox: Vec::new(),
        subscriptions: Vec::new(),
        heard: Moment::now(),
        pinged: false,
        second: Moment::now(),
        in_second: 0,
        live,
        who,
        socket,
        client,
        feed,
        limits,
    };
    let end = connection.run().await;
    let Connection { live, feed, client, who, subscriptions, socket, .. } = connection;
    for subscription in &subscriptions {
        feed.leave(&subscription.topic, &subscription.channel, client.id, &live);
    }
    feed.clients.lock().leave(&who, client.id);
    feed.counters.clients.fetch_sub(1, Ordering::Relaxed);
    if let End::Close(code) = end {
        if code == CloseCode::Silent {
            add(&feed.counters.stalled, 1);
        }
        close(socket, code).await;
    }
}

/// Why a connection ends.
enum End {
    /// The client has gone.
    Gone,
    /// The server closes it.
    Close(CloseCode),
}

struct Connection {
    live: Live,
    who: Viewer,
    socket: WebSocket,
    client: Arc<Client>,
    feed: Arc<Feed>,
    limits: super::FeedLimits,
    subscriptions: Vec<Subscription>,
    /// What goes out next, before what channels have.
    outbox: Vec<Message>,
    /// When something last came from the client.
    heard: Moment,
    pinged: bool,
    second: Moment,
    in_second: u32,
}

struct Subscription {
    topic: Topic,
    channel: Arc<Channel>,
    /// The place of the next message to be read.
    place: u64,
}

/// What a client may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    subscribe: Vec<String>,
    #[serde(default)]
    unsubscribe: Vec<String>,
    #[serde(default)]
    from: Option<u64>,
}

impl Connection {
    async fn run(&mut self) -> End {
        // Entered first, then looked: a session that ends meanwhile is seen by one or the other.
        if self.live.read(|picture| picture.session(&self.who.token_hash, now()).is_none()) {
            return End::Close(CloseCode::SessionEnded);
        }
        let client = Arc::clone(&self.client);
        let lasts = Duration::from_micros(u64::try_from(self.who.expires.since(now()).us()).unwrap_or(0));
        let mut expiry = pin!(tokio::time::sleep(lasts));
        let mut time = self.feed.time.subscribe();
        time.mark_unchanged();
        // At once, so that a client knows the clock before it shows what runs out.
        self.outbox.push(Message::Text(message::time(now())));
        loop {
            let sent = tokio::select! {
                biased;
                () = client.close.notified() => return End::Close(client.why()),
                () = &mut expiry => return End::Close(CloseCode::SessionEnded),
                sent = self.send_all() => sent,
            };
            if let Err(end) = sent {
                return end;
            }
            tokio::select! {
                biased;
                () = client.close.notified() => return End::Close(client.why()),
                () = &mut expiry => return End::Close(CloseCode::SessionEnded),
                incoming = self.socket.recv() => {
                    let handled = match incoming {
                        Some(Ok(message)) => self.handle(message),
                        Some(Err(_)) => Err(End::Close(CloseCode::Unreadable)),
                        None => Err(End::Gone),
                    };
                    if let Err(end) = handled {
                        return end;
                    }
                }
                Ok(()) = time.changed() => {
                    let told = time.borrow_and_update().clone();
                    if let Err(end) = self.beat(told) {
                        return end;
                    }
                }
                () = client.wake.notified() => {}
            }
        }
    }

    /// Writes everything that is ready, and flushes once.
    async fn send_all(&mut self) -> Result<(), End> {
        let mut texts = Vec::new();
        for round in 0.. {
            self.collect(&mut texts);
            if self.outbox.is_empty() {
                break;
            }
            if round == ROUNDS {
                // More keeps coming than this client takes: look whether it says something, then go on.
                self.client.wake.notify_one();
                break;
            }
            add(&self.feed.counters.messages, self.outbox.len());
            let (socket, outbox) = (&mut self.socket, &mut self.outbox);
            let write = async {
                for message in outbox.drain(..) {
                    socket.feed(message).await?;
                }
                Ok::<(), axum::Error>(())
            };
            written(timeout(self.limits.write_max, write).await)?;
        }
        written(timeout(self.limits.write_max, self.socket.flush()).await)
    }

    /// Puts into the outbox what channels have for this client.
    fn collect(&mut self, texts: &mut Vec<Utf8Bytes>) {
        for at in 0..self.subscriptions.len() {
            let subscription = &mut self.subscriptions[at];
            if !subscription.channel.has_more(subscription.place) {
                continue;
            }
            match subscription.channel.take(&mut subscription.place, TAKEN_AT_ONCE, texts) {
                Found::Messages => self.outbox.extend(texts.drain(..).map(Message::Text)),
                Found::Dropped(dropped) => {
                    add(&self.feed.counters.conflations, 1);
                    add(&self.feed.counters.dropped, usize::try_from(dropped).unwrap_or(usize::MAX));
                    let name = subscription.topic.name();
                    self.outbox.push(Message::Text(message::conflated(&name, dropped)));
                    self.snapshot(at);
                }
            }
        }
    }

    /// Sends what holds now, and goes on behind it.
    fn snapshot(&mut self, at: usize) {
        let Subscription { topic, channel, place } = &mut self.subscriptions[at];
        let alone = topic.is_shared().then(|| channel.make_alone());
        // Taken out while the writer is held off; encoded when it is not.
        let (stand, found) = self.live.read(|picture| {
            let stand = channel.stand();
            let found = stand.snapshot.clone().ok_or_else(|| topic.look(picture));
            (stand, found)
        });
        *place = stand.end;
        let text = found.unwrap_or_else(|still| {
            let text = still.encode(topic, stand.last);
            if alone.is_some() {
                channel.keep_snapshot(&stand, &text);
            }
            text
        });
        drop(alone);
        add(&self.feed.counters.snapshots, 1);
        self.outbox.push(Message::Text(text));
    }

    /// Every few seconds: tells the time, and looks whether the client is still there.
    fn beat(&mut self, told: Utf8Bytes) -> Result<(), End> {
        let silent = self.heard.elapsed();
        if silent > self.limits.silence_max {
            return Err(End::Close(CloseCode::Silent));
        }
        if silent > self.limits.ping_after && !self.pinged {
            self.pinged = true;
            self.outbox.push(Message::Ping(Bytes::new()));
        }
        self.outbox.push(Message::Text(told));
        Ok(())
    }

    fn handle(&mut self, message: Message) -> Result<(), End> {
        self.heard = Moment::now();
        self.pinged = false;
        if self.second.elapsed() >= Duration::from_secs(1) {
            (self.second, self.in_second) = (Moment::now(), 0);
        }
        self.in_second += 1;
        if self.in_second > self.limits.client_messages_per_second_max {
            return Err(End::Close(CloseCode::TooMany));
        }
        match message {
            Message::Text(text) if text.len() > self.limits.client_message_bytes_max => {
                Err(End::Close(CloseCode::TooLarge))
            }
            Message::Binary(bytes) if bytes.len() > self.limits.client_message_bytes_max => {
                Err(End::Close(CloseCode::TooLarge))
            }
            Message::Text(text) => {
                self.request(text.as_str());
                Ok(())
            }
            Message::Binary(_) => {
                self.error("not_understood", "a message is JSON text, not binary", None);
                Ok(())
            }
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    fn request(&mut self, text: &str) {
        // A list of values in the order of the fields would be read too.
        let is_object = text.trim_start().starts_with('{');
        let request = match serde_json::from_str::<Request>(text) {
            Ok(request) if is_object => request,
            other => {
                let error = other.err().map_or_else(|| "not an object".to_owned(), |error| error.to_string());
                let detail = format!(
                    "{error}; expected {{\"subscribe\":[\"market\"],\"from\":1}} or {{\"unsubscribe\":[\"market\"]}}"
                );
                return self.error("not_understood", &detail, None);
            }
        };
        for name in &request.unsubscribe {
            match self.position(name) {
                Some(at) => {
                    let gone = self.subscriptions.swap_remove(at);
                    self.feed.leave(&gone.topic, &gone.channel, self.client.id, &self.live);
                }
                None => self.error("not_subscribed", "this connection does not read this channel", Some(name)),
            }
        }
        for name in &request.subscribe {
            self.subscribe(name, request.from.map(Sequence));
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        let topic = Topic::named(name, &self.who)?;
        self.subscriptions.iter().position(|subscription| subscription.topic == topic)
    }

    /// Subscribes, or for a channel that is read already starts it anew.
    fn subscribe(&mut self, name: &str, from: Option<Sequence>) {
        let unknown = "there is no such channel, or it is not yours to see";
        let Some(topic) = Topic::named(name, &self.who) else {
            return self.error("unknown_channel", unknown, Some(name));
        };
        let before = self.subscriptions.iter().position(|subscription| subscription.topic == topic);
        if before.is_none() && self.subscriptions.len() >= self.limits.subscriptions_max {
            let detail =
                format!("at most {} channels a connection; unsubscribe from one", self.limits.subscriptions_max);
            return self.error("too_many_subscriptions", &detail, Some(name));
        }
        // While the picture is read, nothing is published: the place and what was sent before it fit together.
        let found = self.live.read(|picture| {
            if !topic.is_open_to(&self.who, picture) {
                return None;
            }
            let channel = self.feed.channel(topic.clone(), picture);
            channel.join(self.client.id, Arc::clone(&self.client.wake));
            let place = from.and_then(|from| channel.resume(from, picture.sequence));
            Some((channel, place))
        });
        let Some((channel, place)) = found else { return self.error("unknown_channel", unknown, Some(name)) };
        let subscription = Subscription { topic, channel, place: place.unwrap_or(0) };
        let at = match before {
            Some(at) => {
                self.subscriptions[at] = subscription;
                at
            }
            None => {
                self.subscriptions.push(subscription);
                self.subscriptions.len() - 1
            }
        };
        if place.is_none() {
            self.snapshot(at);
        }
    }

    fn error(&mut self, reason: &'static str, detail: &str, channel: Option<&str>) {
        add(&self.feed.counters.errors, 1);
        self.outbox.push(Message::Text(message::error(reason, detail, channel)));
    }
}

impl Client {
    fn why(&self) -> CloseCode {
        match self.why.load(Ordering::Acquire) {
            code if code == CloseCode::GoingAway as u16 => CloseCode::GoingAway,
            _ => CloseCode::SessionEnded,
        }
    }
}

fn written(result: Result<Result<(), axum::Error>, tokio::time::error::Elapsed>) -> Result<(), End> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Close(CloseCode::Silent)),
    }
}

/// Says goodbye and waits a moment for the client's own, or the last words might be lost with the connection.
async fn close(mut socket: WebSocket, code: CloseCode) {
    let reason = match code {
        CloseCode::GoingAway => "the node stops; connect again",
        CloseCode::Unreadable => "not a message that can be read",
        CloseCode::TooLarge => "message too large",
        CloseCode::SessionEnded => "the session has ended; sign in again",
        CloseCode::Silent => "nothing heard for too long",
        CloseCode::TooMany => "too many connections or messages",
    };
    let frame = CloseFrame { code: code as u16, reason: reason.into() };
    let goodbye = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // Whoever does not answer is dropped.
    let _ = timeout(CLOSE_WITHIN, goodbye).await;
}
