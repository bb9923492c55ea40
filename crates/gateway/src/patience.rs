//! How long a connection is waited for: for its next request, and for the head of one that has begun. Who sends a head
//! byte by byte holds a connection no longer than who sends nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// A request is being answered.
const BUSY: u64 = u64::MAX;

/// What a connection is waited for: a request, or the rest of its head, and since when.
pub(crate) struct Patience {
    start: Instant,
    /// [`BUSY`], or microseconds since the start, times two, and one more while a head is arriving.
    state: AtomicU64,
}

/// What was waited for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Late {
    /// The next request.
    Request,
    /// The head of a request.
    Head,
}

impl Patience {
    /// The head of the first request is waited for from here.
    pub fn new() -> Arc<Self> {
        Arc::new(Patience { start: Instant::now(), state: AtomicU64::new(1) })
    }

    fn now(&self, head: bool) -> u64 {
        let us = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(BUSY >> 2);
        us << 1 | u64::from(head)
    }

    /// Something came: if a request was waited for, its head has begun.
    fn heard(&self) {
        let state = self.state.load(Ordering::Relaxed);
        if state != BUSY && state & 1 == 0 {
            self.state.store(self.now(true), Ordering::Relaxed);
        }
    }

    /// A head is there.
    pub fn answers(&self) {
        self.state.store(BUSY, Ordering::Relaxed);
    }

    /// It is answered; the next request is waited for.
    pub fn waits(&self) {
        self.state.store(self.now(false), Ordering::Relaxed);
    }

    /// Waits until a head has taken longer than `head`, or the next request longer than `idle`.
    pub async fn late(&self, head: Duration, idle: Duration) -> Late {
        loop {
            let state = self.state.load(Ordering::Relaxed);
            let until = if state == BUSY {
                None
            } else {
                let (most, late) = if state & 1 == 1 { (head, Late::Head) } else { (idle, Late::Request) };
                let until = self.start + Duration::from_micros(state >> 1) + most;
                if until <= Instant::now() {
                    return late;
                }
                Some(until)
            };
            // Whatever begins from now on is late no earlier than this, so nobody needs to be told of it.
            let soonest = Instant::now() + head.min(idle);
            tokio::time::sleep_until(until.map_or(soonest, |until| until.min(soonest))).await;
        }
    }
}

/// A stream that tells when something came.
pub(crate) struct Heard<S> {
    stream: S,
    patience: Arc<Patience>,
}

impl<S> Heard<S> {
    pub fn new(stream: S, patience: Arc<Patience>) -> Self {
        Heard { stream, patience }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.patience.heard();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
