//! The gateway as one value: what it stands on, its router, and how commands and reads pass through it.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use archive::Archive;
use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use exchange::units::{Instant, MemberId, Sequence, UserId};
use exchange::{Applied, Body, Command, Exchange, Principal, Reply, RequestId};
use ordering::Node;

use crate::back_off::BackOff;
use crate::config::GatewayConfig;
use crate::devices::Devices;
use crate::failures::Failures;
use crate::head::Heads;
use crate::limits::Rate;
use crate::live::Live;
use crate::ops::Counters;
use crate::origin::Places;
use crate::passkeys::Site;
use crate::passwords::Passwords;
use crate::problem::Problem;

/// Wrong passwords of one login from anywhere that cost nothing; then each costs up to `WAIT_ANYWHERE`, which slows a
/// guesser with many addresses and hardly holds up the user.
const FAILURES_ANYWHERE: u32 = 100;
/// The longest wait that strangers can bring upon a login.
const WAIT_ANYWHERE: std::time::Duration = std::time::Duration::from_secs(2);

/// The gateway: knows who asks, checks the shape of what is asked, never decides. A clone is a handle on the same one.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

/// What a gateway stands on. Reachable within this crate only.
pub struct Inner {
    pub(crate) config: GatewayConfig,
    pub(crate) node: Node,
    pub(crate) live: Live,
    pub(crate) archive: Arc<Archive>,
    pub(crate) passwords: Passwords,
    pub(crate) failed_logins: BackOff<([u8; 16], IpAddr)>,
    pub(crate) failed_anywhere: BackOff<[u8; 16]>,
    pub(crate) failed_addresses: BackOff<IpAddr>,
    pub(crate) failed_codes: BackOff<UserId>,
    pub(crate) places: Arc<Places>,
    pub(crate) feed_places: Arc<Places>,
    pub(crate) rate: Rate<UserId>,
    pub(crate) applications: Rate<IpAddr>,
    pub(crate) uploads: crate::files::Uploads,
    pub(crate) downloads: crate::files::Downloads,
    pub(crate) counters: Counters,
    pub(crate) heads: Heads,
    pub(crate) devices: Devices,
    pub(crate) failures: Failures,
    pub(crate) site: Site,
    pub(crate) notices: crate::notices::Desk,
    pub(crate) openapi: axum::body::Bytes,
    pub(crate) request_prefix: String,
    pub(crate) request_count: AtomicU64,
    /// The last entry that this node has answered somebody with: what a later read must know.
    answered: AtomicU64,
}

impl std::ops::Deref for Gateway {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Gateway {
    /// A gateway before a node, with what the [`observer`] of that node feeds.
    ///
    /// # Errors
    /// One line on what of the configuration cannot be.
    pub fn new(config: GatewayConfig, node: Node, live: Live, archive: Arc<Archive>) -> Result<Self, String> {
        let passwords = Passwords::start(&config)?;
        crate::users::destroy_keys(&node, &live);
        let mut random = [0_u8; 6];
        getrandom::fill(&mut random).map_err(|e| format!("the system gave no random bytes: {e}"))?;
        let places = |most| Arc::new(Places::new(most, config.connections_uncounted.clone()));
        let inner = Inner {
            passwords,
            failed_logins: BackOff::new(config.failures_per_login, config.back_off_max, config.back_off_table_max),
            failed_anywhere: BackOff::new(FAILURES_ANYWHERE, WAIT_ANYWHERE, config.back_off_table_max),
            failed_addresses: BackOff::new(config.failures_per_address, config.back_off_max, config.back_off_table_max),
            failed_codes: BackOff::new(config.failures_per_login, config.back_off_max, config.back_off_table_max),
            places: places(config.connections_per_address_max),
            feed_places: places(live.feed_limits().connections_per_address_max),
            rate: Rate::new(config.user_requests_per_second, config.user_requests_burst),
            applications: Rate::hourly(config.applications_per_hour),
            uploads: crate::files::Uploads::new(&config),
            downloads: crate::files::Downloads::default(),
            counters: Counters::default(),
            heads: Heads::default(),
            devices: Devices::default(),
            failures: Failures::default(),
            site: Site::new(&config.passkey_host, &config.origins),
            notices: crate::notices::Desk::new(&config.notices, node.vault())?,
            openapi: crate::document::document().to_string().into(),
            request_prefix: crate::text::hex(&random),
            request_count: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            config,
            node,
            live,
            archive,
        };
        Ok(Gateway { inner: Arc::new(inner) })
    }

    /// Every endpoint, behind the table of roles.
    pub fn router(&self) -> Router {
        crate::routes::router(self)
    }

    /// What time it is, for the expiry of sessions.
    pub(crate) fn now() -> Instant {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Instant::from_us(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    /// Puts a user's command in the one order.
    pub(crate) async fn submit(&self, user: UserId, request: RequestId, body: Body) -> Result<Reply, Problem> {
        self.put(Command { principal: Principal::User(user), request: Some(request), body }).await
    }

    /// Puts a command in the one order that the gateway itself has judged: sessions.
    pub(crate) async fn submit_own(&self, body: Body) -> Result<Reply, Problem> {
        self.put(Command::system(body)).await
    }

    pub(crate) async fn put(&self, command: Command) -> Result<Reply, Problem> {
        match (&command.body, command.body.rules()) {
            (_, 0 | 1) => {}
            (Body::SetProfile(_) | Body::ChangeProfile { .. }, rules) => self.may_be_in_force(rules).await?,
            (_, rules) => {
                let now = self.live.read(|picture| picture.profile.rules);
                if now < rules {
                    return Err(Problem::new(
                        StatusCode::CONFLICT,
                        "rules_not_in_force",
                        format!(
                            "this came with rules {rules}, and rules {now} are in force; an admin puts them in force in the profile"
                        ),
                    ));
                }
            }
        }
        let reply = self.node.submit(command).await?;
        self.note(&reply);
        Ok(reply)
    }

    /// Whether these rules are in force or every node knows them.
    pub(crate) async fn may_be_in_force(&self, rules: u32) -> Result<(), Problem> {
        if rules <= self.live.read(|picture| picture.profile.rules) {
            return Ok(());
        }
        self.node.all_know(rules).await.map_err(|why| Problem::new(StatusCode::CONFLICT, "rules_not_known", why))
    }

    /// Somebody is told this: a later read on this node knows at least as much.
    pub(crate) fn note(&self, reply: &Reply) {
        self.answered.fetch_max(reply.sequence.0, Ordering::Release);
        self.counters.count(reply);
    }

    /// The last entry that this node has answered somebody with.
    pub(crate) fn answered(&self) -> Sequence {
        Sequence(self.answered.load(Ordering::Acquire))
    }

    /// Waits until the picture has everything that was answered before, and the sequence that the client names.
    pub(crate) async fn catch_up(&self, at_least: Option<Sequence>) -> Result<(), Problem> {
        let answered = self.answered();
        let wanted = at_least.map_or(answered, |least| least.max(answered));
        if self.live.sequence() >= wanted || self.live.reached(wanted, self.config.min_sequence_wait).await {
            return Ok(());
        }
        Err(Problem::unavailable(
            "not_there_yet",
            format!("entry {wanted} has not come here within {:?}; ask again", self.config.min_sequence_wait),
        ))
    }

    /// The member with this code, or 404.
    pub(crate) fn member(&self, code: &str) -> Result<MemberId, Problem> {
        let member = self.live.read(|picture| picture.member_by_code(code).map(|member| member.id));
        member.ok_or_else(Problem::unknown_member)
    }

    /// An id for one request, for logs and questions.
    pub(crate) fn request_id(&self) -> HeaderValue {
        let count = self.request_count.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}-{count:x}", self.request_prefix);
        HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("-"))
    }
}

/// What feeds the live picture and the archive from a node: one of the observers to start it with.
#[must_use]
pub fn observer(live: Live, archive: Arc<Archive>) -> Box<dyn ordering::Observer> {
    Box::new(Feeding { live, archive })
}

struct Feeding {
    live: Live,
    archive: Arc<Archive>,
}

impl ordering::Observer for Feeding {
    fn begin(&mut self, exchange: &Exchange) {
        self.live.begin(exchange);
    }

    fn applied(&mut self, run: &Arc<Applied>, _: &Exchange) {
        self.live.apply(run);
        self.archive.push(Arc::clone(run));
    }
}
