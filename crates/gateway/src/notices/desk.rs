//! What is needed to deliver notices, and what became of those that were sent.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use exchange::units::{Instant, UserId};
use hashbrown::HashMap;
use ordering::Vault;
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::hourly::Hourly;
use super::send::{Failed, Senders, VapidKey};
use super::settings::{Channel, Settings, Subscription};
use super::texts::Text;
use crate::config::NoticesConfig;

/// The senders with what they count and remember.
pub(crate) struct Desk {
    pub senders: Senders,
    /// Messages under way or waiting for their next try.
    pub under_way: Arc<Semaphore>,
    /// Messages that are being sent.
    pub at_once: Arc<Semaphore>,
    /// What each user was sent in the last hour.
    pub hourly: Mutex<HashMap<UserId, Hourly>>,
    /// Tests of each user in the last hour.
    pub trials: Mutex<HashMap<UserId, Hourly>>,
    /// What became of the last message of a user over a channel, since this node began.
    outcomes: Mutex<HashMap<(UserId, Channel), Outcome>>,
    pub counts: Counts,
}

/// What became of messages, for the metrics.
#[derive(Default)]
pub(crate) struct Counts {
    pub sent: AtomicU64,
    pub failed: AtomicU64,
    /// Let fall: too old, or too many were under way.
    pub dropped: AtomicU64,
    /// Not sent for a user's quiet hours or its number an hour.
    pub held_back: AtomicU64,
}

/// What became of a message.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub at: Instant,
    pub sent: bool,
    /// Why not; empty where it was sent.
    pub detail: String,
}

/// Where one message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Push(Subscription),
    Email(String),
    Wecom(String),
    Sms(String),
}

impl To {
    /// Over which channel.
    pub const fn channel(&self) -> Channel {
        match self {
            To::Push(_) => Channel::Push,
            To::Email(_) => Channel::Email,
            To::Wecom(_) => Channel::Wecom,
            To::Sms(_) => Channel::Sms,
        }
    }
}

impl Desk {
    /// # Errors
    /// One line on what of the configuration cannot be.
    pub fn new(config: &NoticesConfig, vault: &Vault) -> Result<Self, String> {
        Ok(Desk {
            senders: Senders::new(config, VapidKey::of(|count| vault.push_seed(count)))?,
            under_way: Arc::new(Semaphore::new(config.under_way_max)),
            at_once: Arc::new(Semaphore::new(config.at_once_max.max(1))),
            hourly: Mutex::default(),
            trials: Mutex::default(),
            outcomes: Mutex::default(),
            counts: Counts::default(),
        })
    }

    /// Whether the venue sends over a channel at all.
    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::App => true,
            Channel::Push => self.senders.push_key().is_some(),
            Channel::Email => self.senders.mails(),
            Channel::Wecom => !self.senders.robots().is_empty(),
            Channel::Sms => self.senders.texts(),
        }
    }

    /// Where a user's messages go over a channel.
    pub fn addresses(&self, settings: &Settings, channel: Channel) -> Vec<To> {
        if !self.has(channel) {
            return Vec::new();
        }
        let one = |address: &Option<String>, to: fn(String) -> To| address.clone().map(to).into_iter().collect();
        match channel {
            Channel::App => Vec::new(),
            Channel::Push => settings.push.iter().cloned().map(To::Push).collect(),
            Channel::Email => one(&settings.email, To::Email),
            Channel::Wecom => one(&settings.wecom, To::Wecom),
            Channel::Sms => one(&settings.phone, To::Sms),
        }
    }

    /// One try.
    pub async fn send(&self, to: &To, text: &Text, topic: &str, ttl_s: u32) -> Result<(), Failed> {
        match to {
            To::Push(subscription) => self.senders.push(subscription, text, topic, ttl_s).await,
            To::Email(address) => self.senders.email(address, text).await,
            To::Wecom(address) => self.senders.wecom(address, text).await,
            To::Sms(address) => self.senders.sms(address, text).await,
        }
    }

    /// Remembers what became of a message.
    pub fn note(&self, user: UserId, channel: Channel, at: Instant, result: &Result<(), Failed>) {
        let detail = match result {
            Ok(()) => String::new(),
            Err(Failed::Later(why) | Failed::Never(why) | Failed::Unknown(why)) => why.clone(),
            Err(Failed::Gone) => "the subscription has ended".to_owned(),
        };
        self.outcomes.lock().insert((user, channel), Outcome { at, sent: result.is_ok(), detail });
    }

    /// What is remembered of users who are not among these any more goes: what a receiver said of a message may name its address.
    pub fn keep_only(&self, stays: impl Fn(UserId) -> bool) {
        self.outcomes.lock().retain(|(user, _), _| stays(*user));
        self.hourly.lock().retain(|user, _| stays(*user));
        self.trials.lock().retain(|user, _| stays(*user));
    }

    /// What became of the last message over a channel.
    pub fn outcome(&self, user: UserId, channel: Channel) -> Option<Outcome> {
        self.outcomes.lock().get(&(user, channel)).cloned()
    }
}
