//! `bayan serve`: one node of a venue.

use std::path::Path;

use ordering::Accept;
use tracing_subscriber::EnvFilter;

use crate::cli::Failure;
use crate::config::{Config, Log, LogFormat};
use crate::wiring::{Venue, asked_to_stop, has_venue, listen, shown};

/// Runs a node until it is asked to stop.
///
/// # Errors
/// One line that says what to do.
pub async fn serve(file: &Path, reader: bool, accept: Accept) -> Result<(), Failure> {
    let mut config = Config::read(file).map_err(Failure::bad_input)?;
    config.accept = accept;
    as_what(&config, reader, file)?;
    // A node begins a log where it finds none, and signs for it with the secrets that are there: only `init` may want that.
    if !ordering::is_data_folder(&config.node.data).map_err(Failure::bad_input)? {
        return Err(no_venue(&config, file));
    }
    write_log(&config.log)?;
    let mut stop = Box::pin(asked_to_stop()?);
    let at = |key: &str| format!("as {key} of [http] in {}", file.display());
    let listener = listen(config.http.listen, &at("listen")).await?;
    // The gateway takes this address itself; that it is free is better known before the node starts.
    drop(listen(config.http.metrics_listen, &at("metrics_listen")).await?);
    let notices = config.notices().map_err(|what| Failure::bad_input(format!("{}: {what}", file.display())))?;
    let gateway = gateway::GatewayConfig { notices, ..config.gateway() };
    let venue = tokio::select! {
        venue = Venue::start(&config, gateway) => venue?,
        // One of several nodes may wait long for the others.
        () = &mut stop => return Ok(()),
    };
    // An `init` that was cut short leaves a log without a venue.
    if !has_venue(&venue.node) {
        venue.stop().await?;
        return Err(no_venue(&config, file));
    }
    let address = listener.local_addr().unwrap_or(config.http.listen);
    tracing::info!(listen = %address, sequence = %venue.node.sequence(), "ready");
    venue.serve(listener, stop).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Somebody who reads is never taken for somebody who votes, so both the command and the configuration say which it is.
fn as_what(config: &Config, reader: bool, file: &Path) -> Result<(), Failure> {
    let file = file.display();
    match (reader, config.cluster.is_reader()) {
        (true, false) => Err(Failure::bad_input(format!(
            "{file}: a reader needs sources in [cluster], such as [\"node-1@10.0.0.1:7330\"]"
        ))),
        (false, true) => Err(Failure::bad_input(format!(
            "{file}: sources of [cluster] make this a reader; start it with --reader, or remove them"
        ))),
        (true, true) if config.cluster.node == 0 => {
            Err(Failure::bad_input(format!("{file}: node of [cluster] is 0; give the reader its number, from 1")))
        }
        _ => Ok(()),
    }
}

fn no_venue(config: &Config, file: &Path) -> Failure {
    let (data, file) = (shown(&config.node.data), file.display());
    if config.cluster.is_reader() {
        return Failure::bad_input(format!(
            "{data} is not the folder of a reader yet; make it with `bayan cluster init --config {file}`, or correct data of [node] in {file}"
        ));
    }
    Failure::bad_input(format!(
        "{data} holds no venue yet; make one with `bayan init --config {file}`, or, if there is one elsewhere, correct data of [node] in {file}"
    ))
}

/// Sends what the program says about itself to standard error.
///
/// # Errors
/// The level is none.
pub fn write_log(log: &Log) -> Result<(), Failure> {
    let level = EnvFilter::try_new(&log.level.0).map_err(Failure::bad_input)?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr);
    // A line that cannot be written, as where standard error is a file on a full disk, is lost. Saying so there as well would
    // end the thread that said it.
    let subscriber = subscriber.log_internal_errors(false);
    let set = match log.format {
        LogFormat::Json => subscriber.json().try_init(),
        LogFormat::Text => subscriber.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
    };
    set.map_err(|error| Failure::broken(format!("the log cannot be written: {error}")))
}
