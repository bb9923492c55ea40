//! Taking connections of other nodes: each shows who it is, is looked at, and is answered, in order where order counts.

use core::pin::Pin;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt, StreamExt};
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{Semaphore, mpsc, watch};

use super::frame::{self, Frame, Kind};
use super::message::{self, Hello, NotWelcome, Welcome};
use super::{Arriving, Identity, Listener, NetCounters, Stream, name_of};
use crate::number::called;

/// How many connections of other nodes may be open; a cluster's nodes open a handful.
const CONNECTIONS_MAX: usize = 128;
/// How many calls of one connection may be under way, beside those for the log.
const CALLS_MAX: usize = 64;
/// How many appends of one connection may be under way.
const APPENDS_MAX: usize = 64;
/// How long a connection may take to show who it is.
const SHOW_MAX: Duration = Duration::from_secs(3);
/// How long it is until connections are taken again after that failed.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// How often a refusal is written to the log at the most; all are counted.
const SAY_EVERY: Duration = Duration::from_secs(1);

/// What becomes of a call: an answer, or why there is none.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Bytes, String>> + Send>>;

/// What answers calls of other nodes.
pub(crate) trait Answers: Send + Sync + 'static {
    /// Whether this node may call; if not, why.
    fn admits(&self, hello: &Hello) -> Result<(), String>;
    /// Begins to answer this node. Calls of [`Kind::Append`] on one connection are begun, and answered, in the order in which they came.
    fn answer(&self, caller: u64, kind: Kind, payload: Bytes) -> Answering;
    /// Hears that this node may not be one of the cluster.
    fn shut_out(&self, why: &str);
}

/// What takes connections.
pub(crate) struct Server {
    pub(crate) identity: Identity,
    pub(crate) answers: Arc<dyn Answers>,
    pub(crate) counters: Arc<NetCounters>,
}

impl Server {
    /// Takes connections until `stopping`; all of them end then.
    pub(crate) async fn run(self, mut listener: Box<dyn Listener>, mut stopping: watch::Receiver<bool>) {
        let server = Arc::new(self);
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut open = tokio::task::JoinSet::new();
        let said = Arc::new(parking_lot::Mutex::new(None::<tokio::time::Instant>));
        loop {
            while open.try_join_next().is_some() {}
            let arriving = tokio::select! {
                arriving = listener.accept() => arriving,
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            let arriving = match arriving {
                Ok(arriving) => arriving,
                Err(error) => {
                    tracing::warn!("a connection of another node could not be taken: {error}");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                    continue;
                }
            };
            // Beyond the limit a connection is closed at once.
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                NetCounters::count(&server.counters.refused);
                continue;
            };
            let (server, said) = (Arc::clone(&server), Arc::clone(&said));
            open.spawn(async move {
                let from = arriving.from.clone();
                match tokio::time::timeout(SHOW_MAX, server.show(arriving)).await {
                    Ok(Ok((node, stream))) => {
                        NetCounters::count(&server.counters.accepted);
                        let why = server.serve(node, stream).await;
                        tracing::debug!("the connection of {} from {from} has ended: {why}", called(node));
                    }
                    failed => {
                        NetCounters::count(&server.counters.refused);
                        let why = match failed {
                            Ok(Err(error)) => error.to_string(),
                            _ => format!("it did not show who it is within {SHOW_MAX:?}"),
                        };
                        let mut said = said.lock();
                        if said.is_none_or(|said| said.elapsed() >= SAY_EVERY) {
                            *said = Some(tokio::time::Instant::now());
                            tracing::warn!("a connection from {from} was refused on the peers' address: {why}");
                        }
                    }
                }
                drop(place);
            });
        }
    }

    /// Hears who calls, and says who answers.
    async fn show(&self, arriving: Arriving) -> io::Result<(u64, Stream)> {
        let refused = |what: String| io::Error::new(io::ErrorKind::PermissionDenied, what);
        let arrived = arriving.shown.await?;
        let mut stream = arrived.stream;
        frame::greet(&mut stream).await?;
        let frame = frame::read(&mut stream).await?;
        let Some(Frame { kind: Kind::Hello, payload, .. }) = frame else {
            return Err(refused("it did not say who it is".to_owned()));
        };
        let hello: Hello = minicbor::decode(&payload).map_err(|error| refused(error.to_string()))?;
        let mut out = Vec::new();
        if let Err(why) = self.look_at(&hello, &*arrived.bears).and_then(|()| self.answers.admits(&hello)) {
            frame::write(Kind::Refused, 0, &message::bytes(&NotWelcome { why: why.clone() }), &mut out);
            stream.write_all(&out).await?;
            stream.flush().await?;
            return Err(refused(format!("{}: {why}", called(hello.node))));
        }
        let welcome = Welcome { node: self.identity.node, instance: self.identity.instance };
        frame::write(Kind::Welcome, 0, &message::bytes(&welcome), &mut out);
        stream.write_all(&out).await?;
        stream.flush().await?;
        Ok((hello.node, stream))
    }

    fn look_at(&self, hello: &Hello, bears: &(dyn Fn(&str) -> bool + Send + Sync)) -> Result<(), String> {
        let Identity { cluster, node, instance, secrets } = self.identity;
        if hello.cluster != cluster {
            return Err(format!("it is a node of cluster {}, and this one of {cluster}", hello.cluster));
        }
        if !bears(&name_of(cluster, hello.node)) {
            return Err(format!("its certificate is not that of {} of this cluster", called(hello.node)));
        }
        if hello.node == node {
            return Err(format!(
                "two have the name {}; stop one, and make it anew under a number of its own",
                called(node)
            ));
        }
        if hello.to != node {
            return Err(format!("it looks for {} at the address of {}", called(hello.to), called(node)));
        }
        if hello.secrets != secrets {
            return Err(
                "it has other secrets; copy venue.key and sealing.key of the venue to it and start it again".to_owned()
            );
        }
        if hello.expects.is_some_and(|expected| expected != instance) {
            let why = format!(
                "node {node} has another data folder than the one it was added with, so it may have forgotten what it promised; make it anew under a number that was never used, with `bayan cluster init`, and add it"
            );
            self.answers.shut_out(&why);
            return Err(why);
        }
        Ok(())
    }

    /// Answers calls until the connection ends, and says why it did.
    async fn serve(&self, caller: u64, stream: Stream) -> String {
        let (reader, writer) = tokio::io::split(stream);
        // A frame is read whole even while others are answered: half of one cannot be taken up again.
        let (frames, mut next) = mpsc::channel::<io::Result<Option<Frame>>>(1);
        let (answers, written) = mpsc::channel(CALLS_MAX);
        let reading = async {
            let calls = Arc::new(Semaphore::new(CALLS_MAX));
            // With these the calls under way end too.
            let mut under_way = tokio::task::JoinSet::new();
            let mut appends: FuturesOrdered<Pin<Box<dyn Future<Output = Frame> + Send>>> = FuturesOrdered::new();
            loop {
                let frame = tokio::select! {
                    Some(answer) = appends.next(), if !appends.is_empty() => {
                        if answers.send(answer).await.is_err() {
                            return "nothing can be answered".to_owned();
                        }
                        continue;
                    }
                    Some(_) = under_way.join_next(), if !under_way.is_empty() => continue,
                    frame = next.recv(), if appends.len() < APPENDS_MAX => frame,
                };
                let Frame { kind, call, payload } = match frame {
                    Some(Ok(Some(frame))) => frame,
                    Some(Ok(None)) | None => return "the other side has ended it".to_owned(),
                    Some(Err(error)) => return error.to_string(),
                };
                if matches!(kind, Kind::Hello | Kind::Welcome | Kind::Refused | Kind::Answer | Kind::Failed) {
                    return "a call that is none".to_owned();
                }
                let mut answering =
                    Box::pin(self.answers.answer(caller, kind, payload).map(move |answer| match answer {
                        Ok(payload) => Frame { kind: Kind::Answer, call, payload },
                        Err(why) => Frame { kind: Kind::Failed, call, payload: why.into() },
                    }));
                if kind == Kind::Append {
                    // Begun here, so that the engine has them in the order in which they came.
                    match futures_util::poll!(&mut answering) {
                        core::task::Poll::Ready(answer) => appends.push_back(Box::pin(core::future::ready(answer))),
                        core::task::Poll::Pending => appends.push_back(answering),
                    }
                } else {
                    let Ok(permit) = Arc::clone(&calls).acquire_owned().await else {
                        return "nothing can be answered".to_owned();
                    };
                    let answers = answers.clone();
                    under_way.spawn(async move {
                        // The connection may have ended; then nobody waits.
                        let _ = answers.send(answering.await).await;
                        drop(permit);
                    });
                }
            }
        };
        tokio::select! {
            why = reading => why,
            why = read(reader, frames) => why,
            why = write(writer, written) => why,
        }
    }
}

async fn read(mut reader: ReadHalf<Stream>, frames: mpsc::Sender<io::Result<Option<Frame>>>) -> String {
    loop {
        let frame = frame::read(&mut reader).await;
        let over = !matches!(frame, Ok(Some(_)));
        if frames.send(frame).await.is_err() {
            return "nothing can be answered".to_owned();
        }
        if over {
            // Whoever takes the frames says why it is over, once it has taken this one.
            core::future::pending::<()>().await;
        }
    }
}

async fn write(mut writer: WriteHalf<Stream>, mut answers: mpsc::Receiver<Frame>) -> String {
    const WRITE_BYTES: usize = 1 << 20;
    let mut out = Vec::new();
    while let Some(answer) = answers.recv().await {
        frame::write(answer.kind, answer.call, &answer.payload, &mut out);
        while out.len() < WRITE_BYTES {
            let Ok(answer) = answers.try_recv() else { break };
            frame::write(answer.kind, answer.call, &answer.payload, &mut out);
        }
        let written = match writer.write_all(&out).await {
            Ok(()) => writer.flush().await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            return error.to_string();
        }
        out.clear();
        out.shrink_to(WRITE_BYTES);
    }
    "nothing is left to be answered".to_owned()
}
