//! The settings of notices over HTTP: what of them is a user's own, what the venue has, and trying them out.

use std::collections::BTreeMap;

use archive::NoticeKind;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use exchange::members::secret_tag;
use exchange::units::{Instant, UserId, UtcOffset};
use exchange::{Body, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::send::{Failed, destination, is_point};
use super::settings::{Channel, PER_HOUR_MAX, Quiet, SUBSCRIPTIONS_MAX, Settings, Subscription};
use super::{texts, worker};
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, json};
use crate::live::User;
use crate::members::done;
use crate::problem::{Document, Problem};
use crate::sessions::Done;
use crate::wire::{self, Nothing, shown};

/// How many tests a user may send in an hour.
const TRIALS_PER_HOUR: u16 = 10;

/// How a user wants its notices: all of it at once, so that an address that is not named is none.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeSettings {
    /// In which language messages come: `zh` or `en`.
    language: String,
    /// How many notices leave the app in any hour at the most, 0 to 120; one that goes several ways counts once.
    per_hour: u16,
    /// When none does; null: none is held back. They are in the app all the same.
    #[serde(default)]
    #[schema(required)]
    quiet: Option<QuietView>,
    /// How the user's clock stands, such as `+08:00`: for the quiet hours, and for times in messages.
    utc_offset: String,
    /// Where to, by e-mail; null: nowhere.
    #[serde(default)]
    #[schema(required)]
    email: Option<String>,
    /// Where to, by short message: `+` and 8 to 15 digits; null: nowhere.
    #[serde(default)]
    #[schema(required)]
    phone: Option<String>,
    /// The address of a robot in a WeCom group; null: none.
    #[serde(default)]
    #[schema(required)]
    wecom: Option<String>,
    /// Over which channels each kind comes: `app` (it speaks up while it is open), `push`, `email`, `wecom`, `sms`. A kind that
    /// is not named comes as it did.
    kinds: BTreeMap<String, Vec<String>>,
}

/// Hours in which nothing is sent.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietView {
    /// From when, `HH:MM` by the user's clock.
    from: String,
    /// Until when; where that is before `from`, on the next day.
    to: String,
}

/// The settings, with what the venue has and what became of the last messages.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeSettingsSeen {
    settings: NoticeSettings,
    /// Every way there is.
    channels: Vec<ChannelView>,
    /// The browsers that are pushed to.
    browsers: Vec<BrowserView>,
    /// The venue's key for push, an uncompressed point in Base64url (`applicationServerKey`); null: it does not push.
    #[schema(required)]
    push_key: Option<String>,
    /// The hosts of robots that the venue writes to.
    wecom_hosts: Vec<String>,
}

/// A way in which notices come.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelView {
    /// `app`, `push`, `email`, `wecom` or `sms`.
    channel: &'static str,
    /// Whether the venue sends this way at all.
    available: bool,
    /// Whether the user has given an address for it.
    addressed: bool,
    /// What became of the last message since the node began; null: there was none.
    #[schema(required)]
    last: Option<LastView>,
}

/// What became of a message.
#[derive(Serialize, ToSchema)]
pub(crate) struct LastView {
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// Whether it was taken by the receiver.
    sent: bool,
    /// Why not; empty where it was.
    detail: String,
}

/// A browser that is pushed to.
#[derive(Serialize, ToSchema)]
pub(crate) struct BrowserView {
    /// Where its push service is.
    endpoint: String,
    /// What the user calls it.
    label: String,
}

/// `POST /api/v1/notices/browsers`: what a browser's subscription says.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBrowser {
    /// Where its push service is.
    endpoint: String,
    /// The browser's public key, Base64url.
    p256dh: String,
    /// The secret that it shares with the venue, Base64url.
    auth: String,
    /// What the user calls it, 1 to 64 characters.
    label: String,
}

/// `DELETE /api/v1/notices/browsers`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OldBrowser {
    /// Which.
    endpoint: String,
}

/// What became of a test.
#[derive(Serialize, ToSchema)]
pub(crate) struct Trials {
    /// One for each address.
    items: Vec<TrialView>,
}

/// What became of a test at one address.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialView {
    /// Over which channel.
    channel: &'static str,
    /// Whether the receiver has taken it.
    sent: bool,
    /// Why not; empty where it has.
    detail: String,
}

/// How the caller wants its notices, and what the venue has.
#[utoipa::path(get, path = "/api/v1/notices/settings", tag = "notices",
    responses((status = 200, body = NoticeSettingsSeen)))]
pub(crate) async fn settings(State(gateway): State<Gateway>, caller: Caller) -> Result<Response, Problem> {
    let (_, settings) = stored(&gateway, caller.user)?;
    let desk = &gateway.notices;
    let channels = Channel::ALL.into_iter().map(|channel| ChannelView {
        channel: channel.word(),
        available: desk.has(channel),
        addressed: match channel {
            Channel::App => true,
            Channel::Push => !settings.push.is_empty(),
            Channel::Email => settings.email.is_some(),
            Channel::Wecom => settings.wecom.is_some(),
            Channel::Sms => settings.phone.is_some(),
        },
        last: desk.outcome(caller.user, channel).map(|last| LastView {
            at: last.at,
            sent: last.sent,
            detail: last.detail,
        }),
    });
    let browsers = settings.push.iter();
    let browsers = browsers.map(|one| BrowserView { endpoint: one.endpoint.clone(), label: one.label.clone() });
    let seen = NoticeSettingsSeen {
        channels: channels.collect(),
        browsers: browsers.collect(),
        push_key: desk.senders.push_key(),
        wecom_hosts: desk.senders.robots().to_vec(),
        settings: NoticeSettings::of(&settings),
    };
    Ok(json(StatusCode::OK, &seen))
}

/// Sets them, all at once but for the browsers.
#[utoipa::path(put, path = "/api/v1/notices/settings", tag = "notices", request_body = NoticeSettings,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn set(State(gateway): State<Gateway>, asked: Asked<NoticeSettings>) -> Result<Response, Problem> {
    let (user, mut settings) = stored(&gateway, asked.caller.user)?;
    asked.body.take_over(&gateway, &mut settings)?;
    done(&keep(&gateway, &asked, &user, &settings).await?)
}

/// Pushes to this browser too. A subscription that is there is replaced, and one of another user ends: a device has one person.
#[utoipa::path(post, path = "/api/v1/notices/browsers", tag = "notices", request_body = NewBrowser,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn add_browser(State(gateway): State<Gateway>, asked: Asked<NewBrowser>) -> Result<Response, Problem> {
    let NewBrowser { endpoint, p256dh, auth, label } = &asked.body;
    let invalid = |detail: String| Problem::invalid("invalid_subscription", detail);
    let senders = &gateway.notices.senders;
    if senders.push_key().is_none() {
        return Err(Problem::invalid("channel_unavailable", "this venue does not push"));
    }
    destination(endpoint, senders.reach()).map_err(invalid)?;
    wire::text("invalid_label", "label", label, 64)?;
    let key = BASE64.decode(p256dh.trim_end_matches('=')).ok().filter(|key| is_point(key));
    let key = key.ok_or_else(|| invalid("p256dh is no public key of P-256".to_owned()))?;
    let auth = BASE64.decode(auth.trim_end_matches('=')).ok().and_then(|auth| <[u8; 16]>::try_from(auth).ok());
    let auth = auth.ok_or_else(|| invalid("auth is not 16 bytes".to_owned()))?;
    if !worker::unsubscribe_others(&gateway, asked.caller.user, endpoint).await {
        let detail = "another user's subscription of this browser could not be ended; nothing was added, try again";
        return Err(Problem::unavailable("unavailable", detail));
    }
    let (user, mut settings) = stored(&gateway, asked.caller.user)?;
    settings.push.retain(|one| one.endpoint != *endpoint);
    if settings.push.len() >= SUBSCRIPTIONS_MAX {
        settings.push.remove(0);
    }
    settings.push.push(Subscription {
        endpoint: endpoint.clone(),
        key: key.into(),
        auth: auth.into(),
        label: label.clone(),
    });
    done(&keep(&gateway, &asked, &user, &settings).await?)
}

/// Pushes no longer to a browser.
#[utoipa::path(delete, path = "/api/v1/notices/browsers", tag = "notices", request_body = OldBrowser,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 409, body = Document<'static>)))]
pub(crate) async fn remove_browser(
    State(gateway): State<Gateway>,
    asked: Asked<OldBrowser>,
) -> Result<Response, Problem> {
    let (user, mut settings) = stored(&gateway, asked.caller.user)?;
    settings.push.retain(|one| one.endpoint != asked.body.endpoint);
    done(&keep(&gateway, &asked, &user, &settings).await?)
}

/// Sends a test to every address that the caller has given, at once and whatever the hour, and says what became of it. Asked
/// again it sends again.
#[utoipa::path(post, path = "/api/v1/notices/test", tag = "notices", request_body = Nothing,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Trials), (status = 429, body = Document<'static>)))]
pub(crate) async fn test(State(gateway): State<Gateway>, asked: Asked<Nothing>) -> Result<Response, Problem> {
    let id = asked.caller.user;
    let (_, settings) = stored(&gateway, id)?;
    let (desk, now) = (&gateway.notices, Gateway::now());
    if !desk.trials.lock().entry(id).or_default().take(now, TRIALS_PER_HOUR) {
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_tests",
            format!("a user sends at most {TRIALS_PER_HOUR} tests in an hour; wait"),
        ));
    }
    let text = texts::trial(settings.english);
    let addresses: Vec<_> = Channel::ALL.into_iter().flat_map(|channel| desk.addresses(&settings, channel)).collect();
    let tries = addresses.iter().map(async |to| {
        let Ok(_turn) = desk.at_once.acquire().await else {
            return (to, Err(Failed::Later("the node stops".to_owned())));
        };
        (to, desk.send(to, &text, "test", 60).await)
    });
    let mut items = Vec::new();
    for (to, result) in futures_util::future::join_all(tries).await {
        desk.note(id, to.channel(), now, &result);
        if let (Err(Failed::Gone), super::desk::To::Push(subscription)) = (&result, to) {
            worker::unsubscribe(&gateway, id, &subscription.endpoint).await;
        }
        let outcome = desk.outcome(id, to.channel());
        let (sent, detail) = outcome.map_or((false, String::new()), |outcome| (outcome.sent, outcome.detail));
        items.push(TrialView { channel: to.channel().word(), sent, detail });
    }
    Ok(json(StatusCode::OK, &Trials { items }))
}

/// A user with its settings. Where its key is gone there are none to read.
fn stored(gateway: &Gateway, id: UserId) -> Result<(User, Settings), Problem> {
    let user = gateway.live.read(|picture| picture.user(id).cloned()).ok_or_else(Problem::not_signed_in)?;
    let plain = user.notices.as_ref().and_then(|sealed| gateway.node.vault().open_for(id, sealed));
    let settings = Settings::read(plain.as_deref());
    Ok((user, settings))
}

/// Puts the settings in the order, under the person's key. What was changed after they were read is not lost: then this is refused.
async fn keep<T>(gateway: &Gateway, asked: &Asked<T>, user: &User, settings: &Settings) -> Result<Reply, Problem> {
    let sealed = gateway.node.vault().seal_for(&user.personal, user.id, &settings.to_bytes());
    let sealed = sealed.ok_or_else(|| {
        Problem::unavailable("unavailable", "the person's key is not there; nothing was kept, ask the exchange's staff")
    })?;
    let before = user.notices.as_ref().map(|before| secret_tag(before));
    asked.submit(gateway, Body::SetNotices { user: user.id, before, sealed }).await
}

impl NoticeSettings {
    fn of(settings: &Settings) -> Self {
        let minute = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let chosen = |kind| {
            let channels = Channel::ALL.into_iter().filter(|channel| settings.wants(kind, *channel));
            channels.map(|channel| channel.word().to_owned()).collect()
        };
        NoticeSettings {
            language: if settings.english { "en" } else { "zh" }.to_owned(),
            per_hour: settings.per_hour,
            quiet: settings.quiet.map(|quiet| QuietView { from: minute(quiet.from_min), to: minute(quiet.to_min) }),
            utc_offset: settings.offset.to_string(),
            email: settings.email.clone(),
            phone: settings.phone.clone(),
            wecom: settings.wecom.clone(),
            kinds: NoticeKind::ALL.into_iter().map(|kind| (kind.word().to_owned(), chosen(kind))).collect(),
        }
    }

    /// Judges all of it, then takes it over.
    fn take_over(&self, gateway: &Gateway, settings: &mut Settings) -> Result<(), Problem> {
        let senders = &gateway.notices.senders;
        let english = match self.language.as_str() {
            "zh" => false,
            "en" => true,
            _ => return Err(Problem::invalid("invalid_language", "language is zh or en")),
        };
        if self.per_hour > PER_HOUR_MAX {
            return Err(Problem::invalid("invalid_rate", format!("per_hour is at most {PER_HOUR_MAX}")));
        }
        let offset = UtcOffset::parse(&self.utc_offset)
            .map_err(|e| Problem::invalid("invalid_offset", format!("utc_offset {:?} {e}", self.utc_offset)))?;
        let quiet = self.quiet.as_ref().map(QuietView::quiet).transpose()?;
        self.email.as_deref().map_or(Ok(()), wire::email)?;
        self.phone.as_deref().map_or(Ok(()), wire::phone)?;
        if let Some(wecom) = &self.wecom {
            let url = destination(wecom, senders.reach()).map_err(|why| Problem::invalid("invalid_wecom", why))?;
            if !senders.robots().iter().any(|host| url.host() == Some(host)) {
                let hosts = senders.robots().join(", ");
                return Err(Problem::invalid("invalid_wecom", format!("a robot's address is at one of: {hosts}")));
            }
        }
        let mut chosen = Vec::new();
        for (kind, words) in &self.kinds {
            let unknown = |what: &str| Problem::invalid("invalid_kind", format!("{what:?} is not known"));
            let kind = NoticeKind::of(kind).ok_or_else(|| unknown(kind))?;
            let channels = words.iter().map(|word| Channel::of(word).ok_or_else(|| unknown(word)));
            chosen.push((kind, channels.collect::<Result<Vec<_>, _>>()?));
        }
        for (kind, channels) in chosen {
            settings.choose(kind, channels);
        }
        (settings.english, settings.per_hour, settings.quiet, settings.offset) =
            (english, self.per_hour, quiet, offset);
        settings.email.clone_from(&self.email);
        settings.phone.clone_from(&self.phone);
        settings.wecom.clone_from(&self.wecom);
        Ok(())
    }
}

impl QuietView {
    fn quiet(&self) -> Result<Quiet, Problem> {
        let minute = |text: &str| {
            let (hour, minute) = text.split_once(':')?;
            let plain = |part: &str| {
                let digits = part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
                if digits { part.parse::<u16>().ok() } else { None }
            };
            let (hour, minute) = (plain(hour)?, plain(minute)?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        match (minute(&self.from), minute(&self.to)) {
            (Some(from_min), Some(to_min)) if from_min != to_min => Ok(Quiet { from_min, to_min }),
            _ => Err(Problem::invalid("invalid_quiet", "quiet is two different times of day from 00:00 to 23:59")),
        }
    }
}
