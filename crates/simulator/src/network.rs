//! The network between the machines: connections that keep their own order and nothing else. Every piece takes a time of its
//! own, what is lost comes late as a retransmission does, connections break with what is on the way, ways are cut, both or
//! one, and the first words of a connection may come a second time, long after.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ordering::{Arrived, Arriving, Listener, Network, Opening, Stream};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::random::Dice;
use crate::trace::Trace;

const IN_FLIGHT: usize = 256 << 10;
const BACKLOG: usize = 64;
const PIECE: usize = 16 << 10;
/// So much of what a connection began with is kept, to come again.
const REMEMBERED: usize = 32 << 10;
const REMEMBERED_CONNECTIONS: usize = 64;

/// How the network is.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// The longest a piece usually takes.
    pub delay_ms: u64,
    /// One piece in so many is lost and sent again; 0: none.
    pub lost_one_in: u64,
    /// The longest that takes.
    pub again_ms: u64,
}

impl Weather {
    /// As in one hall.
    pub const FAIR: Weather = Weather { delay_ms: 2, lost_one_in: 0, again_ms: 0 };
}

/// The network; cheap to clone.
#[derive(Clone)]
pub struct Wires {
    inner: Arc<Mutex<Inner>>,
    mended: Arc<Notify>,
    trace: Trace,
    /// Where what is on its way goes on, whoever has died meanwhile.
    world: Handle,
}

/// What a connection began with.
type Words = Arc<Mutex<Vec<u8>>>;

struct Inner {
    dice: Dice,
    weather: Weather,
    /// Which life of each machine is on the network: an earlier one says and hears nothing.
    lives: BTreeMap<u64, u64>,
    listening: BTreeMap<u64, mpsc::Sender<Arriving>>,
    open: Vec<Connection>,
    cut: BTreeSet<(u64, u64)>,
    /// Machines without power: whoever talks to them hears nothing, not even that.
    dark: BTreeSet<u64>,
    first_words: Vec<(u64, u64, Words)>,
}

struct Connection {
    from: u64,
    to: u64,
    /// What takes the words from either side: of the one that dialled first.
    taking: [AbortHandle; 2],
    /// What brings them to the other side.
    bringing: [AbortHandle; 2],
}

impl Wires {
    /// A network on which nobody is yet.
    #[must_use]
    pub fn new(dice: Dice, trace: Trace, world: Handle) -> Self {
        let inner = Inner {
            dice,
            weather: Weather::FAIR,
            lives: BTreeMap::new(),
            listening: BTreeMap::new(),
            open: Vec::new(),
            cut: BTreeSet::new(),
            dark: BTreeSet::new(),
            first_words: Vec::new(),
        };
        Wires { inner: Arc::new(Mutex::new(inner)), mended: Arc::default(), trace, world }
    }

    /// The network as a process sees it that starts now on a machine.
    #[must_use]
    pub fn of(&self, node: u64) -> Arc<dyn Network> {
        let mut inner = self.inner.lock();
        let life = inner.lives.entry(node).or_default();
        *life += 1;
        let life = *life;
        inner.dark.remove(&node);
        inner.drop_all(node);
        drop(inner);
        self.mended.notify_waiters();
        Arc::new(End { wires: self.clone(), node, life })
    }

    /// A process is gone. What it said and is on its way comes through; where the power went, the others hear not even that
    /// it is gone.
    pub fn gone(&self, node: u64, silently: bool) {
        let mut inner = self.inner.lock();
        *inner.lives.entry(node).or_default() += 1;
        inner.listening.remove(&node);
        if silently {
            inner.dark.insert(node);
        }
        for open in inner.open.iter().filter(|open| open.from == node || open.to == node) {
            let own = usize::from(open.to == node);
            open.taking[own].abort();
            if !silently {
                open.bringing[1 - own].abort();
            }
        }
        if !silently {
            inner.open.retain(|open| open.from != node && open.to != node);
        }
    }

    /// Nothing comes through from one to the other any more. What is under way waits, as what is sent again and again does.
    pub fn cut(&self, from: u64, to: u64) {
        self.inner.lock().cut.insert((from, to));
    }

    /// Everything comes through again.
    pub fn mend_all(&self) {
        let mut inner = self.inner.lock();
        inner.cut.clear();
        inner.weather = Weather::FAIR;
        drop(inner);
        self.mended.notify_waiters();
    }

    /// The weather changes.
    pub fn set_weather(&self, weather: Weather) {
        self.inner.lock().weather = weather;
    }

    /// Some connections break, with what is on the way.
    pub fn reset_some(&self) {
        let mut inner = self.inner.lock();
        let mut dice = inner.dice.clone();
        inner.open.retain(|open| {
            let breaks = dice.one_in(2);
            if breaks {
                open.taking.iter().chain(&open.bringing).for_each(AbortHandle::abort);
            }
            !breaks
        });
        inner.dice = dice;
    }

    /// What a connection began with comes once more, from nobody who would hear an answer. Says whether there was such a
    /// connection.
    pub fn repeat_one(&self) -> bool {
        let chosen = {
            let mut inner = self.inner.lock();
            let all: Vec<_> = inner
                .first_words
                .iter()
                .filter_map(|(from, to, words)| Some((*from, *to, repeatable(&words.lock())?)))
                .collect();
            let mut dice = inner.dice.clone();
            let chosen = dice.pick(&all).cloned();
            inner.dice = dice;
            chosen.and_then(|(from, to, words)| Some((from, inner.listening.get(&to)?.clone(), words)))
        };
        let Some((from, listening, words)) = chosen else { return false };
        self.world.spawn(async move {
            let (mut ghost, there) = tokio::io::duplex(IN_FLIGHT);
            if listening.send(arriving(from, there)).await.is_ok() {
                // It may be refused in the middle of it, and nobody is there to mind.
                let _ = ghost.write_all(&words).await;
                let mut heard = Vec::new();
                let _ = tokio::time::timeout(Duration::from_secs(2), ghost.read_to_end(&mut heard)).await;
            }
        });
        true
    }

    fn delay(&self) -> Duration {
        let mut inner = self.inner.lock();
        let weather = inner.weather;
        let mut ms = inner.dice.below(weather.delay_ms + 1);
        if weather.lost_one_in > 0 && inner.dice.one_in(weather.lost_one_in) {
            ms += inner.dice.within(weather.again_ms / 4, weather.again_ms);
            self.trace.count("pieces lost and sent again");
        }
        Duration::from_millis(ms)
    }

    fn is_cut(&self, from: u64, to: u64) -> bool {
        let inner = self.inner.lock();
        inner.cut.contains(&(from, to)) || inner.dark.contains(&from) || inner.dark.contains(&to)
    }

    async fn passable(&self, from: u64, to: u64) {
        loop {
            let mended = self.mended.notified();
            tokio::pin!(mended);
            mended.as_mut().enable();
            if !self.is_cut(from, to) {
                return;
            }
            mended.await;
        }
    }

    async fn open(&self, from: u64, life: u64, to: u64) -> io::Result<Stream> {
        let refused = |what: &str| io::Error::new(io::ErrorKind::ConnectionRefused, what.to_owned());
        // There and back again.
        tokio::time::sleep(self.delay()).await;
        self.passable(from, to).await;
        self.passable(to, from).await;
        tokio::time::sleep(self.delay()).await;
        let (here, near) = tokio::io::duplex(IN_FLIGHT);
        let (far, there) = tokio::io::duplex(IN_FLIGHT);
        let (near_read, near_write) = tokio::io::split(near);
        let (far_read, far_write) = tokio::io::split(far);
        let listening = {
            let inner = self.inner.lock();
            if inner.lives.get(&from) != Some(&life) {
                return Err(refused("this process is gone"));
            }
            inner.listening.get(&to).cloned().ok_or_else(|| refused("nobody listens"))?
        };
        listening.send(arriving(from, there)).await.map_err(|_| refused("nobody listens"))?;
        let words = Arc::new(Mutex::new(Vec::new()));
        let (taking_there, bringing_there) = self.carry(near_read, far_write, from, to, Some(Arc::clone(&words)));
        let (taking_back, bringing_back) = self.carry(far_read, near_write, to, from, None);
        let mut inner = self.inner.lock();
        inner.open.retain(|open| !open.bringing.iter().all(AbortHandle::is_finished));
        inner.open.push(Connection {
            from,
            to,
            taking: [taking_there, taking_back],
            bringing: [bringing_there, bringing_back],
        });
        if inner.first_words.len() == REMEMBERED_CONNECTIONS {
            inner.first_words.remove(0);
        }
        inner.first_words.push((from, to, words));
        drop(inner);
        self.trace.count("connections");
        Ok(Box::new(here))
    }

    fn carry(
        &self,
        mut reader: ReadHalf<DuplexStream>,
        mut writer: WriteHalf<DuplexStream>,
        from: u64,
        to: u64,
        words: Option<Words>,
    ) -> (AbortHandle, AbortHandle) {
        let (put, mut under_way) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
        let wires = self.clone();
        let taking = self.world.spawn(async move {
            let mut piece = vec![0; PIECE];
            let mut last = Instant::now();
            loop {
                let Ok(read @ 1..) = reader.read(&mut piece).await else { return };
                if let Some(words) = &words {
                    let mut words = words.lock();
                    let room = REMEMBERED.saturating_sub(words.len()).min(read);
                    words.extend_from_slice(&piece[..room]);
                }
                // A connection keeps its order: what comes behind a lost piece waits for it.
                last = last.max(Instant::now() + wires.delay());
                if put.send((last, piece[..read].to_vec())).is_err() {
                    return;
                }
            }
        });
        let wires = self.clone();
        let bringing = self.world.spawn(async move {
            while let Some((due, piece)) = under_way.recv().await {
                tokio::time::sleep_until(due).await;
                wires.passable(from, to).await;
                if writer.write_all(&piece).await.is_err() {
                    return;
                }
                wires.trace.note(format_args!("{from}>{to} {} bytes", piece.len()));
            }
            // The end of a connection is a word like any other.
            wires.passable(from, to).await;
            let _ = writer.shutdown().await;
        });
        (taking.abort_handle(), bringing.abort_handle())
    }
}

impl Inner {
    fn drop_all(&mut self, node: u64) {
        self.open.retain(|open| {
            let its = open.from == node || open.to == node;
            if its {
                open.taking.iter().chain(&open.bringing).for_each(AbortHandle::abort);
            }
            !its
        });
    }
}

fn arriving(from: u64, there: DuplexStream) -> Arriving {
    let bears = Box::new(move |name: &str| name.starts_with(&format!("node-{from}.")));
    let arrived = Arrived { stream: Box::new(there), bears };
    let shown: Opening<'static, Arrived> = Box::pin(async move { Ok(arrived) });
    Arriving { from: format!("node {from}"), shown }
}

/// The first whole frames of a connection, where there are none but a greeting and calls that may be repeated
/// (docs/formats.md).
fn repeatable(words: &[u8]) -> Option<Vec<u8>> {
    const GREETING: usize = 16;
    const HEAD: usize = 20;
    const HELLO: u8 = 1;
    /// Appends, votes, votes asked beforehand, commands with their request ids.
    const REPEATABLE: [u8; 4] = [16, 17, 18, 20];
    let mut at = GREETING;
    let mut frames = 0;
    while let Some(head) = words.get(at..at + HEAD) {
        let length = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
        if head[4] != HELLO && !REPEATABLE.contains(&head[4]) {
            return None;
        }
        if words.len() < at + HEAD + length {
            break;
        }
        at += HEAD + length;
        frames += 1;
    }
    (frames > 1).then(|| words[..at].to_vec())
}

struct End {
    wires: Wires,
    node: u64,
    life: u64,
}

impl Network for End {
    fn dial<'n>(&'n self, name: &'n str, address: &'n str) -> Opening<'n, Stream> {
        Box::pin(async move {
            let to = address.parse().map_err(io::Error::other)?;
            if !name.starts_with(&format!("node-{to}.")) {
                return Err(io::Error::other(format!("node {to} does not bear the name {name}")));
            }
            let (wires, node, life) = (self.wires.clone(), self.node, self.life);
            let opened = self.wires.world.spawn(async move { wires.open(node, life, to).await });
            opened.await.map_err(io::Error::other)?
        })
    }

    fn listen(&self) -> Opening<'_, Box<dyn Listener>> {
        Box::pin(async move {
            let (arrived, arriving) = mpsc::channel(BACKLOG);
            let mut inner = self.wires.inner.lock();
            if inner.lives.get(&self.node) != Some(&self.life) {
                return Err(io::Error::other("this process is gone"));
            }
            inner.listening.insert(self.node, arrived);
            Ok(Box::new(Arrivals(arriving)) as Box<dyn Listener>)
        })
    }
}

struct Arrivals(mpsc::Receiver<Arriving>);

impl Listener for Arrivals {
    fn accept(&mut self) -> Opening<'_, Arriving> {
        Box::pin(async move {
            match self.0.recv().await {
                Some(arriving) => Ok(arriving),
                None => core::future::pending().await,
            }
        })
    }
}
