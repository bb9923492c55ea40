//! Connections: accepted within limits, HTTP/1.1 with keep-alive and pipelining, TLS where it is configured, drained
//! when the gateway stops. What every answer carries is added here.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
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
use crate::problem::Problem;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long no connection is accepted after the system could not give one: its table of files is full.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a connection too many hears.
const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The address that a request comes from.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // A router that is called without a connection has no peer.
        Ok(parts.extensions.get::<Peer>().copied().unwrap_or(Peer(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

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
        let (under_way, mut ended) = mpsc::channel::<Infallible>(1);
        let permits = Arc::new(Semaphore::new(self.config.connections_max));
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
            let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else {
                self.counters.connections_refused.fetch_add(1, Ordering::Relaxed);
                refuse(stream, tls.is_some());
                continue;
            };
            let (connection, tls, under_way) = (connection.clone(), tls.clone(), under_way.clone());
            tokio::spawn(async move {
                let open = Open::new(&connection.gateway);
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection answers with delay");
                }
                match tls {
                    None => connection.run(stream, peer.ip()).await,
                    Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        Ok(Ok(stream)) => connection.run(stream, peer.ip()).await,
                        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                        Err(_) => tracing::debug!("a TLS handshake took too long"),
                    },
                }
                drop((open, permit, under_way));
            });
        }
        drop((under_way, listener));
        stop.send_replace(true);
        self.live.close_feed();
        if tokio::time::timeout(self.config.drain, ended.recv()).await.is_err() {
            tracing::warn!("connections were still open after {:?}", self.config.drain);
        }
        if let Some(metrics) = metrics {
            metrics.await.map_err(io::Error::other)?;
        }
        Ok(())
    }
}

/// Tells a connection too many to come again; under TLS it is closed without a word.
fn refuse(stream: TcpStream, tls: bool) {
    if !tls {
        tokio::spawn(tokio::time::timeout(Duration::from_secs(1), async move {
            let mut stream = stream;
            // Whoever is not there to hear it needs no answer.
            let _ = stream.write_all(TOO_MANY).await;
            let _ = stream.shutdown().await;
        }));
    }
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
    async fn run(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: IpAddr) {
        let Connection { gateway, router, mut stopping } = self;
        let config = &gateway.config;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(config.head_timeout)
            .max_buf_size(config.head_bytes_max.max(8_192));
        let service = service_fn(|request: hyper::Request<Incoming>| {
            let (gateway, router) = (gateway.clone(), router.clone());
            async move { Ok::<_, Infallible>(answer(&gateway, router, request, peer).await) }
        });
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = async { stopping.wait_for(|stopping| *stopping).await.is_ok() } => {
                connection.as_mut().graceful_shutdown();
                connection.await
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
    peer: IpAddr,
) -> Response {
    gateway.counters.requests.fetch_add(1, Ordering::Relaxed);
    let id = given_id(request.headers()).unwrap_or_else(|| gateway.request_id());
    request.extensions_mut().insert(Peer(peer));
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
    dress(response.headers_mut(), id, gateway.config.tls.is_some());
    response
}

/// The id that a client gave its request, if it is one.
fn given_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let plain = (1..=64).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic);
    plain.then(|| id.clone())
}

/// What every answer carries.
fn dress(headers: &mut HeaderMap, id: HeaderValue, tls: bool) {
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
    if tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_TLS);
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
