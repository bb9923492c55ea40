//! What one reader, one user and all together may take of the feed.

use std::time::Duration;

use axum::extract::ws::WebSocketUpgrade;

/// The limits of the feed; each has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLimits {
    /// How many connections there may be in all.
    pub connections_max: usize,
    /// How many connections one address may have; 0: no limit. The gateway keeps it, but not for its uncounted addresses.
    pub connections_per_address_max: usize,
    /// How many connections one user may have.
    pub connections_per_user_max: usize,
    /// How many channels one connection may subscribe to.
    pub subscriptions_max: usize,
    /// The largest message that a client may send, in bytes.
    pub client_message_bytes_max: usize,
    /// How many messages a client may send in one second.
    pub client_messages_per_second_max: u32,
    /// How many messages a channel that is being read keeps: how far a reader may fall behind before it is conflated.
    pub kept_messages: usize,
    /// How many messages a channel keeps that nobody reads just now, for whoever comes back with `from`.
    pub kept_messages_idle: usize,
    /// How many bytes of messages all channels may keep; above it each keeps only `kept_messages_idle`.
    pub kept_bytes: usize,
    /// The least time between two wake-ups of readers: what comes within it goes out together, in one write for each.
    /// The first message after a quiet time goes out at once. With 1,000 readers and 100 bids a second, 20 ms halve the
    /// system calls against 5 ms.
    pub wake_every: Duration,
    /// How often every reader is told the time.
    pub time_every: Duration,
    /// How long nothing may come from a client before it is pinged.
    pub ping_after: Duration,
    /// How long nothing may come from a client, pongs included, before it is closed.
    pub silence_max: Duration,
    /// How long one write may take before the client is given up.
    pub write_max: Duration,
}

impl Default for FeedLimits {
    fn default() -> Self {
        FeedLimits {
            connections_max: 10_000,
            connections_per_address_max: 2_000,
            connections_per_user_max: 32,
            subscriptions_max: 256,
            client_message_bytes_max: 4_096,
            client_messages_per_second_max: 50,
            kept_messages: 4_096,
            kept_messages_idle: 256,
            kept_bytes: 64 << 20,
            wake_every: Duration::from_millis(20),
            time_every: Duration::from_secs(5),
            ping_after: Duration::from_secs(20),
            silence_max: Duration::from_secs(60),
            write_max: Duration::from_secs(30),
        }
    }
}

impl FeedLimits {
    /// A socket's read buffer; clients say little.
    const READ_BUFFER_BYTES: usize = 1 << 10;
    /// A socket's write buffer: what goes out in one system call.
    const WRITE_BUFFER_BYTES: usize = 16 << 10;

    /// By how much a message may be larger than allowed and still be read, so that its sender can be told why it is
    /// closed. What is larger yet is cut off.
    const TOLD_UP_TO: usize = 16;

    /// Sets up an upgrade: whoever accepts feed connections calls this, or buffers are large and messages unbounded.
    pub fn set_up<F>(&self, upgrade: WebSocketUpgrade<F>) -> WebSocketUpgrade<F> {
        upgrade
            .read_buffer_size(FeedLimits::READ_BUFFER_BYTES)
            .write_buffer_size(FeedLimits::WRITE_BUFFER_BYTES)
            .max_write_buffer_size(usize::MAX)
            .max_message_size(self.client_message_bytes_max.saturating_mul(FeedLimits::TOLD_UP_TO))
            .max_frame_size(self.client_message_bytes_max.saturating_mul(FeedLimits::TOLD_UP_TO))
    }
}
