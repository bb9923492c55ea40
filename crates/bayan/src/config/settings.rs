//! Every key, its default, and its comment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use gateway::Network;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use tracing_subscriber::EnvFilter;

use super::length::Length;
use super::print::Printed;

/// One table of the file: a struct whose documentation is also the file's comments.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        [$table:literal] $name:ident {
            $($(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:expr,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[doc = $doc])+ pub $key: $type,)+
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $($key: $default,)+ }
            }
        }

        impl $name {
            fn print(&self, out: &mut String) {
                out.push('\n');
                $(out.push_str(concat!("#", $about, "\n"));)+
                out.push_str(concat!("[", $table, "]\n"));
                $(
                    $(out.push_str(concat!("#", $doc, "\n"));)+
                    self.$key.print(stringify!($key), out);
                )+
            }
        }
    };
}

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The log and the exchange.
    pub node: NodeSettings,
    /// The API.
    pub http: Http,
    /// Passwords.
    pub passwords: Passwords,
    /// The live feed.
    pub feed: FeedSettings,
    /// The archive.
    pub archive: ArchiveSettings,
    /// Notices beside the app.
    pub notices: NoticeSettings,
    /// The other nodes.
    pub cluster: ClusterSettings,
    /// What the program writes about itself.
    pub log: Log,
    /// What the operator accepts for this start alone: a word of the command line and not of the file.
    #[serde(skip)]
    pub accept: ordering::Accept,
}

table! {
    /// The log and the exchange behind it.
    ["node"] NodeSettings {
        /// Where the log, the snapshots, the signed head and the archive lie. One node at a time. A path that does not begin
        /// with / counts from where the program is started.
        data: PathBuf = PathBuf::from("bayan-data"),
        /// Where the secrets lie; left out: `secrets` within the data folder. Whoever has data and secrets can open sealed
        /// bids, so a venue that makes backups of its data keeps its secrets elsewhere.
        secrets: Option<PathBuf> = None,
        /// How many bytes a segment of the log has; a multiple of 4096.
        segment_bytes: u64 = node().segment_bytes,
        /// After how many entries a snapshot is taken.
        snapshot_every: u64 = node().snapshot_every,
        /// A graceful stop takes a snapshot when at least this many entries came since the last one.
        snapshot_on_stop_from: u64 = node().snapshot_on_stop_from,
        /// How many commands may wait for their place in the order; at the limit a command is refused.
        queue_max: usize = node().queue_max,
        /// How many entries one batch may have.
        batch_max: usize = node().batch_max,
        /// After how many bytes a batch is closed.
        batch_bytes_max: usize = node().batch_bytes_max,
        /// How many batches may be under way at once.
        batches_in_flight_max: usize = node().batches_in_flight_max,
        /// How many bytes of the log are kept in memory.
        log_memory_bytes: usize = node().log_memory_bytes,
        /// How often a head is signed while the log grows.
        head_every: Length = Length(node().head_every),
        /// How far the machine's clock may be from the time by which the log is stamped and still be followed; beyond it the
        /// node keeps to the machine's count of seconds and says so.
        clock_apart_max: Length = Length(node().clock_apart_max),
        /// How many bytes stay free on the disk when a file is handed in: the log needs them to go on.
        files_reserve_bytes: u64 = node().files_reserve_bytes,
    }
}

table! {
    /// The API, the live feed and the pages.
    ["http"] Http {
        /// Where it listens.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8330)),
        /// Where the metrics for Prometheus are, at /metrics.
        metrics_listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 9330)),
        /// The certificate chain for TLS, in PEM; left out: plain HTTP.
        certificates: Option<PathBuf> = None,
        /// The private key for TLS, in PEM.
        key: Option<PathBuf> = None,
        /// Further origins, such as https://app.example, from which a browser with a cookie may change something.
        origins: Vec<String> = Vec::new(),
        /// The host under which people open the app, such as app.example. Passkeys are bound to it: under another, none of
        /// them serves. They serve at https://HOST, at those of the origins above that are of this host or below it, and on
        /// localhost at any port.
        passkey_host: String = http().passkey_host,
        /// How long a person may take to make or show a passkey.
        passkey_timeout: Length = Length(http().passkey_timeout),
        /// The largest body of a request in bytes.
        body_bytes_max: usize = http().body_bytes_max,
        /// How long a body may take to arrive.
        body_timeout: Length = Length(http().body_timeout),
        /// How long the head of a request may take to arrive, and a new connection to send its first.
        head_timeout: Length = Length(http().head_timeout),
        /// How long a connection may wait for its next request.
        idle_timeout: Length = Length(http().idle_timeout),
        /// The largest head of a request in bytes.
        head_bytes_max: usize = http().head_bytes_max,
        /// How many connections may be open, those of the feed among them: more than connections_max of [feed].
        connections_max: usize = http().connections_max,
        /// How many connections one address may have beside those of the feed, an IPv6 address being its first 64 bits; 0: no
        /// limit.
        connections_per_address_max: usize = http().connections_per_address_max,
        /// Addresses and networks that may have any number of connections, such as this machine and a bench.
        connections_uncounted: Vec<Network> = http().connections_uncounted,
        /// Addresses and networks of proxies in front, such as 10.0.0.0/8. Only from these is X-Forwarded-For believed; then limits
        /// count the clients behind them.
        proxies: Vec<Network> = http().proxies,
        /// How long requests under way may take when the program stops.
        drain: Length = Length(http().drain),
        /// How many requests a second one user may send; 0: no limit.
        user_requests_per_second: u32 = http().user_requests_per_second,
        /// How many requests one user may send at once before that rate counts.
        user_requests_burst: u32 = http().user_requests_burst,
        /// How many applications to become a member one address may make or amend in an hour; 0: no limit.
        applications_per_hour: u32 = http().applications_per_hour,
        /// How many files may be on their way in at once, each up to 10 MB of memory.
        uploads_max: usize = http().uploads_max,
        /// How many of them one address may send without signing in, counted as connections are; 0: no limit.
        uploads_per_address_max: usize = http().uploads_per_address_max,
        /// How many of them one user may send; 0: no limit.
        uploads_per_user_max: usize = http().uploads_per_user_max,
        /// How many files a second one user may hand in; 0: no limit.
        uploads_per_second: u32 = http().uploads_per_second,
        /// How many files one user may hand in at once before that rate counts.
        uploads_burst: u32 = http().uploads_burst,
        /// How long a file may take to arrive.
        upload_timeout: Length = Length(http().upload_timeout),
        /// How long a session lasts at the most.
        session: Length = Length(http().session),
        /// How long a read waits for the sequence that it names.
        min_sequence_wait: Length = Length(http().min_sequence_wait),
    }
}

table! {
    /// Passwords: what a hash costs (argon2id), and what wrong ones cost.
    ["passwords"] Passwords {
        /// Memory in KiB.
        memory_kib: u32 = http().password.memory_kib,
        /// Passes over it.
        passes: u32 = http().password.passes,
        /// Lanes.
        lanes: u32 = http().password.lanes,
        /// How many threads check passwords; 0: half of the cores.
        threads: usize = 0,
        /// How many passwords may wait to be checked.
        queue_max: usize = http().password_queue_max,
        /// How many wrong passwords one login may have before it must wait: 1 s, then twice as long each time.
        failures_per_login: u32 = http().failures_per_login,
        /// The same for one address.
        failures_per_address: u32 = http().failures_per_address,
        /// The longest such wait.
        back_off_max: Length = Length(http().back_off_max),
        /// How many logins, and how many addresses, are remembered for their wrong passwords.
        back_off_table_max: usize = http().back_off_table_max,
    }
}

table! {
    /// The live feed.
    ["feed"] FeedSettings {
        /// How many connections there may be in all: fewer than connections_max of [http], which has room for requests too.
        connections_max: usize = feed().connections_max,
        /// How many connections one address may have, counted as in [http] and with the same connections_uncounted; 0: no limit.
        connections_per_address_max: usize = feed().connections_per_address_max,
        /// How many connections one user may have.
        connections_per_user_max: usize = feed().connections_per_user_max,
        /// How many channels one connection may subscribe to.
        subscriptions_max: usize = feed().subscriptions_max,
        /// The largest message that a client may send, in bytes.
        client_message_bytes_max: usize = feed().client_message_bytes_max,
        /// How many messages a client may send in one second.
        client_messages_per_second_max: u32 = feed().client_messages_per_second_max,
        /// How many messages a channel that is being read keeps: how far a reader may fall behind before it is conflated.
        kept_messages: usize = feed().kept_messages,
        /// How many messages a channel keeps that nobody reads just now, for whoever comes back.
        kept_messages_idle: usize = feed().kept_messages_idle,
        /// How many bytes of messages all channels may keep.
        kept_bytes: usize = feed().kept_bytes,
        /// The least time between two wake-ups of the readers of a channel.
        wake_every: Length = Length(feed().wake_every),
        /// How often every reader is told the time.
        time_every: Length = Length(feed().time_every),
        /// How long nothing may come from a client before it is pinged.
        ping_after: Length = Length(feed().ping_after),
        /// How long nothing may come from a client, pongs included, before it is closed.
        silence_max: Length = Length(feed().silence_max),
        /// How long one write may take before the client is given up.
        write_max: Length = Length(feed().write_max),
    }
}

table! {
    /// The archive: history as SQL, in the file archive.sqlite of the data folder. Deleted, it is rebuilt from the log.
    ["archive"] ArchiveSettings {
        /// How many bytes of events may wait to be written; beyond it the archive falls behind and is fed again from the log.
        queue_bytes_max: usize = archive().queue_bytes_max,
        /// How long a transaction is put off at the most, so that many entries share one.
        commit_every: Length = Length(archive().commit_every),
        /// How many reads go on at once.
        readers: usize = archive().readers,
        /// How long a write that failed, mostly for want of room, is put off before it is tried again.
        retry_every: Length = Length(archive().retry_every),
    }
}

table! {
    /// Notices beside the app: by which ways they leave the house. What is not set is off; the app says which ways there are.
    ["notices"] NoticeSettings {
        /// Where members find the app, for links in messages.
        url: Option<String> = None,
        /// Web push: how push services reach the venue, as mailto: or https: (RFC 8292). Its key follows from the venue's.
        push_contact: Option<String> = None,
        /// The mail server, as name:port.
        smtp_server: Option<String> = None,
        /// How the connection to it is made secure: always (usual on port 465), starttls (587), or none, for one on this machine.
        smtp_tls: Security = Security(gateway::SmtpTls::Starttls),
        /// As whom it is signed in to.
        smtp_user: Option<String> = None,
        /// The file with the password, one line.
        smtp_password_file: Option<PathBuf> = None,
        /// From which address mail comes.
        smtp_from: Option<String> = None,
        /// The gateway for short messages: it is sent a POST with {"to":"+86…","text":"…"}.
        sms_url: Option<String> = None,
        /// The file with the bearer token that it wants, one line.
        sms_token_file: Option<PathBuf> = None,
        /// The hosts of WeCom robots that users may name; none: no robot is written to.
        wecom_hosts: Vec<String> = notices().wecom_hosts,
        /// Further authorities, in PEM, whose certificates are believed beside the public ones.
        authorities: Option<PathBuf> = None,
        /// How many messages may be under way or wait for their next try; further ones are let fall.
        under_way_max: usize = notices().under_way_max,
        /// How many are being sent at once.
        at_once_max: usize = notices().at_once_max,
        /// How long one try may take.
        timeout: Length = Length(notices().timeout),
        /// How often a message is tried that surely did not arrive.
        tries_max: u32 = notices().tries_max,
        /// How long the first pause between two tries is; each further one is four times as long.
        retry_first: Length = Length(notices().retry_first),
        /// How old what happened may be for a message about it to be sent.
        stale_after: Length = Length(notices().stale_after),
    }
}

table! {
    /// Several nodes that go on when one of them dies: which one this is, and how it and the others find and know each other.
    ["cluster"] ClusterSettings {
        /// The number of this node, from 1, which no other node of the venue has or ever had; 0: it runs alone.
        node: u64 = 0,
        /// Where it listens for the other nodes.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 7330)),
        /// Where the other nodes reach it, as host:port; left out: as listen. It cannot be changed later.
        address: Option<String> = None,
        /// Where members reach this node, for `bayan cluster status`.
        url: Option<String> = None,
        /// The certificate of the cluster's own authority, in PEM, as `bayan cluster keys` makes it.
        authority: PathBuf = PathBuf::from("cluster/authority.pem"),
        /// This node's certificate, in PEM. New files are taken up without a restart.
        certificate: PathBuf = PathBuf::from("cluster/node.pem"),
        /// Its key, in PEM.
        key: PathBuf = PathBuf::from("cluster/node.key"),
        /// How often the leader lets the others hear from it.
        heartbeat_every: Length = Length(together().heartbeat_every),
        /// How long nothing is heard from a leader until another is chosen: this, and up to as long again.
        election_after: Length = Length(together().election_after),
        /// How long a command waits for a leader and for its answer.
        command_max: Length = Length(together().command_max),
        /// After how many entries the states of all nodes are compared; one that differs from the majority stops.
        checkpoint_every: u64 = together().checkpoint_every,
        /// A node that lacks fewer bytes of the log than this is given them; one that lacks more is given a snapshot first, and
        /// history after it.
        catch_up_log_bytes: u64 = together().catch_up_log_bytes,
        /// How many bytes a second this node fetches of snapshots and history; 0: there is no limit.
        catch_up_bytes_per_second: u64 = together().catch_up_bytes_per_second,
    }
}

table! {
    /// What the program writes about itself, to standard error.
    ["log"] Log {
        /// How: text, or json with one object a line.
        format: LogFormat = LogFormat::Text,
        /// What: error, warn, info, debug or trace, for single parts otherwise, such as info,gateway=debug.
        level: LogLevel = LogLevel("info,openraft=warn".to_owned()),
    }
}

/// How the connection to the mail server is made secure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Security(pub gateway::SmtpTls);

impl Security {
    const ALL: [(&str, gateway::SmtpTls); 3] = [
        ("always", gateway::SmtpTls::Always),
        ("starttls", gateway::SmtpTls::Starttls),
        ("none", gateway::SmtpTls::None),
    ];

    pub(super) fn word(self) -> &'static str {
        Security::ALL.iter().find(|(_, tls)| *tls == self.0).map_or("", |(word, _)| word)
    }
}

impl<'de> Deserialize<'de> for Security {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = Security::ALL.iter().find(|(word, _)| *word == text);
        found
            .map(|(_, tls)| Security(*tls))
            .ok_or_else(|| D::Error::custom(format!("{text:?} is not known; expected always, starttls or none")))
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    pub(super) const fn word(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

/// What is logged, in the words of `tracing`'s filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLevel(pub String);

impl<'de> Deserialize<'de> for LogLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match EnvFilter::try_new(&text) {
            Ok(_) => Ok(LogLevel(text)),
            Err(_) => Err(D::Error::custom(format!(
                "{text:?} is not a level; expected for example info or info,gateway=debug"
            ))),
        }
    }
}

fn node() -> ordering::Config {
    ordering::Config::new("")
}

fn together() -> ordering::ClusterConfig {
    ordering::ClusterConfig::new(1, "")
}

impl ClusterSettings {
    /// As which of several nodes it runs; `None`: alone.
    fn as_told(&self) -> Option<ordering::ClusterConfig> {
        (self.node != 0).then(|| ordering::ClusterConfig {
            node: self.node,
            address: self.address.clone().unwrap_or_else(|| self.listen.to_string()),
            url: self.url.clone(),
            heartbeat_every: self.heartbeat_every.0,
            election_after: self.election_after.0,
            command_max: self.command_max.0,
            checkpoint_every: self.checkpoint_every,
            catch_up_log_bytes: self.catch_up_log_bytes,
            catch_up_bytes_per_second: self.catch_up_bytes_per_second,
        })
    }

    /// The way to the other nodes; `None`: it runs alone.
    ///
    /// # Errors
    /// One line on which file is not what it should be.
    pub fn network(&self) -> Result<Option<Arc<dyn ordering::Network>>, String> {
        if self.node == 0 {
            return Ok(None);
        }
        let files = ordering::TlsFiles {
            authority: self.authority.clone(),
            certificate: self.certificate.clone(),
            key: self.key.clone(),
        };
        let network = ordering::TlsNetwork::new(self.listen, files);
        let network =
            network.map_err(|error| format!("{error}; make the files of [cluster] with `bayan cluster keys`"))?;
        Ok(Some(Arc::new(network)))
    }
}

fn http() -> gateway::GatewayConfig {
    gateway::GatewayConfig::default()
}

fn notices() -> gateway::NoticesConfig {
    gateway::NoticesConfig::default()
}

fn feed() -> gateway::live::FeedLimits {
    gateway::live::FeedLimits::default()
}

fn archive() -> archive::Options {
    archive::Options::default()
}

impl Config {
    /// The whole configuration as a file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = String::from(
            "# The configuration of Bayan with its values. Every key may be left out; a line behind `#?` is an example of one that is.\n",
        );
        self.node.print(&mut out);
        self.http.print(&mut out);
        self.passwords.print(&mut out);
        self.feed.print(&mut out);
        self.archive.print(&mut out);
        self.notices.print(&mut out);
        self.cluster.print(&mut out);
        self.log.print(&mut out);
        out
    }

    /// What the node is told.
    #[must_use]
    pub fn node(&self) -> ordering::Config {
        let own = &self.node;
        ordering::Config {
            data: own.data.clone(),
            secrets: own.secrets.clone(),
            segment_bytes: own.segment_bytes,
            snapshot_every: own.snapshot_every,
            snapshot_on_stop_from: own.snapshot_on_stop_from,
            queue_max: own.queue_max,
            batch_max: own.batch_max,
            batch_bytes_max: own.batch_bytes_max,
            batches_in_flight_max: own.batches_in_flight_max,
            log_memory_bytes: own.log_memory_bytes,
            head_every: own.head_every.0,
            clock_apart_max: own.clock_apart_max.0,
            files_reserve_bytes: own.files_reserve_bytes,
            accept: self.accept,
            cluster: self.cluster.as_told(),
        }
    }

    /// By which ways notices leave the house.
    ///
    /// # Errors
    /// One line on what of it does not fit together, or which file cannot be read.
    pub fn notices(&self) -> Result<gateway::NoticesConfig, String> {
        let own = &self.notices;
        let secret = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            Ok::<_, String>(text.trim_end_matches(['\r', '\n']).to_owned())
        };
        let smtp = match &own.smtp_server {
            None => None,
            Some(server) => {
                let wrong = || format!("smtp_server {server:?} of [notices] cannot be; expected name:port");
                let (host, port) = server.rsplit_once(':').ok_or_else(wrong)?;
                let from = own.smtp_from.clone().ok_or("smtp_server of [notices] needs smtp_from too")?;
                let user = match (&own.smtp_user, &own.smtp_password_file) {
                    (Some(user), Some(file)) => Some((user.clone(), secret(file)?)),
                    (None, None) => None,
                    _ => return Err("smtp_user and smtp_password_file of [notices] belong together".to_owned()),
                };
                let port = port.parse().map_err(|_| wrong())?;
                Some(gateway::Smtp { host: host.to_owned(), port, tls: own.smtp_tls.0, user, from })
            }
        };
        let sms = match &own.sms_url {
            None => None,
            Some(url) => {
                Some(gateway::Sms { url: url.clone(), token: own.sms_token_file.as_ref().map(secret).transpose()? })
            }
        };
        Ok(gateway::NoticesConfig {
            push_contact: own.push_contact.clone(),
            smtp,
            sms,
            wecom_hosts: own.wecom_hosts.clone(),
            authorities: own.authorities.clone(),
            url: own.url.clone(),
            under_way_max: own.under_way_max,
            at_once_max: own.at_once_max,
            timeout: own.timeout.0,
            tries_max: own.tries_max,
            retry_first: own.retry_first.0,
            stale_after: own.stale_after.0,
            private_receivers: false,
        })
    }

    /// What the gateway is told.
    #[must_use]
    pub fn gateway(&self) -> gateway::GatewayConfig {
        let (own, passwords) = (&self.http, &self.passwords);
        let tls = own.certificates.clone().zip(own.key.clone());
        gateway::GatewayConfig {
            demonstration: None,
            notices: notices(),
            body_bytes_max: own.body_bytes_max,
            body_timeout: own.body_timeout.0,
            head_timeout: own.head_timeout.0,
            idle_timeout: own.idle_timeout.0,
            head_bytes_max: own.head_bytes_max,
            connections_max: own.connections_max,
            connections_per_address_max: own.connections_per_address_max,
            connections_uncounted: own.connections_uncounted.clone(),
            proxies: own.proxies.clone(),
            drain: own.drain.0,
            user_requests_per_second: own.user_requests_per_second,
            user_requests_burst: own.user_requests_burst,
            applications_per_hour: own.applications_per_hour,
            uploads_max: own.uploads_max,
            uploads_per_address_max: own.uploads_per_address_max,
            uploads_per_user_max: own.uploads_per_user_max,
            uploads_per_second: own.uploads_per_second,
            uploads_burst: own.uploads_burst,
            upload_timeout: own.upload_timeout.0,
            session: own.session.0,
            password: self.password(),
            password_threads: if passwords.threads == 0 { http().password_threads } else { passwords.threads },
            password_queue_max: passwords.queue_max,
            failures_per_login: passwords.failures_per_login,
            failures_per_address: passwords.failures_per_address,
            back_off_max: passwords.back_off_max.0,
            back_off_table_max: passwords.back_off_table_max,
            min_sequence_wait: own.min_sequence_wait.0,
            origins: own.origins.clone(),
            passkey_host: own.passkey_host.clone(),
            passkey_timeout: own.passkey_timeout.0,
            tls: tls.map(|(certificates, key)| gateway::TlsFiles { certificates, key }),
            metrics_address: Some(own.metrics_listen),
        }
    }

    /// What a password costs.
    #[must_use]
    pub fn password(&self) -> gateway::PasswordCost {
        let Passwords { memory_kib, passes, lanes, .. } = self.passwords;
        gateway::PasswordCost { memory_kib, passes, lanes }
    }

    /// What the feed is told.
    #[must_use]
    pub fn feed(&self) -> gateway::live::FeedLimits {
        let own = &self.feed;
        gateway::live::FeedLimits {
            connections_max: own.connections_max,
            connections_per_address_max: own.connections_per_address_max,
            connections_per_user_max: own.connections_per_user_max,
            subscriptions_max: own.subscriptions_max,
            client_message_bytes_max: own.client_message_bytes_max,
            client_messages_per_second_max: own.client_messages_per_second_max,
            kept_messages: own.kept_messages,
            kept_messages_idle: own.kept_messages_idle,
            kept_bytes: own.kept_bytes,
            wake_every: own.wake_every.0,
            time_every: own.time_every.0,
            ping_after: own.ping_after.0,
            silence_max: own.silence_max.0,
            write_max: own.write_max.0,
        }
    }

    /// What the archive is told.
    #[must_use]
    pub fn archive(&self) -> archive::Options {
        let own = &self.archive;
        archive::Options {
            queue_bytes_max: own.queue_bytes_max,
            commit_every: own.commit_every.0,
            readers: own.readers,
            retry_every: own.retry_every.0,
            ..archive::Options::default()
        }
    }
}
