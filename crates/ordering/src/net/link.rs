//! A link: calls to one other node over one connection, which is opened when there is something to say and again when it
//! broke. Calls are pipelined; their order is kept. A node that cannot be reached costs a caller nothing but the answer
//! that it cannot.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant as Moment;

use super::frame::{self, Kind, PAYLOAD_MAX};
use super::message::{self, Hello, NotWelcome, Welcome};
use super::{Identity, Instance, NetCounters, Network, Stream, name_of};
use crate::number::called;

/// How many calls may wait to be written.
const QUEUE_MAX: usize = 256;
/// How many calls may wait for their answers.
const PENDING_MAX: usize = 4_096;
/// How much is written at once.
const WRITE_BYTES: usize = 1 << 20;
/// How long it may take to open a connection and to be welcomed.
pub(crate) const OPEN_MAX: Duration = Duration::from_secs(3);
/// A connection on which a call waits this long for its answer is given up: the other side may be gone without a word.
const SILENT_MAX: Duration = Duration::from_secs(10);
/// How long it is until a node that could not be reached is tried again; twice as long each time, up to a limit.
const AGAIN_FIRST: Duration = Duration::from_millis(20);
const AGAIN_MAX: Duration = Duration::from_millis(500);

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    /// It was surely not heard.
    NotSent(String),
    /// It may have been heard.
    Broken(String),
    /// It was heard, and the other side says why it does not answer.
    Failed(String),
}

impl core::fmt::Display for CallError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (CallError::NotSent(why) | CallError::Broken(why) | CallError::Failed(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for CallError {}

type Answered = Result<Bytes, CallError>;

struct Call {
    kind: Kind,
    payload: Bytes,
    answer: oneshot::Sender<Answered>,
}

/// Where a node is, and as whom the cluster knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) node: u64,
    pub(crate) address: String,
    /// The data folder that it was added with, as far as that is known here.
    pub(crate) instance: Option<Instance>,
}

/// Calls to one node; cheap to clone. The connection ends with the last clone.
#[derive(Clone)]
pub(crate) struct Link {
    calls: mpsc::Sender<Call>,
    target: Arc<Target>,
    /// By which data folder the node was there last.
    welcomed: Arc<Mutex<Option<Instance>>>,
}

impl Link {
    pub(crate) fn new(
        network: Arc<dyn Network>,
        identity: Identity,
        target: Target,
        counters: Arc<NetCounters>,
    ) -> Self {
        let (calls, queue) = mpsc::channel(QUEUE_MAX);
        let target = Arc::new(target);
        let welcomed = Arc::new(Mutex::new(None));
        let keeping = Keeping {
            network,
            identity,
            target: Arc::clone(&target),
            counters,
            said: None,
            welcomed: Arc::clone(&welcomed),
        };
        tokio::spawn(keeping.run(queue));
        Link { calls, target, welcomed }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Opens the connection for itself and says by which data folder the node is there.
    pub(crate) async fn welcome(&self) -> Result<Instance, CallError> {
        self.call(Kind::Status, Bytes::new(), OPEN_MAX * 2).await?;
        let welcomed = *self.welcomed.lock();
        welcomed
            .ok_or_else(|| CallError::Broken(format!("the connection to {} was given up", called(self.target.node))))
    }

    /// Begins a call. Calls are written in the order in which they were begun.
    pub(crate) fn begin(&self, kind: Kind, payload: Bytes) -> Result<oneshot::Receiver<Answered>, CallError> {
        if payload.len() > PAYLOAD_MAX {
            return Err(CallError::NotSent(format!("a call of {} bytes is more than {PAYLOAD_MAX}", payload.len())));
        }
        let (answer, answered) = oneshot::channel();
        match self.calls.try_send(Call { kind, payload, answer }) {
            Ok(()) => Ok(answered),
            Err(mpsc::error::TrySendError::Full(_)) => {
                Err(CallError::NotSent(format!("{QUEUE_MAX} calls wait already for {}", called(self.target.node))))
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                Err(CallError::NotSent("the node is being stopped".to_owned()))
            }
        }
    }

    /// Calls, and waits this long for the answer.
    pub(crate) async fn call(&self, kind: Kind, payload: Bytes, within: Duration) -> Answered {
        let answered = self.begin(kind, payload)?;
        within_time(answered, within, self.target.node).await
    }
}

/// Waits for the answer to a call that was begun.
pub(crate) async fn within_time(answered: oneshot::Receiver<Answered>, within: Duration, node: u64) -> Answered {
    match tokio::time::timeout(within, answered).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(CallError::Broken(format!("the connection to {} was given up", called(node)))),
        Err(_) => Err(CallError::Broken(format!("{} has not answered within {within:?}", called(node)))),
    }
}

/// What keeps the connection.
struct Keeping {
    network: Arc<dyn Network>,
    identity: Identity,
    target: Arc<Target>,
    counters: Arc<NetCounters>,
    /// What was said last about a connection that could not be opened: said once and not with every try.
    said: Option<String>,
    welcomed: Arc<Mutex<Option<Instance>>>,
}

impl Keeping {
    async fn run(mut self, mut queue: mpsc::Receiver<Call>) {
        let mut pause = AGAIN_FIRST;
        loop {
            // Opened when there is something to say.
            let Some(first) = queue.recv().await else { return };
            if first.answer.is_closed() {
                continue;
            }
            let opened = tokio::time::timeout(OPEN_MAX, self.open()).await.unwrap_or_else(|_| {
                Err(io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {OPEN_MAX:?}")))
            });
            let why = match opened {
                Ok(stream) => {
                    NetCounters::count(&self.counters.dialled);
                    if self.said.take().is_some() {
                        tracing::info!("{} can be reached again", called(self.target.node));
                    }
                    pause = AGAIN_FIRST;
                    let why = converse(stream, first, &mut queue).await;
                    let Some(why) = why else { return };
                    NetCounters::count(&self.counters.broken);
                    tracing::debug!("the connection to {} has ended: {why}", called(self.target.node));
                    continue;
                }
                Err(error) => error.to_string(),
            };
            let why = format!("{} at {} cannot be reached: {why}", called(self.target.node), self.target.address);
            if self.said.as_ref() != Some(&why) {
                tracing::warn!("{why}");
                self.said = Some(why.clone());
            }
            let _ = first.answer.send(Err(CallError::NotSent(why.clone())));
            // Whoever calls meanwhile is told at once.
            let until = tokio::time::Instant::now() + pause;
            pause = (pause * 2).min(AGAIN_MAX);
            loop {
                tokio::select! {
                    () = tokio::time::sleep_until(until) => break,
                    call = queue.recv() => {
                        let Some(call) = call else { return };
                        let _ = call.answer.send(Err(CallError::NotSent(why.clone())));
                    }
                }
            }
        }
    }

    /// Opens a connection and shows who this is.
    async fn open(&self) -> io::Result<Stream> {
        let refused = |what: String| io::Error::new(io::ErrorKind::PermissionDenied, what);
        let (identity, target) = (self.identity, &*self.target);
        let name = name_of(identity.cluster, target.node);
        let mut stream = self.network.dial(&name, &target.address).await?;
        frame::greet(&mut stream).await?;
        let hello = Hello {
            cluster: identity.cluster,
            node: identity.node,
            instance: identity.instance,
            to: target.node,
            expects: target.instance,
            secrets: identity.secrets,
        };
        let mut out = Vec::new();
        frame::write(Kind::Hello, 0, &message::bytes(&hello), &mut out);
        stream.write_all(&out).await?;
        stream.flush().await?;
        let Some(answer) = frame::read(&mut stream).await? else {
            return Err(refused("it ended the connection".to_owned()));
        };
        match answer.kind {
            Kind::Welcome => {
                let welcome: Welcome = minicbor::decode(&answer.payload).map_err(io::Error::other)?;
                if welcome.node != target.node {
                    return Err(refused(format!("{} answers there", called(welcome.node))));
                }
                match target.instance {
                    Some(expected) if expected != welcome.instance => {
                        Err(refused("it has another data folder than the one it was added with".to_owned()))
                    }
                    _ => {
                        *self.welcomed.lock() = Some(welcome.instance);
                        Ok(stream)
                    }
                }
            }
            Kind::Refused => {
                let said: NotWelcome = minicbor::decode(&answer.payload).map_err(io::Error::other)?;
                Err(refused(format!("it says: {}", said.why)))
            }
            _ => Err(refused("it answers what was not asked".to_owned())),
        }
    }
}

struct Waiting {
    since: Moment,
    answer: oneshot::Sender<Answered>,
}

type Pending = Mutex<HashMap<u64, Waiting>>;

/// Calls and hears answers until the connection breaks, and says why; `None`: nobody calls any more.
async fn converse(stream: Stream, first: Call, queue: &mut mpsc::Receiver<Call>) -> Option<String> {
    let (reader, writer) = tokio::io::split(stream);
    let pending = Pending::default();
    let ended = tokio::select! {
        ended = speak(writer, first, queue, &pending) => ended,
        why = hear(reader, &pending) => Some(why),
        why = watch(&pending) => Some(why),
    };
    let why = ended.clone().unwrap_or_else(|| "the node is being stopped".to_owned());
    for (_, waiting) in pending.lock().drain() {
        let _ = waiting.answer.send(Err(CallError::Broken(why.clone())));
    }
    ended
}

async fn speak(
    mut writer: WriteHalf<Stream>,
    first: Call,
    queue: &mut mpsc::Receiver<Call>,
    pending: &Pending,
) -> Option<String> {
    let number = AtomicU64::new(0);
    let mut out = Vec::new();
    let put = |call: Call, out: &mut Vec<u8>| {
        let number = number.fetch_add(1, Ordering::Relaxed);
        frame::write(call.kind, number, &call.payload, out);
        let mut pending = pending.lock();
        pending.insert(number, Waiting { since: Moment::now(), answer: call.answer });
        pending.len() <= PENDING_MAX
    };
    let mut next = Some(first);
    loop {
        let call = match next.take() {
            Some(call) => call,
            None => queue.recv().await?,
        };
        let mut room = put(call, &mut out);
        while room && out.len() < WRITE_BYTES {
            let Ok(call) = queue.try_recv() else { break };
            room = put(call, &mut out);
        }
        if !room {
            return Some(format!("{PENDING_MAX} calls have no answer"));
        }
        let written = match writer.write_all(&out).await {
            Ok(()) => writer.flush().await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            return Some(error.to_string());
        }
        out.clear();
        out.shrink_to(WRITE_BYTES);
    }
}

async fn hear(mut reader: ReadHalf<Stream>, pending: &Pending) -> String {
    loop {
        let frame = match frame::read(&mut reader).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return "the other side has ended it".to_owned(),
            Err(error) => return error.to_string(),
        };
        let answer = match frame.kind {
            Kind::Answer => Ok(frame.payload),
            Kind::Failed => Err(CallError::Failed(String::from_utf8_lossy(&frame.payload).into_owned())),
            _ => return "an answer that is none".to_owned(),
        };
        let Some(waiting) = pending.lock().remove(&frame.call) else {
            return "an answer to nothing that was asked".to_owned();
        };
        // Whoever asked may have gone.
        let _ = waiting.answer.send(answer);
    }
}

/// Ends when a call has waited too long.
async fn watch(pending: &Pending) -> String {
    let mut look = tokio::time::interval(SILENT_MAX / 10);
    loop {
        look.tick().await;
        if pending.lock().values().any(|waiting| waiting.since.elapsed() > SILENT_MAX) {
            return format!("no answer for {SILENT_MAX:?}");
        }
    }
}
