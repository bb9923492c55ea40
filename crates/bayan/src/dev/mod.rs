//! `bayan dev`: one node with the demonstration market, for trying things out and for checking from outside.

#[cfg(test)]
mod afternoon;
mod bots;
mod catalogue;
#[cfg(test)]
mod exported;
mod history;
mod market;
mod products;
mod several;
mod users;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use ordering::StartError;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::cli::{Failure, print};
use crate::config::{Config, Log, LogLevel};
use crate::serve::write_log;
use crate::wiring::{Venue, asked_to_stop, listen, shown};

use users::DevUser;

pub use several::{node, several};

/// Where it listens unless it is told otherwise or somebody else does.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8330);

/// How many folders of its own it tries before it gives up: each may be in use by another `bayan dev`.
const FOLDERS_MAX: u32 = 64;

/// What `bayan dev` is told.
#[derive(Debug)]
pub struct Options {
    /// Its folder; `None`: one of its own.
    pub data: Option<PathBuf>,
    /// Where to listen; `None`: the usual port, or a free one.
    pub listen: Option<SocketAddr>,
    /// Whether to say that it is ready as one JSON object.
    pub json: bool,
    /// Whether bidders make the market move.
    pub bots: bool,
}

/// What it prints when it is ready.
#[derive(Debug, Serialize)]
struct Ready<'a> {
    url: String,
    data: String,
    users: &'a [DevUser],
    /// The nodes behind the entrance, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<Vec<several::NodeReady>>,
}

/// Runs the demonstration until it is asked to stop.
///
/// # Errors
/// One line that says what to do.
pub async fn dev(options: Options) -> Result<(), Failure> {
    let level = env::var("RUST_LOG").unwrap_or_else(|_| "warn".to_owned());
    write_log(&Log { level: LogLevel(level), ..Log::default() })?;
    let mut stop = pin!(asked_to_stop()?);
    let listener = listener(options.listen).await?;
    let (venue, config) = start(options.data).await?;
    let made = tokio::select! {
        made = demonstrate(&venue, &config, options.bots) => made.map(Some),
        // What of it was not made yet, the next start makes.
        () = &mut stop => Ok(None),
    };
    let (users, bots) = match made {
        Ok(Some(done)) => done,
        Ok(None) => return venue.stop().await,
        Err(failure) => {
            venue.stop().await?;
            return Err(failure);
        }
    };
    let address = listener
        .local_addr()
        .map_err(|error| Failure::broken(format!("the system does not say where it listens: {error}")))?;
    let data = fs::canonicalize(&config.node.data).unwrap_or_else(|_| config.node.data.clone());
    let ready = Ready { url: url(address), data: shown(&data), users: &users, nodes: None };
    print(|out| if options.json { say_json(out, &ready) } else { say(out, &ready) })?;
    let bots = bots.map(|bots| tokio::spawn(bots.run()));
    let stopped = async {
        stop.await;
        // Whatever a bot is doing is done whole or not at all.
        if let Some(bots) = bots {
            bots.abort();
        }
    };
    venue.serve(listener, stopped).await
}

/// Makes or finds what the demonstration consists of.
async fn demonstrate(
    venue: &Venue,
    config: &Config,
    with_bots: bool,
) -> Result<(Vec<DevUser>, Option<bots::Bots>), Failure> {
    let users = users::load_or_make(&config.node.data)?;
    market::set_up(&venue.node, config.password(), &users).await?;
    market::second_factors(&venue.node, &users).await?;
    market::keep_open(&venue.node).await?;
    let bots = if with_bots { Some(bots::Bots::new(venue.node.clone(), config.password()).await?) } else { None };
    Ok((users, bots))
}

async fn listener(asked: Option<SocketAddr>) -> Result<TcpListener, Failure> {
    const HOW: &str = "with --listen";
    match asked {
        Some(address) => listen(address, HOW).await,
        None => match listen(LISTEN, HOW).await {
            Ok(listener) => Ok(listener),
            Err(_) => listen(SocketAddr::new(LISTEN.ip(), 0), HOW).await,
        },
    }
}

/// Starts on the folder that was named, or on the first of its own that no other demonstration uses.
async fn start(data: Option<PathBuf>) -> Result<(Venue, Config), Failure> {
    let own = data.is_none();
    let first = data.unwrap_or_else(own_folder);
    let made_up = Arc::new(history::demonstration());
    for number in 1..=FOLDERS_MAX {
        let folder = if number == 1 { first.clone() } else { first.with_file_name(format!("dev-{number}")) };
        let mut config = Config::default();
        config.node.data.clone_from(&folder);
        fs::create_dir_all(&folder).map_err(|error| {
            Failure::bad_input(format!("{}: {error}; name another folder with --data", shown(&folder)))
        })?;
        let gateway = gateway_of(&config, Arc::clone(&made_up));
        match Venue::start(&config, gateway).await {
            Ok(venue) => return Ok((venue, config)),
            Err(crate::wiring::StartFailure::Node(StartError::Locked(_))) if own => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(Failure::bad_input(format!(
        "{} and those beside it are all in use; name another folder with --data",
        shown(&first)
    )))
}

/// Where the demonstration lives when no folder is named: the user's own data, so that it goes on the next time.
fn own_folder() -> PathBuf {
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    let base = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|base| base.is_absolute()).or_else(home);
    base.unwrap_or_else(env::temp_dir).join("bayan").join("dev")
}

fn url(address: SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

fn say_json(out: &mut dyn Write, ready: &Ready<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, ready)?;
    writeln!(out)
}

fn say(out: &mut dyn Write, ready: &Ready<'_>) -> io::Result<()> {
    const BOLD: anstyle::Style = anstyle::Style::new().bold();
    writeln!(out, "Bayan runs at {BOLD}{}{BOLD:#}, with its data in {}", ready.url, ready.data)?;
    writeln!(out, "\n{BOLD}{:<16} {:<24} {:<10} {:<8} second factor{BOLD:#}", "login", "password", "role", "member")?;
    for user in ready.users {
        let member = user.member.as_deref().unwrap_or("–");
        let secret = user.totp_secret.as_deref().unwrap_or("–");
        writeln!(out, "{:<16} {:<24} {:<10} {member:<8} {secret}", user.login, user.password, user.role)?;
    }
    if let Some(nodes) = &ready.nodes {
        several::say(out, nodes, &ready.data)?;
    }
    writeln!(out, "\nStop it with ctrl-c; started again it goes on where it was.")
}

/// What the gateway of a demonstration is told.
fn gateway_of(config: &Config, demonstration: Arc<gateway::demonstration::Demonstration>) -> gateway::GatewayConfig {
    // A real browser's push service takes messages of the demonstration too.
    let notices = gateway::NoticesConfig {
        push_contact: Some("mailto:demonstration@bayan.example".to_owned()),
        ..gateway::NoticesConfig::default()
    };
    gateway::GatewayConfig { metrics_address: None, demonstration: Some(demonstration), notices, ..config.gateway() }
}
