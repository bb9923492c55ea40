//! For whoever runs the venue: is it alive, is it ready, how much does it do.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::Reply;
use ordering::{BATCH_SIZE_BOUNDS, COMMIT_TIME_BOUNDS_US, Health};

use crate::gateway::Gateway;
use crate::problem::{Document, Problem};

/// What the gateway counts itself.
#[derive(Default)]
pub(crate) struct Counters {
    accepted: AtomicU64,
    refused: AtomicU64,
    replayed: AtomicU64,
    pub requests: AtomicU64,
    pub panics: AtomicU64,
    pub connections: AtomicU64,
    pub connections_refused: AtomicU64,
}

impl Counters {
    /// One more command was answered.
    pub fn count(&self, reply: &Reply) {
        let counter = match (reply.replayed, &reply.outcome) {
            (true, _) => &self.replayed,
            (false, Ok(_)) => &self.accepted,
            (false, Err(_)) => &self.refused,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether the process lives.
#[utoipa::path(get, path = "/livez", tag = "operations", responses((status = 200)))]
pub(crate) async fn livez() -> &'static str {
    "alive\n"
}

/// Whether commands can be taken: this node leads, or reaches the one that does, and has applied its log.
#[utoipa::path(get, path = "/readyz", tag = "operations",
    responses((status = 200), (status = 503, body = Document<'static>)))]
pub(crate) async fn readyz(State(gateway): State<Gateway>) -> Result<&'static str, Problem> {
    why_not_ready(&gateway).map_or(Ok("ready\n"), |why| Err(Problem::unavailable("not_ready", why)))
}

/// Why the node is not ready; `None`: it is.
pub(crate) fn why_not_ready(gateway: &Gateway) -> Option<String> {
    match gateway.node.health() {
        Health::Leading | Health::Following => None,
        Health::Waiting => Some("nobody leads whom this node can reach, or it has not caught up yet".to_owned()),
        Health::Failed(why) => Some(format!("the log has failed: {why}; restart the node")),
        Health::Stopped => Some("the node has stopped".to_owned()),
    }
}

/// What the API is, as OpenAPI 3.1.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operations", responses((status = 200)))]
pub(crate) async fn openapi(State(gateway): State<Gateway>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], gateway.openapi.clone()).into_response()
}

/// Counters and gauges for Prometheus. Where the configuration gives them an address of their own, this is 404.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, content_type = "text/plain")))]
pub(crate) async fn metrics(State(gateway): State<Gateway>) -> Result<Response, Problem> {
    if gateway.config.metrics_address.is_some() {
        return Err(crate::guard::unknown_path());
    }
    Ok(page(&gateway))
}

/// The metrics as an answer.
pub(crate) fn page(gateway: &Gateway) -> Response {
    let mut response = text(gateway).into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    *response.status_mut() = StatusCode::OK;
    response
}

/// The Prometheus text format, 0.0.4.
fn text(gateway: &Gateway) -> String {
    let node = gateway.node.metrics();
    let counters = &gateway.counters;
    let mut page = Page(String::with_capacity(8 * 1024));
    let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);

    page.head("bayan_http_commands_total", "counter", "Commands answered over HTTP, by what became of them.");
    for (outcome, counter) in
        [("accepted", &counters.accepted), ("refused", &counters.refused), ("replayed", &counters.replayed)]
    {
        page.line("bayan_http_commands_total", &format!("{{outcome=\"{outcome}\"}}"), load(counter));
    }
    page.counter("bayan_http_requests_total", "Requests answered over HTTP.", load(&counters.requests));
    page.counter("bayan_http_panics_total", "Requests in which the program broke off.", load(&counters.panics));
    page.gauge("bayan_http_connections", "Connections that are open.", load(&counters.connections));
    page.counter(
        "bayan_http_connections_refused_total",
        "Connections refused because too many were open.",
        load(&counters.connections_refused),
    );

    page.counter("bayan_commands_total", "Commands put in order.", node.commands);
    page.counter("bayan_batches_total", "Batches that carried them.", node.batches);
    page.counter("bayan_commands_refused_full_total", "Commands refused for a full queue.", node.refused_full);
    page.counter("bayan_commands_unknown_total", "Commands whose outcome is unknown.", node.unknown);
    page.gauge("bayan_queue_length", "Commands that wait for their place in the order.", node.queue_len);
    page.gauge("bayan_queue_length_max", "How many may wait.", node.queue_max);

    page.head("bayan_batch_size", "histogram", "Entries in a batch.");
    let bounds = BATCH_SIZE_BOUNDS.iter().map(u64::to_string);
    page.buckets("bayan_batch_size", bounds, &node.batch_sizes);
    page.line("bayan_batch_size_sum", "", node.commands);

    page.head("bayan_commit_seconds", "histogram", "From a batch's proposal to its being applied.");
    let bounds = COMMIT_TIME_BOUNDS_US.iter().map(|us| (*us as f64 / 1e6).to_string());
    page.buckets("bayan_commit_seconds", bounds, &node.commit_times);
    page.line("bayan_commit_seconds_sum", "", node.commit_time_sum.as_secs_f64());

    page.gauge("bayan_log_sequence", "The last entry applied.", node.sequence);
    page.gauge("bayan_log_index", "The engine's index of the last batch on the disk.", node.log_index);
    page.gauge("bayan_log_term", "The engine's term.", node.term);
    page.counter("bayan_log_bytes_total", "Bytes appended to the log.", node.log_bytes);
    page.counter("bayan_log_syncs_total", "Syncs of the log.", node.log_syncs);
    page.gauge("bayan_log_segments", "Segments on the disk.", node.segments);
    page.gauge("bayan_log_failed", "Whether the log has failed.", u8::from(node.failed));
    page.gauge("bayan_leads", "Whether this node leads.", u8::from(gateway.node.leads()));
    page.counter("bayan_commands_forwarded_total", "Commands passed on to the node that leads.", node.forwarded);
    page.head("bayan_peer_connections_total", "counter", "Connections between nodes, by what became of them.");
    for (outcome, count) in [
        ("accepted", node.peers_accepted),
        ("refused", node.peers_refused),
        ("dialled", node.peers_dialled),
        ("broken", node.peers_broken),
    ] {
        page.line("bayan_peer_connections_total", &format!("{{outcome=\"{outcome}\"}}"), count);
    }
    page.counter("bayan_snapshots_total", "Snapshots written.", node.snapshots);
    page.counter("bayan_snapshots_failed_total", "Snapshots that could not be written.", node.snapshots_failed);
    page.gauge("bayan_snapshot_sequence", "The entry of the newest snapshot.", node.snapshot_sequence);
    page.gauge(
        "bayan_history_from_sequence",
        "The first entry from which this node's history is complete.",
        node.history_from,
    );
    page.counter(
        "bayan_fetched_bytes_total",
        "Bytes of snapshots and history fetched from other nodes.",
        node.fetched_bytes,
    );
    page.gauge("bayan_head_sequence", "The entry of the last signed head.", node.head_sequence);
    let seconds = |us: i64| us as f64 / 1e6;
    page.gauge(
        "bayan_clock_ahead_seconds",
        "By how much the machine's clock is ahead of the time by which the log is stamped.",
        seconds(node.clock_ahead_us),
    );
    page.gauge(
        "bayan_clock_apart",
        "Whether the machine's clock is too far from that time to be followed.",
        u8::from(node.clock_apart),
    );
    page.gauge(
        "bayan_clock_behind_stamp_seconds",
        "By how much the log's last stamp is later than that time.",
        seconds(node.clock_behind_stamp_us),
    );
    page.gauge("bayan_files", "Files that the log names, one that several keep counted for each.", node.files);
    page.gauge("bayan_files_bytes", "Their bytes.", node.files_bytes);
    page.counter("bayan_files_written_total", "Files written.", node.files_written);
    page.gauge(
        "bayan_files_damaged",
        "Files that the log names and that were found missing or altered on this node.",
        node.files_damaged,
    );
    if let Some(bytes) = node.disk_free_bytes {
        page.gauge("bayan_disk_free_bytes", "Bytes that can still be written beside the log.", bytes);
    }

    let feed = gateway.live.feed_metrics();
    page.gauge("bayan_feed_clients", "Clients of the feed.", feed.clients);
    page.counter("bayan_feed_connections_total", "Connections to the feed.", feed.connections);
    page.counter("bayan_feed_refused_total", "Connections refused because there were too many.", feed.refused);
    page.counter("bayan_feed_messages_total", "Messages handed to clients.", feed.messages);
    page.counter("bayan_feed_snapshots_total", "Snapshots among them.", feed.snapshots);
    page.counter("bayan_feed_conflations_total", "How often a client could not keep up.", feed.conflations);
    page.counter("bayan_feed_dropped_total", "Messages that such clients did not get.", feed.dropped);
    page.counter("bayan_feed_errors_total", "Errors told to clients.", feed.errors);
    page.counter("bayan_feed_stalled_total", "Clients given up because they were silent.", feed.stalled);
    page.gauge("bayan_feed_kept_bytes", "Bytes of messages kept for whoever comes back.", feed.kept_bytes);

    page.head("bayan_notices_total", "counter", "Notices sent beside the app, by what became of them.");
    let counts = &gateway.notices.counts;
    for (outcome, counter) in [
        ("sent", &counts.sent),
        ("failed", &counts.failed),
        ("dropped", &counts.dropped),
        ("held_back", &counts.held_back),
    ] {
        page.line("bayan_notices_total", &format!("{{outcome=\"{outcome}\"}}"), load(counter));
    }
    let most = gateway.config.notices.under_way_max;
    let under_way = most.saturating_sub(gateway.notices.under_way.available_permits());
    page.gauge("bayan_notices_under_way", "Notices that are being sent or wait for their next try.", under_way);

    let lag = gateway.archive.lag();
    page.gauge("bayan_archive_sequence", "The last entry in the archive.", gateway.archive.position().0);
    page.gauge("bayan_archive_lag_entries", "Entries that are not in the archive yet.", lag.entries);
    page.gauge("bayan_archive_lag_seconds", "How far the archive is behind.", lag.time.us() as f64 / 1e6);
    let stands_still = matches!(gateway.archive.health(), archive::Health::Stalled(_) | archive::Health::Failed(_));
    page.gauge(
        "bayan_archive_failed",
        "Whether the archive stands still, though the exchange goes on.",
        u8::from(stands_still),
    );
    page.0
}

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn counter(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, "counter", help);
        self.line(name, "", value);
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, "gauge", help);
        self.line(name, "", value);
    }

    /// Counts that each have an upper bound, the last none, as the running sums of a histogram.
    fn buckets(&mut self, name: &str, bounds: impl Iterator<Item = String>, counts: &[u64]) {
        let mut sum = 0;
        for (bound, count) in bounds.chain(std::iter::once("+Inf".to_owned())).zip(counts) {
            sum += count;
            self.line(&format!("{name}_bucket"), &format!("{{le=\"{bound}\"}}"), sum);
        }
        self.line(&format!("{name}_count"), "", sum);
    }
}
