//! Where a running node answers operators: a socket in its data folder, one line of JSON asked, one answered.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ordering::{ClusterAct, Node, NodeStatus};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

use crate::cli::Failure;
use crate::wiring::shown;

/// The socket's name within the data folder.
const SOCKET: &str = "operations.sock";
/// How long a question may be.
const LINE_MAX: u64 = 4_096;
/// How long a question may take to come.
const ASK_MAX: Duration = Duration::from_secs(5);
/// How long an answer may take: adding and handing over take some seconds.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// How all are.
    Status,
    /// See [`ClusterAct::AddLearner`].
    AddLearner {
        /// Its number.
        node: u64,
        /// Where the others reach it.
        address: String,
    },
    /// See [`ClusterAct::Promote`].
    Promote {
        /// Its number.
        node: u64,
    },
    /// See [`ClusterAct::Remove`].
    Remove {
        /// Its number.
        node: u64,
    },
    /// See [`ClusterAct::TransferLeader`].
    TransferLeader {
        /// Its number.
        node: u64,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is done.
    Done,
    /// Why it is not, and what to do.
    Refused(String),
    /// How all are.
    Nodes(Vec<NodeView>),
}

/// How a node is, as it is told. What is none is not known: the node does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// Its number.
    pub id: u64,
    /// Where members reach it.
    pub url: Option<String>,
    /// Its process.
    pub pid: Option<u32>,
    /// Whether it leads.
    pub leader: bool,
    /// The last entry it has applied.
    pub sequence: Option<u64>,
    /// The digest of its state there.
    pub digest: Option<String>,
    /// Whether it votes.
    pub votes: bool,
    /// Where the other nodes reach it.
    pub address: String,
    /// The term of its leader.
    pub term: Option<u64>,
    /// The version of its program.
    pub version: Option<String>,
    /// The newest rules that its program knows.
    pub rules: Option<u32>,
    /// The first entry of its history that is complete to the end: 1 where all of it is.
    pub history_from: Option<u64>,
    /// How much is here of what it fetches: of a snapshot bytes, of history before it records.
    pub fetched: Option<u64>,
    /// How much there is of that; none where it fetches nothing.
    pub fetched_of: Option<u64>,
}

impl From<NodeStatus> for NodeView {
    fn from(status: NodeStatus) -> Self {
        let NodeStatus { node, address, votes, said } = status;
        let said = said.as_ref();
        NodeView {
            id: node,
            url: said.and_then(|said| said.url.clone()),
            pid: said.map(|said| said.process),
            leader: said.is_some_and(|said| said.leads),
            sequence: said.map(|said| said.sequence.0),
            digest: said.map(|said| said.digest.iter().map(|byte| format!("{byte:02x}")).collect()),
            votes,
            address,
            term: said.map(|said| said.term),
            version: said.map(|said| said.version.clone()),
            rules: said.map(|said| said.rules),
            history_from: said.and_then(|said| said.history_from).map(|from| from.0),
            fetched: said.and_then(|said| said.fetching).map(|fetching| fetching.done),
            fetched_of: said.and_then(|said| said.fetching).map(|fetching| fetching.of),
        }
    }
}

/// Answers as long as it lives.
pub struct Desk {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Desk {
    /// Opens it in a data folder, which is this process's alone.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn open(data: &Path, node: &Node) -> Result<Self, Failure> {
        let path = data.join(SOCKET);
        let failed = |error: io::Error| {
            Failure::bad_input(format!("{}: {error}; a socket's path has at most 107 bytes", shown(&path)))
        };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let listener = UnixListener::bind(&path).map_err(failed)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        let node = node.clone();
        let task = tokio::spawn(async move {
            // With these the questions under way end too.
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while open.try_join_next().is_some() {}
                let node = node.clone();
                open.spawn(async move {
                    if let Err(error) = answer(stream, &node).await {
                        tracing::debug!("an operator could not be answered: {error}");
                    }
                });
            }
        });
        Ok(Desk { path, task })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.task.abort();
        // The next start removes what is left.
        let _ = fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, node: &Node) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(LINE_MAX));
    tokio::time::timeout(ASK_MAX, reader.read_line(&mut line)).await.map_err(io::Error::other)??;
    let answer = match serde_json::from_str(&line) {
        Ok(asked) => done(asked, node).await,
        Err(error) => Answer::Refused(format!("that is no question: {error}")),
    };
    let mut out = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    out.push(b'\n');
    writer.write_all(&out).await
}

async fn done(asked: Asked, node: &Node) -> Answer {
    let act = match asked {
        Asked::Status => {
            let nodes = node.status().await.unwrap_or_default();
            return Answer::Nodes(nodes.into_iter().map(NodeView::from).collect());
        }
        Asked::AddLearner { node, address } => ClusterAct::AddLearner { node, address },
        Asked::Promote { node } => ClusterAct::Promote(node),
        Asked::Remove { node } => ClusterAct::Remove(node),
        Asked::TransferLeader { node } => ClusterAct::TransferLeader(node),
    };
    match node.act(act).await {
        Ok(()) => Answer::Done,
        Err(why) => Answer::Refused(why),
    }
}

/// Asks the node of a data folder.
///
/// # Errors
/// Nobody answers there.
pub(crate) async fn ask(data: &Path, asked: &Asked) -> Result<Answer, Failure> {
    let path = data.join(SOCKET);
    let asking = async {
        let mut stream = UnixStream::connect(&path).await?;
        let mut line = serde_json::to_vec(asked).map_err(io::Error::other)?;
        line.push(b'\n');
        stream.write_all(&line).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        serde_json::from_slice(&answer).map_err(io::Error::other)
    };
    let answered = tokio::time::timeout(ANSWER_MAX, asking).await.unwrap_or_else(|late| Err(io::Error::other(late)));
    answered.map_err(|error| {
        let data = shown(data);
        Failure::broken(format!(
            "no node answers in {data}: {error}; ask where one of several runs, as its user, with its own --config"
        ))
    })
}
