//! Connections: accepted within limits, HTTP/1.1 with keep-alive and pipelining, TLS where it is configured, drained
//! when the gateway stops. What every answer carries is added here.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tower::Service;

use crate::gateway::Gateway;
use crate::network::counted;
use crate::origin::{Full, Held, Peer, Place, forwarded, is_in, names_own_machine};
use crate::patience::{Heard, Late, Patience};
use crate::problem::Problem;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long no connection is accepted after the system could not give one: its table of files is full.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long a connection too many is given to hear that it is one.
const REFUSAL: Duration = Duration::from_secs(1);

/// How many are told at once; further ones are closed without a word.
const REFUSALS_MAX: usize = 64;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const STALE: HeaderName = HeaderName::from_static("bayan-stale");

impl Gateway {
    /// Serves until `shutdown`, then lets requests under way end, for as long as the configuration says.
    ///
    /// # Errors
    /// Certificates cannot be read, or the address for the metrics cannot be had.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let tls = self.config.tls.as_ref().map(crate::tls::acceptor).transpose().map_err(io::Error::other)?;
        let (stop, stopping) = watch::channel(false);
        let metrics = match self.config.metrics_address {
            Some(address) => {
                let listener = TcpListener::bind(address).await.map_err(|e| {
                    io::Error::new(e.kind(), format!("metrics on {address}: {e}; name another address"))
                })?;
                Some(tokio::spawn(serve_metrics(self.clone(), listener, stopping.clone())))
            }
            None => None,
        };
        let delivery = tokio::spawn(crate::notices::deliver(self.clone()));
        let (under_way, mut ended) = mpsc::channel::<Infallible>(1);
        let permits = Arc::new(Semaphore::new(self.config.connections_max));
        let refusals = Arc::new(Semaphore::new(REFUSALS_MAX));
        let connection = Connection { gateway: self.clone(), router: self.router(), stopping };
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let peer = peer.ip().to_canonical();
            let taken = Arc::clone(&permits).try_acquire_owned().map_err(|_| all_taken());
            let place = taken.and_then(|permit| Ok((permit, self.place_at_the_door(peer)?)));
            let (permit, place) = match place {
                Ok(place) => place,
                Err(problem) => {
                    self.counters.connections_refused.fetch_add(1, Ordering::Relaxed);
                    if tls.is_none() {
                        refuse(stream, self.raw(problem), &refusals);
                    }
                    continue;
                }
            };
            let (connection, tls, under_way) = (connection.clone(), tls.clone(), under_way.clone());
            tokio::spawn(async move {
                let held = Arc::new(Held::new((Open::new(&connection.gateway), permit), place));
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection answers with delay");
                }
                match tls {
                    None => connection.run(stream, peer, &held).await,
                    Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        Ok(Ok(stream)) => connection.run(stream, peer, &held).await,
                        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                        Err(_) => tracing::debug!("a TLS handshake took too long"),
                    },
                }
                // After an upgrade the socket goes on, and holds what it needs itself.
                drop((held, under_way));
            });
        }
        delivery.abort();
        drop((under_way, listener));
        stop.send_replace(true);
        self.live.close_feed();
        if tokio::time::timeout(self.config.drain, ended.recv()).await.is_err() {
            tracing::warn!("connections were still open after {:?}", self.config.drain);
        }
        self.enter_all_counted().await;
        if let Some(metrics) = metrics {
            metrics.await.map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Gateway {
    /// The place of a new connection among those of its address. A proxy has as many as it likes: what comes through it
    /// is counted by whom it speaks for.
    fn place_at_the_door(&self, peer: IpAddr) -> Result<Option<Place>, Problem> {
        if is_in(&self.config.proxies, peer) {
            return Ok(None);
        }
        self.places.take(peer).map_err(|Full| address_full())
    }

    /// Whether a session that is asked for so must not travel without TLS, be it ours or that of a proxy in front.
    pub(crate) fn wants_tls(&self, headers: &HeaderMap) -> bool {
        self.config.tls.is_some() || !names_own_machine(headers)
    }

    /// Whom a request comes from, and its place if it came through a proxy. `Err`: that one has as many as it may.
    fn peer(&self, connected: IpAddr, headers: &HeaderMap, held: &Arc<Held>) -> Result<(Peer, Option<Place>), Problem> {
        let (proxies, held) = (&self.config.proxies, Some(Arc::clone(held)));
        if !is_in(proxies, connected) {
            return Ok((Peer { address: counted(connected), limited: Some(connected), held }, None));
        }
        let address = forwarded(headers, proxies).unwrap_or(connected);
        let limited = (!is_in(proxies, address)).then_some(address);
        let place = limited.map(|address| self.places.take(address)).transpose().map_err(|Full| address_full())?;
        Ok((Peer { address: counted(address), limited, held }, place.flatten()))
    }

    /// An answer to who has not been heard yet, byte by byte.
    fn raw(&self, problem: Problem) -> Vec<u8> {
        let body = problem.to_bytes();
        let mut response = problem.into_response();
        let status = response.status();
        let headers = response.headers_mut();
        dress(headers, self.request_id(), false);
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for (name, value) in headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&body);
        bytes
    }
}

fn all_taken() -> Problem {
    let why = "as many connections as there may be are open; nothing was done, try again in a moment";
    Problem::unavailable("too_many_connections", why)
}

fn address_full() -> Problem {
    let why = "your address has as many connections open as it may; close some, or use them for more than one request";
    Problem::too_many("too_many_connections", why, 1)
}

/// Tells a connection too many why it is closed.
fn refuse(mut stream: TcpStream, answer: Vec<u8>, refusals: &Arc<Semaphore>) {
    let Ok(permit) = Arc::clone(refusals).try_acquire_owned() else { return };
    tokio::spawn(async move {
        let told = async {
            stream.write_all(&answer).await?;
            stream.shutdown().await?;
            // Closed with something unread, the connection would take the answer with it.
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
        };
        if let Ok(Err(error)) = tokio::time::timeout(REFUSAL, told).await {
            tracing::debug!(%error, "a connection too many was gone before it was told");
        }
        drop(permit);
    });
}

/// Counts a connection while it is open.
struct Open(Gateway);

impl Open {
    fn new(gateway: &Gateway) -> Self {
        gateway.counters.connections.fetch_add(1, Ordering::Relaxed);
        Open(gateway.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.counters.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Clone)]
struct Connection {
    gateway: Gateway,
    router: Router,
    stopping: watch::Receiver<bool>,
}

impl Connection {
    async fn run(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: IpAddr, held: &Arc<Held>) {
        let Connection { gateway, router, mut stopping } = self;
        let config = &gateway.config;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(config.head_bytes_max.max(8_192));
        let patience = Patience::new();
        let service = service_fn(|request: hyper::Request<Incoming>| {
            let (gateway, router, patience) = (gateway.clone(), router.clone(), Arc::clone(&patience));
            async move {
                patience.answers();
                let response = answer(&gateway, router, request, (peer, held)).await;
                patience.waits();
                Ok::<_, Infallible>(response)
            }
        });
        let stream = TokioIo::new(Heard::new(stream, Arc::clone(&patience)));
        let mut connection = pin!(http.serve_connection(stream, service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = async { stopping.wait_for(|stopping| *stopping).await.is_ok() } => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            late = patience.late(config.head_timeout, config.idle_timeout) => {
                tracing::debug!(?late, "a connection was waited for too long");
                if late == Late::Head {
                    return;
                }
                // An answer that is still on its way has a little longer.
                connection.as_mut().graceful_shutdown();
                match tokio::time::timeout(config.head_timeout, connection).await {
                    Ok(ended) => ended,
                    Err(_) => return,
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

/// One request and its answer.
async fn answer(
    gateway: &Gateway,
    mut router: Router,
    mut request: hyper::Request<Incoming>,
    (connected, held): (IpAddr, &Arc<Held>),
) -> Response {
    gateway.counters.requests.fetch_add(1, Ordering::Relaxed);
    let id = given_id(request.headers()).unwrap_or_else(|| gateway.request_id());
    let wants_tls = gateway.wants_tls(request.headers());
    // The place is held until the request is answered.
    let (peer, _place) = match gateway.peer(connected, request.headers(), held) {
        Ok(found) => found,
        Err(problem) => {
            gateway.counters.connections_refused.fetch_add(1, Ordering::Relaxed);
            let mut response = problem.into_response();
            dress(response.headers_mut(), id, wants_tls);
            mark_stale(gateway, response.headers_mut());
            return response;
        }
    };
    request.extensions_mut().insert(peer);
    let answered = AssertUnwindSafe(router.call(request.map(Body::new))).catch_unwind().await;
    let mut response = match answered {
        Ok(Ok(response)) => response,
        Err(_) => {
            gateway.counters.panics.fetch_add(1, Ordering::Relaxed);
            tracing::error!(request = ?id, "a request broke off");
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "this is a fault of the exchange; tell its staff the X-Request-Id, and ask again with the same key",
            )
            .into_response()
        }
    };
    tracing::debug!(request = ?id, status = response.status().as_u16(), "answered");
    dress(response.headers_mut(), id, wants_tls);
    mark_stale(gateway, response.headers_mut());
    response
}

/// The id that a client gave its request, if it is one.
fn given_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let plain = (1..=64).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic);
    plain.then(|| id.clone())
}

/// What every answer carries.
fn dress(headers: &mut HeaderMap, id: HeaderValue, wants_tls: bool) {
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
    const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
    const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");
    headers.insert(REQUEST_ID, id);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    if wants_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_TLS);
    }
}

/// Says of what a node answers that is cut off from the others that it may be old.
fn mark_stale(gateway: &Gateway, headers: &mut HeaderMap) {
    if gateway.node.is_cut_off() {
        headers.insert(STALE, HeaderValue::from_static("true"));
    }
}

/// `/metrics` on its own address.
async fn serve_metrics(gateway: Gateway, listener: TcpListener, mut stopping: watch::Receiver<bool>) {
    let page = gateway.clone();
    let router = Router::new().route("/metrics", axum::routing::get(async move || crate::ops::page(&page)));
    let stopped = async move {
        // The sender is gone only when the gateway is.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
        tracing::error!(%error, "the metrics are served no longer");
    }
}
