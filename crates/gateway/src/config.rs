//! What the gateway can be told, each with its default.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::demonstration::Demonstration;
use crate::network::Network;

/// The settings of a gateway.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// The largest body of a request, in bytes; more is 413.
    pub body_bytes_max: usize,
    /// How long a body may take to arrive; longer is 408.
    pub body_timeout: Duration,
    /// How long the head of a request may take to arrive, and a new connection to send its first; longer is closed.
    pub head_timeout: Duration,
    /// How long a connection may wait for its next request.
    pub idle_timeout: Duration,
    /// The largest head of a request, in bytes.
    pub head_bytes_max: usize,
    /// How many connections may be open, those of the feed among them; further ones are answered 503 and closed.
    pub connections_max: usize,
    /// How many connections one address may have beside those of the feed; further ones are answered 429 and closed. 0: no
    /// limit.
    pub connections_per_address_max: usize,
    /// Addresses that may have any number of connections.
    pub connections_uncounted: Vec<Network>,
    /// Proxies: `X-Forwarded-For` is believed from these addresses and from nobody else.
    pub proxies: Vec<Network>,
    /// How long requests under way may take when the gateway stops.
    pub drain: Duration,
    /// How many requests a second one user may send; 0: no limit.
    pub user_requests_per_second: u32,
    /// How many requests one user may send at once before the rate counts.
    pub user_requests_burst: u32,
    /// How many applications to become a member one address may make or amend in an hour; 0: no limit.
    pub applications_per_hour: u32,
    /// How many files may be on their way in at once, each up to 10 MB of memory; more is 503.
    pub uploads_max: usize,
    /// How many of them one address may send without signing in, counted as connections are; more is 429. 0: no limit.
    pub uploads_per_address_max: usize,
    /// How many of them one user may send; more is 429. 0: no limit.
    pub uploads_per_user_max: usize,
    /// How many files a second one user may hand in; 0: no limit.
    pub uploads_per_second: u32,
    /// How many files one user may hand in at once before that rate counts.
    pub uploads_burst: u32,
    /// How long a file may take to arrive; longer is 408.
    pub upload_timeout: Duration,
    /// How long a session lasts at the most.
    pub session: Duration,
    /// What a password costs.
    pub password: PasswordCost,
    /// How many threads check passwords. They run at a low priority, so that a flood of sign-ins does not starve bids.
    pub password_threads: usize,
    /// How many passwords may wait to be checked; more is 503.
    pub password_queue_max: usize,
    /// How many wrong passwords one login may have before it must wait: 1 s, then twice as long each time.
    pub failures_per_login: u32,
    /// The same for one address.
    pub failures_per_address: u32,
    /// The longest wait after wrong passwords.
    pub back_off_max: Duration,
    /// How many logins, and how many addresses, are remembered for their wrong passwords; the oldest is forgotten first.
    pub back_off_table_max: usize,
    /// How long a read waits for the sequence that it names.
    pub min_sequence_wait: Duration,
    /// Further origins (`https://app.example`) from which a browser with a cookie may change something.
    pub origins: Vec<String>,
    /// The host under which people open the app. Passkeys are bound to it: under another, none of them serves.
    pub passkey_host: String,
    /// How long a person may take to make or show a passkey.
    pub passkey_timeout: Duration,
    /// Certificate and key; `None`: plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Where `/metrics` is served apart from the API; `None`: beside it.
    pub metrics_address: Option<SocketAddr>,
    /// The made-up history of the demonstration; `None`: there is none, and no path to it.
    pub demonstration: Option<Arc<Demonstration>>,
    /// By which ways notices leave the house.
    pub notices: NoticesConfig,
}

/// By which ways notices leave the house. What is not set is off.
#[derive(Clone, Debug)]
pub struct NoticesConfig {
    /// Web push: how push services reach the venue, `mailto:…` or `https://…` (RFC 8292).
    pub push_contact: Option<String>,
    /// The venue's mail server.
    pub smtp: Option<Smtp>,
    /// The venue's gateway for short messages.
    pub sms: Option<Sms>,
    /// The hosts of WeCom robots that users may name; none: no robot is written to.
    pub wecom_hosts: Vec<String>,
    /// Further authorities, in PEM, whose certificates are believed beside the public ones.
    pub authorities: Option<PathBuf>,
    /// Where members find the app, for links in messages.
    pub url: Option<String>,
    /// How many messages may be under way or wait for their next try; further ones are let fall.
    pub under_way_max: usize,
    /// How many are being sent at once.
    pub at_once_max: usize,
    /// How long one try may take.
    pub timeout: Duration,
    /// How often a message is tried that surely did not arrive.
    pub tries_max: u32,
    /// How long the first pause between two tries is; each further one is four times as long.
    pub retry_first: Duration,
    /// How old what happened may be for a message about it to be sent.
    pub stale_after: Duration,
    /// Whether addresses that users name may be plain HTTP and on this machine. For tests and never for a venue.
    pub private_receivers: bool,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is made secure.
    pub tls: SmtpTls,
    /// User and password; `None`: it asks for none.
    pub user: Option<(String, String)>,
    /// From which address mail comes.
    pub from: String,
}

/// How the connection to a mail server is made secure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the start, usual on port 465.
    Always,
    /// By STARTTLS before anything else, usual on port 587.
    Starttls,
    /// Not at all: only for a server on this machine.
    None,
}

/// A gateway for short messages: it is sent a POST with `{"to":"+86…","text":"…"}`.
#[derive(Clone, Debug)]
pub struct Sms {
    /// Its address.
    pub url: String,
    /// A bearer token; `None`: it asks for none.
    pub token: Option<String>,
}

impl Default for NoticesConfig {
    fn default() -> Self {
        NoticesConfig {
            push_contact: None,
            smtp: None,
            sms: None,
            wecom_hosts: vec!["qyapi.weixin.qq.com".to_owned()],
            authorities: None,
            url: None,
            under_way_max: 1_024,
            at_once_max: 8,
            timeout: Duration::from_secs(10),
            tries_max: 4,
            retry_first: Duration::from_secs(2),
            stale_after: Duration::from_secs(600),
            private_receivers: false,
        }
    }
}

/// PEM files for TLS.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate chain, the server's own first.
    pub certificates: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// The cost of a password hash (argon2id, RFC 9106).
#[derive(Clone, Copy, Debug)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordCost {
    /// 19 MiB, two passes, one lane: the least that OWASP's password storage cheat sheet recommends for argon2id.
    fn default() -> Self {
        PasswordCost { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Default for GatewayConfig {
    fn default() -> Self {
        GatewayConfig {
            body_bytes_max: 256 * 1024,
            body_timeout: Duration::from_secs(10),
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            head_bytes_max: 32 * 1024,
            connections_max: 16_384,
            connections_per_address_max: 512,
            connections_uncounted: ["127.0.0.0/8", "::1"].map(|own| own.parse().expect("these are networks")).into(),
            proxies: Vec::new(),
            drain: Duration::from_secs(10),
            user_requests_per_second: 1_000,
            user_requests_burst: 2_000,
            applications_per_hour: 30,
            uploads_max: 16,
            uploads_per_address_max: 4,
            uploads_per_user_max: 4,
            uploads_per_second: 1,
            uploads_burst: 30,
            upload_timeout: Duration::from_secs(180),
            session: Duration::from_secs(12 * 3600),
            password: PasswordCost::default(),
            password_threads: std::thread::available_parallelism().map_or(1, |n| (n.get() / 2).max(1)),
            password_queue_max: 256,
            failures_per_login: 5,
            failures_per_address: 50,
            back_off_max: Duration::from_secs(60),
            back_off_table_max: 10_000,
            min_sequence_wait: Duration::from_secs(2),
            origins: Vec::new(),
            passkey_host: "localhost".to_owned(),
            passkey_timeout: Duration::from_secs(300),
            tls: None,
            metrics_address: None,
            demonstration: None,
            notices: NoticesConfig::default(),
        }
    }
}
